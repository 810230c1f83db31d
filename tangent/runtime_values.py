"""Helpers on whole values: zeros, copies, sums and casts to the form of another value.

>>> unbroadcast(numpy.ones((2, 3)), numpy.zeros(3))
array([2., 2., 2.])

A list or tuple *of numbers* (nested ones of equal lengths too) stands for an array, so its adjoint
is an array, which can be added to in place. The adjoints of other containers are those of
`runtime_containers`. What is returned to the user has the argument's own form again
(`runtime_structures.gradient_like`).

The common case comes first in each helper, and by `type(x) is …`: these are the inner loops of
generated code where kinds are not known.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import float64, ndarray

from tangent.errors import SeedError, UnsupportedError
from tangent.runtime_containers import (
    Entries,
    Items,
    fields_of,
    is_inactive,
    names_of,
    with_elements,
    with_entries,
)

__all__ = [
    "add",
    "are_numbers",
    "as_array",
    "astype_adjoint",
    "astype_tangent",
    "expand",
    "filled",
    "float_dtype",
    "full_like",
    "items_like",
    "keep",
    "like",
    "of_structure",
    "operand",
    "reshape_like",
    "shape_of",
    "unbroadcast",
    "zero_of_part",
    "zeros_like",
    "zeros_list",
]

FLOAT64 = numpy.dtype("float64")
ZERO = numpy.float64(0.0)


def float_dtype(x: Any) -> numpy.dtype:
    """The dtype of a gradient of `x`: its own where that is float or complex, else float64.

    >>> float_dtype(numpy.zeros(2, "float32")), float_dtype(3), float_dtype([1, 2j])
    (dtype('float32'), dtype('float64'), dtype('complex128'))
    """
    if not isinstance(x, numpy.ndarray | numpy.generic):
        if isinstance(x, float):
            return FLOAT64
        x = numpy.asarray(x)
    dtype = x.dtype
    if dtype.kind in "fc":
        return dtype
    if dtype.kind in "iub":
        return FLOAT64
    raise UnsupportedError(
        f"a value of dtype {dtype} has no derivative",
        remedy="use arrays of floats; leave the argument out of wrt if it is not a number",
    )


def as_array(x: Any) -> Any:
    """A list or tuple of numbers (nested, of equal lengths) as an array; anything else as it is.

    >>> as_array([1, 2.5]), as_array([numpy.ones(1)]), as_array([[1], [2, 3]])
    (array([1. , 2.5]), [array([1.])], [[1], [2, 3]])
    """
    if isinstance(x, list | tuple) and _numbers(x) is not None:
        return numpy.asarray(x)
    return x


def _numbers(x: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers, or None."""
    if isinstance(x, int | float | complex | numpy.generic):
        return ()
    if not isinstance(x, list | tuple) or hasattr(x, "_fields"):
        return None
    if not x:
        return (0,)
    shape = _numbers(x[0])
    if shape is None or any(_numbers(element) != shape for element in x):
        return None
    return (len(x), *shape)


def full_like(y: Any, value: Any) -> Any:
    """A new float value of the shape and float dtype of `y`, filled with a number.

    Args:
        y: a number, an array, a list or tuple of numbers (which gives an array), or lists, tuples
            and dicts of those.
        value: a number. It is the adjoint of one, so that anything else goes back to a seed that
            was given for a scalar result.

    Raises:
        SeedError: `value` is no number.

    >>> full_like(numpy.arange(3), 2.0)
    array([2., 2., 2.])
    >>> full_like([numpy.zeros(1), (2, 3.0), None], 0.0)
    [array([0.]), array([0., 0.]), 0.0]
    >>> full_like(numpy.arange(3), numpy.ones(3))
    Traceback (most recent call last):
    tangent.errors.SeedError: the seed has shape (3,), but it belongs to a number...
    """
    if type(value) is not float:
        given = numpy.asarray(value)
        if given.ndim or given.dtype.kind not in "biufc":
            what = f"has shape {given.shape}" if given.ndim else f"is a {type(value).__name__}"
            raise SeedError(
                f"the seed {what}, but it belongs to a number", remedy="give a number as the seed"
            )
    elif type(y) is ndarray and y.dtype.kind in "fc":
        out = numpy.empty(y.shape, y.dtype)
        out[...] = value
        return out
    return filled(y, value)


def filled(y: Any, value: Any) -> Any:
    """`full_like` for any value that broadcasts to `y`.

    >>> filled(numpy.zeros((2, 2)), numpy.array([1.0, 2.0]))
    array([[1., 2.],
           [1., 2.]])
    """
    if type(y) is ndarray:
        dtype = y.dtype
        if dtype.kind not in "fc":
            if is_inactive(y) and _is_zero(value):
                return 0.0
            dtype = float_dtype(y)
        if type(value) is not float and dtype.kind != "c":
            value = _real(value)
        out = numpy.empty(y.shape, dtype)
        out[...] = value
        return out
    if isinstance(y, float) and type(y) is type(value):
        return value
    y = as_array(y)
    if isinstance(y, numpy.ndarray):
        return filled(numpy.asarray(y), value)
    if isinstance(y, list | tuple):
        return items_like([_part(element, value) for element in y], y)
    if isinstance(y, dict):
        entries = {} if _is_zero(value) else {k: _part(e, value) for k, e in y.items()}
        return Entries(y, zero_of_part, entries)
    return _number_like(value, y)


def items_like(parts: list[Any], x: Any) -> Items:
    """The adjoints of elements as the adjoint of the list or tuple `x`."""
    out = Items(parts)
    if type(x) is not list and type(x) is not tuple:
        out.names = x.names if isinstance(x, Items) else names_of(x)
    return out


def _is_zero(value: Any) -> bool:
    return isinstance(value, int | float) and value == 0


def _part(x: Any, value: Any) -> Any:
    """`filled` for what a container holds, which may be what has no derivative."""
    if isinstance(x, int | float):
        return filled(x, value)
    return 0.0 if is_inactive(x) else filled(x, value)


def zero_of_part(x: Any) -> Any:
    """The zero of the form of what a container holds: 0.0 for what has no derivative.

    >>> zero_of_part("relu"), zero_of_part(numpy.ones(1))
    (0.0, array([0.]))
    """
    return _part(x, 0.0)


def zeros_like(y: Any) -> Any:
    """A float zero of the shape and float dtype of `y`, as `full_like` makes it.

    >>> zeros_like(numpy.ones(2, "float32")), zeros_like([1, 2]), zeros_like(True)
    (array([0., 0.], dtype=float32), array([0., 0.]), 0.0)
    """
    if type(y) is ndarray:
        dtype = y.dtype
        if dtype.kind in "fc":
            return numpy.zeros(y.shape, dtype)
    if type(y) is float:
        return 0.0
    if type(y) is numpy.float64:
        return ZERO
    return full_like(y, 0.0)


def zeros_list(xs: Any) -> Any:
    """A list of zeros of the elements of a list or tuple: its adjoint before anything is added.

    (Of a dict, which has a `pop` too, a dict.)

    >>> zeros_list((1, numpy.ones(2)))
    [0.0, array([0., 0.])]
    """
    if isinstance(xs, dict):
        return zeros_like(xs)
    return items_like([zero_of_part(x) for x in xs], xs)


def keep(v: Any) -> Any:
    """`v` for a number, a copy for an array or a list that may be written later.

    A list stays a list: it is a value of the program that is kept, not an adjoint.

    >>> a = numpy.ones(2); b = keep(a); a[0] = 5; b
    array([1., 1.])
    """
    if type(v) is float64:  # an element, in a loop
        return v
    if type(v) is ndarray:
        return v.copy()
    if isinstance(v, float):
        return v
    if isinstance(v, numpy.ndarray):
        return v.copy()
    if isinstance(v, Items):
        return items_like([keep(element) for element in v], v)
    if isinstance(v, list | tuple):
        return with_elements(v, [keep(element) for element in v])
    if isinstance(v, Entries):
        return v.copied(keep)
    if isinstance(v, dict):
        return with_entries(v, {key: keep(element) for key, element in v.items()})
    return v


def add(a: Any, b: Any) -> Any:
    """`a + b` for adjoints: by element for lists, tuples and dicts; an array where one is an array.

    >>> add([numpy.ones(1), (2.0, 3.0)], [numpy.ones(1), (1.0, 1.0)])
    [array([2.]), [3.0, 4.0]]
    >>> add(numpy.ones(2), [1.0, 2.0])
    array([2., 3.])
    """
    if isinstance(a, float | numpy.ndarray):
        if isinstance(a, numpy.ndarray) and isinstance(b, list | tuple):
            b = numpy.asarray(b)
        elif isinstance(b, list | tuple) and not isinstance(b, Items):
            b = Items(b)
        return a + b
    if isinstance(a, list | tuple):
        if isinstance(b, numpy.ndarray):
            return numpy.asarray(a) + b
        if not isinstance(b, list | tuple):
            b = [b] * len(a)
        return items_like([add(u, v) for u, v in zip(a, b, strict=True)], a)
    return a + b


def unbroadcast(g: Any, x: Any) -> Any:
    """The adjoint `g` summed to the shape of `x`, of the float dtype of `x`.

    Broadcasting repeats a value; the adjoint of that is a sum. `g` itself comes back where nothing
    is to be done. A `g` of less than the shape of `x` (a number for an array) is repeated.

    Raises:
        UnsupportedError: `x` is a list or tuple, and `g` has another shape: lists do not broadcast,
            `x + y` and `2 * x` join and repeat them.

    >>> unbroadcast(numpy.ones((2, 3)), 5.0)
    6.0
    >>> unbroadcast(numpy.ones((2, 3)), numpy.zeros((2, 1), "float32"))
    array([[3.],
           [3.]], dtype=float32)
    >>> unbroadcast(1.5, [1, 2])
    array([1.5, 1.5])
    """
    if type(x) is float64 is type(g):  # elements, in a loop
        return g
    if type(x) is ndarray:
        dtype = x.dtype
        if type(g) is ndarray and g.dtype is dtype and g.shape == x.shape:
            if dtype is FLOAT64 or dtype.kind in "fc":
                return g
        return _summed(g, x.shape, dtype if dtype.kind in "fc" else float_dtype(x))
    if isinstance(x, float):
        if isinstance(g, float):
            return g
        if type(g) is ndarray and g.dtype is FLOAT64:
            return type(x)(numpy.add.reduce(g, axis=None))
    if isinstance(x, list | tuple):
        shape = _numbers(x)
        if shape is not None:
            if numpy.shape(g) not in (shape, ()):
                raise _not_broadcast(numpy.shape(g), shape)
            return _summed(g, shape, float_dtype(x))
        if isinstance(g, list | tuple):
            if len(g) != len(x):
                raise _not_broadcast((len(g),), (len(x),))
            parts = [_unbroadcast_part(u, v) for u, v in zip(g, x, strict=True)]
            return items_like(parts, x)
        if numpy.ndim(g) == 0:
            return filled(x, g)
        if len(g) != len(x):
            raise _not_broadcast(numpy.shape(g), (len(x),))
        return unbroadcast(list(g), x)
    if isinstance(x, numpy.ndarray):
        return unbroadcast(g, numpy.asarray(x))
    if isinstance(g, dict):
        return g
    return _number_like(_summed(g, (), float_dtype(x)) if numpy.ndim(g) else g, x)


def _unbroadcast_part(g: Any, x: Any) -> Any:
    return 0.0 if is_inactive(x) else unbroadcast(g, x)


def _not_broadcast(g: tuple[int, ...], x: tuple[int, ...]) -> UnsupportedError:
    return UnsupportedError(
        f"the adjoint has shape {g}, the list or tuple has shape {x}",
        why="lists and tuples do not broadcast; `+` and `*` join and repeat them",
        remedy="pass arrays (numpy.asarray), or use numpy.concatenate and numpy.tile",
    )


def _summed(g: Any, shape: tuple[int, ...], dtype: numpy.dtype) -> Any:
    if type(g) is not ndarray:
        g = numpy.asarray(g)
    if dtype.kind != "c" and g.dtype.kind == "c":
        g = g.real
    if g.shape != shape:
        extra = g.ndim - len(shape)
        if extra > 0:
            g = numpy.add.reduce(g, axis=tuple(range(extra)))
        elif extra < 0:
            g = g.reshape((1,) * -extra + g.shape)
        axes = tuple([i for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1])
        if axes:
            g = numpy.add.reduce(g, axis=axes, keepdims=True)
        if g.shape != shape:
            out = numpy.empty(shape, dtype)
            out[...] = g
            return out
    return numpy.asarray(g, dtype)  # a sum over all axes is a scalar


def _real(g: Any) -> Any:
    if type(g) is ndarray:
        return g.real if g.dtype.kind == "c" else g
    return g.real if isinstance(g, complex) or numpy.iscomplexobj(g) else g


def _number_like(value: Any, x: Any) -> Any:
    """A number as the gradient of the number `x`."""
    if isinstance(value, numpy.ndarray):
        if value.size != 1:
            raise UnsupportedError(f"an adjoint of shape {value.shape} for the number {x!r}")
        value = value.reshape(())[()]
    if isinstance(x, complex):
        return value if isinstance(value, complex) else complex(value)
    if isinstance(x, numpy.inexact):
        dtype = x.dtype
        if dtype.kind != "c":
            value = _real(value)
        return dtype.type(value)
    if isinstance(x, int | float):
        return float(_real(value))
    if isinstance(x, numpy.integer | numpy.bool_):
        return numpy.float64(_real(value))
    if isinstance(value, int | float) and value == 0:  # of what holds something, or nothing, active
        return Entries(x, zero_of_part) if not is_inactive(x) and fields_of(x) else 0.0
    raise UnsupportedError(
        f"a {type(x).__name__} has no derivative",
        remedy="leave the argument out of wrt, or keep it out of what is differentiated",
    )


def like(g: Any, x: Any) -> Any:
    """The array `g`, of the shape of `x`, in the float dtype of `x` and, unless `x` is a list or
    tuple of numbers, in its structure.

    >>> like(numpy.array([1.0, 2.0]), [5, 6])
    array([1., 2.])
    """
    if type(x) is ndarray:
        dtype = x.dtype
        if type(g) is ndarray and g.dtype is dtype and dtype.kind in "fc":
            return g
    elif isinstance(x, float):
        if isinstance(g, float):
            return g
    elif isinstance(x, list | tuple):
        x = as_array(x)
        if isinstance(x, list | tuple):
            return items_like([like(u, v) for u, v in zip(g, x, strict=True)], x)
    if isinstance(g, dict):
        return g
    if isinstance(x, numpy.ndarray):
        dtype = float_dtype(x)
        return numpy.asarray(g if dtype.kind == "c" else _real(g), dtype)
    return _number_like(g, x)


def of_structure(parts: list[Any], xs: Any) -> Any:
    """The adjoints of elements as the adjoint of `xs`: an array where that stands for one.

    >>> of_structure([1.0, 2.0], (5.0, 6.0)), of_structure([1.0], [numpy.ones(1)])
    (array([1., 2.]), [1.0])
    """
    if isinstance(as_array(xs), numpy.ndarray):
        return like(numpy.stack(parts) if parts else numpy.zeros(numpy.shape(xs)), xs)
    return Items(parts)


def operand(v: Any) -> Any:
    """`v` as an operator on elements takes it: an array for a list or tuple, else `v` itself.

    (`numpy.asarray` would make a float64 of a Python number, which float32 arrays do not absorb.)

    >>> 2 * operand([1.0, 2.0]), operand(0.5)
    (array([2., 4.]), 0.5)
    """
    return numpy.asarray(v) if isinstance(v, list | tuple) else v


def expand(g: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Adjoint of `numpy.sum(x, axis, keepdims=keepdims)`: `g` repeated to `x`; a new value.

    >>> expand(numpy.array([1.0, 2.0]), numpy.zeros((2, 2)), 1)
    array([[1., 1.],
           [2., 2.]])
    """
    if type(x) is not ndarray:
        x = as_array(x)
    if axis is not None and not keepdims and numpy.ndim(x):
        g = numpy.expand_dims(g, axis)
    return filled(x, g)


def reshape_like(g: Any, x: Any, order: str = "C") -> Any:
    """Adjoint of `numpy.reshape(x, shape, order)`: `g` in the shape of `x`.

    >>> reshape_like(numpy.arange(4.0), numpy.zeros((2, 2)))
    array([[0., 1.],
           [2., 3.]])
    """
    if order not in ("C", "F"):
        raise UnsupportedError(
            f"order={order!r} depends on how an array lies in memory; its adjoint can differ",
            remedy='use order="C" or order="F"',
        )
    if type(g) is ndarray and type(x) is ndarray:
        return like(g.reshape(x.shape, order=order), x)  # type: ignore[call-overload]
    return like(numpy.reshape(g, numpy.shape(x), order=order), x)  # type: ignore[call-overload]


def astype_adjoint(g: Any, x: Any, y: Any) -> Any:
    """Adjoint of a cast or copy `y` of `x` (perhaps broadcast): zero where it made integers.

    >>> astype_adjoint(numpy.ones(2), numpy.zeros(2, "float32"), numpy.zeros(2))
    array([1., 1.], dtype=float32)
    >>> astype_adjoint(numpy.ones(2), numpy.zeros(2), numpy.zeros(2, int))
    array([0., 0.])
    """
    if numpy.asarray(y).dtype.kind not in "fc" and numpy.asarray(x).dtype.kind in "fc":
        return zeros_like(x)
    return unbroadcast(g, x)


def astype_tangent(dx: Any, y: Any, x: Any = None) -> Any:
    """Tangent of a cast or copy `y` of `x`, from that of `x`: zero where the cast made integers.

    Where an array `y` is a copy of `x`, so is the tangent.

    >>> astype_tangent(0.5, numpy.zeros(2)), astype_tangent(0.5, numpy.zeros(2, int))
    (array([0.5, 0.5]), array([0., 0.]))
    """
    if numpy.asarray(y).dtype.kind not in "fc":
        return zeros_like(y)
    dy = unbroadcast(dx, y)
    if x is not None and dy is dx and isinstance(y, ndarray) and isinstance(dy, ndarray):
        if not (isinstance(x, ndarray) and numpy.may_share_memory(x, y)):
            return dy.copy()
    return dy


_ZERO = numpy.zeros(2).data  # 16 bytes: an element of any float or complex type


def shape_of(x: Any) -> Any:
    """Something small of the shape and dtype of `x`, to be kept where nothing else of it matters.

    Returns:
        for an array a read-only one of zeros that takes no memory; anything else as it is.

    >>> shape_of(numpy.ones((2, 3))).shape, shape_of(1.5)
    ((2, 3), 1.5)
    """
    if isinstance(x, numpy.ndarray) and x.dtype.itemsize <= 16 and not x.dtype.hasobject:
        return numpy.ndarray(x.shape, x.dtype, _ZERO, 0, (0,) * x.ndim)
    return x


def are_numbers(*values: Any) -> bool:
    """Whether all values are Python numbers (or NumPy's float64), of real type.

    >>> are_numbers(1.0, 2), are_numbers(numpy.ones(2)), are_numbers(numpy.float32(1))
    (True, False, False)
    """
    for value in values:
        kind = type(value)
        if kind is not float and kind is not int and kind is not numpy.float64:
            return False
    return True
