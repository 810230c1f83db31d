"""Effects that the user sees happen once each, in order; errors stay errors."""

import numpy as np

from tests.cases import args, array, program

SCALE = 2.5


@program(args(0.7, 3), args(0.7, 0))
def prints(x, n):
    print("start", n)
    y = x
    for i in range(n):
        print("step", i)
        y = y * x
        if y < 0.3:
            print("small")
    print("end")
    return y


@program(args(array(3)))
def prints_in_a_callee(x):
    y = told(x)
    print("between")
    z = told(y)
    return np.sum(z)


def told(x):
    print("told")
    return x * x


@program(args(0.7), args(0.2))
def prints_a_value(x):
    y = x * 2.0
    if y > 1:
        print("y is", y)
    return y * y


@program(args(0.7), args(-0.7, raises=AssertionError))
def asserts(x):
    assert x > 0, "x must be positive"
    return x * x


@program(args(0.7), args(-0.7, raises=ValueError), args(3.0, raises=ZeroDivisionError))
def raises(x):
    y = x * x
    if x < 0:
        raise ValueError("negative")
    if x > 2:
        raise ZeroDivisionError
    return y * x


@program(args(0.7, 4), args(0.7, 20, raises=RuntimeError))
def raises_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = y * x
        if i > 10:
            raise RuntimeError(f"too long: {i}")
    return y


@program(args(0.7), args(array(3)))
def reads_a_global(x):
    return np.sum(x * x * SCALE)
