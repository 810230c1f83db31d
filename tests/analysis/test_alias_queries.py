"""Questions to the may-alias analysis, and summaries of functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tangent.analysis.aliases import MayAlias
from tangent.analysis.calls import Summary
from tangent.analysis.cfg import Cfg
from tangent.analysis.effects import effects_of, is_pure, mutated_parameters
from tangent.analysis.liveness import Liveness
from tangent.analysis.summaries import summary_of
from tangent.facts import Facts
from tangent.parse import load
from tangent.tree import expression
from tests.helpers import define


def facts_of(text: str, name: str | None = None) -> Facts:
    program = load(define(text, name, np=np))
    return Facts(program.entry, program)


def at(facts: Facts, number: int) -> Any:
    return facts[Cfg].statements[number]


def test_written_and_returned_parameters() -> None:
    facts = facts_of(
        """
        def f(A, B, C, D):
            v = A[0]
            v[1] = 0.0
            B = B.copy()
            B[0] = 1.0
            return C.T
        """
    )
    aliases = facts[MayAlias]
    assert aliases.written_parameters() == {"A"}
    assert aliases.returned_parameters() == {"C"}


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("def f(x): return x / 2", Summary()),
        ("def f(x): return x * 2", Summary(held=frozenset("x"))),
        ("def f(x): return x", Summary(shared=frozenset("x"))),
        ("def f(x, w): return [x, w / 2]", Summary(shared=frozenset("x"))),
        ("def f(x, w):\n    x[0] = w", Summary(mutated=frozenset("x"))),
        ("def f(x, w):\n    x += w\n    return w", Summary(False, frozenset("x"), frozenset("w"))),
        ("def f(x):\n    print(x)", Summary(world=True)),
        ("def f(x):\n    assert x > 0", Summary(world=True)),
        ("def f(x):\n    x += 1.0\n    return x / 2", Summary(mutated=frozenset("x"))),
        (
            "def f(x, n):\n    if n < 1:\n        return x\n    x[n] = 0\n    return f(x, n - 1)",
            Summary(mutated=frozenset("x"), shared=frozenset("x")),
        ),
    ],
)
def test_summaries(text: str, summary: Summary) -> None:
    program = load(define(text))
    assert summary_of(program.entry, program) == summary
    assert mutated_parameters(program.entry, program) == summary.mutated


def test_mutual_recursion() -> None:
    text = """
    def odd(A, n):
        if n > 0:
            even(A, n - 1)

    def even(B, n):
        B[0] = 1.0
        odd(B, n)
    """
    program = load(define(text, "odd"))
    assert mutated_parameters(program.entry, program) == {"A"}


def test_storage_is_what_is_written_while_it_can_be_read() -> None:
    facts = facts_of(
        """
        def f(x, n):
            A = np.zeros(n)
            s = x * 1.0
            t = x * 2.0
            u = t
            A[0] = 1.0
            s += 1.0
            t += 1.0
            return A, s, u
        """
    )
    assert facts[MayAlias].storage_names(facts[Liveness]) == {"A", "t", "u"}


def test_owned() -> None:
    facts = facts_of(
        """
        def f(x):
            y = x
            z = x * 2.0
            w = x * 3.0
            v = w
            return y, z, w, v
        """
    )
    aliases = facts[MayAlias]
    last = at(facts, -1)
    assert [aliases.owned(last, n) for n in ("x", "y", "z", "w", "v")] == [
        *(False, False, True, False, False)
    ]
    assert aliases.may_be_same(last, "w", "v")
    assert not aliases.may_be_same(last, "w", "z")


def test_a_view_shares_memory_but_is_another_object() -> None:
    facts = facts_of("def f(x):\n    t = x.T\n    return t")
    aliases = facts[MayAlias]
    assert aliases.may_alias(at(facts, 1), "t", "x")
    assert not aliases.may_be_same(at(facts, 1), "t", "x")


def test_without_facts() -> None:
    program = load(define("def f(x, A):\n    A[0] = np.sin(x)\n    return A", np=np))
    function = program.entry
    effects = effects_of(function.node.body[0], function)
    assert effects.reads == {"np", "x", "A"}
    assert effects.mutates == {"A"} and not effects.binds and not effects.world
    assert is_pure(expression("np.sin(x) + A[0]"), function)
    assert not is_pure(expression("A.pop()"), function)
    assert not is_pure(expression("unknown(x)"), function)
    assert not is_pure(expression("(y := x)"), function)
