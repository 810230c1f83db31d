"""Recipes for `scipy.special`, one family of functions a file.

y = special.gammaln(x)      x̄ += ȳ · ψ(x)

Formulas cite the NIST Digital Library of Mathematical Functions (DLMF, https://dlmf.nist.gov) by
the number of the equation. They hold for complex arguments where the function is holomorphic.
"""

from tangent.recipes.scipy.special import (
    bessel,
    distributions,
    elementary,
    elliptic,
    error,
    gamma,
    hypergeometric,
    polynomials,
    rest,
    sums,
    waves,
)

__all__ = [
    "bessel",
    "distributions",
    "elementary",
    "elliptic",
    "error",
    "gamma",
    "hypergeometric",
    "polynomials",
    "rest",
    "sums",
    "waves",
]
