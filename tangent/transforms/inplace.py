"""Calls that write arrays in place become writes of elements.

    before: np.add(a, b, out=y)            after: add_a = np.add(a, b)
                                                  y[...] = add_a
            np.put(y, [0, 3], v)                  place = tangent.put_index(y, [0, 3])
                                                  y[place] = v

What a call writes is computed whole before the write, so that arguments may overlap it, as NumPy has
it. With `where=` only the elements that the mask selects are computed. What has no form of this kind
(`np.multiply.at`, functions with two `out`s) stays a call, and the derivative transforms refuse it
where it writes what is active.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.analysis.aliases import MayAlias
from tangent.analysis.kinds import Kinds
from tangent.analysis.liveness import Liveness
from tangent.facts import Restricted
from tangent.passes import Pass, register_pass
from tangent.program import MISSING, Function
from tangent.transforms.inplace_calls import (
    AUGMENTED_METHODS,
    bind,
    is_constant,
    is_name,
    keyword,
)
from tangent.transforms.updates import Updates

__all__ = ["Inplace"]


@register_pass
@dataclass(frozen=True)
class Inplace(Pass):
    """Turn calls that write arrays into assignments to elements.

    before: y.fill(0.5)             after: y[...] = 0.5
            np.fill_diagonal(A, v)         place = tangent.diagonal_index(A)
                                           i = tangent.cycle(place, v)
                                           t = np.take(v, i)
                                           A[place] = t
    """

    name = "inplace"
    needs = frozenset({"anf"})
    requires = (Kinds, Liveness, MayAlias)

    def run(self, function: Function, facts: Restricted) -> Function:
        lowering = _Lowering(function, facts)
        body = lowering.block(function.node.body)
        injected = lowering.expander.injected
        scope = function.scope.inject(**injected) if injected else function.scope
        return function.with_body(body, scope=scope)


class _Lowering(Updates):
    # --- functions that write their first argument

    def copyto(self, call: gast.Call) -> bool:
        bound = bind(call, "dst", "src", "casting", "where")
        if bound is None or "src" not in bound:
            return False
        target, value, where = bound["dst"], bound["src"], bound.get("where")
        if where is None or is_constant(where, True):
            self.write(target, None, value)
        else:
            mask = self.bind("mask", self.expander.helper("mask_of", where, tree.copy(target)))
            self.write(target, mask, self.selected(value, mask))
        return self.finish(gast.Constant(None, None))

    def put(self, call: gast.Call) -> bool:
        bound = bind(call, "a", "ind", "v", "mode")
        if bound is None or "v" not in bound:
            return False
        mode = [bound["mode"]] if "mode" in bound else []
        helper = self.expander.helper("put_index", tree.copy(bound["a"]), bound["ind"], *mode)
        return self.write_cycled(bound["a"], self.bind("place", helper), bound["v"])

    def fill_diagonal(self, call: gast.Call) -> bool:
        bound = bind(call, "a", "val", "wrap")
        if bound is None or "val" not in bound:
            return False
        wrap = [bound["wrap"]] if "wrap" in bound else []
        place = self.expander.helper("diagonal_index", tree.copy(bound["a"]), *wrap)
        return self.write_cycled(bound["a"], self.bind("place", place), bound["val"])

    def put_along_axis(self, call: gast.Call) -> bool:
        bound = bind(call, "arr", "indices", "values", "axis")
        if bound is None or "values" not in bound:
            return False
        axis = [bound["axis"]] if "axis" in bound else []
        place = self.expander.helper("along_index", bound["arr"], bound["indices"], *axis)
        self.write(tree.copy(bound["arr"]), self.bind("place", place), bound["values"])
        return self.finish(gast.Constant(None, None))

    def place(self, call: gast.Call) -> bool:
        return self.masked(call, ("arr", "mask", "vals"), "cycle")

    def putmask(self, call: gast.Call) -> bool:
        return self.masked(call, ("a", "mask", "values"), "masked_cycle")

    def masked(self, call: gast.Call, parameters: tuple[str, str, str], helper: str) -> bool:
        bound = bind(call, *parameters)
        if bound is None or len(bound) != 3:
            return False
        target, mask, values = (bound[p] for p in parameters)
        mask = self.bind("mask", self.expander.helper("same_size_mask", mask, tree.copy(target)))
        return self.write_cycled(target, mask, values, helper)

    def write_cycled(
        self, target: gast.expr, place: gast.Name, values: gast.expr, helper: str = "cycle"
    ) -> bool:
        """Write values, repeated in order as often as it takes."""
        if not self.is_number(values):
            which = self.expander.helper(helper, tree.copy(place), tree.copy(values))
            values = self.bind("t", self.expander.numpy("take", values, self.bind("i", which)))
        self.write(tree.copy(target), place, values)
        return self.finish(gast.Constant(None, None))

    def shuffle(self, call: gast.Call) -> bool:
        """The same draws, and the same order, as `np.random.permutation` of the positions."""
        if len(call.args) != 1 or call.keywords or self.kind(call.args[0]).type == "list":
            return False
        (array,) = call.args
        count = self.bind("n", tree.call(self.expander.spell(len, "len"), tree.copy(array)))
        func = tree.attribute(
            tree.attribute(self.expander.spell(numpy, "numpy"), "random"), "permutation"
        )
        order = self.bind("order", tree.call(func, count))
        moved = gast.Subscript(tree.copy(array), order, gast.Load())
        self.write(array, None, self.bind("t", moved))
        return self.finish(gast.Constant(None, None))

    def setitem(self, call: gast.Call) -> bool:
        if len(call.args) != 3 or call.keywords or not isinstance(call.args[0], gast.Name):
            return False
        target, index, value = call.args
        self.write(target, index, value)
        return self.finish(gast.Constant(None, None))

    def augmented(self, target: gast.expr, op: type[gast.operator], value: gast.expr) -> bool:
        """`c = operator.iadd(a, b)`: a second name of `a`, updated."""
        if not isinstance(target, gast.Name):
            return self.rewritten(gast.BinOp(target, op(), value))
        statement = self.statement
        bound = statement.targets[0] if isinstance(statement, gast.Assign) else None
        if bound is None or not isinstance(bound, gast.Name):
            bound = self.bind("t", target)
        elif bound.id != target.id:
            if is_name(value, bound.id):  # `c = operator.iadd(a, c)`
                value = self.bind("t", value)
            self.emit(tree.assign(bound.id, target))
        self.emit(gast.AugAssign(tree.store(bound.id), op(), value))
        return True

    # --- methods of arrays

    def method(self, call: gast.Call, func: gast.Attribute) -> bool:
        receiver, name = func.value, func.attr
        if not isinstance(receiver, gast.Name):
            return False
        if name in AUGMENTED_METHODS and len(call.args) == 1 and self.kind(receiver).is_array:
            return self.augmented(receiver, AUGMENTED_METHODS[name], call.args[0])
        if name == "__setitem__" and len(call.args) == 2:
            return self.setitem(tree.replace(call, args=[receiver, *call.args]))
        if name == "__getitem__" and len(call.args) == 1 and not call.keywords:
            load = gast.Subscript(receiver, call.args[0], gast.Load())
            self.emit(tree.replace(self.statement, value=load)) if isinstance(
                self.statement, gast.Assign
            ) else self.bind("unused", load)
            return True
        if name in ("fill", "put", "sort", "partition"):
            return self.writing_method(call, receiver, name)
        if keyword(call, "out") is not None:
            return self.with_out(call, MISSING)
        return False

    def writing_method(self, call: gast.Call, receiver: gast.Name, name: str) -> bool:
        kind = self.kind(receiver)
        is_list = kind.type == "list"
        if is_list and (name != "sort" or call.args):
            return False
        if not (kind.is_array or is_list):
            what = gast.Constant(name, None)
            self.emit(gast.Expr(self.expander.helper("check_ndarray", tree.copy(receiver), what)))
        if name == "put":
            return self.put(tree.replace(call, args=[receiver, *call.args]))
        if name == "fill":
            if len(call.args) + len(call.keywords) != 1:
                return False
            self.write(receiver, None, call.args[0] if call.args else call.keywords[0].value)
        elif is_list:
            ordered = tree.call(self.expander.spell(sorted, "sorted"), receiver)
            value = self.bind("t", tree.replace(ordered, keywords=call.keywords))
            every = gast.Slice(None, None, None)
            self.write(tree.copy(receiver), every, value)
        else:
            ordered = self.expander.numpy(name, receiver, *call.args)
            value = self.bind("t", tree.replace(ordered, keywords=call.keywords))
            self.write(tree.copy(receiver), None, value)
        return self.finish(gast.Constant(None, None))

    def writing_function(self, call: gast.Call, found: Any) -> bool | None:
        written = WRITING_FUNCTIONS.get(found)
        return None if written is None else written(self, call)


WRITING_FUNCTIONS: dict[Any, Callable[[_Lowering, gast.Call], bool]] = {
    numpy.copyto: _Lowering.copyto,
    numpy.put: _Lowering.put,
    numpy.place: _Lowering.place,
    numpy.putmask: _Lowering.putmask,
    numpy.put_along_axis: _Lowering.put_along_axis,
    numpy.fill_diagonal: _Lowering.fill_diagonal,
    numpy.random.shuffle: _Lowering.shuffle,
    operator.setitem: _Lowering.setitem,
}
