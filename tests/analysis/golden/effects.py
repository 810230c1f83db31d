import math

import numpy as np

import tangent

G = np.zeros(3)
counter = 0


def pure_helper(x):
    y = x * 2.0
    return y


def writes_first(A, e):
    A[0] = e


def writes_its_copy(A, e):
    A = A.copy()
    A[0] = e
    return A


def writes_through_a_view(A, B, e):
    v = B[1:]
    v[0] = e
    return A


def prints(x):
    print(x)
    return x


def recursive(A, n):
    if n > 0:
        recursive(A, n - 1)
        A[n] = 0.0


def ping(A, n):
    if n > 0:
        pong(A, n - 1)


def pong(B, n):
    B[0] = 1.0
    ping(B, n)


# case: effects
def plain(A, i, e, xs):
    a = np.sin(e) + math.sqrt(e)  # effects: -
    A[i] = a                      # effects: writes A
    a += 1.0                      # effects: writes a
    xs.append(a)                  # effects: writes xs
    v = xs.pop()                  # effects: writes xs
    n = A.sum()                   # effects: -
    A.sort()                      # effects: writes A
    A.T[0] = e                    # effects: writes A
    return v                      # effects: -


# case: effects
def numpy_writes(A, B, i, g):
    np.add.at(A, i, g)    # effects: writes A
    np.add(A, B, out=B)   # effects: writes B
    np.copyto(A, B)       # effects: writes A
    C = np.add.reduce(A)  # effects: -
    D = np.copy(A)        # effects: -
    return D              # effects: -


# case: effects
def worldly(x):
    print(x)                 # effects: world
    r = np.random.rand()     # effects: world
    x.attribute = r          # effects: writes x, world
    G[0] = 1.0               # effects: writes G, world
    assert r > 0.0           # effects: world
    if r > 2.0:              # effects: -
        raise ValueError(r)  # effects: world
    return r                 # effects: -


# case: effects
def writes_a_global(x):
    global counter         # effects: world
    counter = counter + 1  # effects: world
    return x               # effects: -


# case: effects
def user_calls(A, B, e, n):
    y = pure_helper(e)                  # effects: -
    writes_first(A, e)                  # effects: writes A
    C = writes_its_copy(A, e)           # effects: -
    D = writes_through_a_view(A, B, e)  # effects: writes B
    z = prints(e)                       # effects: world
    recursive(A, n)                     # effects: writes A
    ping(B, n)                          # effects: writes B
    writes_first(e=e, A=B)              # effects: writes B
    return y                            # effects: -


# case: effects
def unknown_calls(f, A, x):
    y = f(A, x)   # effects: writes A x, world
    z = G.mean()  # effects: -
    return y      # effects: -


# case: effects
def helpers(A, g, i, x):
    A = tangent.keep(A)             # effects: -
    bx = tangent.unbroadcast(g, x)  # effects: -
    tangent.add_at(A, i, g)         # effects: writes A
    tangent.check_scalar(x)         # effects: world
    return bx                       # effects: -


# case: effects
def expressions(xs, n):
    squares = [x * x for x in xs]  # effects: -
    f = lambda v: v + n            # effects: -
    if (k := len(xs)) > 3:         # effects: -
        n = k                      # effects: -
    return squares                 # effects: -
