"""The helpers that generated code calls where kinds are not certain.

    bx = tangent.unbroadcast(by * w, x)      # right for a number, a list, an array of any shape and
    dtype

All are pure functions of numbers, arrays and (nested) lists, the common case first; `add_at` and
`write` alone write into their first argument. A gradient has the structure and shape of its primal
and its *float dtype*: the primal's own dtype where that is float or complex, float64 for integers
and booleans. Inside generated code the adjoint of a list or tuple of numbers is an array; what is
returned has the argument's form (`gradient_like`). A complex adjoint of a real value is cut to its real part, as in HIPS autograd and JAX.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import ndarray

from tangent import (
    runtime_calls,
    runtime_creation,
    runtime_decompositions,
    runtime_fft,
    runtime_linalg,
    runtime_norms,
    runtime_places,
    runtime_polynomials,
    runtime_products,
    runtime_samples,
    runtime_scans,
    runtime_statistics,
    runtime_structures,
)
from tangent.runtime_arrays import (
    cumprod_adjoint,
    cumprod_tangent,
    cumsum_adjoint,
    diag_adjoint,
    diagonal_adjoint,
    diff_adjoint,
    extremum_adjoint,
    falling_power,
    falling_power_exponent,
    inverse_axes,
    power_partial,
    product_of_others,
    product_of_others_tangent,
    repeat_adjoint,
    safe_log,
    sinc_curvature,
    sinc_partial,
    sort_adjoint,
    sort_tangent,
    tile_adjoint,
    transpose_adjoint,
    weigh,
)
from tangent.runtime_calls import *  # noqa: F403
from tangent.runtime_checks import (
    check_apart,
    check_copied,
    check_foreign,
    check_layout,
    check_length,
    check_no_union,
    check_operand,
    check_scalar,
    check_sequence,
    check_slice,
    check_storage,
    check_view,
    same_view,
    scalar_seed,
    seed,
    sequence,
    shares,
)
from tangent.runtime_containers import Items
from tangent.runtime_creation import *  # noqa: F403
from tangent.runtime_decompositions import *  # noqa: F403
from tangent.runtime_fft import *  # noqa: F403
from tangent.runtime_inplace import (
    along_index,
    check_ndarray,
    cycle,
    diagonal_index,
    mask_of,
    masked_cycle,
    outer_operand,
    put_index,
    same_size_mask,
    selected,
    selected_adjoint,
)
from tangent.runtime_linalg import *  # noqa: F403
from tangent.runtime_norms import *  # noqa: F403
from tangent.runtime_numbers import digamma, dist_adjoint, dist_tangent
from tangent.runtime_places import *  # noqa: F403
from tangent.runtime_polynomials import *  # noqa: F403
from tangent.runtime_products import *  # noqa: F403
from tangent.runtime_samples import *  # noqa: F403
from tangent.runtime_scans import *  # noqa: F403
from tangent.runtime_statements import (
    check_array,
    entered,
    is_mapping,
    is_sequence,
    item_adjoint,
    sorted_adjoint,
    sorted_tangent,
    strict,
)
from tangent.runtime_statistics import *  # noqa: F403
from tangent.runtime_structures import *  # noqa: F403
from tangent.runtime_tangents import broadcast_like, direction, write
from tangent.runtime_values import (
    add,
    are_numbers,
    as_array,
    astype_adjoint,
    astype_tangent,
    expand,
    filled,
    float_dtype,
    full_like,
    keep,
    like,
    of_structure,
    operand,
    reshape_like,
    shape_of,
    unbroadcast,
    zeros_like,
    zeros_list,
)

__all__ = [
    "add",
    "add_at",
    "along_index",
    "are_numbers",
    "astype_adjoint",
    "astype_tangent",
    "broadcast_like",
    "check_apart",
    "check_array",
    "check_copied",
    "check_foreign",
    "check_layout",
    "check_length",
    "check_ndarray",
    "check_no_union",
    "check_operand",
    "check_scalar",
    "check_sequence",
    "check_slice",
    "check_storage",
    "check_view",
    "cumprod_adjoint",
    "cumprod_tangent",
    "cumsum_adjoint",
    "cycle",
    "diag_adjoint",
    "diagonal_adjoint",
    "diagonal_index",
    "diff_adjoint",
    "digamma",
    "direction",
    "dist_adjoint",
    "dist_tangent",
    "entered",
    "expand",
    "extremum_adjoint",
    "falling_power",
    "falling_power_exponent",
    "float_dtype",
    "full_like",
    "inverse_axes",
    "is_mapping",
    "is_sequence",
    "item_adjoint",
    "join_adjoint",
    "keep",
    "laid_out",
    "last_writes",
    "like",
    "mask_of",
    "masked_cycle",
    "operand",
    "outer_operand",
    "pick",
    "pick_adjoint",
    "place_last",
    "power_partial",
    "product_of_others",
    "product_of_others_tangent",
    "put_index",
    "repeat_adjoint",
    "reshape_like",
    "safe_log",
    "same_size_mask",
    "same_view",
    "scalar_seed",
    "seed",
    "selected",
    "selected_adjoint",
    "sequence",
    "shape_of",
    "shares",
    "sinc_curvature",
    "sinc_partial",
    "sort_adjoint",
    "sort_tangent",
    "sorted_adjoint",
    "sorted_tangent",
    "spread",
    "stack_adjoint",
    "strict",
    "take_adjoint",
    "take_last",
    "tile_adjoint",
    "transpose_adjoint",
    "unbroadcast",
    "weigh",
    "write",
    "zeros_like",
    "zeros_list",
]
__all__ += runtime_calls.__all__
__all__ += runtime_creation.__all__
__all__ += runtime_decompositions.__all__
__all__ += runtime_fft.__all__
__all__ += runtime_linalg.__all__
__all__ += runtime_norms.__all__
__all__ += runtime_polynomials.__all__
__all__ += runtime_products.__all__
__all__ += runtime_places.__all__
__all__ += runtime_samples.__all__
__all__ += runtime_scans.__all__
__all__ += runtime_statistics.__all__
__all__ += runtime_structures.__all__


# --- indexed adjoints ---------------------------------------------------------------------------


def may_repeat(index: Any) -> bool:
    """Whether an index holds integer arrays, so that it may name one element several times.

    >>> may_repeat((slice(None), 2)), may_repeat([0, 0]), may_repeat(numpy.array([True, False]))
    (False, True, False)
    """
    for part in index if isinstance(index, tuple) else (index,):
        if type(part) is int or type(part) is slice:
            continue
        if isinstance(part, list):
            part = numpy.asarray(part)
        if isinstance(part, numpy.ndarray) and part.ndim > 0 and part.dtype.kind in "iu":
            return True
    return False


def add_at(target: Any, index: Any, value: Any) -> None:
    """Accumulate `target[index] += value` in place, counting every repeat of an index.

    >>> b = numpy.zeros(3)
    >>> add_at(b, [0, 2, 0], numpy.array([1.0, 2.0, 3.0])); b
    array([4., 0., 2.])
    >>> c = [1.0, numpy.zeros(2)]
    >>> add_at(c, 1, numpy.ones(2)); c
    [1.0, array([1., 1.])]
    """
    if type(target) is ndarray and (type(index) in (int, slice) or not may_repeat(index)):
        if isinstance(value, float) or (type(value) is ndarray and value.dtype is target.dtype):
            target[index] += value
            return
    if isinstance(target, numpy.ndarray):
        if target.dtype.kind != "c" and numpy.iscomplexobj(value):
            value = numpy.real(value)
        if may_repeat(index):
            numpy.add.at(target, index, value)
        else:
            target[index] += value
    elif isinstance(index, slice):
        places = range(*index.indices(len(target)))
        for place, part in zip(places, value, strict=True):
            target[place] = add(target[place], part)
    else:
        target[index] = add(target[index], value)


def last_writes(shape: tuple[int, ...], index: Any) -> numpy.ndarray:
    """For a write `S[index] = e` to an array of some shape: which elements of `e` stay.

    An integer index may name an element several times; NumPy keeps the last value.

    >>> last_writes((3,), [0, 1, 0])
    array([False,  True,  True])
    """
    writer = numpy.zeros(shape, dtype=numpy.intp)
    selected = numpy.shape(writer[index])
    number = numpy.arange(numpy.prod(selected, dtype=numpy.intp)).reshape(selected)
    writer[index] = number
    return writer[index] == number


def take_last(target: Any, index: Any) -> Any:
    """A copy of the adjoint of what `S[index] = e` wrote, where the adjoint of `S` is `target`.

    A value that a later one of the same write replaced receives zero.

    >>> take_last(numpy.array([1.0, 2.0, 3.0]), [0, 1, 0])
    array([0., 2., 1.])
    """
    if type(index) not in (int, slice) and isinstance(target, ndarray) and may_repeat(index):
        return numpy.where(last_writes(target.shape, index), target[index], target.dtype.type(0))
    return keep(target[index])


def place_last(g: Any, target: Any, index: Any) -> Any:
    """Adjoint of `take_last(target, index)`: `g` where it was taken from, zero elsewhere.

    >>> place_last(numpy.array([1.0, 2.0, 3.0]), numpy.zeros(3), [0, 1, 0])
    array([3., 2., 0.])
    """
    out = zeros_like(target)
    if isinstance(out, ndarray) and may_repeat(index):
        g = numpy.where(last_writes(out.shape, index), g, out.dtype.type(0))
    add_at(out, index, g)
    return out


def take_adjoint(g: Any, a: Any, indices: Any, axis: Any = None, mode: str = "raise") -> Any:
    """Adjoint of `numpy.take(a, indices, axis, mode=mode)`.

    >>> take_adjoint(numpy.array([1.0, 2.0]), numpy.zeros(3), [2, 2])
    array([0., 0., 3.])
    """
    out = numpy.zeros(numpy.shape(a), dtype=float_dtype(a))
    if mode != "raise":
        n = out.size if axis is None else out.shape[axis]
        indices = numpy.mod(indices, n) if mode == "wrap" else numpy.clip(indices, 0, n - 1)
    if axis is None:
        numpy.add.at(out.reshape(-1), indices, g)
    else:
        front = numpy.moveaxis(out, axis, 0)
        rank = numpy.ndim(indices)
        place = axis % numpy.ndim(a)
        moved = numpy.moveaxis(g, tuple(range(place, place + rank)), tuple(range(rank)))
        numpy.add.at(front, indices, moved)
    return like(out, a)


# --- sequences ----------------------------------------------------------------------------------


def spread(g: Any, xs: Any) -> Any:
    """Adjoint of the builtin `sum(xs)`: `g` for every element.

    >>> spread(2.0, [1, 3.0])
    array([2., 2.])
    >>> spread(numpy.ones(2), [numpy.zeros(2), 1.0])
    [array([1., 1.]), 2.0]
    >>> spread(numpy.array([1.0, 2.0]), numpy.zeros((2, 2)))
    array([[1., 2.],
           [1., 2.]])
    """
    xs = as_array(xs)
    if isinstance(xs, numpy.ndarray):
        return filled(xs, g)
    return Items([unbroadcast(keep(g), x) for x in xs])


def pick_adjoint(g: Any, xs: Any, y: Any) -> Any:
    """Adjoint of the builtins `max(xs)` and `min(xs)`: all goes to the first element equal to `y`.

    >>> pick_adjoint(2.0, [1.0, 3.0, 3.0], 3.0)
    array([0., 2., 0.])
    """
    out = zeros_like(xs)
    for i in range(len(xs)):
        if xs[i] == y:
            out[i] = unbroadcast(g, xs[i])
            break
    return out


def pick(xs: Any, values: Any, y: Any) -> Any:
    """The element of `xs` at the first place where `values` is `y`.

    >>> pick([10.0, 20.0, 30.0], [1.0, 3.0, 3.0], 3.0)
    20.0
    """
    for i in range(len(values)):
        if values[i] == y:
            return xs[i]
    raise ValueError("no element is equal to the result")


def join_adjoint(g: Any, arrays: Any, axis: Any = 0, layout: str = "") -> Any:
    """Adjoint of `numpy.concatenate(arrays, axis)`, in the structure of `arrays`.

    Args:
        g: the adjoint of the joined array.
        arrays: what was joined.
        axis: along which axis, or None for flattened arrays.
        layout: how elements of few dimensions were first reshaped: `"rows"` for `vstack`, `"flat"`
            for `hstack`, `"columns"` for `column_stack`, `"depth"` for `dstack`.

    >>> join_adjoint(numpy.array([1.0, 2.0, 3.0]), ([0.0], numpy.zeros(2)))
    [array([1.]), array([2., 3.])]
    """
    if axis is None:
        lengths = [numpy.size(x) for x in arrays]
        pieces = numpy.split(g, numpy.cumsum(lengths)[:-1])
    else:
        lengths = [_laid_out(x, layout)[axis] for x in arrays]
        pieces = numpy.split(g, numpy.cumsum(lengths)[:-1], axis)
    parts = [
        like(numpy.reshape(piece, numpy.shape(x)).copy(), x)
        for piece, x in zip(pieces, arrays, strict=True)
    ]
    return of_structure(parts, arrays)


def laid_out(arrays: Any, layout: str) -> Any:
    """Arrays joined in a layout of `join_adjoint`.

    >>> laid_out([[1.0], [2.0]], "rows")
    array([[1.],
           [2.]])
    """
    layouts: dict[str, Any] = {
        "flat": numpy.hstack,
        "rows": numpy.vstack,
        "columns": numpy.column_stack,
        "depth": numpy.dstack,
    }
    return layouts[layout](arrays)


def _laid_out(x: Any, layout: str) -> tuple[int, ...]:
    """The shape in which an array is joined."""
    shape = numpy.shape(x)
    if layout == "flat":
        return shape or (1,)
    if layout == "columns":
        return shape if len(shape) > 1 else (*shape, 1) if shape else (1, 1)
    if layout == "rows":
        return shape if len(shape) > 1 else (1, *shape) if shape else (1, 1)
    if layout == "depth":
        return numpy.atleast_3d(numpy.broadcast_to(0.0, shape)).shape
    return shape


def stack_adjoint(g: Any, arrays: Any, axis: Any = 0) -> Any:
    """Adjoint of `numpy.stack(arrays, axis)`, in the structure of `arrays`.

    >>> stack_adjoint(numpy.array([[1.0], [2.0]]), (3.0, 4.0))
    array([1., 2.])
    """
    parts = [
        like(numpy.reshape(piece, numpy.shape(x)), x)
        for piece, x in zip(numpy.moveaxis(g, axis, 0), arrays, strict=True)
    ]
    return of_structure(parts, arrays)
