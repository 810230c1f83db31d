"""Cases for the recipes of `scipy.stats`: every method at points inside, all parameters given."""

from __future__ import annotations

from typing import Any

import numpy
from scipy import stats

from tests.recipes.cases import case

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
