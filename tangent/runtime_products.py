"""Adjoints of products where ranks are not known: dot, matmul, inner, outer, tensordot, einsum.

    >>> dot_adjoint_a(numpy.ones(2), numpy.zeros((2, 3)), numpy.arange(3.0))
    array([[0., 1., 2.],
           [0., 1., 2.]])

`f_adjoint_a(g, a, b)` is the adjoint of the first operand of `f(a, b)`, `f_adjoint_b` that of the
second, in the operand's structure and float dtype. A product is a contraction, and the adjoint of
one operand is the contraction of `g` with the other over the axes that the result has from it. No
operand is conjugated.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy import conj, ndarray

from tangent.runtime_values import FLOAT64, like, unbroadcast, zeros_like

__all__ = [
    "cross_adjoint_a",
    "cross_adjoint_b",
    "dot_adjoint_a",
    "dot_adjoint_b",
    "einsum_adjoint",
    "einsum_adjoint_tangent",
    "einsum_other_adjoint",
    "einsum_with",
    "inner_adjoint_a",
    "inner_adjoint_b",
    "kron_adjoint_a",
    "kron_adjoint_b",
    "matmul_adjoint_a",
    "matmul_adjoint_b",
    "matvec_adjoint_a",
    "matvec_adjoint_b",
    "outer_adjoint_a",
    "outer_adjoint_b",
    "tensordot_adjoint_a",
    "tensordot_adjoint_b",
    "vecdot_adjoint_a",
    "vecdot_adjoint_b",
    "vecmat_adjoint_a",
    "vecmat_adjoint_b",
]


def dot_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `a` in `numpy.dot(a, b)`, for every pair of ranks."""
    if not (type(a) is type(b) is ndarray):
        return _dot_adjoint_a_of_any(g, a, b)
    rank_a, rank_b = a.ndim, b.ndim
    if rank_a == 0 or rank_b == 0:
        return unbroadcast(numpy.multiply(g, b), a)
    if rank_b == 1:
        out = g * b if rank_a == 1 else numpy.asarray(g)[..., None] * b  # numpy.outer is slower
    elif rank_b == 2:
        out = numpy.dot(b, g) if rank_a == 1 else numpy.dot(g, b.T)
    else:
        out = _contract(g, b, rank_a - 1, [i for i in range(rank_b) if i != rank_b - 2])
    dtype = a.dtype
    if type(out) is ndarray and out.dtype is dtype and (dtype is FLOAT64 or dtype.kind in "fc"):
        return out
    return like(out, a)


def dot_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `b` in `numpy.dot(a, b)`, for every pair of ranks.

    >>> dot_adjoint_b(numpy.ones(2), numpy.ones((2, 3)), [1, 2, 3])
    array([2., 2., 2.])
    """
    if not (type(a) is type(b) is ndarray):
        return _dot_adjoint_b_of_any(g, a, b)
    rank_a, rank_b = a.ndim, b.ndim
    if rank_a == 0 or rank_b == 0:
        return unbroadcast(numpy.multiply(g, a), b)
    if rank_a == 2 and rank_b <= 2:
        out = numpy.dot(a.T, g)
    elif rank_a == 1:
        if rank_b == 1:
            out = g * a
        else:
            out = a[:, None] * (g if rank_b == 2 else numpy.asarray(g)[..., None, :])
    else:
        leading = list(range(rank_a - 1))
        out = numpy.tensordot(a, g, (leading, leading))
        if rank_b > 2:
            out = numpy.moveaxis(out, 0, -2)
    dtype = b.dtype
    if type(out) is ndarray and out.dtype is dtype and (dtype is FLOAT64 or dtype.kind in "fc"):
        return out
    return like(out, b)


def _dot_adjoint_a_of_any(g: Any, a: Any, b: Any) -> Any:
    """The same for numbers and lists."""
    if numpy.ndim(a) == 0 or numpy.ndim(b) == 0:
        return unbroadcast(numpy.multiply(g, b), a)
    return like(dot_adjoint_a(g, numpy.asarray(a), numpy.asarray(b)), a)


def _dot_adjoint_b_of_any(g: Any, a: Any, b: Any) -> Any:
    if numpy.ndim(a) == 0 or numpy.ndim(b) == 0:
        return unbroadcast(numpy.multiply(g, a), b)
    return like(dot_adjoint_b(g, numpy.asarray(a), numpy.asarray(b)), b)


def _rank(x: Any) -> int:
    return x.ndim if type(x) is ndarray else numpy.ndim(x)


def _contract(g: Any, b: Any, start: int, axes: list[int]) -> Any:
    """Contract the axes of `g` from `start` on with the given axes of `b`."""
    return numpy.tensordot(g, b, (list(range(start, start + len(axes))), axes))


def matmul_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `a` in `a @ b`, for vectors, matrices and stacks of them that broadcast.

    >>> matmul_adjoint_a(numpy.ones((5, 2, 2)), numpy.zeros((2, 3)), numpy.ones((5, 3, 2))).shape
    (2, 3)
    """
    if _rank(a) in (1, 2) and _rank(b) in (1, 2):
        return dot_adjoint_a(g, a, b)
    if numpy.ndim(b) == 1:
        g, b = numpy.expand_dims(g, -1), numpy.expand_dims(b, -1)
    if numpy.ndim(a) == 1:
        out = numpy.matmul(numpy.expand_dims(g, -2), numpy.swapaxes(b, -1, -2))
        return like(_sum_to(out, (1, *numpy.shape(a))).reshape(numpy.shape(a)), a)
    out = numpy.matmul(g, numpy.swapaxes(b, -1, -2))
    return like(_sum_to(out, numpy.shape(a)), a)


def matmul_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `b` in `a @ b`, for vectors, matrices and stacks of them that broadcast.

    >>> matmul_adjoint_b(2.0, numpy.arange(3.0), numpy.zeros(3))
    array([0., 2., 4.])
    """
    if _rank(a) in (1, 2) and _rank(b) in (1, 2):
        return dot_adjoint_b(g, a, b)
    if numpy.ndim(a) == 1:
        a = numpy.expand_dims(a, -2)
        g = numpy.expand_dims(g, -2 if numpy.ndim(b) > 1 else -1)
    if numpy.ndim(b) == 1:
        out = numpy.matmul(numpy.swapaxes(a, -1, -2), numpy.expand_dims(g, -1))
        return like(_sum_to(out, (*numpy.shape(b), 1)).reshape(numpy.shape(b)), b)
    out = numpy.matmul(numpy.swapaxes(a, -1, -2), g)
    return like(_sum_to(out, numpy.shape(b)), b)


def _sum_to(g: numpy.ndarray, shape: tuple[int, ...]) -> numpy.ndarray:
    return unbroadcast(g, numpy.broadcast_to(numpy.zeros((), g.dtype), shape))


def outer_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `a` in `numpy.outer(a, b)`."""
    if type(a) is ndarray and type(b) is ndarray and a.ndim == 1 and b.ndim == 1:
        return like(numpy.dot(g, b), a)
    return like(numpy.dot(g, numpy.ravel(b)).reshape(numpy.shape(a)), a)


def outer_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `b` in `numpy.outer(a, b)`.

    >>> outer_adjoint_b(numpy.ones((2, 3)), [1.0, 2.0], 0.0 * numpy.ones(3))
    array([3., 3., 3.])
    """
    if type(a) is ndarray and type(b) is ndarray and a.ndim == 1 and b.ndim == 1:
        return like(numpy.dot(a, g), b)
    return like(numpy.dot(numpy.ravel(a), g).reshape(numpy.shape(b)), b)


def inner_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `a` in `numpy.inner(a, b)`."""
    rank_a, rank_b = numpy.ndim(a), numpy.ndim(b)
    if rank_a == 0 or rank_b == 0:
        return unbroadcast(numpy.multiply(g, b), a)
    return like(_contract(g, b, rank_a - 1, list(range(rank_b - 1))), a)


def inner_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `b` in `numpy.inner(a, b)`.

    >>> inner_adjoint_b(2.0, numpy.array([1.0, 2.0]), [3, 4])
    array([2., 4.])
    """
    rank_a, rank_b = numpy.ndim(a), numpy.ndim(b)
    if rank_a == 0 or rank_b == 0:
        return unbroadcast(numpy.multiply(g, a), b)
    leading = list(range(rank_a - 1))
    return like(numpy.tensordot(g, a, (leading, leading)), b)


def tensordot_adjoint_a(g: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """Adjoint of `a` in `numpy.tensordot(a, b, axes)`.

    >>> tensordot_adjoint_a(2.0, numpy.zeros((2, 3)), numpy.ones((3, 2)), ([0, 1], [1, 0])).shape
    (2, 3)
    """
    axes_a, axes_b = _axes(numpy.ndim(a), numpy.ndim(b), axes)
    free_a = [i for i in range(numpy.ndim(a)) if i not in axes_a]
    free_b = [i for i in range(numpy.ndim(b)) if i not in axes_b]
    out = _contract(g, b, len(free_a), free_b)
    partner = dict(zip(axes_b, axes_a, strict=True))
    order = free_a + [partner[i] for i in sorted(axes_b)]
    return like(numpy.transpose(out, numpy.argsort(order)), a)


def tensordot_adjoint_b(g: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """Adjoint of `b` in `numpy.tensordot(a, b, axes)`."""
    axes_a, axes_b = _axes(numpy.ndim(a), numpy.ndim(b), axes)
    free_a = [i for i in range(numpy.ndim(a)) if i not in axes_a]
    free_b = [i for i in range(numpy.ndim(b)) if i not in axes_b]
    out = numpy.tensordot(a, g, (free_a, list(range(len(free_a)))))
    partner = dict(zip(axes_a, axes_b, strict=True))
    order = [partner[i] for i in sorted(axes_a)] + free_b
    return like(numpy.transpose(out, numpy.argsort(order)), b)


def _axes(rank_a: int, rank_b: int, axes: Any) -> tuple[list[int], list[int]]:
    if numpy.ndim(axes) == 0 and not isinstance(axes, list | tuple):
        count = int(axes)
        return list(range(rank_a - count, rank_a)), list(range(count))
    pair = [[one] if numpy.ndim(one) == 0 else list(one) for one in axes]
    return [i % rank_a for i in pair[0]], [i % rank_b for i in pair[1]]


def kron_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `a` in `numpy.kron(a, b)`.

    >>> kron_adjoint_a(numpy.arange(4.0), numpy.zeros(2), numpy.array([1.0, 10.0]))
    array([10., 32.])
    """
    pairs, _, full_b = _kron_pairs(g, a, b)
    rank = numpy.ndim(full_b)
    return like(numpy.tensordot(pairs, full_b, rank).reshape(numpy.shape(a)), a)


def kron_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of `b` in `numpy.kron(a, b)`."""
    pairs, full_a, _ = _kron_pairs(g, a, b)
    rank = numpy.ndim(full_a)
    out = numpy.tensordot(full_a, pairs, (list(range(rank)), list(range(rank))))
    return like(out.reshape(numpy.shape(b)), b)


def _kron_pairs(g: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """The adjoint with the axes of `a` first, then those of `b`; and both operands at one rank."""
    rank = max(numpy.ndim(a), numpy.ndim(b))
    full_a = numpy.reshape(a, (1,) * (rank - numpy.ndim(a)) + numpy.shape(a))
    full_b = numpy.reshape(b, (1,) * (rank - numpy.ndim(b)) + numpy.shape(b))
    split = [n for pair in zip(full_a.shape, full_b.shape, strict=True) for n in pair]
    order = [*range(0, 2 * rank, 2), *range(1, 2 * rank, 2)]
    return numpy.transpose(numpy.reshape(g, split), order), full_a, full_b


def einsum_adjoint(g: Any, place: int, *operands: Any) -> Any:
    """Adjoint of one argument of `numpy.einsum(*operands)`, that at `place`.

    Contract `g` with the other operands; indices that only this operand has are repeated, and an
    index that it has twice is its diagonal.

    >>> einsum_adjoint(numpy.array([1.0, 2.0]), 1, "ii->i", numpy.zeros((2, 2)))
    array([[1., 0.],
           [0., 2.]])
    """
    inputs, output, arrays, index = _einsum_terms(operands, place)
    own, x = inputs[index], arrays[index]
    others = [i for i in range(len(arrays)) if i != index]
    letters = "".join(dict.fromkeys(own))
    available = set(output).union(*(inputs[i] for i in others))
    kept = "".join(c for c in letters if c in available)
    spelled = ",".join([output, *(inputs[i] for i in others)]) + "->" + kept
    factors = [arrays[i] for i in others]
    if kept == own and not factors:
        return like(_sum_to(numpy.einsum(spelled, g), numpy.shape(x)).copy(), x)
    part = numpy.einsum(spelled, g, *factors, optimize=len(factors) > 1)
    sizes = dict(zip(own, numpy.shape(x), strict=True))
    shape = tuple(sizes[c] if c in kept else 1 for c in letters)
    part = part.reshape([part.shape[kept.index(c)] if c in kept else 1 for c in letters])
    part = numpy.broadcast_to(_sum_to(part, shape), tuple(sizes[c] for c in letters))
    if letters == own:
        return like(part.copy(), x)
    out = numpy.zeros(numpy.shape(x), part.dtype)
    numpy.einsum(f"{own}->{letters}", out)[...] = part  # a view of the diagonal
    return like(out, x)


def einsum_with(x: Any, place: int, *operands: Any) -> Any:
    """`numpy.einsum(*operands)` with `x` for the argument at a place.

    >>> einsum_with(numpy.ones(2), 2, "i,i->", numpy.arange(2.0), numpy.zeros(2))
    np.float64(1.0)
    """
    return numpy.einsum(*operands[:place], x, *operands[place + 1 :]).copy()  # it may be a view


def einsum_other_adjoint(g: Any, other: int, x: Any, place: int, *operands: Any) -> Any:
    """Adjoint of the argument at `other` in `einsum_with(x, place, *operands)`."""
    if other == place:
        return zeros_like(operands[place])
    return einsum_adjoint(g, other, *operands[:place], x, *operands[place + 1 :])


def einsum_adjoint_tangent(dg: Any, changes: Any, g: Any, place: int, *operands: Any) -> Any:
    """Tangent of `einsum_adjoint(g, place, *operands)`, from those of `g` and of the operands.

    The adjoint of an operand does not depend on that operand.
    """
    total = einsum_adjoint(dg, place, *operands)
    for other, dx in enumerate(changes):
        if other != place and dx is not None and numpy.asarray(operands[other]).dtype.kind in "fc":
            total = total + einsum_adjoint(g, place, *operands[:other], dx, *operands[other + 1 :])
    return total


def _einsum_terms(
    operands: tuple[Any, ...], place: int
) -> tuple[list[str], str, tuple[Any, ...], int]:
    """The letters of each operand and of the result, the operands, and which is at `place`.

    Both spellings: subscripts first, or a list of indices behind each operand. An ellipsis is
    spelled out.
    """
    if isinstance(operands[0], str):
        text, arrays, index = operands[0].replace(" ", ""), operands[1:], place - 1
    else:
        count = len(operands) // 2
        arrays, index = operands[0 : 2 * count : 2], place // 2
        terms = [_spelled(indices) for indices in operands[1 : 2 * count : 2]]
        text = ",".join(terms)
        if len(operands) % 2:
            text += "->" + _spelled(operands[-1])
    inputs, output = _einsum_letters(text, tuple(numpy.ndim(x) for x in arrays))
    return inputs, output, arrays, index


_LETTERS: dict[Any, tuple[list[str], str]] = {}  # what was spelled out before


def _einsum_letters(text: str, ranks: tuple[int, ...]) -> tuple[list[str], str]:
    found = _LETTERS.get((text, ranks))
    if found is None:
        if len(_LETTERS) >= 256:
            _LETTERS.clear()
        found = _LETTERS[text, ranks] = _letters(text, ranks)
    return found


def _letters(text: str, ranks: tuple[int, ...]) -> tuple[list[str], str]:
    """The letters of each operand and of the result; an ellipsis is spelled out."""
    left, arrow, output = text.partition("->")
    inputs = left.split(",")
    unused = [c for c in "ZYXWVUTSRQPONMLKJIHGFEDCBA" if c not in text]
    widths = [
        rank - len(term.replace("...", "")) if "..." in term else 0
        for term, rank in zip(inputs, ranks, strict=True)
    ]
    dots = "".join(unused[: max(widths, default=0)])
    inputs = [
        term.replace("...", dots[len(dots) - width :])
        for term, width in zip(inputs, widths, strict=True)
    ]
    if arrow:
        return inputs, output.replace("...", dots)
    joined = "".join(inputs)
    once = sorted(c for c in set(joined) - set(dots) if joined.count(c) == 1)
    return inputs, dots + "".join(once)


def _spelled(indices: Any) -> str:
    """Letters for a list of indices, in their order: a result without a list is sorted by them."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join("..." if i is Ellipsis else letters[i] for i in indices)


def vecdot_adjoint_a(g: Any, a: Any, b: Any, axis: int = -1) -> Any:
    """Adjoint of `a` in `numpy.vecdot(a, b, axis=axis)`, which conjugates `a`.

    >>> vecdot_adjoint_a(2.0, numpy.zeros(2), numpy.array([1.0, 2.0]))
    array([2., 4.])
    """
    out = conj(numpy.expand_dims(g, -1) * numpy.moveaxis(b, axis, -1))
    return unbroadcast(numpy.moveaxis(unbroadcast_last(out, a, axis), -1, axis), a)


def vecdot_adjoint_b(g: Any, a: Any, b: Any, axis: int = -1) -> Any:
    """Adjoint of `b` in `numpy.vecdot(a, b, axis=axis)`."""
    out = numpy.expand_dims(g, -1) * conj(numpy.moveaxis(a, axis, -1))
    return unbroadcast(numpy.moveaxis(unbroadcast_last(out, b, axis), -1, axis), b)


def unbroadcast_last(g: Any, x: Any, axis: int) -> Any:
    """`g` summed to the shape of `x` with its `axis` moved to the end."""
    shape = list(numpy.shape(x))
    shape.append(shape.pop(axis))
    return _sum_to(g, tuple(shape))


def matvec_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of the matrices in `numpy.matvec(a, b)`."""
    return unbroadcast(g[..., :, None] * numpy.asarray(b)[..., None, :], a)


def matvec_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of the vectors in `numpy.matvec(a, b)`."""
    return unbroadcast(numpy.einsum("...i,...ij->...j", g, a), b)


def vecmat_adjoint_a(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of the vectors in `numpy.vecmat(a, b)`, which conjugates them."""
    return unbroadcast(conj(numpy.einsum("...j,...ij->...i", g, b)), a)


def vecmat_adjoint_b(g: Any, a: Any, b: Any) -> Any:
    """Adjoint of the matrices in `numpy.vecmat(a, b)`."""
    return unbroadcast(conj(numpy.asarray(a))[..., :, None] * g[..., None, :], b)


def cross_adjoint_a(
    g: Any, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None
) -> Any:
    """Adjoint of `a` in `numpy.cross(a, b, axisa, axisb, axisc, axis)`: `b × ȳ`.

    >>> cross_adjoint_a(numpy.array([0.0, 0.0, 1.0]), numpy.zeros(3), numpy.array([1.0, 2.0, 3.0]))
    array([ 2., -1.,  0.])
    """
    if axis is not None:
        axisa, axisb, axisc = axis, axis, axis
    out = numpy.cross(numpy.moveaxis(b, axisb, -1), numpy.moveaxis(g, axisc, -1))
    return like(numpy.moveaxis(unbroadcast_last(out, a, axisa), -1, axisa), a)


def cross_adjoint_b(
    g: Any, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None
) -> Any:
    """Adjoint of `b` in `numpy.cross(a, b, axisa, axisb, axisc, axis)`: `ȳ × a`."""
    return cross_adjoint_a(-numpy.asarray(g), b, a, axisb, axisa, axisc, axis)
