"""Calls with `out=` and `where=`, and methods of ufuncs: the first part of `transforms.inplace`.

before: np.divide(a, b, out=y, where=m)        after: mask = tangent.mask_of(m, y)
                                                      a_mask = tangent.selected(a, mask)
                                                      b_mask = tangent.selected(b, mask)
                                                      divide = np.divide(a_mask, b_mask)
                                                      y[mask] = divide
        s = np.add.reduce(x)                          s = np.sum(x, axis=0)
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.analysis.calls import outputs
from tangent.analysis.kinds import Kinds
from tangent.errors import UnsupportedError
from tangent.facts import Restricted
from tangent.names import Names
from tangent.program import MISSING, Function
from tangent.recipes.kinds import UNKNOWN, Kind
from tangent.transforms.expand import Expander

__all__ = ["Lowering", "bind", "is_constant", "is_name", "keyword"]

AUGMENTED: dict[Any, type[gast.operator]] = {
    operator.iadd: gast.Add,
    operator.isub: gast.Sub,
    operator.imul: gast.Mult,
    operator.itruediv: gast.Div,
    operator.ifloordiv: gast.FloorDiv,
    operator.imod: gast.Mod,
    operator.ipow: gast.Pow,
    operator.imatmul: gast.MatMult,
    operator.iconcat: gast.Add,
}
AUGMENTED_METHODS = {f"__{f.__name__}__": op for f, op in AUGMENTED.items()}
# The reductions of ufuncs that have names of their own.
REDUCED: dict[Any, tuple[str, str]] = {
    numpy.add: ("sum", "cumsum"),
    numpy.multiply: ("prod", "cumprod"),
    numpy.maximum: ("max", ""),
    numpy.minimum: ("min", ""),
    numpy.logical_and: ("all", ""),
    numpy.logical_or: ("any", ""),
}


class Lowering:
    """Writes what the calls of one function become; `Inplace` adds functions and methods that write."""

    def __init__(self, function: Function, facts: Restricted) -> None:
        self.function = function
        self.facts = facts
        self.locals = function.locals()
        self.names = Names.of(function)
        self.expander = Expander(function, self.names)
        self.out: list[Any] = []
        self.statement: Any = function.node

    # --- statements

    def block(self, body: Sequence[Any]) -> list[Any]:
        outer, self.out = self.out, []
        for statement in body:
            self.statement = statement
            value = getattr(statement, "value", None)
            inner = {
                field: self.block(getattr(statement, field))
                for field in ("body", "orelse")
                if getattr(statement, field, None)
            }
            if isinstance(value, gast.Call) and isinstance(statement, gast.Assign | gast.Expr):
                start = len(self.out)
                if not self.lower(value):
                    del self.out[start:]
                    self.out.append(statement)
            elif not self.update(statement):
                same = all(tree.same_items(b, getattr(statement, f)) for f, b in inner.items())
                self.out.append(statement if same else tree.replace(statement, **inner))
        made, self.out = self.out, outer
        return made

    def update(self, statement: Any) -> bool:
        raise NotImplementedError  # of `updates`

    def lower(self, call: gast.Call) -> bool:
        """Emit what a call becomes; False where it stays."""
        func = call.func
        if isinstance(func, gast.Attribute):
            base = self.function.resolve(func.value, self.locals)
            if isinstance(base, numpy.ufunc):
                return self.ufunc_method(call, base, func.attr)
        found = self.function.resolve(func, self.locals)
        if found is not MISSING:
            return self.function_call(call, found)
        return isinstance(func, gast.Attribute) and self.method(call, func)

    def function_call(self, call: gast.Call, found: Any) -> bool:
        if isinstance(found, numpy.ufunc):
            return self.ufunc(call, found)
        if not _is_function(found):
            return False
        if found in AUGMENTED and len(call.args) == 2 and not call.keywords:
            return self.augmented(call.args[0], AUGMENTED[found], call.args[1])
        if (done := self.writing_function(call, found)) is not None:
            return done
        if (getattr(found, "__module__", None) or "").startswith("numpy"):
            return self.with_out(call, found)
        return False

    # --- building blocks

    def emit(self, statement: Any) -> None:
        self.out.append(tree.with_origins(statement, self.statement))

    def bind(self, base: str, value: gast.expr) -> gast.Name:
        """A new name for a value."""
        name = self.names.fresh(base)
        statement = tree.assign(name, value)
        statement.temporary = True
        self.emit(statement)
        return tree.load(name)

    def finish(self, value: gast.expr) -> bool:
        """Bind the statement's target to what the call returns."""
        if isinstance(self.statement, gast.Assign):
            target = self.statement.targets[0]
            if not (isinstance(target, gast.Name) and is_name(value, target.id)):
                targets = tree.copy(self.statement.targets)
                self.emit(tree.replace(self.statement, targets=targets, value=value))
        return True

    def rewritten(self, call: gast.Call) -> bool:
        """The statement with another call, if it is another one."""
        if call is self.statement.value:
            return False
        self.emit(tree.replace(self.statement, value=call))
        return True

    def write(self, target: gast.expr, index: gast.expr | None, value: gast.expr) -> None:
        """`target[index] = value`, with `target` perhaps a part of an array by name."""
        store: gast.expr | None = None
        if index is None:
            store = self.part(target)
            index = gast.Constant(..., None)
        if store is None:
            store = gast.Subscript(tree.copy(target), index, gast.Store())
        self.emit(gast.Assign([store], value, None))

    def part(self, target: gast.expr) -> gast.Subscript | None:
        """`y[1:]` for the name that was just bound to it, as the call's argument."""
        definition = self.definition(target)
        if definition is None or not isinstance(definition.value, gast.Subscript):
            return None
        place = definition.value
        if not isinstance(place.value, gast.Name) or not self.is_view_index(place.slice):
            return None
        name = definition.targets[0].id
        if isinstance(self.statement, gast.Expr):
            if not any(name in tree.names_in(s) for s in self.out):
                self.out.remove(definition)
        return tree.replace(tree.copy(place), ctx=gast.Store())

    def definition(self, atom: gast.expr) -> gast.Assign | None:
        """The statement that bound a temporary name just before, with what it reads unchanged."""
        if not isinstance(atom, gast.Name):
            return None
        bound: set[str] = set()
        for statement in reversed(self.out):
            if not isinstance(statement, gast.Assign | gast.Expr):
                return None
            if isinstance(statement, gast.Assign):
                names = tree.stored_names(statement.targets[0])
                if names == [atom.id]:
                    known = getattr(statement, "temporary", False)
                    return statement if known and not bound & tree.names_in(statement) else None
                bound |= set(names)
        return None

    def is_view_index(self, index: gast.expr) -> bool:
        """Surely integers and slices, one slice at least: a view."""
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        for part in parts:
            if isinstance(part, gast.Slice) or (
                isinstance(part, gast.Constant) and not isinstance(part.value, bool)
            ):
                continue
            if self.kind(part).type != "int":
                return False
        return any(isinstance(p, gast.Slice) for p in parts)

    def kind(self, expr: gast.expr) -> Kind:
        """The kind of an atom of the original function."""
        if isinstance(expr, gast.Name) and expr.id in self.locals:
            known: Kind = self.facts[Kinds].before.get(self.statement, {}).get(expr.id, UNKNOWN)
            return known
        return self.facts[Kinds].kind_of(expr, self.statement)

    def is_number(self, expr: gast.expr) -> bool:
        return not isinstance(expr, gast.Name) or self.kind(expr).is_number

    # --- out=

    def with_out(self, call: gast.Call, found: Any) -> bool:
        """`f(a, out=y)`: compute, then write."""
        out = outputs(call, found)
        call = without_out(call, found)
        if not out:
            return self.rewritten(call)
        target = self.single(out)
        if target is None:
            return False
        value = self.bind(self.word(call), call)
        if self.may_be_none(target):
            return self.write_unless_none(target, value)
        self.write(target, None, value)
        return self.finish(target)

    def may_be_none(self, target: gast.expr) -> bool:
        """A parameter of which nothing is known (`out=None`) as it is here."""
        return (
            isinstance(target, gast.Name)
            and target.id in self.function.parameters
            and self.kind(target).type in ("unknown", "none")
        )

    def write_unless_none(self, target: gast.expr, value: gast.Name) -> bool:
        """The result is written, and is what was written, where there is something to write."""
        test = gast.Compare(tree.copy(target), [gast.IsNot()], [gast.Constant(None, None)])
        outer, self.out = self.out, []
        self.write(target, None, value)
        self.finish(target)
        (given, self.out) = self.out, []
        self.finish(tree.copy(value))
        new, self.out = self.out, outer
        self.emit(gast.If(test, given, new))
        return True

    def single(self, out: Sequence[gast.expr]) -> gast.expr | None:
        """The one array that is written: `y`, or the element of `(y,)`."""
        if len(out) != 1:
            return None
        (target,) = out
        definition = self.definition(target)
        if definition is not None and isinstance(definition.value, gast.Tuple):
            if len(definition.value.elts) != 1:
                return None
            self.out.remove(definition)
            (target,) = definition.value.elts
        elif self.kind(target).type == "tuple":
            (target,) = self.elements(target)
        return target if isinstance(target, gast.Name) else None

    def word(self, call: gast.Call) -> str:
        func = call.func
        name = func.attr if isinstance(func, gast.Attribute) else getattr(func, "id", "t")
        first = call.args[0] if call.args else None
        if isinstance(first, gast.Name) and len(first.id) <= 8:
            return f"{name}_{first.id}"
        return name

    # --- ufuncs

    def ufunc(self, call: gast.Call, function: numpy.ufunc) -> bool:
        if function.nout > 1:
            return self.several_results(call, function)
        where = keyword(call, "where")
        if where is None or is_constant(where, True):
            return self.with_out(without(call, "where"), function)
        out = outputs(call, function)
        if not out:
            return False  # recipes know `where=`
        target = self.single(out)
        if target is None:
            return False
        mask = self.bind("mask", self.expander.helper("mask_of", where, tree.copy(target)))
        call = without(without_out(call, function), "where")
        args = [self.selected(a, mask) for a in call.args]
        value = self.bind(function.__name__, tree.replace(call, args=args))
        self.write(target, mask, value)
        return self.finish(target)

    def several_results(self, call: gast.Call, function: numpy.ufunc) -> bool:
        """`np.modf(x, out=(y, z))`: compute, then write each."""
        out = outputs(call, function)
        call = without_out(call, function)
        if not out:
            return self.rewritten(call)
        targets = self.elements(out[0]) if len(out) == 1 else out
        known = [t for t in targets if isinstance(t, gast.Name)]
        bound = tree.stored_names(self.statement)
        overlap = {t.id for t in known} & set(bound)
        if len(known) != function.nout or keyword(call, "where") is not None or overlap:
            raise UnsupportedError(
                "this form of a call that writes several arrays isn't known",
                self.function.origin(self.statement),
                remedy="let it write all of its results, without `where=`, under their own names",
            )
        value = self.bind(self.word(call), call)
        parts = [
            self.bind("t", gast.Subscript(tree.copy(value), gast.Constant(k, None), gast.Load()))
            for k in range(function.nout)
        ]
        for target, part in zip(known, parts, strict=True):
            self.write(target, None, part)
        target = self.statement.targets[0] if isinstance(self.statement, gast.Assign) else None
        if isinstance(target, gast.Tuple) and len(target.elts) == len(known):
            for name, array in zip(target.elts, known, strict=True):
                self.emit(gast.Assign([tree.copy(name)], tree.copy(array), None))
            return True
        return self.finish(gast.Tuple([tree.copy(t) for t in known], gast.Load()))

    def elements(self, target: gast.expr) -> Sequence[gast.expr]:
        """What the tuple of arrays that a call writes is made of.

        Raises:
            UnsupportedError: it isn't made just before.
        """
        definition = self.definition(target)
        if definition is not None and isinstance(definition.value, gast.Tuple):
            return definition.value.elts
        raise UnsupportedError(
            "the arrays that this writes are in a tuple that is made elsewhere",
            self.function.origin(self.statement),
            remedy="write the arrays in the call: `out=(a, b)`",
        )

    def selected(self, operand: gast.expr, mask: gast.Name) -> gast.expr:
        if self.is_number(operand):
            return operand
        base = f"{operand.id}_mask" if isinstance(operand, gast.Name) else "t"
        return self.bind(base, self.expander.helper("selected", operand, tree.copy(mask)))

    def ufunc_method(self, call: gast.Call, function: numpy.ufunc, method: str) -> bool:
        if method == "at":
            return self.at(call, function)
        if method == "outer" and len(call.args) == 2:
            first, second = call.args
            first = self.bind("t", self.expander.helper("outer_operand", first, tree.copy(second)))
            func = call.func.value
            return self.ufunc_result(tree.replace(call, func=func, args=[first, second]), function)
        reduction, scan = REDUCED.get(function, ("", ""))
        name = {"reduce": reduction, "accumulate": scan}.get(method)
        if not name:
            return self.with_out(call, getattr(function, method, None))
        bound = bind(call, "array", "axis", "dtype", "out", "keepdims", "initial", "where")
        if bound is None or "array" not in bound:
            return False
        bound.setdefault("axis", gast.Constant(0, None))
        if is_constant(bound.get("out"), None):
            del bound["out"]
        array = bound.pop("array")
        new = self.expander.numpy(name, array, **bound)
        return self.ufunc_result(new, getattr(numpy, name))

    def ufunc_result(self, call: gast.Call, function: Any) -> bool:
        """A call in the place of another, with its `out` and `where`."""
        if isinstance(function, numpy.ufunc):
            done = self.ufunc(call, function)
        else:
            done = self.with_out(call, function)
        return done or self.rewritten(call)

    def at(self, call: gast.Call, function: numpy.ufunc) -> bool:
        """`np.subtract.at(a, i, v)` adds `-v`; other ufuncs stay (and are refused)."""
        if function is not numpy.subtract or len(call.args) != 3:
            return False
        array, index, value = call.args
        value = self.bind("t", self.expander.numpy("negative", value))
        add = tree.attribute(tree.attribute(self.expander.spell(numpy, "numpy"), "add"), "at")
        self.emit(gast.Expr(tree.call(add, array, index, value)))
        return self.finish(gast.Constant(None, None))

    # --- what writes by its name: `transforms.inplace`

    def writing_function(self, call: gast.Call, found: Any) -> bool | None:
        raise NotImplementedError

    def method(self, call: gast.Call, func: gast.Attribute) -> bool:
        raise NotImplementedError

    def augmented(self, target: gast.expr, op: type[gast.operator], value: gast.expr) -> bool:
        raise NotImplementedError


def _is_function(found: Any) -> bool:
    return callable(found) and not isinstance(found, type) and hasattr(found, "__name__")


def is_name(expr: gast.expr, name: str) -> bool:
    return isinstance(expr, gast.Name) and expr.id == name


def is_constant(expr: gast.expr | None, value: Any) -> bool:
    return isinstance(expr, gast.Constant) and expr.value is value


def keyword(call: gast.Call, name: str) -> gast.expr | None:
    """A keyword argument of a call."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def without(call: gast.Call, *names: str) -> gast.Call:
    """A call without some keyword arguments; itself if it has none of them."""
    kept = [k for k in call.keywords if k.arg not in names]
    return call if len(kept) == len(call.keywords) else tree.replace(call, keywords=kept)


def without_out(call: gast.Call, found: Any) -> gast.Call:
    """A call without what it writes, as a keyword or in its position."""
    positional = outputs(tree.replace(call, keywords=[]), found)
    call = without(call, "out")
    if not positional:
        return call
    position = min(i for i, a in enumerate(call.args) if any(a is p for p in positional))
    more = call.args[position + len(positional) :]
    if more:  # arguments behind it
        return tree.replace(call, args=[*call.args[:position], gast.Constant(None, None), *more])
    return tree.replace(call, args=call.args[:position])


def bind(call: gast.Call, *parameters: str) -> dict[str, gast.expr] | None:
    """Arguments by parameter, or None where they don't fit."""
    if len(call.args) > len(parameters):
        return None
    bound = dict(zip(parameters, call.args, strict=False))
    for word in call.keywords:
        if word.arg not in parameters or word.arg in bound:
            return None
        bound[word.arg] = word.value
    return bound
