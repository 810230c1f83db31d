"""Where values may live: locations, and sets of them. The vocabulary of `aliases`.

x = [A, 2.0]      Place(objects={alloc([A, 2.0])}, views={}, held={param(A), elements(A)})
v = A[0]          Place(objects={elements(A), alloc(A[0])}, views={param(A)}, held={elements(A)})
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import gast

from tangent import tree
from tangent.recipes.kinds import Kind

__all__ = [
    "NOWHERE",
    "Location",
    "Place",
    "is_data",
    "is_immutable",
    "may_repeat",
    "own_nodes",
    "target_leaves",
]


@dataclass(frozen=True)
class Location:
    """A set of objects of the run.

    Attributes:
        kind: ``"param"``, ``"elements"`` (what is reached through a parameter), ``"alloc"``,
            ``"free"`` (what a global denotes or reaches), ``"unknown"``.
        name: the parameter or global.
        node: the expression that allocates.
    """

    kind: str
    name: str = ""
    node: gast.AST | None = None

    def __repr__(self) -> str:
        if self.node is not None:
            return f"alloc({tree.unparse(self.node)})"
        return f"{self.kind}({self.name})" if self.name else self.kind


class Place(NamedTuple):
    """Where a value may live, as bits of locations (see the module)."""

    objects: int = 0
    views: int = 0
    held: int = 0

    @property
    def memory(self) -> int:
        """What a write into this object may write."""
        return self.objects | self.views

    @property
    def reach(self) -> int:
        """Everything whose change can be seen through this value."""
        return self.objects | self.views | self.held

    def __or__(self, other: Place) -> Place:
        return Place(self.objects | other.objects, self.views | other.views, self.held | other.held)


NOWHERE = Place()  # numbers, strings, None: nothing that can be written


def is_immutable(kind: Kind) -> bool:
    """Certainly a value that can't be written and holds nothing."""
    return kind.is_number or kind.type in ("str", "none", "range", "function", "module")


def is_data(kind: Kind) -> bool:
    """Certainly a number or an array of numbers: it holds no objects."""
    return (kind.is_number or kind.is_array or kind.type == "numeric") and kind.dtype != "object"


def may_repeat(kind: Kind) -> bool:
    """Possibly a Python int, which repeats a list."""
    return kind.type in ("bool", "int", "number", "numeric")


def target_leaves(statement: Any) -> list[gast.AST]:
    """Targets of a statement, those inside tuples and lists each by itself."""
    found: list[gast.AST] = []
    if isinstance(statement, gast.Assign | gast.Delete):
        found = list(statement.targets)
    elif isinstance(statement, gast.AugAssign | gast.AnnAssign | gast.For):
        found = [statement.target]
    out: list[gast.AST] = []
    while found:
        target = found.pop()
        if isinstance(target, gast.Tuple | gast.List):
            found.extend(target.elts)
        elif isinstance(target, gast.Starred):
            found.append(target.value)
        else:
            out.append(target)
    return out


def own_nodes(statement: Any) -> list[Any]:
    """The nodes of a statement itself: of a compound one those of its header, of a definition none
    inside it.
    """
    if isinstance(statement, gast.FunctionDef | gast.ClassDef):
        return [statement]
    parts: list[Any] = []
    for field in tree.CHILD_FIELDS[type(statement)]:
        child = getattr(statement, field, None)
        if isinstance(child, list) and field not in tree.BLOCK_FIELDS:
            parts += [c for c in child if isinstance(c, gast.AST)]
        elif isinstance(child, gast.AST):
            parts.append(child)
    return [statement, *(node for part in parts for node in tree.walk(part))]
