"""Exported files stand alone: they run where neither tangent nor the user's file is known."""

from __future__ import annotations

import math
import subprocess
import sys
from math import sin as sine

import gast
import numpy as np
import pytest

import tangent
from tangent import runtime
from tangent.export import ExportError, export, export_program
from tangent.link import Sibling, link
from tangent.program import Function, Program, Scope

SCALE = 2.0
NAMES = ("a", 1, (float("inf"),))
TABLE = [1, 2]


def doubled(x):
    return 2 * x


def shifted(x, by=SCALE):
    """Calls another function of this file."""
    return doubled(x) + by * sine(0.0)


def seed(x):
    return x + 100


def program(
    text: str, injected: dict | None = None, globals_: dict | None = None, **kwargs
) -> Program:
    scope = Scope(globals() if globals_ is None else globals_, {}, injected or {})
    return Program((Function(gast.parse(text).body[0], scope, **kwargs),))


def run(text: str, code: str, tmp_path) -> str:
    """Run code beside the exported file, without access to this project."""
    (tmp_path / "exported.py").write_text(text)
    guard = (
        "import sys\nsys.modules['tangent'] = None\nfrom exported import *\nimport numpy as np\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", guard + code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr + text
    return done.stdout.strip()


def test_helpers_become_bare_names(tmp_path):
    text = export_program(
        program("def df(x, g):\n    return tangent.unbroadcast(g * x, x)", {"tangent": tangent})
    )
    assert "    return unbroadcast(g * x, x)\n" in text
    assert "tangent." not in text.split('"""', 2)[2]
    assert text.index("def unbroadcast") < text.index("def df(")
    code = "print(df(np.float32(2.0), np.ones((2, 3))), df([1.0, 2.0], np.ones(2)))"
    assert run(text, code, tmp_path) == "12.0 [1. 2.]"
    assert run(text, "try:\n    df([1.0], [1, 2])\nexcept Exception as e: print(type(e))", tmp_path)


def test_every_helper_can_be_exported(tmp_path):
    body = ", ".join(f"tangent.{name}" for name in sorted(runtime.__all__))
    text = export_program(program(f"def df():\n    return {body}", {"tangent": tangent}))
    assert run(text, "print(len(df()))", tmp_path) == str(len(runtime.__all__))
    assert run(text, "print(seed(np.zeros(2), 1.0), einsum_adjoint.__name__)", tmp_path)


def test_helpers_do_not_collide_with_names_of_the_program(tmp_path):
    text = export_program(
        program(
            "def df(keep):\n    return tangent.keep(keep), seed(1), tangent.seed(1.0, 1.0)",
            {"tangent": tangent},
        )
    )
    assert "keep_2(keep), seed(1), seed_2(1.0, 1.0)" in text
    assert run(text, "print(df(3.0))", tmp_path) == "(3.0, 101, 1.0)"


def test_what_free_names_become(tmp_path):
    text = export_program(
        program(
            "def df(x, k=SCALE, *, t=NAMES):\n"
            "    return shifted(x) + sine(x) + SCALE * np.sum(x) + math.pi * k, NAMES, t, len(t)",
            defaults=(SCALE,),
            kwdefaults={"t": NAMES},
        )
    )
    assert "import math\nimport numpy as np\n" in text and "from math import sin as sine\n" in text
    assert "SCALE = 2.0\n" in text and "def df(x, k=2.0, *, t=('a', 1, (float('inf'),))):" in text
    assert text.index("def doubled") < text.index("def shifted") < text.index("def df(")
    expected = shifted(1.0) + math.sin(1.0) + SCALE * 1.0 + math.pi * 2.0
    assert run(text, "print(df(1.0)[0])", tmp_path) == str(expected)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("TABLE", "the generated function df reads the name 'TABLE', which holds a list"),
        ("nowhere", "the generated function df reads the name 'nowhere', which is not defined"),
        ("tangent", "the generated function df uses the module tangent as a value"),
        ("ExportedElsewhere", "which holds a type"),
    ],
)
def test_what_can_not_be_written_is_refused(body, message):
    scope = {**globals(), "ExportedElsewhere": type("Local", (), {})}
    with pytest.raises(ExportError) as caught:
        export_program(program(f"def df(x):\n    return {body}", globals_=scope))
    assert message in str(caught.value)


def test_one_name_for_two_objects_is_refused():
    one, two = (
        program("def df(x):\n    return g(x) + SCALE"),
        program("def g(x):\n    return SCALE"),
    )
    two = Function(two.entry.node, Scope({"SCALE": 3.0}))
    with pytest.raises(ExportError, match="'SCALE' denotes different objects"):
        export_program(Program((one.entry, two)))


def test_siblings_and_cells(tmp_path):
    import types

    entry = Function(
        gast.parse("def df(x):\n    return other(x) * k").body[0],
        Scope({}, {"k": types.CellType(5)}, {"other": Sibling("half")}),
    )
    half = Function(gast.parse("def half(x):\n    return x / 2").body[0], Scope({}))
    text = export(link(Program((entry, half))).entry)
    assert "return half(x) * k" in text and "k = 5" in text
    assert run(text, "print(df(4.0))", tmp_path) == "10.0"


def test_only_generated_functions_are_exported():
    with pytest.raises(ExportError, match="'doubled' is not a function that tangent has generated"):
        export(doubled)


def loss(w, x):
    h = np.tanh(np.dot(x, w)) * SCALE
    return np.sum(doubled(h) * h)


def test_a_real_gradient(tmp_path):
    df = tangent.grad(loss)
    text = export(df)
    w, x = np.arange(3.0), np.arange(6.0).reshape(2, 3)
    code = "print(repr(dlossdw(np.arange(3.0), np.arange(6.0).reshape(2, 3)).tolist()))"
    shown = run(text, code.replace("dlossdw", df.__name__), tmp_path)
    assert eval(shown) == df(w, x).tolist()
