"""Reductions of some elements, order statistics and what is made of them.

>>> quantile_adjoint(1.0, numpy.array([3.0, 1.0, 2.0, 7.0]), 0.5)
array([0.5, 0. , 0.5, 0. ])

A quantile is a combination of two elements, `(1 - w) · a[low] + w · a[high]`: those next to a position
among the sorted elements, which depends on their number, the probability and the method alone
(Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996).
Where elements tie, any of them is taken, the same one in both modes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy

from tangent.runtime_values import expand, float_dtype, like

__all__ = [
    "count",
    "extremum_share",
    "median_adjoint",
    "median_tangent",
    "over_rest",
    "quantile_adjoint",
    "quantile_rate",
    "quantile_rate_adjoint",
    "quantile_tangent",
    "reduced_size",
    "sum_over_rest",
    "with_axes",
]


def count(where: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """How many elements along axes a mask selects.

    >>> count([True, False], numpy.zeros((3, 2)), 1)
    array([1, 1, 1])
    """
    return numpy.sum(numpy.broadcast_to(where, numpy.shape(a)), axis, keepdims=keepdims)


def reduced_size(a: Any, axis: Any = None) -> int:
    """How many elements a reduction over `axis` takes together.

    >>> reduced_size(numpy.zeros((2, 3, 4)), (0, -1))
    8
    """
    shape = numpy.shape(a)
    if axis is None or not shape:
        return math.prod(shape)
    return math.prod(shape[n] for n in (axis if isinstance(axis, tuple) else (axis,)))


def with_axes(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """What belongs to a reduction of `a`, with the axes of `a`: it broadcasts against `a`.

    >>> with_axes(numpy.array([1.0, 2.0]), numpy.zeros((2, 3)), 1).shape
    (2, 1)
    """
    return g if axis is None or keepdims or not numpy.ndim(a) else numpy.expand_dims(g, axis)


def extremum_share(
    a: Any, y: Any, axis: Any = None, keepdims: bool = False, where: Any = True
) -> Any:
    """The partials of `y = numpy.max(a, axis, …, where=where)`: those that are equal to it share.

    All zero where the initial value alone is; NaN where `y` is.

    >>> extremum_share(numpy.array([1.0, 3.0, 3.0]), 3.0, where=[True, True, False])
    array([0., 1., 0.])
    """
    reached = expand(y, numpy.asarray(a), axis, keepdims)
    hit = numpy.equal(a, reached) & numpy.asarray(where)
    count = numpy.maximum(numpy.sum(hit, axis, keepdims=True), 1)
    share = hit / numpy.where(numpy.isnan(reached), numpy.nan, count)
    return share.astype(float_dtype(a))


# --- order statistics ---------------------------------------------------------------------------


def _lanes(a: Any, axis: Any) -> numpy.ndarray:
    """An array with what is reduced as its last axis."""
    x = numpy.asarray(a)
    if axis is None:
        return x.reshape(-1)
    axes = axis if isinstance(axis, tuple) else (axis,)
    rest = x.ndim - len(axes)
    moved = numpy.moveaxis(x, axes, range(rest, x.ndim))
    return moved.reshape(*moved.shape[:rest], math.prod(moved.shape[rest:]))


def _position(n: int, q: Any, method: str) -> Any:
    """Where a quantile lies among n sorted elements: that of 0, 1, …, n - 1."""
    if method == "linear":
        return q * (n - 1)
    chosen: Any = method
    return numpy.quantile(numpy.arange(float(n)), q, method=chosen)


def _neighbours(
    a: Any, q: Any, axis: Any, method: str, nan: bool = False
) -> tuple[Any, Any, Any, Any]:
    """The places of the two elements in the array (flat), the weight of the second, and by what
    the position grows with the probability; of the shape of q and of what is left of the array.
    """
    places = _lanes(numpy.arange(numpy.size(a)).reshape(numpy.shape(a)), axis)
    lanes = _lanes(a, axis)
    q = numpy.asarray(q, "float64")
    counts = numpy.full(lanes.shape[:-1], lanes.shape[-1])
    if nan:
        counts = lanes.shape[-1] - numpy.sum(numpy.isnan(lanes), axis=-1)
    position = numpy.zeros((*q.shape, *counts.shape))
    rate = numpy.zeros_like(position)
    for n in numpy.unique(counts):
        if n > 0:
            here = _position(int(n), q, method)
            inside = (here > 0) & (here < n - 1)
            position[..., counts == n] = here[..., None]
            rate[..., counts == n] = (inside * (n + _RATES.get(method, -n)))[..., None]
    low = numpy.floor(position).astype(int)
    high = numpy.ceil(position).astype(int)
    order = numpy.argpartition(lanes, numpy.unique((low, high)), axis=-1)

    def place(rank: Any) -> Any:
        flat = numpy.moveaxis(rank.reshape(-1, *counts.shape), 0, -1)
        taken = numpy.take_along_axis(places, numpy.take_along_axis(order, flat, -1), -1)
        return numpy.moveaxis(taken, -1, 0).reshape(rank.shape)

    return place(low), place(high), position - low, rate


# The position of a quantile grows with its probability by the number of elements and this.
_RATES = {
    "interpolated_inverted_cdf": 0.0,
    "hazen": 0.0,
    "weibull": 1.0,
    "linear": -1.0,
    "median_unbiased": 1 / 3,
    "normal_unbiased": 1 / 4,
}


def _of_result(values: Any, a: Any, q: Any, axis: Any, keepdims: bool) -> Any:
    """Values of the shape of q and of what is left, in the shape of the result."""
    if not keepdims:
        return values[()]
    rank = numpy.ndim(a)
    axes = range(rank) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    lead = numpy.ndim(q)
    return numpy.expand_dims(values, tuple(lead + n % rank for n in axes))


def _scattered(parts: list[tuple[Any, Any]], a: Any, g: Any) -> Any:
    """Sums of values at flat places, as a gradient of `a`."""
    out = numpy.zeros(numpy.size(a), numpy.result_type(g, float_dtype(a)))
    for place, weight in parts:
        numpy.add.at(out, place, numpy.reshape(g, place.shape) * weight)
    return like(out.reshape(numpy.shape(a)), a)


def quantile_adjoint(
    g: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
    nan: bool = False,
) -> Any:  # fmt: skip
    """Adjoint of `numpy.quantile(a, q, axis, method=method, keepdims=keepdims)` by `a`."""
    low, high, weight, _ = _neighbours(a, q, axis, method, nan)
    return _scattered([(low, 1 - weight), (high, weight)], a, g)


def quantile_tangent(
    da: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
    nan: bool = False,
) -> Any:  # fmt: skip
    """Tangent of a quantile: that of the elements that it is made of.

    >>> quantile_tangent(numpy.array([1.0, 2.0]), numpy.array([5.0, 3.0]), 0.25)
    np.float64(1.75)
    """
    low, high, weight, _ = _neighbours(a, q, axis, method, nan)
    dx = numpy.asarray(da).reshape(-1)
    weight = weight.astype(float_dtype(dx).char.lower() if dx.dtype.kind == "f" else "float64")
    return _of_result(dx[low] * (1 - weight) + dx[high] * weight, a, q, axis, keepdims)


def quantile_rate(
    v: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
    nan: bool = False,
) -> Any:  # fmt: skip
    """The derivative of a quantile of `v`, whose order is that of `a`, by the probability.

    Zero for the methods that jump from one element to the next.

    >>> x = numpy.array([5.0, 3.0]); quantile_rate(x, x, 0.25)
    np.float64(2.0)
    """
    low, high, _, rate = _neighbours(a, q, axis, method, nan)
    x = numpy.asarray(v).reshape(-1)
    return _of_result((x[high] - x[low]) * rate, a, q, axis, keepdims)


def quantile_rate_adjoint(
    g: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
    nan: bool = False,
) -> Any:  # fmt: skip
    """Adjoint of `quantile_rate(v, a, …)` by `v`."""
    low, high, _, rate = _neighbours(a, q, axis, method, nan)
    return _scattered([(high, rate), (low, -rate)], a, g)


def median_adjoint(
    g: Any, a: Any, axis: Any = None, keepdims: bool = False, nan: bool = False
) -> Any:
    """Adjoint of `numpy.median`: the middle element, or half for each of the two in the middle.

    >>> median_adjoint(1.0, [1.0, 9.0, 2.0, 4.0])
    array([0. , 0. , 0.5, 0.5])
    """
    return quantile_adjoint(g, a, 0.5, axis, "linear", keepdims, nan)


def median_tangent(
    da: Any, a: Any, axis: Any = None, keepdims: bool = False, nan: bool = False
) -> Any:
    """Tangent of `numpy.median`."""
    return quantile_tangent(da, a, 0.5, axis, "linear", keepdims, nan)


def sum_over_rest(g: Any, q: Any) -> Any:
    """The adjoint of `q`, whose axes come first in the result, from terms of the result's shape.

    >>> sum_over_rest(numpy.ones((2, 3)), [0.25, 0.5])
    array([3., 3.])
    """
    rank = numpy.ndim(q)
    return like(numpy.sum(g, axis=tuple(range(rank, numpy.ndim(g)))), q)


def over_rest(dq: Any, y: Any) -> Any:
    """The tangent of `q`, so that it broadcasts along the first axes of the result `y`.

    >>> over_rest(numpy.array([1.0, 2.0]), numpy.zeros((2, 3))).shape
    (2, 1)
    """
    shape = numpy.shape(dq)
    return numpy.reshape(dq, shape + (1,) * (numpy.ndim(y) - len(shape)))
