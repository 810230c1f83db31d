"""`np.r_[a, b]` and `np.c_[a, b]`: brackets that join arrays become calls.

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
        if found is None:
            return new
        parts = new.slice.elts if isinstance(new.slice, gast.Tuple) else [new.slice]
        key = gast.Tuple([_expression(p) for p in parts], gast.Load())
        return tree.call(self.inject(found.__name__, found), key)


JOINS: tuple[tuple[Any, Any], ...] = (
    (numpy.r_, runtime.join_rows),
    (numpy.c_, runtime.join_columns),
)


def _expression(part: gast.expr) -> gast.expr:
    """A slice as a call."""
    if not isinstance(part, gast.Slice):
        return part
    ends = [part.lower, part.upper, *([part.step] if part.step is not None else [])]
    return tree.call(tree.load("slice"), *[e or gast.Constant(None, None) for e in ends])
