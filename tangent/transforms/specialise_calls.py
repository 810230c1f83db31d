"""Which parameter gets what, at a call that is expanded.

def layer(x, *ws, scale=1.0, **more)      layer(a, b, *cs, k=d)      x: a, ws: (b, *cs), more: {k: d}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.program import Function
from tangent.transforms.specialise_values import Constant, Held

__all__ = ["Arguments", "Misfit", "bind", "default_atoms", "held_of"]


class Misfit(Exception):
    """The arguments don't fit the parameters."""


@dataclass
class Arguments:
    """The arguments of a call, stars resolved: atoms in order and by keyword.

    Attributes:
        rest, more: names of what `*` and `**` unpack behind these, where only the run knows what is in it.
        late: what parameters get of these.
    """

    positional: list[gast.expr] = field(default_factory=list)
    keywords: dict[str, gast.expr] = field(default_factory=dict)
    rest: gast.Name | None = None
    more: gast.Name | None = None
    late: dict[str, gast.expr] = field(default_factory=dict)

    def add_keyword(self, name: str, atom: gast.expr) -> None:
        if name in self.keywords:
            raise Misfit(f"got several values for the keyword `{name}`")
        self.keywords[name] = atom


def default_atoms(function: Function, spell: Any) -> dict[str, gast.expr]:
    """The defaults of a plain function's parameters, as atoms. `spell(obj, name)` writes an object."""
    a = function.node.args
    positional = [p.id for p in [*a.posonlyargs, *a.args]]
    given: dict[str, Any] = dict(
        zip(positional[len(positional) - len(function.defaults) :], function.defaults, strict=True)
    )
    given.update(function.kwdefaults)
    atoms: dict[str, gast.expr] = {}
    for name, value in given.items():
        if value is None or isinstance(value, bool | int | float | str):
            atoms[name] = tree.constant(value)
        else:
            known = getattr(value, "__name__", "")
            base = known if known.isidentifier() else f"{function.name}_{name}"
            atoms[name] = spell(value, base)
    return atoms


def bind(
    function: Function, given: Arguments, defaults: Mapping[str, gast.expr]
) -> dict[str, gast.expr | list[gast.expr] | dict[str, gast.expr]]:
    """What each parameter gets: an atom; `*args` a list of atoms, `**kwargs` a dict of them.

    Raises:
        Misfit: Python raises a `TypeError` at this call.
    """
    a = function.node.args
    positional = [p.id for p in [*a.posonlyargs, *a.args]]
    by_position_only = {p.id for p in a.posonlyargs}
    keyword_only = [p.id for p in a.kwonlyargs]
    bound: dict[str, Any] = dict(zip(positional, given.positional, strict=False))
    rest = given.positional[len(positional) :]
    if rest and a.vararg is None:
        raise Misfit(f"takes {len(positional)} arguments, and got {len(given.positional)}")
    more: dict[str, gast.expr] = {}
    for name, atom in given.keywords.items():
        if name in bound and name not in by_position_only:
            raise Misfit(f"got several values for `{name}`")
        if name in keyword_only or (name in positional and name not in by_position_only):
            bound[name] = atom
        elif a.kwarg is not None:
            more[name] = atom
        else:
            raise Misfit(f"has no parameter `{name}` for a keyword")
    for name in [*positional, *keyword_only]:
        if name in given.late:
            bound[name] = given.late[name]
        if name not in bound:
            if name not in defaults:
                raise Misfit(f"got nothing for `{name}`")
            bound[name] = defaults[name]
    if a.vararg is not None:
        bound[a.vararg.id] = given.late.get(a.vararg.id, rest)
    if a.kwarg is not None:
        bound[a.kwarg.id] = given.late.get(a.kwarg.id, more)
    return {name: bound[name] for name in function.parameters}


def held_of(atom: gast.expr) -> Held | None:
    """An atom as a part of a static value, where it is a name or a constant."""
    if isinstance(atom, gast.Name):
        return atom.id
    if isinstance(atom, gast.Constant):
        return Constant(atom.value)
    if isinstance(atom, gast.UnaryOp) and isinstance(atom.operand, gast.Constant):
        if isinstance(atom.op, gast.USub):
            return Constant(-atom.operand.value)
    return None
