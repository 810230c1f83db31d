"""What the derivative transforms know of the function that they work on: facts, names, and needs.

A `Need` says that a derivative statement reads the value that a primal name has at a primal statement:

    bb = ba * np.cos(a)      the `a` there is Need("a", at=`b = np.sin(a)`)

Needs ride on the name nodes (attribute `need`) until `transforms.tape` has made the values available.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import gast

from tangent import tree
from tangent.analysis.activity import Activity
from tangent.analysis.aliases import MayAlias
from tangent.analysis.kinds import Kinds
from tangent.analysis.liveness import Liveness
from tangent.analysis.values import Value, Values
from tangent.errors import NoRecipeError, UnsupportedError
from tangent.facts import Facts
from tangent.names import Names
from tangent.origin import Origin
from tangent.program import MISSING, Function
from tangent.recipes import registry
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.recipes.registry import Recipe
from tangent.transforms.dead import pop_of, push_of
from tangent.transforms.expand import Expander, Operation, operation_of
from tangent.transforms.sharing import Sharing, has_slice, resizes
from tangent.transforms.views import Views

__all__ = ["Context", "Need", "as_expression"]


@dataclass(frozen=True)
class Need:
    """A read of a primal value by a derivative statement.

    Attributes:
        name: the primal name.
        value: its numbers (see `analysis.values`).
        at: the primal statement where the name has that value.
        after: just after that statement (else just before).
        shape: only the shape (or the dtype) is read, so that writes into the object don't matter.
        binding: the object itself is wanted, whatever it holds by then.
    """

    name: str
    value: Value
    at: gast.AST
    after: bool
    shape: bool = False
    binding: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """Needs of equal keys can share one tape."""
        return (self.name, self.value.binding, None if self.shape else self.value.content)


def stores_key(statement: Any) -> bool:
    """`d["a"] = v`"""
    place = statement.targets[0] if isinstance(statement, gast.Assign) else None
    return isinstance(place, gast.Subscript) and isinstance(
        getattr(place.slice, "value", None), str
    )


class Context:
    """A function in core form with its facts.

    Args:
        function: the function (promises ``anf`` and ``versioned``).
        facts: its facts, with `wrt` among the options.
        names: hands out new names.
    """

    def __init__(self, function: Function, facts: Facts, names: Names) -> None:
        self.function = function
        self.names = names
        self.locals = function.locals()
        self.values = facts[Values]
        self.facts = facts
        self.aliases = facts[MayAlias]
        self.liveness = facts[Liveness]
        self.activity = facts[Activity]
        self.kinds = facts[Kinds]
        self.program = facts.program
        self.options = facts.options
        self.expander = Expander(function, names)
        self.statements = list(tree.walk_statements(function.node.body))
        self.extra: dict[str, Value] = {}
        self.checks: dict[gast.AST, list[Any]] = {}  # statements to add after those of the primal
        self.checks_before: dict[gast.AST, list[Any]] = {}
        self.sharing = Sharing(self)
        self.views = Views(self)
        self.forced: set[tuple[str, gast.AST]] = set()  # taken to be active
        self.growing = {  # lists that are pushed to or popped from
            n for s in self.statements for n in (push_of(s), pop_of(getattr(s, "value", None))) if n
        }
        self.temporaries = {
            s.targets[0].id for s in self.statements if getattr(s, "temporary", False)
        }
        self.loads = tree.count_names(function.node)
        self.stores = tree.count_names(function.node, gast.Store)
        written: set[str] = set()
        for statement in self.statements:
            if statement in self.values.before:
                written |= self.aliases.changed_names(statement)
        self.written_names = frozenset(written)

    @cached_property
    def resized(self) -> frozenset[str]:
        """Names of what a call may write, which perhaps changes its length."""
        found: set[str] = set()
        for statement in self.statements:
            if isinstance(getattr(statement, "value", None), gast.Call):
                if statement in self.values.before:
                    found |= self.aliases.changed_names(statement)
        return frozenset(found)

    @cached_property
    def reshaped(self) -> frozenset[str]:
        """Names of what may get another form, here or in a function that is called: a list another
        length, an element another shape, a dict another key.
        """
        bodies = [tree.walk_statements(f.node.body) for f in self.program.functions]
        known = any(resizes(s) or stores_key(s) for body in bodies for s in body)
        found: set[str] = set()
        for statement in self.statements:
            if statement not in self.values.before:
                continue
            call = getattr(statement, "value", None)
            calls = isinstance(call, gast.Call) and isinstance(call.func, gast.Name)
            if resizes(statement) or self.stores_in_container(statement) or (known and calls):
                found |= self.aliases.changed_names(statement)
        return frozenset(found)

    def stores_in_container(self, statement: Any) -> bool:
        place = statement.targets[0] if isinstance(statement, gast.Assign) else None
        return (
            isinstance(place, gast.Subscript)
            and isinstance(place.value, gast.Name)
            and not self.kind_of_name(place.value.id, statement).is_array
        )

    def check(self, at: gast.AST, helper: str, *args: gast.expr) -> None:
        """Let the primal call a helper that raises where the run is not as it has to be, after a statement."""
        call = self.expander.helper(helper, *args)
        known = self.checks.setdefault(at, [])
        if not any(tree.same(getattr(c, "value", c), call) for c in known):
            known.append(tree.with_origins(gast.Expr(call), at))

    # --- kinds

    def kind_of_name(self, name: str, at: gast.AST, after: bool = False) -> Kind:
        if after and isinstance(at, gast.If | gast.For | gast.While):
            return self.kind_behind(name, at)
        table = self.kinds.after if after else self.kinds.before
        return table.get(at, {}).get(name, UNKNOWN)

    def kind_behind(self, name: str, at: gast.AST) -> Kind:
        """The kind of a name after a whole compound statement."""
        parent, field = self.values.parents[at]
        block = getattr(self.function.node if parent is None else parent, field)
        following = block[block.index(at) + 1 :]
        if following:
            return self.kinds.before.get(following[0], {}).get(name, UNKNOWN)
        if parent is None:
            return UNKNOWN
        if isinstance(parent, gast.If):
            return self.kind_behind(name, parent)
        return self.kinds.before.get(parent, {}).get(name, UNKNOWN)

    def kind(self, expr: gast.expr, at: gast.AST) -> Kind:
        """The kind of an atom (or index) read by a statement."""
        if isinstance(expr, gast.Name) and expr.id in self.locals:
            return self.kind_of_name(expr.id, at)
        return self.kinds.kind_of(expr, at)

    def element_kind(self, base: str, index: gast.expr, at: gast.AST) -> Kind:
        """The kind of `base[index]`."""
        element = gast.Subscript(tree.load(base), tree.copy(index), gast.Load())
        return self.kinds.kind_of(element, at)

    def is_basic_index(self, index: gast.expr, at: gast.AST) -> bool:
        """Only integers, slices, `...` and `None`: an element or a view, nothing repeats."""
        if isinstance(index, gast.Tuple):
            return all(self.is_basic_index(e, at) for e in index.elts)
        if isinstance(index, gast.Slice):
            return True
        if isinstance(index, gast.Attribute) and self.function.resolve(index, self.locals) is None:
            return True  # np.newaxis
        if isinstance(index, gast.Constant):
            return index.value is None or index.value is ... or type(index.value) in (int, str)
        kind = self.kind(index, at)
        return kind.type == "int"

    # --- values

    def value(self, name: str, at: gast.AST, after: bool) -> Value | None:
        if name in self.extra:
            return self.extra[name]
        table = self.values.after if after else self.values.before
        return table[at].get(name)

    def need(self, name: str, at: gast.AST, after: bool = False, shape: bool = False) -> gast.Name:
        """A name node that reads the primal value that `name` has there."""
        node = tree.load(name)
        value = self.value(name, at, after)
        if value is not None:
            node.need = Need(name, value, at, after, shape)
        return node

    def copied(self, expr: gast.expr, kind: Kind) -> gast.expr:
        """An expression for a copy of a value that will be written."""
        if kind.is_number:
            return expr
        if kind.is_array:
            return tree.call(tree.attribute(expr, "copy"))
        return self.expander.helper("keep", expr)

    def read(self, expr: Any, at: gast.AST, after: bool = False) -> Any:
        """An expression of the primal, with its local names marked as needs."""
        if not isinstance(expr, gast.AST):
            return expr
        return _MarkNeeds(self, at, after).visit(tree.copy(expr))

    def mark_shape(self, expr: gast.expr) -> gast.expr:
        """The same read, of which only the shape matters."""
        need: Need | None = getattr(expr, "need", None)
        if need is None:
            return expr
        node = tree.load(need.name)
        node.need = Need(need.name, need.value, need.at, need.after, True)
        return node

    def new_value(self, name: str, loops: tuple[gast.AST, ...]) -> Value:
        """Numbers for a name that the transform adds to the primal, born inside these loops."""
        number = min([0, *self.values.born]) - 1  # names come again where a loop is mirrored again
        self.values.born[number] = loops
        self.extra[name] = Value(number, number)
        self.values.end[name] = self.extra[name]
        return self.extra[name]

    # --- activity

    def active(self, name: str, at: gast.AST) -> bool:
        """The value that a name has before a statement is varied and useful."""
        return name in self.activity.before[at] or (name, at) in self.forced

    def makes_fresh(self, call: gast.Call) -> bool:
        """A call in emitted code surely returns a new object."""
        target = self.resolve_emitted(call.func)
        if registry.gives_new_array(target):
            return True
        recipes = registry.lookup(target) if target is not MISSING else []
        return bool(recipes) and all(not r.alias for r in recipes) and target is not None

    def resolve_emitted(self, node: gast.AST) -> Any:
        if isinstance(node, gast.Name):
            if node.id in self.expander.injected:
                return self.expander.injected[node.id]
            return self.function.resolve(node, self.locals)
        if isinstance(node, gast.Attribute):
            base = self.resolve_emitted(node.value)
            return MISSING if base is MISSING else getattr(base, node.attr, MISSING)
        return MISSING

    def may_follow(self, first: gast.AST, second: gast.AST) -> bool:
        """The second statement may execute after the first (in a later iteration, perhaps)."""
        values = self.values
        if set(values.loops[first]) & set(values.loops[second]):
            return True
        return values.position[second] >= values.position[first]

    def may_be_written_after(self, name: str, at: gast.AST, after: bool = False) -> bool:
        """What a name denotes there may be written in place later, under whatever name.

        v = a[:2]; … v …; v = v * s; a *= s        the value that `v` had is written through `a`
        """
        if name in self.written_names:
            return True
        reach = self.aliases.place(at, name, after).reach
        return any(
            reach & self.aliases.written(s)
            for s in self.statements
            if s in self.values.before and self.may_follow(at, s)
        )

    # --- what may be loose, small, or passed through

    def may_be_loose(self, name: str, at: gast.AST, result: Kind, loose: bool) -> bool:
        """A local value, read once, whose adjoint may keep the form of that of `result` for now.

        Its shape, where the value comes from an elementwise operation; its type (complex for a real
        number), where it comes from any operation. `loose` says that the adjoint of the result is so.
        """
        if self.loads[name] != 1 or self.stores[name] != 1 or name in self.function.parameters:
            return False
        if self.views.is_involved(name):
            return False
        value = self.value(name, at, False)
        definition = None if value is None else self.values.definition.get(value.binding)
        if not isinstance(definition, gast.Assign):
            return False
        if self.values.loops[definition] != self.values.loops[at]:
            return False
        if name not in self.temporaries and not self.values.loops[at]:
            return False  # outside loops the user's names keep exact adjoints: it costs little
        operation = operation_of(definition.value, self.function, self.locals)
        if operation is None or operation.recipe is None:
            return False
        numbers = not loose and result.is_number and self.kind_of_name(name, at).is_number
        return numbers or operation.recipe.form == "elementwise"

    def is_likely_number(self, expr: gast.AST, at: gast.AST, depth: int = 6) -> bool:
        """A number, or an element at integer indices and what arithmetic makes of such: small, if an array."""
        if isinstance(expr, gast.Constant):
            return True
        kind = self.kind(expr, at)
        if kind.is_number:
            return True
        if kind.is_array or not isinstance(expr, gast.Name) or depth == 0:
            return False
        value = self.value(expr.id, at, False)
        definition = None if value is None else self.values.definition.get(value.binding)
        if not isinstance(definition, gast.Assign):
            return False
        made = definition.value
        if isinstance(made, gast.Subscript):
            return not has_slice(made.slice) and self.is_basic_index(made.slice, definition)
        if isinstance(made, gast.BinOp):
            parts = (made.left, made.right)
            return all(self.is_likely_number(p, definition, depth - 1) for p in parts)
        return isinstance(made, gast.UnaryOp) and self.is_likely_number(
            made.operand, definition, depth - 1
        )

    def passes_through(self, name: str, statement: Any) -> bool:
        """An accumulator of a loop, read by no other statement in it: its adjoint passes unchanged.

        `name` is the first operand of `statement`, which is `s += e`, or `t = s + e` with `s = t` after it.
        """
        loops = self.values.loops[statement]
        if not loops or self.views.is_involved(name):
            return False
        if isinstance(statement, gast.Assign):
            left = statement.value.left
            own = tree.stored_names(statement.targets[0])
        else:
            left = statement.target
            own = [name]
        if not (isinstance(left, gast.Name) and left.id == name):
            return False
        carried = False
        for inner in tree.walk_statements([loops[-1]]):
            if inner is statement:
                continue
            if isinstance(inner, gast.For | gast.While | gast.If):
                heads = [getattr(inner, f) for f in ("test", "iter") if hasattr(inner, f)]
                if name in tree.names_in(heads):
                    return False
            elif (
                isinstance(inner, gast.Assign)
                and isinstance(inner.value, gast.Name)
                and inner.value.id in own
                and tree.stored_names(inner.targets[0]) == [name]
            ):
                carried = True
            elif name in tree.names_in(inner, ctx=None):
                return False
        return carried or isinstance(statement, gast.AugAssign)

    # --- headers of mirrors, filled in by `transforms.tape`

    @staticmethod
    def need_test(statement: gast.If) -> gast.expr:
        """A stand-in for the test of a mirrored branch."""
        node = tree.load("test")
        node.test_of = statement
        return node

    def mirrored_header(self, loop: Any, body: list[Any]) -> gast.For:
        """The mirror of a loop; its iteration space is filled in later."""
        target = loop.target.id if isinstance(loop, gast.For) else self.unused
        node = gast.For(tree.store(target), tree.load("iterations"), body, [], None)
        node.iterations_of = loop
        return node

    @cached_property
    def unused(self) -> str:
        """A loop variable that nothing reads: `_`, unless the function has a use for that name."""
        mine = {n.id for n in gast.walk(self.function.node) if isinstance(n, gast.Name)}
        return self.names.fresh("_") if "_" in mine else "_"

    # --- errors

    def origin(self, statement: gast.AST) -> Origin:
        return self.function.origin(statement)

    def check_supported(
        self, operation: Operation, recipe: Recipe, wanted: Iterable[str], statement: gast.AST
    ) -> None:
        """Raise the error of a recipe that refuses to differentiate by one of these arguments."""
        for parameter, reason in recipe.refusals.items():
            if parameter in wanted:
                call = tree.unparse(operation.node)
                raise UnsupportedError(
                    f"`{call}` can't be differentiated by its argument `{parameter}`",
                    self.origin(statement),
                    why=reason,
                    remedy="keep that argument constant, or declare a recipe of your own "
                    "(docs/writing-a-recipe.md)",
                )

    def no_recipe(self, operation: Operation, statement: gast.AST) -> NoRecipeError:
        """The error for one call; `transforms.missing` makes one of all that are missing."""
        known = registry.lookup(operation.function) if operation.function is not MISSING else []
        if known:
            reason = f"no recipe for this form of the call: `{tree.unparse(operation.node)}`"
            remedy = "call it with the arguments that its recipe knows (see docs/coverage.md)"
        else:
            call = tree.unparse(getattr(operation.node, "func", operation.node))
            reason = f"no recipe for `{call}`"
            remedy = "declare one (docs/writing-a-recipe.md), or write the function in Python"
        why = registry.why_unsupported(operation.function)
        return NoRecipeError(reason, self.origin(statement), why=why, remedy=remedy)


def as_expression(index: gast.expr) -> gast.expr:
    """A subscript as an argument: `1:, k` is `(slice(1, None), k)`."""
    if isinstance(index, gast.Tuple):
        return tree.replace(index, elts=[as_expression(e) for e in index.elts])
    if isinstance(index, gast.Slice):
        ends = [index.lower, index.upper, index.step]
        if ends[2] is None:
            ends.pop()
        return tree.call(tree.load("slice"), *[e or gast.Constant(None, None) for e in ends])
    return index


class _MarkNeeds(tree.Rewriter):
    def __init__(self, context: Context, at: gast.AST, after: bool = False) -> None:
        self.context = context
        self.at = at
        self.after = after

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if node.id in self.context.locals:
            return self.context.need(node.id, self.at, self.after)
        return node

    def visit_Attribute(self, node: gast.Attribute) -> gast.AST:
        if node.attr in ("shape", "ndim", "size", "dtype") and isinstance(node.value, gast.Name):
            if node.value.id in self.context.locals:
                return tree.replace(
                    node, value=self.context.need(node.value.id, self.at, self.after, shape=True)
                )
        return self.generic_visit(node)

    def visit_Call(self, node: gast.Call) -> gast.AST:
        if (
            isinstance(node.func, gast.Name)
            and node.func.id == "len"
            and "len" not in self.context.locals
        ):
            (argument,) = node.args
            if isinstance(argument, gast.Name) and argument.id in self.context.locals:
                if argument.id in self.context.resized:
                    return self.generic_visit(node)
                return tree.replace(
                    node, args=[self.context.need(argument.id, self.at, self.after, shape=True)]
                )
        return self.generic_visit(node)
