"""The helpers of `tangent.runtime`, so that generated code can be differentiated again.

    bx = tangent.unbroadcast(g, x)      the adjoint of a sum over axes repeats along them

An adjoint is linear in the adjoint that it takes. Where `A(g, b)` is the adjoint of the first
operand of a product `f(a, b)`, defined by ⟨ā, A(g, b)⟩ = ⟨g, f(ā, b)⟩, the adjoint of `g` is `f(ȳ,
b)` and that of `b` is the adjoint of the second operand of `f`, with `ȳ` in the place of `a`.
Helpers that are not named here are differentiated by their source.
"""

from __future__ import annotations

import numpy

from tangent import runtime, runtime_kinds, standins
from tangent.recipes.kinds import BOOL, NONE, Kind, precision_of
from tangent.recipes.registry import (
    adjoint,
    d,
    each,
    elementwise,
    linear,
    multilinear,
    nondifferentiable,
)
from tangent.recipes.results import constantly, precision, shape_of


def _gradient_of(parameter: str):
    """Rule of helpers that return a gradient of an argument: its structure, shape, float type."""

    def rule(k):
        x: Kind = getattr(k, parameter)
        if x.is_number:
            floats = precision(x)
            if x.is_real_number:
                dtype = x.dtype if x.dtype and x.dtype.startswith("float") else None
                return Kind("float", dtype, 0, (), floats)
            return Kind("number", None, 0, (), floats)
        if x.is_array:
            dtype = x.dtype
            if dtype is not None and not dtype.startswith(("float", "complex")):
                dtype = "float64"
            return Kind("array", dtype, x.rank, x.shape, precision_of(dtype) or precision(x))
        if x.type in ("list", "tuple"):
            return _gradient_of_list(x)
        kind = x.type if x.type == "numeric" else "unknown"
        return Kind(kind, None, None, shape_of(x), precision(x))

    return rule


def _gradient_of_list(x: Kind) -> Kind:
    """An array for numbers, else of the same structure; not known where the elements are not."""
    if x.items is None or not all(i.is_number or i.is_array for i in x.items):
        return Kind()
    return Kind("array", rank=1) if all(i.is_number for i in x.items) else Kind(x.type)


nondifferentiable(
    runtime.zeros_like, result=lambda k: _gradient_of("arg0")(k) if vars(k) else Kind()
)
nondifferentiable(
    *(
        runtime.check_apart,
        runtime.check_array,
        runtime.check_length,
        runtime.check_no_union,
        runtime.check_unpacked,
        runtime.check_scalar,
        runtime.check_foreign,
        runtime.check_operand,
        runtime.check_sequence,
    ),
    *(
        runtime.check_slice,
        runtime.check_storage,
        runtime.check_copied,
        runtime.check_layout,
        runtime.check_view,
        runtime_kinds.check_kind,
        runtime_kinds.check_same_size,
    ),
    runtime_kinds.check_structure,
    result=constantly(NONE),
    pure=False,
)
nondifferentiable(runtime.is_mapping, runtime.is_sequence, result=constantly(BOOL), cheap=True)
nondifferentiable(standins.order_of, standins.places_of, result=constantly(Kind("list")))
nondifferentiable(runtime.shares, result=constantly(Kind("bool")))
nondifferentiable(runtime.are_numbers, runtime.shape_of, runtime.float_dtype, runtime.last_writes)


@linear(runtime.full_like, result=_gradient_of("y"))
def full_like(result, y, value):
    d[value] = runtime.unbroadcast(d[result], value)


@linear(runtime.keep, result=lambda k: k.v.without_value())
def keep(y, v):
    d[v] = d[y]


@linear(runtime.own, runtime.own_array, result=lambda k: k.x.without_value())
def own(y, x, *others):
    d[x] = d[y]


@adjoint(runtime.same_view, result=lambda k: k.view, alias=("view",))
def same_view(y, view, base, name, of):
    d[view] = d[y]


@same_view.tangent
def same_view_tangent(y, view, base, name, of):
    d[y] = d[view]


@linear(runtime.gradient_like, alias=("g",))
def gradient_like(y, g, x):
    d[g] = runtime.adjoint_like(d[y], g)


@linear(runtime.adjoint_like, result=_gradient_of("x"))
def adjoint_like(y, g, x):
    d[g] = runtime.adjoint_like(d[y], g)


nondifferentiable(runtime.keys, result=constantly(Kind("list")))


@linear(runtime.values, result=constantly(Kind("list")), alias=("entries",))
def values(y, entries):
    d[entries] = runtime.values_adjoint(d[y], entries)


@linear(runtime.items, result=constantly(Kind("list")), alias=("entries",))
def items(y, entries):
    d[entries] = runtime.items_adjoint(d[y], entries)


@linear(runtime.values_adjoint, alias=("g",))
def values_adjoint(y, g, entries):
    d[g] = runtime.values(d[y])


@linear(runtime.as_items, alias=("g",))
def as_items(y, g):
    d[g] = d[y]


@linear(runtime.sequence, result=lambda k: k.xs.without_value(), alias=("xs",))
def sequence(y, xs):
    d[xs] = d[y]


@linear(runtime.take_last)
def take_last(y, target, index):
    d[target] = runtime.place_last(d[y], target, index)


@linear(runtime.place_last, result=_gradient_of("target"))
def place_last(y, g, target, index):
    d[g] = runtime.take_last(d[y], index)


@linear(runtime.add)
def add(y, a, b):
    d[a] = d[y]
    d[b] = d[y]


@linear(runtime.unbroadcast, result=_gradient_of("x"), alias=("g",))
def unbroadcast(y, g, x):
    d[g] = runtime.unbroadcast(d[y], g)


@linear(runtime.broadcast_like, result=_gradient_of("y"), alias=("dy",))
def broadcast_like(result, dy, y):
    d[dy] = runtime.unbroadcast(d[result], dy)


@linear(runtime.direction)
def direction(y, x, dx):
    d[dx] = runtime.unbroadcast(d[y], dx)


@linear(runtime.like, result=_gradient_of("x"), alias=("g",))
def like(y, g, x):
    d[g] = runtime.unbroadcast(d[y], g)


@linear(runtime.operand, alias=("v",))
def operand(y, v):
    d[v] = runtime.unbroadcast(d[y], v)


@linear(runtime.expand, result=_gradient_of("x"))
def expand(y, g, x, axis=None, keepdims=False):
    d[g] = runtime.unbroadcast(numpy.sum(d[y], axis, keepdims=keepdims), g)


@linear(runtime.reshape_like, result=_gradient_of("x"), alias=("g",))
def reshape_like(y, g, x, order="C"):
    d[g] = runtime.reshape_like(d[y], g, order)


@linear(runtime.astype_adjoint, result=_gradient_of("x"), alias=("g",))
def astype_adjoint(result, g, x, y):
    d[g] = runtime.astype_adjoint(d[result], g, y)


@linear(runtime.astype_tangent, result=_gradient_of("y"), alias=("dx",))
def astype_tangent(result, dx, y, x=None):
    d[dx] = runtime.astype_adjoint(d[result], dx, y)


@linear(runtime.seed, result=_gradient_of("value"))
def seed(y, value, init_grad):
    d[init_grad] = runtime.unbroadcast(d[y], init_grad)


@linear(runtime.scalar_seed, result=_gradient_of("value"))
def scalar_seed(y, value, init_grad, name="the function"):
    d[init_grad] = runtime.unbroadcast(d[y], init_grad)


@multilinear(runtime.dot_adjoint_a, result=_gradient_of("a"))
def dot_adjoint_a(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.dot(d[y], b), g)
    d[b] = runtime.dot_adjoint_b(g, d[y], b)


@multilinear(runtime.dot_adjoint_b, result=_gradient_of("b"))
def dot_adjoint_b(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.dot(a, d[y]), g)
    d[a] = runtime.dot_adjoint_a(g, a, d[y])


@multilinear(runtime.matmul_adjoint_a, result=_gradient_of("a"))
def matmul_adjoint_a(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.matmul(d[y], b), g)
    d[b] = runtime.matmul_adjoint_b(g, d[y], b)


@multilinear(runtime.matmul_adjoint_b, result=_gradient_of("b"))
def matmul_adjoint_b(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.matmul(a, d[y]), g)
    d[a] = runtime.matmul_adjoint_a(g, a, d[y])


@multilinear(runtime.inner_adjoint_a, result=_gradient_of("a"))
def inner_adjoint_a(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.inner(d[y], b), g)
    d[b] = runtime.inner_adjoint_b(g, d[y], b)


@multilinear(runtime.inner_adjoint_b, result=_gradient_of("b"))
def inner_adjoint_b(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.inner(a, d[y]), g)
    d[a] = runtime.inner_adjoint_a(g, a, d[y])


@multilinear(runtime.outer_adjoint_a, result=_gradient_of("a"))
def outer_adjoint_a(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.outer(d[y], b), g)
    d[b] = runtime.outer_adjoint_b(g, d[y], b)


@multilinear(runtime.outer_adjoint_b, result=_gradient_of("b"))
def outer_adjoint_b(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.outer(a, d[y]), g)
    d[a] = runtime.outer_adjoint_a(g, a, d[y])


@multilinear(runtime.tensordot_adjoint_a, result=_gradient_of("a"))
def tensordot_adjoint_a(y, g, a, b, axes=2):
    d[g] = runtime.unbroadcast(numpy.tensordot(d[y], b, axes), g)
    d[b] = runtime.tensordot_adjoint_b(g, d[y], b, axes)


@multilinear(runtime.tensordot_adjoint_b, result=_gradient_of("b"))
def tensordot_adjoint_b(y, g, a, b, axes=2):
    d[g] = runtime.unbroadcast(numpy.tensordot(a, d[y], axes), g)
    d[a] = runtime.tensordot_adjoint_a(g, a, d[y], axes)


@multilinear(runtime.kron_adjoint_a, result=_gradient_of("a"))
def kron_adjoint_a(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.kron(d[y], b), g)
    d[b] = runtime.kron_adjoint_b(g, d[y], b)


@multilinear(runtime.kron_adjoint_b, result=_gradient_of("b"))
def kron_adjoint_b(y, g, a, b):
    d[g] = runtime.unbroadcast(numpy.kron(a, d[y]), g)
    d[a] = runtime.kron_adjoint_a(g, a, d[y])


@elementwise(runtime.power_partial)
def power_partial(y, a, b):
    return runtime.falling_power(a, b, 2), runtime.falling_power_exponent(a, b, 1)


@elementwise(runtime.falling_power)
def falling_power(y, a, b, k):
    return runtime.falling_power(a, b, k + 1), runtime.falling_power_exponent(a, b, k), None


@elementwise(runtime.sinc_partial)
def sinc_partial(y, x):
    return runtime.sinc_curvature(x)


@elementwise(runtime.safe_log)
def safe_log(y, a):
    return numpy.not_equal(a, 0) / numpy.add(a, numpy.equal(a, 0))


@linear(runtime.cumsum_adjoint, result=_gradient_of("a"))
def cumsum_adjoint(y, g, a, axis=None):
    d[g] = runtime.reshape_like(numpy.cumsum(d[y], axis), g)


@linear(runtime.diag_adjoint, result=_gradient_of("v"))
def diag_adjoint(y, g, v, k=0):
    d[g] = runtime.unbroadcast(numpy.diag(d[y], k), g)


@linear(runtime.diff_adjoint, result=_gradient_of("a"))
def diff_adjoint(y, g, a, n=1, axis=-1):
    d[g] = runtime.unbroadcast(numpy.diff(d[y], n, axis), g)


@linear(runtime.transpose_adjoint, result=_gradient_of("a"), alias=("g",))
def transpose_adjoint(y, g, a, axes=None):
    d[g] = runtime.transpose_adjoint(d[y], g, runtime.inverse_axes(axes))


@linear(runtime.sort_adjoint, result=_gradient_of("a"))
def sort_adjoint(y, g, a, axis=-1):
    d[g] = runtime.unbroadcast(runtime.sort_tangent(d[y], a, axis), g)


@linear(runtime.sort_tangent)
def sort_tangent(y, da, a, axis=-1):
    d[da] = runtime.unbroadcast(runtime.sort_adjoint(d[y], a, axis), da)


@linear(runtime.sorted_adjoint)
def sorted_adjoint(y, g, xs, reverse=False):
    d[g] = runtime.sorted_tangent(d[y], xs, reverse)


@linear(runtime.sorted_tangent, result=constantly(Kind("list")))
def sorted_tangent(y, dxs, xs, reverse=False):
    d[dxs] = runtime.sorted_adjoint(d[y], xs, reverse)


@linear(runtime.weigh)
def weigh(y, g, weights):
    d[g] = runtime.weigh(d[y], weights)


@adjoint(runtime.einsum_adjoint)
def einsum_adjoint(y, g, place, *operands):
    d[g] = runtime.unbroadcast(runtime.einsum_with(d[y], place, *operands), g)
    d[operands] = runtime.einsum_other_adjoint(g, each, d[y], place, *operands)


@einsum_adjoint.tangent
def einsum_adjoint_tangent(y, g, place, *operands):
    d[y] = runtime.einsum_adjoint_tangent(d[g], d[operands], g, place, *operands)


@adjoint(runtime.product_of_others)
def product_of_others(y, a, axis=None):
    d[a] = runtime.like(runtime.product_of_others_tangent(d[y], a, axis), a)


@product_of_others.tangent
def product_of_others_tangent(y, a, axis=None):
    d[y] = runtime.product_of_others_tangent(d[a], a, axis)


@linear(runtime.diagonal_adjoint, result=_gradient_of("a"))
def diagonal_adjoint(y, g, a, offset=0, axis1=0, axis2=1):
    d[g] = runtime.unbroadcast(numpy.diagonal(d[y], offset, axis1, axis2), g)


@linear(runtime.repeat_adjoint, result=_gradient_of("a"))
def repeat_adjoint(y, g, a, repeats, axis=None):
    d[g] = runtime.unbroadcast(numpy.repeat(d[y], repeats, axis), g)


@linear(runtime.tile_adjoint, result=_gradient_of("a"))
def tile_adjoint(y, g, a, reps):
    d[g] = runtime.unbroadcast(numpy.tile(d[y], reps), g)


@linear(runtime.take_adjoint, result=_gradient_of("a"))
def take_adjoint(y, g, a, indices, axis=None, mode="raise"):
    d[g] = runtime.unbroadcast(numpy.take(d[y], indices, axis, mode=mode), g)


@linear(runtime.join_adjoint)
def join_adjoint(result, g, arrays, axis=0):
    d[g] = numpy.concatenate(d[result], axis)


@linear(runtime.join_adjoint)
def join_adjoint_of_layout(result, g, arrays, axis, layout):
    d[g] = runtime.laid_out(d[result], layout)


@linear(runtime.stack_adjoint, alias=("g",))
def stack_adjoint(y, g, arrays, axis=0):
    d[g] = numpy.stack(d[y], axis)


@linear(runtime.spread, result=_gradient_of("xs"))
def spread(y, g, xs):
    d[g] = runtime.unbroadcast(sum(d[y]), g)


@linear(runtime.pick_adjoint, result=_gradient_of("xs"), alias=("g",))
def pick_adjoint(result, g, xs, y):
    d[g] = runtime.pick(d[result], xs, y)


@linear(runtime.pick, alias=("xs",))
def pick(result, xs, values, y):
    d[xs] = runtime.pick_adjoint(d[result], values, y)


@linear(runtime.extremum_adjoint, result=_gradient_of("a"))
def extremum_adjoint(result, g, a, y, axis=None, keepdims=False):
    share = runtime.extremum_adjoint(numpy.ones_like(y), a, y, axis, keepdims)
    d[g] = runtime.unbroadcast(numpy.sum(d[result] * share, axis, keepdims=keepdims), g)


nondifferentiable(runtime.zeros_list, result=constantly(Kind("list")))
