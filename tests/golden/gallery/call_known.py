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
def layer_backward(by, tanh_t, W, x):
    # Grad of: return np.tanh(np.dot(x, W) + b)
    g2 = by * (1 - tanh_t ** 2)
    bb = np.sum(g2, axis=0)
    bW = np.dot(x.T, g2)
    return bW, bb


def dfdWb(W, b, x, init_grad=1.0):
    tangent.check_kind(W, 'W', 'array', 'float64', 2)
    tangent.check_kind(b, 'b', 'array', 'float64', 1)
    tangent.check_kind(x, 'x', 'array', 'float64', 2)
    tangent.check_same_size(W.shape[1], b.shape[0], 'W.shape[1]', 'b.shape[0]')
    h = layer(x, W, b)
    # Grad of: return np.sum(h * h)
    bh = 2 * init_grad * h
    # Grad of: h = layer(x, W, b)
    bW, bb = layer_backward(bh, h, W, x)
    return bW, bb
