"""Adjoints and tangents of linear systems, inverses and powers, for stacks of matrices too.

>>> solve_transposed(numpy.ones(2), 2 * numpy.eye(2), numpy.ones(2))
array([0.5, 0.5])

No operand is conjugated: with ⟨a, b⟩ = Re Σ aᵢⱼbᵢⱼ the adjoint of `X ↦ B X C` is `Bᵀ X̄ Cᵀ`. M. B.
Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); G. H. Golub, V. Pereyra, "The differentiation of pseudo-inverses and
nonlinear least squares problems whose variables separate" (1973).
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import conj, matmul, matrix_transpose

from tangent.runtime_containers import Items
from tangent.runtime_decompositions import hermitian as hermitian_of
from tangent.runtime_decompositions import of_triangle, svdvals_adjoint, svdvals_tangent
from tangent.runtime_values import like, unbroadcast, zeros_like

__all__ = [
    "det_adjoint",
    "det_tangent",
    "inv_adjoint",
    "lstsq_adjoint_a",
    "lstsq_adjoint_b",
    "lstsq_inverse",
    "lstsq_tangent",
    "matrix_power_adjoint",
    "matrix_power_tangent",
    "multi_dot_adjoint",
    "multi_dot_tangent",
    "pinv_adjoint",
    "pinv_tangent",
    "slogdet_adjoint",
    "slogdet_tangent",
    "solve_adjoint_a",
    "solve_tangent",
    "solve_transposed",
    "tensorinv_adjoint",
    "tensorinv_tangent",
    "tensorsolve_adjoint_a",
    "tensorsolve_adjoint_b",
    "tensorsolve_tangent",
]


# ---- systems -----------------------------------------------------------------------------------


def columns(v: Any, b: Any) -> Any:
    """`v` as matrices, where `b` is a vector."""
    return numpy.expand_dims(v, -1) if numpy.ndim(b) == 1 else v


def solve_transposed(g: Any, a: Any, b: Any) -> Any:
    """`A⁻ᵀ ȳ`: the adjoint of `b` in `y = numpy.linalg.solve(a, b)`, not yet summed to its shape.

    >>> solve_transposed(numpy.ones(2), 2 * numpy.eye(2), numpy.ones(2))
    array([0.5, 0.5])
    """
    out = numpy.linalg.solve(matrix_transpose(a), columns(g, b))
    return out[..., 0] if numpy.ndim(b) == 1 else out


def solve_adjoint_a(g: Any, a: Any, b: Any, y: Any) -> Any:
    """Adjoint of `a` in `y = numpy.linalg.solve(a, b)`, from `g = A⁻ᵀ ȳ`: `-g yᵀ`."""
    return unbroadcast(-matmul(columns(g, b), matrix_transpose(columns(y, b))), a)


def solve_tangent(da: Any, db: Any, a: Any, b: Any, y: Any) -> Any:
    """Tangent of `y = numpy.linalg.solve(a, b)`: solve for `db - da @ y`."""
    right = columns(db, b) - matmul(da, columns(y, b))
    out = numpy.linalg.solve(a, right)
    return out[..., 0] if numpy.ndim(b) == 1 else out


def inv_adjoint(g: Any, y: Any) -> Any:
    """Adjoint of a matrix whose inverse is `y`: `-Yᵀ Ȳ Yᵀ`."""
    t = matrix_transpose(y)
    return -matmul(t, matmul(g, t))


def tensorinv_adjoint(g: Any, a: Any, y: Any) -> Any:
    """Adjoint of `a` in `y = numpy.linalg.tensorinv(a)`: that of the inverse of a square matrix."""
    n = round(numpy.size(y) ** 0.5)
    out = inv_adjoint(numpy.reshape(g, (n, n)), numpy.reshape(y, (n, n)))
    return like(numpy.reshape(out, numpy.shape(a)), a)


def tensorinv_tangent(da: Any, y: Any) -> Any:
    """Tangent of `y = numpy.linalg.tensorinv(a)`."""
    n = round(numpy.size(y) ** 0.5)
    square = numpy.reshape(y, (n, n))
    return numpy.reshape(-matmul(square, matmul(numpy.reshape(da, (n, n)), square)), numpy.shape(y))


def _order(rank: int, axes: Any) -> tuple[int, ...]:
    """Axes of a tensor as `tensorsolve` takes them: the given ones last."""
    last = () if axes is None else tuple([int(i) % rank for i in axes])
    return (*[i for i in range(rank) if i not in last], *last)


def _square(a: Any, n: int, axes: Any) -> Any:
    return numpy.reshape(numpy.transpose(a, _order(numpy.ndim(a), axes)), (n, n))


def tensorsolve_adjoint_b(g: Any, a: Any, b: Any, axes: Any = None) -> Any:
    """Adjoint of `b` in `numpy.linalg.tensorsolve(a, b, axes)`."""
    n = numpy.size(b)
    out = numpy.linalg.solve(_square(a, n, axes).T, numpy.ravel(g))
    return like(numpy.reshape(out, numpy.shape(b)), b)


def tensorsolve_adjoint_a(g: Any, a: Any, b: Any, y: Any, axes: Any = None) -> Any:
    """Adjoint of `a` in `y = numpy.linalg.tensorsolve(a, b, axes)`."""
    n = numpy.size(b)
    order = _order(numpy.ndim(a), axes)
    right = numpy.linalg.solve(_square(a, n, axes).T, numpy.ravel(g))
    moved = [numpy.shape(a)[i] for i in order]
    out = numpy.reshape(-numpy.outer(right, numpy.ravel(y)), moved)
    return like(numpy.transpose(out, numpy.argsort(order)), a)


def tensorsolve_tangent(da: Any, db: Any, a: Any, b: Any, y: Any, axes: Any = None) -> Any:
    """Tangent of `y = numpy.linalg.tensorsolve(a, b, axes)`."""
    n = numpy.size(b)
    right = numpy.ravel(db) - numpy.dot(_square(da, n, axes), numpy.ravel(y))
    return numpy.reshape(numpy.linalg.solve(_square(a, n, axes), right), numpy.shape(y))


# ---- determinants ------------------------------------------------------------------------------


def _cofactors(a: Any, y: Any) -> Any:
    """The derivative of the determinant `y`: `y A⁻ᵀ`, of singular matrices from `A = U S Vᴴ`."""
    if numpy.all(numpy.not_equal(y, 0)):
        return numpy.expand_dims(y, (-2, -1)) * matrix_transpose(numpy.linalg.inv(a))
    u, s, vh = numpy.linalg.svd(a)
    others = numpy.stack(
        [numpy.prod(numpy.delete(s, i, axis=-1), axis=-1) for i in range(s.shape[-1])], axis=-1
    )
    unit = numpy.linalg.det(u) * numpy.linalg.det(vh)
    return numpy.expand_dims(unit, (-2, -1)) * matmul(conj(u) * others[..., None, :], conj(vh))


def det_adjoint(g: Any, a: Any, y: Any) -> Any:
    """Adjoint of `a` in `y = numpy.linalg.det(a)`, of singular matrices too.

    >>> det_adjoint(1.0, numpy.array([[1.0, 2.0], [2.0, 4.0]]), 0.0).round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    return like(numpy.expand_dims(g, (-2, -1)) * _cofactors(a, y), a)


def det_tangent(da: Any, a: Any, y: Any) -> Any:
    """Tangent of `y = numpy.linalg.det(a)`."""
    return numpy.sum(_cofactors(a, y) * da, axis=(-2, -1))


def slogdet_adjoint(g_sign: Any, g: Any, a: Any, sign: Any) -> Any:
    """Adjoint of `a` for the sign and the logarithm that `numpy.linalg.slogdet(a)` returns.

    Of real matrices the sign has no derivative; of complex ones `det` turns it: its tangent is `i
    sign Im tr(A⁻¹ Ȧ)`.

    >>> slogdet_adjoint(0.0, 1.0, numpy.array([[2.0, 0.0], [0.0, 4.0]]), 1.0)
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    if numpy.iscomplexobj(a):
        g = g + 1j * numpy.imag(g_sign * sign)
    return like(numpy.expand_dims(g, (-2, -1)) * matrix_transpose(numpy.linalg.inv(a)), a)


def slogdet_tangent(da: Any, a: Any, sign: Any) -> Any:
    """Tangents of the sign and the logarithm that `numpy.linalg.slogdet(a)` returns."""
    rate = numpy.sum(matrix_transpose(numpy.linalg.inv(a)) * da, axis=(-2, -1))
    if numpy.iscomplexobj(a):
        return 1j * sign * numpy.imag(rate), numpy.real(rate)
    return 0 * sign, rate


# ---- pseudo-inverses and least squares ---------------------------------------------------------


def pinv_adjoint(g: Any, a: Any, y: Any, hermitian: bool = False) -> Any:
    """Adjoint of `a` in `y = numpy.linalg.pinv(a)`, where the rank does not change.

    `Ẏ = -Y Ȧ Y + Y Yᴴ Ȧᴴ (I - A Y) + (I - Y A) Ȧᴴ Yᴴ Y` (Golub & Pereyra 1973, eq. 4.12).
    """
    if hermitian:
        a = hermitian_of(a)
    t, h = matrix_transpose(y), conj(matrix_transpose(y))
    gt = matrix_transpose(g)
    out = -matmul(t, matmul(g, t))
    first = gt - matmul(a, matmul(y, gt))
    second = gt - matmul(matmul(gt, y), a)
    out = out + conj(matmul(first, matmul(y, h)) + matmul(matmul(h, y), second))
    return of_triangle(out) if hermitian else out


def pinv_tangent(da: Any, a: Any, y: Any, hermitian: bool = False) -> Any:
    """Tangent of `y = numpy.linalg.pinv(a)`."""
    if hermitian:
        a, da = hermitian_of(a), hermitian_of(da)
    h, dh = conj(matrix_transpose(y)), conj(matrix_transpose(da))
    first = dh - matmul(matmul(dh, a), y)
    second = dh - matmul(y, matmul(a, dh))
    out = matmul(matmul(y, h), first) + matmul(second, matmul(h, y))
    return out - matmul(y, matmul(da, y))


def lstsq_inverse(a: Any, rcond: Any = None) -> Any:
    """The pseudo-inverse that `numpy.linalg.lstsq` uses: the same singular values are taken for zero."""
    if rcond is None:
        rcond = numpy.finfo(numpy.linalg.svdvals(a).dtype).eps * max(numpy.shape(a))
    return numpy.linalg.pinv(a, max(rcond, 0.0))


def lstsq_adjoint_a(
    gx: Any, gr: Any, gs: Any, a: Any, b: Any, x: Any, residuals: Any, inverse: Any
) -> Any:
    """Adjoint of `a` in `x, residuals, rank, s = numpy.linalg.lstsq(a, b, rcond)`.

    `x = A⁺ b`, with the `inverse` that `lstsq_inverse` gives; the residuals `|b - A x|²` vary with `A` as if `x` were constant.
    """
    out: Any = 0.0
    if numpy.ndim(gx):
        outer = matmul(columns(gx, b), matrix_transpose(columns(b, b)))
        out = out + pinv_adjoint(outer, numpy.asarray(a), inverse)
    if numpy.size(residuals):
        rest = conj(columns(b, b) - matmul(a, columns(x, b))) * _for_rows(gr, residuals, b)
        out = out - 2 * matmul(rest, matrix_transpose(columns(x, b)))
    if numpy.ndim(gs):
        out = out + svdvals_adjoint(gs, a)
    return like(out + zeros_like(a), a)


def lstsq_adjoint_b(gx: Any, gr: Any, a: Any, b: Any, x: Any, residuals: Any, inverse: Any) -> Any:
    """Adjoint of `b` in `x, residuals, rank, s = numpy.linalg.lstsq(a, b, rcond)`."""
    out = matmul(matrix_transpose(inverse), columns(gx + numpy.zeros_like(x), b))
    if numpy.size(residuals):
        rest = conj(columns(b, b) - matmul(a, columns(x, b)))
        out = out + 2 * rest * _for_rows(gr, residuals, b)
    return like(numpy.reshape(out, numpy.shape(b)), b)


def _for_rows(g: Any, residuals: Any, b: Any) -> Any:
    """The adjoint of the residuals, one for each column, to be multiplied with the rows of `b`."""
    return numpy.reshape(g + numpy.zeros_like(residuals), (*numpy.shape(b)[:-2], 1, -1))


def lstsq_tangent(
    da: Any, db: Any, a: Any, b: Any, x: Any, residuals: Any, s: Any, rcond: Any = None
) -> Any:
    """Tangents of `x, residuals, rank, s = numpy.linalg.lstsq(a, b, rcond)`."""
    y = lstsq_inverse(a, rcond)
    a, b, da, db = numpy.asarray(a), numpy.asarray(b), numpy.asarray(da), numpy.asarray(db)
    dx = matmul(pinv_tangent(da, a, y), b) + matmul(y, db)
    dr = numpy.zeros_like(residuals)
    if numpy.size(residuals):
        rest = columns(b - matmul(a, x), b)
        change = columns(db - matmul(da, x), b)
        dr = numpy.real(numpy.sum(2 * conj(rest) * change, axis=-2)).reshape(numpy.shape(residuals))
    return dx, dr, numpy.zeros(numpy.shape(s)[:-1]), svdvals_tangent(da, a)


# ---- powers and products -----------------------------------------------------------------------


def matrix_power_tangent(da: Any, a: Any, n: int) -> Any:
    """Tangent of `numpy.linalg.matrix_power(a, n)`: a block of the power of `((A, Ȧ), (0, A))`.

    (R. Mathias, "A chain rule for matrix functions and applications", 1996.) For negative `n` too.

    >>> matrix_power_tangent(numpy.eye(1), 3.0 * numpy.eye(1), -1)
    array([[-0.11111111]])
    """
    size = numpy.shape(a)[-1]
    upper = numpy.concatenate((a, da), axis=-1)
    lower = numpy.concatenate((numpy.zeros_like(a), a), axis=-1)
    both = numpy.concatenate((upper, lower), axis=-2)
    return numpy.linalg.matrix_power(both, n)[..., :size, size:]


def matrix_power_adjoint(g: Any, a: Any, n: int) -> Any:
    """Adjoint of `a` in `numpy.linalg.matrix_power(a, n)`: the same, of the transpose."""
    return like(matrix_power_tangent(g, matrix_transpose(a), n), a)


def multi_dot_adjoint(g: Any, arrays: Any) -> Any:
    """Adjoints of the factors of `numpy.linalg.multi_dot(arrays)`, as a list.

    >>> multi_dot_adjoint(1.0, [numpy.ones(2), numpy.eye(2), numpy.ones(2)])[0]
    array([1., 1.])
    """
    first = numpy.atleast_2d(arrays[0])
    last = arrays[-1] if numpy.ndim(arrays[-1]) == 2 else numpy.reshape(arrays[-1], (-1, 1))
    factors = [first, *arrays[1:-1], last]
    before = [first]
    for x in factors[1:-1]:
        before.append(matmul(before[-1], x))
    after = numpy.reshape(g, (first.shape[0], last.shape[1]))
    out = []
    for i in reversed(range(len(factors))):
        here = matmul(before[i - 1].T, after) if i else after
        out.append(like(numpy.reshape(here, numpy.shape(arrays[i])), arrays[i]))
        after = matmul(after, numpy.transpose(factors[i]))
    return Items(out[::-1])


def multi_dot_tangent(changes: Any, arrays: Any) -> Any:
    """Tangent of `numpy.linalg.multi_dot(arrays)`: each factor changed by itself."""
    total: Any = 0.0
    for i, dx in enumerate(changes):
        total = total + numpy.linalg.multi_dot([*arrays[:i], dx, *arrays[i + 1 :]])
    return total
