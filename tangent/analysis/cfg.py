"""The control-flow graph, whose nodes are the statements themselves.

    for i in range(n):        ENTRY -> for,  for -true-> if,  for -exit-> return,  return -> EXIT
        if c:                 if -true-> a = 1,  if -false-> b = 2
            a = 1             a = 1 -back-> for
        else:
            b = 2             b = 2 -back-> for
    return a

A compound statement stands for its header: an `if` or `while` for its test, a `for` for advancing
its iterator. An edge has a `label`: ``"true"`` into a branch or a loop's body, ``"false"`` past or
into the other branch, ``"exit"`` out of a loop whose test failed or whose iterator is at its end,
``"back"`` to a loop's header, else ``""``; and `back`, which is also true for a ``"false"`` edge
that leads to a header. `raise` leads to EXIT. Statements that no path reaches are nodes without
predecessors.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.facts import Fact, Restricted
from tangent.program import Function

if TYPE_CHECKING:
    import networkx

__all__ = ["ENTRY", "EXIT", "Cfg", "Graph"]


class _Sentinel:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ENTRY = _Sentinel("ENTRY")
EXIT = _Sentinel("EXIT")

SIMPLE = (
    gast.Assign,
    gast.AugAssign,
    gast.AnnAssign,
    gast.Expr,
    gast.Assert,
    gast.Pass,
    gast.Delete,
    gast.Import,
    gast.ImportFrom,
    gast.Global,
    gast.Nonlocal,
    gast.FunctionDef,
    gast.ClassDef,
)

# Ends of paths that have not arrived yet: the statement that they leave, and the edge's label.
Ends = list[tuple[Any, str]]

# The label of each edge, and whether it leads back to a loop's header.
Edges = dict[tuple[Any, Any], tuple[str, bool]]


class Graph:
    """A control-flow graph.

    It is kept in plain dictionaries, which the solver walks many times; `digraph` gives it as
    networkx has graphs, whose import would take longer than all of ours.

    Attributes:
        statements: in the order of the text; nodes: these with ENTRY and EXIT.
        out_edges_of, in_edges_of: successors and predecessors by node, with the labels of the edges.
    """

    def __init__(self, statements: Sequence[Any], nodes: Sequence[Any], edges: Edges) -> None:
        self.statements = tuple(statements)
        self.nodes = tuple(nodes)
        self._edges = edges
        self.out_edges_of: dict[Any, list[tuple[Any, str]]] = {n: [] for n in nodes}
        self.in_edges_of: dict[Any, list[tuple[Any, str]]] = {n: [] for n in nodes}
        for (source, target), (label, _) in edges.items():
            self.out_edges_of[source].append((target, label))
            self.in_edges_of[target].append((source, label))

    def digraph(self) -> networkx.DiGraph:
        """The graph for the algorithms and tools of networkx; its edges have `label` and `back`."""
        import networkx

        graph = networkx.DiGraph()
        graph.add_nodes_from(self.nodes)
        for (source, target), (label, back) in self._edges.items():
            graph.add_edge(source, target, label=label, back=back)
        return graph

    @cached_property
    def order(self) -> list[Any]:
        """All nodes, reverse post-order from ENTRY first, then what is not reached.

        A loop's body comes before what follows the loop, which is then looked at when the state at
        the loop's header is stable.
        """
        last_first = {node: edges[::-1] for node, edges in self.out_edges_of.items()}
        return self._reverse_post_order(ENTRY, last_first)

    @cached_property
    def reverse_order(self) -> list[Any]:
        """All nodes, reverse post-order of the reversed graph from EXIT first, then what does not
        get there.
        """
        return self._reverse_post_order(EXIT, self.in_edges_of)

    def _reverse_post_order(self, start: Any, edges: dict[Any, list[tuple[Any, str]]]) -> list[Any]:
        done: list[Any] = []
        seen: set[Any] = set()
        rest = [start, *(self.nodes if start is ENTRY else reversed(self.nodes))]
        groups: list[list[Any]] = []
        for root in rest:
            if root in seen:
                continue
            seen.add(root)
            done = []
            stack = [(root, iter(edges[root]))]
            while stack:
                node, successors = stack[-1]
                for successor, _ in successors:
                    if successor not in seen:
                        seen.add(successor)
                        stack.append((successor, iter(edges[successor])))
                        break
                else:
                    stack.pop()
                    done.append(node)
            groups.append(done[::-1])
        return [node for group in groups for node in group]


class _Builder:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.nodes: list[Any] = []
        self.edges: Edges = {}
        self.breaks: list[Ends] = []
        self.headers: list[Any] = []

    def build(self) -> Graph:
        body = self.function.node.body
        self.nodes.append(ENTRY)
        ends = self.block(body, [(ENTRY, "")])
        self.nodes.append(EXIT)
        self.arrive(ends, EXIT)
        return Graph(tuple(tree.walk_statements(body)), self.nodes, self.edges)

    def arrive(self, ends: Ends, node: Any, back: bool = False) -> None:
        for source, label in ends:
            if back and label == "":
                label = "back"
            self.edges[source, node] = label, back

    def block(self, body: Sequence[Any], ends: Ends) -> Ends:
        for statement in body:
            ends = self.statement(statement, ends)
        return ends

    def statement(self, node: Any, ends: Ends) -> Ends:
        self.nodes.append(node)
        self.arrive(ends, node)
        if isinstance(node, gast.If):
            return [
                *self.block(node.body, [(node, "true")]),
                *self.block(node.orelse, [(node, "false")]),
            ]
        if isinstance(node, gast.For | gast.While):
            self.breaks.append([])
            self.headers.append(node)
            self.arrive(self.block(node.body, [(node, "true")]), node, back=True)
            self.headers.pop()
            broken = self.breaks.pop()
            return [*self.block(node.orelse, [(node, "exit")]), *broken]
        if isinstance(node, gast.Break):
            self.breaks[-1].append((node, ""))
            return []
        if isinstance(node, gast.Continue):
            self.arrive([(node, "")], self.headers[-1], back=True)
            return []
        if isinstance(node, gast.Return | gast.Raise):
            self.arrive([(node, "")], EXIT)
            return []
        if isinstance(node, SIMPLE):
            return [(node, "")]
        raise UnsupportedError(
            f"`{type(node).__name__.lower()}` is not supported: its control flow is not modelled",
            self.function.origin(node),
            remedy="move it into a function of its own that has a recipe, or out of the program",
        )


class Cfg(Fact):
    """The control-flow graph of a function: `facts[Cfg]` is a `Graph`."""

    name = "cfg"

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> Graph:
        return _Builder(function).build()
