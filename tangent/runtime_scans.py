"""Adjoints and tangents of functions along an axis: differences, integrals, gradients, phases.

>>> trapezoid_adjoint(1.0, numpy.zeros(3), 2.0)
array([1., 2., 1.])
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_arrays import diff_adjoint
from tangent.runtime_containers import Items
from tangent.runtime_values import float_dtype, like, unbroadcast

__all__ = [
    "diff_of_parts",
    "diff_parts",
    "ediff_parts",
    "first_or_rest",
    "gradient_adjoint",
    "gradient_spacing_adjoint",
    "gradient_tangent",
    "logaddexp_scan_adjoint",
    "logaddexp_scan_tangent",
    "reached",
    "reduceat_adjoint",
    "rescaled",
    "shrunk",
    "slopes",
    "trapezoid_adjoint",
    "trapezoid_points_adjoint",
    "with_initial",
    "without_initial",
]


def without_initial(g: Any, axis: Any = None, included: bool = True) -> Any:
    """What is left of an adjoint without the initial value that a scan put in front.

    >>> without_initial(numpy.array([1.0, 2.0, 3.0]))
    array([2., 3.])
    """
    if not included:
        return g
    return numpy.moveaxis(numpy.moveaxis(g, axis or 0, 0)[1:], 0, axis or 0)


def with_initial(dy: Any, axis: Any = None, included: bool = True) -> Any:
    """A tangent with the zero of an initial value in front.

    >>> with_initial(numpy.array([2.0, 3.0]))
    array([0., 2., 3.])
    """
    if not included:
        return dy
    front = numpy.moveaxis(dy, axis or 0, 0)
    zero = numpy.zeros((1, *front.shape[1:]), front.dtype)
    return numpy.moveaxis(numpy.concatenate((zero, front)), 0, axis or 0)


def diff_parts(
    g: Any, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None
) -> tuple[Any, Any, Any]:
    """Adjoints of `prepend`, `a` and `append` of `numpy.diff(a, n, axis, prepend, append)`.

    >>> diff_parts(numpy.array([1.0, 5.0]), numpy.zeros(2), append=0.5)
    (0.0, array([-1., -4.]), 5.0)
    """
    parts = [prepend, numpy.asarray(a), append]
    shape = numpy.shape(a)
    place = axis % len(shape)
    lengths = []
    for part in parts:
        if part is None:
            lengths.append(0)
        else:
            lengths.append(numpy.shape(part)[place] if numpy.ndim(part) else 1)
    whole = numpy.broadcast_to(0.0, (*shape[:place], sum(lengths), *shape[place + 1 :]))
    dtype = numpy.result_type(g, float_dtype(a))
    h = diff_adjoint(numpy.asarray(g, dtype), whole.astype(dtype), n, axis)
    first, middle, last = numpy.split(h, numpy.cumsum(lengths)[:-1], axis)
    return (
        0.0 if prepend is None else unbroadcast(first, prepend),
        like(middle, a),
        0.0 if append is None else unbroadcast(last, append),
    )


def diff_of_parts(
    parts: Any, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None
) -> Any:
    """`numpy.diff` of the parts that `diff_parts` gives adjoints of.

    >>> diff_of_parts((0.0, numpy.array([1.0, 5.0]), 7.0), numpy.zeros(2), append=0.5)
    array([4., 2.])
    """
    ends = {} if prepend is None else {"prepend": parts[0]}
    if append is not None:
        ends["append"] = parts[2]
    return numpy.diff(parts[1], n, axis, **ends)


def ediff_parts(g: Any, ary: Any, to_end: Any = None, to_begin: Any = None) -> tuple[Any, Any, Any]:
    """Adjoints of `ary`, `to_end` and `to_begin` of `numpy.ediff1d(ary, to_end, to_begin)`.

    >>> ediff_parts(numpy.array([1.0, 5.0, 7.0]), [0.0, 0.0], [1.0, 1.0])
    (array([-1.,  1.]), array([5., 7.]), 0.0)
    """
    start = 0 if to_begin is None else numpy.size(to_begin)
    stop = numpy.size(g) - (0 if to_end is None else numpy.size(to_end))
    middle = diff_adjoint(g[start:stop], numpy.zeros(numpy.size(ary), numpy.asarray(g).dtype))

    def shaped(part: Any, x: Any) -> Any:
        return 0.0 if x is None else like(part.reshape(numpy.shape(x)), x)

    return (
        shaped(middle[: numpy.size(ary)], ary), shaped(g[stop:], to_end),
        shaped(g[:start], to_begin),
    )  # fmt: skip


# --- integrals ----------------------------------------------------------------------------------


def _widths(x: Any, rank: int, axis: int) -> Any:
    """The widths of the panels between points, so that they broadcast along an axis."""
    x = numpy.asarray(x)
    if x.ndim != 1:
        return numpy.diff(x, axis=axis)
    shape = [1] * rank
    shape[axis] = -1
    return numpy.diff(x).reshape(shape)


def trapezoid_adjoint(g: Any, y: Any, dx: Any = 1.0, x: Any = None, axis: int = -1) -> Any:
    """Adjoint of `numpy.trapezoid(y, x, dx, axis)` by `y`: half of each panel for both its ends."""
    shape = numpy.shape(y)
    width = dx if x is None else _widths(x, len(shape), axis)
    place = axis % len(shape)
    panels = (*shape[:place], max(shape[place] - 1, 0), *shape[place + 1 :])
    half = numpy.broadcast_to(numpy.expand_dims(g, axis) * width / 2, panels)
    edge = numpy.zeros((*shape[:place], 1, *shape[place + 1 :]), half.dtype)
    if not shape[place]:
        return like(numpy.zeros(shape), y)
    return like(numpy.concatenate((half, edge), axis) + numpy.concatenate((edge, half), axis), y)


def trapezoid_points_adjoint(g: Any, y: Any, x: Any, axis: int = -1) -> Any:
    """Adjoint of `numpy.trapezoid(y, x, axis=axis)` by the points `x`.

    >>> trapezoid_points_adjoint(1.0, numpy.array([1.0, 3.0]), numpy.array([0.0, 1.0]))
    array([-2.,  2.])
    """
    y = numpy.asarray(y)
    front = numpy.moveaxis(y, axis, 0)
    mean = numpy.moveaxis((front[1:] + front[:-1]) / 2, 0, axis)
    panels = numpy.expand_dims(g, axis) * mean
    widths = _widths(x, y.ndim, axis)
    summed = unbroadcast(panels, numpy.zeros(widths.shape, panels.dtype))
    if numpy.ndim(x) == 1:
        return like(diff_adjoint(summed.reshape(-1), numpy.zeros(numpy.shape(x), summed.dtype)), x)
    return like(diff_adjoint(summed, numpy.zeros(numpy.shape(x), summed.dtype), 1, axis), x)


# --- numpy.gradient -----------------------------------------------------------------------------


def _axes_of(f: Any, axis: Any) -> tuple[int, ...]:
    rank = numpy.ndim(f)
    if axis is None:
        return tuple(range(rank))
    return tuple(n % rank for n in (axis if isinstance(axis, tuple | list) else (axis,)))


def _spacings(varargs: Any, count: int) -> list[Any]:
    if len(varargs) == 0:
        return [1.0] * count
    return list(varargs) * count if len(varargs) == 1 else list(varargs)


def _stencils(n: int, spacing: Any, edge_order: int, column: Any) -> list[tuple[Any, Any, Any]]:
    """The derivative along an axis as rows of a band: where its values are put, what they are made
    of, and by which factors (for the second-order ones see the documentation of `numpy.gradient`).
    """
    h = numpy.broadcast_to(spacing, n - 1) if numpy.ndim(spacing) == 0 else numpy.diff(spacing)
    h = h.astype("float64") if h.dtype.kind not in "fc" else h
    inner = slice(1, -1)
    before, after = column(h[:-1]), column(h[1:])
    parts: list[tuple[Any, Any, Any]] = [
        (inner, slice(None, -2), -after / (before * (before + after))),
        (inner, inner, (after - before) / (before * after)),
        (inner, slice(2, None), before / (after * (before + after))),
    ]
    if edge_order == 1:
        parts += [(0, 0, -1 / h[0]), (0, 1, 1 / h[0]), (-1, -2, -1 / h[-1]), (-1, -1, 1 / h[-1])]
        return parts
    u, v = h[0], h[1]
    parts += [(0, 0, -(2 * u + v) / (u * (u + v))), (0, 1, (u + v) / (u * v))]
    parts += [(0, 2, -u / (v * (u + v)))]
    u, v = h[-2], h[-1]
    parts += [(-1, -3, v / (u * (u + v))), (-1, -2, -(v + u) / (u * v))]
    return [*parts, (-1, -1, (2 * v + u) / (v * (u + v)))]


def _along(f: Any, spacing: Any, axis: int, edge_order: int, transposed: bool) -> Any:
    """The derivative along one axis (or its transpose) of an array."""
    front = numpy.moveaxis(numpy.asarray(f), axis, 0)

    def column(h: Any) -> Any:
        return h.reshape((-1,) + (1,) * (front.ndim - 1))

    out = numpy.zeros(front.shape, front.dtype)
    for to, source, factor in _stencils(len(front), spacing, edge_order, column):
        if transposed:
            out[source] += factor * front[to]
        else:
            out[to] += factor * front[source]
    return numpy.moveaxis(out, 0, axis)


def gradient_adjoint(
    g: Any, f: Any, varargs: Any = (), axis: Any = None, edge_order: int = 1
) -> Any:
    """Adjoint of `numpy.gradient(f, *varargs, axis=axis, edge_order=edge_order)` by `f`.

    >>> gradient_adjoint(numpy.array([1.0, 0.0, 0.0]), numpy.zeros(3), (2.0,))
    array([-0.5,  0.5,  0. ])
    """
    axes = _axes_of(f, axis)
    seeds = g if isinstance(g, tuple | list) else (g,)
    total: Any = 0.0
    for h, place, spacing in zip(seeds, axes, _spacings(varargs, len(axes)), strict=True):
        total = total + _along(h, spacing, place, edge_order, True)
    return like(total, f)


def gradient_spacing_adjoint(
    g: Any, y: Any, f: Any, varargs: Any, axis: Any = None, edge_order: int = 1
) -> Any:
    """Adjoints of the distances between samples: the result `y` is inversely proportional to them.

    Raises:
        UnsupportedError: an array of coordinates is given instead of a distance.
    """
    out = [0.0] * len(varargs)
    seeds = g if isinstance(g, tuple | list) else (g,)
    values = y if isinstance(y, tuple | list) else (y,)
    for number, (h, value) in enumerate(zip(seeds, values, strict=True)):
        place = number if len(varargs) > 1 else 0
        out[place] = out[place] - numpy.sum(h * value) / _distance(varargs[place])
    return numpy.asarray(out, "float64")


def rescaled(g: Any, steps: Any, f: Any, varargs: Any, axis: Any = None) -> Any:
    """Seeds of `numpy.gradient(f, *varargs, axis=axis)` times how its results change with distances.

    >>> rescaled(2.0, (0.5,), numpy.zeros(3), (0.25,))
    -4.0
    """
    count = len(_axes_of(f, axis))
    rates = [
        -(step / _distance(spacing)) if len(varargs) and numpy.any(step) else 0.0
        for step, spacing in zip(_spacings(steps, count), _spacings(varargs, count), strict=True)
    ]
    if isinstance(g, tuple | list):
        return Items([rate * u for rate, u in zip(rates, g, strict=True)])
    return rates[0] * g


def shrunk(z: Any, values: Any, varargs: Any) -> Any:
    """`-z · value / distance` for each distance.

    >>> shrunk((1.0,), (6.0,), (2.0,))
    array([-3.])
    """
    rates = [-u * v / _distance(x) for u, v, x in zip(z, values, varargs, strict=True)]
    return numpy.asarray(rates, "float64")


def slopes(v: Any, varargs: Any = (), axis: Any = None, edge_order: Any = 1) -> Any:
    """`numpy.gradient(v, *varargs, …)`, several results as the adjoint of several.

    >>> slopes(numpy.array([1.0, 3.0]), (0.5,))
    array([4., 4.])
    """
    found = numpy.gradient(v, *varargs, axis=axis, edge_order=edge_order)
    return Items(found) if isinstance(found, tuple | list) else found


def _distance(spacing: Any) -> Any:
    if numpy.ndim(spacing):
        raise UnsupportedError(
            "numpy.gradient has no derivative by coordinates, only by distances",
            remedy="write the differences out, or leave the coordinates out of wrt",
        )
    return spacing


def gradient_tangent(
    df: Any, steps: Any, y: Any, f: Any, varargs: Any = (), axis: Any = None, edge_order: int = 1
) -> Any:
    """Tangent of `y = numpy.gradient(f, *varargs, …)`, where `steps` are those of `varargs`."""
    axes = _axes_of(f, axis)
    spacings = _spacings(varargs, len(axes))
    moves = _spacings(steps, len(axes)) if len(varargs) else [0.0] * len(axes)
    values = y if isinstance(y, tuple | list) else (y,)
    out = []
    for place, spacing, move, value in zip(axes, spacings, moves, values, strict=True):
        part = like(_along(df, spacing, place, edge_order, False), value)
        if numpy.any(move):
            part = like(part - value * (move / _distance(spacing)), value)
        out.append(part)
    return tuple(out) if isinstance(y, tuple | list) else out[0]


# --- methods of ufuncs --------------------------------------------------------------------------


def first_or_rest(a: Any, axis: int, first: float, rest: float) -> Any:
    """One number for the first element along an axis, another for the rest; of the shape of `a`.

    >>> first_or_rest(numpy.zeros(3), 0, 1.0, -1.0)
    array([ 1., -1., -1.])
    """
    out = numpy.full(numpy.shape(a), rest, float_dtype(a))
    numpy.moveaxis(out, axis, 0)[:1] = first
    return out


def reached(a: Any, y: Any, axis: int = 0) -> Any:
    """Where the running extremum `y` of `a` was reached first, for each place along an axis.

    >>> reached([1.0, 3.0, 2.0, 3.0], numpy.array([1.0, 3.0, 3.0, 3.0]))
    array([0, 1, 1, 1])
    """
    y = numpy.moveaxis(numpy.asarray(y), axis, 0)
    number = numpy.arange(len(y)).reshape((-1,) + (1,) * (y.ndim - 1))
    fresh = numpy.concatenate((numpy.ones((1, *y.shape[1:]), bool), y[1:] != y[:-1]))[: len(y)]
    return numpy.moveaxis(numpy.maximum.accumulate(numpy.where(fresh, number, 0), 0), 0, axis)


def logaddexp_scan_adjoint(g: Any, a: Any, y: Any, axis: int = 0) -> Any:
    """Adjoint of `y = numpy.logaddexp.accumulate(a, axis)`: with `s[k] = g[k] + s[k + 1] · exp(y[k] - y[k
    + 1])` that of element k is `s[k] · exp(a[k] - y[k])`.

    >>> logaddexp_scan_adjoint(numpy.array([1.0, 0.0]), [2.0, 5.0], numpy.array([2.0, 5.0]))
    array([1., 0.])
    """
    x, z = numpy.moveaxis(numpy.asarray(a), axis, 0), numpy.moveaxis(numpy.asarray(y), axis, 0)
    s = numpy.array(numpy.moveaxis(numpy.asarray(g), axis, 0))
    for k in range(len(s) - 2, -1, -1):
        s[k] += s[k + 1] * numpy.exp(z[k] - z[k + 1])
    return like(numpy.moveaxis(s * numpy.exp(x - z), 0, axis), a)


def logaddexp_scan_tangent(da: Any, a: Any, y: Any, axis: int = 0) -> Any:
    """Tangent of `y = numpy.logaddexp.accumulate(a, axis)`."""
    x, z = numpy.moveaxis(numpy.asarray(a), axis, 0), numpy.moveaxis(numpy.asarray(y), axis, 0)
    out = numpy.array(numpy.moveaxis(numpy.asarray(da), axis, 0) * numpy.exp(x - z))
    for k in range(1, len(out)):
        out[k] += out[k - 1] * numpy.exp(z[k - 1] - z[k])
    return numpy.moveaxis(out, 0, axis)


def reduceat_adjoint(g: Any, a: Any, indices: Any, axis: int = 0) -> Any:
    """Adjoint of `numpy.add.reduceat(a, indices, axis)`: each sum's for all that it adds.

    >>> reduceat_adjoint(numpy.array([1.0, 2.0]), numpy.zeros(4), [0, 3])
    array([1., 1., 1., 2.])
    """
    out = numpy.zeros(numpy.shape(a), float_dtype(a))
    front, h = numpy.moveaxis(out, axis, 0), numpy.moveaxis(numpy.asarray(g), axis, 0)
    starts = [int(i) for i in indices]
    for k, (start, stop) in enumerate(zip(starts, [*starts[1:], len(front)], strict=True)):
        front[start : max(stop, start + 1)] += h[k]
    return like(out, a)
