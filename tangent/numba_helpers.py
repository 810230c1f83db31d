"""The helpers of generated code as Numba compiles them: for numbers and arrays of fixed rank.

    unbroadcast(g, x)      x a number: sum of g      x an array: g summed over the axes that x
    repeats

Each overload picks the form by the types of the arguments, as the Python helper does by their
values. Lists, dtypes that change and everything that has no form here is an error of Numba's
typing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.core.errors import TypingError
from numba.cpython.unsafe.tuple import tuple_setitem
from numba.extending import overload
from numba.np.numpy_support import as_dtype

from tangent import runtime
from tangent.runtime_kinds import check_kind, check_same_size

__all__ = ["KNOWN"]

# The helpers that have a form for Numba.
KNOWN: set[Any] = set()


def _form(
    helper: Callable[..., Any], **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a helper's forms: a function of the arguments' types gives the implementation."""
    KNOWN.add(helper)
    return overload(helper, strict=False, **options)


def _is_array(kind: Any) -> bool:
    return isinstance(kind, types.Array)


def _is_number(kind: Any) -> bool:
    return isinstance(_plain(kind), types.Number | types.Boolean)


def _plain(kind: Any) -> Any:
    """The type of an argument, where a default was left out that of the default."""
    if isinstance(kind, types.Omitted):
        return types.float64 if isinstance(kind.value, float) else kind
    if isinstance(kind, types.Literal):
        return kind.literal_type
    return kind


def _float(kind: Any) -> Any:
    """NumPy's dtype of the gradient of a value of this type."""
    kind = _plain(kind)
    kind = kind.dtype if _is_array(kind) else kind
    return as_dtype(kind if isinstance(kind, types.Float | types.Complex) else types.float64).type


@_form(check_kind, prefer_literal=True)
def _check_kind(value, name, type, dtype=None, rank=None):
    type, dtype, rank = (getattr(a, "literal_value", None) for a in (type, dtype, rank))
    if not _is_promised(_plain(value), type, dtype, rank):
        name = getattr(name, "literal_value", name)
        raise TypingError(f"argument {name} is {value}, but another kind was promised")
    return lambda value, name, type, dtype=None, rank=None: None


def _is_promised(kind: Any, type: str, dtype: str | None, rank: int | None) -> bool:
    """Whether a type is that of the kind, as `check_kind` sees it."""
    if isinstance(kind, types.Array) != (type == "array"):
        return False
    if isinstance(kind, types.Array) and rank not in (None, kind.ndim):
        return False
    if dtype is not None:
        kind = getattr(kind, "dtype", kind)
        return isinstance(kind, types.Number | types.Boolean) and as_dtype(kind).name == dtype
    classes: dict[str, Any] = {
        "bool": types.Boolean,
        "int": types.Integer,
        "float": types.Float | types.Integer | types.Boolean,
    }
    return isinstance(kind, classes.get(type, types.Type))


@_form(check_same_size)
def _check_same_size(a, b, first, second):
    def check(a, b, first, second):
        if a != b:
            raise ValueError("sizes that were promised to be equal are not")

    return check


@_form(runtime.check_scalar)
def _check_scalar(value, name="the function"):
    if _is_number(value):
        return lambda value, name="the function": None

    def check(value, name="the function"):
        if value.size != 1:
            raise ValueError("the function returned an array, not a scalar")

    return check if _is_array(value) else None


@_form(runtime.check_storage)
def _check_storage(x, name="it"):
    if _is_array(x) and not isinstance(x.dtype, types.Float | types.Complex):
        raise TypingError("a value that the gradient depends on is written into integers")
    return lambda x, name="it": None


@numba.njit
def _bounds(x):
    """The addresses from the first byte of an array to that after its last one."""
    low = np.int64(x.ctypes.data)
    high = low
    for axis in range(x.ndim):
        if x.shape[axis] == 0:
            return low, low
        reach = (x.shape[axis] - 1) * x.strides[axis]
        low, high = low + min(reach, 0), high + max(reach, 0)
    return low, high + x.itemsize


@_form(runtime.check_apart)
def _check_apart(element, whole, name="one", base="the other"):
    if not _is_array(element):
        return lambda element, whole, name="one", base="the other": None

    def check(element, whole, name="one", base="the other"):
        (low, high), (begin, end) = _bounds(element), _bounds(whole)
        if low < end and begin < high:
            raise ValueError("an array is written while another that shares its memory is in use")

    return check if _is_array(whole) else None


@_form(runtime.check_foreign)
def _check_foreign(x, cls):
    return lambda x, cls: None


@_form(runtime.check_operand)
def _check_operand(x):
    return None if _is_array(x) else lambda x: None


@_form(runtime.check_sequence)
def _check_sequence(xs):
    return lambda xs: None


@_form(runtime.check_length)
def _check_length(xs, count, more=False):
    return lambda xs, count, more=False: None


@_form(runtime.keep)
def _keep(v):
    if _is_array(v):
        return lambda v: v.copy()
    if _is_number(v):
        return lambda v: v


@_form(runtime.own)
def _own(x, *others):
    if _is_array(x):
        return lambda x, *others: runtime.own_array(x, *others)
    if _is_number(x):
        return lambda x, *others: x


@_form(runtime.own_array)
def _own_array(x, *others):
    if not _is_array(x) or not isinstance(x.dtype, types.Float | types.Complex):
        raise TypingError("an argument whose elements are written is no array of floats")
    if not any(_is_array(other) for other in others):
        return lambda x, *others: x.copy()

    def copied(x, *others):
        _check_all_apart(others, x)
        return x.copy()

    return copied


def _check_all_apart(others: Any, x: Any) -> None:
    """`check_apart` for each of a tuple."""


@overload(_check_all_apart)
def _all_apart(others, x):
    if len(others) == 0:
        return lambda others, x: None

    def first_and_rest(others, x):
        runtime.check_apart(others[0], x)
        _check_all_apart(others[1:], x)

    return first_and_rest


@_form(runtime.shape_of)
def _shape_of(x):
    return lambda x: x


@_form(runtime.add)
def _add(a, b):
    return lambda a, b: a + b


@_form(runtime.full_like)
def _full_like(y, value):
    if _is_array(value) and value.ndim:
        raise TypingError("the seed is an array, but it belongs to a number")
    return lambda y, value: runtime.filled(y, value)


@_form(runtime.filled)
def _filled(y, value):
    dtype = _float(y)
    if _is_array(y) and _is_number(value):
        return lambda y, value: np.full(y.shape, dtype(value))
    if _is_array(y):
        return lambda y, value: np.broadcast_to(value, y.shape).astype(dtype)
    if _is_number(y) and _is_number(value):
        return lambda y, value: dtype(value)
    if _is_number(y) and _is_array(value):
        return lambda y, value: dtype(value.item())


@_form(runtime.zeros_like)
def _zeros_like(y):
    dtype = _float(y)
    if _is_array(y):
        return lambda y: np.zeros(y.shape, dtype)
    if _is_number(y):
        return lambda y: dtype(0.0)


@_form(runtime.zeros_list)
def _zeros_list(xs):
    if isinstance(xs, types.List | types.UniTuple):
        return lambda xs: [runtime.zeros_like(x) for x in xs]


@_form(runtime.seed)
def _seed(value, init_grad):
    if not _is_array(init_grad) or init_grad.ndim == 0:
        return lambda value, init_grad: runtime.filled(value, init_grad)

    def checked(value, init_grad):
        if init_grad.shape != value.shape:
            raise ValueError("the seed has another shape than the value")
        return runtime.filled(value, init_grad)

    if _is_array(value) and value.ndim == init_grad.ndim:
        return checked
    raise TypingError("the seed has another rank than the value")


@_form(runtime.scalar_seed)
def _scalar_seed(value, init_grad, name="the function"):
    def seed(value, init_grad, name="the function"):
        runtime.check_scalar(value)
        return runtime.seed(value, init_grad)

    return seed


@_form(runtime.direction)
def _direction(x, dx):
    return lambda x, dx: runtime.seed(x, dx)


@_form(runtime.broadcast_like)
def _broadcast_like(dy, y):
    return lambda dy, y: runtime.filled(y, dy)


@_form(runtime.like)
def _like(g, x):
    dtype = _float(x)
    if _is_array(x) and _is_array(g):
        return lambda g, x: g.astype(dtype)
    if _is_number(x) and _is_number(g):
        return lambda g, x: dtype(g)


@_form(runtime.unbroadcast)
def _unbroadcast(g, x):
    dtype = _float(x)
    if _is_number(x):
        if _is_array(g):
            return lambda g, x: dtype(g.sum())
        return lambda g, x: dtype(g)
    if not _is_array(x):
        return None
    if _is_number(g) or g.ndim < x.ndim:
        return lambda g, x: runtime.filled(x, g)
    extra = g.ndim - x.ndim
    if x.ndim == 0:
        return lambda g, x: runtime.filled(x, g.sum())

    def summed(g, x):
        if extra == 0 and g.shape == x.shape:
            return g.astype(dtype)
        shape = g.shape[extra:]
        for axis in range(x.ndim):
            if x.shape[axis] == 1:
                shape = tuple_setitem(shape, axis, 1)  # type: ignore[call-arg]
        out = np.zeros(shape, dtype)
        for place in np.ndindex(g.shape):
            target = place[extra:]
            for axis in range(x.ndim):
                if shape[axis] == 1:
                    target = tuple_setitem(target, axis, 0)  # type: ignore[call-arg]
            out[target] += g[place]
        return np.broadcast_to(out, x.shape).copy()

    return summed


@_form(runtime.gradient_like)
def _gradient_like(g, x):
    if not _is_array(x) and not _is_number(x):
        return None  # a list or tuple has its own structure, which Numba's types do not give
    if _is_array(x) and _is_array(g) and (g.ndim, g.dtype) == (x.ndim, x.dtype):
        if isinstance(x.dtype, types.Float | types.Complex):
            return lambda g, x: g
    return lambda g, x: runtime.unbroadcast(g, x)


@_form(runtime.expand)
def _expand(g, x, axis=None, keepdims=False):
    if not _is_array(x) or isinstance(axis, types.BaseTuple):
        return None
    if _is_number(g):
        return lambda g, x, axis=None, keepdims=False: runtime.filled(x, g)
    if g.ndim == x.ndim:
        return lambda g, x, axis=None, keepdims=False: runtime.filled(x, g)
    return lambda g, x, axis=None, keepdims=False: runtime.filled(x, np.expand_dims(g, axis))


@_form(runtime.reshape_like)
def _reshape_like(g, x, order="C"):
    if _is_array(g) and _is_array(x):
        return lambda g, x, order="C": np.ascontiguousarray(g).reshape(x.shape)


@_form(runtime.add_at)
def _add_at(target, index, value):
    if not _is_array(target):
        return None
    if _is_array(index) and isinstance(index.dtype, types.Integer) and index.ndim == 1:
        if _is_array(value):

            def each(target, index, value):
                for i in range(len(index)):
                    target[index[i]] += value[i]

            return each

        def same(target, index, value):
            for i in range(len(index)):
                target[index[i]] += value

        return same

    def once(target, index, value):
        target[index] += value

    return once


@_form(runtime.take_last)
def _take_last(target, index):
    if _is_array(index):
        return None
    return lambda target, index: runtime.keep(target[index])


def _product(g: Any, a: Any, b: Any, of: str) -> Callable[..., Any] | None:
    """Adjoint of one operand of `dot(a, b)` for ranks up to two."""
    ranks = (a.ndim if _is_array(a) else 0, b.ndim if _is_array(b) else 0)
    dtype = _float(a if of == "a" else b)
    if 0 in ranks:
        if of == "a":
            return lambda g, a, b: runtime.unbroadcast(g * b, a)
        return lambda g, a, b: runtime.unbroadcast(g * a, b)
    forms: dict[tuple[int, int], dict[str, Callable[..., Any]]] = {
        (1, 1): {
            "a": lambda g, a, b: (g * b).astype(dtype),
            "b": lambda g, a, b: (g * a).astype(dtype),
        },
        (1, 2): {"a": lambda g, a, b: np.dot(b, g), "b": lambda g, a, b: np.outer(a, g)},
        (2, 1): {"a": lambda g, a, b: np.outer(g, b), "b": lambda g, a, b: np.dot(a.T, g)},
        (2, 2): {"a": lambda g, a, b: np.dot(g, b.T), "b": lambda g, a, b: np.dot(a.T, g)},
    }
    return forms.get(ranks, {}).get(of)


@_form(runtime.dot_adjoint_a)
def _dot_adjoint_a(g, a, b):
    return _product(g, a, b, "a")


@_form(runtime.dot_adjoint_b)
def _dot_adjoint_b(g, a, b):
    return _product(g, a, b, "b")


@_form(runtime.matmul_adjoint_a)
def _matmul_adjoint_a(g, a, b):
    return _product(g, a, b, "a") if _is_array(a) and _is_array(b) else None


@_form(runtime.matmul_adjoint_b)
def _matmul_adjoint_b(g, a, b):
    return _product(g, a, b, "b") if _is_array(a) and _is_array(b) else None


@_form(runtime.outer_adjoint_a)
def _outer_adjoint_a(g, a, b):
    if _is_array(a) and _is_array(b) and a.ndim == b.ndim == 1:
        return lambda g, a, b: np.dot(g, b)


@_form(runtime.outer_adjoint_b)
def _outer_adjoint_b(g, a, b):
    if _is_array(a) and _is_array(b) and a.ndim == b.ndim == 1:
        return lambda g, a, b: np.dot(a, g)
