"""Views of arrays, writes through them, rows and buffers that trade places."""

from __future__ import annotations

from typing import Any

from tests.strategies.types import MAT, NUM, VEC, Type

__all__ = ["STATEMENTS", "other_views"]


def other_views(w: Any, type: Type) -> list[tuple[str, Type]]:
    """Views by methods, views of views, and copies that look like views."""
    if type == VEC:
        return [
            (".reshape(2, 2)[1]", ("vec", 2)),
            (".reshape(2, 2).T.ravel()", VEC),
            ("[1:][::-1]", ("vec", 3)),
            ("[::2]", ("vec", 2)),
            (".ravel()", VEC),
            (".T", VEC),
        ]
    if type != MAT:
        return [("[::-1].T", type)]
    i = w.integer(0, 2)
    return [
        (f".T[{i}]", ("vec", 3)),
        (f".ravel()[{i}:{i + 4}]", VEC),
        (f".reshape(4, 3)[{i}]", ("vec", 3)),
        (f".reshape(-1)[{i}:{i} + 8:2]", VEC),
        (f".swapaxes(0, 1)[{i}]", ("vec", 3)),
        (f"[1:][{i - 1}]", VEC),
        ("[::-1]", MAT),
        (".T.T", MAT),
        (".T.reshape(-1)[2:6]", VEC),
        (".diagonal()", ("vec", 3)),
    ]


def chained_write(w: Any) -> None:
    """A write through a view that has no name."""
    arrays = w.arrays()
    if not arrays:
        return
    name = w.choose(*arrays)
    type = arrays[name]
    places: list[tuple[str, Type]]
    if type == MAT:
        i, j = w.index(3), w.index(4)
        places = [
            (f"[{i}][{j}]", NUM),
            (f"[:, {j}][{i}]", NUM),
            (f".T[{j}, {i}]", NUM),
            (f".T[{j}]", ("vec", 3)),
            (f"[{i}][1:]", ("vec", 3)),
            (f"[1:][{w.integer(0, 1)}]", VEC),
            (f".reshape(-1)[{w.integer(0, 11)}]", NUM),
            (f"[::-1][{i}]", VEC),
        ]
    else:
        n = type[1]
        places = [(f"[1:][{w.index(n - 1)}]", NUM), (f"[::-1][{w.index(n)}]", NUM)]
        places += [("[::-1][1:]", ("vec", n - 1))]
    place, part = w.choose(*places)
    w.write(f"{name}{place} {w.choose('=', '+=', '*=', '-=')} {w.expression(part, 1)}")


def move_rows(w: Any) -> None:
    matrices = w.readable(MAT)
    if not matrices:
        return
    name = w.choose(*matrices)
    i, j = w.index(3), w.index(3)
    if w.chance(2):
        w.write(f"{name}[{i}], {name}[{j}] = {name}[{j}], {name}[{i}]")
    else:
        t = w.fresh("t")
        w.write(f"{t} = {name}[{i}]")
        w.write(f"{name}[{i}] = {name}[{j}]")
        w.write(f"{name}[{j}] = {t}")
        w.bind(t, VEC)


def rotate_buffers(w: Any) -> None:
    vectors = w.names(VEC)
    if len(vectors) > 2:
        a, b, c = vectors[-3:]
        w.write(f"{a}, {b}, {c} = {b}, {c}, {a}")


def alias(w: Any) -> None:
    w.alias()


def write_part(w: Any) -> None:
    w.write_part()


STATEMENTS = (
    *[alias] * 5,
    *[chained_write] * 3,
    *[write_part] * 2,
    move_rows,
    rotate_buffers,
)
