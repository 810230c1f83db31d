"""Recipes for SciPy, one submodule of it a file, which is imported when a program uses it.

    from scipy import special          tangent.grad(f) finds no recipe for `special.gammaln`, and
    def f(x):                    ->    imports `tangent.recipes.scipy.special`, since
        return special.gammaln(x)      `scipy.special` is there

So `import tangent` imports none of SciPy, and works where it is not installed.
"""

from __future__ import annotations

from tangent.recipes.registry import provide

SUBMODULES = ("integrate", "linalg", "signal", "special", "stats")

for name in SUBMODULES:
    provide(f"scipy.{name}", f"tangent.recipes.scipy.{name}")
