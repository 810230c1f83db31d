"""A five-point stencil with a varying coefficient, written element by element."""

import numpy as np

WRT = ("u", "c")
SIZES = {"stencil, element by element": (30, 30)}
SMALL = (5, 6)
LOOPS = True
IN_PLACE = True


def arguments(rng, n, m):
    return rng.standard_normal((n, m)), rng.uniform(0.0, 0.25, (n, m))


def f(u, c):
    n, m = np.shape(u)
    out = np.zeros((n, m))
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            around = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
            out[i, j] = u[i, j] + c[i, j] * (around - 4.0 * u[i, j])
    return np.sum(out * out)


def gradient(u, c, init_grad=1.0):
    n, m = np.shape(u)
    out = np.zeros((n, m))
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            around = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
            out[i, j] = u[i, j] + c[i, j] * (around - 4.0 * u[i, j])
    bout = 2 * init_grad * out
    bu, bc = np.zeros_like(u), np.zeros_like(c)
    for i in reversed(range(1, n - 1)):
        for j in reversed(range(1, m - 1)):
            around = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
            g = bout[i, j]
            bc[i, j] += g * (around - 4.0 * u[i, j])
            g_around = g * c[i, j]
            bu[i, j] += g - 4.0 * g_around
            bu[i - 1, j] += g_around
            bu[i + 1, j] += g_around
            bu[i, j - 1] += g_around
            bu[i, j + 1] += g_around
    return bu, bc
