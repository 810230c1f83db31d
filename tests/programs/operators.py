"""Every operator, comparisons and logic."""

import numpy as np

from tests.cases import args, array, elementwise, program


@program(*elementwise(), wrt="x, w", rtol=None)
def arithmetic(x, w):
    a = x + w * 2.0 - 1.0
    b = -a / (w + 1.5) + (+x)
    c = b**2 + 2 * a
    d = c - x / 3.0 + 1.0 / (w + 1.0)
    return np.sum(d * 0.5)


@program(args(0.7, 1.2), args(2, 3), args(array(3), 2.0), args(array(3), array(2, 3)), wrt="x, y")
def powers(x, y):
    a = x**2 + x**3 + x**1 + x**0
    b = (x + 1.0) ** -2 + x**0.5
    c = 2.0 ** (x * 0.5) + (x + 1.0) ** y
    return np.sum(a * b + c)


@program(
    args(0.0), args(np.zeros(3)), args(-1.5), args(np.array([-1.0, 0.0, 2.0])), args(0), args(-2)
)
def integer_powers_at_zero(x):
    return np.sum(x**2 + 3.0 * x**3 + x**1 + x**0)


@program(args(0.7, 3), args(-1.2, 2), args(2, 4), args(0.0, 1))
def power_with_a_variable_exponent(x, n):
    return x**n * 2.0


@program(args(7.3, 2.2), args(-7.3, 2.2), args(array(3, low=3, high=4), 1.7), wrt="x, y")
def floor_and_remainder(x, y):
    q = x // y
    r = x % y
    return np.sum(q * x + r * y)


@program(
    args(array(2, 3), array(3, 4)),
    args(array(3), array(3)),
    args(array(2, 3), array(3)),
    args(array(3), array(3, 2)),
    args(array(2, 2, 3), array(3, 4)),
    args(array(2, 2, 3), array(2, 3, 2)),
    args(array(1, 2, 3), array(4, 3, 2)),
    args(array(2, 3), array(4, 3, 2)),
    args(array(3), array(4, 3, 2)),
    args(array(2, 3, dtype="f4"), array(3, 4, dtype="f4")),
    args(array(2, 3), np.arange(6).reshape(3, 2)),
    args(array(0, 3), array(3, 2)),
    args(array(2, 0), array(0, 3)),
    wrt="A, B",
)
def matrix_product(A, B):
    C = A @ B
    return np.sum(C * C)


@program(args(0.7, 1.2), args(1.7, 1.2), args(-0.5, 0.3), args(1.2, 3), wrt="x, y")
def comparisons(x, y):
    s = 0.0
    if x < y:
        s = s + x * x
    if x <= y:
        s = s + 2.0 * x * y
    if x > y:
        s = s + y
    if x >= y:
        s = s + x * y
    if x != y:
        s = s + x
    if x == y:
        s = s + 100.0 * x
    if x is not None:
        s = s * 2.0
    return s


@program(args(0.1), args(0.7), args(1.5), args(1))
def chained_comparisons(x):
    y = x
    if 0.0 < x < 0.5:
        y = x * x
    elif 0.5 <= x < 1.2 != 3.0:
        y = np.sin(x)
    return y * x


@program(args(0.7, 1.2), args(-0.7, 1.2), args(-0.7, -1.2), args(0.7, -1.2), wrt="x, y")
def logic(x, y):
    z = x * y
    if x > 0 and y > 0:
        z = z * x
    if x > 0 or y > 0:
        z = z + y
    if not x > 0:
        z = z - x
    if not (x > 0 and y > 0) or z > 3:
        z = z * 2.0
    return z


@program(args(0.7, 1.2), args(0.7, -0.4), wrt="x, y", why="and/or give values")
def logic_as_a_value(x, y):
    a = x and y
    b = x or y
    return a * 3.0 + b


@program(args(0.0, 1.2), args(0, 1.2), args(0.7, 1.2), args([], 1.2, label="list0-1.2"), wrt="y")
def logic_gives_the_deciding_value(x, y):
    return (x or y) * 2.0 if not (x and y) else y * y


@program(args(0.7, 2), args(-0.3, 2), args(0.7, 0))
def logic_is_lazy(x, n):
    if n > 0 and 1 / n < 1:
        return x * n
    return x * x if n == 0 or x / n > 0.1 else x


@program(args(0.7, 1.2), args(-0.7, 1.2), args(0.2, 0.1), wrt="x, y")
def ternaries(x, y):
    a = x if x > 0 else -x * y
    b = a * (y if a > y else y * y if y > 1 else 3.0)
    return b + (x * b if b > 0.5 else b)


@program(args(0.7), args(-0.7), args(np.float32(0.7)))
def ternary_in_a_call(x):
    return np.sin(x * x if x > 0 else x) + abs(x)


@program(args(0.7, 1.2, -0.3), wrt="x, y, z")
def builtins_of_numbers(x, y, z):
    a = max(x, y, z) * min(x, y)
    b = abs(z) * float(x) + pow(y, 2)
    c = sum([x, y * z, z])
    return a + b + c * round(1.4) + int(2.7) * x


@program(args(True, 0.7), args(False, 0.7))
def boolean_argument(flag, x):
    return x * x if flag else x


@program(args(3, 0.7), args(-3, 0.7), wrt="n, x", why="an integer's gradient is a float")
def integer_argument(n, x):
    return n * n * x + n / 2
