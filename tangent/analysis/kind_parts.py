"""Kinds of what is held together: of a dict after a write, of what is unpacked, of a module's parts.

d = {"n": 0, "h": h}        dict(n: int, h: array[float64, 1d])
d["n"] += 1                 the same: what is known of the other entries stays
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gast

from tangent.analysis.kind_rules import augmented_kind, subscript_kind
from tangent.analysis.kind_tokens import forget_lists
from tangent.recipes.kinds import UNKNOWN, Kind, constant_kind

if TYPE_CHECKING:
    from tangent.analysis.kinds import KindTable

__all__ = ["dict_kind", "kind_of_global", "part_kind", "with_entry"]


def dict_kind(table: KindTable, expr: gast.Dict, state: Mapping[str, Kind]) -> Kind:
    """The kind of a dict display: that of its entries where its keys are constants."""
    keys = [k.value if isinstance(k, gast.Constant) else None for k in expr.keys]
    if not all(isinstance(k, str | int) for k in keys) or len(set(keys)) < len(keys):
        return Kind("dict")
    return Kind("dict", items=tuple(table.kind(v, state) for v in expr.values), keys=tuple(keys))


def with_entry(
    table: KindTable, statement: Any, state: Mapping[str, Kind]
) -> tuple[str, Kind] | None:
    """`d["k"] = e`: the name, and its kind; what is known of the other entries of `d` stays."""
    augments = isinstance(statement, gast.AugAssign)
    if not augments and not isinstance(statement, gast.Assign):
        return None
    target = statement.target if augments else statement.targets[0]
    if not isinstance(target, gast.Subscript) or not isinstance(target.value, gast.Name):
        return None
    known = state.get(target.value.id, UNKNOWN)
    if known.type != "dict" or known.items is None or not isinstance(target.slice, gast.Constant):
        return None
    kind = table.kind(statement.value, state)
    if augments:
        kind = augmented_kind(type(statement.op), table.kind(target, state), kind)
    entries = dict(zip(known.keys or (), map(forget_lists, known.items), strict=True))
    entries[target.slice.value] = forget_lists(kind)
    return target.value.id, Kind("dict", items=tuple(entries.values()), keys=tuple(entries))


def kind_of_global(obj: Any) -> Kind:
    if isinstance(obj, types.ModuleType):
        return Kind("module")
    if isinstance(obj, type):
        return Kind("function", value=obj)
    return Kind("function") if callable(obj) and hasattr(obj, "__name__") else UNKNOWN


def part_kind(kind: Kind, position: int, targets: Sequence[gast.AST]) -> Kind:
    """The kind of an element of what is unpacked."""
    if any(isinstance(t, gast.Starred) for t in targets):
        return UNKNOWN
    if kind.items is not None:
        return kind.items[position] if position < len(kind.items) else UNKNOWN
    if kind.type == "tuple" or kind.is_array:
        return subscript_kind(kind, gast.Constant(0, None), [constant_kind(position)])
    return UNKNOWN
