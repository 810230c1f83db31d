"""Builtin functions.

    y = max(a, b)     ā += ȳ · (a ≥ b)      b̄ += ȳ · (a < b)

Where arguments tie, `max` and `min` return the first; so the first has the derivative.
"""

from __future__ import annotations

from dataclasses import replace

from tangent import runtime
from tangent.recipes.kinds import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    STR,
    UNKNOWN,
    WEAK,
    Kind,
    elementwise_kind,
)
from tangent.recipes.registry import adjoint, d, elementwise, linear, nondifferentiable
from tangent.recipes.results import constantly, join_all

PYTHON_INT = replace(INT, precision=WEAK)
PYTHON_FLOAT = replace(FLOAT, precision=WEAK)


def _chosen(*parameters: str):
    """One of several arguments."""
    return lambda k: join_all(tuple(getattr(k, p).without_value() for p in parameters))


def _element(k):
    """The kind of an element of `k.iterable`."""
    xs = k.iterable
    if xs.type == "range":
        return PYTHON_INT
    if xs.items:
        return join_all(tuple(i.without_value() for i in xs.items))
    return UNKNOWN


@elementwise(float, result=constantly(PYTHON_FLOAT), cheap=True)
def float_(y, x):
    return 1


@linear(complex, result=constantly(COMPLEX), cheap=True)
def complex_(y, real):
    d[real] = runtime.unbroadcast(d[y], real)


@linear(complex, result=constantly(COMPLEX), cheap=True)
def complex_of_two(y, real, imag):
    d[real] = runtime.unbroadcast(d[y], real)
    d[imag] = runtime.unbroadcast(1j * d[y], imag)


@elementwise(max, result=_chosen("a", "b"))
def max_of_two(y, a, b):
    return a >= b, a < b


@elementwise(max, result=_chosen("a", "b", "c"))
def max_of_three(y, a, b, c):
    return (a >= b) * (a >= c), (b > a) * (b >= c), (c > a) * (c > b)


@elementwise(min, result=_chosen("a", "b"))
def min_of_two(y, a, b):
    return a <= b, a > b


@elementwise(min, result=_chosen("a", "b", "c"))
def min_of_three(y, a, b, c):
    return (a <= b) * (a <= c), (b < a) * (b <= c), (c < a) * (c < b)


@adjoint(max, min, result=_element)
def extremum(y, iterable):
    d[iterable] = runtime.pick_adjoint(d[y], iterable, y)


@extremum.tangent
def extremum_tangent(y, iterable):
    d[y] = runtime.pick(d[iterable], iterable, y)


def _sum(k):
    """The kind of `start + x0 + x1 + …`, where all elements have one kind."""
    element = _element(k)
    if not (element.is_numeric and k.start.is_numeric):
        return UNKNOWN
    first = elementwise_kind((k.start, element))
    again = elementwise_kind((first, element))
    return first if first == again and k.iterable.items else UNKNOWN


@linear(sum, result=_sum)
def sum_(y, iterable, start=0):
    d[iterable] = runtime.spread(d[y], iterable)
    d[start] = runtime.unbroadcast(d[y], start)


@adjoint(divmod, result=constantly(Kind("tuple")))
def divmod_(y, a, b):
    d[a] = d[y][1]
    d[b] = -d[y][1] * y[0]


@divmod_.tangent
def divmod_tangent(y, a, b):
    d[y] = (0.0, d[a] - y[0] * d[b])


@linear(list, result=constantly(Kind("list")), alias=("iterable",))
def list_(y, iterable):
    d[iterable] = runtime.unbroadcast(d[y], iterable)


@linear(tuple, result=constantly(Kind("tuple")), alias=("iterable",))
def tuple_(y, iterable):
    d[iterable] = runtime.unbroadcast(d[y], iterable)


@adjoint(sorted, result=constantly(Kind("list")), alias=("iterable",))
def sorted_(y, iterable, *, reverse=False):
    d[iterable] = runtime.sorted_adjoint(d[y], iterable, reverse)


@sorted_.tangent
def sorted_tangent(y, iterable, *, reverse=False):
    d[y] = runtime.sorted_tangent(d[iterable], iterable, reverse)


nondifferentiable(len, id, hash, ord, result=constantly(PYTHON_INT), cheap=True)
nondifferentiable(range, result=constantly(Kind("range")), cheap=True)
nondifferentiable(int, result=constantly(PYTHON_INT))
nondifferentiable(
    bool, isinstance, issubclass, callable, hasattr, all, any, result=constantly(BOOL), cheap=True
)
nondifferentiable(str, repr, format, chr, result=constantly(STR))
nondifferentiable(print, result=constantly(NONE), pure=False)
nondifferentiable(input, result=constantly(STR), pure=False)
nondifferentiable(type, cheap=True)
nondifferentiable(round)
