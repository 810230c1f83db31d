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
