"""Parameters that surely are numbers or arrays, since something is done to them that containers refuse.

    def f(a):                a: numeric
        while a > 0.1:           (a list or a dict is not greater than a number)
            a = a * a

A witness counts where each run meets it before the parameter is bound again: in the statements of the body in order,
in a test, or in both arms of a branch; not in the body of a loop, which may run zero times. A list times an array
is an array, so the other operand must be the parameter itself or a number that is written out.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.program import Function

__all__ = ["numeric_by_use"]

ORDERS = (gast.Lt, gast.LtE, gast.Gt, gast.GtE)
# `+` joins lists; `*` repeats one by an integer; `|` and `-` are those of sets, `|` that of dicts.
WITH_NUMBERS = (gast.Sub, gast.Div, gast.FloorDiv, gast.Pow, gast.Add)
WITH_ITSELF = (gast.Mult, gast.Div, gast.FloorDiv, gast.Pow)


def numeric_by_use(function: Function) -> list[str]:
    """The parameters that each run of the function takes for numbers or arrays."""
    return [p for p in function.parameters if _meets(function.node.body, p) is True]


def _meets(body: list[Any], name: str) -> bool | None:
    """Whether each run meets a witness; None: not in here, and the name is still the parameter."""
    for statement in body:
        header = [
            part
            for field in ("value", "test", "iter")
            if isinstance(part := getattr(statement, field, None), gast.AST)
        ]
        if any(_is_witness(part, name) for part in header):
            return True
        if isinstance(statement, gast.If):
            arms = [_meets(statement.body, name), _meets(statement.orelse, name)]
            if arms == [True, True]:
                return True
            if arms != [None, None]:
                return False
        elif any(True for _ in tree.blocks(statement)) or name in tree.stored_names(statement):
            if _rebinds(statement, name):
                return False
    return None


def _rebinds(statement: Any, name: str) -> bool:
    return any(
        isinstance(node, gast.Name) and node.id == name and not isinstance(node.ctx, gast.Load)
        for node in tree.walk(statement)
    )


def _is_witness(expression: gast.AST, name: str) -> bool:
    """Evaluating the expression fails for a container under the name."""
    node: Any = expression
    if isinstance(node, gast.UnaryOp):
        return not isinstance(node.op, gast.Not) and _is(node.operand, name)
    if isinstance(node, gast.BinOp):
        if _is(node.left, name) and _is(node.right, name):
            return isinstance(node.op, WITH_ITSELF)
        operands = (node.left, node.right)
        if any(_is(o, name) for o in operands) and any(map(_is_number, operands)):
            is_float = any(_is_number(o) and type(o.value) is float for o in operands)
            return isinstance(node.op, WITH_NUMBERS) or (
                isinstance(node.op, gast.Mult) and is_float
            )
        return False
    if isinstance(node, gast.Compare) and len(node.ops) == 1:
        operands = (node.left, node.comparators[0])
        return (
            isinstance(node.ops[0], ORDERS)
            and any(_is(o, name) for o in operands)
            and any(map(_is_number, operands))
        )
    return False


def _is(node: Any, name: str) -> bool:
    return isinstance(node, gast.Name) and node.id == name


def _is_number(node: Any) -> bool:
    return isinstance(node, gast.Constant) and type(node.value) in (int, float, complex)
