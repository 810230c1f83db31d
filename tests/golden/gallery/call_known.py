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
