"""What both modes refuse before they write a derivative, or let the run refuse.

    G[0] = x * x        a global that is written       (outside)
    a | b               a dict, as the run may tell    (unions)

Each check has a file of its own; a construct that one mode alone can't follow is refused where that mode meets it.
"""

from __future__ import annotations

from tangent.transforms.attempts import check_attempts
from tangent.transforms.context import Context
from tangent.transforms.outside import check_outside_writes
from tangent.transforms.receivers import check_receivers
from tangent.transforms.unions import check_unions

__all__ = ["check_context"]


def check_context(context: Context) -> None:
    """Check a function in core form.

    Raises:
        TangentError: it does what neither mode can follow.
    """
    check_outside_writes(context)
    check_attempts(context)
    check_receivers(context)
    check_unions(context)
