"""Small programs such as people write."""

import math

import numpy as np

from tests.cases import args, array, program

_SPD = array(4, 4) @ array(4, 4).T + 3 * np.eye(4)


@program(args(2.0), args(0.3), args(7), wrt="a")
def newton_square_root(a):
    x = a
    while abs(x * x - a) > 1e-12 * a:
        x = 0.5 * (x + a / x)
    return x


@program(args(array(5), 0.7), args(array(1), 0.7), args(array(0), 0.7), wrt="c, x")
def horner(c, x):
    y = 0.0
    for k in reversed(c):
        y = y * x + k
    return y


@program(args(array(4), np.array([2, 0, 3])), args(array(1), np.array([0])), wrt="x")
def softmax_cross_entropy(x, labels):
    e = np.exp(x - np.max(x))
    p = e / np.sum(e)
    loss = 0.0
    for k in labels:
        loss -= np.log(p[k])
    return loss / len(labels)


@program(args(array(5), array(3)), args(array(3), array(1)), wrt="x, w")
def convolution(x, w):
    n = len(x) - len(w) + 1
    y = np.zeros(n)
    for i in range(n):
        for j in range(len(w)):
            y[i] += x[i + j] * w[j]
    return np.sum(np.tanh(y))


@program(args(_SPD), args(_SPD[:1, :1]), wrt="A")
def cholesky(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            if i == j:
                L[i, j] = math.sqrt(s)
            else:
                L[i, j] = s / L[j, j]
    return np.sum(L * L * (1.0 + L))


@program(args(_SPD), wrt="A")
def cholesky_in_place(A):
    n = len(A)
    for j in range(n):
        for k in range(j):
            for i in range(j, n):
                A[i, j] = A[i, j] - A[i, k] * A[j, k]
        A[j, j] = np.sqrt(A[j, j])
        for i in range(j + 1, n):
            A[i, j] = A[i, j] / A[j, j]
    return np.sum(A * A * A)


@program(args(_SPD, array(4)), wrt="A, b")
def gaussian_elimination(A, b):
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            f = A[i, k] / A[k, k]
            A[i, k:] -= f * A[k, k:]
            b[i] -= f * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - np.dot(A[i, i + 1 :], x[i + 1 :])) / A[i, i]
    return np.sum(x * x)


@program(args(array(4), array(4, low=2, high=3), array(4), array(4)), wrt="a, b, c, d")
def thomas(a, b, c, d):
    n = len(b)
    for i in range(1, n):
        m = a[i] / b[i - 1]
        b[i] = b[i] - m * c[i - 1]
        d[i] = d[i] - m * d[i - 1]
    x = np.zeros(n)
    x[-1] = d[-1] / b[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    return np.sum(x * x)


def slope(y, k):
    return np.array([y[1], -k * np.sin(y[0])])


@program(args(array(2), 1.3, 4), args(array(2), 1.3, 0), wrt="y, k")
def runge_kutta(y, k, steps):
    h = 0.1
    for i in range(steps):
        k1 = slope(y, k)
        k2 = slope(y + 0.5 * h * k1, k)
        k3 = slope(y + 0.5 * h * k2, k)
        k4 = slope(y + h * k3, k)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return np.sum(y * y)


@program(args(array(3, 3), array(3), 4), wrt="A, v")
def power_iteration(A, v, n):
    for i in range(n):
        v = np.dot(A, v)
        v = v / np.sqrt(np.sum(v * v))
    return np.dot(v, np.dot(A, v))


@program(args(array(5)[::-1].copy() + np.arange(5) % 2))
def bubble_sort(x):
    y = x * 1.0
    for i in range(len(y)):
        for j in range(len(y) - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return np.sum(y * y * np.arange(5.0))


@program(args(array(3), array(4, seed=1)), wrt="x, y")
def dynamic_time_warping(x, y):
    D = np.full((len(x) + 1, len(y) + 1), 100.0)
    D[0, 0] = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            cost = (x[i] - y[j]) ** 2
            D[i + 1, j + 1] = cost + min(D[i, j + 1], D[i + 1, j], D[i, j])
    return D[-1, -1]


@program(
    args(array(4), array(4, 2), 3),
    wrt="w",
    why="logistic regression by gradient descent, differentiated through",
)
def trained(w, X, steps):
    v = np.zeros(2)
    for t in range(steps):
        p = 1.0 / (1.0 + np.exp(-np.dot(X, v)))
        v = v - 0.5 * np.dot(X.T, p - w)
    return np.sum(v * v)


@program(args(array(4, 2)), args(array(2, 2)), wrt="p")
def pairwise_energy(p):
    n = len(p)
    e = 0.0
    for i in range(n):
        for j in range(i):
            d = p[i] - p[j]
            r = np.sqrt(np.sum(d * d))
            e += 1.0 / r
    return e


@program(args(array(3, 2), array(2, 4), array(4), array(5, 3)), wrt="W, V, b")
def multilayer(W, V, b, x):
    h = np.maximum(np.dot(x, W), 0.1)
    y = np.tanh(h @ V + b)
    return np.mean((y - 0.5) ** 2)


@program(args(array(6)), args(array(0)), args([0.2, 0.9]), args(array(2, 3)))
def statistics(x):
    m = np.sum(x) / max(np.size(x), 1)
    d = np.asarray(x) - m
    return np.sum(d * d) + m * m
