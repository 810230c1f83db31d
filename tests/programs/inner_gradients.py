"""Derivatives taken inside a function that is itself differentiated."""

import numpy as np

import tangent
from tests.cases import args, array, program


def cubic(x, w=2.0):
    return w * x**3


def energy(q):
    return np.sum(q**4) * 0.25 + q[0] * q[1]


DCUBIC = tangent.grad(cubic)


@program(args(0.7))
def made_before(x):
    return DCUBIC(x, x) * x


@program(args(0.7))
def of_a_global(x):
    return tangent.grad(cubic)(x, 2.0) * x + tangent.grad(cubic, wrt="w")(x, 1.0)


@program(args(0.7))
def of_a_nested_function(x):
    k = x * x

    def inner(v):
        return v**3 * k

    return tangent.grad(inner)(x * 2.0) + tangent.grad(lambda v: v * k * v)(3.0)


@program(args(array(2)))
def vector_products(x):
    a = tangent.vjp(energy)(x, 2.0)
    b = tangent.jvp(energy)(x, x * x)
    return np.sum(a * x) * b


def newton(f, x, n):
    for _ in range(n):
        x = x - f(x) / tangent.grad(f)(x)
    return x


@program(args(0.7, 3))
def of_a_nested_function_that_is_given(x, n):
    k = x * x

    def cube(v):
        return v * v * v - k

    return newton(lambda v, w=2.0 * x: v * v - k * w, 1.0, n) + newton(cube, x, 1)


@program(args(0.7))
def of_second_order(x):
    return tangent.grad(tangent.grad(lambda v: v**3 * x))(x)


@program(args(0.7))
def tangents_of_a_nested_function(x):
    return tangent.jvp(lambda v: v**3 * x)(x, x * x)


@program(args(cubic, 0.7, label="cubic"), args(np.sin, 0.7, label="sin"))
def of_an_argument(g, x):
    return tangent.grad(g)(x) * x


@program(
    args(array(2), 3),
    expected="either",
    why="not optimised, the inner gradient may be an alias of its argument for all that is known",
)
def descent(x, n):
    for i in range(n):
        x = x - 0.1 * tangent.grad(energy)(x)
    return np.sum(x * x)
