"""The solver against the definition of its result, a search along paths, on random programs."""

from __future__ import annotations

import random
from typing import Any

import gast
import networkx
import pytest

from tangent.analysis.cfg import ENTRY, EXIT, Cfg
from tangent.analysis.dataflow import Dataflow, Numbering
from tangent.analysis.effects import Effects
from tangent.analysis.liveness import Liveness
from tangent.analysis.reaching import ReachingDefinitions
from tangent.errors import PassError
from tangent.facts import Facts
from tangent.program import Function, Scope

NAMES = "abcd"


def random_body(rng: random.Random, depth: int, loop: bool) -> list[str]:
    out: list[str] = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.randrange(9 if depth else 4)
        a, b = rng.choice(NAMES), rng.choice(NAMES)
        if kind < 3:
            out.append(f"{a} = {b} + 1")
        elif kind == 3:
            out.append(f"{a} += {b}")
        elif kind == 4:
            out += [f"if {a}:", *indented(random_body(rng, depth - 1, loop))]
        elif kind == 5:
            out += [f"if {a}:", *indented(random_body(rng, depth - 1, loop))]
            out += ["else:", *indented(random_body(rng, depth - 1, loop))]
        elif kind == 6:
            out += [f"while {a}:", *indented(random_body(rng, depth - 1, True))]
        elif kind == 7:
            out += [f"for {a} in range({b}):", *indented(random_body(rng, depth - 1, True))]
        else:
            out.append(rng.choice(["break", "continue", f"return {a}"]) if loop else f"return {a}")
    return out


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def random_facts(seed: int) -> Facts:
    body = indented([*random_body(random.Random(seed), 3, False), "return a"])
    node = gast.parse("\n".join(["def f(a, b, c, d):", *body])).body[0]
    return Facts(Function(node, Scope({})))


def binds_on(statement: Any, label: str, effects: Any) -> frozenset[str]:
    """What a statement binds on the way along one of its edges."""
    if isinstance(statement, gast.For) and label != "true":
        return frozenset()
    return effects[statement].binds


@pytest.mark.parametrize("seed", range(60))
def test_liveness_is_a_search_for_a_later_read(seed: int) -> None:
    facts = random_facts(seed)
    graph, effects, live = facts[Cfg], facts[Effects], facts[Liveness]
    for start in graph.statements:
        for name in NAMES:
            seen, stack, found = set(), [start], False
            while stack and not found:
                node = stack.pop()
                if node is EXIT or node in seen:
                    continue
                seen.add(node)
                found = name in effects[node].reads
                for successor, label in graph.out_edges_of[node]:
                    if name not in binds_on(node, label, effects):
                        stack.append(successor)
            assert (name in live.before[start]) == found


@pytest.mark.parametrize("seed", range(60))
def test_reaching_is_a_search_from_the_definition(seed: int) -> None:
    facts = random_facts(seed)
    graph, effects, reaching = facts[Cfg], facts[Effects], facts[ReachingDefinitions]
    reachable = {ENTRY, *networkx.descendants(graph.digraph(), ENTRY)}
    for name in NAMES:
        for definition in (ENTRY, *graph.statements):
            if definition is ENTRY:
                stack = [s for s, _ in graph.out_edges_of[ENTRY]]
            elif name in effects[definition].binds:
                stack = [
                    s
                    for s, label in graph.out_edges_of[definition]
                    if name in binds_on(definition, label, effects)
                ]
            else:
                continue
            if definition not in reachable:
                continue
            seen: set[Any] = set()
            while stack:
                node = stack.pop()
                if node is EXIT or node in seen:
                    continue
                seen.add(node)
                for successor, label in graph.out_edges_of[node]:
                    if name not in binds_on(node, label, effects):
                        stack.append(successor)
            for statement in graph.statements:
                if statement in reachable:
                    found = (name, definition) in reaching.before[statement]
                    assert found == (statement in seen)


def test_uses() -> None:
    node = gast.parse("def f(a, c):\n if c: a = 1\n b = a\n return a").body[0]
    facts = Facts(Function(node, Scope({})))
    reaching = facts[ReachingDefinitions]
    _test, store, copy, final = facts[Cfg].statements
    assert reaching.uses(store, "a") == (copy, final)
    assert reaching.uses(ENTRY, "a") == (copy, final)
    assert reaching.definitions(final, "a") == (ENTRY, store)
    assert reaching.uses(copy, "b") == ()


def test_numbering() -> None:
    numbering = Numbering(["x", "y", "z", "y"])
    assert numbering.elements == ["x", "y", "z"]
    assert numbering.bits(["z", "x", "unknown"]) == 0b101
    assert numbering.ordered(0b110) == ["y", "z"]
    assert numbering.members(numbering.all) == {"x", "y", "z"}
    assert numbering.bit("unknown") == 0


def test_an_analysis_sees_only_what_it_requires() -> None:
    class Careless(Dataflow):
        name = "careless"

        def bottom(self) -> int:
            return len(self.facts[Effects])

    facts = random_facts(1)
    with pytest.raises(PassError, match="add Effects to Careless"):
        _ = facts[Careless]


def test_a_new_analysis_is_a_lattice_and_a_transfer_function() -> None:
    """Certainly assigned names: a must-analysis, joined by intersection."""

    class MustDefined(Dataflow):
        name = "defined"
        requires = (Cfg, Effects)

        def __init__(self, function: Any, facts: Any) -> None:
            super().__init__(function, facts)
            self.names = Numbering(sorted(function.locals()))

        def boundary(self) -> int:
            return self.names.bits(self.function.parameters)

        def bottom(self) -> int:
            return self.names.all

        def join(self, a: int, b: int) -> int:
            return a & b

        def transfer(self, statement: Any, state: int) -> int:
            if isinstance(statement, gast.For):
                return state
            return state | self.names.bits(self.facts[Effects][statement].binds)

        def decode(self, state: int) -> frozenset[str]:
            return self.names.members(state)

    text = "def f(c):\n if c:\n  x = 1\n  y = 1\n else: x = 2\n while c: z = 1\n return x"
    facts = Facts(Function(gast.parse(text).body[0], Scope({})))
    last = facts[Cfg].statements[-1]
    assert facts[MustDefined].before[last] == {"c", "x"}
