"""Multivariate distributions: normal, t, Dirichlet, multinomial and others.

y = stats.multivariate_normal.logpdf(x, mean, cov)      w = Σ⁻¹ (x − μ)
                                                        x̄ −= ȳ w,  Σ̄ += ȳ (w wᵀ − Σ⁻¹) / 2
"""

from __future__ import annotations

import numpy
from scipy import special, stats

from tangent import runtime
from tangent.recipes.registry import adjoint, d, elementwise
from tangent.recipes.scipy import gaussian


@adjoint(stats.multivariate_normal.logpdf)
def normal_logpdf(y, x, mean=None, cov=1, allow_singular=False):
    """Petersen & Pedersen 2012, equation 352 and section 8.1."""
    w = gaussian.pull(x, mean, cov)
    d[x] = -gaussian.to_points(d[y], w, x)
    d[mean] = gaussian.to_location(d[y], w, mean)
    d[cov] = gaussian.to_covariance(d[y], d[y], w, cov)


@normal_logpdf.tangent
def normal_logpdf_tangent(y, x, mean=None, cov=1, allow_singular=False):
    squares = gaussian.distance_tangent(d[x], d[mean], d[cov], x, mean, cov)
    d[y] = -(squares + gaussian.log_determinant_tangent(d[cov], x, mean, cov)) / 2


@adjoint(stats.multivariate_normal.pdf)
def normal_pdf(y, x, mean=None, cov=1, allow_singular=False):
    w = gaussian.pull(x, mean, cov)
    d[x] = -gaussian.to_points(d[y] * y, w, x)
    d[mean] = gaussian.to_location(d[y] * y, w, mean)
    d[cov] = gaussian.to_covariance(d[y] * y, d[y] * y, w, cov)


@normal_pdf.tangent
def normal_pdf_tangent(y, x, mean=None, cov=1, allow_singular=False):
    squares = gaussian.distance_tangent(d[x], d[mean], d[cov], x, mean, cov)
    d[y] = -y * (squares + gaussian.log_determinant_tangent(d[cov], x, mean, cov)) / 2


@adjoint(stats.multivariate_t.logpdf)
def t_logpdf(y, x, loc=None, shape=1, df=1):
    """Γ((ν + k)/2) / (Γ(ν/2) (νπ)^(k/2) √det Σ) (1 + q/ν)^(−(ν + k)/2), q = (x − μ)ᵀ Σ⁻¹ (x − μ)."""
    w = gaussian.pull(x, loc, shape)
    size = numpy.shape(w)[1]
    q = gaussian.distance(x, loc, shape)
    share = d[y] * (df + size) / (df + q)
    d[x] = -gaussian.to_points(share, w, x)
    d[loc] = gaussian.to_location(share, w, loc)
    d[shape] = gaussian.to_covariance(d[y], share, w, shape)
    d[df] = (
        numpy.sum(
            d[y]
            * (
                special.digamma((df + size) / 2)
                - special.digamma(df / 2)
                - size / df
                - numpy.log1p(q / df)
                + (df + size) * q / (df * (df + q))
            )
        )
        / 2
    )


@t_logpdf.tangent
def t_logpdf_tangent(y, x, loc=None, shape=1, df=1):
    size = numpy.shape(gaussian.pull(x, loc, shape))[1]
    q = gaussian.distance(x, loc, shape)
    squares = gaussian.distance_tangent(d[x], d[loc], d[shape], x, loc, shape)
    by_df = (
        special.digamma((df + size) / 2)
        - special.digamma(df / 2)
        - size / df
        - numpy.log1p(q / df)
        + (df + size) * q / (df * (df + q))
    )
    d[y] = (
        by_df * d[df]
        - (df + size) / (df + q) * squares
        - gaussian.log_determinant_tangent(d[shape], x, loc, shape)
    ) / 2


@adjoint(stats.dirichlet.logpdf)
def dirichlet_logpdf(y, x, alpha):
    """Γ(Σα) Π xᵢ^(αᵢ−1) / Γ(αᵢ), the components along the first axis; the last may be left out."""
    whole = gaussian.completed(x, alpha)
    slope = gaussian.along_first(alpha, whole) - 1
    d[x] = gaussian.from_completed(d[y] * slope / whole, x)
    d[alpha] = gaussian.sum_of_points(
        d[y]
        * (
            numpy.log(whole)
            + special.digamma(numpy.sum(alpha))
            - gaussian.along_first(special.digamma(alpha), whole)
        ),
        alpha,
    )


@dirichlet_logpdf.tangent
def dirichlet_logpdf_tangent(y, x, alpha):
    whole = gaussian.completed(x, alpha)
    slope = gaussian.along_first(alpha, whole) - 1
    by_alpha = (
        numpy.log(whole)
        + special.digamma(numpy.sum(alpha))
        - gaussian.along_first(special.digamma(alpha), whole)
    )
    d[y] = numpy.sum(
        slope / whole * gaussian.completed_tangent(d[x], alpha)
        + by_alpha * gaussian.along_first(d[alpha], whole),
        axis=0,
    )


@adjoint(stats.dirichlet.pdf)
def dirichlet_pdf(y, x, alpha):
    whole = gaussian.completed(x, alpha)
    slope = gaussian.along_first(alpha, whole) - 1
    d[x] = gaussian.from_completed(d[y] * y * slope / whole, x)
    d[alpha] = gaussian.sum_of_points(
        d[y]
        * y
        * (
            numpy.log(whole)
            + special.digamma(numpy.sum(alpha))
            - gaussian.along_first(special.digamma(alpha), whole)
        ),
        alpha,
    )


@dirichlet_pdf.tangent
def dirichlet_pdf_tangent(y, x, alpha):
    whole = gaussian.completed(x, alpha)
    slope = gaussian.along_first(alpha, whole) - 1
    by_alpha = (
        numpy.log(whole)
        + special.digamma(numpy.sum(alpha))
        - gaussian.along_first(special.digamma(alpha), whole)
    )
    d[y] = y * numpy.sum(
        slope / whole * gaussian.completed_tangent(d[x], alpha)
        + by_alpha * gaussian.along_first(d[alpha], whole),
        axis=0,
    )


@adjoint(stats.dirichlet_multinomial.logpmf)
def dirichlet_multinomial_logpmf(y, x, alpha, n):
    """n! Γ(Σα) / Γ(n + Σα) · Π Γ(xᵢ + αᵢ) / (xᵢ! Γ(αᵢ))."""
    total = numpy.sum(alpha, axis=-1, keepdims=True)
    count = numpy.expand_dims(n, -1)
    d[alpha] = runtime.unbroadcast(
        numpy.expand_dims(d[y], -1)
        * (
            special.digamma(total)
            - special.digamma(count + total)
            + special.digamma(numpy.add(x, alpha))
            - special.digamma(alpha)
        ),
        alpha,
    )


@dirichlet_multinomial_logpmf.tangent
def dirichlet_multinomial_logpmf_tangent(y, x, alpha, n):
    total = numpy.sum(alpha, axis=-1, keepdims=True)
    count = numpy.expand_dims(n, -1)
    slope = (
        special.digamma(total)
        - special.digamma(count + total)
        + special.digamma(numpy.add(x, alpha))
        - special.digamma(alpha)
    )
    d[y] = numpy.sum(slope * d[alpha], axis=-1)


@elementwise(stats.normal_inverse_gamma.logpdf)
def normal_inverse_gamma_logpdf(y, x, s2, mu=0, lmbda=1, a=1, b=1):
    """√λ e^(−(2b + λ(x − μ)²)/(2s²)) bᵃ / (√(2πs²) Γ(a) s^(2a+2))."""
    deviation = numpy.subtract(x, mu)
    squares = lmbda * deviation**2
    return (
        -lmbda * deviation / s2,
        ((2 * b + squares) / (2 * s2) - a - 1.5) / s2,
        lmbda * deviation / s2,
        0.5 / lmbda - deviation**2 / (2 * s2),
        numpy.log(b) - numpy.log(s2) - special.digamma(a),
        a / b - 1 / s2,
    )
