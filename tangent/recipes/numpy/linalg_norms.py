"""Norms and condition numbers.

y = norm(x)           x̄ += ȳ / y * x
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.registry import adjoint, d, nondifferentiable
from tangent.recipes.results import is_none, is_real, precision, reduction


@adjoint(numpy.linalg.norm, result=lambda k: reduction("x", to="real")(k))
def norm(y, x, ord=None, axis=None, keepdims=False):
    """At zero the derivative does not exist (NaN)."""
    d[x] = runtime.norm_adjoint(d[y], x, y, ord, axis, keepdims)


@norm.when(
    lambda k: (
        k.x.is_array
        and is_real(k.x)
        and is_none(k.ord)
        and is_none(k.axis)
        and precision(k.x) == k.x.dtype
    )
)
def norm_of_all(y, x, ord=None, axis=None, keepdims=False):
    d[x] = d[y] / y * x


@norm.when(lambda k: is_none(k.ord) and is_none(k.axis))
def norm_of_anything(y, x, ord=None, axis=None, keepdims=False):
    d[x] = runtime.like(d[y] / y * numpy.conj(x), x)


@norm.tangent
def norm_tangent(y, x, ord=None, axis=None, keepdims=False):
    d[y] = runtime.norm_tangent(d[x], x, y, ord, axis, keepdims)


@adjoint(numpy.linalg.vector_norm, result=lambda k: reduction("x", to="real")(k))
def vector_norm(y, x, /, *, axis=None, keepdims=False, ord=2):
    d[x] = runtime.vector_norm_adjoint(d[y], x, y, axis, keepdims, ord)


@vector_norm.tangent
def vector_norm_tangent(y, x, /, *, axis=None, keepdims=False, ord=2):
    d[y] = runtime.vector_norm_tangent(d[x], x, y, axis, keepdims, ord)


@adjoint(numpy.linalg.matrix_norm)
def matrix_norm(y, x, /, *, keepdims=False, ord="fro"):
    d[x] = runtime.matrix_norm_adjoint(d[y], x, y, keepdims, ord)


@matrix_norm.tangent
def matrix_norm_tangent(y, x, /, *, keepdims=False, ord="fro"):
    d[y] = runtime.matrix_norm_tangent(d[x], x, y, keepdims, ord)


@adjoint(numpy.linalg.cond)
def cond(y, x, p=None):
    d[x] = runtime.cond_adjoint(d[y], x, y, p)


@cond.tangent
def cond_tangent(y, x, p=None):
    d[y] = runtime.cond_tangent(d[x], x, y, p)


nondifferentiable(numpy.linalg.matrix_rank)
