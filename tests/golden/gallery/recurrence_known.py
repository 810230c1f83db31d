# Gallery: recurrence, the kinds known from examples.
# wrt: W
# like: W=np.ones((2, 2)), U=np.ones((3, 2)), x=np.ones((4, 3))
# args: W=array(3, 3), U=array(2, 3), x=array(4, 2)
# args: W=array(3, 3), U=array(2, 3), x=array(0, 2)
# args: W=array(1, 1), U=array(1, 1), x=array(1, 1)
import numpy as np


def f(W, U, x):
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
    return np.sum(h * h)


# output
