"""Forward mode through branches and loops.

    primal: if c: b = a * a         tangent: if c: b = a * a; db = 2 * da * a
            else: b = 3.0                    else: b = 3.0; db = 0.0

Where paths meet, a name that has a tangent on one of them gets a zero on the others, if anything
active depends on it there. A loop's body is walked from a state that it reproduces: names that get
a tangent in the body start with a zero before the loop. A tangent is bound wherever its primal is,
so it is unbound only where that is.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.recipes.kinds import Kind
from tangent.transforms.forward import State, Tangents

__all__ = ["FlowTangents", "is_left"]


def is_left(body: list[Any]) -> bool:
    """The end of a block is never reached."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, gast.If):
        return is_left(last.body) and is_left(last.orelse)
    return isinstance(last, gast.Break | gast.Raise)


class FlowTangents(Tangents):
    """Tangents of whole blocks."""

    def __init__(self, context: Any, forced: set[str]) -> None:
        super().__init__(context, forced)
        # Loops: themselves, what holds at their exit, what was found to hold there besides.
        self.exits: list[tuple[Any, State, State]] = []
        self.reserved: set[str] = set()  # names that outlive a discarded attempt

    def block(self, body: list[Any], state: State) -> list[Any]:
        """A block with its tangents. The state, that at its start, becomes that at its end."""
        outer, self.out = self.out, []
        for statement in body:
            if isinstance(statement, gast.If):
                self.branch(statement, state)
            elif isinstance(statement, gast.For | gast.While):
                self.loop(statement, state)
            else:
                if isinstance(statement, gast.Break):
                    self.leave(statement, state)
                self.simple(statement, state)
                self.out += self.c.checks.get(statement, ())
        made, self.out = self.out, outer
        return made

    # --- what may be needed later

    def wanted_before(self, statement: Any) -> frozenset[str]:
        """Names whose tangents matter before a statement."""
        live: frozenset[str] = self.c.liveness.before[statement]
        active: frozenset[str] = self.c.activity.before[statement]
        return active | (self.c.written_names & live)

    def wanted_behind(self, statement: Any) -> frozenset[str]:
        """Names whose tangents matter after a whole compound statement."""
        parent, field = self.c.values.parents[statement]
        block = getattr(self.c.function.node if parent is None else parent, field)
        following = block[block.index(statement) + 1 :]
        if following:
            return self.wanted_before(following[0])
        if parent is None:
            return frozenset()
        if isinstance(parent, gast.If):
            return self.wanted_behind(parent)
        return self.wanted_before(parent)

    def complete(self, names: Any, state: State, at: gast.AST, after: bool, env: Any) -> None:
        """Give zeros to those of some names that have no tangent yet, where they are bound.

        What may be written has one tangent from its binding on; so has what is bound on some paths
        only.
        """
        late = []
        for name in names:
            if name in state or name not in env:
                continue
            undefined = env[name].binding in self.c.values.maybe_undefined
            kind = self.kind_on_path(name, at, after)
            mutable = kind.can_be_mutable
            if undefined or (name in self.c.written_names and mutable):
                if name not in self.forced:
                    late.append(name)
                    continue
            if not undefined:
                zero = self.zero_of(tree.load(name), kind)
                self.emit(tree.assign(self.tangent_name(name), zero), quiet=True)
        if late:
            self.force(late)

    def kind_on_path(self, name: str, at: gast.AST, after: bool) -> Kind:
        """The kind of a name where a path ends; before a loop, as it is entered."""
        if isinstance(at, gast.For | gast.While) and not after:
            parent, field = self.c.values.parents[at]
            block = getattr(self.c.function.node if parent is None else parent, field)
            place = block.index(at)
            if place and not isinstance(block[place - 1], gast.If | gast.For | gast.While):
                return self.c.kind_of_name(name, block[place - 1], True)
        return self.c.kind_of_name(name, at, after)

    # --- branches

    def branch(self, statement: gast.If, state: State) -> None:
        arms = {}
        for field in ("body", "orelse"):
            own = dict(state)
            arms[field] = (self.block(getattr(statement, field), own), own)
        reached = [f for f in arms if not is_left(getattr(statement, f))]
        behind = self.wanted_behind(statement)
        names = [n for f in reached for n in arms[f][1] if n in behind]
        merged: State = dict.fromkeys(names)
        for field in reached:
            made, own = arms[field]
            body = getattr(statement, field)
            at, after = (body[-1], True) if body else (statement, False)
            env = self.c.values.after[at] if body else self.c.values.before[at]
            outer, self.out = self.out, made
            self.current = statement
            self.complete(merged, own, at, after, env)
            self.out = outer
        state.clear()
        state.update(merged)
        body, orelse = arms["body"][0], arms["orelse"][0]
        self.out.append(tree.replace(statement, body=body or [gast.Pass()], orelse=orelse))

    # --- loops

    def loop(self, loop: Any, state: State) -> None:
        start = dict(state)
        behind = self.wanted_behind(loop)
        wanted = self.wanted_before(loop) | behind
        new: State = {}
        while True:
            taken = set(self.c.names.taken)
            found: State = {}
            self.exits.append((loop, {n: None for n in start if n in behind}, found))
            inside = dict(start)
            made = self.block(loop.body, inside)
            self.exits.pop()
            if not is_left(loop.body):
                found.update(inside)
            more = [n for n in found if n not in start and n in wanted]
            if not more:
                break
            new.update(dict.fromkeys(more))
            start.update(dict.fromkeys(more))
            # Names that the discarded attempt took are free again, the remembered ones excepted.
            remembered = {*self.tangents.values(), *self.c.expander.injected, *self.reserved}
            self.c.names.taken = taken | remembered
        self.current = loop
        if loop.body and not is_left(loop.body):
            outer, self.out = self.out, made
            last = loop.body[-1]
            needed = [n for n in start if n in self.wanted_before(loop)]
            self.complete(needed, inside, last, True, self.c.values.after[last])
            self.out = outer
        self.complete(new, state, loop, False, self.c.values.before[loop])
        self.out.append(tree.replace(loop, body=made or [gast.Pass()]))
        state.clear()
        state.update({n: None for n in start if n in behind})

    def leave(self, statement: gast.Break, state: State) -> None:
        """What holds behind a loop has to hold at a `break`."""
        loop, holds, found = self.exits[-1]
        self.current = loop
        found.update({n: None for n in state if n in self.wanted_behind(loop)})
        self.complete(holds, state, statement, False, self.c.values.before[statement])
