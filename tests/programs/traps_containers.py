"""Programs with lists and dicts that random programs have shown to go wrong, each with its cause."""

import numpy as np

from tests.cases import args, array, program

LISTS = (args(2.0, [1.0, 3.0]), args(0.5, [1.5, 0.2, 0.7]))
DICTS = (args(2.0, {"a": 1.0, "b": 3.0}),)


@program(*LISTS, wrt="x, P", why="the adjoint of a list of numbers was an array, which has no pop")
def argument_that_grows(x, P):
    P.append(x * P[0])
    return x + P[0] * P[-1]


@program(*LISTS, wrt="x, P", why="the gradient got the length that the function gave its argument")
def argument_that_grows_in_front(x, P):
    P.insert(0, x)
    P.reverse()
    return P[0] * P[1] + P[-1]


def grow(xs, v):
    xs.append(v * xs[0])


@program(*LISTS, wrt="x, P", why="the same in a function that is called")
def argument_that_grows_elsewhere(x, P):
    grow(P, x)
    return P[-1] * P[1]


@program(*LISTS, wrt="x, P", why="a slice of a list is another list, not a view")
def slice_that_grows(x, P):
    c = P[1:]
    c.append(x * P[0])
    c.insert(0, x)
    return c[0] * c[1] * c[-1] + P[0]


@program(*LISTS, wrt="x, P")
def slice_that_shrinks(x, P):
    c = P[:]
    v = c.pop()
    return x * v * v + P[0] * len(c)


@program(
    args(2.0, {"a": 1.0, "b": 3.0}),
    wrt="x, P",
    why="the gradient got a key that the argument has not",
)
def argument_that_gets_a_key(x, P):
    P["z"] = x * P["b"]
    return P["z"] * P["a"]


@program(*DICTS, wrt="x, P", why="`|` was an operation of integers only, without a derivative")
def updated_by_union(x, P):
    P |= {"b": P["b"] * x}
    return P["b"] * P["a"]


@program(args(0.7), why="the same of a local dict")
def local_updated_by_union(x):
    d = {"a": x, "b": x * x}
    e = {"b": d["a"] * x}
    d |= e
    return d["a"] * d["b"]


@program(
    args(2.0, {"a": 1.0, "b": 3.0}, {"b": 0.5}),
    wrt="x, P, Q",
    expected="refused",
    why="the union of two dicts of which only the run knows",
)
def union(x, P, Q):
    R = P | Q
    return R["b"] * x


@program(
    args(2.0, {"a": 1.0, "b": 3.0}, {"b": 0.5}),
    wrt="x, P, Q",
    expected="refused",
)
def union_in_place(x, P, Q):
    P |= Q
    return P["b"] * x


@program(args(array(4)), why="a mask is no dict")
def union_of_masks(x):
    m = (x > 0.9) | (x < 0.5)
    m |= x > 1.2
    return np.sum(x[m] ** 2) * (5 | 2)


@program(args(array(4)), why="a zip can't be indexed, which the loop of key= did")
def key_over_zip(x):
    best = min(zip(x, x[::-1], strict=True), key=lambda p: p[0])
    return best[1] * best[0]


@program(args(array(4)), why="max with key= over map was refused, with a reason that was not true")
def key_over_map(x):
    order = sorted(enumerate(x), key=lambda p: -p[1])
    return order[0][1] * max(map(np.sin, x), key=lambda v: -v)
