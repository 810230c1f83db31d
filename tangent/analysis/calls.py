"""What a call does: to the world, to its arguments, and what its result may share memory with.

    np.sin(x)            nothing; a fresh result
    x.T, np.ravel(x)     nothing; the result may be a view of x
    xs.append(v)         writes xs
    np.add.at(a, i, g)   writes a
    layer(x, W)          as the summary of `layer` says
    g(x)                 anything, where nothing is known of g

`effects` and `aliases` both ask here, so that a function is known in one place. What is not known
is taken to do everything: write all its arguments and change the world.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import types
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

import gast
import numpy

from tangent import runtime, tree
from tangent.analysis.known import (
    CALLING_HELPERS,
    CHECKING_HELPERS,
    CONTAINER_BUILTINS,
    ELEMENT_METHODS,
    FRESH_ATTRIBUTES,
    FRESH_BUILTINS,
    FRESH_HELPERS,
    KNOWN_METHODS,
    OWNING_HELPERS,
    PURE_MODULES,
    RUNTIME,
    SHARING_BUILTINS,
    SHARING_METHODS,
    STORING_METHODS,
    WRITING_FUNCTIONS,
    WRITING_HELPERS,
    WRITING_METHODS,
)
from tangent.program import MISSING, Function, Program, hashable
from tangent.recipes import registry

__all__ = [
    "CallEffect",
    "Calls",
    "Summary",
    "accumulates",
    "bind_arguments",
    "is_builtin",
    "is_runtime_call",
    "local_names",
    "nested_functions",
    "outputs",
    "root_names",
]

Form = Literal["view", "element", "container", "copy", "any"]


@dataclass(frozen=True)
class Summary:
    """What calling a function of the program does.

    Attributes:
        world: it changes the world (prints, draws, raises, writes a global, calls something
            unknown).
        mutated: parameters through which it may write an object.
        shared: parameters that the result may be, be a view of, or hold.
        held: parameters whose elements (if they are containers) the result may hold.
        outside: the result may be, be a view of, or hold what outlives the call: a global array.
    """

    world: bool = False
    mutated: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    outside: bool = False


@dataclass(frozen=True)
class CallEffect:
    """What one call does.

    Attributes:
        world: as in `Summary`.
        mutated: the expressions (arguments, or a method's receiver) whose objects it may write.
        shared: the expressions that its result may be, be a view of, or hold.
        held: the expressions whose elements its result may hold.
        stored: the expressions that the written objects may hold afterwards (`xs.append(v)`: v).
        outside: as in `Summary`.
        known: whether anything is known of the callee.
        form: how the result relates to what is `shared`: it may be it or a ``"view"`` of it, it is
            an ``"element"`` of it, a new ``"container"`` that holds it, a ``"copy"`` that holds
            what it holds, or ``"any"`` of these.
    """

    world: bool = False
    mutated: tuple[gast.expr, ...] = ()
    shared: tuple[gast.expr, ...] = ()
    held: tuple[gast.expr, ...] = ()
    stored: tuple[gast.expr, ...] = ()
    known: bool = True
    outside: bool = False
    form: Form = "view"


DATA_TYPES = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range)


def local_names(function: Function) -> frozenset[str]:
    """The function's own names."""
    return function.locals()


def nested_functions(function: Function) -> tuple[gast.AST, ...]:
    """The functions and lambdas inside a function."""
    return tuple(
        node
        for statement in function.node.body
        for node in tree.walk(statement)
        if isinstance(node, gast.FunctionDef | gast.Lambda)
    )


class Calls:
    """Knows what the calls in one function do."""

    def __init__(self, function: Function, program: Program | None = None) -> None:
        self.function = function
        self.program = program if program is not None else Program((function,))
        self.locals = local_names(function)
        self._effects: dict[gast.Call, CallEffect] = {}

    def resolve(self, expr: gast.AST) -> Any:
        """The object that a callee's expression denotes, or MISSING."""
        return self.function.resolve(expr, self.locals)

    def callee(self, call: gast.Call) -> Function | None:
        """The function of the program that a call calls, if it is one."""
        found = self.resolve(call.func)
        if isinstance(found, Function):
            return found
        if found is MISSING or registry.lookup(found):
            return None
        return self.program.function_of(found)

    def effect(self, call: gast.Call) -> CallEffect:
        """What a call does."""
        if call not in self._effects:
            self._effects[call] = self._effect(call)
        return self._effects[call]

    def _effect(self, call: gast.Call) -> CallEffect:
        arguments = (*call.args, *(k.value for k in call.keywords))
        found = self.resolve(call.func)
        out = outputs(call, found)
        name = _qualified_name(found)
        if name.startswith(RUNTIME):
            return self._runtime_helper(call, found, arguments)
        recipes = [] if found is MISSING else registry.lookup(found)
        if recipes:
            world = not all(r.pure for r in recipes)
            shared = self._shared_by_recipe(recipes, call, arguments)
            form: Form = "view"
            if is_builtin(found) and found.__name__ in CONTAINER_BUILTINS:
                shared, form = arguments, "container"
            elif is_builtin(found) and found.__name__ in SHARING_BUILTINS:
                shared, form = arguments, "any"
            return CallEffect(world, out, (*shared, *out), form=form)
        if found is not MISSING:
            known = self._known_function(call, found, name, arguments, out)
            if known is not None:
                return known
        callee = found if isinstance(found, Function) else None
        if callee is None and found is not MISSING:
            callee = self.program.function_of(found)
        if callee is not None:
            return self._user_function(callee, call, arguments)
        if isinstance(call.func, gast.Attribute):
            known = self._method(call.func, arguments, out)
            if known is not None:
                return known
        receiver: tuple[gast.expr, ...] = ()
        if isinstance(call.func, gast.Attribute) and found is MISSING:  # not a module's function
            receiver = (call.func.value,)
        everything = (*receiver, *arguments)
        return CallEffect(True, everything, everything, stored=everything, known=False, form="any")

    def _shared_by_recipe(
        self, recipes: Sequence[registry.Recipe], call: gast.Call, arguments: tuple[gast.expr, ...]
    ) -> tuple[gast.expr, ...]:
        for recipe in recipes:
            bound = recipe.bind(call.args, call.keywords)
            if bound is not None:
                shared: list[gast.expr] = []
                for parameter in recipe.alias:
                    value = bound.get(parameter)
                    if isinstance(value, tuple):
                        shared.extend(value)
                    elif isinstance(value, gast.AST):
                        shared.append(value)
                return tuple(shared)
        return arguments

    def _known_function(
        self,
        call: gast.Call,
        found: Any,
        name: str,
        arguments: tuple[gast.expr, ...],
        out: tuple[gast.expr, ...],
    ) -> CallEffect | None:
        """Functions that are known without a recipe."""
        if is_builtin(found):
            if found.__name__ == "print":
                return CallEffect(True)
            if found.__name__ in FRESH_BUILTINS:
                return CallEffect()
            if found.__name__ in SHARING_BUILTINS:
                return CallEffect(shared=arguments, form="any")
            if found.__name__ in CONTAINER_BUILTINS:
                return CallEffect(shared=arguments, form="container")
        if isinstance(found, type) and issubclass(found, BaseException):
            return CallEffect(shared=arguments, form="container")
        if registry.why_unsupported(found) is not None:  # `scipy.stats.norm.rvs` draws
            return CallEffect(not _is_ufunc(found), mutated=out, shared=out)
        if name in WRITING_FUNCTIONS:
            written = tuple(call.args[i] for i in WRITING_FUNCTIONS[name] if i < len(call.args))
            return CallEffect(mutated=written or arguments)
        module = getattr(found, "__module__", None) or ""
        if module in PURE_MODULES or (isinstance(found, type) and module == "numpy"):
            return CallEffect(mutated=out, shared=out)
        return None

    def _runtime_helper(
        self, call: gast.Call, found: Any, arguments: tuple[gast.expr, ...]
    ) -> CallEffect:
        """A helper of ours: its result may be an argument, where its recipe does not say more."""
        name = found.__name__
        shared = arguments
        if recipes := registry.lookup(found):
            shared = self._shared_by_recipe(recipes, call, arguments)
        elif registry.gives_new_array(found):
            shared = ()
        if name in CALLING_HELPERS:
            return CallEffect(
                True, shared=arguments[1:], form="any"
            )  # `check_own` sees to the first
        if name in ("write", "items_at"):  # return what they have written, or the value
            return CallEffect(mutated=tuple(call.args[:1]), shared=arguments, form="any")
        if name in ("items", "values"):
            return CallEffect(shared=arguments, form="copy")
        return CallEffect(
            world=name in CHECKING_HELPERS or (name in OWNING_HELPERS and len(call.args) > 1),
            mutated=tuple(call.args[:1]) if name in WRITING_HELPERS else (),
            shared=() if name in FRESH_HELPERS | CHECKING_HELPERS | WRITING_HELPERS else shared,
        )

    def _user_function(
        self, callee: Function, call: gast.Call, arguments: tuple[gast.expr, ...]
    ) -> CallEffect:
        from tangent.analysis.summaries import summary_of  # summaries are made of effects

        summary = summary_of(callee, self.program)
        bound = bind_arguments(callee, call)

        def given(parameters: frozenset[str]) -> tuple[gast.expr, ...]:
            if bound is None:
                return arguments if parameters else ()
            return tuple(e for p in callee.parameters if p in parameters for e in bound.get(p, ()))

        return CallEffect(
            world=summary.world,
            mutated=given(summary.mutated),
            shared=given(summary.shared),
            held=given(summary.held),
            stored=arguments if summary.mutated else (),
            outside=summary.outside,
            form="any",
        )

    def _method(
        self, func: gast.Attribute, arguments: tuple[gast.expr, ...], out: tuple[gast.expr, ...]
    ) -> CallEffect | None:
        base = self.resolve(func.value)
        if func.attr == "at" and _is_ufunc(base):
            return CallEffect(mutated=arguments[:1])
        if _is_ufunc(base):  # reduce, accumulate, outer, …
            return CallEffect(mutated=out, shared=out)
        if func.attr not in KNOWN_METHODS or not self._holds_data(func.value, base):
            return None
        receiver = (func.value,)
        writes = func.attr in WRITING_METHODS
        form: Form = "element" if func.attr in ELEMENT_METHODS else "view"
        if func.attr == "copy":
            form = "copy"
        return CallEffect(
            mutated=(*(receiver if writes else ()), *out),
            shared=(*(receiver if func.attr in SHARING_METHODS else ()), *out),
            stored=arguments if func.attr in STORING_METHODS else (),
            form=form,
        )

    def _holds_data(self, expr: gast.AST, base: Any) -> bool:
        """Whether an object is data (an array, a container, a number), so that its methods are
        known.

        A local is: objects of other classes are refused where methods are called. A free name is
            asked.
        """
        if base is MISSING:
            root = expr
            while isinstance(root, gast.Attribute | gast.Subscript):
                root = root.value
            if not isinstance(root, gast.Name) or root.id in self.locals:
                return True
            base = self.resolve(root)
            if root is not expr and not isinstance(base, DATA_TYPES) and not _is_array(base):
                return False
        return isinstance(base, DATA_TYPES) or _is_array(base)


def outputs(call: gast.Call, found: Any) -> tuple[gast.expr, ...]:
    """The expressions that a call of NumPy writes as `out`, by keyword or by position."""
    out = [k.value for k in call.keywords if k.arg == "out"]
    if not out and found is not MISSING:
        position = _out_position(found) if hashable(found) else None
        if position is not None:
            out = call.args[position:] if _is_ufunc(found) else call.args[position : position + 1]
    return tuple(o for o in out if not _is_none(o))


@functools.lru_cache(maxsize=1024)
def _out_position(found: Any) -> int | None:
    """Where a function of NumPy takes what it writes."""
    if _is_ufunc(found):
        return int(found.nin)
    if not (getattr(found, "__module__", None) or "").startswith("numpy"):
        return None
    try:
        parameters = list(inspect.signature(found).parameters.values())
    except (TypeError, ValueError):
        return None
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    return names.index("out") if "out" in names else None


def accumulates(call: gast.AST, function: Function, local_names: Set[str]) -> bool:
    """`np.add.at(A, i, v)` or `tangent.add_at(A, i, v)`."""
    if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute)):
        return False
    func = call.func
    if len(call.args) != 3 or call.keywords or func.attr not in ("at", "add_at"):
        return False
    if func.attr == "add_at":
        return function.resolve(func, local_names) is runtime.add_at
    return function.resolve(func.value, local_names) is numpy.add


def is_runtime_call(call: Any, function: Function, local_names: Set[str]) -> bool:
    """`tangent.call(g, …)`: only the run knows what is called."""
    return (
        isinstance(call, gast.Call)
        and isinstance(call.func, gast.Attribute)
        and call.func.attr == "call"
        and function.resolve(call.func, local_names) is runtime.call
    )


def bind_arguments(callee: Function, call: gast.Call) -> dict[str, tuple[gast.expr, ...]] | None:
    """The argument expressions of each parameter, or None where stars or a misfit leave it open."""
    if any(isinstance(a, gast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    ):
        return None
    spec = callee.node.args
    positional = [p.id for p in [*spec.posonlyargs, *spec.args]]
    bound: dict[str, tuple[gast.expr, ...]] = {
        p: (a,) for p, a in zip(positional, call.args, strict=False)
    }
    rest = tuple(call.args[len(positional) :])
    if rest:
        if spec.vararg is None:
            return None
        bound[spec.vararg.id] = rest
    known = {*positional, *(p.id for p in spec.kwonlyargs)}
    for keyword in call.keywords:
        if keyword.arg in known:
            bound[keyword.arg] = (keyword.value,)
        elif spec.kwarg is not None:
            bound[spec.kwarg.id] = (*bound.get(spec.kwarg.id, ()), keyword.value)
        else:
            return None
    return bound


def root_names(expr: gast.AST, calls: Calls) -> frozenset[str]:
    """Names whose object an expression's value may be, be a part of, or hold.

    `A[i].T` has the root A; `a + b` makes a new object and has none.
    """
    if isinstance(expr, gast.Name):
        return frozenset({expr.id})
    if isinstance(expr, gast.Attribute):
        return frozenset() if expr.attr in FRESH_ATTRIBUTES else root_names(expr.value, calls)
    if isinstance(expr, gast.Subscript | gast.Starred | gast.NamedExpr):
        return root_names(expr.value, calls)
    parts: Sequence[gast.AST] = ()
    if isinstance(expr, gast.IfExp):
        parts = (expr.body, expr.orelse)
    elif isinstance(expr, gast.BoolOp):
        parts = expr.values
    elif isinstance(expr, gast.Tuple | gast.List | gast.Set):
        parts = expr.elts
    elif isinstance(expr, gast.Dict):
        parts = [*(k for k in expr.keys if k is not None), *expr.values]
    elif isinstance(expr, gast.Call):
        effect = calls.effect(expr)
        parts = (*effect.shared, *effect.held)
    elif isinstance(
        expr, gast.ListComp | gast.SetComp | gast.GeneratorExp | gast.DictComp | gast.Lambda
    ):
        return frozenset(
            n.id
            for n in tree.walk(expr)
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)
        )
    return frozenset().union(*(root_names(part, calls) for part in parts))


def _is_none(expr: gast.AST) -> bool:
    return isinstance(expr, gast.Constant) and expr.value is None


def is_builtin(obj: Any) -> bool:
    """A function or class of `builtins`."""
    name = getattr(obj, "__name__", None)
    return isinstance(name, str) and getattr(builtins, name, None) is obj


def _is_ufunc(obj: Any) -> bool:
    return obj is not MISSING and hasattr(obj, "nin") and hasattr(obj, "accumulate")


def _is_array(obj: Any) -> bool:
    return obj is not MISSING and hasattr(obj, "__array_interface__") and hasattr(obj, "dtype")


def _qualified_name(obj: Any) -> str:
    if isinstance(obj, types.ModuleType) or obj is MISSING:
        return ""
    return f"{getattr(obj, '__module__', '')}.{getattr(obj, '__name__', '')}"
