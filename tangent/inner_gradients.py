"""Derivatives that a function takes inside itself, settled when its own derivative is written.

    before: def f(x):                              after: def f(x):
                return tangent.grad(g)(x) * x                 return dgdx(x) * x
            def f(x):                                     def f(x):
                def h(v): return v ** 3 * x                   h = closure(h_template)
                return tangent.grad(h)(x)                     return closure(dhdv_template, 1.0)(x)

`dgdx` is the generated function, which is differentiated again like any other. The derivative of a nested function is
written for one that takes its free names as arguments; in the result they are free names again, so that it depends
on them as the nested function does. What is not settled here (a function that only the run knows, options that are
not literal) is left to the run: `tangent.runtime_calls`.
"""

from __future__ import annotations

import ast
import contextvars
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from tangent import tree
from tangent.errors import TangentError
from tangent.lift import Template, closure
from tangent.parse import parse
from tangent.program import Function

__all__ = ["derivative", "is_maker", "makers", "settle"]

# `tangent.grad` and its like; `tangent.late` registers them, as they are layers above.
makers: list[Callable[..., Any]] = []


def settle(function: Function, templates: list[Function]) -> tuple[Function, list[Function]]:
    """A function whose inner derivatives are names of functions, and the templates that this adds."""
    calls = [n for s in function.node.body for n in tree.walk(s) if isinstance(n, gast.Call)]
    names = function.locals()
    if not any(is_maker(function.resolve(c.func, names)) for c in calls):
        return function, []
    settling = _Settling(function, templates)
    body = settling.visit_block(function.node.body)
    scope = function.scope.inject(**settling.injected)
    return function.with_body(body, scope=scope), settling.made


def is_maker(obj: Any) -> bool:
    return any(obj is maker for maker in makers)


class _Settling(tree.Rewriter):
    def __init__(self, function: Function, templates: list[Function]) -> None:
        self.function = function
        self.names = function.locals()
        self.templates = {id(t.primal): t for t in templates}
        self.injected: dict[str, Any] = {}
        self.taken = tree.names_in(function.node, ctx=None) | set(function.scope.injected)
        self.made: list[Function] = []

    def visit_Call(self, node: gast.Call) -> gast.AST:
        new: gast.Call = self.generic_visit(node)
        maker = self.function.resolve(new.func, self.names)
        if not is_maker(maker) or not new.args:
            return new
        try:
            args = [literal(a) for a in new.args[1:]]
            keywords = {str(k.arg): literal(k.value) for k in new.keywords}
            return self.settled(new, lambda f: maker(f, *args, **keywords)) or new
        except (ValueError, TangentError):
            return new  # the run raises what there is to raise

    def settled(self, node: gast.Call, make: Callable[[Any], Any]) -> gast.AST | None:
        given = node.args[0]
        known = self.function.resolve(given, self.names)
        if isinstance(known, types.FunctionType):
            return self.inject(make(known))
        definition = self.definition(given)
        if definition is None or definition.keywords:
            return None  # not a nested function, or one of a comprehension
        reference, *own = definition.args
        if not all(isinstance(d, gast.Constant) for d in own):
            return None  # defaults that are computed once: `specialise` knows them
        template = self.templates.get(id(self.function.scope.lookup(reference.id)))
        if template is None:
            return None
        made = derived_template(template, make)
        if made is None:
            return None
        self.made.append(made)
        self.templates[id(made.primal)] = made
        name = self.inject(made.primal)
        defaults = [gast.Constant(v, None) for v in (*made.defaults, *made.kwdefaults.values())]
        return tree.replace(tree.copy(definition), args=[name, *tree.copy(own), *defaults])

    def definition(self, node: gast.expr) -> gast.Call | None:
        """The `closure(…)` that an expression is, or that a name is bound to once."""
        if isinstance(node, gast.Name):
            bound = [
                s
                for s in tree.walk_statements(self.function.node.body)
                if node.id in tree.names_in(s, gast.Store)
            ]
            if len(bound) != 1 or not isinstance(bound[0], gast.Assign):
                return None
            node = bound[0].value
        if isinstance(node, gast.Call) and self.function.resolve(node.func) is closure:
            return node
        return None

    def inject(self, obj: Any) -> gast.Name:
        base, number = obj.__name__, 1
        name = base
        while name in self.taken:
            number += 1
            name = f"{base}{number}"
        self.taken.add(name)
        self.injected[name] = obj
        return tree.load(name)


def derivative(template: Function, maker: Callable[..., Any], node: gast.Call) -> Function | None:
    """What a call of a maker gives for a nested function, as a template; None where the run has to tell.

    Args:
        template: the nested function, in whatever form passes have brought it into.
        maker: `tangent.grad` or one of its like.
        node: its call, with the nested function as the first argument.

    Raises:
        TangentError: the nested function can't be differentiated.
    """
    try:
        args = [literal(a) for a in node.args[1:]]
        keywords = {str(k.arg): literal(k.value) for k in node.keywords}
    except ValueError:
        return None

    def make(function: Any) -> Any:  # a pass is running: observers watch one at a time
        return contextvars.Context().run(maker, function, *args, **keywords)

    return derived_template(replace(template, promises=frozenset()), make)


def derived_template(template: Function, make: Callable[[Any], Any]) -> Function | None:
    """The derivative of a nested function as one; None where that is left to the run."""
    free = sorted(template.meta["free"])
    a = template.node.args
    if template.meta.get("volatile") or "captured" in template.meta or a.vararg or a.kwarg:
        return None
    own = {p.id for p in a.kwonlyargs}
    parameters = [gast.Name(n, gast.Param(), None, None) for n in free]
    arguments = tree.replace(
        a,
        kwonlyargs=[*a.kwonlyargs, *parameters],
        kw_defaults=[*a.kw_defaults, *(None for _ in free)],
    )
    closed = replace(template, node=tree.replace(template.node, args=arguments), primal=None)
    derived = parse(make(replace(closed, meta={})))
    if set(free) & tree.names_in(derived.node.body, gast.Store):
        return None
    a = derived.node.args
    kept = [(p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if p.id not in free]
    tangents = [p for p, _ in kept if p.id not in {*own, *derived.kwdefaults}]
    if tangents and (own or template.meta["defaults"]):
        return None  # theirs don't stand behind the parameters only because free names do
    kept = [(p, d) for p, d in kept if p not in tangents]
    positional = [p.id for p in [*a.posonlyargs, *a.args]]
    arguments = tree.replace(
        a,
        args=[*a.args, *tangents],
        kwonlyargs=[p for p, _ in kept],
        kw_defaults=[None for _ in kept],
        defaults=[],
    )
    with_default = positional[len(positional) - len(derived.defaults) :]
    with_default += [p.id for p, _ in kept if p.id in derived.kwdefaults]
    return replace(
        derived,
        node=tree.replace(derived.node, args=arguments),
        primal=Template(derived.name),
        meta={
            "free": frozenset(free),
            "defaults": (*template.meta["defaults"], *with_default),
        },
    )


def literal(node: gast.expr) -> Any:
    """The value of a literal.

    Raises:
        ValueError: it is none.
    """
    return ast.literal_eval(gast.gast_to_ast(node))
