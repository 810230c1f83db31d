"""Types of drawn values, and what they are made of.

("num",)   ("vec", 4)   ("mat", 3, 4)        a number, a vector, a matrix
("int", low, high)                           an integer between these, inclusive
("list", T)                                  a list of at least two
("tuple", T, U)   ("dict", (("a", T),))      one of exactly these parts
("fun", (T, U), R)   ("obj", "P0")           a function, an instance
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["MAT", "NONE", "NUM", "VEC", "Class", "Helper", "RandomProgram", "Type", "parts_of"]

Type = tuple[Any, ...]
NUM: Type = ("num",)
VEC: Type = ("vec", 4)
MAT: Type = ("mat", 3, 4)
NONE: Type = ("none",)


@dataclass(frozen=True)
class RandomProgram:
    """A program with arguments; `f` is the function to differentiate."""

    source: str
    args: tuple[Any, ...]
    wrt: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.source}\n# args: {self.args!r}\n# wrt: {', '.join(self.wrt)}\n"

    __repr__ = __str__


@dataclass(frozen=True)
class Helper:
    """A function of the module, or a method (of the class `owner`)."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    defaults: int = 0


@dataclass(frozen=True)
class Class:
    name: str
    fields: tuple[tuple[str, Type], ...]
    methods: tuple[Helper, ...]


def parts_of(type: Type, classes: dict[str, Class]) -> list[tuple[str, Type, bool]]:
    """What follows a value's name to name its parts, with their types, and whether it can be bound."""
    match type:
        case ("list", element):
            return [("[0]", element, True), ("[-1]", element, True), ("[1]", element, True)]
        case ("tuple", *elements):
            return [(f"[{k}]", element, False) for k, element in enumerate(elements)]
        case ("dict", items):
            return [(f'["{key}"]', element, True) for key, element in items]
        case ("obj", name) if name in classes:
            return [(f".{field}", element, True) for field, element in classes[name].fields]
        case _:
            return []


def value_of(type: Type, rng: np.random.Generator) -> Any:
    """A random argument of this type."""
    match type:
        case ("int", low, high):
            return int(rng.integers(low, high + 1))
        case ("list", element):
            return [value_of(element, rng) for _ in range(int(rng.integers(2, 4)))]
        case ("tuple", *elements):
            return tuple(value_of(element, rng) for element in elements)
        case ("dict", items):
            return {key: value_of(element, rng) for key, element in items}
        case ("num",):
            return round(float(rng.uniform(-1.3, 1.3)), 3)
        case _:
            return rng.uniform(-1.3, 1.3, type[1:]).round(3)
