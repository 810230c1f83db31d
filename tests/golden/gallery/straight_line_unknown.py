# Gallery: straight line, nothing known of the arguments.
# wrt: x
# args: x=array(4), w=0.7
# args: x=0.7, w=1.2
# args: x=3, w=2
# args: x=[0.3, 0.7], w=1.2
# args: x=[1, 2], w=array(2)
# args: x=np.array([1, 2, 3]), w=0.7
# args: x=np.array([1, 2, 3]), w=2
# args: x=array(3, dtype='f4'), w=np.float32(0.7)
# args: x=array(3, dtype='f4'), w=array(3)
# args: x=np.array(0.7), w=1.2
# args: x=np.array(0.7), w=array(3)
# args: x=array(1), w=array(3)
# args: x=array(3), w=array(1)
# args: x=array(0), w=1.2
# args: x=1.2, w=array(0)
# args: x=array(2, 3), w=array(3)
# args: x=array(3), w=array(2, 3)
# args: x=array(2, 1), w=array(1, 3)
# args: x=array(2, 1, 3), w=array(4, 1)
import numpy as np


def f(x, w):
    a = np.sin(x)
    a = a * w
    b = a * a
    return np.sum(b)


# output
def dfdx(x, w, init_grad=1.0):
    a = np.sin(x)
    a2 = a * w
    b = a2 * a2
    # Grad of: return np.sum(b)
    bb = tangent.full_like(b, init_grad)
    # Grad of: b = a * a
    ba2 = 2 * bb * a2
    # Grad of: a = a * w
    ba = tangent.unbroadcast(ba2 * w, a)
    # Grad of: a = np.sin(x)
    bx = ba * np.cos(x)
    return tangent.gradient_like(bx, x)
