# Gallery: call, nothing known of the arguments.
# wrt: W, b
# args: W=array(3, 2), b=array(2), x=array(4, 3)
# args: W=array(3, 2), b=array(2), x=array(3)
# args: W=array(3, 2), b=0.3, x=array(4, 3)
# args: W=array(3), b=0.3, x=array(4, 3)
# args: W=0.7, b=0.3, x=1.2
# args: W=array(3), b=array(3), x=0.7
# args: W=2, b=1, x=3
# args: W=array(3, 2, dtype='f4'), b=array(2, dtype='f4'), x=array(4, 3, dtype='f4')
# args: W=np.arange(6).reshape(3, 2), b=array(2), x=array(4, 3)
# args: W=array(3, 2), b=array(2), x=array(0, 3)
# args: W=array(3, 2), b=array(1), x=array(2, 4, 3)
# args: W=array(3, 2), b=array(4, 1), x=array(4, 3)
import numpy as np


def layer(x, W, b):
    return np.tanh(np.dot(x, W) + b)


def f(W, b, x):
    h = layer(x, W, b)
    return np.sum(h * h)


# output
def layer_forward(x, W, b):
    dot_x = np.dot(x, W)
    tanh_t = np.tanh(dot_x + b)
    return tanh_t, (tanh_t, dot_x, b, x, W)


def layer_backward(saved, by):
    tanh_t, dot_x, b, x, W = saved
    # Grad of: return np.tanh(np.dot(x, W) + b)
    g2 = by * (1 - tanh_t ** 2)
    bb = tangent.unbroadcast(g2, b)
    bW = tangent.dot_adjoint_b(tangent.unbroadcast(g2, dot_x), x, W)
    bb = tangent.keep(bb)
    return bW, bb


def dfdWb(W, b, x, init_grad=1.0):
    h, layer_saved = layer_forward(x, W, b)
    # Grad of: return np.sum(h * h)
    bh = 2 * tangent.full_like(h, init_grad) * h
    # Grad of: h = layer(x, W, b)
    bW, bb = layer_backward(layer_saved, bh)
    return tangent.gradient_like(bW, W), tangent.gradient_like(bb, b)
