import numpy as np


# case: reaching
def branches(x, c):
    a = 1.0      # reaching: -
    if c:        # reaching: c@0
        a = 2.0  # reaching: -
    b = a + x    # reaching: a@2,4 x@0
    return b     # reaching: b@5


# case: reaching
def loop(a, n):
    for i in range(n):  # reaching: n@0
        a = a * i       # reaching: a@0,3 i@2
    return a            # reaching: a@0,3


# case: reaching
def maybe_undefined(c, x):
    if c:      # reaching: c@0
        y = x  # reaching: x@0
    return y   # reaching: y@0,3


# case: reaching
def the_target_after_the_loop(i, n):
    for i in range(n):  # reaching: n@0
        x = i           # reaching: i@2
    return i            # reaching: i@0,2


# case: reaching
def break_and_continue(a, n):
    b = 0.0             # reaching: -
    for i in range(n):  # reaching: n@0
        if a > 9.0:     # reaching: a@0,9
            break       # reaching: -
        if a > 5.0:     # reaching: a@0,9
            b = a       # reaching: a@0,9
            continue    # reaching: -
        a = a * 2.0     # reaching: a@0,9
    return a + b        # reaching: a@0,9 b@2,7


# case: reaching
def writing_an_element_is_no_definition(A, e):
    A[0] = e  # reaching: A@0 e@0
    A += 1.0  # reaching: A@0
    return A  # reaching: A@3


# case: reaching
def while_loop(x):
    n = 0            # reaching: -
    while x > 1.0:   # reaching: x@0,4
        x = x / 2.0  # reaching: x@0,4
        n = n + 1    # reaching: n@2,5
    return n         # reaching: n@2,5


# case: reaching
def several_targets(x):
    a, b = x       # reaching: x@0
    a, b = (b, a)  # reaching: a@2 b@2
    return a       # reaching: a@3
