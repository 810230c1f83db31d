"""Products: dot, vdot, inner, outer, tensordot, einsum, trace, kron, cross.

    Y = np.dot(A, B)     Ā += np.dot(Ȳ, B.T)      B̄ += np.dot(A.T, Ȳ)

The bare formulas stand where the ranks are known and both operands have one float type; elsewhere a
helper does what the ranks ask for. Nothing is conjugated, `vdot` excepted.
"""

from __future__ import annotations

import numpy

from tangent import runtime
from tangent.recipes.kinds import Kind, elementwise_kind, promote, strong
from tangent.recipes.registry import d, each, fixed, linear, multilinear
from tangent.recipes.results import is_none, is_real, number_type, same_precision


def bare(k, rank_a: int, rank_b: int) -> bool:
    """Arrays of these ranks and of one float type: the formulas need no helper."""
    return (
        k.a.is_array
        and k.b.is_array
        and (k.a.rank, k.b.rank) == (rank_a, rank_b)
        and same_precision(k.a, k.b)
    )


def _product(name: str):
    """Rule of `dot` and `inner`: each operand loses an axis; numbers multiply."""

    def rule(k):
        general = elementwise_kind((strong(k.a), strong(k.b)), numpy.multiply)
        if k.a.is_number or k.b.is_number:
            return general
        if not (k.a.is_array and k.b.is_array and k.a.rank and k.b.rank):
            return Kind("numeric", general.dtype, precision=general.precision)
        rank = k.a.rank + k.b.rank - 2
        if rank == 0:
            return Kind(number_type(general.dtype), general.dtype, 0, (), general.precision)
        token = None
        a, b = k.a.dims, k.b.dims
        if a is not None and b is not None:
            right = b[:-1] if name == "inner" else b[:-2] + b[-1:] if len(b) > 1 else ()
            token = a[:-1] + right
        return Kind("array", general.dtype, rank, token, general.precision)

    return rule


@multilinear(numpy.dot, numpy.ndarray.dot, result=_product("dot"))
def dot(y, a, b):
    d[a] = runtime.dot_adjoint_a(d[y], a, b)
    d[b] = runtime.dot_adjoint_b(d[y], a, b)


@dot.when(lambda k: bare(k, 2, 2))
def dot_matrices(y, a, b):
    d[a] = numpy.dot(d[y], b.T)
    d[b] = numpy.dot(a.T, d[y])


@dot.when(lambda k: bare(k, 2, 1))
def dot_matrix_vector(y, a, b):
    d[a] = numpy.outer(d[y], b)
    d[b] = numpy.dot(a.T, d[y])


@dot.when(lambda k: bare(k, 1, 2))
def dot_vector_matrix(y, a, b):
    d[a] = numpy.dot(b, d[y])
    d[b] = numpy.outer(a, d[y])


@dot.when(lambda k: bare(k, 1, 1))
def dot_vectors(y, a, b):
    d[a] = d[y] * b
    d[b] = d[y] * a


def _vdot(k):
    general = elementwise_kind((strong(k.a), strong(k.b)), numpy.multiply)
    return Kind(number_type(general.dtype), general.dtype, 0, (), general.precision)


@multilinear(numpy.vdot, result=_vdot)
def vdot(y, a, b):
    """The first operand is conjugated."""
    d[a] = runtime.reshape_like(numpy.conj(d[y] * numpy.ravel(b)), a)
    d[b] = runtime.reshape_like(d[y] * numpy.conj(numpy.ravel(a)), b)


@vdot.when(lambda k: bare(k, 1, 1) and is_real(k.a) and is_real(k.b))
def vdot_vectors(y, a, b):
    d[a] = d[y] * b
    d[b] = d[y] * a


@multilinear(numpy.inner, result=_product("inner"))
def inner(y, a, b):
    d[a] = runtime.inner_adjoint_a(d[y], a, b)
    d[b] = runtime.inner_adjoint_b(d[y], a, b)


@inner.when(lambda k: bare(k, 1, 1))
def inner_vectors(y, a, b):
    d[a] = d[y] * b
    d[b] = d[y] * a


def _outer(k):
    general = elementwise_kind((strong(k.a), strong(k.b)), numpy.multiply)
    token = None
    if k.a.shape is not None and k.b.shape is not None:
        vectors = [dims for dims in (k.a.dims, k.b.dims) if dims and len(dims) == 1]
        token = vectors[0] + vectors[1] if len(vectors) == 2 else ("outer", k.a.shape, k.b.shape)
    return Kind("array", general.dtype, 2, token, general.precision)


@multilinear(numpy.outer, result=_outer)
def outer(y, a, b):
    d[a] = runtime.outer_adjoint_a(d[y], a, b)
    d[b] = runtime.outer_adjoint_b(d[y], a, b)


@outer.when(lambda k: bare(k, 1, 1))
def outer_vectors(y, a, b):
    d[a] = numpy.dot(d[y], b)
    d[b] = numpy.dot(a, d[y])


def _tensordot(k):
    general = elementwise_kind((strong(k.a), strong(k.b)), numpy.multiply)
    return Kind("numeric", general.dtype, precision=general.precision)


@multilinear(numpy.tensordot, result=_tensordot)
def tensordot(y, a, b, axes=2):
    d[a] = runtime.tensordot_adjoint_a(d[y], a, b, axes)
    d[b] = runtime.tensordot_adjoint_b(d[y], a, b, axes)


def _einsum(k):
    """The rank where the result is spelled out."""
    items = k.operands.items or ()
    spelled = items[0].value if items else None
    if not isinstance(spelled, str):
        return Kind("numeric")
    dtype, floats = promote([strong(o) for o in items[1:]], numpy.multiply)
    if not is_none(k.dtype):
        dtype = floats = None
    if "->" not in spelled or "..." in spelled:
        return Kind("numeric", dtype, precision=floats)
    rank = len(spelled.partition("->")[2].strip())
    if rank == 0:
        return Kind(number_type(dtype), dtype, 0, (), floats)
    return Kind("array", dtype, rank, None, floats)


@multilinear(numpy.einsum, result=_einsum, alias=("operands",))
def einsum(y, *operands, out: fixed = None, dtype=None, order="K", casting="safe", optimize=False):
    d[operands] = runtime.einsum_adjoint(d[y], each, *operands)


@linear(numpy.trace, numpy.ndarray.trace)
def trace(y, a, offset=0, axis1=0, axis2=1):
    d[a] = runtime.diagonal_adjoint(numpy.expand_dims(d[y], -1), a, offset, axis1, axis2)


@multilinear(numpy.kron)
def kron(y, a, b):
    d[a] = runtime.kron_adjoint_a(d[y], a, b)
    d[b] = runtime.kron_adjoint_b(d[y], a, b)


@multilinear(numpy.cross)
def cross(y, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    d[a] = runtime.cross_adjoint_a(d[y], a, b, axisa, axisb, axisc, axis)
    d[b] = runtime.cross_adjoint_b(d[y], a, b, axisa, axisb, axisc, axis)


@multilinear(numpy.vecdot)
def vecdot(y, x1, x2, axis=-1):
    """The first operand is conjugated."""
    d[x1] = runtime.vecdot_adjoint_a(d[y], x1, x2, axis)
    d[x2] = runtime.vecdot_adjoint_b(d[y], x1, x2, axis)


@multilinear(numpy.matvec)
def matvec(y, x1, x2):
    d[x1] = runtime.matvec_adjoint_a(d[y], x1, x2)
    d[x2] = runtime.matvec_adjoint_b(d[y], x1, x2)


@multilinear(numpy.vecmat)
def vecmat(y, x1, x2):
    """The first operand is conjugated."""
    d[x1] = runtime.vecmat_adjoint_a(d[y], x1, x2)
    d[x2] = runtime.vecmat_adjoint_b(d[y], x1, x2)
