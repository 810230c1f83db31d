# Gallery: straight line, the kinds known from examples.
# wrt: x
# like: x=np.ones(3), w=2.0
# args: x=array(4), w=0.7
# args: x=array(4, dtype='f8'), w=-0.3
import numpy as np


def f(x, w):
    a = np.sin(x)
    a = a * w
    b = a * a
    return np.sum(b)


# output
def dfdx(x, w, init_grad=1.0):
    tangent.check_kind(x, 'x', 'array', 'float64', 1)
    tangent.check_kind(w, 'w', 'float')
    a = np.sin(x)
    a2 = a * w
    # Grad of: b = a * a
    ba2 = 2 * init_grad * a2
    # Grad of: a = a * w
    ba = ba2 * w
    # Grad of: a = np.sin(x)
    bx = ba * np.cos(x)
    return bx
