"""Cases for the recipes of `scipy.stats`: every method at points inside, all parameters given."""

from __future__ import annotations

from typing import Any

import numpy
from scipy import stats

from tests.recipes.cases import array, case

METHODS = ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf")


def methods(one: Any, *shapes: float, wrt: Any = None, last: bool = True) -> None:
    """Each method at quantiles, with loc and scale; by what is not refused."""
    loc, scale = 0.3, 1.7
    points = one.ppf(numpy.array([0.15, 0.4, 0.85]), *shapes, loc, scale)
    for method in METHODS:
        f = getattr(one, method)
        x = numpy.array([0.15, 0.4, 0.85]) if method in ("ppf", "isf") else points
        by = (
            wrt
            if method in ("pdf", "logpdf")
            else [*one_variable(method), *(last * list(names(one)))]
        )
        case(f, x, *shapes, loc, scale, wrt=None if wrt is None and last else by)


def one_variable(method: str) -> list[str]:
    return ["q" if method in ("ppf", "isf") else "x", "loc", "scale"]


def names(one: Any) -> list[str]:
    return (one.shapes or "").replace(" ", "").split(",") if one.shapes else []


for one, shapes in (
    *((stats.norm, ()), (stats.cauchy, ()), (stats.laplace, ()), (stats.logistic, ())),
    *((stats.hypsecant, ()), (stats.gumbel_r, ()), (stats.gumbel_l, ()), (stats.moyal, ())),
    *((stats.t, (3.5,)), (stats.dweibull, (1.7,)), (stats.dgamma, (1.7,)), (stats.gennorm, (1.6,))),
    *((stats.genlogistic, (1.7,)), (stats.loggamma, (1.7,)), (stats.skewnorm, (1.7,))),
    *((stats.exponnorm, (1.7,)), (stats.johnsonsu, (0.7, 1.3)), (stats.skewcauchy, (0.4,))),
    *((stats.laplace_asymmetric, (1.4,)), (stats.powernorm, (1.7,))),
    *((stats.expon, ()), (stats.halfnorm, ()), (stats.halfcauchy, ()), (stats.halflogistic, ())),
    *((stats.rayleigh, ()), (stats.maxwell, ()), (stats.levy, ()), (stats.levy_l, ())),
    *((stats.wald, ()), (stats.gibrat, ()), (stats.gamma, (1.7,))),
    *(
        (stats.chi2, (3.5,)),
        (stats.chi, (3.5,)),
        (stats.invgamma, (1.7,)),
        (stats.nakagami, (1.7,)),
    ),
    *((stats.gengamma, (1.7, 1.3)), (stats.gengamma, (1.7, -1.3)), (stats.halfgennorm, (1.6,))),
    *((stats.weibull_min, (1.7,)), (stats.weibull_max, (1.7,)), (stats.invweibull, (1.7,))),
    *((stats.exponweib, (1.7, 1.3)), (stats.lognorm, (0.7,)), (stats.pareto, (1.7,))),
    *(
        (stats.lomax, (1.7,)),
        (stats.fisk, (1.7,)),
        (stats.burr12, (1.7, 1.3)),
        (stats.burr, (1.7, 1.3)),
    ),
    *((stats.gompertz, (0.7,)), (stats.loglaplace, (1.7,)), (stats.betaprime, (1.7, 1.3))),
    *((stats.f, (3.5, 5.5)), (stats.invgauss, (0.7,)), (stats.fatiguelife, (0.7,))),
    *(
        (stats.foldnorm, (0.7,)),
        (stats.rice, (0.7,)),
        (stats.uniform, ()),
        (stats.beta, (1.7, 0.8)),
    ),
    *((stats.arcsine, ()), (stats.anglit, ()), (stats.cosine, ()), (stats.semicircular, ())),
    *((stats.rdist, (3.5,)), (stats.powerlaw, (1.7,)), (stats.bradford, (1.7,))),
    *((stats.triang, (0.6,)), (stats.truncexpon, (1.7,)), (stats.truncnorm, (-1.2, 0.9))),
    *(
        (stats.loguniform, (0.5, 2.5)),
        (stats.reciprocal, (0.5, 2.5)),
        (stats.johnsonsb, (0.7, 1.3)),
    ),
    *((stats.genpareto, (0.4,)), (stats.genpareto, (-0.4,)), (stats.genextreme, (0.3,))),
    *((stats.genextreme, (-0.3,)),),
):
    methods(one, *shapes)
for one, shapes in (
    *((stats.norminvgauss, (1.7, 0.6)), (stats.vonmises, (1.7,)), (stats.vonmises_line, (1.7,))),
    *((stats.wrapcauchy, (0.4,)),),
):
    methods(one, *shapes, last=False)
methods(stats.erlang, 2, last=False)
methods(stats.ncx2, 3.5, 1.3, wrt=("x", "nc", "loc", "scale"), last=False)

# ---- more forms of calls -------------------------------------------------------------------

for f in (stats.norm.logpdf, stats.norm.cdf, stats.gamma.logpdf, stats.t.logpdf):
    shapes: tuple[Any, ...] = () if f.__self__ is stats.norm else (1.7,)
    case(f, 0.4, *shapes)
    case(f, array(2, 3), *shapes, 0.1)
    case(f, array(2, 3), *shapes, scale=array(3))
    case(f, array(3, dtype="float32"), *shapes, loc=array(2, 1) - 1)
    case(f, [0.4, 0.7], *shapes)
    case(f, [0.4, 0.7], *shapes, 0.1, 1.3)
    case(f, array(0), *shapes)
    case(f, array(), *shapes, 0, 1)
case(stats.gamma.logpdf, array(2, 3), a=array(3), loc=-0.1, scale=2.0)
case(stats.beta.cdf, array(3), array(2, 1), array(3))
for x in (-0.5, 1.5):  # outside of the support
    for f in (stats.beta.pdf, stats.beta.cdf, stats.beta.sf):
        case(f, x, 1.7, 0.8)
case(stats.gamma.pdf, numpy.array([-1.0, 0.5]), 1.7)
case(stats.expon.pdf, numpy.array([-1.0, 0.5]), scale=0.7)
case(stats.lognorm.cdf, numpy.array([-1.0, 0.5]), 0.7)

# ---- discrete ------------------------------------------------------------------------------

PROBABILITIES = ("pmf", "logpmf", "cdf", "sf", "logcdf", "logsf")
for one, shapes, wrt, last in (
    (stats.bernoulli, (0.4,), "p", 6),
    (stats.binom, (5, 0.4), "p", 6),
    (stats.poisson, (1.7,), "mu", 6),
    (stats.geom, (0.4,), "p", 6),
    (stats.nbinom, (2.5, 0.4), ("n", "p"), 6),
    (stats.betabinom, (5, 1.7, 0.8), ("a", "b"), 2),
    (stats.betanbinom, (5, 1.7, 0.8), ("a", "b"), 2),
    (stats.dlaplace, (0.7,), "a", 2),
    (stats.logser, (0.4,), "p", 2),
    (stats.planck, (0.7,), "lambda_", 6),
    (stats.yulesimon, (1.7,), "alpha", 6),
    (stats.zipf, (1.7,), "a", 2),
    (stats.skellam, (1.7, 0.8), ("mu1", "mu2"), 2),
):
    for method in PROBABILITIES[:last]:
        f = getattr(one, method)
        case(f, numpy.array([1, 2]) if one is not stats.bernoulli else 0, *shapes, 0, wrt=wrt)
        if one is stats.bernoulli:
            case(f, [0], 0.4, numpy.int64(0), wrt=wrt)
            continue
        case(f, 3, *(array() * 0 + s if isinstance(s, float) else s for s in shapes), 1, wrt=wrt)
        case(f, [2, 3], *shapes, numpy.int64(1), wrt=wrt)
case(stats.poisson.logpmf, numpy.arange(3), array(2, 1))
case(stats.poisson.pmf, numpy.array([-1, 1]), 1.7)
case(stats.binom.pmf, numpy.array([-1, 7, 2]), 5, 0.4)

# ---- multivariate --------------------------------------------------------------------------

mean, cov = numpy.array([0.3, -0.4]), numpy.array([[2.0, 0.5], [0.5, 1.0]])
for f in (stats.multivariate_normal.logpdf, stats.multivariate_normal.pdf):
    case(f, array(2), mean, cov)
    case(f, array(3, 2), mean, cov)
    case(f, array(2, 3, 2), mean, cov, False)
    case(f, array(3, 2), cov=cov)
    case(f, array(3, 2), mean)
    case(f, array(3, 2), mean, 1.7)
    case(f, array(3, 2), mean, array(2))
    case(f, 0.4, 0.3, 1.7)
    case(f, array(3), 0.3, numpy.array([[1.7]]))
    case(f, array(1, 2), [0.3, -0.4], [[2.0, 0.5], [0.5, 1.0]])
case(stats.multivariate_t.logpdf, array(3, 2), mean, cov, 3.5)
case(stats.multivariate_t.logpdf, array(2), mean, cov, 3.5)
case(stats.multivariate_t.logpdf, array(2), df=3.5)
alpha = numpy.array([1.7, 0.8, 2.5])
for f in (stats.dirichlet.logpdf, stats.dirichlet.pdf):
    case(f, numpy.array([0.2, 0.3]), alpha)
    case(f, numpy.array([0.2, 0.3, 0.5]), alpha, wrt="alpha")
    case(f, numpy.array([[0.2, 0.3, 0.1], [0.3, 0.1, 0.7]]), alpha)
    case(f, [0.2, 0.3], [1.7, 0.8, 2.5])
case(stats.dirichlet_multinomial.logpmf, numpy.array([2, 1, 3]), alpha, 6)
case(stats.dirichlet_multinomial.logpmf, numpy.array([[2, 1, 3], [1, 1, 4]]), alpha, 6)
case(stats.normal_inverse_gamma.logpdf, 0.4, 1.3, 0.3, 1.7, 0.8, 2.5)
case(stats.normal_inverse_gamma.logpdf, array(2, 3), array(3), mu=array(2, 1))
