"""Recipes for Python's operators, its builtins and its module `math`."""

from tangent.recipes.python import builtins, math, operators

__all__ = ["builtins", "math", "operators"]
