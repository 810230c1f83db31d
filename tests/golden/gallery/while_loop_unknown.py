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
