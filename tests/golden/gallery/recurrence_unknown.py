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
def dfdW(W, U, x, init_grad=1.0):
    tanh_t4_tape = []
    dot_h_t_tape = []
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        dot_h_t = np.dot(h[t], W)
        dot_h_t_tape.append(tangent.shape_of(dot_h_t))
        tanh_t4 = np.tanh(dot_h_t + np.dot(x[t], U))
        tanh_t4_tape.append(tanh_t4)
        h[t + 1] = tanh_t4
    # Grad of: return np.sum(h * h)
    bh = 2 * init_grad * h
    bW = tangent.zeros_like(W)
    for t in reversed(range(len(x))):
        # Grad of: h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
        dot_h_t2 = dot_h_t_tape.pop()
        g5 = tangent.unbroadcast(bh[t + 1] * (1 - tanh_t4_tape.pop() ** 2), dot_h_t2)
        bW += tangent.dot_adjoint_b(g5, h[t], W)
        bh[t] += tangent.dot_adjoint_a(g5, h[t], W)
    return tangent.gradient_like(bW, W)
