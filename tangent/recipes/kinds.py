"""Kinds: what is known, before the program runs, of what a value is.

    Kind("array", dtype="float64", rank=2)      FLOAT      UNKNOWN

A kind decides what generated code may look like; what is not known is `None` or `UNKNOWN`, and then
a helper that is right for every kind is emitted. A `Kind` is a point of a lattice of small height:
`UNKNOWN` is the top, `join` goes up, and each field goes up by itself, so fixpoints are reached
quickly. As sets of values: int, bool ⊂ float ⊂ number ⊂ numeric ⊂ unknown, and array ⊂ numeric.

What is claimed holds for numbers, NumPy arrays (not `numpy.matrix`, no object dtypes) and lists of
them, under NumPy 2's promotion. Two values with equal precision tokens have gradients of one float
type, except where booleans or integers of fewer than 32 bits are computed with (NumPy's functions
make float16 or float32 of them): the gradient of an integer may have any float type.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from tangent.recipes.dims import broadcast_dims, dims_of

__all__ = [
    "BOOL",
    "COMPLEX",
    "FLOAT",
    "INT",
    "NONE",
    "NOT_CONSTANT",
    "NUMBER",
    "NUMERIC",
    "STR",
    "UNKNOWN",
    "WEAK",
    "Kind",
    "broadcast_shape",
    "constant_kind",
    "count_of",
    "elementwise_kind",
    "is_copy_needed",
    "join",
    "kind_of_dtype",
    "needs_unbroadcast",
    "precision_of",
    "promote",
    "same_shape",
    "strong",
    "transposed",
    "zero_expression_kind",
]


class _NotConstant:
    def __repr__(self) -> str:
        return "NOT_CONSTANT"


NOT_CONSTANT: Any = _NotConstant()

REALS = frozenset({"bool", "int", "float"})
NUMBERS = REALS | {"complex", "number"}
CONTAINERS = ("tuple", "list", "dict", "object")
_NEVER_LISTS = NUMBERS | {"numeric", "array", "none", "function", "module"}
_IMMUTABLE = NUMBERS | {"range", "str", "none", "function", "module"}

# The precision of what is certainly a Python number: NumPy 2 lets it follow the other operand.
WEAK = "weak"


@dataclass(frozen=True)
class Kind:
    """What is known of a value.

    Attributes:
        type: ``"bool"``; ``"int"`` (not a bool); ``"float"`` (any real scalar, an int or bool where
            the user gave one for a float); ``"complex"``; ``"number"`` (any of these, Python's or
            NumPy's); ``"array"`` (an ndarray; also 0-d); ``"numeric"`` (a number or an array, so
            not a list); ``"list"``, ``"tuple"``, ``"dict"``, ``"range"``, ``"str"``, ``"none"``,
            ``"function"``, ``"module"``, ``"object"``, ``"unknown"``.
        dtype: name of the NumPy dtype of an array or scalar (Python floats: None; they are weak),
            or None where it is not known.
        rank: number of dimensions of an array, or None.
        shape: a token: two values whose tokens are equal and not None have the same shape (as
            `numpy.shape` has it). For numbers it is ``()``. An array of known rank has a tuple of
            tokens of its dimensions, see `recipes.dims`.
        precision: a token: two values whose tokens are equal and not None have gradients of the
            same float type. The name of a float dtype is its own token, `WEAK` that of Python
            numbers.
        items: kinds of the elements of a tuple or list whose length is known, of the entries of a
            dict, or of the attributes of an object.
        keys: the keys of `items` of a dict, the names of those of an object or named tuple.
        element: what covers the kinds of the elements of a list of unknown length.
        value: the value of a constant, else `NOT_CONSTANT`.
        count: the token of an integer's value, see `recipes.dims`.
    """

    type: str = "unknown"
    dtype: str | None = None
    rank: int | None = None
    shape: Hashable | None = None
    precision: Hashable | None = None
    items: tuple[Kind, ...] | None = None
    value: Any = NOT_CONSTANT
    count: Hashable | None = None
    keys: tuple[Any, ...] | None = None
    element: Kind | None = None

    def but(self, **fields: Any) -> Kind:
        """The kind with other fields: what `dataclasses.replace` gives, in a fraction of its time."""
        new = object.__new__(Kind)
        vars(new).update(vars(self), **fields)
        return new

    @property
    def dims(self) -> tuple[Any, ...] | None:
        """Tokens of the dimensions, None where they are not known."""
        return dims_of(self.shape, self.rank)

    @property
    def is_number(self) -> bool:
        """Certainly a scalar (immutable, shape ``()``)."""
        return self.type in NUMBERS

    @property
    def is_real_number(self) -> bool:
        """Certainly a scalar that is not complex."""
        return self.type in REALS

    @property
    def is_array(self) -> bool:
        """Certainly an ndarray."""
        return self.type == "array"

    @property
    def is_numeric(self) -> bool:
        """Certainly a number or an array."""
        return self.type in NUMBERS or self.type == "array" or self.type == "numeric"

    @property
    def is_unknown(self) -> bool:
        """Neither certainly a number nor certainly an array nor anything else."""
        return self.type in ("unknown", "numeric", "object")

    @property
    def is_constant(self) -> bool:
        return self.value is not NOT_CONSTANT

    @property
    def is_integral(self) -> bool:
        """Certainly integers or booleans (so it has no derivative)."""
        return self.type in ("bool", "int") or (
            self.dtype is not None and self.dtype.startswith(("int", "uint", "bool"))
        )

    @property
    def is_weak(self) -> bool:
        """Certainly a Python number."""
        return self.precision == WEAK

    @property
    def can_be_list(self) -> bool:
        """May be a list or another sequence, for which `+` and `*` mean something else."""
        return self.type not in _NEVER_LISTS

    @property
    def can_be_mutable(self) -> bool:
        """May be an object that can be written in place."""
        return self.type not in NUMBERS | {"tuple", "range", "str", "none", "function", "module"}

    def without_value(self) -> Kind:
        """The same, no longer a constant."""
        return self if self.value is NOT_CONSTANT else replace(self, value=NOT_CONSTANT)

    def __str__(self) -> str:
        if self.type == "array":
            rank = "?" if self.rank is None else str(self.rank)
            return f"array[{self.dtype or '?'}, {rank}d]"
        if self.items is not None:
            parts: Sequence[Any] = self.items
            if self.keys is not None:
                parts = [f"{k}: {v}" for k, v in zip(self.keys, self.items, strict=True)]
            return f"{self.type}({', '.join(map(str, parts))})"
        if self.element is not None:
            return f"{self.type}({self.element}, ...)"
        return self.type


UNKNOWN = Kind()
NUMERIC = Kind("numeric")
BOOL = Kind("bool", rank=0, shape=())
INT = Kind("int", rank=0, shape=())
FLOAT = Kind("float", rank=0, shape=())
COMPLEX = Kind("complex", rank=0, shape=())
NUMBER = Kind("number", rank=0, shape=())
STR = Kind("str")
NONE = Kind("none")


def join(a: Kind, b: Kind) -> Kind:
    """The least kind that covers both (the lattice's join).

    >>> join(INT, FLOAT).type
    'number'
    >>> join(FLOAT, Kind("array", rank=1)).type
    'numeric'
    >>> join(FLOAT, Kind("list")).type
    'unknown'
    """
    if a is b:
        return a
    value = a.value if _equal_constants(a.value, b.value) else NOT_CONSTANT
    if a.type == b.type:
        kind = a.type
    elif a.is_number and b.is_number:
        kind = "number"
    elif a.is_numeric and b.is_numeric:
        kind = "numeric"
    else:
        kind = "unknown"
    items: tuple[Kind, ...] | None = None
    if kind in CONTAINERS and a.items is not None and b.items is not None and a.keys == b.keys:
        if len(a.items) == len(b.items):
            items = tuple(join(x, y) for x, y in zip(a.items, b.items, strict=True))
    element = None
    if kind == "list" and a.element is not None and b.element is not None:
        element = join(a.element, b.element)
    return Kind(
        kind,
        dtype=a.dtype if a.dtype == b.dtype else None,
        rank=a.rank if a.rank == b.rank else None,
        shape=a.shape if a.shape == b.shape else None,
        precision=a.precision if a.precision == b.precision else None,
        items=items,
        value=value,
        count=a.count if kind == "int" and a.count == b.count else None,
        keys=a.keys if items is not None else None,
        element=element,
    )


def _equal_constants(a: Any, b: Any) -> bool:
    return type(a) is type(b) and a == b and repr(a) == repr(b)  # 0.0 and -0.0 are two


def count_of(kind: Kind) -> Any:
    """The token of an integer's value (itself, for a constant), or None."""
    if kind.type != "int":
        return None
    return kind.value if kind.is_constant else kind.count


# ---- kinds of values that are at hand -------------------------------------------------------


def constant_kind(value: Any) -> Kind:
    """The kind of a constant in the program's text.

    >>> constant_kind(2.0).value
    2.0
    """
    if value is None:
        return Kind("none", value=None)
    for t in (bool, int, float, complex):
        if type(value) is t:
            return Kind(t.__name__, rank=0, shape=(), precision=WEAK, value=value)
    if isinstance(value, str):
        return Kind("str", value=value)
    if isinstance(value, type):  # a dtype argument
        return Kind("function", value=value)
    return Kind("object", value=value)


def kind_of_dtype(dtype: str | None, rank: int | None = 0, shape: Hashable | None = None) -> Kind:
    """What NumPy returns of a dtype and rank: a number at rank 0, else an array."""
    precision = precision_of(dtype)
    if rank == 0:
        return Kind(_number_type(dtype), dtype, 0, (), precision)
    return Kind("array", dtype, rank, shape, precision)


def _number_type(dtype: str | None) -> str:
    if dtype is None:
        return "number"
    for prefix, name in (("bool", "bool"), ("int", "int"), ("uint", "int"), ("float", "float")):
        if dtype.startswith(prefix):
            return name
    return "complex" if dtype.startswith("complex") else "number"


def precision_of(dtype: str | None) -> str | None:
    """The precision token of a dtype: its own name, float64 for wide integers, else None.

    >>> precision_of("int64"), precision_of("float32"), precision_of("int8")
    ('float64', 'float32', None)
    """
    if dtype in ("int32", "int64", "uint32", "uint64"):
        return "float64"
    return dtype if dtype is not None and dtype.startswith(("float", "complex")) else None


# ---- rules that results share ---------------------------------------------------------------


def broadcast_shape(kinds: Sequence[Kind]) -> Hashable | None:
    """The token of the shape that these broadcast to. Broadcasting is associative, commutative and
    idempotent with () as its unit, so it is the set of the shapes that take part.
    """
    if len(kinds) == 2 and kinds[0].shape == kinds[1].shape:
        return kinds[0].shape
    shapes = [k.dims for k in kinds]
    if None not in shapes:
        return broadcast_dims(shapes)  # type: ignore[arg-type]
    parts: set[Hashable] = set()
    for k in kinds:
        token = k.shape
        if token is None:
            return None
        if type(token) is tuple and token and token[0] == "broadcast":
            parts |= token[1]
        elif token != ():
            parts.add(token)
    if len(parts) < 2:
        return parts.pop() if parts else ()
    return ("broadcast", frozenset(parts))


def promote(kinds: Sequence[Kind], ufunc: numpy.ufunc | None = None) -> tuple[str | None, Hashable]:
    """Dtype and precision of an arithmetic result (of a ufunc's, where one is given).

    Where not all dtypes are known, the precision is the operands' if they have only one between
    them. Two tokens give nothing: a Python number and the NumPy number that a function made of it
    have one gradient type but promote differently.
    """
    operands: list[Any] = []
    for k in kinds:
        if k.dtype is not None:
            operands.append(k.dtype)
        elif k.precision == WEAK and k.type in ("bool", "int", "float", "complex"):
            operands.append(k.type)
        else:
            break
    else:
        if all(k.dtype is None for k in kinds):
            return None, WEAK
        dtype = _resolve(ufunc or numpy.multiply, tuple(operands))
        return dtype, precision_of(dtype)
    if ufunc is not None and not keeps_precision(ufunc):
        return None, None
    wide = [d for d in ("complex128", "float64") if any(k.dtype == d for k in kinds)]
    if wide and all(
        k.is_real_number or (k.type == "complex" and wide[0] == "complex128") or k.dtype in wide
        for k in kinds
    ):
        # The scalars that promises admit are never wider than double precision.
        return wide[0], wide[0]
    tokens = {k.precision for k in kinds if k.precision != WEAK and k.type != "bool"}
    if len(tokens) != 1 or any(k.precision == WEAK and k.type == "complex" for k in kinds):
        return None, None
    return None, tokens.pop()


_WEAK_OPERANDS: dict[str, Any] = {
    "bool": numpy.dtype(bool),
    "int": int,
    "float": float,
    "complex": complex,
}


@functools.lru_cache(maxsize=1024)
def _resolve(ufunc: numpy.ufunc, operands: tuple[str, ...]) -> str | None:
    try:
        given = [_WEAK_OPERANDS[d] if d in _WEAK_OPERANDS else numpy.dtype(d) for d in operands]
        return ufunc.resolve_dtypes((*given, *[None] * ufunc.nout))[-1].name
    except (TypeError, ValueError):
        return None


@functools.lru_cache(maxsize=1024)
def keeps_precision(ufunc: numpy.ufunc) -> bool:
    """Floats of one type give floats of that type: `sin` does, `isnan` doesn't."""
    for loop in ufunc.types:
        inputs, _, outputs = loop.partition("->")
        if set(inputs) <= set("efdFD") and len(set(inputs)) == 1 and set(outputs) != set(inputs):
            return False
    return True


def elementwise_kind(kinds: Sequence[Kind], ufunc: numpy.ufunc | None = None) -> Kind:
    """The kind of the result of a NumPy function that acts on each element of its arguments."""
    if ufunc is not None and not any(k.dtype for k in kinds):
        converted = [strong(k) for k in kinds]  # ufuncs return NumPy numbers, of Python's too
        if all(k.dtype for k in converted):
            kinds = converted
    dtype, precision = promote(kinds, ufunc)
    if ufunc is not None and dtype is None:
        if {t[-1] for t in ufunc.types if "O" not in t[:-1]} == {"?"}:
            dtype, precision = "bool", None
        elif precision == WEAK or not _keeps_reals(ufunc):
            precision = None
    shape = broadcast_shape(kinds)
    ranks = [k.rank for k in kinds]
    rank = None if None in ranks else max((r for r in ranks if r is not None), default=0)
    if all(k.rank == 0 for k in kinds):
        if dtype is None and all(k.is_real_number for k in kinds):
            return Kind("float", None, 0, (), precision)
        return Kind(_number_type(dtype), dtype, 0, (), precision)
    certain = any((k.is_array and k.rank) or k.type == "list" for k in kinds)
    return Kind("array" if certain else "numeric", dtype, rank, shape, precision)


@functools.cache
def _keeps_reals(ufunc: numpy.ufunc) -> bool:
    """It has real results of real arguments; `scipy.special.hankel1` has complex ones."""
    return any(not set(t) & set("FDGO") for t in ufunc.types)


def strong(kind: Kind) -> Kind:
    """What a kind is once it has been made an array, as most functions do that are not ufuncs: a
    Python number has NumPy's default dtype then, and no longer follows the other operand.
    """
    if kind.is_weak and kind.type in _DEFAULTS:
        dtype = _DEFAULTS[kind.type]
        return replace(kind, dtype=dtype, precision=precision_of(dtype))
    return kind


_DEFAULTS = {"bool": "bool", "int": "int64", "float": "float64", "complex": "complex128"}


# ---- what transforms ask --------------------------------------------------------------------


def same_shape(a: Kind, b: Kind) -> bool:
    """Certainly of one shape.

    >>> same_shape(FLOAT, INT), same_shape(UNKNOWN, UNKNOWN)
    (True, False)
    """
    if a.shape is None:
        return False
    return a.shape == b.shape or (a.dims is not None and a.dims == b.dims)


def transposed(token: Hashable | None, rank: int | None = None) -> Hashable | None:
    """The shape of `x.T`."""
    dims = dims_of(token, rank)
    if dims is not None:
        return dims[::-1]
    if token is None or type(token) is not tuple:
        return None if token is None else ("transposed", token)
    return token[1] if token[0] == "transposed" else ("transposed", token)


def needs_unbroadcast(contribution_like: Kind, operand: Kind) -> bool:
    """Whether an adjoint with the shape and float type of `contribution_like` may have to be
    summed, cast or cut to its real part, to be one of `operand`.

    >>> needs_unbroadcast(FLOAT, INT), needs_unbroadcast(UNKNOWN, FLOAT)
    (False, True)
    """
    y, x = contribution_like, operand
    if x.type in ("list", "tuple", "object") or not same_shape(y, x):
        return True
    if x.dtype is not None and y.dtype is not None:
        gradient = "float64" if y.is_integral else y.dtype
        return gradient.startswith("complex") if x.is_integral else gradient != x.dtype
    if x.precision not in (None, WEAK) and x.precision == y.precision:
        return False
    if x.is_number and y.is_number:
        if x.dtype is not None and x.dtype != "float64":  # a NumPy scalar by promise
            return True
        return not (y.is_real_number or x.type == "complex")
    return not (x.is_integral and y.precision in ("float16", "float32", "float64"))


def zero_expression_kind(kind: Kind) -> str:
    """How a zero of that kind is written: ``"0.0"``, ``"zeros_like"`` (NumPy's) or ``"helper"``
    (`tangent.zeros_like`, right for every kind).

    >>> zero_expression_kind(INT), zero_expression_kind(UNKNOWN)
    ('0.0', 'helper')
    """
    if kind.is_real_number and (kind.dtype in (None, "float64") or kind.is_integral):
        return "0.0"
    if kind.is_array and kind.dtype is not None and kind.dtype.startswith(("float", "complex")):
        return "zeros_like"
    return "helper"


def is_copy_needed(kind: Kind) -> bool:
    """Whether a value that is kept has to be copied before its object may be written in place."""
    if kind.type == "tuple":
        return kind.items is None or any(map(is_copy_needed, kind.items))
    return kind.type not in _IMMUTABLE
