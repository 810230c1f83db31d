"""What users call: `grad`, `vjp`, `jvp`, `autodiff`.

>>> import tangent
>>> def f(x):
...     return x * x * x
>>> df = tangent.grad(f)
>>> df(2.0)
12.0
"""

from __future__ import annotations

import enum
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

from tangent import parse
from tangent import transforms as transforms  # registers the passes
from tangent.emit import emit
from tangent.errors import KindError, PassError, TangentError, WrtError
from tangent.link import link
from tangent.passes import Observer, Pass, pipeline, run_pipeline
from tangent.program import Function, Program

__all__ = [
    "INPUT_DERIVATIVE",
    "OPTIMISATIONS",
    "autodiff",
    "grad",
    "jvp",
    "observers",
    "vjp",
]

FRONT = (
    "desugar",
    "exits",
    "anf",
    "specialise",
    "inplace",
    "runtime_calls",
    "elements",
    "aliases",
    "common",
    "copies",
    "versions",
)
BACK = ("copies", "common", "copies", "dead", "clears", "inline", "fold", "dead")
OPTIMISATIONS = ("fold", "copies", "common", "clears", "dead", "inline")

# Observers that are told of every pass of every derivative (the tests put the verifier here).
observers: list[Observer] = []


class INPUT_DERIVATIVE(enum.Enum):
    """Whether the seed of a derivative has to be given.

    Attributes:
        Required: it is a required argument.
        DefaultOne: it is 1.0 unless given.
    """

    Required = 1
    DefaultOne = 2


def grad(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    preserve_result: bool = False,
    check_dims: bool = True,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write the gradient of a function as another function.

    Args:
        f: a function of Python source that returns a scalar.
        wrt: positions or names of the parameters to differentiate with respect to.
        optimized: run the optimisation passes; or the names of those to run.
        preserve_result: append the value of `f` to what is returned.
        check_dims: raise `NonScalarError` where the result is not a scalar.
        verbose: 1 prints the source, 2 also a diff for every pass.
        like: examples of the arguments. Their kinds (number or array, dtype, rank) are then taken for
            certain, which makes the code leaner, and checked on entry.

    Returns:
        `df(*args, init_grad=1.0)`, which returns the gradient with respect to the parameter (a tuple for
        several), of the structure, shape and float dtype of the argument. `df.source` is its text.
        `init_grad` multiplies the result's derivative and is a number. An array is refused where the
        code meets it in a helper; the bare code for certain kinds does not look at it.

    Raises:
        TangentError: see `tangent.errors`.

    >>> def f(x, w):
    ...     return x * w
    >>> grad(f, wrt=("x", "w"))(2.0, 3.0)
    (3.0, 2.0)
    """
    return autodiff(
        f,
        wrt,
        optimized,
        preserve_result=preserve_result,
        check_dims=check_dims,
        input_derivative=INPUT_DERIVATIVE.DefaultOne,
        verbose=verbose,
        like=like,
    )


def vjp(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    preserve_result: bool = False,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write the product of a seed with the Jacobian of `f` (reverse mode).

    Returns:
        `df(*args, seed)`; the seed has the structure and shape of the result and is also taken as `init_grad=`.

    >>> import numpy as np
    >>> def f(x):
    ...     return np.sin(x)
    >>> vjp(f)(np.zeros(2), np.array([1.0, 2.0]))
    array([1., 2.])
    """
    return autodiff(
        f,
        wrt,
        optimized,
        preserve_result=preserve_result,
        check_dims=False,
        verbose=verbose,
        like=like,
    )


def jvp(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    preserve_result: bool = False,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write the product of the Jacobian of `f` with tangents of its `wrt` arguments (forward mode).

    Returns:
        `df(*args, *tangents)`; the tangents are also taken by name, `dx=` for the parameter `x`.

    >>> def f(x, w):
    ...     return x * w
    >>> jvp(f)(2.0, 3.0, 1.0)
    3.0
    """
    return autodiff(
        f,
        wrt,
        optimized,
        mode="forward",
        preserve_result=preserve_result,
        check_dims=False,
        verbose=verbose,
        like=like,
    )


def autodiff(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    motion: str = "joint",
    mode: str = "reverse",
    preserve_result: bool = False,
    check_dims: bool = True,
    input_derivative: INPUT_DERIVATIVE = INPUT_DERIVATIVE.Required,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write a derivative of `f`; `grad`, `vjp` and `jvp` are special cases.

    Args:
        mode: ``"reverse"`` or ``"forward"``.
        motion: ``"joint"`` writes one function; ``"split"`` a forward and a backward half, which are also
            reachable as `df.forward(*args)` → `(value, saved)` and `df.backward(saved, seed)`. `saved` refers to the
            arguments and to the value: don't write into them before `backward`.
        input_derivative: whether the seed is a required argument.

    The other arguments are those of `grad`.
    """
    if mode not in ("reverse", "forward"):
        raise TangentError(f"there is no mode {mode!r}", remedy="use 'reverse' or 'forward'")
    if motion not in ("joint", "split"):
        raise TangentError(f"there is no motion {motion!r}", remedy="use 'joint' or 'split'")
    if motion == "split" and mode == "forward":
        raise TangentError(
            "forward mode has no motion 'split'",
            why="value and tangent are computed together, so that there are no two halves",
            remedy="leave `motion` out, or use mode='reverse'",
        )
    if not isinstance(input_derivative, INPUT_DERIVATIVE):
        raise TangentError(
            f"input_derivative is {input_derivative!r}",
            remedy="use tangent.INPUT_DERIVATIVE.Required or tangent.INPUT_DERIVATIVE.DefaultOne",
        )
    program = parse.load(f)
    check_examples(program.entry, like)
    options = {
        "wrt": wrt_names(program.entry, wrt),
        "preserve_result": preserve_result,
        "return_value": preserve_result,
        "check_dims": check_dims,
        "motion": motion,
        "seed_default": input_derivative is INPUT_DERIVATIVE.DefaultOne,
        "like": like,
    }
    watching: list[Observer] = []
    if verbose >= 2:
        from tangent.observers import print_diff

        watching.append(print_diff)
    df = written(program, mode, optimized, options, watching)
    if verbose >= 1:
        print(df.source)
    return df


def written(
    program: Program,
    mode: str,
    optimized: bool | str | Iterable[str | Pass],
    options: Mapping[str, Any],
    watching: Sequence[Observer] = (),
) -> Any:
    """The derivative of a program's entry as a function, for what `autodiff` has made of its arguments."""
    steps = pipeline(pipeline_names(mode, optimized))
    result = run_pipeline(program, steps, options, [*observers, *watching])
    emitted = emit(result)
    linked = link(result, emitted)
    df: Any = linked.entry
    df.source = emitted.source
    if options["motion"] == "split" and mode == "reverse":
        halves = result.functions[-2:]
        df.forward = linked[halves[0].name]
        df.backward = linked[halves[1].name]
    return df


def pipeline_names(mode: str, optimized: bool | str | Iterable[str | Pass]) -> list[str | Pass]:
    """The passes from a parsed program to what is emitted."""
    if optimized is True:
        chosen: set[str] = set(OPTIMISATIONS)
        extra: list[str | Pass] = []
    elif optimized is False:
        chosen, extra = set(), []
    else:
        given = optimized.split(",") if isinstance(optimized, str) else optimized
        if not isinstance(given, Iterable) or not all(isinstance(i, str | Pass) for i in given):
            raise PassError(
                f"optimized is {optimized!r}",
                remedy=f"use True, False, or some of: {', '.join(OPTIMISATIONS)}",
            )
        items = [i.strip() if isinstance(i, str) else i for i in given]
        chosen = {i for i in items if isinstance(i, str) and i in OPTIMISATIONS}
        extra = [i for i in items if i and i not in chosen]
    front: list[str | Pass] = [p for p in FRONT if p not in OPTIMISATIONS or p in chosen]
    return [*front, mode, *(p for p in BACK if p in chosen), *extra]


def wrt_names(function: Function, wrt: int | str | Sequence[int | str]) -> tuple[str, ...]:
    """Parameter names for positions and names.

    Raises:
        WrtError: out of range, unknown, given twice, none at all, or no position or name.
    """
    names: list[str] = []
    for item in _wrt_items(function, wrt):
        name = _wrt_name(function, item)
        if name in names:
            raise _wrt_error(function, f"wrt names `{name}` twice", "name it once")
        names.append(name)
    if not names:
        listed = ", ".join(function.parameters) or "none, as it has none"
        raise _wrt_error(function, "wrt is empty", f"name at least one of the parameters: {listed}")
    return tuple(names)


def _wrt_items(function: Function, wrt: Any) -> Sequence[Any]:
    if isinstance(wrt, str) or _position(wrt) is not None:
        return (wrt,)
    if isinstance(wrt, Iterable) and not isinstance(wrt, bytes | Set | Mapping):
        return tuple(wrt)
    raise _wrt_error(
        function,
        f"wrt is {wrt!r}",
        "give the position or name of a parameter, or a tuple of these in the order of the results",
    )


def _wrt_name(function: Function, item: Any) -> str:
    parameters = function.parameters
    remedy = f"its parameters are: {', '.join(parameters)}" if parameters else "give it parameters"
    if isinstance(item, str):
        if item not in parameters:
            raise _wrt_error(function, f"`{function.name}` has no parameter `{item}`", remedy)
        return item
    position = _position(item)
    if position is None:
        raise _wrt_error(
            function, f"wrt holds {item!r}, which is neither a position nor a name", remedy
        )
    if not -len(parameters) <= position < len(parameters):
        count = "1 parameter" if len(parameters) == 1 else f"{len(parameters)} parameters"
        reason = f"wrt is position {position} (from 0), but `{function.name}` has {count}"
        raise _wrt_error(function, reason, remedy)
    return parameters[position]


def _position(item: Any) -> int | None:
    """An integer, NumPy's included; a boolean is a slip."""
    try:
        return None if isinstance(item, bool) else operator.index(item)
    except TypeError:
        return None


def _wrt_error(function: Function, reason: str, remedy: str) -> WrtError:
    return WrtError(reason, function.origin(function.node), remedy=remedy)


def check_examples(function: Function, like: Any) -> None:
    """Raise unless the examples of `like` fit the parameters.

    Raises:
        KindError: too many or too few, or for a parameter that is not there.
    """
    if like is None:
        return
    if isinstance(like, Mapping):
        unknown = [name for name in like if name not in function.parameters]
        if not unknown:
            return
        reason = (
            f"`like` has an example of {unknown[0]!r}, which is no parameter of `{function.name}`"
        )
        remedy = f"its parameters are: {', '.join(function.parameters)}"
    else:
        spec = function.node.args
        names = [p.id for p in [*spec.posonlyargs, *spec.args]]
        given = len(like) if isinstance(like, tuple | list) else 1
        most = given if spec.vararg is not None else len(names)
        if len(names) - len(function.defaults) <= given <= most:
            return
        examples = "1 example" if given == 1 else f"{given} examples"
        reason = f"`like` has {examples}, but `{function.name}` takes {len(names)} arguments"
        remedy = (
            f"give a tuple with an example of each of {', '.join(names)} (None for any), "
            "or a dict with examples of some"
        )
    raise KindError(reason, function.origin(function.node), remedy=remedy)
