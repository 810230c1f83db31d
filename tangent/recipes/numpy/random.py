"""Random numbers: draws do not depend on what is differentiated, and are never doubled or moved.

    y = np.random.rand(3)        nothing flows back

The parameters of a distribution are not differentiated through: draw standard numbers, then scale
them.
"""

from __future__ import annotations

import numpy

from tangent.recipes.kinds import Kind
from tangent.recipes.registry import nondifferentiable

nondifferentiable(numpy.random.seed, numpy.random.default_rng, pure=False)


def _drawn(k):
    arguments = list(vars(k).values())
    if arguments and all(a.type == "int" for a in arguments):
        return Kind("array", "float64", len(arguments), None, "float64")
    return Kind("numeric")


nondifferentiable(numpy.random.rand, numpy.random.randn, result=_drawn, pure=False)
nondifferentiable(
    numpy.random.random,
    numpy.random.random_sample,
    numpy.random.standard_normal,
    numpy.random.randint,
    pure=False,
)
