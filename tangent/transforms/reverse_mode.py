"""The pass "reverse": from a program in core form to the program of its gradient.

def f(x, w): ...        def dfdx(x, w, init_grad=1.0): ...      (and the halves of its callees)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.promises import promised_kinds
from tangent.passes import ProgramPass, register_pass
from tangent.program import Function, Program
from tangent.recipes.kinds import FLOAT
from tangent.transforms.derive import Derivation, Mirrored
from tangent.transforms.missing import missing_recipes_first
from tangent.transforms.numbers import (
    as_numbers,
    fits_shapes_in_loops,
    needs_no_fit,
    with_numbers_form,
)

__all__ = ["Reverse", "derivative_name", "with_extra_parameters"]


def derivative_name(function: Function, wrt: tuple[str, ...]) -> str:
    """`dfdx` for f with respect to x, `dfdWb` for W and b."""
    return f"d{function.name}d{''.join(wrt)}"


def with_extra_parameters(
    node: gast.FunctionDef, names: list[str], defaults: list[Any], keyword_only: bool
) -> gast.arguments:
    """A function's parameters with more after them: keyword-only where positions are taken."""
    old = node.args
    nodes = [gast.Name(n, gast.Param(), None, None) for n in names]
    values = [None if d is None else gast.Constant(d, None) for d in defaults]
    if keyword_only or old.vararg or old.defaults:
        return tree.replace(
            old,
            kwonlyargs=[*old.kwonlyargs, *nodes],
            kw_defaults=[*old.kw_defaults, *values],
        )
    given = [v for v in values if v is not None]
    return tree.replace(old, args=[*old.args, *nodes], defaults=[*old.defaults, *given])


def passed_on(name: str, function: Function) -> gast.Call:
    """A call of a function that takes the parameters of another, with these."""
    a = function.node.args
    positional: list[gast.expr] = [tree.load(p.id) for p in [*a.posonlyargs, *a.args]]
    if a.vararg is not None:
        positional.append(gast.Starred(tree.load(a.vararg.id), gast.Load()))
    call = tree.call(tree.load(name), *positional)
    call.keywords = [gast.keyword(p.id, tree.load(p.id)) for p in a.kwonlyargs]
    if a.kwarg is not None:
        call.keywords.append(gast.keyword(None, tree.load(a.kwarg.id)))
    return call


@register_pass
@dataclass(frozen=True)
class Reverse(ProgramPass):
    """Reverse mode with respect to the option `wrt` (see `transforms.reverse` for the rules).

    Options read: `wrt`, `preserve_result`, `check_dims`, `motion`, `seed_default`.
    """

    name = "reverse"
    needs = frozenset({"anf", "versioned"})
    promises = frozenset({"emitted"})

    def run_program(self, program: Program, options: Mapping[str, Any]) -> Program:
        entry = program.entry
        wrt = tuple(options["wrt"])
        derivation = Derivation(program, options)
        split = options.get("motion") == "split"
        if split:
            options = {**options, "preserve_result": True}
        with missing_recipes_first(program, options):
            mirrored = derivation.mirror(entry, wrt, options, seed="init_grad")
        if split:
            functions = self.split(derivation, mirrored, options)
        else:
            functions = [self.joint(mirrored, options)]
            if options.get("numbers_form", True) and fits_shapes_in_loops(mirrored.backward):
                functions = self.with_numbers(program, functions[0], derivation, wrt)
        return program.with_functions([functions[0], *derivation.functions, *functions[1:]])

    def with_numbers(
        self, program: Program, general: Function, derivation: Derivation, wrt: tuple[str, ...]
    ) -> list[Function]:
        """The general form and, for loops over scalars, one for numbers (see `transforms.numbers`)."""
        options = derivation.options
        entry = as_numbers(program.entry, program)
        if entry is None or options.get("like") is not None:
            return [general]
        again = Derivation(
            program.with_functions([entry, *program.functions[1:]]), options, "_numbers"
        )
        again.names.taken |= derivation.names.taken
        mirrored = again.mirror(entry, wrt, options, seed="init_grad")
        halves = (statement for f in again.functions for statement in f.node.body)
        if not needs_no_fit([*mirrored.backward, *halves]):
            return [general]
        return [*with_numbers_form(general, self.joint(mirrored, options)), *again.functions]

    def joint(self, m: Mirrored, options: Mapping[str, Any]) -> Function:
        """Primal and mirror in one function."""
        more: list[Any] = [m.value] if options.get("preserve_result") else []
        backward = list(m.backward)
        if backward and any(isinstance(s, gast.For | gast.While) for s in m.primal):
            first = tree.replace(backward[0])
            first.note = "Backward pass"
            backward[0] = first
        body = [*m.primal, *backward, Derivation.return_gradients(m, *more)]
        return self.entry_function(m, body, options)

    def entry_function(self, m: Mirrored, body: list[Any], options: Mapping[str, Any]) -> Function:
        function = m.function
        default = 1.0 if options.get("seed_default", True) else None
        arguments = with_extra_parameters(function.node, [m.seed], [default], False)
        node = tree.replace(
            function.node,
            name=derivative_name(function, m.wrt),
            args=tree.copy(arguments),
            body=tree.copy(body),
            returns=None,
        )
        keyword_only = any(p.id == m.seed for p in arguments.kwonlyargs)
        defaults = function.defaults
        kwdefaults = dict(function.kwdefaults)
        if default is not None:
            if keyword_only:
                kwdefaults[m.seed] = default
            else:
                defaults = (*defaults, default)
        kinds = dict(function.meta.get("kinds") or promised_kinds(function, None, options))
        if options.get("check_dims"):
            kinds[m.seed] = FLOAT
        return Function(
            node=node,
            scope=function.scope.inject(**m.injected),
            file=function.file,
            defaults=defaults,
            kwdefaults=kwdefaults,
            promises=frozenset({"emitted"}),
            meta={
                "derived_from": function,
                "wrt": m.wrt,
                "tapes": tuple(m.tapes),
                "kinds": kinds,
            },
        )

    def split(
        self, derivation: Derivation, m: Mirrored, options: Mapping[str, Any]
    ) -> list[Function]:
        """Forward and backward halves, and a function that calls both."""
        forward = derivation.names.fresh(f"{m.function.name}_forward")
        backward = derivation.names.fresh(f"{m.function.name}_backward")
        halves = derivation.halves(m, forward, backward)
        value, saved = m.names.fresh("value"), m.names.fresh("saved")
        call = passed_on(forward, m.function)
        target = gast.Tuple([tree.store(value), tree.store(saved)], gast.Store())
        result: gast.expr = tree.call(tree.load(backward), tree.load(saved), tree.load(m.seed))
        body: list[Any] = [tree.assign(target, call)]
        if options.get("return_value"):
            parts: gast.expr = gast.Tuple([result, tree.load(value)], gast.Load())
            if len(m.wrt) > 1:
                starred = gast.Starred(result, gast.Load())
                parts = gast.Tuple([starred, tree.load(value)], gast.Load())
            result = parts
        body.append(gast.Return(result))
        return [self.entry_function(m, body, options), *halves]
