"""Kinds of the results of calls.

    np.sin(x)         a ufunc: by its loops            np.dot(a, b)     by the recipe's rule
    layer(x, W)       by looking at `layer`'s body     x.sum(axis=0)    as np.sum(x, axis=0)

A function of the program is analysed for the kinds of the arguments; what is learnt is kept with
the program. A recursive call has a result of unknown kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MethodType
from typing import TYPE_CHECKING, Any

import gast
import numpy

from tangent.analysis.kind_rules import PYTHON_BOOL, PYTHON_INT, length_kind, unary_kind
from tangent.analysis.kind_tokens import with_tokens
from tangent.program import MISSING, Function, Program
from tangent.recipes import registry
from tangent.recipes.kinds import (
    FLOAT,
    NONE,
    UNKNOWN,
    WEAK,
    Kind,
    constant_kind,
    elementwise_kind,
)
from tangent.recipes.tokens import map_token, map_tokens

if TYPE_CHECKING:
    from tangent.analysis.kinds import KindTable, State

__all__ = ["CallKinds", "canonical_kinds"]

# Methods that do what NumPy's function of that name does to the array as its first argument.
_FUNCTION_METHODS = frozenset(
    {"all", "any", "argmax", "argmin", "argsort", "clip", "conj", "conjugate", "cumprod", "cumsum"}
    | {"diagonal", "dot", "max", "mean", "min", "prod", "ravel", "repeat", "round", "squeeze"}
    | {"std", "sum", "swapaxes", "trace", "var"}
)
_LIST_METHODS = frozenset(
    {"append", "clear", "extend", "insert", "remove", "reverse", "sort", "fill", "update"}
)
_BUILTINS: dict[Any, Kind] = {
    len: PYTHON_INT,
    int: PYTHON_INT,
    range: Kind("range"),
    float: replace(FLOAT, precision=WEAK),
    bool: PYTHON_BOOL,
    isinstance: PYTHON_BOOL,
    list: Kind("list"),
    tuple: Kind("tuple"),
    print: NONE,
}
_DEEPEST = 20
# A recursive function is followed so often into itself: where its kinds change from call to call (half of an
# array, half of that), they might do so for ever, and a function that calls itself twice doubles the work each time.
_MOST_RECURSIVE = 3


class CallKinds:
    """Finds the kinds of calls' results. One serves a function and all that it calls."""

    def __init__(
        self,
        program: Program,
        analyse: Callable[..., KindTable],
        copies_are_arrays: bool = False,
        within: tuple[int, ...] = (),
    ) -> None:
        self.program = program
        self.copies_are_arrays = copies_are_arrays
        self.analyse = analyse
        self.within = within
        self._bound: dict[gast.AST, Any] = {}

    def kind(self, table: KindTable, call: gast.Call, state: State) -> Kind:
        obj = table.resolve(call.func)
        if obj is MISSING:
            if isinstance(call.func, gast.Attribute):
                return self._method(table, call, state)
            return UNKNOWN
        if isinstance(obj, numpy.ufunc):
            return self._ufunc(table, obj, call, state)
        if obj is len and len(call.args) == 1 and not isinstance(call.args[0], gast.Starred):
            return length_kind(table.kind(call.args[0], state))
        try:
            recipes = registry.lookup(obj)
        except TypeError:
            return UNKNOWN
        for recipe in recipes:
            kind = self._recipe(table, recipe, call, call.args, state)
            if kind is not None:
                return kind
        if recipes:
            return UNKNOWN
        if isinstance(obj, MethodType):
            return UNKNOWN
        callee = self.program.function_of(obj)
        if callee is not None:
            return self._callee(table, callee, call, state)
        try:
            return _BUILTINS.get(obj, UNKNOWN)
        except TypeError:
            return UNKNOWN

    def _ufunc(self, table: KindTable, ufunc: numpy.ufunc, call: gast.Call, state: State) -> Kind:
        if call.keywords or len(call.args) != ufunc.nin or ufunc.nout != 1 or ufunc.signature:
            for recipe in registry.lookup(ufunc):
                kind = self._recipe(table, recipe, call, call.args, state)
                if kind is not None:
                    return kind
            return UNKNOWN
        if any(isinstance(a, gast.Starred) for a in call.args):
            return UNKNOWN
        return elementwise_kind([table.kind(a, state) for a in call.args], ufunc)

    def _recipe(
        self, table: KindTable, recipe: Any, call: gast.Call, args: Any, state: State
    ) -> Kind | None:
        """The kind by a recipe's rule, or None if the arguments don't fit it."""
        key = (call, id(recipe))
        if key not in self._bound:
            self._bound[key] = recipe.bind(args, call.keywords)
        bound = self._bound[key]
        if bound is None:
            return None
        if recipe.result is None:
            return UNKNOWN
        defaults = recipe.signature.defaults if recipe.signature is not None else {}
        kinds: dict[str, Kind] = {}
        for parameter, value in bound.items():
            if isinstance(value, tuple):
                items = tuple(table.kind(v, state) for v in value)
                kinds[parameter] = Kind("tuple", items=items)
            elif value is defaults.get(parameter):
                kinds[parameter] = _literal_kind(value)
            else:
                kinds[parameter] = table.kind(value, state)
        return registry.result_kind(recipe, kinds)

    def _method(self, table: KindTable, call: gast.Call, state: State) -> Kind:
        assert isinstance(call.func, gast.Attribute)
        name = call.func.attr
        base = table.kind(call.func.value, state)
        if base.type in ("module", "function"):
            return UNKNOWN
        if base.type == "list" or (base.is_unknown and name in _LIST_METHODS):
            return NONE if name in _LIST_METHODS else base if name == "copy" else UNKNOWN
        if name == "copy" and not call.args and not call.keywords:
            if base.is_unknown and self.copies_are_arrays:
                return replace(base, type="array")
            return base.without_value()
        if not base.is_numeric and base.type != "unknown":
            return UNKNOWN
        own = getattr(numpy.ndarray, name, None)
        functions = [own]
        if name in _FUNCTION_METHODS:
            functions.append(getattr(numpy, name, None))
        for function in functions:
            if function is None:
                continue
            if isinstance(function, numpy.ufunc):
                return UNKNOWN
            for recipe in registry.lookup(function):
                args = [call.func.value, *call.args]
                kind = self._recipe(table, recipe, call, args, state)
                if kind is not None:
                    return kind
        return UNKNOWN

    # ---- functions of the program -------------------------------------------------------

    def _callee(self, table: KindTable, callee: Function, call: gast.Call, state: State) -> Kind:
        inner, tokens = self._inside(table, callee, call, state)
        if inner is None or inner.result is None:
            return UNKNOWN
        return map_tokens(inner.result, tokens.get)

    def groups(self, table: KindTable, call: gast.Call, state: State) -> list[tuple[Any, ...]]:
        """What is broadcast together inside a function of the program (see `KindTable.groups`)."""
        obj = table.resolve(call.func)
        callee = None if obj is MISSING else self.program.function_of(obj)
        if callee is None:
            return []
        inner, tokens = self._inside(table, callee, call, state)
        if inner is None:
            return []
        under_way: set[int] = vars(self.program).setdefault("_grouping", set())
        if id(inner) in under_way:  # a recursive call: its groups are found already
            return []
        under_way.add(id(inner))
        try:
            found = inner.groups()
        finally:
            under_way.remove(id(inner))
        out = []
        for group in found:
            mapped = [map_token(d, tokens.get) for d in group]
            out.append(tuple([d for d in mapped if d is not None]))
        return out

    def _inside(
        self, table: KindTable, callee: Function, call: gast.Call, state: State
    ) -> tuple[KindTable | None, Mapping[Any, Any]]:
        """The table of a callee, and our tokens by its own; None where it is not known."""
        parameters = self._arguments(table, callee, call, state)
        here = id(callee.node)
        if parameters is None or len(self.within) >= _DEEPEST:
            return None, {}
        if self.within.count(here) >= _MOST_RECURSIVE:
            return None, {}
        numbers: dict[Any, tuple[str, int]] = {}

        def canonical(token: Any) -> Any:
            return numbers.setdefault(token, ("arg", len(numbers)))

        given: dict[str, Kind] = {}
        for name, kind in parameters.items():
            given[name] = with_tokens(map_tokens(kind, canonical), canonical(("own", name)))
        cache: dict[Any, KindTable | None] = vars(self.program).setdefault("_result_kinds", {})
        key = (here, tuple(given.items()))
        if key not in cache:
            cache[key] = None  # under way: a recursive call finds this
            below = CallKinds(self.program, self.analyse, within=(*self.within, here))
            cache[key] = self.analyse(callee, self.program, given, calls=below)
        tokens = {number: token for token, number in numbers.items() if token[0] != "own"}
        return cache[key], tokens

    def _arguments(
        self, table: KindTable, callee: Function, call: gast.Call, state: State
    ) -> Mapping[str, Kind] | None:
        """Kinds of the callee's parameters, None where the call is not simply bound."""
        arguments = callee.node.args
        if arguments.vararg or arguments.kwarg:
            return None
        if any(isinstance(a, gast.Starred) for a in call.args):
            return None
        positional = [p.id for p in [*arguments.posonlyargs, *arguments.args]]
        if len(call.args) > len(positional):
            return None
        out: dict[str, Kind] = {}
        first = len(positional) - len(callee.defaults)
        for name, value in zip(positional[first:], callee.defaults, strict=True):
            out[name] = _default_kind(value)
        for name, value in callee.kwdefaults.items():
            out[name] = _default_kind(value)
        for name, expr in zip(positional, call.args, strict=False):
            out[name] = table.kind(expr, state)
        known = set(callee.parameters)
        for keyword in call.keywords:
            if keyword.arg is None or keyword.arg not in known:
                return None
            out[keyword.arg] = table.kind(keyword.value, state)
        return {name: out.get(name, UNKNOWN) for name in callee.parameters}


def _literal_kind(expr: gast.expr) -> Kind:
    """The kind of a default in a recipe's signature."""
    if isinstance(expr, gast.Constant):
        return constant_kind(expr.value)
    if isinstance(expr, gast.UnaryOp) and isinstance(expr.operand, gast.Constant):
        return unary_kind(type(expr.op), constant_kind(expr.operand.value))
    if isinstance(expr, gast.Tuple):
        return Kind("tuple", items=tuple(map(_literal_kind, expr.elts)))
    return UNKNOWN


def _default_kind(value: Any) -> Kind:
    """The kind of a parameter's default: of what can't change."""
    if value is None or type(value) in (bool, int, float, complex, str):
        return constant_kind(value)
    return UNKNOWN


def canonical_kinds(kinds: Mapping[str, Kind], callee: Function) -> dict[str, Kind]:
    """Kinds of a callee's arguments, with tokens that say nothing but which of them are equal."""
    atoms: dict[Any, Any] = {}

    def rename(token: Any) -> Any:
        return atoms.setdefault(token, ("arg", len(atoms)))

    out: dict[str, Kind] = {}
    for parameter in callee.parameters:
        kind = kinds.get(parameter, UNKNOWN).without_value()
        if kind.dims:
            shape = tuple([d if type(d) is int else ("dim", rename(d), 0) for d in kind.dims])
            kind = replace(kind, shape=shape, precision=map_token(kind.precision, rename))
        else:
            kind = map_tokens(replace(kind, count=None), rename)
        out[parameter] = kind
    return out
