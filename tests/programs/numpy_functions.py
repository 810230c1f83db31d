"""Programs that call NumPy's functions of functions, and options that change what is differentiated."""

import numpy as np

from tests.cases import args, program


@program(args(np.array([0.55, 0.9, 0.3, 0.72, 1.4, 0.1])), wrt=("x",))
def along_axes(x):
    def scaled(v):
        return v / np.sum(v * v)

    y = np.apply_along_axis(scaled, 0, np.reshape(x, (2, 3)))
    return np.sum(y**3) + np.sum(np.apply_over_axes(np.sum, y * y, [0]) ** 2)


@program(args(np.array([0.55, 0.9, 0.3, 1.4])), wrt=("x",))
def in_pieces(x):
    return np.sum(np.piecewise(x, [x < 0.5, x > 1.0], [lambda t: t * t, lambda t: t**3, np.sin]))


@program(args(np.array([0.55, 0.9, 0.3, 1.4])), wrt=("x",))
def of_some(x):
    chosen = x > 0.4
    total = np.sum(x * x, where=chosen, initial=x[0])
    return total * np.max(x, where=chosen, initial=0.1) + np.mean(x**3, where=chosen)


@program(args(np.array([0.55, 0.9, 0.3, 1.4])), wrt=("x",), expected="refused")
def vectorised(x):
    return np.sum(np.vectorize(lambda t: t * t)(x))


@program(args(np.array([0.55, 0.9, 0.3, 1.4])), wrt=("x",))
def in_brackets(x):
    return np.sum(np.r_[x[0], 0:2, x * x] ** 2) + np.sum(np.c_[x, x**2] ** 3)


@program(args(np.array([0.55, 0.9, 0.3])), wrt=("x",), expected="refused")
def ends_of_a_grid(x):
    return np.sum(np.mgrid[0 : x[0] : 3j] ** 2)
