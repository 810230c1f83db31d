"""Calls with several results that have recipes: in loops, branches, rebound and unused results."""

from __future__ import annotations

import numpy as np
from numpy.linalg import eigh, qr, slogdet, svd

from tests.cases import args, program

A = np.array([[2.0, 1.0, 0.3], [0.5, 3.0, 0.1], [0.2, 0.4, 1.0]])


@program(args(A), wrt="a")
def unshifted_qr(a):
    """A few steps of the QR algorithm, which rebinds its argument."""
    for _ in range(3):
        q, r = qr(a)
        a = r @ q
    return np.sum(np.diag(a) ** 2 * np.array([1.0, 2.0, 3.0]))


@program(args(A), wrt="a")
def results_in_arms(a):
    if a[0, 0] > 1.0:
        u, s, _ = svd(a)
        w = s[0] * u[0, 0]
    else:
        w, v = eigh(a)
        w = w[0] * v[0, 0]
    return w**2


@program(args(A), wrt="a")
def results_swapped(a):
    a, b = qr(a)
    b, a = a, b
    return np.sum(a * a) + np.sum(b**3)


@program(args(A, 0.5), wrt="a, x")
def log_likelihood(a, x):
    """A Gaussian's, with the sign of the determinant unused."""
    total = 0.0
    for i in range(3):
        covariance = a @ a.T + x * (i + 1) * np.eye(3)
        _, logdet = slogdet(covariance)
        z = np.linalg.solve(covariance, a[i])
        total = total - 0.5 * (logdet + a[i] @ z)
    return total


@program(args(A), wrt="a")
def power_of_values(a):
    out = np.zeros(3)
    for i in range(3):
        w, v = eigh(a + a.T + i * np.diag([0.0, 1.0, 2.0]))
        out[i] = w[i] + v[0, i] ** 2
        w, v = eigh(np.diag(w))
        out[i] += w[0] ** 2
    return np.sum(out**2)


@program(args(A), wrt="a")
def packed(a):
    both = qr(a)
    q = both[0]
    return np.sum(q**3) + np.sum(np.linalg.lstsq(a, a[0], rcond=None)[0] ** 2) + both[1][0, 0]


@program(args(A), wrt="a")
def spectral_filter(a):
    """Transforms, a filter that is written in place, and back."""
    f = np.fft.rfft(a, axis=1)
    f[:, 1:] *= 0.5
    smooth = np.fft.irfft(f, n=3, axis=1)
    return np.sum(np.einsum("ij,kj->ik", smooth, a) ** 2)
