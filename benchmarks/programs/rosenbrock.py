"""The Rosenbrock function of many variables, written with slices."""

import numpy as np

WRT = ("x",)
SIZES = {"Rosenbrock": (1000,)}
SMALL = (6,)


def arguments(rng, n):
    return (rng.uniform(-2.0, 2.0, n),)


def f(x):
    t = x[1:] - x[:-1] * x[:-1]
    u = 1.0 - x[:-1]
    return np.sum(100.0 * t * t + u * u)


def gradient(x, init_grad=1.0):
    t = x[1:] - x[:-1] * x[:-1]
    u = 1.0 - x[:-1]
    bt = 200.0 * init_grad * t
    bx = np.zeros_like(x)
    bx[1:] = bt
    bx[:-1] -= 2 * bt * x[:-1] + 2 * init_grad * u
    return bx
