import numpy as np


def same(x):
    return x


def fresh(x):
    return x * 2.0


def row_of(x, i):
    return x[i]


def first_writes(A, B):
    A[0] = B[0]
    return B


# case: aliases
def copies_and_views(x, w):
    y = x                         # aliases: y ~ x
    v = x[0]                      # aliases: v ~ x y
    t = x.T                       # aliases: t ~ v x y
    s = x.reshape(-1)             # aliases: s ~ t v x y
    z = x * 2.0                   # aliases: -
    c = x.copy()                  # aliases: c ~ t v x y
    n = x.shape                   # aliases: -
    v[0] = w                      # aliases: changes c s t v x y
    return (y, t, s, z, c, n, v)  # aliases: -


# case: aliases
def rebinding_ends_the_alias(x, w):
    y = x          # aliases: y ~ x
    x = x * 2.0    # aliases: -
    y[0] = w       # aliases: changes y
    return (x, y)  # aliases: -


# case: aliases
def one_of_two(x, w, c):
    if c:             # aliases: -
        y = x         # aliases: y ~ x
    else:
        y = w         # aliases: y ~ w
    y[0] = 1.0        # aliases: changes w x y
    return (x, w, y)  # aliases: -


# case: aliases
def augmented(x, w):
    y = x             # aliases: y ~ x
    y += w            # aliases: y ~ w x, changes x y
    z = y * 1.0       # aliases: -
    z += w            # aliases: changes z
    return (x, y, z)  # aliases: -


# case: aliases
def augmented_number(n):
    s = 0.0             # aliases: -
    t = s               # aliases: -
    for i in range(n):  # aliases: -
        s += i          # aliases: -
    return (s, t)       # aliases: -


# case: aliases
def containers(x, w):
    xs = [x, w]               # aliases: xs ~ x
    ys = xs                   # aliases: ys ~ x xs
    a = xs[0]                 # aliases: a ~ x xs ys
    a[0] = 1.0                # aliases: changes a w x xs ys
    ys.append(a)              # aliases: changes xs ys
    t = (x, a)                # aliases: t ~ x xs ys
    p, q = t                  # aliases: p ~ q x xs ys, q ~ p x xs ys
    return (xs, ys, p, q, x)  # aliases: -


# case: aliases
def conditional_expression(x, w, c):
    y = x if c else w    # aliases: y ~ w x
    z = x or w           # aliases: z ~ w x y
    y[0] = 1.0           # aliases: changes w x y z
    return (y, z, x, w)  # aliases: -


# case: aliases
def callees(x, w, i):
    a = same(x)                # aliases: a ~ x
    b = fresh(x)               # aliases: -
    r = row_of(x, i)           # aliases: r ~ a x
    d = first_writes(x, w)     # aliases: d ~ a r w x, changes a r x
    r[0] = 1.0                 # aliases: changes a r x
    return (a, b, r, d, x, w)  # aliases: -


# case: aliases
def unknown_callee(f, x, w):
    y = f(x)             # aliases: y ~ x, changes x
    z = f()              # aliases: z ~ x y
    y[0] = 1.0           # aliases: changes x y z
    return (x, y, w, z)  # aliases: -


# case: aliases
def best_so_far(A, B, n):
    best = A                # aliases: best ~ A
    for i in range(n):      # aliases: -
        if B[i] > best[i]:  # aliases: -
            best = B        # aliases: best ~ B
        best[i] = 0.0       # aliases: changes A B best
    return (best, A, B)     # aliases: -


# case: aliases kinds
def known_kinds(n, x: float):
    A = np.zeros((n, n))               # aliases: -; kinds: A=array[float64, 2d]
    row = A[0]                         # aliases: row ~ A; kinds: row=array[float64, 1d]
    number = A[0, 0]                   # aliases: -; kinds: number=float
    s = x                              # aliases: -; kinds: s=float
    s += number                        # aliases: -; kinds: s=float
    row[1] = s                         # aliases: changes A row; kinds: -
    total = A + 1.0                    # aliases: -; kinds: total=array[float64, 2d]
    return (A, row, number, s, total)  # aliases: -; kinds: -


# case: aliases
def swapped_rows(A):
    t = A[0]     # aliases: t ~ A
    A[0] = A[1]  # aliases: changes A t
    A[1] = t     # aliases: changes A t
    return A     # aliases: -


# case: aliases
def generated_with_a_tape(A, n, init_grad):
    A = A.copy()                     # aliases: -
    A_i_tape = []                    # aliases: -
    for i in range(n):               # aliases: -
        A_i_tape.append(A[i])        # aliases: changes A_i_tape
        A[i] = A[i] * 2.0            # aliases: changes A A_i_tape
    bA = np.full_like(A, init_grad)  # aliases: -
    for i in reversed(range(n)):     # aliases: -
        g = bA[i]                    # aliases: g ~ bA
        v = A_i_tape.pop()           # aliases: v ~ A_i_tape, changes A_i_tape
        bA[i] = g * v                # aliases: changes bA g
    return bA                        # aliases: -


# case: aliases kinds
def arrays_hold_nothing(n, x):
    A = np.zeros(n)      # aliases: -; kinds: A=array[float64, ?d]
    h = np.ones(n)       # aliases: -; kinds: h=array[float64, ?d]
    first_writes(A, h)   # aliases: changes A; kinds: -
    h[0] = x             # aliases: changes h; kinds: -
    y = fresh(x)         # aliases: -; kinds: y=numeric
    y[0] = 1.0           # aliases: changes y; kinds: -
    return (A, h, y, x)  # aliases: -; kinds: -
