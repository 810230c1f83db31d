"""The analyses against runs: what a run does must be among what the analyses say may happen.

Each program of `tests/programs` is run under a line tracer. Before each statement the objects that
its names denote are compared: names that share memory must be `may_alias`, objects whose contents a
statement changed must be in `changed_names`, a name that is read must be live, and floats that
change where a `wrt` argument changes must be varied.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import gast
import numpy as np
import pytest

from tangent import tree
from tangent.analysis.activity import Activity
from tangent.analysis.aliases import MayAlias, PlainAliases
from tangent.analysis.cfg import Cfg
from tangent.analysis.effects import Effects
from tangent.analysis.liveness import Liveness
from tangent.errors import TangentError
from tangent.facts import Facts
from tangent.parse import load
from tests.cases import Arguments, Program, all_programs

Step = tuple[Any, dict[str, Any], dict[str, Any]]  # statement, values, copies of them


def cases() -> Iterator[Any]:
    for program in all_programs():
        for arguments in program.arguments:
            yield pytest.param(program, arguments, id=f"{program.name}-{arguments.label}")


def facts_of(program: Program) -> Facts:
    try:
        loaded = load(program.function)
        facts = Facts(loaded.entry, loaded, {"wrt": program.wrt})
        facts[Cfg]  # refuses what it doesn't model
    except TangentError as error:
        pytest.skip(f"not in the language: {error.reason}")
    return facts


def snapshot(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:
        return None


def trace(facts: Facts, program: Program, values: tuple[Any, ...], kwargs: Any) -> list[Step]:
    """The values of all names as each statement is about to run."""
    code = program.function.__code__
    by_line: dict[int, Any] = {}
    for statement in facts[Cfg].statements:
        by_line.setdefault(statement.lineno, statement)
    steps: list[Step] = []
    outermost: list[FrameType] = []

    def local(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line" and frame.f_lineno in by_line and len(steps) < 400:
            names = {k: v for k, v in frame.f_locals.items()}
            # Deep copies of all names together, so that each keeps its own contents.
            steps.append(
                (by_line[frame.f_lineno], names, {k: snapshot(v) for k, v in names.items()})
            )
        return local

    def start(frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code is code and not outermost:
            outermost.append(frame)
            return local
        return None

    before = sys.gettrace()
    sys.settrace(start)
    try:
        program.function(*values, **kwargs)
    except Exception:
        pass
    finally:
        sys.settrace(before)
    return steps


def parts(value: Any) -> list[Any]:
    """A value with all that it holds."""
    if isinstance(value, list | tuple):
        return [value, *(p for v in value for p in parts(v))]
    if isinstance(value, dict):
        return [value, *(p for v in value.values() for p in parts(v))]
    return [value]


def shares(a: Any, b: Any) -> bool:
    """Whether a write through one value can be seen through the other."""
    for p in parts(a):
        for q in parts(b):
            if isinstance(p, np.ndarray) and isinstance(q, np.ndarray) and np.shares_memory(p, q):
                return True
            if p is q and isinstance(p, list | dict):
                return True
    return False


def same_contents(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same_contents, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_contents(a[k], b[k]) for k in a)
    return True


def arguments_share(arguments: Arguments) -> bool:
    """Arguments that share memory: parameters are taken not to (generated code checks that)."""
    values = [*arguments.values, *arguments.kwargs.values()]
    return any(shares(a, b) for i, a in enumerate(values) for b in values[:i])


@pytest.mark.parametrize("kind", [MayAlias, PlainAliases])
@pytest.mark.parametrize(("program", "arguments"), list(cases()))
def test_aliases_and_writes(program: Program, arguments: Arguments, kind: Any) -> None:
    if arguments_share(arguments):
        pytest.skip("parameters are taken to be different objects")
    facts = facts_of(program)
    aliases = facts[kind]
    values = copy.deepcopy(arguments.values)
    steps = trace(facts, program, values, copy.deepcopy(arguments.kwargs))
    for number, (statement, names, copies) in enumerate(steps):
        known = sorted(set(names) & set(aliases.analysis.names))
        for i, a in enumerate(known):
            for b in known[:i]:
                if shares(names[a], names[b]):
                    text = tree.unparse(statement)
                    assert aliases.may_alias(statement, a, b), f"{a} ~ {b} before {text}"
        if number + 1 < len(steps):
            changed = {n for n in known if not same_contents(names[n], copies[n])}
            # Contents as they were before the statement against those at the end of the run: what
            # changed must have been changed by this statement or by a later one that was run.
            allowed: set[str] = set()
            for later, later_names, _ in steps[number:]:
                for n in aliases.changed_names(later):
                    if n in later_names:
                        allowed |= {k for k in known if shares(names[k], later_names[n])}
            assert changed <= allowed, f"{changed - allowed} from {tree.unparse(statement)}"


@pytest.mark.parametrize(("program", "arguments"), list(cases()))
def test_liveness(program: Program, arguments: Arguments) -> None:
    facts = facts_of(program)
    steps = trace(facts, program, copy.deepcopy(arguments.values), copy.deepcopy(arguments.kwargs))
    effects, live = facts[Effects], facts[Liveness]
    wanted: set[str] = set()
    bound = set(live.analysis.names.elements)
    following: Any = None
    for statement, _, _ in reversed(steps):
        if isinstance(statement, gast.For):
            # Whether it goes round is not known from the line alone: its target is no witness.
            wanted -= effects[statement].binds
        if following is not None and not isinstance(statement, gast.For):
            assert wanted <= live.after[statement], tree.unparse(statement)
        wanted = (wanted - effects[statement].binds) | (effects[statement].reads & bound)
        assert wanted <= live.before[statement], tree.unparse(statement)
        following = statement


def floats(value: Any) -> list[np.ndarray]:
    out = []
    for part in parts(value):
        if isinstance(part, float | complex | np.floating | np.complexfloating):
            out.append(np.asarray(part))
        elif isinstance(part, np.ndarray) and part.dtype.kind in "fc":
            out.append(part)
    return out


def moved(value: Any, by: float) -> Any:
    """A value with its floats changed a little."""
    if isinstance(value, list):
        return [moved(v, by) for v in value]
    if isinstance(value, tuple):
        return tuple(moved(v, by) for v in value)
    if isinstance(value, dict):
        return {k: moved(v, by) for k, v in value.items()}
    if isinstance(value, bool | np.bool_):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return value + np.asarray(by, value.dtype) * (
            1 + np.arange(value.size).reshape(value.shape)
        )
    if isinstance(value, float | np.floating):
        return type(value)(value + by)
    return value


@pytest.mark.parametrize(("program", "arguments"), list(cases()))
def test_varied(program: Program, arguments: Arguments) -> None:
    facts = facts_of(program)
    parameters = facts.function.parameters
    if arguments_share(arguments) or len(arguments.values) > len(parameters):
        pytest.skip("parameters are taken to be different objects")
    values = copy.deepcopy(arguments.values)
    near = tuple(
        moved(v, 1e-3) if p in program.wrt else copy.deepcopy(v)
        for p, v in zip(parameters, values, strict=False)
    )
    one = trace(facts, program, values, copy.deepcopy(arguments.kwargs))
    two = trace(facts, program, near, copy.deepcopy(arguments.kwargs))
    varied = facts[Activity].varied
    for (s, _, a), (t, _, b) in zip(one, two, strict=False):
        if s is not t:
            break  # another path
        for name in set(a) & set(b) & set(varied.analysis.names.elements):
            x, y = floats(a[name]), floats(b[name])
            same = len(x) == len(y) and all(
                u.shape == v.shape and np.array_equal(u, v, equal_nan=True)
                for u, v in zip(x, y, strict=True)
            )
            if not same:
                assert name in varied.before[s], f"{name} before {tree.unparse(s)}"
