"""Recipes for functions that have no differentiable source: see `tangent.recipes.registry`.

Those for Python, NumPy and our own helpers are loaded here; SciPy's when a program uses it.
"""

from tangent.recipes import helpers, helpers_arrays, inplace, numpy, python, scipy

__all__ = ["helpers", "helpers_arrays", "inplace", "numpy", "python", "scipy"]
