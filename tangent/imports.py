"""`import` inside a function: the names that it binds denote modules and their objects, as globals do.

    before: from math import sin          after: y = sin(x)          `sin` is math.sin
            y = sin(x)

What is imported is found when the derivative is written. Where it can't be, the statement becomes
the error that it would raise.
"""

from __future__ import annotations

import importlib
from typing import Any

import gast

from tangent import tree
from tangent.names import Names
from tangent.program import MISSING, Function

__all__ = ["resolve_imports"]


def resolve_imports(function: Function) -> Function:
    """The function without its imports, in a scope where their names are bound."""
    if not any(
        isinstance(s, gast.Import | gast.ImportFrom)
        for s in tree.walk_statements(function.node.body)
    ):
        return function
    resolver = _Imports(function)
    body = resolver.visit_block(function.node.body)
    return function.with_body(body, scope=function.scope.inject(**resolver.found))


class _Imports(tree.Rewriter):
    def __init__(self, function: Function) -> None:
        self.function = function
        self.locals = function.locals()
        self.names = Names.of(function)
        self.found: dict[str, Any] = {}

    def visit_Import(self, node: gast.Import) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        for alias in node.names:
            try:
                module: Any = importlib.import_module(alias.name)
                if alias.asname is None:
                    module = importlib.import_module(alias.name.partition(".")[0])
            except ImportError as error:
                return [*out, self.failure(error, node)]
            out += self.bind(alias.asname or alias.name.partition(".")[0], module, node)
        return out or [tree.with_origins(gast.Pass(), node)]

    def visit_ImportFrom(self, node: gast.ImportFrom) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        name = "." * (node.level or 0) + (node.module or "")
        for alias in node.names:
            try:
                module = importlib.import_module(
                    name, self.function.scope.globals.get("__package__")
                )
                value = getattr(module, alias.name, MISSING)
                if value is MISSING:
                    value = importlib.import_module(f"{module.__name__}.{alias.name}")
            except ImportError as error:
                return [*out, self.failure(error, node)]
            out += self.bind(alias.asname or alias.name, value, node)
        return out or [tree.with_origins(gast.Pass(), node)]

    def bind(self, name: str, value: Any, node: gast.stmt) -> list[gast.stmt]:
        """Bind a name for good, or where it has other values too, as an assignment does."""
        if name not in self.locals and self.found.setdefault(name, value) is value:
            return []
        constant = self.names.fresh(name)
        self.found[constant] = value
        return [tree.assign(name, tree.load(constant), node)]

    def failure(self, error: ImportError, node: gast.stmt) -> gast.stmt:
        constant = self.names.fresh("error")
        self.found[constant] = error
        return tree.with_origins(gast.Raise(tree.load(constant), None), node)

    def visit_block(self, body: Any) -> list[Any]:
        out: list[Any] = []
        for statement in super().visit_block(body):
            out.append(statement)
            if isinstance(statement, gast.Raise):
                break
        return out or [tree.with_origins(gast.Pass(), *body[:1])]

    def generic_visit(self, node: Any) -> Any:
        changes = {
            field: self.visit_block(block)
            for field in tree.BLOCK_FIELDS
            if isinstance(block := getattr(node, field, None), list) and block
        }
        return tree.replace(node, **changes) if changes else node
