"""Dimensions: tokens of the lengths of axes, and of the values of integers.

    h = np.zeros((len(x) + 1, 3))     shape of h     (("linear", 1, {(("dim", X, 0), 1)}), 3)
    y = x[1:-1]                       shape of y     (("less", ("dim", X, 0), 2),)

Two of them that are equal and not None are the same number. A *dim* is

    7                                 itself
    ("dim", T, k)                     dimension k of the shape with token T
    ("value", T)                      the value of an integer with token T
    ("linear", c, {(d, k), …})        c + Σ k·d, in a form of its own
    ("less", d, c)                    max(d - c, 0)
    ("slice", d, i, j, s)             the length of a slice i:j:s of d elements
    ("stretch", {d, …})               what they broadcast to

A shape is *explicit* when it is a tuple of dims; it may also be any other token (as long as the
rank is not known), and then its dims are ``("dim", token, k)``. All but values and linear forms are
known not to be negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

__all__ = [
    "broadcast_dims",
    "dimension",
    "dims_of",
    "is_explicit",
    "is_natural",
    "less",
    "plus",
    "slice_length",
    "stored_parts",
    "stretch",
    "stretched",
    "stretched_parts",
    "substitute",
    "times",
]

Dim = Any


def is_explicit(shape: Any) -> TypeGuard[tuple[Any, ...]]:
    """A shape that is a tuple of dims."""
    return type(shape) is tuple and (not shape or type(shape[0]) is not str)


def dims_of(shape: Any, rank: int | None) -> tuple[Dim, ...] | None:
    """The dims of a shape, None where they are not known."""
    if shape is None:
        return None
    if is_explicit(shape):
        return tuple(shape)
    if rank is None:
        return None
    return tuple([("dim", shape, k) for k in range(rank)])


def dimension(shape: Any, axis: int) -> Dim | None:
    """One dim of a shape."""
    if shape is None:
        return None
    if is_explicit(shape):
        return shape[axis] if -len(shape) <= axis < len(shape) else None
    return ("dim", shape, axis) if axis >= 0 else None


# ---- linear forms ---------------------------------------------------------------------------


def _parts(d: Dim) -> tuple[int, dict[Any, int]]:
    if type(d) is int:
        return d, {}
    if d[0] == "linear":
        return d[1], dict(d[2])
    return 0, {d: 1}


def _linear(constant: int, terms: dict[Any, int]) -> Dim:
    terms = {d: k for d, k in terms.items() if k}
    if not terms:
        return constant
    if constant == 0 and len(terms) == 1:
        ((d, k),) = terms.items()
        if k == 1:
            return d
    return ("linear", constant, frozenset(terms.items()))


def plus(a: Dim, b: Dim, sign: int = 1) -> Dim:
    """a + b, or a - b with sign -1.

    >>> plus(("dim", "x", 0), 1)
    ('linear', 1, frozenset({(('dim', 'x', 0), 1)}))
    """
    constant, terms = _parts(a)
    more, others = _parts(b)
    for d, k in others.items():
        terms[d] = terms.get(d, 0) + sign * k
    return _linear(constant + sign * more, terms)


def times(a: Dim, k: int) -> Dim:
    """k·a."""
    constant, terms = _parts(a)
    return _linear(k * constant, {d: k * n for d, n in terms.items()})


def is_natural(d: Dim) -> bool:
    """Certainly not negative."""
    constant, terms = _parts(d)
    return constant >= 0 and all(k >= 0 and t[0] != "value" for t, k in terms.items())


def less(d: Dim, count: int) -> Dim:
    """max(d - count, 0), for a d that is not negative.

    >>> less(less(("dim", "x", 0), 1), 1), less(plus(("dim", "x", 0), 1), 1)
    (('less', ('dim', 'x', 0), 2), ('dim', 'x', 0))
    """
    if count == 0:
        return d
    if type(d) is int:
        return max(d - count, 0)
    if d[0] == "less":
        return ("less", d[1], d[2] + count)
    if d[0] == "linear":
        rest = plus(d, -count)
        if is_natural(rest):
            return rest
    return ("less", d, count)


def slice_length(d: Dim, lower: Any, upper: Any, step: Any) -> Dim | None:
    """The length of `lower:upper:step` of d elements.

    Args:
        d: the number of elements.
        lower, upper, step: dims, or None where the bound is not given.
    """
    given = [b for b in (d, lower, upper, step) if b is not None]
    if all(type(b) is int for b in given):
        return len(range(*slice(lower, upper, step).indices(d))) if step != 0 else None
    if step not in (None, 1):
        return ("slice", d, lower, upper, step)
    lower = 0 if lower is None else lower
    if upper is not None and type(upper) is not int:
        # a[:n - 1], a[:n] of n elements are a[:-1], a[:]; of a[:n - 2] that is not so for n = 1
        behind = plus(d, upper, -1)
        if type(behind) is int and behind in (0, 1):
            upper = -behind or None
    if type(lower) is int and lower >= 0 and (upper is None or (type(upper) is int and upper < 0)):
        return less(d, lower - (upper or 0))
    return ("slice", d, lower, upper, 1)


# ---- broadcasting ---------------------------------------------------------------------------


def stretch(a: Dim, b: Dim) -> Dim:
    """What two dims broadcast to: the one that is not 1. Whatever does not fit has raised.

    >>> stretch(1, 5), stretch(("dim", "x", 0), 5), stretch(("dim", "x", 0), ("dim", "x", 0))
    (5, 5, ('dim', 'x', 0))
    """
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if type(a) is int:
        return a
    if type(b) is int:
        return b
    return stretched([a, b])


def stretched(dims: Sequence[Dim]) -> Dim:
    """What several dims broadcast to."""
    parts: set[Any] = set()
    for d in dims:
        if type(d) is int:
            if d != 1:
                return d
        elif d[0] == "stretch":
            parts |= d[1]
        else:
            parts.add(d)
    if len(parts) > 1:
        return ("stretch", frozenset(parts))
    return parts.pop() if parts else 1


def broadcast_dims(shapes: Sequence[tuple[Dim, ...]]) -> tuple[Dim, ...]:
    """What explicit shapes broadcast to."""
    result: tuple[Dim, ...] = ()
    for shape in shapes:
        if not result or result == shape:
            result = shape
            continue
        if len(shape) < len(result):
            shape = (1,) * (len(result) - len(shape)) + shape
        elif len(result) < len(shape):
            result = (1,) * (len(shape) - len(result)) + result
        result = tuple([stretch(a, b) for a, b in zip(result, shape, strict=True)])
    return result


def substitute(d: Dim, mapping: Any) -> Dim:
    """A dim with others in place of some that it is made of."""
    if not mapping or type(d) is int:
        return d
    if d in mapping:
        return mapping[d]
    head = d[0]
    if head == "linear":
        total: Dim = d[1]
        for term, k in d[2]:
            total = plus(total, times(substitute(term, mapping), k))
        return total
    if head == "less":
        return less(substitute(d[1], mapping), d[2])
    if head == "stretch":
        return stretched([substitute(part, mapping) for part in d[1]])
    if head == "slice":
        return slice_length(*[None if b is None else substitute(b, mapping) for b in d[1:]])
    return d


def stretched_parts(shape: Any) -> list[tuple[Dim, ...]]:
    """The dims that are broadcast together to make those of a shape, in a reproducible order."""
    if not is_explicit(shape):
        return []
    return [tuple(sorted(d[1], key=repr)) for d in shape if type(d) is tuple and d[0] == "stretch"]


def stored_parts(into: Any, value: Any) -> list[tuple[Dim, ...]]:
    """The dims that are equal, or of which the value's is 1, when it is stored into a part."""
    if not into or not value:
        return []
    out = []
    for d, e in zip(reversed(into), reversed(value), strict=False):
        if d != e and e != 1:
            parts = sorted(e[1], key=repr) if type(e) is tuple and e[0] == "stretch" else [e]
            out.append((d, *parts))
    return out[::-1]
