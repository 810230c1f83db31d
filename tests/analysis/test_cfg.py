"""The control-flow graph: edges with their labels, in the order of the text."""

from __future__ import annotations

import gast
import networkx
import pytest

from tangent.analysis.cfg import ENTRY, EXIT, Cfg
from tangent.analysis.dump import header
from tangent.errors import UnsupportedError
from tangent.facts import Facts
from tangent.program import Function, Scope


def graph_of(text: str):
    node = gast.parse(text).body[0]
    return Facts(Function(node, Scope({})))[Cfg]


def edges(text: str) -> list[str]:
    graph = graph_of(text)
    nodes = [ENTRY, *graph.statements, EXIT]
    place = {node: n for n, node in enumerate(nodes)}
    shown = {n: repr(n) if n is ENTRY or n is EXIT else header(n) for n in nodes}
    found = sorted(graph.digraph().edges(data=True), key=lambda e: (place[e[0]], place[e[1]]))
    return [
        f"{shown[a]} -{d['label']}> {shown[b]}" + (" (back)" if d["back"] else "")
        for a, b, d in found
    ]


def test_branch():
    assert edges("def f(x):\n if x: a = 1\n else: a = 2\n return a") == [
        "ENTRY -> if x:",
        "if x: -true> a = 1",
        "if x: -false> a = 2",
        "a = 1 -> return a",
        "a = 2 -> return a",
        "return a -> EXIT",
    ]


def test_branch_without_else():
    assert edges("def f(x):\n if x: a = 1\n return x") == [
        "ENTRY -> if x:",
        "if x: -true> a = 1",
        "if x: -false> return x",
        "a = 1 -> return x",
        "return x -> EXIT",
    ]


def test_loop():
    assert edges("def f(n):\n for i in range(n): a = i\n return n") == [
        "ENTRY -> for i in range(n):",
        "for i in range(n): -true> a = i",
        "for i in range(n): -exit> return n",
        "a = i -back> for i in range(n): (back)",
        "return n -> EXIT",
    ]


def test_branch_at_the_end_of_a_loop_leads_back_twice():
    assert edges("def f(n):\n while n:\n  if a: n = 1\n return n") == [
        "ENTRY -> while n:",
        "while n: -true> if a:",
        "while n: -exit> return n",
        "if a: -false> while n: (back)",
        "if a: -true> n = 1",
        "n = 1 -back> while n: (back)",
        "return n -> EXIT",
    ]


def test_break_continue_and_else():
    text = """
def f(n):
    for i in range(n):
        if a:
            break
        if b:
            continue
        c = 1
    else:
        d = 2
    return n
"""
    assert edges(text.lstrip()) == [
        "ENTRY -> for i in range(n):",
        "for i in range(n): -true> if a:",
        "for i in range(n): -exit> d = 2",
        "if a: -true> break",
        "if a: -false> if b:",
        "break -> return n",
        "if b: -true> continue",
        "if b: -false> c = 1",
        "continue -back> for i in range(n): (back)",
        "c = 1 -back> for i in range(n): (back)",
        "d = 2 -> return n",
        "return n -> EXIT",
    ]


def test_raise_leads_to_exit_and_what_follows_is_not_reached():
    graph = graph_of("def f(x):\n raise x\n y = 1\n return y")
    first, second, _third = graph.statements
    assert graph.out_edges_of[first] == [(EXIT, "")]
    assert graph.in_edges_of[second] == []
    assert networkx.descendants(graph.digraph(), ENTRY) == {first, EXIT}
    assert set(graph.order) == set(graph.nodes) == set(graph.reverse_order)


def test_reverse_post_order_puts_nodes_after_their_predecessors():
    graph = graph_of("def f(n):\n while n:\n  if a: b = 1\n  else: b = 2\n  c = b\n return c")
    place = {node: n for n, node in enumerate(graph.order)}
    for a, b, d in graph.digraph().edges(data=True):
        assert (place[a] < place[b]) != d["back"]


def test_unknown_control_flow_is_refused():
    with pytest.raises(UnsupportedError, match="`try` is not supported"):
        graph_of("def f(x):\n try: x = 1\n except E: x = 2\n return x")
