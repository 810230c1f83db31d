"""Reverse mode through accumulation at indices that may repeat.

    primal: np.add.at(A, i, v)          mirror: bv = tangent.unbroadcast(tangent.keep(bA[i]), v)

Every repeat of an index adds: so all of `v` reaches the result, and the adjoint of `A` stays as it is.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.adjoints import State

__all__ = ["mirror_addition"]


def mirror_addition(mirror: Any, statement: gast.Expr, state: State) -> None:
    """Emit the mirror of `np.add.at(A, i, v)` or `tangent.add_at(A, i, v)`."""
    base, index, value = statement.value.args
    if not isinstance(base, gast.Name) or not mirror.present(state, base.id, statement, True):
        return
    mirror.c.sharing.check_storage(base.id, statement)
    if not (isinstance(value, gast.Name) and mirror.c.active(value.id, statement)):
        return
    mirror.own(state, base.id, statement, True)
    place = mirror.c.read(index, statement)
    element = gast.Subscript(mirror.adjoint(base.id), place, gast.Load())
    kind = mirror.c.kind_of_name(value.id, statement, False)
    taken = mirror.c.names.fresh("g")
    part = mirror.c.expander.helper("keep", element)
    mirror.emit(tree.assign(taken, mirror.unbroadcast(part, value.id, statement, kind)))
    mirror.add_taken(state, value.id, taken, statement)
