"""Hypergeometric and Wright functions (DLMF chapters 10.46, 13 and 15), by their argument.

y = special.hyp1f1(a, b, x)     x̄ += ȳ · a/b · M(a + 1, b + 1, x)
"""

from __future__ import annotations

import numpy
from scipy import special

from tangent.recipes.registry import elementwise, refused


@elementwise(special.hyp0f1)
def hyp0f1(y, v, z):
    """DLMF 16.3.1."""
    return (
        refused("hypergeometric functions have no closed form for it"),
        special.hyp0f1(v + 1, z) / v,
    )


@elementwise(special.hyp1f1)
def hyp1f1(y, a, b, x):
    """DLMF 13.3.15."""
    return (
        refused("hypergeometric functions have no closed form for it"),
        refused("hypergeometric functions have no closed form for it"),
        a / b * special.hyp1f1(a + 1, b + 1, x),
    )


@elementwise(special.hyp2f1)
def hyp2f1(y, a, b, c, z):
    """DLMF 15.5.1."""
    return (
        refused("hypergeometric functions have no closed form for it"),
        refused("hypergeometric functions have no closed form for it"),
        refused("hypergeometric functions have no closed form for it"),
        a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, z),
    )


@elementwise(special.hyperu)
def hyperu(y, a, b, x):
    """DLMF 13.3.22."""
    return (
        refused("hypergeometric functions have no closed form for it"),
        refused("hypergeometric functions have no closed form for it"),
        -a * special.hyperu(a + 1, b + 1, x),
    )


@elementwise(special.wright_bessel)
def wright_bessel(y, a, b, x):
    """Term by term in DLMF 10.46.1."""
    return (
        refused("Wright functions have no closed form for it"),
        refused("Wright functions have no closed form for it"),
        special.wright_bessel(a, a + b, x),
    )


@elementwise(special.log_wright_bessel)
def log_wright_bessel(y, a, b, x):
    return (
        refused("Wright functions have no closed form for it"),
        refused("Wright functions have no closed form for it"),
        numpy.exp(special.log_wright_bessel(a, a + b, x) - y),
    )
