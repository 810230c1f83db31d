"""The gallery's call of another function."""

import numpy as np

WRT = ("W", "b")
SIZES = {"call": (32, 16, 24)}
SMALL = (4, 3, 2)


def arguments(rng, k, n, m):
    return rng.standard_normal((n, m)) / n**0.5, rng.standard_normal(m), rng.standard_normal((k, n))


def layer(x, W, b):
    return np.tanh(np.dot(x, W) + b)


def f(W, b, x):
    h = layer(x, W, b)
    return np.sum(h * h)


def layer_backward(by, y, x, W, b):
    g = by * (1.0 - y**2)
    bW = np.dot(x.T, g)
    bb = np.sum(g, axis=0)
    return bW, bb


def gradient(W, b, x, init_grad=1.0):
    h = layer(x, W, b)
    bh = 2 * init_grad * h
    return layer_backward(bh, h, x, W, b)
