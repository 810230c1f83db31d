"""Loops: what they run over, how they end, what they carry."""

import numpy as np

from tests.cases import args, array, program


@program(
    args(1.1, 4),
    args(1.1, 0),
    args(1.1, 1),
    args(2, 3),
    args(array(3), 2),
    args(np.float32(1.1), 3),
    wrt="a",
)
def overwrites_its_variable(a, n):
    for i in range(n):
        a = a * a
    return np.sum(a)


@program(args(0.7, 6), args(0.7, 0), args(array(3), 3), args(array(3, dtype="f4"), 0), wrt="a")
def needs_no_tape(a, n):
    s = 0.0
    for i in range(n):
        s = s + a * i
    return np.sum(s)


@program(args(1.1, 2, 7), args(1.1, 7, 2), args(1.1, 3, 3))
def range_with_start(x, a, b):
    y = x
    for i in range(a, b):
        y = y * x + i
    return y


@program(args(1.1, 0, 7, 2), args(1.1, 7, 0, -3), args(1.1, 0, 7, -1), args(1.1, -3, 4, 3))
def range_with_step(x, a, b, s):
    y = x
    for i in range(a, b, s):
        y = y * x + i
    return y


@program(
    args(array(4)),
    args(array(1)),
    args(array(0)),
    args(array(3, 2)),
    args([0.3, 0.7]),
    args((0.3, 0.7, 2)),
)
def over_an_array(x):
    s = 1.0
    for v in x:
        s = s + np.sum(v * v)
    return s * s


@program(args(0.7, 1.2), wrt="x, y")
def over_a_list_of_values(x, y):
    s = 1.0
    for v in [x, y, x * y]:
        s = s * v
    for v in (x, 2.0):
        s = s + v
    return s


@program(
    args(array(4), array(4, seed=1)), args(array(4), array(3)), args(array(0), array(2)), wrt="x, y"
)
def over_zip(x, y):
    s = 0.0
    for a, b in zip(x, y):  # noqa: B905
        s = s * a + b * b
    return s


@program(args(array(4)), args(array(0)), args([0.3, 0.7]))
def over_enumerate(x):
    s = 0.0
    for i, v in enumerate(x):
        s = s + (i + 1) * v * v
    for i, v in enumerate(x, 3):
        s = s * v + i
    return s


@program(args(array(4)), args(array(0)), args([0.3, 0.7]))
def over_reversed(x):
    s = 1.0
    for v in reversed(x):
        s = s * v + v
    for i in reversed(range(len(x))):
        s = s + x[i] * s
    return s


@program(args(array(3), array(3, seed=1)), wrt="x, y")
def over_all_of_it(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, reversed(y))):  # noqa: B905
        s = s + a * b * i + s * a
    return s


@program(args(1.1, 4), args(1.1, 0))
def reads_the_loop_variable_afterwards(x, n):
    i = 7
    y = x
    for i in range(n):
        y = y * x
    return y * i


@program(args(1.1, 4))
def rebinds_the_loop_variable(x, n):
    y = x
    for i in range(n):
        i = i * 2
        y = y * x + i
    return y


@program(args(1.1, 4))
def rebinds_its_bound(x, n):
    y = x
    for i in range(n):
        n = n - 1
        y = y * x + n
    return y


@program(
    args(array(3, 4)), args(array(0, 4)), args(array(3, 0)), args(array(2, 2, dtype="f4")), wrt="A"
)
def nested(A):
    s = 0.0
    for i in range(A.shape[0]):
        r = 1.0
        for j in range(A.shape[1]):
            r = r * A[i, j]
        s = s + r * r
    return s


@program(args(1.1, 4), args(1.1, 1))
def triangular(x, n):
    y = x
    for i in range(n):
        for j in range(i):
            y = y + x * j
            y = y * x
        y = np.sin(y)
    return y


@program(
    args(5.3), args(0.05), args(0.9), args(np.float32(5.3)), args(np.array(5.3)), args(7), wrt="a"
)
def while_loop(a):
    while a > 0.1:
        if a > 1.0:
            a = a * 0.5
        else:
            a = a * a
    return a


@program(args(1.3, 3), args(0.7, 5), args(1.3, 0))
def while_with_a_counter(x, n):
    k = 0
    y = x
    while k < n and y < 10.0:
        y = y * x + 0.5
        k += 1
    return y * k + y


@program(args(1.3, 8), args(0.7, 8), args(1.3, 0))
def breaks(x, n):
    y = x
    for i in range(n):
        if y > 3.0:
            break
        y = y * 1.5 * x
    return y * i if n > 0 else y


@program(args(1.3, 8), args(0.7, 8))
def breaks_midway(x, n):
    y = x
    z = 0.0
    for i in range(n):
        y = y * 1.5 * x
        z = z + y
        if z > 6.0:
            break
        z = z * x
    return z + y


@program(args(array(6) - 0.6), args(array(6)), args(array(0)))
def continues(x):
    s = 0.5
    for v in x:
        if v < 0:
            continue
        s = s * v + v
    return s


@program(args(1.3, 5), args(0.5, 5))
def break_and_continue(x, n):
    s = x
    for i in range(n):
        if i == 1:
            continue
        for j in range(n):
            if j > i:
                break
            if j == 2:
                continue
            s = s + x * j
            s = s * 0.9
        if s > 8.0:
            break
        s = s * x
    return s


@program(args(1.3), args(0.7))
def while_true(x):
    y = x
    k = 0
    while True:
        y = y * x + 0.1
        k += 1
        if k > 3:
            break
        if y > 2.0:
            continue
        y = np.sin(y)
    return y


@program(args(1.3, 4), args(1.3, 0))
def while_nested_in_for(x, n):
    y = x
    for i in range(n):
        while y > 0.5:
            y = y * 0.6
        y = y + x * i
    return y


@program(args(1.3, 3), args(1.3, 9), expected="either")
def for_else(x, n):
    y = x
    for i in range(n):
        y = y * x
        if y > 5.0:
            break
    else:
        y = y * y
    return y


@program(args(0.7, 1.2, 5), args(0.7, 1.2, 0), wrt="x, y")
def carries_several(x, y, n):
    u, v = x, y
    for i in range(n):
        w = u * v
        u, v = v - 0.1 * w, u + 0.1 * w * w
    return u * v


@program(args(1.1, 3), args(1.1, 0))
def first_defined_in_the_loop(x, n):
    y = x
    for i in range(n):
        z = y * x
        y = z * z * 0.5
    return y


@program(args(array(3), 3), args(array(3), 0))
def shape_changes_at_the_header(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * x
        s = s * 0.5
    return np.sum(s)


@program(args(1.1, 3), args(0.2, 3))
def branches_taped_in_the_loop(x, n):
    y = x
    for i in range(n):
        if y > 1.0:
            z = y * y
        else:
            z = np.sin(y)
        y = z + x * z
    return y


@program(args(array(3), 3), args(array(3), 0), expected="either")
def values_kept_in_a_list(x, n):
    values = []
    y = x
    for i in range(n):
        y = y * x
        values.append(y)
    s = np.sum(x)
    for v in values:
        s = s + np.sum(v * v)
    return s


@program(args(1.1, 3), expected="either")
def generator_or_comprehension(x, n):
    return sum([x * i for i in range(n)])


@program(args(array(3)), args(array(0)))
def builds_a_list_and_sums_it(x):
    xs = []
    for v in x:
        xs.append(v * v)
    return sum(xs) * 2.0 + 0.0


@program(args(array(3)))
def builds_a_list_for_an_array(x):
    xs = []
    for v in x:
        xs.append(v * v)
    a = np.array(xs)
    return np.sum(a * a) + sum(xs)
