# Gallery: forward, nothing known of the arguments.
# wrt: x
# mode: forward
# args: x=array(4), w=0.7
# args: x=0.7, w=1.2
# args: x=3, w=2
# args: x=array(3, dtype='f4'), w=np.float32(0.7)
# args: x=np.array(0.7), w=array(3)
# args: x=array(3), w=array(2, 3)
# args: x=array(0), w=1.2
# args: x=array(2, 1), w=array(3)
import numpy as np


def f(x, w):
    a = np.sin(x)
    b = a * w
    return np.sum(b)


# output
def dfdx_forward(x, w, dx):
    dx = tangent.direction(x, dx)
    # Tangent of: a = np.sin(x)
    da = dx * np.cos(x)
    # Tangent of: b = a * w
    db = da * w
    # Tangent of: return np.sum(b)
    return np.sum(db)
