"""Helpers of forward mode.

>>> broadcast_like(1.5, numpy.zeros(2))
array([1.5, 1.5])
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_values import full_like, like

__all__ = ["broadcast_like", "write"]


def broadcast_like(dy: Any, y: Any) -> Any:
    """The tangent `dy` in the structure, shape and float dtype of `y`, of which it may have less.

    In `y = x + c` the tangent of `x` is one of `y` as well, where `y` does not have more dimensions.
    `dy` itself comes back where nothing is to be done.

    >>> broadcast_like(numpy.ones(2), numpy.zeros((2, 2), "float32"))
    array([[1., 1.],
           [1., 1.]], dtype=float32)
    >>> broadcast_like([1.0], [2.0, 3.0])
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: the tangent has 1 elements, the list or tuple has 2...
    """
    if isinstance(y, numpy.ndarray):
        if isinstance(dy, numpy.ndarray) and dy.shape == y.shape and dy.dtype == y.dtype:
            if dy.dtype.kind in "fc":
                return dy
        return full_like(y, dy)
    if isinstance(y, float) and isinstance(dy, float):
        return dy
    if isinstance(y, list | tuple):
        if not isinstance(dy, list | tuple | numpy.ndarray):
            return full_like(y, dy)
        if len(dy) != len(y):
            raise UnsupportedError(
                f"the tangent has {len(dy)} elements, the list or tuple has {len(y)}",
                why="lists and tuples do not broadcast; `+` and `*` join and repeat them",
                remedy="use arrays, with numpy.concatenate and numpy.tile",
            )
        parts = [broadcast_like(u, v) for u, v in zip(dy, y, strict=True)]
        return tuple(parts) if isinstance(y, tuple) else parts
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
