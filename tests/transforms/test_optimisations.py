"""Each optimisation pass by itself: what it does to a small piece of emitted code, and what it must leave alone.

In the texts, names that begin with `t` or `g` are the transforms' own; `clear:` marks a clear of an adjoint.
"""

from __future__ import annotations

from dataclasses import replace

import gast
import numpy as np
import pytest

import tangent
from tangent import tree
from tangent.emit import emit_statements
from tangent.passes import pipeline, run_pipeline
from tangent.program import Function, Program, Scope


def function(text: str) -> Function:
    """A function of emitted code."""
    lines, clears = [], set()
    for number, line in enumerate(text.strip("\n").split("\n"), start=1):
        if "clear: " in line:
            clears.add(number)
        lines.append(line.replace("clear: ", ""))
    node = gast.parse("\n".join(lines)).body[0]
    for expr in tree.walk(node):
        if isinstance(expr, gast.expr):
            del expr.lineno  # what we write has no place in the user's text
    for statement in tree.walk_statements(node.body):
        statement.role = "adjoint"
        statement.origins = ()
        if getattr(statement, "lineno", None) in clears:
            statement.is_clear = True
        if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
            statement.temporary = statement.targets[0].id[0] in "tg"
    return Function(node, Scope({"np": np, "tangent": tangent}), promises=frozenset({"emitted"}))


def after(name: str, text: str) -> str:
    before = function(text)
    if name == "elements":
        before = replace(before, promises=before.promises | {"anf"})
    shown = tree.unparse(before.node)
    program = run_pipeline(Program((before,)), pipeline(name), {"wrt": ("x",)})
    assert tree.unparse(before.node) == shown, "the pass changed its input"
    return emit_statements(program.entry.node.body).strip()


def body(text: str) -> str:
    """The statements of a function's text, as they are printed."""
    return emit_statements(function(text).node.body).strip()


CASES = {
    "copies": [
        (
            "def f(x):\n t = x\n y = t * t\n return y",
            "def f(x):\n t = x\n y = x * x\n return y",
        ),
        (  # the original is bound again
            "def f(x):\n t = x\n x = x + 1.0\n return t * x",
            "def f(x):\n t = x\n x = x + 1.0\n return t * x",
        ),
        (  # in a loop whose body binds it again
            "def f(x, n):\n t = x\n for i in range(n):\n  x = x * t\n return x",
            "def f(x, n):\n t = x\n for i in range(n):\n  x = x * t\n return x",
        ),
    ],
    "elements": [
        (
            "def f(x, i):\n t = (i, x)\n tangent.check_length(t, 2)\n k = t[0]\n y = t[1]\n return y",
            "def f(x, i):\n t = (i, x)\n k = i\n y = x\n return y",
        ),
        (  # what was put in is bound again
            "def f(x):\n t = (x, 1.0)\n x = x + 1.0\n y = t[0]\n return y",
            "def f(x):\n t = (x, 1.0)\n x = x + 1.0\n y = t[0]\n return y",
        ),
        (  # in a loop whose body binds it again; another length, another index
            "def f(x, n):\n t = (x, n)\n for i in range(n):\n  x = t[0]\n  t = (x, x)\n tangent.check_length(t, 3)\n y = t[2]\n return y",
            "def f(x, n):\n t = (x, n)\n for i in range(n):\n  x = t[0]\n  t = (x, x)\n tangent.check_length(t, 3)\n y = t[2]\n return y",
        ),
        (
            "def f(x, n):\n r = range(1, n)\n tangent.check_sequence(r)\n for k in range(len(r)):\n  i = r[k]\n  x = x * i\n return x",
            "def f(x, n):\n r = range(1, n)\n for k in range(1, n):\n  i = k\n  x = x * i\n return x",
        ),
        (  # the number of the iteration is read, there or afterwards, or the bound changes
            "def f(x, n):\n r = range(n)\n for k in range(len(r)):\n  i = r[k]\n  x = x * k\n for h in range(len(r)):\n  i = r[h]\n for j in range(len(r)):\n  n = r[j]\n return h",
            "def f(x, n):\n r = range(n)\n for k in range(len(r)):\n  i = r[k]\n  x = x * k\n for h in range(len(r)):\n  i = r[h]\n for j in range(len(r)):\n  n = r[j]\n return h",
        ),
        (  # a list may change
            "def f(x):\n t = [x, 1.0]\n y = t[0]\n return y",
            "def f(x):\n t = [x, 1.0]\n y = t[0]\n return y",
        ),
    ],
    "common": [
        (
            "def f(x):\n t = np.cos(x)\n t2 = np.cos(x)\n return t + t2",
            "def f(x):\n t = np.cos(x)\n t2 = t\n return t + t2",
        ),
        (  # what it reads is written in between
            "def f(x):\n A = x * 1.0\n t = A[0]\n A[0] = 2.0\n t2 = A[0]\n return t + t2",
            "def f(x):\n A = x * 1.0\n t = A[0]\n A[0] = 2.0\n t2 = A[0]\n return t + t2",
        ),
        (  # two buffers, one of which is written
            "def f(x):\n t = np.zeros(3)\n t2 = np.zeros(3)\n t[0] = x\n return t + t2",
            "def f(x):\n t = np.zeros(3)\n t2 = np.zeros(3)\n t[0] = x\n return t + t2",
        ),
    ],
    "dead": [
        (
            "def f(x, n):\n s = 0.0\n for i in range(n):\n  s = s + x * i\n return x",
            "def f(x, n):\n return x",
        ),
        (  # a tape that nobody pops from goes with what pushes
            "def f(x):\n a_tape = []\n a_tape.append(x)\n y = x * 2\n b = a_tape.pop()\n return y",
            "def f(x):\n y = x * 2\n return y",
        ),
        (  # a write that a view shows later stays
            "def f(x):\n A = x * 1.0\n v = A[1:]\n A[1] = 3.0\n return v",
            "def f(x):\n A = x * 1.0\n v = A[1:]\n A[1] = 3.0\n return v",
        ),
        (  # effects stay
            "def f(x):\n print(x)\n t = x * 2\n return x",
            "def f(x):\n print(x)\n return x",
        ),
    ],
    "inline": [
        (
            "def f(x, w):\n t = x * w\n y = np.sin(t)\n return y",
            "def f(x, w):\n y = np.sin(x * w)\n return y",
        ),
        (  # not over a write to what it reads
            "def f(x):\n A = x * 1.0\n t = A[0]\n A[0] = 5.0\n return t",
            "def f(x):\n A = x * 1.0\n t = A[0]\n A[0] = 5.0\n return t",
        ),
        (  # not the user's names, not what is read twice
            "def f(x):\n y = x * x\n t = y * x\n return t * t",
            "def f(x):\n y = x * x\n t = y * x\n return t * t",
        ),
        (  # not into a loop
            "def f(x, n):\n t = np.sin(x)\n for i in range(n):\n  x = x * t\n return x",
            "def f(x, n):\n t = np.sin(x)\n for i in range(n):\n  x = x * t\n return x",
        ),
    ],
    "fold": [
        ("def f(x, y):\n return x - -y", "def f(x, y):\n return x + y"),
        ("def f(x):\n return --x", "def f(x):\n return x"),
        (
            "def f(x, b):\n return tangent.keep(b[0]) * x",
            "def f(x, b):\n return b[0] * x",
        ),
        ("def f(x):\n return x * 1.0 + 0.0", "def f(x):\n return x * 1.0 + 0.0"),
    ],
    "clears": [
        (  # merged with the addition to the same element
            "def f(x: float, n: int):\n bA = np.zeros(9)\n for i in range(1, n):\n"
            "  g = bA[i] * 2.0\n  clear: bA[i] = 0.0\n  bA[i - 1] += g\n  bA[i] += g * x\n return bA",
            "def f(x: float, n: int):\n bA = np.zeros(9)\n for i in range(1, n):\n"
            "  g = bA[i] * 2.0\n  bA[i - 1] += g\n  bA[i] = g * x\n return bA",
        ),
        (  # i - 1 may wrap around to i's element: it stays where it is
            "def f(x: float, n: int):\n bA = np.zeros(9)\n for i in range(n):\n"
            "  g = bA[i] * 2.0\n  clear: bA[i] = 0.0\n  bA[i - 1] += g\n  bA[i] += g * x\n return bA",
            "def f(x: float, n: int):\n bA = np.zeros(9)\n for i in range(n):\n"
            "  g = bA[i] * 2.0\n  bA[i] = 0.0\n  bA[i - 1] += g\n  bA[i] += g * x\n return bA",
        ),
        (  # dropped: no later iteration touches the element, and the array is not used again
            "def f(x: float, n: int):\n bA = np.zeros(9)\n s = 0.0\n for i in range(n):\n"
            "  s = s + bA[i] * x\n  clear: bA[i] = 0.0\n return s",
            "def f(x: float, n: int):\n bA = np.zeros(9)\n s = 0.0\n for i in range(n):\n"
            "  s = s + bA[i] * x\n return s",
        ),
        (  # kept: the array is returned
            "def f(x: float, n: int):\n bA = np.zeros(9)\n s = 0.0\n for i in range(n):\n"
            "  s = s + bA[i] * x\n  clear: bA[i] = 0.0\n return s, bA",
            "def f(x: float, n: int):\n bA = np.zeros(9)\n s = 0.0\n for i in range(n):\n"
            "  s = s + bA[i] * x\n  bA[i] = 0.0\n return s, bA",
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "before", "expected"),
    [(name, b, e) for name, cases in CASES.items() for b, e in cases],
    ids=[f"{name}{k}" for name, cases in CASES.items() for k, _ in enumerate(cases)],
)
def test_pass(name, before, expected):
    assert after(name, before) == body(expected)


def test_numbers_and_arrays_take_their_own_form():
    def f(x, v, n):
        for _ in range(n):
            v = v - 0.1 * x * x
            x = x + 0.1 * v
        return x

    df = tangent.grad(f, wrt=("x", "v"), check_dims=False)
    assert "if tangent.are_numbers(x, v, n" in df.source
    numbers = df.source.split("def dfdxv(")[0]
    assert "unbroadcast" not in numbers
    scalar = df(0.3, 0.5, 3)
    arrays = df(np.array([0.3, 0.3]), 0.5, 3)
    np.testing.assert_allclose(arrays[0], [scalar[0]] * 2)
    np.testing.assert_allclose(arrays[1], 2 * scalar[1])
    single = df(np.float32(0.3), np.float32(0.5), 3)
    assert [g.dtype for g in single] == [np.float32, np.float32]
