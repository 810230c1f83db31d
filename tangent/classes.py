"""Classes whose instances can be followed as variables: which these are, and how they make an instance.

    @dataclass                          def __init__(self, x, y=0.0):
    class Point:                            self.x = x
        x: float                            self.y = y
        y: float = 0.0

`specialise` expands methods of classes that are written in Python. What reads or writes attributes in
another way than the class shows (`__getattr__`, `__setattr__`, `__new__`, a metaclass, a builtin base) is not
followed: `obstacle` says why.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
import inspect
import sys
import types
import typing
from typing import Any

from tangent import standins
from tangent.targets import made_function

__all__ = [
    "MISSING_ATTRIBUTE",
    "find",
    "initialiser",
    "is_dataclass_made",
    "is_named_tuple",
    "is_value",
    "obstacle",
    "tuple_initialiser",
]

MISSING_ATTRIBUTE = object()
TRANSPARENT = (object, typing.Generic, abc.ABC, typing.Protocol)
OVERRIDDEN = ("__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__new__", "__del__")


def is_named_tuple(cls: type) -> bool:
    """A `typing.NamedTuple` or `collections.namedtuple`, or a plain class derived from one."""
    return issubclass(cls, tuple) and isinstance(getattr(cls, "_fields", None), tuple)


def obstacle(cls: type) -> str | None:
    """Why instances of a class can't be followed; None where they can; "" for what is no class of Python."""
    package = cls.__module__.partition(".")[0]
    libraries = ("numpy", "scipy", *sys.stdlib_module_names)
    if package in libraries and package not in ("__main__", "this") and not is_named_tuple(cls):
        return ""
    if issubclass(cls, BaseException) or cls.__flags__ & 1 << 9 == 0:  # not a heap type
        return ""
    if type(cls) not in (type, abc.ABCMeta) and not typing.is_typeddict(cls):
        return f"its metaclass is `{type(cls).__name__}`"
    for base in cls.__mro__:
        if base in TRANSPARENT or (is_named_tuple(cls) and _is_made_tuple(base)):
            continue
        if base.__flags__ & 1 << 9 == 0:
            return ""
        for name in OVERRIDDEN:
            made = vars(base).get(name)
            if made is not None and not (
                _is_frozen(base) and name in ("__setattr__", "__delattr__")
            ):
                return f"`{base.__name__}` defines `{name}`"
    return None


def _is_made_tuple(base: type) -> bool:
    """The tuple class itself, or one that `namedtuple` has made."""
    return base is tuple or (issubclass(base, tuple) and base.__bases__ == (tuple,))


def _is_frozen(cls: type) -> bool:
    parameters = vars(cls).get("__dataclass_params__")
    return parameters is not None and parameters.frozen


def is_value(cls: type) -> bool:
    """Instances never change: named tuples and frozen dataclasses."""
    return is_named_tuple(cls) or any(_is_frozen(base) for base in cls.__mro__)


def find(cls: type, name: str, after: type | None = None) -> Any:
    """What a class (or a base, `after` one of them) has under a name, as it stands in the class."""
    mro = cls.__mro__
    if after is not None:
        mro = mro[mro.index(after) + 1 :]
    for base in mro:
        if name in vars(base):
            return vars(base)[name]
    return MISSING_ATTRIBUTE


def is_dataclass_made(function: Any) -> bool:
    """A method that `dataclasses` has written: it has no source in a file."""
    return isinstance(function, types.FunctionType) and function.__code__.co_filename == "<string>"


@functools.cache
def initialiser(cls: type, function: Any) -> types.FunctionType:
    """The `__init__` that `dataclasses` has written, with source.

    Args:
        cls: the class that is instantiated.
        function: its `__init__`; that of the base which is the dataclass.
    """
    owner = next(b for b in cls.__mro__ if vars(b).get("__init__") is function)
    scope: dict[str, Any] = {"missing": standins.missing}
    lines, passed = [], []
    given: dict[str, Any] = {}  # defaults
    for field in owner.__dataclass_fields__.values():  # type: ignore[attr-defined]
        sort = field._field_type.name
        name, factory, value = field.name, field.default_factory, field.name
        if sort == "_FIELD_CLASSVAR":
            continue
        if factory is not dataclasses.MISSING:
            made = {list: "[]", dict: "{}", tuple: "()"}.get(factory)
            if made is None:
                scope[f"make_{name}"], made = factory, f"make_{name}()"
            value = f"{made} if {name} is missing else {name}" if field.init else made
            given[name] = standins.missing
        elif field.default is not dataclasses.MISSING:
            given[name] = field.default
            if not field.init:
                scope[f"default_{name}"], value = field.default, f"default_{name}"
        elif not field.init:
            continue  # `__post_init__` sets it
        if sort == "_FIELD_INITVAR":
            passed.append(name)
        else:
            lines.append(f"    self.{name} = {value}")
    if hasattr(owner, "__post_init__"):
        lines.append(f"    self.__post_init__({', '.join(passed)})")
    return _made(list(inspect.signature(function).parameters.values())[1:], given, lines, scope)


def _made(
    signature: list[inspect.Parameter],
    given: dict[str, Any],
    lines: list[str],
    scope: dict[str, Any],
) -> types.FunctionType:
    parameters = ["self"]
    defaults: list[Any] = []
    kwdefaults: dict[str, Any] = {}
    for parameter in signature:
        name = parameter.name
        keyword_only = parameter.kind is parameter.KEYWORD_ONLY
        if keyword_only and "*" not in parameters:
            parameters.append("*")
        if name not in given:
            parameters.append(name)
            continue
        parameters.append(f"{name}=None")
        if keyword_only:
            kwdefaults[name] = given[name]
        else:
            defaults.append(given[name])
    source = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"]) + "\n"
    made = made_function(source, "__init__", scope)
    made.__defaults__ = tuple(defaults) or None
    made.__kwdefaults__ = kwdefaults or None
    return made


@functools.cache
def tuple_initialiser(cls: Any) -> types.FunctionType:
    """The parameters of a named tuple, as a function that sets the attributes."""
    signature = [inspect.Parameter(f, inspect.Parameter.POSITIONAL_OR_KEYWORD) for f in cls._fields]
    lines = [f"    self.{f} = {f}" for f in cls._fields]
    return _made(signature, dict(cls._field_defaults), lines, {})
