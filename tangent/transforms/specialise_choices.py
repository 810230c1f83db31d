"""Names that denote one function or another: the run notes which, and each use is a branch.

if c:                          if c:
    g = np.sin                     which_g = 0
else:                          else:
    g = lambda v: v * a            which_g = 1
y = g(x)                       if which_g == 0:
                                   y = np.sin(x)
                               else:
                                   y = x * a
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.specialise_values import Choice, Closure, Known, Partial, State, Value
from tangent.transforms.specialise_walk import Walk

__all__ = ["Choices"]


class Choices(Walk):
    """A walk that makes and uses choices."""

    def choose(self, a: State, b: State, like: gast.If) -> tuple[list[Any], list[Any]]:
        """Make names that denote one function or another choices. Returns what notes which."""
        made: tuple[list[Any], list[Any]] = ([], [])
        for name, first in list(a.values.items()):
            second = b.values.get(name)
            if (
                second is None
                or first == second
                or not (is_callable(first) and is_callable(second))
            ):
                continue
            options: list[Value] = []
            for value in (first, second):
                options += value.options if isinstance(value, Choice) else [value]
            distinct = tuple(dict.fromkeys(options))
            tag = self.spelling.variable(f"which_{name}")
            self.tags.add(tag)
            for value, state, out in ((first, a, made[0]), (second, b, made[1])):
                number: gast.expr
                if isinstance(value, Choice):
                    places = [distinct.index(o) for o in value.options]
                    number = tree.load(value.tag)
                    if places != list(range(len(places))):
                        number = tree.load(self.spelling.variable(tag))
                        out += self.translated(number.id, value.tag, places, like)
                else:
                    number = tree.constant(distinct.index(value))
                out.append(tree.assign(tag, number, like))
                state.values[name] = Choice(tag, distinct)
                state.bind(tag)
        return made

    def translated(self, name: str, tag: str, places: list[int], like: gast.AST) -> list[Any]:
        """`name` becomes `places[tag]`."""
        made: list[Any] = [tree.assign(name, tree.constant(places[-1]), like)]
        for k in reversed(range(len(places) - 1)):
            arm = [tree.assign(name, tree.constant(places[k]), like)]
            made = [tree.with_origins(gast.If(is_equal(tag, k), arm, made), like)]
        return made

    def split(self, name: str, choice: Choice, statement: Any) -> None:
        """A statement for each of the values that a name may denote."""
        before = self.state
        arms: list[tuple[list[Any], State]] = []
        for option in choice.options:
            self.state = before.copy()
            self.state.values[name] = option
            arms.append((self.block([tree.copy(statement)]), self.state))
        (made, self.state) = arms[-1]
        for k in reversed(range(len(arms) - 1)):
            test = is_equal(choice.tag, k)
            node = tree.with_origins(gast.If(test, [], []), statement)
            body, orelse = self.meet(node, arms[k], (made, self.state))
            empty = [tree.with_origins(gast.Pass(), statement)]
            made = [tree.replace(node, body=body or empty, orelse=orelse)]
        self.state.values[name] = choice
        self.out += made


def is_callable(value: Value) -> bool:
    """A function, or a choice of functions."""
    return isinstance(value, Known | Closure | Partial | Choice)


def is_equal(name: str, number: int) -> gast.expr:
    return gast.Compare(tree.load(name), [gast.Eq()], [tree.constant(number)])
