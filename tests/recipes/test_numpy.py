"""Programs that call NumPy's functions in every spelling: both modes, first and second derivatives.

Recipes by themselves are checked by `test_recipes.py`; here they are expanded in programs.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import tangent

x = np.array([0.55, 0.9, 0.3, 0.72, 1.4, 0.1])
UNSET = "'where' used without 'out'"  # what `masked_ufunc` does, and then leaves out
mask = np.array([True, False, True, True, False, True])


def masked_ufunc(x):
    y = np.log(x, where=x > 0.5)
    return np.sum(np.where(x > 0.5, y * x, 0.0))


def ufunc_in_other_precision(x):
    return np.sum(np.multiply(x, x, dtype=np.float64) ** 2)


def reductions_of_some(x):
    a = np.sum(x * x, where=mask, initial=2.0)
    b = np.mean(x**2, where=mask) + np.prod(x, where=mask, initial=a)
    return b * np.max(x, where=mask, initial=0.2) + np.var(x, ddof=1) * x.std(where=mask)


def rows_of_some(x):
    y = np.reshape(x, (2, 3)) ** 2
    return np.sum(np.sum(y, axis=1, where=y > 0.2, keepdims=True) ** 2) + np.sum(
        np.var(y, axis=0, mean=np.mean(y, axis=0, keepdims=True)) ** 2
    )


def without_nan(x):
    y = np.where(x > 1.0, np.nan, x * x)
    a = np.nansum(y) * np.nanmean(y) + np.nanprod(y) + np.nanmax(y) * np.nanmin(y)
    return a + np.nanstd(y) * np.nanvar(y) + np.sum(np.nancumsum(y) ** 2) * np.nanmedian(y)


def order_statistics(x):
    y = x * x
    a = np.median(y) * np.percentile(y, 30.0) + np.quantile(x, 0.3 + 0.1 * x[0])
    return a * np.sum(np.quantile(y, [0.2, 0.6], method="hazen") ** 2)


def weighted(x):
    return np.average(x * x, weights=np.exp(x)) ** 2 + np.average(x)


def covariances(x):
    y = np.reshape(np.sin(3.0 * x), (2, 3))
    return np.sum(np.cov(y) ** 2) + np.sum(np.corrcoef(y, rowvar=False) ** 3)


def histograms(x):
    counts, edges = np.histogram(x, bins=3, weights=x**2)
    return np.sum(counts**2 * edges[1:])


def scans(x):
    y = np.cumulative_sum(x * x, include_initial=True)
    z = np.cumulative_prod(x) * np.cumprod(x)
    return np.sum(y**2) + np.sum(z)


def differences(x):
    a = np.sum(np.diff(x * x, prepend=x[0], append=0.5) ** 2)
    return a + np.sum(np.ediff1d(x, to_end=x[1] * x[2]) ** 3) + np.sum(np.diff(x, n=2) ** 2)


def integrals(x):
    a = np.trapezoid(x * x) * np.trapezoid(np.sin(x), dx=0.5)
    return a + np.trapezoid(x**2, np.cumsum(x)) ** 2


def gradients(x):
    g = np.gradient(x**2, 0.5 * x[0], edge_order=2)
    u, v = np.gradient(np.reshape(x * x, (2, 3)))
    return np.sum(g**2) + np.sum(u * v)


def phases(x):
    return np.sum(np.unwrap(x * 9.0) ** 2)


def inserted(x):
    y = np.insert(np.delete(x * x, 1), 2, x[0] * x[1])
    return np.sum(np.resize(y, (3, 5)) ** 2)


def padded(x):
    y = np.pad(x * x, 2, mode="reflect") * np.pad(x, (2, 2), constant_values=0.5)
    return np.sum(y**2) + np.sum(np.pad(np.reshape(x, (2, 3)), 1, "linear_ramp") ** 2)


def chosen(x):
    a = np.choose([0, 1, 0, 1, 1, 0], [x * x, np.exp(x)])
    b = np.select([x > 1.0, x > 0.5], [x**3, x * x], default=x[0])
    return np.sum(a * b) + np.sum(np.compress(mask, x) ** 2 * np.extract(mask, a))


def trimmed(x):
    y = np.trim_zeros(np.where(x > 0.5, x * x, 0.0)[:5])
    return np.sum(y**2)


def ordered(x):
    y = np.partition(x * x, 3) * np.unique(x) + np.sort(x, kind="stable")
    return np.sum(y**2) + np.sum(np.union1d(x, x * x) ** 3)


def along(x):
    y = np.reshape(x, (2, 3))
    places = np.argsort(y, axis=1)
    return np.sum(np.take_along_axis(y * y, places, axis=1) ** 2 * np.array([1.0, 2.0, 3.0]))


def wrapped(x):
    return np.sum(np.take(x * x, [0, 7, -1, 0], mode="wrap") ** 2)


def windows(x):
    w = sliding_window_view(x * x, 3)
    return np.sum(np.prod(w, axis=1))


def joined(x):
    a, b = np.split(x * x, 2)
    m = np.block([[a, b], [np.exp(b), a * b]])
    return np.sum(m**2) + np.sum(np.hstack([a, b]) * x)


def grids(x):
    u, v = np.meshgrid(x[:3] ** 2, x[3:])
    p, q = np.broadcast_arrays(x[:2, None] ** 2, x[2:])
    return np.sum(u * v**2) + np.sum(p * q**2)


def ranges(x):
    a = np.linspace(x[0] ** 2, x[1], 4) * np.logspace(x[2], x[3] ** 2, 4)
    return np.sum(a * np.geomspace(x[0], x[1], 4)) + np.sum(np.linspace(x, x**2, 3, axis=1) ** 2)


def bessel(x):
    return np.sum(np.i0(x) * np.sinc(x)) * np.kaiser(3, x[0])[0]


def parts_of_numbers(x):
    _, r = np.divmod(x * 3.0, 0.68)
    f, _ = np.modf(x * 3.0)
    m, _ = np.frexp(x)
    return np.sum(r**2 + f**2 + m**2)


def signs(x):
    return np.sum(np.sign(x - 0.6) * x**2)


def rolled(x):
    y = np.rollaxis(np.reshape(x * x, (1, 2, 3)), 2)
    return np.sum(np.rot90(y[:, :, 0], 1) ** 2) + np.sum(np.flip(m=y, axis=0) ** 2 * y)


PROGRAMS = [
    masked_ufunc, ufunc_in_other_precision, reductions_of_some, rows_of_some, without_nan,
    order_statistics, weighted, covariances, histograms, scans, differences, integrals, gradients,
    phases, inserted, padded, chosen, trimmed, ordered, along, wrapped, windows, joined, grids,
    ranges, bessel, parts_of_numbers, signs, rolled,
]  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_program(f):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=UNSET)
        tangent.check(f, x.copy())
        tangent.check(tangent.grad(f), x.copy(), modes=("forward",), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_reverse_over_reverse(f):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=UNSET)
        df = tangent.grad(f)
        tangent.check(df, x.copy(), modes=("reverse",), rtol=1e-4, atol=1e-5)
