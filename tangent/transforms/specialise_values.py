"""Static values: what names denote while `specialise` runs, and where the program's paths meet.

    g = np.sin                          g: Known(np.sin)
    h = lambda v: a * v                 h: Closure(template, a is the caller's `a`)
    fs = [g, h]                         fs: Record(list), of shape ((0, "fs_0"), (1, "fs_1"))
    k = g if c else h                   k: Choice("k_is", (g, h))

A name that denotes one has no binding in the emitted program. Theory: a partial evaluator's division into static
and dynamic (Jones, Gomard, Sestoft, "Partial evaluation and automatic program generation", 1993), made while
walking; objects that don't escape are replaced by variables, one for each of their fields (scalar replacement of aggregates).

The lattice is flat: no value (the name is a variable of the program), below any one static value, below `Conflict`.
`Choice` is above the values that it chooses from. A new sort of static value is a subclass of `Value`: frozen,
compared by what it stands for, with parts kept as *held* atoms (a variable's name, or a `Constant`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import gast

from tangent import tree
from tangent.program import Function

__all__ = [
    "Bound",
    "Choice",
    "Closure",
    "Conflict",
    "Constant",
    "Empty",
    "Held",
    "Known",
    "Method",
    "Partial",
    "Record",
    "Sized",
    "State",
    "Super",
    "Value",
    "atom_of",
    "variables_of",
]


@dataclass(frozen=True)
class Value:
    """What a name denotes, known before the program runs.

    Attributes:
        runtime: the name is a variable of the program all the same.
    """

    runtime: ClassVar[bool] = False


@dataclass(frozen=True)
class Sized(Value):
    """A tuple (or a list that nobody changes) of known length.

    Attributes:
        length: that.
        parts: variables that hold its elements, where there are such.
    """

    length: int
    parts: tuple[Any, ...] = ()
    runtime: ClassVar[bool] = True


@dataclass(frozen=True)
class Constant(Value):
    """A number, string, boolean or None."""

    value: Any
    runtime: ClassVar[bool] = True

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Constant)
            and type(self.value) is type(other.value)
            and repr(self.value) == repr(other.value)
        )

    def __hash__(self) -> int:
        return hash(repr(self.value))


@dataclass(frozen=True)
class Empty(Value):
    """A list or dict of the program that was made empty.

    Attributes:
        site: the function and the name where.
    """

    site: tuple[Any, str]
    runtime: ClassVar[bool] = True


# A part of a static value: the variable that holds it, or a constant.
Held = str | Constant


@dataclass(frozen=True, eq=False)
class Known(Value):
    """An object that exists already: a function, a class, a module.

    Attributes:
        obj: the object.
        expr: how it is written in the function at hand.
    """

    obj: Any
    expr: gast.expr

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self.obj is other.obj

    def __hash__(self) -> int:
        return id(self.obj)


@dataclass(frozen=True, eq=False)
class Closure(Value):
    """A nested function or lambda.

    Attributes:
        template: its tree.
        frame: the variables that its free names are, by free name.
        defaults: what its parameters are by default.
    """

    template: Function
    frame: tuple[tuple[str, str], ...] = ()
    defaults: tuple[tuple[str, Held], ...] = ()

    def key(self) -> tuple[Any, ...]:
        return id(self.template.node), self.frame, self.defaults

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Closure) and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())


@dataclass(frozen=True)
class Method(Value):
    """`receiver.name`, of an object that only the run knows, where it is called later.

    Attributes:
        receiver: the variable that holds the object.
        name: the method's.
    """

    receiver: str
    name: str


@dataclass(frozen=True)
class Partial(Value):
    """`functools.partial(function, *args, **keywords)`."""

    function: Value
    args: tuple[Held, ...] = ()
    keywords: tuple[tuple[str, Held], ...] = ()


@dataclass(frozen=True)
class Record(Value):
    """A container or object that the function itself has made, as variables.

    Its shape (keys, and the variables that hold what they map to) is `State.shapes[number]`, since
    it may change. Two records of one number are one object.

    Attributes:
        number: which.
        type: what it is an instance of.
    """

    number: int
    type: type


@dataclass(frozen=True)
class Bound(Value):
    """A method of an object that is followed, or a class method.

    Attributes:
        function: the method as the class has it.
        receiver: the variable that denotes the object, or the class.
    """

    function: Any
    receiver: str | Known


@dataclass(frozen=True)
class Super(Value):
    """`super()` in a method of `cls`."""

    cls: type
    receiver: str | Known


@dataclass(frozen=True)
class Choice(Value):
    """One of several values: that whose position the variable `tag` has when the program runs."""

    tag: str
    options: tuple[Value, ...]


@dataclass(frozen=True)
class Conflict(Value):
    """Different things on the paths that lead here. Refused where it is used.

    Attributes:
        reason: why it isn't known.
    """

    reason: str


@dataclass
class State:
    """What is known at a point.

    Attributes:
        values: by name.
        shapes: of records, by number.
        bound: names that the program may have bound to a value of its own.
        surely: those that it has bound on every path.
    """

    values: dict[str, Value] = field(default_factory=dict)
    shapes: dict[int, tuple[tuple[Any, Held], ...]] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    surely: set[str] = field(default_factory=set)

    def copy(self) -> State:
        return State(dict(self.values), dict(self.shapes), set(self.bound), set(self.surely))

    def bind(self, *names: str) -> None:
        """The program binds names."""
        self.bound.update(names)
        self.surely.update(names)

    def join(self, other: State, reason: str) -> State:
        """What is known where two paths meet."""
        values: dict[str, Value] = {}
        for name in [*self.values, *(n for n in other.values if n not in self.values)]:
            a, b = self.values.get(name), other.values.get(name)
            if a == b and a is not None:
                values[name] = a
            elif a is None and b is not None and name not in self.bound:
                values[name] = b  # where it is read it has come through there
            elif b is None and a is not None and name not in other.bound:
                values[name] = a
            elif not all(v is None or v.runtime for v in (a, b)):
                values[name] = a if isinstance(a, Conflict) else Conflict(reason)
        shapes = dict(other.shapes)
        for number, shape in self.shapes.items():
            if shapes.setdefault(number, shape) != shape:
                for side in (self.values, other.values):
                    for name, value in side.items():
                        if isinstance(value, Record) and value.number == number:
                            values[name] = Conflict(reason)
        return State(values, shapes, self.bound | other.bound, self.surely & other.surely)


def atom_of(held: Held) -> gast.expr:
    """The atom that reads a part."""
    return tree.load(held) if isinstance(held, str) else tree.constant(held.value)


def variables_of(value: Value, shapes: Mapping[int, tuple[tuple[Any, Held], ...]]) -> set[str]:
    """The variables that a static value is made of, directly."""
    if isinstance(value, Closure):
        held: list[Held] = [*(v for _, v in value.frame), *(h for _, h in value.defaults)]
    elif isinstance(value, Partial):
        held = [*value.args, *(h for _, h in value.keywords)]
    elif isinstance(value, Record):
        held = [h for _, h in shapes.get(value.number, ())]
    elif isinstance(value, Method):
        held = [value.receiver]
    elif isinstance(value, Bound | Super):
        held = [value.receiver] if isinstance(value.receiver, str) else []
    elif isinstance(value, Choice):
        held = [value.tag]
    else:
        held = []
    return {h for h in held if isinstance(h, str)}
