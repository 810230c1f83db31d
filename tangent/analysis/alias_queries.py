"""What may be asked of the may-alias analysis, once it is solved.

v = A[0]              may_alias(s, "v", "A")             at the statement after it
v[0] = 1.0            changed_names(s) == {"A", "v"}     written_parameters() == {"A"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from tangent.analysis.dataflow import Solution
from tangent.analysis.places import Location, Place

if TYPE_CHECKING:
    from tangent.analysis.aliases import PlainAliases

__all__ = ["Aliases"]


class Aliases(Solution):
    """The places of names before and after each statement, with queries."""

    analysis: PlainAliases

    def __init__(self, analysis: Any, before: dict[Any, Any], after: dict[Any, Any]) -> None:
        super().__init__(analysis, before, after)
        self._written: dict[Any, int] = {}
        self._changed: dict[Any, frozenset[str]] = {}

    def place(self, statement: Any, name: str, after: bool = False) -> Place:
        """Where the value of a name may live, before (or after) a statement."""
        states = self.after if after else self.before
        return self.analysis.place_of(name, states.raw[statement])

    def locations(self, statement: Any, name: str, after: bool = False) -> frozenset[Location]:
        """The locations that a name's value may be or be a view of."""
        return self.analysis.locations.members(self.place(statement, name, after).memory)

    def may_alias(self, statement: Any, a: str, b: str, after: bool = False) -> bool:
        """Whether a write through one name may be seen through the other, before a statement."""
        return bool(self.place(statement, a, after).reach & self.place(statement, b, after).reach)

    def may_be_same(self, statement: Any, a: str, b: str, after: bool = False) -> bool:
        """Whether two names may denote the very same object (`a is b`), before a statement."""
        return bool(
            self.place(statement, a, after).objects & self.place(statement, b, after).objects
        )

    def owned(self, statement: Any, name: str, after: bool = False) -> bool:
        """Must: what a name denotes was made in this function and no other name reaches it."""
        place = self.place(statement, name, after)
        if place.memory & ~self.analysis.allocated:
            return False
        state = (self.after if after else self.before).raw[statement]
        return not any(
            place.memory & other.reach
            for other_name, other in zip(self.analysis.names, state, strict=True)
            if other_name != name
        )

    def written(self, statement: Any) -> int:
        """The locations that a statement may write in place, as bits."""
        if statement not in self._written:
            state = self.before.raw[statement]
            self._written[statement] = self.analysis.written(statement, state)
        return self._written[statement]

    def locations_written(self, statement: Any) -> frozenset[Location]:
        """The locations that a statement may write in place."""
        return self.analysis.locations.members(self.written(statement))

    def changed_names(self, statement: Any) -> frozenset[str]:
        """Names through which a statement's in-place writes may be seen (the written name
        included).
        """
        if statement not in self._changed:
            written = self.written(statement)
            state = self.before.raw[statement] if written else ()
            self._changed[statement] = frozenset(
                name
                for name, place in zip(self.analysis.names, state, strict=bool(written))
                if (place.objects | place.views | place.held) & written
            )
        return self._changed[statement]

    def written_parameters(self) -> frozenset[str]:
        """Parameters whose objects (or what they hold) the function may write: they are copied on
        entry.
        """
        written = 0
        for statement in self.analysis.graph.statements:
            written |= self.written(statement)
        return self.analysis.parameters_in(written)

    def returned_parameters(self) -> frozenset[str]:
        """Parameters that the function's result may be, be a view of, or hold."""
        analysis, result = self.analysis, self._result()
        elements = analysis.locations.bits(
            Location("elements", p) for p in analysis.function.parameters
        )
        return analysis.parameters_in(result.memory | (result.held & ~elements))

    def returns_outside(self) -> bool:
        """The function's result may be, view, or hold what outlives the call."""
        analysis = self.analysis
        reach = analysis.locations.members(self._result().reach)
        return any(location.kind in ("free", "unknown") for location in reach)

    def partly_returned_parameters(self) -> frozenset[str]:
        """Parameters whose elements the function's result may hold, as `xs + ys` does."""
        return self.analysis.parameters_in(self._result().held) - self.returned_parameters()

    def _result(self) -> Place:
        """Where the function's result may live."""
        result = Place()
        for statement in self.analysis.graph.statements:
            if isinstance(statement, gast.Return) and statement.value is not None:
                self.analysis.at = statement
                result |= self.analysis.value(statement.value, self.before.raw[statement])
        return result

    def storage_locations(self, live: Any) -> int:
        """Locations that are *storage*: written in place while some live name reaches them.

        Args:
            live: the solution of `Liveness`.

        `x += e` counts only where another live name reaches the object: else it is a rebinding of
        x.
        """
        storage = 0
        for statement in self.analysis.graph.statements:
            written = self.written(statement)
            if not written:
                continue
            rebound = (
                statement.target.id
                if isinstance(statement, gast.AugAssign) and isinstance(statement.target, gast.Name)
                else None
            )
            for name in live.after[statement]:
                if name != rebound:
                    storage |= self.place(statement, name).reach & written
        return storage

    def storage_names(self, live: Any) -> frozenset[str]:
        """Names that denote storage (or views of it) somewhere; all other names hold values."""
        storage = self.storage_locations(live)
        found: set[str] = set()
        for state in self.after.raw.values():
            for name, place in zip(self.analysis.names, state, strict=True):
                if place.memory & storage:
                    found.add(name)
        return frozenset(found)
