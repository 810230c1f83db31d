"""What is read of a container in order to be written: whether it is that element's only way there.

    rows = [np.zeros(3), x * 2.0]
    rows[0][1] = x[0]              t = rows[0]; t[1] = …        bt is brows[0]
    d["log"].append(x[1])          t = d["log"]; t.append(…)    bt is bd["log"]

The adjoint of the element is the element of the container's adjoint, if no other element is the same object, and if the
element is not replaced while its name is in use. Both are shown from the statements that fill the container: a display
of separate objects; `append` and stores of objects that have just been made and have no other name. A container that is
an argument is checked when it is copied (`runtime_structures.own`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from tangent import tree
from tangent.transforms.sharing import RESIZING, has_slice

if TYPE_CHECKING:
    from tangent.transforms.context import Context

__all__ = ["is_held_alone"]

FILLED = (gast.List, gast.Tuple, gast.Dict)


def is_held_alone(
    context: Context,
    load: gast.Subscript,
    definition: Any,
    deep: bool = False,
    lasting: bool = True,
) -> bool:
    """The element that `t = container[key]` reads is that element of it, and of it alone, as long as `t` is used.

    `deep`: and what the elements hold is apart, too. Not `lasting`: it may be replaced afterwards.
    """
    base = load.value.id
    if has_slice(load.slice):
        return False
    value = context.value(base, definition, False)
    made = None if value is None else context.values.definition.get(value.binding)
    if made is None:
        if base not in context.function.parameters:
            return False
    elif not isinstance(made, gast.Assign) or not is_filled_apart(context, made, deep):
        return False
    container = context.aliases.place(definition, base).objects
    for statement in context.statements:
        if isinstance(statement, gast.If | gast.For | gast.While):
            continue
        if statement not in context.values.before:
            continue
        if not context.aliases.written(statement) & container:
            continue
        name = context.sharing.written_name(statement)
        if name is None:
            return False
        if context.aliases.place(statement, name).objects & container:
            if not leaves_alone(context, statement, load, definition, deep, lasting):
                return False
    return True


def is_filled_apart(context: Context, made: gast.Assign, deep: bool = False) -> bool:
    """A container that starts with separate objects: a display, part of another container, an empty list."""
    value = made.value
    if isinstance(value, gast.Subscript) and isinstance(value.value, gast.Name):
        kind = context.kind_of_name(value.value.id, made)
        return kind.type in ("list", "tuple", "dict") and is_held_alone(
            context, value, made, deep=True
        )
    if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult):  # [0.0] * n
        return all(
            context.kind(part, made).is_number or holds_numbers(context.kind(part, made))
            for part in (value.left, value.right)
        )
    if not isinstance(value, FILLED):
        return False
    parts = value.values if isinstance(value, gast.Dict) else value.elts
    seen: set[Any] = set()
    for part in parts:
        if not isinstance(part, gast.Name) or context.kind(part, made).is_number:
            continue
        place = context.aliases.place(made, part.id)
        reach = set(
            context.aliases.analysis.locations.members(place.reach if deep else place.memory)
        )
        if reach & seen or (deep and not is_new(context, part, made, deep)):
            return False
        seen |= reach
    return True


def holds_numbers(kind: Any) -> bool:
    return (
        kind.type == "list"
        and kind.items is not None
        and all(k.is_number or k.type == "none" for k in kind.items)
    )


def leaves_alone(
    context: Context,
    statement: Any,
    load: gast.Subscript,
    at: Any,
    deep: bool,
    lasting: bool,
) -> bool:
    """The element is still the only one of its kind after a statement that changes the container."""
    call = getattr(statement, "value", None)
    later = lasting and context.may_follow(at, statement)
    if isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute):
        if call.func.attr not in RESIZING:
            return False
        if later and not (call.func.attr == "append" and is_from_the_start(load.slice)):
            return False
        return all(is_new(context, a, statement, deep) for a in call.args)
    if isinstance(statement, gast.AugAssign):
        # A number, or an object that is written in place, the same afterwards; `xs += ys` is neither.
        return isinstance(statement.target, gast.Subscript)
    target = statement.targets[0]
    if later and not differ(target.slice, load.slice):
        return False
    return is_new(context, statement.value, statement, deep)


def is_from_the_start(index: gast.AST) -> bool:
    value = getattr(index, "value", None) if isinstance(index, gast.Constant) else None
    return isinstance(value, str) or (isinstance(value, int) and value >= 0)


def differ(a: gast.AST, b: gast.AST) -> bool:
    """Two keys are constants that name different elements."""
    if not (isinstance(a, gast.Constant) and isinstance(b, gast.Constant)):
        return False
    if not (is_from_the_start(a) and is_from_the_start(b)):
        return False
    return bool(a.value != b.value)


def is_new(context: Context, value: gast.AST, at: Any, deep: bool) -> bool:
    """A number, or an object that was just made, and that nothing else knows."""
    if not isinstance(value, gast.Name) or context.kind(value, at).is_number:
        return isinstance(value, gast.Name | gast.Constant)
    if context.loads[value.id] != 1 or value.id in context.function.parameters:
        return False
    known = context.value(value.id, at, False)
    made = None if known is None else context.values.definition.get(known.binding)
    if not isinstance(made, gast.Assign) or context.values.loops[made] != context.values.loops[at]:
        return False
    if isinstance(made.value, FILLED):
        return is_filled_apart(context, made, deep)
    if isinstance(made.value, gast.BinOp | gast.UnaryOp):
        return not deep or is_arithmetic(context, made)
    return isinstance(made.value, gast.Call) and context.makes_fresh(made.value)


def is_arithmetic(context: Context, made: gast.Assign) -> bool:
    """An operation of numbers and arrays (lists are joined and repeated, and hold what they held)."""
    kind = context.kind_of_name(tree.stored_names(made.targets[0])[0], made, True)
    return kind.is_numeric or is_filled_apart(context, made, True)
