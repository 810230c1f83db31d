"""Reverse mode of storage that has several names: definitions of shared views, updates through them.

    v = y[1:]          nothing: `bv` is `by[1:]`
    v *= y[:-1]        g = bv * v; bv[...] = bv * y[:-1]; by[:-1] += g

See `transforms.views` for which names share their adjoint, `transforms.adjoints` for how views of it are made.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.adjoints import HELD, OWNED, SHARED, VIEW, Adjoints, Contribution, State
from tangent.transforms.expand import Operation, operation_of
from tangent.transforms.views import View

__all__ = ["ViewMirror", "is_name"]


class ViewMirror(Adjoints):
    """Adds the mirrors of statements that concern shared views."""

    def mirror_view(self, view: View, state: State) -> None:
        """The mirror of the definition of a shared view: nothing, unless it was none in this run."""
        if state.pop(view.name, VIEW) != HELD or self.c.views.is_certain(view):
            return
        (base,) = view.bases
        assert base is not None
        self.own(state, base[0], view.definition, False)
        flag = self.c.need(self.c.views.flag(view), view.definition, True)
        outer, self.out = self.out, []
        self.pass_on(view, self.adjoint(view.name), state)
        made, self.out = self.out, outer
        if made:
            branch = gast.If(gast.UnaryOp(gast.Not(), flag), made, [])
            branch.role = "adjoint"
            tree.with_origins(branch, self.current)
            self.out.append(branch)

    def pass_on(self, view: View, term: gast.Name, state: State) -> None:
        definition, value = view.definition, view.definition.value
        (base,) = view.bases
        assert base is not None
        if view.form == "read-only":  # its base may have become active only later
            self.c.forced.add((base[0], definition))
        if not self.c.active(base[0], definition):
            return
        if isinstance(value, gast.Name):
            self.contribute(state, value.id, Contribution(term, False), definition)
        elif isinstance(value, gast.Subscript):
            self.own(state, base[0], definition, False)
            self.accumulate_at(self.adjoint(base[0]), value.slice, term, definition)
        else:
            self.mirror_operation(definition, view.name, value, term, SHARED, state)

    def has_adjoint(self, state: State, name: str) -> bool:
        """What is added to a name's adjoint needs a name of its own first."""
        return name in state or self.c.views.is_involved(name)

    def taken_name(self, state: State, name: str) -> str:
        """The name for what is added to the adjoint of `name`: that itself, where there is none yet."""
        return self.c.names.fresh("g") if self.has_adjoint(state, name) else self.adjoint_name(name)

    def add_taken(self, state: State, name: str, taken: str, at: Any) -> None:
        """Add a taken adjoint (in the name `taken`) to that of `name`."""
        if taken != self.adjoint_name(name):
            self.contribute(state, name, Contribution(tree.load(taken), True), at)
        else:
            state[name] = OWNED

    def terms_of_update(
        self, statement: gast.AugAssign, name: str
    ) -> list[tuple[str, Contribution]]:
        """The terms of `x = x + e`, for `x += e`."""
        updated = gast.BinOp(tree.load(name), statement.op, statement.value)
        operation = operation_of(updated, self.c.function, self.c.locals)
        assert operation is not None
        if operation.recipe is None:
            raise self.no_recipe(operation, statement)
        active = [
            (parameter, atom.id)
            for parameter, atom in operation.atoms
            if isinstance(atom, gast.Name) and self.c.active(atom.id, statement)
        ]
        by = self.adjoint(name)
        return self.terms(operation, operation.recipe, statement, name, by, active)

    def mirror_shared_update(self, statement: gast.AugAssign, name: str, state: State) -> None:
        """`x += e` where others share the memory of `x`: its adjoint is changed in place.

        All terms are computed before the first is added, as `e` may be a view of `x`.
        """
        if not self.present(state, name, statement, True):
            return
        self.own(state, name, statement, True)
        self.c.forced.add((name, statement))  # active, if only under another name
        terms = dict(self.terms_of_update(statement, name))
        by = self.adjoint(name)
        own = terms.pop(name, None)
        taken: list[tuple[str, str]] = []
        for other, term in terms.items():
            taken.append((other, self.taken_name(state, other)))
            kind = self.c.kind_of_name(other, statement)
            expr = term.expr if term.fresh else self.c.copied(term.expr, kind)
            self.emit(tree.assign(taken[-1][1], expr))
        if own is None:
            place = gast.Subscript(by, gast.Constant(..., None), gast.Store())
            self.emit(gast.Assign([place], gast.Constant(0.0, None), None))
        elif not is_name(own.expr, by.id):
            kind = self.c.kind_of_name(name, statement)
            if kind.is_array:
                place = gast.Subscript(by, gast.Constant(..., None), gast.Store())
                self.emit(gast.Assign([place], own.expr, None))
            else:
                self.emit(tree.assign(by.id, self.c.expander.helper("write", by, own.expr)))
        for other, temporary in taken:
            self.add_taken(state, other, temporary, statement)

    # --- of `reverse`

    def terms(self, *args: Any, **more: Any) -> list[tuple[str, Contribution]]:
        raise NotImplementedError

    def mirror_operation(self, *args: Any) -> None:
        raise NotImplementedError

    def accumulate_at(self, into: gast.expr, index: gast.expr, term: gast.expr, at: Any) -> None:
        raise NotImplementedError

    def no_recipe(self, operation: Operation, statement: Any) -> Any:
        raise NotImplementedError


def is_name(expr: gast.expr, name: str) -> bool:
    return isinstance(expr, gast.Name) and expr.id == name
