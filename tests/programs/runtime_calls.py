"""Calls of which only the run knows what is called: arguments, elements, methods of objects."""

import math

import numpy as np

from tests.cases import args, array, program

X = array(3)


class Layer:
    """A layer of which programs get instances."""

    gain = 1.5

    def __init__(self, w, act=np.tanh):
        self.w = w
        self.act = act
        self._calls = 0

    def __eq__(self, other):  # so that the tests see whether it was changed
        return type(self) is type(other) and np.all(self.w == other.w)

    __hash__ = object.__hash__

    def __call__(self, x):
        return self.act(self.w * x) * self.gain

    def loss(self, x, *, k=1.0):
        return np.sum(self(x) ** 2) * k

    def counts(self, x):
        self._calls += 1
        return np.sum(x * x)


class Scaled(Layer):
    """A layer of another class."""

    def __call__(self, x):
        return x * self.w


def cube(x):
    return x * x * x


def scaled(k):
    return lambda v: k * v * v


def mixed(a, b=2.0, *, c=1.0):
    return a * b * c, a + b


def overwrites(x):
    x[0] = 1.0
    return np.sum(x)


def doubled(x):
    x *= 2.0
    return x * x


LAYERS = [Layer(0.5), Scaled(np.array([0.3, 0.7, 0.2])), np.sin, scaled(2.0)]


@program(
    args(math.sin, 0.7),
    args(cube, 0.7, label="cube"),
    args(scaled(3.0), X, label="closure"),
    args(np.exp, X, label="np.exp"),
    args(Layer(0.5), X, label="object"),
    args(doubled, 0.7, label="augmented"),
    args(doubled, X, label="writes", expected="refused"),
    args(overwrites, X, label="overwrites", expected="refused"),
)
def argument(g, x):
    return np.sum(g(x) * 2.0)


@program(args(LAYERS, X, label="layers"))
def elements(layers, x):
    y = x
    for layer in layers:
        y = layer(y) + x
    return np.sum(y)


@program(args({"f": cube, "g": np.cos}, 0.7, label="dict"))
def values(table, x):
    return table["f"](x) * table["g"](x)


@program(args(Layer(0.5), X, label="layer"))
def methods(model, x):
    s = model.loss(x * x, k=x[0])
    return s + model(x)[1] * model.act(x[2])


@program(args(mixed, 0.7, label="mixed"))
def several_results(g, x):
    a, b = g(x, c=x * x)
    c, d = g(x, x)
    t = g(a, c=2.0)
    return a * b + c * d + t[0] * t[1]


@program(args(cube, 3, 0.7, label="cube"), args(scaled(2.0), 4, 0.3, label="closure"))
def repeated(g, n, x):
    y = x
    for i in range(n):
        y = g(y) + 0.1 * g(i * x)
    return y


@program(
    args(cube, 3, 0.7, label="cube"),
    args(scaled(2.0), 2, X, label="closure"),
    why="the loop is mirrored twice, and each time its call saves a value of each iteration",
)
def repeated_behind_another(g, n, x):
    y, v = g(x), 0 * x
    for _ in range(n):
        y = g(y) * 0.5 + v
        v = v + y * y
    return np.sum(y)


@program(args(lambda t, y: y * math.sin(t), 5, 1.1, label="lambda"), wrt="y")
def euler(rhs, n, y):
    h = 0.1
    for k in range(n):
        k1 = rhs(k * h, y)
        y = y + h * rhs(k * h + h / 2, y + h / 2 * k1)
    return y


@program(args(print, X, label="print"))
def told(report, x):
    y = x * x
    report("sum", np.sum(y))
    return np.sum(y * y)


@program(args(cube, X, label="cube"))
def written_around(g, x):
    y = x * 1.0
    z = g(y)
    y[0] = z[1]
    z[1] = y[2]
    return np.sum(g(y) * z)


@program(args(Layer(0.5), X, label="layer"), expected="refused")
def objects_that_count(model, x):
    return model.counts(x)


class Predictor:
    def __init__(self, w, layers):
        self.w = w
        self.layers = layers

    def hidden(self, x):
        for V in self.layers:
            x = np.tanh(x @ V)
        return x

    def loss(self, x):
        return np.sum((self.hidden(x) @ self.w) ** 2)


@program(args(Predictor(X, (np.outer(X, X), np.eye(3))), np.outer(X[:2], X)), wrt="model, x")
def methods_of_what_is_differentiated(model, x):
    return model.loss(x) + np.sum(model.w * model.hidden(x)[0])
