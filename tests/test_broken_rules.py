"""Each rule that keeps a gradient right is broken in turn, and programs must notice.

    no_clear(patch); tangent.grad(f)      writes code without `bA[i] = 0.0`: some program is wrong

A break is a monkeypatch of the transforms. Each names programs that must tell: at least one of them
has to fail with wrong numbers (an `AssertionError`; or in the way that the break names), and all
must pass, or be refused where they are marked so, when nothing is broken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import pytest

import tangent
from tangent import tree
from tangent.errors import TangentError, UnsupportedError
from tangent.transforms import adjoints, availability, refusals
from tangent.transforms.adjoints import OWNED
from tangent.transforms.availability import Availability
from tangent.transforms.reverse import Mirror
from tangent.transforms.reverse_calls import CallMirror
from tangent.transforms.sharing import Sharing
from tangent.transforms.tape import Tape
from tests.cases import Program, all_programs
from tests.numeric import check_gradient

PROGRAMS = {p.name: p for p in all_programs()}
Break = Callable[[pytest.MonkeyPatch], None]
BREAKS: dict[str, tuple[Break, tuple[str, ...], str]] = {}


def breaks(*programs: str, outcome: str = "wrong") -> Callable[[Break], Break]:
    """Register a way to break a rule, with the programs that must notice, and how."""

    def register(action: Break) -> Break:
        BREAKS[action.__name__] = action, programs, outcome
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
        copied = self.c.copied
        self.c.copied = lambda expr, kind: expr  # type: ignore[method-assign]
        try:
            return take(self, base, index, at)
        finally:
            self.c.copied = copied  # type: ignore[method-assign]

    patch.setattr(Mirror, "take", broken)


@breaks("mutation.stencil", "mutation.read_before_and_after", "mutation.wraps_around")
def no_restore_of_an_element(patch):
    """An element that is overwritten later is read again from the array."""
    patch.setattr(Availability, "overwritten_later", lambda *args: False)


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


@breaks("loops.while_loop", "loops.while_true", "traps.underscore")
def trips_not_counted(patch):
    """A loop of unknown length is mirrored as many times as the last one ran: here, once."""
    patch.setattr(Tape, "count_trips", lambda self, loop: gast.Constant(1, None))


@breaks("traps.one_variable_for_two_loops")
def replayed_variable_bound_again(patch):
    """The variable of a mirrored loop is read though the body bound it."""
    patch.setattr(availability, "assigned_names", lambda statement: [])


@breaks("traps.saved_argument_written", "traps.saved_argument_written_in_a_loop")
def saved_objects_not_kept(patch):
    """What a callee saves is written by its caller."""
    patch.setattr(CallMirror, "may_be_overwritten", lambda self, statement, targets: False)


@breaks("traps.elements_not_read_on_one_path", outcome="'float' object is not subscriptable")
def bare_zeros_taken_for_arrays(patch):
    """The 0.0 of an array that may be unbound is written like an array."""
    patch.setattr(Mirror, "zero_ownership", lambda *args: OWNED)


@breaks("traps.number_of_a_uniform_adjoint")
def uniform_number_kept(patch):
    """A uniform adjoint's number is read after it got another value."""
    patch.setattr(adjoints, "assigned_names", lambda statement: [])


@breaks("traps.shared_adjoints_written")
def shared_adjoints_written(patch):
    """An adjoint that two names share is updated in place."""
    patch.setattr(Mirror, "is_fresh", lambda *args: True)


@breaks("functions.recursive_and_writes")
def calls_may_write(patch):
    """A call that writes something active is passed over."""
    patch.setattr(Sharing, "check_writes_of_calls", lambda self, statement: None)


@breaks("traps.through_a_global", "traps.through_a_global_in_a_callee")
def globals_not_followed(patch):
    """A value goes through a global array."""
    patch.setattr(refusals, "check_outside_writes", lambda context: None)


@breaks("traps.row_written_after_it_was_named", "mutation.row_view_read_after_a_write")
def aliases_unchecked(patch):
    """An object is written under one name and read under another."""
    patch.setattr(Sharing, "check_aliases", lambda self: None)


@breaks("mutation.taped_then_written", "mutation.read_before_and_after", "mutation.stencil")
def no_copy_on_push(patch):
    """What is pushed on a tape is written in place later."""
    patch.setattr(Tape, "copy_of", lambda self, need, *args: tree.load(need.name))


@breaks("assignments.straight_line", "operators.arithmetic", "indexing.broadcast_write")
def no_unbroadcast(patch):
    """A gradient has the shape of the result, not of the argument."""
    patch.setattr(Mirror, "unbroadcast", lambda self, expr, *args: expr)


@breaks("indexing.integer_array_read", "mutation.repeated_indices_read")
def repeated_indices_added_once(patch):
    """`bA[i] += bv` with repeats adds each element once."""

    def broken(self: Mirror, into: gast.expr, index: gast.expr, term: gast.expr, at: Any) -> None:
        element = gast.Subscript(into, self.c.read(index, at), gast.Store())
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


def run(p: Program, refused_too: bool = False) -> None:
    df = tangent.grad(p.function, wrt=p.wrt)
    for a in p.arguments:
        if a.raises is None and (refused_too or (a.expected or p.expected) == "right"):
            check_gradient(df, p.function, a.values, p.wrt, a.kwargs, p.rtol, step=p.step)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_noticed(name, monkeypatch):
    action, programs, outcome = BREAKS[name]
    action(monkeypatch)
    noticed = {}
    for program in programs:
        try:
            run(PROGRAMS[program], refused_too=True)
        except AssertionError:
            noticed[program] = "wrong"
        except (TangentError, NameError, ValueError, TypeError, IndexError) as error:
            noticed[program] = f"fails: {error!r}"
        else:
            noticed[program] = "passes"
    assert any(outcome in n for n in noticed.values()), noticed


@pytest.mark.parametrize("program", sorted({p for _, ps, _ in BREAKS.values() for p in ps}))
def test_unbroken_they_pass(program):
    try:
        run(PROGRAMS[program])
    except UnsupportedError:
        assert PROGRAMS[program].expected != "right"
