"""Calls of which only the run knows what is called are marked, so that they can be differentiated then.

    before: y = g(x, k=w)              after: y = tangent.call(g, x, k=w)
            z = model.apply(y)                t = model.apply
                                              z = tangent.call(t, y)

Marked are those that get something which may depend on `wrt`. Where the object of a method may itself depend on
it, it is an argument of the method's function: `tangent.call(tangent.method(obj, "apply"), obj, y)`. A call that stays
as it is may do anything to its arguments; one that is marked is checked by the run not to write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import gast

from tangent import tree
from tangent.analysis.activity import wrt_names
from tangent.analysis.calls import Calls
from tangent.facts import Facts
from tangent.names import Names
from tangent.passes import ProgramPass, register_pass
from tangent.program import MISSING, Function, Program
from tangent.transforms.expand import Expander

__all__ = ["RuntimeCalls"]


@register_pass
@dataclass(frozen=True)
class RuntimeCalls(ProgramPass):
    """Mark the calls of what only the run knows.

    before: y = g(x)        after: y = tangent.call(g, x)
    """

    name: ClassVar[str] = "runtime_calls"
    needs: ClassVar[frozenset[str]] = frozenset({"anf"})

    def run_program(self, program: Program, options: Mapping[str, Any]) -> Program:
        return program.map(lambda f: mark(f, program, options))


def mark(function: Function, program: Program, options: Mapping[str, Any]) -> Function:
    """A function with its run-time calls marked."""
    calls = Calls(function, program)
    if not any(is_open(s, calls) for s in tree.walk_statements(function.node.body)):
        return function
    wrt = wrt_names(function, Facts(function, program, dict(options)))  # type: ignore[arg-type]
    marker = _Marker(function, calls, varied_names(function, wrt))
    body = marker.block(function.node.body)
    injected = marker.expander.injected
    return function.with_body(body, scope=function.scope.inject(**injected))


def is_open(statement: Any, calls: Calls) -> bool:
    """A call of which nothing is known before the run."""
    if not isinstance(statement, gast.Assign | gast.Expr) or not isinstance(
        call := statement.value, gast.Call
    ):
        return False
    if any(isinstance(a, gast.Starred) for a in call.args) or None in [
        k.arg for k in call.keywords
    ]:
        return False
    return calls.resolve(call.func) is MISSING and not calls.effect(call).known


def varied_names(function: Function, wrt: tuple[str, ...]) -> set[str]:
    """The names that may depend on `wrt`, in any order of the statements."""
    varied, size = set(wrt), 0
    statements = list(tree.walk_statements(function.node.body))
    while len(varied) > size:
        size = len(varied)
        for statement in statements:
            value = getattr(statement, "value", None)
            if isinstance(statement, gast.For):
                value = statement.iter
            if not isinstance(value, gast.AST) or not tree.names_in(value) & varied:
                continue
            for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
                while isinstance(target, gast.Subscript | gast.Attribute):
                    target = target.value
                if target is not None:
                    varied.update(tree.stored_names(target))
                    varied.update({target.id} if isinstance(target, gast.Name) else ())
    return varied


class _Marker(tree.Rewriter):
    def __init__(self, function: Function, calls: Calls, varied: set[str]) -> None:
        self.calls = calls
        self.varied = varied
        self.names = Names.of(function)
        self.expander = Expander(function, self.names)

    def block(self, body: list[Any]) -> list[Any]:
        return self.visit_block(body)

    def visit_Assign(self, node: gast.Assign) -> Any:
        return self.marked(node)

    visit_Expr = visit_Assign

    def marked(self, statement: Any) -> Any:
        if not is_open(statement, self.calls):
            return statement
        call = statement.value
        arguments = [*call.args, *(k.value for k in call.keywords)]
        func, before = call.func, []
        receiver: list[gast.expr] = []
        if isinstance(func, gast.Attribute):
            name = self.names.fresh(func.attr)
            value: gast.expr = func
            if tree.names_in(func.value) & self.varied:
                receiver = [func.value]
                value = self.expander.helper(
                    "method", tree.copy(func.value), gast.Constant(func.attr, None)
                )
            bound = tree.assign(name, value, statement)
            bound.temporary = True
            before = [bound]
            func = tree.load(name)
        if not tree.names_in([*arguments, *receiver]) & self.varied:
            return statement
        new = self.expander.helper("call", func, *receiver, *call.args)
        new = tree.replace(new, keywords=call.keywords)
        return [*before, tree.replace(statement, value=new)]
