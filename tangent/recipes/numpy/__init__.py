"""Recipes for NumPy, one family of functions a file."""

from tangent.recipes.numpy import (
    creation,
    joining,
    linalg,
    products,
    random,
    reductions,
    selection,
    shape,
    ufuncs,
)

__all__ = [
    "creation",
    "joining",
    "linalg",
    "products",
    "random",
    "reductions",
    "selection",
    "shape",
    "ufuncs",
]
