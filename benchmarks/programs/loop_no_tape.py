"""The gallery's loop that needs no tape: a sum, linear in what is differentiated."""

WRT = ("a",)
SIZES = {"loop without a tape": (200,)}
SMALL = (6,)
LOOPS = True


def arguments(rng, n):
    return 0.7, n


def f(a, n):
    s = 0.0
    for i in range(n):
        s = s + a * i
    return s


def gradient(a, n, init_grad=1.0):
    ba = 0.0
    for i in reversed(range(n)):
        ba = ba + init_grad * i
    return ba
