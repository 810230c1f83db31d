"""Callees of `functions` that stand in another module."""

import numpy as numerics

OFFSET = 0.7
WEIGHTS = numerics.array([1.0, 2.0, 0.5])
SCALE = 0.25


def weight(v):
    return v * SCALE


def accumulate(total, x, times=1):
    n = len(x)
    for k in range(times):
        for i in range(n):
            total[i] += weight(numerics.sin(x[i])) * WEIGHTS[i] + OFFSET
