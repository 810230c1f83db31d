"""Recipes for functions that have no differentiable source: see `tangent.recipes.registry`.

Those for Python and NumPy are loaded here; other libraries' when they are there to be used.
"""

from tangent.recipes import numpy, python

__all__ = ["numpy", "python"]
