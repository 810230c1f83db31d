"""Cases for the recipes: a function, the arguments of a call, what to differentiate by.

    case(numpy.arctan2, 0.5, vector(3))                  by all floats among the arguments
    case(numpy.sum, [1, 2], wrt="a")                     by integers, because it says so

Every recipe that differentiates has at least one; `test_recipes.py` runs them all.
"""

from __future__ import annotations

import builtins
import math
import operator
from dataclasses import dataclass, field
from typing import Any

import numpy

from tangent import runtime

__all__ = ["CASES", "Case"]


@dataclass(frozen=True)
class Case:
    """A call of a function with a recipe."""

    function: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    wrt: Any = None

    def __str__(self) -> str:
        name = getattr(self.function, "__name__", str(self.function))
        shown = [_shown(a) for a in self.args] + [
            f"{k}={_shown(v)}" for k, v in self.kwargs.items()
        ]
        return f"{name}({', '.join(shown)})"


def _shown(value: Any) -> str:
    if isinstance(value, numpy.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    return repr(value)[:40]


CASES: list[Case] = []


def case(function: Any, *args: Any, wrt: Any = None, **kwargs: Any) -> None:
    CASES.append(Case(function, args, kwargs, wrt))


_random = numpy.random.default_rng(0)


def array(*shape: int, low: float = 0.3, high: float = 0.9, dtype: str = "float64") -> Any:
    """A random array of distinct values in an interval."""
    size = math.prod(shape)
    places = numpy.arange(size) + _random.uniform(0.2, 0.8, size)
    values = low + (high - low) * places / max(size, 1)
    return _random.permutation(values).reshape(shape).astype(dtype)


def complexes(*shape: int) -> Any:
    return array(*shape) + 1j * array(*shape)


def mixed(*shape: int) -> Any:
    """Values of both signs, none near zero."""
    values = array(*shape, low=0.3, high=1.7)
    return values * numpy.where(numpy.arange(values.size).reshape(shape) % 2, -1.0, 1.0)


SHAPES: list[tuple[int, ...]] = [(), (1,), (0,), (3,), (2, 3), (2, 1, 2)]

# ---- operators ------------------------------------------------------------------------------

for f in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
    case(f, 0.7, 0.4)
    case(f, 3, 2, wrt=("a", "b"))
    case(f, array(2, 3), array(2, 3))
    case(f, array(2, 3), array(3))
    case(f, array(3), array(2, 1))
    case(f, array(2, 3), 0.4)
    case(f, 0.7, array(2, 3))
    case(f, array(), array(2))
    case(f, array(1), array(1, 1))
    case(f, array(0), 2.5)
    case(f, array(3, dtype="float32"), array(3, dtype="float32"))
    case(f, array(3, dtype="float32"), 0.5)
    case(f, array(3, dtype="float32"), array(2, 3), wrt=("a", "b"))
    case(f, numpy.array([1, 2, 3]), array(3), wrt=("a", "b"))
    case(f, numpy.float32(0.5), 0.25)
    case(f, complexes(2), complexes(2))
    case(f, array(2), complexes(2))
for f in (operator.mod, numpy.remainder, numpy.fmod):
    case(f, 7.3, 2.1)
    case(f, numpy.array([7.3, -5.0]), numpy.array([[2.1], [-1.7]]))
    case(f, numpy.array([7.3, -5.0], "float32"), 2.1)
    case(f, 7, 2.1, wrt=(0, 1))
for n in (0, 1, 2, 3, 4, -1, -2, 0.5, -0.5, 2.5):
    case(operator.pow, array(2, 2), n, wrt="a")
    case(operator.pow, array(2, dtype="float32"), n, wrt="a")
    case(operator.pow, 1.7, n, wrt="a")
case(operator.pow, numpy.array([0.0, 1.5]), 2, wrt="a")
case(operator.pow, 0.0, 3.0)
case(operator.pow, 2, array(3), wrt="b")
case(operator.pow, 2.5, 1.5, wrt="b")
case(operator.pow, 2.5, array(2, dtype="float32"), wrt="b")
case(builtins.pow, 1.5, 2.5)
for f in (operator.neg, operator.pos):
    case(f, 0.4)
    case(f, 3, wrt="a")
    case(f, array(2, 3))
    case(f, array(2, dtype="float32"))
for f in (operator.abs, abs):
    case(f, -0.4)
    case(f, 3, wrt="a")
    case(f, mixed(2, 3))
    case(f, array(2, dtype="float32"))
    case(f, numpy.array([-1, 2]), wrt="a")
    case(f, complexes(2, 2))
    case(f, 0.3 + 0.4j)
for f in (operator.matmul, numpy.matmul):
    for m, n in [
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 2)),
        ((5, 2, 3), (3, 2)),
        ((2, 3), (5, 3, 2)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((1, 1), (1, 1)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 2)),
    ]:
        case(f, array(*m), array(*n))
    case(f, array(2, 3, dtype="float32"), array(3, 2))
    case(f, array(2, 3, dtype="float32"), array(3, 2, dtype="float32"))
    case(f, numpy.arange(6).reshape(2, 3), array(3), wrt=("a", "b"))
    case(f, complexes(2, 2), array(2, 2))
case(numpy.matmul, [[1.0, 2.0]], [3.0, 4.0])

# ---- builtins -------------------------------------------------------------------------------

case(float, 0.5)
case(float, 3, wrt="x")
case(float, array())
case(complex, 0.5)
case(complex, 0.5, 0.25)
for f in (max, min):
    case(f, 0.3, 0.5)
    case(f, 0.5, 0.3)
    case(f, 2, 3.5, wrt=("a", "b"))
    case(f, 0.5, 0.3, 0.4)
    case(f, 0.3, 0.5, 0.4)
    case(f, 0.3, 0.4, 0.5)
    case(f, [0.5, 0.3, 0.7])
    case(f, (0.5, 0.3))
    case(f, array(4))
case(sorted, [0.5, 0.25, 0.75])
case(sorted, (0.5, 0.25), reverse=True)
case(sorted, array(3))
case(sum, [0.5, 0.25, 0.5])
case(sum, [0.5, 0.25], 2.0)
case(sum, (0.5, 3), wrt="iterable")
case(sum, array(3))
case(sum, array(3, 2))
case(sum, [array(2), array(2)])
case(sum, [array(2), 0.5])
case(divmod, 7.3, 2.1)
case(list, (0.5, 0.25))
case(list, array(3))
case(tuple, [0.5, 0.25])

# ---- math -----------------------------------------------------------------------------------

for f in (
    math.exp, math.exp2, math.expm1, math.log, math.log2, math.log10, math.log1p, math.sqrt,
    math.cbrt, math.sin, math.cos, math.tan, math.asin, math.acos, math.atan, math.sinh, math.cosh,
    math.tanh, math.asinh, math.atanh, math.erf, math.erfc, math.gamma, math.lgamma, math.fabs,
    math.degrees, math.radians, math.hypot, math.modf, math.frexp,
):  # fmt: skip
    case(f, 0.4)
    case(f, 0.7)
case(math.exp, 1, wrt="x")
case(math.acosh, 1.4)
for x in (-2.5, -0.3, 0.5, 3.0, 12.0):
    case(math.gamma, x)
    case(math.lgamma, x)
case(math.fabs, -0.4)
case(math.log, 0.4, 3.0)
case(math.pow, 1.5, 2.5)
case(math.pow, 0.0, 2.0, wrt="x")
case(math.atan2, 0.4, 0.7)
case(math.atan2, 0.4, -0.7)
case(math.copysign, 0.4, -2.0, wrt="x")
case(math.fmod, 7.3, 2.1)
case(math.fmod, -7.3, 2.1)
case(math.remainder, 7.3, 2.1)
case(math.nextafter, 0.4, 0.7)
case(math.ldexp, 0.4, 3)
case(math.hypot, 0.4, 0.7)
case(math.hypot, 0.4, 0.7, 0.2)
case(math.dist, (0.4, 0.7), [0.1, 0.2])
case(math.fsum, [0.4, 0.7])
case(math.prod, [0.4, 0.7, 0.2])
case(math.prod, [0.4, 0.0, 0.2], start=2.0)
if hasattr(math, "sumprod"):
    case(math.sumprod, [0.4, 0.7], [0.1, 0.2])
if hasattr(math, "fma"):
    case(math.fma, 0.4, 0.7, 0.2)

# ---- ufuncs ---------------------------------------------------------------------------------

UNARY = (
    numpy.abs, numpy.negative, numpy.positive, numpy.reciprocal, numpy.square, numpy.sqrt,
    numpy.cbrt, numpy.fabs, numpy.exp, numpy.exp2, numpy.expm1, numpy.log, numpy.log2, numpy.log10,
    numpy.log1p, numpy.sin, numpy.cos, numpy.tan, numpy.arcsin, numpy.arccos, numpy.arctan,
    numpy.sinh, numpy.cosh, numpy.tanh, numpy.arcsinh, numpy.arctanh, numpy.deg2rad, numpy.radians,
    numpy.rad2deg, numpy.degrees, numpy.sinc, numpy.conjugate,
)  # fmt: skip
for f in UNARY:
    for shape in SHAPES:
        case(f, array(*shape))
    case(f, 0.4)
    case(f, numpy.float32(0.4))
    case(f, array(3, dtype="float32"))
    case(f, [0.4, 0.7])
    if f not in (numpy.arctanh, numpy.arcsin, numpy.arccos, numpy.reciprocal):
        case(f, numpy.array([1, 2]), wrt=0)
for f in (
    numpy.abs,
    numpy.exp,
    numpy.log,
    numpy.sin,
    numpy.tanh,
    numpy.sqrt,
    numpy.square,
    numpy.conjugate,
    numpy.arctan,
):
    case(f, complexes(2, 2))
case(numpy.arccosh, array(3, low=1.2, high=2.0))
BINARY = (
    numpy.add, numpy.subtract, numpy.multiply, numpy.divide, numpy.power, numpy.float_power,
    numpy.hypot, numpy.logaddexp, numpy.logaddexp2, numpy.arctan2, numpy.maximum, numpy.minimum,
    numpy.fmax, numpy.fmin,
)  # fmt: skip
for f in BINARY:
    case(f, 0.7, 0.4)
    case(f, array(2, 3), array(2, 3))
    case(f, array(2, 3), array(3))
    case(f, array(2, 1), array(3))
    case(f, array(), array(2))
    case(f, array(0), 0.5)
    case(f, 0.55, array(2, 3))
    case(f, [0.41, 0.7], array(2))
    case(f, [1.41, 0.7], [0.43, 1.2])
    case(f, numpy.array([3, 2]), array(2), wrt=("x1", "x2"))
    if f is not numpy.float_power:
        case(f, array(3, dtype="float32"), array(3, low=0.1, high=0.7, dtype="float32"))
        case(f, array(3, dtype="float32"), 0.52)
        case(f, 0.52, array(3, dtype="float32"))
for n in (2, 3, -1, 0.5):
    case(numpy.power, array(3), n, wrt="x1")
case(numpy.power, [0.4, 0.7], 2, wrt="x1")
case(numpy.power, [0.4, 0.7], 3, wrt="x1")
case(numpy.fmax, numpy.array([numpy.nan, 1.0]), array(2), wrt="x2")
case(numpy.copysign, mixed(4), numpy.array([1.0, 1.0, -1.0, -1.0]), wrt="x1")
case(numpy.nextafter, array(2, 3), 0.7)
case(numpy.heaviside, numpy.array([-1.0, 0.0, 1.0]), array(3), wrt="x2")
for f in (numpy.real, numpy.imag, numpy.angle):
    case(f, complexes(3))
    case(f, complexes(3)[0])
    case(f, array(3))
    case(f, array(2, dtype="float32"))
for f in (numpy.ndarray.real, numpy.ndarray.imag):
    case(f, complexes(3))
    case(f, array(3))
for f in (numpy.ndarray.conj, numpy.ndarray.conjugate):
    case(f, complexes(3))
    case(f, array(3))
case(numpy.real, 0.5)
case(numpy.real, [0.5, 0.25])

# ---- reductions -----------------------------------------------------------------------------

for f in (
    numpy.sum, numpy.mean, numpy.prod, numpy.var, numpy.std, numpy.max, numpy.min, numpy.ptp,
    numpy.ndarray.sum, numpy.ndarray.mean, numpy.ndarray.prod, numpy.ndarray.var, numpy.ndarray.std,
    numpy.ndarray.max, numpy.ndarray.min,
):  # fmt: skip
    case(f, array(4))
    case(f, array(2, 3))
    case(f, array(2, 3, dtype="float32"))
    case(f, array(2, 3), 0)
    case(f, array(2, 3), axis=1)
    case(f, array(2, 3), axis=-1, keepdims=True)
    case(f, array(2, 3), keepdims=True)
    case(f, array(2, 3, 2), axis=(0, 2))
    case(f, array(2, 3, 2), axis=(0, -1), keepdims=True)
    case(f, numpy.array([[1, 2], [4, 7]]), wrt="a")
    if f not in (numpy.std, numpy.ndarray.std):
        case(f, array(1, 1))
        case(f, array())
    if f.__name__ not in ("max", "amax", "min", "amin", "ptp"):
        case(f, complexes(2, 2))
        if isinstance(f, type(numpy.sum)):
            case(f, [[0.4, 0.7], [0.2, 0.1]], axis=0)
for f in (numpy.amax, numpy.amin):
    case(f, array(2, 3), axis=1)
for f in (numpy.sum, numpy.mean, numpy.max):
    case(f, [0.4, 0.7, 0.1])
    case(f, 0.4)
case(numpy.sum, array(0))
case(numpy.sum, array(0, 3), axis=0)
case(numpy.sum, array(3), dtype=None)
case(numpy.sum, array(3, dtype="float32"), dtype="float64")
case(numpy.var, array(2, 3), axis=1, ddof=1)
case(numpy.std, array(2, 3), axis=0, ddof=1)
case(numpy.prod, numpy.array([0.0, 2.0, 3.0]))
case(numpy.prod, numpy.array([[0.0, 2.0], [0.0, 3.0]]), axis=0)
for f in (numpy.cumsum, numpy.cumprod, numpy.ndarray.cumsum, numpy.ndarray.cumprod):
    case(f, array(4))
    case(f, array(2, 3))
    case(f, array(2, 3), 0)
    case(f, array(2, 3), axis=-1)
    case(f, array(2, dtype="float32"))
    case(f, numpy.array([1, 2, 3]), wrt="a")
case(numpy.cumsum, array(0))
case(numpy.cumsum, [0.4, 0.7])
case(numpy.cumprod, numpy.array([0.5, 0.0, 2.0]))
for f in (numpy.diff,):
    case(f, array(4))
    case(f, array(3, 4), 2)
    case(f, array(3, 4), axis=0)

# ---- products -------------------------------------------------------------------------------

for f in (numpy.dot, numpy.ndarray.dot, numpy.inner):
    pairs = [((3,), (3,)), ((0,), (0,)), ((1,), (1,)), ((), ()), ((2, 3), ()), ((), (3,))]
    if f is numpy.inner:
        pairs += [
            ((2, 3), (3,)),
            ((3,), (2, 3)),
            ((2, 3), (4, 3)),
            ((2, 2, 3), (4, 3)),
            ((2, 3), (4, 2, 3)),
        ]
    else:
        pairs += [((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3, 4))]
        pairs += [((2, 3), (4, 3, 2)), ((2, 2, 3), (3,)), ((3,), (4, 3, 2)), ((2, 1, 3), (2, 3, 4))]
    for m, n in pairs:
        case(f, array(*m), array(*n))
    case(f, array(3, dtype="float32"), array(3, dtype="float32"))
    case(f, array(2, 3, dtype="float32"), array(3))
    case(f, numpy.array([1, 2, 3]), array(3), wrt=("a", "b"))
    case(f, complexes(3), array(3))
case(numpy.dot, [0.4, 0.7], array(2))
case(numpy.dot, [[0.4, 0.7]], [0.2, 0.1])
case(numpy.dot, 0.4, array(2))
case(numpy.dot, 0.4, 0.7)
for f in (numpy.vdot,):
    case(f, array(3), array(3))
    case(f, array(2, 2), array(4))
    case(f, complexes(3), complexes(3))
for f in (numpy.outer, numpy.kron):
    case(f, array(2), array(3))
    case(f, array(2, 2), array(3))
    case(f, array(2, dtype="float32"), array(3, dtype="float32"))
    case(f, array(0), array(3))
    case(f, complexes(2), array(3))
case(numpy.outer, [0.4, 0.7], 0.5)
case(numpy.kron, array(2, 3), array(3, 2))
case(numpy.cross, array(3), array(3))
case(numpy.cross, array(2, 3), array(3))
case(numpy.tensordot, array(2, 3), array(2, 3))
case(numpy.tensordot, array(2, 3), array(3, 4), 1)
case(numpy.tensordot, array(2, 3), array(4), 0)
case(numpy.tensordot, array(2, 3, 4), array(4, 5, 2), ([0, 2], [2, 0]))
case(numpy.tensordot, array(2, 3, 4), array(4, 5), axes=(2, 0))
case(numpy.tensordot, array(2, 3, 4), array(3, 5), axes=([-2], [0]))
case(numpy.einsum, "ii->i", array(3, 3))
case(numpy.einsum, "ii", array(3, 3))
case(numpy.einsum, "ij->j", array(2, 3))
case(numpy.einsum, "ij->ji", array(2, 3))
case(numpy.einsum, "...i->...", array(2, 3))
case(numpy.einsum, "ij,jk->ik", array(2, 3), array(3, 4))
case(numpy.einsum, "ij,jk", array(2, 3), array(3, 4))
case(numpy.einsum, "i,i->", array(3), array(3))
case(numpy.einsum, "i,j->ij", array(2), array(3))
case(numpy.einsum, "ij,kl->i", array(2, 3), array(2, 2))
case(numpy.einsum, "...ij,...jk->...ik", array(5, 2, 3), array(3, 4))
case(numpy.einsum, "...ij,...jk->...ik", array(5, 2, 3), array(1, 3, 4))
case(numpy.einsum, "ii,i->i", array(3, 3), array(3))
case(numpy.einsum, "ij,jk,kl->il", array(2, 3), array(3, 2), array(2, 2))
case(numpy.einsum, "ij, jk -> ik", array(2, 3, dtype="float32"), array(3, 2))
for f in (numpy.trace, numpy.ndarray.trace):
    case(f, array(3, 3))
    case(f, array(2, 3), 1)
    case(f, array(2, 3, 3), 0, 1, 2)

# ---- shape ----------------------------------------------------------------------------------

case(numpy.reshape, array(2, 3), (3, 2))
case(numpy.reshape, array(2, 3), -1)
case(numpy.reshape, array(2, 3), (3, -1), "F")
case(numpy.reshape, [0.4, 0.7], (2, 1))
case(numpy.reshape, 0.4, (1, 1))
case(numpy.reshape, array(0), (0, 2))
case(numpy.reshape, numpy.array([1, 2]), (2, 1), wrt="a")
case(numpy.ndarray.reshape, array(2, 3), 3, 2)
case(numpy.ndarray.reshape, array(2, 3), (3, 2))
case(numpy.ndarray.reshape, array(2, 3), -1, order="F")
for f in (numpy.ravel, numpy.ndarray.ravel, numpy.ndarray.flatten):
    case(f, array(2, 3))
    case(f, array(2, 3), "F")
    case(f, array())
    case(f, array(2, dtype="float32"))
case(numpy.ravel, 0.4)
case(numpy.ravel, [[0.4], [0.7]])
case(numpy.transpose, array(2, 3))
case(numpy.transpose, array(3))
case(numpy.transpose, array(2, 3, 4), (1, 2, 0))
case(numpy.transpose, array(2, 3, 4), axes=(-1, 0, 1))
case(numpy.transpose, [[0.4, 0.7]])
case(numpy.ndarray.transpose, array(2, 3))
case(numpy.ndarray.transpose, array(2, 3, 4), 1, 2, 0)
case(numpy.ndarray.transpose, array(2, 3, 4), (1, 2, 0))
case(numpy.ndarray.T, array(2, 3))
case(numpy.ndarray.mT, array(4, 2, 3))
case(numpy.matrix_transpose, array(4, 2, 3))
for f in (numpy.swapaxes, numpy.ndarray.swapaxes):
    case(f, array(2, 3, 4), 0, -1)
case(numpy.swapaxes, [[0.4, 0.7]], 0, 1)
case(numpy.moveaxis, array(2, 3, 4), 0, -1)
case(numpy.moveaxis, array(2, 3, 4), (0, 1), (2, 0))
case(numpy.moveaxis, [[0.4, 0.7]], 0, 1)
for f in (numpy.squeeze, numpy.ndarray.squeeze):
    case(f, array(1, 3, 1))
    case(f, array(1, 3, 1), 0)
    case(f, array(1, 1))
case(numpy.squeeze, [[0.4]])
case(numpy.expand_dims, array(2, 3), 1)
case(numpy.expand_dims, array(2, 3), (0, -1))
case(numpy.expand_dims, 0.4, 0)
case(numpy.broadcast_to, array(3), (2, 3))
case(numpy.broadcast_to, array(2, 1), (4, 2, 3))
case(numpy.broadcast_to, 0.4, (2,))
for f in (numpy.atleast_1d, numpy.atleast_2d, numpy.atleast_3d):
    for shape in SHAPES:
        case(f, array(*shape))
    case(f, 0.4)
case(numpy.flip, array(2, 3))
case(numpy.flip, array(2, 3), 1)
case(numpy.flip, [0.4, 0.7], axis=0)
case(numpy.fliplr, array(2, 3))
case(numpy.flipud, array(2, 3))
case(numpy.rot90, array(2, 3))
case(numpy.rot90, array(2, 3, 2), 3, (1, 2))
case(numpy.roll, array(5), 2)
case(numpy.roll, array(2, 3), 1, axis=1)
case(numpy.roll, array(2, 3), (1, -1), axis=(0, 1))
case(numpy.roll, [0.4, 0.7, 0.1], 1)
case(numpy.tile, array(2, 3), 2)
case(numpy.tile, array(3), (2, 2))
case(numpy.tile, array(2, 3, 2), (2, 1))
case(numpy.tile, 0.4, (2, 2))
for f in (numpy.repeat, numpy.ndarray.repeat):
    case(f, array(2, 3), 2)
    case(f, array(2, 3), 2, axis=1)
    case(f, array(2, 3), [0, 2, 1], axis=1)
case(numpy.diag, array(3))
case(numpy.diag, array(3), 1)
case(numpy.diag, array(3, 3), -1)
case(numpy.diag, array(2, 3))
case(numpy.diag, [0.4, 0.7])
case(numpy.diagflat, array(2, 2))
for f in (numpy.diagonal, numpy.ndarray.diagonal):
    case(f, array(3, 3))
    case(f, array(2, 3), 1)
    case(f, array(3, 2), -1)
    case(f, array(2, 3, 4), 0, 1, 2)
    case(f, array(2, 3, 4), 1, axis1=2, axis2=0)
for f in (numpy.tril, numpy.triu):
    case(f, array(3, 3))
    case(f, array(2, 3, 3), 1)
    case(f, array(3))

# ---- creation -------------------------------------------------------------------------------

case(numpy.full, (2, 3), 0.4)
case(numpy.full, (2, 3), array(3))
case(numpy.full, 2, 3, "float64", wrt="fill_value")
case(numpy.full, 2, 0.5, dtype="float32")
case(numpy.full_like, array(2, 3), 0.4, wrt="fill_value")
case(numpy.full_like, numpy.zeros(2, int), 0.4, wrt="fill_value")
case(numpy.arange, 0.5, 3.2, 0.4, wrt=("start", "step"))
case(numpy.arange, 0.5, 3.2, wrt="start")
case(numpy.linspace, 0.5, 3.0)
case(numpy.linspace, 0.5, 3.0, 4, endpoint=False)
case(numpy.linspace, array(2), 3.0, 4)
case(numpy.linspace, 0, 3, 4, wrt=("start", "stop"))
for f in (numpy.array, numpy.asarray, numpy.asanyarray, numpy.ascontiguousarray):
    case(f, array(2, 3))
    case(f, [0.4, 0.7])
    case(f, [[0.4, 0.7], [0.1, 0.2]])
    case(f, 0.4)
    case(f, array(2), "float32")
    case(f, array(2, dtype="float32"), dtype="float64")
    case(f, array(2), dtype=int)
case(numpy.asfortranarray, array(2, 3))
case(numpy.array, [array(2), array(2)])
case(numpy.array, [1, 2], dtype="float64", wrt=0)
case(numpy.copy, array(2, 3))
case(numpy.copy, [0.4, 0.7])
case(numpy.ndarray.copy, array(2, 3))
case(numpy.ndarray.astype, array(2, 3), "float32")
case(numpy.ndarray.astype, array(2, 3), int)
case(numpy.ndarray.astype, complexes(2), "complex64")
case(numpy.ndarray.item, array(1, 1))
case(numpy.ndarray.tolist, array(2, 3))
case(numpy.float64, 0.4)
case(numpy.float32, 0.4)
case(numpy.float64, numpy.float32(0.4))

# ---- joining --------------------------------------------------------------------------------

case(numpy.concatenate, (array(2), array(3)))
case(numpy.concatenate, [array(2, 2), array(1, 2)])
case(numpy.concatenate, (array(2, 2), array(2, 1)), axis=1)
case(numpy.concatenate, (array(2, 2), array(3)), axis=None)
case(numpy.concatenate, (array(2), array(0), [0.5]))
case(numpy.concatenate, (array(2, dtype="float32"), array(3)))
case(numpy.concatenate, array(2, 3))
case(numpy.stack, (array(2), array(2)))
case(numpy.stack, [array(2), array(2)], axis=-1)
case(numpy.stack, (0.4, 0.7))
for f in (numpy.vstack, numpy.hstack, numpy.column_stack, numpy.dstack):
    case(f, (array(2, 2), array(2, 2)))
    case(f, [array(2), array(2)])
case(numpy.hstack, (0.4, array(2)))
case(numpy.append, array(2), 0.4)
case(numpy.append, array(2, 2), array(1, 2), axis=0)
case(numpy.split, array(4), 2)
case(numpy.split, array(4, 2), [1, 3])
case(numpy.array_split, array(5), 2)

# ---- selection ------------------------------------------------------------------------------

condition = numpy.array([True, False, True])
case(numpy.where, condition, array(3), array(3))
case(numpy.where, condition, array(2, 3), 0.5)
case(numpy.where, condition, 0.4, 0.7)
case(numpy.where, True, 0.4, array(2))
case(numpy.where, condition, array(3, dtype="float32"), array(3, dtype="float32"))
case(numpy.where, [True, False], [0.4, 0.7], [0.1, 0.2])
for f in (numpy.clip, numpy.ndarray.clip):
    case(f, array(6), 0.45, 0.75)
    case(f, array(6), 0.45, 0.75, wrt="a")
    case(f, array(6), None, 0.75)
    case(f, array(6), 0.45, None)
    case(f, array(6), array(6, low=0.35, high=0.5), 0.75)
    case(f, array(6, dtype="float32"), 0.45, 0.75, wrt="a")
    case(f, array(6), min=0.45)
    case(f, array(6), max=0.65)
    case(f, array(6), min=0.45, max=0.65)
case(numpy.clip, array(6), a_min=0.45, a_max=0.75)
case(numpy.sort, array(5))
case(numpy.sort, array(3, 4), axis=0)
case(numpy.sort, array(3, 4), axis=None)
case(numpy.sort, [0.7, 0.4])
for f in (numpy.take, numpy.ndarray.take):
    case(f, array(4), [0, 2, 0])
    case(f, array(4), 1)
    case(f, array(3, 4), numpy.array([[0, 2], [1, 2]]), axis=1)
    case(f, array(3, 4), [0, 0, 2], axis=0)
    case(f, array(3, 4), [0, 5])
case(numpy.bincount, numpy.array([0, 2, 0]), array(3), wrt="weights")
case(numpy.bincount, numpy.array([0, 2, 0]), weights=[0.4, 0.7, 0.1], minlength=5)
case(numpy.nan_to_num, array(3))

# ---- linear algebra -------------------------------------------------------------------------


def regular(*shape: int, dtype: str = "float64") -> Any:
    return (array(*shape) + 2 * numpy.eye(shape[-1])).astype(dtype)


def positive(n: int) -> Any:
    half = regular(n, n)
    return half @ half.T


for f in (numpy.linalg.inv, numpy.linalg.det):
    case(f, regular(3, 3))
    case(f, regular(2, 3, 3))
    case(f, regular(2, 2, dtype="float32"))
    case(f, complexes(2, 2) + 2 * numpy.eye(2))
case(numpy.linalg.slogdet, regular(3, 3))
case(numpy.linalg.slogdet, regular(2, 3, 3))
case(numpy.linalg.solve, regular(3, 3), array(3))
case(numpy.linalg.solve, regular(3, 3), array(3, 2))
case(numpy.linalg.solve, regular(2, 3, 3), array(3))
case(numpy.linalg.solve, regular(2, 3, 3), array(2, 3, 1))
case(numpy.linalg.solve, regular(3, 3, dtype="float32"), array(3, dtype="float32"))
case(numpy.linalg.solve, regular(3, 3, dtype="float32"), array(3))
case(numpy.linalg.norm, mixed(4))
case(numpy.linalg.norm, mixed(2, 3))
case(numpy.linalg.norm, complexes(3))
case(numpy.linalg.norm, array(3, dtype="float32"))
case(numpy.linalg.norm, mixed(2, 3), axis=1)
case(numpy.linalg.norm, mixed(2, 3), axis=0, keepdims=True)
case(numpy.linalg.norm, mixed(2, 3), "fro")
case(numpy.linalg.norm, mixed(4, 2, 3), axis=(1, 2))
for order in (1, 2, 3, 2.5, numpy.inf, -numpy.inf):
    case(numpy.linalg.norm, mixed(5), order)
    case(numpy.linalg.norm, mixed(2, 3), order, axis=1)
case(numpy.linalg.cholesky, positive(3))

# ---- our helpers ----------------------------------------------------------------------------

case(runtime.full_like, array(2, 3), 0.4, wrt="value")
case(runtime.full_like, [1.0, 2.0], 0.4, wrt="value")
case(runtime.keep, array(2, 3))
case(runtime.keep, [0.4, 0.7])
case(runtime.keep, [array(2), 0.7])
case(runtime.own, array(2, 3), array(2))
case(runtime.own, 0.4)
case(runtime.own_array, array(2, 3))
case(runtime.sequence, array(3))
case(runtime.sequence, [0.4, 0.7])
case(runtime.direction, array(2, 3), 0.4, wrt="dx")
case(runtime.direction, array(2, 3), array(2, 3), wrt="dx")
case(runtime.direction, [1.0, array(2)], [0.4, array(2)], wrt="dx")
case(runtime.scalar_seed, 1.0, 0.4, wrt="init_grad")
case(runtime.scalar_seed, array(1), 0.4, wrt="init_grad")
for index in (1, slice(1, 3), [0, 2, 0], (numpy.array([0, 1, 0]),)):
    case(runtime.take_last, array(4), index, wrt="target")
    case(runtime.place_last, array(4)[index], array(4), index, wrt="g")
case(runtime.add, [0.4, array(1)], [0.1, array(1)])
case(runtime.add, array(3), array(3))
for shape in SHAPES:
    case(runtime.unbroadcast, array(4, 2, 3, 2)[..., 0, 0], array(2), wrt="g")
case(runtime.unbroadcast, array(2, 3), array(3), wrt="g")
case(runtime.unbroadcast, array(2, 3), 0.5, wrt="g")
case(runtime.unbroadcast, array(2, 3), array(2, 1), wrt="g")
case(runtime.unbroadcast, 0.5, array(2, 1), wrt="g")
case(runtime.unbroadcast, array(2), [1.0, 2.0], wrt="g")
case(runtime.like, array(2), [1.0, 2.0], wrt="g")
case(runtime.operand, [0.4, 0.7])
case(runtime.operand, 0.4)
case(runtime.expand, array(2), array(2, 3), 1, wrt="g")
case(runtime.expand, 0.5, array(2, 3), wrt="g")
case(runtime.expand, array(2, 1), array(2, 3), 1, True, wrt="g")
case(runtime.reshape_like, array(6), array(2, 3), wrt="g")
case(runtime.reshape_like, array(6), array(2, 3), "F", wrt="g")
case(runtime.astype_adjoint, array(3), array(3, dtype="float32"), array(3), wrt="g")
case(runtime.astype_adjoint, array(3), array(3), numpy.arange(3), wrt="g")
case(runtime.seed, array(3), 0.5, wrt="init_grad")
case(runtime.dot_adjoint_a, array(2), array(2, 3), array(3), wrt=("g", "b"))
case(runtime.dot_adjoint_a, array(2, 4), array(2, 3), array(3, 4), wrt=("g", "b"))
case(runtime.dot_adjoint_b, array(2, 4), array(2, 3), array(3, 4), wrt=("g", "a"))
case(runtime.dot_adjoint_b, 0.5, array(3), array(3), wrt=("g", "a"))
case(runtime.matmul_adjoint_a, array(5, 2, 4), array(2, 3), array(5, 3, 4), wrt=("g", "b"))
case(runtime.matmul_adjoint_b, array(5, 2, 4), array(5, 2, 3), array(3, 4), wrt=("g", "a"))
case(runtime.inner_adjoint_a, array(2, 4), array(2, 3), array(4, 3), wrt=("g", "b"))
case(runtime.inner_adjoint_b, array(2, 4), array(2, 3), array(4, 3), wrt=("g", "a"))
case(runtime.outer_adjoint_a, array(2, 3), array(2), array(3), wrt=("g", "b"))
case(runtime.outer_adjoint_b, array(2, 3), array(2), array(3), wrt=("g", "a"))
case(runtime.tensordot_adjoint_a, array(2, 4), array(2, 3), array(3, 4), 1, wrt=("g", "b"))
case(runtime.tensordot_adjoint_b, array(2, 4), array(2, 3), array(3, 4), 1, wrt=("g", "a"))
case(runtime.kron_adjoint_a, array(6), array(2), array(3), wrt=("g", "b"))
case(runtime.kron_adjoint_b, array(6), array(2), array(3), wrt=("g", "a"))
case(runtime.power_partial, array(3), 2.5)
case(runtime.power_partial, array(3), array(3))
for k in (1, 2, 3):
    case(runtime.falling_power, array(3), 2.5, k)
    case(runtime.falling_power, 0.4, 2.5, k)
    case(runtime.falling_power, array(3), array(3), k)
case(runtime.sinc_partial, array(3))
case(runtime.sinc_partial, 0.0)
case(runtime.safe_log, array(3))
case(runtime.safe_log, 0.4)
case(runtime.cumsum_adjoint, array(6), array(2, 3), wrt="g")
case(runtime.cumsum_adjoint, array(2, 3), array(2, 3), 1, wrt="g")
case(runtime.diag_adjoint, array(3, 3), array(2), 1, wrt="g")
case(runtime.diag_adjoint, array(2), array(2, 3), wrt="g")
case(runtime.diff_adjoint, array(3), array(4), wrt="g")
case(runtime.diff_adjoint, array(1, 3), array(3, 3), 2, 0, wrt="g")
case(runtime.transpose_adjoint, array(3, 2), array(2, 3), wrt="g")
case(runtime.transpose_adjoint, array(3, 4, 2), array(2, 3, 4), (1, 2, 0), wrt="g")
case(runtime.transpose_adjoint, array(3, 4, 2), array(2, 3, 4), ((1, -1, 0),), wrt="g")
case(runtime.transpose_adjoint, array(3, 2), array(2, 3), (), wrt="g")
case(runtime.sort_adjoint, array(3, 4), array(3, 4), 0, wrt="g")
case(runtime.sort_adjoint, array(12), array(3, 4), None, wrt="g")
case(runtime.sort_tangent, array(3, 4), array(3, 4), 0, wrt="da")
case(runtime.weigh, array(3, 2), array(3), wrt="g")
case(runtime.einsum_adjoint, array(3), 1, "ii->i", array(3, 3), wrt="g")
case(runtime.einsum_adjoint, array(2, 4), 1, "ij,jk->ik", array(2, 3), array(3, 4))
case(runtime.einsum_adjoint, array(2, 4), 2, "ij,jk->ik", array(2, 3), array(3, 4))
case(
    runtime.einsum_adjoint, array(2), 2, "ij,jk,ki->i", array(2, 3), array(3, 4), array(4, 2)
)  # fmt: skip
case(runtime.product_of_others, array(4))
case(runtime.product_of_others, array(2, 3), 0)
case(runtime.product_of_others, array(2, 3, 2), (0, -1))
case(runtime.product_of_others, [0.4, 0.7, 0.2])
case(runtime.product_of_others, numpy.array([0.0, 2.0, 0.0]))
case(runtime.diagonal_adjoint, array(2), array(2, 3), wrt="g")
case(runtime.repeat_adjoint, array(4), array(2), 2, wrt="g")
case(runtime.tile_adjoint, array(4), array(2), 2, wrt="g")
case(runtime.take_adjoint, array(3), array(4), [0, 2, 0], wrt="g")
case(runtime.join_adjoint, array(5), (array(2), array(3)), wrt="g")
case(runtime.stack_adjoint, array(2, 3), (array(3), array(3)), wrt="g")
case(runtime.spread, 0.4, [0.1, 0.2], wrt="g")
case(runtime.sorted_adjoint, [0.4, 0.3], [0.2, 0.1], wrt="g")
case(runtime.sorted_tangent, [0.4, 0.3], [0.2, 0.1], True, wrt="dxs")
case(runtime.pick_adjoint, 0.4, [0.1, 0.2], 0.2, wrt="g")
case(runtime.pick, [0.5, 0.6], [0.1, 0.2], 0.2, wrt="xs")
case(runtime.extremum_adjoint, array(2), numpy.eye(2), numpy.ones(2), 1, wrt="g")
case(runtime.astype_tangent, array(2), array(3, 2), wrt="dx")
case(runtime.broadcast_like, array(3), array(2, 3), wrt="dy")
case(runtime.broadcast_like, 0.5, array(2, 3), wrt="dy")
