"""What every pass does, as a user sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tangent.passes import registered_passes
from tools import dump_passes


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "dumped_passes_model.py"
    text = "def f(x, w):\n    a, b = x, w\n    return a * b + a\n"
    path.write_text(text, encoding="utf-8")
    return path


def test_diffs_and_times(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dump_passes.main([f"{model}:f", "--passes", "desugar,exits,anf"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("def f(x, w):")
    for name in ("desugar", "exits", "anf"):
        assert f"== {name}: " in out
    assert "-    a, b = x, w\n" in out and "+    a = x\n" in out
    assert "(no change)" in out  # exits
    assert out.rstrip().splitlines()[-1].startswith("total")


def test_the_whole_program(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dump_passes.main([f"{model}:f", "--passes", "desugar,exits", "--whole"]) == 0
    out = capsys.readouterr().out
    assert out.count("def f(x, w):") == 2


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_the_pipeline_of_grad(model: Path, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    dump_passes._know_passes()
    if mode not in registered_passes():
        pytest.skip(f"there is no pass {mode!r} yet")
    assert dump_passes.main([f"{model}:f", "--wrt", "x,w", "--mode", mode]) == 0
    assert f"== {mode}: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{model}:g"], "no function 'g'"),
        (["{model}:f", "--passes", "desugar,wrong"], "no pass is called 'wrong'"),
        (["{model}:f", "--passes", "anf"], "'plain', 'single-exit'"),
        (["{model}:f", "--wrt", "q"], "q"),
        (["{model}:f", "--mode", "sideways"], "sideways"),
    ],
)
def test_bad_input_gives_one_line_and_status_2(
    model: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dump_passes.main([a.format(model=model) for a in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1, captured.err
    assert captured.err.startswith("dump_passes: ") and said in captured.err
