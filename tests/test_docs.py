"""Links between the documents lead somewhere, and shown commands name files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links(document):
    targets = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    local = [t for t in targets if "://" not in t]
    assert [t for t in local if not (document.parent / t).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_scripts_that_commands_name(document):
    scripts = re.findall(r"python ((?:tools|examples)/\w+\.py)", document.read_text("utf-8"))
    assert [s for s in scripts if not (ROOT / s).exists()] == []


def test_targets_of_make():
    defined = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for document in DOCUMENTS:
        used = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text("utf-8"), re.M))
        assert used <= defined, document
