"""Error functions, the normal distribution, exponential and Fresnel integrals (DLMF 6, 7, 8.19).

y = special.erf(x)            x̄ += ȳ · 2/√π · e^(−x²)
y = special.ndtri(p)          p̄ += ȳ · √(2π) · e^(y²/2)
s, c = special.sici(x)        x̄ += s̄ · sin(x)/x + c̄ · cos(x)/x
"""

from __future__ import annotations

import math

import numpy
from scipy import special

from tangent import runtime
from tangent.recipes.registry import adjoint, d, elementwise, refused
from tangent.recipes.scipy import limits


@elementwise(special.erf)
def erf(y, x):
    """DLMF 7.2.1."""
    return 2 / math.sqrt(math.pi) * numpy.exp(-numpy.square(x))


@elementwise(special.erfc)
def erfc(y, x):
    return -2 / math.sqrt(math.pi) * numpy.exp(-numpy.square(x))


@elementwise(special.erfcx)
def erfcx(y, x):
    """DLMF 7.2.3 with z = ix: e^(x²) erfc(x)."""
    return 2 * y * x - 2 / math.sqrt(math.pi)


@elementwise(special.erfi)
def erfi(y, z):
    return 2 / math.sqrt(math.pi) * numpy.exp(numpy.square(z))


@elementwise(special.erfinv)
def erfinv(x, y):
    return math.sqrt(math.pi) / 2 * numpy.exp(x**2)


@elementwise(special.erfcinv)
def erfcinv(x, y):
    return -math.sqrt(math.pi) / 2 * numpy.exp(x**2)


@elementwise(special.dawsn)
def dawsn(y, x):
    """DLMF 7.2.5, 7.10.3."""
    return 1 - 2 * y * x


@elementwise(special.wofz)
def wofz(y, z):
    """DLMF 7.10.2."""
    return 2j / math.sqrt(math.pi) - 2 * y * z


@elementwise(special.voigt_profile)
def voigt_profile(y, x, sigma, gamma):
    """Re w(z) / (σ √(2π)), z = (x + iγ) / (σ √2); w' by DLMF 7.10.2. For σ > 0."""
    z = (x + 1j * numpy.asarray(gamma)) / (math.sqrt(2) * numpy.asarray(sigma))
    slope = (2j / math.sqrt(math.pi) - 2 * special.wofz(z) * z) / (
        2 * math.sqrt(math.pi) * numpy.square(sigma)
    )
    return (
        numpy.real(slope),
        -y / sigma - math.sqrt(2) * numpy.real(z * slope),
        -numpy.imag(slope),
    )


@elementwise(special.owens_t)
def owens_t(y, h, a):
    """∂T/∂h and ∂T/∂a (Owen, Ann. Math. Statist. 27, 1956, equations 2.1, 2.3)."""
    return (
        -numpy.exp(-numpy.square(h) / 2)
        * special.erf(numpy.multiply(h, a) / math.sqrt(2))
        / math.sqrt(8 * math.pi),
        numpy.exp(-numpy.square(h) * (1 + numpy.square(a)) / 2)
        / (2 * math.pi * (1 + numpy.square(a))),
    )


# --- the normal distribution --------------------------------------------------------------------


@elementwise(special.ndtr)
def ndtr(y, x):
    """The normal density: DLMF 7.18.13 has Φ by erfc."""
    return numpy.exp(-numpy.square(x) / 2) / math.sqrt(2 * math.pi)


@elementwise(special.log_ndtr)
def log_ndtr(y, x):
    return numpy.exp(-numpy.square(x) / 2 - y) / math.sqrt(2 * math.pi)


@elementwise(special.ndtri)
def ndtri(x, y):
    return math.sqrt(2 * math.pi) * numpy.exp(x**2 / 2)


@elementwise(special.ndtri_exp)
def ndtri_exp(x, y):
    return math.sqrt(2 * math.pi) * numpy.exp(x**2 / 2 + y)


# --- exponential integrals ----------------------------------------------------------------------


@elementwise(special.exp1)
def exp1(y, z):
    """DLMF 6.2.1."""
    return -numpy.exp(numpy.negative(z)) / z


@elementwise(special.expi)
def expi(y, x):
    """DLMF 6.2.5."""
    return numpy.exp(x) / x


@elementwise(special.expn)
def expn(y, n, x):
    """DLMF 8.19.13 with 8.19.12, which holds for n = 0 too."""
    return (
        refused("the derivative by the order is no function of SciPy"),
        -(numpy.exp(numpy.negative(x)) - numpy.subtract(n, 1) * y) / x,
    )


@expn.when(lambda k: k.n.is_constant and k.n.value >= 1)
def expn_of_order(y, n, x):
    return (
        refused("the derivative by the order is no function of SciPy"),
        -special.expn(n - 1, x),
    )


@adjoint(special.sici)
def sici(y, x):
    """DLMF 6.2.9, 6.2.11."""
    d[x] = d[y][0] * numpy.sinc(numpy.divide(x, math.pi)) + d[y][1] * numpy.cos(x) / x


@sici.tangent
def sici_tangent(y, x):
    d[y] = d[x] * numpy.sinc(numpy.divide(x, math.pi)), d[x] * numpy.cos(x) / x


@adjoint(special.shichi)
def shichi(y, x):
    """DLMF 6.2.15, 6.2.16."""
    d[x] = d[y][0] * limits.sinhc(x) + d[y][1] * numpy.cosh(x) / x


@shichi.tangent
def shichi_tangent(y, x):
    d[y] = d[x] * limits.sinhc(x), d[x] * numpy.cosh(x) / x


@adjoint(special.fresnel)
def fresnel(y, z):
    """DLMF 7.2.7, 7.2.8."""
    angle = math.pi / 2 * numpy.square(z)
    d[z] = d[y][0] * numpy.sin(angle) + d[y][1] * numpy.cos(angle)


@fresnel.tangent
def fresnel_tangent(y, z):
    angle = math.pi / 2 * numpy.square(z)
    d[y] = d[z] * numpy.sin(angle), d[z] * numpy.cos(angle)


@adjoint(special.modfresnelp)
def modfresnelp(y, x):
    """F₊ = ∫ₓ^∞ exp(it²) dt, K₊ = exp(−i(x² + π/4)) F₊ / √π."""
    d[x] = runtime.like(
        -d[y][0] * numpy.exp(1j * numpy.square(x))
        - d[y][1] * (2j * y[1] * x + numpy.exp(-0.25j * math.pi) / math.sqrt(math.pi)),
        x,
    )


@modfresnelp.tangent
def modfresnelp_tangent(y, x):
    d[y] = (
        -d[x] * numpy.exp(1j * numpy.square(x)),
        -d[x] * (2j * y[1] * x + numpy.exp(-0.25j * math.pi) / math.sqrt(math.pi)),
    )


@adjoint(special.modfresnelm)
def modfresnelm(y, x):
    """F₋ = ∫ₓ^∞ exp(−it²) dt, K₋ = exp(i(x² + π/4)) F₋ / √π."""
    d[x] = runtime.like(
        -d[y][0] * numpy.exp(-1j * numpy.square(x))
        + d[y][1] * (2j * y[1] * x - numpy.exp(0.25j * math.pi) / math.sqrt(math.pi)),
        x,
    )


@modfresnelm.tangent
def modfresnelm_tangent(y, x):
    d[y] = (
        -d[x] * numpy.exp(-1j * numpy.square(x)),
        d[x] * (2j * y[1] * x - numpy.exp(0.25j * math.pi) / math.sqrt(math.pi)),
    )
