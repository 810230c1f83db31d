"""Folding: simpler expressions of the same value, bit for bit.

    before: -(-x)      bx + -g * y      tangent.keep(a) * b      2 + 3
    after:  x          bx - g * y       a * b                    5

Nothing here changes a rounding, a sign of zero or a type: `x * 1.0` and `x + 0.0` stay. Signs are moved in what we
wrote, of floats; the user's `x - -y` may be of unsigned integers, which wrap, or of objects.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function

__all__ = ["Fold"]

INTEGER_OPERATORS: dict[type, Any] = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
}


@register_pass
@dataclass(frozen=True)
class Fold(Pass):
    """Rewrite expressions to simpler ones.

    before: bx = -(-by)        after: bx = by
    """

    name = "fold"
    optimisation = True

    def run(self, function: Function, facts: Restricted) -> Function:
        fold = _Folder()
        return function.with_body(fold.visit_block(function.node.body))


class _Folder(tree.Rewriter):
    def visit_UnaryOp(self, node: gast.UnaryOp) -> Any:
        node = self.generic_visit(node)
        # -(-x) = x;  -copy(x) = -x
        if isinstance(node.op, gast.USub):
            operand = _without_copy(node.operand)
            if isinstance(operand, gast.UnaryOp) and isinstance(operand.op, gast.USub):
                if not isinstance(operand.operand, gast.Constant):
                    return operand.operand
            if operand is not node.operand:
                return tree.replace(node, operand=operand)
        return node

    def visit_BinOp(self, node: gast.BinOp) -> Any:
        node = self.generic_visit(node)
        left, right = _without_copy(node.left), _without_copy(node.right)
        # x - (-y) = x + y;  x + (-y) * z = x - y * z
        if isinstance(node.op, gast.Add | gast.Sub):
            positive = _negated(right)
            if positive is not None:
                return gast.BinOp(left, _opposite(node.op), positive)
        # whole numbers
        if (
            type(node.op) in INTEGER_OPERATORS
            and isinstance(left, gast.Constant)
            and isinstance(right, gast.Constant)
            and type(left.value) is int
            and type(right.value) is int
        ):
            return tree.constant(INTEGER_OPERATORS[type(node.op)](left.value, right.value))
        if left is not node.left or right is not node.right:
            return tree.replace(node, left=left, right=right)
        return node

    def visit_AugAssign(self, node: gast.AugAssign) -> Any:
        node = self.generic_visit(node)
        # x += -y is x -= y
        if isinstance(node.op, gast.Add | gast.Sub) and hasattr(node, "role"):
            positive = _negated(node.value)
            if positive is not None:
                return tree.replace(node, op=_opposite(node.op), value=positive)
        return node

    def visit_Call(self, node: gast.Call) -> Any:
        node = self.generic_visit(node)
        # keep(e) = e for a new object e
        if _is_helper(node, "keep") and isinstance(node.args[0], gast.BinOp | gast.UnaryOp):
            return node.args[0]
        return node


def _negated(node: gast.expr) -> gast.expr | None:
    """`e` for `-e`, and `e * z` for `-e * z`, where the sign is ours: it has no place in the user's text."""
    if isinstance(node, gast.UnaryOp):
        ours = isinstance(node.op, gast.USub) and not hasattr(node, "lineno")
        return node.operand if ours else None
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult | gast.Div):
        left = _negated(node.left)
        return None if left is None else tree.replace(node, left=left)
    return None


def _opposite(op: gast.operator) -> gast.operator:
    return gast.Sub() if isinstance(op, gast.Add) else gast.Add()


def _is_helper(node: gast.AST, name: str) -> bool:
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Attribute)
        and node.func.attr == name
        and isinstance(node.func.value, gast.Name)
        and node.func.value.id.startswith("tangent")
    )


def _without_copy(node: gast.expr) -> gast.expr:
    """An operand needs no copy: the operation makes a new object at once."""
    if _is_helper(node, "keep"):
        return node.args[0]
    if (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Attribute)
        and node.func.attr == "copy"
        and not node.args
        and not node.keywords
        and isinstance(node.func.value, gast.Subscript)
    ):
        return node.func.value
    return node
