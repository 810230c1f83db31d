"""Cases for ufuncs: complex arguments, options, those with several results."""

from __future__ import annotations

import numpy

from tests.recipes.cases import array, case, complexes, mixed

UNARY = (
    numpy.positive, numpy.negative, numpy.reciprocal, numpy.square, numpy.sqrt, numpy.exp,
    numpy.exp2, numpy.expm1, numpy.log, numpy.log2, numpy.log10, numpy.log1p, numpy.sin, numpy.cos,
    numpy.tan, numpy.arcsin, numpy.arccos, numpy.arctan, numpy.sinh, numpy.cosh, numpy.tanh,
    numpy.arcsinh, numpy.arccosh, numpy.arctanh, numpy.sinc, numpy.sign, numpy.abs, numpy.angle,
)  # fmt: skip
for f in UNARY:
    case(f, 0.3 + 0.4j)
    case(f, complexes(2))
    case(f, complexes(2).astype("complex64"))
BINARY = (
    numpy.add, numpy.subtract, numpy.multiply, numpy.divide, numpy.power, numpy.float_power,
    numpy.maximum, numpy.minimum, numpy.fmax, numpy.fmin,
)  # fmt: skip
for f in BINARY:
    case(f, complexes(2), complexes(2))
    case(f, complexes(2, 1), array(2))
    case(f, array(2), 0.3 + 0.4j)
for n in (2, 3, -1):
    case(numpy.power, complexes(2), n, wrt="x1")
case(numpy.sign, mixed(4))
case(numpy.sign, [0.5, -0.25])
case(numpy.sign, array(2, dtype="float32"))
for f in (numpy.divmod,):
    case(f, 7.3, 2.1)
    case(f, numpy.array([7.3, -5.0]), numpy.array([[2.1], [-1.7]]))
    case(f, array(3, dtype="float32", low=3, high=4), 0.7)
for f in (numpy.modf, numpy.frexp):
    case(f, 2.3)
    case(f, mixed(4))
    case(f, array(3, dtype="float32"))
case(numpy.ldexp, array(3), 2)
case(numpy.ldexp, array(3), numpy.array([[1], [-2]]))
case(numpy.ldexp, 0.4, 3)
case(numpy.i0, mixed(4))
case(numpy.i0, numpy.array([0.0, 30.0, 8.0]) * 0.1)
case(numpy.i0, 0.4)

# ---- methods --------------------------------------------------------------------------------

for u in (numpy.add, numpy.subtract, numpy.multiply, numpy.maximum, numpy.minimum, numpy.logaddexp):
    for f in (u.reduce, u.accumulate):
        case(f, array(4))
        case(f, array(2, 3))
        case(f, array(2, 3), axis=1)
        case(f, array(3, dtype="float32"))
for u in (numpy.fmax, numpy.fmin):
    case(u.accumulate, array(4))
for u in (numpy.divide, numpy.fmax, numpy.fmin, numpy.logaddexp2, numpy.hypot):
    case(u.reduce, array(4))
    case(u.reduce, array(2, 3))
    case(u.reduce, array(2, 3), axis=1, keepdims=True)
case(numpy.add.reduce, array(2, 3), None, keepdims=True)
case(numpy.add.reduceat, array(6), [0, 3, 1, 4])
case(numpy.add.reduceat, array(2, 6), [0, 4], axis=1)

# ---- options: some with all; `every.py` adds one for each ufunc -----------------------------

case(numpy.exp, array(3, dtype="float32"), dtype="float64")
case(numpy.multiply, array(2, 3), array(3), dtype="float64", where=True)
