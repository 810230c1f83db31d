"""Factorisations: Cholesky, LU, QR, RQ, polar, eigenvalues and singular values.

    w, V = eigh(A)        Ā += V (diag(w̄) + F ∘ (Vᵀ V̄)) Vᵀ,  Fᵢⱼ = 1 / (wⱼ - wᵢ)

What they suppose, and phases and degenerate cases: `tangent.runtime_decompositions`.
"""

from __future__ import annotations

from scipy import linalg

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d, fixed
from tangent.recipes.results import is_false, is_none
from tangent.recipes.scipy import banded, matrices, matrix_functions


def several(k):
    """A tuple, of single matrices; a list for stacks of them."""
    first = next(iter(vars(k).values()))
    return Kind("tuple") if first.is_array and first.rank == 2 else Kind()


@adjoint(linalg.cholesky)
def cholesky(y, a, lower=False, overwrite_a: fixed = False, check_finite=True):
    """The function reads one triangle alone, and there its derivative is."""
    d[a] = runtime.like(matrices.cholesky_adjoint(d[y], y, lower), a)


@cholesky.tangent
def cholesky_tangent(y, a, lower=False, overwrite_a: fixed = False, check_finite=True):
    d[y] = matrices.cholesky_tangent(d[a], y, lower)


@adjoint(linalg.cho_factor, result=several)
def cho_factor(y, a, lower=False, overwrite_a: fixed = False, check_finite=True):
    d[a] = runtime.like(matrices.cho_factor_adjoint(d[y][0], y[0], lower), a)


@cho_factor.tangent
def cho_factor_tangent(y, a, lower=False, overwrite_a: fixed = False, check_finite=True):
    d[y] = (matrices.cho_factor_tangent(d[a], y[0], lower), runtime.zeros_like(y[1]))


@adjoint(linalg.cholesky_banded)
def cholesky_banded(y, ab, overwrite_ab: fixed = False, lower=False, check_finite=True):
    d[ab] = runtime.like(banded.cholesky_banded_adjoint(d[y], y, lower), ab)


@cholesky_banded.tangent
def cholesky_banded_tangent(y, ab, overwrite_ab: fixed = False, lower=False, check_finite=True):
    d[y] = banded.cholesky_banded_tangent(d[ab], y, lower)


@adjoint(linalg.lu_factor, result=several)
def lu_factor(y, a, overwrite_a: fixed = False, check_finite=True):
    d[a] = runtime.like(matrices.lu_factor_adjoint(d[y][0], y[0], y[1]), a)


@lu_factor.tangent
def lu_factor_tangent(y, a, overwrite_a: fixed = False, check_finite=True):
    d[y] = (matrices.lu_factor_tangent(d[a], y[0], y[1]), runtime.zeros_like(y[1]))


@adjoint(linalg.lu, result=several)
def lu(y, a, permute_l=False, overwrite_a: fixed = False, check_finite=True, p_indices=False):
    d[a] = runtime.like(matrices.lu_adjoint(d[y], y, a, permute_l), a)


@lu.tangent
def lu_tangent(y, a, permute_l):
    d[y] = matrices.lu_tangent(d[a], y, a, permute_l)


@adjoint(linalg.qr, result=several)
def qr(
    y, a, overwrite_a: fixed = False, lwork=None, mode="full", pivoting=False, check_finite=True
):
    """Of full rank (in its first columns); the vectors that `full` adds have no derivative."""
    d[a] = matrix_functions.qr_any_adjoint(d[y], y, a, mode, pivoting)


@qr.tangent
def qr_tangent(y, a, mode, pivoting):
    d[y] = matrix_functions.qr_any_tangent(d[a], y, a, mode, pivoting)


@adjoint(linalg.rq, result=several)
def rq(y, a, overwrite_a: fixed = False, lwork=None, mode="full", check_finite=True):
    """Of square matrices."""
    d[a] = runtime.like(matrix_functions.rq_adjoint(d[y][0], d[y][1], y[0], y[1]), a)


@rq.tangent
def rq_tangent(y, a, overwrite_a: fixed = False, lwork=None, mode="full", check_finite=True):
    d[y] = matrix_functions.rq_tangent(d[a], y[0], y[1])


@adjoint(linalg.polar, result=several)
def polar(y, a, side="right"):
    """Of full rank; of tall matrices the right, of wide ones the left factors."""
    d[a] = runtime.like(matrix_functions.polar_adjoint(d[y][0], d[y][1], y[0], y[1], side), a)


@polar.tangent
def polar_tangent(y, a, side="right"):
    d[y] = matrix_functions.polar_tangent(d[a], y[0], y[1], side)


def _is_plain(k) -> bool:
    """All eigenvalues and vectors of the standard problem."""
    subset = is_none(k.subset_by_index) and is_none(k.subset_by_value)
    return subset and is_none(k.b) and is_false(k.eigvals_only)


@adjoint(linalg.eigh)
def eigh(
    y,
    a,
    b=None,
    *,
    lower=True,
    eigvals_only=False,
    overwrite_a: fixed = False,
    overwrite_b: fixed = False,
    type: fixed = 1,
    check_finite=True,
    subset_by_index=None,
    subset_by_value=None,
    driver=None,
):
    """The function reads one triangle alone, and there its derivative is."""
    d[a] = matrix_functions.eigh_or_values_adjoint(
        *("a", d[y], y, a, b, lower, eigvals_only, subset_by_index, subset_by_value)
    )
    d[b] = matrix_functions.eigh_or_values_adjoint(
        *("b", d[y], y, a, b, lower, eigvals_only, subset_by_index, subset_by_value)
    )


@eigh.when(_is_plain)
def eigh_standard(y, a, lower):
    d[a] = runtime.like(matrix_functions.eigh_adjoint(d[y][0], d[y][1], y[0], y[1], lower), a)


@eigh.tangent
def eigh_tangent(y, a, b, lower, eigvals_only, subset_by_index, subset_by_value):
    d[y] = matrix_functions.eigh_or_values_tangent(
        *(d[a], d[b], y, a, b, lower, eigvals_only, subset_by_index, subset_by_value)
    )


@eigh.tangent_when(_is_plain)
def eigh_standard_tangent(y, a, lower):
    d[y] = matrix_functions.eigh_tangent(d[a], y[0], y[1], lower)


@adjoint(linalg.eigvalsh)
def eigvalsh(
    y,
    a,
    b=None,
    *,
    lower=True,
    overwrite_a: fixed = False,
    overwrite_b: fixed = False,
    type: fixed = 1,
    check_finite=True,
    subset_by_index=None,
    subset_by_value=None,
    driver=None,
):
    d[a] = matrix_functions.eigvalsh_adjoint(
        *("a", d[y], a, b, lower, subset_by_index, subset_by_value)
    )
    d[b] = matrix_functions.eigvalsh_adjoint(
        *("b", d[y], a, b, lower, subset_by_index, subset_by_value)
    )


@eigvalsh.tangent
def eigvalsh_tangent(y, a, b, lower, subset_by_index, subset_by_value):
    d[y] = matrix_functions.eigvalsh_tangent(
        *(d[a], d[b], a, b, lower, subset_by_index, subset_by_value)
    )


@adjoint(linalg.eig, result=several)
def eig(
    y,
    a,
    b: fixed = None,
    left: fixed = False,
    right: fixed = True,
    overwrite_a: fixed = False,
    overwrite_b: fixed = False,
    check_finite=True,
    homogeneous_eigvals: fixed = False,
):
    d[a] = runtime.eig_adjoint(d[y][0], d[y][1], a, y[0], y[1])


@eig.tangent
def eig_tangent(y, a):
    d[y] = matrix_functions.eig_tangent(d[a], y[0], y[1])


@adjoint(linalg.eigvals)
def eigvals(
    y,
    a,
    b: fixed = None,
    overwrite_a: fixed = False,
    check_finite=True,
    homogeneous_eigvals: fixed = False,
):
    d[a] = runtime.eigvals_adjoint(d[y], a)


@eigvals.tangent
def eigvals_tangent(y, a):
    d[y] = runtime.like(runtime.eigvals_tangent(d[a], a), y)


@adjoint(linalg.eigh_tridiagonal)
def eigh_tridiagonal(
    y,
    diagonal,
    e,
    eigvals_only: fixed = False,
    select: fixed = "a",
    select_range=None,
    check_finite=True,
    tol=0.0,
    lapack_driver="auto",
):
    d[diagonal] = banded.tridiagonal_adjoint("d", d[y][0], d[y][1], y[0], y[1], diagonal)
    d[e] = banded.tridiagonal_adjoint("e", d[y][0], d[y][1], y[0], y[1], e)


@eigh_tridiagonal.tangent
def eigh_tridiagonal_tangent(y, diagonal, e):
    d[y] = banded.tridiagonal_tangent(d[diagonal], d[e], y[0], y[1])


@adjoint(linalg.eigvalsh_tridiagonal)
def eigvalsh_tridiagonal(
    y,
    diagonal,
    e,
    select: fixed = "a",
    select_range=None,
    check_finite=True,
    tol=0.0,
    lapack_driver="auto",
):
    v = linalg.eigh_tridiagonal(diagonal, e)[1]
    d[diagonal] = banded.tridiagonal_adjoint("d", d[y], 0.0, y, v, diagonal)
    d[e] = banded.tridiagonal_adjoint("e", d[y], 0.0, y, v, e)


@eigvalsh_tridiagonal.tangent
def eigvalsh_tridiagonal_tangent(y, diagonal, e):
    v = linalg.eigh_tridiagonal(diagonal, e)[1]
    d[y] = banded.tridiagonal_tangent(d[diagonal], d[e], y, v)[0]


@adjoint(linalg.eig_banded, result=several)
def eig_banded(
    y,
    a_band,
    lower=False,
    eigvals_only: fixed = False,
    overwrite_a_band: fixed = False,
    select: fixed = "a",
    select_range=None,
    max_ev=0,
    check_finite=True,
):
    d[a_band] = banded.eigenvalues_banded(d[y][0], a_band, lower, y[0], y[1], d[y][1])


@eig_banded.tangent
def eig_banded_tangent(y, a_band, lower):
    d[y] = runtime.eigh_tangent(banded.dense_hermitian(d[a_band], lower), y[0], y[1])


@adjoint(linalg.eigvals_banded)
def eigvals_banded(
    y,
    a_band,
    lower=False,
    overwrite_a_band: fixed = False,
    select: fixed = "a",
    select_range=None,
    check_finite=True,
):
    v = linalg.eig_banded(a_band, lower)[1]
    d[a_band] = banded.eigenvalues_banded(d[y], a_band, lower, y, v, 0.0)


@eigvals_banded.tangent
def eigvals_banded_tangent(y, a_band, lower):
    v = linalg.eig_banded(a_band, lower)[1]
    d[y] = runtime.eigh_tangent(banded.dense_hermitian(d[a_band], lower), y, v)[0]


@adjoint(linalg.svd)
def svd(
    y,
    a,
    full_matrices=True,
    compute_uv=True,
    overwrite_a: fixed = False,
    check_finite=True,
    lapack_driver="gesdd",
):
    """Vectors beyond the least dimension, of `full_matrices`, have no derivative."""
    d[a] = runtime.svd_or_values_adjoint(d[y], y, a, compute_uv)


@svd.when(lambda k: is_false(k.compute_uv))
def svd_values(y, a):
    d[a] = runtime.svdvals_adjoint(d[y], a)


@svd.when(lambda k: k.compute_uv.value is True)
def svd_factors(y, a):
    d[a] = runtime.like(runtime.svd_adjoint(d[y][0], d[y][1], d[y][2], y[0], y[1], y[2]), a)


@svd.tangent
def svd_tangent(y, a, compute_uv):
    d[y] = runtime.svd_or_values_tangent(d[a], y, a, compute_uv)


@svd.tangent_when(lambda k: is_false(k.compute_uv))
def svd_values_tangent(y, a):
    d[y] = runtime.svdvals_tangent(d[a], a)


@svd.tangent_when(lambda k: k.compute_uv.value is True)
def svd_factors_tangent(y, a):
    d[y] = runtime.svd_tangent(d[a], y[0], y[1], y[2])


@adjoint(linalg.svdvals)
def svdvals(y, a, overwrite_a: fixed = False, check_finite=True):
    d[a] = runtime.svdvals_adjoint(d[y], a)


@svdvals.tangent
def svdvals_tangent(y, a, overwrite_a: fixed = False, check_finite=True):
    d[y] = runtime.svdvals_tangent(d[a], a)
