"""Python as people write it: comprehensions, `:=`, generators, `try`, `else` of loops, stars."""

from __future__ import annotations

from tests.strategies.statements import Statements
from tests.strategies.types import NUM, VEC

__all__ = ["PREAMBLE", "STATEMENTS"]

PREAMBLE = """
def pieces(values, k=1.0):
    total = 0.0
    for v in values:
        if v > 1.1:
            return
        total = total + v * k
        yield v * total


def checked(v, bound):
    if v > bound:
        raise ValueError("too large")
    return v * v


def stars(first, *others, scale=1.0, **named):
    return first * scale + sum(others) * named.get("shift", 0.5)
"""


def number(w: Statements) -> None:
    """A number from a comprehension, a reduction, a call with stars."""
    sources = [*w.of_kind("vec"), *w.readable(("list", NUM))]
    if not sources:
        return
    xs, target, t = w.choose(*sources), w.target(NUM, "s"), w.fresh("t")
    value, other = w.number(NUM, 1), w.number(NUM, 0)
    w.write(
        w.choose(
            f"{target} = {w.of_list(xs, 2)}",
            f"{target} = {w.of_list(xs, 2)}",
            f"{target} = ({t} := {value}) * {t} + {other}",
            f"{target} = stars(*{xs}[:2], {value}, scale={other})",
            f'{target} = stars({value}, *{xs}, **{{"shift": {other}, "scale": {value}}})',
            f"{target} = sum(pieces({xs}, {other}))",
            f"{target} = max(list(pieces({xs})) + [{other}])",
            f"{target} = any({t} > {other} for {t} in {xs}) * {value}",
            f"{target}, *_ = {xs}",
            f"_, *{t} = {xs}\n{'    ' * w.depth}{target} = {t}[0] * {t}[-1]",
            f"{target} = {{k: v * {value} for k, v in enumerate({xs})}}[1]",
            f"{target} = min(zip({xs}, {xs}[::-1]), key=lambda p: p[0])[1]",
            f"{target} = sum(v * w for v in {xs} for w in {xs} if v < w)",
            f"{target} = sum(itertools.accumulate({xs}, lambda a, b: a * b + {other}))",
            f"{target} = sum(a * b for a, b in itertools.pairwise({xs}))",
        )
    )
    w.bind(target, NUM)


def walrus_test(w: Statements) -> None:
    t = w.fresh("t")
    with w.block(f"if ({t} := {w.number(NUM, 1)}) > {w.constant()}:"):
        w.env[t] = NUM
        w.body(2)
    w.env[t] = NUM


def generator_loop(w: Statements) -> None:
    sources = [*w.of_kind("vec"), *w.readable(("list", NUM))]
    if not sources or w.loops >= 2:
        return
    v, xs = w.fresh("e"), w.choose(*sources)
    with w.block(f"for {v} in pieces({xs}, {w.number(NUM, 0)}):"):
        w.env[v] = NUM
        w.loops += 1
        w.body(2)
        w.leave()
        w.loops -= 1


def attempt(w: Statements) -> None:
    """`try` around what may raise, in the statement or on the way."""
    name = w.target(NUM, "s")
    style = w.choose("call", "division", "raise", "finally")
    if style == "finally":
        with w.block("try:"):
            w.body(2)
        with w.block("finally:"):
            w.body(1)
        return
    with w.block("try:"):
        if style == "call":
            w.write(f"{name} = checked({w.number(NUM, 1)}, {w.constant()})")
        elif style == "division":
            w.write(f"{name} = {w.number(NUM, 0)} * (1 // {w.choose('0', '1', *w.integers())})")
        else:
            with w.block(f"if {w.test(0)}:"):
                w.write('raise ValueError("no")')
            w.write(f"{name} = {w.number(NUM, 1)}")
    kind = "ZeroDivisionError" if style == "division" else "ValueError"
    with w.block(f"except {w.choose(kind, f'({kind}, KeyError) as error', 'Exception')}:"):
        w.write(f"{name} = {w.number(NUM, 1)}")
        w.body(1)
    if w.chance(4):
        with w.block("else:"):
            w.body(1)
    if w.chance(4):
        with w.block("finally:"):
            w.body(1)
    w.bind(name, NUM)


def with_else(w: Statements) -> None:
    """A loop with `else`."""
    if w.loops >= 2:
        return
    i = w.fresh("i")
    header = f"for {i} in range({w.integer(0, 3)}):"
    if w.chance(2):
        w.write(f"{i} = 0")
        header = f"while {i} < 3:"
    with w.block(header):
        w.env[i] = ("int", 0, 3)
        if header.startswith("while"):
            w.write(f"{i} += 1")
        w.loops += 1
        w.body(2)
        with w.block(f"if {w.test()}:"):
            w.write("break")
        w.loops -= 1
    with w.block("else:"):
        w.body(2)


def manager(w: Statements) -> None:
    with w.block('with np.errstate(all="ignore"):'):
        w.body(2)


def match(w: Statements) -> None:
    arrays = w.arrays()
    subject = f"{w.choose(*arrays)}.shape" if arrays else "()"
    with w.block(f"match {subject}:"):
        with w.block(w.choose("case (n1,) if n1 > 3:", "case (_,):", "case (3, _):")):
            w.body(2)
        with w.block("case _:"):
            w.body(1)


def chained(w: Statements) -> None:
    a, b = w.target(NUM, "s"), w.fresh("s")
    w.write(f"{a} = {b} = {w.number()}")
    w.bind(a, NUM)
    w.bind(b, NUM)
    vectors = w.readable(VEC)
    if vectors and w.chance(2):
        c = w.fresh("v")
        w.write(f"{c} = {w.choose(*vectors)}[0] = {w.number(NUM, 1)}")
        w.env[c] = NUM


STATEMENTS = (
    *[number] * 5,
    walrus_test,
    generator_loop,
    *[attempt] * 2,
    with_else,
    manager,
    match,
    chained,
)
