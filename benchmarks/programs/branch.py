"""The gallery's branch: a number, and a test that the backward pass repeats."""

WRT = ("a",)
SIZES = {"branch": ()}
SMALL = ()
REFUSES = {"jax jit": "a Python branch on a traced value"}


def arguments(rng):
    return (1.3,)


def f(a):
    if a > 0:
        b = a * a
    else:
        b = -a
    return b * 3.0


def gradient(a, init_grad=1.0):
    cond = a > 0
    bb = init_grad * 3.0
    if cond:
        ba = 2 * bb * a
    else:
        ba = -bb
    return ba
