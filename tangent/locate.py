"""Functions by address, as on a command line: `file.py:function`, `package.module:function`.

    locate("model.py:loss")    locate("package.module:Model.loss")

The module is imported, as `python path/to/file.py` would find it: the file's folder (for module
names: the current one) is searched first.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import sys
import types
from typing import Any

from tangent.errors import TangentError

__all__ = ["TargetError", "locate", "parse_wrt"]


class TargetError(TangentError):
    """An address that leads to no function. The message is one line."""


def locate(target: str) -> Any:
    """The function that an address names.

    Raises:
        TargetError: no such file, module or function, or the module can't be imported.
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name:
        raise TargetError(f"{target!r} is no address: write FILE.py:function or module:function")
    module = _load_file(place) if place.endswith(".py") else _load_module(place)
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = [n for n, v in vars(module).items() if isinstance(v, types.FunctionType)]
            own = [n for n in known if getattr(module, n).__module__ == module.__name__]
            hint = f" (functions there: {', '.join(own)})" if own else ""
            raise TargetError(f"no function {name!r} in {place}{hint}")
        found = getattr(found, part)
    if not callable(found) or inspect.isclass(found):
        raise TargetError(f"{name!r} in {place} is a {type(found).__name__}, not a function")
    return found


def _load_file(path: str) -> types.ModuleType:
    if not os.path.isfile(path):
        raise TargetError(f"no such file: {path}")
    full = os.path.abspath(path)
    name = os.path.splitext(os.path.basename(full))[0]
    stem, number = name, 1
    while (known := sys.modules.get(name)) is not None:
        if os.path.abspath(getattr(known, "__file__", None) or "") == full:
            return known
        number += 1
        name = f"{stem}_{number}"  # the file is called like a module that is imported already
    spec = importlib.util.spec_from_file_location(name, full)
    if spec is None or spec.loader is None:
        raise TargetError(f"cannot import {path}")
    folder = os.path.dirname(full)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as e:
        del sys.modules[name]
        raise _import_failed(path, e) from e
    return module


def _load_module(name: str) -> types.ModuleType:
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as e:
        if e.name is not None and (name == e.name or name.startswith(e.name + ".")):
            raise TargetError(f"no such module: {name}") from e
        raise _import_failed(name, e) from e
    except BaseException as e:
        raise _import_failed(name, e) from e


def _import_failed(place: str, error: BaseException) -> BaseException:
    if isinstance(error, KeyboardInterrupt):
        return error
    said = " ".join(str(error).split())
    return TargetError(f"cannot import {place}: {type(error).__name__}: {said}")


def parse_wrt(text: str) -> tuple[int | str, ...]:
    """Parameters from text: names and positions, separated by commas.

    >>> parse_wrt("w, 0")
    ('w', 0)
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise TargetError(f"--wrt {text!r}: write names or positions with commas, as in w,b")
    return tuple(int(part) if part.isdigit() else part for part in parts)
