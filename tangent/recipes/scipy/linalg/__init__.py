"""Recipes for `scipy.linalg`, one family of functions a file.

x = linalg.solve_triangular(L, b, lower=True)
        b̄ += solve_triangular(L, x̄, 1, lower=True) =: g        L̄ += tril(-g xᵀ)

An argument that a function may overwrite (`overwrite_a=True`) is not served.
"""

from tangent.recipes.scipy.linalg import (
    equations,
    factorisations,
    functions,
    structured,
    subspaces,
    systems,
)

__all__ = ["equations", "factorisations", "functions", "structured", "subspaces", "systems"]
