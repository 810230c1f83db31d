"""LU factorisation in place by rank-one updates of the trailing block."""

import numpy as np

WRT = ("A",)
SIZES = {"LU in place": (40,)}
SMALL = (4,)
LOOPS = True
IN_PLACE = True


def arguments(rng, n):
    return (rng.standard_normal((n, n)) + 2 * n * np.eye(n),)


def f(A):
    n = len(A)
    for k in range(n - 1):
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    return np.sum(np.log(np.diag(A)))


def gradient(A, init_grad=1.0):
    A = A.copy()
    n = len(A)
    for k in range(n - 1):
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    bA = np.diag(init_grad / np.diag(A))
    for k in reversed(range(n - 1)):
        g = bA[k + 1 :, k + 1 :]
        bA[k, k + 1 :] -= A[k + 1 :, k] @ g
        bA[k + 1 :, k] -= g @ A[k, k + 1 :]
        bA[k + 1 :, k] /= A[k, k]
        bA[k, k] -= bA[k + 1 :, k] @ A[k + 1 :, k]
    return bA
