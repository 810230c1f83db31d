# Gallery: while loop, nothing known of the arguments.
# wrt: a
# args: a=5.3
# args: a=0.05
# args: a=0.9
# args: a=7
# args: a=np.float32(5.3)
# args: a=np.array(5.3)
# args: a=array(1) + 4.0
def f(a):
    while a > 0.1:
        if a > 1.0:
            a = a * 0.5
        else:
            a = a * a
    return a


# output
def dfda(a, init_grad=1.0):
    cond_tape = []
    a_tape = []
    trips = 0
    a_saved = tangent.shape_of(a)
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
    ba = tangent.scalar_seed(a, init_grad, 'f')
    for _ in range(trips):
        if cond_tape.pop():
            # Grad of: a = a * 0.5
            ba = ba * 0.5
        else:
            # Grad of: a = a * a
            ba = 2 * ba * a_tape.pop()
    return tangent.gradient_like(ba, a_saved)
