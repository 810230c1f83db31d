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
