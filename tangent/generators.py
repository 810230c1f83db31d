"""Generator functions, and loops over what they yield, as functions that call the loop's body.

    before: def halves(x):                 after: def halves(consumer, x):
                while x > 0.1:                        while x > 0.1:
                    yield x                               if consumer(x):
                    x = x / 2                                 return True
                                                          x = x / 2
                                                      return False
            for v in halves(x):                    def each(item):
                if v < 0.3:                            nonlocal v, s
                    break                              v = item
                s = s + v                              if v < 0.3:
                                                           return True
                                                       s = s + v
                                                   halves(each, x)

So every statement runs when it would, whatever the generator and the loop do to each other; `specialise` expands
the calls. Where all that is yielded is taken at once (`list`, `sum`, …) the body appends to a list. `map`, `filter` and much of
`itertools` are generators too: those of `standins`.
"""

from __future__ import annotations

import functools
import inspect
import types
from typing import Any

import gast

from tangent import standins, tree
from tangent.errors import UnsupportedError
from tangent.program import MISSING, Function
from tangent.scopes import names_bound

__all__ = ["is_generator", "with_callbacks", "yields"]

# Calls that take all that is yielded before anything else happens.
EAGER = frozenset({"list", "tuple", "sum", "max", "min", "sorted", "set", "any", "all", "dict"})
SCOPES = (gast.FunctionDef, gast.Lambda)


def is_generator(node: Any) -> bool:
    """Whether a definition's own body yields."""
    return isinstance(node, gast.FunctionDef) and any(own_yields(s) for s in node.body)


def own_yields(node: Any) -> list[Any]:
    found: list[Any] = []
    if isinstance(node, gast.Yield | gast.YieldFrom):
        found.append(node)
    if not isinstance(node, SCOPES):
        for child in tree.children(node):
            found += own_yields(child)
    return found


def yields(statement: Any) -> bool:
    """Whether a statement itself yields, not one inside it."""
    return any(
        own_yields(child) for child in tree.children(statement) if not isinstance(child, gast.stmt)
    )


def with_callbacks(function: Function) -> Function:
    """A function whose loops over generators, and which itself, if it is one, calls back.

    Raises:
        UnsupportedError: a generator is used in another way.
    """
    names = {n.id for n in tree.walk(function.node) if isinstance(n, gast.Name)}
    rewriter = _Callbacks(function, names)
    node = rewriter.definition(function.node)
    scope = function.scope.inject(**rewriter.injected) if rewriter.injected else function.scope
    return function.with_node(node, scope=scope)


class _Callbacks(tree.Rewriter):
    def __init__(self, function: Function, taken: set[str]) -> None:
        self.function = function
        self.locals = function.locals()
        self.taken = taken | self.locals
        self.injected: dict[str, Any] = {}
        self.generators = {
            n.name for n in tree.walk(function.node) if n is not function.node and is_generator(n)
        }
        self.consumer = ""

    def fresh(self, base: str) -> str:
        name, number = base, 1
        while name in self.taken or function_has(self.function, name):
            number += 1
            name = f"{base}{number}"
        self.taken.add(name)
        return name

    def refuse(self, node: Any, reason: str, remedy: str) -> UnsupportedError:
        origins = getattr(node, "origins", ())
        origin = origins[-1] if origins else self.function.origin(node)
        return UnsupportedError(reason, origin, remedy=remedy)

    # --- generators

    def definition(self, node: gast.FunctionDef) -> gast.FunctionDef:
        """A function's definition, in callback form where it is a generator."""
        if not is_generator(node):
            body = self.visit_block(node.body)
            return node if tree.same_items(body, node.body) else tree.replace(node, body=body)
        outer, self.consumer = self.consumer, self.fresh("consumer")
        body = self.visit_block(node.body)
        end = tree.with_origins(gast.Return(tree.constant(False)), node)
        parameter = gast.Name(self.consumer, gast.Param(), None, None)
        a = node.args
        first = "posonlyargs" if a.posonlyargs else "args"
        arguments = tree.replace(a, **{first: [parameter, *getattr(a, first)]})
        self.consumer = outer
        return tree.replace(node, args=arguments, body=[*body, end])

    def visit_FunctionDef(self, node: gast.FunctionDef) -> gast.AST:
        if not is_generator(node):
            outer, self.consumer = self.consumer, ""
            new = self.definition(node)
            self.consumer = outer
            return new
        return self.definition(node)

    def visit_Return(self, node: gast.Return) -> gast.AST:
        if self.consumer:
            return tree.replace(node, value=tree.constant(False))
        return self.generic_visit(node)

    def visit_Expr(self, node: gast.Expr) -> Any:
        value = node.value
        if isinstance(value, gast.Yield):
            item = tree.constant(None) if value.value is None else self.visit(value.value)
            return self.hand_over(tree.call(tree.load(self.consumer), item), node)
        if isinstance(value, gast.YieldFrom):
            call = value.value
            if self.generator_of(call) is not None:
                return self.hand_over(self.called(call, tree.load(self.consumer)), node)
            name = self.fresh("item")
            inner = self.hand_over(tree.call(tree.load(self.consumer), tree.load(name)), node)
            loop = gast.For(tree.store(name), self.visit(call), [inner], [], None)
            return tree.with_origins(loop, node)
        return self.generic_visit(node)

    def hand_over(self, call: gast.Call, like: gast.AST) -> gast.stmt:
        stop = tree.with_origins(gast.Return(tree.constant(True)), like)
        return tree.with_origins(gast.If(call, [stop], []), like)

    def visit_Yield(self, node: Any) -> Any:
        raise self.refuse(
            node, "the value of a `yield` is not supported", "yield in a statement of its own"
        )

    visit_YieldFrom = visit_Yield

    def visit_Try(self, node: Any) -> Any:
        if self.consumer and own_yields(node):
            raise self.refuse(
                node,
                f"`yield` inside of `{type(node).__name__.lower()}` is not supported",
                "yield after it",
            )
        return self.generic_visit(node)

    visit_With = visit_Try

    # --- what takes what they yield

    def generator_of(self, node: Any) -> Any:
        """The generator function that a call calls: its stand-in, the object itself, or its name."""
        if not isinstance(node, gast.Call):
            return None
        if isinstance(node.func, gast.Name) and node.func.id in self.generators:
            return node.func.id
        obj = self.function.resolve(node.func, self.locals)
        if obj is MISSING:
            return None
        stand_in = standins.generator_for(obj, len(node.args), [k.arg for k in node.keywords])
        if stand_in is not None:
            return stand_in
        if isinstance(obj, types.FunctionType) and inspect.isgeneratorfunction(obj):
            return obj
        return None

    def called(self, node: gast.Call, consumer: gast.expr) -> gast.Call:
        """The call of a generator with what takes what it yields."""
        found = self.generator_of(node)
        new = self.generic_visit(node)
        if found is None or isinstance(found, str) or found.__module__ != standins.__name__:
            return tree.replace(new, args=[consumer, *new.args])
        func = self.inject(found)
        return tree.replace(new, func=func, args=[consumer, *new.args])

    def inject(self, obj: Any) -> gast.Name:
        for known, value in self.injected.items():
            if value is obj:
                return tree.load(known)
        name = self.fresh(obj.__name__)
        self.injected[name] = obj
        return tree.load(name)

    def visit_Call(self, node: gast.Call) -> Any:
        if self.is_eager(node) and node.args and self.generator_of(node.args[0]) is not None:
            first = self.collected(node.args[0])
            rest = self.visit_Call(tree.replace(node, args=[tree.constant(None), *node.args[1:]]))
            return tree.replace(rest, args=[first, *rest.args[1:]])
        if self.is_reduction(node):
            function, source, *initial = node.args
            rest = self.visit_Call(
                tree.replace(node, args=[function, tree.constant(None), *initial])
            )
            args = [rest.args[0], self.collected(source), *rest.args[2:]]
            return tree.replace(rest, args=args)
        found = self.generator_of(node)
        if found is not None and (isinstance(found, str) or found.__module__ != standins.__name__):
            raise self.kept(node)
        if found is not None and standins.makes_iterator(found):
            raise self.kept(node)
        obj = self.function.resolve(node.func, self.locals)
        stand_in = standins.function_for(obj, [k.arg for k in node.keywords])
        if stand_in is not None:
            args = node.args
            if stand_in in standins.INDEXING and args and self.is_iterator(args[0]):
                args = [self.listed(args[0]), *args[1:]]
            new = tree.replace(node, func=self.inject(stand_in), args=args)
            return self.generic_visit(new)
        return self.generic_visit(node)

    def is_reduction(self, node: gast.Call) -> bool:
        """`functools.reduce` over a generator, where what both call can't rebind a name."""
        return (
            self.function.resolve(node.func, self.locals) is functools.reduce
            and len(node.args) > 1
            and self.generator_of(node.args[1]) is not None
            and not any(isinstance(n, gast.Nonlocal) for n in tree.walk(self.function.node))
        )

    def is_iterator(self, node: gast.AST) -> bool:
        """A call that makes what can't be indexed."""
        return isinstance(node, gast.Call) and self.function.resolve(node.func, self.locals) in (
            *(zip, enumerate, map, filter, reversed),
        )

    def listed(self, iterator: gast.expr) -> gast.ListComp:
        name = self.fresh("item")
        loop = gast.comprehension(tree.store(name), iterator, [], 0)
        return tree.with_origins(gast.ListComp(tree.load(name), [loop]), iterator)

    def is_eager(self, node: gast.Call) -> bool:
        obj = self.function.resolve(node.func, self.locals)
        name = getattr(obj, "__name__", "")
        return getattr(obj, "__module__", "") == "builtins" and name in EAGER

    def collected(self, node: gast.Call) -> gast.Call:
        """A list of what a call of a generator yields."""
        found = self.generator_of(node)
        new = self.generic_visit(node)
        func = new.func if isinstance(found, str) else self.reference(found, new)
        collect = self.inject(standins.collect)
        return tree.replace(new, func=collect, args=[func, *new.args])

    def reference(self, found: Any, call: gast.Call) -> gast.expr:
        return self.inject(found) if found.__module__ == standins.__name__ else call.func

    def kept(self, node: gast.Call) -> UnsupportedError:
        name = tree.unparse(node.func)
        return self.refuse(
            node,
            f"the iterator that `{name}` makes is not taken where it is made",
            f"loop over `{name}(…)`, or take it whole: `list({name}(…))`",
        )

    def visit_ListComp(self, node: Any) -> Any:
        for generator in node.generators:
            if self.generator_of(generator.iter) is not None:
                self.check_apart(node)
        return self.generic_visit(node)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_comprehension(self, node: Any) -> Any:
        if self.generator_of(node.iter) is None:
            return self.generic_visit(node)
        rest = self.generic_visit(tree.replace(node, iter=tree.constant(None)))
        return tree.replace(rest, iter=self.collected(node.iter))

    def check_apart(self, node: Any) -> None:
        """What a comprehension computes may not change what its generator yields next."""
        for inner in tree.walk(node):
            if isinstance(inner, gast.Call) and self.generator_of(inner) is None:
                obj = self.function.resolve(inner.func, self.locals)
                if obj is MISSING or isinstance(obj, types.FunctionType):
                    raise self.refuse(
                        inner,
                        "a call in a comprehension over a generator is not supported",
                        "write it as a `for` loop",
                    )

    # --- loops

    def visit_For(self, node: gast.For) -> Any:
        call, counter, start = node.iter, "", None
        if (
            isinstance(call, gast.Call)
            and self.function.resolve(call.func, self.locals) is enumerate
            and call.args
            and self.generator_of(call.args[0]) is not None
        ):
            starts = [*call.args[1:], *(k.value for k in call.keywords)]
            start = starts[0] if starts else tree.constant(0)
            call, counter = call.args[0], self.fresh("count")
        if self.generator_of(call) is None:
            return self.generic_visit(node)
        if node.orelse:
            raise self.refuse(
                node,
                "`else` of a loop over a generator is not supported",
                "set a flag before `break`, and test it after the loop",
            )
        item, each = self.fresh("item"), self.fresh("each")
        left, result = self.fresh("left"), self.fresh("returned_value")
        inner = _LoopBody(left, result)
        body = inner.visit_block(node.body)
        element: gast.expr = tree.load(item)
        shared = {left, result} if inner.returns else set()
        before: list[Any] = []
        count: list[Any] = []
        if counter:
            element = gast.Tuple([tree.load(counter), element], gast.Load())
            count = [gast.AugAssign(tree.store(counter), gast.Add(), tree.constant(1))]
            before.append(tree.assign(counter, self.visit(start), node))
            shared.add(counter)
        whole = [
            tree.with_origins(gast.Assign([node.target], element, None), node),
            *(tree.with_origins(s, node) for s in count),
            *self.visit_block(body),
            tree.with_origins(gast.Return(tree.constant(False)), node),
        ]
        shared |= names_bound([node.target, *body])
        declaration = tree.with_origins(gast.Nonlocal(sorted(shared)), node)
        arguments = gast.arguments(
            [gast.Name(item, gast.Param(), None, None)], [], None, [], [], None, []
        )
        definition = gast.FunctionDef(each, arguments, [declaration, *whole], [], None, None, [])
        tree.with_origins(definition, node)
        definition.shares = frozenset(shared)
        outer, self.consumer = self.consumer, ""
        loop = tree.with_origins(gast.Expr(self.called(call, tree.load(each))), node)
        self.consumer = outer
        after: list[Any] = []
        if inner.returns:
            before.append(tree.assign(left, tree.constant(False), node))
            leave = gast.Return(tree.load(result))
            if self.consumer:
                leave = gast.Return(tree.constant(True))
            after = [gast.If(tree.load(left), [tree.with_origins(leave, node)], [])]
        return [*before, definition, loop, *(tree.with_origins(s, node) for s in after)]


class _LoopBody(tree.Rewriter):
    """A loop's body as that of a function: True where the loop is left."""

    def __init__(self, left: str, result: str) -> None:
        self.left = left
        self.result = result
        self.inside = 0
        self.returns = False

    def loop(self, node: Any) -> Any:
        self.inside += 1
        new = self.generic_visit(node)
        self.inside -= 1
        return new

    visit_For = visit_While = loop

    def visit_FunctionDef(self, node: Any) -> Any:
        return node

    visit_Lambda = visit_FunctionDef

    def visit_Break(self, node: Any) -> Any:
        return node if self.inside else self.returning(True, node)

    def visit_Continue(self, node: Any) -> Any:
        return node if self.inside else self.returning(False, node)

    def visit_Return(self, node: gast.Return) -> Any:
        self.returns = True
        value = tree.constant(None) if node.value is None else node.value
        return [
            tree.assign(self.result, value, node),
            tree.assign(self.left, tree.constant(True), node),
            self.returning(True, node),
        ]

    def returning(self, value: bool, node: Any) -> gast.stmt:
        return tree.with_origins(gast.Return(tree.constant(value)), node)


def function_has(function: Function, name: str) -> bool:
    return function.scope.lookup(name) is not MISSING
