"""Passes, pipelines as text, facts, observers."""

from __future__ import annotations

import io
from dataclasses import dataclass

import gast
import pytest

from tangent import passes, tree
from tangent.errors import PassError
from tangent.facts import Fact, Facts
from tangent.observers import Diff, Timing, difference
from tangent.passes import (
    Pass,
    observing,
    pipeline,
    pipeline_text,
    register_pass,
    registered_passes,
    run_pipeline,
)
from tangent.program import Function, Program, Scope


def program(*texts: str) -> Program:
    return Program(tuple(Function(gast.parse(text).body[0], Scope({})) for text in texts))


class Count(Fact):
    """How many statements a function has."""

    computed = 0

    @classmethod
    def compute(cls, function, facts):
        cls.computed += 1
        return len(function.node.body)


class Double(Fact):
    requires = (Count,)

    @classmethod
    def compute(cls, function, facts):
        return 2 * facts[Count]


class Undeclared(Fact):
    @classmethod
    def compute(cls, function, facts):
        return facts[Count]


class Ping(Fact):
    @classmethod
    def compute(cls, function, facts):
        return facts[Pong]


class Pong(Fact):
    requires = (Ping,)

    @classmethod
    def compute(cls, function, facts):
        return facts[Ping]


Ping.requires = (Pong,)


@dataclass(frozen=True)
class Marks(Pass):
    """Appends an assignment of what it knows."""

    name = "marks"
    requires = (Double,)
    promises = frozenset({"marked"})

    def run(self, function, facts):
        assert facts.options.get("answer", 42) == 42
        return function.with_body(
            [tree.assign("mark", tree.constant(facts[Double])), *function.node.body]
        )


@dataclass(frozen=True)
class NeedsMarks(Pass):
    name = "needs-marks"
    needs = frozenset({"marked"})

    def run(self, function, facts):
        return function


@dataclass(frozen=True)
class AsksTooMuch(Pass):
    name = "asks"

    def run(self, function, facts):
        return function.with_body([tree.assign("n", tree.constant(facts[Count]))])


F, G = "def f(x):\n    return x", "def g(x):\n    y = x\n    return y"


@pytest.fixture
def known(monkeypatch):
    """A registry with the passes of this file beside the built-in ones."""
    registered_passes()
    monkeypatch.setattr(passes, "_registry", dict(passes._registry))
    for cls in (Marks, NeedsMarks, AsksTooMuch):
        register_pass(cls)


def test_a_pass_is_applied_to_every_function():
    before = program(F, G)
    after = run_pipeline(before, [Marks(), NeedsMarks()], {"answer": 42})
    assert [tree.unparse(f.node.body[0]) for f in after.functions] == ["mark = 2", "mark = 4"]
    assert all("marked" in f.promises for f in after.functions)
    assert [tree.unparse(f.node) for f in before.functions] == [F, G]


def test_facts_are_computed_once_and_only_those_asked_for():
    Count.computed = 0
    facts = Facts(program(F).entry)
    assert Count.computed == 0
    assert facts[Double] == 2 and facts[Count] == 1 and facts[Double] == 2
    assert Count.computed == 1


def test_facts_that_are_not_declared_are_refused():
    with pytest.raises(
        PassError, match="Undeclared asks for the fact Count, but requires only: nothing"
    ):
        Facts(program(F).entry)[Undeclared]
    with pytest.raises(PassError, match=r"add Count to AsksTooMuch\.requires"):
        run_pipeline(program(F), [AsksTooMuch()])


def test_facts_that_need_each_other_are_refused():
    with pytest.raises(PassError, match="Ping -> Pong"):
        Facts(program(F).entry)[Ping]


def test_promises_are_needed():
    with pytest.raises(PassError) as caught:
        run_pipeline(program(F), [NeedsMarks()])
    assert str(caught.value) == (
        "pass 'needs-marks' needs a tree in the form ['marked']; f has []\n"
        "  what to do: put the pass that makes this form before it"
    )


def test_pipelines_as_text(known):
    steps = pipeline(" marks, needs-marks,")
    assert steps == (Marks(), NeedsMarks())
    assert pipeline_text(steps) == "marks,needs-marks"
    assert pipeline(["marks", NeedsMarks()]) == steps
    with pytest.raises(PassError, match="no pass is called 'nonsense'") as caught:
        pipeline("marks,nonsense")
    assert "choose among: " in str(caught.value) and "needs-marks" in str(caught.value)


def test_registration(known):
    with pytest.raises(PassError, match="has no name"):
        register_pass(type("Nameless", (Pass,), {}))
    with pytest.raises(PassError, match="two passes are called 'marks'"):
        register_pass(type("Other", (Pass,), {"name": "marks"}))
    assert register_pass(Marks) is Marks  # again, as when a module is reloaded


def test_observers_see_before_and_after():
    seen = []

    class Sees:
        def before(self, step, given):
            seen.append(("before", step.name, given))

        def __call__(self, step, before, after):
            seen.append((step.name, before, after))

    start = program(F)
    with observing(Sees()):
        end = run_pipeline(
            start, [Marks(), NeedsMarks()], observers=[lambda *a: seen.append(a[0].name)]
        )
    run_pipeline(start, [Marks()])
    assert [
        s[1] if isinstance(s, tuple) and s[0] == "before" else s if isinstance(s, str) else s[0]
        for s in seen
    ] == [
        *("marks", "marks", "marks"),
        *("needs-marks", "needs-marks", "needs-marks"),
    ]
    assert seen[0][2] is start and seen[1][1] is start and seen[4][2] is end


def test_timing_and_diff():
    out = io.StringIO()
    timing = Timing()
    run_pipeline(program(F), [Marks(), NeedsMarks()], observers=[timing, Diff(out, timing)])
    assert [name for name, _ in timing.steps] == ["marks", "needs-marks"]
    assert all(seconds >= 0 for _, seconds in timing.steps)
    assert timing.table().splitlines()[-1].startswith("total")
    shown = out.getvalue()
    assert "== marks: " in shown and " ms\n--- f before\n+++ f after\n" in shown
    assert "+    mark = 2\n" in shown and shown.rstrip().endswith("(no change)")


def test_differences_of_added_and_removed_functions():
    text = difference(program(F), program(F, G))
    assert "+def g(x):" in text and "-def f" not in text
    assert difference(program(F, G), program(F)).count("\n-") == 3
