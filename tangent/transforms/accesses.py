"""Subscripts of the program as the region analysis sees them.

for i in range(1, n):        Loop("i", 1, n, 1)
    A[i - 1] = v             Access(index `i - 1`, inside that loop)
for i in reversed(range(1, n)): …       Loop("i", n - 1, 0, -1)
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.analysis import regions
from tangent.analysis.kinds import KindTable
from tangent.analysis.values import ValueTable

__all__ = ["region_access", "region_loop"]


def region_access(
    values: ValueTable,
    kinds: KindTable,
    at: gast.AST,
    index: gast.expr,
    base: str,
    unwritten: frozenset[str] = frozenset(),
) -> regions.Access:
    """The access `base[index]` of a statement; `unwritten`: names whose objects nothing writes."""
    known = kinds.before.get(at, {})
    return regions.Access(
        index=index,
        loops=tuple(region_loop(loop) for loop in values.loops[at]),
        position=values.position[at],
        versions={name: value.binding for name, value in values.before[at].items()},
        integers=frozenset(
            n for n in tree.names_in(index) if n in known and known[n].type == "int"
        ),
        unwritten=unwritten,
        base=base,
    )


def region_loop(loop: Any) -> regions.Loop:
    """A primal loop as the regions see it."""
    assigned: set[str] = set()
    for inner in tree.walk_statements(loop.body):
        if isinstance(inner, gast.Assign):
            assigned.update(tree.stored_names(inner.targets[0]))
        elif isinstance(inner, gast.AugAssign | gast.For):
            assigned.update(tree.stored_names(inner.target))
    if isinstance(loop, gast.While):
        return regions.Loop("", None, None, None, loop, frozenset(assigned))
    iterator = loop.iter
    downward = is_call_of(iterator, "reversed")
    if downward:
        iterator = iterator.args[0]
    cut = isinstance(iterator, gast.Subscript) and isinstance(iterator.slice, gast.Slice)
    if cut:
        iterator = iterator.value
    if not is_call_of(iterator, "range"):
        return regions.Loop(loop.target.id, None, None, None, loop, frozenset(assigned))
    args = iterator.args
    step: int | None = 1
    start: Any = gast.Constant(0, None)
    if len(args) == 1:
        stop = args[0]
    else:
        start, stop = args[0], args[1]
        if len(args) == 3:
            step = literal_step(args[2])
    if downward:
        if step != 1:
            return regions.Loop(loop.target.id, None, None, None, loop, frozenset(assigned))
        one = gast.Constant(1, None)
        start, stop = gast.BinOp(stop, gast.Sub(), one), gast.BinOp(start, gast.Sub(), one)
        return regions.Loop(
            loop.target.id, None if cut else start, stop, -1, loop, frozenset(assigned)
        )
    return regions.Loop(loop.target.id, start, stop, step, loop, frozenset(assigned))


def is_call_of(node: gast.AST, name: str) -> bool:
    return isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == name


def literal_step(node: gast.AST) -> int | None:
    if isinstance(node, gast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        inner = literal_step(node.operand)
        return None if inner is None else -inner
    return None
