# Gauss-Seidel with nothing known: elements of one array have one shape, so only that of `b` is fitted.
# wrt: u, b
# args: u=array(6), b=array(6, seed=1), n=3
import numpy as np


def f(u, b, n):
    u = np.array(u)
    for sweep in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - b[i])
    return np.sum(u * u)


# output
def dfdub(u, b, n, init_grad=1.0):
    u2 = np.array(u)
    tangent.check_storage(u2, 'u2')
    for sweep in range(n):
        for i in range(1, len(u2) - 1):
            u2[i] = 0.5 * (u2[i - 1] + u2[i + 1] - b[i])
    # Grad of: return np.sum(u * u)
    bu2 = 2 * tangent.full_like(u2 * u2, init_grad) * u2
    bb = tangent.zeros_like(b)
    for sweep in reversed(range(n)):
        for i in reversed(range(1, len(u2) - 1)):
            # Grad of: u[i] = 0.5 * (u[i - 1] + u[i + 1] - b[i])
            g4 = bu2[i] * 0.5
            bb[i] += tangent.unbroadcast(-g4, b[i])
            bu2[i + 1] += g4
            bu2[i - 1] += g4
            bu2[i] = 0.0
    # Grad of: u = np.array(u)
    bu = tangent.astype_adjoint(bu2, u, u2)
    return tangent.gradient_like(bu, u), tangent.gradient_like(bb, b)
