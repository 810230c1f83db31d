"""Derivatives that are written while a program runs: what `tangent.runtime_calls` asks of the interface.

    tangent.forward(g, (0,))      ->   derive(g, ("x",), "reverse")["forward"]

Importing this module registers it.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

from tangent import api, inner_gradients, parse, runtime_calls
from tangent.analysis.summaries import summary_of
from tangent.api import autodiff, grad, jvp, pipeline_names, vjp
from tangent.errors import NoSourceError, TangentError
from tangent.link import linked_of
from tangent.passes import pipeline, run_pipeline
from tangent.recipes import registry
from tangent.targets import guarded, made_function, target

__all__ = ["derive", "parameters", "rebind", "written"]

# The halves are called by generated code: they take and return adjoints, not seeds and gradients.
HALVES: Mapping[str, Any] = {
    "argument_kinds": {},
    "preserve_result": False,
    "check_dims": False,
    "motion": "split",
    "seed_default": False,
    "like": None,
}


def derive(f: Any, wrt: tuple[str, ...], mode: str) -> Mapping[str, Callable[..., Any]]:
    """The halves of a function's derivative, or its tangent version."""
    writes = written(f)
    if writes:
        f = guarded(f, sorted(writes))
    try:
        if mode == "reverse":
            df = api.written(parse.load(f), mode, True, {**HALVES, "wrt": wrt})
            return {"forward": df.forward, "backward": df.backward}
        jvp = autodiff(f, wrt, mode="forward", preserve_result=True, check_dims=False)
        return {"pushforward": _with_tangents(f, jvp, mode), "jvp": jvp}
    except TangentError as error:
        raise runtime_calls.refusal(f, error) from None


def _with_tangents(f: Any, jvp: Callable[..., Any], word: str) -> Callable[..., Any]:
    """A function of source that takes tangents in a tuple, and returns the value first."""
    function = target(f)
    positional = [p.id for p in [*function.node.args.posonlyargs, *function.node.args.args]]
    keyword_only = [p.id for p in function.node.args.kwonlyargs]
    passed = [*positional, *(f"{p}={p}" for p in keyword_only)]
    names = tangent_names(jvp, len(positional) + len(keyword_only))
    passed += [f"{name}={word}[{k}]" for k, name in enumerate(names)]
    required = len(positional) - len(function.defaults)
    taken = [p if k < required else f"{p}=None" for k, p in enumerate(positional)]
    taken += ["*", *(f"{p}=None" if p in function.kwdefaults else p for p in keyword_only)]
    name = f"{function.name}_pushforward"
    source = (
        f"def {name}({', '.join([*taken, word])}):\n"
        f"    dy, y = jvp_({', '.join(passed)})\n"
        f"    return y, dy\n"
    )
    made = made_function(source, name, {"jvp_": jvp})
    made.__defaults__ = function.defaults or None
    made.__kwdefaults__ = dict(function.kwdefaults) or None
    return made


def tangent_names(jvp: Any, count: int) -> list[str]:
    """The parameters of a tangent version that take the tangents: those behind the primal's."""
    code = jvp.__code__
    positional = code.co_varnames[: code.co_argcount]
    keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    return list((*positional, *keyword_only)[count:])


def parameters(f: Any) -> tuple[str, ...]:
    """The names of a function's parameters that can be given by position."""
    a = target(f).node.args
    return tuple(p.id for p in [*a.posonlyargs, *a.args])


def written(f: Any) -> frozenset[str] | None:
    """The parameters that a function may write in place; None where nothing is known of it."""
    if registry.lookup(f):
        return frozenset()
    try:
        program = parse.load(f)
        steps = pipeline_names("reverse", optimized=False)
        front = steps[: steps.index("runtime_calls") + 1]
        options = {"wrt": program.entry.parameters}
        program = run_pipeline(program, pipeline(front), options)
        return summary_of(program.entry, program).mutated
    except NoSourceError:
        return None
    except TangentError:
        return None


def rebind(
    functions: Mapping[str, Any], exchanged: Mapping[int, types.CellType]
) -> Mapping[str, Callable[..., Any]]:
    """Generated functions with other cells of the user in the place of those that they were linked with."""
    linked = linked_of(functions.get("jvp", functions.get("forward")))
    assert linked is not None
    originals = linked.functions.values()
    siblings = {
        id(cell): types.CellType()
        for function in originals
        for cell in function.__closure__ or ()
        if any(_contents(cell) is other for other in originals)
    }
    made: dict[int, types.FunctionType] = {}
    for old in originals:
        cells = [siblings.get(id(c)) or exchanged.get(id(c), c) for c in old.__closure__ or ()]
        new = types.FunctionType(
            old.__code__, old.__globals__, old.__name__, old.__defaults__, tuple(cells)
        )
        new.__kwdefaults__ = old.__kwdefaults__
        made[id(old)] = new
    for old in originals:
        for cell in old.__closure__ or ():
            if id(cell) in siblings:
                siblings[id(cell)].cell_contents = made[id(_contents(cell))]
    changed = {name: made.get(id(f), f) for name, f in functions.items()}
    if "pushforward" in changed:
        old = functions["pushforward"]
        scope = {**old.__globals__, "jvp_": changed["jvp"]}
        new = types.FunctionType(old.__code__, scope, old.__name__, old.__defaults__)
        new.__kwdefaults__ = old.__kwdefaults__
        changed["pushforward"] = new
    return changed


def _contents(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # empty as yet
        return cell


for maker in (grad, vjp, jvp, autodiff):
    inner_gradients.makers.append(maker)
    registry.nondifferentiable(maker)
runtime_calls.maker = runtime_calls.Maker(derive, parameters, written, rebind)
