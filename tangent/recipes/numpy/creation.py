"""Creation: new arrays, and arrays made of the elements of others.

    y = np.full(shape, v)     v̄ += Σ ȳ            y = np.array(x)     x̄ += ȳ

Where a cast makes integers, nothing flows back: the derivative is zero.
"""

from __future__ import annotations

from dataclasses import replace

import numpy

from tangent import runtime
from tangent.recipes.kinds import BOOL, NONE, Kind, kind_of_dtype, precision_of
from tangent.recipes.numpy.shape import is_array
from tangent.recipes.registry import adjoint, d, linear, nondifferentiable
from tangent.recipes.results import (
    constantly,
    creation,
    dimensions,
    dtype_name,
    is_none,
    like_creation,
    named,
)

nondifferentiable(
    numpy.zeros, numpy.ones, numpy.empty, result=named(creation(), "shape", "dtype"), cheap=True
)
nondifferentiable(
    numpy.zeros_like,
    numpy.ones_like,
    numpy.empty_like,
    result=named(like_creation(), "a", "dtype"),
    cheap=True,
)


def _eye(k):
    dtype = dtype_name(getattr(k, "dtype", NONE), "float64")
    return Kind("array", dtype, 2, None, precision_of(dtype))


nondifferentiable(numpy.eye, result=named(_eye, "N", "M"), cheap=True)
nondifferentiable(numpy.identity, result=named(_eye, "n", "dtype"), cheap=True)
nondifferentiable(
    numpy.tri, numpy.indices, numpy.triu_indices, numpy.tril_indices, numpy.diag_indices
)


def _filled(k):
    rank, token = dimensions(k.shape)
    given = k.fill_value
    default = (
        given.dtype if given.dtype or given.type != "float" or not given.is_weak else "float64"
    )
    dtype = dtype_name(k.dtype, default)
    return Kind("array", dtype, rank, token, precision_of(dtype))


@adjoint(numpy.full, result=_filled)
def full(y, shape, fill_value, dtype=None):
    d[fill_value] = runtime.astype_adjoint(d[y], fill_value, y)


@full.when(lambda k: k.fill_value.type == "float" and is_none(k.dtype) and k.fill_value.is_weak)
def full_of_float(y, shape, fill_value, dtype=None):
    d[fill_value] = numpy.sum(d[y])


@full.tangent
def full_tangent(y, shape, fill_value, dtype=None):
    d[y] = runtime.astype_tangent(d[fill_value], y)


@adjoint(numpy.full_like, result=like_creation())
def full_like(y, a, fill_value, dtype=None):
    d[fill_value] = runtime.astype_adjoint(d[y], fill_value, y)


@full_like.tangent
def full_like_tangent(y, a, fill_value, dtype=None):
    d[y] = runtime.astype_tangent(d[fill_value], y)


@adjoint(numpy.arange)
def arange(y, start, stop, step=1, *, dtype=None):
    d[start] = runtime.astype_adjoint(numpy.sum(d[y]), start, y)
    d[step] = runtime.astype_adjoint(numpy.sum(d[y] * numpy.arange(len(y))), step, y)


@arange.tangent
def arange_tangent(y, start, stop, step=1, *, dtype=None):
    d[y] = d[start] + d[step] * numpy.arange(len(y))


def _arange(k):
    dtype = dtype_name(k.dtype, "int64" if k.stop.type == "int" and k.stop.is_weak else None)
    return Kind("array", dtype, 1, None, precision_of(dtype))


# With a stop alone the elements do not depend on it, only their number does.
nondifferentiable(numpy.arange, result=named(_arange, "stop", "start", "step", "dtype"), cheap=True)


def _linspace(k):
    ends = k.start.is_real_number and k.stop.is_real_number
    if (
        ends
        and is_none(k.dtype)
        and all(x.dtype in (None, "float64", "int64") for x in (k.start, k.stop))
    ):
        return Kind("array", "float64", 1, None, "float64")
    return Kind("array", rank=1 if k.start.is_number and k.stop.is_number else None)


@linear(numpy.linspace, result=_linspace)
def linspace(y, start, stop, num=50, endpoint=True, *, dtype=None):
    d[start] = runtime.unbroadcast(runtime.weigh(d[y], numpy.linspace(1, 0, num, endpoint)), start)
    d[stop] = runtime.unbroadcast(runtime.weigh(d[y], numpy.linspace(0, 1, num, endpoint)), stop)


def _converted(parameter: str):
    """Rule of `array` and its like."""

    def rule(k):
        a = getattr(k, parameter)
        dtype = dtype_name(getattr(k, "dtype", NONE), a.dtype)
        floats = precision_of(dtype)
        if floats is None and is_none(getattr(k, "dtype", NONE)) and not a.is_weak:
            floats = a.precision
        rank = 0 if a.is_number else a.rank if a.is_array else None
        return Kind("array", dtype, rank, () if a.is_number else a.shape, floats)

    return rule


@adjoint(numpy.array, result=_converted("object"))
def array(y, object, dtype=None):
    d[object] = runtime.astype_adjoint(d[y], object, y)


@array.tangent
def array_tangent(y, object, dtype=None):
    d[y] = runtime.astype_tangent(d[object], y)


@adjoint(
    numpy.asarray, numpy.asanyarray, numpy.asfortranarray, result=_converted("a"), alias=("a",)
)
def asarray(y, a, dtype=None):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@asarray.tangent
def asarray_tangent(y, a, dtype=None):
    d[y] = runtime.astype_tangent(d[a], y)


@asarray.when(lambda k: is_array(k) and is_none(k.dtype) and (k.a.rank or 0) > 0)
def asarray_of_array(y, a, dtype=None):
    d[a] = d[y]


def _contiguous(k):
    """Of one dimension at least."""
    kind = _converted("a")(k)
    return kind if kind.rank else Kind("array", kind.dtype, precision=kind.precision)


@adjoint(numpy.ascontiguousarray, result=_contiguous, alias=("a",))
def ascontiguousarray(y, a, dtype=None):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@ascontiguousarray.tangent
def ascontiguousarray_tangent(y, a, dtype=None):
    d[y] = runtime.astype_tangent(d[a], y)


@linear(numpy.copy, result=_converted("a"))
def copy(y, a):
    d[a] = runtime.unbroadcast(d[y], a)


@linear(numpy.ndarray.copy, result=_converted("a"))
def copy_method(y, a, order="C"):
    d[a] = d[y]


def _astype(k):
    """An array stays an array, a NumPy number a number."""
    made = _converted("a")(k)
    if k.a.is_array:
        return made
    return kind_of_dtype(made.dtype) if k.a.is_number else replace(made, type="numeric")


@adjoint(numpy.ndarray.astype, result=_astype, alias=("a",))
def astype(y, a, dtype, *, copy=True):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@astype.tangent
def astype_tangent(y, a, dtype, *, copy=True):
    d[y] = runtime.astype_tangent(d[a], y)


@linear(numpy.ndarray.item, result=lambda k: Kind("number", None, 0, ()))
def item(y, a):
    d[a] = runtime.full_like(a, d[y])


@linear(numpy.ndarray.tolist)
def tolist(y, a):
    d[a] = runtime.unbroadcast(d[y], a)


@linear(numpy.float64, cheap=True, result=lambda k: Kind("float", "float64", 0, (), "float64"))
def float64(y, x):
    d[x] = runtime.unbroadcast(d[y], x)


@linear(numpy.float32, cheap=True, result=lambda k: Kind("float", "float32", 0, (), "float32"))
def float32(y, x):
    d[x] = runtime.unbroadcast(d[y], x)


nondifferentiable(numpy.int64, numpy.int32, numpy.bool_, cheap=True)
nondifferentiable(
    *(numpy.can_cast, numpy.dtype, numpy.finfo, numpy.iinfo, numpy.issubdtype),
    *(numpy.promote_types, numpy.result_type, numpy.may_share_memory, numpy.shares_memory),
    cheap=True,
)
nondifferentiable(
    *(numpy.iscomplexobj, numpy.isrealobj, numpy.isscalar, numpy.iterable),
    result=constantly(BOOL),
    cheap=True,
)
