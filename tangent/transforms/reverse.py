"""Reverse mode: the mirror of every statement, in reverse order.

    primal: b = np.sin(a)        mirror: ba = bb * np.cos(a)        (b's adjoint is consumed)
            A[i] = b                     bb = bA[i]; bA[i] = 0.0    (take, then clear)
            v = A[i]                     bA[i] += bv

Which names have an adjoint at a point, and who owns it: `transforms.adjoints`. (Griewank & Walther, *Evaluating
Derivatives*, 2nd ed., ch. 3 and 6; the rules for storage: docs/storage.md.)

What adjoint statements read of the primal are `Need`s, marked on the name nodes; `transforms.tape` makes them available.
"""

from __future__ import annotations

import operator
from typing import Any

import gast

from tangent import tree
from tangent.errors import NoRecipeError, UnsupportedError
from tangent.recipes.kinds import CONTAINERS, UNKNOWN, WEAK, Kind, needs_unbroadcast, same_shape
from tangent.recipes.reduction import reduction_axes
from tangent.transforms.adjoints import EMPTY, OWNED, SHARED, Contribution, State
from tangent.transforms.context import as_expression
from tangent.transforms.expand import (
    Items,
    Operation,
    field_of,
    item_of,
    kinds_of_arguments,
    masks,
    negate,
    operation_of,
    product,
    times,
)
from tangent.transforms.reverse_views import ViewMirror, is_name

__all__ = ["Mirror"]

# The adjoint of their first operand is that of the result.
ACCUMULATING = frozenset({operator.add, operator.sub})


class Mirror(ViewMirror):
    """Writes the mirrors of simple statements; `reverse_flow` adds branches and loops, `reverse_calls` calls."""

    # --- statements

    def mirror_simple(self, statement: Any, state: State) -> None:
        """Emit the mirror of a statement that holds no others."""
        self.current = statement
        if self.mirror_list(statement, state):
            return
        self.c.sharing.check_writes_of_calls(statement)
        if isinstance(statement, gast.Assign):
            target = statement.targets[0]
            if isinstance(target, gast.Name):
                self.mirror_assign(statement, target.id, state)
            elif isinstance(target, gast.Tuple):
                self.mirror_call(statement, [e.id for e in target.elts], state)
            else:
                self.mirror_store(statement, target, state)
        elif isinstance(statement, gast.AugAssign):
            if isinstance(statement.target, gast.Name):
                self.mirror_update(statement, statement.target.id, state)
            else:
                self.mirror_increment(statement, statement.target, state)
        elif isinstance(statement, gast.Expr):
            self.mirror_call(statement, [], state)

    def mirror_assign(self, statement: gast.Assign, target: str, state: State) -> None:
        view = self.c.views.shared_at(target, statement, True)
        if view is not None:
            self.mirror_view(view, state)
            return
        if target not in state:
            return
        value = statement.value
        if isinstance(value, gast.Call) and self.is_user_call(statement, value):
            self.mirror_call(statement, [target], state)
            return
        if not (isinstance(value, gast.Subscript) or self.is_elementwise(value)):
            self.fill(state, target, statement, True)
        ownership = state.pop(target)
        by = self.adjoint(target)
        if isinstance(value, gast.Name):
            if self.c.active(value.id, statement):
                if value.id not in state and not self.c.views.is_involved(value.id):
                    self.emit(tree.assign(self.adjoint_name(value.id), by))
                    state[value.id] = ownership
                else:
                    owned = ownership == OWNED and value.id not in state
                    self.contribute(state, value.id, Contribution(by, owned), statement)
        elif isinstance(value, gast.Subscript):
            self.mirror_load(statement, value, by, state)
        elif (field := field_of(value, self.c.function, self.c.locals)) is not None:
            self.mirror_load(statement, field, by, state)
        elif isinstance(value, gast.Tuple | gast.List | gast.Dict):
            self.mirror_display(statement, target, by, ownership, state)
        else:
            self.mirror_operation(statement, target, value, by, ownership, state)
        self.uniform.pop(target, None)

    def mirror_operation(
        self,
        statement: Any,
        target: str,
        value: gast.expr,
        by: gast.Name,
        ownership: str,
        state: State,
    ) -> None:
        """The mirror of `y = f(x, …)` by f's recipe."""
        operation = operation_of(value, self.c.function, self.c.locals)
        if operation is None:
            return
        if operation.recipe is None:  # none for the function, or none for this form of the call
            if any(self.c.active(n, statement) for n in tree.names_in(value) & self.c.locals):
                raise self.no_recipe(operation, statement)
            return
        active = [
            (parameter, atom.id)
            for parameter, atom in operation.atoms
            if isinstance(atom, gast.Name) and self.c.active(atom.id, statement)
        ]
        if not active:
            return
        terms = self.terms(
            operation, operation.recipe, statement, target, by, active, ownership == EMPTY
        )
        passed_on = [t for _, t in terms if not t.fresh]
        uniform = self.uniform.get(target)
        for name, term in terms:
            if passed_on == [term] and ownership == OWNED and is_passed_on(term.expr, by.id):
                # The adjoint of `y` itself goes on, to one owner.
                term = Contribution(term.expr, True)
            first = name not in state
            self.contribute(state, name, term, statement)
            if first and uniform is not None and is_name(term.expr, by.id):
                if name not in self.loose:
                    self.uniform[name] = uniform  # the same number in the same shape

    def terms(
        self,
        operation: Operation,
        recipe: Any,
        statement: Any,
        target: str,
        by: gast.expr,
        active: list[tuple[str, str]],
        empty: bool = False,
        results: list[str] | None = None,
    ) -> list[tuple[str, Contribution]]:
        """Terms of the adjoints of the active arguments, by name, in the order of the arguments.

        `empty`: the result's adjoint may be a bare 0.0, so that a term has to get its form elsewhere.
        `results`: the names of the results, where there are several (`by` is a tuple then).
        """
        wanted = [p for p in dict.fromkeys(p for p, _ in active) if p in recipe.differentiable]
        if not wanted:
            return []
        arguments: dict[str, Any] = {}
        for parameter, value in operation.arguments.items():
            arguments[parameter] = (
                tuple(self.c.read(v, statement) for v in value)
                if isinstance(value, tuple)
                else self.c.read(value, statement)
            )
        kinds = kinds_of_arguments(operation.arguments, lambda e: self.c.kind(e, statement))
        template = recipe.template_for(kinds)
        wanted = [p for p in wanted if p in template.values]  # a leaner one may have less
        self.c.check_supported(operation, recipe, wanted, statement)
        result_kind = self.c.kind_of_name(target, statement, True)
        result: gast.expr = self.c.need(target, statement, True)
        if results is not None:
            needs = [self.c.need(r, statement, True) for r in results]
            result, result_kind = gast.Tuple(needs, gast.Load()), UNKNOWN
        elementwise = recipe.form == "elementwise"
        derivatives = {} if elementwise else {template.result: by}
        setup, values = self.c.expander.template(
            template, arguments, result, derivatives, wanted, self.c.mark_shape
        )
        if results is not None:
            setup = [Items().visit(s) for s in setup]
            values = {p: Items().visit(v) for p, v in values.items()}
        for extra in setup:
            self.emit(extra)
        by_name: dict[str, list[gast.expr]] = {}
        for parameter in wanted:
            if elementwise:
                seed = self.plain_seed(target, by, values[parameter], result_kind, statement)
                expr = product(seed, values[parameter])
                if masks(operation):
                    expr = self.c.expander.numpy(
                        "where", arguments["where"], expr, gast.Constant(0.0, None)
                    )
            else:
                expr = values[parameter]
            value = operation.arguments[parameter]
            atoms = list(value) if isinstance(value, tuple) else [value]
            for position, atom in enumerate(atoms):
                if not isinstance(atom, gast.Name) or not self.c.active(atom.id, statement):
                    continue
                term = item_of(expr, position) if isinstance(value, tuple) else expr
                by_name.setdefault(atom.id, []).append(tree.copy(term))
        out = []
        for name, exprs in by_name.items():
            counted: dict[str, tuple[int, gast.expr]] = {}
            for expr in exprs:
                key = tree.dump(expr)
                counted[key] = (counted.get(key, (0, expr))[0] + 1, expr)
            total: gast.expr | None = None
            for count, expr in counted.values():
                part = expr if count == 1 else times(count, expr)
                total = part if total is None else plus(total, part)
            assert total is not None
            operand_kind = self.c.kind_of_name(name, statement, False)
            made = self.kind_of_term(total, by, operation, result_kind, target)
            if ((target in self.loose and not casts(total)) or recipe.broadcasts) and (
                needs_unbroadcast(made, operand_kind)
            ):
                if self.c.may_be_loose(name, statement, result_kind, target in self.loose):
                    self.loose[name] = made
                elif operation.function in ACCUMULATING and self.c.passes_through(name, statement):
                    self.deferred.add(name)
                else:
                    total = self.unbroadcast(total, name, statement, operand_kind, made)
            if empty and not operand_kind.is_number and not casts(total) and not reads(total, name):
                total = self.unbroadcast(total, name, statement, operand_kind)
            out.append((name, Contribution(total, self.is_fresh(total, by))))
        return out

    def kind_of_term(
        self, term: gast.expr, by: gast.expr, operation: Operation, result: Kind, target: str
    ) -> Kind:
        """A kind with the shape and float type of a term, which is linear in the adjoint `by` of `target`.

        Where that is loose, with the shape of what the result was broadcast to, the operands were too: a product
        with one of no more dimensions has the shape of `by`.
        """
        if target not in self.loose or casts(term):
            return result
        kind = self.loose[target]
        assert operation.recipe is not None
        if operation.recipe.form != "elementwise":
            return UNKNOWN
        needs = (getattr(node, "need", None) for node in tree.walk(term))
        read = [self.c.kind_of_name(n.name, n.at, n.after) for n in needs if n is not None]
        if all(k.is_real_number and k.precision == WEAK for k in read):
            return kind
        exact = kind.dtype == "float64" and kind.rank is not None
        if exact and all(_stays_within(k, kind) for k in read):
            return kind
        return UNKNOWN

    def is_elementwise(self, value: gast.expr) -> bool:
        operation = operation_of(value, self.c.function, self.c.locals)
        recipe = None if operation is None else operation.recipe
        return recipe is not None and recipe.form == "elementwise"

    def plain_seed(
        self, target: str, by: gast.expr, partial: gast.expr, result: Kind, at: Any
    ) -> gast.expr:
        """The number of a uniform adjoint, where the partial gives a product the result's shape.

        full_like(x, s) * y = s * y, bit for bit, for float64 arrays x and y of one shape
        """
        if target not in self.uniform or result.dtype != "float64":
            return by
        for node in tree.walk(partial):
            need = getattr(node, "need", None)
            if need is None or need.shape:
                continue
            kind = self.c.kind_of_name(need.name, need.at, need.after)
            if kind.is_array and kind.dtype == "float64" and same_shape(kind, result):
                return tree.copy(self.uniform[target])
        return by

    def unbroadcast(
        self, expr: gast.expr, name: str, at: Any, kind: Kind, result: Kind = UNKNOWN
    ) -> gast.expr:
        """An adjoint of the kind of `result`, summed to the shape of `name`."""
        reduction = reduction_axes(result, kind)
        if reduction is not None:
            total = self.c.expander.numpy("sum", expr)
            if reduction.axes is not None:
                axes = reduction.axes[0] if len(reduction.axes) == 1 else reduction.axes
                total.keywords.append(gast.keyword("axis", tree.constant(axes)))
            if reduction.keepdims:
                total.keywords.append(gast.keyword("keepdims", tree.constant(True)))
            return total
        shape = self.c.need(name, at, False, shape=True)
        return self.c.expander.helper("unbroadcast", expr, shape)

    def is_fresh(self, expr: gast.expr, by: gast.expr) -> bool:
        """Evaluating the expression surely makes a new object (or a number)."""
        if isinstance(expr, gast.BinOp | gast.UnaryOp | gast.Compare | gast.Constant):
            return True
        if isinstance(expr, gast.Call):
            if isinstance(expr.func, gast.Attribute):
                word = expr.func.attr
                if word in ("like", "reshape_like", "unbroadcast"):
                    return self.is_fresh(expr.args[0], by)
                if word in self.fresh_helpers:
                    return True
            return self.c.makes_fresh(expr)
        return False

    fresh_helpers = frozenset(
        {"zeros_like", "full_like", "keep", "dot_adjoint_a", "dot_adjoint_b", "outer", "dot"}
    )

    def mirror_load(
        self, statement: Any, value: gast.Subscript, by: gast.expr, state: State
    ) -> None:
        """`v = A[i]`: the adjoint of the element receives that of `v`."""
        base = value.value.id
        if not self.c.active(base, statement):
            return
        view = self.c.views.shared_at(base, statement, False)
        if view is not None and view.form == "read-only":
            part = self.c.names.fresh("g")
            self.emit(tree.assign(part, self.zero(base, statement, False, bound=True)))
            self.accumulate_at(tree.load(part), value.slice, by, statement)
            self.pass_on(view, tree.load(part), state)
            return
        root, within = self.path(base, statement)
        number = not self.c.kind_of_name(base, statement).is_array
        if number and only_adds_axes(value.slice):
            # `s[None]` of what may be a NumPy number, whose adjoint has no elements
            shape = self.c.need(base, statement, False, shape=True)
            term = self.c.expander.helper("reshape_like", by, shape)
            self.contribute(state, base, Contribution(term, False), statement)
            return
        self.own(state, root, statement, False)
        into: gast.expr = self.adjoint(root)
        for index in within:
            into = gast.Subscript(into, index, gast.Load())
        self.accumulate_at(into, value.slice, by, statement)

    def accumulate_at(self, into: gast.expr, index: gast.expr, term: gast.expr, at: Any) -> None:
        place = self.c.read(index, at)
        if self.c.is_basic_index(index, at):
            element = gast.Subscript(into, place, gast.Store())
            self.emit(gast.AugAssign(element, gast.Add(), term))
        else:
            added = self.c.expander.helper("add_at", into, as_expression(place), term)
            self.emit(gast.Expr(added))

    def take(self, base: str, index: gast.expr, at: Any) -> gast.expr:
        """A copy of the adjoint of an element that is written (the last write of each, where indices repeat)."""
        place = self.c.read(index, at)
        if not self.c.is_basic_index(index, at):
            return self.c.expander.helper("take_last", self.adjoint(base), as_expression(place))
        element = gast.Subscript(self.adjoint(base), place, gast.Load())
        held = self.c.kind_of_name(base, at).type in CONTAINERS
        return self.c.copied(element, UNKNOWN if held else self.c.element_kind(base, index, at))

    def mirror_store(self, statement: gast.Assign, target: gast.Subscript, state: State) -> None:
        """`A[i] = e`: take the element's adjoint, clear it, add what was taken to `e`'s."""
        base = target.value.id
        if not self.present(state, base, statement, True):
            return
        self.c.sharing.check_storage(base, statement)
        self.own(state, base, statement, True)
        value = statement.value
        if (
            isinstance(target.slice, gast.Slice)
            and self.c.kind_of_name(base, statement).type in CONTAINERS
        ):
            part = as_expression(tree.copy(target.slice))
            check = self.c.expander.helper(
                "check_slice", tree.load(base), part, tree.copy(value), gast.Constant(base, None)
            )
            self.c.checks_before[statement] = [tree.with_origins(gast.Expr(check), statement)]
        taken: str | None = None
        if isinstance(value, gast.Name) and self.c.active(value.id, statement):
            expr = self.taken_for(value.id, base, target.slice, statement)
            taken = self.taken_name(state, value.id)
            self.emit(tree.assign(taken, expr))
        clear = gast.Assign(
            [
                gast.Subscript(
                    self.adjoint(base), self.c.read(target.slice, statement), gast.Store()
                )
            ],
            gast.Constant(0.0, None),
            None,
        )
        clear.is_clear = True
        self.emit(clear)
        if taken is not None:
            self.add_taken(state, value.id, taken, statement)

    def mirror_increment(
        self, statement: gast.AugAssign, target: gast.Subscript, state: State
    ) -> None:
        """`A[i] += e`: the element's adjoint stays, and is added to `e`'s."""
        self.c.sharing.check_update(statement)
        base = target.value.id
        value = statement.value
        if not self.present(state, base, statement, True):
            return
        self.c.sharing.check_storage(base, statement)
        if not (isinstance(value, gast.Name) and self.c.active(value.id, statement)):
            return
        self.own(state, base, statement, True)
        expr = self.taken_for(value.id, base, target.slice, statement)
        if isinstance(statement.op, gast.Sub):
            expr = negate(expr)
        taken = self.taken_name(state, value.id)
        self.emit(tree.assign(taken, expr))
        self.add_taken(state, value.id, taken, statement)

    def taken_for(self, name: str, base: str, index: gast.expr, at: Any) -> gast.expr:
        """A copy of the adjoint of `base[index]`, as a term of the adjoint of what is written there."""
        expr = self.take(base, index, at)
        operand = self.c.kind_of_name(name, at, False)
        if self.c.kind_of_name(base, at).type in CONTAINERS and not operand.is_number:
            # 0.0 where a later write has cleared it, whatever its form
            shape = self.c.need(name, at, False, shape=name not in self.c.resized)
            return self.c.expander.helper("unbroadcast", expr, shape)
        if needs_unbroadcast(self.c.element_kind(base, index, at), operand):
            if self.c.may_be_loose(name, at, self.c.element_kind(base, index, at), False):
                self.loose[name] = self.c.element_kind(base, index, at)
            else:
                expr = self.unbroadcast(
                    expr, name, at, operand, self.c.element_kind(base, index, at)
                )
        return expr

    def mirror_update(self, statement: gast.AugAssign, name: str, state: State) -> None:
        """`x += e`, with `x` perhaps an array that is written in place: as `x = x + e`."""
        if self.c.views.is_involved(name):
            self.mirror_shared_update(statement, name, state)
            return
        if name not in state:
            return
        self.fill(state, name, statement, True)
        by = self.adjoint(name)
        terms = self.terms_of_update(statement, name)
        self.uniform.pop(name, None)
        own = [t for n, t in terms if n == name]
        for other, term in terms:
            if other != name:
                if not term.fresh and not self.is_number(other, statement, False):
                    state[name] = SHARED
                self.contribute(state, other, term, statement)
        if not own:
            del state[name]
            return
        (term,) = own
        expr = term.expr
        if isinstance(expr, gast.Name) and expr.id == by.id:
            return
        self.emit(tree.assign(by.id, expr))
        state[name] = OWNED if term.fresh or self.is_number(name, statement, False) else state[name]

    # --- lists and dicts: reverse_lists, reverse_containers

    def mirror_display(
        self, statement: Any, target: str, by: gast.Name, ownership: str, state: State
    ) -> None:
        raise NotImplementedError

    def path(self, name: str, at: gast.AST) -> tuple[str, list[gast.expr]]:
        raise NotImplementedError

    def mirror_list(self, statement: Any, state: State) -> bool:
        raise NotImplementedError

    # --- calls: reverse_calls

    def is_user_call(self, statement: Any, value: gast.Call) -> bool:
        raise NotImplementedError

    def mirror_call(self, statement: Any, targets: list[str], state: State) -> None:
        raise NotImplementedError

    # --- errors

    def no_recipe(self, operation: Operation, statement: Any) -> NoRecipeError:
        return self.c.no_recipe(operation, statement)

    def unsupported(self, reason: str, statement: Any, **more: str) -> UnsupportedError:
        return UnsupportedError(reason, self.c.origin(statement), **more)


def only_adds_axes(index: gast.expr) -> bool:
    """Nothing but `None`, `np.newaxis`, `...` in an index: it fits a number, too."""
    parts = index.elts if isinstance(index, gast.Tuple) else [index]
    return all(
        (isinstance(p, gast.Constant) and (p.value is None or p.value is ...))
        or (isinstance(p, gast.Attribute) and p.attr == "newaxis")
        for p in parts
    )


def is_passed_on(expr: gast.expr, by: str) -> bool:
    """The expression is the adjoint `by` itself, perhaps summed to another shape."""
    if casts(expr) and expr.func.attr in ("astype_adjoint", "unbroadcast"):
        expr = expr.args[0]
    return isinstance(expr, gast.Name) and expr.id == by


def reads(expr: gast.expr, name: str) -> bool:
    """An expression reads the value of a primal name (not its shape alone)."""
    needs = (getattr(node, "need", None) for node in gast.walk(expr))
    return any(n is not None and n.name == name and not n.shape for n in needs)


def _stays_within(operand: Kind, kind: Kind) -> bool:
    """A product of float64 values of this kind with an operand has its float type, and no more dimensions."""
    if operand.is_real_number:
        return operand.dtype in (None, "float64") or operand.is_integral
    small = operand.is_array and operand.rank is not None and operand.rank <= (kind.rank or 0)
    return small and (operand.dtype == "float64" or operand.is_integral)


CASTING = frozenset(
    {
        "astype_adjoint",
        "dot_adjoint_a",
        "dot_adjoint_b",
        "expand",
        "full_like",
        "like",
        "unbroadcast",
        "zeros_like",
    }
)


def casts(node: gast.expr) -> bool:
    """A helper that gives its result the shape and float type of a primal value."""
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Attribute)
        and node.func.attr in CASTING
        and getattr(node.func.value, "id", "").startswith("tangent")
    )


def plus(a: gast.expr, b: gast.expr) -> gast.expr:
    if isinstance(b, gast.UnaryOp) and isinstance(b.op, gast.USub):
        return gast.BinOp(a, gast.Sub(), b.operand)
    return gast.BinOp(a, gast.Add(), b)
