"""The walk of `specialise`: statements in order, with what is known of the names that they read.

statement                    what is done
g = lambda v: a * v          noted: g denotes this closure; nothing is emitted
y = g(x)                     the body of g, with v = x, then y = its result
if c: …                      both arms; where they end what they know is joined
for i in range(n): …         the body with what holds before every iteration, found by walking again
anything else                kept as it is
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

import tangent
from tangent import tree
from tangent.errors import UnsupportedError
from tangent.program import MISSING, Function
from tangent.transforms.specialise_names import Spelling, is_definition, stored
from tangent.transforms.specialise_values import (
    Choice,
    Conflict,
    Constant,
    Known,
    Sized,
    State,
    Value,
)

__all__ = ["NeedsUnrolling", "Result", "Walk"]

# What an expression gives: a static value, an expression of the program, or the atoms of a tuple.
Result = Any


class NeedsUnrolling(UnsupportedError):
    """The iterations of a loop have to be told apart."""


class Walk:
    """One function's walk: state and statements. `Calls` (in specialise_expand) adds calls.

    Attributes:
        spelling: the names of the function that is written.
        state: what is known here.
        out: the statements of the block that is being written.
        callee: the function whose statements are being walked (the function itself, or one that is expanded).
        frame: what the names of that function have become, by name.
        depth: how many expansions are around.
    """

    def __init__(self, function: Function, spelling: Spelling) -> None:
        self.function = function
        self.spelling = spelling
        self.state = State()
        self.out: list[Any] = []
        self.callee = function
        self.frame: dict[str, gast.expr] = {}
        self.depth = 0
        self.statement: Any = function.node
        self.breaks: list[State] = []
        self.tags: set[str] = set()
        self.heads: list[State] = []
        self.temporaries: set[str] = set()
        self.lifted: dict[Any, Any] = {}
        self.state.bind(*function.parameters)

    # --- blocks and statements

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        """The statements that a block becomes; `state` is then that at its end."""
        outer, self.out = self.out, []
        for statement in body:
            self.walk(statement)
        made, self.out = self.out, outer
        return made

    def walk(self, statement: Any) -> None:
        outer, self.statement = self.statement, statement
        if isinstance(getattr(statement, "value", None), gast.Call):
            for inner in tree.walk(statement.value):
                choice = isinstance(inner, gast.Name) and self.state.values.get(inner.id)
                if isinstance(choice, Choice):
                    self.split(inner.id, choice, statement)
                    self.statement = outer
                    return
        if self.depth:
            statement = self.on_names(statement)
        method = getattr(self, "walk_" + type(statement).__name__, self.walk_other)
        method(statement)
        self.statement = outer

    def on_names(self, statement: Any) -> Any:
        """A callee's statement: elements of another module's globals are read through a name."""
        changes: dict[str, Any] = {}
        for field in ("value", "targets", "target"):
            part = getattr(statement, field, None)
            only = part[0] if isinstance(part, list) else part
            if isinstance(only, gast.Subscript) and isinstance(only.value, gast.Attribute):
                name = self.spelling.variable(only.value.attr.lower())
                self.emit(tree.assign(name, only.value, statement))
                new = tree.replace(only, value=tree.load(name))
                changes[field] = [new] if isinstance(part, list) else new
        return tree.replace(statement, **changes) if changes else statement

    def emit(self, statement: Any) -> None:
        if not hasattr(statement, "origins"):
            tree.with_origins(statement, self.statement)
        self.out.append(statement)

    def walk_other(self, statement: Any) -> None:
        """A statement that is kept: static values in it are written as objects."""
        new = self.runtime(statement)
        inner = [b for b in tree.BLOCK_FIELDS if getattr(statement, b, None)]
        if inner:
            raise self.refuse(f"`{type(statement).__name__}` is not in core form here")
        self.emit(new)

    def walk_Assign(self, statement: gast.Assign) -> None:
        (target,) = statement.targets
        if isinstance(target, gast.Name):
            if hasattr(statement, "temporary"):
                self.temporaries.add(target.id)
            self.assign(target.id, self.value(statement.value), statement)
        elif isinstance(target, gast.Tuple):
            self.assign_several(target, self.value(statement.value), statement)
        elif not self.store(target, statement.value, statement):
            self.walk_other(statement)

    def store(self, target: gast.expr, value: gast.expr, statement: Any) -> bool:
        """A store into what is known; False where it is one of the program."""
        return False

    def assign(self, name: str, value: Result, statement: Any) -> None:
        """`name = value`."""
        if isinstance(value, list):
            value = gast.Tuple([self.runtime(v) for v in value], gast.Load())
        if isinstance(value, Value) and not value.runtime:
            self.state.values[name] = value
            return
        self.state.values.pop(name, None)
        self.state.bind(name)
        if isinstance(value, Constant):
            value = tree.constant(value.value)
        if isinstance(value, gast.Constant):
            self.state.values[name] = Constant(value.value)
        elif isinstance(value, gast.Tuple | gast.List):
            if isinstance(value, gast.Tuple) or hasattr(statement, "temporary"):
                self.state.values[name] = Sized(len(value.elts))
        elif isinstance(value, gast.Name):
            known = self.state.values.get(value.id)
            if known is not None:
                self.state.values[name] = known
            if value.id == name:
                return
        if value is statement.value and statement.targets[0].id == name:
            self.emit(statement)
        else:
            made = tree.replace(statement, targets=[tree.store(name)], value=value)
            self.emit(made)

    def assign_several(self, target: gast.Tuple, value: Result, statement: Any) -> None:
        names = [t.id for t in target.elts]
        if isinstance(value, list):
            if len(value) != len(names):
                raise self.refuse(f"{len(value)} values are unpacked into {len(names)} names")
            self.parallel(names, value, statement)
            return
        if isinstance(value, Value):
            raise self.refuse("this value can't be unpacked here")
        for name in names:
            self.state.values.pop(name, None)
            self.state.bind(name)
        if isinstance(value, gast.Call):
            self.emit(
                statement if value is statement.value else tree.replace(statement, value=value)
            )
            return
        whole = self.spelling.variable("t")
        self.emit(tree.assign(whole, value, statement))
        self.check_length(whole, len(names))
        for k, name in enumerate(names):
            part = gast.Subscript(tree.load(whole), tree.constant(k), gast.Load())
            self.emit(tree.assign(name, part, statement))

    def check_length(self, name: str, length: int) -> None:
        """Let the run check how many elements a value has."""
        module = self.spelling.inject(tangent, "tangent")
        func = tree.attribute(module, "check_length")
        self.emit(gast.Expr(tree.call(func, tree.load(name), tree.constant(length))))

    def parallel(self, names: list[str], atoms: list[gast.expr], statement: Any) -> None:
        """`a, b = x, y` for atoms: what is overwritten before it is read goes through a temporary."""
        pending = list(atoms)
        for k, name in enumerate(names):
            for later in range(k + 1, len(names)):
                atom = pending[later]
                if isinstance(atom, gast.Name) and atom.id == name:
                    kept = self.spelling.variable(name)
                    first = tree.with_origins(
                        gast.Assign([tree.store(kept)], atom, None), statement
                    )
                    self.assign(kept, self.value(atom), first)
                    pending[later] = tree.load(kept)
            atom = pending[k]
            made = tree.with_origins(gast.Assign([tree.store(name)], atom, None), statement)
            self.assign(name, self.value(atom), made)

    def walk_AugAssign(self, statement: gast.AugAssign) -> None:
        if isinstance(statement.target, gast.Subscript | gast.Attribute):
            place = self.place(statement.target)
            if place is not None:
                statement = tree.replace(statement, target=tree.store(place))
        if isinstance(statement.target, gast.Name):
            self.read_check(statement.target.id)
            known = self.state.values.get(statement.target.id)
            if known is not None and not known.runtime:
                raise self.refuse(f"`{statement.target.id}` is changed in place here")
            self.state.values.pop(statement.target.id, None)
        self.walk_other(statement)

    def place(self, target: gast.expr) -> str | None:
        """The variable that an element or attribute of something known is."""
        return None

    def walk_Expr(self, statement: gast.Expr) -> None:
        value = self.value(statement.value)
        if isinstance(value, gast.Call):
            same = value is statement.value
            self.emit(statement if same else tree.replace(statement, value=value))

    def walk_Return(self, statement: gast.Return) -> None:
        value = statement.value
        new = self.runtime(value)
        self.emit(statement if new is value else tree.replace(statement, value=new))

    # --- branches and loops

    def walk_If(self, statement: gast.If) -> None:
        test = self.test(statement.test)
        if isinstance(test, bool):
            for inner in statement.body if test else statement.orelse:
                self.walk(inner)
            return
        before = self.state
        self.state = before.copy()
        body = self.block(statement.body)
        first, self.state = self.state, before.copy()
        orelse = self.block(statement.orelse)
        second = self.state
        body, orelse = self.meet(statement, (body, first), (orelse, second))
        if not body and not orelse:
            return
        if not body:
            body = [tree.with_origins(gast.Pass(), statement)]
        same = tree.same_items(body, statement.body) and tree.same_items(orelse, statement.orelse)
        if test is not statement.test or not same:
            statement = tree.replace(statement, test=test, body=body, orelse=orelse)
        self.emit(statement)

    def walk_Attempt(self, statement: tree.Attempt) -> None:
        test = self.runtime(statement.test)
        before = self.state
        self.state = before.copy()
        body = self.block(statement.body)
        first, self.state = self.state, before.copy()
        orelse = self.block(statement.orelse)
        body, orelse = self.meet(statement, (body, first), (orelse, self.state))
        body = body or [tree.with_origins(gast.Pass(), statement)]
        self.emit(tree.replace(statement, test=test, body=body, orelse=orelse))

    def meet(
        self, statement: gast.If, first: tuple[list[Any], State], second: tuple[list[Any], State]
    ) -> tuple[list[Any], list[Any]]:
        """Where two arms end: `state` becomes what holds behind them. Returns the arms."""
        line = self.line_of(statement)
        (body, a), (orelse, b) = first, second
        if leaves(body):
            self.state = b
        elif leaves(orelse):
            self.state = a
        else:
            tags = self.choose(a, b, statement)
            body, orelse = [*body, *tags[0]], [*orelse, *tags[1]]
            self.state = a.join(b, f"depends on the `if` at line {line}")
        return body, orelse

    def choose(self, a: State, b: State, like: gast.If) -> tuple[list[Any], list[Any]]:
        """Names that denote one function or another become choices: `Choices`."""
        return [], []

    def split(self, name: str, choice: Choice, statement: Any) -> None:
        raise NotImplementedError

    def walk_For(self, statement: gast.For) -> None:
        unrolled = self.unrolled(statement)
        if unrolled is not None:
            for inner in unrolled:
                self.walk(inner)
            return
        arguments = [self.runtime(a) for a in statement.iter.args]
        rng = statement.iter
        if not tree.same_items(arguments, rng.args):
            rng = tree.replace(rng, args=arguments)

        def walk_body() -> list[Any]:
            self.state.values.pop(statement.target.id, None)
            self.state.bind(statement.target.id)
            return self.block(statement.body)

        body = self.loop(statement, walk_body)
        if rng is not statement.iter or not tree.same_items(body, statement.body):
            statement = tree.replace(statement, iter=rng, body=body)
        self.emit(statement)

    def unrolled(self, statement: gast.For) -> list[Any] | None:
        """A loop's iterations one after the other, where they have to be told apart."""
        return None

    def walk_While(self, statement: gast.While) -> None:
        tests: list[gast.expr] = []

        def walk_body() -> list[Any]:
            tests.append(self.runtime(statement.test))
            return self.block(statement.body)

        body = self.loop(statement, walk_body)
        if tests[-1] is not statement.test or not tree.same_items(body, statement.body):
            statement = tree.replace(statement, test=tests[-1], body=body)
        self.emit(statement)

    def loop(self, statement: Any, walk_body: Callable[[], list[Any]]) -> list[Any]:
        """A loop's body, walked until what is known at its head holds in every iteration."""
        reason = f"differs between the iterations of the loop at line {self.line_of(statement)}"
        entry = self.state.copy()
        rebound = stored(statement.body)
        entry.values = {
            n: v
            for n, v in entry.values.items()
            if not (v.runtime and n in rebound and not self.depth)
        }
        outer, head = self.breaks, entry.copy()
        while True:
            self.breaks = []
            named = self.spelling.state(), dict(self.lifted)
            self.state = head.copy()
            self.heads.append(head)
            body = self.settled(walk_body(), head, reason, statement)
            self.heads.pop()
            new = self.head_again(head, self.state, reason)
            if new.values == head.values:
                break
            head = new
            self.lifted = named[1]
            self.spelling.back_to(named[0])
        exits = [*self.breaks]
        if not is_endless(statement):
            exits += [entry, self.state]
        self.breaks = outer
        after = exits[0] if exits else self.state
        for state in exits[1:]:
            after = after.join(state, reason)
        self.state = after
        return body or [tree.with_origins(gast.Pass(), statement)]

    def settled(self, body: list[Any], head: State, reason: str, like: Any) -> list[Any]:
        """A loop's body with what brings its objects to where the head has them: `Merging`."""
        return body

    def head_again(self, head: State, end: State, reason: str) -> State:
        """What holds at a loop's head, given what holds at the end of its body."""
        new = head.copy()
        for name in [*head.values, *(n for n in end.values if n not in head.values)]:
            a, b = head.values.get(name), end.values.get(name)
            if a == b or isinstance(a, Conflict):
                continue
            if all(v is None or v.runtime for v in (a, b)):
                new.values.pop(name, None)
            else:
                new.values[name] = Conflict(reason)
        for number, shape in head.shapes.items():
            if end.shapes.get(number, shape) != shape:
                raise self.refuse(
                    "a container of functions or objects changes its length in a loop",
                    as_=NeedsUnrolling,
                    remedy="let the loop have a constant number of iterations",
                )
        return new

    def walk_Break(self, statement: gast.Break) -> None:
        self.breaks.append(self.state.copy())
        self.emit(statement)

    # --- expressions

    def value(self, node: gast.expr) -> Result:
        """What an operation gives."""
        if isinstance(node, gast.Name | gast.Attribute):
            found = self.static(node)
            return found if found is not None else self.part(node)
        if isinstance(node, gast.Call):
            return self.call(node)
        return self.part(node)

    def call(self, node: gast.Call) -> Result:
        return self.runtime(node)

    def part(self, node: gast.expr) -> Result:
        """What another expression gives: a display, an element, arithmetic."""
        return self.runtime(node)

    def static(self, node: gast.expr) -> Value | None:
        """The static value of an atom or a dotted path, None where the program computes it."""
        if isinstance(node, gast.Name):
            found = self.state.values.get(node.id)
            if found is not None:
                if isinstance(found, Conflict):
                    self.read_check(node.id)
                return None if found.runtime else found
        obj = self.resolve(node)
        if obj is not MISSING and is_definition(obj):
            return Known(obj, node)
        return None

    def resolve(self, node: gast.AST) -> Any:
        """The object that a name or dotted path of free names denotes, or MISSING."""
        if isinstance(node, gast.Name):
            if node.id in self.spelling.own:
                return MISSING
            return self.spelling.scope.lookup(node.id)
        if isinstance(node, gast.Attribute):
            base = self.resolve(node.value)
            if base is MISSING or not is_definition(base):
                return MISSING
            return getattr(base, node.attr, MISSING)
        return MISSING

    def test(self, node: gast.expr) -> gast.expr | bool:
        """A test, True or False where it is known."""
        return self.runtime(node)

    def read_check(self, name: str) -> None:
        """Refuse to read a name of which it isn't known what it denotes."""
        found = self.state.values.get(name)
        if isinstance(found, Conflict):
            raise self.refuse(
                f"what `{self.shown(name)}` denotes {found.reason}",
                remedy="bind it to one function or object, or choose between the results of calls",
            )

    def runtime(self, node: Any) -> Any:
        """A node in which the static values that are objects are written as such.

        Raises:
            UnsupportedError: one of them has no object in the program.
        """
        if not self.has_static(node):
            return node
        return _Materialise(self).visit(node)

    def has_static(self, node: Any) -> bool:
        """Whether a name in a node has no variable."""
        return any(
            isinstance(inner, gast.Name)
            and isinstance(inner.ctx, gast.Load)
            and (found := self.state.values.get(inner.id)) is not None
            and not found.runtime
            for inner in tree.walk(node)
        )

    def materialise(self, name: str, value: Value) -> gast.expr:
        """The object of a static value."""
        self.read_check(name)
        if isinstance(value, Known):
            return tree.copy(value.expr)
        made = self.display(name, value)
        if made is not None:
            return made
        raise self.escapes(name, value)

    def display(self, name: str, value: Value) -> gast.expr | None:
        """A container of the program for one that is known."""
        return None

    def length_of(self, node: gast.Call) -> int | None:
        """`len(name)` of a container that is known."""
        return None

    def escapes(self, name: str, value: Value) -> UnsupportedError:
        return self.refuse(
            f"`{self.shown(name)}`, which the function itself has made, is used as a value here",
            why="the derivative knows it by its source, and here only the run would know it",
            remedy="call it here, or pass it to functions that have Python source",
        )

    # --- errors

    def shown(self, name: str) -> str:
        """How the user calls a variable."""
        for own, atom in self.frame.items():
            if isinstance(atom, gast.Name) and atom.id == name:
                return own
        return name

    def line_of(self, statement: Any) -> int:
        origins = getattr(statement, "origins", ())
        return origins[-1].line if origins else self.function.origin(statement).line

    def refuse(
        self, reason: str, as_: type[UnsupportedError] = UnsupportedError, **more: Any
    ) -> UnsupportedError:
        origins = getattr(self.statement, "origins", ())
        origin = origins[-1] if origins else self.function.origin(self.statement)
        more.setdefault("remedy", "write it with the constructs that docs/language.md lists")
        return as_(reason, origin, **more)


class _Materialise(tree.Rewriter):
    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def visit_Name(self, node: gast.Name) -> gast.AST:
        value = self.walk.state.values.get(node.id)
        if isinstance(node.ctx, gast.Load) and value is not None and not value.runtime:
            return self.walk.materialise(node.id, value)
        return node

    def visit_Call(self, node: gast.Call) -> gast.AST:
        known = self.walk.length_of(node)
        return self.generic_visit(node) if known is None else tree.constant(known)


def is_endless(statement: Any) -> bool:
    test = getattr(statement, "test", None)
    return isinstance(test, gast.Constant) and bool(test.value)


def leaves(body: Sequence[gast.AST]) -> bool:
    """Control certainly doesn't come out at the end of a block."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, gast.If):
        return leaves(last.body) and leaves(last.orelse)
    return isinstance(last, gast.Break | gast.Continue | gast.Return | gast.Raise)
