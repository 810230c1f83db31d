"""Recipes for NumPy, one family of functions a file."""

from tangent.recipes.numpy import products, reductions, ufuncs

__all__ = ["products", "reductions", "ufuncs"]
