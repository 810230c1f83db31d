"""Writes into what outlives the call: a global array, a cell.

    def f(x):
        LAST[0] = x[0]              # refused: the gradient does not follow a value through `LAST`
        return np.sum(LAST * x)

Constants may be written there, values that don't depend on `wrt`, and what no function here reads again (a log).
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.analysis.aliases import PlainAliases
from tangent.errors import UnsupportedError
from tangent.facts import Facts
from tangent.program import Function, Program
from tangent.transforms.context import Context
from tangent.transforms.expand import operation_of

__all__ = ["check_outside_writes"]


def check_outside_writes(context: Context) -> None:
    """Refuse a statement that writes a value that varies with `wrt` into a free name's object.

    Raises:
        UnsupportedError: there is one, here or in a function that is called here.
    """
    varied = context.activity.varied.before
    for statement in context.statements:
        if statement not in varied or isinstance(statement, gast.For | gast.While | gast.If):
            continue
        value = getattr(statement, "value", None)
        if not isinstance(value, gast.AST) or not tree.names_in(value) & varied[statement]:
            continue
        writer = context.function
        name = free_name_written(context.aliases, [statement])
        if name is None:
            name, writer = written_by_callee(context, value)
        if name is not None and is_read(name, writer, context.program):
            if writer.scope.lookup(name) is writer.scope.globals:
                name = ", ".join(sorted(entries_written(writer, name)))
            raise UnsupportedError(
                f"a value that varies with what is differentiated is written into `{name}`",
                context.origin(statement),
                why=f"`{name}` outlives the call, and the derivative does not follow values through it",
                remedy="return the value as well, and let the caller store it",
            )


def is_read(name: str, writer: Function, program: Program) -> bool:
    """Some function of the program reads the object that a free name of one of them denotes."""
    written = writer.scope.lookup(name)
    if written is writer.scope.globals:  # `global`: see `transforms.desugar`
        return any(
            reads_entries(f, written, entries_written(writer, name)) for f in program.functions
        )
    for function in (writer, *program.functions):
        local_names = function.locals()
        written_through = {
            id(n) for s in tree.walk_statements(function.node.body) for n in receivers(s)
        }
        for node in gast.walk(function.node):
            if (
                isinstance(node, gast.Name)
                and node.id not in local_names
                and id(node) not in written_through
            ):
                if node.id == name or function.scope.lookup(node.id) is written:
                    return True
    return False


def entries_written(writer: Function, name: str) -> set[str]:
    """The keys under which a function writes into the dictionary of its module."""
    return {
        node.slice.value
        for node in gast.walk(writer.node)
        if isinstance(node, gast.Subscript)
        and isinstance(node.ctx, gast.Store)
        and isinstance(node.value, gast.Name)
        and node.value.id == name
    }


def reads_entries(function: Function, entries: dict[str, Any], keys: set[str]) -> bool:
    """A function reads one of these globals, as a name, as an entry or as an attribute."""
    local_names = function.locals()
    for node in gast.walk(function.node):
        if not isinstance(getattr(node, "ctx", None), gast.Load):
            continue
        if isinstance(node, gast.Name):
            own = node.id in local_names or function.scope.globals is not entries
            if node.id in keys and not own:
                return True
        elif isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name):
            key = getattr(node.slice, "value", None)
            if function.resolve(node.value, local_names) is entries and key in keys:
                return True
        elif isinstance(node, gast.Attribute) and node.attr in keys:
            return True
    return False


def receivers(statement: Any) -> list[gast.AST]:
    """The names through which a statement does nothing but write: A of `A[i] = e`, of `A.append(e)`."""
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    if isinstance(statement, gast.Expr) and isinstance(statement.value, gast.Call):
        targets = [statement.value.func]
    return [t.value for t in targets if isinstance(t, gast.Subscript | gast.Attribute)]


def free_name_written(aliases: Any, statements: list[Any]) -> str | None:
    """A free name through whose object one of these statements writes."""
    for statement in statements:
        if statement not in aliases.before.raw:
            continue  # unreachable
        for location in sorted(aliases.locations_written(statement), key=str):
            if location.kind == "free":
                name: str = location.name
                return name
    return None


def written_by_callee(context: Context, value: gast.AST) -> tuple[str | None, Function]:
    """A free name that a function called by an expression, or one that that calls, writes through."""
    todo = called_functions(context.function, [value], context.program)
    seen: set[int] = set()
    while todo:
        callee = todo.pop()
        if id(callee.node) in seen:
            continue
        seen.add(id(callee.node))
        statements = list(tree.walk_statements(callee.node.body))
        aliases = Facts(callee, context.program)[PlainAliases]
        name = free_name_written(aliases, statements)
        if name is not None:
            return name, callee
        todo += called_functions(callee, statements, context.program)
    return None, context.function


def called_functions(function: Function, nodes: list[Any], program: Program) -> list[Function]:
    """The functions with source that are called in some nodes."""
    found = []
    local_names = function.locals()
    for node in nodes:
        for inner in gast.walk(node):
            if isinstance(inner, gast.Call):
                operation = operation_of(inner, function, local_names)
                callee = None if operation is None else program.function_of(operation.function)
                if callee is not None:
                    found.append(callee)
    return found
