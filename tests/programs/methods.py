"""Attributes and methods of arrays, of numbers, and of what only the run knows."""

import numpy as np

from tests.cases import args, array, program


@program(args(array(2, 3)))
def shapes_of_an_array(x):
    n, m = x.shape
    s = 0.0
    for i in range(x.shape[0]):
        for j in range(m):
            s += x[i, j] ** 2 * (x.size - i) / x.ndim
    return s * n * x.itemsize / x.nbytes * x.dtype.itemsize * (x.shape == (2, 3))


@program(args(array(2, 3)))
def rearranging_methods(x):
    y = x.T.reshape(2, 3) * x.reshape((2, 3)) + x.transpose(1, 0).ravel().reshape(-1, 3)
    z = x[None].squeeze(axis=0).swapaxes(0, 1).flatten().copy()
    return y.sum() * z.dot(z) + (x.view() * x.conj()).trace() + x.diagonal().prod()


@program(args(array(2, 3)))
def reducing_methods(x):
    a = x.sum(axis=0).dot(x.mean(0)) + x.sum(1, keepdims=True).max()
    b = x.var() * x.std(axis=1, ddof=1).sum() + x.prod(axis=0).min()
    return a * b + x.max(axis=1)[0] * x.cumsum()[4] * x.cumprod(axis=1)[0, 2]


@program(args(array(2, 3)))
def choosing_methods(x):
    y = x.take([0, 2, 2]).repeat(2) * x.clip(0.25, 2.0).ravel()
    z = x.compress([True, False], axis=0) * x.argmax() + x[x.nonzero()][1]
    k = np.array([0, 1]).choose([x[0, :2], x[1, 1:]])
    return y.sum() * z.sum() + (k * x.argsort()[0, :2]).sum() * x.any() + x.round().sum()


@program(args(array(2, 3)))
def elements_as_numbers(x):
    return x.item(2) * x.item(0, 1) + x.tolist()[1][0] * x[1, 1].item() * x.item(-1)


@program(args(array(2, 3)))
def flat_reads(x):
    y = x * 2.0
    return sum(v * v for v in y.flat) * y.flat[3] + np.sum(x.T.flat[1:3]) + x.flat[[0, 0, 1]].prod()


@program(args(array(2, 3)))
def flat_writes(x):
    y = x * x
    y.flat[2] = x[0, 0] * 3.0
    y.flat[::3] = x[0, 1]
    for i in range(y.size):
        y.flat[i] *= y.flat[i]
    return np.sum(y)


@program(args(array(2, 3)))
def methods_of_expressions(x):
    return (x * x).T.reshape(6)[1:].sum() * np.sin(x).max(axis=1).mean().item()


@program(args(1.3), args(np.float64(1.3)), args(np.float32(1.3)))
def attributes_of_numbers(x):
    y = x.real * x.conjugate() + x.imag
    return y * (2.0 if x.is_integer() else x)


@program(args(1.3), args(array(3)))
def receiver_known_to_the_run(x):
    if hasattr(x, "shape"):
        return x.sum() * x.shape[0]
    return x * x


class Thing:
    def __repr__(self):
        return "Thing()"

    def dot(self, v):
        return np.sum(v * v)


@program(args(array(3), array(3)), args(array(3), Thing(), expected="refused"))
def receiver_of_some_class(x, m):
    return m.dot(x)


@program(args(1.3))
def methods_of_lists(x):
    ys = [x, x * x]
    zs = ys.copy()
    zs[0] = x * 3.0
    return ys[0] * zs[0] * (ys.index(x) + 2.0) + ys.count(5.0) + zs[1]
