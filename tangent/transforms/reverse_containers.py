"""Reverse mode of displays, of dicts, and of containers in containers.

    primal: d = {"a": x, k: y}        mirror: bx = bd["a"]
                                              by = bd[k]
            d[k] = v                          bv = keep(bd[k]); bd[k] = 0.0        (as any element)

The adjoint of a dict is a dict of the adjoints of its entries (`tangent.runtime_containers`).
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.adjoints import OWNED, Contribution, State
from tangent.transforms.dead import pop_of, push_of
from tangent.transforms.expand import field_of
from tangent.transforms.reverse_lists import ListMirror
from tangent.transforms.sharing import has_slice

__all__ = ["ContainerMirror"]


class ContainerMirror(ListMirror):
    """Adds the mirrors of what makes and changes dicts."""

    # --- what is read of containers in containers

    def path(self, name: str, at: gast.AST) -> tuple[str, list[gast.expr]]:
        """What a name that is only read is a part of, and where: `params`, `[i]` for `layer = params[i]`.

        So what is read of it goes into the adjoint of the whole at once: `bparams[i]["W"] += bW`.
        """
        within: list[gast.expr] = []
        while True:
            step = self.part_of(name, at)
            if step is None:
                return name, within
            definition, load = step
            within.insert(0, self.c.read(load.slice, definition))
            name = load.value.id

    def part_of(self, name: str, at: gast.AST) -> tuple[Any, gast.Subscript] | None:
        """The definition of a name, and the load, if there is one path to it and nobody writes there."""
        value = self.c.value(name, at, False)
        definition = None if value is None else self.c.values.definition.get(value.binding)
        if not isinstance(definition, gast.Assign) or name in self.c.written_names:
            return None
        load = definition.value
        load = field_of(load, self.c.function, self.c.locals) or load
        if not isinstance(load, gast.Subscript) or not isinstance(load.value, gast.Name):
            return None
        base = load.value.id
        if base not in self.c.locals or base in self.c.written_names | self.c.growing:
            return None
        if self.c.value(base, at, False) != self.c.value(base, definition, False):
            return None
        if self.c.views.is_involved(name) or self.c.views.is_involved(base):
            return None
        if has_slice(load.slice) or not self.c.is_basic_index(load.slice, definition):
            return None
        return (definition, load) if self.c.active(base, definition) else None

    # --- methods that change how many elements there are

    def mirror_list(self, statement: Any, state: State) -> bool:
        held = push_of(statement) or pop_of(getattr(statement, "value", None))
        if held is not None and self.c.views.shared_at(held, statement, True) is not None:
            if push_of(statement) and not self.present(state, held, statement, True):
                return True
            self.own(state, held, statement, True)
        if super().mirror_list(statement, state):
            return True
        found = resizing_call(statement)
        if found is None or found[0] not in self.c.locals:
            return False
        name, method, args, target = found
        if method == "pop":
            self.mirror_pop_at(statement, name, args[0], target, state)
        elif not self.present(state, name, statement, True):
            pass
        elif method == "clear":
            del state[name]
        else:
            self.own_items(state, name, statement)
            adjoint = self.adjoint(name)
            if method == "reverse":
                self.emit(gast.Expr(tree.call(tree.attribute(adjoint, "reverse"))))
                return True
            place, value = args
            taken = self.c.expander.helper("take_out", adjoint, self.c.read(place, statement))
            if isinstance(value, gast.Name) and self.c.active(value.id, statement):
                self.contribute(state, value.id, Contribution(taken, True), statement)
            else:
                self.emit(gast.Expr(taken))
        return True

    def mirror_pop_at(
        self, statement: Any, name: str, place: gast.expr, target: str | None, state: State
    ) -> None:
        """`v = xs.pop(i)`, `v = d.pop(k)`: the adjoint of `v` goes back to where it was."""
        if not self.c.active(name, statement):
            if target is not None:
                state.pop(target, None)
            return
        self.own_items(state, name, statement, place)
        value: gast.expr = gast.Constant(0.0, None)
        if target is not None and target in state:
            value = self.adjoint(target)
            owned = state.pop(target) == OWNED or self.is_number(target, statement, True)
            if not owned:
                value = self.c.expander.helper("keep", value)
        index = self.c.read(place, statement)
        if is_key(place):
            entry = gast.Subscript(self.adjoint(name), index, gast.Store())
            self.emit(gast.Assign([entry], value, None))
        else:
            put = self.c.expander.helper("put_back", self.adjoint(name), index, value)
            self.emit(gast.Expr(put))

    def own_items(self, state: State, name: str, at: Any, place: gast.expr | None = None) -> None:
        """Make the adjoint exist as one that can grow and shrink."""
        self.own(state, name, at, True)
        if name in self.c.growing or is_key(place) or state[name] != OWNED:
            return
        items = self.c.expander.helper("as_items", self.adjoint(name))
        self.emit(tree.assign(self.adjoint_name(name), items))

    # --- operators of lists

    def mirror_operation(
        self,
        statement: Any,
        target: str,
        value: gast.expr,
        by: gast.Name,
        ownership: str,
        state: State,
    ) -> None:
        if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Add | gast.Mult):
            lists = [
                isinstance(e, gast.Name)
                and self.c.kind_of_name(e.id, statement).type in ("list", "tuple")
                for e in (value.left, value.right)
            ]
            if isinstance(value.op, gast.Add) and all(lists):
                self.mirror_concatenation(statement, value, by, state)
                return
            if isinstance(value.op, gast.Mult) and any(lists):
                xs, times = (value.left, value.right) if lists[0] else (value.right, value.left)
                if self.c.active(xs.id, statement):
                    term = self.c.expander.helper(
                        "repeated_adjoint",
                        by,
                        self.c.need(xs.id, statement),
                        self.c.read(times, statement),
                    )
                    self.contribute(state, xs.id, Contribution(term, True), statement)
                return
        super().mirror_operation(statement, target, value, by, ownership, state)

    def mirror_concatenation(
        self, statement: Any, value: gast.BinOp, by: gast.Name, state: State
    ) -> None:
        """`c = a + b`: the first part of the adjoint is that of `a`, the rest that of `b`."""
        middle = tree.call(tree.load("len"), self.c.need(value.left.id, statement))
        parts = (gast.Slice(None, middle, None), gast.Slice(middle, None, None))
        for operand, part in zip((value.left, value.right), parts, strict=True):
            if self.c.active(operand.id, statement):
                term = gast.Subscript(tree.copy(by), tree.copy(part), gast.Load())
                self.contribute(state, operand.id, Contribution(term, False), statement)

    # --- displays

    def mirror_display(
        self, statement: Any, target: str, by: gast.Name, ownership: str, state: State
    ) -> None:
        """`t = (a, b)`, `d = {k: v}`: the adjoint of each element goes to its value."""
        value = statement.value
        if isinstance(value, gast.Dict):
            self.mirror_dict(statement, value, by, ownership, state)
            return
        for position, element in enumerate(value.elts):
            if isinstance(element, gast.Name) and self.c.active(element.id, statement):
                item = gast.Subscript(by, gast.Constant(position, None), gast.Load())
                self.give_element(statement, element.id, item, state)

    def give_element(self, statement: Any, name: str, item: gast.expr, state: State) -> None:
        """The adjoint of an element to its value; 0.0 where a write has left that, whatever its form."""
        written = bool(set(tree.stored_names(statement.targets[0])) & self.c.written_names)
        if written and not self.c.kind_of_name(name, statement).is_number:
            shape = self.c.need(name, statement, False, shape=name not in self.c.resized)
            item = self.c.expander.helper("unbroadcast", item, shape)
        self.contribute(state, name, Contribution(item, False), statement)

    def mirror_dict(
        self, statement: Any, value: gast.Dict, by: gast.Name, ownership: str, state: State
    ) -> None:
        """`d = {k: v}`: each entry's adjoint goes to its value; of equal keys the last has it."""
        distinct = all(isinstance(k, gast.Constant) for k in value.keys) or len(value.keys) < 2
        if not distinct and ownership != OWNED:
            self.emit(tree.assign(by.id, self.c.expander.helper("keep", tree.copy(by))))
        seen: set[Any] = set()
        for key, element in reversed(list(zip(value.keys, value.values, strict=True))):
            if isinstance(key, gast.Constant):
                if key.value in seen:
                    continue
                seen.add(key.value)
            place = self.c.read(key, statement)
            term: gast.expr = gast.Subscript(tree.copy(by), place, gast.Load())
            if not distinct:
                name = self.c.names.fresh("g")
                self.emit(tree.assign(name, term))
                entry = gast.Subscript(tree.copy(by), tree.copy(place), gast.Store())
                self.emit(gast.Assign([entry], gast.Constant(0.0, None), None))
                term = tree.load(name)
            if isinstance(element, gast.Name) and self.c.active(element.id, statement):
                self.give_element(statement, element.id, term, state)


RESIZING = {"pop": 1, "insert": 2, "reverse": 0, "clear": 0}


def resizing_call(statement: Any) -> tuple[str, str, list[Any], str | None] | None:
    """The name, the method, its arguments and the target of `v = xs.pop(i)` and its like."""
    call = getattr(statement, "value", None)
    if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute)):
        return None
    base, method = call.func.value, call.func.attr
    if not isinstance(base, gast.Name) or RESIZING.get(method) != len(call.args) or call.keywords:
        return None
    if isinstance(statement, gast.Expr):
        return base.id, method, call.args, None
    if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
        return base.id, method, call.args, statement.targets[0].id
    return None


def is_key(place: gast.expr | None) -> bool:
    return isinstance(place, gast.Constant) and isinstance(place.value, str)
