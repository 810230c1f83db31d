"""The cases of all recipes: `CASES`, filled by one module a library's submodule."""

from __future__ import annotations

import importlib
from pathlib import Path

from tangent import runtime
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
