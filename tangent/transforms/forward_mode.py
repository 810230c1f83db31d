"""The pass "forward": from a program in core form to the program of its tangent.

def f(x, w): ...        def dfdx_forward(x, w, dx): ...      (and those of its callees)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent import runtime, tree
from tangent.analysis.kind_calls import canonical_kinds
from tangent.analysis.promises import guard_statements
from tangent.facts import Facts
from tangent.names import TANGENT, Names
from tangent.passes import ProgramPass, register_pass
from tangent.program import Function, Program
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.transforms.context import Context
from tangent.transforms.forward import Again, State
from tangent.transforms.forward_calls import CallTangents, takes_positions
from tangent.transforms.missing import missing_recipes_first
from tangent.transforms.reverse_mode import derivative_name, with_extra_parameters

__all__ = ["Forward", "Session"]


@register_pass
@dataclass(frozen=True)
class Forward(ProgramPass):
    """Forward mode with respect to the option `wrt` (see `transforms.forward` for the rules).

    Options read: `wrt`, `preserve_result`, `like`.

    before: def f(x):                  after: def dfdx_forward(x, dx):
                y = np.sin(x)                     dy = dx * np.cos(x)
                return y                          return dy
    """

    name = "forward"
    needs = frozenset({"anf", "versioned"})
    promises = frozenset({"emitted"})

    def run_program(self, program: Program, options: Mapping[str, Any]) -> Program:
        session = Session(program, options)
        with missing_recipes_first(program, options):
            entry = session.entry(tuple(options["wrt"]))
        return program.with_functions([entry, *session.functions])


@dataclass
class _UnderWay:
    """A callee's tangent version that is being made."""

    name: str
    recursive: bool = False


@dataclass
class Session:
    """One run of the transform: makes each callee's tangent version once.

    Attributes:
        made: names of tangent versions, by callee, active parameters, outputs and kinds.
        functions: those written so far, callees first.
    """

    program: Program
    options: Mapping[str, Any]
    made: dict[Any, str] = field(default_factory=dict)
    under_way: dict[Any, _UnderWay] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names.of(*self.program.functions)

    # --- the entry

    def entry(self, wrt: tuple[str, ...]) -> Function:
        function = self.program.entry
        written = replace(function, meta={**function.meta, "wrt": wrt})
        return self.write(written, wrt, derivative_name(function, wrt) + "_forward", is_entry=True)

    # --- callees

    def derive(
        self,
        callee: Function,
        wrt: tuple[str, ...],
        outputs: tuple[str, ...],
        kinds: Mapping[str, Kind],
    ) -> str:
        """The name of a callee's tangent version with respect to some of its parameters.

        Args:
            callee: the function.
            wrt: the parameters with a tangent.
            outputs: those that it writes in place for its caller.
            kinds: what is known of the arguments.
        """
        general = (id(callee.node), wrt, outputs)
        if general in self.under_way:
            self.under_way[general].recursive = True
            return self.under_way[general].name
        known = canonical_kinds(kinds, callee)
        special = (*general, tuple(known.items()))
        name = self.made.get(special) or self.made.get(general)
        if name is not None:
            return name
        name = self.names.fresh(f"{callee.name}_tangent")
        self.under_way[general] = call = _UnderWay(name)
        done = len(self.functions)
        made = self.tangent_version(callee, wrt, outputs, known, name)
        if call.recursive:  # with any arguments, not only those of this call
            del self.functions[done:]
            unknown = dict.fromkeys(callee.parameters, UNKNOWN)
            kept = {f.name for f in self.functions}
            self.made = {key: n for key, n in self.made.items() if n in kept}
            made = self.tangent_version(callee, wrt, outputs, unknown, name)
            self.made[general] = name
            self.functions.append(made)
        else:
            self.made[special] = name = self.add(made)
        del self.under_way[general]
        return name

    def add(self, function: Function) -> str:
        """Add a function, unless one with the same text is there. Returns its name."""
        for other in self.functions:
            same_primal = other.meta["derived_from"].node is function.meta["derived_from"].node
            if same_primal and function.reads_as(other):
                self.names.taken.discard(function.name)
                return other.name
        self.functions.append(function)
        return function.name

    def tangent_version(
        self,
        callee: Function,
        wrt: tuple[str, ...],
        outputs: tuple[str, ...],
        kinds: Mapping[str, Kind],
        name: str,
    ) -> Function:
        meta = {**callee.meta, "wrt": wrt, "outputs": outputs, "kinds": kinds}
        return self.write(replace(callee, meta=meta), wrt, name, is_entry=False)

    def tangent_parameters(self, function: Function, wrt: tuple[str, ...]) -> list[str]:
        """Names for the tangents of parameters."""
        names = Names.of(function)
        return [names.fresh(p, TANGENT) for p in wrt]

    # --- writing

    def write(
        self, function: Function, wrt: tuple[str, ...], name: str, is_entry: bool
    ) -> Function:
        """The tangent version of a function: of the whole program, or of a callee."""
        facts = Facts(function, self.program, {**self.options, "assumes": True})
        forced: set[str] = set()
        while True:
            names = Names.of(function)
            names.taken |= {f.name for f in self.functions}
            context = Context(function, facts, names)
            tangents = CallTangents(context, forced, self)
            parameters = [tangents.tangent_name(p) for p in wrt]
            try:
                body = self.body(tangents, wrt, is_entry)
            except Again:
                continue
            break
        arguments = with_extra_parameters(
            function.node, parameters, [None] * len(parameters), not takes_positions(function)
        )
        node = tree.replace(
            function.node, name=name, args=tree.copy(arguments), body=tree.copy(body), returns=None
        )
        return Function(
            node=node,
            scope=function.scope.inject(**context.expander.injected),
            file=function.file,
            defaults=function.defaults,
            kwdefaults=function.kwdefaults,
            promises=frozenset({"emitted"}),
            meta={"derived_from": function, "wrt": wrt},
        )

    def body(self, tangents: CallTangents, wrt: tuple[str, ...], is_entry: bool) -> list[Any]:
        context = tangents.c
        statements = context.function.node.body
        first, last = statements[0], statements[-1]
        assert isinstance(last, gast.Return)
        state: State = {}
        start: list[Any] = []
        if is_entry:
            start = self.guards(context) + self.copies(context)
        for parameter in context.function.parameters:
            forced = parameter in tangents.forced
            if parameter not in wrt:
                if forced:
                    zero = tangents.zero(parameter, first)
                    start.append(quiet(tree.assign(tangents.tangent_name(parameter), zero)))
                    state[parameter] = None
                continue
            if not (forced or parameter in context.activity.before[first]):
                continue
            state[parameter] = None
            if is_entry and not context.kind_of_name(parameter, first).is_number:
                name = tangents.tangent_name(parameter)
                checked = context.expander.helper(
                    "direction", tree.load(parameter), tree.load(name)
                )
                start.append(quiet(tree.assign(name, checked)))
        body = tangents.block(statements[:-1], state)
        return [*start, *body, self.result(tangents, last, state, is_entry)]

    def result(
        self, tangents: CallTangents, last: gast.Return, state: State, is_entry: bool
    ) -> gast.Return:
        """`return dy`; `return y, dy` in a callee; `return dy, y` where the value is asked for."""
        value: Any = last.value
        if isinstance(value, gast.Tuple):
            parts = [tangents.tangent_or_zero(e, last, state) for e in value.elts]
            tangent: gast.expr = gast.Tuple(parts, gast.Load())
        else:
            tangent = tangents.tangent_or_zero(value, last, state)
        returned = tangent
        if not is_entry:
            returned = gast.Tuple([tree.copy(value), tangent], gast.Load())
        elif self.options.get("preserve_result"):
            returned = gast.Tuple([tangent, tree.copy(value)], gast.Load())
        statement = tree.replace(last, value=returned)
        if not (isinstance(tangent, gast.Constant) and tangent.value is None):
            statement.role = "tangent"
        if not any(isinstance(node, gast.Call) for node in tree.walk(returned)):
            statement.origins = ()  # nothing to say of names; what is inlined here brings its own
        return statement

    def guards(self, context: Context) -> list[Any]:
        """Checks of what is promised of the arguments."""
        made = guard_statements(
            context.function,
            self.program,
            self.options,
            assumptions=context.kinds.assumptions,
        )
        if not made:
            return []
        helper: Any = context.expander.spell(runtime, "tangent")
        return [quiet(tree.substitute(s, {"tangent": helper})) for s in made]

    def copies(self, context: Context) -> list[Any]:
        """Copies of the arguments that the function writes: the caller's stay as they were."""
        first = context.function.node.body[0]
        mutable = [
            p for p in context.function.parameters if context.kind_of_name(p, first).can_be_mutable
        ]
        written = context.aliases.written_parameters()
        out = []
        for name in mutable:
            if name in written:
                others = [tree.load(p) for p in mutable if p != name]
                copy = context.expander.helper("own", tree.load(name), *others)
                out.append(quiet(tree.assign(name, copy)))
        return out


def quiet(statement: Any) -> Any:
    """A statement that stands for none of the user's."""
    statement.origins = ()
    return statement
