"""Sums that take an adjoint to the shape of an operand that was broadcast, where kinds are certain.

y = x + b     x: (n, m), b: (m,)        bb = np.sum(by, axis=0)
y = x * c     c: (n, 1)                 bc = np.sum(by * x, axis=1, keepdims=True)
y = x * w     w: a number               bw = np.sum(by * x)
"""

from __future__ import annotations

from dataclasses import dataclass

from tangent.recipes.kinds import Kind

__all__ = ["Reduction", "reduction_axes"]


@dataclass(frozen=True)
class Reduction:
    """How an adjoint is summed to an operand's shape: over axes, which stay (with length 1) or go.

    Attributes:
        axes: the axes, None for all of them.
        keepdims: they stay.
    """

    axes: tuple[int, ...] | None
    keepdims: bool = False


def reduction_axes(contribution_like: Kind, operand: Kind) -> Reduction | None:
    """The sum that brings a float64 array of the shape of `contribution_like` to the shape of
    `operand`; None where that is not certain. Where it is, it is all that `unbroadcast` would do.

    >>> from tangent.recipes.kinds import FLOAT
    >>> matrix, row = Kind("array", "float64", 2, (3, 4)), Kind("array", "float64", 1, (4,))
    >>> reduction_axes(matrix, row), reduction_axes(matrix, FLOAT)
    (Reduction(axes=(0,), keepdims=False), Reduction(axes=None, keepdims=False))
    """
    y, x = contribution_like, operand
    if not y.is_array or not y.rank or y.dtype != "float64":
        return None
    if x.is_real_number:
        return Reduction(None) if x.dtype in (None, "float64") or x.is_integral else None
    long, short = y.dims, x.dims
    if not x.is_array or x.dtype != "float64" or not x.rank or long is None or short is None:
        return None
    more = len(long) - len(short)
    if more < 0:
        return None
    stretched = []
    for axis, (d, e) in enumerate(zip(long[more:], short, strict=True)):
        if e == 1 and d != 1:
            stretched.append(axis + more)
        elif d != e:
            return None
    if not more:
        return Reduction(tuple(stretched), keepdims=True) if stretched else None
    return None if stretched else Reduction(tuple(range(more)))
