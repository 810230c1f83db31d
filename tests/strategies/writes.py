"""Calls that write arrays: `out=`, `where=`, `np.copyto`, `np.add.at`, `put`, `fill`, `sort`."""

from __future__ import annotations

from tests.strategies.statements import Statements
from tests.strategies.types import MAT, NUM, VEC

__all__ = ["STATEMENTS"]


def out(w: Statements) -> None:
    arrays = w.arrays()
    if not arrays:
        return
    name = w.choose(*arrays)
    type = arrays[name]
    place = name
    if type[0] == "vec" and type[1] > 2 and w.chance(3):
        place, type = f"{name}{w.choose('[1:]', '[:-1]')}", ("vec", type[1] - 1)
    elif type == MAT and w.chance(3):
        place, type = f"{name}[{w.index(3)}]", VEC

    def operand() -> str:
        return w.choose(place, place, w.expression(type, 1))

    kind = w.choose("binary", "binary", "unary", "method", "scalar", "positional")
    if kind == "unary":
        call = f"np.{w.choose(w.function(), 'negative', 'square')}({operand()}, out={place}"
    elif kind == "method":
        axis = ", axis=0" if type == MAT else ""
        call = f"np.cumsum({operand()}{axis}, out={place}"
    elif kind == "scalar":
        call = f"np.{w.choose('multiply', 'add', 'maximum')}({operand()}, {w.number(NUM, 1)}, out={place}"
    elif kind == "positional":
        call = f"np.{w.choose('multiply', 'subtract')}({operand()}, {operand()}, {place}"
    else:
        call = f"np.{w.choose('add', 'multiply', 'subtract', 'minimum')}({operand()}, {operand()}, out={place}"
    if kind in ("binary", "unary", "scalar") and w.chance(4):
        call += f", where={operand()} > {w.constant()}"
    call += ")"
    if w.chance(4):
        target = w.target(type, "w")
        w.write(f"{target} = {call}")
        w.bind(target, type)
    else:
        w.write(call)


def copyto(w: Statements) -> None:
    arrays = w.arrays()
    if not arrays:
        return
    name = w.choose(*arrays)
    value = w.number(NUM, 1) if w.chance(3) else w.expression(arrays[name], 1)
    where = f", where={name} > {w.constant()}" if w.chance(2) else ""
    w.write(f"np.copyto({name}, {value}{where})")


def at(w: Statements) -> None:
    vectors = w.of_kind("vec")
    if not vectors:
        return
    name = w.choose(*vectors)
    n = vectors[name][1]
    count = w.integer(2, 4)
    value = w.number(NUM, 1) if w.chance(2) else w.expression(("vec", count), 1)
    index = w.choose(f"{w.indices(n, count)}", f"np.array({w.indices(n, count)})")
    w.write(f"np.{w.choose('add', 'subtract')}.at({name}, {index}, {value})")


def put(w: Statements) -> None:
    vectors = w.of_kind("vec")
    if not vectors:
        return
    name = w.choose(*vectors)
    n = vectors[name][1]
    value = w.number(NUM, 1) if w.chance(2) else w.expression(("vec", 2), 1)
    index = f"{w.indices(n, 2)}"
    w.write(
        w.choose(
            f"np.put({name}, {index}, {value})",
            f"{name}.put({index}, {value})",
            f"np.put_along_axis({name}, np.array({index}), {value}, 0)",
            f"np.place({name}, {name} > {w.constant()}, {w.expression(('vec', 2), 0)})",
            f"np.putmask({name}, {name} > {w.constant()}, {value})",
        )
    )


def method(w: Statements) -> None:
    arrays = w.arrays()
    if not arrays:
        return
    name = w.choose(*arrays)
    if arrays[name] == MAT:
        w.write(
            w.choose(
                f"np.fill_diagonal({name}, {w.number(NUM, 1)})",
                f"np.fill_diagonal({name}, {w.vector(('vec', 3), 0)})",
                f"{name}.sort(axis={w.choose(0, 1)})",
                f"{name}.fill({w.number(NUM, 1)})",
                f"{name}.flat[{w.integer(0, 11)}] = {w.number(NUM, 1)}",
                f"{name}[..., {w.index(4)}] *= {w.number(NUM, 1)}",
                f"{name}[{w.index(3)}, 1:] += {w.vector(('vec', 3), 0)}",
            )
        )
        return
    w.write(
        w.choose(
            f"{name}.sort()",
            f"{name}[::-1].sort()",
            f"{name}.fill({w.number(NUM, 1)})",
            f"{name}[1:].fill({w.number(NUM, 1)})",
            f"{name}[...] = {w.expression(arrays[name], 1)}",
            f"{name}.flat[{w.index(arrays[name][1])}] = {w.number(NUM, 1)}",
            f"{name}.__setitem__({w.index(arrays[name][1])}, {w.number(NUM, 1)})",
            f"operator.iadd({name}, {w.number(NUM, 1)})",
            f"{name}.partition(1)",
        )
    )


def buffer(w: Statements) -> None:
    """A new buffer, to be filled."""
    name = w.fresh("b")
    known = w.readable(VEC)
    like = [f"np.zeros_like({known[0]})"] if known else []
    w.write(f"{name} = {w.choose('np.zeros(4)', 'np.ones(4)', 'np.full(4, 0.5)', *like)}")
    w.env[name] = VEC


STATEMENTS = (*[out] * 4, *[method] * 2, copyto, at, put, buffer)
