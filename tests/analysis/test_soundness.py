"""The analyses against runs: what a run does must be among what the analyses say may happen.

Each program of `tests/programs` is run in core form, reporting its names at each statement. The objects that
they denote are compared: names that share memory must be `may_alias`, objects whose contents a
statement changed must be in `changed_names`, a name that is read must be live, and floats that
change where a `wrt` argument changes must be varied.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

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
from tests.cases import Arguments, Program, all_programs
from tests.helpers import attributes, copied, execute, in_core_form, rebuilt

MOST_STEPS = 100


class Step(NamedTuple):
    """A statement that is about to run, with the names at that time.

    Attributes:
        values: the objects themselves, which later statements may change.
        copies: what they held.
        mutable: their parts that can be written.
    """

    statement: Any
    values: dict[str, Any]
    copies: dict[str, Any]
    mutable: dict[str, Any]


class Stopped(BaseException):
    """The program runs for too long (no handler of the program's catches it)."""


class Case:
    """A program's run on one of its argument sets."""

    def __init__(self, program: Program, arguments: Arguments) -> None:
        self.program, self.arguments = program, arguments
        self.facts = facts_of(program)
        self.steps = trace(self.facts, *copied((arguments.values, arguments.kwargs)))

    @property
    def takes_arguments_apart(self) -> bool:
        """Parameters are taken not to share memory (generated code checks that)."""
        values = [*self.arguments.values, *self.arguments.kwargs.values()]
        return not any(
            share(mutable_parts(a), mutable_parts(b))
            for i, a in enumerate(values)
            for b in values[:i]
        )


def cases() -> Iterator[Any]:
    for program in all_programs():
        for arguments in program.arguments:
            yield pytest.param((program, arguments), id=f"{program.name}-{arguments.label}")


@pytest.fixture(scope="module", params=cases())
def case(request: Any) -> Case:
    return Case(*request.param)


@functools.lru_cache(maxsize=1)
def facts_of(program: Program) -> Facts:
    try:
        loaded = in_core_form(program.function)
        facts = Facts(loaded.entry, loaded, {"wrt": program.wrt})
        facts[Cfg]  # refuses what it doesn't model
    except TangentError as error:
        pytest.skip(f"not in the language: {error.reason}")
    return facts


def reporting(body: list[Any], number: dict[Any, int]) -> list[Any]:
    """A block that reports before each statement, and before a loop's header once more each time round."""
    out = []
    for statement in body:
        report = f"step_({number[statement]}, locals())"
        changes: dict[str, Any] = {}
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(statement, field, None)
            if isinstance(inner, list) and inner:
                changes[field] = reporting(inner, number)
        if handlers := getattr(statement, "handlers", None):
            changes["handlers"] = [
                tree.replace(h, body=reporting(h.body, number)) for h in handlers
            ]
        if isinstance(statement, gast.For | gast.While):
            changes["body"] = [*changes["body"], *tree.statements(report)]
        out += tree.statements(report)
        out.append(tree.replace(statement, **changes) if changes else statement)
    return out


def trace(facts: Facts, values: tuple[Any, ...], kwargs: Any) -> list[Step]:
    """The values of all names as each statement is about to run (in the outermost call).

    A block that an exception leaves is taken back: to the analyses it has not run, as nothing that
    it does may be seen afterwards (`transforms.attempts` refuses what could be).
    """
    statements = list(tree.walk_statements(facts.function.node.body))
    handlers = {s.orelse[0]: s for s in statements if isinstance(s, tree.Attempt) and s.orelse}
    steps: list[Step] = []
    frames: list[Any] = []

    def step(n: int, names: dict[str, Any]) -> None:
        frame, statement = sys._getframe(1), statements[n]
        frames.append(frame) if not frames else None
        if frame is not frames[0]:
            return
        if len(steps) == MOST_STEPS:
            raise Stopped
        if attempt := handlers.get(statement):
            tried = set(tree.walk_statements(attempt.body))
            while steps[-1].statement in tried:
                steps.pop()
            names = {k: v for k, v in names.items() if k in facts[Liveness].before[statement]}
        copies = {k: copied(v) for k, v in names.items()}
        mutable = {k: mutable_parts(v) for k, v in names.items()}
        steps.append(Step(statement, dict(names), copies, mutable))

    body = reporting(facts.function.node.body, {s: n for n, s in enumerate(statements)})
    scope = facts.function.scope.inject(step_=step)
    try:
        with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
            # What memory has held before would differ between two runs.
            patch.setattr(np, "empty", np.zeros)
            patch.setattr(np, "empty_like", np.zeros_like)
            np.random.seed(0)
            execute(facts.function.with_body(body, scope=scope))(*values, **kwargs)
    except (Exception, Stopped):
        pass
    return steps


def parts(value: Any) -> Iterator[Any]:
    """A value with all that it holds."""
    yield value
    if isinstance(value, list | tuple):
        inner: Any = value
    elif isinstance(value, dict):
        inner = value.values()
    else:
        inner = attributes(value).values()
    for part in inner:
        yield from parts(part)


def mutable_parts(value: Any) -> tuple[list[np.ndarray], set[int]]:
    """The arrays that a value holds, and the identities of its lists, dicts and objects."""
    arrays, others = [], set()
    for part in parts(value):
        if isinstance(part, np.ndarray):
            arrays.append(part)
        elif isinstance(part, list | dict) or attributes(part):
            others.add(id(part))
    return arrays, others


def share(a: Any, b: Any) -> bool:
    """Whether a write through one value can be seen through the other."""
    return bool(a[1] & b[1]) or any(
        p is q or (np.may_share_memory(p, q) and np.shares_memory(p, q)) for p in a[0] for q in b[0]
    )


def same_contents(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same_contents, a, b))
    a, b = (v if isinstance(v, dict) else attributes(v) for v in (a, b))
    return a.keys() == b.keys() and all(same_contents(a[k], b[k]) for k in a)


@pytest.mark.parametrize("kind", [MayAlias, PlainAliases])
def test_aliases_and_writes(case: Case, kind: Any) -> None:
    if not case.takes_arguments_apart:
        pytest.skip("parameters are taken to be different objects")
    aliases = case.facts[kind]
    compared = set()
    for number, (statement, values, copies, mutable) in enumerate(case.steps):
        known = {n: p for n, p in mutable.items() if n in aliases.analysis.index and any(p)}
        for a, b in itertools.combinations(sorted(known), 2):
            if (statement, a, b) not in compared and share(known[a], known[b]):
                compared.add((statement, a, b))
                assert aliases.may_alias(statement, a, b), f"{a} ~ {b} in {tree.unparse(statement)}"
        if number + 1 < len(case.steps):
            after = case.steps[number + 1]
            changed = {
                n
                for n in known
                if n in after.values
                and values[n] is after.values[n]
                and not same_contents(copies[n], after.copies[n])
            }
            wrong = changed and changed - aliases.changed_names(statement)
            assert not wrong, f"{wrong} from {tree.unparse(statement)}"


def test_liveness(case: Case) -> None:
    effects, live = case.facts[Effects], case.facts[Liveness]
    wanted: set[str] = set()
    bound = set(live.analysis.names.elements)
    following: Any = None
    for statement in reversed([s.statement for s in case.steps]):
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
    if isinstance(value, bool | np.bool_):
        return value
    if isinstance(value, float | np.floating):
        return type(value)(value + by)
    if isinstance(value, np.ndarray):
        by = by if value.dtype.kind in "fc" else 0
        steps = by * (1 + np.arange(value.size).reshape(value.shape))
        return value + steps.astype(value.dtype)
    return rebuilt(value, lambda part: moved(part, by))


def test_varied(case: Case) -> None:
    facts, program = case.facts, case.program
    values, kwargs = copied((case.arguments.values, case.arguments.kwargs))
    parameters = facts.function.parameters
    if not case.takes_arguments_apart or len(values) > len(parameters):
        pytest.skip("parameters are taken to be different objects")
    if program.expected == "refused" or "np.ndarray(" in inspect.getsource(program.function):
        pytest.skip("differs between two runs: a global, or what memory has held before")
    near = tuple(
        moved(v, 1e-3) if p in program.wrt else v for p, v in zip(parameters, values, strict=False)
    )
    varied, live = facts[Activity].varied, facts[Liveness]
    for one, two in zip(case.steps, trace(facts, near, kwargs), strict=False):
        if one.statement is not two.statement:
            break  # another path
        for name in set(one.copies) & set(two.copies) & live.before[one.statement]:
            x, y = floats(one.copies[name]), floats(two.copies[name])
            same = len(x) == len(y) and all(
                u.shape == v.shape and np.array_equal(u, v, equal_nan=True)
                for u, v in zip(x, y, strict=True)
            )
            if not same:
                text = tree.unparse(one.statement)
                assert name in varied.before[one.statement], f"{name} before {text}"
