"""Recipes for `scipy.integrate`: rules for values at points.

s = integrate.simpson(y, x)      ȳ += s̄ · weights(x)
"""

from __future__ import annotations

import numpy
from scipy import integrate

from tangent import runtime
from tangent.recipes.registry import (
    adjoint,
    d,
    fixed,
    multilinear,
    nondifferentiable,
    refused,
    unsupported,
)
from tangent.recipes.scipy import rules


@multilinear(integrate.trapezoid)
def trapezoid(result, y, x: fixed = None, dx=1.0, axis=-1):
    d[y] = runtime.trapezoid_adjoint(d[result], y, dx, axis=axis)
    d[dx] = runtime.unbroadcast(d[result] * integrate.trapezoid(y, axis=axis), dx)


@multilinear(integrate.trapezoid)
def trapezoid_between(result, y, x, dx=1.0, axis=-1):
    d[y] = runtime.trapezoid_adjoint(d[result], y, x=x, axis=axis)
    d[x] = runtime.trapezoid_points_adjoint(d[result], y, x, axis)


@multilinear(integrate.simpson)
def simpson(result, y, x: fixed = None, *, dx=1.0, axis=-1):
    d[y] = rules.simpson_adjoint(d[result], y, None, dx, axis)
    d[dx] = runtime.unbroadcast(d[result] * integrate.simpson(y, axis=axis), dx)


@adjoint(integrate.simpson)
def simpson_between(result, y, x, *, dx=1.0, axis=-1):
    d[y] = rules.simpson_adjoint(d[result], y, x, axis=axis)
    d[x] = rules.simpson_points_adjoint(d[result], y, x, axis)


@simpson_between.tangent
def simpson_between_tangent(result, y, x, *, dx=1.0, axis=-1):
    d[result] = integrate.simpson(d[y], x=x, axis=axis) + rules.simpson_points_tangent(
        d[x], y, x, axis
    )


@multilinear(integrate.romb)
def romb(result, y, dx=1.0, axis=-1, show: fixed = False):
    d[y] = rules.romb_adjoint(d[result], y, dx, axis)
    d[dx] = runtime.unbroadcast(d[result] * integrate.romb(y, axis=axis), dx)


@multilinear(integrate.cumulative_trapezoid)
def cumulative_trapezoid(result, y, x: fixed = None, dx=1.0, axis=-1, initial=None):
    d[y] = rules.cumulative_trapezoid_adjoint(d[result], y, None, dx, axis, initial)
    d[dx] = runtime.unbroadcast(
        d[result] * integrate.cumulative_trapezoid(y, axis=axis, initial=initial), dx
    )


@multilinear(integrate.cumulative_trapezoid)
def cumulative_trapezoid_between(result, y, x, dx=1.0, axis=-1, initial=None):
    d[y] = rules.cumulative_trapezoid_adjoint(d[result], y, x, 1.0, axis, initial)
    d[x] = rules.width_sum(d[result], rules.means(y, axis), x, initial, axis)


@adjoint(integrate.cumulative_simpson)
def cumulative_simpson(result, y, *, x=None, dx=1.0, axis=-1, initial=None):
    d[y] = rules.cumulative_simpson_adjoint(d[result], y, x, dx, axis, initial)
    d[x] = refused("the derivative of this rule by the points is not implemented")
    d[dx] = refused("the derivative of this rule by the width is not implemented")
    d[initial] = runtime.unbroadcast(
        numpy.sum(d[result], axis=axis, keepdims=numpy.ndim(initial) > 0), initial
    )


@cumulative_simpson.tangent
def cumulative_simpson_tangent(result, y, *, x=None, dx=1.0, axis=-1, initial=None):
    d[result] = integrate.cumulative_simpson(d[y], x=x, dx=dx, axis=axis, initial=d[initial])


nondifferentiable(integrate.newton_cotes, integrate.lebedev_rule)

unsupported(
    integrate.quad,
    integrate.quad_vec,
    integrate.dblquad,
    integrate.tplquad,
    integrate.nquad,
    integrate.cubature,
    integrate.fixed_quad,
    integrate.qmc_quad,
    integrate.tanhsinh,
    integrate.nsum,
    reason="integrals of functions are not differentiated yet; a rule for values at points is, such "
    "as `integrate.simpson`",
)
unsupported(
    integrate.solve_ivp,
    integrate.odeint,
    integrate.solve_bvp,
    integrate.ode,
    integrate.complex_ode,
    integrate.OdeSolver,
    integrate.BDF,
    integrate.DOP853,
    integrate.LSODA,
    integrate.RK23,
    integrate.RK45,
    integrate.Radau,
    integrate.DenseOutput,
    integrate.OdeSolution,
    reason="solvers of differential equations are not differentiated; steps written in NumPy are",
)
