# Gallery: recurrence, nothing known of the arguments.
# wrt: W
# args: W=array(3, 3), U=array(2, 3), x=array(4, 2)
# args: W=array(3, 3), U=array(2, 3), x=array(0, 2)
# args: W=array(1, 1), U=array(1, 1), x=array(1, 1)
# args: W=array(3, 3, dtype='f4'), U=array(2, 3, dtype='f4'), x=array(4, 2, dtype='f4')
# args: W=np.eye(3, dtype=int), U=array(2, 3), x=array(4, 2)
# args: W=array(3, 3), U=array(3), x=array(4)
# args: W=array(3, 3), U=0.3, x=array(4)
import numpy as np


def f(W, U, x):
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
    return np.sum(h * h)


# output
