"""Helpers for calls that write arrays in place: which elements they write, with what.

    np.put(a, ind, v)            place = put_index(a, ind); a[place] = np.take(v, cycle(place, v))
    np.add(a, b, out=y, where=m)   mask = mask_of(m, y); y[mask] = selected(a, mask) + selected(b, mask)

Indices and masks have no derivative; `selected` and `outer_operand` are linear.
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_values import unbroadcast

__all__ = [
    "along_index",
    "check_ndarray",
    "cycle",
    "diagonal_index",
    "mask_of",
    "masked_cycle",
    "outer_operand",
    "put_index",
    "same_size_mask",
    "selected",
    "selected_adjoint",
]


def check_ndarray(a: Any, method: str) -> None:
    """Raise where a method that was taken for one of arrays is called on something else.

    Raises:
        UnsupportedError: `a` is no array.
    """
    if not isinstance(a, numpy.ndarray):
        raise UnsupportedError(
            f"`{method}` of {type(a).__name__} may write it in place",
            why="only the methods of arrays and lists are known where the type is not",
            remedy="annotate the parameter with its type, or write the loop out",
        )


def mask_of(where: Any, a: Any) -> numpy.ndarray:
    """The argument `where` of a ufunc, in the shape of the array that it writes.

    >>> mask_of([True, False], numpy.zeros((2, 2)))
    array([[ True, False],
           [ True, False]])
    """
    mask = numpy.asarray(where)
    if mask.dtype != bool:
        raise TypeError(f"where= takes booleans, not {mask.dtype}")
    return numpy.broadcast_to(mask, numpy.shape(a))


def selected(a: Any, mask: numpy.ndarray) -> numpy.ndarray:
    """The elements of `a`, broadcast to the shape of a mask, where it is true.

    >>> selected(2.0, numpy.array([True, False, True]))
    array([2., 2.])
    """
    return numpy.broadcast_to(a, mask.shape)[mask]


def selected_adjoint(g: Any, a: Any, mask: numpy.ndarray) -> Any:
    """Adjoint of `selected(a, mask)`.

    >>> selected_adjoint(numpy.array([1.0, 2.0]), 0.5, numpy.array([True, False, True]))
    3.0
    """
    out = numpy.zeros(mask.shape, dtype=numpy.asarray(g).dtype)
    out[mask] = g
    return unbroadcast(out, a)


def put_index(a: Any, ind: Any, mode: str = "raise") -> tuple[numpy.ndarray, ...]:
    """What `numpy.put(a, ind, …, mode)` writes, as an index of `a`.

    >>> put_index(numpy.zeros((2, 2)), [0, -1])
    (array([0, 1]), array([0, 1]))
    """
    flat = numpy.ravel(numpy.asarray(ind, dtype=numpy.intp))
    size = numpy.size(a)
    if mode == "raise":
        if numpy.any((flat < -size) | (flat >= size)):
            raise IndexError(f"index out of range for an array of size {size}")
        flat = numpy.where(flat < 0, flat + size, flat)
    elif mode == "wrap":
        flat = flat % size
    elif mode == "clip":
        flat = numpy.clip(flat, 0, size - 1)
    else:
        raise ValueError(f"mode is {mode!r}, not 'raise', 'wrap' or 'clip'")
    return numpy.unravel_index(flat, numpy.shape(a))


def diagonal_index(a: Any, wrap: bool = False) -> tuple[numpy.ndarray, ...]:
    """What `numpy.fill_diagonal(a, …, wrap)` writes, as an index of `a`.

    >>> diagonal_index(numpy.zeros((2, 3)))
    (array([0, 1]), array([0, 1]))
    """
    shape = numpy.shape(a)
    if len(shape) < 2:
        raise ValueError("array must be at least 2-d")
    if len(shape) == 2:
        end = shape[0] * shape[1]
        if not wrap:
            end = min(end, shape[1] * shape[1])
        return numpy.unravel_index(numpy.arange(0, end, shape[1] + 1), shape)
    if len(set(shape)) > 1:
        raise ValueError("All dimensions of input must be of equal length")
    return (numpy.arange(shape[0]),) * len(shape)


def along_index(a: Any, indices: Any, axis: int | None = -1) -> tuple[numpy.ndarray, ...]:
    """What `numpy.put_along_axis(a, indices, …, axis)` writes, as an index of `a`.

    >>> along_index(numpy.zeros((2, 2)), numpy.array([[1], [0]]), 1)
    (array([[0],
           [1]]), array([[1],
           [0]]))
    """
    shape = numpy.shape(a)
    if axis is None:
        return put_index(a, indices)
    indices = numpy.asarray(indices)
    if indices.ndim != len(shape):
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    axis = range(len(shape))[axis]
    return tuple(
        indices
        if dim == axis
        else numpy.arange(n).reshape((1,) * dim + (-1,) + (1,) * (len(shape) - dim - 1))
        for dim, n in enumerate(shape)
    )


def same_size_mask(mask: Any, a: Any) -> numpy.ndarray:
    """The mask of `numpy.place` and `numpy.putmask`, in the shape of the array.

    >>> same_size_mask([1, 0], numpy.zeros((2, 1)))
    array([[ True],
           [False]])
    """
    mask = numpy.asarray(mask, dtype=bool)
    if mask.size != numpy.size(a):
        raise ValueError("place: mask and array must be the same size")
    return mask.reshape(numpy.shape(a))


def cycle(place: Any, values: Any) -> numpy.ndarray:
    """Which of the values goes into each element of a place, where they are repeated in order.

    >>> cycle(numpy.array([True, False, True, True]), [5.0, 6.0])
    array([0, 1, 0])
    """
    count = numpy.count_nonzero(place) if isinstance(place, numpy.ndarray) else place[0].size
    if count and not numpy.size(values):
        raise ValueError("Cannot insert from an empty array!")
    return numpy.arange(count) % max(numpy.size(values), 1)


def masked_cycle(mask: numpy.ndarray, values: Any) -> numpy.ndarray:
    """Which of the values `numpy.putmask` writes: those at the same place as the mask's.

    >>> masked_cycle(numpy.array([True, False, True, True]), [5.0, 6.0])
    array([0, 0, 1])
    """
    return numpy.flatnonzero(mask) % max(numpy.size(values), 1)


def outer_operand(a: Any, b: Any) -> numpy.ndarray:
    """The first operand of a ufunc's `outer`, so that it broadcasts against the second.

    >>> outer_operand(numpy.zeros(3), numpy.zeros((2, 4))).shape
    (3, 1, 1)
    """
    return numpy.reshape(a, numpy.shape(a) + (1,) * numpy.ndim(b))
