"""Recipes for `scipy.stats`: methods of distributions, by their argument and their parameters.

y = stats.norm.logpdf(x, loc, scale)      x̄ −= ȳ · z / scale,  z = (x − loc) / scale

A distribution is declared by the derivatives of its standard log-density, from which `declare`
makes recipes for `pdf`, `logpdf`, `cdf`, `sf`, `logcdf`, `logsf`, `ppf` and `isf`.
"""

from tangent.recipes.scipy.stats import counts, halfline, interval, line, multivariate, rest
from tangent.recipes.scipy.stats.declare import DECLARED

__all__ = ["counts", "halfline", "interval", "line", "multivariate", "rest"]

for distribution in DECLARED:
    distribution.register()
