# The same with nothing known: what a cast reads of its argument is the dtype alone.
# wrt: u, k
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
    t3_tape = []
    u_item4_tape = []
    u_item2_tape = []
    u_item_tape = []
    u2 = np.array(u)
    u2_saved = tangent.shape_of(u2)
    new = np.array(u2)
    new_saved = tangent.shape_of(new)
    for step in range(n):
        u_item = u2[1:-1]
        u_item2 = u2[:-2]
        u_item_tape.append(tangent.shape_of(u_item))
        u_item2_tape.append(tangent.shape_of(u_item2))
        u_item4 = u2[2:]
        u_item4_tape.append(tangent.shape_of(u_item4))
        t3 = u_item2 - 2.0 * u_item + u_item4
        t3_tape.append(t3)
        new[1:-1] = u_item + k[1:-1] * t3
        new2 = u2
        u2 = new
        new = new2
    # Grad of: return np.sum(u * u)
    bu2 = 2 * tangent.full_like(u2 * u2, init_grad) * u2
    bnew = tangent.zeros_like(new)
    bk = tangent.zeros_like(k)
    for step in reversed(range(n)):
        # Grad of: u, new = new, u
        bnew2 = bnew
        bnew = bu2
        bu2 = bnew2
        # Grad of: new[1:-1] = u[1:-1] + k[1:-1] * (u[:-2] - 2.0 * u[1:-1] + u[2:])
        g3 = bnew[1:-1].copy()
        g7 = g3 * k[1:-1]
        bnew[1:-1] = 0.0
        bu2[2:] += tangent.unbroadcast(g7, u_item4_tape.pop())
        bu2[:-2] += tangent.unbroadcast(g7, u_item2_tape.pop())
        bk[1:-1] += tangent.unbroadcast(g3 * t3_tape.pop(), k[1:-1])
        bu2[1:-1] += g3 + tangent.unbroadcast(-g7 * 2.0, u_item_tape.pop())
    # Grad of: new = np.array(u)
    bu2 += tangent.astype_adjoint(bnew, u2_saved, new_saved)
    # Grad of: u = np.array(u)
    bu = tangent.astype_adjoint(bu2, u, u2_saved)
    return tangent.gradient_like(bu, u), tangent.gradient_like(bk, k)
