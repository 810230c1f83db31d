"""Forward mode through calls: functions with source, lists, and what has several results.

    primal: h = layer(x, W, b)      tangent: h, dh = layer_tangent(x, W, b, dW, db)
            xs.append(v)                     dxs.append(dv)

A callee is differentiated with respect to the arguments that have a tangent at the call. Its
tangent version returns the value and its tangent; where it writes an argument in place, it does so
to the argument's tangent.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import accumulates, is_runtime_call
from tangent.analysis.effects import mutated_parameters
from tangent.program import Function
from tangent.transforms.expand import operation_of
from tangent.transforms.forward import State
from tangent.transforms.forward_flow import FlowTangents
from tangent.transforms.reverse_calls import bind_call
from tangent.transforms.reverse_runtime import active_arguments

__all__ = ["CallTangents", "takes_positions"]

# Methods of lists that do to the tangent what they do to the list, with the positions of values.
LIST_METHODS: dict[str, tuple[int, ...]] = {
    "append": (0,),
    "extend": (0,),
    "insert": (1,),
    "pop": (),
    "clear": (),
    "reverse": (),
}


def takes_positions(function: Function) -> bool:
    """Whether more positional parameters can follow those of a function."""
    a = function.node.args
    return not (a.defaults or a.vararg or a.kwonlyargs or a.kwarg)


class CallTangents(FlowTangents):
    """Adds the tangents of calls.

    Args:
        context: the function.
        forced: see `Tangents`.
        session: makes the tangent versions of callees (see `transforms.forward_mode`).
    """

    def __init__(self, context: Any, forced: set[str], session: Any) -> None:
        super().__init__(context, forced)
        self.session = session

    def is_user_call(self, value: gast.Call) -> bool:
        operation = operation_of(value, self.c.function, self.c.locals)
        if is_runtime_call(value, self.c.function, self.c.locals):
            return True
        return (
            operation is not None
            and operation.recipe is None
            and self.c.program.function_of(operation.function) is not None
        )

    def call(self, statement: Any, targets: list[str], state: State) -> None:
        call = statement.value
        if not isinstance(call, gast.Call):
            self.out.append(statement)
            return
        if is_runtime_call(call, self.c.function, self.c.locals):
            self.runtime_call(statement, targets, state)
            return
        operation = operation_of(call, self.c.function, self.c.locals)
        callee = None if operation is None else self.c.program.function_of(operation.function)
        if callee is None or (operation is not None and operation.recipe is not None):
            self.other_call(statement, operation, targets, state)
        else:
            self.user_call(statement, callee, targets, state)

    # --- functions with source

    def user_call(self, statement: Any, callee: Function, targets: list[str], state: State) -> None:
        bound = bind_call(callee, statement.value)
        if bound is None:
            raise self.unsupported(f"the arguments don't fit `{callee.name}`", statement)
        names = {p: a.id for p, a in bound.items() if isinstance(a, gast.Name)}
        active = self.c.activity.after[statement] | self.c.written_names
        mutated = mutated_parameters(callee, self.c.program)
        outputs = tuple(
            p
            for p, name in names.items()
            if p in mutated
            and name in active
            and not self.c.kind_of_name(name, statement).is_number
        )
        wrt = [p for p, name in names.items() if name in state]
        if not wrt or not (outputs or active & set(targets)):
            self.out.append(statement)
            for target in targets:
                self.bind(statement, target, None, state)
            return
        for p in outputs:
            self.prepare_write(state, names[p], statement)
        wrt = [p for p in callee.parameters if p in wrt or p in outputs]
        kinds = {p: self.c.kind(a, statement) for p, a in bound.items() if isinstance(a, gast.AST)}
        name = self.session.derive(callee, tuple(wrt), outputs, kinds)
        self.c.names.taken.add(name)
        self.reserved.add(name)
        new = tree.replace(tree.copy(statement.value), func=tree.load(name))
        tangents = [self.tangent(names[p]) for p in wrt]
        if takes_positions(callee) and not new.keywords:
            new.args.extend(tangents)
        else:
            parameters = self.session.tangent_parameters(callee, tuple(wrt))
            new.keywords.extend(map(gast.keyword, parameters, tangents))
        if not targets:
            self.emit(gast.Expr(new))
            return
        pairs = [packed(targets), packed([self.tangent_name(t) for t in targets])]
        self.emit(gast.Assign([gast.Tuple(pairs, gast.Store())], new, None))
        for target in targets:
            state.pop(target, None)
            if target in active or target in self.forced:
                state[target] = None

    # --- functions that only the run knows

    def runtime_call(self, statement: Any, targets: list[str], state: State) -> None:
        """`y, dy = tangent.pushforward(g, (0,))(x, tangents=(dx,))` for `y = tangent.call(g, x)`."""
        call = statement.value
        names, which = active_arguments(call, lambda name: name in state)
        active = self.c.activity.after[statement] | self.c.written_names
        if not names or not active & set(targets):
            self.out.append(statement)
            for target in targets:
                self.bind(statement, target, None, state)
            return
        function, *args = call.args
        word, number = "tangents", 1
        while word in [k.arg for k in call.keywords]:  # of a tangent version
            number += 1
            word = f"tangents{number}"
        more = [] if number == 1 else [gast.Constant(word, None)]
        tangents = gast.Tuple([self.tangent(n) for n in names], gast.Load())
        new = tree.replace(
            tree.copy(call),
            func=self.c.expander.helper("pushforward", tree.copy(function), which, *more),
            args=[tree.copy(a) for a in args],
        )
        new.keywords.append(gast.keyword(word, tangents))
        pairs = [packed(targets), packed([self.tangent_name(t) for t in targets])]
        self.emit(gast.Assign([gast.Tuple(pairs, gast.Store())], new, None))
        arguments = [a.id for a in args if isinstance(a, gast.Name)]
        if {*targets, *arguments} & self.c.written_names:
            for target in targets:  # its tangent is a new object, and so has to be the value
                own = self.c.expander.helper("check_own", tree.load(target), tree.copy(function))
                self.emit(gast.Expr(own))
                for name in arguments:
                    words = gast.Constant(target, None), gast.Constant(name, None)
                    apart = tree.load(target), tree.load(name)
                    check = self.c.expander.helper("check_apart", *apart, *words)
                    self.emit(gast.Expr(check))
        for target in targets:
            state.pop(target, None)
            if target in active or target in self.forced:
                state[target] = None

    # --- lists

    def list_method(self, call: gast.expr) -> tuple[str, str] | None:
        """The list and the method of `xs.append(v)` and its like."""
        if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute)):
            return None
        base, method = call.func.value, call.func.attr
        if not isinstance(base, gast.Name) or base.id not in self.c.locals:
            return None
        return (base.id, method) if method in LIST_METHODS else None

    def popped(self, value: gast.expr, state: State) -> gast.expr | None:
        """`dxs.pop()` for `xs.pop()`; it is done whether or not what it returns matters."""
        found = self.list_method(value)
        if found is None or found[1] != "pop" or found[0] not in state:
            return None
        assert isinstance(value, gast.Call)
        return self.tangent_of_method(value, found, state)

    def tangent_of_method(self, call: gast.Call, found: tuple[str, str], state: State) -> gast.Call:
        base, method = found
        values = LIST_METHODS[method]
        arguments = [
            self.tangent_or_zero(a, self.current, state) if i in values else tree.copy(a)
            for i, a in enumerate(call.args)
        ]
        return tree.call(tree.attribute(self.tangent(base), method), *arguments)

    def change_list(self, statement: Any, found: tuple[str, str], state: State) -> None:
        base, method = found
        values = [a for i, a in enumerate(statement.value.args) if i in LIST_METHODS[method]]
        active = any(isinstance(v, gast.Name) and v.id in state for v in values)
        if self.is_written_active(statement) and active and base not in state:
            if base not in self.forced:
                self.force([base])  # `xs = []`, `dxs = []`
            self.prepare_write(state, base, statement)  # an argument
        if base in state:
            self.emit(gast.Expr(self.tangent_of_method(statement.value, found, state)))
        self.out.append(statement)

    # --- other calls

    def other_call(self, statement: Any, operation: Any, targets: list[str], state: State) -> None:
        """A recipe with several results, a method of a list, or something that is of no matter."""
        call = statement.value
        if targets:
            self.out.append(statement)
            expr = None
            if self.c.activity.after[statement] & set(targets):
                expr = self.tangent_of(statement, call, targets, state)
            if expr is None:
                for target in targets:
                    self.bind(statement, target, None, state)
                return
            self.emit(gast.Assign([packed([self.tangent_name(t) for t in targets])], expr, None))
            state.update(dict.fromkeys(targets))
            return
        found = self.list_method(call)
        if found is not None:
            self.change_list(statement, found, state)
            return
        if accumulates(call, self.c.function, self.c.locals):
            self.add_at(statement, state)
            return
        self.out.append(statement)
        written = [
            n
            for n in sorted(self.c.aliases.changed_names(statement))
            if self.c.sharing.active_around(n, statement)
        ]
        if written and (operation is None or operation.recipe is None):
            raise self.unsupported(
                f"`{tree.unparse(call.func)}` may write `{written[0]}` in place, "
                "and the derivative depends on it",
                statement,
                remedy="assign to elements or slices instead",
            )

    def add_at(self, statement: Any, state: State) -> None:
        """`np.add.at(A, i, v)`: linear in both."""
        call = statement.value
        base, value = call.args[0], call.args[2]
        active = isinstance(value, gast.Name) and value.id in state
        if isinstance(base, gast.Name) and active and self.is_written_active(statement):
            self.c.sharing.check_storage(base.id, statement)
            self.prepare_write(state, base.id, statement)
            self.out.append(statement)
            arguments = [self.tangent(base.id), tree.copy(call.args[1]), self.tangent(value.id)]
            self.emit(gast.Expr(tree.call(tree.copy(call.func), *arguments)))
        else:
            self.out.append(statement)


def packed(names: list[str]) -> gast.expr:
    """A target for one name or several."""
    if len(names) == 1:
        return tree.store(names[0])
    return gast.Tuple([tree.store(n) for n in names], gast.Store())
