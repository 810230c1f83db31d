"""Stars in calls that `specialise` expands: arguments of which only the run knows how many they are, or their names.

    def layer(x, W, b=0.0): ...          check_arguments("layer", ("W",), ("W", "b"), (), ps)
    y = layer(x, **ps)                   W = ps["W"]
                                         if "b" in ps: b = ps["b"]
                                         else: b = 0.0
                                         ...                       the body of `layer`

What a container holds that the walk knows is written out: `layer(x, *(W, b))` is `layer(x, W, b)`.
"""

from __future__ import annotations

from collections.abc import Mapping

import gast

import tangent
from tangent import tree
from tangent.program import Function
from tangent.transforms.specialise_calls import Arguments
from tangent.transforms.specialise_values import Record, Sized, atom_of
from tangent.transforms.specialise_walk import Walk

__all__ = ["Stars"]


class Stars(Walk):
    """A walk that knows what stands behind stars in calls."""

    def arguments(self, node: gast.Call, callee: Function | None = None) -> Arguments:
        """The arguments of a call, stars resolved; what the run has to tell is left where `callee` is known."""
        given = Arguments()
        for k, atom in enumerate(node.args):
            if not isinstance(atom, gast.Starred):
                given.positional.append(atom)
                continue
            wanted = None
            last = callee is not None and k + 1 == len(node.args)
            if callee is not None and last and not node.keywords:
                spec = callee.node.args
                if spec.vararg is None and not callee.defaults:
                    wanted = len([*spec.posonlyargs, *spec.args]) - len(given.positional)
            if last and wanted is None and self.parts_of(atom.value) is None:
                given.rest = atom.value
            else:
                given.positional += self.elements(atom.value, wanted)
        for keyword in node.keywords:
            if keyword.arg is not None:
                given.add_keyword(keyword.arg, keyword.value)
            elif (items := self.items_of(keyword.value)) is not None:
                for key, atom in items:
                    given.add_keyword(key, atom)
            elif callee is not None and given.more is None and isinstance(keyword.value, gast.Name):
                given.more = keyword.value
            else:
                raise self.unknown("**", keyword.value, "which these are")
        return given

    def parts_of(self, node: gast.expr) -> list[gast.expr] | None:
        """The atoms that a container holds, where the walk knows them."""
        if isinstance(node, gast.Tuple):
            return list(node.elts)
        value = self.state.values.get(node.id) if isinstance(node, gast.Name) else None
        if isinstance(value, Record) and value.type in (tuple, list):
            return [atom_of(h) for _, h in self.state.shapes[value.number]]
        if isinstance(value, Sized):
            if value.parts:
                return [atom_of(h) for h in value.parts]
            assert isinstance(node, gast.Name)
            return [self.part_at(node, k) for k in range(value.length)]
        return None

    def elements(self, node: gast.expr, wanted: int | None) -> list[gast.expr]:
        """What a `*name` in a call stands for; `wanted`: as many as the callee takes."""
        parts = self.parts_of(node)
        if parts is not None:
            return parts
        if wanted is None or not isinstance(node, gast.Name):
            raise self.unknown("*", node, "how many these are")
        self.check_length(node.id, wanted)
        return [self.part_at(node, k) for k in range(wanted)]

    def part_at(self, node: gast.Name, k: int) -> gast.expr:
        name = self.spelling.variable(f"{node.id}_{k}")
        part = gast.Subscript(tree.load(node.id), tree.constant(k), gast.Load())
        self.assign(name, part, tree.assign(name, part, self.statement))
        return tree.load(name)

    def items_of(self, node: gast.expr) -> list[tuple[str, gast.expr]] | None:
        """What a dict holds, where the walk knows it."""
        value = self.state.values.get(node.id) if isinstance(node, gast.Name) else None
        if isinstance(value, Record) and value.type is dict:
            return [(k, atom_of(h)) for k, h in self.state.shapes[value.number]]
        return None

    def unknown(self, stars: str, node: gast.expr, what: str) -> Exception:
        """The refusal of stars; it names what stands behind them unless that is a name of ours."""
        text = (
            f"{stars}{self.shown(node.id) if isinstance(node, gast.Name) else tree.unparse(node)}"
        )
        origins = getattr(self.statement, "origins", ())
        said = f"`{text}`" if not origins or text in origins[-1].text else f"what `{stars}` unpacks"
        return self.refuse(
            f"{said} in a call: {what} is known only when it runs",
            remedy="write the arguments out",
        )

    # --- left to the run

    def settle_stars(
        self, callee: Function, given: Arguments, defaults: Mapping[str, gast.expr]
    ) -> None:
        """Let the run say what parameters get of `given.rest` and `given.more`, and check that they fit."""
        if given.rest is None and given.more is None:
            return
        a = callee.node.args
        first = len(given.positional)
        positional = [p.id for p in [*a.posonlyargs, *a.args]][first:]
        by_position_only = [p.id for p in a.posonlyargs]
        parameters = dict.fromkeys([*positional, *(p.id for p in a.kwonlyargs)])
        wanted = [p for p in parameters if p not in given.keywords]
        by_name = [p for p in wanted if p not in by_position_only]
        self.check_unpacked(callee, given, positional, wanted, defaults)
        for name in wanted:
            sources: list[tuple[gast.expr, gast.expr]] = []
            if given.rest is not None and name in positional:
                sources.append((given.rest, tree.constant(positional.index(name))))
            if given.more is not None and name in by_name:
                sources.append((given.more, tree.constant(name)))
            if sources:
                given.late[name] = self.unpacked(name, sources, defaults.get(name))
        if given.rest is not None and a.vararg is not None:
            tail = gast.Slice(tree.constant(len(positional)), None, None)
            self.late(given, a.vararg.id, gast.Subscript(given.rest, tail, gast.Load()))
        if given.more is not None and a.kwarg is not None:
            self.late(given, a.kwarg.id, tree.call(tree.attribute(given.more, "copy")))

    def check_unpacked(
        self,
        callee: Function,
        given: Arguments,
        positional: list[str],
        wanted: list[str],
        defaults: Mapping[str, gast.expr],
    ) -> None:
        """Let the run raise where what is unpacked doesn't fit; refuse what would have to be put together."""
        a = callee.node.args
        count = len([*a.posonlyargs, *a.args])
        names = [*callee.parameters]
        if given.rest is not None and a.vararg is not None and len(given.positional) > count:
            raise self.unknown("*", given.rest, "how many these are")
        more = [n for n in given.keywords if n not in names]
        if given.more is not None and a.kwarg is not None and (more or wanted):
            raise self.unknown("**", given.more, "which these are")
        known = gast.Tuple([tree.constant(n) for n in positional], gast.Load())
        keywords: dict[str, gast.expr] = {}
        if given.rest is not None:
            keywords["args"] = tree.copy(given.rest)
        if given.more is not None:
            keywords["kwargs"] = tree.copy(given.more)
        others = [n for n in wanted if n not in positional]
        if others:
            keywords["by_name"] = gast.Tuple([tree.constant(n) for n in others], gast.Load())
        required = [n for n in wanted if n not in defaults]
        if required:
            keywords["required"] = gast.Tuple([tree.constant(n) for n in required], gast.Load())
        stars = ["*"] * (a.vararg is not None) + ["**"] * (a.kwarg is not None)
        if stars:
            keywords["takes"] = tree.constant(" ".join(stars))
        func = tree.attribute(self.spelling.inject(tangent, "tangent"), "check_unpacked")
        call = tree.call(func, tree.constant(callee.name), known, **keywords)
        self.emit(gast.Expr(call))

    def unpacked(
        self, name: str, sources: list[tuple[gast.expr, gast.expr]], default: gast.expr | None
    ) -> gast.expr:
        """A variable for a parameter: of the first source that has it, or the default."""
        variable = self.spelling.variable(name)
        self.walk(self.choice(variable, sources, default))
        return tree.load(variable)

    def choice(
        self, variable: str, sources: list[tuple[gast.expr, gast.expr]], default: gast.expr | None
    ) -> gast.stmt:
        if not sources:
            assert default is not None
            return self.made(variable, tree.copy(default))
        (whole, key), *others = sources
        part = self.made(variable, gast.Subscript(tree.copy(whole), tree.copy(key), gast.Load()))
        if not others and default is None:
            return part
        test = self.spelling.variable("given")
        if isinstance(key.value, str):
            has = gast.Compare(tree.copy(key), [gast.In()], [tree.copy(whole)])
        else:
            size = self.spelling.variable("size")
            length = tree.call(self.spelling.inject(len, "len"), tree.copy(whole))
            self.walk(self.made(size, length))
            has = gast.Compare(tree.load(size), [gast.Gt()], [tree.copy(key)])
        self.walk(self.made(test, has))
        branch = gast.If(tree.load(test), [part], [self.choice(variable, others, default)])
        tree.with_origins(branch, self.statement)
        return branch

    def late(self, given: Arguments, name: str, value: gast.expr) -> None:
        variable = self.spelling.variable(name)
        self.walk(self.made(variable, value))
        given.late[name] = tree.load(variable)

    def made(self, name: str, value: gast.expr) -> gast.Assign:
        return tree.assign(name, value, self.statement)
