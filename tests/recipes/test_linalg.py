"""Programs of linear algebra, transforms and polynomials: what a recipe by itself does not show.

w, v = np.linalg.eigh(a)        several results, some of them not used; named results
tangent.check(f, A, order=2)    derivatives of derivatives, through the helpers' source
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import linalg as sl

import tangent
from tangent.errors import UnsupportedError

A = np.array([[2.0, 1.0, 0.3], [0.5, 3.0, 0.1], [0.2, 0.4, 1.0]])
SYMMETRIC = A + A.T + np.diag([0.0, 1.0, 3.0])
DEFINITE = A @ A.T + np.eye(3)
TALL = np.vstack([A, A[::-1] * 0.3 + 0.1])


def cholesky(a):
    return np.sum(np.linalg.cholesky(a) ** 2 * np.arange(9.0).reshape(3, 3))


def eigenvalues(a):
    w, v = np.linalg.eigh(a)
    return np.sum(w**3) + np.sum(v[:, 0] ** 4) + np.sum(np.linalg.eigvalsh(a) ** 3)


def singular_values(a):
    u, s, vh = np.linalg.svd(a)
    return np.sum(s**3) + np.sum(u[:, 0] ** 4) + np.sum(vh[1] ** 4)


def low_rank(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(((u[:, :1] * s[:1]) @ vh[:1]) ** 2)


def orthogonal(a):
    q, r = np.linalg.qr(a)
    return np.sum(q**3) + np.sum(r**2)


def named(a):
    return np.linalg.slogdet(a).logabsdet + np.linalg.svd(a).S[0] + np.linalg.qr(a).R[0, 0]


def inverses(a):
    return np.sum(np.linalg.inv(a) ** 2) + np.sum(np.linalg.pinv(a) ** 3) + np.linalg.det(a)


def norms(a):
    matrix = np.linalg.norm(a, "nuc") + np.linalg.norm(a, 2) + np.linalg.norm(a, 1) ** 2
    return matrix + np.linalg.norm(a, 3, axis=1)[0] + np.linalg.cond(a)


def products(a):
    chained = np.sum(np.linalg.multi_dot([a, a, a[0]]) ** 2)
    return np.sum(np.linalg.matrix_power(a, 3) ** 2) + chained


def least_squares(a):
    x, residuals, _, _ = np.linalg.lstsq(a[:, :2], a[:, 2], rcond=None)
    return np.sum(x**2) + residuals[0]


def complex_eigenvalues(a):
    w, _ = np.linalg.eig(a)
    return np.sum(w**3).real


def transforms(a):
    power = np.sum(np.abs(np.fft.fft(a[0])) ** 4)
    return power + np.sum(np.fft.irfft(np.fft.rfft(a[1]) ** 2) ** 2)


def convolutions(a):
    smooth = np.sum(np.convolve(a[0], a[1]) ** 2) + np.sum(np.correlate(a[0], a[1], "same") ** 3)
    nodes = np.array([0.0, 1.0, 2.0, 3.0])
    return smooth + np.sum(np.interp(a[0] + 0.05, nodes, nodes**2 * a[1, 1]) ** 2)


def polynomials(a):
    return np.sum(np.polyval(a[0], a[1]) ** 2) + np.sum(np.polymul(a[0], a[1]) ** 2)


def contractions(a):
    chain = np.sum(np.einsum("ij,jk,k->i", a, a, a[0]) ** 2)
    lists = np.sum(np.einsum(a, [0, 1], a, [1, 2], [0, 2]) ** 2)
    vectors = np.sum(np.vecdot(a, a) ** 2) + np.sum(np.matvec(a, a[0]) ** 2)
    return chain + lists + vectors + np.sum(np.cross(a, a[::-1]) ** 2)


def systems(a):
    triangular = np.sum(sl.solve_triangular(a, a[0], lower=True) ** 2)
    return triangular + np.sum(sl.solve(a, a[1], assume_a="sym") ** 2)


def cholesky_solution(a):
    factor = sl.cho_factor(a)
    return np.sum(sl.cho_solve(factor, a[0]) ** 2)


def lu_solution(a):
    lu, piv = sl.lu_factor(a)
    return np.sum(sl.lu_solve((lu, piv), a[0]) ** 2) + np.sum(lu**2)


def banded_solution(a):
    factor = sl.cholesky_banded(0.3 * a[:2] + np.array([[5.0], [0.0]]), lower=True)
    return np.sum(sl.cho_solve_banded((factor, True), a[2]) ** 2)


def functions(a):
    return np.sum(sl.expm(0.1 * a) ** 2) + np.sum(sl.sqrtm(a) ** 3)


def structured(a):
    return np.sum(sl.toeplitz(a[0], a[1]) ** 3) + np.sum(sl.block_diag(a, a[0]) ** 3)


def riccati(a):
    h = a + a.T
    x = sl.solve_continuous_are(a, a[:, :1], h, 1.0 + h[:1, :1] ** 2)
    return np.sum(x * np.arange(9.0).reshape(3, 3))


PROGRAMS = [
    (cholesky, DEFINITE), (eigenvalues, SYMMETRIC), (singular_values, A), (low_rank, TALL),
    (orthogonal, A), (named, A), (inverses, A), (norms, A), (products, A), (least_squares, TALL),
    (complex_eigenvalues, A), (transforms, A), (convolutions, A), (polynomials, A),
    (contractions, A), (systems, SYMMETRIC), (cholesky_solution, DEFINITE), (lu_solution, A[::-1]),
    (banded_solution, SYMMETRIC), (functions, DEFINITE), (structured, A), (riccati, DEFINITE),
]  # fmt: skip


@pytest.mark.parametrize(("f", "a"), PROGRAMS, ids=lambda v: getattr(v, "__name__", ""))
def test_gradient(f, a):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tangent.check(f, a.copy())


@pytest.mark.parametrize("place", range(len(PROGRAMS)), ids=lambda n: PROGRAMS[n][0].__name__)
def test_gradient_of_gradient(place):
    f, a = PROGRAMS[place]
    mode = "forward" if place % 3 == 2 else "reverse"  # each takes its time
    tangent.check(tangent.grad(f), a.copy(), modes=(mode,), rtol=1e-4, atol=1e-5)


def test_code_of_several_results():
    def loss(a):
        w, v = np.linalg.eigh(a)  # noqa: RUF059
        return np.sum(w**3)

    assert "ba = tangent.eigh_adjoint(bw, 0.0, w, v)\n" in tangent.grad(loss, like=(A,)).source


def complete_basis(a):
    q, _ = np.linalg.qr(a, mode="complete")
    return np.sum(q**3)


def all_singular_vectors(a):
    u, _, _ = np.linalg.svd(a)
    return np.sum(u**3)


def reflectors(a):
    h, tau = np.linalg.qr(a, mode="raw")
    return np.sum(h) + np.sum(tau)


@pytest.mark.parametrize(
    ("f", "reason"),
    [
        (complete_basis, "the last 3 columns of Q have no derivative"),
        (all_singular_vectors, "singular vectors beyond the first 3 have no derivative"),
        (reflectors, "mode='raw'.* can't be differentiated"),
    ],
)
def test_what_has_no_derivative_is_refused(f, reason):
    with pytest.raises(UnsupportedError, match=reason) as caught:
        tangent.grad(f)(TALL)
    assert caught.value.why and caught.value.remedy


def test_extra_vectors_that_do_not_matter():
    def f(a):
        u, s, vh = np.linalg.svd(a)
        q, r = np.linalg.qr(a, "complete")
        return np.sum(u[:, :3] ** 3) + np.sum(s * vh[0]) + np.sum(q[:, :2] ** 3) + np.sum(r**2)

    tangent.check(f, TALL, modes=("reverse",))


def test_equal_eigenvalues():
    """Sums over them are differentiable, vectors are not: the result is not finite."""

    def values(a):
        return np.sum(np.linalg.eigvalsh(a) ** 2)

    def vectors(a):
        _, v = np.linalg.eigh(a)
        return v[0, 0] + v[1, 0]

    np.testing.assert_allclose(tangent.grad(values)(np.eye(2)), 2 * np.eye(2))
    with np.errstate(all="ignore"):
        assert not np.all(np.isfinite(tangent.grad(vectors)(np.eye(2))))


def test_phases_that_are_not_determined():
    """Hermitian blocks: eigenvectors whose first component, which LAPACK makes real, is zero."""
    a = np.diag([1.0, 2.0, 4.0]).astype(complex)
    a[2, 1], a[1, 2] = 0.5j, -0.5j

    def invariant(a):
        _, v = np.linalg.eigh(a)
        return np.sum(np.abs(v[:, 1]) ** 4)

    gradient = tangent.grad(invariant)(a)
    shifted = a.copy()
    shifted[2, 1] += 1e-6j
    slope = (invariant(shifted) - invariant(a)) / 1e-6
    assert abs((gradient[2, 1] * 1j).real - slope) < 1e-4


def test_an_einsum_that_is_a_view():
    def f(a):
        b = a * 1.0
        c = np.einsum("ii->i", b)
        c[0] = a[0, 1] ** 2
        return np.sum(b**3)

    try:
        tangent.check(f, A.copy())
    except tangent.errors.TangentError as error:  # or it is refused
        assert error.origin is not None


def test_second_order_of_many_operands():
    def f(a):
        return np.einsum("i,i,i,i->", a, a, a, a)

    tangent.check(f, np.array([0.5, 0.7]), order=2)
