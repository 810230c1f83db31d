"""The tables of docs/language.md say what happens when their cases are run."""

from __future__ import annotations

import pytest

from tools import language_table


def test_the_tables_are_fresh():
    made = language_table.tables(language_table.outcomes())
    _, shown, _ = language_table.parts(language_table.DOCUMENT.read_text(encoding="utf-8"))
    assert shown.strip() == made.strip(), "python tools/language_table.py --write"


def test_names_are_unique():
    names = [case.name for case in language_table.CASES]
    assert len(set(names)) == len(names)


def test_a_wrong_derivative_is_no_outcome(monkeypatch):
    def wrong(*args, **kwargs):
        raise language_table.CheckError("it should have been 2.0")

    monkeypatch.setattr(language_table, "check", wrong)
    with pytest.raises(language_table.CheckError):
        language_table.outcome(language_table.CASES[0])


def test_code_in_cells():
    assert language_table.cell("a | b") == "`a \\| b`"
    assert language_table.cell("if a:\n  b") == "`if a:`<br>&nbsp;&nbsp;`b`"
