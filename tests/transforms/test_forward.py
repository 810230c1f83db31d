"""Forward mode: what it writes, and its numbers on all programs, against differences."""

from __future__ import annotations

import copy
import functools
import inspect
from typing import Any

import numpy as np
import pytest

import tangent
from tangent.errors import AliasError, NoRecipeError, SeedError, UnsupportedError
from tests.cases import all_programs, cases
from tests.helpers import define
from tests.numeric import (
    Rough,
    call_jvp,
    check_argument_unchanged,
    check_like,
    close,
    copied,
    inner,
    numeric_gradient,
    parts,
    positions,
    quiet,
    random_like,
    same_bits,
    tolerance,
    vector,
)

PROGRAMS = [(n, p, a) for n, p, a in cases(all_programs()) if p.forward and a.raises is None]
CASES = [pytest.param(p, a, id=name) for name, p, a in PROGRAMS]


@functools.cache
def jvp(p: Any, optimized: bool = True, preserve_result: bool = False) -> Any:
    return tangent.jvp(p.function, p.wrt, optimized, preserve_result=preserve_result)


def tangents_of(f: Any, values: tuple[Any, ...], wrt: Any) -> tuple[Any, ...]:
    rng = np.random.default_rng(3)
    return tuple(random_like(values[k], rng) for k in positions(f, wrt))


def check_tangent(df: Any, f: Any, values: Any, wrt: Any, kwargs: Any, p: Any) -> Any:
    """⟨s, df(x)·ẋ⟩ is the difference quotient of ⟨s, f⟩ along ẋ. Returns the tangent."""
    tangents = tangents_of(f, values, wrt)
    given, given_tangents = copied(values), copied(tangents)
    with quiet() as printed, np.errstate(all="ignore"):
        found = call_jvp(df, f, given, copy.deepcopy(kwargs), given_tangents)
    check_argument_unchanged((values, tangents), (given, given_tangents))
    with quiet() as expected, np.errstate(all="ignore"):
        value = f(*copied(values), **copy.deepcopy(kwargs))
    assert printed.getvalue() == expected.getvalue(), "the derivative prints something else"
    assert vector(found).shape == vector(value).shape, "a tangent has its primal's shape"
    seed = random_like(value, np.random.default_rng(4))
    with np.errstate(all="ignore"):
        try:
            slopes = numeric_gradient(f, values, positions(f, wrt), kwargs, seed, p.step)
        except Rough:
            pytest.skip("no derivative at this point")
    expected_slope = sum(inner(s, t) for s, t in zip(slopes, tangents, strict=True))
    rtol = max(p.rtol or 0.0, tolerance(values))
    close(inner(seed, found), np.atleast_1d(expected_slope), rtol, "the tangent")
    return found


@pytest.mark.parametrize("optimized", [True, False], ids=["optimised", "plain"])
@pytest.mark.parametrize(("p", "a"), CASES)
def test_programs(p, a, optimized):
    expected = a.expected or p.expected
    try:
        found = check_tangent(jvp(p, optimized), p.function, a.values, p.wrt, a.kwargs, p)
        if optimized:
            check_value(p, a, found)
    except UnsupportedError:
        if expected == "right":
            raise


def check_value(p: Any, a: Any, tangent_found: Any) -> None:
    """`preserve_result` appends the value, and changes nothing else."""
    with quiet(), np.errstate(all="ignore"):
        tangents = tangents_of(p.function, a.values, p.wrt)
        df = jvp(p, True, True)
        given = copied(a.values)
        tangent_kept, value_kept = call_jvp(df, p.function, given, copy.deepcopy(a.kwargs), tangents)
        value = p.function(*copied(a.values), **copy.deepcopy(a.kwargs))
    assert same_bits(vector(tangent_kept), vector(tangent_found))
    assert same_bits(value_kept, value)
