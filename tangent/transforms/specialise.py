"""Specialisation: calls whose callee has to be seen are expanded in place.

    before: def fill(y, x):              after: y_0 = x[0] * 2.0
                y[0] = x[0] * 2.0               z[0] = y_0
            fill(z, x)

Most calls stay calls. Expanded are those of functions that write an argument, of nested functions, of what gets or
returns a function, and those whose arguments have stars: see `specialise_expand`. The pass is a partial evaluator: it walks a
function once, in order, and knows of some names *what* they denote (`specialise_values`: the lattice; `specialise_walk`: statements,
branches, loops; `specialise_names`: how a callee's names are written here; `specialise_calls`: which parameter gets what).

To teach it another sort of object: a class of `Value`; what makes it (`Calls.apply`, or `Walk.value`); what reads
it (`Calls.apply` where it is called, `Walk.value` for its parts).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import gast

from tangent import parse, tree
from tangent.analysis.calls import Summary
from tangent.analysis.summaries import summary_of
from tangent.errors import TangentError, UnsupportedError
from tangent.inner_gradients import derivative
from tangent.parse import callees
from tangent.passes import ProgramPass, pipeline, register_pass
from tangent.program import Function, Program
from tangent.transforms.specialise_merging import Notes, Restart
from tangent.transforms.specialise_names import Spelling
from tangent.transforms.specialise_objects import Objects
from tangent.transforms.specialise_values import Constant, Value
from tangent.transforms.specialise_walk import NeedsUnrolling

__all__ = ["Specialise"]


@register_pass
@dataclass(frozen=True)
class Specialise(ProgramPass):
    """Expand the calls whose callee has to be seen.

    before: fill(z, x)        after: y_0 = x[0] * 2.0
                                     z[0] = y_0
    """

    name: ClassVar[str] = "specialise"
    needs: ClassVar[frozenset[str]] = frozenset({"anf"})

    def run_program(self, program: Program, options: Mapping[str, Any]) -> Program:
        driver = _Driver(program)
        made = driver.of(program.entry)
        if made.error is not None:
            raise made.error
        functions = driver.reachable()
        program = driver.program
        opaque = dict(program.opaque)
        for function in program.functions:
            error = (
                driver.made[id(function.node)].error if id(function.node) in driver.made else None
            )
            if error is not None and function.primal is not None:
                opaque[function.primal] = error
        new = program.with_functions(functions)
        if len(opaque) > len(program.opaque):
            new = replace(new, opaque=opaque)
        return new


@dataclass
class _Made:
    """A function that has been walked by itself.

    Attributes:
        function: what it became.
        static: its result is a static value.
        error: why it can't be had by itself.
    """

    function: Function
    static: bool = False
    error: TangentError | None = None


class _Driver:
    """Walks functions when they are asked for, callees before callers."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.made: dict[int, _Made] = {}
        self.under_way: set[int] = set()
        self.table: dict[int, tuple[Function, Summary]] = {}
        self.lifted: list[Function] = []
        self.derived: dict[tuple[int, Any, str], Function | None] = {}

    def function_of(self, obj: Any) -> Function | None:
        for function in self.lifted:
            if function.primal is obj:
                return function
        return self.program.function_of(obj)

    def load(self, obj: Any) -> Function:
        """The function of a method, which is read when it is needed, with what it calls."""
        known = self.function_of(obj)
        if known is not None:
            return known
        if obj in self.program.opaque:
            raise self.program.opaque[obj]
        return self.read(self.written_out(parse.parse(obj)))

    @staticmethod
    def written_out(function: Function) -> Function:
        """One that we have written has its globals as names of ours."""
        own = function.scope.globals
        if own.get("__name__") == "tangent.targets":  # one that we have written
            names = {n: v for n, v in own.items() if not n.startswith("__")}
            function = replace(function, scope=function.scope.inject(**names))
        return function

    def read(self, function: Function) -> Function:
        """A function that is added to the program, in core form, with what it calls."""
        loaded = parse.load(function)
        for step in pipeline(("desugar", "exits", "anf")):  # observers watch one pass at a time
            loaded = step.run_program(loaded, {})
        there = {id(f.primal) for f in self.program.functions if f.primal is not None}
        new = [f for f in loaded.functions if id(f.primal) not in there]
        opaque = {**loaded.opaque, **self.program.opaque}
        functions = (*self.program.functions, *new)
        self.program = replace(self.program, functions=functions, opaque=opaque)
        return new[0]

    def derive(self, template: Function, maker: Any, call: gast.Call) -> Function | None:
        """What `tangent.grad` or its like gives for a nested function, as a template."""
        key = id(template.node), maker, tree.unparse(tree.replace(call, args=call.args[1:]))
        if key not in self.derived:
            made = derivative(template, maker, call)
            self.derived[key] = None if made is None else self.read(made)
        return self.derived[key]

    def of(self, function: Function) -> _Made:
        key = id(function.node)
        if key not in self.made:
            self.under_way.add(key)
            self.made[key] = self.walk(function)
            self.under_way.discard(key)
        return self.made[key]

    def walk(self, function: Function) -> _Made:
        notes = Notes()
        while True:
            try:
                return self.walk_with(function, notes)
            except Restart:
                continue

    def walk_with(self, function: Function, notes: Notes) -> _Made:
        spelling = Spelling(function, self.program.functions)
        calls = Objects(function, spelling, self.function_of, self.summary_of, self.gives_static)
        calls.load, calls.notes, calls.building = self.load, notes, set()
        calls.derive, calls.add_lifted = self.derive, self.add_lifted
        calls.sites, calls.expanded = notes.sites, notes.expanded
        known = notes.repeated()
        *body, last = function.node.body
        try:
            new = calls.block(body)
            outer, calls.statement = calls.statement, last
            result = calls.returned(last.value)
            if isinstance(result, Value) and not isinstance(result, Constant):
                if function is not self.program.entry:
                    return _Made(function, static=True)
            calls.statement = outer
            new += calls.block([last])
        except TangentError as error:
            if isinstance(error, NeedsUnrolling):
                error = UnsupportedError(
                    error.reason, error.origin, why=error.why, remedy=error.remedy
                )
            return _Made(function, error=error)
        if notes.repeated() - known:
            raise Restart  # the first calls of a function that is lifted can stay calls too
        if tree.same_items(new, function.node.body):
            return _Made(function)
        new = _without_unread(new, calls.tags)
        meta = {k: v for k, v in function.meta.items() if k not in ("captured", "volatile")}
        return _Made(function.with_body(new, scope=spelling.scope, meta=meta))

    def add_lifted(self, function: Function) -> None:
        self.lifted.append(function)
        self.made[id(function.node)] = _Made(function)

    def summary_of(self, function: Function) -> Summary:
        """What calling a function does, its own calls expanded where they have to be."""
        if id(function.node) not in self.under_way:
            made = self.of(function)
            if made.static or made.error:
                return Summary(world=True, mutated=frozenset(function.parameters))
            function = made.function
        functions = [
            self.made[id(f.node)].function if id(f.node) in self.made else f
            for f in (*self.program.functions, *self.lifted)
        ]
        probe = Program(tuple(functions))
        vars(probe)["_summaries"] = self.table
        return summary_of(function, probe)

    def gives_static(self, function: Function) -> bool:
        return id(function.node) not in self.under_way and self.of(function).static

    def reachable(self) -> list[Function]:
        """What the entry became, and what is still called, in the order of the program."""
        changed = any(
            made.function.node is not f.node
            for f in self.program.functions
            if (made := self.made.get(id(f.node))) is not None
        )
        if not changed and not any("free" in f.meta for f in self.program.functions):
            return list(self.program.functions)
        pending, kept = [self.program.entry], set()
        while pending:
            function = pending.pop()
            if id(function.node) in kept:
                continue
            kept.add(id(function.node))
            for obj in callees(self.of(function).function):
                callee = self.function_of(obj)
                if callee is not None and self.of(callee).error is None:
                    pending.append(callee)
        functions = [*self.program.functions, *self.lifted]
        return [self.of(f).function for f in functions if id(f.node) in kept]


def _without_unread(body: list[Any], tags: set[str]) -> list[Any]:
    """Without the assignments of tags that nobody reads."""
    unread = tags - tree.names_in(body)
    if not unread:
        return body

    class Sweep(tree.Rewriter):
        def visit_Assign(self, node: gast.Assign) -> gast.Assign | None:
            return None if set(tree.stored_names(node.targets[0])) & unread else node

    return Sweep().visit_block(body)
