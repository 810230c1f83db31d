"""The gallery's gradients compile under Numba and give the same numbers.

That guards what we emit: a name keeps one type, a list holds one type, helpers are small functions
of arrays and numbers.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from tests.goldens import FOLDER, read
from tests.numeric import call_jvp, copied, positions, random_like, vector

numba = pytest.importorskip("numba", reason="numba is not installed")

from tangent.numba import _Compiling, njit  # noqa: E402

# With nothing known of the arguments too: the helpers are compiled along.
CASES = [read(path) for path in sorted((FOLDER / "gallery").glob("*.py"))]


def compilable(args: tuple) -> bool:
    """Numba has no reflected lists here, no 0-d arrays as numbers, and we ask for no float32."""
    return all(
        isinstance(a, int | float) or (isinstance(a, np.ndarray) and a.ndim and a.dtype == float)
        for a in args
    )


def as_tuple(result):
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_compiles(case):
    f = case.function()
    df = case.derivative(f)
    runs = [args for args in case.runs(f) if compilable(args)]
    assert runs
    compared = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fast = njit(df)
        for args in runs:
            seeds: tuple = (1.0,)
            if case.mode == "forward":
                rng = np.random.default_rng(0)
                seeds = tuple(random_like(args[k], rng) for k in positions(f, case.wrt))
                expected = call_jvp(df, f, copied(args), {}, seeds)
            else:
                expected = df(*copied(args))
            try:
                found = fast(*copied(args), *seeds)
            except numba.TypingError:
                # The program itself has to be one that Numba does not know for these types: it has
                # no `np.dot` of numbers or of rank 3, and `s = 0.0` may not become an array.
                with pytest.raises(numba.TypingError):
                    _Compiling({}).convert(f)(*copied(args))
                continue
            compared += 1
            for a, b in zip(as_tuple(found), as_tuple(expected), strict=True):
                assert np.shape(a) == np.shape(b)
                np.testing.assert_allclose(vector(a), vector(b), rtol=1e-12, atol=1e-12)
    assert compared
