"""Versions: a name that is overwritten outside a loop gets a second name instead of a tape.

    before: a = np.sin(x)        after: a = np.sin(x)
            a = a * w                   a2 = a * w

In a block the definitions of a name form groups: a definition that may keep the old value (a branch that assigns
in one arm only, a loop, `x += e`) stays with the group before it, any other begins a new group; each group has a
name of its own. In a loop's body the last group has the name that the loop carries around. What remains
overwritten (in loops) is what the tape is for.

The same idea as SSA renaming (Cytron et al., TOPLAS 1991) on structured code, with the φ functions read as names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.facts import Restricted
from tangent.names import Names
from tangent.passes import Pass, register_pass
from tangent.program import Function

__all__ = ["Versions", "assigned_names", "surely_assigned"]


def assigned_names(statement: gast.AST) -> list[str]:
    """Names that a statement (with what is nested in it) may bind, in order."""
    if isinstance(statement, gast.Assign) and isinstance(statement.targets[0], gast.Name):
        if len(statement.targets) == 1:  # nearly always
            return [statement.targets[0].id]
    found: dict[str, None] = {}
    for inner in tree.walk_statements([statement]):
        if isinstance(inner, gast.Assign):
            for target in inner.targets:
                found.update(dict.fromkeys(tree.stored_names(target)))
        elif isinstance(inner, gast.AugAssign | gast.For):
            found.update(dict.fromkeys(tree.stored_names(inner.target)))
    return list(found)


def surely_assigned(statement: gast.AST, name: str) -> bool:
    """Every path through the statement gives the name a new value."""
    if isinstance(statement, gast.Assign):
        return any(name in tree.stored_names(t) for t in statement.targets)
    if isinstance(statement, gast.If):
        arms = (statement.body, statement.orelse)
        assigned = [any(surely_assigned(s, name) for s in arm) for arm in arms]
        left = [bool(arm) and isinstance(arm[-1], gast.Raise) for arm in arms]
        return (
            any(assigned)
            and all(a or b for a, b in zip(assigned, left, strict=True))
            and not any(
                isinstance(inner, gast.Break) for inner in tree.walk_statements([statement])
            )
        )
    return False


@register_pass
@dataclass(frozen=True)
class Versions(Pass):
    """Give each definition outside loops a name of its own.

    before: a = np.sin(x)        after: a = np.sin(x)
            a = a * w                   a2 = a * w
            return a                    return a2
    """

    name = "versions"
    needs = frozenset({"anf"})
    promises = frozenset({"versioned"})

    def run(self, function: Function, facts: Restricted) -> Function:
        renamer = _Renamer(Names.of(function), set(function.parameters))
        body, _ = renamer.block(function.node.body, {p: p for p in function.parameters}, {})
        return function.with_body(_Split(Names.of(function.with_body(body))).visit_block(body))


class _Renamer:
    def __init__(self, names: Names, used: set[str]) -> None:
        self.names = names
        self.used = used  # names that already stand for some group

    def new_name(self, name: str) -> str:
        if name not in self.used:
            self.used.add(name)
            return name
        return self.names.fresh(name)

    def block(
        self, body: list[Any], incoming: Mapping[str, str], final: Mapping[str, str]
    ) -> tuple[list[Any], dict[str, str]]:
        """Rename a block. `final` says which name the last value of a variable must have on leaving.

        Returns the new block and the names by variable at its end.
        """
        events: dict[str, list[int]] = {}
        for position, statement in enumerate(body):
            for name in assigned_names(statement):
                events.setdefault(name, []).append(position)
        targets: dict[tuple[str, int], str] = {}
        for name, positions in events.items():
            groups: list[list[int]] = [[]]  # the first group continues the incoming value
            for position in positions:
                if surely_assigned(body[position], name):
                    groups.append([])
                groups[-1].append(position)
            for number, group in enumerate(groups):
                last = number == len(groups) - 1
                if number == 0:
                    chosen = incoming.get(name)
                    if chosen is None and group:
                        chosen = final.get(name) if last else None
                        chosen = chosen or self.new_name(name)
                elif last and name in final:
                    chosen = final[name]
                else:
                    chosen = self.new_name(name)
                for position in group:
                    targets[name, position] = chosen or name
        env = dict(incoming)
        out = []
        for position, statement in enumerate(body):
            bound = {n: targets[n, position] for n in assigned_names(statement)}
            out.append(self.statement(statement, env, bound))
            env.update(bound)
        fixes = [
            tree.assign(wanted, tree.load(env[n]))
            for n, wanted in final.items()
            if n in env and env[n] != wanted
        ]
        return self.before_break(out, fixes), env

    @staticmethod
    def before_break(body: list[Any], fixes: list[Any]) -> list[Any]:
        if fixes and body and isinstance(body[-1], gast.Break):
            return [*body[:-1], *fixes, body[-1]]
        if body and isinstance(body[-1], gast.Raise):
            return body
        return body + fixes

    def statement(self, statement: Any, env: Mapping[str, str], bound: Mapping[str, str]) -> Any:
        reads: dict[str, gast.AST] = {n: tree.load(v) for n, v in env.items() if n != v}
        writes: dict[str, gast.AST] = {n: tree.load(v) for n, v in bound.items()}
        if isinstance(statement, gast.Assign):
            target = statement.targets[0]
            mapping = reads if isinstance(target, gast.Subscript) else writes
            return tree.replace(
                statement,
                targets=[tree.substitute(target, mapping)],
                value=tree.substitute(statement.value, reads),
            )
        if isinstance(statement, gast.If):
            final = dict(bound)
            body, _ = self.block(statement.body, env, final)
            orelse, _ = self.block(statement.orelse, env, final)
            test = tree.substitute(statement.test, reads)
            return tree.replace(statement, test=test, body=body or [gast.Pass()], orelse=orelse)
        if isinstance(statement, gast.For | gast.While):
            inner = {**env, **bound}
            body, _ = self.block(statement.body, inner, bound)
            if isinstance(statement, gast.While):
                head: dict[str, Any] = {
                    "test": tree.substitute(
                        statement.test, {n: tree.load(v) for n, v in inner.items() if n != v}
                    )
                }
            else:
                head = {
                    "iter": tree.substitute(statement.iter, reads),
                    "target": tree.substitute(statement.target, writes),
                }
            return tree.replace(statement, body=body, **head)
        return tree.substitute(statement, reads) if reads else statement


class _Split(tree.Rewriter):
    """`a = op(a)` becomes `t = op(a); a = t`: no statement overwrites what it reads."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Assign(self, node: gast.Assign) -> Any:
        target = node.targets[0]
        reads = tree.names_in(node.value)
        bound = tree.stored_names(target)
        hit = [n for n in bound if n in reads]
        if not hit or (isinstance(node.value, gast.Name) and isinstance(target, gast.Name)):
            return node
        fresh = {n: self.names.fresh(n) for n in hit}
        first = tree.replace(
            node, targets=[tree.substitute(target, {n: tree.load(v) for n, v in fresh.items()})]
        )
        if isinstance(target, gast.Name):
            first.temporary = True
        copies = [tree.assign(n, tree.load(v), node) for n, v in fresh.items()]
        return [first, *copies]
