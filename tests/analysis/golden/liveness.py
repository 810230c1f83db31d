import numpy as np


# case: liveness
def straight(x, w):
    a = np.sin(x)     # live: a w
    unused = a * 3.0  # live: a w
    a = a * w         # live: a
    return np.sum(a)  # live: -


# case: liveness
def augmented_reads_and_binds(x, w):
    s = x * 1.0  # live: s w
    s += w       # live: s
    return s     # live: -


# case: liveness
def writing_an_element_keeps_the_array_alive(A, i, e):
    A[i] = e     # live: A
    A = A * 2.0  # live: A
    return A     # live: -


# case: liveness
def zero_trips_keep_the_old_target(x, n):
    i = x               # live: i n
    for i in range(n):  # live: i n
        pass            # live: i n
    return i            # live: -


# case: liveness
def loop_carried(x, n):
    a = x               # live: a n x
    b = x               # live: a b n x
    for i in range(n):  # live: a b n x
        t = a           # live: b n t x
        a = b           # live: a n t x
        b = t * x       # live: a b n x
    return a            # live: -


# case: liveness
def break_skips_the_rest(x, n):
    y = x            # live: n x y
    z = x            # live: n y z
    while n > 0:     # live: n y z
        n = n - 1    # live: n y z
        if y > 3.0:  # live: n y z
            z = 0.0  # live: z
            break    # live: z
        y = y * 2.0  # live: n y z
    return z         # live: -


# case: liveness
def nested_branches(x, c, d):
    if c:              # live: d x
        if d:          # live: x
            y = x      # live: y
        else:
            y = x * x  # live: y
        z = y          # live: z
    else:
        z = 1.0        # live: z
    return z           # live: -


# case: liveness
def generated_with_a_tape(a, n, init_grad):
    a_tape = []                     # live: a a_tape init_grad n
    for i in range(n):              # live: a a_tape init_grad n
        a_tape.append(a)            # live: a a_tape init_grad n
        a = a * a                   # live: a a_tape init_grad n
    ba = init_grad                  # live: a_tape ba n
    for i in reversed(range(n)):    # live: a_tape ba n
        ba = 2 * ba * a_tape.pop()  # live: a_tape ba n
    return ba                       # live: -


# case: liveness
def raising_ends_a_path(x, n):
    y = x * 2.0              # live: n y
    if n < 0:                # live: n y
        raise ValueError(n)  # live: -
    return y                 # live: -


# case: liveness
def endless(x):
    while True:       # live: x
        x = x * 2.0   # live: x
        if x > 9.0:   # live: x
            return x  # live: -


# case: liveness
def dead_names_are_deleted(x):
    t = x * 2.0  # live: t
    y = t + 1.0  # live: t y
    del t        # live: y
    return y     # live: -


# case: liveness
def captured_by_a_nested_function(x):
    k = x * 2.0       # live: k x
    def inner(v):     # live: inner k x
        return v * k
    k = 3.0           # live: inner k x
    return inner(x)   # live: k


# case: liveness
def the_target_is_live_in_the_body(x, n):
    s = x               # live: n s
    for i in range(n):  # live: i n s
        s = s * i       # live: n s
    return s            # live: -
