"""Calls of functions with recipes: forms that a recipe knows, and what has no derivative at all.

max(a, b, c)     a derivative          max(a, b, c, d)     an error          round(a)     zero
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

import tangent
from tangent.errors import NoRecipeError, TangentError, UnsupportedError
from tangent.recipes.registry import d, refused, registered
from tests.recipes import every  # noqa: F401  (SciPy's recipes are registered)

x = np.array([0.57, 0.9, 0.3])


def sum_with_start(x):
    return sum([x[0], x[1]], x[2]) ** 2


def sum_with_keyword(x):
    return sum((x[0], x[1]), start=x[2]) ** 2


def sum_of_arrays(x):
    return sum([x, x * x], x)[0]


def products(x):
    return math.prod([x[0], x[1]]) * math.prod((x[0], x[2]), start=x[1])


def extrema(x):
    return max(x) * min(x[0], x[1], x[2]) + max([x[0], x[1]]) * min((x[0], x[2]))


def rounded(x):
    return round(x[0], 1) * x[1] + np.round(x[0]) * x[2] + np.sum(np.ceil(x) * np.sign(x) * x)


def numbers(x):
    return (
        math.fsum([x[0], x[1]]) + math.dist([x[0]], [x[1]]) + divmod(x[0], 0.35)[1] + pow(x[0], 3)
    )


def parts(x):
    return complex(x[0], x[1]).imag * x[2].real * float(x[0]) + (x + 0.0).conj()[0]


def counted(x):
    return np.sum(np.bincount(np.array([0, 1, 1]), weights=x) ** 2) * np.unique(np.array([1, 1]))[0]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(
    "f",
    [
        sum_with_start,
        sum_with_keyword,
        sum_of_arrays,
        products,
        extrema,
        rounded,
        numbers,
        parts,
        counted,
    ],
)
def test_forms_that_work(f, mode):
    tangent.check(f, x, modes=(mode,))


def four(x):
    return max(x[0], x[1], x[2], 0.1)


def with_default(x):
    return min([x[0], x[1]], default=0.0)


def in_four_dimensions(x):
    return math.hypot(x[0], x[1], x[2], x[2])


def shuffled(x):
    return np.sum(np.random.permutation(x) ** 2)


@pytest.mark.parametrize("derivative", [tangent.grad, tangent.jvp])
@pytest.mark.parametrize(
    "f",
    [four, with_default, in_four_dimensions, shuffled],
)
def test_forms_that_no_recipe_knows(f, derivative):
    """An error when the derivative is written, never a zero."""
    with pytest.raises(UnsupportedError):
        derivative(f)


def test_the_error_names_the_form():
    for derivative in (tangent.grad, tangent.jvp):
        with pytest.raises(NoRecipeError, match=r"no recipe for this form of the call: `max\(x_0"):
            derivative(four)


def _constants():
    for function, recipes in registered().items():
        if all(r.form == "nondifferentiable" and r.pure for r in recipes) and callable(function):
            if not (getattr(function, "__module__", "") or "").startswith("tangent"):
                yield function


REFUSALS = (TypeError, ValueError, IndexError, OverflowError, AttributeError)
CALLS = [
    (0.3,),
    (0.3, 0.65),  # not where a quantile of a discrete distribution jumps
    (x,),
    (x[0],),
    (x, 0.41),
    (x, np.array([0.2, 0.5, 0.8])),
    (np.outer(x, x + 1),),
    (np.outer(x, x + 1), 1),
]


@pytest.mark.parametrize("function", _constants(), ids=lambda f: getattr(f, "__name__", str(f)))
def test_without_derivative_is_constant_almost_everywhere(function):
    """What is declared to have no derivative does not move with its arguments, or is no float."""
    if function is np.empty_like or getattr(function, "__name__", "") in (
        "range",
        "correlation_lags",
    ):
        return  # whatever was there; what takes lengths
    for args in CALLS:
        results = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step in (0.0, 1e-7, -2e-7):
                moved = [a + step if not isinstance(a, int) else a for a in args]
                try:
                    results.append(function(*moved))
                except (*REFUSALS, NotImplementedError):
                    results.append(None)
        first, *others = (np.asarray(r) if _is_float(r) else None for r in results)
        for other in others:
            if first is not None and other is not None:
                np.testing.assert_array_equal(first, other)


def _is_float(value):
    return isinstance(value, float | complex) or (
        isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc"
    )


def test_errors_are_ours():
    with pytest.raises(TangentError):
        tangent.grad(four)


def scaled(a, by=1.0):
    return np.multiply(a, by)


@tangent.linear(scaled)
def scaled_recipe(y, a, by=1.0):
    d[a] = d[y] * by
    d[by] = refused("it is a unit of measurement")


def test_a_coefficient_of_a_linear_function_keeps_its_value():
    tangent.check(scaled, x, 2.0)
    dy = tangent.jvp(lambda v: scaled(v, 2.0))(x, x)
    assert np.array_equal(dy, 2.0 * x)
    with pytest.raises(TangentError, match="unit of measurement"):
        tangent.grad(lambda by: np.sum(scaled(x, by)))(2.0)
