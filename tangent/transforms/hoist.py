"""Hoisting: what binds names inside an expression becomes statements in front of it.

    before: y = f(a) + (b := g(x)) * b        after: f_a = f(a)
                                                     b = g(x)
                                                     y = f_a + b * b

Such are assignment expressions, comprehensions (`transforms.comprehensions`), and displays with
stars. What Python evaluates before them is kept in a temporary where a later statement might change
it, and what it evaluates only sometimes (`and`, `or`, ternaries, comparisons in a chain) moves into
branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.program import MISSING
from tangent.scopes import COMPREHENSIONS
from tangent.transforms.assignments import Assignments, base_name

__all__ = ["Hoisting", "as_list", "binds_inside"]

DISPLAYS = (gast.List, gast.Tuple, gast.Set)
PLACES = ("lineno", "col_offset", "end_lineno", "end_col_offset")

Hoisted = tuple[list[gast.stmt], gast.expr]


def binds_inside(node: gast.AST | None) -> bool:
    """Something in an expression needs statements of its own."""
    return node is not None and any(_is_special(n) for n in _outside_lambdas(node))


def _outside_lambdas(node: gast.AST) -> Iterator[gast.AST]:
    nodes = [node]
    for inner in nodes:  # grows
        yield inner
        if not isinstance(inner, gast.Lambda):
            nodes += tree.children(inner)


def _is_special(node: gast.AST) -> bool:
    if isinstance(node, (gast.NamedExpr, *COMPREHENSIONS)):
        return True
    if isinstance(node, gast.Dict):
        return None in node.keys
    return (
        isinstance(node, DISPLAYS)
        and not isinstance(getattr(node, "ctx", None), gast.Store)
        and any(isinstance(e, gast.Starred) for e in node.elts)
    )


class Hoisting(Assignments):
    """Takes such expressions out of statements."""

    def hoisted(self, node: Any) -> list[gast.stmt] | None:
        """The statements that one becomes, or None where there is nothing to take out.

        They are still to be desugared, as the statement itself would be.
        """
        if isinstance(node, gast.While) and binds_inside(node.test):
            before, test = self.hoist(node.test, node)
            leave = gast.If(
                gast.UnaryOp(gast.Not(), test), [tree.with_origins(gast.Break(), node)], []
            )
            body = [*before, tree.with_origins(leave, node), *node.body]
            always = tree.replace(node, test=gast.Constant(True, None), body=body, orelse=[])
            return self.with_else(node, always) if node.orelse else [always]
        if isinstance(node, gast.Assign | gast.AugAssign | gast.Delete | gast.For):
            targets = getattr(node, "targets", None) or [node.target]
            if any(binds_inside(t) for t in targets):
                raise UnsupportedError(
                    "a target that binds names itself is not supported",
                    self.function.origin(node),
                    remedy="assign what it binds in a statement before",
                )
        if isinstance(node, gast.Assert) and binds_inside(node.msg):
            error = tree.call(self.builtin("AssertionError", node), node.msg)
            failed = tree.with_origins(gast.Raise(error, None), node)
            check = gast.If(gast.UnaryOp(gast.Not(), node.test), [failed], [])
            return [tree.with_origins(check, node)]
        if isinstance(node, gast.Assign):
            if all(isinstance(t, gast.Tuple | gast.List) for t in node.targets):
                node = tree.replace(node, value=as_list(node.value))
            built = self.built_into(node) if len(node.targets) == 1 else None
            if built is not None:
                return built
        fields = [
            f for f in ("test", "iter", "value", "exc", "cause", "subject") if hasattr(node, f)
        ]
        parts = [getattr(node, f) for f in fields if getattr(node, f) is not None]
        if not any(binds_inside(part) for part in parts):
            return None
        before, parts = self.sequence(parts, node)
        given = iter(parts)
        changed = {f: next(given) for f in fields if getattr(node, f) is not None}
        return [*before, tree.replace(node, **changed)]

    def with_else(self, node: Any, loop: gast.While) -> list[gast.stmt]:
        raise NotImplementedError

    def built_into(self, node: gast.Assign) -> list[gast.stmt] | None:
        """`name = [… for …]` where the list may be built under that very name."""
        (target,), value = node.targets, node.value
        if not isinstance(target, gast.Name) or not _is_special(value):
            return None
        if isinstance(value, gast.NamedExpr) or target.id in tree.names_in(value, ctx=None):
            return None
        if target.id not in self.locals:
            return None
        before, made = self.hoist(value, node, target.id)
        if isinstance(made, gast.Name) and made.id == target.id:
            return before
        return [*before, tree.replace(node, value=made)]

    # --- expressions

    def hoist(self, node: gast.expr, like: gast.stmt, target: str | None = None) -> Hoisted:
        """Statements to run first, and an expression that binds nothing.

        `target`: a name that may hold the value of a container while it is built.
        """
        if not binds_inside(node):
            return [], node
        if isinstance(node, (gast.Call, *DISPLAYS)) and any(map(_is_starred, tree.children(node))):
            node = _with_lists(node)
        if isinstance(node, gast.NamedExpr):
            before, value = self.hoist(node.value, like)
            return [*before, tree.assign(node.target, value, like)], _loaded(node.target)
        if isinstance(node, COMPREHENSIONS):
            return self.comprehension(node, like, target)
        if isinstance(node, gast.IfExp):
            return self.ternary(node, like)
        if isinstance(node, gast.BoolOp):
            return self.boolean(node, like)
        if isinstance(node, gast.Compare) and any(map(binds_inside, node.comparators[1:])):
            return self.chained(node, like)
        if isinstance(node, gast.Call):
            consumed = self.consumed(node, like, target)
            if consumed is not None:
                return consumed
        if isinstance(node, gast.Dict) and None in node.keys:
            return self.merged(node, like, target)
        if isinstance(node, DISPLAYS) and any(isinstance(e, gast.Starred) for e in node.elts):
            return self.starred(node, like, target)
        leaves = list(_leaves(node))
        before, values = self.sequence(leaves, like)
        mapping = {id(old): new for old, new in zip(leaves, values, strict=True)}
        return before, _Replace(mapping).inside(node)

    def sequence(self, parts: Sequence[gast.expr], like: gast.stmt) -> tuple[list[gast.stmt], list]:
        """Several expressions, evaluated from left to right."""
        last = max((k for k, part in enumerate(parts) if binds_inside(part)), default=-1)
        rebound = {
            name: k for k, part in enumerate(parts) for name in tree.names_in(part, gast.Store)
        }
        before: list[gast.stmt] = []
        values: list[gast.expr] = []
        for k, part in enumerate(parts):
            statements, value = self.hoist(part, like)
            before += statements
            if k < last and not self.is_kept(value, rebound, k):
                before.append(self.held(value, like))
                value = tree.load(before[-1].targets[0].id)
            values.append(value)
        return before, values

    def is_kept(self, value: gast.expr, rebound: dict[str, int], k: int) -> bool:
        """Evaluated later, it gives the same value."""
        if isinstance(value, gast.Constant | gast.Lambda):
            return True
        if isinstance(value, gast.Name):
            return rebound.get(value.id, -1) <= k
        return isinstance(value, gast.Attribute) and (
            self.function.resolve(value.value, self.locals) is not MISSING
        )

    def held(self, value: gast.expr, like: gast.stmt) -> gast.Assign:
        statement = tree.assign(self.names.fresh(base_name(value, None, "t")), value, like)
        statement.temporary = True
        return statement

    # --- what is evaluated only sometimes

    def ternary(self, node: gast.IfExp, like: gast.stmt) -> Hoisted:
        before, test = self.hoist(node.test, like)
        name = self.names.fresh("t")
        arms = [[tree.assign(name, arm, like)] for arm in (node.body, node.orelse)]
        return [*before, tree.with_origins(gast.If(test, *arms), like)], tree.load(name)

    def boolean(self, node: gast.BoolOp, like: gast.stmt) -> Hoisted:
        """`a and b`: b is evaluated where a is true."""
        first = next(k for k, v in enumerate(node.values) if binds_inside(v))
        if first == 0:
            before, value = self.hoist(node.values[0], like)
            rest = list(node.values[1:])
        else:
            ahead = node.values[:first]
            before, value = [], ahead[0] if first == 1 else tree.replace(node, values=ahead)
            rest = list(node.values[first:])
        if first == 0 and not any(map(binds_inside, rest)):
            return before, tree.replace(node, values=[value, *rest])
        name = self.names.fresh("t")
        test: gast.expr = tree.load(name)
        if isinstance(node.op, gast.Or):
            test = gast.UnaryOp(gast.Not(), test)
        following = rest[0] if len(rest) == 1 else tree.replace(node, values=rest)
        branch = gast.If(test, [tree.assign(name, following, like)], [])
        return [
            *before,
            tree.assign(name, value, like),
            tree.with_origins(branch, like),
        ], tree.load(name)

    def chained(self, node: gast.Compare, like: gast.stmt) -> Hoisted:
        """`a < b < c` is `a < b and b < c`, with b evaluated once."""
        operands = [node.left, *node.comparators]
        before, (left, right) = self.sequence(operands[:2], like)
        if not isinstance(right, gast.Name | gast.Constant):
            before.append(self.held(right, like))
            right = tree.load(before[-1].targets[0].id)
        first = gast.Compare(left, node.ops[:1], [right])
        rest = gast.Compare(tree.copy(right), node.ops[1:], operands[2:])
        more, value = self.boolean(gast.BoolOp(gast.And(), [first, rest]), like)
        return [*before, *more], value

    # --- displays

    def starred(self, node: Any, like: gast.stmt, target: str | None) -> Hoisted:
        """`[a, *b, c]`: a list that grows."""
        flat = _flattened(node.elts)
        if len(flat) != len(node.elts) or not any(isinstance(e, gast.Starred) for e in flat):
            return self.hoist(tree.replace(node, elts=flat), like, target)
        before, values = self.sequence(
            [e.value if isinstance(e, gast.Starred) else e for e in node.elts], like
        )
        marks = [isinstance(e, gast.Starred) for e in node.elts]
        is_set = isinstance(node, gast.Set)
        name = self.container(target if isinstance(node, gast.List) else None)
        plain = marks.index(True)
        if plain or is_set:
            start: gast.expr = gast.List(values[:plain], gast.Load())
            if is_set:
                start = tree.call(self.builtin("set", like), start)
        else:
            start = tree.call(self.builtin("list", like), values[0])
            plain = 1
        before.append(tree.assign(name, start, like))
        for mark, value in zip(marks[plain:], values[plain:], strict=True):
            if mark and not is_set:
                item = self.names.fresh("item")
                one = self.do(name, "append", tree.load(item), like=like)
                loop = gast.For(tree.store(item), value, [one], [], None)
                before.append(tree.with_origins(loop, like))
            else:
                method = "update" if mark else "add" if is_set else "append"
                before.append(self.do(name, method, value, like=like))
        whole: gast.expr = tree.load(name)
        if isinstance(node, gast.Tuple):
            whole = tree.call(self.builtin("tuple", like), whole)
        return before, whole

    def merged(self, node: gast.Dict, like: gast.stmt, target: str | None) -> Hoisted:
        """`{"a": x, **d}`: a dict that is updated."""
        parts: list[gast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            parts += [value] if key is None else [key, value]
        before, values = self.sequence(parts, like)
        name = self.container(target)
        given = iter(values)
        pairs = [(None if key is None else next(given), next(given)) for key in node.keys]
        stars = [key is None for key, _ in pairs]
        plain = stars.index(True)
        start: gast.expr
        if plain:
            keys, items = zip(*pairs[:plain], strict=True)
            start = gast.Dict(list(keys), list(items))
        else:
            start = tree.call(tree.attribute(pairs[0][1], "copy"))
            plain = 1
        before.append(tree.assign(name, start, like))
        for key, value in pairs[plain:]:
            if key is None:
                before += self.copied_entries(name, value, like)
            else:
                place = gast.Subscript(tree.load(name), key, gast.Store())
                before.append(tree.assign(place, value, like))
        return before, tree.load(name)

    def copied_entries(self, name: str, given: gast.expr, like: gast.stmt) -> list[Any]:
        """`for key in given: name[key] = given[key]`."""
        before: list[Any] = []
        if not isinstance(given, gast.Name):
            before = [tree.assign(self.names.fresh("entries"), given, like)]
            given = tree.load(before[0].targets[0].id)
        key = self.names.fresh("key")
        place = gast.Subscript(tree.load(name), tree.load(key), gast.Store())
        value = gast.Subscript(tree.copy(given), tree.load(key), gast.Load())
        keys = self.ask("keys", tree.copy(given))
        loop = gast.For(tree.store(key), keys, [tree.assign(place, value, like)], [], None)
        return [*before, tree.with_origins(loop, like)]

    def container(self, target: str | None, base: str = "items") -> str:
        return target or self.names.fresh(base)

    @staticmethod
    def do(name: str, method: str, *args: gast.expr, like: gast.stmt) -> gast.stmt:
        """A call of a method as a statement."""
        call = tree.call(tree.attribute(tree.load(name), method), *args)
        return tree.with_origins(gast.Expr(call), like)

    # --- comprehensions

    def comprehension(self, node: Any, like: gast.stmt, target: str | None) -> Hoisted:
        raise NotImplementedError

    def consumed(self, node: gast.Call, like: gast.stmt, target: str | None) -> Hoisted | None:
        raise NotImplementedError


def _loaded(target: gast.expr) -> gast.expr:
    return tree.replace(target, ctx=gast.Load())


def _leaves(node: gast.AST) -> Iterator[gast.expr]:
    """The expressions that are evaluated for one, in Python's order."""
    children: list[Any] = tree.children(node)
    if isinstance(node, gast.Dict):
        children = [part for pair in zip(node.keys, node.values, strict=True) for part in pair]
    for child in children:
        structural = gast.Slice | gast.keyword | gast.FormattedValue | gast.JoinedStr | gast.Starred
        inside = isinstance(node, gast.Subscript) and child is node.slice
        inside = inside and isinstance(child, gast.Tuple)
        method = isinstance(node, gast.Call) and child is node.func
        method = method and isinstance(child, gast.Attribute)
        if isinstance(child, structural) or inside or method:
            yield from _leaves(child)
        elif isinstance(child, gast.expr):
            yield child


def as_list(node: gast.expr) -> gast.expr:
    """A generator expression that is walked to its end where it stands, as a list."""
    if not isinstance(node, gast.GeneratorExp):
        return node
    places = {f: getattr(node, f) for f in PLACES if hasattr(node, f)}
    return tree.replace(gast.ListComp(node.elt, node.generators), **places)


def _is_starred(node: gast.AST) -> bool:
    return isinstance(node, gast.Starred) and isinstance(node.value, gast.GeneratorExp)


def _with_lists(node: Any) -> Any:
    """`f(*(e for …))`, `[*(e for …)]` with lists."""
    field = "args" if isinstance(node, gast.Call) else "elts"
    parts = [
        tree.replace(part, value=as_list(part.value)) if _is_starred(part) else part
        for part in getattr(node, field)
    ]
    return tree.replace(node, **{field: parts})


def _flattened(elements: Sequence[gast.expr]) -> list[gast.expr]:
    """The elements of a display, with those of displays that stand behind a star."""
    out: list[gast.expr] = []
    for element in elements:
        inner = element.value if isinstance(element, gast.Starred) else None
        out += _flattened(inner.elts) if isinstance(inner, gast.Tuple | gast.List) else [element]
    return out


class _Replace(tree.Rewriter):
    def __init__(self, mapping: dict[int, gast.expr]) -> None:
        self.mapping = mapping

    def inside(self, node: Any) -> Any:
        return self.generic_visit(node)

    def visit(self, node: Any) -> Any:
        if id(node) in self.mapping:
            return self.mapping[id(node)]
        return self.generic_visit(node)
