"""Recipes for `scipy.signal`: convolutions, correlations and linear filters.

y = signal.convolve(a, b)      ā += signal.convolve(ȳ, flip(b), "valid")
"""

from __future__ import annotations

import numpy
from scipy import signal

from tangent.recipes.registry import (
    adjoint,
    d,
    fixed,
    linear,
    lookup,
    multilinear,
    nondifferentiable,
    refused,
    unsupported,
)
from tangent.recipes.results import is_real, same_precision
from tangent.recipes.scipy import convolution


def _same_arrays(k):
    """Real arrays of one float type, convolved in full: nothing is to be cast or cut."""
    return (
        k.mode.value == "full"
        and k.in1.is_array
        and k.in2.is_array
        and is_real(k.in1)
        and is_real(k.in2)
        and not k.in1.is_integral
        and not k.in2.is_integral
        and same_precision(k.in1, k.in2)
    )


@multilinear(signal.convolve)
def convolve(y, in1, in2, mode="full", method="auto"):
    d[in1] = convolution.first(d[y], in1, in2, mode)
    d[in2] = convolution.second(d[y], in1, in2, mode)


@convolve.when(_same_arrays)
def convolve_in_full(y, in1, in2, mode="full", method="auto"):
    d[in1] = signal.convolve(d[y], numpy.flip(in2), "valid")
    d[in2] = signal.convolve(d[y], numpy.flip(in1), "valid")


@multilinear(signal.fftconvolve)
def fftconvolve(y, in1, in2, mode="full", axes=None):
    d[in1] = convolution.first(d[y], in1, in2, mode, axes, signal.fftconvolve)
    d[in2] = convolution.second(d[y], in1, in2, mode, axes, signal.fftconvolve)


@multilinear(signal.oaconvolve)
def oaconvolve(y, in1, in2, mode="full", axes=None):
    d[in1] = convolution.first(d[y], in1, in2, mode, axes, signal.fftconvolve)
    d[in2] = convolution.second(d[y], in1, in2, mode, axes, signal.fftconvolve)


@multilinear(signal.convolve2d)
def convolve2d(y, in1, in2, mode="full", boundary: fixed = "fill", fillvalue: fixed = 0):
    d[in1] = convolution.first(d[y], in1, in2, mode)
    d[in2] = convolution.second(d[y], in1, in2, mode)


@multilinear(signal.correlate)
def correlate(y, in1, in2, mode="full", method="auto"):
    """The convolution with the reversed conjugate of the second operand."""
    d[in1] = convolution.first(d[y], in1, convolution.reversed_conj(in2), mode)
    d[in2] = convolution.reversed_conj(
        convolution.second(d[y], in1, convolution.reversed_conj(in2), mode)
    )


@correlate.when(_same_arrays)
def correlate_in_full(y, in1, in2, mode="full", method="auto"):
    d[in1] = signal.convolve(d[y], in2, "valid")
    d[in2] = numpy.flip(signal.convolve(d[y], numpy.flip(in1), "valid"))


@multilinear(signal.correlate2d)
def correlate2d(y, in1, in2, mode="full", boundary: fixed = "fill", fillvalue: fixed = 0):
    d[in1] = convolution.first(d[y], in1, convolution.reversed_conj(in2), mode, late=True)
    d[in2] = convolution.reversed_conj(
        convolution.second(d[y], in1, convolution.reversed_conj(in2), mode, late=True)
    )


# --- filters ------------------------------------------------------------------------------------


@adjoint(signal.lfilter)
def lfilter(y, b, a, x, axis=-1, zi: fixed = None):
    """A(z) y = B(z) x: the adjoint of a causal filter is the filter, run backwards in time."""
    back = numpy.flip(signal.lfilter([1.0], a, numpy.flip(d[y], axis), axis), axis)
    d[b] = convolution.filter_lags(back, x, b, axis)
    d[a] = -convolution.filter_lags(back, y, a, axis)
    d[x] = numpy.flip(signal.lfilter(b, a, numpy.flip(d[y], axis), axis), axis)


@lfilter.tangent
def lfilter_tangent(y, b, a, x, axis=-1, zi: fixed = None):
    d[y] = (
        signal.lfilter(b, a, d[x], axis)
        + signal.lfilter(d[b], a, x, axis)
        - signal.lfilter(d[a], a, y, axis)
    )


@adjoint(signal.sosfilt)
def sosfilt(y, sos, x, axis=-1, zi: fixed = None):
    d[sos] = refused("a filter in sections is differentiated by its signal only")
    d[x] = numpy.flip(signal.sosfilt(sos, numpy.flip(d[y], axis), axis), axis)


@sosfilt.tangent
def sosfilt_tangent(y, sos, x, axis=-1, zi: fixed = None):
    d[y] = signal.sosfilt(sos, d[x], axis)


@linear(signal.detrend)
def detrend(y, data, axis=-1, type="linear", bp=0, overwrite_data: fixed = False):
    """An orthogonal projection, which is its own adjoint."""
    d[data] = signal.detrend(d[y], axis, type, bp)


nondifferentiable(
    signal.argrelextrema,
    signal.argrelmax,
    signal.argrelmin,
    signal.choose_conv_method,
    signal.correlation_lags,
    signal.find_peaks,
    signal.find_peaks_cwt,
    signal.get_window,
    signal.square,
    signal.unit_impulse,
)

unsupported(
    *(
        f
        for name in signal.__all__
        if callable(f := getattr(signal, name)) and not isinstance(f, type) and not lookup(f)
    ),
    reason="of `scipy.signal` convolutions, correlations, `lfilter`, `sosfilt` and `detrend` are "
    "differentiated",
)
