"""Exported files stand alone: they run where neither tangent nor the user's file is known."""

from __future__ import annotations

import math
import pickle
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
from tests.cases import all_programs
from tests.goldens import FOLDER, read
from tests.numeric import copied, quiet, same_bits

SCALE = 2.0
NAMES = ("a", 1, (float("inf"),))
TABLE = [1, 2]

# Helpers that write derivatives when they are called.
BOUND_TO_RUN = {"backward", "call", "forward", "pushforward"}


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
    names = sorted(set(runtime.__all__) - BOUND_TO_RUN)
    body = ", ".join(f"tangent.{name}" for name in names)
    body += ", tangent.check_kind, tangent.check_same_size"
    text = export_program(program(f"def df():\n    return {body}", {"tangent": tangent}))
    assert run(text, "print(len(df()))", tmp_path) == str(len(names) + 2)
    assert run(text, "print(seed(np.zeros(2), 1.0), einsum_adjoint.__name__)", tmp_path)


@pytest.mark.parametrize("name", sorted(BOUND_TO_RUN))
def test_calls_that_only_the_run_knows_are_refused(name):
    with pytest.raises(ExportError, match="df calls a function that only the run knows"):
        export_program(program(f"def df():\n    return tangent.{name}", {"tangent": tangent}))


def applied(f, x):
    return np.sum(f(x))


def test_a_gradient_with_a_call_at_run_time_is_refused():
    with pytest.raises(ExportError, match="only the run knows"):
        export(tangent.grad(applied, "x"))


def of_parameters(p, x):
    def scaled(v):
        return p["w"] * v

    return np.sum(scaled(x) ** 2) + p["b"][0]


def test_structures_and_closures(tmp_path):
    df = tangent.grad(of_parameters, "p")
    p = {"w": 2.0, "b": (1.5, 2.5), "name": "linear"}
    code = f"print({df.__name__}({p!r}, np.arange(3.0)))"
    assert run(export(df), code, tmp_path) == str(df(p, np.arange(3.0)))


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
        ("ExportedElsewhere", "which is a class of your own file"),
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


# Calls, recursion, tapes, views, lists, a loop that stops early, products.
PROGRAMS = """
calls.recursion calls.one_layer loops.while_true mutation.stencil numerics.multilayer
numerics.gaussian_elimination operators.matrix_product
""".split()

RUNNER = """
import contextlib, importlib, io, pickle, sys
sys.modules["tangent"] = sys.modules["tests"] = None
import numpy as np

results = []
for module, name, args in pickle.load(open("runs.pickle", "rb")):
    df = getattr(importlib.import_module(module), name)
    with contextlib.redirect_stdout(io.StringIO()):
        results.append(df(*args))
pickle.dump(results, open("results.pickle", "wb"))
"""


def derivatives():
    for case in map(read, sorted((FOLDER / "gallery").glob("*.py"))):
        f = case.function()
        tangents = (1.0,) * len(case.wrt) if case.mode == "forward" else ()
        yield case.path.stem, case.derivative(f), [(*run, *tangents) for run in case.runs(f)]
    programs = {p.name: p for p in all_programs()}
    for name in PROGRAMS:
        p = programs[name]
        df = (tangent.grad if p.scalar else tangent.vjp)(p.function, p.wrt)
        seeds = () if p.scalar else (1.0,)
        plain = [a for a in p.arguments if not (a.kwargs or a.expected or a.raises)]
        yield name.replace(".", "_"), df, [(*a.values, *seeds) for a in plain]


def test_programs_give_the_same_bits_where_tangent_is_not_installed(tmp_path):
    runs, expected = [], []
    for name, df, arguments in derivatives():
        (tmp_path / f"{name}.py").write_text(export(df))
        runs += [(name, df.__name__, args) for args in arguments]
        with quiet():
            expected += [df(*copied(args)) for args in arguments]
    (tmp_path / "runs.pickle").write_bytes(pickle.dumps(runs))
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], cwd=tmp_path, env={}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = pickle.loads((tmp_path / "results.pickle").read_bytes())
    for run, a, b in zip(runs, found, expected, strict=True):
        assert same_bits(a, b), run[:2]


def test_decorators_are_left_out(tmp_path):
    """A decorated function is copied as what its decorators returned."""
    text = export_program(program("def df(x):\n    return registered(x)"))
    assert "@" not in text.split("def df")[0]
    assert run(text, "print(df(2.0))", tmp_path) == "4.0"


def register(f):
    return f


@register
def registered(x):
    return 2 * x
