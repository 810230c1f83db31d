"""Programs with faults: `tests/test_errors.py` compares the errors' whole texts.

The texts name lines of this file, so add at its end.
"""

import numpy as np


def scalar(x, w):
    return np.sum(x * w)


def vector(x):
    y = x * x
    return y


def uses_with(x):
    y = x * x
    with open("log.txt") as log:
        y = y * 2.0
    return y


def uses_try(x):
    try:
        y = x * x
    except ValueError:
        y = x
    return y


def uses_a_comprehension(x):
    return sum([v * v for v in x])


def uses_a_walrus(x):
    if (y := x * x) > 1:
        return y
    return x


def uses_a_generator(x):
    yield x * x


async def uses_async(x):
    return x * x


def writes_a_global(x):
    global counter
    counter = x * x
    return counter


def two_lines(x):
    y = x * np.sin(
        np.ldexp(x, 2) + x,
    )
    return y


def several_without_recipes(x):
    a = np.ldexp(x, 2)
    b = np.interp(x, [0.0, 1.0], [2.0, 3.0])
    return a + helper(a) + b


def helper(x):
    return np.correlate(x, x) * np.ldexp(x, 3)


def calls_what_has_no_source(x):
    return opaque(x) * x


opaque = eval("lambda v: v * v")


def integer_buffer(x):
    y = np.zeros(3, dtype=int)
    y[0] = x
    return np.sum(y * x)


def undecided_alias(x, n):
    y = x * x
    best = y
    for i in range(n):
        y = y * x
        if np.sum(y) > 0.5:
            best = y
        y[0] = x[i]
    return np.sum(best * y)


def loops_over_an_iterator(x):
    s = x
    for v in iter([1.0, 2.0]):
        s = s * v
    return s


def annotated(x: float, w: np.ndarray):
    return np.sum(x * w)


class Model:
    def __call__(self, x):
        return x * x


def raises(x):
    y = x * x
    if y > 1:
        raise ValueError("too large")
    return y


def divides(x, n):
    y = x
    for i in range(n):
        y = y * (1 / (i - 2))
    return y


def takes_nothing():
    return 1.0


def calls_in_a_form(x, out):
    y = np.sin(x, out)
    return np.sum(y)


def may_be_written(x):
    y = x * x
    np.random.shuffle(y)
    return np.sum(y * np.correlate(y, x))
