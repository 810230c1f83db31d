"""Objects that a function makes of classes with source: attributes, methods, operators, inheritance, dataclasses."""

import numpy as np

from tests.cases import args, array, program


class Layer:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def __call__(self, x):
        return np.tanh(x @ self.W + self.b)


@program(args(array(2, 3), array(3), array(4, 2)), wrt="W, b", expected="either")
def one_layer(W, b, x):
    layer = Layer(W, b)
    return np.sum(layer(x)) + np.sum(layer.W * W)


class Counter:
    def __init__(self, start):
        self.total = start

    def add(self, x):
        self.total += x
        return self


@program(args(1.3, 3), wrt="x", expected="either")
def object_carried_through_a_loop(x, n):
    counter = Counter(x)
    for k in range(n):
        counter.add(x * counter.total)
    return counter.total
