"""Objects in `specialise`: instances of classes with source become variables, one for each attribute.

    p = Point(a, b)             p_x = a
    p.x = p.x + c               p_y = b
    y = p.norm()                p_x = p_x + c
                                y = np.sqrt(p_x**2 + p_y**2)

`__init__`, methods, properties and operators are expanded where they are used, with `self` denoting the object. What
the class has otherwise (its constants) is read through the class, live. An object has no run-time counterpart: where one
would be needed (an unknown call gets it, the function returns it) there is an error.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import gast

import tangent
from tangent import tree
from tangent.classes import (
    MISSING_ATTRIBUTE,
    find,
    initialiser,
    is_dataclass_made,
    is_named_tuple,
    is_value,
    obstacle,
    tuple_initialiser,
)
from tangent.errors import TangentError
from tangent.program import MISSING, Function
from tangent.recipes import registry
from tangent.transforms.specialise_calls import Misfit
from tangent.transforms.specialise_known import Unknown
from tangent.transforms.specialise_merging import Merging, Restart
from tangent.transforms.specialise_records import CONTAINERS
from tangent.transforms.specialise_values import (
    Bound,
    Conflict,
    Constant,
    Empty,
    Known,
    Record,
    Sized,
    Super,
    Value,
    atom_of,
    variables_of,
)
from tangent.transforms.specialise_walk import Result, leaves

__all__ = ["Objects"]

BINARY = {
    gast.Add: "add",
    gast.Sub: "sub",
    gast.Mult: "mul",
    gast.Div: "truediv",
    gast.FloorDiv: "floordiv",
    gast.Mod: "mod",
    gast.Pow: "pow",
    gast.MatMult: "matmul",
    gast.BitAnd: "and",
    gast.BitOr: "or",
    gast.BitXor: "xor",
    gast.LShift: "lshift",
    gast.RShift: "rshift",
}
UNARY = {gast.USub: "__neg__", gast.UAdd: "__pos__", gast.Invert: "__invert__"}
COMPARISONS = {
    gast.Eq: ("__eq__", "__eq__"),
    gast.NotEq: ("__ne__", "__ne__"),
    gast.Lt: ("__lt__", "__gt__"),
    gast.LtE: ("__le__", "__ge__"),
    gast.Gt: ("__gt__", "__lt__"),
    gast.GtE: ("__ge__", "__le__"),
}
CONVERSIONS = {len: "__len__", abs: "__abs__", float: "__float__", int: "__int__", bool: "__bool__"}
RETURN_IT = "return the numbers and arrays in it, and use it inside the function only"


class Objects(Merging):
    """A walk that follows objects.

    Attributes:
        load: the function of the program for a method.
    """

    load: Callable[[Any], Function]
    building: set[int]

    # --- lists that objects are put into

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

    # --- what a name denotes

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

    # --- making one

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
        if not node.args or callee.node in self.stack[:0]:
            return self.checked(node)
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

    # --- attributes

    def part(self, node: gast.expr) -> Result:
        if isinstance(node, gast.Attribute) and isinstance(node.value, gast.Name):
            base = self.state.values.get(node.value.id)
            if isinstance(base, Super):
                return self.in_class(self.receiver(base), node.attr, after=base.cls)
            if self.object_of(node.value) is not None:
                return self.attribute(node.value, node.attr)
        elif isinstance(node, gast.Attribute) and isinstance(node.value, gast.Attribute):
            cls = self.resolve(node.value)
            if isinstance(cls, type) and self.object_of(node.value) is not None:
                return self.runtime(node)
        elif isinstance(node, gast.Subscript) and self.object_of(node.value) is not None:
            return self.item(node)
        elif isinstance(node, gast.BinOp):
            found = self.binary(node)
            if found is not None:
                return found
        elif isinstance(node, gast.UnaryOp) and (record := self.object_of(node.operand)):
            if isinstance(node.op, gast.Not):
                return self.negated(self.truth(node.operand))
            return self.of_class(record.type, UNARY[type(node.op)], self.call_of(node.operand))
        elif isinstance(node, gast.Compare) and len(node.ops) == 1:
            found = self.comparison(node)
            if found is not None:
                return found
        return super().part(node)

    def value(self, node: gast.expr) -> Result:
        if isinstance(node, gast.Name) and self.resolve(node) is NotImplemented:
            return Known(NotImplemented, node)
        return super().value(node)

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

    def attribute(self, node: gast.Name, name: str) -> Result:
        """`node.name` of an object."""
        record = self.object_of(node)
        assert record is not None
        shape = self.shape_of(record)
        found = find(record.type, name)
        if isinstance(found, property):
            if found.fget is None:
                raise self.refuse(f"`{name}` can't be read")
            return self.invoke(found.fget, self.call_of(node))
        if name in shape:
            return self.value(atom_of(shape[name]))
        if name == "__class__":
            return Known(record.type, self.class_expr(record.type))
        if isinstance(found, functools.cached_property):
            value = self.invoke(found.func, self.call_of(node))
            return self.value(tree.load(self.set_field(record, name, value, self.statement)))
        return self.in_class(node, name)

    def in_class(self, node: gast.expr, name: str, after: type | None = None) -> Result:
        """What the class of an object, or a class behind another in its order, has under a name."""
        cls = self.class_of(node)
        found = find(cls, name, after)
        if isinstance(found, property) and found.fget is not None:
            return self.invoke(found.fget, self.call_of(node))
        if found is MISSING_ATTRIBUTE or isinstance(found, types.MemberDescriptorType):
            raise self.refuse(
                f"`{cls.__name__}` has no attribute `{name}` here",
                remedy="set it in `__init__`",
            )
        if isinstance(found, types.FunctionType):
            if isinstance(node, gast.Name) and self.object_of(node) is not None:
                return Bound(found, node.id)
            return Known(found, tree.attribute(self.class_expr(cls), name))
        if isinstance(found, staticmethod):
            return Known(found.__func__, tree.attribute(self.class_expr(cls), name))
        if isinstance(found, classmethod):
            return Bound(found.__func__, Known(cls, self.class_expr(cls)))
        if hasattr(type(found), "__get__") and not isinstance(found, type):
            raise self.refuse(
                f"`{name}` of `{cls.__name__}` is a descriptor (`{type(found).__name__}`)",
                why="what reading it does is not written in the class",
                remedy="use a method or a property",
            )
        owner = cls if after is None else next(b for b in cls.__mro__ if vars(b).get(name) is found)
        return self.value(tree.attribute(self.class_expr(owner), name))

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

    def store(self, target: gast.expr, value: gast.expr, statement: Any) -> bool:
        if isinstance(target, gast.Subscript) and (record := self.object_of(target.value)):
            call = self.call_of(target.value, target.slice, value)
            self.of_class(record.type, "__setitem__", call)
            return True
        if not isinstance(target, gast.Attribute):
            if isinstance(target, gast.Subscript) and self.has_static(value):
                self.grows(target.value)
            return super().store(target, value, statement)
        record = self.object_of(target.value)
        if record is None:
            if super().store(target, value, statement):
                return True
            raise self.unfollowed(target)
        found = find(record.type, target.attr)
        if isinstance(found, property):
            if found.fset is None:
                raise self.refuse(f"`{target.attr}` can't be set")
            self.invoke(found.fset, self.call_of(target.value, value))
            return True
        self.note_store(record)
        if is_value(record.type) and not self.is_ours():
            raise self.refuse(f"an instance of `{record.type.__name__}` can't be changed")
        sets = hasattr(type(found), "__set__") and not self.is_ours()
        if sets and not isinstance(found, types.MemberDescriptorType):
            raise self.refuse(
                f"`{target.attr}` of `{record.type.__name__}` is a descriptor",
                remedy="use a property",
            )
        self.set_field(record, target.attr, self.value(value), statement)
        return True

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
            why=f"`{tree.unparse(target.value)}` is no object that this function has made of a class"  # type: ignore[attr-defined]
            " with Python source",
            remedy="keep the value in a local name, and return it",
        )

    def walk_AugAssign(self, statement: gast.AugAssign) -> None:
        target = statement.target
        operand = target if isinstance(target, gast.Name) else None
        if isinstance(target, gast.Attribute):
            record = self.object_of(target.value)
            if record is None:
                raise self.unfollowed(target)
            held = self.shape_of(record).get(target.attr)
            plain = not isinstance(find(record.type, target.attr), property)
            if is_value(record.type):
                raise self.refuse(f"an instance of `{record.type.__name__}` can't be changed")
            self.note_store(record)
            if plain and isinstance(held, str):
                operand = tree.store(held)
                statement = tree.replace(statement, target=operand)
            else:
                old = self.spelling.variable(target.attr)
                read = tree.replace(target, ctx=gast.Load())
                self.walk(tree.assign(old, read, statement))
                self.walk(tree.replace(statement, target=tree.store(old)))
                self.walk(tree.assign(target, tree.load(old), statement))
                return
        elif isinstance(target, gast.Subscript) and self.object_of(target.value) is not None:
            old = self.spelling.variable("item")
            read = tree.replace(target, ctx=gast.Load())
            self.walk(tree.assign(old, read, statement))
            self.walk(tree.replace(statement, target=tree.store(old)))
            self.walk(tree.assign(target, tree.load(old), statement))
            return
        if operand is not None:
            name = operand.id
            record = self.object_of(tree.load(name))
            if record is not None or self.object_of(statement.value) is not None:
                word = BINARY[type(statement.op)]
                inplace = None if record is None else find(record.type, f"__i{word}__")
                if record is not None and inplace is not MISSING_ATTRIBUTE:
                    call = self.call_of(tree.load(name), statement.value)
                    result = self.of_class(record.type, f"__i{word}__", call)
                else:
                    both = gast.BinOp(tree.load(name), statement.op, statement.value)
                    result = self.part(both)
                given = result if isinstance(result, gast.AST) else tree.constant(None)
                self.assign(name, result, tree.assign(name, given, statement))
                return
        super().walk_AugAssign(statement)

    # --- operators

    def binary(self, node: gast.BinOp) -> Result | None:
        left, right = self.object_of(node.left), self.object_of(node.right)
        if left is None and right is None:
            return None
        word = BINARY[type(node.op)]
        return self.dispatched(node, left, right, f"__{word}__", f"__r{word}__")

    def dispatched(
        self, node: Any, left: Record | None, right: Record | None, name: str, reflected: str
    ) -> Result:
        """What an operator's methods give, in Python's order."""
        a = node.left
        b = node.right if isinstance(node, gast.BinOp) else node.comparators[0]
        order = [(left, name, (a, b)), (right, reflected, (b, a))]
        if left is not None and right is not None:
            if left.type is right.type and isinstance(node, gast.BinOp):
                order.pop()
            elif left.type is not right.type and issubclass(right.type, left.type):
                if find(right.type, reflected) is not find(left.type, reflected):
                    order.reverse()
        if left is None and not isinstance(a, gast.Constant):
            self.check_operand(a)
        for record, method, operands in order:
            if record is None:
                continue
            found = find(record.type, method)
            if not isinstance(found, types.FunctionType) or is_dataclass_made(found):
                continue
            result = self.invoke(found, self.call_of(*operands))
            if not (isinstance(result, Known) and result.obj is NotImplemented):
                return result
        kinds = " and ".join(
            f"`{r.type.__name__}`" if r is not None else f"`{tree.unparse(x)}`"
            for r, x in ((left, a), (right, b))
        )
        raise self.refuse(
            f"`{name}` is not defined with Python source for {kinds}",
            remedy="define the operator in the class",
        )

    def check_operand(self, node: gast.expr) -> None:
        """An array takes an object on its right for one element: let the run make sure that it is none."""
        self.check("check_operand", node)

    def comparison(self, node: gast.Compare) -> Result | None:
        (op,), (right,) = node.ops, node.comparators
        a, b = self.object_of(node.left), self.object_of(right)
        if a is None and b is None:
            return None
        if isinstance(op, gast.Is | gast.IsNot):
            return None
        if isinstance(op, gast.In | gast.NotIn):
            if b is None:
                raise self.refuse("whether an object is in a container is not followed")
            result = self.of_class(b.type, "__contains__", self.call_of(right, node.left))
            return self.negated(result) if isinstance(op, gast.NotIn) else result
        name, reflected = COMPARISONS[type(op)]
        if isinstance(op, gast.Eq | gast.NotEq):
            defined = [
                r for r in (a, b) if r is not None and find(r.type, "__eq__") is not object.__eq__
            ]
            if not defined and not any(r is not None and is_named_tuple(r.type) for r in (a, b)):
                return Constant((a == b) is isinstance(op, gast.Eq))
            if isinstance(op, gast.NotEq):
                equal = tree.replace(node, ops=[gast.Eq()])
                return self.negated(self.dispatched(equal, a, b, "__eq__", "__eq__"))
        return self.dispatched(node, a, b, name, reflected)

    def negated(self, value: Result) -> Result:
        if isinstance(value, Constant):
            return Constant(not value.value)
        if isinstance(value, gast.AST):
            return gast.UnaryOp(gast.Not(), value)
        return Constant(False)

    def truth(self, node: gast.expr) -> Result:
        """`bool(node)` of an object."""
        record = self.object_of(node)
        assert record is not None
        for name in ("__bool__", "__len__"):
            if isinstance(find(record.type, name), types.FunctionType):
                return self.of_class(record.type, name, self.call_of(node))
        if is_named_tuple(record.type):
            return Constant(bool(self.state.shapes[record.number]))
        return Constant(True)

    def item(self, node: gast.Subscript) -> Result:
        record = self.object_of(node.value)
        assert record is not None
        if not is_named_tuple(record.type):
            index = node.slice
            if isinstance(index, gast.Slice):
                raise self.refuse("a slice of an object is not followed")
            return self.of_class(record.type, "__getitem__", self.call_of(node.value, index))
        parts = self.parts(record)
        if isinstance(node.slice, gast.Slice):
            ends = [
                self.key(e) if e else None
                for e in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            return self.new(tuple, list(enumerate(parts[slice(*ends)])))
        try:
            key = self.known(node.slice)
        except Unknown:
            whole = self.new(tuple, list(enumerate(parts)))
            return self.chosen(node, self.state.shapes[whole.number])
        if not isinstance(key, int) or not -len(parts) <= key < len(parts):
            raise self.refuse(f"there is no element {key!r} in this named tuple")
        return self.value(parts[key])

    def parts(self, record: Record) -> list[gast.expr]:
        """The elements of a named tuple."""
        shape = self.shape_of(record)
        fields: Any = record.type
        return [atom_of(shape[f]) for f in fields._fields]

    # --- calls

    def call(self, node: gast.Call) -> Result:
        func = node.func
        if isinstance(func, gast.Attribute) and isinstance(func.value, gast.Name):
            base = self.state.values.get(func.value.id)
            record = self.object_of(func.value)
            if isinstance(base, Super):
                if (
                    func.attr == "__init__"
                    and find(self.class_of(self.receiver(base)), "__init__", base.cls)
                    is object.__init__
                ):
                    return Constant(None)
                value = self.in_class(self.receiver(base), func.attr, after=base.cls)
                return self.apply_to(value, node)
            if record is not None:
                return self.object_method(record, func.value, func.attr, node)
            if func.attr in ("append", "insert", "setdefault") and self.gets_static(node):
                self.grows(func.value)
        obj = self.resolve(func)
        if obj is not MISSING:
            found = self.builtin(obj, node)
            if found is not None:
                return found
        return super().call(node)

    def apply_to(self, value: Result, node: gast.Call) -> Result:
        if isinstance(value, Known):
            node = tree.replace(node, func=tree.copy(value.expr))
        if isinstance(value, Value) and not isinstance(value, Constant):
            return self.apply(value, node)
        if isinstance(value, gast.Name | gast.Attribute):
            return self.call(tree.replace(node, func=value))
        raise self.refuse("this is called, and is no function")

    def object_method(self, record: Record, base: gast.Name, name: str, node: gast.Call) -> Result:
        if is_named_tuple(record.type) and name in ("_replace", "_asdict"):
            return self.tuple_method(record, name, node)
        found = find(record.type, name)
        if name not in self.shape_of(record) and is_dataclass_made(found) and name == "__init__":
            found = initialiser(record.type, found)
            args = [base, *node.args]
            return self.invoke(found, tree.replace(node, args=args))
        return self.apply_to(self.attribute(base, name), node)

    def tuple_method(self, record: Record, name: str, node: gast.Call) -> Result:
        shape = self.shape_of(record)
        if name == "_asdict":
            return self.new(dict, [(k, atom_of(h)) for k, h in shape.items()])
        return self.changed(record, node)

    def changed(self, record: Record, node: gast.Call) -> Result:
        """A new object with some attributes changed: `_replace`, `dataclasses.replace`."""
        shape = self.shape_of(record)
        given = self.arguments(node).keywords
        keywords = []
        for key in inspect.signature(record.type).parameters:
            atom = given.pop(key, None)
            if atom is None and key not in shape:
                raise self.refuse(f"`{key}` is not an attribute that can be taken over")
            keywords.append(gast.keyword(key, atom if atom is not None else atom_of(shape[key])))
        if given:
            raise self.refuse(f"`{record.type.__name__}` has no field `{next(iter(given))}`")
        return self.instantiate(record.type, tree.replace(node, args=[], keywords=keywords))

    def builtin(self, obj: Any, node: gast.Call) -> Result | None:
        """A builtin that looks at an object."""
        args = node.args
        if obj is super and len(args) == 2:
            owner = self.static(args[0])
            if isinstance(owner, Known) and isinstance(owner.obj, type):
                if self.object_of(args[1]) is not None and isinstance(args[1], gast.Name):
                    return Super(owner.obj, args[1].id)
                given = self.static(args[1])
                if isinstance(given, Known) and isinstance(given.obj, type):
                    return Super(owner.obj, given)
            return None
        record = self.object_of(args[0]) if args else None
        if record is None:
            return None
        base: Any = args[0]
        if obj is isinstance and len(args) == 2:
            return Constant(self.is_instance(record, args[1]))
        if obj is type and len(args) == 1:
            return Known(record.type, self.class_expr(record.type))
        if obj is callable:
            return Constant(find(record.type, "__call__") is not MISSING_ATTRIBUTE)
        if obj in (getattr, hasattr, setattr) or obj is object.__setattr__:
            return self.by_name(obj, record, base, node)
        if obj is dataclasses.replace:
            return self.changed(record, tree.replace(node, args=args[1:]))
        if is_named_tuple(record.type):
            parts = self.parts(record)
            if obj is len or getattr(obj, "__name__", "") == "check_length":
                return Constant(len(parts) if obj is len else None)
            if getattr(obj, "__name__", "") == "check_sequence":
                return Constant(None)
            if obj in (tuple, list):
                return self.new(obj, list(enumerate(parts)))
        elif obj is bool:
            return self.truth(base)
        elif obj in CONVERSIONS and len(args) == 1:
            return self.of_class(record.type, CONVERSIONS[obj], self.call_of(base))
        return None

    def is_instance(self, record: Record, classes: gast.expr) -> bool:
        container = self.record_of(classes)
        atoms = [classes]
        if container is not None:
            atoms = [atom_of(h) for _, h in self.state.shapes[container.number]]
        elif isinstance(classes, gast.Tuple):
            atoms = list(classes.elts)
        found = []
        for atom in atoms:
            value = self.static(atom)
            if not isinstance(value, Known):
                raise self.refuse("which class is asked for is known only when it runs")
            found.append(value.obj)
        return issubclass(record.type, tuple(found))

    def by_name(self, obj: Any, record: Record, base: gast.Name, node: gast.Call) -> Result:
        """`getattr`, `hasattr`, `setattr` with a name that is known."""
        name = self.key(node.args[1])
        if obj is hasattr or (obj is getattr and len(node.args) == 3):
            there = (
                name in self.shape_of(record) or find(record.type, name) is not MISSING_ATTRIBUTE
            )
            if obj is hasattr:
                return Constant(there)
            if not there:
                return self.value(node.args[2])
        if obj is getattr:
            return self.attribute(base, name)
        if obj is setattr:
            self.store(gast.Attribute(base, name, gast.Store()), node.args[2], self.statement)
        else:
            self.note_store(record)
            self.set_field(record, name, self.value(node.args[2]), self.statement)
        return Constant(None)

    # --- where an expression of the program has objects in it

    def runtime(self, node: Any) -> Any:
        if isinstance(node, gast.AST) and self.has_static(node):
            node = _Reads(self).visit(node)
        return super().runtime(node)

    def known(self, node: Any) -> Any:
        if isinstance(node, gast.Attribute) and (record := self.object_of(node.value)):
            held = self.shape_of(record).get(node.attr)
            if held is not None and not isinstance(find(record.type, node.attr), property):
                return self.known(atom_of(held))
        if isinstance(node, gast.Call) and node.args and self.object_of(node.args[0]) is not None:
            obj = self.resolve(node.func)
            if obj in (isinstance, hasattr, callable):
                found = self.builtin(obj, node)
                if isinstance(found, Constant):
                    return found.value
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return not self.known(node.operand)
        if isinstance(node, gast.Call) and node.args and not node.keywords:
            obj = self.resolve(node.func)
            if obj in (min, max) and len(node.args) > 1:
                known = [self.known(a) for a in node.args]
                if all(isinstance(k, int) for k in known):
                    return obj(known)
            whole = self.state.values.get(getattr(node.args[0], "id", ""))
            if obj is len and isinstance(whole, Sized):
                return whole.length
        if isinstance(node, gast.Call) and len(node.args) == 2 and not node.keywords:
            if self.resolve(node.func) is isinstance and self.is_foreign(*node.args):
                return False
        return super().known(node)

    def test(self, node: gast.expr) -> gast.expr | bool:
        return super().test(self.truthful(node) if self.has_static(node) else node)

    def truthful(self, node: Any) -> Any:
        """A test in which objects are replaced by whether they count as true."""
        if self.object_of(node) is not None:
            value = self.truth(node)
            return tree.constant(value.value) if isinstance(value, Constant) else value
        if isinstance(node, gast.BoolOp):
            return tree.replace(node, values=[self.truthful(v) for v in node.values])
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return tree.replace(node, operand=self.truthful(node.operand))
        return node

    def is_foreign(self, node: gast.expr, cls: gast.expr) -> bool:
        """A value of the program is no instance of a class that is followed: the run makes sure."""
        found = self.static(cls)
        if not isinstance(node, gast.Name | gast.Constant) or self.static(node) is not None:
            return False
        if not (isinstance(found, Known) and isinstance(found.obj, type)):
            return False
        if registry.lookup(found.obj) or obstacle(found.obj) is not None:
            return False
        if isinstance(node, gast.Name):
            self.check("check_foreign", node, tree.copy(found.expr))
        return True

    def check(self, name: str, *args: gast.expr) -> None:
        """Let the run check something, once here."""
        module = self.spelling.inject(tangent, "tangent")
        made = gast.Expr(tree.call(tree.attribute(module, name), *(tree.copy(a) for a in args)))
        text = tree.unparse(made)
        if not any(isinstance(s, gast.Expr) and tree.unparse(s) == text for s in self.out):
            self.emit(made)

    def meet(self, statement: gast.If, first: Any, second: Any) -> tuple[list[Any], list[Any]]:
        """An arm in which an operator is not defined raises Python's error."""
        arms = [first, second]
        for k, other in ((0, 1), (1, 0)):
            for name, value in arms[k][1].values.items():
                if not (isinstance(value, Known) and value.obj is NotImplemented):
                    continue
                if arms[other][1].values.get(name) == value or leaves(arms[k][0]):
                    continue
                error = tree.call(
                    self.spelling.inject(TypeError, "TypeError"),
                    tree.constant("unsupported operand type(s)"),
                )
                raised = tree.with_origins(gast.Raise(error, None), statement)
                arms[k] = ([*arms[k][0], raised], arms[k][1])
                break
        return super().meet(statement, arms[0], arms[1])

    def identity(self, node: gast.expr) -> Any:
        if isinstance(node, gast.Attribute) and (record := self.object_of(node.value)):
            held = self.shape_of(record).get(node.attr)
            if held is not None and not isinstance(find(record.type, node.attr), property):
                return self.identity(atom_of(held))
        return super().identity(node)

    def walk_While(self, statement: gast.While) -> None:
        length, before = len(self.out), self.snapshot()
        if any(self.object_of(n) is not None for n in tree.walk(statement.test)):
            self.runtime(statement.test)
            if len(self.out) > length:
                self.restore(before)
                arm = gast.If(statement.test, statement.body, [gast.Break()])
                tree.with_origins(arm, statement)
                tree.with_origins(arm.orelse[0], statement)
                statement = tree.replace(statement, test=tree.constant(True), body=[arm])
        super().walk_While(statement)

    def assign_several(self, target: gast.Tuple, value: Result, statement: Any) -> None:
        if isinstance(value, Record):
            if is_named_tuple(value.type):
                value = self.parts(value)
            elif value.type in (tuple, list):
                value = [atom_of(h) for _, h in self.state.shapes[value.number]]
        super().assign_several(target, value, statement)

    def display(self, name: str, value: Value) -> gast.expr | None:
        if not isinstance(value, Record) or value.type in CONTAINERS:
            return super().display(name, value)
        if is_named_tuple(value.type):
            whole = self.new(tuple, list(enumerate(self.parts(value))))
            return super().display(name, whole)
        return None

    def escapes(self, name: str, value: Value) -> Any:
        if isinstance(value, Record) and value.type not in CONTAINERS:
            return self.refuse(
                f"`{self.shown(name)}`, an instance of `{value.type.__name__}`, is used as a value here",
                why="the derivative knows it by its attributes, and here only the run would know it",
                remedy=RETURN_IT,
            )
        return super().escapes(name, value)


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


class _Reads(tree.Rewriter):
    """Writes reads of attributes, operators and tests of objects as what they give."""

    def __init__(self, walk: Objects) -> None:
        self.walk = walk

    def given(self, node: Any, operands: list[Any]) -> Any:
        if not any(self.walk.object_of(o) is not None for o in operands):
            return self.generic_visit(node)
        result = self.walk.value(node)
        if isinstance(result, Constant):
            return tree.constant(result.value)
        if isinstance(result, gast.AST):
            return result
        if isinstance(result, Value):
            return (
                self.walk.runtime(self.walk.named(result, "part"))
                if isinstance(result, Record)
                else node
            )
        return node

    def visit_Attribute(self, node: gast.Attribute) -> Any:
        return self.given(node, [node.value])

    def visit_Subscript(self, node: gast.Subscript) -> Any:
        return self.given(node, [node.value])

    def visit_BinOp(self, node: gast.BinOp) -> Any:
        return self.given(node, [node.left, node.right])

    def visit_Compare(self, node: gast.Compare) -> Any:
        if len(node.ops) == 1 and not isinstance(node.ops[0], gast.Is | gast.IsNot):
            return self.given(node, [node.left, *node.comparators])
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: gast.UnaryOp) -> Any:
        return self.given(node, [node.operand])

    def visit_Call(self, node: gast.Call) -> Any:
        obj = self.walk.resolve(node.func)
        if obj in (isinstance, hasattr, callable, len):
            try:
                return tree.constant(self.walk.known(node))
            except Unknown:
                pass
        return self.generic_visit(node)
