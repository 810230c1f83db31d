"""Assignments to several targets in Python's order: all values first, then stores, left to right.

    before: a, b = b, a + b      after: b2 = a + b
                                        a = b
                                        b = b2

A temporary holds a value only where a store that comes before its turn might change it.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import Any

import gast
import numpy

import tangent
from tangent import tree
from tangent.errors import UnsupportedError
from tangent.names import Names
from tangent.program import MISSING, Function

__all__ = ["Assignments", "Pair", "base_name"]

Pair = tuple[gast.expr, gast.expr]

# Functions and methods of NumPy that give one array.
ONE_ARRAY = frozenset(
    {"arange", "array", "asarray", "astype", "clip", "concatenate", "copy", "cumprod", "cumsum"}
    | {
        "diff",
        "dot",
        "flatten",
        "full",
        "hstack",
        "linspace",
        "matmul",
        "mean",
        "ones",
        "ones_like",
    }
    | {"ravel", "reshape", "roll", "sort", "squeeze", "stack", "sum", "swapaxes", "take", "tile"}
    | {
        "transpose",
        "vstack",
        "zeros",
        "zeros_like",
        "empty",
        "empty_like",
        "outer",
        "cross",
        "flip",
    }
)


class Assignments:
    """Writes the assignments of one function.

    Attributes:
        injected: objects of ours that the new statements name.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.names = Names.of(function)
        self.locals = set(function.locals())
        self.injected: dict[str, Any] = {}

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
                name = self.names.fresh(base_name(value, target))
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
        if star is None and count > 0 and isinstance(value, gast.Call):
            if not self.gives_array(value):
                return self.results(targets, value, like)
        out: list[gast.stmt] = []
        if not self.is_steady(value):
            name = self.names.fresh(base_name(value, None))
            out.append(tree.assign(name, value, like))
            value = tree.load(name)
        if star is None:
            out.append(self.check("check_length", value, tree.constant(count), like=like))
        else:
            least = tree.constant(count - 1)
            out.append(self.check("check_length", value, least, tree.constant(True), like=like))
        pairs: list[Pair] = []
        for k, target in enumerate(targets):
            index: gast.expr = tree.constant(k if star is None or k < star else k - count)
            if isinstance(target, gast.Starred):
                after = count - 1 - k
                index = gast.Slice(
                    tree.constant(k) if k else None, tree.constant(-after) if after else None, None
                )
                target = target.value
                part = gast.Subscript(tree.copy(value), index, gast.Load())
                pairs.append((target, tree.call(self.builtin("list", like), part)))
            else:
                pairs.append((target, gast.Subscript(tree.copy(value), index, gast.Load())))
        return [*out, *self.parallel(pairs, like)]

    def gives_array(self, call: gast.Call) -> bool:
        """A call whose result is one array, of which the targets get the rows; not several results."""
        callee = self.function.resolve(call.func, self.locals)
        if callee is MISSING:
            return isinstance(call.func, gast.Attribute) and call.func.attr in ONE_ARRAY
        if isinstance(callee, numpy.ufunc):
            return callee.nout == 1
        name = getattr(callee, "__name__", "")
        return name in ONE_ARRAY and getattr(numpy, name, None) is callee

    def is_steady(self, value: gast.expr) -> bool:
        """A local name, or the shape of one: as good as a temporary."""
        if isinstance(value, gast.Attribute) and value.attr == "shape":
            value = value.value
        return isinstance(value, gast.Name) and value.id in self.locals

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
        held = [self.names.fresh(base_name(target, target)) for target in rest]
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
            name = self.names.fresh(base_name(value, None))
            out.append(tree.assign(name, value, node))
            value, others = tree.load(name), node.targets
        for target in others:
            out += self.store(target, tree.copy(value), node)
        return out

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

    def check(self, name: str, value: gast.expr, *more: gast.expr, like: gast.stmt) -> gast.Expr:
        """A call of a function of ours that raises where a value is not what it should be."""
        return tree.with_origins(gast.Expr(self.ask(name, value, *more)), like)

    def ask(self, name: str, *args: gast.expr) -> gast.Call:
        """A call of a function of ours."""
        func = tree.attribute(self.module(tangent, "tangent"), name)
        return tree.call(func, *map(tree.copy, args))

    def module(self, module: Any, base: str) -> gast.Name:
        """A name that denotes a module: the user's for it, else one of ours."""
        aliases = [n for n in self.function.scope.names_of(module) if n not in self.locals]
        if not aliases:
            return self.inject(base, module)
        self.names.taken.add(aliases[0])
        return tree.load(aliases[0])

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
        isinstance(n, gast.Subscript | gast.Attribute) and isinstance(n.ctx, gast.Store)
        for n in tree.walk(target)
    )
    looks = any(
        isinstance(n, gast.expr)
        and not isinstance(n, gast.Name | gast.Constant | gast.Tuple | gast.List)
        for n in tree.walk(value)
    )
    return writes and looks


def _calls(value: gast.expr) -> bool:
    return any(isinstance(n, gast.Call) for n in tree.walk(value))


def _is_itself(target: gast.expr, value: gast.expr) -> bool:
    return isinstance(target, gast.Name) and isinstance(value, gast.Name) and target.id == value.id


def base_name(value: gast.expr, target: gast.expr | None, otherwise: str = "value") -> str:
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
