"""The guide's code runs: its package is built, found by its entry point, tested and used."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "writing-a-pass.md"
BLOCK = re.compile(r"^```(?:python|toml)\n# (\S+\.(?:py|toml))\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The guide's files in a folder that looks like one of installed packages."""
    folder = tmp_path_factory.mktemp("site")
    parts: dict[str, list[str]] = {}
    for name, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        parts.setdefault(name, []).append(text.strip("\n"))
    for name, texts in parts.items():
        (folder / name).write_text("\n\n\n".join(texts) + "\n", encoding="utf-8")
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    installed = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    installed.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (installed / "METADATA").write_text(head)
    points = [
        f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (installed / "entry_points.txt").write_text("\n".join(points))
    return folder


def run(package: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        cwd=package,
        env={"PYTHONPATH": f"{package}:{ROOT}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_guide_has_its_files(package):
    files = {path.name for path in package.iterdir() if path.is_file()}
    assert files == {"tangent_clip.py", "test_tangent_clip.py", "pyproject.toml", "use.py"}


def test_the_tests_of_the_guide_pass(package):
    shown = run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_tangent_clip.py")
    assert "5 passed" in shown


def test_the_pass_is_found_without_an_import(package):
    shown = run(package, "use.py")
    assert "        ba = clip(ba, -1.0, 1.0)\n" in shown
    assert shown.endswith("1.0\n(DeadCode(), ClipLoops(limit=1.0))\n")


def test_the_gradient_that_the_guide_shows(package):
    code = "import tangent, use; print(tangent.grad(use.f).source)"
    shown = run(package, "-c", code)
    text = GUIDE.read_text(encoding="utf-8")
    for line in ("for i in reversed(range(n)):", "ba = 2 * ba * a_tape.pop()"):
        assert line in text and line in shown
