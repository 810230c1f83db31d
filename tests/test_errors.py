"""Errors, to the letter: what is wrong, where (file, line, caret), why, and what to do.

    pytest tests/test_errors.py --bless      writes the texts that come out to tests/errors/*.txt

A text stands in `tests/errors/NAME.txt`, with the type of the error in its first line.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent
from tangent import errors
from tests.errors import faulty

FOLDER = Path(__file__).parent / "errors"

Case = tuple[Callable[[], Any], type[Exception]]
CASES: dict[str, Case] = {}


def case(error: type[Exception]) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register what raises an error, under the name of the function."""

    def register(action: Callable[[], Any]) -> Callable[[], Any]:
        CASES[action.__name__] = action, error
        return action

    return register


def unsupported(name: str) -> None:
    CASES[name] = (lambda: tangent.grad(getattr(faulty, name))), errors.UnsupportedError


for _name in (
    "multiplies_at",
    "writes_into_integers_by_out",
    "resizes",
    "keeps_a_generator",
    "gives_a_generator",
    "seen_when_a_loop_fails",
    "seen_when_a_call_fails",
    "jumps_out_of_finally",
    "captures_the_rest",
    "a_pattern_of_an_unknown_class",
    "deletes_a_slice",
    "writes_a_varying_global",
    "uses_a_generator",
    "uses_async",
    "gives_a_function_away",
    "changes_a_function_in_a_loop",
    "recurs_and_rebinds",
    "keeps_an_iterator",
    "unpacks_the_unknown",
    "unpacks_a_generator",
    "differentiates_what_holds_a_function",
    "recurs_with_new_functions",
    "gives_an_object_away",
    "returns_an_object",
    "makes_an_unknown_number_of_objects",
    "one_of_two_objects",
    "takes_a_ghost",
    "reads_a_descriptor",
    "has_no_operator",
    "misses_an_attribute",
):
    unsupported(_name)


@case(errors.UnsupportedError)
def sets_an_attribute_of_an_argument():
    tangent.grad(faulty.sets_an_attribute_of_an_argument, wrt="x")


@case(errors.UnsupportedError)
def a_manager_that_suppresses():
    tangent.grad(faulty.suppresses)(2.0)


# -- no source


@case(errors.NoSourceError)
def no_source_of_a_builtin():
    tangent.grad(dict.fromkeys)


@case(errors.NoSourceError)
def no_source_from_exec():
    scope: dict[str, Any] = {}
    exec("def f(x):\n    return x * x\n", scope)
    tangent.grad(scope["f"])


@case(errors.NoRecipeError)
def no_source_of_a_callee():
    tangent.grad(faulty.calls_what_has_no_source)(2.0)


@case(errors.TangentError)
def not_a_function():
    tangent.grad(3)


@case(errors.TangentError)
def a_class():
    tangent.grad(faulty.Model)


@case(errors.TangentError)
def a_partial_that_does_not_fit():
    tangent.grad(functools.partial(faulty.scalar, 1.0, 2.0, 3.0))


# -- calls that only the run knows


@case(errors.UnsupportedError)
def what_is_called_writes():
    tangent.grad(faulty.calls, wrt="x")(faulty.overwrites, np.ones(2))


@case(errors.UnsupportedError)
def what_is_called_is_no_function():
    tangent.grad(faulty.calls, wrt="x")(3.0, np.ones(2))


@case(errors.NoSourceError)
def what_is_called_has_no_source():
    tangent.grad(faulty.calls, wrt="x")(eval("lambda x: x"), np.ones(2))


# -- no recipe


@case(errors.NoRecipeError)
def no_recipe():
    tangent.grad(faulty.two_lines)


@case(errors.NoRecipeError)
def several_without_recipes():
    tangent.grad(faulty.several_without_recipes)


@case(errors.NoRecipeError)
def several_without_recipes_forward():
    tangent.jvp(faulty.several_without_recipes)


@case(errors.NoRecipeError)
def no_recipe_for_a_form():
    tangent.grad(faulty.calls_in_a_form)


@case(errors.NoRecipeError)
def no_recipe_for_what_may_write():
    tangent.grad(faulty.may_be_written)


# -- wrt


@case(errors.WrtError)
def wrt_out_of_range():
    tangent.grad(faulty.scalar, wrt=2)


@case(errors.WrtError)
def wrt_unknown():
    tangent.grad(faulty.scalar, wrt=("x", "v"))


@case(errors.WrtError)
def wrt_twice():
    tangent.grad(faulty.scalar, wrt=("x", 0))


@case(errors.WrtError)
def wrt_empty():
    tangent.grad(faulty.scalar, wrt=())


@case(errors.WrtError)
def wrt_of_no_parameters():
    tangent.grad(faulty.takes_nothing)


@case(errors.WrtError)
def wrt_no_tuple():
    tangent.grad(faulty.scalar, wrt={"x"})


@case(errors.WrtError)
def wrt_no_name():
    tangent.grad(faulty.scalar, wrt=("x", None))


# -- like


@case(errors.KindError)
def like_of_one_argument():
    tangent.grad(faulty.scalar, like=np.ones(3))


@case(errors.KindError)
def like_of_too_many():
    tangent.grad(faulty.scalar, like=(1.0, 2.0, 3.0))


@case(errors.KindError)
def like_of_an_unknown_name():
    tangent.grad(faulty.scalar, like={"x": 1.0, "v": 2.0})


# -- at run time


@case(errors.NonScalarError)
def not_a_scalar():
    tangent.grad(faulty.vector)(np.ones(3))


@case(errors.SeedError)
def seed_of_another_shape():
    tangent.vjp(faulty.vector)(np.ones(3), np.ones(2))


@case(errors.SeedError)
def seed_of_a_gradient():
    tangent.grad(faulty.scalar)(np.ones(3), 2.0, init_grad=np.ones(3))


@case(errors.SeedError)
def tangent_of_another_shape():
    tangent.jvp(faulty.vector)(np.ones(3), np.ones(2))


@case(errors.KindError)
def not_like_the_example():
    tangent.grad(faulty.scalar, like=(np.ones(3), 2.0))(np.ones((3, 3)), 2.0)


@case(errors.KindError)
def not_like_the_example_dtype():
    tangent.grad(faulty.scalar, like=(np.ones(3), 2.0))(np.ones(3, np.float32), 2.0)


@case(errors.KindError)
def not_like_the_annotation():
    tangent.grad(faulty.annotated)(np.ones(3), np.ones(3))


@case(errors.AliasError)
def undecided_alias():
    tangent.grad(faulty.undecided_alias)(np.ones(3), 2)


@case(errors.UnsupportedError)
def integer_buffer():
    tangent.grad(faulty.integer_buffer)(2.0)


@case(errors.UnsupportedError)
def loops_over_an_iterator():
    tangent.grad(faulty.loops_over_an_iterator)(2.0)


@case(ValueError)
def an_error_of_the_user():
    tangent.grad(faulty.raises)(2.0)


@case(ZeroDivisionError)
def an_error_in_arithmetic():
    tangent.grad(faulty.divides)(2.0, 5)


# -- options


@case(errors.PassError)
def no_such_pass():
    tangent.grad(faulty.scalar, optimized="fold,polish")


@case(errors.TangentError)
def no_such_mode():
    tangent.autodiff(faulty.scalar, mode="sideways")


@case(errors.TangentError)
def no_such_motion():
    tangent.autodiff(faulty.scalar, motion="slow")


@case(errors.TangentError)
def no_motion_forward():
    tangent.autodiff(faulty.scalar, mode="forward", motion="split")


@case(errors.TangentError)
def no_input_derivative():
    tangent.autodiff(faulty.scalar, input_derivative="DefaultOne")


@case(errors.PassError)
def no_passes():
    tangent.grad(faulty.scalar, optimized=("fold", 3))


def text_of(error: BaseException) -> str:
    """Type, message and notes, with this machine's folders left out."""
    lines = traceback.format_exception_only(error)
    text = "".join(lines).replace(str(FOLDER), "errors").replace(str(FOLDER.parent), "tests")
    return text.rstrip("\n") + "\n"


@pytest.mark.parametrize("name", CASES)
def test_text(name, bless):
    action, expected = CASES[name]
    with pytest.raises(expected) as raised:
        action()
    found = text_of(raised.value)
    path = FOLDER / f"{name}.txt"
    if bless:
        path.write_text(found, encoding="utf-8")
    assert path.exists(), "nothing is expected yet: pytest tests/test_errors.py --bless"
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [n for n, (_, e) in CASES.items() if e is errors.UnsupportedError])
def test_unsupported_constructs_show_the_place_and_the_remedy(name):
    action, expected = CASES[name]
    with pytest.raises(expected) as raised:
        action()
    text = text_of(raised.value)  # with the note that a run-time error carries
    assert "faulty.py:" in text
    assert "what to do:" in text


def test_missing_recipes_are_named_at_once():
    with pytest.raises(errors.NoRecipeError) as raised:
        tangent.grad(faulty.several_without_recipes)
    for name in ("permutation", "choice", "standard_gamma"):
        assert name in str(raised.value)


def test_every_text_has_a_case():
    assert {path.stem for path in FOLDER.glob("*.txt")} <= set(CASES)


def test_every_error_class_has_a_case():
    covered = {error for _, error in CASES.values()}
    elsewhere = {  # tested where they are raised
        errors.CheckError,
        errors.RecipeError,
        errors.StaleError,
    }
    for name in errors.__all__:
        assert getattr(errors, name) in covered | elsewhere, name
