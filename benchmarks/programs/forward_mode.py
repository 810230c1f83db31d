"""The gallery's forward mode: the tangent of a sum of sines."""

import numpy as np

WRT = ("x",)
SIZES = {"forward mode": (1000,)}
SMALL = (5,)
FORWARD = True


def arguments(rng, n):
    return rng.standard_normal(n), 0.7


def f(x, w):
    a = np.sin(x)
    b = a * w
    return np.sum(b)


def gradient(x, w, dx):
    da = dx * np.cos(x)
    db = da * w
    return np.sum(db)
