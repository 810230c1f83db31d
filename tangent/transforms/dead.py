"""Dead code: what no result needs is not computed.

    before: s = 0.0                        after: ba = 0.0
            for i in range(n):                    for i in reversed(range(n)):
                s = s + a * i                         ba = ba + init_grad * i
            ba = 0.0                              return ba
            for i in reversed(range(n)):
                ba = ba + init_grad * i
            return ba

Strong liveness (faint variables; Nielson, Nielson, Hankin, *Principles of Program Analysis*, §2.1.4): what a statement
reads is live only if what it defines is. Backward over the structured program, loops to a fixpoint; the sets of live
names and needed tapes only grow. A push counts if a pop of its tape does, a write in place if the object may be seen
later. Effects on the world stay. An error that a dead operation would have raised is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.aliases import MayAlias
from tangent.analysis.effects import Effects
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.transforms.versions import assigned_names

__all__ = ["DeadCode", "pop_of", "push_of", "tapes_of"]

Live = frozenset[str]


@register_pass
@dataclass(frozen=True)
class DeadCode(Pass):
    """Remove what no result needs.

    before: a = x * 2        after: b = x + 1
            b = x + 1               return b
            return b
    """

    name = "dead"
    requires = (Effects, MayAlias)
    optimisation = True

    def run(self, function: Function, facts: Restricted) -> Function:
        return function.with_body(_Sweep(function, facts).run())


def push_of(statement: Any) -> str | None:
    """The tape of `tape.append(v)`."""
    if isinstance(statement, gast.Expr) and isinstance(statement.value, gast.Call):
        return _method_receiver(statement.value, "append")
    return None


def pop_of(node: Any) -> str | None:
    """The tape of `tape.pop()`."""
    return _method_receiver(node, "pop") if isinstance(node, gast.Call) else None


def _method_receiver(call: gast.Call, method: str) -> str | None:
    func = call.func
    if (
        isinstance(func, gast.Attribute)
        and func.attr == method
        and isinstance(func.value, gast.Name)
    ):
        return func.value.id
    return None


def tapes_of(function: Function) -> set[str]:
    """Local lists that are only pushed and popped: `t = []`, `t.append(v)`, `t.pop()`."""
    candidates: set[str] = set()
    uses: dict[str, int] = {}
    known: dict[str, int] = {}
    for statement in tree.walk_statements(function.node.body):
        if (
            isinstance(statement, gast.Assign)
            and isinstance(statement.value, gast.List)
            and not statement.value.elts
            and isinstance(statement.targets[0], gast.Name)
        ):
            candidates.add(statement.targets[0].id)
    if not candidates:
        return candidates
    for node in tree.walk(function.node):
        if isinstance(node, gast.Name) and node.id in candidates:
            uses[node.id] = uses.get(node.id, 0) + 1
        if isinstance(node, gast.Call):
            receiver = _method_receiver(node, "append") or _method_receiver(node, "pop")
            if receiver in candidates:
                known[receiver] = known.get(receiver, 0) + 1
    return {t for t in candidates if uses[t] == known.get(t, 0) + 1}


class _Sweep:
    def __init__(self, function: Function, facts: Restricted) -> None:
        self.function = function
        self.facts = facts
        self.effects = facts[Effects]
        self.tapes = tapes_of(function)
        self.needed_tapes: set[str] = set()
        self.guarded = False  # what a statement raises is caught
        self.thorough = True  # ask whether writes are seen through other names

    def run(self) -> list[Any]:
        while True:
            before = set(self.needed_tapes)
            body, _ = self.block(self.function.node.body, frozenset())
            if self.needed_tapes == before:
                return body

    def block(self, body: list[Any], live: Live) -> tuple[list[Any], Live]:
        out: list[Any] = []
        for statement in reversed(body):
            kept, live = self.statement(statement, live)
            if kept is not None:
                out.append(kept)
        out.reverse()
        return out, live

    def statement(self, s: Any, live: Live) -> tuple[Any, Live]:
        if isinstance(s, tree.Attempt):
            return self.attempt(s, live)
        if isinstance(s, gast.If):
            return self.branch(s, live)
        if isinstance(s, gast.For | gast.While):
            return self.loop(s, live)
        if isinstance(s, gast.Pass):
            return None, live
        effects = self.effects[s]
        tape = push_of(s)
        if tape in self.tapes:
            if tape not in self.needed_tapes:
                return None, live
            return s, live | effects.reads
        if isinstance(s, gast.Assign):
            bound = set(assigned_names(s))
            popped = {pop_of(n) for n in tree.walk(s.value)} - {None}
            if popped and popped <= self.tapes and bound:
                if not bound & live:
                    return None, live
                self.needed_tapes |= popped  # type: ignore[arg-type]
                return s, (live - bound) | effects.reads
            if (
                isinstance(s.value, gast.List)
                and not s.value.elts
                and bound <= self.tapes
                and bound
            ):
                if not bound & self.needed_tapes:
                    return None, live
                return s, live - bound
            if bound and not effects.world and not effects.mutates and not self.may_raise(s):
                if not bound & live:
                    return None, live
                return s, (live - bound) | effects.reads
        if not effects.world and effects.mutates and not self.seen_later(s, live):
            if not effects.binds & live:
                return None, live
        self.need_pops(s)
        return s, (live - effects.binds) | effects.reads

    def seen_later(self, s: Any, live: Live) -> bool:
        """What a statement writes in place may be seen afterwards."""
        if self.effects[s].mutates & live:
            return True
        if not self.thorough:
            return False
        aliases = self.facts[MayAlias]
        written = aliases.locations_written(s)
        if any(location.kind != "alloc" for location in written):
            return True
        return any(name in live for name in aliases.changed_names(s))

    def branch(self, s: gast.If, live: Live) -> tuple[Any, Live]:
        body, left = self.block(s.body, live)
        orelse, right = self.block(s.orelse, live)
        effects = self.effects[s]
        if not body and not orelse and self.only_pops(s, s.test):
            return None, live
        self.need_pops(s.test)
        new = s
        if not tree.same_items(body, s.body) or not tree.same_items(orelse, s.orelse):
            if not body and orelse:
                test = gast.UnaryOp(gast.Not(), s.test)
                new = tree.replace(s, test=_negated(s.test) or test, body=orelse, orelse=[])
            else:
                new = tree.replace(s, body=body or [gast.Pass()], orelse=orelse)
        return new, left | right | effects.reads

    def attempt(self, s: tree.Attempt, live: Live) -> tuple[Any, Live]:
        orelse, right = self.block(s.orelse, live)
        outer, self.guarded = self.guarded, self.guarded or not s.reraises
        body, left = self.block(s.body, live)
        self.guarded = outer
        live = left | right | self.effects[s].reads
        if not tree.same_items(body, s.body) or not tree.same_items(orelse, s.orelse):
            s = tree.replace(s, body=body or [gast.Pass()], orelse=orelse)
        return s, live

    def may_raise(self, s: gast.Assign) -> bool:
        """Somebody waits for the exception that evaluating a primal value may raise."""
        plain = isinstance(s.value, gast.Name | gast.Constant)
        return self.guarded and not plain and not hasattr(s, "role")

    def loop(self, s: Any, live: Live) -> tuple[Any, Live]:
        effects = self.effects[s]
        targets = set(tree.stored_names(s.target)) if isinstance(s, gast.For) else set()
        inside = live
        # Writes that only other names may see are looked at when all else is stable, so that the
        # aliases are seldom asked. Both sweeps only grow, so the fixpoint is the same.
        for thorough in (False, True) if self.thorough else (False,):
            self.thorough = thorough
            while True:
                body, start = self.block(s.body, inside)
                wider = inside | (start - targets)
                if isinstance(s, gast.While):
                    wider |= effects.reads
                if wider == inside:
                    break
                inside = frozenset(wider)
        if isinstance(s, gast.For) and self.is_idle(body) and effects.pure and not targets & live:
            return None, live
        self.need_pops(s.iter if isinstance(s, gast.For) else s.test)
        if not tree.same_items(body, s.body):
            s = tree.replace(s, body=body or [gast.Pass()])
        return s, frozenset(inside | effects.reads)

    def only_pops(self, s: Any, test: gast.expr) -> bool:
        """Evaluating a test has no effect but on tapes."""
        return not self.effects[s].world and self.effects[s].mutates <= self.tapes

    def need_pops(self, node: gast.expr) -> None:
        for inner in tree.walk(node):
            tape = pop_of(inner)
            if tape in self.tapes:
                self.needed_tapes.add(tape)

    def is_idle(self, body: list[Any]) -> bool:
        """Nothing but pure tests and breaks."""
        return all(
            isinstance(s, gast.Break | gast.Pass)
            or (isinstance(s, gast.If) and self.is_idle(s.body) and self.is_idle(s.orelse))
            for s in body
        )


def _negated(test: gast.expr) -> gast.expr | None:
    """`not c` as `c`; comparisons of floats are not turned round (NaN)."""
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return test.operand
    return None
