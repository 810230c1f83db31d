"""Random programs: reverse and forward, optimised and not, against exact derivatives.

A few hundred here, the same ones each time; `python tools/fuzz.py -n 5000` draws others.
"""

from __future__ import annotations

import collections

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.numeric import Rough, copied, numeric_gradient, positions
from tests.random_check import check, compiled, reference
from tests.strategies import programs

COUNT = 100
MOST_REFUSED = 0.25  # of those that could be compared
MOST_SKIPPED = 0.2
ALL = list(HealthCheck)


@pytest.mark.parametrize(
    ("number", "helpers", "size", "topics"),
    [(1, 0, 4, ()), (2, 0, 9, ()), (3, 2, 7, ()), (4, 2, 6, None)],
    ids=["short", "long", "calls", "mixed"],
)
def test_random_programs(number, helpers, size, topics, record_property):
    counts: collections.Counter[str] = collections.Counter()
    reasons: collections.Counter[str] = collections.Counter()

    @seed(number)
    @settings(max_examples=COUNT, database=None, deadline=None, suppress_health_check=ALL)
    @given(programs(helpers=helpers, size=size, topics=topics))
    def run(program):
        outcome = check(program)
        counts[outcome.kind] += 1
        reasons[outcome.detail] += 1

    run()
    record_property("random programs", dict(counts))
    compared = counts["right"] + counts["refused"]
    assert counts["refused"] <= MOST_REFUSED * compared, (counts, reasons.most_common(10))
    assert counts["skipped"] <= MOST_SKIPPED * counts.total(), (counts, reasons.most_common(10))


def test_the_reference_agrees_with_differences():
    """Complex steps through the program's other NumPy are right: the checker is checked."""
    agreed = 0

    @seed(0)
    @settings(
        max_examples=100,
        database=None,
        deadline=None,
        suppress_health_check=ALL,
        phases=[Phase.generate],
    )
    @given(programs())
    def run(program):
        nonlocal agreed
        with np.errstate(all="ignore"), compiled(program.source) as f:
            try:
                value = f(*copied(program.args))
                if not abs(value) < 1e4:
                    return
                exact = reference(program)
                slopes = numeric_gradient(f, program.args, positions(f, program.wrt))
            except (Rough, ArithmeticError):
                return
        for a, b in zip(exact, slopes, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5 * (1 + np.max(np.abs(b))))
        agreed += 1

    run()
    assert agreed > 70


PIECES = {
    "none": (
        "for ", "while ", "break", "continue", "if ", "elif ", "else:", "def h1", "h0(", " += ",
        " *= ", "[1:]", "[:-1]", "[::-1]", "np.array([", "zip(", "enumerate(", "reversed(", " and ",
        " or ", "not (", " if ", "range(n)", "[:] = ", ".copy()", "np.where", "np.dot", "max(",
    ),
    "views": (".T[", ".reshape(", ".ravel()"),
    "calls": ("def h1", "k - 1)", "(*(", "    h0("),
    "closures": ("    def g", "nonlocal ", "(lambda ", "fs", "functools.partial("),
    "containers": (".append(", ".insert(", ".pop(", ".update(", ".items()", '["a"] = ', "[0] = "),
    "writes": ("out=", "where=", "np.copyto(", ".at(", ".sort()", ".fill("),
    "idioms": (":= ", "try:", "finally:", "sum(", "sorted(", "pieces(", "stars(", "match "),
    "objects": ("class P0", "self.a", "__call__", "@dataclasses", "@property"),
    "arguments": ('P["', "P[0]"),
}  # fmt: skip


@pytest.mark.parametrize("topic", PIECES)
def test_programs_hold_what_they_should(topic):
    """What a topic names occurs in what is drawn."""
    texts: list[str] = []
    topics = () if topic == "none" else (topic,)

    @seed(0)
    @settings(
        max_examples=300 if topic == "none" else 120,
        database=None,
        deadline=None,
        suppress_health_check=ALL,
        phases=[Phase.generate],
    )
    @given(programs(topics=topics))
    def run(program):
        texts.append(program.source)

    run()
    everything = "\n".join(texts)
    assert [piece for piece in PIECES[topic] if piece not in everything] == []
    if topic == "none":
        returns = [text.count("return") > text.count("def ") for text in texts]
        assert any(returns), "no early return"
