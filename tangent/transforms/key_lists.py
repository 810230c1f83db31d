"""Which names are lists of keys: what a loop over a dict walks, and uses to look up its entries.

    for k in p:             ks = tangent.sequence(p)         {"ks"}
        p[k] *= 0.5         for i in range(len(ks)):
                                k = ks[i]
                                p[k] *= 0.5

An element that is only ever a subscript carries no derivative, so it doesn't matter what a write may change of it.
"""

from __future__ import annotations

from collections import Counter

import gast

from tangent import runtime, tree
from tangent.program import Function

__all__ = ["key_lists"]


def key_lists(function: Function) -> frozenset[str]:
    """Names of a function in core form of which only the length and elements are read, those only as subscripts."""
    local = function.locals()
    uses: Counter[str] = Counter()
    keys: dict[str, str] = {}
    for node in tree.walk(function.node):
        if isinstance(node, gast.Name):
            uses[node.id] += 1
        elif isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Name):
            uses[node.slice.id] -= 1
        elif isinstance(node, gast.Call) and len(node.args) == 1:
            if function.resolve(node.func, local) is len:
                uses[getattr(node.args[0], "id", "")] -= 1
        elif isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Name):
            name, value = node.targets[0].id, node.value
            if isinstance(value, gast.Subscript) and isinstance(value.value, gast.Name):
                keys[name] = value.value.id
            elif isinstance(value, gast.Call):
                uses[name] -= function.resolve(value.func, local) is runtime.sequence
    return frozenset(
        name
        for name, count in Counter(keys.values()).items()
        if uses[name] == count and all(uses[k] == 1 for k, n in keys.items() if n == name)
    )
