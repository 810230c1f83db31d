"""`S[i] *= e` where S is a list or dict: an array in it is written in place, so that its other names see the update."""

from __future__ import annotations

import numpy as np

from tests.cases import args, array, program


@program(args(array(3)))
def entry_with_a_name(x):
    y = x * 1.0
    d = {"y": y}
    d["y"] *= x
    return np.sum(y * y) + np.sum(d["y"])


@program(args(array(3)))
def element_with_a_name(x):
    y, z = x * x, x * 2.0
    both = [y, z]
    both[0] /= 2.0
    both[1] **= 2
    return np.sum(y * z)


@program(args(array(3)))
def one_array_twice(x):
    y = x * 1.0
    both = [y, y]
    both[0] *= x
    return np.sum(both[1] ** 2)


@program(args(array(4, 3)))
def rows_in_a_list(x):
    y = x.copy()
    rows = [y[0], y[1]]
    rows[1] *= rows[0]
    rows[0][1:] = 2.0
    return np.sum(y * y)


@program(args(array(9)), wrt="theta")
def parameters_in_one_vector(theta):
    theta = theta.copy()
    p = {"W": theta[:6].reshape(2, 3), "b": theta[6:]}
    p["W"] *= 0.5
    p["b"] += 1.0
    return np.sum(np.tanh(p["W"] @ p["b"])) + np.sum(theta**2)


@program(args(array(9)), wrt="theta")
def gradients_in_one_vector(theta):
    g = np.zeros_like(theta)
    grads = {"W": g[:6].reshape(2, 3), "b": g[6:]}
    W, b = theta[:6].reshape(2, 3), theta[6:]
    h = W @ b
    grads["W"][...] = np.outer(h, b)
    grads["b"][:] = W.T @ h
    return np.sum((theta - 0.1 * g) ** 2)


@program(args(array(3)))
def numbers_in_a_list(x):
    xs = [x[0], x[1] * 2.0]
    xs[0] *= 3.0
    xs[1] **= 2
    return xs[0] * xs[1]


class Scaled:
    def __init__(self, a):
        self.a = a

    def __truediv__(self, other):
        return Scaled(self.a / other)

    def __imul__(self, other):
        self.a = self.a * other
        return self


@program(args(array(3)))
def objects_in_a_list(x):
    pair = [Scaled(x), Scaled(x * x)]
    first = pair[0]
    pair[0] *= 2.0
    pair[1] /= 4.0
    return np.sum(first.a * pair[1].a)


@program(args(array(3)), expected="either", why="which element has the other name is not followed")
def updated_in_a_loop(x):
    both = [x * x, x * 2.0]
    last = both[1]
    for i in range(2):
        both[i] *= 0.9
    return np.sum(last * both[0])


@program(
    args([array(3), array(3, seed=1)]),
    wrt="xs",
    expected="either",
    why="lists written as arguments",
)
def element_of_an_argument(xs: list):
    last = xs[1]
    for i in range(2):
        xs[i] *= 0.9
    return np.sum(last * xs[0])


@program(args(array(4, 3)), expected="either", why="views in a list that a loop fills")
def row_by_a_list(x):
    y = x.copy()
    rows = [y[i] for i in range(4)]
    rows[1] *= 2.0
    return np.sum(y * y)


@program(args(array(4, 3)), expected="either", why="a list of views that a call makes")
def parts_by_a_call(x):
    y = x.copy()
    top, _ = np.split(y, 2)
    top *= 2.0
    return np.sum(y * y)


@program(args(array(4, 3)), expected="either", why="views in a starred target")
def rest_updated(x):
    y = x * 1.0
    _, *rest = y
    rest[0] *= 3.0
    return np.sum(y * y)


@program(args(array(3)), expected="either", why="one array under two keys")
def appended_twice(x):
    y = x * 1.0
    both = []
    for _ in range(2):
        both.append(y)
    both[0] *= x
    return np.sum(both[1] ** 2)


@program(args(array(3)), expected="either", why="one array under two keys")
def stored_twice(x):
    both = [x * 1.0, x * 2.0]
    both[0] = both[1]
    both[1] *= x
    return np.sum(both[0] ** 2)


@program(args(array(3)))
def numbers_updated_in_a_loop(x):
    s = {"total": 0.0, "product": 1.0}
    for v in x:
        s["total"] += v * v
        s["product"] *= 1.0 + v
    return s["total"] * s["product"]


@program(args(array(3)), wrt="p")
def rows_of_probabilities(p):
    table = {"a": {"b": p[0], "c": p[1]}, "d": {"b": p[2]}}
    for k in table:
        s = sum(table[k].values())
        for j in table[k]:
            table[k][j] /= s
    return table["a"]["b"] * table["a"]["c"] + table["d"]["b"]


def doubled(p):
    p["w"] *= 2.0
    return np.sum(p["w"])


@program(args(array(3)), expected="either", why="the container is given to a function")
def updated_by_a_call(x):
    y = x * 1.0
    s = doubled({"w": y})
    return s * np.sum(y)


@program(args(array(3)), expected="either", why="a copy of a list holds the same arrays")
def updated_through_a_copied_list(x):
    source = [x * 1.0, x * 2.0]
    both = source[:]
    both[0] *= x
    return np.sum(source[0] * source[1])
