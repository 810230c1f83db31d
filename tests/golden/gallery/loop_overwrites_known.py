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
def dfda(a, n, init_grad=1.0):
    tangent.check_kind(a, 'a', 'float')
    tangent.check_kind(n, 'n', 'int')
    a_tape = []
    for i in range(n):
        a_tape.append(a)
        a = a * a
    # Backward pass
    # Grad of: return a
    ba = init_grad
    for i in reversed(range(n)):
        # Grad of: a = a * a
        ba = 2 * ba * a_tape.pop()
    return ba
