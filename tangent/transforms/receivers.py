"""Methods of values of which only the run knows what they are.

    y = m.dot(x)          tangent.check_array(m, 'm.dot')

The methods of arrays are known by their names. Where something active is given to a method of a
value that is itself not active, and that may be an object of any class, the run makes sure that it is an
array (or a number, or a list).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy

from tangent import tree
from tangent.program import MISSING
from tangent.recipes import registry

if TYPE_CHECKING:
    from tangent.transforms.context import Context

__all__ = ["check_receivers"]


def check_receivers(context: Context) -> None:
    """Add a check for each such call to `context.checks`."""
    for statement in context.statements:
        call = getattr(statement, "value", None)
        if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Attribute):
            continue
        receiver = call.func.value
        if not isinstance(receiver, gast.Name) or not hasattr(numpy.ndarray, call.func.attr):
            continue
        if statement not in context.values.before or receiver.id not in context.locals:
            continue
        given = [a.id for a in (*call.args, *(k.value for k in call.keywords)) if _is_name(a)]
        if context.active(receiver.id, statement) or not any(
            context.active(name, statement) for name in given
        ):
            continue
        if _is_open(context, receiver.id, statement):
            what = tree.constant(tree.unparse(call.func))
            context.check(statement, "check_array", tree.load(receiver.id), what)


def _is_name(node: gast.AST) -> bool:
    return isinstance(node, gast.Name)


def _is_open(context: Context, name: str, at: Any) -> bool:
    """The value may be of any class: an argument, an element, an attribute, an unknown result."""
    kind = context.kind_of_name(name, at)
    if kind.is_array or kind.is_number or kind.type in ("list", "tuple", "str", "dict", "set"):
        return False
    value = context.value(name, at, False)
    made = None if value is None else context.values.definition.get(value.binding)
    if not isinstance(made, gast.Assign):
        return True
    if isinstance(made.value, gast.Call):
        found = context.function.resolve(made.value.func, context.locals)
        return found is MISSING or not registry.lookup(found)
    return isinstance(made.value, gast.Attribute | gast.Subscript | gast.Name)
