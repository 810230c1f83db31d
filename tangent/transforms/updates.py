"""Updates of elements, `S[i] *= e`, in core form: a part of `transforms.inplace`.

before: A[i] *= c          after: A_i = A[i]          d["w"] *= c          after: d_w = d["w"]
                                  A_i2 = A_i * c      (`w` is d["w"])             d_w *= c
                                  A[i] = A_i2

An array copies what is stored into it, so to read, compute and store is all there is to it. A list or dict holds objects that
may have other names, too, and an array among them is written in place: there the element gets a name, and that is updated.
Sums and differences stay as they are: the derivative transforms know them.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

import gast

from tangent import tree
from tangent.analysis.aliases import MayAlias
from tangent.analysis.kinds import Kinds
from tangent.analysis.liveness import Liveness
from tangent.transforms.anf import element_name
from tangent.transforms.inplace_calls import Lowering
from tangent.transforms.key_lists import key_lists

__all__ = ["Updates"]


class Updates(Lowering):
    """Adds what updates of elements become."""

    def update(self, statement: Any) -> bool:
        """Emit what a statement becomes; False where it stays."""
        target = getattr(statement, "target", None)
        if not isinstance(statement, gast.AugAssign) or not isinstance(target, gast.Subscript):
            return False
        if isinstance(statement.op, gast.Add | gast.Sub):
            return False
        load = tree.replace(tree.copy(target), ctx=gast.Load())
        kind = self.facts[Kinds].kind_of(load, statement)
        item = self.bind(element_name(load), load)
        if not kind.is_number and self.has_other_names(statement, target.value.id):
            self.emit(gast.AugAssign(tree.store(item.id), statement.op, statement.value))
            if not kind.is_array:
                self.emit(gast.Assign([tree.copy(target)], tree.load(item.id), None))
        else:
            new = self.bind(item.id, gast.BinOp(item, statement.op, statement.value))
            self.emit(gast.Assign([tree.copy(target)], new, None))
        return True

    def has_other_names(self, statement: gast.AugAssign, base: str) -> bool:
        """Whether an element of a container may be seen by what is read later, other than as this element."""
        if self.kind(tree.load(base)).is_array:
            return False
        aliases: Any = self.facts[MayAlias]
        seen = aliases.changed_names(statement) & self.facts[Liveness].after[statement]
        if seen - {base} - self.key_lists:
            return True
        container = aliases.place(statement, base).objects & aliases.analysis.allocated
        return bool(container) and any(
            self.may_repeat(block, s, container)
            for block in self.blocks
            for s in block
            if s in aliases.before.raw
        )

    def may_repeat(self, block: list[Any], statement: Any, container: int) -> bool:
        """A statement may put into a container what has another place there."""
        value = getattr(statement, "value", None)
        if is_made(statement, value, container, self.facts[MayAlias]):
            if isinstance(value, gast.List | gast.Tuple | gast.Dict):
                parts = value.values if isinstance(value, gast.Dict) else value.elts
                return not self.are_apart(statement, parts)
            return self.facts[MayAlias].place(statement, stored(statement), after=True).held != 0
        if not self.facts[MayAlias].written(statement) & container:
            return False
        if isinstance(statement, gast.AugAssign):
            return not isinstance(statement.target, gast.Subscript)
        given = [value]
        if isinstance(value, gast.Call):
            given = [*value.args, *(k.value for k in value.keywords)]
        return not all(self.is_new(block, statement, part) for part in given)

    def are_apart(self, statement: Any, parts: list[Any]) -> bool:
        """The parts of a display are different objects."""
        seen = 0
        for part in parts:
            place = self.facts[MayAlias].analysis.value(
                part, self.facts[MayAlias].before.raw[statement]
            )
            if self.facts[Kinds].kind_of(part, statement).is_number:
                continue
            if place.objects & seen or isinstance(part, gast.Starred):
                return False
            seen |= place.objects
        return True

    def is_new(self, block: list[Any], statement: Any, part: Any) -> bool:
        """A number, or an object that was made for this place alone."""
        if not isinstance(part, gast.Name):
            return isinstance(part, gast.Constant)
        if self.facts[Kinds].kind_of(part, statement).is_number:
            return True
        if self.loads[part.id] != 1:
            return False
        made = [s for s in block if stored(s) == part.id]
        place = self.facts[MayAlias].place(statement, part.id)
        own = self.facts[MayAlias].analysis.locations.members(place.objects)
        return (
            len(made) == 1
            and not place.views
            and all(location.node is made[0].value for location in own)
        )

    @cached_property
    def key_lists(self) -> frozenset[str]:
        return key_lists(self.function)

    @cached_property
    def loads(self) -> Counter[str]:
        """How often each name is read."""
        return tree.count_names(self.function.node)

    @cached_property
    def blocks(self) -> list[list[Any]]:
        """The function's body, and the statement lists in it."""
        body = self.function.node.body
        return [body, *(b for s in tree.walk_statements(body) for b in tree.blocks(s))]


def is_made(statement: Any, value: Any, container: int, aliases: Any) -> bool:
    """A statement binds a name to one of the containers, new."""
    if stored(statement) is None or value not in aliases.analysis._alloc:
        return False
    return bool(aliases.analysis.fresh(value) & container)


def stored(statement: Any) -> Any:
    """The name that an assignment binds."""
    target = statement.targets[0] if isinstance(statement, gast.Assign) else None
    return target.id if isinstance(target, gast.Name) else None
