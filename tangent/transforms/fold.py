"""Folding: simpler expressions of the same value, bit for bit.

    before: -(-x)      x - -y      tangent.keep(a) * b      2 + 3
    after:  x          x + y       a * b                    5

Nothing here changes a rounding, a sign of zero or a type: `x * 1.0` and `x + 0.0` stay.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.kinds import Kinds
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.recipes.kinds import same_shape

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
    requires = (Kinds,)
    optimisation = True

    def run(self, function: Function, facts: Restricted) -> Function:
        fold = _Folder(function, facts)
        return function.with_body(fold.visit_block(function.node.body))


class _Folder(tree.Rewriter):
    def __init__(self, function: Function, facts: Restricted) -> None:
        self.facts = facts
        self.seed = function.meta.get("seed")
        self.statement: Any = None

    def visit(self, node: Any) -> Any:
        if isinstance(node, gast.stmt):
            self.statement = node
        return super().visit(node)

    def uniform(self, node: gast.expr, other: gast.expr) -> gast.expr:
        """A product's operand with `full_like(x, s)` for `s`, where the other operand has x's shape anyway.

        full_like(x, s) * y = s * y      for float64 arrays of one shape
        """
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult | gast.Div):
            left = self.uniform(node.left, other)
            if left is not node.left:
                return tree.replace(node, left=left)
            if isinstance(node.op, gast.Mult) and isinstance(node.left, gast.Constant):
                right = self.uniform(node.right, other)
                return node if right is node.right else tree.replace(node, right=right)
            return node
        if isinstance(node, gast.BinOp) or not isinstance(node, gast.Call):
            return node
        if not (isinstance(node.func, gast.Attribute) and node.func.attr == "full_like"):
            return node
        kinds = self.facts[Kinds]
        shape, value = node.args
        likeness = kinds.kind_of(shape, self.statement)
        opposite = kinds.kind_of(other, self.statement)
        scalar = kinds.kind_of(value, self.statement).is_number or (
            isinstance(value, gast.Name) and value.id == self.seed
        )
        if (
            scalar
            and likeness.is_array
            and opposite.is_array
            and likeness.dtype == opposite.dtype == "float64"
            and same_shape(likeness, opposite)
        ):
            return value
        return node

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
        # x - (-y) = x + y;  x + (-y) = x - y
        if isinstance(node.op, gast.Add | gast.Sub):
            if isinstance(right, gast.UnaryOp) and isinstance(right.op, gast.USub):
                op = gast.Sub() if isinstance(node.op, gast.Add) else gast.Add()
                return gast.BinOp(left, op, right.operand)
        if isinstance(node.op, gast.Mult):
            plain = self.uniform(left, right)
            # 2 * full_like(x, s) * y: the factor of two stands in the left operand
            if plain is not left:
                return gast.BinOp(plain, node.op, right)
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
        if (
            isinstance(node.op, gast.Add)
            and isinstance(node.value, gast.UnaryOp)
            and isinstance(node.value.op, gast.USub)
            and hasattr(node, "role")
        ):
            return tree.replace(node, op=gast.Sub(), value=node.value.operand)
        return node

    def visit_Call(self, node: gast.Call) -> Any:
        node = self.generic_visit(node)
        # keep(e) = e for a new object e
        if _is_helper(node, "keep") and isinstance(node.args[0], gast.BinOp | gast.UnaryOp):
            return node.args[0]
        return node


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
