"""The text of one function under construction, and the names in sight with their types."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.strategies.types import Class, Helper, Type, parts_of

__all__ = ["Writer"]


@dataclass
class Writer:
    """
    Attributes:
        env: the names that are defined, with their types.
        fixed: those of them that this function must not bind (its enclosing function's).
        statements: kinds of statements of the topics that are drawn from, beside the usual ones.
        nested: a function inside a function, or one that is called: lists grow to a bound only.
    """

    draw: Callable[..., Any]
    result: Type
    helpers: list[Helper] = field(default_factory=list)
    classes: dict[str, Class] = field(default_factory=dict)
    statements: tuple[Callable[[Any], None], ...] = ()
    topics: tuple[str, ...] = ()
    env: dict[str, Type] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    depth: int = 1
    loops: int = 0
    budget: int = 8
    nested: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # -- drawing

    def choose(self, *options: Any) -> Any:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    # -- text

    def write(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """An indented block; names that it defines are not seen after it."""
        self.write(header)
        outer, start = dict(self.env), len(self.lines)
        self.depth += 1
        yield
        if len(self.lines) == start:
            self.write("pass")
        self.depth -= 1
        self.env = outer

    @contextmanager
    def bound(self, names: dict[str, Type]) -> Iterator[None]:
        """Names of a comprehension or lambda, while its expression is drawn."""
        outer, fixed = self.env, self.fixed
        self.env, self.fixed = {**outer, **names}, fixed | set(names)
        yield
        self.env, self.fixed = outer, fixed

    def fresh(self, stem: str) -> str:
        return f"{stem}{next(self.numbers)}"

    # -- names and places

    def names(self, type: Type) -> list[str]:
        """The names of this type that may be bound."""
        return [n for n, t in self.env.items() if t == type and n not in self.fixed]

    def places(self) -> list[tuple[str, Type, bool]]:
        """Names, elements, attributes, elements of these …, and whether they can be bound."""
        found = [(n, t, n not in self.fixed) for n, t in self.env.items()]
        for text, type, _ in found:  # which grows meanwhile
            found += [(text + part, t, ok) for part, t, ok in parts_of(type, self.classes)]
        return found

    def readable(self, type: Type) -> list[str]:
        """The names and places that hold this type."""
        return [text for text, t, _ in self.places() if t == type]

    def of_kind(self, *kinds: str) -> dict[str, Type]:
        """The names and places of these kinds of types."""
        return {text: t for text, t, _ in self.places() if t[0] in kinds}

    def arrays(self) -> dict[str, Type]:
        return self.of_kind("vec", "mat")

    def target(self, type: Type, stem: str) -> str:
        """What to assign to: a known name or place of this type, or a new name."""
        names = [text for text, t, ok in self.places() if ok and t == type]
        if names and type[0] != "fun" and not self.chance(3):
            return self.choose(*names)
        return self.fresh(stem)

    def bind(self, target: str, type: Type) -> None:
        if target.isidentifier():
            self.env[target] = type

    def integers(self) -> list[str]:
        return [n for n, t in self.env.items() if t[0] == "int"]

    def constant(self) -> str:
        return self.choose("2.0", "0.5", "1.5", "0.3", "-0.7", "3.0")

    def index(self, length: int) -> str:
        """An index that is in range, negative ones included."""
        options = [str(k) for k in (0, length - 1, -1, -length)]
        for name, type in self.env.items():
            if type[0] == "int":
                low, high = type[1:]
                options += [
                    f"{name}{shift:+d}".replace("+0", "")
                    for shift in (0, 1, -1)
                    if -length <= low + shift and high + shift < length
                ]
                options.append(f"{name} % {length}")
        return self.choose(*options)

    def indices(self, length: int, count: int) -> list[int]:
        return [self.integer(0, length - 1) for _ in range(count)]

    def function(self) -> str:
        return self.choose("sin", "cos", "tanh", "arctan")

    def callables(self, result: Type) -> list[tuple[str, tuple[Type, ...]]]:
        """What can be called for such a result, with the types of its arguments."""
        found = [
            (h.name, tuple(t for _, t in h.parameters)) for h in self.helpers if h.result == result
        ]
        found += [(n, t[1]) for n, t in self.of_kind("fun").items() if t[2] == result]
        for text, type in self.of_kind("obj").items():
            for method in self.classes[type[1]].methods if type[1] in self.classes else ():
                if method.result == result:
                    name = text if method.name == "__call__" else f"{text}.{method.name}"
                    found.append((name, tuple(t for _, t in method.parameters)))
        return found
