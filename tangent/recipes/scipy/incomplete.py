"""Derivatives of incomplete gamma and beta functions, and of zeta, by their parameters.

    y = special.gammainc(a, x)       ā += ȳ · incomplete.gammainc_by_a(a, x)

SciPy has no such functions. These sum series (all terms of one sign) or a quadrature in which
nothing cancels; the absolute error is some 1e-13, and relative in the tail of the gamma function.
"""

from __future__ import annotations

from typing import Any

import numpy
from scipy import special

__all__ = [
    "betainc_by_a",
    "betainc_by_b",
    "betainc_by_x",
    "gammainc_by_a",
    "gammainc_by_a_twice",
    "kolmogorov_slope",
    "noncentral_chi2_density",
    "student_by_df",
    "student_density",
    "zeta_by_exponent",
]

_TERMS = 100_000


def gammainc_by_a(a: Any, x: Any) -> Any:
    """∂P(a, x)/∂a of the regularised lower incomplete gamma function, element by element.

    For x ≤ a + 1 the series P = x^a e^(−x) / Γ(a + 1) · Σ tₙ, tₙ = xⁿ / ((a + 1) … (a + n))
    (DLMF 8.7.1, 8.2.4) is differentiated term by term. Else −∂Q/∂a =
    −∫ₓ^∞ t^(a−1) e^(−t) (ln t − ψ(a)) dt / Γ(a) by the exp-sinh rule (Takahasi & Mori, 1974).

    >>> step = 1e-6
    >>> difference = special.gammainc(2.5 + step, 1.5) - special.gammainc(2.5 - step, 1.5)
    >>> bool(abs(gammainc_by_a(2.5, 1.5) - difference / (2 * step)) < 1e-9)
    True
    """
    return _gammainc_by_a(a, x, 1)


def gammainc_by_a_twice(a: Any, x: Any) -> Any:
    """∂²P(a, x)/∂a², by the same series and rule as `gammainc_by_a`.

    >>> step = 1e-5
    >>> difference = gammainc_by_a(2.5 + step, 1.5) - gammainc_by_a(2.5 - step, 1.5)
    >>> bool(abs(gammainc_by_a_twice(2.5, 1.5) - difference / (2 * step)) < 1e-9)
    True
    """
    return _gammainc_by_a(a, x, 2)


def _gammainc_by_a(a: Any, x: Any, order: int) -> Any:
    dtype = _dtype(a, x)
    a, x = numpy.broadcast_arrays(numpy.asarray(a, float), numpy.asarray(x, float))
    out = numpy.zeros(a.shape)
    out[numpy.isnan(a) | numpy.isnan(x)] = numpy.nan
    lower = (x > 0) & (x <= a + 1)
    upper = (x > a + 1) & numpy.isfinite(x)
    out[lower] = _gamma_series(a[lower], x[lower], order)
    out[upper] = -_gamma_tail(a[upper], x[upper], order)
    return out.astype(dtype)[()]


def _gamma_series(a: Any, x: Any, order: int) -> Any:
    """tₙ has the logarithmic derivative −Σ 1/(a + k), whose own derivative is Σ 1/(a + k)²."""
    term, slope, bend = numpy.ones_like(x), numpy.zeros_like(x), numpy.zeros_like(x)
    total, first, second = numpy.ones_like(x), numpy.zeros_like(x), numpy.zeros_like(x)
    for n in range(1, _TERMS):
        term = term * x / (a + n)
        slope = slope - 1 / (a + n)
        bend = bend + 1 / (a + n) ** 2
        total = total + term
        first = first + term * slope
        second = second + term * (slope**2 + bend)
        if numpy.all(term * (slope**2 + bend - slope) <= 1e-17 * total):
            break
    front = numpy.exp(a * numpy.log(x) - x - special.gammaln(a + 1))
    log = numpy.log(x) - special.digamma(a + 1)
    if order == 1:
        return front * (log * total + first)
    return front * ((log**2 - special.zeta(2, a + 1)) * total + 2 * log * first + second)


def _gamma_tail(a: Any, x: Any, order: int) -> Any:
    """The derivative of Q, by nodes t = x + s · exp(π/2 sinh u) with the integrand's scale s."""
    u = numpy.linspace(-3.6, 2.4, 97)
    step = u[1] - u[0]
    node = numpy.exp(numpy.pi / 2 * numpy.sinh(u))
    weight = step * numpy.pi / 2 * numpy.cosh(u) * node
    a, x = a[:, None], x[:, None]
    scale = x / (x - a + 1 + numpy.sqrt(x))
    t = x + scale * node
    density = numpy.exp((a - 1) * numpy.log(t) - t - special.gammaln(a))
    factor = numpy.log(t) - special.digamma(a)
    if order == 2:
        factor = factor**2 - special.zeta(2, a)
    return numpy.sum(scale * weight * density * factor, 1)


def betainc_by_x(a: Any, b: Any, x: Any) -> Any:
    """∂I/∂x = x^(a−1) (1 − x)^(b−1) / B(a, b) (DLMF 8.17.1): the density of the distribution.

    >>> float(betainc_by_x(1.0, 1.0, 0.3))
    1.0
    """
    power = special.xlogy(numpy.subtract(a, 1), x)
    other = special.xlog1py(numpy.subtract(b, 1), numpy.negative(x))
    return numpy.exp(power + other - special.betaln(a, b))


def betainc_by_a(a: Any, b: Any, x: Any) -> Any:
    """∂I_x(a, b)/∂a of the regularised incomplete beta function, element by element.

    The series I = x^a (1 − x)^b / (a B(a, b)) · Σ (a + b)ₙ / (a + 1)ₙ · xⁿ (DLMF 8.17.8) is
    differentiated term by term, after 1 − I_{1−x}(b, a) (8.17.4) where x > (a + 1) / (a + b + 2).

    >>> step = 1e-6
    >>> difference = special.betainc(2 + step, 0.5, 0.9) - special.betainc(2 - step, 0.5, 0.9)
    >>> bool(abs(betainc_by_a(2.0, 0.5, 0.9) - difference / (2 * step)) < 1e-9)
    True
    """
    return _betainc_by_parameter(a, b, x, 0)


def betainc_by_b(a: Any, b: Any, x: Any) -> Any:
    """∂I_x(a, b)/∂b, see `betainc_by_a`.

    >>> bool(abs(betainc_by_b(2.0, 2.0, 0.5) + betainc_by_a(2.0, 2.0, 0.5)) < 1e-15)
    True
    """
    return _betainc_by_parameter(a, b, x, 1)


def _betainc_by_parameter(a: Any, b: Any, x: Any, which: int) -> Any:
    dtype = _dtype(a, b, x)
    a, b, x = numpy.broadcast_arrays(*(numpy.asarray(v, float) for v in (a, b, x)))
    out = numpy.zeros(a.shape)
    out[numpy.isnan(a) | numpy.isnan(b) | numpy.isnan(x)] = numpy.nan
    inside = (x > 0) & (x < 1)
    low = inside & (x <= (a + 1) / (a + b + 2))
    high = inside & ~low
    out[low] = _beta_series(a[low], b[low], x[low], 1 - x[low])[which]
    out[high] = -_beta_series(b[high], a[high], 1 - x[high], x[high])[1 - which]
    return out.astype(dtype)[()]


def _beta_series(a: Any, b: Any, x: Any, rest: Any) -> tuple[Any, Any]:
    """Both derivatives; `rest` is 1 − x."""
    term, by_a, by_b = numpy.ones_like(x), numpy.zeros_like(x), numpy.zeros_like(x)
    total, total_a, total_b = numpy.ones_like(x), numpy.zeros_like(x), numpy.zeros_like(x)
    for n in range(1, _TERMS):
        term = term * x * (a + b + n - 1) / (a + n)
        by_b = by_b + 1 / (a + b + n - 1)
        by_a = by_a - 1 / (a + n)
        total = total + term
        total_a = total_a + term * (by_a + by_b)
        total_b = total_b + term * by_b
        if numpy.all(term * (1 + by_b - by_a) <= 1e-17 * total * rest):
            break
    front = numpy.exp(a * numpy.log(x) + b * numpy.log(rest) - special.betaln(a, b)) / a
    both = special.digamma(a + b)
    log_a = numpy.log(x) - 1 / a - special.digamma(a) + both
    log_b = numpy.log(rest) - special.digamma(b) + both
    return front * (log_a * total + total_a), front * (log_b * total + total_b)


# B₂ₖ / (2k)!, k = 1 … 8 (DLMF 24.2.1)
_BERNOULLI = (
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
)


def zeta_by_exponent(s: Any, q: Any) -> Any:
    """∂ζ(s, q)/∂s of the Hurwitz zeta function for q > 0, element by element.

    The Euler-Maclaurin sum (DLMF 25.11.7 with n = 8, N = 20), differentiated.

    >>> bool(abs(zeta_by_exponent(2.0, 1.0) + 0.9375482543158438) < 1e-14)     # DLMF 25.6.15
    True
    """
    dtype = _dtype(s, q)
    s, q = numpy.broadcast_arrays(numpy.asarray(s, float), numpy.asarray(q, float))
    total = numpy.zeros(s.shape)
    for n in range(20):
        total = total - numpy.log(q + n) * (q + n) ** -s
    end = q + 20
    log = numpy.log(end)
    total = total - end ** (1 - s) / (s - 1) * (log + 1 / (s - 1)) - log * end**-s / 2
    rising, by_s = s, numpy.ones(s.shape)  # (s)₂ₖ₋₁ and its derivative
    for k, b in enumerate(_BERNOULLI, 1):
        total = total + b * end ** (1 - s - 2 * k) * (by_s - rising * log)
        for factor in (s + 2 * k - 1, s + 2 * k):
            by_s = by_s * factor + rising
            rising = rising * factor
    return total.astype(dtype)[()]


def _dtype(*values: Any) -> Any:
    """The dtype that ufuncs of these give: float32 of float32, else float64."""
    weak = [isinstance(v, int | float) and not isinstance(v, numpy.generic) for v in values]
    strong = [numpy.asarray(v) for v, w in zip(values, weak, strict=True) if not w]
    return numpy.result_type(numpy.float32, *strong) if strong else numpy.float64


def student_density(df: Any, t: Any) -> Any:
    """The density of Student's t distribution.

    >>> round(float(student_density(1.0, 0.0)), 6)     # 1/π
    0.31831
    """
    power = -numpy.add(df, 1) / 2 * numpy.log1p(numpy.square(t) / df)
    density = numpy.exp(power - special.betaln(0.5, numpy.divide(df, 2))) / numpy.sqrt(df)
    return density.astype(_dtype(df, t))


def student_by_df(df: Any, t: Any) -> Any:
    """The derivative of the distribution function of Student's t by the degrees of freedom.

    F = 1 − I_u(df/2, 1/2) / 2 for t > 0, u = df / (df + t²); F(−t) = 1 − F(t).

    >>> abs(float(student_by_df(2.0, 0.0)))
    0.0
    """
    t2 = numpy.square(t)
    total = df + t2
    u = df / total
    half = numpy.divide(df, 2)
    by_u = numpy.exp(special.xlogy(half - 1, u) - special.betaln(half, 0.5))
    by_u = by_u * numpy.abs(t) / total**1.5  # with √(1 − u) = |t| / √total
    slope = -numpy.sign(t) * (betainc_by_a(half, 0.5, u) / 2 + by_u) / 2
    return slope.astype(_dtype(df, t))


def noncentral_chi2_density(x: Any, df: Any, nc: Any) -> Any:
    """The density of the noncentral chi-squared distribution.

    Johnson, Kotz & Balakrishnan 2, equation 29.4, with 0F1 for the Bessel function.

    >>> round(float(noncentral_chi2_density(1.0, 2.0, 0.0)), 6)     # e^(−1/2) / 2
    0.303265
    """
    half = numpy.divide(df, 2)
    central = special.xlogy(half - 1, numpy.divide(x, 2)) - numpy.divide(x, 2)
    series = special.hyp0f1(half, numpy.multiply(x, nc) / 4)
    return numpy.exp(central - numpy.divide(nc, 2) - special.gammaln(half)) * series / 2


def kolmogorov_slope(y: Any) -> Any:
    """The derivative of `scipy.special.kolmogorov`, by either of its two series.

    Feller, Ann. Math. Statist. 19 (1948), equations 1.4 and 1.5.

    >>> float(kolmogorov_slope(0.0))
    0.0
    """
    dtype = _dtype(y)
    y = numpy.asarray(y, float)
    safe = numpy.where(y > 0, y, 1.0)[..., None]
    k = numpy.arange(1, 12)
    large = 8 * safe * (-1.0) ** k * k**2 * numpy.exp(-2 * k**2 * safe**2)
    c = (numpy.pi * (2 * k - 1)) ** 2 / 8
    front = numpy.sqrt(2 * numpy.pi) / safe**2
    small = -front * (2 * c / safe**2 - 1) * numpy.exp(-c / safe**2)
    slope = numpy.sum(numpy.where(safe > 1, large, small), -1)
    return numpy.where(y > 0, slope, 0.0).astype(dtype)[()]
