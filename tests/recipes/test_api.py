"""The cases of all recipes through `tangent.vjp` and `tangent.jvp`, kinds unknown and known.

case(numpy.sum, array(2, 3), axis=1)      def called(a0): return numpy.sum(a0, axis=1)
"""

from __future__ import annotations

import importlib.util
import itertools
import linecache
import math
import operator
import sys
import types
import warnings
from pathlib import Path

import numpy
import pytest

import tangent
from tangent.check import _bind, check
from tangent.comparison import _leaves, is_differentiable, random_like
from tangent.passes import registered_passes

_spec = importlib.util.spec_from_file_location(
    "tangent_recipe_cases", Path(__file__).with_name("cases.py")
)
assert _spec and _spec.loader
cases = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = cases
_spec.loader.exec_module(cases)

SYMBOLS = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.mod: "%",
    operator.pow: "**",
    operator.matmul: "@",
}
_numbers = itertools.count()


def spelled(function, args):
    """A call as one would write it."""
    if function in SYMBOLS:
        return f"{args[0]} {SYMBOLS[function]} {args[1]}"
    if function in (operator.neg, operator.pos):
        return f"{'-' if function is operator.neg else '+'}{args[0]}"
    if function is operator.abs:
        return f"abs({args[0]})"
    if isinstance(function, types.GetSetDescriptorType):
        return f"{args[0]}.{function.__name__}"
    if getattr(function, "__objclass__", None) is numpy.ndarray:
        return f"{args[0]}.{function.__name__}({', '.join(args[1:])})"
    return f"function({', '.join(args)})"


def written(case, names):
    """A function of the differentiated arguments (the others are constants or globals)."""
    recipe, _ = _bind(case.function, case.args, case.kwargs)
    scope = {"function": case.function, "numpy": numpy, "inf": math.inf, "__name__": "written"}
    parameters, values, args = [], [], []
    order = recipe.signature.parameters
    given = [(order[min(i, len(order) - 1)], a, "") for i, a in enumerate(case.args)]
    given += [(n, a, f"{n}=") for n, a in case.kwargs.items()]
    for i, (name, value, keyword) in enumerate(given):
        if name in names:
            parameters.append(f"a{i}")
            values.append(value)
            args.append(f"{keyword}a{i}")
        elif isinstance(value, int | float | str | tuple | list | None) and "array" not in repr(
            value
        ):
            args.append(
                f"{keyword}{value!r}" if value not in (math.inf, -math.inf) else f"{keyword}{value}"
            )
        else:
            scope[f"g{i}"] = value
            args.append(f"{keyword}g{i}")
    text = f"def called({', '.join(parameters)}):\n    return {spelled(case.function, args)}\n"
    file = f"<case {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), scope)
    return scope["called"], values


def names_of(case):
    recipe, bound = _bind(case.function, case.args, case.kwargs)
    if case.wrt is None:
        return [n for n in recipe.differentiable if n in bound and is_differentiable(bound[n])]
    chosen = [case.wrt] if isinstance(case.wrt, str | int) else case.wrt
    return [recipe.signature.parameters[w] if isinstance(w, int) else w for w in chosen]


def through_api():
    """The cases, but one kind: with nothing known, the gradient of a list that goes into one ufunc
    alone comes as an array.
    """
    for case in cases.CASES:
        f, values = written(case, names_of(case))
        lists = any(isinstance(v, list) for v in values)
        if values and not (lists and isinstance(case.function, numpy.ufunc | type(numpy.sinc))):
            yield case, f, values


BY_FUNCTION: dict[str, list] = {}
for one in through_api():
    name = getattr(one[0].function, "__name__", str(one[0].function))
    BY_FUNCTION.setdefault(name, []).append(one)


MODES = ["reverse", *(["forward"] if "forward" in registered_passes() else [])]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", BY_FUNCTION)
def test_nothing_known(name, mode):
    for case, f, values in BY_FUNCTION[name]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                check(f, *values, wrt=tuple(range(len(values))), modes=(mode,))
            except Exception as error:
                error.add_note(f"case: {case}")
                raise


@pytest.mark.parametrize("name", BY_FUNCTION)
def test_kinds_known(name):
    """With `like=` the leaner variants give the same numbers, of the same types."""
    for case, f, values in BY_FUNCTION[name]:
        wrt = tuple(range(len(values)))
        seed = random_like(f(*values), numpy.random.default_rng(3))
        try:
            general = tangent.vjp(f, wrt)(*values, init_grad=seed)
            lean = tangent.vjp(f, wrt, like=values)(*values, init_grad=seed)
            pairs = zip(general, lean, strict=True) if len(wrt) > 1 else [(general, lean)]
            leaves = [zip(_leaves(u), _leaves(v), strict=True) for u, v in pairs]
            for a, b in itertools.chain(*leaves):
                assert a.shape == b.shape
                assert a.dtype == b.dtype or a.shape == ()  # a number's has any float type
                numpy.testing.assert_allclose(a, b, rtol=1e-5 if a.itemsize < 8 else 1e-12)
        except Exception as error:
            error.add_note(f"case: {case}")
            raise
