"""The gallery's straight line: elementwise work that rebinds a name."""

import numpy as np

WRT = ("x",)
SIZES = {"straight line": (1000,)}
SMALL = (5,)


def arguments(rng, n):
    return rng.standard_normal(n), 0.7


def f(x, w):
    a = np.sin(x)
    a = a * w
    b = a * a
    return np.sum(b)


def gradient(x, w, init_grad=1.0):
    a = np.sin(x)
    a2 = a * w
    ba2 = 2 * init_grad * a2
    ba = ba2 * w
    return ba * np.cos(x)
