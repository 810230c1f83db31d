"""Logistic regression: the loss of a linear classifier with labels -1 and 1."""

import numpy as np

WRT = ("w", "b")
SIZES = {"logistic regression": (500, 20)}
SMALL = (6, 3)


def arguments(rng, n, k):
    return rng.standard_normal(k), 0.1, rng.standard_normal((n, k)), rng.choice([-1.0, 1.0], n)


def f(w, b, x, y):
    margin = y * (np.dot(x, w) + b)
    return np.mean(np.log(1.0 + np.exp(-margin)))


def gradient(w, b, x, y, init_grad=1.0):
    margin = y * (np.dot(x, w) + b)
    e = np.exp(-margin)
    g = -init_grad / len(y) * y * e / (1.0 + e)
    return np.dot(x.T, g), np.sum(g)
