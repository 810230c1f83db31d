"""Distributions on an interval, and those whose support depends on a shape.

@continuous(stats.beta, inside=0.5)      d[z] = (a - 1) / z - (b - 1) / (1 - z)

Densities: N. L. Johnson, S. Kotz & N. Balakrishnan, *Continuous Univariate Distributions*, 2nd ed.,
vol. 1 (1994) and 2 (1995), and SciPy's documentation where they are not there. The support moves
with the shape where it depends on it; derivatives are those of the density inside.
"""

from __future__ import annotations

import math

import numpy
from scipy import special, stats

from tangent.recipes.registry import d
from tangent.recipes.scipy import incomplete
from tangent.recipes.scipy.stats.declare import continuous


@continuous(stats.uniform, bounded=True)
def uniform(y, z):
    """1."""
    d[z] = 0.0


@continuous(stats.beta, inside=0.5)
def beta(y, z, a, b):
    """z^(a−1) (1 − z)^(b−1) / B(a, b)."""
    total = special.digamma(a + b)
    d[z] = (a - 1) / z - (b - 1) / (1 - z)
    d[a] = numpy.log(z) - special.digamma(a) + total
    d[b] = numpy.log1p(-z) - special.digamma(b) + total


@beta.cumulative
def beta_cumulative(F, z, a, b):
    d[a] = incomplete.betainc_by_a(a, b, z)
    d[b] = incomplete.betainc_by_b(a, b, z)


@continuous(stats.arcsine, inside=0.5)
def arcsine(y, z):
    """1 / √(z (1 − z))."""
    d[z] = (1 / (1 - z) - 1 / z) / 2


@continuous(stats.anglit, bounded=True)
def anglit(y, z):
    """cos(2z), |z| ≤ π/4."""
    d[z] = -2 * numpy.tan(2 * z)


@continuous(stats.cosine, bounded=True)
def cosine(y, z):
    """1 + cos(z), |z| ≤ π."""
    d[z] = -numpy.tan(z / 2)


@continuous(stats.semicircular, inside=0.0)
def semicircular(y, z):
    """√(1 − z²), |z| ≤ 1."""
    d[z] = -z / (1 - z**2)


@continuous(stats.rdist, inside=0.5)
def rdist(y, z, c):
    """(1 − z²)^(c/2−1) / B(1/2, c/2), |z| ≤ 1."""
    d[z] = (2 - c) * z / (1 - z**2)
    d[c] = (numpy.log1p(-(z**2)) + special.digamma((c + 1) / 2) - special.digamma(c / 2)) / 2


@rdist.cumulative
def rdist_cumulative(F, z, c):
    """A symmetric beta distribution of (1 + z) / 2."""
    u = (1 + z) / 2
    d[c] = (incomplete.betainc_by_a(c / 2, c / 2, u) + incomplete.betainc_by_b(c / 2, c / 2, u)) / 2


@continuous(stats.powerlaw, inside=0.5)
def powerlaw(y, z, a):
    """a z^(a−1)."""
    d[z] = (a - 1) / z
    d[a] = 1 / a + numpy.log(z)


@powerlaw.cumulative
def powerlaw_cumulative(F, z, a):
    d[a] = F * numpy.log(z)


@continuous(stats.bradford, bounded=True)
def bradford(y, z, c):
    """c / (log(1 + c) (1 + cz))."""
    d[z] = -c / (1 + c * z)
    d[c] = 1 / c - 1 / ((1 + c) * numpy.log1p(c)) - z / (1 + c * z)


@bradford.cumulative
def bradford_cumulative(F, z, c):
    """log(1 + cz) / log(1 + c)."""
    d[c] = (z / (1 + c * z) - F / (1 + c)) / numpy.log1p(c)


@continuous(stats.triang, inside=0.5)
def triang(y, z, c):
    """2z/c for z ≤ c, else 2 (1 − z) / (1 − c)."""
    low = z <= c
    d[z] = 1 / numpy.where(low, z, z - 1)
    d[c] = -1 / numpy.where(low, c, c - 1)


@triang.cumulative
def triang_cumulative(F, z, c):
    low = z <= c
    d[c] = -(numpy.where(low, z, 1 - z) ** 2) / numpy.where(low, c, 1 - c) ** 2


@continuous(stats.truncexpon, bounded=True)
def truncexpon(y, z, b):
    """e^(−z) / (1 − e^(−b)), 0 ≤ z ≤ b."""
    d[z] = -1.0
    d[b] = -1 / numpy.expm1(b)


@truncexpon.cumulative
def truncexpon_cumulative(F, z, b):
    d[b] = -F / numpy.expm1(b)


@continuous(stats.truncnorm, bounded=True)
def truncnorm(y, z, a, b):
    """φ(z) / (Φ(b) − Φ(a)), a ≤ z ≤ b."""
    d[z] = -z
    d[a] = stats.truncnorm.pdf(a, a, b)
    d[b] = -stats.truncnorm.pdf(b, a, b)


@truncnorm.cumulative
def truncnorm_cumulative(F, z, a, b):
    d[a] = (F - 1) * stats.truncnorm.pdf(a, a, b)
    d[b] = -F * stats.truncnorm.pdf(b, a, b)


@continuous(stats.loguniform, stats.reciprocal, inside="a")
def loguniform(y, z, a, b):
    """1 / (z log(b/a)), a ≤ z ≤ b."""
    width = numpy.log(b / a)
    d[z] = -1 / z
    d[a] = 1 / (a * width)
    d[b] = -1 / (b * width)


@loguniform.cumulative
def loguniform_cumulative(F, z, a, b):
    """log(z/a) / log(b/a)."""
    width = numpy.log(b / a)
    d[a] = (F - 1) / (a * width)
    d[b] = -F / (b * width)


@continuous(stats.johnsonsb, inside=0.5)
def johnsonsb(y, z, a, b):
    """b φ(a + b logit z) / (z (1 − z))."""
    u = a + b * special.logit(z)
    d[z] = (2 * z - 1 - u * b) / (z * (1 - z))
    d[a] = -u
    d[b] = 1 / b - u * special.logit(z)


@johnsonsb.cumulative
def johnsonsb_cumulative(F, z, a, b):
    phi = numpy.exp(-((a + b * special.logit(z)) ** 2) / 2) / math.sqrt(2 * math.pi)
    d[a] = phi
    d[b] = phi * special.logit(z)


@continuous(stats.vonmises_line, bounded=True)
def vonmises_line(y, z, kappa):
    """exp(κ cos z) / I₀(κ), |z| ≤ π."""
    d[z] = -kappa * numpy.sin(z)
    d[kappa] = numpy.cos(z) - special.i1e(kappa) / special.i0e(kappa)


@continuous(stats.wrapcauchy, bounded=True)
def wrapcauchy(y, z, c):
    """(1 − c²) / (1 + c² − 2c cos z), 0 ≤ z ≤ 2π."""
    u = 1 + c**2 - 2 * c * numpy.cos(z)
    d[z] = -2 * c * numpy.sin(z) / u
    d[c] = -2 * c / (1 - c**2) - 2 * (c - numpy.cos(z)) / u


@continuous(stats.genpareto, inside=0.0)
def genpareto(y, z, c):
    """(1 + cz)^(−1−1/c); the derivative by c is NaN at c = 0."""
    u = 1 + c * z
    d[z] = -(1 + c) / u
    d[c] = numpy.log(u) / c**2 - (1 + 1 / c) * z / u


@genpareto.cumulative
def genpareto_cumulative(F, z, c):
    """1 − (1 + cz)^(−1/c)."""
    u = 1 + c * z
    d[c] = (F - 1) * (numpy.log(u) / c - z / u) / c


@continuous(stats.genextreme, inside=0.0)
def genextreme(y, z, c):
    """u^(1/c−1) exp(−u^(1/c)), u = 1 − cz; the derivative by c is NaN at c = 0."""
    u = 1 - c * z
    power = u ** (1 / c)
    d[z] = (power + c - 1) / u
    d[c] = (power - 1) * (numpy.log(u) / c + z / u) / c + z / u


@genextreme.cumulative
def genextreme_cumulative(F, z, c):
    """exp(−u^(1/c))."""
    u = 1 - c * z
    d[c] = F * u ** (1 / c) * (numpy.log(u) / c + z / u) / c
