"""From a function object to its tree, and from an entry function to the whole program.

    before: the object `f`, defined in model.py     after: Function(node=def f(x, w): ..., scope)

The source is that of the function's code object: what a caller runs, wrappers of decorators
included. The file is parsed as a whole, once for each state of it, so nodes stand at their true
positions; columns count characters. Generated functions are found in the same way, since their
source is in `linecache`.
"""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import inspect
import linecache
import os
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent import tree
from tangent.check_language import check_language
from tangent.errors import NoSourceError, TangentError, UnsupportedError
from tangent.generators import is_generator, yields
from tangent.imports import resolve_imports
from tangent.lift import closure, lift, without_docstring
from tangent.origin import Origin
from tangent.program import MISSING, Function, Program, Scope, hashable

__all__ = ["callees", "describe", "load", "parse"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def parse(f: Callable[..., Any]) -> Function:
    """The tree and scope of a plain Python function.

    Decorators and a docstring are dropped, annotations of parameters kept; every statement has an
    `Origin`.

    Raises:
        NoSourceError: the source can't be had (C function, REPL, `exec`, a file that changed).
        UnsupportedError: not a plain function, or its body leaves the supported language.
    """
    wrapped = _transparently_wrapped(f)
    if wrapped is not None:
        return replace(parse(wrapped), primal=f)
    plain = _plain(f)
    module, definition = _find(plain)
    if isinstance(definition, ast.AsyncFunctionDef):
        raise _asynchronous(plain, definition)
    node = _as_function(module, definition)
    _mangle(node, plain.__code__)
    if "__class__" in plain.__code__.co_freevars:
        _name_class(node)
    if hasattr(plain, "__wrapped__") and plain.__name__.isidentifier():
        node.name = plain.__name__  # the wrapper goes by the name of what it wraps
    node.decorator_list = []
    module.restore_columns(node)
    for statement in [node, *tree.walk_statements(node.body)]:
        statement.origins = (module.origin(statement, node.name),)
    for inner in tree.walk(node):
        if isinstance(inner, gast.FunctionDef) and inner is not node:
            for statement in tree.walk_statements(inner.body):
                statement.origins = (module.origin(statement, inner.name),)
    node.body = without_docstring(node.body)
    function = Function(
        node=node,
        scope=Scope(
            globals=plain.__globals__,
            cells=dict(zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=True)),
        ),
        file=module.file,
        primal=plain,
        defaults=plain.__defaults__ or (),
        kwdefaults=dict(plain.__kwdefaults__ or {}),
    )
    check_language(function)
    return resolve_imports(function)


def load(
    f: Callable[..., Any] | Function, has_recipe: Callable[[Any], bool] | None = None
) -> Program:
    """A function with, transitively, every callee that has Python source and no recipe.

    Args:
        f: the entry: anything that can be called, or a function that is parsed already.
        has_recipe: tells whether a recipe serves an object; by default, whether one is registered.

    Raises:
        TangentError: the entry can't be read (what is wrong with a callee is in `Program.opaque`).
    """
    if has_recipe is None:
        from tangent.recipes.registry import lookup, why_unsupported  # a layer above

        def has_recipe(callee: Any) -> bool:
            return bool(lookup(callee)) or why_unsupported(callee) is not None

    from tangent.inner_gradients import settle  # these parse plain functions here
    from tangent.targets import is_bound, target

    def opened(function: Function) -> list[Function]:
        lifted, templates = lift(function)
        settled, more = settle(lifted, templates)
        return [settled, *templates, *more]

    entry = f if isinstance(f, Function) else target(f)
    _check_entry(entry)
    functions = opened(entry)
    seen: set[Any] = {entry.primal}
    opaque: dict[Any, Exception] = {}
    for function in functions:  # grows as callees are found
        for callee in referred(function):
            if not hashable(callee) or callee in seen:
                continue
            seen.add(callee)
            if has_recipe(callee):
                continue
            try:
                functions += opened(target(callee) if is_bound(callee) else parse(callee))
            except TangentError as error:
                opaque[callee] = error
    return Program(tuple(functions), opaque)


def callees(function: Function) -> list[Any]:
    """The objects that a function's calls denote, in order, without what only the run knows."""
    names = function.locals()
    found: list[Any] = []
    for statement in function.node.body:
        for node in tree.walk(statement):
            if isinstance(node, gast.Call):
                callee = function.resolve(node.func, names)
                if callee is not MISSING and not any(callee is known for known in found):
                    found.append(callee)
    return found


def referred(function: Function) -> list[Any]:
    """What a function may call: what its calls denote, and the functions that it names otherwise.

    Those of partials, of wrappers and of defaults are among them.
    """
    found = callees(function)
    names = function.locals()
    others: list[Any] = [*function.defaults, *function.kwdefaults.values()]
    for statement in function.node.body:
        for node in tree.walk(statement):
            if isinstance(node, gast.Name | gast.Attribute) and isinstance(node.ctx, gast.Load):
                others.append(function.resolve(node, names))
    for obj in [*found, *others]:
        if isinstance(obj, functools.partial):
            others += [obj.func, *obj.args, *obj.keywords.values()]
    for obj in others:
        if isinstance(obj, types.FunctionType) and not any(obj is known for known in found):
            found.append(obj)
    return [obj for obj in found if obj is not closure]


def _check_entry(function: Function) -> None:
    if is_generator(function.node):
        first = next(s for s in tree.walk_statements(function.node.body) if yields(s))
        raise UnsupportedError(
            "this expression is not supported: `yield`",
            function.origin(first),
            why=f"`{function.name}` gives an iterator, which has no derivative",
            remedy="return the values, in a tuple or an array",
        )


def describe(f: Any) -> str:
    """How an error names a callable: `numpy.linalg.svd`, `model.layer`, `print`."""
    name = getattr(f, "__qualname__", None) or getattr(f, "__name__", None)
    if not isinstance(name, str):
        return repr(f)
    module = getattr(f, "__module__", None)
    return name if module in (None, "builtins", "__main__") else f"{module}.{name}"


# --- which function object


def _plain(f: Any) -> types.FunctionType:
    """The argument, which must be a plain function."""
    if isinstance(f, types.FunctionType):
        return f
    name = describe(f)
    if not callable(f):
        raise UnsupportedError(
            f"{f!r} is not a function", remedy="give a function that is defined with `def`"
        )
    if isinstance(f, type):
        raise UnsupportedError(
            f"`{name}` is a class",
            remedy="give one of its methods, or a function that makes an object and uses it",
        )
    raise NoSourceError(
        f"`{name}` has no Python source",
        why="it is written in C or another compiled language",
        remedy="declare a recipe for it, or write it as a Python function",
    )


def _transparently_wrapped(f: Any) -> types.FunctionType | None:
    """What a wrapper that only passes its arguments on (or caches the result) calls, or None.

    It is `functools.cache`, or a function that is nothing but `return g(*args, **kwargs)`.
    """
    inner = getattr(f, "__wrapped__", None)
    if not isinstance(inner, types.FunctionType):
        return None
    if isinstance(f, functools._lru_cache_wrapper):
        return inner
    if not isinstance(f, types.FunctionType):
        return None
    definition = _find(f)[1]
    if not isinstance(definition, ast.FunctionDef) or len(definition.body) != 1:
        return None
    args, statement = definition.args, definition.body[0]
    if args.args or args.posonlyargs or args.kwonlyargs or not (args.vararg and args.kwarg):
        return None
    if not (isinstance(statement, ast.Return) and isinstance(statement.value, ast.Call)):
        return None
    called = statement.value
    passes_on = f"{ast.unparse(called.func)}(*{args.vararg.arg}, **{args.kwarg.arg})"
    if ast.unparse(called) != passes_on or not isinstance(called.func, ast.Name):
        return None
    cells = dict(zip(f.__code__.co_freevars, f.__closure__ or (), strict=True))
    denoted = Scope(f.__globals__, cells).lookup(called.func.id)
    return inner if denoted is inner else None


def _asynchronous(f: types.FunctionType, definition: ast.AsyncFunctionDef) -> TangentError:
    file, number = f.__code__.co_filename, definition.lineno
    line = linecache.getline(file, number)
    column = _characters(line, definition.col_offset)
    return UnsupportedError(
        "an `async` function is not supported",
        Origin(file, f.__name__, number, column, number, len(line.rstrip())),
        remedy="put the computation into a plain function, and differentiate that",
    )


def _as_function(module: Module, definition: ast.FunctionDef | ast.Lambda) -> gast.FunctionDef:
    """A definition as a `def`: a lambda by the name that it is assigned to, if it is to one."""
    node = gast.ast_to_gast(definition)
    if isinstance(definition, ast.FunctionDef):
        return node
    name = module.named.get(definition, "lambda_")
    result = gast.copy_location(gast.Return(node.body), node.body)
    made = gast.FunctionDef(name, node.args, [result], [], None, None, [])
    return gast.copy_location(made, node)


def _name_class(node: gast.FunctionDef) -> None:
    """Write `super()` as `super(__class__, self)`, which is what it means."""
    first = [*node.args.posonlyargs, *node.args.args][:1]
    for inner in tree.walk(node):
        if isinstance(inner, gast.Call) and isinstance(inner.func, gast.Name):
            if inner.func.id == "super" and not inner.args and first:
                inner.args = [tree.load("__class__"), tree.load(first[0].id)]
                for name in inner.args:
                    gast.copy_location(name, inner)


def _mangle(node: gast.FunctionDef, code: types.CodeType) -> None:
    """Write private names of a class (`__w`) as its code has them (`_Model__w`)."""
    names = {n for c in (code, *_codes(code)) for n in (*c.co_names, *c.co_varnames)}
    mangled = [n for n in names if n.startswith("_") and "__" in n[1:] and not n.endswith("__")]
    if not mangled:
        return
    for inner in tree.walk(node):
        for field in ("attr", "id"):
            name = getattr(inner, field, None)
            if isinstance(name, str) and name.startswith("__") and name not in names:
                setattr(inner, field, next((m for m in mangled if m.endswith(name)), name))


# --- source


@dataclass(frozen=True)
class Module:
    """A parsed file: its lines and where its functions begin."""

    file: str
    lines: list[str]
    definitions: dict[int, list[Definition]]
    named: dict[ast.Lambda, str]
    code: dict[tuple[int, str], list[types.CodeType]]

    def restore_columns(self, node: gast.AST) -> None:
        """Make columns count characters (the parser counts UTF-8 bytes)."""
        first, last = node.lineno, node.end_lineno
        if all(line.isascii() for line in self.lines[first - 1 : last]):
            return
        for inner in tree.walk(node):
            if getattr(inner, "lineno", None) is not None:
                inner.col_offset = _characters(self.lines[inner.lineno - 1], inner.col_offset)
                inner.end_col_offset = _characters(
                    self.lines[inner.end_lineno - 1], inner.end_col_offset
                )

    def origin(self, statement: gast.AST, function: str) -> Origin:
        """The place of a statement; of one that holds blocks, the place of its header."""
        if isinstance(statement, gast.match_case):
            return self._case_origin(statement, function)
        line, column = statement.lineno, statement.col_offset
        end_line, end_column = statement.end_lineno, statement.end_col_offset
        if any(True for _ in tree.blocks(statement)):
            end_line, end_column = self._header_end(statement)
        if line == end_line:
            text = self.lines[line - 1][column:end_column]
        elif any(True for _ in tree.blocks(statement)):
            bare = tree.replace(statement, **_EMPTY.get(type(statement), _EMPTY_BLOCKS))
            text = tree.unparse(bare).split("\n", 1)[0]
        else:
            text = tree.unparse(statement)
        return Origin(self.file, function, line, column, end_line, end_column, text)

    def _case_origin(self, case: Any, function: str) -> Origin:
        """The place of a case of a `match`: from its pattern to the colon."""
        first, last = case.pattern, case.guard or case.pattern
        end = self.lines[last.end_lineno - 1].find(":", last.end_col_offset)
        column = max(self.lines[first.lineno - 1].rfind("case", 0, first.col_offset), 0)
        text = self.lines[first.lineno - 1][column:].strip()
        end_column = end + 1 if end >= 0 else last.end_col_offset
        if first.lineno == last.end_lineno:
            text = self.lines[first.lineno - 1][column:end_column]
        return Origin(self.file, function, first.lineno, column, last.end_lineno, end_column, text)

    def _header_end(self, statement: gast.AST) -> tuple[int, int]:
        """Just behind the colon that ends a header."""
        line, column = statement.lineno, statement.col_offset
        parts = [
            getattr(statement, f, None) for f in ("test", "iter", "subject", "returns", "type")
        ]
        for item in getattr(statement, "items", ()):
            parts += [item.context_expr, item.optional_vars]
        for part in parts:
            if part is not None:
                line, column = part.end_lineno, part.end_col_offset
        if isinstance(statement, gast.FunctionDef) and statement.returns is None:
            arguments = statement.args
            for part in [*arguments.defaults, *arguments.kw_defaults, *_parameters(arguments)]:
                if part is not None:
                    end = getattr(getattr(part, "annotation", None), "end_lineno", None)
                    last = part.annotation if end is not None else part
                    line, column = max(
                        (line, column), (last.end_lineno or 0, last.end_col_offset or 0)
                    )
        text = self.lines[line - 1].rstrip()
        colon = text.find(":", column)
        return line, colon + 1 if colon >= 0 else len(text)


_EMPTY_BLOCKS: dict[str, list[gast.AST]] = {"body": [gast.Pass()], "orelse": []}
_EMPTY: dict[type, dict[str, list[gast.AST]]] = {
    gast.Try: {"body": [gast.Pass()], "handlers": [], "orelse": [], "finalbody": [gast.Pass()]},
    gast.With: {"body": [gast.Pass()]},
    gast.Match: {"cases": []},
    gast.ExceptHandler: {"body": [gast.Pass()]},
}


def _parameters(arguments: gast.arguments) -> list[gast.AST]:
    more = [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more]


def _characters(line: str, column: int) -> int:
    """A column in UTF-8 bytes as one in characters."""
    return column if line.isascii() else len(line.encode()[:column].decode(errors="ignore"))


_modules: dict[str, Module] = {}
_MOST_MODULES = 256


def _module(file: str, module_globals: dict[str, Any]) -> Module | None:
    """A file's parsed state, or None where there is no such file or it doesn't parse."""
    linecache.checkcache(file)
    lines = linecache.getlines(file, module_globals)
    if not lines:
        return None
    known = _modules.get(file)
    if known is not None and known.lines is lines:
        return known
    try:
        parsed = ast.parse("".join(lines), file)
    except SyntaxError:
        return None
    definitions: dict[int, list[Definition]] = {}
    named: dict[ast.Lambda, str] = {}
    for node in ast.walk(parsed):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)])
            definitions.setdefault(first, []).append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            if isinstance(node.targets[0], ast.Name):
                named[node.value] = node.targets[0].id
    codes: dict[tuple[int, str], list[types.CodeType]] = {}
    if _is_on_disk(file, module_globals):
        for code in _codes(compile(parsed, file, "exec", dont_inherit=True)):
            codes.setdefault((code.co_firstlineno, code.co_name), []).append(code)
    module = Module(file, lines, definitions, named, codes)
    while len(_modules) >= _MOST_MODULES:
        _modules.pop(next(iter(_modules)), None)
    _modules[file] = module
    return module


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _codes(constant)


def _is_on_disk(file: str, module_globals: dict[str, Any]) -> bool:
    """Whether the code of a function must be what compiling its file as it is now gives.

    Not so for code that an import hook has rewritten (pytest's `assert`, run-time type checkers).
    """
    spec = module_globals.get("__spec__")
    loader = getattr(spec, "loader", None) or module_globals.get("__loader__")
    return type(loader) is importlib.machinery.SourceFileLoader and os.path.exists(file)


def _find(f: types.FunctionType) -> tuple[Module, Definition]:
    """The definition that a function's code was compiled from.

    Raises:
        NoSourceError: it is not there.
    """
    code = f.__code__
    module = _module(code.co_filename, f.__globals__)
    if module is None:
        raise _no_source(f)
    candidates = [
        d
        for d in module.definitions.get(code.co_firstlineno, [])
        if getattr(d, "name", "<lambda>") == code.co_name and _parameter_names(d) == _taken_by(code)
    ]
    compiled = module.code.get((code.co_firstlineno, code.co_name), [])
    changed = bool(module.code) and not any(_same_code(c, code) for c in compiled)
    if not candidates or changed:
        raise NoSourceError(
            f"the source of `{describe(f)}` is no longer what runs",
            why=f"{code.co_filename} has changed since it was imported",
            remedy="import the module again, or restart Python",
        )
    return module, candidates[0] if len(candidates) == 1 else _by_position(f, candidates)


def _by_position(f: types.FunctionType, candidates: list[Definition]) -> Definition:
    """The one of several lambdas on a line whose body stands where the code's instructions do."""
    places = [p for p in f.__code__.co_positions() if None not in p and p[0:1] + p[2:3] != p[1:4:2]]
    if places:
        start = min((line, column) for line, _, column, _ in places)
        end = max((line, column) for _, line, _, column in places)
        for definition in candidates:
            body = definition.body
            if isinstance(body, ast.expr) and (body.lineno, body.col_offset) == start:
                if (body.end_lineno, body.end_col_offset) == end:
                    return definition
    if isinstance(candidates[0], ast.FunctionDef):
        return candidates[0]
    raise NoSourceError(
        f"which of the lambdas at {f.__code__.co_filename}:{candidates[0].lineno} is meant is open",
        why="the code does not tell its place in the line",
        remedy="write each on a line of its own, or define a function with `def`",
    )


def _parameter_names(definition: Definition) -> tuple[str, ...]:
    a = definition.args
    names = [p.arg for p in [*a.posonlyargs, *a.args, *a.kwonlyargs]]
    return (*names, *(p.arg for p in (a.vararg, a.kwarg) if p is not None))


def _taken_by(code: types.CodeType) -> tuple[str, ...]:
    stars = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + stars]


def _same_code(a: types.CodeType, b: types.CodeType) -> bool:
    """Compiled from the same text (nested code, which would be refused, is compared by name)."""

    def constants(code: types.CodeType) -> list[object]:
        return [_constant_text(c) for c in code.co_consts]

    return (
        a.co_code == b.co_code
        and a.co_names == b.co_names
        and a.co_varnames == b.co_varnames
        and constants(a) == constants(b)
    )


def _constant_text(value: object) -> str:
    if isinstance(value, types.CodeType):
        return value.co_name
    if isinstance(value, frozenset):  # its order is that of how it was made
        return repr(sorted(map(repr, value)))
    return f"{type(value).__name__} {value!r}"


def _no_source(f: types.FunctionType) -> NoSourceError:
    file = f.__code__.co_filename
    if file in ("<stdin>", "<console>") or file.startswith("<python-input"):
        why = "it was typed at Python's prompt, which keeps no source"
        remedy = "put it into a file, or use IPython or Jupyter, which keep the source"
    elif file.startswith("<"):
        why = f"it was made by `exec` or `eval` ({file})"
        remedy = "put its source into a file, or under this name into `linecache`"
    else:
        why = f"the file {file} can't be read, or doesn't parse"
        remedy = "make the file readable"
    return NoSourceError(f"the source of `{describe(f)}` can't be found", why=why, remedy=remedy)
