"""Making primal values available to the backward pass, at the least cost.

    primal: for i in range(n):              for i in range(n):
                a = a * a                       a_tape.append(a)
                                                a = a * a
    mirror: ba = 2 * ba * «a»               ba = 2 * ba * a_tape.pop()

A value that an adjoint statement needs is, in this order:

1. *direct*: the name still holds it when the function ends;
2. *replayed*: it is the index of a loop that the mirror runs through in reverse;
3. *recomputed*: it came from a cheap, pure operation on available values (an element of an array that is not
   overwritten later, by `analysis.regions`);
4. *saved*: outside loops in a name of its own, in loops on a tape: one list with one push and one pop site, in
   mirrored blocks, so that pushes and pops balance by construction.

What is pushed is copied where the object may be written later. (Hascoët, Naumann, Pascual, "To be recorded analysis in
reverse-mode automatic differentiation", FGCS 2005, for what must be saved; Griewank & Walther 2008, ch. 12.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.names import TAPE
from tangent.transforms.availability import Availability
from tangent.transforms.context import Context, Need
from tangent.transforms.dead import push_of

__all__ = ["Insertions", "Tape"]

Block = tuple[gast.AST | None, str]


@dataclass
class Insertions:
    """Statements to add to the primal, by the statement that they stand next to."""

    top: list[Any] = field(default_factory=list)
    before: dict[gast.AST, list[Any]] = field(default_factory=dict)
    after: dict[gast.AST, list[Any]] = field(default_factory=dict)
    body_start: dict[gast.AST, list[Any]] = field(default_factory=dict)
    replaced: dict[gast.AST, list[Any]] = field(default_factory=dict)
    headers: dict[gast.AST, dict[str, Any]] = field(default_factory=dict)

    def apply(self, body: list[Any]) -> list[Any]:
        """A primal block with the insertions, without its `return`."""
        out: list[Any] = []
        for statement in body:
            if isinstance(statement, gast.Return):
                continue
            out.extend(self.before.get(statement, ()))
            if statement in self.replaced:
                out.extend(self.replaced[statement])
            else:
                out.append(self._inside(statement))
            out.extend(self.after.get(statement, ()))
        return out

    def _inside(self, statement: Any) -> Any:
        changes: dict[str, Any] = dict(self.headers.get(statement, {}))
        if isinstance(statement, gast.For | gast.While):
            changes["body"] = [*self.body_start.get(statement, ()), *self.apply(statement.body)]
        elif isinstance(statement, gast.If):
            changes["body"] = self.apply(statement.body) or [gast.Pass()]
            changes["orelse"] = self.apply(statement.orelse)
        return tree.replace(statement, **changes) if changes else statement


class Tape:
    """Resolves the needs of a mirrored function.

    Args:
        context: the function.
        blocks: the mirrored statement lists by primal block (they are changed in place).
        keep_names: primal names that the end of the generated function reads (results).
    """

    def __init__(
        self, context: Context, blocks: dict[Block, list[Any]], keep_names: set[str]
    ) -> None:
        self.c = context
        self.blocks = blocks
        self.insert = Insertions()
        self.tapes: list[str] = []
        self.tests: dict[gast.AST, str] = {}  # names of tests that are kept
        self.direct: set[str] = set()
        self.keep_names = set(keep_names)
        self.used: set[str] = set()  # primal names that stand for something in the backward pass
        self.available = Availability(context)

    def run(self, backward: list[Any]) -> list[Any]:
        """Fill in headers and needs. Returns the backward statements; `insert` and `tapes` are ready then."""
        backward = self.fill_headers(backward)
        self.put_available(backward)
        reads = list(needs_in(backward))
        groups: dict[tuple[Any, ...], list[Need]] = {}
        # A need of the shape is served by a tape of the value, where there is one.
        by_value: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for node in sorted(reads, key=lambda n: n.need.shape):
            need: Need = node.need
            key = by_value.get((need.name, need.value)) if need.shape else None
            if key is None:
                key = (need.key, self.varying(need))
            if not need.shape:
                by_value.setdefault((need.name, need.value), key)
            groups.setdefault(key, []).append(need)
        name_of: dict[int, str] = {}
        for group in groups.values():
            name = self.save(group, len(group))
            name_of.update({id(n): name for n in group})
        self.cut_tapes()
        fill = _FillNeeds({}, name_of)
        return _whole([fill.visit(s) for s in backward])

    def cut_tapes(self) -> None:
        """What a block has pushed until an exception left it is dropped."""
        for statement in self.c.statements:
            if not isinstance(statement, tree.Attempt) or statement.reraises:
                continue
            pushed: dict[str, None] = {}
            for inner in tree.walk_statements(statement.body):
                for table in (self.insert.before, self.insert.after, self.insert.body_start):
                    for added in table.get(inner, ()):
                        tape = push_of(added)
                        if tape in self.tapes:
                            pushed[tape] = None
            first = next(s for s in statement.orelse if not tree.is_entry(s))
            for tape in pushed:
                size = self.c.names.fresh(f"{tape}_size")
                length = tree.call(tree.load("len"), tree.load(tape))
                mark = tree.assign(size, length, statement)
                self.insert.before.setdefault(statement, []).append(mark)
                rest = gast.Slice(tree.load(size), None, None)
                cut = gast.Delete([gast.Subscript(tree.load(tape), rest, gast.Del())])
                before = self.insert.before.setdefault(first, [])
                before.insert(0, tree.with_origins(cut, statement))

    def put_available(self, backward: list[Any]) -> None:
        """Put in what the backward pass has at hand, then what it can compute from what is taped anyway."""
        exprs: dict[int, gast.expr] = {}
        rest: list[gast.Name] = []
        reads = list(needs_in(backward))
        for node in reads:
            need: Need = node.need
            found = self.available.expression(need)
            if found is not None:
                exprs[id(node)] = found
                self.direct |= tree.names_in(found)
            else:
                rest.append(node)
        taped = {(n.need.name, n.need.value) for n in rest if not self.available.is_derived(n.need)}
        again = self.available.with_taped(taped)
        for node in rest:
            need = node.need
            if (need.name, need.value) not in taped:
                found = again.expression(need)
                if found is not None:
                    exprs[id(node)] = found
                    self.direct |= {
                        n.id
                        for n in gast.walk(found)
                        if isinstance(n, gast.Name) and not hasattr(n, "need")
                    }
        self.name_repeated(reads, exprs)
        fill = _FillNeeds(exprs, {})
        self.fill_in_place(backward, fill)

    def name_repeated(self, reads: list[gast.Name], exprs: dict[int, gast.expr]) -> None:
        """Compute a value that several statements compute again once, in a name of its own."""
        groups: dict[tuple[Any, ...], list[gast.Name]] = {}
        for node in reads:
            if id(node) in exprs and is_arithmetic(exprs[id(node)]):
                groups.setdefault((node.need.name, node.need.value), []).append(node)
        for nodes in groups.values():
            if len(nodes) < 2:
                continue
            whole = next((n for n in nodes if not n.need.shape), nodes[0])
            needs = [n.need for n in nodes]
            block = self.meeting_block(needs, self.varying(whole.need))
            name = self.name_again(whole.need.name, len(nodes))
            again = tree.assign(name, tree.copy(exprs[id(whole)]))
            again.temporary = True
            self.insert_pop(block, again, {id(n) for n in needs})
            for node in nodes:
                exprs[id(node)] = tree.load(name)

    def name_again(self, name: str, readers: int) -> str:
        """A name for a primal value in the backward pass: its own, if nobody else reads that later."""
        reuse = (
            readers > 1
            and name not in self.used
            and name not in self.direct
            and name not in self.keep_names
            and name not in self.c.function.parameters
        )
        self.used.add(name)
        return name if reuse else self.c.names.fresh(name)

    def meeting_block(self, group: list[Need], loops: tuple[gast.AST, ...]) -> Block:
        """The innermost block at the depth of these loops that holds all needs."""
        paths = [self.path(need.at) for need in group]
        common = [
            step
            for position, step in enumerate(paths[0])
            if all(
                len(p) > position and p[: position + 1] == paths[0][: position + 1] for p in paths
            )
        ]
        fitting = [b for b in common if self.block_loops(b) == loops]
        return fitting[-1] if fitting else common[-1]

    def fill_in_place(self, body: list[Any], fill: _FillNeeds) -> None:
        """Fill a mirrored block; its lists stay the ones that `blocks` knows."""
        for position, statement in enumerate(body):
            if isinstance(statement, gast.If | gast.For):
                head = "test" if isinstance(statement, gast.If) else "iter"
                setattr(statement, head, fill.visit(getattr(statement, head)))
                self.fill_in_place(statement.body, fill)
                self.fill_in_place(statement.orelse, fill)
            else:
                body[position] = fill.visit(statement)

    # --- headers

    def fill_headers(self, body: list[Any]) -> list[Any]:
        for statement in tree.walk_statements(body):
            loop = getattr(statement, "iterations_of", None)
            if loop is not None:
                statement.iter = self.iterations(loop)
            test = getattr(getattr(statement, "test", None), "test_of", None)
            if test is not None:
                statement.test = self.test(test)
        return body

    def iterations(self, loop: Any) -> gast.expr:
        """The mirrored loop's iterable."""
        breaks = has_break(loop)
        if isinstance(loop, gast.While) or breaks:
            trips = self.count_trips(loop)
            if isinstance(loop, gast.While):
                return tree.call(tree.load("range"), trips)
        span: gast.expr = self.c.read(loop.iter, loop)
        if not self.all_available(span):
            name = self.c.names.fresh(f"{loop.target.id}_range")
            self.c.new_value(name, self.c.values.loops[loop])
            self.insert.before.setdefault(loop, []).append(tree.assign(name, loop.iter, loop))
            self.insert.headers.setdefault(loop, {})["iter"] = tree.load(name)
            span = self.c.need(name, loop, True)
        if breaks:
            span = gast.Subscript(span, gast.Slice(None, trips, None), gast.Load())
        return tree.call(tree.load("reversed"), span)

    def count_trips(self, loop: Any) -> gast.expr:
        name = self.c.names.fresh("trips")
        self.c.new_value(name, self.c.values.loops[loop])
        start = tree.assign(name, gast.Constant(0, None), loop)
        self.insert.before.setdefault(loop, []).append(start)
        count = gast.AugAssign(tree.store(name), gast.Add(), gast.Constant(1, None))
        tree.with_origins(count, loop)
        self.insert.body_start.setdefault(loop, []).append(count)
        return self.c.need(name, loop, True)

    def test(self, statement: gast.If) -> gast.expr:
        """The test of a mirrored branch: evaluated again where that is cheap, else kept."""
        if isinstance(statement, tree.Attempt):
            assert statement.flag is not None
            return self.c.need(statement.flag, statement, after=True)
        test = self.c.read(statement.test, statement)
        loops = self.c.values.loops[statement]
        if self.all_available(test) and (
            isinstance(statement.test, gast.Name) or (loops and self.is_cheap_test(statement))
        ):
            return test
        if isinstance(statement.test, gast.Name):
            return test
        if statement in self.tests:
            return self.c.need(self.tests[statement], statement, after=not has_break(statement))
        self.tests[statement] = name = self.c.names.fresh("cond")
        self.c.new_value(name, loops)
        self.insert.before.setdefault(statement, []).append(
            tree.assign(name, statement.test, statement)
        )
        self.insert.headers.setdefault(statement, {})["test"] = tree.load(name)
        return self.c.need(name, statement, after=not has_break(statement))

    def is_cheap_test(self, statement: gast.If) -> bool:
        for node in tree.walk(statement.test):
            if isinstance(node, gast.Call | gast.Subscript):
                return False
            if isinstance(node, gast.Name) and node.id in self.c.locals:
                if not self.c.kind_of_name(node.id, statement).is_number:
                    return False
        return True

    def all_available(self, expr: gast.expr) -> bool:
        return all(
            self.available.expression(node.need) is not None
            for node in tree.walk(expr)
            if hasattr(node, "need")
        )

    # --- saving

    def varying(self, need: Need) -> tuple[gast.AST, ...]:
        """The loops in each iteration of which the needed value is another one."""
        born = self.c.values.born
        binding = born[need.value.binding]
        if need.shape:
            return binding
        content = born[need.value.content]
        return max(binding, content, key=len)

    def path(self, statement: gast.AST) -> list[Block]:
        """The blocks that a statement stands in, outermost first."""
        out: list[Block] = []
        current: gast.AST | None = statement
        while current is not None:
            parent, where = self.c.values.parents[current]
            out.append((parent, where))
            current = parent
        return out[::-1]

    def block_loops(self, block: Block) -> tuple[gast.AST, ...]:
        parent, _ = block
        if parent is None:
            return ()
        outer = self.c.values.loops[parent]
        return (*outer, parent) if isinstance(parent, gast.For | gast.While) else outer

    def child(self, statement: gast.AST, block: Block) -> gast.AST:
        """The statement of a block that a statement is, or stands in."""
        current = statement
        while self.c.values.parents[current] != block:
            parent = self.c.values.parents[current][0]
            assert parent is not None
            current = parent
        return current

    def save(self, group: list[Need], readers: int) -> str:
        """Push a value after its birth and pop it before its first reader. Returns the name popped into.

        Where there are several readers that is the primal name itself, if nobody else reads it later.
        """
        first = group[0]
        loops = self.varying(first)
        block = self.meeting_block(group, loops)
        children = [(self.c.values.position[self.child(n.at, block)], n) for n in group]
        position = min(p for p, _ in children)
        earliest = [n for p, n in children if p == position]
        anchor = self.child(earliest[0].at, block)
        after = all(n.after and n.at is anchor for n in earliest)
        shape_only = all(n.shape for n in group)
        value: gast.expr = tree.load(first.name)
        if shape_only:
            if not self.c.kind_of_name(first.name, anchor, after).is_number:
                value = self.c.expander.helper("shape_of", value)
        elif self.c.may_be_written_after(first.name, anchor, after):
            value = self.copy_of(first, anchor, after)
        where = self.insert.after if after else self.insert.before
        if not loops:
            name = self.c.names.fresh(f"{first.name}_saved")
            where.setdefault(anchor, []).append(tree.assign(name, value, anchor))
            self.direct.add(name)
            return name
        tape = self.c.names.fresh(first.name, TAPE)
        self.tapes.append(tape)
        push = gast.Expr(tree.call(tree.attribute(tree.load(tape), "append"), value))
        where.setdefault(anchor, []).append(tree.with_origins(push, anchor))
        name = self.name_again(first.name, readers)
        pop = tree.assign(name, tree.call(tree.attribute(tree.load(tape), "pop")))
        pop.temporary = True
        self.insert_pop(block, pop, {id(n) for n in group})
        return name

    def copy_of(self, need: Need, at: gast.AST, after: bool) -> gast.expr:
        kind = self.c.kind_of_name(need.name, at, after)
        value = tree.load(need.name)
        if kind.is_number:
            return value
        if kind.is_array:
            return tree.call(tree.attribute(value, "copy"))
        return self.c.expander.helper("keep", value)

    def insert_pop(self, block: Block, pop: Any, needs: set[int]) -> None:
        mirrored = self.blocks[block]
        for position, statement in enumerate(mirrored):
            if any(id(node.need) in needs for node in needs_in([statement])):
                pop.role = "adjoint"
                tree.with_origins(pop, statement)
                mirrored.insert(position, pop)
                return
        raise AssertionError(f"no reader of {tree.unparse(pop)} in its block")


class _FillNeeds(tree.Rewriter):
    """Puts expressions in the place of needs."""

    def __init__(self, exprs: dict[int, gast.expr], names: dict[int, str]) -> None:
        self.exprs = exprs
        self.names = names

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if id(node) in self.exprs:
            return tree.copy(self.exprs[id(node)])
        need = getattr(node, "need", None)
        if need is not None and id(need) in self.names:
            return tree.load(self.names[id(need)])
        return node


def is_arithmetic(expr: gast.expr) -> bool:
    """More than a name, a constant or a load."""
    while isinstance(expr, gast.Subscript | gast.Attribute):
        expr = expr.value
    return not isinstance(expr, gast.Name | gast.Constant)


def needs_in(body: list[Any]) -> Iterator[gast.Name]:
    """The name nodes with a need, in textual order."""
    for statement in body:
        for node in tree.walk(statement):
            if hasattr(node, "need"):
                yield node


def _whole(body: list[Any]) -> list[Any]:
    """Mirrors of blocks that surely ran, without the branches that stood for them."""
    out: list[Any] = []
    for statement in body:
        for arm in ("body", "orelse"):
            if getattr(statement, arm, None):
                statement = tree.replace(statement, **{arm: _whole(getattr(statement, arm))})
        out += statement.body if getattr(statement, "is_whole", False) else [statement]
    return out


def has_break(statement: Any) -> bool:
    """A `break` of the loop at hand (not of one inside it) stands in a loop's body or a branch."""

    def search(body: list[Any]) -> bool:
        for statement in body:
            if isinstance(statement, gast.Break):
                return True
            if isinstance(statement, gast.If) and (
                search(statement.body) or search(statement.orelse)
            ):
                return True
        return False

    return search(statement.body) or search(statement.orelse)
