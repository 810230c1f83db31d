"""Small classes: attributes read and written, methods, `__call__`, dataclasses, operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.strategies.statements import Statements
from tests.strategies.types import NONE, NUM, VEC, Class, Helper, Type

__all__ = ["STATEMENTS", "draw_class"]


def draw_class(
    draw: Callable[..., Any], number: int, helpers: list[Helper], classes: dict[str, Class]
) -> tuple[Class, str]:
    """A class, with its text."""
    name = f"P{number}"
    w = Statements(draw, NUM, helpers, classes, depth=2, nested=True)
    fields: tuple[tuple[str, Type], ...] = (("a", NUM), ("v", VEC))
    if classes and w.chance(3):
        fields = (("a", NUM), ("part", ("obj", w.choose(*classes))))
    base = ""
    lines = []
    if w.chance(2):
        lines += ["@dataclasses.dataclass", f"class {name}:"]
        lines += [f"    {field}: object" for field, _ in fields]
    else:
        lines += [
            f"class {name}{base}:",
            f"    def __init__(self, {', '.join(f for f, _ in fields)}):",
        ]
        lines += [f"        self.{field} = {field}" for field, _ in fields]
    methods: list[Helper] = []
    for k in range(w.integer(1, 2)):
        method = w.choose(f"m{k}", f"m{k}", "__call__")
        if any(m.name == method for m in methods):
            continue
        result = w.choose(NUM, NONE, VEC)
        parameters = {f"p{i}": w.choose(NUM, VEC) for i in range(w.integer(0, 2))}
        known = Class(name, fields, tuple(methods))
        body = Statements(
            draw, result, helpers, {**classes, name: known}, depth=2, nested=True, budget=3
        )
        body.env = {"self": ("obj", name), **parameters}
        body.fixed = {"self"}
        body.body(3)
        body.finish()
        if not body.lines:
            body.write("pass")
        lines += ["", f"    def {method}({', '.join(['self', *parameters])}):", *body.lines]
        methods.append(Helper(method, tuple(parameters.items()), result))
    if w.chance(2):
        lines += [
            "",
            "    @property",
            "    def size(self):",
            f"        return self.a * {w.constant()}",
        ]
    return Class(name, fields, tuple(methods)), "\n".join(lines) + "\n"


def make(w: Statements) -> None:
    type: Type = ("obj", w.choose(*w.classes))
    value, name = w.instance(type), w.target(type, "o")
    w.write(f"{name} = {value}")
    w.bind(name, type)


def act(w: Statements) -> None:
    found = []
    for text, type in w.of_kind("obj").items():
        for m in w.classes[type[1]].methods if type[1] in w.classes else ():
            found.append((text if m.name == "__call__" else f"{text}.{m.name}", m))
    if not found:
        return make(w)
    name, method = w.choose(*found)
    value = w.call(name, tuple(t for _, t in method.parameters))
    if method.result == NONE:
        w.write(value)
        return
    target = w.target(method.result, "s")
    w.write(f"{target} = {value}")
    w.bind(target, method.result)


def alias(w: Statements) -> None:
    known = w.of_kind("obj")
    if known:
        name = w.choose(*known)
        new = w.target(known[name], "o")
        w.write(f"{new} = {name}")
        w.bind(new, known[name])


def several(w: Statements) -> None:
    """A list of objects, looped over."""
    if w.loops >= 2:
        return
    type: Type = ("obj", w.choose(*w.classes))
    ps, p = w.fresh("ps"), w.fresh("o")
    w.write(f"{ps} = [{w.instance(type)}, {w.instance(type)}]")
    with w.block(f"for {p} in {ps}:"):
        w.env[p] = type
        w.loops += 1
        w.write(f"{p}.a {w.choose('=', '+=', '*=')} {w.number(NUM, 1)}")
        w.body(2)
        w.loops -= 1
    w.env[ps] = ("list", type)


STATEMENTS = (*[make] * 2, *[act] * 4, alias, several)
