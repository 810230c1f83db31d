"""Values: which value a name holds at each statement, numbered as in SSA form.

    a = np.sin(x)      # a: 1
    for i in range(n): # a: 2   (a φ: the value at the head of an iteration)
        a = a * w      # a: 3
    return a           # a: 2   (the head's value when the loop ends)

A name's value has two numbers: of its *binding* (which object it denotes) and of its *content* (what the object
holds: a write in place through any name that may alias it gives a new content). Two reads with equal numbers in
the same iteration of the loops in which the number was born see the same value. φ functions stand at joins, at
loop heads and, where there is a `break`, at loop exits (Cytron et al., TOPLAS 1991).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import gast

from tangent import tree
from tangent.analysis.aliases import MayAlias
from tangent.facts import Fact, Restricted
from tangent.program import Function

__all__ = ["Value", "ValueTable", "Values"]


class Value(NamedTuple):
    """Numbers of a binding and of the content of the object bound."""

    binding: int
    content: int


Env = dict[str, Value]


@dataclass
class ValueTable:
    """The result of the analysis.

    Attributes:
        before, after: the values by name around each statement (a loop: before and after the whole loop).
        starts: the values at the start of a block, by `(statement, field)`.
        born: the loops (outermost first) that enclose the birth of a number.
        loops: the loops that enclose a statement.
        parents: the compound statement and field that a statement stands in.
        position: numbers statements in textual order.
        maybe_undefined: numbers of bindings that may be unbound on some path.
        end: the values at the end of the function.
    """

    before: dict[gast.AST, Env] = field(default_factory=dict)
    after: dict[gast.AST, Env] = field(default_factory=dict)
    starts: dict[tuple[gast.AST, str], Env] = field(default_factory=dict)
    born: dict[int, tuple[gast.AST, ...]] = field(default_factory=dict)
    loops: dict[gast.AST, tuple[gast.AST, ...]] = field(default_factory=dict)
    parents: dict[gast.AST, tuple[gast.AST | None, str]] = field(default_factory=dict)
    position: dict[gast.AST, int] = field(default_factory=dict)
    maybe_undefined: set[int] = field(default_factory=set)
    definition: dict[int, gast.AST] = field(default_factory=dict)
    end: Env = field(default_factory=dict)


class Values(Fact):
    """Numbers of the values that names hold."""

    name = "values"
    requires = (MayAlias,)

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> ValueTable:
        return _Walk(function, facts[MayAlias]).run()


class _Walk:
    def __init__(self, function: Function, aliases: Any) -> None:
        self.function = function
        self.aliases = aliases
        self.table = ValueTable()
        self.count = 0
        self.chain: tuple[gast.AST, ...] = ()
        self.breaks: list[list[Env]] = []

    def run(self) -> ValueTable:
        env: Env = {p: self.new_value() for p in self.function.parameters}
        body = self.function.node.body
        env, _ = self.block(body, env, None, "body")
        self.table.end = env
        return self.table

    def number(self) -> int:
        self.count += 1
        self.table.born[self.count] = self.chain
        return self.count

    def new_value(self) -> Value:
        n = self.number()
        return Value(n, n)

    def block(
        self, body: list[Any], env: Env, parent: gast.AST | None, where: str
    ) -> tuple[Env, bool]:
        """Walk a block. Returns the values at its end, and whether the end is reached."""
        if parent is not None:
            self.table.starts[parent, where] = dict(env)
        for statement in body:
            self.table.parents[statement] = (parent, where)
            self.table.loops[statement] = self.chain
            self.table.position[statement] = len(self.table.position)
            self.table.before[statement] = dict(env)
            if isinstance(statement, gast.Break):
                self.breaks[-1].append(env)
                self.table.after[statement] = env
                return env, False
            if isinstance(statement, gast.If):
                env, reached = self.branch(statement, env)
                if not reached:
                    self.table.after[statement] = env
                    return env, False
            elif isinstance(statement, gast.For | gast.While):
                env = self.loop(statement, env)
            else:
                env = self.simple(statement, env)
            self.table.after[statement] = dict(env)
            if isinstance(statement, gast.Raise):
                return env, False
        return env, True

    def simple(self, statement: Any, env: Env) -> Env:
        env = dict(env)
        for name in self.aliases.changed_names(statement):
            if name in env:
                env[name] = Value(env[name].binding, self.number())
        if isinstance(statement, gast.Assign):
            for name in tree.stored_names(statement.targets[0]):
                env[name] = self.new_value()
                self.table.definition[env[name].binding] = statement
        elif isinstance(statement, gast.AugAssign) and isinstance(statement.target, gast.Name):
            env[statement.target.id] = self.new_value()
            self.table.definition[env[statement.target.id].binding] = statement
        return env

    def join(self, a: Env, b: Env) -> Env:
        out: Env = {}
        for name in [*a, *(n for n in b if n not in a)]:
            left, right = a.get(name), b.get(name)
            if left == right and left is not None:
                out[name] = left
                continue
            if left is None or right is None:
                known = left or right
                assert known is not None
                out[name] = self.new_value()
                self.table.maybe_undefined.add(out[name].binding)
                continue
            binding = left.binding if left.binding == right.binding else self.number()
            content = left.content if left.content == right.content else self.number()
            if {left.binding, right.binding} & self.table.maybe_undefined:
                self.table.maybe_undefined.add(binding)
            out[name] = Value(binding, content)
        return out

    def branch(self, statement: gast.If, env: Env) -> tuple[Env, bool]:
        left, left_reached = self.block(statement.body, dict(env), statement, "body")
        right, right_reached = self.block(statement.orelse, dict(env), statement, "orelse")
        if left_reached and right_reached:
            return self.join(left, right), True
        return (left if left_reached else right), left_reached or right_reached

    def loop(self, statement: Any, env: Env) -> Env:
        bound, written = self.changes(statement)
        outer = self.chain
        self.chain = (*outer, statement)
        head = dict(env)
        for name in bound:
            head[name] = self.new_value()
            if name not in env or env[name].binding in self.table.maybe_undefined:
                self.table.maybe_undefined.add(head[name].binding)
        for name in written - bound:
            if name in head:
                head[name] = Value(head[name].binding, self.number())
        start = dict(head)
        if isinstance(statement, gast.For):
            for name in tree.stored_names(statement.target):
                start[name] = self.new_value()
                self.table.definition[start[name].binding] = statement
        self.breaks.append([])
        self.block(statement.body, start, statement, "body")
        exits = self.breaks.pop()
        self.chain = outer
        # Leaving the loop fixes the values: numbers of their own, born outside it.
        out = dict(head)
        for name in bound:
            out[name] = self.new_value()
            if name not in env or env[name].binding in self.table.maybe_undefined:
                self.table.maybe_undefined.add(out[name].binding)
        for name in written - bound:
            if name in out:
                out[name] = Value(out[name].binding, self.number())
        del exits
        return out

    def changes(self, loop: Any) -> tuple[set[str], set[str]]:
        """Names that a loop binds, and names whose content it may change."""
        bound: set[str] = set()
        written: set[str] = set()
        for inner in tree.walk_statements([loop]):
            written |= self.aliases.changed_names(inner)
            if isinstance(inner, gast.Assign):
                bound.update(tree.stored_names(inner.targets[0]))
            elif isinstance(inner, gast.For) or (
                isinstance(inner, gast.AugAssign) and isinstance(inner.target, gast.Name)
            ):
                bound.update(tree.stored_names(inner.target))
        return bound, written
