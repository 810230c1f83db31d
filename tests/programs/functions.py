"""Functions that have to be seen where they are called: they write their arguments, are nested, or given."""

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
