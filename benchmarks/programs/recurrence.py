"""The gallery's recurrence that writes an array in place, row by row."""

import numpy as np

WRT = ("W",)
SIZES = {"recurrent network": (60, 8, 24)}
SMALL = (4, 2, 3)
LOOPS = True
IN_PLACE = True


def arguments(rng, n, k, m):
    return (
        rng.standard_normal((m, m)) / m**0.5,
        rng.standard_normal((k, m)) / k**0.5,
        rng.standard_normal((n, k)),
    )


def f(W, U, x):
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
    return np.sum(h * h)


def gradient(W, U, x, init_grad=1.0):
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
    bh = 2 * init_grad * h
    bW = np.zeros_like(W)
    for t in reversed(range(len(x))):
        g = bh[t + 1] * (1.0 - h[t + 1] ** 2)
        bh[t] += np.dot(W, g)
        bW += np.outer(h[t], g)
    return bW
