# Gallery: forward, the kinds known from annotations.
# wrt: x
# mode: forward
# args: x=array(4), w=0.7
import numpy as np


def f(x: np.ndarray, w: float):
    a = np.sin(x)
    b = a * w
    return np.sum(b)


# output
