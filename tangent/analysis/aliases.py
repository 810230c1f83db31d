"""Which objects a name may denote, so: which names may share memory, and what a write may change.

    y = x             y may be the same object as x
    v = A[i]          v may be a view of A (a number, where kinds say so)
    z = x * 2         z is a new object
    xs = [x, y]       xs is a new list that holds x and y
    v[0] = 1.0        may write A; changes v, A

A *location* stands for objects: what a parameter denotes when the function is entered, what can be
reached through that (its elements), what one expression allocates, whatever an unknown call
returns. The state gives each name three sets of locations: `objects` that it may be, `views`:
those whose memory it may be a part of, and `held`: those that can be reached through it as a
container.

Theory. Flow-sensitive points-to analysis, by inclusion (Andersen 1994), with one location for each
allocation site; a store into a container is a weak update of every name that may denote it.
Lattice: for each name three sets, joined by union; finite, so it ends. Two parameters are taken to
be different objects: what is emitted checks that on entry, where one of them is written (arguments
that share memory).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import gast

from tangent import tree
from tangent.analysis.alias_queries import Aliases
from tangent.analysis.calls import Calls, local_names
from tangent.analysis.cfg import Cfg
from tangent.analysis.dataflow import Dataflow, Numbering
from tangent.analysis.effects import Effects
from tangent.analysis.kinds import Kinds
from tangent.analysis.known import FRESH_ATTRIBUTES
from tangent.analysis.places import (
    NOWHERE,
    Location,
    Place,
    is_data,
    is_immutable,
    may_repeat,
    own_nodes,
    target_leaves,
)
from tangent.facts import Fact, Restricted
from tangent.program import Function
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.scopes import COMPREHENSIONS

__all__ = ["Aliases", "MayAlias", "PlainAliases"]


# Results that are immutable and hold nothing.
IMMUTABLE_BUILTINS = frozenset(
    {"bool", "chr", "complex", "float", "format", "hash", "id", "int", "isinstance", "len", "ord"}
    | {"callable", "hasattr", "issubclass", "range", "repr", "slice", "str"}
)
VIEW_ATTRIBUTES = frozenset({"T", "flat", "imag", "mT", "real"})
DISPLAYS = (gast.Tuple, gast.List, gast.Set, gast.Dict)
ALLOCATING = (
    gast.BinOp,
    gast.UnaryOp,
    gast.Compare,
    gast.Call,
    gast.Subscript,
    gast.Attribute,
    gast.Lambda,
    gast.FunctionDef,
    gast.AugAssign,
    gast.Starred,
    *DISPLAYS,
    *COMPREHENSIONS,
)

State = tuple[Place, ...]


class PlainAliases(Dataflow):
    """Where values may live, with nothing known of their kinds (for summaries of callees)."""

    name = "plain-aliases"
    requires: ClassVar[tuple[type[Fact], ...]] = (Cfg, Effects)
    forward = True
    solution = Aliases

    def __init__(self, function: Function, facts: Restricted) -> None:
        super().__init__(function, facts)
        self.calls: Calls = facts[Effects].calls
        self.names: tuple[str, ...] = tuple(sorted(local_names(function)))
        self.index = {name: n for n, name in enumerate(self.names)}
        self.at: Any = None  # the statement that is looked at
        self._number_locations()

    def _number_locations(self) -> None:
        found = [Location("unknown")]
        for name in self.function.parameters:
            found += [Location("param", name), Location("elements", name)]
        self._alloc: dict[gast.AST, Location] = {}
        free: dict[str, None] = {}
        containers: list[Location] = []
        self._doing: dict[Any, list[Any]] = {}
        for statement in self.graph.statements:
            self._doing[statement] = doing = []
            for node in own_nodes(statement):
                if isinstance(node, gast.Call | gast.NamedExpr):
                    doing.append(node)
                if isinstance(node, gast.Name) and node.id not in self.index:
                    free[node.id] = None
                elif isinstance(node, ALLOCATING):
                    location = Location("alloc", node=node)
                    self._alloc[node] = location
                    found.append(location)
                    if isinstance(node, DISPLAYS + COMPREHENSIONS) or (
                        isinstance(node, gast.Call) and self.calls.effect(node).form == "container"
                    ):
                        containers.append(location)
        found += [Location("free", name) for name in free]
        self.locations = Numbering(found)
        self.unknown = self.locations.bit(Location("unknown"))
        self.outside = self.unknown | self.locations.bits(Location("free", name) for name in free)
        self.allocated = self.locations.bits(self._alloc.values())
        self.containers = self.locations.bits(containers)

    def doing(self, statement: Any) -> list[Any]:
        """The calls and the `:=` of a statement (of a compound one, of its header)."""
        return self._doing[statement]

    def fresh(self, node: gast.AST) -> int:
        """The location of what an expression allocates."""
        return self.locations.bit(self._alloc[node])

    def parameters_in(self, bits: int) -> frozenset[str]:
        return frozenset(
            location.name
            for location in self.locations.members(bits)
            if location.kind in ("param", "elements")
        )

    # The lattice.

    def boundary(self) -> State:
        first = self.graph.statements[0] if self.graph.statements else None
        places = {
            name: self._of_kind(
                Place(
                    self.locations.bit(Location("param", name)),
                    0,
                    self.locations.bit(Location("elements", name)),
                ),
                self.kind_before(first, name),
            )
            for name in self.function.parameters
        }
        return tuple(places.get(name, NOWHERE) for name in self.names)

    def bottom(self) -> State:
        return (NOWHERE,) * len(self.names)

    def join(self, a: State, b: State) -> State:
        if a is b:
            return a
        return tuple([p if p is q or p == q else p | q for p, q in zip(a, b, strict=True)])

    def decode(self, state: State) -> dict[str, Place]:
        return dict(zip(self.names, state, strict=True))

    def place_of(self, name: str, state: State) -> Place:
        position = self.index.get(name)
        if position is not None:
            return state[position]
        bit = self.locations.bit(Location("free", name))
        return Place(bit, 0, bit)

    # Kinds, where they are known.

    def kind_before(self, statement: Any, name: str) -> Kind:
        return UNKNOWN

    def kind_after(self, statement: Any, name: str) -> Kind:
        return UNKNOWN

    def kind_of(self, node: Any) -> Kind:
        """The kind of an expression's value at the present statement."""
        return UNKNOWN

    def _of_kind(self, place: Place, kind: Kind) -> Place:
        """A place, cut to what a value of a kind can be: numbers nothing, arrays hold nothing."""
        if is_immutable(kind):
            return NOWHERE
        return place._replace(held=0) if place.held and is_data(kind) else place

    # Values.

    def value(self, node: gast.AST | None, state: State) -> Place:
        """Where an expression's value may live."""
        if node is None or isinstance(node, gast.Constant | gast.JoinedStr | gast.Slice):
            return NOWHERE
        if isinstance(node, gast.Name):
            return self.place_of(node.id, state)
        if isinstance(node, gast.NamedExpr):
            return self.value(node.value, state)
        if isinstance(node, gast.IfExp):
            return self.value(node.body, state) | self.value(node.orelse, state)
        if isinstance(node, gast.BoolOp):
            return self.all_values(node.values, state)
        if node not in self._alloc:
            return Place(self.unknown, self.unknown, self.unknown)
        new = self.fresh(node)
        if isinstance(node, gast.BinOp):
            held = 0
            if isinstance(node.op, gast.Add | gast.Mult):  # lists: [x] + ys, [x] * 3
                held = self.value(node.left, state).held | self.value(node.right, state).held
                if held and any(self._no_list(e, node.op) for e in (node.left, node.right)):
                    held = 0
            return Place(new, 0, held)
        if isinstance(node, gast.UnaryOp | gast.Compare):
            return Place(new)
        if isinstance(node, gast.Attribute):
            if node.attr in FRESH_ATTRIBUTES:
                return NOWHERE
            base = self.value(node.value, state)
            if node.attr in VIEW_ATTRIBUTES:
                return Place(new, base.memory, base.held)
            return self.element(base, new)
        if isinstance(node, gast.Subscript):
            if self._copies(node):
                return Place(new)
            base = self.value(node.value, state)
            if isinstance(node.slice, gast.Slice):
                return Place(new, base.memory & ~self.containers, base.held)
            return self.element(base, new)
        if isinstance(node, gast.Starred):
            return self.element(self.value(node.value, state), new)
        if isinstance(node, gast.Call):
            return self.call(node, new, state)
        if isinstance(node, DISPLAYS):
            parts = [*node.keys, *node.values] if isinstance(node, gast.Dict) else node.elts
            return Place(new, 0, self.all_values(parts, state).reach)
        names = sorted(tree.names_in(node))  # comprehensions, lambdas, nested functions
        return Place(new, 0, self.all_values(map(tree.load, names), state).reach)

    def _copies(self, node: gast.Subscript) -> bool:
        """A mask or an integer array among the indices of an array: NumPy copies."""
        parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
        return self.kind_of(node.value).is_array and any(
            self.kind_of(p).is_array for p in parts if not isinstance(p, gast.Slice)
        )

    def all_values(self, nodes: Iterable[gast.AST | None], state: State) -> Place:
        out = NOWHERE
        for node in nodes:
            out = out | self.value(node, state)
        return out

    def element(self, base: Place, new: int) -> Place:
        """What is got out of an object: something that it holds, or a view of it (`new`)."""
        return Place(base.held | new, base.memory & ~self.containers, base.held)

    def _no_list(self, node: gast.AST, op: gast.AST) -> bool:
        """Whether an operand shows that an operation is not one of lists."""
        if isinstance(node, gast.Constant):
            return isinstance(op, gast.Add) or not isinstance(node.value, int)
        if isinstance(node, gast.BinOp):
            return not isinstance(node.op, gast.Add | gast.Mult | gast.Mod)
        kind = self.kind_of(node)
        if isinstance(op, gast.Add):
            return isinstance(node, gast.UnaryOp | gast.Compare) or is_data(kind)
        return is_data(kind) and not may_repeat(kind)

    def call(self, node: gast.Call, new: int, state: State) -> Place:
        found = self.calls.resolve(node.func)
        if isinstance(found, type) and found.__name__ in IMMUTABLE_BUILTINS:
            return NOWHERE
        if getattr(found, "__module__", "") == "builtins" and found.__name__ in IMMUTABLE_BUILTINS:
            return NOWHERE
        effect = self.calls.effect(node)
        held = self.all_values(effect.held, state).held
        if effect.outside:
            new |= self.outside
        if not effect.shared and effect.known:
            return Place(new, 0, held)
        shared = self.all_values(effect.shared, state)
        if not effect.known:
            new |= self.unknown
        if effect.form == "container":
            return Place(new, 0, shared.reach)
        if effect.form == "copy":
            return Place(new, 0, shared.held)
        if effect.form == "element":
            return self.element(shared, new)
        if effect.form == "view":
            return Place(new | shared.objects, shared.memory, shared.held)
        return Place(new | shared.reach, shared.reach, shared.reach | held)

    # Statements.

    def transfer(self, statement: Any, state: State) -> State:
        self.at = statement
        before = state
        for node in self._doing[statement]:
            if isinstance(node, gast.Call):
                state = self._call_effects(node, state)
            elif isinstance(node, gast.NamedExpr):
                state = self._bind(statement, node.target, self.value(node.value, state), state)
        if isinstance(statement, gast.Assign):
            values = [self.value(statement.value, before) for _ in statement.targets]
            for target, value in zip(statement.targets, values, strict=True):
                state = self._assign(statement, target, statement.value, value, before, state)
        elif isinstance(statement, gast.AnnAssign) and statement.value is not None:
            value = self.value(statement.value, before)
            state = self._assign(statement, statement.target, statement.value, value, before, state)
        elif isinstance(statement, gast.AugAssign):
            state = self._augment(statement, state)
        elif isinstance(statement, gast.Delete):
            for name in tree.names_in(statement.targets, gast.Del) & set(self.names):
                state = self._set(name, NOWHERE, state)
        elif isinstance(statement, gast.FunctionDef):
            state = self._set(statement.name, self.value(statement, state), state)
        return state

    def edge(self, statement: Any, label: str, state: State) -> State:
        if label == "true" and isinstance(statement, gast.For):
            self.at = statement
            value = self.element(self.value(statement.iter, state), 0)
            return self._bind(statement, statement.target, value, state)
        return state

    def _set(self, name: str, place: Place, state: State) -> State:
        position = self.index.get(name)
        if position is None or state[position] == place:
            return state
        return (*state[:position], place, *state[position + 1 :])

    def _bind(self, statement: Any, target: gast.AST, value: Place, state: State) -> State:
        if isinstance(target, gast.Name):
            kind = self.kind_after(statement, target.id)
            return self._set(target.id, self._of_kind(value, kind), state)
        if isinstance(target, gast.Tuple | gast.List):
            for element in target.elts:
                state = self._bind(statement, element, self.element(value, 0), state)
        elif isinstance(target, gast.Starred):
            # A new list of what the value holds; the target's own location is not needed.
            state = self._bind(statement, target.value, Place(0, value.views, value.reach), state)
        return state

    def _assign(
        self,
        statement: Any,
        target: gast.AST,
        node: gast.AST,
        value: Place,
        before: State,
        state: State,
    ) -> State:
        if isinstance(target, gast.Tuple | gast.List) and isinstance(node, gast.Tuple | gast.List):
            stars = any(isinstance(e, gast.Starred) for e in [*target.elts, *node.elts])
            if len(target.elts) == len(node.elts) and not stars:
                for t, n in zip(target.elts, node.elts, strict=True):
                    place = self.value(n, before)
                    state = self._assign(statement, t, n, place, before, state)
                return state
        if isinstance(target, gast.Subscript | gast.Attribute):
            if is_data(self.kind_of(target.value)) or is_immutable(self.kind_of(node)):
                return state  # an array copies what is stored
            return self._hold(self.value(target.value, state).memory, value, state)
        if isinstance(target, gast.Tuple | gast.List):
            for t in target.elts:
                if isinstance(t, gast.Subscript | gast.Attribute):
                    part = self.element(value, 0)
                    state = self._hold(self.value(t.value, state).memory, part, state)
        return self._bind(statement, target, value, state)

    def _hold(self, container: int, value: Place, state: State) -> State:
        """After a store: whoever may reach the container may reach the value through it."""
        if not value.reach or not container:
            return state
        reach = value.reach
        return tuple(
            self._of_kind(p._replace(held=p.held | reach), self.kind_before(self.at, name))
            if p.reach & container
            else p
            for name, p in zip(self.names, state, strict=True)
        )

    def _augment(self, statement: gast.AugAssign, state: State) -> State:
        target = statement.target
        value = self.value(statement.value, state)
        inserted = Place(held=value.reach) if isinstance(statement.op, gast.Add) else NOWHERE
        if isinstance(target, gast.Name):
            if is_immutable(self.kind_before(statement, target.id)):
                value = self._of_kind(
                    Place(self.fresh(statement)), self.kind_after(statement, target.id)
                )
                return self._set(target.id, value, state)
            old = self.place_of(target.id, state)
            listlike = not is_data(self.kind_before(statement, target.id))
            if listlike and isinstance(statement.op, gast.Add):  # extended by the elements
                state = self._hold(old.memory & ~self._arrays(old), inserted, state)
            old = self.place_of(target.id, state)
            place = old._replace(objects=old.objects | self.fresh(statement))
            return self._set(target.id, place, state)
        if is_data(self.kind_of(target.value)):
            return state
        base = self.value(target.value, state)
        lists = base.memory & ~self._arrays(base)
        return self._hold(lists, Place(self.fresh(statement)) | inserted, state)

    def _arrays(self, place: Place) -> int:
        """Those of a place's locations that are no containers for certain: results of arithmetic
        and recipes.
        """
        out = 0
        for location in self.locations.members(place.memory & self.allocated & ~self.containers):
            node = location.node
            if isinstance(node, gast.Call) and self.calls.effect(node).known:
                if not self.calls.effect(node).shared:
                    out |= self.locations.bit(location)
            elif isinstance(node, gast.AugAssign):  # `x += e`: a new object, so no list
                out |= self.locations.bit(location)
        return out

    def _call_effects(self, node: gast.Call, state: State) -> State:
        effect = self.calls.effect(node)
        if effect.stored and effect.mutated:
            written = 0
            for place in (self.value(e, state) for e in effect.mutated):
                written |= place.memory if effect.form != "any" else place.reach
            state = self._hold(written, self.all_values(effect.stored, state), state)
        if not effect.known:  # what it was given may come back from any later unknown call
            given = self.all_values(effect.mutated, state).reach
            state = tuple(
                p._replace(views=p.views | self.unknown) if p.reach & given else p for p in state
            )
        return state

    # Writes.

    def written(self, statement: Any, state: State) -> int:
        """The locations that a statement may write in place."""
        self.at = statement
        out = 0
        for node in self._doing[statement]:
            if isinstance(node, gast.Call):
                effect = self.calls.effect(node)
                for expr in effect.mutated:
                    place = self.value(expr, state)
                    out |= place.reach if effect.form == "any" else place.memory
        for target in target_leaves(statement):
            if isinstance(target, gast.Subscript | gast.Attribute):
                place = self.value(target.value, state)
                out |= place.memory
                if isinstance(statement, gast.AugAssign) and not is_immutable(self.kind_of(target)):
                    out |= place.held  # the element may be written in place
            elif isinstance(statement, gast.AugAssign) and isinstance(target, gast.Name):
                if not is_immutable(self.kind_before(statement, target.id)):
                    out |= self.place_of(target.id, state).memory
        return out


class MayAlias(PlainAliases):
    """Where values may live, with what kinds tell: `facts[MayAlias]` is an `Aliases`."""

    name = "aliases"
    requires = (Cfg, Effects, Kinds)

    def __init__(self, function: Function, facts: Restricted) -> None:
        self.kinds = facts[Kinds]
        super().__init__(function, facts)

    def kind_before(self, statement: Any, name: str) -> Kind:
        return self.kinds.before.get(statement, {}).get(name, UNKNOWN)

    def kind_after(self, statement: Any, name: str) -> Kind:
        return self.kinds.after.get(statement, {}).get(name, UNKNOWN)

    def kind_of(self, node: Any) -> Kind:
        return self.kinds.kind_of(node, self.at)
