"""gast trees: builders, copies, and a rewriter that never changes its input.

    before: a + 0        class Fold(Rewriter):
    after:  a                def visit_BinOp(self, node): ...

Every transformation returns new nodes where something changed and the old ones where nothing did, so
that facts keyed by node stay valid for the tree that they were computed for.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import gast

__all__ = [
    "BLOCK_FIELDS",
    "CHILD_FIELDS",
    "Attempt",
    "Rewriter",
    "assign",
    "attribute",
    "blocks",
    "call",
    "children",
    "comprehension_targets",
    "constant",
    "copy",
    "count_names",
    "dump",
    "expression",
    "is_entry",
    "load",
    "names_in",
    "replace",
    "same",
    "same_items",
    "statements",
    "store",
    "stored_names",
    "substitute",
    "unparse",
    "walk",
    "walk_statements",
    "with_origins",
]

BLOCK_FIELDS = ("body", "handlers", "orelse", "finalbody", "cases")


def load(name: str) -> gast.Name:
    """A name that is read."""
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> gast.Name:
    """A name that is assigned."""
    return gast.Name(name, gast.Store(), None, None)


def constant(value: object) -> gast.expr:
    """A constant (negative numbers as a unary minus, tuples as displays, as the parser gives them)."""
    if isinstance(value, tuple):
        return gast.Tuple([constant(v) for v in value], gast.Load())
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return gast.UnaryOp(gast.USub(), gast.Constant(-value, None))
    return gast.Constant(value, None)


def attribute(value: gast.expr, *names: str) -> gast.expr:
    """`value.name1.name2…`"""
    for name in names:
        value = gast.Attribute(value, name, gast.Load())
    return value


def call(func: gast.expr, *args: gast.expr, **keywords: gast.expr) -> gast.Call:
    """A call."""
    return gast.Call(func, list(args), [gast.keyword(k, v) for k, v in keywords.items()])


def assign(target: str | gast.expr, value: gast.expr, like: gast.AST | None = None) -> gast.Assign:
    """`target = value`, with the origins of the statement `like`."""
    node = gast.Assign([store(target) if isinstance(target, str) else target], value, None)
    return with_origins(node, like) if like is not None else node


def with_origins(node: Any, *like: gast.AST) -> Any:
    """Give a new statement the origins of others (in order, without repeats). Returns the node."""
    seen: dict[object, None] = dict.fromkeys(getattr(node, "origins", ()))
    for other in like:
        seen.update(dict.fromkeys(getattr(other, "origins", ())))
    node.origins = tuple(seen)
    return node


# Fields that never hold a node, or one that has nothing below it and no place of its own: contexts
# and operators.
_LEAF_FIELDS = frozenset(
    {"attr", "conversion", "ctx", "id", "is_async", "kind", "lineno", "op", "ops", "type_comment"}
)


class _Fields(dict[Any, tuple[str, ...]]):
    """Some of the fields of each class of nodes, looked up once for each class."""

    def __init__(self, wanted: Callable[[Any, str], bool]) -> None:
        super().__init__()
        self.wanted = wanted

    def __missing__(self, cls: Any) -> tuple[str, ...]:
        found = self[cls] = tuple(field for field in cls._fields if self.wanted(cls, field))
        return found


# By class: the fields in which there may be nodes (contexts and parameters' annotations aside);
# those with statements.
CHILD_FIELDS = _Fields(
    lambda cls, field: not issubclass(cls, gast.Constant | gast.Name) and field not in _LEAF_FIELDS
)
_BLOCKS = _Fields(lambda cls, field: field in BLOCK_FIELDS)


def children(node: Any) -> list[Any]:
    """The nodes directly below a node, but for contexts, operators and annotations of names."""
    found: list[Any] = []
    for field in CHILD_FIELDS[type(node)]:
        child = getattr(node, field, None)
        if type(child) is list:
            found += [c for c in child if isinstance(c, gast.AST)]
        elif isinstance(child, gast.AST):
            found.append(child)
    return found


def walk(node: Any) -> list[Any]:
    """A node (or several) and all nodes below it, level by level (those that `children` gives)."""
    nodes = list(node) if isinstance(node, list) else [node]
    for inner in nodes:  # grows
        for field in CHILD_FIELDS[type(inner)]:  # as in `children`, without its calls: it is hot
            child = getattr(inner, field, None)
            if type(child) is list:
                nodes += [c for c in child if isinstance(c, gast.AST)]
            elif isinstance(child, gast.AST):
                nodes.append(child)
    return nodes


def expression(text: str) -> gast.expr:
    """Parse one expression."""
    return gast.parse(text, mode="eval").body


def statements(text: str) -> list[gast.stmt]:
    """Parse statements."""
    return gast.parse(text).body


def copy(node: Any) -> Any:
    """A deep copy of nodes (and lists of them). Constants, contexts and origins are shared."""
    if isinstance(node, list):
        return [copy(item) for item in node]
    if not isinstance(node, gast.AST):
        return node
    new = _new(type(node))
    fields = new.__dict__
    for key, value in node.__dict__.items():
        fields[key] = copy(value) if isinstance(value, _COPIED) and key != "ctx" else value
    return new


_COPIED = (gast.AST, list)


def replace(node: Any, **fields: object) -> Any:
    """A shallow copy of a node with some fields changed."""
    new = _new(type(node))
    new.__dict__.update(node.__dict__, **fields)
    return new


def _new(cls: Any) -> Any:
    return cls.__new__(cls)


_PLAIN_ATTRIBUTES = ("annotation", "type_comment", "kind", "type_params")


def unparse(node: gast.AST) -> str:
    """Python source of a node."""
    node = _Spelled().visit(copy(node)) if isinstance(node, gast.stmt) else copy(node)
    return ast.unparse(ast.fix_missing_locations(gast.gast_to_ast(node)))


def dump(node: object) -> str:
    """A string that is equal for structurally equal trees (positions and contexts left out)."""
    if isinstance(node, gast.AST):
        fields = ",".join(
            dump(getattr(node, field, None))
            for field in node._fields
            if field not in _PLAIN_ATTRIBUTES and field != "ctx"
        )
        return f"{type(node).__name__}({fields})"
    if isinstance(node, list):
        return "[" + ",".join(map(dump, node)) + "]"
    return f"{type(node).__name__}:{node!r}"


def same(a: gast.AST, b: gast.AST) -> bool:
    """Structurally equal."""
    return a is b or (type(a) is type(b) and dump(a) == dump(b))


def same_items(a: Sequence[object], b: Sequence[object]) -> bool:
    """The very same objects in the same order."""
    return len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))


def names_in(node: gast.AST | Iterable[gast.AST], ctx: type | None = gast.Load) -> set[str]:
    """Names that occur in a tree, those read by default (`ctx=None`: all)."""
    nodes = [node] if isinstance(node, gast.AST) else node
    return {
        inner.id
        for inner in walk(list(nodes))
        if isinstance(inner, gast.Name) and (ctx is None or isinstance(inner.ctx, ctx))
    }


def count_names(node: gast.AST, ctx: type = gast.Load) -> Counter[str]:
    """How often each name is read in a tree, or with `ctx=gast.Store` bound."""
    names = (inner for inner in walk(node) if isinstance(inner, gast.Name))
    return Counter(name.id for name in names if isinstance(name.ctx, ctx))


def stored_names(target: gast.AST) -> list[str]:
    """Names that an assignment target binds, in order (not those whose element it writes)."""
    if isinstance(target, gast.Name):  # nearly always
        return [target.id] if isinstance(target.ctx, gast.Store) else []
    return [
        n.id for n in walk(target) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    ]


def comprehension_targets(node: gast.AST) -> set[gast.Name]:
    """The targets of the comprehensions in a tree: names of their own scope."""
    return {
        name
        for inner in walk(node)
        if isinstance(inner, gast.comprehension)
        for name in walk(inner.target)
        if isinstance(name, gast.Name) and isinstance(name.ctx, gast.Store)
    }


def blocks(statement: gast.AST) -> Iterator[list[gast.stmt]]:
    """The statement lists directly inside a statement (or function)."""
    for field in _BLOCKS[type(statement)]:
        value = getattr(statement, field, None)
        if isinstance(value, list) and value:
            yield value


def walk_statements(body: Sequence[gast.AST]) -> Iterator[gast.AST]:
    """All statements of a body in textual order, nested ones included, nested functions' not."""
    for statement in body:
        yield statement
        if not isinstance(statement, gast.FunctionDef | gast.ClassDef | gast.Lambda):
            for block in blocks(statement):
                yield from walk_statements(block)


class Rewriter:
    """A visitor that returns new trees: `visit_X` returns a node, a list of nodes, or None (drop it).

    `generic_visit` rebuilds a node only when a child changed; contexts are not visited. A `visit_X` must not change its argument.
    """

    def visit(self, node: Any) -> Any:
        method: Callable[[Any], Any] | None = getattr(self, "visit_" + type(node).__name__, None)
        return self.generic_visit(node) if method is None else method(node)

    def visit_block(self, body: Sequence[gast.AST]) -> list[Any]:
        """Visit the statements of a block, splicing lists and leaving out None."""
        out: list[Any] = []
        for statement in body:
            result = self.visit(statement)
            if isinstance(result, list):
                out.extend(result)
            elif result is not None:
                out.append(result)
        return out

    def generic_visit(self, node: Any) -> Any:
        changes: dict[str, object] = {}
        for field in CHILD_FIELDS[type(node)]:
            old = getattr(node, field, None)
            if isinstance(old, gast.AST):
                new = self.visit(old)
                if new is not old:
                    changes[field] = new
            elif old and isinstance(old, list):
                items: list[Any] = []
                for item in old:
                    result = self.visit(item) if isinstance(item, gast.AST) else item
                    if isinstance(result, list):
                        items.extend(result)
                    elif result is not None or item is None:
                        items.append(result)
                if not same_items(items, old):
                    changes[field] = items
        if not changes:
            return node
        if isinstance(node, gast.If | gast.For | gast.While) and changes.get("body") == []:
            changes["body"] = [gast.Pass()]
        return replace(node, **changes)


class _Substitute(Rewriter):
    def __init__(self, mapping: dict[str, gast.AST]) -> None:
        self.mapping = mapping

    def visit_Name(self, node: gast.Name) -> gast.AST:
        new = self.mapping.get(node.id)
        if new is None:
            return node
        if isinstance(new, gast.Name) and not hasattr(new, "need"):
            return gast.Name(new.id, type(node.ctx)(), node.annotation, node.type_comment)
        return copy(new)


def substitute(node: Any, mapping: dict[str, gast.AST]) -> Any:
    """Replace names by expressions (read names) or names (anywhere). Returns a new tree."""
    return _Substitute(mapping).visit(node)


class Attempt(gast.If):
    """A block that an exception may leave: of `try` and `with` in core form.

    Where nothing is raised it does what `if True: body` does, where something is, what `else` does
    (analyses see an `if`): no name that the body binds is read there. Of a `with` the test is the
    manager, and the second arm raises again.

    Attributes:
        types: the exceptions that are caught, None for a `with`.
    """

    _fields = ("test", "types", "body", "orelse")

    def __init__(
        self, test: gast.expr, body: list[Any], orelse: list[Any], types: Any = None
    ) -> None:
        super().__init__()
        self.test, self.types, self.body, self.orelse = test, types, body, orelse

    @property
    def reraises(self) -> bool:
        """The second arm ends with the exception: what follows runs only after the first."""
        return bool(self.orelse) and isinstance(self.orelse[-1], gast.Raise)

    @property
    def flag(self) -> str | None:
        """The name that tells afterwards which arm ran, if anybody has to know."""
        for statement in reversed(self.body):
            if getattr(statement, "completes", False):
                (name,) = stored_names(statement.targets[0])
                return name
        return None


def is_entry(statement: Any) -> bool:
    """The statement stands for what a header binds: `as e` of an `except`, `as v` of a `with`."""
    return getattr(statement, "is_entry", False)


class _Spelled(Rewriter):
    """Attempts as the statements of Python that they are."""

    def visit_Attempt(self, node: Attempt) -> gast.stmt:
        node = self.generic_visit(node)
        handled = node.body if node.types is None else node.orelse
        name = None
        if handled and is_entry(handled[0]):
            name, handled = handled[0].targets[0], handled[1:] or [gast.Pass()]
        if node.types is None:
            return gast.With([gast.withitem(node.test, name)], handled, None)
        handler = gast.ExceptHandler(node.types, name, handled)
        return gast.Try(node.body, [handler], [], [])
