"""Adjoints and tangents of factorisations: Cholesky, QR, eigenvalues, singular values.

>>> cholesky_adjoint(numpy.ones((1, 1)), numpy.array([[2.0]]))
array([[0.25]])

All act on stacks of matrices and on complex ones. With ⟨a, b⟩ = Re Σ aᵢⱼbᵢⱼ an adjoint of the map `X
↦ B X C` is `Bᵀ X̄ Cᵀ`, of `X ↦ Xᴴ` it is `X̄ᴴ`. An adjoint that is the number 0.0 stands for zeros:
that result was not used. What is read of a matrix by one triangle has its derivative there.

Factors are unique up to signs or phases. Signs do not vary. Phases are those that LAPACK leaves:
real diagonals of Cholesky and QR factors; a real largest component of an eigenvector, whose norm is
1; Hermitian eigenvectors with a real first (of the upper triangle: last) component; singular
vectors with real first components on the right (of wide matrices: on the left). So a derivative is
that of the numbers which come out. Where a phase is not determined (such a component is zero), and
the adjoint depends on it, the result is not finite. Nor is it for equal eigenvalues or singular
values, where the vectors have no derivative.

M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); S. F. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra
functions with application in optimum experimental design" (2010); J. Townsend, "Differentiating the
singular value decomposition" (2016); C. Ionescu, O. Vantzos, C. Sminchisescu, "Matrix
backpropagation for deep networks with structured layers" (2015).
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import conj, matmul, matrix_transpose

from tangent.errors import UnsupportedError
from tangent.runtime_values import like

__all__ = [
    "cholesky_adjoint",
    "cholesky_tangent",
    "eig_adjoint",
    "eig_tangent",
    "eigh_adjoint",
    "eigh_tangent",
    "eigvals_adjoint",
    "eigvals_tangent",
    "eigvalsh_adjoint",
    "eigvalsh_tangent",
    "qr_adjoint",
    "qr_r_adjoint",
    "qr_r_tangent",
    "qr_tangent",
    "svd_adjoint",
    "svd_or_values_adjoint",
    "svd_or_values_tangent",
    "svd_tangent",
    "svdvals_adjoint",
    "svdvals_tangent",
]


def of_triangle(s: Any, lower: bool = True) -> Any:
    """The adjoint of a matrix that is read by one triangle and stands for a Hermitian one.

    >>> of_triangle(numpy.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 0.],
           [5., 4.]])
    """
    both = s + conj(matrix_transpose(s))
    half = both * (numpy.eye(both.shape[-1], dtype=both.dtype) / 2)
    return numpy.tril(both) - half if lower else numpy.triu(both) - half


def hermitian(a: Any, lower: bool = True) -> Any:
    """The Hermitian matrix of which one triangle is given.

    >>> hermitian(numpy.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 3.],
           [3., 4.]])
    """
    part = numpy.tril(a, -1) if lower else numpy.triu(a, 1)
    diagonal = numpy.real(a) * numpy.eye(numpy.shape(a)[-1], dtype=numpy.real(a).dtype)
    return part + conj(matrix_transpose(part)) + diagonal


def _half(x: Any) -> Any:
    """The lower triangle with half of the diagonal."""
    return numpy.tril(x) - x * (numpy.eye(x.shape[-1], dtype=x.dtype) / 2)


# ---- Cholesky ----------------------------------------------------------------------------------


def cholesky_adjoint(g: Any, y: Any, upper: Any = False) -> Any:
    """Adjoint of a matrix whose Cholesky factor is `y`; only one of its triangles was read.

    `A = L Lᴴ`: `Ā = L⁻ᵀ Φ(Lᵀ L̄) conj(L⁻¹)`, with Φ the lower triangle with half of the diagonal.
    """
    if upper:
        g, y = conj(matrix_transpose(g)), conj(matrix_transpose(y))
    inverse = numpy.linalg.inv(y)
    middle = _half(matmul(matrix_transpose(y), g))
    s = of_triangle(matmul(matrix_transpose(inverse), matmul(middle, conj(inverse))))
    return conj(matrix_transpose(s)) if upper else s


def cholesky_tangent(da: Any, y: Any, upper: Any = False) -> Any:
    """Tangent of the Cholesky factor `y`."""
    if upper:
        y = conj(matrix_transpose(y))
    inverse = numpy.linalg.inv(y)
    symmetric = hermitian(da, not upper)
    middle = matmul(inverse, matmul(symmetric, conj(matrix_transpose(inverse))))
    dy = matmul(y, _half(middle))
    return conj(matrix_transpose(dy)) if upper else dy


# ---- QR ----------------------------------------------------------------------------------------


def qr_adjoint(gq: Any, gr: Any, q: Any, r: Any, mode: str = "reduced") -> Any:
    """Adjoint of `a` in `q, r = numpy.linalg.qr(a, mode)`; of full rank (in its first columns).

    `Ā = (Q̄ + conj(Q) sym(M)) R⁻ᵀ` with `M = conj(R) R̄ᴴ - Q̄ᴴ conj(Q)`, where sym copies the lower
    triangle to the upper. Of wide matrices `R = (R₁, R₂)` the second part is `Qᴴ A₂`.
    """
    if mode not in ("reduced", "complete"):
        raise _mode_of_qr(mode)
    rows, columns = q.shape[-2], r.shape[-1]
    if q.shape[-1] > columns:  # complete
        if numpy.ndim(gq) and numpy.any(gq[..., columns:]):
            raise UnsupportedError(
                f"the last {rows - columns} columns of Q have no derivative",
                why="they are any orthonormal basis of what the matrix's columns leave",
                remedy='use mode="reduced", or the first columns only',
            )
        q, r = q[..., :columns], r[..., :columns, :]
        gq = gq[..., :columns] if numpy.ndim(gq) else gq
        gr = gr[..., :columns, :] if numpy.ndim(gr) else gr
    gq = gq + numpy.zeros_like(q)
    gr = gr + numpy.zeros_like(r)
    if columns <= rows:
        return _qr_adjoint(gq, gr, q, r)
    rest, g_rest = r[..., rows:], gr[..., rows:]
    gq = gq + conj(matmul(matmul(q, rest), matrix_transpose(g_rest)))
    first = _qr_adjoint(gq, gr[..., :rows], q, r[..., :rows])
    return numpy.concatenate((first, matmul(conj(q), g_rest)), axis=-1)


def _qr_adjoint(gq: Any, gr: Any, q: Any, r: Any) -> Any:
    m = matmul(conj(r), conj(matrix_transpose(gr))) - matmul(conj(matrix_transpose(gq)), conj(q))
    inner = gq + matmul(conj(q), hermitian(m))
    return matrix_transpose(numpy.linalg.solve(r, matrix_transpose(inner)))


def qr_tangent(da: Any, q: Any, r: Any, mode: str = "reduced") -> Any:
    """Tangents of `q, r = numpy.linalg.qr(a, mode)`; NaN for columns of `q` that have none."""
    if mode not in ("reduced", "complete"):
        raise _mode_of_qr(mode)
    rows, columns = q.shape[-2], r.shape[-1]
    if q.shape[-1] > columns:
        dq, dr = _qr_tangent(da, q[..., :columns], r[..., :columns, :])
        none = numpy.full_like(q[..., columns:], numpy.nan)
        return (
            numpy.concatenate((dq, none), axis=-1),
            numpy.concatenate((dr, numpy.zeros_like(r[..., columns:, :])), axis=-2),
        )
    if columns <= rows:
        return _qr_tangent(da, q, r)
    dq, dr = _qr_tangent(da[..., :rows], q, r[..., :rows])
    rest = matmul(conj(matrix_transpose(dq)), matmul(q, r[..., rows:]))
    rest = rest + matmul(conj(matrix_transpose(q)), da[..., rows:])
    return dq, numpy.concatenate((dr, rest), axis=-1)


def _qr_tangent(da: Any, q: Any, r: Any) -> Any:
    scaled = matrix_transpose(numpy.linalg.solve(matrix_transpose(r), matrix_transpose(da)))
    x = matmul(conj(matrix_transpose(q)), scaled)
    low = numpy.tril(x, -1)
    eye = numpy.eye(x.shape[-1], dtype=x.dtype)
    upper = (
        numpy.triu(x, 1) + conj(matrix_transpose(low)) + numpy.real(x) * eye
    )  # x minus its rotation
    return scaled - matmul(q, upper), matmul(upper, r)


def qr_r_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` in `numpy.linalg.qr(a, "r")`."""
    q, r = numpy.linalg.qr(a)
    return like(qr_adjoint(0.0, g, q, r), a)


def qr_r_tangent(da: Any, a: Any) -> Any:
    """Tangent of `numpy.linalg.qr(a, "r")`."""
    q, r = numpy.linalg.qr(a)
    _, dr = qr_tangent(da, q, r)
    return dr


def _mode_of_qr(mode: Any) -> UnsupportedError:
    if mode == "r":
        return UnsupportedError(
            'numpy.linalg.qr(…, mode="r") has to be written so',
            why="the mode is only known as it runs, and it decides what is returned",
            remedy='write mode="r" in the call',
        )
    return UnsupportedError(
        f"numpy.linalg.qr(…, mode={mode!r}) can't be differentiated",
        why="the reflectors that it returns are LAPACK's own representation of Q",
        remedy='use mode="reduced"',
    )


# ---- eigenvalues -------------------------------------------------------------------------------


def _gaps(w: Any) -> Any:
    """1 / (wⱼ - wᵢ), and 0 on the diagonal."""
    eye = numpy.eye(w.shape[-1], dtype=w.dtype)
    return (1 - eye) / (w[..., None, :] - w[..., :, None] + eye)


def _on_diagonal(g: Any, w: Any) -> Any:
    """The diagonal matrix of `g`, which is of the shape of `w`, or 0.0."""
    return (g + numpy.zeros_like(w))[..., None] * numpy.eye(w.shape[-1], dtype=w.dtype)


def _of_phases(turns: Any, row: Any, g: Any) -> Any:
    """What is added to the adjoint of a row of vectors that is kept real by turning each vector.

    Args:
        turns: the derivative by the phase of each vector.
        row: the row, which is real.
        g: the adjoint of the vectors, for its size: what is rounding is no dependence on phases.
    """
    size = numpy.sqrt(numpy.sum(numpy.abs(g) ** 2, axis=-2))
    rounding = numpy.abs(turns) <= 1000 * numpy.finfo(size.dtype).eps * size
    return -1j * numpy.where(rounding, 0, turns) / numpy.where(rounding, 1, numpy.real(row))


def _with_row(g: Any, row: Any, place: int) -> Any:
    """`g` with something added to one of its rows."""
    unit = numpy.arange(g.shape[-2]) == place % g.shape[-2]
    return g + unit[:, None] * row[..., None, :]


def eigh_adjoint(gw: Any, gv: Any, w: Any, v: Any, UPLO: str = "L") -> Any:
    """Adjoint of `a` in `w, v = numpy.linalg.eigh(a, UPLO)`.

    `Ā = conj(V) (diag(w̄) + F ∘ (Vᵀ V̄)) Vᵀ` with `Fᵢⱼ = 1 / (wⱼ - wᵢ)`, for a Hermitian `a`.
    """
    lower = UPLO in ("L", "l")
    t = matrix_transpose(v)
    if not numpy.ndim(gv):
        return of_triangle(matmul(conj(v) * (gw + numpy.zeros_like(w))[..., None, :], t), lower)
    if numpy.iscomplexobj(v):
        place = 0 if lower else -1
        turns = numpy.imag(numpy.sum(gv * v, axis=-2))
        gv = _with_row(gv, _of_phases(turns, v[..., place, :], gv), place)
    inner = _on_diagonal(gw, w) + _gaps(w) * matmul(t, gv)
    return of_triangle(matmul(conj(v), matmul(inner, t)), lower)


def eigh_tangent(da: Any, w: Any, v: Any, UPLO: str = "L") -> Any:
    """Tangents of `w, v = numpy.linalg.eigh(a, UPLO)`."""
    lower = UPLO in ("L", "l")
    inner = matmul(conj(matrix_transpose(v)), matmul(hermitian(da, lower), v))
    dv = matmul(v, _gaps(w) * inner)
    if numpy.iscomplexobj(v):
        place = 0 if lower else -1
        dv = dv + v * _turned(dv[..., place, :], v[..., place, :])
    return numpy.real(numpy.diagonal(inner, axis1=-2, axis2=-1)), dv


def _turned(dv: Any, v: Any) -> Any:
    """The factors that turn vectors so that one row stays real, given that row and its tangent."""
    absent = numpy.equal(v, 0)
    turn = numpy.where(absent, 0, numpy.imag(dv)) / numpy.where(absent, 1, numpy.real(v))
    return -1j * turn[..., None, :]


def eigvalsh_adjoint(g: Any, a: Any, UPLO: Any = "L") -> Any:
    """Adjoint of `a` in `numpy.linalg.eigvalsh(a, UPLO)`: `conj(V) diag(w̄) Vᵀ`."""
    w, v = numpy.linalg.eigh(a, UPLO)
    return like(eigh_adjoint(g, 0.0, w, v, UPLO), a)


def eigvalsh_tangent(da: Any, a: Any, UPLO: Any = "L") -> Any:
    """Tangent of `numpy.linalg.eigvalsh(a, UPLO)`: the diagonal of `Vᴴ Ȧ V`."""
    _, v = numpy.linalg.eigh(a, UPLO)
    full = hermitian(da, UPLO in ("L", "l"))
    return numpy.real(numpy.sum(conj(v) * matmul(full, v), axis=-2))


def eig_adjoint(gw: Any, gv: Any, a: Any, w: Any, v: Any) -> Any:
    """Adjoint of `a` in `w, v = numpy.linalg.eig(a)`.

    `Ā = V⁻ᵀ (diag(w̄) + F ∘ (Vᵀ V̄)) Vᵀ` with `Fᵢⱼ = 1 / (wⱼ - wᵢ)`, where `V̄` has lost what would
    change the norm or the phase of a vector.
    """
    t = matrix_transpose(v)
    inner = _on_diagonal(gw, w)
    if numpy.ndim(gv):
        along = numpy.sum(gv * v, axis=-2, keepdims=True)
        gv = gv - numpy.real(along) * conj(v)
        if numpy.iscomplexobj(v):
            largest = _largest_real(v)
            gv = gv - 1j * numpy.imag(along) * largest / numpy.sum(
                numpy.real(v) * largest, -2, keepdims=True
            )
        inner = inner + _gaps(w) * matmul(t, gv)
    return like(numpy.linalg.solve(t, matmul(inner, t)), a)


def eig_tangent(da: Any, w: Any, v: Any) -> Any:
    """Tangents of `w, v = numpy.linalg.eig(a)`."""
    inner = numpy.linalg.solve(v, matmul(da, v))
    dv = matmul(v, _gaps(w) * inner)
    dv = dv - v * numpy.real(numpy.sum(conj(v) * dv, axis=-2, keepdims=True))
    if numpy.iscomplexobj(v):
        largest = _largest_real(v)
        component = numpy.sum(numpy.real(v) * largest, -2, keepdims=True)
        turn = numpy.sum(numpy.imag(dv) * largest, -2, keepdims=True) / component
        dv = dv - 1j * turn * v
    return numpy.diagonal(inner, axis1=-2, axis2=-1), dv


def _largest_real(v: Any) -> Any:
    """1 at the largest real component of each vector, which LAPACK makes real; 0 elsewhere."""
    size = numpy.where(numpy.equal(numpy.imag(v), 0), numpy.abs(v), 0)
    rows = numpy.arange(v.shape[-2])[:, None]
    return numpy.equal(rows, numpy.argmax(size, axis=-2)[..., None, :]).astype(size.dtype)


def eigvals_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` in `numpy.linalg.eigvals(a)`: `V⁻ᵀ diag(w̄) Vᵀ`."""
    w, v = numpy.linalg.eig(a)
    return eig_adjoint(g, 0.0, a, w, v)


def eigvals_tangent(da: Any, a: Any) -> Any:
    """Tangent of `numpy.linalg.eigvals(a)`: the diagonal of `V⁻¹ Ȧ V`."""
    _, v = numpy.linalg.eig(a)
    inner = numpy.linalg.solve(v, matmul(da, v))
    return numpy.diagonal(inner, axis1=-2, axis2=-1)


# ---- singular values ---------------------------------------------------------------------------


def svd_adjoint(
    gu: Any,
    gs: Any,
    gvh: Any,
    u: Any,
    s: Any,
    vh: Any,
    hermitian: bool = False,
) -> Any:
    """Adjoint of `a` in `u, s, vh = numpy.linalg.svd(a, full_matrices)`.

    With `E` = 1 / (sⱼ² - sᵢ²) and `P̄ = diag(s̄) + (Qᵤ + Qᵤᴴ) S + S (Qᵥ + Qᵥᴴ)`, where `Qᵤ = E ∘ (Uᵀ
    Ū)` and `Qᵥ = E ∘ (Vᵀ V̄)`: `Ā = conj(U) P̄ Vᵀ`, and for what the columns of `U` (or `V`) leave
    `(I - conj(U) Uᵀ) Ū S⁻¹ Vᵀ`.

    Raises:
        UnsupportedError: with `full_matrices`, the adjoint of vectors beyond the least dimension is
            not zero: these are any basis of what the others leave.
    """
    count = s.shape[-1]
    if u.shape[-1] > count or vh.shape[-2] > count:
        extra_u = numpy.ndim(gu) and numpy.any(gu[..., count:])
        if extra_u or (numpy.ndim(gvh) and numpy.any(gvh[..., count:, :])):
            raise UnsupportedError(
                f"singular vectors beyond the first {count} have no derivative",
                why="they are any orthonormal basis of what the others leave",
                remedy="use full_matrices=False, or the first vectors only",
            )
        u, vh = u[..., :count], vh[..., :count, :]
        gu = gu[..., :count] if numpy.ndim(gu) else gu
        gvh = gvh[..., :count, :] if numpy.ndim(gvh) else gvh
    if not (numpy.ndim(gu) or numpy.ndim(gvh)) and not hermitian:
        return matmul(conj(u) * (gs + numpy.zeros_like(s))[..., None, :], conj(vh))
    v = conj(matrix_transpose(vh))
    gu = gu + numpy.zeros_like(u)
    gv = conj(matrix_transpose(gvh + numpy.zeros_like(vh)))
    if hermitian:
        signs = numpy.sign(numpy.real(numpy.sum(conj(u) * v, axis=-2)))
        return eigh_adjoint(
            (gs + numpy.zeros_like(s)) * signs, gu + gv * signs[..., None, :], s * signs, u
        )
    inner = _on_diagonal(gs, s)
    tall = u.shape[-2] >= v.shape[-2]
    if numpy.iscomplexobj(u):
        turns_u = numpy.imag(numpy.sum(gu * u, axis=-2))
        turns_v = numpy.imag(numpy.sum(gv * v, axis=-2))
        if tall:
            gv = _with_row(
                gv, _of_phases(turns_u + turns_v, v[..., 0, :], numpy.concatenate((gu, gv), -2)), 0
            )
        else:
            gu = _with_row(
                gu, _of_phases(turns_u + turns_v, u[..., 0, :], numpy.concatenate((gu, gv), -2)), 0
            )
        inner = inner + 1j * _on_diagonal((turns_u if tall else -turns_v) / s, s)
    e = _gaps(s * s)
    qu = e * matmul(matrix_transpose(u), gu)
    qv = e * matmul(matrix_transpose(v), gv)
    inner = inner + (qu + conj(matrix_transpose(qu))) * s[..., None, :]
    inner = inner + s[..., :, None] * (qv + conj(matrix_transpose(qv)))
    left = matmul(conj(u), inner)
    if u.shape[-2] > count:
        left = left + _beyond(gu, u) / s[..., None, :]
    out = matmul(left, matrix_transpose(v))
    if v.shape[-2] > count:
        out = out + matmul(conj(u) / s[..., None, :], conj(matrix_transpose(_beyond(gv, v))))
    return out


def _beyond(g: Any, u: Any) -> Any:
    """`(I - conj(U) Uᵀ) g`."""
    return g - matmul(conj(u), matmul(matrix_transpose(u), g))


def svd_tangent(da: Any, u: Any, s: Any, vh: Any, hermitian: bool = False) -> Any:
    """Tangents of `u, s, vh = numpy.linalg.svd(a, full_matrices)`; NaN for vectors without one."""
    count = s.shape[-1]
    if u.shape[-1] > count or vh.shape[-2] > count:
        du, ds, dvh = svd_tangent(da, u[..., :count], s, vh[..., :count, :])
        rest_u = numpy.full_like(u[..., count:], numpy.nan)
        rest_v = numpy.full_like(vh[..., count:, :], numpy.nan)
        return (
            numpy.concatenate((du, rest_u), axis=-1),
            ds,
            numpy.concatenate((dvh, rest_v), axis=-2),
        )
    v = conj(matrix_transpose(vh))
    if hermitian:
        signs = numpy.sign(numpy.real(numpy.sum(conj(u) * v, axis=-2)))
        dw, du = eigh_tangent(da, s * signs, u)
        return du, dw * signs, conj(matrix_transpose(du * signs[..., None, :]))
    right = matmul(da, v)
    p = matmul(conj(matrix_transpose(u)), right)
    h = conj(matrix_transpose(p))
    e = _gaps(s * s)
    columns, rows = s[..., None, :], s[..., :, None]
    du = matmul(u, e * (p * columns + rows * h))
    dv = matmul(v, e * (rows * p + h * columns))
    if u.shape[-2] > count:
        du = du + (right - matmul(u, p)) / columns
    if v.shape[-2] > count:
        back = matmul(conj(matrix_transpose(da)), u)
        dv = dv + (back - matmul(v, h)) / columns
    diagonal = numpy.diagonal(p, axis1=-2, axis2=-1)
    if numpy.iscomplexobj(u):
        twist = 1j * (numpy.imag(diagonal) / s)[..., None, :]
        if u.shape[-2] >= v.shape[-2]:
            turned = _turned(dv[..., 0, :], v[..., 0, :])
            du, dv = du + u * (turned + twist), dv + v * turned
        else:
            turned = _turned(du[..., 0, :], u[..., 0, :])
            du, dv = du + u * turned, dv + v * (turned - twist)
    return du, numpy.real(diagonal), conj(matrix_transpose(dv))


def svdvals_adjoint(g: Any, a: Any, hermitian: bool = False) -> Any:
    """Adjoint of `a` in `numpy.linalg.svdvals(a)`: `conj(U) diag(s̄) Vᵀ`."""
    u, s, vh = numpy.linalg.svd(a, False, True, hermitian)
    return like(svd_adjoint(0.0, g, 0.0, u, s, vh, hermitian), a)


def svdvals_tangent(da: Any, a: Any, hermitian: bool = False) -> Any:
    """Tangent of `numpy.linalg.svdvals(a)`: the diagonal of `Uᴴ Ȧ V`."""
    u, s, vh = numpy.linalg.svd(a, False, True, hermitian)
    if hermitian:
        _, ds, _ = svd_tangent(da, u, s, vh, True)
        return ds
    return numpy.real(numpy.sum(conj(u) * matmul(da, conj(matrix_transpose(vh))), axis=-2))


def svd_or_values_adjoint(g: Any, y: Any, a: Any, compute_uv: Any, hermitian: Any = False) -> Any:
    """Adjoint of `a` in `numpy.linalg.svd(a, compute_uv=compute_uv)`, as the run decides."""
    if compute_uv:
        return like(svd_adjoint(g[0], g[1], g[2], y[0], y[1], y[2], hermitian), a)
    return svdvals_adjoint(g, a, hermitian)


def svd_or_values_tangent(da: Any, y: Any, a: Any, compute_uv: Any, hermitian: Any = False) -> Any:
    """Tangent of `numpy.linalg.svd(a, compute_uv=compute_uv)`, as the run decides."""
    if compute_uv:
        return svd_tangent(da, y[0], y[1], y[2], hermitian)
    return svdvals_tangent(da, a, hermitian)
