"""Adjoints and tangents of polynomials, convolutions and interpolation.

>>> polyval_adjoint_p(1.0, numpy.zeros(3), 2.0)
array([4., 2., 1.])

Coefficients are NumPy's: the highest power first.
"""

from __future__ import annotations

import math
from typing import Any

import numpy
from numpy import conj

from tangent.runtime_decompositions import eigvals_adjoint, eigvals_tangent
from tangent.runtime_linalg import lstsq_adjoint_a, lstsq_adjoint_b, lstsq_inverse, lstsq_tangent
from tangent.runtime_values import like, unbroadcast, zeros_like

__all__ = [
    "convolve_adjoint_a",
    "convolve_adjoint_v",
    "correlate_adjoint_a",
    "correlate_adjoint_v",
    "interp_adjoint_fp",
    "interp_adjoint_x",
    "interp_adjoint_xp",
    "interp_tangent",
    "poly_adjoint",
    "poly_tangent",
    "polyadd_adjoint",
    "polyder_adjoint",
    "polydiv_adjoint",
    "polydiv_tangent",
    "polyfit_adjoint",
    "polyfit_tangent",
    "polyint_adjoint_k",
    "polyint_adjoint_p",
    "polymul_adjoint_a1",
    "polymul_adjoint_a2",
    "polyval_adjoint_p",
    "polyval_adjoint_x",
    "polyval_tangent",
    "roots_adjoint",
    "roots_tangent",
    "vander_adjoint",
    "vander_tangent",
]


# ---- values and coefficients -------------------------------------------------------------------


def polyval_adjoint_p(g: Any, p: Any, x: Any) -> Any:
    """Adjoint of the coefficients in `numpy.polyval(p, x)`: sums of `ȳ xᵏ`."""
    powers = numpy.vander(numpy.ravel(x), numpy.shape(p)[0])
    return like(numpy.dot(numpy.ravel(g), powers), p)


def polyval_adjoint_x(g: Any, p: Any, x: Any) -> Any:
    """Adjoint of the points in `numpy.polyval(p, x)`: `ȳ p'(x)`."""
    return like(g * numpy.polyval(numpy.polyder(numpy.asarray(p)), numpy.asarray(x)), x)


def polyval_tangent(dp: Any, dx: Any, p: Any, x: Any) -> Any:
    """Tangent of `numpy.polyval(p, x)`."""
    p, x = numpy.asarray(p), numpy.asarray(x)
    slope = numpy.polyval(numpy.polyder(p).astype(numpy.result_type(p, "float16")), x)
    return numpy.polyval(numpy.asarray(dp), x) + numpy.asarray(dx) * slope


def polyadd_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of either operand of `numpy.polyadd`: its own last coefficients.

    >>> polyadd_adjoint(numpy.array([1.0, 2.0, 3.0]), [0.5, 0.5])
    array([2., 3.])
    """
    return like(numpy.reshape(g[len(g) - numpy.size(a) :], numpy.shape(a)).copy(), a)


def _padded(g: Any, a1: Any, a2: Any) -> Any:
    """The adjoint of a product's coefficients, with those of leading zeros."""
    missing = numpy.size(a1) + numpy.size(a2) - 1 - numpy.size(g)
    return numpy.pad(g, (missing, 0)) if missing > 0 else g


def polymul_adjoint_a1(g: Any, a1: Any, a2: Any) -> Any:
    """Adjoint of the first operand of `numpy.polymul(a1, a2)`."""
    out = numpy.correlate(_padded(g, a1, a2), conj(numpy.atleast_1d(a2)), "valid")
    return like(numpy.reshape(out, numpy.shape(a1)), a1)


def polymul_adjoint_a2(g: Any, a1: Any, a2: Any) -> Any:
    """Adjoint of the second operand of `numpy.polymul(a1, a2)`."""
    return polymul_adjoint_a1(g, a2, a1)


def _division(u: Any, v: Any) -> tuple[Any, int]:
    """The matrix of `q ↦ q v`, and the length of `q`: its upper part gives `q` from `u`."""
    u, v = numpy.atleast_1d(u), numpy.atleast_1d(v)
    count = len(u) - len(v) + 1
    matrix = numpy.zeros((len(u), count), numpy.result_type(u, v, "float16"))
    for i in range(count):
        matrix[i : i + len(v), i] = v
    return matrix, count


def polydiv_adjoint(which: str, gq: Any, gr: Any, u: Any, v: Any, q: Any, r: Any) -> Any:
    """Adjoint of `u` or `v` in `q, r = numpy.polydiv(u, v)`: `u̇ - q v̇ = q̇ v + ṙ`."""
    out = _padded_to(gr + numpy.zeros_like(r), numpy.size(u))
    if numpy.size(u) < numpy.size(v):  # q is zero, and r is u
        return like(out, u) if which == "u" else zeros_like(v)
    matrix, count = _division(u, v)
    head = gq + numpy.zeros_like(q) - numpy.dot(matrix[count:].T, out[count:])
    out[:count] = numpy.linalg.solve(matrix[:count].T, head)
    if which == "u":
        return like(numpy.reshape(out, numpy.shape(u)), u)
    return like(-polymul_adjoint_a2(out, q, v), v)


def _padded_to(g: Any, size: int) -> Any:
    return numpy.concatenate((numpy.zeros(size - numpy.size(g), g.dtype), g))


def polydiv_tangent(du: Any, dv: Any, u: Any, v: Any, q: Any, r: Any) -> tuple[Any, Any]:
    """Tangents of `q, r = numpy.polydiv(u, v)`."""
    du, dv = numpy.atleast_1d(du), numpy.atleast_1d(dv)
    if numpy.size(u) < numpy.size(v):
        return numpy.zeros_like(q), du[len(du) - len(r) :]
    change = numpy.asarray(du - numpy.convolve(q, dv), numpy.result_type(q, du))
    matrix, count = _division(u, v)
    dq = numpy.linalg.solve(matrix[:count], change[:count])
    dr = change - numpy.dot(matrix, dq)
    return dq, dr[len(dr) - len(r) :]


def polyder_adjoint(g: Any, p: Any, m: int = 1) -> Any:
    """Adjoint of `numpy.polyder(p, m)`.

    >>> polyder_adjoint(numpy.ones(2), numpy.zeros(3))
    array([2., 1., 0.])
    """
    size = numpy.size(p)
    powers = numpy.arange(size - 1, m - 1, -1)
    factors = numpy.array([math.perm(int(k), m) for k in powers], dtype=numpy.real(g).dtype)
    return like(numpy.pad(g * factors, (0, size - numpy.size(factors))), p)


def polyint_adjoint_p(g: Any, p: Any, m: int = 1) -> Any:
    """Adjoint of `p` in `numpy.polyint(p, m, k)`."""
    size = numpy.size(p)
    powers = numpy.arange(size - 1, -1, -1)
    factors = numpy.array([math.perm(int(k) + m, m) for k in powers], dtype=numpy.real(g).dtype)
    return like(g[:size] / factors, p)


def polyint_adjoint_k(g: Any, k: Any, m: int = 1) -> Any:
    """Adjoint of the constants in `numpy.polyint(p, m, k)`: `kⱼ` ends in `xᵐ⁻¹⁻ʲ / (m-1-j)!`."""
    factors = numpy.array([math.factorial(i) for i in reversed(range(m))], numpy.real(g).dtype)
    each = g[len(g) - m :] / factors
    return (
        unbroadcast(each, k)
        if numpy.size(k) == m
        else like(numpy.reshape(numpy.sum(each), numpy.shape(k)), k)
    )


# ---- roots -------------------------------------------------------------------------------------


def poly_adjoint(g: Any, seq: Any) -> Any:
    """Adjoint of the roots (or of the matrix with these eigenvalues) in `numpy.poly(seq)`."""
    if numpy.ndim(seq) == 2:
        return like(eigvals_adjoint(poly_adjoint(g, numpy.linalg.eigvals(seq)), seq), seq)
    roots = numpy.atleast_1d(seq)
    parts = [
        -numpy.sum(g[1:] * numpy.poly(numpy.delete(roots, i))) for i in range(numpy.size(roots))
    ]
    return like(numpy.reshape(numpy.array(parts), numpy.shape(seq)), seq)


def poly_tangent(dseq: Any, seq: Any, y: Any) -> Any:
    """Tangent of `y = numpy.poly(seq)`."""
    if numpy.ndim(seq) == 2:
        return poly_tangent(eigvals_tangent(dseq, seq), numpy.linalg.eigvals(seq), y)
    roots, changes = numpy.atleast_1d(seq), numpy.atleast_1d(dseq)
    total = numpy.zeros(numpy.shape(y), numpy.result_type(y, changes))
    for i in range(numpy.size(roots)):
        total[1:] -= changes[i] * numpy.poly(numpy.delete(roots, i))
    return total if numpy.iscomplexobj(y) else numpy.real(total)


def _slopes(p: Any, y: Any) -> Any:
    """Derivatives of roots by coefficients: `-xᵏ / p'(x)`, a row for each root."""
    return -numpy.vander(y, numpy.size(p)) / numpy.polyval(numpy.polyder(p), y)[:, None]


def roots_adjoint(g: Any, p: Any, y: Any) -> Any:
    """Adjoint of the coefficients in `y = numpy.roots(p)`; not finite where roots coincide."""
    return like(numpy.dot(g, _slopes(numpy.asarray(p), y)), p)


def roots_tangent(dp: Any, p: Any, y: Any) -> Any:
    """Tangent of `y = numpy.roots(p)`."""
    return numpy.dot(_slopes(numpy.asarray(p), y), numpy.asarray(dp))


def _vander_slopes(x: Any, y: Any, increasing: bool) -> Any:
    count = y.shape[-1]
    powers = numpy.arange(count) if increasing else numpy.arange(count - 1, -1, -1)
    below = numpy.asarray(x)[..., None] ** numpy.maximum(powers - 1, 0)
    return (powers * below).astype(numpy.result_type(y.dtype, "float32"))


def vander_adjoint(g: Any, x: Any, y: Any, increasing: bool = False) -> Any:
    """Adjoint of `x` in `y = numpy.vander(x, N, increasing)`."""
    return like(numpy.sum(g * _vander_slopes(x, y, increasing), axis=-1), x)


def vander_tangent(dx: Any, x: Any, y: Any, increasing: bool = False) -> Any:
    """Tangent of `y = numpy.vander(x, N, increasing)`."""
    return numpy.asarray(dx)[..., None] * _vander_slopes(x, y, increasing)


def _weighted(x: Any, y: Any, deg: int, w: Any) -> tuple[Any, Any, Any]:
    """The least squares problem that `numpy.polyfit` solves, and the weights."""
    weights = numpy.ones(numpy.shape(x)[0]) if w is None else numpy.asarray(w) + 0.0
    lhs = numpy.vander(numpy.asarray(x) + 0.0, deg + 1)
    rhs = numpy.asarray(y) + 0.0
    return lhs, rhs, weights


def _scaled(v: Any, weights: Any) -> Any:
    return v * (weights if numpy.ndim(v) == 1 else weights[:, None])


def polyfit_adjoint(which: str, g: Any, x: Any, y: Any, deg: int, c: Any, w: Any = None) -> Any:
    """Adjoint of one argument (`which`) of `c = numpy.polyfit(x, y, deg, w=w)`."""
    lhs, rhs, weights = _weighted(x, y, deg, w)
    a, b = _scaled(lhs, weights), _scaled(rhs, weights)
    inverse = lstsq_inverse(a)
    if which != "y":
        of_a = lstsq_adjoint_a(g, 0.0, 0.0, a, b, c, (), inverse)
    if which == "x":
        return vander_adjoint(_scaled(of_a, weights), x, lhs)
    of_b = lstsq_adjoint_b(g, 0.0, a, b, c, (), inverse)
    if which == "y":
        return like(_scaled(of_b, weights), y)
    total = numpy.sum(of_a * lhs, axis=1)
    return like(total + numpy.sum(numpy.reshape(of_b * rhs, (len(total), -1)), axis=1), w)


def polyfit_tangent(
    dx: Any, dy: Any, dw: Any, x: Any, y: Any, deg: int, c: Any, w: Any = None
) -> Any:
    """Tangent of `c = numpy.polyfit(x, y, deg, w=w)`."""
    lhs, rhs, weights = _weighted(x, y, deg, w)
    da = _scaled(vander_tangent(dx, x, lhs), weights)
    db = _scaled(numpy.asarray(dy) + 0.0, weights)
    if w is not None:
        change = numpy.asarray(dw)
        da, db = da + _scaled(lhs, change), db + _scaled(rhs, change)
    a, b = _scaled(lhs, weights), _scaled(rhs, weights)
    return lstsq_tangent(da, db, a, b, c, (), ())[0]


# ---- convolution -------------------------------------------------------------------------------


def _in_full(g: Any, m: int, n: int, start: int) -> Any:
    """The adjoint of a part of a full convolution, as one of all of it."""
    return numpy.pad(g, (start, m + n - 1 - start - numpy.shape(g)[0]))


def _start_of_convolution(m: int, n: int, mode: Any) -> int:
    short = min(m, n)
    return {"full": 0, "same": (short - 1) // 2, "valid": short - 1}[mode]


def _start_of_correlation(m: int, n: int, mode: Any) -> int:
    if mode == "same":
        return (n - 1) // 2 if m >= n else m // 2
    return {"full": 0, "valid": min(m, n) - 1}[mode]


def convolve_adjoint_a(g: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """Adjoint of `a` in `numpy.convolve(a, v, mode)`.

    >>> convolve_adjoint_a(numpy.ones(3), numpy.zeros(2), numpy.array([1.0, 2.0]))
    array([3., 3.])
    """
    m, n = numpy.size(a), numpy.size(v)
    full = _in_full(g, m, n, _start_of_convolution(m, n, mode))
    out = numpy.correlate(full, conj(numpy.atleast_1d(v)), "valid")
    return like(numpy.reshape(out, numpy.shape(a)), a)


def convolve_adjoint_v(g: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """Adjoint of `v` in `numpy.convolve(a, v, mode)`: convolution is commutative."""
    return convolve_adjoint_a(g, v, a, mode)


def correlate_adjoint_a(g: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """Adjoint of `a` in `numpy.correlate(a, v, mode)`, which conjugates `v`."""
    m, n = numpy.size(a), numpy.size(v)
    full = _in_full(g, m, n, _start_of_correlation(m, n, mode))
    out = numpy.correlate(full, numpy.atleast_1d(v)[::-1], "valid")
    return like(numpy.reshape(out, numpy.shape(a)), a)


def correlate_adjoint_v(g: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """Adjoint of `v` in `numpy.correlate(a, v, mode)`."""
    m, n = numpy.size(a), numpy.size(v)
    full = _in_full(g, m, n, _start_of_correlation(m, n, mode))
    out = conj(numpy.correlate(full, conj(numpy.atleast_1d(a)), "valid"))[::-1]
    return like(numpy.reshape(out, numpy.shape(v)), v)


# ---- interpolation -----------------------------------------------------------------------------


def _segments(x: Any, xp: Any, fp: Any, period: Any) -> Any:
    """Where points lie: the indices of both ends, the slope, the part of the segment, below, above."""
    x, xp, fp = numpy.asarray(x) + 0.0, numpy.asarray(xp) + 0.0, numpy.asarray(fp) + 0.0
    count = numpy.size(xp)
    if period is None:
        place = numpy.arange(count)
        nodes = xp
    else:
        period = numpy.abs(period)
        x, wrapped = numpy.mod(x, period), numpy.mod(xp, period)
        order = numpy.argsort(wrapped)
        place = numpy.concatenate((order[-1:], order, order[:1]))
        nodes = wrapped[order]
        nodes = numpy.concatenate((nodes[-1:] - period, nodes, nodes[:1] + period))
    right = numpy.clip(numpy.searchsorted(nodes, x, side="right"), 1, max(numpy.size(nodes) - 1, 1))
    left = right - 1
    right = numpy.minimum(right, numpy.size(nodes) - 1)
    width = nodes[right] - nodes[left]
    width = width + numpy.equal(width, 0)
    slope = (fp[place[right]] - fp[place[left]]) / width
    below, above = numpy.less(x, nodes[0]), numpy.greater(x, nodes[-1])
    part = numpy.clip((x - nodes[left]) / width, 0, 1)
    inside = numpy.logical_not(numpy.logical_or(below, above))
    return place[left], place[right], slope * inside, part, below, above


def interp_adjoint_x(g: Any, x: Any, xp: Any, fp: Any, period: Any = None) -> Any:
    """Adjoint of `x` in `numpy.interp(x, xp, fp)`: the slopes; of the segment on the right at a node."""
    _, _, slope, _, _, _ = _segments(x, xp, fp, period)
    return like(g * slope, x)


def interp_adjoint_xp(g: Any, x: Any, xp: Any, fp: Any, period: Any = None) -> Any:
    """Adjoint of `xp` in `numpy.interp(x, xp, fp)`: moving a node tilts both of its segments."""
    left, right, slope, part, _, _ = _segments(x, xp, fp, period)
    moved = -g * slope
    return like(_collected(left, moved * (1 - part), xp) + _collected(right, moved * part, xp), xp)


def interp_adjoint_fp(
    g: Any, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """Adjoint of `fp` in `numpy.interp(x, xp, fp, left, right)`: the weights of both ends."""
    i, j, _, part, below, above = _segments(x, xp, fp, period)
    if left is not None and period is None:
        g = numpy.where(below, 0, g)
    if right is not None and period is None:
        g = numpy.where(above, 0, g)
    return like(_collected(i, g * (1 - part), fp) + _collected(j, g * part, fp), fp)


def _collected(place: Any, g: Any, x: Any) -> Any:
    """Sums of `g` by index."""
    place, g, size = numpy.ravel(place), numpy.ravel(g), numpy.size(x)
    if numpy.iscomplexobj(g):
        real = numpy.bincount(place, numpy.real(g), size)
        return real + 1j * numpy.bincount(place, numpy.imag(g), size)
    return numpy.bincount(place, g, size)


def interp_tangent(
    dx: Any,
    dxp: Any,
    dfp: Any,
    ends: Any,
    x: Any,
    xp: Any,
    fp: Any,
    left: Any = None,
    right: Any = None,
    period: Any = None,
) -> Any:
    """Tangent of `numpy.interp(x, xp, fp, left, right, period)`; `ends`: those of left and right."""
    i, j, slope, part, below, above = _segments(x, xp, fp, period)
    dx, dxp, dfp = numpy.asarray(dx), numpy.asarray(dxp), numpy.asarray(dfp)
    rise = dfp[i] * (1 - part) + dfp[j] * part
    if left is not None and period is None:
        rise = numpy.where(below, ends[0], rise)
    if right is not None and period is None:
        rise = numpy.where(above, ends[1], rise)
    return rise + slope * (dx - dxp[i] * (1 - part) - dxp[j] * part)
