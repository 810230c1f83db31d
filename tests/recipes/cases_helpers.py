"""Cases for helpers of containers, views and writes, and for methods with several spellings."""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.runtime_containers import Items
from tests.recipes.cases import array, case

case(runtime.gradient_like, array(3), array(3), wrt="g")
case(runtime.adjoint_like, array(3), array(3), wrt="g")
case(runtime.as_items, [array(3), array(2)])
case(Items, [array(3), array(2)])
case(runtime.window, array(4), numpy.array([1, 2]))
case(runtime.selected, array(3), numpy.array([True, False, True]))
case(runtime.selected_adjoint, array(2), array(3), numpy.array([True, False, True]), wrt="g")
case(runtime.outer_operand, array(2), array(3), wrt="a")
case(numpy.array, array(2, 3), copy=False)
case(numpy.ndarray.item, array(3), 1, wrt="a")
case(numpy.ndarray.item, array(2, 3), 1, 2, wrt="a")
case(runtime.item_adjoint, 0.5, array(3), 1, wrt="g")
case(numpy.ndarray.view, array(2, 3))
for join in (runtime.join_rows, runtime.join_columns):
    case(join, (array(3), array(3)))
    case(runtime.joined_adjoint, join((array(3), array(3))), (array(3), array(3)), join, wrt="g")
    case(runtime.joined_tangent, (array(3), array(3)), (array(3), array(3)), join, wrt="dkey")
case(runtime.with_axes, array(2), array(2, 3), 1, wrt="g")
case(runtime.with_axes, array(), array(2, 3), wrt="g")
case(runtime.with_axes, array(), array(), 0, wrt="g")
