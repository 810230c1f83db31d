"""Functions that write, return, return views of, or share their arguments, and calls of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.strategies.statements import Statements
from tests.strategies.types import MAT, NONE, NUM, VEC, Class, Helper, Type

__all__ = ["STATEMENTS", "draw_helper"]

FUN: Type = ("fun", (NUM,), NUM)
LIST: Type = ("list", NUM)
RECORD: Type = ("dict", (("w", VEC), ("b", NUM)))
PAIR: Type = ("tuple", NUM, VEC)

PARAMETERS = {
    "calls": (MAT, VEC),
    "closures": (FUN, NUM),
    "containers": (LIST, RECORD, ("list", VEC), PAIR),
    "idioms": (LIST, VEC),
}
RESULTS = {
    "calls": (NONE, NONE, VEC, PAIR, ("vec", 3), MAT),
    "closures": (FUN, FUN),
    "containers": (LIST, RECORD, PAIR, NONE),
    "idioms": (PAIR, NONE),
}


def draw_helper(
    draw: Callable[..., Any],
    number: int,
    helpers: list[Helper],
    classes: dict[str, Class],
    topics: tuple[str, ...],
    statements: tuple[Callable[[Any], None], ...],
) -> tuple[Helper, str]:
    """A function of the module, with its text."""
    w = Statements(draw, NUM, helpers, classes, statements, topics, budget=4, nested=True)
    types = [NUM, VEC, *(t for topic in topics for t in PARAMETERS.get(topic, ()))]
    results = [NUM, NUM, VEC, *(t for topic in topics for t in RESULTS.get(topic, ()))]
    w.result = w.choose(*results)
    parameters = {f"p{k}": w.choose(*types) for k in range(w.integer(1, 3 if topics else 2))}
    name = f"h{number}"
    w.env = dict(parameters)
    signature = list(parameters)
    last = signature[-1]
    defaults = 0
    if "calls" in topics and len(signature) > 1 and parameters[last] == NUM and w.chance(2):
        signature[-1] = f"{last}={w.constant()}"
        defaults = 1
    recursive = "calls" in topics and w.result in (NUM, VEC) and w.chance(6)
    if recursive:
        w.env["k"] = ("int", 0, 2)
        with w.block("if k <= 0:"):
            w.leave_function()
    w.body(3)
    if recursive:
        values = ", ".join(w.argument(t) for t in parameters.values())
        w.write(f"return {w.choose('', '0.5 * ', '1.0 + ')}{name}({values}, k - 1)")
        signature[len(signature) :] = ["k"]
        if defaults:
            signature[-2:], defaults = [last, "k"], 0
        parameters = {**parameters, "k": ("int", 0, 2)}
    else:
        w.finish()
    if not w.lines:
        w.write("pass")
    helper = Helper(name, tuple(parameters.items()), w.result, defaults)
    return helper, "\n".join([f"def {name}({', '.join(signature)}):", *w.lines]) + "\n"


def call_for_effect(w: Statements) -> None:
    """A call whose result nobody needs, if there is one."""
    found = [c for result in (NONE, NONE, VEC, NUM) for c in w.callables(result)]
    if found:
        w.write(w.call(*w.choose(*found)))


def bind_result(w: Statements) -> None:
    """A name for what a call returns: an argument, a view of it, a new value."""
    results = [h.result for h in w.helpers if h.result != NONE]
    if not results:
        return
    result = w.choose(*results)
    value = w.choose(*w.calls(result))()
    if result[0] == "tuple" and not w.chance(3):
        names = [w.fresh("q") for _ in result[1:]]
        w.write(f"{', '.join(names)} = {value}")
        w.env.update(zip(names, result[1:], strict=True))
    else:
        target = w.target(result, "q")
        w.write(f"{target} = {value}")
        w.bind(target, result)


def twice(w: Statements) -> None:
    """One array for several parameters."""
    found = [h for h in w.helpers if sum(t == VEC for _, t in h.parameters) > 1]
    arrays = w.readable(VEC)
    if not found or not arrays:
        return
    helper, array = w.choose(*found), w.choose(*arrays)
    values = [array if t == VEC else w.expression(t, 1) for _, t in helper.parameters]
    w.write(f"{helper.name}({', '.join(values)})")


def part_of(w: Statements) -> None:
    """A view of an array for a parameter."""
    found = [h for h in w.helpers if any(t == VEC for _, t in h.parameters)]
    matrices = w.readable(MAT)
    if not found or not matrices:
        return
    helper = w.choose(*found)
    views = (
        f"[{w.index(3)}]",
        ".T[1:, 0].repeat(2)",
        "[::-1][0]",
        ".reshape(-1)[2:6]",
        "[:, 1:][1:].reshape(-1)[:4]",
    )
    array = w.choose(*matrices)
    values = [
        array + w.choose(*views) if t == VEC else w.expression(t, 1) for _, t in helper.parameters
    ]
    w.write(f"{helper.name}({', '.join(values)})")


STATEMENTS = (*[call_for_effect] * 3, *[bind_result] * 3, twice, part_of)
