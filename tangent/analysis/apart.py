"""Which names surely share no memory, where points-to sets alone can't tell: buffers that swap roles.

    u, new = x.copy(), np.zeros_like(x)
    for t in range(steps):
        new[1:] = u[:-1]          # u and new: each may be either buffer, never the same one
        u, new = new, u

`facts[MayAlias]` gives both names both buffers. Here the state is the set of *pairs* of names that surely denote
different objects, with no memory in common, of which neither is an element of the other: a new object is apart
from everything, a copy is apart from what its original is apart from. (Two lists that are apart may hold the same
elements.) A forward must-analysis (pairs are intersected where paths meet; a name that is not bound on a
path is apart from all on it), to the greatest fixpoint in loops; finite, so it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.aliases import MayAlias
from tangent.facts import Fact, Restricted
from tangent.program import Function

__all__ = ["Apart", "MustApart"]

Pair = frozenset[str]


@dataclass(frozen=True)
class _State:
    bound: frozenset[str]
    pairs: frozenset[Pair]

    def meet(self, other: _State) -> _State:
        bound = self.bound | other.bound
        kept = {
            p
            for p in self.pairs | other.pairs
            if (p in self.pairs or not p <= self.bound)
            and (p in other.pairs or not p <= other.bound)
        }
        # Names that no path binds together are apart on each.
        kept |= {
            frozenset((a, b)) for a in self.bound - other.bound for b in other.bound - self.bound
        }
        return _State(bound, frozenset(kept))


class Apart:
    """The result: `apart(statement, a, b)` before a statement."""

    def __init__(self, before: dict[gast.AST, _State]) -> None:
        self._before = before

    def apart(self, statement: gast.AST, a: str, b: str) -> bool:
        """Two names surely share no memory."""
        state = self._before.get(statement)
        return state is not None and frozenset((a, b)) in state.pairs


class MustApart(Fact):
    """Pairs of names that surely share no memory."""

    name = "apart"
    requires = (MayAlias,)

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> Apart:
        walk = _Walk(facts[MayAlias])
        names = function.parameters
        pairs = frozenset(frozenset((a, b)) for a in names for b in names if a != b)
        walk.block(function.node.body, _State(frozenset(names), pairs))
        return Apart(walk.before)


class _Walk:
    def __init__(self, aliases: Any) -> None:
        self.aliases = aliases
        self.before: dict[gast.AST, _State] = {}
        self.breaks: list[list[_State]] = []

    def block(self, body: list[Any], state: _State | None) -> _State | None:
        for statement in body:
            if state is None:
                return None
            self.before[statement] = state
            if isinstance(statement, gast.Break):
                self.breaks[-1].append(state)
                return None
            if isinstance(statement, gast.Return | gast.Raise):
                return None
            if isinstance(statement, gast.If):
                state = _meet(
                    self.block(statement.body, state), self.block(statement.orelse, state)
                )
            elif isinstance(statement, gast.For | gast.While):
                state = self.loop(statement, state)
            else:
                state = self.simple(statement, state)
        return state

    def loop(self, loop: Any, entry: _State) -> _State:
        head = entry
        while True:
            self.breaks.append([])
            start = head
            if isinstance(loop, gast.For):
                for name in tree.stored_names(loop.target):
                    start = self.bind(start, name, loop, None)
            end = self.block(loop.body, start)
            exits = self.breaks.pop()
            new = head if end is None else head.meet(end)
            if new == head:
                break
            head = new
        out = head
        for state in exits:
            out = out.meet(state)
        return out

    def simple(self, statement: Any, state: _State) -> _State:
        if isinstance(statement, gast.Assign):
            target = statement.targets[0]
            original = statement.value.id if isinstance(statement.value, gast.Name) else None
            for name in tree.stored_names(target):
                state = self.bind(state, name, statement, original)
        elif isinstance(statement, gast.AugAssign) and isinstance(statement.target, gast.Name):
            if statement.target.id not in state.bound:
                state = self.bind(state, statement.target.id, statement, None)
        if not isinstance(statement, gast.Assign):
            state = self.after_call(statement, state)
        elif isinstance(statement.targets[0], gast.Subscript):
            state = self.after_store(statement, statement.targets[0], state)
        return state

    def bind(self, state: _State, name: str, statement: Any, original: str | None) -> _State:
        others = state.bound - {name}
        pairs = {p for p in state.pairs if name not in p}
        new = {o for o in others if self.is_apart(state, name, o, statement, original)}
        pairs |= {frozenset((name, o)) for o in new}
        return _State(state.bound | {name}, frozenset(pairs))

    def is_apart(
        self, state: _State, name: str, other: str, statement: Any, original: str | None
    ) -> bool:
        if original is not None and original in state.bound:
            return original != other and frozenset((original, other)) in state.pairs
        place = self.aliases.place(statement, name, after=True)
        if not place.reach:
            return True  # a number
        if isinstance(statement, gast.Assign) and self.is_new(statement, place):
            return not place.held & self.aliases.place(statement, other, after=True).memory
        return not place.reach & self.aliases.place(statement, other, after=True).reach

    def is_new(self, statement: gast.Assign, place: Any) -> bool:
        """The expression makes a new object."""
        value = statement.value
        own = self.aliases.analysis._alloc.get(value)
        if own is None or place.views:
            return False
        return place.objects == self.aliases.analysis.locations.bit(own)

    def after_store(self, statement: Any, target: gast.Subscript, state: _State) -> _State:
        """Whoever may be the container may now hold what is stored."""
        base = self.memory(statement, target.value)
        stored = 0
        for name in tree.names_in(statement.value) & state.bound:
            stored |= self.aliases.place(statement, name).reach
        if not stored or not any(
            self.aliases.place(statement, n, after=True).held & stored
            for n in tree.names_in(target.value)
        ):
            return state  # an array copies what is stored
        holders = {n for n in state.bound if self.aliases.place(statement, n).memory & base}
        held = {n for n in state.bound if self.aliases.place(statement, n).memory & stored}
        gone = {frozenset((a, b)) for a in holders for b in held if a != b}
        return _State(state.bound, state.pairs - gone)

    def memory(self, statement: Any, base: gast.expr) -> int:
        names = tree.names_in(base)
        out = 0
        for name in names:
            out |= self.aliases.place(statement, name).memory
        return out

    def after_call(self, statement: Any, state: _State) -> _State:
        """A container may reach what a call puts into it: its pairs are asked for again."""
        kept = set()
        for pair in state.pairs:
            a, b = sorted(pair)
            places = [self.aliases.place(statement, n, after=True) for n in (a, b)]
            if any(p.held for p in places) and places[0].reach & places[1].reach:
                continue
            kept.add(pair)
        return _State(state.bound, frozenset(kept))


def _meet(a: _State | None, b: _State | None) -> _State | None:
    if a is None or b is None:
        return a or b
    return a.meet(b)
