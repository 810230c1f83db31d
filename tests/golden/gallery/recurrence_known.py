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
def dfdW(W, U, x, init_grad=1.0):
    tangent.check_kind(W, 'W', 'array', 'float64', 2)
    tangent.check_kind(U, 'U', 'array', 'float64', 2)
    tangent.check_kind(x, 'x', 'array', 'float64', 2)
    tangent.check_same_size(U.shape[1], W.shape[1], 'U.shape[1]', 'W.shape[1]')
    tangent.check_same_size(W.shape[0], W.shape[1], 'W.shape[0]', 'W.shape[1]')
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
    # Grad of: return np.sum(h * h)
    bh = 2 * init_grad * h
    bW = np.zeros_like(W)
    for t in reversed(range(len(x))):
        # Grad of: h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
        g4 = bh[t + 1] * (1 - h[t + 1] ** 2)
        bW += np.outer(h[t], g4)
        bh[t] += np.dot(W, g4)
    return bW
