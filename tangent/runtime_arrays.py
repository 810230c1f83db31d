"""Adjoints of array functions that take more than a formula: scans, extrema, repeats, …

>>> extremum_adjoint(1.0, numpy.array([2.0, 5.0, 5.0]), 5.0)
array([0. , 0.5, 0.5])
"""

from __future__ import annotations

import math
from typing import Any

import numpy

from tangent.runtime_values import expand, float_dtype, like

__all__ = [
    "cumprod_adjoint",
    "cumprod_tangent",
    "cumsum_adjoint",
    "diag_adjoint",
    "diagonal_adjoint",
    "diff_adjoint",
    "extremum_adjoint",
    "falling_power",
    "falling_power_exponent",
    "inverse_axes",
    "power_partial",
    "product_of_others",
    "product_of_others_tangent",
    "repeat_adjoint",
    "safe_log",
    "sinc_curvature",
    "sinc_partial",
    "sort_adjoint",
    "sort_tangent",
    "tile_adjoint",
    "transpose_adjoint",
    "weigh",
]


def power_partial(a: Any, b: Any) -> Any:
    """`b * a ** (b - 1)`, and zero where `b` is zero, also at `a == 0`.

    >>> power_partial(0.0, 0), power_partial(3.0, 2)
    (0.0, 6.0)
    >>> power_partial(numpy.array([0.0, 2.0]), numpy.array([0.0, 3.0]))
    array([ 0., 12.])
    """
    if isinstance(b, int | float) or not isinstance(b, numpy.ndarray | list | tuple):
        if type(a) is not float and isinstance(a, list | tuple):
            a = numpy.asarray(a)
        return b * a ** (b - 1) if b != 0 else 0.0 * a
    return numpy.multiply(
        b, numpy.power(a, numpy.where(numpy.equal(b, 0), 1, numpy.subtract(b, 1)))
    )


def falling_power(a: Any, b: Any, k: int) -> Any:
    """The derivative of order `k` of `a ** b` by `a`: `b · (b - 1) ⋯ (b - k + 1) · a ** (b - k)`.

    Zero where the factor is, also at `a == 0`.

    >>> falling_power(3.0, 3, 2), falling_power(0.0, 1, 2)
    (18.0, 0.0)
    """
    b = numpy.asarray(b) if isinstance(b, list | tuple) else b
    factor = b
    for i in range(1, k):
        factor = factor * (b - i)
    if numpy.ndim(factor) == 0 and numpy.ndim(a) == 0:
        return factor * a ** (b - k) if factor != 0 else 0.0 * a
    exponent = numpy.where(numpy.equal(factor, 0), 1, numpy.subtract(b, k))
    return numpy.multiply(factor, numpy.power(a, exponent))


def falling_power_exponent(a: Any, b: Any, k: int) -> Any:
    """The derivative of `falling_power(a, b, k)` by `b`.

    >>> falling_power_exponent(numpy.ones(2), 3.0, 1)
    array([1., 1.])
    """
    b = numpy.asarray(b) if isinstance(b, list | tuple) else b
    factor, slope = b, 1.0
    for i in range(1, k):
        slope = slope * (b - i) + factor
        factor = factor * (b - i)
    return (slope + factor * safe_log(a)) * numpy.asarray(a) ** (b - float(k))


def safe_log(a: Any) -> Any:
    """`log(a)`, and zero where `a` is zero: `y * safe_log(a)` is the partial of `a ** b` by `b`.

    >>> safe_log(0), safe_log(1.0)
    (0.0, 0.0)
    >>> safe_log(numpy.array([0.0, 1.0], "float32"))
    array([0., 0.], dtype=float32)
    """
    if isinstance(a, int | float) and not isinstance(a, numpy.generic):
        return math.log(a) if a > 0 else 0.0 if a == 0 else math.nan
    return numpy.log(numpy.where(numpy.equal(a, 0), 1, a))


def sinc_partial(x: Any) -> Any:
    """The derivative of `numpy.sinc(x)`: zero at zero.

    >>> sinc_partial(0.0), sinc_partial(1.0)
    (np.float64(-0.0), np.float64(-1.0))
    """
    x = numpy.asarray(x)
    near = numpy.abs(x) < 0.01  # the formula cancels there, the series does not
    safe = numpy.where(near, 1, x)
    u = (math.pi * x) ** 2
    series = -(math.pi**2) / 3 * x * (1 - u / 10 + u * u / 280)
    return numpy.where(near, series, (numpy.cos(math.pi * safe) - numpy.sinc(safe)) / safe)[()]


def sinc_curvature(x: Any) -> Any:
    """The second derivative of `numpy.sinc(x)`: -π²/3 at zero.

    >>> round(sinc_curvature(0.0) * 3 / math.pi**2, 12), round(sinc_curvature(1.0), 12)
    (np.float64(-1.0), np.float64(2.0))
    """
    x = numpy.asarray(x)
    near = numpy.abs(x) < 0.01
    safe = numpy.where(near, 1, x)
    u = (math.pi * x) ** 2
    series = -(math.pi**2) / 3 * (1 - 3 * u / 10 + u * u / 56)
    curvature = -(math.pi**2) * numpy.sinc(safe) - 2 * sinc_partial(safe) / safe
    return numpy.where(near, series, curvature)[()]


def cumsum_adjoint(g: Any, a: Any, axis: Any = None) -> Any:
    """Adjoint of `numpy.cumsum(a, axis)`: the sum from each place to the end.

    >>> cumsum_adjoint(numpy.array([1.0, 2.0, 4.0]), numpy.zeros(3))
    array([7., 6., 4.])
    """
    if axis is None:
        out = numpy.cumsum(numpy.ravel(g)[::-1])[::-1].reshape(numpy.shape(a))
    else:
        out = numpy.flip(numpy.cumsum(numpy.flip(g, axis), axis), axis)
    return like(out, a)


def cumprod_adjoint(g: Any, a: Any, axis: Any = None) -> Any:
    """Adjoint of `numpy.cumprod(a, axis)`, right also where elements are zero.

    With `p` the product of the elements before `k`, the adjoint of element `k` is `p[k] * s[k]`,
    where `s[k] = g[k] + a[k + 1] * s[k + 1]`. Where no product is near zero or overflow this is the
    sum of `g[j] * y[j]` from `k` on, by `a[k]`.

    >>> cumprod_adjoint(numpy.ones(3), numpy.array([2.0, 0.0, 5.0]))
    array([ 1., 12.,  0.])
    """
    flat = axis is None
    x = numpy.ravel(a) if flat else numpy.moveaxis(numpy.asarray(a), axis, 0)
    h = numpy.ravel(g) if flat else numpy.moveaxis(numpy.asarray(g), axis, 0)
    y = numpy.cumprod(x, 0)
    if _are_moderate(y):
        s = numpy.cumsum((h * y)[::-1], 0)[::-1] / x
    else:
        s = numpy.array(h, dtype=numpy.result_type(h, float_dtype(x)))
        for k in range(len(x) - 2, -1, -1):
            s[k] += x[k + 1] * s[k + 1]
        s[1:] *= y[:-1]
    return like(s.reshape(numpy.shape(a)) if flat else numpy.moveaxis(s, 0, axis), a)


def cumprod_tangent(da: Any, a: Any, axis: Any = None) -> Any:
    """Tangent of `y = numpy.cumprod(a, axis)`: `dy[k] = dy[k - 1] * a[k] + y[k - 1] * da[k]`.

    >>> cumprod_tangent(numpy.array([1.0, 0.0]), numpy.array([2.0, 3.0]))
    array([1., 3.])
    """
    flat = axis is None
    x = numpy.ravel(a) if flat else numpy.moveaxis(numpy.asarray(a), axis, 0)
    dx = numpy.ravel(da) if flat else numpy.moveaxis(numpy.asarray(da), axis, 0)
    y = numpy.cumprod(x, 0)
    if _are_moderate(y):
        out = y * numpy.cumsum(dx / x, 0)
    else:
        out = numpy.array(dx, dtype=numpy.result_type(dx, float_dtype(x)))
        out[1:] *= y[:-1]
        for k in range(1, len(out)):
            out[k] += x[k] * out[k - 1]
    return out if flat else numpy.moveaxis(out, 0, axis)


def _are_moderate(products: Any) -> bool:
    """Products that can be divided by their factors, in float32 too."""
    size = numpy.abs(products)
    return bool(numpy.min(size, initial=1.0) > 1e-30 and numpy.max(size, initial=1.0) < 1e30)


def product_of_others(a: Any, axis: Any = None) -> Any:
    """For each element the product of all others (along axes): the partials of `numpy.prod`.

    Made of products from both ends where a product is near zero, so that zeros do no harm.

    >>> product_of_others(numpy.array([2.0, 0.0, 5.0]))
    array([ 0., 10.,  0.])
    """
    if type(a) is numpy.ndarray and a.dtype.kind in "fc":
        whole = numpy.prod(a, axis, keepdims=True)
        if _are_moderate(whole):
            return whole / a
    x, rows, front, axes = _rows(a, axis)
    out = numpy.ones_like(rows)
    if len(rows) > 1:
        out[1:] = numpy.cumprod(rows[:-1], 0)
        out[:-1] *= numpy.cumprod(rows[:0:-1], 0)[::-1]
    return numpy.moveaxis(out.reshape(numpy.moveaxis(x, axes, front).shape), front, axes)


def product_of_others_tangent(da: Any, a: Any, axis: Any = None) -> Any:
    """Tangent of `product_of_others(a, axis)`, and its adjoint too: the derivative is symmetric.

    The products from both ends, `p[k + 1] = p[k] * a[k]`, with their tangents.

    >>> product_of_others_tangent(numpy.array([1.0, 0.0, 0.0]), numpy.array([2.0, 0.0, 5.0]))
    array([0., 5., 0.])
    """
    x, rows, front, axes = _rows(a, axis)
    tangents = numpy.moveaxis(numpy.broadcast_to(da, x.shape), axes, front).reshape(rows.shape)
    ahead, d_ahead = _products(rows, tangents)
    back, d_back = (v[::-1] for v in _products(rows[::-1], tangents[::-1]))
    out = d_ahead * back + ahead * d_back
    return numpy.moveaxis(out.reshape(numpy.moveaxis(x, axes, front).shape), front, axes)


def _products(rows: Any, tangents: Any) -> tuple[Any, Any]:
    """For each row the product of those before it, and its tangent."""
    p, dp = numpy.ones_like(rows), numpy.zeros_like(rows)
    for k in range(len(rows) - 1):
        p[k + 1] = p[k] * rows[k]
        dp[k + 1] = dp[k] * rows[k] + p[k] * tangents[k]
    return p, dp


def _rows(a: Any, axis: Any) -> tuple[Any, Any, Any, Any]:
    """A float array, it with the axes (one, several or all) as its rows, and where they were."""
    x = numpy.asarray(a)
    if x.dtype.kind not in "fc":
        x = x.astype("float64")
    if axis is None:
        axes = tuple(range(x.ndim))
    else:
        axes = axis if isinstance(axis, tuple) else (axis,)
    front = tuple(range(len(axes)))
    moved = numpy.moveaxis(x, axes, front)
    count = -1 if moved.size else 0
    return x, moved.reshape((count, *moved.shape[len(axes) :])), front, axes


def extremum_adjoint(g: Any, a: Any, y: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Adjoint of `y = numpy.max(a, axis, keepdims=keepdims)` and min: ties share evenly.

    >>> extremum_adjoint(numpy.array([3.0]), numpy.array([[1.0], [1.0]]), numpy.array([1.0]), 0)
    array([[1.5],
           [1.5]])
    """
    hit = numpy.equal(a, expand(y, numpy.asarray(a), axis, keepdims))
    share = hit / numpy.sum(hit, axis, keepdims=True)
    return like(share * expand(g, numpy.asarray(a), axis, keepdims), a)


def diagonal_adjoint(g: Any, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Adjoint of `numpy.diagonal(a, offset, axis1, axis2)`.

    >>> diagonal_adjoint(numpy.ones(1), numpy.zeros((2, 2)), 1)
    array([[0., 1.],
           [0., 0.]])
    """
    out = numpy.zeros(numpy.shape(a), float_dtype(a))
    last = out.ndim == 2 and (axis1, axis2) in ((0, 1), (-2, -1))
    moved = out if last else numpy.moveaxis(out, (axis1, axis2), (-2, -1))
    high, wide = moved.shape[-2:]
    rows = numpy.arange(max(-offset, 0), min(high, wide - offset))
    moved[..., rows, rows + offset] = g
    return like(out, a)


def repeat_adjoint(g: Any, a: Any, repeats: Any, axis: Any = None) -> Any:
    """Adjoint of `numpy.repeat(a, repeats, axis)`.

    >>> repeat_adjoint(numpy.arange(4.0), numpy.zeros(2), 2)
    array([1., 5.])
    """
    shape = numpy.shape(a)
    if numpy.ndim(repeats) == 0:
        place = axis if axis is None or axis < 0 else axis - len(shape)
        counts = (math.prod(shape),) if place is None else shape
        after = 0 if place is None else place + 1
        split = (*counts[: len(counts) + after], int(repeats), *counts[len(counts) + after :])
        if after == 0:  # faster than `numpy.sum`, which is made for long axes
            return like(numpy.einsum("...k->...", numpy.reshape(g, split)).reshape(shape), a)
        return like(numpy.sum(numpy.reshape(g, split), after - 1).reshape(shape), a)
    out = numpy.zeros(shape, float_dtype(a))
    front = out.reshape(-1) if axis is None else numpy.moveaxis(out, axis, 0)
    source = numpy.repeat(numpy.arange(len(front)), repeats)
    numpy.add.at(front, source, g if axis is None else numpy.moveaxis(g, axis, 0))
    return like(out, a)


def tile_adjoint(g: Any, a: Any, reps: Any) -> Any:
    """Adjoint of `numpy.tile(a, reps)`.

    >>> tile_adjoint(numpy.arange(4.0), numpy.zeros(2), 2)
    array([2., 4.])
    """
    counts = tuple(reps) if numpy.ndim(reps) else (int(reps),)
    shape = numpy.shape(a)
    rank = max(len(counts), len(shape))
    counts = (1,) * (rank - len(counts)) + counts
    full = (1,) * (rank - len(shape)) + shape
    split = [n for pair in zip(counts, full, strict=True) for n in pair]
    summed = numpy.reshape(g, split).sum(axis=tuple(range(0, 2 * rank, 2)))
    return like(summed.reshape(shape), a)


def transpose_adjoint(g: Any, a: Any, axes: Any = None) -> Any:
    """Adjoint of `numpy.transpose(a, axes)`.

    >>> transpose_adjoint(numpy.zeros((3, 4, 2)), numpy.zeros((2, 3, 4)), (1, 2, 0)).shape
    (2, 3, 4)
    """
    axes = _plain_axes(axes)
    if axes is None:
        return like(numpy.transpose(g), a)
    rank = numpy.ndim(a)
    return like(numpy.transpose(g, numpy.argsort([i % rank for i in axes])), a)


def inverse_axes(axes: Any) -> Any:
    """The axes of the transposition that undoes that by `axes`.

    >>> inverse_axes((1, 2, 0)), inverse_axes(((-2, -1, 0),)), inverse_axes(())
    ((2, 0, 1), (2, 0, 1), None)
    """
    axes = _plain_axes(axes)
    if axes is None:
        return None
    rank = len(axes)
    return tuple(int(i) for i in numpy.argsort([i % rank for i in axes]))


def _plain_axes(axes: Any) -> Any:
    """A tuple, or None, for what `numpy.transpose` and the method take: (2, 0, 1), ((2, 0, 1),)."""
    if axes is None or axes == () or (isinstance(axes, tuple) and axes == (None,)):
        return None
    if isinstance(axes, tuple) and len(axes) == 1 and numpy.ndim(axes[0]):
        return axes[0]
    return axes


def diag_adjoint(g: Any, v: Any, k: int = 0) -> Any:
    """Adjoint of `numpy.diag(v, k)`, of a vector or a matrix.

    >>> diag_adjoint(numpy.arange(4.0).reshape(2, 2), [5, 6])
    array([0., 3.])
    """
    if numpy.ndim(v) == 1:
        return like(numpy.diagonal(g, k).copy(), v)
    return diagonal_adjoint(g, v, k)


def sort_adjoint(g: Any, a: Any, axis: Any = -1) -> Any:
    """Adjoint of `numpy.sort(a, axis)`.

    >>> sort_adjoint(numpy.array([1.0, 2.0, 3.0]), numpy.array([5.0, 9.0, 7.0]))
    array([1., 3., 2.])
    """
    x = numpy.ravel(a) if axis is None else numpy.asarray(a)
    out = numpy.zeros(x.shape, float_dtype(x))
    along = -1 if axis is None else axis
    numpy.put_along_axis(out, numpy.argsort(x, along), g, along)
    return like(out.reshape(numpy.shape(a)), a)


def sort_tangent(da: Any, a: Any, axis: Any = -1) -> Any:
    """Tangent of `numpy.sort(a, axis)`."""
    if axis is None:
        return numpy.ravel(da)[numpy.argsort(numpy.ravel(a))]
    return numpy.take_along_axis(numpy.asarray(da), numpy.argsort(a, axis), axis)


def diff_adjoint(g: Any, a: Any, n: int = 1, axis: int = -1) -> Any:
    """Adjoint of `numpy.diff(a, n, axis)`.

    >>> diff_adjoint(numpy.array([1.0, 5.0]), numpy.zeros(3))
    array([-1., -4.,  5.])
    """
    h = numpy.moveaxis(numpy.asarray(g), axis, 0)
    for _ in range(n):
        edge = numpy.zeros((1, *h.shape[1:]), h.dtype)
        h = numpy.concatenate((edge, h)) - numpy.concatenate((h, edge))
    return like(numpy.moveaxis(h, 0, axis), a)


def weigh(g: Any, weights: Any) -> Any:
    """`g` times a weight for each of its rows.

    >>> weigh(numpy.ones((2, 2)), numpy.array([1.0, 3.0]))
    array([[1., 1.],
           [3., 3.]])
    """
    return numpy.reshape(weights, (-1,) + (1,) * (numpy.ndim(g) - 1)) * g
