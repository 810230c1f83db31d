"""Branches and returns."""

import numpy as np

from tests.cases import args, array, program


@program(args(1.3), args(-1.3), args(2), args(np.float32(1.3)), args(np.array(1.3)), wrt="a")
def branch(a):
    if a > 0:
        b = a * a
    else:
        b = -a
    return b * 3.0


@program(args(0.3), args(1.3), args(2.3), args(3.3))
def elif_chain(x):
    if x < 1:
        y = x * x
    elif x < 2:
        y = np.sin(x)
        y = y * x
    elif x < 3:
        y = x
    else:
        y = 4.0
    return y * y + x


@program(args(0.7, 1.2), args(-0.7, 1.2), args(0.7, -1.2), args(-0.7, -1.2), wrt="x, y")
def nested_branches(x, y):
    z = x * y
    if x > 0:
        if y > 0:
            z = z * z
        else:
            z = z + x
        z = z * 2.0
    else:
        if y > 0:
            x = x * 3.0
    return z * x


@program(args(array(3)), args(-array(3)), args(array(2, 3, dtype="f4")))
def branch_on_a_sum(x):
    y = x * 2.0
    if np.sum(x) > 0:
        y = y * x
    return np.sum(y)


@program(args(0.7), args(-0.7))
def one_arm_is_constant(x):
    y = 0.0
    if x > 0:
        y = x * x
    return y


@program(args(0.7), args(-0.7))
def one_arm_uses_what_it_overwrites(x):
    y = x * x
    if x > 0:
        y = y * y
        y = np.sin(y)
    y = y * x
    return y * y


@program(args(0.7), args(-0.7), args(-3.0), args(1))
def several_returns(x):
    if x > 0:
        return x * x
    y = np.sin(x)
    if x > -1:
        return y
    y = y * x
    return y * y


@program(args(0.7, 3), args(0.7, 0), args(3.0, 3), args(1.4, 5))
def return_from_a_loop(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * x
        if s > 4.0:
            return s * x
    return s


@program(args(1.1, 4), args(3.0, 4), args(1.1, 0), args(1.4, 4))
def return_from_nested_loops(x, n):
    s = x
    for i in range(n):
        for j in range(i):
            s = s * x
            if s > 5.0:
                return s * i
        s = s + x
    return s * 2.0


@program(args(0.7), args(-0.7))
def return_from_both_arms(x):
    if x > 0:
        return np.sin(x)
    else:
        return x * x


@program(args(0.7, 0), args(0.7, 1), args(0.7, 2))
def branch_on_an_integer(x, n):
    if n == 0:
        f = x
    elif n == 1:
        f = x * x
    else:
        f = x * x * x
    return f * n + x


@program(args(0.7), args(-0.7))
def defined_in_both_arms_read_in_a_third(x):
    if x > 0:
        a = x
        b = a * a
    else:
        b = x * 3.0
        a = b * x
    if a > 0.2:
        c = a * b
    else:
        c = b
    return c


@program(args(array(4) - 0.7), args(array(4)), args(array(0)))
def branches_in_a_loop(x):
    s = 0.0
    p = 1.0
    for v in x:
        if v > 0:
            s = s + v * v
            p = p * v
        else:
            s = s * v
    return s + p
