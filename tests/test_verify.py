"""The verifier finds every kind of malformed tree, and says which pass made it."""

from __future__ import annotations

from dataclasses import dataclass

import gast
import pytest

from tangent import tree
from tangent.errors import PassError
from tangent.passes import Pass, run_pipeline
from tangent.program import Function, Program, Scope
from tangent.verify import Verifier, verify, verifying


def function(text: str, *promises: str, scope: Scope | None = None, **kwargs) -> Function:
    node = gast.parse(text).body[0]
    return Function(node, scope or Scope({"np": 1}), promises=frozenset(promises), **kwargs)


def check(text: str, *promises: str, **kwargs) -> None:
    verify(Program((function(text, *promises, **kwargs),)))


GOOD = [
    "def f(x):\n    return x",
    "def f(x, *a, k=1, **m):\n    return x, a, k, m",
    "def f(x):\n    for i in range(3):\n        x += i\n    return x, i",
    "def f(x):\n    while x:\n        if x > 1:\n            y = x\n        x = y\n    return x",
    "def f(x):\n    return [i * x for i in range(3)], (lambda z: z + x)",
    "def f(x):\n    if x:\n        y = 1\n    return y",
    "def f(x):\n    A_tape = []\n    A_tape.append(x)\n    return A_tape.pop()",
    "def f(x):\n    mine = []\n    mine.append(x)\n    return mine",
    "def f(x):\n    y = x\n    del x\n    return y",
    "def f(x):\n    A_tape = []\n    A_tape.append(x)\n    return x, (A_tape, x)",
    "def f(x):\n    x[0], *rest = x\n    x[1:] += rest\n    return x",
]


@pytest.mark.parametrize("text", GOOD)
def test_well_formed(text):
    check(text)


BAD = [
    ("def f(x):\n    y = z = x\n    return zz", "`zz` is read, but it is defined nowhere"),
    ("def f(x):\n    y = z\n    z = x\n    return y", "`z` is read, but nothing defines it before"),
    ("def f(x):\n    y += x\n    return y", "`y` is read, but nothing defines it before"),
    ("def f(x):\n    del x\n    return x", "`x` is read, but nothing defines it before"),
    (
        "def f(x):\n    if x:\n        y = 1\n        return y\n    return y",
        "`y` is read, but nothing defines it before",
    ),
    (
        "def f(x):\n    a_tape = []\n    a_tape.append(x)\n    a_tape.append(x)\n"
        "    return a_tape.pop()",
        "the tape `a_tape` has 2 pushes and 1 pops",
    ),
    (
        "def f(x):\n    a_tape, c_tape = [], []\n    for i in range(3):\n        c_tape.append(x)\n"
        "    return c_tape.pop()",
        "the tape `c_tape` has 1 pushes and 1 pops, or at other depths",
    ),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_malformed(text, message):
    with pytest.raises(PassError) as caught:
        check(text)
    assert message in str(caught.value)


FORMS = [
    ("plain", "a = b = x", "one target an assignment"),
    ("plain", "a, b = x", "names, elements or attributes as targets"),
    ("versioned", "x.a = 1", "names or elements as targets"),
    ("versioned", "x.a += 1", "names or elements as targets"),
    ("plain", "for i in x:\n        pass", "`for name in range(…)`"),
    ("plain", "while x:\n        pass\n    else:\n        pass", "no `else` of a loop"),
    ("plain", "import os", "no Import"),
    ("plain", "if x:\n        return", "a value of each return"),
    ("single-exit", "if x:\n        return 1", "one return, at the end"),
    ("single-exit", "while x:\n        continue", "no continue"),
    (
        "single-exit",
        "while x:\n        if x:\n            break\n        x = 1",
        "a break is the last of its loop",
    ),
    ("anf", "y = x + x * x", "one operation a statement, on names: `x * x`"),
    ("anf", "y = np.sin(-x)", "one operation a statement, on names: `-x`"),
    ("anf", "x[0] = x + 1", "one operation a statement, on names: `x + 1`"),
    ("anf", "y = x if x else 1", "one operation a statement"),
    ("anf", "x += x[0]", "one operation a statement, on names: `x[0]`"),
]


@pytest.mark.parametrize(("promise", "text", "message"), FORMS)
def test_forms(promise, text, message):
    whole = f"def f(x):\n    {text}\n    return x"
    with pytest.raises(PassError) as caught:
        check(whole, promise)
    assert message in str(caught.value)
    check(whole)  # without the promise it is well formed


@pytest.mark.parametrize(
    "text",
    [
        "y = -1.0",
        "y = np.linalg.norm(x, ord=2)",
        "y = x[1:len(x) - 1, ...]",
        "y = x < 1 and not x > 3",
        "x[i + 1] = y",
        "x[0] += y",
        "a, b = np.unpack(x, 2)",
        "print(x, y)",
        "y = np.zeros((3, 4))",
        "while x[0] > 1 + y:\n        if x:\n            if y:\n                break\n"
        "            else:\n                x = y",
    ],
)
def test_forms_that_are_kept(text):
    check(f"def f(x, y, i):\n    {text}\n    return x, y", "plain", "single-exit", "anf")


def test_a_node_stands_once():
    f = function("def f(x):\n    y = x + 1\n    return y")
    shared = f.node.body[0].value
    again = f.with_body([f.node.body[0], tree.assign("z", shared), f.node.body[1]])
    with pytest.raises(PassError, match=r"one node stands twice in the tree: `x \+ 1`"):
        verify(Program((again,)))


def test_contexts():
    f = function("def f(x):\n    y = x\n    return y")
    bad = f.with_body([gast.Assign([tree.load("y")], tree.load("x"), None), f.node.body[1]])
    with pytest.raises(
        PassError, match="`y` has the context Load, and stands where Store is needed"
    ):
        verify(Program((bad,)))
    bad = f.with_body([tree.assign("y", tree.store("x")), f.node.body[1]])
    with pytest.raises(
        PassError, match="`x` has the context Store, and stands where Load is needed"
    ):
        verify(Program((bad,)))


def test_names_of_functions_and_free_names():
    two = function("def g(x):\n    return f(x) + helper(x)", scope=Scope({}, {}, {"helper": abs}))
    verify(Program((function("def f(x):\n    return g(x)"), two)))
    verify(Program((two, two)), known_free=["f"])  # of two modules; `emit` wants them renamed
    verify(Program((function("def f(x):\n    return later(x)"),)), known_free=["later"])


@dataclass(frozen=True)
class Breaks(Pass):
    """Renames what is read."""

    name = "breaks"

    def run(self, function, facts):
        *body, _ = function.node.body
        return function.with_body([*body, gast.Return(tree.load("g"))])


@dataclass(frozen=True)
class Mutates(Pass):
    name = "mutates"

    def run(self, function, facts):
        function.node.body[0].value = tree.load("x")
        return function


def test_the_message_names_the_pass_and_shows_the_place():
    program = Program((function("def f(x):\n    y = later(x)\n    return y"),))
    with pytest.raises(PassError) as caught, verifying():
        run_pipeline(program, [Breaks()])
    assert (
        str(caught.value)
        == """\
pass 'breaks' broke f: the name `g` is read, but it is defined nowhere
      1   def f(x):
      2       y = later(x)
      3 >     return g"""
    )


def test_input_that_was_changed_is_found():
    program = Program((function("def f(x):\n    y = 1\n    return y"),))
    with pytest.raises(PassError, match="pass 'mutates' changed the tree of f that it was given"):
        run_pipeline(program, [Mutates()], observers=[Verifier()])
