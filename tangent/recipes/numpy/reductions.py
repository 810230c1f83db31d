"""Reductions: sums, means, products, extrema along axes, and scans.

    y = np.sum(x)     x̄ += full_like(x, ȳ)

Elements that tie for a maximum or minimum share its derivative evenly.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.recipes.registry import adjoint, d, linear, nondifferentiable
from tangent.recipes.results import (
    boolean,
    index_of,
    is_false,
    is_none,
    named,
    precision,
    reduction,
)


def total(k) -> bool:
    """Over all axes, to a number."""
    return is_none(k.axis) and is_false(k.keepdims)


def is_float_array(k: Kind) -> bool:
    """Certainly an array with dimensions whose own dtype is float or complex."""
    return k.is_array and k.dtype is not None and precision(k) == k.dtype


@linear(numpy.sum, numpy.ndarray.sum, result=reduction())
def sum(y, a, axis=None, *, dtype=None, keepdims=False):
    d[a] = runtime.expand(d[y], a, axis, keepdims)


@sum.when(lambda k: total(k) and is_float_array(k.a))
def sum_of_float_array(y, a, axis=None, *, dtype=None, keepdims=False):
    d[a] = numpy.full_like(a, d[y])


@sum.when(total)
def sum_of_all(y, a, axis=None, *, dtype=None, keepdims=False):
    d[a] = runtime.full_like(a, d[y])


@linear(numpy.mean, numpy.ndarray.mean, result=reduction(to="float"))
def mean(y, a, axis=None, *, dtype=None, keepdims=False):
    d[a] = runtime.expand(d[y] * (numpy.size(y) / numpy.size(a)), a, axis, keepdims)


@mean.when(lambda k: total(k) and is_float_array(k.a))
def mean_of_float_array(y, a, axis=None, *, dtype=None, keepdims=False):
    d[a] = numpy.full_like(a, d[y] / a.size)


@mean.when(total)
def mean_of_all(y, a, axis=None, *, dtype=None, keepdims=False):
    d[a] = runtime.full_like(a, d[y] / numpy.size(a))


@adjoint(numpy.var, numpy.ndarray.var, result=reduction(to="real"))
def var(y, a, axis=None, *, ddof=0, keepdims=False):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    count = numpy.size(a) / numpy.size(y) - ddof
    d[a] = runtime.like(2 * runtime.expand(d[y], centred, axis, keepdims) * centred / count, a)


@var.tangent
def var_tangent(y, a, axis=None, *, ddof=0, keepdims=False):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    count = numpy.size(a) / numpy.size(y) - ddof
    d[y] = 2 * numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims)) / count


@adjoint(numpy.std, numpy.ndarray.std, result=reduction(to="real"))
def std(y, a, axis=None, *, ddof=0, keepdims=False):
    """Where all elements are equal the derivative does not exist (NaN)."""
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    count = numpy.size(a) / numpy.size(y) - ddof
    d[a] = runtime.like(runtime.expand(d[y] / y, centred, axis, keepdims) * centred / count, a)


@std.tangent
def std_tangent(y, a, axis=None, *, ddof=0, keepdims=False):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    count = numpy.size(a) / numpy.size(y) - ddof
    d[y] = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims)) / (
        count * y
    )


@adjoint(numpy.prod, numpy.ndarray.prod, result=reduction())
def prod(y, a, axis=None, *, keepdims=False):
    others = runtime.product_of_others(a, axis)
    d[a] = runtime.like(runtime.expand(d[y], others, axis, keepdims) * others, a)


@prod.tangent
def prod_tangent(y, a, axis=None, *, keepdims=False):
    d[y] = numpy.sum(
        numpy.multiply(d[a], runtime.product_of_others(a, axis)), axis, keepdims=keepdims
    )


@adjoint(
    numpy.max,
    numpy.min,
    numpy.amax,
    numpy.amin,
    numpy.ndarray.max,
    numpy.ndarray.min,
    result=reduction(to="same"),
)
def extremum(y, a, axis=None, *, keepdims=False):
    d[a] = runtime.extremum_adjoint(d[y], a, y, axis, keepdims)


@extremum.tangent
def extremum_tangent(y, a, axis=None, *, keepdims=False):
    share = runtime.extremum_adjoint(numpy.ones_like(y), a, y, axis, keepdims)
    d[y] = numpy.sum(numpy.multiply(d[a], share), axis, keepdims=keepdims)


@adjoint(numpy.ptp, result=reduction(to="same"))
def ptp(y, a, axis=None, *, keepdims=False):
    d[a] = runtime.like(
        runtime.extremum_adjoint(d[y], a, numpy.max(a, axis, keepdims=keepdims), axis, keepdims)
        - runtime.extremum_adjoint(d[y], a, numpy.min(a, axis, keepdims=keepdims), axis, keepdims),
        a,
    )


@ptp.tangent
def ptp_tangent(y, a, axis=None, *, keepdims=False):
    one = numpy.ones_like(y)
    high = runtime.extremum_adjoint(one, a, numpy.max(a, axis, keepdims=keepdims), axis, keepdims)
    low = runtime.extremum_adjoint(one, a, numpy.min(a, axis, keepdims=keepdims), axis, keepdims)
    d[y] = numpy.sum(numpy.multiply(d[a], high - low), axis, keepdims=keepdims)


def _scan(k):
    """The kind of `cumsum`: the shape of the argument, or flat without an axis."""
    a = k.a
    if not a.is_array or a.rank == 0:
        return Kind("array", rank=1) if is_none(k.axis) else UNKNOWN
    dtype = a.dtype if is_float_array(a) else None
    if is_none(k.axis) and a.rank != 1:
        return Kind("array", dtype, 1, None if a.shape is None else ("flat", a.shape), precision(a))
    return Kind("array", dtype, a.rank, a.shape, precision(a))


@linear(numpy.cumsum, numpy.ndarray.cumsum, result=_scan)
def cumsum(y, a, axis=None):
    d[a] = runtime.cumsum_adjoint(d[y], a, axis)


@cumsum.when(lambda k: is_float_array(k.a) and k.a.rank == 1 and is_none(k.axis))
def cumsum_of_vector(y, a, axis=None):
    d[a] = numpy.cumsum(d[y][::-1])[::-1]


@adjoint(numpy.cumprod, numpy.ndarray.cumprod, result=_scan)
def cumprod(y, a, axis=None):
    d[a] = runtime.cumprod_adjoint(d[y], a, axis)


@cumprod.tangent
def cumprod_tangent(y, a, axis=None):
    d[y] = runtime.cumprod_tangent(d[a], a, axis)


nondifferentiable(
    numpy.argmax,
    numpy.argmin,
    numpy.ndarray.argmax,
    numpy.ndarray.argmin,
    result=named(index_of, "a", "axis"),
)
nondifferentiable(
    numpy.all,
    numpy.any,
    numpy.ndarray.all,
    numpy.ndarray.any,
    result=named(reduction(to="bool"), "a", "axis"),
)
nondifferentiable(numpy.count_nonzero, numpy.allclose, numpy.array_equal, numpy.array_equiv)
nondifferentiable(numpy.isclose, result=boolean)
