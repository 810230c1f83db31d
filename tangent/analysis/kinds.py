"""What each name is, at each statement: number, array of which rank and dtype, of whose shape.

    def f(x, n):                     x: unknown           n: unknown
        y = np.sin(x)                y: numeric           the shape and float type of x
        s = 0.0                      s: float
        for i in range(n):           i: int               s: unknown, of a shape of its own
            s = s + y[i] * i
        return s

    facts[Kinds].before[statement]["y"], facts[Kinds].kind_of(expression, statement)

Theory. An abstract interpretation (Cousot and Cousot 1977) that walks the structured program: loops
are repeated until the state at their head is stable, which it is after a few rounds, since each
field of a kind only goes up. It is not an instance of the work-list solver because tokens are made
where paths meet (`kind_tokens` says why): the meeting point has to be known, and states from
earlier rounds must not linger.

Global variables are read live and so are unknown; modules, functions and classes are resolved.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import gast

from tangent import tree
from tangent.analysis.assumptions import Assumptions
from tangent.analysis.calls import local_names
from tangent.analysis.effects import Effects, EffectsTable
from tangent.analysis.kind_calls import CallKinds
from tangent.analysis.kind_parts import dict_kind, kind_of_global, part_kind, with_entry
from tangent.analysis.kind_rules import (
    attribute_kind,
    augmented_kind,
    binary_kind,
    compare_kind,
    subscript_kind,
    unary_kind,
)
from tangent.analysis.kind_tokens import (
    forget_lists,
    holds_list,
    join_with,
    own_tokens,
    widen_kind,
    with_tokens,
)
from tangent.analysis.promises import parameter_kinds, promised_sizes
from tangent.facts import Fact, Restricted
from tangent.program import MISSING, Function, Program
from tangent.recipes.dims import stored_parts, stretched_parts
from tangent.recipes.kinds import (
    FLOAT,
    NONE,
    STR,
    UNKNOWN,
    Kind,
    constant_kind,
    join,
    kind_of_dtype,
)
from tangent.runtime_kinds import check_kind

__all__ = ["KindTable", "Kinds"]

State = Mapping[str, Kind]

_MOST_ROUNDS = 10


class Kinds(Fact):
    """The kinds of all names before and after each statement: a `KindTable`.

    Options: `like`, examples of the arguments of the program's entry; with `assumes`, sizes that
    the examples show to be equal are taken to be so (see `analysis.assumptions`), with
    `copies_are_arrays` what `x.copy()` gives is an array: who asks for that has to assert it.
    """

    name: ClassVar[str] = "kinds"
    requires: ClassVar[tuple[type[Fact], ...]] = (Effects,)

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> KindTable:
        entry = parameter_kinds(function, facts.program, facts.options)
        calls = CallKinds(facts.program, KindTable, bool(facts.options.get("copies_are_arrays")))
        table = KindTable(function, facts.program, entry, facts[Effects], calls)
        if facts.options.get("assumes"):
            assumed = Assumptions(promised_sizes(function, facts.program, facts.options))
            while assumed.sizes and assumed.add(table.groups()):
                known = {name: assumed.applied(kind) for name, kind in entry.items()}
                table = KindTable(function, facts.program, known, facts[Effects], calls)
            table.assumptions = tuple(assumed.equations)
        return table


class KindTable:
    """The kinds of the names of a function whose parameters have given kinds.

    Attributes:
        before, after: by statement, the kind of each name that is bound there. A compound statement
            stands for its header: `after` of a `for` has its target.
        result: the kind of what the function returns.
        assumptions: equations between sizes of arguments, as texts, under which that holds.
    """

    def __init__(
        self,
        function: Function,
        program: Program,
        parameters: State,
        effects: Mapping[gast.AST, Any] | None = None,
        calls: CallKinds | None = None,
    ) -> None:
        self.function = function
        self.program = program
        self.locals = set(local_names(function))
        self.effects = effects if effects is not None else EffectsTable(function, program)
        self.calls = calls or CallKinds(program, KindTable)
        self.before: dict[gast.AST, State] = {}
        self.after: dict[gast.AST, State] = {}
        self.result: Kind | None = None
        self.assumptions: tuple[tuple[str, str], ...] = ()
        self._number: dict[gast.AST, int] = {}
        self._last: dict[gast.AST, int] = {}
        self._pairs: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._resolved: dict[gast.AST, Any] = {}
        self._breaks: list[list[State]] = []
        self._continues: list[list[State]] = []
        self._count(function.node.body)
        end = self._block(function.node.body, dict(parameters))
        if end is not None:
            self._returns(NONE)

    def kind_of(self, expr: gast.expr, at: gast.AST) -> Kind:
        """The kind of an expression's value, evaluated just before a statement."""
        return self.kind(expr, self.before.get(at, {}))

    def groups(self) -> list[tuple[Any, ...]]:
        """Dims that are broadcast together somewhere in the function: equal, or 1, or it raises."""
        out: list[tuple[Any, ...]] = []
        for statement, state in self.before.items():
            if not isinstance(statement, gast.Assign | gast.AugAssign | gast.Expr | gast.Return):
                continue
            for node in tree.walk(statement):
                if isinstance(node, gast.Call):
                    out += self.calls.groups(self, node, state)
            if isinstance(statement, gast.Expr | gast.Return):
                continue
            target = (
                statement.targets[0] if isinstance(statement, gast.Assign) else statement.target
            )
            if isinstance(target, gast.Name):
                known = self.after[statement].get(target.id, UNKNOWN)
                out += stretched_parts(known.shape)
            if isinstance(target, gast.Subscript) or isinstance(statement, gast.AugAssign):
                into, value = self.kind(target, state), self.kind(statement.value, state)
                out += stored_parts(into.dims, value.dims)
        return out

    def _count(self, body: Sequence[gast.AST]) -> None:
        for statement in body:
            self._number[statement] = len(self._number)
            for field in ("body", "orelse", "handlers", "finalbody"):
                self._count(getattr(statement, field, ()) or ())
            self._last[statement] = len(self._number) - 1

    # ---- statements ---------------------------------------------------------------------

    def _block(self, body: Sequence[gast.AST], state: State | None) -> State | None:
        """The state after a block, None where its end is not reached."""
        for statement in body:
            if state is None:
                self._unreached(statement)
                continue
            self.before[statement] = state
            rule = _STATEMENTS.get(type(statement))
            if rule is None:
                state = self._any(statement, state)
            else:
                state = rule(self, statement, state)
            if type(statement) not in _COMPOUND:
                self.after[statement] = state if state is not None else self.before[statement]
        return state

    def _unreached(self, statement: gast.AST) -> None:
        self.before[statement] = self.after[statement] = {}
        for field in ("body", "orelse", "handlers", "finalbody"):
            for inner in getattr(statement, field, ()) or ():
                self._unreached(inner)

    def _assign(self, statement: gast.Assign, state: State) -> State:
        kind = self.kind(statement.value, state)
        state = self._written(statement, state)
        new = dict(state)
        for target in statement.targets:
            self._bind(target, kind, new, self._number[statement])
        return new

    def _annotated(self, statement: gast.AnnAssign, state: State) -> State:
        if statement.value is None:
            return state
        new = dict(self._written(statement, state))
        kind = self.kind(statement.value, state)
        self._bind(statement.target, kind, new, self._number[statement])
        return new

    def _augment(self, statement: gast.AugAssign, state: State) -> State:
        target = statement.target
        if not isinstance(target, gast.Name):
            return self._written(statement, state)
        old = state.get(target.id, UNKNOWN)
        kind = augmented_kind(type(statement.op), old, self.kind(statement.value, state))
        new = dict(self._written(statement, state))
        self._bind(target, kind, new, self._number[statement])
        return new

    def _bind(self, target: gast.AST, kind: Kind, state: dict[str, Kind], number: int) -> None:
        if isinstance(target, gast.Name):
            state[target.id] = with_tokens(kind, ("at", number, target.id))
        elif isinstance(target, gast.Tuple | gast.List):
            for position, element in enumerate(target.elts):
                if isinstance(element, gast.Starred):
                    self._bind(element.value, Kind("list"), state, number)
                else:
                    self._bind(element, part_kind(kind, position, target.elts), state, number)

    def _expression(self, statement: gast.Expr, state: State) -> State:
        state = self._written(statement, state)
        call = statement.value
        if isinstance(call, gast.Call) and self.resolve(call.func) is check_kind:
            return self._promised(call, state, self._number[statement])
        return state

    def _promised(self, call: gast.Call, state: State, number: int) -> State:
        """What has passed `tangent.check_kind(x, 'x', 'array', 'float64', 1)` is of that kind."""
        checked, _, *details = call.args
        if not isinstance(checked, gast.Name) or not all(
            isinstance(d, gast.Constant) for d in details
        ):
            return state
        type_, dtype, rank = [*(d.value for d in details), None, None][:3]
        if type_ not in ("array", "float") or state.get(checked.id, UNKNOWN).type != "unknown":
            return state
        if type_ == "array":
            kind = Kind("array") if dtype is None else kind_of_dtype(dtype, 1)
            kind = replace(kind, rank=rank)
        else:
            kind = FLOAT if dtype is None else kind_of_dtype(dtype)
        return {**state, checked.id: with_tokens(kind, ("at", number, checked.id))}

    def _delete(self, statement: gast.Delete, state: State) -> State:
        gone = {t.id for t in statement.targets if isinstance(t, gast.Name)}
        state = self._written(statement, state)
        return {name: kind for name, kind in state.items() if name not in gone}

    def _written(self, statement: gast.AST, state: State) -> State:
        """The state after the statement's writes in place: those of lists change shapes."""
        effects = self.effects.get(statement)
        if effects is None or not effects.mutates:
            return state
        if not any(holds_list(state.get(name, UNKNOWN)) for name in effects.mutates):
            return state
        types = {state.get(name, UNKNOWN).type for name in effects.mutates}
        written = types.pop() if len(types) == 1 and types <= {"list", "dict"} else None
        new = self._without_lists(state, self._number[statement], written)
        kept = with_entry(self, statement, state)
        if kept is not None:
            new[kept[0]] = kept[1]
        return new

    def _without_lists(
        self, state: State, number: int, written: str | None = None
    ) -> dict[str, Kind]:
        return {
            name: with_tokens(forget_lists(kind, written), ("at", number, name))
            if holds_list(kind)
            else kind
            for name, kind in state.items()
        }

    def _any(self, statement: gast.AST, state: State) -> State:
        """Any other statement: nothing is known afterwards of the names it binds, nor of lists."""
        number = self._number[statement]
        new = self._without_lists(state, number)
        bound: set[str] = set()
        if isinstance(statement, gast.FunctionDef | gast.ClassDef):
            bound.add(statement.name)
        else:
            for inner in tree.walk(statement):
                if isinstance(inner, gast.Name) and isinstance(inner.ctx, gast.Store | gast.Del):
                    bound.add(inner.id)
                elif isinstance(inner, gast.Return):
                    self._returns(UNKNOWN)
        for name in sorted(bound):
            new[name] = with_tokens(UNKNOWN, ("at", number, name))
        for field in ("body", "orelse", "handlers", "finalbody"):
            for inner in getattr(statement, field, ()) or ():
                self._unreached(inner)
        for jumps in (*self._breaks[-1:], *self._continues[-1:]):
            jumps.append(new)
        return new

    def _nothing(self, statement: gast.AST, state: State) -> State:
        return state

    def _assert(self, statement: gast.Assert, state: State) -> State:
        return self._written(statement, state)

    def _return(self, statement: gast.Return, state: State) -> None:
        self._returns(NONE if statement.value is None else self.kind(statement.value, state))

    def _returns(self, kind: Kind) -> None:
        self.result = kind if self.result is None else join(self.result, kind)

    def _raise(self, statement: gast.Raise, state: State) -> None:
        return None

    def _break(self, statement: gast.Break, state: State) -> None:
        self._breaks[-1].append(state)

    def _continue(self, statement: gast.Continue, state: State) -> None:
        self._continues[-1].append(state)

    def _if(self, statement: gast.If, state: State) -> State | None:
        state = self._written(statement, state)
        self.after[statement] = state
        then = self._block(statement.body, state)
        other = self._block(statement.orelse, state)
        return self._meet(then, other, self._number[statement])

    # ---- paths that meet ----------------------------------------------------------------

    def _meet(self, a: State | None, b: State | None, number: int) -> State | None:
        if a is None or b is None or a is b:
            return b if a is None else a
        new = dict(a)
        for name, kind in b.items():
            mine = a.get(name)
            new[name] = kind if mine is None else self._meet_kinds(mine, kind, number, (name,))
        return new

    def _meet_kinds(self, a: Kind, b: Kind, number: int, path: tuple[Any, ...]) -> Kind:
        if a is b:
            return a

        def mint(field: Any, s: Any, t: Any) -> Any:
            # By the pair and not by the name, so that names that are of one shape stay so.
            what = "dim" if type(field) is int else field
            key = (number, what, s, t) if s is not None and t is not None else (number, path)
            return self._pairs.setdefault(key, ("join", number, len(self._pairs)))

        kind = join_with(a, b, mint)
        if kind.items is not None and a.items and b.items:
            items = tuple(
                self._meet_kinds(x, y, number, (*path, i))
                for i, (x, y) in enumerate(zip(a.items, b.items, strict=True))
            )
            kind = replace(kind, items=items)
        return kind

    def _loop(self, statement: gast.For | gast.While, state: State) -> State | None:
        number, last = self._number[statement], self._last[statement]
        target = statement.target if isinstance(statement, gast.For) else None
        head = state
        for rounds in itertools.count():
            self.before[statement] = head
            first = self._written(statement, head)
            if target is not None:
                first = dict(first)
                self._bind(target, self._element(statement.iter, head), first, number)
            self.after[statement] = first
            self._breaks.append([])
            self._continues.append([])
            back = self._block(statement.body, first)
            breaks, continues = self._breaks.pop(), self._continues.pop()
            for other in continues:
                back = self._meet(back, other, number)
            if back is None:
                break
            widened = self._widen(head, back, number, last, rounds > _MOST_ROUNDS)
            if widened is None:
                break
            head = widened
        left: State | None = self._written(statement, head)
        left = self._block(statement.orelse, left)
        for other in breaks:
            left = self._meet(left, other, number)
        return left

    def _widen(
        self, head: State, back: State, number: int, last: int, give_up: bool
    ) -> State | None:
        """The state at a loop's head that covers what comes back, None where it did already."""
        new = dict(head)
        changed = False
        for name, kind in back.items():
            mine = head.get(name)
            if mine is kind:
                continue
            if mine is None:
                wider = own_tokens(kind, number, last, ("loop", number, name))
            elif give_up:
                wider = with_tokens(UNKNOWN, ("loop", number, name))
            else:
                wider = widen_kind(mine, kind, ("loop", number, name))
            if wider != mine:
                new[name] = wider
                changed = True
        return new if changed else None

    def _element(self, iterable: gast.expr, state: State) -> Kind:
        """The kind of what a `for` binds."""
        if (
            isinstance(iterable, gast.Call)
            and len(iterable.args) == 1
            and self.resolve(iterable.func) is reversed
        ):
            iterable = iterable.args[0]
        kind = self.kind(iterable, state)
        index = gast.Constant(0, None)
        if kind.type == "range" or kind.is_array:
            return subscript_kind(kind, index, [constant_kind(0)])
        if kind.element is not None:
            return kind.element
        if kind.items and kind.type != "dict":
            element = kind.items[0].without_value()
            for item in kind.items[1:]:
                element = join(element, item)
            return element
        return UNKNOWN

    # ---- expressions --------------------------------------------------------------------

    def kind(self, expr: gast.AST, state: State) -> Kind:
        """The kind of an expression's value in a state."""
        rule = _EXPRESSIONS.get(type(expr))
        return UNKNOWN if rule is None else rule(self, expr, state)

    def _name(self, expr: gast.Name, state: State) -> Kind:
        known = state.get(expr.id)
        if known is not None:
            return known
        if expr.id in self.locals:
            return UNKNOWN
        return kind_of_global(self.resolve(expr))

    def resolve(self, expr: gast.AST) -> Any:
        """The object that a path of free names denotes, or MISSING (each looked up once)."""
        try:
            return self._resolved[expr]
        except KeyError:
            found = self._resolved[expr] = self.function.resolve(expr, self.locals)
            return found

    def _constant(self, expr: gast.Constant, state: State) -> Kind:
        return constant_kind(expr.value)

    def _attribute(self, expr: gast.Attribute, state: State) -> Kind:
        obj = self.resolve(expr)
        if obj is not MISSING:
            base = self.resolve(expr.value)
            if getattr(base, "__name__", "") in ("numpy", "math") and not callable(obj):
                return constant_kind(obj) if obj is None or type(obj) is float else UNKNOWN
            return kind_of_global(obj)
        return attribute_kind(self.kind(expr.value, state), expr.attr)

    def _subscript(self, expr: gast.Subscript, state: State) -> Kind:
        index = expr.slice
        elements = index.elts if isinstance(index, gast.Tuple) else [index]
        kinds = [self.kind(e, state) for e in elements]
        return subscript_kind(self.kind(expr.value, state), index, kinds)

    def _slice(self, expr: gast.Slice, state: State) -> Kind:
        """The kinds of its bounds."""
        bounds = [expr.lower, expr.upper, expr.step]
        return Kind(
            "slice", items=tuple([NONE if b is None else self.kind(b, state) for b in bounds])
        )

    def _binary(self, expr: gast.BinOp, state: State) -> Kind:
        return binary_kind(type(expr.op), self.kind(expr.left, state), self.kind(expr.right, state))

    def _unary(self, expr: gast.UnaryOp, state: State) -> Kind:
        return unary_kind(type(expr.op), self.kind(expr.operand, state))

    def _compare(self, expr: gast.Compare, state: State) -> Kind:
        kinds = [self.kind(e, state) for e in [expr.left, *expr.comparators]]
        return compare_kind([type(op) for op in expr.ops], kinds)

    def _bool(self, expr: gast.BoolOp, state: State) -> Kind:
        result = self.kind(expr.values[0], state).without_value()
        for value in expr.values[1:]:
            result = join(result, self.kind(value, state).without_value())
        return result

    def _ternary(self, expr: gast.IfExp, state: State) -> Kind:
        return join(self.kind(expr.body, state), self.kind(expr.orelse, state))

    def _display(self, expr: gast.Tuple | gast.List, state: State) -> Kind:
        name = "tuple" if isinstance(expr, gast.Tuple) else "list"
        if any(isinstance(e, gast.Starred) for e in expr.elts):
            return Kind(name)
        return Kind(name, items=tuple(self.kind(e, state) for e in expr.elts))

    def _call(self, expr: gast.Call, state: State) -> Kind:
        return self.calls.kind(self, expr, state)


_COMPOUND = (gast.If, gast.For, gast.While)

_STATEMENTS: dict[type, Callable[[KindTable, Any, State], State | None]] = {
    gast.Assign: KindTable._assign,
    gast.AnnAssign: KindTable._annotated,
    gast.AugAssign: KindTable._augment,
    gast.Expr: KindTable._expression,
    gast.Delete: KindTable._delete,
    gast.Assert: KindTable._assert,
    gast.Pass: KindTable._nothing,
    gast.Return: KindTable._return,
    gast.Raise: KindTable._raise,
    gast.Break: KindTable._break,
    gast.Continue: KindTable._continue,
    gast.If: KindTable._if,
    tree.Attempt: KindTable._if,
    gast.For: KindTable._loop,
    gast.While: KindTable._loop,
}

_EXPRESSIONS: dict[type, Callable[[KindTable, Any, State], Kind]] = {
    gast.Name: KindTable._name,
    gast.Constant: KindTable._constant,
    gast.Attribute: KindTable._attribute,
    gast.Subscript: KindTable._subscript,
    gast.Slice: KindTable._slice,
    gast.BinOp: KindTable._binary,
    gast.UnaryOp: KindTable._unary,
    gast.Compare: KindTable._compare,
    gast.BoolOp: KindTable._bool,
    gast.IfExp: KindTable._ternary,
    gast.Tuple: KindTable._display,
    gast.List: KindTable._display,
    gast.Dict: dict_kind,
    gast.Call: KindTable._call,
    gast.JoinedStr: lambda table, expr, state: STR,
    gast.Lambda: lambda table, expr, state: Kind("function"),
}
