"""Comprehensions and generator expressions as loops.

    before: ys = [v * v for v in xs if v > 0]        after: ys = []
                                                            for v in xs:
                                                                if v > 0:
                                                                    ys.append(v * v)
            s = sum(a * b for a, b in zip(u, w))            total = 0
                                                            for a, b in zip(u, w):
                                                                total = total + a * b

A target keeps its name where nothing else in the function is called so. A generator expression has
to stand where it is consumed at once: by a loop, a call that takes all of it, a star, or targets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import is_builtin
from tangent.errors import UnsupportedError
from tangent.program import MISSING, Function
from tangent.scopes import COMPREHENSIONS
from tangent.transforms.hoist import Hoisted, Hoisting, as_list

__all__ = ["Comprehensions"]

# Builtins and methods that take all elements at once, so that a list does as well.
EAGER = frozenset(
    {"bytes", "dict", "enumerate", "frozenset", "list", "max", "min", "set", "sorted", "tuple"}
    | {"zip", "sum", "any", "all"}
)
EAGER_METHODS = frozenset({"extend", "join", "update", "union", "intersection", "difference"})
EAGER_MODULES = ("math", "statistics", "functools", "collections", "itertools")


class Comprehensions(Hoisting):
    """Writes the loops."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self.used = _names_outside(function.node.body) | set(function.parameters)
        self.bound_now: list[str] = []

    # --- comprehensions

    def comprehension(self, node: Any, like: gast.stmt, target: str | None) -> Hoisted:
        if isinstance(node, gast.GeneratorExp):
            raise UnsupportedError(
                "this generator expression is not consumed where it stands",
                self.function.origin(node),
                why="an iterator can be walked only once, and the backward pass walks it again",
                remedy="write a list comprehension, or give it to a loop, `sum`, `max`, `list`, …",
            )
        if isinstance(node, gast.DictComp):
            name = self.container(target)
            start: gast.expr = gast.Dict([], [])

            def inner(key: gast.expr, value: gast.expr) -> list[gast.stmt]:
                place = gast.Subscript(tree.load(name), key, gast.Store())
                if isinstance(key, gast.Name | gast.Constant):
                    return [tree.assign(place, value, like)]
                held = self.held(key, like)  # evaluated before the value
                place = tree.replace(place, slice=tree.load(held.targets[0].id))
                return [held, tree.assign(place, value, like)]

            loops = self.loops(node.generators, [node.key, node.value], inner, like)
        else:
            is_set = isinstance(node, gast.SetComp)
            name = self.container(target)
            start = tree.call(self.builtin("set", like)) if is_set else gast.List([], gast.Load())
            method = "add" if is_set else "append"
            loops = self.loops(
                node.generators, [node.elt], lambda e: [self.do(name, method, e, like=like)], like
            )
        return [tree.assign(name, start, like), loops], tree.load(name)

    def loops(
        self,
        generators: Sequence[gast.comprehension],
        elements: Sequence[gast.expr],
        inner: Callable[..., list[gast.stmt]],
        like: gast.stmt,
    ) -> gast.stmt:
        """The nested loops and tests around what is done with the elements."""
        first, *rest = generators
        names = list(dict.fromkeys(n for g in generators for n in tree.stored_names(g.target)))
        renamed: dict[str, gast.AST] = {}
        for name in names:
            if name in self.used or name in self.bound_now:
                renamed[name] = tree.load(self.names.fresh(name))
        if renamed:
            targets = tree.substitute(first.target, renamed)
            tests = [tree.substitute(test, renamed) for test in first.ifs]
            first = tree.replace(first, target=targets, ifs=tests)
            rest = [tree.substitute(g, renamed) for g in rest]
            elements = [tree.substitute(e, renamed) for e in elements]
        body = inner(*elements)
        for generator in reversed([first, *rest]):
            for test in reversed(generator.ifs):
                body = [tree.with_origins(gast.If(test, body, []), like)]
            loop = gast.For(generator.target, generator.iter, body, [], None)
            body = [tree.with_origins(loop, like)]
        (loop,) = body
        loop.scope = [renamed[n].id if n in renamed else n for n in names]
        self.locals |= set(loop.scope)
        return loop

    # --- generator expressions

    def consumed(self, node: gast.Call, like: gast.stmt, target: str | None) -> Hoisted | None:
        """A call that consumes a generator expression (or a list made for it), as loops."""
        callee = self.function.resolve(node.func, self.locals)
        name = callee.__name__ if is_builtin(callee) else ""
        first = node.args[0] if node.args else None
        if isinstance(first, gast.GeneratorExp | gast.ListComp) and not node.keywords:
            if name == "sum" and len(node.args) <= 2:
                return self.summed(first, node.args[1:], like)
            if name in ("any", "all") and len(node.args) == 1:
                return self.quantified(first, name == "any", like)
        if isinstance(first, gast.GeneratorExp) and not node.keywords:
            if name == "next":
                return self.first_of(first, node.args[1:], like)
            if len(node.args) == 1 and name in ("list", "set"):
                made = gast.ListComp if name == "list" else gast.SetComp
                return self.hoist(made(first.elt, first.generators), like, target)
            pair = first.elt
            if name == "dict" and isinstance(pair, gast.Tuple) and len(pair.elts) == 2:
                return self.hoist(gast.DictComp(*pair.elts, first.generators), like, target)
        if not any(isinstance(a, gast.GeneratorExp) for a in node.args):
            return None
        if not self.is_eager(node, callee):
            given = next(a for a in node.args if isinstance(a, gast.GeneratorExp))
            raise UnsupportedError(
                f"a generator expression is given to `{tree.unparse(node.func)}`",
                self.function.origin(given),
                why="how often, and how far, the call walks it is not known",
                remedy="write a list comprehension: `[…]`",
            )
        return self.hoist(tree.replace(node, args=[as_list(a) for a in node.args]), like)

    def is_eager(self, node: gast.Call, callee: Any) -> bool:
        if is_builtin(callee):
            return callee.__name__ in EAGER
        if callee is not MISSING:
            module = getattr(callee, "__module__", None) or ""
            if isinstance(callee, Function):
                module = callee.scope.globals.get("__name__", "")
            return module.partition(".")[0] in ("numpy", "tangent", *EAGER_MODULES)
        return isinstance(node.func, gast.Attribute) and node.func.attr in EAGER_METHODS

    def summed(self, node: Any, start: Sequence[gast.expr], like: gast.stmt) -> Hoisted:
        before: list[gast.stmt] = []
        initial: gast.expr = tree.constant(0)
        if start:
            before, initial = self.hoist(start[0], like)
        name = self.names.fresh("total")

        def inner(element: gast.expr) -> list[gast.stmt]:
            total = gast.BinOp(tree.load(name), gast.Add(), element)
            return [tree.assign(name, total, like)]

        loop = self.loops(node.generators, [node.elt], inner, like)
        return [*before, tree.assign(name, initial, like), loop], tree.load(name)

    def quantified(self, node: Any, found: bool, like: gast.stmt) -> Hoisted:
        """`any`, `all`: the loop ends with the first element that decides."""
        name = self.names.fresh("found" if found else "holds")

        def inner(element: gast.expr) -> list[gast.stmt]:
            test = element if found else gast.UnaryOp(gast.Not(), element)
            decide = tree.assign(name, tree.constant(found), like)
            return [tree.with_origins(gast.If(test, [decide, _stop(like)], []), like)]

        return self.until(node, name, tree.constant(not found), inner, like), tree.load(name)

    def first_of(self, node: Any, default: Sequence[gast.expr], like: gast.stmt) -> Hoisted:
        """`next(… for …)`: the first element."""
        before: list[gast.stmt] = []
        value = self.names.fresh("value")
        missing = ""
        if default:
            before, initial = self.hoist(default[0], like)
            before.append(tree.assign(value, initial, like))
        else:
            missing = self.names.fresh("missing")
            before.append(tree.assign(missing, tree.constant(True), like))

        def inner(element: gast.expr) -> list[gast.stmt]:
            found = [tree.assign(missing, tree.constant(False), like)] if missing else []
            return [tree.assign(value, element, like), *found, _stop(like)]

        out = [*before, *self.until(node, "", None, inner, like)]
        if missing:
            error = tree.with_origins(
                gast.Raise(tree.call(self.builtin("StopIteration", like)), None), like
            )
            out.append(tree.with_origins(gast.If(tree.load(missing), [error], []), like))
        return out, tree.load(value)

    def until(
        self,
        node: Any,
        name: str,
        initial: gast.expr | None,
        inner: Callable[..., list[gast.stmt]],
        like: gast.stmt,
    ) -> list[gast.stmt]:
        """Loops that a `break` in the innermost body leaves, all of them."""
        loop = self.loops(node.generators, [node.elt], inner, like)
        start = [tree.assign(name, initial, like)] if initial is not None else []
        if len(node.generators) == 1:
            return [*start, loop]
        flag = self.names.fresh("done")
        return [
            *start,
            tree.assign(flag, tree.constant(False), like),
            *_leave_all([loop], flag, like),
        ]

    def fused(self, node: gast.For) -> gast.stmt | None:
        """`for v in (e for t in xs if c)` as one loop, or None where that isn't simple."""
        made = node.iter
        if not isinstance(made, gast.GeneratorExp) or len(made.generators) > 1 or node.orelse:
            return None

        def inner(element: gast.expr) -> list[gast.stmt]:
            return [tree.assign(node.target, element, node), *node.body]

        return self.loops(made.generators, [made.elt], inner, node)


def _stop(like: gast.stmt) -> gast.stmt:
    return tree.with_origins(gast.Break(), like)


def _leave_all(body: list[gast.stmt], flag: str, like: gast.stmt) -> list[gast.stmt]:
    """Nested loops whose innermost `break` leaves all: it sets a flag, which each loop asks."""

    def visit(statements: list[gast.stmt], depth: int) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        for statement in statements:
            if isinstance(statement, gast.Break):
                out += [tree.assign(flag, tree.constant(True), like), statement]
            elif isinstance(statement, gast.For):
                new = tree.replace(statement, body=visit(statement.body, depth + 1))
                out.append(new)
                if depth:
                    leave = gast.If(tree.load(flag), [_stop(like)], [])
                    out.append(tree.with_origins(leave, like))
            elif isinstance(statement, gast.If):
                out.append(tree.replace(statement, body=visit(statement.body, depth)))
            else:
                out.append(statement)
        return out

    return visit(body, 0)


def _names_outside(body: Sequence[gast.AST]) -> set[str]:
    """Names that a function uses outside the comprehensions that bind them."""
    found: set[str] = set()

    def visit(node: gast.AST, bound: frozenset[str]) -> None:
        if isinstance(node, gast.Name):
            if node.id not in bound:
                found.add(node.id)
        elif isinstance(node, COMPREHENSIONS):
            own = bound
            for generator in node.generators:
                visit(generator.iter, own)
                own |= {n.id for n in tree.walk(generator.target) if isinstance(n, gast.Name)}
                for part in (generator.target, *generator.ifs):
                    visit(part, own)
            for child in tree.children(node):
                if not isinstance(child, gast.comprehension):
                    visit(child, own)
        else:
            for child in tree.children(node):
                visit(child, bound)

    for statement in body:
        visit(statement, frozenset())
    return found
