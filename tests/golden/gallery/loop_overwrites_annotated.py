# Gallery: loop overwrites, the kinds known from annotations.
# wrt: a
# args: a=1.1, n=3
# args: a=1.1, n=0
def f(a: float, n: int):
    for i in range(n):
        a = a * a
    return a


# output
