"""Orthogonal polynomials and Legendre functions at a point (DLMF 14, 18.9), by their argument.

y = special.eval_legendre(n, x)       x̄ += ȳ · C⁽³ᐟ²⁾ₙ₋₁(x)

Derivatives of polynomials are polynomials of other parameters, so nothing is singular at the ends.
"""

from __future__ import annotations

import numpy
from scipy import special

from tangent import runtime
from tangent.recipes.registry import adjoint, d, elementwise, fixed, refused


@elementwise(special.eval_legendre)
def eval_legendre(y, n, x):
    """DLMF 18.9.19 with 18.7.9."""
    return refused("the degree of a polynomial is an integer"), special.eval_gegenbauer(
        n - 1, 1.5, x
    )


@elementwise(special.eval_sh_legendre)
def eval_sh_legendre(y, n, x):
    return refused("the degree of a polynomial is an integer"), 2 * special.eval_gegenbauer(
        n - 1, 1.5, numpy.multiply(2, x) - 1
    )


@elementwise(special.eval_chebyt)
def eval_chebyt(y, n, x):
    """DLMF 18.9.21."""
    return refused("the degree of a polynomial is an integer"), n * special.eval_chebyu(n - 1, x)


@elementwise(special.eval_chebyu)
def eval_chebyu(y, n, x):
    """DLMF 18.9.19 with 18.7.4."""
    return refused("the degree of a polynomial is an integer"), 2 * special.eval_gegenbauer(
        n - 1, 2, x
    )


@elementwise(special.eval_chebyc)
def eval_chebyc(y, n, x):
    """2 Tₙ(x/2)."""
    return refused("the degree of a polynomial is an integer"), n * special.eval_chebys(n - 1, x)


@elementwise(special.eval_chebys)
def eval_chebys(y, n, x):
    """Uₙ(x/2)."""
    return refused("the degree of a polynomial is an integer"), special.eval_gegenbauer(
        n - 1, 2, numpy.divide(x, 2)
    )


@elementwise(special.eval_sh_chebyt)
def eval_sh_chebyt(y, n, x):
    """Tₙ(2x − 1)."""
    return refused("the degree of a polynomial is an integer"), 2 * n * special.eval_sh_chebyu(
        n - 1, x
    )


@elementwise(special.eval_sh_chebyu)
def eval_sh_chebyu(y, n, x):
    """Uₙ(2x − 1)."""
    return refused("the degree of a polynomial is an integer"), 4 * special.eval_gegenbauer(
        n - 1, 2, numpy.multiply(2, x) - 1
    )


@elementwise(special.eval_gegenbauer)
def eval_gegenbauer(y, n, alpha, x):
    """DLMF 18.9.19."""
    return (
        refused("the degree of a polynomial is an integer"),
        refused("it is differentiated by `x` only"),
        2 * numpy.multiply(alpha, special.eval_gegenbauer(n - 1, numpy.add(alpha, 1), x)),
    )


@eval_gegenbauer.when(lambda k: k.alpha.is_number)
def eval_gegenbauer_of_number(y, n, alpha, x):
    return (
        refused("the degree of a polynomial is an integer"),
        refused("it is differentiated by `x` only"),
        2 * alpha * special.eval_gegenbauer(n - 1, alpha + 1, x),
    )


@elementwise(special.eval_jacobi)
def eval_jacobi(y, n, alpha, beta, x):
    """DLMF 18.9.15."""
    return (
        refused("the degree of a polynomial is an integer"),
        refused("it is differentiated by `x` only"),
        refused("it is differentiated by `x` only"),
        (numpy.add(alpha, beta) + n + 1)
        / 2
        * special.eval_jacobi(n - 1, numpy.add(alpha, 1), numpy.add(beta, 1), x),
    )


@elementwise(special.eval_sh_jacobi)
def eval_sh_jacobi(y, n, p, q, x):
    """P⁽ᵖ⁻ᵠ, ᵠ⁻¹⁾ₙ(2x − 1) / binom(2n + p − 1, n)."""
    return (
        refused("the degree of a polynomial is an integer"),
        refused("it is differentiated by `x` only"),
        refused("it is differentiated by `x` only"),
        numpy.add(n, p)
        * special.eval_jacobi(n - 1, numpy.subtract(p, q) + 1, q, numpy.multiply(2, x) - 1)
        / special.binom(numpy.add(2 * n, p) - 1, n),
    )


@elementwise(special.eval_laguerre)
def eval_laguerre(y, n, x):
    """DLMF 18.9.23."""
    return refused("the degree of a polynomial is an integer"), -special.eval_genlaguerre(
        n - 1, 1, x
    )


@elementwise(special.assoc_laguerre)
def assoc_laguerre(y, x, n, k=0.0):
    """The same as `eval_genlaguerre(n, k, x)`."""
    return (
        -special.eval_genlaguerre(n - 1, numpy.add(k, 1), x),
        refused("the degree of a polynomial is an integer"),
        refused("it is differentiated by `x` only"),
    )


@elementwise(special.eval_genlaguerre)
def eval_genlaguerre(y, n, alpha, x):
    """DLMF 18.9.23."""
    return (
        refused("the degree of a polynomial is an integer"),
        refused("it is differentiated by `x` only"),
        -special.eval_genlaguerre(n - 1, numpy.add(alpha, 1), x),
    )


def _is_positive(k):
    return k.n.is_constant and k.n.value >= 1


@elementwise(special.eval_hermite)
def eval_hermite(y, n, x):
    """DLMF 18.9.25."""
    return None, 2 * n * special.eval_hermite(numpy.maximum(n - 1, 0), x)


@eval_hermite.when(_is_positive)
def eval_hermite_of_degree(y, n, x):
    return None, 2 * n * special.eval_hermite(n - 1, x)


@elementwise(special.eval_hermitenorm)
def eval_hermitenorm(y, n, x):
    """DLMF 18.9.27."""
    return None, n * special.eval_hermitenorm(numpy.maximum(n - 1, 0), x)


@eval_hermitenorm.when(_is_positive)
def eval_hermitenorm_of_degree(y, n, x):
    return None, n * special.eval_hermitenorm(n - 1, x)


@elementwise(special.lpmv)
def lpmv(y, m, v, x):
    """DLMF 14.10.5."""
    return (
        None,
        refused("Legendre functions have no closed form for it"),
        (numpy.multiply(v, x) * y - numpy.add(v, m) * special.lpmv(m, numpy.subtract(v, 1), x))
        / (numpy.square(x) - 1),
    )


# --- all derivatives up to an order, stacked along the first axis ------------------------------


@adjoint(special.legendre_p)
def legendre_p(y, n, z, *, diff_n=0):
    d[z] = runtime.unbroadcast(
        numpy.sum(d[y] * special.legendre_p(n, z, diff_n=diff_n + 1)[1:], axis=0), z
    )


@legendre_p.tangent
def legendre_p_tangent(y, n, z, *, diff_n=0):
    d[y] = d[z] * special.legendre_p(n, z, diff_n=diff_n + 1)[1:]


@adjoint(special.assoc_legendre_p)
def assoc_legendre_p(y, n, m, z, *, branch_cut=2, norm=False, diff_n=0):
    d[z] = runtime.unbroadcast(
        numpy.sum(
            d[y]
            * special.assoc_legendre_p(
                n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n + 1
            )[1:],
            axis=0,
        ),
        z,
    )


@assoc_legendre_p.tangent
def assoc_legendre_p_tangent(y, n, m, z, *, branch_cut=2, norm=False, diff_n=0):
    d[y] = (
        d[z]
        * special.assoc_legendre_p(n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n + 1)[1:]
    )


@adjoint(special.sph_legendre_p)
def sph_legendre_p(y, n, m, theta, *, diff_n=0):
    d[theta] = runtime.unbroadcast(
        numpy.sum(d[y] * special.sph_legendre_p(n, m, theta, diff_n=diff_n + 1)[1:], axis=0), theta
    )


@sph_legendre_p.tangent
def sph_legendre_p_tangent(y, n, m, theta, *, diff_n=0):
    d[y] = d[theta] * special.sph_legendre_p(n, m, theta, diff_n=diff_n + 1)[1:]


@elementwise(special.sph_harm_y)
def sph_harm_y(y, n, m, theta, phi, *, diff_n: fixed = 0):
    """DLMF 14.30.1."""
    return (
        None,
        None,
        special.sph_harm_y(n, m, theta, phi, diff_n=1)[1][..., 0],
        1j * numpy.asarray(m) * y,
        None,
    )
