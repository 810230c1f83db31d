# Functions: the halves of a callee are written once, where what differs between its calls is of no matter.
# wrt: y, g
# args: y=array(2), g=1.1, h=0.1, n=2
# args: y=array(2), g=1.1, h=0.1, n=0
import numpy as np


def pendulum(y, t, g):
    theta, omega = y
    return np.array([omega, -g * np.sin(theta)])


def step(rhs, y, t, h, g):
    k1 = rhs(y, t, g)
    k2 = rhs(y + h * k1, t + h, g)
    return y + h / 2 * (k1 + k2)


def f(y, g, h, n):
    t = 0.0
    for _ in range(n):
        y = step(pendulum, y, t, h, g)
        t = t + h
    return np.sum(y)


# output
def pendulum_forward(y, t, g):
    tangent.check_length(y, 2)
    theta = y[0]
    omega = y[1]
    t2 = -g
    sin_theta = np.sin(theta)
    t4 = [omega, t2 * sin_theta]
    array_t4 = np.array(t4)
    return array_t4, (t4, array_t4, sin_theta, t2, theta, g, y)


def pendulum_backward(saved, by):
    t4, array_t4, sin_theta, t2, theta, g, y = saved
    # Grad of: return np.array([omega, -g * np.sin(theta)])
    g3 = tangent.astype_adjoint(by, t4, array_t4)
    bomega = g3[0]
    g4 = g3[1]
    btheta = tangent.unbroadcast(g4 * t2 * np.cos(theta), theta)
    bg = tangent.unbroadcast(-(g4 * sin_theta), g)
    # Grad of: theta, omega = y
    by2 = tangent.zeros_like(y)
    by2[1] += bomega
    by2[0] += btheta
    return by2, bg


def dfdyg(y, g, h, n, init_grad=1.0):
    t5_tape = []
    pendulum_saved_tape = []
    pendulum_saved2_tape = []
    y_tape = []
    k1_tape = []
    k2_tape = []
    y_saved = tangent.shape_of(y)
    t = 0.0
    for _ in range(n):
        k1, pendulum_saved2 = pendulum_forward(y, t, g)
        pendulum_saved2_tape.append(pendulum_saved2)
        k1_tape.append(tangent.shape_of(k1))
        y_tape.append(tangent.shape_of(y))
        k2, pendulum_saved = pendulum_forward(y + h * k1, t + h, g)
        pendulum_saved_tape.append(pendulum_saved)
        t5 = h / 2
        k2_tape.append(tangent.shape_of(k2))
        t5_tape.append(t5)
        y = y + t5 * (k1 + k2)
        t = t + h
    # Grad of: return np.sum(y)
    by = tangent.full_like(y, init_grad)
    bg = tangent.zeros_like(g)
    for _ in reversed(range(n)):
        # Grad of: y = step(pendulum, y, t, h, g)
        g3 = by
        # Grad of: return y + h / 2 * (k1 + k2)
        y2 = y_tape.pop()
        by = tangent.unbroadcast(by, y2)
        g5 = g3 * t5_tape.pop()
        k1 = k1_tape.pop()
        bk1 = tangent.unbroadcast(g5, k1)
        bk2 = tangent.unbroadcast(g5, k2_tape.pop())
        # Grad of: k2 = rhs(y + h * k1, t + h, g)
        g6, g8 = pendulum_backward(pendulum_saved_tape.pop(), bk2)
        bg += g8
        by = by + tangent.unbroadcast(g6, y2)
        bk1 = bk1 + tangent.unbroadcast(g6 * h, k1)
        # Grad of: k1 = rhs(y, t, g)
        g9, g10 = pendulum_backward(pendulum_saved2_tape.pop(), bk1)
        by += g9
        bg += g10
    return tangent.gradient_like(by, y_saved), tangent.gradient_like(bg, g)
