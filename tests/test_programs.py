"""Every program of `tests/programs` is right, in both modes, whatever is optimised.

    reverse = differences      forward = reverse      each pass on = off      arguments left alone

A program that is marked `expected="either"` may raise an `UnsupportedError` instead, never give
wrong numbers; run with -v to see a table of what became of them.
"""

from __future__ import annotations

import copy
import functools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent
from tangent.errors import TangentError, UnsupportedError
from tangent.passes import registered_passes
from tests.cases import Arguments, Program, all_programs, cases
from tests.numeric import (
    call_vjp,
    check_duality,
    check_gradient,
    copied,
    parts,
    quiet,
    random_like,
    same_bits,
    vector,
)

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = all_programs()
CASES = [pytest.param(p, a, id=name) for name, p, a in cases(PROGRAMS) if a.raises is None]
RAISING = [pytest.param(p, a, id=name) for name, p, a in cases(PROGRAMS) if a.raises]

Optimized = bool | tuple[str, ...]


def by_name(item: Any) -> str:
    return getattr(item, "name", str(item))


@functools.cache
def derivative(p: Program, mode: str, optimized: Optimized = True) -> Callable[..., Any]:
    """The gradient, vjp or jvp of a program, written once."""
    return getattr(tangent, mode)(p.function, wrt=p.wrt, optimized=optimized)


@functools.cache
def optimisations() -> tuple[str, ...]:
    return tuple(tangent.api.OPTIMISATIONS)


def first_right(p: Program) -> Arguments:
    """The first argument set that has to be differentiated."""
    for a in p.arguments:
        if (a.expected or p.expected) == "right" and a.raises is None:
            return a
    pytest.skip("may be refused")


def derivative_split(p: Program) -> Any:
    """The split derivative of a program, its seed required."""
    return tangent.autodiff(p.function, wrt=p.wrt, motion="split", check_dims=False)


def run(df: Callable[..., Any], p: Program, a: Arguments) -> tuple[Any, ...]:
    """The gradients at an argument set (through a vjp where the value is not a scalar)."""
    given, kwargs = copied(a.values), copy.deepcopy(a.kwargs)
    with quiet(), np.errstate(all="ignore"):
        if p.scalar:
            return parts(df(*given, **kwargs), p.wrt)
        seed = seed_of(p, a)
        return parts(call_vjp(df, p.function, given, kwargs, seed), p.wrt)


def seed_of(p: Program, a: Arguments) -> Any:
    with quiet():
        value = p.function(*copied(a.values), **copy.deepcopy(a.kwargs))
    return random_like(value, np.random.default_rng(1))


def check_right(df: Callable[..., Any], p: Program, a: Arguments, seed: Any = None) -> None:
    check_gradient(df, p.function, a.values, p.wrt, a.kwargs, p.rtol, seed, p.step)


def refusal_allowed(
    check: Callable[[], None], p: Program, a: Arguments, record: Callable[[str, object], None]
) -> None:
    """Run a check; a refusal is allowed, required or forbidden as the program says."""
    expected = a.expected or p.expected
    try:
        check()
    except UnsupportedError as error:
        if expected == "right":
            raise
        outcome = f"refused: {type(error).__name__}"
    else:
        assert expected != "refused", "this program was to be refused"
        outcome = "right"
    if expected != "right":
        record("outcome", (p.name, outcome))


@pytest.mark.parametrize(("p", "a"), CASES)
def test_reverse_is_right(p, a, record_property):
    def check() -> None:
        if p.scalar:
            check_right(derivative(p, "grad"), p, a)
        else:
            check_right(derivative(p, "vjp"), p, a, seed_of(p, a))

    refusal_allowed(check, p, a, record_property)


@pytest.mark.parametrize(("p", "a"), CASES)
def test_reverse_unoptimised_is_right(p, a, record_property):
    def check() -> None:
        if p.scalar:
            check_right(derivative(p, "grad", False), p, a)
        else:
            check_right(derivative(p, "vjp", False), p, a, seed_of(p, a))

    refusal_allowed(check, p, a, record_property)


@pytest.mark.parametrize(("p", "a"), [c for c in CASES if c.values[0].forward])
def test_forward_is_the_transpose_of_reverse(p, a, record_property):
    def check() -> None:
        vjp, jvp = derivative(p, "vjp"), derivative(p, "jvp")
        narrow = (p.rtol or 0.0) > 1e-4  # float32 inside
        check_duality(vjp, jvp, p.function, a.values, p.wrt, a.kwargs, narrow=narrow)

    refusal_allowed(check, p, a, record_property)


@pytest.mark.parametrize("p", [p for p in PROGRAMS if p.scalar], ids=by_name)
def test_each_pass_on_and_off(p, record_property):
    """Bitwise equal without each pass; equal to rounding where the pass reassociates."""
    known = registered_passes()
    reassociating = {n for n in optimisations() if getattr(known.get(n), "reassociates", False)}
    exact = tuple(n for n in optimisations() if n not in reassociating)
    for a in p.arguments:
        if a.raises:
            continue

        def check(a: Arguments = a) -> None:
            base = run(derivative(p, "grad", exact), p, a)
            for name in (*exact, None):
                fewer = tuple(n for n in exact if n != name) if name else ()
                found = run(derivative(p, "grad", fewer), p, a)
                assert same_bits(found, base), f"{a.label} without {name or 'any'}: {found} {base}"
            everything = run(derivative(p, "grad", True), p, a)
            np.testing.assert_allclose(
                vector(everything),
                vector(base),
                rtol=1e-4 if "f4" in a.label else 1e-10,
                atol=1e-10,
            )

        refusal_allowed(check, p, a, record_property)


@pytest.mark.parametrize(("p", "a"), RAISING)
def test_errors_of_the_program_stay_errors(p, a):
    with pytest.raises(a.raises) as original, quiet():
        p.function(*copied(a.values), **a.kwargs)
    with pytest.raises(a.raises) as raised, quiet():
        derivative(p, "grad")(*copied(a.values), **a.kwargs)
    assert raised.value.args == original.value.args
    notes = "\n".join(getattr(raised.value, "__notes__", ()))
    assert Path(p.function.__code__.co_filename).name in notes, "no note names the user's line"


@pytest.mark.parametrize("p", [p for p in PROGRAMS if p.scalar], ids=by_name)
def test_a_seed_scales_the_gradient(p):
    if p.expected != "right":
        pytest.skip("may be refused")
    for a in p.arguments:
        if a.raises or (a.expected or "right") != "right":
            continue
        df = derivative(p, "grad")
        seed = "init_grad"
        if seed in p.function.__code__.co_varnames[: p.function.__code__.co_argcount]:
            continue  # renamed
        with quiet():
            once = vector(df(*copied(a.values), **a.kwargs))
            twice = vector(df(*copied(a.values), **a.kwargs, init_grad=2.0))
        np.testing.assert_allclose(twice, 2 * once, rtol=1e-5 if "f4" in a.label else 1e-12)


@pytest.mark.parametrize("p", [p for p in PROGRAMS if p.scalar], ids=by_name)
def test_preserve_result_appends_the_value(p):
    a = first_right(p)
    df = tangent.grad(p.function, wrt=p.wrt, preserve_result=True)
    with quiet():
        *gradients, value = df(*copied(a.values), **a.kwargs)
        expected = p.function(*copied(a.values), **a.kwargs)
    assert same_bits(np.asarray(value), np.asarray(expected)), (value, expected)
    assert same_bits(tuple(gradients), run(derivative(p, "grad"), p, a))


@pytest.mark.parametrize("p", [p for p in PROGRAMS if p.expected == "right"], ids=by_name)
def test_split_motion_is_the_same_written_as_two(p):
    a = first_right(p)
    df = derivative_split(p)
    with quiet():
        expected = p.function(*copied(a.values), **a.kwargs)
        seed = random_like(expected, np.random.default_rng(1))
        whole = parts(call_vjp(df, p.function, copied(a.values), a.kwargs, seed), p.wrt)
        value, saved = df.forward(*copied(a.values), **a.kwargs)
        first = parts(df.backward(saved, copy.deepcopy(seed)), p.wrt)
        again = parts(df.backward(saved, copy.deepcopy(seed)), p.wrt)
        vjp = derivative(p, "vjp")
        joint = parts(call_vjp(vjp, p.function, copied(a.values), a.kwargs, seed), p.wrt)
    np.testing.assert_array_equal(vector(value), vector(expected))
    assert same_bits(first, again), "backward consumed what forward saved"
    assert same_bits(first, whole)
    np.testing.assert_allclose(
        vector(first), vector(joint), rtol=1e-6 if "f4" in a.label else 1e-12
    )


@pytest.mark.parametrize("p", [p for p in PROGRAMS if p.scalar], ids=by_name)
def test_examples_of_the_arguments_give_the_same_numbers(p):
    """`like=` makes the code leaner, never different."""
    if p.expected != "right":
        pytest.skip("may be refused")
    for a in p.arguments:
        if a.raises or a.kwargs or (a.expected or "right") != "right":
            continue
        if len(a.values) != p.function.__code__.co_argcount:
            continue  # defaults
        df = tangent.grad(p.function, wrt=p.wrt, like=copied(a.values))
        check_right(df, p, a)


def sources() -> str:
    """The text of every derivative of every program."""
    texts = []
    for p in all_programs():
        for mode in ("grad", "jvp") if p.scalar else ("vjp", "jvp"):
            try:
                texts.append(derivative(p, mode).source)
            except TangentError as error:
                texts.append(str(error))
    return "\n\n".join(texts)


def test_output_does_not_depend_on_hash_seeds():
    script = "from tests.test_programs import sources; print(sources())"
    texts = []
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        texts.append(done.stdout)
    assert len(texts[0]) > 1000
    assert texts[0] == texts[1]


def test_a_second_gradient_has_the_same_text():
    for p in PROGRAMS[::10]:
        if p.scalar and p.expected == "right":
            assert tangent.grad(p.function, wrt=p.wrt).source == derivative(p, "grad").source


def test_most_programs_are_differentiated():
    """What may be refused stays bounded: a library that refuses everything is no good."""
    refused = [p.name for p in PROGRAMS if p.expected != "right"]
    assert len(PROGRAMS) >= 40
    assert len(refused) < len(PROGRAMS) / 5, refused


# -- globals and cells are read live

LIVE = """
import numpy as np

scale = 2.0


def f(x):
    return np.sum(x * x * scale)


def helper(x):
    return x * scale


def g(x):
    return np.sum(helper(x) * x)


def make(k):
    def h(x):
        return np.sum(x * x * k)

    def change(new):
        nonlocal k
        k = new

    return h, change
"""


@pytest.fixture
def live(tmp_path):
    import importlib.util

    path = tmp_path / "live_module.py"
    path.write_text(LIVE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("live_module", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["f", "g"])
def test_globals_are_read_live(live, name):
    x = np.array([1.0, 2.0])
    before = set(vars(live))
    df = tangent.grad(getattr(live, name))
    np.testing.assert_allclose(df(x), 4.0 * x)
    live.scale = 5.0
    np.testing.assert_allclose(df(x), 10.0 * x)
    assert set(vars(live)) == before, "something of ours was written into the user's module"


def test_cells_are_read_live(live):
    x = np.array([1.0, 2.0])
    h, change = live.make(2.0)
    df = tangent.grad(h)
    np.testing.assert_allclose(df(x), 4.0 * x)
    change(5.0)
    np.testing.assert_allclose(df(x), 10.0 * x)
