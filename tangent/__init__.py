"""Source-to-source automatic differentiation for Python and NumPy.

df = tangent.grad(f)         df(x) is the gradient of f at x; print(df.source) shows how
"""

from __future__ import annotations

from tangent.runtime import *  # noqa: F403  (generated code says tangent.unbroadcast(…))
from tangent.runtime_kinds import check_kind, check_same_size, check_structure

# isort: split
import tangent.late  # (derivatives at run time)
import tangent.recipes  # noqa: F401  (declares them)
from tangent.api import INPUT_DERIVATIVE, autodiff, grad, jvp, vjp
from tangent.check import check  # the function; the module is sys.modules["tangent.check"]
from tangent.errors import *  # noqa: F403
from tangent.recipes.registry import (
    adjoint,
    elementwise,
    linear,
    multilinear,
    nondifferentiable,
)

__version__ = "0.1.0.dev0"

__all__ = [
    "INPUT_DERIVATIVE",
    "adjoint",
    "autodiff",
    "check",
    "check_kind",
    "check_same_size",
    "check_structure",
    "elementwise",
    "grad",
    "jvp",
    "linear",
    "multilinear",
    "nondifferentiable",
    "vjp",
]
