"""Clears: the zero that a taken adjoint leaves behind is merged with the next addition, or dropped.

    before: g = bA[i] / 3.0                after: g = bA[i] / 3.0
            bA[i] = 0.0                           bA[i + 1] += g
            bA[i + 1] += g                        bA[i] = 2 * g * a
            bA[i] += 2 * g * a

A clear moves down over statements that don't touch its element (`analysis.regions` proves it). It meets the addition
to the same element and becomes its assignment; or it reaches the end of its block, and is dropped if nothing touches
the element afterwards. Adjoint liveness: Araya-Polo & Hascoët, "Data flow algorithms in the Tapenade tool", 2004.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis import regions
from tangent.analysis.aliases import MayAlias
from tangent.analysis.kinds import Kinds
from tangent.analysis.values import Values
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.transforms.accesses import region_access
from tangent.transforms.versions import assigned_names

__all__ = ["Clears"]


@register_pass
@dataclass(frozen=True)
class Clears(Pass):
    """Merge or drop clears of adjoint elements.

    before: bA[i] = 0.0; bA[i] += g        after: bA[i] = g
    """

    name = "clears"
    requires = (Values, Kinds, MayAlias)
    optimisation = True

    def run(self, function: Function, facts: Restricted) -> Function:
        if not any(is_clear(s) for s in tree.walk_statements(function.node.body)):
            return function
        worker = _Worker(function, facts)
        return function.with_body(worker.block(function.node.body))


def is_clear(statement: Any) -> bool:
    return bool(getattr(statement, "is_clear", False))


class _Worker:
    def __init__(self, function: Function, facts: Restricted) -> None:
        self.function = function
        self.values = facts[Values]
        self.kinds = facts[Kinds]
        self.aliases = facts[MayAlias]
        self.everything = list(tree.walk_statements(function.node.body))
        self.accesses: dict[tuple[int, Any], regions.Access] = {}
        self.own_names = functools.cache(own_names)
        self.uses = functools.cache(uses)

    def block(self, body: list[Any]) -> list[Any]:
        out = [self.nested(s) for s in body]
        source = {id(new): old for new, old in zip(out, body, strict=True)}
        position = len(out) - 1
        while position >= 0:
            if is_clear(out[position]):
                out = self.sink(out, position, source)
            position -= 1
        return out

    def nested(self, statement: Any) -> Any:
        if isinstance(statement, gast.If):
            body, orelse = self.block(statement.body), self.block(statement.orelse)
            return tree.replace(statement, body=body or [gast.Pass()], orelse=orelse)
        if isinstance(statement, gast.For | gast.While):
            return tree.replace(statement, body=self.block(statement.body) or [gast.Pass()])
        return statement

    def sink(self, body: list[Any], position: int, source: dict[int, Any]) -> list[Any]:
        clear = body[position]
        target = clear.targets[0]
        base = target.value.id
        names = tree.names_in(target.slice)
        place = position
        for k in range(position + 1, len(body)):
            statement = body[k]
            original = source.get(id(statement), statement)
            added = self.added_to(statement, base)
            if added is not None and tree.same(added, target.slice):
                if not self.aliases.changed_names(clear) & tree.names_in(statement.value):
                    merged = gast.Assign([target], statement.value, None)
                    merged.role = "adjoint"
                    tree.with_origins(merged, statement)
                    source[id(merged)] = original
                    return [*body[:position], *body[position + 1 : k], merged, *body[k + 1 :]]
            if self.touches(clear, statement, original, base, "same"):
                break
            if names & set(assigned_names(original)) or base in assigned_names(original):
                break
            place = k
        else:
            if not self.touched_later(clear, base):
                return [*body[:position], *body[position + 1 :]]
        moved = [*body[:position], *body[position + 1 : place + 1], clear, *body[place + 1 :]]
        return moved

    @staticmethod
    def added_to(statement: Any, base: str) -> gast.expr | None:
        """The index of `base[index] += e`."""
        if (
            isinstance(statement, gast.AugAssign)
            and isinstance(statement.op, gast.Add)
            and isinstance(statement.target, gast.Subscript)
            and isinstance(statement.target.value, gast.Name)
            and statement.target.value.id == base
        ):
            return statement.target.slice
        return None

    def touches(self, clear: Any, statement: Any, original: Any, base: str, order: Any) -> bool:
        """The statement may read or write the element that a clear writes."""
        inner = list(tree.walk_statements([original]))
        others = self.aliases.changed_names(clear) - {base}
        for s in inner:
            if others & self.own_names(s):
                return True
            found = self.uses(s, base)
            if found is None:
                return True
            for index in found:
                if s not in self.values.position or clear not in self.values.position:
                    return True
                if regions.may_overlap(
                    self.access(clear, clear.targets[0].slice, base),
                    self.access(s, index, base),
                    order if len(inner) == 1 else "any",
                ):
                    return True
        return False

    def touched_later(self, clear: Any, base: str) -> bool:
        """Something may use the element after the clear's iteration, before the object is gone."""
        position = self.values.position
        here = self.values.loops[clear]
        mine = self.access(clear, clear.targets[0].slice, base)
        others = self.aliases.changed_names(clear) - {base}
        for s in self.everything:
            if s is clear or s not in position:
                continue
            if position[s] < position[clear] and not set(here) & set(self.values.loops[s]):
                continue
            if others & self.own_names(s):
                return True
            bound = base in assigned_names(s) and not isinstance(s, gast.For | gast.While | gast.If)
            if not bound and base not in self.own_names(s):
                continue
            if position[s] < position[clear] and not set(here) & set(self.values.loops[s]):
                continue
            if bound and not set(here) & set(self.values.loops[s]):
                continue
            found = self.uses(s, base)
            if found is None or bound:
                return True
            for index in found:
                if regions.may_overlap(mine, self.access(s, index, base), "after"):
                    return True
        return False

    def access(self, at: Any, index: gast.expr, base: str) -> regions.Access:
        key = (id(index), at)
        if key not in self.accesses:
            self.accesses[key] = region_access(self.values, self.kinds, at, index, base)
        return self.accesses[key]


def own_names(statement: Any) -> set[str]:
    """Names that occur in a statement itself, not in its blocks."""
    out: set[str] = set()
    for field in statement._fields:
        if field in tree.BLOCK_FIELDS:
            continue
        part = getattr(statement, field, None)
        for node in part if isinstance(part, list) else [part]:
            if isinstance(node, gast.AST):
                out |= tree.names_in(node, ctx=None)
    return out


def uses(statement: Any, base: str) -> list[gast.expr] | None:
    """Indices at which a statement itself uses `base`; None: it uses it whole, or by another name."""
    subscripts: list[gast.expr] = []
    counted = 0
    for field in statement._fields:
        if field in tree.BLOCK_FIELDS:
            continue
        part = getattr(statement, field, None)
        for node in part if isinstance(part, list) else [part]:
            if not isinstance(node, gast.AST):
                continue
            for n in tree.walk(node):
                if isinstance(n, gast.Subscript) and isinstance(n.value, gast.Name):
                    if n.value.id == base:
                        subscripts.append(n.slice)
                        counted += 1
                if isinstance(n, gast.Name) and n.id == base:
                    counted -= 1
    return None if counted < 0 else subscripts
