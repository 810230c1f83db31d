"""What we write is, to the letter, what `tests/golden/**` expects, and it is right.

pytest tests/test_golden.py --bless      writes what comes out; read the diff before you commit it
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.goldens import FOLDER, read, rewrite
from tests.numeric import (
    call_jvp,
    check_gradient,
    close,
    copied,
    inner,
    numeric_gradient,
    positions,
    random_like,
    tolerance,
)

CASES = [read(path) for path in sorted(FOLDER.rglob("*.py"))]
IDS = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_output(case, bless):
    source = case.derivative(case.function()).source.rstrip("\n") + "\n"
    if bless and source != case.expected:
        rewrite(case, source)
        return
    assert case.expected, "nothing is expected yet: pytest tests/test_golden.py --bless"
    assert source == case.expected


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_numbers(case):
    f = case.function()
    df = case.derivative(f)
    runs = case.runs(f)
    assert runs, "a golden case states arguments to run it with"
    for args in runs:
        if case.mode == "grad":
            check_gradient(df, f, args, case.wrt)
        elif case.mode == "vjp":
            seed = random_like(f(*copied(args)), np.random.default_rng(0))
            check_gradient(df, f, args, case.wrt, seed=seed)
        else:
            check_tangent(df, f, args, case.wrt)


def check_tangent(df, f, args, wrt):
    rng = np.random.default_rng(0)
    where = positions(f, wrt)
    tangents = tuple(random_like(args[k], rng) for k in where)
    given = copied(args)
    found = call_jvp(df, f, given, {}, tangents)
    slopes = numeric_gradient(f, args, where)
    expected = sum(inner(s, t) for s, t in zip(slopes, tangents, strict=True))
    close(found, np.atleast_1d(expected), tolerance(args), "the tangent")


def test_every_gallery_program_is_here():
    names = {case.path.stem for case in CASES if case.path.parent.name == "gallery"}
    programs = {name.rpartition("_")[0] for name in names}
    assert len(programs) >= 9
    for program in programs:
        assert f"{program}_unknown" in names, f"{program} with nothing known"
        assert {f"{program}_known", f"{program}_annotated"} & names, f"{program} with kinds given"
