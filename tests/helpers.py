"""Help for tests of passes: functions from text, trees as text, and trees that run."""

from __future__ import annotations

import copy
import itertools
import linecache
import textwrap
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from tangent import tree
from tangent.parse import load, parse
from tangent.passes import pipeline, run_pipeline
from tangent.program import Function, Program

_numbers = itertools.count()


def define(text: str, name: str | None = None, **scope: Any) -> Callable[..., Any]:
    """The function that a text defines (its last, or that of a name), with its source."""
    text = textwrap.dedent(text).strip("\n") + "\n"
    file = f"<test {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module: dict[str, Any] = {"__name__": "tested", **scope}
    exec(compile(text, file, "exec", dont_inherit=True), module)
    defined = [v for k, v in module.items() if k not in scope and hasattr(v, "__code__")]
    return module[name] if name else defined[-1]


def transform(f: Callable[..., Any] | str, passes: str) -> Function:
    """Apply a pipeline's text to a function (or the text of one); its tree must stay as it is."""
    function = parse(define(f) if isinstance(f, str) else f)
    before = tree.dump(function.node)
    program = run_pipeline(Program((function,)), pipeline(passes))
    assert tree.dump(function.node) == before, "a pass has changed its input"
    nodes = [id(s) for s in tree.walk_statements(program.entry.node.body)]
    assert len(nodes) == len(set(nodes)), "a statement stands twice in the tree"
    return program.entry


CORE = "desugar,exits,anf,specialise,inplace"


def in_core_form(f: Callable[..., Any]) -> Program:
    """A function with its callees, as the analyses see them."""
    return run_pipeline(load(f), pipeline(CORE))


def source(function: Function) -> str:
    """The text of a function's tree."""
    return tree.unparse(function.node) + "\n"


def execute(function: Function) -> Callable[..., Any]:
    """A function's tree, compiled, with its scope (a copy: globals are not followed live)."""
    scope = function.scope
    module = dict(scope.globals)
    module |= {name: scope.lookup(name) for name in scope.cells}
    module |= scope.injected
    exec(compile(tree.unparse(function.node), f"<executed {function.name}>", "exec"), module)
    made = module[function.name]
    made.__defaults__ = function.defaults or None
    made.__kwdefaults__ = dict(function.kwdefaults) or None
    return made


def attributes(value: Any) -> dict[str, Any]:
    """What an object of a user's class holds, by name; nothing of other values."""
    if isinstance(value, type | types.ModuleType) or (
        callable(value) and hasattr(value, "__code__")
    ):
        return {}
    slots = [s for c in type(value).__mro__ for s in c.__dict__.get("__slots__", ())]
    held = {s: getattr(value, s) for s in slots if hasattr(value, s)}
    return held | getattr(value, "__dict__", {})


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """A container or an object of the same class, of changed parts; other values as they are."""
    if isinstance(value, dict):
        return type(value)({k: change(v) for k, v in value.items()})
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(change, value))
    if isinstance(value, list | tuple):
        return type(value)(map(change, value))
    held = attributes(value)
    if not held:
        return value
    out = copy.copy(value)
    for name, part in held.items():
        object.__setattr__(out, name, change(part))
    return out


def copied(value: Any) -> Any:
    """A copy of a value with all that it holds: of each occurrence its own."""
    return value.copy() if isinstance(value, np.ndarray) else rebuilt(value, copied)


def outcome(f: Callable[..., Any], *args: Any) -> tuple[str, Any]:
    """What a call does: its value, or the type and text of what it raises."""
    try:
        return "returns", f(*args)
    except Exception as error:
        return "raises", (type(error), str(error))
