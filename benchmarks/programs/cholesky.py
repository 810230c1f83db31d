"""A Cholesky factorisation in place, on a copy that the function makes.

The factor overwrites the lower triangle, column by column. An element is final before another
column reads it, and each update is linear in what it overwrites, so the adjoint needs no tape
(Smith, "Differentiation of the Cholesky algorithm", 1995).
"""

import numpy as np

WRT = ("A",)
SIZES = {"Cholesky in place": (20,)}
SMALL = (5,)
LOOPS = True
IN_PLACE = True


def arguments(rng, n):
    B = rng.standard_normal((n, n))
    return B @ B.T + n * np.eye(n), rng.standard_normal((n, n))


def f(A, W):
    L = np.copy(A)
    n = len(L)
    for j in range(n):
        for k in range(j):
            for i in range(j, n):
                L[i, j] = L[i, j] - L[i, k] * L[j, k]
        L[j, j] = np.sqrt(L[j, j])
        for i in range(j + 1, n):
            L[i, j] = L[i, j] / L[j, j]
    return np.sum(W * L)


def gradient(A, W, init_grad=1.0):
    L = np.copy(A)
    n = len(L)
    for j in range(n):
        for k in range(j):
            for i in range(j, n):
                L[i, j] = L[i, j] - L[i, k] * L[j, k]
        L[j, j] = np.sqrt(L[j, j])
        for i in range(j + 1, n):
            L[i, j] = L[i, j] / L[j, j]
    bL = init_grad * W
    for j in reversed(range(n)):
        for i in reversed(range(j + 1, n)):
            g = bL[i, j] / L[j, j]
            bL[j, j] -= g * L[i, j]
            bL[i, j] = g
        bL[j, j] = bL[j, j] / (2 * L[j, j])
        for k in reversed(range(j)):
            for i in reversed(range(j, n)):
                g = bL[i, j]
                bL[i, k] -= g * L[j, k]
                bL[j, k] -= g * L[i, k]
    return bL
