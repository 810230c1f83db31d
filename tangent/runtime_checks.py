"""Seeds, and what generated code checks as it runs.

>>> seed(numpy.zeros(2), 1.0)
array([1., 1.])
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import ndarray

from tangent.errors import AliasError, NonScalarError, SeedError, UnsupportedError
from tangent.runtime_containers import Items, is_inactive, is_structure
from tangent.runtime_structures import adjoint_like
from tangent.runtime_values import as_array, filled

__all__ = [
    "check_apart",
    "check_copied",
    "check_foreign",
    "check_layout",
    "check_length",
    "check_no_union",
    "check_operand",
    "check_scalar",
    "check_sequence",
    "check_slice",
    "check_storage",
    "scalar_seed",
    "seed",
    "sequence",
]


def sequence(xs: Any) -> Any:
    """`xs` itself if it can be indexed and walked again: an array, a list, a tuple, a range. Of a
    dict a list of its keys.

    >>> sequence([1, 2]), sequence({"a": 2})
    ([1, 2], ['a'])
    >>> sequence(iter([]))
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: a loop over list_iterator can't be differentiated...
    """
    if isinstance(xs, list | tuple | range):
        return xs
    if isinstance(xs, dict):
        return list(xs)
    if isinstance(xs, numpy.ndarray):
        if xs.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return xs
    raise UnsupportedError(
        f"a loop over {type(xs).__name__} can't be differentiated",
        why="the backward pass walks the elements again, from the last to the first",
        remedy="loop over an array, a list, a tuple or a range",
    )


def seed(value: Any, init_grad: Any) -> Any:
    """The adjoint of a result: `init_grad` in the shape and float dtype of `value`; a new object.

    A number is taken for every element. The structure is that of an adjoint: an array for a list
    or tuple of numbers.

    Raises:
        SeedError: the shapes differ.

    >>> seed(numpy.zeros(2), 1.0)
    array([1., 1.])
    >>> seed(numpy.zeros(2), numpy.zeros(3))
    Traceback (most recent call last):
    tangent.errors.SeedError: the seed has shape (3,), the value has shape (2,)...
    """
    if type(value) is not ndarray:
        if isinstance(value, float) and isinstance(init_grad, float):
            return init_grad
        value = as_array(value)
        if isinstance(value, list | tuple):
            pairs = zip(value, _parts(value, init_grad), strict=True)
            return Items([0.0 if is_inactive(v) else seed(v, g) for v, g in pairs])
        if isinstance(init_grad, dict) and isinstance(value, dict):
            return _seed_of_dict(value, init_grad)
        if is_structure(value):
            return (
                adjoint_like(init_grad, value)
                if is_structure(init_grad)
                else filled(value, init_grad)
            )
    if not isinstance(init_grad, float):
        shape = value.shape if type(value) is ndarray else numpy.shape(value)
        given = init_grad.shape if type(init_grad) is ndarray else numpy.shape(init_grad)
        if given not in (shape, ()):
            raise SeedError(
                f"the seed has shape {given}, the value has shape {shape}",
                remedy="give a seed of the value's shape, or a number",
            )
    return filled(value, init_grad)


def _seed_of_dict(value: dict[Any, Any], init_grad: dict[Any, Any]) -> Any:
    if unknown := [key for key in init_grad if key not in value]:
        raise SeedError(
            f"the seed has an entry {unknown[0]!r} that the value does not have",
            remedy="give a seed of the value's structure, or a number",
        )
    out = filled(value, 0.0)
    for key, given in init_grad.items():
        if given is not None and not is_inactive(value[key]):
            out[key] = seed(value[key], given)
    return out


def _parts(value: Any, init_grad: Any) -> Any:
    """The seeds of the elements of a list or tuple."""
    if not isinstance(init_grad, list | tuple) and numpy.ndim(init_grad) == 0:
        return [init_grad] * len(value)
    if len(init_grad) != len(value):
        raise SeedError(
            f"the seed has {len(init_grad)} elements, the value has {len(value)}",
            remedy="give one seed for each element, or one number for all",
        )
    return init_grad


def check_scalar(value: Any, name: str = "the function") -> None:
    """Raise unless a result is a number, or an array of one element.

    Raises:
        NonScalarError: it is an array of none or several elements, a list, a tuple, …

    >>> check_scalar(3.0)
    >>> check_scalar(numpy.ones(3), "f")
    Traceback (most recent call last):
    tangent.errors.NonScalarError: f returned an array of shape (3,), not a scalar...
    """
    if isinstance(value, float):
        return
    if isinstance(value, int | complex | numpy.generic):
        return
    if isinstance(value, ndarray):
        if value.size == 1:
            return
        what = f"an array of shape {value.shape}"
    else:
        what = f"a {type(value).__name__}"
    raise NonScalarError(
        f"{name} returned {what}, not a scalar",
        why="a gradient is the derivative of one number",
        remedy="return a scalar, or use check_dims=False (a seed for each element) or tangent.vjp",
    )


def check_sequence(xs: Any) -> None:
    """Raise where a loop over `xs` is none over its elements by index.

    >>> check_sequence([1, 2])
    >>> check_sequence({1: 2})
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: a loop over dict can't be differentiated...
    """
    if isinstance(xs, dict):
        raise UnsupportedError(
            "a loop over dict can't be differentiated",
            why="the backward pass walks the elements again, by their index",
            remedy="loop over `keys()`, `values()` or `items()` of it",
        )
    sequence(xs)


def check_foreign(x: Any, cls: type) -> None:
    """Raise where `x` is an instance of a class whose instances the derivative follows by their source.

    >>> check_foreign(2.0, UnsupportedError)
    """
    if isinstance(x, cls):
        raise UnsupportedError(
            f"an instance of `{cls.__name__}` comes from outside where the derivative takes a number or array",
            why="the derivative knows instances that the function makes, by their source",
            remedy="pass its attributes, and make the object inside the function",
        )


def check_operand(x: Any) -> None:
    """Raise where `x op obj` is no call of a method of `obj`: an array takes an object for one element.

    >>> check_operand(2.0)
    >>> check_operand(numpy.ones(2))
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: an array on the left of an object's operator...
    """
    if isinstance(x, numpy.ndarray) and x.ndim:
        raise UnsupportedError(
            "an array on the left of an object's operator can't be differentiated",
            why="NumPy makes an array of objects: one operator for each element",
            remedy="write the object on the left, or call its method",
        )


def check_no_union(x: Any) -> None:
    """Raise where `a | b` gave a dict: its values are not followed.

    >>> check_no_union(6 | 1)
    """
    if isinstance(x, dict):
        raise UnsupportedError(
            "`|` of two dicts can't be differentiated",
            why="that they are dicts is known only when it runs",
            remedy="write `{**a, **b}`",
        )


def check_length(xs: Any, count: int, more: bool = False) -> None:
    """Raise where `xs` is no sequence of `count` elements (`more`: or longer), for `a, b = xs`.

    >>> check_length((1, 2), 2)
    >>> check_length([1, 2, 3], 2)
    Traceback (most recent call last):
    ValueError: too many values to unpack (expected 2, got 3)
    """
    if not isinstance(xs, list | tuple | range | str | numpy.ndarray):
        raise UnsupportedError(
            f"the elements of {type(xs).__name__} can't be assigned to several targets here",
            why="only a sequence can be read again by the backward pass",
            remedy="unpack an array, a list or a tuple",
        )
    size = len(xs)
    if size < count:
        least = "at least " if more else ""
        raise ValueError(f"not enough values to unpack (expected {least}{count}, got {size})")
    if size > count and not more:
        raise ValueError(f"too many values to unpack (expected {count}, got {size})")


def check_apart(element: Any, whole: Any, name: str = "one", base: str = "the other") -> None:
    """An element that was read from an array or list is a value of its own, not a view of it.

    Raises:
        AliasError: it is a view (a row of a matrix), and the program writes what it views.

    >>> check_apart(numpy.ones(2)[0], numpy.ones(2))
    """
    if isinstance(element, float):
        return
    if isinstance(element, numpy.ndarray | list | dict):
        apart = (
            isinstance(element, numpy.ndarray)
            and isinstance(whole, numpy.ndarray)
            and not overlap(element, whole)
        )
        if not apart:
            raise AliasError(
                f"`{name}` is a view of `{base}`, which is written while `{name}` is in use",
                why="the write changes both, and the gradient depends on that",
                remedy=f"copy it: `{name} = {name}.copy()`, if that is meant; for what a view does, give "
                "kinds with annotations or `like=`",
            )


def overlap(a: numpy.ndarray, b: numpy.ndarray) -> bool:
    """Whether two arrays may have an element in common; the columns of a matrix have none."""
    if not numpy.may_share_memory(a, b):
        return False
    try:
        return numpy.shares_memory(a, b, max_work=1000)  # type: ignore[arg-type]
    except RuntimeError:  # too hard to tell
        return True


def check_copied(value: Any, name: str = "value") -> None:
    """`name = x.copy()` is an array, of memory of its own; a list's copy holds what the list held.

    Raises:
        AliasError: it is none.

    >>> check_copied(numpy.ones(2).copy())
    >>> check_copied([1.0].copy(), "xs")
    Traceback (most recent call last):
    tangent.errors.AliasError: the copy `xs` is a list, whose elements may have other names...
    """
    if not isinstance(value, numpy.ndarray):
        raise AliasError(
            f"the copy `{name}` is a {type(value).__name__}, whose elements may have other names",
            why="a write may change both, and the gradient was written for arrays",
            remedy="pass arrays, or give examples of the arguments with `like=`",
        )


MUTABLE = (numpy.ndarray, list, dict)


def shares(view: Any, base: Any, name: str = "one", of: str = "the other") -> bool:
    """Whether what an operation on an array gave is a view of it (not a number, not a copy).

    Raises:
        AliasError: `base` is a container that holds `view`, and the program writes one of them.

    >>> a = numpy.ones((2, 3))
    >>> shares(a[0], a), shares(a[0, 0], a), shares(a.T.reshape(6), a)
    (True, False, False)
    """
    if isinstance(base, numpy.ndarray):
        return isinstance(view, numpy.ndarray) and numpy.may_share_memory(view, base)
    parts = base.values() if isinstance(base, dict) else base
    if isinstance(base, list | tuple | dict) and (
        view is base or any(view is part for part in parts if isinstance(part, MUTABLE))
    ):
        raise AliasError(
            f"`{name}` is `{of}` or an element of it, and one of them is written in place",
            why="the write changes both, and the gradient depends on that",
            remedy=f"copy it first: `{name} = {name}.copy()`",
        )
    return False


def check_view(view: Any, base: Any, name: str = "one", of: str = "the other") -> None:
    """What a branch makes a view of an array is one.

    Raises:
        AliasError: it is a number or a copy, which the derivative is not written for.

    >>> a = numpy.ones((2, 3))
    >>> check_view(a[0], a)
    """
    if not shares(view, base, name, of):
        raise AliasError(
            f"`{name}` is no view of `{of}`, but a copy or a number, in one of the ways to come here",
            why="which name a write goes to is decided by a branch, and the gradient depends on that",
            remedy=f"copy it always: `{name} = {name}.copy()`, or give kinds with annotations or `like=`",
        )


def same_view(view: Any, base: Any, name: str = "one", of: str = "the other") -> Any:
    """A view of the adjoint `base`, as the primal has one of its primal.

    Raises:
        AliasError: it is a copy, as the adjoint lies in memory in another order.

    >>> a = numpy.ones((2, 3))
    >>> same_view(a.reshape(6), a).shape
    (6,)
    """
    if numpy.size(base) and not (numpy.may_share_memory(view, base) and view.flags.writeable):
        raise AliasError(
            f"`{name}` is a view of `{of}` that only the memory order of `{of}` allows, and one of them is "
            "written in place",
            why="the adjoint is in C order, and would be copied",
            remedy=f"copy it first: `{name} = {name}.copy()`, or make `{of}` C-contiguous",
        )
    return view


def check_layout(tangent: Any, of: Any, value: Any, base: Any, name: str = "one") -> None:
    """Raise unless the tangent shares memory with the tangent `of` the base just where the value does with the base.

    What `reshape` and its like return is a view or a copy, as its argument lies in memory.

    Raises:
        AliasError: one of the two is a view, and the other is a copy.

    >>> y, dy = numpy.ones((2, 3)), numpy.ones((2, 3))
    >>> check_layout(dy.reshape(6), dy, y.reshape(6), y)
    >>> check_layout(dy.reshape(6), dy, numpy.asfortranarray(y).reshape(6), y, "r")
    Traceback (most recent call last):
    tangent.errors.AliasError: `r` is a view or a copy, and its tangent is the other, and one of them is written...
    """
    arrays = (tangent, of, value, base)
    if not all(isinstance(a, numpy.ndarray) and a.size for a in arrays):
        return
    if numpy.may_share_memory(tangent, of) != numpy.may_share_memory(value, base):
        raise AliasError(
            f"`{name}` is a view or a copy, and its tangent is the other, and one of them is written in place",
            why="the tangent lies in memory in another order than the value",
            remedy=f"copy it: `{name} = {name}.copy()`, or use arrays in C order",
        )


def check_slice(xs: Any, part: Any, values: Any, name: str = "it") -> None:
    """Raise where `xs[part] = values` changes the length of a list.

    >>> check_slice([1, 2], slice(0, 1), [5])
    >>> check_slice([1, 2], slice(0, 1), [])
    Traceback (most recent call last):
    tangent.errors.UnsupportedError: a write of a slice changes the length of `it`...
    """
    if isinstance(xs, list) and isinstance(part, slice) and len(xs[part]) != len(values):
        raise UnsupportedError(
            f"a write of a slice changes the length of `{name}`",
            why="the backward pass would take the adjoints of other elements",
            remedy=f"make a new list: `{name} = {name}[:i] + … + {name}[j:]`",
        )


def check_storage(x: Any, name: str = "it") -> None:
    """An array that values with a derivative are written into holds floats.

    Raises:
        UnsupportedError: it holds integers, which truncate what is written.

    >>> check_storage(numpy.zeros(2))
    """
    if isinstance(x, numpy.ndarray) and x.dtype.kind not in "fc":
        raise UnsupportedError(
            f"`{name}` holds {x.dtype.name}, and a value that the gradient depends on is written "
            "into it",
            why="storing into integers truncates, so there is no derivative",
            remedy=f"make `{name}` a float array",
        )


def scalar_seed(value: Any, init_grad: Any, name: str = "the function") -> Any:
    """`seed(value, init_grad)` for a result that has to be a scalar.

    Raises:
        NonScalarError: it is not one.
        SeedError: the seed is not one.

    >>> scalar_seed(3.0, 1.0)
    1.0
    """
    if isinstance(value, float) and isinstance(init_grad, float):
        return init_grad
    check_scalar(value, name)
    return seed(value, init_grad)
