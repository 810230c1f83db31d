"""Elements of tuples and ranges that are written out: read what was put in.

    before: t = (i, e)                       after: t = (i, e)          (dead, if nothing else reads it)
            tangent.check_length(t, 2)              k = i
            k = t[0]                                v = e
            v = t[1]

    before: r = range(1, n)                  after: r = range(1, n)
            tangent.check_sequence(r)               for k in range(1, n):
            for k in range(len(r)):                     i = k
                i = r[k]

Generators yield such tuples, and loops take them apart; they loop over what they are given. Tuples and ranges never change,
so an element is known until the name of the whole, or of what was put in, is bound again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeGuard

import gast

from tangent import runtime, tree
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.transforms.copies import Copied, Propagate
from tangent.transforms.versions import assigned_names

__all__ = ["Elements"]


@register_pass
@dataclass(frozen=True)
class Elements(Pass):
    """Read what was put into a tuple in place of its elements, and loop over ranges directly.

    before: t = (a, b)            after: t = (a, b)
            y = t[0] * t[1]              y = a * b
    """

    name = "elements"
    needs = frozenset({"anf"})

    def run(self, function: Function, facts: Restricted) -> Function:
        forward = _Forward(lambda s: False, function)
        return function.with_body(forward.block(function.node.body, {}))


class _Forward(Propagate):
    """What is known of a name is the tuple or the call of `range` that it denotes."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.local_names = self.function.locals()
        self.loads = tree.count_names(self.function.node)

    def block(self, body: list[Any], copies: Copied) -> list[Any]:
        out = []
        for statement in body:
            if not self.is_checked(statement, copies):
                out.append(self.statement(statement, copies))
        return out

    def statement(self, statement: Any, copies: Copied) -> Any:
        if isinstance(statement, gast.For):
            statement = self.over_range(statement, copies)
        new = super().statement(statement, copies)
        if isinstance(new, gast.Assign) and isinstance(new.targets[0], gast.Name):
            name = new.targets[0].id
            if self.is_written_out(new.value) and name not in tree.names_in(new.value):
                copies[name] = new.value
        return new

    @staticmethod
    def read(node: Any, copies: Copied) -> Any:
        return _Read(copies).visit(node) if copies else node

    def is_written_out(self, value: gast.expr) -> bool:
        if isinstance(value, gast.Tuple):
            return all(isinstance(e, gast.Name | gast.Constant) for e in value.elts)
        return self.calls(value, range) and not any(isinstance(a, gast.Starred) for a in value.args)

    def calls(self, node: Any, target: Any) -> TypeGuard[gast.Call]:
        """A call of this function or class, with positional arguments."""
        return (
            isinstance(node, gast.Call)
            and not node.keywords
            and bool(node.args)
            and self.function.resolve(node.func, self.local_names) is target
        )

    def known(self, node: Any, copies: Copied, kind: type) -> Any:
        """What a name denotes, if it is of this kind of node."""
        whole = copies.get(node.id) if isinstance(node, gast.Name) else None
        return whole if isinstance(whole, kind) else None

    def is_checked(self, statement: Any, copies: Copied) -> bool:
        """A check of what is known: a tuple's length, or that a range can be walked backwards."""
        call = getattr(statement, "value", None)
        if not isinstance(statement, gast.Expr):
            return False
        if self.calls(call, runtime.check_sequence):
            return self.known(call.args[0], copies, gast.Call) is not None
        if self.calls(call, runtime.check_length) and len(call.args) == 2:
            display = self.known(call.args[0], copies, gast.Tuple)
            return display is not None and call.args[1].value == len(display.elts)
        return False

    def over_range(self, loop: gast.For, copies: Copied) -> gast.For:
        """`for k in range(len(r))`, with `r` a range and `k` read in `r[k]` alone, as a loop over it."""
        count = loop.iter.args[0] if self.calls(loop.iter, range) else None
        if not (self.calls(count, len) and len(loop.iter.args) == 1):
            return loop
        whole = self.known(count.args[0], copies, gast.Call)
        if whole is None or not isinstance(loop.target, gast.Name):
            return loop
        name, index = count.args[0].id, loop.target.id
        direct = _Index(name, index)
        body = [direct.visit(s) for s in loop.body]
        bound = {n for s in loop.body for n in assigned_names(s)}
        if direct.others or bound & {name, index, *tree.names_in(whole)}:
            return loop
        if self.loads[index] != direct.found:  # after the loop, it may be
            return loop
        return tree.replace(loop, iter=tree.copy(whole), body=body)


class _Read(tree.Rewriter):
    def __init__(self, known: Copied) -> None:
        self.known = known

    def visit_Subscript(self, node: gast.Subscript) -> Any:
        index = node.slice
        if (
            isinstance(node.ctx, gast.Load)
            and isinstance(node.value, gast.Name)
            and isinstance(self.known.get(node.value.id), gast.Tuple)
            and isinstance(index, gast.Constant)
            and type(index.value) is int
        ):
            elements = self.known[node.value.id].elts
            if -len(elements) <= index.value < len(elements):
                return tree.copy(elements[index.value])
        return self.generic_visit(node)


class _Index(tree.Rewriter):
    """`r[k]` as `k`; whether `k` is read elsewhere."""

    def __init__(self, whole: str, index: str) -> None:
        self.whole = whole
        self.index = index
        self.others = False
        self.found = 0

    def visit_Subscript(self, node: gast.Subscript) -> Any:
        if isinstance(node.value, gast.Name) and node.value.id == self.whole:
            if isinstance(node.slice, gast.Name) and node.slice.id == self.index:
                self.found += 1
                return node.slice
        return self.generic_visit(node)

    def visit_Name(self, node: gast.Name) -> Any:
        self.others = self.others or node.id == self.index
        return node
