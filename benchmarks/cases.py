"""Programs loaded as cases, the ways to differentiate them, and the check that all agree."""

from __future__ import annotations

import copy
import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks import programs

PEERS = ("autograd", "jax", "jax jit")
SEED = 0


@dataclass(frozen=True)
class Case:
    """A program with arguments of one size."""

    label: str
    program: ModuleType
    sizes: tuple[Any, ...]

    @property
    def name(self) -> str:
        return self.program.__name__.rpartition(".")[2]

    @property
    def wrt(self) -> tuple[str, ...]:
        return self.program.WRT

    @property
    def forward(self) -> bool:
        return getattr(self.program, "FORWARD", False)

    @property
    def loops(self) -> bool:
        return getattr(self.program, "LOOPS", False)

    @property
    def in_place(self) -> bool:
        """Whether its loops write arrays."""
        return getattr(self.program, "IN_PLACE", False)

    @property
    def refuses(self) -> dict[str, str]:
        """The peers that can't run it, and why: none of them writes arrays in place."""
        by_default = dict.fromkeys(PEERS, "an array written in place") if self.in_place else {}
        return getattr(self.program, "REFUSES", by_default)

    @property
    def positions(self) -> tuple[int, ...]:
        names = list(inspect.signature(self.program.f).parameters)
        return tuple(names.index(name) for name in self.wrt)

    def arguments(self) -> tuple[Any, ...]:
        """The arguments of `f`, the same at each call but never shared."""
        return self.program.arguments(np.random.default_rng(SEED), *self.sizes)

    def directions(self) -> tuple[Any, ...]:
        """A tangent for each parameter in `wrt`."""
        rng, args = np.random.default_rng(SEED + 1), self.arguments()
        return tuple(rng.standard_normal(np.shape(args[i])) for i in self.positions)

    def derivative_arguments(self) -> tuple[Any, ...]:
        """The arguments of a derivative: in forward mode the tangents follow."""
        return self.arguments() + (self.directions() if self.forward else ())

    def small(self) -> Case:
        """The same program, small enough for finite differences."""
        return Case(self.label, self.program, self.program.SMALL)


@dataclass
class Contender:
    """One way to compute a derivative, or the reason why there is none."""

    name: str
    function: Callable[..., Any] | None = None
    refusal: str = ""
    arguments: tuple[Any, ...] = field(default=(), repr=False)

    @property
    def call(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        assert self.function is not None
        return self.function, self.arguments

    def run(self) -> Any:
        function, arguments = self.call
        return function(*arguments)


def all_programs() -> list[ModuleType]:
    names = sorted(m.name for m in pkgutil.iter_modules(programs.__path__))
    return [importlib.import_module(f"{programs.__name__}.{name}") for name in names]


def all_cases() -> list[Case]:
    return [Case(label, p, sizes) for p in all_programs() for label, sizes in p.SIZES.items()]


# -- the ways to differentiate


def ours(case: Case, like: bool) -> Callable[..., Any]:
    """The derivative that tangent writes, with examples of the arguments or with nothing known."""
    import tangent

    if case.forward:
        return tangent.jvp(case.program.f, wrt=case.wrt)
    return tangent.grad(case.program.f, wrt=case.wrt, like=case.arguments() if like else None)


def with_numpy(program: ModuleType, numpy: ModuleType) -> Callable[..., Any]:
    """`f` from a second copy of the program, in which `np` is another NumPy."""
    spec = importlib.util.spec_from_file_location(f"{program.__name__}_peer", program.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["np"] = numpy
    return module.f


def by_autograd(case: Case) -> Callable[..., Any]:
    import autograd
    import autograd.numpy

    f = with_numpy(case.program, autograd.numpy)
    (argnum, *more) = case.positions
    if case.forward:
        jvp = autograd.make_jvp(f, argnum)
        return lambda *args: jvp(*args[:-1])(args[-1])[1]
    return autograd.grad(f, (argnum, *more) if more else argnum)


def by_jax(case: Case, jit: bool) -> Callable[..., Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    f = with_numpy(case.program, jax.numpy)
    static = tuple(i for i, a in enumerate(case.arguments()) if isinstance(a, int))
    (argnum, *more) = case.positions
    if case.forward:

        def derivative(*args: Any) -> Any:
            primal, dx = args[:-1], args[-1]

            def along(x: Any) -> Any:
                return f(*primal[:argnum], x, *primal[argnum + 1 :])

            return jax.jvp(along, (primal[argnum],), (dx,))[1]
    else:
        derivative = jax.grad(f, (argnum, *more) if more else argnum)
    if jit:
        derivative = jax.jit(derivative, static_argnums=static)
    return lambda *args: jax.block_until_ready(derivative(*args))


def peer(case: Case, name: str) -> Callable[..., Any]:
    return by_autograd(case) if name == "autograd" else by_jax(case, jit=name == "jax jit")


def jax_arguments(case: Case) -> tuple[Any, ...]:
    """The arguments with arrays as JAX's own, so that no conversion is timed."""
    import jax

    jax.config.update("jax_enable_x64", True)
    args = case.derivative_arguments()
    return tuple(jax.numpy.asarray(a) if isinstance(a, np.ndarray) else a for a in args)


def contenders(
    case: Case, with_ours: bool = True, peers: tuple[str, ...] = PEERS
) -> list[Contender]:
    """Every way to differentiate a case, the hand-written one first."""
    args = case.derivative_arguments
    found = [Contender("by hand", case.program.gradient, arguments=args())]
    if with_ours:
        found.append(Contender("tangent", ours(case, like=False), arguments=args()))
        if not case.forward:
            found.append(Contender("tangent like", ours(case, like=True), arguments=args()))
    for name in peers:
        if importlib.util.find_spec(name.split()[0]) is None:
            found.append(Contender(name, refusal="not installed"))
        elif name in case.refuses:
            found.append(Contender(name, refusal=case.refuses[name]))
        else:
            own = jax_arguments(case) if name.startswith("jax") else args()
            found.append(Contender(name, peer(case, name), arguments=own))
    return found


# -- agreement


def parts(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def disagreement(expected: Any, found: Any) -> str:
    """How two derivatives differ in number, shape or value; empty where they agree."""
    expected, found = parts(expected), parts(found)
    if len(expected) != len(found):
        return f"{len(found)} parts instead of {len(expected)}"
    for k, (a, b) in enumerate(zip(expected, found, strict=True)):
        if np.shape(a) != np.shape(b):
            return f"part {k} has shape {np.shape(b)} instead of {np.shape(a)}"
        scale = max(1e-300, float(np.max(np.abs(a), initial=0.0)))
        error = float(np.max(np.abs(np.asarray(a) - np.asarray(b)), initial=0.0)) / scale
        if not error < 1e-8:
            return f"part {k} is off by {error:.1e} relative to its largest element"
    return ""


def disagreements(found: list[Contender]) -> Iterator[str]:
    """One line for each contender that is wrong, or that changes its arguments."""
    runs = [c for c in found if c.function is not None]
    expected = runs[0].run()
    for contender in runs:
        before = copy.deepcopy(contender.arguments)
        message = disagreement(expected, contender.run())
        if message:
            yield f"{contender.name}: {message}"
        if disagreement(before, contender.arguments):
            yield f"{contender.name}: changes its arguments"


def numeric_slope(case: Case, step: float = 1e-6) -> float:
    """The derivative along `case.directions()`, by central differences."""
    shift = dict(zip(case.positions, case.directions(), strict=True))

    def at(h: float) -> float:
        args = list(case.arguments())
        for i, v in shift.items():
            args[i] = args[i] + h * v
        return float(case.program.f(*args))

    return (at(step) - at(-step)) / (2 * step)


def slope(case: Case, derivative: Callable[..., Any]) -> float:
    """The derivative along `case.directions()`, from a gradient or a tangent."""
    result = derivative(*case.derivative_arguments())
    if case.forward:
        return float(result)
    pairs = zip(parts(result), case.directions(), strict=True)
    return float(sum(np.sum(g * v) for g, v in pairs))
