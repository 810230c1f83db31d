"""Which primal values the backward pass has at hand without a tape.

    y = x[t] * w     the backward pass can read x[t] again if nothing writes it later: `t` is replayed,
                     `x` is direct

See `transforms.tape` for the order of preference.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent import tree
from tangent.analysis import regions
from tangent.recipes import registry
from tangent.recipes.kinds import CONTAINERS, Kind, same_shape
from tangent.transforms.accesses import region_access
from tangent.transforms.context import Context, Need
from tangent.transforms.expand import field_of, operation_of
from tangent.transforms.versions import assigned_names

__all__ = ["Availability"]

MAX_DEPTH = 6


class Availability:
    """Answers for one function, remembered by need."""

    def __init__(self, context: Context) -> None:
        self.c = context
        self.known: dict[tuple[Any, ...], gast.expr | None] = {}
        self.taped: set[tuple[str, Any]] = set()  # values that are on a tape anyway
        self.accesses: dict[tuple[int, gast.AST], regions.Access] = {}
        self.writes = [
            s
            for s in context.statements
            if s in context.values.before and context.aliases.changed_names(s)
        ]

    def with_taped(self, taped: set[tuple[str, Any]]) -> Availability:
        """The same where these values are taped: expressions may then read them, as needs."""
        new = Availability(self.c)
        new.accesses = self.accesses
        new.taped = taped
        return new

    def is_derived(self, need: Need) -> bool:
        """The value comes from a cheap operation, which could be done again if its operands were at hand."""
        definition = self.c.values.definition.get(need.value.binding)
        return (
            isinstance(definition, gast.Assign)
            and isinstance(definition.targets[0], gast.Name)
            and not isinstance(definition.value, gast.Subscript)
            and self.c.values.after[definition].get(need.name) == need.value
            and self.is_cheap(definition)
        )

    def expression(self, need: Need, depth: int = 0) -> gast.expr | None:
        """An expression that gives the needed value in the backward pass, or None."""
        key = (need.key, need.at, need.after, need.binding, depth > MAX_DEPTH)
        if key not in self.known:
            self.known[key] = None  # while it is being looked for
            self.known[key] = self.find(need, depth)
        return self.known[key]

    def find(self, need: Need, depth: int) -> gast.expr | None:
        if depth > 0 and (need.name, need.value) in self.taped and not need.binding:
            node = tree.load(need.name)
            node.need = need
            return node
        values = self.c.values
        definition = values.definition.get(need.value.binding)
        if need.shape and not need.binding and isinstance(definition, gast.Assign):
            alike = self.same_shape_source(definition)
            found = None if alike is None else self.expression(alike, depth + 1)
            if found is not None:
                return found
        end = values.end.get(need.name)
        if end is not None and end.binding == need.value.binding:
            same_content = need.shape or end.content == need.value.content
            if same_content and not self.varies(need):
                return tree.load(need.name)
        if isinstance(definition, gast.For):
            inside = definition in values.loops[need.at]
            rebound = any(need.name in assigned_names(s) for s in definition.body)
            return tree.load(need.name) if inside and not rebound else None
        if depth > MAX_DEPTH or not isinstance(definition, gast.Assign):
            return None
        if not isinstance(definition.targets[0], gast.Name):
            return None
        if need.shape and not need.binding:
            alike = self.same_shape_source(definition)
            if alike is not None:
                found = self.expression(alike, depth + 1)
                if found is not None:
                    return found
        if not need.shape and values.after[definition].get(need.name) != need.value:
            return None  # written in place since
        if need.binding and not isinstance(
            definition.value, gast.Name | gast.Subscript | gast.Attribute
        ):
            if self.c.may_be_written_after(need.name, definition, True):
                return None  # another object than the one that is written
        found = self.recompute(definition, depth, need.shape)
        if found is None and not need.shape and not need.binding:
            found = self.stored(need, definition, depth)
        return found

    def stored(self, need: Need, definition: gast.Assign, depth: int) -> gast.expr | None:
        """The element `A[i]` that the value was stored into, if it holds it to the end.

        v = np.tanh(u); h[t + 1] = v        the backward pass reads h[t + 1]

        The store stands behind the definition in the same block, which nothing leaves in between.
        """
        values = self.c.values
        parent, field = values.parents[definition]
        block = getattr(self.c.function.node if parent is None else parent, field)
        for store in block[block.index(definition) + 1 :]:
            element = written_subscript(store)
            if element is None or not isinstance(store, gast.Assign):
                continue
            if not (isinstance(store.value, gast.Name) and store.value.id == need.name):
                continue
            if values.before[store].get(need.name) != need.value:
                return None
            kept = self.c.element_kind(element.value.id, element.slice, store)
            if not is_kept(self.c.kind_of_name(need.name, store), kept):
                continue
            if self.c.is_basic_index(element.slice, store) and not self.overwritten_later(
                store, element
            ):
                read = gast.Subscript(tree.load(element.value.id), element.slice, gast.Load())
                return self.read_again(read, store, depth)
        return None

    def varies(self, need: Need) -> bool:
        born = self.c.values.born
        return bool(born[need.value.binding]) or bool(not need.shape and born[need.value.content])

    def same_shape_source(self, definition: gast.Assign) -> Need | None:
        """A value that is certainly of the same shape and float type as the one defined."""
        (target,) = definition.targets
        if not isinstance(target, gast.Name):
            return None
        kind = self.c.kind_of_name(target.id, definition, True)
        if kind.shape is None or kind.precision is None:
            return None
        for name in sorted(tree.names_in(definition.value) & self.c.locals):
            other = self.c.kind_of_name(name, definition)
            if kind.dtype not in (None, other.dtype):
                continue  # `np.zeros_like` of integers would be integers
            if other.type == kind.type and (other.shape, other.precision) == (
                kind.shape,
                kind.precision,
            ):
                value = self.c.value(name, definition, False)
                if value is not None:
                    return Need(name, value, definition, False, True)
        return None

    # --- recomputing

    def recompute(self, definition: gast.Assign, depth: int, shape: bool) -> gast.expr | None:
        value = definition.value
        if isinstance(value, gast.Constant):
            return tree.copy(value)
        if not self.is_cheap(definition):
            return None
        element = value.value if isinstance(value, gast.Subscript) else None
        if element is not None and self.overwritten_later(definition, value):
            held = self.c.kind_of_name(element.id, definition).type in CONTAINERS
            if not shape or held or element.id in self.c.resized:
                return None
        return self.read_again(value, definition, depth)

    def read_again(self, value: gast.expr, at: gast.AST, depth: int) -> gast.expr | None:
        """An operation (or a load) of a statement, of operands that the backward pass has at hand."""
        held = isinstance(value, gast.Subscript) or self.is_unwritten_field(value)
        element = value.value if held else None
        mapping: dict[str, gast.AST] = {}
        for node in tree.walk(value):
            if not isinstance(node, gast.Name) or node.id not in self.c.locals:
                continue
            if node.id in mapping:
                continue
            known = self.c.value(node.id, at, False)
            if known is None:
                return None
            binding = node is element
            wanted = Need(
                node.id, known, at, False, binding or self.reads_shape(value, node), binding
            )
            found = self.expression(wanted, depth + 1)
            if found is None:
                return None
            mapping[node.id] = found
        return tree.substitute(tree.copy(value), mapping)

    def reads_shape(self, value: gast.expr, name: gast.Name) -> bool:
        """Only the shape of this name is read by an operation."""
        if isinstance(value, gast.Attribute):
            return value.attr in ("shape", "ndim", "size", "dtype")
        return (
            isinstance(value, gast.Call)
            and isinstance(value.func, gast.Name)
            and value.func.id == "len"
            and any(a is name for a in value.args)
            and name.id not in self.c.resized
        )

    def is_cheap(self, definition: gast.Assign) -> bool:
        """Doing the operation again costs no more than a push and a pop."""
        value = definition.value
        if isinstance(value, gast.Name):
            return True
        if isinstance(value, gast.Subscript):
            return self.c.is_basic_index(value.slice, definition)
        if isinstance(value, gast.Attribute):
            if value.attr in ("shape", "ndim", "size", "dtype", "T"):
                return True
            return self.is_unwritten_field(value)
        operation = operation_of(value, self.c.function, self.c.locals)
        if operation is None or operation.recipe is None:
            return False
        if not operation.recipe.pure:
            return False
        if isinstance(value, gast.BinOp | gast.UnaryOp | gast.Compare):
            return all(self.c.is_likely_number(a, definition) for a in tree_atoms(value))
        return operation.function is len or bool(
            operation.recipe.cheap
            and all(
                self.c.kind(a, definition).is_number
                for _, a in operation.atoms
                if isinstance(a, gast.Name)
            )
            and registry.lookup(operation.function)
        )

    def is_unwritten_field(self, value: gast.expr) -> bool:
        """`p.w` of an object that nobody writes."""
        field = field_of(value, self.c.function, self.c.locals)
        return field is not None and field.value.id not in self.c.written_names

    # --- regions

    def overwritten_later(self, read: gast.Assign, element: gast.Subscript) -> bool:
        """The element that a statement loads or stores may be written after it (in any later
        iteration too).
        """
        base = element.value.id
        index = element.slice
        value = self.c.value(base, read, False)
        for write in self.writes:
            if base not in self.c.aliases.changed_names(write) and not self.alias_of(
                base, read, write
            ):
                continue
            if not self.c.may_follow(read, write):
                continue
            target = written_subscript(write)
            same = (
                target is not None
                and target.value.id == base
                and self.c.values.before[write].get(base) is not None
                and value is not None
                and self.c.values.before[write][base].binding == value.binding
                and not self.c.values.born[value.binding]
            )
            if not same:
                return True
            assert target is not None
            first = self.access(read, index, base)
            second = self.access(write, target.slice, base)
            if regions.may_overlap(first, second, "after"):
                return True
        return False

    def alias_of(self, base: str, read: gast.AST, write: gast.AST) -> bool:
        """The object that `base` is at the read may be written by a statement that knows it by another name."""
        written = self.c.aliases.locations_written(write)
        return bool(written & self.c.aliases.locations(read, base))

    def access(self, at: gast.AST, index: gast.expr, base: str) -> regions.Access:
        key = (id(index), at)
        if key not in self.accesses:
            unwritten = frozenset(set(self.c.values.before[at]) - self.c.written_names)
            self.accesses[key] = region_access(
                self.c.values, self.c.kinds, at, index, base, unwritten
            )
        return self.accesses[key]


def is_kept(value: Kind, element: Kind) -> bool:
    """What is stored in an element of this kind can be read there again, unchanged."""
    if value.is_array and element.is_array:
        return (
            value.dtype is not None and value.dtype == element.dtype and same_shape(value, element)
        )
    if value.is_number and element.is_number:
        if value.dtype is None:
            return value.type == "float" and value.is_weak and element.dtype == "float64"
        return value.dtype == element.dtype
    return False


def written_subscript(statement: Any) -> gast.Subscript | None:
    """The subscript that a statement writes, if that is all it does."""
    target = (
        statement.targets[0]
        if isinstance(statement, gast.Assign)
        else getattr(statement, "target", None)
    )
    if isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name):
        return target
    return None


def tree_atoms(node: gast.expr) -> list[gast.AST]:
    """The operands of an operator."""
    if isinstance(node, gast.BinOp):
        return [node.left, node.right]
    if isinstance(node, gast.UnaryOp):
        return [node.operand]
    assert isinstance(node, gast.Compare)
    return [node.left, *node.comparators]
