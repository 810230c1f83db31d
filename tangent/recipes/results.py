"""Rules for the kinds of results: what the kinds of a call's arguments make certain.

    reduction()(k)     # k.a: array[float64, 2d], k.axis: 0     ->     array[float64, 1d]

A rule takes a namespace of `Kind`s by parameter and returns a `Kind`. It never claims what is not
certain. Tokens of shapes and precisions are passed on, or derived (`("reduced", token, axes,
keepdims)`), so that two results of the same operation on the same shapes share a token.

Where the rank is known, the token of a shape is a tuple of tokens of dimensions (`recipes.dims`).
The kind of a *shape* may have the shape token ``("dimensions", token)``, where `token` is that of
the array whose shape it is; creation functions take the token back from it.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy

from tangent.recipes.dims import is_explicit
from tangent.recipes.kinds import (
    BOOL,
    INT,
    NONE,
    NOT_CONSTANT,
    UNKNOWN,
    WEAK,
    Kind,
    count_of,
    elementwise_kind,
    join,
    precision_of,
)

__all__ = [
    "boolean",
    "broadcast",
    "constant_axes",
    "constantly",
    "creation",
    "dimensions",
    "dtype_name",
    "index_of",
    "is_false",
    "is_integer_constant",
    "is_none",
    "is_real",
    "join_all",
    "like_creation",
    "named",
    "number_type",
    "precision",
    "reduction",
    "same",
    "same_precision",
    "shape_of",
]

Rule = Callable[[SimpleNamespace], Kind]

_REAL_TYPES = ("bool", "int", "float")
_TYPE_OF_KIND = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}


# --- reading kinds ------------------------------------------------------------------------------


def is_none(k: Kind) -> bool:
    """Certainly `None`."""
    return k.type == "none" or k.value is None


def is_false(k: Kind) -> bool:
    """Certainly the constant `False`."""
    return k.value is False


def is_integer_constant(k: Kind) -> bool:
    """A constant int (not a bool)."""
    return k.is_constant and isinstance(k.value, int) and not isinstance(k.value, bool)


def is_real(k: Kind) -> bool:
    """Certainly not complex."""
    return k.type in _REAL_TYPES or (
        k.dtype is not None and k.dtype[:3] in ("flo", "int", "uin", "boo")
    )


def precision(k: Kind) -> Any:
    """A token of the float type of the value's gradient, or None."""
    return k.precision if k.precision is not None else precision_of(k.dtype)


def same_precision(a: Kind, b: Kind) -> bool:
    """Certainly gradients of the same float type."""
    token = precision(a)
    return token is not None and token == precision(b)


def shape_of(k: Kind) -> Any:
    """A token of the value's shape, or None."""
    return () if k.is_number else k.shape


def constant_axes(k: Kind) -> Any:
    """The constant value of an `axis` (None, an int, a tuple of ints), or NOT_CONSTANT."""
    if is_none(k):
        return None
    if is_integer_constant(k):
        return k.value
    if k.type == "tuple" and k.items is not None and all(is_integer_constant(i) for i in k.items):
        return tuple(i.value for i in k.items)
    if isinstance(k.value, tuple):
        return k.value
    return NOT_CONSTANT


def named(rule: Rule, *parameters: str) -> Rule:
    """A rule for a function without a signature: arguments under these names, or `NONE`.

    Arguments that can't be told apart (starred ones) give `UNKNOWN`.
    """

    def renamed(k: SimpleNamespace) -> Kind:
        given = vars(k)
        if not given:
            return UNKNOWN
        arguments = {p: given.get(f"arg{i}", given.get(p, NONE)) for i, p in enumerate(parameters)}
        return rule(SimpleNamespace(**{**given, **arguments}))

    return renamed


# --- elementwise --------------------------------------------------------------------------------


def broadcast(ufunc: Any, *parameters: str) -> Rule:
    """Rule of a ufunc of these parameters (default: of all arguments)."""

    def rule(k: SimpleNamespace) -> Kind:
        operands = [getattr(k, p) for p in parameters] if parameters else list(vars(k).values())
        return elementwise_kind(operands, ufunc) if operands else UNKNOWN

    return rule


def boolean(k: SimpleNamespace) -> Kind:
    """Rule of comparisons and predicates of NumPy."""
    operands = list(vars(k).values())
    return elementwise_kind(operands, numpy.less) if operands else UNKNOWN


# --- other rules --------------------------------------------------------------------------------


def constantly(kind: Kind) -> Rule:
    """Rule of a function whose result always has the same kind."""
    return lambda k: kind


def same(parameter: str) -> Rule:
    """Rule of a function whose result has the kind of an argument."""

    def rule(k: SimpleNamespace) -> Kind:
        kind: Kind = getattr(k, parameter)
        return kind.without_value()

    return rule


def index_of(k: SimpleNamespace) -> Kind:
    """Rule of `argmax` and its like."""
    return INT if is_none(k.axis) and "keepdims" not in vars(k) else UNKNOWN


def number_type(dtype: str | None) -> str:
    """The type of a NumPy scalar of a dtype."""
    return "number" if dtype is None else _TYPE_OF_KIND.get(numpy.dtype(dtype).kind, "number")


def reduction(parameter: str = "a", to: str | None = None) -> Rule:
    """Rule of a reduction with `axis` and, perhaps, `keepdims` and `dtype`.

    Args:
        parameter: the name of the array.
        to: what becomes of the dtype: None (sum: integers stay integers), "same" (max),
            "float" (mean), "real" (std: complex becomes float), "bool".
    """

    def rule(k: SimpleNamespace) -> Kind:
        a: Kind = getattr(k, parameter)
        axis: Kind = getattr(k, "axis", NONE)
        keepdims: Kind = getattr(k, "keepdims", Kind("bool", value=False))
        dtype = _reduced_dtype(a.dtype, to)
        floats = precision_of(dtype) if dtype is not None else a.precision
        if a.dtype is None and (to in ("real", "bool") or a.precision == WEAK):
            floats = None
        if "dtype" in vars(k) and not is_none(k.dtype):
            dtype = dtype_name(k.dtype, None)
            floats = precision_of(dtype)
        if is_none(axis) and is_false(keepdims):
            if to == "bool":
                return BOOL
            if dtype is None and to in ("float", "real") and a.type in _REAL_TYPES:
                return Kind("float", None, 0, (), floats)
            return Kind(number_type(dtype), dtype, 0, (), floats)
        axes = constant_axes(axis)
        if not keepdims.is_constant or axes is NOT_CONSTANT:
            return Kind("numeric", dtype, precision=floats)
        token = None if a.shape is None else ("reduced", a.shape, axes, bool(keepdims.value))
        rank = None
        if a.is_array and a.rank is not None:
            count = a.rank if axes is None else len(axes) if isinstance(axes, tuple) else 1
            rank = a.rank if keepdims.value else max(a.rank - count, 0)
        if rank == 0:
            return Kind(number_type(dtype), dtype, 0, (), floats)
        if rank and a.dims is not None:
            token = _reduced_dims(a.dims, axes, bool(keepdims.value))
        return Kind("array" if rank else "numeric", dtype, rank, token, floats)

    return rule


def _reduced_dims(dims: tuple[Any, ...], axes: Any, keepdims: bool) -> Any:
    """The dims without those of the axes (or with 1 for them); None where there is no such axis."""
    rank = len(dims)
    listed = range(rank) if axes is None else axes if isinstance(axes, tuple) else (axes,)
    gone = {n + rank if n < 0 else n for n in listed}
    if len(gone) != len(listed) or not gone <= set(range(rank)):
        return None
    if keepdims:
        return tuple([1 if n in gone else d for n, d in enumerate(dims)])
    return tuple([d for n, d in enumerate(dims) if n not in gone])


def _reduced_dtype(dtype: str | None, to: str | None) -> str | None:
    if dtype is None or to == "same":
        return dtype
    kind = numpy.dtype(dtype).kind
    if kind not in _TYPE_OF_KIND:
        return None
    if to == "bool":
        return "bool"
    if kind in "iub":
        if to is not None:
            return "float64"
        return str(numpy.sum(numpy.zeros(1, dtype)).dtype.name)
    if to == "real" and kind == "c":
        return str(numpy.zeros(1, dtype).real.dtype.name)
    return dtype


def dtype_name(k: Kind, default: str | None) -> str | None:
    """Name of the dtype that a `dtype` argument asks for, or None where it is not certain."""
    if is_none(k):
        return default
    if not k.is_constant:
        return None
    try:
        return numpy.dtype(k.value).name
    except TypeError:
        return None


def creation(default: str | None = "float64", parameter: str = "shape") -> Rule:
    """Rule of `zeros`, `ones`, `empty`, …: a new array of a given shape.

    >>> from types import SimpleNamespace
    >>> k = SimpleNamespace(shape=Kind("tuple", items=(INT, INT)), dtype=NONE)
    >>> str(creation()(k))
    'array[float64, 2d]'
    """

    def rule(k: SimpleNamespace) -> Kind:
        shape: Kind = getattr(k, parameter)
        dtype = dtype_name(getattr(k, "dtype", NONE), default)
        rank, token = dimensions(shape)
        return Kind("array", dtype, rank, token, precision_of(dtype))

    return rule


def dimensions(shape: Kind) -> tuple[int | None, Any]:
    """Rank and token of an array whose shape is a value of this kind (an int, a tuple of ints)."""
    if shape.type in ("int", "bool"):
        count = _length(shape)
        return 1, None if count is None else (count,)
    if isinstance(shape.value, tuple):
        return len(shape.value), shape.value
    if shape.type not in ("tuple", "list"):
        return None, None
    token = None
    if isinstance(shape.shape, tuple) and shape.shape[:1] == ("dimensions",):
        token = shape.shape[1]
    if shape.items is None:
        return None, token
    if isinstance(token, tuple) and is_explicit(token) and len(token) == len(shape.items):
        return len(shape.items), token
    counts = tuple([_length(i) for i in shape.items])
    if None not in counts:
        token = counts
    return len(shape.items), token


def _length(k: Kind) -> Any:
    """The token of an integer that is a dimension (and so is not negative, -1 excepted)."""
    count = count_of(k)
    return None if type(count) is int and count < 0 else count


def like_creation(parameter: str = "a") -> Rule:
    """Rule of `zeros_like` and its like: always an array, of the argument's shape and dtype."""

    def rule(k: SimpleNamespace) -> Kind:
        a: Kind = getattr(k, parameter)
        asked = getattr(k, "dtype", NONE)
        dtype = dtype_name(asked, a.dtype)
        floats: Any = precision_of(dtype)
        if is_none(asked) and floats is None and a.precision != WEAK:
            floats = a.precision
        rank = 0 if a.is_number else a.rank if a.is_array else None
        return Kind("array", dtype, rank, shape_of(a), floats)

    return rule


def join_all(kinds: tuple[Kind, ...]) -> Kind:
    """The least kind that covers several."""
    result = kinds[0] if kinds else UNKNOWN
    for kind in kinds[1:]:
        result = join(result, kind)
    return result
