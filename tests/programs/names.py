"""Names that are likely to collide with ours."""

import numpy
import numpy as np

from tests.cases import args, array, program

tape = 2.0
tangent = 3.0
_stack = 4.0
bx2 = 5.0
cond = 6.0


@program(args(0.7, 1.2, 0.4), wrt="d, bx, np")
def arguments_called_like_ours(d, bx, np):
    b_d = d * bx
    bd = b_d * np
    return bd * d + numpy.sin(bx)


@program(args(0.7, 1.2), args(array(3), 1.2), wrt="x, init_grad")
def argument_called_init_grad(x, init_grad):
    return np.sum(x * x * init_grad)


@program(args(0.7, 1.2), wrt="x, dx", why="the tangent's name is taken")
def argument_called_dx(x, dx):
    db = x * dx
    return db * dx


@program(args(0.7, 3), wrt="x")
def locals_called_like_ours(x, n):
    x_tape = x
    trips = 0
    cond = x
    for i in range(n):
        cond_tape = cond * x
        cond = cond_tape * x_tape
        trips += 1
        bcond = cond * cond
        cond = bcond + trips
    return cond


@program(args(0.7), args(array(3)))
def globals_called_like_ours(x):
    y = x * tangent + tape
    z = y * y * _stack
    return np.sum(z * bx2 * cond)


@program(args(0.7, 1.2), wrt="sum, result", why="builtins as names")
def builtins_as_names(sum, result):
    abs = sum * result
    len = abs * sum
    t = len + result
    range = t * t
    return range * abs


@program(args(0.7), wrt="t")
def our_names_for_results(t):
    result = t * t
    g = result * 2.0
    value = g * t
    y, by = value, g
    return y * by


@program(args(0.7), wrt="x")
def dfdx(x):
    f = x * x
    grad = f * x
    return grad


@program(args(0.7), wrt="λ")
def greek(λ):
    β = λ * λ
    return β * λ


@program(args(0.7, 1.2), wrt="x, x2", why="numbers at the ends of names")
def numbered_names(x, x2):
    x3 = x * x2
    x = x3 * x
    x = x * x2
    x4 = x * x3
    return x4 * x


def layer_backward(x):
    return x * x


@program(args(array(3)), why="a callee whose name our backward function would like")
def callee_called_like_ours(x):
    y = layer(x)
    return np.sum(layer_backward(y))


def layer(x):
    return x * layer_backward(x)
