"""Reverse mode through calls of functions with source.

    primal: h = layer(x, W, b)      mirror: bW, bb = layer_backward(bh, h, x, W, b)

A callee is differentiated with respect to the arguments that are active at the call. Where its backward pass needs
nothing but its arguments and its result, the call stays as it is; else it becomes a call of the callee's forward
half, which returns what has to be saved beside the value:

    primal: h, layer_saved = layer_forward(x, W, b)     mirror: bW, bb = layer_backward(layer_saved, bh)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import accumulates, is_runtime_call
from tangent.program import MISSING, Function
from tangent.transforms.adjoints import OWNED, Contribution, State
from tangent.transforms.expand import Operation, operation_of
from tangent.transforms.reverse_adding import mirror_addition
from tangent.transforms.reverse_flow import FlowMirror
from tangent.transforms.reverse_runtime import mirror_runtime_call

__all__ = ["CallMirror", "Derived", "bind_call", "result_names"]


@dataclass
class Derived:
    """A callee's backward half.

    Attributes:
        wrt: the parameters that it gives gradients of, in order.
        backward: its name.
        forward: the name of the forward half, or None where the call stays as it is.
        saved: for the latter case the parameters and results (`("parameter", p)` or `("result", k)`) that
            the backward half takes after the seeds.
    """

    wrt: tuple[str, ...]
    backward: str
    forward: str | None
    saved: tuple[tuple[str, Any], ...] = ()


def result_names(function: Function) -> list[gast.expr]:
    """The atoms that a function in core form returns; one for a single value."""
    value = function.node.body[-1].value
    return list(value.elts) if isinstance(value, gast.Tuple) else [value]


def bind_call(callee: Function, call: gast.Call) -> dict[str, Any] | None:
    """Argument nodes by parameter (MISSING: the default), or None where they don't fit."""
    a = callee.node.args
    positional = [p.id for p in [*a.posonlyargs, *a.args]]
    if len(call.args) > len(positional) or any(isinstance(x, gast.Starred) for x in call.args):
        return None
    bound: dict[str, Any] = dict(zip(positional, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in bound or keyword.arg not in callee.parameters:
            return None
        bound[keyword.arg] = keyword.value
    return {p: bound.get(p, MISSING) for p in callee.parameters}


class CallMirror(FlowMirror):
    """Adds the mirrors of calls.

    Args:
        context: the function.
        session: makes the derivatives of callees (see `transforms.derive`).
    """

    def __init__(self, context: Any, session: Any) -> None:
        super().__init__(context)
        self.session = session
        self.call_replacements: dict[gast.AST, list[Any]] = {}

    def is_user_call(self, statement: Any, value: gast.Call) -> bool:
        if is_runtime_call(value, self.c.function, self.c.locals):
            return True
        operation = operation_of(value, self.c.function, self.c.locals)
        return (
            operation is not None
            and operation.recipe is None
            and self.c.program.function_of(operation.function) is not None
        )

    def mirror_call(self, statement: Any, targets: list[str], state: State) -> None:
        call = statement.value
        if accumulates(call, self.c.function, self.c.locals):
            mirror_addition(self, statement, state)
            return
        if is_runtime_call(call, self.c.function, self.c.locals):
            mirror_runtime_call(self, statement, targets, state)
            return
        operation = operation_of(call, self.c.function, self.c.locals)
        callee = None if operation is None else self.c.program.function_of(operation.function)
        if callee is None:
            self.mirror_other_call(statement, operation, targets, state)
            return
        bound = bind_call(callee, call)
        if bound is None:
            raise self.unsupported(f"the arguments don't fit `{callee.name}`", statement)
        active = [
            p
            for p, a in bound.items()
            if isinstance(a, gast.Name) and self.c.active(a.id, statement)
        ]
        seeded = [t for t in targets if t in state]
        if not seeded or not active:
            for t in seeded:
                del state[t]
            return
        results = result_names(callee)
        packed = len(targets) == 1 and len(results) > 1
        if len(results) != len(targets) and not packed:
            raise self.unsupported(
                f"`{callee.name}` returns {len(results)} values, which are bound to {len(targets)} names",
                statement,
                remedy="unpack the result into one name for each value",
            )
        kinds = {p: self.c.kind(a, statement) for p, a in bound.items() if isinstance(a, gast.AST)}
        derived = self.session.derive(callee, tuple(active), kinds)
        seeds: list[gast.expr] = []
        for t in targets:
            seeds.append(self.adjoint(t) if t in state else self.zero(t, statement, True))
        if packed:
            (whole,) = seeds
            seeds = [element(tree.copy(whole), k) for k, _ in enumerate(results)]
        for t in seeded:
            del state[t]
        self.c.names.taken.add(derived.backward)
        if derived.forward is None:
            assert operation is not None
            self.freeze(statement, operation.function, callee.name)
            arguments = [*seeds]
            for what, which in derived.saved:
                if what == "result":
                    kept = self.c.need(targets[0 if packed else which], statement, True)
                    arguments.append(element(kept, which) if packed else kept)
                else:
                    arguments.append(self.argument(bound[which], which, callee, statement))
        else:
            self.c.names.taken.add(derived.forward)
            saved = self.saved_name(statement, callee, targets, derived)
            seed = seeds[0] if len(seeds) == 1 else gast.Tuple(seeds, gast.Load())
            arguments = [self.c.need(saved, statement, True), seed]
        result = tree.call(tree.load(derived.backward), *arguments)
        self.receive(statement, [bound[p].id for p in derived.wrt], result, state)

    def freeze(self, statement: Any, function: Any, name: str) -> None:
        """Let the primal call the function that was resolved, as the backward half derives from that.

        A user who gives the global another function later gets a new gradient by asking for it.
        """
        func = statement.value.func
        if isinstance(func, gast.Name):
            self.c.expander.injected[func.id] = function
        else:
            frozen = tree.replace(statement.value, func=self.c.expander.spell(function, name))
            self.call_replacements[statement] = [tree.replace(statement, value=frozen)]

    def argument(self, atom: Any, parameter: str, callee: Function, statement: Any) -> gast.expr:
        if isinstance(atom, gast.AST):
            return self.c.read(atom, statement)
        default = default_of(callee, parameter)
        if isinstance(default, int | float | str | bool | None):
            return tree.constant(default)
        return self.c.expander.spell(default, f"{callee.name}_{parameter}")

    def saved_name(
        self, statement: Any, callee: Function, targets: list[str], derived: Derived
    ) -> str:
        """Turn the primal call into one of the forward half. Returns the name of what it saves."""
        if statement in self.call_replacements:  # mirrored before, and the names of then given back
            known: str = self.call_replacements[statement][0].targets[0].elts[-1].id
            self.c.names.taken.add(known)
            return known
        name = self.c.names.fresh(f"{callee.name}_saved")
        self.c.new_value(name, self.c.values.loops[statement])
        stored: gast.expr = (
            tree.store(targets[0])
            if len(targets) == 1
            else gast.Tuple([tree.store(t) for t in targets], gast.Store())
        )
        assert derived.forward is not None
        call = tree.replace(statement.value, func=tree.load(derived.forward))
        target = gast.Tuple([stored, tree.store(name)], gast.Store())
        self.call_replacements[statement] = [tree.assign(target, call, statement)]
        if self.may_be_overwritten(statement, targets):
            kept = self.c.expander.helper("keep", tree.load(name))
            self.call_replacements[statement].append(tree.assign(name, kept, statement))
        return name

    def may_be_overwritten(self, statement: Any, targets: list[str]) -> bool:
        """What a call saves may be an argument or a result, and that may be written in place later."""
        aliases = self.c.aliases
        names = tree.names_in(statement.value) & self.c.locals
        places = [aliases.place(statement, n) for n in names]
        places += [aliases.place(statement, t, after=True) for t in targets]
        return any(
            aliases.written(write) & place.reach
            for write in self.c.statements
            if write in self.c.values.before and self.c.may_follow(statement, write)
            for place in places
        )

    def receive(self, statement: Any, names: list[str], result: gast.expr, state: State) -> None:
        """Add the gradients that a backward half returns to the adjoints of the arguments."""
        taken: list[str] = []
        later: list[tuple[str, str]] = []
        for name in names:
            if self.has_adjoint(state, name) or self.adjoint_name(name) in taken:
                temporary = self.c.names.fresh("g")
                taken.append(temporary)
                later.append((name, temporary))
            else:
                taken.append(self.adjoint_name(name))
        if len(taken) == 1:
            self.emit(tree.assign(taken[0], result))
        else:
            target = gast.Tuple([tree.store(t) for t in taken], gast.Store())
            self.emit(tree.assign(target, result))
        for name in names:
            if not self.c.views.is_involved(name):
                state.setdefault(name, OWNED)
        for name, temporary in later:
            self.contribute(state, name, Contribution(tree.load(temporary), True), statement)

    def mirror_other_call(
        self, statement: Any, operation: Any, targets: list[str], state: State
    ) -> None:
        """A call of something else: of no matter unless something active goes in and comes out."""
        call = statement.value
        names = tree.names_in(call) & self.c.locals
        if not any(t in state for t in targets):
            return
        if any(self.c.active(n, statement) for n in names):
            assert operation is not None  # it is a call
            if operation.recipe is None:
                raise self.no_recipe(operation, statement)
            self.mirror_results(statement, operation, targets, state)
        for t in targets:
            state.pop(t, None)

    def mirror_results(
        self, statement: Any, operation: Operation, targets: list[str], state: State
    ) -> None:
        """The mirror of `w, v = f(x)` by f's recipe: `d[y]` is a tuple of the results' adjoints."""
        adjoints: list[gast.expr] = []
        for t in targets:
            self.fill(state, t, statement, True)
            adjoint = self.adjoint(t) if t in state else self.zero(t, statement, True, bound=True)
            adjoint.is_absent = t not in state
            adjoints.append(adjoint)
        active = [
            (parameter, atom.id)
            for parameter, atom in operation.atoms
            if isinstance(atom, gast.Name) and self.c.active(atom.id, statement)
        ]
        by = gast.Tuple(adjoints, gast.Load())
        terms = self.terms(
            operation, operation.recipe, statement, targets[0], by, active, results=targets
        )
        for t in targets:
            state.pop(t, None)
        for name, term in terms:
            self.contribute(state, name, term, statement)


def element(node: gast.expr, position: int) -> gast.expr:
    return gast.Subscript(node, gast.Constant(position, None), gast.Load())


def default_of(callee: Function, parameter: str) -> Any:
    """A callee's default object for a parameter."""
    a = callee.node.args
    positional = [p.id for p in [*a.posonlyargs, *a.args]]
    if parameter in callee.kwdefaults:
        return callee.kwdefaults[parameter]
    offset = len(positional) - len(callee.defaults)
    if parameter in positional and positional.index(parameter) >= offset:
        return callee.defaults[positional.index(parameter) - offset]
    return MISSING
