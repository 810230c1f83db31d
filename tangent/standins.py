"""Functions of the standard library, in Python: what they do to the functions and elements they are given.

    functools.reduce(f, xs)        reduce(f, xs): a loop
    map(f, xs)                     each(f, xs): a generator

They stand in for the originals in functions that are differentiated (see `generators`), so that no recipe has to
know what a function argument does. Each does what the documentation of its original says.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy

__all__ = ["collect", "function_for", "generator_for", "makes_iterator"]

missing = object()


def generator_for(
    obj: Any, count: int, keywords: Sequence[str | None]
) -> Callable[..., Any] | None:
    """The generator function that stands in for what makes an iterator."""
    found: Callable[..., Any] | None
    by_count: dict[int, Callable[..., Any]]
    try:
        found = _GENERATORS.get(obj)
    except TypeError:  # not hashable
        return None
    if found is map_one and count > 2:
        by_count = {3: map_two, 4: map_three}
        return by_count.get(count)
    if found is product_two:
        if keywords:
            return product_repeat if count == 1 and keywords == ["repeat"] else None
        by_count = {1: product_one, 2: product_two, 3: product_three}
        return by_count.get(count)
    if found is ndindex:
        by_count = {1: ndindex, 2: ndindex_two, 3: ndindex_three}
        return by_count.get(count)
    if found is accumulate and "initial" in keywords:
        return accumulate_from
    return found


def makes_iterator(obj: Any) -> bool:
    """Whether a stand-in is a generator."""
    return any(obj is g for g in _ALL)


def function_for(obj: Any, keywords: Sequence[str | None]) -> Callable[..., Any] | None:
    """The function that stands in for one that calls what it is given."""
    if obj is functools.reduce:
        return reduce
    if obj is numpy.apply_along_axis:
        return apply_along_axis
    if obj is numpy.apply_over_axes:
        return apply_over_axes
    if obj is numpy.piecewise:
        return piecewise
    if "key" in keywords:
        if obj is max:
            return max_by
        if obj is min:
            return min_by
        if obj is sorted:
            return sorted_by
    return None


def collect(generator: Any, *args: Any, **kwargs: Any) -> list[Any]:
    """The list of what a generator in callback form yields."""
    found: list[Any] = []

    def keep(item: Any) -> bool:
        found.append(item)
        return False

    generator(keep, *args, **kwargs)
    return found


# --- functions


def reduce(function: Any, sequence: Any, initial: Any = missing) -> Any:
    if initial is missing:
        value = sequence[0]
        for k in range(1, len(sequence)):
            value = function(value, sequence[k])
        return value
    value = initial
    for item in sequence:
        value = function(value, item)
    return value


def max_by(sequence: Any, *, key: Any) -> Any:
    best = sequence[0]
    most = key(best)
    for k in range(1, len(sequence)):
        item = sequence[k]
        value = key(item)
        if value > most:
            best = item
            most = value
    return best


def min_by(sequence: Any, *, key: Any) -> Any:
    best = sequence[0]
    least = key(best)
    for k in range(1, len(sequence)):
        item = sequence[k]
        value = key(item)
        if value < least:
            best = item
            least = value
    return best


def sorted_by(sequence: Any, *, key: Any, reverse: Any = False) -> list[Any]:
    keys = []
    for item in sequence:
        keys.append(key(item))
    order = order_of(keys, reverse)
    found = []
    for k in range(len(sequence)):
        found.append(sequence[order[k]])
    return found


INDEXING = (max_by, min_by, sorted_by)  # what they are given is indexed


def order_of(keys: Sequence[Any], reverse: bool = False) -> list[int]:
    """The positions of keys in ascending (or descending) order, equal ones in their order."""
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


def apply_along_axis(func1d: Any, axis: Any, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """A loop over the vectors along an axis; what they give takes the place of the axis."""
    moved = numpy.moveaxis(arr, axis, -1)
    rows = numpy.reshape(moved, (-1, moved.shape[-1]))
    found = []
    for k in range(len(rows)):
        found.append(func1d(rows[k], *args, **kwargs))
    stacked = numpy.stack(found)
    shape = moved.shape[:-1] + stacked.shape[1:]
    out = numpy.reshape(stacked, shape)
    return numpy.moveaxis(out, after(out, moved), at_axis(out, moved, axis))


def after(out: Any, moved: Any) -> tuple[int, ...]:
    """The axes of what a function gave, behind those that are left."""
    return tuple(range(moved.ndim - 1, out.ndim))


def at_axis(out: Any, moved: Any, axis: int) -> tuple[int, ...]:
    """Where those axes go: in the place of the axis that the function took."""
    first = axis % moved.ndim
    return tuple(range(first, first + out.ndim - moved.ndim + 1))


def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    value = a
    for axis in numpy.atleast_1d(axes):
        reduced = func(value, axis)
        if numpy.ndim(reduced) < numpy.ndim(value):
            value = numpy.expand_dims(reduced, axis)
        else:
            value = reduced
    return value


def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """Each function is called with the elements that it is for; the last condition wins."""
    y = numpy.zeros_like(x)
    for k in range(len(condlist)):
        chosen = condlist[k]
        function = funclist[k]
        if callable(function):
            y[chosen] = function(x[chosen], *args, **kw)
        else:
            y[chosen] = function
    if len(funclist) > len(condlist):
        rest = ~numpy.any(condlist, axis=0)
        function = funclist[-1]
        if callable(function):
            y[rest] = function(x[rest], *args, **kw)
        else:
            y[rest] = function
    return y


# --- generators


def map_one(function: Any, sequence: Any) -> Iterator[Any]:
    for item in sequence:
        yield function(item)


def map_two(function: Any, first: Any, second: Any) -> Iterator[Any]:
    for a, b in zip(first, second):  # noqa: B905
        yield function(a, b)


def map_three(function: Any, first: Any, second: Any, third: Any) -> Iterator[Any]:
    for a, b, c in zip(first, second, third):  # noqa: B905
        yield function(a, b, c)


def filter_by(function: Any, sequence: Any) -> Iterator[Any]:
    for item in sequence:
        if function(item):
            yield item


def accumulate(sequence: Any, func: Any = operator.add) -> Iterator[Any]:
    if len(sequence) > 0:
        total = sequence[0]
        yield total
        for k in range(1, len(sequence)):
            total = func(total, sequence[k])
            yield total


def accumulate_from(sequence: Any, func: Any = operator.add, *, initial: Any) -> Iterator[Any]:
    total = initial
    yield total
    for item in sequence:
        total = func(total, item)
        yield total


def product_one(first: Any) -> Iterator[Any]:
    for a in first:
        yield (a,)


def product_two(first: Any, second: Any) -> Iterator[Any]:
    for a in first:
        for b in second:
            yield (a, b)


def product_three(first: Any, second: Any, third: Any) -> Iterator[Any]:
    for a in first:
        for b in second:
            for c in third:
                yield (a, b, c)


def product_repeat(first: Any, *, repeat: int) -> Iterator[Any]:
    for picked in itertools.product(range(len(first)), repeat=repeat):
        yield tuple([first[k] for k in picked])


def chain(*sequences: Any) -> Iterator[Any]:
    for sequence in sequences:
        yield from sequence


def chain_all(sequences: Any) -> Iterator[Any]:
    for sequence in sequences:
        yield from sequence


def islice(sequence: Any, start: Any, stop: Any = missing, step: Any = 1) -> Iterator[Any]:
    if stop is missing:
        for k in range(min(start, len(sequence))):
            yield sequence[k]
    elif stop is None:
        for k in range(start, len(sequence), step):
            yield sequence[k]
    else:
        for k in range(start, min(stop, len(sequence)), step):
            yield sequence[k]


def repeat(item: Any, times: int) -> Iterator[Any]:
    for _ in range(times):
        yield item


def count(start: Any = 0, step: Any = 1) -> Iterator[Any]:
    while True:
        yield start
        start = start + step


def pairwise(sequence: Any) -> Iterator[Any]:
    if len(sequence) > 0:
        before = sequence[0]
        for k in range(1, len(sequence)):
            item = sequence[k]
            yield (before, item)
            before = item


def combinations(sequence: Any, r: int) -> Iterator[Any]:
    if r == 1:
        for i in range(len(sequence)):
            yield (sequence[i],)
    elif r == 2:
        for i in range(len(sequence)):
            for j in range(i + 1, len(sequence)):
                yield (sequence[i], sequence[j])
    else:
        for picked in itertools.combinations(range(len(sequence)), r):
            yield tuple([sequence[k] for k in picked])


def takewhile(predicate: Any, sequence: Any) -> Iterator[Any]:
    for item in sequence:
        if not predicate(item):
            return
        yield item


def starmap(function: Any, sequence: Any) -> Iterator[Any]:
    for item in sequence:
        yield function(*item)


def places_of(shape: Any) -> list[tuple[int, ...]]:
    """The indices of an array's elements, in C order."""
    return list(numpy.ndindex(shape))


def ndindex(shape: Any) -> Iterator[Any]:
    yield from places_of(shape)


def ndindex_two(rows: Any, columns: Any) -> Iterator[Any]:
    for i in range(rows):
        for j in range(columns):
            yield (i, j)


def ndindex_three(first: Any, second: Any, third: Any) -> Iterator[Any]:
    for i in range(first):
        for j in range(second):
            for k in range(third):
                yield (i, j, k)


def ndenumerate(arr: Any) -> Iterator[Any]:
    array = numpy.asarray(arr)
    for place in places_of(array.shape):
        yield (place, array[place])


_GENERATORS: dict[Any, Callable[..., Any]] = {
    map: map_one,
    filter: filter_by,
    itertools.accumulate: accumulate,
    itertools.product: product_two,
    itertools.chain: chain,
    itertools.chain.from_iterable: chain_all,
    itertools.islice: islice,
    itertools.repeat: repeat,
    itertools.count: count,
    itertools.pairwise: pairwise,
    itertools.combinations: combinations,
    itertools.takewhile: takewhile,
    itertools.starmap: starmap,
    numpy.ndindex: ndindex,
    numpy.ndenumerate: ndenumerate,
}
_ALL = (*_GENERATORS.values(), map_two, map_three, product_one, product_three, product_repeat)
_ALL = (*_ALL, accumulate_from, ndindex_two, ndindex_three)
