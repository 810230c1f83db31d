"""The helpers of `tangent.runtime_inplace`.

y = tangent.selected(a, mask)      ā += selected_adjoint(ȳ, a, mask)
"""

from __future__ import annotations

from tangent import runtime
from tangent.recipes.kinds import NONE, Kind
from tangent.recipes.registry import d, linear, nondifferentiable
from tangent.recipes.results import constantly, precision

nondifferentiable(runtime.check_ndarray, result=constantly(NONE), pure=False)
nondifferentiable(
    runtime.check_function,
    runtime.check_own,
    runtime.check_unwritten,
    result=constantly(NONE),
    pure=False,
)
nondifferentiable(runtime.forward, runtime.backward, runtime.pushforward, runtime.method)
nondifferentiable(
    runtime.add_at, result=constantly(NONE), pure=False
)  # a statement: reverse_adding
nondifferentiable(
    *(runtime.mask_of, runtime.same_size_mask),
    result=lambda k: Kind("array", "bool", k.arg1.rank, k.arg1.shape),
    alias=("arg0",),
)
nondifferentiable(runtime.put_index, runtime.diagonal_index)
nondifferentiable(runtime.along_index, alias=("arg1",))
nondifferentiable(runtime.cycle, runtime.masked_cycle, result=constantly(Kind("array", "int64", 1)))


@linear(runtime.selected, result=lambda k: Kind("array", k.a.dtype, 1, None, precision(k.a)))
def selected(y, a, mask):
    d[a] = runtime.selected_adjoint(d[y], a, mask)


@linear(runtime.selected_adjoint)
def selected_adjoint(y, g, a, mask):
    d[g] = runtime.unbroadcast(runtime.selected(d[y], mask), g)


@linear(runtime.outer_operand, alias=("a",))
def outer_operand(y, a, b):
    d[a] = runtime.reshape_like(d[y], a)
