"""Forward mode: the tangent of every statement, beside it.

    primal: b = np.sin(a)        tangent: db = da * np.cos(a)
            A[i] = b                      dA[i] = db
            v = A[i]                      dv = dA[i]

A `State` holds the primal names that have a tangent at a point; the tangent of any other name is
zero. A tangent has the structure, the shape and the float dtype of its primal, and tangents share
memory exactly where their primals do: a view's tangent is the same view of the tangent. So writes
in place, aliases and repeated indices need no thought: what happens to the primal happens to the
tangent. Two things see to it. A tangent that is another name's object though the primal is new
(`y = x + 1.0`, `dy = dx`) is copied where either may be written or leaves the function. And where
something active is written into an object, every name that reaches it has a tangent from its first
binding on (it is *forced*, a zero if need be), so that views made before the write are views of the
one tangent.
(Griewank & Walther, *Evaluating Derivatives*, 2nd ed., §3.1.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.analysis.summaries import summary_of
from tangent.errors import UnsupportedError
from tangent.program import Function
from tangent.transforms.context import Context
from tangent.transforms.dead import pop_of
from tangent.transforms.expand import field_of, operation_of
from tangent.transforms.forward_recipes import OperationTangents, State
from tangent.transforms.refusals import check_context

__all__ = ["Again", "State", "Tangents"]

# Functions that return a view where memory allows it, else a copy.
MAYBE_COPIES = frozenset(
    {numpy.reshape, numpy.ravel, numpy.ndarray.reshape, numpy.ndarray.ravel, numpy.ndarray.astype}
    | {numpy.asarray, numpy.asanyarray, numpy.ascontiguousarray, numpy.asfortranarray}
)


class Again(Exception):
    """The function has to be walked again: a name needs a tangent from its first binding on."""


class Tangents(OperationTangents):
    """Writes the tangents of simple statements.

    `forward_flow` adds branches and loops, `forward_calls` calls.
    """

    def __init__(self, context: Context, forced: set[str]) -> None:
        check_context(context)
        super().__init__(context, forced)

    def check_layout(self, statement: gast.Assign, target: str, state: State) -> None:
        """What is written may be a view or a copy, as its base lies in memory: its tangent must be the same."""
        if target not in state or target not in self.c.written_names:
            return
        if not self.may_copy(statement.value, self.c.function, set()):
            return
        for base in sorted(tree.names_in(statement.value) & set(state) - {target}):
            if self.c.aliases.may_alias(statement, target, base, after=True):
                pairs = (self.tangent(target), self.tangent(base), target, base)
                arguments = [tree.load(a) if isinstance(a, str) else a for a in pairs]
                name = gast.Constant(target, None)
                check = self.c.expander.helper("check_layout", *arguments, name)
                self.emit(gast.Expr(check), quiet=True)

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

    # --- statements that write

    def force(self, names: Iterable[str]) -> None:
        """Walk the function again, with a tangent for some names wherever they are bound."""
        self.forced.update(names)
        raise Again

    def prepare_write(self, state: State, name: str, statement: Any) -> None:
        """Before an active write in place: all that reaches the object must have a tangent."""
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
            self.check_layout(statement, target, state)
            return
        if isinstance(value, gast.Name) and value.id != target:
            if value.id in state and self.useful(target, statement):
                # The tangent first, so that it coalesces with what it copies.
                self.bind(statement, target, self.tangent(value.id), state)
                self.out.append(statement)
            else:  # a zero is one of the value's form
                self.out.append(statement)
                self.bind(statement, target, None, state)
            return
        if pop_of(value) is None:
            self.c.sharing.check_writes_of_calls(statement)
        self.out.append(statement)
        popped = self.popped(value, state)
        expr = None
        if self.useful(target, statement):
            expr = popped or self.tangent_of(statement, value, [target], state)
        elif popped is not None:
            self.emit(gast.Expr(popped))
        self.bind(statement, target, expr, state)
        self.check_layout(statement, target, state)

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
        value = field_of(value, self.c.function, self.c.locals) or value
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

    # --- storage

    def is_written_active(self, statement: Any) -> bool:
        """What a statement writes in place may be seen by the result."""
        return bool(self.c.aliases.changed_names(statement) & self.c.activity.after[statement])

    def store(self, statement: gast.Assign, target: gast.Subscript, state: State) -> None:
        """`A[i] = e`: the same with tangents; an element without one becomes zero."""
        base = target.value.id
        value = statement.value
        form = self.c.kind_of_name(base, statement)
        if not self.is_written_active(statement) and (base not in state or form.is_array):
            self.out.append(statement)
            return
        active = isinstance(value, gast.Name) and value.id in state
        if active:
            self.c.sharing.check_storage(base, statement)
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
        # Before the statement: so its parts read well inlined.
        self.emit(gast.Assign([place], expr, None))
        self.out.append(statement)

    def increment(self, statement: gast.AugAssign, target: gast.Subscript, state: State) -> None:
        """`A[i] += e`."""
        self.c.sharing.check_update(statement)
        base = target.value.id
        value = statement.value
        active = isinstance(value, gast.Name) and value.id in state
        if not active or not self.is_written_active(statement):
            if base in state and self.c.kind(value, statement).type in ("list", "tuple"):
                raise self.unsupported("`+=` with a list in an element is not supported", statement)
            self.out.append(statement)
            return
        self.c.sharing.check_storage(base, statement)
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
            self.c.sharing.check_storage(name, statement)
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

        It stands before the statement where it reads the old value alone, behind it where it reads
        the new one alone; where it reads both, the old one is kept.
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
            kept = self.c.copied(tree.load(name), self.c.kind_of_name(name, statement))
            self.emit(tree.assign(old, kept), quiet=True)
        self.out.append(statement)
        self.out += [tree.substitute(s, mapping) for s in made]

    def is_seen_elsewhere(self, name: str, statement: Any) -> bool:
        """A write into the object of a name may be seen through another, or by the caller."""
        if not self.c.kind_of_name(name, statement).can_be_mutable:
            return False
        if self.c.function.meta.get("outputs"):
            return True
        others = self.c.aliases.changed_names(statement) - {name}
        return bool(others & self.c.liveness.after[statement])

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
