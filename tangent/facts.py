"""Facts: what analyses know of a function's tree, computed on demand and valid for exactly that tree.

    class Liveness(Fact):
        requires = (Cfg, Effects)
        @classmethod
        def compute(cls, function, facts): ...

    facts = Facts(function)
    facts[Liveness].after[statement]

Facts are held beside the tree. A new tree has new facts, so nothing is ever invalidated. A fact sees
only the facts that its `requires` names; asking for another is an error that names both sides.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tangent.errors import PassError
from tangent.program import Function, Program

__all__ = ["Fact", "Facts", "Restricted"]


class Fact:
    """Base of analyses: a class that computes one thing about a function."""

    name: ClassVar[str] = ""
    requires: ClassVar[tuple[type[Fact], ...]] = ()

    @classmethod
    def compute(cls, function: Function, facts: Restricted) -> Any:
        """The fact for a function. Must not change the tree."""
        raise NotImplementedError


class Facts:
    """The facts of one function, each computed once, when first asked for.

    Args:
        function: the function.
        program: the program that it stands in (for facts that look at callees).
        options: what the user asked for (`wrt`, `like`, …), readable by analyses as `facts.options`.
    """

    def __init__(
        self,
        function: Function,
        program: Program | None = None,
        options: dict[str, Any] | None = None,
    ) -> None:
        self.function = function
        self.program = program if program is not None else Program((function,))
        self.options = options or {}
        self._known: dict[type[Fact], Any] = {}
        self._under_way: list[type[Fact]] = []

    def __getitem__(self, fact: type[Fact]) -> Any:
        if fact not in self._known:
            if fact in self._under_way:
                cycle = " -> ".join(f.__name__ for f in [*self._under_way, fact])
                raise PassError(f"facts need each other: {cycle}")
            self._under_way.append(fact)
            try:
                view = Restricted(self, fact.requires, fact.__name__)
                self._known[fact] = fact.compute(self.function, view)
            finally:
                self._under_way.pop()
        return self._known[fact]

    def restricted(self, requires: tuple[type[Fact], ...], who: str) -> Restricted:
        """A view that gives only the facts that `who` declared."""
        return Restricted(self, requires, who)


class Restricted:
    """Facts seen by an analysis or pass: those that its `requires` names."""

    def __init__(self, facts: Facts, requires: tuple[type[Fact], ...], who: str) -> None:
        self._facts = facts
        self._requires = requires
        self._who = who

    @property
    def function(self) -> Function:
        return self._facts.function

    @property
    def program(self) -> Program:
        return self._facts.program

    @property
    def options(self) -> dict[str, Any]:
        return self._facts.options

    def __getitem__(self, fact: type[Fact]) -> Any:
        if fact not in self._requires:
            declared = ", ".join(f.__name__ for f in self._requires) or "nothing"
            raise PassError(
                f"{self._who} asks for the fact {fact.__name__}, but requires only: {declared}",
                remedy=f"add {fact.__name__} to {self._who}.requires",
            )
        return self._facts[fact]
