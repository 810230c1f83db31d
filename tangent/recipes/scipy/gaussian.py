"""Derivatives of multivariate densities of the form f((x − μ)ᵀ Σ⁻¹ (x − μ), det Σ).

    y = stats.multivariate_normal.logpdf(x, mean, cov)      w = gaussian.pull(x, mean, cov)
                                                            x̄ = gaussian.to_points(−ȳ, w, x)

SciPy takes points of any shape whose last axis has the components, and covariances that are a
number, a diagonal or a matrix, of which it reads the lower triangle: so that is what an adjoint is
by. Formulas: K. B. Petersen & M. S. Pedersen, *The Matrix Cookbook* (2012), section 8.1.
"""

from __future__ import annotations

from typing import Any

import numpy

__all__ = [
    "distance",
    "distance_tangent",
    "log_determinant_tangent",
    "pull",
    "to_covariance",
    "to_location",
    "to_points",
]


def _parts(x: Any, mean: Any, cov: Any) -> tuple[Any, Any, Any]:
    """The deviations of the points as rows, the covariance as a matrix, the shape of the points."""
    cov = numpy.asarray(1.0 if cov is None else cov, float)
    if mean is None:
        mean = numpy.zeros(1 if cov.ndim < 2 else len(cov))
    mean = numpy.reshape(mean, -1)
    if len(mean) == 1:
        cov = cov.reshape(1, 1)
    elif cov.ndim == 0:
        cov = cov * numpy.eye(len(mean))
    elif cov.ndim == 1:
        cov = numpy.diag(cov)
    lower = numpy.tril(cov)
    x = numpy.asarray(x, float)
    shape = x.shape if len(mean) == 1 and x.ndim < 2 else x.shape[:-1]
    return x.reshape(-1, len(mean)) - mean, lower + numpy.tril(lower, -1).T, shape


def pull(x: Any, mean: Any, cov: Any) -> Any:
    """Σ⁻¹ (x − μ), a row for each point.

    >>> pull([1.0, 2.0], [0.0, 0.0], [[2.0, 0.0], [0.0, 4.0]])
    array([[0.5, 0.5]])
    """
    deviation, cov, _ = _parts(x, mean, cov)
    return numpy.linalg.solve(cov, deviation.T).T


def distance(x: Any, mean: Any, cov: Any) -> Any:
    """(x − μ)ᵀ Σ⁻¹ (x − μ), in the shape of the density.

    >>> float(distance([1.0, 2.0], None, [[2.0, 0.0], [0.0, 4.0]]))
    1.5
    """
    deviation, cov, shape = _parts(x, mean, cov)
    squares = numpy.sum(deviation * numpy.linalg.solve(cov, deviation.T).T, 1)
    return numpy.squeeze(squares.reshape(shape))[()]


def to_points(g: Any, w: Any, x: Any) -> Any:
    """The adjoint of the points: `g` times Σ⁻¹ (x − μ)."""
    return numpy.reshape(numpy.reshape(g, (-1, 1)) * w, numpy.shape(x))[()]


def to_location(g: Any, w: Any, mean: Any) -> Any:
    """The adjoint of the mean: the sum of those of the points."""
    return numpy.reshape(numpy.sum(numpy.reshape(g, (-1, 1)) * w, 0), numpy.shape(mean))[()]


def to_covariance(g: Any, h: Any, w: Any, cov: Any) -> Any:
    """Σ h w wᵀ − Σ g Σ⁻¹, halved, as an adjoint of what SciPy reads of the covariance.

    `g` are adjoints of the log-density as far as it depends on the determinant, `h` on distances.
    """
    size = w.shape[1]
    given = numpy.asarray(cov, float)
    matrix = (
        given.reshape(1, 1) if size == 1 else given * numpy.eye(size) if given.ndim < 2 else given
    )
    lower = numpy.tril(matrix)
    inverse = numpy.linalg.inv(lower + numpy.tril(lower, -1).T)
    h = numpy.reshape(h, (-1, 1))
    adjoint = (numpy.dot((h * w).T, w) - numpy.sum(g) * inverse) / 2
    if given.ndim == 2:
        return numpy.tril(adjoint) + numpy.tril(adjoint, -1)
    diagonal = numpy.diagonal(adjoint)
    return numpy.sum(diagonal)[()] if given.ndim == 0 else diagonal.reshape(given.shape).copy()


def distance_tangent(dx: Any, dmean: Any, dcov: Any, x: Any, mean: Any, cov: Any) -> Any:
    """The tangent of `distance`: 2 wᵀ (ẋ − μ̇) − wᵀ Σ̇ w."""
    w = pull(x, mean, cov)
    zero = numpy.zeros(w.shape[1])
    deviation, dcov, shape = _parts(
        dx, zero if dmean is None else dmean, 0.0 if dcov is None else dcov
    )
    squares = numpy.sum(w * (2 * deviation - numpy.dot(w, dcov)), 1)
    return numpy.squeeze(squares.reshape(shape))[()]


def log_determinant_tangent(dcov: Any, x: Any, mean: Any, cov: Any) -> Any:
    """The tangent of log det Σ: tr(Σ⁻¹ Σ̇)."""
    deviation, matrix, _ = _parts(x, mean, cov)
    zero = numpy.zeros(deviation.shape[1])
    _, direction, _ = _parts(deviation, zero, 0.0 if dcov is None else dcov)
    return numpy.trace(numpy.linalg.solve(matrix, direction))


# --- compositions: components along the first axis, the last may be left out --------------------


def completed(x: Any, alpha: Any) -> Any:
    """The points of a Dirichlet distribution, with the last component if that is left out.

    >>> completed([0.25, 0.25], [1.0, 1.0, 1.0])
    array([0.25, 0.25, 0.5 ])
    """
    x = numpy.asarray(x, float)
    if len(x) == numpy.size(alpha):
        return x
    return numpy.concatenate([x, 1 - numpy.sum(x, 0, keepdims=True)])


def completed_tangent(dx: Any, alpha: Any) -> Any:
    """The tangent of `completed`."""
    dx = numpy.asarray(dx, float)
    if len(dx) == numpy.size(alpha):
        return dx
    return numpy.concatenate([dx, -numpy.sum(dx, 0, keepdims=True)])


def from_completed(g: Any, x: Any) -> Any:
    """The adjoint of `completed`."""
    return g if numpy.shape(g) == numpy.shape(x) else g[:-1] - g[-1:]


def along_first(alpha: Any, whole: Any) -> Any:
    """A vector in the shape of the first axis of another."""
    return numpy.reshape(alpha, (-1,) + (1,) * (numpy.ndim(whole) - 1))


def sum_of_points(g: Any, alpha: Any) -> Any:
    """The sum of a row of each component, in the shape of the parameters."""
    return numpy.sum(numpy.reshape(g, (numpy.size(alpha), -1)), 1).reshape(numpy.shape(alpha))
