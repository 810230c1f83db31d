"""Forward mode: the tangent of every statement, beside it.

    primal: b = np.sin(a)        tangent: db = da * np.cos(a)
            A[i] = b                      dA[i] = db
            v = A[i]                      dv = dA[i]

A `State` holds the primal names that have a tangent at a point; the tangent of any other name is zero. A tangent
has the structure, the shape and the float dtype of its primal, and tangents share memory exactly where their primals
do: a view's tangent is the same view of the tangent. So writes in place, aliases and repeated indices need no thought:
what happens to the primal happens to the tangent. Two things see to it. A tangent that is another name's object though
the primal is new (`y = x + 1.0`, `dy = dx`) is copied where either may be written or leaves the function. And where
something active is written into an object, every name that reaches it has a tangent from its first binding on (it is
*forced*, a zero if need be), so that views made before the write are views of the one tangent.
(Griewank & Walther, *Evaluating Derivatives*, 2nd ed., §3.1.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.analysis.summaries import summary_of
from tangent.errors import NoRecipeError, UnsupportedError
from tangent.names import TANGENT
from tangent.program import Function
from tangent.recipes.kinds import Kind, same_shape
from tangent.recipes.registry import Recipe
from tangent.recipes.results import same_precision
from tangent.transforms.context import Context
from tangent.transforms.expand import Operation, kinds_of_arguments, operation_of, product, times

__all__ = ["Again", "State", "Tangents"]

State = dict[str, None]

# Kinds of values that have no derivative and no zero.
NO_NUMBERS = frozenset({"none", "str", "function", "module", "range"})


# Functions that return a view where memory allows it, else a copy.
MAYBE_COPIES = frozenset(
    {numpy.reshape, numpy.ravel, numpy.ndarray.reshape, numpy.ndarray.ravel, numpy.ndarray.astype}
    | {numpy.asarray, numpy.asanyarray, numpy.ascontiguousarray, numpy.asfortranarray}
)


class Again(Exception):
    """The function has to be walked again: a name needs a tangent from its first binding on."""


class Tangents:
    """Writes the tangents of simple statements; `forward_flow` adds branches and loops, `forward_calls` calls.

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
        if self.is_layout_decisive():
            self.c.check_aliases()

    def names_to_own(self) -> frozenset[str]:
        """Names whose objects may be written, or leave the function: their tangents share memory as they do."""
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

    def is_layout_decisive(self) -> bool:
        """What is written may be a view or a copy, as memory lies: the tangent may lie otherwise."""
        for statement in self.c.statements:
            if isinstance(statement, gast.Assign) and self.c.written_names & set(
                tree.stored_names(statement.targets[0])
            ):
                if self.may_copy(statement.value, self.c.function, set()):
                    return True
        return False

    def may_copy(self, value: gast.expr, function: Function, seen: set[int]) -> bool:
        """A call of a function that returns a view where it can, at any depth."""
        operation = operation_of(value, function, function.locals())
        if operation is None or not isinstance(value, gast.Call):
            return False
        if operation.recipe is not None:
            return bool(operation.recipe.alias) and operation.function in MAYBE_COPIES
        callee = self.c.program.function_of(operation.function)
        if callee is None or id(callee.node) in seen:
            return False
        seen.add(id(callee.node))
        return bool(summary_of(callee, self.c.program).shared) and any(
            self.may_copy(inner.value, callee, seen)
            for inner in tree.walk_statements(callee.node.body)
            if isinstance(inner, gast.Assign)
        )

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

    def force(self, names: Iterable[str]) -> None:
        """Walk the function again, with a tangent for some names wherever they are bound."""
        self.forced.update(names)
        raise Again

    def prepare_write(self, state: State, name: str, statement: Any) -> None:
        """Before something active is written in place: all that reaches the object must have tangents."""
        changed = self.c.aliases.changed_names(statement) | {name}
        late = [
            n
            for n in sorted(changed)
            if n not in state
            and (n == name or n in self.c.liveness.after[statement])
            and not self.c.kind_of_name(n, statement).is_number
        ]
        if set(late) - {name} - self.forced:
            self.force(late)
        if name not in state:
            self.emit(tree.assign(self.tangent_name(name), self.zero(name, statement)), quiet=True)
            state[name] = None

    # --- statements

    def simple(self, statement: Any, state: State) -> None:
        """Emit a statement that holds no others, and its tangent."""
        self.current = statement
        if isinstance(statement, gast.Assign):
            target = statement.targets[0]
            if isinstance(target, gast.Name):
                self.assign(statement, target.id, state)
            elif isinstance(target, gast.Tuple):
                self.call(statement, [e.id for e in target.elts], state)
            else:
                self.store(statement, target, state)
        elif isinstance(statement, gast.AugAssign):
            if isinstance(statement.target, gast.Name):
                self.update(statement, statement.target.id, state)
            else:
                self.increment(statement, statement.target, state)
        elif isinstance(statement, gast.Expr):
            self.call(statement, [], state)
        else:
            self.out.append(statement)

    def useful(self, name: str, statement: gast.AST) -> bool:
        """A name is active after a statement, or may reach what is written."""
        return name in self.c.activity.after[statement] or name in self.c.written_names

    def assign(self, statement: gast.Assign, target: str, state: State) -> None:
        value = statement.value
        if isinstance(value, gast.Call) and self.is_user_call(value):
            self.call(statement, [target], state)
            return
        if isinstance(value, gast.Name) and value.id != target:  # so that it coalesces with what it copies
            expr = self.tangent(value.id) if value.id in state and self.useful(target, statement) else None
            self.bind(statement, target, expr, state)
            self.out.append(statement)
            return
        self.out.append(statement)
        popped = self.popped(value, state)
        expr = None
        if self.useful(target, statement):
            expr = popped or self.tangent_of(statement, value, [target], state)
        elif popped is not None:
            self.emit(gast.Expr(popped))
        self.bind(statement, target, expr, state)

    def bind(self, statement: Any, target: str, expr: gast.expr | None, state: State) -> None:
        """Give a name that was just bound its tangent, or none."""
        if expr is None and target in self.forced:
            value = getattr(statement, "value", None)
            if isinstance(value, gast.List) and not value.elts:
                expr = gast.List([], gast.Load())
            else:
                self.force_sources(statement, target, state)
                expr = self.zero(target, statement, after=True)
        if expr is None:
            state.pop(target, None)
            return
        self.emit(tree.assign(self.tangent_name(target), expr))
        state[target] = None

    def force_sources(self, statement: Any, target: str, state: State) -> None:
        """What a forced name may share memory with has a tangent too."""
        value = getattr(statement, "value", None)
        if value is None or self.c.kind_of_name(target, statement, True).is_number:
            return
        sources = {
            n
            for n in tree.names_in(value) & self.c.locals
            if n not in state
            and n != target
            and not self.c.kind_of_name(n, statement).is_number
            and self.c.aliases.may_alias(statement, target, n, after=True)
        }
        if sources - self.forced:
            self.force(sources)

    def tangent_of(
        self, statement: Any, value: gast.expr, targets: list[str], state: State
    ) -> gast.expr | None:
        """The tangent of a value in core form, None where it is zero."""
        if isinstance(value, gast.Name):
            return self.tangent(value.id) if value.id in state else None
        if isinstance(value, gast.Subscript):
            base = value.value.id
            if base not in state:
                return None
            return gast.Subscript(self.tangent(base), tree.copy(value.slice), gast.Load())
        if isinstance(value, gast.Tuple | gast.List):
            if not any(n in state for n in tree.names_in(value)):
                return None
            parts = [self.tangent_or_zero(e, statement, state) for e in value.elts]
            return type(value)(parts, gast.Load())
        if isinstance(value, gast.Dict):
            if not any(n in state for v in value.values for n in tree.names_in(v)):
                return None
            parts = [self.tangent_or_zero(e, statement, state) for e in value.values]
            return gast.Dict([tree.copy(k) for k in value.keys], parts)
        return self.operation(statement, value, targets, state)

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
        if is_numpy(operation.function) and not isinstance(total, gast.Name):
            total = self.of_array(statement, total, target, state)
        whole = self.is_whole(statement, operation, total, setup, target)
        if not whole:
            total = self.c.expander.helper("broadcast_like", total, tree.load(target))
        if isinstance(total, gast.Name) or not whole:
            total = self.owned(statement, total, target)
        return total

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
        """The tangent of a NumPy function, which takes lists too, right where an operand's tangent is a list."""
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
        """Whether a sum of products certainly has the shape of the result, as its operands have between them."""
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
            if parameter in recipe.differentiable and not is_none(atom):
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
        for parameter in wanted:
            atom = operation.arguments[parameter]
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
        template = recipe.forward
        if template is None:
            call = tree.unparse(getattr(operation.node, "func", operation.node))
            raise NoRecipeError(
                f"the recipe for `{call}` has no tangent",
                self.c.origin(statement),
                why="it was declared with its adjoint only, which serves reverse mode",
                remedy="add one with `.tangent` (docs/writing-a-recipe.md), or use tangent.grad or tangent.vjp",
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
            return _Items().visit(expr)
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

    # --- storage

    def is_written_active(self, statement: Any) -> bool:
        """What a statement writes in place may be seen by the result."""
        return bool(self.c.aliases.changed_names(statement) & self.c.activity.after[statement])

    def store(self, statement: gast.Assign, target: gast.Subscript, state: State) -> None:
        """`A[i] = e`: the same with tangents; an element without one becomes zero."""
        base = target.value.id
        value = statement.value
        if not self.is_written_active(statement):
            self.out.append(statement)
            return
        active = isinstance(value, gast.Name) and value.id in state
        if active:
            self.c.check_storage(base, statement)
            self.prepare_write(state, base, statement)
        if base not in state:
            self.out.append(statement)
            return
        if active:
            expr: gast.expr = self.tangent(value.id)
        elif self.c.kind_of_name(base, statement).is_array:
            expr = gast.Constant(0.0, None)
        else:
            expr = self.tangent_or_zero(value, statement, state)
        place = gast.Subscript(self.tangent(base), tree.copy(target.slice), gast.Store())
        self.emit(
            gast.Assign([place], expr, None)
        )  # before the statement: so its parts read well inlined
        self.out.append(statement)

    def increment(self, statement: gast.AugAssign, target: gast.Subscript, state: State) -> None:
        """`A[i] += e`."""
        base = target.value.id
        value = statement.value
        active = isinstance(value, gast.Name) and value.id in state
        if not active or not self.is_written_active(statement):
            if base in state and self.c.kind(value, statement).type in ("list", "tuple"):
                raise self.unsupported("`+=` with a list in an element is not supported", statement)
            self.out.append(statement)
            return
        self.c.check_storage(base, statement)
        self.prepare_write(state, base, statement)
        place = gast.Subscript(self.tangent(base), tree.copy(target.slice), gast.Store())
        self.emit(gast.AugAssign(place, statement.op, self.tangent(value.id)))
        self.out.append(statement)

    def update(self, statement: gast.AugAssign, name: str, state: State) -> None:
        """`x += e`, with `x` perhaps an array that is written in place."""
        value = statement.value
        active = isinstance(value, gast.Name) and value.id in state
        seen = self.is_written_active(statement) or self.useful(name, statement)
        if not seen or not (active or name in state):
            self.out.append(statement)
            state.pop(name, None)
            if name in self.forced:
                self.bind(statement, name, None, state)
            return
        if active and not self.c.kind_of_name(name, statement).is_number:
            self.c.check_storage(name, statement)
        if isinstance(statement.op, gast.Add | gast.Sub):
            self.update_sum(statement, name, active, state)
        else:
            self.update_by_recipe(statement, name, state)

    def update_sum(self, statement: gast.AugAssign, name: str, active: bool, state: State) -> None:
        value: Any = statement.value
        operand = self.c.kind(value, statement)
        own = self.c.kind_of_name(name, statement)
        target = self.tangent_name(name)
        if active and name not in state and own.is_number and operand.is_number:
            self.out.append(statement)
            expr: gast.expr = self.tangent(value.id)
            if isinstance(statement.op, gast.Sub):
                expr = gast.UnaryOp(gast.USub(), expr)
            self.emit(tree.assign(target, expr))
            state[name] = None
            return
        self.prepare_write(state, name, statement)
        self.out.append(statement)
        if active:
            self.emit(gast.AugAssign(tree.store(target), statement.op, self.tangent(value.id)))
        elif not (operand.is_number or own.is_array):
            # `x` may be a number that becomes an array here, or a list that becomes longer.
            fitted = self.c.expander.helper("broadcast_like", tree.load(target), tree.load(name))
            self.emit(tree.assign(target, fitted))

    def update_by_recipe(self, statement: gast.AugAssign, name: str, state: State) -> None:
        """`x *= e`: the tangent of `x * e`, of the old value of `x`.

        It stands before the statement where it reads the old value alone, behind it where it reads the new one
        alone; where it reads both, the old one is kept.
        """
        node = gast.BinOp(tree.load(name), statement.op, tree.copy(statement.value))
        new = self.c.names.fresh(name)
        self.c.names.taken.discard(new)
        self.stand_ins[new] = name
        outer, self.out = self.out, []
        expr = self.operation(statement, node, [new], state)
        made, self.out = self.out, outer
        del self.stand_ins[new]
        if expr is None:
            self.out.append(statement)
            state.pop(name, None)
            return
        if self.is_seen_elsewhere(name, statement):
            self.prepare_write(state, name, statement)
            expr = self.c.expander.helper("write", self.tangent(name), expr)
        self.emit(tree.assign(self.tangent_name(name), expr))
        made.append(self.out.pop())
        state[name] = None
        read = tree.names_in(made)
        if new not in read:
            self.out += [*made, statement]
            return
        mapping = {new: tree.load(name)}
        if name in read:
            old = self.c.names.fresh(name)
            mapping[name] = tree.load(old)
            kept = self.copied(tree.load(name), self.c.kind_of_name(name, statement))
            self.emit(tree.assign(old, kept), quiet=True)
        self.out.append(statement)
        self.out += [tree.substitute(s, mapping) for s in made]

    def is_seen_elsewhere(self, name: str, statement: Any) -> bool:
        """A write into the object of a name may be seen through another, or by the caller."""
        if not self.c.kind_of_name(name, statement).can_be_mutable:
            return False
        others = self.c.aliases.changed_names(statement) - {name}
        return bool(others & self.c.liveness.after[statement] or self.c.function.meta.get("outputs"))

    def copied(self, expr: gast.expr, kind: Kind) -> gast.expr:
        if kind.is_number:
            return expr
        if kind.is_array:
            return tree.call(tree.attribute(expr, "copy"))
        return self.c.expander.helper("keep", expr)

    # --- calls and lists: forward_calls

    def is_user_call(self, value: gast.Call) -> bool:
        raise NotImplementedError

    def call(self, statement: Any, targets: list[str], state: State) -> None:
        raise NotImplementedError

    def popped(self, value: gast.expr, state: State) -> gast.expr | None:
        raise NotImplementedError

    # --- errors

    def unsupported(self, reason: str, statement: Any, **more: str) -> UnsupportedError:
        return UnsupportedError(reason, self.c.origin(statement), **more)


class _Derivatives(dict[str, gast.expr]):
    """What `d[x]` stands for, made when a template asks for it."""

    def __init__(self, make: Callable[[str], gast.expr]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, parameter: str) -> gast.expr:
        return self.make(parameter)


class _Items(tree.Rewriter):
    """`(a, b)[0]` is `a`."""

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        place = node.slice
        if isinstance(node.value, gast.Tuple) and isinstance(place, gast.Constant):
            return self.visit(node.value.elts[place.value])
        return self.generic_visit(node)


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
    """A function of NumPy, which makes arrays of lists."""
    if isinstance(function, numpy.ufunc):
        return True
    return callable(function) and str(getattr(function, "__module__", "")).startswith("numpy")
