"""Nested functions that stay functions in `specialise`: lambda lifting (Johnsson, "Lambda lifting", 1985).

    def fac(n):                                  def fac(n, x):
        return 1.0 if n == 0 else x * fac(n - 1)     return 1.0 if n == 0 else x * fac(n - 1, x)
    y = fac(4)                                   y = fac(4, x)

A function that is expanded, and would be again inside itself with the same functions as arguments, becomes a function
of its own, with the variables around it that it reads as further parameters. So does one of some length that is called
at several places, where that is sure to be the same: it binds and writes nothing around it, shares no memory with its
result, and reads what is surely bound at the call (a variable is passed as it is then). One that reads parts of what is
around it is expanded all the same: its gradient would have zeros for all the other parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import Summary
from tangent.errors import UnsupportedError
from tangent.lift import closure
from tangent.link import link
from tangent.program import Function, Program, Scope
from tangent.transforms.specialise_choices import Choices
from tangent.transforms.specialise_names import Copier, shown_origins, stored
from tangent.transforms.specialise_values import Closure, Constant, Known, State, Value
from tangent.transforms.specialise_walk import Result

__all__ = ["Lifted", "Lifting", "Recursive", "is_repeated"]

WRITTEN_AGAIN = 10  # so many statements in core form read better than a function and its calls


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
        function: it, once it is made.
    """

    name: str
    more: list[str] | None = None
    calls: list[gast.Call] = field(default_factory=list)
    function: Function | None = None


class Lifting(Choices):
    """A walk that lifts functions: recursive ones, and those that are called at several places.

    Attributes:
        lifted: what has been, by what was asked for.
        sites: where a function is called that may be, by its tree and its identity.
        expanded: functions that are not, by their trees.
        add_lifted: tells of a function that has been made.
        path: where the calls stand that are being expanded here.
        made_at: that, where a closure was made, by its tree and variables.
    """

    lifted: dict[Any, Lifted]
    sites: dict[Any, set[Any]]
    expanded: set[Any]
    add_lifted: Callable[[Function], None]
    summary_of: Callable[[Function], Summary]
    stack: list[Any]
    path: list[Any]
    made_at: dict[Any, Any]

    def returned(self, node: gast.expr) -> Result:
        raise NotImplementedError

    def enter(self, callee: Function, mapping: dict[str, gast.expr]) -> None:
        raise NotImplementedError

    def snapshot(self) -> Any:
        raise NotImplementedError

    def restore(self, snapshot: Any) -> None:
        raise NotImplementedError

    def is_worth_lifting(
        self, made: Closure, bound: dict[str, Any], statics: dict[str, Value]
    ) -> bool:
        """A call of a function that is called at several places, and is no matter of a line or two."""
        callee = made.template
        constants = [a.value for a in bound.values() if isinstance(a, gast.Constant)]
        if (
            callee.node in self.expanded
            or shown_origins(callee, self.statement) is not None
            or callee.meta.get("captured")
            or not all(isinstance(v, Known | Closure) for v in statics.values())
            or any(isinstance(a, list | dict) for a in bound.values())
            or any(isinstance(c, bool) or not isinstance(c, int | float) for c in constants)
        ):
            return False
        which = self.which_one(made), *((p, self.which_one(v)) for p, v in sorted(statics.items()))
        sites = self.sites.setdefault((callee.node, which), set())
        sites.add(tuple(self.path))
        return is_repeated(callee.node, sites)

    def which_one(self, value: Value) -> Any:
        """Which function a static value is, however its variables are called in this walk."""
        if isinstance(value, Closure):
            node = value.template.node
            return node, self.made_at.get((node, value.frame)) if value.frame else None
        return id(value.obj) if isinstance(value, Known) else value

    def lift_repeated(
        self,
        callee: Function,
        key: Any,
        bound: dict[str, Any],
        statics: dict[str, Value],
        mapping: dict[str, gast.expr],
    ) -> gast.Call | None:
        """Lift a function that is called at several places, unless something stands against it."""
        before = self.snapshot()
        try:
            call = self.lift(callee, key, bound, statics, mapping)
            if self.is_clean(self.lifted[key]):
                return call
        except UnsupportedError:
            pass
        self.restore(before)
        self.expanded.add(callee.node)
        return None

    def is_clean(self, lifted: Lifted) -> bool:
        """A function does as a call what it does in the place of it, and its gradient is as cheap."""
        function, more = lifted.function, lifted.more or []
        assert function is not None
        summary = self.summary_of(function)
        parts = {
            node.value.id
            for node in tree.walk(function.node)
            if isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name)
        }
        shares = summary.mutated or summary.shared or summary.outside
        return not shares and not parts & set(more) and self.state.surely.issuperset(more)

    def name_of(self, callee: Function) -> str:
        """A lifted function's name: its own, where the function around it has that for nothing else."""
        name = callee.name
        if name == "lambda_":
            known = self.state.values.items()
            same = (n for n, v in known if isinstance(v, Closure) and v.template is callee)
            name = next((n for n in same if n not in self.temporaries), name)
        stores = [s for s in tree.walk_statements(self.function.node.body) if name in stored([s])]
        if name in self.spelling.own and len(stores) == 1:
            value = getattr(stores[0], "value", None)
            if isinstance(value, gast.Call) and self.resolve(value.func) is closure:
                self.spelling.own.discard(name)
                return name
        return self.spelling.fresh(name)

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
        lifted = self.lifted[key] = Lifted(self.name_of(callee))
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
        self.state.bind(*parameters)
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
        own = self.own_names(
            mapping, outside, tree.names_in([*body], ctx=None) | {*parameters, *more}
        )
        parameters = [own[p].id if p in own else p for p in parameters]
        self.finish(callee, lifted, [*parameters, *more], Copier(own, callee).copy(body))
        return tree.call(
            tree.load(lifted.name), *self.passed(bound, statics), *(tree.load(n) for n in more)
        )

    @staticmethod
    def own_names(
        mapping: dict[str, gast.expr], outside: set[str], used: set[str]
    ) -> dict[str, gast.Name]:
        """The callee's own names for its variables, where they mean nothing else in the lifted function."""
        found: dict[str, gast.Name] = {}
        for name, atom in mapping.items():
            if isinstance(atom, gast.Name) and atom.id not in outside and name not in used:
                found[atom.id] = tree.load(name)
        return found

    def known_everywhere(self) -> State:
        """What denotes a function here does so inside the lifted one too."""
        values = {n: v for n, v in self.state.values.items() if not v.runtime}
        return State(values, dict(self.state.shapes), surely=set(self.state.surely))

    def walk_callee(self, callee: Function, mapping: dict[str, gast.expr]) -> Result:
        """Walk a callee's statements, its names written as `mapping` says. Returns what it gives."""
        for name in dict.fromkeys([*stored(callee.node.body), *sorted(callee.locals())]):
            if name not in mapping:
                mapping[name] = tree.load(self.spelling.variable(name))
        self.enter(callee, mapping)
        copier = Copier(mapping, callee, shown_origins(callee, self.statement))
        *statements, last = copier.copy(callee.node.body)
        outer = self.callee, self.frame, self.statement
        self.callee, self.frame = callee, mapping
        self.stack.append(callee.node)
        self.depth += 1
        for statement in statements:
            self.walk(statement)
        self.statement = last
        result = self.returned(last.value)
        self.depth -= 1
        self.stack.pop()
        self.callee, self.frame, self.statement = outer
        return result

    def lifted_body(self, callee: Function, mapping: dict[str, gast.expr]) -> list[Any]:
        outer, self.out, self.breaks = (self.out, self.breaks), [], []
        result = self.walk_callee(callee, mapping)
        last = callee.node.body[-1]
        if isinstance(result, list):
            result = gast.Tuple([self.runtime(a) for a in result], gast.Load())
        elif isinstance(result, Constant):
            result = tree.constant(result.value)
        elif isinstance(result, Value):
            self.statement = last
            raise self.refuse(f"`{callee.name}` calls itself, and returns a function or an object")
        if not isinstance(result, gast.Name | gast.Constant | gast.Tuple):
            name = self.spelling.variable("result")
            self.emit(tree.assign(name, result, last))
            result = tree.load(name)
        self.emit(tree.replace(last, value=result))
        body, (self.out, self.breaks) = self.out, outer
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
        lifted.function = function
        self.add_lifted(function)
        self.spelling.scope = self.spelling.scope.inject(**{lifted.name: made})


def is_repeated(node: gast.FunctionDef, sites: set[Any]) -> bool:
    """A function is called at so many places, and so long, that its body had better be written once."""
    length = len(list(tree.walk_statements(node.body)))
    return (len(sites) - 1) * length > WRITTEN_AGAIN
