"""Adjoints of convolutions of all modes, and of linear filters.

    y = signal.convolve(a, b, mode)      ā = convolution.first(ȳ, a, b, mode): ȳ, put back into the
                                         full convolution, correlated with b

With c = a ∗ b in full, ā[i] = Σₖ c̄[i + k] b[k], which is the valid part of c̄ ∗ reversed(b).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from scipy import signal

from tangent.runtime_values import like, unbroadcast

__all__ = ["filter_lags", "first", "reversed_conj", "second"]


def _axes(axes: Any, rank: int) -> tuple[int, ...]:
    if axes is None:
        return tuple(range(rank))
    return tuple(a % rank for a in (axes if isinstance(axes, tuple | list) else (axes,)))


def _full(g: Any, a: Any, b: Any, mode: str, axes: tuple[int, ...], late: bool) -> Any:
    """The adjoint of the result in the shape of the full convolution, zero where that is cut.

    Of two middles `correlate2d` takes the later one.
    """
    if mode == "full":
        return g
    widths = [(0, 0)] * g.ndim
    for axis in axes:
        m, n = a.shape[axis], b.shape[axis]
        start = min(m, n) - 1 if mode == "valid" else (n - 1 + late) // 2
        widths[axis] = (start, m + n - 1 - start - g.shape[axis])
    return numpy.pad(g, widths)


def first(
    g: Any,
    a: Any,
    b: Any,
    mode: str,
    axes: Any = None,
    function: Callable[..., Any] | None = None,
    late: bool = False,
) -> Any:
    """Adjoint of `a` in the convolution of `a` and `b`.

    >>> first(numpy.array([1.0, 0.0, 2.0]), numpy.zeros(2), numpy.array([3.0, 4.0]), "full")
    array([3., 8.])
    """
    return _operand(g, a, b, a, b, mode, axes, function, late)


def second(
    g: Any,
    a: Any,
    b: Any,
    mode: str,
    axes: Any = None,
    function: Callable[..., Any] | None = None,
    late: bool = False,
) -> Any:
    """Adjoint of `b` in the convolution of `a` and `b`."""
    return _operand(g, a, b, b, a, mode, axes, function, late)


def _operand(
    g: Any,
    a: Any,
    b: Any,
    own: Any,
    other: Any,
    mode: str,
    axes: Any,
    function: Any,
    late: bool,
) -> Any:
    g, a, b = numpy.asarray(g), numpy.asarray(a), numpy.asarray(b)
    along = _axes(axes, g.ndim)
    whole = _full(g, a, b, mode, along, late)
    turned = numpy.flip(numpy.asarray(other), along)
    if function is None:
        found = signal.convolve(whole, turned, "valid")
    else:
        found = function(whole, turned, "valid", axes=list(along))
    if numpy.shape(found) != numpy.shape(own):
        return unbroadcast(found, own)
    return like(found, own)


def reversed_conj(b: Any) -> Any:
    """What a correlation convolves with."""
    return numpy.conj(numpy.flip(b))


def filter_lags(g: Any, u: Any, coefficients: Any, axis: int) -> Any:
    """Σₙ g[n] u[n − k] for each coefficient k of a filter."""
    g = numpy.moveaxis(numpy.asarray(g), axis, -1)
    u = numpy.moveaxis(numpy.asarray(u), axis, -1)
    n = g.shape[-1]
    found = [
        numpy.sum(g[..., k:] * u[..., : max(n - k, 0)]) for k in range(numpy.size(coefficients))
    ]
    return like(numpy.reshape(numpy.array(found), numpy.shape(coefficients)), coefficients)
