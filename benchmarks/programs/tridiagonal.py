"""Thomas's algorithm in place: each quotient is needed again, each element is written once or twice."""

import numpy as np

WRT = ("a", "b", "c", "d")
SIZES = {"tridiagonal solve in place": (200,)}
SMALL = (5,)
LOOPS = True
IN_PLACE = True


def arguments(rng, n):
    return (
        rng.uniform(0.1, 1.0, n),
        rng.uniform(3.0, 4.0, n),
        rng.uniform(0.1, 1.0, n),
        rng.standard_normal(n),
    )


def f(a, b, c, d):
    n = len(d)
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    d[n - 1] /= b[n - 1]
    for i in range(n - 2, -1, -1):
        d[i] = (d[i] - c[i] * d[i + 1]) / b[i]
    return np.sum(d * d)


def gradient(a, b, c, d, init_grad=1.0):
    b, d = b.copy(), d.copy()
    n = len(d)
    w = np.zeros(n)
    for i in range(1, n):
        w[i] = a[i] / b[i - 1]
        b[i] -= w[i] * c[i - 1]
        d[i] -= w[i] * d[i - 1]
    eliminated = d.copy()
    d[n - 1] /= b[n - 1]
    for i in range(n - 2, -1, -1):
        d[i] = (d[i] - c[i] * d[i + 1]) / b[i]
    bd = 2 * init_grad * d
    ba, bb, bc = np.zeros_like(a), np.zeros_like(b), np.zeros_like(c)
    for i in range(n - 1):
        g = bd[i] / b[i]
        bb[i] -= g * d[i]
        bc[i] -= g * d[i + 1]
        bd[i + 1] -= g * c[i]
        bd[i] = g
    bd[n - 1] /= b[n - 1]
    bb[n - 1] -= bd[n - 1] * d[n - 1]
    for i in range(n - 1, 0, -1):
        bw = -bd[i] * eliminated[i - 1] - bb[i] * c[i - 1]
        bd[i - 1] -= bd[i] * w[i]
        bc[i - 1] -= bb[i] * w[i]
        ba[i] += bw / b[i - 1]
        bb[i - 1] -= bw * w[i] / b[i - 1]
    return ba, bb, bc, bd
