"""Views: which names share the adjoint of another, because what one writes the other sees.

    v = y[1:]          bv = by[1:]        made where the backward pass first needs it: a view, never a copy
    v[0] = x[0]        bx[0] += bv[0]; bv[0] = 0.0
    return np.sum(y)                      nothing is left to do at `v = y[1:]`

A name is followed back to the *root* of its memory: through copies `z = y`, subscripts, and functions that give views;
at a join of two arms the kept test says which. The adjoint of a root is made once and changed in place only; that
of a shared view is the same view of it. So at the mirror of every primal point each storage has one adjoint object.

Whether there is a view may be known to the run alone (`reshape` of an array of any layout, an element of what may
be a vector or a matrix): then a flag is kept, and the name has either the view or an adjoint of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gast
import numpy

from tangent import runtime, tree
from tangent.analysis.apart import MustApart
from tangent.analysis.objects import Objects, ObjectTable
from tangent.transforms.expand import operation_of
from tangent.transforms.held import is_held_alone

if TYPE_CHECKING:
    from tangent.transforms.context import Context

__all__ = ["Bound", "View", "Views"]

Bound = tuple[str, int]  # a name, and the number of the object that it denotes

A = numpy.ndarray
# Their result is a view of an array whatever its layout.
VIEWING = (
    *(numpy.transpose, A.transpose, A.T, numpy.swapaxes, A.swapaxes, numpy.moveaxis),
    *(numpy.rollaxis, numpy.squeeze, A.squeeze, numpy.expand_dims, numpy.flip, numpy.fliplr),
    *(numpy.flipud, numpy.rot90, numpy.atleast_1d, numpy.atleast_2d, numpy.atleast_3d, A.view),
)
VIEWING_BY_NAME = frozenset({"matrix_transpose", "mT", "same_view"})  # some since NumPy 2
# Views that may not be written, so that nothing may be added into the same view of an adjoint.
READ_ONLY = (numpy.broadcast_to, numpy.diagonal, A.diagonal)
# Those that give the array itself, a view or a copy.
PERHAPS = (
    *(numpy.reshape, A.reshape, numpy.ravel, A.ravel, numpy.asarray, numpy.asanyarray),
    *(numpy.ascontiguousarray, numpy.asfortranarray, A.astype, numpy.real, A.real, numpy.array),
    *(numpy.asarray_chkfinite, numpy.require, numpy.diag, A.conj, A.conjugate),
    numpy.diff,
)


@dataclass(frozen=True, eq=False)
class View:
    """How a name came to be a view.

    Attributes:
        name: the name.
        definition: the assignment, or the `if` whose arms bind it differently.
        source: the atom that it is a view of (None at a join).
        bases: what it is a view of (at a join, in the body and after `else`; None where it is of its own there).
        certain: it surely is a view, not a number or a copy.
        form: ``"view"``, ``"layout"`` (the adjoint has to be checked for the same) or ``"read-only"``.
    """

    name: str
    definition: Any
    source: gast.AST | None
    bases: tuple[Bound | None, ...]
    certain: bool
    form: str


@dataclass(frozen=True)
class Root:
    """The first name of a piece of memory; `at` is where it is bound, if that is an assignment."""

    bound: Bound
    at: Any


class Views:
    """The views of one function, and those of them that are shared.

    Args:
        context: its facts.
    """

    def __init__(self, context: Context) -> None:
        self.c = context
        self.shared: dict[Bound, View] = {}
        self.roots: set[Bound] = set()
        self.checked: set[View] = set()  # views that the run makes sure of
        self.flags: dict[Any, str] = {}
        self._known: dict[Bound, View | None] = {}

    @cached_property
    def objects(self) -> ObjectTable:
        found: ObjectTable = self.c.facts[Objects]
        return found

    # --- what is asked of the plan

    def bound(self, name: str, at: gast.AST, after: bool) -> Bound | None:
        """The object that a name denotes around a statement."""
        number = (self.objects.after if after else self.objects.before)[at].get(name)
        return None if number is None else (name, number)

    def shared_at(self, name: str, at: gast.AST, after: bool) -> View | None:
        """The view that a name is, if it shares its adjoint."""
        if not self.shared:
            return None
        bound = self.bound(name, at, after)
        return None if bound is None else self.shared.get(bound)

    def is_root(self, name: str, at: gast.AST, after: bool) -> bool:
        """A name's adjoint has views, so that it has to stay the same object."""
        return bool(self.roots) and self.bound(name, at, after) in self.roots

    def is_involved(self, name: str) -> bool:
        """A name that shares memory with another somewhere."""
        return any(n == name for n, _ in self.roots) or any(n == name for n, _ in self.shared)

    def is_certain(self, view: View) -> bool:
        return view.certain or view in self.checked

    def is_stateless(self, view: View) -> bool:
        """The adjoint is nothing but a view: it may be made anew wherever it is needed."""
        if view.source is not None:
            return self.is_certain(view)
        parts = [self.shared.get(b) if b is not None else None for b in self.arms(view)]
        return all(p is not None and self.is_stateless(p) for p in parts)

    def arms(self, view: View) -> list[Bound]:
        """What a join joins, under the name itself."""
        bound = self.bound(view.name, view.definition, True)
        assert bound is not None
        return [(view.name, number) for number in self.objects.arms[bound[1]]]

    def leaves_of(self, view: View) -> list[Bound]:
        """The roots of a shared view."""
        bound = self.bound(view.name, view.definition, True)
        assert bound is not None
        return list(self.leaves(bound))

    # --- following a name back

    def view(self, bound: Bound) -> View | None:
        """How an object is a view of another, or None: it has memory of its own, or nothing is known."""
        if bound not in self._known:
            self._known[bound] = None  # while it is being looked for
            self._known[bound] = self._find(bound)
        return self._known[bound]

    def _find(self, bound: Bound) -> View | None:
        name, number = bound
        definition = self.objects.definition.get(number)
        if isinstance(definition, gast.If):
            arms = [(name, n) for n in self.objects.arms[number]]
            if all(self.view(a) is None for a in arms):
                return None
            return View(name, definition, None, (), True, "view")
        if not isinstance(definition, gast.Assign):
            return None
        if not isinstance(definition.targets[0], gast.Name):
            return None
        found = self.source(definition.value, definition)
        if found is None:
            return None
        source, form, certain = found
        kind = self.c.kind_of_name(source.id, definition)
        base = self.bound(source.id, definition, False)
        made = self.c.kind_of_name(name, definition, True)
        if base is None or kind.is_number or made.is_number:
            return None
        if kind.type in ("list", "tuple", "dict", "object"):
            if isinstance(definition.value, gast.Subscript):
                if is_held_alone(self.c, definition.value, definition):
                    return View(name, definition, source, (base,), True, "view")
                return None
            if isinstance(definition.value, gast.Name):
                return None
        if isinstance(definition.value, gast.Name) and self.is_moved(base):
            return None
        certain = certain and kind.is_array and made.is_array
        return View(name, definition, source, (base,), certain, form)

    def source(self, value: gast.AST, at: Any) -> tuple[gast.Name, str, bool] | None:
        """The name that an expression may be a view of, the form of the view, and whether it surely is."""
        if isinstance(value, gast.Name):
            return (value, "view", True) if value.id in self.c.locals else None
        if isinstance(value, gast.Subscript):
            if not isinstance(value.value, gast.Name) or value.value.id not in self.c.locals:
                return None
            if self.c.sharing.is_copying_index(value, at):
                return None
            return value.value, "view", self.c.is_basic_index(value.slice, at)
        operation = operation_of(value, self.c.function, self.c.locals)
        if operation is None or operation.recipe is None or len(operation.recipe.alias) != 1:
            return None
        atom = operation.arguments.get(operation.recipe.alias[0])
        if not isinstance(atom, gast.Name) or atom.id not in self.c.locals:
            return None
        if with_source(value, atom, atom) is None:
            return None
        function = operation.function
        word = getattr(function, "__name__", "")
        if any(function is f for f in READ_ONLY):
            return atom, "read-only", True
        if any(function is f for f in VIEWING) or word in VIEWING_BY_NAME:
            return atom, "view", True
        if any(function is f for f in PERHAPS):
            return atom, "layout", False
        return None

    def is_held_alone(self, load: gast.Subscript, definition: Any) -> bool:
        """See `transforms.held`."""
        return is_held_alone(self.c, load, definition, lasting=False)

    def is_moved(self, bound: Bound) -> bool:
        """A name that nothing but a copy `y = x` reads: `y` takes its place."""
        name = bound[0]
        return (
            self.c.loads[name] == self.c.stores[name] == 1
            and name not in self.c.function.parameters
            and self.view(bound) is None
        )

    def leaves(self, bound: Bound) -> dict[Bound, Root]:
        """The roots that an object's memory may belong to."""
        view = self.view(bound)
        if view is None:
            definition = self.objects.definition.get(bound[1])
            at = definition if isinstance(definition, gast.Assign) else None
            return {bound: Root(bound, at)}
        out: dict[Bound, Root] = {}
        parts = view.bases if view.source is not None else self.arms_of(bound)
        for part in parts:
            assert part is not None
            out.update(self.leaves(part))
        return out

    def arms_of(self, bound: Bound) -> tuple[Bound, ...]:
        return tuple((bound[0], n) for n in self.objects.arms[bound[1]])

    def links(self, bound: Bound) -> dict[Bound, View]:
        """All the views on the way from an object to its roots."""
        view = self.view(bound)
        if view is None:
            return {}
        out = {bound: view}
        for part in view.bases if view.source is not None else self.arms_of(bound):
            assert part is not None
            out.update(self.links(part))
        return out

    # --- the plan

    def share(self, written: str, other: str, at: Any, certain_only: bool) -> bool:
        """Give two names that may be the same memory one adjoint. False: it is not known how."""
        one, two = self.bound(written, at, False), self.bound(other, at, False)
        if one is None or two is None:
            return False
        links = self.closed({**self.links(one), **self.links(two)})
        if not links or (certain_only and not all(v.certain for v in links.values())):
            return False
        mine, theirs = self.leaves(one), self.leaves(two)
        for a in mine.values():
            for b in theirs.values():
                if a.bound != b.bound and not self.are_apart(a, b, at):
                    return False
        if not all(map(self.can_share, links)):
            return False
        self.shared.update(links)
        self.roots |= {*mine, *theirs, *(r for b in links for r in self.leaves(b))}
        for bound, view in links.items():
            if view.form == "read-only":
                self.make_sure(view)
            if view.source is None:
                for arm in self.arms_of(bound):
                    for part in self.links(arm).values():
                        self.make_sure(part)
        return True

    def covers(self, written: str, other: str, at: Any) -> bool:
        """Two names are known to share their adjoint, or to be roots of such."""
        bounds = [self.bound(n, at, False) for n in (written, other)]
        return all(b in self.shared or b in self.roots for b in bounds)

    def closed(self, links: dict[Bound, View]) -> dict[Bound, View]:
        """With the joins that a view flows into, and the views that they join it with."""
        out = dict(links)
        pending = list(links)
        while pending:
            name, number = pending.pop()
            for join, arms in self.objects.arms.items():
                if number in arms and (name, join) not in out and self.is_used((name, join)):
                    more = self.links((name, join))
                    pending += [b for b in more if b not in out]
                    out.update(more)
        return out

    def is_used(self, bound: Bound) -> bool:
        """Something reads what a join gives."""
        name, number = bound
        for statement in self.c.statements:
            if self.objects.before.get(statement, {}).get(name) == number:
                if mentions(statement, name):
                    return True
        return self.is_carried(bound) or any(
            number in arms and self.is_used((name, join))
            for join, arms in self.objects.arms.items()
        )

    def is_carried(self, bound: Bound) -> bool:
        """A loop, or a branch that may leave the name unbound, hands it on."""
        name, number = bound
        return any(
            n == number and name == m and name in self.c.liveness.before[s]
            for s, m, n in self.objects.carried
        ) or any(n == number and self.is_used((name, join)) for n, join in self.objects.lost)

    def are_apart(self, a: Root, b: Root, at: Any) -> bool:
        """Two pieces of memory have nothing in common."""
        here = [self.bound(r.bound[0], at, False) == r.bound for r in (a, b)]
        if all(here) and self.c.facts[MustApart].apart(at, a.bound[0], b.bound[0]):
            return True
        places = []
        for root, present in zip((a, b), here, strict=True):
            if root.at is not None:
                places.append(self.c.aliases.place(root.at, root.bound[0], after=True))
            elif present:
                places.append(self.c.aliases.place(at, root.bound[0]))
            else:
                return False
        return not places[0].reach & places[1].reach

    def different_parts(self, a: str, b: str, at: Any) -> bool | None:
        """Two names are different elements of one object, `y[0]` and `y[1]`: whether that surely is an array.

        None: it is not known. (A list may hold one array twice.)
        """
        one, two = self.bound(a, at, False), self.bound(b, at, False)
        if one is None or two is None:
            return None
        for base, index, is_array in self.parts(one):
            for other, second, _ in self.parts(two):
                if base == other and differ(index, second):
                    return is_array
        return None

    def parts(self, bound: Bound) -> list[tuple[Bound, gast.AST, bool]]:
        """What a name is a part of, one inside the other; which part; whether of an array."""
        out: list[tuple[Bound, gast.AST, bool]] = []
        view = self.view(bound)
        while view is not None and view.source is not None:
            (base,) = view.bases
            assert base is not None
            value = view.definition.value
            kind = self.c.kind_of_name(base[0], view.definition)
            if isinstance(value, gast.Subscript):
                out.append((base, value.slice, kind.is_array))
            view = self.view(base)
        return out

    def can_share(self, bound: Bound) -> bool:
        """Wherever the name is used, what it is a view of still has its name, and nothing merges it."""
        name, number = bound
        if self.is_carried(bound):
            return False
        bases = self.all_bases(bound)
        if bases is None:
            return False
        for statement in self.c.statements:
            before = self.objects.before.get(statement, {})
            if before.get(name) == number and mentions(statement, name):
                if any(before.get(b) != n for b, n in bases):
                    return False
        return True

    def all_bases(self, bound: Bound) -> list[Bound] | None:
        """`named_bases`, and what those are made of in turn."""
        out: list[Bound] = []
        pending = [bound]
        while pending:
            one = pending.pop()
            bases = self.named_bases(one) if self.view(one) is not None else []
            if bases is None:
                return None
            out += bases
            pending += bases
        return out

    def named_bases(self, bound: Bound) -> list[Bound] | None:
        """What the view is made of directly, by name; None where the pieces of a join don't reach it."""
        view = self.view(bound)
        assert view is not None
        if view.source is not None:
            return [b for b in view.bases if b is not None]
        out: list[Bound] = []
        join = view.definition
        for arm in self.arms_of(bound):
            inner = self.view(arm)
            if inner is None:
                continue
            if inner.source is None and self.c.values.loops[join]:
                return None  # the inner test is taped in the arm
            for part in self.links(arm).values():
                if part.source is not None and not self.same_operands(part, join):
                    return None
                if part.form == "read-only":
                    return None
            bases = self.named_bases(arm) if inner.source is None else self.outer_base(arm, join)
            if bases is None:
                return None
            out += bases
        return out

    def outer_base(self, arm: Bound, join: Any) -> list[Bound] | None:
        """What a view in an arm is made of that has its name behind the branch, too."""
        view = self.view(arm)
        while view is not None and view.source is not None:
            (base,) = view.bases
            assert base is not None
            if self.objects.after[join].get(base[0]) == base[1]:
                return [base]
            view = self.view(base)
        return None

    def same_operands(self, view: View, join: Any) -> bool:
        """The names of an index still have their values where the arms meet."""
        for name in tree.names_in(view.definition.value) & self.c.locals:
            before = self.c.values.before[view.definition].get(name)
            after = self.c.values.after[join].get(name)
            if name != getattr(view.source, "id", None) and before != after:
                return False
        return True

    # --- expressions

    def expression(self, view: View, base: gast.expr, read: Callable[[Any], Any]) -> gast.expr:
        """The same view of something else. `read` marks the primal names in it."""
        value = view.definition.value
        assert isinstance(view.source, gast.Name)
        if isinstance(value, gast.Call):
            if self.c.function.resolve(value.func, self.c.locals) is runtime.same_view:
                return base  # the view that it has checked is its own argument
        marked = with_source(value, view.source, base, read)
        assert marked is not None
        return marked

    def flag(self, view: View) -> str:
        """The name of what says whether the run made a view."""
        definition = view.definition
        if definition not in self.flags:
            name = self.c.names.fresh(f"{view.name}_shared")
            self.flags[definition] = name
            self.c.new_value(name, self.c.values.loops[definition])
            shares = self.c.expander.helper("shares", *self.operands(view))
            made = tree.assign(name, shares, definition)
            self.c.checks.setdefault(definition, []).append(made)
        return self.flags[definition]

    def make_sure(self, view: View) -> None:
        """Let the run raise an error where it makes no view."""
        if view.source is None or self.is_certain(view):
            return
        self.checked.add(view)
        self.c.check(view.definition, "check_view", *self.operands(view))

    @staticmethod
    def operands(view: View) -> list[gast.expr]:
        """The view and what it is one of, and their names for messages."""
        assert isinstance(view.source, gast.Name)
        names = (view.name, view.source.id)
        return [*map(tree.load, names), *(gast.Constant(n, None) for n in names)]


def differ(one: gast.AST, two: gast.AST) -> bool:
    """Two indices of an array name different elements, whatever its shape: constants on one axis."""
    pairs = [i.elts if isinstance(i, gast.Tuple) else [i] for i in (one, two)]
    for a, b in zip(*pairs, strict=False):
        numbers = [number_of(a), number_of(b)]
        if None not in numbers and numbers[0] != numbers[1]:
            return bool((numbers[0] < 0) == (numbers[1] < 0))
        if not all(isinstance(e, gast.Slice) or number_of(e) is not None for e in (a, b)):
            return False
    return False


def number_of(index: gast.AST) -> Any:
    """The integer that an index is, if it is written out."""
    if isinstance(index, gast.UnaryOp) and isinstance(index.op, gast.USub):
        inner = number_of(index.operand)
        return None if inner is None else -inner
    value = getattr(index, "value", None) if isinstance(index, gast.Constant) else None
    return value if type(value) is int else None


def mentions(statement: Any, name: str) -> bool:
    """A name occurs in a statement itself, not in its blocks."""
    for field in statement._fields:
        if field in tree.BLOCK_FIELDS:
            continue
        part = getattr(statement, field, None)
        for node in part if isinstance(part, list) else [part]:
            if isinstance(node, gast.AST) and name in tree.names_in(node, ctx=None):
                return True
    return False


def with_source(
    value: Any, atom: gast.AST, new: Any, read: Callable[[Any], Any] = lambda e: e
) -> Any:
    """An operation with its viewed operand replaced, or None where that is not an operand by itself."""
    if value is atom:
        return new
    if isinstance(value, gast.Subscript) and value.value is atom:
        return gast.Subscript(new, read(value.slice), gast.Load())
    if isinstance(value, gast.Attribute) and value.value is atom:
        return gast.Attribute(new, value.attr, gast.Load())
    if not isinstance(value, gast.Call):
        return None
    func = value.func
    method = isinstance(func, gast.Attribute) and func.value is atom
    if not method and not any(a is atom for a in [*value.args, *(k.value for k in value.keywords)]):
        return None
    return gast.Call(
        gast.Attribute(new, func.attr, gast.Load()) if method else tree.copy(func),
        [new if a is atom else read(a) for a in value.args],
        [gast.keyword(k.arg, new if k.value is atom else read(k.value)) for k in value.keywords],
    )
