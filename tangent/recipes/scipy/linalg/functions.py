"""Functions of matrices, and norms.

    y = expm(A)           Ā += L(Aᵀ, Ȳ), with `L(A, E)` the Fréchet derivative of the exponential

N. J. Higham, *Functions of Matrices* (2008), ch. 3; A. H. Al-Mohy, N. J. Higham, "Computing the
Fréchet derivative of the matrix exponential" (2009).
"""

from __future__ import annotations

import numpy
from scipy import linalg

from tangent import runtime
from tangent.recipes.registry import adjoint, d
from tangent.recipes.scipy import matrix_functions


@adjoint(linalg.expm)
def expm(y, A):
    d[A] = matrix_functions.expm_adjoint(d[y], A)


@expm.tangent
def expm_tangent(y, A):
    d[y] = matrix_functions.expm_tangent(d[A], A)


@adjoint(linalg.expm_frechet)
def expm_frechet(y, A, E, method=None, compute_expm=True, check_finite=True):
    d[A] = matrix_functions.frechet_adjoint(d[y], A, E, compute_expm, False)
    d[E] = matrix_functions.frechet_adjoint(d[y], A, E, compute_expm, True)


@expm_frechet.tangent
def expm_frechet_tangent(y, A, E, method=None, compute_expm=True, check_finite=True):
    d[y] = matrix_functions.frechet_tangent(d[A], d[E], A, E, compute_expm)


@adjoint(linalg.sqrtm)
def sqrtm(y, A):
    """Of matrices without eigenvalues on the negative real axis."""
    d[A] = matrix_functions.sqrtm_adjoint(d[y], A, y)


@sqrtm.tangent
def sqrtm_tangent(y, A):
    d[y] = linalg.solve_sylvester(y, y, d[A])


@adjoint(linalg.logm)
def logm(y, A):
    """Of matrices without eigenvalues on the negative real axis."""
    d[A] = matrix_functions.function_adjoint(linalg.logm, d[y], A)


@logm.tangent
def logm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.logm, d[A], A)


@adjoint(linalg.fractional_matrix_power, alias=("A",))  # the first power is it
def fractional_matrix_power(y, A, t):
    d[A] = matrix_functions.function_adjoint(matrix_functions.power_of(t), d[y], A)
    d[t] = runtime.like(numpy.sum(d[y] * numpy.matmul(linalg.logm(A), y)), t)


@fractional_matrix_power.tangent
def fractional_matrix_power_tangent(y, A, t):
    along = matrix_functions.function_tangent(matrix_functions.power_of(t), d[A], A)
    d[y] = along + d[t] * numpy.matmul(linalg.logm(A), y)


@adjoint(linalg.signm)
def signm(y, A):
    """Constant only where all eigenvalues lie on one side of the imaginary axis (Higham 2008, chapter 5)."""
    d[A] = matrix_functions.function_adjoint(linalg.signm, d[y], A)


@signm.tangent
def signm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.signm, d[A], A)


@adjoint(linalg.sinm)
def sinm(y, A):
    d[A] = matrix_functions.function_adjoint(linalg.sinm, d[y], A)


@sinm.tangent
def sinm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.sinm, d[A], A)


@adjoint(linalg.cosm)
def cosm(y, A):
    d[A] = matrix_functions.function_adjoint(linalg.cosm, d[y], A)


@cosm.tangent
def cosm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.cosm, d[A], A)


@adjoint(linalg.tanm)
def tanm(y, A):
    d[A] = matrix_functions.function_adjoint(linalg.tanm, d[y], A)


@tanm.tangent
def tanm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.tanm, d[A], A)


@adjoint(linalg.sinhm)
def sinhm(y, A):
    d[A] = matrix_functions.function_adjoint(linalg.sinhm, d[y], A)


@sinhm.tangent
def sinhm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.sinhm, d[A], A)


@adjoint(linalg.coshm)
def coshm(y, A):
    d[A] = matrix_functions.function_adjoint(linalg.coshm, d[y], A)


@coshm.tangent
def coshm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.coshm, d[A], A)


@adjoint(linalg.tanhm)
def tanhm(y, A):
    d[A] = matrix_functions.function_adjoint(linalg.tanhm, d[y], A)


@tanhm.tangent
def tanhm_tangent(y, A):
    d[y] = matrix_functions.function_tangent(linalg.tanhm, d[A], A)


@adjoint(linalg.norm)
def norm(y, a, ord=None, axis=None, keepdims=False, check_finite=True):
    d[a] = runtime.norm_adjoint(d[y], a, y, ord, axis, keepdims)


@norm.tangent
def norm_tangent(y, a, ord=None, axis=None, keepdims=False, check_finite=True):
    d[y] = runtime.norm_tangent(d[a], a, y, ord, axis, keepdims)
