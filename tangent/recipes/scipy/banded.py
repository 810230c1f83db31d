"""Adjoints and tangents for banded and structured matrices of `scipy.linalg`.

>>> diagonals_adjoint(numpy.ones((2, 2)))
(array([2., 1.]), array([0., 1.]))

What is linear in the entries of a structured matrix has as its adjoint the sums of the dense
adjoint over the places where an entry stands.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import conj, matmul, matrix_transpose
from scipy import linalg

from tangent.errors import UnsupportedError
from tangent.recipes.scipy.matrices import (
    cho_solve_adjoint_c,
    cho_solve_tangent,
    cholesky_adjoint,
    cholesky_tangent,
)
from tangent.runtime_decompositions import eigh_adjoint, eigh_tangent
from tangent.runtime_linalg import columns
from tangent.runtime_values import like, zeros_like


def single(x: Any, rank: int, name: str) -> Any:
    """`x` as an array, where it is not a stack: those have no derivative here.

    Raises:
        UnsupportedError: it has more dimensions.
    """
    array = numpy.asarray(x)
    if array.ndim > rank:
        raise UnsupportedError(
            f"scipy.linalg.{name} of a stack can't be differentiated",
            why=f"an argument has {array.ndim} dimensions",
            remedy="call it for each element of the stack",
        )
    return array


# ---- banded matrices: ab[u + i - j, j] is the element (i, j) --------------------------------------


def _from_band(ab: Any, low: int, up: int) -> Any:
    """The dense matrix of a banded one."""
    n = ab.shape[-1]
    out = numpy.zeros((n, n), ab.dtype)
    for k in range(-low, up + 1):
        i = numpy.arange(max(0, -k), min(n, n - k))
        out[i, i + k] = ab[up - k, i + k]
    return out


def _to_band(s: Any, low: int, up: int) -> Any:
    """The diagonals of a dense matrix as a banded one; zero where the band has no element."""
    n = s.shape[-1]
    out = numpy.zeros((low + up + 1, n), s.dtype)
    for k in range(-low, up + 1):
        i = numpy.arange(max(0, -k), min(n, n - k))
        out[up - k, i + k] = s[i, i + k]
    return out


def _outer_band(g: Any, y: Any, low: int, up: int) -> Any:
    """The diagonals of `-g yᵀ`, without the dense matrix."""
    n = g.shape[0]
    out = numpy.zeros((low + up + 1, n), numpy.result_type(g, y))
    for k in range(-low, up + 1):
        i = numpy.arange(max(0, -k), min(n, n - k))
        out[up - k, i + k] = -numpy.sum(g[i] * y[i + k], axis=-1)
    return out


def _transposed_band(ab: Any, low: int, up: int) -> Any:
    """The band of the transpose."""
    n = ab.shape[-1]
    out = numpy.zeros_like(ab)
    for k in range(-low, up + 1):
        i = numpy.arange(max(0, -k), min(n, n - k))
        out[low + k, i] = ab[up - k, i + k]
    return out


def _band_times(ab: Any, y: Any, low: int, up: int) -> Any:
    n = ab.shape[-1]
    out = numpy.zeros(y.shape, numpy.result_type(ab, y))
    for k in range(-low, up + 1):
        i = numpy.arange(max(0, -k), min(n, n - k))
        out[i] += ab[up - k, i + k][:, None] * y[i + k]
    return out


def banded_back(g: Any, l_and_u: Any, ab: Any) -> Any:
    """`A⁻ᵀ ȳ`: the adjoint of `b` in `y = scipy.linalg.solve_banded(l_and_u, ab, b)`."""
    low, up = l_and_u
    band = _transposed_band(single(ab, 2, "solve_banded"), low, up)
    return linalg.solve_banded((up, low), band, g)


def banded_adjoint_ab(g: Any, l_and_u: Any, ab: Any, b: Any, y: Any) -> Any:
    """Adjoint of `ab` in `y = scipy.linalg.solve_banded(l_and_u, ab, b)`, from `g = A⁻ᵀ ȳ`."""
    return like(_outer_band(columns(g, b), columns(y, b), *l_and_u), ab)


def banded_tangent(dab: Any, db: Any, l_and_u: Any, ab: Any, b: Any, y: Any) -> Any:
    """Tangent of `y = scipy.linalg.solve_banded(l_and_u, ab, b)`."""
    change = _band_times(single(dab, 2, "solve_banded"), columns(y, b), *l_and_u)
    right = columns(numpy.asarray(db), b) - change
    out = linalg.solve_banded(l_and_u, ab, right)
    return out[..., 0] if numpy.ndim(b) == 1 else out


def _both_halves(ab: Any, lower: Any) -> tuple[Any, int]:
    """The whole band of a Hermitian matrix of which one half is given."""
    count = ab.shape[0] - 1
    n = ab.shape[-1]
    out = numpy.zeros((2 * count + 1, n), ab.dtype)
    for k in range(count + 1):
        i = numpy.arange(n - k)
        part = ab[k, : n - k] if lower else conj(ab[count - k, k:])
        out[count + k, i] = part if k else numpy.real(part)
        out[count - k, i + k] = conj(part) if k else numpy.real(part)
    return out, count


def _half_of(s: Any, count: int, lower: Any) -> Any:
    """What remains of the adjoint of a whole band where one half is read."""
    n = s.shape[-1]
    out = numpy.zeros((count + 1, n), s.dtype)
    for k in range(count + 1):
        below, above = s[count + k, : n - k], s[count - k, k:]
        if k == 0:
            out[0 if lower else count] = numpy.real(below)
        elif lower:
            out[k, : n - k] = below + conj(above)
        else:
            out[count - k, k:] = above + conj(below)
    return out


def hermitian_banded_back(g: Any, ab: Any, lower: Any = False) -> Any:
    """`A⁻ᵀ ȳ`: the adjoint of `b` in `y = scipy.linalg.solveh_banded(ab, b, lower=lower)`."""
    return conj(linalg.solveh_banded(single(ab, 2, "solveh_banded"), conj(g), lower=lower))


def hermitian_banded_adjoint_ab(g: Any, ab: Any, b: Any, y: Any, lower: Any = False) -> Any:
    """Adjoint of `ab` in `y = scipy.linalg.solveh_banded(ab, b, lower=lower)`, from `g = A⁻ᵀ ȳ`."""
    count = numpy.shape(ab)[0] - 1
    return like(_half_of(_outer_band(columns(g, b), columns(y, b), count, count), count, lower), ab)


def hermitian_banded_tangent(dab: Any, db: Any, ab: Any, b: Any, y: Any, lower: Any = False) -> Any:
    """Tangent of `y = scipy.linalg.solveh_banded(ab, b, lower=lower)`."""
    both, count = _both_halves(single(dab, 2, "solveh_banded"), lower)
    right = columns(numpy.asarray(db), b) - _band_times(both, columns(y, b), count, count)
    out = linalg.solveh_banded(ab, right, lower=lower)
    return out[..., 0] if numpy.ndim(b) == 1 else out


def eigenvalues_banded(g: Any, a_band: Any, lower: Any, w: Any, v: Any, gv: Any) -> Any:
    """Adjoint of the band of a Hermitian matrix, from those of eigenvalues and eigenvectors."""
    count = single(a_band, 2, "eig_banded").shape[0] - 1
    dense = eigh_adjoint(g, gv, w, v, "L" if lower else "U")
    band = _to_band(dense, count if lower else 0, 0 if lower else count)
    return like(band, a_band)


def dense_hermitian(a_band: Any, lower: Any) -> Any:
    """The dense matrix of half of a band."""
    both, count = _both_halves(single(a_band, 2, "eig_banded"), lower)
    return _from_band(both, count, count)


def cholesky_banded_adjoint(g: Any, y: Any, lower: Any = False) -> Any:
    """Adjoint of `ab` in `y = scipy.linalg.cholesky_banded(ab, lower=lower)`, by dense matrices."""
    count = single(y, 2, "cholesky_banded").shape[0] - 1
    halves = (count, 0) if lower else (0, count)
    dense = cholesky_adjoint(_from_band(g, *halves), _from_band(y, *halves), lower)
    return _to_band(dense, *halves) + g * _outside(y.shape, *halves)


def _outside(shape: Any, low: int, up: int) -> Any:
    """1 where a band has no element: what is there stays there."""
    return 1 - _to_band(numpy.ones((shape[-1], shape[-1])), low, up).astype(int)


def cholesky_banded_tangent(dab: Any, y: Any, lower: Any = False) -> Any:
    """Tangent of `y = scipy.linalg.cholesky_banded(ab, lower=lower)`, by dense matrices."""
    count = single(y, 2, "cholesky_banded").shape[0] - 1
    halves = (count, 0) if lower else (0, count)
    dense = cholesky_tangent(_from_band(numpy.asarray(dab), *halves), _from_band(y, *halves), lower)
    return _to_band(dense, *halves) + numpy.asarray(dab) * _outside(y.shape, *halves)


def tridiagonal_adjoint(which: str, gw: Any, gv: Any, w: Any, v: Any, x: Any) -> Any:
    """Adjoint of the diagonal (`"d"`) or off-diagonal (`"e"`) of a symmetric tridiagonal matrix."""
    s = eigh_adjoint(gw, gv, w, v)
    return like(numpy.diagonal(s, 0 if which == "d" else -1, -2, -1), x)


def tridiagonal_tangent(dd: Any, de: Any, w: Any, v: Any) -> Any:
    """Tangents of `w, v = scipy.linalg.eigh_tridiagonal(d, e)`."""
    dd, de = numpy.asarray(dd), numpy.asarray(de)
    n = dd.shape[-1]
    below = numpy.pad(de, [(0, 0)] * (de.ndim - 1) + [(1, 0)])[..., None] * numpy.eye(n, k=-1)
    return eigh_tangent(dd[..., None] * numpy.eye(n) + below, w, v)


# ---- structured matrices -------------------------------------------------------------------------


def _diagonal_sums(s: Any, first: int, last: int) -> Any:
    """Sums of the diagonals of matrices, from one offset to another."""
    step = 1 if last >= first else -1
    places = range(first, last + step, step)
    return numpy.stack([numpy.sum(numpy.diagonal(s, k, -2, -1), axis=-1) for k in places], axis=-1)


def diagonals_adjoint(g: Any) -> tuple[Any, Any]:
    """Adjoints of the first column and the first row of a Toeplitz matrix (of which row[0] is not)."""
    column = _diagonal_sums(g, 0, 1 - g.shape[-2])
    row = _diagonal_sums(g, 0, g.shape[-1] - 1)
    row[..., 0] = 0
    return column, row


def toeplitz_adjoint_c(g: Any, c: Any, r: Any = None) -> Any:
    """Adjoint of `c` in `scipy.linalg.toeplitz(c, r)`; without `r` the row is its conjugate."""
    column, row = diagonals_adjoint(g)
    out = column if r is not None else column + conj(row)
    return like(numpy.reshape(out, numpy.shape(c)), c)


def toeplitz_adjoint_r(g: Any, r: Any) -> Any:
    """Adjoint of `r` in `scipy.linalg.toeplitz(c, r)`."""
    return like(numpy.reshape(diagonals_adjoint(g)[1], numpy.shape(r)), r)


def hankel_adjoint_c(g: Any, c: Any) -> Any:
    """Adjoint of `c` in `scipy.linalg.hankel(c, r)`: sums of the first anti-diagonals."""
    flipped = numpy.asarray(g)[:, ::-1]
    rows, count = flipped.shape
    out = _diagonal_sums(flipped, count - 1, count - rows)
    return like(numpy.reshape(out, numpy.shape(c)), c)


def hankel_adjoint_r(g: Any, r: Any) -> Any:
    """Adjoint of `r` in `scipy.linalg.hankel(c, r)`; its first element is not read."""
    flipped = numpy.asarray(g)[:, ::-1]
    rows, count = flipped.shape
    out = _diagonal_sums(flipped, count - rows, 1 - rows)
    out[0] = 0
    return like(numpy.reshape(out, numpy.shape(r)), r)


def circulant_adjoint(g: Any, c: Any) -> Any:
    """Adjoint of `c` in `scipy.linalg.circulant(c)`, whose element (i, j) is `c[i - j]`."""
    n = g.shape[-1]
    i = numpy.arange(n)
    return like(numpy.stack([numpy.sum(g[..., (i + k) % n, i], axis=-1) for k in range(n)], -1), c)


def convolution_matrix_adjoint(g: Any, a: Any, n: int, mode: str = "full") -> Any:
    """Adjoint of `a` in `scipy.linalg.convolution_matrix(a, n, mode)`: `A[i, j] = a[i - j + s]`."""
    size = numpy.shape(a)[-1]
    start = {"full": 0, "same": (min(size, n) - 1) // 2, "valid": min(size, n) - 1}[mode]
    return like(_diagonal_sums(g, start, start + 1 - size), a)


def block_diag_adjoint(g: Any, position: int, *arrs: Any) -> Any:
    """Adjoint of one argument of `scipy.linalg.block_diag(*arrs)`: its block."""
    shapes = [numpy.shape(numpy.atleast_2d(a)) for a in arrs]
    row = sum(shape[-2] for shape in shapes[:position])
    column = sum(shape[-1] for shape in shapes[:position])
    rows, count = shapes[position][-2:]
    part = g[..., row : row + rows, column : column + count]
    return like(numpy.reshape(part, numpy.shape(arrs[position])).copy(), arrs[position])


def khatri_rao_adjoint(g: Any, a: Any, b: Any, first: bool) -> Any:
    """Adjoint of one operand of `scipy.linalg.khatri_rao(a, b)`, Kronecker products of columns."""
    a, b = numpy.asarray(a), numpy.asarray(b)
    parts = numpy.reshape(g, (*g.shape[:-2], a.shape[-2], b.shape[-2], g.shape[-1]))
    if first:
        return like(numpy.sum(parts * b[..., None, :, :], axis=-2), a)
    return like(numpy.sum(parts * a[..., :, None, :], axis=-3), b)


def companion_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` in `scipy.linalg.companion(a)`, whose first row is `-a[1:] / a[0]`."""
    a = numpy.asarray(a)
    row = g[..., 0, :]
    rest = -row / a[..., :1]
    head = numpy.sum(row * a[..., 1:], axis=-1, keepdims=True) / a[..., :1] ** 2
    return like(numpy.concatenate((head, rest), axis=-1), a)


def companion_tangent(da: Any, a: Any) -> Any:
    """Tangent of `scipy.linalg.companion(a)`."""
    a, da = numpy.asarray(a), numpy.asarray(da)
    out = numpy.zeros((*a.shape[:-1], a.shape[-1] - 1, a.shape[-1] - 1), numpy.result_type(a, da))
    out[..., 0, :] = (-da[..., 1:] + a[..., 1:] * da[..., :1] / a[..., :1]) / a[..., :1]
    return out


def leslie_adjoint_f(g: Any, f: Any) -> Any:
    """Adjoint of the fecundities in `scipy.linalg.leslie(f, s)`: the first row."""
    return like(g[..., 0, :].copy(), f)


def leslie_adjoint_s(g: Any, s: Any) -> Any:
    """Adjoint of the survival rates in `scipy.linalg.leslie(f, s)`: the subdiagonal."""
    return like(numpy.diagonal(g, -1, -2, -1), s)


def fiedler_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` in `scipy.linalg.fiedler(a)`: `|a[i] - a[j]|`."""
    a = numpy.asarray(a)
    signs = numpy.sign(a[..., :, None] - a[..., None, :])
    return like(numpy.sum((g + matrix_transpose(g)) * signs, axis=-1), a)


def fiedler_tangent(da: Any, a: Any) -> Any:
    """Tangent of `scipy.linalg.fiedler(a)`."""
    a, da = numpy.asarray(a), numpy.asarray(da)
    return numpy.sign(a[..., :, None] - a[..., None, :]) * (da[..., :, None] - da[..., None, :])


def _column_of(c_or_cr: Any) -> Any:
    return numpy.ravel(c_or_cr[0] if isinstance(c_or_cr, tuple) else c_or_cr)


def _row_of(c_or_cr: Any) -> Any:
    if isinstance(c_or_cr, tuple):
        return numpy.ravel(c_or_cr[1])
    return conj(numpy.ravel(c_or_cr))


def _of_column_and_row(s: Any, c_or_cr: Any) -> Any:
    """The adjoint of `c` or `(c, r)` from that of the Toeplitz matrix."""
    column, row = diagonals_adjoint(s)
    if not isinstance(c_or_cr, tuple):
        return like(numpy.reshape(column + conj(row), numpy.shape(c_or_cr)), c_or_cr)
    out = zeros_like(c_or_cr)
    out[0] = like(numpy.reshape(column, numpy.shape(c_or_cr[0])), c_or_cr[0])
    out[1] = like(numpy.reshape(row, numpy.shape(c_or_cr[1])), c_or_cr[1])
    return out


def solve_toeplitz_adjoint_b(g: Any, c_or_cr: Any, b: Any) -> Any:
    """Adjoint of `b` in `scipy.linalg.solve_toeplitz(c_or_cr, b)`."""
    column, row = _column_of(c_or_cr), _row_of(c_or_cr)
    return like(linalg.solve_toeplitz((_headed(row, column), column), g), b)


def _headed(row: Any, column: Any) -> Any:
    """The first column of the transpose: the row, with the element that it shares."""
    return numpy.concatenate((column[:1], row[1:]))


def solve_toeplitz_adjoint_c(g: Any, c_or_cr: Any, b: Any, y: Any) -> Any:
    """Adjoint of `c_or_cr` in `y = scipy.linalg.solve_toeplitz(c_or_cr, b)`."""
    back = solve_toeplitz_adjoint_b(g, c_or_cr, y)
    s = -matmul(columns(back, b), matrix_transpose(columns(y, b)))
    return _of_column_and_row(s, c_or_cr)


def _toeplitz_of(c_or_cr: Any) -> Any:
    return (
        linalg.toeplitz(*c_or_cr)
        if isinstance(c_or_cr, tuple | list) and numpy.ndim(c_or_cr[0])
        else linalg.toeplitz(c_or_cr)
    )


def solve_toeplitz_tangent(dc: Any, db: Any, c_or_cr: Any, b: Any, y: Any) -> Any:
    """Tangent of `y = scipy.linalg.solve_toeplitz(c_or_cr, b)`."""
    change = _toeplitz_of(tuple(dc) if isinstance(c_or_cr, tuple) else dc)
    right = numpy.asarray(db) - matmul(change, y)
    return linalg.solve_toeplitz(c_or_cr, right)


def matmul_toeplitz_adjoint_c(g: Any, c_or_cr: Any, x: Any) -> Any:
    """Adjoint of `c_or_cr` in `scipy.linalg.matmul_toeplitz(c_or_cr, x)`."""
    s = matmul(columns(g, x), matrix_transpose(columns(numpy.asarray(x), x)))
    return _of_column_and_row(s, c_or_cr)


def matmul_toeplitz_adjoint_x(g: Any, c_or_cr: Any, x: Any) -> Any:
    """Adjoint of `x` in `scipy.linalg.matmul_toeplitz(c_or_cr, x)`."""
    column, row = _column_of(c_or_cr), _row_of(c_or_cr)
    return like(linalg.matmul_toeplitz((_headed(row, column), column), g), x)


def matmul_toeplitz_tangent(dc: Any, dx: Any, c_or_cr: Any, x: Any) -> Any:
    """Tangent of `scipy.linalg.matmul_toeplitz(c_or_cr, x)`."""
    change = tuple(dc) if isinstance(c_or_cr, tuple) else dc
    return linalg.matmul_toeplitz(change, x) + linalg.matmul_toeplitz(c_or_cr, dx)


# ---- circulant systems, banded Cholesky factors, Fiedler's companion matrix -----------------------


def solve_circulant_adjoint_b(g: Any, c: Any, b: Any) -> Any:
    """Adjoint of `b` in `scipy.linalg.solve_circulant(c, b)`; the transpose is circulant too."""
    back = numpy.roll(single(c, 1, "solve_circulant")[::-1], 1)
    return like(linalg.solve_circulant(back, g), b)


def solve_circulant_adjoint_c(g: Any, c: Any, b: Any, y: Any) -> Any:
    """Adjoint of `c` in `y = scipy.linalg.solve_circulant(c, b)`."""
    back = columns(solve_circulant_adjoint_b(g, c, y), b)
    return circulant_adjoint(-matmul(back, matrix_transpose(columns(y, b))), c)


def _halves(cb: Any, lower: Any) -> tuple[int, int]:
    count = numpy.shape(cb)[0] - 1
    return (count, 0) if lower else (0, count)


def cho_solve_banded_adjoint_cb(g: Any, cb_and_lower: Any, b: Any, y: Any) -> Any:
    """Adjoint of the factor in `y = scipy.linalg.cho_solve_banded(cb_and_lower, b)`, from `A⁻ᵀ ȳ`."""
    cb, lower = cb_and_lower
    halves = _halves(cb, lower)
    dense = cho_solve_adjoint_c(g, (_from_band(numpy.asarray(cb), *halves), lower), b, y)[0]
    out = zeros_like(cb_and_lower)
    out[0] = like(_to_band(dense, *halves), cb)
    return out


def cho_solve_banded_tangent(d_factor: Any, db: Any, cb_and_lower: Any, b: Any, y: Any) -> Any:
    """Tangent of `y = scipy.linalg.cho_solve_banded(cb_and_lower, b)`."""
    cb, lower = cb_and_lower
    halves = _halves(cb, lower)
    change = _from_band(numpy.asarray(d_factor[0]), *halves)
    dense = _from_band(numpy.asarray(cb), *halves)
    return cho_solve_tangent((change, 0.0), db, (dense, lower), b, y)


def _fiedler_places(n: int) -> list[Any]:
    """Where each coefficient stands in `scipy.linalg.fiedler_companion(a)`, for `a[0] == 1`."""
    start = numpy.eye(n)[0]
    rest = linalg.fiedler_companion(start)
    return [linalg.fiedler_companion(start + numpy.eye(n)[k]) - rest for k in range(1, n)]


def fiedler_companion_tangent(da: Any, a: Any) -> Any:
    """Tangent of `scipy.linalg.fiedler_companion(a)`: linear in `a[1:] / a[0]`."""
    a, da = single(a, 1, "fiedler_companion"), numpy.asarray(da)
    rates = (da[1:] - a[1:] * da[0] / a[0]) / a[0]
    places = _fiedler_places(len(a))
    return sum((rate * place for rate, place in zip(rates, places, strict=True)), 0 * places[0])


def fiedler_companion_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` in `scipy.linalg.fiedler_companion(a)`."""
    a = single(a, 1, "fiedler_companion")
    sums = numpy.array([numpy.sum(g * place) for place in _fiedler_places(len(a))]) / a[0]
    return like(numpy.concatenate(([-numpy.sum(sums * a[1:] / a[0])], sums)), a)
