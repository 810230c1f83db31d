# Gallery: branch, the kinds known from annotations.
# wrt: a
# args: a=1.3
# args: a=-1.3
def f(a: float):
    if a > 0:
        b = a * a
    else:
        b = -a
    return b * 3.0


# output
