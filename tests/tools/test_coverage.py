"""The table of functions: that of the repository is right, and what is wrong is found."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest

from tangent.recipes import registry
from tools import coverage


def test_the_table_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage.main(["--check"]) == 0, capsys.readouterr().err


def test_rows() -> None:
    table = coverage.text()
    assert "| `numpy.arctan2` | by element | arctan2(**x1**, **x2**) |" in table
    assert "| `numpy.argmax` | constant |  |" in table
    assert "| `numpy.copyto` | a write |  |" in table
    assert "| `numpy.piecewise` | a loop |  |" in table
    assert "| `numpy.vectorize` | not supported | what it returns calls Python" in table
    assert "max(**a**, **b**)<br>max(**a**, **b**, **c**)" in table
    assert "sum(**a**, axis=None, dtype=None, out=None, keepdims=False)" in table
    assert "| `ndarray.T` | linear |" in table
    assert "| `numpy.savetxt`" not in table


def test_stale_tables_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.md"
    assert coverage.main(["--check", "-o", str(path)]) == 1
    assert "does not exist" in capsys.readouterr().err
    assert coverage.main(["-o", str(path)]) == 0
    assert coverage.main(["--check", "-o", str(path)]) == 0
    table = path.read_text(encoding="utf-8")
    path.write_text(table.replace("| `numpy.exp` | by element", "| `numpy.exp` | linear"))
    assert coverage.main(["--check", "-o", str(path)]) == 1
    assert "is stale" in capsys.readouterr().err


def test_tables_of_other_versions() -> None:
    """Another NumPy has other names; those that both have must agree."""
    table = coverage.text().replace(coverage.versions(), "NumPy 1.0 and Python 2.7")
    lines = table.splitlines(keepends=True)
    fewer = "".join(line for line in lines if "`numpy.exp`" not in line)
    assert coverage.stale(table, coverage.text()) == []
    assert coverage.stale(fewer, coverage.text()) == []
    wrong = table.replace("| `numpy.exp` | by element", "| `numpy.exp` | linear")
    assert coverage.stale(wrong, coverage.text()) == ["`numpy.exp` differs"]


def test_recipes_without_a_case_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sine, _ = registry.lookup(numpy.sin)
    more = {**registry.registered(), numpy.load: [sine]}
    monkeypatch.setattr(coverage, "registered", lambda: more)
    assert coverage.main(["--check"]) == 1
    assert "no case in tests/recipes for load (sin)" in capsys.readouterr().err


def test_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage.main(["--nonsense"]) == 2
    assert coverage.main(["-o", "no/such/folder/table.md"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_names_without_a_state_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(coverage, "BESIDE", coverage.BESIDE - {"load"})
    assert coverage.main(["--check"]) == 1
    assert "numpy.load is in no state" in capsys.readouterr().err
    monkeypatch.setattr(coverage, "MOST_UNSUPPORTED", 1)
    assert "names of NumPy are not supported, not 1" in "".join(coverage.undecided())
