"""Programs with faults: `tests/test_errors.py` compares the errors' whole texts.

The texts name lines of this file, so add at its end.
"""

import numpy as np


def scalar(x, w):
    return np.sum(x * w)


def vector(x):
    y = x * x
    return y


def deletes_a_slice(x):
    ys = [x, x * x, x]
    ys.append(x)
    del ys[1:]
    return ys[0]


def captures_the_rest(x, options):
    match options:
        case {"rate": rate, **rest}:
            y = x * rate * len(rest)
            return y
    return x


def weighted(values):
    return sum(values)


def gives_a_generator(x):
    s = weighted(v * v for v in x)
    s = s * x[0]
    return s


def uses_a_generator(x):
    yield x * x


async def uses_async(x):
    return x * x


def writes_a_varying_global(x):
    global counter
    counter = x * x
    return counter * x


def two_lines(x):
    y = x * np.sin(
        np.random.permutation(x) + x,
    )
    return y


def several_without_recipes(x):
    a = np.random.permutation(x)
    b = np.random.choice(x, 3)
    return a + helper(a) + b


def helper(x):
    return np.random.standard_gamma(x) * np.random.permutation(x)


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
    y = np.sin(x, signature="d->d") * out
    return np.sum(y)


def may_be_written(x):
    y = x * x
    np.random.permutation(y)
    return np.sum(y * np.random.choice(y, 3))


def keeps_a_generator(x):
    squares = (v * v for v in x)
    return sum(squares)


def seen_when_a_loop_fails(x):
    y = x * x
    try:
        for i in range(3):
            y = y * x
            if y > 2.0:
                raise ValueError(i)
    except ValueError:
        pass
    return y


def seen_when_a_call_fails(x):
    ys = [x]
    try:
        ys.append(x * x)
        ys = [x * 3.0, *checked(ys)]
    except ValueError:
        pass
    return ys[0] * ys[-1]


def checked(ys):
    if len(ys) > 1:
        raise ValueError
    return ys


def jumps_out_of_finally(x):
    for i in range(3):
        try:
            y = x * i
        finally:
            break  # noqa: B012
    return y


def a_pattern_of_an_unknown_class(x, cls, what):
    match what:
        case cls(k):
            return x * k
    return x


class Suppressing:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def suppresses(x):
    y = x
    with Suppressing():
        y = y * x
        y = y / (1 // 2)
    return y


def gives_a_function_away(x):
    scale = lambda v: v * x
    return np.vectorize(scale)(x)


def changes_a_function_in_a_loop(x):
    step = np.sin
    for i in range(3):
        x = step(x)
        step = lambda v: v * i
    return x


def recurs_and_rebinds(x):
    total = 0.0

    def add(n):
        nonlocal total
        total = total + x
        if n > 0:
            add(n - 1)

    add(3)
    return total


def halves(x):
    while x > 0.1:
        yield x
        x = x / 2


def keeps_an_iterator(x):
    values = halves(x)
    return next(values)


def unpacks_the_unknown(x, options):
    return np.sum(np.multiply(x, **options))


def recurs_with_new_functions(x):
    return deeper(lambda v: v * x, x)


def deeper(f, x):
    return f(x) if x < 0.1 else deeper(lambda v: f(v) * v, x / 2)


def calls(g, x):
    return np.sum(g(x) * 2.0)


def overwrites(x):
    x[0] = 1.0
    return np.sum(x)


def multiplies_at(x):
    y = x * x
    np.multiply.at(y, [0, 0], x[0])
    return np.sum(y)


def writes_into_integers_by_out(x):
    y = np.zeros(3, dtype=int)
    np.multiply(x, x, out=y, casting="unsafe")
    return np.sum(y * x)


def resizes(x):
    y = x * x
    y.resize(2)
    return np.sum(y)


class Point:
    """An object that is followed."""

    def __init__(self, x, y):
        self.x, self.y = x, y


class Ghost(Point):
    """Its attributes are not what the class shows."""

    def __getattr__(self, name):
        return 2.0


class Always:
    def __get__(self, instance, owner=None):
        return 2.0


class Described(Point):
    two = Always()


def sets_an_attribute_of_an_argument(p, x):
    p.x = x * x
    return p.x


def gives_an_object_away(x):
    return np.sum(Point(x, x))


def returns_an_object(x):
    return Point(x, x * x)


def makes_an_unknown_number_of_objects(x, n):
    points = [Point(x, k) for k in range(n)]
    return points[0].x


def one_of_two_objects(x):
    p, q = Point(x, x), Point(x * x, x)
    r = p if x > 0.0 else q
    r.x = x
    return p.x


def takes_a_ghost(x):
    p = Point(x, x)
    return Ghost(p, x).z


def reads_a_descriptor(x):
    return Described(x, x).two * x


def has_no_operator(x):
    return (Point(x, x) + Point(x, x)).x


def misses_an_attribute(x):
    return Point(x, x).z


def differentiates_what_holds_a_function(x):
    import tangent

    def square(v):
        return (lambda u: u * v)(v)

    return tangent.grad(square)(x)


def unpacks_a_generator(x):
    return max(*(v * v for v in x))
