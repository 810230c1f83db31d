"""Derivatives compared with central differences, of values that are numbers, arrays, lists, tuples.

    comparison = Comparison("f", call, {"x": x}, rtol=1e-5, atol=1e-7)
    comparison.reverse(lambda seed: {"x": df(x, seed)})      # raises CheckError if it is wrong

What `tangent.check` is made of; see there for the theory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy

from tangent import runtime
from tangent.errors import CheckError
from tangent.runtime_containers import Items, names_of
from tangent.runtime_values import as_array

__all__ = ["Comparison", "is_differentiable", "random_like"]


class Comparison:
    """Compares derivatives of one call with central differences.

    Args:
        title: how the function is called in messages.
        call: the function of changed arguments by name.
        values: the arguments by name.
        rtol, atol: tolerances.
        raw: adjoints are of the form that generated code adds to, not of that of the arguments.
    """

    def __init__(
        self,
        title: str,
        call: Callable[[Mapping[str, Any]], Any],
        values: dict[str, Any],
        rtol: float,
        atol: float,
        raw: bool = False,
    ) -> None:
        self.raw = raw
        self.title = title
        self.call = call
        self.values = values
        self.random = numpy.random.default_rng(1)
        self.directions = {
            n: [random_like(v, self.random) for _ in (0, 1)] for n, v in values.items()
        }
        self.known: dict[tuple[str, ...], list[numpy.ndarray]] = {}
        self.y = call({n: runtime.keep(v) for n, v in values.items()})
        # The result is narrow though all arguments are wide: coarse differences are all there is.
        wide = {n: _moved(v, runtime.zeros_like(v), 0.0) for n, v in values.items()}
        self.narrow = any(
            leaf.dtype.name in ("float32", "complex64", "float16") for leaf in _leaves(call(wide))
        )
        narrow = any(
            leaf.dtype.name in ("float32", "complex64", "float16")
            for leaf in _leaves([*values.values(), self.y])
        )
        self.rtol, self.atol = (max(rtol, 2e-3), max(atol, 1e-3)) if narrow else (rtol, atol)

    def differences(self, tangents: Mapping[str, Any]) -> list[numpy.ndarray]:
        """The tangent of the result by central differences, in double precision."""
        size = max(
            [1.0, *(float(abs(v).max(initial=0)) for v in _leaves(list(self.values.values())))]
        )
        step = (1e-2 if self.narrow else 1e-6) * size
        ahead = self.call({n: _moved(v, tangents[n], step) for n, v in self.values.items()})
        back = self.call({n: _moved(v, tangents[n], -step) for n, v in self.values.items()})
        return [
            (a.astype("complex128") - b.astype("complex128")) / (2 * step)
            for a, b in zip(_leaves(ahead), _leaves(back), strict=True)
        ]

    def along(self, names: tuple[str, ...], which: int = 0) -> tuple[dict[str, Any], list[Any]]:
        """A direction in which some arguments move, and the differences along it, found once."""
        direction = {
            n: self.directions[n][which] if n in names else runtime.zeros_like(v)
            for n, v in self.values.items()
        }
        key = (*names, str(which))
        if key not in self.known:
            self.known[key] = self.differences(direction)
        return direction, self.known[key]

    def reverse(self, derivative: Callable[[Any], Mapping[str, Any]]) -> None:
        """Check adjoints: structure, dtype, and duality with finite differences."""
        seed = runtime.seed(self.y, random_like(self.y, self.random))  # in the form of an adjoint
        found = derivative(runtime.keep(seed))
        for name, value in self.values.items():
            expected = (runtime.zeros_like if self.raw else _zeros_in_form)(value)
            fault = _difference_of_form(found[name], expected)
            if fault:
                raise CheckError(
                    f"{self.title}: the adjoint of {name} {fault}",
                    remedy=f"it should have the form of {_described(expected)}",
                )
            for which in range(2):
                direction, differences = self.along((name,), which)
                wanted = _inner(_leaves(seed), differences)
                given = _inner(_leaves(found[name]), _leaves(direction[name]))
                if not self.close(given, wanted):
                    raise self.wrong_adjoint(name, derivative, seed, given, wanted)

    def wrong_adjoint(
        self, name: str, derivative: Callable[[Any], Any], seed: Any, given: float, wanted: float
    ) -> CheckError:
        """What was returned, with a seed of ones if that shows it, and what should have been."""
        shown, ones = "a random seed", _ones_like(self.y)
        found = derivative(runtime.keep(ones))[name]
        expected = self.expected_adjoint(name, ones)
        if self.agree(found, expected):
            found, expected = derivative(seed)[name], self.expected_adjoint(name, seed)
        else:
            shown, seed = "a seed of ones", ones
        return CheckError(
            f"{self.title}: the adjoint of {name} is wrong{self.where(name, found, expected)}: "
            f"⟨x̄, ẋ⟩ = {given:.8g}, finite differences give {wanted:.8g}",
            why=f"for {shown} it returned {_short(found)}{_relation(found, expected)}",
            remedy=f"it should have returned {_short(expected)}",
        )

    def agree(self, found: Any, expected: Any) -> bool:
        """Whether two values are close, element by element."""
        pairs: Any = zip(_leaves(found), _leaves(expected), strict=True)
        return all(all(map(self.close, a.ravel(), b.ravel())) for a, b in pairs)

    def where(self, name: str, found: Any, expected: Any) -> str:
        """The first element that is wrong, and the argument there."""
        parts: Any = zip(_leaves(found), _leaves(expected), _leaves(self.values[name]), strict=True)
        for a, b, x in parts:
            for place in numpy.ndindex(b.shape):
                if a.shape == b.shape == x.shape and not self.close(a[place], b[place]):
                    index = f"[{', '.join(map(str, place))}]" if place else ""
                    return f" at {name}{index} = {x[place]:.6g}"
        return ""

    def expected_adjoint(self, name: str, seed: Any) -> Any:
        """The adjoint of one argument by central differences, element by element."""
        zero = {n: runtime.zeros_like(v) for n, v in self.values.items()}
        flat = [leaf.copy() for leaf in _leaves(zero[name])]
        out = [numpy.zeros(leaf.shape, leaf.dtype) for leaf in flat]
        for leaf, into in zip(flat, out, strict=True):
            for i in range(min(leaf.size, 100)):
                found: complex = 0.0
                for unit in (1.0, 1j) if leaf.dtype.kind == "c" else (1.0,):
                    leaf.reshape(-1)[i] = unit
                    direction = {**zero, name: _rebuild(zero[name], iter(flat))}
                    part = _inner(_leaves(seed), self.differences(direction))
                    found = found + part / unit
                into.reshape(-1)[i] = found
                leaf.reshape(-1)[i] = 0.0
        return _rebuild(zero[name], iter(out))

    def forward(self, derivative: Callable[[Mapping[str, Any]], Any]) -> None:
        """Check tangents against finite differences."""
        for active in [tuple(self.values), *((n,) for n in self.values if len(self.values) > 1)]:
            direction, wanted = self.along(active)
            found = derivative({n: direction[n] for n in active})
            given = _leaves(found)
            shapes = [leaf.shape for leaf in given], [leaf.shape for leaf in wanted]
            if shapes[0] != shapes[1]:
                raise CheckError(
                    f"{self.title}: the tangent along {', '.join(active)} has the shape "
                    f"{shapes[0]}, the result has {shapes[1]}"
                )
            for a, b in zip(given, wanted, strict=True):
                if not all(map(self.close, a.ravel(), b.ravel())):
                    raise CheckError(
                        f"{self.title}: the tangent along {', '.join(active)} is wrong",
                        why=f"returned {_short(a)}{_relation(a, b)}",
                        remedy="it should have returned "
                        + _short(b if numpy.iscomplexobj(a) else b.real),
                    )
            dtypes = [
                (x.dtype, runtime.float_dtype(y))
                for x, y in zip(given, _leaves(self.y), strict=True)
                if y.dtype.kind in "fc" and x.dtype != y.dtype
            ]
            if dtypes:
                raise CheckError(
                    f"{self.title}: the tangent has dtype {dtypes[0][0]}, the result {dtypes[0][1]}"
                )

    def close(self, a: complex, b: complex) -> bool:
        return bool(abs(a - b) <= self.atol + self.rtol * max(abs(a), abs(b)))


# ---- structures --------------------------------------------------------------------------------


def is_differentiable(value: Any) -> bool:
    """Holds floats or complex numbers, and nothing else."""
    if isinstance(value, list | tuple):
        return bool(value) and all(is_differentiable(v) for v in value)
    if isinstance(value, bool | int | str) or value is None or callable(value):
        return False
    return isinstance(value, float | complex) or (
        isinstance(value, numpy.ndarray | numpy.generic) and value.dtype.kind in "fc"
    )


def _leaves(value: Any) -> list[numpy.ndarray]:
    """The numbers and arrays of a value; a list or tuple of numbers is one array."""
    value = as_array(tuple(value) if names_of(value) else value)
    if isinstance(value, list | tuple):
        return [leaf for v in value for leaf in _leaves(v)]
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in _leaves(v)]
    return [numpy.asarray(value)]


def _rebuild(value: Any, leaves: Any) -> Any:
    value = as_array(value)
    if isinstance(value, list | tuple):
        parts = [_rebuild(v, leaves) for v in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        return {k: _rebuild(v, leaves) for k, v in value.items()}
    return next(leaves)[()]


def random_like(value: Any, random: numpy.random.Generator) -> Any:
    """A random value of the structure, shape and float dtype of another."""
    if isinstance(value, list | tuple):
        parts = [random_like(v, random) for v in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        return {k: random_like(v, random) for k, v in value.items()}
    shape = numpy.shape(value)
    drawn = random.uniform(0.5, 1.5, shape) * random.choice([-1, 1], shape)
    if numpy.iscomplexobj(value):
        drawn = drawn + 1j * random.uniform(0.5, 1.5, shape)
    return runtime.filled(value, drawn)


def _ones_like(value: Any) -> Any:
    """A seed of ones, in the structure and dtype of a value's adjoint."""
    if isinstance(value, list | tuple):
        parts = [_ones_like(v) for v in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        return {k: _ones_like(v) for k, v in value.items()}
    return runtime.seed(value, runtime.filled(value, numpy.ones(numpy.shape(value))))


def _relation(found: Any, expected: Any) -> str:
    """How a wrong derivative is related to the right one, if simply."""
    a, b = _leaves(found), _leaves(expected)
    if len(a) != 1 or len(b) != 1 or not b[0].size or not numpy.all(numpy.isfinite(a[0])):
        return ""
    u, v = a[0], b[0]
    if u.ndim == 2 and u.T.shape == v.shape and numpy.allclose(u.T, v, 1e-4, 1e-6):
        return ", which is the transpose of what it should be"
    if u.shape == v.shape:
        right = numpy.isclose(u, v, 1e-4, 1e-6)
        if v.size > 1 and 0 < numpy.sum(right) < v.size:
            return f": {numpy.sum(right)} of {v.size} elements are right"
        if numpy.all(numpy.abs(v) > 1e-6):
            ratio = (u / v).ravel()
            if numpy.allclose(ratio, -1, 1e-4):
                return ", which has the wrong sign"
            if numpy.allclose(ratio, ratio[0], 1e-4, 1e-9):
                return f", which is {ratio[0].real:.5g} times what it should be"
    return ""


def _moved(value: Any, direction: Any, step: float) -> Any:
    if isinstance(value, list | tuple):
        parts = [_moved(v, u, step) for v, u in zip(value, direction, strict=True)]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        return {k: _moved(v, direction[k], step) for k, v in value.items()}
    if isinstance(value, numpy.ndarray | numpy.generic):
        wide = "complex128" if value.dtype.kind == "c" else "float64"
        moved = value.astype(wide) + step * numpy.asarray(direction).astype(wide)
        return numpy.asarray(moved) if isinstance(value, numpy.ndarray) else moved
    return value + step * direction


def _inner(a: Iterable[Any], b: Iterable[Any]) -> float:
    return float(sum(numpy.sum(u * v).real for u, v in zip(a, b, strict=True)))


def _zeros_in_form(value: Any) -> Any:
    """Zeros of the structure of a value: of a tuple, a tuple."""
    if not isinstance(value, list | tuple):
        return runtime.zeros_like(value)
    parts = [_zeros_in_form(v) for v in value]
    if hasattr(value, "_fields"):
        return type(value)(*parts)
    return parts if isinstance(value, list) else tuple(parts)


def _difference_of_form(found: Any, expected: Any) -> str:
    """How a gradient's form differs from the expected, or ''. NumPy's float64 is a float."""
    if isinstance(expected, list | tuple):
        if type(found) not in (type(expected), Items) or len(found) != len(expected):
            return f"is {_described(found)}, not {_described(expected)}"
        faults = (_difference_of_form(u, v) for u, v in zip(found, expected, strict=True))
        return next((f for f in faults if f), "")
    if isinstance(found, list | tuple | bool | int):
        return f"is {_described(found)}, not {_described(expected)}"
    u, v = numpy.asarray(found), numpy.asarray(expected)
    if type(expected) is float and u.shape == () and not isinstance(found, numpy.ndarray):
        return "" if u.dtype.kind == "f" else f"is {_described(found)}, not {_described(expected)}"
    if u.shape != v.shape:
        return f"has shape {u.shape}, not {v.shape}"
    if u.dtype != v.dtype:
        return f"has dtype {u.dtype}, not {v.dtype}"
    if isinstance(found, numpy.ndarray) and not isinstance(expected, numpy.ndarray):
        return "is a 0-d array, not a number"
    return ""


def _described(value: Any) -> str:
    if isinstance(value, numpy.ndarray):
        return f"an array of {value.dtype} of shape {value.shape}"
    return f"a {type(value).__name__}"


def _short(value: Any) -> str:
    """A value, with the digits that differences can have."""
    if isinstance(value, numpy.ndarray):
        return numpy.array2string(value, threshold=20, precision=7)
    if isinstance(value, int | float | complex | numpy.number) and not isinstance(value, bool):
        return f"{value:.8g}"
    return repr(value)
