"""Statistics: order statistics, weighted means, covariances, histograms.

    y = np.median(x)                     x̄ += half of ȳ for each of the two in the middle
    y = np.average(x, weights=w)         x̄ += ȳ · w / Σ w        w̄ += ȳ · (x - y) / Σ w

A quantile has derivatives by the elements that it lies between, and by the probability. The counts of a
histogram have none but by the weights; its edges follow the least and the greatest sample.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import (
    adjoint,
    d,
    fixed,
    linear,
    nondifferentiable,
    refused,
)
from tangent.recipes.results import constantly, reduction


@adjoint(numpy.median, result=reduction(to="float"))
def median(y, a, axis=None, out: fixed = None, overwrite_input: fixed = False, keepdims=False):
    d[a] = runtime.median_adjoint(d[y], a, axis, keepdims)


@median.tangent
def median_tangent(y, a, axis, keepdims):
    d[y] = runtime.like(runtime.median_tangent(d[a], a, axis, keepdims), y)


@adjoint(numpy.quantile)
def quantile(
    y, a, q, axis=None, out: fixed = None, overwrite_input: fixed = False, method="linear",
    keepdims=False, *, weights: fixed = None,
):  # fmt: skip
    d[a] = runtime.quantile_adjoint(d[y], a, q, axis, method, keepdims)
    d[q] = runtime.sum_over_rest(d[y] * runtime.quantile_rate(a, a, q, axis, method, keepdims), q)


@quantile.tangent
def quantile_tangent(y, a, q, axis, method, keepdims):
    rate = runtime.quantile_rate(a, a, q, axis, method, keepdims)
    move = runtime.over_rest(d[q], y)
    d[y] = runtime.like(
        runtime.quantile_tangent(d[a], a, q, axis, method, keepdims) + rate * move, y
    )


@adjoint(numpy.percentile)
def percentile(
    y, a, q, axis=None, out: fixed = None, overwrite_input: fixed = False, method="linear",
    keepdims=False, *, weights: fixed = None,
):  # fmt: skip
    share = numpy.divide(q, 100)
    d[a] = runtime.quantile_adjoint(d[y], a, share, axis, method, keepdims)
    d[q] = runtime.sum_over_rest(
        d[y] * runtime.quantile_rate(a, a, share, axis, method, keepdims) / 100, q
    )


@percentile.tangent
def percentile_tangent(y, a, q, axis, method, keepdims):
    share = numpy.divide(q, 100)
    rate = runtime.quantile_rate(a, a, share, axis, method, keepdims) / 100
    move = runtime.over_rest(d[q], y)
    d[y] = runtime.like(
        runtime.quantile_tangent(d[a], a, share, axis, method, keepdims) + rate * move, y
    )


@linear(numpy.average, result=reduction(to="float"))
def average(y, a, axis=None, weights: fixed = None, returned: fixed = False, *, keepdims=False):
    d[a] = runtime.expand(d[y] * (numpy.size(y) / numpy.size(a)), a, axis, keepdims)


@adjoint(numpy.average, result=reduction(to="float"))
def weighted_average(y, a, axis=None, weights=None, returned: fixed = False, *, keepdims=False):
    w = runtime.weights_along(weights, a, axis)
    total = numpy.sum(numpy.broadcast_to(w, numpy.shape(a)), axis, keepdims=keepdims)
    g = runtime.expand(d[y] / total, numpy.add(a, w), axis, keepdims)
    d[a] = runtime.like(g * w, a)
    d[weights] = runtime.weights_adjoint(
        g * (a - runtime.expand(y, g, axis, keepdims)), weights, a, axis
    )


@weighted_average.tangent
def weighted_average_tangent(y, a, axis, weights, keepdims):
    w = runtime.weights_along(weights, a, axis)
    total = numpy.sum(numpy.broadcast_to(w, numpy.shape(a)), axis, keepdims=keepdims)
    dw = numpy.broadcast_to(d[weights], numpy.shape(weights))
    move = d[a] * w + runtime.weights_along(dw, a, axis) * (
        a - runtime.expand(y, numpy.add(a, w), axis, keepdims)
    )
    d[y] = runtime.like(numpy.sum(move, axis, keepdims=keepdims) / total, y)


@adjoint(numpy.cov)
def cov(
    result, m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *,
    dtype=None,
):  # fmt: skip
    parts = runtime.cov_parts(d[result], m, y, rowvar, bias, ddof, fweights, aweights)
    d[m] = parts[0]
    d[y] = parts[1]
    d[aweights] = parts[2]


@cov.tangent
def cov_tangent(result, m, y, rowvar, bias, ddof, fweights, aweights):
    d[result] = runtime.like(
        runtime.cov_tangent(d[m], d[y], d[aweights], m, y, rowvar, bias, ddof, fweights, aweights),
        result,
    )


@adjoint(numpy.corrcoef)
def corrcoef(result, x, y=None, rowvar=True, *, dtype=None):
    parts = runtime.corrcoef_parts(d[result], result, x, y, rowvar)
    d[x] = parts[0]
    d[y] = parts[1]


@corrcoef.tangent
def corrcoef_tangent(result, x, y=None, rowvar=True, *, dtype=None):
    d[result] = runtime.like(runtime.corrcoef_tangent(d[x], d[y], result, x, y, rowvar), result)


@adjoint(numpy.histogram, result=constantly(Kind("tuple")))
def histogram(y, a, bins=10, range=None, density=None, weights=None):
    parts = runtime.histogram_parts(d[y], y, a, bins, range, density, weights)
    d[a] = parts[0]
    d[bins] = parts[1]
    d[range] = refused("give the edges of the bins as an array to differentiate by them")
    d[weights] = parts[2]


@histogram.tangent
def histogram_tangent(y, a, bins=10, range=None, density=None, weights=None):
    d[y] = runtime.histogram_tangent(d[a], d[bins], d[weights], y, a, bins, range, density, weights)


@adjoint(numpy.histogram_bin_edges)
def histogram_bin_edges(y, a, bins=10, range=None, weights=None):
    parts = runtime.histogram_parts((0.0, d[y]), (0.0, y), a, bins, range)
    d[a] = parts[0]
    d[bins] = parts[1]
    d[range] = refused("give the edges of the bins as an array to differentiate by them")


@histogram_bin_edges.tangent
def histogram_bin_edges_tangent(y, a, bins=10, range=None, weights=None):
    dy = runtime.histogram_tangent(d[a], d[bins], None, ((), y), a, bins, range)[1]
    d[y] = runtime.like(dy, y)


@adjoint(numpy.histogram2d, result=constantly(Kind("tuple")))
def histogram2d(result, x, y, bins=10, range=None, density=None, weights=None):
    d[x] = refused("histogram2d is differentiated by its weights only")
    d[y] = refused("histogram2d is differentiated by its weights only")
    d[weights] = runtime.histogram_weights(
        d[result][0], weights, result[0] if density else None, [x, y], result[1:]
    )


@histogram2d.tangent
def histogram2d_tangent(result, x, y, bins=10, range=None, density=None, weights=None):
    counts = result[0] if density else None
    d[result] = (
        runtime.histogram_weights_tangent(d[weights], weights, counts, [x, y], result[1:]),
        *runtime.zeros_like(result)[1:],
    )


@adjoint(numpy.histogramdd, result=constantly(Kind("tuple")))
def histogramdd(y, sample, bins=10, range=None, density=None, weights=None):
    d[sample] = refused("histogramdd is differentiated by its weights only")
    d[weights] = runtime.histogram_weights(
        d[y][0], weights, y[0] if density else None, runtime.coordinates(sample), y[1]
    )


@histogramdd.tangent
def histogramdd_tangent(y, sample, bins=10, range=None, density=None, weights=None):
    counts = y[0] if density else None
    d[y] = (
        runtime.histogram_weights_tangent(
            d[weights], weights, counts, runtime.coordinates(sample), y[1]
        ),
        runtime.zeros_like(y[1]),
    )


@linear(numpy.bincount)
def bincount(y, x, weights, minlength=0):
    d[weights] = runtime.like(d[y][x], weights)


# What counts or finds.
nondifferentiable(numpy.bincount)
nondifferentiable(numpy.searchsorted, numpy.ndarray.searchsorted, numpy.digitize)
