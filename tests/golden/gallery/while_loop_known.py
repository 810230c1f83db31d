# Gallery: while loop, the kinds known from examples.
# wrt: a
# like: a=1.0
# args: a=5.3
# args: a=0.05
# args: a=0.9
def f(a):
    while a > 0.1:
        if a > 1.0:
            a = a * 0.5
        else:
            a = a * a
    return a


# output
