"""Reductions that leave NaN out: those with `where`, of the elements that are numbers.

y = np.nansum(x)     x̄ += ȳ · ~np.isnan(x)
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.registry import adjoint, d, fixed, nondifferentiable
from tangent.recipes.results import is_false, is_none, reduction

nondifferentiable(numpy.nanargmax, numpy.nanargmin)


@adjoint(numpy.nansum, result=reduction())
def nansum(y, a, axis=None, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[a] = runtime.expand(d[y], a, axis, keepdims) * ~numpy.isnan(a)


@nansum.when(lambda k: is_none(k.axis) and is_false(k.keepdims) and k.a.is_array)
def nansum_of_all(y, a, axis=None, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[a] = runtime.like(d[y] * ~numpy.isnan(a), a)


@nansum.tangent
def nansum_tangent(y, a, axis=None, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[y] = numpy.sum(d[a] * ~numpy.isnan(a), axis, keepdims=keepdims)


@adjoint(numpy.nansum)
def nansum_of_some(
    y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, initial=0, where=True
):
    kept = where & ~numpy.isnan(a)
    d[a] = runtime.expand(d[y], a, axis, keepdims) * kept
    d[initial] = runtime.unbroadcast(d[y], initial)


@nansum_of_some.tangent
def nansum_of_some_tangent(y, a, axis, keepdims, initial, where):
    kept = where & ~numpy.isnan(a)
    d[y] = runtime.like(numpy.sum(d[a] * kept, axis, keepdims=keepdims) + d[initial], y)


@adjoint(numpy.nanprod)
def nanprod(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, initial=1, where=True):
    kept = where & ~numpy.isnan(a)
    chosen = numpy.where(kept, a, 1)
    others = runtime.product_of_others(chosen, axis) * kept
    d[a] = runtime.like(runtime.expand(d[y] * initial, others, axis, keepdims) * others, a)
    d[initial] = runtime.unbroadcast(d[y] * numpy.prod(chosen, axis, keepdims=keepdims), initial)


@nanprod.tangent
def nanprod_tangent(y, a, axis, keepdims, initial, where):
    kept = where & ~numpy.isnan(a)
    chosen = numpy.where(kept, a, 1)
    others = runtime.product_of_others(chosen, axis) * kept
    dy = initial * numpy.sum(numpy.multiply(d[a], others), axis, keepdims=keepdims)
    d[y] = runtime.like(dy + d[initial] * numpy.prod(chosen, axis, keepdims=keepdims), y)


@adjoint(numpy.nanmean, result=reduction(to="float"))
def nanmean(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, *, where=True):
    kept = where & ~numpy.isnan(a)
    count = runtime.count(kept, a, axis, keepdims)
    d[a] = runtime.expand(d[y] / count, a, axis, keepdims) * kept


@nanmean.tangent
def nanmean_tangent(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, *, where=True):
    kept = where & ~numpy.isnan(a)
    count = runtime.count(kept, a, axis, keepdims)
    d[y] = runtime.like(numpy.sum(d[a] * kept, axis, keepdims=keepdims) / count, y)


@adjoint(numpy.nanmax, numpy.nanmin, result=reduction(to="same"))
def nanextremum(y, a, axis=None, out: fixed = None, keepdims=False):
    d[a] = runtime.extremum_adjoint(d[y], a, y, axis, keepdims)


@nanextremum.tangent
def nanextremum_tangent(y, a, axis=None, out: fixed = None, keepdims=False):
    share = runtime.extremum_share(a, y, axis, keepdims)
    d[y] = numpy.sum(numpy.multiply(d[a], share), axis, keepdims=keepdims)


@adjoint(numpy.nanmax, numpy.nanmin)
def nanextremum_of_some(y, a, axis=None, out: fixed = None, keepdims=False, *, initial, where=True):
    share = runtime.extremum_share(a, y, axis, keepdims, where)
    d[a] = runtime.like(runtime.expand(d[y], share, axis, keepdims) * share, a)
    d[initial] = runtime.unbroadcast(
        d[y] * (1 - numpy.sum(share, axis, keepdims=keepdims)), initial
    )


@nanextremum_of_some.tangent
def nanextremum_of_some_tangent(y, a, axis, keepdims, initial, where):
    share = runtime.extremum_share(a, y, axis, keepdims, where)
    rest = 1 - numpy.sum(share, axis, keepdims=keepdims)
    dy = numpy.sum(numpy.multiply(d[a], share), axis, keepdims=keepdims)
    d[y] = runtime.like(dy + d[initial] * rest, y)


@adjoint(numpy.nanvar, result=reduction(to="real"))
def nanvar(
    y, a, axis=None, dtype=None, out: fixed = None, ddof=0, keepdims=False, *,
    where=True, correction=0,
):  # fmt: skip
    kept = where & ~numpy.isnan(a)
    centred = numpy.where(
        kept, numpy.conj(a - numpy.nanmean(a, axis, keepdims=True, where=kept)), 0
    )
    count = runtime.count(kept, a, axis, keepdims) - ddof - correction
    d[a] = runtime.like(2 * runtime.expand(d[y] / count, centred, axis, keepdims) * centred, a)


@nanvar.tangent
def nanvar_tangent(y, a, axis, ddof, keepdims, where, correction):
    kept = where & ~numpy.isnan(a)
    centred = numpy.where(
        kept, numpy.conj(a - numpy.nanmean(a, axis, keepdims=True, where=kept)), 0
    )
    count = runtime.count(kept, a, axis, keepdims) - ddof - correction
    dy = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims))
    d[y] = runtime.like(2 * dy / count, y)


@adjoint(numpy.nanstd, result=reduction(to="real"))
def nanstd(
    y, a, axis=None, dtype=None, out: fixed = None, ddof=0, keepdims=False, *,
    where=True, correction=0,
):  # fmt: skip
    kept = where & ~numpy.isnan(a)
    centred = numpy.where(
        kept, numpy.conj(a - numpy.nanmean(a, axis, keepdims=True, where=kept)), 0
    )
    count = runtime.count(kept, a, axis, keepdims) - ddof - correction
    d[a] = runtime.like(runtime.expand(d[y] / (count * y), centred, axis, keepdims) * centred, a)


@nanstd.tangent
def nanstd_tangent(y, a, axis, ddof, keepdims, where, correction):
    kept = where & ~numpy.isnan(a)
    centred = numpy.where(
        kept, numpy.conj(a - numpy.nanmean(a, axis, keepdims=True, where=kept)), 0
    )
    count = runtime.count(kept, a, axis, keepdims) - ddof - correction
    dy = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims))
    d[y] = runtime.like(dy / (count * y), y)


@adjoint(numpy.nancumsum)
def nancumsum(y, a, axis=None, dtype=None, out: fixed = None):
    d[a] = runtime.cumsum_adjoint(d[y], a, axis) * ~numpy.isnan(a)


@nancumsum.tangent
def nancumsum_tangent(y, a, axis=None, dtype=None, out: fixed = None):
    d[y] = runtime.like(numpy.cumsum(d[a] * ~numpy.isnan(a), axis), y)


@adjoint(numpy.nancumprod)
def nancumprod(y, a, axis=None, dtype=None, out: fixed = None):
    numbers = numpy.where(numpy.isnan(a), 1, a)
    d[a] = runtime.like(runtime.cumprod_adjoint(d[y], numbers, axis) * ~numpy.isnan(a), a)


@nancumprod.tangent
def nancumprod_tangent(y, a, axis=None, dtype=None, out: fixed = None):
    numbers = numpy.where(numpy.isnan(a), 1, a)
    d[y] = runtime.like(runtime.cumprod_tangent(d[a] * ~numpy.isnan(a), numbers, axis), y)


@adjoint(numpy.nanmedian)
def nanmedian(y, a, axis=None, out: fixed = None, overwrite_input: fixed = False, keepdims=False):
    d[a] = runtime.median_adjoint(d[y], a, axis, keepdims, True)


@nanmedian.tangent
def nanmedian_tangent(y, a, axis, keepdims):
    d[y] = runtime.like(runtime.median_tangent(d[a], a, axis, keepdims, True), y)


@adjoint(numpy.nanquantile)
def nanquantile(
    y, a, q, axis=None, out: fixed = None, overwrite_input: fixed = False, method="linear",
    keepdims=False, *, weights: fixed = None,
):  # fmt: skip
    d[a] = runtime.quantile_adjoint(d[y], a, q, axis, method, keepdims, True)
    d[q] = runtime.sum_over_rest(
        d[y] * runtime.quantile_rate(a, a, q, axis, method, keepdims, True), q
    )


@nanquantile.tangent
def nanquantile_tangent(y, a, q, axis, method, keepdims):
    rate = runtime.quantile_rate(a, a, q, axis, method, keepdims, True)
    move = runtime.over_rest(d[q], y)
    d[y] = runtime.like(
        runtime.quantile_tangent(d[a], a, q, axis, method, keepdims, True) + rate * move, y
    )


@adjoint(numpy.nanpercentile)
def nanpercentile(
    y, a, q, axis=None, out: fixed = None, overwrite_input: fixed = False, method="linear",
    keepdims=False, *, weights: fixed = None,
):  # fmt: skip
    share = numpy.divide(q, 100)
    d[a] = runtime.quantile_adjoint(d[y], a, share, axis, method, keepdims, True)
    d[q] = runtime.sum_over_rest(
        d[y] * runtime.quantile_rate(a, a, share, axis, method, keepdims, True) / 100, q
    )


@nanpercentile.tangent
def nanpercentile_tangent(y, a, q, axis, method, keepdims):
    share = numpy.divide(q, 100)
    rate = runtime.quantile_rate(a, a, share, axis, method, keepdims, True) / 100
    move = runtime.over_rest(d[q], y)
    d[y] = runtime.like(
        runtime.quantile_tangent(d[a], a, share, axis, method, keepdims, True) + rate * move, y
    )
