"""Bessel, Airy, Struve, Kelvin and parabolic cylinder functions (DLMF chapters 9, 10, 11, 12).

y = special.jv(v, z)               z̄ += ȳ · (Jᵥ₋₁(z) − Jᵥ₊₁(z)) / 2
a, ap, b, bp = special.airy(z)     z̄ += ā · ap + āp · z · a + b̄ · bp + b̄p · z · b

The derivative by the order `v` has no closed form: it is refused.
"""

from __future__ import annotations

import math

import numpy
from scipy import special

from tangent import runtime
from tangent.recipes.registry import adjoint, d, elementwise, refused
from tangent.recipes.scipy import limits


@elementwise(special.jv)
def jv(y, v, z):
    """DLMF 10.6.1."""
    return refused("Bessel functions have no closed form for it"), (
        special.jv(v - 1, z) - special.jv(v + 1, z)
    ) / 2


@elementwise(special.yv)
def yv(y, v, z):
    """DLMF 10.6.1."""
    return refused("Bessel functions have no closed form for it"), (
        special.yv(v - 1, z) - special.yv(v + 1, z)
    ) / 2


@elementwise(special.yn)
def yn(y, n, x):
    """DLMF 10.6.1."""
    return refused("Bessel functions have no closed form for it"), (
        special.yv(n - 1, x) - special.yv(n + 1, x)
    ) / 2


@elementwise(special.hankel1)
def hankel1(y, v, z):
    """DLMF 10.6.1."""
    return refused("Bessel functions have no closed form for it"), (
        special.hankel1(v - 1, z) - special.hankel1(v + 1, z)
    ) / 2


@elementwise(special.hankel2)
def hankel2(y, v, z):
    """DLMF 10.6.1."""
    return refused("Bessel functions have no closed form for it"), (
        special.hankel2(v - 1, z) - special.hankel2(v + 1, z)
    ) / 2


@elementwise(special.hankel1e)
def hankel1e(y, v, z):
    """`hankel1` times e^(−iz)."""
    return refused("Bessel functions have no closed form for it"), (
        special.hankel1e(v - 1, z) - special.hankel1e(v + 1, z)
    ) / 2 - 1j * y


@elementwise(special.hankel2e)
def hankel2e(y, v, z):
    """`hankel2` times e^(iz)."""
    return refused("Bessel functions have no closed form for it"), (
        special.hankel2e(v - 1, z) - special.hankel2e(v + 1, z)
    ) / 2 + 1j * y


@elementwise(special.jve)
def jve(y, v, z):
    """`jv` times e^(−|Im z|), which is 1 for real arguments."""
    return refused("Bessel functions have no closed form for it"), (
        special.jve(v - 1, limits.real(z)) - special.jve(v + 1, z)
    ) / 2


@elementwise(special.yve)
def yve(y, v, z):
    return refused("Bessel functions have no closed form for it"), (
        special.yve(v - 1, limits.real(z)) - special.yve(v + 1, z)
    ) / 2


@elementwise(special.iv)
def iv(y, v, z):
    """DLMF 10.29.1."""
    return refused("Bessel functions have no closed form for it"), (
        special.iv(v - 1, z) + special.iv(v + 1, z)
    ) / 2


@elementwise(special.ive)
def ive(y, v, z):
    """`iv` times e^(−|Re z|)."""
    return refused("Bessel functions have no closed form for it"), (
        special.ive(v - 1, z) + special.ive(v + 1, z)
    ) / 2 - numpy.sign(limits.real(z)) * y


@elementwise(special.kv)
def kv(y, v, z):
    """DLMF 10.29.1."""
    return refused("Bessel functions have no closed form for it"), -(
        special.kv(v - 1, z) + special.kv(v + 1, z)
    ) / 2


@elementwise(special.kn)
def kn(y, n, x):
    """DLMF 10.29.1."""
    return refused("Bessel functions have no closed form for it"), -(
        special.kv(n - 1, x) + special.kv(n + 1, x)
    ) / 2


@elementwise(special.kve)
def kve(y, v, z):
    """`kv` times e^z."""
    return refused("Bessel functions have no closed form for it"), y - (
        special.kve(v - 1, z) + special.kve(v + 1, z)
    ) / 2


# --- orders zero and one ------------------------------------------------------------------------


@elementwise(special.j0)
def j0(y, x):
    """DLMF 10.6.3."""
    return -special.j1(x)


@elementwise(special.j1)
def j1(y, x):
    return (special.j0(x) - special.jv(2, x)) / 2


@elementwise(special.y0)
def y0(y, x):
    """DLMF 10.6.3."""
    return -special.y1(x)


@elementwise(special.y1)
def y1(y, x):
    """DLMF 10.6.2."""
    return special.y0(x) - y / x


@elementwise(special.i0)
def i0(y, x):
    """DLMF 10.29.3."""
    return special.i1(x)


@elementwise(special.i1)
def i1(y, x):
    return (special.i0(x) + special.iv(2, x)) / 2


@elementwise(special.i0e)
def i0e(y, x):
    return special.i1e(x) - numpy.sign(x) * y


@elementwise(special.i1e)
def i1e(y, x):
    return (special.i0e(x) + special.ive(2, x)) / 2 - numpy.sign(x) * y


@elementwise(special.k0)
def k0(y, x):
    """DLMF 10.29.3."""
    return -special.k1(x)


@elementwise(special.k1)
def k1(y, x):
    """DLMF 10.29.2."""
    return -special.k0(x) - y / x


@elementwise(special.k0e)
def k0e(y, x):
    return y - special.k1e(x)


@elementwise(special.k1e)
def k1e(y, x):
    return y - special.k0e(x) - y / x


# --- derivatives of Bessel functions, and spherical ones ----------------------------------------


@elementwise(special.jvp)
def jvp(y, v, z, n=1):
    return refused("Bessel functions have no closed form for it"), special.jvp(v, z, n + 1), None


@elementwise(special.yvp)
def yvp(y, v, z, n=1):
    return refused("Bessel functions have no closed form for it"), special.yvp(v, z, n + 1), None


@elementwise(special.ivp)
def ivp(y, v, z, n=1):
    return refused("Bessel functions have no closed form for it"), special.ivp(v, z, n + 1), None


@elementwise(special.kvp)
def kvp(y, v, z, n=1):
    return refused("Bessel functions have no closed form for it"), special.kvp(v, z, n + 1), None


@elementwise(special.h1vp)
def h1vp(y, v, z, n=1):
    return refused("Bessel functions have no closed form for it"), special.h1vp(v, z, n + 1), None


@elementwise(special.h2vp)
def h2vp(y, v, z, n=1):
    return refused("Bessel functions have no closed form for it"), special.h2vp(v, z, n + 1), None


def _is_plain(k):
    return k.derivative.value is False


@elementwise(special.spherical_jn)
def spherical_jn(y, n, z, derivative=False):
    """The derivative of a derivative by DLMF 10.47.1."""
    n2 = numpy.multiply(n, numpy.add(n, 1))
    second = (n2 / numpy.square(z) - 1) * special.spherical_jn(n, z) - 2 * y / z
    return None, numpy.where(derivative, second, special.spherical_jn(n, z, True)), None


@spherical_jn.when(_is_plain)
def spherical_jn_itself(y, n, z, derivative=False):
    return None, special.spherical_jn(n, z, True), None


@elementwise(special.spherical_yn)
def spherical_yn(y, n, z, derivative=False):
    """The derivative of a derivative by DLMF 10.47.1."""
    n2 = numpy.multiply(n, numpy.add(n, 1))
    second = (n2 / numpy.square(z) - 1) * special.spherical_yn(n, z) - 2 * y / z
    return None, numpy.where(derivative, second, special.spherical_yn(n, z, True)), None


@spherical_yn.when(_is_plain)
def spherical_yn_itself(y, n, z, derivative=False):
    return None, special.spherical_yn(n, z, True), None


@elementwise(special.spherical_in)
def spherical_in(y, n, z, derivative=False):
    """The derivative of a derivative by DLMF 10.47.2."""
    n2 = numpy.multiply(n, numpy.add(n, 1))
    second = (n2 / numpy.square(z) + 1) * special.spherical_in(n, z) - 2 * y / z
    return None, numpy.where(derivative, second, special.spherical_in(n, z, True)), None


@spherical_in.when(_is_plain)
def spherical_in_itself(y, n, z, derivative=False):
    return None, special.spherical_in(n, z, True), None


@elementwise(special.spherical_kn)
def spherical_kn(y, n, z, derivative=False):
    """The derivative of a derivative by DLMF 10.47.2."""
    n2 = numpy.multiply(n, numpy.add(n, 1))
    second = (n2 / numpy.square(z) + 1) * special.spherical_kn(n, z) - 2 * y / z
    return None, numpy.where(derivative, second, special.spherical_kn(n, z, True)), None


@spherical_kn.when(_is_plain)
def spherical_kn_itself(y, n, z, derivative=False):
    return None, special.spherical_kn(n, z, True), None


# --- Struve -------------------------------------------------------------------------------------


@elementwise(special.struve)
def struve(y, v, x):
    """DLMF 11.4.23, 11.4.24."""
    rest = numpy.power(numpy.divide(x, 2), v) * special.rgamma(numpy.add(v, 1.5))
    return refused("Struve functions have no closed form for it"), (
        special.struve(v - 1, x) - special.struve(v + 1, x) + rest / math.sqrt(math.pi)
    ) / 2


@elementwise(special.modstruve)
def modstruve(y, v, x):
    """DLMF 11.4.25, 11.4.26."""
    rest = numpy.power(numpy.divide(x, 2), v) * special.rgamma(numpy.add(v, 1.5))
    return refused("Struve functions have no closed form for it"), (
        special.modstruve(v - 1, x) + special.modstruve(v + 1, x) + rest / math.sqrt(math.pi)
    ) / 2


# --- integrals ----------------------------------------------------------------------------------


@elementwise(special.itstruve0)
def itstruve0(y, x):
    """∫₀ˣ H₀(t) dt."""
    return runtime.like(special.struve(0, x), y)


@elementwise(special.it2struve0)
def it2struve0(y, x):
    """∫ₓ^∞ H₀(t) / t dt."""
    return -runtime.like(special.struve(0, x), y) / x


@elementwise(special.itmodstruve0)
def itmodstruve0(y, x):
    """∫₀ˣ L₀(t) dt."""
    return runtime.like(special.modstruve(0, x), y)


@adjoint(special.itj0y0)
def itj0y0(y, x):
    """∫₀ˣ J₀(t) dt, ∫₀ˣ Y₀(t) dt."""
    d[x] = d[y][0] * special.j0(x) + d[y][1] * special.y0(x)


@itj0y0.tangent
def itj0y0_tangent(y, x):
    d[y] = d[x] * special.j0(x), d[x] * special.y0(x)


@adjoint(special.it2j0y0)
def it2j0y0(y, x):
    """∫₀ˣ (1 − J₀(t)) / t dt, ∫ₓ^∞ Y₀(t) / t dt."""
    d[x] = (d[y][0] * (1 - special.j0(x)) - d[y][1] * special.y0(x)) / x


@it2j0y0.tangent
def it2j0y0_tangent(y, x):
    d[y] = d[x] * (1 - special.j0(x)) / x, -d[x] * special.y0(x) / x


@adjoint(special.iti0k0)
def iti0k0(y, x):
    """∫₀ˣ I₀(t) dt, ∫₀ˣ K₀(t) dt."""
    d[x] = d[y][0] * special.i0(x) + d[y][1] * special.k0(x)


@iti0k0.tangent
def iti0k0_tangent(y, x):
    d[y] = d[x] * special.i0(x), d[x] * special.k0(x)


@adjoint(special.it2i0k0)
def it2i0k0(y, x):
    """∫₀ˣ (I₀(t) − 1) / t dt, ∫ₓ^∞ K₀(t) / t dt."""
    d[x] = (d[y][0] * (special.i0(x) - 1) - d[y][1] * special.k0(x)) / x


@it2i0k0.tangent
def it2i0k0_tangent(y, x):
    d[y] = d[x] * (special.i0(x) - 1) / x, -d[x] * special.k0(x) / x


@elementwise(special.besselpoly)
def besselpoly(y, a, lmb, nu):
    """∫₀¹ x^λ Jᵥ(2ax) dx; by parts."""
    return (
        (special.jv(nu, numpy.multiply(2, a)) - numpy.add(lmb, 1) * y) / a,
        refused("only the derivative by `a` is known"),
        refused("only the derivative by `a` is known"),
    )


# --- Airy ---------------------------------------------------------------------------------------


@adjoint(special.airy)
def airy(y, z):
    """Ai, Ai', Bi, Bi': DLMF 9.2.1."""
    d[z] = d[y][0] * y[1] + d[y][2] * y[3] + (d[y][1] * y[0] + d[y][3] * y[2]) * z


@airy.tangent
def airy_tangent(y, z):
    d[y] = d[z] * y[1], d[z] * y[0] * z, d[z] * y[3], d[z] * y[2] * z


@adjoint(special.airye)
def airye(y, z):
    """Times e^ζ for Ai, e^(−|Re ζ|) for Bi, with ζ = 2/3 z^(3/2), ζ' = z^(1/2)."""
    root = numpy.sqrt(numpy.maximum(limits.real(z), 0))
    d[z] = (
        d[y][0] * (y[1] + root * y[0])
        + d[y][1] * (y[0] * z + root * y[1])
        + d[y][2] * (y[3] - root * y[2])
        + d[y][3] * (y[2] * z - root * y[3])
    )


@airye.tangent
def airye_tangent(y, z):
    root = numpy.sqrt(numpy.maximum(limits.real(z), 0))
    d[y] = (
        d[z] * (y[1] + root * y[0]),
        d[z] * (y[0] * z + root * y[1]),
        d[z] * (y[3] - root * y[2]),
        d[z] * (y[2] * z - root * y[3]),
    )


@adjoint(special.itairy)
def itairy(y, x):
    """Integrals from 0 to x of Ai(t), Bi(t), Ai(−t), Bi(−t)."""
    right = special.airy(x)
    left = special.airy(numpy.negative(x))
    d[x] = d[y][0] * right[0] + d[y][1] * right[2] + d[y][2] * left[0] + d[y][3] * left[2]


@itairy.tangent
def itairy_tangent(y, x):
    right = special.airy(x)
    left = special.airy(numpy.negative(x))
    d[y] = d[x] * right[0], d[x] * right[2], d[x] * left[0], d[x] * left[2]


# --- Kelvin -------------------------------------------------------------------------------------


@elementwise(special.ber)
def ber(y, x):
    return special.berp(x)


@elementwise(special.bei)
def bei(y, x):
    return special.beip(x)


@elementwise(special.ker)
def ker(y, x):
    return special.kerp(x)


@elementwise(special.kei)
def kei(y, x):
    return special.keip(x)


@elementwise(special.berp)
def berp(y, x):
    """The real part of DLMF 10.61.3 with ν = 0."""
    return -special.bei(x) - y / x


@elementwise(special.beip)
def beip(y, x):
    """The imaginary part of DLMF 10.61.3."""
    return special.ber(x) - y / x


@elementwise(special.kerp)
def kerp(y, x):
    return -special.kei(x) - y / x


@elementwise(special.keip)
def keip(y, x):
    return special.ker(x) - y / x


@adjoint(special.kelvin)
def kelvin(y, x):
    """Be, Ke, Be', Ke' of complex values, Be = ber + i bei."""
    d[x] = runtime.like(
        d[y][0] * y[2]
        + d[y][1] * y[3]
        + d[y][2] * (1j * y[0] - y[2] / x)
        + d[y][3] * (1j * y[1] - y[3] / x),
        x,
    )


@kelvin.tangent
def kelvin_tangent(y, x):
    d[y] = (
        d[x] * y[2],
        d[x] * y[3],
        d[x] * (1j * y[0] - y[2] / x),
        d[x] * (1j * y[1] - y[3] / x),
    )


# --- parabolic cylinder -------------------------------------------------------------------------


@adjoint(special.pbdv, special.pbvv)
def pbdv(y, v, x):
    """The function and its derivative: DLMF 12.2.4."""
    d[v] = refused("parabolic cylinder functions have no closed form for it")
    d[x] = d[y][0] * y[1] + d[y][1] * y[0] * (numpy.square(x) / 4 - v - 0.5)


@pbdv.tangent
def pbdv_tangent(y, v, x):
    d[y] = d[x] * y[1], d[x] * y[0] * (numpy.square(x) / 4 - v - 0.5)


@adjoint(special.pbwa)
def pbwa(y, a, x):
    """The function and its derivative: DLMF 12.14.1."""
    d[a] = refused("parabolic cylinder functions have no closed form for it")
    d[x] = d[y][0] * y[1] + d[y][1] * y[0] * (a - numpy.square(x) / 4)


@pbwa.tangent
def pbwa_tangent(y, a, x):
    d[y] = d[x] * y[1], d[x] * y[0] * (a - numpy.square(x) / 4)
