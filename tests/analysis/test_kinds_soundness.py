"""Kinds never claim what is not so: programs are run, and every claim at every statement compared.

Each program is run on its own arguments and on numbers, lists, arrays of several dtypes and ranks,
0-d, of size one and empty; with nothing known and with its arguments as examples; as the user wrote
it and in core form.
"""

import random
import warnings
from collections.abc import Callable
from inspect import signature
from typing import Any

import gast
import numpy as np
import pytest

import tangent.recipes.numpy
import tangent.recipes.python  # noqa: F401
from tangent import tree
from tangent.analysis.kinds import Kinds, KindTable
from tangent.errors import TangentError
from tangent.facts import Facts
from tangent.parse import load
from tangent.program import Function, Program
from tangent.recipes.dims import is_explicit
from tangent.recipes.kinds import Kind, count_of
from tests import cases, helpers

MOST_STEPS = 60

TYPES = {
    "bool": (bool, np.bool_),
    "int": (int, np.integer),
    "float": (int, float, np.integer, np.floating, np.bool_),
    "complex": (int, float, complex, np.number),
    "number": (int, float, complex, np.number, np.bool_),
    "array": (np.ndarray,),
    "numeric": (int, float, complex, np.number, np.bool_, np.ndarray),
    "list": (list,),
    "tuple": (tuple,),
    "range": (range,),
    "str": (str,),
    "none": (type(None),),
}


class Stopped(BaseException):
    """The program runs for too long (no handler of its own catches it)."""


def shape_of(value: Any) -> Any:
    """The shape, or None where there is none (ragged lists, other objects)."""
    if isinstance(value, np.ndarray | np.generic | int | float | complex):
        return np.shape(value)
    if isinstance(value, list):
        inner = {shape_of(v) for v in value}
        if None not in inner and len(inner) < 2:
            return (len(value), *(inner.pop() if inner else ()))
    return None


def float_type(value: Any) -> Any:
    """The float type of the value's gradient, or None."""
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind in "fc":  # float16 comes of booleans only
            return value.dtype.name if value.dtype.name != "float16" else None
        return "float64" if value.dtype.itemsize >= 4 and value.dtype.kind in "iu" else None
    if isinstance(value, int | float):
        return "float64"
    return "complex128" if isinstance(value, complex) else None


class Claims:
    """Compares values with the kinds that are claimed of them."""

    def __init__(self, precisions: bool) -> None:
        self.precisions = precisions
        self.shapes: dict[Any, tuple[Any, str]] = {}
        self.floats: dict[Any, tuple[Any, str]] = {}
        self.dims: dict[Any, tuple[int, str]] = {}

    def check_dim(self, token: Any, size: int, says: Any, who: str) -> None:
        """One size has one token, and a token that is made of others is what they make."""
        if type(token) is int:
            assert size == token, says()
            return
        first, other = self.dims.setdefault(token, (size, who))
        assert first == size, f"{says()}; {token} is {size}, but was {first} in {other}"
        made = value_of_dim(token, self.dims)
        assert made is None or made == size, f"{says()}; {token} should be {made}"

    def check(self, name: str, value: Any, kind: Kind) -> None:
        def says() -> str:
            return f"{name} = {value!r} is claimed to be {kind!r}"

        assert kind.type not in TYPES or isinstance(value, TYPES[kind.type]), says()
        if kind.type == "int":
            assert not isinstance(value, bool), says()
        if kind.dtype is not None and kind.type != "tuple":
            if isinstance(value, np.ndarray | np.generic):
                assert value.dtype.name == kind.dtype, says()
            else:
                assert np.asarray(value).dtype.name == kind.dtype, says()
        if kind.rank is not None:
            assert np.ndim(value) == kind.rank, says()
        if kind.is_constant and kind.type != "function":
            assert type(value) is type(kind.value), says()
            assert value == kind.value or value != value, says()
        if kind.items is not None:
            assert len(value) == len(kind.items), says()
            keys = range(len(value)) if kind.keys is None else kind.keys
            for key, k in zip(keys, kind.items, strict=True):
                self.check(f"{name}[{key!r}]", value[key], k)
        if kind.precision == "weak":
            assert type(value) in (bool, int, float, complex), says()
        if count_of(kind) is not None:
            self.check_dim(count_of(kind), int(value), says, name)
        shape = shape_of(value)
        if is_explicit(kind.shape) and shape is not None:
            assert len(shape) == len(kind.shape), says()
            for token, size in zip(kind.shape, shape, strict=True):
                self.check_dim(token, size, says, name)
        elif kind.shape is not None and shape is not None:
            first, who = self.shapes.setdefault(kind.shape, (shape, name))
            assert first == shape, f"{says()}; {who} with that token has shape {first}"
            for axis, size in enumerate(shape):
                self.check_dim(("dim", kind.shape, axis), size, says, name)
        found = float_type(value)
        if kind.precision not in (None, "weak") and self.precisions and found is not None:
            first, who = self.floats.setdefault(kind.precision, (found, name))
            assert first == found, f"{says()}; {who} with that token is {first}"
            if isinstance(kind.precision, str):
                assert found == kind.precision, says()

    def check_all(self, state: Any, values: dict[str, Any], when: str) -> None:
        for name, kind in state.items():
            if name in values:
                self.check(f"{when}: {name}", values[name], kind)


def value_of_dim(token: Any, known: Any) -> int | None:
    """What a token that is made of others should be, if those have been seen."""
    if type(token) is int:
        return token
    if token[0] == "stretch":
        parts = {value_of_dim(d, known) for d in token[1]} - {1}
        return None if None in parts or len(parts) > 1 else parts.pop() if parts else 1
    if token[0] == "linear":
        terms = [(value_of_dim(d, known), k) for d, k in token[2]]
        return None if (None in dict(terms)) else token[1] + sum(n * k for n, k in terms)
    if token[0] in ("less", "slice"):
        numbers = [None if d is None else value_of_dim(d, known) for d in token[1:]]
        if any(n is None and d is not None for n, d in zip(numbers, token[1:], strict=True)):
            return None
        if token[0] == "less":
            return max(numbers[0] - numbers[1], 0)
        return len(range(*slice(*numbers[1:]).indices(numbers[0])))
    return known[token][0] if token in known else None


def instrument(function: Function, table: KindTable, run: Any) -> Callable[..., Any]:
    """The function, comparing its values with the claims before and after each statement."""
    statements = list(tree.walk_statements(function.node.body))
    number = {s: n for n, s in enumerate(statements)}
    texts = ["`" + tree.unparse(s).splitlines()[0] + "`" for s in statements]

    def before_(n: int, values: dict[str, Any]) -> Claims:
        run.steps += 1
        if run.steps > MOST_STEPS:
            raise Stopped
        claims = Claims(run.precisions)
        claims.check_all(table.before[statements[n]], values, f"before {texts[n]}")
        return claims

    def after_(n: int, values: dict[str, Any], claims: Claims | None = None) -> None:
        claims = claims or Claims(run.precisions)
        claims.check_all(table.after[statements[n]], values, f"after {texts[n]}")

    def block(body: list[Any], opening: list[Any]) -> list[Any]:
        out = list(opening)
        for s in body:
            n = number[s]
            out += tree.statements(f"claims_ = before_({n}, locals())")
            changes: dict[str, Any] = {}
            # The second arm of an attempt opens with what is spelled as an `except`.
            for field in ("body",) if isinstance(s, tree.Attempt) else ("body", "orelse"):
                inner = getattr(s, field, None)
                if isinstance(inner, list) and not isinstance(s, gast.FunctionDef):
                    header = tree.statements(f"after_({n}, locals())") if field == "body" else []
                    if isinstance(s, tree.Attempt) and s.types is None:
                        changes[field] = [inner[0], *block(inner[1:], header)]  # `as` comes first
                    elif isinstance(s, gast.If | gast.For | gast.While) and inner:
                        changes[field] = block(inner, header)
            out.append(tree.replace(s, **changes) if changes else s)
            if isinstance(
                s, gast.Assign | gast.AugAssign | gast.Expr | gast.Assert | gast.AnnAssign
            ):
                out += tree.statements(f"after_({n}, locals(), claims_)")
        return out

    body = block(function.node.body, [])
    scope = function.scope.inject(before_=before_, after_=after_)
    return helpers.execute(function.with_body(body, scope=scope))


class Run:
    """A program that compares its claims, with nothing known or with its arguments as examples."""

    def __init__(self, program: Program, like: Any = None) -> None:
        options = {"like": like, "assumes": like is not None}
        self.table = Facts(program.entry, program, options)[Kinds]
        self.function = instrument(program.entry, self.table, self)

    def __call__(self, arguments: Any, kwargs: Any) -> str:
        """Run it; what came of it."""
        self.steps = 0
        self.precisions = not any(map(is_narrow, leaves(arguments)))
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = self.function(*map(helpers.copied, arguments), **helpers.copied(kwargs))
        except AssertionError as error:
            if "claimed" in str(error):
                raise
            return "raised"
        except Stopped:
            return "stopped"
        except Exception:
            return "raised"
        Claims(self.precisions).check("result", value, self.table.result)
        return "ran"


def is_narrow(value: Any) -> bool:
    """Integers of fewer than 32 bits, for which precisions are not claimed."""
    dtype = np.asarray(value).dtype
    return dtype.kind in "biu" and dtype.itemsize < 4


def leaves(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        inner: Any = value
    elif isinstance(value, dict):
        inner = value.values()
    else:
        inner = helpers.attributes(value).values()
        if not inner:
            return [value]
    return [leaf for v in inner for leaf in leaves(v)]


def in_core_form(f: Callable[..., Any]) -> Program | None:
    """The program as the passes see it, None where they refuse it."""
    try:
        return helpers.in_core_form(f)
    except TangentError:
        return None


# Of a program's arguments, so many are compared; each pair of examples is one more analysis.
MOST_ARGUMENTS = 4


RNG = np.random.default_rng(0)
VARIETY = [
    0.7,
    3,
    np.float32(0.6),
    [0.4, 0.9, 1.3],
    [1, 2, 3],
    [[0.2, 0.5], [0.7, 0.1]],
    np.array(0.8),
    np.array([1.1]),
    np.array([]),
    np.array([2, 1, 3]),
    RNG.random(3),
    RNG.random(3, dtype="f4"),
    RNG.random((3, 1)),
    RNG.random((3, 3)),
    RNG.random((2, 2), dtype="f4"),
    RNG.random((2, 3, 3)),
    np.array([0.5 + 0.2j, 1j, 0.3]),
]


@pytest.mark.parametrize("case", cases.all_programs(), ids=lambda c: c.name)
def test_claims_hold(case: cases.Program) -> None:
    program = in_core_form(case.function)
    if program is None:
        pytest.skip("is refused before kinds are asked for")
    free = Run(program)
    outcomes = []
    for arguments in case.arguments[:MOST_ARGUMENTS]:
        outcomes.append(free(arguments.values, arguments.kwargs))
        outcomes.append(Run(program, arguments.values)(arguments.values, arguments.kwargs))
    # (`resize` refuses what has another name, as all names have here.)
    if (
        any(a.raises is None for a in case.arguments[:MOST_ARGUMENTS])
        and case.expected != "refused"
    ):
        assert "ran" in outcomes or "stopped" in outcomes
    first = case.arguments[0]
    chosen = random.Random(case.name)
    if any(p.annotation is not None for p in signature(case.function).parameters.values()):
        return  # generated code refuses other kinds than those that are promised
    for position in range(len(first.values)):
        for value in chosen.sample(VARIETY, 2):
            values = list(first.values)
            values[position] = value
            free(values, first.kwargs)
            if chosen.random() < 0.1:
                Run(program, tuple(values))(values, first.kwargs)
    for _ in range(5):
        values = [chosen.choice([v, chosen.choice(VARIETY)]) for v in first.values]
        free(values, first.kwargs)


# ---- random programs ------------------------------------------------------------------------

VALUES = """
{a} + {b} | {a} * {b} | {a} - {b} | {a} / {b} | 2 * {a} | {a} * 0.5 | -{a} | {a} ** 2
{a} @ {b} | {a} | {a} | np.sin({a}) | np.exp({a}) | np.maximum({a}, {b}) | np.abs({a})
np.sum({a}) | np.sum({a}, axis=0) | {a}[0] | {a}[-1] | {a}[1:] | {a}[:-1] | {a}[None]
{a}[..., 0] | {a}.T | {a}[i] | {a}[:, 0] | {a}[{a} > 0.5] | [{a}, {b}] | ({a}, {b}) | 0.0 | 1
{a} > {b} | {a} if n > 1 else {b} | other({a}, {b}) | other({b}, 2.0) | np.dot({a}, {b})
np.zeros_like({a}) | np.float32(2) | {a}.shape[0] | len({a}) | {a}.copy() | {a}.sum()
np.concatenate(({a}, {b})) | np.reshape({a}, -1) | np.transpose({a}) | np.ones(3)
np.zeros((2, n)) | np.where({a} > 0, {a}, {b}) | np.mean({a}) | np.stack([{a}, {b}])
float({a}) | abs({a}) | max({a}, {b}) | np.outer({a}, {b}) | np.arange(3) | np.full(3, {a})
np.array({a}) | np.array([{a}, {b}]) | {a}.astype(np.float32)
np.zeros(len({a})) | np.ones((len({a}) + 1, n)) | np.zeros({a}.shape) | len({a}) - 1 | n + 1
{a}[1:-1] | {a}[:n] | {a}[n:] | {a}[: len({a}) - 1] | {a}[1:, None] | {a}[::2] | {a}[-2:] | n * 2
np.sum({a}, axis=-1, keepdims=True) | {a}[..., 1:] | np.zeros((n, {a}.shape[-1]))
np.inner({a}, {b})
np.reshape({a}, (n, -1)) | {a}.reshape(len({a})) | np.mean({a}, axis=(0, 1)) | np.ones({a}.shape[0])
"""
CHOICES = [v.strip() for line in VALUES.strip().splitlines() for v in line.split("|")]
NAMES = ["x", "y", "p", "q", "r"]


def other(u, v):
    w = u
    for _ in range(2):
        w = w + u * v
    return w


def random_program(rng: random.Random) -> str:
    bound = ["x", "y"]

    def block(depth: int, loop: bool) -> list[str]:
        out: list[str] = []
        for _ in range(rng.randint(1, 5)):
            kind = rng.random()
            a, b = rng.choice(bound), rng.choice(bound)
            if kind < 0.62 or depth == 0:
                target = rng.choice(NAMES)
                value = rng.choice(CHOICES).format(a=a, b=b)
                out.append(f"{target} = {value}")
                if target not in bound:
                    bound.append(target)
            elif kind < 0.68:
                out.append(f"{a} {rng.choice(['+=', '*=', '-='])} {b}")
            elif kind < 0.72:
                out.append(rng.choice(["{a}[0] = {b}", "{a}.append({b})"]).format(a=a, b=b))
            elif kind < 0.75 and loop:
                out.append(f"if i > 1: {rng.choice(['break', 'continue'])}")
            elif kind < 0.88:
                test = rng.choice(["n > 1", "i % 2 == 0", "n == 2"])
                known = list(bound)
                out.append(f"if {test}:")
                out += indented(block(depth - 1, loop))
                if rng.random() < 0.6:
                    out.append("else:")
                    out += indented(block(depth - 1, loop))
                bound[:] = known if rng.random() < 0.5 else bound
            else:
                out.append("for i in range(n):")
                out += indented(block(depth - 1, True))
        return out

    lines = ["i = 0", *block(3, False), f"return {rng.choice(bound)}"]
    return "\n".join(["def f(x, y, n):", *indented(lines)])


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def check_random_programs(seeds: range) -> dict[str, int]:
    counts = {"ran": 0, "raised": 0, "stopped": 0}
    for seed in seeds:
        rng = random.Random(seed)
        text = random_program(rng)
        program = load(helpers.define(text, np=np, other=other))
        runs = [Run(program)]
        arguments: list[Any] = [rng.choice(VARIETY), rng.choice(VARIETY), 3]
        runs.append(Run(program, tuple(arguments)))
        for run in runs:
            try:
                counts[run(arguments, {})] += 1
                if run is runs[0]:
                    for _ in range(3):
                        other_arguments = [
                            rng.choice(VARIETY),
                            rng.choice(VARIETY),
                            rng.choice([0, 2, 4]),
                        ]
                        counts[run(other_arguments, {})] += 1
            except AssertionError as error:
                raise AssertionError(f"seed {seed}\n{text}\n{error}") from None
    return counts


def test_claims_hold_in_random_programs() -> None:
    counts = check_random_programs(range(100))
    assert counts["ran"] > 20
