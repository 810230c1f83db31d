"""The helpers of NumPy's reductions, scans and rearrangements, so that they can be differentiated again.

    x̄ = tangent.place_at(g, places, x)      ḡ = tangent.gather(ȳ, places)

See `recipes.helpers`. Most are linear in the adjoint (or the tangent) that they take, and constant almost
everywhere in what tells them where to put it.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import INT
from tangent.recipes.registry import adjoint, d, elementwise, linear, nondifferentiable
from tangent.recipes.results import constantly
from tangent.runtime_containers import Items

nondifferentiable(runtime.count, runtime.numbered, runtime.trimmed, runtime.rolled_axes)
nondifferentiable(runtime.reduced_size, result=constantly(INT))


@linear(runtime.with_axes, alias=("g",))
def with_axes(y, g, a, axis=None, keepdims=False):
    d[g] = runtime.reshape_like(d[y], g)


nondifferentiable(runtime.extremum_share, runtime.first_or_rest, runtime.reached)

# --- places -------------------------------------------------------------------------------------


@linear(runtime.place_at, runtime.scatter)
def place_at(y, g, places, a):
    d[g] = runtime.unbroadcast(runtime.gather(d[y], places), g)


@linear(runtime.gather)
def gather(y, v, places):
    d[v] = runtime.scatter(d[y], places, v)


@linear(runtime.take_along_adjoint)
def take_along_adjoint(y, g, a, indices, axis=-1):
    d[g] = runtime.unbroadcast(numpy.take_along_axis(d[y], indices, axis), g)


@linear(runtime.insert_parts)
def insert_parts(y, g, arr, obj, values, axis=None):
    d[g] = numpy.insert(d[y][0], obj, d[y][1], axis)


@linear(runtime.unpad)
def unpad(y, g, array, pad_width):
    d[g] = numpy.pad(d[y], pad_width)


@linear(runtime.pad_constants_adjoint)
def pad_constants_adjoint(y, g, array, pad_width, values):
    d[g] = numpy.pad(runtime.zeros_like(array), pad_width, constant_values=d[y])


@linear(runtime.pad_adjoint)
def pad_adjoint(y, g, array, pad_width, mode="constant", reflect_type="even", stat_length=None):
    d[g] = runtime.pad_tangent(d[y], array, pad_width, mode, reflect_type, stat_length)


@linear(runtime.pad_tangent)
def pad_tangent(y, da, array, pad_width, mode="constant", reflect_type="even", stat_length=None):
    d[da] = runtime.pad_adjoint(d[y], array, pad_width, mode, reflect_type, stat_length)


@linear(runtime.permute_adjoint)
def permute_adjoint(result, g, a, y, axis=-1):
    d[g] = runtime.permute_tangent(d[result], a, y, axis)


@linear(runtime.permute_tangent)
def permute_tangent(result, da, a, y, axis=-1):
    d[da] = runtime.permute_adjoint(d[result], a, y, axis)


@linear(runtime.found_adjoint)
def found_adjoint(result, g, y, a):
    d[g] = runtime.found_tangent(d[result], y, a)


@linear(runtime.found_adjoint)
def found_adjoint_of_two(result, g, y, a, b):
    d[g] = runtime.found_tangent(d[result], y, a, b)


@linear(runtime.found_tangent)
def found_tangent(result, tangents, y, a):
    d[tangents] = runtime.found_adjoint(d[result], y, a)


@linear(runtime.found_tangent)
def found_tangent_of_two(result, tangents, y, a, b):
    d[tangents] = runtime.found_adjoint(d[result], y, a, b)


@linear(runtime.choose_adjoint)
def choose_adjoint(y, g, a, choices, mode="raise"):
    d[g] = numpy.choose(a, d[y], mode=mode)


@linear(runtime.select_adjoint)
def select_adjoint(y, g, condlist, choicelist):
    d[g] = numpy.select(condlist, d[y])


@linear(runtime.select_default_adjoint)
def select_default_adjoint(y, g, condlist, default):
    d[g] = numpy.select(condlist, [0.0] * len(condlist), d[y])


@linear(runtime.reshape_all)
def reshape_all(y, g, xs):
    d[g] = runtime.reshape_all(d[y], g)


@linear(runtime.meshgrid_adjoint)
def meshgrid_adjoint(y, g, xi, indexing="xy"):
    d[g] = runtime.meshgrid_again(d[y], g, indexing)


@linear(runtime.meshgrid_again)
def meshgrid_again(y, parts, g, indexing="xy"):
    d[parts] = runtime.meshgrid_adjoint(d[y], parts, indexing)


@linear(runtime.unbroadcast_all)
def unbroadcast_all(y, g, xs):
    d[g] = runtime.unbroadcast_all(d[y], g)


@linear(runtime.block_adjoint)
def block_adjoint(y, g, arrays):
    d[g] = numpy.block(d[y])


@linear(runtime.laid_out)
def laid_out(y, arrays, layout):
    axis = {"rows": 0, "flat": 1 if numpy.ndim(arrays[0]) > 1 else 0, "columns": 1, "depth": 2}
    d[arrays] = runtime.join_adjoint(d[y], arrays, axis[layout], layout)


# --- order statistics ---------------------------------------------------------------------------


@adjoint(runtime.quantile_adjoint)
def quantile_adjoint(y, g, a, q, axis=None, method="linear", keepdims=False, nan=False):
    d[g] = runtime.quantile_tangent(d[y], a, q, axis, method, keepdims, nan)
    d[q] = runtime.sum_over_rest(
        g * runtime.quantile_rate(d[y], a, q, axis, method, keepdims, nan), q
    )


@quantile_adjoint.tangent
def quantile_adjoint_tangent(y, g, a, q, axis=None, method="linear", keepdims=False, nan=False):
    move = g * runtime.over_rest(d[q], g)
    d[y] = runtime.quantile_adjoint(
        d[g], a, q, axis, method, keepdims, nan
    ) + runtime.quantile_rate_adjoint(move, a, q, axis, method, keepdims, nan)


@adjoint(runtime.quantile_tangent)
def quantile_tangent(y, da, a, q, axis=None, method="linear", keepdims=False, nan=False):
    d[da] = runtime.quantile_adjoint(d[y], a, q, axis, method, keepdims, nan)
    d[q] = runtime.sum_over_rest(
        d[y] * runtime.quantile_rate(da, a, q, axis, method, keepdims, nan), q
    )


@quantile_tangent.tangent
def quantile_tangent_tangent(y, da, a, q, axis=None, method="linear", keepdims=False, nan=False):
    rate = runtime.quantile_rate(da, a, q, axis, method, keepdims, nan)
    d[y] = runtime.quantile_tangent(
        d[da], a, q, axis, method, keepdims, nan
    ) + rate * runtime.over_rest(d[q], y)


@linear(runtime.quantile_rate)
def quantile_rate(y, v, a, q, axis=None, method="linear", keepdims=False, nan=False):
    d[v] = runtime.quantile_rate_adjoint(d[y], a, q, axis, method, keepdims, nan)


@linear(runtime.quantile_rate_adjoint)
def quantile_rate_adjoint(y, g, a, q, axis=None, method="linear", keepdims=False, nan=False):
    d[g] = runtime.quantile_rate(d[y], a, q, axis, method, keepdims, nan)


@linear(runtime.median_adjoint)
def median_adjoint(y, g, a, axis=None, keepdims=False, nan=False):
    d[g] = runtime.median_tangent(d[y], a, axis, keepdims, nan)


@linear(runtime.median_tangent)
def median_tangent(y, da, a, axis=None, keepdims=False, nan=False):
    d[da] = runtime.median_adjoint(d[y], a, axis, keepdims, nan)


@linear(runtime.sum_over_rest)
def sum_over_rest(y, g, q):
    d[g] = numpy.broadcast_to(runtime.over_rest(d[y], g), numpy.shape(g)) * 1.0


@linear(runtime.over_rest, alias=("dq",))
def over_rest(result, dq, y):
    d[dq] = runtime.reshape_like(d[result], dq)


@linear(runtime.weights_along, alias=("weights",))
def weights_along(y, weights, a, axis=None):
    d[weights] = runtime.weights_adjoint(d[y], weights, a, axis)


# --- along an axis ------------------------------------------------------------------------------


@linear(runtime.without_initial, alias=("g",))
def without_initial(y, g, axis=None, included=True):
    d[g] = runtime.with_initial(d[y], axis, included)


@linear(runtime.with_initial, alias=("dy",))
def with_initial(y, dy, axis=None, included=True):
    d[dy] = runtime.without_initial(d[y], axis, included)


@linear(runtime.ediff_parts)
def ediff_parts(y, g, ary, to_end=None, to_begin=None):
    d[g] = numpy.ediff1d(
        d[y][0], None if to_end is None else d[y][1], None if to_begin is None else d[y][2]
    )


@linear(runtime.diff_parts)
def diff_parts(y, g, a, n=1, axis=-1, prepend=None, append=None):
    d[g] = runtime.diff_of_parts(d[y], a, n, axis, prepend, append)


@linear(runtime.reduceat_adjoint)
def reduceat_adjoint(y, g, a, indices, axis=0):
    d[g] = numpy.add.reduceat(d[y], indices, axis)


@adjoint(runtime.gradient_adjoint)
def gradient_adjoint(y, g, f, varargs=(), axis=None, edge_order=1):
    slopes = runtime.slopes(d[y], varargs, axis, edge_order)
    d[g] = slopes
    d[varargs] = runtime.gradient_spacing_adjoint(g, slopes, f, varargs, axis, edge_order)


@gradient_adjoint.tangent
def gradient_adjoint_tangent(y, g, f, varargs=(), axis=None, edge_order=1):
    moved = runtime.rescaled(g, d[varargs], f, varargs, axis)
    d[y] = runtime.gradient_adjoint(d[g], f, varargs, axis, edge_order) + runtime.gradient_adjoint(
        moved, f, varargs, axis, edge_order
    )


@adjoint(runtime.gradient_spacing_adjoint)
def gradient_spacing_adjoint(result, g, y, f, varargs, axis=None, edge_order=1):
    d[g] = runtime.rescaled(y, d[result], f, varargs, axis)
    d[y] = runtime.rescaled(g, d[result], f, varargs, axis)
    d[varargs] = runtime.shrunk(d[result], result, varargs)


@gradient_spacing_adjoint.tangent
def gradient_spacing_adjoint_tangent(result, g, y, f, varargs, axis=None, edge_order=1):
    d[result] = runtime.add(
        runtime.add(
            runtime.gradient_spacing_adjoint(d[g], y, f, varargs, axis, edge_order),
            runtime.gradient_spacing_adjoint(g, d[y], f, varargs, axis, edge_order),
        ),
        runtime.shrunk(d[varargs], result, varargs),
    )


@elementwise(runtime.bessel_i1)
def bessel_i1(y, x):
    """I₁' = I₀ - I₁ / x (DLMF 10.29.2), with the limit 1/2 at zero."""
    at_zero = numpy.equal(x, 0)
    return numpy.i0(x) - numpy.where(at_zero, 0.5, y / numpy.where(at_zero, 1, x))


@linear(runtime.window, alias=("x",))
def window(y, x, numbers):
    d[x] = runtime.place_at(d[y], numbers, x)


@linear(Items)
def items(y, parts):
    """The adjoint of a list, made of a list of adjoints."""
    d[parts] = d[y]


@adjoint(runtime.join_rows)
def join_rows(y, key):
    d[key] = runtime.joined_adjoint(d[y], key, runtime.join_rows)


@join_rows.tangent
def join_rows_tangent(y, key):
    d[y] = runtime.like(runtime.joined_tangent(d[key], key, runtime.join_rows), y)


@adjoint(runtime.join_columns)
def join_columns(y, key):
    d[key] = runtime.joined_adjoint(d[y], key, runtime.join_columns)


@join_columns.tangent
def join_columns_tangent(y, key):
    d[y] = runtime.like(runtime.joined_tangent(d[key], key, runtime.join_columns), y)


@linear(runtime.joined_adjoint)
def joined_adjoint(y, g, key, join):
    d[g] = runtime.joined_tangent(d[y], key, join)


@linear(runtime.joined_tangent)
def joined_tangent(y, dkey, key, join):
    d[dkey] = runtime.joined_adjoint(d[y], key, join)
