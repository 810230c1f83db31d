import numpy as np


def layer(x, W):
    return np.tanh(np.dot(x, W))


def fill(A, e):
    A[0] = e


# case: activity; wrt x
def straight(x, w):
    a = np.sin(x)     # active: a
    n = len(a)        # active: a
    unused = a * 3.0  # active: a
    b = w * n         # active: a
    c = a * b         # active: c
    return np.sum(c)  # active: c


# case: activity; wrt x
def nothing_is_active(x, w):
    y = np.shape(x)  # active: -
    z = w * 2.0      # active: -
    return z         # active: -


# case: activity; wrt a
def overwritten(a):
    b = a * a  # active: -
    b = 3.0    # active: -
    return b   # active: -


# case: activity; wrt x
def one_arm(x, w):
    if x > 0.0:    # active: x
        y = x * w  # active: y
    else:
        y = w      # active: -
    return y       # active: y


# case: activity; wrt x
def through_storage(x, w, n):
    h = np.zeros(n)          # active: x
    h[0] = w                 # active: x
    for i in range(1, n):    # active: h x
        h[i] = h[i - 1] + x  # active: h x
    k = h[2]                 # active: k
    return k                 # active: k


# case: activity; wrt x
def through_a_view(x):
    A = np.zeros((3, 3))  # active: x
    row = A[1]            # active: x
    row[0] = x            # active: A
    B = A * 2.0           # active: B
    row[0] = 0.0          # active: B
    return np.sum(B)      # active: B


# case: activity; wrt x
def read_through_the_older_view(x):
    A = np.zeros((3, 3))  # active: x
    row = A[1]            # active: x
    A[1, 0] = x           # active: row
    return np.sum(row)    # active: row


# case: activity; wrt x
def indices_and_tests(x, A):
    i = int(x)            # active: -
    j = np.argmax(A * x)  # active: -
    if x > 2.0:           # active: -
        A = A * 2.0       # active: -
    return A[i] + A[j]    # active: -


# case: activity; wrt x
def floor_has_no_derivative(x):
    y = x // 1.0  # active: x
    z = x % 1.0   # active: z
    return y + z  # active: z


# case: activity; wrt x
def integers_have_one(x: int):
    y = x * x  # active: y
    return y   # active: y


# case: activity; wrt W, x
def user_calls(x, W, b):
    h = layer(x, W)   # active: h
    fill(b, h[0])     # active: b
    return np.sum(b)  # active: b


# case: activity; wrt x
def zero_trips(x, n):
    y = 1.0             # active: x
    for i in range(n):  # active: x y
        y = x * i       # active: x y
    return y            # active: y


# case: activity; wrt a
def carried_around_the_loop(a, n):
    b = 0.0             # active: a
    c = 0.0             # active: a
    for i in range(n):  # active: a b c
        c = b           # active: a c
        b = a           # active: a b c
    return c            # active: c


# case: activity; wrt x
def lists(x, n):
    xs = []               # active: x
    for i in range(n):    # active: x xs
        xs.append(x * i)  # active: x xs
    y = xs.pop()          # active: y
    return y              # active: y


# case: activity; wrt x
def broken_out_of(x, n):
    y = x            # active: x y
    while n > 0:     # active: x y
        y = y * x    # active: x y
        if y > 9.0:  # active: x y
            z = y    # active: z
            break    # active: z
        n = n - 1    # active: x y
    else:
        z = 1.0      # active: -
    return z         # active: z


# case: activity; wrt x
def several_results(x, w):
    a, b = np.divmod(x, w)  # active: x
    c, d = (x * w, w)       # active: c
    return c + d            # active: c


# case: activity; wrt a
def second_derivative(a, n, init_grad):
    a_tape = []                     # active: a
    for i in range(n):              # active: a a_tape
        a_tape.append(a)            # active: a a_tape
        a = a * a                   # active: a a_tape
    ba = init_grad                  # active: a_tape
    for i in reversed(range(n)):    # active: a_tape ba
        ba = 2 * ba * a_tape.pop()  # active: a_tape ba
    return ba                       # active: ba
