"""The passes; importing this package registers them."""

from tangent.transforms import (
    anf,
    clears,
    common,
    copies,
    dead,
    desugar,
    elements,
    exits,
    fold,
    forward_mode,
    inline,
    inplace,
    reverse_mode,
    runtime_calls,
    specialise,
    versions,
)

__all__ = [
    "anf",
    "clears",
    "common",
    "copies",
    "dead",
    "desugar",
    "elements",
    "exits",
    "fold",
    "forward_mode",
    "inline",
    "inplace",
    "reverse_mode",
    "runtime_calls",
    "specialise",
    "versions",
]
