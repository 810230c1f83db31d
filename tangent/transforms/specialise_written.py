"""Which displays have elements that are written in place, and are used by constant keys only: these become variables.

    p = {"W": W, "b": b}          p_W = W; p_b = b
    p["W"] *= 0.5                 p_W *= 0.5
    p["b"][0] = 1.0               p_b[0] = 1.0

So an element that is a view of something, or has another name, is followed as any name is. Other displays stay as the program
has them.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree

__all__ = ["written_displays"]

LONGEST = 16


def written_displays(function: Any) -> set[str]:
    """The names of such displays in a function in core form.

    Each is bound once, at the function's level, and no statement but `t = name[key]` and `name[key] op= e` has its name, with
    keys that the display has.
    """
    keys: dict[str, list[Any]] = {}
    constants: dict[str, list[Any]] = {}
    for statement in function.node.body:
        if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
            name, found = statement.targets[0].id, parts_of(statement.value)
            if found is not None:
                keys[name] = list(found)
                constants[name] = [k for k, p in found.items() if isinstance(p, gast.Constant)]
    if not keys:
        return set()
    uses = dict.fromkeys(keys, 0)
    written: set[str] = set()
    parts: dict[str, str] = {}
    for statement in tree.walk_statements(function.node.body):
        value = getattr(statement, "value", None)
        target = statement.targets[0] if isinstance(statement, gast.Assign) else None
        if isinstance(target, gast.Name) and (base := element_of(value, keys)) is not None:
            parts[target.id] = base
        if isinstance(statement, gast.AugAssign):
            target = statement.target
            base = element_of(target, keys)
            written |= {base or parts.get(getattr(target, "id", ""), "")}
            if base is not None and target.slice.value in constants[base]:
                uses[base] += 1  # a number, which has no name to be kept in
        if isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name):
            written |= {parts.get(target.value.id, "")}
    for node in tree.walk(function.node):
        if isinstance(node, gast.Name) and node.id in uses:
            uses[node.id] += 1
        element = getattr(node, "target" if isinstance(node, gast.AugAssign) else "value", None)
        base = element_of(element, keys)
        if base is not None and isinstance(node, gast.Assign | gast.AugAssign):
            uses[base] -= 1
    return {name for name, count in uses.items() if count == 1 and name in written}


def parts_of(display: Any) -> dict[Any, gast.expr] | None:
    """The elements of a display by their keys, where they are names and constants."""
    if isinstance(display, gast.Dict):
        if not all(isinstance(k, gast.Constant) for k in display.keys):
            return None
        pairs = [(k.value, v) for k, v in zip(display.keys, display.values, strict=True)]
    elif isinstance(display, gast.List | gast.Tuple):
        pairs = list(enumerate(display.elts))
    else:
        return None
    parts = dict(pairs)
    plain = all(isinstance(p, gast.Name | gast.Constant) for p in parts.values())
    return parts if plain and 0 < len(parts) == len(pairs) <= LONGEST else None


def element_of(node: Any, keys: dict[str, list[Any]]) -> str | None:
    """The name in `name[key]`."""
    if not isinstance(node, gast.Subscript) or not isinstance(node.value, gast.Name):
        return None
    known = keys.get(node.value.id, [])
    return (
        node.value.id
        if isinstance(node.slice, gast.Constant) and node.slice.value in known
        else None
    )
