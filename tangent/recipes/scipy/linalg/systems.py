"""Linear systems, inverses, determinants, least squares.

    x = solve(a, b)       b̄ += A⁻ᵀ x̄ =: g       Ā += -g xᵀ, in what is read of `a`

Formulas: M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008).
"""

from __future__ import annotations

import numpy
from scipy import linalg

from tangent import runtime
from tangent.recipes.registry import adjoint, d, fixed, nondifferentiable
from tangent.recipes.scipy import banded, matrices


@adjoint(linalg.solve)
def solve(
    y,
    a,
    b,
    lower=False,
    overwrite_a: fixed = False,
    overwrite_b: fixed = False,
    check_finite=True,
    assume_a=None,
    transposed=False,
):
    g = matrices.solve_back(d[y], a, b, lower, assume_a, transposed)
    d[a] = matrices.solve_adjoint_a(g, a, b, y, lower, assume_a, transposed)
    d[b] = runtime.unbroadcast(g, b)


@solve.tangent
def solve_tangent(y, a, b, lower, assume_a, transposed):
    d[y] = matrices.solve_tangent(d[a], d[b], a, b, y, lower, assume_a, transposed)


@adjoint(linalg.solve_triangular)
def solve_triangular(
    y,
    a,
    b,
    trans=0,
    lower=False,
    unit_diagonal=False,
    overwrite_b: fixed = False,
    check_finite=True,
):
    """Only one triangle is read."""
    g = matrices.triangular_back(d[y], a, trans, lower, unit_diagonal)
    d[a] = matrices.triangular_adjoint_a(g, a, b, y, trans, lower, unit_diagonal)
    d[b] = runtime.unbroadcast(g, b)


@solve_triangular.tangent
def solve_triangular_tangent(y, a, b, trans, lower, unit_diagonal):
    d[y] = matrices.triangular_tangent(d[a], d[b], a, b, y, trans, lower, unit_diagonal)


@adjoint(linalg.cho_solve)
def cho_solve(y, c_and_lower, b, overwrite_b: fixed = False, check_finite=True):
    g = matrices.cho_solve_back(d[y], c_and_lower)
    d[c_and_lower] = matrices.cho_solve_adjoint_c(g, c_and_lower, b, y)
    d[b] = runtime.like(g, b)


@cho_solve.tangent
def cho_solve_tangent(y, c_and_lower, b, overwrite_b: fixed = False, check_finite=True):
    d[y] = matrices.cho_solve_tangent(d[c_and_lower], d[b], c_and_lower, b, y)


@adjoint(linalg.lu_solve)
def lu_solve(y, lu_and_piv, b, trans=0, overwrite_b: fixed = False, check_finite=True):
    g = matrices.lu_back(d[y], lu_and_piv, trans)
    d[lu_and_piv] = matrices.lu_solve_adjoint_lu(g, lu_and_piv, b, y, trans)
    d[b] = runtime.like(g, b)


@lu_solve.tangent
def lu_solve_tangent(y, lu_and_piv, b, trans=0, overwrite_b: fixed = False, check_finite=True):
    d[y] = matrices.lu_solve_tangent(d[lu_and_piv], d[b], lu_and_piv, b, y, trans)


@adjoint(linalg.solve_banded)
def solve_banded(
    y, l_and_u, ab, b, overwrite_ab: fixed = False, overwrite_b: fixed = False, check_finite=True
):
    g = banded.banded_back(d[y], l_and_u, ab)
    d[ab] = banded.banded_adjoint_ab(g, l_and_u, ab, b, y)
    d[b] = runtime.like(g, b)


@solve_banded.tangent
def solve_banded_tangent(y, l_and_u, ab, b):
    d[y] = banded.banded_tangent(d[ab], d[b], l_and_u, ab, b, y)


@adjoint(linalg.solveh_banded)
def solveh_banded(
    y,
    ab,
    b,
    overwrite_ab: fixed = False,
    overwrite_b: fixed = False,
    lower=False,
    check_finite=True,
):
    g = banded.hermitian_banded_back(d[y], ab, lower)
    d[ab] = banded.hermitian_banded_adjoint_ab(g, ab, b, y, lower)
    d[b] = runtime.like(g, b)


@solveh_banded.tangent
def solveh_banded_tangent(y, ab, b, lower):
    d[y] = banded.hermitian_banded_tangent(d[ab], d[b], ab, b, y, lower)


@adjoint(linalg.solve_toeplitz)
def solve_toeplitz(y, c_or_cr, b, check_finite=True):
    d[c_or_cr] = banded.solve_toeplitz_adjoint_c(d[y], c_or_cr, b, y)
    d[b] = banded.solve_toeplitz_adjoint_b(d[y], c_or_cr, b)


@solve_toeplitz.tangent
def solve_toeplitz_tangent(y, c_or_cr, b, check_finite=True):
    d[y] = banded.solve_toeplitz_tangent(d[c_or_cr], d[b], c_or_cr, b, y)


@adjoint(linalg.inv)
def inv(y, a, overwrite_a: fixed = False, check_finite=True, *, assume_a=None, lower=False):
    d[a] = runtime.like(matrices.of_form(runtime.inv_adjoint(d[y], y), assume_a, lower), a)


@inv.tangent
def inv_tangent(y, a, overwrite_a: fixed = False, check_finite=True, *, assume_a=None, lower=False):
    d[y] = -numpy.matmul(y, numpy.matmul(matrices.whole(d[a], assume_a, lower), y))


@adjoint(linalg.det)
def det(y, a, overwrite_a: fixed = False, check_finite=True):
    d[a] = runtime.det_adjoint(d[y], a, y)


@det.tangent
def det_tangent(y, a, overwrite_a: fixed = False, check_finite=True):
    d[y] = runtime.det_tangent(d[a], a, y)


@adjoint(linalg.pinv)
def pinv(y, a, *, atol=None, rtol=None, return_rank: fixed = False, check_finite=True):
    """Where the rank does not change."""
    d[a] = runtime.like(runtime.pinv_adjoint(d[y], numpy.asarray(a), y), a)


@pinv.tangent
def pinv_tangent(y, a, *, atol=None, rtol=None, return_rank: fixed = False, check_finite=True):
    d[y] = runtime.pinv_tangent(numpy.asarray(d[a]), numpy.asarray(a), y)


@adjoint(linalg.pinvh)
def pinvh(y, a, atol=None, rtol=None, lower=True, return_rank: fixed = False, check_finite=True):
    d[a] = runtime.like(matrices.pinvh_adjoint(d[y], numpy.asarray(a), y, lower), a)


@pinvh.tangent
def pinvh_tangent(y, a, lower):
    d[y] = matrices.pinvh_tangent(numpy.asarray(d[a]), numpy.asarray(a), y, lower)


@adjoint(linalg.lstsq)
def lstsq(
    y,
    a,
    b,
    cond=None,
    overwrite_a: fixed = False,
    overwrite_b: fixed = False,
    check_finite=True,
    lapack_driver=None,
):
    """Where the rank does not change."""
    p = runtime.lstsq_inverse(a, cond)
    d[a] = runtime.lstsq_adjoint_a(d[y][0], d[y][1], d[y][3], a, b, y[0], y[1], p)
    d[b] = runtime.lstsq_adjoint_b(d[y][0], d[y][1], a, b, y[0], y[1], p)


@lstsq.tangent
def lstsq_tangent(y, a, b, cond):
    d[y] = runtime.lstsq_tangent(d[a], d[b], a, b, y[0], y[1], y[3], cond)


@adjoint(linalg.cho_solve_banded)
def cho_solve_banded(y, cb_and_lower, b, overwrite_b: fixed = False, check_finite=True):
    g = numpy.conj(linalg.cho_solve_banded(cb_and_lower, numpy.conj(d[y])))
    d[cb_and_lower] = banded.cho_solve_banded_adjoint_cb(g, cb_and_lower, b, y)
    d[b] = runtime.like(g, b)


@cho_solve_banded.tangent
def cho_solve_banded_tangent(y, cb_and_lower, b, overwrite_b: fixed = False, check_finite=True):
    d[y] = banded.cho_solve_banded_tangent(d[cb_and_lower], d[b], cb_and_lower, b, y)


@adjoint(linalg.solve_circulant)
def solve_circulant(
    y,
    c,
    b,
    singular: fixed = "raise",
    tol=None,
    caxis: fixed = -1,
    baxis: fixed = 0,
    outaxis: fixed = 0,
):
    """Of one circulant matrix."""
    d[c] = banded.solve_circulant_adjoint_c(d[y], c, b, y)
    d[b] = banded.solve_circulant_adjoint_b(d[y], c, b)


@solve_circulant.tangent
def solve_circulant_tangent(y, c, b):
    d[y] = linalg.solve_circulant(c, d[b] - numpy.matmul(linalg.circulant(d[c]), y))


nondifferentiable(linalg.bandwidth, linalg.issymmetric, linalg.ishermitian)
