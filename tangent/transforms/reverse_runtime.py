"""Reverse mode through calls of what only the run knows: `tangent.runtime_calls`.

primal: y = tangent.call(g, x)      y, g_saved = tangent.forward(g, (0,))(x)
mirror:                             bx = tangent.backward(g, (0,))(g_saved, by)
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.transforms.adjoints import State

__all__ = ["active_arguments", "mirror_runtime_call"]


def active_arguments(call: gast.Call, active: Any) -> tuple[list[str], gast.Tuple]:
    """The names among the arguments of which `active` holds, and which arguments they are."""
    names: list[str] = []
    which: list[gast.expr] = []
    given = [(k, a) for k, a in enumerate(call.args[1:])]
    given += [(word.arg, word.value) for word in call.keywords]
    for key, atom in given:
        if isinstance(atom, gast.Name) and active(atom.id):
            names.append(atom.id)
            which.append(gast.Constant(key, None))
    return names, gast.Tuple(which, gast.Load())


def mirror_runtime_call(mirror: Any, statement: Any, targets: list[str], state: State) -> None:
    """Emit the mirror, and note what the primal statement becomes."""
    call, context = statement.value, mirror.c
    names, which = active_arguments(call, lambda name: context.active(name, statement))
    seeded = [t for t in targets if t in state]
    for target in seeded:
        mirror.fill(state, target, statement, True)
    seeds = [mirror.adjoint(t) if t in state else mirror.zero(t, statement, True) for t in targets]
    for target in seeded:
        del state[target]
    if not seeded or not names:
        return
    function = call.args[0]
    if isinstance(function, gast.Name) and context.active(function.id, statement):
        context.check(statement, "check_function", tree.copy(function))
    saved = saved_name(mirror, statement, targets, which)
    seed = seeds[0] if len(seeds) == 1 else gast.Tuple(seeds, gast.Load())
    half = context.expander.helper("backward", context.read(function, statement), tree.copy(which))
    result = tree.call(half, context.need(saved, statement, True), seed)
    mirror.receive(statement, names, result, state)


def saved_name(mirror: Any, statement: Any, targets: list[str], which: gast.Tuple) -> str:
    """Turn the primal call into one of the forward half. Returns the name of what it saves."""
    context, call = mirror.c, statement.value
    function, *args = call.args
    base = function.id if isinstance(function, gast.Name) else "call"
    name: str = context.names.fresh(f"{base}_saved")
    context.new_value(name, context.values.loops[statement])
    half = context.expander.helper("forward", tree.copy(function), tree.copy(which))
    new = tree.replace(call, func=half, args=args)
    stored = [tree.store(t) for t in targets]
    value = stored[0] if len(stored) == 1 else gast.Tuple(stored, gast.Store())
    target = gast.Tuple([value, tree.store(name)], gast.Store())
    made = [tree.assign(target, new, statement)]
    if mirror.may_be_overwritten(statement, targets):
        kept = context.expander.helper("keep", tree.load(name))
        made.append(tree.assign(name, kept, statement))
    mirror.call_replacements[statement] = made
    return name
