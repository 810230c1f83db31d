"""Common subexpressions: what was computed already is not computed again.

    before: A_i = A[i]              after: A_i = A[i]
            A_i2 = A[i]                    A_i2 = A_i
            t = A_i * A_i2                 t = A_i * A_i2

Value numbering within blocks: an expression is known until a name that it reads is bound again or an object that it
reads is written. Only names of ours are replaced, and only objects that nothing writes. (Cocke & Schwartz 1970.)
"""

from __future__ import annotations

from collections import Counter
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

__all__ = ["Common"]

Known = dict[
    str, tuple[str, frozenset[str]]
]  # by expression: the name that holds it, the names it reads


@register_pass
@dataclass(frozen=True)
class Common(Pass):
    """Use the name of an equal expression.

    before: c = np.cos(x); t = np.cos(x)        after: c = np.cos(x); t = c
    """

    name = "common"
    requires = (Effects, MayAlias)
    optimisation = True
    reassociates = True  # before the transform: x * x is then one factor, twice

    def run(self, function: Function, facts: Restricted) -> Function:
        keys = repeated_values(function)
        if not keys:
            return function
        return function.with_body(_Numbering(function, facts, keys).block(function.node.body, {}))


def repeated_values(function: Function) -> dict[Any, str]:
    """The assignments whose value occurs in another one too, with a text that equal values share."""
    keys: dict[Any, str] = {}
    for s in tree.walk_statements(function.node.body):
        if (
            isinstance(s, gast.Assign)
            and isinstance(s.targets[0], gast.Name)
            and not isinstance(
                s.value, gast.Name | gast.Constant | gast.List | gast.Tuple | gast.Dict
            )
        ):
            keys[s] = tree.dump(s.value)
    times = Counter(keys.values())
    ours = {key for s, key in keys.items() if getattr(s, "temporary", False)}
    return {s: key for s, key in keys.items() if times[key] > 1 and key in ours}


class _Numbering:
    def __init__(self, function: Function, facts: Restricted, keys: dict[Any, str]) -> None:
        self.facts = facts
        self.keys = keys
        self.effects = facts[Effects]
        self.changed: set[str] = set()
        self.written: set[str] = set()
        for statement in tree.walk_statements(function.node.body):
            self.changed |= self.changed_names(statement)
            self.written |= self.effects[statement].mutates

    def changed_names(self, statement: Any) -> frozenset[str]:
        """Names through which the statement's writes in place may be seen."""
        if self.effects[statement].pure:
            return frozenset()
        changed: frozenset[str] = self.facts[MayAlias].changed_names(statement)
        return changed

    def may_share(self, name: str, value: gast.expr) -> bool:
        """Two evaluations of the expression are as good as one.

        Equal loads give the same view, or equal copies: it is enough that none is written by its own name. New
        objects must not be written at all.
        """
        loads = isinstance(value, gast.Subscript | gast.Attribute)
        return name not in (self.written if loads else self.changed)

    def block(self, body: list[Any], known: Known) -> list[Any]:
        return [self.statement(s, known) for s in body]

    def statement(self, s: Any, known: Known) -> Any:
        if isinstance(s, gast.If):
            body, orelse = self.block(s.body, dict(known)), self.block(s.orelse, dict(known))
            self.forget(s, known)
            return (
                s
                if body == s.body and orelse == s.orelse
                else tree.replace(s, body=body, orelse=orelse)
            )
        if isinstance(s, gast.For | gast.While):
            self.forget(s, known)
            body = self.block(s.body, dict(known))
            return s if body == s.body else tree.replace(s, body=body)
        new = s
        entry: tuple[str, tuple[str, frozenset[str]]] | None = None
        key = self.keys.get(s)
        if key is not None and self.effects[s].pure and self.may_share(s.targets[0].id, s.value):
            target = s.targets[0].id
            if key in known and getattr(s, "temporary", False) and known[key][0] != target:
                new = tree.replace(s, value=tree.load(known[key][0]))
            elif key not in known:
                entry = (key, (target, frozenset(tree.names_in(s.value))))
        self.forget(s, known)
        if entry is not None and entry[1][0] not in entry[1][1]:
            known[entry[0]] = entry[1]
        return new

    def forget(self, s: Any, known: Known) -> None:
        gone = set(assigned_names(s))
        for inner in tree.walk_statements([s]):
            gone |= self.changed_names(inner)
        if not gone:
            return
        for key in [k for k, (name, reads) in known.items() if name in gone or reads & gone]:
            del known[key]
