"""Calls in `specialise`: which are expanded in place, and how.

    def fill(y, x):                     fill(z, a)          y_i = a[0] * 2.0
        y[0] = x[0] * 2.0                                   z[0] = y_i

A call is expanded where the callee writes an argument in place, is a nested function, returns one, gets one (or an
object that the function itself has made), or gives a view of an argument that is written. A recursive call
stays a call.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import gast

from tangent import tree
from tangent.analysis.calls import Summary
from tangent.inner_gradients import is_maker
from tangent.lift import closure
from tangent.program import Function
from tangent.transforms.specialise_calls import Misfit, bind, default_atoms, held_of
from tangent.transforms.specialise_lifting import Lifting, Recursive
from tangent.transforms.specialise_names import (
    Spelling,
    free_names,
    stored,
)
from tangent.transforms.specialise_stars import Stars
from tangent.transforms.specialise_values import (
    Closure,
    Constant,
    Held,
    Known,
    Method,
    Partial,
    Record,
    Sized,
    Value,
    atom_of,
)
from tangent.transforms.specialise_walk import Result

__all__ = ["Calls"]


DEEPEST = 40  # expansions inside one another

first = operator.itemgetter(0)


def same(function: Any) -> Any:
    """What `functools.wraps(…)` is for us: a decorator that changes nothing that is called."""
    return function


OPERATIONS: dict[Any, Any] = {
    operator.add: gast.Add,
    operator.sub: gast.Sub,
    operator.mul: gast.Mult,
    operator.truediv: gast.Div,
    operator.matmul: gast.MatMult,
    operator.pow: gast.Pow,
}
CACHES = (functools.lru_cache, functools.cache)


class Calls(Stars, Lifting):
    """A walk that expands calls.

    Args:
        function_of: the function of the program for an object, or None.
        summary_of: what calling it does, once its own calls are expanded.
        gives_static: its result is a function or an object that it has made.

    Attributes:
        derive: the derivative of a nested function that a call of a maker gives, or None.
    """

    derive: Callable[[Function, Any, gast.Call], Function | None]

    def __init__(
        self,
        function: Function,
        spelling: Spelling,
        function_of: Callable[[Any], Function | None],
        summary_of: Callable[[Function], Summary],
        gives_static: Callable[[Function], bool],
    ) -> None:
        super().__init__(function, spelling)
        self.function_of = function_of
        self.summary_of = summary_of
        self.gives_static = gives_static
        self.stack: list[Any] = [function.node]
        self.active: list[Any] = []
        self.path: list[Any] = []
        self.made_at: dict[Any, Any] = {}
        self.volatile: set[str] = set(function.meta.get("volatile", ()))
        self.written = names_written(function)

    # --- calls

    def call(self, node: gast.Call) -> Result:
        func = node.func
        value = self.static(func) if isinstance(func, gast.Name | gast.Attribute) else None
        if value is None:
            return self.checked(node)
        return self.apply(value, node)

    def apply(self, value: Value, node: gast.Call) -> Result:
        """A call of something that is known."""
        if isinstance(value, Closure):
            try:
                return self.expand(value.template, node, dict(value.frame), dict(value.defaults))
            except Misfit as misfit:
                raise self.refuse(
                    f"`{value.template.name}` {misfit}", remedy="let the call fit the definition"
                ) from None
        if isinstance(value, Method):
            func = tree.attribute(tree.load(value.receiver), value.name)
            return self.call(tree.replace(node, func=func))
        if isinstance(value, Partial):
            return self.apply(value.function, self.completed(value, node))
        if not isinstance(value, Known):
            raise self.refuse("this is called, and is no function")
        if value.obj is closure:
            return self.make_closure(node)
        if value.obj is functools.partial:
            return self.make_partial(node)
        given = self.static(node.args[0]) if node.args else None
        if given is not None and (value.obj is same or is_any(value.obj, CACHES)):
            return given
        if isinstance(given, Closure) and is_maker(value.obj):
            return self.derivative_of(given, value.obj, node)
        if value.obj is functools.update_wrapper and given is not None:
            return given
        if value.obj is functools.wraps or is_any(value.obj, CACHES):
            return Known(same, tree.load("same"))
        if isinstance(value.obj, functools.partial):
            return self.apply(self.known_partial(value.obj), node)
        if is_any(value.obj, tuple(OPERATIONS)) and len(node.args) == 2 and not node.keywords:
            return self.part(gast.BinOp(node.args[0], OPERATIONS[value.obj](), node.args[1]))
        node = self.spelled(node, value)
        callee = self.function_of(value.obj)
        if callee is None:
            return self.checked(node)
        return self.plain(callee, node)

    def spelled(self, node: gast.Call, value: Known) -> gast.Call:
        """The call with the function written out, where a local name stood for it."""
        if isinstance(node.func, gast.Name) and node.func.id in self.state.values:
            return tree.replace(node, func=tree.copy(value.expr))
        return node

    def checked(self, node: gast.Call) -> gast.Call:
        """A call that stays: what it is given has to be something that it can be given."""
        if any(isinstance(a, gast.Starred) for a in node.args) or any(
            k.arg is None for k in node.keywords
        ):
            given = self.arguments(node)
            more = [gast.keyword(k, a) for k, a in given.keywords.items()]
            node = tree.replace(node, args=given.positional, keywords=more)
        return self.runtime(node)

    def plain(self, callee: Function, node: gast.Call) -> Result:
        """A call of a function of the program: expanded where it has to be."""
        if callee.node in self.stack and not self.gets_static(node):
            return self.checked(node)
        if self.must_expand(callee, node):
            try:
                return self.expand(callee, node, {}, None)
            except Misfit:
                return self.checked(node)  # the call raises Python's error
        return self.checked(node)

    def gets_static(self, node: gast.Call) -> bool:
        """A function or an object of our own is among the arguments."""
        atoms = [*node.args, *(k.value for k in node.keywords)]
        return any(
            self.static(a) is not None for a in atoms if isinstance(a, gast.Name | gast.Attribute)
        )

    def must_expand(self, callee: Function, node: gast.Call) -> bool:
        atoms = [*node.args, *(k.value for k in node.keywords)]
        if any(isinstance(a, gast.Starred) for a in node.args) or any(
            k.arg is None for k in node.keywords
        ):
            return True
        spec = callee.node.args
        if spec.vararg is not None or spec.kwarg is not None:
            return True
        if self.gets_static(node):
            return True
        summary = self.summary_of(callee)
        if summary.mutated or self.gives_static(callee):
            return True
        if not (summary.shared or summary.outside):
            return False
        names = {a.id for a in atoms if isinstance(a, gast.Name)}
        if isinstance(self.statement, gast.Assign):
            names.update(tree.stored_names(self.statement.targets[0]))
        return bool(names & self.written)

    # --- expansion

    def expand(
        self,
        callee: Function,
        node: gast.Call,
        frame: dict[str, str],
        defaults: dict[str, Held] | None,
    ) -> Result:
        """The body of a callee in the place of its call. Returns what it gives."""
        given = self.arguments(node, callee)
        if defaults is None:
            by_default = default_atoms(callee, self.spelling.inject)
        else:
            by_default = {n: atom_of(h) for n, h in defaults.items()}
        self.settle_stars(callee, given, by_default)
        bound = bind(callee, given, by_default)
        mapping: dict[str, gast.expr] = {name: tree.load(v) for name, v in frame.items()}
        for name in sorted(free_names(callee)):
            if name not in mapping:
                mapping[name] = self.spelling.spell(name, callee)
        statics = {
            p: value
            for p, a in bound.items()
            if isinstance(a, gast.Name | gast.Attribute) and (value := self.static(a)) is not None
        }
        key = (callee.node, tuple(sorted(frame.items())), tuple(sorted(statics.items(), key=first)))
        lifted = self.lifted.get(key)
        if lifted is not None and self.state.surely.issuperset(lifted.more or ()):
            return self.call_lifted(lifted, bound, statics)
        if key in self.active:
            raise Recursive(key)
        if len(self.active) > DEEPEST:
            raise self.refuse(
                f"{named(callee)} is expanded where it is called, again and again inside itself",
                why="it calls itself each time with other functions or objects of its own",
                remedy="let it call itself with the same functions",
            )
        before = self.snapshot()
        self.path.append(tuple(getattr(node, k, None) for k in ("place", "lineno", "col_offset")))
        made = Closure(callee, tuple(sorted(frame.items())))
        repeated = lifted is None and self.is_worth_lifting(made, bound, statics)
        self.active.append(key)
        try:
            if repeated:
                call = self.lift_repeated(callee, key, bound, statics, dict(mapping))
                if call is not None:
                    return call
            return self.expand_body(callee, bound, dict(mapping))
        except Recursive as found:
            self.restore(before)
            if found.key != key:
                raise
            return self.lift(callee, key, bound, statics, mapping)
        finally:
            self.active.remove(key)
            self.path.pop()

    def snapshot(self) -> tuple[Any, ...]:
        names = self.spelling.state()
        walk = self.callee, self.frame, self.statement, self.depth, self.breaks, list(self.stack)
        tables = dict(self.lifted), list(self.heads)
        return self.state.copy(), self.out, len(self.out), names, walk, tables

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        self.state, self.out, length, names, walk, (self.lifted, self.heads) = snapshot
        del self.out[length:]
        self.spelling.back_to(names)
        self.callee, self.frame, self.statement, self.depth, self.breaks, self.stack = walk

    def expand_body(
        self, callee: Function, bound: dict[str, Any], mapping: dict[str, gast.expr]
    ) -> Result:
        self.bind_parameters(callee, bound, mapping)
        return self.walk_callee(callee, mapping)

    def enter(self, callee: Function, mapping: dict[str, gast.expr]) -> None:
        """Note what is known of the variables of an expanded function."""
        for sort, names in (
            (self.volatile, callee.meta.get("volatile", ())),
            (self.written, names_written(callee)),
        ):
            sort.update(m.id for n in names if isinstance(m := mapping.get(n), gast.Name))

    def returned(self, node: gast.expr) -> Result:
        if isinstance(node, gast.Tuple) and not all(
            isinstance(e, gast.Constant) for e in node.elts
        ):
            return list(node.elts)
        if isinstance(node, gast.Constant):
            return Constant(node.value)
        return self.value(node)

    def bind_parameters(
        self, callee: Function, bound: dict[str, Any], mapping: dict[str, gast.expr]
    ) -> None:
        """Parameters become what they get, or variables of their own where they are rebound."""
        rebound = stored(callee.node.body)
        captured = callee.meta.get("captured", frozenset())
        needs_name = used_as_base(callee)
        for name, given in bound.items():
            if isinstance(given, list):
                mapping[name] = tree.load(self.star_parameter(name, given))
                continue
            if isinstance(given, dict):
                mapping[name] = tree.load(self.record(name, dict, list(given.items())))
                continue
            stays = isinstance(given, gast.Name) and given.id not in self.volatile
            stays = stays or (isinstance(given, gast.Constant) and name not in needs_name)
            if stays and name not in rebound and name not in captured:
                mapping[name] = given
            else:
                variable = self.spelling.variable(name)
                made = tree.assign(variable, tree.copy(given), self.statement)
                self.assign(variable, self.value(given), made)
                mapping[name] = tree.load(variable)

    # --- values that calls make

    def make_closure(self, node: gast.Call) -> Closure:
        """`closure(template, *defaults, **comprehension_variables)` where a nested function stands."""
        template = self.function_of(self.resolve(node.args[0]))
        assert template is not None
        frame: list[tuple[str, str]] = []
        own = {k.arg: k.value.id for k in node.keywords if isinstance(k.value, gast.Name)}
        for name in sorted(template.meta["free"]):
            atom = self.frame.get(name)
            variable = atom.id if isinstance(atom, gast.Name) else name
            frame.append((name, own.get(name, variable)))
        self.made_at[template.node, tuple(frame)] = tuple(self.path)
        names = template.meta["defaults"]
        defaults = tuple(
            (name, self.hold(f"{template.name}_{name}", atom))
            for name, atom in zip(names, node.args[1:], strict=True)
        )
        return Closure(template, tuple(frame), defaults)

    def hold(self, base: str, atom: gast.expr) -> Held:
        """A part of a static value: what an atom is now, in a variable of its own if it is one."""
        held = held_of(atom)
        if isinstance(held, Constant):
            return held
        variable = self.spelling.variable(base)
        self.assign(variable, self.value(atom), tree.assign(variable, atom, self.statement))
        return variable

    def derivative_of(self, given: Closure, maker: Any, node: gast.Call) -> Closure:
        """The derivative of a nested function is one too, with the same free names."""
        made = self.derive(given.template, maker, node)
        if made is None:
            raise self.refuse(
                f"the derivative of {named(given.template)} can't be taken here",
                why="it makes functions itself, rebinds names around it or takes `*args`, or an option is not written out",
                remedy="define it at the module's level, with what it reads as arguments",
            )
        held = [h for _, h in given.defaults]
        held += map(Constant, [*made.defaults, *made.kwdefaults.values()])
        return Closure(made, given.frame, tuple(zip(made.meta["defaults"], held, strict=True)))

    def make_partial(self, node: gast.Call) -> Partial:
        given = self.arguments(node)
        if not given.positional:
            raise self.refuse("`functools.partial` of nothing")
        first, *rest = given.positional
        function = self.static(first)
        if function is None:
            raise self.refuse(
                f"`functools.partial` of `{tree.unparse(first)}`, which only the run knows",
                remedy="make it of a function that is known, or call the function directly",
            )
        return Partial(
            function,
            tuple(self.hold("given", a) for a in rest),
            tuple((k, self.hold(k, a)) for k, a in given.keywords.items()),
        )

    def known_partial(self, obj: Any) -> Partial:
        """A `functools.partial` that exists already."""

        def held(value: Any, base: str) -> Held:
            if value is None or isinstance(value, bool | int | float | str):
                return Constant(value)
            return self.spelling.inject(value, base).id

        name = getattr(obj.func, "__name__", "function")
        function = Known(obj.func, self.spelling.inject(obj.func, name))
        args = tuple(held(a, "given") for a in obj.args)
        return Partial(function, args, tuple((k, held(a, k)) for k, a in obj.keywords.items()))

    def completed(self, value: Partial, node: gast.Call) -> gast.Call:
        """The call of a partial as the call of its function."""
        args = [*(atom_of(h) for h in value.args), *node.args]
        given = {k.arg for k in node.keywords}
        more = [gast.keyword(k, atom_of(h)) for k, h in value.keywords if k not in given]
        func = value.function.expr if isinstance(value.function, Known) else node.func
        return tree.replace(node, func=tree.copy(func), args=args, keywords=[*more, *node.keywords])

    def star_parameter(self, base: str, given: list[gast.expr]) -> str:
        """The tuple of an `*args`: one of the program, where there are no functions in it."""
        name = self.record(base, tuple, list(enumerate(given)))
        value = self.state.values[name]
        assert isinstance(value, Record)
        shape = self.state.shapes[value.number]
        if any(self.has_static(atom_of(h)) for _, h in shape):
            return name
        parts = tuple(h for _, h in shape)
        self.emit(tree.assign(name, gast.Tuple([atom_of(h) for h in parts], gast.Load())))
        self.state.bind(name)
        self.state.values[name] = Sized(len(parts), parts)
        return name

    def record(self, base: str, type_: type, parts: list[tuple[Any, gast.expr]]) -> str:
        """A new container as variables; returns the name that denotes it."""
        name = self.spelling.variable(base)
        shape = tuple((key, self.hold(f"{base}_{key}", atom)) for key, atom in parts)
        number = self.new_record(shape)
        self.state.values[name] = Record(number, type_)
        return name

    def new_record(self, shape: tuple[tuple[Any, Held], ...]) -> int:
        number = self.records = self.records + 1
        self.state.shapes[number] = shape
        return number

    records = 0


def named(function: Function) -> str:
    return "this `lambda`" if function.name == "lambda_" else f"`{function.name}`"


def is_any(obj: Any, objects: tuple[Any, ...]) -> bool:
    return any(obj is other for other in objects)


def names_written(function: Function) -> set[str]:
    """Names through which a function writes elements."""
    found: set[str] = set()
    for statement in tree.walk_statements(function.node.body):
        target = getattr(statement, "target", None)
        if isinstance(statement, gast.Assign):
            target = statement.targets[0]
        elif isinstance(statement, gast.Expr) and isinstance(statement.value, gast.Call):
            for inner in tree.walk(statement.value):
                if isinstance(inner, gast.Name):
                    found.add(inner.id)
        if isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name):
            found.add(target.value.id)
        elif isinstance(statement, gast.AugAssign) and isinstance(target, gast.Name):
            found.add(target.id)
    return found


def used_as_base(function: Function) -> set[str]:
    """Names of which an element or an attribute is read, or that are called: no constant can stand there."""
    found: set[str] = set()
    for node in tree.walk(function.node):
        base = getattr(node, "func" if isinstance(node, gast.Call) else "value", None)
        if isinstance(node, gast.Subscript | gast.Attribute | gast.Call) and isinstance(
            base, gast.Name
        ):
            found.add(base.id)
    return found
