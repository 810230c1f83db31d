"""One return at the end; jumps become structure; programs behave as before."""

import gast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tangent.transforms.desugar
import tangent.transforms.exits  # noqa: F401
from tangent import tree
from tangent.errors import PassError
from tests.helpers import define, execute, outcome, source, transform

PASSES = "desugar,exits"

GOLDEN = {
    "nothing to do": (
        """
def f(x):
    y = x * 2
    return y
""",
        """
def f(x):
    y = x * 2
    return y
""",
    ),
    "no return": (
        """
def f(x):
    x[0] = 1
""",
        """
def f(x):
    x[0] = 1
    return None
""",
    ),
    "a chain of returns": (
        """
def f(a):
    if a > 2:
        return a
    elif a > 1:
        return -a
    b = a * a
    return b
""",
        """
def f(a):
    if a > 2:
        result = a
    elif a > 1:
        result = -a
    else:
        b = a * a
        result = b
    return result
""",
    ),
    "raise stays": (
        """
def f(a):
    if a < 0:
        raise ValueError(a)
        a = 3
    b = a * a
    return b
    b = 4
""",
        """
def f(a):
    if a < 0:
        raise ValueError(a)
    b = a * a
    return b
""",
    ),
    "a nested return before a small return": (
        """
def f(a, b):
    if a:
        if b:
            return 1
        a = 2
    return a
""",
        """
def f(a, b):
    if a:
        if b:
            result = 1
        else:
            a = 2
            result = a
    else:
        result = a
    return result
""",
    ),
    "a nested return before more": (
        """
def f(a, b):
    if a:
        if b:
            return 1
        a = 2
    c = a + b
    return c
""",
        """
def f(a, b):
    returned = False
    if a:
        if b:
            result = 1
            returned = True
        else:
            a = 2
    if not returned:
        c = a + b
        result = c
    return result
""",
    ),
    "return in a loop": (
        """
def f(x, s):
    for i in range(len(x)):
        if x[i] < 0:
            return x[i]
        s += x[i]
    return s
""",
        """
def f(x, s):
    returned = False
    for i in range(len(x)):
        if x[i] < 0:
            result = x[i]
            returned = True
            break
        else:
            s += x[i]
    if not returned:
        result = s
    return result
""",
    ),
    "the same return in and behind a loop": (
        """
def f(x, n):
    for _ in range(n):
        if abs(x) < 1:
            return x
        x = x / 2
    return x
""",
        """
def f(x, n):
    for _ in range(n):
        if abs(x) < 1:
            break
        else:
            x = x / 2
    return x
""",
    ),
    "an endless loop that returns": (
        """
def f(x):
    while True:
        x = x / 2
        if x < 1:
            return x * 3
""",
        """
def f(x):
    while True:
        x = x / 2
        if x < 1:
            result = x * 3
            break
    return result
""",
    ),
    "continue": (
        """
def f(x, s):
    for i in range(len(x)):
        if x[i] < 0:
            continue
        if not x[i] > 3:
            continue
        s += x[i]
    return s
""",
        """
def f(x, s):
    for i in range(len(x)):
        if not x[i] < 0:
            if x[i] > 3:
                s += x[i]
    return s
""",
    ),
    "break": (
        """
def f(x):
    while x > 1:
        if x == 5:
            break
        x = x - 1
    return x
""",
        """
def f(x):
    while x > 1:
        if x == 5:
            break
        else:
            x = x - 1
    return x
""",
    ),
    "break and continue in a nested if": (
        """
def f(x, n):
    for i in range(n):
        if i > 2:
            if x > 9:
                break
            if x > 5:
                continue
            x = x + 1
        x = x + i
    return x
""",
        """
def f(x, n):
    for i in range(n):
        stop = False
        skip = False
        if i > 2:
            if x > 9:
                stop = True
            elif x > 5:
                skip = True
            else:
                x = x + 1
        if stop:
            break
        elif not skip:
            x = x + i
    return x
""",
    ),
    "return in nested loops": (
        """
def f(A, n):
    for i in range(n):
        for j in range(n):
            if A[i, j] < 0:
                return i
        A[i, i] = 1
    print(n)
""",
        """
def f(A, n):
    returned = False
    for i in range(n):
        for j in range(n):
            if A[i, j] < 0:
                result = i
                returned = True
                break
        if returned:
            break
        else:
            A[i, i] = 1
    if not returned:
        print(n)
        result = None
    return result
""",
    ),
    "names that are taken": (
        """
def f(result, returned):
    for i in range(result):
        if returned:
            return i * 2
    return result * 2
""",
        """
def f(result, returned):
    returned2 = False
    for i in range(result):
        if returned:
            result2 = i * 2
            returned2 = True
            break
    if not returned2:
        result2 = result * 2
    return result2
""",
    ),
}


@pytest.mark.parametrize("case", GOLDEN)
def test_golden(case):
    text, expected = GOLDEN[case]
    assert source(transform(text, PASSES)) == expected.lstrip("\n")


def test_it_needs_plain_statements():
    with pytest.raises(PassError, match="pass 'exits' needs a tree in the form"):
        transform("def f(x):\n    return x", "exits")


def test_statements_keep_their_origins():
    f = "def f(x):\n    if x > 0:\n        return x * 2\n    return x"
    function = transform(f, PASSES)
    texts = [s.origins[0].text for s in tree.walk_statements(function.node.body)]
    assert texts == ["if x > 0:", "return x * 2", "return x", "return x"]


def check_form(function):
    """What the pass promises."""
    *body, last = function.node.body
    assert isinstance(last, gast.Return)
    everything = list(tree.walk_statements(function.node.body))
    assert sum(isinstance(s, gast.Return) for s in everything) == 1
    assert not any(isinstance(s, gast.Continue) for s in everything)

    def breaks(block, tail):
        for k, s in enumerate(block):
            here = tail and k == len(block) - 1
            if isinstance(s, gast.Break):
                assert here
            inner = isinstance(s, gast.For | gast.While) or here
            for nested in tree.blocks(s):
                breaks(nested, inner)

    breaks(body, False)


# --- random programs: integer state, and a trace of all that was executed

TESTS = ["a < b", "a % 2 == 0", "b > 3", "not a > c", "c == 2", "a + b < c", "True"]
SIMPLE = ["a += 1", "b = a + c", "c = (a * 3 + b) % 7", "a, b = b, a", "b += i", "pass", "t(a)"]
JUMPS = ["return a", "return a + b", "return", "return a, b", "raise ValueError(a)"]


def indent(lines):
    return ["    " + line for line in lines]


@st.composite
def block(draw, depth, in_loop):
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["simple", "simple", "if", "if", "for", "while", "jump"]))
        if kind == "simple" or (depth == 0 and kind != "jump"):
            lines.append(draw(st.sampled_from(SIMPLE)))
        elif kind == "jump":
            choices = JUMPS + ["break", "break", "continue", "continue"] * in_loop
            lines.append(draw(st.sampled_from(choices)))
        elif kind == "if":
            lines += [f"if {draw(st.sampled_from(TESTS))}:"]
            lines += indent(draw(block(depth - 1, in_loop)))
            if draw(st.booleans()):
                lines += ["else:", *indent(draw(block(depth - 1, in_loop)))]
        elif kind == "for":
            over = draw(
                st.sampled_from(["range(3)", "range(b % 4)", "(c, a, 2)", "reversed([a, b])"])
            )
            lines += [f"for i in {over}:", *indent(draw(block(depth - 1, True)))]
        else:
            test = draw(st.sampled_from(["a < 12", "b < 9", "True"]))
            lines += [f"while {test}:", "    t(0)", *indent(draw(block(depth - 1, True)))]
    return lines


class OutOfFuel(Exception):
    pass


@settings(max_examples=300, deadline=None)
@given(block(3, False), st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=3, max_size=3))
def test_random_programs_behave_as_before(lines, inputs):
    text = "\n".join(["def f(a, b, c, i):", *indent(lines)])
    traced = []

    def t(value):
        traced.append(value)
        if len(traced) > 60:
            raise OutOfFuel

    original = define(text, "f", t=t)
    function = transform(original, PASSES)
    check_form(function)
    transformed = execute(function)
    for arguments in inputs:
        traced.clear()
        expected = outcome(original, *arguments, 0), list(traced)
        traced.clear()
        got = outcome(transformed, *arguments, 0), list(traced)
        assert got == expected, source(function)
