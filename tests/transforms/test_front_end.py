"""Every program of the suite means the same after the front end's passes."""

import inspect
import itertools
import types

import numpy as np
import pytest

import tangent.transforms.desugar
import tangent.transforms.exits  # noqa: F401
from tangent.errors import UnsupportedError
from tests.cases import all_programs
from tests.helpers import CORE, attributes, copied, execute, in_core_form, outcome, transform

# Nested functions are markers until they are expanded.
FORMS = ("desugar,exits", CORE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("program", all_programs(), ids=lambda p: p.name)
def test_program_means_the_same(program, form, capsys):
    try:
        if form == CORE:
            transformed = execute(in_core_form(program.function).entry)
        elif has_nested_functions(program.function):
            pytest.skip("nested functions are expanded later")
        else:
            transformed = execute(transform(program.function, form))
    except UnsupportedError as error:
        if program.expected == "right":
            raise
        pytest.skip(error.reason)
    if form != CORE and calls_generators(program.function):
        pytest.skip("generators are expanded later")
    for arguments in program.arguments:
        results = []
        for f in (program.function, transformed):
            values, kwargs = copied((arguments.values, arguments.kwargs))
            np.random.seed(0)
            result = outcome(lambda *v, f=f, k=kwargs: f(*v, **k), *values)
            results.append((described(result), described(values), capsys.readouterr().out))
        assert results[1] == results[0]


def described(value):
    """The text of a value, that of an object by what it holds: addresses differ."""
    held = attributes(value)
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({', '.join(map(described, value))})"
    if isinstance(value, dict):
        return repr({k: described(v) for k, v in value.items()})
    if held and not isinstance(value, BaseException):
        return f"{type(value).__name__}({described(held)})"
    if isinstance(value, np.ndarray | np.generic | float):  # a sum may be taken in another order
        return f"{type(value).__name__} {np.asarray(value).dtype} {np.array2string(np.asarray(value), precision=12)}"
    return repr(value)


def has_nested_functions(f):
    code = getattr(f, "__code__", None)
    return code is not None and any(
        isinstance(c, types.CodeType) and c.co_name not in COMPREHENSIONS for c in code.co_consts
    )


def calls_generators(f):
    """Whether a loop is over an iterator, which only later passes make a loop over values."""
    code = getattr(f, "__code__", None)
    if code is None:
        return False
    read = [g for g in map(f.__globals__.get, code.co_names) if g is not None]
    return bool({"ndindex", "ndenumerate"} & set(code.co_names)) or any(
        inspect.isgeneratorfunction(g) or g is itertools for g in read
    )


COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
