"""A multilayer perceptron: three layers and a squared error, in three sizes."""

from itertools import pairwise

import numpy as np

WRT = ("W1", "b1", "W2", "b2", "W3", "b3")
SIZES = {
    "MLP small": (16, 8, 16, 4),
    "MLP medium": (64, 64, 64, 10),
    "MLP large": (256, 256, 256, 64),
}
SMALL = (4, 3, 5, 2)


def arguments(rng, batch, inputs, hidden, outputs):
    widths = [inputs, hidden, hidden, outputs]
    parameters = []
    for n, m in pairwise(widths):
        parameters += [rng.standard_normal((n, m)) / n**0.5, 0.1 * rng.standard_normal(m)]
    x, y = rng.standard_normal((batch, inputs)), rng.standard_normal((batch, outputs))
    return (*parameters, x, y)


def f(W1, b1, W2, b2, W3, b3, x, y):
    h1 = np.tanh(np.dot(x, W1) + b1)
    h2 = np.tanh(np.dot(h1, W2) + b2)
    error = np.dot(h2, W3) + b3 - y
    return np.mean(error * error)


def gradient(W1, b1, W2, b2, W3, b3, x, y, init_grad=1.0):
    h1 = np.tanh(np.dot(x, W1) + b1)
    h2 = np.tanh(np.dot(h1, W2) + b2)
    error = np.dot(h2, W3) + b3 - y
    g3 = 2 * init_grad / error.size * error
    g2 = np.dot(g3, W3.T) * (1.0 - h2 * h2)
    g1 = np.dot(g2, W2.T) * (1.0 - h1 * h1)
    bW3, bb3 = np.dot(h2.T, g3), np.sum(g3, axis=0)
    bW2, bb2 = np.dot(h1.T, g2), np.sum(g2, axis=0)
    bW1, bb1 = np.dot(x.T, g1), np.sum(g1, axis=0)
    return bW1, bb1, bW2, bb2, bW3, bb3
