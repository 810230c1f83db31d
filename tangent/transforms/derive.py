"""From a mirrored function to functions: joint, or split into a forward and a backward half.

joint: def dfdx(x, w, init_grad=1.0):       split: def f_forward(x, w):        def f_backward(saved, init_grad):
           primal                                      primal                      a, w = saved
           mirror                                      return value, saved         mirror
           return bx                                                               return bx
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent import runtime, tree
from tangent.analysis.aliases import MayAlias
from tangent.analysis.kind_calls import canonical_kinds
from tangent.analysis.kinds import Kinds
from tangent.analysis.promises import guard_statements, promised_kinds
from tangent.errors import AliasError
from tangent.facts import Facts
from tangent.names import Names
from tangent.program import Function, Program
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.transforms.adjoints import OWNED, Contribution, State
from tangent.transforms.context import Context
from tangent.transforms.refusals import check_context
from tangent.transforms.reverse_calls import CallMirror, Derived, result_names
from tangent.transforms.tape import Tape

__all__ = ["Derivation", "Mirrored"]

FLOATS = ("float32", "float64", "complex64", "complex128")


@dataclass
class Mirrored:
    """A function with its mirror.

    Attributes:
        primal: the statements of the forward pass.
        backward: those of the backward pass.
        gradients: an expression for the gradient of each `wrt` parameter.
        seed: the name of the seed.
        read: primal names that the backward pass reads.
        tapes: names of the tapes among them.
        injected: what the new statements need in the function's scope.
    """

    function: Function
    wrt: tuple[str, ...]
    primal: list[Any]
    backward: list[Any]
    gradients: list[gast.expr]
    seed: str
    read: list[str]
    tapes: list[str]
    injected: Mapping[str, Any]
    value: gast.expr
    names: Names


@dataclass
class Derivation:
    """One run of the reverse transform: makes each callee's halves once.

    Attributes:
        program: all functions in core form.
        options: what the user asked for.
        suffix: ends the names of the halves.
        made: the halves by callee, active parameters and their kinds.
        under_way: those that are being made, by callee and active parameters.
        recursive: which of these were asked for while they were being made.
        functions: the functions written so far, callees first.
        halves_made: callee and active parameters, with the halves for some kinds of the arguments.
    """

    program: Program
    options: Mapping[str, Any]
    suffix: str = ""
    made: dict[Any, Derived] = field(default_factory=dict)
    under_way: dict[Any, Derived] = field(default_factory=dict)
    recursive: set[Any] = field(default_factory=set)
    functions: list[Function] = field(default_factory=list)
    halves_made: list[tuple[Any, Derived, list[Function]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names.of(*self.program.functions)

    # --- callees

    def derive(self, callee: Function, wrt: tuple[str, ...], kinds: Mapping[str, Kind]) -> Derived:
        """The halves of a callee with respect to some of its parameters."""
        kinds = canonical_kinds(kinds, callee)
        key = (id(callee.node), wrt, tuple(kinds.items()))
        open_key = (id(callee.node), wrt)
        if open_key in self.under_way:
            self.recursive.add(open_key)
            return self.under_way[open_key]
        known = self.made.get(key) or self.made.get(open_key)
        if known is not None:
            return known
        # While it is being made (recursion), calls go through the forward half.
        forward = self.names.fresh(f"{callee.name}_forward{self.suffix}")
        backward = self.names.fresh(f"{callee.name}_backward{self.suffix}")
        pending = Derived(wrt, backward, forward)
        self.under_way[open_key] = pending
        options = {**self.options, "wrt": wrt, "argument_kinds": kinds, "like": None}
        written, known_halves = len(self.functions), len(self.halves_made)
        made, taken = dict(self.made), set(self.names.taken)
        mirrored = self.mirror(with_kinds(callee, kinds), wrt, options, seed="by")
        recursive = open_key in self.recursive
        if recursive:
            # It is called with other arguments as well: again, with nothing known of them.
            del self.functions[written:], self.halves_made[known_halves:]
            self.made, self.names.taken = made, taken
            mirrored = self.mirror(with_kinds(callee, {}), wrt, options, seed="by")
        del self.under_way[open_key]
        saved = None if recursive else self.direct_saved(mirrored)
        if saved is None:
            functions, derived = self.halves(mirrored, forward, backward), pending
        else:
            self.names.taken.discard(forward)
            seeds = self.seed_parameters(mirrored)
            functions = [self.direct_backward(mirrored, backward, seeds, saved)]
            derived = Derived(wrt, backward, None, tuple(saved))
        self.made[key] = derived = self.add(open_key, derived, functions)
        if recursive:
            self.made[open_key] = derived
        return derived

    def add(self, key: Any, derived: Derived, functions: list[Function]) -> Derived:
        """Add a callee's halves, unless there are some of the same text: then those serve."""
        for of, other, others in self.halves_made:
            alike = of == key and len(others) == len(functions)
            if alike and all(map(Function.reads_as, functions, others)):
                self.names.taken.difference_update(f.name for f in functions)
                return other
        self.halves_made.append((key, derived, functions))
        self.functions += functions
        return derived

    def direct_saved(self, m: Mirrored) -> list[tuple[str, Any]] | None:
        """What the backward half reads, if that is only arguments and results."""
        if m.tapes:
            return None
        results = [r.id if isinstance(r, gast.Name) else None for r in result_names(m.function)]
        assigned = set(m.function.locals()) - set(m.function.parameters)
        rebound = {
            n.id
            for s in m.function.node.body
            for n in tree.walk(s)
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
        }
        saved: list[tuple[str, Any]] = []
        for name in m.read:
            if name in m.function.parameters and name not in rebound:
                saved.append(("parameter", name))
            elif name in results and name in assigned:
                saved.append(("result", results.index(name)))
            else:
                return None
        if any(getattr(s, "is_boundary", False) for s in m.primal):
            return None
        saved.sort(key=lambda item: item[0] != "result")
        return saved

    def seed_parameters(self, m: Mirrored) -> list[str]:
        results = result_names(m.function)
        if len(results) == 1:
            return [m.seed]
        return [m.names.fresh(f"by{k}") for k, _ in enumerate(results)]

    def direct_backward(
        self, m: Mirrored, name: str, seeds: list[str], saved: list[tuple[str, Any]]
    ) -> Function:
        results = result_names(m.function)
        parameters = list(seeds)
        for what, which in saved:
            parameters.append(results[which].id if what == "result" else which)
        body: list[Any] = []
        if len(seeds) > 1:
            body.append(tree.assign(m.seed, gast.Tuple([tree.load(s) for s in seeds], gast.Load())))
        body += [*m.backward, self.return_gradients(m)]
        return self.function(m, name, parameters, body)

    def halves(self, m: Mirrored, forward: str, backward: str) -> list[Function]:
        """The forward and backward halves of a function."""
        saved: gast.expr = gast.Tuple([tree.load(n) for n in m.read], gast.Load())
        value = gast.Tuple([m.value, saved], gast.Load())
        unset = [n for n in m.read if n not in surely_bound(m.primal) | set(m.function.parameters)]
        start = [tree.assign(n, gast.Constant(None, None)) for n in unset]
        first = self.function(
            m, forward, None, [*start, *m.primal, gast.Return(value)], defaults=True
        )
        name = m.names.fresh("saved")
        body: list[Any] = []
        if m.read:
            target = gast.Tuple([tree.store(n) for n in m.read], gast.Store())
            body.append(tree.assign(target, tree.load(name)))
        for tape in m.tapes:
            body.append(tree.assign(tape, tree.call(tree.load("list"), tree.load(tape))))
        body += [*m.backward, self.return_gradients(m)]
        second = self.function(m, backward, [name, m.seed], body)
        return [first, second]

    @staticmethod
    def return_gradients(m: Mirrored, *more: gast.expr) -> gast.Return:
        values = [*m.gradients, *more]
        return gast.Return(values[0] if len(values) == 1 else gast.Tuple(values, gast.Load()))

    @staticmethod
    def function(
        m: Mirrored,
        name: str,
        parameters: list[str] | None,
        body: list[Any],
        defaults: bool = False,
    ) -> Function:
        """A function of the derivative, in the scope of the one that it derives from."""
        if parameters is None:
            arguments = tree.copy(m.function.node.args)
        else:
            arguments = gast.arguments(
                [gast.Name(p, gast.Param(), None, None) for p in parameters],
                [],
                None,
                [],
                [],
                None,
                [],
            )
        node = tree.replace(
            m.function.node, name=name, args=arguments, body=tree.copy(body), returns=None
        )
        scope = m.function.scope.inject(**m.injected)
        return Function(
            node=node,
            scope=scope,
            file=m.function.file,
            primal=None,
            defaults=m.function.defaults if defaults else (),
            kwdefaults=m.function.kwdefaults if defaults else {},
            promises=frozenset({"emitted"}),
            meta={"derived_from": m.function, "tapes": ()},
        )

    # --- one function

    def checked_context(self, function: Function, options: Mapping[str, Any]) -> Context:
        """A function's facts, with the plan for names that share memory.

        Raises:
            AliasError: a write can't be followed, not even if all copies are copies of arrays.
        """
        options = {**options, "written_are_arrays": True, "assumes": True}
        context = self.context(function, options)
        try:
            context.sharing.check_aliases()
        except AliasError:
            context = self.context(function, {**options, "copies_are_arrays": True})
            if not context.sharing.check_copies():
                raise
            try:
                context.sharing.check_aliases()
            except AliasError as error:
                raise error from None
        return context

    def context(self, function: Function, options: Mapping[str, Any]) -> Context:
        names = Names.of(function)
        names.taken |= {f.name for f in self.functions}
        return Context(function, Facts(function, self.program, dict(options)), names)

    def mirror(
        self, function: Function, wrt: tuple[str, ...], options: Mapping[str, Any], seed: str
    ) -> Mirrored:
        """Reverse one function."""
        context = self.checked_context(function, options)
        facts, names = context.facts, context.names
        check_context(context)
        mirror = CallMirror(context, self)
        body = function.node.body
        last = body[-1]
        assert isinstance(last, gast.Return)
        state: State = {}
        seed_name = names.fresh(seed)
        mirror.current = last
        start: list[Any] = []
        mirror.out = start
        self.seed(mirror, last, seed_name, state, options)
        backward = mirror.block(body[:-1], state, (None, "body"))
        end: list[Any] = []
        mirror.out = end
        gradients = self.gradients(mirror, body, wrt, state)
        backward[:0] = start
        backward.extend(end)
        results = {n for r in result_names(function) for n in tree.names_in(r)}
        tape = Tape(context, mirror.blocks, results if options.get("preserve_result") else set())
        backward = tape.run(backward)
        tape.insert.replaced.update(mirror.call_replacements)
        for statement, checks in context.checks.items():
            tape.insert.after.setdefault(statement, [])[:0] = checks
        for statement, checks in context.checks_before.items():
            tape.insert.before.setdefault(statement, []).extend(checks)
        primal = self.promises(context, options)
        primal += self.boundary(context, facts)
        for name in tape.tapes:
            empty = tree.assign(name, gast.List([], gast.Load()), function.node)
            empty.origins = ()
            primal.append(empty)
        primal += tape.insert.apply(body)
        bound = bound_in(primal) | set(function.parameters)
        assigned = bound_in(backward)
        value = tree.copy(last.value)
        if options.get("preserve_result") and results & assigned:  # a mirrored loop's variable
            value = tree.load(names.fresh("value"))
            primal.append(tree.assign(value.id, last.value, last))
        read_first = tape.direct | set(tape.tapes)
        read = [
            n
            for n in dict.fromkeys(
                node.id
                for s in backward
                for node in tree.walk(s)
                if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load)
            )
            if n in bound and (n in read_first or n not in assigned)
        ]
        return Mirrored(
            function=function,
            wrt=wrt,
            primal=primal,
            backward=backward,
            gradients=gradients,
            seed=seed_name,
            read=read,
            tapes=tape.tapes,
            injected=context.expander.injected,
            value=value,
            names=names,
        )

    def seed(
        self,
        mirror: CallMirror,
        last: gast.Return,
        seed: str,
        state: State,
        options: Mapping[str, Any],
    ) -> None:
        """Start the adjoints of the results."""
        context = mirror.c
        atoms = list(last.value.elts) if isinstance(last.value, gast.Tuple) else [last.value]
        single = not isinstance(last.value, gast.Tuple)
        entry = "argument_kinds" not in options
        check_dims = entry and options.get("check_dims", True)
        if check_dims:
            self.check_scalar(mirror, last, single)
        for position, atom in enumerate(atoms):
            if not isinstance(atom, gast.Name) or not context.active(atom.id, last):
                continue
            given: gast.expr = tree.load(seed)
            if not single:
                given = gast.Subscript(given, gast.Constant(position, None), gast.Load())
            kind = context.kind_of_name(atom.id, last)
            if entry and not (kind.is_number and kind.dtype in (None, "float64")):
                if check_dims:
                    scalar = context.need(atom.id, last, False)
                    name = gast.Constant(context.function.name, None)
                    given = context.expander.helper("scalar_seed", scalar, given, name)
                else:
                    shape = context.need(atom.id, last, False, shape=True)
                    given = context.expander.helper("seed", shape, given)
            target = mirror.adjoint_name(atom.id)
            if context.views.is_involved(atom.id):
                owned = kind.is_number or entry
                mirror.contribute(state, atom.id, Contribution(given, owned), last)
            elif atom.id in state:
                total = gast.BinOp(tree.load(target), gast.Add(), given)
                mirror.emit(tree.assign(target, total))
                state[atom.id] = OWNED
            else:
                mirror.emit(tree.assign(target, given))
                state[atom.id] = OWNED if kind.is_number or entry else "shared"

    def check_scalar(self, mirror: CallMirror, last: gast.Return, single: bool) -> None:
        context = mirror.c
        if not single:
            raise_not_scalar(context, last)
        atom = last.value
        kind = context.kind(atom, last)
        if kind.is_number:
            return
        if not isinstance(atom, gast.Name) or kind.type in ("list", "tuple", "none", "str"):
            raise_not_scalar(context, last)
        if context.active(atom.id, last):
            return  # `scalar_seed` checks it
        check = context.expander.helper(
            "check_scalar",
            context.need(atom.id, last, False),
            gast.Constant(context.function.name, None),
        )
        mirror.emit(gast.Expr(check))

    def gradients(
        self, mirror: CallMirror, body: list[Any], wrt: tuple[str, ...], state: State
    ) -> list[gast.expr]:
        """What is returned for each parameter: owned, and pairwise distinct."""
        context = mirror.c
        first = body[0]
        mirror.current = gast.Pass()
        out: list[gast.expr] = []
        for name in wrt:
            kind = context.kind_of_name(name, first)
            if not kind.is_numeric and "argument_kinds" not in context.options:
                out.append(self.structured(mirror, name, first, state))
            elif name not in state:
                target = mirror.adjoint_name(name)
                mirror.emit(tree.assign(target, mirror.zero(name, first, False)))
                out.append(tree.load(target))
            elif state[name] != OWNED and not kind.is_number:
                target = mirror.adjoint_name(name)
                mirror.emit(tree.assign(target, context.copied(tree.load(target), kind)))
                out.append(tree.load(target))
            else:
                out.append(mirror.adjoint(name))
        return out

    @staticmethod
    def structured(mirror: CallMirror, name: str, first: Any, state: State) -> gast.expr:
        """A gradient in the structure of an argument that may be a list, a dict, an object."""
        context = mirror.c
        target = mirror.adjoint_name(name)
        adjoint: gast.expr = gast.Constant(0.0, None)
        if name in state:
            adjoint = tree.load(target)
            if state[name] != OWNED:
                adjoint = context.copied(adjoint, context.kind_of_name(name, first))
        given = context.need(name, first, False, shape=name not in context.reshaped)
        gradient = context.expander.helper("gradient_like", adjoint, given)
        result = context.names.fresh("gradient")
        statement = tree.assign(result, gradient)
        statement.temporary = True
        mirror.out.append(statement)
        return tree.load(result)

    def promises(self, context: Context, options: Mapping[str, Any]) -> list[Any]:
        """What holds the caller to the kinds that examples and annotations promise."""
        options = {**options, "written_are_arrays": False}  # `own_array` asserts that
        if "argument_kinds" in options or not promised_kinds(
            context.function, self.program, options
        ):
            return []
        module = context.expander.spell(runtime, "tangent")
        return guard_statements(
            context.function, self.program, options, tree.unparse(module), context.kinds.assumptions
        )

    def boundary(self, context: Context, facts: Facts) -> list[Any]:
        """Copies of the arguments that the function writes: the caller's stay as they were."""
        out: list[Any] = []
        function = context.function
        written = facts[MayAlias].written_parameters()
        kinds = facts[Kinds]
        first = function.node.body[0]
        for name in function.parameters:
            kind = kinds.before[first].get(name)
            if name not in written or (kind is not None and not kind.can_be_mutable):
                continue
            others = [
                tree.load(p)
                for p in function.parameters
                if p != name
                and (kinds.before[first].get(p) is None or kinds.before[first][p].can_be_mutable)
            ]
            strict = kind is not None and kind.is_array
            copy: gast.expr = context.expander.helper(
                "own_array" if strict else "own", tree.load(name), *others
            )
            if kind is not None and kind.is_array and kind.dtype in FLOATS and not others:
                copy = tree.call(tree.attribute(tree.load(name), "copy"))
            statement = tree.assign(name, copy)
            statement.origins = ()
            statement.is_boundary = True
            out.append(statement)
        return out


def with_kinds(callee: Function, kinds: Mapping[str, Kind]) -> Function:
    """A callee of whose arguments something is known."""
    known = {p: kinds.get(p, UNKNOWN) for p in callee.parameters}
    return replace(callee, meta={**callee.meta, "kinds": known})


def raise_not_scalar(context: Context, last: gast.Return) -> None:
    from tangent.errors import NonScalarError

    raise NonScalarError(
        f"`{context.function.name}` does not return a scalar",
        context.origin(last),
        why="a gradient is defined for one number",
        remedy="return a scalar, or use tangent.vjp (or check_dims=False) with a seed of the result's structure",
    )


def surely_bound(body: list[Any]) -> set[str]:
    """Names that are bound whichever way a block is run through."""
    out: set[str] = set()
    for statement in body:
        if isinstance(statement, gast.If):
            out |= surely_bound(statement.body) & surely_bound(statement.orelse)
        elif isinstance(statement, gast.Assign):
            out |= set(tree.stored_names(statement.targets[0]))
    return out


def bound_in(body: list[Any]) -> set[str]:
    """Names that statements bind."""
    return {
        n.id
        for s in body
        for n in tree.walk(s)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    }
