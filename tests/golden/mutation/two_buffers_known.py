# A stencil that swaps two buffers: no shape is taped, and no copy made of what is linear.
# wrt: u, k
# like: u=array(6), k=array(6, seed=1), n=3
# args: u=array(6), k=array(6, seed=1), n=3
import numpy as np


def f(u, k, n):
    u = np.array(u)
    new = np.array(u)
    for step in range(n):
        new[1:-1] = u[1:-1] + k[1:-1] * (u[:-2] - 2.0 * u[1:-1] + u[2:])
        u, new = new, u
    return np.sum(u * u)


# output
def dfduk(u, k, n, init_grad=1.0):
    tangent.check_kind(u, 'u', 'array', 'float64', 1)
    tangent.check_kind(k, 'k', 'array', 'float64', 1)
    tangent.check_kind(n, 'n', 'int')
    t3_tape = []
    u2 = np.array(u)
    new = np.array(u2)
    for step in range(n):
        u_item = u2[1:-1]
        t3 = u2[:-2] - 2.0 * u_item + u2[2:]
        t3_tape.append(t3)
        new[1:-1] = u_item + k[1:-1] * t3
        new2 = u2
        u2 = new
        new = new2
    # Grad of: return np.sum(u * u)
    bu2 = 2 * init_grad * u2
    bnew = np.zeros_like(new)
    bk = np.zeros_like(k)
    for step in reversed(range(n)):
        # Grad of: u, new = new, u
        bnew2 = bnew
        bnew = bu2
        bu2 = bnew2
        # Grad of: new[1:-1] = u[1:-1] + k[1:-1] * (u[:-2] - 2.0 * u[1:-1] + u[2:])
        g3 = bnew[1:-1].copy()
        g7 = g3 * k[1:-1]
        bnew[1:-1] = 0.0
        bu2[2:] += g7
        bu2[:-2] += g7
        bk[1:-1] += tangent.unbroadcast(g3 * t3_tape.pop(), k[1:-1])
        bu2[1:-1] += g3 - g7 * 2.0
    # Grad of: new = np.array(u)
    bu2 += bnew
    return bu2, bk
