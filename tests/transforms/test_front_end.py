"""Every program of the suite means the same after the front end's passes."""

import copy

import numpy as np
import pytest

import tangent.transforms.desugar
import tangent.transforms.exits  # noqa: F401
from tangent.errors import UnsupportedError
from tests.cases import all_programs
from tests.helpers import execute, outcome, transform


@pytest.mark.parametrize("program", all_programs(), ids=lambda p: p.name)
def test_program_means_the_same(program, capsys):
    try:
        transformed = execute(transform(program.function, "desugar,exits"))
    except UnsupportedError as error:
        if program.expected == "right":
            raise
        pytest.skip(error.reason)
    for arguments in program.arguments:
        results = []
        for f in (program.function, transformed):
            values, kwargs = copy.deepcopy((arguments.values, arguments.kwargs))
            np.random.seed(0)
            result = outcome(lambda *v, f=f, k=kwargs: f(*v, **k), *values)
            results.append((repr(result), repr(values), capsys.readouterr().out))
        assert results[1] == results[0]
