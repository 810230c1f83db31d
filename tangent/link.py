"""Emitted source to plain functions that read the user's globals and closure cells live.

    linked = link(program)
    linked["dfdx"](x, w)        linked.entry.source

Each `def` is compiled inside a wrapper whose parameters are the names that need a cell: the user's
free variables, and what we inject (helpers, sibling functions). The wrapper is never run: only the
code object of the `def` is taken from it, and bound with `types.FunctionType` to the *user's*
globals dictionary, with the user's own cells and with cells of ours. So nothing is written into a
user's namespace, and no wrapper stands on the call path.

A free name means, first match: an injected object; another function of the program; the user's
cell; the user's global or builtin, read live. An injected `Sibling("name")` is that function of the
program under any name.

The text is kept in `linecache` under a name made from its content (`<tangent f grad 1f3a90c2>`), so
that `inspect.getsource`, `pdb` and tracebacks show it. A run-time error gets a note that names the
user's line. To that end the body is compiled, but not printed, inside ``try: … except Exception as
e: …add the note…; raise``: entering a `try` costs nothing, a bare `raise` adds no traceback entry,
and the handler calls C functions only, so that `pdb` steps into nothing of ours. Its instructions
carry the line of the `def`: a stepper that follows an exception out of the function passes there
once.
"""

from __future__ import annotations

import ast
import hashlib
import linecache
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gast

from tangent.emit import Emitted, emit
from tangent.errors import PassError
from tangent.origin import Origin
from tangent.program import MISSING, Function, Program

__all__ = ["Linked", "Notes", "Sibling", "default_objects", "link", "linked_of", "register_source"]

# Not identifiers, so that they collide with nothing; `locals()` shows them like the `.0` of a
# comprehension.
_NOTES, _EXCEPTION, _CAUGHT, _NOTE = ".notes", ".Exception", ".error", ".note"


@dataclass(frozen=True)
class Sibling:
    """Stands in `Scope.injected` for another function of the program, by name."""

    name: str


@dataclass(frozen=True)
class Linked(Mapping[str, Callable[..., Any]]):
    """The functions of a linked program by name, in the order of the text."""

    program: Program
    emitted: Emitted
    functions: Mapping[str, types.FunctionType]
    filename: str

    @property
    def entry(self) -> types.FunctionType:
        return self.functions[self.program.entry.name]

    def __getitem__(self, name: str) -> types.FunctionType:
        return self.functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.functions)

    def __len__(self) -> int:
        return len(self.functions)


def linked_of(function: Any) -> Linked | None:
    """The program that a generated function was linked from (None for others, or if unpickled)."""
    for cell in getattr(function, "__closure__", None) or ():
        try:
            if isinstance(cell.cell_contents, Notes):
                return cell.cell_contents.linked
        except ValueError:  # an empty cell
            continue
    return None


def link(program: Program, emitted: Emitted | None = None) -> Linked:
    """Make functions of a program.

    Args:
        program: the functions, the entry first.
        emitted: its source, where `emit` has already written it.
    """
    emitted = emit(program) if emitted is None else emitted
    filename = register_source(emitted.source, _title(program.entry))
    definitions = {
        d.name: d
        for d in ast.parse(emitted.source, filename).body
        if isinstance(d, ast.FunctionDef)
    }
    notes = Notes(filename, emitted.source, _note_texts(emitted.line_map))
    siblings = {name: types.CellType() for name in definitions}
    functions: dict[str, types.FunctionType] = {}
    for function in emitted.functions:
        cells = _cells(function, siblings)
        cells[_NOTES] = types.CellType(notes)
        cells[_EXCEPTION] = types.CellType(Exception)
        definition = definitions[function.name]
        _strip(definition)
        _guard(definition)
        code = _code(definition, cells, filename)
        made = types.FunctionType(
            code,
            function.scope.globals,
            function.name,
            None,
            tuple(cells[name] for name in code.co_freevars),
        )
        _dress(made, function, emitted.source)
        siblings[function.name].cell_contents = made
        functions[function.name] = made
    notes.functions = tuple(functions.values())
    notes.linked = Linked(program, emitted, functions, filename)
    return notes.linked


def _title(entry: Function) -> str:
    primal = getattr(entry.primal, "__name__", entry.name)
    return f"{primal} {entry.meta.get('role', 'grad')}"


def register_source(source: str, title: str) -> str:
    """Put a text into linecache; returns the file name that it is found under.

    Entries without a modification time are never dropped by `linecache.checkcache`. Equal texts
    share an entry.
    """
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    filename = f"<tangent {title} {digest}>"
    _keep_source(filename, source)
    return filename


def _keep_source(filename: str, source: str) -> None:
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def _cells(function: Function, siblings: Mapping[str, types.CellType]) -> dict[str, types.CellType]:
    """The cell of every name that is not read from the user's globals."""
    cells = {**function.scope.cells, **siblings}
    for name, value in function.scope.injected.items():
        if isinstance(value, Sibling):
            if value.name not in siblings:
                raise PassError(
                    f"{function.name} refers to the function {value.name}, which the program lacks"
                )
            cells[name] = siblings[value.name]
        else:
            cells[name] = types.CellType(value)
    return cells


def _code(
    definition: ast.FunctionDef, cells: Mapping[str, types.CellType], filename: str
) -> types.CodeType:
    """The code object of a definition whose names in `cells` are free variables."""
    wrapper = ast.parse("def wrapper(): pass").body[0]
    assert isinstance(wrapper, ast.FunctionDef)
    wrapper.args.args = [ast.copy_location(ast.arg(name), definition) for name in cells]
    wrapper.body = [definition]
    ast.copy_location(wrapper, definition)
    module = ast.Module([wrapper], [])
    outer = _nested(compile(module, filename, "exec", dont_inherit=True), "wrapper")
    return _nested(outer, definition.name).replace(co_qualname=definition.name)


def _nested(code: types.CodeType, name: str) -> types.CodeType:
    return next(c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)


def _strip(definition: ast.FunctionDef) -> None:
    """Remove what is evaluated when a `def` runs, as this one never does."""
    a = definition.args
    a.defaults = []
    a.kw_defaults = [None] * len(a.kwonlyargs)
    definition.returns = None
    for parameter in [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]:
        if parameter is not None:
            parameter.annotation = None


# Notes on run-time errors.


class Notes(dict[int, str]):
    """For each line of a text the note that an error raised there gets.

    It is what the functions of a program have in common, so it also leads to the program. Unpickled
    with them in another process it puts the text into that process's linecache, and the file's name
    back into the code objects (cloudpickle calls every dynamic function's file `<dynamic-code>`).
    The program stays behind.
    """

    def __init__(self, filename: str, source: str, texts: Mapping[int, str]) -> None:
        super().__init__(texts)
        self.filename = filename
        self.source = source
        self.functions: tuple[types.FunctionType, ...] = ()
        self.linked: Linked | None = None
        _keep_source(filename, source)

    def __reduce__(self) -> tuple[Any, ...]:
        return Notes, (self.filename, self.source, dict(self)), self.functions

    def __setstate__(self, functions: tuple[types.FunctionType, ...]) -> None:
        self.functions = functions
        for function in functions:
            function.__code__ = function.__code__.replace(co_filename=self.filename)


class Note(str):
    """A note with the place that it names first, for errors that have none (`errors.TangentError.add_note`)."""

    origin: Origin
    is_single: bool


def _note_texts(line_map: Mapping[int, Sequence[Origin]]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for line, origins in line_map.items():
        told = [o for o in origins if o.text]
        places = [f"{o.file}:{o.line}, in {o.function}: {o.text}" for o in told]
        if places:
            more = f" (and {len(places) - 3} more)" if len(places) > 3 else ""
            note = Note("tangent: this derives from " + "\n  and from ".join(places[:3]) + more)
            note.origin, note.is_single = told[0], len(told) == 1
            texts[line] = note
    return texts


# One statement, so that the handler is one line. A note that is there already is not added again:
# in a recursion each frame passes here. `e.__traceback__` begins with the frame that catches.
_HANDLER = """
try:
    pass
except EXCEPTION as e:
    (note := NOTES.get(e.__traceback__.tb_lineno)) and (
        note not in e.__dict__.get("__notes__", ()) and e.add_note(note)
    )
    raise
"""
_HIDDEN = {"note": _NOTE, "NOTES": _NOTES, "e": _CAUGHT, "EXCEPTION": _EXCEPTION}


def _guard(definition: ast.FunctionDef) -> None:
    """Put the body inside a `try` whose handler adds the note and raises again."""
    documented = ast.get_docstring(definition, clean=False) is not None
    head, body = definition.body[:documented], definition.body[documented:]
    if not body:
        return
    guarded = ast.parse(_HANDLER).body[0]
    assert isinstance(guarded, ast.Try)
    guarded.handlers[0].name = _CAUGHT
    for node in ast.walk(guarded.handlers[0]):
        if isinstance(node, ast.Name):
            node.id = _HIDDEN[node.id]
        if isinstance(node, ast.expr | ast.stmt | ast.ExceptHandler):
            node.lineno = node.end_lineno = definition.lineno
            node.col_offset, node.end_col_offset = definition.col_offset, definition.col_offset + 3
    guarded.body = body
    definition.body = [*head, ast.copy_location(guarded, body[0])]


# What a function object carries besides its code.


def _dress(made: types.FunctionType, function: Function, source: str) -> None:
    made.__defaults__, made.__kwdefaults__ = default_objects(function)
    made.__module__ = function.scope.globals.get("__name__", None) or "__main__"
    made.__annotations__ = _annotations(function)
    made.__doc__ = function.meta.get("doc") or _docstring(function.node)
    made.source = source  # type: ignore[attr-defined]


def _docstring(node: gast.FunctionDef) -> str | None:
    first = node.body[0] if node.body else None
    if isinstance(first, gast.Expr) and isinstance(first.value, gast.Constant):
        return first.value.value if isinstance(first.value.value, str) else None
    return None


def _annotations(function: Function) -> dict[str, Any]:
    """What annotations of parameters denote, where that can be had without running code."""
    known = getattr(function.primal, "__annotations__", None) or {}
    a = function.node.args
    optional = [p for p in (a.vararg, a.kwarg) if p is not None]
    found = {}
    for parameter in [*a.posonlyargs, *a.args, *a.kwonlyargs, *optional]:
        if parameter.annotation is not None:
            value = known.get(parameter.id, MISSING)
            if value is MISSING:
                value = function.resolve(parameter.annotation, set())
            if value is not MISSING:
                found[parameter.id] = value
    return found


def default_objects(function: Function) -> tuple[tuple[Any, ...] | None, dict[str, Any] | None]:
    """The objects of `__defaults__` and `__kwdefaults__`.

    `Function.defaults` and `Function.kwdefaults` hold the user's objects, the first defaults of the
    list. Where the tree has more (such as `init_grad=1.0`), their literals are evaluated.
    """
    a = function.node.args
    given = list(function.defaults)
    positional = (given + [_literal(d, function) for d in a.defaults[len(given) :]])[
        : len(a.defaults)
    ]
    keywords = {}
    for parameter, default in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        if parameter.id in function.kwdefaults:
            keywords[parameter.id] = function.kwdefaults[parameter.id]
        elif default is not None:
            keywords[parameter.id] = _literal(default, function)
    return tuple(positional) or None, keywords or None


def _literal(node: gast.AST, function: Function) -> Any:
    try:
        return ast.literal_eval(gast.gast_to_ast(node))
    except ValueError as e:
        raise PassError(
            f"the default {ast.unparse(gast.gast_to_ast(node))} of a parameter of {function.name} "
            "is no literal, and the function holds no object for it"
        ) from e
