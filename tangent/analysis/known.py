"""What is known, without a recipe, of builtins, methods and helpers: tables by name."""

from __future__ import annotations

# Builtins without an effect whose result holds no argument, and those whose result may.
FRESH_BUILTINS = frozenset(
    {"abs", "all", "any", "ascii", "bin", "bool", "bytes", "callable", "chr", "complex"}
    | {"divmod", "float", "format", "hasattr", "hash", "hex", "id", "int", "isinstance"}
    | {"issubclass", "len", "object", "oct", "ord", "pow", "range", "repr", "round", "slice"}
    | {"str", "sum", "type"}
)
SHARING_BUILTINS = frozenset({"getattr", "max", "min", "super"})
CONTAINER_BUILTINS = frozenset(
    {"dict", "enumerate", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"}
    | {"zip"}
)
# Methods of arrays and Python's containers. Methods of anything else have to be known by their
# function.
WRITING_METHODS = frozenset(
    {"add", "append", "byteswap", "clear", "discard", "extend", "fill", "insert", "itemset"}
    | {"partition", "pop", "popitem", "put", "remove", "resize", "reverse", "setdefault"}
    | {"setfield", "setflags", "sort", "update"}
)
STORING_METHODS = frozenset({"add", "append", "extend", "insert", "setdefault", "update"})
SHARING_METHODS = frozenset(
    {
        "__getitem__",
        "astype",
        "conj",
        "conjugate",
        "copy",
        "diagonal",
        "get",
        "getfield",
        "items",
        "pop",
        "popitem",
    }
    | {"ravel", "reshape", "setdefault", "squeeze", "swapaxes", "transpose", "values", "view"}
)
FRESH_METHODS = frozenset(
    {"all", "any", "argmax", "argmin", "argpartition", "argsort", "bit_length", "choose"}
    | {"clip", "compress", "count", "cumprod", "cumsum", "dot"}
    | {"endswith", "flatten", "format", "index", "is_integer", "item", "join", "keys"}
    | {"lower", "max", "mean", "min", "nonzero", "prod", "ptp", "repeat", "round"}
    | {"searchsorted", "split", "startswith", "std", "strip", "sum", "take", "tobytes"}
    | {"tolist", "trace", "upper", "var"}
)
ELEMENT_METHODS = frozenset(
    {"__getitem__", "get", "items", "pop", "popitem", "setdefault", "values"}
)
KNOWN_METHODS = WRITING_METHODS | SHARING_METHODS | FRESH_METHODS
# Functions that write an argument, by their qualified name: positions of what they write.
WRITING_FUNCTIONS = {
    "numpy.copyto": (0,),
    "numpy.fill_diagonal": (0,),
    "numpy.place": (0,),
    "numpy.put": (0,),
    "numpy.put_along_axis": (0,),
    "numpy.putmask": (0,),
}
PURE_MODULES = frozenset({"cmath", "math"})
# Helpers of `tangent.runtime`: those that check (and so are never removed), write their first
# argument, give a new object. All others are pure, and their result may be an argument or a view
# of it.
RUNTIME = "tangent.runtime"
CHECKING_HELPERS = frozenset(
    {"check_apart", "check_array", "check_kind", "check_length", "check_ndarray"}
    | {"check_no_union", "check_unpacked"}
    | {"check_same_size", "check_scalar"}
    | {
        "check_foreign",
        "check_operand",
        "check_sequence",
        "check_unwritten",
        "check_function",
        "check_own",
        "check_slice",
        "check_storage",
        "check_structure",
        "check_copied",
        "check_layout",
        "check_view",
        "scalar_seed",
    }
)
# What only the run knows is called: it may do anything but write its arguments.
CALLING_HELPERS = frozenset({"call"})
# These check besides, where other arguments are given, that none shares memory with the first.
OWNING_HELPERS = frozenset({"own", "own_array"})
WRITING_HELPERS = frozenset({"add_at", "items_at", "put_back", "take_out", "write"})
FRESH_HELPERS = frozenset(
    {
        "float_dtype",
        "full_like",
        "keep",
        "last_writes",
        "own",
        "own_array",
        "take_adjoint",
        "take_last",
        "shares",
    }
    | {"zeros_like", "zeros_list"}
)
FRESH_ATTRIBUTES = frozenset({"dtype", "itemsize", "nbytes", "ndim", "shape", "size", "strides"})
