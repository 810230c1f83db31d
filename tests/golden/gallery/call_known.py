# Gallery: call, the kinds known from examples.
# wrt: W, b
# like: W=np.ones((3, 2)), b=np.ones(2), x=np.ones((4, 3))
# args: W=array(3, 2), b=array(2), x=array(4, 3)
# args: W=array(3, 2), b=array(2), x=array(0, 3)
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
    tangent.check_kind(W, 'W', 'array', 'float64', 2)
    tangent.check_kind(b, 'b', 'array', 'float64', 1)
    tangent.check_kind(x, 'x', 'array', 'float64', 2)
    h, layer_saved = layer_forward(x, W, b)
    # Grad of: return np.sum(h * h)
    bh = 2 * np.full_like(h, init_grad) * h
    # Grad of: h = layer(x, W, b)
    bW, bb = layer_backward(layer_saved, bh)
    return bW, bb
