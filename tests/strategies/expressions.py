"""Expressions of a type, of the names and places in sight."""

from __future__ import annotations

from collections.abc import Callable

from tests.strategies.types import MAT, NUM, VEC, Type
from tests.strategies.writer import Writer

__all__ = ["Expressions"]

FUN: Type = ("fun", (NUM,), NUM)


class Expressions(Writer):
    def expression(self, type: Type, depth: int = 2) -> str:
        draw = {
            "num": self.number,
            "vec": self.vector,
            "mat": self.matrix,
            "list": self.sequence,
            "tuple": self.record,
            "dict": self.record,
            "fun": self.closure,
            "obj": self.instance,
            "int": lambda type, depth: str(self.integer(type[1], type[2])),
        }[type[0]]
        return draw(type, depth)  # type: ignore[operator]

    # -- numbers

    def number(self, type: Type = NUM, depth: int = 2) -> str:
        atoms: list[Callable[[], str]] = [self.constant]
        if names := self.readable(NUM):
            atoms = [lambda: self.choose(*names)] * 4 + atoms
        if vectors := self.of_kind("vec"):
            atoms += [lambda: self.element(vectors)] * 2
        if matrices := self.readable(MAT):
            atoms.append(lambda: f"{self.choose(*matrices)}[{self.index(3)}, {self.index(4)}]")
        if integers := self.integers():
            atoms.append(lambda: f"0.5 * {self.choose(*integers)}")
        if depth == 0:
            return self.choose(*atoms)()

        def sub() -> str:
            return self.number(NUM, depth - 1)

        kinds: list[Callable[[], str]] = [
            lambda: self.choose(*atoms)(),
            lambda: f"({sub()} + {sub()})",
            lambda: f"({sub()} - {sub()})",
            lambda: f"{sub()} * {sub()}",
            lambda: f"({sub()}) ** {self.choose(2, 3, 1)}",
            lambda: f"({sub()}) / (1.5 + ({sub()}) ** 2)",
            lambda: f"-({sub()})",
            lambda: f"np.{self.function()}({sub()})",
            lambda: f"{self.choose('max', 'min')}({sub()}, {sub()})",
            lambda: f"abs({sub()})",
            lambda: f"({sub()} if {self.test()} else {sub()})",
            lambda: f"np.sum({self.vector(VEC, depth - 1)})",
            lambda: f"np.dot({self.vector(VEC, depth - 1)}, {self.vector(VEC, depth - 1)})",
            lambda: f"np.mean({self.vector(VEC, depth - 1)})",
        ]
        if matrices:
            kinds.append(lambda: f"np.sum({self.matrix(MAT, depth - 1)})")
        if lists := self.readable(("list", NUM)):
            kinds += [lambda: self.of_list(self.choose(*lists), depth)] * 2
        if "idioms" in self.topics and vectors:
            kinds += [lambda: self.of_list(self.choose(*vectors), depth)] * 2
        kinds += self.calls(NUM) * 2
        return self.choose(*kinds)()

    def element(self, vectors: dict[str, Type]) -> str:
        name = self.choose(*vectors)
        return f"{name}[{self.index(vectors[name][1])}]"

    def of_list(self, xs: str, depth: int) -> str:
        """A number made of a list or vector of numbers."""
        v, w = self.fresh("u"), self.fresh("u")
        with self.bound({v: NUM}):
            body, test = self.number(NUM, depth - 1), self.test(0)
            key = f"{self.choose('max', 'min')}({xs}, key=lambda {v}: {self.number(NUM, 1)})"
        with self.bound({v: NUM, w: NUM}):
            both = self.number(NUM, 1)
        return self.choose(
            f"sum({xs})",
            f"max({xs})",
            f"sum({v} * ({body}) for {v} in {xs})",
            f"sum([{body} for {v} in {xs} if {test}])",
            f"sum(map(lambda {v}: {body}, {xs}))",
            f"sum({v} * {w} for {v}, {w} in zip({xs}, {xs}[1:]))",
            f"sum(({body}) * {w} for {w}, {v} in enumerate({xs}))",
            f"functools.reduce(lambda {v}, {w}: {both}, {xs})",
            f"functools.reduce(lambda {v}, {w}: {both}, {xs}, {self.number(NUM, 0)})",
            f"sorted({xs})[{self.choose(0, -1)}]",
            f"next(({v} for {v} in {xs} if {test}), {self.number(NUM, 0)})",
            key,
        )

    # -- calls

    def calls(self, result: Type) -> list[Callable[[], str]]:
        return [lambda c=c: self.call(*c) for c in self.callables(result)]  # type: ignore[misc]

    def call(self, name: str, parameters: tuple[Type, ...]) -> str:
        helper = next((h for h in self.helpers if h.name == name), None)
        given = parameters
        if helper is not None and helper.defaults and self.chance(2):
            given = parameters[: -helper.defaults]
        values = [self.argument(t) for t in given]
        if helper is not None and "calls" in self.topics:
            style = self.choose("plain", "plain", "keywords", "stars")
            names = [n for n, _ in helper.parameters]
            if style == "keywords" and values:
                values[-1] = f"{names[len(values) - 1]}={values[-1]}"
            elif style == "stars" and values:
                values = [f"*({', '.join(values)},)"]
        return f"{name}({', '.join(values)})"

    def argument(self, type: Type) -> str:
        """A value for a parameter, rather an object that others see than a new one."""
        known = self.readable(type)
        if type[0] != "num" and known and not self.chance(4):
            return self.choose(*known)
        return self.expression(type, 1)

    # -- arrays

    def vector(self, type: Type = VEC, depth: int = 2) -> str:
        n = type[1]
        atoms: list[Callable[[], str]] = []
        if names := self.readable(type):
            atoms += [lambda: self.choose(*names)] * 4
        if longer := [m for m, t in self.of_kind("vec").items() if t[1] == n + 1]:
            atoms += [lambda: f"{self.choose(*longer)}{self.choose('[1:]', '[:-1]')}"] * 2
        matrices = self.readable(MAT)
        if type == VEC and matrices:
            atoms.append(lambda: f"{self.choose(*matrices)}[{self.index(3)}]")
        if type == ("vec", 3) and matrices:
            atoms.append(lambda: f"{self.choose(*matrices)}[:, {self.index(4)}]")
        if not atoms:
            atoms.append(lambda: f"np.full({n}, {self.number(NUM, 0)})")
        if depth == 0:
            return self.choose(*atoms)()

        def sub() -> str:
            return self.vector(type, depth - 1)

        def num() -> str:
            return self.number(NUM, depth - 1)

        kinds: list[Callable[[], str]] = [
            lambda: self.choose(*atoms)(),
            lambda: f"({sub()} + {sub()})",
            lambda: f"({sub()} - {num()})",
            lambda: f"{sub()} * {sub()}",
            lambda: f"({num()}) * {sub()}",
            lambda: f"({sub()}) / (1.5 + ({sub()}) ** 2)",
            lambda: f"np.{self.function()}({sub()})",
            lambda: f"({sub()})[::-1]",
            lambda: f"({sub()})[np.array({self.indices(n, n)})]",
            lambda: f"np.where({sub()} > {self.constant()}, {sub()}, {num()})",
            lambda: f"np.maximum({sub()}, {num()})",
            lambda: f"({sub()} if {self.test()} else {sub()})",
            lambda: f"np.zeros({n})",
        ]
        if n >= 3:
            kinds.append(
                lambda: f"np.concatenate(({self.vector(('vec', n - 1), 0)}, np.array([{num()}])))"
            )
        if names:
            kinds.append(lambda: f"{self.choose(*names)}.copy()")
        if type == VEC and matrices:
            kinds.append(lambda: f"np.sum({self.matrix(MAT, depth - 1)}, axis=0)")
            kinds.append(lambda: f"np.dot({self.vector(('vec', 3), 0)}, {self.matrix(MAT, 0)})")
        if "idioms" in self.topics or "containers" in self.topics:
            kinds.append(lambda: f"np.array([{', '.join(self.number(NUM, 0) for _ in range(n))}])")
            if sources := self.readable(type):
                kinds.append(lambda: f"np.array({self.comprehension(self.choose(*sources))})")
        if lists := self.readable(("list", type)):
            kinds.append(lambda: f"sum({self.choose(*lists)})")
        kinds += self.calls(type) * 2
        return self.choose(*kinds)()

    def matrix(self, type: Type = MAT, depth: int = 2) -> str:
        names = self.readable(MAT)
        if depth == 0 and names:
            return self.choose(*names)

        def sub() -> str:
            return self.matrix(MAT, depth - 1)

        kinds: list[Callable[[], str]] = [lambda: self.choose(*names)] if names else []
        kinds.append(lambda: f"np.ones((3, 4)) * {self.vector(VEC, max(depth - 1, 0))}")
        if depth > 0:
            kinds += [
                lambda: f"{sub()} * {sub()}",
                lambda: f"({sub()} + {self.vector(VEC, depth - 1)})",
                lambda: f"np.{self.function()}({sub()})",
                lambda: f"({self.number(NUM, depth - 1)}) * {sub()}",
                lambda: f"np.outer({self.vector(('vec', 3), 0)}, {self.vector(VEC, 0)})",
            ]
        return self.choose(*kinds)()

    # -- containers

    def comprehension(self, xs: str) -> str:
        """A list of numbers, one for each of another."""
        v, k = self.fresh("u"), self.fresh("k")
        with self.bound({v: NUM}):
            body = self.number(NUM, 1)
        return self.choose(
            f"[{body} for {v} in {xs}]",
            f"[{v} * ({body}) for {v} in {xs}]",
            f"[{v} * {k} + {body} for {k}, {v} in enumerate({xs})]",
            f"list(map(lambda {v}: {body}, {xs}))",
            f"[{xs}[{k}] * {k} for {k} in range(len({xs}))]",
        )

    def sequence(self, type: Type, depth: int = 1) -> str:
        element = type[1]
        known = self.readable(type)
        depth = min(depth, 1)

        def item() -> str:
            return self.argument(element) if element[0] != "num" else self.number(NUM, depth)

        kinds: list[Callable[[], str]] = [
            lambda: f"[{item()}, {item()}]",
            lambda: f"[{item()}, {item()}, {item()}]",
        ]
        if known:
            kinds += [
                lambda: self.choose(*known),
                lambda: f"[*{self.choose(*known)}, {item()}]",
                lambda: f"{self.choose(*known)}{self.choose('[::-1]', '[:2]', '[-2:]', '[:]')}",
                lambda: f"list({self.choose(*known)})",
                lambda: f"{self.choose(*known)}.copy()",
            ]
            if not self.loops and not self.nested:  # where it can't double without end
                kinds.append(lambda: f"{self.choose(*known)} + {self.choose(*known)}")
        if element == NUM:
            sources = [*known, *self.of_kind("vec")]
            if sources:
                kinds += [lambda: self.comprehension(self.choose(*sources))] * 2
                kinds.append(lambda: f"sorted({self.choose(*sources)})")
        if element == VEC and (matrices := self.readable(MAT)):
            kinds.append(lambda: f"list({self.choose(*matrices)})")
            kinds.append(lambda: f"[r for r in {self.choose(*matrices)}]")
        return self.choose(*kinds)()

    def record(self, type: Type, depth: int = 1) -> str:
        """A tuple or a dict."""
        known = self.readable(type)
        if known and not self.chance(3):
            name = self.choose(*known)
            return (
                self.choose(name, f"dict({name})", f"{{**{name}}}") if type[0] == "dict" else name
            )
        if type[0] == "tuple":
            return f"({', '.join(self.argument(t) for t in type[1:])})"
        values = [(key, self.argument(t)) for key, t in type[1]]
        if self.chance(3):
            return f"dict({', '.join(f'{key}={value}' for key, value in values)})"
        return f"{{{', '.join(f'{chr(34)}{key}{chr(34)}: {value}' for key, value in values)}}}"

    # -- functions and objects

    def closure(self, type: Type, depth: int = 1) -> str:
        known = [n for n, t in self.of_kind("fun").items() if t == type]
        known += [
            h.name
            for h in self.helpers
            if tuple(t for _, t in h.parameters) == type[1] and h.result == type[2]
        ]
        if type == FUN:
            known += [f"np.{self.function()}"]
        if known and self.chance(2):
            return self.choose(*known)
        names = {self.fresh("r"): t for t in type[1]}
        with self.bound(names):
            body = self.expression(type[2], 1)
        if type[2] == NUM and self.chance(4):
            signature = ", ".join([*names, f"k={self.number(NUM, 0)}"])
            return f"(lambda {signature}: {body} * k)"
        return f"(lambda {', '.join(names)}: {body})"

    def instance(self, type: Type, depth: int = 1) -> str:
        known = self.readable(type)
        if known and not self.chance(3):
            return self.choose(*known)
        fields = self.classes[type[1]].fields
        return f"{type[1]}({', '.join(self.argument(t) for _, t in fields)})"

    # -- tests

    def test(self, depth: int = 1) -> str:
        def compare() -> str:
            return f"{self.number(NUM, 0)} {self.choose('<', '>')} {self.constant()}"

        kinds: list[Callable[[], str]] = [compare]
        kinds.append(lambda: f"{self.number(NUM, 1)} > {self.number(NUM, 0)} + 0.1")
        if integers := self.integers():
            operators = ("==", ">", "<=", "!=")
            kinds.append(lambda: f"{self.choose(*integers)} {self.choose(*operators)} 1")
        kinds.append(lambda: f"0.1 < {self.number(NUM, 0)} < 1.1")
        if depth:
            kinds.append(lambda: f"{self.test(0)} and {self.test(0)}")
            kinds.append(lambda: f"{self.test(0)} or {self.test(0)}")
            kinds.append(lambda: f"not ({self.test(0)})")
        return self.choose(*kinds)()
