"""Writing a gradient takes little time, measured by what Python takes to read and compile a text.

    grad(layer)      at most LIMIT times     ast.unparse(ast.parse(text)); compile(text)

Both are measured in turn in one process, and the fastest of each is taken, so that the ratio hardly
depends on the machine or on what else it does. It was about 40 and 60 when this was written.
"""

from __future__ import annotations

import ast
import itertools
import linecache
from collections.abc import Callable
from contextvars import Context
from time import process_time
from typing import Any

import pytest

import tangent
from benchmarks.measure import TEN_LINES

LIMIT = 90
REPEATS = 12

IN_PLACE = """\
import numpy as np


def layer(W, b, v, x):
    z = np.dot(x, W) + b
    h = np.tanh(z)
    A = np.zeros(len(v))
    s = 0.0
    for i in range(len(v)):
        A[i] = v[i] * v[i] + 1.0
        s = s + A[i]
    h = h / s
    e = h - A
    return np.sum(e * e)
"""

numbers = itertools.count()


def fresh(text: str) -> tuple[str, Callable[..., Any]]:
    """A function that no cache knows, with its text."""
    number = next(numbers)
    filename, text = f"<generation time {number}>", text.replace("1.0", f"{number + 1}.0")
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"__name__": filename}
    exec(compile(text, filename, "exec"), namespace)
    return text, namespace["layer"]


def seconds(work: Callable[[], object]) -> float:
    """The time of some work, in a context of its own: without the verifier that watches tests."""
    start = process_time()
    Context().run(work)
    return process_time() - start


@pytest.mark.parametrize("text", [TEN_LINES, IN_PLACE], ids=["ten lines", "in place"])
def test_gradient_is_written_in_time(text: str) -> None:
    writing, yardstick = [], []
    for _ in range(REPEATS):
        source, function = fresh(text)
        writing.append(seconds(lambda f=function: tangent.grad(f, wrt=("W", "b", "v"))))  # type: ignore[misc]
        yardstick.append(
            seconds(lambda s=source: (ast.unparse(ast.parse(s)), compile(s, "s", "exec")))  # type: ignore[misc]
        )
    ratio = min(writing) / min(yardstick)
    assert ratio < LIMIT, f"{min(writing) * 1e3:.1f} ms, {ratio:.0f} times the yardstick"
