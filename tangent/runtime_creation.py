"""Adjoints and tangents of arrays that are made from ends, blocks and coordinates.

>>> ends_adjoint(numpy.ones(3), 0.0, 1.0, 3)
(np.float64(1.5), np.float64(1.5))
"""

from __future__ import annotations

import math
from typing import Any

import numpy

from tangent.runtime_containers import Items
from tangent.runtime_values import float_dtype, like, unbroadcast

__all__ = [
    "base_along",
    "bessel_i1",
    "block_adjoint",
    "dense_grid",
    "ends_adjoint",
    "ends_tangent",
    "join_columns",
    "join_rows",
    "joined_adjoint",
    "joined_tangent",
    "kaiser_partial",
    "meshgrid_adjoint",
    "meshgrid_again",
    "open_grid",
    "ranged",
    "sign_adjoint",
    "sign_tangent",
    "unbroadcast_all",
]


# --- linspace and its like ----------------------------------------------------------------------


def ends_adjoint(
    g: Any, start: Any, stop: Any, num: int = 50, endpoint: bool = True, axis: int = 0
) -> tuple[Any, Any]:
    """Adjoints of the ends of `numpy.linspace(start, stop, num, endpoint, axis=axis)`."""
    front = numpy.moveaxis(numpy.asarray(g), axis, 0)
    t = numpy.linspace(0, 1, num, endpoint)
    return (
        unbroadcast(numpy.tensordot(1 - t, front, 1)[()], start),
        unbroadcast(numpy.tensordot(t, front, 1)[()], stop),
    )


def ends_tangent(
    dstart: Any, dstop: Any, start: Any, stop: Any, num: int = 50, endpoint: bool = True,
    axis: int = 0,
) -> Any:  # fmt: skip
    """Tangent of `numpy.linspace(start, stop, num, endpoint, axis=axis)`.

    >>> ends_tangent(1.0, 0.0, 5.0, 7.0, 3)
    array([1. , 0.5, 0. ])
    """
    return numpy.linspace(
        numpy.broadcast_to(dstart, numpy.shape(start)), numpy.broadcast_to(dstop, numpy.shape(stop)),
        num, endpoint, axis=axis,
    )  # fmt: skip


def base_along(base: Any, y: Any, axis: int = 0) -> Any:
    """A factor for each of the ranges of `y = numpy.logspace(…, base=…)`, so that it broadcasts.

    >>> base_along(numpy.ones(2), numpy.ones((3, 2)))
    array([[1., 1.]])
    """
    return numpy.expand_dims(base, axis) if numpy.ndim(base) else base


# --- joining ------------------------------------------------------------------------------------


def _rank_of(arrays: Any) -> int:
    """How deep the lists are nested."""
    return 1 + max(map(_rank_of, arrays)) if isinstance(arrays, list) else 0


def _largest(arrays: Any) -> int:
    if isinstance(arrays, list):
        return max(map(_largest, arrays))
    return numpy.ndim(arrays)


def block_adjoint(g: Any, arrays: Any) -> Any:
    """Adjoint of `numpy.block(arrays)`, in the structure of `arrays`.

    >>> block_adjoint(numpy.array([1.0, 2.0, 3.0]), [numpy.zeros(2), 0.5])
    [array([1., 2.]), 3.0]
    """
    depth = _rank_of(arrays)
    rank = max(depth, _largest(arrays))

    def shape_of(part: Any, level: int) -> tuple[int, ...]:
        if not isinstance(part, list):
            shape = numpy.shape(part)
            return (1,) * (rank - len(shape)) + shape
        shapes = [shape_of(p, level + 1) for p in part]
        axis = rank - depth + level
        length = sum(s[axis] for s in shapes)
        return (*shapes[0][:axis], length, *shapes[0][axis + 1 :])

    def cut(h: Any, part: Any, level: int) -> Any:
        if not isinstance(part, list):
            return like(numpy.reshape(h, numpy.shape(part)), part)
        axis = rank - depth + level
        lengths = [shape_of(p, level + 1)[axis] for p in part]
        pieces = numpy.split(h, numpy.cumsum(lengths)[:-1], axis)
        return [cut(piece, p, level + 1) for piece, p in zip(pieces, part, strict=True)]

    found = cut(numpy.asarray(g), arrays, 0)
    return _as_gradient(found, arrays)


def _as_gradient(found: Any, arrays: Any) -> Any:
    """Nested lists of numbers stand for arrays."""
    if isinstance(arrays, list):
        parts = [_as_gradient(f, a) for f, a in zip(found, arrays, strict=True)]
        numbers = all(isinstance(a, int | float | complex | numpy.generic) for a in arrays)
        rows = all(isinstance(a, list) for a in arrays) and all(
            isinstance(p, numpy.ndarray) for p in parts
        )
        same = rows and len({p.shape for p in parts}) == 1
        if arrays and (numbers or same):
            return numpy.asarray(parts, float_dtype(numpy.asarray(parts)))
        return Items(parts)
    return found


def meshgrid_adjoint(g: Any, xi: Any, indexing: str = "xy") -> Items:
    """Adjoints of the coordinates of `numpy.meshgrid(*xi, indexing=indexing)`.

    >>> meshgrid_adjoint([numpy.ones((2, 3)), numpy.ones((2, 3))], ([0.0] * 3, [0.0] * 2))
    [array([2., 2., 2.]), array([3., 3.])]
    """
    out = []
    for number, (part, x) in enumerate(zip(g, xi, strict=True)):
        axis = 1 - number if indexing == "xy" and len(xi) > 1 and number < 2 else number
        rest = tuple(i for i in range(numpy.ndim(part)) if i != axis)
        out.append(like(numpy.sum(part, rest).reshape(numpy.shape(x)), x))
    return Items(out)


def meshgrid_again(parts: Any, g: Any, indexing: Any = "xy") -> Any:
    """`numpy.meshgrid` of coordinates, in the shapes of its results (sparse or not).

    >>> meshgrid_again([numpy.ones(2), numpy.ones(1)], [numpy.zeros((1, 2))] * 2)
    [array([[1., 1.]]), array([[1., 1.]])]
    """
    flat = [numpy.ravel(part) for part in parts]
    made = numpy.meshgrid(*flat, sparse=True, indexing=indexing)
    return Items(
        [numpy.broadcast_to(m, numpy.shape(u)) * 1.0 for m, u in zip(made, g, strict=True)]
    )


def unbroadcast_all(g: Any, xs: Any) -> Items:
    """Adjoints of values that were broadcast together.

    >>> unbroadcast_all([numpy.ones(2), numpy.ones(2)], (0.5, [1.0, 2.0]))
    [2.0, array([1., 1.])]
    """
    return Items([unbroadcast(u, x) for u, x in zip(g, xs, strict=True)])


# --- special functions --------------------------------------------------------------------------


def bessel_i1(x: Any) -> Any:
    """The modified Bessel function I₁, the derivative of `numpy.i0`.

    By the trapezoidal rule for `I₁(x) = 1/π ∫₀^π exp(x cos θ) cos θ dθ` (DLMF 10.32.3), which converges
    faster than any power (Trefethen and Weideman, "The exponentially convergent trapezoidal rule", SIAM
    Review 56, 2014): with n points the error is about `exp(-n² / 2x)` of the value.

    >>> float(round(bessel_i1(1.0), 12))
    0.565159103992
    """
    x = numpy.asarray(x)
    size = float(numpy.max(numpy.abs(x), initial=0.0))
    n = 16 * math.ceil((24 + 9 * math.sqrt(min(size, 1000.0))) / 16)
    theta = (numpy.arange(n) + 0.5) * math.pi / n
    c = numpy.cos(theta).astype(x.dtype if x.dtype.kind == "f" else "float64")
    scaled = numpy.exp(x[..., None] * c - numpy.abs(x)[..., None]) * c
    return (numpy.exp(numpy.abs(x)) * numpy.mean(scaled, -1))[()]


def kaiser_partial(M: Any, beta: Any) -> Any:
    """The derivative of `numpy.kaiser(M, beta)` by `beta`."""
    if M <= 1:
        return numpy.zeros(max(int(M), 0))
    half = (M - 1) / 2.0
    u = numpy.sqrt(1 - ((numpy.arange(0, M) - half) / half) ** 2)
    top, bottom = numpy.i0(beta * u), numpy.i0(beta)
    return (bessel_i1(beta * u) * u - top / bottom * bessel_i1(beta)) / bottom


def sign_adjoint(g: Any, x: Any, y: Any) -> Any:
    """Adjoint of `y = numpy.sign(x)`: zero for real values; of a complex one, `x / |x|`, the direction
    turns, and the length has no effect.

    >>> sign_adjoint(1j, 2 + 0j, 1 + 0j)
    np.complex128(0.5j)
    """
    if not numpy.iscomplexobj(x):
        return like(numpy.zeros(numpy.shape(x)), x)
    length = numpy.abs(x)
    turn = numpy.imag(numpy.asarray(g) * y) / numpy.where(length == 0, 1, length)
    return like(1j * turn * numpy.conj(y), x)


def sign_tangent(dx: Any, x: Any, y: Any) -> Any:
    """Tangent of `y = numpy.sign(x)`."""
    if not numpy.iscomplexobj(x):
        return like(numpy.zeros(numpy.shape(y)), y)
    length = numpy.abs(x)
    turn = numpy.imag(numpy.conj(y) * dx) / numpy.where(length == 0, 1, length)
    return like(1j * turn * y, y)


# --- numpy.r_ and numpy.c_ ----------------------------------------------------------------------


def join_rows(key: Any) -> Any:
    """`numpy.r_[key]`.

    >>> join_rows(([1.0, 2.0], slice(3), 0.5))
    array([1. , 2. , 0. , 1. , 2. , 0.5])
    """
    return numpy.r_[key]


def join_columns(key: Any) -> Any:
    """`numpy.c_[key]`."""
    return numpy.c_[key]


def _is_active(part: Any) -> bool:
    return not isinstance(part, slice | str)


def _blank(part: Any, fill: Any) -> Any:
    """What stands for a slice in the key: as many numbers."""
    return part if isinstance(part, str) else numpy.full(len(numpy.r_[part]), fill)


def joined_adjoint(g: Any, key: Any, join: Any) -> Items:
    """Adjoints of the parts of `join(key)`.

    >>> joined_adjoint(numpy.arange(4.0), ([5.0, 6.0], slice(1), 0.5), join_rows)
    [array([0., 1.]), 0.0, 3.0]
    """
    numbers = []
    total = 0
    for part in key:
        if _is_active(part):
            size = numpy.size(part)
            numbers.append(total + numpy.arange(size).reshape(numpy.shape(part)))
            total += size
        else:
            numbers.append(_blank(part, -1))
    places = numpy.asarray(join(tuple(numbers)))
    flat = numpy.zeros(total + 1, numpy.asarray(g).dtype)
    flat[places] = g  # those of slices go to the last place
    out = []
    start = 0
    for part in key:
        if _is_active(part):
            size = numpy.size(part)
            taken = flat[start : start + size].reshape(numpy.shape(part))
            out.append(unbroadcast(taken, part))
            start += size
        else:
            out.append(0.0)
    return Items(out)


def joined_tangent(dkey: Any, key: Any, join: Any) -> Any:
    """Tangent of `join(key)`.

    >>> joined_tangent(([5.0, 6.0], 0.0, 0.5), ([1.0, 2.0], slice(1), 0.5), join_rows)
    array([5. , 6. , 0. , 0.5])
    """
    parts = [
        numpy.broadcast_to(d, numpy.shape(part)) if _is_active(part) else _blank(part, 0.0)
        for d, part in zip(dkey, key, strict=True)
    ]
    return join(tuple(parts))


def dense_grid(ends: Any) -> Any:
    """`numpy.mgrid` of slices, given by their ends and steps."""
    key = tuple([slice(*e) for e in ends])
    return numpy.mgrid[key if len(key) > 1 else key[0]]


def open_grid(ends: Any) -> Any:
    """`numpy.ogrid` of slices, given by their ends and steps."""
    key = tuple([slice(*e) for e in ends])
    return numpy.ogrid[key if len(key) > 1 else key[0]]


def ranged(start: Any, stop: Any, step: Any) -> Any:
    """`numpy.r_[start:stop:step]`.

    >>> ranged(0, 1, 3j)
    array([0. , 0.5, 1. ])
    """
    return numpy.r_[start:stop:step]
