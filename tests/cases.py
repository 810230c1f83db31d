"""Programs as test cases: a plain function with argument sets, kept in a registry.

    @program(args(1.3, 4), args(0.5, 0), wrt="x")
    def power(x, n):
        y = 1.0
        for i in range(n):
            y = y * x
        return y

`program` gives back the very function that it got. `tests/programs/*.py` holds the programs,
`tests/test_programs.py` runs them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.numeric import STEP

__all__ = ["Arguments", "Program", "all_programs", "args", "array", "elementwise", "program"]

Outcome = (
    str  # "right": must be differentiated correctly; "refused": must raise; "either": one of them
)


@dataclass(frozen=True, eq=False)
class Arguments:
    """One set of arguments.

    Attributes:
        label: in the test's name.
        values: positional arguments.
        kwargs: keyword arguments (not differentiated).
        raises: the exception that the program raises on them, if any.
        expected: overrides the program's.
    """

    label: str
    values: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    raises: type[Exception] | None = None
    expected: Outcome | None = None


@dataclass(frozen=True, eq=False)
class Program:
    """A function to differentiate.

    Attributes:
        wrt: names of the parameters.
        expected: whether it is to be differentiated, refused, or (not settled) either.
        scalar: its value is a number; otherwise it is checked through a vjp with a random seed.
        rtol: relative tolerance to differences, None for the default.
        step: of the differences.
        forward: forward mode is compared with reverse.
        why: what the program is there to catch.
    """

    function: Callable[..., Any]
    wrt: tuple[str, ...]
    arguments: tuple[Arguments, ...]
    expected: Outcome = "right"
    scalar: bool = True
    rtol: float | None = None
    step: float = STEP
    forward: bool = True
    why: str = ""

    @property
    def name(self) -> str:
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"


_programs: dict[str, Program] = {}


def describe(value: Any) -> str:
    """A short word for a value's type and shape: `f8[3]`, `list2`, `int`."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.str[1:]}[{','.join(map(str, value.shape))}]"
    if isinstance(value, np.generic):
        return value.dtype.str[1:]
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}{len(value)}"
    if isinstance(value, int | float | complex | str):
        return str(value)[:8]
    return type(value).__name__


def args(
    *values: Any,
    label: str | None = None,
    raises: type[Exception] | None = None,
    expected: Outcome | None = None,
    **kwargs: Any,
) -> Arguments:
    """One argument set."""
    label = label or "-".join(map(describe, (*values, *kwargs.values()))) or "none"
    return Arguments(label, values, kwargs, raises, expected)


def array(
    *shape: int, seed: int = 0, low: float = 0.2, high: float = 1.3, dtype: Any = float
) -> Any:
    """A reproducible array, away from the usual kinks."""
    return np.random.default_rng(seed).uniform(low, high, shape).astype(dtype)


def elementwise(*, lists: bool = False) -> tuple[Arguments, ...]:
    """Two arguments that broadcast, of every kind, for elementwise programs `f(x, w)`.

    `lists` where the program starts with NumPy functions, so that lists work too.
    """
    sets = [
        args(0.7, 1.2),
        args(3, 2),
        args(np.float32(0.7), np.float32(1.2)),
        args(np.float64(0.7), 2),
        args(np.array(0.7), 1.2),
        args(np.array(0.7), np.array(1.2)),
        args(array(3), 1.2),
        args(0.7, array(3)),
        args(array(3), array(3, seed=1)),
        args(array(1), array(3)),
        args(array(3), array(1)),
        args(array(1), 1.2),
        args(array(2, 3), array(3)),
        args(array(3), array(2, 3)),
        args(array(2, 1), array(3)),
        args(array(2, 1), array(1, 3)),
        args(array(2, 1, 3), array(4, 1)),
        args(array(1, 1), 0.7),
        args(array(3), np.array(0.7)),
        args(array(0), 1.2),
        args(1.2, array(0)),
        args(array(0, 3), array(3)),
        args(array(1), array(0)),
        args(array(3, dtype="f4"), np.float32(0.7)),
        args(array(3, dtype="f4"), 0.7),
        args(array(3, dtype="f4"), array(2, 3, dtype="f4")),
        args(array(3, dtype="f4"), array(3)),
        args(np.array([1, 2, 3]), 0.7),
        args(np.array([1, 2, 3]), np.array([2, 3, 4])),
        args(np.array([1, 2, 3]), np.array([[2], [3]])),
        args(array(3), 2),
    ]
    if lists:
        sets += [
            args([0.3, 0.7], 1.2),
            args([1, 2], 0.5),
            args([0.3], array(3)),
            args([0.3, 0.7, 0.9], array(2, 3)),
            args([], 1.2, label="list0-1.2"),
        ]
    return tuple(sets)


def program(
    *arguments: Arguments,
    wrt: str | tuple[str, ...] = "x",
    expected: Outcome = "right",
    scalar: bool = True,
    rtol: float | None = None,
    step: float = STEP,
    forward: bool = True,
    why: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: register a function as a program. The function itself is left as it is."""
    names = tuple(wrt.replace(",", " ").split()) if isinstance(wrt, str) else wrt

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        new = Program(function, names, arguments, expected, scalar, rtol, step, forward, why)
        _programs[new.name] = new
        return function

    return register


def all_programs() -> list[Program]:
    """Every program of `tests/programs`, in order of name."""
    folder = Path(__file__).parent / "programs"
    for module in sorted(m.name for m in pkgutil.iter_modules([str(folder)])):
        importlib.import_module(f"tests.programs.{module}")
    return [_programs[name] for name in sorted(_programs)]


def cases(programs: list[Program] | None = None) -> Iterator[tuple[str, Program, Arguments]]:
    """Every program with every argument set, with a name."""
    for p in programs if programs is not None else all_programs():
        for a in p.arguments:
            yield f"{p.name}-{a.label}", p, a
