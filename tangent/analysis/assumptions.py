"""Sizes that examples show to be equal: assumed where the program relies on it, and asserted.

    def f(W, b, x):                         f(ones((3, 2)), ones(2), ones((4, 3))) is an example
        return np.sum(np.dot(x, W) + b)     relies on W.shape[1] == b.shape[0], or one of them is 1

    tangent.check_same_size(W.shape[1], b.shape[0], 'W.shape[1]', 'b.shape[0]')

Two dimensions that are broadcast together, or stored into one another, are equal or one of them is
1. Where the examples have them equal and not 1, the gradient is written for equal ones. That two
sizes happen to be equal in the examples is no reason: only what meets in the program is assumed.

The assumed equations are linear; each is solved for the dimension of one parameter, which is then
known under the other's token.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy

from tangent.recipes.dims import plus, substitute, times
from tangent.recipes.kinds import Kind

__all__ = ["Assumptions", "example_sizes"]


def example_sizes(examples: Mapping[str, Any]) -> dict[Any, int]:
    """The sizes that examples of arguments have, by the tokens of the parameters' dimensions.

    >>> example_sizes({"x": numpy.ones((2, 3))})
    {('dim', ('param', 'x'), 0): 2, ('dim', ('param', 'x'), 1): 3}
    """
    sizes: dict[Any, int] = {}
    for name, value in examples.items():
        if isinstance(value, numpy.ndarray):
            for axis, n in enumerate(value.shape):
                sizes["dim", ("param", name), axis] = n
        elif type(value) is int and value >= 0:
            sizes["value", ("param", name)] = value
    return sizes


class Assumptions:
    """Equations between the dimensions of parameters.

    Attributes:
        sizes: of the parameters' dimensions, in the examples.
        equations: both sides of each equation, as source text, in the order in which they were met.
    """

    def __init__(self, sizes: Mapping[Any, int]) -> None:
        self.sizes = sizes
        self.equations: list[tuple[str, str]] = []
        self._solved: dict[Any, Any] = {}

    def add(self, groups: Iterable[tuple[Any, ...]]) -> bool:
        """Assume that dims of each group are equal, where the examples have them so.

        Args:
            groups: dims that are broadcast together.

        Returns:
            whether that says anything new.
        """
        before = len(self.equations)
        for group in groups:
            sized = []
            for d in dict.fromkeys(substitute(d, self._solved) for d in group):
                size = self.size(d)
                if size is not None and size != 1:
                    sized.append((size, d))
            for size, d in sized[1:]:
                if size == sized[0][0]:
                    self._assume(sized[0][1], d)
        return len(self.equations) > before

    def size(self, d: Any) -> int | None:
        """What a dim is in the examples; None where it is made of more than parameters' dims."""
        if type(d) is int:
            return d
        if d[0] == "linear":
            total = d[1]
            for term, k in d[2]:
                size = self.size(term)
                if size is None:
                    return None
                total += k * size
            return int(total)
        if d[0] == "less":
            size = self.size(d[1])
            return None if size is None else max(size - d[2], 0)
        return self.sizes.get(d)

    def _assume(self, a: Any, b: Any) -> None:
        a, b = substitute(a, self._solved), substitute(b, self._solved)
        difference = plus(a, b, -1)
        if type(difference) is int:
            return
        terms = dict(difference[2]) if difference[0] == "linear" else {difference: 1}
        # Integers go first, then the dimensions of later parameters.
        order = sorted(self.sizes, key=lambda d: d[0] == "dim")
        integers = sum(d[0] == "value" for d in order)
        for unknown in [*order[:integers], *reversed(order[integers:])]:
            k = terms.get(unknown, 0)
            if k not in (1, -1):
                continue
            value = times(plus(difference, times(unknown, k), -1), -k)
            if substitute(value, {unknown: 0}) != value:
                continue  # it is inside a term as well
            self.equations.append((text_of(a), text_of(b)))
            for known, old in self._solved.items():
                self._solved[known] = substitute(old, {unknown: value})
            self._solved[unknown] = value
            return

    def applied(self, kind: Kind) -> Kind:
        """A parameter's kind, under the assumptions."""
        shape, count = kind.shape, kind.count
        if kind.dims:
            shape = tuple([substitute(d, self._solved) for d in kind.dims])
        if count is not None:
            count = substitute(count, self._solved)
        if type(count) is int:
            count = None
        return replace(kind, shape=shape, count=count)


def text_of(d: Any) -> str:
    """A dim of parameters' dims, as Python."""
    if type(d) is int:
        return str(d)
    if d[0] == "linear":
        terms = sorted((text_of(t), k) for t, k in d[2])
        terms.sort(key=lambda term: term[1] < 0)
        text = ""
        for name, k in terms:
            factor = name if abs(k) == 1 else f"{abs(k)} * {name}"
            text += ("-" if k < 0 else "") + factor if not text else f" {'-+'[k > 0]} {factor}"
        return text if not d[1] else f"{text} {'-+'[d[1] > 0]} {abs(d[1])}"
    if d[0] == "less":
        return f"max({text_of(d[1])} - {d[2]}, 0)"
    if d[0] == "value":
        return str(d[1][1])
    return f"{d[1][1]}.shape[{d[2]}]"
