"""Values where a formula is 0/0 or changes its form, and what the types of results do to gradients.

special.hankel1(1.0, x)      complex, of a real argument: its gradient is real
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import special

import tangent
from tangent.errors import UnsupportedError
from tangent.recipes.registry import d, refused

X = np.array([0.5, 1.2])


@pytest.mark.parametrize("like", [None, (X,)], ids=["unknown", "known"])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.abs(special.wofz(x)) ** 2),
        lambda x: np.sum(np.abs(special.hankel1(1.0, x)) ** 2),
        lambda x: np.sum(np.abs(special.lambertw(x)) ** 2),
    ],
    ids=["wofz", "hankel1", "lambertw"],
)
def test_real_gradient_of_a_real_argument(f, like):
    gradient = tangent.grad(f, like=like)(X)
    assert gradient.dtype == "float64"
    tangent.check(f, X)


def test_a_derivative_by_reals_only():
    df = tangent.vjp(lambda z: special.jve(1.0, z))
    assert df(0.5, init_grad=1.0) == pytest.approx(0.5 * (special.jv(0, 0.5) - special.jv(2, 0.5)))
    with pytest.raises(UnsupportedError, match="real arguments only"):
        df(0.5 + 1j, init_grad=1.0)


@pytest.mark.parametrize(
    ("f", "args", "expected"),
    [
        (lambda x: np.prod(x), ([0.0, 2.0, 3.0],), [6.0, 0.0, 0.0]),
        (lambda x: np.prod(x), ([0.0, 0.0, 3.0],), [0.0, 0.0, 0.0]),
        (lambda x: np.prod(x), ([1e-200, 1e-150, 1e200],), [1e50, 1.0, 0.0]),
        (lambda x: np.sum(np.cumprod(x)), ([2.0, 0.0, 3.0],), [1.0, 8.0, 0.0]),
        (lambda x: np.sum(x**0), ([0.0, 2.0],), [0.0, 0.0]),
        (lambda x: np.sum(np.abs(x)), ([0.0, -4.0],), [0.0, -1.0]),
        (lambda x: np.max(x), ([1.0, 1.0, 0.0],), [0.5, 0.5, 0.0]),
        (lambda x: np.sum(np.sinc(x)), ([0.0, 1.0],), [0.0, -1.0]),
        (lambda x: np.var(x), ([1.0, 1.0],), [0.0, 0.0]),
        (lambda x: np.linalg.det(np.outer(x, x)), ([1.0, 2.0],), [0.0, 0.0]),
        (lambda x: np.sum(np.repeat(x, 0)), ([1.0, 2.0],), [0.0, 0.0]),
        (lambda y: np.sum(special.xlogy(0.0, y)), ([0.0, 2.0],), [0.0, 0.0]),
        (lambda y: np.sum(special.xlog1py(0.0, y)), ([-1.0, 2.0],), [0.0, 0.0]),
    ],
    ids=lambda v: "" if callable(v) else str(v),
)
def test_values_where_formulas_change(f, args, expected):
    x = np.array(args[0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for like in (None, (x,)):
            found = tangent.grad(f, like=like)(x)
            np.testing.assert_allclose(found, expected, atol=1e-12)
            assert found.dtype == "float64"


@pytest.mark.parametrize("axis", [None, 0, -1, (0, -1)])
@pytest.mark.parametrize("f", [np.mean, np.var, np.std, np.prod, np.sum, np.max])
def test_float32_stays(f, axis):
    x = np.arange(1.0, 13.0, dtype="float32").reshape(2, 3, 2) ** 0.5
    g = lambda x: f(x, axis=axis)
    y = np.asarray(g(x))
    for like in (None, (x,)):
        assert tangent.vjp(g, like=like)(x, init_grad=np.ones_like(y)).dtype == "float32"
        assert np.asarray(tangent.jvp(g, like=like)(x, x)).dtype == "float32"


def mean_square(a, axis=None):
    return np.mean(np.square(a), axis=axis)


@tangent.adjoint(mean_square)
def mean_square_recipe(y, a, axis=None):
    n = np.size(a) / np.size(y)
    d[a] = 2 * a * (d[y] if axis is None else np.expand_dims(d[y], axis)) / n


@mean_square_recipe.tangent
def mean_square_tangent(y, a, axis):
    d[y] = 2 * np.mean(a * d[a], axis=axis)


def test_conditions_that_a_call_decides_are_not_written():
    x = np.arange(6.0).reshape(2, 3)
    whole = tangent.grad(lambda x: mean_square(x))
    rows = tangent.vjp(lambda x: mean_square(x, -1))
    assert " if " not in whole.source and "expand_dims" not in whole.source
    assert " if " not in rows.source and "expand_dims(" in rows.source
    tangent.check(lambda x: mean_square(x, -1), x, order=2)


def test_what_a_recipe_carries_is_asked_again_when_a_variant_is_added():
    def scaled(a, by=1.0):
        return a * by

    @tangent.linear(scaled)
    def recipe(y, a, by=1.0):
        d[a] = d[y]
        d[by] = refused("it is a unit")

    assert recipe.carried == ("a", "by")

    @recipe.when(lambda k: k.a.is_number)
    def of_number(y, a, by):
        d[a] = d[y] * by

    assert recipe.carried == ("a",)
