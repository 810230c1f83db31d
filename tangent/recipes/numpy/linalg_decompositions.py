"""Factorisations: Cholesky, QR, eigenvalues and vectors, singular values and vectors.

    w, V = eigh(A)        Ā += V (diag(w̄) + F ∘ (Vᵀ V̄)) Vᵀ,  Fᵢⱼ = 1 / (wⱼ - wᵢ)

The formulas and what they suppose: `tangent.runtime_decompositions`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind, precision_of
from tangent.recipes.registry import adjoint, d
from tangent.recipes.results import constantly, is_false, precision


def floats(k: Kind) -> str | None:
    """The dtype of a factor of a matrix of this kind, where it is certain."""
    if k.dtype in ("float32", "float64", "complex64", "complex128"):
        return k.dtype
    return "float64" if k.dtype in ("int32", "int64") else None


def factor(k):
    """A factor of the shape of the matrix."""
    dtype = floats(k.a)
    array = k.a.is_array
    return Kind(
        "array", dtype, k.a.rank if array else None, k.a.shape if array else None, precision(k.a)
    )


def values(k):
    """Real values for each matrix."""
    dtype = floats(k.a)
    real = {"complex64": "float32", "complex128": "float64"}.get(dtype or "", dtype)
    rank = k.a.rank - 1 if k.a.is_array and k.a.rank is not None and k.a.rank > 1 else None
    return Kind("array", real, rank, None, precision_of(real))


@adjoint(numpy.linalg.cholesky, result=factor)
def cholesky(y, a, /, *, upper=False):
    """The function reads one triangle alone, and there its derivative is."""
    d[a] = runtime.like(runtime.cholesky_adjoint(d[y], y, upper), a)


@cholesky.when(lambda k: k.a.is_array and floats(k.a) == k.a.dtype and is_false(k.upper))
def cholesky_of_arrays(y, a, /, *, upper=False):
    d[a] = runtime.cholesky_adjoint(d[y], y)


@cholesky.tangent
def cholesky_tangent(y, a, /, *, upper=False):
    d[y] = runtime.cholesky_tangent(d[a], y, upper)


def _qr(k):
    if k.mode.value != "reduced":
        return Kind("array") if k.mode.value == "r" else Kind()
    dtype, rank = floats(k.a), k.a.rank if k.a.is_array else None
    return Kind("tuple", items=(Kind("array", dtype, rank, None, precision(k.a)),) * 2)


@adjoint(numpy.linalg.qr, result=_qr)
def qr(y, a, mode="reduced"):
    """Of full rank (in its first columns); the vectors that `complete` adds have no derivative."""
    d[a] = runtime.like(runtime.qr_adjoint(d[y][0], d[y][1], y[0], y[1], mode), a)


@qr.when(lambda k: k.mode.value == "r")
def qr_of_r(y, a, mode="reduced"):
    d[a] = runtime.qr_r_adjoint(d[y], a)


@qr.when(lambda k: k.mode.value == "reduced" and k.a.is_array and floats(k.a) == k.a.dtype)
def qr_reduced(y, a, mode="reduced"):
    d[a] = runtime.qr_adjoint(d[y][0], d[y][1], y[0], y[1])


@qr.tangent
def qr_tangent(y, a, mode="reduced"):
    d[y] = runtime.qr_tangent(d[a], y[0], y[1], mode)


@qr.tangent_when(lambda k: k.mode.value == "r")
def qr_r_tangent(y, a, mode="reduced"):
    d[y] = runtime.qr_r_tangent(d[a], a)


@adjoint(numpy.linalg.eigh, result=lambda k: Kind("tuple", items=(values(k), factor(k))))
def eigh(y, a, UPLO="L"):
    """The function reads one triangle alone, and there its derivative is."""
    d[a] = runtime.like(runtime.eigh_adjoint(d[y][0], d[y][1], y[0], y[1], UPLO), a)


@eigh.when(lambda k: k.UPLO.value == "L" and k.a.is_array and floats(k.a) == k.a.dtype)
def eigh_of_arrays(y, a, UPLO="L"):
    d[a] = runtime.eigh_adjoint(d[y][0], d[y][1], y[0], y[1])


@eigh.tangent
def eigh_tangent(y, a, UPLO="L"):
    d[y] = runtime.eigh_tangent(d[a], y[0], y[1], UPLO)


@adjoint(numpy.linalg.eigvalsh, result=values)
def eigvalsh(y, a, UPLO="L"):
    d[a] = runtime.eigvalsh_adjoint(d[y], a, UPLO)


@eigvalsh.tangent
def eigvalsh_tangent(y, a, UPLO="L"):
    d[y] = runtime.eigvalsh_tangent(d[a], a, UPLO)


@adjoint(numpy.linalg.eig, result=constantly(Kind("tuple")))
def eig(y, a):
    d[a] = runtime.eig_adjoint(d[y][0], d[y][1], a, y[0], y[1])


@eig.tangent
def eig_tangent(y, a):
    d[y] = runtime.eig_tangent(d[a], y[0], y[1])


@adjoint(numpy.linalg.eigvals)
def eigvals(y, a):
    d[a] = runtime.eigvals_adjoint(d[y], a)


@eigvals.tangent
def eigvals_tangent(y, a):
    d[y] = runtime.eigvals_tangent(d[a], a)


def _svd(k):
    if not k.compute_uv.is_constant:
        return Kind()
    if not k.compute_uv.value:
        return values(k)
    dtype, rank = floats(k.a), k.a.rank if k.a.is_array else None
    vectors = Kind("array", dtype, rank, None, precision(k.a))
    return Kind("tuple", items=(vectors, values(k), vectors))


@adjoint(numpy.linalg.svd, result=_svd)
def svd(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    """Vectors beyond the least dimension, of `full_matrices`, have no derivative."""
    d[a] = runtime.svd_or_values_adjoint(d[y], y, a, compute_uv, hermitian)


@svd.when(lambda k: is_false(k.compute_uv))
def svd_values(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    d[a] = runtime.svdvals_adjoint(d[y], a, hermitian)


@svd.when(
    lambda k: (
        k.compute_uv.value is True
        and is_false(k.hermitian)
        and k.a.is_array
        and floats(k.a) == k.a.dtype
    )
)
def svd_of_arrays(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    d[a] = runtime.svd_adjoint(d[y][0], d[y][1], d[y][2], y[0], y[1], y[2])


@svd.when(lambda k: k.compute_uv.value is True)
def svd_factors(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    d[a] = runtime.like(
        runtime.svd_adjoint(d[y][0], d[y][1], d[y][2], y[0], y[1], y[2], hermitian), a
    )


@svd.tangent
def svd_tangent(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    d[y] = runtime.svd_or_values_tangent(d[a], y, a, compute_uv, hermitian)


@svd.tangent_when(lambda k: is_false(k.compute_uv))
def svd_values_tangent(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    d[y] = runtime.svdvals_tangent(d[a], a, hermitian)


@svd.tangent_when(lambda k: k.compute_uv.value is True)
def svd_factors_tangent(y, a, full_matrices=True, compute_uv=True, hermitian=False):
    d[y] = runtime.svd_tangent(d[a], y[0], y[1], y[2], hermitian)


@adjoint(numpy.linalg.svdvals, result=lambda k: values(SimpleNamespace(a=k.x)))
def svdvals(y, x, /):
    d[x] = runtime.svdvals_adjoint(d[y], x)


@svdvals.tangent
def svdvals_tangent(y, x, /):
    d[y] = runtime.svdvals_tangent(d[x], x)
