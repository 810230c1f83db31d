"""Recipes for NumPy, one family of functions a file."""

from tangent.recipes.numpy import (
    creation,
    fft,
    joining,
    linalg,
    linalg_decompositions,
    linalg_norms,
    polynomials,
    products,
    random,
    reductions,
    selection,
    shape,
    ufuncs,
)

__all__ = [
    "creation",
    "fft",
    "joining",
    "linalg",
    "linalg_decompositions",
    "linalg_norms",
    "polynomials",
    "products",
    "random",
    "reductions",
    "selection",
    "shape",
    "ufuncs",
]
