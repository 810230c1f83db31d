"""A recursive filter: a loop that fills an array from its own earlier elements."""

import numpy as np

WRT = ("x", "a")
SIZES = {"recursive filter": (300,)}
SMALL = (6,)
LOOPS = True
IN_PLACE = True


def arguments(rng, n):
    return rng.standard_normal(n), rng.uniform(-0.4, 0.4, 2)


def f(x, a):
    y = np.zeros_like(x)
    for n in range(2, len(x)):
        y[n] = x[n] - a[0] * y[n - 1] - a[1] * y[n - 2]
    return np.sum(y * y)


def gradient(x, a, init_grad=1.0):
    y = np.zeros_like(x)
    for n in range(2, len(x)):
        y[n] = x[n] - a[0] * y[n - 1] - a[1] * y[n - 2]
    by = 2 * init_grad * y
    bx, ba = np.zeros_like(x), np.zeros_like(a)
    for n in reversed(range(2, len(x))):
        g = by[n]
        bx[n] += g
        ba[0] -= g * y[n - 1]
        by[n - 1] -= g * a[0]
        ba[1] -= g * y[n - 2]
        by[n - 2] -= g * a[1]
    return bx, ba
