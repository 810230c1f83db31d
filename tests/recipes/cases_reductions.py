"""Cases for reductions and scans of NumPy with all their options, and for statistics."""

from __future__ import annotations

import numpy

from tangent import runtime
from tests.recipes.cases import array, case, complexes, mixed

mask = numpy.array([[True, False, True], [False, True, True]])
methods = numpy.ndarray

# ---- where, initial, dtype ------------------------------------------------------------------

for f in (numpy.sum, numpy.prod, numpy.ndarray.sum, numpy.ndarray.prod):
    case(f, array(2, 3), where=mask)
    case(f, array(2, 3), 1, where=mask, keepdims=True)
    case(f, array(2, 3), axis=0, initial=2.0)
    case(f, array(2, 3, dtype="float32"), initial=2.0, where=mask, wrt="a")
    case(f, complexes(2, 3), axis=(0, 1), where=mask, wrt="a")
case(numpy.sum, array(2, 3), 0, "float64", None, True)
case(numpy.sum, [0.5, 0.25], where=[True, False], wrt="a")
case(numpy.sum, array(0), initial=1.0, wrt="a")
case(numpy.prod, array(2, 3, dtype="float32"), dtype="float64")
case(numpy.prod, numpy.array([0.0, 2.0, 0.0]), where=[True, True, False], wrt="a")
for f in (numpy.mean, numpy.ndarray.mean):
    case(f, array(2, 3), where=mask)
    case(f, array(2, 3), axis=1, where=mask, keepdims=True)
for f in (numpy.var, numpy.std, numpy.ndarray.var, numpy.ndarray.std):
    case(f, array(2, 3), where=mask)
    case(f, array(2, 3), axis=1, where=mask, keepdims=True)
    case(f, array(2, 3), axis=0, dtype="float64", ddof=1)
    case(f, complexes(2, 3), where=mask)
for f in (numpy.var, numpy.std):
    case(f, array(2, 3), axis=1, correction=1)
    case(f, array(2, 3), axis=1, mean=array(2, 1))
    case(f, array(2, 3), axis=0, mean=array(1, 3), ddof=1, where=True)
    case(f, array(4), mean=0.2, keepdims=True)
for f in (numpy.max, numpy.min, numpy.ndarray.max, numpy.ndarray.min):
    case(f, array(2, 3), axis=0, initial=0.62)
    case(f, array(2, 3), where=mask, initial=0.62)
    case(f, array(2, 3), axis=1, where=mask, initial=0.0 if "max" in f.__name__ else 9.0)
    case(f, array(2, 3, dtype="float32"), axis=1, keepdims=True, initial=0.62, wrt="a")
for f in (numpy.amax, numpy.amin):
    case(f, array(2, 3), axis=0, initial=0.62)

# ---- without NaN ----------------------------------------------------------------------------


def holed(*shape: int, dtype: str = "float64") -> numpy.ndarray:
    """An array with some NaN."""
    values = array(*shape, dtype=dtype)
    values.reshape(-1)[1::4] = numpy.nan
    return values


for f in (
    numpy.nansum, numpy.nanprod, numpy.nanmean, numpy.nanvar, numpy.nanstd, numpy.nanmax,
    numpy.nanmin, numpy.nanmedian,
):  # fmt: skip
    case(f, holed(6))
    case(f, holed(3, 3))
    case(f, holed(3, 3), 0)
    case(f, holed(3, 3), axis=1, keepdims=True)
    case(f, holed(2, 3, 2), axis=(0, 2))
    case(f, holed(2, 3, dtype="float32"), axis=1)
for f in (numpy.nansum, numpy.nanprod):
    case(f, holed(2, 3), axis=1, where=mask, initial=2.0)
    case(f, holed(2, 3, dtype="float32"), dtype="float64", initial=1.0, wrt="a")
case(numpy.nanmean, holed(2, 3), where=mask)
for f in (numpy.nanvar, numpy.nanstd):
    case(f, holed(2, 4), axis=1, ddof=1)
    case(f, holed(2, 4), correction=1)
for f in (numpy.nanmax, numpy.nanmin):
    case(f, holed(2, 3), axis=1, initial=0.62)
for f in (numpy.nancumsum, numpy.nancumprod):
    case(f, holed(6))
    case(f, holed(2, 3), axis=1)
for q in (0.3, [0.1, 0.65]):
    case(numpy.nanquantile, holed(6), q)
    case(numpy.nanquantile, holed(3, 4), q, 1, method="hazen")
    case(numpy.nanpercentile, holed(3, 4), numpy.multiply(q, 100.0), axis=1, keepdims=True)

# ---- order statistics -----------------------------------------------------------------------

case(numpy.median, array(5))
case(numpy.median, array(3, 4))
case(numpy.median, array(3, 4), 0)
case(numpy.median, array(2, 3, 2), axis=(0, -1), keepdims=True)
case(numpy.median, [0.4, 0.9, 0.1])
case(numpy.median, array(4, dtype="float32"))
for method in (
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf",
    "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased", "lower", "higher",
    "midpoint", "nearest",
):  # fmt: skip
    case(numpy.quantile, array(7), 0.37, method=method)
    case(numpy.quantile, array(2, 5), [0.22, 0.71], axis=1, method=method)
case(numpy.quantile, array(3, 4), 0.3)
case(numpy.quantile, array(3, 4), array(2, 2), 0, keepdims=True)
case(numpy.quantile, array(3, 4, dtype="float32"), 0.3, 1, wrt="a")
case(numpy.percentile, array(3, 4), 35.0, axis=-1)
case(numpy.percentile, array(9), [12.0, 71.0])
for g in ((2,), (2, 3)):
    shape = (3, 4)
    case(runtime.quantile_adjoint, array(*g[1:]), array(3, 4), 0.3, 1 if g[1:] else None)
    case(runtime.quantile_rate, array(3, 4), array(3, 4), 0.3, 1 if g[1:] else None, wrt="v")
    case(runtime.quantile_rate_adjoint, array(*g[1:]), array(3, 4), 0.3, 1 if g[1:] else None)
    case(runtime.quantile_tangent, array(3, 4), array(3, 4), 0.3, 1 if g[1:] else None)
case(runtime.median_adjoint, array(3), array(3, 4), 1, wrt="g")
case(runtime.median_tangent, array(3, 4), array(3, 4), 1, wrt="da")
case(runtime.sum_over_rest, array(2, 3), array(2), wrt="g")
case(runtime.over_rest, array(2), array(2, 3), wrt="dq")

# ---- means, covariances, histograms ---------------------------------------------------------

case(numpy.average, array(4))
case(numpy.average, array(2, 3), 0)
case(numpy.average, array(2, 3), weights=array(2, 3))
case(numpy.average, array(2, 3), 1, array(3))
case(numpy.average, array(2, 3), axis=0, weights=array(2), keepdims=True)
case(numpy.average, array(2, 3), axis=0, weights=[1, 2], wrt="a")
case(numpy.average, array(2, 3, 4), axis=(2, 0), weights=array(4, 2))
case(numpy.average, [0.4, 0.7], weights=[0.5, 0.25])
case(numpy.average, array(3, dtype="float32"), weights=array(3, dtype="float32"))
case(numpy.cov, array(3, 5))
case(numpy.cov, array(5))
case(numpy.cov, array(5), array(5))
case(numpy.cov, array(5, 2), rowvar=False)
case(numpy.cov, array(2, 5), array(5), bias=True)
case(numpy.cov, array(5, 2), array(5, 1), False, ddof=0)
case(numpy.cov, complexes(2, 5))
case(numpy.cov, array(2, 4), aweights=array(4))
case(numpy.cov, array(2, 4), fweights=numpy.array([1, 2, 1, 3]), aweights=array(4), ddof=0)
case(numpy.cov, array(2, 4, dtype="float32"), dtype="float32")
case(numpy.corrcoef, mixed(3, 5))
case(numpy.corrcoef, mixed(5), array(5))
case(numpy.corrcoef, mixed(5, 2), rowvar=False)
case(numpy.corrcoef, complexes(2, 5))
samples = numpy.array([0.1, 0.4, 0.45, 0.9, 0.75])
case(numpy.histogram, samples, 3)
case(numpy.histogram, samples, 3, weights=array(5))
case(numpy.histogram, samples, 3, (0.0, 1.0), weights=array(5), wrt="weights")
case(numpy.histogram, samples, [0.0, 0.3, 0.5, 1.0], density=True, weights=array(5))
case(numpy.histogram, samples, 2, density=True, weights=array(5))
case(numpy.histogram_bin_edges, samples, 3)
case(numpy.histogram_bin_edges, samples, [0.0, 0.3, 0.5])
for density in (None, True):
    case(
        numpy.histogram2d, samples, samples[::-1], 2, density=density, weights=array(5),
        wrt="weights",
    )  # fmt: skip
    case(
        numpy.histogramdd, numpy.stack([samples, samples[::-1]], 1), 2, density=density,
        weights=array(5), wrt="weights",
    )  # fmt: skip

# ---- scans, differences, integrals ----------------------------------------------------------

case(numpy.cumsum, array(3, dtype="float32"), dtype="float64")
case(numpy.cumprod, array(3, dtype="float32"), dtype="float64")
for f in (numpy.cumulative_sum, numpy.cumulative_prod):
    case(f, array(4))
    case(f, array(4), include_initial=True)
    case(f, array(2, 3), axis=1)
    case(f, array(2, 3), axis=0, include_initial=True)
    case(f, array(3, dtype="float32"))
case(numpy.diff, array(4), prepend=0.5)
case(numpy.diff, array(4), append=array(2))
case(numpy.diff, array(2, 3), 2, prepend=array(2, 1), append=0.25)
case(numpy.diff, array(2, 3), axis=0, append=array(1, 3))
case(numpy.diff, complexes(4))
case(numpy.ediff1d, array(4))
case(numpy.ediff1d, array(2, 3), array(2), 0.5)
case(numpy.ediff1d, array(3), to_begin=[0.5, 0.25])
case(numpy.trapezoid, array(4))
case(numpy.trapezoid, array(4), dx=0.5)
case(numpy.trapezoid, array(2, 4), None, 0.5, 0)
case(numpy.trapezoid, array(2, 4), dx=0.5, axis=1)
case(numpy.trapezoid, array(4), array(4))
case(numpy.trapezoid, array(2, 4), array(4))
case(numpy.trapezoid, array(2, 4), array(2), axis=0)
case(numpy.trapezoid, array(2, 4), x=array(2, 4), axis=-1)
case(numpy.trapezoid, array(4, dtype="float32"), array(4, dtype="float32"))
case(numpy.trapezoid, [0.4, 0.7, 0.1])
case(numpy.gradient, array(4))
case(numpy.gradient, array(2))
case(numpy.gradient, array(4), 0.5)
case(numpy.gradient, array(4), 0.5, edge_order=2)
case(numpy.gradient, array(4), numpy.array([0.0, 1.0, 1.5, 4.0]), edge_order=2, wrt="f")
case(numpy.gradient, array(3, 4))
case(numpy.gradient, array(3, 4), 0.5, 0.25)
case(numpy.gradient, array(3, 4), 0.5, axis=1)
case(numpy.gradient, array(3, 4), 0.5, axis=(1, 0))
case(numpy.gradient, array(4, dtype="float32"))
case(numpy.unwrap, numpy.array([0.0, 4.0, 8.0, 1.0]))
case(numpy.unwrap, numpy.array([[0.0, 4.0, 8.0]]), axis=1, period=6.0)
case(runtime.without_initial, array(2, 3), 1, wrt="g")
case(runtime.with_initial, array(2, 3), 0, wrt="dy")
