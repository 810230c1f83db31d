"""Kinds: what is known, before the program runs, of what a value is.

    Kind("array", dtype="float64", rank=2)      FLOAT      UNKNOWN

A kind decides what generated code may look like; what is not known is `None` or `UNKNOWN`, and then a
helper that is right for every kind is emitted. A `Kind` is a point of a lattice of small height:
`UNKNOWN` is the top, `join` goes up, and each field goes up by itself, so fixpoints are reached quickly.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["BOOL", "COMPLEX", "FLOAT", "INT", "NONE", "NOT_CONSTANT", "NUMBER", "STR", "UNKNOWN", "Kind", "join"]


class _NotConstant:
    def __repr__(self) -> str:
        return "NOT_CONSTANT"


NOT_CONSTANT: Any = _NotConstant()

NUMBERS = frozenset({"bool", "int", "float", "complex", "number"})


@dataclass(frozen=True)
class Kind:
    """What is known of a value.

    Attributes:
        type: ``"bool"``, ``"int"``, ``"float"``, ``"complex"`` (Python or NumPy scalars), ``"number"`` (one of
            these), ``"array"`` (an ndarray; also 0-d), ``"list"``, ``"tuple"``, ``"range"``, ``"str"``,
            ``"none"``, ``"function"``, ``"module"``, ``"object"``, ``"unknown"``.
        dtype: name of the NumPy dtype of an array or scalar (Python floats: None; they are weak),
            or None where it is not known.
        rank: number of dimensions of an array, or None.
        shape: a token: two values whose tokens are equal and not None have the same shape. For numbers it
            is ``()``.
        precision: a token: two values whose tokens are equal and not None have gradients of the same float
            type. A known dtype is its own token.
        items: kinds of the elements of a tuple or list whose length is known.
        value: the value of a constant, else `NOT_CONSTANT`.
    """

    type: str = "unknown"
    dtype: str | None = None
    rank: int | None = None
    shape: Hashable | None = None
    precision: Hashable | None = None
    items: tuple[Kind, ...] | None = None
    value: Any = NOT_CONSTANT

    @property
    def is_number(self) -> bool:
        """Certainly a scalar (immutable, shape ``()``)."""
        return self.type in NUMBERS

    @property
    def is_array(self) -> bool:
        """Certainly an ndarray."""
        return self.type == "array"

    @property
    def is_unknown(self) -> bool:
        return self.type == "unknown"

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
            return f"{self.type}({', '.join(map(str, self.items))})"
        return self.type


UNKNOWN = Kind()
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
    'unknown'
    """
    if a == b:
        return a
    value = a.value if _equal_constants(a.value, b.value) else NOT_CONSTANT
    if a.type == b.type:
        kind = a.type
    elif a.is_number and b.is_number:
        kind = "number"
    else:
        kind = "unknown"
    items: tuple[Kind, ...] | None = None
    if kind in ("tuple", "list") and a.items and b.items and len(a.items) == len(b.items):
        items = tuple(join(x, y) for x, y in zip(a.items, b.items, strict=True))
    return Kind(
        kind,
        dtype=a.dtype if a.dtype == b.dtype else None,
        rank=a.rank if a.rank == b.rank else None,
        shape=a.shape if a.shape == b.shape else None,
        precision=a.precision if a.precision == b.precision else None,
        items=items,
        value=value,
    )


def _equal_constants(a: Any, b: Any) -> bool:
    return type(a) is type(b) and a == b
