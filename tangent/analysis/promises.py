"""What the kinds of parameters are promised to be, and the statements that hold the caller to it.

    def f(x: float, A, n: int): ...        grad(f, like=(None, np.zeros((3, 3)), None))

    x: float, A: array[float64, 2d], n: int
    tangent.check_kind(x, "x", "float")
    tangent.check_kind(A, "A", "array", "float64", 2)
    tangent.check_kind(n, "n", "int")

An example wins over an annotation; an example `None` and an annotation that says nothing of the
kind promise nothing. Only the program's entry has promises, since only there they are checked: in
Python an annotation by itself is not true. `x: float` admits every real scalar (int, float, NumPy's
up to float64) but no 0-d array.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import gast
import numpy
import numpy.typing

from tangent import tree
from tangent.analysis.assumptions import example_sizes
from tangent.analysis.kind_tokens import with_tokens
from tangent.program import MISSING, Function, Program
from tangent.recipes.examples import kind_of
from tangent.recipes.kinds import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    STR,
    UNKNOWN,
    Kind,
    kind_of_dtype,
)

__all__ = [
    "annotated_kind",
    "guard_statements",
    "parameter_kinds",
    "promised_kinds",
    "promised_sizes",
]

_CLASSES: dict[Any, Kind] = {
    bool: replace(BOOL, precision="float64"),
    int: replace(INT, precision="float64"),
    float: FLOAT,
    complex: COMPLEX,
    str: STR,
    list: Kind("list"),
    tuple: Kind("tuple"),
    range: Kind("range"),
    numpy.ndarray: Kind("array"),
    numpy.bool_: replace(BOOL, precision="float64"),
    numpy.floating: FLOAT,
    numpy.integer: replace(INT, precision="float64"),
    numpy.float64: FLOAT,
    None: UNKNOWN,
}


def annotated_kind(annotation: gast.expr | None, function: Function) -> Kind:
    """The kind that an annotation promises, `UNKNOWN` where it says nothing that can be checked."""
    if annotation is None:
        return UNKNOWN
    if isinstance(annotation, gast.Constant):
        if not isinstance(annotation.value, str):
            return UNKNOWN
        try:
            annotation = tree.expression(annotation.value)
        except SyntaxError:
            return UNKNOWN
    if isinstance(annotation, gast.Subscript):
        base = function.resolve(annotation.value)
        slots = annotation.slice
        if base is numpy.typing.NDArray:
            return _array(function.resolve(slots), None)
        if base is numpy.ndarray and isinstance(slots, gast.Tuple) and len(slots.elts) == 2:
            return _array(_dtype_of(slots.elts[1], function), _rank_of(slots.elts[0], function))
        if base in (list, tuple, typing.List, typing.Tuple):  # noqa: UP006
            return Kind("list" if base in (list, typing.List) else "tuple")  # noqa: UP006
        return UNKNOWN
    obj = function.resolve(annotation)
    if obj is numpy.typing.NDArray:
        return Kind("array")
    try:
        if obj in _CLASSES:
            return _CLASSES[obj]
    except TypeError:
        return UNKNOWN
    if isinstance(obj, type) and issubclass(obj, numpy.number) and _is_dtype(obj):
        return kind_of_dtype(numpy.dtype(obj).name)
    if isinstance(obj, types.GenericAlias):  # an alias such as `Vector = NDArray[np.float64]`
        return _alias(obj)
    return UNKNOWN


def _is_dtype(obj: Any) -> bool:
    """A concrete numeric dtype class (not `numpy.floating`)."""
    if not (isinstance(obj, type) and issubclass(obj, numpy.number | numpy.bool_)):
        return False
    return bool(numpy.dtype(obj).type is obj) if obj not in _ABSTRACT else False


_ABSTRACT = (
    numpy.number,
    numpy.integer,
    numpy.signedinteger,
    numpy.unsignedinteger,
    numpy.inexact,
    numpy.floating,
    numpy.complexfloating,
)


def _array(dtype: Any, rank: int | None) -> Kind:
    if not _is_dtype(dtype):
        return Kind("array", rank=rank)
    name = numpy.dtype(dtype).name
    return replace(kind_of_dtype(name, 1), rank=rank)


def _dtype_of(slot: gast.expr, function: Function) -> Any:
    """The scalar type of `np.dtype[T]`."""
    if isinstance(slot, gast.Subscript) and function.resolve(slot.value) is numpy.dtype:
        return function.resolve(slot.slice)
    return MISSING


def _rank_of(slot: gast.expr, function: Function) -> int | None:
    """The length of `tuple[int, int]`."""
    if isinstance(slot, gast.Subscript) and function.resolve(slot.value) is tuple:
        elements = slot.slice.elts if isinstance(slot.slice, gast.Tuple) else [slot.slice]
        if all(function.resolve(e) is int for e in elements):
            return len(elements)
    return None


def _alias(alias: types.GenericAlias) -> Kind:
    if alias.__origin__ is not numpy.ndarray:
        return Kind(alias.__origin__.__name__) if alias.__origin__ in (list, tuple) else UNKNOWN
    shape, dtype = typing.get_args(alias)
    dimensions = typing.get_args(shape)
    fixed = bool(dimensions) and all(d is int for d in dimensions)
    scalars = typing.get_args(dtype)
    return _array(scalars[0] if scalars else None, len(dimensions) if fixed else None)


def promised_kinds(
    function: Function, program: Program | None = None, options: Mapping[str, Any] | None = None
) -> dict[str, Kind]:
    """What is promised of each parameter, of those of which something is.

    Args:
        function: the function, or one derived from it (a parameter keeps its name).
        program: its program; only the entry has promises.
        options: `like` holds examples, aligned with the parameters of the user's function or by
            name. With `written_are_arrays`, a parameter that `A[i] = e` writes and of which nothing
            is promised is promised to be an array.
    """
    if program is not None and not _is_entry(function, program):
        return {}
    out: dict[str, Kind] = {}
    arguments = function.node.args
    for p in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        kind = annotated_kind(p.annotation, function)
        if kind != UNKNOWN:
            out[p.id] = kind
    for name, example in _examples(function, (options or {}).get("like")).items():
        if example is not None and name in function.parameters:
            kind = kind_of(example)
            if kind != UNKNOWN:
                out[name] = kind
    if (options or {}).get("written_are_arrays"):
        for name in _written_parts(function):
            out.setdefault(name, Kind("array"))
    return {name: out[name] for name in function.parameters if name in out}


def _written_parts(function: Function) -> list[str]:
    """Parameters of which some statement writes a part (and which are never rebound)."""
    written: dict[str, None] = {}
    rebound: set[str] = set()
    for statement in tree.walk_statements(function.node.body):
        for target in [*getattr(statement, "targets", ()), getattr(statement, "target", None)]:
            if isinstance(target, gast.Subscript) and isinstance(target.value, gast.Name):
                if isinstance(getattr(target.slice, "value", None), str):
                    continue  # a dict
                written[target.value.id] = None
            elif target is not None:
                rebound.update(tree.stored_names(target))
    optional = _none_by_default(function)
    return [p for p in function.parameters if p in written and p not in rebound | optional]


def _none_by_default(function: Function) -> set[str]:
    """Parameters that are None where they are not given: `out=None`."""
    a = function.node.args
    positional = [p.id for p in [*a.posonlyargs, *a.args]]
    defaults = dict(
        zip(positional[len(positional) - len(function.defaults) :], function.defaults, strict=True)
    )
    return {p for p, value in {**defaults, **function.kwdefaults}.items() if value is None}


def _is_entry(function: Function, program: Program) -> bool:
    entry = program.entry
    return (
        function is entry
        or function.node is entry.node
        or (function.primal is not None and function.primal is entry.primal)
    )


def _examples(function: Function, like: Any) -> Mapping[str, Any]:
    if like is None:
        return {}
    if isinstance(like, Mapping):
        return like
    names = function.parameters
    code = getattr(function.primal, "__code__", None)
    if code is not None:
        names = code.co_varnames[: code.co_argcount]
    given = like if isinstance(like, tuple | list) else (like,)
    examples = dict(zip(names, given, strict=False))
    rest = function.node.args.vararg
    if rest is not None and len(given) > len(names):
        examples[rest.id] = tuple(given[len(names) :])
    return examples


def parameter_kinds(
    function: Function, program: Program | None = None, options: Mapping[str, Any] | None = None
) -> dict[str, Kind]:
    """The kinds at the function's entry, each with the tokens of its parameter. What the pass that
    made the function knows of its parameters stands in ``function.meta["kinds"]``.
    """
    known = function.meta.get("kinds")
    if known is None:
        known = promised_kinds(function, program, options)
    out: dict[str, Kind] = {}
    arguments = function.node.args
    for name in function.parameters:
        kind = known.get(name, UNKNOWN)
        if kind == UNKNOWN and arguments.vararg is not None and name == arguments.vararg.id:
            kind = Kind("tuple")
        elif kind == UNKNOWN and arguments.kwarg is not None and name == arguments.kwarg.id:
            kind = Kind("dict")
        token = ("param", name)
        out[name] = with_tokens(
            replace(kind, precision=kind.precision if kind.precision is not None else token), token
        )
    return out


def promised_sizes(
    function: Function, program: Program, options: Mapping[str, Any]
) -> dict[Any, int]:
    """The sizes of the arguments' examples, if the function is the program's entry."""
    like = options.get("like")
    if like is None or "kinds" in function.meta or not _is_entry(function, program):
        return {}
    examples = _examples(function, like)
    return example_sizes({n: examples[n] for n in function.parameters if n in examples})


def structure_of(kind: Kind) -> gast.expr:
    """A kind as `check_structure` reads it: `{"W": "array[float64, 2d]", "b": "float"}`."""
    items = kind.items or ()
    if kind.element is not None:
        return gast.List([structure_of(kind.element)], gast.Load())
    if kind.keys is not None:
        keys = [f".{k}" for k in kind.keys] if kind.type != "dict" else kind.keys
        return gast.Dict([tree.constant(k) for k in keys], [structure_of(i) for i in items])
    if kind.items is not None:
        display = gast.Tuple if kind.type == "tuple" else gast.List
        return display([structure_of(i) for i in items], gast.Load())
    if kind.is_array or (kind.is_number and kind.dtype is None) or kind.type in CHECKED:
        return tree.constant(str(kind))
    return tree.constant(f"{kind.type}[{kind.dtype}]" if kind.is_number else None)


CHECKED = ("str", "list", "tuple", "dict", "range")


def guard_statements(
    function: Function,
    program: Program | None = None,
    options: Mapping[str, Any] | None = None,
    helper: str = "tangent",
    assumptions: Sequence[tuple[str, str]] = (),
) -> list[gast.stmt]:
    """The statements that assert on entry what is promised, one a parameter, and what is assumed.

    Args:
        function, program, options: as for `promised_kinds`.
        helper: the name under which the module with `check_kind` is reached.
        assumptions: of the `KindTable` that the code was written with.
    """
    out: list[gast.stmt] = []
    for name, kind in promised_kinds(function, program, options).items():
        if kind.items is not None or kind.element is not None:
            check = tree.call(
                tree.attribute(tree.load(helper), "check_structure"),
                tree.load(name),
                tree.constant(name),
                structure_of(kind),
            )
            out.append(tree.with_origins(gast.Expr(check)))
            continue
        details: list[Any] = [kind.type, kind.dtype, kind.rank if kind.is_array else None]
        while details[-1] is None:
            details.pop()
        check = tree.call(
            tree.attribute(tree.load(helper), "check_kind"),
            tree.load(name),
            *[tree.constant(d) for d in [name, *details]],
        )
        out.append(tree.with_origins(gast.Expr(check)))
    for a, b in assumptions:
        check = tree.call(
            tree.attribute(tree.load(helper), "check_same_size"),
            *[tree.expression(side) for side in (a, b)],
            *[tree.constant(side) for side in (a, b)],
        )
        out.append(tree.with_origins(gast.Expr(check)))
    return out
