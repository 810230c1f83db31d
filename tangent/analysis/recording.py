"""What has to be recorded: values that adjoint statements read and that are overwritten before.

    for i in range(n):
        a = a * a         # record: a      its adjoint reads a, which is overwritten here
        s = s + a         #                no adjoint reads s

Theory. "To be recorded" (Hascoet, Naumann, Pascual, "TBR analysis in reverse-mode automatic
differentiation", FGCS 21, 2005), forward, joined by union over sets of names. `Pre` and `Post` are
what the adjoint of a statement reads of the values before and after it, `Must` and `May` what it
overwrites certainly and possibly:

    Out = ((In | Pre) - Must) | Post             recorded here: May & (In | Pre)

Pre and Post come from the templates of the recipes: the partial `y * (1 - y)` reads the result, `2
* x` the argument. Names stand for whole objects here, under every name that may share their memory;
that a write touches other elements than those needed is what `regions` can prove. Not counted:
shapes, tests (the test's value is kept, not what it read) and the target of a `for` over an
unchanged range, which is replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent import tree
from tangent.analysis.activity import Activity, ActivitySolution
from tangent.analysis.aliases import Aliases, MayAlias
from tangent.analysis.calls import Calls, local_names
from tangent.analysis.cfg import Cfg
from tangent.analysis.dataflow import Dataflow, Numbering, Solution
from tangent.analysis.effects import Effects
from tangent.analysis.flows import OPERATORS, Flows
from tangent.analysis.known import FRESH_ATTRIBUTES
from tangent.facts import Restricted
from tangent.program import MISSING, Function
from tangent.recipes import registry

__all__ = ["AdjointReads", "Recording", "ToBeRecorded"]

SHAPE_FUNCTIONS = frozenset({"shape", "ndim", "size", "len", "zeros_like", "full_like", "like"})


class AdjointReads:
    """Which names the adjoint of a statement reads, before (`pre`) and after it (`post`)."""

    def __init__(self, function: Function, facts: Restricted) -> None:
        self.calls = Calls(function, facts.program)
        self.flows = Flows(self.calls)
        self.activity: ActivitySolution = facts[Activity]

    def of(self, statement: Any) -> tuple[frozenset[str], frozenset[str]]:
        """`pre` and `post` of a statement."""
        pre: set[str] = set()
        post: set[str] = set()
        if isinstance(statement, gast.For):
            pre |= tree.names_in(statement.iter)  # the range is walked again
        if not self.activity.active_target(statement):
            return frozenset(pre), frozenset()
        varied = self.activity.varied.before[statement]
        value = getattr(statement, "value", None)
        if value is None:
            return frozenset(pre), frozenset()
        if isinstance(statement, gast.AugAssign):
            left = tree.copy(statement.target)
            for node in tree.walk(left):
                if hasattr(node, "ctx"):
                    node.ctx = gast.Load()
            value = gast.BinOp(left, statement.op, value)
        result: set[str] = set()
        for target in getattr(statement, "targets", None) or [getattr(statement, "target", None)]:
            if isinstance(target, gast.Name):
                result.add(target.id)
            elif isinstance(target, gast.Subscript):
                pre |= tree.names_in(target.slice)
                result |= tree.names_in(target.value)
        reads_result = self._reads(value, varied, pre)
        if reads_result:
            post |= result or tree.names_in(value)
        return frozenset(pre), frozenset(post)

    def _reads(self, node: gast.AST, varied: frozenset[str], reads: set[str]) -> bool:
        """Add what the adjoint of an expression reads; whether it reads the expression's value."""
        if not self.flows.into(node) & varied:
            return False
        if isinstance(node, gast.Subscript):
            reads |= tree.names_in(node.slice)
            self._inner(node.value, varied, reads)
            return False
        recipe, bound = self._recipe(node)
        if recipe is None:
            if isinstance(node, gast.Call):
                reads |= tree.names_in([*node.args, *(k.value for k in node.keywords)])
            for child in gast.iter_child_nodes(node):
                self._inner(child, varied, reads)
            return False
        template = recipe.variants[-1][1]
        wanted: set[str] = set()
        for parameter, expr in template.values.items():
            arguments = bound.get(parameter)
            parts = arguments if isinstance(arguments, tuple) else (arguments,)
            if any(self.flows.into(part) & varied for part in parts):
                wanted |= _value_names(expr)
        for setup in reversed(template.setup):
            if wanted & set(tree.stored_names(setup)):
                wanted |= _value_names(setup.value)
        for parameter, arguments in bound.items():
            parts = arguments if isinstance(arguments, tuple) else (arguments,)
            for part in parts:
                if parameter in wanted:
                    reads |= tree.names_in(part) & self.calls.locals
                self._inner(part, varied, reads)
        return template.result in wanted

    def _inner(self, node: gast.AST, varied: frozenset[str], reads: set[str]) -> None:
        """An operand: where its adjoint reads its value, that is computed again from its names."""
        if self._reads(node, varied, reads):
            reads |= tree.names_in(node) & self.calls.locals

    def _recipe(self, node: gast.AST) -> tuple[registry.Recipe | None, Mapping[str, Any]]:
        """The recipe of an operation, with the arguments by parameter."""
        found: Any = MISSING
        args: list[gast.AST] = []
        keywords: list[gast.AST] = []
        if isinstance(node, gast.BinOp):
            found, args = OPERATORS[type(node.op)], [node.left, node.right]
        elif isinstance(node, gast.UnaryOp):
            found, args = OPERATORS[type(node.op)], [node.operand]
        elif isinstance(node, gast.Call):
            found, args, keywords = self.calls.resolve(node.func), node.args, node.keywords
        if found is not MISSING:
            for recipe in registry.lookup(found):
                bound = recipe.bind(args, keywords)
                if bound is not None and recipe.variants:
                    return recipe, bound
        return None, {}


def _value_names(node: gast.AST) -> set[str]:
    """Names whose value (not only whose shape) an expression reads."""
    if isinstance(node, gast.Name):
        return {node.id}
    if isinstance(node, gast.Attribute) and node.attr in FRESH_ATTRIBUTES:
        return set()
    if isinstance(node, gast.Call):
        func = node.func
        called = func.attr if isinstance(func, gast.Attribute) else getattr(func, "id", "")
        if called in SHAPE_FUNCTIONS:
            return set()
        if called == "unbroadcast":
            return _value_names(node.args[0])
    out: set[str] = set()
    for child in gast.iter_child_nodes(node):
        out |= _value_names(child)
    return out


class ToBeRecorded(Solution):
    """Names whose present value an adjoint reads: `before`, `after`; and `recorded`."""

    def recorded(self, statement: Any) -> frozenset[str]:
        """The names whose value has to be recorded, as a statement is about to overwrite it."""
        analysis = self.analysis
        pre, _, _, may = analysis.steps[statement]
        if isinstance(statement, gast.For):
            return frozenset()
        return analysis.names.members((self.before.raw[statement] | pre) & may)


class Recording(Dataflow):
    """To be recorded: `facts[Recording].recorded(statement)`."""

    name = "recording"
    requires = (Cfg, Effects, MayAlias, Activity)
    forward = True
    solution = ToBeRecorded

    def __init__(self, function: Function, facts: Restricted) -> None:
        super().__init__(function, facts)
        self.names = Numbering(sorted(local_names(function)))
        reads = AdjointReads(function, facts)
        aliases: Aliases = facts[MayAlias]
        self.steps: dict[Any, tuple[int, int, int, int]] = {}
        for statement in self.graph.statements:
            pre, post = reads.of(statement)
            binds = facts[Effects][statement].binds
            changed = aliases.changed_names(statement)
            self.steps[statement] = (
                self.names.bits(pre),
                self.names.bits(post),
                self.names.bits(binds),
                self.names.bits(binds | changed),
            )

    def boundary(self) -> int:
        return 0

    def bottom(self) -> int:
        return 0

    def join(self, a: int, b: int) -> int:
        return a | b

    def transfer(self, statement: Any, state: int) -> int:
        pre, post, must, _ = self.steps[statement]
        if isinstance(statement, gast.For):
            return state | pre
        return ((state | pre) & ~must) | post

    def decode(self, state: int) -> frozenset[str]:
        return self.names.members(state)
