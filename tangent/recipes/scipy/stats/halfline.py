"""Distributions on a half-line: exponential, gamma, Weibull, Pareto, log-normal, F and others.

@continuous(stats.expon, bounded=True)      d[z] = -1

Densities: N. L. Johnson, S. Kotz & N. Balakrishnan, *Continuous Univariate Distributions*, 2nd ed.,
vol. 1 (1994) and 2 (1995), and SciPy's documentation where they are not there.
"""

from __future__ import annotations

import math

import numpy
from scipy import special, stats

from tangent.recipes.registry import d, refused
from tangent.recipes.scipy import incomplete
from tangent.recipes.scipy.stats.declare import continuous


@continuous(stats.expon, bounded=True)
def expon(y, z):
    """exp(−z)."""
    d[z] = -1.0


@continuous(stats.halfnorm, bounded=True)
def halfnorm(y, z):
    """exp(−z²/2)."""
    d[z] = -z


@continuous(stats.halfcauchy, bounded=True)
def halfcauchy(y, z):
    """1 / (1 + z²)."""
    d[z] = -2 * z / (1 + z**2)


@continuous(stats.halflogistic, bounded=True)
def halflogistic(y, z):
    """sech²(z/2)."""
    d[z] = -numpy.tanh(z / 2)


@continuous(stats.rayleigh, inside=1.0)
def rayleigh(y, z):
    """z exp(−z²/2)."""
    d[z] = 1 / z - z


@continuous(stats.maxwell, inside=1.0)
def maxwell(y, z):
    """z² exp(−z²/2)."""
    d[z] = 2 / z - z


@continuous(stats.levy, inside=1.0)
def levy(y, z):
    """z^(−3/2) exp(−1/(2z))."""
    d[z] = (1 / z - 3) / (2 * z)


@continuous(stats.levy_l, inside=-1.0)
def levy_l(y, z):
    """The mirror image of `levy`."""
    d[z] = -(1 / z + 3) / (2 * z)


@continuous(stats.wald, inside=1.0)
def wald(y, z):
    """z^(−3/2) exp(−(z − 1)² / (2z))."""
    d[z] = (1 / z**2 - 3 / z - 1) / 2


@continuous(stats.gibrat, inside=1.0)
def gibrat(y, z):
    """exp(−log²(z) / 2) / z."""
    d[z] = -(1 + numpy.log(z)) / z


@continuous(stats.gamma, stats.erlang, inside=1.0)
def gamma(y, z, a):
    """z^(a−1) e^(−z) / Γ(a)."""
    d[z] = (a - 1) / z - 1
    d[a] = numpy.log(z) - special.digamma(a)


@gamma.cumulative
def gamma_cumulative(F, z, a):
    d[a] = incomplete.gammainc_by_a(a, z)


@continuous(stats.chi2, inside=1.0)
def chi2(y, z, df):
    """(z/2)^(ν/2−1) e^(−z/2) / (2 Γ(ν/2))."""
    d[z] = (df / 2 - 1) / z - 0.5
    d[df] = (numpy.log(z / 2) - special.digamma(df / 2)) / 2


@chi2.cumulative
def chi2_cumulative(F, z, df):
    d[df] = incomplete.gammainc_by_a(df / 2, z / 2) / 2


@continuous(stats.chi, inside=1.0)
def chi(y, z, df):
    """z^(ν−1) e^(−z²/2) / (2^(ν/2−1) Γ(ν/2))."""
    d[z] = (df - 1) / z - z
    d[df] = numpy.log(z) - (special.digamma(df / 2) + math.log(2)) / 2


@chi.cumulative
def chi_cumulative(F, z, df):
    d[df] = incomplete.gammainc_by_a(df / 2, z**2 / 2) / 2


@continuous(stats.invgamma, inside=1.0)
def invgamma(y, z, a):
    """z^(−a−1) e^(−1/z) / Γ(a)."""
    d[z] = (1 / z - a - 1) / z
    d[a] = -numpy.log(z) - special.digamma(a)


@invgamma.cumulative
def invgamma_cumulative(F, z, a):
    d[a] = -incomplete.gammainc_by_a(a, 1 / z)


@continuous(stats.nakagami, inside=1.0)
def nakagami(y, z, nu):
    """2 ν^ν z^(2ν−1) e^(−νz²) / Γ(ν)."""
    d[z] = (2 * nu - 1) / z - 2 * nu * z
    d[nu] = numpy.log(nu * z**2) + 1 - special.digamma(nu) - z**2


@nakagami.cumulative
def nakagami_cumulative(F, z, nu):
    """P(ν, νz²)."""
    u = nu * z**2
    by_u = numpy.exp(special.xlogy(nu - 1, u) - u - special.gammaln(nu))
    d[nu] = incomplete.gammainc_by_a(nu, u) + by_u * z**2


@continuous(stats.gengamma, inside=1.0)
def gengamma(y, z, a, c):
    """|c| z^(ca−1) exp(−z^c) / Γ(a)."""
    power = z**c
    d[z] = (c * a - 1 - c * power) / z
    d[a] = c * numpy.log(z) - special.digamma(a)
    d[c] = 1 / c + (a - power) * numpy.log(z)


@gengamma.cumulative
def gengamma_cumulative(F, z, a, c):
    """P(a, z^c) for c > 0, Q(a, z^c) for c < 0."""
    power = z**c
    d[a] = numpy.sign(c) * incomplete.gammainc_by_a(a, power)
    d[c] = (
        numpy.sign(c)
        * numpy.exp(special.xlogy(a, power) - power - special.gammaln(a))
        * numpy.log(z)
    )


@continuous(stats.halfgennorm, inside=1.0)
def halfgennorm(y, z, beta):
    """β exp(−z^β) / Γ(1/β)."""
    power = z**beta
    d[z] = -beta * power / z
    d[beta] = 1 / beta + special.digamma(1 / beta) / beta**2 - power * numpy.log(z)


@halfgennorm.cumulative
def halfgennorm_cumulative(F, z, beta):
    """P(1/β, z^β)."""
    power = z**beta
    by_power = numpy.exp(special.xlogy(1 / beta, power) - power - special.gammaln(1 / beta))
    d[beta] = by_power * numpy.log(z) - incomplete.gammainc_by_a(1 / beta, power) / beta**2


@continuous(stats.weibull_min, inside=1.0)
def weibull_min(y, z, c):
    """c z^(c−1) exp(−z^c)."""
    power = z**c
    d[z] = (c - 1 - c * power) / z
    d[c] = 1 / c + numpy.log(z) * (1 - power)


@weibull_min.cumulative
def weibull_min_cumulative(F, z, c):
    power = z**c
    d[c] = power * numpy.log(z) * numpy.exp(-power)


@continuous(stats.weibull_max, inside=-1.0)
def weibull_max(y, z, c):
    """The mirror image of `weibull_min`."""
    power = (-z) ** c
    d[z] = (c - 1 - c * power) / z
    d[c] = 1 / c + numpy.log(-z) * (1 - power)


@weibull_max.cumulative
def weibull_max_cumulative(F, z, c):
    power = (-z) ** c
    d[c] = -power * numpy.log(-z) * numpy.exp(-power)


@continuous(stats.invweibull, inside=1.0)
def invweibull(y, z, c):
    """c z^(−c−1) exp(−z^(−c))."""
    power = z**-c
    d[z] = (c * power - c - 1) / z
    d[c] = 1 / c + numpy.log(z) * (power - 1)


@invweibull.cumulative
def invweibull_cumulative(F, z, c):
    power = z**-c
    d[c] = power * numpy.log(z) * numpy.exp(-power)


@continuous(stats.exponweib, inside=1.0)
def exponweib(y, z, a, c):
    """a c (1 − exp(−z^c))^(a−1) exp(−z^c) z^(c−1)."""
    power = z**c
    bend = (a - 1) / numpy.expm1(power) - 1
    d[z] = (c - 1 + c * power * bend) / z
    d[a] = 1 / a + numpy.log(-numpy.expm1(-power))
    d[c] = 1 / c + numpy.log(z) * (1 + power * bend)


@exponweib.cumulative
def exponweib_cumulative(F, z, a, c):
    """(1 − exp(−z^c))^a."""
    power = z**c
    d[a] = F * numpy.log(-numpy.expm1(-power))
    d[c] = F * a * power * numpy.log(z) / numpy.expm1(power)


@continuous(stats.lognorm, inside=1.0)
def lognorm(y, z, s):
    """exp(−log²(z) / (2s²)) / (s z)."""
    log = numpy.log(z) / s
    d[z] = -(1 + log / s) / z
    d[s] = (log**2 - 1) / s


@lognorm.cumulative
def lognorm_cumulative(F, z, s):
    """Φ(log(z) / s)."""
    log = numpy.log(z) / s
    d[s] = -log / s * numpy.exp(-(log**2) / 2) / math.sqrt(2 * math.pi)


@continuous(stats.pareto, inside=2.0)
def pareto(y, z, b):
    """b z^(−b−1), z ≥ 1."""
    d[z] = -(b + 1) / z
    d[b] = 1 / b - numpy.log(z)


@pareto.cumulative
def pareto_cumulative(F, z, b):
    d[b] = z**-b * numpy.log(z)


@continuous(stats.lomax, inside=1.0)
def lomax(y, z, c):
    """c (1 + z)^(−c−1)."""
    d[z] = -(c + 1) / (1 + z)
    d[c] = 1 / c - numpy.log1p(z)


@lomax.cumulative
def lomax_cumulative(F, z, c):
    d[c] = (1 + z) ** -c * numpy.log1p(z)


@continuous(stats.fisk, inside=1.0)
def fisk(y, z, c):
    """c z^(c−1) (1 + z^c)^(−2)."""
    share = special.expit(c * numpy.log(z))
    d[z] = (c - 1 - 2 * c * share) / z
    d[c] = 1 / c + numpy.log(z) * (1 - 2 * share)


@fisk.cumulative
def fisk_cumulative(F, z, c):
    share = special.expit(c * numpy.log(z))
    d[c] = share * (1 - share) * numpy.log(z)


@continuous(stats.burr12, inside=1.0)
def burr12(y, z, c, d_):
    """c d z^(c−1) (1 + z^c)^(−d−1)."""
    share = special.expit(c * numpy.log(z))
    d[z] = (c - 1 - (d_ + 1) * c * share) / z
    d[c] = 1 / c + numpy.log(z) * (1 - (d_ + 1) * share)
    d[d_] = 1 / d_ - numpy.log1p(z**c)


@burr12.cumulative
def burr12_cumulative(F, z, c, d_):
    tail = (1 + z**c) ** -d_
    d[c] = tail * d_ * special.expit(c * numpy.log(z)) * numpy.log(z)
    d[d_] = tail * numpy.log1p(z**c)


@continuous(stats.burr, inside=1.0)
def burr(y, z, c, d_):
    """c d z^(−c−1) (1 + z^(−c))^(−d−1)."""
    share = special.expit(-c * numpy.log(z))
    d[z] = ((d_ + 1) * c * share - c - 1) / z
    d[c] = 1 / c + numpy.log(z) * ((d_ + 1) * share - 1)
    d[d_] = 1 / d_ - numpy.log1p(z**-c)


@burr.cumulative
def burr_cumulative(F, z, c, d_):
    d[c] = F * d_ * special.expit(-c * numpy.log(z)) * numpy.log(z)
    d[d_] = -F * numpy.log1p(z**-c)


@continuous(stats.gompertz, bounded=True)
def gompertz(y, z, c):
    """c e^z exp(−c (e^z − 1))."""
    d[z] = 1 - c * numpy.exp(z)
    d[c] = 1 / c - numpy.expm1(z)


@gompertz.cumulative
def gompertz_cumulative(F, z, c):
    d[c] = numpy.expm1(z) * numpy.exp(-c * numpy.expm1(z))


@continuous(stats.loglaplace, inside=2.0)
def loglaplace(y, z, c):
    """c/2 z^(c−1) for z < 1, else c/2 z^(−c−1)."""
    log = numpy.log(z)
    d[z] = -(1 + c * numpy.sign(log)) / z
    d[c] = 1 / c - numpy.abs(log)


@loglaplace.cumulative
def loglaplace_cumulative(F, z, c):
    log = numpy.log(z)
    d[c] = log * numpy.exp(-c * numpy.abs(log)) / 2


@continuous(stats.betaprime, inside=1.0)
def betaprime(y, z, a, b):
    """z^(a−1) (1 + z)^(−a−b) / B(a, b)."""
    total = special.digamma(a + b)
    d[z] = (a - 1) / z - (a + b) / (1 + z)
    d[a] = numpy.log(z / (1 + z)) - special.digamma(a) + total
    d[b] = -numpy.log1p(z) - special.digamma(b) + total


@betaprime.cumulative
def betaprime_cumulative(F, z, a, b):
    d[a] = incomplete.betainc_by_a(a, b, z / (1 + z))
    d[b] = incomplete.betainc_by_b(a, b, z / (1 + z))


@continuous(stats.f, inside=1.0)
def f(y, z, dfn, dfd):
    """z^(m/2−1) (n + mz)^(−(m+n)/2) m^(m/2) n^(n/2) / B(m/2, n/2)."""
    u = dfd + dfn * z
    ratio = (dfn + dfd) / u
    whole = special.digamma((dfn + dfd) / 2)
    d[z] = (dfn / 2 - 1) / z - dfn * ratio / 2
    d[dfn] = (numpy.log(dfn * z / u) + 1 - ratio * z - special.digamma(dfn / 2) + whole) / 2
    d[dfd] = (numpy.log(dfd / u) + 1 - ratio - special.digamma(dfd / 2) + whole) / 2


@f.cumulative
def f_cumulative(F, z, dfn, dfd):
    """I_w(m/2, n/2), w = mz / (n + mz)."""
    u = dfd + dfn * z
    by_w = incomplete.betainc_by_x(dfn / 2, dfd / 2, dfn * z / u) * z / u**2
    d[dfn] = incomplete.betainc_by_a(dfn / 2, dfd / 2, dfn * z / u) / 2 + by_w * dfd
    d[dfd] = incomplete.betainc_by_b(dfn / 2, dfd / 2, dfn * z / u) / 2 - by_w * dfn


@continuous(stats.invgauss, inside=1.0)
def invgauss(y, z, mu):
    """z^(−3/2) exp(−(z − μ)² / (2zμ²))."""
    d[z] = (1 / z**2 - 3 / z - 1 / mu**2) / 2
    d[mu] = (z - mu) / mu**3


@invgauss.cumulative
def invgauss_cumulative(F, z, mu):
    """Φ(√(1/z) (z/μ − 1)) + e^(2/μ) Φ(−√(1/z) (z/μ + 1)); the two densities cancel."""
    d[mu] = -2 / mu**2 * numpy.exp(2 / mu + special.log_ndtr(-(z / mu + 1) / numpy.sqrt(z)))


@continuous(stats.fatiguelife, inside=1.0)
def fatiguelife(y, z, c):
    """(z + 1) z^(−3/2) exp(−(z − 1)² / (2zc²)) / c."""
    d[z] = 1 / (z + 1) - 3 / (2 * z) - (1 - 1 / z**2) / (2 * c**2)
    d[c] = ((z - 1) ** 2 / (z * c**2) - 1) / c


@fatiguelife.cumulative
def fatiguelife_cumulative(F, z, c):
    """Φ((√z − 1/√z) / c)."""
    u = (numpy.sqrt(z) - 1 / numpy.sqrt(z)) / c
    d[c] = -u / c * numpy.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)


@continuous(stats.foldnorm, bounded=True)
def foldnorm(y, z, c):
    """cosh(cz) exp(−(z² + c²) / 2)."""
    d[z] = c * numpy.tanh(c * z) - z
    d[c] = z * numpy.tanh(c * z) - c


@foldnorm.cumulative
def foldnorm_cumulative(F, z, c):
    """Φ(z − c) + Φ(z + c) − 1."""
    d[c] = (numpy.exp(-((z + c) ** 2) / 2) - numpy.exp(-((z - c) ** 2) / 2)) / math.sqrt(
        2 * math.pi
    )


@continuous(stats.rice, inside=1.0)
def rice(y, z, b):
    """z exp(−(z² + b²) / 2) I₀(zb)."""
    ratio = special.i1e(z * b) / special.i0e(z * b)
    d[z] = 1 / z - z + b * ratio
    d[b] = z * ratio - b


@rice.cumulative
def rice_cumulative(F, z, b):
    """The noncentral chi-squared distribution of z²."""
    d[b] = b * (special.chndtr(z**2, 4, b**2) - special.chndtr(z**2, 2, b**2))


@continuous(stats.ncx2, inside=1.0)
def ncx2(y, z, df, nc):
    """A Poisson mixture of chi-squared densities."""
    own = incomplete.noncentral_chi2_density(z, df, nc)
    ratio = incomplete.noncentral_chi2_density(z, df + 2, nc) / own
    d[z] = (df / 2 - 1 + nc * ratio / 2) / z - 0.5
    d[df] = refused("the derivative by the degrees of freedom is not implemented")
    d[nc] = (ratio - 1) / 2


@ncx2.cumulative
def ncx2_cumulative(F, z, df, nc):
    d[df] = refused("the derivative by the degrees of freedom is not implemented")
    d[nc] = (special.chndtr(z, df + 2, nc) - special.chndtr(z, df, nc)) / 2
