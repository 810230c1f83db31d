"""Derivatives whose formula is 0/0 somewhere, with the limit there; and what holds for reals only.

y = special.spence(z)       z̄ += ȳ · limits.spence_slope(z)        −1 at z = 1, not NaN
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError

__all__ = [
    "dirichlet_slope",
    "pair",
    "real",
    "sinhc",
    "sinhc_slope",
    "spence_curvature",
    "spence_slope",
    "weights_or_one",
]


def sinhc(x: Any) -> Any:
    """`sinh(x) / x`, and 1 at zero.

    >>> float(sinhc(0.0)), round(float(sinhc(1.0)), 6)
    (1.0, 1.175201)
    """
    x = numpy.asarray(x)
    safe = numpy.where(x == 0, 1, x)
    return numpy.where(x == 0, 1, numpy.sinh(safe) / safe).astype(_floating(x))[()]


def sinhc_slope(x: Any) -> Any:
    """The derivative of `sinhc`, `(cosh(x) − sinh(x) / x) / x`, by its series near zero.

    >>> float(sinhc_slope(0.0)), round(float(sinhc_slope(1.0)), 6)
    (0.0, 0.367879)
    """
    x = numpy.asarray(x)
    near = numpy.abs(x) < 0.02
    safe = numpy.where(near, 1, x)
    slope = (numpy.cosh(safe) - numpy.sinh(safe) / safe) / safe
    series = x / 3 + x**3 / 30 + x**5 / 840
    return numpy.where(near, series, slope).astype(_floating(x))[()]


def spence_slope(z: Any) -> Any:
    """The derivative of `scipy.special.spence`, `log(z) / (1 − z)`, and −1 at one.

    >>> float(spence_slope(1.0)), round(float(spence_slope(2.0)), 6)
    (-1.0, -0.693147)
    """
    z = numpy.asarray(z)
    safe = numpy.where(z == 1, 2, z).astype(_floating(z))
    return numpy.where(z == 1, -1, numpy.log(safe) / (1 - safe)).astype(_floating(z))[()]


def spence_curvature(z: Any) -> Any:
    """The derivative of `spence_slope`, `1 / (z (1 − z)) + log(z) / (1 − z)²`; a series near one.

    >>> float(spence_curvature(1.0)), round(float(spence_curvature(2.0)), 6)
    (0.5, 0.193147)
    """
    z = numpy.asarray(z)
    u = z - 1
    near = numpy.abs(u) < 0.01
    safe = numpy.where(near, 2, z).astype(_floating(z))
    curvature = 1 / (safe * (1 - safe)) + numpy.log(safe) / (1 - safe) ** 2
    series = numpy.zeros_like(curvature)
    for n in range(7, 0, -1):  # Σ (−1)ⁿ⁺¹ n / (n + 1) uⁿ⁻¹
        series = series * u - (-1) ** n * n / (n + 1)
    return numpy.where(near, series, curvature).astype(_floating(z))[()]


def dirichlet_slope(y: Any, x: Any, n: Any) -> Any:
    """The derivative of the Dirichlet kernel `y = sin(nx/2) / (n sin(x/2))` by `x`, 0 at peaks.

    >>> float(dirichlet_slope(1.0, 0.0, 3))
    0.0
    """
    half = numpy.asarray(x) / 2
    peak = numpy.abs(numpy.sin(half)) < 1e-9
    sine = numpy.where(peak, 1, numpy.sin(half))
    slope = (numpy.cos(n * half) - y * numpy.cos(half)) / (2 * sine)
    return numpy.where(peak, 0, slope).astype(_floating(numpy.asarray(y)))[()]


def real(x: Any) -> Any:
    """The value itself, which must be real: for derivatives of what is not holomorphic.

    Raises:
        UnsupportedError: it is complex.
    """
    if numpy.iscomplexobj(x):
        raise UnsupportedError(
            "a function that is not holomorphic is differentiated by real arguments only",
            why="its derivative by a complex argument is not one number",
            remedy="pass the real part, or write the function in terms of real numbers",
        )
    return x


def pair(y: Any) -> Any:
    """The two results of `logsumexp(..., return_sign=True)`.

    Raises:
        UnsupportedError: it was called with a `return_sign` that is not true.
    """
    if not isinstance(y, tuple | list):
        raise UnsupportedError(
            "`logsumexp` was called with a `return_sign` that is given, but not true",
            why="the derivative was written for two results, and there is one",
            remedy="leave `return_sign` out",
        )
    return y


def weights_or_one(b: Any) -> Any:
    """The weights of `logsumexp`, 1 where there are none."""
    return 1.0 if b is None else b


def _floating(x: Any) -> Any:
    return x.dtype if x.dtype.kind in "fc" else numpy.dtype(float)
