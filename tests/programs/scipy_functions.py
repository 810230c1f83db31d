"""Programs that call SciPy: special functions, distributions, convolutions, rules of integration."""

import numpy as np
import scipy.integrate
import scipy.signal
from scipy import special, stats
from scipy.special import expit, logsumexp
from scipy.stats import norm

from tests.cases import args, array, program

_DATA = np.array([0.3, 1.2, 2.2, 0.7])


@program(args(0.4, 1.3, _DATA), args(np.array([[0.2], [0.5]]), 1.3, _DATA), wrt="m, s")
def normal_likelihood(m, s, x):
    return -np.sum(stats.norm.logpdf(x, m, s))


@program(args(1.7, 0.8, _DATA), wrt="a, scale")
def censored_lifetimes(a, scale, x):
    lost = stats.weibull_min.logsf(x[2:], a, scale=scale)
    return np.sum(stats.weibull_min.logpdf(x[:2], a, scale=scale)) + np.sum(lost)


@program(args(np.array([0.3, -0.2]), _DATA), wrt="w")
def mixture(w, x):
    rows = []
    for k in range(2):
        rows.append(norm.logpdf(x, k + w[k], 0.5) + np.log(0.5))
    return np.sum(logsumexp(np.array(rows), axis=0))


@program(args(0.7, 2.4, _DATA), wrt="a, df")
def frozen(a, df, x):
    base = stats.t(df, loc=a)
    a = a * 2.0
    return np.sum(base.logpdf(x)) + a * stats.gamma(a).cdf(1.3) + base.sf(0.4)


@program(args(np.array([0.4, 0.7, 1.2])), wrt="rate")
def counts(rate):
    total = 0.0
    for k in range(3):
        total = total + stats.poisson.logpmf(k, rate[k]) * stats.binom.pmf(k, 3, expit(rate[k]))
    return total


@program(args(np.array([0.4, -0.3]), 0.7, array(3, 2)), wrt="m, r")
def gaussian_cloud(m, r, x):
    cov = np.array([[2.0, r], [r, 1.0]])
    return np.sum(stats.multivariate_normal.logpdf(x, mean=m, cov=cov))


@program(args(array(3), 1.4), args(0.7, 1.4), args([0.4, 0.7], 1.4), wrt="x, a")
def special_functions(x, a):
    y = special.gammainc(a, x) * special.erf(x) + special.betaln(x, a)
    return np.sum(special.xlogy(y, x) + special.jv(1, y) * special.digamma(x))


@program(args(array(2, 3)), wrt="x")
def attention(x):
    weights = special.softmax(x, axis=-1)
    return np.sum(weights * special.log_softmax(x)) + logsumexp(x, axis=0, keepdims=True)[0, 1]


@program(args(0.7, 2.2), wrt="x")
def several_results(x, t):
    s, c = special.sici(x)
    sn, cn, dn, phi = special.ellipj(x * t, 0.3)
    sign = special.airy(x)[2]
    return s * cn + c * sn * dn + phi * sign


@program(args(array(5), array(3)), wrt="x, h")
def convolved(x, h):
    y = scipy.signal.convolve(x, h, mode="same")
    z = scipy.signal.fftconvolve(y, h)
    return np.sum(z**2) + np.sum(scipy.signal.correlate(y, x, "valid") ** 2)


@program(args(np.array([0.5, 0.2]), array(6)), wrt="b, x")
def filtered(b, x):
    return np.sum(scipy.signal.lfilter(b, [1.0, -0.4], x) ** 3)


@program(args(array(5), np.array([0.0, 0.3, 0.5, 1.1, 1.4])), wrt="y, t")
def integrals(y, t):
    whole = scipy.integrate.simpson(y**2, x=t) * scipy.integrate.trapezoid(y, t)
    return whole + np.sum(scipy.integrate.cumulative_trapezoid(y, t, initial=0) ** 2)


@program(args(1.5, 0.4), wrt="v", expected="refused")
def order_of_a_bessel_function(v, x):
    return special.jv(v, x)


@program(args(1.5), wrt="m", expected="refused")
def draw_with_parameters(m):
    return np.sum(stats.norm.rvs(m, size=3, random_state=1))


@program(args(1.5, 0.4), wrt="a", expected="refused")
def distribution_without_recipe(a, x):
    return stats.argus.logpdf(x, a)


@program(args(1.5), wrt="m", expected="refused")
def descriptive_statistics(m):
    return stats.skew(_DATA * m)
