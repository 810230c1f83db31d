"""The gallery's loop that overwrites its variable, and so needs a tape."""

WRT = ("a",)
SIZES = {"loop with a tape": (200,)}
SMALL = (4,)
LOOPS = True


def arguments(rng, n):
    return 1.0, n


def f(a, n):
    for i in range(n):
        a = a * a
    return a


def gradient(a, n, init_grad=1.0):
    a_tape = []
    for i in range(n):
        a_tape.append(a)
        a = a * a
    ba = init_grad
    for i in reversed(range(n)):
        ba = 2 * ba * a_tape.pop()
    return ba
