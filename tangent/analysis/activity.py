"""Which names are active: their value depends on `wrt` (varied), and the result on it (useful).

    def f(x, w):              # wrt x
        a = np.sin(x)         # active: a        x is not useful any more, w is not varied
        n = len(a)            # active: a        an integer has no derivative
        return np.sum(a) * n

Theory (Hascoet and Pascual, "The Tapenade automatic differentiation tool", TOMS 39(3), 2013,
section 4):

    varied,  forward:   Out(t = e) = (In - t) + {t if In meets flows(e)}
    useful, backward:   In(t = e)  = (Out - t) + {flows(e) if t in Out}

where flows(e) are the names that e depends on differentiably (`flows`). Both are unions of paths
over sets of names. Writes in place kill nothing: `S[i] = e` makes varied every name through which
the written memory may be seen, and makes e useful if any of these is. Tests and indices carry no
activity. A statement is differentiated only where it gives a value to an active name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import gast

from tangent.analysis.aliases import Aliases, MayAlias
from tangent.analysis.calls import local_names
from tangent.analysis.cfg import Cfg
from tangent.analysis.dataflow import Dataflow, Numbering, Solution
from tangent.analysis.effects import Effects
from tangent.analysis.flows import Flows
from tangent.analysis.kinds import Kinds
from tangent.analysis.places import own_nodes, target_leaves
from tangent.errors import WrtError
from tangent.facts import Fact, Restricted
from tangent.program import Function
from tangent.recipes.kinds import CONTAINERS

__all__ = ["Activity", "ActivitySolution", "Useful", "Varied", "wrt_names"]


def wrt_names(function: Function, facts: Restricted) -> tuple[str, ...]:
    """The parameters to differentiate with respect to: what the pass that made the function says
    (`meta["wrt"]`), else what the user asked of the entry (`options["wrt"]`, the first parameter
    without it); of any other function all parameters.

    Raises:
        WrtError: a name or position that is not there.
    """
    parameters = function.parameters
    wanted = function.meta.get("wrt")
    if wanted is None:
        entry = facts.program.functions[0].node is function.node
        wanted = facts.options.get("wrt", parameters[:1]) if entry else parameters
    names = []
    for item in (wanted,) if isinstance(wanted, str | int) else wanted:
        if isinstance(item, int) and 0 <= item < len(parameters):
            names.append(parameters[item])
        elif item in parameters:
            names.append(item)
        else:
            raise WrtError(
                f"{function.name} has no parameter {item!r}",
                function.origin(function.node),
                remedy=f"its parameters are: {', '.join(parameters)}",
            )
    return tuple(names)


class _Names(Dataflow):
    """A data-flow analysis over sets of local names."""

    requires = (Cfg, Effects, Kinds, MayAlias)

    def __init__(self, function: Function, facts: Restricted) -> None:
        super().__init__(function, facts)
        self.names = Numbering(sorted(local_names(function)))
        self.flows = Flows(facts[Effects].calls)
        self.aliases: Aliases = facts[MayAlias]
        self.kinds = facts[Kinds]
        self.steps = {s: self._steps(s) for s in self.graph.statements}

    def bottom(self) -> int:
        return 0

    def join(self, a: int, b: int) -> int:
        return a | b

    def decode(self, state: int) -> frozenset[str]:
        return self.names.members(state)

    def _steps(self, statement: Any) -> list[tuple[int, int, int]]:
        """What a statement does, as simultaneous steps (sources, targets, killed)."""
        bits, into = self.names.bits, self.flows.into
        steps: list[tuple[int, int, int]] = []
        changed = bits(self.aliases.changed_names(statement))
        if isinstance(statement, gast.Assign | gast.AnnAssign):
            targets = (
                statement.targets if isinstance(statement, gast.Assign) else [statement.target]
            )
            if statement.value is not None:
                for target in targets:
                    steps += self._assignment(statement, target, statement.value, changed)
        elif isinstance(statement, gast.AugAssign):
            sources = bits(into(statement.value))
            if isinstance(statement.op, gast.FloorDiv):
                sources = 0
            target = statement.target
            own = self.names.bit(target.id) if isinstance(target, gast.Name) else 0
            steps.append((sources, own | changed, 0))
        elif isinstance(statement, gast.For):
            sources = bits(into(statement.iter))
            named = bits(n.id for n in target_leaves(statement) if isinstance(n, gast.Name))
            steps.append((sources, named, named))
        elif isinstance(statement, gast.Delete | gast.FunctionDef):
            named = self.facts[Effects][statement].binds
            defined = isinstance(statement, gast.FunctionDef)
            sources = bits(into(statement)) if defined else 0
            steps.append((sources, bits(named), bits(named)))
        for node in self.aliases.analysis.doing(statement):
            if isinstance(node, gast.NamedExpr):
                own = self.names.bit(node.target.id)
                steps.append((bits(into(node.value)), own, own))
            else:
                effect = self.flows.calls.effect(node)
                if effect.mutated:
                    given = effect.stored or (*node.args, *(k.value for k in node.keywords))
                    steps.append((bits(self.flows.into_any(given)), changed, 0))
        return steps

    def _assignment(
        self, statement: Any, target: gast.AST, value: gast.AST, changed: int
    ) -> Iterator[tuple[int, int, int]]:
        bits = self.names.bits
        if isinstance(target, gast.Tuple | gast.List):
            parts: Iterable[tuple[gast.AST, gast.AST]] = [(t, value) for t in target.elts]
            if isinstance(value, gast.Tuple | gast.List) and len(value.elts) == len(target.elts):
                if not any(isinstance(e, gast.Starred) for e in (*value.elts, *target.elts)):
                    parts = zip(target.elts, value.elts, strict=True)
            for t, v in parts:
                yield from self._assignment(statement, t, v, changed)
        elif isinstance(target, gast.Starred):
            yield from self._assignment(statement, target.value, value, changed)
        else:
            sources = bits(self.flows.into(value))
            if isinstance(target, gast.Name):
                own = self.names.bit(target.id)
                yield 0 if self._is_discrete(statement, target.id, sources) else sources, own, own
            else:
                yield sources, changed, 0

    def _is_discrete(self, statement: Any, name: str, sources: int) -> bool:
        """Whether what a name is bound to has no derivative, by its kind: no number at all, or an
        integer made of something else. A product of integers has one: an argument may be one,
        or hold one."""
        kind = self.kinds.after.get(statement, {}).get(name)
        if kind is None or not kind.is_integral:
            return kind is not None and kind.type in ("str", "none", "range", "module")
        before = self.kinds.before.get(statement, {})
        read = [before.get(n) for n in self.names.ordered(sources)]
        return kind.type == "bool" or any(
            k is None or not (k.is_integral or k.type in CONTAINERS) for k in read
        )


class Varied(_Names):
    """Names whose value may depend on `wrt`."""

    name = "varied"
    forward = True

    def boundary(self) -> int:
        return self.names.bits(wrt_names(self.function, self.facts))

    def transfer(self, statement: Any, state: int) -> int:
        return state if isinstance(statement, gast.For) else self._apply(statement, state)

    def edge(self, statement: Any, label: str, state: int) -> int:
        if label == "true" and isinstance(statement, gast.For):
            return self._apply(statement, state)
        return state

    def _apply(self, statement: Any, state: int) -> int:
        killed = given = 0
        for sources, targets, kills in self.steps[statement]:
            killed |= kills
            if sources & state:
                given |= targets
        return (state & ~killed) | given


class Useful(_Names):
    """Names whose value the function's result may depend on.

    `meta["outputs"]` names further results: parameters that the function writes for its caller.
    """

    name = "useful"
    forward = False

    def boundary(self) -> int:
        outputs = self.function.meta.get("outputs", ())
        return self.names.bits(outputs)

    def _steps(self, statement: Any) -> list[tuple[int, int, int]]:
        """What is written matters under the name that it is written through, if it does under another."""
        steps = super()._steps(statement)
        changed = self.names.bits(self.aliases.changed_names(statement))
        if changed:
            steps += [(self.names.bit(name) & changed, changed, 0) for name in written(statement)]
        return steps

    def transfer(self, statement: Any, state: int) -> int:
        if isinstance(statement, gast.Return):
            return state | self.names.bits(self.flows.into(statement.value))
        return state if isinstance(statement, gast.For) else self._apply(statement, state)

    def edge(self, statement: Any, label: str, state: int) -> int:
        if label == "true" and isinstance(statement, gast.For):
            return self._apply(statement, state)
        return state

    def _apply(self, statement: Any, state: int) -> int:
        killed = given = 0
        for sources, targets, kills in self.steps[statement]:
            killed |= kills
            if targets & state:
                given |= sources
        return (state & ~killed) | given


def written(statement: Any) -> Iterator[str]:
    """The local names through which a statement itself writes: `x` of `x[i] = e`, `x[0].a = e`, `x += e`."""
    augments = isinstance(statement, gast.AugAssign)
    for target in target_leaves(statement):
        base: Any = target
        while isinstance(base, gast.Subscript | gast.Attribute):
            base = base.value
        if isinstance(base, gast.Name) and (augments or base is not target):
            yield base.id


class ActivitySolution:
    """Active names before and after each statement.

    Attributes:
        before, after: frozensets of names by statement.
        varied, useful: the two analyses that they are the meet of.
        wrt: the names of the parameters that are differentiated.
    """

    def __init__(self, varied: Solution, useful: Solution, wrt: tuple[str, ...]) -> None:
        self.varied = varied
        self.useful = useful
        self.wrt = wrt
        self.before: Mapping[Any, frozenset[str]] = {
            s: varied.before[s] & useful.before[s] for s in varied.before
        }
        self.after: Mapping[Any, frozenset[str]] = {
            s: varied.after[s] & useful.after[s] for s in varied.after
        }

    def active_target(self, statement: Any) -> bool:
        """Whether a statement gives a value to something active: it has an adjoint statement.

        True also where a constant is written into active storage: the adjoint has to be cleared
        there.
        """
        return bool(self.active_targets(statement))

    def active_targets(self, statement: Any) -> frozenset[str]:
        """The active names that a statement binds, or through which its write is seen."""
        active = self.after[statement]
        if isinstance(statement, gast.Return):
            flows = self.useful.analysis.flows.into(statement.value)
            return frozenset(flows & self.varied.before[statement])
        analysis = self.varied.analysis
        named = {n.id for n in target_leaves(statement) if isinstance(n, gast.Name)}
        named |= {n.target.id for n in own_nodes(statement) if isinstance(n, gast.NamedExpr)}
        written = analysis.aliases.changed_names(statement)
        if written & active:  # one memory under several names: active under all, if under one
            return (named & active) | (written & self.varied.after[statement])
        return frozenset(named & active)


class Activity(Fact):
    """Active names: `facts[Activity].before[statement]` and `.active_target(statement)`."""

    name = "activity"
    requires = (Varied, Useful)

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> ActivitySolution:
        return ActivitySolution(facts[Varied], facts[Useful], wrt_names(function, facts))
