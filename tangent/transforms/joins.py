"""`np.r_[a, b]` and `np.c_[a, b]`: brackets that join arrays become calls.

So do those of `np.mgrid` and `np.ogrid` whose ends are no constants: they have no derivative by their ends, and
an error says so.

before: y = np.r_[x, 1:3, 0.5]        after: y = tangent.join_rows((x, slice(1, 3), 0.5))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy

from tangent import runtime, tree

__all__ = ["Joins"]


class Joins(tree.Rewriter):
    """Rewrites them.

    Args:
        resolve: the object that an expression denotes, where it is known.
        inject: a name for an object of ours.
    """

    def __init__(self, resolve: Callable[[Any], Any], inject: Callable[[str, Any], Any]) -> None:
        self.resolve = resolve
        self.inject = inject

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        found = None
        if isinstance(node.ctx, gast.Load) and isinstance(node.value, gast.Name | gast.Attribute):
            obj = self.resolve(node.value)
            found = next((j for maker, j in JOINS if maker is obj), None)
        new = self.generic_visit(node)
        if found is None or (found in GRIDS and _is_constant(new.slice)):
            return new
        parts = new.slice.elts if isinstance(new.slice, gast.Tuple) else [new.slice]
        if found in GRIDS:
            ends = [gast.Tuple(_ends(p), gast.Load()) for p in parts if isinstance(p, gast.Slice)]
            key = gast.Tuple(ends, gast.Load())
        else:
            key = gast.Tuple([self.part(p) for p in parts], gast.Load())
        return tree.call(self.inject(found.__name__, found), key)

    def part(self, part: gast.expr) -> gast.expr:
        """A slice as a call: one whose ends may be differentiated is refused."""
        if not isinstance(part, gast.Slice):
            return part
        if _is_constant(part):
            return tree.call(tree.load("slice"), *_ends(part))
        return tree.call(self.inject("ranged", runtime.ranged), *_ends(part))


JOINS: tuple[tuple[Any, Any], ...] = (
    (numpy.r_, runtime.join_rows),
    (numpy.c_, runtime.join_columns),
    (numpy.mgrid, runtime.dense_grid),
    (numpy.ogrid, runtime.open_grid),
)
GRIDS = (runtime.dense_grid, runtime.open_grid)


def _is_constant(key: gast.AST) -> bool:
    return not any(isinstance(n, gast.Name) for n in tree.walk(key))


def _ends(part: gast.Slice) -> list[gast.expr]:
    return [e or gast.Constant(None, None) for e in (part.lower, part.upper, part.step)]
