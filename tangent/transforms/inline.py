"""Inlining: a value with a name of ours that is read once is written where it is read.

    before: t = a * w               after: b = np.sin(a * w)
            b = np.sin(t)

Only names that the transforms made are inlined: the user's own stay. An expression moves down to its reader if nothing
in between binds a name or writes an object that it reads, and an effect (a `pop`) passes no other effect on its object.
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
from tangent.transforms.dead import pop_of, tapes_of

__all__ = ["Inline"]

LONGEST = 88


@register_pass
@dataclass(frozen=True)
class Inline(Pass):
    """Write single-use values of ours where they are used.

    before: A_i = A[i]              after: v = np.sin(A[i])
            v = np.sin(A_i)
    """

    name = "inline"
    requires = (Effects, MayAlias)
    optimisation = True

    def run(self, function: Function, facts: Restricted) -> Function:
        return function.with_body(_Inliner(function, facts).block(function.node.body))


def is_ours(statement: Any) -> bool:
    """The statement binds a name that the transforms made for an intermediate value."""
    return bool(getattr(statement, "temporary", False))


class _Inliner:
    def __init__(self, function: Function, facts: Restricted) -> None:
        self.function = function
        self.facts = facts
        self.effects = facts[Effects]
        self.tapes = tapes_of(function)
        self.loads: dict[str, int] = {}
        self.stores: dict[str, int] = {}
        for node in tree.walk(function.node):
            if isinstance(node, gast.Name):
                table = self.stores if isinstance(node.ctx, gast.Store) else self.loads
                table[node.id] = table.get(node.id, 0) + 1
        self.free_names = set(self.loads) - function.locals()
        self.original: dict[Any, Any] = {}
        self.absorbed: list[Any] = []  # statements that now stand in their reader
        self.known: dict[gast.expr, tuple[set[str], set[str]]] = {}
        self.extra: dict[int, list[Any]] = {}  # what a statement has absorbed, by its id

    def block(self, body: list[Any]) -> list[Any]:
        pending: dict[str, Any] = {}  # assignments that wait for their reader
        out: list[Any] = []
        for statement in body:
            original = statement
            statement = self.absorb(statement, pending)
            statement = self.nested(statement)
            self.original[statement] = original
            self.flush_conflicts(original, statement, pending)
            if self.can_wait(statement):
                pending[statement.targets[0].id] = statement
            out.append(statement)
        absorbed = {id(s) for s in self.absorbed}
        return [s for s in out if id(s) not in absorbed]

    def can_wait(self, statement: Any) -> bool:
        if not (isinstance(statement, gast.Assign) and is_ours(statement)):
            return False
        target = statement.targets[0]
        if not isinstance(target, gast.Name):
            return False
        if self.loads.get(target.id) != 1 or self.stores.get(target.id) != 1:
            return False
        if isinstance(statement.value, gast.List | gast.Dict):
            return isinstance(statement.value, gast.List) and bool(statement.value.elts)
        effects = self.effects[self.source(statement)]
        if effects.world:
            return False
        return all(name in self.tapes for name in effects.mutates)

    def source(self, statement: Any) -> Any:
        """The statement of the input tree that facts are known of."""
        while statement in self.original and self.original[statement] is not statement:
            statement = self.original[statement]
        return statement

    def nested(self, statement: Any) -> Any:
        if isinstance(statement, gast.If):
            body, orelse = self.block(statement.body), self.block(statement.orelse)
            if tree.same_items(body, statement.body) and tree.same_items(orelse, statement.orelse):
                return statement
            return tree.replace(statement, body=body, orelse=orelse)
        if isinstance(statement, gast.For | gast.While):
            body = self.block(statement.body)
            if not tree.same_items(body, statement.body):
                return tree.replace(statement, body=body)
        return statement

    def absorb(self, statement: Any, pending: dict[str, Any]) -> Any:
        """Put waiting expressions into a statement that reads them."""
        if not pending:
            return statement
        fields = own_fields(statement)
        reads = {n for field in fields for n in tree.names_in(getattr(statement, field))}
        for name in [n for n in pending if n in reads]:
            waiting = pending[name]
            for field in fields:
                part = getattr(statement, field)
                if name not in tree.names_in(part):
                    continue
                new_part = _Put(name, waiting.value).visit_part(part)
                new = tree.replace(statement, **{field: new_part})
                if not self.fits(statement, new, waiting):
                    break
                tree.with_origins(new, waiting, statement)
                if hasattr(statement, "role") or not hasattr(waiting, "role"):
                    self.absorbed.append(waiting)
                    self.original[new] = self.original.get(statement, statement)
                    self.merge_effects(statement, waiting, new)
                    statement = new
                    del pending[name]
                break
        return statement

    def merge_effects(self, statement: Any, waiting: Any, new: Any) -> None:
        self.extra.setdefault(id(self.source(statement)), []).append(self.source(waiting))

    def fits(self, statement: Any, new: Any, waiting: Any) -> bool:
        """The result is still a line that one reads; primal code goes back to the user's form."""
        if isinstance(waiting.value, gast.Name | gast.Constant):
            return True
        if not hasattr(statement, "role") and not isinstance(
            statement, gast.For | gast.While | gast.If
        ):
            return True
        shown = new
        if isinstance(new, gast.If | gast.While):
            shown = new.test
        elif isinstance(new, gast.For):
            shown = new.iter
        return len(tree.unparse(shown)) <= LONGEST

    def flush_conflicts(self, original: Any, statement: Any, pending: dict[str, Any]) -> None:
        """Forget the waiting expressions that must not move past a statement."""
        if not pending:
            return
        bound: set[str] = set()
        changed: set[str] = set()
        mutated: set[str] = set()
        world = False
        for inner in tree.walk_statements([self.source(original)]):
            effects = self.effects[inner]
            bound |= effects.binds
            mutated |= effects.mutates
            if not effects.pure:
                changed |= self.facts[MayAlias].changed_names(inner)
            world = world or effects.world
        for extra in self.extra.get(id(self.source(original)), ()):
            mutated |= self.effects[extra].mutates
        for name in list(pending):
            reads, own = self.read_by(pending[name].value)
            blocked = bool(
                reads & bound
                or own & mutated
                or (reads - own - self.tapes) & (changed | mutated)
                or (world and reads & self.free_names_that_change(pending[name].value))
            )
            if blocked:
                del pending[name]

    def read_by(self, value: gast.expr) -> tuple[set[str], set[str]]:
        """The names that a waiting expression reads, and the tapes that it pops."""
        if value not in self.known:
            popped = {pop_of(n) for n in tree.walk(value)}
            self.known[value] = tree.names_in(value), {n for n in popped if n is not None}
        return self.known[value]

    def free_names_that_change(self, value: gast.expr) -> set[str]:
        """Free names read as values (not as the function of a call or a module)."""
        functions = {id(n.func) for n in tree.walk(value) if isinstance(n, gast.Call)}
        return {
            n.id
            for n in tree.walk(value)
            if isinstance(n, gast.Name) and n.id in self.free_names and id(n) not in functions
        }


def own_fields(statement: Any) -> tuple[str, ...]:
    """Fields with expressions that are evaluated once, when the statement begins."""
    if isinstance(statement, gast.Assign):
        return ("value", "targets")
    if isinstance(statement, gast.AugAssign):
        return ("value", "target")
    if isinstance(statement, gast.For):
        return ("iter",)
    if isinstance(statement, gast.If):
        return ("test",)
    if isinstance(statement, gast.Return | gast.Expr):
        return ("value",)
    return ()


class _Put(tree.Rewriter):
    def __init__(self, name: str, value: gast.expr) -> None:
        self.name = name
        self.value = value

    def visit_part(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self.visit(p) for p in part]
        return self.visit(part)

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if node.id == self.name and isinstance(node.ctx, gast.Load):
            return tree.copy(self.value)
        return node
