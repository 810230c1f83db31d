"""Methods of ufuncs: reduce, accumulate, reduceat. (`outer` and `at` are lowered, see `transforms.inplace`.)

    y = np.logaddexp.reduce(x)       x̄ += ȳ · exp(x - y)
    y = np.maximum.accumulate(x)     x̄ gets ȳ where the maximum was reached

Their axis is the first one, if none is given.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.registry import adjoint, d, fixed, linear, nondifferentiable


@linear(numpy.add.reduce)
def add_reduce(y, array, axis=0, dtype=None, out: fixed = None, keepdims=False):
    d[array] = runtime.expand(d[y], array, axis, keepdims)


@adjoint(numpy.subtract.reduce)
def subtract_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    signs = runtime.first_or_rest(array, axis, 1.0, -1.0)
    d[array] = runtime.like(runtime.expand(d[y], array, axis, keepdims) * signs, array)


@subtract_reduce.tangent
def subtract_reduce_tangent(y, array, axis, keepdims):
    signs = runtime.first_or_rest(array, axis, 1.0, -1.0)
    d[y] = runtime.like(numpy.sum(d[array] * signs, axis, keepdims=keepdims), y)


@adjoint(numpy.multiply.reduce)
def multiply_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    others = runtime.product_of_others(array, axis)
    d[array] = runtime.like(runtime.expand(d[y], others, axis, keepdims) * others, array)


@multiply_reduce.tangent
def multiply_reduce_tangent(y, array, axis, keepdims):
    others = runtime.product_of_others(array, axis)
    d[y] = runtime.like(numpy.sum(d[array] * others, axis, keepdims=keepdims), y)


@adjoint(numpy.divide.reduce)
def divide_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    signs = runtime.first_or_rest(array, axis, 1.0, -1.0)
    g = runtime.expand(d[y] * y, array, axis, keepdims)
    d[array] = runtime.like(g * signs / array, array)


@divide_reduce.tangent
def divide_reduce_tangent(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    signs = runtime.first_or_rest(array, axis, 1.0, -1.0)
    d[y] = runtime.like(y * numpy.sum(d[array] * signs / array, axis, keepdims=keepdims), y)


@adjoint(
    *(numpy.maximum.reduce, numpy.minimum.reduce, numpy.fmax.reduce, numpy.fmin.reduce),
)
def extremum_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[array] = runtime.extremum_adjoint(d[y], array, y, axis, keepdims)


@extremum_reduce.tangent
def extremum_reduce_tangent(y, array, axis, keepdims):
    share = runtime.extremum_share(array, y, axis, keepdims)
    d[y] = numpy.sum(numpy.multiply(d[array], share), axis, keepdims=keepdims)


@adjoint(numpy.logaddexp.reduce)
def logaddexp_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    """The partials are a softmax."""
    share = numpy.exp(array - runtime.expand(y, array, axis, keepdims))
    d[array] = runtime.like(runtime.expand(d[y], array, axis, keepdims) * share, array)


@logaddexp_reduce.tangent
def logaddexp_reduce_tangent(y, array, axis, keepdims):
    share = numpy.exp(array - runtime.expand(y, array, axis, keepdims))
    d[y] = numpy.sum(numpy.multiply(d[array], share), axis, keepdims=keepdims)


@adjoint(numpy.logaddexp2.reduce)
def logaddexp2_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    share = numpy.exp2(array - runtime.expand(y, array, axis, keepdims))
    d[array] = runtime.like(runtime.expand(d[y], array, axis, keepdims) * share, array)


@logaddexp2_reduce.tangent
def logaddexp2_reduce_tangent(y, array, axis, keepdims):
    share = numpy.exp2(array - runtime.expand(y, array, axis, keepdims))
    d[y] = numpy.sum(numpy.multiply(d[array], share), axis, keepdims=keepdims)


@adjoint(numpy.hypot.reduce)
def hypot_reduce(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[array] = runtime.like(runtime.expand(d[y] / y, array, axis, keepdims) * array, array)


@hypot_reduce.tangent
def hypot_reduce_tangent(y, array, axis=0, dtype: fixed = None, out: fixed = None, keepdims=False):
    d[y] = numpy.sum(numpy.multiply(d[array], array), axis, keepdims=keepdims) / y


@linear(numpy.add.accumulate)
def add_accumulate(y, array, axis=0, dtype=None, out: fixed = None):
    d[array] = runtime.cumsum_adjoint(d[y], array, axis)


@adjoint(numpy.multiply.accumulate)
def multiply_accumulate(y, array, axis=0, dtype=None, out: fixed = None):
    d[array] = runtime.cumprod_adjoint(d[y], array, axis)


@multiply_accumulate.tangent
def multiply_accumulate_tangent(y, array, axis=0, dtype=None, out: fixed = None):
    d[y] = runtime.like(runtime.cumprod_tangent(d[array], array, axis), y)


@adjoint(numpy.subtract.accumulate)
def subtract_accumulate(y, array, axis=0, dtype=None, out: fixed = None):
    signs = runtime.first_or_rest(array, axis, 1.0, -1.0)
    d[array] = runtime.like(runtime.cumsum_adjoint(d[y], array, axis) * signs, array)


@subtract_accumulate.tangent
def subtract_accumulate_tangent(y, array, axis=0, dtype=None, out: fixed = None):
    signs = runtime.first_or_rest(array, axis, 1.0, -1.0)
    d[y] = runtime.like(numpy.cumsum(d[array] * signs, axis), y)


@adjoint(
    *(numpy.maximum.accumulate, numpy.minimum.accumulate),
    *(numpy.fmax.accumulate, numpy.fmin.accumulate),
)
def extremum_accumulate(y, array, axis=0, dtype: fixed = None, out: fixed = None):
    """All belongs to the place where the extremum was reached first."""
    places = runtime.reached(array, y, axis)
    d[array] = runtime.take_along_adjoint(d[y], array, places, axis)


@extremum_accumulate.tangent
def extremum_accumulate_tangent(y, array, axis=0, dtype: fixed = None, out: fixed = None):
    d[y] = numpy.take_along_axis(numpy.asarray(d[array]), runtime.reached(array, y, axis), axis)


@adjoint(numpy.logaddexp.accumulate)
def logaddexp_accumulate(y, array, axis=0, dtype: fixed = None, out: fixed = None):
    d[array] = runtime.logaddexp_scan_adjoint(d[y], array, y, axis)


@logaddexp_accumulate.tangent
def logaddexp_accumulate_tangent(y, array, axis=0, dtype: fixed = None, out: fixed = None):
    d[y] = runtime.logaddexp_scan_tangent(d[array], array, y, axis)


@linear(numpy.add.reduceat)
def add_reduceat(y, array, indices, axis=0, dtype=None, out: fixed = None):
    d[array] = runtime.reduceat_adjoint(d[y], array, indices, axis)


nondifferentiable(
    *(numpy.logical_and.reduce, numpy.logical_or.reduce, numpy.logical_xor.reduce),
    *(numpy.bitwise_and.reduce, numpy.bitwise_or.reduce, numpy.bitwise_xor.reduce),
    *(numpy.logical_and.accumulate, numpy.logical_or.accumulate),
)
