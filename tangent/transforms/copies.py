"""Copy propagation: read the original instead of the copy.

    before: bt = ba                 after: bt = ba            (dead, if nothing else reads it)
            ba = 2 * bt * a                ba = 2 * ba * a

Block by block: a copy is known from its assignment until one of its two names is bound again. Both names denote one
object all that time, so that writes in place don't matter. (Aho, Lam, Sethi, Ullman, *Compilers*, 2nd ed., §9.1.5.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import gast

from tangent import tree
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.transforms.versions import assigned_names

__all__ = ["Aliases", "Copies", "Propagate"]

# What a name is a copy of: a name, or a form that passes derived from this know.
Copied = dict[str, Any]


@register_pass
@dataclass(frozen=True)
class Copies(Pass):
    """Propagate copies between names that the transforms made.

    before: bsum_t = init_grad            after: bsum_t = init_grad
            bt = 2 * bsum_t * x                  bt = 2 * init_grad * x
    """

    name = "copies"
    optimisation = True
    reassociates = True  # before the transform: x * x is then one factor, twice

    def run(self, function: Function, facts: Restricted) -> Function:
        propagate = Propagate(
            lambda s: hasattr(s, "role") or getattr(s, "temporary", False), function
        )
        return function.with_body(propagate.block(function.node.body, {}))


@register_pass
@dataclass(frozen=True)
class Aliases(Pass):
    """Give an object one name where a second is only a copy of it, so that its adjoint has one name too.

    before: z = y                after: z = y
            z[0] = 1.0                  y[0] = 1.0
            return np.sum(y)            return np.sum(y)
    """

    name = "aliases"
    needs = frozenset({"anf"})

    def run(self, function: Function, facts: Restricted) -> Function:
        body = function.node.body
        return function.with_body(Propagate(lambda s: True, function).block(body, {}))


def saving_names(function: Function) -> frozenset[str]:
    """Names that only ever save what another name denotes, as `t` of `t = a; a = b; b = t`."""
    copies: set[str] = set()
    others = set(function.parameters)
    for statement in tree.walk_statements(function.node.body):
        value = getattr(statement, "value", None)
        if isinstance(statement, gast.Assign):
            names = copies if isinstance(value, gast.Name) else others
            names.update(*(tree.stored_names(t) for t in statement.targets))
        elif isinstance(statement, gast.AugAssign | gast.For):
            others.update(tree.stored_names(statement.target))
    return frozenset(copies - others)


def written_names(function: Function) -> frozenset[str]:
    """Names whose elements are written."""
    return frozenset(
        node.value.id
        for node in tree.walk(function.node)
        if isinstance(node, gast.Subscript)
        and isinstance(node.ctx, gast.Store)
        and isinstance(node.value, gast.Name)
    )


class Propagate:
    def __init__(self, wanted: Callable[[Any], bool], function: Function) -> None:
        self.wanted = wanted
        self.function = function

    @cached_property
    def saving(self) -> frozenset[str]:
        return saving_names(self.function)

    @cached_property
    def written(self) -> frozenset[str]:
        return written_names(self.function)

    def keeps_name(self, statement: gast.Assign) -> bool:
        """A buffer that is swapped in keeps its own name, which its writes go through, not that of what saved it."""
        return statement.value.id in self.saving and statement.targets[0].id in self.written

    def block(self, body: list[Any], copies: Copied) -> list[Any]:
        out = []
        for statement in body:
            new = self.statement(statement, copies)
            if not _is_self_copy(new):
                out.append(new)
        return out

    def statement(self, statement: Any, copies: Copied) -> Any:
        if isinstance(statement, gast.If):
            test = self.read(statement.test, copies)
            body = self.block(statement.body, dict(copies)) or [gast.Pass()]
            orelse = self.block(statement.orelse, dict(copies))
            self.forget(copies, assigned_names(statement))
            return self.changed(statement, test=test, body=body, orelse=orelse)
        if isinstance(statement, gast.For | gast.While):
            head: dict[str, Any] = {}
            if isinstance(statement, gast.For):
                head["iter"] = self.read(statement.iter, copies)
            self.forget(copies, assigned_names(statement))
            if isinstance(statement, gast.While):
                head["test"] = self.read(statement.test, copies)
            body = self.block(statement.body, dict(copies)) or [gast.Pass()]
            return self.changed(statement, body=body, **head)
        new = self.simple(statement, copies)
        bound = assigned_names(statement)
        self.forget(copies, bound)
        if (
            isinstance(new, gast.Assign)
            and isinstance(new.targets[0], gast.Name)
            and isinstance(new.value, gast.Name)
            and new.targets[0].id != new.value.id
            and self.wanted(statement)
            and not self.keeps_name(new)
        ):
            copies[new.targets[0].id] = new.value.id
        return new

    def simple(self, statement: Any, copies: Copied) -> Any:
        if not copies:
            return statement
        if isinstance(statement, gast.AugAssign) and isinstance(statement.target, gast.Name):
            return self.changed(statement, value=self.read(statement.value, copies))
        return self.read(statement, copies)

    @staticmethod
    def read(node: Any, copies: Copied) -> Any:
        if not copies:
            return node
        return _Read(copies).visit(node)

    @staticmethod
    def forget(copies: Copied, names: list[str]) -> None:
        for name in names:
            copies.pop(name, None)
            for copy in [c for c, original in copies.items() if _mentions(original, name)]:
                del copies[copy]

    @staticmethod
    def changed(statement: Any, **fields: Any) -> Any:
        if all(_same_field(getattr(statement, f), v) for f, v in fields.items()):
            return statement
        return tree.replace(statement, **fields)


def _mentions(original: Any, name: str) -> bool:
    if isinstance(original, str):
        return original == name
    return any(isinstance(node, gast.Name) and node.id == name for node in tree.walk(original))


def _is_self_copy(statement: Any) -> bool:
    return (
        isinstance(statement, gast.Assign)
        and isinstance(statement.targets[0], gast.Name)
        and isinstance(statement.value, gast.Name)
        and statement.targets[0].id == statement.value.id
    )


def _same_field(a: Any, b: Any) -> bool:
    if isinstance(a, list):
        return len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))
    return a is b


class _Read(tree.Rewriter):
    def __init__(self, copies: Copied) -> None:
        self.copies = copies

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if isinstance(node.ctx, gast.Load) and node.id in self.copies:
            return tree.load(self.copies[node.id])
        return node
