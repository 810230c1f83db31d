"""Methods of dicts and lists, in terms of reads and writes of their elements.

    before: for k, v in d.items():           after: for k in tangent.keys(d):
                s += v                                  v = d[k]
                                                        s += v
            y = d.get("a", 1.0)                      y = d["a"] if "a" in d else 1.0
            d.setdefault(k, []).append(x)            if k not in d: d[k] = []
                                                     d[k].append(x)
            d.update(a=x); d |= {"a": x}             d["a"] = x
            xs.extend(ys)                            for item in ys: xs.append(item)

The receiver is a local object (or a dict of the module). What is left of methods is `append`, `insert`, `pop`, `reverse`,
`clear`: those that change how many elements there are, which `reverse_lists` and `reverse_containers` mirror.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gast

from tangent import tree
from tangent.program import MISSING

__all__ = ["ContainerMethods", "dict_loop"]

VIEWS = ("items", "keys", "values")


def is_path(node: gast.AST) -> bool:
    """Names, attributes and elements at names and constants: may be evaluated again."""
    if isinstance(node, gast.Attribute):
        return is_path(node.value)
    if isinstance(node, gast.Subscript):
        return is_path(node.value) and is_path(node.slice)
    if isinstance(node, gast.Tuple):
        return all(map(is_path, node.elts))
    return isinstance(node, gast.Name | gast.Constant)


class ContainerMethods(tree.Rewriter):
    """Rewrites statements before they are desugared.

    Args:
        lowering: what desugars (names, injected objects).
    """

    def __init__(self, lowering: Any, body: Sequence[gast.stmt]) -> None:
        self.lowering = lowering
        self.lists = certain(body, self.makes_list)
        self.dicts = lowering.dicts = certain(body, self.makes_dict)
        self.ahead: list[Any] = []
        self.conditional = 0

    # --- what a name surely is

    def makes_list(self, value: gast.AST) -> bool:
        if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Add | gast.Mult):
            return self.makes_list(value.left) or self.makes_list(value.right)
        return isinstance(value, gast.List | gast.ListComp) or self.lowering.is_call_of(
            value, "list"
        )

    def makes_dict(self, value: gast.AST) -> bool:
        return isinstance(value, gast.Dict | gast.DictComp) or self.lowering.is_call_of(
            value, "dict"
        )

    def is_dict(self, value: gast.AST) -> bool:
        return self.makes_dict(value) or (isinstance(value, gast.Name) and value.id in self.dicts)

    def method(self, node: gast.AST, *names: str) -> gast.expr | None:
        """The receiver of a call of one of these methods of a local object or of a dict of the module."""
        if not isinstance(node, gast.Call) or not isinstance(node.func, gast.Attribute):
            return None
        if node.func.attr not in names:
            return None
        resolve, own = self.lowering.function.resolve, self.lowering.locals
        if resolve(node.func, own) is not MISSING:
            if not isinstance(resolve(node.func.value, own), dict):
                return None
        receiver: gast.expr = node.func.value
        return receiver

    # --- expressions

    def visit_Call(self, node: gast.Call) -> Any:
        receiver = self.method(node, *VIEWS)
        if receiver is not None and not node.args and not node.keywords:
            call = self.lowering.ask(node.func.attr, self.visit(receiver))
            call.entries = node.func.attr
            return gast.copy_location(call, node)
        receiver = self.method(node, "get")
        if receiver is not None and len(node.args) in (1, 2) and not node.keywords:
            key, *default = node.args
            if is_path(receiver) and is_path(key):
                absent = self.visit(default[0]) if default else tree.constant(None)
                return gast.IfExp(contains(key, receiver), element(receiver, key), absent)
        receiver = self.method(node, "pop")
        if receiver is not None and len(node.args) == 2 and not node.keywords:
            key, default_ = node.args
            if is_path(receiver) and is_path(key):
                popped = tree.replace(node, args=[key])
                return gast.IfExp(contains(key, receiver), popped, self.visit(default_))
        receiver = self.method(node, "setdefault")
        if receiver is not None and len(node.args) in (1, 2) and not self.conditional:
            key, *default = node.args
            if is_path(receiver) and is_path(key):
                absent = self.visit(default[0]) if default else tree.constant(None)
                test = gast.UnaryOp(gast.Not(), contains(key, receiver))
                store = gast.Assign([element(receiver, key, gast.Store())], absent, None)
                self.ahead.append(gast.If(test, [store], []))
                return element(receiver, key)
        if self.lowering.is_call_of(node, "dict") and not node.args and node.keywords:
            if all(k.arg is not None for k in node.keywords):
                keys = [tree.constant(k.arg) for k in node.keywords]
                return gast.Dict(keys, [self.visit(k.value) for k in node.keywords])
        if self.lowering.is_call_of(node, "dict") and len(node.args) == 1 and is_path(node.args[0]):
            if all(k.arg is not None for k in node.keywords):
                return self.visit(self.copy_of_dict(node))
        return self.generic_visit(node)

    def copy_of_dict(self, node: gast.Call) -> gast.expr:
        """`dict(d, a=x)` as `{**{k: d[k] for k in d.keys()}, "a": x}`."""
        (given,) = node.args
        key = self.fresh("key")
        keys = tree.call(tree.attribute(tree.copy(given), "keys"))
        loop = gast.comprehension(tree.store(key), keys, [], False)
        copied = gast.DictComp(tree.load(key), element(given, tree.load(key)), [loop])
        gast.copy_location(copied, node)
        if not node.keywords:
            return copied
        names = [None, *(tree.constant(k.arg) for k in node.keywords)]
        return gast.copy_location(
            gast.Dict(names, [copied, *(k.value for k in node.keywords)]), node
        )

    def visit_BinOp(self, node: gast.BinOp) -> Any:
        if isinstance(node.op, gast.BitOr) and (
            self.makes_dict(node.left) or self.makes_dict(node.right)
        ):
            union = gast.Dict([None, None], [node.left, node.right])
            return self.generic_visit(gast.copy_location(union, node))
        return self.generic_visit(node)

    def sometimes(self, node: Any) -> Any:
        """What is evaluated on some paths only."""
        self.conditional += 1
        new = self.generic_visit(node)
        self.conditional -= 1
        return new

    visit_IfExp = visit_BoolOp = visit_Lambda = visit_ListComp = sometimes
    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_Compare = sometimes

    # --- statements

    def visit_block(self, body: Sequence[gast.AST]) -> list[Any]:
        out: list[Any] = []
        for statement in body:
            outer, self.ahead = self.ahead, []
            made = self.statement(statement)
            for new in [*self.ahead, *made]:
                for inner in tree.walk_statements([new]):
                    if not hasattr(inner, "origins"):
                        tree.with_origins(inner, statement)
            out += [*self.ahead, *made]
            self.ahead = outer
        return out

    def statement(self, node: Any) -> list[Any]:
        if isinstance(node, gast.FunctionDef | gast.ClassDef):
            return [node]
        blocks = {
            f: self.visit_block(getattr(node, f))
            for f in tree.BLOCK_FIELDS
            if getattr(node, f, None) and isinstance(getattr(node, f)[0], gast.stmt)
        }
        if blocks:
            self.conditional += isinstance(node, gast.While)
            heads = {
                f: self.visit(getattr(node, f))
                for f in ("test", "iter", "subject")
                if getattr(node, f, None) is not None
            }
            self.conditional -= isinstance(node, gast.While)
            changed = {**blocks, **heads}
            if all(same(changed[f], getattr(node, f)) for f in changed):
                return [node]
            return [tree.replace(node, **changed)]
        if isinstance(node, gast.Expr):
            return self.call(node)
        if isinstance(node, gast.AugAssign) and isinstance(node.op, gast.Add):
            target = node.target
            if isinstance(target, gast.Name) and target.id in self.lists:
                return self.extend(node, tree.load(target.id), self.visit(node.value))
        if isinstance(node, gast.AugAssign) and isinstance(node.op, gast.BitOr):
            target = tree.replace(node.target, ctx=gast.Load())
            if is_path(target) and (self.is_dict(node.value) or self.is_dict(target)):
                return self.update(node, target, self.visit(node.value))
        return [self.generic_visit(node)]

    def call(self, node: gast.Expr) -> list[Any]:
        """A call for its effect."""
        call = node.value
        receiver = self.method(call, "extend")
        if receiver is not None and len(call.args) == 1 and is_path(receiver):
            return self.extend(node, receiver, self.visit(call.args[0]))
        receiver = self.method(call, "update")
        if receiver is not None and is_path(receiver) and self.is_dict_update(receiver, call):
            out: list[Any] = []
            for argument in call.args:
                out += self.update(node, receiver, self.visit(argument))
            for keyword in call.keywords:
                place = element(receiver, tree.constant(keyword.arg), gast.Store())
                out.append(gast.Assign([place], self.visit(keyword.value), None))
            return out
        new = self.generic_visit(node)
        return [] if isinstance(new.value, gast.Subscript) and self.ahead else [new]

    def is_dict_update(self, receiver: gast.expr, call: gast.Call) -> bool:
        if any(k.arg is None for k in call.keywords) or len(call.args) > 1:
            return False
        if call.keywords or (isinstance(receiver, gast.Name) and receiver.id in self.dicts):
            return True
        return all(self.makes_dict(a) or is_path(a) for a in call.args)

    def update(self, node: gast.Expr, receiver: gast.expr, argument: gast.expr) -> list[Any]:
        if isinstance(argument, gast.Dict) and None not in argument.keys:
            pairs = zip(argument.keys, argument.values, strict=True)
            names = [self.fresh("value") for _ in argument.keys]
            if len(names) == 1:
                ((key, value),) = pairs
                return [gast.Assign([element(receiver, key, gast.Store())], value, None)]
            out: list[Any] = [
                tree.assign(name, value, node)
                for name, (_, value) in zip(names, pairs, strict=True)
            ]
            for name, key in zip(names, argument.keys, strict=True):
                place = element(receiver, key, gast.Store())
                out.append(gast.Assign([place], tree.load(name), None))
            return out
        setup = []
        if not isinstance(argument, gast.Name):
            name = self.fresh("entries")
            setup.append(tree.assign(name, argument, node))
            argument = tree.load(name)
        key_name = self.fresh("key")
        store = gast.Assign(
            [element(receiver, tree.load(key_name), gast.Store())],
            element(argument, tree.load(key_name)),
            None,
        )
        keys = self.lowering.ask("keys", argument)
        return [*setup, gast.For(tree.store(key_name), keys, [store], [], None)]

    def extend(self, node: Any, receiver: gast.expr, values: gast.expr) -> list[Any]:
        if isinstance(values, gast.List | gast.Tuple) and not any(
            isinstance(e, gast.Starred) for e in values.elts
        ):
            if len(values.elts) == 1:
                return [self.append(receiver, values.elts[0])]
            names = [self.fresh("item") for _ in values.elts]
            bound = [tree.assign(n, e, node) for n, e in zip(names, values.elts, strict=True)]
            return [*bound, *(self.append(receiver, tree.load(n)) for n in names)]
        name = self.fresh("item")
        body = [self.append(receiver, tree.load(name))]
        if isinstance(values, gast.Name) and isinstance(receiver, gast.Name):
            values = tree.call(self.lowering.builtin("list", node), values)
        return [gast.For(tree.store(name), values, body, [], None)]

    @staticmethod
    def append(receiver: gast.expr, value: gast.expr) -> gast.Expr:
        return gast.Expr(tree.call(tree.attribute(tree.copy(receiver), "append"), value))

    def fresh(self, name: str) -> str:
        new: str = self.lowering.names.fresh(name)
        self.lowering.locals = self.lowering.locals | {new}
        return new

    def visit_For(self, node: gast.For) -> list[Any]:
        return self.statement(node)


def same(a: Any, b: Any) -> bool:
    return tree.same_items(a, b) if isinstance(a, list) else a is b


def contains(key: gast.expr, receiver: gast.expr) -> gast.Compare:
    return gast.Compare(tree.copy(key), [gast.In()], [tree.copy(receiver)])


def element(receiver: gast.expr, key: gast.expr, ctx: Any = None) -> gast.Subscript:
    return gast.Subscript(tree.copy(receiver), tree.copy(key), ctx or gast.Load())


def certain(body: Sequence[gast.stmt], makes: Any) -> set[str]:
    """Names that are only ever bound to such values."""
    out: set[str] = set()
    others: set[str] = set()
    for statement in tree.walk_statements(body):
        if isinstance(statement, gast.Assign):
            for target in statement.targets:
                if isinstance(target, gast.Name):
                    (out if makes(statement.value) else others).add(target.id)
                else:
                    others |= set(tree.stored_names(target))
        elif not isinstance(statement, gast.AugAssign):
            for part in gast.iter_child_nodes(statement):
                if not isinstance(part, gast.stmt):
                    others |= tree.names_in(part, gast.Store)
    return out - others


# --- loops over dicts


def dict_loop(lowering: Any, node: gast.For) -> list[Any] | None:
    """A loop over the entries of a dict as one over its keys, or None where it is none."""
    wrapped = node.iter
    index, target = None, node.target
    if (
        lowering.is_call_of(wrapped, "enumerate")
        and isinstance(target, gast.Tuple)
        and len(target.elts) == 2
        and wrapped.args
    ):
        index, target = target.elts
        wrapped = wrapped.args[0]
    what = getattr(wrapped, "entries", None)
    if what is None:
        return over_itself(lowering, node)
    if what == "keys":
        return None
    helper, (entries,) = wrapped.func, wrapped.args
    setup: list[Any] = []
    if not isinstance(entries, gast.Name) or entries.id in tree.names_in(
        [node.target, *node.body], gast.Store
    ):
        name = lowering.names.fresh("entries")
        setup.append(tree.assign(name, entries, node))
        entries = tree.load(name)
    key_target: Any = tree.store(lowering.names.fresh("key"))
    pattern = target.elts if isinstance(target, gast.Tuple) else []
    if what == "items" and len(pattern) == 2 and isinstance(pattern[0], gast.Name):
        key_target, target = pattern
        value: gast.expr = element(entries, tree.load(key_target.id))
    else:
        value = element(entries, tree.load(key_target.id))
        if what == "items":
            value = gast.Tuple([tree.load(key_target.id), value], gast.Load())
    keys = tree.call(tree.replace(helper, attr="keys"), entries)
    keys.entries = "keys"
    if index is None:
        new_target, new_iter = key_target, keys
    else:
        new_target = gast.Tuple([index, key_target], gast.Store())
        new_iter = tree.replace(node.iter, args=[keys, *node.iter.args[1:]])
    first = tree.with_origins(gast.Assign([target], value, None), node)
    return [*setup, tree.replace(node, target=new_target, iter=new_iter, body=[first, *node.body])]


def over_itself(lowering: Any, node: gast.For) -> list[Any] | None:
    """`for k in d: … d[k] …`: over the keys of a dict, or the elements of a sequence, as the run has it."""
    source, target = node.iter, node.target
    if (
        not is_path(source)
        or isinstance(source, gast.Constant)
        or not isinstance(target, gast.Name)
    ):
        return None
    for inner in tree.walk_statements(node.body):
        for n in tree.walk(inner):
            if (
                isinstance(n, gast.Subscript)
                and isinstance(n.slice, gast.Name)
                and n.slice.id == target.id
                and tree.same(n.value, source)
            ):
                known = isinstance(source, gast.Name) and source.id in lowering.dicts
                helper = "keys" if known else "sequence"
                call = lowering.ask(helper, source)
                call.entries = "keys"
                return [tree.replace(node, iter=call)]
    return None
