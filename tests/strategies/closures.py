"""Functions inside functions: nested `def` and `lambda`, stored, passed, returned, late binding."""

from __future__ import annotations

from tests.strategies.calls import FUN
from tests.strategies.statements import Statements
from tests.strategies.types import NONE, NUM, VEC, Type

__all__ = ["STATEMENTS"]

FUNS: Type = ("list", FUN)


def nested_def(w: Statements) -> None:
    name = w.fresh("g")
    types = w.choose((NUM,), (NUM,), (VEC,), (), (NUM, VEC))
    result = w.choose(NUM, NUM, VEC, NONE)
    parameters = {w.fresh("r"): t for t in types}
    default = ""
    if parameters and w.chance(4):
        default = f", k={w.number(NUM, 0)}"
    inner = w.inner(parameters, result)
    if default:
        inner.env["k"] = NUM
    w.write(f"def {name}({', '.join(parameters)}{default}):")
    start = len(w.lines)
    free = w.names(NUM) + w.names(VEC)
    if free and w.chance(2):
        shared = w.choose(*free)
        inner.write(f"nonlocal {shared}")
        inner.fixed.discard(shared)
        inner.write(
            f"{shared} {w.choose('=', '+=', '*=')} {inner.expression(inner.env[shared], 1)}"
        )
    if inner.depth < 4:
        inner.body(2)
    inner.finish()
    if len(w.lines) == start:
        inner.write("pass")
    w.env[name] = ("fun", types, result)
    w.fixed = w.fixed | {name}


def name_lambda(w: Statements) -> None:
    name, type = w.fresh("g"), w.choose(FUN, FUN, ("fun", (VEC,), VEC), ("fun", (), NUM))
    w.write(f"{name} = {w.closure(type)}")
    w.env[name] = type
    w.fixed = w.fixed | {name}


def choose_function(w: Statements) -> None:
    name = w.fresh("g")
    w.write(f"{name} = {w.closure(FUN)} if {w.test(0)} else {w.closure(FUN)}")
    w.env[name] = FUN
    w.fixed = w.fixed | {name}


def list_of_functions(w: Statements) -> None:
    lists = w.names(FUNS)
    if not lists:
        name = w.fresh("fs")
        w.write(f"{name} = [{w.closure(FUN)}, {w.closure(FUN)}]")
        w.env[name] = FUNS
        return
    name = w.choose(*lists)
    target = w.target(NUM, "s")
    v = w.fresh("e")
    value = w.number(NUM, 1)
    w.write(
        w.choose(
            f"{target} = {name}[{w.choose(0, 1, -1)}]({value})",
            f"{target} = sum({v}({value}) for {v} in {name})",
            f"{target} = sum([{v}({value}) for {v} in {name}])",
            f"{name}.append({w.closure(FUN)})"
            if not (w.loops or w.nested)
            else f"{target} = {value}",
            f"{target} = {value}\n{'    ' * w.depth}for {v} in {name}:\n{'    ' * (w.depth + 1)}{target} = {v}({target})",
        )
    )
    if f"{target} = " in w.lines[-1]:
        w.bind(target, NUM)


def late(w: Statements) -> None:
    """A function of a name that is bound again before it is called."""
    numbers = w.names(NUM)
    if not numbers:
        return
    s, g, v, t = w.choose(*numbers), w.fresh("g"), w.fresh("r"), w.fresh("s")
    w.write(f"{g} = lambda {v}: {v} * {s} + {s}")
    w.write(f"{s} = {w.number(NUM, 1)}")
    w.write(f"{t} = {g}({w.number(NUM, 1)})")
    w.env[t] = NUM


def in_loop(w: Statements) -> None:
    """Functions that a loop makes: all see its variable's last value, or each its own."""
    fs, i, v, t = w.fresh("fs"), w.fresh("i"), w.fresh("r"), w.fresh("s")
    with w.bound({v: NUM, i: ("int", 0, 2)}):
        body = w.number(NUM, 1)
    w.write(
        w.choose(
            f"{fs} = [lambda {v}: {v} * {i} + {body} for {i} in range(3)]",
            f"{fs} = [lambda {v}, {i}={i}: {v} * {i} + {body} for {i} in range(3)]",
            f"{fs} = []\n{'    ' * w.depth}for {i} in range(3):\n{'    ' * (w.depth + 1)}{fs}.append(lambda {v}: {v} * {i} + {body})",
        )
    )
    w.write(f"{t} = {fs}[0]({w.number(NUM, 0)}) * {fs}[2]({w.number(NUM, 0)})")
    w.env[t] = NUM


def partial_call(w: Statements) -> None:
    helpers = [h for h in w.helpers if len(h.parameters) > 1 and h.result[0] in ("num", "vec")]
    if not helpers:
        return
    helper = w.choose(*helpers)
    (first, *others), name = [t for _, t in helper.parameters], w.fresh("g")
    others = others[: len(others) - helper.defaults] if helper.defaults else others
    w.write(f"{name} = functools.partial({helper.name}, {w.argument(first)})")
    w.env[name] = ("fun", tuple(others), helper.result)
    w.fixed = w.fixed | {name}


def call_function(w: Statements) -> None:
    found = [(n, t) for n, t in w.of_kind("fun").items() if t[2] != FUN]
    if not found:
        return
    name, type = w.choose(*found)
    value = w.call(name, type[1])
    if type[2] == NONE:
        w.write(value)
        return
    target = w.target(type[2], "s")
    w.write(f"{target} {'=' if target not in w.env or w.chance(2) else '+='} {value}")
    w.bind(target, type[2])


STATEMENTS = (
    *[nested_def] * 3,
    *[name_lambda] * 2,
    *[call_function] * 3,
    list_of_functions,
    list_of_functions,
    choose_function,
    late,
    in_loop,
    partial_call,
)
