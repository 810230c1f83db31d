"""What can be differentiated besides plain functions: methods, partials, objects that are called, functions with a recipe.

    model.loss                   def loss(x):  …             `self` is a free name that denotes the object
    partial(loss, w, k=2.0)      def loss(x, *, k=2.0):  …   `w` is a free name
    np.exp                       def exp(x):
                                     return np.exp(x)

What is bound is read when the derivative is called: attributes of the object are as they are then. A wrapper that
takes `*args` gets the parameters of what it wraps (`functools.wraps`) by such a small function too.
"""

from __future__ import annotations

import builtins
import functools
import hashlib
import inspect
import linecache
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.names import Names
from tangent.parse import describe, parse
from tangent.program import MISSING, Function

__all__ = ["guarded", "is_bound", "made_function", "target"]

Values = inspect.Parameter


def target(f: Any) -> Function:
    """The function with source that stands for any callable.

    Raises:
        TangentError: it has neither source nor a recipe, or can't be given its arguments.
    """
    if isinstance(f, functools.partial):
        return _bound(target(f.func), f.args, f.keywords, f)
    if isinstance(f, types.MethodType):
        return _bound(target(f.__func__), (f.__self__,), {}, f)
    if isinstance(f, types.FunctionType):
        return _passing_on(f) if _is_wrapper(f) else parse(f)
    signature = _signature_of_recipe(f)
    if signature is not None:
        return _calling(f, signature)
    if is_bound(f):
        return _bound(target(type(f).__call__), (f,), {}, f)
    return parse(f)


def is_bound(f: Any) -> bool:
    """A method of an object, or an object whose class defines `__call__` in Python."""
    if isinstance(f, types.MethodType):
        return isinstance(f.__func__, types.FunctionType)
    if isinstance(f, type | types.FunctionType | functools.partial):
        return False
    return isinstance(getattr(type(f), "__call__", None), types.FunctionType)  # noqa: B004


# --- arguments that are given already


@dataclass
class _Slot:
    """A positional parameter: its node, its default's node and object, where it has one."""

    node: gast.Name
    default: gast.expr | None = None
    value: Any = MISSING


def _bound(
    function: Function, args: tuple[Any, ...], keywords: Mapping[str, Any], f: Any
) -> Function:
    """A function whose first parameters have values, and some others another default."""
    a = function.node.args
    slots = [_Slot(p) for p in [*a.posonlyargs, *a.args]]
    start = len(slots) - len(a.defaults)
    for slot, node, value in zip(slots[start:], a.defaults, function.defaults, strict=True):
        slot.default, slot.value = node, value
    if len(args) > len(slots):
        raise _misfit(f, f"takes {len(slots)} positional arguments, and {len(args)} are given")
    known = {s.node.id for s in slots[len(a.posonlyargs) :]} | {p.id for p in a.kwonlyargs}
    for name in keywords:
        if name not in known:
            raise _misfit(f, f"has no parameter `{name}` that could be given by keyword")
        if name in [s.node.id for s in slots[: len(args)]]:
            raise _misfit(f, f"gets two values for `{name}`")
    values = {s.node.id: value for s, value in zip(slots, args, strict=False)}
    rest = slots[len(args) :]
    by_position_only = max(len(a.posonlyargs) - len(args), 0)
    cut = next((i for i, s in enumerate(rest) if s.node.id in keywords), len(rest))
    keyword_only = [*rest[cut:]]
    for p, node in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        keyword_only.append(_Slot(p, node, function.kwdefaults.get(p.id, MISSING)))
    for slot in keyword_only:
        if slot.node.id in keywords:
            slot.default, slot.value = _default(keywords[slot.node.id]), keywords[slot.node.id]
    positional = rest[:cut]
    arguments = tree.replace(
        a,
        posonlyargs=[s.node for s in positional[:by_position_only]],
        args=[s.node for s in positional[by_position_only:]],
        defaults=[s.default for s in positional if s.default is not None],
        kwonlyargs=[s.node for s in keyword_only],
        kw_defaults=[s.default for s in keyword_only],
    )
    injected, setup = _as_free_names(function, values)
    node = tree.replace(function.node, args=arguments, body=[*setup, *function.node.body])
    return replace(
        function,
        node=node,
        scope=function.scope.inject(**injected),
        primal=f,
        defaults=tuple(s.value for s in positional if s.default is not None),
        kwdefaults={s.node.id: s.value for s in keyword_only if s.default is not None},
    )


def _as_free_names(
    function: Function, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[gast.stmt]]:
    """Parameters as free names that denote objects; one that the body rebinds is set at its start."""
    injected: dict[str, Any] = {}
    setup: list[gast.stmt] = []
    names = Names.of(function)
    stored = tree.names_in(function.node.body, gast.Store)
    for inner in tree.walk(function.node):
        if isinstance(inner, gast.Nonlocal):
            stored.update(inner.names)
    for name, value in values.items():
        if name not in stored:
            injected[name] = value
            continue
        free = names.fresh(name)
        injected[free] = value
        setup.append(tree.assign(name, tree.load(free), function.node))
    return injected, setup


def _default(value: Any) -> gast.expr:
    """What a signature shows of a default; the object itself is kept beside it."""
    plain = value is None or type(value) in (bool, int, float, str)
    return gast.Constant(value if plain else ..., None)


def _misfit(f: Any, reason: str) -> UnsupportedError:
    what = f.func if isinstance(f, functools.partial) else f
    return UnsupportedError(
        f"`{describe(what)}` {reason}", remedy="give it arguments that fit its parameters"
    )


# --- small functions that make one call


def _signature_of_recipe(f: Any) -> inspect.Signature | None:
    """The parameters that a function's recipe knows, or None where there is no recipe."""
    from tangent.recipes.registry import lookup  # a layer above

    template = next((r.signature for r in lookup(f) if r.signature is not None), None)
    if template is None:
        return None
    positional: list[Values] = []
    keyword_only: list[Values] = []
    left_out = False  # a parameter: those behind it are given by keyword
    for name in template.parameters:
        if name == template.vararg:
            raise UnsupportedError(
                f"`{describe(f)}` takes any number of arguments",
                remedy="define a function with `def` that calls it with as many as you mean",
            )
        default = Values.empty
        if name in template.defaults:
            default = _value(template.defaults[name])
        if name in template.fixed or default is MISSING:
            left_out = True
        elif name in template.keyword_only or left_out:
            keyword_only.append(Values(name, Values.KEYWORD_ONLY, default=default))
        else:
            positional.append(Values(name, Values.POSITIONAL_OR_KEYWORD, default=default))
    return inspect.Signature([*positional, *keyword_only])


def _value(node: Any) -> Any:
    if isinstance(node, gast.Constant):
        return node.value
    if isinstance(node, gast.UnaryOp) and isinstance(node.operand, gast.Constant):
        return -node.operand.value
    return MISSING


def _is_wrapper(f: types.FunctionType) -> bool:
    """A function that takes `*args` or `**kwargs` for those of what it wraps."""
    flags = f.__code__.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    return bool(flags) and isinstance(getattr(f, "__wrapped__", None), types.FunctionType)


def _passing_on(f: types.FunctionType) -> Function:
    """A wrapper under the parameters of what it wraps."""
    plain = parse(f)
    if plain.primal is not f or not (plain.node.args.vararg or plain.node.args.kwarg):
        return plain  # it only passes on: then the function itself
    return _calling(f, inspect.signature(f))


def guarded(f: types.FunctionType, written: Sequence[str]) -> types.FunctionType:
    """A function that makes sure that what `f` writes can't be written, and calls it."""
    checks = [f"tangent.check_unwritten({p}, {describe(f)!r}, {p!r})" for p in written]
    return _small(f, inspect.signature(f, follow_wrapped=False), checks)


def _calling(f: Any, signature: inspect.Signature) -> Function:
    """`def exp(x): return np.exp(x)`."""
    return parse(_small(f, signature, ()))


def _small(f: Any, signature: inspect.Signature, checks: Sequence[str]) -> types.FunctionType:
    spelling, scope = _spelled(f)
    name = getattr(f, "__name__", "call")
    if not name.isidentifier():
        name = "call"
    parameters, passed, defaults, kwdefaults = [], [], [], {}
    for parameter in signature.parameters.values():
        if parameter.kind in (Values.VAR_POSITIONAL, Values.VAR_KEYWORD):
            raise UnsupportedError(
                f"`{describe(f)}` takes any number of arguments",
                remedy="define a function with `def` that calls it with those that you mean",
            )
        text = parameter.name
        if parameter.kind is Values.KEYWORD_ONLY:
            if "*" not in parameters:
                parameters.append("*")
            passed.append(f"{text}={text}")
        else:
            passed.append(text)
        if parameter.default is not Values.empty:
            text += "=" + tree.unparse(_default(parameter.default))
            if parameter.kind is Values.KEYWORD_ONLY:
                kwdefaults[parameter.name] = parameter.default
            else:
                defaults.append(parameter.default)
        parameters.append(text)
    if checks:
        scope = {**scope, "tangent": sys.modules["tangent"]}
    source = f"def {name}({', '.join(parameters)}):\n"
    source += "".join(f"    {check}\n" for check in checks)
    source += f"    return {spelling}({', '.join(passed)})\n"
    made = made_function(source, name, scope)
    made.__defaults__, made.__kwdefaults__ = tuple(defaults) or None, kwdefaults or None
    made.__doc__ = getattr(f, "__doc__", None)
    return made


def _spelled(f: Any) -> tuple[str, dict[str, Any]]:
    """How a function is written, and what the first name of that denotes."""
    name = getattr(f, "__name__", "call")
    module = getattr(f, "__module__", None) or ""
    if getattr(builtins, name, None) is f:
        return name, {}
    top, *inner = module.split(".")
    root = sys.modules.get(top)
    found: Any = root
    for part in [*inner, name]:
        found = getattr(found, part, None)
    if found is f and root is not None and top not in ("builtins", "__main__"):
        alias = {"numpy": "np"}.get(top, top)
        return ".".join([alias, *inner, name]), {alias: root}
    plain = name if name.isidentifier() else "call"
    return f"{plain}_", {f"{plain}_": f}


def made_function(source: str, name: str, scope: dict[str, Any]) -> types.FunctionType:
    """A function of source that is found in `linecache`."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    file = f"<tangent target {name} {digest}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    module: dict[str, Any] = {"__name__": "tangent.targets", "__builtins__": builtins, **scope}
    exec(compile(source, file, "exec", dont_inherit=True), module)
    made = module.pop(name)
    assert isinstance(made, types.FunctionType)
    return made
