"""The cases of all recipes: `CASES`, filled by one module a library's submodule."""

from __future__ import annotations

import importlib
from pathlib import Path

from tangent.recipes.scipy import SUBMODULES
from tests.recipes.cases import CASES, Case

__all__ = ["CASES", "Case"]

for part in sorted(Path(__file__).parent.glob("cases_*.py")):
    importlib.import_module(f"tests.recipes.{part.stem}")
for submodule in SUBMODULES:
    importlib.import_module(f"tangent.recipes.scipy.{submodule}")
    importlib.import_module(f"tests.recipes.scipy_{submodule}")
