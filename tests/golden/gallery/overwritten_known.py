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
def dfdA(n, A, init_grad=1.0):
    tangent.check_kind(n, 'n', 'int')
    tangent.check_kind(A, 'A', 'array', 'float64', 1)
    A = A.copy()
    A_i_tape = []
    for t in range(n):
        for i in range(1, len(A) - 1):
            A_i = A[i]
            A_i_tape.append(A_i)
            A[i] = (A[i - 1] + A_i * A_i + A[i + 1]) / 3.0
    # Grad of: return np.sum(A)
    bA = np.full_like(A, init_grad)
    for t in reversed(range(n)):
        for i in reversed(range(1, len(A) - 1)):
            # Grad of: A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
            g3 = bA[i] / 3.0
            bA[i + 1] += g3
            bA[i] = 2 * g3 * A_i_tape.pop()
            bA[i - 1] += g3
    return bA
