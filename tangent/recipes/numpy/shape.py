"""Shapes: functions that put the same elements into another shape or order.

    y = np.reshape(x, (2, 3))     x̄ += np.reshape(ȳ, np.shape(x))
    y = x.T                       x̄ += ȳ.T

All are linear. Most give views, so their result may share memory with the argument. Where the
argument is certainly a float array the bare formula stands; a number or a list needs a helper.
"""

from __future__ import annotations

from dataclasses import replace

import numpy

from tangent import runtime
from tangent.recipes.dims import is_explicit, is_natural
from tangent.recipes.kinds import Kind, constant_kind, strong, transposed
from tangent.recipes.python.builtins import PYTHON_INT
from tangent.recipes.registry import d, linear, nondifferentiable
from tangent.recipes.results import (
    constant_axes,
    dimensions,
    is_none,
    named,
    precision,
)


def is_array(k) -> bool:
    """The argument is certainly an array."""
    return k.a.is_array


def _array(a: Kind, rank=None, shape=None) -> Kind:
    """An array of the elements of `a`."""
    floats = precision(a)
    return Kind("array", a.dtype, rank, shape, None if floats == "weak" else floats)


def _derived(name: str, *parameters: str, rank=lambda k: None):
    """Rule of a function that gives an array whose shape depends on that of `a` and constants."""

    def rule(k):
        settings = tuple(constant_axes(getattr(k, p)) for p in parameters)
        known = k.a.shape is not None and all(
            s is None or isinstance(s, int | tuple) for s in settings
        )
        token = (name, k.a.shape, *settings) if known else None
        return _array(k.a, rank(k) if k.a.is_array and k.a.rank is not None else None, token)

    return rule


def _reshaped(k):
    rank, token = dimensions(k.shape)
    if is_explicit(token) and not all(map(is_natural, token)):
        token = None  # an integer that happens to be -1 asks for what is left
    if token is None and constant_axes(k.shape) == -1:
        token = None if k.a.shape is None else ("flat", k.a.shape)
    return _array(k.a, rank, token)


def _reshaped_by_method(k):
    shape = k.shape.items[0] if k.shape.items and len(k.shape.items) == 1 else k.shape
    return _reshaped(type(k)(a=k.a, shape=shape))


@linear(numpy.reshape, result=_reshaped, alias=("a",), cheap=True)
def reshape(y, a, shape, order="C"):
    d[a] = runtime.reshape_like(d[y], a, order)


@reshape.when(lambda k: is_array(k) and k.order.value == "C")
def reshape_array(y, a, shape, order="C"):
    d[a] = numpy.reshape(d[y], a.shape)


@reshape.when(lambda k: k.order.value == "C")
def reshape_rows(y, a, shape, order="C"):
    d[a] = runtime.reshape_like(d[y], a)


@linear(numpy.ndarray.reshape, result=_reshaped_by_method, alias=("a",), cheap=True)
def reshape_method(y, a, *shape, order="C"):
    d[a] = runtime.reshape_like(d[y], a, order)


@reshape_method.when(lambda k: k.order.value == "C")
def reshape_method_rows(y, a, *shape, order="C"):
    d[a] = numpy.reshape(d[y], a.shape)


def _flat(k):
    return _array(
        k.a, 1, k.a.shape if k.a.rank == 1 else ("flat", k.a.shape) if k.a.shape else None
    )


@linear(numpy.ravel, numpy.ndarray.ravel, result=_flat, alias=("a",), cheap=True)
def ravel(y, a, order="C"):
    d[a] = runtime.reshape_like(d[y], a, order)


@ravel.when(lambda k: is_array(k) and k.order.value == "C")
def ravel_array(y, a, order="C"):
    d[a] = numpy.reshape(d[y], a.shape)


@ravel.when(lambda k: k.order.value == "C")
def ravel_rows(y, a, order="C"):
    d[a] = runtime.reshape_like(d[y], a)


@linear(numpy.ndarray.flatten, result=_flat)
def flatten(y, a, order="C"):
    d[a] = runtime.reshape_like(d[y], a, order)


@flatten.when(lambda k: k.order.value == "C")
def flatten_rows(y, a, order="C"):
    d[a] = numpy.reshape(d[y], a.shape)


def _transpose(k):
    if "axes" in vars(k) and not is_none(k.axes) and k.axes.items != ():
        return _derived("transpose", "axes", rank=lambda k: k.a.rank)(k)
    if k.a.is_array and k.a.rank is not None and k.a.rank < 2:
        return k.a.without_value()
    if not k.a.is_array:  # a number stays a number
        a = strong(k.a)
        return Kind("numeric", a.dtype, None, transposed(a.shape), precision(a))
    return _array(k.a, k.a.rank, transposed(k.a.shape))


@linear(numpy.transpose, result=_transpose, alias=("a",), cheap=True)
def transpose(y, a, axes=None):
    d[a] = runtime.transpose_adjoint(d[y], a, axes)


@transpose.when(lambda k: is_array(k) and is_none(k.axes))
def transpose_array(y, a, axes=None):
    d[a] = numpy.transpose(d[y])


@linear(numpy.ndarray.transpose, result=_transpose, alias=("a",), cheap=True)
def transpose_method(y, a, *axes):
    d[a] = runtime.transpose_adjoint(d[y], a, axes)


@transpose_method.when(lambda k: k.axes.items == ())
def transpose_method_plain(y, a, *axes):
    d[a] = numpy.transpose(d[y])


@linear(numpy.ndarray.T, result=_transpose, alias=("a",), cheap=True)
def T(y, a):
    d[a] = d[y].T


def _matrix_transpose(k):
    x = k.x
    token = None if x.shape is None else ("matrix_transpose", x.shape)
    return _array(x, x.rank if x.is_array else None, token)


@linear(
    numpy.matrix_transpose, numpy.ndarray.mT, result=_matrix_transpose, alias=("x",), cheap=True
)
def matrix_transpose(y, x):
    d[x] = numpy.matrix_transpose(d[y])


@linear(
    numpy.swapaxes,
    numpy.ndarray.swapaxes,
    result=_derived("swapaxes", "axis1", "axis2", rank=lambda k: k.a.rank),
    alias=("a",),
    cheap=True,
)
def swapaxes(y, a, axis1, axis2):
    d[a] = runtime.like(numpy.swapaxes(d[y], axis1, axis2), a)


@swapaxes.when(is_array)
def swapaxes_array(y, a, axis1, axis2):
    d[a] = numpy.swapaxes(d[y], axis1, axis2)


@linear(
    numpy.moveaxis,
    result=_derived("moveaxis", "source", "destination", rank=lambda k: k.a.rank),
    alias=("a",),
    cheap=True,
)
def moveaxis(y, a, source, destination):
    d[a] = runtime.like(numpy.moveaxis(d[y], destination, source), a)


@moveaxis.when(is_array)
def moveaxis_array(y, a, source, destination):
    d[a] = numpy.moveaxis(d[y], destination, source)


@linear(
    numpy.squeeze,
    numpy.ndarray.squeeze,
    result=_derived("squeeze", "axis"),
    alias=("a",),
    cheap=True,
)
def squeeze(y, a, axis=None):
    d[a] = runtime.reshape_like(d[y], a)


@squeeze.when(is_array)
def squeeze_array(y, a, axis=None):
    d[a] = numpy.reshape(d[y], a.shape)


def _expanded_rank(k):
    axes = constant_axes(k.axis)
    return k.a.rank + 1 if isinstance(axes, int) else k.a.rank + len(axes) if axes else None


@linear(
    numpy.expand_dims,
    result=_derived(
        "expand",
        "axis",
        rank=lambda k: (
            _expanded_rank(k) if isinstance(constant_axes(k.axis), int | tuple) else None
        ),
    ),
    alias=("a",),
    cheap=True,
)
def expand_dims(y, a, axis):
    d[a] = runtime.reshape_like(d[y], a)


@expand_dims.when(is_array)
def expand_dims_array(y, a, axis):
    d[a] = numpy.reshape(d[y], a.shape)


def _broadcast_to(k):
    rank, token = dimensions(k.shape)
    return _array(k.array, rank, token)


@linear(numpy.broadcast_to, result=_broadcast_to, alias=("array",), cheap=True)
def broadcast_to(y, array, shape):
    d[array] = runtime.unbroadcast(d[y], array)


@linear(
    numpy.atleast_1d,
    numpy.atleast_2d,
    numpy.atleast_3d,
    result=lambda k: _array(k.a),
    alias=("a",),
    cheap=True,
)
def atleast(y, a):
    d[a] = runtime.reshape_like(d[y], a)


def _flipped(k):
    m = k.m
    return _array(m, m.rank if m.is_array else None, m.shape)


@linear(numpy.flip, result=_flipped, alias=("m",), cheap=True)
def flip(y, m, axis=None):
    d[m] = runtime.like(numpy.flip(d[y], axis), m)


@flip.when(lambda k: k.m.is_array)
def flip_array(y, m, axis=None):
    d[m] = numpy.flip(d[y], axis)


@linear(numpy.fliplr, result=_flipped, alias=("m",), cheap=True)
def fliplr(y, m):
    d[m] = runtime.like(numpy.fliplr(d[y]), m)


@linear(numpy.flipud, result=_flipped, alias=("m",), cheap=True)
def flipud(y, m):
    d[m] = runtime.like(numpy.flipud(d[y]), m)


@linear(numpy.rot90, alias=("m",))
def rot90(y, m, k=1, axes=(0, 1)):
    d[m] = runtime.like(numpy.rot90(d[y], -k, axes), m)


@linear(numpy.rollaxis, alias=("a",))
def rollaxis(y, a, axis, start=0):
    d[a] = runtime.like(numpy.transpose(d[y], runtime.rolled_axes(a, axis, start)), a)


@linear(numpy.roll, result=lambda k: _array(k.a, k.a.rank if k.a.is_array else None, k.a.shape))
def roll(y, a, shift, axis=None):
    d[a] = runtime.like(numpy.roll(d[y], numpy.negative(shift), axis), a)


@roll.when(lambda k: is_array(k) and k.shift.type == "int")
def roll_array(y, a, shift, axis=None):
    d[a] = numpy.roll(d[y], -shift, axis)


@linear(numpy.tile, result=lambda k: _array(k.A))
def tile(y, A, reps):
    d[A] = runtime.tile_adjoint(d[y], A, reps)


def _repeated(k):
    return _array(k.a, 1 if is_none(k.axis) else k.a.rank if k.a.is_array else None)


@linear(numpy.repeat, numpy.ndarray.repeat, result=_repeated)
def repeat(y, a, repeats, axis=None):
    d[a] = runtime.repeat_adjoint(d[y], a, repeats, axis)


@linear(
    numpy.diag,
    result=lambda k: _array(k.v, 3 - k.v.rank if k.v.is_array and k.v.rank else None),
    alias=("v",),
)
def diag(y, v, k=0):
    d[v] = runtime.diag_adjoint(d[y], v, k)


@diag.when(lambda k: k.v.is_array and k.v.rank == 1 and k.v.dtype is not None)
def diag_of_vector(y, v, k=0):
    d[v] = numpy.diag(d[y], k)


@linear(numpy.diagflat, result=lambda k: _array(k.v, 2))
def diagflat(y, v, k=0):
    d[v] = runtime.reshape_like(numpy.diagonal(d[y], k), v)


@linear(
    numpy.diagonal,
    numpy.ndarray.diagonal,
    result=_derived("diagonal", "offset", "axis1", "axis2", rank=lambda k: max(k.a.rank - 1, 1)),
    alias=("a",),
    cheap=True,
)
def diagonal(y, a, offset=0, axis1=0, axis2=1):
    d[a] = runtime.diagonal_adjoint(d[y], a, offset, axis1, axis2)


def _triangle(k):
    """A vector becomes the triangle of a matrix."""
    m = k.m
    if m.is_array and (m.rank or 0) > 1:
        return _array(m, m.rank, m.shape)
    return _array(m, 2 if m.is_array and m.rank == 1 else None)


@linear(numpy.tril, result=_triangle)
def tril(y, m, k=0):
    d[m] = runtime.unbroadcast(numpy.tril(d[y], k), m)


@linear(numpy.triu, result=_triangle)
def triu(y, m, k=0):
    d[m] = runtime.unbroadcast(numpy.triu(d[y], k), m)


def _shape(k):
    a = k.a
    token = None if a.shape is None else ("dimensions", a.shape)
    items = None
    if (a.is_number or a.is_array) and a.rank is not None:
        counts = a.dims or (None,) * a.rank
        items = tuple([_integer(d) for d in counts])
    return Kind("tuple", "int64", shape=token, items=items)


def _integer(count) -> Kind:
    """A Python integer, of which perhaps a token of its value is known."""
    if type(count) is int:
        return constant_kind(count)
    return replace(PYTHON_INT, count=count)


nondifferentiable(numpy.shape, numpy.ndarray.shape, result=named(_shape, "a"), cheap=True)
nondifferentiable(
    numpy.ndim, numpy.ndarray.ndim, numpy.ndarray.size, result=lambda k: PYTHON_INT, cheap=True
)
nondifferentiable(
    numpy.size,
    result=named(
        lambda k: PYTHON_INT if is_none(k.axis) else Kind("int", rank=0, shape=()), "a", "axis"
    ),
    cheap=True,
)
nondifferentiable(
    numpy.ndarray.dtype,
    numpy.ndarray.itemsize,
    numpy.ndarray.nbytes,
    numpy.ndarray.strides,
    cheap=True,
)
