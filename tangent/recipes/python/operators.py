"""Operators, keyed by the functions of the module `operator`.

    y = a * b        b̄ += ȳ · a        ā += ȳ · b
    y = a ** 2       ā += 2 · ȳ · a

The kinds of their results are known to the analysis `kinds`, which knows operators by their syntax.
"""

from __future__ import annotations

import builtins
import math
import operator
from dataclasses import replace

import numpy

from tangent import runtime
from tangent.recipes.dims import broadcast_dims
from tangent.recipes.kinds import BOOL, INT, Kind, elementwise_kind
from tangent.recipes.registry import adjoint, d, elementwise, multilinear, nondifferentiable
from tangent.recipes.results import constantly, is_real, number_type, same_precision


@elementwise(operator.add, cheap=True)
def add(y, a, b):
    return 1, 1


@elementwise(operator.sub, cheap=True)
def sub(y, a, b):
    return 1, -1


@elementwise(operator.mul, cheap=True)
def mul(y, a, b):
    return b, a


@elementwise(operator.truediv, cheap=True)
def truediv(y, a, b):
    return 1 / b, -y / b


@elementwise(operator.mod, cheap=True)
def mod(y, a, b):
    return 1, -(a // b)


@elementwise(operator.pow, builtins.pow)
def pow(y, a, b):
    """The partial by `a` is zero where `b` is zero; that by `b` is zero where `a` is zero."""
    return runtime.power_partial(a, b), y * runtime.safe_log(a)


def _constant(k: Kind) -> bool:
    return k.is_constant and isinstance(k.value, int | float) and not isinstance(k.value, bool)


@pow.when(lambda k: _constant(k.b) and k.b.value == 2)
def square(y, a, b):
    return 2 * a, y * runtime.safe_log(a)


@pow.when(lambda k: _constant(k.b) and k.b.value == 3)
def cube(y, a, b):
    return 3 * a**2, y * runtime.safe_log(a)


@pow.when(lambda k: _constant(k.b) and k.b.value == 1)
def first_power(y, a, b):
    return 1, y * runtime.safe_log(a)


@pow.when(lambda k: _constant(k.b) and k.b.value not in (0, 1))
def constant_power(y, a, b):
    return b * a ** (b - 1), y * runtime.safe_log(a)


@pow.when(lambda k: _constant(k.a) and k.a.value > 0)
def exponential(y, a, b):
    return runtime.power_partial(a, b), y * math.log(a)


@elementwise(operator.neg, cheap=True)
def neg(y, a):
    return -1


@elementwise(operator.pos, cheap=True)
def pos(y, a):
    return 1


def _absolute(k):
    """The kind of `abs(a)`: complex becomes float, booleans integers."""
    a = replace(k.a.without_value(), count=None)
    if a.is_real_number:
        return replace(a, type="int") if a.type == "bool" else a
    if a.is_number:
        return Kind("float", None, 0, ())
    return elementwise_kind((a,), numpy.absolute)  # NumPy's arrays; a list raises


@adjoint(operator.abs, abs, result=_absolute)
def absolute(y, a):
    """At zero the derivative is taken as zero."""
    d[a] = d[y] * numpy.conj(numpy.sign(a))


@absolute.when(lambda k: is_real(k.a))
def absolute_real(y, a):
    d[a] = d[y] * numpy.sign(a)


@absolute.tangent
def absolute_tangent(y, a):
    d[y] = numpy.real(d[a] * numpy.conj(numpy.sign(a)))


def _matmul(k):
    """Ranks: vectors lose their axis, stacks of matrices broadcast."""
    general = elementwise_kind((k.a, k.b), numpy.matmul)
    if not (k.a.is_array and k.b.is_array and k.a.rank and k.b.rank):
        return Kind("numeric", general.dtype, precision=general.precision)
    rank = max(k.a.rank, k.b.rank, 2) - (k.a.rank == 1) - (k.b.rank == 1)
    if rank == 0:
        return Kind(number_type(general.dtype), general.dtype, 0, (), general.precision)
    token = None
    if k.a.dims is not None and k.b.dims is not None:
        a, b = k.a.dims, k.b.dims
        stacks = broadcast_dims([a[:-2], b[:-2]])
        token = (*stacks, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))
    return Kind("array", general.dtype, rank, token, general.precision)


@multilinear(operator.matmul, numpy.matmul, result=_matmul)
def matmul(y, a, b):
    d[a] = runtime.matmul_adjoint_a(d[y], a, b)
    d[b] = runtime.matmul_adjoint_b(d[y], a, b)


def _bare(k, rank_a: int, rank_b: int) -> bool:
    """Arrays of these ranks and of one float type: the formulas need no helper."""
    return (
        k.a.is_array
        and k.b.is_array
        and (k.a.rank, k.b.rank) == (rank_a, rank_b)
        and same_precision(k.a, k.b)
    )


@matmul.when(lambda k: _bare(k, 2, 2))
def matmul_matrices(y, a, b):
    d[a] = d[y] @ b.T
    d[b] = a.T @ d[y]


@matmul.when(lambda k: _bare(k, 2, 1))
def matmul_matrix_vector(y, a, b):
    d[a] = numpy.outer(d[y], b)
    d[b] = a.T @ d[y]


@matmul.when(lambda k: _bare(k, 1, 2))
def matmul_vector_matrix(y, a, b):
    d[a] = b @ d[y]
    d[b] = numpy.outer(a, d[y])


@matmul.when(lambda k: _bare(k, 1, 1))
def matmul_vectors(y, a, b):
    d[a] = d[y] * b
    d[b] = d[y] * a


nondifferentiable(operator.floordiv, cheap=True)
nondifferentiable(
    operator.lt,
    operator.le,
    operator.eq,
    operator.ne,
    operator.ge,
    operator.gt,
    cheap=True,
)
nondifferentiable(
    operator.not_,
    operator.is_,
    operator.is_not,
    operator.truth,
    operator.contains,
    result=constantly(BOOL),
    cheap=True,
)
nondifferentiable(
    operator.and_,
    operator.or_,
    operator.xor,
    operator.invert,
    operator.lshift,
    operator.rshift,
    cheap=True,
)
nondifferentiable(operator.index, result=constantly(INT), cheap=True)
