"""Calls of functions with source."""

import math

import numpy as np

from tests.cases import args, array, program
from tests.programs import operators as other_module


def square(x):
    return x * x


def layer(x, W, b):
    return np.tanh(np.dot(x, W) + b)


@program(
    args(array(3, 2), array(2), array(4, 3)),
    args(array(3, 2), array(2), array(3)),
    args(array(3, 1), array(1), array(4, 3)),
    args(array(3, 2), 0.3, array(4, 3)),
    args(array(3, 2, dtype="f4"), array(2, dtype="f4"), array(4, 3, dtype="f4")),
    args(array(3, 2), array(2), array(0, 3)),
    args(array(3), 0.3, array(4, 3)),
    wrt="W, b",
)
def one_layer(W, b, x):
    h = layer(x, W, b)
    return np.sum(h * h)


@program(args(0.7), args(2), args(array(3)))
def called_twice(x):
    return np.sum(square(x) * square(square(x)))


@program(args(0.7, 1.2), wrt="x, y", why="active in different arguments at each call")
def different_activity(x, y):
    a = combine(x, 2.0)
    b = combine(3.0, y)
    c = combine(a, b)
    return combine(1.0, 2.0) * c


def combine(u, v):
    return u * v + np.sin(u)


@program(args(0.7), args(-0.7))
def deep(x):
    return level_one(x) * x


def level_one(x):
    y = level_two(x * 2.0)
    return y + level_two(y)


def level_two(x):
    z = level_three(x) * x
    return z


def level_three(x):
    if x > 0:
        return math.sin(x)
    return math.exp(x)


@program(args(1.1, 4), args(1.1, 0))
def recursion(x, n):
    return power(x, n) + x


def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


@program(args(0.7, 5), args(0.7, 0))
def mutual_recursion(x, n):
    return even(x, n)


def even(x, n):
    if n == 0:
        return x
    return odd(x * 1.1, n - 1) * 2.0


def odd(x, n):
    if n == 0:
        return x * x
    return even(np.sin(x), n - 1)


@program(args(0.7, 1.2), wrt="x, y")
def keywords(x, y):
    a = with_defaults(x)
    b = with_defaults(x, scale=y)
    c = with_defaults(shift=x * y, x=y)
    d = with_defaults(y, 3.0, shift=x)
    return a + b * c + d


def with_defaults(x, scale=2.0, *, shift=1.0):
    return x * scale + shift * shift


@program(args(0.7), args(0.7, 1.2), args(0.7, w=1.5), args(array(3), 2.0), wrt="x")
def own_default(x, w=3.0):
    return np.sum(x * x * w)


@program(args(0.7, w=2.0), args(0.7))
def keyword_only(x, *, w=3.0):
    return x * x * w


@program(args(0.7, 1.2), args(array(3), 1.2), wrt="x, y")
def several_results(x, y):
    s, p = sum_and_product(x, y)
    p, q = sum_and_product(p, s)
    r = sum_and_product(p, q)
    return np.sum(p * q + r[0] * r[1])


def sum_and_product(a, b):
    return a + b, a * b


@program(args(array(3)), why="a name of a callee that exists in two modules")
def two_callees_of_one_name(x):
    return np.sum(square(x)) + np.sum(other_module.arithmetic(x, 2.0)) + arithmetic(x, 2.0)


def arithmetic(x, w):
    return np.sum(x * w)


@program(args(1.1, 3), args(1.1, 0))
def call_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = damped(y, x)
    return y


def damped(y, k):
    z = y * k
    for j in range(2):
        z = z - 0.1 * z * z
    return z


@program(args(1.3))
def call_in_a_test(x):
    y = x
    while square(y) > 0.5:
        y = y * 0.7
    if square(y) < level_three(x):
        y = y * x
    return y


@program(
    args(array(4)),
    args(array(4, dtype="f4")),
    expected="either",
    why="the callee writes its argument",
)
def callee_writes_its_argument(x):
    y = x * 2.0
    scale_in_place(y, x[0])
    z = y[1] * 1.0
    scale_in_place(y, z)
    return np.sum(y * y)


def scale_in_place(a, k):
    a *= k
    a[0] = k * k


@program(
    args(array(4)), expected="either", why="the callee gives a view of its argument, then written"
)
def callee_returns_a_view(x):
    y = x * 2.0
    v = middle(y)
    v[0] = x[0] * x[3]
    return np.sum(y * y)


def middle(a):
    return a[1:3]


@program(args(array(4)), expected="either", why="the callee gives its argument back")
def callee_returns_its_argument(x):
    y = x * 2.0
    z = itself(y)
    z[0] = 3.0
    return np.sum(y * z)


def itself(a):
    return a


@program(args(array(3)), args(-array(3)))
def callee_with_early_return_in_a_loop(x):
    s = 0.0
    for i in range(3):
        s = s + clipped(x[i]) * x[i]
    return s


def clipped(v):
    if v < 0:
        return v * 0.1
    if v > 1:
        return 1.0
    return v * v


@program(args(array(3)))
def callee_ignores_an_argument(x):
    return np.sum(first_of(x, x * 3.0))


def first_of(a, b):
    unused = np.exp(b)
    return a * a


@program(args(array(3), 1.2), wrt="x, w")
def builds_and_fills(x, w):
    y = filled(x, w)
    return np.sum(y * x)


def filled(x, w):
    out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] * w
    return out


@program(args(array(2)))
def recursion_on_arrays(x):
    if np.sum(np.abs(x)) > 20.0:
        return np.sum(x)
    return recursion_on_arrays(x * 2.0) * np.sum(x)
