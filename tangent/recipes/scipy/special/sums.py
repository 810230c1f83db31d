"""`logsumexp`, `softmax` and `log_softmax`, along axes.

y = special.logsumexp(a)        ā += ȳ · e^(a − y)
y = special.softmax(x)          x̄ += y · (ȳ − Σ ȳ y)
"""

from __future__ import annotations

import numpy
from scipy import special

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d, fixed
from tangent.recipes.results import (
    constantly,
    is_false,
    is_integer_constant,
    is_none,
    reduction,
)
from tangent.recipes.scipy import limits


def _whole(k):
    return is_none(k.axis) and is_false(k.keepdims)


def _kept(k):
    return k.keepdims.value is True and k.a.is_array


def _along(k):
    return is_integer_constant(k.axis) and is_false(k.keepdims) and k.a.is_array


@adjoint(special.logsumexp, result=reduction("a", to="float"))
def logsumexp(y, a, axis=None, b: fixed = None, keepdims=False, return_sign: fixed = False):
    d[a] = runtime.expand(d[y], a, axis, keepdims) * numpy.exp(
        a - runtime.expand(y, a, axis, keepdims)
    )


@logsumexp.when(_along)
def logsumexp_along(y, a, axis=None, b: fixed = None, keepdims=False, return_sign: fixed = False):
    d[a] = numpy.expand_dims(d[y], axis) * numpy.exp(a - numpy.expand_dims(y, axis))


@logsumexp.when(_kept)
def logsumexp_kept(y, a, axis=None, b: fixed = None, keepdims=False, return_sign: fixed = False):
    d[a] = d[y] * numpy.exp(a - y)


@logsumexp.when(_whole)
def logsumexp_whole(y, a, axis=None, b: fixed = None, keepdims=False, return_sign: fixed = False):
    d[a] = d[y] * numpy.exp(a - y)


@logsumexp.tangent
def logsumexp_tangent(y, a, axis=None, b: fixed = None, keepdims=False, return_sign: fixed = False):
    weights = numpy.exp(a - runtime.expand(y, a, axis, keepdims))
    d[y] = numpy.sum(weights * d[a], axis=axis, keepdims=keepdims)


@adjoint(special.logsumexp)
def weighted_logsumexp(y, a, axis=None, b=None, keepdims=False, return_sign: fixed = False):
    """log Σ b e^a: the derivative by a is b e^(a − y), that by b is e^(a − y)."""
    whole = numpy.add(a, b)
    share = runtime.expand(d[y], whole, axis, keepdims) * numpy.exp(
        a - runtime.expand(y, whole, axis, keepdims)
    )
    d[a] = runtime.unbroadcast(share * b, a)
    d[b] = runtime.unbroadcast(share, b)


@weighted_logsumexp.tangent
def weighted_logsumexp_tangent(y, a, axis=None, b=None, keepdims=False, return_sign: fixed = False):
    whole = numpy.add(a, b)
    weights = numpy.exp(a - runtime.expand(y, whole, axis, keepdims))
    d[y] = numpy.sum(weights * (numpy.multiply(d[a], b) + d[b]), axis=axis, keepdims=keepdims)


@adjoint(special.logsumexp, result=constantly(Kind("tuple")))
def signed_logsumexp(y, a, axis=None, b=None, keepdims=False, *, return_sign):
    """The logarithm of |Σ b e^a|, and the sign of the sum."""
    pair = limits.pair(y)
    weights = limits.weights_or_one(b)
    whole = numpy.add(a, weights)
    share = runtime.expand(d[y][0] * pair[1], whole, axis, keepdims) * numpy.exp(
        a - runtime.expand(pair[0], whole, axis, keepdims)
    )
    d[a] = runtime.unbroadcast(share * weights, a)
    d[b] = runtime.unbroadcast(share, b)


@signed_logsumexp.tangent
def signed_logsumexp_tangent(y, a, axis=None, b=None, keepdims=False, *, return_sign):
    pair = limits.pair(y)
    weights = limits.weights_or_one(b)
    whole = numpy.add(a, weights)
    share = numpy.exp(a - runtime.expand(pair[0], whole, axis, keepdims))
    by_b = 0.0 if d[b] is None else d[b]
    total = numpy.sum(share * (numpy.multiply(d[a], weights) + by_b), axis=axis, keepdims=keepdims)
    d[y] = total * pair[1], 0.0 * pair[1]


@adjoint(special.softmax)
def softmax(y, x, axis=None):
    d[x] = y * (d[y] - numpy.sum(d[y] * y, axis=axis, keepdims=True))


@softmax.tangent
def softmax_tangent(y, x, axis=None):
    d[y] = y * (d[x] - numpy.sum(y * d[x], axis=axis, keepdims=True))


@adjoint(special.log_softmax)
def log_softmax(y, x, axis=None):
    d[x] = d[y] - numpy.exp(y) * numpy.sum(d[y], axis=axis, keepdims=True)


@log_softmax.tangent
def log_softmax_tangent(y, x, axis=None):
    d[y] = d[x] - numpy.sum(numpy.exp(y) * d[x], axis=axis, keepdims=True)
