"""Desugaring: statements of few forms, in the order in which Python evaluates.

    before: a, b = b, a + b                  after: b2 = a + b
            for x in xs:                            a = b
                b += x                              b = b2
                                                    tangent.check_sequence(xs)
                                                    for i in range(len(xs)):
                                                        x = xs[i]
                                                        b += x

Afterwards an assignment has one target, a name or an element (or the names of a call's several
results), a `for` loop runs over `range`, and a `return` has a value. Expressions stay as they are.
"""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import gast
import numpy

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.transforms.assignments import Pair, base_name
from tangent.transforms.container_methods import ContainerMethods, dict_loop
from tangent.transforms.flat import Flat
from tangent.transforms.frozen import unfrozen
from tangent.transforms.handlers import Handlers
from tangent.transforms.hoist import binds_inside
from tangent.transforms.iteration import Counter, Enumerate, Items, Reversed, Source, Zip, plus
from tangent.transforms.joins import Joins

__all__ = ["Desugar"]

Loop = gast.For | gast.While

# Methods that change how many elements a list has.
RESIZING = frozenset({"append", "extend", "insert", "pop", "remove", "clear"})


@register_pass
@dataclass(frozen=True)
class Desugar(Pass):
    """Bring statements into the few forms that later passes know.

    before: n, m = A.shape             after: tangent.check_length(A.shape, 2)
            x = y = 0.0                       n = A.shape[0]
                                              m = A.shape[1]
                                              x = 0.0
                                              y = 0.0
    """

    name: ClassVar[str] = "desugar"
    promises: ClassVar[frozenset[str]] = frozenset({"plain"})

    def run(self, function: Function, facts: Restricted) -> Function:
        lowering = _Desugaring(function)
        body = lowering.globals_by_name(function.node.body)
        body = unfrozen(function, lowering.names, body)
        body = ContainerMethods(lowering, body).visit_block(body)
        body = Joins(lambda n: function.resolve(n, function.locals()), lowering.inject).visit_block(
            body
        )
        body = lowering.block(Flat(lowering.numpy_module).visit_block(body))
        scope = function.scope.inject(**lowering.injected) if lowering.injected else function.scope
        return function.with_body(body, "plain", scope=scope)


class _Desugaring(Handlers):
    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        for statement in body:
            simpler = self.simpler(statement)
            if simpler is not None:
                out += self.block(simpler)
                continue
            method = getattr(self, "visit_" + type(statement).__name__, None)
            out += [statement] if method is None else method(statement)
        kept = [s for s in out if not isinstance(s, gast.Pass)]
        return kept or out[:1] or [tree.with_origins(gast.Pass(), *body[:1])]

    def simpler(self, node: Any) -> list[gast.stmt] | None:
        """The statements, still to be desugared, that one is short for, or None."""
        if isinstance(node, gast.For):
            fused = self.fused(node)
            if fused is not None:
                return [fused]
            over_keys = dict_loop(self, node)
            if over_keys is not None:
                return over_keys
        if isinstance(node, gast.Match) and not binds_inside(node.subject):
            return self.match(node)
        if isinstance(node, gast.Try):
            return self.attempt(node)
        if isinstance(node, gast.With):
            return self.managed(node)
        hoisted = self.hoisted(node)
        if hoisted is None and getattr(node, "orelse", None) and isinstance(node, Loop):
            return self.with_else(node)
        return hoisted

    def visit_Assign(self, node: gast.Assign) -> list[gast.stmt]:
        if len(node.targets) > 1:
            return self.chain(node)
        if isinstance(node.targets[0], gast.Name | gast.Subscript):
            return [node]
        made = self.assign(node.targets[0], node.value, node)
        for statement in made if hasattr(node, "ends") else ():
            statement.ends = True
        return made

    def visit_AnnAssign(self, node: gast.AnnAssign) -> list[gast.stmt]:
        return [] if node.value is None else [tree.assign(node.target, node.value, node)]

    def visit_Expr(self, node: gast.Expr) -> list[gast.stmt]:
        if isinstance(node.value, gast.Call):
            return [node]
        if isinstance(node.value, gast.Constant | gast.Name):
            return []
        return [tree.assign(self.names.fresh("unused"), node.value, node)]  # it may raise

    def visit_Delete(self, node: gast.Delete) -> list[gast.stmt]:
        """`del xs[i]` is `xs.pop(i)`; that of a name only frees memory, and what reads it afterwards
        fails in any case.
        """
        out: list[gast.stmt] = []
        for target in node.targets:
            if isinstance(target, gast.Name):
                continue
            if not isinstance(target, gast.Subscript) or isinstance(target.slice, gast.Slice):
                raise UnsupportedError(
                    f"this `del` is not supported: `{tree.unparse(target)}`",
                    self.function.origin(node),
                    remedy="make a new object without it",
                )
            pop = tree.call(tree.attribute(target.value, "pop"), target.slice)
            out.append(tree.with_origins(gast.Expr(pop), node))
        return out

    def visit_Return(self, node: gast.Return) -> list[gast.stmt]:
        return [node if node.value is not None else tree.replace(node, value=tree.constant(None))]

    def visit_If(self, node: gast.If) -> list[gast.stmt]:
        orelse = self.block(node.orelse) if node.orelse else []
        if all(isinstance(s, gast.Pass) for s in orelse):
            orelse = []
        return [tree.replace(node, body=self.block(node.body), orelse=orelse)]

    def visit_While(self, node: gast.While) -> list[gast.stmt]:
        return [tree.replace(node, body=self.block(node.body))]

    def visit_Global(self, node: gast.Global) -> list[gast.stmt]:
        return []  # see `globals_by_name`

    def visit_Attempt(self, node: tree.Attempt) -> list[gast.stmt]:
        block = tree.replace(node, body=self.block(node.body), orelse=self.block(node.orelse))
        cleanup = self.block(getattr(node, "cleanup", []))
        for statement in cleanup:
            statement.always = True
        return [block, *cleanup]

    def globals_by_name(self, body: list[gast.stmt]) -> list[gast.stmt]:
        """A global that the function binds is an entry of its module's dictionary."""
        declared = {
            name
            for statement in tree.walk_statements(body)
            if isinstance(statement, gast.Global)
            for name in statement.names
        }
        if not declared:
            return body
        bound = {
            n.id
            for statement in body
            for n in gast.walk(statement)
            if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load)
        }
        if not declared & bound:
            return body
        module = self.inject("module", self.function.scope.globals)
        return _Entries(module.id, declared & bound).visit_block(body)

    def numpy_module(self) -> gast.expr:
        return self.module(numpy, "np")

    # --- loops

    def with_else(self, node: Any, loop: Any = None) -> list[gast.stmt]:
        """`else` of a loop: it runs where no `break` has ended the loop.

        `loop`: the loop in another form, whose body ends with the same statements.
        """
        loop = tree.replace(node if loop is None else loop, orelse=[])
        flag = self.names.fresh("broken")
        body = _flagging(node.body, flag)
        if tree.same_items(body, node.body):
            return [loop, *node.orelse]
        before = loop.body[: len(loop.body) - len(node.body)]
        otherwise = gast.If(gast.UnaryOp(gast.Not(), tree.load(flag)), node.orelse, [])
        return [
            tree.assign(flag, tree.constant(False), node),
            tree.replace(loop, body=[*before, *body]),
            tree.with_origins(otherwise, node),
        ]

    def visit_For(self, node: gast.For) -> list[gast.stmt]:
        self.bound_now += getattr(node, "scope", ())
        made = self.counted_loop(node)
        del self.bound_now[len(self.bound_now) - len(getattr(node, "scope", ())) :]
        return made

    def counted_loop(self, node: gast.For) -> list[gast.stmt]:
        rebound = set(tree.stored_names(node.target))
        for statement in tree.walk_statements(node.body):
            for inner in tree.walk(statement):
                if isinstance(inner, gast.Name) and isinstance(inner.ctx, gast.Store):
                    rebound.add(inner.id)
        setup: list[gast.stmt] = []
        counted = self.over_range(node, setup)
        if counted is not None:
            counter = tree.load("")
            pairs: list[Pair] = list(self.pairs(node.target, counter, node))
            rng = counted
        else:
            source = self.source(node.iter, node, rebound, setup)
            if isinstance(source, Reversed):
                source = source.source
                last = plus(source.size(), -1)
                arguments: list[gast.expr] = [last, tree.constant(-1), tree.constant(-1)]
            else:
                lengths = source.lengths()
                least = lengths[0]
                if len(lengths) > 1:
                    least = tree.call(self.builtin("min", node), *lengths)
                arguments = [least]
            rng = tree.call(self.builtin("range", node), *arguments)
            pairs = list(self.pairs(node.target, source.element(tree.load("")), node))
        index, pairs = self.index(pairs)
        first = self.parallel(pairs, node) if pairs else []
        loop = tree.replace(
            node, target=tree.store(index), iter=rng, body=[*first, *self.block(node.body)]
        )
        if first and isinstance(loop.body[-1], gast.Pass):
            loop.body = first
        return [*setup, loop]

    def index(self, pairs: list[Pair]) -> tuple[str, list[Pair]]:
        """A name for the index (the user's, where a target is that), and what is left to assign."""
        name = None
        for k, (target, value) in enumerate(pairs):
            if not isinstance(target, gast.Name):
                break
            if isinstance(value, gast.Name) and value.id == "":
                name, pairs = target.id, pairs[:k] + pairs[k + 1 :]
                break
        if name is None:
            free = [n for n in "ijk" if n not in self.names.taken]
            name = self.names.fresh(free[0] if free else "i")
        given: dict[str, gast.AST] = {"": tree.load(name)}
        return name, [(target, tree.substitute(value, given)) for target, value in pairs]

    def over_range(self, node: gast.For, setup: list[gast.stmt]) -> gast.Call | None:
        """The `range(...)` that the loop itself runs over, None where it is something else."""
        call = node.iter
        if self.is_call_of(call, "range"):
            if isinstance(call.func, gast.Name) and call.func.id == "range":
                return call
            return tree.replace(call, func=self.builtin("range", node))
        if not (self.is_call_of(call, "reversed") and len(call.args) == 1):
            return None
        inner = call.args[0]
        if not self.is_call_of(inner, "range") or not 1 <= len(inner.args) <= 3:
            return None
        start, stop, step = tree.constant(0), inner.args[0], 1
        if len(inner.args) > 1:
            start, stop = inner.args[:2]
        if len(inner.args) == 3:
            literal = tree.unparse(inner.args[2])
            if literal not in ("1", "-1"):
                return None
            step = int(literal)
        if self.ordered(start, stop):
            name = self.names.fresh("start")
            setup.append(tree.assign(name, start, node))
            start = tree.load(name)
        arguments = (plus(stop, -step), plus(start, -step), tree.constant(-step))
        return tree.call(self.builtin("range", node), *arguments)

    def source(
        self, value: gast.expr, loop: gast.For, rebound: set[str], setup: list[gast.stmt]
    ) -> Source:
        """What is iterated over; statements that must come before the loop go to `setup`."""

        def again(inner: gast.expr) -> Source:
            return self.source(inner, loop, rebound, setup)

        if self.is_call_of(value, "zip") and value.args:
            zipped = Zip([again(part) for part in value.args])
            self.strict(value, zipped, loop, setup)
            return zipped
        if self.is_call_of(value, "enumerate") and value.args:
            source = again(value.args[0])
            starts = [*value.args[1:], *(k.value for k in value.keywords if k.arg == "start")]
            if not starts or (isinstance(starts[0], gast.Constant) and starts[0].value == 0):
                return Enumerate(source, None)
            return Enumerate(source, self.stable(starts[0], "start", rebound, setup, loop))
        if self.is_call_of(value, "reversed") and len(value.args) == 1:
            if any(
                self.is_call_of(value.args[0], name) for name in ("zip", "enumerate", "reversed")
            ):
                raise UnsupportedError(
                    "an iterator can't be reversed",
                    self.function.origin(value),
                    remedy="reverse what it iterates over, or loop over `range` and index",
                )
            return Reversed(self.items(value.args[0], loop, rebound, setup))
        if self.is_call_of(value, "range") and len(value.args) < 3:
            start = value.args[0] if len(value.args) == 2 else tree.constant(0)
            if isinstance(start, gast.Constant) and type(start.value) is int:
                stop = self.stable(value.args[-1], "stop", rebound, setup, loop)
                return Counter(start.value, stop)
        return self.items(value, loop, rebound, setup)

    def items(
        self, value: gast.expr, loop: gast.For, rebound: set[str], setup: list[gast.stmt]
    ) -> Items:
        """A sequence in a name that the loop doesn't rebind, its own or a temporary."""
        self.refuse_resizing(value, loop)
        certain = self.is_sequence(value)
        length = len(value.elts) if isinstance(value, gast.Tuple | gast.List) else None
        if not (isinstance(value, gast.Name) and value.id in self.locals - rebound):
            name = self.names.fresh(base_name(value, None, _plural(loop.target)))
            setup.append(tree.assign(name, value, loop))
            value = tree.load(name)
        if not certain:
            setup.append(self.check("check_sequence", value, like=loop))
        return Items(
            value.id, length, "len" if length is not None else self.builtin("len", loop).id
        )

    def is_sequence(self, value: gast.expr) -> bool:
        """Certainly an object that is iterated over by index."""
        if isinstance(value, gast.Tuple | gast.List) or hasattr(value, "entries"):
            return True
        if isinstance(value, gast.Subscript):
            return isinstance(value.slice, gast.Slice) and self.is_sequence(value.value)
        return any(self.is_call_of(value, name) for name in ("range", "list", "tuple", "sorted"))

    def stable(
        self,
        value: gast.expr,
        base: str,
        rebound: set[str],
        setup: list[gast.stmt],
        like: gast.stmt,
    ) -> gast.expr:
        """An expression that keeps its value while the loop runs: itself or a temporary."""
        read = value.args[0] if self.is_call_of(value, "len") and value.args else value
        if isinstance(read, gast.Constant) or (
            isinstance(read, gast.Name) and read.id in self.locals - rebound
        ):
            return value
        name = self.names.fresh(base)
        setup.append(tree.assign(name, value, like))
        return tree.load(name)

    def strict(self, call: gast.Call, source: Zip, loop: gast.For, setup: list[gast.stmt]) -> None:
        """`zip(..., strict=True)`: unequal lengths raise before the loop (Python: after it)."""
        for option in call.keywords:
            flag = option.value.value if isinstance(option.value, gast.Constant) else None
            lengths = source.lengths()
            if not isinstance(flag, bool) or any(len(p.lengths()) > 1 for p in source.parts):
                raise UnsupportedError(
                    "`strict=` of this `zip` can't be followed",
                    self.function.origin(call),
                    remedy="compare the lengths in an `assert` before the loop",
                )
            if flag and len(lengths) > 1:
                first, *others = lengths
                test = gast.Compare(first, [gast.Eq() for _ in others], others)
                error = tree.call(
                    self.builtin("ValueError", loop),
                    tree.constant("zip() arguments have different lengths"),
                )
                check = gast.If(
                    gast.UnaryOp(gast.Not(), test),
                    [tree.with_origins(gast.Raise(error, None), loop)],
                    [],
                )
                setup.append(tree.with_origins(check, loop))

    def refuse_resizing(self, value: gast.expr, loop: gast.For) -> None:
        """Python follows a list that grows while it is iterated over; we take its length once."""
        if not isinstance(value, gast.Name):
            return
        for statement in loop.body:
            for node in tree.walk(statement):
                if (
                    isinstance(node, gast.Call)
                    and isinstance(node.func, gast.Attribute)
                    and isinstance(node.func.value, gast.Name)
                    and node.func.value.id == value.id
                    and node.func.attr in RESIZING
                ):
                    raise UnsupportedError(
                        f"`{value.id}` changes its length in a loop over it",
                        self.function.origin(node),
                        remedy=f"loop over a copy: `list({value.id})`",
                    )


def _plural(target: gast.expr) -> str:
    if not isinstance(target, gast.Name) or target.id == "_" or keyword.iskeyword(target.id + "s"):
        return "items"
    return target.id + "s"


def _flagging(body: list[gast.stmt], flag: str) -> list[gast.stmt]:
    """A loop's body that sets a flag before each `break` of the loop."""
    out: list[gast.stmt] = []
    for statement in body:
        if isinstance(statement, gast.Break):
            out.append(tree.assign(flag, tree.constant(True), statement))
        fields = ("orelse",) if isinstance(statement, Loop) else tree.BLOCK_FIELDS
        new = {
            field: _flagging(old, flag)
            for field in fields
            if isinstance(old := getattr(statement, field, None), list)
        }
        if any(not tree.same_items(new[f], getattr(statement, f)) for f in new):
            statement = tree.replace(statement, **new)
        out.append(statement)
    return out


class _Entries(tree.Rewriter):
    """Globals as entries of the dictionary of their module."""

    def __init__(self, module: str, names: set[str]) -> None:
        self.module = module
        self.names = names

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if node.id not in self.names:
            return node
        return gast.Subscript(tree.load(self.module), tree.constant(node.id), type(node.ctx)())
