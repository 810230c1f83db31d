"""Which names a function binds, and which it reads from around it, as Python's compiler sees them.

def f(x):                              binds x, a, g; reads np
    a = np.sin(x)
    def g(v): return a * v             binds v; free: a
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree

__all__ = ["COMPREHENSIONS", "Scope", "names_bound", "scope_of"]

COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


@dataclass
class Scope:
    """Names of one function as Python's compiler sees them."""

    bound: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)  # `nonlocal`

    @property
    def free(self) -> set[str]:
        return (self.reads | self.elsewhere) - self.bound


def scope_of(node: Any) -> Scope:
    """The scope of a function: what it binds, and what it reads from around it."""
    scope = Scope()
    a = node.args
    scope.bound.update(p.id for p in [*a.posonlyargs, *a.args, *a.kwonlyargs])
    scope.bound.update(p.id for p in (a.vararg, a.kwarg) if p is not None)
    outside: set[str] = set()
    _gather(node.body if isinstance(node.body, list) else [node.body], scope, outside)
    scope.bound -= outside
    return scope


def _gather(nodes: Iterable[Any], scope: Scope, outside: set[str]) -> None:
    for node in nodes:
        if isinstance(node, gast.Name):
            (scope.reads if isinstance(node.ctx, gast.Load) else scope.bound).add(node.id)
        elif isinstance(node, gast.Nonlocal | gast.Global):
            outside.update(node.names)
            if isinstance(node, gast.Nonlocal):
                scope.elsewhere.update(node.names)
        elif isinstance(node, gast.FunctionDef | gast.Lambda):
            a = node.args
            around = [*a.defaults, *(d for d in a.kw_defaults if d is not None)]
            if isinstance(node, gast.FunctionDef):
                scope.bound.add(node.name)
                around += node.decorator_list
            _gather(around, scope, outside)
            scope.bound |= getattr(node, "shares", frozenset())  # a loop's body
            scope.reads |= scope_of(node).free
        elif isinstance(node, COMPREHENSIONS):
            inner = Scope()
            parts = [node.elt] if not isinstance(node, gast.DictComp) else [node.key, node.value]
            for generator in node.generators:
                parts += [generator.iter, *generator.ifs]
            _gather(parts, inner, outside)
            targets = {n for g in node.generators for n in tree.stored_names(g.target)}
            scope.reads |= inner.reads - targets
            scope.bound |= inner.bound  # by `:=`
        else:
            if isinstance(node, gast.ExceptHandler) and isinstance(node.name, gast.Name):
                scope.bound.add(node.name.id)
            _gather(_below(node), scope, outside)


def names_bound(nodes: Iterable[Any]) -> set[str]:
    """Names that nodes bind in the function that they stand in."""
    scope, outside = Scope(), set[str]()
    _gather(nodes, scope, outside)
    return scope.bound - outside


def _below(node: Any) -> list[Any]:
    """All nodes directly below one, names of patterns and imports as stores."""
    found = [c for c in gast.iter_child_nodes(node) if isinstance(c, gast.AST)]
    for key in ("name", "rest"):
        name = getattr(node, key, None)
        if isinstance(name, str):
            found.append(tree.store(name))
    if isinstance(node, gast.Import | gast.ImportFrom):
        found = [tree.store((a.asname or a.name).split(".")[0]) for a in node.names]
    return found
