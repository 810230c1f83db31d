"""What an example promises: the kind of a value at hand, of a structure the kinds of its parts.

(np.ones((2, 3)), 0.5)      tuple(array[float64, 2d], float)
[W1, W2, W3]                list(array[float64, 2d], ...)       of any length
{"w": w, "act": None}       dict(w: array[float64, 1d], act: unknown)
"""

from __future__ import annotations

import functools
import types
from dataclasses import replace
from typing import Any

import numpy

from tangent.recipes.kinds import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    UNKNOWN,
    Kind,
    join,
    kind_of_dtype,
    precision_of,
)
from tangent.runtime_containers import fields_of, names_of

__all__ = ["kind_of"]


def kind_of(value: Any) -> Kind:
    """The kind that an example promises; never its shape or its value.

    A Python or float64 number promises a real scalar, whatever its class; other NumPy scalars
    promise their dtype.

    >>> str(kind_of(numpy.zeros((2, 3))))
    'array[float64, 2d]'
    """
    if isinstance(value, numpy.ndarray):
        dtype = value.dtype.name if value.dtype.kind in "biufc" else None
        return Kind(
            "array",
            dtype=dtype,
            rank=value.ndim,
            shape=() if value.ndim == 0 else None,
            precision=precision_of(dtype),
        )
    if isinstance(value, bool | numpy.bool_):
        return replace(BOOL, precision="float64")
    if isinstance(value, int | numpy.int64 | numpy.int32):
        return replace(INT, precision="float64")
    if isinstance(value, float):
        return FLOAT
    if isinstance(value, complex):
        return COMPLEX
    if isinstance(value, numpy.number):
        return kind_of_dtype(value.dtype.name)
    if value is None:
        return NONE
    if isinstance(value, types.ModuleType):
        return Kind("module")
    if isinstance(value, str | range):
        return Kind(type(value).__name__) if type(value) in (str, range) else UNKNOWN
    if isinstance(value, list | tuple | dict):
        return _kind_of_container(value)
    if callable(value) and isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        return Kind("function")
    fields = fields_of(value)
    if fields and not hasattr(value, "__array__"):
        return Kind("object", items=tuple(map(_kind_of_part, fields.values())), keys=tuple(fields))
    return UNKNOWN


def _kind_of_part(value: Any) -> Kind:
    return UNKNOWN if value is None else kind_of(value)


def _kind_of_container(value: Any) -> Kind:
    """A tuple or dict promises its structure, a list whose elements are alike one of any length."""
    if isinstance(value, dict):
        if not all(isinstance(key, str | int) for key in value):
            return Kind("dict")
        return Kind("dict", items=tuple(map(_kind_of_part, value.values())), keys=tuple(value))
    kinds = tuple(map(_kind_of_part, value))
    if isinstance(value, tuple):
        return Kind("tuple", items=kinds, keys=names_of(value) or None)
    element = functools.reduce(join, kinds) if kinds else UNKNOWN
    if element.type != "unknown" or not kinds:
        return Kind("list", element=None if element == UNKNOWN else element)
    return Kind("list", items=kinds)
