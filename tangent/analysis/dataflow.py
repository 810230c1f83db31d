"""The solver: an analysis is a lattice and a transfer function, nothing else.

    class Liveness(Dataflow):
        forward = False
        def boundary(self): ...             the state at ENTRY (at EXIT, for a backward analysis)
        def bottom(self): ...               the state of what no path reaches
        def join(self, a, b): ...           the least state that covers both
        def transfer(self, statement, state): ...

    facts[Liveness].before[statement], facts[Liveness].after[statement]

Theory. A monotone framework (Kildall 1973; Kam and Ullman 1977): states form a join semilattice of
finite height, transfer functions are monotone, and the work list, taken in reverse post-order,
reaches the least fixpoint; for transfer functions of the gen/kill sort with at most (loop nesting
+ 2) visits of a node. Sets are the bits of an int over numbered elements: joins and differences
are single operations.

`before` and `after` are in the order of the program, whatever the direction of the analysis.
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from tangent.analysis.cfg import ENTRY, EXIT, Cfg, Graph
from tangent.facts import Fact, Restricted
from tangent.program import Function

__all__ = ["Dataflow", "Numbering", "Solution"]

T = TypeVar("T", bound=Hashable)


class Numbering(Generic[T]):
    """Elements numbered in order, so that a set of them is an int.

    >>> names = Numbering(["a", "b", "c"])
    >>> names.bits({"a", "c", "elsewhere"})
    5
    >>> sorted(names.members(5))
    ['a', 'c']
    """

    def __init__(self, elements: Iterable[T]) -> None:
        self.elements: list[T] = list(dict.fromkeys(elements))
        self._bit = {e: 1 << n for n, e in enumerate(self.elements)}

    @property
    def all(self) -> int:
        """The set of all elements."""
        return (1 << len(self.elements)) - 1

    def bit(self, element: T) -> int:
        """The set of one element; the empty set for one that has no number."""
        return self._bit.get(element, 0)

    def bits(self, elements: Iterable[T]) -> int:
        """A set as an int; elements that have no number are left out."""
        out = 0
        for e in elements:
            out |= self._bit.get(e, 0)
        return out

    def members(self, bits: int) -> frozenset[T]:
        """An int as a set."""
        return frozenset(self.ordered(bits))

    def ordered(self, bits: int) -> list[T]:
        """The members in the order of their numbers."""
        out = []
        while bits:
            low = bits & -bits
            out.append(self.elements[low.bit_length() - 1])
            bits ^= low
        return out


class _Decoded(Mapping[Any, Any]):
    """States by statement, decoded when they are read."""

    def __init__(self, states: dict[Any, Any], decode: Callable[[Any], Any]) -> None:
        self.raw = states
        self._decode = decode
        self._known: dict[Any, Any] = {}

    def __getitem__(self, statement: Any) -> Any:
        if statement not in self._known:
            self._known[statement] = self._decode(self.raw[statement])
        return self._known[statement]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)


class Solution:
    """The states before and after each statement (and ENTRY and EXIT), in program order.

    Attributes:
        before, after: decoded states by statement; `before.raw` has them as the analysis keeps
            them.
        analysis: the analysis, for queries that need its tables.
    """

    def __init__(self, analysis: Any, before: dict[Any, Any], after: dict[Any, Any]) -> None:
        self.analysis = analysis
        self.before = _Decoded(before, analysis.decode)
        self.after = _Decoded(after, analysis.decode)


class Dataflow(Fact):
    """Base of data-flow analyses. One object serves one function.

    States are immutable and compared by ==. `edge` refines a state along an edge, for what happens
    only there: a `for` binds its target on its ``"true"`` edge and not on its ``"exit"`` edge.
    `decode` gives a state the form in which users of the fact see it.
    """

    requires: ClassVar[tuple[type[Fact], ...]] = (Cfg,)
    forward: ClassVar[bool] = True
    solution: ClassVar[type[Solution]] = Solution

    def __init__(self, function: Function, facts: Restricted) -> None:
        self.function = function
        self.facts = facts
        self.graph: Graph = facts[Cfg]

    def boundary(self) -> Any:
        raise NotImplementedError

    def bottom(self) -> Any:
        raise NotImplementedError

    def join(self, a: Any, b: Any) -> Any:
        raise NotImplementedError

    def transfer(self, statement: Any, state: Any) -> Any:
        raise NotImplementedError

    def edge(self, statement: Any, label: str, state: Any) -> Any:
        """The state along an edge that leaves a statement (its far end's state, in a backward
        analysis).
        """
        return state

    def decode(self, state: Any) -> Any:
        return state

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> Any:
        return cls(function, facts).solve()

    def solve(self) -> Any:
        """The least fixpoint."""
        graph, forward = self.graph, self.forward
        order = graph.order if forward else graph.reverse_order
        start = ENTRY if forward else EXIT
        sources = graph.in_edges_of if forward else graph.out_edges_of
        sinks = graph.out_edges_of if forward else graph.in_edges_of
        number = {node: n for n, node in enumerate(order)}
        bottom = self.bottom()
        arriving = dict.fromkeys(order, bottom)  # before transfer, in the analysis's direction
        leaving = dict.fromkeys(order, bottom)
        visited: set[Any] = set()
        work = list(range(len(order)))
        waiting = set(work)
        while work:
            position = heapq.heappop(work)
            waiting.discard(position)
            node = order[position]
            states = [self.boundary()] if node is start else []
            for source, label in sources[node]:
                if source in visited:  # of the others nothing is known yet; they come back
                    leaves = source if forward else node  # whom the edge leaves, in the program
                    states.append(self.edge(leaves, label, leaving[source]))
            state = functools.reduce(self.join, states) if states else bottom
            arriving[node] = state
            plain = node is ENTRY or node is EXIT
            new = state if plain else self.transfer(node, state)
            if node in visited and new == leaving[node]:
                continue
            visited.add(node)
            leaving[node] = new
            for sink, _ in sinks[node]:
                if number[sink] not in waiting:
                    waiting.add(number[sink])
                    heapq.heappush(work, number[sink])
        if forward:
            before, after = arriving, dict(leaving)
        else:
            before, after = leaving, dict(arriving)
        for node, edges in graph.out_edges_of.items():
            if len(edges) > 1:  # after what happens along the edges
                if forward:
                    states = [self.edge(node, label, leaving[node]) for _, label in edges]
                else:
                    states = [before[successor] for successor, _ in edges]
                after[node] = functools.reduce(self.join, states)
        return self.solution(self, before, after)
