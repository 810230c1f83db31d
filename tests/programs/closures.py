"""Nested functions that are called at several places: lifted, where they can be, and expanded elsewhere."""

import numpy as np

from tests.cases import args, array, program


@program(
    args(1.3, 0.4, 3),
    wrt=("y", "k"),
    why="called at four places: one function, that gets what it reads",
)
def closure_called_at_many_places(y, k, n):
    def rhs(y):
        return -k * y * (1.0 - y)

    for _ in range(n):
        k1 = rhs(y)
        k2 = rhs(y + 0.05 * k1)
        k3 = rhs(y + 0.05 * k2)
        k4 = rhs(y + 0.1 * k3)
        y = y + 0.1 / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y * k


@program(args(1.3, 0.4), wrt=("x", "a"), why="each call reads what its variable is by then")
def late_binding_of_a_lifted_closure(x, a):
    def g(v):
        w = np.sin(v * a)
        u = np.exp(-w * a)
        return u * w + v

    y = g(x)
    a = a * x
    y = g(y) + g(a)
    a = y
    return g(x) * g(y)


@program(args(1.3, 1), args(1.3, 0), why="not bound on every path, and read only where it is")
def lifted_closure_of_what_may_be_unbound(x, n):
    def g(v):
        w = np.sin(v) * v
        u = np.exp(-w)
        if n > 0:
            w = w * a
            u = u + w
        return u * w

    if n > 0:
        a = x * x
    return g(x) + g(x * 2.0) + g(x * 3.0)


@program(args(array(3)), why="writes an array around it, or returns one: expanded")
def repeated_closures_that_share_memory(x):
    total = np.zeros(3)

    def add(v, k):
        w = np.sin(v) * v
        u = np.exp(-w) * k
        total[k] += np.sum(u * w)
        return u

    def pick(v, k):
        w = v * v
        w = w + v
        if k > 0:
            w = v
        return w

    y = add(x, 0) + add(x * 2.0, 1) + add(x * x, 2)
    z = pick(y, 1)
    z[0] = x[1]
    t = pick(y, 0)
    t[1] = x[2]
    s = pick(x, 0)
    s[2] = 0.0
    return np.sum(total * y) + np.sum(z * t * s)


@program(args(0.7, 2), why="rebinds a variable around it: expanded")
def repeated_closure_that_counts(x, n):
    count = 0.0

    def g(v):
        nonlocal count
        w = np.sin(v) * v
        count = count + w
        u = np.exp(-w) * count
        return u * w

    for _ in range(n):
        x = g(x) + g(x * count) + g(x + count)
    return x * count


@program(args(array(4), array(4)), wrt=("W", "x"), why="reads parts of what is around it: expanded")
def repeated_closure_of_a_part(W, x):
    def g(v, k):
        w = np.sin(v * W[k])
        u = np.exp(-w) * W[k]
        return u * w

    return np.sum(g(x, 0) + g(x, 1) + g(x, 2) * g(x, 3))


def heun(f, y, h, *more):
    k1 = f(y, *more)
    k2 = f(y + h * k1, *more)
    return y + 0.5 * h * (k1 + k2)


def damped(y, k):
    w = np.sin(y) * k
    u = np.exp(-w) - y
    return u * w


def two_stages(f, y, h):
    k1 = f(y)
    k2 = f(y + h * k1)
    k3 = f(y + h * k2)
    return y + h * (k1 + k2 + k3) / 3.0


@program(
    args(0.7, 0.3, 2), wrt=("x", "k"), why="given to a function that is called at several places"
)
def steppers_of_closures(x, k, n):
    def rhs(y):
        w = np.sin(y) * k
        u = np.exp(-w) - y
        return u * w

    def other(y):
        return y * k

    for _ in range(n):
        x = two_stages(rhs, x, 0.1)
        k = k * 1.5
        x = two_stages(rhs, x, 0.2)
        x = two_stages(other, x, 0.2)
    return two_stages(rhs, x, k) + heun(damped, x, 0.1, k) + heun(damped, x, 0.2, k)


@program(args(0.7, 0.3), why="one lifted function calls another, and itself")
def lifted_closures_that_call_each_other(x, a):
    def inner(v):
        w = np.sin(v) * a
        u = np.exp(-w) - v
        return u * w

    def middle(v):
        w = inner(v) + inner(v * a)
        u = inner(w) * a
        return u * w * inner(u)

    def again(v, n):
        w = np.sin(v) * a
        if n == 0:
            return w
        u = again(w, n - 1)
        return u * middle(w) + again(u, n - 1)

    return middle(x) + middle(x * x) * again(x, 1) + middle(a) + again(a, 2) + again(x + a, 0)


def weighted(f, x, n):
    flag, s = 0, 0.0
    for _ in range(n):
        s = s + f(x) * flag + f(s) * f(s + x)
        flag = 1
    return s


@program(
    args(0.7, 0.3, 3), wrt=("x", "a"), why="lifted in a loop whose head is found by walking again"
)
def lifted_in_a_loop_that_is_walked_again(x, a, n):
    def g(v):
        w = np.sin(v) * a
        u = np.exp(-w) - v
        return u * w

    return weighted(g, x, n)


@program(args(0.7, 1), args(0.7, 0), why="one or the other of two functions, at several places")
def lifted_choices(x, n):
    a = x * 0.5

    def g(v):
        w = np.sin(v) * a
        u = np.exp(-w) - v
        return u * w

    def h(v):
        w = np.cos(v) * a
        u = np.exp(-w) + v
        return u * w

    f = g if n else h
    rhs = lambda v: f(v) * a + f(v * a) + g(v)
    return rhs(x) + rhs(a) + rhs(x * a) + f(x)


@program(args(0.7), why="its name is that of a variable elsewhere, and of a function around it")
def names_of_lifted_closures(x):
    def g(y):
        w = np.sin(y) * x
        u = np.exp(-w) - y
        return u * w

    def outer(g):
        def h(w):
            u = np.sin(w) * g
            y = np.exp(-u) - w
            return u * y

        return h(x) + h(g) + h(g * g) + h(2.0)

    y = g(x) + g(2.0) + g(x * x)
    u = outer(y)
    g = y * u
    return outer(g) * g + outer(u)
