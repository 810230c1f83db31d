"""Which names are live: read later, on some path, before they are bound again.

    a = np.sin(x)     # live: a w
    a = a * w         # live: a
    return np.sum(a)

Lattice: sets of names, joined by union. Backward: before = (after - binds) | reads. A `for` binds
its target only on the edge into its body: after no trip at all the target keeps what it had. A
write to a part of an object (`A[i] = e`) reads its name and binds nothing. At EXIT nothing is
live. A name that a nested function reads is live
everywhere: when that function runs is not known here.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.analysis.calls import local_names, nested_functions
from tangent.analysis.cfg import Cfg
from tangent.analysis.dataflow import Dataflow, Numbering
from tangent.analysis.effects import Effects, captured_names
from tangent.facts import Restricted
from tangent.program import Function

__all__ = ["Liveness"]


class Liveness(Dataflow):
    """Local names that may be read later: `facts[Liveness].after[statement]` is a frozenset."""

    name = "liveness"
    requires = (Cfg, Effects)
    forward = False

    def __init__(self, function: Function, facts: Restricted) -> None:
        super().__init__(function, facts)
        self.names = Numbering(sorted(local_names(function)))
        captured: set[str] = set()
        for node in nested_functions(function):
            captured |= captured_names(node)
        self.captured = self.names.bits(captured)
        self.reads: dict[Any, int] = {}
        self.keeps: dict[Any, int] = {}
        for statement, effect in facts[Effects].items():
            self.reads[statement] = self.names.bits(effect.reads)
            self.keeps[statement] = ~self.names.bits(effect.binds) | self.captured

    def boundary(self) -> int:
        return self.captured

    def bottom(self) -> int:
        return self.captured

    def join(self, a: int, b: int) -> int:
        return a | b

    def transfer(self, statement: Any, state: int) -> int:
        if isinstance(statement, gast.For):
            return state | self.reads[statement]
        return (state & self.keeps[statement]) | self.reads[statement]

    def edge(self, statement: Any, label: str, state: int) -> int:
        if label == "true" and isinstance(statement, gast.For):
            return state & self.keeps[statement]
        return state

    def decode(self, state: int) -> frozenset[str]:
        return self.names.members(state)
