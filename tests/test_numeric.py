"""The checker is checked: right derivatives pass, wrong ones in any respect do not."""

import numpy as np
import pytest

from tests.numeric import (
    Rough,
    check_duality,
    check_gradient,
    check_like,
    complex_step,
    copied,
    inner,
    numeric_gradient,
    rebuilt,
    same_bits,
    vector,
)

X = np.array([0.3, 0.7, 1.1])


def f(x, w):
    return np.sum(np.sin(x) * w)


def df(x, w, init_grad=1.0):
    return init_grad * w * np.cos(x), np.sum(np.sin(x)) * init_grad


def test_right():
    check_gradient(df, f, (X, 1.2), ("x", "w"))
    check_gradient(df, f, (X.astype(np.float32), np.float32(1.2)), (0, 1))
    check_gradient(lambda x, w: df(np.array(x), w)[0].tolist(), f, ([1, 2], 1.2), "x")


WRONG = {
    "a number": lambda x, w: (1.001 * w * np.cos(x), np.sum(np.sin(x))),
    "a shape": lambda x, w: (np.sum(w * np.cos(x)), np.sum(np.sin(x))),
    "too few": lambda x, w: (w * np.cos(x),),
    "a type": lambda x, w: ((w * np.cos(x)).astype(np.float32), np.sum(np.sin(x))),
    "an order": lambda x, w: (np.sum(np.sin(x)), w * np.cos(x)),
    "an integer": lambda x, w: (w * np.cos(x), 1),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong(wrong):
    with pytest.raises(AssertionError):
        check_gradient(wrong, f, (X, 1.2), ("x", "w"))


def test_writing_an_argument_is_wrong():
    def writes(x, w):
        x[0] += 1e-12
        return df(x, w)

    with pytest.raises(AssertionError, match="changed"):
        check_gradient(writes, f, (X, 1.2), ("x", "w"))


def test_sharing_memory_is_wrong():
    with pytest.raises(AssertionError, match="shares"):
        check_gradient(lambda x: x, lambda x: np.sum(x * x) / 2, (X,))
    with pytest.raises(AssertionError, match="read-only"):
        check_gradient(lambda x: np.broadcast_to(1.0, x.shape), np.sum, (X,))


def test_printing_is_compared():
    def told(x):
        print("x")
        return x * x

    check_gradient(lambda x: (print("x"), 2 * x)[1], told, (0.7,))
    with pytest.raises(AssertionError, match="prints"):
        check_gradient(lambda x: 2 * x, told, (0.7,))


def test_duality():
    vjp = lambda x, w, seed: df(x, w, seed)
    jvp = lambda x, w, dx, dw: np.sum(dx * np.cos(x) * w + np.sin(x) * dw)
    check_duality(vjp, jvp, f, (X, 1.2), ("x", "w"))
    with pytest.raises(AssertionError):
        check_duality(vjp, lambda x, w, dx, dw: np.sum(dx * np.cos(x) * w), f, (X, 1.2), (0, 1))


def test_seeds_go_by_keyword_where_there_are_defaults():
    def g(x, k=2.0):
        return k * x

    vjp = lambda x, k=2.0, *, init_grad: k * init_grad
    jvp = lambda x, k=2.0, *, dx: k * dx
    check_duality(vjp, jvp, g, (0.7,), "x")
    check_duality(vjp, jvp, g, (0.7,), "x", {"k": 3.0})


def test_a_kink_is_rough():
    with pytest.raises(Rough):
        numeric_gradient(abs, (0.0,), (0,))
    with pytest.raises(Rough):
        numeric_gradient(lambda x: x * x if x > 0.7 else x, (0.7,), (0,))


def test_differences_are_sharp():
    (slope,) = numeric_gradient(lambda x: np.exp(np.sin(x)) / x, (1.3,), (0,))
    x = 1.3
    exact = np.exp(np.sin(x)) * (np.cos(x) / x - 1 / x**2)
    assert slope[0] == pytest.approx(exact, rel=1e-11)
    (slope,) = complex_step(lambda x: np.exp(np.sin(x)) / x, (1.3,), (0,))
    assert slope[0] == pytest.approx(exact, rel=1e-15)


def test_values_are_vectors():
    value = [1, (2.0, np.arange(3)), np.float32(7)]
    np.testing.assert_array_equal(vector(value), [1, 2, 0, 1, 2, 7])
    assert same_bits(rebuilt([1, (2, 3.0)], np.array([4.0, 5.0, 6.0])), [4.0, (5.0, 6.0)])
    assert inner([1, 2], [3, 4]) == 11
    np.testing.assert_array_equal(vector({"b": 1, "a": [2.0, None]}), [1, 2])
    with pytest.raises(TypeError):
        vector(object)


@pytest.mark.parametrize(
    ("gradient", "argument"),
    [
        (1, 1.0),
        (np.float32(1), np.float64(1)),
        (np.float64(1), np.float32(1)),
        (np.ones(3, int), np.ones(3, int)),
        (1.0, np.ones(1)),
        (np.ones(1), 1.0),
        ([1.0], [1.0, 2.0]),
        (1.0, [1.0]),
        (1j, 1.0),
    ],
)
def test_unlike(gradient, argument):
    with pytest.raises(AssertionError):
        check_like(gradient, argument)


def test_copies_keep_sharing():
    a, b = copied((X, X))
    assert a is b and a is not X
