"""Check a derivative: duality, finite differences, structure, shapes and dtypes.

    tangent.check(numpy.arctan2, 0.5, numpy.array([1.0, 2.0]))      # a function with a recipe
    tangent.check(loss, w, b, x, wrt=("w", "b"))                    # a function of yours

With `ẋ` a random direction and `ȳ` a random seed, a right derivative satisfies

    ⟨ȳ, ẏ⟩ = ⟨x̄, ẋ⟩          (duality: Griewank & Walther, *Evaluating Derivatives*, 2nd ed., ch.
    3)

where `ẏ` is the tangent, which central differences give too. The product is Re Σ aᵢ bᵢ, without a
conjugate, which is our convention for complex numbers. What is wrong raises `CheckError`, which
says what should have come out.

A recipe is checked on its own, each of its variants that fits the arguments' kinds: its templates
are evaluated, no code is generated. So is the rule for the kind of its result.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, SimpleNamespace
from typing import Any

import gast
import numpy

from tangent import runtime, tree
from tangent.comparison import Comparison, is_differentiable, random_like
from tangent.errors import CheckError
from tangent.recipes import registry
from tangent.recipes.kinds import (
    NOT_CONSTANT,
    WEAK,
    Kind,
    constant_kind,
    kind_of_dtype,
    needs_unbroadcast,
    precision_of,
)
from tangent.recipes.registry import Recipe, Template
from tangent.transforms.expand import item_of, product

__all__ = ["check", "check_recipe", "exact_kind"]


def check(
    f: Callable[..., Any],
    *args: Any,
    wrt: str | int | Sequence[str | int] | None = None,
    modes: Sequence[str] = ("reverse", "forward"),
    order: int = 1,
    rtol: float = 1e-5,
    atol: float = 1e-7,
    **kwargs: Any,
) -> None:
    """Check the derivatives of a function at some arguments.

    Args:
        f: a function with a recipe (its recipe is checked), or any that `tangent` differentiates.
        args: positional arguments of `f`.
        wrt: names or positions of the arguments to differentiate by (default: all that hold
        numbers). modes: which of ``"reverse"`` and ``"forward"``. order: up to which order (of
        functions without a recipe). rtol, atol: how far a derivative may be from finite
        differences. kwargs: keyword arguments of `f`.

    Raises:
        CheckError: a derivative is wrong; the message says which, and what it should have been.

    >>> check(numpy.tanh, 0.3)
    """
    if registry.lookup(f):
        check_recipe(f, args, kwargs, wrt=wrt, modes=modes, rtol=rtol, atol=atol)
        return
    names = _names_of(f, args, wrt)
    bound = inspect.signature(f).bind(*args, **kwargs)
    values = {n: bound.arguments[n] for n in names}

    def call(changed: Mapping[str, Any]) -> Any:
        return f(**{**_by_name(f, args), **kwargs, **changed})

    comparison = Comparison(_title(f), call, values, rtol, atol)
    if "reverse" in modes:
        comparison.reverse(lambda seed: _vjp(f, names, args, kwargs, seed))
    if "forward" in modes:
        comparison.forward(lambda tangents: _jvp(f, args, kwargs, tangents))
    if order > 1:
        import tangent

        # The derivative of one component: its tangent along a fixed direction, as a function.
        df = tangent.vjp(f, wrt=names)
        seed = random_like(f(*args, **kwargs), numpy.random.default_rng(2))
        check(
            df, *args, wrt=names, modes=modes, order=order - 1, rtol=rtol, atol=atol,
            init_grad=seed, **kwargs,
        )  # fmt: skip


def _by_name(f: Callable[..., Any], args: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(inspect.signature(f).parameters, args, strict=False))


def _names_of(
    f: Callable[..., Any], args: Sequence[Any], wrt: str | int | Sequence[str | int] | None
) -> tuple[str, ...]:
    parameters = list(inspect.signature(f).parameters)
    if wrt is None:
        return tuple(p for p, a in zip(parameters, args, strict=False) if is_differentiable(a))
    chosen = [wrt] if isinstance(wrt, str | int) else list(wrt)
    return tuple(parameters[w] if isinstance(w, int) else w for w in chosen)


def _vjp(f: Any, names: tuple[str, ...], args: Any, kwargs: Any, seed: Any) -> dict[str, Any]:
    import tangent

    df = tangent.vjp(f, wrt=names)
    (ours,) = set(inspect.signature(df).parameters) - set(inspect.signature(f).parameters)
    found = df(*args, **{ours: seed}, **kwargs)  # init_grad, if `f` has no such parameter
    return dict(zip(names, found if len(names) > 1 else (found,), strict=True))


def _jvp(f: Any, args: Any, kwargs: Any, tangents: Mapping[str, Any]) -> Any:
    import tangent

    df = tangent.jvp(f, wrt=tuple(tangents))
    theirs = inspect.signature(f).parameters
    ours = [p for p in inspect.signature(df).parameters if p not in theirs]
    return df(*args, **kwargs, **dict(zip(ours, tangents.values(), strict=True)))


# ---- recipes ----------------------------------------------------------------------------------


def check_recipe(
    function: Any,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    wrt: str | int | Sequence[str | int] | None = None,
    modes: Sequence[str] = ("reverse", "forward"),
    rtol: float = 1e-5,
    atol: float = 1e-7,
) -> int:
    """Check the recipe that a call of `function` would take, and its result's kind.

    Args:
        function: the function, or a method's or attribute's descriptor such as `numpy.ndarray.sum`.
        args, kwargs: the arguments of the call.
        wrt: names of the recipe's parameters, or positions (default: all differentiable ones that
            have a float or complex value; of integers alone if named).

    Returns:
        how many variants were checked.

    Raises:
        CheckError: a derivative, or what is claimed of the result, is wrong.
    """
    title = _title(function)
    recipe, bound = _bind(function, args, kwargs or {})
    call = _caller(function, args, kwargs or {}, recipe)
    if wrt is None:
        names = tuple(
            n
            for n in recipe.differentiable
            if n in bound and is_differentiable(bound[n]) and n not in recipe.refusals
        )
    else:
        chosen = [wrt] if isinstance(wrt, str | int) else list(wrt)
        parameters = recipe.signature.parameters if recipe.signature else ()
        names = tuple(parameters[w] if isinstance(w, int) else w for w in chosen)
    vararg = recipe.signature.vararg if recipe.signature else None
    if vararg in recipe.differentiable and (vararg in names or wrt is None):
        elements = {_element(vararg, i): v for i, v in enumerate(bound[vararg])}
        names = tuple(n for n in names if n != vararg)
        names += tuple(n for n, v in elements.items() if is_differentiable(v))
        bound = {**bound, **elements}
    if recipe.form == "nondifferentiable":
        _check_result(title, recipe, bound, (), call({}))
        return 1
    values = {n: bound[n] for n in names}
    y = call({})
    _check_result(title, recipe, bound, names, y)
    comparison = Comparison(title, call, values, rtol, atol, raw=True)
    exact = {n: _kind(v, n in names) for n, v in bound.items()}
    unknown = {n: k if k.is_constant or n not in names else Kind() for n, k in exact.items()}
    for kinds in (exact, unknown):
        _with_elements(kinds, vararg, bound)
    checked = 0
    templates: list[Template] = []
    for kinds in (exact, unknown):
        template = recipe.template_for(kinds)
        if template in templates:
            continue
        templates.append(template)
        checked += 1
        comparison.title = f"{title} (recipe {template.name})"
        machine = _Evaluator(recipe, template, bound, y, exact)

        def adjoints(seed: Any, machine: _Evaluator = machine) -> dict[str, Any]:
            return {n: machine.adjoint(n, seed) for n in names}

        def tangent(tangents: Mapping[str, Any], machine: _Evaluator = machine) -> Any:
            return machine.tangent(tangents, function, args, kwargs or {})

        if "reverse" in modes:
            comparison.reverse(adjoints)
        if "forward" in modes:
            comparison.forward(tangent)
    return checked


def _element(parameter: str, position: int) -> str:
    """What one of `*arguments` is called here."""
    return f"{parameter}[{position}]"


def _with_elements(kinds: dict[str, Kind], vararg: str | None, bound: Mapping[str, Any]) -> None:
    """Make the kind of `*arguments` of those of its elements, where they are there."""
    if vararg is not None and _element(vararg, 0) in kinds:
        items = tuple(kinds[_element(vararg, i)] for i in range(len(bound[vararg])))
        kinds[vararg] = Kind("tuple", items=items)


def _bind(
    function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Recipe, dict[str, Any]]:
    """The recipe of a call and the values of its parameters."""
    keywords: Any = [SimpleNamespace(arg=n, value=v) for n, v in kwargs.items()]
    for recipe in registry.lookup(function):
        bound = recipe.bind(args, keywords)
        if bound is not None:
            given = [*args, *kwargs.values()]
            scope = recipe.signature.scope if recipe.signature else {}
            return recipe, {
                n: v
                if any(v is g for g in given) or not isinstance(v, gast.AST)
                else eval(tree.unparse(v), scope)
                for n, v in bound.items()
            }
    raise CheckError(f"no recipe of {_title(function)} fits this call")


def _caller(
    function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], recipe: Recipe
) -> Callable[[Mapping[str, Any]], Any]:
    """A function that calls `function` with some parameters changed."""

    def call(changed: Mapping[str, Any]) -> Any:
        new_args = list(args)
        new_kwargs = dict(kwargs)
        template = recipe.signature
        parameters = template.parameters if template else ()
        for name, value in changed.items():
            base, _, place = name.partition("[")
            if place:
                new_args[parameters.index(base) + int(place[:-1])] = value
            elif name in new_kwargs:
                new_kwargs[name] = value
            elif parameters.index(name) < len(args):
                new_args[parameters.index(name)] = value
            else:
                new_kwargs[name] = value
        if not callable(function):  # an attribute, such as numpy.ndarray.T
            return function.__get__(new_args[0])
        return function(*new_args, **new_kwargs)

    return call


class _Derivatives(tree.Rewriter):
    """`d[x]` becomes the name `d_x`."""

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        if isinstance(node.value, gast.Name) and node.value.id == "d":
            return tree.load(f"d_{node.slice.id}")
        return self.generic_visit(node)


class _Evaluator:
    """Evaluates a recipe's templates on values."""

    def __init__(
        self,
        recipe: Recipe,
        template: Template,
        bound: dict[str, Any],
        y: Any,
        kinds: dict[str, Kind],
    ) -> None:
        self.recipe = recipe
        self.template = template
        self.bound = bound
        self.y = y
        self.kinds = kinds
        self.compiled: dict[int, tuple[gast.AST, CodeType]] = {}
        self.terms: dict[tuple[str, str], gast.expr] = {}

    def evaluate(self, template: Template, node: gast.expr, derivatives: Mapping[str, Any]) -> Any:
        names = {f"d_{n}": v for n, v in derivatives.items()}
        space = {**template.scope, **self.bound, template.result: self.y, **names}
        for statement in template.setup:
            if any(f"d_{n}" not in space for n in _slots(statement)):
                continue
            exec(self.code(statement, "exec"), space)
        return eval(self.code(node, "eval"), space)

    def code(self, node: gast.AST, mode: str) -> CodeType:
        """A piece of a template, compiled once."""
        known = self.compiled.get(id(node))
        if known is None or known[0] is not node:
            text = tree.unparse(_Derivatives().visit(node))
            known = self.compiled[id(node)] = (node, compile(text, "<template>", mode))
        return known[1]

    def term(self, of: str, parameter: str) -> gast.expr:
        """`d[of]` times the partial by a parameter."""
        if (of, parameter) not in self.terms:
            slot = gast.Subscript(tree.load("d"), tree.load(of), gast.Load())
            partial = tree.copy(self.template.values[parameter])
            self.terms[of, parameter] = product(slot, partial)
        return self.terms[of, parameter]

    def adjoint(self, name: str, seed: Any) -> Any:
        template = self.template
        base, _, place = name.partition("[")
        node = template.values[base]
        if place:
            node = item_of(_marked(node), int(place[:-1]))
        if self.recipe.form == "elementwise":
            node = self.term(template.result, base)
        found = self.evaluate(template, node, {template.result: seed})
        found = self.selected(found)
        doubt = needs_unbroadcast(exact_kind(self.y), self.kinds[name])
        if self.recipe.broadcasts and doubt:
            return runtime.unbroadcast(found, self.bound[name])
        return found

    def tangent(self, tangents: Mapping[str, Any], function: Any, args: Any, kwargs: Any) -> Any:
        form = self.recipe.form
        call = _caller(function, args, kwargs, self.recipe)
        every = {
            n: tangents[n] if n in tangents else self.zeros(n, tangents)
            for n in self.recipe.differentiable
            if n in tangents or self.bound[n] is not None
        }
        if form == "linear":
            carried = [n for n in every if n in self.recipe.carried]
            given = [n for n in carried if n in kwargs or not _is_default(self.recipe, n, args)]
            return call(self.by_element({n: every[n] for n in given}))
        if form == "multilinear":
            terms = [call({n: tangents[n]}) for n in tangents]
        elif form == "elementwise":
            terms = []
            # NumPy's functions take lists, operators don't.
            tangents = {
                n: numpy.asarray(v) if isinstance(v, list) else v for n, v in tangents.items()
            }
            for n in tangents:
                terms.append(self.evaluate(self.template, self.term(n, n), tangents))
        else:
            forward = self.recipe.tangent_for(self.kinds)
            if forward is None:
                raise CheckError(f"recipe {self.template.name} has no tangent")
            none = dict.fromkeys(self.recipe.differentiable)  # of arguments that are None
            return self.evaluate(forward, forward.values[forward.result], {**none, **every})
        total = terms[0]
        for term in terms[1:]:
            total = runtime.add(total, term)
        return runtime.unbroadcast(self.selected(total), self.y)

    def by_element(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The same, with `*arguments` one by one."""
        out: dict[str, Any] = {}
        for name, value in values.items():
            if _element(name, 0) in self.bound:
                out |= {_element(name, i): v for i, v in enumerate(value)}
            else:
                out[name] = value
        return out

    def zeros(self, name: str, tangents: Mapping[str, Any]) -> Any:
        """A zero tangent; for `*arguments` the tangents that some of them have, None for text."""
        value = self.bound[name]
        if _element(name, 0) not in self.bound:
            return runtime.zeros_like(value)
        found = []
        for i, v in enumerate(value):
            absent = None if isinstance(v, str | list) else runtime.zeros_like(v)
            found.append(tangents.get(_element(name, i), absent))
        return tuple(found)

    def selected(self, value: Any) -> Any:
        """Zero where a ufunc's `where` leaves elements out."""
        mask = self.bound.get("where", True) if self.recipe.form == "elementwise" else True
        return value if mask is True else numpy.where(mask, value, 0.0)


def _marked(node: gast.expr) -> gast.expr:
    """A template's expression with the names `each` marked."""
    node = tree.copy(node)
    for part in tree.walk(node):
        if isinstance(part, gast.Name) and part.id == "each":
            part.is_each = True
    return node


def _is_default(recipe: Recipe, name: str, args: Sequence[Any]) -> bool:
    template = recipe.signature
    return template is not None and template.parameters.index(name) >= len(args)


def _slots(node: gast.AST) -> list[str]:
    return [
        n.slice.id
        for n in tree.walk(node)
        if isinstance(n, gast.Subscript) and isinstance(n.value, gast.Name) and n.value.id == "d"
    ]


# ---- kinds ------------------------------------------------------------------------------------


def exact_kind(value: Any) -> Kind:
    """The kind of a value at hand, with everything about it taken as certain, its shape included.

    >>> exact_kind(numpy.zeros((2, 3))).shape
    (2, 3)
    """
    if isinstance(value, numpy.ndarray):
        name = value.dtype.name
        return Kind("array", name, value.ndim, value.shape, precision_of(name))
    if isinstance(value, numpy.generic):
        return kind_of_dtype(value.dtype.name)
    if isinstance(value, list | tuple):
        return Kind(type(value).__name__, items=tuple(exact_kind(v) for v in value))
    if isinstance(value, range):
        return Kind("range")
    return constant_kind(value).without_value()


def _kind(value: Any, varied: bool) -> Kind:
    """The kind of an argument: what is not differentiated stands for a constant in the text."""
    if varied or isinstance(value, numpy.ndarray | numpy.generic | range):
        return exact_kind(value)
    if isinstance(value, list | tuple):
        return Kind(type(value).__name__, items=tuple(_kind(v, False) for v in value))
    return constant_kind(value)


def _check_result(
    title: str, recipe: Recipe, bound: Mapping[str, Any], names: Iterable[str], y: Any
) -> None:
    """What a result's rule claims must hold, whatever is known of the arguments."""
    if recipe.result is None:
        return
    varied = set(names)
    unknown = {
        n: Kind(shape=("param", n), precision=("param", n)) if n in varied else _kind(v, False)
        for n, v in bound.items()
    }
    exact = {n: _kind(v, n in varied) for n, v in bound.items()}
    vararg = recipe.signature.vararg if recipe.signature else None
    for kinds in (exact, unknown):
        _with_elements(kinds, vararg, bound)
        claim = registry.result_kind(recipe, kinds)
        fault = _fault(claim, y, bound)
        if fault:
            raise CheckError(
                f"{title}: the rule for its result claims {claim!r}, but {fault}",
                remedy="let the rule claim only what is certain for these kinds: "
                + ", ".join(f"{n}: {k}" for n, k in kinds.items()),
            )


_TYPES: dict[str, Any] = {
    "bool": bool | numpy.bool_,
    "int": int | numpy.integer,
    "float": float | numpy.floating | int | numpy.integer,
    "complex": complex | numpy.complexfloating,
    "number": int | float | complex | numpy.generic,
    "numeric": int | float | complex | numpy.generic | numpy.ndarray,
    "array": numpy.ndarray,
    "list": list,
    "tuple": tuple,
    "range": range,
    "str": str,
    "none": type(None),
}


def _fault(claim: Kind, y: Any, bound: Mapping[str, Any]) -> str:
    """What is wrong with a claim about the value `y`, or ''."""
    expected = _TYPES.get(claim.type)
    if expected is not None and not isinstance(y, expected):
        return f"it is a {type(y).__name__}"
    if claim.value is not NOT_CONSTANT and claim.value != y:
        return f"it is {y!r}"
    if claim.type in ("tuple", "list"):
        if claim.items is not None and len(claim.items) != len(y):
            return f"it has {len(y)} elements"
        return ""
    if not isinstance(y, int | float | complex | numpy.generic | numpy.ndarray):
        return ""
    dtype = numpy.asarray(y).dtype
    if claim.dtype is not None and claim.dtype != dtype.name:
        return f"its dtype is {dtype}"
    if claim.rank is not None and claim.rank != numpy.ndim(y):
        return f"its rank is {numpy.ndim(y)}"
    if isinstance(claim.shape, tuple):
        if claim.shape[:1] == ("param",):
            if numpy.shape(bound[claim.shape[1]]) != numpy.shape(y):
                return f"its shape is {numpy.shape(y)}"
        elif all(isinstance(n, int) for n in claim.shape) and claim.shape != numpy.shape(y):
            return f"its shape is {numpy.shape(y)}"
    token = claim.precision
    if token == WEAK:
        return "" if type(y) in (int, float, bool, complex) else f"it is a {type(y).__name__}"
    if token is not None and dtype.kind in "biufc":
        given = runtime.float_dtype(y).name
        wanted = runtime.float_dtype(bound[token[1]]).name if isinstance(token, tuple) else token
        if given != wanted and dtype.kind in "fc":
            return f"its gradient is of type {given}"
    return ""


def _title(function: Any) -> str:
    module = getattr(function, "__module__", None) or getattr(
        getattr(function, "__objclass__", None), "__module__", ""
    )
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", repr(function))
    return str(f"{module}.{name}" if module and module != "builtins" else name)
