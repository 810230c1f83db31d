"""The gallery's loop whose length depends on the data."""

WRT = ("a",)
SIZES = {"while loop": (1e30,)}
SMALL = (5.3,)
LOOPS = True
REFUSES = {"jax jit": "a Python loop on a traced value"}


def arguments(rng, a):
    return (a,)


def f(a):
    while a > 0.1:
        if a > 1.0:
            a = a * 0.5
        else:
            a = a * a
    return a


def gradient(a, init_grad=1.0):
    a_tape, cond_tape = [], []
    trips = 0
    while a > 0.1:
        cond = a > 1.0
        if cond:
            a = a * 0.5
        else:
            a_tape.append(a)
            a = a * a
        cond_tape.append(cond)
        trips += 1
    ba = init_grad
    for _ in range(trips):
        if cond_tape.pop():
            ba = ba * 0.5
        else:
            ba = 2 * ba * a_tape.pop()
    return ba
