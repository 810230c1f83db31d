# Gallery: loop no tape, the kinds known from examples.
# wrt: a
# like: a=1.0, n=3
# args: a=0.7, n=4
# args: a=0.7, n=0
def f(a, n):
    s = 0.0
    for i in range(n):
        s = s + a * i
    return s


# output
def dfda(a, n, init_grad=1.0):
    tangent.check_kind(a, 'a', 'float')
    tangent.check_kind(n, 'n', 'int')
    ba = 0.0
    for i in reversed(range(n)):
        # Grad of: s = s + a * i
        ba = ba + init_grad * i
    return ba
