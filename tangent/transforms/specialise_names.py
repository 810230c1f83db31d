"""How a callee's names are written in the function that it is expanded into.

    helper in other.py reads SCALE, np, math       here: other.SCALE, np, math

Globals stay live: those of another module are read as attributes of that module, the user's cells stay the user's
cells. Functions, classes and modules are what they are when the derivative is made, as everywhere.
"""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import gast

from tangent import standins, tree
from tangent.errors import UnsupportedError
from tangent.names import Names
from tangent.origin import Origin, origins_of
from tangent.program import MISSING, Function, Scope

__all__ = ["Copier", "Spelling", "free_names", "is_definition", "shown_origins", "stored"]


def is_definition(obj: Any) -> bool:
    """A function, class or module, whatever implements it."""
    if isinstance(obj, types.ModuleType | type):
        return True
    return callable(obj) and not hasattr(obj, "__array__")


def free_names(function: Function) -> set[str]:
    """The names that a function reads from its scope."""
    return tree.names_in(function.node.body) - function.locals()


class Spelling:
    """The scope of a function that others are expanded into.

    Attributes:
        names: hands out names in it.
        scope: what its free names mean, with what expansions have added.
    """

    def __init__(self, function: Function, others: Iterable[Function]) -> None:
        self.function = function
        self.names = Names.of(function)
        self.names.taken.update(*(free_names(f) for f in others))
        self.own = set(function.locals())
        self.scope: Scope = function.scope

    def state(self) -> Any:
        """What `back_to` takes, to forget the names that have been handed out since."""
        return set(self.names.taken), set(self.own), self.scope

    def back_to(self, state: Any) -> None:
        taken, own, self.scope = state
        self.names.taken, self.own = set(taken), set(own)

    def fresh(self, base: str) -> str:
        return self.names.fresh(base)

    def variable(self, base: str) -> str:
        """A new variable."""
        name = self.names.fresh(base)
        self.own.add(name)
        return name

    def inject(self, obj: Any, base: str) -> gast.Name:
        """A name of ours for an object."""
        for known, value in self.scope.injected.items():
            if value is obj and known not in self.own:
                return tree.load(known)
        if base not in self.own and self.scope.lookup(base) is obj:
            self.names.taken.add(base)
            return tree.load(base)
        new = base
        if base in self.own or self.scope.lookup(base) is not MISSING or not base.isidentifier():
            new = self.fresh(base)
        self.names.taken.add(new)
        self.scope = self.scope.inject(**{new: obj})
        return tree.load(new)

    def spell(self, name: str, function: Function) -> gast.expr:
        """A free name of another function."""
        theirs, mine = function.scope, self.scope
        visible = name not in self.own
        if name in theirs.injected:
            obj = theirs.injected[name]
            if visible and mine.lookup(name) is obj:
                return tree.load(name)
            return self.inject(obj, name)
        if name in theirs.cells:
            cell = theirs.cells[name]
            if visible and name not in mine.injected and mine.cells.get(name) is cell:
                return tree.load(name)
            for known, value in mine.cells.items():
                if value is cell and known not in self.own and known not in mine.injected:
                    return tree.load(known)
            new = self.fresh(name)
            self.scope = replace(mine, cells={**mine.cells, new: cell})
            return tree.load(new)
        free = visible and name not in mine.injected and name not in mine.cells
        if free and theirs.globals is mine.globals:
            return tree.load(name)
        value = theirs.lookup(name)
        if name not in theirs.globals and value is not MISSING:  # a builtin
            if free and mine.lookup(name) is value and getattr(builtins, name, MISSING) is value:
                return tree.load(name)
            return self.inject(value, name)
        if is_definition(value) and value is not MISSING:
            for alias in mine.names_of(value) if isinstance(value, types.ModuleType) else ():
                if alias not in self.own:
                    self.names.taken.add(alias)
                    return tree.load(alias)
            return self.inject(value, name)
        return tree.attribute(self.module(name, function), name)

    def module(self, name: str, function: Function) -> gast.expr:
        """The module whose globals a function reads."""
        module = sys.modules.get(function.scope.globals.get("__name__", ""))
        if module is None or vars(module) is not function.scope.globals:
            raise UnsupportedError(
                f"`{name}` in `{function.name}` is a global of a module that can't be reached",
                function.origin(function.node),
                why=f"`{function.name}` writes its arguments, and so is expanded where it is called, "
                "in another module",
                remedy="pass it as an argument",
            )
        for alias in self.scope.names_of(module):
            if alias not in self.own:
                self.names.taken.add(alias)
                return tree.load(alias)
        return self.inject(module, module.__name__.rpartition(".")[2])


def shown_origins(function: Function, at: gast.AST) -> tuple[Origin, ...] | None:
    """What the statements of an expanded function derive from, where they are none of the user's."""
    if function.scope.globals is vars(standins):
        return origins_of(at)
    return None


class Copier:
    """Copies a callee's statements, with its names written as in the function around the call.

    Args:
        mapping: what its names become: names, constants, or attributes of modules.
        function: the callee (errors are to show its file).
        origins: where its statements come from, if that is not its own file.
    """

    def __init__(
        self,
        mapping: dict[str, gast.expr],
        function: Function,
        origins: tuple[Origin, ...] | None = None,
    ) -> None:
        self.mapping = mapping
        self.origins = origins
        self.place = (function.file, function.name)

    def copy(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.copy(item) for item in node]
        if not isinstance(node, gast.AST):
            return node
        if isinstance(node, gast.Name) and (given := self.mapping.get(node.id)) is not None:
            new = tree.copy(given)
            if isinstance(new, gast.Name):
                new.ctx = node.ctx
        else:
            sort: Any = type(node)
            new = sort.__new__(sort)
            for key, value in vars(node).items():
                below = key != "ctx" and isinstance(value, gast.AST | list)
                vars(new)[key] = self.copy(value) if below else value
        if self.origins is not None:
            if hasattr(new, "origins"):
                new.origins = self.origins
            new.lineno = None
        elif hasattr(node, "lineno"):
            for key in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
                if hasattr(node, key):
                    setattr(new, key, getattr(node, key))
            if not hasattr(new, "place"):
                new.place = self.place
        return new


def stored(body: Sequence[gast.AST]) -> dict[str, None]:
    """Names that a block binds, in the order in which it does."""
    found: dict[str, None] = {}
    for statement in tree.walk_statements(body):
        for field in ("targets", "target"):
            part = getattr(statement, field, None)
            for target in part if isinstance(part, list) else [part]:
                if isinstance(target, gast.AST):
                    found.update(dict.fromkeys(tree.stored_names(target)))
    return found
