"""Arguments of any structure: dicts, lists, tuples, named tuples, dataclasses, objects, nested.

A gradient has its argument's structure, with None for what has no derivative.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from tests.cases import args, array, program


class Layer(NamedTuple):
    W: Any
    b: Any


class Model:
    def __init__(self, layers, scale, name="model"):
        self.layers = layers
        self.scale = scale
        self.name = name
        self.last = None


@dataclass
class Physics:
    mass: float
    springs: Any
    label: str = "chain"
    note: Any = None
    table: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Frozen:
    a: float
    b: Any


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


def perceptron():
    return {"W1": array(3, 4), "b1": array(4, seed=1), "W2": array(4, 2, seed=2), "name": "mlp"}


@program(args(perceptron(), array(5, 3, seed=3), label="dict"), wrt="params, x")
def network_of_a_dict(params, x):
    h = np.tanh(np.dot(x, params["W1"]) + params["b1"])
    return np.sum(np.dot(h, params["W2"]) ** 2)


@program(
    args([(array(3, 4), array(4)), (array(4, 2), array(2))], array(5, 3), label="tuples"),
    args([[array(3, 4), 0.3]], array(3), label="lists"),
    args([], array(3), label="none"),
    args([Layer(array(3, 4), 0.3), Layer(array(4, 1), array(1))], array(2, 3), label="named"),
    wrt="layers",
)
def network_of_a_list(layers, x):
    for W, b in layers:
        x = np.tanh(np.dot(x, W) + b)
    return np.sum(x * x)


@program(
    args(Layer(array(3, 2), array(2)), array(3), label="named"),
    args(Layer(array(3), 0.3), array(3), label="number"),
    wrt="p, x",
)
def named_tuple(p, x):
    return np.sum(np.tanh(np.dot(x, p.W) + p.b) * p[1])


@program(args(Layer(0.3, 0.7), 1.2, label="numbers"), wrt="p")
def named_tuple_unpacked(p, x):
    w, b = p
    return w * x + b * b


@program(args(Physics(1.5, array(4)), array(3), label="dataclass"), wrt="p, x")
def dataclass_argument(p, x):
    e = 0.0
    for i in range(len(x)):
        e = e + p.springs[i] * x[i] ** 2 / p.mass
    return e


@program(args(Frozen(0.4, {"c": array(2), "d": [0.3, array(2)]}), label="frozen"), wrt="p")
def nested_in_a_frozen_dataclass(p):
    return p.a * np.sum(p.b["c"] * p.b["d"][1]) + p.b["d"][0] ** 2


@program(args(Slotted(0.4, array(2)), label="slots"), wrt="p")
def object_with_slots(p):
    return p.a * np.sum(p.b**2)


@program(
    args(Model([Layer(array(2, 3), array(3)), Layer(array(3, 1), 0.1)], 0.7), array(2)),
    wrt="model, x",
)
def object_of_layers(model, x):
    for layer in model.layers:
        x = np.tanh(np.dot(x, layer.W) + layer.b)
    return np.sum(x) * model.scale


@program(args(Model([array(2), array(2, seed=1)], 0.7), 1, label="indexed"), wrt="model")
def indexed_layers(model, k):
    h = model.layers[k] * model.layers[0]
    if model.name == "model":
        h = h * model.scale
    return np.sum(h)


@program(args([0.3, 0.7], label="list"), args((0.3, 2), label="tuple"), args(array(2)))
def two_numbers(x):
    return x[0] * np.sin(x[1])


@program(
    args([[0.3, 0.7], [0.1, 0.2]], label="rows"), args(((0.3, 0.7), (0.1, 0.2)), label="tuples")
)
def rows_of_numbers(x):
    s = 0.0
    for a, b in x:
        s = s + a * b
    return s


@program(args([0.3, 0.7, 0.2], label="list"), args((0.3, 0.7), label="tuple"), args([], label="no"))
def array_of_a_list(x):
    return np.sum(np.sin(np.array(x)))


@program(
    args({"a": {"b": 0.3, "c": [array(2), (0.5, None)]}, "d": None}, label="nested"),
    args({"a": OrderedDict(b=0.3, c=(array(2), (0.5, "x")))}, label="ordered"),
)
def deeply_nested(x):
    c = x["a"]["c"]
    return x["a"]["b"] * np.sum(c[0]) * c[1][0]


@program(args({"w": array(2), "unread": [array(3), {"u": 1.5}]}, label="dict"))
def unread_leaves(x):
    return np.sum(x["w"] ** 2)


@program(
    args({"w": array(2), "act": "tanh"}, 0.3), args({"w": array(2), "act": None}, 0.3), wrt="p"
)
def chosen_by_a_leaf(p, x):
    y = p["w"] * x
    if p["act"] == "tanh":
        y = np.tanh(y)
    elif p["act"] is None:
        y = y * y
    return np.sum(y)


def dense(layer, x):
    return np.tanh(np.dot(x, layer["W"]) + layer["b"])


@program(
    args({"one": {"W": array(2, 3), "b": array(3)}, "two": {"W": array(3), "b": 0.2}}, array(2)),
    wrt="p, x",
)
def helper_of_a_sub_dict(p, x):
    return dense(p["two"], dense(p["one"], x))


def scaled(p):
    return p.mass * p.springs


@program(args(Physics(1.5, array(4)), label="dataclass"), wrt="p")
def helper_of_an_object(p):
    return np.sum(scaled(p) * p.springs)


@program(args({"w": array(3), "b": 0.5}, 3, label="loop"), wrt="p")
def recurrence_of_a_dict(p, n):
    h = np.zeros(3)
    for i in range(n):
        h = np.tanh(p["w"] * h + p["b"])
    return np.sum(h)


@program(args({"w": array(3), "b": 0.5}, label="dict"), wrt="p", scalar=False)
def several_results(p):
    return p["w"] * p["b"], p["b"] ** 2


@program(args({"w": array(3), "b": 0.5}, label="dict"), wrt="p", scalar=False)
def dict_of_results(p):
    return {"y": p["w"] * p["b"], "z": [p["b"] ** 2, "text"]}


@program(args({"w": array(2, dtype="f4"), "b": np.float32(0.5)}, label="f4"), wrt="p", rtol=1e-3)
def single_precision(p):
    return np.sum(p["w"] * p["b"])


@program(args({"w": array(2)}, {"w": array(2, seed=1)}, label="two"), wrt="p, q")
def two_dicts(p, q):
    total = 0.0
    for key in ("w",):
        total = total + np.sum(p[key] * q[key])
    return total
