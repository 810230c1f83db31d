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
