"""Gauss-Seidel sweeps: an in-place loop whose writes are read by the same sweep."""

import numpy as np

WRT = ("u", "f")
SIZES = {"Gauss-Seidel sweeps": (20, 100)}
SMALL = (2, 6)
LOOPS = True
IN_PLACE = True


def arguments(rng, n, m):
    return rng.standard_normal(m), rng.standard_normal(m), n


def f(u, f, n):
    u = np.array(u)
    for sweep in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
    return np.sum(u * u)


def gradient(u, f, n, init_grad=1.0):
    u = np.array(u)
    for sweep in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
    bu = 2 * init_grad * u
    bf = np.zeros_like(f)
    for sweep in range(n):
        for i in reversed(range(1, len(u) - 1)):
            g = 0.5 * bu[i]
            bu[i] = 0.0
            bu[i - 1] += g
            bu[i + 1] += g
            bf[i] -= g
    return bu, bf
