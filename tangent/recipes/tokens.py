"""Renaming what tokens of shapes and precisions are made of.

("stretch", {("dim", ("param", "x"), 0), ("dim", ("param", "b"), 0)})
("stretch", {("dim", ("arg", 0), 0), ("dim", ("arg", 1), 0)})               in a callee
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tangent.recipes.dims import is_explicit, less, plus, stretched, times
from tangent.recipes.kinds import Kind, broadcast_shape

__all__ = ["ATOMS", "map_token", "map_tokens"]

# An atom is a tuple that begins with one of these words; every other tuple is made of tokens by a
# function of shapes (("broadcast", {…}), ("item", t, 1), …) or is a shape itself, such as (2, 3).

ATOMS = frozenset({"param", "arg", "at", "join", "loop"})

Rename = Callable[[Any], Any]


def map_token(token: Any, rename: Rename) -> Any:
    """Replace the atoms of a token; None where one of them has no new name."""
    if type(token) is frozenset:
        parts = frozenset(map_token(t, rename) for t in token)
        return None if None in parts else parts
    if type(token) is not tuple or not token:
        return token
    first = token[0]
    if type(first) is str and first in ATOMS:
        return rename(token)
    out = []
    for part in token:
        new = map_token(part, rename)
        if new is None and part is not None:
            return None
        out.append(new)
    if first == "broadcast":  # renaming may have made two of them one
        return broadcast_shape([Kind(shape=t) for t in out[1]])
    if first == "stretch":
        return stretched(list(out[1]))
    if first == "less":
        return less(out[1], out[2])
    if first == "linear":
        total = out[1]
        for d, k in out[2]:
            total = plus(total, times(d, k))
        return total
    if first == "dim" and is_explicit(out[1]):
        return out[1][out[2]]
    return tuple(out)


def map_tokens(kind: Kind, rename: Rename) -> Kind:
    """A kind with the atoms of its tokens replaced."""
    shape = map_token(kind.shape, rename)
    precision = map_token(kind.precision, rename)
    count = map_token(kind.count, rename)
    items = kind.items
    if items is not None:
        items = tuple(map_tokens(k, rename) for k in items)
    if (shape, precision, count, items) == (kind.shape, kind.precision, kind.count, kind.items):
        return kind
    return replace(kind, shape=shape, precision=precision, items=items, count=count)
