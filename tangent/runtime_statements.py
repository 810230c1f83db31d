"""Helpers of generated code for statements: what a pattern asks of its subject, managers, exceptions.

case [a, b]:      tangent.is_sequence(xs) and len(xs) == 2
with m as v:      with tangent.strict(m) as v:
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_containers import Items
from tangent.runtime_values import keep, zeros_like

__all__ = [
    "check_array",
    "entered",
    "is_mapping",
    "is_sequence",
    "item_adjoint",
    "sorted_adjoint",
    "sorted_tangent",
    "strict",
]


def is_sequence(value: Any) -> bool:
    """Whether a sequence pattern may match (PEP 634: no text, no bytes, no array of NumPy).

    >>> is_sequence([1, 2]), is_sequence("ab")
    (True, False)
    """
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def is_mapping(value: Any) -> bool:
    """Whether a mapping pattern may match.

    >>> is_mapping({"a": 1}), is_mapping([1])
    (True, False)
    """
    return isinstance(value, Mapping)


def check_array(value: Any, method: str) -> None:
    """Raise where a method that arrays have belongs to something else.

    >>> check_array(numpy.ones(2), "w.dot")
    >>> check_array(check_array, "w.dot")
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: `w.dot` is a method of function, not of an array...
    """
    if isinstance(
        value, numpy.ndarray | numpy.generic | float | int | complex | list | tuple | str
    ):
        return
    cls = type(value)
    raise UnsupportedError(
        f"`{method}` is a method of {cls.__name__}, not of an array",
        why="which method that is was not known when the derivative was written",
        remedy=f"call it through its class: `{cls.__name__}.{method.rpartition('.')[2]}(…)`",
    )


def item_adjoint(g: Any, a: Any, i: Any) -> Any:
    """Adjoint of `a.item(i)`: zeros, but `g` at the place of the element.

    >>> item_adjoint(2.0, numpy.ones((2, 2)), 1)
    array([[0., 2.],
           [0., 0.]])
    """
    out = zeros_like(a)
    out[i if isinstance(i, tuple) else numpy.unravel_index(i % a.size, a.shape)] = g
    return out


def entered(manager: Any) -> Any:
    """Stands for what `with manager as v` binds; never called."""
    raise AssertionError("a `with` lost its header")


class strict:
    """A context manager that must not suppress exceptions.

    Raises:
        UnsupportedError: on leaving, where the manager did: what ran of the block is not known.

    >>> import contextlib
    >>> with strict(contextlib.nullcontext(3)) as n:
    ...     n
    3
    """

    def __init__(self, manager: Any) -> None:
        self.manager = manager

    def __enter__(self) -> Any:
        return self.manager.__enter__()

    def __exit__(self, *error: Any) -> None:
        if self.manager.__exit__(*error) and error[0] is not None:
            raise UnsupportedError(
                f"the context manager {type(self.manager).__name__} suppressed an exception",
                why="the backward pass can't know how far the block came",
                remedy="use `try` and `except`, or leave the exception alone",
            ) from error[1]


def sorted_adjoint(g: Any, xs: Any, reverse: Any = False) -> Any:
    """Adjoint of `sorted(xs, reverse=reverse)`: of a dict, which gives its keys, a zero.

    >>> sorted_adjoint([1.0, 2.0, 3.0], (5.0, 9.0, 7.0))
    array([1., 3., 2.])
    """
    out = zeros_like(xs)
    if not isinstance(xs, list | tuple | numpy.ndarray):
        return out
    for k, i in enumerate(_order(xs, reverse)):
        out[i] = keep(g[k])
    return out


def sorted_tangent(dxs: Any, xs: Any, reverse: Any = False) -> Any:
    """Tangent of `sorted(xs, reverse=reverse)`.

    >>> sorted_tangent(numpy.array([1.0, 2.0, 3.0]), (5.0, 9.0, 7.0))
    array([1., 3., 2.])
    """
    if not isinstance(xs, list | tuple | numpy.ndarray):
        return numpy.zeros(len(xs))
    order = _order(xs, reverse)
    return dxs[order] if isinstance(dxs, numpy.ndarray) else Items([dxs[i] for i in order])


def _order(xs: Any, reverse: Any) -> list[int]:
    return sorted(range(len(xs)), key=xs.__getitem__, reverse=bool(reverse))
