"""Observers of pipelines: a diff of what each pass did, and how long it took.

run_pipeline(program, passes, observers=[timing := Timing(), Diff()])

== dead: 0.4 ms
--- df before
+++ df after
@@ -3 +2,0 @@
-    unused = x * 2
"""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Callable
from typing import TextIO

from tangent.emit import emit
from tangent.passes import Pass
from tangent.program import Function, Program

__all__ = ["Diff", "Timing", "difference", "print_diff"]


class Timing:
    """Seconds spent in each pass.

    Put it first among the observers, so that it does not count the work of the others.

    Attributes:
        steps: `(name, seconds)` in the order in which the passes ran.
    """

    def __init__(self) -> None:
        self.steps: list[tuple[str, float]] = []
        self._began = 0.0

    def before(self, step: Pass, program: Program) -> None:
        self._began = time.perf_counter()

    def __call__(self, step: Pass, before: Program, after: Program) -> None:
        self.steps.append((step.name, time.perf_counter() - self._began))

    @property
    def last(self) -> float | None:
        """Seconds that the last pass took, or None where none has run."""
        return self.steps[-1][1] if self.steps else None

    def table(self) -> str:
        """The passes with their times, and the sum."""
        rows = [*self.steps, ("total", sum(seconds for _, seconds in self.steps))]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:{width}}  {seconds * 1e3:8.2f} ms" for name, seconds in rows)


class Diff:
    """Prints what each pass changed, as a unified diff of the emitted source.

    Args:
        out: where to write; standard output as it is when it is written to, if None.
        timing: a `Timing` that comes before this observer, to show the times.
        context: lines of context around a change.
    """

    def __init__(
        self, out: TextIO | None = None, timing: Timing | None = None, context: int = 2
    ) -> None:
        self.out = out
        self.timing = timing
        self.context = context

    def __call__(self, step: Pass, before: Program, after: Program) -> None:
        took = self.timing.last if self.timing is not None else None
        head = f"== {step.name}" + (f": {took * 1e3:.2f} ms" if took is not None else "")
        text = difference(before, after, self.context)
        print(head, text or "(no change)", "", sep="\n", file=self.out or sys.stdout)


# What `verbose=2` shows.
print_diff = Diff()


def difference(
    before: Program, after: Program, context: int = 2, text: Callable[[Function], str] | None = None
) -> str:
    """The unified diff between two programs, function by function; empty where nothing changed.

    Args:
        before, after: the programs.
        context: lines of context around a change.
        text: the source of a function, `emit`'s if None.
    """
    show = text or (lambda function: emit(function).source)
    old = {f.name: f for f in before.functions}
    new = {f.name: f for f in after.functions}
    lines: list[str] = []
    for name in [*old, *(n for n in new if n not in old)]:
        if old.get(name) is new.get(name):
            continue
        a, b = (show(side[name]).splitlines() if name in side else [] for side in (old, new))
        lines += difflib.unified_diff(
            a, b, f"{name} before", f"{name} after", n=context, lineterm=""
        )
    return "\n".join(lines)
