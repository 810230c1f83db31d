"""Golden cases: whole inputs with whole expected outputs.

    # Gallery: a branch, the kinds known from examples.
    # wrt: a
    # like: a=1.0
    # args: a=1.3
    def f(a):
        ...


    # output
    def dfda(a, init_grad=1.0):
        ...

Lines of the header: `wrt` (names); `mode` (grad, forward, vjp; default grad); `function` (default
f); `like` (examples by name); `options` (further keyword arguments); `args` (arguments by name for
a run, any number of lines). Values are Python expressions with `np` and `tests.cases.array`.
"""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import tangent
from tests.cases import array

__all__ = ["OUTPUT", "Golden", "read", "rewrite"]

FOLDER = Path(__file__).parent / "golden"
OUTPUT = "# output\n"
KEYS = ("wrt", "mode", "function", "like", "options", "args")


@dataclass(frozen=True)
class Golden:
    """One case."""

    path: Path
    title: str
    header: dict[str, list[str]]
    expected: str

    @property
    def name(self) -> str:
        return self.path.relative_to(FOLDER).with_suffix("").as_posix()

    @property
    def wrt(self) -> tuple[str, ...]:
        return tuple(self.one("wrt", "").replace(",", " ").split())

    @property
    def mode(self) -> str:
        return self.one("mode", "grad")

    def one(self, key: str, default: str) -> str:
        values = self.header.get(key, [default])
        assert len(values) == 1, f"{self.path}: {key} is given {len(values)} times"
        return values[0]

    def function(self) -> Callable[..., Any]:
        """The input's function, compiled so that its source is found in the file."""
        text = self.path.read_text(encoding="utf-8").split(OUTPUT)[0]
        linecache.checkcache(str(self.path))
        module = ModuleType(f"golden_{self.path.stem}")
        module.__file__ = str(self.path)
        exec(compile(text, str(self.path), "exec"), vars(module))
        return vars(module)[self.one("function", "f")]

    def derivative(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """What tangent writes for it."""
        options = self.values(self.one("options", ""))
        if "like" in self.header:
            named = self.values(self.one("like", ""))
            options["like"] = tuple(named[p] for p in inspect.signature(f).parameters)
        make = {"grad": tangent.grad, "forward": tangent.jvp, "vjp": tangent.vjp}[self.mode]
        return make(f, wrt=self.wrt, **options)

    def runs(self, f: Callable[..., Any]) -> list[tuple[Any, ...]]:
        """Arguments for the numerical check, in the order of the parameters."""
        runs = [self.values(text) for text in self.header.get("args", [])]
        return [tuple(run[p] for p in inspect.signature(f).parameters) for run in runs]

    @staticmethod
    def values(text: str) -> dict[str, Any]:
        return eval(f"dict({text})", {"np": np, "array": array})


def read(path: Path) -> Golden:
    """Parse a case's file."""
    before, mark, expected = path.read_text(encoding="utf-8").partition(OUTPUT)
    assert mark, f"{path} has no line {OUTPUT.strip()!r}"
    header: dict[str, list[str]] = {}
    title = ""
    for line in before.splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.removeprefix("#").strip().partition(":")
        if colon and key in KEYS:
            header.setdefault(key, []).append(value.strip())
        else:
            title += line.removeprefix("#")
    return Golden(path, title.strip(), header, expected)


def rewrite(golden: Golden, output: str) -> None:
    """Make `output` what is expected."""
    before, mark, _ = golden.path.read_text(encoding="utf-8").partition(OUTPUT)
    golden.path.write_text(before + mark + output, encoding="utf-8")
