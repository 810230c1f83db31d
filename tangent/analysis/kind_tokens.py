"""Tokens of shapes and precisions: what they denote, and how they stay true in loops.

    y = np.sin(x)        y has the tokens of x
    z = g(x)             z has tokens of its own: ("at", 1, "z")
    if c: y = z          after the branch y has ("join", 2, k)

What a token denotes: ``("param", x)`` the shape of the argument x; ``("at", n, name)`` the shape of
what `name` became when statement n was last executed; ``("join", n, k)`` and ``("loop", n, name)``
the shape of what met when statement n's branches, or its loop's head, were last passed; everything
else is a function of such (value numbering: Alpern, Wegman and Zadeck 1988). For precisions, read
"float type" for "shape". Arrays of known rank have a token for each dimension, integers one for
their value (`recipes.dims`); these meet one by one.

So equal tokens at one point of the program are equal shapes if no name still holds a value of an
*earlier* execution of the token's statement (`previous = current`). That is kept true at the head
of each loop: every token that was made inside the loop is there replaced by one of the name's own,
``("loop", n, name)``, which denotes what that name is on this pass; a token that was made before
the loop stays if it comes back unchanged. Inside the loop a statement is then executed once before
the head is passed again, or stands in an inner loop with a head of its own.

All arrays keep their shape and dtype, so writes in place change nothing for them. Lists change
theirs: a statement that may write a list takes the tokens from every name that may be one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tangent.recipes.dims import dims_of, is_explicit
from tangent.recipes.kinds import Kind, count_of, join

__all__ = [
    "forget_lists",
    "holds_list",
    "join_with",
    "own_tokens",
    "widen_kind",
    "with_tokens",
]

_TOKENLESS = frozenset({"none", "str", "function", "module", "range"})


def with_tokens(kind: Kind, token: tuple[Any, ...]) -> Kind:
    """A kind with a token of its own wherever it has none."""
    if kind.type in _TOKENLESS:
        return kind
    if kind.items:
        items = tuple(with_tokens(k, (*token, i)) for i, k in enumerate(kind.items))
        if any(a is not b for a, b in zip(items, kind.items, strict=True)):
            kind = kind.but(items=items)
    shape, count = kind.shape, kind.count
    if shape is None:
        shape = () if kind.is_number else token
    if kind.type == "array" and kind.rank is not None and not is_explicit(shape):
        shape = dims_of(shape, kind.rank)
    if count is None and kind.type == "int" and not kind.is_constant:
        count = ("value", token)
    precision = token if kind.precision is None and kind.dtype is None else kind.precision
    if shape is not kind.shape or precision is not kind.precision or count is not kind.count:
        kind = kind.but(shape=shape, precision=precision, count=count)
    return kind


def holds_list(kind: Kind) -> bool:
    if kind.type == "tuple":
        return kind.items is not None and any(map(holds_list, kind.items))
    return kind.type in ("list", "dict", "unknown", "object")


def forget_lists(kind: Kind, written: str | None = None) -> Kind:
    """What is left of a kind when any list or dict may have changed (`written`: any of this type)."""
    kept = kind.type == "tuple" or (
        written is not None and kind.type in ("list", "dict") and kind.type != written
    )
    if kept and (kind.items is not None or kind.element is not None):
        items = None if kind.items is None else tuple(forget_lists(i, written) for i in kind.items)
        element = None if kind.element is None else forget_lists(kind.element, written)
        return kind.but(shape=None, items=items, element=element)
    if kind.type in ("list", "dict", "unknown", "object"):
        return Kind(kind.type, dtype=kind.dtype if kind.type == "unknown" else None)
    return kind


def join_with(a: Kind, b: Kind, mint: Callable[[Any, Any, Any], Any]) -> Kind:
    """The join, with a token minted where the tokens differ.

    Args:
        mint: gives the token for what is `s` on one path and `t` on the other, from
            ``"shape"``, ``"precision"``, ``"count"`` or the number of an axis, and `s` and `t`.
    """
    kind = join(a, b)
    if kind.type in _TOKENLESS:
        return kind
    shape, precision, count = kind.shape, kind.precision, kind.count
    if a.shape != b.shape:
        if kind.rank and is_explicit(a.shape) and is_explicit(b.shape):
            pairs = enumerate(zip(a.shape, b.shape, strict=True))
            shape = tuple([s if s == t else ("dim", mint(k, s, t), k) for k, (s, t) in pairs])
        else:
            shape = mint("shape", a.shape, b.shape)
    if a.precision != b.precision:
        precision = mint("precision", a.precision, b.precision)
    if kind.type == "int" and not kind.is_constant:
        s, t = count_of(a), count_of(b)
        count = s if s is not None and s == t else ("value", mint("count", s, t))
    if shape is kind.shape and precision is kind.precision and count is kind.count:
        return kind
    return kind.but(shape=shape, precision=precision, count=count)


def widen_kind(mine: Kind, back: Kind, token: tuple[Any, ...]) -> Kind:
    """What covers the kind at a loop's head and the one that comes back."""
    kind = join_with(mine, back, lambda field, s, t: token)
    if kind.items is not None and mine.items and back.items:
        items = tuple(
            widen_kind(x, y, (*token, i))
            for i, (x, y) in enumerate(zip(mine.items, back.items, strict=True))
        )
        kind = kind.but(items=items)
    return kind


def own_tokens(kind: Kind, first: int, last: int, token: tuple[Any, ...]) -> Kind:
    """A kind with its own token for each that was made by the statements from `first` to `last`."""
    items = kind.items
    if items:
        items = tuple(own_tokens(k, first, last, (*token, i)) for i, k in enumerate(items))
    shape = kind.shape
    if is_explicit(shape):
        pairs = enumerate(shape)
        shape = tuple([("dim", token, k) if _made_between(d, first, last) else d for k, d in pairs])
    elif _made_between(shape, first, last):
        shape = token
    return kind.but(
        shape=shape,
        precision=token if _made_between(kind.precision, first, last) else kind.precision,
        items=items,
        count=("value", token) if _made_between(kind.count, first, last) else kind.count,
    )


def _made_between(token: Any, first: int, last: int) -> bool:
    if type(token) is frozenset:
        return any(_made_between(t, first, last) for t in token)
    if type(token) is not tuple or not token:
        return False
    if type(token[0]) is str and token[0] in ("at", "join", "loop"):
        return bool(first <= token[1] <= last)
    return any(_made_between(t, first, last) for t in token)
