"""Helpers of forward mode.

>>> broadcast_like(1.5, numpy.zeros(2))
array([1.5, 1.5])
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import ndarray

from tangent.errors import SeedError, UnsupportedError
from tangent.runtime_containers import (
    Entries,
    Items,
    computed,
    fields_of,
    is_inactive,
    is_structure,
    names_of,
    with_entries,
)
from tangent.runtime_values import filled, items_like, like, zero_of_part

__all__ = ["broadcast_like", "direction", "write"]


def direction(x: Any, dx: Any) -> Any:
    """The tangent `dx` of `x` in the structure, shape and float dtype of `x`; a new object.

    What happens to a list in the program happens to its tangent, which so is a list, also where it
    holds numbers (an adjoint would be an array). A number is taken for every element:
    `direction(x, 0.0)` is a zero. What is no number (None, a string) has the tangent None.

    Raises:
        SeedError: the shapes differ.

    >>> direction([1, 2.0], 0.5), direction(numpy.arange(2), [1, 2])
    ([0.5, 0.5], array([1., 2.]))
    >>> direction([1, 2], [1.0])
    Traceback (most recent call last):
    tangent.errors.SeedError: the tangent has 1 elements, the value has 2...
    """
    if isinstance(x, list | tuple):
        if dx is None or (not isinstance(dx, list | tuple) and numpy.ndim(dx) == 0):
            dx = [dx] * len(x)
        if len(dx) != len(x):
            raise SeedError(
                f"the tangent has {len(dx)} elements, the value has {len(x)}",
                remedy="give a tangent for each element, or one number for all",
            )
        return _sequence(x, [direction(v, u) for v, u in zip(x, dx, strict=True)])
    if not isinstance(x, int | float | complex | ndarray):
        if is_inactive(x):
            return None
        if isinstance(x, dict):
            return with_entries(x, {k: direction(v, _entry(dx, k)) for k, v in x.items()})
        if is_structure(x):
            return Tangents(x, dx)
    if dx is None:
        dx = 0.0
    if not isinstance(dx, float):
        shape, given = numpy.shape(x), numpy.shape(dx)
        if given not in (shape, ()):
            raise SeedError(
                f"the tangent has shape {given}, the value has shape {shape}",
                remedy="give a tangent of the value's shape, or a number",
            )
    if type(x) is ndarray and is_inactive(x):
        return None
    return filled(x, dx)


class Tangents(Entries):
    """The tangents of an object's attributes, by name: made when they are read."""

    def __init__(self, primal: Any, given: Any) -> None:
        super().__init__(primal, zero_of_part)
        self.given = given
        if not isinstance(given, int | float | None) and not is_structure(given):
            raise SeedError(
                f"the tangent of a {type(primal).__name__} is a {type(given).__name__}",
                remedy="give an object that has the tangents as its attributes, or a number for all",
            )

    def _form(self, key: Any) -> Any:
        fields = fields_of(self.primal)
        if key not in fields:
            return super()._form(key)
        given = self.given
        if is_structure(given):
            given = given if isinstance(given, dict) else fields_of(given)
        return direction(fields[key], _entry(given, key))


class NamedTangents(tuple[Any, ...]):
    """The tangents of a named tuple, reached by index or name."""

    names: tuple[str, ...] = ()

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            if index not in self.names:
                raise computed(index, "named tuple")
            index = self.names.index(index)
        return super().__getitem__(index)


def _sequence(x: Any, parts: list[Any]) -> Any:
    """Tangents of elements as the tangent of the list or tuple `x`."""
    names = names_of(x) or getattr(x, "names", ())
    if isinstance(x, Items):  # the tangent of an adjoint is added to as an adjoint is
        return items_like(parts, x)
    if not names:
        return tuple(parts) if isinstance(x, tuple) else parts
    out = NamedTangents(parts)
    out.names = names
    return out


def _entry(dx: Any, key: Any) -> Any:
    """The part of a tangent for a key."""
    if not isinstance(dx, dict):
        return dx if dx is None or numpy.ndim(dx) == 0 else _no_entry(dx, key)
    known = key in dx or isinstance(dx, Tangents)  # which are made when they are read
    return dx[key] if known else _no_entry(dx, key)


def _no_entry(dx: Any, key: Any) -> Any:
    raise SeedError(
        f"the tangent, a {type(dx).__name__}, has no entry {key!r}",
        remedy="give a tangent of the value's structure (None or 0.0 where it is zero)",
    )


def broadcast_like(dy: Any, y: Any) -> Any:
    """The tangent `dy` in the structure, shape and float dtype of `y`, of which it may have less.

    In `y = x + c` the tangent of `x` is that of `y` where `y` does not have more dimensions. `dy`
    itself comes back where nothing is to be done.

    >>> broadcast_like(numpy.ones(2), numpy.zeros((2, 2), "float32"))
    array([[1., 1.],
           [1., 1.]], dtype=float32)
    >>> broadcast_like([1.0], [2.0, 3.0])
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: the tangent has 1 elements, the list or tuple has 2...
    """
    if type(y) is ndarray:
        dtype = y.dtype
        if type(dy) is ndarray and dy.dtype is dtype and dy.shape == y.shape:
            if dtype.kind in "fc":
                return dy
        return filled(y, dy)
    if isinstance(y, float) and isinstance(dy, float):
        return dy
    if isinstance(y, list | tuple):
        if not isinstance(dy, list | tuple | numpy.ndarray):
            return direction(y, dy)
        if len(dy) != len(y):
            raise UnsupportedError(
                f"the tangent has {len(dy)} elements, the list or tuple has {len(y)}",
                why="lists and tuples do not broadcast; `+` and `*` join and repeat them",
                remedy="use arrays, with numpy.concatenate and numpy.tile",
            )
        parts = [
            None if is_inactive(v) else broadcast_like(u, v) for u, v in zip(dy, y, strict=True)
        ]
        return _sequence(y, parts)
    return like(dy, y)


def write(target: Any, value: Any) -> Any:
    """What `target op= …` does for a new value: writes it into an array or list, replaces a number.

    >>> a = numpy.zeros(2)
    >>> b = write(a, numpy.ones(2)); a, b is a
    (array([1., 1.]), True)
    >>> write(1.0, 2.0)
    2.0
    """
    if isinstance(target, numpy.ndarray):
        target[...] = value
        return target
    if isinstance(target, list):
        target[:] = value
        return target
    return value
