# The tuples that a generator yields, and a loop takes apart, are gone.
# wrt: a
# like: a=np.ones((2, 2))
# args: a=array(2, 3)
# args: a=array(0, 3)
import itertools

import numpy as np


def f(a):
    n, m = a.shape
    s = 0.0
    for i, j in itertools.product(range(n), range(m)):
        s += a[i, j] ** 2 * (i + 1)
    return s


# output
def dfda(a, init_grad=1.0):
    tangent.check_kind(a, 'a', 'array', 'float64', 2)
    a_shape = a.shape
    tangent.check_length(a_shape, 2)
    n = a_shape[0]
    m = a_shape[1]
    ba = np.zeros_like(a)
    for i2 in reversed(range(n)):
        for j2 in reversed(range(m)):
            # Grad of: s += a[i, j] ** 2 * (i + 1)
            ba[i2, j2] += 2 * (init_grad * (i2 + 1)) * a[i2, j2]
    return ba
