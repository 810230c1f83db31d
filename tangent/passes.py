"""Passes and pipelines.

    @register_pass
    @dataclass(frozen=True)
    class DeadCode(Pass):
        name = "dead"
        requires = (Liveness, Effects)

        def run(self, function, facts):
            return ...

    run_pipeline(program, pipeline("desugar,anf,dead"))

A pass takes a function and returns one; it never changes its input. A pipeline is a tuple of passes
and is also spelled as text. Passes of other packages are found through the entry-point group
``tangent.passes``.

An observer is called with `(pass, before, after)` after each pass. Where it has a method
`before(pass, program)`, that is called before the pass. `observing(...)` adds observers to all
pipelines that run inside it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from tangent.errors import PassError
from tangent.facts import Fact, Facts, Restricted
from tangent.program import Function, Program

__all__ = [
    "Observer",
    "Pass",
    "ProgramPass",
    "observing",
    "pipeline",
    "pipeline_text",
    "register_pass",
    "registered_passes",
    "run_pipeline",
]

Observer = Callable[["Pass", Program, Program], None]

ENTRY_POINT_GROUP = "tangent.passes"


class Pass:
    """One step of a pipeline, applied to each function by itself.

    Attributes:
        name: how it is spelled in a pipeline's text.
        requires: the facts that `run` may ask for.
        needs: promises (such as ``"anf"``) that the tree must carry before it runs.
        promises: what the trees that it returns promise.
        optimisation: may be left out without changing any number.
        reassociates: may change the order of floating-point operations.
    """

    name: ClassVar[str] = ""
    requires: ClassVar[tuple[type[Fact], ...]] = ()
    needs: ClassVar[frozenset[str]] = frozenset()
    promises: ClassVar[frozenset[str]] = frozenset()
    optimisation: ClassVar[bool] = False
    reassociates: ClassVar[bool] = False

    def run(self, function: Function, facts: Restricted) -> Function:
        raise NotImplementedError

    def run_program(self, program: Program, options: Mapping[str, Any]) -> Program:
        """Apply the pass to every function of a program."""
        functions = []
        for function in program.functions:
            missing = self.needs - function.promises
            if missing:
                raise PassError(
                    f"pass {self.name!r} needs a tree in the form {sorted(missing)}; "
                    f"{function.name} has {sorted(function.promises)}",
                    remedy="put the pass that makes this form before it",
                )
            facts = _facts_of(function, program, options)
            new = self.run(function, facts.restricted(self.requires, type(self).__name__))
            if self.promises - new.promises:
                new = new.with_node(new.node, *self.promises)
            functions.append(new)
        return program.with_functions(functions)


def _facts_of(function: Function, program: Program, options: Mapping[str, Any]) -> Facts:
    """The facts of a function: those that were computed before, where the program is the same."""
    known: dict[int, tuple[Mapping[str, Any], Facts]] = vars(program).setdefault("_facts", {})
    if id(function) not in known or known[id(function)][0] is not options:
        known[id(function)] = options, Facts(function, program, dict(options))
    return known[id(function)][1]


class ProgramPass(Pass):
    """A pass over the whole program (functions may be added or removed): defines `run_program`."""


_registry: dict[str, type[Pass]] = {}


def register_pass(cls: type[Pass]) -> type[Pass]:
    """Class decorator: make a pass known by its `name`."""
    if not cls.name:
        raise PassError(f"pass {cls.__name__} has no name")
    known = _registry.get(cls.name)
    if known is not None and known.__qualname__ != cls.__qualname__:
        raise PassError(f"two passes are called {cls.name!r}: {known.__name__} and {cls.__name__}")
    _registry[cls.name] = cls
    return cls


@functools.cache
def _load_entry_points() -> None:
    from importlib.metadata import entry_points  # takes long to import

    for point in entry_points(group=ENTRY_POINT_GROUP):
        loaded = point.load()
        if isinstance(loaded, type) and issubclass(loaded, Pass):
            register_pass(loaded)
        else:
            raise PassError(
                f"entry point {point.name!r} of {ENTRY_POINT_GROUP} is not a Pass class"
            )


def registered_passes() -> dict[str, type[Pass]]:
    """All known passes by name, those of other packages included."""
    _load_entry_points()
    return dict(_registry)


def pipeline(text: str | Iterable[Pass | str]) -> tuple[Pass, ...]:
    """Passes from text such as ``"desugar,anf,dead"``, or from a mix of names and passes.

    Raises:
        PassError: a name that no pass has.
    """
    names: Sequence[Pass | str] = text.split(",") if isinstance(text, str) else list(text)
    known = registered_passes()
    out: list[Pass] = []
    for item in names:
        if isinstance(item, Pass):
            out.append(item)
            continue
        name = item.strip()
        if not name:
            continue
        if name not in known:
            raise PassError(
                f"no pass is called {name!r}", remedy=f"choose among: {', '.join(sorted(known))}"
            )
        out.append(known[name]())
    return tuple(out)


def pipeline_text(passes: Iterable[Pass]) -> str:
    """The text of a pipeline."""
    return ",".join(p.name for p in passes)


_watching: ContextVar[tuple[Observer, ...]] = ContextVar("_watching", default=())


@contextmanager
def observing(*observers: Observer) -> Iterator[None]:
    """Let observers watch every pipeline that runs inside (in this thread or task)."""
    token = _watching.set((*_watching.get(), *observers))
    try:
        yield
    finally:
        _watching.reset(token)


def run_pipeline(
    program: Program,
    passes: Iterable[Pass],
    options: Mapping[str, Any] | None = None,
    observers: Iterable[Observer] = (),
) -> Program:
    """Run passes in order over a program, telling the observers before and after each."""
    watching = (*_watching.get(), *observers)
    options = options or {}
    for step in passes:
        before = program
        for observer in reversed(
            watching
        ):  # so that the first is nearest to the pass on both sides
            if (tell := getattr(observer, "before", None)) is not None:
                tell(step, before)
        program = step.run_program(program, options)
        for observer in watching:
            observer(step, before, program)
    return program
