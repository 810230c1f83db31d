"""Recursive nested functions in `specialise`: lambda lifting (Johnsson, "Lambda lifting", 1985).

    def fac(n):                                  def fac(n, x):
        return 1.0 if n == 0 else x * fac(n - 1)     return 1.0 if n == 0 else x * fac(n - 1, x)
    y = fac(4)                                   y = fac(4, x)

A function that is expanded, and would be again inside itself with the same functions as arguments, becomes a function
of its own, with the variables around it that it reads as further parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.link import link
from tangent.program import Function, Program, Scope
from tangent.transforms.specialise_choices import Choices
from tangent.transforms.specialise_names import Copier, shown_origins, stored
from tangent.transforms.specialise_values import State, Value
from tangent.transforms.specialise_walk import Result

__all__ = ["Lifted", "Recursion", "Recursive"]


class Recursive(Exception):
    """A function is to be expanded inside its own expansion."""

    def __init__(self, key: Any) -> None:
        super().__init__()
        self.key = key


@dataclass
class Lifted:
    """A function that is being lifted.

    Attributes:
        name: what it is called.
        more: the variables that it gets besides its arguments, None while they are not known.
        calls: its calls inside itself, which wait for these.
    """

    name: str
    more: list[str] | None = None
    calls: list[gast.Call] = field(default_factory=list)


class Recursion(Choices):
    """A walk that lifts recursive functions."""

    lifted: dict[Any, Lifted]
    lifted_functions: list[Function]

    def returned(self, node: gast.expr) -> Result:
        raise NotImplementedError

    def call_lifted(
        self, lifted: Lifted, bound: dict[str, Any], statics: dict[str, Value]
    ) -> gast.Call:
        """A call of a lifted function."""
        call = tree.call(tree.load(lifted.name), *self.passed(bound, statics))
        if lifted.more is None:
            lifted.calls.append(call)
        else:
            call.args += [tree.load(n) for n in lifted.more]
        return call

    def passed(self, bound: dict[str, Any], statics: dict[str, Value]) -> list[gast.expr]:
        return [self.runtime(tree.copy(a)) for p, a in bound.items() if p not in statics]

    def lift(
        self,
        callee: Function,
        key: Any,
        bound: dict[str, Any],
        statics: dict[str, Value],
        mapping: dict[str, gast.expr],
    ) -> gast.Call:
        """Make the function, and return its call from here."""
        if any(isinstance(a, list | dict) for a in bound.values()):
            raise self.refuse(f"`{callee.name}` takes a `*` or `**` parameter, and calls itself")
        lifted = self.lifted[key] = Lifted(self.spelling.fresh(callee.name))
        outside = set(self.spelling.own)
        outer, self.state = self.state, self.known_everywhere()
        parameters: list[str] = []
        for name in bound:
            variable = self.spelling.variable(name)
            mapping[name] = tree.load(variable)
            if name in statics:
                self.state.values[variable] = statics[name]
            else:
                parameters.append(variable)
        self.state.bound.update(parameters)
        body = self.lifted_body(callee, mapping)
        if rebound := (stored(body).keys() & outside):
            name = self.shown(min(rebound))
            raise self.refuse(
                f"`{callee.name}` calls itself, and rebinds `{name}` of the function around it",
                remedy=f"pass `{name}` as an argument, and return what it becomes",
            )
        read = tree.names_in(body)
        more = sorted(n for n in read & outside if n in self.spelling.own)
        lifted.more = more
        for call in lifted.calls:
            call.args += [tree.load(n) for n in more]
        self.state = outer
        self.finish(callee, lifted, [*parameters, *more], body)
        return tree.call(
            tree.load(lifted.name), *self.passed(bound, statics), *(tree.load(n) for n in more)
        )

    def known_everywhere(self) -> State:
        """What denotes a function here does so inside the lifted one too."""
        values = {n: v for n, v in self.state.values.items() if not v.runtime}
        return State(values, dict(self.state.shapes), set())

    def lifted_body(self, callee: Function, mapping: dict[str, gast.expr]) -> list[Any]:
        for name in sorted(callee.locals()):
            if name not in mapping:
                mapping[name] = tree.load(self.spelling.variable(name))
        *statements, last = Copier(mapping, callee, shown_origins(callee, self.statement)).copy(
            callee.node.body
        )
        outer = self.callee, self.frame, self.statement, self.out, self.breaks
        self.callee, self.frame, self.out, self.breaks = callee, mapping, [], []
        self.depth += 1
        for statement in statements:
            self.walk(statement)
        self.statement = last
        result = self.returned(last.value)
        if isinstance(result, list):
            result = gast.Tuple([self.runtime(a) for a in result], gast.Load())
        elif isinstance(result, Value):
            if not result.runtime:
                raise self.refuse(
                    f"`{callee.name}` calls itself, and returns a function or an object"
                )
            result = self.runtime(last.value)
        if not isinstance(result, gast.Name | gast.Constant | gast.Tuple):
            name = self.spelling.variable("result")
            self.emit(tree.assign(name, result, last))
            result = tree.load(name)
        self.emit(tree.replace(last, value=result))
        self.depth -= 1
        body = self.out
        self.callee, self.frame, self.statement, self.out, self.breaks = outer
        return body

    def finish(self, callee: Function, lifted: Lifted, names: list[str], body: list[Any]) -> None:
        arguments = gast.arguments(
            [gast.Name(n, gast.Param(), None, None) for n in names], [], None, [], [], None, []
        )
        node = gast.FunctionDef(lifted.name, arguments, body, [], None, None, [])
        tree.with_origins(node, callee.node)
        scope = self.spelling.scope
        injected = dict(scope.injected)
        function = Function(
            node=node,
            scope=Scope(scope.globals, scope.cells, injected),
            file=callee.file,
            promises=callee.promises,
        )
        made = link(Program((function,))).entry
        injected[lifted.name] = made  # from now on the name denotes it, inside it as well
        function = function.with_node(node, primal=made)
        self.lifted_functions.append(function)
        self.spelling.scope = self.spelling.scope.inject(**{lifted.name: made})
