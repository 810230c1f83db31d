"""Gamma, beta and zeta functions (DLMF chapters 5, 8 and 25).

y = special.gamma(x)             x̄ += ȳ · y · ψ(x)
y = special.betaln(a, b)         ā += ȳ · (ψ(a) − ψ(a + b))

The derivatives of the incomplete functions by their parameters are sums of series, which
`recipes.scipy.incomplete` computes. At poles the formulas give NaN.
"""

from __future__ import annotations

import numpy
from scipy import special

from tangent.recipes.registry import elementwise, fixed, nondifferentiable, refused
from tangent.recipes.scipy import incomplete


@elementwise(special.gamma)
def gamma(y, x):
    """DLMF 5.2.2."""
    return y * special.digamma(x)


@elementwise(special.gammaln)
def gammaln(y, x):
    return special.digamma(x)


@elementwise(special.loggamma)
def loggamma(y, z):
    return special.digamma(z)


@elementwise(special.rgamma)
def rgamma(y, z):
    return -y * special.digamma(z)


@elementwise(special.digamma)
def digamma(y, z):
    """DLMF 5.15.1: ψ'(z) = ζ(2, z)."""
    return special.zeta(2, z)


@elementwise(special.polygamma)
def polygamma(y, n, x):
    return (
        refused("the derivative by the order is no function of SciPy"),
        special.polygamma(numpy.add(n, 1), x),
    )


@elementwise(special.multigammaln)
def multigammaln(y, a, d):
    """The logarithm of DLMF 35.3.5."""
    return numpy.sum(special.digamma(numpy.expand_dims(a, -1) - numpy.arange(d) / 2), -1), None


@elementwise(special.beta)
def beta(y, a, b):
    """DLMF 5.12.1, 5.2.2."""
    total = special.digamma(numpy.add(a, b))
    return y * (special.digamma(a) - total), y * (special.digamma(b) - total)


@elementwise(special.betaln)
def betaln(y, a, b):
    total = special.digamma(numpy.add(a, b))
    return special.digamma(a) - total, special.digamma(b) - total


@elementwise(special.poch)
def poch(y, z, m):
    """DLMF 5.2.5: (z)ₘ = Γ(z + m) / Γ(z)."""
    end = special.digamma(numpy.add(z, m))
    return y * (end - special.digamma(z)), y * end


@elementwise(special.binom)
def binom(y, n, k):
    """DLMF 1.2.6 with gamma functions."""
    rest = special.digamma(numpy.subtract(n, k) + 1)
    return (
        y * (special.digamma(numpy.add(n, 1)) - rest),
        y * (rest - special.digamma(numpy.add(k, 1))),
    )


@elementwise(special.comb)
def comb(y, N, k, *, exact: fixed = False, repetition: fixed = False):
    rest = special.digamma(numpy.subtract(N, k) + 1)
    return (
        y * (special.digamma(numpy.add(N, 1)) - rest),
        y * (rest - special.digamma(numpy.add(k, 1))),
        None,
        None,
    )


@elementwise(special.perm)
def perm(y, N, k, exact: fixed = False):
    """N! / (N − k)!."""
    rest = special.digamma(numpy.subtract(N, k) + 1)
    return y * (special.digamma(numpy.add(N, 1)) - rest), y * rest, None


@elementwise(special.factorial)
def factorial(y, n, exact: fixed = False, extend: fixed = "zero"):
    return y * special.digamma(numpy.add(n, 1)), None, None


@elementwise(special.zeta)
def zeta(y, x):
    return incomplete.zeta_by_exponent(x, 1)


@elementwise(special.zeta)
def hurwitz_zeta(y, x, q):
    """DLMF 25.11.17."""
    return incomplete.zeta_by_exponent(x, q), -numpy.multiply(x, special.zeta(numpy.add(x, 1), q))


@elementwise(special.zetac)
def zetac(y, x):
    return incomplete.zeta_by_exponent(x, 1)


# --- incomplete ---------------------------------------------------------------------------------


@elementwise(special.gammainc)
def gammainc(y, a, x):
    """DLMF 8.8.13."""
    return (
        incomplete.gammainc_by_a(a, x),
        numpy.exp(special.xlogy(numpy.subtract(a, 1), x) - x - special.gammaln(a)),
    )


@elementwise(special.gammaincc)
def gammaincc(y, a, x):
    """DLMF 8.8.14."""
    return (
        -incomplete.gammainc_by_a(a, x),
        -numpy.exp(special.xlogy(numpy.subtract(a, 1), x) - x - special.gammaln(a)),
    )


@elementwise(special.gammaincinv)
def gammaincinv(x, a, y):
    """The inverse of P(a, x) in x."""
    slope = numpy.exp(special.xlogy(numpy.subtract(a, 1), x) - x - special.gammaln(a))
    return -incomplete.gammainc_by_a(a, x) / slope, 1 / slope


@elementwise(special.gammainccinv)
def gammainccinv(x, a, y):
    """The inverse of Q(a, x) in x."""
    slope = numpy.exp(special.xlogy(numpy.subtract(a, 1), x) - x - special.gammaln(a))
    return -incomplete.gammainc_by_a(a, x) / slope, -1 / slope


@elementwise(special.betainc)
def betainc(y, a, b, x):
    """DLMF 8.17.1, 8.17.2."""
    return (
        incomplete.betainc_by_a(a, b, x),
        incomplete.betainc_by_b(a, b, x),
        incomplete.betainc_by_x(a, b, x),
    )


@elementwise(special.betaincc)
def betaincc(y, a, b, x):
    return (
        -incomplete.betainc_by_a(a, b, x),
        -incomplete.betainc_by_b(a, b, x),
        -incomplete.betainc_by_x(a, b, x),
    )


@elementwise(special.betaincinv)
def betaincinv(x, a, b, y):
    slope = incomplete.betainc_by_x(a, b, x)
    return (
        -incomplete.betainc_by_a(a, b, x) / slope,
        -incomplete.betainc_by_b(a, b, x) / slope,
        1 / slope,
    )


@elementwise(special.betainccinv)
def betainccinv(x, a, b, y):
    slope = incomplete.betainc_by_x(a, b, x)
    return (
        -incomplete.betainc_by_a(a, b, x) / slope,
        -incomplete.betainc_by_b(a, b, x) / slope,
        -1 / slope,
    )


# --- what these derivatives are made of ---------------------------------------------------------


@elementwise(incomplete.gammainc_by_a)
def gammainc_by_a(y, a, x):
    """∂²P/∂a∂x, with P' = x^(a−1) e^(−x) / Γ(a)."""
    return (
        incomplete.gammainc_by_a_twice(a, x),
        numpy.exp(special.xlogy(numpy.subtract(a, 1), x) - x - special.gammaln(a))
        * (numpy.log(x) - special.digamma(a)),
    )


@elementwise(incomplete.gammainc_by_a_twice)
def gammainc_by_a_twice(y, a, x):
    return (
        refused("third derivatives of incomplete gamma functions by a are not implemented"),
        numpy.exp(special.xlogy(numpy.subtract(a, 1), x) - x - special.gammaln(a))
        * ((numpy.log(x) - special.digamma(a)) ** 2 - special.zeta(2, a)),
    )


@elementwise(incomplete.betainc_by_a)
def betainc_by_a(y, a, b, x):
    return (
        refused(
            "second derivatives of incomplete beta functions by parameters are not implemented"
        ),
        refused(
            "second derivatives of incomplete beta functions by parameters are not implemented"
        ),
        incomplete.betainc_by_x(a, b, x)
        * (numpy.log(x) - special.digamma(a) + special.digamma(numpy.add(a, b))),
    )


@elementwise(incomplete.betainc_by_b)
def betainc_by_b(y, a, b, x):
    return (
        refused(
            "second derivatives of incomplete beta functions by parameters are not implemented"
        ),
        refused(
            "second derivatives of incomplete beta functions by parameters are not implemented"
        ),
        incomplete.betainc_by_x(a, b, x)
        * (numpy.log1p(numpy.negative(x)) - special.digamma(b) + special.digamma(numpy.add(a, b))),
    )


@elementwise(incomplete.betainc_by_x)
def betainc_by_x(y, a, b, x):
    """x^(a−1) (1 − x)^(b−1) / B(a, b)."""
    total = special.digamma(numpy.add(a, b))
    rest = numpy.subtract(1, x)
    return (
        y * (numpy.log(x) - special.digamma(a) + total),
        y * (numpy.log(rest) - special.digamma(b) + total),
        y * (numpy.subtract(a, 1) / x - numpy.subtract(b, 1) / rest),
    )


@elementwise(incomplete.zeta_by_exponent)
def zeta_by_exponent(y, s, q):
    """DLMF 25.11.17, differentiated by s."""
    return (
        refused("the second derivative of the zeta function by its exponent is not implemented"),
        -special.zeta(numpy.add(s, 1), q)
        - numpy.multiply(s, incomplete.zeta_by_exponent(numpy.add(s, 1), q)),
    )


nondifferentiable(special.gammasgn, special.bernoulli, special.euler, special.stirling2)
nondifferentiable(special.factorial2, special.factorialk)  # of integers
