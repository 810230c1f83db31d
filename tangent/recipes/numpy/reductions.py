"""Reductions: sums, means, products, extrema along axes.

    y = np.sum(x)     x̄ += full_like(x, ȳ)

Elements that tie for a maximum or minimum share its derivative evenly. With `where` the others have a
derivative of zero; `initial` has one too.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d, fixed, linear, nondifferentiable
from tangent.recipes.results import (
    boolean,
    index_of,
    is_false,
    is_integer_constant,
    is_none,
    is_real,
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


def is_real_array(k: Kind) -> bool:
    """Certainly an array with dimensions of real floats."""
    return is_float_array(k) and is_real(k)


def along_one(k) -> bool:
    """Over one axis, which is known and is dropped."""
    return is_integer_constant(k.axis) and is_false(k.keepdims)


@linear(numpy.sum, numpy.ndarray.sum, result=reduction())
def sum(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False):
    d[a] = runtime.expand(d[y], a, axis, keepdims)


@sum.when(lambda k: total(k) and is_float_array(k.a))
def sum_of_float_array(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False):
    d[a] = numpy.full_like(a, d[y])


@sum.when(total)
def sum_of_all(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False):
    d[a] = runtime.full_like(a, d[y])


@linear(numpy.sum, numpy.ndarray.sum, result=reduction())
def sum_of_some(
    y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, initial=0, where=True
):
    d[a] = runtime.expand(d[y], a, axis, keepdims) * where
    d[initial] = runtime.unbroadcast(d[y], initial)


@linear(numpy.mean, numpy.ndarray.mean, result=reduction(to="float"))
def mean(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False):
    d[a] = runtime.expand(d[y] / runtime.reduced_size(a, axis), a, axis, keepdims)


@mean.when(lambda k: total(k) and is_float_array(k.a))
def mean_of_float_array(y, a):
    d[a] = numpy.full_like(a, d[y] / a.size)


@mean.when(total)
def mean_of_all(y, a):
    d[a] = runtime.full_like(a, d[y] / numpy.size(a))


@mean.when(lambda k: is_float_array(k.a) and is_integer_constant(k.axis))
def mean_along_one(y, a, axis, keepdims):
    d[a] = runtime.expand(d[y] / a.shape[axis], a, axis, keepdims)


@linear(numpy.mean, numpy.ndarray.mean, result=reduction(to="float"))
def mean_of_some(y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, *, where=True):
    count = runtime.count(where, a, axis, keepdims)
    d[a] = runtime.expand(d[y] / count, a, axis, keepdims) * where


@adjoint(numpy.var, numpy.ndarray.var, result=reduction(to="real"))
def var(y, a, axis=None, dtype: fixed = None, out: fixed = None, ddof=0, keepdims=False):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    slope = 2 * d[y] / (runtime.reduced_size(a, axis) - ddof)
    d[a] = runtime.like(runtime.with_axes(slope, a, axis, keepdims) * centred, a)


@var.when(lambda k: total(k) and is_real_array(k.a))
def var_of_reals(y, a, ddof):
    d[a] = 2 * d[y] / (a.size - ddof) * (a - numpy.mean(a))


@var.when(total)
def var_of_all(y, a, ddof):
    centred = numpy.conj(a - numpy.mean(a))
    d[a] = runtime.like(2 * d[y] / (numpy.size(a) - ddof) * centred, a)


@var.when(lambda k: along_one(k) and is_real_array(k.a))
def var_along_one(y, a, axis, ddof):
    slope = 2 * d[y] / (a.shape[axis] - ddof)
    d[a] = numpy.expand_dims(slope, axis) * (a - numpy.mean(a, axis, keepdims=True))


@var.tangent
def var_tangent(y, a, axis, ddof, keepdims):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    dy = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims))
    d[y] = 2 * dy / (runtime.reduced_size(a, axis) - ddof)


@var.tangent_when(lambda k: total(k) and is_real_array(k.a))
def var_of_all_tangent(y, a, ddof):
    d[y] = 2 * numpy.sum(d[a] * (a - numpy.mean(a))) / (a.size - ddof)


@var.tangent_when(lambda k: along_one(k) and is_real_array(k.a))
def var_along_one_tangent(y, a, axis, ddof):
    centred = a - numpy.mean(a, axis, keepdims=True)
    d[y] = 2 * numpy.sum(d[a] * centred, axis) / (a.shape[axis] - ddof)


@adjoint(numpy.var, numpy.ndarray.var)
def var_of_some(
    y, a, axis=None, dtype=None, out: fixed = None, ddof=0, keepdims=False, *,
    where=True, correction=0,
):  # fmt: skip
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True, where=where)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    d[a] = runtime.like(2 * runtime.with_axes(d[y] / count, a, axis, keepdims) * centred, a)


@var_of_some.tangent
def var_of_some_tangent(y, a, axis, ddof, keepdims, where, correction):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True, where=where)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    dy = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims))
    d[y] = runtime.like(2 * dy / count, y)


@adjoint(numpy.var)
def var_about(
    y, a, axis=None, dtype=None, out: fixed = None, ddof=0, keepdims=False, *,
    mean, where=True, correction=0,
):  # fmt: skip
    """About a mean that is given: it has a derivative of its own."""
    centred = numpy.conj(a - numpy.asarray(mean)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    slope = 2 * runtime.with_axes(d[y] / count, a, axis, keepdims) * centred
    d[a] = runtime.like(slope, a)
    d[mean] = runtime.unbroadcast(-slope, mean)


@var_about.tangent
def var_about_tangent(y, a, axis, ddof, keepdims, mean, where, correction):
    centred = numpy.conj(a - numpy.asarray(mean)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    dy = numpy.sum(numpy.subtract(d[a], d[mean]) * centred, axis, keepdims=keepdims)
    d[y] = runtime.like(2 * numpy.real(dy) / count, y)


@adjoint(numpy.std, numpy.ndarray.std, result=reduction(to="real"))
def std(y, a, axis=None, dtype: fixed = None, out: fixed = None, ddof=0, keepdims=False):
    """Where all elements are equal the derivative does not exist (NaN)."""
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    slope = d[y] / (y * (runtime.reduced_size(a, axis) - ddof))
    d[a] = runtime.like(runtime.with_axes(slope, a, axis, keepdims) * centred, a)


@std.when(lambda k: total(k) and is_real_array(k.a))
def std_of_reals(y, a, ddof):
    d[a] = d[y] / (y * (a.size - ddof)) * (a - numpy.mean(a))


@std.when(total)
def std_of_all(y, a, ddof):
    centred = numpy.conj(a - numpy.mean(a))
    d[a] = runtime.like(d[y] / (y * (numpy.size(a) - ddof)) * centred, a)


@std.when(lambda k: along_one(k) and is_real_array(k.a))
def std_along_one(y, a, axis, ddof):
    slope = d[y] / (y * (a.shape[axis] - ddof))
    d[a] = numpy.expand_dims(slope, axis) * (a - numpy.mean(a, axis, keepdims=True))


@std.tangent
def std_tangent(y, a, axis, ddof, keepdims):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True))
    dy = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims))
    d[y] = dy / (y * (runtime.reduced_size(a, axis) - ddof))


@std.tangent_when(lambda k: total(k) and is_real_array(k.a))
def std_of_all_tangent(y, a, ddof):
    d[y] = numpy.sum(d[a] * (a - numpy.mean(a))) / (y * (a.size - ddof))


@std.tangent_when(lambda k: along_one(k) and is_real_array(k.a))
def std_along_one_tangent(y, a, axis, ddof):
    centred = a - numpy.mean(a, axis, keepdims=True)
    d[y] = numpy.sum(d[a] * centred, axis) / (y * (a.shape[axis] - ddof))


@adjoint(numpy.std, numpy.ndarray.std)
def std_of_some(
    y, a, axis=None, dtype=None, out: fixed = None, ddof=0, keepdims=False, *,
    where=True, correction=0,
):  # fmt: skip
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True, where=where)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    d[a] = runtime.like(runtime.with_axes(d[y] / (count * y), a, axis, keepdims) * centred, a)


@std_of_some.tangent
def std_of_some_tangent(y, a, axis, ddof, keepdims, where, correction):
    centred = numpy.conj(a - numpy.mean(a, axis, keepdims=True, where=where)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    dy = numpy.real(numpy.sum(numpy.multiply(d[a], centred), axis, keepdims=keepdims))
    d[y] = runtime.like(dy / (count * y), y)


@adjoint(numpy.std)
def std_about(
    y, a, axis=None, dtype=None, out: fixed = None, ddof=0, keepdims=False, *,
    mean, where=True, correction=0,
):  # fmt: skip
    centred = numpy.conj(a - numpy.asarray(mean)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    slope = runtime.with_axes(d[y] / (count * y), a, axis, keepdims) * centred
    d[a] = runtime.like(slope, a)
    d[mean] = runtime.unbroadcast(-slope, mean)


@std_about.tangent
def std_about_tangent(y, a, axis, ddof, keepdims, mean, where, correction):
    centred = numpy.conj(a - numpy.asarray(mean)) * where
    count = runtime.count(where, a, axis, keepdims) - ddof - correction
    dy = numpy.sum(numpy.subtract(d[a], d[mean]) * centred, axis, keepdims=keepdims)
    d[y] = runtime.like(numpy.real(dy) / (count * y), y)


@adjoint(numpy.prod, numpy.ndarray.prod, result=reduction())
def prod(y, a, axis=None, dtype: fixed = None, out: fixed = None, keepdims=False):
    others = runtime.product_of_others(a, axis)
    d[a] = runtime.like(runtime.with_axes(d[y], a, axis, keepdims) * others, a)


@prod.when(lambda k: total(k) and is_float_array(k.a))
def prod_of_all(y, a):
    d[a] = d[y] * runtime.product_of_others(a)


@prod.when(lambda k: along_one(k) and is_float_array(k.a))
def prod_along_one(y, a, axis):
    d[a] = numpy.expand_dims(d[y], axis) * runtime.product_of_others(a, axis)


@prod.tangent
def prod_tangent(y, a, axis=None, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[y] = numpy.sum(
        numpy.multiply(d[a], runtime.product_of_others(a, axis)), axis, keepdims=keepdims
    )


@adjoint(numpy.prod, numpy.ndarray.prod)
def prod_of_some(
    y, a, axis=None, dtype=None, out: fixed = None, keepdims=False, initial=1, where=True
):
    chosen = numpy.where(where, a, 1)
    others = runtime.product_of_others(chosen, axis) * where
    d[a] = runtime.like(runtime.with_axes(d[y] * initial, a, axis, keepdims) * others, a)
    d[initial] = runtime.unbroadcast(d[y] * numpy.prod(chosen, axis, keepdims=keepdims), initial)


@prod_of_some.tangent
def prod_of_some_tangent(y, a, axis, keepdims, initial, where):
    chosen = numpy.where(where, a, 1)
    others = runtime.product_of_others(chosen, axis) * where
    dy = initial * numpy.sum(numpy.multiply(d[a], others), axis, keepdims=keepdims)
    d[y] = runtime.like(dy + d[initial] * numpy.prod(chosen, axis, keepdims=keepdims), y)


@adjoint(
    numpy.max,
    numpy.min,
    numpy.amax,
    numpy.amin,
    numpy.ndarray.max,
    numpy.ndarray.min,
    result=reduction(to="same"),
)
def extremum(y, a, axis=None, out: fixed = None, keepdims=False):
    d[a] = runtime.extremum_adjoint(d[y], a, y, axis, keepdims)


@extremum.tangent
def extremum_tangent(y, a, axis=None, out: fixed = None, keepdims=False):
    share = runtime.extremum_adjoint(numpy.ones_like(y), a, y, axis, keepdims)
    d[y] = numpy.sum(numpy.multiply(d[a], share), axis, keepdims=keepdims)


@adjoint(
    *(numpy.max, numpy.min, numpy.amax, numpy.amin, numpy.ndarray.max, numpy.ndarray.min),
)
def extremum_of_some(y, a, axis=None, out: fixed = None, keepdims=False, *, initial, where=True):
    """The initial value has the derivative where no element is equal to the result."""
    share = runtime.extremum_share(a, y, axis, keepdims, where)
    d[a] = runtime.like(runtime.with_axes(d[y], a, axis, keepdims) * share, a)
    d[initial] = runtime.unbroadcast(
        d[y] * (1 - numpy.sum(share, axis, keepdims=keepdims)), initial
    )


@extremum_of_some.tangent
def extremum_of_some_tangent(y, a, axis, keepdims, initial, where):
    share = runtime.extremum_share(a, y, axis, keepdims, where)
    rest = 1 - numpy.sum(share, axis, keepdims=keepdims)
    dy = numpy.sum(numpy.multiply(d[a], share), axis, keepdims=keepdims)
    d[y] = runtime.like(dy + d[initial] * rest, y)


@adjoint(numpy.ptp, result=reduction(to="same"))
def ptp(y, a, axis=None, out: fixed = None, keepdims=False):
    d[a] = runtime.like(
        runtime.extremum_adjoint(d[y], a, numpy.max(a, axis, keepdims=keepdims), axis, keepdims)
        - runtime.extremum_adjoint(d[y], a, numpy.min(a, axis, keepdims=keepdims), axis, keepdims),
        a,
    )


@ptp.tangent
def ptp_tangent(y, a, axis=None, out: fixed = None, keepdims=False):
    one = numpy.ones_like(y)
    high = runtime.extremum_adjoint(one, a, numpy.max(a, axis, keepdims=keepdims), axis, keepdims)
    low = runtime.extremum_adjoint(one, a, numpy.min(a, axis, keepdims=keepdims), axis, keepdims)
    d[y] = numpy.sum(numpy.multiply(d[a], high - low), axis, keepdims=keepdims)


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
