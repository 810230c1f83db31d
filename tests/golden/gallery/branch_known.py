# Gallery: branch, the kinds known from examples.
# wrt: a
# like: a=1.0
# args: a=1.3
# args: a=-1.3
def f(a):
    if a > 0:
        b = a * a
    else:
        b = -a
    return b * 3.0


# output
def dfda(a, init_grad=1.0):
    tangent.check_kind(a, 'a', 'float')
    cond = a > 0
    # Grad of: return b * 3.0
    bb = init_grad * 3.0
    if cond:
        # Grad of: b = a * a
        ba = 2 * bb * a
    else:
        # Grad of: b = -a
        ba = -bb
    return ba
