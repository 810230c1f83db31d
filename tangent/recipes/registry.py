"""Recipes: how functions without differentiable source are differentiated.

    @elementwise(numpy.arctan2)              # partials, once: both modes are derived from them
    def arctan2(y, x1, x2):
        u = x1 ** 2 + x2 ** 2
        return x2 / u, -x1 / u

    @linear(numpy.reshape, alias=("a",))     # the tangent is the function itself, of the tangent
    def reshape(y, a, shape, order="C"):
        d[a] = numpy.reshape(d[y], numpy.shape(a), order)

    @multilinear(numpy.dot)                  # linear in each differentiable argument by itself
    def dot(y, a, b):
        d[a] = runtime.dot_adjoint_a(d[y], a, b)
        d[b] = runtime.dot_adjoint_b(d[y], a, b)

    @dot.when(lambda k: k.a.rank == 2 and k.b.rank == 2)      # a leaner form where kinds allow it
    def dot(y, a, b):
        d[a] = numpy.dot(d[y], b.T)
        d[b] = numpy.dot(a.T, d[y])

    @adjoint(numpy.linalg.inv)               # any other: both modes are written
    def inv(y, a):
        d[a] = -numpy.dot(y.T, numpy.dot(d[y], y.T))

    @inv.tangent
    def inv(y, a):
        d[y] = -numpy.dot(y, numpy.dot(d[a], y))

    nondifferentiable(numpy.argmax, numpy.shape)

A recipe is a template in Python syntax, read from its source and never called. Its first parameter
stands for the result, the others for the arguments, under the names that the function itself gives
them (so that keyword arguments bind). `d[x]` is the adjoint (in a tangent template, the tangent) of
`x`. Local names are renamed at each expansion; free names are those of the recipe's module. The
names that a template reads are what has to be kept for the backward pass, so a template should read
little: `y` instead of the arguments where it serves.

The template of a variant or a tangent may leave out parameters that it does not read; how calls bind
is said by the first alone.

Several recipes for one function are overloads: the first whose parameters bind the call is taken.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import gast
import numpy

from tangent import program, tree
from tangent.errors import RecipeError
from tangent.recipes.kinds import UNKNOWN, Kind, precision_of
from tangent.recipes.templates import (
    Template,
    d,
    each,
    fixed,
    is_default,
    later,
    read_template,
    refused,
)

__all__ = [
    "Recipe",
    "Template",
    "adjoint",
    "d",
    "each",
    "elementwise",
    "fixed",
    "frozen_by_call",
    "is_frozen_by_call",
    "linear",
    "lookup",
    "multilinear",
    "nondifferentiable",
    "provide",
    "refused",
    "register",
    "registered",
    "unsupported",
    "why_unsupported",
]

Predicate = Callable[[SimpleNamespace], bool]
ResultRule = Callable[[SimpleNamespace], Kind]


@dataclass
class Recipe:
    """How one function (or several of one form) is differentiated.

    Attributes:
        functions: the functions that it serves.
        form: ``"elementwise"``, ``"linear"``, ``"multilinear"``, ``"general"`` or
        ``"nondifferentiable"``. signature: the template whose parameters calls are bound to (None:
        nondifferentiable, anything binds). variants: `(predicate, template)`, leanest first; the
        last has no predicate. forward: the tangent's template, for the form ``"general"`` (leaner
        ones: forward_variants). result:
        gives the kind of the result from the kinds of the arguments. alias: parameters that the
        result may share memory with (a view, or the argument itself). broadcasts: contributions
        have the shape of the result and are summed to the argument's by the machinery. cheap: costs
        so little that doing it again beats keeping its result. pure: has no effect besides its
        result (False: `print`, random draws).
    """

    functions: tuple[Any, ...]
    form: str
    signature: Template | None = None
    variants: list[tuple[Predicate | None, Template]] = field(default_factory=list)
    forward: Template | None = None
    forward_variants: list[tuple[Predicate, Template]] = field(default_factory=list)
    result: ResultRule | None = None
    alias: tuple[str, ...] = ()
    broadcasts: bool = False
    cheap: bool = False
    pure: bool = True

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters (none: anything binds)."""
        return self.signature.parameters if self.signature is not None else ()

    @cached_property
    def differentiable(self) -> tuple[str, ...]:
        """Names of the parameters with a derivative."""
        if not self.variants:
            return ()
        template = self.variants[-1][1]
        return tuple(p for p in template.parameters if p in template.values)

    @cached_property
    def refusals(self) -> dict[str, str]:
        """By parameter, why differentiating by it is an error (see `refused`)."""
        return self.variants[-1][1].refusals if self.variants else {}

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """The parameters of a linear function whose tangents stand for them when it is called again.

        One whose derivative is refused, and that the other derivatives read, is a coefficient: the
        function is linear in the rest, and is called with it as it is.
        """
        templates = [t for _, t in self.variants]
        read = {
            n for t in templates for s in (*t.setup, *t.values.values()) for n in tree.names_in(s)
        }
        return tuple(p for p in self.differentiable if p not in self.refusals or p not in read)

    def bind(
        self, args: Sequence[gast.expr], keywords: Sequence[gast.keyword]
    ) -> dict[str, Any] | None:
        """Arguments by parameter (a tuple of nodes for `*args`), or None if they don't fit.

        Without a signature the positional arguments are called ``arg0``, ``arg1``, …, the others by
        keyword; starred arguments then give an empty dictionary.
        """
        template = self.signature
        if template is None:
            if any(isinstance(a, gast.Starred) for a in args) or any(
                k.arg is None for k in keywords
            ):
                return {}
            unnamed: dict[str, Any] = {f"arg{i}": a for i, a in enumerate(args)}
            return {**unnamed, **{k.arg: k.value for k in keywords}}
        if any(isinstance(a, gast.Starred) for a in args) or any(k.arg is None for k in keywords):
            return None
        positional = template.positional
        bound: dict[str, Any] = dict(zip(positional, args, strict=False))
        rest = list(args[len(positional) :])
        if rest and template.vararg is None:
            return None
        if template.vararg is not None:
            bound[template.vararg] = tuple(rest)
        for k in keywords:
            if k.arg in bound or k.arg not in template.parameters or k.arg == template.vararg:
                return None
            bound[k.arg] = k.value
        for p in template.parameters:
            if p not in bound:
                if p not in template.defaults:
                    return None
                bound[p] = template.defaults[p]
            elif p in template.fixed and not is_default(bound[p], template.defaults[p]):
                return None
        return bound

    def template_for(self, kinds: dict[str, Kind]) -> Template:
        """The leanest variant that is right for these kinds."""
        view = SimpleNamespace(**kinds)
        for predicate, template in self.variants:
            if predicate is None or predicate(view):
                return template
        raise RecipeError(f"recipe {self.functions} has no general variant")

    def tangent_for(self, kinds: dict[str, Kind]) -> Template | None:
        """The template of the tangent for these kinds, if there is one."""
        view = SimpleNamespace(**kinds)
        for predicate, template in self.forward_variants:
            if predicate(view):
                return template
        return self.forward

    def when(self, predicate: Predicate) -> Callable[[Callable[..., Any]], Recipe]:
        """Decorator: a leaner template for the kinds that satisfy a predicate.

        The predicate gets a namespace of `Kind`s by parameter (`k.axis.value` is a constant's
        value).
        """

        def decorate(function: Callable[..., Any]) -> Recipe:
            template = self._read(function, partials=self.form == "elementwise")
            self.variants.insert(len(self.variants) - 1, (predicate, template))
            vars(self).pop("carried", None)
            return self

        return decorate

    def tangent(self, function: Callable[..., Any]) -> Recipe:
        """Decorator: the template of the tangent, `d[y] = …` in terms of `d[x]`."""
        self.forward = self._read(function, partials=False, target="result")
        return self

    def tangent_when(self, predicate: Predicate) -> Callable[[Callable[..., Any]], Recipe]:
        """Decorator: another template of the tangent, for the kinds that satisfy a predicate."""

        def decorate(function: Callable[..., Any]) -> Recipe:
            template = self._read(function, partials=False, target="result")
            self.forward_variants.append((predicate, template))
            return self

        return decorate

    def _read(self, function: Callable[..., Any], **how: Any) -> Template:
        """Another template of this recipe, checked against its parameters."""

        def read() -> Template:
            template = read_template(function, **how)
            _check_parameters(self, template)
            return template

        return _soon(function, read)


def _soon(function: Callable[..., Any], read: Callable[[], Template]) -> Template:
    """A template: those of users are read at once, so that a fault is told where they stand."""
    return later(read) if function.__module__.startswith("tangent.recipes.") else read()


def _check_parameters(recipe: Recipe, template: Template) -> None:
    first = recipe.signature
    if first is None:
        return
    omitted = set(first.parameters).difference(template.parameters)
    kept = tuple(p for p in first.parameters if p not in omitted)
    if recipe.form == "elementwise":  # partials are given one a parameter
        kept = first.parameters
    if (template.result, template.parameters) != (first.result, kept):
        raise RecipeError(
            f"recipe {template.name}: the parameters {template.parameters} differ from "
            f"{first.parameters}",
            template.origin,
        )
    read = {n for s in (*template.setup, *template.values.values()) for n in tree.names_in(s)}
    if omitted & read:
        raise RecipeError(
            f"recipe {template.name} reads {', '.join(sorted(omitted & read))}, which is to be "
            "among its parameters",
            template.origin,
        )


# Modules of helpers without recipes that return new arrays only; other such helpers of `runtime`.
FRESH_MODULES = frozenset(
    f"tangent.runtime_{name}"
    for name in ("decompositions", "fft", "linalg", "norms", "polynomials", "products")
) | {f"tangent.recipes.scipy.{name}" for name in ("banded", "matrices", "matrix_functions")}

FRESH_HELPERS = frozenset(
    {
        *("cumprod_adjoint", "cumprod_tangent", "logaddexp_scan_adjoint", "median_tangent"),
        *("logaddexp_scan_tangent", "quantile_tangent", "trapezoid_adjoint"),
    }
)


def gives_new_array(helper: Any) -> bool:
    """Whether that is known of a helper without a recipe."""
    module = getattr(helper, "__module__", None) or ""
    if module.startswith("tangent.runtime") and helper.__name__ in FRESH_HELPERS:
        return True
    return module in FRESH_MODULES


_registry: dict[Any, list[Recipe]] = {}
_unsupported: dict[Any, str] = {}
_frozen: set[Any] = set()
_providers: dict[str, str] = {}


def registered() -> dict[Any, list[Recipe]]:
    """All recipes by function object."""
    return dict(_registry)


def provide(library: str, module: str) -> None:
    """Say which module declares the recipes for a library that may not be installed.

    It is imported at the first look-up of a function of the library, and so only where the user's
    program has imported the library itself.
    """
    _providers[library] = module


def lookup(function: Any) -> list[Recipe]:
    """The recipes (overloads) for a function object; an empty list where there is none."""
    try:
        found = _registry.get(function)
    except TypeError:  # unhashable
        return []
    if found is None and _provided(function):
        return lookup(function)
    return found or []


def _provided(function: Any) -> bool:
    """Import the module that declares the recipes of a function's library, if there is one."""
    for library in [n for n in _providers if n in sys.modules]:
        if _is_of(function, library):
            importlib.import_module(_providers.pop(library))
            return True
    return False


def frozen_by_call(*objects: Any) -> None:
    """Declare objects `f` for which `f(*args).method(x)` is `f.method(x, *args)`."""
    _frozen.update(objects)


def is_frozen_by_call(obj: Any) -> bool:
    """Whether that is declared of an object."""
    lookup(obj)  # loads the declarations
    try:
        return obj in _frozen
    except TypeError:  # unhashable
        return False


program.has_recipe = lambda f: bool(lookup(f)) or why_unsupported(f) is not None


def _is_of(function: Any, library: str) -> bool:
    """Whether a function, a bound method or (by its name) a ufunc is of a library."""
    module = getattr(function, "__module__", None)
    if isinstance(module, str):
        return module == library or module.startswith(f"{library}.")
    name = getattr(function, "__name__", None)
    return isinstance(name, str) and getattr(sys.modules[library], name, None) is function


def register(recipe: Recipe) -> Recipe:
    """Add a recipe for its functions, behind those that they have."""
    for function in recipe.functions:
        _registry.setdefault(function, []).append(recipe)
    return recipe


def _declare(
    form: str, functions: tuple[Any, ...], options: dict[str, Any]
) -> Callable[[Callable[..., Any]], Recipe]:
    def decorate(function: Callable[..., Any]) -> Recipe:
        template = _soon(function, lambda: read_template(function, partials=form == "elementwise"))
        recipe = register(Recipe(functions, form, template, [(None, template)], **options))
        if form == "elementwise" and all(isinstance(f, numpy.ufunc) for f in functions):
            register(_with_options(recipe, template))
        return recipe

    return decorate


UFUNC_OPTIONS = ("where", "dtype", "casting", "order", "subok")
_OPTIONS: dict[str, Any] = dict.fromkeys(UFUNC_OPTIONS)
_OPTIONS |= {"where": True, "casting": "same_kind", "order": "K", "subok": True}


def _with_options(recipe: Recipe, template: Template) -> Recipe:
    """The recipe of a ufunc for calls with options: the partials are the same, for the elements that
    `where` selects; the others are whatever was in memory, so that their derivative is zero.
    """
    signature = later(
        lambda: replace(
            template,
            parameters=(*template.parameters, *UFUNC_OPTIONS),
            defaults={**template.defaults, **{n: tree.constant(v) for n, v in _OPTIONS.items()}},
            keyword_only=(*template.keyword_only, *UFUNC_OPTIONS),
        )
    )
    plain = recipe.result

    def result(k: SimpleNamespace) -> Kind:
        operands = {n: v for n, v in vars(k).items() if n not in UFUNC_OPTIONS}
        kind = UNKNOWN if plain is None else plain(SimpleNamespace(**operands))
        if k.dtype.type == "none" and k.where.value is True:
            return kind
        is_array = kind.is_array or (k.where.is_array and bool(k.where.rank))
        dtype = kind.dtype if k.dtype.type == "none" else None
        return Kind("array" if is_array else "numeric", dtype, precision=precision_of(dtype))

    return replace(recipe, signature=signature, result=result, cheap=False)


def elementwise(
    *functions: Any, result: ResultRule | None = None, cheap: bool = False, pure: bool = True
) -> Callable[[Callable[..., Any]], Recipe]:
    """Declare the partial derivatives of functions that act on each element.

    The template returns one expression a parameter (None: not differentiable), of the result's
    shape or less. Reverse: ``x̄ += unbroadcast(ȳ · partial)``; forward: ``ẏ = Σ ẋ · partial``.
    """
    options = {"result": result, "cheap": cheap, "pure": pure, "broadcasts": True}
    return _declare("elementwise", functions, options)


def linear(
    *functions: Any,
    result: ResultRule | None = None,
    alias: tuple[str, ...] = (),
    broadcasts: bool = False,
    cheap: bool = False,
) -> Callable[[Callable[..., Any]], Recipe]:
    """Declare a function that is jointly linear in the parameters that have a `d[...]`.

    The template gives the adjoints; the tangent is the function itself, with tangents in the place
    of those arguments (zeros where one is not active).
    """
    options = {"result": result, "alias": alias, "broadcasts": broadcasts, "cheap": cheap}
    return _declare("linear", functions, options)


def multilinear(
    *functions: Any,
    result: ResultRule | None = None,
    alias: tuple[str, ...] = (),
    broadcasts: bool = False,
) -> Callable[[Callable[..., Any]], Recipe]:
    """Declare a function that is linear in each of several parameters, with the others held.

    The tangent is a sum: for each active argument the function with the tangent in its place.
    """
    options = {"result": result, "alias": alias, "broadcasts": broadcasts}
    return _declare("multilinear", functions, options)


def adjoint(
    *functions: Any,
    result: ResultRule | None = None,
    alias: tuple[str, ...] = (),
    broadcasts: bool = False,
) -> Callable[[Callable[..., Any]], Recipe]:
    """Declare the adjoint of any other function; `.tangent` declares the tangent."""
    options = {"result": result, "alias": alias, "broadcasts": broadcasts}
    return _declare("general", functions, options)


def nondifferentiable(
    *functions: Any,
    result: ResultRule | None = None,
    cheap: bool = False,
    pure: bool = True,
    alias: tuple[str, ...] = (),
) -> Recipe:
    """Declare functions whose derivative is zero almost everywhere or that return no floats.

    `alias`: the parameters that the result may be, be a view of, or hold (`arg0`, `arg1`, … where
    there is no signature, as here).
    """
    return register(
        Recipe(functions, "nondifferentiable", result=result, cheap=cheap, pure=pure, alias=alias)
    )


def unsupported(*functions: Any, reason: str) -> None:
    """Declare functions that will have no recipe, and why; the error repeats it."""
    _unsupported.update(dict.fromkeys(functions, reason))


def why_unsupported(function: Any) -> str | None:
    """The reason why a function has no recipe, None where none is declared."""
    lookup(function)  # loads the declarations
    try:
        return _unsupported.get(function)
    except TypeError:  # unhashable
        return None


def result_kind(recipe: Recipe, kinds: dict[str, Kind]) -> Kind:
    """The kind of a recipe's result for the kinds of its arguments."""
    if recipe.result is None:
        return UNKNOWN
    return recipe.result(SimpleNamespace(**kinds))
