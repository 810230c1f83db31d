"""Statements and expressions that are short for others: each does what it does in Python, once."""

import contextlib
import threading
from typing import NamedTuple

import numpy as np

from tests.cases import args, array, program

LOCK = threading.Lock()
calls = 0
log = []


class Point(NamedTuple):
    a: float
    b: float


# --- comprehensions


@program(args(array(3)))
def list_comprehension(x):
    return sum([v * v for v in x])


@program(args(array(4)))
def several_fors_and_ifs(x):
    ys = [v * w for i, v in enumerate(x) if i > 0 for w in x[:i] if v * w > 0.1]
    return np.sum(np.array(ys) ** 2)


@program(args(array(3)))
def nested_comprehensions(x):
    rows = [[v * w for v in x] for w in x]
    return np.sum(np.array(rows) * np.arange(9.0).reshape(3, 3))


@program(args(array(3)))
def comprehension_has_its_own_scope(x):
    v = 2.0
    ys = [v * v for v in x]
    zs = [v + 1.0 for v in [v for v in ys]]
    return ys[0] * v + zs[1] * ys[2]


@program(args(array(3)))
def comprehension_over_itself(x):
    x = [x * 2.0 for x in x]
    return x[0] * x[1] + x[2]


@program(args(array(3)))
def generator_expressions(x):
    s = sum(a * b for a, b in zip(x[1:], x, strict=False))
    t = sum((v * v for v in x), start := 2.0)
    return s * t + max(v * v for v in x) + start


@program(args(array(3)), args(array(3, low=0.1, high=0.2)))
def any_all_next(x):
    first = next((v * v for v in x if v > 0.5), x[0])
    if any(v > 0.6 for v in x) and all(v > 0.0 for row in (x, x) for v in row):
        return first * x[1]
    return first + x[1]


@program(args(array(3)))
def a_loop_over_a_generator(x):
    s = 0.0
    for v in (w * w for w in x if w > 0.25):
        if v > 1.4:
            break
        s += v * x[0]
    return s


@program(args(array(3)))
def dict_and_set_comprehensions(x):
    powers = {k: v**k for k, v in enumerate(x)}
    sizes = {len(powers), int(x[0] * 0.0)}
    return powers[1] * powers[2] * len(sizes) * len({k % 2 for k in range(4)})


@program(args(array(3)))
def texts(x):
    name = f"{len(x)}:" + ",".join(f"{v:.1f}" for v in x)
    return np.sum(x * x) * len(name)


# --- assignment expressions


@program(args(1.3), args(0.6))
def walrus_in_tests(x):
    if (y := x * x) > 1.0 and (z := y * x) > 1.5:
        return y * z
    return y + x


@program(args(1.3))
def walrus_in_while(x):
    s = 0.0
    while (x := x * 0.5) > 0.1:
        s += x * x
    return s


@program(args(1.3))
def walrus_in_order(x):
    y = x
    z = y + (y := y * x) * y + (y := y + 1.0)
    return z * y


@program(args(array(3)))
def walrus_in_a_comprehension(x):
    ys = [last := v * v for v in x if (w := v * 2.0) > 0.1]
    return ys[0] * last + w


@program(args(0.7), args(2.5))
def walrus_in_a_chain(x):
    if 0.5 < (y := x * x) < (z := 2.0 * x):
        return y * z
    return y


# --- match


@program(args(array(3)), args(array(2, 3)))
def match_shapes(x):
    match x.shape:
        case (n,):
            return np.sum(x) * n
        case (n, m) if n < m:
            return np.sum(x * x) * n * m


@program(args(1.3, "square"), args(1.3, "cube"), args(1.3, None), args(1.3, 3), args(1.3, "?"))
def match_values(x, mode):
    match mode:
        case "square" | "sq":
            y = x * x
        case "cube":
            y = x * x * x
        case None:
            y = 2.0 * x
        case int(k):
            y = x**k
        case _:
            y = x
    return y * x


@program(args(1.3, 2), args(0.4, 2), args(1.3, 0))
def match_with_guards(x, k):
    match k, x * x:
        case 0, _:
            return x
        case n, v if v > 1.0 and n > 1:
            return v * n
        case n, v:
            return v * v * n


@program(args(1.3))
def match_stars(x):
    p = (x, x * x, 3.0 * x)
    match p:
        case [a, *rest] if a > 2.0:
            return rest[0]
        case [a, *_, b]:
            return a * b


@program(args(1.3, [1, [2, 3]]), args(1.3, [1, 2]), args(1.3, "ab"), args(1.3, {"k": 4}))
def match_nested(x, what):
    match what:
        case [1, [n, m]] | [n, m]:
            return x * n * m
        case {"k": n}:
            return x * x * n
        case str():
            return x


@program(args(1.3, Point(2.0, 3.0)), args(1.3, Point(1.0, 2.0)), args(1.3, 5), args(1.3, 2.5))
def match_classes(x, what):
    match what:
        case Point(k, 3.0):
            return x**k
        case Point(b=b, a=k):
            return x * k * b
        case int() | str() as k:
            return x * x * k
        case float(k):
            return x * k


# --- loops with `else`


@program(args(array(4), 0.5), args(array(4), 9.0))
def else_of_a_for(x, limit):
    s = 0.0
    for v in x:
        if v > limit:
            s = s * 2.0 + v
            break
        if v < 0.3:
            continue
        s += v * v
    else:
        s = s * 3.0
    return s


@program(args(1.3, 2.0), args(1.3, 9.0), args(0.4, 2.0))
def else_of_a_while(x, limit):
    n = 0
    while n < 3:
        n += 1
        for _ in range(2):
            if x > limit:
                break
            x = x * 1.2
        else:
            continue
        break
    else:
        return x * 2.0
    return x * x


# --- with


@program(args(array(3)))
def with_errstate(x):
    with np.errstate(all="ignore"):
        y = np.log(x * x)
        y = y * x
    return np.sum(y)


@program(args(1.3), args(0.4))
def with_a_lock_and_returns(x):
    with LOCK:
        if x > 1.0:
            return x * x
        y = x * x * x
    return y


@program(args(1.3))
def with_several(x):
    with open("/dev/null") as f, np.errstate(all="ignore"):
        n = len(f.read()) + 2
        y = x**n
    return y * x


@program(args(1.3, 4))
def with_in_a_loop(x, n):
    s = 0.0
    for i in range(n):
        with LOCK:
            if i == 1:
                continue
            s = s + x**i * s
            if i == 2:
                break
            s += x
    return s


class Counting:
    def __init__(self):
        self.entered = self.left = 0

    def __enter__(self):
        self.entered += 1
        return 3.0

    def __exit__(self, *error):
        self.left += 1


counting = Counting()


@program(args(1.3))
def with_a_manager_of_ones_own(x):
    with counting as factor:
        y = x * x
    assert counting.entered == counting.left
    return y * x


# --- try


@program(args(1.3, 0), args(1.3, 2))
def fallback_value(x, n):
    try:
        y = x * (4 // n)
    except ZeroDivisionError:
        y = x * x
    return y * x


@program(args(array(3), 3), args(array(3), 4))
def fallback_return(x, n):
    try:
        return np.sum(x * np.ones(n))
    except ValueError as error:
        return np.sum(x * x) * len(str(error)[:3])


@program(args(1.3, 1), args(1.3, 7))
def skipped_in_a_loop(x, k):
    s = x
    for i in range(3):
        try:
            t = x * (6 // (i - k))
            s = s + t * s
        except ZeroDivisionError:
            continue
        s = s * 0.5
    return s


@program(args(1.3, 0), args(1.3, 1))
def partly_done(x, k):
    best = x
    try:
        best = best * x
        best = best * (1 // k)
        best = best * x
    except ZeroDivisionError:
        best = best * 3.0
    else:
        best = best * 2.0
    return best


@program(args(array(3)))
def partly_written(x):
    y = x.copy()
    try:
        y[0] = x[1] * x[1]
        y[7] = x[0]
        y[2] = x[0] * 3.0
    except IndexError:
        y[1] = y[1] * y[0]
    return np.sum(y * y)


@program(args(1.3), args(-1.3))
def several_handlers(x):
    try:
        if x > 0:
            raise KeyError("positive")
        y = x * x + (1 // 0)
    except (KeyError, IndexError) as error:
        y = x * x * len(error.args)
    except ZeroDivisionError:
        y = x * x * x
    return y


@program(args(1.3))
def nested_handlers(x):
    try:
        try:
            y = x * x
            raise ValueError("inner")
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError:
        y = x * x * x
    return y


@program(args(1.3))
def cleanup(x):
    out = []
    for i in range(3):
        try:
            if i == 1:
                continue
            if i == 2:
                break
            y = x * x * (i + 1)
        finally:
            out.append(i)
    return y * len(out)


@program(args(1.3, 0), args(1.3, 1))
def cleanup_and_return(x, n):
    out = [0]
    try:
        return x * x * (1 // n) * len(out)
    except ZeroDivisionError:
        y = x
    finally:
        out.append(1)
    return y * len(out)


@program(args(1.3))
def suppressed(x):
    with contextlib.suppress(ZeroDivisionError):
        return x * (1 // 0)
    return x * x


@program(args(1.3), expected="refused")
def how_far_a_loop_came(x):
    y = x * x
    try:
        for i in range(3):
            y = y * x
            if y > 2.0:
                raise ValueError(i)
    except ValueError:
        pass
    return y


# --- others


@program(args(1.3))
def writes_a_global(x):
    global calls
    calls = 0
    for i in range(3):
        calls += i
    return x * x * calls


@program(args(1.3), expected="refused")
def writes_what_varies_into_a_global(x):
    global calls
    calls = x * x
    return calls * x


@program(args(1.3))
def imports(x):
    import math
    from math import sin as sine

    import numpy.linalg as la

    return sine(x) * math.pi + la.norm(np.array([1.0, 2.0])) * x


@program(args(1.3))
def imports_what_may_be_missing(x):
    try:
        import no_such_module

        return no_such_module.f(x)
    except ImportError:
        return x * x


@program(args(1.3))
def annotated_and_chained(x):
    y: float = x * x
    z: float
    a = z = w = y * x
    """text"""
    pass
    return a * z + w


@program(args(1.3))
def displays_with_stars(x):
    head, *tail = (x, *(x * x, 2.0))
    items = [x, *tail, x, *[v * v for v in tail]]
    x = x * items[1] * items[-2]
    options = {"a": 3.0, "b": x}
    return head * tail[0] * options["a"] + options["b"] * len({*"ab", 1})


@program(args(1.3))
def deletions(x):
    y, z = x * x, x
    items = [y, z, x]
    del z
    del y
    return items[0] * items[1]


@program(args(1.3), expected="either")
def deletions_of_elements(x):
    items = {"a": x * x, "b": x, "c": 3.0}
    ys = [x, x * x, x]
    del items["c"], ys[-1]
    return ys[1] * len(items) * ys[0]


@program(args(1.3), expected="either")
def displays_of_dicts(x):
    options = {**{"a": 2.0}, "b": x, **{"a": 3.0}}
    return options["a"] * options["b"] * x


@program(args(array(4)))
def comparisons(x):
    y = None
    if len(x) in (3, 4) and y is None and "a" not in {"b": 1}:
        y = x[::-1][1:3] * x[...][-2:] + x[slice(0, 4, 2)]
    return np.sum(y if y is not None and 1 <= np.sum(x[:2] > 0.0) < 3 else x)
