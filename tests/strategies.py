"""A Hypothesis strategy that draws programs in source form.

    @given(programs())
    def test(program):
        program.source      "import numpy as np ... def f(x, A): ..."
        program.args        (0.7, array([...]))
        program.wrt         ("x", "A")

Drawn are numbers, vectors and matrices under names that are always defined where they are read:
assignments, tuple targets and swaps, augmented assignments, branches, loops over ranges, arrays,
zip, enumerate and reversed with few trips (or none), bounded `while`, `break`, `continue`, early
returns, reads and writes of elements, slices, rows, masks and integer arrays, aliases, views and
calls of drawn functions. Every operation is smooth or has kinks that a random point does not hit,
and is analytic, so that complex steps give exact derivatives (`tests.random_check`).

A simpler choice stands before a richer one wherever Hypothesis shrinks by position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

__all__ = ["RandomProgram", "programs"]

# A type: ("num",), ("vec", n), ("mat", n, m) or ("int", low, high), bounds inclusive.
Type = tuple[Any, ...]
NUM: Type = ("num",)
VEC: Type = ("vec", 4)
MAT: Type = ("mat", 3, 4)


@dataclass(frozen=True)
class RandomProgram:
    """A program with arguments; `f` is the function to differentiate."""

    source: str
    args: tuple[Any, ...]
    wrt: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.source}\n# args: {self.args!r}\n# wrt: {', '.join(self.wrt)}\n"

    __repr__ = __str__


@dataclass
class Helper:
    name: str
    parameters: list[Type]
    result: Type


@dataclass
class Writer:
    """The text of one function under construction, and the names in sight with their types."""

    draw: Callable[..., Any]
    helpers: list[Helper]
    result: Type
    env: dict[str, Type] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    depth: int = 1
    loops: int = 0
    budget: int = 8
    counter: int = 0
    views: bool = False

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

    def fresh(self, stem: str) -> str:
        self.counter += 1
        return f"{stem}{self.counter}"

    def names(self, type: Type) -> list[str]:
        return [n for n, t in self.env.items() if t == type]

    def arrays(self) -> list[str]:
        return [n for n, t in self.env.items() if t[0] in ("vec", "mat")]

    # -- expressions

    def expression(self, type: Type, depth: int = 2) -> str:
        return {"num": self.number, "vec": self.vector, "mat": self.matrix}[type[0]](type, depth)

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

    def number(self, type: Type = NUM, depth: int = 2) -> str:
        atoms: list[Callable[[], str]] = [self.constant]
        if names := self.names(NUM):
            atoms = [lambda: self.choose(*names)] * 4 + atoms
        vectors = [n for n, t in self.env.items() if t[0] == "vec"]
        if vectors:
            atoms += [lambda: self.element(self.choose(*vectors))] * 2
        matrices = self.names(MAT)
        if matrices:
            atoms.append(lambda: f"{self.choose(*matrices)}[{self.index(3)}, {self.index(4)}]")
        integers = [n for n, t in self.env.items() if t[0] == "int"]
        if integers:
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
        kinds += [lambda h=h: self.call(h) for h in self.helpers if h.result == NUM] * 3
        return self.choose(*kinds)()

    def element(self, name: str) -> str:
        return f"{name}[{self.index(self.env[name][1])}]"

    def function(self) -> str:
        return self.choose("sin", "cos", "tanh", "arctan")

    def call(self, helper: Helper) -> str:
        return f"{helper.name}({', '.join(self.expression(t, 1) for t in helper.parameters)})"

    def vector(self, type: Type = VEC, depth: int = 2) -> str:
        n = type[1]
        atoms: list[Callable[[], str]] = []
        if names := self.names(type):
            atoms += [lambda: self.choose(*names)] * 4
        if longer := [m for m, t in self.env.items() if t[0] == "vec" and t[1] == n + 1]:
            atoms += [lambda: f"{self.choose(*longer)}{self.choose('[1:]', '[:-1]')}"] * 2
        if type == VEC and (matrices := self.names(MAT)):
            atoms.append(lambda: f"{self.choose(*matrices)}[{self.index(3)}]")
        if type == ("vec", 3) and (matrices := self.names(MAT)):
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
            lambda: f"np.concatenate(({self.vector(('vec', n - 1), 0)}, np.array([{num()}])))",
        ]
        if n < 3:
            kinds.pop()
        if names:
            kinds.append(lambda: f"{self.choose(*names)}.copy()")
        if type == VEC and self.names(MAT):
            kinds.append(lambda: f"np.sum({self.matrix(MAT, depth - 1)}, axis=0)")
            kinds.append(lambda: f"np.dot({self.vector(('vec', 3), 0)}, {self.matrix(MAT, 0)})")
        kinds += [lambda h=h: self.call(h) for h in self.helpers if h.result == type] * 2
        return self.choose(*kinds)()

    def matrix(self, type: Type = MAT, depth: int = 2) -> str:
        names = self.names(MAT)
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

    def indices(self, length: int, count: int) -> list[int]:
        return [self.integer(0, length - 1) for _ in range(count)]

    def test(self, depth: int = 1) -> str:
        def compare() -> str:
            return f"{self.number(NUM, 0)} {self.choose('<', '>')} {self.constant()}"

        kinds: list[Callable[[], str]] = [compare]
        kinds.append(lambda: f"{self.number(NUM, 1)} > {self.number(NUM, 0)} + 0.1")
        integers = [n for n, t in self.env.items() if t[0] == "int"]
        if integers:
            operators = ("==", ">", "<=", "!=")
            kinds.append(lambda: f"{self.choose(*integers)} {self.choose(*operators)} 1")
        kinds.append(lambda: f"0.1 < {self.number(NUM, 0)} < 1.1")
        if depth:
            kinds.append(lambda: f"{self.test(0)} and {self.test(0)}")
            kinds.append(lambda: f"{self.test(0)} or {self.test(0)}")
            kinds.append(lambda: f"not ({self.test(0)})")
        return self.choose(*kinds)()

    # -- statements

    def target(self, type: Type, stem: str) -> str:
        """A name to assign to: a known one of this type, or a new one."""
        names = self.names(type)
        if names and not self.chance(3):
            return self.choose(*names)
        return self.fresh(stem)

    def assign_number(self) -> None:
        value, name = self.number(), self.target(NUM, "s")
        self.write(f"{name} = {value}")
        self.env[name] = NUM

    def assign_array(self) -> None:
        type = self.choose(VEC, VEC, ("vec", 3), MAT)
        value, name = self.expression(type), self.target(type, "v")
        self.write(f"{name} = {value}")
        self.env[name] = type

    def augment(self) -> None:
        names = self.names(NUM)
        if names and self.chance(2):
            self.write(f"{self.choose(*names)} {self.choose('+=', '*=', '-=')} {self.number()}")
        elif arrays := self.arrays():
            name = self.choose(*arrays)
            value = self.number() if self.chance(2) else self.expression(self.env[name])
            self.write(f"{name} {self.choose('+=', '*=', '-=')} {value}")

    def write_element(self) -> None:
        vectors = [n for n, t in self.env.items() if t[0] == "vec"]
        if not vectors:
            return
        value, name = self.number(), self.choose(*vectors)
        self.write(f"{self.element(name)} {self.choose('=', '+=', '*=')} {value}")

    def write_part(self) -> None:
        arrays = self.arrays()
        if not arrays:
            return
        name = self.choose(*arrays)
        type = self.env[name]
        operator = self.choose("=", "+=", "*=")
        if type[0] == "mat":
            where, part = self.choose(
                (f"[{self.index(3)}]", VEC),
                (f"[:, {self.index(4)}]", ("vec", 3)),
                (f"[{self.index(3)}, {self.index(4)}]", NUM),
                ("[:]", MAT),
            )
        else:
            n = type[1]
            where, part = self.choose(
                ("[:]", type),
                ("[1:]", ("vec", n - 1)),
                ("[:-1]", ("vec", n - 1)),
                (f"[{name} > {self.constant()}]", NUM),
                (f"[np.array({self.indices(n, n)})]", type),
            )
        if part != NUM and self.chance(3):
            part = NUM
        if part[0] == "vec" and part[1] == type[-1] - 1 and self.chance(2):
            value = f"{name}{self.choose('[:-1]', '[1:]')}" if type[0] == "vec" else None
            value = value or self.expression(part)
        else:
            value = self.expression(part)
        self.write(f"{name}{where} {operator} {value}")

    def several(self) -> None:
        numbers, vectors = self.names(NUM), self.names(VEC)
        if len(numbers) > 1 and self.chance(2):
            a, b = self.choose(*numbers), self.choose(*numbers)
            if a != b:
                self.write(
                    f"{a}, {b} = {self.choose(b, self.number())}, {self.choose(a, self.number())}"
                )
        elif vectors:
            name = self.choose(*vectors)
            i, j = self.element(name), self.element(name)
            self.write(f"{i}, {j} = {j}, {i}")

    def swap_buffers(self) -> None:
        vectors = self.names(VEC)
        if len(vectors) > 1:
            a, b = vectors[0], vectors[-1]
            self.write(f"{a}, {b} = {b}, {a}")

    def alias(self) -> None:
        arrays = self.arrays()
        if not arrays:
            return
        name = self.choose(*arrays)
        type = self.env[name]
        options = [("", type)]
        if type[0] == "vec":
            options += [("[1:]", ("vec", type[1] - 1)), ("[::-1]", type)]
        else:
            options += [(f"[{self.index(3)}]", VEC), (f"[:, {self.index(4)}]", ("vec", 3))]
        if self.views:
            options += [(text, part) for text, part in self.other_views(type)]
        part, new = self.choose(*options)
        if new[1] < 2:
            return
        if self.chance(4) and len(others := [n for n in self.names(type) if n != name]):
            part = f"{part} if {self.test()} else {self.choose(*others)}{part}"
        target = self.target(new, "w")
        self.write(f"{target} = {name}{part}")
        self.env[target] = new

    def other_views(self, type: Type) -> list[tuple[str, Type]]:
        """Views by methods, views of views, and copies that look like views."""
        if type == VEC:
            return [
                (".reshape(2, 2)[1]", ("vec", 2)),
                (".reshape(2, 2).T.ravel()", VEC),
                ("[1:][::-1]", ("vec", 3)),
                ("[::2]", ("vec", 2)),
                (".ravel()", VEC),
                (".T", VEC),
            ]
        if type != MAT:
            return [("[::-1].T", type)]
        i = self.integer(0, 2)
        return [
            (f".T[{i}]", ("vec", 3)),
            (f".ravel()[{i}:{i + 4}]", VEC),
            (f".reshape(4, 3)[{i}]", ("vec", 3)),
            (f".reshape(-1)[{i}:{i} + 8:2]", VEC),
            (f".swapaxes(0, 1)[{i}]", ("vec", 3)),
            (f"[1:][{i - 1}]", VEC),
            ("[::-1]", MAT),
            (".T.T", MAT),
            (".T.reshape(-1)[2:6]", VEC),
            (".diagonal()", ("vec", 3)),
        ]

    def chained_write(self) -> None:
        """A write through a view that has no name."""
        arrays = self.arrays()
        if not arrays:
            return
        name = self.choose(*arrays)
        type = self.env[name]
        places: list[tuple[str, Type]]
        if type == MAT:
            i, j = self.index(3), self.index(4)
            places = [
                (f"[{i}][{j}]", NUM),
                (f"[:, {j}][{i}]", NUM),
                (f".T[{j}, {i}]", NUM),
                (f".T[{j}]", ("vec", 3)),
                (f"[{i}][1:]", ("vec", 3)),
                (f"[1:][{self.integer(0, 1)}]", VEC),
                (f".reshape(-1)[{self.integer(0, 11)}]", NUM),
                (f"[::-1][{i}]", VEC),
            ]
        else:
            n = type[1]
            places = [(f"[1:][{self.index(n - 1)}]", NUM), (f"[::-1][{self.index(n)}]", NUM)]
            places += [("[::-1][1:]", ("vec", n - 1))]
        place, part = self.choose(*places)
        self.write(f"{name}{place} {self.choose('=', '+=', '*=', '-=')} {self.expression(part, 1)}")

    def move_rows(self) -> None:
        matrices = self.names(MAT)
        if not matrices:
            return
        name = self.choose(*matrices)
        i, j = self.index(3), self.index(3)
        if self.chance(2):
            self.write(f"{name}[{i}], {name}[{j}] = {name}[{j}], {name}[{i}]")
        else:
            t = self.fresh("t")
            self.write(f"{t} = {name}[{i}]")
            self.write(f"{name}[{i}] = {name}[{j}]")
            self.write(f"{name}[{j}] = {t}")
            self.env[t] = VEC

    def rotate_buffers(self) -> None:
        vectors = self.names(VEC)
        if len(vectors) > 2:
            a, b, c = vectors[-3:]
            self.write(f"{a}, {b}, {c} = {b}, {c}, {a}")

    def branch(self) -> None:
        outer = dict(self.env)
        with self.block(f"if {self.test()}:"):
            self.body(3)
            if self.loops and self.chance(6):
                self.write(self.choose("break", "continue"))
            elif self.chance(8):
                self.write(f"return {self.expression(self.result, 1)}")
            first = dict(self.env)
        second = outer
        if self.chance(4):
            with self.block(f"elif {self.test()}:"):
                self.body(2)
                first = {n: t for n, t in first.items() if self.env.get(n) == t}
        if not self.chance(3):
            with self.block("else:"):
                self.body(3)
                second = dict(self.env)
        self.env = {n: t for n, t in second.items() if first.get(n) == t}

    def loop(self) -> None:
        if self.loops >= 2:
            return
        vectors = [n for n, t in self.env.items() if t[0] == "vec"]
        i, v, w = self.fresh("i"), self.fresh("e"), self.fresh("e")
        inner: dict[str, Type]
        kind = self.choose(
            "range", "n", "range", "n", "step", "over", "enumerate", "zip", "reversed", "rows"
        )
        if kind in ("over", "enumerate", "zip", "reversed") and not vectors:
            kind = "range"
        if kind == "rows" and not self.names(MAT):
            kind = "range"
        if kind == "n" and "n" not in self.env:
            kind = "range"
        if kind == "range":
            trips = self.integer(0, 3)
            header, inner = f"range({trips})", {i: ("int", 0, max(trips - 1, 0))}
        elif kind == "n":
            header, inner = "range(n)", {i: ("int", 0, 2)}
        elif kind == "step":
            header, inner = self.choose(
                ("range(1, 4)", {i: ("int", 1, 3)}),
                ("range(3, 0, -1)", {i: ("int", 1, 3)}),
                ("range(0, 4, 2)", {i: ("int", 0, 2)}),
                ("reversed(range(3))", {i: ("int", 0, 2)}),
            )
        elif kind == "rows":
            header, inner = self.choose(*self.names(MAT)), {v: VEC}
        else:
            a, b = self.choose(*vectors), self.choose(*vectors)
            last = self.env[a][1] - 1
            header, inner = {
                "over": (a, {v: NUM}),
                "enumerate": (f"enumerate({a})", {i: ("int", 0, last), v: NUM}),
                "zip": (f"zip({a}, {b})", {v: NUM, w: NUM}),
                "reversed": (f"reversed({a})", {v: NUM}),
            }[kind]
        with self.block(f"for {', '.join(inner)} in {header}:"):
            self.env.update(inner)
            self.loops += 1
            self.body(3)
            self.leave()
            self.loops -= 1

    def while_loop(self) -> None:
        if self.loops >= 2:
            return
        k = self.fresh("k")
        self.write(f"{k} = 0")
        limit = f"{self.number(NUM, 0)} {self.choose('<', '>')} {self.constant()}"
        test = f"{k} < 3 and {limit}" if self.chance(2) else f"{k} < 3"
        with self.block(f"while {test}:"):
            self.write(f"{k} += 1")
            self.loops += 1
            self.body(3)
            self.leave()
            self.loops -= 1

    def leave(self) -> None:
        if self.chance(4):
            with self.block(f"if {self.test()}:"):
                self.write(self.choose("break", "continue"))
            self.body(2)

    def statement(self) -> None:
        kinds: list[Callable[[], None]] = [
            *[self.assign_number] * 4,
            *[self.assign_array] * 3,
            *[self.augment] * 2,
            *[self.write_element] * 3,
            *[self.write_part] * 2,
            self.several,
            self.alias,
            self.swap_buffers,
        ]
        if self.views:
            kinds += [*[self.alias] * 5, *[self.chained_write] * 3, *[self.write_part] * 2]
            kinds += [self.move_rows, self.rotate_buffers]
        if self.depth < 4:
            kinds += [*[self.branch] * 2, *[self.loop] * 3, self.while_loop]
        self.choose(*kinds)()

    def body(self, most: int) -> None:
        for _ in range(self.integer(1, most)):
            if self.budget <= 0:
                break
            self.budget -= 1
            self.statement()


def _finish(w: Writer) -> None:
    """Return something that depends on what is in sight."""
    if w.result != NUM:
        w.write(f"return {w.expression(w.result, 1)}")
        return
    terms = [w.number(NUM, 1)]
    for name, type in w.env.items():
        if not w.chance(3):
            if type == NUM:
                terms.append(name)
            elif type[0] in ("vec", "mat"):
                terms.append(w.choose(f"np.sum({name} * {name})", f"np.sum({name})"))
    w.write(f"return {' + '.join(terms)}")


@st.composite
def programs(draw: Any, helpers: int = 2, size: int = 9, views: bool = False) -> RandomProgram:
    """Programs of at most about `size` statements, with at most so many helper functions.

    `views`: mostly aliases, views, and writes through them.
    """
    known: list[Helper] = []
    texts = ["import numpy as np\n"]
    for k in range(draw(st.integers(0, helpers))):
        result = (NUM, NUM, VEC)[draw(st.integers(0, 2))]
        types = [(NUM, VEC)[draw(st.integers(0, 1))] for _ in range(draw(st.integers(1, 2)))]
        helper = Helper(f"h{k}", types, result)
        w = Writer(draw, list(known), result, budget=4)
        w.env = {f"p{i}": t for i, t in enumerate(types)}
        header = f"def {helper.name}({', '.join(w.env)}):"
        w.body(3)
        _finish(w)
        texts.append("\n".join([header, *w.lines]) + "\n")
        known.append(helper)
    env: dict[str, Type] = {"x": NUM, "A": VEC}
    for name, type in (("y", NUM), ("B", MAT), ("C", VEC), ("n", ("int", 0, 3))):
        if draw(st.integers(0, 2)) == 2 or (views and name == "B"):
            env[name] = type
    w = Writer(draw, known, NUM, env=dict(env), budget=size, views=views)
    w.body(6)
    _finish(w)
    texts.append("\n".join([f"def f({', '.join(env)}):", *w.lines]) + "\n")
    rng = np.random.default_rng(draw(st.integers(0, 50)))
    args: list[Any] = []
    for type in env.values():
        if type[0] == "int":
            args.append(draw(st.integers(0, 3)))
        elif type == NUM:
            args.append(round(float(rng.uniform(-1.3, 1.3)), 3))
        else:
            args.append(rng.uniform(-1.3, 1.3, type[1:]).round(3))
    wrt = tuple(n for n, t in env.items() if t[0] != "int")
    return RandomProgram("\n\n".join(texts), tuple(args), wrt)
