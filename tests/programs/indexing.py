"""Reads and writes of parts of arrays."""

import numpy as np

from tests.cases import args, array, program

FLOATS = (args(array(5)), args(array(5, dtype="f4")), args(np.arange(1, 6)))
MATRICES = (args(array(3, 4)), args(array(3, 4, dtype="f4")), args(np.arange(12).reshape(3, 4)))


@program(*FLOATS, args([0.3, 0.7, 1.1]), args(array(3, 2)))
def reads_elements(x):
    return np.sum(x[0] * x[1] + x[-1] * x[-2] + x[0])


@program(*FLOATS, args(array(5, 2)), args(array(2)))
def reads_slices(x):
    y = x[1:] * x[:-1]
    z = x[::2]
    return np.sum(y) + np.sum(z * z) + np.sum(x[::-1] * x) + np.sum(x[-2:])


@program(*MATRICES)
def reads_of_a_matrix(x):
    a = x[1] * x[-1]
    b = x[:, 1] * x[:, -1]
    c = x[0, 2] * x[2, 0]
    d = x[1:, ::2] * x[:-1, 1::2]
    e = x[0][1]
    return np.sum(a) + np.sum(b) + c + np.sum(d) + e


@program(args(array(2, 3, 4)), args(array(2, 3, 4, dtype="f4")))
def ellipsis_and_newaxis(x):
    a = x[..., 0]
    b = x[0, ...]
    c = x[1, ..., 2]
    d = a[:, np.newaxis, :] * a[None]
    return np.sum(a) * np.sum(b * b) + np.sum(c) + np.sum(d * d)


@program(args(array(5) - 0.7), args(array(3, 4) - 0.7), args(array(0)), args(array(3)))
def mask_read(x):
    y = x[x > 0]
    return np.sum(y * y)


@program(
    args(array(5), np.array([0, 3, 3, -1])),
    args(array(5, 2), np.array([[0, 1], [1, 1]])),
    args(array(5), np.array([], int)),
)
def integer_array_read(x, i):
    y = x[i]
    return np.sum(y * y * np.arange(1.0, y.size + 1).reshape(y.shape))


@program(args(array(3, 4)))
def integer_array_mixed(x):
    rows = np.array([0, 2, 0])
    columns = np.array([1, 1, 1])
    return np.sum(x[rows, columns] ** 2) + np.sum(x[rows] * x[:, [0, 1, 1, 3]].T[:3, :1])


@program(args(array(5), 2), args(array(5), -4), args(array(3, 2), 0))
def index_from_an_argument(x, k):
    return np.sum(x[k] * x[k] + x[k - 1])


@program(args(array(3), 1.2), args(array(1), 2), args(array(0), 1.2), wrt="x, w")
def writes_elements(x, w):
    y = np.zeros(4)
    for i in range(len(x)):
        y[i] = x[i] * w
    y[3] = w
    return np.sum(y * y)


@program(args(array(4), 1.2), args(array(4, dtype="f4"), 1.2), wrt="x, w")
def writes_slices(x, w):
    y = np.zeros(6)
    y[1:5] = x * w
    y[:2] = w
    y[-1:] = x[0]
    y[::3] = x[:2]
    return np.sum(y * y)


@program(args(array(3), array(2, 3)), wrt="x, B")
def writes_of_a_matrix(x, B):
    y = np.ones((3, 3))
    y[0] = x
    y[1:] = B
    y[:, 1] = x * x
    y[0, 2] = x[1] * B[1, 0]
    y[1:, :1] = x[0]
    y[...] = y * 2.0
    return np.sum(y * y)


@program(
    args(array(3), array(2, 3)),
    args(1.2, array(2, 3)),
    wrt="x, B",
    why="a broadcast write sums its adjoint",
)
def broadcast_write(x, B):
    y = np.zeros((2, 3))
    y[:] = x
    y *= B
    y[1, :] = 2.0
    return np.sum(y * y)


@program(args(array(5) - 0.7, 0.3), args(array(3, 2) - 0.7, 2), wrt="x, w")
def mask_write(x, w):
    y = x * w
    y[x < 0] = w
    y[y > 0.2] *= 3.0
    return np.sum(y * y)


@program(args(array(4), array(3, seed=1)), wrt="x, v")
def integer_array_write(x, v):
    y = x * 2.0
    y[np.array([0, 2, 3])] = v
    y[np.array([1, 0])] += v[:2]
    return np.sum(y * y * np.arange(1.0, 5.0))


@program(args(array(4), 1.3), args(array(4, dtype="f4"), 1.3), wrt="x, w")
def augmented_elements(x, w):
    y = x * 1.0
    y[0] += w
    y[1] *= w * x[0]
    y[2] -= y[0]
    y[3] /= w
    y[1:3] *= y[0]
    y[:2] **= 2
    return np.sum(y * y)


@program(args(array(4), 2.0), args(array(1), 2.0), args(array(0), 2.0), wrt="x, w")
def running_sum(x, w):
    y = np.zeros(len(x) + 1)
    for i in range(len(x)):
        y[i + 1] = y[i] * w + x[i]
    return np.sum(y * y)


@program(args(array(5), 3), args(array(5), 0))
def strided_writes_in_a_loop(x, n):
    y = x * x
    for k in range(n):
        y[k::2] = y[k::2] * 0.5 + x[k]
        y[: k + 1] *= x[k]
    return np.sum(y * y)


@program(args(array(3, 3)), args(array(1, 1)), args(np.zeros((0, 0))))
def transposes_and_shapes(x):
    y = x.T
    z = np.dot(x, y) + x.shape[0]
    return np.sum(z * z) * len(x) / (x.size + 1.0) + x.ndim


@program(args(array(2, 3), array(3)), wrt="x, y")
def methods_and_attributes(x, y):
    z = x.sum(axis=0) * y
    return z.sum() + x.dot(y).sum() + x.reshape(3, 2).T.copy().mean() + y.max()
