"""Kinds of the results of operators, subscripts and attributes.

    x: array[float64, 2d]     x[0]: array[float64, 1d]    x[0, 1]: float    x * 2: as x
    x: unknown                x * x: numeric              x + x: unknown (lists are concatenated)

Calls have their rules with their recipes. A 0-d array turns into a number in every operation, so
an array of unknown rank gives ``"numeric"``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import gast
import numpy

from tangent import tree
from tangent.recipes.dims import dimension, is_explicit, plus, slice_length, times
from tangent.recipes.kinds import (
    BOOL,
    INT,
    NUMERIC,
    STR,
    UNKNOWN,
    WEAK,
    Kind,
    broadcast_shape,
    constant_kind,
    count_of,
    elementwise_kind,
    join,
    kind_of_dtype,
    precision_of,
    promote,
    transposed,
)

__all__ = [
    "PYTHON_BOOL",
    "PYTHON_INT",
    "attribute_kind",
    "augmented_kind",
    "binary_kind",
    "compare_kind",
    "integer_kind",
    "length_kind",
    "shape_kind",
    "subscript_kind",
    "unary_kind",
]

PYTHON_INT = replace(INT, precision=WEAK)
PYTHON_BOOL = replace(BOOL, precision=WEAK)

_UFUNCS: dict[type, numpy.ufunc] = {
    gast.Add: numpy.add,
    gast.Sub: numpy.subtract,
    gast.Mult: numpy.multiply,
    gast.Div: numpy.true_divide,
    gast.FloorDiv: numpy.floor_divide,
    gast.Mod: numpy.remainder,
    gast.Pow: numpy.power,
    gast.MatMult: numpy.matmul,
    gast.BitAnd: numpy.bitwise_and,
    gast.BitOr: numpy.bitwise_or,
    gast.BitXor: numpy.bitwise_xor,
    gast.LShift: numpy.left_shift,
    gast.RShift: numpy.right_shift,
}


def binary_kind(op: type, a: Kind, b: Kind) -> Kind:
    """The kind of `a op b`."""
    if a.is_number and b.is_number:
        return _number_arithmetic(op, a, b)
    if op is gast.MatMult:
        return _matmul(a, b)
    if a.type == "str" or b.type == "str":
        return STR if a.type == "str" and op in (gast.Mod, gast.Add) else UNKNOWN
    if _may_be_sequence_operation(op, a, b):
        if a.type == b.type and a.type in ("list", "tuple") and op is gast.Add:
            known = a.items is not None and b.items is not None
            return Kind(a.type, items=(a.items or ()) + (b.items or ()) if known else None)
        return UNKNOWN
    return elementwise_kind((a, b), _UFUNCS[op])


def _may_be_sequence_operation(op: type, a: Kind, b: Kind) -> bool:
    """A concatenation (`+` of two lists), a repetition (`*` of a list and an integer), a union of dicts."""
    if op is gast.Add:
        return a.can_be_list and b.can_be_list
    if op is gast.BitOr:
        return not (a.is_numeric or b.is_numeric)
    if op is gast.Mult:
        if a.shape is not None and a.shape == b.shape:
            return False  # a list and an integer don't have one shape; two lists raise
        return (a.can_be_list and _may_be_integer(b)) or (b.can_be_list and _may_be_integer(a))
    return False


def _may_be_integer(k: Kind) -> bool:
    if k.dtype is not None:
        return k.is_integral and not (k.is_array and k.rank)
    if k.is_array and k.rank:
        return False
    if k.is_constant:
        return isinstance(k.value, int)
    return k.type not in ("list", "tuple", "complex") and not (k.type == "float" and k.is_weak)


def _number_arithmetic(op: type, a: Kind, b: Kind) -> Kind:
    weak = a.is_weak and b.is_weak
    dtype, precision = (None, WEAK) if weak else promote((a, b), _UFUNCS[op])
    kinds = {a.type, b.type}
    if dtype is not None:
        return kind_of_dtype(dtype)
    if "number" in kinds:
        kind = "number"
    elif "complex" in kinds:
        kind = "complex"
    elif op is gast.Pow:
        kind = _power_type(a, b)
    elif op is gast.Div or "float" in kinds:
        kind = "float"
    elif "uint64" in (a.dtype, b.dtype):
        kind = "float"  # NumPy has no integer that holds both int64 and uint64
    elif kinds == {"bool"} and op in (gast.BitAnd, gast.BitOr, gast.BitXor):
        kind = "bool"
    elif kinds == {"bool"} and not weak:
        kind = "number"  # NumPy's booleans add up to booleans
    else:
        kind = "int"
    if kind == "number" or (kind == "complex" and kinds != {"complex"} and not weak):
        precision = None
    count = _count(op, a, b) if kind == "int" else None
    return Kind(kind, None, 0, (), precision, count=count)


def _count(op: type, a: Kind, b: Kind) -> Hashable | None:
    """The token of a sum, difference or multiple of integers.

    NumPy's integers wrap around: those are only multiplied and added to with constants, so that two
    of one token wrap around alike.
    """
    m, n = count_of(a), count_of(b)
    if m is None or n is None:
        return None
    if not (a.is_weak and b.is_weak) and type(m) is not int and type(n) is not int:
        return None
    if op in (gast.Add, gast.Sub):
        return plus(m, n, 1 if op is gast.Add else -1)
    if op is gast.Mult and type(n) is int:
        return times(m, n)
    if op is gast.Mult and type(m) is int:
        return times(n, m)
    return None


def _power_type(a: Kind, b: Kind) -> str:
    """Python's power of real numbers: complex for a negative base and a fractional exponent."""
    if b.is_constant:
        if isinstance(b.value, int) and b.value >= 0 and a.type in ("bool", "int"):
            return "int"
        return "float" if float(b.value).is_integer() else "number"
    if b.type in ("bool", "int"):
        return "float"
    return "float" if a.is_constant and a.value > 0 else "number"


def _matmul(a: Kind, b: Kind) -> Kind:
    if a.is_number or b.is_number:
        return UNKNOWN
    dtype, precision = promote((a, b))
    if a.rank and b.rank:
        rank = max(a.rank, b.rank, 2) - (a.rank == 1) - (b.rank == 1)
        if rank == 0 and dtype is None:
            return replace(kind_of_dtype(None), precision=precision)
        return replace(kind_of_dtype(dtype, rank), precision=precision)
    if a.can_be_list and b.can_be_list and "list" in (a.type, b.type):
        return UNKNOWN
    return Kind("numeric", dtype, precision=precision)


def unary_kind(op: type, a: Kind) -> Kind:
    """The kind of `op a`."""
    if op is gast.Not:
        return PYTHON_BOOL
    if a.is_number:
        if op is gast.Invert:
            kind = "int" if a.is_weak else a.type
            return replace(a, type=kind, value=_no_value(), count=None)
        value = -a.value if a.is_constant and op is gast.USub else _no_value()
        kind = "int" if a.type == "bool" else a.type
        count = count_of(a)
        if op is gast.USub and count is not None:
            count = times(count, -1)
        return replace(a, type=kind, value=value, count=None if type(count) is int else count)
    if a.is_array:
        if a.rank == 0:
            return replace(kind_of_dtype(a.dtype), precision=a.precision)
        return a if a.rank else replace(a, type="numeric")
    # A list raises.
    return Kind("numeric", a.dtype, a.rank, a.shape, a.precision)


def _no_value() -> object:
    return UNKNOWN.value


def compare_kind(ops: Sequence[type], kinds: Sequence[Kind]) -> Kind:
    """The kind of a comparison, chained or not."""
    if all(op in (gast.Is, gast.IsNot, gast.In, gast.NotIn) for op in ops):
        return PYTHON_BOOL
    if all(k.is_number for k in kinds):
        return replace(BOOL, precision="float64")
    if len(kinds) > 2:
        return UNKNOWN
    if all(k.can_be_list or k.is_number for k in kinds):
        if all(k.can_be_list for k in kinds) or ops[0] in (gast.Eq, gast.NotEq):
            return NUMERIC  # lists are compared as a whole
    result = elementwise_kind(kinds, numpy.less)
    if result.is_array and not all(k.is_array or k.is_number for k in kinds):
        result = replace(result, type="numeric")  # `array == None` and its like
    if not result.is_array:  # Python's own booleans, which add up to integers
        result = replace(result, dtype=None, precision=None)
    return result


# ---- parts ----------------------------------------------------------------------------------


def subscript_kind(base: Kind, index: gast.expr, kinds: Sequence[Kind]) -> Kind:
    """The kind of `base[index]`; `kinds` are those of the index's elements (of a slice: its bounds)."""
    elements = list(index.elts) if isinstance(index, gast.Tuple) else [index]
    if base.type in ("list", "tuple"):
        return _item_kind(base, elements, kinds)
    if base.type == "dict":
        return _entry_kind(base, kinds[0].value if len(kinds) == 1 else None)
    if base.type == "range":
        return Kind("range") if isinstance(elements[0], gast.Slice) else PYTHON_INT
    if base.type == "str":
        return STR
    if not base.is_array:
        if base.is_numeric:
            return NUMERIC if base.dtype is None else Kind("numeric", base.dtype)
        return UNKNOWN
    taken = given = added = 0
    whole = True  # only integers, then only full slices
    ellipsis = advanced = False
    masks = 0
    for element, kind in zip(elements, kinds, strict=True):
        if isinstance(element, gast.Slice):
            given += 1
            whole = whole and not (element.lower or element.upper or element.step)
            continue
        if kind.is_constant and kind.value is Ellipsis:
            ellipsis = True
        elif kind.type == "none":
            added += 1
        elif kind.type == "int":
            whole = whole and given == 0 and added == 0 and not ellipsis
            taken += 1
        elif kind.is_array and kind.rank and kind.dtype is not None:
            if advanced:
                return Kind("numeric", base.dtype, precision=base.precision)
            advanced = True
            if kind.dtype == "bool":
                masks += kind.rank - 1
            else:
                added += kind.rank - 1
            given += 1
        elif kind.type == "list" or (kind.is_array and kind.rank):
            advanced, masks = True, -100  # of unknown rank
        else:
            return Kind("numeric", base.dtype, precision=base.precision)
    view = bool(given or ellipsis or added or advanced)
    rank = None
    if base.rank is not None and masks >= 0:
        rank = base.rank - taken - masks + added
    if not view:
        if rank is None:
            return Kind("numeric", base.dtype, None, _item_shape(base.shape, taken), base.precision)
        if rank <= 0:
            return replace(kind_of_dtype(base.dtype), precision=base.precision)
        return replace(base, rank=rank, shape=_item_shape(base.shape, taken))
    dims = None if advanced or base.dims is None else _part_dims(base.dims, elements, kinds)
    if dims is not None:
        shape: Hashable | None = dims
    elif advanced or added:
        shape = None
    elif whole:
        shape = _item_shape(base.shape, taken)
    else:
        shape = _part_shape(base.shape, elements, kinds)
    if rank == 0:
        shape = ()
    return Kind("array", base.dtype, rank, shape, base.precision)


def _item_shape(token: Hashable | None, count: int) -> Hashable | None:
    """The shape of `a[i, …]` with `count` integers: all such parts of an array have one shape."""
    if token is None or count == 0:
        return token
    if is_explicit(token):
        return token[count:]
    if type(token) is tuple and token and token[0] == "item":
        return ("item", token[1], token[2] + count)
    return ("item", token, count)


def _part_dims(
    dims: tuple[Any, ...], elements: list[gast.expr], kinds: Sequence[Kind]
) -> tuple[Any, ...] | None:
    """The dims of a part, None where one is not known."""
    out: list[Any] = []
    axis = 0
    pairs = zip(elements, kinds, strict=True)
    taking = sum(isinstance(e, gast.Slice) or k.type == "int" for e, k in pairs)
    if taking > len(dims):
        return None  # it raises
    for element, kind in zip(elements, kinds, strict=True):
        if kind.is_constant and kind.value is Ellipsis:
            skipped = len(dims) - taking
            out.extend(dims[axis : axis + skipped])
            axis += skipped
        elif kind.type == "none":
            out.append(1)
        elif axis >= len(dims):
            return None
        elif isinstance(element, gast.Slice):
            length = _slice_length(dims[axis], kind)
            if length is None:
                return None
            out.append(length)
            axis += 1
        else:
            axis += 1
    return (*out, *dims[axis:])


def _slice_length(d: Any, bounds: Kind) -> Any:
    counts: list[Any] = []
    for bound in bounds.items or ():
        if bound.type == "none":
            counts.append(None)
            continue
        counts.append(count_of(bound))
        if counts[-1] is None:
            return None
    return slice_length(d, *counts) if counts else None


def _part_shape(
    token: Hashable | None, elements: list[gast.expr], kinds: Sequence[Kind]
) -> Hashable | None:
    """The shape of a part with constant bounds: it depends on the array's shape alone (and not on
    which integers stand in it).
    """
    if token is None:
        return None
    key = []
    for element, kind in zip(elements, kinds, strict=True):
        if kind.type == "int":
            key.append("i")
        elif tree.names_in(element):
            return None
        else:
            key.append(tree.dump(element))
    return ("part", token, tuple(key))


def _entry_kind(base: Kind, key: Any) -> Kind:
    """The kind of what a dict, an object or a named tuple holds under a key or name."""
    if base.items is None or base.keys is None:
        return UNKNOWN
    for k, kind in zip(base.keys, base.items, strict=True):
        if type(k) is type(key) and k == key:
            return kind
    return UNKNOWN


def _item_kind(base: Kind, elements: list[gast.expr], kinds: Sequence[Kind]) -> Kind:
    if len(elements) != 1:
        return UNKNOWN
    if isinstance(elements[0], gast.Slice):
        return Kind(base.type, base.dtype, element=base.element)
    index = kinds[0]
    if base.element is not None and index.type == "int":
        return base.element
    if base.items is None:
        if base.type == "tuple" and base.dtype == "int64" and index.type == "int":
            count = None
            if type(base.shape) is tuple and base.shape[:1] == ("dimensions",):
                if index.is_constant:
                    count = dimension(base.shape[1], index.value)
            return PYTHON_INT if count is None else replace(PYTHON_INT, count=count)
        return UNKNOWN
    if index.is_constant and isinstance(index.value, int):
        if -len(base.items) <= index.value < len(base.items):
            return base.items[index.value]
        return UNKNOWN
    if index.type != "int" or not base.items:
        return UNKNOWN
    result = base.items[0]
    for item in base.items[1:]:
        result = join(result, item)
    return result


def attribute_kind(base: Kind, name: str) -> Kind:
    """The kind of `base.name`, of a value (not of a module)."""
    if base.keys is not None and base.type in ("object", "tuple"):
        return _entry_kind(base, name)
    if name == "shape":
        return shape_kind(base)
    if name in ("size", "ndim", "itemsize", "nbytes"):
        return PYTHON_INT
    if name == "dtype" and base.is_numeric:
        return Kind("object")
    if name == "T" and base.is_numeric:
        if base.rank is not None and base.rank < 2:
            return base.without_value()
        return replace(base.without_value(), shape=transposed(base.shape, base.rank))
    if name in ("real", "imag") and base.is_numeric:
        dtype = {"complex64": "float32", "complex128": "float64"}.get(base.dtype or "", base.dtype)
        if base.is_number:
            if base.is_real_number:
                return base.without_value()
            return replace(kind_of_dtype(dtype), type="float")
        return replace(base, dtype=dtype, precision=precision_of(dtype))
    return UNKNOWN


def shape_kind(base: Kind) -> Kind:
    """The kind of a value's shape: integers, of which the token knows whose."""
    token = None if base.shape is None else ("dimensions", base.shape)
    items = None
    if base.is_numeric and base.rank is not None:
        counts = base.dims or (None,) * base.rank
        items = tuple([integer_kind(d) for d in counts])
    return Kind("tuple", "int64", shape=token, items=items)


def integer_kind(count: Any) -> Kind:
    """A Python integer with the token of its value, if it has one."""
    if type(count) is int:
        return constant_kind(count)
    return PYTHON_INT if count is None else replace(PYTHON_INT, count=count)


def length_kind(x: Kind) -> Kind:
    """The kind of `len(x)`."""
    if x.type in ("tuple", "list") and x.items is not None:
        return constant_kind(len(x.items))
    if x.is_array or x.type in ("numeric", "list", "unknown"):
        return integer_kind(dimension(x.shape, 0))
    return PYTHON_INT


def augmented_kind(op: type, target: Kind, value: Kind) -> Kind:
    """The kind of `x` after `x op= value`: an array stays what it is, a number is rebound."""
    if target.is_array:
        return target
    if target.is_number:
        return binary_kind(op, target, value)
    if _may_be_sequence_operation(op, target, value):  # `list += array` makes an array
        extends = op is gast.Add and target.type == "list" and value.type in ("list", "tuple")
        return Kind("list") if extends else UNKNOWN
    # An array keeps its dtype; its shape is that of the result (otherwise it raises).
    new = binary_kind(op, target, value)
    return Kind(
        "numeric",
        target.dtype if target.dtype == new.dtype else None,
        target.rank if target.rank == new.rank else None,
        broadcast_shape((target, value)),
        target.precision if target.precision == new.precision else None,
    )
