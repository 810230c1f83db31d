"""What each statement reads, binds, writes in place, and does to the world.

    A[i] = np.sin(x)      reads A, i, np, x   mutates A
    s += e                reads e, s          binds s       mutates s
    for i in range(n):    reads n, range      binds i
    print(x)              reads print, x      world

This is the one module that knows. A statement's effects are those of itself, not of the blocks
inside it: an `if` or `while` stands for its test, a `for` for advancing its range and binding its
target. Names are all names, those of globals and builtins included. Exceptions that an operation
may raise are not modelled.

    effects_of(statement, function)      without facts
    is_pure(expression, function)        no effect besides its value
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import Calls, root_names
from tangent.facts import Fact, Restricted
from tangent.program import Function, Program

__all__ = [
    "Effects",
    "StatementEffects",
    "captured_names",
    "effects_of",
    "is_pure",
    "mutated_parameters",
]


@dataclass(frozen=True)
class StatementEffects:
    """What a statement does.

    Attributes:
        reads: names whose value it reads (in order to compute, or to write a part of their object).
        binds: names that it binds. A `for` binds its target only where it goes round.
        mutates: names through which an object may be written in place (A of `A[i] = e`, x of `x +=
            e`).
        world: something that is never removed, doubled or reordered: prints, draws random numbers,
            raises, writes a global or an attribute, calls something unknown.
    """

    reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    world: bool = False

    @property
    def pure(self) -> bool:
        """It does nothing but bind names: without effect where none of them is read."""
        return not self.mutates and not self.world


class _Collector:
    """Gathers the effects of expressions."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.mutates: set[str] = set()
        self.world = False

    def result(self) -> StatementEffects:
        outside = (self.binds | self.mutates) - self.calls.locals
        return StatementEffects(
            frozenset(self.reads),
            frozenset(self.binds),
            frozenset(self.mutates),
            self.world or bool(outside),
        )

    def read_all(self, nodes: Iterable[gast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.read(node)

    def read(self, node: gast.AST) -> None:
        """An expression that is evaluated."""
        if isinstance(node, gast.Name):
            self.reads.add(node.id)
        elif isinstance(node, gast.Constant):
            pass
        elif isinstance(node, gast.Call):
            self.read_all(tree.children(node))
            effect = self.calls.effect(node)
            self.world = self.world or effect.world
            for written in effect.mutated:
                self.mutate(written)
        elif isinstance(node, gast.NamedExpr):
            self.read(node.value)
            self.binds.add(node.target.id)
        elif isinstance(node, gast.ListComp | gast.SetComp | gast.GeneratorExp | gast.DictComp):
            self._inner(node, tree.names_in([g.target for g in node.generators], gast.Store))
        elif isinstance(node, gast.Lambda):
            self._inner(node, _parameter_names(node.args))
        elif isinstance(node, gast.Yield | gast.YieldFrom | gast.Await):
            self.world = True
            self.read_all(tree.children(node))
        else:
            self.read_all(tree.children(node))

    def _inner(self, node: gast.AST, own: set[str]) -> None:
        """An expression with names of its own."""
        inner = _Collector(self.calls)
        inner.read_all(tree.children(node))
        self.reads |= inner.reads - own
        self.mutates |= inner.mutates - own
        self.world = self.world or inner.world

    def mutate(self, node: gast.AST) -> None:
        """An expression whose object is written."""
        self.mutates |= root_names(node, self.calls)

    def store(self, target: gast.AST) -> None:
        """An assignment's target."""
        if isinstance(target, gast.Name):
            self.binds.add(target.id)
        elif isinstance(target, gast.Tuple | gast.List):
            for element in target.elts:
                self.store(element)
        elif isinstance(target, gast.Starred):
            self.store(target.value)
        elif isinstance(target, gast.Subscript):
            self.read(target.value)
            self.read(target.slice)
            self.mutate(target.value)
        elif isinstance(target, gast.Attribute):
            self.read(target.value)
            self.mutate(target.value)
            self.world = True  # the user sees attributes
        else:
            self.read(target)

    def statement(self, node: Any) -> None:
        """A statement; of a compound one its header."""
        if isinstance(node, gast.Assign):
            self.read(node.value)
            for target in node.targets:
                self.store(target)
        elif isinstance(node, gast.AugAssign):
            self.read(node.value)
            self.store(node.target)
            if isinstance(node.target, gast.Name):
                self.reads.add(node.target.id)
                self.mutates.add(node.target.id)
        elif isinstance(node, gast.AnnAssign):
            if node.value is not None:
                self.read(node.value)
                self.store(node.target)
        elif isinstance(node, gast.If | gast.While):
            self.read(node.test)
            if isinstance(node, tree.Attempt):
                self.read_all([node.types])
                self.world = True
        elif isinstance(node, gast.For):
            self.read(node.iter)
            self.store(node.target)
        elif isinstance(node, gast.Return):
            if node.value is not None:
                self.read(node.value)
        elif isinstance(node, gast.Expr):
            self.read(node.value)
        elif isinstance(node, gast.Assert | gast.Raise):
            self.read_all(tree.children(node))
            self.world = True
        elif isinstance(node, gast.Delete):
            for target in node.targets:
                if isinstance(target, gast.Name):
                    self.reads.add(target.id)
                self.store(target)
        elif isinstance(node, gast.FunctionDef):
            self.read_all([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])
            self.reads |= captured_names(node)
            self.binds.add(node.name)
        elif not isinstance(node, gast.Pass | gast.Break | gast.Continue):
            self.world = True
            for inner in tree.walk(node):
                if isinstance(inner, gast.Name):
                    (self.reads if isinstance(inner.ctx, gast.Load) else self.binds).add(inner.id)


def _parameter_names(args: gast.arguments) -> set[str]:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return {p.id for p in every if p is not None}


def captured_names(node: Any) -> set[str]:
    """Names that a nested function reads from outside itself."""
    own = _parameter_names(node.args)
    body = node.body if isinstance(node.body, list) else [node.body]
    for inner in body:
        own |= tree.names_in(inner, gast.Store)
    return tree.names_in(body) - own


def effects_of(
    statement: gast.AST, function: Function, program: Program | None = None
) -> StatementEffects:
    """The effects of a statement. Without a program, calls of user functions are unknown."""
    collector = _Collector(Calls(function, program))
    collector.statement(statement)
    return collector.result()


def is_pure(expr: gast.AST, function: Function, program: Program | None = None) -> bool:
    """Whether evaluating an expression does nothing but give its value."""
    collector = _Collector(Calls(function, program))
    collector.read(expr)
    return collector.result().pure and not collector.binds


def mutated_parameters(function: Function, program: Program | None = None) -> frozenset[str]:
    """Parameters through which a function may write an object of its caller."""
    from tangent.analysis.summaries import summary_of  # summaries are made of effects

    return summary_of(function, program if program is not None else Program((function,))).mutated


class EffectsTable(Mapping[gast.AST, StatementEffects]):
    """The effects of each statement of a function, by statement, found when they are asked for."""

    def __init__(self, function: Function, program: Program | None) -> None:
        self.function = function
        self.calls = Calls(function, program)
        self._known: dict[gast.AST, StatementEffects | None] = dict.fromkeys(
            tree.walk_statements(function.node.body)
        )

    def __getitem__(self, statement: gast.AST) -> StatementEffects:
        found = self._known[statement]
        if found is None:
            collector = _Collector(self.calls)
            collector.statement(statement)
            found = self._known[statement] = collector.result()
        return found

    def __iter__(self) -> Iterator[gast.AST]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def is_pure(self, expr: gast.AST) -> bool:
        """Whether evaluating an expression does nothing but give its value."""
        collector = _Collector(self.calls)
        collector.read(expr)
        return collector.result().pure and not collector.binds


class Effects(Fact):
    """What each statement reads, binds, mutates and does to the world:
    `facts[Effects][statement]`.
    """

    name = "effects"

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> EffectsTable:
        return EffectsTable(function, facts.program)
