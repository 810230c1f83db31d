# Gallery: loop no tape, nothing known of the arguments.
# wrt: a
# args: a=0.7, n=4
# args: a=0.7, n=0
# args: a=2, n=3
# args: a=np.float32(0.7), n=3
# args: a=np.array(0.7), n=3
# args: a=np.array(0.7), n=0
# args: a=array(1), n=3
# args: a=array(1, dtype='f4'), n=0
def f(a, n):
    s = 0.0
    for i in range(n):
        s = s + a * i
    return s


# output
def dfda_numbers(a, n, init_grad=1.0):
    ba = 0.0
    for i in reversed(range(n)):
        # Grad of: s = s + a * i
        ba = ba + init_grad * i
    return ba


def dfda(a, n, init_grad=1.0):
    if tangent.are_numbers(a, n, init_grad):
        return dfda_numbers(a, n, init_grad)
    s = 0.0
    for i in range(n):
        s = s + a * i
    # Backward pass
    # Grad of: return s
    bs = tangent.scalar_seed(s, init_grad, 'f')
    ba = tangent.zeros_like(a)
    for i in reversed(range(n)):
        # Grad of: s = s + a * i
        ba += tangent.unbroadcast(bs * i, a)
    return tangent.gradient_like(ba, a)
