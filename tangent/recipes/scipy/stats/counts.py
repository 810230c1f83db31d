"""Discrete distributions, by their parameters: Bernoulli, binomial, Poisson, geometric and others.

@discrete(stats.poisson)      d[mu] = k / mu - 1      y = stats.poisson.logpmf(k, mu)

Probabilities: N. L. Johnson, A. W. Kemp & S. Kotz, *Univariate Discrete Distributions*, 3rd ed.
(2005). A derivative by the count, by `loc` or by an integer parameter is refused.
"""

from __future__ import annotations

import numpy
from scipy import special, stats

from tangent.recipes.registry import d, refused
from tangent.recipes.scipy import incomplete
from tangent.recipes.scipy.stats.declare import discrete


@discrete(stats.bernoulli)
def bernoulli(y, k, p):
    """pᵏ (1 − p)^(1−k)."""
    d[p] = k / p - (1 - k) / (1 - p)


@bernoulli.cumulative
def bernoulli_cumulative(F, k, p):
    d[p] = -1.0 * ((k >= 0) & (k < 1))


@discrete(stats.binom)
def binom(y, k, n, p):
    """C(n, k) pᵏ (1 − p)^(n−k)."""
    d[n] = refused("the number of trials is an integer")
    d[p] = k / p - (n - k) / (1 - p)


@binom.cumulative
def binom_cumulative(F, k, n, p):
    """1 − I_p(⌊k⌋ + 1, n − ⌊k⌋) (DLMF 8.17.5)."""
    count = numpy.floor(k)
    d[n] = refused("the number of trials is an integer")
    d[p] = -numpy.exp(
        special.xlogy(count, p)
        + special.xlog1py(n - count - 1, -p)
        - special.betaln(count + 1, n - count)
    )


@discrete(stats.poisson)
def poisson(y, k, mu):
    """e^(−μ) μᵏ / k!."""
    d[mu] = k / mu - 1


@poisson.cumulative
def poisson_cumulative(F, k, mu):
    """Q(⌊k⌋ + 1, μ)."""
    count = numpy.floor(k)
    d[mu] = -numpy.exp(special.xlogy(count, mu) - mu - special.gammaln(count + 1))


@discrete(stats.geom)
def geom(y, k, p):
    """p (1 − p)^(k−1)."""
    d[p] = 1 / p - (k - 1) / (1 - p)


@geom.cumulative
def geom_cumulative(F, k, p):
    """1 − (1 − p)^⌊k⌋."""
    count = numpy.floor(k)
    d[p] = count * (1 - p) ** (count - 1)


@discrete(stats.nbinom, inside=0.0)
def nbinom(y, k, n, p):
    """Γ(n + k) / (k! Γ(n)) pⁿ (1 − p)ᵏ."""
    d[n] = special.digamma(n + k) - special.digamma(n) + numpy.log(p)
    d[p] = n / p - k / (1 - p)


@nbinom.cumulative
def nbinom_cumulative(F, k, n, p):
    """I_p(n, ⌊k⌋ + 1)."""
    count = numpy.floor(k)
    d[n] = incomplete.betainc_by_a(n, count + 1, p)
    d[p] = incomplete.betainc_by_x(n, count + 1, p)


@discrete(stats.betabinom, inside=0.0, sums=False)
def betabinom(y, k, n, a, b):
    """C(n, k) B(k + a, n − k + b) / B(a, b)."""
    ratio = special.digamma(a + b) - special.digamma(n + a + b)
    d[n] = refused("the number of trials is an integer")
    d[a] = special.digamma(k + a) - special.digamma(a) + ratio
    d[b] = special.digamma(n - k + b) - special.digamma(b) + ratio


@discrete(stats.betanbinom, inside=0.0, sums=False)
def betanbinom(y, k, n, a, b):
    """C(n + k − 1, k) B(a + n, b + k) / B(a, b)."""
    ratio = special.digamma(a + b) - special.digamma(a + b + n + k)
    d[n] = refused("the number of successes is an integer")
    d[a] = special.digamma(a + n) - special.digamma(a) + ratio
    d[b] = special.digamma(b + k) - special.digamma(b) + ratio


@discrete(stats.dlaplace, sums=False)
def dlaplace(y, k, a):
    """tanh(a/2) e^(−a|k|)."""
    d[a] = 1 / numpy.sinh(a) - numpy.abs(k)


@discrete(stats.logser, sums=False)
def logser(y, k, p):
    """−pᵏ / (k log(1 − p))."""
    d[p] = k / p + 1 / ((1 - p) * numpy.log1p(-p))


@discrete(stats.planck)
def planck(y, k, lambda_):
    """(1 − e^(−λ)) e^(−λk)."""
    d[lambda_] = 1 / numpy.expm1(lambda_) - k


@planck.cumulative
def planck_cumulative(F, k, lambda_):
    """1 − e^(−λ(⌊k⌋ + 1))."""
    count = numpy.floor(k) + 1
    d[lambda_] = count * numpy.exp(-lambda_ * count)


@discrete(stats.yulesimon, inside=1.0)
def yulesimon(y, k, alpha):
    """α B(k, α + 1)."""
    d[alpha] = 1 / alpha + special.digamma(alpha + 1) - special.digamma(alpha + 1 + k)


@yulesimon.cumulative
def yulesimon_cumulative(F, k, alpha):
    """1 − ⌊k⌋ B(⌊k⌋, α + 1)."""
    count = numpy.floor(k)
    d[alpha] = (F - 1) * (special.digamma(alpha + 1) - special.digamma(alpha + 1 + count))


@discrete(stats.zipf, inside=1.0, sums=False)
def zipf(y, k, a):
    """k^(−a) / ζ(a)."""
    d[a] = -numpy.log(k) - incomplete.zeta_by_exponent(a, 1) / special.zeta(a)


@discrete(stats.skellam, sums=False)
def skellam(y, k, mu1, mu2):
    """exp(−μ₁ − μ₂) (μ₁/μ₂)^(k/2) I_k(2 √(μ₁μ₂)); I' by DLMF 10.29.1."""
    root = numpy.sqrt(mu1 * mu2)
    order = numpy.abs(k)
    ratio = (special.ive(order - 1, 2 * root) + special.ive(order + 1, 2 * root)) / (
        2 * special.ive(order, 2 * root)
    )
    d[mu1] = k / (2 * mu1) - 1 + ratio * mu2 / root
    d[mu2] = ratio * mu1 / root - 1 - k / (2 * mu2)
