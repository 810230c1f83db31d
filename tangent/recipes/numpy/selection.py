"""Selection: where, clip, sort, take.

y = np.where(c, a, b)     ā += np.where(c, ȳ, 0.0)      b̄ += np.where(c, 0.0, ȳ)
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind, broadcast_shape, elementwise_kind
from tangent.recipes.registry import adjoint, d, elementwise, fixed, linear, nondifferentiable
from tangent.recipes.results import is_none


def _where(k):
    """`numpy.where` always returns an array."""
    general = elementwise_kind((k.x, k.y))
    kinds = (k.condition, k.x, k.y)
    ranks = [0 if i.is_number else i.rank if i.is_array else None for i in kinds]
    rank = None if None in ranks else max(r for r in ranks if r is not None)
    floats = None if general.precision == "weak" else general.precision
    return Kind("array", general.dtype, rank, broadcast_shape(kinds), floats)


@linear(numpy.where, result=_where, broadcasts=True)
def where(result, condition, x, y):
    d[x] = numpy.where(condition, d[result], 0.0)
    d[y] = numpy.where(condition, 0.0, d[result])


nondifferentiable(numpy.where)


def _clipped(k):
    limits = [i for i in (k.a_min, k.a_max) if not is_none(i)]
    return elementwise_kind((k.a, *limits), numpy.maximum)


@elementwise(numpy.clip, numpy.ndarray.clip, result=_clipped)
def clip(y, a, a_min=None, a_max=None):
    """At the limits the derivative is that of the inside."""
    return (
        numpy.greater_equal(a, a_min) & numpy.less_equal(a, a_max),
        numpy.less(a, a_min) & numpy.less_equal(a_min, a_max),
        numpy.greater(numpy.maximum(a, a_min), a_max),
    )


@clip.when(lambda k: is_none(k.a_min))
def clip_above(y, a, a_min=None, a_max=None):
    return numpy.less_equal(a, a_max), None, numpy.greater(a, a_max)


@clip.when(lambda k: is_none(k.a_max))
def clip_below(y, a, a_min=None, a_max=None):
    return numpy.greater_equal(a, a_min), numpy.less(a, a_min), None


def _clipped_by_keyword(k):
    limits = [i for i in (k.min, k.max) if not is_none(i)]
    return elementwise_kind((k.a, *limits), numpy.maximum)


@elementwise(numpy.clip, numpy.ndarray.clip, result=_clipped_by_keyword)
def clip_by_keyword(y, a, *, min=None, max=None):
    return (
        numpy.greater_equal(a, min) & numpy.less_equal(a, max),
        numpy.less(a, min) & numpy.less_equal(min, max),
        numpy.greater(numpy.maximum(a, min), max),
    )


@clip_by_keyword.when(lambda k: is_none(k.min))
def clip_above_by_keyword(y, a, *, min=None, max=None):
    return numpy.less_equal(a, max), None, numpy.greater(a, max)


@clip_by_keyword.when(lambda k: is_none(k.max))
def clip_below_by_keyword(y, a, *, min=None, max=None):
    return numpy.greater_equal(a, min), numpy.less(a, min), None


def _permuted(k):
    a = k.a
    if is_none(k.axis) or not a.is_array:
        return Kind("array", a.dtype, 1 if is_none(k.axis) else None)
    return a.without_value()


@adjoint(numpy.sort, result=_permuted)
def sort(y, a, axis=-1, kind=None, order: fixed = None, *, stable=None):
    d[a] = runtime.sort_adjoint(d[y], a, axis)


@sort.tangent
def sort_tangent(y, a, axis=-1, kind=None, order: fixed = None, *, stable=None):
    d[y] = runtime.sort_tangent(d[a], a, axis)


def _taken(k):
    a, i = k.a, k.indices
    if is_none(k.axis):
        rank = i.rank if i.is_array or i.is_number else None
    else:
        rank = a.rank + i.rank - 1 if a.is_array and None not in (a.rank, i.rank) else None
    floats = None if a.precision == "weak" else a.precision
    return Kind(
        "array" if rank else "numeric", a.dtype, rank, i.shape if is_none(k.axis) else None, floats
    )


@linear(numpy.take, numpy.ndarray.take, result=_taken)
def take(y, a, indices, axis=None, out: fixed = None, mode="raise"):
    d[a] = runtime.take_adjoint(d[y], a, indices, axis, mode)


@take.when(lambda k: k.mode.value == "raise")
def take_checked(y, a, indices, axis=None, out: fixed = None, mode="raise"):
    d[a] = runtime.take_adjoint(d[y], a, indices, axis)


@elementwise(numpy.nan_to_num)
def nan_to_num(y, x, copy: fixed = True, nan=0.0, posinf=None, neginf=None):
    return numpy.isfinite(x), None, numpy.isnan(x), numpy.isposinf(x), numpy.isneginf(x)


nondifferentiable(
    *(numpy.isreal, numpy.iscomplex, numpy.isneginf, numpy.isposinf),
    *(numpy.gcd, numpy.lcm),
)
