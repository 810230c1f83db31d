"""Calls that are expanded in place."""

import re

import numpy as np
import pytest

from tangent.emit import emit
from tangent.errors import UnsupportedError
from tangent.parse import load
from tangent.passes import pipeline, run_pipeline
from tests.helpers import define

FRONT = "desugar,exits,anf,specialise"


def specialised(text: str, name: str = "f", **scope):
    program = run_pipeline(load(define(text, name, np=np, **scope)), pipeline(FRONT))
    return program, emit(program.entry).source


def test_a_function_that_writes_its_argument_is_expanded():
    _, source = specialised(
        """
        def fill(y, x):
            y[0] = x

        def f(x):
            y = np.zeros(2)
            fill(y, x)
            return y
        """
    )
    assert source == "def f(x):\n    y = np.zeros(2)\n    y[0] = x\n    return y\n"


def test_other_calls_stay_calls_and_the_tree_stays_the_same():
    program = load(
        define("def g(x):\n    return x * x\n\ndef f(x):\n    y = g(x)\n    return y", "f")
    )
    before = run_pipeline(program, pipeline("desugar,exits,anf"))
    assert run_pipeline(before, pipeline("specialise")) is before


def test_statements_keep_their_origins():
    program, _ = specialised(
        """
        def fill(y, x):
            y[0] = x * x

        def f(x):
            y = np.zeros(2)
            fill(y, x)
            return y
        """
    )
    lines = [s.origins[0].line for s in program.entry.node.body]
    assert lines == [5, 2, 2, 7]
    assert program.entry.node.body[1].origins[0].function == "fill"
    assert program.entry.origin(program.entry.node.body[1].value).function == "fill"


def test_templates_and_what_is_no_longer_called_leave_the_program():
    program, source = specialised(
        """
        def apply(g, x):
            return g(x)

        def f(x):
            a = 2.0
            h = lambda v: a * v
            return apply(h, x)
        """
    )
    assert [function.name for function in program.functions] == ["f"]
    assert re.findall(r"= (.* \* .*)", source) == ["a * x"]


def test_names_of_a_callee_that_mean_other_things_here():
    _, source = specialised(
        """
        SCALE = 2.0

        def fill(y, x):
            for i in range(2):
                y[i] = x * SCALE

        def f(x):
            i, y = 5.0, np.zeros(2)
            SCALE2 = 1.0
            fill(y, x)
            return y[0] * i * SCALE2
        """
    )
    assert "for i2 in range(2)" in source
    assert "x * SCALE\n" in source


def test_a_recursive_function_that_writes_stays_a_call():
    _, source = specialised(
        """
        def clear(y, n):
            if n > 0:
                y[n - 1] = 0.0
                clear(y, n - 1)

        def f(x):
            y = x * x
            clear(y, 2)
            return y
        """
    )
    assert source.count("clear(y, ") == 1


def test_a_loop_over_functions_is_unrolled_and_left_where_it_breaks():
    _, source = specialised(
        """
        def f(x):
            y = x
            for g in [np.sin, np.cos, lambda v: v * x]:
                y = g(y)
                if y > 0.5:
                    break
            return y
        """
    )
    assert "for" not in source
    assert source.index("np.sin(") < source.index("np.cos(") < source.index("* x")
    assert source.count("if not stop:") == 2


def test_unread_choices_leave_no_trace():
    _, source = specialised(
        """
        def f(x):
            if x > 1.0:
                g = np.sin
            else:
                g = np.cos
            return x
        """
    )
    assert "which" not in source and "sin" not in source


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "g = lambda v: v\n    return g",
            "`g`, which the function itself has made, is used as a value",
        ),
        ("g = lambda v: v\n    return g(x, x)", "takes 1 arguments, and got 2"),
        ("g = lambda v, *, k: v\n    return g(x)", "got nothing for `k`"),
    ],
)
def test_refused(text, reason):
    with pytest.raises(UnsupportedError) as raised:
        specialised(f"def f(x):\n    {text}\n")
    assert reason in str(raised.value)


RHS = """
        def f(y, k, n):
            def rhs(y):
                w = np.sin(y) * k
                u = np.exp(-w) - y
                return u * w

            k1 = rhs(y)
            k2 = rhs(y + k1)
            %s
            return k1 + k2 + rhs(y + k2)
        """


def test_a_closure_of_some_length_at_several_places_is_lifted():
    program, source = specialised(RHS % "k = k * n")
    assert [function.name for function in program.functions] == ["f", "rhs"]
    assert re.findall(r"rhs\(.*\)", source) == ["rhs(y, k)", "rhs(t, k)", "rhs(t3, k)"]
    assert program.functions[1].parameters == ("y", "k")
    assert emit(program.functions[1]).source.startswith("def rhs(y, k):\n    sin_y = np.sin(y)\n")


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("w = np.sin(y) * k", "w = np.sin(y) * k[0]"),
        ("w = np.sin(y) * k", "k[0] = y; w = np.sin(y)"),
        ("w = np.sin(y) * k", "nonlocal k; k = k + y; w = np.sin(y)"),
        ("w = np.sin(y) * k", "w = np.sin(y) if n else a * y"),
        ("return u * w", "return (u * w) if n else y"),
        ("return u * w", "return lambda v: u * w * v"),
        ("k1 = rhs(y)", "k1 = y"),
    ],
)
def test_expanded_all_the_same(line, change):
    text = RHS.replace(line, change).replace("+ rhs(y + k2)", "* 2.0" if "k1" in change else "")
    if "a *" in change:
        text = text.replace("k1 =", "if n > 1: a = y\n            k1 =")
    if "lambda" in change:
        text = text.replace("rhs(y + k1)", "rhs(y + k1)(y)").replace("rhs(y)\n", "rhs(y)(y)\n", 1)
        text = text.replace("def rhs(y)(y)", "def rhs(y)")
    program, source = specialised(text % "pass")
    assert len(program.functions) == 1 and "rhs" not in source


def test_called_through_a_function_that_is_expanded_itself():
    program, _ = specialised(
        """
        def heun(g, y, h):
            k1 = g(y)
            return y + 0.5 * h * (k1 + g(y + h * k1))

        def rhs(y):
            return -y

        def f(y, h):
            k = 2.0
            g = lambda v: rhs(v) * k * np.sin(v) / (1.0 + v)
            for _ in range(3):
                y = heun(g, y, h)
            k = k * y
            return heun(g, y, k)
        """
    )
    assert {f.name: f.parameters for f in program.functions[1:]} == {
        "rhs": ("y",),
        "g": ("v", "k"),
    }
