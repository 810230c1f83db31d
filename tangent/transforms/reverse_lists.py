"""Reverse mode of lists that grow and shrink (tapes among them).

    primal: L.append(v)        mirror: bv = bL.pop()
            v = L.pop()                bL.append(bv)

The adjoint of a list is a list that moves the other way: it has an element for each element that the primal list has
at the mirrored point. (So generated code, whose tapes are lists, can be differentiated again.)
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.adjoints import OWNED, Contribution, State
from tangent.transforms.dead import pop_of, push_of
from tangent.transforms.reverse import Mirror

__all__ = ["ListMirror"]


class ListMirror(Mirror):
    """Adds the mirrors of `append` and `pop` of local lists."""

    def mirror_list(self, statement: Any, state: State) -> bool:
        """Mirror a push or a pop. Returns whether the statement is one."""
        pushed = push_of(statement)
        if pushed in self.c.locals:
            self.mirror_push(statement, pushed, statement.value.args, state)
            return True
        if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
            popped = pop_of(statement.value)
            if popped in self.c.locals and not statement.value.args:
                self.mirror_pop(statement, popped, statement.targets[0].id, state)
                return True
        return False

    def list_adjoint(self, name: str, state: State, at: Any, after: bool) -> None:
        """Make the adjoint of a list exist: zeros for the elements that it has there."""
        if name in state:
            return
        shape = self.c.need(name, at, after)
        zeros = self.c.expander.helper("zeros_list", shape)
        self.emit(tree.assign(self.adjoint_name(name), zeros), quiet=True)
        state[name] = OWNED

    def mirror_push(self, statement: Any, name: str, args: list[Any], state: State) -> None:
        if name not in state:
            return
        (value,) = args
        taken = tree.call(tree.attribute(self.adjoint(name), "pop"))
        if isinstance(value, gast.Name) and self.c.active(value.id, statement):
            self.contribute(state, value.id, Contribution(taken, True), statement)
        else:
            self.emit(gast.Expr(taken))

    def mirror_pop(self, statement: Any, name: str, target: str, state: State) -> None:
        if not self.c.active(name, statement):
            state.pop(target, None)
            return
        self.list_adjoint(name, state, statement, True)
        if target in state:
            value: gast.expr = self.adjoint(target)
            owned = state.pop(target) == OWNED or self.is_number(target, statement, True)
            if not owned:
                value = self.c.expander.helper("keep", value)
        else:
            value = self.zero(target, statement, True)
        self.emit(gast.Expr(tree.call(tree.attribute(self.adjoint(name), "append"), value)))
