"""Cases for products, transforms, polynomials, convolutions and interpolation."""

from __future__ import annotations

import numpy
from numpy import fft

from tangent.runtime_containers import Items
from tests.recipes.cases import array, case, complexes, mixed

# ---- einsum, in both spellings

case(numpy.einsum, "ij,jk,kl,lm->im", array(2, 3), array(3, 2), array(2, 2), array(2, 3))
case(numpy.einsum, "i,i,i,i,i->", *(array(3) for _ in range(5)))
case(numpy.einsum, "ij,ij->ij", array(2, 3), array(1, 3))
case(numpy.einsum, "...i,...i->...", array(2, 1, 3), array(4, 3))
case(numpy.einsum, "i...,...->i...", array(2, 3), array(3))
case(numpy.einsum, "iij,j->i", array(2, 2, 3), array(3))
case(numpy.einsum, "iii->i", array(2, 2, 2))
case(numpy.einsum, "ij->", array(2, 3))
case(numpy.einsum, "ba", array(2, 3))
case(numpy.einsum, "ij,jk", complexes(2, 3), array(3, 2))
case(numpy.einsum, "ij,j->i", array(2, 3, dtype="float32"), array(3, dtype="float32"))
case(numpy.einsum, "ij,j->i", array(2, 3), array(3), optimize=True)
case(numpy.einsum, "ij,j->i", array(0, 3), array(3))
case(numpy.einsum, ",i->i", array(), array(3))
case(numpy.einsum, "i,i->", [0.4, 0.7], array(2))
case(numpy.einsum, array(2, 3), [0, 1], array(3, 2), [1, 2], [0, 2])
case(numpy.einsum, array(2, 3), [0, 1], array(3, 2), [1, 2])
case(numpy.einsum, array(3, 3), [0, 0])
case(numpy.einsum, array(3, 3), [0, 0], [0])
case(numpy.einsum, array(2, 3), [1, 0])
case(numpy.einsum, array(5, 2, 3), [Ellipsis, 0, 1], array(3), [1], [Ellipsis, 0])

# ---- other products

for m, n in [((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1, 3), (4, 3))]:
    case(numpy.vecdot, array(*m), array(*n))
case(numpy.vecdot, complexes(2, 3), complexes(3))
case(numpy.vecdot, array(3, 2), array(3, 2), axis=0)
case(numpy.vecdot, array(3, dtype="float32"), array(3, dtype="float32"))
for m, n in [((2, 3), (3,)), ((4, 2, 3), (3,)), ((2, 3), (4, 3)), ((1, 2, 3), (4, 3))]:
    case(numpy.matvec, array(*m), array(*n))
    case(numpy.vecmat, array(*n), numpy.swapaxes(array(*m), -1, -2))
case(numpy.matvec, complexes(2, 3), complexes(3))
case(numpy.vecmat, complexes(3), complexes(3, 2))
case(numpy.cross, array(2, 3), array(4, 1, 3))
case(numpy.cross, array(3, 2), array(3, 2), axis=0)
case(numpy.cross, array(3, 2), array(2, 3), 0, 1, 0)
case(numpy.cross, complexes(3), array(3))
case(numpy.cross, [0.4, 0.7, 0.1], [0.3, 0.5, 0.2])
case(numpy.cross, array(3, dtype="float32"), array(2, 3, dtype="float32"))

# ---- convolutions and interpolation

for f in (numpy.convolve, numpy.correlate):
    for m, n in [(5, 3), (3, 5), (4, 2), (2, 4), (6, 4), (4, 6), (3, 3), (4, 1)]:
        for mode in ("full", "same", "valid"):
            case(f, mixed(m), mixed(n), mode)
    case(f, complexes(4), complexes(2) - 0.5)
    case(f, complexes(2), mixed(4) + 0.5j, mode="full")
    case(f, array(4), complexes(3), mode="same")
    case(f, [0.4, 0.7, 0.1], array(2))
    case(f, array(4, dtype="float32"), array(2, dtype="float32"))
points = numpy.array([0.0, 1.0, 2.5, 3.0])
for x in (numpy.array([0.3, 1.7, 2.6, 0.5]), numpy.array([[-0.5, 0.3], [3.5, 2.2]]), 1.2):
    case(numpy.interp, x, points, mixed(4))
case(numpy.interp, numpy.array([-0.5, 0.3, 3.5]), points, mixed(4), 0.25, 0.75)
case(numpy.interp, numpy.array([-0.5, 0.3, 3.5]), points, mixed(4), right=0.5)
case(numpy.interp, numpy.array([-0.4, 0.3, 3.6, 9.1]), points[::-1].copy(), mixed(4), period=3.5)
case(numpy.interp, numpy.array([0.3, 1.2]), points, complexes(4))
case(numpy.interp, 1.2, [0.0, 2.0], [0.5, 0.25])

# ---- polynomials

case(numpy.polyval, array(4), array(3))
case(numpy.polyval, array(3), 0.4)
case(numpy.polyval, array(1), array(2, 2))
case(numpy.polyval, [0.4, 0.7], [0.1, 0.2])
case(numpy.polyval, complexes(3), complexes(2))
case(numpy.polyval, array(3, dtype="float32"), array(2, dtype="float32"))
for f in (numpy.polyadd, numpy.polysub, numpy.polymul):
    case(f, array(3), array(2))
    case(f, array(2), array(4))
    case(f, [0.4, 0.7], complexes(2))
    case(f, array(3), 0.5)
for m, n in [(4, 2), (5, 3), (3, 1)]:
    case(numpy.polydiv, mixed(m), mixed(n))
case(numpy.polydiv, complexes(4), complexes(2))
case(numpy.polydiv, array(2), array(3))
for m in (1, 2):
    case(numpy.polyder, array(4), m)
    case(numpy.polyint, array(3), m)
    case(numpy.polyint, array(3), m, array(m))
case(numpy.polyint, complexes(3), 3, k=0.5)
case(numpy.polyder, array(1))
case(numpy.poly, array(3))
case(numpy.poly, complexes(3))
case(numpy.poly, numpy.array([[1.0, 0.5], [0.2, 3.0]]))
case(numpy.roots, numpy.array([1.0, -6.0, 11.0, -6.0]))
case(numpy.roots, numpy.array([2.0, 0.5, 3.0]))
case(numpy.roots, complexes(3))
for deg in (1, 2):
    case(numpy.polyfit, array(5), array(5), deg)
    case(numpy.polyfit, array(5), array(5, 2), deg, w=array(5))
case(numpy.polyfit, array(4), complexes(4), 1)
case(numpy.vander, array(3))
case(numpy.vander, array(3), 2)
case(numpy.vander, complexes(3), 4, increasing=True)
case(numpy.vander, numpy.array([0.0, 0.5]), increasing=True)

# ---- Fourier transforms

for f in (fft.fft, fft.ifft, fft.rfft, fft.irfft, fft.hfft, fft.ihfft):
    real = f in (fft.rfft, fft.ihfft)
    for size in (4, 5):
        for n in (None, 3, 4, 7):
            case(f, mixed(size) if real else complexes(size), n)
    for norm in ("backward", "ortho", "forward"):
        case(f, array(2, 5, 3), n=4, axis=1, norm=norm)
    case(f, array(2, 4), 5, 0)
    case(f, [0.4, 0.7, 0.1])
    case(f, array(4, dtype="float32"))
for f in (fft.fft2, fft.ifft2, fft.rfft2, fft.irfft2, fft.fftn, fft.ifftn, fft.rfftn, fft.irfftn):
    real = f in (fft.rfft2, fft.rfftn)
    for shape in [(4, 5), (3, 4), (2, 3, 4)]:
        case(f, array(*shape) if real else complexes(*shape))
    case(f, array(3, 4), (4, 3), axes=(0, 1))
    case(f, array(2, 3, 4), s=(2, 5), axes=(2, 0), norm="ortho")
    case(f, array(3, 4, dtype="float32"), norm="forward")
for f in (fft.fftn, fft.rfftn, fft.irfftn):
    case(f, array(2, 3, 4), axes=(0, -1))
    case(f, array(5), axes=(0,))
for f in (fft.fftshift, fft.ifftshift):
    case(f, array(5))
    case(f, complexes(2, 3), axes=1)
    case(f, array(2, 3), axes=(0, 1))
    case(f, [0.4, 0.7, 0.1])

# ---- the adjoint of a list of arrays

case(Items, [array(2), array(3)])
