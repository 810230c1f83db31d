"""Assignment in all its forms: rebinding, tuples, stars, chains, augmented."""

import numpy as np

from tests.cases import args, array, elementwise, program


@program(*elementwise(lists=True), wrt="x, w")
def straight_line(x, w):
    a = np.sin(x)
    a = a * w
    b = a * a
    return np.sum(b)


@program(args(0.7), args(3), args(array(3)), args(np.array(0.7)), args(array(2, 3, dtype="f4")))
def rebinding(x):
    y = x
    y = y * y
    z = y
    y = np.sin(y) + x
    y = y * z
    return np.sum(y)


@program(args(0.7, 1.2), args(2, 3), wrt="x, y")
def tuple_targets(x, y):
    a, b = x * y, x + y
    a, b = b, a
    (c, d), e = (a * b, b), a
    [f, g] = [c * d, e]
    return f * g + c


@program(args(0.7, 1.2), wrt="x, y")
def rotation(x, y):
    a, b, c = x, y, x * y
    for i in range(4):
        a, b, c = b * 0.9, c + a, a
    return a + 2.0 * b + 3.0 * c


@program(args(0.7, 1.2), wrt="x, y")
def starred_targets(x, y):
    a, *b = x * x, y, x * y
    *c, d = b[0], b[1], a
    e, *f, g = (c[0], d, c[1], y)
    return a * e + f[0] * g + f[1]


@program(args(0.7), args(array(3)))
def chained_targets(x):
    a = b = x * x
    b = b * 3.0
    c = d = a + b
    c = c * d
    return np.sum(c) + np.sum(d)


@program(
    args(0.7, 1.2), args(3, 2), args(array(3), 1.2), args(array(3), array(3, seed=1)), wrt="x, y"
)
def augmented(x, y):
    a = x * 1.0
    a += y
    a *= x
    a -= 0.5 * y
    a /= y + 2.0
    a **= 2
    return np.sum(a)


@program(args(array(3)), args(array(2, 3)), args(array(3, dtype="f4")), args(array(0)))
def augmented_array_keeps_its_argument(x):
    a = x + 1.0
    b = a * x
    a += b
    a *= a
    b -= a
    return np.sum(b) + np.sum(a)


@program(args(0.7), args(array(3)))
def unused_values(x):
    unused = np.exp(x)
    y = x * x
    also_unused = y * unused
    y = x * 3.0
    return np.sum(y * x)


@program(args(0.7, 1.2), args(array(3), 1.2), wrt="w")
def partly_active(x, w):
    a = np.sin(x)
    b = np.cos(w)
    c = a * b
    a = w
    return np.sum(c * a)


@program(args(0.7), args(array(3)))
def does_not_depend_on_it(x):
    y = 3.0
    return y * 2.0


@program(args(0.7), args(np.array(0.7)), args(np.float32(0.7)), args(3))
def returns_its_argument(x):
    return x


@program(args(0.7, 1.2), args(3, 2), wrt="x, y")
def same_value_twice(x, y):
    return x * x + (x + y) * (x + y) - y * x * y


@program(
    args(0.7, 1.2), args(array(3), 1.2), wrt="w, x", scalar=False, why="several in the order of wrt"
)
def returns_an_array(x, w):
    y = np.sin(x) * w
    return y * y


@program(args(0.7, 1.2), args(array(3), array(3, seed=1)), wrt="x, y", scalar=False)
def returns_a_tuple(x, y):
    a = x * y
    b = np.sin(a) + x
    return a, b, a * b


@program(args(0.5 + 0.25j), forward=False, why="f' of a holomorphic f")
def holomorphic(x):
    y = np.sin(x) * x
    return y * y + 1j * x
