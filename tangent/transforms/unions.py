"""`|` of dicts of which only the run knows that they are dicts.

    both = a | b              both = a | b
                              tangent.check_no_union(both)
    a |= b                    a |= b
                              tangent.check_no_union(a)

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
        if statement not in varied or not isinstance(statement, gast.Assign | gast.AugAssign):
            continue
        update = isinstance(statement, gast.AugAssign)
        made = statement if update else statement.value
        if not isinstance(made, gast.BinOp | gast.AugAssign) or not isinstance(made.op, gast.BitOr):
            continue
        target = statement.target if update else statement.targets[0]
        if not tree.names_in(made) & varied[statement]:
            continue
        if isinstance(target, gast.Name):
            kind = context.kind_of_name(target.id, statement, True)
            if not (kind.is_number or kind.is_array):
                context.check(statement, "check_no_union", tree.load(target.id))
        elif update:
            context.check(statement, "check_no_union", tree.replace(target, ctx=gast.Load()))
