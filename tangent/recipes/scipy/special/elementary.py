"""Logistic functions, entropies, power transforms and other elementary functions.

y = special.expit(x)          x̄ += ȳ · y · (1 − y)
y = special.xlogy(x, y)       x̄ += ȳ · log(y)
"""

from __future__ import annotations

import math

import numpy
from scipy import special

from tangent.recipes.registry import d, elementwise, linear, nondifferentiable
from tangent.recipes.scipy import limits

# --- logistic -----------------------------------------------------------------------------------


@elementwise(special.expit)
def expit(y, x):
    return y * (1 - y)


@elementwise(special.logit)
def logit(y, p):
    return 1 / (p * numpy.subtract(1, p))


@elementwise(special.log_expit)
def log_expit(y, x):
    return special.expit(numpy.negative(x))


@elementwise(special.softplus)
def softplus(y, x):
    return special.expit(x)


# --- entropies and losses -----------------------------------------------------------------------


@elementwise(special.xlogy)
def xlogy(result, x, y):
    """Where `x` is zero it does not depend on `y`, which may be zero."""
    return numpy.log(y), numpy.divide(x, numpy.where(numpy.equal(x, 0), 1, y))


@elementwise(special.xlog1py)
def xlog1py(result, x, y):
    """Where `x` is zero it does not depend on `y`, which may be -1."""
    return numpy.log1p(y), numpy.divide(x, numpy.where(numpy.equal(x, 0), 1, numpy.add(1, y)))


@elementwise(special.entr)
def entr(y, x):
    return -1 - numpy.log(x)


@elementwise(special.rel_entr)
def rel_entr(result, x, y):
    return 1 + numpy.log(numpy.divide(x, y)), -numpy.divide(x, y)


@elementwise(special.kl_div)
def kl_div(result, x, y):
    return numpy.log(numpy.divide(x, y)), 1 - numpy.divide(x, y)


@elementwise(special.huber)
def huber(y, delta, r):
    return numpy.maximum(numpy.abs(r) - delta, 0), numpy.clip(r, numpy.negative(delta), delta)


@elementwise(special.pseudo_huber)
def pseudo_huber(y, delta, r):
    root = numpy.sqrt(1 + numpy.square(numpy.divide(r, delta)))
    return 2 * y / delta - numpy.square(r) / (root * delta), r / root


# --- powers -------------------------------------------------------------------------------------


@elementwise(special.cbrt)
def cbrt(y, x):
    return 1 / (3 * y**2)


@elementwise(special.powm1)
def powm1(result, x, y):
    return y * numpy.power(x, numpy.subtract(y, 1)), (result + 1) * numpy.log(x)


@elementwise(special.boxcox)
def boxcox(y, x, lmbda):
    """y = log(x) · exprel(λ log(x)), with the derivative of `exprel` below."""
    log = numpy.log(x)
    return (
        numpy.power(x, numpy.subtract(lmbda, 1)),
        numpy.square(log) * special.hyp1f1(2, 3, lmbda * log) / 2,
    )


@elementwise(special.boxcox1p)
def boxcox1p(y, x, lmbda):
    log = numpy.log1p(x)
    return (
        numpy.exp(numpy.subtract(lmbda, 1) * log),
        numpy.square(log) * special.hyp1f1(2, 3, lmbda * log) / 2,
    )


@elementwise(special.inv_boxcox)
def inv_boxcox(x, y, lmbda):
    log = numpy.log(x)
    slope = numpy.exp(numpy.subtract(1, lmbda) * log)
    return slope, -slope * numpy.square(log) * special.hyp1f1(2, 3, lmbda * log) / 2


@elementwise(special.inv_boxcox1p)
def inv_boxcox1p(x, y, lmbda):
    log = numpy.log1p(x)
    slope = numpy.exp(numpy.subtract(1, lmbda) * log)
    return slope, -slope * numpy.square(log) * special.hyp1f1(2, 3, lmbda * log) / 2


# --- exponentials and logarithms ----------------------------------------------------------------


@elementwise(special.exp2)
def exp2(y, x):
    return y * math.log(2)


@elementwise(special.exp10)
def exp10(y, x):
    return y * math.log(10)


@elementwise(special.expm1)
def expm1(y, x):
    return y + 1


@elementwise(special.log1p)
def log1p(y, x):
    return 1 / numpy.add(1, x)


@elementwise(special.exprel)
def exprel(y, x):
    """y = M(1, 2, x) (DLMF 13.6.2), whose derivative is M(2, 3, x) / 2 (13.3.15)."""
    return special.hyp1f1(2, 3, x) / 2


@elementwise(special.lambertw)
def lambertw(w, z, k=0, tol=1e-8):
    """DLMF 4.13.4, as e^(−w) / (1 + w)."""
    return numpy.exp(-w) / (1 + w), None, None


@elementwise(special.wrightomega)
def wrightomega(y, z):
    """ω + log(ω) = z (Corless & Jeffrey, AISC 2002)."""
    return y / (1 + y)


@elementwise(special.spence)
def spence(y, z):
    """DLMF 25.12.2: the dilogarithm of 1 − z."""
    return limits.spence_slope(z)


# --- trigonometric ------------------------------------------------------------------------------


@elementwise(special.sindg)
def sindg(y, x):
    return math.pi / 180 * special.cosdg(x)


@elementwise(special.cosdg)
def cosdg(y, x):
    return -math.pi / 180 * special.sindg(x)


@elementwise(special.tandg)
def tandg(y, x):
    return math.pi / 180 * (1 + y**2)


@elementwise(special.cotdg)
def cotdg(y, x):
    return -math.pi / 180 * (1 + y**2)


@elementwise(special.cosm1)
def cosm1(y, x):
    return -numpy.sin(x)


@elementwise(special.radian)
def radian(y, d, m, s):
    """Degrees, minutes and seconds."""
    return math.pi / 180, math.pi / 10800, math.pi / 648000


@elementwise(special.diric)
def diric(y, x, n):
    return limits.dirichlet_slope(y, x, n), None


@elementwise(special.agm)
def agm(y, a, b):
    """M(a, b) = π / (2 R_F(0, a², b²)) (DLMF 19.8.6, 19.25.1), with 19.18.1."""
    a2 = numpy.square(a)
    b2 = numpy.square(b)
    factor = 2 / (3 * math.pi) * y**2
    return (
        factor * a * special.elliprd(0, b2, a2),
        factor * b * special.elliprd(0, a2, b2),
    )


nondifferentiable(special.round, cheap=True)

# --- of derivatives -----------------------------------------------------------------------------


@linear(limits.real, alias=("x",))
def real(y, x):
    d[x] = d[y]


@linear(limits.weights_or_one, alias=("b",))
def weights_or_one(y, b):
    d[b] = d[y]


@linear(limits.pair, alias=("y",))
def pair(result, y):
    d[y] = d[result]


@elementwise(limits.sinhc)
def sinhc(y, x):
    return limits.sinhc_slope(x)


@elementwise(limits.spence_slope)
def spence_slope(y, z):
    return limits.spence_curvature(z)
