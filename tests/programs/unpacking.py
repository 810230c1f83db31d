"""Stars: of the function that is differentiated, and of calls of which only the run knows what they pass."""

import functools

import numpy as np

from tests.cases import args, array, program

LAYERS = {"a": {"W": array(3), "b": 0.3}, "b": {"W": array(3, seed=1), "act": np.tanh}}


def layer(x, W, b=0.1, *, act=None):
    z = x * W + b
    return z if act is None else act(z)


def scaled(x, *weights, k=1.0):
    return sum(w * x**i for i, w in enumerate(weights)) * k


class Body:
    def __init__(self, x, *forces, mass=1.0, **about):
        self.x, self.mass = x, mass
        self.force = sum(forces)
        self.about = about

    def step(self, dt, **options):
        self.x = self.x + dt * self.force / self.mass * options.get("damp", 1.0)
        return self


@program(
    args(0.7, 0.3, 0.2, label="two"),
    args(array(2), 0.5, label="one"),
    args(0.7, label="none"),
)
def takes_any_number(x, *weights):
    return np.sum(x * x) + sum(w * np.sum(x ** (i + 2)) for i, w in enumerate(weights))


@program(args(array(2), scale=2.0, shift=0.5, label="both"), args(0.7, label="none"))
def takes_keywords(x, **options):
    y = options.get("scale", 1.0) * x
    if "shift" in options:
        y = y + options["shift"] * x
    return np.sum(y**2)


@program(args(0.7, 0.3, 1.1, k=2.0, label="passed"), args(0.7, 0.4, label="one"))
def passes_on(x, *weights, **options):
    return scaled(x, *weights, **options) + scaled(x * x, 2.0, k=x)


@program(args(LAYERS, array(3, seed=2), label="dicts"), wrt="x")
def layers_in_dicts(layers, x):
    for ps in layers.values():
        x = layer(x, **ps)
    return np.sum(x * x)


@program(
    args({"W": 0.8, "b": 0.3}, 0.5, label="both"),
    args({"W": 0.8}, 0.5, label="default"),
    args({"V": 0.8}, 0.5, label="misfit", raises=TypeError),
    wrt="ps x",
)
def one_layer(ps, x):
    return layer(x, act=np.sin, **ps) * x


@program(
    args([0.8], 0.5, label="one"),
    args((0.8, 0.3), 0.5, label="two"),
    wrt="ws x",
)
def by_position(ws, x):
    return layer(x, *ws) * x


@program(args((0.8, 0.3), {"act": np.cos}, 0.5, label="both"), wrt="ws x")
def by_both(ws, options, x):
    call = functools.partial(layer, x)
    return call(*ws, **options) + scaled(x, *ws)


@program(args(0.7, 0.4))
def objects_that_take_any(x, w):
    body = Body(x, x * x, w, mass=1.0 + w, name="sun")
    for _ in range(2):
        body.step(0.1, damp=w * x)
    return body.x**2 * len(body.about)
