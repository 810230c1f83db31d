# Gallery: branch, nothing known of the arguments.
# wrt: a
# args: a=1.3
# args: a=-1.3
# args: a=2
# args: a=np.float32(1.3)
# args: a=np.array(-1.3)
# args: a=array(1)
def f(a):
    if a > 0:
        b = a * a
    else:
        b = -a
    return b * 3.0


# output
def dfda(a, init_grad=1.0):
    cond = a > 0
    if cond:
        b = a * a
    else:
        b = -a
    # Grad of: return b * 3.0
    g = tangent.scalar_seed(b * 3.0, init_grad, 'f')
    bb = g * 3.0
    if cond:
        # Grad of: b = a * a
        ba = 2 * bb * a
    else:
        # Grad of: b = -a
        ba = -bb
    return tangent.gradient_like(ba, a)
