"""Containers of functions in `specialise`: lists, tuples and dicts that become variables.

    fs = [np.sin, lambda v: v * a]        fs_0, fs_1 denote the two
    for f in fs:                          y = np.sin(y)
        y = f(y)                          y = y * a

A container is followed in this way where it holds something that has no variable (a function, or an object that the
function has made); others are the program's. A loop over one is unrolled.
"""

from __future__ import annotations

from typing import Any

import gast

import tangent
from tangent import runtime, tree
from tangent.lift import closure
from tangent.program import MISSING
from tangent.transforms.specialise_known import Evaluation, Unknown
from tangent.transforms.specialise_values import (
    Bound,
    Choice,
    Constant,
    Held,
    Method,
    Record,
    Sized,
    Value,
    atom_of,
)
from tangent.transforms.specialise_walk import NeedsUnrolling, Result
from tangent.transforms.specialise_written import written_displays

__all__ = ["Records"]

LONGEST_UNROLLED = 64
CONTAINERS = (tuple, list, dict)


class Records(Evaluation):
    """A walk that follows containers of functions."""

    # --- containers and their parts

    def part(self, node: gast.expr) -> Result:
        if isinstance(node, gast.Tuple | gast.List):
            if self.has_static(node) or self.will_hold_functions(node) or self.will_be_written():
                type_ = tuple if isinstance(node, gast.Tuple) else list
                return self.new(type_, list(enumerate(node.elts)))
        elif isinstance(node, gast.Dict) and (
            self.has_static(node) or self.will_hold_functions(node) or self.will_be_written()
        ):
            return self.new(
                dict, [(self.key(k), v) for k, v in zip(node.keys, node.values, strict=True)]
            )
        elif isinstance(node, gast.Attribute) and self.is_called_later():
            receiver = self.hold("receiver", node.value)
            if isinstance(receiver, str):
                return Method(receiver, node.attr)
        elif isinstance(node, gast.Subscript):
            found = self.element(node)
            if found is not None:
                return found
        elif self.has_static(node):
            try:
                return Constant(self.known(node))
            except Unknown:
                pass
        return self.runtime(node)

    def is_called_later(self) -> bool:
        """The name that is bound here is called in this function."""
        if not isinstance(self.statement, gast.Assign):
            return False
        target = self.statement.targets[0]
        return isinstance(target, gast.Name) and any(
            isinstance(n, gast.Call)
            and isinstance(n.func, gast.Name)
            and (atom := self.frame.get(n.func.id, n.func)) is not None
            and isinstance(atom, gast.Name)
            and atom.id == target.id
            for n in tree.walk(self.callee.node)
        )

    def new(self, type_: type, parts: list[tuple[Any, gast.expr]]) -> Record:
        base = type_.__name__
        if isinstance(self.statement, gast.Assign):
            target = self.statement.targets[0]
            base = target.id if isinstance(target, gast.Name) else base
        shape = tuple((key, self.hold(f"{base}_{name_of(key)}", atom)) for key, atom in parts)
        return Record(self.new_record(shape), type_)

    def will_hold_functions(self, node: gast.expr) -> bool:
        """A container that functions are put into later, or that stands behind `**` in a call."""
        if not isinstance(self.statement, gast.Assign):
            return False
        if tree.children(node) and not isinstance(node, gast.Dict):
            return False
        return self.binds(containers_of_functions(self.callee))

    def will_be_written(self) -> bool:
        """A display whose elements are written in place under constant keys."""
        return isinstance(self.statement, gast.Assign) and self.binds(written_displays(self.callee))

    def binds(self, names: set[str]) -> bool:
        """The statement binds one of some names of the function at hand."""
        target = self.statement.targets[0]
        atoms = [(name, self.frame.get(name)) for name in names]
        here = {a.id if isinstance(a, gast.Name) else name for name, a in atoms}
        return isinstance(target, gast.Name) and target.id in here

    def element(self, node: gast.Subscript) -> Result | None:
        """An element of a container that is followed, or a slice of it."""
        record = self.record_of(node.value)
        if record is None:
            sized = isinstance(node.value, gast.Name) and self.state.values.get(node.value.id)
            if isinstance(sized, Sized) and sized.parts:
                return self.of_parts(node.slice, sized.parts)
            return None
        shape = self.state.shapes[record.number]
        if isinstance(node.slice, gast.Slice):
            ends = [
                None if end is None else self.key(end)
                for end in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            held = [h for _, h in shape][slice(*ends)]
            return self.new(record.type, [(k, atom_of(h)) for k, h in enumerate(held)])
        try:
            key = self.known(node.slice)
        except Unknown:
            return self.chosen(node, shape)
        found = dict(shape).get(self.normal(key, record, shape), MISSING)
        if found is MISSING:
            raise self.refuse(f"there is no element {key!r} in this container")
        return self.value(atom_of(found))

    def of_parts(self, index: gast.expr, parts: tuple[Held, ...]) -> Result | None:
        """An element or a slice of a tuple whose elements are in variables."""
        try:
            if isinstance(index, gast.Slice):
                ends = [self.known(end) for end in (index.lower, index.upper, index.step)]
                return [atom_of(h) for h in parts[slice(*ends)]]
            key = self.known(index)
        except Unknown:
            return None
        if isinstance(key, int) and -len(parts) <= key < len(parts):
            return self.value(atom_of(parts[key]))
        return None

    def normal(self, key: Any, record: Record, shape: Any) -> Any:
        if record.type is not dict and isinstance(key, int) and key < 0:
            return key + len(shape)
        return key

    def chosen(self, node: gast.Subscript, shape: tuple[tuple[Any, Held], ...]) -> Result:
        """The element at a position that the run knows: a choice."""
        options = [self.state.values.get(h) if isinstance(h, str) else None for _, h in shape]
        values = [o for o in options if o is not None and not o.runtime]
        keys = [k for k, _ in shape]
        unlike = any(isinstance(v, Choice | Record | Bound) for v in values)
        if len(values) < len(shape) or unlike:
            raise self.refuse(
                "which element of this container is read is known only when it runs",
                as_=NeedsUnrolling,
                remedy="use a constant index, or loop over the container",
            )
        tag = self.spelling.variable("which")
        position: gast.expr = node.slice
        order = tree.constant(tuple(keys))
        if keys == list(range(len(keys))):  # negative ones count from the end, others raise
            rng = tree.call(self.spelling.inject(range, "range"), tree.constant(len(keys)))
            whole = self.spelling.variable("positions")
            self.emit(tree.assign(whole, rng))
            position = gast.Subscript(tree.load(whole), position, gast.Load())
        else:
            whole = self.spelling.variable("keys")
            self.emit(tree.assign(whole, order))
            position = tree.call(tree.attribute(tree.load(whole), "index"), position)
        self.emit(tree.assign(tag, position))
        self.state.bind(tag)
        return Choice(tag, tuple(values))

    def key(self, node: gast.AST | None) -> Any:
        """A key or an index that has to be known."""
        try:
            return self.known(node)
        except Unknown:
            raise self.refuse(
                "this container holds functions, and which key is meant is known only when it runs",
                remedy="use constant keys",
            ) from None

    def place(self, target: gast.expr) -> str | None:
        if not isinstance(target, gast.Subscript):
            return None
        record = self.record_of(target.value)
        if record is None:
            return None
        key = self.normal(self.key(target.slice), record, self.state.shapes[record.number])
        held = dict(self.state.shapes[record.number]).get(key)
        if held is None:
            raise self.refuse(f"there is no element {key!r} in this container")
        return self.own_variable(record, key, held)

    def own_variable(self, record: Record, key: Any, held: Held) -> str:
        if isinstance(held, str):
            return held
        variable = self.spelling.variable(f"{record.type.__name__}_{name_of(key)}")
        made = tree.assign(variable, atom_of(held), self.statement)
        self.assign(variable, held, made)
        self.put(record, key, variable)
        return variable

    def put(self, record: Record, key: Any, held: Held) -> None:
        shape = dict(self.state.shapes[record.number])
        shape[key] = held
        self.state.shapes[record.number] = tuple(shape.items())

    def store(self, target: gast.expr, value: gast.expr, statement: Any) -> bool:
        if not isinstance(target, gast.Subscript):
            return False
        record = self.record_of(target.value)
        if record is None:
            return False
        if isinstance(target.slice, gast.Slice) or record.type is tuple:
            raise self.refuse("this container holds functions, and can't be written so")
        shape = dict(self.state.shapes[record.number])
        key = self.normal(self.key(target.slice), record, shape)
        if key not in shape and record.type is not dict:
            raise self.refuse(f"there is no element {key!r} in this container")
        held = shape.get(key)
        variable = held if isinstance(held, str) else None
        if variable is None:
            variable = self.spelling.variable(f"{record.type.__name__}_{name_of(key)}")
            self.put(record, key, variable)
        self.assign(variable, self.value(value), tree.assign(variable, value, statement))
        return True

    # --- calls

    def call(self, node: gast.Call) -> Result:
        func = node.func
        if isinstance(func, gast.Attribute):
            record = self.record_of(func.value)
            if record is not None:
                return self.method(record, func.attr, node)
        obj = self.resolve(func)
        if obj is not MISSING and any(self.has_static(a) for a in node.args):
            found = self.of_containers(obj, node)
            if found is not None:
                return found
        return super().call(node)

    def of_containers(self, obj: Any, node: gast.Call) -> Result | None:
        """What a builtin gives for a container that is followed."""
        record = self.record_of(node.args[0]) if node.args else None
        if obj is tangent.check_sequence and record is not None:
            return Constant(None)
        if obj is runtime.keys and record is not None and record.type is dict:
            keys = [tree.constant(k) for k, _ in self.state.shapes[record.number]]
            return self.new(tuple, list(enumerate(keys)))
        if obj is tangent.check_length and record is not None:
            if len(node.args) == 2 and len(self.state.shapes[record.number]) == self.key(
                node.args[1]
            ):
                return Constant(None)
            raise self.refuse("this container has another number of elements")
        if record is not None and len(node.args) == 1 and not node.keywords:
            parts = [atom_of(h) for _, h in self.state.shapes[record.number]]
            if obj in (list, tuple):
                if record.type is dict:
                    parts = [tree.constant(k) for k, _ in self.state.shapes[record.number]]
                return self.new(obj, list(enumerate(parts)))
            if obj is reversed:
                return self.new(tuple, list(enumerate(reversed(parts))))
        try:
            return Constant(self.known(node))
        except Unknown:
            return None

    def method(self, record: Record, name: str, node: gast.Call) -> Result:
        """A method of a container that is followed."""
        shape = self.state.shapes[record.number]
        number = record.number
        args = node.args
        if not node.keywords:
            if record.type is list and name == "append" and len(args) == 1:
                held = self.hold(f"item_{len(shape)}", args[0])
                self.state.shapes[number] = (*shape, (len(shape), held))
                return Constant(None)
            if record.type is list and name == "pop" and not args and shape:
                self.state.shapes[number] = shape[:-1]
                return self.value(atom_of(shape[-1][1]))
            if record.type is dict and name == "get" and args:
                found = dict(shape).get(self.key(args[0]), MISSING)
                if found is not MISSING:
                    return self.value(atom_of(found))
                return self.value(args[1]) if len(args) > 1 else Constant(None)
            if record.type is dict and name == "pop" and args:
                key = self.key(args[0])
                self.state.shapes[number] = tuple((k, h) for k, h in shape if k != key)
                found = dict(shape).get(key, MISSING)
                if found is not MISSING:
                    return self.value(atom_of(found))
                if len(args) > 1:
                    return self.value(args[1])
            if record.type is dict and not args and name in ("keys", "values", "items"):
                keys = [tree.constant(k) for k, _ in shape]
                values = [atom_of(h) for _, h in shape]
                if name == "items":
                    pairs = [
                        self.record("item", tuple, [(0, k), (1, v)])
                        for k, v in zip(keys, values, strict=True)
                    ]
                    return self.new(tuple, list(enumerate(map(tree.load, pairs))))
                return self.new(tuple, list(enumerate(keys if name == "keys" else values)))
            if name == "copy" and not args:
                return self.new(record.type, [(k, atom_of(h)) for k, h in shape])
        raise self.refuse(
            f"`{name}` of a container that holds functions is not followed",
            remedy="write it with a display, elements, `append` and loops",
        )

    def display(self, name: str, value: Value) -> gast.expr | None:
        """A container that holds no functions any more is made a container of the program."""
        if isinstance(value, Method):
            variable = self.spelling.variable(name)
            self.emit(tree.assign(variable, tree.attribute(tree.load(value.receiver), value.name)))
            self.state.bind(variable)
            return tree.load(variable)
        if not isinstance(value, Record):
            return None
        shape = self.state.shapes[value.number]
        if any(self.has_static(atom_of(h)) for _, h in shape) or value.type not in (tuple, dict):
            return None
        made: gast.expr = gast.Tuple([atom_of(h) for _, h in shape], gast.Load())
        if value.type is dict:
            made = gast.Dict([tree.constant(k) for k, _ in shape], [atom_of(h) for _, h in shape])
        variable = self.spelling.variable(name)
        self.emit(tree.assign(variable, made))
        self.state.bind(variable)
        return tree.load(variable)

    def length_of(self, node: gast.Call) -> int | None:
        if (
            isinstance(node.func, gast.Name)
            and self.resolve(node.func) is len
            and len(node.args) == 1
        ):
            record = self.record_of(node.args[0])
            if record is not None:
                return len(self.state.shapes[record.number])
        return None

    # --- loops

    def walk_For(self, statement: gast.For) -> None:
        if self.tells_apart(statement) or self.positions(statement) is None:
            super().walk_For(statement)
            return
        before = self.snapshot()
        heads = list(self.heads)
        try:
            super().walk_For(statement)
        except NeedsUnrolling:
            self.restore(before)
            self.heads = heads
            for inner in self.iterations(statement) or ():
                self.walk(inner)

    def unrolled(self, statement: gast.For) -> list[Any] | None:
        return self.iterations(statement) if self.tells_apart(statement) else None

    def positions(self, statement: gast.For) -> range | None:
        """What a loop counts, if that is known and short."""
        try:
            arguments = [self.known(a) for a in statement.iter.args]
        except Unknown:
            return None
        if not all(isinstance(a, int) for a in arguments):
            return None
        positions = range(*arguments)
        return positions if len(positions) <= LONGEST_UNROLLED else None

    def iterations(self, statement: gast.For) -> list[Any] | None:
        """A loop's iterations one after the other, if their number is known."""
        positions = self.positions(statement)
        if positions is None:
            return None
        body = statement.body
        breaks = any(isinstance(s, gast.Break) for s in own_statements(body))
        stop = self.spelling.variable("stop") if breaks else ""
        out: list[Any] = []
        for position in reversed(positions):
            first = tree.assign(statement.target.id, tree.constant(position), statement)
            block = [first, *tree.copy(body)]
            if breaks:
                block = _Stopping(stop).visit_block(block)
                if out:
                    test = gast.UnaryOp(gast.Not(), tree.load(stop))
                    block.append(tree.with_origins(gast.If(test, out, []), statement))
                out = block
            else:
                out = [*block, *out]
        if breaks:
            out = [tree.assign(stop, tree.constant(False), statement), *out]
        return out

    def tells_apart(self, statement: gast.For) -> bool:
        """A loop reads or grows a container of functions at an index of its own."""
        for inner in tree.walk_statements([statement]):
            for node in tree.walk(inner) if inner is not statement else tree.walk(statement.iter):
                base = None
                if isinstance(node, gast.Subscript):
                    base = node.value
                elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
                    base = node.func.value
                if not isinstance(base, gast.Name):
                    continue
                known = self.state.values.get(base.id)
                if isinstance(known, Record) and known.type in CONTAINERS:
                    return True
        return False


class _Stopping(tree.Rewriter):
    """Sets a flag where an unrolled loop is left."""

    def __init__(self, flag: str) -> None:
        self.flag = flag

    def visit_Break(self, node: gast.Break) -> gast.AST:
        return tree.assign(self.flag, tree.constant(True), node)

    def visit_For(self, node: gast.For) -> gast.AST:
        return node

    def visit_While(self, node: gast.While) -> gast.AST:
        return node


def own_statements(body: list[Any]) -> list[Any]:
    """The statements of a loop's body, without those of loops inside it."""
    out: list[Any] = []
    for statement in body:
        out.append(statement)
        if not isinstance(statement, gast.For | gast.While):
            for block in tree.blocks(statement):
                out += own_statements(block)
    return out


def name_of(key: Any) -> str:
    text = str(key)
    return text if f"_{text}".isidentifier() else "item"


def containers_of_functions(function: Any) -> set[str]:
    """Names whose container functions are put into by `append` or a key, and those behind `**`."""
    functions: set[str] = set()
    found: set[str] = set()
    for statement in tree.walk_statements(function.node.body):
        if not isinstance(statement, gast.Assign | gast.Expr):
            continue
        value = statement.value
        target = statement.targets[0] if isinstance(statement, gast.Assign) else None
        if isinstance(value, gast.Call):
            if function.resolve(value.func) is closure and isinstance(target, gast.Name):
                functions.add(target.id)
            if isinstance(value.func, gast.Attribute) and value.func.attr == "append":
                base = value.func.value
                if isinstance(base, gast.Name) and tree.names_in(list(value.args)) & functions:
                    found.add(base.id)
            for node in tree.walk(value):
                if isinstance(node, gast.keyword) and node.arg is None:
                    found |= tree.names_in(node.value)
        elif isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name):
            if tree.names_in(value) & functions:
                found.add(target.value.id)
        elif isinstance(target, gast.Name) and tree.names_in(value) & functions:
            if isinstance(value, gast.Name):
                functions.add(target.id)
    return found
