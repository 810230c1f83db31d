"""Nested functions become functions of the program of their own: templates.

    before: def f(x):                     after: def f(x):
                a = x * 2                            a = x * 2
                def g(v, k=1.0):                     g = closure(g_template, 1.0)
                    return a * v * k                 return g(x)
                return g(x)

`g_template` is a free name of f that denotes a `Template`, from which the `Function` of g derives (its `primal`). In that
one's `meta` are

- `free`: the names of f (and of functions around f) that g reads or writes,
- `defaults`: the parameters that have a default, in the order of the arguments of `closure`,
- `captured`: its own names that functions inside it use in turn (f has this too),
- `volatile`: those of its names that some nested function rebinds, by `nonlocal` (f has this too).

`specialise` expands a template where it is called; its free names then are those of f, read live.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.generators import with_callbacks
from tangent.program import Function
from tangent.scopes import scope_of

__all__ = ["Template", "closure", "lift", "without_docstring"]

Definition = gast.FunctionDef | gast.Lambda


@dataclass(frozen=True, eq=False)
class Template:
    """Stands for a nested function where a function object would."""

    __name__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("a nested function was left in a derivative")


def closure(template: Any, *defaults: Any, **variables: Any) -> Any:
    """Stands where a nested function was defined. Never called: `specialise` takes it out.

    Args:
        template: the nested function.
        defaults: of those of its parameters that have one (`meta["defaults"]`).
        variables: the free names that are targets of a comprehension around it.
    """
    raise AssertionError("a nested function was left in a derivative")


def lift(function: Function) -> tuple[Function, list[Function]]:
    """A function without nested ones, and these as templates, outer ones first."""
    function = with_callbacks(function)
    if not any(isinstance(n, Definition) for s in function.node.body for n in tree.walk(s)):
        return function, []
    rebound = {
        name
        for node in tree.walk(function.node)
        if isinstance(node, gast.Nonlocal)
        for name in node.names
    }
    lifted, templates = _lift(function, frozenset(), rebound, set())
    return lifted, templates


def _lift(
    function: Function, free: frozenset[str], rebound: set[str], used: set[str]
) -> tuple[Function, list[Function]]:
    scope = scope_of(function.node)
    lifter = _Lifter(function, frozenset(scope.bound) | free, used)
    body = lifter.visit_block(function.node.body)
    captured = frozenset().union(*(t.meta["free"] for t in lifter.templates), frozenset())
    meta: dict[str, Any] = {**function.meta}
    if lifter.templates:
        meta["captured"] = captured
    if volatile := frozenset(rebound & (scope.bound | free)):
        meta["volatile"] = volatile
    new = function.with_body(body, scope=function.scope.inject(**lifter.injected), meta=meta)
    templates: list[Function] = []
    for template in lifter.templates:
        inner, more = _lift(template, template.meta["free"], rebound, used)
        templates += [inner, *more]
    return new, templates


class _Lifter(tree.Rewriter):
    """Takes the functions out of one function's body."""

    def __init__(self, function: Function, visible: frozenset[str], used: set[str]) -> None:
        self.function = function
        self.visible = visible
        self.used = used
        self.targets: list[str] = []  # of the comprehensions around
        self.templates: list[Function] = []
        self.injected: dict[str, Any] = {}
        self.taken = tree.names_in(function.node, ctx=None) | visible

    def inject(self, base: str, obj: Any) -> gast.Name:
        name, number = base, 1
        while name in self.taken or hasattr(builtins, name) or name in self.used:
            number += 1
            name = f"{base}{number}"
        self.used.add(name)
        self.injected[name] = obj
        return tree.load(name)

    def visit_FunctionDef(self, node: gast.FunctionDef) -> gast.stmt:
        value: gast.expr = self.closure(node, node.name, node.body)
        for decorator in reversed(node.decorator_list):
            value = tree.call(self.visit(decorator), value)
            value = self.placed(value, decorator)
        return tree.assign(node.name, value, node)

    def visit_Lambda(self, node: gast.Lambda) -> gast.expr:
        result = gast.Return(node.body)
        result.origins = (self.function.origin(node.body),)
        return self.closure(node, "lambda_", [result])

    def visit_ClassDef(self, node: gast.ClassDef) -> gast.AST:
        raise UnsupportedError(
            "a nested `class` is not supported",
            self.function.origin(node),
            remedy="define the class at the module's level",
        )

    def visit_ListComp(self, node: Any) -> Any:
        names = [n for g in node.generators for n in tree.stored_names(g.target)]
        self.targets += names
        new = self.generic_visit(node)
        del self.targets[len(self.targets) - len(names) :]
        return new

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def closure(self, node: Any, name: str, body: list[Any]) -> gast.Call:
        a = node.args
        positional = [p.id for p in [*a.posonlyargs, *a.args]]
        given = list(zip(positional[len(positional) - len(a.defaults) :], a.defaults, strict=True))
        given += [
            (p.id, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None
        ]
        arguments = tree.replace(a, defaults=[], kw_defaults=[None for _ in a.kwonlyargs])
        inner = gast.FunctionDef(name, arguments, without_docstring(body), [], None, None, [])
        tree.with_origins(inner, *([node] if hasattr(node, "origins") else []))
        self.placed(inner, node)
        scope = scope_of(inner)
        free = frozenset(scope.free & (self.visible | set(self.targets)))
        template = Function(
            node=_WithoutNonlocal().visit(inner),
            scope=self.function.scope,
            file=self.function.file,
            primal=Template(name),
            meta={"free": free, "defaults": tuple(n for n, _ in given)},
        )
        self.templates.append(template)
        reference = self.inject(f"{name}_template".replace("__", "_"), template.primal)
        marker = next((n for n, v in self.injected.items() if v is closure), None)
        func = tree.load(marker) if marker else self.inject("closure", closure)
        call = tree.call(func, reference, *(self.visit(d) for _, d in given))
        call.keywords = [gast.keyword(n, tree.load(n)) for n in sorted(free) if n in self.targets]
        return self.placed(call, node)

    @staticmethod
    def placed(new: Any, node: Any) -> Any:
        for key in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            if getattr(node, key, None) is not None:
                setattr(new, key, getattr(node, key))
        return new


class _WithoutNonlocal(tree.Rewriter):
    """Drops the declarations of a function, not of those inside it."""

    def __init__(self) -> None:
        self.outer = True

    def visit_FunctionDef(self, node: gast.FunctionDef) -> gast.AST:
        if not self.outer:
            return node
        self.outer = False
        return self.generic_visit(node)

    def visit_Nonlocal(self, node: gast.Nonlocal) -> gast.AST:
        return tree.with_origins(gast.Pass(), node)


def without_docstring(body: list[Any]) -> list[Any]:
    """The statements of a body behind its docstring; one at least."""
    first = body[0]
    if isinstance(first, gast.Expr) and isinstance(first.value, gast.Constant):
        if isinstance(first.value.value, str):
            return body[1:] or [tree.with_origins(gast.Pass(), first)]
    return body
