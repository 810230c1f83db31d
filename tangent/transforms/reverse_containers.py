"""Reverse mode of dicts.

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
from tangent.transforms.reverse_lists import ListMirror

__all__ = ["ContainerMirror"]


class ContainerMirror(ListMirror):
    """Adds the mirrors of what makes and changes dicts."""

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
                self.contribute(state, element.id, Contribution(term, False), statement)
