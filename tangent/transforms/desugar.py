"""Desugaring: statements of few forms, in the order in which Python evaluates.

    before: a, b = b, a + b                  after: b2 = a + b
            for x in xs:                            a = b
                b += x                              b = b2
                                                    xs2 = tangent.sequence(xs)
                                                    for i in range(len(xs2)):
                                                        x = xs2[i]
                                                        b += x

Afterwards an assignment has one target, a name or an element (or the names of a call's several
results), a `for` loop runs over `range`, and a `return` has a value. Expressions stay as they are.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import gast

from tangent import runtime, tree
from tangent.errors import UnsupportedError
from tangent.facts import Restricted
from tangent.names import Names
from tangent.passes import Pass, register_pass
from tangent.program import Function
from tangent.transforms.iteration import Counter, Enumerate, Items, Reversed, Source, Zip, plus

__all__ = ["Desugar"]

Pair = tuple[gast.expr, gast.expr]

# Methods that change how many elements a list has.
RESIZING = frozenset({"append", "extend", "insert", "pop", "remove", "clear"})


@register_pass
@dataclass(frozen=True)
class Desugar(Pass):
    """Bring statements into the few forms that later passes know.

    before: n, m = A.shape             after: n, m = tangent.unpack(A.shape, 2)
            x = y = 0.0                       x = 0.0
                                              y = x
    """

    name: ClassVar[str] = "desugar"
    promises: ClassVar[frozenset[str]] = frozenset({"plain"})

    def run(self, function: Function, facts: Restricted) -> Function:
        lowering = _Desugaring(function)
        body = lowering.block(function.node.body)
        scope = function.scope.inject(**lowering.injected) if lowering.injected else function.scope
        return function.with_body(body, "plain", scope=scope)


class _Desugaring:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.names = Names.of(function)
        self.locals = function.locals()
        self.injected: dict[str, Any] = {}

    # --- statements

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        out: list[gast.stmt] = []
        for statement in body:
            method = getattr(self, "visit_" + type(statement).__name__, None)
            out += [statement] if method is None else method(statement)
        kept = [s for s in out if not isinstance(s, gast.Pass)]
        return kept or out[:1] or [tree.with_origins(gast.Pass(), *body[:1])]

    def visit_Assign(self, node: gast.Assign) -> list[gast.stmt]:
        if len(node.targets) > 1:
            return self.chain(node)
        if isinstance(node.targets[0], gast.Name | gast.Subscript):
            return [node]
        return self.assign(node.targets[0], node.value, node)

    def visit_AnnAssign(self, node: gast.AnnAssign) -> list[gast.stmt]:
        return [] if node.value is None else [tree.assign(node.target, node.value, node)]

    def visit_Expr(self, node: gast.Expr) -> list[gast.stmt]:
        if isinstance(node.value, gast.Call):
            return [node]
        if isinstance(node.value, gast.Constant | gast.Name):
            return []
        return [tree.assign(self.names.fresh("unused"), node.value, node)]  # it may raise

    def visit_Delete(self, node: gast.Delete) -> list[gast.stmt]:
        return []  # only frees memory: what reads the name afterwards fails in any case

    def visit_Return(self, node: gast.Return) -> list[gast.stmt]:
        return [node if node.value is not None else tree.replace(node, value=tree.constant(None))]

    def visit_If(self, node: gast.If) -> list[gast.stmt]:
        orelse = self.block(node.orelse) if node.orelse else []
        if all(isinstance(s, gast.Pass) for s in orelse):
            orelse = []
        return [tree.replace(node, body=self.block(node.body), orelse=orelse)]

    def visit_While(self, node: gast.While) -> list[gast.stmt]:
        return [tree.replace(node, body=self.block(node.body))]

    # --- assignments

    def assign(self, target: gast.expr, value: gast.expr, like: gast.stmt) -> list[gast.stmt]:
        """`target = value` for any target."""
        if isinstance(value, gast.IfExp) and isinstance(target, gast.Tuple | gast.List):
            arms = (value.body, value.orelse)
            if any(isinstance(arm, gast.Tuple | gast.List) for arm in arms):
                body, orelse = (self.assign(tree.copy(target), arm, like) for arm in arms)
                test = value.test
                if not body:
                    test, body, orelse = gast.UnaryOp(gast.Not(), test), orelse, body
                body = body or [tree.with_origins(gast.Pass(), like)]
                return [tree.with_origins(gast.If(test, body, orelse), like)]
        return self.parallel(list(self.pairs(target, value, like)), like)

    def pairs(self, target: gast.expr, value: gast.expr, like: gast.stmt) -> Iterator[Pair]:
        """The single assignments that the assignment of a display is made of."""
        display = gast.Tuple | gast.List
        if not (isinstance(target, display) and isinstance(value, display)):
            yield target, value
            return
        targets, values = target.elts, list(value.elts)
        star = next((k for k, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
        if star is not None and len(values) >= len(targets) - 1:
            end = len(values) - (len(targets) - star - 1)
            values[star:end] = [gast.List(values[star:end], gast.Load())]
        if len(targets) != len(values):
            raise UnsupportedError(
                f"{len(value.elts)} values can't be assigned to {len(targets)} targets",
                like.origins[-1] if getattr(like, "origins", ()) else self.function.origin(like),
                remedy="give each target one value",
            )
        for t, v in zip(targets, values, strict=True):
            yield from self.pairs(t.value if isinstance(t, gast.Starred) else t, v, like)

    def parallel(self, pairs: Sequence[Pair], like: gast.stmt) -> list[gast.stmt]:
        """All values are read before the first store; a temporary holds what a store would change.

        A value without a temporary is read late, when its turn to be stored has come.
        """
        count = len(pairs)
        held = [any(_changes(pairs[j][0], pairs[k][1]) for j in range(k)) for k in range(count)]
        for k in reversed(range(count)):  # a held value is read before all those that are not
            for j in reversed(range(k)):
                if held[k] and not held[j]:
                    held[j] = self.ordered(pairs[j][1], pairs[k][1])
        before: list[gast.stmt] = []
        stores: list[gast.stmt] = []
        for (target, value), hold in zip(pairs, held, strict=True):
            if hold:
                name = self.names.fresh(_base(value, target))
                before.append(tree.assign(name, value, like))
                value = tree.load(name)
            if count == 1 or not _is_itself(target, value):
                stores += self.store(target, value, like)
        return before + stores

    def ordered(self, first: gast.expr, second: gast.expr) -> bool:
        """Whether the order in which two expressions are evaluated can be told."""
        return (_calls(first) and not self.fixed(second)) or (
            _calls(second) and not self.fixed(first)
        )

    def fixed(self, value: gast.expr) -> bool:
        """No call can change the value."""
        return isinstance(value, gast.Constant) or (
            isinstance(value, gast.Name) and value.id in self.locals
        )

    def store(self, target: gast.expr, value: gast.expr, like: gast.stmt) -> list[gast.stmt]:
        if isinstance(target, gast.Tuple | gast.List):
            return self.unpack(target.elts, value, like)
        return [tree.assign(target, value, like)]

    def unpack(
        self, targets: Sequence[gast.expr], value: gast.expr, like: gast.stmt
    ) -> list[gast.stmt]:
        """Assign the elements of a sequence."""
        count = len(targets)
        star = next((k for k, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
        if star is None and isinstance(value, gast.Attribute) and value.attr == "shape":
            value = self.helper("unpack", value, tree.constant(count))
        if star is None and count > 0 and isinstance(value, gast.Call):
            return self.results(targets, value, like)
        name = self.names.fresh(_base(value, None))
        if star is None:
            checked = self.helper("unpack", value, tree.constant(count))
        else:
            checked = self.helper("unpack", value, tree.constant(count - 1), tree.constant(True))
        pairs: list[Pair] = []
        for k, target in enumerate(targets):
            index: gast.expr = tree.constant(k if star is None or k < star else k - count)
            if isinstance(target, gast.Starred):
                after = count - 1 - k
                index = gast.Slice(
                    tree.constant(k) if k else None, tree.constant(-after) if after else None, None
                )
                target = target.value
                part = gast.Subscript(tree.load(name), index, gast.Load())
                pairs.append((target, tree.call(self.builtin("list", like), part)))
            else:
                pairs.append((target, gast.Subscript(tree.load(name), index, gast.Load())))
        return [tree.assign(name, checked, like), *self.parallel(pairs, like)]

    def results(
        self, targets: Sequence[gast.expr], value: gast.Call, like: gast.stmt
    ) -> list[gast.stmt]:
        """Name the results of a call; those from the first element's on wait for their turn."""
        direct: list[str] = []
        for target in targets:
            if not isinstance(target, gast.Name) or target.id in direct:
                break
            direct.append(target.id)
        rest = targets[len(direct) :]
        held = [self.names.fresh(_base(target, target)) for target in rest]
        received = gast.Tuple([tree.store(n) for n in [*direct, *held]], gast.Store())
        out: list[gast.stmt] = [tree.assign(received, value, like)]
        for target, name in zip(rest, held, strict=True):
            out += self.store(target, tree.load(name), like)
        return out

    def chain(self, node: gast.Assign) -> list[gast.stmt]:
        """`x = y = e`: one evaluation, stores from left to right."""
        first, *others = node.targets
        stored = [name for target in node.targets for name in tree.stored_names(target)]
        out: list[gast.stmt] = []
        value = node.value
        if isinstance(value, gast.Constant) or (
            isinstance(value, gast.Name) and value.id not in stored
        ):
            others = node.targets
        elif isinstance(first, gast.Name) and stored.count(first.id) == 1:
            out.append(tree.assign(first, value, node))
            value = tree.load(first.id)
        else:
            name = self.names.fresh(_base(value, None))
            out.append(tree.assign(name, value, node))
            value, others = tree.load(name), node.targets
        for target in others:
            out += self.store(target, tree.copy(value), node)
        return out

    # --- loops

    def visit_For(self, node: gast.For) -> list[gast.stmt]:
        rebound = set(tree.stored_names(node.target))
        for statement in tree.walk_statements(node.body):
            for inner in gast.walk(statement):
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
            return Reversed(self.items(value.args[0], loop, setup))
        if self.is_call_of(value, "range") and len(value.args) < 3:
            start = value.args[0] if len(value.args) == 2 else tree.constant(0)
            if isinstance(start, gast.Constant) and type(start.value) is int:
                stop = self.stable(value.args[-1], "stop", rebound, setup, loop)
                return Counter(start.value, stop)
        return self.items(value, loop, setup)

    def items(self, value: gast.expr, loop: gast.For, setup: list[gast.stmt]) -> Items:
        """Bind a sequence to a name of its own."""
        self.refuse_resizing(value, loop)
        name = self.names.fresh(_base(value, None, _plural(loop.target)))
        length = None
        if isinstance(value, gast.Tuple | gast.List):
            length = len(value.elts)
        elif not self.is_sequence(value):
            value = self.helper("sequence", value)
        setup.append(tree.assign(name, value, loop))
        return Items(name, length, "len" if length is not None else self.builtin("len", loop).id)

    def is_sequence(self, value: gast.expr) -> bool:
        """Certainly an object that is iterated over by index."""
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
            for node in gast.walk(statement):
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

    # --- names of ours

    def is_call_of(self, value: gast.AST, name: str) -> bool:
        """A call of a builtin that the user has not shadowed."""
        return isinstance(value, gast.Call) and (
            self.function.resolve(value.func, self.locals) is getattr(builtins, name)
        )

    def builtin(self, name: str, like: gast.stmt) -> gast.Name:
        """A name that denotes a builtin, whatever the user calls his own objects."""
        wanted = getattr(builtins, name)
        if name not in self.locals and self.function.scope.lookup(name) is wanted:
            return tree.load(name)
        if name == "range":
            raise UnsupportedError(
                "this loop needs the builtin `range`, whose name is taken here",
                like.origins[-1] if getattr(like, "origins", ()) else self.function.origin(like),
                remedy="give your own `range` another name",
            )
        return self.inject(name, wanted)

    def helper(self, name: str, *arguments: gast.expr) -> gast.Call:
        """A call of a function of `runtime`."""
        scope = self.function.scope
        module: gast.Name | None = None
        for known in [*scope.injected, *scope.cells]:
            if known not in self.locals and scope.lookup(known) is runtime:
                module = tree.load(known)
                break
        else:
            module = self.inject("tangent", runtime)
        return tree.call(tree.attribute(module, name), *arguments)

    def inject(self, base: str, obj: Any) -> gast.Name:
        for known, value in self.injected.items():
            if value is obj:
                return tree.load(known)
        name = self.names.fresh(base)
        self.injected[name] = obj
        return tree.load(name)


def _changes(target: gast.expr, value: gast.expr) -> bool:
    """Whether a store to the target may change what the value evaluates to.

    A store to an element changes every value that looks into an object: any name may be an alias.
    """
    if set(tree.stored_names(target)) & tree.names_in(value):
        return True
    writes = any(
        isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store) for n in gast.walk(target)
    )
    looks = any(
        isinstance(n, gast.expr)
        and not isinstance(n, gast.Name | gast.Constant | gast.Tuple | gast.List)
        for n in gast.walk(value)
    )
    return writes and looks


def _calls(value: gast.expr) -> bool:
    return any(isinstance(n, gast.Call) for n in gast.walk(value))


def _is_itself(target: gast.expr, value: gast.expr) -> bool:
    return isinstance(target, gast.Name) and isinstance(value, gast.Name) and target.id == value.id


def _plural(target: gast.expr) -> str:
    if not isinstance(target, gast.Name) or target.id == "_" or keyword.iskeyword(target.id + "s"):
        return "items"
    return target.id + "s"


def _base(value: gast.expr, target: gast.expr | None, otherwise: str = "value") -> str:
    """What to call a temporary: after the name that it is stored to, else after what it holds."""
    for expr in (target, value) if isinstance(target, gast.Name) else (value, target):
        if isinstance(expr, gast.Name):
            return expr.id
        if isinstance(expr, gast.Attribute):
            return expr.attr
        if isinstance(expr, gast.Subscript) and isinstance(expr.value, gast.Name):
            index = expr.slice
            if isinstance(index, gast.Name):
                return f"{expr.value.id}_{index.id}"
            if isinstance(index, gast.Constant) and type(index.value) is int:
                return f"{expr.value.id}_{index.value}"
            return f"{expr.value.id}_item" if target is not None else otherwise
    return otherwise
