"""One random program, run and compared: exact derivatives by complex steps against ours.

    check(program)   ->   Outcome("right") | Outcome("refused", error) | Outcome("skipped", reason)

or an `AssertionError` where a derivative is wrong. An `UnsupportedError` is a refusal, and a `KindError`:
the derivative was written for another kind, and says so. The
reference runs the same source with another `np`, whose arrays are complex, so that Im f(x + ih) / h
is the derivative to rounding; where that goes wrong for a reason of its own, differences serve.
"""

from __future__ import annotations

import itertools
import linecache
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import tangent
from tangent.api import OPTIMISATIONS
from tangent.errors import KindError, UnsupportedError
from tests.numeric import (
    Rough,
    check_argument_unchanged,
    check_like,
    complex_step,
    copied,
    inner,
    items_of,
    numeric_gradient,
    parts,
    positions,
    random_like,
    rebuilt,
    vector,
    with_items,
)
from tests.strategies import RandomProgram

__all__ = ["Outcome", "check", "compiled", "reference"]

LARGE = 1e6  # beyond it rounding is all that would be compared
_numbers = itertools.count()


@dataclass(frozen=True)
class Outcome:
    """What came of a program."""

    kind: str
    detail: str = ""


class ComplexNumpy:
    """NumPy as programs see it when their numbers are complex."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def array(value: Any) -> np.ndarray:
        new = np.array(value)
        return new if new.dtype.kind == "i" else new.astype(complex)

    @staticmethod
    def zeros(shape: Any) -> np.ndarray:
        return np.zeros(shape, complex)

    @staticmethod
    def ones(shape: Any) -> np.ndarray:
        return np.ones(shape, complex)

    @staticmethod
    def full(shape: Any, value: Any) -> np.ndarray:
        return np.full(shape, value, complex)


def widened(value: Any) -> Any:
    """With arrays of complex numbers, all else as it is."""
    if isinstance(value, list | tuple | dict):
        return with_items(value, {k: widened(v) for k, v in items_of(value).items()})
    return value.astype(complex) if isinstance(value, np.ndarray) else value


def _complex_abs(value: Any) -> Any:
    return value if value.real >= 0 else -value


@contextmanager
def compiled(source: str, **names: Any) -> Iterator[Callable[..., Any]]:
    """The program's `f`, with its source where `inspect` finds it; `names` are seen first."""
    file = f"random_program_{next(_numbers)}.py"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    module = sys.modules[file.removesuffix(".py")] = types.ModuleType(file.removesuffix(".py"))
    scope = module.__dict__
    try:
        exec(compile(source, file, "exec"), scope)
        scope.update(names)
        yield scope["f"]
    finally:
        linecache.cache.pop(file, None)
        del sys.modules[module.__name__]


def reference(p: RandomProgram) -> list[np.ndarray]:
    """The gradients, exact to rounding where complex steps work.

    Raises:
        Rough: no derivative to compare with at this point.
    """
    with compiled(p.source) as f:
        value = f(*copied(p.args))
        where = positions(f, p.wrt)
        with (
            compiled(p.source, np=ComplexNumpy(), abs=_complex_abs) as g,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("error")
            try:
                wide = tuple(map(widened, p.args))
                if np.isclose(g(*copied(wide)), value, rtol=1e-9):
                    return complex_step(g, wide, where)
            except (TypeError, ValueError, Warning):
                pass  # not analytic as it is written: a Python complex has no order, for one
        return numeric_gradient(f, p.args, where)


def check(
    p: RandomProgram, forward: bool = True, like: bool = False, passes: bool = False
) -> Outcome:
    """Compare reverse with the reference, forward with reverse, and optimised with not.

    `like`: with the arguments as examples of their kinds; `passes`: each optimisation left out too.

    Raises:
        AssertionError: a derivative is wrong (any other exception is a fault as well).
    """
    with np.errstate(all="ignore"), compiled(p.source) as f:
        try:
            value = f(*copied(p.args))
        except (ArithmeticError, ValueError, IndexError, KeyError, RecursionError) as error:
            return Outcome("skipped", f"raises {type(error).__name__}")
        if not np.isfinite(value) or abs(value) > LARGE:
            return Outcome("skipped", "large")
        try:
            expected = reference(p)
        except Rough:
            return Outcome("skipped", "rough")
        if not all(np.all(np.isfinite(e)) and np.all(np.abs(e) < LARGE) for e in expected):
            return Outcome("skipped", "large")
        try:
            compare(p, f, expected, forward, like, passes)
        except (UnsupportedError, KindError) as error:
            return Outcome("refused", f"{type(error).__name__}: {error.reason}")
    return Outcome("right")


def compare(
    p: RandomProgram,
    f: Callable[..., Any],
    expected: list[np.ndarray],
    forward: bool,
    like: bool = False,
    passes: bool = False,
) -> None:
    where = positions(f, p.wrt)
    scale = 1.0 + max(float(np.max(np.abs(e), initial=0.0)) for e in expected)
    ways: list[Any] = [True, False]
    if passes:
        ways += [[p for p in OPTIMISATIONS if p != name] for name in OPTIMISATIONS]
    for optimized in ways:
        kinds = {"like": copied(p.args)} if like else {}
        df = tangent.grad(f, wrt=p.wrt, optimized=optimized, **kinds)
        given = copied(p.args)
        gradients = parts(df(*given), p.wrt)
        check_argument_unchanged(p.args, given)
        for k, gradient, slope in zip(where, gradients, expected, strict=True):
            check_like(gradient, p.args[k], f"the gradient of {p.wrt[where.index(k)]}")
            np.testing.assert_allclose(
                vector(gradient),
                slope,
                rtol=1e-6,
                atol=1e-6 * scale,
                err_msg=f"{p.wrt[where.index(k)]}, optimized={optimized}",
            )
    if not forward:
        return
    tangents = tuple(random_like(p.args[k], np.random.default_rng(k)) for k in where)
    found = tangent.jvp(f, wrt=p.wrt)(*copied(p.args), *tangents)
    slope = sum(
        inner(rebuilt(p.args[k], e), t) for k, e, t in zip(where, expected, tangents, strict=True)
    )
    np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-6 * scale, err_msg="forward")
