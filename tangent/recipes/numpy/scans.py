"""Along an axis: running sums and products, differences, gradients, integrals.

y = np.cumsum(x)      x̄ += np.cumsum(ȳ[::-1])[::-1]
y = np.diff(x)        x̄ += differences of ȳ, with zeros at its ends
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.recipes.numpy.reductions import is_float_array
from tangent.recipes.registry import adjoint, d, fixed, linear, multilinear
from tangent.recipes.results import is_false, is_none, precision


def _scan(k):
    """The kind of `cumsum`: the shape of the argument, or flat without an axis."""
    a = k.a
    if not a.is_array or a.rank == 0:
        return Kind("array", rank=1) if is_none(k.axis) else UNKNOWN
    dtype = a.dtype if is_float_array(a) and is_none(k.dtype) else None
    floats = precision(a) if is_none(k.dtype) else None
    if is_none(k.axis) and a.rank != 1:
        return Kind("array", dtype, 1, None if a.shape is None else ("flat", a.shape), floats)
    return Kind("array", dtype, a.rank, a.shape, floats)


@linear(numpy.cumsum, numpy.ndarray.cumsum, result=_scan)
def cumsum(y, a, axis=None, dtype=None, out: fixed = None):
    d[a] = runtime.cumsum_adjoint(d[y], a, axis)


@cumsum.when(
    lambda k: is_float_array(k.a) and k.a.rank == 1 and is_none(k.axis) and is_none(k.dtype)
)
def cumsum_of_vector(y, a, axis=None, dtype=None, out: fixed = None):
    d[a] = numpy.cumsum(d[y][::-1])[::-1]


@adjoint(numpy.cumprod, numpy.ndarray.cumprod, result=_scan)
def cumprod(y, a, axis=None, dtype=None, out: fixed = None):
    d[a] = runtime.cumprod_adjoint(d[y], a, axis)


@cumprod.tangent
def cumprod_tangent(y, a, axis=None, dtype=None, out: fixed = None):
    d[y] = runtime.like(runtime.cumprod_tangent(d[a], a, axis), y)


@cumprod.tangent_when(lambda k: is_float_array(k.a) and is_none(k.dtype))
def cumprod_of_floats_tangent(y, a, axis):
    d[y] = runtime.cumprod_tangent(d[a], a, axis)


if hasattr(numpy, "cumulative_sum"):  # NumPy 2.1

    @linear(numpy.cumulative_sum)
    def cumulative_sum(y, x, *, axis=None, dtype=None, out: fixed = None, include_initial=False):
        d[x] = runtime.cumsum_adjoint(runtime.without_initial(d[y], axis, include_initial), x, axis)

    @cumulative_sum.when(lambda k: is_false(k.include_initial))
    def cumulative_sum_without_initial(
        y, x, *, axis=None, dtype=None, out: fixed = None, include_initial=False
    ):
        d[x] = runtime.cumsum_adjoint(d[y], x, axis)

    @adjoint(numpy.cumulative_prod)
    def cumulative_prod(y, x, *, axis=None, dtype=None, out: fixed = None, include_initial=False):
        d[x] = runtime.cumprod_adjoint(
            runtime.without_initial(d[y], axis, include_initial), x, axis
        )

    @cumulative_prod.tangent
    def cumulative_prod_tangent(
        y, x, *, axis=None, dtype=None, out: fixed = None, include_initial=False
    ):
        dy = runtime.cumprod_tangent(d[x], x, axis)
        d[y] = runtime.like(runtime.with_initial(dy, axis, include_initial), y)


@adjoint(numpy.diff)
def diff(y, a, n: fixed = 1, axis=-1):
    d[a] = runtime.diff_adjoint(d[y], a, 1, axis)


@diff.tangent
def diff_tangent(y, a, n: fixed = 1, axis=-1):
    d[y] = numpy.diff(d[a], 1, axis)


@adjoint(numpy.diff, alias=("a",))  # of order 0 it is `a` itself
def diff_of_order(y, a, n, axis=-1):
    d[a] = runtime.diff_adjoint(d[y], a, n, axis)


@diff_of_order.tangent
def diff_of_order_tangent(y, a, n, axis=-1):
    d[y] = numpy.diff(d[a], n, axis)


@linear(numpy.diff)
def diff_with_ends(y, a, n=1, axis=-1, prepend=None, append=None):
    parts = runtime.diff_parts(d[y], a, n, axis, prepend, append)
    d[a] = parts[1]
    d[prepend] = parts[0]
    d[append] = parts[2]


@linear(numpy.ediff1d)
def ediff1d(y, ary, to_end=None, to_begin=None):
    parts = runtime.ediff_parts(d[y], ary, to_end, to_begin)
    d[ary] = parts[0]
    d[to_end] = parts[1]
    d[to_begin] = parts[2]


@multilinear(numpy.trapezoid)
def trapezoid(result, y, x: fixed = None, dx=1.0, axis=-1):
    d[y] = runtime.trapezoid_adjoint(d[result], y, dx, axis=axis)
    d[dx] = runtime.unbroadcast(d[result] * numpy.trapezoid(y, axis=axis), dx)


@multilinear(numpy.trapezoid)
def trapezoid_between(result, y, x, dx=1.0, axis=-1):
    d[y] = runtime.trapezoid_adjoint(d[result], y, x=x, axis=axis)
    d[x] = runtime.trapezoid_points_adjoint(d[result], y, x, axis)


@adjoint(numpy.gradient)
def gradient(y, f, *varargs, axis=None, edge_order=1):
    d[f] = runtime.gradient_adjoint(d[y], f, varargs, axis, edge_order)
    d[varargs] = runtime.gradient_spacing_adjoint(d[y], y, f, varargs, axis, edge_order)


@gradient.tangent
def gradient_tangent(y, f, *varargs, axis=None, edge_order=1):
    d[y] = runtime.gradient_tangent(d[f], d[varargs], y, f, varargs, axis, edge_order)


@adjoint(numpy.unwrap)
def unwrap(y, p, discont=None, axis=-1, *, period=6.283185307179586):
    """Multiples of the period are added, by numbers that are constant almost everywhere."""
    d[p] = runtime.like(d[y], p)
    d[period] = runtime.unbroadcast(d[y] * (y - p) / period, period)


@unwrap.tangent
def unwrap_tangent(y, p, discont=None, axis=-1, *, period=6.283185307179586):
    d[y] = runtime.like(d[p] + d[period] * (y - p) / period, y)
