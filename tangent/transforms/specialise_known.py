"""What `specialise` knows of tests and indices before the program runs.

    if inner is not None: ...        where `inner` is a function: the arm that is taken
    fs[k]                            where `k` is 2: the third

Only what involves static values, or stands in a callee that is expanded, is decided here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import gast

from tangent import standins, tree
from tangent.program import MISSING
from tangent.transforms.specialise_expand import Calls
from tangent.transforms.specialise_values import Choice, Constant, Known, Record

__all__ = ["Evaluation", "Unknown"]

OPERATORS: dict[type, Callable[..., Any]] = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
    gast.FloorDiv: operator.floordiv,
    gast.Mod: operator.mod,
    gast.Eq: operator.eq,
    gast.NotEq: operator.ne,
    gast.Lt: operator.lt,
    gast.LtE: operator.le,
    gast.Gt: operator.gt,
    gast.GtE: operator.ge,
    gast.USub: operator.neg,
    gast.Not: operator.not_,
}


class Unknown(Exception):
    """Only the run knows."""


class Evaluation(Calls):
    """A walk that evaluates what it can."""

    def record_of(self, node: gast.AST | None) -> Record | None:
        """The container that is followed of a name."""
        if not isinstance(node, gast.Name):
            return None
        self.read_check(node.id)
        found = self.state.values.get(node.id)
        return found if isinstance(found, Record) else None

    def known(self, node: Any) -> Any:
        """The value of an expression.

        Raises:
            Unknown: it isn't known.
        """
        if node is None:
            return None
        if isinstance(node, gast.Constant):
            return node.value
        if isinstance(node, gast.Name):
            found = self.state.values.get(node.id)
            if isinstance(found, Constant):
                return found.value
            if isinstance(found, Known):
                return found.obj
        elif isinstance(node, gast.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](self.known(node.operand))
        elif isinstance(node, gast.BinOp) and type(node.op) in OPERATORS:
            left, right = self.known(node.left), self.known(node.right)
            if isinstance(left, int) and isinstance(right, int) and right:
                return OPERATORS[type(node.op)](left, right)
        elif isinstance(node, gast.Compare) and len(node.ops) == 1:
            return self.known_comparison(node)
        elif isinstance(node, gast.BoolOp):
            for operand in node.values[:-1]:
                value = self.known(operand)
                if bool(value) is isinstance(node.op, gast.Or):
                    return value
            return self.known(node.values[-1])
        elif isinstance(node, gast.Call):
            length = self.length_of(node)
            if length is not None:
                return length
            if len(node.args) == 1 and self.resolve(node.func) is callable:
                value = self.static(node.args[0])
                if isinstance(node.args[0], gast.Name) and value is None:
                    return callable(self.known(node.args[0]))
                if value is not None:
                    return not isinstance(value, Record)
        raise Unknown

    def known_comparison(self, node: gast.Compare) -> bool:
        (op,), (right,) = node.ops, node.comparators
        left = node.left
        if isinstance(op, gast.Is | gast.IsNot):
            return self.is_same(left, right) is isinstance(op, gast.Is)
        if isinstance(op, gast.In | gast.NotIn):
            record = self.record_of(right)
            if record is None or record.type is not dict:
                raise Unknown
            keys = [k for k, _ in self.state.shapes[record.number]]
            return (self.known(left) in keys) is isinstance(op, gast.In)
        if type(op) not in OPERATORS:
            raise Unknown
        a, b = self.known(left), self.known(right)
        plain = (int, float, str, bool)
        if not (isinstance(a, plain) and isinstance(b, plain)):
            raise Unknown
        return bool(OPERATORS[type(op)](a, b))

    def is_same(self, left: gast.expr, right: gast.expr) -> bool:
        """`left is right`, with None, a function or an object on one side."""
        objects = [self.resolve(side) for side in (left, right)]
        if objects[1] is standins.missing:
            return objects[0] is standins.missing
        a, b = (self.identity(side) for side in (left, right))
        if a is MISSING or b is MISSING:
            raise Unknown
        return bool(a == b)

    def identity(self, node: gast.expr) -> Any:
        """Something equal for one object only, MISSING where it isn't known."""
        if isinstance(node, gast.Constant):
            return Constant(node.value) if node.value is None else MISSING
        if isinstance(node, gast.Name):
            found = self.state.values.get(node.id)
            if isinstance(found, Constant):
                return found if found.value is None else ("another", node.id)
            if found is not None and not found.runtime:
                self.read_check(node.id)
                return MISSING if isinstance(found, Choice) else found
        found = self.static(node) if isinstance(node, gast.Name | gast.Attribute) else None
        return MISSING if found is None else found

    def test(self, node: gast.expr) -> gast.expr | bool:
        if self.depth or self.has_static(node):
            node = self.simplified(node)
            try:
                return bool(self.known(node))
            except Unknown:
                pass
        return self.runtime(node)

    def simplified(self, node: gast.expr) -> gast.expr:
        """`a and b` without the operands that are known."""
        if not isinstance(node, gast.BoolOp):
            return node
        kept: list[gast.expr] = []
        decides = isinstance(node.op, gast.Or)
        for operand in map(self.simplified, node.values):
            try:
                value = bool(self.known(operand))
            except Unknown:
                kept.append(operand)
                continue
            if value is decides:
                kept.append(tree.constant(value))
                break
        if not kept:
            return tree.constant(not decides)
        if len(kept) == len(node.values):
            return node
        return kept[0] if len(kept) == 1 else tree.replace(node, values=kept)
