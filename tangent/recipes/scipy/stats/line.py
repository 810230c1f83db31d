"""Distributions on the whole line: normal, t, Cauchy, Laplace, logistic, Gumbel and others.

@continuous(stats.norm)      d[z] = -z      y = stats.norm.logpdf(x, m, s):  x̄ −= ȳ · z / s

Densities: N. L. Johnson, S. Kotz & N. Balakrishnan, *Continuous Univariate Distributions*, 2nd ed.,
vol. 1 (1994) and 2 (1995), and SciPy's documentation where they are not there.
"""

from __future__ import annotations

import math

import numpy
from scipy import special, stats

from tangent.recipes.registry import d
from tangent.recipes.scipy import incomplete
from tangent.recipes.scipy.stats.declare import continuous


@continuous(stats.norm)
def norm(y, z, scale):
    """exp(−z²/2)."""
    d[z] = -z
    d[scale] = z**2 - 1


@continuous(stats.cauchy)
def cauchy(y, z):
    """1 / (1 + z²)."""
    d[z] = -2 * z / (1 + z**2)


@continuous(stats.laplace)
def laplace(y, z):
    """exp(−|z|); at zero the derivative is taken as zero."""
    d[z] = -numpy.sign(z)


@continuous(stats.logistic)
def logistic(y, z):
    """sech²(z/2)."""
    d[z] = -numpy.tanh(z / 2)


@continuous(stats.hypsecant)
def hypsecant(y, z):
    """sech(z)."""
    d[z] = -numpy.tanh(z)


@continuous(stats.gumbel_r)
def gumbel_r(y, z):
    """exp(−z − e^(−z))."""
    d[z] = numpy.expm1(-z)


@continuous(stats.gumbel_l)
def gumbel_l(y, z):
    """exp(z − e^z)."""
    d[z] = -numpy.expm1(z)


@continuous(stats.moyal)
def moyal(y, z):
    """exp(−(z + e^(−z)) / 2)."""
    d[z] = numpy.expm1(-z) / 2


@continuous(stats.t)
def t(y, z, df):
    """(1 + z²/ν)^(−(ν + 1)/2) / (√ν B(1/2, ν/2))."""
    d[z] = -(df + 1) * z / (df + z**2)
    d[df] = (
        special.digamma((df + 1) / 2)
        - special.digamma(df / 2)
        - numpy.log1p(z**2 / df)
        + (z**2 - 1) / (df + z**2)
    ) / 2


@t.cumulative
def t_cumulative(F, z, df):
    d[df] = incomplete.student_by_df(df, z)


@continuous(stats.dweibull)
def dweibull(y, z, c):
    """c |z|^(c−1) exp(−|z|^c) / 2."""
    power = numpy.abs(z) ** c
    d[z] = (c - 1 - c * power) / z
    d[c] = 1 / c + numpy.log(numpy.abs(z)) * (1 - power)


@dweibull.cumulative
def dweibull_cumulative(F, z, c):
    power = numpy.abs(z) ** c
    d[c] = numpy.sign(z) / 2 * power * numpy.log(numpy.abs(z)) * numpy.exp(-power)


@continuous(stats.dgamma)
def dgamma(y, z, a):
    """|z|^(a−1) exp(−|z|) / (2 Γ(a))."""
    d[z] = (a - 1) / z - numpy.sign(z)
    d[a] = numpy.log(numpy.abs(z)) - special.digamma(a)


@dgamma.cumulative
def dgamma_cumulative(F, z, a):
    d[a] = numpy.sign(z) / 2 * incomplete.gammainc_by_a(a, numpy.abs(z))


@continuous(stats.gennorm)
def gennorm(y, z, beta):
    """β exp(−|z|^β) / (2 Γ(1/β))."""
    power = numpy.abs(z) ** beta
    d[z] = -beta * numpy.sign(z) * numpy.abs(z) ** (beta - 1)
    d[beta] = 1 / beta + special.digamma(1 / beta) / beta**2 - special.xlogy(power, numpy.abs(z))


@gennorm.cumulative
def gennorm_cumulative(F, z, beta):
    power = numpy.abs(z) ** beta
    by_power = numpy.exp(special.xlogy(1 / beta, power) - power - special.gammaln(1 / beta))
    d[beta] = (
        numpy.sign(z)
        / 2
        * (
            special.xlogy(by_power, numpy.abs(z))
            - incomplete.gammainc_by_a(1 / beta, power) / beta**2
        )
    )


@continuous(stats.genlogistic)
def genlogistic(y, z, c):
    """c e^(−z) (1 + e^(−z))^(−c−1)."""
    d[z] = (c + 1) * special.expit(-z) - 1
    d[c] = 1 / c + special.log_expit(z)


@genlogistic.cumulative
def genlogistic_cumulative(F, z, c):
    d[c] = F * special.log_expit(z)


@continuous(stats.loggamma)
def loggamma(y, z, c):
    """exp(cz − e^z) / Γ(c)."""
    d[z] = c - numpy.exp(z)
    d[c] = z - special.digamma(c)


@loggamma.cumulative
def loggamma_cumulative(F, z, c):
    d[c] = incomplete.gammainc_by_a(c, numpy.exp(z))


@continuous(stats.skewnorm)
def skewnorm(y, z, a):
    """2 φ(z) Φ(az) (Azzalini, Scand. J. Statist. 12, 1985)."""
    ratio = numpy.exp(-((a * z) ** 2) / 2 - special.log_ndtr(a * z)) / math.sqrt(2 * math.pi)
    d[z] = a * ratio - z
    d[a] = z * ratio


@skewnorm.cumulative
def skewnorm_cumulative(F, z, a):
    """Φ(z) − 2 T(z, a), with Owen's T."""
    d[a] = -numpy.exp(-(z**2) * (1 + a**2) / 2) / (math.pi * (1 + a**2))


@continuous(stats.exponnorm)
def exponnorm(y, z, K):
    """exp(1/(2K²) − z/K) Φ(z − 1/K) / K."""
    u = z - 1 / K
    ratio = numpy.exp(-(u**2) / 2 - special.log_ndtr(u)) / math.sqrt(2 * math.pi)
    d[z] = ratio - 1 / K
    d[K] = -1 / K - 1 / K**3 + (z + ratio) / K**2


@exponnorm.cumulative
def exponnorm_cumulative(F, z, K):
    """Φ(z) − K f(z)."""
    u = z - 1 / K
    ratio = numpy.exp(-(u**2) / 2 - special.log_ndtr(u)) / math.sqrt(2 * math.pi)
    d[K] = (1 / K**2 - (z + ratio) / K) * stats.exponnorm.pdf(z, K)


@continuous(stats.johnsonsu)
def johnsonsu(y, z, a, b):
    """b φ(a + b asinh z) / √(1 + z²)."""
    u = a + b * numpy.arcsinh(z)
    d[z] = -(u * b + z / numpy.sqrt(1 + z**2)) / numpy.sqrt(1 + z**2)
    d[a] = -u
    d[b] = 1 / b - u * numpy.arcsinh(z)


@johnsonsu.cumulative
def johnsonsu_cumulative(F, z, a, b):
    phi = numpy.exp(-((a + b * numpy.arcsinh(z)) ** 2) / 2) / math.sqrt(2 * math.pi)
    d[a] = phi
    d[b] = phi * numpy.arcsinh(z)


@continuous(stats.laplace_asymmetric)
def laplace_asymmetric(y, z, kappa):
    """exp(−κz) for z ≥ 0, else exp(z/κ), over κ + 1/κ."""
    d[z] = numpy.where(z >= 0, -kappa, 1 / kappa)
    d[kappa] = (1 / kappa**2 - 1) / (kappa + 1 / kappa) - z * numpy.where(z >= 0, 1.0, 1 / kappa**2)


@laplace_asymmetric.cumulative
def laplace_asymmetric_cumulative(F, z, kappa):
    u = 1 + kappa**2
    d[kappa] = numpy.exp(-numpy.abs(z) * numpy.where(z >= 0, kappa, 1 / kappa)) * (
        2 * kappa / u**2 + numpy.abs(z) / u
    )


@continuous(stats.skewcauchy)
def skewcauchy(y, z, a):
    """1 / (1 + (z / (1 + a sign z))²)."""
    w = 1 + a * numpy.sign(z)
    d[z] = -2 * z / (w**2 + z**2)
    d[a] = 2 * z * numpy.abs(z) / (w * (w**2 + z**2))


@skewcauchy.cumulative
def skewcauchy_cumulative(F, z, a):
    u = numpy.abs(z) / (1 + a * numpy.sign(z))
    d[a] = (numpy.arctan(u) - u / (1 + u**2)) / math.pi - 0.5


@continuous(stats.powernorm)
def powernorm(y, z, c):
    """c φ(z) Φ(−z)^(c−1)."""
    ratio = numpy.exp(-(z**2) / 2 - special.log_ndtr(-z)) / math.sqrt(2 * math.pi)
    d[z] = -z - (c - 1) * ratio
    d[c] = 1 / c + special.log_ndtr(-z)


@powernorm.cumulative
def powernorm_cumulative(F, z, c):
    d[c] = (F - 1) * special.log_ndtr(-z)


@continuous(stats.norminvgauss)
def norminvgauss(y, z, a, b):
    """a K₁(aw) exp(√(a² − b²) + bz) / (πw), w = √(1 + z²) (Barndorff-Nielsen, 1997)."""
    w = numpy.sqrt(1 + z**2)
    root = numpy.sqrt(a**2 - b**2)
    ratio = special.k0e(a * w) / special.k1e(a * w)
    d[z] = b - 2 * z / w**2 - a * ratio * z / w
    d[a] = a / root - w * ratio
    d[b] = z - b / root


@continuous(stats.vonmises)
def vonmises(y, z, kappa):
    """exp(κ cos z) / I₀(κ)."""
    d[z] = -kappa * numpy.sin(z)
    d[kappa] = numpy.cos(z) - special.i1e(kappa) / special.i0e(kappa)
