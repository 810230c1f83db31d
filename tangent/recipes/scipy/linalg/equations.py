"""Matrix equations: Sylvester, Lyapunov, Riccati.

    A X + X B = Q         Aᵀ G + G Bᵀ = X̄       Q̄ += G, Ā += -G Xᵀ, B̄ += -Xᵀ G

The adjoint of an equation is one of the same form: T.-C. Kao, G. Hennequin, "Automatic
differentiation of Sylvester, Lyapunov, and algebraic Riccati equations" (2020).
"""

from __future__ import annotations

import numpy
from numpy import conj, matmul, matrix_transpose
from scipy import linalg

from tangent import runtime
from tangent.recipes.registry import adjoint, d, fixed
from tangent.recipes.scipy import matrices


@adjoint(linalg.solve_sylvester)
def solve_sylvester(y, a, b, q):
    g = matrices.sylvester_adjoint(d[y], a, b)
    d[a] = runtime.like(-matmul(g, matrix_transpose(y)), a)
    d[b] = runtime.like(-matmul(matrix_transpose(y), g), b)
    d[q] = runtime.like(g, q)


@solve_sylvester.tangent
def solve_sylvester_tangent(y, a, b, q):
    d[y] = linalg.solve_sylvester(a, b, d[q] - matmul(d[a], y) - matmul(y, d[b]))


@adjoint(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov(y, a, q):
    g = matrices.lyapunov_adjoint(d[y], a)
    d[a] = runtime.like(-matmul(g, matrix_transpose(y)) - conj(matmul(matrix_transpose(g), y)), a)
    d[q] = runtime.like(g, q)


@solve_continuous_lyapunov.tangent
def solve_continuous_lyapunov_tangent(y, a, q):
    h = matmul(y, conj(matrix_transpose(d[a])))
    d[y] = linalg.solve_continuous_lyapunov(a, d[q] - matmul(d[a], y) - h)


@adjoint(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov(y, a, q, method=None):
    g = linalg.solve_discrete_lyapunov(matrix_transpose(a), d[y], method)
    d[a] = runtime.like(
        matmul(g, matmul(conj(a), matrix_transpose(y)))
        + conj(matmul(matrix_transpose(g), matmul(a, y))),
        a,
    )
    d[q] = runtime.like(g, q)


@solve_discrete_lyapunov.tangent
def solve_discrete_lyapunov_tangent(y, a, q, method=None):
    h = conj(matrix_transpose(a))
    right = matmul(matmul(d[a], y), h) + matmul(matmul(a, y), conj(matrix_transpose(d[a])))
    d[y] = linalg.solve_discrete_lyapunov(a, d[q] + right, method)


@adjoint(linalg.solve_continuous_are)
def solve_continuous_are(y, a, b, q, r, e: fixed = None, s: fixed = None, balanced=True):
    """With the gain `K = R⁻¹ Bᴴ X` and `M = A - B K`: `conj(M) G + G Mᵀ = -X̄`; `q`, `r` Hermitian."""
    k = numpy.linalg.solve(r, matmul(conj(matrix_transpose(b)), y))
    closed = a - matmul(b, k)
    g = linalg.solve_sylvester(conj(closed), matrix_transpose(closed), -d[y])
    g_closed = matmul(matrix_transpose(y), g) + conj(matmul(y, matrix_transpose(g)))
    d[a] = runtime.like(g_closed, a)
    d[b] = runtime.like(-matmul(g_closed, matrix_transpose(k)), b)
    d[q] = runtime.like(g, q)
    d[r] = runtime.like(matmul(conj(k), matmul(g, matrix_transpose(k))), r)


@solve_continuous_are.tangent
def solve_continuous_are_tangent(y, a, b, q, r, e: fixed = None, s: fixed = None, balanced=True):
    k = numpy.linalg.solve(r, matmul(conj(matrix_transpose(b)), y))
    closed = a - matmul(b, k)
    right = matmul(y, d[a] - matmul(d[b], k))
    right = right + conj(matrix_transpose(right)) + d[q]
    right = right + matmul(conj(matrix_transpose(k)), matmul(d[r], k))
    d[y] = linalg.solve_sylvester(conj(matrix_transpose(closed)), closed, -right)


@adjoint(linalg.solve_discrete_are)
def solve_discrete_are(y, a, b, q, r, e: fixed = None, s: fixed = None, balanced=True):
    """With the gain `K = (R + Bᴴ X B)⁻¹ Bᴴ X A` and `M = A - B K`: `G = conj(M) G Mᵀ + X̄`."""
    h = conj(matrix_transpose(b))
    k = numpy.linalg.solve(r + matmul(h, matmul(y, b)), matmul(h, matmul(y, a)))
    closed = a - matmul(b, k)
    g = linalg.solve_discrete_lyapunov(conj(closed), d[y])
    g_closed = matmul(matrix_transpose(y), matmul(conj(closed), g))
    g_closed = g_closed + conj(matmul(y, matmul(closed, matrix_transpose(g))))
    d[a] = runtime.like(g_closed, a)
    d[b] = runtime.like(-matmul(g_closed, matrix_transpose(k)), b)
    d[q] = runtime.like(g, q)
    d[r] = runtime.like(matmul(conj(k), matmul(g, matrix_transpose(k))), r)


@solve_discrete_are.tangent
def solve_discrete_are_tangent(y, a, b, q, r, e: fixed = None, s: fixed = None, balanced=True):
    h = conj(matrix_transpose(b))
    k = numpy.linalg.solve(r + matmul(h, matmul(y, b)), matmul(h, matmul(y, a)))
    closed = a - matmul(b, k)
    right = matmul(conj(matrix_transpose(closed)), matmul(y, d[a] - matmul(d[b], k)))
    right = right + conj(matrix_transpose(right)) + d[q]
    right = right + matmul(conj(matrix_transpose(k)), matmul(d[r], k))
    d[y] = linalg.solve_discrete_lyapunov(conj(matrix_transpose(closed)), right)
