# Gallery: loop no tape, the kinds known from annotations.
# wrt: a
# args: a=0.7, n=4
# args: a=0.7, n=0
def f(a: float, n: int):
    s = 0.0
    for i in range(n):
        s = s + a * i
    return s


# output
