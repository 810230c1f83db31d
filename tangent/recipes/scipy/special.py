"""Recipes for `scipy.special`."""

from __future__ import annotations

from scipy import special

from tangent.recipes.registry import elementwise, refused
from tangent.recipes.results import broadcast


@elementwise(special.gammaln, result=broadcast(special.gammaln))
def gammaln(y, x):
    return special.digamma(x)


@elementwise(special.digamma, special.psi, result=broadcast(special.psi))
def digamma(y, z):
    return special.polygamma(1, z)


@elementwise(special.jv, result=broadcast(special.jv))
def jv(y, v, z):
    """DLMF 10.6.1."""
    return refused("the derivative by the order has no closed form"), (
        special.jv(v - 1, z) - special.jv(v + 1, z)
    ) / 2
