"""Mathieu and spheroidal wave functions (DLMF chapters 28 and 30), by their argument.

y, yp = special.mathieu_cem(m, q, x)      x̄ += (ȳ · yp + ȳp · (2q cos 2x − a) · y) · π/180

Each returns the function and its derivative; the second derivative is that of the differential
equation. That by `q` or `c` needs derivatives of characteristic values: it is refused.
"""

from __future__ import annotations

import math

import numpy
from scipy import special

from tangent.recipes.registry import adjoint, d, refused


@adjoint(special.mathieu_cem, broadcasts=True)
def mathieu_cem(y, m, q, x):
    """DLMF 28.2.1; the argument is in degrees."""
    bend = 2 * numpy.multiply(q, special.cosdg(numpy.multiply(2, x))) - special.mathieu_a(m, q)
    d[q] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = (d[y][0] * y[1] + d[y][1] * bend * y[0]) * (math.pi / 180)


@mathieu_cem.tangent
def mathieu_cem_tangent(y, m, q, x):
    bend = 2 * numpy.multiply(q, special.cosdg(numpy.multiply(2, x))) - special.mathieu_a(m, q)
    d[y] = d[x] * y[1] * (math.pi / 180), d[x] * bend * y[0] * (math.pi / 180)


@adjoint(special.mathieu_sem, broadcasts=True)
def mathieu_sem(y, m, q, x):
    """DLMF 28.2.1; the argument is in degrees."""
    bend = 2 * numpy.multiply(q, special.cosdg(numpy.multiply(2, x))) - special.mathieu_b(m, q)
    d[q] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = (d[y][0] * y[1] + d[y][1] * bend * y[0]) * (math.pi / 180)


@mathieu_sem.tangent
def mathieu_sem_tangent(y, m, q, x):
    bend = 2 * numpy.multiply(q, special.cosdg(numpy.multiply(2, x))) - special.mathieu_b(m, q)
    d[y] = d[x] * y[1] * (math.pi / 180), d[x] * bend * y[0] * (math.pi / 180)


@adjoint(special.mathieu_modcem1, special.mathieu_modcem2, broadcasts=True)
def mathieu_modcem(y, m, q, x):
    """DLMF 28.20.1."""
    bend = special.mathieu_a(m, q) - 2 * numpy.multiply(q, numpy.cosh(numpy.multiply(2, x)))
    d[q] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend * y[0]


@mathieu_modcem.tangent
def mathieu_modcem_tangent(y, m, q, x):
    bend = special.mathieu_a(m, q) - 2 * numpy.multiply(q, numpy.cosh(numpy.multiply(2, x)))
    d[y] = d[x] * y[1], d[x] * bend * y[0]


@adjoint(special.mathieu_modsem1, special.mathieu_modsem2, broadcasts=True)
def mathieu_modsem(y, m, q, x):
    """DLMF 28.20.1."""
    bend = special.mathieu_b(m, q) - 2 * numpy.multiply(q, numpy.cosh(numpy.multiply(2, x)))
    d[q] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend * y[0]


@mathieu_modsem.tangent
def mathieu_modsem_tangent(y, m, q, x):
    bend = special.mathieu_b(m, q) - 2 * numpy.multiply(q, numpy.cosh(numpy.multiply(2, x)))
    d[y] = d[x] * y[1], d[x] * bend * y[0]


@adjoint(special.pro_ang1, broadcasts=True)
def pro_ang1(y, m, n, c, x):
    """(1 − x²) S'' = 2x S' − (λ − c²x² − m²/(1 − x²)) S: DLMF 30.2.1."""
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x
        - (special.pro_cv(m, n, c) - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest)
        * y[0]
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@pro_ang1.tangent
def pro_ang1_tangent(y, m, n, c, x):
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x
        - (special.pro_cv(m, n, c) - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest)
        * y[0]
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.pro_ang1_cv, broadcasts=True)
def pro_ang1_cv(y, m, n, c, cv, x):
    """(1 − x²) S'' = 2x S' − (λ − c²x² − m²/(1 − x²)) S: DLMF 30.2.1."""
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x - (cv - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest) * y[0]
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[cv] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@pro_ang1_cv.tangent
def pro_ang1_cv_tangent(y, m, n, c, cv, x):
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x - (cv - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest) * y[0]
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.pro_rad1, broadcasts=True)
def pro_rad(y, m, n, c, x):
    """(x² − 1) R'' = (λ − c²x² + m²/(x² − 1)) R − 2x R': DLMF 30.2.1."""
    rest = numpy.square(x) - 1
    bend = (
        (special.pro_cv(m, n, c) - numpy.square(numpy.multiply(c, x)) + numpy.square(m) / rest)
        * y[0]
        - 2 * y[1] * x
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@pro_rad.tangent
def pro_rad_tangent(y, m, n, c, x):
    rest = numpy.square(x) - 1
    bend = (
        (special.pro_cv(m, n, c) - numpy.square(numpy.multiply(c, x)) + numpy.square(m) / rest)
        * y[0]
        - 2 * y[1] * x
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.pro_rad1_cv, broadcasts=True)
def pro_rad_cv(y, m, n, c, cv, x):
    """(x² − 1) R'' = (λ − c²x² + m²/(x² − 1)) R − 2x R': DLMF 30.2.1."""
    rest = numpy.square(x) - 1
    bend = (
        (cv - numpy.square(numpy.multiply(c, x)) + numpy.square(m) / rest) * y[0] - 2 * y[1] * x
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[cv] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@pro_rad_cv.tangent
def pro_rad_cv_tangent(y, m, n, c, cv, x):
    rest = numpy.square(x) - 1
    bend = (
        (cv - numpy.square(numpy.multiply(c, x)) + numpy.square(m) / rest) * y[0] - 2 * y[1] * x
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.obl_ang1, broadcasts=True)
def obl_ang1(y, m, n, c, x):
    """(1 − x²) S'' = 2x S' − (λ + c²x² − m²/(1 − x²)) S: DLMF 30.2.1."""
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x
        - (special.obl_cv(m, n, c) + numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest)
        * y[0]
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@obl_ang1.tangent
def obl_ang1_tangent(y, m, n, c, x):
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x
        - (special.obl_cv(m, n, c) + numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest)
        * y[0]
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.obl_ang1_cv, broadcasts=True)
def obl_ang1_cv(y, m, n, c, cv, x):
    """(1 − x²) S'' = 2x S' − (λ + c²x² − m²/(1 − x²)) S: DLMF 30.2.1."""
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x - (cv + numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest) * y[0]
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[cv] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@obl_ang1_cv.tangent
def obl_ang1_cv_tangent(y, m, n, c, cv, x):
    rest = 1 - numpy.square(x)
    bend = (
        2 * y[1] * x - (cv + numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest) * y[0]
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.obl_rad1, broadcasts=True)
def obl_rad(y, m, n, c, x):
    """(x² + 1) R'' = (λ − c²x² − m²/(x² + 1)) R − 2x R': DLMF 30.2.1 with ix and ic."""
    rest = numpy.square(x) + 1
    bend = (
        (special.obl_cv(m, n, c) - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest)
        * y[0]
        - 2 * y[1] * x
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@obl_rad.tangent
def obl_rad_tangent(y, m, n, c, x):
    rest = numpy.square(x) + 1
    bend = (
        (special.obl_cv(m, n, c) - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest)
        * y[0]
        - 2 * y[1] * x
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend


@adjoint(special.obl_rad1_cv, broadcasts=True)
def obl_rad_cv(y, m, n, c, cv, x):
    """(x² + 1) R'' = (λ − c²x² − m²/(x² + 1)) R − 2x R': DLMF 30.2.1 with ix and ic."""
    rest = numpy.square(x) + 1
    bend = (
        (cv - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest) * y[0] - 2 * y[1] * x
    ) / rest
    d[c] = refused("the derivatives of characteristic values are not in SciPy")
    d[cv] = refused("the derivatives of characteristic values are not in SciPy")
    d[x] = d[y][0] * y[1] + d[y][1] * bend


@obl_rad_cv.tangent
def obl_rad_cv_tangent(y, m, n, c, cv, x):
    rest = numpy.square(x) + 1
    bend = (
        (cv - numpy.square(numpy.multiply(c, x)) - numpy.square(m) / rest) * y[0] - 2 * y[1] * x
    ) / rest
    d[y] = d[x] * y[1], d[x] * bend
