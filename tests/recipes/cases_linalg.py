"""Cases for `numpy.linalg`: single matrices and stacks, real and complex, every option."""

from __future__ import annotations

from typing import Any

import numpy
from numpy import linalg

from tests.recipes.cases import array, case, complexes, mixed, regular


def hermitian(*shape: int) -> Any:
    half = complexes(*shape) - 0.5j
    return (
        half
        + numpy.conj(numpy.swapaxes(half, -1, -2))
        + 0.5 * numpy.arange(shape[-1]) ** 2 * numpy.eye(shape[-1])
    )


def symmetric(*shape: int, dtype: str = "float64") -> Any:
    half = mixed(*shape)
    spread = numpy.arange(shape[-1]) ** 2 * numpy.eye(shape[-1])
    return (half + numpy.swapaxes(half, -1, -2) + spread).astype(dtype)


def definite(*shape: int) -> Any:
    half = complexes(*shape) + 2 * numpy.eye(shape[-1])
    return half @ numpy.conj(numpy.swapaxes(half, -1, -2))


def tall(*shape: int) -> Any:
    """Of full rank, with singular values that are apart."""
    return mixed(*shape) + numpy.eye(*shape[-2:]) * numpy.arange(1, shape[-1] + 1)


def complex_tall(*shape: int) -> Any:
    return tall(*shape) + 1j * mixed(*shape)


# ---- systems, inverses, determinants

case(linalg.inv, [[1.0, 2.0], [0.5, 3.0]])
case(linalg.inv, numpy.array([[1, 2], [0, 3]]), wrt="a")
case(linalg.inv, numpy.zeros((0, 3, 3)))
case(linalg.inv, array(0, 0))
for f in (linalg.det, linalg.slogdet):
    case(f, [[1.0, 2.0], [0.5, 3.0]])
    case(f, complexes(2, 3, 3) + 2 * numpy.eye(3))
    case(f, regular(2, 2, dtype="float32"))
    case(f, array(1, 1))
case(linalg.det, numpy.array([[1.0, 2.0], [2.0, 4.0]]))
case(linalg.det, numpy.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [0.0, 1.0, 1.0 + 1j]]))
case(linalg.slogdet, -regular(3, 3))
for f in (linalg.pinv,):
    case(f, tall(4, 3))
    case(f, tall(3, 4))
    case(f, complex_tall(2, 3, 2))
    case(f, tall(3, 2).astype("float32"))
    case(f, tall(3, 2).tolist())
    case(f, regular(3, 3), rtol=1e-10)
    case(f, symmetric(3, 3), hermitian=True)
    case(f, hermitian(3, 3), hermitian=True)
case(linalg.solve, complexes(2, 3, 3) + 2 * numpy.eye(3), complexes(3, 2))
case(linalg.solve, [[1.0, 2.0], [0.5, 3.0]], [1.0, 2.0])
case(linalg.solve, regular(3, 3), complexes(3))
case(linalg.solve, regular(2, 1, 3, 3), array(4, 3, 1))
for b in (array(4), array(4, 2)):
    case(linalg.lstsq, tall(4, 3), b)
    case(linalg.lstsq, tall(4, 3), b, rcond=None)
case(linalg.lstsq, tall(2, 3), array(2), 1e-10)
case(linalg.lstsq, complex_tall(4, 2), complexes(4))
case(linalg.lstsq, tall(4, 2).tolist(), [0.5, 0.25, 0.1, 0.7])
case(linalg.tensorinv, regular(6, 6).reshape(2, 3, 6))
case(linalg.tensorinv, regular(6, 6).reshape(6, 3, 2), ind=1)
case(linalg.tensorsolve, regular(6, 6).reshape(2, 3, 6), array(2, 3))
case(linalg.tensorsolve, regular(6, 6).reshape(2, 3, 3, 2), array(2, 3))
case(linalg.tensorsolve, numpy.moveaxis(regular(6, 6).reshape(6, 2, 3), 2, 0), array(6), axes=(0,))

# ---- powers and products

for n in (-2, -1, 0, 1, 2, 3, 5):
    case(linalg.matrix_power, regular(3, 3), n)
    case(linalg.matrix_power, complexes(2, 2, 2) + numpy.eye(2), n)
case(linalg.matrix_power, regular(2, 2, dtype="float32"), 3)
case(linalg.matrix_power, [[1.0, 0.5], [0.25, 2.0]], 2)
case(linalg.multi_dot, [array(2, 3), array(3, 4)])
case(linalg.multi_dot, [array(2, 3), array(3, 4), array(4, 2), array(2, 2)])
case(linalg.multi_dot, [array(3), array(3, 4), array(4)])
case(linalg.multi_dot, (array(3), array(3, 4), complexes(4, 2)))
for m, n in [((2, 3), (3, 2)), ((3,), (3,)), ((4, 2, 3), (3,)), ((4, 2, 3), (3, 2))]:
    case(linalg.matmul, array(*m), array(*n))
case(linalg.outer, array(2), complexes(3))
case(linalg.tensordot, array(2, 3), array(2, 3, 2))
case(linalg.tensordot, array(2, 3), array(2, 3), axes=([0, 1], [0, 1]))
case(linalg.vecdot, array(2, 3), array(3))
case(linalg.vecdot, complexes(3, 2), complexes(3, 2), axis=0)
case(linalg.cross, array(2, 3), array(3))
case(linalg.cross, array(3, 2), array(3, 2), axis=0)
case(linalg.trace, array(2, 3, 3))
case(linalg.trace, array(2, 3), offset=1)
case(linalg.diagonal, array(2, 3, 3), offset=-1)
case(linalg.matrix_transpose, array(4, 2, 3))

# ---- factorisations

for upper in (False, True):
    case(linalg.cholesky, regular(3, 3) @ regular(3, 3).T + numpy.eye(3), upper=upper)
    case(linalg.cholesky, definite(2, 3, 3), upper=upper)
case(linalg.cholesky, numpy.array([[2.0, 0.5], [0.5, 1.0]], "float32"))
case(linalg.cholesky, [[2.0, 0.5], [0.5, 1.0]])
case(linalg.cholesky, numpy.array([[2, 1], [1, 2]]), wrt="a")
for mode in ("reduced", "complete", "r"):
    case(linalg.qr, regular(3, 3), mode)
    case(linalg.qr, complexes(3, 3) + 2 * numpy.eye(3), mode=mode)
    case(linalg.qr, tall(2, 4), mode)
    case(linalg.qr, complex_tall(2, 2, 3), mode)
case(linalg.qr, tall(4, 2))
case(linalg.qr, complex_tall(2, 4, 3))
case(linalg.qr, tall(4, 2), "r")
case(linalg.qr, tall(4, 2).astype("float32"))
case(linalg.qr, tall(4, 2).tolist())
for uplo in ("L", "U"):
    for f in (linalg.eigh, linalg.eigvalsh):
        case(f, symmetric(3, 3), uplo)
        case(f, symmetric(2, 3, 3), UPLO=uplo)
        case(f, hermitian(3, 3), uplo)
        case(f, hermitian(2, 4, 4), uplo)
for f in (linalg.eigh, linalg.eigvalsh, linalg.eig, linalg.eigvals, linalg.svdvals):
    case(f, symmetric(3, 3, dtype="float32"))
    case(f, symmetric(3, 3).tolist())
    case(f, array(1, 1))
for f in (linalg.eig, linalg.eigvals):
    case(f, symmetric(3, 3) + 0.1 * mixed(3, 3))
    case(f, numpy.array([[0.5, 2.0, 0.1], [-1.0, 0.3, 0.2], [0.4, 0.1, 2.0]]))
    case(f, complexes(2, 3, 3) * numpy.arange(1, 4) - 0.5)
for f in (linalg.svd, linalg.svdvals):
    case(f, regular(3, 3))
    case(f, complexes(3, 3) + numpy.diag([0, 1, 3]))
    case(f, complexes(2, 2, 2) + numpy.diag([0, 2]))
case(linalg.svdvals, tall(4, 2))
case(linalg.svd, tall(4, 3), False)
case(linalg.svd, tall(2, 4), full_matrices=False)
case(linalg.svd, tall(2, 4, 3), full_matrices=False)
case(linalg.svd, complex_tall(4, 2), full_matrices=False)
case(linalg.svd, complex_tall(9, 2), full_matrices=False)
case(linalg.svd, complex_tall(2, 4), full_matrices=False)
case(linalg.svd, complex_tall(2, 9), full_matrices=False)
case(linalg.svd, tall(3, 2).astype("float32"), full_matrices=False)
case(linalg.svd, tall(3, 2).tolist(), False)
case(linalg.svd, tall(3, 2), compute_uv=False)
case(linalg.svd, regular(3, 3), compute_uv=numpy.True_)
case(linalg.svd, tall(3, 2), compute_uv=numpy.False_)
case(linalg.svd, symmetric(3, 3), hermitian=True)
case(linalg.svd, hermitian(3, 3), hermitian=True)
case(linalg.svd, hermitian(3, 3), compute_uv=False, hermitian=True)

# ---- norms

for ord in ("fro", "nuc", 1, -1, 2, -2, numpy.inf, -numpy.inf):
    case(linalg.norm, tall(3, 2), ord)
    case(linalg.norm, tall(4, 3, 2), ord, axis=(1, 2))
    case(linalg.norm, complex_tall(2, 3, 2), ord, axis=(2, 0), keepdims=True)
    case(linalg.matrix_norm, tall(4, 3, 2), ord=ord)
case(linalg.matrix_norm, complex_tall(3, 2), keepdims=True)
case(linalg.matrix_norm, tall(3, 2).astype("float32"))
for ord in (0, 1, 2, 3, 2.5, -1, -2, numpy.inf, -numpy.inf):
    case(linalg.norm, mixed(4), ord)
    case(linalg.norm, mixed(2, 3) + 0.5j, ord, axis=0)
    case(linalg.vector_norm, mixed(2, 3), ord=ord)
    case(linalg.vector_norm, mixed(2, 3, 2), axis=(0, -1), ord=ord)
    case(linalg.vector_norm, mixed(2, 3), axis=1, keepdims=True, ord=ord)
case(linalg.vector_norm, mixed(3).astype("float32"), ord=3)
case(linalg.norm, [3.0, 4.0])
case(linalg.norm, [3.0, 4.0], 1)
case(linalg.norm, numpy.array([3, 4]), wrt="x")
case(linalg.norm, array(2, 3, 2))
for p in (None, 2, -2, 1, -1, numpy.inf, -numpy.inf, "fro", "nuc"):
    case(linalg.cond, regular(3, 3), p)
    case(linalg.cond, complexes(2, 2, 2) + numpy.diag([1, 2]), p)
case(linalg.cond, tall(4, 2))
case(linalg.cond, regular(2, 2, dtype="float32"))
