# Gallery: overwritten, nothing known of the arguments.
# wrt: A
# args: n=2, A=array(6)
# args: n=0, A=array(6)
# args: n=2, A=array(2)
# args: n=2, A=array(0)
# args: n=2, A=array(5, 2)
# args: n=1, A=array(4, 2, 2)
# args: n=2, A=array(5, dtype='f4')
# args: n=2, A=array(5, 2, dtype='f4')
import numpy as np


def f(n, A):
    for t in range(n):
        for i in range(1, len(A) - 1):
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    return np.sum(A)


# output
