"""The gallery's array that is overwritten in place, element by element."""

import numpy as np

WRT = ("A",)
SIZES = {"array overwritten in place": (10, 100)}
SMALL = (2, 6)
LOOPS = True
IN_PLACE = True


def arguments(rng, n, m):
    return n, rng.uniform(0.0, 1.0, m)


def f(n, A):
    for t in range(n):
        for i in range(1, len(A) - 1):
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    return np.sum(A)


def gradient(n, A, init_grad=1.0):
    A = A.copy()
    A_i_tape = []
    for t in range(n):
        for i in range(1, len(A) - 1):
            A_i_tape.append(A[i])
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    bA = np.full_like(A, init_grad)
    for t in reversed(range(n)):
        for i in reversed(range(1, len(A) - 1)):
            g = bA[i] / 3.0
            bA[i] = 2 * g * A_i_tape.pop()
            bA[i - 1] += g
            bA[i + 1] += g
    return bA
