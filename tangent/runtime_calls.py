"""Calls of which only the run knows what is called: functions given as arguments, methods of unknown objects.

    y = g(x)        primal:   y, g_saved = tangent.forward(g, (0,))(x)
                    mirror:   bx = tangent.backward(g, (0,))(g_saved, by)
                    forward:  y, dy = tangent.pushforward(g, (0,))(x, tangents=(dx,))

The derivative of `g` with respect to the arguments that are active at the call (by position, or by keyword) is written
when it is first asked for, through the same pipeline, and kept for all functions of the same code: a closure made
again in each iteration costs no more than new cells. What such a function calls was settled when its derivative was
written; its data (cells, globals, attributes) are read live.
"""

from __future__ import annotations

import functools
import inspect
import threading
import types
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy

from tangent.errors import AliasError, TangentError, UnsupportedError
from tangent.runtime_structures import leaves

__all__ = [
    "backward",
    "call",
    "check_function",
    "check_own",
    "check_unpacked",
    "check_unwritten",
    "forward",
    "method",
    "pushforward",
]

Active = tuple[int | str, ...]


@dataclass
class Derived:
    """A derivative of one function, and what it was written for.

    Attributes:
        functions: `forward` and `backward`, or `pushforward`.
        cells: the cells of the function, in order.
        pins: objects whose identity is part of the key under which this is kept.
    """

    functions: Mapping[str, Callable[..., Any]]
    cells: tuple[types.CellType, ...] = ()
    pins: tuple[Any, ...] = ()


@dataclass
class Maker:
    """What the interface (`tangent.api`) provides: it is a layer above.

    Attributes:
        derive: `(function, parameters, mode)` to functions by name; the mode is "reverse", or the keyword
        that takes tangents.
        parameters: the names of a function's parameters that can be given by position.
        written: the parameters that it may write in place, or None where that can't be told.
        rebind: functions with other cells, `(functions, {id(cell): cell})`.
    """

    derive: Callable[..., Mapping[str, Callable[..., Any]]]
    parameters: Callable[[Any], tuple[str, ...]]
    written: Callable[[Any], frozenset[str] | None]
    rebind: Callable[..., Mapping[str, Callable[..., Any]]]


@dataclass
class Kept:
    """Derivatives by key, those used last; `lock` guards what is not atomic."""

    most: int = 512
    known: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        found = self.known.get(key)
        if found is None:
            with self.lock:
                found = self.known.get(key)
                if found is None:
                    found = self.known[key] = make()
                    while len(self.known) > self.most:
                        self.known.popitem(last=False)
        return found


maker: Maker | None = None
_derivatives = Kept()
_effects = Kept()


def forward(f: Any, active: Active) -> Callable[..., Any]:
    """The forward half of a function's derivative: called as `f`, it returns the value and what `backward` needs.

    Args:
        f: anything that can be called.
        active: the arguments to differentiate with respect to, by position in the call or by keyword.

    Raises:
        UnsupportedError: `f` is no function, or writes an argument in place.
        TangentError: it has neither source nor a recipe, or can't be differentiated.
    """
    return _half(f, active, "reverse", "forward")


def backward(f: Any, active: Active) -> Callable[..., Any]:
    """The backward half: `(saved, adjoint of the value)` to the adjoints of the active arguments."""
    function, given, _ = unbound(f)
    functions = _derived(function, _names(function, len(given), active), "reverse")
    return functions["backward"]


def pushforward(f: Any, active: Active, word: str = "tangents") -> Callable[..., Any]:
    """A function's tangent version: called as `f`, it returns the value and its tangent.

    The keyword `word` takes a tuple of the tangents of the active arguments.
    """
    return _half(f, active, word, "pushforward")


def call(f: Any, *args: Any, **kwargs: Any) -> Any:
    """`f(*args, **kwargs)`, where `f` is known to the run only and must not write its arguments.

    Raises:
        UnsupportedError: it does.
    """
    function, given, keywords = unbound(f)
    written = _written(function)
    values = (*given, *args, *keywords.values(), *kwargs.values())
    if written is None:
        return _watched(f, values, args, kwargs)
    if written:
        _check_arguments(function, written, (*given, *args), {**keywords, **kwargs})
    return f(*args, **kwargs)


def method(obj: Any, name: str) -> Any:
    """The function of an object's class that is a method of this name: it takes the object first."""
    found = inspect.getattr_static(type(obj), name, None)
    if isinstance(found, types.FunctionType) and name not in getattr(obj, "__dict__", {}):
        return found
    raise UnsupportedError(
        f"`{name}` of {type(obj).__name__} is no plain method, and the object itself is differentiated",
        remedy="define it as a method with `def`, or call the function that it stands for",
    )


def check_unwritten(value: Any, function: str, parameter: str) -> None:
    """Raise where a function that may write a parameter in place gets something that can be written.

    Raises:
        UnsupportedError: it is an array, a container or an object.
    """
    if _is_mutable(value):
        raise UnsupportedError(
            f"`{function}` may write its argument `{parameter}` in place, and the gradient depends on it",
            why="which function is called is known only when it runs",
            remedy="call it by its name, or let it return a new array",
        )


def check_function(f: Any) -> None:
    """Raise where what is called may hold something that is differentiated.

    Raises:
        UnsupportedError: it is an object, a method or a partial, not a function.
    """
    _, given, keywords = unbound(f)
    if given or keywords:
        raise UnsupportedError(
            f"`{_name(f)}` is called, and may depend on what is differentiated",
            why="it is an object, and what it holds is not followed through the call",
            remedy="call a function, and pass what it depends on as an argument",
        )


def check_unpacked(
    function: str,
    positional: tuple[str, ...],
    args: Any = (),
    kwargs: Any = None,
    by_name: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    takes: str = "",
) -> None:
    """Raise as Python does where `*args` and `**kwargs` in a call don't fit the parameters that are left.

    Args:
        function: its name.
        positional: the parameters that can be given by position, or by name.
        args, kwargs: what is unpacked.
        by_name: the parameters that can be given by name only.
        required: the parameters without a default.
        takes: the stars that it takes itself: `"*"`, `"**"`, or both.

    >>> check_unpacked("layer", ("W", "b"), kwargs={"W": 1.0}, required=("W",))
    >>> check_unpacked("layer", ("W", "b"), args=(1.0, 2.0, 3.0))
    Traceback (most recent call last):
    TypeError: layer() gets 3 arguments behind a star, but has 2 parameters for them
    >>> check_unpacked("layer", ("W", "b"), kwargs={"b": 1.0}, required=("W",))
    Traceback (most recent call last):
    TypeError: layer() missing a required argument: 'W'
    """
    size = len(args)
    kwargs = kwargs or {}
    if size > len(positional) and "*" not in takes.split():
        raise TypeError(
            f"{function}() gets {size} arguments behind a star, but has {len(positional)} parameters for them"
        )
    known = {*positional, *by_name}
    for name in kwargs:
        if name in positional[:size]:
            raise TypeError(f"{function}() got multiple values for argument {name!r}")
        if name not in known and "**" not in takes.split():
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
    for name in required:
        if name not in positional[:size] and name not in kwargs:
            raise TypeError(f"{function}() missing a required argument: {name!r}")


def check_own(value: Any, f: Any) -> None:
    """Raise where what `f` returned is memory that it holds itself, and the program writes it.

    Raises:
        AliasError: an array among its attributes, cells, defaults or globals shares memory with it.
    """
    if not isinstance(value, numpy.ndarray):
        return
    function, given, keywords = unbound(f)
    held = [*given, *keywords.values(), *(getattr(function, "__defaults__", None) or ())]
    if isinstance(function, types.FunctionType):
        held += [c.cell_contents for c in function.__closure__ or () if c != types.CellType()]
        read = [function.__globals__.get(name) for name in function.__code__.co_names]
        held += [v for v in read if not isinstance(v, types.ModuleType | types.FunctionType | type)]
    seen: dict[int, Any] = {}
    parts = [part for h in held for part in leaves(h, seen) if isinstance(part, numpy.ndarray)]
    if any(numpy.may_share_memory(value, part) for part in parts):
        raise AliasError(
            f"what `{_name(function)}` returns is written in place, and is an array that it holds itself",
            why="the derivative does not follow values through what outlives the call",
            remedy="write into a copy",
        )


def unbound(f: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    """What a callable calls in the end, with the arguments that it adds in front and by keyword."""
    given: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    while not isinstance(f, types.FunctionType):
        if isinstance(f, functools.partial):
            given, keywords, f = (*f.args, *given), {**f.keywords, **keywords}, f.func
        elif isinstance(f, types.MethodType):
            given, f = (f.__self__, *given), f.__func__
        elif not isinstance(f, type) and isinstance(
            inner := getattr(type(f), "__call__", None),  # noqa: B004
            types.FunctionType,
        ):
            given, f = (f, *given), inner
        else:
            break
    return f, given, keywords


# --- derivatives


def _half(f: Any, active: Active, mode: str, which: str) -> Callable[..., Any]:
    function, given, keywords = unbound(f)
    half = _derived(function, _names(function, len(given), active), mode)[which]
    return functools.partial(half, *given, **keywords) if given or keywords else half


def _names(function: Any, given: int, active: Active) -> tuple[str, ...]:
    """The parameters that active arguments are, in the order in which adjoints are wanted."""
    if all(isinstance(a, str) for a in active):
        return active  # type: ignore[return-value]
    parameters = _effects.get(
        ("parameters", _key_of(function)), lambda: _maker().parameters(function)
    )
    names = []
    for a in active:
        if isinstance(a, int):
            if given + a >= len(parameters):
                raise UnsupportedError(
                    f"`{_name(function)}` has no named parameter for argument {a + 1} of this call",
                    why="which function is called is known only when it runs, and the gradient depends on it",
                    remedy="give it a parameter with a name in the place of `*args`",
                )
            a = parameters[given + a]
        names.append(a)
    return tuple(names)


def _derived(function: Any, wrt: tuple[str, ...], mode: str) -> Mapping[str, Callable[..., Any]]:
    key = (_key_of(function), wrt, mode)
    found = _derivatives.get(key, lambda: _make(function, wrt, mode))
    cells = getattr(function, "__closure__", None) or ()
    if all(a is b for a, b in zip(cells, found.cells, strict=True)):
        return found.functions
    exchanged = {id(old): new for old, new in zip(found.cells, cells, strict=True)}
    return _maker().rebind(found.functions, exchanged)


def _make(function: Any, wrt: tuple[str, ...], mode: str) -> Derived:
    if not callable(function):
        raise UnsupportedError(
            f"{function!r} is called, and is no function", remedy="give a function"
        )
    functions = _maker().derive(function, wrt, mode)
    return Derived(functions, getattr(function, "__closure__", None) or (), _pins(function))


def _key_of(function: Any) -> Any:
    """Equal for functions whose derivatives differ in their cells only."""
    if isinstance(function, types.FunctionType):
        pins = _pins(function)
        return function.__code__, id(function.__globals__), tuple(id(p) for p in pins)
    return id(function), type(function)


def _pins(function: Any) -> tuple[Any, ...]:
    """What a derivative settles: the callables among a function's cells and defaults."""
    if not isinstance(function, types.FunctionType):
        return (function,)
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:  # empty as yet
            continue
    return (function.__globals__, *(v for v in values if callable(v)))


def _maker() -> Maker:
    assert maker is not None, "tangent.api registers it"
    return maker


# --- arguments that are written


def _written(function: Any) -> frozenset[str] | None:
    known = _effects.get(
        ("written", _key_of(function)), lambda: (_maker().written(function), _pins(function))
    )
    return known[0]


def _check_arguments(
    function: Any, written: frozenset[str], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    bound = inspect.signature(function, follow_wrapped=False).bind(*args, **kwargs).arguments
    for parameter in sorted(written):
        if parameter in bound:
            check_unwritten(bound[parameter], _name(function), parameter)


def _watched(f: Any, values: tuple[Any, ...], args: tuple[Any, ...], kwargs: Any) -> Any:
    """A call of something of which nothing is known: whether it writes an array is seen afterwards."""
    arrays = [v for v in values if isinstance(v, numpy.ndarray)]
    before = [v.copy() for v in arrays]
    result = f(*args, **kwargs)
    for array, copy in zip(arrays, before, strict=True):
        if array.tobytes() != copy.tobytes():
            check_unwritten(array, _name(f), "an array")
    return result


def _is_mutable(value: Any) -> bool:
    if isinstance(value, numpy.ndarray | list | dict | set | bytearray):
        return True
    plain = numpy.generic | int | float | complex | str | bytes | tuple | frozenset | None
    return not isinstance(value, plain) and not callable(value) and hasattr(value, "__dict__")


def _name(f: Any) -> str:
    name = getattr(f, "__qualname__", None) or getattr(f, "__name__", None)
    return name if isinstance(name, str) else repr(f)


def refusal(function: Any, error: TangentError) -> TangentError:
    """Say of an error which function the run called."""
    error.add_note(f"it is called as `{_name(function)}`, which only the run knows")
    return error
