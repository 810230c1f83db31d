"""Values of every kind: numbers of Python and NumPy, empty arrays, and what only flows along."""

import numpy as np

from tests.cases import args, array, elementwise, program


@program(*elementwise())
def kinds_of_operands(x, w):
    y = x * w - w / (x + 2.0)
    return np.sum(y * y)


@program(
    args(3), args(True), args(np.int64(2)), args(np.array(3)), args(np.array([1, 2])), args(2.5)
)
def integers_have_float_gradients(x):
    return np.sum(x * x * 0.5)


@program(args(np.array([True, False, True])))
def booleans(x):
    return np.sum(x * 2.5 + x * x)


@program(args(array(3, dtype="f4")), args(np.float32(0.7)), rtol=2e-2, step=1e-2)
def narrow_floats(x):
    y = np.tanh(x) * np.float32(2.0)
    return np.sum(y * x)


@program(args(array(3, dtype="f4")), rtol=2e-2, step=1e-2)
def narrow_storage(x):
    y = np.zeros(3, dtype=np.float32)
    for i in range(3):
        y[i] = x[i] * x[i - 1]
    return np.sum(y)


@program(args(np.array(0.7)), args(np.array([[0.7]])))
def one_element(x):
    y = x * x
    y = y + y.shape[0] if y.ndim else y + 1.0
    return np.sum(y * x)


@program(args(array(0)), args(array(0, 3)), args(array(3, 0)), args(array(2)))
def empty_arrays(x):
    y = np.exp(x) * x
    for v in x:
        y = y + np.sum(v)
    return np.sum(y) + np.sum(x.T @ x) + x.size


@program(args(1.3, None), args(1.3, 2.0), args(array(3), array(3, seed=1)))
def optional_values(x, mask=None):
    scale = None
    if mask is not None:
        x = x * mask
        scale = 3.0
    return np.sum(x * x * (1.0 if scale is None else scale))


@program(args(1.3, "train", {"rate": 0.5}), args(1.3, "test", {}), args(1.3, "", None))
def inactive_values(x, mode="train", options=None):
    rate = (options or {}).get("rate", 0.1)
    label, flags = mode.upper(), ("a", None, b"c", ...)
    if mode == "train" and label == "TRAIN" and flags[1] is None:
        x = x * rate
    elif not mode:
        return x * len(flags)
    return x * x


@program(args(1.3))
def no_value(x):
    y = None
    ys = [None, x, None]
    for i in range(2):
        if y is None:
            y = x * (i + 1)
            continue
        y = y * ys[1]
    return y


@program(args(0.7 + 0.2j), args(np.array([0.7 + 0.2j, 0.3 - 0.1j])), scalar=False)
def holomorphic(x):
    return np.exp(x) * x**2 + 1j / x


@program(args(array(3)))
def real_through_complex(x):
    z = np.exp(1j * x) * (2.0 + x)
    return np.sum(np.abs(z) ** 2) + np.sum(z.real * z.imag) + np.sum((z * z.conj()).real)


@program(
    args(array(2), np.array([1, 3, 0])),
    why="the adjoint of what was made of integers is a float: zeros like these would be integers",
)
def floats_of_integers(x, counts):
    t = np.arange(len(counts)) / len(counts)
    y = x[0] + x[1] * t
    return sum(k * np.exp(v) for k, v in zip(counts, y, strict=True))
