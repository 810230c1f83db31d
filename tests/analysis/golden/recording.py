import numpy as np


# case: recording; wrt a
def overwritten_by_its_square(a, n):
    for i in range(n):  # record: -
        a = a * a       # record: a
    return a            # record: -


# case: recording; wrt a
def nothing_to_record(a, n):
    s = 0.0             # record: -
    for i in range(n):  # record: -
        s = s + a * i   # record: -
    return s            # record: -


# case: recording; wrt x
def the_result_serves(x, n):
    for i in range(n):  # record: -
        x = np.tanh(x)  # record: x
    return x            # record: -


# case: recording; wrt x
def only_the_factor(x, w, n):
    for i in range(n):  # record: -
        x = x * w       # record: -
        w = w + 1.0     # record: w
    return x            # record: -


# case: recording; wrt A
def stencil(n, A):
    for t in range(n):                                        # record: -
        for i in range(1, len(A) - 1):                        # record: -
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0  # record: A
    return np.sum(A)                                          # record: -


# case: recording; wrt W
def recurrence(W, x):
    h = np.zeros((len(x) + 1, len(W)))              # record: -
    for t in range(len(x)):                         # record: -
        h[t + 1] = np.tanh(np.dot(h[t], W) + x[t])  # record: h
    return np.sum(h * h)                            # record: -


# case: recording; wrt x
def seen_under_another_name(x):
    y = x * 1.0       # record: -
    z = y             # record: -
    s = y * y         # record: -
    z[0] = 3.0        # record: y
    return np.sum(s)  # record: -


# case: recording; wrt x
def inactive_statements_need_nothing(x, w, n):
    for i in range(n):  # record: -
        w = w * w       # record: -
    return x * w        # record: -


# case: recording; wrt x
def an_index_that_moves(x, A, k):
    s = 0.0                  # record: -
    while k > 0:             # record: -
        s = s + A[k] * x[k]  # record: -
        k = k - 2            # record: k
    return s                 # record: -


# case: recording; wrt x
def bounds_that_change(x, n):
    s = 0.0             # record: -
    for i in range(n):  # record: -
        s = s + x * i   # record: -
    n = 3               # record: n
    return s * n        # record: -
