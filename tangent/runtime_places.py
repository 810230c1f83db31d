"""Adjoints of functions that rearrange, choose or repeat elements: by the places that they come from.

    y = np.delete(x, 1)         places = np.delete([0, 1, 2], 1) = [0, 2]         x̄[places] = ȳ

What a function does to elements, it does to their numbers too.
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_containers import Items
from tangent.runtime_values import float_dtype, like, of_structure, unbroadcast

__all__ = [
    "choose_adjoint",
    "found_adjoint",
    "found_tangent",
    "gather",
    "insert_parts",
    "numbered",
    "pad_adjoint",
    "pad_constants_adjoint",
    "pad_tangent",
    "permute_adjoint",
    "permute_tangent",
    "place_at",
    "reshape_all",
    "rolled_axes",
    "scatter",
    "select_adjoint",
    "select_default_adjoint",
    "take_along_adjoint",
    "trimmed",
    "unpad",
    "window",
]


def numbered(a: Any) -> numpy.ndarray:
    """The numbers of the elements of an array, in its shape.

    >>> numbered(numpy.zeros((2, 2)))
    array([[0, 1],
           [2, 3]])
    """
    return numpy.arange(numpy.size(a)).reshape(numpy.shape(a))


def place_at(g: Any, places: Any, a: Any) -> Any:
    """The gradient of `a` that has `g` at some places, each at most once, and zeros elsewhere.

    >>> place_at(numpy.array([5.0, 7.0]), [0, 2], numpy.zeros(3))
    array([5., 0., 7.])
    """
    out = numpy.zeros(numpy.size(a), float_dtype(a))
    out[places] = g if out.dtype.kind == "c" else numpy.real(g)
    return like(out.reshape(numpy.shape(a)), a)


def scatter(g: Any, places: Any, a: Any) -> Any:
    """The gradient of `a` that sums `g` at places, which may repeat.

    >>> scatter(numpy.array([5.0, 7.0, 1.0]), [0, 2, 0], numpy.zeros(3))
    array([6., 0., 7.])
    """
    out = numpy.zeros(numpy.size(a), float_dtype(a))
    numpy.add.at(out, places, g if out.dtype.kind == "c" else numpy.real(g))
    return like(out.reshape(numpy.shape(a)), a)


def gather(v: Any, places: Any) -> Any:
    """The elements of `v` at places: the adjoint of `place_at` and `scatter`.

    >>> gather([[5.0, 6.0], [7.0, 8.0]], [0, 3])
    array([5., 8.])
    """
    return numpy.ravel(v)[places]


def reshape_all(g: Any, xs: Any) -> Items:
    """Adjoints in the shapes of several values.

    >>> reshape_all([numpy.ones((1, 2))], ([0.0, 0.0],))
    [array([1., 1.])]
    """
    return Items([like(numpy.reshape(u, numpy.shape(x)), x) for u, x in zip(g, xs, strict=True)])


def rolled_axes(a: Any, axis: int, start: int = 0) -> tuple[int, ...]:
    """The transposition that undoes `numpy.rollaxis(a, axis, start)`.

    >>> rolled_axes(numpy.zeros((2, 3, 4)), 2)
    (1, 2, 0)
    """
    rank = numpy.ndim(a)
    order = list(range(rank))
    axis, start = axis % rank, start + rank if start < 0 else start
    order.remove(axis)
    order.insert(start - (axis < start), axis)
    return tuple(int(i) for i in numpy.argsort(order))


def take_along_adjoint(g: Any, a: Any, indices: Any, axis: Any = -1) -> Any:
    """Adjoint of `numpy.take_along_axis(a, indices, axis)`.

    >>> take_along_adjoint(numpy.array([1.0, 2.0]), numpy.zeros(3), numpy.array([2, 2]))
    array([0., 0., 3.])
    """
    if axis is None:
        return scatter(g, indices, a)
    shape, indices = list(numpy.shape(a)), numpy.asarray(indices)
    n = shape[axis]
    places = numpy.moveaxis(numbered(a), axis, -1)
    shape = list(numpy.broadcast_shapes(
        (*shape[: axis % len(shape)], 1, *shape[axis % len(shape) + 1 :]), indices.shape
    ))  # fmt: skip
    moved = numpy.moveaxis(numpy.broadcast_to(indices, shape), axis, -1) % n
    places = numpy.broadcast_to(places, (*moved.shape[:-1], n))
    found = numpy.take_along_axis(places, moved, -1)
    return scatter(numpy.moveaxis(numpy.asarray(g), axis, -1), found, a)


def insert_parts(g: Any, arr: Any, obj: Any, values: Any, axis: Any = None) -> tuple[Any, Any]:
    """Adjoints of `arr` and `values` of `numpy.insert(arr, obj, values, axis)`.

    >>> insert_parts(numpy.array([1.0, 2.0, 3.0]), [0.0, 0.0], 1, 5.0)
    (array([1., 3.]), 2.0)
    """
    own = numpy.insert(numbered(arr), obj, numpy.full(numpy.shape(values), -1), axis)
    new = numpy.insert(numpy.full(numpy.shape(arr), -1), obj, numbered(values), axis)
    g = numpy.asarray(g)
    kept, put = own >= 0, new >= 0
    return place_at(g[kept], own[kept], arr), scatter(g[put], new[put], values)


def trimmed(filt: Any, trim: Any = "fb", axis: Any = None) -> Any:
    """The numbers of the elements that `numpy.trim_zeros(filt, trim, axis)` leaves.

    >>> trimmed([0.0, 5.0, 0.0, 1.0, 0.0])
    array([1, 2, 3])
    """
    shape = numpy.trim_zeros(
        numpy.asarray(filt), trim, **({} if axis is None else {"axis": axis})
    ).shape
    x = numpy.asarray(filt)
    front = "f" in trim.lower()
    start = numpy.argwhere(x).min(axis=0) if x.any() else numpy.zeros(x.ndim, int)
    here = []
    for first, n, whole in zip(start, shape, x.shape, strict=True):
        begin = int(first) if front and n < whole else 0
        here.append(slice(begin, begin + n))
    return numbered(x)[tuple(here)]


def window(x: Any, numbers: Any) -> Any:
    """The elements of these numbers, a block of `x`: a view.

    >>> a = numpy.arange(4.0); window(a, numpy.array([1, 2]))[0] = 5.0; a
    array([0., 5., 2., 3.])
    """
    x = numpy.asarray(x)
    if not numbers.size:
        return numpy.zeros(numbers.shape, x.dtype)
    start = numpy.unravel_index(numbers.flat[0], x.shape)
    return x[tuple(slice(s, s + n) for s, n in zip(start, numbers.shape, strict=True))]


# --- by values ----------------------------------------------------------------------------------


def _found(y: Any, arrays: tuple[Any, ...]) -> tuple[Any, Any]:
    """All elements of arrays, and where the values `y` are found in them: one that comes again is the
    next of those that are equal.
    """
    joined = numpy.concatenate([numpy.ravel(a) for a in arrays])
    order = numpy.argsort(joined, kind="stable")
    values, known = numpy.ravel(y), joined[order]
    place = numpy.searchsorted(known, values)
    by_value = numpy.argsort(values, kind="stable")
    ranked = values[by_value]
    place[by_value] += numpy.arange(len(ranked)) - numpy.searchsorted(ranked, ranked)
    place = numpy.minimum(place, numpy.searchsorted(known, values, side="right") - 1)
    return joined, order[place] if len(joined) else place


def found_adjoint(g: Any, y: Any, *arrays: Any) -> Items:
    """Adjoints of arrays by values `y` that were found in them (by `unique`, `union1d`, …).

    Of equal elements the first one gets it, or the first ones, where a value is there several times.

    >>> found_adjoint(numpy.array([1.0, 2.0]), [3.0, 5.0], [5.0, 3.0, 3.0])
    [array([2., 1., 0.])]
    """
    joined, places = _found(y, arrays)
    out = scatter(numpy.ravel(g), places, numpy.zeros(len(joined), numpy.asarray(g).dtype))
    pieces = numpy.split(out, numpy.cumsum([numpy.size(a) for a in arrays])[:-1])
    return Items([
        like(piece.reshape(numpy.shape(a)), a) for piece, a in zip(pieces, arrays, strict=True)
    ])  # fmt: skip


def found_tangent(tangents: Any, y: Any, *arrays: Any) -> Any:
    """Tangents of values `y` that were found in arrays.

    >>> found_tangent([[1.0, 2.0]], [3.0, 5.0], [5.0, 3.0])
    array([2., 1.])
    """
    _, places = _found(y, arrays)
    moved = [
        numpy.ravel(numpy.broadcast_to(t, numpy.shape(a)))
        for t, a in zip(tangents, arrays, strict=True)
    ]
    return numpy.concatenate(moved)[places].reshape(numpy.shape(y))


def permute_adjoint(g: Any, a: Any, y: Any, axis: Any = -1) -> Any:
    """Adjoint of a permutation `y` of the elements of `a` along an axis, such as `partition` gives.

    >>> permute_adjoint(numpy.array([1.0, 2.0]), [7.0, 5.0], numpy.array([5.0, 7.0]))
    array([2., 1.])
    """
    x = numpy.ravel(a) if axis is None else numpy.asarray(a)
    along = -1 if axis is None else axis
    out = numpy.zeros(x.shape, float_dtype(x))
    ranked = numpy.take_along_axis(numpy.asarray(g), numpy.argsort(y, along, kind="stable"), along)
    numpy.put_along_axis(out, numpy.argsort(x, along, kind="stable"), ranked, along)
    return like(out.reshape(numpy.shape(a)), a)


def permute_tangent(da: Any, a: Any, y: Any, axis: Any = -1) -> Any:
    """Tangent of a permutation `y` of the elements of `a`.

    >>> permute_tangent([1.0, 2.0], [7.0, 5.0], numpy.array([5.0, 7.0]))
    array([2., 1.])
    """
    x = numpy.ravel(a) if axis is None else numpy.asarray(a)
    dx = numpy.reshape(da, x.shape)
    along = -1 if axis is None else axis
    out = numpy.empty_like(dx)
    ranked = numpy.take_along_axis(dx, numpy.argsort(x, along, kind="stable"), along)
    numpy.put_along_axis(out, numpy.argsort(y, along, kind="stable"), ranked, along)
    return out


# --- choices ------------------------------------------------------------------------------------


def choose_adjoint(g: Any, a: Any, choices: Any, mode: str = "raise") -> Any:
    """Adjoint of `numpy.choose(a, choices, mode=mode)` by the choices.

    >>> choose_adjoint(numpy.array([1.0, 2.0]), [1, 0], [[0.0, 0.0], [0.0, 0.0]])
    array([[0., 2.],
           [1., 0.]])
    """
    a = numpy.asarray(a)
    n = len(choices)
    a = a % n if mode == "wrap" else numpy.clip(a, 0, n - 1)
    zero = numpy.asarray(g).dtype.type(0)
    parts = [unbroadcast(numpy.where(a == i, g, zero), c) for i, c in enumerate(choices)]
    return of_structure(parts, choices)


def _selected(condlist: Any) -> list[Any]:
    """Where each choice is taken: where its condition is the first that holds; and where none is."""
    left: Any = True
    out = []
    for condition in condlist:
        out.append(left & numpy.asarray(condition))
        left = left & ~numpy.asarray(condition)
    return [*out, left]


def select_adjoint(g: Any, condlist: Any, choicelist: Any) -> Any:
    """Adjoint of `numpy.select(condlist, choicelist, default)` by the choices.

    >>> select_adjoint(numpy.array([1.0, 2.0]), [[True, False], [True, True]], [[5, 6], [7, 8]])
    array([[1., 0.],
           [0., 2.]])
    """
    zero = numpy.asarray(g).dtype.type(0)
    taken = _selected(condlist)
    parts = [
        unbroadcast(numpy.where(t, g, zero), c) for t, c in zip(taken, choicelist, strict=False)
    ]
    return of_structure(parts, choicelist)


def select_default_adjoint(g: Any, condlist: Any, default: Any) -> Any:
    """Adjoint of `numpy.select(condlist, choicelist, default)` by the default.

    >>> select_default_adjoint(numpy.array([1.0, 2.0]), [[True, False]], 0.5)
    2.0
    """
    rest = _selected(condlist)[-1]
    return unbroadcast(numpy.where(rest, g, numpy.asarray(g).dtype.type(0)), default)


# --- numpy.pad ----------------------------------------------------------------------------------

# Modes that repeat elements, and those that are linear in them.
_REPEATING = frozenset({"edge", "wrap", "reflect", "symmetric"})
_LINEAR = frozenset({"linear_ramp", "mean", "reflect", "symmetric"})


def _widths(array: Any, pad_width: Any) -> list[tuple[int, int]]:
    """How many elements are put before and behind, for each axis."""
    rank = numpy.ndim(array)
    if isinstance(pad_width, dict):
        given: list[Any] = [(0, 0)] * rank
        for axis, width in pad_width.items():
            given[axis] = width if isinstance(width, tuple) else (width, width)
        return [tuple(map(int, w)) for w in given]  # type: ignore[misc]
    pairs = numpy.broadcast_to(numpy.asarray(pad_width), (rank, 2))
    return [(int(before), int(behind)) for before, behind in pairs]


def unpad(g: Any, array: Any, pad_width: Any) -> Any:
    """The part of the adjoint of `numpy.pad(array, pad_width)` that belongs to the array.

    >>> unpad(numpy.arange(5.0), numpy.zeros(2), (2, 1))
    array([2., 3.])
    """
    here = tuple(
        slice(before, before + n)
        for (before, _), n in zip(_widths(array, pad_width), numpy.shape(array), strict=True)
    )
    return like(numpy.asarray(g)[here], array)


def pad_constants_adjoint(g: Any, array: Any, pad_width: Any, values: Any) -> Any:
    """Adjoint of `numpy.pad(array, pad_width, constant_values=values)` by the values.

    Later axes are padded over the corners.

    >>> pad_constants_adjoint(numpy.arange(5.0), numpy.zeros(2), (2, 1), 0.5)
    5.0
    """
    h = numpy.asarray(g)
    pairs: list[tuple[Any, Any]] = []
    for axis in range(h.ndim - 1, -1, -1):
        before, behind = _widths(array, pad_width)[axis]
        front = numpy.moveaxis(h, axis, 0)
        n = len(front)
        pairs.insert(0, (front[:before].sum(), front[n - behind :].sum()))
        h = numpy.moveaxis(front[before : n - behind], 0, axis)
    return unbroadcast(numpy.reshape(pairs, (-1, 2)), values)


def _along(mode: str, n: int, widths: tuple[int, int], options: dict[str, Any]) -> Any:
    """What padding does along one axis, as a matrix."""
    kept = {k: v for k, v in options.items() if v is not None}
    return numpy.pad(numpy.eye(n), (widths, (0, 0)), mode, **kept)  # type: ignore[call-overload]


def _options(mode: Any, reflect_type: str, stat_length: Any) -> dict[str, Any]:
    if mode in ("reflect", "symmetric"):
        return {"reflect_type": reflect_type}
    if mode == "mean" and stat_length is not None:
        if numpy.ndim(stat_length):
            raise UnsupportedError(
                "numpy.pad is not differentiated for lengths of statistics that differ by axis",
                remedy="give one number as `stat_length`",
            )
        return {"stat_length": ((stat_length, stat_length), (1, 1))}
    return {}


def _checked(mode: Any) -> None:
    if mode not in _REPEATING | _LINEAR | {"constant", "empty"}:
        raise UnsupportedError(
            f"numpy.pad is not differentiated in the mode {mode!r}",
            why="only those that repeat elements or combine them linearly are",
            remedy="concatenate what is to be put around",
        )


def pad_adjoint(
    g: Any, array: Any, pad_width: Any, mode: Any = "constant", reflect_type: str = "even",
    stat_length: Any = None,
) -> Any:  # fmt: skip
    """Adjoint of `numpy.pad(array, pad_width, mode, …)`.

    Raises:
        UnsupportedError: the padding is neither elements nor combinations of them.

    >>> pad_adjoint(numpy.array([1.0, 2.0, 3.0, 4.0]), numpy.zeros(2), 1, "edge")
    array([3., 7.])
    """
    _checked(mode)
    if mode in ("constant", "empty"):
        return unpad(g, array, pad_width)
    if mode in _REPEATING and reflect_type == "even":
        return scatter(g, numpy.pad(numbered(array), pad_width, mode), array)
    h = numpy.asarray(g)
    options = _options(mode, reflect_type, stat_length)
    for axis in range(h.ndim - 1, -1, -1):
        n = numpy.shape(array)[axis]
        matrix = _along(mode, n, _widths(array, pad_width)[axis], options)
        h = numpy.moveaxis(numpy.tensordot(matrix.T, h, (1, axis)), 0, axis)
    return like(h, array)


def pad_tangent(
    da: Any, array: Any, pad_width: Any, mode: Any = "constant", reflect_type: str = "even",
    stat_length: Any = None,
) -> Any:  # fmt: skip
    """Tangent of `numpy.pad(array, pad_width, mode, …)`."""
    _checked(mode)
    options = _options(mode, reflect_type, None)
    if stat_length is not None:
        options["stat_length"] = stat_length
    zero = {"constant_values": 0} if mode == "constant" else {}
    return numpy.pad(da, pad_width, mode, **options, **zero)
