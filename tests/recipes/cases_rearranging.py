"""Cases for functions that rearrange, join, choose and make arrays."""

from __future__ import annotations

import numpy
from numpy.lib.stride_tricks import sliding_window_view

from tangent import runtime
from tests.recipes.cases import array, case, complexes

# ---- rearranging ----------------------------------------------------------------------------

case(numpy.delete, array(4), 1)
case(numpy.delete, array(3, 4), [0, 2], axis=1)
case(numpy.delete, array(3, 4), slice(0, 2), 0)
case(numpy.delete, array(2, 2), 1)
case(numpy.delete, array(3, dtype="float32"), -1)
case(numpy.insert, array(3), 1, 0.5)
case(numpy.insert, array(3), [0, 2], array(2))
case(numpy.insert, array(2, 3), 1, array(2), axis=1)
case(numpy.insert, array(2, 3), 1, 0.5, 0)
case(numpy.insert, array(2, 2), 1, 0.5)
case(numpy.insert, array(3, dtype="float32"), 1, 0.5)
case(numpy.resize, array(3), (2, 4))
case(numpy.resize, array(2, 3), 4)
case(numpy.trim_zeros, array(3))  # with zeros: tests/recipes/test_numpy.py
case(numpy.pad, array(3), 2)
case(numpy.pad, array(2, 3), ((1, 0), (0, 2)))
case(numpy.pad, array(2, 3), 1, constant_values=0.5)
case(numpy.pad, array(2, 3), (1, 2), constant_values=((0.5, 0.25), (0.1, 0.2)))
for mode in ("constant", "edge", "wrap", "reflect", "symmetric", "linear_ramp", "mean"):
    case(numpy.pad, array(3), (2, 3), mode)
    case(numpy.pad, array(3, 4), ((1, 2), (2, 0)), mode=mode)
    case(numpy.pad, array(3, dtype="float32"), 2, mode)
case(numpy.pad, array(3), 2, mode="linear_ramp", end_values=0.5, wrt="array")
case(numpy.pad, array(4), 2, mode="mean", stat_length=2)
for mode in ("reflect", "symmetric"):
    case(numpy.pad, array(3, 3), (1, 2), mode, reflect_type="odd")
case(numpy.compress, [True, False, True], array(3))
case(numpy.compress, [True, False, True], array(2, 3), axis=1)
case(numpy.compress, [True, False, True], array(2, 3))
case(numpy.ndarray.compress, array(2, 3), [False, True], 0)
case(numpy.extract, [True, False, True], array(3))
case(numpy.extract, [[True], [False]], array(2, 1))
for indices, axis in (
    (numpy.array([[0, 0], [2, 1]]), 1), (numpy.array([[1, 0, 1]]), 0),
    (numpy.array([[-1]]), -1), (numpy.array([4, 4, 0]), None),
):  # fmt: skip
    case(numpy.take_along_axis, array(2, 3), indices, axis)
for f in (numpy.take, numpy.ndarray.take):
    case(f, array(4), [0, 5, -1], mode="wrap")
    case(f, array(3, 4), [0, 5, -1], 1, mode="clip")
case(numpy.choose, [0, 1, 0], [array(3), array(3)])
case(numpy.choose, numpy.array([[0, 1], [1, 0]]), (array(2), 0.5))
case(numpy.choose, [0, 3, -1], array(2, 3), mode="wrap")
case(numpy.choose, [0, 3, -1], array(2, 3), mode="clip")
case(numpy.ndarray.choose, numpy.array([0, 1, 0]), [array(3), array(3)])
for default in (0, 0.5, array(3)):
    case(
        numpy.select,
        [numpy.array([True, False, False]), numpy.array([True, True, False])],
        [array(3), array(3)],
        default,
    )
case(numpy.select, [[True, False, False]], [array(2, 3)], default=0.5)
case(sliding_window_view, array(5), 3)
case(sliding_window_view, array(3, 4), (2, 2))
case(sliding_window_view, array(3, 4), 2, axis=1)
case(numpy.partition, array(6), 2)
case(numpy.partition, array(3, 4), 1, axis=0)
case(numpy.partition, array(2, 3), (1, 2), axis=None)
case(numpy.sort, array(2, 4), kind="stable")
case(numpy.sort, array(4), stable=True)
case(numpy.sort_complex, complexes(4))
case(numpy.sort_complex, array(4))
case(numpy.rollaxis, array(2, 3, 4), 2)
case(numpy.rollaxis, array(2, 3, 4), 0, 3)
case(numpy.rollaxis, array(2, 3, 4), -1, start=-2)
case(numpy.flip, m=array(2, 3), axis=0)
case(numpy.nan_to_num, numpy.array([0.5, numpy.nan, numpy.inf]), nan=0.25, posinf=2.0, wrt="x")
case(numpy.real_if_close, array(3))
case(numpy.real_if_close, complexes(3))

# ---- by values ------------------------------------------------------------------------------

some = numpy.array([0.5, 0.2, 0.9, 0.7])
other = numpy.array([0.9, 0.1, 0.2])
case(numpy.unique, some)
case(numpy.unique, array(2, 3))
case(numpy.unique, some, return_index=True)
case(numpy.unique, some, return_inverse=True, return_counts=True)
case(numpy.unique_values, some)
for f in (numpy.unique_all, numpy.unique_counts, numpy.unique_inverse):
    case(f, some)
case(numpy.union1d, some, array(3))
case(numpy.setxor1d, some, array(3))
case(numpy.setdiff1d, some, array(3))
case(numpy.setdiff1d, [3.0, 1.0, 3.0, 2.0], [5.0], assume_unique=True)  # in their order, repeated
case(numpy.intersect1d, some, other.copy(), wrt=())

# ---- joining --------------------------------------------------------------------------------

case(numpy.concatenate, (array(2), array(3)), dtype="float64")
case(numpy.stack, (array(2), array(2)), dtype="float64")
case(numpy.vstack, (array(2, 2), array(1, 2)), dtype="float64")
for f, shape in ((numpy.vsplit, (4, 2)), (numpy.hsplit, (2, 4)), (numpy.dsplit, (1, 2, 4))):
    case(f, array(*shape), 2)
    case(f, array(*shape), [1, 2])
case(numpy.hsplit, array(4), 2)
case(numpy.unstack, array(2, 3))
case(numpy.unstack, array(2, 3), axis=1)
case(numpy.block, [array(2), array(3)])
case(numpy.block, [[array(2, 2), array(2, 1)], [array(1, 2), array(1, 1)]])
case(numpy.block, [[array(2)], [array(2)]])
case(numpy.block, [0.5, array(2)])
case(numpy.block, array(3))
for options in ({}, {"indexing": "ij"}, {"sparse": True}, {"sparse": True, "indexing": "ij"}):
    case(numpy.meshgrid, array(2), array(3), **options)
    case(numpy.meshgrid, array(2), array(3), array(2), **options)
case(numpy.meshgrid, array(2), 0.5)
case(numpy.meshgrid, array(2))
case(numpy.broadcast_arrays, array(2, 1), array(3))
case(numpy.broadcast_arrays, array(2), 0.5)
case(numpy.ix_, array(2), array(3))

# ---- creation -------------------------------------------------------------------------------

case(numpy.linspace, array(2), array(2), 4, axis=1)
case(numpy.linspace, array(2, 1), array(3), 4, True, axis=-1)
case(numpy.linspace, 0.5, 2.0, 3, retstep=True)
case(numpy.linspace, 0.5, 2.0, num=3, dtype="float32")
case(numpy.linspace, 0.5, array(2), num=3, endpoint=False)
case(numpy.linspace, 0.5 + 1j, 2.0, 3)
case(numpy.logspace, 0.5, 1.0, 4)
case(numpy.logspace, 0.5, array(2), 4, base=2.0)
case(numpy.logspace, 0.5, 1.0, 3, endpoint=False, base=3.0)
case(numpy.geomspace, 0.5, 4.0, 4)
case(numpy.geomspace, array(2), 4.0, 3, axis=-1)
case(numpy.geomspace, 0.5, 4.0, num=3, endpoint=False)
case(numpy.array, [array(2), array(2)], ndmin=3)
case(numpy.array, array(2), copy=True, order="F")
case(numpy.asarray, array(2), None, "C")
case(numpy.copy, array(2, 3), order="F")
case(numpy.full, (2,), 0.5, None, "F")
case(numpy.full_like, array(2), 0.5, dtype="float32", wrt="fill_value")
case(numpy.fromiter, [0.5, 0.25], "float64")
case(numpy.fromiter, [0.5, 0.25], float, count=2)
case(numpy.asarray_chkfinite, array(2))
case(numpy.asarray_chkfinite, [0.5, 0.25], "float32")
case(numpy.require, array(2), "float32", ["C"])
case(numpy.astype, array(2), numpy.float32)
case(numpy.astype, array(2), numpy.int64, copy=False)
for t in (numpy.longdouble, numpy.complex64, numpy.complex128, numpy.clongdouble):
    case(t, 0.5)
case(numpy.float16, numpy.float16(0.5), wrt=())
case(numpy.kaiser, 5, 2.5)
case(numpy.kaiser, 1, 2.5)

# ---- helpers --------------------------------------------------------------------------------

places = numpy.array([2, 0, 3])
case(runtime.place_at, array(3), places, array(4), wrt="g")
case(runtime.scatter, array(3), numpy.array([2, 0, 2]), array(2, 2), wrt="g")
case(runtime.gather, array(2, 2), numpy.array([2, 0, 2]))
case(runtime.take_along_adjoint, array(2, 1), array(2, 3), numpy.array([[1], [0]]), 1, wrt="g")
case(runtime.unpad, array(4), array(2), 1, wrt="g")
case(runtime.permute_adjoint, array(3), some[:3], numpy.sort(some[:3]), wrt="g")
case(runtime.permute_tangent, array(3), some[:3], numpy.sort(some[:3]), wrt="da")
f, g, pairs = array(4), array(4), (array(2, 2), array(2, 2))
case(runtime.gradient_adjoint, g, f, (0.5,), wrt=("g", "varargs"))
case(runtime.gradient_adjoint, pairs, array(2, 2), (), wrt="g")
case(runtime.gradient_adjoint, pairs, array(2, 2), (0.5, 0.25), wrt=("g", "varargs"))
case(
    runtime.gradient_spacing_adjoint, g, numpy.gradient(f, 0.5), f, (0.5,),
    wrt=("g", "y", "varargs"),
)  # fmt: skip
case(runtime.meshgrid_adjoint, [array(2, 3), array(2, 3)], (array(3), array(2)), wrt="g")
case(runtime.meshgrid_again, [array(3), array(2)], [array(2, 3), array(2, 3)], wrt="parts")
case(runtime.diff_parts, array(4), array(3), 1, -1, 0.5, 0.3, wrt="g")
case(runtime.ediff_parts, array(4), array(3), 0.5, [0.2], wrt="g")
case(runtime.insert_parts, array(4), array(3), 1, 0.5, wrt="g")
found = numpy.sort(other)
case(runtime.found_adjoint, array(3), found, other, wrt="g")
case(runtime.found_adjoint, array(3), found, other, some, wrt="g")
case(runtime.found_tangent, [array(3)], found, other, wrt="tangents")
case(runtime.found_tangent, [array(3), array(4)], found, other, some, wrt="tangents")
case(runtime.pad_adjoint, array(5), array(3), 1, "reflect", wrt="g")
case(runtime.pad_tangent, array(3), array(3), 1, "reflect", wrt="da")
case(runtime.pad_constants_adjoint, array(5), array(3), 1, 0.5, wrt="g")
case(runtime.choose_adjoint, array(3), [0, 1, 0], [array(3), array(3)], wrt="g")
case(runtime.select_adjoint, array(2), [[True, False]], [array(2)], wrt="g")
case(runtime.select_default_adjoint, array(2), [[True, False]], 0.5, wrt="g")
case(runtime.reshape_all, [array(1, 2)], (array(2),), wrt="g")
case(runtime.unbroadcast_all, [array(1, 2)], (array(2),), wrt="g")
case(runtime.block_adjoint, array(3), [array(2), array(1)], wrt="g")
case(runtime.weights_along, array(3), array(2, 3), 1, wrt="weights")
case(runtime.laid_out, [array(3), array(3)], "rows")
case(runtime.join_adjoint, array(2, 3), [array(3), array(3)], 0, "rows", wrt="g")
case(runtime.reduceat_adjoint, array(2), array(4), [0, 3], wrt="g")
case(runtime.bessel_i1, numpy.array([0.3, -2.0, 0.0]))
