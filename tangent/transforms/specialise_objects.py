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
from typing import Any

import gast

from tangent import tree
from tangent.classes import (
    MISSING_ATTRIBUTE,
    find,
    initialiser,
    is_dataclass_made,
    is_named_tuple,
    is_value,
)
from tangent.program import MISSING
from tangent.transforms.specialise_known import Unknown
from tangent.transforms.specialise_operators import BINARY, CONVERSIONS, UNARY, Operators
from tangent.transforms.specialise_records import CONTAINERS
from tangent.transforms.specialise_values import (
    Bound,
    Constant,
    Known,
    Record,
    Sized,
    Super,
    Value,
    atom_of,
)
from tangent.transforms.specialise_walk import Result

__all__ = ["Objects"]

RETURN_IT = "return the numbers and arrays in it, and use it inside the function only"


class Objects(Operators):
    """A walk that follows objects."""

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
        elif isinstance(target, gast.Subscript) and (place := self.place(target)) is not None:
            operand = tree.store(place)
            statement = tree.replace(statement, target=operand)
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

    def walk_For(self, statement: gast.For) -> None:
        """`range(len(p))` of an object: how many there are is computed before the loop."""
        arguments: list[gast.expr] = []
        for a in statement.iter.args:
            if isinstance(a, gast.Call) and any(self.object_of(x) is not None for x in a.args):
                name = self.spelling.variable("length")
                self.walk(tree.assign(name, a, statement))
                a = tree.load(name)
            arguments.append(a)
        if not tree.same_items(arguments, statement.iter.args):
            rng = tree.replace(statement.iter, args=arguments)
            statement = tree.replace(statement, iter=rng)
        super().walk_For(statement)

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
                f"an instance of `{value.type.__name__}` that the function itself has made is used as a value here",
                why="the derivative knows it by its attributes, and here only the run would know it",
                remedy=RETURN_IT,
            )
        return super().escapes(name, value)


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
