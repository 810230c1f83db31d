# Functions: a closure that is called at four places is one function, which gets what it reads.
# wrt: y, k
# like: y=0.3, k=1.1, h=0.1, n=3
# args: y=0.3, k=1.1, h=0.1, n=3
# args: y=0.3, k=1.1, h=0.1, n=0
def f(y, k, h, n):
    def rhs(y):
        return -k * y * (1.0 - y)

    for _ in range(n):
        k1 = rhs(y)
        k2 = rhs(y + h / 2 * k1)
        k3 = rhs(y + h / 2 * k2)
        k4 = rhs(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


# output
def rhs_forward(y, k):
    t = -k
    t2 = t * y
    t3 = 1.0 - y
    return t2 * t3, (t3, t2, y, t)


def rhs_backward(saved, by):
    t3, t2, y, t = saved
    # Grad of: return -k * y * (1.0 - y)
    g2 = by * t3
    by2 = -(by * t2)
    by2 = by2 + g2 * t
    bk = -(g2 * y)
    return by2, bk


def dfdyk(y, k, h, n, init_grad=1.0):
    tangent.check_kind(y, 'y', 'float')
    tangent.check_kind(k, 'k', 'float')
    tangent.check_kind(h, 'h', 'float')
    tangent.check_kind(n, 'n', 'int')
    rhs_saved_tape = []
    rhs_saved2_tape = []
    rhs_saved3_tape = []
    rhs_saved4_tape = []
    for _ in range(n):
        k1, rhs_saved4 = rhs_forward(y, k)
        rhs_saved4_tape.append(rhs_saved4)
        t = h / 2
        k2, rhs_saved3 = rhs_forward(y + t * k1, k)
        rhs_saved3_tape.append(rhs_saved3)
        k3, rhs_saved2 = rhs_forward(y + t * k2, k)
        rhs_saved2_tape.append(rhs_saved2)
        k4, rhs_saved = rhs_forward(y + h * k3, k)
        rhs_saved_tape.append(rhs_saved)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    # Backward pass
    # Grad of: return y
    by = init_grad
    bk = 0.0
    for _ in reversed(range(n)):
        # Grad of: y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        g3 = by * (h / 6)
        bk3 = 2 * g3
        bk2 = 2 * g3
        # Grad of: k4 = rhs(y + h * k3)
        g8, g11 = rhs_backward(rhs_saved_tape.pop(), g3)
        bk = bk + g11
        by = by + g8
        bk3 = bk3 + g8 * h
        # Grad of: k3 = rhs(y + h / 2 * k2)
        g10, g14 = rhs_backward(rhs_saved2_tape.pop(), bk3)
        bk = bk + g14
        by = by + g10
        t = h / 2
        bk2 = bk2 + g10 * t
        # Grad of: k2 = rhs(y + h / 2 * k1)
        g13, g16 = rhs_backward(rhs_saved3_tape.pop(), bk2)
        bk = bk + g16
        by = by + g13
        bk1 = g3 + g13 * t
        # Grad of: k1 = rhs(y)
        g17, g18 = rhs_backward(rhs_saved4_tape.pop(), bk1)
        by = by + g17
        bk = bk + g18
    return by, bk
