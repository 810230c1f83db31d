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
