"""Linear algebra: inv, solve, det, slogdet, norm.

    Y = inv(A)        Ā += -Yᵀ Ȳ Yᵀ
    x = solve(A, b)   b̄ += A⁻ᵀ x̄ =: g       Ā += -g xᵀ

Formulas: M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008). All act on stacks of matrices, except where noted.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d
from tangent.recipes.results import is_none, is_real, precision, reduction, same, same_precision


@adjoint(numpy.linalg.inv, result=same("a"))
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
    d[a] = runtime.solve_adjoint_a(d[y], a, b, y)
    d[b] = runtime.solve_adjoint_b(d[y], a, b)


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
    """The matrix must not be singular."""
    d[a] = runtime.like(
        numpy.expand_dims(d[y] * y, (-2, -1)) * numpy.swapaxes(numpy.linalg.inv(a), -1, -2), a
    )


@det.when(lambda k: k.a.is_array and k.a.rank == 2 and k.a.dtype in ("float32", "float64"))
def det_of_matrix(y, a):
    d[a] = d[y] * y * numpy.linalg.inv(a).T


@det.tangent
def det_tangent(y, a):
    d[y] = y * numpy.sum(numpy.swapaxes(numpy.linalg.inv(a), -1, -2) * d[a], (-2, -1))


@adjoint(numpy.linalg.slogdet, result=lambda k: Kind("tuple"))
def slogdet(y, a):
    """Of real matrices: the sign has no derivative."""
    d[a] = runtime.slogdet_adjoint(d[y][1], a)


@slogdet.tangent
def slogdet_tangent(y, a):
    d[y] = (0.0 * y[0], runtime.slogdet_tangent(d[a], a))


@adjoint(numpy.linalg.norm, result=lambda k: reduction("x", to="real")(k))
def norm(y, x, ord=None, axis=None, keepdims=False):
    """Vector norms and the Frobenius norm; at zero the derivative does not exist (NaN)."""
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


@adjoint(numpy.linalg.cholesky, result=same("a"))
def cholesky(y, a):
    """The function reads the lower triangle alone, and there its derivative is."""
    d[a] = runtime.cholesky_adjoint(d[y], y)


@cholesky.tangent
def cholesky_tangent(y, a):
    d[y] = runtime.cholesky_tangent(d[a], y)
