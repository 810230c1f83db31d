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
    met, _ = _meets(function.node.body, frozenset(function.parameters))
    return [p for p in function.parameters if p in met]


def _meets(body: list[Any], names: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Those names of which each run meets a witness in a block, and those that are still open.

    A name is open while nothing is met and it is still the parameter.
    """
    met: frozenset[str] = frozenset()
    open_ = names
    for statement in body:
        for field in ("value", "test", "iter"):
            part = getattr(statement, field, None)
            if isinstance(part, gast.AST):
                met |= open_ & _witnessed(part)
        open_ -= met
        if not open_:
            break
        if isinstance(statement, gast.If):
            left, right = _meets(statement.body, open_), _meets(statement.orelse, open_)
            met |= left[0] & right[0]
            open_ = left[1] & right[1]
        elif not isinstance(statement, gast.Assign) or tree.stored_names(statement.targets[0]):
            open_ -= _rebound(statement)
    return met, open_


def _rebound(statement: Any) -> frozenset[str]:
    return frozenset(
        node.id
        for node in tree.walk(statement)
        if isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load)
    )


def _witnessed(node: Any) -> set[str]:
    """The names of which evaluating an expression fails where they are containers."""
    if isinstance(node, gast.UnaryOp):
        return set() if isinstance(node.op, gast.Not) else _name(node.operand)
    if isinstance(node, gast.BinOp):
        operands = (node.left, node.right)
        names = [_name(o) for o in operands]
        if names[0] and names[0] == names[1]:
            return names[0] if isinstance(node.op, WITH_ITSELF) else set()
        is_float = any(_is_number(o) and type(o.value) is float for o in operands)
        if not isinstance(node.op, WITH_NUMBERS) and not (
            isinstance(node.op, gast.Mult) and is_float
        ):
            return set()
    elif isinstance(node, gast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ORDERS):
        operands = (node.left, node.comparators[0])
    else:
        return set()
    return set().union(*map(_name, operands)) if any(map(_is_number, operands)) else set()


def _name(node: Any) -> set[str]:
    return {node.id} if isinstance(node, gast.Name) else set()


def _is_number(node: Any) -> bool:
    return isinstance(node, gast.Constant) and type(node.value) in (int, float, complex)
