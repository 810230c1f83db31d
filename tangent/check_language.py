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
LOOP = "write it as a `for` loop"

# By type: how the construct is called, and what to do.
STATEMENTS: dict[str, tuple[str, str]] = {
    "With": ("`with`", "enter the context in the caller, around the call of this function"),
    "AsyncWith": (
        "`async with`",
        "enter the context in the caller, around the call of this function",
    ),
    "AsyncFor": ("`async for`", "collect the values before the call, and pass them as an argument"),
    "Try": ("`try`", "test for the failing case with `if`, or handle the exception in the caller"),
    "TryStar": (
        "`try`",
        "test for the failing case with `if`, or handle the exception in the caller",
    ),
    "FunctionDef": ("a nested `def`", PLAIN_FUNCTION),
    "AsyncFunctionDef": ("a nested `async def`", PLAIN_FUNCTION),
    "ClassDef": ("a nested `class`", "define the class at the module's level"),
    "Match": ("`match`", "write it with `if` and `elif`"),
    "Global": ("`global`", "pass the value as an argument, and return what is new"),
    "Nonlocal": ("`nonlocal`", "pass the value as an argument, and return what is new"),
    "Import": ("`import` inside a function", "import at the module's level"),
    "ImportFrom": ("`import` inside a function", "import at the module's level"),
}
EXPRESSIONS: dict[str, tuple[str, str]] = {
    "Lambda": ("a `lambda`", PLAIN_FUNCTION),
    "ListComp": ("a list comprehension", LOOP),
    "SetComp": ("a set comprehension", LOOP),
    "DictComp": ("a dict comprehension", LOOP),
    "GeneratorExp": ("a generator expression", LOOP),
    "NamedExpr": ("`:=`", "assign in a statement of its own"),
    "Yield": ("`yield`", "return the values, in a tuple or an array"),
    "YieldFrom": ("`yield from`", "return the values, in a tuple or an array"),
    "Await": ("`await`", "await the value in the caller, and pass it as an argument"),
    "Dict": ("a dict display", "use separate names, or a tuple"),
    "Set": ("a set display", "use a tuple"),
    "JoinedStr": (
        "an f-string outside of a message",
        "write it in `print`, `raise` or `assert`, or make the text in the caller",
    ),
}
PLAIN_STATEMENTS = {
    *("Assign", "AnnAssign", "AugAssign", "If", "For", "While", "Break", "Continue"),
    *("Return", "Expr", "Assert", "Raise", "Pass", "Delete"),
}
PLAIN_EXPRESSIONS = {
    *("BoolOp", "BinOp", "UnaryOp", "IfExp", "Compare", "Call", "Constant", "Attribute"),
    *("Subscript", "Name", "List", "Tuple", "Slice", "Starred", "FormattedValue"),
}
# They read the frame that they are called from, whose names we change.
FRAME_READERS = ("locals", "vars", "eval", "exec", "super")


def check_language(function: Function) -> None:
    """Refuse what the library doesn't differentiate.

    Raises:
        UnsupportedError: at the first such construct in textual order.
    """
    arguments = function.node.args
    for star, parameter in (("*", arguments.vararg), ("**", arguments.kwarg)):
        if parameter is not None:
            raise UnsupportedError(
                f"this parameter is not supported: `{star}{parameter.id}`",
                function.origin(parameter),
                remedy="name the parameters, or take a tuple as one argument",
            )
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
        if isinstance(node, gast.Assign):
            for target in node.targets:
                self.target(target)
            self.expression(node.value)
        elif isinstance(node, gast.AugAssign | gast.AnnAssign):
            self.target(node.target)
            self.optional(node.value)
        elif isinstance(node, gast.For):
            self.target(node.target)
            self.expression(node.iter)
        elif isinstance(node, gast.Delete):
            for target in node.targets:
                if not isinstance(target, gast.Name):
                    raise self.refuse(
                        node, "`del` of an element", "make a new object without it", "statement"
                    )
        elif isinstance(node, gast.Raise):
            self.optional(node.exc, text=True)
            self.optional(node.cause)
        elif isinstance(node, gast.Assert):
            self.expression(node.test)
            self.optional(node.msg, text=True)
        else:
            for field in ("test", "value"):
                self.optional(getattr(node, field, None))
        if isinstance(node, gast.For | gast.While) and node.orelse:
            word = "for" if isinstance(node, gast.For) else "while"
            remedy = "set a flag before `break`, and test it after the loop"
            raise self.refuse(node, f"`else` of a `{word}` loop", remedy, "statement")
        for block in tree.blocks(node):
            for inner in block:
                self.statement(inner)

    def target(self, node: gast.AST) -> None:
        if isinstance(node, gast.Tuple | gast.List):
            for item in node.elts:
                self.target(item.value if isinstance(item, gast.Starred) else item)
        elif isinstance(node, gast.Attribute):
            remedy = "keep the value in a local name, and return it"
            raise self.refuse(node, "assignment to an attribute", remedy, "statement")
        elif isinstance(node, gast.Subscript):
            self.expression(node.value)
            self.expression(node.slice)

    def optional(self, node: gast.AST | None, text: bool = False) -> None:
        if node is not None:
            self.expression(node, text)

    def expression(self, node: gast.AST, text: bool = False) -> None:
        """Check an expression; `text`: it stands where a message to the user may."""
        kind = type(node).__name__
        if kind == "JoinedStr" and text:
            pass
        elif kind not in PLAIN_EXPRESSIONS:
            what, remedy = EXPRESSIONS.get(kind, (f"`{kind}`", "write it in another way"))
            raise self.refuse(node, what, remedy)
        if isinstance(node, gast.Starred):
            raise self.refuse(node, "`*` before an element", "write the elements out")
        if isinstance(node, gast.Call):
            self.call(node, text)
            return
        if isinstance(node, gast.FormattedValue):
            self.expression(node.value, text=True)
            self.optional(node.format_spec, text=True)
            return
        for child in gast.iter_child_nodes(node):
            if isinstance(child, gast.expr):
                self.expression(child, text)

    def call(self, node: gast.Call, text: bool) -> None:
        denoted = self.function.resolve(node.func, self.locals)
        for name in FRAME_READERS:
            if denoted is getattr(builtins, name):
                raise self.refuse(node, f"a call of `{name}`", "name what it reads")
        self.expression(node.func)
        text = text or denoted is print
        for argument in node.args:
            if isinstance(argument, gast.Starred):
                raise self.refuse(argument, "`*` before an argument", "write the arguments out")
            self.expression(argument, text)
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.refuse(
                    keyword.value, "`**` before an argument", "write the arguments out"
                )
            self.expression(keyword.value, text)
