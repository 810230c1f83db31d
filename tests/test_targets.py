"""`tangent.grad` of lambdas, methods, partials, objects, wrappers and functions with a recipe; calls that only the run knows."""

from __future__ import annotations

import functools
import inspect
import math
import operator
import threading

import numpy as np
import pytest

import tangent
from tangent.errors import NoSourceError, UnsupportedError, WrtError
from tests.helpers import define

X = np.array([0.3, 0.7])
first, second = (lambda x: x * x), (lambda x: x * x * x)
lines = [
    lambda x, w=2.0: w * np.sin(x),
    lambda x, w=2.0: (
        w *
        np.cos(x)
    ),
]  # fmt: skip


class Model:
    """A model with a method for each form."""

    scale = 2.0

    def __init__(self, w):
        self.w = w
        self.__shift = 0.5

    def layer(self, x):
        return np.tanh(self.w * x) + self.__shift

    def loss(self, x, k=1.0):
        return np.sum(self.layer(x)) * k * self.scale

    def __call__(self, x):
        return np.sum(self.w * x * x)

    @staticmethod
    def square(x):
        return x * x

    @classmethod
    def scaled(cls, x):
        return cls.scale * x * x

    @property
    def rate(self):
        return self.w * 2.0

    def decayed(self, x):
        self = self
        return x * self.rate


class Deeper(Model):
    """With a method that calls that of its base."""

    def layer(self, x):
        return super().layer(x) * x


def weighted(a, x, b, *, c=1.0):
    return a * np.sum(x * x) * b * c


def doubling(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return 2.0 * f(*args, **kwargs)

    return wrapper


@doubling
def wrapped(x, w=3.0):
    return np.sum(x * x) * w


@functools.lru_cache
def cached(x):
    return x**3


def maker(k):
    def inner(x):
        return k * x * x

    return inner


MODEL = Model(1.5)
SECH = 1.5 / np.cosh(1.5 * X) ** 2


@pytest.mark.parametrize(
    ("f", "args", "gradient"),
    [
        (first, (3.0,), 6.0),
        (second, (3.0,), 27.0),
        (lines[0], (0.3,), 2 * math.cos(0.3)),
        (lines[1], (0.3, 3.0), -3 * math.sin(0.3)),
        (lambda x: (lambda x: x * x)(x) * 3.0, (2.0,), 12.0),
        (MODEL.loss, (X,), 2 * SECH),
        (MODEL, (X,), 3 * X),
        (Deeper(1.5).loss, (X,), 2 * (SECH * X + np.tanh(1.5 * X) + 0.5)),
        (Model.square, (2.0,), 4.0),
        (Model.scaled, (2.0,), 8.0),
        (MODEL.scaled, (2.0,), 8.0),
        (MODEL.decayed, (2.0,), 3.0),
        (functools.partial(weighted, 2.0, b=3.0), (X,), 12 * X),
        (functools.partial(MODEL.loss, k=3.0), (X,), 6 * SECH),
        (functools.partial(functools.partial(weighted, 2.0), c=0.5, b=2.0), (X,), 4 * X),
        (functools.partial(np.dot, np.array([2.0, 3.0])), (X,), np.array([2.0, 3.0])),
        (wrapped, (X,), 12 * X),
        (cached, (2.0,), 12.0),
        (maker(3.0), (2.0,), 12.0),
        (math.sin, (0.3,), math.cos(0.3)),
        (np.exp, (0.3,), math.exp(0.3)),
        (np.dot, (X, 2 * X), 2 * X),
        (np.sum, (X,), np.ones(2)),
        (np.linalg.norm, (X,), X / np.linalg.norm(X)),
        (operator.mul, (2.0, 3.0), 3.0),
        (abs, (-2.0,), -1.0),
        (pow, (2.0, 3.0), 12.0),
    ],
)
def test_gradients(f, args, gradient):
    df = tangent.grad(f)
    np.testing.assert_allclose(df(*args), gradient, rtol=1e-12)
    assert type(df).__name__ == "function" and "return" in df.source
    assert next(iter(inspect.signature(df).parameters)) != "self"
    compile(df.source, "df", "exec")
    tangents = {f"d{next(iter(inspect.signature(df).parameters))}": np.ones_like(args[0])}
    np.testing.assert_allclose(tangent.jvp(f)(*args, **tangents), np.sum(gradient), rtol=1e-12)


def any_number(x, *ws, **ks):
    return x * sum(w * w for w in ws) * ks.get("k", 1.0)


def test_gradients_of_starred_parameters():
    df = tangent.grad(any_number, wrt=("ws", "ks"))
    assert df(3.0, 1.0, 2.0, k=2.0, n=1) == ((12.0, 24.0), {"k": 15.0, "n": 0.0})
    assert df(3.0) == ((), {})
    assert tangent.grad(any_number, wrt=1)(3.0, 1.0, 2.0) == (6.0, 12.0)
    assert tangent.grad(any_number, wrt="ws", like=(3.0, 1.0, 2.0))(3.0, 1.0, 2.0) == (6.0, 12.0)
    jvp = tangent.jvp(any_number, wrt="ws")
    assert jvp(3.0, 1.0, 2.0, k=2.0, dws=(1.0, 10.0)) == 252.0
    split = tangent.autodiff(any_number, wrt="ws", motion="split")
    assert split(3.0, 1.0, 2.0, init_grad=1.0) == (6.0, 12.0)
    again = tangent.jvp(tangent.grad(any_number), wrt="ws")
    assert again(3.0, 1.0, 2.0, dws=(1.0, 0.0)) == 2.0


def test_signatures_and_texts():
    assert str(inspect.signature(tangent.grad(MODEL.loss))) == "(x, k=1.0, *, init_grad=1.0)"
    df = tangent.grad(functools.partial(weighted, 2.0, b=3.0))
    assert str(inspect.signature(df)) == "(x, init_grad=1.0, *, b=3.0, c=1.0)"
    assert (
        tangent.grad(math.sin).source
        == (
            "def dsindx(x, init_grad=1.0):\n"
            "    # Grad of: return math.sin(x)\n"
            "    bx = init_grad * math.cos(x)\n"
            "    return bx\n"
        )
        or "math.cos(x)" in tangent.grad(math.sin).source
    )
    assert tangent.grad(first).__name__ == "dlambda_dx" or "first" in tangent.grad(first).__name__


def test_attributes_are_read_live():
    model = Model(1.0)
    df = tangent.grad(model)
    model.w = 5.0
    np.testing.assert_allclose(df(X), 10 * X)
    assert tangent.grad(model.loss)(X).shape == (2,)


def test_lambdas_in_arguments():
    gradients = [tangent.grad(f)(2.0) for f in (lambda x: x + 1.0, lambda x: x * x)]
    assert gradients == [1.0, 4.0]


def test_source_in_linecache():
    f = define("square = lambda x: x * x", "square")
    assert tangent.grad(f)(3.0) == 6.0


def test_derivatives_are_pickled_by_value():
    cloudpickle = pytest.importorskip("cloudpickle")
    for f in (MODEL, functools.partial(weighted, 2.0, b=3.0), np.exp):
        df = tangent.grad(f)
        again = cloudpickle.loads(cloudpickle.dumps(df))
        x = X if f is not np.exp else 0.5
        np.testing.assert_allclose(again(x), df(x))


@pytest.mark.parametrize(
    ("f", "error", "text"),
    [
        (Model, UnsupportedError, "is a class"),
        (3, UnsupportedError, "3 is not a function"),
        (functools.partial(weighted, 1, 2, 3, 4), UnsupportedError, "takes 3 positional arguments"),
        (functools.partial(weighted, d=1), UnsupportedError, "has no parameter `d`"),
        (functools.partial(weighted, 1, a=1), UnsupportedError, "gets two values for `a`"),
        (eval("lambda x: x"), NoSourceError, "can't be found"),
        (np.einsum, UnsupportedError, "takes any number of arguments"),
        (dict.fromkeys, NoSourceError, "no Python source"),
    ],
)
def test_refused(f, error, text):
    with pytest.raises(error, match=text):
        tangent.grad(f)


def test_a_method_is_not_differentiated_by_its_object():
    with pytest.raises(WrtError, match="has no parameter `self`"):
        tangent.grad(MODEL.loss, wrt="self")


# --- calls of what only the run knows


def apply(g, x):
    return np.sum(g(x) * 2.0)


def overwrites(x):
    x[0] = 1.0
    return np.sum(x)


def test_a_closure_made_again_costs_no_new_derivative():
    df = tangent.grad(apply, wrt="x")
    from tangent import late

    calls = []
    original = tangent.runtime_calls.maker.derive

    def counted(*args):
        calls.append(args)
        return original(*args)

    tangent.runtime_calls.maker.derive = counted
    try:
        assert [df(maker(float(k)), 1.0) for k in range(4)] == [0.0, 4.0, 8.0, 12.0]
    finally:
        tangent.runtime_calls.maker.derive = late.derive
    assert len(calls) <= 1


def test_second_order():
    df = tangent.grad(apply, wrt="x")
    assert tangent.jvp(df, wrt="x")(second, 2.0, dx=1.0) == pytest.approx(24.0)
    assert tangent.vjp(df, wrt="x")(second, 2.0, init_grad2=1.0) == pytest.approx(24.0)
    jvp = tangent.jvp(apply, wrt="x")
    assert tangent.jvp(jvp, wrt="x")(second, 2.0, 1.0, 1.0) == pytest.approx(24.0)


def test_what_a_name_in_a_cell_calls_is_part_of_the_key():
    def outer(h):
        return lambda x: h(x) * x

    df = tangent.grad(apply, wrt="x")
    assert df(outer(math.sin), 0.5) == pytest.approx(2 * (math.cos(0.5) * 0.5 + math.sin(0.5)))
    assert df(outer(math.cos), 0.5) == pytest.approx(2 * (-math.sin(0.5) * 0.5 + math.cos(0.5)))


def test_threads():
    df = tangent.grad(apply, wrt="x")
    results = []

    def work(k):
        g = maker(float(k))
        results.append(all(df(g, 1.0) == 4.0 * k for _ in range(50)))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


@pytest.mark.parametrize(
    ("g", "error", "text"),
    [
        (overwrites, UnsupportedError, "overwrites` may write its argument `x` in place"),
        (3.0, UnsupportedError, "3.0 is not a function"),
        (eval("lambda x: x"), NoSourceError, "can't be found"),
        (Model, UnsupportedError, "is a class"),
    ],
)
def test_what_is_given_is_refused(g, error, text):
    with pytest.raises(error, match=text) as caught:
        tangent.grad(apply, wrt="x")(g, X)
    assert "in apply: " in str(caught.value) and "return np.sum(g(x) * 2.0)" in str(caught.value)
