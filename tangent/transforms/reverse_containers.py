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
            shape = self.c.need(name, statement, False, shape=True)
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
