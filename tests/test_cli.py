"""`python -m tangent grad`: what it prints and writes, and one clear line for bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tangent.__main__ import main
from tangent.locate import TargetError, locate, parse_wrt

MODEL = """\
import numpy as np

RATE = 0.5


def loss(w, b, x):
    h = np.dot(x, w) + b
    return RATE * np.sum(h * h)


def refused(x):
    with open(x) as f:
        return f


class Model:
    def loss(w):
        return w * w


number = 3
"""


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("model", "kit", "kit.model"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "__init__.py").write_text("")
    (tmp_path / "kit" / "model.py").write_text(MODEL)
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "raises.py").write_text("1 / 0\n")
    yield tmp_path
    for name in ("model", "kit", "kit.model"):
        sys.modules.pop(name, None)


def run(*args: str):
    return CliRunner().invoke(main, ["grad", *args])


def test_prints_the_source(model):
    done = run("model.py:loss", "--wrt", "w,b")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("def dlossd") and "# Grad of: h = np.dot(x, w) + b" in done.stdout
    by_module = run("kit.model:loss", "--wrt", "0,1")
    assert by_module.stdout == done.stdout


def test_options_reach_the_gradient(model):
    assert "# Tangent of:" in run("model.py:loss", "--wrt", "w", "--mode", "forward").stdout
    plain = run("model.py:loss", "--wrt", "w").stdout
    like = run("model.py:loss", "--wrt", "w", "--like", "np.zeros(3), 1.0, np.zeros((2, 3))").stdout
    assert like and like != plain
    assert run("model.py:loss", "--preserve-result").stdout != run("model.py:loss").stdout
    assert run("model.py:loss", "--no-optimize").exit_code == 0
    assert "--- " in run("model.py:loss", "-vv").stdout


def test_writes_a_file_that_stands_alone(model):
    done = run("model.py:loss", "--wrt", "w,b", "-o", "out.py")
    assert done.exit_code == 0 and done.output == ""
    text = Path("out.py").read_text()
    name = text.rsplit("\ndef ", 1)[1].split("(")[0]
    code = (
        f"import sys; sys.modules['tangent'] = sys.modules['model'] = None\n"
        f"import numpy as np; from out import {name} as df\n"
        "print(df(np.ones(2), 1.0, np.ones((3, 2))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=model,
        env={"PYTHONPATH": "."},
    )
    assert ran.returncode == 0, ran.stderr + text
    assert ran.stdout.strip() in ("(array([9., 9.]), 9.0)", "(array([9., 9.]), np.float64(9.0))")


BAD = [
    (["nothing.py:f"], "error: no such file: nothing.py"),
    (["model.py:los"], "error: no function 'los' in model.py (functions there: loss, refused)"),
    (["model.py:number"], "error: 'number' in model.py is a int, not a function"),
    (["model.py:Model"], "error: 'Model' in model.py is a type, not a function"),
    (["model.py"], "error: 'model.py' is no address: write FILE.py:function or module:function"),
    (["no_such_package.sub:f"], "error: no such module: no_such_package.sub"),
    (["broken.py:f"], "error: cannot import broken.py: SyntaxError: "),
    (["raises.py:f"], "error: cannot import raises.py: ZeroDivisionError: division by zero"),
    (["model.py:loss", "--wrt", "q"], "error: `loss` has no parameter `q`"),
    (["model.py:loss", "--wrt", "7"], "error: wrt is position 7 (from 0), but `loss` has 3"),
    (
        ["model.py:loss", "--wrt", "w,,b"],
        "error: --wrt 'w,,b': write names or positions with commas",
    ),
    (
        ["model.py:loss", "--like", "nope"],
        "error: --like 'nope': NameError: name 'nope' is not defined",
    ),
    (["model.py:loss", "-o", "missing/out.py"], "error: cannot write missing/out.py: No such file"),
]


@pytest.mark.parametrize(("args", "message"), BAD)
def test_bad_input_gets_one_line(model, args, message):
    done = run(*args)
    assert done.exit_code == 2, done.output
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert done.stderr.startswith(message)


def test_a_refusal_gets_its_whole_message(model):
    done = run("model.py:refused")
    assert done.exit_code == 1 and done.stdout == ""
    assert "model.py:12: in refused" in done.stderr and "what to do: " in done.stderr


def test_as_a_module(model):
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "tangent", "grad", "model.py:loss"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0 and done.stdout.startswith("def "), done.stderr
    helped = CliRunner().invoke(main, ["grad", "--help"])
    assert helped.exit_code == 0 and "--preserve-result" in helped.output


def test_addresses(model):
    assert locate("model.py:Model.loss")(3) == 9
    assert locate("model.py:loss") is locate(str(model / "model.py") + ":loss")
    assert locate("kit.model:loss") is not locate("model.py:loss")
    with pytest.raises(TargetError, match="no address"):
        locate(":f")
    assert parse_wrt("a,1") == ("a", 1)


def test_a_file_may_be_called_like_an_imported_module(model):
    (model / "json.py").write_text("def f(x):\n    return x\n")
    assert locate("json.py:f")(2) == 2
