# Gallery: overwritten, the kinds known from examples.
# wrt: A
# like: n=2, A=np.ones(5)
# args: n=2, A=array(6)
# args: n=0, A=array(6)
# args: n=2, A=array(2)
# args: n=2, A=array(0)
import numpy as np


def f(n, A):
    for t in range(n):
        for i in range(1, len(A) - 1):
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    return np.sum(A)


# output
