"""One error for all the functions of a program that lack a recipe, before any other complaint.

    def f(x):
        a = np.ldexp(x, 2)           no recipe for `np.ldexp`
        return helper(a)               why: ...; also without one: `np.correlate` (model.py:7)

What has neither a recipe nor source is also what may do anything to its arguments, so that other
refusals (aliases, writes) follow from it: where a transform refuses a program, this looks for them
first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent import runtime, tree
from tangent.analysis.activity import Activity
from tangent.analysis.aliases import MayAlias
from tangent.analysis.calls import bind_arguments
from tangent.errors import NoRecipeError, NoSourceError, TangentError, UnsupportedError
from tangent.facts import Facts
from tangent.origin import Origin
from tangent.program import MISSING, Function, Program
from tangent.recipes import registry
from tangent.transforms.expand import operation_of

__all__ = ["missing_recipes_first"]


@dataclass(frozen=True)
class _Missing:
    """A call without a derivative: how the function is written, where, and why it has no source."""

    name: str
    origin: Origin
    why: str | None


@contextmanager
def missing_recipes_first(program: Program, options: Mapping[str, Any]) -> Iterator[None]:
    """Raise `NoRecipeError` for all that is missing, where something is refused."""
    try:
        yield
    except UnsupportedError as error:
        found: dict[Any, _Missing] = {}
        try:
            _search(program, options, found)
        except TangentError:
            raise error from None
        if not found:
            raise
        raise _error(list(found.values())) from None


def _error(missing: list[_Missing]) -> NoRecipeError:
    first, *others = missing
    why = first.why
    if others:
        places = ", ".join(f"`{m.name}` at {_place(m.origin, first.origin)}" for m in others)
        why = f"the gradient depends on all of them ({places})"
    return NoRecipeError(
        f"no recipe for {', '.join(f'`{m.name}`' for m in missing)}",
        first.origin,
        why=why,
        remedy=f"declare {'recipes' if others else 'one'} (docs/writing-a-recipe.md), or write "
        f"{'these functions' if others else 'the function'} in Python",
    )


def _place(origin: Origin, first: Origin) -> str:
    return f"line {origin.line}" if origin.file == first.file else f"{origin.file}:{origin.line}"


def _search(program: Program, options: Mapping[str, Any], found: dict[Any, _Missing]) -> None:
    """Walk the entry, and its callees with respect to what is active at their calls."""
    entry = program.entry
    wrt = tuple(options["wrt"])
    pending, done = [(entry, wrt)], set()
    while pending:
        function, active = pending.pop()
        if (id(function.node), active) in done:
            continue
        done.add((id(function.node), active))
        marked = replace(function, meta={**function.meta, "wrt": active})
        given = options if function is entry else {**options, "like": None}
        facts = Facts(marked, program, dict(given))
        pending += _search_function(marked, program, facts, found)


def _search_function(
    function: Function, program: Program, facts: Facts, found: dict[Any, _Missing]
) -> list[tuple[Function, tuple[str, ...]]]:
    callees = []
    local_names = function.locals()
    activity, aliases = facts[Activity], facts[MayAlias]
    for statement in tree.walk_statements(function.node.body):
        if not isinstance(statement, gast.Assign | gast.Expr) or statement not in activity.before:
            continue
        call = statement.value
        if not isinstance(call, gast.Call):
            continue
        before, after = activity.before[statement], activity.after[statement]
        if not before & tree.names_in(call):
            continue
        useful = {*aliases.changed_names(statement)}
        if isinstance(statement, gast.Assign):
            useful |= set(tree.stored_names(statement.targets[0]))
        if not useful & after:
            continue
        operation = operation_of(call, function, local_names)
        if operation is None or operation.recipe is not None:
            continue
        target = operation.function
        callee = program.function_of(target)
        if callee is not None:
            bound = bind_arguments(callee, call) or {}
            active = tuple(p for p, a in bound.items() if before & tree.names_in(list(a)))
            callees.append((callee, active))
        elif target not in (MISSING, runtime.call) and not registry.lookup(target):
            opaque = program.opaque.get(target)
            if opaque is not None and not isinstance(opaque, NoSourceError):
                raise opaque
            why = None if opaque is None else str(opaque.reason) + _because(opaque)
            why = registry.why_unsupported(target) or why
            where = function.origin(call if hasattr(call, "lineno") else statement)
            found.setdefault(target, _Missing(tree.unparse(call.func), where, why))
    return callees


def _because(error: NoSourceError) -> str:
    return f": {error.why}" if error.why else ""
