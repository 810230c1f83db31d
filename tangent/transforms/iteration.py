"""What a `for` loop iterates over, as a length and an expression for the element at an index.

    before: for k, (a, b) in enumerate(zip(A, B)):      length: min(len(A), len(B))
                                                        element at k: (k, (A[k], B[k]))

Sources nest as the calls of `zip`, `enumerate` and `reversed` do. All are indexed, so a loop over
any of them becomes a loop over `range`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gast

from tangent import tree

__all__ = ["Counter", "Enumerate", "Items", "Reversed", "Source", "Zip", "plus"]


def plus(left: gast.expr, right: int) -> gast.expr:
    """`left + right` for an integer, as one would write it."""
    if isinstance(left, gast.Constant) and type(left.value) is int:
        return tree.constant(left.value + right)
    if (
        isinstance(left, gast.UnaryOp)
        and isinstance(left.op, gast.USub)
        and isinstance(left.operand, gast.Constant)
        and type(left.operand.value) is int
    ):
        return tree.constant(right - left.operand.value)
    if right == 0:
        return left
    operator = gast.Add() if right > 0 else gast.Sub()
    return gast.BinOp(left, operator, tree.constant(abs(right)))


class Source:
    """Something that is iterated over by index."""

    def lengths(self) -> list[gast.expr]:
        """Expressions the least of which is the number of elements."""
        raise NotImplementedError

    def element(self, index: gast.expr) -> gast.expr:
        """The element at an index (a name or constant), in new nodes."""
        raise NotImplementedError


@dataclass
class Items(Source):
    """A sequence in a name that keeps its binding while the loop runs.

    Attributes:
        length: the number of items where that is known, else None.
        len: a name that denotes the builtin.
    """

    name: str
    length: int | None = None
    len: str = "len"

    def size(self) -> gast.expr:
        if self.length is not None:
            return tree.constant(self.length)
        return tree.call(tree.load(self.len), tree.load(self.name))

    def lengths(self) -> list[gast.expr]:
        return [self.size()]

    def element(self, index: gast.expr) -> gast.expr:
        return gast.Subscript(tree.load(self.name), tree.copy(index), gast.Load())


@dataclass
class Counter(Source):
    """`range(start, stop)` with a known start; `stop` keeps its value while the loop runs."""

    start: int
    stop: gast.expr

    def lengths(self) -> list[gast.expr]:
        return [plus(tree.copy(self.stop), -self.start)]

    def element(self, index: gast.expr) -> gast.expr:
        return plus(tree.copy(index), self.start)


@dataclass
class Zip(Source):
    """`zip(...)`: as long as the shortest."""

    parts: Sequence[Source]

    def lengths(self) -> list[gast.expr]:
        found: list[gast.expr] = []
        for part in self.parts:
            for length in part.lengths():
                if not any(tree.same(length, known) for known in found):
                    found.append(length)
        return found

    def element(self, index: gast.expr) -> gast.expr:
        return gast.Tuple([part.element(index) for part in self.parts], gast.Load())


@dataclass
class Enumerate(Source):
    """`enumerate(source, start)`; `start` is None (for zero) or keeps its value."""

    source: Source
    start: gast.expr | None

    def lengths(self) -> list[gast.expr]:
        return self.source.lengths()

    def element(self, index: gast.expr) -> gast.expr:
        count = tree.copy(index)
        if isinstance(self.start, gast.Constant) and type(self.start.value) is int:
            count = plus(count, self.start.value)
        elif self.start is not None:
            count = gast.BinOp(tree.copy(self.start), gast.Add(), count)
        return gast.Tuple([count, self.source.element(index)], gast.Load())


@dataclass
class Reversed(Source):
    """`reversed(sequence)`."""

    source: Items

    def lengths(self) -> list[gast.expr]:
        return self.source.lengths()

    def element(self, index: gast.expr) -> gast.expr:
        last = plus(self.source.size(), -1)
        return self.source.element(gast.BinOp(last, gast.Sub(), tree.copy(index)))
