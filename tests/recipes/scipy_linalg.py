"""Cases for `scipy.linalg`: single matrices and stacks, real and complex, every option."""

from __future__ import annotations

from typing import Any

import numpy
from scipy import linalg

from tests.recipes.cases import array, case, complexes, mixed, regular
from tests.recipes.cases_linalg import complex_tall, definite, hermitian, symmetric, tall


def spd(n: int) -> Any:
    half = regular(n, n)
    return half @ half.T + numpy.eye(n)


# ---- systems

general, dense = regular(3, 3), complexes(3, 3) + 2 * numpy.eye(3)
for b in (array(3), array(3, 2)):
    case(linalg.solve, general, b)
    case(linalg.solve, general, b, transposed=True)
    for lower in (False, True):
        case(linalg.solve, spd(3), b, lower, assume_a="pos")
        case(linalg.solve, symmetric(3, 3), b, lower=lower, assume_a="sym")
        case(linalg.solve, hermitian(3, 3), b + 0.5j, lower=lower, assume_a="her")
    for form in ("upper triangular", "lower triangular", "diagonal", "tridiagonal", "gen"):
        case(linalg.solve, general, b, assume_a=form)
case(linalg.solve, dense, complexes(3))
case(linalg.solve, complexes(3, 3) + complexes(3, 3).T + 3 * numpy.eye(3), array(3), assume_a="gen")
case(linalg.solve, [[1.0, 2.0], [0.5, 3.0]], [1.0, 2.0])
case(linalg.solve, regular(2, 3, 3), array(2, 3, 1))
case(linalg.solve, regular(3, 3, dtype="float32"), array(3, dtype="float32"))
for trans in (0, 1, 2, "N", "T", "C"):
    for lower in (False, True):
        case(linalg.solve_triangular, general, array(3), trans, lower)
        case(linalg.solve_triangular, dense, complexes(3, 2), trans=trans, lower=lower)
        case(linalg.solve_triangular, general, array(3), trans, lower, unit_diagonal=True)
case(linalg.solve_triangular, regular(2, 2, dtype="float32"), array(2, dtype="float32"))
case(linalg.solve_triangular, [[1.0, 2.0], [0.5, 3.0]], [1.0, 2.0])
for lower in (False, True):
    case(linalg.cho_solve, (regular(3, 3), lower), array(3), wrt="b")
    case(linalg.solve_banded, (1, 1), array(3, 4) + [[0], [2], [0]], array(4))
case(linalg.solve_banded, (2, 1), array(4, 5) + [[0], [2], [0], [0]], array(5, 2))
case(linalg.solve_banded, (0, 1), complexes(2, 3) + [[0], [2]], complexes(3))
case(linalg.solve_banded, (0, 0), array(1, 3), array(3))
case(linalg.solveh_banded, array(2, 4) + [[0], [2]], array(4))
case(linalg.solveh_banded, array(2, 4) + [[2], [0]], array(4, 2), lower=True)
case(linalg.solveh_banded, complexes(3, 4) + [[0], [0], [4]], complexes(4))
case(linalg.solveh_banded, complexes(3, 4) + [[4], [0], [0]], complexes(4), lower=True)
case(linalg.lu_solve, linalg.lu_factor(general), array(3), wrt="b")
case(linalg.lu_solve, linalg.lu_factor(dense), complexes(3, 2), 2, wrt="b")
case(linalg.solve_toeplitz, numpy.array([3.0, 0.5, 0.2]), array(3))
case(linalg.solve_toeplitz, numpy.array([3.0, 0.5 + 1j, 0.2]), complexes(3, 2))
case(linalg.solve_toeplitz, (numpy.array([3.0, 0.5, 0.2]), mixed(3)), array(3))
case(linalg.matmul_toeplitz, array(3), array(3))
case(linalg.matmul_toeplitz, (complexes(3), complexes(3)), complexes(3, 2))
case(linalg.matmul_toeplitz, (array(3), array(4)), array(4))
for f in (linalg.inv, linalg.det):
    case(f, general)
    case(f, dense)
    case(f, regular(2, 3, 3))
    case(f, regular(2, 2, dtype="float32"))
case(linalg.inv, spd(3), assume_a="pos", lower=True)
case(linalg.inv, symmetric(3, 3), assume_a="sym")
case(linalg.inv, general, assume_a="upper triangular")
case(linalg.pinv, tall(4, 3))
case(linalg.pinv, complex_tall(3, 4))
case(linalg.pinvh, symmetric(3, 3))
case(linalg.pinvh, hermitian(3, 3), lower=False)
case(linalg.lstsq, tall(4, 3), array(4))
case(linalg.lstsq, complex_tall(4, 2), complexes(4, 2))
case(linalg.lstsq, tall(2, 3), array(2))
case(linalg.solve_sylvester, regular(3, 3), regular(2, 2), array(3, 2))
case(linalg.solve_sylvester, dense, complexes(2, 2), complexes(3, 2))
case(linalg.solve_continuous_lyapunov, general, array(3, 3))
case(linalg.solve_continuous_lyapunov, dense, complexes(3, 3))
for method in (None, "direct", "bilinear"):
    case(linalg.solve_discrete_lyapunov, 0.3 * general, array(3, 3), method)
    case(linalg.solve_discrete_lyapunov, 0.3 * dense, complexes(3, 3), method)

# ---- functions of matrices

for f in (linalg.expm, linalg.sqrtm):
    case(f, general)
    case(f, dense)
    case(f, regular(2, 2, 2))
case(linalg.logm, general)
case(linalg.signm, numpy.array([[1.3, 0.4, 0.2], [0.3, -0.9, 0.5], [0.1, 0.6, 2.1]]))
case(linalg.logm, complexes(2, 2) + 2 * numpy.eye(2))
case(linalg.expm, regular(2, 2, dtype="float32"))
for f in (linalg.sinm, linalg.cosm, linalg.tanm, linalg.sinhm, linalg.coshm, linalg.tanhm):
    case(f, 0.3 * general)
    case(f, 0.3 * dense)
case(linalg.fractional_matrix_power, general, 0.3)
case(linalg.fractional_matrix_power, dense, 1.5)
case(linalg.expm_frechet, 0.5 * general, array(3, 3))
case(linalg.expm_frechet, 0.5 * dense, complexes(3, 3), compute_expm=False)
case(linalg.norm, mixed(2, 3))
case(linalg.norm, tall(3, 2), 2)
case(linalg.norm, complex_tall(3, 2), 1, axis=1, keepdims=True)

# ---- factorisations

for lower in (False, True):
    case(linalg.cholesky, spd(3), lower)
    case(linalg.cholesky, definite(3, 3), lower=lower)
    case(linalg.cholesky, definite(2, 2, 2), lower=lower)
    case(linalg.cho_factor, spd(3), lower)
    case(linalg.cho_factor, definite(3, 3), lower)
    case(linalg.cholesky_banded, array(2, 4) + ([[2], [0]] if lower else [[0], [2]]), lower=lower)
case(linalg.cholesky_banded, complexes(3, 4) + [[0], [0], [5]])
case(linalg.cholesky, spd(2).astype("float32"))
for matrix in (general, dense, tall(4, 2), tall(2, 4), regular(2, 3, 3)):
    case(linalg.lu, matrix[..., ::-1, :])
    case(linalg.lu, matrix[..., ::-1, :], p_indices=True)
    case(linalg.lu, matrix[..., ::-1, :], permute_l=True)
    case(linalg.lu_factor, matrix[..., ::-1, :])
for mode in ("full", "economic", "r"):
    case(linalg.qr, general, mode=mode)
    case(linalg.qr, dense, mode=mode, pivoting=True)
    case(linalg.qr, tall(2, 4), mode=mode)
case(linalg.qr, tall(4, 2), mode="economic")
case(linalg.qr, tall(4, 2), mode="r")
case(linalg.rq, general)
case(linalg.rq, dense)
case(linalg.polar, general)
case(linalg.polar, dense)
case(linalg.polar, tall(4, 2))
case(linalg.polar, complex_tall(4, 2))
case(linalg.polar, complex_tall(2, 4), side="left")
for lower in (False, True):
    case(linalg.eigh, symmetric(3, 3), lower=lower, driver="ev")
    case(linalg.eigh, hermitian(3, 3), lower=lower, driver="evd")
    case(linalg.eigh, symmetric(3, 3), spd(3), lower=lower)
    case(linalg.eigvalsh, symmetric(3, 3), lower=lower)
    case(linalg.eigvalsh, hermitian(3, 3), definite(3, 3), lower=lower)
    case(linalg.eigh, symmetric(3, 3), lower=lower, eigvals_only=True)
    case(linalg.eigh, symmetric(3, 3), spd(3), lower=lower, eigvals_only=True)
case(linalg.eigh, symmetric(3, 3), driver="ev", eigvals_only=numpy.False_)
case(linalg.eigh, symmetric(4, 4), subset_by_index=[1, 2], driver="evx")
case(linalg.eigh, symmetric(4, 4), spd(4), subset_by_index=[0, 1], driver="gvx")
case(linalg.eigh, symmetric(4, 4), eigvals_only=True, subset_by_index=[2, 3])
case(linalg.eigh, hermitian(4, 4), subset_by_value=[0.0, numpy.inf], driver="evx")
case(linalg.eigvalsh, symmetric(4, 4), spd(4), subset_by_index=[0, 0])
case(linalg.eigvalsh, symmetric(2, 2).tolist())
case(linalg.svd, general, compute_uv=numpy.True_)
case(linalg.svd, general, compute_uv=numpy.False_)
for f in (linalg.eig, linalg.eigvals):
    case(f, numpy.array([[0.5, 2.0, 0.1], [-1.0, 0.3, 0.2], [0.4, 0.1, 2.0]]))
    case(f, symmetric(3, 3) + 0.1 * mixed(3, 3))
    case(f, complexes(3, 3) * numpy.arange(1, 4) - 0.5)
for f in (linalg.eigh_tridiagonal, linalg.eigvalsh_tridiagonal):
    case(f, mixed(4), array(3))
for f in (linalg.eig_banded, linalg.eigvals_banded):
    case(f, mixed(2, 4) + numpy.arange(4))
    case(f, mixed(2, 4) + numpy.arange(4), True)
case(linalg.eigvals_banded, complexes(3, 4) + [[0], [0], [5]])
case(linalg.svd, general)
case(linalg.svd, dense)
case(linalg.svd, complex_tall(4, 2), full_matrices=False)
case(linalg.svd, tall(2, 4), False, lapack_driver="gesvd")
case(linalg.svd, tall(2, 4), compute_uv=False)
case(linalg.svdvals, complex_tall(3, 2))
case(linalg.orth, tall(4, 2))

# ---- structured matrices

case(linalg.toeplitz, array(3))
case(linalg.toeplitz, complexes(3))
case(linalg.toeplitz, array(3), array(4))
case(linalg.toeplitz, complexes(3), array(2))
case(linalg.hankel, array(3))
case(linalg.hankel, array(3), array(4))
case(linalg.hankel, complexes(4), array(2))
case(linalg.circulant, array(4))
case(linalg.circulant, array(2, 3))
for mode in ("full", "same", "valid"):
    case(linalg.convolution_matrix, array(3), 5, mode)
    case(linalg.convolution_matrix, array(4), 3, mode=mode)
case(linalg.block_diag, array(2, 3), array(1, 2), array(2), 0.5)
case(linalg.block_diag, array(2, 3), complexes(2, 2))
case(linalg.khatri_rao, array(2, 3), complexes(4, 3))
case(linalg.diagsvd, array(2), 2, 3)
case(linalg.leslie, array(3), array(2))
case(linalg.companion, array(4))
case(linalg.companion, complexes(3))
case(linalg.fiedler, mixed(4))
case(linalg.fiedler_companion, array(4))
case(linalg.fiedler_companion, complexes(5))

# ---- circulant systems, banded factors, Riccati equations, subspaces

case(linalg.solve_circulant, numpy.array([3.0, 0.5, 0.2]), array(3))
case(linalg.solve_circulant, complexes(4) + [4, 0, 0, 0], complexes(4, 2))
for lower in (False, True):
    band = array(2, 4) + ([[2], [0]] if lower else [[0], [2]])
    case(linalg.cho_solve_banded, (band, lower), array(4), wrt="b")
control, weight = array(3, 2), numpy.array([[2.0, 0.5], [0.5, 1.0]])
for f, matrix in (
    (linalg.solve_continuous_are, general),
    (linalg.solve_discrete_are, 0.3 * general),
):
    case(f, matrix, control, spd(3), weight, wrt=("a", "b"))
    case(
        f,
        0.5 * matrix + 0.1j * dense,
        complexes(3, 2),
        definite(3, 3),
        definite(2, 2),
        wrt=("a", "b"),
    )
case(linalg.orthogonal_procrustes, tall(4, 3), mixed(4, 3))
case(linalg.orthogonal_procrustes, complex_tall(4, 2), complex_tall(4, 2) - mixed(4, 2))
case(linalg.subspace_angles, tall(5, 2), mixed(5, 2))
case(linalg.subspace_angles, tall(5, 3), array(5, 2))
case(linalg.subspace_angles, complex_tall(5, 2), complexes(5, 2) - 0.2)
case(linalg.matrix_balance, numpy.array([[1.0, 100.0, 0.3], [0.02, 2.0, 0.1], [0.1, 50.0, 1.0]]))

# ---- stacks

stack = regular(2, 3, 3)
for f in (
    linalg.pinv,
    linalg.svdvals,
    linalg.det,
    linalg.sinm,
    linalg.orth,
    linalg.polar,
    linalg.lu,
):
    case(f, 0.5 * stack)
case(linalg.solve_triangular, stack, array(2, 3, 1))
case(linalg.eigvalsh, stack + numpy.diag([0.0, 2.0, 5.0]))
case(linalg.qr, stack)
case(linalg.rq, stack)
case(linalg.cho_factor, 0.1 * stack + 3 * numpy.eye(3))
case(linalg.expm_frechet, 0.3 * stack, stack)
case(linalg.solve_sylvester, stack, regular(2, 2, 2), array(2, 3, 2))
case(linalg.eigh_tridiagonal, array(2, 3) + numpy.array([0.0, 2.0, 5.0]), array(2, 2))
for f in (linalg.toeplitz, linalg.circulant, linalg.fiedler, linalg.companion):
    case(f, array(2, 4))
case(linalg.toeplitz, array(2, 3), array(2, 4))
case(linalg.convolution_matrix, array(2, 3), 4)
case(linalg.leslie, array(2, 3), array(2, 2))
case(linalg.block_diag, array(2, 2, 3), array(2, 1, 1))
case(linalg.matrix_balance, stack)
