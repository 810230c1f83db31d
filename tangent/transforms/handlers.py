"""`try` and `with` as attempts: blocks of which it is known afterwards whether they completed.

    before: try:                          after: try:
                y = f(x)                             y = f(x)
            except ValueError:                       completed = True
                y = 0.0                          except ValueError:
                                                     completed = False
                                                     y = 0.0

The backward pass mirrors the arm that ran. It need not know how far a block came that failed,
since nothing that the block has done is read then: what it assigns and somebody might read is
assigned under a new name, and handed over when the block has completed. A block that assigns on its
way becomes several.

A `with` is a block that raises again what leaves it, `finally` one that cleans up before that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.transforms.matching import Matching

__all__ = ["Handlers"]

JUMPS = (gast.Return, gast.Break, gast.Continue)
STAYING = frozenset(
    {"numpy.errstate", "numpy.printoptions", "_io.open", "io.open", "warnings.catch_warnings"}
    | {"contextlib.nullcontext", "contextlib.redirect_stdout", "contextlib.redirect_stderr"}
    | {"contextlib.closing", "decimal.localcontext"}
)


class Handlers(Matching):
    """Writes `try` and `with` statements."""

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        raise NotImplementedError

    # --- with

    def managed(self, node: gast.With) -> list[gast.stmt]:
        """One manager; a statement with several is nested ones."""
        first, *rest = node.items
        body = [tree.replace(node, items=rest)] if rest else list(node.body)
        manager, target = first.context_expr, first.optional_vars
        callee = None
        if isinstance(manager, gast.Call):
            callee = self.function.resolve(manager.func, self.locals)
        if callee is contextlib.suppress and target is None:
            caught = gast.Tuple(manager.args, gast.Load())
            silent = [tree.with_origins(gast.Pass(), node)]
            handler = tree.with_origins(gast.ExceptHandler(caught, None, silent), node)
            return [tree.with_origins(gast.Try(body, [handler], [], []), node)]
        read = sorted(tree.names_in(manager) & self.locals)
        if not self.stays(manager, callee):
            manager = self.ask("strict", manager)
        if target is not None:
            name = target.id if isinstance(target, gast.Name) else self.names.fresh("entered")
            enter = tree.assign(name, self.ask("entered", *map(tree.load, read)), node)
            enter.is_entry = True
            body = [enter, *body]
            if not isinstance(target, gast.Name):
                body.insert(1, tree.assign(target, tree.load(name), node))
        block = tree.Attempt(manager, body, [tree.with_origins(gast.Raise(None, None), node)])
        return [tree.with_origins(block, node)]

    def stays(self, manager: gast.expr, callee: Any) -> bool:
        """A manager that is known to suppress no exception."""
        if callee is not None:
            name = f"{getattr(callee, '__module__', '')}.{getattr(callee, '__name__', '')}"
            return name in STAYING or callee is open
        kind = type(self.function.resolve(manager, self.locals))
        return kind.__module__ in ("_thread", "threading")

    # --- try

    def attempt(self, node: gast.Try) -> list[gast.stmt]:
        """A `try` whose handlers can tell how far it came by what is assigned."""
        if node.finalbody:
            return [self.with_cleanup(node)]
        observed = self.observed(node)
        body, after = list(node.body), list(node.orelse)
        if isinstance(body[-1], JUMPS):  # it leaves when the block has completed
            jump = body.pop()
            after = [jump]
            if isinstance(jump, gast.Return) and jump.value is not None:
                if not isinstance(jump.value, gast.Constant):
                    name = self.names.fresh("value")
                    body.append(tree.assign(name, jump.value, jump))
                    body[-1].ends = True  # read only where the block has completed
                    after = [tree.replace(jump, value=tree.load(name))]
        body = [s for s in body if not isinstance(s, gast.Pass)]
        if not body:
            return after
        pieces = self.pieces(body, observed)
        error = next((h.name.id for h in node.handlers if h.name is not None), "")
        error = error or self.names.fresh("error")
        caught = self.caught(node, error)
        flag = self.names.fresh("completed")
        if len(pieces) == 1 and not pieces[0][1] and not any(_leaves(s) for s in caught):
            block = self.tried(pieces[0][0], caught, error, flag, node)
            more = [tree.with_origins(gast.If(tree.load(flag), after, []), node)] if after else []
            return [block, *more]
        caught = [_reraising(s, error) for s in caught]
        out: list[gast.stmt] = []
        kept = []
        if any(error in tree.names_in(s) for s in caught):
            kept = [tree.assign(error, tree.load(self.names.fresh("error")), node)]
        for body, handed_over in reversed(pieces):
            if out or len(pieces) == 1:
                handed_over = [*handed_over, *out]
            block = self.tried(body, tree.copy(kept), "", flag, node)
            out = [block]
            if handed_over and len(pieces) > 1:
                out.append(tree.with_origins(gast.If(tree.load(flag), handed_over, []), node))
            elif len(pieces) == 1:
                after = [*handed_over, *after]
        if not (after or caught):
            return out
        after = after or [tree.with_origins(gast.Pass(), node)]
        return [*out, tree.with_origins(gast.If(tree.load(flag), after, caught), node)]

    def tried(
        self, body: list[gast.stmt], caught: list[gast.stmt], error: str, flag: str, node: gast.Try
    ) -> gast.stmt:
        """An attempt that keeps whether it completed."""
        done = tree.assign(flag, tree.constant(True), node)
        done.completes = True
        failed = tree.assign(flag, tree.constant(False), node)
        failed.completes = True
        handler = [failed, *caught]
        read = {name for s in caught for name in tree.names_in(s)}
        if caught and not error:
            error = caught[0].value.id
        if error in read:
            enter = tree.assign(error, self.ask("entered"), node)
            enter.is_entry = True
            handler.insert(0, enter)
        block = tree.Attempt(tree.constant(True), [*body, done], handler, self.types_of(node))
        return tree.with_origins(block, node)

    def caught(self, node: gast.Try, error: str) -> list[gast.stmt]:
        """The handlers as one block, which asks for the type where there are several."""
        out: list[gast.stmt] = []
        for handler in reversed(node.handlers):
            body = [s for s in handler.body if not isinstance(s, gast.Pass)]
            if handler.name is not None and handler.name.id != error:
                body = [tree.substitute(s, {handler.name.id: tree.load(error)}) for s in body]
            if handler is node.handlers[-1]:
                out = body
                continue
            kind = tree.copy(handler.type)
            test = tree.call(self.builtin("isinstance", node), tree.load(error), kind)
            body = body or [tree.with_origins(gast.Pass(), handler)]
            out = [tree.with_origins(gast.If(test, body, out), handler)]
        return out

    def types_of(self, node: gast.Try) -> gast.expr:
        """What is caught by any of the handlers."""
        found: list[gast.expr] = []
        for handler in node.handlers:
            if handler.type is None:
                return self.builtin("BaseException", node)
            is_tuple = isinstance(handler.type, gast.Tuple)
            found += tree.copy(handler.type.elts if is_tuple else [handler.type])
        return found[0] if len(found) == 1 else gast.Tuple(found, gast.Load())

    # --- what a block has done when it fails

    def observed(self, node: gast.Try) -> set[str]:
        """Names that the block binds and that may be read when it has failed."""
        bound = {n for s in node.body for n in _bound(s)}
        inside = {id(n) for s in [*node.body, *node.orelse] for n in gast.walk(s)}
        read_outside = {
            n.id
            for n in gast.walk(self.function.node)
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load) and id(n) not in inside
        }
        return {
            name
            for name in bound
            if (name in read_outside and not all(_kills(h.body, name) for h in node.handlers))
            or _read_first(node.body, name)
        }

    def pieces(
        self, body: list[gast.stmt], observed: set[str]
    ) -> list[tuple[list[gast.stmt], list[gast.stmt]]]:
        """The blocks to try one after the other: (statements, what to do when they completed)."""
        out: list[tuple[list[gast.stmt], list[gast.stmt]]] = []
        piece: list[gast.stmt] = []
        end = len(body)
        while end and _is_copy(body[end - 1]):
            end -= 1  # copies at the end raise nothing: they are done where the rest is
        for statement in body[:end]:
            writes = _writes(statement)
            seen = sorted(set(_bound(statement)) & observed)
            if (writes or seen) and not isinstance(
                statement, gast.Assign | gast.AugAssign | gast.Expr
            ):
                raise UnsupportedError(
                    "how far this statement came when an exception leaves it can't be followed",
                    statement.origins[-1],
                    why="what it has written until then is read afterwards",
                    remedy="put the `try` into the statement, around what may raise",
                )
            if seen and isinstance(statement, gast.Assign):
                fresh = {name: tree.load(self.names.fresh(name)) for name in seen}
                targets = [tree.substitute(t, fresh) for t in statement.targets]
                piece.append(tree.replace(statement, targets=targets))
                piece[-1].ends = True
                self.locals |= {n.id for n in fresh.values()}
                done = [tree.assign(n, tree.load(v.id), statement) for n, v in fresh.items()]
                out.append((piece, done))
                piece = []
            elif writes or seen:
                if not isinstance(statement, gast.Expr) and not isinstance(
                    statement.value, gast.Name | gast.Constant
                ):
                    held = self.held(statement.value, statement)
                    piece.append(held)
                    value = tree.load(held.targets[0].id)
                    statement = tree.replace(statement, value=value)
                piece.append(statement)
                out.append((piece, []))
                piece = []
            else:
                piece.append(statement)
        copies = [tree.replace(s, ends=True) for s in body[end:]]
        if piece or not out:
            out.append(([*piece, *copies], []))
        elif copies:
            out[-1] = (out[-1][0], [*out[-1][1], *copies])
        if len(out) > 1:  # what one leaves to the next is read only where both completed
            out = [([_private(s, observed) for s in part], done) for part, done in out]
        return out

    # --- finally

    def with_cleanup(self, node: gast.Try) -> gast.stmt:
        inner: list[gast.stmt] = list(node.body)
        if node.handlers:
            inner = [tree.replace(node, finalbody=[])]
        leave = [*tree.copy(node.finalbody), tree.with_origins(gast.Raise(None, None), node)]
        if any(_leaves(s) for s in node.finalbody):
            jumps = [s for s in tree.walk_statements(node.finalbody) if isinstance(s, JUMPS)]
            raise UnsupportedError(
                "a jump out of `finally` is not supported",
                jumps[0].origins[-1],
                remedy="jump after the `try`",
            )
        everything = self.builtin("BaseException", node)
        block = tree.Attempt(tree.constant(True), inner, leave, everything)
        block.cleanup = list(node.finalbody)
        return tree.with_origins(block, node)


def _is_copy(statement: gast.AST) -> bool:
    return (
        isinstance(statement, gast.Assign)
        and isinstance(statement.value, gast.Name | gast.Constant)
        and all(isinstance(t, gast.Name) for t in statement.targets)
    )


def _private(statement: Any, observed: set[str]) -> Any:
    """Mark an assignment of names that nobody reads where the block has failed."""
    plain = isinstance(statement, gast.Assign) and all(
        isinstance(t, gast.Name) and t.id not in observed for t in statement.targets
    )
    return tree.replace(statement, ends=True) if plain else statement


def _bound(statement: gast.AST) -> list[str]:
    own = tree.comprehension_targets(statement)
    return [
        n.id
        for n in gast.walk(statement)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store) and n not in own
    ]


def _writes(statement: gast.AST) -> bool:
    """The statement itself writes into an object."""
    for node in gast.walk(statement):
        if isinstance(node, gast.Subscript | gast.Attribute) and isinstance(
            node.ctx, gast.Store | gast.Del
        ):
            return True
    return False


def _kills(body: Sequence[gast.stmt], name: str) -> bool:
    """A handler surely assigns the name before anybody reads it, or ends the function."""
    for statement in body:
        if isinstance(statement, gast.Assign) and name in tree.names_in(statement.value):
            return False
        if isinstance(statement, gast.Assign) and any(
            isinstance(t, gast.Name) and t.id == name for t in statement.targets
        ):
            return True
        if name in tree.names_in(statement):
            return False
        if isinstance(statement, gast.Raise | gast.Return):
            return True
    return False


def _read_first(body: Sequence[gast.AST], name: str) -> bool:
    """The block may read the name before it binds it."""
    return _first_use(body, name) == "read"


def _first_use(body: Sequence[Any], name: str) -> str:
    """What a block does with a name first on every path: "read" it, "bind" it, or "" (neither)."""
    for statement in body:
        header = [
            child
            for child in tree.children(statement)
            if isinstance(child, gast.expr | gast.withitem)
        ]
        if name in tree.names_in(header):
            return "read"
        if isinstance(statement, gast.AugAssign) and name in tree.names_in(statement, gast.Store):
            return "read"
        if isinstance(statement, gast.For) and name in tree.stored_names(statement.target):
            continue
        if isinstance(statement, gast.ExceptHandler) and statement.name is not None:
            if statement.name.id == name:
                continue
        uses = [_first_use(block, name) for block in tree.blocks(statement)]
        if "read" in uses:
            return "read"
        if isinstance(statement, gast.If) and len(uses) == 2 and set(uses) == {"bind"}:
            return "bind"
        if isinstance(statement, gast.Assign) and name in tree.names_in(statement, gast.Store):
            return "bind"
    return ""


def _leaves(node: gast.AST) -> bool:
    """A jump may leave the statement."""
    if isinstance(node, JUMPS):
        return True
    if isinstance(node, gast.For | gast.While):
        return any(isinstance(s, gast.Return) for s in tree.walk_statements([node])) or any(
            _leaves(s) for s in node.orelse
        )
    return any(_leaves(s) for block in tree.blocks(node) for s in block)


class _Reraise(tree.Rewriter):
    def __init__(self, error: str) -> None:
        self.error = error

    def visit_Raise(self, node: gast.Raise) -> gast.Raise:
        return node if node.exc is not None else tree.replace(node, exc=tree.load(self.error))

    def visit_Try(self, node: gast.Try) -> gast.Try:
        return node


def _reraising(node: Any, error: str) -> Any:
    """`raise` by itself names the exception."""
    return _Reraise(error).visit(node)
