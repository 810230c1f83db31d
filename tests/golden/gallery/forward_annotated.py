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
def dfdx_forward(x: np.ndarray, w: float, dx):
    tangent.check_kind(x, 'x', 'array')
    tangent.check_kind(w, 'w', 'float')
    dx = tangent.direction(x, dx)
    # Tangent of: a = np.sin(x)
    da = dx * np.cos(x)
    # Tangent of: b = a * w
    db = da * w
    # Tangent of: return np.sum(b)
    return np.sum(db)
