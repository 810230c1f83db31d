"""Single exit: one `return`, at the end, and jumps only where nothing follows them.

    before: for i in range(n):               after: returned = False
                if x[i] < 0:                        for i in range(n):
                    return x[i]                         if x[i] < 0:
                s += x[i]                                   result = x[i]
            return s                                        returned = True
                                                            break
                                                        else:
                                                            s += x[i]
                                                    if not returned:
                                                        result = s
                                                    return result

What follows an arm that jumps moves into the other arm. A flag is set only where a jump has to
leave a statement that something follows and that may also end in another way. After Erosa and
Hendren, "Taming control flow" (ICCL 1994), restricted to the structured jumps of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import gast

from tangent import tree
from tangent.facts import Restricted
from tangent.names import Names
from tangent.passes import Pass, register_pass
from tangent.program import Function

__all__ = ["Exits"]

Jump = gast.Return | gast.Break | gast.Continue
Loop = gast.For | gast.While
# What a `return`, a `break`, a `continue` sets where it can't be a jump, in the order of the tests.
FLAGS = ("returned", "stop", "skip")


@register_pass
@dataclass(frozen=True)
class Exits(Pass):
    """Leave one `return`, at the end; no `continue`; `break` only where nothing follows it.

    before: if c:                after: if c:
                return a                    result = a
            return b                    else:
                                            result = b
                                        return result
    """

    name: ClassVar[str] = "exits"
    needs: ClassVar[frozenset[str]] = frozenset({"plain"})
    promises: ClassVar[frozenset[str]] = frozenset({"single-exit"})

    def run(self, function: Function, facts: Restricted) -> Function:
        return function.with_body(_Exits(function).body(), "single-exit")


class _Exits:
    """State: the names made so far, how many loops are around, which flags are surely unset."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.names = Names.of(function)
        self.flags: dict[tuple[str, int], str] = {}
        self.result = ""
        self.depth = 0
        self.unset: set[str] = set()

    def body(self) -> list[gast.stmt]:
        body = _without_dead(self.function.node.body)
        if _completes(body):
            end = tree.with_origins(gast.Return(tree.constant(None)), self.function.node)
            body = [*body, end]
        *start, last = body
        if isinstance(last, gast.Return) and not any(_jumps(s, gast.Return) for s in start):
            return [*self.block(start, tail=True)[0], last]
        returns = [s for s in tree.walk_statements(body) if isinstance(s, gast.Return)]
        if not returns:  # it always raises, or never ends
            none = tree.with_origins(gast.Return(tree.constant(None)), self.function.node)
            return [*self.block(body, tail=True)[0], none]
        self.result = self.names.fresh("result")
        out, _ = self.block(body, tail=True)
        flag = self.flags.get(("returned", 0))
        if flag is not None:
            out = _initialised(out, flag) if _reads(out, flag) else _Without(flag).visit_block(out)
        if sum(self.result in tree.names_in(s, gast.Store) for s in tree.walk_statements(out)) == 1:
            *out, last = out  # nothing but the last statement sets it
            return [*out, tree.with_origins(gast.Return(last.value), last)]
        value = tree.load(self.result)
        return [*out, tree.with_origins(gast.Return(value), returns[-1])]

    # --- statements

    def block(self, body: Sequence[gast.stmt], tail: bool) -> tuple[list[gast.stmt], set[str]]:
        """A block whose jumps have become structure.

        Args:
            body: the statements.
            tail: nothing follows the block in the body of the innermost loop (or of the function).

        Returns:
            The new statements, and the flags that may be set when control leaves their end (none
            behind a tail, where nobody asks).
        """
        out: list[gast.stmt] = []
        for k, statement in enumerate(body):
            rest = body[k + 1 :]
            if isinstance(statement, Jump):
                new, pending = self.jump(statement, tail)
                return out + new, pending
            if isinstance(statement, Loop):
                new, pending, last = self.loop(statement, rest, tail)
            elif isinstance(statement, tree.Attempt):
                new, pending, last = *self.attempt(statement, tail), False
            elif isinstance(statement, gast.If):
                new, pending, last = self.branch(statement, rest, tail)
            else:
                new, pending, last = [statement], set(), False
            out += new
            if last:
                return out, pending
            if pending:
                while rest and getattr(rest[0], "always", False):
                    out += self.block(rest[:1], tail=False)[0]
                    rest = rest[1:]
                guarded, more = self.guard(rest, pending, statement, tail)
                return out + guarded, set() if tail else pending | more
        return out, set()

    def jump(self, node: gast.stmt, tail: bool) -> tuple[list[gast.stmt], set[str]]:
        if isinstance(node, gast.Return):
            out: list[gast.stmt] = [tree.assign(self.result, node.value, node)]
            out[0].ends = True
            if tail and self.depth == 0:
                return out, set()
            out.append(self.set_flag("returned", True, node))
            if not tail:
                return out, {"returned"}
            return [*out, tree.with_origins(gast.Break(), node)], set()
        if tail:
            return ([node] if isinstance(node, gast.Break) else []), set()
        flag = "stop" if isinstance(node, gast.Break) else "skip"
        return [self.set_flag(flag, True, node)], {flag}

    def branch(
        self, node: gast.If, rest: Sequence[gast.stmt], tail: bool
    ) -> tuple[list[gast.stmt], set[str], bool]:
        """An `if`: (statements, flags that may be set behind it, whether it took in the rest)."""
        if not _jumps(node, gast.Return, gast.Break, gast.Continue):
            body, orelse = (self.block(arm, tail=False)[0] for arm in (node.body, node.orelse))
            return [_if(node, body, orelse)], set(), False
        arms = [list(node.body), list(node.orelse)]
        open_arms = [arm for arm in arms if _completes(arm)]
        moves = len(open_arms) < 2 or _is_small(rest)
        if moves:
            for arm in open_arms:
                arm += rest if len(open_arms) == 1 else tree.copy(list(rest))
        inner_tail = tail and (moves or not rest)
        (body, p), (orelse, q) = (self.block(arm, inner_tail) for arm in arms)
        pending = p | q
        starts: list[gast.stmt] = []
        if tail and not inner_tail:  # the flags that end with this iteration start here
            local = [flag for flag in FLAGS if flag in pending - self.unset - {"returned"}]
            starts = [self.set_flag(flag, False, node) for flag in local]
        return [*starts, _if(node, body, orelse)], pending, moves

    def attempt(self, node: tree.Attempt, tail: bool) -> tuple[list[gast.stmt], set[str]]:
        """A block with an exception's handler: nothing that follows may move into it."""
        (body, p), (orelse, q) = (self.block(arm, tail=False) for arm in (node.body, node.orelse))
        pending = p | q
        starts: list[gast.stmt] = []
        if tail:  # the flags that end with this iteration start here
            local = [flag for flag in FLAGS if flag in pending - self.unset - {"returned"}]
            starts = [self.set_flag(flag, False, node) for flag in local]
        if not _unchanged(body, node.body) or not _unchanged(orelse, node.orelse):
            node = tree.replace(node, body=body, orelse=orelse)
        return [*starts, node], pending

    def loop(
        self, node: gast.For | gast.While, rest: Sequence[gast.stmt], tail: bool
    ) -> tuple[list[gast.stmt], set[str], bool]:
        """A loop: (statements, flags that may be set behind it, whether nothing follows)."""
        new = list(node.body)
        if tail and self.depth == 0 and len(rest) == 1 and _is_small(rest):
            new = _leaving(new, rest[0])
        returns = any(_jumps(s, gast.Return) for s in new)
        endless = not _completes([node])
        outer, self.unset = self.unset, set()
        self.depth += 1
        new, _ = self.block(new, tail=True)
        self.depth -= 1
        self.unset = outer
        if not _unchanged(new, node.body):
            node = tree.replace(node, body=new or [tree.with_origins(gast.Pass(), node)])
        if not (returns and endless):
            return [node], {"returned"} if returns else set(), False
        if not tail:
            return [node], {"returned"}, True
        out: list[gast.stmt] = [node]
        if self.depth:
            out.append(tree.with_origins(gast.Break(), node))
        return out, set(), True

    def guard(
        self, rest: Sequence[gast.stmt], pending: set[str], like: gast.stmt, tail: bool
    ) -> tuple[list[gast.stmt], set[str]]:
        """The rest of a block, which runs only where none of the pending flags is set."""
        outer, self.unset = self.unset, self.unset | pending
        body, more = self.block(rest, tail)
        self.unset = outer
        leaving = pending - {"skip"}
        if self.depth and tail and leaving:
            if "skip" in pending and body:
                body = self.unless({"skip"}, body, like)
            breaks: list[gast.stmt] = [tree.with_origins(gast.Break(), like)]
            return [tree.with_origins(gast.If(self.any_of(leaving), breaks, body), like)], more
        return self.unless(pending, body, like) if body else [], more

    # --- flags

    def unless(self, flags: set[str], body: list[gast.stmt], like: gast.stmt) -> list[gast.stmt]:
        test = gast.UnaryOp(gast.Not(), self.any_of(flags))
        return [tree.with_origins(gast.If(test, body, []), like)]

    def any_of(self, flags: set[str]) -> gast.expr:
        tests: list[gast.expr] = [tree.load(self.flag(f)) for f in FLAGS if f in flags]
        return tests[0] if len(tests) == 1 else gast.BoolOp(gast.Or(), tests)

    def flag(self, flag: str) -> str:
        """The name of a flag; nested loops have their own, except for that of `return`."""
        key = (flag, 0 if flag == "returned" else self.depth)
        if key not in self.flags:
            self.flags[key] = self.names.fresh(flag)
        return self.flags[key]

    def set_flag(self, flag: str, value: bool, like: gast.stmt) -> gast.stmt:
        statement = tree.assign(self.flag(flag), tree.constant(value), like)
        statement.ends = True  # nothing that follows in its block runs
        return statement


# --- questions about statements


def _completes(body: Sequence[gast.stmt]) -> bool:
    """Whether control may reach the end of a block (no dead code in it)."""
    if not body:
        return True
    last = body[-1]
    if isinstance(last, Jump | gast.Raise):
        return False
    if isinstance(last, gast.If):
        return _completes(last.body) or _completes(last.orelse)
    if isinstance(last, gast.While) and isinstance(last.test, gast.Constant) and last.test.value:
        return any(_jumps(s, gast.Break) for s in last.body)
    return True


def _jumps(node: gast.stmt, *kinds: type) -> bool:
    """Whether such a jump leaves the statement (what stays in a loop inside doesn't count)."""
    if isinstance(node, kinds):
        return True
    if isinstance(node, Loop):
        kinds = tuple(k for k in kinds if k is gast.Return)
    return any(_jumps(s, *kinds) for block in tree.blocks(node) for s in block)


def _is_small(rest: Sequence[gast.stmt]) -> bool:
    """A jump that may as well be written twice."""
    if len(rest) != 1 or not isinstance(rest[0], Jump):
        return False
    value = getattr(rest[0], "value", None)
    return value is None or all(
        isinstance(n, gast.Name | gast.Constant | gast.Tuple | gast.expr_context)
        for n in tree.walk(value)
    )


def _reads(body: Sequence[gast.stmt], name: str) -> bool:
    return any(name in tree.names_in(s) for s in body)


def _unchanged(new: Sequence[gast.stmt], old: Sequence[gast.stmt]) -> bool:
    return len(new) == len(old) and all(a is b for a, b in zip(new, old, strict=True))


# --- building


def _without_dead(body: Sequence[gast.stmt]) -> list[gast.stmt]:
    """Without what follows a jump, at every depth."""
    out: list[gast.stmt] = []
    left = False
    for statement in body:
        if left and not getattr(statement, "always", False):
            break
        if isinstance(statement, gast.If | Loop):
            new = {"body": _without_dead(statement.body), "orelse": _without_dead(statement.orelse)}
            if any(not _unchanged(new[f], getattr(statement, f)) for f in new):
                statement = tree.replace(statement, **new)
        out.append(statement)
        left = left or not _completes(out)
    return out


def _leaving(body: Sequence[gast.stmt], end: gast.stmt) -> list[gast.stmt]:
    """A loop's body where a `return` equal to the one behind the loop has become `break`."""
    out: list[gast.stmt] = []
    for statement in body:
        if isinstance(statement, gast.Return) and tree.same(statement, end):
            statement = tree.with_origins(gast.Break(), statement)
        elif isinstance(statement, gast.If):
            new = {f: _leaving(getattr(statement, f), end) for f in ("body", "orelse")}
            if any(not _unchanged(new[f], getattr(statement, f)) for f in new):
                statement = tree.replace(statement, **new)
        out.append(statement)
    return out


def _if(node: gast.If, body: list[gast.stmt], orelse: list[gast.stmt]) -> gast.If:
    """An `if` with other arms; the test is negated where only the second holds anything."""
    if _unchanged(body, node.body) and _unchanged(orelse, node.orelse):
        return node
    if body or not orelse:
        body = body or [tree.with_origins(gast.Pass(), node)]
        return tree.replace(node, body=body, orelse=orelse)
    test = node.test
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        test = test.operand
    else:
        test = gast.UnaryOp(gast.Not(), test)
    return tree.replace(node, test=test, body=orelse, orelse=[])


def _initialised(body: list[gast.stmt], flag: str) -> list[gast.stmt]:
    """Set a flag to False before everything that mentions it, as far inside as that goes."""
    found = [k for k, s in enumerate(body) if flag in tree.names_in(s, ctx=None)]
    first = body[found[0]]
    plain = isinstance(first, gast.If) and not isinstance(first, tree.Attempt)
    if len(found) == 1 and plain and flag not in tree.names_in(first.test):
        for field in ("body", "orelse"):
            other = first.orelse if field == "body" else first.body
            if not any(flag in tree.names_in(s, ctx=None) for s in other):
                new = _initialised(getattr(first, field), flag)
                return [tree.replace(s, **{field: new}) if s is first else s for s in body]
    start = tree.assign(flag, tree.constant(False), first)
    return [*body[: found[0]], start, *body[found[0] :]]


class _Without(tree.Rewriter):
    """Drop the assignments of a flag that nobody reads."""

    def __init__(self, flag: str) -> None:
        self.flag = flag

    def visit_Assign(self, node: gast.Assign) -> gast.Assign | None:
        return None if tree.stored_names(node.targets[0]) == [self.flag] else node
