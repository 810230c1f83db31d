# Gallery: loop overwrites, nothing known of the arguments.
# wrt: a
# args: a=1.1, n=3
# args: a=1.1, n=0
# args: a=2, n=3
# args: a=2, n=0
# args: a=np.float32(1.1), n=2
# args: a=np.array(1.1), n=2
# args: a=array(1), n=2
# args: a=array(1, 1), n=0
def f(a, n):
    for i in range(n):
        a = a * a
    return a


# output
def dfda(a, n, init_grad=1.0):
    a_tape = []
    a_saved = tangent.shape_of(a)
    for i in range(n):
        a_tape.append(a)
        a = a * a
    # Backward pass
    # Grad of: return a
    ba = tangent.scalar_seed(a, init_grad, 'f')
    for i in reversed(range(n)):
        # Grad of: a = a * a
        ba = 2 * ba * a_tape.pop()
    return tangent.gradient_like(ba, a_saved)
