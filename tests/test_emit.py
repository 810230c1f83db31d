"""Emission: text, comments, line map, wrapping."""

from __future__ import annotations

import ast
import random

import gast
import pytest

from tangent import tree
from tangent.emit import emit, emit_statements, order
from tangent.errors import PassError
from tangent.layout import WIDTH, expression_text, shorten
from tangent.origin import Origin
from tangent.program import Function, Program, Scope


def function(text: str, **kwargs) -> Function:
    return Function(gast.parse(text).body[0], Scope({}), **kwargs)


def origin(text: str, line: int = 1) -> Origin:
    return Origin("model.py", "f", line, 0, line, len(text), text)


def statement(text: str, *texts: str, role: str | None = "adjoint", note: str | None = None):
    node = gast.parse(text).body[0]
    node.origins = tuple(origin(t) for t in texts)
    if role:
        node.role = role
    if note:
        node.note = note
    return node


def with_body(name: str, body) -> Function:
    base = function(f"def {name}(x, init_grad=1.0):\n    pass")
    return base.with_body(body)


@pytest.mark.parametrize(
    "text",
    [
        "2 * x ** 3",
        "A[i - 1]",
        "A[1:-1]",
        "A[i, :, None, ...]",
        "(a + b) * c",
        "a * (b * c)",
        "-(a * b)",
        "(-1.0) ** 2",
        "-1.0 ** 2",
        "a @ b.T",
        "f(x, *args, axis=0, **kwargs)",
        "[i for i in range(n) if i % 2]",
        "lambda x, y=1: x + y",
        "a if c > 0 else b",
        "not a and (b or c)",
        "(x,)",
        "{'a': 1, **b}",
        "1e-08",
        "x.shape[0]",
        "1 < x <= 2",
        "()",
    ],
)
def test_expressions_round_trip(text):
    node = tree.expression(text)
    assert expression_text(node) == text
    assert tree.same(tree.expression(expression_text(node)), node)


def test_negative_constants_keep_their_meaning():
    node = gast.BinOp(gast.Constant(-1.0, None), gast.Pow(), gast.Constant(2, None))
    assert expression_text(node) == "(-1.0) ** 2"
    assert eval(expression_text(node)) == 1.0
    node = gast.BinOp(gast.Constant(-0.0, None), gast.Pow(), gast.Constant(-2, None))
    assert expression_text(node) == "(-0.0) ** (-2)"


def test_values_without_literals_are_refused():
    import numpy as np

    for value in (np.float64(2.0), [1], object()):
        with pytest.raises(PassError, match="no literal"):
            expression_text(gast.Constant(value, None))
    assert eval(expression_text(gast.Constant(float("inf"), None))) == float("inf")
    nan = eval(expression_text(gast.Constant(float("nan"), None)))
    assert nan != nan


def test_statements():
    text = """\
def f(x, /, y: float, z: int = (1, 2), *rest: list, n=3, **more):
    a, b = y, x
    a, *c = rest
    a = b = 1
    A[i, 1:] += a @ b
    for i, j in pairs:
        while a > 0:
            if a:
                continue
            if a > 1:
                print()
            elif b:
                pass
            else:
                a -= 1
        else:
            b = 2
    assert a, 'message'
    del a, b
    if not b:
        raise ValueError('no')
    print(a)
    return a, (b, c)
"""
    assert emit(function(text)).source == text


def test_comments_quote_the_users_line_once():
    f = with_body(
        "dfdx",
        [
            statement("a = np.sin(x)", "a = np.sin(x)", role=None),
            statement("g = 2 * init_grad", "b = a * a", "return np.sum(b)"),
            statement("ba = g * a", "b = a * a", "return np.sum(b)"),
            statement("bx = ba * np.cos(x)", "a = np.sin(x)"),
            statement("return bx", role=None),
        ],
    )
    assert (
        emit(f).source
        == """\
def dfdx(x, init_grad=1.0):
    a = np.sin(x)
    # Grad of: b = a * a; return np.sum(b)
    g = 2 * init_grad
    ba = g * a
    # Grad of: a = np.sin(x)
    bx = ba * np.cos(x)
    return bx
"""
    )


def test_compound_headers_are_commented_only_without_children():
    loop = statement("for i in r:\n    pass", "for i in r:", note="Backward pass")
    loop.body = [statement("ba = ba * 2", "a = a * 2")]
    bare = statement("if c:\n    x = 1", "if c:")
    tangent = statement("da = dx", "a = x", role="tangent")
    after = statement("bb = ba", "a = a * 2")
    assert (
        emit(with_body("g", [loop, after, bare, tangent])).source
        == """\
def g(x, init_grad=1.0):
    # Backward pass
    for i in r:
        # Grad of: a = a * 2
        ba = ba * 2
    # Grad of: a = a * 2
    bb = ba
    # Grad of: if c:
    if c:
        x = 1
    # Tangent of: a = x
    da = dx
"""
    )


def test_line_map_names_origins():
    f = with_body("g", [statement("a = 1", "one"), statement("b = 2", "two", "three")])
    out = emit(f)
    found = {line: [o.text for o in origins] for line, origins in out.line_map.items()}
    assert found == {3: ["one"], 5: ["two", "three"]}
    lines = out.source.splitlines()
    assert lines[2].strip() == "a = 1" and lines[4].strip() == "b = 2"
    assert isinstance(out.nodes[5], gast.Assign)


def test_an_else_after_a_leaving_arm_is_flattened():
    text = """\
def f(c, d):
    while c:
        if d:
            c = 0
            break
        else:
            d = 1
            if c > 3:
                raise ValueError
            else:
                c = c - 1
        d = 2
    if c:
        return 1
    elif d:
        return 2
    else:
        return 3
"""
    assert (
        emit(function(text)).source
        == """\
def f(c, d):
    while c:
        if d:
            c = 0
            break
        d = 1
        if c > 3:
            raise ValueError
        c = c - 1
        d = 2
    if c:
        return 1
    if d:
        return 2
    return 3
"""
    )


def test_long_lines_are_wrapped_in_brackets():
    terms = " + ".join(f"weight_{i} * value_{i}" for i in range(6))
    call = ", ".join(f"argument_{i} + {i}" for i in range(8))
    text = f"def f(x):\n    total = {terms}\n    y = g({call})\n    return g({call}), total\n"
    source = emit(function(text)).source
    assert all(len(line) <= WIDTH for line in source.splitlines())
    assert tree.dump(gast.parse(source)) == tree.dump(gast.parse(text))
    assert "    total = (\n        weight_0 * value_0\n        + weight_1 * value_1\n" in source
    assert "    y = g(\n        argument_0 + 0,\n" in source


def test_wrapping_keeps_strings_whole():
    text = (
        "x = f('"
        + "a, b (c " * 10
        + "', other_argument, \"it's\" + another_argument_of_this_call)\n"
    )
    source = emit_statements(gast.parse(text).body)
    assert tree.dump(gast.parse(source)) == tree.dump(gast.parse(text))


def random_expression(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["alpha", "beta_value", "1.5", "'s, t'", "A[i + 1, :]", "gamma.T"])
    a, b = (random_expression(rng, depth - 1) for _ in range(2))
    return rng.choice(
        [f"({a} + {b})", f"{a} * ({b})", f"np.dot({a}, {b})", f"-({a})", f"({a} if {b} else c)"]
        + [
            f"({a}) ** ({b})",
            f"({a}, {b})",
            f"f({a}, key={b})",
            f"({a} and not {b})",
            f"({a} < {b})",
        ]
    )


def test_wrapped_text_is_the_same_tree():
    rng = random.Random(0)
    for _ in range(150):
        text = f"result_value = {random_expression(rng, rng.randint(2, 5))}\n"
        parsed = gast.parse(text)
        source = emit_statements(parsed.body)
        assert tree.dump(gast.parse(source)) == tree.dump(parsed), source


def test_long_quotes_are_cut():
    long = "value = " + " + ".join(f"term_{i}" for i in range(30))
    source = emit(with_body("g", [statement("a = 1", long)])).source
    comment = source.splitlines()[1]
    assert len(comment) <= WIDTH and comment.endswith(" ...")
    assert shorten(["a"] * 60, 40).endswith("...") and len(shorten(["a"] * 60, 40)) <= 40


def test_programs_are_printed_callees_first():
    entry = function("def df(x):\n    return g(h(x))")
    g = function("def g(x):\n    return k(x)")
    h = function("def h(x):\n    return df(x)")
    k = function("def k(x):\n    return x")
    program = Program((entry, g, h, k))
    assert [f.name for f in order(program)] == ["k", "g", "h", "df"]
    source = emit(program).source
    assert source.count("\n\n\ndef ") == 3
    spans = emit(program).spans
    assert {source.splitlines()[first - 1] for first, _ in spans.values()} == {
        f"def {name}(x):" for name in "kgh"
    } | {"def df(x):"}


def test_names_are_unique():
    with pytest.raises(PassError, match="two functions"):
        emit([function("def f(x):\n    return x"), function("def f(y):\n    return y")])


def test_emission_changes_nothing_and_is_deterministic():
    f = function("def f(x):\n    if x:\n        return -1\n    else:\n        return (x, 2)")
    before = tree.dump(f.node)
    assert emit(f).source == emit(f).source
    assert tree.dump(f.node) == before


@pytest.mark.parametrize(
    "parameters",
    ["", "x", "x, /", "x, y=1, /, z=2", "*, k", "*a, k, m=1", "**k", "x, /, *, k: int = 1"],
)
def test_parameters(parameters):
    text = f"def f({parameters}):\n    pass\n"
    assert emit(function(text)).source == text


def test_docstrings():
    text = 'def f(x):\n    """First.\n\n    More.\n    """\n    return x\n'
    assert emit(function(text)).source == text
    odd = 'def f(x):\n    \'a\\\\b"""\'\n    return x\n'
    again = emit(function(odd)).source
    assert ast.get_docstring(ast.parse(again).body[0], clean=False) == 'a\\b"""'
