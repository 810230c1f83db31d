"""Operators of objects in `specialise`, comparisons, and tests.

p + q                       Vector.__add__(p, q), else Vector.__radd__(q, p), expanded
isinstance(x, Vector)       True where x is one that is followed; else False, and the run makes sure
"""

from __future__ import annotations

import types
from typing import Any

import gast

from tangent import tree
from tangent.classes import (
    find,
    is_dataclass_made,
    is_named_tuple,
    obstacle,
)
from tangent.recipes import registry
from tangent.transforms.specialise_instances import Instances
from tangent.transforms.specialise_known import Unknown
from tangent.transforms.specialise_values import (
    Constant,
    Known,
    Record,
    atom_of,
)
from tangent.transforms.specialise_walk import Result, leaves

__all__ = ["BINARY", "CONVERSIONS", "UNARY", "Operators"]

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


class Operators(Instances):
    """A walk that expands operators of objects."""

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
