"""Rearranging and choosing: delete, insert, pad, compress, choose, select, unique, partition, …

    y = np.delete(x, 1)               x̄ gets ȳ at the places that are left
    y = np.choose(i, (a, b))          ā += ȳ where i is 0, b̄ += ȳ where it is 1

Where equal elements are found by their value (`unique`, `union1d`, …), the first one has the
derivative.
"""

from __future__ import annotations

import numpy
from numpy.lib.stride_tricks import sliding_window_view as windows

from tangent import runtime
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import adjoint, d, fixed, linear, nondifferentiable, refused
from tangent.recipes.results import constantly, precision


def _elements(parameter: str, rank: int | None = None):
    """Rule: an array of elements of the argument."""

    def rule(k):
        a = getattr(k, parameter)
        floats = precision(a)
        return Kind("array", a.dtype, rank, None, None if floats == "weak" else floats)

    return rule


@linear(numpy.delete, result=_elements("arr"))
def delete(y, arr, obj, axis=None):
    d[arr] = runtime.place_at(d[y], numpy.delete(runtime.numbered(arr), obj, axis), arr)


@linear(numpy.insert)
def insert(y, arr, obj, values, axis=None):
    parts = runtime.insert_parts(d[y], arr, obj, values, axis)
    d[arr] = parts[0]
    d[values] = parts[1]


@linear(numpy.resize)
def resize(y, a, new_shape):
    d[a] = runtime.scatter(d[y], numpy.resize(runtime.numbered(a), new_shape), a)


@adjoint(numpy.trim_zeros, alias=("filt",))
def trim_zeros(y, filt, trim="fb", axis=None):
    d[filt] = runtime.place_at(d[y], runtime.trimmed(filt, trim, axis), filt)


@trim_zeros.tangent
def trim_zeros_tangent(y, filt, trim="fb", axis=None):
    d[y] = runtime.window(d[filt], runtime.trimmed(filt, trim, axis))


@linear(numpy.pad, result=lambda k: Kind("array", k.array.dtype, k.array.rank))
def pad_with_constants(y, array, pad_width, mode: fixed = "constant", *, constant_values=0):
    d[array] = runtime.unpad(d[y], array, pad_width)
    d[constant_values] = runtime.pad_constants_adjoint(d[y], array, pad_width, constant_values)


@adjoint(numpy.pad)
def pad(y, array, pad_width, mode="constant", *, reflect_type="even", stat_length=None):
    d[array] = runtime.pad_adjoint(d[y], array, pad_width, mode, reflect_type, stat_length)


@pad.tangent
def pad_tangent(y, array, pad_width, mode="constant", *, reflect_type="even", stat_length=None):
    d[y] = runtime.pad_tangent(d[array], array, pad_width, mode, reflect_type, stat_length)


@adjoint(numpy.pad)
def pad_with_ramps(y, array, pad_width, mode, *, end_values):
    d[array] = runtime.pad_adjoint(d[y], array, pad_width, "linear_ramp")
    d[end_values] = refused("add a ramp of your own to differentiate by its end")


@pad_with_ramps.tangent
def pad_with_ramps_tangent(y, array, pad_width, mode, *, end_values):
    d[y] = runtime.pad_tangent(d[array], array, pad_width, "linear_ramp")


@linear(numpy.compress, result=_elements("a"))
def compress(y, condition, a, axis=None, out: fixed = None):
    d[a] = runtime.place_at(d[y], numpy.compress(condition, runtime.numbered(a), axis), a)


@linear(numpy.ndarray.compress, result=_elements("a"))
def compress_method(y, a, condition, axis=None, out: fixed = None):
    d[a] = runtime.place_at(d[y], numpy.compress(condition, runtime.numbered(a), axis), a)


@linear(numpy.extract, result=_elements("arr", 1))
def extract(y, condition, arr):
    d[arr] = runtime.place_at(d[y], numpy.extract(condition, runtime.numbered(arr)), arr)


@linear(numpy.take_along_axis)
def take_along_axis(y, arr, indices, axis=-1):
    d[arr] = runtime.take_along_adjoint(d[y], arr, indices, axis)


@linear(numpy.choose)
def choose(y, a, choices, out: fixed = None, mode="raise"):
    d[choices] = runtime.choose_adjoint(d[y], a, choices, mode)


@linear(numpy.ndarray.choose)
def choose_method(y, a, choices, out: fixed = None, mode="raise"):
    d[choices] = runtime.choose_adjoint(d[y], a, choices, mode)


@linear(numpy.select)
def select(y, condlist, choicelist, default=0):
    d[choicelist] = runtime.select_adjoint(d[y], condlist, choicelist)
    d[default] = runtime.select_default_adjoint(d[y], condlist, default)


@linear(windows, alias=("x",))
def sliding_window_view(y, x, window_shape, axis=None, *, subok=False, writeable: fixed = False):
    d[x] = runtime.scatter(d[y], windows(runtime.numbered(x), window_shape, axis), x)


def _permuted(k):
    a = k.a
    return a.without_value() if a.is_array and k.axis.value is not None else Kind("array", a.dtype)


@adjoint(numpy.partition, result=_permuted)
def partition(y, a, kth, axis=-1, kind="introselect", order: fixed = None):
    d[a] = runtime.permute_adjoint(d[y], a, y, axis)


@partition.tangent
def partition_tangent(y, a, kth, axis=-1, kind="introselect", order: fixed = None):
    d[y] = runtime.permute_tangent(d[a], a, y, axis)


@adjoint(numpy.sort_complex)
def sort_complex(y, a):
    d[a] = runtime.like(runtime.permute_adjoint(d[y], a + numpy.zeros(1, y.dtype), y), a)


@sort_complex.tangent
def sort_complex_tangent(y, a):
    d[y] = runtime.like(runtime.permute_tangent(d[a], a, y), y)


# --- values of sets -----------------------------------------------------------------------------


@adjoint(numpy.unique, result=_elements("ar"))
def unique(
    y, ar, return_index: fixed = False, return_inverse: fixed = False,
    return_counts: fixed = False, axis: fixed = None, *, equal_nan=True,
):  # fmt: skip
    d[ar] = runtime.found_adjoint(d[y], y, ar)[0]


@unique.tangent
def unique_tangent(y, ar):
    d[y] = runtime.found_tangent([d[ar]], y, ar)


@adjoint(numpy.unique, result=constantly(Kind("tuple")))
def unique_with_indices(
    y, ar, return_index=False, return_inverse=False, return_counts=False, axis: fixed = None, *,
    equal_nan=True,
):  # fmt: skip
    """Of what is returned beside the values, all are integers."""
    d[ar] = runtime.found_adjoint(d[y][0], y[0], ar)[0]


@unique_with_indices.tangent
def unique_with_indices_tangent(y, ar):
    d[y] = (runtime.found_tangent([d[ar]], y[0], ar), *runtime.zeros_like(y)[1:])


@adjoint(numpy.unique_values, result=_elements("x", 1))
def unique_values(y, x):
    d[x] = runtime.found_adjoint(d[y], y, x)[0]


@unique_values.tangent
def unique_values_tangent(y, x):
    d[y] = runtime.found_tangent([d[x]], y, x)


@adjoint(
    *(numpy.unique_all, numpy.unique_counts, numpy.unique_inverse), result=constantly(Kind("tuple"))
)
def unique_parts(y, x):
    d[x] = runtime.found_adjoint(d[y][0], y[0], x)[0]


@unique_parts.tangent
def unique_parts_tangent(y, x):
    d[y] = (runtime.found_tangent([d[x]], y[0], x), *runtime.zeros_like(tuple(y))[1:])


@adjoint(numpy.union1d)
def union1d(y, ar1, ar2):
    parts = runtime.found_adjoint(d[y], y, ar1, ar2)
    d[ar1] = parts[0]
    d[ar2] = parts[1]


@union1d.tangent
def union1d_tangent(y, ar1, ar2):
    d[y] = runtime.found_tangent([d[ar1], d[ar2]], y, ar1, ar2)


@adjoint(numpy.setxor1d)
def setxor1d(y, ar1, ar2, assume_unique=False):
    parts = runtime.found_adjoint(d[y], y, ar1, ar2)
    d[ar1] = parts[0]
    d[ar2] = parts[1]


@setxor1d.tangent
def setxor1d_tangent(y, ar1, ar2, assume_unique=False):
    d[y] = runtime.found_tangent([d[ar1], d[ar2]], y, ar1, ar2)


@adjoint(numpy.setdiff1d)
def setdiff1d(y, ar1, ar2, assume_unique=False):
    d[ar1] = runtime.found_adjoint(d[y], y, ar1)[0]


@setdiff1d.tangent
def setdiff1d_tangent(y, ar1, ar2, assume_unique=False):
    d[y] = runtime.found_tangent([d[ar1]], y, ar1)


@adjoint(numpy.intersect1d)
def intersect1d(y, ar1, ar2, assume_unique=False, return_indices: fixed = False):
    d[ar1] = runtime.found_adjoint(d[y], y, ar1)[0]


@intersect1d.tangent
def intersect1d_tangent(y, ar1, ar2, assume_unique=False, return_indices: fixed = False):
    d[y] = runtime.found_tangent([d[ar1]], y, ar1)


nondifferentiable(numpy.nonzero, numpy.flatnonzero, numpy.argwhere, numpy.ndarray.nonzero)
nondifferentiable(
    *(numpy.argpartition, numpy.lexsort, numpy.isin),
    *(numpy.ravel_multi_index, numpy.unravel_index, numpy.ndarray.argpartition),
)
nondifferentiable(numpy.argsort, numpy.ndarray.argsort)
