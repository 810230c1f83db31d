"""Every recipe: duality, finite differences, structure, dtypes, what its result's rule claims."""

from __future__ import annotations

import warnings

import numpy
import pytest

from tangent import runtime
from tangent.check import _bind, _kind, check, check_recipe
from tangent.errors import CheckError, RecipeError
from tangent.recipes import registry
from tangent.recipes.registry import d
from tests.recipes import every as cases

BY_FUNCTION: dict[str, list] = {}
for one in cases.CASES:
    owner = getattr(one.function, "__objclass__", None)
    name = getattr(one.function, "__name__", repr(one.function))
    module = getattr(one.function, "__module__", None) or (owner.__name__ if owner else "")
    BY_FUNCTION.setdefault(f"{module}.{name}", []).append(one)


@pytest.mark.parametrize("name", BY_FUNCTION)
def test_recipe(name):
    for case in BY_FUNCTION[name]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                check_recipe(case.function, case.args, case.kwargs, wrt=case.wrt)
            except Exception as error:
                error.add_note(f"case: {case}")
                raise


def test_every_recipe_has_a_case():
    covered = set()
    for case in cases.CASES:
        covered.add((case.function, id(_bind(case.function, case.args, case.kwargs)[0])))
    missing = [
        f"{function} ({recipe.variants[-1][1].name})"
        for function, recipes in registry.registered().items()
        for recipe in recipes
        if recipe.form != "nondifferentiable"
        and recipe.signature.scope["__name__"].startswith("tangent.recipes.")
        and (function, id(recipe)) not in covered
        and function not in cases.ELSEWHERE
    ]
    assert missing == []


def test_every_variant_is_taken_by_a_case():
    taken = set()
    for case in cases.CASES:
        recipe, bound = _bind(case.function, case.args, case.kwargs)
        names = recipe.differentiable if case.wrt is None else _names(recipe, case.wrt)
        kinds = {n: _kind(v, n in names) for n, v in bound.items()}
        taken.add(id(recipe.template_for(kinds)))
        loose = {
            n: registry.Kind() if n in names and not k.is_constant else k for n, k in kinds.items()
        }
        taken.add(id(recipe.template_for(loose)))
    missing = {
        template.name
        for recipes in registry.registered().values()
        for recipe in recipes
        for _, template in recipe.variants
        if recipe.signature.scope["__name__"].startswith("tangent.recipes.")
        and id(template) not in taken
    }
    assert missing == {f.__name__ for f in cases.ELSEWHERE}


def _names(recipe, wrt):
    chosen = [wrt] if isinstance(wrt, str | int) else wrt
    return [recipe.signature.parameters[w] if isinstance(w, int) else w for w in chosen]


def test_all_general_recipes_have_both_modes():
    missing = [
        recipe.variants[-1][1].name
        for recipes in registry.registered().values()
        for recipe in recipes
        if recipe.form == "general" and recipe.forward is None
    ]
    assert missing == []


# ---- the checker is checked -------------------------------------------------------------------


@pytest.fixture
def scratch(monkeypatch):
    """A registry of its own for the recipes that a test declares."""
    monkeypatch.setattr(registry, "_registry", dict(registry._registry))


def plain(x):
    return x * numpy.sum(x)


def test_wrong_partial_is_caught(scratch):
    def f(x):
        return numpy.exp(x)

    @registry.elementwise(f)
    def wrong(y, x):
        return x

    with pytest.raises(
        CheckError, match=r"the adjoint of x is wrong.*\n.*\n.*should have returned"
    ):
        check(f, numpy.array([0.5, 1.5]))


def test_wrong_sign_of_one_argument_is_caught(scratch):
    def f(a, b):
        return a / b

    @registry.elementwise(f)
    def wrong(y, a, b):
        return 1 / b, y / b

    check(f, 0.5, 0.7, wrt="a")
    with pytest.raises(CheckError, match="the adjoint of b is wrong"):
        check(f, 0.5, 0.7)


def test_forgotten_transpose_is_caught(scratch):
    def f(a, b):
        return numpy.dot(a, b)

    @registry.multilinear(f)
    def wrong(y, a, b):
        d[a] = numpy.dot(d[y], b)
        d[b] = numpy.dot(a.T, d[y])

    with pytest.raises(CheckError, match="the adjoint of a is wrong"):
        check(f, numpy.arange(4.0).reshape(2, 2), numpy.arange(4.0).reshape(2, 2) + 1)


def test_wrong_tangent_is_caught(scratch):
    def f(x):
        return numpy.sin(x)

    @registry.adjoint(f)
    def wrong(y, x):
        d[x] = d[y] * numpy.cos(x)

    @wrong.tangent
    def wrong_tangent(y, x):
        d[y] = d[x] * numpy.sin(x)

    check(f, 0.5, modes=("reverse",))
    with pytest.raises(CheckError, match="the tangent along x is wrong"):
        check(f, 0.5)


def test_function_that_is_not_linear_is_caught(scratch):
    def f(x):
        return x + 1

    @registry.linear(f)
    def wrong(y, x):
        d[x] = d[y]

    with pytest.raises(CheckError, match="the tangent along x is wrong"):
        check(f, 0.5)


def test_wrong_dtype_is_caught(scratch):
    def f(x):
        return x * 2

    @registry.elementwise(f)
    def wrong(y, x):
        return numpy.full(numpy.shape(x), 2.0)

    check(f, numpy.ones(2))
    with pytest.raises(CheckError, match="has dtype float64, not float32"):
        check(f, numpy.ones(2, "float32"))


def test_missing_unbroadcast_is_caught(scratch):
    def f(a, b):
        return a + b

    @registry.linear(f)  # broadcasts is missing
    def wrong(y, a, b):
        d[a] = d[y]
        d[b] = d[y]

    with pytest.raises(CheckError, match=r"the adjoint of b has shape \(2,\), not \(\)"):
        check(f, numpy.ones(2), 0.5)


def test_wrong_claim_of_result_is_caught(scratch):
    def f(x):
        return numpy.sum(x, axis=0)

    @registry.linear(f, result=lambda k: k.x)
    def wrong(y, x):
        d[x] = runtime.expand(d[y], x, 0)

    with pytest.raises(CheckError, match="the rule for its result claims"):
        check(f, numpy.ones((2, 3)))


def test_call_that_no_recipe_fits():
    with pytest.raises(CheckError, match=r"no recipe of numpy\.sin fits this call"):
        check(numpy.sin, 0.5, axis=0)


# ---- declarations are checked ------------------------------------------------------------------


def test_number_of_partials(scratch):
    with pytest.raises(RecipeError, match="2 partials are needed, not 1"):

        @registry.elementwise(plain)
        def wrong(y, a, b):
            return a


def test_unknown_name(scratch):
    with pytest.raises(RecipeError, match="nowhere is not known here"):

        @registry.elementwise(plain)
        def wrong(y, a):
            return nowhere  # noqa: F821


def test_unknown_slot(scratch):
    with pytest.raises(RecipeError, match=r"d\[c\] is not to be set here \(known: a\)"):

        @registry.linear(plain)
        def wrong(y, a):
            d[c] = d[y]  # noqa: F821


def test_variant_with_other_parameters(scratch):
    @registry.linear(plain)
    def right(y, a):
        d[a] = d[y]

    with pytest.raises(RecipeError, match=r"the parameters .* differ from"):

        @right.when(lambda k: True)
        def wrong(y, b):
            d[b] = d[y]


def test_variant_that_leaves_out_what_it_does_not_read(scratch):
    @registry.adjoint(plain)
    def right(y, a, runtime=None):
        d[a] = numpy.sum(d[y], runtime)

    @right.tangent
    def leaner(y, a):
        d[y] = d[a]

    assert registry.lookup(plain)[-1].forward.parameters == ("a",)
    with pytest.raises(RecipeError, match="reads runtime, which is to be among its parameters"):

        @right.tangent
        def wrong(y, a):  # (it is a name of this module, too)
            d[y] = numpy.sum(d[a], runtime)


def test_variant_that_leaves_out_a_partial(scratch):
    @registry.elementwise(plain)
    def right(y, a, b):
        return b, a

    with pytest.raises(RecipeError, match=r"the parameters .* differ from"):

        @right.when(lambda k: True)
        def wrong(y, a):
            return y


def test_variant_with_parameters_in_another_order(scratch):
    @registry.multilinear(plain)
    def right(y, a, b):
        d[a] = d[y] * b
        d[b] = d[y] * a

    with pytest.raises(RecipeError, match=r"the parameters .* differ from"):

        @right.when(lambda k: True)
        def wrong(y, b, a):
            d[a] = d[y] * b
            d[b] = d[y] * a
