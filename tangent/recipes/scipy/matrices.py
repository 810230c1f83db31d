"""Adjoints and tangents for `scipy.linalg`: systems of special form, factors, matrix functions.

>>> sylvester_adjoint(numpy.ones((1, 1)), numpy.eye(1), numpy.eye(1))
array([[0.5]])

The conventions are those of `tangent.runtime_decompositions`. What a function reads of a matrix
(one triangle, some diagonals) is where its adjoint is.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import conj, matmul, matrix_transpose
from scipy import linalg

from tangent import runtime_linalg
from tangent.runtime_decompositions import hermitian, of_triangle
from tangent.runtime_linalg import columns, pinv_adjoint, pinv_tangent
from tangent.runtime_values import unbroadcast, zeros_like

HERMITIAN = ("her", "hermitian", "pos", "positive definite")
SYMMETRIC = ("sym", "symmetric")
UPPER = ("upper triangular",)
LOWER = ("lower triangular",)


def of_form(s: Any, form: Any, lower: bool) -> Any:
    """The adjoint of what is read of a matrix of a form (`assume_a`)."""
    if form in HERMITIAN:
        return of_triangle(s, lower)
    if form in SYMMETRIC:
        both = s + matrix_transpose(s)
        half = both * (numpy.eye(both.shape[-1], dtype=both.dtype) / 2)
        return numpy.tril(both) - half if lower else numpy.triu(both) - half
    if form in UPPER:
        return numpy.triu(s)
    if form in LOWER:
        return numpy.tril(s)
    if form == "diagonal":
        return numpy.tril(numpy.triu(s))
    if form == "tridiagonal":
        return numpy.tril(numpy.triu(s, -1), 1)
    return s


def whole(a: Any, form: Any, lower: bool) -> Any:
    """The matrix that stands for what is read of `a`."""
    if form in HERMITIAN:
        return hermitian(a, lower)
    if form in SYMMETRIC:
        part = numpy.tril(a, -1) if lower else numpy.triu(a, 1)
        return part + matrix_transpose(part) + numpy.tril(numpy.triu(a))
    return of_form(a, form, lower)


# ---- systems -----------------------------------------------------------------------------------


def solve_back(
    g: Any, a: Any, b: Any, lower: Any = False, form: Any = None, transposed: Any = False
) -> Any:
    """`A⁻ᵀ ȳ`: the adjoint of `b` in `y = scipy.linalg.solve(a, b, …)`."""
    if form in HERMITIAN:
        return conj(linalg.solve(a, conj(g), lower, assume_a=form, transposed=transposed))
    if form in SYMMETRIC:
        return linalg.solve(a, g, lower, assume_a=form)
    full = whole(a, form, lower)
    full = matrix_transpose(full) if transposed else full
    return runtime_linalg.solve_transposed(g, full, b)


def solve_adjoint_a(
    g: Any,
    a: Any,
    b: Any,
    y: Any,
    lower: Any = False,
    assume_a: Any = None,
    transposed: Any = False,
) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.solve(a, b, …)`, from `g = A⁻ᵀ ȳ`: `-g yᵀ`."""
    full = -matmul(columns(g, b), matrix_transpose(columns(y, b)))
    if transposed:
        full = matrix_transpose(full)
    return unbroadcast(of_form(full, assume_a, lower), a)


def solve_tangent(
    da: Any,
    db: Any,
    a: Any,
    b: Any,
    y: Any,
    lower: Any = False,
    assume_a: Any = None,
    transposed: Any = False,
) -> Any:
    """Tangent of `y = scipy.linalg.solve(a, b, …)`: solve for `ḃ - Ȧ y`."""
    full, change = whole(a, assume_a, lower), whole(da, assume_a, lower)
    if transposed:
        full, change = matrix_transpose(full), matrix_transpose(change)
    return runtime_linalg.solve_tangent(change, db, full, b, y)


def _read_triangle(a: Any, lower: Any, unit_diagonal: Any) -> Any:
    shift = 1 if unit_diagonal else 0
    return numpy.tril(a, -shift) if lower else numpy.triu(a, shift)


def triangular_back(
    g: Any, a: Any, trans: Any = 0, lower: Any = False, unit_diagonal: Any = False
) -> Any:
    """`op(A)⁻ᵀ ȳ`: the adjoint of `b` in `y = scipy.linalg.solve_triangular(a, b, …)`."""
    if trans in (2, "C"):
        return conj(linalg.solve_triangular(a, conj(g), 0, lower, unit_diagonal))
    back = 0 if trans in (1, "T") else 1
    return linalg.solve_triangular(a, g, back, lower, unit_diagonal)


def triangular_adjoint_a(
    g: Any,
    a: Any,
    b: Any,
    y: Any,
    trans: Any = 0,
    lower: Any = False,
    unit_diagonal: Any = False,
) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.solve_triangular(a, b, …)`, in the triangle read.

    `g` is what `triangular_back` gives.
    """
    full = -matmul(columns(g, b), matrix_transpose(columns(y, b)))
    if trans not in (0, "N"):
        full = matrix_transpose(full)
    if trans in (2, "C"):
        full = conj(full)
    return unbroadcast(_read_triangle(full, lower, unit_diagonal), a)


def triangular_tangent(
    da: Any,
    db: Any,
    a: Any,
    b: Any,
    y: Any,
    trans: Any = 0,
    lower: Any = False,
    unit_diagonal: Any = False,
) -> Any:
    """Tangent of `y = scipy.linalg.solve_triangular(a, b, …)`."""
    change = _read_triangle(numpy.asarray(da), lower, unit_diagonal)
    if trans not in (0, "N"):
        change = matrix_transpose(change)
    if trans in (2, "C"):
        change = conj(change)
    right = columns(db, b) - matmul(change, columns(y, b))
    out = linalg.solve_triangular(a, right, trans, lower, unit_diagonal)
    return out[..., 0] if numpy.ndim(b) == 1 else out


def cho_solve_back(g: Any, c_and_lower: Any) -> Any:
    """`A⁻ᵀ ȳ`: the adjoint of `b` in `y = scipy.linalg.cho_solve(c_and_lower, b)`."""
    return conj(linalg.cho_solve(c_and_lower, conj(g)))


def cho_solve_adjoint_c(g: Any, c_and_lower: Any, b: Any, y: Any) -> Any:
    """Adjoint of `c_and_lower` in `y = scipy.linalg.cho_solve(c_and_lower, b)`, from `g = A⁻ᵀ ȳ`.

    With `Ā = -g yᵀ` of `A = L Lᴴ`: `L̄ = (Ā + Āᴴ) conj(L)`; of `A = Uᴴ U`: `Ū = conj(U) (Ā + Āᴴ)`.
    """
    c, lower = c_and_lower
    full = -matmul(columns(g, b), matrix_transpose(columns(y, b)))
    full = full + conj(matrix_transpose(full))
    out = zeros_like(c_and_lower)
    if lower:
        out[0] = numpy.tril(matmul(full, conj(numpy.tril(c))))
    else:
        out[0] = numpy.triu(matmul(conj(numpy.triu(c)), full))
    return out


def cho_solve_tangent(d_factor: Any, db: Any, c_and_lower: Any, b: Any, y: Any) -> Any:
    """Tangent of `y = scipy.linalg.cho_solve(c_and_lower, b)`."""
    c, lower = c_and_lower
    first, second = (0, 2) if lower else (2, 0)
    middle = linalg.solve_triangular(c, b, first, lower)
    d_middle = triangular_tangent(d_factor[0], db, c, b, middle, first, lower)
    return triangular_tangent(d_factor[0], d_middle, c, middle, y, second, lower)


def cho_factor_adjoint(g: Any, c: Any, lower: Any = False) -> Any:
    """Adjoint of `a` in `c, lower = scipy.linalg.cho_factor(a, lower)`.

    The other triangle of `c` is that of `a`.
    """
    factor, of_factor = (numpy.tril(c), numpy.tril(g)) if lower else (numpy.triu(c), numpy.triu(g))
    rest = numpy.triu(g, 1) if lower else numpy.tril(g, -1)
    return cholesky_adjoint(of_factor, factor, lower) + rest


def cho_factor_tangent(da: Any, c: Any, lower: Any = False) -> Any:
    """Tangent of the factor in `c, lower = scipy.linalg.cho_factor(a, lower)`."""
    factor = numpy.tril(c) if lower else numpy.triu(c)
    rest = numpy.triu(da, 1) if lower else numpy.tril(da, -1)
    return cholesky_tangent(da, factor, lower) + rest


def cholesky_adjoint(g: Any, y: Any, lower: Any = False) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.cholesky(a, lower)`, by solutions with the factor.

    As in `tangent.runtime_decompositions.cholesky_adjoint`: `Ā = L⁻ᵀ Φ(Lᵀ L̄) conj(L⁻¹)`.
    """
    if not lower:
        g, y = conj(matrix_transpose(g)), conj(matrix_transpose(y))
    middle = matmul(matrix_transpose(y), g)
    middle = numpy.tril(middle) - middle * (numpy.eye(middle.shape[-1], dtype=middle.dtype) / 2)
    left = linalg.solve_triangular(y, middle, 1, lower=True)
    s = of_triangle(_right(left, y))
    return s if lower else conj(matrix_transpose(s))


def _right(left: Any, y: Any) -> Any:
    """`left conj(Y⁻¹)`, of a lower triangle."""
    return matrix_transpose(linalg.solve_triangular(y, matrix_transpose(left), 2, lower=True))


def cholesky_tangent(da: Any, y: Any, lower: Any = False) -> Any:
    """Tangent of `y = scipy.linalg.cholesky(a, lower)`: `L Φ(L⁻¹ Ȧ L⁻ᴴ)`."""
    if not lower:
        y = conj(matrix_transpose(y))
    left = linalg.solve_triangular(y, hermitian(numpy.asarray(da), lower), lower=True)
    middle = conj(
        matrix_transpose(linalg.solve_triangular(y, conj(matrix_transpose(left)), lower=True))
    )
    middle = numpy.tril(middle) - middle * (numpy.eye(middle.shape[-1], dtype=middle.dtype) / 2)
    dy = matmul(y, middle)
    return dy if lower else conj(matrix_transpose(dy))


# ---- LU ----------------------------------------------------------------------------------------


def _unit(packed: Any) -> Any:
    """The unit lower factor of a packed LU factorisation."""
    rows, count = packed.shape[-2], min(packed.shape[-2:])
    return numpy.tril(packed[..., :count], -1) + numpy.eye(rows, count, dtype=packed.dtype)


def permutation(piv: Any, n: int) -> Any:
    """The order of the rows that LAPACK's interchanges give.

    >>> permutation(numpy.array([2, 2, 2]), 3)
    array([2, 0, 1])
    """
    order = numpy.broadcast_to(numpy.arange(n), (*numpy.shape(piv)[:-1], n)).copy()
    for i in range(numpy.shape(piv)[-1]):
        swap = piv[..., i : i + 1]
        there = numpy.take_along_axis(order, swap, -1)
        numpy.put_along_axis(order, swap, order[..., i : i + 1].copy(), -1)
        order[..., i : i + 1] = there
    return order


def factors_adjoint(gl: Any, gu: Any, low: Any, up: Any) -> Any:
    """Adjoint of `X = L U`, with a unit lower `L`.

    `X̄ = L⁻ᵀ (tril(Lᵀ L̄, -1) + triu(Ū Uᵀ)) U⁻ᵀ`; what is below or beside the square part follows from
    `L₂ = X₂ U⁻¹` and `U₂ = L⁻¹ X₂`.
    """
    count = low.shape[-1]
    square, right = up[..., :count], up[..., count:]
    top, below = low[..., :count, :], low[..., count:, :]
    gl = numpy.tril(gl, -1)
    g_top, g_below = gl[..., :count, :], gl[..., count:, :]
    g_square, g_right = numpy.triu(gu[..., :count]), gu[..., count:]
    x_below = _times_inverse(g_below, square)
    g_square = g_square - matmul(matrix_transpose(below), x_below)
    x_right = numpy.linalg.solve(matrix_transpose(top), g_right)
    g_top = g_top - matmul(x_right, matrix_transpose(right))
    middle = numpy.tril(matmul(matrix_transpose(top), g_top), -1)
    middle = middle + numpy.triu(matmul(g_square, matrix_transpose(square)))
    x = _times_inverse(numpy.linalg.solve(matrix_transpose(top), middle), square)
    # One of these two is empty: a matrix is not both taller and wider.
    return (
        numpy.concatenate((numpy.concatenate((x, x_right), -1), x_below), -2)
        if (x_right.shape[-1] == 0)
        else numpy.concatenate((x, x_right), -1)
    )


def _times_inverse(g: Any, u: Any) -> Any:
    """`g U⁻ᵀ`."""
    return matrix_transpose(numpy.linalg.solve(u, matrix_transpose(g)))


def factors_tangent(dx: Any, low: Any, up: Any) -> tuple[Any, Any]:
    """Tangents of `L, U` with `L U = X`."""
    count = low.shape[-1]
    square, top = up[..., :count], low[..., :count, :]
    inner = numpy.linalg.solve(top, dx[..., :count, :count])
    inner = matrix_transpose(numpy.linalg.solve(matrix_transpose(square), matrix_transpose(inner)))
    d_top, d_square = matmul(top, numpy.tril(inner, -1)), matmul(numpy.triu(inner), square)
    right = numpy.linalg.solve(top, dx[..., :count, count:] - matmul(d_top, up[..., count:]))
    below = dx[..., count:, :count] - matmul(low[..., count:, :], d_square)
    below = matrix_transpose(numpy.linalg.solve(matrix_transpose(square), matrix_transpose(below)))
    return numpy.concatenate((d_top, below), -2), numpy.concatenate((d_square, right), -1)


def _permuted(p: Any, x: Any, back: bool) -> Any:
    """`P x` (or `Pᵀ x`), for a matrix `P` or the indices with `(P x) = x[p]`."""
    if numpy.asarray(p).dtype.kind in "iu":
        order = numpy.argsort(p, axis=-1) if back else p
        return numpy.take_along_axis(x, order[..., None], -2)
    return matmul(matrix_transpose(p) if back else p, x)


def lu_adjoint(g: Any, y: Any, a: Any, permute_l: Any = False) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.lu(a, permute_l)`: `a = P L U`."""
    p, low, up = linalg.lu(a, p_indices=True) if permute_l else y
    gl, gu = g[-2] + numpy.zeros_like(low), g[-1] + numpy.zeros_like(up)
    if permute_l:
        gl = _permuted(p, gl, True)
    return _permuted(p, factors_adjoint(gl, gu, low, up), False)


def lu_tangent(da: Any, y: Any, a: Any, permute_l: Any = False) -> Any:
    """Tangents of `y = scipy.linalg.lu(a, permute_l)`."""
    p, low, up = linalg.lu(a, p_indices=True) if permute_l else y
    dl, du = factors_tangent(_permuted(p, da, True), low, up)
    return (_permuted(p, dl, False), du) if permute_l else (zeros_like(p), dl, du)


def lu_factor_adjoint(g: Any, lu: Any, piv: Any) -> Any:
    """Adjoint of `a` in `lu, piv = scipy.linalg.lu_factor(a)`."""
    count = min(lu.shape[-2:])
    x = factors_adjoint(
        g[..., :count], g[..., :count, :], _unit(lu), numpy.triu(lu[..., :count, :])
    )
    back = numpy.argsort(permutation(piv, lu.shape[-2]), axis=-1)
    return numpy.take_along_axis(x, back[..., None], -2)


def lu_factor_tangent(da: Any, lu: Any, piv: Any) -> Any:
    """Tangent of the factors in `lu, piv = scipy.linalg.lu_factor(a)`."""
    count = min(lu.shape[-2:])
    order = permutation(piv, lu.shape[-2])
    moved = numpy.take_along_axis(numpy.asarray(da), order[..., None], -2)
    dl, du = factors_tangent(moved, _unit(lu), numpy.triu(lu[..., :count, :]))
    out = numpy.zeros_like(lu)
    out[..., :count] += dl
    out[..., :count, :] += du
    return out


def lu_back(g: Any, lu_and_piv: Any, trans: Any = 0) -> Any:
    """The adjoint of `b` in `scipy.linalg.lu_solve(lu_and_piv, b, trans)`."""
    if trans == 2:
        return conj(linalg.lu_solve(lu_and_piv, conj(g), 0))
    return linalg.lu_solve(lu_and_piv, g, 1 - trans)


def lu_solve_adjoint_lu(g: Any, lu_and_piv: Any, b: Any, y: Any, trans: Any = 0) -> Any:
    """Adjoint of the factors in `y = scipy.linalg.lu_solve(lu_and_piv, b, trans)`.

    `g` is what `lu_back` gives.
    """
    lu, piv = lu_and_piv
    full = -matmul(columns(g, b), matrix_transpose(columns(y, b)))
    if trans:
        full = matrix_transpose(full)
    if trans == 2:
        full = conj(full)
    order = permutation(piv, lu.shape[-2])
    full = numpy.take_along_axis(full, order[..., None], -2)
    out = zeros_like(lu_and_piv)
    out[0] = numpy.tril(matmul(full, matrix_transpose(numpy.triu(lu))), -1) + numpy.triu(
        matmul(matrix_transpose(_unit(lu)), full)
    )
    return out


def lu_solve_tangent(
    d_factors: Any, db: Any, lu_and_piv: Any, b: Any, y: Any, trans: Any = 0
) -> Any:
    """Tangent of `y = scipy.linalg.lu_solve(lu_and_piv, b, trans)`."""
    lu, piv = lu_and_piv
    dlu = d_factors[0]
    change = matmul(numpy.tril(dlu, -1), numpy.triu(lu)) + matmul(_unit(lu), numpy.triu(dlu))
    back = numpy.argsort(permutation(piv, lu.shape[-2]), axis=-1)
    change = numpy.take_along_axis(change, back[..., None], -2)
    if trans:
        change = matrix_transpose(change)
    if trans == 2:
        change = conj(change)
    right = columns(db, b) - matmul(change, columns(y, b))
    out = linalg.lu_solve(lu_and_piv, right, trans)
    return out[..., 0] if numpy.ndim(b) == 1 else out


# ---- matrix equations --------------------------------------------------------------------------


def sylvester_adjoint(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `q` in `scipy.linalg.solve_sylvester(a, b, q)`: `Aᵀ G + G Bᵀ = X̄`."""
    return linalg.solve_sylvester(matrix_transpose(a), matrix_transpose(b), g)


def lyapunov_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `q` in `scipy.linalg.solve_continuous_lyapunov(a, q)`: `Aᵀ G + G conj(A) = X̄`."""
    return linalg.solve_sylvester(matrix_transpose(a), conj(a), g)


def pinvh_adjoint(g: Any, a: Any, y: Any, lower: Any = True) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.pinvh(a, lower=lower)`."""
    return of_triangle(pinv_adjoint(g, hermitian(a, lower), y), lower)


def pinvh_tangent(da: Any, a: Any, y: Any, lower: Any = True) -> Any:
    """Tangent of `y = scipy.linalg.pinvh(a, lower=lower)`."""
    return pinv_tangent(hermitian(da, lower), hermitian(a, lower), y)
