"""A second form for numbers: loops over scalars, whose arguments nothing is known of, at the speed of scalars.

    def dfdxv(x, v, init_grad=1.0):
        if tangent.are_numbers(x, v):
            return dfdxv_numbers(x, v, init_grad)       # bare formulas
        ...                                             # the general form: right for arrays too

In a loop over Python numbers a helper call costs as much as the arithmetic around it. So where the general form has
to fit shapes inside a loop, and the function does nothing to its parameters but arithmetic, the gradient is written
once more for numbers, and the kinds are asked once, on entry.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import runtime, tree
from tangent.names import Names
from tangent.program import Function, Program
from tangent.recipes import registry
from tangent.recipes.kinds import FLOAT

__all__ = ["as_numbers", "fits_shapes_in_loops", "needs_no_fit", "with_numbers_form"]


def as_numbers(function: Function, program: Program) -> Function | None:
    """The function with its parameters taken for numbers, or None where it may do more than arithmetic to them."""
    stars = function.node.args.vararg or function.node.args.kwarg
    if (
        stars
        or function.meta.get("kinds")
        or not all(_is_arithmetic(f, program) for f in program.functions)
    ):
        return None
    kinds = dict.fromkeys(function.parameters, FLOAT)
    return function.with_node(function.node, meta={**function.meta, "kinds": kinds})


def _is_arithmetic(function: Function, program: Program) -> bool:
    """A function does nothing to its parameters but arithmetic, and calls only what does no more."""
    if any(p.annotation is not None for p in _parameters(function)):
        return False
    local_names = function.locals()
    for node in gast.walk(function.node):
        if isinstance(node, gast.Subscript | gast.Attribute | gast.List | gast.Tuple):
            if tree.names_in(node) & local_names:
                return False
        if isinstance(node, gast.Call):
            target = function.resolve(node.func, local_names)
            known = target is range or _is_elementwise(target)
            if not known and program.function_of(target) is None:
                return False
    return True


def _parameters(function: Function) -> list[Any]:
    a = function.node.args
    return [*a.posonlyargs, *a.args, *a.kwonlyargs]


def _is_elementwise(target: Any) -> bool:
    recipes = registry.lookup(target)
    return bool(recipes) and all(r.form == "elementwise" for r in recipes)


def fits_shapes_in_loops(body: list[Any]) -> bool:
    """A gradient has to fit shapes (`unbroadcast`) inside a loop."""
    return any(
        isinstance(loop, gast.For | gast.While) and _fits(loop)
        for loop in tree.walk_statements(body)
    )


def needs_no_fit(body: list[Any]) -> bool:
    """A gradient fits no shapes anywhere."""
    return not any(_fits(statement) for statement in body)


def _fits(root: gast.AST) -> bool:
    return any(isinstance(n, gast.Attribute) and n.attr == "unbroadcast" for n in gast.walk(root))


def with_numbers_form(general: Function, numbers: Function) -> tuple[Function, Function]:
    """Let the general form hand over to the form for numbers where all arguments are numbers."""
    names = Names.of(general, numbers)
    numbers_name = names.fresh(f"{general.name}_numbers")
    alias = next(
        (n for n in general.scope.names_of(_tangent()) if n not in general.locals()), None
    ) or names.fresh("tangent")
    by_keyword = [p.id for p in general.node.args.kwonlyargs]
    arguments = [tree.load(p) for p in general.parameters if p not in by_keyword]
    keywords = {p: tree.load(p) for p in by_keyword}
    seeds = set(general.parameters) - set(numbers.meta.get("kinds", ()))
    asked = [tree.load(p) for p in general.parameters if p not in seeds]
    test = tree.call(tree.attribute(tree.load(alias), runtime.are_numbers.__name__), *asked)
    hand_over = gast.Return(tree.call(tree.load(numbers_name), *arguments, **keywords))
    branch = tree.with_origins(gast.If(test, [tree.with_origins(hand_over)], []))
    body = [branch, *general.node.body]
    first = general.with_body(body, scope=general.scope.inject(**{alias: _tangent()}))
    return first, numbers.with_node(tree.replace(numbers.node, name=numbers_name))


def _tangent() -> Any:
    import tangent

    return tangent
