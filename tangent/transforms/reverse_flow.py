"""Reverse mode through branches and loops.

    primal: for i in range(n):          mirror: for i in reversed(range(n)):
                a = a * a                           ba = 2 * ba * a_tape.pop()
            if c: b = f(a)                      if c: ba = …
            else: b = 3.0                       else: ba = 0.0

At the mirror of a join the arms start from the same adjoints; where they meet again (before the branch) every name
that has an adjoint in one arm gets a zero in the other. A loop's body is mirrored from a state that it reproduces:
names that get an adjoint in the body start with a zero before the loop, names that the body consumes are set to
zero at the end of it.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.adjoints import HELD, OWNED, SHARED, VIEW, State, weakest
from tangent.transforms.reverse_containers import ContainerMirror

__all__ = ["FlowMirror"]


class FlowMirror(ContainerMirror):
    """Mirrors of whole blocks.

    Attributes:
        blocks: the mirrored statement lists by primal block `(statement or None, field)`.
        trips: the counter of a loop whose trips must be counted, by loop.
    """

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.blocks: dict[tuple[gast.AST | None, str], list[Any]] = {}
        self.mirrored: dict[gast.AST, Any] = {}
        self.kept: set[str] = set()
        self.deferred: set[str] = set()

    def block(self, body: list[Any], state: State, key: tuple[gast.AST | None, str]) -> list[Any]:
        """Mirror a block from the state at its end; the state becomes that at its start."""
        outer, self.out = self.out, []
        for statement in reversed(body):
            if isinstance(statement, gast.If | gast.For | gast.While):
                self.uniform.clear()  # what holds on one path only
                mirror = self.mirror_if if isinstance(statement, gast.If) else self.mirror_loop
                mirror(statement, state)
                self.uniform.clear()
            else:
                self.mirror_simple(statement, state)
        made, self.out = self.out, outer
        self.blocks[key] = made
        return made

    def at_start(self, statement: Any, field: str) -> tuple[Any, bool]:
        """A primal point for the start of a block: before its first statement, or before the `if` itself."""
        body = getattr(statement, field)
        if body:
            return body[0], False
        return statement, False

    def mirror_if(self, statement: gast.If, state: State) -> None:
        arms = {}
        for field in ("body", "orelse"):
            own = dict(state)
            self.enter_arm(own, statement, field)
            self.uniform.clear()
            body = getattr(statement, field)
            arms[field] = (self.block(body, own, (statement, field)), own)
        self.meet_views(statement, arms)
        names = [*arms["body"][1], *(n for n in arms["orelse"][1] if n not in arms["body"][1])]
        merged: State = {}
        for name in names:
            if name not in self.c.values.before[statement]:
                continue  # bound in the branch only: nobody outside can have used it before
            for made, own in arms.values():
                if name not in own:
                    field = "body" if own is arms["body"][1] else "orelse"
                    at, after = self.at_start(statement, field)
                    self.out, outer = made, self.out
                    self.current = statement
                    zero = self.zero(name, at, after)
                    self.emit(tree.assign(self.adjoint_name(name), zero), quiet=True)
                    self.out = outer
                    own[name] = self.zero_ownership(name, at, after)
            merged[name] = weakest(*(own[name] for _, own in arms.values()))
        state.clear()
        state.update(merged)
        body, orelse = arms["body"][0], arms["orelse"][0]
        if not body and not orelse:
            return
        self.current = statement
        mirror = gast.If(self.c.need_test(statement), body or [gast.Pass()], orelse)
        if isinstance(statement, tree.Attempt) and (statement.reraises or not statement.flag):
            only = body if statement.reraises else orelse
            mirror = gast.If(tree.constant(True), only or [gast.Pass()], [])
            mirror.is_whole = True  # `transforms.tape` takes it out of the branch
        self.mirrored[statement] = mirror
        mirror.role = "adjoint"
        self.out.append(mirror)

    def enter_arm(self, state: State, statement: gast.If, field: str) -> None:
        """A join of views is, at the end of one arm, the view of that arm, or an adjoint of its own."""
        for name, ownership in state.items():
            if ownership in (VIEW, HELD):
                number = self.c.views.objects.ends[statement, field].get(name, 0)
                view = self.c.views.shared.get((name, number))
                if view is None:
                    state[name] = OWNED
                else:
                    state[name] = VIEW if self.c.views.is_stateless(view) else HELD

    def meet_views(self, statement: gast.If, arms: dict[str, tuple[list[Any], State]]) -> None:
        """Shared views before a branch: made in both arms, or in none."""
        states = [own for _, own in arms.values()]
        for name in list(dict.fromkeys(n for own in states for n in own)):
            if not any(own.get(name) in (VIEW, HELD) for own in states):
                continue
            view = self.c.views.shared_at(name, statement, False)
            if view is None or self.c.views.is_stateless(view):
                if not all(own.get(name) == VIEW for own in states):
                    for own in states:
                        if own.get(name) == VIEW:
                            del own[name]
                continue
            for field, (made, own) in arms.items():
                if name not in own:
                    at, after = self.at_start(statement, field)
                    self.out, outer = made, self.out
                    self.current = statement
                    self.make_view(own, view, at, after)
                    self.out = outer

    def mirror_loop(self, loop: Any, state: State) -> None:
        entry = dict(state)
        key = (loop, "body")
        outer_kept, outer_deferred = self.kept, self.deferred
        start = dict(entry)
        owned: set[str] = set()
        zeros: list[str] = []
        while True:  # ownerships only weaken, but for one promotion a name
            taken = set(self.c.names.taken)
            self.kept, self.deferred = set(), set()
            inside = dict(start)
            self.uniform.clear()
            made = self.block(loop.body, inside, key)
            again = False
            for name in inside:
                if name not in start:  # gets an adjoint in the body: zero before the loop
                    if inside[name] in (VIEW, HELD):
                        start[name] = inside[name]
                    else:
                        start[name] = self.zero_ownership(name, loop, True)
                    zeros.append(name)
                    again = True
            for name in self.kept & set(entry):
                if start.get(name) == SHARED and name not in owned:
                    owned.add(name)  # written in place in the body: made ours before the loop
                    start[name] = OWNED
                    again = True
            for name in start:
                if name in inside:
                    reached = inside[name]
                else:
                    reached = self.zero_ownership(name, *self.before_body(loop, name))
                if weakest(start[name], reached) != start[name]:
                    start[name] = reached
                    again = True
            if not again:
                break
            # Names that the discarded attempt took are free again, but for those that are remembered.
            remembered = {*self.adjoints.values(), *self.c.expander.injected}
            self.c.names.taken = taken | remembered
        self.current = loop
        for name in start:
            if name not in inside:  # consumed in the body: zero for the iteration before
                outer, self.out = self.out, made
                zero = self.zero(name, *self.before_body(loop, name))
                self.emit(tree.assign(self.adjoint_name(name), zero), quiet=True)
                self.out = outer
        deferred, self.deferred = self.deferred, outer_deferred
        self.kept = outer_kept
        if not made:
            return
        before = {n: o for n, o in start.items() if n not in zeros or o not in (VIEW, HELD)}
        for name in sorted(zeros, key=lambda n: start[n] in (VIEW, HELD)):
            view = self.c.views.shared_at(name, loop, True)
            if view is not None:
                self.make_view(before, view, loop, True)
                continue
            zero = self.zero(name, loop, True)
            self.emit(tree.assign(self.adjoint_name(name), zero), quiet=True)
        for name in sorted(owned):
            kind = self.c.kind_of_name(name, loop, True)
            copy = self.c.copied(self.adjoint(name), kind)
            self.emit(tree.assign(self.adjoint_name(name), copy), quiet=True)
        self.kept = outer_kept | (owned - set(zeros))
        mirror = self.c.mirrored_header(loop, made)
        mirror.role = "adjoint"
        self.mirrored[loop] = mirror
        self.out.append(mirror)
        state.clear()
        state.update(
            {
                name: ownership
                for name, ownership in start.items()
                if name in self.c.values.before[loop]
            }
        )
        for name in sorted(deferred & set(state)):
            self.fit_accumulator(name, loop)

    def before_body(self, loop: Any, name: str) -> tuple[Any, bool]:
        """A primal point where a name is what it was at the start of an iteration."""
        if name in self.c.values.starts[loop, "body"] and name in self.c.values.before[loop]:
            return self.at_start(loop, "body")
        return loop, True

    def fit_accumulator(self, name: str, loop: Any) -> None:
        """Sum an accumulator's adjoint to the shape that the accumulator started with.

        In the loop it passed through `s = s + e` unchanged: sums over broadcast axes commute, so that one at
        the end does for all.
        """
        if not self.c.active(name, loop):
            return
        shape = self.c.need(name, loop, False, shape=True)
        fitted = self.c.expander.helper("unbroadcast", self.adjoint(name), shape)
        self.emit(tree.assign(self.adjoint_name(name), fitted), quiet=True)
