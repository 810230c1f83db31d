"""`x.flat`, by indices: the iterator itself can be walked only once.

before: s = x.flat[2]          after: s = x.reshape(-1)[2]
        x.flat[::3] = v               x[np.unravel_index(np.arange(x.size)[::3], x.shape)] = v
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from tangent import tree

__all__ = ["Flat"]

Module = Callable[[], gast.expr]


class Flat(tree.Rewriter):
    """Rewrites the reads and writes.

    Args:
        module: gives an expression for NumPy.
    """

    def __init__(self, module: Module) -> None:
        self.module = module

    def visit_Subscript(self, node: gast.Subscript) -> Any:
        flat = node.value
        if isinstance(node.ctx, gast.Load) or not _is_flat(flat):
            return self.generic_visit(node)
        array, index = self.visit(flat.value), self.visit(node.slice)
        if not isinstance(array, gast.Name):
            return self.generic_visit(node)  # refused: it would be evaluated several times
        if not _is_position(index):
            size = tree.attribute(tree.copy(array), "size")
            count = tree.call(tree.attribute(self.module(), "arange"), size)
            index = gast.Subscript(count, index, gast.Load())
        shape = tree.attribute(tree.copy(array), "shape")
        place = tree.call(tree.attribute(self.module(), "unravel_index"), index, shape)
        return tree.replace(node, value=array, slice=place)

    def visit_Attribute(self, node: gast.Attribute) -> Any:
        node = self.generic_visit(node)
        if not _is_flat(node) or not isinstance(node.ctx, gast.Load):
            return node
        method = tree.replace(node, attr="reshape")
        return tree.call(method, tree.constant(-1))


def _is_flat(node: gast.AST) -> bool:
    return isinstance(node, gast.Attribute) and node.attr == "flat"


def _is_position(index: gast.expr) -> bool:
    """An index that is a plain nonnegative integer."""
    return isinstance(index, gast.Constant) and type(index.value) is int
