"""Distribution functions and their inverses, as `scipy.special` spells them.

y = special.chdtr(v, x)       v̄ += ȳ · ∂P(v/2, x/2)/∂v      x̄ += ȳ · p(x)
x = special.chdtri(v, p)      p̄ −= x̄ / p(x)

An inverse x(p, a) of p = F(x, a) has ∂x/∂p = 1 / F_x and ∂x/∂a = −F_a / F_x. The discrete
distributions are constant in their count `k` almost everywhere, since SciPy rounds it down.
"""

from __future__ import annotations

import math

import numpy
from scipy import special

from tangent.recipes.registry import elementwise, refused
from tangent.recipes.scipy import incomplete

# --- gamma and chi-squared ----------------------------------------------------------------------


@elementwise(special.gdtr)
def gdtr(y, a, b, x):
    """P(b, a x)."""
    u = numpy.multiply(a, x)
    density = numpy.exp(special.xlogy(numpy.subtract(b, 1), u) - u - special.gammaln(b))
    return density * x, incomplete.gammainc_by_a(b, u), density * a


@elementwise(special.gdtrc)
def gdtrc(y, a, b, x):
    u = numpy.multiply(a, x)
    density = numpy.exp(special.xlogy(numpy.subtract(b, 1), u) - u - special.gammaln(b))
    return -density * x, -incomplete.gammainc_by_a(b, u), -density * a


@elementwise(special.gdtria)
def gdtria(a, p, b, x):
    u = a * x
    density = numpy.exp(special.xlogy(numpy.subtract(b, 1), u) - u - special.gammaln(b))
    return 1 / (density * x), -incomplete.gammainc_by_a(b, u) / (density * x), -a / x


@elementwise(special.gdtrib)
def gdtrib(b, a, p, x):
    u = numpy.multiply(a, x)
    density = numpy.exp(special.xlogy(b - 1, u) - u - special.gammaln(b))
    slope = incomplete.gammainc_by_a(b, u)
    return -density * x / slope, 1 / slope, -density * a / slope


@elementwise(special.gdtrix)
def gdtrix(x, a, b, p):
    u = a * x
    density = numpy.exp(special.xlogy(numpy.subtract(b, 1), u) - u - special.gammaln(b))
    return -x / a, -incomplete.gammainc_by_a(b, u) / (density * a), 1 / (density * a)


@elementwise(special.chdtr)
def chdtr(y, v, x):
    """P(v/2, x/2)."""
    a = numpy.divide(v, 2)
    u = numpy.divide(x, 2)
    return (
        incomplete.gammainc_by_a(a, u) / 2,
        numpy.exp(special.xlogy(a - 1, u) - u - special.gammaln(a)) / 2,
    )


@elementwise(special.chdtrc)
def chdtrc(y, v, x):
    a = numpy.divide(v, 2)
    u = numpy.divide(x, 2)
    return (
        -incomplete.gammainc_by_a(a, u) / 2,
        -numpy.exp(special.xlogy(a - 1, u) - u - special.gammaln(a)) / 2,
    )


@elementwise(special.chdtri)
def chdtri(x, v, p):
    """The inverse of `chdtrc` in x."""
    a = numpy.divide(v, 2)
    density = numpy.exp(special.xlogy(a - 1, x / 2) - x / 2 - special.gammaln(a))
    return -incomplete.gammainc_by_a(a, x / 2) / density, -2 / density


@elementwise(special.chdtriv)
def chdtriv(v, p, x):
    """The inverse of `chdtr` in v."""
    u = numpy.divide(x, 2)
    slope = incomplete.gammainc_by_a(v / 2, u)
    return 2 / slope, -numpy.exp(special.xlogy(v / 2 - 1, u) - u - special.gammaln(v / 2)) / slope


@elementwise(special.chndtr)
def chndtr(y, x, df, nc):
    """Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2, ch. 29: the density as
    a Poisson mixture is 0F1, and ∂F/∂λ = (F(df + 2) − F) / 2.
    """
    return (
        incomplete.noncentral_chi2_density(x, df, nc),
        refused("the derivative by the degrees of freedom is not implemented"),
        (special.chndtr(x, numpy.add(df, 2), nc) - y) / 2,
    )


@elementwise(special.chndtrix)
def chndtrix(x, p, df, nc):
    density = incomplete.noncentral_chi2_density(x, df, nc)
    return (
        1 / density,
        refused("the derivative by the degrees of freedom is not implemented"),
        (p - special.chndtr(x, numpy.add(df, 2), nc)) / (2 * density),
    )


@elementwise(special.chndtrinc)
def chndtrinc(nc, x, df, p):
    slope = (special.chndtr(x, numpy.add(df, 2), nc) - p) / 2
    return (
        -incomplete.noncentral_chi2_density(x, df, nc) / slope,
        refused("the derivative by the degrees of freedom is not implemented"),
        1 / slope,
    )


@elementwise(incomplete.noncentral_chi2_density)
def noncentral_chi2_density(y, x, df, nc):
    """∂F/∂λ of `chndtr`, differentiated by x."""
    more = incomplete.noncentral_chi2_density(x, numpy.add(df, 2), nc)
    return (
        y * ((numpy.divide(df, 2) - 1) / x - 0.5) + more * numpy.divide(nc, x) / 2,
        refused("the derivative by the degrees of freedom is not implemented"),
        (more - y) / 2,
    )


# --- Poisson ------------------------------------------------------------------------------------


@elementwise(special.pdtr)
def pdtr(y, k, m):
    """Q(⌊k⌋ + 1, m)."""
    count = numpy.floor(k)
    return None, -numpy.exp(special.xlogy(count, m) - m - special.gammaln(count + 1))


@elementwise(special.pdtrc)
def pdtrc(y, k, m):
    count = numpy.floor(k)
    return None, numpy.exp(special.xlogy(count, m) - m - special.gammaln(count + 1))


@elementwise(special.pdtri)
def pdtri(m, k, y):
    count = numpy.floor(k)
    return None, -numpy.exp(m - special.xlogy(count, m) + special.gammaln(count + 1))


@elementwise(special.pdtrik)
def pdtrik(k, p, m):
    """p = Q(k + 1, m)."""
    slope = incomplete.gammainc_by_a(k + 1, m)
    return -1 / slope, -numpy.exp(special.xlogy(k, m) - m - special.gammaln(k + 1)) / slope


# --- binomial and negative binomial -------------------------------------------------------------


@elementwise(special.bdtr)
def bdtr(y, k, n, p):
    """I₁₋ₚ(n − k, k + 1) (DLMF 8.17.5)."""
    count = numpy.floor(k)
    return (
        None,
        refused("the number of trials is an integer"),
        -incomplete.betainc_by_x(count + 1, n - count, p),
    )


@elementwise(special.bdtrc)
def bdtrc(y, k, n, p):
    count = numpy.floor(k)
    return (
        None,
        refused("the number of trials is an integer"),
        incomplete.betainc_by_x(count + 1, n - count, p),
    )


@elementwise(special.bdtri)
def bdtri(p, k, n, y):
    count = numpy.floor(k)
    return (
        None,
        refused("the number of trials is an integer"),
        -1 / incomplete.betainc_by_x(count + 1, n - count, p),
    )


@elementwise(special.bdtrik)
def bdtrik(k, y, n, p):
    """y = 1 − I_p(k + 1, n − k)."""
    slope = incomplete.betainc_by_b(k + 1, n - k, p) - incomplete.betainc_by_a(k + 1, n - k, p)
    return (
        1 / slope,
        incomplete.betainc_by_b(k + 1, n - k, p) / slope,
        incomplete.betainc_by_x(k + 1, n - k, p) / slope,
    )


@elementwise(special.bdtrin)
def bdtrin(n, k, y, p):
    slope = incomplete.betainc_by_b(k + 1, n - k, p)
    return (
        1 - incomplete.betainc_by_a(k + 1, n - k, p) / slope,
        -1 / slope,
        -incomplete.betainc_by_x(k + 1, n - k, p) / slope,
    )


@elementwise(special.nbdtr)
def nbdtr(y, k, n, p):
    """I_p(n, k + 1)."""
    return (
        None,
        refused("the number of successes is an integer"),
        incomplete.betainc_by_x(n, numpy.floor(k) + 1, p),
    )


@elementwise(special.nbdtrc)
def nbdtrc(y, k, n, p):
    return (
        None,
        refused("the number of successes is an integer"),
        -incomplete.betainc_by_x(n, numpy.floor(k) + 1, p),
    )


@elementwise(special.nbdtri)
def nbdtri(p, k, n, y):
    return (
        None,
        refused("the number of successes is an integer"),
        1 / incomplete.betainc_by_x(n, numpy.floor(k) + 1, p),
    )


@elementwise(special.nbdtrik)
def nbdtrik(k, y, n, p):
    slope = incomplete.betainc_by_b(n, k + 1, p)
    return (
        1 / slope,
        -incomplete.betainc_by_a(n, k + 1, p) / slope,
        -incomplete.betainc_by_x(n, k + 1, p) / slope,
    )


@elementwise(special.nbdtrin)
def nbdtrin(n, k, y, p):
    slope = incomplete.betainc_by_a(n, k + 1, p)
    return (
        -incomplete.betainc_by_b(n, k + 1, p) / slope,
        1 / slope,
        -incomplete.betainc_by_x(n, k + 1, p) / slope,
    )


# --- beta, F and Student's t --------------------------------------------------------------------


@elementwise(special.btdtria)
def btdtria(a, p, b, x):
    slope = incomplete.betainc_by_a(a, b, x)
    return (
        1 / slope,
        -incomplete.betainc_by_b(a, b, x) / slope,
        -incomplete.betainc_by_x(a, b, x) / slope,
    )


@elementwise(special.btdtrib)
def btdtrib(b, a, p, x):
    slope = incomplete.betainc_by_b(a, b, x)
    return (
        -incomplete.betainc_by_a(a, b, x) / slope,
        1 / slope,
        -incomplete.betainc_by_x(a, b, x) / slope,
    )


@elementwise(special.fdtr)
def fdtr(y, dfn, dfd, x):
    """I_u(dfn/2, dfd/2), u = dfn x / (dfd + dfn x)."""
    total = dfd + numpy.multiply(dfn, x)
    a = numpy.divide(dfn, 2)
    b = numpy.divide(dfd, 2)
    u = numpy.multiply(dfn, x) / total
    slope = incomplete.betainc_by_x(a, b, u) / total**2
    return (
        incomplete.betainc_by_a(a, b, u) / 2 + slope * numpy.multiply(dfd, x),
        incomplete.betainc_by_b(a, b, u) / 2 - slope * numpy.multiply(dfn, x),
        slope * numpy.multiply(dfn, dfd),
    )


@elementwise(special.fdtrc)
def fdtrc(y, dfn, dfd, x):
    total = dfd + numpy.multiply(dfn, x)
    a = numpy.divide(dfn, 2)
    b = numpy.divide(dfd, 2)
    u = numpy.multiply(dfn, x) / total
    slope = incomplete.betainc_by_x(a, b, u) / total**2
    return (
        -incomplete.betainc_by_a(a, b, u) / 2 - slope * numpy.multiply(dfd, x),
        -incomplete.betainc_by_b(a, b, u) / 2 + slope * numpy.multiply(dfn, x),
        -slope * numpy.multiply(dfn, dfd),
    )


@elementwise(special.fdtri)
def fdtri(x, dfn, dfd, p):
    """The inverse of `fdtr` in x."""
    total = dfd + dfn * x
    a = numpy.divide(dfn, 2)
    b = numpy.divide(dfd, 2)
    u = dfn * x / total
    slope = incomplete.betainc_by_x(a, b, u) * dfn * dfd / total**2
    return (
        -incomplete.betainc_by_a(a, b, u) / (2 * slope) - x / dfn,
        -incomplete.betainc_by_b(a, b, u) / (2 * slope) + x / dfd,
        1 / slope,
    )


@elementwise(special.fdtridfd)
def fdtridfd(dfd, dfn, p, x):
    """The inverse of `fdtr` in dfd."""
    ratio = numpy.multiply(dfn, x)
    total = dfd + ratio
    a = numpy.divide(dfn, 2)
    u = ratio / total
    by_u = incomplete.betainc_by_x(a, dfd / 2, u) / total**2
    slope = incomplete.betainc_by_b(a, dfd / 2, u) / 2 - by_u * ratio
    return (
        -(incomplete.betainc_by_a(a, dfd / 2, u) / 2 + by_u * dfd * x) / slope,
        1 / slope,
        -by_u * dfd * dfn / slope,
    )


@elementwise(special.stdtr)
def stdtr(y, df, t):
    """1 − I_u(df/2, 1/2) / 2 for t > 0, u = df / (df + t²)."""
    return incomplete.student_by_df(df, t), incomplete.student_density(df, t)


@elementwise(special.stdtrit)
def stdtrit(t, df, p):
    density = incomplete.student_density(df, t)
    return -incomplete.student_by_df(df, t) / density, 1 / density


@elementwise(special.stdtridf)
def stdtridf(df, p, t):
    slope = incomplete.student_by_df(df, t)
    return 1 / slope, -incomplete.student_density(df, t) / slope


@elementwise(incomplete.student_density)
def student_density(y, df, t):
    """Johnson, Kotz & Balakrishnan 2, equation 28.2."""
    t2 = numpy.square(t)
    u = t2 / df
    return (
        y
        * (
            special.digamma(numpy.add(df, 1) / 2)
            - special.digamma(numpy.divide(df, 2))
            - numpy.log1p(u)
            + (t2 - 1) / (df + t2)
        )
        / 2,
        -y * numpy.add(df, 1) * t / (df + t2),
    )


@elementwise(incomplete.student_by_df)
def student_by_df(y, df, t):
    """By t: the derivative of the density by df."""
    t2 = numpy.square(t)
    u = t2 / df
    return (
        refused(
            "the second derivative of the t distribution by its degrees of freedom is not implemented"
        ),
        incomplete.student_density(df, t)
        * (
            special.digamma(numpy.add(df, 1) / 2)
            - special.digamma(numpy.divide(df, 2))
            - numpy.log1p(u)
            + (t2 - 1) / (df + t2)
        )
        / 2,
    )


# --- normal and others --------------------------------------------------------------------------


@elementwise(special.nrdtrimn)
def nrdtrimn(mn, p, std, x):
    """x − std · Φ⁻¹(p)."""
    z = numpy.subtract(x, mn) / std
    return -math.sqrt(2 * math.pi) * numpy.exp(z**2 / 2) * std, -z, 1


@elementwise(special.nrdtrisd)
def nrdtrisd(sd, mn, p, x):
    """(x − mn) / Φ⁻¹(p)."""
    z = special.ndtri(p)
    return -1 / z, -math.sqrt(2 * math.pi) * sd / z * numpy.exp(z**2 / 2), 1 / z


@elementwise(special.kolmogorov)
def kolmogorov(q, y):
    return incomplete.kolmogorov_slope(y)


@elementwise(special.kolmogi)
def kolmogi(y, p):
    return 1 / incomplete.kolmogorov_slope(y)


@elementwise(special.tklmbda)
def tklmbda(p, x, lmbda):
    """The inverse of x = (p^λ − (1 − p)^λ) / λ, by λ with `boxcox`."""
    rest = 1 - p
    slope = numpy.power(p, lmbda - 1) + numpy.power(rest, lmbda - 1)
    one = numpy.log(p)
    other = numpy.log(rest)
    bend = (
        one**2 * special.hyp1f1(2, 3, lmbda * one) - other**2 * special.hyp1f1(2, 3, lmbda * other)
    ) / 2
    return 1 / slope, -bend / slope
