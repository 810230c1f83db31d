"""Matrices of a special form, made of their elements.

    y = toeplitz(c, r)    c̄ += sums of diagonals of Ȳ

Each is linear in the elements, except for `companion` and `fiedler`.
"""

from __future__ import annotations

import numpy
from scipy import linalg

from tangent import runtime
from tangent.recipes.registry import adjoint, d, each, fixed, linear, multilinear, nondifferentiable
from tangent.recipes.scipy import banded


@linear(linalg.toeplitz)
def toeplitz(y, c, r=None):
    d[c] = banded.toeplitz_adjoint_c(d[y], c, r)
    d[r] = banded.toeplitz_adjoint_r(d[y], r)


@linear(linalg.hankel)
def hankel(y, c, r=None):
    d[c] = banded.hankel_adjoint_c(d[y], c)
    d[r] = banded.hankel_adjoint_r(d[y], r)


@linear(linalg.circulant)
def circulant(y, c):
    d[c] = banded.circulant_adjoint(d[y], c)


@linear(linalg.convolution_matrix)
def convolution_matrix(y, a, n, mode="full"):
    d[a] = banded.convolution_matrix_adjoint(d[y], a, n, mode)


@linear(linalg.block_diag)
def block_diag(y, *arrs):
    d[arrs] = banded.block_diag_adjoint(d[y], each, *arrs)


@multilinear(linalg.khatri_rao)
def khatri_rao(y, a, b):
    d[a] = banded.khatri_rao_adjoint(d[y], a, b, True)
    d[b] = banded.khatri_rao_adjoint(d[y], a, b, False)


@linear(linalg.diagsvd)
def diagsvd(y, s, M, N):
    d[s] = runtime.like(numpy.diagonal(d[y], axis1=-2, axis2=-1), s)


@linear(linalg.leslie)
def leslie(y, f, s):
    d[f] = banded.leslie_adjoint_f(d[y], f)
    d[s] = banded.leslie_adjoint_s(d[y], s)


@adjoint(linalg.companion)
def companion(y, a):
    d[a] = banded.companion_adjoint(d[y], a)


@companion.tangent
def companion_tangent(y, a):
    d[y] = banded.companion_tangent(d[a], a)


@adjoint(linalg.fiedler)
def fiedler(y, a):
    d[a] = banded.fiedler_adjoint(d[y], a)


@fiedler.tangent
def fiedler_tangent(y, a):
    d[y] = banded.fiedler_tangent(d[a], a)


@adjoint(linalg.fiedler_companion)
def fiedler_companion(y, a):
    d[a] = banded.fiedler_companion_adjoint(d[y], a)


@fiedler_companion.tangent
def fiedler_companion_tangent(y, a):
    d[y] = banded.fiedler_companion_tangent(d[a], a)


@adjoint(linalg.matmul_toeplitz)
def matmul_toeplitz(y, c_or_cr, x, check_finite=False, workers: fixed = None):
    d[c_or_cr] = banded.matmul_toeplitz_adjoint_c(d[y], c_or_cr, x)
    d[x] = banded.matmul_toeplitz_adjoint_x(d[y], c_or_cr, x)


@matmul_toeplitz.tangent
def matmul_toeplitz_tangent(y, c_or_cr, x, check_finite=False, workers: fixed = None):
    d[y] = banded.matmul_toeplitz_tangent(d[c_or_cr], d[x], c_or_cr, x)


nondifferentiable(
    *(linalg.dft, linalg.hadamard, linalg.helmert, linalg.hilbert, linalg.invhilbert),
    *(linalg.pascal, linalg.invpascal),
)
