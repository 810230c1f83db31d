"""The helpers of generated code, on every kind of value: numbers, lists, arrays of all sorts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tangent import runtime
from tangent.errors import NonScalarError, SeedError, UnsupportedError

VALUES = [
    2.0,
    3,
    True,
    1 + 2j,
    np.float32(2),
    np.float64(2),
    np.int64(2),
    np.bool_(True),
    np.array(2.0),
    np.array(2),
    np.ones(1),
    np.ones(0),
    np.ones((2, 3), "float32"),
    np.ones((2, 3), "float16"),
    np.arange(6).reshape(2, 3),
    np.array([True, False]),
    np.ones(2, "complex64"),
    np.ones((2, 1, 2)),
    [1.0, 2],
    [[1.0, 2.0], [3.0, 4.0]],
    (1.0, [2.0, 3]),
    (1, 2.0),
    [np.ones(2), 3.0],
    ([np.ones(2)], 3.0),
    [[1.0], [2.0, 3.0]],
    [],
]
FLOATS = {"int64": "float64", "bool": "float64"}


def same_form(result, value):
    """An adjoint's form: structure, shape, float dtype; an array for a list of numbers."""
    value = runtime.as_array(value)
    if isinstance(value, list | tuple):
        assert isinstance(result, list) and len(result) == len(value)
        for r, v in zip(result, value, strict=True):
            same_form(r, v)
        return
    assert np.shape(result) == np.shape(value)
    dtype = np.asarray(value).dtype.name
    assert np.asarray(result).dtype.name == FLOATS.get(dtype, dtype)
    assert isinstance(result, np.ndarray) == isinstance(value, np.ndarray)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_zeros_and_full(value):
    same_form(runtime.zeros_like(value), value)
    filled = runtime.full_like(value, 0.5)
    same_form(filled, value)
    flat = np.concatenate([[0.5], *(np.ravel(v) for v in leaves(filled))])
    assert set(flat.real) == {0.5}


def leaves(value):
    value = runtime.as_array(value)
    return [x for v in value for x in leaves(v)] if isinstance(value, list | tuple) else [value]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_full_of_complex_number_is_real_for_reals(value):
    if not any(np.iscomplexobj(leaf) for leaf in leaves(value)):
        same_form(runtime.full_like(value, 0.5 + 1j), value)


def test_what_has_no_derivative():
    with pytest.raises(UnsupportedError, match="a str has no derivative"):
        runtime.gradient_like(0.0, "text")
    with pytest.raises(UnsupportedError, match="a str has no derivative"):
        runtime.unbroadcast(1.0, "text")
    with pytest.raises(UnsupportedError, match="dtype object has no derivative"):
        runtime.full_like(np.array([None]), 1.0)


def test_keep_copies_what_can_be_written():
    a = np.ones(2)
    nested = [a, [1.0]]
    kept = runtime.keep(nested)
    a[0] = 5.0
    nested[1][0] = 5.0
    assert kept[0][0] == 1.0 and kept[1] == [1.0]
    assert runtime.keep((a,))[0] is not a
    assert runtime.keep(2.0) == 2.0


# ---- unbroadcast ------------------------------------------------------------------------------

SHAPES = [(), (1,), (3,), (0,), (2, 3), (2, 1), (1, 3), (1, 1), (4, 2, 3), (4, 1, 3), (1, 0)]
DTYPES = ["float32", "float64", "complex128", "int64", "bool"]


def reference(g, shape):
    """Sum over every place that one element was repeated to."""
    out = np.zeros(shape, np.asarray(g).dtype)
    places = np.broadcast_to(np.arange(out.size).reshape(shape), np.shape(g))
    np.add.at(out.reshape(-1), places.reshape(-1), np.ravel(g))
    return out


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("wide", SHAPES, ids=str)
def test_unbroadcast_sums_to_the_shape(shape, wide):
    try:
        if np.broadcast_shapes(shape, wide) != wide:
            return
    except ValueError:
        return
    g = np.random.default_rng(0).normal(size=wide)
    for dtype in DTYPES:
        x = np.zeros(shape, dtype)
        result = runtime.unbroadcast(g, x)
        same_form(result, x)
        np.testing.assert_allclose(result, reference(g, shape), rtol=1e-5, atol=1e-6)
    complex_result = runtime.unbroadcast(g * 1j + g, np.zeros(shape))
    np.testing.assert_allclose(complex_result, reference(g, shape), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_unbroadcast_repeats_what_is_smaller(shape):
    for smaller in [(), *(shape[i:] for i in range(1, len(shape)))]:
        g = np.random.default_rng(0).normal(size=smaller)
        result = runtime.unbroadcast(g, np.zeros(shape))
        np.testing.assert_allclose(result, np.broadcast_to(g, shape))
        assert result.flags.writeable


def test_unbroadcast_gives_back_what_fits():
    g = np.ones((2, 3))
    assert runtime.unbroadcast(g, np.zeros((2, 3))) is g
    assert runtime.unbroadcast(g, np.zeros((2, 3), int)) is g
    h = 2.5
    assert runtime.unbroadcast(h, 1.0) is h


@pytest.mark.parametrize(
    ("g", "x", "expected"),
    [
        (np.ones(2), 3.0, 2.0),
        (np.array(2.0), 3, 2.0),
        (np.ones((2, 2)), np.float32(1), np.float32(4)),
        (1 + 2j, 3.0, 1.0),
        (1 + 2j, 3j, 1 + 2j),
        (np.ones(2), [3.0, 4], [1.0, 1.0]),
        (2.5, [3.0, 4], [2.5, 2.5]),
        (2.5, [np.ones(2), 4], [np.array([2.5, 2.5]), 2.5]),
        (np.ones(2), (np.ones(2), 4), (np.ones(2), 1.0)),
        ([1.0, 2.0], [3.0, 4], [1.0, 2.0]),
        ([1.0, 2.0], np.zeros(2), np.array([1.0, 2.0])),
        (np.ones((2, 2)), [[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]),
        ((1.0, np.ones(2)), (np.ones(2), 1.0), (np.ones(2), 2.0)),
    ],
)
def test_unbroadcast_of_structures(g, x, expected):
    result = runtime.unbroadcast(g, x)
    same_form(result, x)
    for a, b in zip(leaves(result), leaves(expected), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("g", "x"),
    [
        ([1.0] * 4, [1.0, 2.0]),
        (np.ones((5, 2)), [1.0, 2.0]),
        (np.ones(1), [1.0, 2.0]),
        ([1.0], [np.ones(2), 1.0]),
        (np.ones(3), (np.ones(2), 1.0)),
    ],
)
def test_unbroadcast_refuses_lists_of_other_lengths(g, x):
    """`x * 2` repeats a list: the adjoint of what comes out is not that of an array."""
    with pytest.raises(UnsupportedError, match=r"the adjoint has shape .*, the list or tuple has"):
        runtime.unbroadcast(g, x)


def test_adjoints_of_lists_of_numbers_can_be_added_to():
    adjoint = runtime.zeros_like([1.0, 2.0])
    adjoint += np.array([1.0, 2.0])
    assert adjoint.tolist() == [1.0, 2.0]


# ---- indices ----------------------------------------------------------------------------------

INDICES = [
    1,
    -1,
    slice(None),
    slice(1, None, 2),
    slice(None, None, -1),
    Ellipsis,
    None,
    (0, 1),
    (slice(None), 1),
    (Ellipsis, 0),
    (1, None, slice(0, 2)),
    [0, 2, 0],
    np.array([[0, 2], [2, 2]]),
    (slice(None), [1, 1, 0]),
    ([0, 0, 2], [1, 1, 3]),
    (1, [0, 0]),
    np.array([True, False, True]),
    np.arange(12).reshape(3, 4) % 3 == 0,
    (np.array([True, False, True]), 1),
]


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_add_at(index):
    target = np.zeros((3, 4))
    picked = np.arange(12).reshape(3, 4)[index]
    value = np.random.default_rng(0).normal(size=np.shape(picked))
    expected = np.zeros(12)
    np.add.at(expected, np.ravel(picked), np.ravel(value))
    assert runtime.add_at(target, index, value) is None
    np.testing.assert_allclose(target, expected.reshape(3, 4))


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_take_last_is_the_adjoint_of_a_write(index):
    """⟨S̄, dS after the write⟩ has from each written value what came to stay."""
    adjoint = np.arange(1.0, 13.0).reshape(3, 4)
    taken = runtime.take_last(adjoint, index)
    assert np.shape(taken) == np.shape(adjoint[index])
    for place in itertools.product(*map(range, np.shape(taken))):
        written = np.zeros(np.shape(taken))
        written[place] = 1.0
        target = np.zeros((3, 4))
        target[index] = written
        assert np.sum(target * adjoint) == np.asarray(taken)[place]
    if isinstance(taken, np.ndarray):
        assert not np.shares_memory(taken, adjoint)


def test_add_at_of_lists():
    target = [1.0, np.zeros(2), [3.0, 4.0]]  # no adjoint has a list of numbers, but it works
    runtime.add_at(target, 0, 2.0)
    runtime.add_at(target, -2, np.ones(2))
    runtime.add_at(target, slice(2, 3), [[1.0, 1.0]])
    assert target[0] == 3.0 and list(target[1]) == [1.0, 1.0] and target[2] == [4.0, 5.0]


def test_add_at_real_part():
    target = np.zeros(2)
    runtime.add_at(target, 0, 1 + 2j)
    assert target[0] == 1.0


# ---- products of all ranks --------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_matmul_adjoints(data):
    shapes = data.draw(
        hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3)
    )
    random = np.random.default_rng(0)
    a, b = (random.normal(size=s) for s in shapes.input_shapes)
    g = random.normal(size=shapes.result_shape)
    da, db = random.normal(size=a.shape), random.normal(size=b.shape)
    np.testing.assert_allclose(
        np.sum(g * (da @ b)), np.sum(runtime.matmul_adjoint_a(g, a, b) * da), atol=1e-12
    )
    np.testing.assert_allclose(
        np.sum(g * (a @ db)), np.sum(runtime.matmul_adjoint_b(g, a, b) * db), atol=1e-12
    )


@pytest.mark.parametrize(("rank_a", "rank_b"), [*itertools.product(range(4), repeat=2)])
@pytest.mark.parametrize("product", ["dot", "inner"])
def test_dot_and_inner_adjoints(product, rank_a, rank_b):
    random = np.random.default_rng(0)
    a = random.normal(size=(2, 3, 4)[3 - rank_a :])
    b_shape = {0: (), 1: (4,), 2: (5, 4), 3: (3, 5, 4)}[rank_b]
    if product == "dot" and rank_b > 1:
        b_shape = (*b_shape[:-2], b_shape[-1], b_shape[-2])
    b = random.normal(size=b_shape)
    f = getattr(np, product)
    g = random.normal(size=f(a, b).shape)
    da, db = random.normal(size=a.shape), random.normal(size=b.shape)
    adjoint_a = getattr(runtime, f"{product}_adjoint_a")(g, a, b)
    adjoint_b = getattr(runtime, f"{product}_adjoint_b")(g, a, b)
    assert (np.shape(adjoint_a), np.shape(adjoint_b)) == (a.shape, b.shape)
    np.testing.assert_allclose(np.sum(g * f(da, b)), np.sum(adjoint_a * da))
    np.testing.assert_allclose(np.sum(g * f(a, db)), np.sum(adjoint_b * db))


# ---- sequences and seeds ------------------------------------------------------------------------


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_seed_has_the_form_of_the_value(value):
    same_form(runtime.seed(value, 1.0), value)
    same_form(runtime.seed(value, runtime.full_like(value, 0.5)), value)
    same_form(runtime.seed(value, runtime.direction(value, 0.5)), value)


def test_seed_of_a_tuple():
    number, array = runtime.seed((1.0, [2.0]), (0.5, [0.25]))
    assert number == 0.5 and array.tolist() == [0.25]
    assert runtime.seed((1.0, 2.0), 1.0).tolist() == [1.0, 1.0]
    with pytest.raises(SeedError, match=r"the seed has shape \(1,\), the value has shape \(2,\)"):
        runtime.seed((1.0, 2.0), (1.0,))
    with pytest.raises(SeedError, match="the seed has 1 elements, the value has 2"):
        runtime.seed((np.ones(2), 2.0), (1.0,))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_direction_has_the_structure_of_the_value(value):
    """A tangent: lists stay lists, so that what is done to a list can be done to its tangent."""

    def same_structure(dx, x):
        if isinstance(x, list | tuple):
            assert type(dx) is type(x) and len(dx) == len(x)
            for u, v in zip(dx, x, strict=True):
                same_structure(u, v)
        else:
            same_form(dx, x)

    same_structure(runtime.direction(value, 0.0), value)
    same_structure(runtime.direction(value, runtime.zeros_like(value)), value)
    same_structure(runtime.direction(value, runtime.direction(value, 1.0)), value)


@pytest.mark.parametrize(
    ("x", "dx"), [([1.0, 2.0], [1.0]), (np.ones(2), np.ones(3)), (1.0, [1.0]), ([1.0], [[1.0]])]
)
def test_direction_of_another_shape(x, dx):
    with pytest.raises(SeedError, match="the tangent has"):
        runtime.direction(x, dx)


@pytest.mark.parametrize(
    ("value", "init_grad"),
    [(1.0, np.ones(2)), (np.ones(2), np.ones((1, 2))), (np.ones((2, 1)), np.ones((1, 2)))],
)
def test_seed_of_another_shape(value, init_grad):
    with pytest.raises(SeedError, match="the seed has shape"):
        runtime.seed(value, init_grad)


@pytest.mark.parametrize(
    "value", [1, 1.0, True, 1j, np.float32(1), np.array(1.0), np.ones(1), np.ones((1, 1))]
)
def test_scalars(value):
    runtime.check_scalar(value)


@pytest.mark.parametrize(
    ("value", "what"),
    [(np.ones(2), r"an array of shape \(2,\)"), ([1.0], "a list"), ((1.0, 2.0), "a tuple")],
)
def test_not_scalars(value, what):
    with pytest.raises(NonScalarError, match=f"f returned {what}, not a scalar"):
        runtime.check_scalar(value, "f")


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_sum_of_adjoints_has_their_form(value):
    if not (isinstance(value, np.ndarray) and value.ndim == 0):  # NumPy's sum of those is a number
        same_form(runtime.add(runtime.full_like(value, 0.5), runtime.full_like(value, 0.5)), value)


def test_sums_of_structures():
    assert runtime.add([1.0, 2.0], np.ones(2)).tolist() == [2.0, 3.0]
    assert runtime.add(np.ones(2), (1.0, 2.0)).tolist() == [2.0, 3.0]
    total = runtime.add([1.0, (np.ones(2), 2.0)], [1.0, (np.ones(2), 2.0)])
    assert total[0] == 2.0 and list(total[1][0]) == [2.0, 2.0] and total[1][1] == 4.0
    with pytest.raises(ValueError, match="shorter"):
        runtime.add([1.0, 2.0], [1.0])
