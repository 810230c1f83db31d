"""Methods of distributions whose parameters are given first, by the methods with all arguments.

before: d = stats.norm(m, scale=s)          after: y = stats.norm.logpdf(x, m, scale=s)
        y = d.logpdf(x)

An object that is only called for its methods is never made. `registry.frozen_by_call` says for which
objects the two are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from types import MethodType
from typing import Any

import gast

from tangent import tree
from tangent.names import Names
from tangent.program import MISSING, Function
from tangent.recipes import registry

__all__ = ["unfrozen"]


def unfrozen(function: Function, names: Names, body: Sequence[gast.stmt]) -> list[gast.stmt]:
    """The body with these calls written out."""
    rewriter = _Unfrozen(function, names, body)
    out = rewriter.visit_block(list(body)) if rewriter.makers else list(body)
    return out


class _Unfrozen(tree.Rewriter):
    def __init__(self, function: Function, names: Names, body: Sequence[gast.stmt]) -> None:
        self.function = function
        self.locals = function.locals()
        self.names = names
        self.stores: Counter[str] = Counter()
        calls: list[gast.Call] = []
        receivers: Counter[str] = Counter()
        loads: Counter[str] = Counter()
        assigned: dict[str, gast.Call] = {}
        for statement in body:
            for node in tree.walk(statement):
                if isinstance(node, gast.Name):
                    (loads if isinstance(node.ctx, gast.Load) else self.stores)[node.id] += 1
                elif isinstance(node, gast.Call):
                    calls.append(node)
                    if isinstance(node.func, gast.Attribute) and isinstance(
                        node.func.value, gast.Name
                    ):
                        receivers[node.func.value.id] += 1
                elif isinstance(node, gast.Assign) and isinstance(node.value, gast.Call):
                    if len(node.targets) == 1 and isinstance(node.targets[0], gast.Name):
                        assigned[node.targets[0].id] = node.value
        self.makers = {id(c): obj for c in calls if (obj := self.maker(c)) is not None}
        self.objects = {
            name: (call, self.makers[id(call)])
            for name, call in assigned.items()
            if id(call) in self.makers
            and self.stores[name] == 1
            and loads[name] == receivers[name]
            and name not in function.parameters
            and all(
                registry.lookup(_method(self.makers[id(call)], c.func.attr))
                for c in calls
                if isinstance(c.func, gast.Attribute)
                and isinstance(c.func.value, gast.Name)
                and c.func.value.id == name
            )
        }

    def maker(self, call: gast.Call) -> Any:
        """The object that a call freezes, or None."""
        if any(isinstance(a, gast.Starred) for a in call.args):
            return None
        if any(k.arg is None for k in call.keywords):
            return None
        found = self.function.resolve(call.func, self.locals)
        return found if found is not MISSING and registry.is_frozen_by_call(found) else None

    def visit_Assign(self, node: gast.Assign) -> Any:
        target = node.targets[0]
        if not isinstance(target, gast.Name) or target.id not in self.objects:
            return self.generic_visit(node)
        call, obj = self.objects[target.id]
        out: list[gast.stmt] = []
        args = [
            self.kept(a, f"{target.id}_{_parameter(obj, i)}", node, out)
            for i, a in enumerate(call.args)
        ]
        keywords = [
            tree.replace(k, value=self.kept(k.value, f"{target.id}_{k.arg}", node, out))
            for k in call.keywords
        ]
        self.objects[target.id] = (tree.replace(call, args=args, keywords=keywords), obj)
        return out or tree.with_origins(gast.Pass(), node)

    def kept(self, value: gast.expr, name: str, at: gast.stmt, out: list[gast.stmt]) -> gast.expr:
        """An expression that has the same value later: itself, or a new name."""
        if isinstance(value, gast.Constant):
            return value
        if isinstance(value, gast.Name) and value.id in self.locals:
            if self.stores[value.id] + (value.id in self.function.parameters) == 1:
                return value
        new = self.names.fresh(name)
        out.append(tree.assign(new, self.visit(value), at))
        return tree.load(new)

    def visit_Call(self, node: gast.Call) -> Any:
        found = self.frozen_of(node)
        if found is None:
            return self.generic_visit(node)
        call, obj = found
        node = self.generic_visit(
            tree.replace(node, func=tree.attribute(tree.copy(call.func), node.func.attr))
        )
        first = _parameter(obj, -1, node.func.attr)
        given = [k.value for k in node.keywords if k.arg == first]
        if len(node.args) + len(given) != 1:
            return node
        args = [*node.args, *given, *map(tree.copy, call.args)]
        rest = [k for k in node.keywords if k.arg != first]
        return tree.replace(node, args=args, keywords=[*rest, *map(tree.copy, call.keywords)])

    def frozen_of(self, node: gast.Call) -> tuple[gast.Call, Any] | None:
        """What a method is called of: the call that freezes, and the distribution."""
        if not isinstance(node.func, gast.Attribute):
            return None
        receiver = node.func.value
        if isinstance(receiver, gast.Name):
            return self.objects.get(receiver.id)
        if isinstance(receiver, gast.Call) and id(receiver) in self.makers:
            obj = self.makers[id(receiver)]
            plain = not any(isinstance(n, gast.Call) for n in _inner(receiver))
            if plain and registry.lookup(_method(obj, node.func.attr)):
                return receiver, obj
        return None


def _inner(call: gast.Call) -> list[gast.AST]:
    return [n for part in (*call.args, *(k.value for k in call.keywords)) for n in tree.walk(part)]


def _method(obj: Any, name: str) -> Any:
    function = getattr(type(obj), name, None)
    return None if function is None else MethodType(function, obj)


def _parameter(obj: Any, index: int, method: str | None = None) -> str:
    """The name of a parameter of the distribution; -1: that of the variable of a method."""
    for name in (method,) if method else ("logpdf", "logpmf"):
        for recipe in registry.lookup(_method(obj, name)) if name else ():
            if index + 1 < len(recipe.parameters):
                return recipe.parameters[index + 1]
    return str(index)
