# Functions: a loop over numbers that calls a function has a form for numbers, and so has the function.
# wrt: y, k
# args: y=0.3, k=1.1, n=3
# args: y=array(1), k=1.1, n=2
# args: y=0.3, k=np.float32(1.1), n=2
def logistic(y, k):
    return k * y * (1.0 - y)


def f(y, k, n):
    for _ in range(n):
        y = y + 0.1 * logistic(y, k)
    return y


# output
def logistic_forward_numbers(y, k):
    t = k * y
    t2 = 1.0 - y
    return t * t2, (t2, t, y, k)


def logistic_backward_numbers(saved, by):
    t2, t, y, k = saved
    # Grad of: return k * y * (1.0 - y)
    g2 = by * t2
    by2 = -(by * t)
    bk = g2 * y
    by2 = by2 + g2 * k
    return by2, bk


def dfdyk_numbers(y, k, n, init_grad=1.0):
    logistic_saved_tape = []
    for _ in range(n):
        logistic_y, logistic_saved = logistic_forward_numbers(y, k)
        logistic_saved_tape.append(logistic_saved)
        y = y + 0.1 * logistic_y
    # Backward pass
    # Grad of: return y
    by = init_grad
    bk = 0.0
    for _ in reversed(range(n)):
        # Grad of: y = y + 0.1 * logistic(y, k)
        g4, g5 = logistic_backward_numbers(logistic_saved_tape.pop(), by * 0.1)
        by = by + g4
        bk = bk + g5
    return by, bk


def logistic_forward(y, k):
    t = k * y
    t2 = 1.0 - y
    return t * t2, (t2, t, y, k)


def logistic_backward(saved, by):
    t2, t, y, k = saved
    # Grad of: return k * y * (1.0 - y)
    g2 = by * t2
    by2 = tangent.unbroadcast(-(by * t), y)
    bk = tangent.unbroadcast(g2 * y, k)
    by2 += tangent.unbroadcast(g2 * k, y)
    return by2, bk


def dfdyk(y, k, n, init_grad=1.0):
    if tangent.are_numbers(y, k, n, init_grad):
        return dfdyk_numbers(y, k, n, init_grad)
    logistic_saved_tape = []
    y_tape = []
    logistic_y_tape = []
    y_saved = tangent.shape_of(y)
    for _ in range(n):
        logistic_y, logistic_saved = logistic_forward(y, k)
        logistic_saved_tape.append(logistic_saved)
        logistic_y_tape.append(tangent.shape_of(logistic_y))
        y_tape.append(tangent.shape_of(y))
        y = y + 0.1 * logistic_y
    # Backward pass
    # Grad of: return y
    by = tangent.scalar_seed(y, init_grad, 'f')
    bk = tangent.zeros_like(k)
    for _ in reversed(range(n)):
        # Grad of: y = y + 0.1 * logistic(y, k)
        g = by
        by = tangent.unbroadcast(by, y_tape.pop())
        g3 = tangent.unbroadcast(g * 0.1, logistic_y_tape.pop())
        g4, g5 = logistic_backward(logistic_saved_tape.pop(), g3)
        by = by + g4
        bk += g5
    return tangent.gradient_like(by, y_saved), tangent.gradient_like(bk, k)
