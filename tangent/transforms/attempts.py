"""Blocks that an exception may leave: nobody may see how far they came.

    try:
        y[0] = f(x)        refused where `y` is read behind the `try`: the second
        y[1] = g(x)        assignment may raise when the first has written
    except ValueError:
        pass

The backward pass mirrors a block that has completed, or the handler. `transforms.handlers` cuts
blocks so that what they do is seen only when they have completed; here that is checked, with all
that is known of aliases and calls, and refused where it does not hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from tangent import tree
from tangent.analysis.effects import Effects
from tangent.errors import UnsupportedError
from tangent.transforms.versions import assigned_names

if TYPE_CHECKING:
    from tangent.transforms.context import Context

__all__ = ["check_attempts"]


def check_attempts(context: Context) -> None:
    """Refuse a block of which a part may be seen when it has failed.

    Raises:
        UnsupportedError: at a statement that changes what is read afterwards. The last statement of
            a block may, if it does so as a whole.
    """
    for attempt in context.statements:
        if not isinstance(attempt, tree.Attempt) or attempt.reraises:
            continue
        live = context.liveness.before[attempt.orelse[0]]
        body = [s for s in attempt.body if not getattr(s, "completes", False)]
        for statement in tree.walk_statements(body):
            if getattr(statement, "ends", False) or statement not in context.values.before:
                continue
            if statement is body[-1] and _is_whole(statement, context):
                continue
            changed = set(assigned_names(statement)) | context.aliases.changed_names(statement)
            for name in sorted(changed & live):
                raise UnsupportedError(
                    f"`{name}` may have changed when an exception leaves this block",
                    context.origin(statement),
                    why=f"`{name}` is read afterwards, and how far the block came is not known",
                    remedy="write into a new object, and assign it behind the `try`",
                )


def _is_whole(statement: Any, context: Context) -> bool:
    """The statement either raises or writes, never both."""
    if isinstance(statement, gast.AugAssign):
        return True
    if isinstance(statement, gast.Assign):
        return not isinstance(statement.targets[0], gast.Name)
    value = getattr(statement, "value", None)
    if not isinstance(value, gast.Call):
        return False
    calls = context.facts[Effects].calls
    return calls.callee(value) is None and calls.effect(value).known
