"""The guard at the entry of generated code: arguments are of the kinds that were promised.

    tangent.check_kind(A, "A", "array", "float64", 2)
    tangent.check_same_size(A.shape[1], b.shape[0], "A.shape[1]", "b.shape[0]")

pass a float64 array of rank 2 with as many columns as b has elements, and raise `KindError` for
anything else.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy

from tangent.errors import KindError

__all__ = ["check_kind", "check_same_size", "check_structure"]

_INTEGERS = (
    numpy.int64,
    numpy.int32,
    numpy.uint32,
    numpy.int16,
    numpy.uint16,
    numpy.int8,
    numpy.uint8,
)
# float64 is a float, complex128 a complex by class. What is wider than double is not admitted, nor
# is uint64, which turns signed integers into floats.
_CLASSES: dict[str, tuple[type, ...]] = {
    "bool": (bool, numpy.bool_),
    "int": (int, *_INTEGERS),
    "float": (float, int, numpy.float32, numpy.float16, numpy.bool_, *_INTEGERS, numpy.uint64),
    "complex": (complex, float, int, numpy.number),
    "number": (complex, float, int, numpy.number, numpy.bool_),
    "str": (str,),
    "dict": (dict,),
    "list": (list,),
    "tuple": (tuple,),
    "range": (range,),
}
_WORDS = {"bool": "a boolean", "int": "an integer", "float": "a real number", "str": "a string"}
_WIDE = (numpy.longdouble, numpy.clongdouble)
_DTYPES: dict[str, numpy.dtype] = {}


_NDARRAY = numpy.ndarray


def check_kind(
    value: Any, name: str, type: str, dtype: str | None = None, rank: int | None = None
) -> None:
    """Raise unless an argument is of the kind that was promised.

    Args:
        value: the argument.
        name: the parameter's name.
        type: as in `Kind`: ``"float"``, ``"int"``, ``"array"``, …
        dtype: name of the dtype of an array or NumPy scalar, or None for any.
        rank: number of dimensions of an array, or None for any.

    Raises:
        KindError: it is not.

    >>> check_kind(2, "x", "float")
    >>> check_kind("1", "x", "float")
    Traceback (most recent call last):
    tangent.errors.KindError: argument x is a str, but a real number was promised
      why: the gradient was written for that kind, by an annotation or by `like=`
      what to do: pass what was promised, or change the example or annotation
    """
    kind = value.__class__  # the common kinds first: this stands on every call
    if kind is float:
        if type == "float" and dtype is None:
            return
    elif kind is _NDARRAY:
        if type == "array" and (rank is None or value.ndim == rank):
            if dtype is None or value.dtype is _DTYPES.get(dtype):
                return
    elif dtype is None:
        if kind is int and type == "int":
            return
    elif kind is numpy.float64 and dtype == "float64" and type != "array":
        return
    if type == "array":
        if isinstance(value, numpy.ndarray) and (rank is None or value.ndim == rank):
            if dtype is None or value.dtype == _dtype(dtype):
                if not isinstance(value, numpy.matrix):
                    return
    elif dtype is not None:
        if isinstance(value, numpy.generic) and value.dtype == _dtype(dtype):
            return
    elif type not in _CLASSES:
        return
    elif isinstance(value, _CLASSES[type]) and not isinstance(value, _WIDE):
        if type != "int" or not isinstance(value, bool):
            return
    raise KindError(
        f"argument {name} is {_describe(value)}, but {_expected(type, dtype, rank)} was promised",
        why="the gradient was written for that kind, by an annotation or by `like=`",
        remedy="pass what was promised, or change the example or annotation",
    )


def check_structure(value: Any, name: str, structure: Any) -> None:
    """Raise unless an argument has the structure that was promised.

    Args:
        value: the argument.
        name: how it is written.
        structure: a dict for a dict's entries, or (names with a dot) for an object's attributes; a
            tuple; a list of one for a list of any length whose elements are of that; another list;
            a kind as text; None for anything.

    Raises:
        KindError: it has not.

    >>> check_structure({"W": numpy.ones((2, 3)), "b": 1.0}, "p", {"W": "array[float64, 2d]", "b": "float"})
    >>> check_structure([(1.0, 2)], "xs", [("float", "str")])
    Traceback (most recent call last):
    tangent.errors.KindError: argument xs[0][1] is an int, but a string was promised
      why: the gradient was written for that kind, by an annotation or by `like=`
      what to do: pass what was promised, or change the example or annotation
    """
    if structure is None:
        return
    if isinstance(structure, str):
        check_kind(value, name, *_parsed(structure))
        return
    if isinstance(structure, dict):
        for key, part in structure.items():
            if isinstance(key, str) and key.startswith("."):
                if not hasattr(value, key[1:]):
                    raise _missing(name, f"no attribute `{key[1:]}`")
                check_structure(getattr(value, key[1:]), name + key, part)
            elif not isinstance(value, dict) or key not in value:
                raise _missing(name, f"no entry {key!r}")
            else:
                check_structure(value[key], f"{name}[{key!r}]", part)
        return
    if not isinstance(value, type(structure)):
        raise _missing(name, f"not a {type(structure).__name__}")
    parts = list(structure)
    if isinstance(structure, list) and len(structure) == 1:
        parts *= len(value)
    if len(parts) != len(value):
        raise _missing(name, f"{len(value)} elements, not {len(parts)}")
    for i, (element, part) in enumerate(zip(value, parts, strict=True)):
        check_structure(element, f"{name}[{i}]", part)


def _missing(name: str, what: str) -> KindError:
    has = "is" if what.startswith("not") else "has"
    return KindError(
        f"argument {name} {has} {what}",
        why="the gradient was written for another structure, by an annotation or by `like=`",
        remedy="pass what was promised, or change the example or annotation",
    )


@functools.lru_cache(maxsize=1024)
def _parsed(kind: str) -> tuple[Any, ...]:
    """`array[float64, 2d]` as the arguments of `check_kind`."""
    name, _, rest = kind.rstrip("]").partition("[")
    if not rest:
        return (name,)
    dtype, _, rank = rest.partition(", ")
    known = rank.rstrip("d")
    return (name, None if dtype == "?" else dtype, int(known) if known.isdigit() else None)


def check_same_size(a: Any, b: Any, first: str, second: str) -> None:
    """Raise unless two sizes are equal that the examples have equal.

    Args:
        a, b: integers: dimensions of arguments, or arguments.
        first, second: how they are written.

    Raises:
        KindError: they are not equal.

    >>> check_same_size(3, 3, "W.shape[1]", "len(b)")
    >>> check_same_size(3, 1, "W.shape[1]", "b.shape[0]")
    Traceback (most recent call last):
    tangent.errors.KindError: W.shape[1] is 3 and b.shape[0] is 1, but equal sizes were promised
      why: they meet in the program, and are equal in the examples of `like=`
      what to do: give examples of such shapes, or leave `like` out
    """
    if a == b and type(a) in _EXACT and type(b) in _EXACT:
        return
    raise KindError(
        f"{first} is {a} and {second} is {b}, but equal sizes were promised",
        why="they meet in the program, and are equal in the examples of `like=`",
        remedy="give examples of such shapes, or leave `like` out",
    )


# Integers that don't wrap around where a size can be counted.
_EXACT = frozenset({int, numpy.int64})


def _dtype(name: str) -> numpy.dtype:
    known = _DTYPES.get(name)
    if known is None:
        known = _DTYPES[name] = numpy.dtype(name)
    return known


def _expected(type: str, dtype: str | None, rank: int | None) -> str:
    if type == "array":
        text = "an array" if dtype is None else f"an array of {dtype}"
        return text if rank is None else f"{text} of rank {rank}"
    if dtype is not None:
        return f"a scalar of {dtype}"
    return _WORDS.get(type, f"a {type}")


def _describe(value: Any) -> str:
    if isinstance(value, numpy.ndarray):
        return f"an array of {value.dtype} of rank {value.ndim}"
    if isinstance(value, numpy.generic):
        return f"a scalar of {value.dtype}"
    if value is None:
        return "None"
    name = value.__class__.__name__
    article = "an" if name[:1] in "aeiou" else "a"
    return f"{article} {name}"
