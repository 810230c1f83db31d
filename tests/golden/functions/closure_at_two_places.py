# Functions: a short closure is expanded where it is called.
# wrt: x, a
# like: x=0.3, a=1.1
# args: x=0.3, a=1.1
import numpy as np


def f(x, a):
    wave = lambda v: np.sin(a * v)
    return wave(x) + wave(x * x)


# output
def dfdxa(x, a, init_grad=1.0):
    tangent.check_kind(x, 'x', 'float')
    tangent.check_kind(a, 'a', 'float')
    t = x * x
    # Grad of: np.sin(a * v)
    g4 = init_grad * np.cos(a * t)
    ba = g4 * t
    # Grad of: return wave(x) + wave(x * x); np.sin(a * v)
    bx = 2 * (g4 * a) * x
    # Grad of: np.sin(a * v)
    g6 = init_grad * np.cos(a * x)
    ba = ba + g6 * x
    bx = bx + g6 * a
    return bx, ba
