# Gallery: forward, the kinds known from examples.
# wrt: x
# mode: forward
# like: x=np.ones(3), w=2.0
# args: x=array(4), w=0.7
import numpy as np


def f(x, w):
    a = np.sin(x)
    b = a * w
    return np.sum(b)


# output
