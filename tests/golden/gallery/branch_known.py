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
