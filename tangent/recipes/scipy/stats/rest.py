"""What of `scipy.stats` has no recipe, with the reason.

stats.norm.rvs(m, size=3)      an error, if the result depends on what is differentiated by
"""

from __future__ import annotations

from scipy import stats

from tangent.recipes.registry import frozen_by_call, unsupported
from tangent.recipes.scipy.stats.declare import DECLARED

_DENSITIES = (*("pdf", "logpdf", "pmf", "logpmf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"),)
_MOMENTS = ("mean", "var", "std", "entropy", "median", "stats", "moment", "interval", "expect")
_FAMILIES = (
    *(stats.wishart, stats.invwishart, stats.matrix_normal, stats.matrix_t, stats.multinomial),
    *(stats.multivariate_hypergeom, stats.vonmises_fisher, stats.random_table),
)

_declared = {one: it.methods for it in DECLARED for one in it.objects}
for one in vars(stats).values():
    if isinstance(one, stats.rv_continuous | stats.rv_discrete):
        own = [m for m in _DENSITIES if hasattr(one, m) and m not in _declared.get(one, ())]
        unsupported(
            *(getattr(one, m) for m in own),
            reason="the derivative of this distribution is not in the table of docs/coverage.md; "
            "its logarithm, written in NumPy, is differentiated as it stands",
        )
        unsupported(
            *(getattr(one, m) for m in _MOMENTS),
            reason="moments are not differentiated by the parameters; write the formula",
        )
        unsupported(
            one,
            reason="a distribution with its parameters frozen is an object of SciPy's, of which only "
            "methods with a recipe may be called; `stats.norm.logpdf(x, loc, scale)` needs none",
        )
        unsupported(
            one.rvs,
            reason="a draw is not differentiated by its parameters; draw from the standard "
            "distribution, and shift and scale that",
        )
for one in _FAMILIES:
    unsupported(
        *(getattr(one, m) for m in (*_DENSITIES, "rvs") if hasattr(one, m)),
        reason="this multivariate distribution has no recipe yet; its logarithm, written in NumPy, "
        "is differentiated as it stands",
    )
unsupported(
    *(
        f
        for name in stats.__all__
        if callable(f := getattr(stats, name))
        and not isinstance(f, type | stats.rv_continuous | stats.rv_discrete)
        and (getattr(f, "__module__", None) or "").startswith("scipy.stats")
        and not isinstance(f, tuple(map(type, (*_FAMILIES, stats.multivariate_normal))))
    ),
    reason="tests and descriptive statistics of `scipy.stats` are not differentiated; written with "
    "NumPy's functions they are",
)

frozen_by_call(
    *_declared,
    *(stats.multivariate_normal, stats.multivariate_t, stats.dirichlet),
    *(stats.dirichlet_multinomial, stats.normal_inverse_gamma),
)
