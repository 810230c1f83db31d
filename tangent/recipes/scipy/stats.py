"""Recipes for `scipy.stats`."""

from __future__ import annotations

from scipy import stats

from tangent.recipes.registry import elementwise


@elementwise(stats.norm.logpdf)
def norm_logpdf(y, x, loc=0, scale=1):
    z = (x - loc) / scale
    return -z / scale, z / scale, (z**2 - 1) / scale
