"""Dimensions: what kinds know of sizes, what they assume of examples, and what is asserted.

f(W, b, x) with W (3, 2), b (2,), x (4, 3)       relies on W.shape[1] == b.shape[0]
"""

import copy
import random
from typing import Any

import numpy as np
import pytest

import tangent
from tangent import tree
from tangent.analysis.assumptions import Assumptions, example_sizes, text_of
from tangent.analysis.promises import guard_statements
from tangent.errors import KindError
from tangent.parse import load
from tangent.recipes.dims import less, plus, slice_length, stretch, substitute, times
from tangent.recipes.kinds import FLOAT, Kind
from tangent.recipes.reduction import Reduction, reduction_axes
from tests import helpers
from tests.analysis.test_kinds_soundness import Run, indented

X, Y = ("dim", ("param", "x"), 0), ("dim", ("param", "y"), 0)


# ---- forms ----------------------------------------------------------------------------------


def test_linear_forms() -> None:
    assert plus(plus(X, 1), Y) == plus(Y, plus(1, X))
    assert plus(plus(X, Y), X, -1) == Y
    assert plus(X, X, -1) == 0
    assert times(plus(X, 1), 2) == plus(plus(X, X), 2)
    assert less(less(X, 1), 2) == ("less", X, 3)
    assert less(plus(X, 3), 2) == plus(X, 1)
    assert less(5, 7) == 0
    assert substitute(less(X, 1), {X: plus(Y, 1)}) == Y
    assert substitute(plus(X, Y), {X: 2, Y: 3}) == 5


def test_slices_have_the_lengths_of_slices() -> None:
    bounds = [None, -7, -3, -2, -1, 0, 1, 2, 3, 7]
    for lower in bounds:
        for upper in bounds:
            for step in [None, 1, 2, -1]:
                token = slice_length(X, lower, upper, step)
                for n in range(6):
                    expected = len(range(n)[lower:upper:step])
                    assert substitute(token, {X: n}) == expected, (n, lower, upper, step)


def test_slices_up_to_a_size() -> None:
    for k in range(-2, 3):
        token = slice_length(X, 1, plus(X, k), None)
        for n in range(6):
            assert substitute(token, {X: n}) == len(range(n)[1 : n + k])


def test_stretched() -> None:
    both = stretch(X, Y)
    assert both == stretch(Y, X) == stretch(both, Y)
    for n, m in [(1, 4), (4, 1), (4, 4), (1, 0)]:
        size = np.broadcast_shapes((n,), (m,))[0]
        assert substitute(both, {X: n, Y: m}) == size


def test_reductions() -> None:
    def array(*dims: Any, dtype: str = "float64") -> Kind:
        return Kind("array", dtype, len(dims), dims, dtype)

    cases = [
        (array(X, Y), array(Y), Reduction((0,))),
        (array(3, X, Y), array(Y), Reduction((0, 1))),
        (array(X, Y), FLOAT, Reduction(None)),
        (array(X, Y), array(X, 1), Reduction((1,), keepdims=True)),
        (array(X, Y), array(1, 1), Reduction((0, 1), keepdims=True)),
        (array(X, Y), array(1), None),
        (array(X, Y), array(X), None),
        (array(stretch(X, Y)), array(X), None),
        (array(X, Y), array(Y, dtype="float32"), None),
        (array(X, Y, dtype="float32"), array(Y, dtype="float32"), None),
        (array(X), array(X, X), None),
    ]
    for result, operand, expected in cases:
        assert reduction_axes(result, operand) == expected


# ---- assumptions ----------------------------------------------------------------------------


def test_equations() -> None:
    n = ("value", ("param", "n"))
    assumed = Assumptions({X: 3, Y: 4, n: 3})
    assert assumed.add([(plus(X, 1), Y), (X, n), (n, plus(Y, -1)), (X, Y)])
    assert assumed.equations == [("x.shape[0] + 1", "y.shape[0]"), ("x.shape[0]", "n")]
    assert not assumed.add([(X, n)])
    applied = assumed.applied(Kind("array", "float64", 1, (Y,)))
    assert applied.shape == (plus(X, 1),)


def test_size_one_says_nothing() -> None:
    sizes = example_sizes({"x": np.ones(1), "y": np.ones(1)})
    assert not Assumptions(sizes).add([(X, Y)])


def test_texts() -> None:
    assert text_of(plus(times(X, 2), plus(Y, -1))) == "2 * x.shape[0] + y.shape[0] - 1"
    assert text_of(plus(1, X, -1)) == "-x.shape[0] + 1"
    assert text_of(less(X, 2)) == "max(x.shape[0] - 2, 0)"


def guards(text: str, *like: Any) -> list[str]:
    f = helpers.define(text, np=np)
    run = Run(load(f), like)
    assert run(like, {}) == "ran"
    return [f"{a} == {b}" for a, b in run.table.assumptions]


def test_what_meets_is_assumed() -> None:
    text = "def f(W, b, x):\n    y = np.dot(x, W) + b\n    return np.sum(y)"
    assert guards(text, np.ones((3, 2)), np.ones(2), np.ones((4, 3))) == [
        "W.shape[1] == b.shape[0]"
    ]
    assert guards(text, np.ones((3, 2)), np.ones(1), np.ones((4, 3))) == []


def test_what_does_not_meet_is_not_assumed() -> None:
    text = "def f(x, y):\n    z = np.sum(x) * y\n    w = np.sin(x)\n    return np.sum(w)"
    assert guards(text, np.ones(3), np.ones(3)) == []
    # numpy.dot raises by itself where these differ, and a square matrix may be another one
    text = "def f(A, x):\n    y = np.dot(A, x)\n    return np.sum(y)"
    assert guards(text, np.ones((3, 3)), np.ones(3)) == []


def test_in_callees_and_stores() -> None:
    text = """
def layer(x, W, b):
    y = np.dot(x, W) + b
    return np.sum(y)

def f(A, x, n):
    h = np.zeros((n, 2))
    h[1:] = A
    s = layer(x, h, A[0])
    return s
"""
    assert guards(text, np.ones((3, 2)), np.ones((5, 4)), 4) == [
        "max(n - 1, 0) == A.shape[0]",
        "2 == A.shape[1]",
    ]


def test_guard() -> None:
    def f(W: Any, b: Any, x: Any) -> Any:
        return np.sum(np.tanh(np.dot(x, W) + b))

    df = tangent.grad(f, wrt=(0, 1), like=(np.ones((3, 2)), np.ones(2), np.ones((4, 3))))
    assert "unbroadcast" not in df.source
    assert "axis=0" in df.source
    with pytest.raises(KindError, match=r"W.shape\[1\] is 5 and b.shape\[0\] is 1"):
        df(np.ones((3, 5)), np.ones(1), np.ones((4, 3)))
    bW, bb = df(np.ones((3, 5)), np.ones(5), np.ones((0, 3)))
    assert (bW.shape, bb.shape) == ((3, 5), (5,))


def test_sums_instead_of_unbroadcast() -> None:
    def f(x: Any, y: Any, w: Any, c: Any) -> Any:
        z = x * y + w
        return np.sum(z * z) + np.sum(x[0] * c[:, None])

    like = (np.ones((4, 3, 2)), np.ones(2), 0.5, np.ones(3))
    df = tangent.grad(f, wrt=(1, 2, 3), like=like)
    assert "unbroadcast" not in df.source
    assert "axis=(0, 1)" in df.source and "axis=1, keepdims=True" in df.source
    rng = np.random.default_rng(0)
    arguments = (rng.random((2, 4, 3)), rng.random(3), 0.7, rng.random(4))
    general = tangent.grad(f, wrt=(1, 2, 3))(*arguments)
    for a, b in zip(df(*arguments), general, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
        assert np.shape(a) == np.shape(b)


def test_a_stencil_has_one_size() -> None:
    def f(u: Any) -> Any:
        d = u[2:] - 2.0 * u[1:-1] + u[:-2]
        return np.sum(d * d)

    df = tangent.grad(f, like=np.ones(5))
    assert "unbroadcast" not in df.source and "check_same_size" not in df.source
    assert df(np.arange(1.0)).shape == (1,)


# ---- random programs of arrays --------------------------------------------------------------

PARTS = """
{a} + {b} | {a} * {b} | {a} - {b} | np.dot({a}, {b}) | {a} @ {b} | np.outer({a}[0], {b}[0]) | {a}.T
{a}[0] | {a}[1:] | {a}[:-1] | {a}[1:-1] | {a}[:, 0] | {a}[:, 1:] | {a}[:n] | {a}[:, None]
np.sum({a}, axis=0) | np.sum({a}, axis=-1, keepdims=True) | np.sum({a}) | np.zeros((len({a}), n))
np.zeros(len({a}) + 1) | np.ones({a}.shape) | np.zeros({a}.shape[-1]) | np.zeros(n + 1)
np.zeros((n, len({a}))) | {a} @ {b} + {a} | other({a}, {b}) | np.maximum({a}, {b}) | {a}[..., 1:]
np.reshape({a}, (-1, n)) | np.reshape({a}, len({a})) | np.concatenate(({a}, {b})) | {a} * n | 2.0
{a}[None] | np.sin({a})
"""
CHOICES = [v.strip() for line in PARTS.strip().splitlines() for v in line.split("|")]


def other(u: Any, v: Any) -> Any:
    w = u + v
    for i in range(len(w)):
        w[i] = w[i] * v[0]
    return w * u


def array_program(rng: random.Random, arguments: list[Any]) -> str:
    """Statements that run on the arguments."""
    lines: list[str] = []
    bound = ["A", "B", "u", "v"]

    def text(more: list[str]) -> str:
        return "\n".join(["def f(A, B, u, v, n):", *indented([*lines, *more, "return 0.0"])])

    def holds(more: list[str]) -> bool:
        f = helpers.define(text(more), np=np, other=other)
        try:
            f(*copy.deepcopy(arguments))
        except Exception:
            return False
        return True

    for _ in range(40):
        a, b = rng.choice(bound), rng.choice(bound)
        target = rng.choice(["p", "q", "r", "A", "u"])
        value = rng.choice(CHOICES).format(a=a, b=b)
        kind = rng.random()
        if kind < 0.7:
            more = [f"{target} = {value}"]
        elif kind < 0.8:
            target = a
            more = [f"{a}[{rng.choice(['0', '1:', 'n - 1', ':, 0'])}] = {value}"]
        elif kind < 0.9:
            more = ["for i in range(1, n):", f"    {target} = {value}"]
        else:
            more = ["if n > 2:", f"    {target} = {value}"]
            if target not in bound:
                continue
        if holds(more):
            lines += more
            if target not in bound:
                bound.append(target)
    return text([])


def admits(run: Run, program: Any, like: Any, arguments: list[Any]) -> bool:
    """The guards pass."""
    made = guard_statements(
        program.entry, program, {"like": like}, assumptions=run.table.assumptions
    )
    names = dict(zip(program.entry.parameters, arguments, strict=True))
    try:
        for statement in made:
            exec(tree.unparse(statement), {"tangent": tangent}, names)
    except KindError:
        return False
    return True


def check_array_programs(seeds: range) -> dict[str, int]:
    """Claims hold for all arguments that the guards let pass."""
    counts = {"ran": 0, "raised": 0, "stopped": 0, "refused": 0, "assumed": 0}
    for seed in seeds:
        rng = random.Random(seed)

        def arguments(sizes: list[int], rng: random.Random = rng) -> list[Any]:
            n, m, k = (rng.choice(sizes) for _ in range(3))
            pool = [n, n, m, k, n + 1]
            shapes = [[rng.choice(pool) for _ in range(r)] for r in (2, 2, 1, 1)]
            return [*(np.ones(shape) for shape in shapes), rng.choice(pool)]

        like = arguments([2, 3, 4])
        text = array_program(rng, like)
        program = load(helpers.define(text, np=np, other=other))
        run = Run(program, tuple(like))
        counts["assumed"] += len(run.table.assumptions)
        try:
            assert run(like, {}) != "raised", "it raises"
            for _ in range(12):
                values = arguments(rng.choice([[1, 2], [0, 1, 2, 3], [3], [5, 6]]))
                if admits(run, program, like, values):
                    counts[run(values, {})] += 1
                else:
                    counts["refused"] += 1
        except AssertionError as error:
            raise AssertionError(f"seed {seed}\n{text}\n{error}") from None
    return counts


def test_claims_hold_under_assumptions() -> None:
    counts = check_array_programs(range(40))
    assert counts["ran"] > 40
    assert counts["assumed"] > 10
