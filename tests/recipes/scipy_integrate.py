"""Cases for the recipes of `scipy.integrate`."""

from __future__ import annotations

import numpy
from scipy import integrate

from tests.recipes.cases import array, case

points = numpy.array([0.1, 0.3, 0.8, 1.0, 1.7, 1.9])

for f in (integrate.trapezoid, integrate.simpson, integrate.cumulative_trapezoid):
    for n in (1, 2, 3, 4, 5, 6):
        case(f, array(n))
        case(f, array(2, n), points[:n])
    case(f, array(2, 5, 3), dx=0.3, axis=1)
    case(f, array(2, 4, 3), x=points[:4], axis=-2)
    case(f, array(2, 3), x=numpy.cumsum(array(2, 3), 1))
    case(f, array(4, 3), x=numpy.cumsum(array(4, 3), 0), axis=0)
    case(f, [0.4, 0.7, 0.5], [0.1, 0.2, 0.5])
    case(f, array(4, dtype="float32"), dx=0.5)
case(integrate.cumulative_trapezoid, array(4), initial=0)
case(integrate.cumulative_trapezoid, array(2, 4), points[:4], initial=0)
for n in (2, 3, 4, 5, 6):
    case(integrate.cumulative_simpson, array(n), wrt="y")
    case(integrate.cumulative_simpson, array(2, n), x=points[:n], wrt="y")
case(integrate.cumulative_simpson, array(4), dx=0.3, initial=0.7, wrt=("y", "initial"))
case(integrate.cumulative_simpson, array(4, 3), axis=0, initial=array(1, 3), wrt=("y", "initial"))
case(integrate.cumulative_simpson, array(2, 3), x=numpy.cumsum(array(2, 3), 1), wrt="y")
for n in (2, 3, 5, 9):
    case(integrate.romb, array(n))
case(integrate.romb, array(2, 5, 3), 0.3, 1)
