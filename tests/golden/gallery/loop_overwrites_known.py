# Gallery: loop overwrites, the kinds known from examples.
# wrt: a
# like: a=1.0, n=3
# args: a=1.1, n=3
# args: a=1.1, n=0
def f(a, n):
    for i in range(n):
        a = a * a
    return a


# output
