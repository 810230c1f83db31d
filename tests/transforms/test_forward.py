"""Forward mode: what it writes, and its numbers on all programs, against differences."""

from __future__ import annotations

import copy
import functools
from typing import Any

import numpy as np
import pytest

import tangent
from tangent.errors import AliasError, NoRecipeError, SeedError, TangentError, UnsupportedError
from tests.cases import all_programs, array, cases
from tests.helpers import define
from tests.numeric import (
    Rough,
    call_jvp,
    check_argument_unchanged,
    check_duality,
    close,
    copied,
    inner,
    numeric_gradient,
    positions,
    quiet,
    random_like,
    rebuilt,
    same_bits,
    tolerance,
    vector,
)

PROGRAMS = [(n, p, a) for n, p, a in cases(all_programs()) if p.forward and a.raises is None]
CASES = [pytest.param(p, a, id=name) for name, p, a in PROGRAMS]


@functools.cache
def jvp(p: Any, optimized: bool = True, preserve_result: bool = False) -> Any:
    return tangent.jvp(p.function, p.wrt, optimized, preserve_result=preserve_result)


def tangents_of(f: Any, values: tuple[Any, ...], wrt: Any) -> tuple[Any, ...]:
    rng = np.random.default_rng(3)
    return tuple(random_like(values[k], rng) for k in positions(f, wrt))


def check_tangent(df: Any, f: Any, values: Any, wrt: Any, kwargs: Any, p: Any) -> Any:
    """⟨s, df(x)·ẋ⟩ is the difference quotient of ⟨s, f⟩ along ẋ. Returns the tangent."""
    tangents = tangents_of(f, values, wrt)
    given, given_tangents = copied(values), copied(tangents)
    with quiet() as printed, np.errstate(all="ignore"):
        found = call_jvp(df, f, given, copy.deepcopy(kwargs), given_tangents)
    check_argument_unchanged((values, tangents), (given, given_tangents))
    with quiet() as expected, np.errstate(all="ignore"):
        value = f(*copied(values), **copy.deepcopy(kwargs))
    assert printed.getvalue() == expected.getvalue(), "the derivative prints something else"
    assert vector(found).shape == vector(value).shape, "a tangent has its primal's shape"
    seed = random_like(value, np.random.default_rng(4))
    with np.errstate(all="ignore"):
        try:
            slopes = numeric_gradient(f, values, positions(f, wrt), kwargs, seed, p.step)
        except Rough:
            pytest.skip("no derivative at this point")
    expected_slope = sum(inner(s, t) for s, t in zip(slopes, tangents, strict=True))
    rtol = max(p.rtol or 0.0, tolerance(values))
    close(inner(seed, found), np.atleast_1d(expected_slope), rtol, "the tangent")
    return found


@pytest.mark.parametrize("optimized", [True, False], ids=["optimised", "plain"])
@pytest.mark.parametrize(("p", "a"), CASES)
def test_programs(p, a, optimized):
    expected = a.expected or p.expected
    try:
        found = check_tangent(jvp(p, optimized), p.function, a.values, p.wrt, a.kwargs, p)
        if optimized:
            check_value(p, a, found)
    except UnsupportedError:
        if expected == "right":
            raise


def check_value(p: Any, a: Any, tangent_found: Any) -> None:
    """`preserve_result` appends the value, and changes nothing else."""
    with quiet(), np.errstate(all="ignore"):
        tangents = tangents_of(p.function, a.values, p.wrt)
        df = jvp(p, True, True)
        given = copied(a.values)
        tangent_kept, value_kept = call_jvp(
            df, p.function, given, copy.deepcopy(a.kwargs), tangents
        )
        value = p.function(*copied(a.values), **copy.deepcopy(a.kwargs))
    assert same_bits(vector(tangent_kept), vector(tangent_found))
    assert same_bits(value_kept, value)


# -- what it writes


def source_of(text: str, wrt: Any = (0,), **options: Any) -> str:
    return tangent.jvp(define(text, "f", np=np), wrt, **options).source


def test_straight_line():
    text = """
        def f(x, w):
            a = np.sin(x)
            b = a * w
            return np.sum(b)
        """
    assert source_of(text) == (
        "def dfdx_forward(x, w, dx):\n"
        "    dx = tangent.direction(x, dx)\n"
        "    # Tangent of: a = np.sin(x)\n"
        "    da = dx * np.cos(x)\n"
        "    # Tangent of: b = a * w\n"
        "    db = da * w\n"
        "    # Tangent of: return np.sum(b)\n"
        "    return np.sum(db)\n"
    )


def test_a_loop_and_a_branch():
    text = """
        def f(a, n):
            s = 0.0
            for i in range(n):
                if i > 1:
                    s = s + a * i
                else:
                    s = 3.0
            return s
        """
    assert source_of(text) == (
        "def dfda_forward(a, n, da):\n"
        "    da = tangent.direction(a, da)\n"
        "    ds = 0.0\n"
        "    for i in range(n):\n"
        "        if i > 1:\n"
        "            # Tangent of: s = s + a * i\n"
        "            ds = ds + da * i\n"
        "        else:\n"
        "            ds = 0.0\n"
        "    return ds\n"
    )


def test_storage():
    text = """
        def f(A, x: float):
            for i in range(1, len(A)):
                A[i] = x * i
            A[0] = 3.0
            return A
        """
    assert source_of(text, "x") == (
        "def dfdx_forward(A, x: float, dx):\n"
        "    tangent.check_kind(x, 'x', 'float')\n"
        "    A = tangent.own(A)\n"
        "    dA = tangent.direction(A, 0.0)\n"
        "    for i in range(1, len(A)):\n"
        "        # Tangent of: A[i] = x * i\n"
        "        dA[i] = dx * i\n"
        "    # Tangent of: A[0] = 3.0\n"
        "    dA[0] = 0.0\n"
        "    return dA\n"
    )


def test_calls():
    text = """
        def layer(x, W, b):
            return np.tanh(np.dot(x, W) + b)

        def f(W, b, x):
            h = layer(x, W, b)
            return np.sum(h * h)
        """
    assert source_of(text, ("W", "b")) == (
        "def layer_tangent(x, W, b, dW, db):\n"
        "    tanh_t = np.tanh(np.dot(x, W) + b)\n"
        "    # Tangent of: return np.tanh(np.dot(x, W) + b)\n"
        "    return tanh_t, (np.dot(x, dW) + db) * (1 - tanh_t ** 2)\n"
        "\n\n"
        "def dfdWb_forward(W, b, x, dW, db):\n"
        "    dW = tangent.direction(W, dW)\n"
        "    db = tangent.direction(b, db)\n"
        "    # Tangent of: h = layer(x, W, b)\n"
        "    h, dh = layer_tangent(x, W, b, dW, db)\n"
        "    # Tangent of: return np.sum(h * h)\n"
        "    return np.sum(2 * dh * h)\n"
    )


def test_a_callee_is_written_once_for_each_set_of_active_arguments():
    text = """
        def g(a, b):
            return a * b

        def f(x, c):
            return g(x, c) + g(c, x) + g(g(x, 2.0), c) + g(x, x)
        """
    source = source_of(text)
    assert source.count("def ") == 4, source  # b active, a active, both, and the entry


# -- what it does


class Options:
    """As a program of the suite has them."""

    rtol = None
    step = 2e-4


def check_text(text: str, wrt: Any, *values: Any, **kwargs: Any) -> str:
    f = define(text, "f", np=np)
    for optimized in (True, False):
        df = tangent.jvp(f, wrt, optimized)
        check_tangent(df, f, values, wrt, kwargs, Options)
    return tangent.jvp(f, wrt).source


RUNS = {
    "recursion": (
        """
        def f(x, n):
            if n < 1:
                return x
            return x * f(x, n - 1)
        """,
        "x",
        (1.3, 4),
    ),
    "recursion with several results": (
        """
        def g(x, n):
            if n < 1:
                return x, 1.0
            a, b = g(x, n - 1)
            return x * a, b + a

        def f(x, n):
            a, b = g(x, n)
            t = g(a, 2)
            return a * b + t[0]
        """,
        "x",
        (1.3, 4),
    ),
    "lists": (
        """
        def f(x, k):
            xs = []
            for i in range(k):
                xs.append(x * i)
                xs.append(2.0)
            s = 0.0
            while len(xs) > 1:
                v = xs.pop()
                s = s + v * v
                if s > 100:
                    break
            xs.insert(0, x)
            xs.extend([x, 1.0])
            xs.reverse()
            return s + xs[0] * xs[1] * xs[-1]
        """,
        "x",
        (1.3, 3),
    ),
    "several results of a recipe": (
        """
        def f(A):
            s, l = np.linalg.slogdet(A)
            B = np.linalg.inv(A)
            return l + np.sum(B), B
        """,
        "A",
        (array(3, 3) + 3 * np.eye(3),),
    ),
    "augmented assignments of every operator": (
        """
        def f(x, c):
            x /= c
            x **= c
            x -= 3
            x *= x
            x %= 7
            return x
        """,
        ("x", "c"),
        (1.3, 2.2),
    ),
    "shapes that grow": (
        """
        def f(x, c):
            y = x + c
            s = 0.0
            s += x[0]
            s += c
            z = y + np.ones((2, 3))
            z[0] = x[1]
            u = np.concatenate((x, c, z[0]))
            w = np.where(x > 0.7, x, 3.0)
            np.add.at(u, [0, 0, 1], w)
            return np.sum(u * u), z, 3, y, s, None
        """,
        "x",
        (array(3), array(3, seed=1)),
    ),
    "names that may be unbound": (
        """
        def f(x, c):
            a = x
            if c > 0:
                b = a
            else:
                b = np.zeros(3)
            for i in range(3):
                b[i] = x[i] * i
                if i == 1:
                    r = b[1:]
            r[0] = 3.0
            return b * a
        """,
        "x",
        (array(3), -1.0),
    ),
    "views of views": (
        """
        def f(x):
            y = x * x
            rows = [y[0], y[1].T]
            rows[1][0] = x[0, 1]
            t = y.T
            t[0] *= x[1]
            rows[0] += 1.0
            z = y[1:][0]
            y[1, 1] = z[0]
            return y
        """,
        "x",
        (array(2, 2),),
    ),
    "a callee that writes a view": (
        """
        def scale(a, k):
            a *= k
            a[0] = k

        def f(x):
            y = np.ones((2, 2))
            r = y[1]
            scale(r, x)
            scale(y[0], x * x)
            return y
        """,
        "x",
        (0.7,),
    ),
    "functions that make arrays of lists": (
        """
        def f(x):
            return (np.add(x, 1), np.negative(x), np.multiply(x, 3), np.square(x), np.add(x, x),
                    x + x, 2 * x)
        """,
        "x",
        ([1.3, 1.2],),
    ),
    "integers are truncated": (
        """
        def f(x):
            return np.array(x, dtype=int) * x, np.full_like(np.arange(2), 2.0 * x) * x
        """,
        "x",
        (1.3,),
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_runs(name):
    text, wrt, values = RUNS[name]
    check_text(text, wrt, *values)


def test_tangents_by_name_and_position():
    f = define("def f(x, w):\n    return x * w\n", "f")
    df = tangent.jvp(f, ("x", "w"))
    assert df(2.0, 3.0, 1.0, 0.0) == df(2.0, 3.0, dx=1.0, dw=0.0) == 3.0
    g = define("def f(x, k=2, *, dx=1.0):\n    return x * k * dx\n", "f")
    assert tangent.jvp(g)(2.0, dx2=1.0) == 2.0


def test_a_number_is_a_tangent_for_every_element():
    f = define("def f(x):\n    return np.sum(x)\n", "f", np=np)
    assert tangent.jvp(f)(np.zeros(3), 1.0) == 3.0


def test_a_tangent_of_the_wrong_shape():
    f = define("def f(x):\n    return np.sum(x)\n", "f", np=np)
    for like in (None, (np.zeros(3),)):
        with pytest.raises(SeedError):
            tangent.jvp(f, like=like)(np.zeros(3), np.zeros(2))


def test_a_recipe_without_a_tangent():
    def triple(x):
        return 3 * x

    triple.__module__ = "elsewhere"
    code = "def recipe(y, x):\n    d[x] = 3 * d[y]\n"
    tangent.adjoint(triple)(define(code, "recipe", d=None))
    f = define("def f(x):\n    return triple(x)\n", "f", triple=triple)
    with pytest.raises(NoRecipeError, match="the recipe for `triple` has no tangent"):
        tangent.jvp(f)


def test_a_write_into_what_may_be_a_copy_is_right_or_refused():
    text = """
        def f(x):
            y = x * x
            z = y.reshape(-1)
            z[0] = x[0, 0]
            return y
        """
    df = tangent.jvp(define(text))
    x, dx = np.arange(1.0, 7.0).reshape(2, 3), np.ones((2, 3))
    expected = 2 * x
    expected[0, 0] = 1.0
    np.testing.assert_array_equal(df(x, dx), expected)  # `z` is a view, and so is its tangent
    with pytest.raises(AliasError, match="`z` is a view or a copy, and its tangent is the other"):
        df(np.asfortranarray(x), dx)  # a copy, of which the tangent would be a view


# -- derivatives of derivatives


@functools.cache
def hessian_times_vector(p: Any) -> Any:
    return tangent.jvp(tangent.grad(p.function, p.wrt), p.wrt)


HVP = [
    pytest.param(p, a, id=name)
    for name, p, a in PROGRAMS
    if p.scalar
    and a in p.arguments[:2]
    and not a.kwargs
    and (a.expected or p.expected) == "right"
    and all(
        np.asarray(v).dtype == float for k, v in enumerate(a.values) if isinstance(v, np.ndarray)
    )
    and "buffer" not in name  # single precision: its differences are too rough
    and "called_dx" not in name
]


# Their gradients run code, or hold objects, that a second derivative does not follow.
REFUSED_TWICE = {
    *("containers.repeated_list", "scipy_functions.frozen", "traps.comprehension_tried"),
    *("runtime_calls.methods_of_what_is_differentiated", "runtime_calls.told"),
    *("statements.cleanup_and_return", "statements.displays_with_stars"),
    *("statements.skipped_in_a_loop", "structures.dataclass_argument"),
    *("structures.helper_of_an_object", "structures.indexed_layers"),
}


def tangents_by_name(p, a):
    tangents = tangents_of(p.function, a.values, p.wrt)
    return {f"d{name}": t for name, t in zip(p.wrt, tangents, strict=True)}


@pytest.mark.parametrize(("p", "a"), HVP)
def test_forward_over_reverse(p, a):
    """The tangent of the gradient is the difference quotient of gradients."""
    try:
        df = tangent.grad(p.function, p.wrt)
    except TangentError:
        pytest.skip("no gradient")
    if p.name in REFUSED_TWICE:
        with quiet(), pytest.raises(TangentError):
            hessian_times_vector(p)(*copied(a.values), **tangents_by_name(p, a))
        return
    hvp = hessian_times_vector(p)
    where = positions(p.function, p.wrt)
    tangents = tangents_of(p.function, a.values, p.wrt)

    def gradient(step: float) -> np.ndarray:
        moved = list(copied(a.values))
        for k, t in zip(where, tangents, strict=True):
            moved[k] = rebuilt(moved[k], vector(moved[k]) + step * vector(t))
        return vector(df(*moved))

    with quiet(), np.errstate(all="ignore"):
        try:
            found = vector(hvp(*copied(a.values), **tangents_by_name(p, a)))
        except AliasError:
            pytest.skip("refused when run")
        step = 1e-5
        expected = (gradient(step) - gradient(-step)) / (2 * step)
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * scale)


HELPERS = {
    "power_partial": (
        "tangent.power_partial(x, w)",
        (array(3), array(3, seed=1, low=2.1, high=3.1)),
    ),
    "falling_power": (
        "tangent.falling_power(x, w, 2)",
        (array(3), array(3, seed=1, low=2.5, high=3.5)),
    ),
    "broadcast_like": ("tangent.broadcast_like(x, np.zeros((2, 3))) * w", (array(3), 0.7)),
    "direction": ("tangent.direction(np.zeros((2, 3)), x * w)", (array(2, 3), 0.7)),
    "own": ("tangent.own(x, w) * tangent.own_array(x) * w", (array(3), 0.7)),
    "astype_tangent": ("tangent.astype_tangent(x, np.zeros(3)) * w", (array(3), 0.7)),
}


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_have_recipes(name):
    expression, values = HELPERS[name]
    f = define(f"def f(x, w):\n    return {expression}\n", "f", np=np, tangent=tangent)
    wrt = ("x", "w")
    check_tangent(tangent.jvp(f, wrt), f, values, wrt, {}, Options)
    check_duality(tangent.vjp(f, wrt), tangent.jvp(f, wrt), f, values, wrt)


def test_forward_over_forward():
    f = define("def f(x):\n    return np.sum(np.exp(x) * x)\n", "f", np=np)
    df = tangent.jvp(f)
    ddf = tangent.jvp(df, "x")
    x, u, v = array(3), array(3, seed=1), array(3, seed=2)
    found = ddf(x, u, v)
    np.testing.assert_allclose(found, np.sum(np.exp(x) * (x + 2) * u * v))
