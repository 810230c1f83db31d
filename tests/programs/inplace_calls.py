"""Calls that write arrays: `out=`, `where=`, `np.copyto`, `np.put`, `np.add.at` and their like."""

import operator

import numpy as np

from tests.cases import args, array, program

X = array(3)
M = array(3, 3, seed=4)


@program(args(X), args(M))
def out_of_ufuncs(x):
    y = np.empty_like(x)
    np.multiply(x, x, out=y)
    z = np.add(y, x, y)
    np.multiply(z, z, z)
    return np.sum(y * x)


@program(args(X))
def out_in_a_tuple_and_chained(x):
    y = np.zeros(3)
    y = np.add(x, np.multiply(x, 2.0, out=y), out=(y,))
    w = np.exp(x, out=None)
    return np.sum(y * y * w)


@program(args(M))
def out_of_slices(x):
    y = np.zeros((3, 3))
    np.sin(x[0, 1:], out=y[1, :2])
    for i in range(3):
        np.multiply(x[i], x[0], out=y[i, :])
    np.subtract(y[1:], y[:-1], out=y[1:])
    return np.sum(y * x)


@program(args(X), args(M))
def out_through_a_view(x):
    y = x * 1.0
    v = np.tanh(x[1:], out=y[1:])
    return np.sum(v * x[:-1]) + np.sum(y * y)


@program(args(M))
def out_of_other_functions(x):
    y, z = np.empty(3), np.empty((3, 3))
    np.sum(x, 0, None, y)
    np.dot(x, x, z)
    np.clip(z, 0.3, 1.0, out=z)
    x.mean(axis=1, out=y)
    np.cumsum(y, out=y)
    np.dot(z, y, out=y)
    return np.sum(y * y)


@program(args(X))
def out_broadcasts(x):
    y = np.ones((2, 3))
    np.multiply(x, 3.0, out=y)
    np.add(y, x[0], out=y)
    return np.sum(y * y)


@program(args(np.array([0.3, 0.0, -0.7])), args(array(3, 3) - 0.7))
def where_of_a_ufunc(x):
    y = x * 2.0
    np.divide(1.0, x, out=y, where=x > 0.1)
    np.log(-x, out=y, where=x < -0.1)
    np.multiply(y, x, out=y, where=[True, False, True])
    return np.sum(y * y)


@program(args(array(3, 3)), args(array(3, 3, seed=5)))
def where_of_reductions(x):
    m = np.array([[True, False, True], [False, True, False], [True, True, False]])
    a = np.sum(x, axis=0, where=m)
    b = x.sum(where=m)
    c = np.max(x, axis=1, initial=-5.0, where=m)
    d = np.mean(x, axis=1, where=~m, keepdims=True)
    return np.sum(a * c * d) * b + np.prod(x, where=m)


@program(args(X, X > 0.5), args(M, M > 0.5))
def copyto(x, m):
    y = np.zeros_like(x)
    np.copyto(y, x * x)
    np.copyto(y, 2.0, where=m)
    z = y * x
    np.copyto(z, x[0], where=~m)
    return np.sum(z * z)


@program(args(M, [0, 0, 2]), args(M, np.array([1, 2, 1])))
def added_at(x, i):
    y = np.zeros((3, 3))
    np.add.at(y, i, x)
    y *= x
    np.add.at(y, (i, 1), x[0])
    np.subtract.at(y, (slice(None), i), x * x)
    np.add.at(y, 1, x[2, 2])
    return np.sum(y * x)


@program(args(X))
def added_at_in_a_loop(x):
    bins = np.zeros(2)
    for k in range(3):
        np.add.at(bins, k % 2, x[k] * bins[1])
        bins[k % 2] = bins[k % 2] + x[k]
    return np.sum(bins * bins)


@program(args(M))
def puts(x):
    y = x * x
    np.put(y, [0, -1, 0], x[0])
    np.put(y, np.array([[4, 1], [4, 2]]), x[1, 1:] * 2.0)
    y.put(3, x[2, 0], mode="clip")
    np.put(y, 14, 3.0, "wrap")
    return np.sum(y * x)


@program(args(M))
def puts_along_an_axis(x):
    y = x * x
    np.put_along_axis(y, np.array([[1], [0], [2]]), x[:, :1] * 3.0, axis=1)
    np.put_along_axis(y, np.array([[2, 2, 0]]), x[0, 0], 0)
    return np.sum(y * x)


@program(args(M, M > 0.6))
def masks(x, m):
    y = x * x
    np.place(y, m, x[0, :2])
    np.putmask(y, ~m, x * 3.0)
    np.putmask(y, y > 2.0, 0.5)
    return np.sum(y * x)


@program(args(M), args(array(3, 5)), args(array(7, 2)))
def fills_diagonals(x):
    y = x * x
    np.fill_diagonal(y, x[0, 0] * 2.0)
    z = y * x
    np.fill_diagonal(z, x[0, :2], wrap=True)
    np.fill_diagonal(y, 0.0)
    return np.sum(y * x) + np.sum(z * z)


@program(args(X), args(M))
def fills(x):
    y = x * x
    s = np.sum(y)
    y.fill(0.5)
    y += x
    z = np.empty(2)
    z.fill(s)
    return np.sum(y * z[0])


@program(args(np.array([0.7, 0.2, 0.9, 0.4])), args(array(3, 4)))
def sorts(x):
    y = x * x
    y.sort()
    y *= x
    y.partition(1, axis=-1)
    y.sort(axis=0)
    return np.sum(y * x)


@program(args(array(4)), args(array(4, 2)))
def shuffles(x):
    np.random.seed(3)
    y = x * 1.0
    np.random.shuffle(y)
    return np.sum(y * x)


@program(args(array(4)))
def storage(x):
    a, b = np.ndarray(4), np.ndarray((2, 4), dtype=np.float64)
    c, d = np.full(4, 2.0), np.ones((4,), order="F")
    a[:] = x
    b[0] = b[1] = x * x
    c[1:] = x[:-1]
    np.multiply(c, x, out=d)
    return np.sum(a * b * c * d)


@program(args(array(4, dtype="f4")), rtol=1e-2, step=1e-2)
def storage_of_float32(x):
    a = np.empty(4, dtype=np.float32)
    np.multiply(x, x, out=a)
    b = np.zeros(4, "f4")
    b[1:] = a[:-1]
    return np.sum(a * b)


@program(args(array(4)), expected="refused")
def storage_of_integers(x):
    a = np.zeros(4, dtype=int)
    a[0] = x[0]
    return np.sum(a * x)


@program(args(X), args(M))
def methods_of_ufuncs(x):
    a = np.add.reduce(x)
    b = np.multiply.reduce(x, axis=-1)
    c = np.multiply.outer(x, x * x)
    d = np.subtract.outer(2.0, x)
    e = np.maximum.reduce(x, axis=None)
    f = np.add.accumulate(x, axis=0)
    g = np.multiply.accumulate(x)
    y = np.zeros_like(f)
    np.add.accumulate(f, out=y)
    return np.sum(a) * np.sum(b) + np.sum(c) * np.sum(d) + e * np.sum(f * g * y)


@program(args(0.7), args(X))
def operators(x):
    y = x * x
    y = operator.iadd(y, x)
    y = operator.imul(y, 2.0)
    z = np.zeros(3)
    operator.setitem(z, 1, np.sum(y))
    z.__setitem__(0, z.__getitem__(1))
    z = operator.itruediv(z, np.sum(x))
    return np.sum(z * z) + operator.isub(np.sum(x), 0.5)


@program(args(X))
def in_branches_and_loops(x):
    y, t = np.zeros(3), np.empty(3)
    for k in range(4):
        np.multiply(y, x, out=t)
        if k % 2:
            np.sin(t, t)
        else:
            np.copyto(t, y)
        np.add(t, x, out=y)
    return np.sum(y * t)


@program(args(X))
def callee_with_out(x):
    y = np.empty(3)
    square_into(x, y)
    return np.sum(y * x)


def square_into(x, out):
    np.multiply(x, x, out=out)


@program(args(M), expected="refused")
def multiplied_at(x):
    y = x * x
    np.multiply.at(y, [0, 0], x[0])
    return np.sum(y)


@program(args(X))
def two_outputs(x):
    a, b = np.empty(3), np.empty(3)
    np.modf(x, a, b)
    _, r = np.divmod(x, 0.7, out=(b, np.zeros_like(x)))
    return np.sum(a * x) + np.sum(r * x)


@program(args(X), expected="refused")
def outputs_in_a_tuple(x):
    y = np.zeros_like(x)
    outs = (y,)
    np.sin(x, out=outs)
    return np.sum(y)


@program(args(X), expected="refused")
def resized(x):
    y = x * x
    y.resize(2)
    return np.sum(y)


@program(args(X), args(X, np.zeros(3)))
def out_or_none(x, out=None):
    y = np.multiply(x, x, out=out)
    return np.sum(y * x)


@program(args(M))
def parts_by_name(x):
    y = x * x
    np.copyto(y[0], x[1], where=[True, False, True])
    np.put(y[1], [0, 2], x[2])
    y[2].fill(x[0, 0])
    y[0, 1:].sort()
    np.add.at(y[2], [0, 0], x[0, :2])
    np.fill_diagonal(y[:, 1:], x[0])
    return np.sum(y * x)
