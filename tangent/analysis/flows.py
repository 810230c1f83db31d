"""Through which names does a derivative flow into the value of an expression?

    np.sin(a) * w[i]          a, w         not i: an index selects, it has no derivative
    np.zeros(len(a))          nothing
    np.where(m > t, a, b)     a, b         not m, t: a comparison is constant almost everywhere

A call with a recipe lets through its differentiable parameters, any other call all its arguments.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import Calls
from tangent.analysis.known import FRESH_ATTRIBUTES
from tangent.program import MISSING
from tangent.recipes import registry

__all__ = ["OPERATORS", "Flows"]

OPERATORS: dict[type, Any] = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
    gast.Div: operator.truediv,
    gast.FloorDiv: operator.floordiv,
    gast.Mod: operator.mod,
    gast.Pow: operator.pow,
    gast.MatMult: operator.matmul,
    gast.BitAnd: operator.and_,
    gast.BitOr: operator.or_,
    gast.BitXor: operator.xor,
    gast.LShift: operator.lshift,
    gast.RShift: operator.rshift,
    gast.USub: operator.neg,
    gast.UAdd: operator.pos,
    gast.Invert: operator.invert,
    gast.Not: operator.not_,
}
DISCRETE_OPERATORS = (
    gast.FloorDiv,
    gast.BitAnd,
    gast.BitOr,
    gast.BitXor,
    gast.LShift,
    gast.RShift,
    gast.Invert,
    gast.Not,
)
DISCRETE_BUILTINS = frozenset(
    {"all", "any", "ascii", "bin", "bool", "callable", "chr", "format", "hasattr", "hash", "hex"}
    | {"id", "int", "isinstance", "issubclass", "len", "oct", "ord", "print", "range", "repr"}
    | {"slice", "str", "type"}
)
DISCRETE_METHODS = frozenset(
    {"all", "any", "argmax", "argmin", "argpartition", "argsort", "bit_length", "count", "index"}
    | {"is_integer", "keys", "nonzero", "searchsorted", "tobytes"}
)


class Flows:
    """Knows, for one function, which names flow into which expressions."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._known: dict[gast.AST, frozenset[str]] = {}

    def into(self, node: gast.AST | None) -> frozenset[str]:
        """The names through which a derivative flows into an expression's value."""
        if node is None or isinstance(node, gast.Constant):
            return frozenset()
        if node not in self._known:
            self._known[node] = self._into(node)
        return self._known[node]

    def into_any(self, nodes: Iterable[gast.AST | None]) -> frozenset[str]:
        return frozenset().union(*map(self.into, nodes))

    def _into(self, node: Any) -> frozenset[str]:
        if isinstance(node, gast.Name):
            return frozenset({node.id})
        if isinstance(node, gast.BinOp):
            if isinstance(node.op, DISCRETE_OPERATORS):
                return frozenset()
            return self.into(node.left) | self.into(node.right)
        if isinstance(node, gast.UnaryOp):
            return (
                frozenset() if isinstance(node.op, DISCRETE_OPERATORS) else self.into(node.operand)
            )
        if isinstance(node, gast.Compare | gast.JoinedStr | gast.Slice):
            return frozenset()
        if isinstance(node, gast.BoolOp):
            return self.into_any(node.values)
        if isinstance(node, gast.IfExp):
            return self.into(node.body) | self.into(node.orelse)
        if isinstance(node, gast.Subscript | gast.Starred | gast.NamedExpr):
            return self.into(node.value)
        if isinstance(node, gast.Attribute):
            return frozenset() if node.attr in FRESH_ATTRIBUTES else self.into(node.value)
        if isinstance(node, gast.Tuple | gast.List | gast.Set):
            return self.into_any(node.elts)
        if isinstance(node, gast.Dict):
            return self.into_any(node.values)
        if isinstance(node, gast.Call):
            return self.into_any(self.operands(node))
        return frozenset(tree.names_in(node))  # comprehensions, lambdas: all that they read

    def operands(self, call: gast.Call) -> tuple[gast.AST, ...]:
        """The arguments (and receiver) of a call that its result depends on differentiably."""
        arguments = (*call.args, *(k.value for k in call.keywords))
        found = self.calls.resolve(call.func)
        if found is not MISSING:
            recipes = registry.lookup(found)
            for recipe in recipes:
                bound = recipe.bind(call.args, call.keywords)
                if bound is None:
                    continue
                out: list[gast.AST] = []
                for parameter in recipe.differentiable:
                    value = bound[parameter]
                    out.extend(value if isinstance(value, tuple) else [value])
                return tuple(out)
            if getattr(found, "__module__", None) == "builtins":
                if found.__name__ in DISCRETE_BUILTINS:
                    return ()
            return arguments
        if isinstance(call.func, gast.Attribute):
            if call.func.attr in DISCRETE_METHODS:
                return ()
            return (call.func.value, *arguments)
        return (call.func, *arguments)
