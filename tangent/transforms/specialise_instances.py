"""Instances in `specialise`: objects of classes with source become variables, one for each attribute.

    p = Point(a, b)             p_x = a
                                p_y = b

Which classes are followed, how an instance is made (`__init__` is expanded), and which variable an attribute is. What an
attribute gives is in `specialise_objects`, what operators do in `specialise_operators`.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import gast

import tangent
from tangent import tree
from tangent.classes import (
    find,
    initialiser,
    is_dataclass_made,
    is_named_tuple,
    obstacle,
    tuple_initialiser,
)
from tangent.errors import TangentError
from tangent.program import Function
from tangent.recipes import registry
from tangent.transforms.specialise_calls import Misfit
from tangent.transforms.specialise_known import Unknown
from tangent.transforms.specialise_merging import Merging, Restart
from tangent.transforms.specialise_records import CONTAINERS
from tangent.transforms.specialise_values import (
    Bound,
    Conflict,
    Empty,
    Known,
    Record,
    Sized,
    Super,
    Value,
    variables_of,
)
from tangent.transforms.specialise_walk import Result

__all__ = ["Instances"]


class Instances(Merging):
    """A walk that makes objects.

    Attributes:
        load: the function of the program for a method.
        building: the objects whose `__init__` is being expanded.
    """

    load: Callable[[Any], Function]
    building: set[int]

    def site(self, name: str) -> tuple[Any, str]:
        """Where a list is made: the function, and its name there."""
        return self.callee.node, self.shown(name)

    def assign(self, name: str, value: Result, statement: Any) -> None:
        super().assign(name, value, statement)
        if isinstance(value, gast.Subscript) and isinstance(value.slice, gast.Slice):
            self.note_length(name, value)
        if isinstance(value, gast.List | gast.Dict) and not tree.children(value):
            self.state.values[name] = Empty(self.site(name))

    def note_length(self, name: str, value: Any) -> None:
        """A slice of a sequence of known length, which nobody changes."""
        whole = self.state.values.get(getattr(value.value, "id", ""))
        if not isinstance(whole, Sized) or self.shown(name) in changed_by_calls(self.callee):
            return
        ends = value.slice.lower, value.slice.upper, value.slice.step
        try:
            chosen = range(whole.length)[slice(*(self.known(e) for e in ends))]
        except (Unknown, TypeError, ValueError):
            return
        self.state.values[name] = Sized(len(chosen))

    def will_hold_functions(self, node: gast.expr) -> bool:
        if super().will_hold_functions(node):
            return True
        target = self.statement.targets[0] if isinstance(self.statement, gast.Assign) else None
        empty = not tree.children(node) or (isinstance(node, gast.Dict) and not node.keys)
        return empty and isinstance(target, gast.Name) and self.site(target.id) in self.notes.grown

    def grows(self, base: gast.expr) -> None:
        """Something static is put into a list: if it was made empty here, follow it from there on."""
        known = self.state.values.get(base.id) if isinstance(base, gast.Name) else None
        if isinstance(known, Empty) and known.site not in self.notes.grown:
            self.notes.grown.add(known.site)
            raise Restart

    def object_of(self, node: gast.AST | None) -> Record | None:
        """The object that a name denotes, if it is one that is followed."""
        if not isinstance(node, gast.Name):
            return None
        found = self.state.values.get(node.id)
        if isinstance(found, Conflict):
            self.read_check(node.id)
        if isinstance(found, Record) and found.type not in CONTAINERS:
            return found
        return None

    def record_of(self, node: gast.AST | None) -> Record | None:
        found = super().record_of(node)
        return None if found is not None and found.type not in CONTAINERS else found

    def class_expr(self, cls: type) -> gast.expr:
        return self.spelling.inject(cls, cls.__name__)

    def shape_of(self, record: Record) -> dict[Any, Any]:
        return dict(self.state.shapes[record.number])

    def apply(self, value: Value, node: gast.Call) -> Result:
        if isinstance(value, Record) and value.type not in CONTAINERS:
            name = self.named(value, "called")
            call = tree.replace(node, args=[name, *node.args])
            return self.of_class(value.type, "__call__", call)
        if isinstance(value, Bound):
            receiver = self.receiver(value)
            args = [receiver, *node.args]
            return self.invoke(value.function, tree.replace(node, args=args))
        if isinstance(value, Known):
            obj = value.obj
            if isinstance(obj, type) and self.is_followed(obj, node):
                return self.instantiate(obj, node)
            if isinstance(obj, types.MethodType) and isinstance(obj.__self__, type):
                if not registry.lookup(obj) and obstacle(obj.__self__) is None:
                    args = [self.class_expr(obj.__self__), *node.args]
                    return self.invoke(obj.__func__, tree.replace(node, args=args))
        return super().apply(value, node)

    def is_followed(self, cls: type, node: gast.Call) -> bool:
        if registry.lookup(cls):
            return False
        why = obstacle(cls)
        if why is None and inspect.isabstract(cls):
            raise self.refuse(f"`{cls.__name__}` is abstract", remedy="make one of a derived class")
        if why and self.gets_static(node):
            raise self.refuse(
                f"`{cls.__name__}` can't be followed: {why}",
                remedy="use a class that sets its attributes in `__init__` and methods",
            )
        return why is None

    def instantiate(self, cls: type, node: gast.Call) -> Result:
        target = self.statement.targets[0] if isinstance(self.statement, gast.Assign) else None
        base = target.id if isinstance(target, gast.Name) else cls.__name__.lower()
        name = self.spelling.variable(base)
        record = Record(self.new_record(()), cls)
        self.state.values[name] = record
        init = find(cls, "__init__")
        if is_named_tuple(cls):
            if find(cls, "__init__") not in (object.__init__, tuple.__init__):
                raise self.refuse(f"`{cls.__name__}` is a named tuple with an `__init__`")
            init = tuple_initialiser(cls)
        elif is_dataclass_made(init):
            init = initialiser(cls, init)
        if init is object.__init__:
            if node.args or node.keywords:
                raise self.refuse(f"`{cls.__name__}` takes no arguments")
        else:
            self.building.add(record.number)
            self.invoke(init, tree.replace(node, args=[tree.load(name), *node.args]))
            self.building.discard(record.number)
        return record

    def named(self, record: Record, base: str) -> gast.Name:
        """A name that denotes an object."""
        for name, value in self.state.values.items():
            if value == record:
                return tree.load(name)
        name = self.spelling.variable(base)
        self.state.values[name] = record
        return tree.load(name)

    def invoke(self, function: Any, node: gast.Call) -> Result:
        """A call of a function that stands in a class, expanded."""
        while isinstance(function, functools.partial | staticmethod):
            function = (
                function.func if isinstance(function, functools.partial) else function.__func__
            )
        try:
            callee = self.load(function)
        except TangentError as error:
            if not isinstance(function, types.FunctionType):
                name = getattr(function, "__name__", type(function).__name__)
                raise self.refuse(
                    f"`{name}` of an object that is followed has no Python source",
                    remedy="write it out in the class",
                ) from None
            raise error
        try:
            return self.expand(callee, node, {}, None)
        except Misfit as misfit:
            raise self.refuse(
                f"`{callee.name}` {misfit}", remedy="let the call fit the definition"
            ) from None

    def expand_body(self, callee: Function, bound: Any, mapping: Any) -> Result:
        before = set(self.state.values)
        result = super().expand_body(callee, bound, mapping)
        self.forget(before, result)
        return result

    def forget(self, kept: set[str], result: Result) -> None:
        """Drop names of an expanded function that denoted objects and can't be read any more."""
        values = self.state.values
        pending = [n for n in values if n in kept]
        parts = result if isinstance(result, list) else [result]
        for part in parts:
            if isinstance(part, Value):
                pending += variables_of(part, self.state.shapes)
            elif isinstance(part, gast.AST):
                pending += tree.names_in(part)
        reached: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in reached:
                reached.add(name)
                value = values.get(name)
                if value is not None:
                    pending += variables_of(value, self.state.shapes)
        for name in [n for n in values if n not in reached and isinstance(values[n], Record)]:
            del values[name]

    def receiver(self, value: Bound | Super) -> gast.expr:
        if isinstance(value.receiver, Known):
            return tree.copy(value.receiver.expr)
        return tree.load(value.receiver)

    def class_of(self, node: gast.expr) -> type:
        record = self.object_of(node)
        if record is not None:
            return record.type
        found = self.static(node)
        if isinstance(found, Known) and isinstance(found.obj, type):
            return found.obj
        raise self.refuse("whose method this is can't be told")

    def of_class(self, cls: type, name: str, call: gast.Call) -> Result:
        """`cls.name(object, ...)`: an operator."""
        found = find(cls, name)
        if not isinstance(found, types.FunctionType) or is_dataclass_made(found):
            raise self.refuse(
                f"`{cls.__name__}` has no `{name}` with Python source",
                remedy="define it in the class",
            )
        return self.invoke(found, call)

    def call_of(self, *args: gast.expr) -> gast.Call:
        return tree.call(tree.load("method"), *(tree.copy(a) for a in args))

    def set_field(self, record: Record, name: Any, value: Result, statement: Any) -> str:
        """Let an attribute have a value; returns its variable."""
        held = self.shape_of(record).get(name)
        variable = held if isinstance(held, str) else ""
        if not variable:
            variable = self.spelling.variable(f"{self.base_name(record)}_{name}")
            self.put(record, name, variable)
        given = value if isinstance(value, gast.AST) else tree.constant(None)
        made = tree.with_origins(gast.Assign([tree.store(variable)], given, None), statement)
        self.assign(variable, value, made)
        return variable

    def base_name(self, record: Record) -> str:
        for name, value in self.state.values.items():
            if value == record:
                return name
        return record.type.__name__.lower()

    def note_store(self, record: Record) -> None:
        """An attribute changes after the object was made: its class is not one of values."""
        if record.number not in self.building and record.type not in self.notes.written:
            self.notes.written.add(record.type)
            raise Restart

    def is_ours(self) -> bool:
        """The function at hand is an `__init__` that we have written."""
        return bool(self.callee.scope.globals.get("__name__") == "tangent.targets")

    def unfollowed(self, target: gast.expr) -> Any:
        return self.refuse(
            "this statement is not supported: assignment to an attribute",
            why=f"`{tree.unparse(target.value)}` is no object that this function has made of a class"
            " with Python source",
            remedy="keep the value in a local name, and return it",
        )

    def check(self, name: str, *args: gast.expr) -> None:
        """Let the run check something, once here."""
        module = self.spelling.inject(tangent, "tangent")
        made = gast.Expr(tree.call(tree.attribute(module, name), *(tree.copy(a) for a in args)))
        text = tree.unparse(made)
        if not any(isinstance(s, gast.Expr) and tree.unparse(s) == text for s in self.out):
            self.emit(made)


def changed_by_calls(function: Function) -> set[str]:
    """Names of what a function writes, or calls a method of."""
    found: set[str] = set()
    for node in tree.walk(function.node):
        if isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store):
            found |= tree.names_in(node.value)
        elif isinstance(node, gast.AugAssign):
            found |= tree.names_in(node.target, None)
        elif isinstance(node, gast.Call):
            checks = tree.unparse(node.func) in ("tangent.check_sequence", "tangent.check_length")
            if not checks and function.resolve(node.func) not in (len, min, max, range):
                found |= tree.names_in(node)
    return found
