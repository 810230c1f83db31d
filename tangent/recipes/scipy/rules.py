"""Adjoints of rules of integration, along any axis, for equal and unequal intervals.

    s = integrate.simpson(y, x)      ȳ = rules.simpson_adjoint(s̄, y, x)

A rule is linear in the values `y`, with weights that depend on the points; by the points it is
differentiated through the widths h = diff(x).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy

from tangent.runtime_values import like

__all__ = [
    "cumulative_simpson_adjoint",
    "cumulative_trapezoid_adjoint",
    "means",
    "romb_adjoint",
    "simpson_adjoint",
    "simpson_points_adjoint",
    "simpson_points_tangent",
    "width_sum",
]


def _last(a: Any, axis: int) -> Any:
    """The array with the axis moved to the end; of a vector, the vector."""
    a = numpy.asarray(a)
    return a if a.ndim < 2 else numpy.moveaxis(a, axis, -1)


def _widths(x: Any, dx: Any, axis: int, size: int) -> Any:
    if x is not None:
        return numpy.diff(_last(x, axis))
    return numpy.full(max(size - 1, 0), 1.0) * _last(dx, axis)


def _panels(h: Any) -> tuple[Any, Any, Any, Any]:
    """Widths of the pairs of intervals that parabolas span, and of the last pair of an even count."""
    end = (h.shape[-1] // 2) * 2
    return h[..., 0:end:2], h[..., 1:end:2], h[..., -2:-1], h[..., -1:]


def simpson_weights(h: Any, n: int) -> Any:
    """The weights of `n` values, whose intervals have the widths `h`.

    An odd last interval is that of Cartwright (2017), as in SciPy.

    >>> simpson_weights(numpy.ones(4), 5) * 3
    array([1., 4., 2., 4., 1.])
    """
    w = numpy.zeros((*h.shape[:-1], n))
    if n == 2:
        return w + h / 2
    h0, h1, g0, g1 = _panels(h)
    s = h0 + h1
    end = 2 * h0.shape[-1]
    w[..., 0:end:2] += s / 6 * (2 - h1 / h0)
    w[..., 1:end:2] += s / 6 * s**2 / (h0 * h1)
    w[..., 2 : end + 1 : 2] += s / 6 * (2 - h0 / h1)
    if n > 2 and n % 2 == 0:
        w[..., -1:] += g1 * (2 * g1 + 3 * g0) / (6 * (g0 + g1))
        w[..., -2:-1] += g1**2 / (6 * g0) + g1 / 2
        w[..., -3:-2] -= g1**3 / (6 * g0 * (g0 + g1))
    return w


def _simpson_slopes(y: Any, h: Any) -> Any:
    """The derivatives of the integral by the widths; `y` with the axis last."""
    n = y.shape[-1]
    h = h + 0 * y[..., 1:]
    out = numpy.zeros(h.shape)
    if n == 2:
        return out + (y[..., 1:] + y[..., :1]) / 2
    h0, h1, g0, g1 = _panels(h)
    s = h0 + h1
    end = 2 * h0.shape[-1]
    a, b, c = y[..., 0:end:2], y[..., 1:end:2], y[..., 2 : end + 1 : 2]
    mean = ((2 - h1 / h0) * a + s**2 / (h0 * h1) * b + (2 - h0 / h1) * c) / 6
    out[..., 0:end:2] += mean + s / 6 * (h1 / h0**2 * a + (1 / h1 - h1 / h0**2) * b - c / h1)
    out[..., 1:end:2] += mean + s / 6 * (-a / h0 + (1 / h0 - h0 / h1**2) * b + h0 / h1**2 * c)
    if n > 2 and n % 2 == 0:
        t = g0 + g1
        a, b, c = y[..., -1:], y[..., -2:-1], y[..., -3:-2]
        out[..., -2:-1] += (
            g1**2 / t**2 * a - g1**2 / g0**2 * b + g1**3 * (g0 + t) / (g0 * t) ** 2 * c
        ) / 6
        out[..., -1:] += (
            ((4 * g1 + 3 * g0) / t - g1 * (2 * g1 + 3 * g0) / t**2) * a
            + (2 * g1 / g0 + 3) * b
            - (3 * g1**2 / (g0 * t) - g1**3 / (g0 * t**2)) * c
        ) / 6
    return out


def simpson_adjoint(g: Any, y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """Adjoint of `scipy.integrate.simpson` by the values: `g` times the weights.

    >>> simpson_adjoint(3.0, [0.0, 0.0, 0.0])
    array([1., 4., 1.])
    """
    n = numpy.shape(y)[axis]
    weights = simpson_weights(_widths(x, dx, axis, n), n)
    return like(numpy.moveaxis(numpy.expand_dims(g, -1) * weights, -1, axis), y)


def _to_points(by_width: Any, x: Any, axis: int) -> Any:
    """The adjoint of the points from that of their differences, with the axis last."""
    pad = [(0, 0)] * (by_width.ndim - 1)
    by_points = numpy.pad(by_width, [*pad, (1, 0)]) - numpy.pad(by_width, [*pad, (0, 1)])
    if numpy.ndim(x) == 1:
        by_points = numpy.sum(by_points.reshape(-1, by_points.shape[-1]), 0)
    else:
        by_points = numpy.moveaxis(by_points, -1, axis)
    return like(by_points, x)


def simpson_points_adjoint(g: Any, y: Any, x: Any, axis: int = -1) -> Any:
    """Adjoint of `scipy.integrate.simpson` by the points."""
    slopes = _simpson_slopes(_last(y, axis), numpy.diff(_last(x, axis)))
    return _to_points(numpy.expand_dims(g, -1) * slopes, x, axis)


def simpson_points_tangent(dx: Any, y: Any, x: Any, axis: int = -1) -> Any:
    """Tangent of `scipy.integrate.simpson` along a change of the points."""
    slopes = _simpson_slopes(_last(y, axis), numpy.diff(_last(x, axis)))
    return numpy.sum(slopes * numpy.diff(_last(dx, axis)), -1)


def _reversed_sum(g: Any, initial: Any, axis: int) -> Any:
    """The adjoint of the intervals' integrals, of which the rule gives the running sums."""
    g = _last(g, axis)
    if initial is not None:
        g = g[..., 1:]
    return numpy.cumsum(g[..., ::-1], -1)[..., ::-1]


def width_sum(g: Any, panels: Any, x: Any, initial: Any, axis: int) -> Any:
    """The adjoint of the points of `cumulative_trapezoid`, from the means of the values."""
    return _to_points(_reversed_sum(g, initial, axis) * _last(panels, axis), x, axis)


def cumulative_trapezoid_adjoint(
    g: Any, y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None
) -> Any:
    """Adjoint of `scipy.integrate.cumulative_trapezoid` by the values.

    >>> cumulative_trapezoid_adjoint(numpy.ones(2), numpy.zeros(3))
    array([1. , 1.5, 0.5])
    """
    half = _reversed_sum(g, initial, axis) * _widths(x, dx, axis, numpy.shape(y)[axis]) / 2
    out = numpy.zeros((*half.shape[:-1], half.shape[-1] + 1), half.dtype)
    out[..., 1:] += half
    out[..., :-1] += half
    return like(numpy.moveaxis(out, -1, axis), y)


def cumulative_simpson_adjoint(
    g: Any, y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None
) -> Any:
    """Adjoint of `scipy.integrate.cumulative_simpson` by the values.

    Of the two parabolas through an interval the rule takes that with the point behind for intervals
    0, 2, …, that with the point before for 1, 3, … and the last.
    """
    n = numpy.shape(y)[axis]
    if n < 3:
        return cumulative_trapezoid_adjoint(g, y, x, dx, axis, initial)
    total = _reversed_sum(g, initial, axis)
    h = _widths(x, dx, axis, n) + 0 * total
    out = numpy.zeros((*total.shape[:-1], n))
    ahead, behind = numpy.arange(0, n - 2, 2), numpy.arange(1, n - 1, 2)
    if n % 2 == 0:
        behind = numpy.append(behind, n - 2)
    for places, step in ((ahead, 1), (behind, -1)):
        first = places if step > 0 else places + 1
        h0, h1 = h[..., places], h[..., places + step]
        ratio = h0 / (h0 + h1)
        square = ratio * h0 / h1
        share = total[..., places] * h0 / 6
        for offset, weight in ((0, 3 - ratio), (1, 3 + square + ratio), (2, -square)):
            out[..., first + step * offset] += share * weight  # no place twice
    return like(numpy.moveaxis(out, -1, axis), y)


def romb_adjoint(g: Any, y: Any, dx: Any = 1.0, axis: int = -1) -> Any:
    """Adjoint of `scipy.integrate.romb`, whose weights are found by Richardson's extrapolation.

    >>> romb_adjoint(3.0, numpy.zeros(3))
    array([1., 4., 1.])
    """
    n = numpy.shape(y)[axis]
    rules = []
    step = n - 1
    while step >= 1:
        w = numpy.zeros(n)
        w[::step] = step
        w[0] = w[-1] = step / 2
        rules.append(w)
        step //= 2
    for k in range(1, len(rules)):
        rules = [(4**k * fine - coarse) / (4**k - 1) for coarse, fine in pairwise(rules)]
    return like(numpy.moveaxis(numpy.expand_dims(g, -1) * rules[0] * dx, -1, axis), y)


def means(y: Any, axis: int) -> Any:
    """The means of neighbours along an axis.

    >>> means([1.0, 3.0, 5.0], 0)
    array([2., 4.])
    """
    y = numpy.moveaxis(numpy.asarray(y), axis, -1)
    return numpy.moveaxis((y[..., 1:] + y[..., :-1]) / 2, -1, axis)
