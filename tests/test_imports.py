"""The shape of the code: imports point one way, files stay small and say what they are for."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "tangent").rglob("*.py"))
SCRIPTS = sorted([*(ROOT / "tools").glob("*.py"), *(ROOT / "examples").glob("*.py")])
LINES = 550

# Core, then what may import it, and so on up. `parse` and what it calls ask what has a recipe.
LAYERS = {
    "recipes": 1,
    "parse": 1,
    "targets": 1,
    "classes": 1,
    "inner_gradients": 1,
    "analysis": 2,
    "transforms": 3,
}
ABOVE = {
    *("api", "check", "locate", "export", "late", "numba", "numba_helpers"),
    *("__main__", "__init__"),
}


def layer(module: str) -> int:
    """Where a module of the package stands: 0 is the core, 4 the interface, 5 what uses that."""
    parts = module.split(".")
    if parts[0] != "tangent":
        return 5
    if len(parts) == 1 or parts[1] in ABOVE:
        return 4
    return LAYERS.get(parts[1], 0)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


@functools.cache
def modules() -> frozenset[str]:
    return frozenset(name_of(path).removesuffix(".__init__") for path in SOURCES)


def imports(path: Path, at_top: bool = False) -> Iterator[tuple[int, str]]:
    """Line and name of each module that a file imports, in functions too unless `at_top`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield node.lineno, whole if whole in modules() else str(node.module)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_one_way(path):
    own = layer(name_of(path))
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for line, module in imports(path)
        # `import tangent` alone is the namespace that generated code finds the helpers in.
        if module.startswith("tangent.") and layer(module) > own
    ]
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_cycles_at_import(path):
    """Of two modules not each imports the other, unless in a function where they recurse."""
    own = name_of(path)
    for _, module in imports(path, at_top=True):
        other = ROOT / (module.replace(".", "/") + ".py")
        if module != own and other.is_file():
            assert own not in {m for _, m in imports(other, at_top=True)}, f"{own} and {module}"


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_small_and_say_what_they_are(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "no docstring"


def test_the_core_imports_no_library_that_is_optional():
    optional = {"scipy", "tensorflow", "torch", "jax", "autograd", "numba", "matplotlib"}
    for path in SOURCES:
        if path.stem in ("numba", "numba_helpers"):
            continue
        allowed = set(path.relative_to(ROOT).parts)  # recipes of a library may import it
        found = {module.split(".")[0] for _, module in imports(path, at_top=True)} & optional
        assert found <= allowed, path
