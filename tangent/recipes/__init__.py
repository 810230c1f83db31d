"""Recipes for functions that have no differentiable source: see `tangent.recipes.registry`.

Those for Python, NumPy and our own helpers are loaded here.
"""

from tangent.recipes import helpers, numpy, python

__all__ = ["helpers", "numpy", "python"]
