"""A program: an ordered set of functions, each with the scope that its free names are read from.

    Program((Function(f), Function(layer)))      the first is the one that the user asked for

Functions are immutable; a pass returns new ones.
"""

from __future__ import annotations

import builtins
import functools
import types
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent import tree
from tangent.origin import Origin

__all__ = ["MISSING", "Function", "Program", "Scope", "hashable"]


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


def _no_recipe(function: Any) -> bool:
    return False


has_recipe: Callable[[Any], bool] = _no_recipe
"""Whether a function object has a recipe, or a reason not to: set by `recipes.registry`, a layer above."""


def _method(obj: Any, name: str) -> Any:
    """The bound method of an object (`norm.logpdf`, `np.add.reduce`), if it has a recipe."""
    function = getattr(type(obj), name, None)
    if isinstance(function, types.MethodDescriptorType):  # of a class in C
        built_in = getattr(obj, name)
        return built_in if has_recipe(built_in) else MISSING
    if not isinstance(function, types.FunctionType) or name in getattr(obj, "__dict__", {}):
        return MISSING
    method = types.MethodType(function, obj)
    return method if has_recipe(method) else MISSING


@dataclass(frozen=True)
class Scope:
    """Where the free names of a function come from, in order of look-up.

    Attributes:
        injected: names of ours: helpers, sibling functions, default objects. Never seen by the user.
        cells: the user's closure cells.
        globals: the user's module, read live.
    """

    globals: dict[str, Any]
    cells: Mapping[str, types.CellType] = field(default_factory=dict)
    injected: Mapping[str, Any] = field(default_factory=dict)

    def lookup(self, name: str) -> Any:
        """The object that a free name denotes now, or MISSING."""
        if name in self.injected:
            return self.injected[name]
        if name in self.cells:
            try:
                return self.cells[name].cell_contents
            except ValueError:
                return MISSING
        if name in self.globals:
            return self.globals[name]
        return getattr(builtins, name, MISSING)

    def inject(self, /, **names: Any) -> Scope:
        """This scope with more names of ours."""
        return replace(self, injected={**self.injected, **names})

    def names_of(self, obj: Any) -> list[str]:
        """Free names that denote this very object (injected ones, cells, globals, builtins)."""
        found = [n for n, v in self.injected.items() if v is obj]
        found += [n for n in self.cells if self.lookup(n) is obj]
        found += [n for n, v in list(self.globals.items()) if v is obj]
        return [n for n in found if self.lookup(n) is obj]


@dataclass(frozen=True)
class Function:
    """A function's tree with its scope.

    Attributes:
        node: the definition (gast). Its parameters are its arguments; there are no decorators.
        scope: what its free names mean.
        file: the file that the user's source stands in.
        primal: the user's function object that it derives from, if any.
        taken: names that a new name must avoid, beyond those that occur in the tree.
        facts: what passes that ran before promise of this tree, by name (such as ``"anf"``).
        meta: what the pass that made the function wants its readers to know (role, wrt, …).
    """

    node: gast.FunctionDef
    scope: Scope
    file: str = "<unknown>"
    primal: Callable[..., Any] | None = None
    defaults: tuple[Any, ...] = ()
    kwdefaults: Mapping[str, Any] = field(default_factory=dict)
    promises: frozenset[str] = frozenset()
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters in order: positional, `*args`, keyword-only, `**kwargs`."""
        a = self.node.args
        out = [p.id for p in [*a.posonlyargs, *a.args]]
        if a.vararg:
            out.append(a.vararg.id)
        out += [p.id for p in a.kwonlyargs]
        if a.kwarg:
            out.append(a.kwarg.id)
        return tuple(out)

    def locals(self) -> frozenset[str]:
        """Parameters and all names that the body binds."""
        return self._locals

    @functools.cached_property
    def _locals(self) -> frozenset[str]:  # the tree never changes
        own = {*self.parameters, *self.meta.get("free", ()), *self.meta.get("captured", ())}
        elsewhere: set[str] = set()  # `global`, `nonlocal`
        inner: set[gast.AST] = set()  # the targets of comprehensions; each is walked before those
        for node in tree.walk(self.node.body):
            if isinstance(node, gast.Name):
                if isinstance(node.ctx, gast.Store) and node not in inner:
                    own.add(node.id)
            elif isinstance(node, gast.comprehension):
                inner.update(tree.walk(node.target))
            elif isinstance(node, gast.MatchAs | gast.MatchStar):
                own.update([node.name] if node.name else [])
            elif isinstance(node, gast.MatchMapping):
                own.update([node.rest] if node.rest else [])
            elif isinstance(node, gast.FunctionDef | gast.ClassDef):
                own.add(node.name)
            elif isinstance(node, gast.Global | gast.Nonlocal):
                elsewhere.update(node.names)
        return frozenset(own - elsewhere)

    def resolve(self, expr: gast.AST, local_names: Set[str] | None = None) -> Any:
        """The object that a name or a dotted path of free names denotes, or MISSING.

        Attributes are followed through modules and classes only: what an instance's attribute is may
        change from call to call. A method with a recipe (`scipy.stats.norm.logpdf`) is known.
        """
        if isinstance(expr, gast.Name):
            if expr.id in (self.locals() if local_names is None else local_names):
                return MISSING
            return self.scope.lookup(expr.id)
        if isinstance(expr, gast.Attribute):
            base = self.resolve(expr.value, local_names)
            if base is MISSING:
                return MISSING
            if not isinstance(base, types.ModuleType | type):
                return _method(base, expr.attr)
            return getattr(base, expr.attr, MISSING)
        return MISSING

    def with_node(self, node: gast.FunctionDef, *promises: str, **changes: Any) -> Function:
        """The same function with another tree (and more promises); itself if nothing is new."""
        if node is self.node and self.promises.issuperset(promises) and not changes:
            return self
        return replace(self, node=node, promises=self.promises | set(promises), **changes)

    def with_body(self, body: list[Any], *promises: str, **changes: Any) -> Function:
        """The same function with another body; itself if nothing is new."""
        same = tree.same_items(body, self.node.body)
        node = self.node if same else tree.replace(self.node, body=body or [gast.Pass()])
        return self.with_node(node, *promises, **changes)

    def reads_as(self, other: Function) -> bool:
        """It has another's text but for the name, and every free name means the same there."""
        mine, theirs = self.scope, other.scope
        return (
            mine.globals is theirs.globals
            and mine.cells == theirs.cells
            and mine.injected.keys() == theirs.injected.keys()
            and all(theirs.injected[n] is v for n, v in mine.injected.items())
            and tree.same(self.node, tree.replace(other.node, name=self.name))
        )

    def origin(self, node: gast.AST) -> Origin:
        """Where a node that still has its position stands in the user's file."""
        line: Any = getattr(node, "lineno", None)
        if line is None:
            own = getattr(node, "origins", ())
            if own:
                return own[-1]
            node = self.node
            line = getattr(node, "lineno", 1)
        column = getattr(node, "col_offset", 0)
        file, name = getattr(node, "place", (self.file, self.name))  # of a callee, if expanded
        return Origin(
            file=file,
            function=name,
            line=line,
            column=column,
            end_line=getattr(node, "end_lineno", None) or line,
            end_column=getattr(node, "end_col_offset", None) or column + 1,
            text=tree.unparse(node) if isinstance(node, gast.expr) else "",
        )


@dataclass(frozen=True)
class Program:
    """Functions in order, the one that the user asked for first.

    `opaque` holds the callees that could not be read, with the error to raise if one turns out to matter.
    """

    functions: tuple[Function, ...]
    opaque: Mapping[Any, Exception] = field(default_factory=dict)

    @property
    def entry(self) -> Function:
        return self.functions[0]

    def map(self, change: Callable[[Function], Function]) -> Program:
        """Apply a change to every function."""
        return self.with_functions(change(f) for f in self.functions)

    def with_functions(self, functions: Iterable[Function]) -> Program:
        """The program with other functions; itself if they are the same."""
        new = tuple(functions)
        return self if tree.same_items(new, self.functions) else replace(self, functions=new)

    def function_of(self, obj: Any) -> Function | None:
        """The function of this program that derives from a user's function object."""
        for function in self.functions:
            if function.primal is obj:
                return function
        return None


def hashable(obj: Any) -> bool:
    """Whether an object can be looked up in a table."""
    try:
        hash(obj)
    except TypeError:
        return False
    return True
