"""Polynomials (of coefficients, the highest power first), convolutions, interpolation.

    y = polyval(p, x)     p̄ += Σ ȳ xᵏ              x̄ += ȳ p'(x)
    y = convolve(a, v)    ā += correlate(ȳ, v)     v̄ += correlate(ȳ, a)

The formulas: `tangent.runtime_polynomials`.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d, fixed, linear, multilinear


@adjoint(numpy.polyval)
def polyval(y, p, x):
    d[p] = runtime.polyval_adjoint_p(d[y], p, x)
    d[x] = runtime.polyval_adjoint_x(d[y], p, x)


@polyval.tangent
def polyval_tangent(y, p, x):
    d[y] = runtime.polyval_tangent(d[p], d[x], p, x)


@linear(numpy.polyadd)
def polyadd(y, a1, a2):
    d[a1] = runtime.polyadd_adjoint(d[y], a1)
    d[a2] = runtime.polyadd_adjoint(d[y], a2)


@linear(numpy.polysub)
def polysub(y, a1, a2):
    d[a1] = runtime.polyadd_adjoint(d[y], a1)
    d[a2] = -runtime.polyadd_adjoint(d[y], a2)


@multilinear(numpy.polymul)
def polymul(y, a1, a2):
    """The leading coefficients are not zero: NumPy drops zeros."""
    d[a1] = runtime.polymul_adjoint_a1(d[y], a1, a2)
    d[a2] = runtime.polymul_adjoint_a2(d[y], a1, a2)


@adjoint(numpy.polydiv, result=lambda k: Kind("tuple"))
def polydiv(y, u, v):
    """Where the remainder keeps its length: NumPy drops leading zeros."""
    d[u] = runtime.polydiv_adjoint("u", d[y][0], d[y][1], u, v, y[0], y[1])
    d[v] = runtime.polydiv_adjoint("v", d[y][0], d[y][1], u, v, y[0], y[1])


@polydiv.tangent
def polydiv_tangent(y, u, v):
    d[y] = runtime.polydiv_tangent(d[u], d[v], u, v, y[0], y[1])


@linear(numpy.polyder, alias=("p",))
def polyder(y, p, m=1):
    d[p] = runtime.polyder_adjoint(d[y], p, m)


@linear(numpy.polyint, alias=("p",))
def polyint(y, p, m=1, k=None):
    d[p] = runtime.polyint_adjoint_p(d[y], p, m)
    d[k] = runtime.polyint_adjoint_k(d[y], k, m)


@adjoint(numpy.poly)
def poly(y, seq_of_zeros):
    d[seq_of_zeros] = runtime.poly_adjoint(d[y], seq_of_zeros)


@poly.tangent
def poly_tangent(y, seq_of_zeros):
    d[y] = runtime.poly_tangent(d[seq_of_zeros], seq_of_zeros, y)


@adjoint(numpy.roots)
def roots(y, p):
    """Simple roots, none of them at zero because trailing coefficients are."""
    d[p] = runtime.roots_adjoint(d[y], p, y)


@roots.tangent
def roots_tangent(y, p):
    d[y] = runtime.like(runtime.roots_tangent(d[p], p, y), y)


@adjoint(numpy.polyfit)
def polyfit(c, x, y, deg, rcond: fixed = None, full: fixed = False, w=None, cov: fixed = False):
    """A least squares problem of full rank; the coefficients are the result."""
    d[x] = runtime.polyfit_adjoint("x", d[c], x, y, deg, c, w)
    d[y] = runtime.polyfit_adjoint("y", d[c], x, y, deg, c, w)
    d[w] = runtime.polyfit_adjoint("w", d[c], x, y, deg, c, w)


@polyfit.tangent
def polyfit_tangent(c, x, y, deg, w):
    d[c] = runtime.polyfit_tangent(d[x], d[y], d[w], x, y, deg, c, w)


@adjoint(numpy.vander)
def vander(y, x, N=None, increasing=False):
    d[x] = runtime.vander_adjoint(d[y], x, y, increasing)


@vander.tangent
def vander_tangent(y, x, N=None, increasing=False):
    d[y] = runtime.vander_tangent(d[x], x, y, increasing)


def _vector(k):
    return Kind("array", rank=1)


@multilinear(numpy.convolve, result=_vector)
def convolve(y, a, v, mode="full"):
    d[a] = runtime.convolve_adjoint_a(d[y], a, v, mode)
    d[v] = runtime.convolve_adjoint_v(d[y], a, v, mode)


@multilinear(numpy.correlate, result=_vector)
def correlate(y, a, v, mode="valid"):
    """The second operand is conjugated."""
    d[a] = runtime.correlate_adjoint_a(d[y], a, v, mode)
    d[v] = runtime.correlate_adjoint_v(d[y], a, v, mode)


@adjoint(numpy.interp)
def interp(y, x, xp, fp, left=None, right=None, period=None):
    """At a node the slope is that of the segment on its right (outside of all: zero)."""
    d[x] = runtime.interp_adjoint_x(d[y], x, xp, fp, period)
    d[xp] = runtime.interp_adjoint_xp(d[y], x, xp, fp, period)
    d[fp] = runtime.interp_adjoint_fp(d[y], x, xp, fp, left, right, period)
    d[left] = runtime.like(numpy.sum(d[y] * numpy.less(x, numpy.min(xp))), left)
    d[right] = runtime.like(numpy.sum(d[y] * numpy.greater(x, numpy.max(xp))), right)


@interp.tangent
def interp_tangent(y, x, xp, fp, left=None, right=None, period=None):
    ends = (d[left], d[right])
    dy = runtime.interp_tangent(d[x], d[xp], d[fp], ends, x, xp, fp, left, right, period)
    d[y] = runtime.like(dy, y)
