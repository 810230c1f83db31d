"""What enters and leaves generated code as the user has it: dicts, tuples, objects, nested.

    def dlossdp(p, x):
        ...
        return tangent.gradient_like(bp, p)     a `Params` for a `Params`, a dict for a dict

A gradient has the argument's structure: lists, tuples and dicts of the same class, and for an
object a new one of its class (`__init__` is not called) that stores the gradients of what it
stores. What has no derivative (None, a string, a function) has None there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy
from numpy import ndarray

from tangent.errors import AliasError, KindError, UnsupportedError
from tangent.runtime_containers import (
    ARRAY_ATTRIBUTES,
    Items,
    fields_of,
    is_inactive,
    with_elements,
    with_entries,
    with_fields,
)
from tangent.runtime_values import as_array, filled, keep, like, unbroadcast

__all__ = [
    "adjoint_like",
    "as_items",
    "gradient_like",
    "items",
    "items_adjoint",
    "items_at",
    "keys",
    "own",
    "own_array",
    "put_back",
    "repeated_adjoint",
    "take_out",
    "values",
    "values_adjoint",
]


def gradient_like(g: Any, x: Any) -> Any:
    """The adjoint `g` of an argument `x` as its gradient: in the structure of `x`.

    Args:
        g: an adjoint, see `runtime_containers`; 0.0 for zero.
        x: a number, an array, or a list, tuple, dict or object of those, nested.

    Raises:
        UnsupportedError: `x` itself has no derivative; an object refers to itself.

    >>> gradient_like(numpy.array([1.0, 2.0]), (3, 4.0))
    (1.0, 2.0)
    >>> gradient_like({"w": 2.0}, {"w": 1.0, "b": numpy.ones(2), "name": "linear"})
    {'w': 2.0, 'b': array([0., 0.]), 'name': None}
    """
    if type(x) is ndarray:
        if type(g) is ndarray and x.dtype.kind in "fc":
            return g
        return unbroadcast(g, x)
    if isinstance(x, float) and isinstance(g, float):
        return g
    if is_inactive(x):
        raise UnsupportedError(
            f"a {type(x).__name__} has no derivative",
            remedy="leave the argument out of wrt, or keep it out of what is differentiated",
        )
    return _gradient(g, x, ())


def _gradient(g: Any, x: Any, above: tuple[Any, ...]) -> Any:
    """`gradient_like` of a part; `above`: the objects that it is a part of."""
    if isinstance(x, float):
        return float(g) if type(x) is float and isinstance(g, float) else unbroadcast(g, x)
    if isinstance(x, ndarray | int | complex | numpy.generic):
        return None if is_inactive(x) else unbroadcast(g, x)
    if isinstance(x, list | tuple):
        parts: Any = g if isinstance(g, list | tuple | ndarray) else [0.0] * len(x)
        if isinstance(g, ndarray) and g.ndim == 1:
            parts = g.tolist() if g.dtype.kind == "f" else list(g)
        return with_elements(x, [_gradient(u, v, above) for u, v in zip(parts, x, strict=True)])
    if isinstance(x, dict):
        known = g if isinstance(g, dict) else {}
        return with_entries(x, {k: _gradient(known.get(k, 0.0), v, above) for k, v in x.items()})
    if is_inactive(x):
        return None
    if hasattr(x, "__array__"):
        return unbroadcast(g, x)
    return _gradient_of_object(g, x, above)


def _gradient_of_object(g: Any, x: Any, above: tuple[Any, ...]) -> Any:
    known = g if isinstance(g, dict) else {}
    name = type(x).__name__
    if g is not known and not (isinstance(g, int | float) and g == 0):
        raise UnsupportedError(
            f"the derivative of a {name} came out as a {type(g).__name__}",
            why="an attribute such as `T` or `real` was taken for that of an array",
            remedy=f"annotate the argument with `{name}`, give an example with `like=`, or rename the attribute",
        )
    out: dict[str, Any] = {}
    for key, value in fields_of(x).items():
        inner = known.get(key)
        if any(value is other for other in (*above, x)):
            if inner:
                raise UnsupportedError(
                    f"`{key}` of a {name} leads back to an object that it is a part of",
                    why="its gradient would have to hold itself",
                    remedy="reach what is differentiated without that attribute",
                )
            out[key] = None
        elif key in ARRAY_ATTRIBUTES and inner is None and not is_inactive(value):
            _constant_attribute(key, value, name)
            out[key] = None
        else:
            out[key] = _gradient(0.0 if inner is None else inner, value, (*above, x))
    return with_fields(x, out)


def _constant_attribute(key: str, value: Any, name: str) -> None:
    """`p.size` is taken for that of an array: for a constant."""
    if isinstance(value, int):
        return
    raise UnsupportedError(
        f"`{key}` of a {name} would be taken for the attribute of an array, which is constant",
        remedy=f"annotate the argument with `{name}`, give an example with `like=`, or rename the attribute",
    )


def adjoint_like(g: Any, x: Any) -> Any:
    """What the user gives as the adjoint or gradient of `x`, in the form that `x`'s adjoint has here.

    The inverse of `gradient_like`; None stands for zero.

    >>> adjoint_like([1.0, 2.0], (3.0, 4.0))
    array([1., 2.])
    >>> adjoint_like({"a": 1.0, "b": None}, {"a": 2.0, "b": "x"})
    {'a': 1.0, 'b': 0.0}
    """
    if g is None:
        return filled(x, 0.0)
    if isinstance(x, ndarray | int | float | complex | numpy.generic):
        return unbroadcast(g, x)
    x = as_array(x)
    if isinstance(x, ndarray):
        return like(numpy.asarray(g), x)
    out = filled(x, 0.0)
    if isinstance(out, Items):
        out[:] = [adjoint_like(u, v) for u, v in zip(g, x, strict=True)]
    elif isinstance(out, dict):
        theirs = g if isinstance(g, dict) else fields_of(g)
        ours = x if isinstance(x, dict) else fields_of(x)
        for key, value in theirs.items():
            if key in ours:
                out[key] = 0.0 if is_inactive(ours[key]) else adjoint_like(value, ours[key])
    return out


# --- dicts and lists as they are walked and changed


def keys(d: Any) -> list[Any]:
    """The keys of a dict in order, as a list that can be walked again.

    >>> keys({"a": 1.0, "b": 2.0})
    ['a', 'b']
    """
    return list(_checked(d))


def values(d: Any) -> list[Any]:
    """The values of a dict in order.

    >>> values({"a": 1.0, "b": 2.0})
    [1.0, 2.0]
    """
    return list(_checked(d).values())


def items(d: Any) -> list[tuple[Any, Any]]:
    """The entries of a dict in order.

    >>> items({"a": 1.0})
    [('a', 1.0)]
    """
    return list(_checked(d).items())


def _checked(d: Any) -> dict[Any, Any]:
    if not isinstance(d, dict):
        raise UnsupportedError(
            f"`keys`, `values` or `items` of a {type(d).__name__}",
            why="only those of a dict are differentiated, which are the same each time",
            remedy="make a dict of it first",
        )
    return d


def values_adjoint(g: Any, d: Any) -> Any:
    """Adjoint of `values(d)`.

    >>> values_adjoint([1.0, 2.0], {"a": 3.0, "b": 4.0})
    {'a': 1.0, 'b': 2.0}
    """
    out = filled(d, 0.0)
    for key, value in zip(d, g, strict=True):
        out[key] = value
    return out


def items_adjoint(g: Any, d: Any) -> Any:
    """Adjoint of `items(d)`.

    >>> items_adjoint([[0.0, 2.0]], {"a": 3.0})
    {'a': 2.0}
    """
    return values_adjoint([value for _, value in g], d)


def as_items(g: Any) -> Any:
    """The adjoint of a list as one that can grow; of a dict as it is.

    >>> as_items(numpy.array([1.0, 2.0]))
    [1.0, 2.0]
    """
    if isinstance(g, Items | dict):
        return g
    return Items(g.tolist() if isinstance(g, ndarray) and g.ndim == 1 and g.dtype == float else g)


def items_at(g: Any, key: Any) -> Any:
    """An element of an adjoint, made one that can grow and shrink where it is.

    >>> g = {"xs": numpy.array([1.0, 2.0])}
    >>> items_at(g, "xs").append(3.0)
    >>> g
    {'xs': [1.0, 2.0, 3.0]}
    """
    made = g[key] = as_items(g[key])
    return made


def put_back(g: Any, index: Any, value: Any) -> None:
    """Undo `xs.pop(index)` or `d.pop(key)` in the adjoint, where `value` is the adjoint of what was taken.

    >>> g = Items([1.0, 2.0]); put_back(g, -1, 3.0); put_back(g, 0, 4.0); g
    [4.0, 1.0, 2.0, 3.0]
    """
    if isinstance(g, dict):
        g[index] = value
    else:
        g.insert(index if index >= 0 else len(g) + 1 + index, value)


def take_out(g: Any, index: int) -> Any:
    """Undo `xs.insert(index, v)` in the adjoint: what is returned is the adjoint of `v`.

    >>> g = Items([1.0, 2.0, 3.0]); take_out(g, -1), take_out(g, 9), g
    (2.0, 3.0, [1.0])
    """
    n = len(g) - 1
    return g.pop(max(0, n + index) if index < 0 else min(index, n))


def repeated_adjoint(g: Any, xs: Any, times: int) -> Any:
    """Adjoint of `xs * times` for a list or tuple: the sum over the repetitions.

    >>> repeated_adjoint([1.0, 2.0, 3.0, 4.0], [5.0, 6.0], 2)
    array([4., 6.])
    """
    out = filled(xs, 0.0)
    for k in range(max(times, 0)):
        out = out + unbroadcast(g[k * len(xs) : (k + 1) * len(xs)], xs)
    return out


# --- arguments that are written


def leaves(x: Any, seen: dict[int, Any]) -> Iterator[Any]:
    """The mutable objects that a value consists of, each as often as it is met."""
    if isinstance(x, ndarray):
        yield x
    elif isinstance(x, list | tuple | dict):
        if isinstance(x, list | dict):
            yield x
        if id(x) not in seen:
            seen[id(x)] = x
            for part in x.values() if isinstance(x, dict) else x:
                yield from leaves(part, seen)
    elif not isinstance(x, int | float | complex | numpy.generic) and not is_inactive(x):
        yield x
        if id(x) not in seen:
            seen[id(x)] = x
            for part in fields_of(x).values():
                yield from leaves(part, seen)


def own(x: Any, *others: Any) -> Any:
    """A copy of an argument that the function writes, so that the caller's stays as it was.

    Args:
        x: an array, a list, tuple or dict, or a number (which is returned as it is).
        others: the other arguments.

    Raises:
        AliasError: `x` shares memory with another argument, which the write would change too.
        UnsupportedError: `x` holds integers: what is written into it would be truncated.

    >>> x = numpy.ones(2)
    >>> y = own(x)
    >>> y is x, y
    (False, array([1., 1.]))
    """
    if isinstance(x, float):
        return x
    if isinstance(x, numpy.ndarray):
        return own_array(x, *others)
    if isinstance(x, list | tuple | dict):
        _check_apart_from(x, others)
        return keep(x)
    if isinstance(x, int | complex | numpy.generic) or is_inactive(x):
        return x
    raise UnsupportedError(
        f"the function may write what a {type(x).__name__} holds, which is an argument",
        why="the caller's object has to stay as it was, and it can't be copied for certain",
        remedy="pass what is written as an array, a list or a dict, or write a copy of it",
    )


def _check_apart_from(x: Any, others: Sequence[Any]) -> None:
    """Nothing that a container holds is met twice in it, or in another argument."""
    mine = list(leaves(x, {}))
    theirs = [y for other in others for y in leaves(other, {})]
    for i, a in enumerate(mine):
        for b in (*mine[:i], *theirs):
            shared = a is b
            if isinstance(a, ndarray) and isinstance(b, ndarray):
                shared = numpy.may_share_memory(a, b)
            if shared:
                raise AliasError(
                    f"an argument that the function writes holds a {type(a).__name__} that is met twice",
                    why="the write may change both",
                    remedy="pass a copy of one",
                )


def own_array(x: Any, *others: Any) -> numpy.ndarray:
    """The same for an argument whose elements are written, so that it has to be an array.

    Raises:
        KindError: `x` is no array.

    >>> own_array([1.0])
    Traceback (most recent call last):
    tangent.errors.KindError: an argument whose elements the function writes is a list...
    """
    if not isinstance(x, numpy.ndarray):
        raise KindError(
            f"an argument whose elements the function writes is a {type(x).__name__}",
            why="the gradient was written for arrays",
            remedy="pass a NumPy array, or give an example of the argument with `like=`",
        )
    for other in others:
        if any(
            isinstance(leaf, ndarray) and numpy.may_share_memory(x, leaf)
            for leaf in ((other,) if type(other) is ndarray else leaves(other, {}))
        ):
            raise AliasError(
                "two arguments share memory, and the function writes one of them",
                remedy="pass a copy of one",
            )
    dtype = x.dtype
    if dtype.kind not in "fc":
        raise UnsupportedError(
            f"an argument that the function writes holds {dtype.name}, which truncates",
            remedy="pass an array of floats",
        )
    return x.copy()
