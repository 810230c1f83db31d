#!/usr/bin/env python
"""Fit distributions to the lifetimes of ball bearings, with exact gradients and standard errors.

python examples/lifetimes.py              needs SciPy: pip install tangent[scipy]

The data are millions of revolutions before failure of 23 bearings (J. Lieblein & M. Zelen, J. Res.
Nat. Bur. Standards 57, 1956), of which those above a limit can be taken as censored: known only to
have survived. The log-likelihood is plain SciPy; `tangent.grad` gives its gradient to
`scipy.optimize.minimize`, and the tangent of that gradient is the observed information.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import click
import numpy as np
from scipy import optimize, stats

import tangent

LIFETIMES = np.array(
    [
        *(17.88, 28.92, 33.00, 41.52, 42.12, 45.60, 48.40, 51.84, 51.96, 54.12, 55.56, 67.80),
        *(68.64, 68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.40),
    ]
)


def weibull(theta, failed, survived):
    """Minus the log-likelihood, with the logarithms of shape and scale as parameters."""
    shape, scale = np.exp(theta[0]), np.exp(theta[1])
    inside = np.sum(stats.weibull_min.logpdf(failed, shape, scale=scale))
    return -inside - np.sum(stats.weibull_min.logsf(survived, shape, scale=scale))


def gamma(theta, failed, survived):
    shape, scale = np.exp(theta[0]), np.exp(theta[1])
    inside = np.sum(stats.gamma.logpdf(failed, shape, scale=scale))
    return -inside - np.sum(stats.gamma.logsf(survived, shape, scale=scale))


def lognormal(theta, failed, survived):
    shape, scale = np.exp(theta[0]), np.exp(theta[1])
    inside = np.sum(stats.lognorm.logpdf(failed, shape, scale=scale))
    return -inside - np.sum(stats.lognorm.logsf(survived, shape, scale=scale))


MODELS: tuple[Callable[..., Any], ...] = (weibull, gamma, lognormal)


def fit(model: Callable[..., Any], failed: Any, survived: Any) -> tuple[Any, Any, float]:
    """The estimates of shape and scale, their standard errors, and Akaike's criterion.

    >>> estimates, errors, criterion = fit(weibull, LIFETIMES, np.empty(0))
    >>> np.round(estimates, 1)         # Lieblein & Zelen: 2.1 and 81.9
    array([ 2.1, 81.9])
    """
    start = np.array([0.0, np.log(np.mean(LIFETIMES))])
    gradient = tangent.grad(model)
    found = optimize.minimize(model, start, args=(failed, survived), jac=gradient, method="BFGS")
    along = tangent.jvp(gradient)
    information = [along(found.x, failed, survived, dtheta=unit) for unit in np.eye(2)]
    deviations = np.sqrt(np.diag(np.linalg.inv(information)))
    return np.exp(found.x), np.exp(found.x) * deviations, 2 * len(start) + 2 * found.fun


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--limit", default=110.0, show_default=True, help="Lifetimes above it are censored.")
@click.option("--source", is_flag=True, help="Print the gradient of the first model.")
def main(limit: float, source: bool) -> None:
    """Fit Weibull, gamma and log-normal distributions to the lifetimes of ball bearings."""
    if source:
        click.echo(inspect.getsource(tangent.grad(weibull)))
    lost = np.greater(LIFETIMES, limit)
    failed, survived = LIFETIMES[~lost], np.full(np.sum(lost), limit)
    click.echo(f"{len(failed)} failures, {len(survived)} censored at {limit:g}\n")
    click.echo(f"{'model':<12}{'shape':>18}{'scale':>20}{'AIC':>10}")
    for model in MODELS:
        estimates, errors, criterion = fit(model, failed, survived)
        shape, scale = (f"{e:.3f} ± {d:.3f}" for e, d in zip(estimates, errors, strict=True))
        click.echo(f"{model.__name__:<12}{shape:>18}{scale:>20}{criterion:>10.2f}")


if __name__ == "__main__":
    main()
