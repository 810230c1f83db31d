"""Discrete Fourier transforms: all of `numpy.fft`.

    y = fft(a)            ā += fft(ȳ)           (the transform's matrix is symmetric)
    y = rfft(a)           ā += the real part of the same, from half of the coefficients

`tangent.runtime_fft` pads and cuts, where `n` or `s` ask for it.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import d, fixed, linear, nondifferentiable
from tangent.recipes.results import is_none

COMPLEX = ("complex128", "complex64")


def transform(to: str):
    """Rule of a transform: its rank is its argument's; its dtype is complex, or (`to`) real."""

    def rule(k):
        if not k.a.is_array:
            return Kind("array")
        wide = k.a.dtype in ("float64", "int64", "int32", "complex128")
        narrow = k.a.dtype in ("float32", "complex64")
        dtype = None
        if wide or narrow:
            names = COMPLEX if to == "complex" else ("float64", "float32")
            dtype = names[0] if wide else names[1]
        return Kind("array", dtype, k.a.rank, None, dtype)

    return rule


def shifted(k):
    return k.x.without_value() if k.x.is_array else Kind("array")


def plain(k) -> bool:
    """A transform of all of a complex array, neither cut nor padded."""
    return k.a.is_array and k.a.dtype in COMPLEX and is_none(getattr(k, "n", k.a))


@linear(numpy.fft.fft, result=transform("complex"))
def fft(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = runtime.fft_adjoint(d[y], a, n, axis, norm)


@fft.when(plain)
def fft_plain(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = numpy.fft.fft(d[y], n, axis, norm)


@linear(numpy.fft.ifft, result=transform("complex"))
def ifft(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = runtime.ifft_adjoint(d[y], a, n, axis, norm)


@ifft.when(plain)
def ifft_plain(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = numpy.fft.ifft(d[y], n, axis, norm)


@linear(numpy.fft.rfft, result=transform("complex"))
def rfft(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = runtime.rfft_adjoint(d[y], a, n, axis, norm)


@linear(numpy.fft.irfft, result=transform("real"))
def irfft(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = runtime.irfft_adjoint(d[y], a, n, axis, norm)


@linear(numpy.fft.hfft, result=transform("real"))
def hfft(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = runtime.hfft_adjoint(d[y], a, n, axis, norm)


@linear(numpy.fft.ihfft, result=transform("complex"))
def ihfft(y, a, n=None, axis=-1, norm=None, out: fixed = None):
    d[a] = runtime.ihfft_adjoint(d[y], a, n, axis, norm)


@linear(numpy.fft.fftn, result=transform("complex"))
def fftn(y, a, s=None, axes=None, norm=None, out: fixed = None):
    d[a] = runtime.fftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.ifftn, result=transform("complex"))
def ifftn(y, a, s=None, axes=None, norm=None, out: fixed = None):
    d[a] = runtime.ifftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.rfftn, result=transform("complex"))
def rfftn(y, a, s=None, axes=None, norm=None, out: fixed = None):
    d[a] = runtime.rfftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.irfftn, result=transform("real"))
def irfftn(y, a, s=None, axes=None, norm=None, out: fixed = None):
    d[a] = runtime.irfftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.fft2, result=transform("complex"))
def fft2(y, a, s=None, axes=(-2, -1), norm=None, out: fixed = None):
    d[a] = runtime.fftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.ifft2, result=transform("complex"))
def ifft2(y, a, s=None, axes=(-2, -1), norm=None, out: fixed = None):
    d[a] = runtime.ifftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.rfft2, result=transform("complex"))
def rfft2(y, a, s=None, axes=(-2, -1), norm=None, out: fixed = None):
    d[a] = runtime.rfftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.irfft2, result=transform("real"))
def irfft2(y, a, s=None, axes=(-2, -1), norm=None, out: fixed = None):
    d[a] = runtime.irfftn_adjoint(d[y], a, s, axes, norm)


@linear(numpy.fft.fftshift, result=shifted)
def fftshift(y, x, axes=None):
    d[x] = runtime.like(numpy.fft.ifftshift(d[y], axes), x)


@linear(numpy.fft.ifftshift, result=shifted)
def ifftshift(y, x, axes=None):
    d[x] = runtime.like(numpy.fft.fftshift(d[y], axes), x)


nondifferentiable(numpy.fft.fftfreq, numpy.fft.rfftfreq)
