"""Statements that any program may have: assignments, writes, aliases, branches and loops."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.strategies.expressions import Expressions
from tests.strategies.types import MAT, NONE, NUM, VEC, Type
from tests.strategies.views import other_views

__all__ = ["Statements"]


class Statements(Expressions):
    def assign_number(self) -> None:
        value, name = self.number(), self.target(NUM, "s")
        self.write(f"{name} = {value}")
        self.bind(name, NUM)

    def assign_array(self) -> None:
        type = self.choose(VEC, VEC, ("vec", 3), MAT)
        value, name = self.expression(type), self.target(type, "v")
        self.write(f"{name} = {value}")
        self.bind(name, type)

    def augment(self) -> None:
        places = {text: t for text, t, ok in self.places() if ok}
        numbers = [text for text, t in places.items() if t == NUM]
        arrays = {text: t for text, t in places.items() if t[0] in ("vec", "mat")}
        if numbers and self.chance(2):
            self.write(f"{self.choose(*numbers)} {self.choose('+=', '*=', '-=')} {self.number()}")
        elif arrays:
            name = self.choose(*arrays)
            value = self.number() if self.chance(2) else self.expression(arrays[name])
            self.write(f"{name} {self.choose('+=', '*=', '-=')} {value}")

    def write_element(self) -> None:
        vectors = self.of_kind("vec")
        if not vectors:
            return
        value, place = self.number(), self.element(vectors)
        self.write(f"{place} {self.choose('=', '+=', '*=')} {value}")

    def write_part(self) -> None:
        arrays = self.arrays()
        if not arrays:
            return
        name = self.choose(*arrays)
        type = arrays[name]
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
        numbers = [text for text, t, ok in self.places() if ok and t == NUM]
        vectors = {text: VEC for text in self.readable(VEC)}
        if len(numbers) > 1 and self.chance(2):
            a, b = self.choose(*numbers), self.choose(*numbers)
            if a != b:
                self.write(
                    f"{a}, {b} = {self.choose(b, self.number())}, {self.choose(a, self.number())}"
                )
        elif vectors:
            name = self.choose(*vectors)
            i, j = self.element({name: VEC}), self.element({name: VEC})
            self.write(f"{i}, {j} = {j}, {i}")

    def swap_buffers(self) -> None:
        vectors = [text for text, t, ok in self.places() if ok and t == VEC]
        if len(vectors) > 1:
            a, b = vectors[0], vectors[-1]
            self.write(f"{a}, {b} = {b}, {a}")

    def alias(self) -> None:
        arrays = self.arrays()
        if not arrays:
            return
        name = self.choose(*arrays)
        type = arrays[name]
        options = [("", type)]
        if type[0] == "vec":
            options += [("[1:]", ("vec", type[1] - 1)), ("[::-1]", type)]
        else:
            options += [(f"[{self.index(3)}]", VEC), (f"[:, {self.index(4)}]", ("vec", 3))]
        if "views" in self.topics:
            options += other_views(self, type)
        part, new = self.choose(*options)
        if new[1] < 2:
            return
        if self.chance(4) and (others := [n for n in self.readable(type) if n != name]):
            part = f"{part} if {self.test()} else {self.choose(*others)}{part}"
        target = self.target(new, "w")
        self.write(f"{target} = {name}{part}")
        self.bind(target, new)

    def branch(self) -> None:
        outer = dict(self.env)
        with self.block(f"if {self.test()}:"):
            self.body(3)
            if self.loops and self.chance(6):
                self.write(self.choose("break", "continue"))
            elif self.chance(8):
                self.leave_function()
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
        vectors = self.of_kind("vec")
        i, v, w = self.fresh("i"), self.fresh("e"), self.fresh("e")
        inner: dict[str, Type]
        kind = self.choose(
            "range", "n", "range", "n", "step", "over", "enumerate", "zip", "reversed", "rows"
        )
        if kind in ("over", "enumerate", "zip", "reversed") and not vectors:
            kind = "range"
        if kind == "rows" and not self.readable(MAT):
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
            header, inner = self.choose(*self.readable(MAT)), {v: VEC}
        else:
            a, b = self.choose(*vectors), self.choose(*vectors)
            last = vectors[a][1] - 1
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
        if self.depth < 4 + self.nested:
            kinds += [*[self.branch] * 2, *[self.loop] * 3, self.while_loop]
        own = [partial(statement, self) for statement in self.statements]
        if own and not self.chance(3):
            kinds = own
        self.choose(*kinds)()

    def body(self, most: int) -> None:
        for _ in range(self.integer(1, most)):
            if self.budget <= 0:
                break
            self.budget -= 1
            self.statement()

    # -- the end

    def leave_function(self) -> None:
        value = "" if self.result == NONE else f" {self.expression(self.result, 1)}"
        self.write(f"return{value}")

    def finish(self) -> None:
        """Return something that depends on what is in sight."""
        if self.result == NONE:
            return
        if self.result != NUM:
            known = self.readable(self.result)
            shallow = known and self.result[0] in ("vec", "mat") and self.chance(2)
            self.write(f"return {self.expression(self.result, 0 if shallow else 1)}")
            return
        terms = [self.number(NUM, 1)]
        for name, type, _ in self.places():
            if type[0] in ("num", "vec", "mat") and not self.chance(3) and len(terms) < 9:
                terms.append(self.measure(name, type))
        self.write(f"return {' + '.join(terms)}")

    def measure(self, name: str, type: Type) -> str:
        if type == NUM:
            return name
        return self.choose(f"np.sum({name} * {name})", f"np.sum({name})")

    # -- functions inside

    def inner(self, parameters: dict[str, Type], result: Type, budget: int = 3) -> Statements:
        """The writer of a function inside this one, which sees its names."""
        seen = {n: t for n, t in self.env.items() if t[:2] != ("list", "fun")}
        return Statements(
            self.draw,
            result,
            self.helpers,
            self.classes,
            self.statements,
            self.topics,
            env={**seen, **parameters},
            fixed=set(seen),
            lines=self.lines,
            depth=self.depth + 1,
            budget=budget,
            nested=True,
            numbers=self.numbers,
        )
