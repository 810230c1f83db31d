"""The passes; importing this package registers them."""

from tangent.transforms import (
    anf,
    desugar,
    exits,
    reverse_mode,
    versions,
)

__all__ = ["anf", "desugar", "exits", "reverse_mode", "versions"]
