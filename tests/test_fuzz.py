"""`tools/fuzz.py` finds a planted fault, prints the smallest program that shows it, and counts."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import random_check
from tests.random_check import Outcome

PATH = Path(__file__).resolve().parent.parent / "tools" / "fuzz.py"


@pytest.fixture
def fuzz():
    spec = importlib.util.spec_from_file_location("fuzz_tool", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def test_counts(fuzz, monkeypatch):
    monkeypatch.setattr(
        random_check,
        "check",
        lambda p, **options: (
            Outcome("refused", "no loops") if "for " in p.source else Outcome("right")
        ),
    )
    result = CliRunner().invoke(fuzz, ["-n", "150", "--seed", "3", "--refusals"])
    assert result.exit_code == 0, result.output
    assert "150 programs" in result.output
    assert "0 faults" in result.output
    assert "refused: no loops" in result.output
    assert "from seed 3" in result.output


def test_a_fault_is_printed_as_the_smallest_program(fuzz, monkeypatch):
    def check(program, **options):
        assert "while" not in program.source, "wrong derivative"
        return Outcome("right")

    monkeypatch.setattr(random_check, "check", check)
    result = CliRunner().invoke(
        fuzz, ["-n", "300", "--seed", "1", "--faults", "1", "--topic", "none"]
    )
    assert result.exit_code == 1
    assert "Fault 1" in result.output
    assert "wrong derivative" in result.output
    program = result.output.partition("def f(")[2].partition("# args")[0]
    assert "while" in program
    assert len(program.splitlines()) < 12, program


def test_topics_are_drawn_and_asked_for(fuzz, monkeypatch):
    seen = []
    monkeypatch.setattr(
        random_check, "check", lambda p, **options: seen.append(p.source) or Outcome("right")
    )
    for topics in ([], ["--topic", "closures", "--topic", "objects"]):
        assert CliRunner().invoke(fuzz, ["-n", "40", "--seed", "3", *topics]).exit_code == 0
    assert any("class P0" in source for source in seen)
    assert CliRunner().invoke(fuzz, ["-n", "1", "--topic", "nonsense"]).exit_code == 2


def test_bad_options(fuzz):
    assert CliRunner().invoke(fuzz, ["-n", "0"]).exit_code == 2
