"""Joining and splitting: concatenate, stack and their like.

y = np.concatenate((a, b))     ā, b̄ += parts of ȳ
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import NONE, Kind, precision_of, promote, strong
from tangent.recipes.registry import d, fixed, linear
from tangent.recipes.results import constantly, dtype_name, is_none


def _joined(more: int, parameter: str = "arrays"):
    """Rule: the rank of the elements and `more`, their dtype."""

    def rule(k):
        items = getattr(k, parameter).items
        if not items:
            return Kind("array")
        dtype, floats = promote([strong(i) for i in items])
        if not is_none(getattr(k, "dtype", NONE)):
            dtype = dtype_name(k.dtype, None)
            floats = precision_of(dtype)
        ranks = {i.rank if i.is_array else 0 if i.is_number else None for i in items}
        rank = ranks.pop() if len(ranks) == 1 else None
        if hasattr(k, "axis") and is_none(k.axis):
            rank = 1
        elif rank is not None:
            rank += more
        return Kind("array", dtype, rank, None, None if floats == "weak" else floats)

    return rule


@linear(numpy.concatenate, result=_joined(0))
def concatenate(y, arrays, axis=0, out: fixed = None, *, dtype=None, casting="same_kind"):
    d[arrays] = runtime.join_adjoint(d[y], arrays, axis)


@linear(numpy.stack, result=_joined(1))
def stack(y, arrays, axis=0, out: fixed = None, *, dtype=None, casting="same_kind"):
    d[arrays] = runtime.stack_adjoint(d[y], arrays, axis)


def _at_least(rank: int):
    """Rule of `vstack` and its like: some rank is certain only where all elements have one."""

    def rule(k):
        kind = _joined(0, "tup")(k)
        known = kind.rank is not None
        return Kind(
            "array", kind.dtype, max(kind.rank, rank) if known else None, None, kind.precision
        )

    return rule


@linear(numpy.vstack, result=_at_least(2))
def vstack(y, tup, *, dtype=None, casting="same_kind"):
    d[tup] = runtime.join_adjoint(d[y], tup, 0, "rows")


@linear(numpy.hstack, result=_at_least(1))
def hstack(y, tup, *, dtype=None, casting="same_kind"):
    d[tup] = runtime.join_adjoint(d[y], tup, 1 if numpy.ndim(tup[0]) > 1 else 0, "flat")


@linear(numpy.column_stack, result=_at_least(2))
def column_stack(y, tup):
    d[tup] = runtime.join_adjoint(d[y], tup, 1, "columns")


@linear(numpy.dstack, result=_at_least(3))
def dstack(y, tup):
    d[tup] = runtime.join_adjoint(d[y], tup, 2, "depth")


@linear(
    numpy.append,
    result=lambda k: _joined(0)(
        type(k)(arrays=Kind("tuple", items=(k.arr, k.values)), axis=k.axis)
    ),
)
def append(y, arr, values, axis=None):
    d[arr] = runtime.join_adjoint(d[y], (arr, values), axis)[0]
    d[values] = runtime.join_adjoint(d[y], (arr, values), axis)[1]


@linear(numpy.split, numpy.array_split, result=lambda k: Kind("list"), alias=("ary",))
def split(y, ary, indices_or_sections, axis=0):
    d[ary] = runtime.like(numpy.concatenate(d[y], axis), ary)


@linear(numpy.vsplit, result=constantly(Kind("list")), alias=("ary",))
def vsplit(y, ary, indices_or_sections):
    d[ary] = runtime.like(numpy.concatenate(d[y], 0), ary)


@linear(numpy.hsplit, result=constantly(Kind("list")), alias=("ary",))
def hsplit(y, ary, indices_or_sections):
    d[ary] = runtime.like(numpy.concatenate(d[y], 1 if numpy.ndim(ary) > 1 else 0), ary)


@linear(numpy.dsplit, result=constantly(Kind("list")), alias=("ary",))
def dsplit(y, ary, indices_or_sections):
    d[ary] = runtime.like(numpy.concatenate(d[y], 2), ary)


if hasattr(numpy, "unstack"):  # NumPy 2.1

    @linear(numpy.unstack, result=constantly(Kind("tuple")), alias=("x",))
    def unstack(y, x, *, axis=0):
        d[x] = runtime.like(numpy.stack(d[y], axis), x)


@linear(numpy.block, result=constantly(Kind("array")))
def block(y, arrays):
    d[arrays] = runtime.block_adjoint(d[y], arrays)


@linear(numpy.meshgrid, result=constantly(Kind("tuple")))
def meshgrid(y, *xi, copy=True, sparse=False, indexing="xy"):
    d[xi] = runtime.meshgrid_adjoint(d[y], xi, indexing)


@linear(numpy.broadcast_arrays, result=constantly(Kind("tuple")), alias=("args",))
def broadcast_arrays(y, *args, subok=False):
    d[args] = runtime.unbroadcast_all(d[y], args)


@linear(numpy.ix_, result=constantly(Kind("tuple")), alias=("args",))
def ix_(y, *args):
    d[args] = runtime.reshape_all(d[y], args)
