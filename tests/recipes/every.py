"""The cases of all recipes: `CASES`, filled by one module a library's submodule."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import numpy

from tangent import runtime
from tangent.recipes.registry import registered
from tangent.recipes.scipy import SUBMODULES
from tests.recipes.cases import CASES, Case

__all__ = ["CASES", "ELSEWHERE", "Case"]

# Of dicts and views: programs execute them (tests/programs/structures.py, views.py).
ELSEWHERE = frozenset({runtime.items, runtime.same_view, runtime.values, runtime.values_adjoint})

for part in sorted(Path(__file__).parent.glob("cases_*.py")):
    importlib.import_module(f"tests.recipes.{part.stem}")
for submodule in SUBMODULES:
    importlib.import_module(f"tangent.recipes.scipy.{submodule}")
    importlib.import_module(f"tests.recipes.scipy_{submodule}")

# Ufuncs take options: each has its first call once more with one.
for function, recipes in registered().items():
    if isinstance(function, numpy.ufunc) and any("casting" in r.parameters for r in recipes):
        plain = [c for c in CASES if c.function is function and not c.kwargs]
        if plain:
            CASES.append(replace(plain[0], kwargs={"casting": "same_kind"}))
