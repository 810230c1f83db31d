"""Templates: the syntax of a recipe, read from its source and checked when it is declared.

    @linear(numpy.reshape)                              parameters: a, shape, order
    def reshape(y, a, shape, order="C"):         ->     result: y
        d[a] = numpy.reshape(d[y], numpy.shape(a))      values: {a: numpy.reshape(d[y], …)}

What a template may say, and what recipes are made of it: `recipes.registry`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.errors import RecipeError
from tangent.origin import Origin

__all__ = ["Template", "d", "each", "fixed", "is_default", "later", "read_template", "refused"]

d: Any = None
"""Stands for adjoints (or tangents) in templates; they are never run, it is for the linters."""


each: Any = 0
"""In the template of an adjoint of `*arguments`: the position of the argument at hand among them.

    d[operands] = runtime.einsum_adjoint(d[y], each, *operands)

Without it the template gives a tuple, of the adjoints of all."""


fixed = Any
"""Annotates a parameter of a template that is always left at its default: `out: fixed = None`. A
call that gives it another value is not served by the recipe."""


def refused(reason: str) -> Any:
    """In the place of a derivative: differentiating by this argument is an error that says why.

    d[v] = refused("the derivative by the order has no closed form")
    """
    raise RecipeError(f"a template is never called ({reason})")


@dataclass(frozen=True)
class Template:
    """A template's parsed source.

    Attributes:
        result: name of the placeholder of the result.
        parameters: names of the placeholders of the arguments, in order.
        defaults: default expressions by parameter.
        vararg: name of a `*parameter` that takes the remaining positional arguments, if any.
        keyword_only: the parameters that are only given by keyword.
        setup: statements that define locals, before the contributions.
        values: for each `d[p] = e` the expression by `p`; for partials the returned expression by
        parameter. scope: globals of the module that it stands in. fixed: the parameters that a call
        leaves at their defaults.
    """

    name: str
    result: str
    parameters: tuple[str, ...]
    defaults: dict[str, gast.expr]
    vararg: str | None
    keyword_only: tuple[str, ...]
    setup: tuple[gast.stmt, ...]
    values: dict[str, gast.expr]
    scope: dict[str, Any]
    origin: Origin
    fixed: frozenset[str] = field(default_factory=frozenset)

    @functools.cached_property
    def positional(self) -> tuple[str, ...]:
        """The parameters that are given by position."""
        others = {*self.keyword_only, self.vararg}
        return tuple(p for p in self.parameters if p not in others)

    @property
    def refusals(self) -> dict[str, str]:
        """By parameter, why differentiating by it is an error (see `refused`)."""
        return {p: v.args[0].value for p, v in self.values.items() if _is_refusal(v)}


class _Later(Template):
    """A template that is made, and becomes a plain `Template`, when it is first asked for anything."""

    def __init__(self, make: Callable[[], Template]) -> None:
        vars(self)["make"] = make

    def __getattr__(self, name: str) -> Any:  # of what isn't there: all fields, until it is made
        vars(self).update(vars(vars(self)["make"]()))
        object.__setattr__(self, "__class__", Template)
        return getattr(self, name)


def later(make: Callable[[], Template]) -> Template:
    """The template that `make` gives, which is called when the template is first asked for anything.

    Most programs use few recipes: reading all of them would take longer than all other imports.
    """
    return _Later(make)


def read_template(
    function: Callable[..., Any], partials: bool, target: str = "parameters"
) -> Template:
    """Parse and check a template's source.

    Raises:
        RecipeError: a parameter list without the result, an unknown `d[...]`, a wrong number of
        partials,
            a name that is neither a parameter, a local nor known in the module.
    """
    plain = inspect.unwrap(function)
    file, first = plain.__code__.co_filename, plain.__code__.co_firstlineno
    definition = gast.ast_to_gast(_definition(plain))
    name = definition.name

    def fault(reason: str, node: gast.AST) -> RecipeError:
        line = getattr(node, "lineno", first)
        column = getattr(node, "col_offset", 0)
        end = getattr(node, "end_col_offset", None) or column + 1
        return RecipeError(f"recipe {name}: {reason}", Origin(file, name, line, column, line, end))

    arguments = definition.args
    positional = [p.id for p in [*arguments.posonlyargs, *arguments.args]]
    if not positional:
        raise fault("the first parameter stands for the result", definition)
    result, parameters = positional[0], positional[1:]
    annotated = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    defaults = {
        p: d
        for p, d in zip(reversed(parameters), reversed(arguments.defaults), strict=False)
        if d is not None
    }
    keyword_only = [p.id for p in arguments.kwonlyargs]
    for p, d in zip(keyword_only, arguments.kw_defaults, strict=True):
        if d is not None:
            defaults[p] = d
    vararg = arguments.vararg.id if arguments.vararg else None
    everything = [*parameters, *([vararg] if vararg else []), *keyword_only]

    setup: list[gast.stmt] = []
    values: dict[str, gast.expr] = {}
    for statement in definition.body:
        if isinstance(statement, gast.Expr) and isinstance(statement.value, gast.Constant):
            continue  # a docstring
        slot = _adjoint_slot(statement)
        if slot is not None:
            allowed = [result] if target == "result" else everything
            if slot not in allowed or partials:
                raise fault(
                    f"d[{slot}] is not to be set here (known: {', '.join(allowed)})", statement
                )
            if slot in values:
                raise fault(f"d[{slot}] is set twice", statement)
            values[slot] = statement.value
        elif isinstance(statement, gast.Return) and partials and statement.value is not None:
            given: Iterable[gast.expr] = (
                statement.value.elts
                if isinstance(statement.value, gast.Tuple)
                else [statement.value]
            )
            given = list(given)
            if len(given) != len(everything):
                raise fault(f"{len(everything)} partials are needed, not {len(given)}", statement)
            for p, value in zip(everything, given, strict=True):
                if not (isinstance(value, gast.Constant) and value.value is None):
                    values[p] = value
        elif isinstance(statement, gast.Assign) and all(
            isinstance(t, gast.Name) for t in statement.targets
        ):
            setup.append(statement)
        else:
            raise fault(
                "a template holds assignments of locals, of d[...] and (partials) a return",
                statement,
            )
    if not values:
        raise fault("no derivative is given", definition)
    known = {result, "d", *everything} | {n for s in setup for n in tree.names_in(s, gast.Store)}
    scope = function.__globals__
    builtin_names = vars(__import__("builtins"))
    for node in [*setup, *values.values()]:
        for unknown in sorted(tree.names_in(node) - known):
            if unknown not in scope and unknown not in builtin_names:
                raise fault(f"{unknown} is not known here", node)
    return Template(
        name=name,
        result=result,
        parameters=tuple(everything),
        defaults=defaults,
        vararg=vararg,
        keyword_only=tuple(keyword_only),
        setup=tuple(setup),
        values=values,
        scope=scope,
        origin=Origin(file, name, first, 0, first, 1),
        fixed=frozenset(p.id for p in annotated if getattr(p.annotation, "id", "") == "fixed"),
    )


def _definition(function: Any) -> ast.FunctionDef:
    """The syntax of a function without its decorators, with the lines and columns of its file."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        raise RecipeError(f"the source of the recipe {function.__name__} is not found")
    block = inspect.getblock(lines[code.co_firstlineno - 1 :])
    indented = block[:1] and block[0][0].isspace()
    try:
        module = ast.parse("".join(["if 1:\n"] * bool(indented) + block))
    except SyntaxError:  # a part of an expression
        module = ast.Module([], [])
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            return ast.increment_lineno(node, code.co_firstlineno - 1 - bool(indented))
    raise RecipeError(f"a recipe is a function definition, which {function.__name__} is not")


def is_default(given: Any, default: gast.expr) -> bool:
    """An argument (its node, or its value) is the constant that is its default."""
    if isinstance(given, gast.AST):
        return tree.dump(given) == tree.dump(default)
    return isinstance(default, gast.Constant) and given is default.value


def _is_refusal(node: gast.AST) -> bool:
    """`refused("reason")`."""
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Name)
        and node.func.id == refused.__name__
        and len(node.args) == 1
        and isinstance(node.args[0], gast.Constant)
    )


def _adjoint_slot(statement: gast.AST) -> str | None:
    """The name `x` of a statement `d[x] = …`."""
    if isinstance(statement, gast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if (
            isinstance(target, gast.Subscript)
            and isinstance(target.value, gast.Name)
            and target.value.id == "d"
            and isinstance(target.slice, gast.Name)
        ):
            return target.slice.id
    return None
