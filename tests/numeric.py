"""Derivatives by numbers, and the comparisons that every derivative of the tests has to pass.

    check_gradient(tangent.grad(f, ("x", "w")), f, (x, w), wrt=("x", "w"))
    check_duality(tangent.vjp(f, "x"), tangent.jvp(f, "x"), f, (x, w), wrt=("x",))

Values are numbers, arrays, and lists, tuples, dicts and objects of them. All are seen as vectors: `vector` lays the
numbers of a value out in order, `rebuilt` is its inverse on a value of the same structure.

Differences are central, of two step sizes, extrapolated (Richardson 1911): with
D(h) = f'(x) + c h² + O(h⁴), it is (4 D(h/2) - D(h)) / 3 = f'(x) + O(h⁴). Where the two disagree,
or the one-sided slopes do, the point is no good (a kink, a jump, a pole) and `Rough` is raised: the
caller chooses another point, or skips it.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

__all__ = [
    "STEP",
    "Rough",
    "call_jvp",
    "call_vjp",
    "check_argument_unchanged",
    "check_duality",
    "check_gradient",
    "check_like",
    "check_owned",
    "complex_step",
    "copied",
    "extra_parameters",
    "inner",
    "numeric_gradient",
    "parts",
    "positions",
    "quiet",
    "random_like",
    "rebuilt",
    "same_bits",
    "vector",
]

STEP = 2e-4
ROUGH = 1e-3  # relative disagreement of two step sizes that no smooth function of the tests has


class Rough(Exception):
    """Differences of two step sizes disagree: no derivative to compare with at this point."""


# -- values as vectors


def vector(value: Any) -> np.ndarray:
    """The numbers of a value in order, float64 (complex128 where one is complex).

    >>> vector([1, (2.5, np.array([3, 4]))])
    array([1. , 2.5, 3. , 4. ])
    """
    numbers = [np.asarray(leaf) for leaf in _leaves(value)]
    kind = complex if any(np.iscomplexobj(n) for n in numbers) else float
    return np.concatenate([np.zeros(0), *[n.ravel().astype(kind) for n in numbers]])


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, bool | int | float | complex | np.generic | np.ndarray):
        yield value
    elif not isinstance(value, str | None):
        for item in items_of(value).values():
            yield from _leaves(item)


def items_of(value: Any) -> dict[Any, Any]:
    """The parts of a list, a tuple, a dict or an object, by index, key or attribute."""
    if isinstance(value, list | tuple):
        return dict(enumerate(value))
    if isinstance(value, dict):
        return value
    if not hasattr(value, "__dict__") and not hasattr(value, "__slots__"):
        raise TypeError(f"no numbers in a {type(value).__name__}")
    slots = {n: getattr(value, n) for n in getattr(value, "__slots__", ())}
    return {**slots, **getattr(value, "__dict__", {})}


def with_items(value: Any, items: dict[Any, Any]) -> Any:
    """A value of the class of `value` of other parts."""
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(items.values())
    if isinstance(value, list | tuple):
        return type(value)(items.values())
    new = copy.copy(value)
    for name, item in items.items():
        if isinstance(value, dict):
            new[name] = item
        else:
            object.__setattr__(new, name, item)
    return new


def rebuilt(like: Any, numbers: np.ndarray) -> Any:
    """A value of the structure of `like` with these numbers, in double precision.

    >>> rebuilt([1, (2, np.array([3, 4]))], np.array([1.5, 2.5, 3.5, 4.5]))
    [1.5, (2.5, array([3.5, 4.5]))]
    """
    value, used = _take(like, numbers, 0)
    assert used == len(numbers)
    return value


def _take(like: Any, numbers: np.ndarray, at: int) -> tuple[Any, int]:
    if isinstance(like, np.ndarray):
        return numbers[at : at + like.size].reshape(like.shape).copy(), at + like.size
    if isinstance(like, np.generic):
        return numbers[at], at + 1
    if isinstance(like, str | None):
        return like, at
    if isinstance(like, int | float | complex):
        return numbers[at].item(), at + 1
    items = {}
    for key, item in items_of(like).items():
        items[key], at = _take(item, numbers, at)
    return with_items(like, items), at


def inner(a: Any, b: Any) -> Any:
    """⟨a, b⟩ of two values of one structure (bilinear: nothing is conjugated)."""
    return np.sum(vector(a) * vector(b))


def random_like(value: Any, rng: np.random.Generator) -> Any:
    """A random value of the same structure, of the same float type (float64 for integers)."""
    return like_precision(value, rebuilt(value, rng.uniform(0.5, 1.5, vector(value).shape)))


def like_precision(value: Any, new: Any) -> Any:
    """`new` with the float types of `value`."""
    if isinstance(value, np.ndarray | np.generic):
        return new.astype(np.float32) if value.dtype == np.float32 else new
    if isinstance(value, int | float | complex | str | None):
        return new
    items = items_of(new)
    return with_items(new, {k: like_precision(v, items[k]) for k, v in items_of(value).items()})


def parts(result: Any, wrt: Sequence[int | str] | int | str = (0,)) -> tuple[Any, ...]:
    """The gradients by the parameters `wrt`, of which there may be one: always as a tuple."""
    return (result,) if isinstance(wrt, int | str) or len(wrt) == 1 else result


def copied(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copies of the arguments; those that are one object stay one object."""
    return copy.deepcopy(args)


def positions(f: Callable[..., Any], wrt: Sequence[int | str] | int | str) -> tuple[int, ...]:
    """`wrt` as positions."""
    if isinstance(wrt, int | str):
        wrt = (wrt,)
    names = list(inspect.signature(f).parameters)
    return tuple(names.index(w) if isinstance(w, str) else w for w in wrt)


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """What is printed goes into a string."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        yield out


# -- numeric derivatives


def numeric_gradient(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    wrt: tuple[int, ...],
    kwargs: dict[str, Any] | None = None,
    seed: Any = None,
    step: float = STEP,
) -> list[np.ndarray]:
    """∂⟨seed, f⟩/∂args[k] for each k of `wrt` as a vector, computed in double precision.

    Raises:
        Rough: two step sizes disagree.
    """
    wide = tuple(_wide(a) for a in args)
    out = []
    for k in wrt:
        at = vector(args[k])
        out.append(
            np.array([_slope(f, wide, k, at, i, kwargs, seed, step) for i in range(len(at))])
        )
    return out


def _wide(value: Any) -> Any:
    """In double precision; integers stay integers."""
    if isinstance(value, np.ndarray | np.generic):
        return value.astype(np.float64) if value.dtype == np.float32 else value
    if isinstance(value, list | tuple | dict):
        return with_items(value, {k: _wide(v) for k, v in items_of(value).items()})
    return value


def _slope(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    k: int,
    at: np.ndarray,
    i: int,
    kwargs: dict[str, Any] | None,
    seed: Any,
    step: float,
) -> Any:
    def moved(by: float) -> Any:
        numbers = at.copy()
        numbers[i] += by
        new = copied(args)
        new = (*new[:k], rebuilt(args[k], numbers), *new[k + 1 :])
        with quiet():
            result = f(*new, **copy.deepcopy(kwargs or {}))
        return np.sum(vector(result)) if seed is None else inner(seed, result)

    h = step * max(1.0, abs(at[i]))
    here, up, down, near_up, near_down = map(moved, (0.0, h, -h, h / 2, -h / 2))
    coarse, fine = (up - down) / (2 * h), (near_up - near_down) / h
    if not abs(coarse - fine) <= ROUGH * (1 + abs(fine)):
        raise Rough(f"number {i} of argument {k}: the slope is {coarse} or {fine}")
    # Slopes to the two sides differ by h f''(x), which halves with h; at a kink it does not.
    bend = abs(up - 2 * here + down) / h
    near_bend = abs(near_up - 2 * here + near_down) / (h / 2)
    if near_bend > ROUGH * (1 + abs(fine)) and near_bend > 0.75 * bend:
        raise Rough(
            f"number {i} of argument {k}: the slopes to the two sides differ by {near_bend}"
        )
    return (4 * fine - coarse) / 3


def complex_step(
    f: Callable[..., Any], args: tuple[Any, ...], wrt: tuple[int, ...], step: float = 1e-30
) -> list[np.ndarray]:
    """The same by complex steps, f'(x) = Im f(x + ih) / h, exact to rounding.

    (Squire and Trapp, "Using complex variables to estimate derivatives of real functions", 1998.)
    `f` must be analytic in the arithmetic that it is run with. Steps to both sides are compared,
    so that a kink at the very point is seen.

    Raises:
        Rough: the two sides disagree.
    """
    out = []
    for k in wrt:
        at = vector(args[k])
        slopes = np.empty(len(at))
        for i in range(len(at)):
            sides = []
            for h in (step, -step):
                numbers = at.astype(complex)
                numbers[i] += 1j * h
                new = copied(args)
                with quiet():
                    result = f(*new[:k], _complex(args[k], numbers), *new[k + 1 :])
                sides.append(np.sum(vector(result)).imag / h)
            if not np.isclose(sides[0], sides[1], rtol=1e-12, atol=1e-12):
                raise Rough(f"number {i} of argument {k}: the slopes are {sides}")
            slopes[i] = sides[0]
        out.append(slopes)
    return out


def _complex(like: Any, numbers: np.ndarray) -> Any:
    """As `rebuilt`, with NumPy's complex scalars, which (unlike Python's) have an order."""
    if isinstance(like, np.ndarray):
        return numbers.reshape(like.shape)
    if isinstance(like, list | tuple | dict):
        items, at = {}, 0
        for key, item in items_of(like).items():
            size = len(vector(item))
            items[key] = _complex(item, numbers[at : at + size])
            at += size
        return with_items(like, items)
    return numbers[0]


# -- comparisons


def check_like(gradient: Any, argument: Any, where: str = "the gradient") -> None:
    """A gradient has its argument's structure, shape and float type.

    Numbers: any float (a Python float's precision is whatever it met); NumPy scalars: their type;
    integers and booleans: float64 (for a Python int any float). None for None and strings.
    """
    if isinstance(argument, str | None):
        assert gradient is None, f"{where}: {gradient} for {argument!r}"
        return
    if not isinstance(argument, int | float | complex | np.generic | np.ndarray):
        assert type(gradient) is type(argument), f"{where}: {type(gradient)} for {type(argument)}"
        items, given = items_of(gradient), items_of(argument)
        assert list(items) == list(given), f"{where}: {list(items)}, not {list(given)}"
        for key, value in given.items():
            check_like(items[key], value, f"{where}[{key!r}]")
        return
    assert np.shape(gradient) == np.shape(argument), (
        f"{where}: shape {np.shape(gradient)}, not {np.shape(argument)}"
    )
    if isinstance(argument, np.ndarray) and argument.ndim:
        assert isinstance(gradient, np.ndarray), f"{where}: {type(gradient)} for an array"
    found = np.asarray(gradient).dtype
    if isinstance(argument, np.ndarray | np.generic):
        wanted = argument.dtype if argument.dtype.kind in "fc" else np.dtype(float)
        assert found == wanted, f"{where}: {found} for {argument.dtype}"
    else:
        assert found.kind in ("c" if isinstance(argument, complex) else "f"), f"{where}: {found}"


def check_owned(gradients: tuple[Any, ...], args: tuple[Any, ...]) -> None:
    """Gradients are writable and share memory neither with arguments nor with each other."""
    arrays = [g for g in _leaves(gradients) if isinstance(g, np.ndarray)]
    for i, g in enumerate(arrays):
        assert g.flags.writeable, "a gradient is read-only"
        others = _arrays(args) + arrays[:i]
        assert not any(np.shares_memory(g, other) for other in others), "a gradient shares memory"


def _arrays(args: tuple[Any, ...]) -> list[np.ndarray]:
    """The arrays in the arguments that have numbers in them."""
    out = []
    for a in args:
        with contextlib.suppress(TypeError):
            out += [leaf for leaf in _leaves(a) if isinstance(leaf, np.ndarray)]
    return out


def check_argument_unchanged(before: Any, after: Any, where: str = "the arguments") -> None:
    """The call left its arguments as it found them, to the bit."""
    assert same_bits(before, after), f"{where} were changed: {before} -> {after}"


def same_bits(a: Any, b: Any) -> bool:
    """Equal in structure, type, shape and every number (NaN equals NaN)."""
    if isinstance(a, np.ndarray | np.generic) or isinstance(b, np.ndarray | np.generic):
        x, y = np.asarray(a), np.asarray(b)
        return x.dtype == y.dtype and np.array_equal(x, y, equal_nan=x.dtype.kind in "fc")
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple | dict) or hasattr(type(a), "__dataclass_fields__"):
        x, y = items_of(a), items_of(b)
        return list(x) == list(y) and all(same_bits(x[k], y[k]) for k in x)
    if (getattr(a, "__dict__", None) or hasattr(a, "__slots__")) and not callable(a):
        x, y = items_of(a), items_of(b)
        return list(x) == list(y) and all(same_bits(x[k], y[k]) for k in x)
    return bool(a == b or (a != a and b != b))


def close(found: Any, expected: np.ndarray, rtol: float, where: str) -> None:
    """Numbers agree, relative to the largest of them."""
    numbers = vector(found)
    assert numbers.shape == expected.shape, (
        f"{where}: {numbers.shape} numbers, not {expected.shape}"
    )
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    np.testing.assert_allclose(numbers, expected, rtol=rtol, atol=rtol * scale, err_msg=where)


def tolerance(args: tuple[Any, ...]) -> float:
    """What agreement can be asked for at the precision of the arguments."""

    def single(value: Any) -> bool:
        if isinstance(value, list | tuple):
            return any(map(single, value))
        return isinstance(value, np.ndarray | np.generic) and value.dtype == np.float32

    return 2e-4 if single(args) else 1e-7


def check_gradient(
    df: Callable[..., Any],
    f: Callable[..., Any],
    args: tuple[Any, ...],
    wrt: Sequence[int | str] | int | str = (0,),
    kwargs: dict[str, Any] | None = None,
    rtol: float | None = None,
    seed: Any = None,
    step: float = STEP,
) -> tuple[Any, ...]:
    """Run a gradient; compare numbers, structure, types, ownership and what is printed.

    With a `seed`, `df` is a vjp. Returns the gradients as a tuple.
    """
    where = positions(f, wrt)
    kwargs = kwargs or {}
    given, given_kwargs = copied(args), copy.deepcopy(kwargs)
    with quiet() as printed:
        if seed is None:
            gradients = parts(df(*given, **given_kwargs), wrt)
        else:
            gradients = parts(call_vjp(df, f, given, given_kwargs, seed), wrt)
    check_argument_unchanged((args, list(kwargs.values())), (given, list(given_kwargs.values())))
    assert len(gradients) == len(where), f"{len(gradients)} gradients, not {len(where)}"
    for k, g in zip(where, gradients, strict=True):
        check_like(g, args[k], f"the gradient of argument {k}")
    check_owned(gradients, given)
    with quiet() as expected:
        f(*copied(args), **copy.deepcopy(kwargs))
    assert printed.getvalue() == expected.getvalue(), "the gradient prints something else"
    slopes = numeric_gradient(f, args, where, kwargs, seed, step)
    for k, g, slope in zip(where, gradients, slopes, strict=True):
        close(g, slope, rtol or tolerance(args), f"argument {k}")
    return gradients


def extra_parameters(df: Callable[..., Any], f: Callable[..., Any]) -> list[inspect.Parameter]:
    """A derivative's parameters beyond those of its primal (seed or tangents), in order."""
    own = inspect.signature(f).parameters
    return [p for name, p in inspect.signature(df).parameters.items() if name not in own]


def _call(
    df: Callable[..., Any],
    f: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    extra: Sequence[Any],
) -> Any:
    wanted = extra_parameters(df, f)
    assert len(wanted) >= len(extra), f"{len(extra)} seeds for the parameters {wanted}"
    if any(p.kind is p.KEYWORD_ONLY for p in wanted) or kwargs:
        names = [p.name for p in wanted]
        return df(*args, **kwargs, **dict(zip(names, extra, strict=False)))
    return df(*args, *extra)


def call_vjp(df: Any, f: Any, args: tuple[Any, ...], kwargs: dict[str, Any], seed: Any) -> Any:
    """A vjp at `args` with a seed, positional where `f` has no defaults, else by keyword."""
    return _call(df, f, args, kwargs, (seed,))


def call_jvp(
    df: Any, f: Any, args: tuple[Any, ...], kwargs: dict[str, Any], tangents: Sequence[Any]
) -> Any:
    """A jvp at `args` with tangents, positional where `f` has no defaults, else by keyword."""
    return _call(df, f, args, kwargs, tangents)


def check_duality(
    vjp: Callable[..., Any],
    jvp: Callable[..., Any],
    f: Callable[..., Any],
    args: tuple[Any, ...],
    wrt: Sequence[int | str] | int | str = (0,),
    kwargs: dict[str, Any] | None = None,
    rng: np.random.Generator | None = None,
    narrow: bool = False,
) -> None:
    """⟨ȳ, ẏ⟩ = ⟨x̄, ẋ⟩ for random ȳ and ẋ: forward and reverse are transposes of each other."""
    rng = rng or np.random.default_rng(0)
    kwargs = kwargs or {}
    with quiet():
        value = f(*copied(args), **copy.deepcopy(kwargs))
        seed = random_like(value, rng)
        tangents = tuple(random_like(args[k], rng) for k in positions(f, wrt))
        given = copied(args)
        by = call_jvp(jvp, f, given, copy.deepcopy(kwargs), tangents)
        check_argument_unchanged(args, given)
        by_vjp = call_vjp(vjp, f, copied(args), copy.deepcopy(kwargs), copy.deepcopy(seed))
        bx = parts(by_vjp, wrt)
    forward = inner(seed, by)
    reverse = sum(inner(b, t) for b, t in zip(bx, tangents, strict=True))
    size = 1.0 + sum(
        float(np.sum(np.abs(vector(b)))) for b in bx
    )  # cancellation may lose this much, so it is the measure
    rtol = 1e-4 if narrow or tolerance(args) > 1e-5 else 1e-10
    assert abs(forward - reverse) <= rtol * size, f"forward {forward}, reverse {reverse}"
