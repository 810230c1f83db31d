"""The tour in docs/design.md names modules that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")


def test_files_that_it_names():
    files = {path.name for path in ROOT.glob("tangent/**/*.py")}
    assert set(re.findall(r"`([a-z_]+\.py)`", TEXT)) <= files


def test_analyses_that_it_names():
    block = TEXT.partition("## Facts")[2].partition("\n## ")[0]
    cells = [row.split("|")[2] for row in block.splitlines() if row.startswith("| ")][1:]
    named = {word for cell in cells for word in re.findall(r"`([a-z_]+)`", cell)}
    assert named <= {path.stem for path in (ROOT / "tangent" / "analysis").glob("*.py")}
