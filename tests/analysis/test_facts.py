"""Analyses on whole programs, with the expected facts as trailing comments.

    # case: liveness activity; wrt x
    def f(x, w):
        a = np.sin(x)     # live: a w; active: a

The files of `golden/` are Python: a comment `# case: ANALYSES; wrt NAMES` marks the next function
as a case, other functions are its callees. What stands there is what `dump_text` prints;
`--bless` rewrites it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gast
import pytest

from tangent.analysis.dump import dump_text
from tangent.facts import Facts
from tangent.program import Function, Program, Scope

FOLDER = Path(__file__).parent / "golden"
CASE = re.compile(r"^# case: (?P<analyses>[\w ]+?)(; wrt (?P<wrt>[\w, ]+))?$")


def blocks(text: str) -> list[str]:
    """A file in pieces: top-level functions by themselves, and what stands between them."""
    out: list[str] = [""]
    for line in text.splitlines(keepends=True):
        inside = out[-1].startswith("def ")
        if line.startswith("def ") or (inside and line[:1] not in (" ", "\n", "")):
            out.append("")
        out[-1] += line
    return out


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.py")):
        pieces = blocks(path.read_text(encoding="utf-8"))
        for number, piece in enumerate(pieces[1:], 1):
            mark = CASE.match(pieces[number - 1].rstrip("\n").rpartition("\n")[2])
            if mark and piece.startswith("def "):
                name = piece[4 : piece.index("(")]
                yield pytest.param(path, number, mark, id=f"{path.stem}-{name}")


def facts_of(text: str, subject: str, options: dict[str, Any]) -> Facts:
    """The facts of one function of a file; the file's other functions are in its program."""
    module: dict[str, Any] = {}
    exec(compile(text, "<case>", "exec"), module)
    functions = []
    for node in gast.parse(text).body:
        if isinstance(node, gast.FunctionDef):
            scope = Scope(module)
            functions.append(Function(node, scope, primal=module[node.name]))
    functions.sort(key=lambda f: f.name != subject)
    return Facts(functions[0], Program(tuple(functions)), options)


@pytest.mark.parametrize(("path", "number", "mark"), list(cases()))
def test_facts(path: Path, number: int, mark: re.Match[str], bless: bool) -> None:
    text = path.read_text(encoding="utf-8")
    pieces = blocks(text)
    expected = pieces[number]
    name = expected[4 : expected.index("(")]
    wrt = mark["wrt"]
    options = {"wrt": tuple(w.strip() for w in wrt.split(","))} if wrt else {}
    facts = facts_of(text, name, options)
    found = dump_text(facts, mark["analyses"].split())
    if bless:
        tail = "\n" * (len(expected) - len(expected.rstrip("\n")) - 1)
        pieces[number] = found + tail
        path.write_text("".join(pieces), encoding="utf-8")
        return
    assert found.strip() == expected.strip()
