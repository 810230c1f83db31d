"""Dicts that are merged and copied, sequences that are sorted."""

import numpy as np

from tests.cases import args, array, program

PARAMETERS = {"a": {"w": 0.7, "b": array(2)}, "b": {"w": 0.4, "b": array(2, seed=1)}}


@program(args(PARAMETERS, 0.7), wrt="params, x")
def merges_nested_dicts(params, x):
    shrunk = {k: {n: v * 0.9 for n, v in layer.items()} for k, layer in params.items()}
    merged = {**shrunk, "b": {**shrunk["b"], "w": shrunk["b"]["w"] + x}}
    return np.sum(merged["a"]["b"] * merged["b"]["b"]) * merged["b"]["w"] * shrunk["b"]["w"]


@program(args({"a": 1.1, "b": 2.0}, 0.5), wrt="d, x")
def merges_dicts(d, x):
    e = {**d, "c": d["a"] * x}
    f = {"a": x, **e, **d}
    g = e | {"a": x * x}
    return f["c"] * f["a"] + g["a"] * g["b"] * e["a"]


@program(args({"a": 1.1, "b": 2.0}, 0.5), wrt="d, x")
def copies_dicts(d, x):
    e, f = dict(d), dict(d, c=x, a=x * x)
    e["a"] = x * d["a"]
    return e["a"] * d["a"] * f["c"] * f["b"] + f["a"]


@program(args({"a": 1.1}, {"a": 0.5}, 0.5), wrt="d, x", expected="refused")
def merges_what_the_run_knows(d, e, x):
    both = d | e
    return both["a"] * x


@program(args(3, 5, 0.7), args(np.array([True, False]), np.array([False, False]), 0.7))
def merges_flags(a, b, x):
    return np.sum((a | b) * x**2)


@program(args(array(4)), args([0.5, 0.2, 0.9, 0.3], label="list"), args((0.5, 0.2, 0.9, 0.3)))
def sorts(x):
    up, down = sorted(x), sorted(x, reverse=True)
    return up[0] * up[1] + sum(v * k for k, v in enumerate(down)) + sorted(x)[2] ** 2


@program(args({"b": 1.1, "a": 2.0}), wrt="d")
def sorts_keys(d):
    s = 1.0
    for k in sorted(d):
        s = s * d[k] + d[k]
    return s
