"""Derivatives of gradients: the helpers that gradients call have recipes, or are differentiated.

df = tangent.grad(f)          tangent.check(df, x, w)          both modes against differences
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import tangent
from tangent import runtime
from tangent.recipes.registry import FRESH_MODULES, lookup

x, w = np.array([0.55, 0.9, 0.3]), 0.7


def elementwise(x, w):
    a = np.sin(x) * w
    return np.sum(a * a + np.arctan2(x, w) + x**w + np.logaddexp(x, w) + np.sinc(x))


def layer(x, w):
    A = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]) * w
    h = np.tanh(np.dot(A, x))
    return np.dot(h, h) + np.sum(A @ x) ** 2 + np.inner(x, x) * np.vdot(x, x)


def branch(x, w):
    if w > 0.5:
        c = x * w * w
    else:
        c = -x
    return np.sum(c**3) * (w if np.max(x) > w else 1.0)


def loop(x, w):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] ** 3 * w
    return s


def taped(x, w):
    a = w
    for _ in range(3):
        a = a * a * np.sum(x)
    return a


def data_dependent(x, w):
    while w > 0.3:
        w = w * w * 0.9
    return w * np.sum(x**2)


def written(x, w):
    x[0] = x[1] * w
    x[1] = x[0] * x[2]
    return np.sum(x * x)


def sliced(x, w):
    y = x[1:] * x[:-1] + w
    return np.sum(y**2)


def shapes(x, w):
    y = np.concatenate([np.roll(x, 1) * x, np.flip(x) * w])
    z = np.transpose(np.reshape(y, (2, 3))) ** 2
    return np.sum(z * np.tile(w, (3, 2))) + np.sum(np.diag(x * x) ** 2) + np.sum(np.diff(x) ** 2)


def repeated(x, w):
    return np.sum(np.take(x, [0, 1, 1]) ** 3) * w + np.sum(np.repeat(x, 2) ** 3)


def products(x, w):
    outer = np.einsum("i,j->ij", x, x) * np.outer(x, x)
    rest = np.sum(np.kron(x, x) ** 2) + np.sum(np.tensordot(x, x, 0) ** 3)
    return (np.sum(outer) + rest + np.trace(outer)) * w + np.sum(np.cross(x, x * x) ** 2)


def reductions(x, w):
    scans = np.sum(np.cumsum(x) ** 2) + np.sum(np.cumprod(x) ** 2)
    return np.prod(x) * w + np.var(x) * np.std(x) + np.mean(x) ** 3 + scans + np.linalg.norm(x)


def choices(x, w):
    chosen = np.maximum(x, w) ** 3 + np.fmin(x, w) ** 3 + np.where(x > 0.5, x * x, x)
    return np.sum(chosen) + np.max(x) ** 2 * np.min(x) * w + np.sum(np.clip(x, 0.2, 0.6) ** 2)


def sorted_(x, w):
    return np.sum(np.sort(x) * x) * w + sum(x) ** 2 * max(w, 0.1)


def matrices(x, w):
    A = np.outer(x, x) + 3 * np.eye(3)
    solved = np.sum(np.linalg.solve(A, x) ** 2) + np.sum(np.linalg.inv(A) ** 2)
    return np.linalg.det(A) * w + solved + np.linalg.slogdet(A)[1] + np.sum(np.linalg.cholesky(A))


def made(x, w):
    y = np.full(3, w) ** 3 * x + np.array([w, w * w, 1.0]) ** 2 * x.astype(float) ** 2
    return np.sum(np.linspace(w, x, 4) ** 3) + np.sum(y)


PROGRAMS = [
    elementwise, layer, branch, loop, taped, data_dependent, written, sliced, shapes, repeated,
    products, reductions, choices, sorted_, matrices, made,
]  # fmt: skip


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_gradient_of_gradient(f, mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        df = tangent.grad(f, wrt=(0, 1))
        tangent.check(df, x.copy(), w, wrt=(0, 1), modes=(mode,), rtol=1e-4, atol=1e-5)


def test_kinds_known():
    df = tangent.grad(layer, wrt=(0, 1), like=(x, w))
    tangent.check(df, x.copy(), w, wrt=(0, 1), modes=("forward",), rtol=1e-4, atol=1e-5)


def test_third_order():
    def cube(x):
        return np.sum(x**3 * np.sin(x))

    df = tangent.grad(cube)
    ddf = tangent.vjp(df)

    seed = np.array([1.0, 2.0, 3.0])
    tangent.check(ddf, x, wrt="x", modes=("forward",), init_grad=1.0, init_grad2=seed, rtol=1e-4)


# What in-place helpers do is a matter of the transforms. The others are differentiated by their
# source where they are called with something active.
IN_PLACE = {"add_at", "call", "entered", "put_back", "strict", "take_out", "write"}
BY_SOURCE = {"cumprod_adjoint", "cumprod_tangent", "digamma"} | {
    *("base_along", "corrcoef_parts", "corrcoef_tangent", "cov_parts", "cov_tangent"),
    *("diff_of_parts", "ends_adjoint", "ends_tangent", "gradient_tangent", "histogram_parts"),
    *("histogram_tangent", "histogram_weights", "histogram_weights_tangent", "kaiser_partial"),
    *("logaddexp_scan_adjoint", "logaddexp_scan_tangent", "sign_adjoint", "sign_tangent"),
    *("trapezoid_adjoint", "trapezoid_points_adjoint", "weights_adjoint"),
    *(n for n in runtime.__all__ if getattr(runtime, n).__module__ in FRESH_MODULES),
}
# No recipe, and an error where something active goes in: third derivatives, `math.dist`.
NOT_YET = {
    *("dist_adjoint", "dist_tangent", "einsum_adjoint_tangent", "einsum_other_adjoint"),
    *("einsum_with", "falling_power_exponent", "inverse_axes", "product_of_others_tangent"),
    *(
        "sinc_curvature",
        "coordinates",
        "rescaled",
        "shrunk",
        "slopes",
        "dense_grid",
        "open_grid",
        "ranged",
    ),
    *("items_adjoint", "items_at", "repeated_adjoint"),
}


def test_tuples_in_reverse_over_reverse():
    """The gradient reads `join_adjoint(g, (a, b))[1]`."""

    def joined(x):
        return np.sum(np.concatenate((x * x, x)) ** 2)

    tangent.check(tangent.grad(joined), x, modes=("reverse",))


def test_every_helper_has_a_recipe():
    missing = {n for n in runtime.__all__ if not lookup(getattr(runtime, n))}
    assert missing - IN_PLACE - BY_SOURCE - NOT_YET == set()
