"""Adjoints and tangents of linear algebra, for single matrices and stacks of them.

>>> solve_adjoint_b(numpy.ones(2), 2 * numpy.eye(2), numpy.ones(2))
array([0.5, 0.5])
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_values import expand, like, unbroadcast

__all__ = [
    "cholesky_adjoint",
    "cholesky_tangent",
    "norm_adjoint",
    "norm_tangent",
    "slogdet_adjoint",
    "slogdet_tangent",
    "solve_adjoint_a",
    "solve_adjoint_b",
    "solve_tangent",
]


def _transposed(a: Any) -> Any:
    return numpy.swapaxes(a, -1, -2)


def _columns(v: Any, b: Any) -> Any:
    """`v` as matrices, where `b` is a vector."""
    return numpy.expand_dims(v, -1) if numpy.ndim(b) == 1 else v


def _solved(g: Any, a: Any, b: Any) -> Any:
    return numpy.linalg.solve(_transposed(a), _columns(g, b))


def solve_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `b` in `numpy.linalg.solve(a, b)`."""
    out = _solved(g, a, b)
    return unbroadcast(out[..., 0] if numpy.ndim(b) == 1 else out, b)


def solve_adjoint_a(g: Any, a: Any, b: Any, y: Any) -> Any:
    """Adjoint of `a` in `y = numpy.linalg.solve(a, b)`."""
    return unbroadcast(-numpy.matmul(_solved(g, a, b), _transposed(_columns(y, b))), a)


def solve_tangent(da: Any, db: Any, a: Any, b: Any, y: Any) -> Any:
    """Tangent of `y = numpy.linalg.solve(a, b)`: solve for `db - da @ y`."""
    right = _columns(db, b) - numpy.matmul(da, _columns(y, b))
    out = numpy.linalg.solve(a, right)
    return out[..., 0] if numpy.ndim(b) == 1 else out


def slogdet_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` for the logarithm that `numpy.linalg.slogdet(a)` returns.

    >>> slogdet_adjoint(1.0, numpy.array([[2.0, 0.0], [0.0, 4.0]]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    return like(numpy.expand_dims(g, (-2, -1)) * _transposed(_real_inverse(a)), a)


def slogdet_tangent(da: Any, a: Any) -> Any:
    """Tangent of the logarithm that `numpy.linalg.slogdet(a)` returns."""
    return numpy.sum(_transposed(_real_inverse(a)) * da, axis=(-2, -1))


def _real_inverse(a: Any) -> Any:
    if numpy.iscomplexobj(a):
        raise UnsupportedError(
            "slogdet of a complex matrix can't be differentiated",
            why="its sign is a complex number that varies with the matrix",
            remedy="use numpy.linalg.det",
        )
    return numpy.linalg.inv(a)


def norm_adjoint(
    g: Any, x: Any, y: Any, ord: Any = None, axis: Any = None, keepdims: bool = False
) -> Any:
    """Adjoint of `y = numpy.linalg.norm(x, ord, axis, keepdims)`.

    >>> norm_adjoint(1.0, numpy.array([3.0, 4.0]), 5.0)
    array([0.6, 0.8])
    >>> norm_adjoint(1.0, numpy.array([3.0, -4.0]), 4.0, numpy.inf)
    array([ 0., -1.])
    """
    x_array = numpy.asarray(x)
    partial = _norm_partial(x_array, y, ord, axis, keepdims)
    return like(expand(g, partial, axis, keepdims) * partial, x)


def norm_tangent(
    dx: Any, x: Any, y: Any, ord: Any = None, axis: Any = None, keepdims: bool = False
) -> Any:
    """Tangent of `y = numpy.linalg.norm(x, ord, axis, keepdims)`."""
    partial = _norm_partial(numpy.asarray(x), y, ord, axis, keepdims)
    return numpy.real(numpy.sum(dx * partial, axis, keepdims=keepdims))


def _norm_partial(x: Any, y: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    if x.dtype.kind not in "fc":
        x = x.astype("float64")
    wide = numpy.real(expand(y, x, axis, keepdims))
    matrix = isinstance(axis, tuple) or (axis is None and ord is not None and x.ndim == 2)
    if ord is None or ord == "fro" or (ord == 2 and not matrix):
        return numpy.conj(x) / wide
    if matrix:
        raise UnsupportedError(
            f"the matrix norm of order {ord!r} has no derivative here",
            remedy="use the Frobenius norm (ord=None), or norms of the rows (axis=1)",
        )
    size = numpy.abs(x)
    sign = numpy.conj(numpy.sign(x))
    if ord == 1:
        return sign
    if ord == 0:
        return numpy.zeros_like(x)
    if abs(ord) == numpy.inf:
        hit = size == wide
        return sign * hit / numpy.sum(hit, axis, keepdims=True)
    return sign * (size / wide) ** (ord - 1)


def cholesky_adjoint(g: Any, factor: Any) -> Any:
    """Adjoint of a matrix whose Cholesky factor is `factor`; only its lower triangle was read.

    >>> cholesky_adjoint(numpy.ones((1, 1)), numpy.array([[2.0]]))
    array([[0.25]])
    """
    inverse = numpy.linalg.inv(factor)
    middle = _half(numpy.matmul(_transposed(factor), g))
    s = numpy.matmul(_transposed(inverse), numpy.matmul(middle, inverse))
    both = s + _transposed(s)
    return numpy.tril(both) - both * (numpy.eye(both.shape[-1], dtype=both.dtype) / 2)


def cholesky_tangent(da: Any, factor: Any) -> Any:
    """Tangent of the Cholesky factor `factor`, from the lower triangle of `da`."""
    inverse = numpy.linalg.inv(factor)
    symmetric = numpy.tril(da) + _transposed(numpy.tril(da, -1))
    middle = numpy.matmul(inverse, numpy.matmul(symmetric, _transposed(inverse)))
    return numpy.matmul(factor, _half(middle))


def _half(x: Any) -> Any:
    """The lower triangle with half of the diagonal."""
    return numpy.tril(x) - x * (numpy.eye(x.shape[-1], dtype=x.dtype) / 2)
