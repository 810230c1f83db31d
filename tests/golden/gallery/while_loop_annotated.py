# Gallery: while loop, the kinds known from annotations.
# wrt: a
# args: a=5.3
# args: a=0.05
# args: a=0.9
def f(a: float):
    while a > 0.1:
        if a > 1.0:
            a = a * 0.5
        else:
            a = a * a
    return a


# output
