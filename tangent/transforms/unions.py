"""`|` of dicts of which only the run knows that they are dicts.

    both = a | b              both = a | b
                              tangent.check_no_union(both)

For numbers, arrays and sets its derivative is zero. Where a dict is written out, `desugar` makes `{**a, **b}` of it.
"""

from __future__ import annotations

import gast

from tangent import tree
from tangent.transforms.context import Context

__all__ = ["check_unions"]


def check_unions(context: Context) -> None:
    """Let the run raise where `|` of what varies with `wrt` gives a dict."""
    varied = context.activity.varied.before
    for statement in context.statements:
        if not isinstance(statement, gast.Assign) or statement not in varied:
            continue
        value, (target,) = statement.value, statement.targets
        if not isinstance(value, gast.BinOp) or not isinstance(value.op, gast.BitOr):
            continue
        if not isinstance(target, gast.Name) or not tree.names_in(value) & varied[statement]:
            continue
        kind = context.kind_of_name(target.id, statement, True)
        if not (kind.is_number or kind.is_array):
            context.check(statement, "check_no_union", tree.load(target.id))
