"""Adjoints of containers: lists, dicts and objects that are added element by element.

    p = {"W": W, "b": b}            bp = zeros_like(p)           an `Entries`: zeros, made when read
    h = f(p["W"], p["b"])           bp["W"] += bh * …            one array updated
                                    bp = bp + bq                 {"W": …, "b": …}

A list or tuple has the adjoint `Items`, a dict `Entries`, an object `Entries` too, with its
attributes' names as keys. Both are plain containers but for `+`, which is that of vectors. 0.0 is
the zero of every structure, and the adjoint of what has none (None, a string, a function).

What the fields of an object are: what it stores itself, in `__dict__` or in slots. Properties and
other attributes that are computed are not: their derivative is that of what they are computed of.
"""

from __future__ import annotations

import copy
import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy

from tangent.errors import UnsupportedError

__all__ = [
    "ARRAY_ATTRIBUTES",
    "Entries",
    "Items",
    "computed",
    "fields_of",
    "is_inactive",
    "is_structure",
    "names_of",
    "with_elements",
    "with_entries",
    "with_fields",
]

# What these name is taken for the attribute of an array, where the object is not known.
ARRAY_ATTRIBUTES = frozenset({"dtype", "itemsize", "nbytes", "ndim", "shape", "size", "strides"})

_OPAQUE = (
    type(None),
    str,
    bytes,
    bytearray,
    range,
    slice,
    type,
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    numpy.dtype,
    numpy.ufunc,
    type(...),
)


def names_of(x: Any) -> tuple[str, ...]:
    """The names of the elements of a named tuple; () for any other list or tuple."""
    return getattr(type(x), "_fields", ()) if isinstance(x, tuple) else ()


class Items(list[Any]):
    """The adjoint of a list or tuple.

    `names` are those of a named tuple's elements, which are then also reached by them.

    >>> a = Items([1.0, numpy.ones(2)])
    >>> a[0] += 2.0
    >>> a + a
    [6.0, array([2., 2.])]
    """

    __array_priority__ = 1000.0  # so that `array + Items` asks `Items`
    names: tuple[str, ...] = ()

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            index = self._position(index)
        found = super().__getitem__(index)
        return Items(found) if isinstance(index, slice) else found

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, str):
            index = self._position(index)
        if isinstance(index, slice) and not isinstance(value, list | tuple | numpy.ndarray):
            value = [value] * len(range(*index.indices(len(self))))
        super().__setitem__(index, value)

    def _position(self, name: str) -> int:
        if name not in self.names:
            raise computed(name, "named tuple")
        return self.names.index(name)

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, list | tuple | numpy.ndarray):
            other = [other] * len(self)
        out = Items([_sum(u, v) for u, v in zip(self, other, strict=True)])
        out.names = self.names
        return out

    __radd__ = __add__

    def __iadd__(self, other: Any) -> Any:
        self[:] = self + other
        return self

    def __neg__(self) -> Any:
        out = Items([-u for u in self])
        out.names = self.names
        return out

    def __mul__(self, other: Any) -> Any:
        raise UnsupportedError(
            "a list or tuple is repeated by `*`",
            why="its elements stand for several then, which reverse mode does not follow",
            remedy="use arrays (numpy.asarray) and numpy.tile",
        )

    __rmul__ = __mul__


class Entries(dict[Any, Any]):
    """The adjoint of a dict, or of an object by its attributes' names.

    An entry that is not there is zero. It is made when it is read, of the form of the primal's.

    Args:
        primal: what this is the adjoint of.
        zero: gives the zero of the form of a value.

    >>> bp = Entries({"w": numpy.ones(2), "n": 3}, numpy.zeros_like)
    >>> bp["w"] += 1.5
    >>> bp
    {'w': array([1.5, 1.5])}
    """

    __array_priority__ = 1000.0

    def __init__(self, primal: Any, zero: Callable[[Any], Any], entries: Any = ()) -> None:
        super().__init__(entries)
        self.primal = primal
        self.zero = zero

    def __reduce__(self) -> Any:
        return Entries, (self.primal, self.zero, dict(self))

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self._form(key)
        return made

    def _form(self, key: Any) -> Any:
        if isinstance(self.primal, Mapping):
            return self.zero(self.primal[key]) if key in self.primal else 0.0
        fields = fields_of(self.primal)
        if key in fields:
            return self.zero(fields[key])
        where = type(self.primal)
        found = inspect.getattr_static(where, key, None)
        if found is None or hasattr(type(found), "__get__"):
            raise computed(key, where.__name__)
        return self.zero(found)  # a constant of the class

    def copied(self, copy: Callable[[Any], Any]) -> Entries:
        return Entries(self.primal, self.zero, {k: copy(v) for k, v in self.items()})

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, dict):
            return self.copied(lambda v: v + 0.0) if _is_zero(other) else NotImplemented
        out = self.copied(lambda v: v + 0.0)
        for key, value in other.items():
            out[key] = _sum(self[key], value) if key in self else value + 0.0
        return out

    __radd__ = __add__

    def __iadd__(self, other: Any) -> Any:
        if not isinstance(other, dict):
            return self if _is_zero(other) else NotImplemented
        for key, value in other.items():
            self[key] = _sum(self[key], value) if key in self else value + 0.0
        return self

    def __neg__(self) -> Any:
        return self.copied(lambda v: -v)


def computed(name: str, where: str) -> UnsupportedError:
    """The error for an attribute that is a property, or is made by `__getattr__`."""
    return UnsupportedError(
        f"`{name}` of a {where} is computed, not stored, and the derivative depends on it",
        why="it has to be differentiated by its source, so the class has to be known",
        remedy="annotate the argument with its class, give an example with `like=`, or read what is stored",
    )


def _is_zero(value: Any) -> bool:
    return isinstance(value, int | float) and value == 0


def _sum(u: Any, v: Any) -> Any:
    if isinstance(u, list) and not isinstance(u, Items):
        u = Items(u)
    return u + v


# --- the parts of values


def fields_of(x: Any) -> dict[str, Any]:
    """What an object stores, by name.

    >>> class Model:
    ...     def __init__(self): self.w, self.n = 1.5, 2
    >>> fields_of(Model())
    {'w': 1.5, 'n': 2}
    """
    out = dict(getattr(x, "__dict__", ()))
    for cls in type(x).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                name = f"_{cls.__name__.lstrip('_')}{name}"
            if name not in ("__dict__", "__weakref__") and hasattr(x, name):
                out.setdefault(name, getattr(x, name))
    return out


def is_structure(x: Any) -> bool:
    """A container or an object with fields: no number, no array, nothing without a derivative."""
    if isinstance(x, list | tuple | dict):
        return True
    return not is_inactive(x) and not _is_numeric(x) and bool(fields_of(x))


def _is_numeric(x: Any) -> bool:
    return isinstance(x, int | float | complex | numpy.generic) or hasattr(x, "__array__")


def is_inactive(x: Any) -> bool:
    """Nothing in a value can have a derivative: None, a string, a function, labels, an empty object."""
    if isinstance(x, _OPAQUE):
        return True
    if isinstance(x, numpy.ndarray | numpy.generic):
        return x.dtype.kind not in "biufc"
    if isinstance(x, int | float | complex | list | tuple | dict):
        return False
    if isinstance(x, set | frozenset):
        return all(map(is_inactive, x))
    return not hasattr(x, "__array__") and not fields_of(x)


def with_elements(x: Any, parts: Iterable[Any]) -> Any:
    """A list or tuple of the class of `x` with other elements."""
    if type(x) is list:
        return list(parts)
    if type(x) is tuple:
        return tuple(parts)
    if names_of(x):
        return tuple.__new__(type(x), parts)
    if isinstance(x, tuple):
        return tuple.__new__(type(x), parts)
    new = list.__new__(type(x))
    new.__dict__.update(getattr(x, "__dict__", {}))
    list.__init__(new, parts)
    return new


def with_entries(x: dict[Any, Any], entries: Mapping[Any, Any]) -> Any:
    """A dict of the class of `x` with these entries."""
    if type(x) is dict:
        return dict(entries)
    new = copy.copy(x)
    new.clear()
    new.update(entries)
    return new


def with_fields(x: Any, fields: Mapping[str, Any]) -> Any:
    """A new object of the class of `x` that stores this; `__init__` is not called."""
    new = object.__new__(type(x))
    for name, value in fields.items():
        object.__setattr__(new, name, value)
    return new
