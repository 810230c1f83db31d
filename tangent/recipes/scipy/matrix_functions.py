"""Adjoints and tangents of functions of matrices, of generalised eigenvalues, of polar factors.

>>> expm_adjoint(numpy.ones((1, 1)), numpy.zeros((1, 1)))
array([[1.]])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from numpy import conj, matmul, matrix_transpose
from scipy import linalg

from tangent import runtime_decompositions as decompositions
from tangent.errors import UnsupportedError
from tangent.recipes.scipy.banded import single
from tangent.runtime_decompositions import (
    hermitian,
    of_triangle,
    qr_adjoint,
    qr_tangent,
    svd_adjoint,
    svd_tangent,
)
from tangent.runtime_values import like

# ---- matrix functions --------------------------------------------------------------------------


def function_tangent(f: Callable[[Any], Any], da: Any, a: Any) -> Any:
    """The Fréchet derivative of a function of matrices: a block of `f(((A, Ȧ), (0, A)))`.

    R. Mathias, "A chain rule for matrix functions and applications" (1996); N. J. Higham, *Functions
    of Matrices* (2008), theorem 3.6.
    """
    size = numpy.shape(a)[-1]
    upper = numpy.concatenate((a, da), axis=-1)
    lower = numpy.concatenate((numpy.zeros_like(a), a), axis=-1)
    return f(numpy.concatenate((upper, lower), axis=-2))[..., :size, size:]


def function_adjoint(f: Callable[[Any], Any], g: Any, a: Any) -> Any:
    """The adjoint of a function of matrices: its Fréchet derivative at the transpose."""
    return like(function_tangent(f, g, matrix_transpose(a)), a)


def expm_tangent(da: Any, a: Any) -> Any:
    """Tangent of `scipy.linalg.expm(a)` (Al-Mohy & Higham 2009, for single matrices)."""
    if numpy.ndim(a) == 2:
        out = linalg.expm_frechet(a, da, compute_expm=False)
        return numpy.asarray(out, numpy.result_type(a, da, "float32"))
    return function_tangent(linalg.expm, da, a)


def expm_adjoint(g: Any, a: Any) -> Any:
    """Adjoint of `a` in `scipy.linalg.expm(a)`."""
    return like(expm_tangent(g, matrix_transpose(a)), a)


def sqrtm_adjoint(g: Any, a: Any, y: Any) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.sqrtm(a)`: `Yᵀ G + G Yᵀ = Ȳ`."""
    return like(linalg.solve_sylvester(matrix_transpose(y), matrix_transpose(y), g), a)


def power_of(t: Any) -> Callable[[Any], Any]:
    """The function that raises matrices to a fractional power."""
    return lambda a: linalg.fractional_matrix_power(a, t)


def block(a: Any, e: Any) -> Any:
    """`((A, E), (0, A))`."""
    lower = numpy.concatenate((numpy.zeros_like(a), a), axis=-1)
    return numpy.concatenate((numpy.concatenate((a, e), axis=-1), lower), axis=-2)


def frechet_adjoint(g: Any, a: Any, e: Any, compute_expm: Any, of_direction: bool) -> Any:
    """Adjoint of one argument of `scipy.linalg.expm_frechet(a, e)`: blocks of that of `expm`."""
    n = numpy.shape(a)[-1]
    zero = numpy.zeros_like(e)
    first, second = (g[0] + zero, g[1] + zero) if compute_expm else (zero, g)
    rows = numpy.concatenate((first, second), axis=-1)
    of_block = expm_adjoint(numpy.concatenate((rows, numpy.zeros_like(rows)), axis=-2), block(a, e))
    if of_direction:
        return like(of_block[..., :n, n:], e)
    return like(of_block[..., :n, :n] + of_block[..., n:, n:], a)


def frechet_tangent(da: Any, de: Any, a: Any, e: Any, compute_expm: Any) -> Any:
    """Tangents of `scipy.linalg.expm_frechet(a, e)`."""
    n = numpy.shape(a)[-1]
    out = expm_tangent(block(da, de), block(a, e))[..., :n, :]
    return (out[..., :n], out[..., n:]) if compute_expm else out[..., n:]


# ---- generalised eigenvalues -------------------------------------------------------------------


def _gaps(w: Any) -> Any:
    eye = numpy.eye(w.shape[-1], dtype=w.dtype)
    return (1 - eye) / (w[..., None, :] - w[..., :, None] + eye)


def eigh_b_adjoint(which: str, gw: Any, gv: Any, w: Any, v: Any, lower: Any = True) -> Any:
    """Adjoint of `a` or `b` in `w, v = scipy.linalg.eigh(a, b, lower=lower)`, with `Vᴴ B V = I`.

    With `P = diag(w̄) + F ∘ (Vᵀ V̄)`: `Ā = conj(V) P Vᵀ`, `B̄ = -conj(V) (P W + diag(Vᵀ V̄) / 2) Vᵀ`.
    """
    t = matrix_transpose(v)
    eye = numpy.eye(w.shape[-1], dtype=w.dtype)
    inner = (gw + numpy.zeros_like(w))[..., None] * eye
    along = numpy.zeros_like(inner)
    if numpy.ndim(gv):
        m = matmul(t, gv)
        along = m * eye
        size = numpy.sqrt(numpy.sum(numpy.abs(gv) ** 2)) * numpy.sqrt(numpy.sum(numpy.abs(v) ** 2))
        if numpy.any(numpy.abs(numpy.imag(along)) > 1000 * numpy.finfo(w.dtype).eps * size):
            raise UnsupportedError(
                "the result depends on the phases of eigenvectors of scipy.linalg.eigh(a, b)",
                why="they are as LAPACK leaves them",
                remedy="let it depend on the eigenvectors up to their phases only",
            )
        inner = inner + _gaps(w) * m
    if which == "b":
        inner = -(inner * w[..., None, :] + numpy.real(along) / 2)
    return of_triangle(matmul(conj(v), matmul(inner, t)), lower)


def eigh_b_tangent(da: Any, db: Any, w: Any, v: Any, lower: Any = True) -> tuple[Any, Any]:
    """Tangents of `w, v = scipy.linalg.eigh(a, b, lower=lower)`."""
    h = conj(matrix_transpose(v))
    of_a = matmul(h, matmul(hermitian(da, lower), v))
    of_b = matmul(h, matmul(hermitian(db, lower), v))
    x = of_a - of_b * w[..., None, :]
    half = numpy.real(of_b) * (numpy.eye(w.shape[-1], dtype=w.dtype) / 2)
    return numpy.real(numpy.diagonal(x, axis1=-2, axis2=-1)), matmul(v, _gaps(w) * x - half)


# ---- polar and RQ factors, bases -----------------------------------------------------------------


def polar_adjoint(gu: Any, gp: Any, u: Any, p: Any, side: str = "right") -> Any:
    """Adjoint of `a` in `u, p = scipy.linalg.polar(a)`: `a = U P`, for matrices of full rank.

    `U̇ = (I - U Uᴴ) Ȧ P⁻¹ + U Y` with the skew `P Y + Y P = Uᴴ Ȧ - Ȧᴴ U` (N. J. Higham, *Functions of
    Matrices*, 2008, ch. 8), and `Ṗ` is the Hermitian part of `Uᴴ (Ȧ - U̇ P)`.
    """
    if side == "left":  # aᴴ = uᴴ p
        gh = conj(matrix_transpose(gu)) if numpy.ndim(gu) else gu
        out = polar_adjoint(gh, gp, conj(matrix_transpose(u)), p)
        return conj(matrix_transpose(out))
    gu = gu + numpy.zeros_like(u)
    gp = gp + numpy.zeros_like(p)
    ut = matrix_transpose(u)
    # Ṗ = Uᴴ Ȧ - Y P, and it is Hermitian: only that part of its adjoint matters.
    gp = (gp + conj(matrix_transpose(gp))) / 2
    gy = matmul(ut, gu) - matmul(gp, matrix_transpose(p))
    gx = linalg.solve_sylvester(matrix_transpose(p), matrix_transpose(p), gy)
    inner = gp + gx - conj(matrix_transpose(gx))
    rest = gu - matmul(conj(u), matmul(ut, gu))
    beyond = matrix_transpose(numpy.linalg.solve(p, matrix_transpose(rest)))
    return matmul(conj(u), inner) + beyond


def polar_tangent(da: Any, u: Any, p: Any, side: str = "right") -> tuple[Any, Any]:
    """Tangents of `u, p = scipy.linalg.polar(a, side)`."""
    if side == "left":
        du, dp = polar_tangent(conj(matrix_transpose(da)), conj(matrix_transpose(u)), p)
        return conj(matrix_transpose(du)), dp
    x = matmul(conj(matrix_transpose(u)), da)
    y = linalg.solve_sylvester(p, p, x - conj(matrix_transpose(x)))
    beyond = da - matmul(u, x)
    beyond = matrix_transpose(numpy.linalg.solve(matrix_transpose(p), matrix_transpose(beyond)))
    dp = x - matmul(y, p)
    return matmul(u, y) + beyond, (dp + conj(matrix_transpose(dp))) / 2


MODES = {"full": "complete", "economic": "reduced"}


def qr_any_adjoint(g: Any, y: Any, a: Any, mode: str, pivoting: bool) -> Any:
    """Adjoint of `a` in `scipy.linalg.qr(a, mode=mode, pivoting=pivoting)`."""
    if mode not in ("full", "economic", "r"):
        raise _mode_of_qr(mode)
    order = y[-1] if pivoting else None
    moved = a if order is None else numpy.take_along_axis(a, order[..., None, :], -1)
    if mode == "r":
        q, r = numpy.linalg.qr(moved)
        g_r = g[0] if isinstance(g, list | tuple) else g
        out = qr_adjoint(0.0, g_r[..., : r.shape[-2], :], q, r)
    else:
        out = qr_adjoint(g[0], g[1], y[0], y[1], MODES[mode])
    if order is not None:
        out = numpy.take_along_axis(out, numpy.argsort(order, axis=-1)[..., None, :], -1)
    return like(out, a)


def qr_any_tangent(da: Any, y: Any, a: Any, mode: str, pivoting: bool) -> Any:
    """Tangents of `scipy.linalg.qr(a, mode=mode, pivoting=pivoting)`."""
    if mode not in ("full", "economic", "r"):
        raise _mode_of_qr(mode)
    order = (y[-1][..., None, :],) if pivoting else ()
    for index in order:
        a, da = numpy.take_along_axis(a, index, -1), numpy.take_along_axis(da, index, -1)
    rest = tuple(0 * y[-1] for _ in order)
    if mode == "r":
        q, r = numpy.linalg.qr(a)
        _, dr = qr_tangent(da, q, r)
        out = numpy.zeros_like(y[0])
        out[..., : r.shape[-2], :] = dr
        return (out, *rest)
    return (*qr_tangent(da, y[0], y[1], MODES[mode]), *rest)


def _mode_of_qr(mode: Any) -> UnsupportedError:
    return UnsupportedError(
        f"scipy.linalg.qr(…, mode={mode!r}) can't be differentiated",
        why="the reflectors that it returns are LAPACK's own representation of Q",
        remedy='use mode="economic"',
    )


def rq_adjoint(gr: Any, gq: Any, r: Any, q: Any) -> Any:
    """Adjoint of `a` in `r, q = scipy.linalg.rq(a)`: `(J a)ᴴ = (Qᴴ J) (J Rᴴ J)` turned around, where J
    reverses."""
    gr, gq = gr + numpy.zeros_like(r), gq + numpy.zeros_like(q)
    out = qr_adjoint(
        conj(matrix_transpose(gq))[..., ::-1],
        conj(matrix_transpose(gr))[..., ::-1, ::-1],
        conj(matrix_transpose(q))[..., ::-1],
        conj(matrix_transpose(r))[..., ::-1, ::-1],
    )
    return conj(matrix_transpose(out[..., ::-1]))


def rq_tangent(da: Any, r: Any, q: Any) -> tuple[Any, Any]:
    """Tangents of `r, q = scipy.linalg.rq(a)`."""
    dq, dr = qr_tangent(
        conj(matrix_transpose(da))[..., ::-1],
        conj(matrix_transpose(q))[..., ::-1],
        conj(matrix_transpose(r))[..., ::-1, ::-1],
    )
    return conj(matrix_transpose(dr[..., ::-1, ::-1])), conj(matrix_transpose(dq[..., ::-1]))


def orth_adjoint(g: Any, a: Any, y: Any) -> Any:
    """Adjoint of `a` in `y = scipy.linalg.orth(a)`: of its first left singular vectors."""
    u, s, vh = linalg.svd(a, full_matrices=False)
    wide = numpy.zeros_like(u)
    wide[..., : y.shape[-1]] = g
    return like(svd_adjoint(wide, 0.0, 0.0, u, s, vh), a)


def orth_tangent(da: Any, a: Any, y: Any) -> Any:
    """Tangent of `y = scipy.linalg.orth(a)`."""
    u, s, vh = linalg.svd(a, full_matrices=False)
    return svd_tangent(da, u, s, vh)[0][..., : y.shape[-1]]


# ---- eigenvalues of standard problems ------------------------------------------------------------


def eigh_adjoint(gw: Any, gv: Any, w: Any, v: Any, lower: Any = True) -> Any:
    """Adjoint of `a` in `w, v = scipy.linalg.eigh(a, lower=lower)`.

    The signs of eigenvectors are as the driver leaves them; those of "evr", SciPy's default, are
    not continuous in `a`, so that what depends on them has no derivative.
    """
    return decompositions.eigh_adjoint(gw, gv, w, v, "L" if lower else "U")


def eigh_tangent(da: Any, w: Any, v: Any, lower: Any = True) -> tuple[Any, Any]:
    """Tangents of `w, v = scipy.linalg.eigh(a, lower=lower)`."""
    dw, dv = decompositions.eigh_tangent(da, w, v, "L" if lower else "U")
    return dw, dv


def _place(w: Any, by_index: Any, by_value: Any) -> Any:
    """Which of all eigenvalues a subset has."""
    if by_index is not None:
        return numpy.arange(by_index[0], by_index[1] + 1)
    return numpy.flatnonzero(numpy.logical_and(w > by_value[0], w <= by_value[1]))


def _into(g: Any, whole: Any, place: Any) -> Any:
    """What belongs to a subset of the columns, among zeros for the others."""
    out = numpy.zeros_like(whole)
    out[..., place] = g
    return out


def _replaced(v: Any, subset: Any, place: Any) -> Any:
    """All eigenvectors, with the subset that is there already, for the sake of its signs."""
    out = v.copy()
    out[..., place] = subset
    return out


def eigvalsh_adjoint(
    which: str,
    g: Any,
    a: Any,
    b: Any,
    lower: Any = True,
    by_index: Any = None,
    by_value: Any = None,
) -> Any:
    """Adjoint of `a` or `b` in `scipy.linalg.eigvalsh(a, b, lower=lower, …)`."""
    w, v = linalg.eigh(a, b, lower=lower, subset_by_index=by_index, subset_by_value=by_value)
    return like(eigh_b_adjoint(which, g, 0.0, w, v, lower), a if which == "a" else b)


def eigvalsh_tangent(
    da: Any,
    db: Any,
    a: Any,
    b: Any,
    lower: Any = True,
    by_index: Any = None,
    by_value: Any = None,
) -> Any:
    """Tangent of `scipy.linalg.eigvalsh(a, b, lower=lower, …)`."""
    w, v = linalg.eigh(a, b, lower=lower, subset_by_index=by_index, subset_by_value=by_value)
    if b is None:
        return eigh_tangent(da, w, v, lower)[0]
    return eigh_b_tangent(da, db, w, v, lower)[0]


def eigh_or_values_adjoint(
    which: str,
    g: Any,
    y: Any,
    a: Any,
    b: Any,
    lower: Any = True,
    eigvals_only: Any = False,
    by_index: Any = None,
    by_value: Any = None,
) -> Any:
    """Adjoint of `a` or `b` in `y = scipy.linalg.eigh(a, b, lower=lower, …)`.

    Of a subset the vectors vary along all the others, so that these are computed.
    """
    if eigvals_only:
        return eigvalsh_adjoint(which, g, a, b, lower, by_index, by_value)
    w, v, gw, gv = y[0], y[1], g[0], g[1]
    if by_index is not None or by_value is not None:
        w, v = linalg.eigh(a, b, lower=lower)
        place = _place(w, by_index, by_value)
        v = _replaced(v, y[1], place)
        gw, gv = _into(gw, w, place), _into(gv, v, place)
    if b is None:
        return like(eigh_adjoint(gw, gv, w, v, lower), a)
    return like(eigh_b_adjoint(which, gw, gv, w, v, lower), a if which == "a" else b)


def eigh_or_values_tangent(
    da: Any,
    db: Any,
    y: Any,
    a: Any,
    b: Any,
    lower: Any = True,
    eigvals_only: Any = False,
    by_index: Any = None,
    by_value: Any = None,
) -> Any:
    """Tangent of `y = scipy.linalg.eigh(a, b, lower=lower, …)`."""
    if eigvals_only:
        return eigvalsh_tangent(da, db, a, b, lower, by_index, by_value)
    w, v = y[0], y[1]
    place: Any = slice(None)
    if by_index is not None or by_value is not None:
        w, v = linalg.eigh(a, b, lower=lower)
        place = _place(w, by_index, by_value)
        v = _replaced(v, y[1], place)
    if b is None:
        dw, dv = eigh_tangent(da, w, v, lower)
    else:
        dw, dv = eigh_b_tangent(da, db, w, v, lower)
    return dw[..., place], dv[..., place]


def eig_tangent(da: Any, w: Any, v: Any) -> tuple[Any, Any]:
    """Tangents of `w, v = scipy.linalg.eig(a)`, whose eigenvalues are always complex."""
    dw, dv = decompositions.eig_tangent(da, w, v)
    return dw.astype(w.dtype), like(dv, v)


# ---- angles and rotations --------------------------------------------------------------------------


def _cosines(a: Any, b: Any) -> Any:
    """Bases of two subspaces, and the singular vectors that belong to the angles between them."""
    qa, ra = numpy.linalg.qr(single(a, 2, "subspace_angles"))
    qb, rb = numpy.linalg.qr(single(b, 2, "subspace_angles"))
    u, _, vh = numpy.linalg.svd(matmul(conj(qa.T), qb), full_matrices=False)
    return qa, ra, qb, rb, u[:, ::-1], vh[::-1]


def angles_adjoint(g: Any, y: Any, a: Any, b: Any) -> Any:
    """Adjoint of one matrix in `y = scipy.linalg.subspace_angles(a, b)`, whose cosines are the
    singular values of `Qₐᴴ Q_b`."""
    qa, ra, qb, _, u, vh = _cosines(a, b)
    of_product = matmul(conj(u) * (-g / numpy.sin(y)), conj(vh))
    return like(qr_adjoint(conj(matmul(qb, of_product.T)), 0.0, qa, ra), a)


def angles_tangent(da: Any, db: Any, y: Any, a: Any, b: Any) -> Any:
    """Tangent of `y = scipy.linalg.subspace_angles(a, b)`."""
    qa, ra, qb, rb, u, vh = _cosines(a, b)
    dqa, dqb = qr_tangent(da, qa, ra)[0], qr_tangent(db, qb, rb)[0]
    change = matmul(conj(dqa.T), qb) + matmul(conj(qa.T), dqb)
    rates = numpy.real(numpy.sum(conj(u) * matmul(change, conj(vh.T)), axis=0))
    return -rates / numpy.sin(y)


def procrustes_adjoint(g: Any, g_scale: Any, a: Any, b: Any, y: Any) -> Any:
    """Adjoint of `aᴴ b` in `y, scale = scipy.linalg.orthogonal_procrustes(a, b)`."""
    h = conj(single(a, 2, "orthogonal_procrustes").T)
    p = matmul(conj(y.T), matmul(h, b))
    return polar_adjoint(g, 0.0, y, p) + g_scale * conj(y)


def procrustes_tangent(da: Any, db: Any, a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    """Tangents of `y, scale = scipy.linalg.orthogonal_procrustes(a, b)`."""
    h = conj(single(a, 2, "orthogonal_procrustes").T)
    change = matmul(conj(numpy.transpose(da)), b) + matmul(h, db)
    dy, _ = polar_tangent(change, y, matmul(conj(y.T), matmul(h, b)))
    return dy, numpy.real(numpy.sum(conj(y) * change))
