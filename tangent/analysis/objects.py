"""Which object a name denotes: one number for each binding, unchanged by writes in place.

    y = x * x          # y: 1
    v = y[1:]          # v: 2
    y += 1.0           # y: 1     (an array is written in place; a number's adjoint keeps its name)
    if c: v = y        # v: 3
    use(v)             # v: 4     joins (3, 2) at the `if`

As `analysis.values` without contents. A join of two bindings at an `if` is remembered with both, and may stand for
either; what a loop carries (or a branch leaves unbound) is a number of its own, of which nothing else is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.facts import Fact, Restricted
from tangent.program import Function

__all__ = ["ObjectTable", "Objects"]

Env = dict[str, int]


@dataclass
class ObjectTable:
    """The result of the analysis.

    Attributes:
        before, after: the numbers by name around each statement (of a loop: around the whole of it).
        ends: the numbers at the end of a branch's arm, by `(statement, field)`.
        definition: the assignment, or the `if` of a join, by number.
        arms: the numbers that a join joins, after the body and after the `else`.
        carried: `(loop, name, number)`: a binding that meets others at the head or the exit of a loop.
        lost: `(number, of the join)`: numbers that meet an unbound name, or what else a join can't tell apart.
    """

    before: dict[gast.AST, Env] = field(default_factory=dict)
    after: dict[gast.AST, Env] = field(default_factory=dict)
    ends: dict[tuple[gast.AST, str], Env] = field(default_factory=dict)
    definition: dict[int, Any] = field(default_factory=dict)
    arms: dict[int, tuple[int, int]] = field(default_factory=dict)
    carried: set[tuple[gast.AST, str, int]] = field(default_factory=set)
    lost: set[tuple[int, int]] = field(default_factory=set)


class Objects(Fact):
    """Numbers of the objects that names denote."""

    name = "objects"
    requires = ()

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> ObjectTable:
        walk = _Walk()
        env = {p: walk.number() for p in function.parameters}
        walk.block(function.node.body, env)
        return walk.table


class _Walk:
    def __init__(self) -> None:
        self.table = ObjectTable()
        self.count = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def block(self, body: list[Any], env: Env) -> tuple[Env, bool]:
        """Walk a block. Returns the numbers at its end, and whether the end is reached."""
        for statement in body:
            self.table.before[statement] = env
            reached = True
            if isinstance(statement, gast.If):
                env, reached = self.branch(statement, env)
            elif isinstance(statement, gast.For | gast.While):
                env = self.loop(statement, env)
            elif isinstance(statement, gast.Assign):
                env = self.assign(statement, env)
            elif isinstance(statement, gast.Break | gast.Raise | gast.Return):
                reached = False
            self.table.after[statement] = env
            if not reached:
                return env, False
        return env, True

    def assign(self, statement: gast.Assign, env: Env) -> Env:
        env = dict(env)
        for name in tree.stored_names(statement.targets[0]):
            env[name] = self.number()
            self.table.definition[env[name]] = statement
        return env

    def branch(self, statement: gast.If, env: Env) -> tuple[Env, bool]:
        left, left_reached = self.block(statement.body, env)
        right, right_reached = self.block(statement.orelse, env)
        self.table.ends[statement, "body"] = left
        self.table.ends[statement, "orelse"] = right
        if not (left_reached and right_reached):
            return (left if left_reached else right), left_reached or right_reached
        out: Env = {}
        for name in [*left, *(n for n in right if n not in left)]:
            a, b = left.get(name), right.get(name)
            if a is not None and a == b:
                out[name] = a
                continue
            out[name] = self.number()
            if a is None or b is None or isinstance(statement, tree.Attempt):
                self.table.lost |= {(n, out[name]) for n in (a, b) if n is not None}
            else:
                self.table.definition[out[name]] = statement
                self.table.arms[out[name]] = (a, b)
        return out, True

    def loop(self, statement: Any, env: Env) -> Env:
        bound = list(
            dict.fromkeys(
                name
                for inner in tree.walk_statements([statement])
                if isinstance(inner, gast.Assign | gast.For)
                for name in tree.stored_names(
                    inner.target if isinstance(inner, gast.For) else inner.targets[0]
                )
            )
        )
        head = {**env, **{name: self.number() for name in bound}}
        end, _ = self.block(statement.body, head)
        exits = [env, end]
        exits += [
            self.table.before[inner]
            for inner in tree.walk_statements(statement.body)
            if isinstance(inner, gast.Break) and inner in self.table.before
        ]
        for state in exits:
            self.table.carried |= {(statement, n, state[n]) for n in bound if n in state}
        return {**env, **{name: self.number() for name in bound}}
