"""Lists, tuples and dicts: displays, growth, writes of elements, loops over them, nested ones."""

from __future__ import annotations

from tests.strategies.calls import LIST, PAIR, RECORD
from tests.strategies.statements import Statements
from tests.strategies.types import NUM, VEC, Type

__all__ = ["STATEMENTS"]

WEIGHTS: Type = ("dict", (("a", NUM), ("b", NUM)))
TYPES: tuple[Type, ...] = (
    LIST,
    LIST,
    ("list", VEC),
    WEIGHTS,
    RECORD,
    PAIR,
    ("list", LIST),
    ("list", PAIR),
    ("list", RECORD),
    ("dict", (("xs", LIST), ("t", PAIR))),
    ("tuple", LIST, VEC),
)


def display(w: Statements, type: Type | None = None) -> None:
    type = type or w.choose(*TYPES)
    value, name = w.expression(type, 1), w.target(type, "c")
    w.write(f"{name} = {value}")
    w.bind(name, type)


def alias(w: Statements) -> None:
    known = w.of_kind("list", "dict", "tuple")
    if known:
        name = w.choose(*known)
        new = w.target(known[name], "c")
        w.write(f"{new} = {name}")
        w.bind(new, known[name])


def item(w: Statements, type: Type) -> str:
    return w.number(NUM, 1) if type == NUM else w.argument(type)


def grow(w: Statements) -> None:
    lists = w.of_kind("list")
    lists = {n: t for n, t in lists.items() if t[1][0] != "fun"}
    if not lists:
        return display(w, LIST)
    name = w.choose(*lists)
    element = lists[name][1]
    value = item(w, element)
    text = w.choose(
        f"{name}.append({value})",
        f"{name}.append({value})",
        f"{name}.insert({w.choose(0, 1, -1)}, {value})",
        f"{name}.extend([{value}, {item(w, element)}])",
        f"{name} += [{value}]",
        f"{name}[:0] = [{value}]",
        f"{name}[len({name}):] = [{value}]",
    )
    if name in w.fixed and " += " in text:
        text = f"{name}.append({value})"
    if w.nested or w.loops:
        with w.block(f"if len({name}) < 5:"):
            w.write(text)
    else:
        w.write(text)


def shrink(w: Statements) -> None:
    lists = {n: t for n, t in w.of_kind("list").items() if t[1][0] != "fun"}
    if not lists:
        return
    name = w.choose(*lists)
    element = lists[name][1]
    target = w.target(element, "s")
    pop = w.choose(f"{name}.pop()", f"{name}.pop(0)", f"{name}.pop(1)")
    if target in w.env and not w.chance(3):
        with w.block(f"if len({name}) > 2:"):
            w.write(f"{target} = {pop}")
    elif not w.nested and not w.loops:
        w.write(f"{name}.append({item(w, element)})")
        w.write(
            w.choose(f"{target} = {pop}", f"{target} = {pop}", f"del {name}[{w.choose(0, -1)}]")
        )
        if not w.lines[-1].strip().startswith("del"):
            w.bind(target, element)


def rearrange(w: Statements) -> None:
    lists = w.readable(LIST)
    if lists:
        name = w.choose(*lists)
        w.write(
            w.choose(
                f"{name}.reverse()",
                f"{name}.sort()",
                f"{name}[0], {name}[-1] = {name}[-1], {name}[0]",
                f"{name}[:] = {name}[::-1]",
                f"{name}[:2] = [{w.number(NUM, 1)}, {w.number(NUM, 0)}]",
                f"{name}[0] *= {w.number(NUM, 1)}",
            )
        )


def dictionary(w: Statements) -> None:
    dicts = w.readable(WEIGHTS)
    if not dicts:
        return display(w, WEIGHTS)
    name, target, k = w.choose(*dicts), w.target(NUM, "s"), w.fresh("k")
    value, key = w.number(NUM, 1), w.choose('"a"', '"z"')
    binds = (
        f"{target} = {name}.get({key}, {value})",
        f"{target} = {name}.setdefault({key}, {value})",
        f"{target} = sum({name}.values())",
        f"{target} = sum(v * v for v in {name}.values())",
        f"{target} = sum({name}[k] * {value} for k in {name})",
        f"{target} = max({name}.values())",
    )
    others = (
        f"{name}.update(a={value})",
        f'{name}.update({{"b": {value}}})',
        f'{name} |= {{"b": {value}}}' if name not in w.fixed else f"{name}.update(b={value})",
        f'{name}["a"], {name}["b"] = {name}["b"], {value}',
        f"for {k} in {name}:\n{'    ' * (w.depth + 1)}{name}[{k}] = {name}[{k}] * {value}",
        f'{name}["z"] = {value}\n{"    " * w.depth}{name}["a"] += {name}.pop("z")',
    )
    if w.chance(2):
        w.write(w.choose(*binds))
        w.bind(target, NUM)
    else:
        w.write(w.choose(*others))


def unpack(w: Statements) -> None:
    tuples = w.of_kind("tuple")
    if not tuples:
        return
    name = w.choose(*tuples)
    types = tuples[name][1:]
    names = [w.fresh("q") for _ in types]
    w.write(f"{', '.join(names)} = {name}")
    w.env.update(zip(names, types, strict=True))


def loop(w: Statements) -> None:
    """A loop over a container, in every spelling."""
    if w.loops >= 2 or w.depth >= 5:
        return
    lists = {n: t for n, t in w.of_kind("list").items() if t[1][0] != "fun"}
    dicts = {n: t for n, t in w.of_kind("dict").items() if len({e for _, e in t[1]}) == 1}
    v, i = w.fresh("e"), w.fresh("i")
    name = w.choose(*lists, *dicts) if lists or dicts else None
    if name is None:
        return
    inner: dict[str, Type] = {v: NUM}
    if name in dicts:
        inner[v] = dicts[name][1][0][1]
        header = w.choose(
            f"for {i}, {v} in {name}.items():",
            f"for {v} in {name}.values():",
            f"for {v} in list({name}.values()):",
        )
    else:
        element = inner[v] = lists[name][1]
        pair = element[0] == "tuple" and w.chance(2)
        text = v
        if pair:
            parts = {w.fresh("e"): t for t in element[1:]}
            inner, text = parts, f"({', '.join(parts)})"
        header, extra = w.choose(
            (f"for {text} in {name}:", {}),
            (f"for {text} in {name}[::-1]:", {}),
            (f"for {text} in reversed({name}):", {}),
            (f"for {i}, {text} in enumerate({name}):", {}),
            (f"for {i}, {text} in zip(range(2), {name}):", {i: ("int", 0, 1)}),
            (f"for {text} in {name}[1:]:", {}),
            (f"for {text} in list({name}):", {}),
        )
        inner = {**inner, **extra}
    with w.block(header):
        w.env.update(inner)
        w.loops += 1
        w.body(3)
        w.loops -= 1


def by_index(w: Statements) -> None:
    lists = w.readable(LIST)
    if lists and w.loops < 2:
        name, i = w.choose(*lists), w.fresh("i")
        with w.block(f"for {i} in range(len({name})):"):
            w.loops += 1
            w.write(
                f"{name}[{i}] {w.choose('=', '+=', '*=')} {name}[{w.choose(i, f'{i} - 1', '0')}] * {w.number(NUM, 1)}"
            )
            w.body(1)
            w.loops -= 1


def drain(w: Statements) -> None:
    """A loop that takes a list apart."""
    numbers, lists = w.names(NUM), w.readable(LIST)
    if numbers and lists and w.loops < 2:
        c, s = w.fresh("c"), w.choose(*numbers)
        w.write(f"{c} = {w.choose(*lists)}{w.choose('[:]', '.copy()')}")
        with w.block(f"while {c}:"):
            w.write(f"{s} = {s} * {w.number(NUM, 0)} + {c}.pop({w.choose('', '0')})")


STATEMENTS = (
    *[display] * 4,
    *[grow] * 3,
    *[loop] * 3,
    *[dictionary] * 2,
    alias,
    shrink,
    rearrange,
    unpack,
    by_index,
    drain,
)
