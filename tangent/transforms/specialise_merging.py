"""Objects where the program's paths meet: their attributes are brought into the same variables.

    if c:                       if c:
        p = Point(a, b)             p_x, p_y = a, b
    else:                       else:
        p = Point(b, a)             q_x, q_y = b, a
                                    p_x, p_y = q_x, q_y

So does a loop that makes a new object each time: at the end of its body the attributes go to where its head
expects them. What a name denotes stays one object under all its names: where two names denote one object on one path and
two on the other, one of the names is given up, and reading it is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.classes import is_value
from tangent.transforms.specialise_lifting import is_repeated
from tangent.transforms.specialise_names import stored
from tangent.transforms.specialise_records import CONTAINERS, Records, own_statements
from tangent.transforms.specialise_values import Conflict, Constant, Record, State, atom_of
from tangent.transforms.specialise_walk import leaves

__all__ = ["Merging", "Notes", "Restart"]

Moves = list[tuple[str, gast.expr]]


class Restart(Exception):
    """The walk has to begin again: something was noted that it should have known."""


@dataclass
class Notes:
    """What a walk finds out about what it has passed.

    Attributes:
        written: classes of objects whose attributes change after `__init__`.
        grown: lists and dicts (by function and name) that functions or objects are put into.
        sites: where a function of some length is called, by its tree and which it is.
        expanded: functions that are expanded at all of them, as something stands against a call.
    """

    written: set[type] = field(default_factory=set)
    grown: set[tuple[Any, str]] = field(default_factory=set)
    sites: dict[Any, set[Any]] = field(default_factory=dict)
    expanded: set[Any] = field(default_factory=set)

    def repeated(self) -> set[Any]:
        """The functions that are lifted."""
        lifted = (key for key, at in self.sites.items() if is_repeated(key[0], at))
        return {key for key in lifted if key[0] not in self.expanded}


class _Matching:
    """Which object of one state becomes which of another; the attributes that have to be moved."""

    def __init__(self, source: State, target: State) -> None:
        self.source = source
        self.target = target
        self.becomes: dict[int, int] = {}
        self.from_: dict[int, int] = {}

    def match(self, s: Record, t: Record) -> bool:
        """Let an object become another, with all that hangs on it; False where it can't."""
        before = dict(self.becomes), dict(self.from_)
        if self._match(s, t):
            return True
        self.becomes, self.from_ = before
        return False

    def _match(self, s: Record, t: Record) -> bool:
        if s.number in self.becomes or t.number in self.from_:
            return self.becomes.get(s.number) == t.number
        theirs, ours = self.target.shapes.get(t.number), self.source.shapes.get(s.number)
        if theirs is None or ours is None or s.type is not t.type:
            return False
        if dict(ours).keys() != dict(theirs).keys():
            return False
        self.becomes[s.number], self.from_[t.number] = t.number, s.number
        return all(self._part(dict(ours)[key], held) for key, held in theirs)

    def _part(self, ours: Any, theirs: Any) -> bool:
        if not isinstance(theirs, str):
            return bool(ours == theirs)
        a = self.source.values.get(ours) if isinstance(ours, str) else ours
        b = self.target.values.get(theirs)
        if isinstance(a, Record) and isinstance(b, Record):
            return self._match(a, b)
        if any(v is not None and not v.runtime for v in (a, b)):
            return bool(a == b)
        return True

    def moves(self) -> Moves:
        """The variables that get another value, and the atoms that they get."""
        found: Moves = []
        for s, t in self.becomes.items():
            if s == t:
                continue
            ours = dict(self.source.shapes[s])
            for key, held in self.target.shapes[t]:
                value = self.target.values.get(held) if isinstance(held, str) else None
                if isinstance(held, str) and (value is None or value.runtime):
                    found.append((held, atom_of(ours[key])))
        return found


class Merging(Records):
    """A walk in which objects meet."""

    heads: list[State]
    notes: Notes

    def is_value(self, cls: type) -> bool:
        """Instances never change in this function once they are made: a copy is as good."""
        return is_value(cls) or (cls not in CONTAINERS and cls not in self.notes.written)

    def plan(self, source: State, target: State) -> tuple[_Matching, set[str]] | None:
        """Which objects become which, and the names that have to be given up; None if nothing moves."""
        matching = _Matching(source, target)
        owned = {
            h for shape in (*source.shapes.values(), *target.shapes.values()) for _, h in shape
        }
        both: list[tuple[str, Record, Record]] = []
        for name, s in source.values.items():
            t = target.values.get(name)
            if isinstance(s, Record) and isinstance(t, Record) and name not in owned:
                both.append((name, s, t))
        if all(self.is_same_record(s, t, source, target, set()) for _, s, t in both):
            return None
        both.sort(
            key=lambda item: (
                item[0] in self.temporaries,
                (item[1] == item[2]) is not self.is_value(item[1].type),
            )
        )
        return matching, {name for name, s, t in both if not matching.match(s, t)}

    def settle(
        self, source: State, target: State, reason: str, out: list[Any], like: Any
    ) -> set[str]:
        """Bring the objects of a state to where another has them. Returns the names given up."""
        plan = self.plan(source, target)
        if plan is None:
            return set()
        self.carry_out(plan, source, target, reason, out, like)
        return plan[1]

    def carry_out(
        self,
        plan: tuple[_Matching, set[str]],
        source: State,
        target: State,
        reason: str,
        out: list[Any],
        like: Any,
    ) -> None:
        matching, lost = plan
        moves = matching.moves()
        self.move(moves, source, out, like)
        for name, value in list(source.values.items()):
            if isinstance(value, Record):
                number = matching.becomes.get(value.number)
                if number is not None and name not in lost:
                    source.values[name] = Record(number, value.type)
                elif name in lost or value.number in matching.from_:
                    source.values[name] = Conflict(reason)
        for t in matching.from_:
            source.shapes[t] = target.shapes[t]
            for _, held in target.shapes[t]:
                known = target.values.get(held) if isinstance(held, str) else None
                if known is not None and not known.runtime:
                    source.values[str(held)] = known

    def is_same_record(
        self, s: Record, t: Record, source: State, target: State, seen: set[int]
    ) -> bool:
        """One object in both states, with the same objects in it."""
        if s != t:
            return False
        if s.number in seen:
            return True
        seen.add(s.number)
        shape = source.shapes.get(s.number, ())
        if shape != target.shapes.get(t.number, ()):
            return False
        for _, held in shape:
            a = source.values.get(held) if isinstance(held, str) else None
            b = target.values.get(held) if isinstance(held, str) else None
            if isinstance(a, Record) and isinstance(b, Record):
                if not self.is_same_record(a, b, source, target, seen):
                    return False
        return True

    def move(self, moves: Moves, state: State, out: list[Any], like: Any) -> None:
        """All variables get their new values at once."""
        atoms = [tree.copy(atom) for _, atom in moves]
        for k, (name, _) in enumerate(moves):
            later = [a for a in atoms[k + 1 :] if isinstance(a, gast.Name) and a.id == name]
            if later:
                kept = self.spelling.variable(name)
                out.append(tree.assign(kept, tree.load(name), like))
                state.bind(kept)
                known = state.values.get(name)
                if known is not None:
                    state.values[kept] = known
                for atom in later:
                    atom.id = kept
            atom = atoms[k]
            known = state.values.get(atom.id) if isinstance(atom, gast.Name) else None
            if isinstance(atom, gast.Constant):
                known = Constant(atom.value)
            if known is None:
                state.values.pop(name, None)
            else:
                state.values[name] = known
            state.bind(name)
            static = known is not None and not known.runtime
            if not static and not (isinstance(atom, gast.Name) and atom.id == name):
                out.append(tree.assign(name, atom, like))

    # --- branches

    def choose(self, a: State, b: State, like: gast.If) -> tuple[list[Any], list[Any]]:
        first: list[Any] = []
        second: list[Any] = []
        reason = f"depends on the `if` at line {self.line_of(like)}"
        older = any(
            isinstance(value, Record)
            and isinstance(other := b.values.get(name), Record)
            and other != value
            and other.number in a.shapes
            for name, value in a.values.items()
        )
        source, target, out = (a, b, first) if older else (b, a, second)
        plan = self.plan(source, target)
        if plan is not None:
            matching, lost = plan
            for name in sorted(lost):
                pair = a.values[name], b.values[name]
                if all(isinstance(v, Record) and self.is_value(v.type) for v in pair):
                    self.apart(name, (a, pair[0], first), (b, pair[1], second), like)
                    lost.discard(name)
                else:
                    target.values[name] = Conflict(reason)
            self.carry_out((matching, lost), source, target, reason, out, like)
        more = super().choose(a, b, like)
        return [*first, *more[0]], [*second, *more[1]]

    def apart(self, name: str, first: Any, second: Any, like: Any) -> None:
        """A new object, with the attributes of one of two that never change."""
        a, b = (dict(state.shapes[value.number]) for state, value, _ in (first, second))
        if first[1].type is not second[1].type or a.keys() != b.keys():
            for state, _, _ in (first, second):
                state.values[name] = Conflict(f"depends on the `if` at line {self.line_of(like)}")
            return
        shape = tuple((k, self.spelling.variable(f"{name}_{k}")) for k in a)
        number = self.new_record(shape)
        for state, value, out in (first, second):
            ours = dict(state.shapes[value.number])
            self.move([(h, atom_of(ours[k])) for k, h in shape], state, out, like)
            state.shapes[number] = shape
            state.values[name] = Record(number, value.type)
        for _, held in shape:
            pair = first[0].values.get(held), second[0].values.get(held)
            if pair[0] != pair[1] and all(
                isinstance(v, Record) and self.is_value(v.type) for v in pair
            ):
                self.apart(
                    held, (first[0], pair[0], first[2]), (second[0], pair[1], second[2]), like
                )

    # --- loops

    def loop(self, statement: Any, walk_body: Any) -> list[Any]:
        for name in sorted(stored(statement.body)):
            value = self.state.values.get(name)
            if isinstance(value, Record) and self.is_value(value.type):
                others = [n for n, v in self.state.values.items() if v == value and n != name]
                if others:
                    self.copied(name, value, statement)
        return super().loop(statement, walk_body)

    def copied(self, name: str, value: Record, like: Any) -> None:
        """Give a name an object of its own, where it shares one that never changes."""
        ours = self.state.shapes[value.number]
        shape = tuple((k, self.spelling.variable(f"{name}_{k}")) for k, _ in ours)
        moves = [(h, atom_of(old)) for (_, h), (_, old) in zip(shape, ours, strict=True)]
        self.move(moves, self.state, self.out, like)
        self.state.values[name] = Record(self.new_record(shape), value.type)
        for _, held in shape:
            inner = self.state.values.get(held)
            if isinstance(inner, Record) and self.is_value(inner.type):
                self.copied(held, inner, like)

    def settled(self, body: list[Any], head: State, reason: str, like: Any) -> list[Any]:
        if leaves(body):
            return body
        moves: list[Any] = []
        self.settle(self.state, head, reason, moves, like)
        return extended(body, moves) if moves else body

    def walk_Break(self, statement: gast.Break) -> None:
        if self.heads:
            reason = "differs between the iterations of the loop around"
            self.settle(self.state, self.heads[-1], reason, self.out, statement)
        super().walk_Break(statement)


def extended(body: list[Any], more: list[Any]) -> list[Any]:
    """Statements at the end of a loop's body: a `break` stays the last of its block."""
    last = body[-1] if body else None
    if not isinstance(last, gast.If) or not any(
        isinstance(s, gast.Break) for s in own_statements([last])
    ):
        return [*body, *tree.copy(more)]
    arms = [arm if leaves(arm) else extended(arm, more) for arm in (last.body, last.orelse)]
    return [*body[:-1], tree.replace(last, body=arms[0], orelse=arms[1])]
