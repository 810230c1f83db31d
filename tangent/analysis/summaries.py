"""What calling each function of a program does: filled in by a fixpoint over the program.

    def scale(A, c):          Summary(world=False, mutated={"A"}, shared={"A"})
        A *= c
        return A

Theory. Summaries are points of a finite lattice (a truth value and two sets of parameters) that
start at the bottom, "does nothing", and only grow; recursion therefore needs no special case, and
it ends.
"""

from __future__ import annotations

from tangent.analysis.calls import Summary
from tangent.facts import Facts
from tangent.program import Function, Program

__all__ = ["summary_of"]


def summary_of(function: Function, program: Program) -> Summary:
    """The summary of a function of a program (or of one beside it)."""
    table: dict[int, tuple[Function, Summary]] = vars(program).setdefault("_summaries", {})
    key = id(function.node)
    if key not in table:
        _solve(program, function, table)
    return table[key][1]


def _solve(program: Program, extra: Function, table: dict[int, tuple[Function, Summary]]) -> None:
    functions = {id(f.node): f for f in (*program.functions, extra) if id(f.node) not in table}
    for key, function in functions.items():
        table[key] = (function, Summary())  # with the function, so that its id stays its own
    changed = True
    while changed:
        changed = False
        for key, function in functions.items():
            new = _summarise(function, program)
            if new != table[key][1]:
                table[key] = (function, new)
                changed = True


def _summarise(function: Function, program: Program) -> Summary:
    from tangent.analysis.aliases import PlainAliases  # made of summaries, of the round before
    from tangent.analysis.effects import Effects

    facts = Facts(function, program)
    aliases = facts[PlainAliases]
    return Summary(
        world=any(e.world for e in facts[Effects].values()),
        mutated=aliases.written_parameters(),
        shared=aliases.returned_parameters(),
        held=aliases.partly_returned_parameters(),
        outside=aliases.returns_outside(),
    )
