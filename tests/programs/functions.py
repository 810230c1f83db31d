"""Functions that have to be seen where they are called: they write their arguments, are nested, or given."""

import functools
import itertools
import operator

import numpy as np

from tests.cases import args, array, program
from tests.programs import functions_elsewhere as elsewhere
from tests.programs.functions_elsewhere import accumulate

SCALE = 1.5


def fill(y, x):
    for i in range(len(x)):
        y[i] = x[i] * x[i] * SCALE


def double(A):
    A *= 2.0


@program(args(array(3)))
def fills_its_argument(x):
    y = np.zeros(3)
    fill(y, x)
    double(y)
    fill(y, y)
    return np.sum(y)


def sweep(A, steps=2, *, omega=0.5):
    for t in range(steps):
        for i in range(1, len(A) - 1):
            A[i] = (1.0 - omega) * A[i] + omega * A[i - 1] * A[i + 1]
        scale_ends(A, omega)


def scale_ends(A, by):
    A[0] *= by
    A[-1] = A[-1] * by


@program(args(array(5)), why="keywords, defaults, a chain of functions that write")
def kernel_without_return(x):
    A = x * 1.0
    sweep(A, omega=0.25)
    sweep(A, 1)
    return np.sum(A * A)


@program(args(array(4)), why="writes the function's own argument")
def writes_own_argument(x):
    scale_ends(x, x[1])
    return np.sum(x * x)


def put(values, k, v):
    if k < 0:
        return values
    values[k] = v
    return values


@program(args(array(3), 1), args(array(3), -1), why="returns the argument that it wrote")
def returns_what_it_wrote(x, k):
    y = x * x
    z = put(y, k, x[0] * x[1])
    return np.sum(z * x) + y[1]


@program(args(array(3), 2), why="in a loop and in a branch")
def in_a_loop(x, n):
    y = np.ones(3)
    for t in range(n):
        if t % 2 == 0:
            fill(y, y * x)
        else:
            put(y, t, x[0])
        i = 1.0
        y[0] = y[0] * i
    return np.sum(y)


@program(args(array(3)), why="globals of the other module, and names that are other things here")
def from_another_module(x):
    SCALE_2 = 3.0
    total = np.zeros(3)
    accumulate(total, x)
    elsewhere.accumulate(total, SCALE_2 * x, 2)
    return np.sum(total) * elsewhere.OFFSET + SCALE


def swap_rows(A, i, j):
    A[i], A[j] = A[j].copy(), A[i].copy()


@program(args(array(3, 2)))
def rows_swapped_elsewhere(x):
    y = x * 1.0
    swap_rows(y, 0, 2)
    return np.sum(y * x)


def quicksum(A, n):
    if n == 0:
        return 0.0
    A[n - 1] = A[n - 1] * 2.0
    return A[n - 1] + quicksum(A, n - 1)


@program(args(array(3)), expected="either", why="recursive, and writes")
def recursive_and_writes(x):
    y = x * x
    return quicksum(y, 3) * y[0]


# --- nested functions, closures, functions as values


def rk4(f, y, h, *args):
    k1 = f(y, *args)
    k2 = f(y + h / 2 * k1, *args)
    k3 = f(y + h / 2 * k2, *args)
    k4 = f(y + h * k3, *args)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@program(args(1.3), args(array(3)))
def solver_with_a_function(x):
    def rhs(y, c=2.0):
        return -x * y + np.sin(y) * c

    y = x * 0.5
    for _ in range(3):
        y = rk4(rhs, y, 0.1)
    return np.sum(y + rk4(lambda y, a: a * y, x, 0.1, y))


def line(a, b=1.0):
    def at(v):
        return a * v + b

    return at


@program(args(1.3), why="each call of a factory has variables of its own")
def factories(x):
    g = line(x)
    h = line(x * x, b=g(x))
    x = 2.0 * x
    s = 0.0
    for i in range(3):
        k = line(x * i)
        s = s + k(x)
    return g(x) * h(3.0) + s + k(x)


@program(
    args(1.3), why="free names are read when a function is called, defaults when it is defined"
)
def late_binding(x):
    k = 1.0
    f = lambda v: v * k * x
    g = lambda v, k=k: v * k * x
    k = 3.0
    return f(x) + 10.0 * g(x)


@program(args(1.3), args(0.3))
def one_function_or_another(x):
    f = np.sin
    if x > 1.0:
        f = lambda v: v * v * x
    y = 0.1
    for i in range(4):
        if i % 3 == 0:
            g = line(x)
        elif i % 3 == 1:
            g = f
        else:
            g = lambda v: v + x * x
        y = y + g(y)
    return f(x) + y


@program(args(1.3), why="operands are read before a call that rebinds them")
def rebinds_from_inside(x):
    count = 0
    total = x

    def step(v):
        nonlocal count, total
        count += 1
        total = total * v
        return total

    a = total + step(x) * step(2.0)
    total += step(x)
    return a * total * count


def doubled(f):
    def wrapper(*args, **kwargs):
        return 2.0 * f(*args, **kwargs)

    return wrapper


@doubled
def area(x, y=3.0):
    return x * x * y


@program(args(1.3))
def decorated(x):
    @doubled
    def g(v):
        return v * x

    return area(x) + area(x, y=x) + g(x)


def weighted(*vs, scale=1.0, **more):
    s = 0.0
    for v in vs:
        s = s + v * scale
    return s * more["a"] + len(vs) + more.get("b", x_scale(*vs[:1]))


def x_scale(v, /, k=2.0):
    return v * k


@program(args(1.3), why="stars on both sides")
def stars(x):
    p = (x, 2.0 * x)
    options = {"scale": x}
    return weighted(x, *p, a=x * x, **options) + weighted(*p, b=1.0, a=2.0) + x_scale(x)


def compose(*fs):
    def composed(v):
        for f in fs:
            v = f(v)
        return v

    return composed


@program(args(1.3))
def containers_of_functions(x):
    fs = [np.sin, lambda v: v * v * x]
    fs.append(line(x))
    y = x
    for f in fs:
        y = f(y)
    table = {"a": np.sin, "b": lambda v: v * x}
    gs = [lambda v, k=k: v * k * x for k in range(3)]
    for k in range(40):
        y = y * 0.5 + gs[k % 3](x) * 0.1
    return compose(np.cos, lambda v: v * x, gs[1])(y) + table["a"](x) * table["b"](y)


@program(args(1.3))
def none_or_a_function(x):
    return smooth(x) + smooth(x, lambda v: v * x) + smooth(x, inner=np.sin, n=1)


def smooth(x, inner=None, n=2):
    y = x
    for _ in range(n):
        if inner is not None and n > 1:
            y = inner(y)
        elif callable(inner):
            y = y + inner(x)
        else:
            y = y * 0.5
    return y


def over(f, xs):
    for i in range(len(xs)):
        xs[i] = f(xs[i])


@program(args(array(3)))
def function_in_a_function_that_writes(x):
    y = x * x
    scale = x[0]

    def rescale(v):
        return v * scale

    over(rescale, y)
    scale = x[1]
    over(rescale, y)
    return np.sum(y)


@program(args(1.3), expected="refused", why="`vectorize` is no Python function")
def escapes_into_the_unknown(x):
    g = lambda v: v * x
    return np.sum(np.vectorize(g)(x))


@program(args(1.3, 3), expected="refused", why="which function is called depends on the iteration")
def differs_between_iterations(x, n):
    g = np.sin
    y = x
    for _ in range(n):
        y = g(y)
        g = line(x)
    return y


# --- recursion


@program(args(1.3), why="lifted: their variables around them become parameters")
def recursive_nested_functions(x):
    def fac(n):
        return 1.0 if n == 0 else x * fac(n - 1)

    def even(n, v):
        return v if n == 0 else odd(n - 1, v * x)

    def odd(n, v):
        return v * v if n == 0 else even(n - 1, np.sin(v))

    return fac(4) + even(4, x) * odd(3, x)


def adapt(f, a, b, n):
    m = (a + b) / 2
    if n == 0:
        return f(m) * (b - a)
    return adapt(f, a, m, n - 1) + adapt(f, m, b, n - 1)


@program(args(1.3))
def recursive_with_a_function(x):
    k = x * 2.0
    return adapt(lambda t: np.sin(t * k), 0.0, x, 2) + adapt(np.exp, 0.0, x, 1)


@program(args(array(4)))
def transform_by_halves(x):
    def go(a):
        n = len(a)
        if n == 1:
            return a
        e = go(a[0::2])
        o = go(a[1::2])
        w = np.arange(n // 2) * 0.1
        return np.concatenate([e + w * o, e - w * o])

    return np.sum(go(x) ** 2)


@program(args(1.3), expected="refused", why="a recursive function that rebinds a name around it")
def recursive_and_rebinding(x):
    total = 0.0

    def go(n):
        nonlocal total
        total = total + x
        if n > 0:
            go(n - 1)

    go(3)
    return total


# --- generators, and functions that call their arguments


def halves(x):
    while x > 0.1:
        yield x
        x = x / 2


@program(args(1.3), args(0.04))
def generators(x):
    s = 0.0
    for v in halves(x):
        if v < 0.3:
            break
        s = s + v * v
    for i, v in enumerate(halves(x * 2.0), 1):
        if i == 2:
            continue
        s = s + v * i
    return s + sum(halves(x * x)) + sum(v * v for v in halves(x))


def walk(xs, depth):
    if depth > 0:
        for v in xs:
            yield v * depth
        yield from walk(xs, depth - 1)


@program(args(array(3)), why="the loop and the generator change what the other reads")
def generator_and_loop_interleave(x):
    scale = 1.0

    def scaled():
        for v in x:
            yield v * scale
            yield v + scale

    for v in scaled():
        scale = scale * v
        if scale > 40.0:
            return scale
    return scale + np.sum(x)


@program(args(1.3))
def calls_by_the_library(x):
    total = functools.reduce(lambda a, b: a * b + x, [x, 2.0 * x, 3.0])
    total += sum(map(np.sin, [x, x * x])) + functools.reduce(operator.mul, [x, x], 1.0)
    total += max([x, -x, 3.0 * x], key=lambda v: v * v) + min([x, -x], key=abs)
    ordered = sorted([x, -x * x, 0.5 * x], key=lambda v: -v)
    s = 0.0
    for v in map(lambda u: u * s + x, [1.0, 2.0]):
        s = s + v
    return total + ordered[0] * ordered[2] + s + sum(filter(lambda v: v > 1.0, [x, 0.1 * x]))


@program(args(array(3)))
def iterators_of_the_library(x):
    s = 0.0
    for a, b in itertools.pairwise(x):
        s = s + a * b
    for a, b in itertools.combinations(x, 2):
        s = s + a * b * b
    for i, j in itertools.product(range(2), range(3)):
        s = s + x[i] * x[j]
    for k in itertools.count(1):
        if k > 3:
            break
        s = s + x[0] * k
    for v in itertools.chain(x, [1.0, 2.0]):
        s = s * 0.9 + v
    return s + sum(itertools.accumulate(x)) + sum(itertools.islice(x, 2))


@program(args(array(2, 3), label="matrix"), args(array(3, 2, 1)[..., 0], label="view"))
def indices_of_elements(x):
    y = np.zeros(np.shape(x))
    for i, j in np.ndindex(x.shape):
        y[i, j] = x[i, j] ** 2 * (i + 1)
    for i, j in np.ndindex(2, 2):
        y[i, j] = y[i, j] * x[j, i]
    for place, v in np.ndenumerate(x):
        if v > 0.5:
            x[place] = v * y[place]
    s = 0.0
    for (i, _), v in np.ndenumerate(x):
        s += v * (i + 1)
    return s


@program(args(array(3)))
def elements_of_tuples(x):
    s, a, b = 0.0, x[0], x[1]
    for i in range(2):
        t = (a, i, b)
        a, k, b = t
        a = a * t[2]
        pair = (a, t)
        b = b * pair[0] + pair[1][0] * x[k]
        a = t[0] + t[-1]
        if a > 0.5:
            t = (b, a)
        s = s + t[0] * t[1]
    return s


@program(args(1.3), expected="refused", why="an iterator that is kept")
def a_kept_generator(x):
    it = halves(x)
    return next(it)


@program(args(array(3)), expected="either", why="recursive, with a loop's body that rebinds")
def recursive_generator(x):
    s = 0.0
    for v in walk(x, 2):
        s = s + v * v
    return s


@program(args(1.3), why="a method in a name, a cache, a choice between functions in an expression")
def callables_in_names(x):
    @functools.lru_cache(maxsize=None)
    def fib(n):
        return x if n < 2 else fib(n - 1) + x * fib(n - 2)

    values = [x, 2.0 * x]
    put = values.append
    put(fib(3))
    fs, ws = [np.sin, lambda v: v * x], [1.0, 2.0]
    s = 0.0
    for f, w in zip(fs, ws, strict=True):
        s += w * f(x)
    return values[2] * s + (np.sin if x > 1.0 else np.cos)(x) + sum([f(x) for f in fs])
