"""Shared memory: which writes in place reverse mode can follow, and what is checked when the program runs.

    t = A[0]; A[0] = A[1]; A[1] = t      right for numbers; for rows, `t` is a view: checked at run time
    z = y; z[0] = 1.0; use(y)            one object under two live names: one of them is propagated, or refused

The adjoint of storage is one object. A write through one name that another live name may see would need a view of that
adjoint, so it is refused unless the two surely share no memory (`analysis.apart`) or a check can tell at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gast

from tangent import tree
from tangent.analysis.apart import MustApart
from tangent.analysis.calls import accumulates, is_runtime_call
from tangent.errors import AliasError, UnsupportedError
from tangent.recipes.kinds import CONTAINERS
from tangent.transforms.key_lists import key_lists

if TYPE_CHECKING:
    from tangent.transforms.context import Context

RESIZING = frozenset({"append", "clear", "insert", "pop", "reverse"})  # those that are mirrored

__all__ = ["Sharing", "has_slice"]


class Sharing:
    """The checks for one function.

    Args:
        context: its facts.
    """

    def __init__(self, context: Context) -> None:
        self.c = context

    def check_storage(self, base: str, statement: gast.AST) -> None:
        """An active write needs float storage."""
        kind = self.c.kind_of_name(base, statement)
        if kind.is_integral:
            raise UnsupportedError(
                f"`{base}` holds integers, and a value that the gradient depends on is written into it",
                self.c.origin(statement),
                why="storing into integers truncates, so there is no derivative",
                remedy=f"make `{base}` a float array",
            )
        if (
            kind.is_number
            or kind.type == "list"
            or (kind.dtype or "").startswith(("float", "complex"))
        ):
            return
        value = self.c.value(base, statement, False)
        definition = None if value is None else self.c.values.definition.get(value.binding)
        if isinstance(definition, gast.Assign) and makes_storage(definition.value):
            self.c.check(definition, "check_storage", tree.load(base), gast.Constant(base, None))

    def check_update(self, statement: gast.AugAssign) -> None:
        """`S[i] *= e` is one of the forms that the pass "inplace" leaves: a sum or a difference."""
        if not isinstance(statement.op, gast.Add | gast.Sub):
            raise UnsupportedError(
                f"`{tree.unparse(statement)}` is not in core form",
                self.c.origin(statement),
                remedy='let the pass "inplace" run before the derivative is written',
            )

    def check_aliases(self) -> None:
        """Share the adjoints of names that may be one memory, as one of them is written; or refuse.

        First what is certain; then what needs a flag of the run; then checks that an element is no view.
        """
        pairs = list(self.pairs())
        share = self.c.views.share
        pairs = [p for p in pairs if not share(*p, certain_only=True)]
        for written, other, statement in pairs:
            if self.c.views.covers(written, other, statement):
                continue
            if self.parts(written, other, statement) is not None:
                continue
            if self.elements(written, other, statement) is not None:
                continue
            if share(written, other, statement, certain_only=False):
                continue
            copies = self.copies(written, other, statement)
            results = self.results(written, other, statement)
            if results is not None:
                self.check_results(results)
            elif copies is None:
                self.refuse_alias(written, other, statement)
            else:
                self.check_apart(copies)
        for written, other, statement in pairs:
            if self.c.views.covers(written, other, statement):
                continue
            later = self.parts(written, other, statement)
            if later is None:
                self.check_apart(self.elements(written, other, statement) or [])
            else:
                self.add_check(later, other, written)

    def check_copies(self) -> bool:
        """Let the run make sure that copies are arrays, where kinds take that for granted.

        A list's copy holds what the list held, so that a write into an element is seen through both.
        """
        found = False
        for statement in self.c.statements:
            call: Any = getattr(statement, "value", None)
            if not (isinstance(statement, gast.Assign) and is_copy(call, self.c)):
                continue
            if (
                statement in self.c.values.before
                and self.c.kind(call.func.value, statement).is_unknown
            ):
                name = statement.targets[0].id
                self.c.check(statement, "check_copied", tree.load(name), gast.Constant(name, None))
                found = True
        return found

    def pairs(self) -> Iterator[tuple[str, str, Any]]:
        """Writes in place through one name that another live active name may see."""
        for statement in self.c.statements:
            if statement not in self.c.values.before:
                continue
            if isinstance(statement, gast.For | gast.While | gast.If):
                continue
            changed = self.c.aliases.changed_names(statement)
            effective = self.written_name(statement) if changed else None
            if effective is None or self.c.kind_of_name(effective, statement).is_number:
                continue
            self.check_element(effective, statement)
            self.check_written_result(effective, statement)
            for name in sorted(changed - {effective}):
                if name not in self.c.liveness.after[statement]:
                    continue
                if self.c.kind_of_name(name, statement).is_number or name in self.key_lists:
                    continue
                if isinstance(
                    statement, gast.Assign | gast.AugAssign
                ) and name in tree.stored_names(
                    statement.targets[0] if isinstance(statement, gast.Assign) else statement.target
                ):
                    continue
                if not (
                    self.active_around(name, statement) or self.active_around(effective, statement)
                ):
                    continue
                if not self.apart(effective, name, statement):
                    yield effective, name, statement

    @cached_property
    def key_lists(self) -> frozenset[str]:
        return key_lists(self.c.function)

    def check_element(self, base: str, statement: Any) -> None:
        """`xs[i] += v` writes into an array, where that is the element: no other element may be it."""
        if not isinstance(statement, gast.AugAssign) or isinstance(statement.target, gast.Name):
            return
        kind = self.c.kind_of_name(base, statement)
        if kind.type not in CONTAINERS or not self.active_around(base, statement):
            return
        place = statement.target.slice
        if self.c.element_kind(base, place, statement).is_number:
            return
        load = gast.Subscript(tree.load(base), place, gast.Load())
        if not self.c.views.is_held_alone(load, statement):
            text = tree.unparse(load)
            raise AliasError(
                f"`{text}` is written in place, and may be an element of `{base}` under another key, too",
                self.c.origin(statement),
                why="the write changes both if it is an array, and the gradient depends on that",
                remedy=f"assign a new one: `{text} = {text} + …`",
            )

    def apart(self, written: str, other: str, statement: Any) -> bool:
        """A write through one name can't be seen through the other."""
        if resizes(statement) and self.c.kind_of_name(other, statement).is_array:
            return True
        is_list = self.c.kind_of_name(written, statement).type == "list"
        if resizes(statement) or (is_list and isinstance(statement, gast.Assign)):
            if self.is_slice(written, other, statement) or self.is_slice(other, written, statement):
                return True
        if (
            isinstance(statement, gast.AugAssign)
            and not self.c.kind_of_name(written, statement).is_array
        ):
            # The elements of a list may be written in place, and be another list's too.
            places = [self.c.aliases.place(statement, n) for n in (written, other)]
            if places[0].held & places[1].reach:
                return False
        return (
            self.is_not_given_yet(written, statement)
            or bool(self.c.facts[MustApart].apart(statement, written, other))
            or bool(self.c.views.different_parts(written, other, statement))
        )

    def is_slice(self, name: str, base: str, at: Any) -> bool:
        """A slice of another name: a copy, if that is a list."""
        value = self.c.value(name, at, False)
        made = None if value is None else self.c.values.definition.get(value.binding)
        sliced = getattr(made, "value", None)
        return (
            isinstance(sliced, gast.Subscript)
            and isinstance(sliced.value, gast.Name)
            and sliced.value.id == base
            and has_slice(sliced.slice)
        )

    def is_not_given_yet(self, name: str, at: Any) -> bool:
        """A new object that only its name knows: what is put somewhere under it is put there afterwards.

        (Objects of earlier iterations, which are others, may be held by then.)
        """
        value = self.c.value(name, at, False)
        made = None if value is None else self.c.values.definition.get(value.binding)
        if not isinstance(made, gast.Assign) or self.c.stores[name] != 1:
            return False
        new = made.value
        fresh = isinstance(new, gast.List | gast.Dict | gast.BinOp) or (
            isinstance(new, gast.Call) and self.c.makes_fresh(new)
        )
        position, loops = self.c.values.position, self.c.values.loops
        if not fresh or loops[made] != loops[at][: len(loops[made])]:
            return False
        for statement in self.c.statements:
            if statement is made or statement not in position:
                continue
            if not gives_away(statement, name, isinstance(new, gast.List | gast.Dict)):
                continue
            if position[statement] <= position[at] or loops[statement] != loops[made]:
                return False
        return True

    def check_writes_of_calls(self, statement: Any) -> None:
        """Refuse a call that writes something active in place: only assignments to elements are mirrored."""
        if self.written_name(statement) is not None:
            return
        for name in sorted(self.c.aliases.changed_names(statement)):
            if self.active_around(name, statement):
                call = next(n for n in gast.walk(statement.value) if isinstance(n, gast.Call))
                raise UnsupportedError(
                    f"`{tree.unparse(call.func)}` may write `{name}` in place, and the derivative depends on it",
                    self.c.origin(statement),
                    why="calls that write what is active are not differentiated yet",
                    remedy="assign to elements or slices instead, or let the function return a new array",
                )

    def parts(self, written: str, other: str, statement: Any) -> Any:
        """The later definition of two names that are apart if what they are elements of is an array.

        There the run can tell whether they share memory.
        """
        if self.c.views.different_parts(written, other, statement) is None:
            return None
        bounds = [self.c.views.bound(name, statement, False) for name in (written, other)]
        places = [self.c.views.objects.definition[b[1]] for b in bounds if b is not None]
        later = max(places, key=self.c.values.position.__getitem__)
        here = [self.c.views.bound(name, later, True) for name in (written, other)]
        return later if here == bounds else None

    def elements(
        self, written: str, other: str, statement: gast.AST
    ) -> list[tuple[str, Any]] | None:
        """The element reads to check where one of two names is an element of the other.

        `t = A[i]` is a number for an array of rank one, a view for one of higher rank. None: it may be a view in
        another way, or is written itself.
        """
        for name, base in ((other, written), (written, other)):
            loads = self.loads_from(name, base, statement)
            if loads and name == written:
                return None  # what has elements is no number, and a number is not written in place
            if loads is not None:
                return [(name, load) for load in loads]
        return None

    def copies(self, written: str, other: str, statement: Any) -> list[tuple[str, Any]] | None:
        """Copies `y = x` to check where `y += e` is a rebinding if `y` is a number, as its kind leaves open."""
        if not isinstance(statement, gast.AugAssign) or not isinstance(statement.target, gast.Name):
            return None
        if self.c.kind_of_name(written, statement).is_array:
            return None
        for name, base in ((written, other), (other, written)):
            found = self.loads_from(name, base, statement, gast.Name | gast.Subscript)
            if found is not None:
                return [(name, load) for load in found]
        return None

    def check_written_result(self, name: str, statement: Any) -> None:
        """What a call of something that only the run knows has returned is written: it must be new."""
        value = self.c.value(name, statement, False)
        made = None if value is None else self.c.values.definition.get(value.binding)
        call = getattr(made, "value", None)
        if call is not None and is_runtime_call(call, self.c.function, self.c.locals):
            self.c.check(made, "check_own", tree.load(name), tree.copy(call.args[0]))

    def results(self, written: str, other: str, statement: Any) -> list[tuple[str, Any]] | None:
        """Calls of what only the run knows, whose result may be an argument or a view of one."""
        for name, base in ((other, written), (written, other)):
            found = self.loads_from(name, base, statement, gast.Call)
            if found is not None and all(
                is_runtime_call(s.value, self.c.function, self.c.locals) for s in found
            ):
                return [(name, s) for s in found]
        return None

    def check_results(self, results: list[tuple[str, Any]]) -> None:
        """Let the run raise an `AliasError` where a result is a view of an argument."""
        for name, statement in results:
            for argument in statement.value.args[1:]:
                if isinstance(argument, gast.Name):
                    self.add_check(statement, name, argument.id)

    def check_apart(self, elements: list[tuple[str, Any]]) -> None:
        """Let the run raise an `AliasError` where an element is a view."""
        for name, load in elements:
            self.add_check(load, name, getattr(load.value, "value", load.value).id)

    def add_check(self, at: Any, name: str, base: str) -> None:
        names = gast.Constant(name, None), gast.Constant(base, None)
        self.c.check(at, "check_apart", tree.load(name), tree.load(base), *names)

    def is_copying_index(self, load: gast.Subscript, at: gast.AST) -> bool:
        """A mask or an integer array in the index of an array: NumPy copies."""
        parts = load.slice.elts if isinstance(load.slice, gast.Tuple) else [load.slice]
        return self.c.kind_of_name(load.value.id, at).is_array and any(
            self.c.kind(p, at).is_array or self.c.kind(p, at).type == "list"
            for p in parts
            if not isinstance(p, gast.Slice)
        )

    def loads_from(
        self, name: str, base: str, at: gast.AST, forms: Any = gast.Subscript
    ) -> list[Any] | None:
        """The element reads that may make `name` a view of `base`; None if it may be one in another way."""
        if name in self.c.function.parameters:
            return None
        base_reach = self.c.aliases.place(at, base).reach
        found = []
        explained = False
        for statement in self.c.statements:
            if not isinstance(statement, gast.Assign) or statement not in self.c.values.before:
                continue
            if name not in tree.stored_names(statement.targets[0]):
                continue
            reach = self.c.aliases.place(statement, name, after=True).reach
            if not reach & base_reach:
                continue
            explained = True
            if self.c.kind_of_name(name, statement, True).is_number:
                continue
            value = statement.value
            if isinstance(value, gast.Subscript) and self.is_copying_index(value, statement):
                continue
            if not isinstance(value, forms) or self.c.kind_of_name(name, statement, True).is_array:
                return None
            if isinstance(value, gast.Subscript) and has_slice(value.slice):
                return None
            found.append(statement)
        if not explained and self.c.aliases.place(at, name).held & base_reach:
            return None  # it holds what was put into it later
        return found

    def active_around(self, name: str, statement: gast.AST) -> bool:
        return name in self.c.activity.before[statement] or name in self.c.activity.after[statement]

    def written_name(self, statement: gast.AST) -> str | None:
        """The name through which a statement writes in place: an element, or how many there are."""
        if resizes(statement):
            return statement.value.func.value.id
        if isinstance(statement, gast.Expr):
            if accumulates(statement.value, self.c.function, self.c.locals):
                base = statement.value.args[0]
                return base.id if isinstance(base, gast.Name) else None
            return None
        if isinstance(statement, gast.Assign):
            target = statement.targets[0]
            return target.value.id if isinstance(target, gast.Subscript) else None
        if isinstance(statement, gast.AugAssign):
            target = statement.target
            base = target.value if isinstance(target, gast.Subscript) else target
            return base.id if isinstance(base, gast.Name) else None
        return None

    def shown(self, name: str) -> str:
        """A name as the user wrote it: `xs` for `xs2`, which is `xs` after it was bound again."""
        code = getattr(self.c.function.primal, "__code__", None)
        own = (*code.co_varnames, *code.co_cellvars) if code is not None else ()
        base = name.rstrip("0123456789")
        return base if name not in own and base in own else name

    def refuse_alias(self, written: str, other: str, statement: gast.AST) -> None:
        defined = None
        value = self.c.value(other, statement, False)
        if value is not None:
            defined = self.c.values.definition.get(value.binding)
        where = f" (bound at line {self.c.origin(defined).line})" if defined is not None else ""
        is_container = self.c.kind_of_name(other, statement).type in CONTAINERS
        written, other = self.shown(written), self.shown(other)
        remedy = f"copy one of them first (`{other} = {other}.copy()`)"
        if is_container:
            remedy = f"put a copy of the array into `{other}` (`y.copy()` for `y`)"
        raise AliasError(
            f"`{written}` is written in place while `{other}`{where} may be the same memory and is used later",
            self.c.origin(statement),
            why="whether the write changes both depends on what they are, and the gradient depends on that",
            remedy=f"{remedy}, or give kinds with annotations or `like=` where they are numbers",
        )


def gives_away(statement: Any, name: str, container: bool) -> bool:
    """A statement itself reads a name: its object, or a part of it, may get another name.

    `container`: the elements of the object are others, and no views of it.
    """
    parts = [
        part
        for field in statement._fields
        if field not in tree.BLOCK_FIELDS
        for part in (lambda p: p if isinstance(p, list) else [p])(getattr(statement, field, None))
        if isinstance(part, gast.AST)
    ]
    inside = {
        id(node.value)
        for part in parts
        for node in tree.walk(part)
        if isinstance(node, gast.Subscript | gast.Attribute) and isinstance(node.value, gast.Name)
        if container or (isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store))
    }
    return any(
        isinstance(node, gast.Name) and node.id == name and id(node) not in inside
        for part in parts
        for node in tree.walk(part)
    )


def is_copy(call: Any, context: Context) -> bool:
    """`x.copy()` of a local name."""
    return (
        isinstance(call, gast.Call)
        and isinstance(call.func, gast.Attribute)
        and call.func.attr == "copy"
        and not call.args
        and not call.keywords
        and isinstance(call.func.value, gast.Name)
        and call.func.value.id in context.locals
    )


def resizes(statement: Any) -> bool:
    """`xs.append(v)` and its like: how many elements there are changes."""
    call = getattr(statement, "value", None)
    return (
        isinstance(call, gast.Call)
        and isinstance(call.func, gast.Attribute)
        and call.func.attr in RESIZING
        and isinstance(call.func.value, gast.Name)
    )


def has_slice(index: gast.AST) -> bool:
    return any(isinstance(n, gast.Slice) for n in tree.walk(index))


def makes_storage(value: gast.expr) -> bool:
    """The expression may make an array of integers that is then written."""
    return not isinstance(
        value, gast.Name | gast.Constant | gast.Subscript | gast.List | gast.Tuple
    )
