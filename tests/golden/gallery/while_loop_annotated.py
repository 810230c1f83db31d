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
def dfda(a: float, init_grad=1.0):
    tangent.check_kind(a, 'a', 'float')
    cond_tape = []
    a_tape = []
    trips = 0
    while a > 0.1:
        trips += 1
        cond = a > 1.0
        if cond:
            a = a * 0.5
        else:
            a_tape.append(a)
            a = a * a
        cond_tape.append(cond)
    # Backward pass
    # Grad of: return a
    ba = init_grad
    for _ in range(trips):
        if cond_tape.pop():
            # Grad of: a = a * 0.5
            ba = ba * 0.5
        else:
            # Grad of: a = a * a
            ba = 2 * ba * a_tape.pop()
    return ba
