"""Expansion of recipes: from a template's syntax to statements of the function at hand.

    template:  d[x] = d[y] * numpy.cos(x)        at  b = np.sin(a):   ba = bb * np.cos(a)

Hygiene: only a template's parameters are placeholders; its locals get new names at each expansion; its free names
are resolved in its own module and written by the user's alias where that is the same object.
"""

from __future__ import annotations

import builtins
import inspect
import types
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import gast
import numpy

import tangent
from tangent import runtime, tree
from tangent.analysis.flows import OPERATORS
from tangent.names import Names
from tangent.program import MISSING, Function
from tangent.recipes import registry
from tangent.recipes.kinds import Kind
from tangent.recipes.registry import Recipe, Template

__all__ = [
    "Expander",
    "Items",
    "Operation",
    "field_of",
    "masks",
    "operation_of",
    "product",
    "times",
]

VARARGS = inspect.CO_VARARGS

# Arguments whose shape alone matters to the call, by position.
SHAPE_ONLY: dict[Any, tuple[int, ...]] = {
    numpy.shape: (0,),
    numpy.ndim: (0,),
    numpy.size: (0,),
    numpy.zeros_like: (0,),
    numpy.full_like: (0,),
    len: (0,),
    **{
        getattr(runtime, name): tuple(positions)
        for name, *positions in (
            ("zeros_like", 0),
            ("full_like", 0),
            ("unbroadcast", 1),
            ("astype_adjoint", 1, 2),
            ("expand", 1),
            ("reduced_size", 0),
            ("with_axes", 1),
        )
        if hasattr(runtime, name)
    },
}


@dataclass(frozen=True)
class Operation:
    """A core operation seen as a call: its function object, its recipe and its arguments by parameter."""

    function: Any
    recipe: Recipe | None
    arguments: Mapping[str, Any]
    node: gast.expr

    @property
    def atoms(self) -> list[tuple[str, gast.expr]]:
        """`(parameter, atom)` pairs, those of `*args` flattened."""
        out: list[tuple[str, gast.expr]] = []
        for parameter, value in self.arguments.items():
            for atom in value if isinstance(value, tuple) else (value,):
                out.append((parameter, atom))
        return out


def operation_of(node: gast.expr, function: Function, local_names: Set[str]) -> Operation | None:
    """The operation that an expression in core form does, or None for displays, loads and copies."""
    args: list[gast.expr]
    keywords: list[gast.keyword]
    target: Any
    if isinstance(node, gast.BinOp):
        target, args, keywords = OPERATORS[type(node.op)], [node.left, node.right], []
    elif isinstance(node, gast.UnaryOp):
        target, args, keywords = OPERATORS[type(node.op)], [node.operand], []
    elif isinstance(node, gast.Attribute):
        if function.resolve(node, local_names) is not MISSING:
            return None
        target, args, keywords = getattr(numpy.ndarray, node.attr, MISSING), [node.value], []
    elif isinstance(node, gast.Call):
        target, args, keywords = function.resolve(node.func, local_names), node.args, node.keywords
        if target is MISSING and isinstance(node.func, gast.Attribute):
            target = getattr(numpy.ndarray, node.func.attr, MISSING)
            args = [node.func.value, *args]
    else:
        return None
    for recipe in registry.lookup(target) if target is not MISSING else ():
        bound = recipe.bind(args, keywords)
        if bound is not None:
            return Operation(target, recipe, bound, node)
    return Operation(target, None, {}, node)


def masks(operation: Operation) -> bool:
    """A ufunc that is computed for some elements only: its call says `where=`."""
    mask = operation.arguments.get("where") if isinstance(operation.function, numpy.ufunc) else None
    return mask is not None and getattr(mask, "value", None) is not True


def field_of(node: gast.AST, function: Function, local_names: Set[str]) -> gast.Subscript | None:
    """`p.w` of a local object, as the element `p["w"]` of its adjoint (see `runtime_containers`).

    None for what arrays have: `x.T`, `x.real` are operations.
    """
    if not isinstance(node, gast.Attribute) or hasattr(numpy.ndarray, node.attr):
        return None
    if not isinstance(node.value, gast.Name) or function.resolve(node, local_names) is not MISSING:
        return None
    return gast.Subscript(node.value, gast.Constant(node.attr, None), gast.Load())


def times(factor: int, node: gast.expr) -> gast.expr:
    """`factor * node`, with a leading number merged: 2 * (b * a) reads 2 * b * a."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult | gast.Div):
        return tree.replace(node, left=times(factor, node.left))
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return tree.replace(node, operand=times(factor, node.operand))
    if isinstance(node, gast.Constant) and isinstance(node.value, int):
        return gast.Constant(factor * node.value, None)
    return gast.BinOp(gast.Constant(factor, None), gast.Mult(), node)


def negate(node: gast.expr) -> gast.expr:
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return node.operand
    return gast.UnaryOp(gast.USub(), node)


def product(adjoint: gast.expr, partial: gast.expr) -> gast.expr:
    """`adjoint * partial`, written as a person would: by / x for a partial 1 / x, -by for -1."""
    if isinstance(partial, gast.Constant):
        if partial.value in (1, 1.0):
            return adjoint
        if type(partial.value) is int:
            return gast.BinOp(partial, gast.Mult(), adjoint)
    if isinstance(partial, gast.UnaryOp) and isinstance(partial.op, gast.USub):
        return negate(product(adjoint, partial.operand))
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Div):
        return gast.BinOp(product(adjoint, partial.left), gast.Div(), partial.right)
    if (
        isinstance(partial, gast.BinOp)
        and isinstance(partial.op, gast.Mult)
        and isinstance(partial.left, gast.Constant)
    ):
        return gast.BinOp(product(adjoint, partial.left), gast.Mult(), partial.right)
    return gast.BinOp(adjoint, gast.Mult(), partial)


class Expander:
    """Writes templates into one function (or several that share a scope)."""

    def __init__(self, function: Function, names: Names) -> None:
        self.function = function
        self.names = names
        self.locals = function.locals()
        self.injected: dict[str, Any] = {}

    # --- free names

    def spell(self, obj: Any, name: str) -> gast.expr:
        """A name that denotes an object in the generated code: the user's alias or one that we inject."""
        if obj is runtime:
            obj, name = tangent, "tangent"
        for known, value in self.injected.items():
            if value is obj:
                return tree.load(known)
        if getattr(builtins, name, MISSING) is obj and self.function.scope.lookup(name) is obj:
            if name not in self.locals:
                self.names.taken.add(name)
                return tree.load(name)
        scope = self.function.scope
        aliases = scope.names_of(obj) if isinstance(obj, types.ModuleType) else []
        for alias in aliases:
            if alias not in self.locals:
                self.names.taken.add(alias)
                return tree.load(alias)
        wanted = {"numpy": "np"}.get(name, name)
        new = self.names.fresh(wanted)
        self.injected[new] = obj
        return tree.load(new)

    def helper(self, name: str, *args: gast.expr) -> gast.Call:
        """A call of a helper of `runtime`."""
        return tree.call(tree.attribute(self.spell(runtime, "tangent"), name), *args)

    def numpy(self, name: str, *args: gast.expr, **keywords: gast.expr) -> gast.Call:
        """A call of a NumPy function."""
        return tree.call(tree.attribute(self.spell(numpy, "numpy"), name), *args, **keywords)

    # --- templates

    def template(
        self,
        template: Template,
        arguments: Mapping[str, Any],
        result: gast.expr,
        derivatives: Mapping[str, gast.expr],
        outputs: list[str],
        mark_shape: Callable[[gast.expr], gast.expr],
    ) -> tuple[list[gast.stmt], dict[str, gast.expr]]:
        """Fill in a template.

        Args:
            arguments: atoms by parameter (as the operation has them).
            result: what stands for the result.
            derivatives: what `d[name]` stands for.
            outputs: the parameters (or the result) whose value is wanted.
            mark_shape: called on an argument of which only the shape is read.

        Returns:
            statements that define the template's locals, and the values wanted.
        """
        mapping: dict[str, Any] = {template.result: result}
        for parameter, value in arguments.items():
            mapping[parameter] = (
                gast.Tuple(list(value), gast.Load()) if isinstance(value, tuple) else value
            )
        needed: set[str] = set()
        for output in outputs:
            needed |= tree.names_in(template.values[output])
        kept: list[gast.stmt] = []
        for statement in reversed(template.setup):
            if set(tree.stored_names(statement.targets[0])) & needed:
                needed |= tree.names_in(statement)
                kept.insert(0, statement)
        renamed: dict[str, str] = {}
        for statement in kept:
            for name in tree.stored_names(statement.targets[0]):
                renamed.setdefault(name, self.names.fresh(name))
        fill = _Fill(self, template, mapping, derivatives, renamed, mark_shape)
        setup = [fill.visit(s) for s in kept]
        return setup, {o: fill.visit(template.values[o]) for o in outputs}


class _Fill(tree.Rewriter):
    def __init__(
        self,
        expander: Expander,
        template: Template,
        mapping: Mapping[str, Any],
        derivatives: Mapping[str, gast.expr],
        renamed: Mapping[str, str],
        mark_shape: Callable[[gast.expr], gast.expr],
    ) -> None:
        self.expander = expander
        self.template = template
        self.mapping = mapping
        self.derivatives = derivatives
        self.renamed = renamed
        self.mark_shape = mark_shape

    def object_of(self, node: gast.AST) -> Any:
        if isinstance(node, gast.Name):
            if node.id in self.mapping or node.id in self.renamed:
                return MISSING
            return self.template.scope.get(node.id, getattr(builtins, node.id, MISSING))
        if isinstance(node, gast.Attribute):
            base = self.object_of(node.value)
            return MISSING if base is MISSING else getattr(base, node.attr, MISSING)
        return MISSING

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if node.id in self.renamed:
            return gast.Name(self.renamed[node.id], type(node.ctx)(), None, None)
        if node.id in self.mapping:
            return tree.copy(self.mapping[node.id])
        if node.id == "each" and self.template.scope.get("each") is registry.each:
            place = gast.Name("each", gast.Load(), None, None)
            place.is_each = True
            return place
        obj = self.object_of(node)
        return self.expander.spell(obj, node.id)

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        if isinstance(node.value, gast.Name) and node.value.id == "d" and "d" not in self.mapping:
            return tree.copy(self.derivatives[node.slice.id])
        return self.generic_visit(node)

    def visit_Attribute(self, node: gast.Attribute) -> gast.AST:
        if node.attr in ("shape", "ndim", "size", "dtype") and self.is_argument(node.value):
            return tree.replace(node, value=self.mark_shape(self.visit(node.value)))
        return self.generic_visit(node)

    def visit_Call(self, node: gast.Call) -> gast.AST:
        try:
            positions = SHAPE_ONLY.get(self.object_of(node.func), ())
        except TypeError:
            positions = ()
        new = self.generic_visit(node)
        if any(isinstance(a, gast.Starred) and isinstance(a.value, gast.Tuple) for a in new.args):
            new = tree.replace(new, args=unpacked(new.args))
        new = self.without_defaults(node, new)
        for position in positions:
            if position < len(node.args) and self.is_argument(node.args[position]):
                args = list(new.args)
                args[position] = self.mark_shape(args[position])
                new = tree.replace(new, args=args)
        return new

    def visit_IfExp(self, node: gast.IfExp) -> gast.AST:
        """`a if axis is None else b`, where the call says what the axis is."""
        new = self.generic_visit(node)
        if isinstance(new.test, gast.Constant):
            return new.body if new.test.value else new.orelse
        return new

    def visit_Compare(self, node: gast.Compare) -> gast.AST:
        """Whether a constant is `None`."""
        new = self.generic_visit(node)
        left, right = _constant_of(new.left), _constant_of(new.comparators[0])
        if right is None and left is not MISSING and len(new.ops) == 1:
            if isinstance(new.ops[0], gast.Is | gast.IsNot):
                return gast.Constant((left is None) == isinstance(new.ops[0], gast.Is), None)
        return new

    def visit_BoolOp(self, node: gast.BoolOp) -> gast.AST:
        """Without first operands that are constants and decide nothing."""
        new = self.generic_visit(node)
        decides = isinstance(new.op, gast.Or)
        values = list(new.values)
        while len(values) > 1 and isinstance(values[0], gast.Constant):
            if bool(values[0].value) is decides:
                return values[0]
            values.pop(0)
        return values[0] if len(values) == 1 else tree.replace(new, values=values)

    def visit_BinOp(self, node: gast.BinOp) -> gast.AST:
        """`count - ddof`, without a `ddof` of zero."""
        new = self.generic_visit(node)
        right = new.right
        if isinstance(new.op, gast.Sub) and isinstance(right, gast.Constant):
            if type(right.value) is int and right.value == 0:
                return new.left
        return new

    def without_defaults(self, node: gast.Call, new: gast.Call) -> gast.Call:
        """A call of one of our helpers, or of a NumPy function, without what are its defaults."""
        names, defaults = _signature(self.object_of(node.func))
        if not defaults:
            return new
        args = list(new.args)
        while args and len(args) <= len(names):
            if not _is_constant(args[-1], defaults.get(names[len(args) - 1], MISSING)):
                break
            args.pop()
        keywords = [
            k for k in new.keywords if not _is_constant(k.value, defaults.get(k.arg, MISSING))
        ]
        return tree.replace(new, args=args, keywords=keywords)

    def is_argument(self, node: gast.AST) -> bool:
        return isinstance(node, gast.Name) and node.id in self.mapping


def _signature(function: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The positional parameters of a function that templates call, and defaults by parameter."""
    if not isinstance(function, types.FunctionType | type(numpy.sum)):
        return (), {}
    module = getattr(function, "__module__", None) or ""
    if module.startswith("tangent."):
        code = function.__code__
        if code.co_flags & VARARGS:
            return (), {}
        names = code.co_varnames[: code.co_argcount]
        given = function.__defaults__ or ()
        return names, dict(zip(reversed(names), reversed(given), strict=False))
    for recipe in registry.lookup(function) if module.startswith("numpy") else ():
        template = recipe.signature
        if template is None or template.vararg is not None:
            return (), {}
        names = tuple(p for p in template.parameters if p not in template.keyword_only)
        defaults = {n: _constant_of(v) for n, v in template.defaults.items()}
        return names, {n: v for n, v in defaults.items() if v is not MISSING}
    return (), {}


def _constant_of(node: gast.expr) -> Any:
    """The value of a constant, or of a number with a sign."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        value = _constant_of(node.operand)
        return -value if type(value) in (int, float) else MISSING
    return node.value if isinstance(node, gast.Constant) else MISSING


def _is_constant(node: gast.expr, value: Any) -> bool:
    """The node is this constant, of this type."""
    given = _constant_of(node)
    return given is not MISSING and type(given) is type(value) and bool(given == value)


def unpacked(args: list[gast.expr]) -> list[gast.expr]:
    """Arguments with `*(a, b)` written as `a, b`."""
    out: list[gast.expr] = []
    for a in args:
        if isinstance(a, gast.Starred) and isinstance(a.value, gast.Tuple):
            out += a.value.elts
        else:
            out.append(a)
    return out


class _Each(tree.Rewriter):
    """Writes the position of an argument for `each`."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.found = False

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if getattr(node, "is_each", False):
            self.found = True
            return gast.Constant(self.position, None)
        return node


def item_of(expr: gast.expr, position: int) -> gast.expr:
    """The part of an adjoint of `*arguments` that belongs to the one at a position."""
    each = _Each(position)
    term: gast.expr = each.visit(expr)
    if each.found:
        return term
    return gast.Subscript(tree.copy(expr), gast.Constant(position, None), gast.Load())


class Items(tree.Rewriter):
    """`(a, b)[0]` is `a`, or 0.0 where that is the adjoint of a result that has none."""

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        place = node.slice
        if isinstance(node.value, gast.Tuple) and isinstance(place, gast.Constant):
            item = node.value.elts[place.value]
            if getattr(item, "is_absent", False):
                return gast.Constant(0.0, None)
            return self.visit(item)
        return self.generic_visit(node)


def kinds_of_arguments(
    arguments: Mapping[str, Any], kind: Callable[[gast.expr], Kind]
) -> dict[str, Kind]:
    """Kinds by parameter (a tuple kind for `*args`)."""
    out: dict[str, Kind] = {}
    for parameter, value in arguments.items():
        if isinstance(value, tuple):
            out[parameter] = Kind("tuple", items=tuple(kind(v) for v in value))
        else:
            out[parameter] = kind(value)
    return out
