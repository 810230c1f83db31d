"""New names by role, that never collide and always come out the same.

    names = Names({"x", "bx"})
    names.fresh("x", ADJOINT)    -> "bx2"

One `Names` serves a whole function; it is seeded with every name in sight.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

from tangent import tree
from tangent.program import Function

__all__ = ["ADJOINT", "PLAIN", "TANGENT", "TAPE", "Names"]

PLAIN = "{}"
ADJOINT = "b{}"
TANGENT = "d{}"
TAPE = "{}_tape"


class Names:
    """A namespace that hands out names."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    @classmethod
    def of(cls, *functions: Function) -> Names:
        """Seeded with every name that occurs in the functions, and with their free names."""
        taken: set[str] = set()
        for function in functions:
            taken |= tree.names_in(function.node, ctx=None)
            taken |= set(function.scope.injected)
            taken |= function.locals()
            taken.add(function.name)
        return cls(taken)

    def fresh(self, base: str, role: str = PLAIN) -> str:
        """A name that nobody uses: the base in its role, with a number where that is taken."""
        wanted = role.format(base.lstrip("_") or "v")
        stem = wanted.rstrip("0123456789") if wanted[-1:].isdigit() else wanted
        name, number = wanted, 1
        while name in self.taken or keyword.iskeyword(name) or hasattr(builtins, name):
            number += 1
            name = f"{stem}{number}" if stem == wanted else f"{wanted}_{number}"
        self.taken.add(name)
        return name
