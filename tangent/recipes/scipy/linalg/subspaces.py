"""Bases and angles of subspaces, the best rotation, balancing; what is not supported.

B, T = matrix_balance(A)      Ā += T⁻ᵀ B̄ Tᵀ       (T is constant almost everywhere)
"""

from __future__ import annotations

import numpy
from numpy import matmul
from scipy import linalg

from tangent import runtime
from tangent.recipes.registry import adjoint, d, fixed, nondifferentiable, unsupported
from tangent.recipes.scipy import matrix_functions
from tangent.recipes.scipy.linalg.factorisations import several


@adjoint(linalg.orth)
def orth(y, A, rcond=None):
    """Where the rank does not change."""
    d[A] = matrix_functions.orth_adjoint(d[y], A, y)


@orth.tangent
def orth_tangent(y, A, rcond=None):
    d[y] = matrix_functions.orth_tangent(d[A], A, y)


@adjoint(linalg.subspace_angles)
def subspace_angles(y, A, B):
    """Of matrices of full rank; angles that are zero have no derivative (infinite)."""
    d[A] = matrix_functions.angles_adjoint(d[y], y, A, B)
    d[B] = matrix_functions.angles_adjoint(d[y], y, B, A)


@subspace_angles.tangent
def subspace_angles_tangent(y, A, B):
    d[y] = matrix_functions.angles_tangent(d[A], d[B], y, A, B)


@adjoint(linalg.orthogonal_procrustes, result=several)
def orthogonal_procrustes(y, A, B, check_finite=True):
    """`R` is the unitary polar factor of `Aᴴ B`, the scale the sum of its singular values."""
    g = matrix_functions.procrustes_adjoint(d[y][0], d[y][1], A, B, y[0])
    d[A] = runtime.like(numpy.conj(matmul(B, numpy.matrix_transpose(g))), A)
    d[B] = runtime.like(matmul(numpy.conj(A), g), B)


@orthogonal_procrustes.tangent
def orthogonal_procrustes_tangent(y, A, B, check_finite=True):
    d[y] = matrix_functions.procrustes_tangent(d[A], d[B], A, B, y[0])


@adjoint(linalg.matrix_balance, result=several)
def matrix_balance(
    y, A, permute=True, scale=True, separate: fixed = False, overwrite_a: fixed = False
):
    """The scaling is by powers of two, and so constant almost everywhere."""
    t = numpy.matrix_transpose(y[1])
    d[A] = runtime.like(numpy.linalg.solve(t, matmul(d[y][0], t)), A)


@matrix_balance.tangent
def matrix_balance_tangent(y, A):
    d[y] = (numpy.linalg.solve(y[1], matmul(d[A], y[1])), numpy.zeros_like(y[1]))


nondifferentiable(linalg.find_best_blas_type, linalg.get_blas_funcs, linalg.get_lapack_funcs)
unsupported(linalg.null_space, reason="a basis of what a matrix annihilates is not unique")
unsupported(
    *(linalg.schur, linalg.qz, linalg.ordqz, linalg.rsf2csf, linalg.cdf2rdf),
    reason="Schur forms are not implemented; use scipy.linalg.eig or eigh",
)
unsupported(
    *(linalg.hessenberg, linalg.ldl, linalg.cossin),
    reason="this factorisation is not implemented; use scipy.linalg.qr, lu, cholesky or svd",
)
unsupported(
    *(linalg.qr_delete, linalg.qr_insert, linalg.qr_multiply, linalg.qr_update),
    reason="updates of a QR factorisation are not implemented; factorise with scipy.linalg.qr",
)
unsupported(
    *(linalg.expm_cond, linalg.funm, linalg.clarkson_woodruff_transform),
    reason="it is an estimate, a function of yours, or a random transform of the matrix",
)
