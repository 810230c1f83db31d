"""What is outside the supported language gets an error with a caret before anything else happens.

    before: with open(p) as q:      after: model.py:7: in f: this statement is not supported: `with`
                                               with open(p) as q:
                                               ^^^^^^^^^^^^^^^^^^
                                             what to do: ...

A whitelist: what is not known to be right is refused, so are the constructs of a future Python.
"""

from __future__ import annotations

import builtins

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.program import Function

__all__ = ["check_language"]

PLAIN_FUNCTION = "move it into a function of its own that is defined at the module's level"

# By type: how the construct is called, and what to do.
STATEMENTS: dict[str, tuple[str, str]] = {
    "AsyncWith": (
        "`async with`",
        "enter the context in the caller, around the call of this function",
    ),
    "AsyncFor": ("`async for`", "collect the values before the call, and pass them as an argument"),
    "TryStar": ("`except*`", "handle the exceptions one by one, with `except`"),
    "AsyncFunctionDef": ("a nested `async def`", PLAIN_FUNCTION),
    "ClassDef": ("a nested `class`", "define the class at the module's level"),
}
EXPRESSIONS: dict[str, tuple[str, str]] = {
    "Await": ("`await`", "await the value in the caller, and pass it as an argument"),
}
PLAIN_STATEMENTS = {
    *("Assign", "AnnAssign", "AugAssign", "If", "For", "While", "Break", "Continue"),
    *("Return", "Expr", "Assert", "Raise", "Pass", "Delete", "Try", "With", "Match", "Global"),
    *("Import", "ImportFrom", "ExceptHandler", "match_case", "FunctionDef"),
    "Nonlocal",
}
PLAIN_EXPRESSIONS = {
    *("BoolOp", "BinOp", "UnaryOp", "IfExp", "Compare", "Call", "Constant", "Attribute"),
    *("Subscript", "Name", "List", "Tuple", "Slice", "Starred", "FormattedValue", "JoinedStr"),
    *("ListComp", "SetComp", "DictComp", "GeneratorExp", "NamedExpr", "Dict", "Set"),
    *("Lambda", "Yield", "YieldFrom"),
}
ASSIGNMENTS = ("Assign", "AnnAssign", "AugAssign")
# They read the frame that they are called from, whose names we change.
FRAME_READERS = ("locals", "vars", "eval", "exec", "super")


def check_language(function: Function) -> None:
    """Refuse what the library doesn't differentiate.

    Raises:
        UnsupportedError: at the first such construct in textual order.
    """
    checker = _Checker(function)
    for statement in function.node.body:
        checker.statement(statement)


class _Checker:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.locals = function.locals()

    def refuse(
        self, node: gast.AST, what: str, remedy: str, sort: str = "expression"
    ) -> UnsupportedError:
        origins = getattr(node, "origins", ())
        origin = origins[-1] if origins else self.function.origin(node)
        return UnsupportedError(f"this {sort} is not supported: {what}", origin, remedy=remedy)

    def statement(self, node: gast.AST) -> None:
        kind = type(node).__name__
        if kind not in PLAIN_STATEMENTS:
            what, remedy = STATEMENTS.get(kind, (f"`{kind}`", "write it in another way"))
            raise self.refuse(node, what, remedy, "statement")
        for field in ("targets", "target"):
            targets = getattr(node, field, [])
            for target in targets if isinstance(targets, list) else [targets]:
                self.target(target, kind in ASSIGNMENTS)
        for child in gast.iter_child_nodes(node):
            self.part(child)
        for block in tree.blocks(node):
            for inner in block:
                self.statement(inner)

    def parameters(self, arguments: gast.arguments) -> None:
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            if default is not None:
                self.expression(default)

    def part(self, node: gast.AST) -> None:
        """What stands directly below a statement: an expression, or what holds some."""
        if isinstance(node, gast.expr):
            if not isinstance(getattr(node, "ctx", None), gast.Store | gast.Del):
                self.expression(node)
        elif isinstance(node, gast.withitem):
            self.expression(node.context_expr)
            if node.optional_vars is not None:
                self.target(node.optional_vars)
        elif isinstance(node, gast.pattern):
            for child in gast.iter_child_nodes(node):
                self.part(child)
        elif isinstance(node, gast.arguments):
            self.parameters(node)

    def target(self, node: gast.AST, attributes: bool = False) -> None:
        if isinstance(node, gast.Tuple | gast.List):
            for item in node.elts:
                self.target(item.value if isinstance(item, gast.Starred) else item, attributes)
        elif isinstance(node, gast.Attribute) and attributes:
            self.expression(node.value)  # `specialise` knows of which object it is
        elif isinstance(node, gast.Attribute):
            remedy = "keep the value in a local name, and return it"
            raise self.refuse(node, "assignment to an attribute", remedy, "statement")
        elif isinstance(node, gast.Subscript):
            self.expression(node.value)
            self.expression(node.slice)

    def expression(self, node: gast.AST) -> None:
        kind = type(node).__name__
        if kind not in PLAIN_EXPRESSIONS:
            what, remedy = EXPRESSIONS.get(kind, (f"`{kind}`", "write it in another way"))
            raise self.refuse(node, what, remedy)
        if isinstance(node, gast.Call):
            self.call(node)
        for child in gast.iter_child_nodes(node):
            if isinstance(child, gast.comprehension):
                if child.is_async:
                    remedy = "collect the values before the call, and pass them as an argument"
                    raise self.refuse(node, "an `async` comprehension", remedy)
                self.target(child.target)
                for inner in (child.iter, *child.ifs):
                    self.expression(inner)
            elif isinstance(child, gast.keyword):
                self.expression(child.value)
            elif isinstance(child, gast.arguments):
                self.parameters(child)
            elif isinstance(child, gast.expr):
                self.expression(child)

    def call(self, node: gast.Call) -> None:
        denoted = self.function.resolve(node.func, self.locals)
        for name in FRAME_READERS:
            if denoted is getattr(builtins, name) and not (denoted is super and node.args):
                raise self.refuse(node, f"a call of `{name}`", "name what it reads")
