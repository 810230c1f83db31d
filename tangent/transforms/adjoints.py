"""Adjoints by name: which primal names have one at a point, and who owns it.

    ba = bb * np.cos(a)      the first contribution is an assignment: `ba` is a new object, owned
    ba += bc * w             a later one an addition: in place, as it is owned
    bd = ba                  one object under two names: shared, so never written in place

A `State` says which primal names have an adjoint at a point, and who owns it: an adjoint is *owned* when it is a
fresh object under one name, so that it may be updated in place. At a definition the adjoint is consumed: before it, the
name has none (that is: zero).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.names import ADJOINT
from tangent.recipes.kinds import Kind
from tangent.transforms.context import Context
from tangent.transforms.versions import assigned_names
from tangent.transforms.views import View

__all__ = [
    *("EMPTY", "HELD", "OWNED", "SHARED", "VIEW", "State", "weakest"),
    *("Adjoints", "Contribution", "is_uniform"),
]

OWNED = "owned"
SHARED = "shared"
EMPTY = "empty"  # perhaps a bare 0.0: the zero of an array or a list that may be unbound
VIEW = "view"  # a view of another adjoint, by `transforms.views`: changed in place only, made anew at will
HELD = "held"  # a view of another adjoint or an object of its own, as the run decided: changed in place only
State = dict[str, str]


def weakest(*ownerships: str) -> str:
    """What is certain of an adjoint that has one of these."""
    return max(ownerships, key=(VIEW, HELD, OWNED, SHARED, EMPTY).index)


@dataclass(frozen=True)
class Contribution:
    """A term of an adjoint: its expression, and whether evaluating it makes a new object."""

    expr: gast.expr
    fresh: bool


class Adjoints:
    """The names of adjoints, and the statements that add to them.

    Args:
        context: the function, its facts and its names.
    """

    def __init__(self, context: Context) -> None:
        self.c = context
        self.adjoints: dict[str, str] = {}
        self.lasting: set[str] = set()  # adjoints of the user's names
        # Intermediate values whose adjoint may still have the (larger) shape of what they were broadcast to.
        # Through elementwise operations the sum over the broadcast axes can wait: Σ(g) · p = Σ(g · p).
        # What is known of that shape and float type: the kind of a value that the adjoint is one of.
        self.loose: dict[str, Kind] = {}
        # Adjoints that are one number in an array's shape: where that shape comes by itself, the number will do.
        self.uniform: dict[str, gast.expr] = {}
        self.out: list[Any] = []
        self.current: Any = None

    # --- emitting

    def emit(self, statement: Any, quiet: bool = False) -> None:
        """Add a statement of the mirror; a quiet one is not commented with the user's line."""
        statement.role = "adjoint"
        if not quiet:
            tree.with_origins(statement, self.current)
        if self.uniform and isinstance(statement, gast.Assign | gast.AugAssign):
            # A number that gets another value is no longer that of an earlier uniform adjoint.
            bound = assigned_names(statement)
            self.uniform = {
                n: e for n, e in self.uniform.items() if not tree.names_in(e) & set(bound)
            }
        if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
            statement.temporary = statement.targets[0].id not in self.lasting or is_uniform(
                statement.value
            )
        self.out.append(statement)

    def adjoint_name(self, name: str) -> str:
        if name not in self.adjoints:
            if name in self.c.temporaries:
                self.adjoints[name] = self.c.names.fresh("g")
            else:
                self.adjoints[name] = self.c.names.fresh(name, ADJOINT)
                self.lasting.add(self.adjoints[name])
        return self.adjoints[name]

    def adjoint(self, name: str) -> gast.Name:
        return tree.load(self.adjoint_name(name))

    # --- the state of adjoints

    def is_number(self, name: str, at: gast.AST, after: bool) -> bool:
        return self.c.kind_of_name(name, at, after).is_number

    def zero(self, name: str, at: gast.AST, after: bool, bound: bool = False) -> gast.expr:
        """A zero of a name's kind, at the mirror of a primal point (where the name is certainly `bound`)."""
        kind = self.c.kind_of_name(name, at, after)
        if kind.is_number or not (bound or self.is_bound(name, at, after)):
            return gast.Constant(0.0, None)
        shape = self.c.need(name, at, after, shape=kind.is_array or name not in self.c.resized)
        if kind.type == "list" or (not kind.is_numeric and name in self.c.growing):
            return self.c.expander.helper("zeros_list", self.c.need(name, at, after))
        if kind.is_array and kind.dtype in ("float64", "float32"):
            return self.c.expander.numpy("zeros_like", shape)
        zeros = self.c.expander.helper("zeros_like", shape)
        if kind.type == "tuple":
            return self.c.expander.helper("zeros_list", shape)
        return zeros

    def is_bound(self, name: str, at: gast.AST, after: bool) -> bool:
        value = self.c.value(name, at, after)
        return value is not None and value.binding not in self.c.values.maybe_undefined

    def zero_ownership(self, name: str, at: gast.AST, after: bool) -> str:
        """What a `zero` there is."""
        certain = self.is_number(name, at, after) or self.is_bound(name, at, after)
        return OWNED if certain else EMPTY

    def fill(self, state: State, name: str, at: gast.AST, after: bool) -> None:
        """Give an adjoint that may be a bare 0.0 its structure, where the name is certainly bound."""
        if state.get(name) == EMPTY:
            self.emit(tree.assign(self.adjoint_name(name), self.filled(name, at, after)))
            state[name] = SHARED

    def filled(self, name: str, at: gast.AST, after: bool) -> gast.expr:
        shape = self.c.need(name, at, after, shape=True)
        return self.c.expander.helper("unbroadcast", self.adjoint(name), shape)

    def contribute(
        self, state: State, name: str, term: Contribution, at: gast.AST, after: bool = False
    ) -> None:
        """`bx += term`, as an assignment where the adjoint has no value yet."""
        target = self.adjoint_name(name)
        kind = self.c.kind_of_name(name, at, after)
        view = self.c.views.shared_at(name, at, after)
        if view is not None:
            self.add_to_view(state, view, term, at, after)
            return
        if name in self.c.growing:  # its adjoint is popped from: a list, whatever the term is
            term = Contribution(tree.call(self.c.expander.spell(list, "list"), term.expr), True)
        fresh = term.fresh or kind.is_number
        if name not in state:
            expr = term.expr
            if kind.is_array and not kind.rank and self.c.views.is_root(name, at, after):
                expr = self.c.expander.numpy("asarray", expr)  # without axes, terms may be numbers
            self.emit(tree.assign(target, expr))
            state[name] = OWNED if fresh else SHARED
            self.uniform.pop(name, None)
            if is_uniform(term.expr) and isinstance(term.expr.args[1], gast.Name):
                self.uniform[name] = term.expr.args[1]
            if self.c.views.is_root(name, at, after):
                self.own(state, name, at, after)
            return
        self.uniform.pop(name, None)
        if kind.type in ("list", "tuple") or name in self.c.growing:
            self.fill(state, name, at, after)
            total = self.c.expander.helper("add", tree.load(target), term.expr)
            self.emit(tree.assign(target, total))
            state[name] = OWNED
        elif state[name] == OWNED and not kind.is_number:
            self.emit(gast.AugAssign(tree.store(target), gast.Add(), term.expr))
        else:
            self.emit(tree.assign(target, gast.BinOp(tree.load(target), gast.Add(), term.expr)))
            state[name] = OWNED

    def own(self, state: State, name: str, at: gast.AST, after: bool) -> None:
        """Make the adjoint of a name exist as an object that may be written in place."""
        target = self.adjoint_name(name)
        self.uniform.pop(name, None)
        view = self.c.views.shared_at(name, at, after)
        if view is not None:
            self.make_view(state, view, at, after)
            return
        if name not in state:
            self.emit(tree.assign(target, self.zero(name, at, after, bound=True)))
        elif state[name] == EMPTY:
            kept = self.c.expander.helper("keep", self.filled(name, at, after))
            self.emit(tree.assign(target, kept))
        elif state[name] != OWNED:
            self.kept.add(name)
            self.emit(
                tree.assign(
                    target, self.c.copied(tree.load(target), self.c.kind_of_name(name, at, after))
                )
            )
        kind = self.c.kind_of_name(name, at, after)
        if kind.is_array and kind.rank == 0:  # arithmetic makes numbers of arrays without axes
            self.emit(tree.assign(target, self.c.expander.numpy("asarray", tree.load(target))))
        state[name] = OWNED

    # --- shared views (transforms.views)

    def present(self, state: State, name: str, at: gast.AST, after: bool) -> bool:
        """The adjoint of a name may be other than zero."""
        if name in state:
            return True
        view = self.c.views.shared_at(name, at, after)
        if view is None:
            return False
        if view.source is not None:
            bases = {b[0] for b in view.bases if b is not None}
        else:
            bases = {b[0] for b in self.c.views.leaves_of(view)}
        return any(b != name and self.present(state, b, at, after) for b in sorted(bases))

    def make_view(self, state: State, view: View, at: gast.AST, after: bool) -> None:
        """Make the adjoint of a shared view: the same view of the adjoint of its base."""
        name = view.name
        if state.get(name) in (VIEW, HELD):
            return
        views = self.c.views
        target = self.adjoint_name(name)
        if view.source is None:
            self.emit(self.joined_view(state, view, at, after))
            state[name] = VIEW if views.is_stateless(view) else HELD
            return
        expr = self.view_expression(state, view, at, after)
        if self.c.views.is_certain(view):
            if name in self.c.growing and isinstance(expr, gast.Subscript):
                expr = self.c.expander.helper("items_at", expr.value, expr.slice)
            self.emit(tree.assign(target, expr))
            state[name] = VIEW
            return
        flag = self.c.need(views.flag(view), view.definition, True)
        zero = self.zero(name, view.definition, True, bound=True)
        self.emit(tree.assign(target, gast.IfExp(flag, expr, zero)))
        state[name] = HELD

    def view_expression(
        self, state: State, view: View, at: gast.AST, after: bool, join: Any = None
    ) -> gast.expr:
        """The view, of the adjoint of its base, which is made if there is none.

        Operands have the value that they had at the definition, or, in an arm, where the arms `join`.
        """
        (base,) = view.bases
        assert base is not None
        inner = self.c.views.shared.get(base)
        if join is not None and self.c.views.objects.after[join].get(base[0]) != base[1]:
            assert inner is not None  # the base has a name in the arm alone
            of = self.view_expression(state, inner, at, after, join)
        else:
            self.own(state, base[0], at, after)
            of = self.adjoint(base[0])
        if join is None:
            read = lambda e: self.c.read(e, view.definition)  # noqa: E731
        else:
            read = lambda e: self.c.read(e, join, after=True)  # noqa: E731
        expr = self.c.views.expression(view, of, read)
        if view.form == "layout":
            names = (gast.Constant(n, None) for n in (view.name, base[0]))
            expr = self.c.expander.helper("same_view", expr, tree.copy(of), *names)
        return expr

    def joined_view(
        self, state: State, view: View, at: gast.AST, after: bool, join: Any = None
    ) -> gast.If:
        """`if test: bz = by` / `else: bz = bw`, for what was bound to `z` in the arms."""
        join = join or view.definition
        target = self.adjoint_name(view.name)
        arms: list[list[Any]] = []
        for arm in self.c.views.arms(view):
            inner = self.c.views.shared.get(arm)
            if inner is None:
                made: Any = tree.assign(target, self.zero(view.name, at, after, bound=True))
            elif inner.source is None:
                made = self.joined_view(state, inner, at, after, join)
            else:
                made = tree.assign(target, self.view_expression(state, inner, at, after, join))
            made.role = "adjoint"
            made.temporary = True
            tree.with_origins(made, self.current)
            arms.append([made])
        branch = gast.If(self.c.need_test(view.definition), *arms)
        branch.role = "adjoint"
        return branch

    def add_to_view(
        self, state: State, view: View, term: Contribution, at: gast.AST, after: bool
    ) -> None:
        """Add to the adjoint of a shared view: to that of its base, in its place."""
        if view.form == "read-only":
            name = self.c.names.fresh("g")
            self.emit(tree.assign(name, term.expr))
            self.pass_on(view, tree.load(name), state)
            return
        element = view.definition.value if view.source is not None else None
        if (
            view.name not in state
            and self.c.views.is_certain(view)
            and isinstance(element, gast.Subscript)
        ):
            expr = self.view_expression(state, view, at, after)
            assert isinstance(expr, gast.Subscript)
            place = gast.Subscript(expr.value, expr.slice, gast.Store())
            self.emit(gast.AugAssign(place, gast.Add(), term.expr))
            return
        self.make_view(state, view, at, after)
        target = tree.store(self.adjoint_name(view.name))
        self.emit(gast.AugAssign(target, gast.Add(), term.expr))

    def pass_on(self, view: View, term: gast.expr, state: State) -> None:
        """Add an adjoint of a view to that of its base, as of a value."""
        raise NotImplementedError

    kept: set[str]
    deferred: set[str]


def is_uniform(node: gast.expr) -> bool:
    """`np.full_like(x, s)`: one number in the shape of an array of known kind."""
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Attribute)
        and node.func.attr == "full_like"
        and not getattr(node.func.value, "id", "").startswith("tangent")
    )
