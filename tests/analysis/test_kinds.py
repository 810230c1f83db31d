"""Kinds: programs with the expected kinds as comments.

y = np.sin(x)      # y: numeric ~ x        after the statement y is numeric, of the shape of x
z = x + x          # z: unknown !~ x       nothing says that z has the shape of x
"""

import re
from typing import Any

import gast
import numpy as np
import numpy.typing as npt
import pytest

import tangent.recipes.numpy
import tangent.recipes.python  # noqa: F401
from tangent import tree
from tangent.analysis import kind_tokens, kinds
from tangent.analysis.kinds import Kinds, KindTable
from tangent.analysis.promises import guard_statements, promised_kinds
from tangent.errors import KindError
from tangent.facts import Facts
from tangent.parse import load
from tangent.recipes.examples import kind_of
from tangent.recipes.kinds import (
    BOOL,
    FLOAT,
    INT,
    NUMBER,
    NUMERIC,
    UNKNOWN,
    Kind,
    is_copy_needed,
    join,
    needs_unbroadcast,
    same_shape,
    zero_expression_kind,
)
from tangent.runtime_kinds import check_kind
from tests import helpers
from tests.analysis.test_kinds_soundness import Run

V = np.zeros(3)
M = np.zeros((3, 3))
F4 = np.zeros(3, "f4")
COMMENT = re.compile(r"#\s*(\w+): ([^~!]*?)\s*(?:(!?~) (\w+))?\s*$")


def scale(x: Any, w: Any) -> Any:
    y = x * w
    return y, w


def power(x: Any, n: Any) -> Any:
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


def table_of(text: str, like: Any = None, **options: Any) -> tuple[KindTable, dict[int, Any]]:
    f = helpers.define(text, np=np, npt=npt, scale=scale, power=power)
    program = load(f)
    table = Facts(program.entry, program, {"like": like, **options})[Kinds]
    lines = {s.lineno: s for s in tree.walk_statements(program.entry.node.body)}
    return table, lines


def check(text: str, like: Any = None, **options: Any) -> None:
    text = text.strip("\n")
    table, lines = table_of(text, like, **options)
    checked = 0
    for number, line in enumerate(text.splitlines(), 1):
        found = COMMENT.search(line)
        if not found:
            continue
        name, expected, relation, other = found.groups()
        statement = lines[number]
        state = (
            table.after[statement]
            if not isinstance(statement, gast.Return)
            else {"it": table.result}
        )
        assert str(state[name]) == expected, f"{line}: {state[name]!r}"
        if relation:
            same = same_shape(state[name], state[other])
            assert same == (relation == "~"), f"{line}: {state[name]!r} {state[other]!r}"
        checked += 1
    assert checked


def test_nothing_known() -> None:
    check("""
def f(x, w):
    a = np.sin(x)            # a: numeric ~ x
    b = a * w                # b: unknown !~ a
    c = b * b                # c: numeric ~ b
    d = 2.0 * x              # d: numeric ~ x
    e = 2 * x                # e: unknown !~ x
    g = x + x                # g: unknown !~ x
    h = a + x                # h: numeric ~ x
    k = x ** 2 - 1           # k: numeric ~ x
    m = x > 0                # m: numeric ~ x
    p = -x                   # p: numeric ~ a
    q = x                    # q: unknown ~ x
    r = len(x)               # r: int
    s = x.shape[0]           # s: int
    t = np.sum(c)            # t: number
    return t                 # it: number
""")


def test_examples() -> None:
    check(
        """
def f(x, A, w, n):
    a = np.sin(x) * w        # a: array[float64, 1d] ~ x
    b = np.dot(x, A)         # b: array[float64, 1d] !~ x
    c = A[0]                 # c: array[float64, 1d]
    d = A[n, 1]              # d: float ~ w
    e = A[1:]                # e: array[float64, 2d] !~ A
    g = A[:, None, 0]        # g: array[float64, 2d]
    h = A[x > 0]             # h: array[float64, 2d]
    k = x / n                # k: array[float64, 1d] ~ x
    m = A.T                  # m: array[float64, 2d] !~ A
    p = m.T                  # p: array[float64, 2d] ~ A
    q = w * n                # q: float
    r = np.sum(A)            # r: float
    t = np.sum(A, axis=0)    # t: array[float64, 1d]
    u = (x, w)               # u: tuple(array[float64, 1d], float)
    v = u[0]                 # v: array[float64, 1d] ~ x
    y = A[n]                 # y: array[float64, 1d]
    y = y + A[0]             # y: array[float64, 1d] ~ c
    z = A.copy()             # z: array[float64, 2d] ~ A
    return z                 # it: array[float64, 2d]
""",
        (V, M, 1.0, 2),
    )


def test_float32_and_integers() -> None:
    check(
        """
def f(x, i, w):
    a = x * 2.0              # a: array[float32, 1d]
    b = x * w                # b: array[?, 1d] ~ x
    c = i * 2                # c: array[int64, 1d] ~ i
    d = i / 2                # d: array[float64, 1d] ~ i
    e = x * i                # e: array[float64, 1d] !~ x
    return e
""",
        (F4, np.arange(3), 1.0),
    )


def test_annotations() -> None:
    check("""
def f(x: float, n: int, A: np.ndarray, B: npt.NDArray[np.float32], c: "bool", L: list):
    a = x * n                # a: float
    b = A * x                # b: numeric ~ A
    d = A[n]                 # d: numeric !~ A
    e = A[n] - A[0]          # e: numeric ~ d
    g = B * 2.0              # g: numeric ~ B
    h = L[0]                 # h: unknown
    k = x if c else n        # k: number
    return k
""")


def test_branches_keep_what_is_equal_in_both() -> None:
    check("""
def f(x, w, c):
    if c:
        y = np.sin(x)
        z = y * 2.0
    else:
        y = np.exp(w)
        z = -y
    a = y * z                # a: numeric ~ y
    b = y * x                # b: unknown !~ y
    return b
""")


def test_a_loop_that_keeps_the_shape() -> None:
    check("""
def f(a, n):
    for i in range(n):       # i: int
        a = a * a            # a: numeric
        b = np.sin(a)        # b: numeric ~ a
    return b
""")


def test_a_loop_that_may_change_the_shape() -> None:
    check("""
def f(a, x, n):
    s = 0.0                  # s: float
    last = s                 # last: float
    for i in range(n):
        t = s * s            # t: numeric ~ s
        d = s - last         # d: numeric !~ s
        last = s             # last: numeric ~ s
        s = s + a * x        # s: numeric !~ last
    return s
""")


def test_a_matrix_recurrence() -> None:
    check(
        """
def f(W, U, x):
    h = np.zeros((len(x) + 1, len(W)))    # h: array[float64, 2d]
    for t in range(len(x)):               # t: int
        h[t + 1] = np.tanh(np.dot(h[t], W) + np.dot(x[t], U))
        r = h[t + 1]                      # r: array[float64, 1d]
        q = r - h[t]                      # q: array[float64, 1d] ~ r
    return np.sum(h * h)                  # it: float
""",
        (M, M, M),
    )


def test_lists() -> None:
    check("""
def f(x, w):
    L = [x, 1.0]             # L: list(unknown, float)
    a = L[1]                 # a: float
    L.append(w)              # L: list
    b = L[1]                 # b: unknown
    y = np.sin(w)            # y: numeric ~ w
    w.append(1.0)            # w: unknown !~ y
    return L
""")


def test_in_place() -> None:
    text = """
def f(A, n):
    for i in range(1, n):
        p = A[i - 1]         # p: {0}
        q = p + A[i] * A[i]  # q: {0} {1} p
        A[i] = q / 3.0       # A: {2}
    A *= 2.0                 # A: {2}
    return A
"""
    check(text.format("float", "~", "array[float64, 1d]"), (V, 3))
    check(text.format("unknown", "!~", "unknown").replace("A *= 2.0   ", "A[0] = 2.0 "))
    check(text.replace("    A *= 2.0                 # A: {2}\n", "").format(
        "numeric", "~", "array[?, ?d]"), written_are_arrays=True)  # fmt: skip


def test_calls_are_looked_into() -> None:
    text = """
def f(x, w):
    y, v = scale(x, w)       # y: {}
    z, v = scale(x, 2.0)     # z: {} ~ x
    p = power(1.0, 3)        # p: numeric
    return y
"""
    check(text.format("array[float64, 1d]", "array[float64, 1d]"), (V, 1.0))
    check(text.format("unknown", "numeric"))


def test_globals_are_unknown() -> None:
    check(
        """
def f(x):
    g = COUNT                # g: unknown
    h = np.pi                # h: float
    return g
COUNT = 3
""".replace("\nCOUNT = 3", "")
    )


# ---- the proofs are needed ------------------------------------------------------------------

TRAPS = {
    "previous value of a loop": """
def f(x, n):
    p = x
    for i in range(n):
        if i > 0:
            d = [c, p]
        p = c = np.ones(i + 1)
    return p
""",
    "list grows": """
def f(x, n):
    L = [1.0]
    K = L
    for i in range(n):
        L.append(2.0)
        k = K
    return k
""",
    "repetition": """
def f(x, n):
    y = n * x
    return y
""",
}
SABOTAGES: list[tuple[str, Any, str, Any]] = [
    ("previous value of a loop", kinds, "own_tokens", lambda kind, first, last, token: kind),
    ("list grows", kinds, "holds_list", lambda kind: False),
    ("repetition", "tangent.analysis.kind_rules", "_may_be_sequence_operation", lambda *a: False),
]


@pytest.mark.parametrize("trap", SABOTAGES, ids=lambda t: t[0])
def test_the_traps_catch(trap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name, module, attribute, broken = trap
    f = helpers.define(TRAPS[name], np=np)
    Run(load(f))([[0.5, 0.7], 3], {})
    target = (
        f"{module}.{attribute}" if isinstance(module, str) else f"{module.__name__}.{attribute}"
    )
    monkeypatch.setattr(target, broken)
    with pytest.raises(AssertionError, match="claimed"):
        Run(load(f))([[0.5, 0.7], 3], {})


# ---- the lattice and its predicates ---------------------------------------------------------

A1 = Kind("array", "float64", 1, ("param", "x"), "float64")
SINGLE = Kind("array", "float32", 1, ("param", "x"), "float32")
X = Kind(shape=("param", "x"), precision=("param", "x"))


def test_join() -> None:
    points = [BOOL, INT, FLOAT, NUMBER, NUMERIC, UNKNOWN, A1, SINGLE, X, Kind("list")]
    for a in points:
        assert join(a, a) == a
        for b in points:
            assert join(a, b) == join(b, a)
            for c in points:
                assert join(join(a, b), c).type == join(a, join(b, c)).type


@pytest.mark.parametrize(
    "result, operand, needed",
    [
        (X, X, False),  # sin(x)
        (FLOAT, FLOAT, False),
        (FLOAT, INT, False),
        (A1, A1, False),
        (A1, FLOAT, True),  # a number times an array
        (A1, SINGLE, True),  # mixed precisions
        (SINGLE, SINGLE, False),
        (A1, Kind("array", "int64", 1, ("param", "x")), False),
        (A1, Kind("array", "float64", 1, ("param", "w"), "float64"), True),
        (NUMBER, FLOAT, True),  # the result may be complex
        (UNKNOWN, UNKNOWN, True),
        (Kind("list", shape=("param", "x")), Kind("list", shape=("param", "x")), True),
    ],
)
def test_needs_unbroadcast(result: Kind, operand: Kind, needed: bool) -> None:
    assert needs_unbroadcast(result, operand) is needed


def test_zeros_and_copies() -> None:
    zeros = [zero_expression_kind(k) for k in (FLOAT, INT, A1, UNKNOWN, Kind("array", "int64", 1))]
    assert zeros == ["0.0", "0.0", "zeros_like", "helper", "helper"]
    pair = Kind("tuple", items=(FLOAT, A1))
    assert [is_copy_needed(k) for k in (FLOAT, A1, UNKNOWN, pair)] == [False, True, True, True]


# ---- promises -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "example, good, bad",
    [
        (1.5, [2, 0.5, np.float64(1), np.float32(1), True], [np.array(1.0), V, 1j, "1", None]),
        (3, [2, np.int64(2)], [2.0, True, np.array(1), np.uint64(1)]),
        (True, [False, np.bool_(True)], [1, 0.0]),
        (V, [np.ones(0)], [M, F4, [1.0], np.float64(2), np.matrix([[1.0]])]),
        (np.float32(1), [np.float32(2)], [1.0, np.float64(1)]),
        ([1.0], [[], [2]], [(1.0,), V]),
        (1j, [1j, 1.0], ["1"]),
    ],
)
def test_guards(example: Any, good: list[Any], bad: list[Any]) -> None:
    kind = kind_of(example)
    details = (kind.type, kind.dtype, kind.rank if kind.is_array else None)
    for value in [example, *good]:
        check_kind(value, "x", *details)
    for value in bad:
        with pytest.raises(KindError):
            check_kind(value, "x", *details)


def test_guard_statements() -> None:
    f = helpers.define("def f(x: float, A, n: 'int', z):\n    return x", np=np)
    program = load(f)
    options = {"like": (None, M)}
    guards = guard_statements(program.entry, program, options)
    assert [tree.unparse(g) for g in guards] == [
        "tangent.check_kind(x, 'x', 'float')",
        "tangent.check_kind(A, 'A', 'array', 'float64', 2)",
        "tangent.check_kind(n, 'n', 'int')",
    ]
    assert set(promised_kinds(program.entry, program, options)) == {"x", "A", "n"}


def test_guard_text() -> None:
    with pytest.raises(KindError) as error:
        check_kind(M, "x", "array", "float64", 1)
    assert str(error.value) == (
        "argument x is an array of float64 of rank 2, "
        "but an array of float64 of rank 1 was promised\n"
        "  why: the gradient was written for that kind, by an annotation or by `like=`\n"
        "  what to do: pass what was promised, or change the example or annotation"
    )


def test_tokens_of_loops_are_the_names_own() -> None:
    made = ("broadcast", frozenset({("param", "x"), ("at", 4, "y")}))
    own = kind_tokens.own_tokens(Kind(shape=made, precision=("param", "x")), 3, 5, ("loop", 3, "y"))
    assert (own.shape, own.precision) == (("loop", 3, "y"), ("param", "x"))
    kept = kind_tokens.own_tokens(Kind(shape=made), 5, 6, ("loop", 5, "y"))
    assert kept.shape == made
