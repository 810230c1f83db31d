"""Adjoints and tangents of statistics of samples: weighted means, covariances, histograms.

>>> cov_parts(1.0, numpy.array([1.0, 3.0]))[0]
array([-2.,  2.])
"""

from __future__ import annotations

from typing import Any

import numpy

from tangent.errors import UnsupportedError
from tangent.runtime_arrays import extremum_adjoint
from tangent.runtime_values import float_dtype, like, unbroadcast

__all__ = [
    "coordinates",
    "corrcoef_parts",
    "corrcoef_tangent",
    "cov_parts",
    "cov_tangent",
    "histogram_parts",
    "histogram_tangent",
    "histogram_weights",
    "histogram_weights_tangent",
    "weights_adjoint",
    "weights_along",
]


# --- weighted means -----------------------------------------------------------------------------


def _order(axis: Any, rank: int) -> tuple[int, ...]:
    axes = axis if isinstance(axis, tuple) else (axis,)
    return tuple(n % rank for n in axes)


def weights_along(weights: Any, a: Any, axis: Any = None) -> Any:
    """The weights of `numpy.average(a, axis, weights)`, so that they broadcast to `a`.

    >>> weights_along([1.0, 2.0], numpy.zeros((2, 3)), 0)
    array([[1.],
           [2.]])
    """
    weights = numpy.asarray(weights)
    shape = numpy.shape(a)
    if weights.shape == shape:
        return weights
    axes = _order(axis, len(shape))
    ordered = numpy.transpose(weights, numpy.argsort(axes))
    return ordered.reshape([n if i in axes else 1 for i, n in enumerate(shape)])


def weights_adjoint(g: Any, weights: Any, a: Any, axis: Any = None) -> Any:
    """Adjoint of `weights_along(weights, a, axis)`, from terms of the shape of `a`.

    >>> weights_adjoint(numpy.ones((2, 3)), [1.0, 2.0], numpy.zeros((2, 3)), 0)
    array([3., 3.])
    """
    laid = weights_along(weights, a, axis)
    summed = unbroadcast(g, laid if laid.dtype.kind in "fc" else laid.astype("float64"))
    if summed.shape == numpy.shape(weights):
        return like(summed, weights)
    places = numpy.argsort(numpy.argsort(_order(axis, numpy.ndim(a))))
    squeezed = numpy.squeeze(
        summed,
        tuple(i for i in range(numpy.ndim(a)) if i not in _order(axis, numpy.ndim(a))),
    )
    return like(numpy.transpose(squeezed, places), weights)


# --- covariances --------------------------------------------------------------------------------


def _variables(m: Any, rowvar: bool) -> Any:
    """Samples as the columns of a matrix."""
    x = numpy.atleast_2d(numpy.asarray(m))
    return x if rowvar or numpy.ndim(m) < 2 else x.T


def _stacked(m: Any, y: Any, rowvar: bool) -> Any:
    x = _variables(m, rowvar)
    return x if y is None else numpy.concatenate((x, _variables(y, rowvar)))


def _weights(x: Any, fweights: Any, aweights: Any) -> Any:
    w = numpy.ones(x.shape[1])
    for part in (fweights, aweights):
        w = w if part is None else w * numpy.asarray(part)
    return w


def _degrees(ddof: Any, bias: bool) -> Any:
    return (0 if bias else 1) if ddof is None else ddof


def _factor(w: Any, aweights: Any, ddof: Any) -> Any:
    """What the sum of products is divided by (see `numpy.cov`)."""
    total = numpy.sum(w)
    if ddof == 0 or aweights is None:
        return total - ddof
    return total - ddof * numpy.sum(w * numpy.asarray(aweights)) / total


def _centred(x: Any, w: Any) -> Any:
    return x - numpy.sum(x * w, 1, keepdims=True) / numpy.sum(w)


def cov_parts(
    g: Any, m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None,
    fweights: Any = None, aweights: Any = None,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Adjoints of `m`, `y` and `aweights` of `numpy.cov(m, y, …)`.

    With `X` the centred samples as columns and `C = X w Xᴴ / n`: `X̄ = (C̄ X̄* + (C̄ᵀ X)*) w / n`. The mean
    needs no adjoint of its own, as that is orthogonal to constants.
    """
    x = _stacked(m, y, rowvar)
    w = _weights(x, fweights, aweights)
    dof = _degrees(ddof, bias)
    n = _factor(w, aweights, dof)
    centred = _centred(x, w)
    g = numpy.asarray(g).reshape(len(x), len(x))
    slope = (g @ numpy.conj(centred) + numpy.conj(g.T @ centred)) * w / n
    rows = len(_variables(m, rowvar))
    parts = [slope[:rows], slope[rows:]]
    shaped = [
        0.0 if z is None else like((p if rowvar or numpy.ndim(z) < 2 else p.T).reshape(
            numpy.shape(z)), z)
        for p, z in zip(parts, (m, y), strict=True)
    ]  # fmt: skip
    by_weights: Any = 0.0
    if aweights is not None:
        a = numpy.asarray(aweights)
        f = w / a
        total = numpy.sum(w)
        each = numpy.sum((g @ numpy.conj(centred)) * centred, 0).real
        grown = f if dof == 0 else f - dof * (2 * w / total - numpy.sum(w * a) * f / total**2)
        whole = numpy.sum(each * w) / n
        by_weights = like((each * f - whole * grown) / n, aweights)
    return shaped[0], shaped[1], by_weights


def cov_tangent(
    dm: Any, dy: Any, da: Any, m: Any, y: Any = None, rowvar: bool = True, bias: bool = False,
    ddof: Any = None, fweights: Any = None, aweights: Any = None,
) -> Any:  # fmt: skip
    """Tangent of `numpy.cov(m, y, …)` along `m`, `y` and `aweights`."""
    x, dx = _stacked(m, y, rowvar), _stacked(dm, None if y is None else dy, rowvar)
    w = _weights(x, fweights, aweights)
    dof = _degrees(ddof, bias)
    n = _factor(w, aweights, dof)
    centred = _centred(x, w)
    half = (dx * w) @ numpy.conj(centred.T) / n
    out = half + numpy.conj(half.T)
    if aweights is not None and numpy.any(da):
        a, da = numpy.asarray(aweights), numpy.asarray(da)
        f = w / a
        total = numpy.sum(w)
        grown = f if dof == 0 else f - dof * (2 * w / total - numpy.sum(w * a) * f / total**2)
        moved = (centred * (f * da)) @ numpy.conj(centred.T)
        whole = (centred * w) @ numpy.conj(centred.T) / n
        out = out + (moved - whole * numpy.sum(grown * da)) / n
    return numpy.squeeze(out)[()]


def corrcoef_parts(g: Any, r: Any, x: Any, y: Any = None, rowvar: bool = True) -> tuple[Any, Any]:
    """Adjoints of `x` and `y` of `r = numpy.corrcoef(x, y, rowvar)`: `r = C / (s sᵀ)`, `s² = diag C`.

    >>> a, _ = corrcoef_parts(numpy.eye(2), numpy.eye(2), numpy.array([[1.0, 2.0], [0.5, 3.0]]))
    >>> bool(numpy.allclose(a, 0))
    True
    """
    c = numpy.atleast_2d(numpy.cov(x, y, rowvar))
    variance = numpy.real(numpy.diagonal(c))
    s = numpy.sqrt(variance)
    g, r = numpy.asarray(g).reshape(c.shape), numpy.asarray(r).reshape(c.shape)
    weight = numpy.real(g * r)
    by_c = g / s[:, None] / s[None, :]
    by_variance = -(numpy.sum(weight, 0) + numpy.sum(weight, 1)) / (2 * variance)
    return cov_parts(by_c + numpy.diag(by_variance), x, y, rowvar)[:2]


def corrcoef_tangent(dx: Any, dy: Any, r: Any, x: Any, y: Any = None, rowvar: bool = True) -> Any:
    """Tangent of `r = numpy.corrcoef(x, y, rowvar)`."""
    c = numpy.atleast_2d(numpy.cov(x, y, rowvar))
    dc = numpy.reshape(cov_tangent(dx, dy, None, x, y, rowvar), c.shape)
    variance = numpy.real(numpy.diagonal(c))
    s = numpy.sqrt(variance)
    growth = numpy.real(numpy.diagonal(dc)) / (2 * variance)
    r = numpy.asarray(r).reshape(c.shape)
    out = dc / s[:, None] / s[None, :] - r * (growth[:, None] + growth[None, :])
    return numpy.squeeze(out)[()]


# --- histograms ---------------------------------------------------------------------------------


def _bins_of(a: Any, edges: Any) -> tuple[Any, Any]:
    """Which samples are counted, and in which bins; the last one holds its right edge."""
    flat = numpy.ravel(a)
    inside = (flat >= edges[0]) & (flat <= edges[-1])
    place = numpy.minimum(numpy.searchsorted(edges, flat, "right") - 1, len(edges) - 2)
    return inside, place


def coordinates(sample: Any) -> Any:
    """The coordinates of points, one array for each axis: the columns of a matrix, or a list.

    >>> coordinates(numpy.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 3.],
           [2., 4.]])
    """
    return sample.T if isinstance(sample, numpy.ndarray) else sample


def _cells(samples: Any, edges: Any) -> tuple[Any, tuple[Any, ...], Any]:
    """Which points are counted, in which cells, and how large the cells are."""
    inside: Any = True
    places = []
    volume = numpy.ones(())
    for a, edge in zip(samples, edges, strict=True):
        within, place = _bins_of(a, edge)
        inside = inside & within
        places.append(numpy.where(within, place, 0))
        volume = numpy.multiply.outer(volume, numpy.diff(edge))
    return inside, tuple(places), volume


def histogram_weights(g: Any, weights: Any, counts: Any, samples: Any, edges: Any) -> Any:
    """Adjoint of a histogram by the weights of the samples.

    Args:
        g: the adjoint of the counts.
        weights: the weights.
        counts: the counts, where they are densities, else None.
        samples: the coordinates of the samples, one array for each axis.
        edges: the edges of the bins along each axis.

    >>> edges = numpy.array([0.0, 1.0, 2.0])
    >>> histogram_weights(numpy.array([3.0, 4.0]), [1.0, 1.0], None, [[0.5, 2.0]], [edges])
    array([3., 4.])
    """
    inside, places, volume = _cells(samples, edges)
    g = numpy.asarray(g)
    if counts is not None:
        total = numpy.sum(numpy.ravel(weights)[inside])
        g = (g / volume - numpy.sum(g * counts)) / total
    taken = numpy.where(inside, g[places], 0.0)
    return like(taken.reshape(numpy.shape(weights)), weights)


def histogram_weights_tangent(
    dweights: Any, weights: Any, counts: Any, samples: Any, edges: Any
) -> Any:
    """Tangent of a histogram along the weights of the samples."""
    inside, places, volume = _cells(samples, edges)
    grown = numpy.zeros(volume.shape)
    numpy.add.at(grown, places, numpy.ravel(dweights) * inside)
    if counts is None:
        return grown
    total = numpy.sum(numpy.ravel(weights)[inside])
    return (grown / volume - counts * numpy.sum(grown)) / total


def _density_slopes(g: Any, counts: Any, edges: Any) -> Any:
    """The adjoint of the edges of a density, which divides by the widths."""
    by_width = -g * counts / numpy.diff(edges)
    return numpy.concatenate(([0.0], by_width)) - numpy.concatenate((by_width, [0.0]))


def histogram_parts(
    g: Any, y: Any, a: Any, bins: Any = 10, range: Any = None, density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Adjoints of `a`, `bins` and `weights` of `y = numpy.histogram(a, bins, range, density, weights)`.

    The counts are constant almost everywhere; the edges go from the least to the greatest sample.
    """
    counts, edges = y
    by_counts, by_edges = numpy.asarray(g[0]), numpy.asarray(g[1])
    by_weights: Any = 0.0
    if weights is not None:
        by_weights = histogram_weights(
            by_counts, weights, counts if density else None, [a], [edges]
        )
    if density:
        by_edges = by_edges + _density_slopes(by_counts, counts, edges)
    if numpy.ndim(bins):
        return numpy.zeros(numpy.shape(a), float_dtype(a)), like(by_edges, bins), by_weights
    if range is not None or isinstance(bins, str):
        if isinstance(bins, str) and numpy.any(by_edges):
            raise UnsupportedError("bins that are chosen by a rule have no derivative")
        return numpy.zeros(numpy.shape(a), float_dtype(a)), 0.0, by_weights
    share = numpy.linspace(0, 1, len(edges))
    x = numpy.asarray(a)
    low = extremum_adjoint(numpy.sum(by_edges * (1 - share)), x, numpy.min(x))
    high = extremum_adjoint(numpy.sum(by_edges * share), x, numpy.max(x))
    return like(low + high, a), 0.0, by_weights


def histogram_tangent(
    da: Any, dbins: Any, dweights: Any, y: Any, a: Any, bins: Any = 10, range: Any = None,
    density: Any = None, weights: Any = None,
) -> tuple[Any, Any]:  # fmt: skip
    """Tangent of `y = numpy.histogram(a, bins, range, density, weights)`."""
    counts, edges = y
    moved = numpy.zeros(len(edges))
    if numpy.ndim(bins):
        moved = numpy.broadcast_to(numpy.asarray(dbins, "float64"), numpy.shape(edges))
    elif isinstance(bins, str):
        if numpy.any(da):
            raise UnsupportedError("bins that are chosen by a rule have no derivative")
    elif range is None:
        x, dx = numpy.asarray(a), numpy.asarray(da)
        share = numpy.linspace(0, 1, len(edges))
        low = numpy.sum(dx * extremum_adjoint(1.0, x, numpy.min(x)))
        high = numpy.sum(dx * extremum_adjoint(1.0, x, numpy.max(x)))
        moved = low * (1 - share) + high * share
    grown: Any = numpy.zeros(len(counts))
    if weights is not None:
        grown = histogram_weights_tangent(
            dweights, weights, counts if density else None, [a], [edges]
        )
    if density:
        grown = grown - counts * numpy.diff(moved) / numpy.diff(edges)
    return grown, moved
