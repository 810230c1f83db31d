"""Administrative normal form: every assignment does one operation on names and constants.

    before: b = np.sin(a * w) + A[i - 1]        after: t = a * w
                                                       sin_t = np.sin(t)
                                                       A_item = A[i - 1]
                                                       b = sin_t + A_item

Kept whole, because the backward pass can evaluate them again: subscripts that are plain index arithmetic, the
arguments of `range`, tests. Conditional expressions become statements, so that only the arm that is taken runs.
(Flanagan, Sabry, Duba, Felleisen, "The essence of compiling with continuations", PLDI 1993.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.analysis.calls import outputs
from tangent.errors import UnsupportedError
from tangent.facts import Restricted
from tangent.names import Names
from tangent.passes import Pass, register_pass
from tangent.program import MISSING, Function
from tangent.recipes import registry

__all__ = ["Anf", "element_name", "is_index"]

INDEX_OPERATORS = (gast.Add, gast.Sub, gast.Mult, gast.FloorDiv, gast.Mod)


def is_index(node: gast.AST | None) -> bool:
    """Plain index arithmetic: names, constants, `+ - * // %`, slices, tuples, `len(a)`, `a.shape[k]`."""
    if node is None or isinstance(node, gast.Constant | gast.Name):
        return True
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.op, gast.USub | gast.UAdd) and is_index(node.operand)
    if isinstance(node, gast.BinOp):
        return isinstance(node.op, INDEX_OPERATORS) and is_index(node.left) and is_index(node.right)
    if isinstance(node, gast.Slice):
        return is_index(node.lower) and is_index(node.upper) and is_index(node.step)
    if isinstance(node, gast.Tuple):
        return all(is_index(e) for e in node.elts)
    if isinstance(node, gast.Call):
        return (
            isinstance(node.func, gast.Name)
            and node.func.id == "len"
            and not node.keywords
            and len(node.args) == 1
            and isinstance(node.args[0], gast.Name)
        )
    if isinstance(node, gast.Subscript):
        return _is_shape(node.value) and isinstance(node.slice, gast.Constant)
    return _is_shape(node) or (
        isinstance(node, gast.Attribute)
        and node.attr in ("size", "ndim")
        and isinstance(node.value, gast.Name)
    )


def _is_shape(node: gast.AST) -> bool:
    return (
        isinstance(node, gast.Attribute)
        and node.attr == "shape"
        and isinstance(node.value, gast.Name)
    )


def is_word(value: Any) -> bool:
    """A constant that can be a part of a name."""
    return isinstance(value, int) or (isinstance(value, str) and f"_{value}".isidentifier())


def is_pure_call(call: gast.Call, callee: Any) -> bool:
    """A call of a function with recipes that has no effect but its result."""
    recipes = registry.lookup(callee)
    return bool(recipes) and all(r.pure for r in recipes) and not outputs(call, callee)


def element_name(load: Any) -> str:
    """A telling name for an element of something that has a name: `A_i`, `w_0`, `A_item`."""
    base, index = load.value.id, load.slice
    if isinstance(index, gast.Name):
        return f"{base}_{index.id}"
    if isinstance(index, gast.Constant) and is_word(index.value):
        return f"{base}_{index.value}"
    return f"{base}_item"


@register_pass
@dataclass(frozen=True)
class Anf(Pass):
    """Bring a function into administrative normal form.

    before: return np.sum(x * x)        after: t = x * x
                                               sum_t = np.sum(t)
                                               return sum_t
    """

    name = "anf"
    needs = frozenset({"plain", "single-exit"})
    promises = frozenset({"anf"})

    def run(self, function: Function, facts: Restricted) -> Function:
        return function.with_body(_Linearise(function).block(function.node.body))


class _Linearise:
    """Evaluates statements in Python's order, naming each intermediate value."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.locals = function.locals()
        self.names = Names.of(function)
        self.volatile = function.meta.get("volatile", frozenset())
        self.out: list[Any] = []
        self.statement: gast.AST = function.node

    # --- statements

    def block(self, body: list[Any]) -> list[Any]:
        outer, self.out = self.out, []
        for statement in body:
            self.statement = statement
            getattr(self, "do_" + type(statement).__name__, self.keep)(statement)
        made, self.out = self.out, outer
        return made

    def emit(self, statement: Any) -> None:
        if not hasattr(statement, "origins"):
            tree.with_origins(statement, self.statement)
        self.out.append(statement)

    def temporary(self, name: str, value: gast.expr) -> None:
        """Bind a name of ours to an intermediate value."""
        statement = tree.assign(name, value)
        statement.temporary = True
        self.emit(statement)

    def keep(self, statement: Any) -> None:
        self.out.append(statement)

    def do_Assign(self, statement: gast.Assign) -> None:
        (target,) = statement.targets
        if isinstance(target, gast.Name | gast.Tuple):
            value = self.operation(
                statement.value, target.id if isinstance(target, gast.Name) else "t"
            )
            self.emit(tree.replace(statement, value=value))
            return
        value = self.atom(statement.value)
        if isinstance(target, gast.Attribute):
            place = tree.replace(target, value=self.atom(target.value))
            self.emit(tree.replace(statement, targets=[place], value=value))
            return
        if not isinstance(target, gast.Subscript):
            raise self.unsupported(target, "an assignment to this target is not supported")
        self.emit(tree.replace(statement, targets=[self.place(target)], value=value))

    def do_AugAssign(self, statement: gast.AugAssign) -> None:
        target = statement.target
        if isinstance(target, gast.Name):
            old = self.now(tree.load(target.id))
            value = self.atom(statement.value)
            self.emit(tree.replace(statement, target=tree.store(old.id), value=value))
            if old.id != target.id:
                self.emit(tree.assign(target.id, old))
            return
        if isinstance(target, gast.Attribute):
            place = tree.replace(target, value=self.atom(target.value))
            value = self.atom(statement.value)
            self.emit(tree.replace(statement, target=place, value=value))
            return
        if not isinstance(target, gast.Subscript):
            raise self.unsupported(
                target, "an augmented assignment to this target is not supported"
            )
        place = self.place(target)
        if self.may_write(statement.value):  # what was read before that counts
            item = self.names.fresh(element_name(place))
            self.temporary(item, tree.replace(tree.copy(place), ctx=gast.Load()))
            operand = self.atom(statement.value)
            self.emit(tree.replace(statement, target=tree.store(item), value=operand))
            self.emit(gast.Assign([place], tree.load(item), None))
            return
        self.emit(tree.replace(statement, target=place, value=self.atom(statement.value)))

    def do_Expr(self, statement: gast.Expr) -> None:
        if isinstance(statement.value, gast.Call):
            self.emit(tree.replace(statement, value=self.operation(statement.value, "t")))
        else:
            self.atom(statement.value)

    def do_Return(self, statement: gast.Return) -> None:
        value = statement.value
        if isinstance(value, gast.Tuple):
            new = tree.replace(value, elts=[self.atom(e) for e in value.elts])
        else:
            new = self.atom(value)
        self.emit(tree.replace(statement, value=new))

    def do_If(self, statement: gast.If) -> None:
        test = self.test(statement.test)
        body, orelse = self.block(statement.body), self.block(statement.orelse)
        self.statement = statement
        self.emit(tree.replace(statement, test=test, body=body, orelse=orelse))

    def do_Attempt(self, statement: tree.Attempt) -> None:
        body, orelse = self.block(statement.body), self.block(statement.orelse)
        self.statement = statement
        self.emit(tree.replace(statement, body=body, orelse=orelse))

    def do_While(self, statement: gast.While) -> None:
        if self.keeps_whole(statement.test):
            self.emit(tree.replace(statement, body=self.block(statement.body)))
            return
        outer, self.out = self.out, []
        test = self.test(statement.test)
        before, self.out = self.out, outer
        arm = tree.with_origins(
            gast.If(test, self.block(statement.body), [gast.Break()]), statement
        )
        self.statement = statement
        self.emit(tree.replace(statement, test=gast.Constant(True, None), body=[*before, arm]))

    def do_For(self, statement: gast.For) -> None:
        iterator = statement.iter
        arguments = [a if self.keeps_whole(a) else self.atom(a) for a in iterator.args]
        body = self.block(statement.body)
        self.statement = statement
        self.emit(tree.replace(statement, iter=tree.replace(iterator, args=arguments), body=body))

    # --- expressions

    def test(self, node: gast.expr) -> gast.expr:
        return node if self.keeps_whole(node) else self.atom(node)

    def keeps_whole(self, node: gast.AST) -> bool:
        """A pure expression that may be evaluated again: no call but of functions with a recipe."""
        for inner in tree.walk(node):
            if isinstance(
                inner, gast.NamedExpr | gast.Lambda | gast.Starred | gast.Await | gast.Yield
            ):
                return False
            if isinstance(inner, gast.Call):
                if not is_pure_call(inner, self.resolve(inner.func)):
                    return False
        return True

    def may_write(self, node: gast.AST) -> bool:
        """A call of what may write arrays: neither of functions with a recipe, nor of an array's methods."""
        for inner in tree.walk(node):
            if isinstance(inner, gast.Call):
                callee = self.resolve(inner.func)
                if callee is MISSING and isinstance(inner.func, gast.Attribute):
                    callee = getattr(numpy.ndarray, inner.func.attr, MISSING)
                if not is_pure_call(inner, callee):
                    return True
        return False

    def resolve(self, node: gast.AST) -> Any:
        return self.function.resolve(node, self.locals)

    def is_atom(self, node: gast.AST) -> bool:
        if isinstance(node, gast.Name | gast.Constant):
            return True
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            return isinstance(node.operand, gast.Constant)
        if isinstance(node, gast.Tuple):
            return all(isinstance(e, gast.Constant) for e in node.elts)
        if isinstance(node, gast.JoinedStr):
            return True
        return isinstance(node, gast.Attribute) and self.resolve(node) is not MISSING

    def atom(self, node: gast.expr) -> gast.expr:
        if self.is_atom(node):
            return self.now(node)
        if isinstance(node, gast.IfExp | gast.BoolOp) and not self.is_condition(node):
            name = self.names.fresh("t")
            self.branch(node, name)
            return tree.load(name)
        value = self.operation(node, None)
        name = self.name_for(value)
        self.temporary(name, value)
        return tree.load(name)

    def now(self, atom: gast.expr) -> gast.expr:
        """An atom that keeps its value: a nested function that is called later may rebind a name."""
        if not (isinstance(atom, gast.Name) and atom.id in self.volatile):
            return atom
        name = self.names.fresh(atom.id)
        self.temporary(name, atom)
        return tree.load(name)

    def operation(self, node: gast.expr, target: str | None) -> gast.expr:
        """One operation whose operands are atoms."""
        if self.is_atom(node):
            return node
        if isinstance(node, gast.IfExp | gast.BoolOp):
            if self.is_condition(node):
                return node
            name = self.names.fresh(target or "t")
            self.branch(node, name)
            return tree.load(name)
        method = getattr(self, "op_" + type(node).__name__, None)
        if method is None:
            raise self.unsupported(
                node, f"this expression is not supported: `{tree.unparse(node)}`"
            )
        return method(node)

    def is_condition(self, node: gast.expr) -> bool:
        """A combination of comparisons: a boolean with no derivative, kept whole."""
        if isinstance(node, gast.BoolOp):
            return all(self.is_condition(v) for v in node.values)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return self.keeps_whole(node)
        return isinstance(node, gast.Compare) and self.keeps_whole(node)

    def branch(self, node: gast.IfExp | gast.BoolOp, name: str) -> None:
        """`name = a if c else b` and `name = a and b` as statements."""
        statement = self.statement
        if isinstance(node, gast.IfExp):
            test = self.test(node.test)
            body = [tree.assign(name, node.body, statement)]
            orelse = [tree.assign(name, node.orelse, statement)]
            arms = self.block(body), self.block(orelse)
        else:
            first, *rest = node.values
            self.emit(tree.assign(name, self.operation(first, name)))
            if not rest:
                return
            following = rest[0] if len(rest) == 1 else tree.replace(node, values=rest)
            test = tree.load(name)
            if isinstance(node.op, gast.Or):
                test = gast.UnaryOp(gast.Not(), test)
            arms = self.block([tree.assign(name, following, statement)]), []
        self.statement = statement
        self.emit(gast.If(test, *arms))

    def op_BinOp(self, node: gast.BinOp) -> gast.expr:
        left = self.atom(node.left)
        return tree.replace(node, left=left, right=self.atom(node.right))

    def op_UnaryOp(self, node: gast.UnaryOp) -> gast.expr:
        return tree.replace(node, operand=self.atom(node.operand))

    def op_Compare(self, node: gast.Compare) -> gast.expr:
        if len(node.ops) > 1:
            if self.keeps_whole(node):
                return node
            first, *others = node.comparators
            left, middle = self.atom(node.left), self.atom(first)
            start = gast.Compare(left, node.ops[:1], [middle])
            rest = gast.Compare(tree.copy(middle), node.ops[1:], others)
            return self.operation(gast.BoolOp(gast.And(), [start, rest]), None)
        left = self.atom(node.left)
        return tree.replace(node, left=left, comparators=[self.atom(c) for c in node.comparators])

    def op_Call(self, node: gast.Call) -> gast.expr:
        func = node.func
        if isinstance(func, gast.Attribute) and self.resolve(func) is MISSING:
            func = tree.replace(func, value=self.atom(func.value))
        elif not isinstance(func, gast.Name | gast.Attribute):
            func = self.atom(func)
        args = [
            tree.replace(a, value=self.atom(a.value))
            if isinstance(a, gast.Starred)
            else self.atom(a)
            for a in node.args
        ]
        keywords = [tree.replace(k, value=self.atom(k.value)) for k in node.keywords]
        return tree.replace(node, func=func, args=args, keywords=keywords)

    def op_Subscript(self, node: gast.Subscript) -> gast.expr:
        return self.place(node)

    def op_Attribute(self, node: gast.Attribute) -> gast.expr:
        return tree.replace(node, value=self.atom(node.value))

    def op_Tuple(self, node: gast.Tuple) -> gast.expr:
        return tree.replace(node, elts=[self.atom(e) for e in node.elts])

    op_List = op_Set = op_Tuple

    def op_Dict(self, node: gast.Dict) -> gast.expr:
        keys, values = [], []
        for key, value in zip(node.keys, node.values, strict=True):
            keys.append(self.atom(key))
            values.append(self.atom(value))
        return tree.replace(node, keys=keys, values=values)

    def place(self, node: gast.Subscript) -> gast.Subscript:
        base = self.atom(node.value)
        if not isinstance(base, gast.Name):
            name = self.names.fresh("t")
            self.temporary(name, base)
            base = tree.load(name)
        return tree.replace(node, value=base, slice=self.index(node.slice))

    def index(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.Tuple):
            return tree.replace(node, elts=[self.index(e) for e in node.elts])
        if isinstance(node, gast.Slice):
            ends = {
                end: self.index(value)
                for end in ("lower", "upper", "step")
                if (value := getattr(node, end)) is not None
            }
            return tree.replace(node, **ends)
        return node if is_index(node) or self.is_atom(node) else self.atom(node)

    # --- names

    def name_for(self, value: gast.expr) -> str:
        """A telling name for an intermediate value: `A_i`, `sin_x`, `t`."""
        if isinstance(value, gast.Subscript) and isinstance(value.value, gast.Name):
            return self.names.fresh(element_name(value))
        if isinstance(value, gast.Attribute) and isinstance(value.value, gast.Name):
            return self.names.fresh(f"{value.value.id}_{value.attr}")
        if isinstance(value, gast.Call):
            func = value.func
            word = func.attr if isinstance(func, gast.Attribute) else getattr(func, "id", "t")
            if value.args and isinstance(value.args[0], gast.Name) and len(value.args[0].id) <= 8:
                word = f"{word}_{value.args[0].id}"
            return self.names.fresh(word)
        return self.names.fresh("t")

    def unsupported(self, node: gast.AST, reason: str) -> UnsupportedError:
        return UnsupportedError(
            reason,
            self.function.origin(node if hasattr(node, "lineno") else self.statement),
            remedy="write it with the constructs that docs/language.md lists",
        )
