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
from tangent.recipes.registry import adjoint, d, fixed, linear, nondifferentiable
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
    *(numpy.tri, numpy.indices, numpy.triu_indices, numpy.tril_indices, numpy.diag_indices),
    *(numpy.diag_indices_from, numpy.tril_indices_from, numpy.triu_indices_from),
    *(numpy.mask_indices, numpy.broadcast_shapes),
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
def full(y, shape, fill_value, dtype=None, order="C", *, device=None):
    d[fill_value] = runtime.astype_adjoint(d[y], fill_value, y)


@full.when(lambda k: k.fill_value.type == "float" and is_none(k.dtype) and k.fill_value.is_weak)
def full_of_float(y, shape, fill_value, dtype=None, order="C", *, device=None):
    d[fill_value] = numpy.sum(d[y])


@full.tangent
def full_tangent(y, shape, fill_value, dtype=None, order="C", *, device=None):
    d[y] = runtime.astype_tangent(d[fill_value], y)


@adjoint(numpy.full_like, result=like_creation())
def full_like(
    y, a, fill_value, dtype=None, order="K", subok=True, shape: fixed = None, *, device=None
):
    d[fill_value] = runtime.astype_adjoint(d[y], fill_value, y)


@full_like.tangent
def full_like_tangent(y, fill_value):
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


@adjoint(numpy.linspace, result=_linspace)
def linspace(
    y,
    start,
    stop,
    num=50,
    endpoint=True,
    retstep: fixed = False,
    dtype=None,
    axis=0,
    *,
    device=None,
):
    parts = runtime.ends_adjoint(d[y], start, stop, num, endpoint, axis)
    d[start] = parts[0]
    d[stop] = parts[1]


@linspace.when(lambda k: k.start.is_real_number and k.stop.is_real_number)
def linspace_of_numbers(y, start, stop, num, endpoint):
    d[start] = runtime.unbroadcast(d[y] * numpy.linspace(1, 0, num, endpoint), start)
    d[stop] = runtime.unbroadcast(d[y] * numpy.linspace(0, 1, num, endpoint), stop)


@linspace.tangent
def linspace_tangent(y, start, stop, num, endpoint, axis):
    d[y] = runtime.astype_tangent(
        runtime.ends_tangent(d[start], d[stop], start, stop, num, endpoint, axis), y
    )


@adjoint(numpy.linspace, result=constantly(Kind("tuple")))
def linspace_with_step(
    y,
    start,
    stop,
    num=50,
    endpoint=True,
    retstep=False,
    dtype: fixed = None,
    axis=0,
    *,
    device=None,
):
    parts = runtime.ends_adjoint(d[y][0], start, stop, num, endpoint, axis)
    step = d[y][1] / (num - 1 if endpoint else num)
    d[start] = runtime.add(parts[0], runtime.unbroadcast(-step, start))
    d[stop] = runtime.add(parts[1], runtime.unbroadcast(step, stop))


@linspace_with_step.tangent
def linspace_with_step_tangent(y, start, stop, num, endpoint, axis):
    d[y] = (
        runtime.ends_tangent(d[start], d[stop], start, stop, num, endpoint, axis),
        numpy.subtract(d[stop], d[start]) / (num - 1 if endpoint else num),
    )


@adjoint(numpy.logspace)
def logspace(y, start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    slope = d[y] * y
    parts = runtime.ends_adjoint(
        slope * runtime.base_along(numpy.log(base), y, axis), start, stop, num, endpoint, axis
    )
    d[start] = parts[0]
    d[stop] = parts[1]
    exponents = numpy.linspace(start, stop, num, endpoint, axis=axis)
    d[base] = runtime.unbroadcast(slope * exponents / base, base)


@logspace.tangent
def logspace_tangent(y, start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    exponents = numpy.linspace(start, stop, num, endpoint, axis=axis)
    move = runtime.ends_tangent(d[start], d[stop], start, stop, num, endpoint, axis)
    rate = runtime.base_along(numpy.log(base), y, axis)
    d[y] = runtime.like(y * (move * rate + exponents * (d[base] / base)), y)


@adjoint(numpy.geomspace)
def geomspace(y, start, stop, num=50, endpoint=True, dtype=None, axis=0):
    parts = runtime.ends_adjoint(d[y] * y, start, stop, num, endpoint, axis)
    d[start] = runtime.unbroadcast(parts[0] / start, start)
    d[stop] = runtime.unbroadcast(parts[1] / stop, stop)


@geomspace.tangent
def geomspace_tangent(y, start, stop, num=50, endpoint=True, dtype=None, axis=0):
    d[y] = runtime.like(
        y
        * runtime.ends_tangent(
            numpy.divide(d[start], start),
            numpy.divide(d[stop], stop),
            start,
            stop,
            num,
            endpoint,
            axis,
        ),
        y,
    )


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
def array(y, object, dtype=None, *, copy: fixed = True, order="K", subok=False, ndmin: fixed = 0):
    d[object] = runtime.astype_adjoint(d[y], object, y)


def _is_plain_array(k):
    """An array of one dimension at least, and no other dtype asked for."""
    return k.object.is_array and is_none(k.dtype) and (k.object.rank or 0) > 0


@array.when(_is_plain_array)
def array_of_array(
    y, object, dtype=None, *, copy: fixed = True, order="K", subok=False, ndmin: fixed = 0
):
    d[object] = d[y]


@array.tangent
def array_tangent(y, object):
    d[y] = runtime.astype_tangent(d[object], y, object)


@adjoint(numpy.array, result=_converted("object"), alias=("object",))
def array_itself(y, object, dtype=None, *, copy, order="K", subok=False, ndmin: fixed = 0):
    d[object] = runtime.astype_adjoint(d[y], object, y)


@array_itself.tangent
def array_itself_tangent(y, object, dtype=None, *, copy, order="K", subok=False, ndmin: fixed = 0):
    d[y] = runtime.astype_tangent(d[object], y, object)


@adjoint(numpy.array)
def array_of_rank(y, object, dtype=None, *, copy: fixed = True, order="K", subok=False, ndmin):
    d[object] = runtime.astype_adjoint(numpy.reshape(d[y], numpy.shape(object)), object, y)


@array_of_rank.tangent
def array_of_rank_tangent(y, object):
    d[y] = numpy.reshape(runtime.astype_tangent(numpy.asarray(d[object]), y), numpy.shape(y))


@adjoint(numpy.asarray, numpy.asanyarray, result=_converted("a"), alias=("a",))
def asarray(y, a, dtype=None, order=None, *, device=None, copy=None):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@asarray.tangent
def asarray_tangent(y, a, dtype=None, order=None, *, device=None, copy=None):
    d[y] = runtime.astype_tangent(d[a], y, a)


@asarray.when(lambda k: is_array(k) and is_none(k.dtype) and (k.a.rank or 0) > 0)
def asarray_of_array(y, a, dtype=None, order=None, *, device=None, copy=None):
    d[a] = d[y]


def _contiguous(k):
    """Of one dimension at least."""
    kind = _converted("a")(k)
    return kind if kind.rank else Kind("array", kind.dtype, precision=kind.precision)


@adjoint(numpy.ascontiguousarray, numpy.asfortranarray, result=_contiguous, alias=("a",))
def ascontiguousarray(y, a, dtype=None):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@ascontiguousarray.tangent
def ascontiguousarray_tangent(y, a, dtype=None):
    d[y] = runtime.astype_tangent(d[a], y, a)


@linear(numpy.copy, result=_converted("a"))
def copy(y, a, order="K", subok=False):
    d[a] = runtime.unbroadcast(d[y], a)


@copy.when(lambda k: is_array(k) and (k.a.rank or 0) > 0)
def copy_of_array(y, a, order="K", subok=False):
    d[a] = d[y]


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
def astype(y, a, dtype, order="K", casting="unsafe", subok=True, copy=True):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@astype.tangent
def astype_tangent(y, a, dtype, order="K", casting="unsafe", subok=True, copy=True):
    d[y] = runtime.astype_tangent(d[a], y, a)


@linear(numpy.ndarray.item, result=lambda k: Kind("number", None, 0, ()))
def item(y, a):
    d[a] = runtime.full_like(a, d[y])


@linear(numpy.ndarray.item, result=lambda k: Kind("number", None, 0, ()))
def item_at(y, a, i):
    d[a] = runtime.item_adjoint(d[y], a, i)


@linear(numpy.ndarray.item, result=lambda k: Kind("number", None, 0, ()))
def item_of_matrix(y, a, i, j):
    d[a] = runtime.item_adjoint(d[y], a, (i, j))


@linear(runtime.item_adjoint, result=lambda k: Kind("array", None, k.a.rank, k.a.shape))
def item_adjoint(y, g, a, i):
    d[g] = d[y].item(i)


@linear(numpy.ndarray.view, alias=("a",), result=lambda k: k.a.without_value())
def view(y, a):
    d[a] = d[y]


@linear(numpy.ndarray.tolist)
def tolist(y, a):
    d[a] = runtime.unbroadcast(d[y], a)


@adjoint(numpy.fromiter)
def fromiter(y, iter, dtype, count=-1):
    d[iter] = runtime.astype_adjoint(d[y], iter, y)


@fromiter.tangent
def fromiter_tangent(y, iter, dtype, count=-1):
    d[y] = runtime.astype_tangent(d[iter], y)


@adjoint(numpy.asarray_chkfinite, result=_converted("a"), alias=("a",))
def asarray_chkfinite(y, a, dtype=None, order=None):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@asarray_chkfinite.tangent
def asarray_chkfinite_tangent(y, a, dtype=None, order=None):
    d[y] = runtime.astype_tangent(d[a], y, a)


@adjoint(numpy.require, result=_converted("a"), alias=("a",))
def require(y, a, dtype=None, requirements=None):
    d[a] = runtime.astype_adjoint(d[y], a, y)


@require.tangent
def require_tangent(y, a, dtype=None, requirements=None):
    d[y] = runtime.astype_tangent(d[a], y, a)


if hasattr(numpy, "astype"):  # NumPy 2.1

    @adjoint(numpy.astype, result=lambda k: _astype(type(k)(a=k.x, dtype=k.dtype)), alias=("x",))
    def astype_function(y, x, dtype, *, copy=True, device=None):
        d[x] = runtime.astype_adjoint(d[y], x, y)

    @astype_function.tangent
    def astype_function_tangent(y, x, dtype, *, copy=True, device=None):
        d[y] = runtime.astype_tangent(d[x], y, x)


@adjoint(numpy.real_if_close, alias=("a",))
def real_if_close(y, a, tol=100):
    d[a] = runtime.unbroadcast(d[y], a)


@real_if_close.tangent
def real_if_close_tangent(y, a, tol=100):
    d[y] = runtime.like(d[a], y)


@adjoint(numpy.kaiser)
def kaiser(y, M, beta):
    d[beta] = runtime.unbroadcast(d[y] * runtime.kaiser_partial(M, beta), beta)


@kaiser.tangent
def kaiser_tangent(y, M, beta):
    d[y] = d[beta] * runtime.kaiser_partial(M, beta)


nondifferentiable(numpy.bartlett, numpy.blackman, numpy.hamming, numpy.hanning)


@linear(numpy.float64, cheap=True, result=lambda k: Kind("float", "float64", 0, (), "float64"))
def float64(y, x):
    d[x] = runtime.unbroadcast(d[y], x)


@linear(numpy.float32, cheap=True, result=lambda k: Kind("float", "float32", 0, (), "float32"))
def float32(y, x):
    d[x] = runtime.unbroadcast(d[y], x)


@linear(numpy.float16, numpy.longdouble, numpy.complex64, numpy.complex128, numpy.clongdouble)
def other_float(y, x):
    d[x] = runtime.unbroadcast(d[y], x)


nondifferentiable(
    *(numpy.int64, numpy.int32, numpy.int16, numpy.int8, numpy.uint64, numpy.uint32),
    *(numpy.uint16, numpy.uint8, numpy.bool_),
    cheap=True,
)
nondifferentiable(
    *(numpy.can_cast, numpy.dtype, numpy.finfo, numpy.iinfo, numpy.issubdtype),
    *(numpy.promote_types, numpy.result_type, numpy.may_share_memory, numpy.shares_memory),
    *(numpy.common_type, numpy.min_scalar_type, numpy.mintypecode, numpy.isdtype, numpy.isfortran),
    cheap=True,
)
nondifferentiable(
    *(numpy.iscomplexobj, numpy.isrealobj, numpy.isscalar, numpy.iterable),
    result=constantly(BOOL),
    cheap=True,
)
