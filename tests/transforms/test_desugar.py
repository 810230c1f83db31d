"""Statements of few forms, and the meaning that Python gives them."""

import copy

import numpy as np
import pytest

import tangent.transforms.desugar
import tangent.transforms.exits  # noqa: F401
from tangent import tree
from tangent.errors import UnsupportedError
from tests.helpers import define, execute, outcome, source, transform

# input body, expected body (of `def f(a, b, A, xs, ys, n)`)
GOLDEN = {
    "plain stays": (
        "a = b\nA[n] = a\nA[n] += 1\na += 2\nprint(a)\nassert a, b\nreturn a",
        "a = b\nA[n] = a\nA[n] += 1\na += 2\nprint(a)\nassert a, b\nreturn a",
    ),
    "independent": ("a, b = 1, 2", "a = 1\nb = 2"),
    "swap": ("a, b = b, a", "b2 = a\na = b\nb = b2"),
    "recurrence": ("a, b = b, a + b", "b2 = a + b\na = b\nb = b2"),
    "rotation": (
        "a, b, n = b, n, a",
        "n2 = a\na = b\nb = n\nn = n2",
    ),
    "swap of elements": (
        "A[a], A[b] = A[b], A[a]",
        "A_a = A[a]\nA[a] = A[b]\nA[b] = A_a",
    ),
    "calls stay in order": (
        "a, b = g(b), h(a)",
        "a2 = g(b)\nb2 = h(a)\na = a2\nb = b2",
    ),
    "index before it changes": ("A[a], a = 1, 2", "A[a] = 1\na = 2"),
    "index after it changed": ("a, A[a] = 1, 2", "a = 1\nA[a] = 2"),
    "nested displays": ("(a, b), n = (1, b), [2]", "a = 1\nn = [2]"),
    "starred": ("a, *b = 1, 2, 3", "a = 1\nb = [2, 3]"),
    "starred last": ("*a, b = (1,)", "a = []\nb = 1"),
    "ternary": (
        "a, b = (a, b) if a < b else (b, a)",
        "if not a < b:\n    b2 = a\n    a = b\n    b = b2",
    ),
    "results": ("a, b = g(a)", "a, b = g(a)"),
    "results to elements": (
        "a, A[a], b = g(a)",
        "a, A_a, b2 = g(a)\nA[a] = A_a\nb = b2",
    ),
    "shape": (
        "a, b = A.shape",
        "tangent.check_length(A.shape, 2)\na = A.shape[0]\nb = A.shape[1]",
    ),
    "sequence": (
        "a, b = xs",
        "tangent.check_length(xs, 2)\na = xs[0]\nb = xs[1]",
    ),
    "sequence in an expression": (
        "a, b = xs[n]",
        "xs_n = xs[n]\ntangent.check_length(xs_n, 2)\na = xs_n[0]\nb = xs_n[1]",
    ),
    "sequence that is rebound": (
        "xs, a = xs",
        "tangent.check_length(xs, 2)\na2 = xs[1]\nxs = xs[0]\na = a2",
    ),
    "sequence, starred": (
        "a, *n, b = xs",
        "tangent.check_length(xs, 2, True)\na = xs[0]\nn = list(xs[1:-1])\nb = xs[-1]",
    ),
    "chain": ("a = b = n + 1", "a = n + 1\nb = a"),
    "chain of a constant": ("a = b = 0.0", "a = 0.0\nb = 0.0"),
    "chain from an element": ("A[0] = a = b + 1", "value = b + 1\nA[0] = value\na = value"),
    "chain with a tuple": (
        "a, b = n = xs",
        "tangent.check_length(xs, 2)\na = xs[0]\nb = xs[1]\nn = xs",
    ),
    "annotation": ("a: float = 2\nb: int", "a = 2"),
    "expressions": ("'text'\na\n...\na + b\nprint(a)", "unused = a + b\nprint(a)"),
    "del": ("del a\nreturn b", "return b"),
    "return": ("return", "return None"),
    "pass": (
        "if a:\n    pass\nelse:\n    pass\npass\nwhile a:\n    pass",
        "if a:\n    pass\nwhile a:\n    pass",
    ),
    "range": ("for i in range(n):\n    n = i", "for i in range(n):\n    n = i"),
    "range to an element": (
        "for A[0] in range(3):\n    b += A[0]",
        "for i in range(3):\n    A[0] = i\n    b += A[0]",
    ),
    "an unknown sequence": (
        "for x in xs:\n    a += x",
        "tangent.check_sequence(xs)\nfor i in range(len(xs)):\n    x = xs[i]\n    a += x",
    ),
    "a display": (
        "for x in (a, b):\n    a += x",
        "xs2 = (a, b)\nfor i in range(2):\n    x = xs2[i]\n    a += x",
    ),
    "a slice": (
        "for row in A[1:]:\n    a += row",
        "rows = A[1:]\ntangent.check_sequence(rows)\nfor i in range(len(rows)):\n    row = rows[i]\n    a += row",
    ),
    "tuple targets": (
        "for (a, b) in xs:\n    n += a",
        "tangent.check_sequence(xs)\nfor i in range(len(xs)):\n    xs_i = xs[i]\n    tangent.check_length(xs_i, 2)\n"
        "    a = xs_i[0]\n    b = xs_i[1]\n    n += a",
    ),
    "enumerate": (
        "for k, x in enumerate(xs):\n    A[k] = x",
        "tangent.check_sequence(xs)\nfor k in range(len(xs)):\n    x = xs[k]\n    A[k] = x",
    ),
    "enumerate from": (
        "for k, x in enumerate(xs, 1):\n    A[k] = x",
        "tangent.check_sequence(xs)\nfor i in range(len(xs)):\n    k = i + 1\n    x = xs[i]\n    A[k] = x",
    ),
    "enumerate, zip": (
        "for k, (x, y) in enumerate(zip(xs, ys)):\n    A[k] = x * y",
        "tangent.check_sequence(xs)\ntangent.check_sequence(ys)\n"
        "for k in range(min(len(xs), len(ys))):\n    x = xs[k]\n    y = ys[k]\n    A[k] = x * y",
    ),
    "zip with range": (
        "for k, x in zip(range(1, n), xs):\n    A[k] = x",
        "tangent.check_sequence(xs)\nfor i in range(min(n - 1, len(xs))):\n    k = i + 1\n"
        "    x = xs[i]\n    A[k] = x",
    ),
    "zip as one": (
        "for p in zip(xs, ys):\n    a += p[0]",
        "tangent.check_sequence(xs)\ntangent.check_sequence(ys)\n"
        "for i in range(min(len(xs), len(ys))):\n    p = (xs[i], ys[i])\n    a += p[0]",
    ),
    "strict": (
        "for x, y in zip(xs, ys, strict=True):\n    a += x * y",
        "tangent.check_sequence(xs)\ntangent.check_sequence(ys)\nif not len(xs) == len(ys):\n"
        "    raise ValueError('zip() arguments have different lengths')\n"
        "for i in range(min(len(xs), len(ys))):\n    x = xs[i]\n    y = ys[i]\n    a += x * y",
    ),
    "reversed": (
        "for x in reversed(xs):\n    a -= x",
        "tangent.check_sequence(xs)\nfor i in range(len(xs) - 1, -1, -1):\n    x = xs[i]\n    a -= x",
    ),
    "reversed range": (
        "for i in reversed(range(n)):\n    a -= i",
        "for i in range(n - 1, -1, -1):\n    a -= i",
    ),
    "reversed range from": (
        "for i in reversed(range(b, n)):\n    a -= i",
        "for i in range(n - 1, b - 1, -1):\n    a -= i",
    ),
    "reversed range with a step": (
        "for i in reversed(range(0, n, 2)):\n    a -= i",
        "items = range(0, n, 2)\nfor j in range(len(items) - 1, -1, -1):\n    i = items[j]\n    a -= i",
    ),
    "the iterated name is rebound": (
        "for k, xs in enumerate(xs):\n    a -= xs",
        "xs2 = xs\ntangent.check_sequence(xs2)\nfor k in range(len(xs2)):\n    xs = xs2[k]\n    a -= xs",
    ),
    "names that are taken": (
        "tangent = len = i = 3\nfor x in xs:\n    a += x",
        "tangent = 3\nlen = 3\ni = 3\ntangent2.check_sequence(xs)\n"
        "for j in range(len2(xs)):\n    x = xs[j]\n    a += x",
    ),
}


def with_header(body):
    return "def f(a, b, A, xs, ys, n):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


@pytest.mark.parametrize("case", GOLDEN)
def test_golden(case):
    body, expected = GOLDEN[case]
    assert source(transform(with_header(body), "desugar")) == with_header(expected)


def helper(x):
    return x + 1, x * 2


RUN = {
    "swap": "a, b = b, a\nA[0], A[1], a = A[1], A[0], A[0]\nreturn a, b",
    "views are swapped as NumPy does": "B = np.outer(A, A)\nB[0], B[1] = B[1], B[0]\nreturn B",
    "masked": "i = 0\nA[i], i = 5, 2\ni, A[i] = 1, 7\nreturn i",
    "results": "i = 0\nA[i], i = helper(a)\ni, A[1] = helper(b)\nreturn i",
    "aliases": "B = A\nA[0], a = 5, B[0] + 1\nreturn a",
    "overlap": "A[1:], b = A[:-1], A[1]\nreturn b",
    "reads through a name": "A[0], b = 1, xs\nA[0], b = b[0], A\nreturn b",
    "starred": "p, *q = xs\n*r, s = A\nreturn p, q, r, s",
    "starred in the middle": "p, *q, s = 'abcd'\nreturn p, q, s",
    "starred of few": "p, q, *s = xs[:2]\nreturn p, q, s",
    "too few": "p, q = xs[:1]",
    "too many": "p, q = xs",
    "too few, starred": "p, q, *r = xs[:1]",
    "not a sequence": "p, q = a",
    "nested": "(p, q), r = (xs[:2], 3)\nreturn p, q, r",
    "shape": "n, = A.shape\nreturn n",
    "a wrong shape": "m, n = A.shape\nreturn n",
    "chain": "p = q = [a]\nq[0] = 5\nreturn p",
    "chain of an element": "i = A[i] = 2\nreturn i",
    "chain with an index": "i = 1\nA[i] = i = 2\nA[i] = i = 0\nreturn i",
    "chain that rebinds": "a = b = a\na = (b, a) = (a, 7)\nreturn a, b",
    "loops": "for x in A:\n    a += x\nfor x in xs:\n    a += x\nfor x in (a, b):\n    b += x\nreturn a, b, x",
    "elements are read live": "for i, x in enumerate(A):\n    if i + 1 < len(A):\n        A[i + 1] += x\nreturn x",
    "rebound while iterating": "for x in xs:\n    xs = x\nreturn xs",
    "rebound index": "for i in range(n):\n    i = i + 1\n    a += i\nreturn a, i",
    "rebound enumerate": "for i, x in enumerate(xs):\n    i += x\n    a += i\nreturn a, i",
    "both targets the same": "for i, i in enumerate(xs):\n    a += i\nreturn a, i",
    "target of an index": "i = 0\nfor A[i], i in zip(xs, range(9)):\n    a += i\nreturn a, i",
    "index used in a target": "for i, A[i] in enumerate(xs):\n    a += A[i]\nreturn a, i",
    "index clashes inside": "for i, (i, x) in enumerate(zip(xs, A)):\n    a += i * x\nreturn a, i",
    "aliased targets": "for A[0], x in zip(A, A):\n    a += x\nreturn a, x",
    "no trip": "for x in xs[:0]:\n    a += x\nreturn x",
    "no trip, zip": "for x, y in zip(xs, range(-2)):\n    a += x\nreturn a",
    "uneven zip": "for x, y, z in zip(xs, A, range(1, 3)):\n    a += x * y * z\nreturn a, x, y, z",
    "zip": "for i, (x, (j, y)) in enumerate(zip(xs, enumerate(A, n)), b):\n    a += i * x * j * y\nreturn a, i",
    "zip, reversed": "for x, y in zip(xs, reversed(A)):\n    a += x * y\nreturn a",
    "zip, reversed range": "for x, y in zip(xs, reversed(range(1, 9, 3))):\n    a += x * y\nreturn a",
    "strict": "for x, y in zip(xs, xs[1:], strict=True):\n    pass",
    "not strict": "for x, y in zip(xs, xs[1:], strict=False):\n    a += x * y\nreturn a",
    "bound that changes": "for k, x in zip(range(n), xs):\n    n = 0\n    a += k * x\nreturn a",
    "start that changes": "for k, x in enumerate(xs, n):\n    n += 1\n    a += k * x\nreturn a",
    "reversed ranges": (
        "for i in reversed(range(n)):\n    a = 3 * a + i\n"
        "for i in reversed(range(b, n + 2)):\n    a = 3 * a + i\n"
        "for i in reversed(range(n, -2, -1)):\n    a = 3 * a + i\n"
        "for i in reversed(range(1, 9, n)):\n    a = 3 * a + i\n"
        "for i in reversed(range(9)[:n]):\n    a = 3 * a + i\n"
        "for i in range(0):\n    a = i\n"
        "return a, i"
    ),
    "a string": "for c in 'abc':\n    print(c)",
    "0-d": "for x in A[0]:\n    pass",
    "pairs": "for p, (q, r) in [(1, (2, 3)), (4, A[:2])]:\n    a += p * q * r\nreturn a",
    "evaluation order": (
        "trace = []\n"
        "def_order = (trace.append(1), trace.append(2))\n"
        "A[len(trace) - 2], a = len(trace), trace.append(3)\n"
        "return trace, a"
    ),
    "ternary": "p, q = (a, b) if a > b else xs[:2]\nreturn p, q",
    "rows": "for row in np.outer(A, A):\n    row[0] = a\n    a += row.sum()\nreturn a",
}

# These raise our own error, where Python raises TypeError or goes on.
OURS = {"not a sequence", "a string", "0-d"}


@pytest.mark.parametrize("case", RUN)
@pytest.mark.parametrize("passes", ["desugar", "desugar,exits"])
def test_it_means_the_same(case, passes):
    f = define(with_header(RUN[case]), "f", np=np, helper=helper)
    g = execute(transform(f, passes))
    for n in (0, 1, 3):
        arguments = [2, 1, np.array([1.0, 2.0, 3.0, 4.0]), [1, 2, 3], (4, 5, 6), n]
        before, after = copy.deepcopy(arguments), copy.deepcopy(arguments)
        expected, got = outcome(f, *before), outcome(g, *after)
        if case in OURS:
            assert got[1][0] is UnsupportedError
            continue
        if expected[0] == "raises":
            assert got[0] == "raises" and got[1][0] is expected[1][0]
        else:
            assert repr(got) == repr(expected)
        assert repr(after) == repr(before)


def test_the_elements_of_a_dict_are_refused():
    g = execute(transform("def f(d):\n    for k in d:\n        print(k)", "desugar"))
    with pytest.raises(UnsupportedError, match="a loop over dict can't be differentiated"):
        g({1: 2})


def test_statements_have_the_origin_of_the_users():
    function = transform(with_header("for i, (x, y) in zip(xs, ys):\n    a, b = b, a"), "desugar")
    for statement in tree.walk_statements(function.node.body):
        assert statement.origins[0].line in (2, 3)
    lines = [s.origins[0].text for s in tree.walk_statements(function.node.body)]
    assert set(lines) == {"for i, (x, y) in zip(xs, ys):", "a, b = b, a"}


REFUSED = {
    "wrong number": (
        "a, b = 1, 2, 3",
        """\
<F>:2: in f: 3 values can't be assigned to 2 targets
    a, b = 1, 2, 3
    ^^^^^^^^^^^^^^
  what to do: give each target one value""",
    ),
    "range is taken": (
        "range = 3\nfor x in xs:\n    pass",
        """\
<F>:3: in f: this loop needs the builtin `range`, whose name is taken here
    for x in xs:
    ^^^^^^^^^^^^
  what to do: give your own `range` another name""",
    ),
    "a list that grows": (
        "for x in xs:\n    xs.append(x)",
        """\
<F>:3: in f: `xs` changes its length in a loop over it
    xs.append(x)
    ^^^^^^^^^^^^
  what to do: loop over a copy: `list(xs)`""",
    ),
    "strict": (
        "for x in zip(xs, ys, strict=a):\n    pass",
        """\
<F>:2: in f: `strict=` of this `zip` can't be followed
    for x in zip(xs, ys, strict=a):
             ^^^^^^^^^^^^^^^^^^^^^
  what to do: compare the lengths in an `assert` before the loop""",
    ),
    "reversed zip": (
        "for x in reversed(zip(xs, ys)):\n    pass",
        """\
<F>:2: in f: an iterator can't be reversed
    for x in reversed(zip(xs, ys)):
             ^^^^^^^^^^^^^^^^^^^^^
  what to do: reverse what it iterates over, or loop over `range` and index""",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    body, expected = REFUSED[case]
    f = define(with_header(body), "f")
    with pytest.raises(UnsupportedError) as caught:
        transform(f, "desugar")
    assert str(caught.value) == expected.replace("<F>", f.__code__.co_filename)
