"""The verifier: an observer that checks what a tree must be and promises to be, after every pass.

    with verifying():
        run_pipeline(program, passes)        PassError: pass 'dead' broke dfdx: the name `g` is
                                               read, but nothing defines it before
                                                   1  def dfdx(x):
                                                   2 >    return g

It checks that

- no node stands twice in a tree, and names are read and stored where their context says so;
- a name that is read may have been defined before, on some path (a forward may-analysis: sets of
  names, join is union; loops take what their body binds as defined, so one sweep is its fixpoint);
- free names denote something, unless they were free before the pass too;
- a tree has the form that it promises: "plain", "single-exit", "anf" (tree forms of the pipeline);
- a tape is pushed and popped at as many places, in loops of the same depth;
- the pass did not change the tree that it was given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import gast

from tangent import tree
from tangent.emit import emit
from tangent.errors import PassError, TangentError
from tangent.passes import Pass, observing
from tangent.program import MISSING, Function, Program

__all__ = ["Fault", "Verifier", "verify", "verifying"]


class Fault(Exception):
    """What is wrong with a tree, and at which statement."""

    def __init__(self, reason: str, statement: gast.AST | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.statement = statement


class Verifier:
    """The observer. One can watch several pipelines one after another."""

    def __init__(self) -> None:
        self._given: list[str] = []

    def before(self, step: Pass, program: Program) -> None:
        """Remember what a pass is given."""
        self._given = [_exact_dump(function.node) for function in program.functions]

    def __call__(self, step: Pass, before: Program, after: Program) -> None:
        for function, dump in zip(before.functions, self._given, strict=False):
            if _exact_dump(function.node) != dump:
                raise PassError(
                    f"pass {step.name!r} changed the tree of {function.name} that it was given",
                    remedy="copy before you change: tree.Rewriter, tree.replace, tree.copy",
                )
        verify(after, f"pass {step.name!r} broke", known_free=_free_names(before))


@contextmanager
def verifying() -> Iterator[None]:
    """Verify every pass of every pipeline that runs inside."""
    with observing(Verifier()):
        yield


def verify(
    program: Program, what: str = "malformed:", known_free: Iterable[str] | None = None
) -> None:
    """Check a program.

    Args:
        program: the program.
        what: how the message begins.
        known_free: free names that need not denote anything.

    Raises:
        PassError: it is malformed. The message shows the function with a mark at the fault.
    """
    names = [function.name for function in program.functions]
    for function in program.functions:
        try:
            _unique(function)
            _contexts(function)
            _defined(function, set(known_free or ()) | set(names))
            _promised(function)
            _tapes(function)
        except Fault as fault:
            shown = _shown(function, fault.statement)
            raise PassError(f"{what} {function.name}: {fault.reason}\n{shown}") from None


def _shown(function: Function, at: gast.AST | None) -> str:
    try:
        emitted = emit(function)
    except (TangentError, AttributeError, TypeError, ValueError):
        return "    " + (tree.dump(at) if at is not None else "(a tree that has no source)")
    marked = {line for line, node in emitted.nodes.items() if node is at}
    return "\n".join(
        f"    {number:3} {'>' if number in marked else ' '} {line}".rstrip()
        for number, line in enumerate(emitted.source.splitlines(), 1)
    )


def _exact_dump(node: gast.AST) -> str:
    """Equal only for trees that are equal with contexts, origins, roles and notes."""
    riding = [
        (getattr(s, "origins", ()), getattr(s, "role", None), getattr(s, "note", None))
        for s in tree.walk_statements([node])
    ]
    return gast.dump(node) + repr(riding)


# Nodes and contexts.

_SHARED = (gast.expr_context, gast.operator, gast.unaryop, gast.boolop, gast.cmpop)


def _unique(function: Function) -> None:
    seen: set[int] = set()
    for statement, node in _nodes(function.node):
        if isinstance(node, _SHARED):
            continue
        if id(node) in seen:
            text = tree.unparse(node) if isinstance(node, gast.expr | gast.stmt) else repr(node)
            raise Fault(f"one node stands twice in the tree: `{text}`", statement)
        seen.add(id(node))


def _nodes(root: gast.FunctionDef) -> Iterator[tuple[gast.AST, gast.AST]]:
    """Every node with the statement that it stands in, nodes that stand twice included."""
    stack: list[tuple[gast.AST, gast.AST]] = [(root, root)]
    while stack:
        statement, node = stack.pop()
        yield statement, node
        for child in gast.iter_child_nodes(node):
            stack.append((child if isinstance(child, gast.stmt) else statement, child))


_TARGETS = ("targets", "target", "optional_vars")


def _contexts(function: Function) -> None:
    for statement, node in _nodes(function.node):
        for field in node._fields:
            value = getattr(node, field, None)
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, gast.AST) or isinstance(node, gast.arguments):
                    continue
                expected: type = gast.Load
                if field in _TARGETS:
                    expected = gast.Del if isinstance(node, gast.Delete) else gast.Store
                elif isinstance(node, gast.Tuple | gast.List | gast.Starred) and field != "ctx":
                    expected = type(node.ctx)
                found = getattr(child, "ctx", None)
                if found is not None and not isinstance(found, expected):
                    raise Fault(
                        f"`{tree.unparse(child)}` has the context {type(found).__name__}, "
                        f"and stands where {expected.__name__} is needed",
                        statement,
                    )
            if isinstance(value, list) and field == "body" and not value:
                raise Fault("a block is empty", statement)


# Names.


def _free_names(program: Program) -> set[str]:
    found: set[str] = set()
    for function in program.functions:
        found |= tree.names_in(function.node) - function.locals()
    return found


def _defined(function: Function, known_free: set[str]) -> None:
    local_names = function.locals()

    def check(node: gast.AST | None, defined: set[str], statement: gast.AST) -> None:
        for name in _reads(node):
            if name in local_names:
                if name not in defined:
                    raise Fault(
                        f"the name `{name}` is read, but nothing defines it before", statement
                    )
            elif name not in known_free and function.scope.lookup(name) is MISSING:
                raise Fault(f"the name `{name}` is read, but it is defined nowhere", statement)

    def run(body: Sequence[Any], defined: set[str]) -> set[str] | None:
        """Names that may be defined after a block, or None where its end is never reached."""
        for node in body:
            if isinstance(node, gast.FunctionDef | gast.ClassDef):
                defined = defined | {node.name}
                continue
            for part in _own_parts(node):
                check(part, defined, node)
            if isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name):
                check(tree.load(node.target.id), defined, node)
            if isinstance(node, gast.Delete):
                for target in node.targets:
                    check(
                        tree.load(target.id) if isinstance(target, gast.Name) else target,
                        defined,
                        node,
                    )
                gone = {t.id for t in node.targets if isinstance(t, gast.Name)}
                defined = defined - gone
            elif isinstance(node, gast.If):
                arms = [run(node.body, defined), run(node.orelse, defined)]
                reached = [arm for arm in arms if arm is not None]
                if not reached:
                    return None
                defined = set().union(*reached)
            elif isinstance(node, gast.For | gast.While | gast.With | gast.Try):
                bound = {n for s in tree.walk_statements([node]) for n in _bound(s)}
                for block in tree.blocks(node):
                    for inner in block:
                        if isinstance(inner, gast.ExceptHandler):
                            run(
                                inner.body,
                                defined | bound | ({inner.name.id} if inner.name else set()),
                            )
                    run([s for s in block if isinstance(s, gast.stmt)], defined | bound)
                defined = defined | bound
            else:
                defined = defined | set(_bound(node))
            if isinstance(node, gast.Return | gast.Raise | gast.Break | gast.Continue):
                return None
        return defined

    elsewhere = {*function.meta.get("free", ()), *function.meta.get("captured", ())}
    run(function.node.body, {*function.parameters, *elsewhere})


def _own_parts(node: gast.AST) -> Iterator[gast.AST]:
    """The parts of a statement that it evaluates itself, without the blocks inside it."""
    for field in node._fields:
        if field in tree.BLOCK_FIELDS or isinstance(node, gast.Delete):
            continue
        value = getattr(node, field, None)
        yield from (
            v for v in (value if isinstance(value, list) else [value]) if isinstance(v, gast.AST)
        )


def _bound(statement: gast.AST) -> list[str]:
    found: list[str] = []
    for part in _own_parts(statement):
        found += tree.stored_names(part)
    return found


def _reads(node: gast.AST | None) -> Iterator[str]:
    """Names that an expression reads from around it, in textual order."""
    if node is None:
        return
    if isinstance(node, gast.Name):
        if isinstance(node.ctx, gast.Load):
            yield node.id
        return
    own: set[str] = set()
    if isinstance(node, gast.Lambda):
        a = node.args
        own = {
            p.id
            for p in [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
            if p is not None
        }
    elif isinstance(node, gast.ListComp | gast.SetComp | gast.DictComp | gast.GeneratorExp):
        own = {n for g in node.generators for n in tree.stored_names(g.target)}
    for child in gast.iter_child_nodes(node):
        yield from (name for name in _reads(child) if name not in own)


# Forms.


def _promised(function: Function) -> None:
    body = function.node.body
    if "plain" in function.promises:
        for statement in tree.walk_statements(body):
            _check_plain(statement)
    if "single-exit" in function.promises:
        returns = [s for s in tree.walk_statements(body) if isinstance(s, gast.Return)]
        if len(returns) != 1 or body[-1] is not returns[0]:
            at = next((s for s in returns if s is not body[-1]), body[-1])
            raise Fault("'single-exit' promises one return, at the end", at)
        for statement in tree.walk_statements(body):
            if isinstance(statement, gast.Continue):
                raise Fault("'single-exit' promises that there is no continue", statement)
            if isinstance(statement, gast.For | gast.While):
                _check_tail_breaks(statement.body)
    if "anf" in function.promises:
        for statement in tree.walk_statements(body):
            _check_anf(statement)
    if "versioned" in function.promises:  # objects have become the names of their attributes
        for statement in tree.walk_statements(body):
            targets = [*getattr(statement, "targets", ()), getattr(statement, "target", None)]
            if any(isinstance(t, gast.Attribute) for t in targets):
                raise Fault("'versioned' promises names or elements as targets", statement)


_PLAIN = (
    *(gast.Assign, gast.AugAssign, gast.If, gast.For, gast.While, gast.Break, gast.Continue),
    *(gast.Return, gast.Expr, gast.Assert, gast.Raise, gast.Pass, gast.Delete),
)


def _check_plain(statement: gast.AST) -> None:
    def need(condition: bool, what: str) -> None:
        if not condition:
            raise Fault(f"'plain' promises {what}", statement)

    need(isinstance(statement, _PLAIN), f"no {type(statement).__name__}")
    if isinstance(statement, gast.Assign):
        need(len(statement.targets) == 1, "one target an assignment")
        target, value = statement.targets[0], statement.value
        several = (
            isinstance(target, gast.Tuple)
            and all(isinstance(e, gast.Name) for e in target.elts)
            and isinstance(value, gast.Call)
        )
        need(
            several or isinstance(target, gast.Name | gast.Subscript | gast.Attribute),
            "names, elements or attributes as targets (or names of a call's results)",
        )
    elif isinstance(statement, gast.AugAssign):
        need(
            isinstance(statement.target, gast.Name | gast.Subscript | gast.Attribute),
            "names, elements or attributes as targets",
        )
    elif isinstance(statement, gast.For):
        over = statement.iter
        ranged = isinstance(over, gast.Call) and not over.keywords
        need(ranged and isinstance(statement.target, gast.Name), "`for name in range(…)`")
        need(not statement.orelse, "no `else` of a loop")
    elif isinstance(statement, gast.While):
        need(not statement.orelse, "no `else` of a loop")
    elif isinstance(statement, gast.Return):
        need(statement.value is not None, "a value of each return")


def _check_tail_breaks(body: Sequence[gast.AST]) -> None:
    """Breaks of this loop stand at its body's end, or at the end of an arm there."""
    for statement in body[:-1]:
        if isinstance(statement, gast.If | gast.Break):
            for inner in _without_loops([statement]):
                if isinstance(inner, gast.Break):
                    raise Fault(
                        "'single-exit' promises that a break is the last of its loop", inner
                    )
    last = body[-1]
    if isinstance(last, gast.If):
        _check_tail_breaks(last.body)
        if last.orelse:
            _check_tail_breaks(last.orelse)


def _without_loops(body: Sequence[gast.AST]) -> Iterator[gast.AST]:
    for statement in body:
        yield statement
        if isinstance(statement, gast.If):
            yield from _without_loops([*statement.body, *statement.orelse])


def _is_atom(node: gast.AST | None) -> bool:
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.operand, gast.Constant)
    if isinstance(node, gast.Tuple):
        return all(isinstance(e, gast.Constant) for e in node.elts)
    if isinstance(node, gast.Attribute):
        return _is_atom(node.value)  # a dotted path
    return node is None or isinstance(node, gast.Name | gast.Constant | gast.JoinedStr)


def _operands(node: gast.AST) -> list[gast.AST]:
    """The operands of one operation, which have to be atoms. Indices and conditions stay whole."""
    if isinstance(node, gast.Subscript):
        return [node.value]
    if isinstance(node, gast.Compare | gast.BoolOp):
        return []
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
        return []
    if isinstance(node, gast.Call):
        keywords = [k.value for k in node.keywords]
        arguments = [a.value if isinstance(a, gast.Starred) else a for a in node.args]
        return [node.func, *arguments, *keywords]
    return [c for c in gast.iter_child_nodes(node) if isinstance(c, gast.expr)]


def _check_anf(statement: gast.AST) -> None:
    if not isinstance(statement, gast.Assign | gast.AugAssign | gast.Expr | gast.Return):
        return
    value = statement.value
    if _is_atom(value):
        return
    stored = statement.targets[0] if isinstance(statement, gast.Assign) else None
    atomic = isinstance(stored, gast.Subscript | gast.Attribute) or isinstance(
        statement, gast.AugAssign
    )
    if isinstance(statement, gast.Return):
        atomic = not isinstance(value, gast.Tuple)
    wrong = value if atomic else next((o for o in _operands(value) if not _is_atom(o)), None)
    if wrong is not None or isinstance(value, gast.IfExp):
        text = tree.unparse(wrong if wrong is not None else value)
        raise Fault(f"'anf' promises one operation a statement, on names: `{text}`", statement)


# Tapes.


def _tapes(function: Function) -> None:
    """Pushes and pops of the lists that the function itself makes and names as tapes.

    A list that is used otherwise too (saved by a forward for a backward function) is not looked at.
    """
    sites: dict[str, dict[str, Counter[int]]] = {}
    born: set[str] = set()
    read = tree.count_names(function.node)

    def look(body: Sequence[gast.AST], depth: int) -> None:
        for statement in body:
            if isinstance(statement, gast.Assign) and _is_empty_lists(statement.value):
                born.update(tree.stored_names(statement.targets[0]))
            for part in _own_parts(statement):
                for node in tree.walk(part):
                    if (
                        isinstance(node, gast.Call)
                        and isinstance(node.func, gast.Attribute)
                        and isinstance(node.func.value, gast.Name)
                        and node.func.attr in ("append", "pop")
                    ):
                        counts = sites.setdefault(node.func.value.id, {})
                        counts.setdefault(node.func.attr, Counter())[depth] += 1
            inside = depth + isinstance(statement, gast.For | gast.While)
            for block in tree.blocks(statement):
                look(block, inside)

    look(function.node.body, 0)
    declared = function.meta.get("tapes")
    for name, found in sites.items():
        if name not in (declared if declared is not None else _tape_names(born)):
            continue
        pushes = sum(found.get("append", Counter()).values())
        pops = sum(found.get("pop", Counter()).values())
        if found.get("append") != found.get("pop") and read[name] == pushes + pops:
            raise Fault(
                f"the tape `{name}` has {pushes} pushes and {pops} pops, or at other depths"
            )


def _is_empty_lists(node: gast.AST) -> bool:
    if isinstance(node, gast.Tuple):
        return bool(node.elts) and all(_is_empty_lists(e) for e in node.elts)
    return isinstance(node, gast.List) and not node.elts


def _tape_names(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.rstrip("0123456789_").endswith("_tape")}
