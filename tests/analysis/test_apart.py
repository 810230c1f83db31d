"""Names that surely share no memory: buffers that swap roles, and what must not count as apart."""

from __future__ import annotations

import gast
import numpy as np
import pytest

import tangent
from tangent import api, parse, tree
from tangent.analysis.apart import MustApart
from tangent.errors import AliasError
from tangent.facts import Facts
from tangent.passes import pipeline, run_pipeline
from tests.numeric import check_gradient


def heat(u0, kappa, steps):
    u = u0.copy()
    new = np.zeros_like(u)
    for _ in range(steps):
        for i in range(1, len(u) - 1):
            new[i] = u[i] + kappa * u[i] * (u[i - 1] - 2 * u[i] + u[i + 1])
        new[0] = u[0]
        new[-1] = u[-1]
        u, new = new, u
    return np.sum(u**2)


def three_buffers(x, n):
    a, b, c = x * 1.0, x * 2.0, np.zeros(3)
    for k in range(n):
        c[k] = a[k] * b[k]
        a, b, c = b, c, a
    return np.sum(a * a) + np.sum(b) + np.sum(c * a)


def not_apart(x, n):
    a = x * 1.0
    b = x * 2.0
    s = 0.0
    for _ in range(n):
        a[0] = b[1] * 2.0
        s = s + b[0]
        b = a
    return s


def shared_when_nothing_is_written(x, n):
    a = x * 1.0
    b = x * 2.0
    for _ in range(n):
        a[0] = b[1] * 2.0
        b = a
    return np.sum(a * b)


ARGUMENTS = [
    (heat, (np.linspace(0.1, 0.9, 6), 0.1, 3), ("u0", "kappa")),
    (heat, (np.linspace(0.1, 0.9, 6), 0.1, 0), ("u0", "kappa")),
    (shared_when_nothing_is_written, (np.array([0.3, 0.7, 0.2]), 3), ("x",)),
    (three_buffers, (np.array([0.3, 0.7, 0.2]), 3), ("x",)),
]


@pytest.mark.parametrize("optimized", [True, False])
@pytest.mark.parametrize(("f", "args", "wrt"), ARGUMENTS)
def test_swapped_buffers_have_right_gradients(f, args, wrt, optimized):
    df = tangent.grad(f, wrt=wrt, like=args, optimized=optimized)
    check_gradient(df, f, args, wrt)


def test_one_buffer_under_two_names_is_refused():
    args = (np.array([0.3, 0.7, 0.2]), 2)
    with pytest.raises(AliasError, match="`a` is written in place while `b`"):
        tangent.grad(not_apart, like=args)


def test_pairs_at_the_write():
    def apart_at_store(f, a, b, args):
        options = {"wrt": (f.__code__.co_varnames[0],), "like": args}
        front = api.pipeline_names("reverse", False)[:-1]
        function = run_pipeline(parse.load(f), pipeline(front), options).entry
        found = Facts(function, options=options)[MustApart]
        store = next(
            s
            for s in tree.walk_statements(function.node.body)
            if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Subscript)
        )
        return found.apart(store, a, b)

    assert apart_at_store(heat, "u", "new", ARGUMENTS[0][1])
    assert not apart_at_store(not_apart, "a", "b", (np.ones(3), 1))
