"""Time and memory: interleaved repeats, so that a slow moment of the machine meets everybody."""

from __future__ import annotations

import gc
import linecache
import statistics
import tracemalloc
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

import numpy as np

BLOCK = 0.004  # seconds that one repeat takes, at least
SLOW = 0.25  # a call that takes longer is repeated three times only


Call = tuple[Callable[..., Any], tuple[Any, ...]]  # a function and its arguments


def _seconds(call: Call, number: int) -> float:
    function, arguments = call
    start = perf_counter()
    for _ in range(number):
        function(*arguments)
    return (perf_counter() - start) / number


def _number(call: Call) -> int:
    """How many calls fill a block."""
    number = 1
    while True:
        seconds = _seconds(call, number)
        if seconds * number >= BLOCK:
            return number
        number = max(2 * number, int(1.1 * BLOCK / max(seconds, 1e-9)))


def times(calls: dict[str, Call], repeats: int) -> dict[str, list[float]]:
    """Seconds a call, `repeats` times for each, in turn: A B C, A B C, …"""
    for function, arguments in calls.values():
        function(*arguments)  # compiles, fills caches
    numbers = {name: _number(call) for name, call in calls.items()}
    found: dict[str, list[float]] = {name: [] for name in calls}
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        for turn in range(repeats):
            for name, call in calls.items():
                if turn < 3 or found[name][0] < SLOW:
                    found[name].append(_seconds(call, numbers[name]))
            gc.collect()
    finally:
        if was_enabled:
            gc.enable()
    return found


def ratio(times: list[float], reference: list[float]) -> float:
    """How much slower: of the fastest repeats, which disturbances reach least."""
    return min(times) / min(reference)


def geometric_mean(values: Iterable[float]) -> float:
    return float(np.exp(np.mean(np.log(list(values)))))


def peak_memory(call: Call) -> int:
    """The most bytes allocated during a call, beyond what was there before."""
    function, arguments = call
    function(*arguments)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        function(*arguments)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


TEN_LINES = """\
import numpy as np


def layer(W, b, v, x):
    z = np.dot(x, W) + b
    h = np.tanh(z)
    s = 0.0
    for i in range(len(v)):
        s = s + v[i] * v[i]
    if s > 1.0:
        h = h / s
    e = h - v
    return np.sum(e * e)
"""


def generation_times(repeats: int = 30) -> list[float]:
    """Seconds to write the gradient of a ten-line function, once warm.

    Each repeat has a function of its own, with a source of its own, so that no cache can answer.
    """
    import tangent

    found = []
    for k in range(repeats + 3):
        filename, text = f"<generation {k}>", TEN_LINES.replace("1.0", f"{k + 1}.0")
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        namespace: dict[str, Any] = {"__name__": filename}
        exec(compile(text, filename, "exec"), namespace)
        start = perf_counter()
        tangent.grad(namespace["layer"], wrt=("W", "b", "v"))
        found.append(perf_counter() - start)
    return found[3:]


def summary(seconds: list[float]) -> dict[str, float]:
    return {"min": min(seconds), "median": statistics.median(seconds)}
