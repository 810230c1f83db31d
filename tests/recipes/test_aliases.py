"""A recipe declares what its result may share memory with: writes in place are followed by it."""

import inspect
import itertools

import numpy as np
import pytest

from tangent.analysis.known import FRESH_METHODS
from tangent.recipes import registry

X = [np.arange(1.0, 5.0), np.arange(1.0, 13.0).reshape(3, 4), np.eye(3) + 1.0, np.array([[2.0]])]
MORE = ((), (0,), (1,), ((0, 1),), (np.arange(1.0, 5.0),), ([1, 0],), ((3, 4),), (float,), (1, 0))


def results(function):
    """The arrays that a function gives for an array and a few further arguments, with that array."""
    for x, more in itertools.product(X, MORE):
        given = x.copy()
        try:
            result = function(given, *more)
        except Exception:
            continue
        parts = result if isinstance(result, list | tuple) else [result]
        for part in parts:
            if isinstance(part, np.ndarray):
                yield part, given, more


def functions():
    found = {}
    for function in registry.registered():
        module = getattr(function, "__module__", "") or ""
        if not callable(function) or isinstance(function, type):
            continue
        if module.startswith(("numpy", "scipy")) or hasattr(function, "__objclass__"):
            found[f"{module}.{getattr(function, '__name__', function)}"] = function
    return found


@pytest.mark.filterwarnings("ignore")
def test_recipes_declare_what_results_share_memory_with():
    missing = set()
    with np.errstate(all="ignore"):
        for name, function in functions().items():
            if function is np.nan_to_num or any(r.alias for r in registry.lookup(function)):
                continue  # nan_to_num with copy=False is refused
            if any(p.startswith("overwrite") for p in inspect.signature(function).parameters):
                continue  # True is refused
            for part, given, more in results(function):
                if part.size and np.may_share_memory(part, given):
                    missing.add((name, str(more)))
    assert not missing


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(n for n in FRESH_METHODS if hasattr(np.ndarray, n)))
def test_methods_that_are_said_to_give_new_objects_do(name):
    with np.errstate(all="ignore"):
        for part, given, more in results(getattr(np.ndarray, name)):
            assert not (part.size and np.may_share_memory(part, given)), more
