"""Which definitions of a name may reach a statement.

    a = 1.0            # 1
    if c:
        a = 2.0        # 2
    b = a              # definitions of a that reach here: 1, 2

A definition is a pair (name, statement that binds it); a parameter, or a name that may not be
bound yet, is defined by ENTRY. Lattice: sets of definitions, joined by union. Forward: after =
(before - others of its names) | its own. A `for` defines its target on the edge into its body
only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent.analysis.calls import local_names
from tangent.analysis.cfg import ENTRY, Cfg
from tangent.analysis.dataflow import Dataflow, Numbering, Solution
from tangent.analysis.effects import Effects
from tangent.facts import Restricted
from tangent.program import Function

__all__ = ["Definition", "Reaching", "ReachingDefinitions"]

Definition = tuple[str, Any]


class Reaching(Solution):
    """Definitions that may reach each statement: `before[statement]` is a frozenset of pairs."""

    def definitions(self, statement: Any, name: str) -> tuple[Any, ...]:
        """Statements (or ENTRY) whose definition of a name may hold just before a statement, in
        textual order.
        """
        analysis = self.analysis
        bits = self.before.raw[statement] & analysis.of_name.get(name, 0)
        return tuple(node for _, node in analysis.numbering.ordered(bits))

    def uses(self, statement: Any, name: str) -> tuple[Any, ...]:
        """Statements that may read the value that a statement gives to a name."""
        bit = self.analysis.numbering.bit((name, statement))
        effects: Mapping[Any, Any] = self.analysis.effects
        return tuple(
            reader
            for reader in self.analysis.graph.statements
            if name in effects[reader].reads and self.before.raw[reader] & bit
        )


class ReachingDefinitions(Dataflow):
    """Definitions (name, statement) that may hold: `facts[ReachingDefinitions].before[stmt]`."""

    name = "reaching"
    requires = (Cfg, Effects)
    forward = True
    solution = Reaching

    def __init__(self, function: Function, facts: Restricted) -> None:
        super().__init__(function, facts)
        self.effects = facts[Effects]
        definitions: list[Definition] = [(name, ENTRY) for name in sorted(local_names(function))]
        for statement in self.graph.statements:
            definitions += [(name, statement) for name in sorted(self.effects[statement].binds)]
        self.numbering = Numbering(definitions)
        self.of_name: dict[str, int] = {}
        for d in definitions:
            self.of_name[d[0]] = self.of_name.get(d[0], 0) | self.numbering.bit(d)
        self.gives: dict[Any, int] = {}
        self.keeps: dict[Any, int] = {}
        for statement in self.graph.statements:
            binds = self.effects[statement].binds
            self.gives[statement] = self.numbering.bits((name, statement) for name in binds)
            killed = 0
            for name in binds:
                killed |= self.of_name[name]
            self.keeps[statement] = ~killed

    def boundary(self) -> int:
        return self.numbering.bits((name, ENTRY) for name in local_names(self.function))

    def bottom(self) -> int:
        return 0

    def join(self, a: int, b: int) -> int:
        return a | b

    def transfer(self, statement: Any, state: int) -> int:
        if isinstance(statement, gast.For):
            return state
        return (state & self.keeps[statement]) | self.gives[statement]

    def edge(self, statement: Any, label: str, state: int) -> int:
        if label == "true" and isinstance(statement, gast.For):
            return (state & self.keeps[statement]) | self.gives[statement]
        return state

    def decode(self, state: int) -> frozenset[Definition]:
        return self.numbering.members(state)
