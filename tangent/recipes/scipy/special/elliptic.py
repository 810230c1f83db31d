"""Elliptic integrals and functions (DLMF chapters 19 and 22), with the parameter m = k².

y = special.ellipk(m)       m̄ += ȳ · R_D(0, 1, 1 − m) / 6

Carlson's forms have no 0/0 at m = 0, where the formulas of DLMF 19.4 have.
"""

from __future__ import annotations

import math

import numpy
from scipy import special

from tangent.recipes.registry import adjoint, d, elementwise


@elementwise(special.ellipk)
def ellipk(y, m):
    """DLMF 19.25.1 with 19.18.1."""
    return special.elliprd(0, 1, numpy.subtract(1, m)) / 6


@elementwise(special.ellipkm1)
def ellipkm1(y, p):
    return -special.elliprd(0, 1, p) / 6


@elementwise(special.ellipe)
def ellipe(y, m):
    """(E − K) / (2m) (DLMF 19.4.2) with 19.25.1."""
    return -special.elliprd(0, numpy.subtract(1, m), 1) / 6


@elementwise(special.ellipkinc)
def ellipkinc(y, phi, m):
    """DLMF 19.25.5 with 19.18.1; a whole turn of π adds 2K(m)."""
    turns = numpy.round(numpy.divide(phi, math.pi))
    s = numpy.sin(phi - math.pi * turns)
    rest = 1 - m * s**2
    return (
        1 / numpy.sqrt(rest),
        s**3 * special.elliprd(1 - s**2, 1, rest) / 6
        + turns * special.elliprd(0, 1, numpy.subtract(1, m)) / 3,
    )


@elementwise(special.ellipeinc)
def ellipeinc(y, phi, m):
    """DLMF 19.4.2 with 19.25.13; a whole turn of π adds 2E(m)."""
    turns = numpy.round(numpy.divide(phi, math.pi))
    s = numpy.sin(phi - math.pi * turns)
    rest = 1 - m * s**2
    return (
        numpy.sqrt(rest),
        -(s**3) * special.elliprd(1 - s**2, rest, 1) / 6
        - turns * special.elliprd(0, numpy.subtract(1, m), 1) / 3,
    )


@adjoint(special.ellipj, broadcasts=True)
def ellipj(y, u, m):
    """sn, cn, dn and the amplitude: DLMF 22.13.1-22.13.3, 22.16.10; by m through the amplitude."""
    by_phi = d[y][0] * y[1] - d[y][1] * y[0] + d[y][3]
    by_sn = -d[y][2] * y[0] / y[2]
    turns = numpy.round(y[3] / math.pi)
    s = numpy.sin(y[3] - math.pi * turns)
    slope = -y[2] * (
        s**3 * special.elliprd(1 - s**2, 1, 1 - m * s**2) / 6
        + turns * special.elliprd(0, 1, numpy.subtract(1, m)) / 3
    )
    d[u] = (by_phi + by_sn * m * y[1]) * y[2]
    d[m] = (by_phi + by_sn * m * y[1]) * slope + by_sn * y[0] / 2


@ellipj.tangent
def ellipj_tangent(y, u, m):
    turns = numpy.round(y[3] / math.pi)
    s = numpy.sin(y[3] - math.pi * turns)
    slope = -y[2] * (
        s**3 * special.elliprd(1 - s**2, 1, 1 - m * s**2) / 6
        + turns * special.elliprd(0, 1, numpy.subtract(1, m)) / 3
    )
    phi = d[u] * y[2] + d[m] * slope
    d[y] = (
        phi * y[1],
        -phi * y[0],
        -(y[0] ** 2 * d[m] / 2 + m * y[0] * y[1] * phi) / y[2],
        phi,
    )


# --- Carlson's symmetric integrals --------------------------------------------------------------


@elementwise(special.elliprf)
def elliprf(result, x, y, z):
    """DLMF 19.18.1."""
    return (
        -special.elliprd(y, z, x) / 6,
        -special.elliprd(z, x, y) / 6,
        -special.elliprd(x, y, z) / 6,
    )


@elementwise(special.elliprc)
def elliprc(result, x, y):
    """R_C(x, y) = R_F(x, y, y) (DLMF 19.2.20)."""
    return -special.elliprd(y, y, x) / 6, -special.elliprd(x, y, y) / 3


@elementwise(special.elliprg)
def elliprg(result, x, y, z):
    """∂R_G/∂x = (R_F − x R_D(y, z, x) / 3) / 4, from DLMF 19.16.3."""
    whole = special.elliprf(x, y, z)
    return (
        (whole - x * special.elliprd(y, z, x) / 3) / 4,
        (whole - y * special.elliprd(z, x, y) / 3) / 4,
        (whole - z * special.elliprd(x, y, z) / 3) / 4,
    )


@elementwise(special.elliprd)
def elliprd(result, x, y, z):
    """By partial fractions in DLMF 19.16.5, for x, y ≠ z; by z from homogeneity, −3/2.

    By x it grows as 1 / √x near zero, so x times that is zero there.
    """
    by_x = (special.elliprd(y, z, x) - result) / (2 * numpy.subtract(x, z))
    by_y = (special.elliprd(z, x, y) - result) / (2 * numpy.subtract(y, z))
    in_x = x * numpy.where(numpy.equal(x, 0), 0.0, by_x)
    in_y = y * numpy.where(numpy.equal(y, 0), 0.0, by_y)
    return by_x, by_y, -(1.5 * result + in_x + in_y) / z


@elementwise(special.elliprj)
def elliprj(result, x, y, z, p):
    """By partial fractions in DLMF 19.16.2, for x, y, z ≠ p; by p from homogeneity, −3/2."""
    by_x = (special.elliprd(y, z, x) - result) / (2 * numpy.subtract(x, p))
    by_y = (special.elliprd(z, x, y) - result) / (2 * numpy.subtract(y, p))
    by_z = (special.elliprd(x, y, z) - result) / (2 * numpy.subtract(z, p))
    return by_x, by_y, by_z, -(1.5 * result + x * by_x + y * by_y + z * by_z) / p
