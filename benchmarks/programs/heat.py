"""The heat equation with a coefficient of its own: two buffers that are exchanged after each step."""

import numpy as np

WRT = ("u", "k")
SIZES = {"heat equation, two buffers": (30, 200)}
SMALL = (3, 6)
LOOPS = True
IN_PLACE = True


def arguments(rng, n, m):
    return rng.standard_normal(m), rng.uniform(0.1, 0.3, m), n


def f(u, k, n):
    u = np.array(u)
    new = np.array(u)
    for step in range(n):
        new[1:-1] = u[1:-1] + k[1:-1] * (u[:-2] - 2.0 * u[1:-1] + u[2:])
        u, new = new, u
    return np.sum(u * u)


def gradient(u, k, n, init_grad=1.0):
    u = np.array(u)
    new = np.array(u)
    curvatures = []
    for step in range(n):
        curvature = u[:-2] - 2.0 * u[1:-1] + u[2:]
        curvatures.append(curvature)
        new[1:-1] = u[1:-1] + k[1:-1] * curvature
        u, new = new, u
    bu = 2 * init_grad * u
    bnew = np.zeros_like(u)
    bk = np.zeros_like(k)
    for step in range(n):
        bu, bnew = bnew, bu
        g = bnew[1:-1].copy()
        bnew[1:-1] = 0.0
        bk[1:-1] += g * curvatures.pop()
        bu[1:-1] += g
        g *= k[1:-1]
        bu[:-2] += g
        bu[2:] += g
        bu[1:-1] -= 2.0 * g
    return bu + bnew, bk
