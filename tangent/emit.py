"""Trees to source text, with comments that quote the user's lines and a map from lines to origins.

    Assign(ba2 = …)  origins: (b = a * a,), role: "adjoint"     ->     # Grad of: b = a * a
                                                                       ba2 = 2 * bb * a2

Statements are printed here, expressions by `ast.unparse`; each line's origins are noted while it is
written, so that no text is parsed again to find them. The functions of a program are printed
callees first, the entry last. The same program always gives the same text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import gast

from tangent import tree
from tangent.errors import PassError
from tangent.layout import WIDTH, expression_text, item_text, shorten, wrap
from tangent.origin import Origin, origins_of
from tangent.program import Function, Program

__all__ = ["Emitted", "emit", "emit_statements", "order"]

_INDENT = "    "
_COMMENTS = {"adjoint": "Grad of", "tangent": "Tangent of"}
_COMPOUND = (gast.If, gast.For, gast.While, gast.With, gast.Try)
_LEAVES = (gast.Break, gast.Continue, gast.Return, gast.Raise)


@dataclass(frozen=True)
class Emitted:
    """Source text of a program.

    Attributes:
        source: the text, ending in a newline. line_map: the origins of the statement on each line
        (lines counted from 1; comments and lines without
            an origin are left out).
        functions: the functions in the order of the text.
        spans: first and last line of each function by its name.
        nodes: the statement on each line.
    """

    source: str
    line_map: Mapping[int, tuple[Origin, ...]]
    functions: tuple[Function, ...] = ()
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    nodes: Mapping[int, gast.AST] = field(default_factory=dict)


def emit(program: Program | Function | Iterable[Function]) -> Emitted:
    """The source of a program or of functions (the first of which is the entry).

    Raises:
        PassError: two functions of one name, or a tree that has no source.
    """
    if isinstance(program, Function):
        program = Program((program,))
    elif not isinstance(program, Program):
        program = Program(tuple(program))
    functions = order(program)
    printer = _Printer()
    spans: dict[str, tuple[int, int]] = {}
    for function in functions:
        if function.name in spans:
            raise PassError(f"two functions of the program are called {function.name!r}")
        if printer.lines:
            printer.lines += ["", ""]
        first = len(printer.lines) + 1
        printer.function(function.node, "")
        spans[function.name] = (first, len(printer.lines))
    source = "\n".join(printer.lines) + "\n"
    return Emitted(source, printer.line_map, functions, spans, printer.nodes)


def emit_statements(body: Sequence[gast.AST]) -> str:
    """The source of statements that stand in no function."""
    printer = _Printer()
    printer.block(body, "")
    return "\n".join(printer.lines) + "\n"


def order(program: Program) -> tuple[Function, ...]:
    """The functions of a program, callees before callers, the entry last."""
    by_name = {function.name: function for function in program.functions}
    done: dict[str, Function] = {}
    under_way: set[str] = set()

    def visit(function: Function) -> None:
        if function.name in under_way:
            return
        under_way.add(function.name)
        for name in _names_in_order(function.node):
            if name in by_name and name != function.name:
                visit(by_name[name])
        done[function.name] = function

    if len(by_name) < len(program.functions):
        return tuple(reversed(program.functions))  # `emit` complains
    under_way.add(program.entry.name)
    for name in _names_in_order(program.entry.node):
        if name in by_name:
            visit(by_name[name])
    for function in program.functions[1:]:
        visit(function)
    return (*done.values(), program.entry)


def _names_in_order(node: gast.AST) -> Iterator[str]:
    for inner in tree.walk(node):
        if isinstance(inner, gast.Name) and isinstance(inner.ctx, gast.Load):
            yield inner.id


class _Printer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line_map: dict[int, tuple[Origin, ...]] = {}
        self.nodes: dict[int, gast.AST] = {}

    # Lines and blocks.

    def write(self, node: gast.AST, text: str, indent: str, value_at: int | None = None) -> None:
        """A statement's (header) line, wrapped where it is too long."""
        origins = origins_of(node)
        for chunk in wrap(text, indent, value_at):
            for line in chunk.split("\n"):
                self.lines.append(line)
                self.nodes[len(self.lines)] = node
                if origins:
                    self.line_map[len(self.lines)] = origins

    def block(self, body: Sequence[gast.AST], indent: str) -> None:
        """Statements with their comments, not repeated while the origins stay the same."""
        shown: tuple[Origin, ...] | None = None
        for node in body or [gast.Pass()]:
            note = getattr(node, "note", None)
            if note:
                self.lines += [f"{indent}# {line}".rstrip() for line in str(note).splitlines()]
            heading = _heading(node)
            if heading is not None and origins_of(node) != shown:
                shown = origins_of(node)
                texts = list(dict.fromkeys(o.text for o in shown if o.text))
                if texts:
                    room = max(WIDTH - len(indent) - len(heading) - 4, 24)
                    self.lines.append(f"{indent}# {heading}: {shorten(texts, room)}")
            self.statement(node, indent)
            if isinstance(node, _COMPOUND):
                shown = None
                for rest in _flattened(node):
                    self.block(rest, indent)

    # Statements.

    def statement(self, node: gast.AST, indent: str) -> None:
        method = getattr(self, "print_" + type(node).__name__, None)
        if method is not None:
            method(node, indent)
        else:
            text = ast.unparse(ast.fix_missing_locations(gast.gast_to_ast(node)))
            self.write(node, text.replace("\n", "\n" + indent), indent)

    def function(self, node: gast.FunctionDef, indent: str) -> None:
        head = f"def {node.name}("
        parameters = ", ".join(_parameters(node.args))
        returns = f" -> {expression_text(node.returns)}" if node.returns is not None else ""
        self.write(node, f"{head}{parameters}){returns}:", indent)
        body = list(node.body)
        if body and _is_docstring(body[0]):
            quoted = _docstring(body[0].value.value, indent + _INDENT)
            self.lines += quoted
            body = body[1:]
            if not body:
                return
        self.block(body, indent + _INDENT)

    def print_FunctionDef(self, node: gast.FunctionDef, indent: str) -> None:
        for decorator in node.decorator_list:
            self.lines.append(f"{indent}@{expression_text(decorator)}")
        self.function(node, indent)

    def print_Assign(self, node: gast.Assign, indent: str) -> None:
        targets = "".join(expression_text(target) + " = " for target in node.targets)
        self.write(
            node, targets + expression_text(node.value), indent, _value_at(targets, node.value)
        )

    def print_AugAssign(self, node: gast.AugAssign, indent: str) -> None:
        symbol = ast._Unparser.binop[type(node.op).__name__]  # type: ignore[attr-defined]
        target = f"{expression_text(node.target)} {symbol}= "
        self.write(
            node, target + expression_text(node.value), indent, _value_at(target, node.value)
        )

    def print_Return(self, node: gast.Return, indent: str) -> None:
        if node.value is None:
            self.write(node, "return", indent)
        else:
            self.write(
                node,
                f"return {expression_text(node.value)}",
                indent,
                _value_at("return ", node.value),
            )

    def print_Expr(self, node: gast.Expr, indent: str) -> None:
        self.write(node, expression_text(node.value), indent, _value_at("", node.value))

    def print_Pass(self, node: gast.Pass, indent: str) -> None:
        self.write(node, "pass", indent)

    def print_Break(self, node: gast.Break, indent: str) -> None:
        self.write(node, "break", indent)

    def print_Continue(self, node: gast.Continue, indent: str) -> None:
        self.write(node, "continue", indent)

    def print_Delete(self, node: gast.Delete, indent: str) -> None:
        self.write(node, "del " + ", ".join(map(expression_text, node.targets)), indent)

    def print_If(self, node: gast.If, indent: str, word: str = "if") -> None:
        self.write(node, f"{word} {expression_text(node.test)}:", indent)
        self.block(node.body, indent + _INDENT)
        if not node.orelse or _leaves(node.body):
            return  # what stands in `else` follows as the rest of the block
        only = node.orelse[0] if len(node.orelse) == 1 else None
        bare = only is not None and _heading(only) is None and not getattr(only, "note", None)
        if bare and isinstance(only, gast.If) and not isinstance(only, tree.Attempt):
            if not _leaves(only.body) or not only.orelse:
                self.print_If(only, indent, "elif")
                return
        self.lines.append(f"{indent}else:")
        self.block(node.orelse, indent + _INDENT)

    def print_Attempt(self, node: tree.Attempt, indent: str) -> None:
        body, orelse = list(node.body), list(node.orelse)
        if node.types is None:
            name = _entry(body)
            self.write(node, f"with {expression_text(node.test)}{name}:", indent)
            self.block(body, indent + _INDENT)
            return
        self.write(node, "try:", indent)
        self.block(body, indent + _INDENT)
        types = item_text(node.types)
        types = f"({expression_text(node.types)})" if isinstance(node.types, gast.Tuple) else types
        name = _entry(orelse)
        what = "" if types == "BaseException" and not name else f" {types}{name}"
        self.lines.append(f"{indent}except{what}:")
        self.block(orelse, indent + _INDENT)

    def print_While(self, node: gast.While, indent: str) -> None:
        self.write(node, f"while {expression_text(node.test)}:", indent)
        self.loop(node, indent)

    def print_For(self, node: gast.For, indent: str) -> None:
        self.write(
            node, f"for {expression_text(node.target)} in {expression_text(node.iter)}:", indent
        )
        self.loop(node, indent)

    def loop(self, node: gast.For | gast.While, indent: str) -> None:
        self.block(node.body, indent + _INDENT)
        if node.orelse:
            self.lines.append(f"{indent}else:")
            self.block(node.orelse, indent + _INDENT)


def _parameters(arguments: gast.arguments) -> Iterator[str]:
    """The parameters of a function as text, with the marks between their kinds."""
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    for number, parameter in enumerate(positional):
        yield _parameter(
            parameter, arguments.defaults[number - required] if number >= required else None
        )
        if number + 1 == len(arguments.posonlyargs):
            yield "/"
    if arguments.vararg is not None:
        yield "*" + _parameter(arguments.vararg, None)
    elif arguments.kwonlyargs:
        yield "*"
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(parameter, default)
    if arguments.kwarg is not None:
        yield "**" + _parameter(arguments.kwarg, None)


def _parameter(parameter: gast.Name, default: gast.AST | None) -> str:
    text = parameter.id
    if parameter.annotation is not None:
        text += f": {expression_text(parameter.annotation)}"
    if default is not None:
        equals = " = " if parameter.annotation is not None else "="
        text += equals + item_text(default)
    return text


def _heading(node: gast.AST) -> str | None:
    """What a statement's comment begins with, or None where it gets no comment."""
    heading = _COMMENTS.get(getattr(node, "role", None) or "")
    if heading is None:
        return None
    if isinstance(node, _COMPOUND) and any(
        _COMMENTS.get(getattr(inner, "role", None) or "")
        for block in tree.blocks(node)
        for inner in tree.walk_statements(block)
    ):
        return None
    return heading


def _leaves(body: Sequence[gast.AST]) -> bool:
    """Control certainly doesn't come out at the end of a block."""
    return bool(body) and isinstance(body[-1], _LEAVES)


def _flattened(node: gast.AST) -> Iterator[Sequence[gast.AST]]:
    """The `else` of an `if` whose first arm leaves the block: it is printed after the `if`."""
    if isinstance(node, tree.Attempt):
        return
    if isinstance(node, gast.If) and node.orelse and _leaves(node.body):
        yield node.orelse


def _entry(body: list[gast.AST]) -> str:
    """The name that a header binds, taken out of its block."""
    if not body or not tree.is_entry(body[0]):
        return ""
    entry = body.pop(0)
    return f" as {expression_text(entry.targets[0])}"


def _value_at(before: str, value: gast.AST) -> int | None:
    """Where a value that may be put in parentheses begins."""
    return None if isinstance(value, gast.Starred | gast.Yield) else len(before)


def _is_docstring(node: gast.AST) -> bool:
    return (
        isinstance(node, gast.Expr)
        and isinstance(node.value, gast.Constant)
        and isinstance(node.value.value, str)
    )


def _docstring(text: str, indent: str) -> list[str]:
    """A docstring in triple quotes where it survives them unchanged, else as a plain literal."""
    if (
        '"""' in text
        or "\\" in text
        or (not text.isprintable() and "\n" not in text)
        or text.endswith('"')
    ):
        return [indent + repr(text)]
    return (indent + f'"""{text}"""').split("\n")
