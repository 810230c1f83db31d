"""Each rule that keeps a gradient right is broken in turn, and programs must notice.

    no_clear(patch); tangent.grad(f)      writes code without `bA[i] = 0.0`: some program is wrong

A break is a monkeypatch of the transforms. Each names programs that must tell: at least one of them
has to fail with wrong numbers (an `AssertionError`), and all must pass when nothing is broken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import pytest

import tangent
from tangent import tree
from tangent.errors import TangentError
from tangent.transforms.availability import Availability
from tangent.transforms.reverse import Mirror
from tangent.transforms.tape import Tape
from tests.cases import Program, all_programs
from tests.numeric import check_gradient

PROGRAMS = {p.name: p for p in all_programs()}
BREAKS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], tuple[str, ...]]] = {}

Break = Callable[[pytest.MonkeyPatch], None]


def breaks(*programs: str) -> Callable[[Break], Break]:
    """Register a way to break a rule, with the programs that must notice."""

    def register(action: Break) -> Break:
        BREAKS[action.__name__] = action, programs
        return action

    return register


@breaks("indexing.writes_slices", "mutation.constant_writes", "mutation.elements_from_elements")
def no_clear(patch):
    """The adjoint of an overwritten element stays."""
    emit = Mirror.emit

    def broken(self: Mirror, statement: Any) -> None:
        if not getattr(statement, "is_clear", False):
            emit(self, statement)

    patch.setattr(Mirror, "emit", broken)


@breaks("mutation.overlapping_slices", "indexing.writes_of_a_matrix", "indexing.writes_slices")
def no_copy_on_take(patch):
    """The taken adjoint is a view of what is cleared next."""
    take = Mirror.take

    def broken(self: Mirror, base: str, index: gast.expr, at: Any) -> gast.expr:
        copied = self.copied
        self.copied = lambda expr, kind: expr  # type: ignore[method-assign]
        try:
            return take(self, base, index, at)
        finally:
            self.copied = copied  # type: ignore[method-assign]

    patch.setattr(Mirror, "take", broken)


@breaks("mutation.stencil", "mutation.read_before_and_after", "mutation.wraps_around")
def no_restore_of_an_element(patch):
    """An element that is overwritten later is read again from the array."""
    patch.setattr(Availability, "overwritten_later", lambda self, read: False)


@breaks("mutation.taped_then_written", "mutation.rebound_between_writes", "mutation.swap")
def no_restore_of_an_array(patch):
    """An array that is written in place is read as it is at the end."""
    find = Availability.find

    def broken(self: Availability, need: Any, depth: int) -> Any:
        end = self.c.values.end.get(need.name)
        if end is not None and end.binding == need.value.binding:
            return tree.load(need.name)
        return find(self, need, depth)

    patch.setattr(Availability, "find", broken)


@breaks("loops.overwrites_its_variable", "loops.carries_several", "mutation.buffers_swapped_once")
def binding_not_restored(patch):
    """A name is read in the backward pass whatever it was bound to since."""
    find = Availability.find

    def broken(self: Availability, need: Any, depth: int) -> Any:
        if need.name in self.c.values.end:
            return tree.load(need.name)
        return find(self, need, depth)

    patch.setattr(Availability, "find", broken)


@breaks("mutation.buffers_swapped_once", "loops.carries_several", "assignments.rotation")
def adjoint_binding_not_restored(patch):
    """After `x = y` backwards, x's adjoint is left in place."""
    mirror_assign = Mirror.mirror_assign

    def broken(self: Mirror, statement: Any, target: str, state: dict[str, str]) -> None:
        kept = state.get(target)
        mirror_assign(self, statement, target, state)
        if kept is not None and isinstance(statement.value, gast.Name):
            state.setdefault(target, kept)

    patch.setattr(Mirror, "mirror_assign", broken)


@breaks("loops.branches_taped_in_the_loop", "branches.branches_in_a_loop", "loops.while_loop")
def join_not_pushed(patch):
    """A value that joins two paths (a φ: arms, a loop's header) is read as it is at the end."""
    find = Availability.find

    def broken(self: Availability, need: Any, depth: int) -> Any:
        values = self.c.values
        if need.value.binding not in values.definition and need.name in values.end:
            return tree.load(need.name)
        return find(self, need, depth)

    patch.setattr(Availability, "find", broken)


@breaks("loops.while_loop", "branches.branches_in_a_loop", "branches.nested_branches")
def branch_test_not_kept(patch):
    """A branch's test is evaluated again, on what its names hold by then."""
    patch.setattr(Tape, "test", lambda self, statement: tree.copy(statement.test))


@breaks("mutation.taped_then_written", "mutation.read_before_and_after", "mutation.stencil")
def no_copy_on_push(patch):
    """What is pushed on a tape is written in place later."""
    patch.setattr(Tape, "copy_of", lambda self, need, at, after: tree.load(need.name))


@breaks("assignments.straight_line", "operators.arithmetic", "indexing.broadcast_write")
def no_unbroadcast(patch):
    """A gradient has the shape of the result, not of the argument."""
    patch.setattr(Mirror, "unbroadcast", lambda self, expr, name, at, kind: expr)


@breaks("indexing.integer_array_read", "mutation.repeated_indices_read")
def repeated_indices_added_once(patch):
    """`bA[i] += bv` with repeats adds each element once."""

    def broken(self: Mirror, base: str, index: gast.expr, term: gast.expr, at: Any) -> None:
        place = self.c.read(index, at)
        element = gast.Subscript(self.adjoint(base), place, gast.Store())
        self.emit(gast.AugAssign(element, gast.Add(), term))

    patch.setattr(Mirror, "accumulate_at", broken)


@breaks("assignments.same_value_twice", "mutation.copied_then_augmented", "loops.carries_several")
def first_contribution_only(patch):
    """A later contribution replaces the earlier ones."""
    contribute = Mirror.contribute

    def broken(self: Mirror, state: Any, name: str, *args: Any, **kwargs: Any) -> None:
        state.pop(name, None)
        contribute(self, state, name, *args, **kwargs)

    patch.setattr(Mirror, "contribute", broken)


def run(p: Program) -> None:
    df = tangent.grad(p.function, wrt=p.wrt)
    for a in p.arguments:
        if a.raises is None and (a.expected or p.expected) == "right":
            check_gradient(df, p.function, a.values, p.wrt, a.kwargs, p.rtol, step=p.step)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_noticed(name, monkeypatch):
    action, programs = BREAKS[name]
    action(monkeypatch)
    noticed = {}
    for program in programs:
        try:
            run(PROGRAMS[program])
        except AssertionError:
            noticed[program] = "wrong"
        except (TangentError, NameError, ValueError, TypeError, IndexError) as error:
            noticed[program] = f"fails: {error!r}"
        else:
            noticed[program] = "passes"
    assert "wrong" in noticed.values(), noticed


@pytest.mark.parametrize("program", sorted({p for _, ps in BREAKS.values() for p in ps}))
def test_unbroken_they_pass(program):
    run(PROGRAMS[program])
