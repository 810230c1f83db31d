"""Adjoints and tangents of norms and condition numbers.

>>> norm_adjoint(1.0, numpy.array([3.0, 4.0]), 5.0)
array([0.6, 0.8])

A norm is differentiated by its partial derivatives, an array of the shape of `x`. Where it has none
(at zero, where two columns have the largest sum, two singular values are equal) it is a subgradient
that shares among all that attain it, or NaN.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import conj, matmul, matrix_transpose

from tangent.errors import UnsupportedError
from tangent.runtime_values import expand, like

__all__ = [
    "cond_adjoint",
    "cond_tangent",
    "matrix_norm_adjoint",
    "matrix_norm_tangent",
    "norm_adjoint",
    "norm_tangent",
    "vector_norm_adjoint",
    "vector_norm_tangent",
]


def norm_adjoint(
    g: Any, x: Any, y: Any, ord: Any = None, axis: Any = None, keepdims: bool = False
) -> Any:
    """Adjoint of `y = numpy.linalg.norm(x, ord, axis, keepdims)`.

    >>> norm_adjoint(1.0, numpy.array([3.0, -4.0]), 4.0, numpy.inf)
    array([ 0., -1.])
    >>> norm_adjoint(1.0, numpy.array([[1.0, 2.0], [3.0, -4.0]]), 6.0, 1)
    array([[ 0.,  1.],
           [ 0., -1.]])
    """
    partial = _norm_partial(x, y, ord, axis, keepdims)
    return like(expand(g, partial, axis, keepdims) * partial, x)


def norm_tangent(
    dx: Any, x: Any, y: Any, ord: Any = None, axis: Any = None, keepdims: bool = False
) -> Any:
    """Tangent of `y = numpy.linalg.norm(x, ord, axis, keepdims)`."""
    partial = _norm_partial(x, y, ord, axis, keepdims)
    return numpy.real(numpy.sum(dx * partial, axis, keepdims=keepdims))


def vector_norm_adjoint(
    g: Any, x: Any, y: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2
) -> Any:
    """Adjoint of `y = numpy.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)`."""
    partial = _vector_partial(_floats(x), y, ord, axis, keepdims)
    return like(expand(g, partial, axis, keepdims) * partial, x)


def vector_norm_tangent(
    dx: Any, x: Any, y: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2
) -> Any:
    """Tangent of `y = numpy.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)`."""
    partial = _vector_partial(_floats(x), y, ord, axis, keepdims)
    return numpy.real(numpy.sum(dx * partial, axis, keepdims=keepdims))


def matrix_norm_adjoint(g: Any, x: Any, y: Any, keepdims: bool = False, ord: Any = "fro") -> Any:
    """Adjoint of `y = numpy.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)`."""
    return norm_adjoint(g, x, y, ord, (-2, -1), keepdims)


def matrix_norm_tangent(dx: Any, x: Any, y: Any, keepdims: bool = False, ord: Any = "fro") -> Any:
    """Tangent of `y = numpy.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)`."""
    return norm_tangent(dx, x, y, ord, (-2, -1), keepdims)


def _floats(x: Any) -> Any:
    array = numpy.asarray(x)
    return array if array.dtype.kind in "fc" else array.astype("float64")


def _norm_partial(x: Any, y: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    array = _floats(x)
    of_matrices = numpy.ndim(axis) == 1 and len(axis) == 2
    if ord is None or ord == "fro" or ord == "f":
        return _vector_partial(array, y, 2, axis, keepdims)
    if of_matrices:
        moved = numpy.moveaxis(array, axis, (-2, -1))
        return numpy.moveaxis(_matrix_partial(moved, ord), (-2, -1), axis)
    if axis is None and array.ndim == 2:
        return _matrix_partial(array, ord)
    return _vector_partial(array, y, ord, axis, keepdims)


def _vector_partial(x: Any, y: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Partial derivatives of the norms of vectors: `conj(sign(x)) (|x| / y)ᵖ⁻¹`."""
    wide = numpy.real(expand(y, x, axis, keepdims))
    if ord is None or ord == 2:
        return conj(x) / wide
    if ord == 0:
        return numpy.zeros_like(x)
    sign = conj(numpy.sign(x))
    if ord == 1:
        return sign
    size = numpy.abs(x)
    if abs(ord) == numpy.inf:
        hit = numpy.equal(size, wide)
        return sign * (hit / numpy.sum(hit, axis, keepdims=True)).astype(size.dtype)
    return sign * (size / wide) ** (ord - 1)


def _matrix_partial(x: Any, ord: Any) -> Any:
    """Partial derivatives of the norms of matrices in the last two axes."""
    if ord in (2, -2, "nuc"):
        u, s, vh = numpy.linalg.svd(x, full_matrices=False)
        if ord == "nuc":
            return matmul(conj(u), conj(vh))
        hit = numpy.equal(s, s[..., :1] if ord == 2 else s[..., -1:])
        share = (hit / numpy.sum(hit, -1, keepdims=True)).astype(s.dtype)
        return matmul(conj(u) * share[..., None, :], conj(vh))
    if abs(ord) == 1 or abs(ord) == numpy.inf:
        summed = -2 if abs(ord) == 1 else -1
        totals = numpy.sum(numpy.abs(x), axis=summed, keepdims=True)
        extreme = numpy.max if ord > 0 else numpy.min
        hit = numpy.equal(totals, extreme(totals, axis=(-2, -1), keepdims=True))
        share = (hit / numpy.sum(hit, (-2, -1), keepdims=True)).astype(totals.dtype)
        return conj(numpy.sign(x)) * share
    raise UnsupportedError(f"a matrix norm of order {ord!r}")


def cond_adjoint(g: Any, x: Any, y: Any, p: Any = None) -> Any:
    """Adjoint of `y = numpy.linalg.cond(x, p)`."""
    return like(numpy.expand_dims(g, (-2, -1)) * _cond_partial(_floats(x), y, p), x)


def cond_tangent(dx: Any, x: Any, y: Any, p: Any = None) -> Any:
    """Tangent of `y = numpy.linalg.cond(x, p)`."""
    return numpy.real(numpy.sum(dx * _cond_partial(_floats(x), y, p), axis=(-2, -1)))


def _cond_partial(x: Any, y: Any, p: Any) -> Any:
    if p is None or p in (2, -2):
        u, s, vh = numpy.linalg.svd(x, full_matrices=False)
        ends = numpy.zeros_like(s)
        ends[..., 0] = 1 / s[..., 0]
        ends[..., -1] -= 1 / s[..., -1]
        rate = numpy.expand_dims(y, -1) * (-ends if p == -2 else ends)
        return matmul(conj(u) * rate[..., None, :], conj(vh))
    inverse = numpy.linalg.inv(x)
    sizes = [numpy.linalg.norm(m, p, axis=(-2, -1)) for m in (x, inverse)]
    t = matrix_transpose(inverse)
    of_inverse = matmul(t, matmul(_norm_partial(inverse, sizes[1], p, (-2, -1), False), t))
    direct = _norm_partial(x, sizes[0], p, (-2, -1), False)
    first, second = [numpy.expand_dims(size, (-2, -1)) for size in sizes]
    return direct * second - first * of_inverse
