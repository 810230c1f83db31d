"""Forward mode: the tangents of operations, by their recipes.

    b = np.sin(a)          elementwise     db = da * np.cos(a)
    b = np.sum(a)          linear          db = np.sum(da)
    c = np.dot(a, b)       multilinear     dc = np.dot(da, b) + np.dot(a, db)
    B = np.linalg.inv(A)   general         dB = -np.dot(B, np.dot(dA, B))

A tangent has the structure, the shape and the float dtype of its primal. A sum of products may have
less of a shape (`y = x + c`, where `c` has more dimensions than `x`): it is broadcast where kinds
leave a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.errors import NoRecipeError
from tangent.names import TANGENT
from tangent.recipes.kinds import Kind, same_shape
from tangent.recipes.registry import Recipe
from tangent.recipes.results import precision, same_precision
from tangent.transforms.context import Context
from tangent.transforms.expand import (
    Items,
    Operation,
    kinds_of_arguments,
    masks,
    operation_of,
    product,
    times,
)

__all__ = ["OperationTangents", "State"]

State = dict[str, None]

# Kinds of values that have no derivative and no zero.
NO_NUMBERS = frozenset({"none", "str", "function", "module", "range"})
COMPARISONS = frozenset(
    {"equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "isfinite"}
)


class OperationTangents:
    """Writes the tangents of values.

    Args:
        context: the function, its facts and its names.
        forced: names that get a tangent, a zero if need be, wherever they are bound.
    """

    def __init__(self, context: Context, forced: set[str]) -> None:
        self.c = context
        self.forced = forced
        self.tangents: dict[str, str] = {}
        self.lasting: set[str] = set()  # tangents of the user's names
        self.out: list[Any] = []
        self.current: Any = None
        self.stand_ins: dict[str, str] = {}  # placeholders for the new value of a name
        self.shared = self.names_to_own()

    def names_to_own(self) -> frozenset[str]:
        """Names whose objects may be written or leave the function.

        Their tangents have to share memory as they do.
        """
        owned = set(self.c.written_names)
        owned |= tree.names_in(self.c.function.node.body[-1])
        again = True
        while again:
            before = len(owned)
            for statement in self.c.statements:
                if isinstance(statement, gast.Assign) and isinstance(
                    statement.value,
                    gast.Name
                    | gast.Subscript
                    | gast.Tuple
                    | gast.List
                    | gast.Dict
                    | gast.Attribute,
                ):
                    if owned & set(tree.stored_names(statement.targets[0])):
                        owned |= tree.names_in(statement.value) & self.c.locals
            again = len(owned) > before
        return frozenset(owned)

    # --- emitting

    def emit(self, statement: Any, quiet: bool = False) -> None:
        """Add a statement; a quiet one is not commented with the user's line."""
        statement.role = "tangent"
        if not quiet:
            tree.with_origins(statement, self.current)
        if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
            statement.temporary = statement.targets[0].id not in self.lasting
        self.out.append(statement)

    def tangent_name(self, name: str) -> str:
        if name not in self.tangents:
            self.tangents[name] = self.c.names.fresh(name, TANGENT)
            if name not in self.c.temporaries:
                self.lasting.add(self.tangents[name])
        return self.tangents[name]

    def tangent(self, name: str) -> gast.Name:
        return tree.load(self.tangent_name(name))

    # --- zeros

    def zero(self, name: str, at: gast.AST, after: bool = False) -> gast.expr:
        """A zero in the form of a name's value, around a primal statement."""
        return self.zero_of(tree.load(name), self.c.kind_of_name(name, at, after))

    def zero_of(self, node: gast.expr, kind: Kind) -> gast.expr:
        if kind.type in NO_NUMBERS:
            return gast.Constant(None, None)
        if kind.is_number:
            return gast.Constant(0.0, None)
        if kind.is_array and kind.dtype in ("float64", "float32"):
            return self.c.expander.numpy("zeros_like", tree.copy(node))
        if kind.can_be_list:  # of which the tangent is a list too
            return self.c.expander.helper("direction", tree.copy(node), gast.Constant(0.0, None))
        return self.c.expander.helper("zeros_like", tree.copy(node))

    def tangent_or_zero(self, atom: gast.expr, at: gast.AST, state: State) -> gast.expr:
        """The tangent of an operand."""
        if isinstance(atom, gast.Name) and atom.id in state:
            return self.tangent(atom.id)
        if isinstance(atom, gast.Starred):
            return gast.Starred(self.tangent_or_zero(atom.value, at, state), gast.Load())
        return self.zero_of(atom, self.c.kind(atom, at))

    # --- operations

    def operation(
        self, statement: Any, value: gast.expr, targets: list[str], state: State
    ) -> gast.expr | None:
        """The tangent of `y = f(x, …)` by f's recipe."""
        operation = operation_of(value, self.c.function, self.c.locals)
        if operation is None:
            return None
        recipe = operation.recipe
        if recipe is None:
            if any(n in state for n in tree.names_in(value)):
                raise self.c.no_recipe(operation, statement)
            return None
        active = [
            parameter
            for parameter, atom in operation.atoms
            if any(n in state for n in tree.names_in(atom))
        ]
        wanted = [p for p in dict.fromkeys(active) if p in recipe.differentiable]
        if not wanted:
            return None
        self.c.check_supported(operation, recipe, wanted, statement)
        if recipe.form == "elementwise":
            return self.elementwise(statement, operation, recipe, wanted, targets[0], state)
        if recipe.form == "linear":
            return self.linear(statement, operation, recipe, targets[0], state)
        if recipe.form == "multilinear":
            return self.multilinear(operation, wanted, state)
        return self.general(statement, operation, recipe, targets, state)

    # --- recipes

    def elementwise(
        self,
        statement: Any,
        operation: Operation,
        recipe: Recipe,
        wanted: list[str],
        target: str,
        state: State,
    ) -> gast.expr | None:
        """The sum of tangents times partials, in the shape of the result."""
        kinds = kinds_of_arguments(operation.arguments, lambda e: self.c.kind(e, statement))
        template = recipe.template_for(kinds)
        wanted = [p for p in wanted if p in template.values]
        if not wanted:
            return None
        setup, partials = self.c.expander.template(
            template, operation.arguments, tree.load(target), {}, wanted, lambda e: e
        )
        terms: dict[str, tuple[int, gast.expr]] = {}
        for parameter in wanted:
            term = product(self.tangent(operation.arguments[parameter].id), partials[parameter])
            key = tree.dump(term)
            terms[key] = (terms.get(key, (0, term))[0] + 1, term)
        total: gast.expr | None = None
        for count, term in terms.values():
            part = term if count == 1 else times(count, term)
            total = part if total is None else plus(total, part)
        assert total is not None
        for extra in setup:
            self.emit(extra)
        if masks(operation):
            mask = tree.copy(operation.arguments["where"])
            total = self.c.expander.numpy("where", mask, total, gast.Constant(0.0, None))
        if is_numpy(operation.function) and not isinstance(total, gast.Name):
            total = self.of_array(statement, total, target, state)
        whole = self.is_whole(statement, operation, total, setup, target)
        if not whole or self.may_widen(statement, operation, wanted, partials, target):
            total = self.c.expander.helper("broadcast_like", total, tree.load(target))
        if isinstance(total, gast.Name) or not whole:
            total = self.owned(statement, total, target)
        return total

    def may_widen(
        self,
        statement: Any,
        operation: Operation,
        wanted: list[str],
        partials: dict[str, gast.expr],
        target: str,
    ) -> bool:
        """A number's tangent times an array of booleans is a float64, whatever the result is."""
        result = self.result_kind(target, statement)
        if result.is_number or precision(result) == "float64":
            return False
        return any(
            is_boolean(partials[p])
            and not self.c.kind_of_name(operation.arguments[p].id, statement).is_array
            for p in wanted
        )

    def owned(self, statement: Any, expr: gast.expr, target: str) -> gast.expr:
        """A copy of a tangent that may be another name's object, where that matters."""
        kind = self.result_kind(target, statement)
        names = {n for n, d in self.tangents.items() if d in tree.names_in(expr)} | {
            self.stand_ins.get(target, target)
        }
        if kind.is_number or not names & self.shared:
            return expr
        if kind.is_array:
            return tree.call(tree.attribute(expr, "copy"))
        return self.c.expander.helper("keep", expr)

    def of_array(self, statement: Any, expr: gast.expr, target: str, state: State) -> gast.expr:
        """The tangent of a NumPy function, right where the tangent of an operand is a list."""
        lists = {
            self.tangent_name(n)
            for n in state
            if n in self.tangents and self.c.kind_of_name(n, statement).can_be_list
        }
        if not lists & tree.names_in(expr):
            return expr
        return _AsArrays(self.c, lists, target).visit(expr)

    def result_kind(self, target: str, statement: Any) -> Kind:
        """The kind of what a statement binds to a name."""
        return self.c.kind_of_name(self.stand_ins.get(target, target), statement, True)

    def is_whole(
        self,
        statement: Any,
        operation: Operation,
        total: gast.expr,
        setup: Iterable[Any],
        target: str,
    ) -> bool:
        """Whether a sum of products certainly has the shape that all operands have together."""
        present = tree.names_in(total)
        for extra in setup:
            if present & set(tree.stored_names(extra.targets[0])):
                present |= tree.names_in(extra.value)
        if target in present:
            return True
        present |= {n for n, d in self.tangents.items() if d in present}
        names = {a.id for _, a in operation.atoms if isinstance(a, gast.Name)}
        missing = names - present
        result = self.result_kind(target, statement)
        if isinstance(total, gast.Name) and is_numpy(operation.function):
            operand = self.c.kind_of_name(next(iter(names & present)), statement)
            if operand.can_be_list or not (operand.is_array or operand.is_number):
                return result.is_array and operand.is_array
        if all(self.c.kind_of_name(n, statement).is_number for n in missing):
            return True
        for name in names & present:
            kind = self.c.kind_of_name(name, statement)
            if same_shape(kind, result) and same_precision(kind, result):
                return True
        return False

    def linear(
        self, statement: Any, operation: Operation, recipe: Recipe, target: str, state: State
    ) -> gast.expr:
        """The function itself, of tangents."""
        new: dict[int, gast.expr] = {}
        for parameter, atom in operation.atoms:
            if parameter in recipe.carried and not is_none(atom):
                new[id(atom)] = self.tangent_or_zero(atom, statement, state)
        dtype = operation.arguments.get("dtype")
        asked = dtype is not None and not is_none(dtype)
        if asked or operation.function is numpy.full_like:
            kind = self.result_kind(target, statement)
            if not (kind.dtype or "").startswith(("float", "complex")):
                return self.cast(operation, new, dtype if asked else None, target)
        return rebuilt(operation.node, new)

    def cast(
        self, operation: Operation, new: dict[int, gast.expr], dtype: Any, target: str
    ) -> gast.expr:
        """A function that may make integers: computed in floats, then zero where it does."""
        floats = self.c.expander.helper("float_dtype", tree.load(target))
        if dtype is not None:
            new[id(dtype)] = floats
        expr: Any = rebuilt(operation.node, new)
        if dtype is None:
            expr.keywords.append(gast.keyword("dtype", floats))
        return self.c.expander.helper("astype_tangent", expr, tree.load(target))

    def multilinear(self, operation: Operation, wanted: list[str], state: State) -> gast.expr:
        """For each operand with a tangent the function with that in its place."""
        total: gast.expr | None = None
        for parameter, atom in operation.atoms:
            if parameter not in wanted or not (isinstance(atom, gast.Name) and atom.id in state):
                continue
            term = rebuilt(operation.node, {id(atom): self.tangent(atom.id)})
            total = term if total is None else gast.BinOp(total, gast.Add(), term)
        assert total is not None
        return total

    def general(
        self,
        statement: Any,
        operation: Operation,
        recipe: Recipe,
        targets: list[str],
        state: State,
    ) -> gast.expr:
        """The recipe's template for the tangent."""
        kinds = kinds_of_arguments(operation.arguments, lambda e: self.c.kind(e, statement))
        template = recipe.tangent_for(kinds)
        if template is None:
            call = tree.unparse(getattr(operation.node, "func", operation.node))
            raise NoRecipeError(
                f"the recipe for `{call}` has no tangent",
                self.c.origin(statement),
                why="it was declared with its adjoint only, which serves reverse mode",
                remedy="add one with `.tangent` (docs/writing-a-recipe.md), or use tangent.vjp",
            )
        result: gast.expr = tree.load(targets[0])
        if len(targets) > 1:
            result = gast.Tuple([tree.load(t) for t in targets], gast.Load())
        derivatives = _Derivatives(
            lambda parameter: self.parameter(operation.arguments[parameter], statement, state)
        )
        setup, values = self.c.expander.template(
            template, operation.arguments, result, derivatives, [template.result], lambda e: e
        )
        for extra in setup:
            self.emit(extra)
        expr = values[template.result]
        if len(targets) > 1:
            return Items().visit(expr)
        if self.result_kind(targets[0], statement).type == "tuple":  # perhaps a named one
            return self.c.expander.helper("direction", tree.load(targets[0]), expr)
        fresh = isinstance(expr, gast.BinOp | gast.UnaryOp) or (
            isinstance(expr, gast.Call) and self.c.makes_fresh(expr)
        )
        if fresh or recipe.alias:
            return expr
        return self.owned(statement, expr, targets[0])

    def parameter(self, value: Any, statement: Any, state: State) -> gast.expr:
        """What `d[x]` stands for in the template of a tangent."""
        if not isinstance(value, tuple):
            return self.tangent_or_zero(value, statement, state)
        return gast.Tuple([self.tangent_or_zero(v, statement, state) for v in value], gast.Load())


class _Derivatives(dict[str, gast.expr]):
    """What `d[x]` stands for, made when a template asks for it."""

    def __init__(self, make: Callable[[str], gast.expr]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, parameter: str) -> gast.expr:
        return self.make(parameter)


class _AsArrays(tree.Rewriter):
    """Makes arrays of names that may be lists, except where they meet an array anyway."""

    def __init__(self, context: Context, lists: set[str], result: str) -> None:
        self.context = context
        self.lists = lists
        self.result = result

    def visit_Name(self, node: gast.Name) -> gast.AST:
        return self.context.expander.helper("operand", node) if node.id in self.lists else node

    def visit_BinOp(self, node: gast.BinOp) -> gast.AST:
        left, right = node.left, node.right
        if not (isinstance(left, gast.Name) and self.is_array(right)):
            left = self.visit(left)
        if not (isinstance(right, gast.Name) and self.is_array(left)):
            right = self.visit(right)
        return tree.replace(node, left=left, right=right)

    def is_array(self, node: gast.expr) -> bool:
        if isinstance(node, gast.BinOp):
            return self.is_array(node.left) or self.is_array(node.right)
        if isinstance(node, gast.UnaryOp):
            return self.is_array(node.operand)
        if isinstance(node, gast.Call):
            return is_numpy(self.context.resolve_emitted(node.func))
        return isinstance(node, gast.Name) and node.id == self.result


def rebuilt(node: Any, new: Mapping[int, gast.expr]) -> gast.expr:
    """A copy of an operation with some operands (by the id of their node) replaced."""

    def put(part: Any) -> Any:
        return new[id(part)] if id(part) in new else tree.copy(part)

    if isinstance(node, gast.BinOp):
        return gast.BinOp(put(node.left), node.op, put(node.right))
    if isinstance(node, gast.UnaryOp):
        return gast.UnaryOp(node.op, put(node.operand))
    if isinstance(node, gast.Attribute):
        return gast.Attribute(put(node.value), node.attr, gast.Load())
    assert isinstance(node, gast.Call)
    func = node.func
    if isinstance(func, gast.Attribute):
        func = gast.Attribute(put(func.value), func.attr, gast.Load())
    keywords = [gast.keyword(k.arg, put(k.value)) for k in node.keywords]
    return gast.Call(tree.copy(func), [put(a) for a in node.args], keywords)


def plus(a: gast.expr, b: gast.expr) -> gast.expr:
    """`a + b`, written as `a - c` where `b` is `-c`."""
    opposite = without_minus(b)
    if opposite is None:
        return gast.BinOp(a, gast.Add(), b)
    return gast.BinOp(a, gast.Sub(), opposite)


def without_minus(node: gast.expr) -> gast.expr | None:
    """`c` for `-c` (also `c * d` for `-c * d`), None for anything else."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return node.operand
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult | gast.Div):
        left = without_minus(node.left)
        return None if left is None else tree.replace(node, left=left)
    return None


def is_none(atom: gast.AST) -> bool:
    return isinstance(atom, gast.Constant) and atom.value is None


def is_numpy(function: Any) -> bool:
    """A function of NumPy or SciPy, which makes arrays of lists."""
    if isinstance(function, numpy.ufunc):
        return True
    module = str(getattr(function, "__module__", ""))
    return callable(function) and module.startswith(("numpy", "scipy"))


def is_boolean(expr: gast.expr) -> bool:
    """A comparison, of NumPy or by an operator, or an `&` of such."""
    if isinstance(expr, gast.BinOp) and isinstance(expr.op, gast.BitAnd):
        return is_boolean(expr.left) and is_boolean(expr.right)
    if isinstance(expr, gast.Call) and isinstance(expr.func, gast.Attribute):
        return expr.func.attr in COMPARISONS
    return isinstance(expr, gast.Compare)
