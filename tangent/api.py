"""What users call: `grad`, `vjp`, `jvp`, `autodiff`.

    >>> import tangent
    >>> def f(x):
    ...     return x * x * x
    >>> df = tangent.grad(f)
    >>> df(2.0)
    12.0
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tangent import parse, transforms
from tangent.emit import emit
from tangent.errors import TangentError, WrtError
from tangent.link import link
from tangent.passes import Observer, Pass, pipeline, run_pipeline
from tangent.program import Function

__all__ = [
    "INPUT_DERIVATIVE",
    "OPTIMISATIONS",
    "autodiff",
    "grad",
    "jvp",
    "observers",
    "vjp",
]

FRONT = ("desugar", "exits", "anf", "aliases", "common", "copies", "versions")
BACK = ("copies", "common", "copies", "dead", "clears", "inline", "fold", "dead")
OPTIMISATIONS = ("fold", "copies", "common", "clears", "dead", "inline")

# Observers that are told of every pass of every derivative (the tests put the verifier here).
observers: list[Observer] = []


class INPUT_DERIVATIVE(enum.Enum):
    """Whether the seed of a derivative has to be given.

    Attributes:
        Required: it is a required argument.
        DefaultOne: it is 1.0 unless given.
    """

    Required = 1
    DefaultOne = 2


def grad(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    preserve_result: bool = False,
    check_dims: bool = True,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write the gradient of a function as another function.

    Args:
        f: a function of Python source that returns a scalar.
        wrt: positions or names of the parameters to differentiate with respect to.
        optimized: run the optimisation passes; or the names of those to run.
        preserve_result: append the value of `f` to what is returned.
        check_dims: raise `NonScalarError` where the result is not a scalar.
        verbose: 1 prints the source, 2 also a diff for every pass.
        like: examples of the arguments. Their kinds (number or array, dtype, rank) are then taken for
            certain, which makes the code leaner, and checked on entry.

    Returns:
        `df(*args, init_grad=1.0)`, which returns the gradient with respect to the parameter (a tuple for
        several), of the structure, shape and float dtype of the argument. `df.source` is its text.

    Raises:
        TangentError: see `tangent.errors`.

    >>> def f(x, w):
    ...     return x * w
    >>> grad(f, wrt=("x", "w"))(2.0, 3.0)
    (3.0, 2.0)
    """
    return autodiff(
        f,
        wrt,
        optimized,
        preserve_result=preserve_result,
        check_dims=check_dims,
        input_derivative=INPUT_DERIVATIVE.DefaultOne,
        verbose=verbose,
        like=like,
    )


def vjp(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    preserve_result: bool = False,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write the product of a seed with the Jacobian of `f` (reverse mode).

    Returns:
        `df(*args, seed)`; the seed has the structure and shape of the result and is also taken as `init_grad=`.

    >>> import numpy as np
    >>> def f(x):
    ...     return np.sin(x)
    >>> vjp(f)(np.zeros(2), np.array([1.0, 2.0]))
    array([1., 2.])
    """
    return autodiff(
        f,
        wrt,
        optimized,
        preserve_result=preserve_result,
        check_dims=False,
        verbose=verbose,
        like=like,
    )


def jvp(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    preserve_result: bool = False,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write the product of the Jacobian of `f` with tangents of its `wrt` arguments (forward mode).

    Returns:
        `df(*args, *tangents)`; the tangents are also taken by name, `dx=` for the parameter `x`.

    >>> def f(x, w):
    ...     return x * w
    >>> jvp(f)(2.0, 3.0, 1.0)
    3.0
    """
    return autodiff(
        f,
        wrt,
        optimized,
        mode="forward",
        preserve_result=preserve_result,
        check_dims=False,
        verbose=verbose,
        like=like,
    )


def autodiff(
    f: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = (0,),
    optimized: bool | str | Iterable[str | Pass] = True,
    motion: str = "joint",
    mode: str = "reverse",
    preserve_result: bool = False,
    check_dims: bool = True,
    input_derivative: INPUT_DERIVATIVE = INPUT_DERIVATIVE.Required,
    verbose: int = 0,
    like: Sequence[Any] | Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Write a derivative of `f`; `grad`, `vjp` and `jvp` are special cases.

    Args:
        mode: ``"reverse"`` or ``"forward"``.
        motion: ``"joint"`` writes one function; ``"split"`` a forward and a backward half, which are also
            reachable as `df.forward(*args)` → `(value, saved)` and `df.backward(saved, seed)`.
        input_derivative: whether the seed is a required argument.

    The other arguments are those of `grad`.
    """
    if mode not in ("reverse", "forward"):
        raise TangentError(f"mode is {mode!r}", remedy="use 'reverse' or 'forward'")
    if motion not in ("joint", "split"):
        raise TangentError(f"motion is {motion!r}", remedy="use 'joint' or 'split'")
    program = parse.load(f)
    options = {
        "wrt": wrt_names(program.entry, wrt),
        "preserve_result": preserve_result,
        "return_value": preserve_result,
        "check_dims": check_dims,
        "motion": motion,
        "seed_default": input_derivative is INPUT_DERIVATIVE.DefaultOne,
        "like": like,
    }
    steps = pipeline(pipeline_names(mode, optimized))
    watching = list(observers)
    if verbose >= 2:
        from tangent.observers import print_diff

        watching.append(print_diff)
    result = run_pipeline(program, steps, options, watching)
    emitted = emit(result)
    linked = link(result, emitted)
    df: Any = linked.entry
    df.source = emitted.source
    if motion == "split" and mode == "reverse":
        halves = result.functions[-2:]
        df.forward = linked[halves[0].name]
        df.backward = linked[halves[1].name]
    if verbose >= 1:
        print(emitted.source)
    return df


def pipeline_names(mode: str, optimized: bool | str | Iterable[str | Pass]) -> list[str | Pass]:
    """The passes from a parsed program to what is emitted."""
    if optimized is True:
        chosen: set[str] = set(OPTIMISATIONS)
        extra: list[str | Pass] = []
    elif optimized is False:
        chosen, extra = set(), []
    else:
        given = optimized.split(",") if isinstance(optimized, str) else list(optimized)
        items = [i.strip() if isinstance(i, str) else i for i in given]
        chosen = {i for i in items if isinstance(i, str) and i in OPTIMISATIONS}
        extra = [i for i in items if i and i not in chosen]
    front: list[str | Pass] = [p for p in FRONT if p not in OPTIMISATIONS or p in chosen]
    return [*front, mode, *(p for p in BACK if p in chosen), *extra]


def wrt_names(function: Function, wrt: int | str | Sequence[int | str]) -> tuple[str, ...]:
    """Parameter names for positions and names.

    Raises:
        WrtError: out of range, unknown, given twice, or none at all.
    """
    items: Sequence[int | str] = (wrt,) if isinstance(wrt, int | str) else tuple(wrt)
    parameters = function.parameters
    listed = ", ".join(parameters) or "none"
    names: list[str] = []
    for item in items:
        if isinstance(item, str):
            if item not in parameters:
                raise WrtError(
                    f"`{function.name}` has no parameter `{item}`",
                    function.origin(function.node),
                    remedy=f"its parameters are: {listed}",
                )
            name = item
        else:
            if not -len(parameters) <= item < len(parameters):
                raise WrtError(
                    f"wrt names parameter {item} of `{function.name}`, which has {len(parameters)}",
                    function.origin(function.node),
                    remedy=f"its parameters are: {listed}",
                )
            name = parameters[item]
        if name in names:
            raise WrtError(
                f"wrt names `{name}` twice", function.origin(function.node), remedy="name it once"
            )
        names.append(name)
    if not names:
        raise WrtError(
            "wrt is empty",
            function.origin(function.node),
            remedy=f"name at least one of the parameters: {listed}",
        )
    return tuple(names)


