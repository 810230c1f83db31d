"""Derivatives of the derivatives of SciPy's functions, each in both modes, or the error that says why not.

case(special.gammaln, array(3))      def called(a0): return special.gammaln(a0)      order 2
"""

from __future__ import annotations

import warnings

import numpy
import pytest

from tangent.check import _bind, check
from tangent.comparison import _leaves
from tangent.errors import CheckError, UnsupportedError
from tests.recipes import every
from tests.recipes.test_api import names_of, written

# Refused: the first derivative is a series or a quadrature without a recipe, or has a form of its own.
REFUSED = ("incomplete.", "incomplete.py", "limits.dirichlet_slope", "special.sph_harm_y")
# The first derivative is `elliprd(x, y, y)`, whose own is 0/0 where two arguments are equal.
WRONG = {"elliprc-elliprc"}


def chosen():
    """One case of each recipe of each function: small arrays or numbers, all of float64."""
    found = {}
    for case in every.CASES:
        recipe, _ = _bind(case.function, case.args, case.kwargs)
        if recipe.signature is None:
            continue
        if not recipe.signature.scope["__name__"].startswith("tangent.recipes.scipy"):
            continue
        key = (id(case.function), id(recipe))
        if key in found:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            f, values = written(case, names_of(case))
        leaves = [numpy.asarray(leaf) for v in values for leaf in _leaves(v)]
        plain = all(a.dtype.name == "float64" and a.size for a in leaves)
        if plain and 0 < sum(a.size for a in leaves) <= 30:
            if not any(isinstance(v, list | tuple) for v in values):
                name = getattr(case.function, "__name__", str(case.function))
                found[key] = (f"{name}-{recipe.signature.name}", f, values)
    return list(found.values())


CHOSEN = chosen()


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("place", range(len(CHOSEN)), ids=lambda n: CHOSEN[n][0])
def test_second_order(place, mode):
    """Right, or an error: never a wrong number."""
    name, f, values = CHOSEN[place]
    wrt = tuple(range(len(values)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            check(f, *values, wrt=wrt, modes=(mode,), order=2, rtol=1e-4, atol=1e-5)
        except UnsupportedError as error:
            assert any(helper in str(error) for helper in REFUSED), error
        except CheckError as error:
            assert name in WRONG and "nan" in str(error), error
