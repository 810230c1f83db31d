"""Adjoints of discrete Fourier transforms.

>>> fft_adjoint(numpy.array([1.0, 0.0]), numpy.zeros(3), 2)
array([1., 1., 0.])

The matrix of a transform is symmetric, so a transform of complex values is its own (unconjugated)
adjoint; what cuts or pads its input pads or cuts the adjoint. A transform of real values takes half
of the result, one to real values the real part of a sum over both halves: coefficients that stand
for two are doubled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from numpy import conj

from tangent.runtime_values import like

__all__ = [
    "fft_adjoint",
    "fftn_adjoint",
    "hfft_adjoint",
    "ifft_adjoint",
    "ifftn_adjoint",
    "ihfft_adjoint",
    "irfft_adjoint",
    "irfftn_adjoint",
    "rfft_adjoint",
    "rfftn_adjoint",
]


def fitted(g: Any, x: Any, axes: Any) -> Any:
    """`g` cut, or padded with zeros, to the length of `x` along some axes."""
    shape = numpy.shape(x)
    for axis in axes:
        have, want = g.shape[axis], shape[axis]
        if have > want:
            g = numpy.take(g, numpy.arange(want), axis=axis)
        elif have < want:
            widths = [(0, 0)] * g.ndim
            widths[axis] = (0, want - have)
            g = numpy.pad(g, widths)
    return g


def _weights(count: int, whole: int, axis: int) -> Any:
    """2 for each of `count` coefficients that stands for two of `whole`, along an axis."""
    place = numpy.arange(count)
    twice = numpy.logical_and(place > 0, 2 * place != whole)
    twice = numpy.logical_and(twice, place <= whole // 2)
    return (1 + twice.astype(int)).reshape((-1,) + (1,) * (-1 - axis))


def _behind(axis: int, rank: int) -> int:
    """A negative number for an axis."""
    return axis if axis < 0 else axis - rank


def fft_adjoint(g: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.fft(a, n, axis, norm)`."""
    return like(fitted(numpy.fft.fft(g, None, axis, norm), a, (axis,)), a)


def ifft_adjoint(g: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.ifft(a, n, axis, norm)`."""
    return like(fitted(numpy.fft.ifft(g, None, axis, norm), a, (axis,)), a)


def _axes(a: Any, s: Any, axes: Any) -> tuple[int, ...]:
    """The axes of an n-dimensional transform, the last of them last."""
    if axes is not None:
        return tuple([int(i) for i in axes])
    return tuple(range(-len(s) if s is not None else -numpy.ndim(a), 0))


def fftn_adjoint(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.fftn(a, s, axes, norm)`."""
    return _over_axes(numpy.fft.fft, g, a, _axes(a, s, axes), norm)


def ifftn_adjoint(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.ifftn(a, s, axes, norm)`."""
    return _over_axes(numpy.fft.ifft, g, a, _axes(a, s, axes), norm)


def _over_axes(f: Callable[..., Any], g: Any, a: Any, axes: tuple[int, ...], norm: Any) -> Any:
    """One transform an axis: an axis may be named more than once."""
    return like(fitted(numpy.asarray(_each(f, g, axes, norm)), a, axes), a)


def _each(f: Callable[..., Any], g: Any, axes: tuple[int, ...], norm: Any) -> Any:
    for axis in axes:
        g = f(g, None, axis, norm)
    return g


_OPPOSITE: dict[Any, Any] = {
    None: "forward",
    "backward": "forward",
    "ortho": "ortho",
    "forward": "backward",
}


def _rfft_adjoint(g: Any, length: int, axis: int, norm: Any) -> Any:
    """That of the transform of `length` real values: `Re Σ gₖ exp(-2πi jk/n)`."""
    count = g.shape[axis]
    weights = _weights(count, length, _behind(axis, g.ndim)).astype(numpy.real(g).dtype)
    return numpy.fft.irfft(conj(g) / weights, length, axis, _OPPOSITE[norm])


def _irfft_adjoint(g: Any, count: int, axis: int, norm: Any) -> Any:
    """That of the transform of `count` coefficients to real values."""
    weights = _weights(count, g.shape[axis], _behind(axis, numpy.ndim(g))).astype(g.dtype)
    half = numpy.fft.rfft(g, None, axis, _OPPOSITE[norm])
    return weights * fitted_to(conj(half), count, axis)


def fitted_to(g: Any, count: int, axis: int) -> Any:
    """`g` cut, or padded with zeros, to a length along an axis."""
    shape = list(numpy.shape(g))
    shape[axis] = count
    return fitted(g, numpy.broadcast_to(0.0, shape), (axis,))


def rfft_adjoint(g: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.rfft(a, n, axis, norm)`.

    >>> rfft_adjoint(numpy.array([0.0, 1.0]), numpy.zeros(2))
    array([ 1., -1.])
    """
    length = numpy.shape(a)[axis] if n is None else n
    return like(fitted(_rfft_adjoint(g, length, axis, norm), a, (axis,)), a)


def irfft_adjoint(g: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.irfft(a, n, axis, norm)`."""
    return like(_irfft_adjoint(g, numpy.shape(a)[axis], axis, norm), a)


def hfft_adjoint(g: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.hfft(a, n, axis, norm)`, which is irfft of the conjugate."""
    back = _irfft_adjoint(g, numpy.shape(a)[axis], axis, _OPPOSITE[norm])
    return like(conj(back), a)


def ihfft_adjoint(g: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.ihfft(a, n, axis, norm)`, the conjugate of rfft."""
    length = numpy.shape(a)[axis] if n is None else n
    return like(fitted(_rfft_adjoint(conj(g), length, axis, _OPPOSITE[norm]), a, (axis,)), a)


def rfftn_adjoint(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.rfftn(a, s, axes, norm)`: real along the last axis."""
    axes = _axes(a, s, axes)
    last = axes[-1]
    length = numpy.shape(a)[last] if s is None or s[-1] is None else s[-1]
    if length == -1:
        length = numpy.shape(a)[last]
    rest = axes[:-1]
    g = fitted(numpy.asarray(_each(numpy.fft.fft, g, rest, norm)), a, rest)
    return like(fitted(_rfft_adjoint(g, length, last, norm), a, (last,)), a)


def irfftn_adjoint(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Adjoint of `a` in `numpy.fft.irfftn(a, s, axes, norm)`: real along the last axis."""
    axes = _axes(a, s, axes)
    half = _irfft_adjoint(g, numpy.shape(a)[axes[-1]], axes[-1], norm)
    return _over_axes(numpy.fft.ifft, half, a, axes[:-1], norm)
