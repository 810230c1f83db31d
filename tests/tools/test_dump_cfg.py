"""The window on the analyses, as a user runs it."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from tools import dump_cfg

ROOT = Path(__file__).parents[2]

MODEL = '''
import numpy as np


def layer(x, W):
    return np.tanh(np.dot(x, W))


def loss(x, W, n):
    """The loss."""
    h = x
    for i in range(n):
        if i > 3:
            break
        h = layer(h, W)
    s = n * 2
    return np.sum(h * h)


constant = 3


def manager(x):
    with x as y:
        return y
'''


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "dumped_model.py"
    path.write_text(MODEL, encoding="utf-8")
    return path


def test_text(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dump_cfg.main([f"{model}:loss", "--wrt", "W", "--analysis", "activity,liveness"]) == 0
    assert capsys.readouterr().out == (
        """\
def loss(x, W, n):
    h = x                 # active: W; live: W h n
    for i in range(n):    # active: W h; live: W h i n
        if i > 3:         # active: W h; live: W h n
            break         # active: h; live: h n
        h = layer(h, W)   # active: W h; live: W h n
    s = n * 2             # active: h; live: h
    return np.sum(h * h)  # active: h; live: -
"""
    )


def test_positions_and_all_analyses(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dump_cfg.main([f"{model}:layer", "--wrt", "1", "--analysis", "all"]) == 0
    out = capsys.readouterr().out
    for label in ("live", "reaching", "active", "effects", "aliases", "record", "kinds"):
        assert f"{label}: " in out


def test_after_passes(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [f"{model}:layer", "--passes", "desugar,exits,anf", "--analysis", "none"]
    assert dump_cfg.main(arguments) == 0
    assert capsys.readouterr().out.count("\n") > 2


def test_module_address(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(model.parent)
    assert dump_cfg.main(["dumped_model:layer"]) == 0
    assert capsys.readouterr().out.startswith("def layer(x, W):\n")


def test_dot(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.dot"
    assert dump_cfg.main([f"{model}:loss", "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith('digraph "loss" {')
    assert 'label="exit"' in text and 'label="true"' in text and "if i &gt; 3:" in text


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures_without_graphviz(model: Path, tmp_path: Path, suffix: str, start: bytes) -> None:
    out = tmp_path / f"out.{suffix}"
    assert dump_cfg.main([f"{model}:loss", "-o", str(out), "--no-graphviz"]) == 0
    assert out.read_bytes().startswith(start)


def test_boxes_do_not_overlap(model: Path) -> None:
    from tangent.analysis import picture

    facts = dump_cfg._facts(f"{model}:loss", None, "")
    rows = picture._rows(facts, ["liveness", "activity"], True)
    for above, below in itertools.pairwise(rows):
        assert above.bottom < below.top
    jumps = [picture._Jump(a, b, "") for a, b in [(1, 5), (2, 5), (2, 9), (4, 7), (6, 9), (8, 12)]]
    picture._assign_lanes(jumps)
    for i, one in enumerate(jumps):
        for other in jumps[:i]:
            if one.lane == other.lane and one.target != other.target:
                assert one.last < other.first or other.last < one.first


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{model}"], "no address"),
        (["{model}.py:loss"], "no such file"),
        (["{model}:lost"], "no function 'lost'"),
        (["{model}:constant"], "not a function"),
        (["no.such.module:f"], "no such module"),
        (["{model}:loss", "--analysis", "liveliness"], "no analysis is called 'liveliness'"),
        (["{model}:loss", "--wrt", "z"], "z"),
        (["{model}:loss", "--wrt", "7"], "7"),
        (["{model}:loss", "--format", "gif"], "gif"),
        (["{model}:loss", "--passes", "nonsense"], "no pass is called 'nonsense'"),
        (["{model}:loss", "-o", "{model}/x.png"], "x.png"),
        (["{model}:loss", "--depth", "3"], "--depth"),
        ([], "ADDRESS"),
    ],
)
def test_bad_input_gives_one_line_and_status_2(
    model: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dump_cfg.main([a.format(model=model) for a in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1, captured.err
    assert captured.err.startswith("dump_cfg: ") and said in captured.err


def test_unsupported_programs_show_the_place(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dump_cfg.main([f"{model}:manager"]) == 1
    assert "with x as y:" in capsys.readouterr().err


def test_as_a_command(model: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "dump_cfg.py")]
    done = subprocess.run(
        [*command, f"{model}:loss"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0 and done.stdout.startswith("def loss")
    done = subprocess.run([*command, "x"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
