"""A damped Duffing oscillator: a loop of 1,000 steps over numbers."""

WRT = ("x", "v", "k")
SIZES = {"scalar loop of 1,000 steps": (1000,)}
SMALL = (20,)
LOOPS = True


def arguments(rng, steps):
    return 1.0, 0.0, 0.5, steps


def f(x, v, k, steps):
    for i in range(steps):
        a = -k * x - x * x * x - 0.1 * v
        v = v + 0.01 * a
        x = x + 0.01 * v
    return x


def gradient(x, v, k, steps, init_grad=1.0):
    x_tape = []
    for i in range(steps):
        x_tape.append(x)
        a = -k * x - x * x * x - 0.1 * v
        v = v + 0.01 * a
        x = x + 0.01 * v
    bx, bv, bk = init_grad, 0.0, 0.0
    for i in reversed(range(steps)):
        x = x_tape.pop()
        bv = bv + 0.01 * bx
        ba = 0.01 * bv
        bk = bk - ba * x
        bx = bx - ba * k - 3 * ba * x * x
        bv = bv - 0.1 * ba
    return bx, bv, bk
