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
from tangent.program import Function, Program

__all__ = ["summary_of"]


def summary_of(function: Function, program: Program) -> Summary:
    """The summary of a function of a program (or of one beside it)."""
    table: dict[int, Summary] = vars(program).setdefault("_summaries", {})
    key = id(function.node)
    if key not in table:
        _solve(program, function, table)
    return table[key]


def _solve(program: Program, extra: Function, table: dict[int, Summary]) -> None:
    functions = [f for f in (*program.functions, extra) if id(f.node) not in table]
    functions = list({id(f.node): f for f in functions}.values())
    for function in functions:
        table[id(function.node)] = Summary()
    changed = True
    while changed:
        changed = False
        for function in functions:
            new = _summarise(function, program)
            if new != table[id(function.node)]:
                table[id(function.node)] = new
                changed = True


def _summarise(function: Function, program: Program) -> Summary:
    from tangent.analysis.effects import EffectsTable

    effects = EffectsTable(function, program)
    parameters = frozenset(function.parameters)
    mutated: frozenset[str] = frozenset()
    for e in effects.values():
        mutated |= e.mutates
    return Summary(
        world=any(e.world for e in effects.values()),
        mutated=parameters if mutated else frozenset(),
        shared=parameters,
    )
