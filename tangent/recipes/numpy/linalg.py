"""Linear systems, inverses, determinants, powers; least squares; products of `numpy.linalg`.

    Y = inv(A)        Ā += -Yᵀ Ȳ Yᵀ
    x = solve(A, b)   b̄ += A⁻ᵀ x̄ =: g       Ā += -g xᵀ

Formulas: M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008). All act on stacks of matrices, except where noted.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.numpy.linalg_decompositions import factor
from tangent.recipes.registry import adjoint, d, fixed, linear, multilinear
from tangent.recipes.results import precision, same_precision


@adjoint(numpy.linalg.inv, result=factor)
def inv(y, a):
    t = numpy.swapaxes(y, -1, -2)
    d[a] = runtime.like(-numpy.matmul(t, numpy.matmul(d[y], t)), a)


@inv.when(lambda k: k.a.is_array and k.a.rank == 2 and k.a.dtype in ("float64", "float32"))
def inv_of_matrix(y, a):
    d[a] = -numpy.dot(y.T, numpy.dot(d[y], y.T))


@inv.tangent
def inv_tangent(y, a):
    d[y] = -numpy.matmul(y, numpy.matmul(d[a], y))


def _solution(k):
    if not (k.a.is_array and k.b.is_array and k.a.rank == 2 and k.b.rank in (1, 2)):
        return Kind("array")
    floats = precision(k.a) if same_precision(k.a, k.b) else None
    return Kind("array", floats if isinstance(floats, str) else None, k.b.rank, k.b.shape, floats)


def _system(k, rank: int) -> bool:
    return k.a.is_array and k.b.is_array and k.b.rank == rank and same_precision(k.a, k.b)


@adjoint(numpy.linalg.solve, result=_solution)
def solve(y, a, b):
    g = runtime.solve_transposed(d[y], a, b)
    d[a] = runtime.solve_adjoint_a(g, a, b, y)
    d[b] = runtime.unbroadcast(g, b)


@solve.when(lambda k: _system(k, 1) and k.a.rank == 2)
def solve_vector(y, a, b):
    g = numpy.linalg.solve(a.T, d[y])
    d[a] = -numpy.outer(g, y)
    d[b] = g


@solve.when(lambda k: _system(k, 2) and k.a.rank == 2)
def solve_matrix(y, a, b):
    g = numpy.linalg.solve(a.T, d[y])
    d[a] = -numpy.dot(g, y.T)
    d[b] = g


@solve.tangent
def solve_tangent(y, a, b):
    d[y] = runtime.solve_tangent(d[a], d[b], a, b, y)


def _determinant(k):
    if k.a.is_array and k.a.rank == 2:
        return Kind("number", None, 0, (), precision(k.a))
    return Kind("numeric", precision=precision(k.a))


@adjoint(numpy.linalg.det, result=_determinant)
def det(y, a):
    d[a] = runtime.det_adjoint(d[y], a, y)


@det.tangent
def det_tangent(y, a):
    d[y] = runtime.det_tangent(d[a], a, y)


@adjoint(numpy.linalg.slogdet, result=lambda k: Kind("tuple"))
def slogdet(y, a):
    """The matrix must not be singular."""
    d[a] = runtime.slogdet_adjoint(d[y][0], d[y][1], a, y[0])


@slogdet.tangent
def slogdet_tangent(y, a):
    d[y] = runtime.slogdet_tangent(d[a], a, y[0])


@adjoint(numpy.linalg.pinv)
def pinv(y, a, rcond=None, hermitian=False, *, rtol=None):
    """Where the rank does not change."""
    d[a] = runtime.like(runtime.pinv_adjoint(d[y], numpy.asarray(a), y, hermitian), a)


@pinv.tangent
def pinv_tangent(y, a, rcond=None, hermitian=False, *, rtol=None):
    d[y] = runtime.pinv_tangent(numpy.asarray(d[a]), numpy.asarray(a), y, hermitian)


@adjoint(numpy.linalg.lstsq, result=lambda k: Kind("tuple"))
def lstsq(y, a, b, rcond=None):
    """Where the rank does not change."""
    p = runtime.lstsq_inverse(a, rcond)
    d[a] = runtime.lstsq_adjoint_a(d[y][0], d[y][1], d[y][3], a, b, y[0], y[1], p)
    d[b] = runtime.lstsq_adjoint_b(d[y][0], d[y][1], a, b, y[0], y[1], p)


@lstsq.tangent
def lstsq_tangent(y, a, b, rcond=None):
    d[y] = runtime.lstsq_tangent(d[a], d[b], a, b, y[0], y[1], y[3], rcond)


@adjoint(numpy.linalg.tensorinv)
def tensorinv(y, a, ind=2):
    d[a] = runtime.tensorinv_adjoint(d[y], a, y)


@tensorinv.tangent
def tensorinv_tangent(y, a, ind=2):
    d[y] = runtime.tensorinv_tangent(d[a], y)


@adjoint(numpy.linalg.tensorsolve)
def tensorsolve(y, a, b, axes=None):
    d[a] = runtime.tensorsolve_adjoint_a(d[y], a, b, y, axes)
    d[b] = runtime.tensorsolve_adjoint_b(d[y], a, b, axes)


@tensorsolve.tangent
def tensorsolve_tangent(y, a, b, axes=None):
    d[y] = runtime.tensorsolve_tangent(d[a], d[b], a, b, y, axes)


@adjoint(numpy.linalg.matrix_power, alias=("a",))
def matrix_power(y, a, n):
    d[a] = runtime.matrix_power_adjoint(d[y], a, n)


@matrix_power.tangent
def matrix_power_tangent(y, a, n):
    d[y] = runtime.matrix_power_tangent(d[a], a, n)


@adjoint(numpy.linalg.multi_dot)
def multi_dot(y, arrays, *, out: fixed = None):
    d[arrays] = runtime.multi_dot_adjoint(d[y], arrays)


@multi_dot.tangent
def multi_dot_tangent(y, arrays, *, out: fixed = None):
    d[y] = runtime.multi_dot_tangent(d[arrays], arrays)


@linear(numpy.linalg.trace)
def trace(y, x, /, *, offset=0, dtype: fixed = None):
    d[x] = runtime.diagonal_adjoint(numpy.expand_dims(d[y], -1), x, offset, -2, -1)


@linear(numpy.linalg.diagonal, alias=("x",))
def diagonal(y, x, /, *, offset=0):
    d[x] = runtime.diagonal_adjoint(d[y], x, offset, -2, -1)


@linear(numpy.linalg.matrix_transpose, alias=("x",))
def matrix_transpose(y, x, /):
    d[x] = runtime.like(numpy.matrix_transpose(d[y]), x)


@multilinear(numpy.linalg.matmul)
def matmul(y, x1, x2, /):
    d[x1] = runtime.matmul_adjoint_a(d[y], x1, x2)
    d[x2] = runtime.matmul_adjoint_b(d[y], x1, x2)


@multilinear(numpy.linalg.outer)
def outer(y, x1, x2, /):
    d[x1] = runtime.outer_adjoint_a(d[y], x1, x2)
    d[x2] = runtime.outer_adjoint_b(d[y], x1, x2)


@multilinear(numpy.linalg.tensordot)
def tensordot(y, x1, x2, /, *, axes=2):
    d[x1] = runtime.tensordot_adjoint_a(d[y], x1, x2, axes)
    d[x2] = runtime.tensordot_adjoint_b(d[y], x1, x2, axes)


@multilinear(numpy.linalg.vecdot)
def vecdot(y, x1, x2, /, *, axis=-1):
    d[x1] = runtime.vecdot_adjoint_a(d[y], x1, x2, axis)
    d[x2] = runtime.vecdot_adjoint_b(d[y], x1, x2, axis)


@multilinear(numpy.linalg.cross)
def cross(y, x1, x2, /, *, axis=-1):
    d[x1] = runtime.unbroadcast(numpy.cross(x2, d[y], axis=axis), x1)
    d[x2] = runtime.unbroadcast(numpy.cross(d[y], x1, axis=axis), x2)
