"""From the logarithm of a standard density to recipes for all methods of a distribution.

    @continuous(stats.gamma, inside=1.0)              y = stats.gamma.logpdf(x, a, loc, scale)
    def gamma(y, z, a):                               z = (x − loc) / scale
        d[z] = (a - 1) / z - 1                   ->   slope = (a − 1) / z − 1
        d[a] = numpy.log(z) - special.digamma(a)      x̄ += ȳ · slope / scale   and so on

With f the standard density, z = (x − loc) / scale and s = ∂ log f / ∂z:

    log p = log f(z) − log scale      ∂x: s / scale    ∂loc: −s / scale    ∂scale: −(1 + z s) / scale
    F(x) = F(z)                       ∂x: p            ∂loc: −p            ∂scale: −z p
    q = F⁻¹: x = loc + scale · z      ∂q: 1 / p        ∂loc: 1             ∂scale: z

and by a shape `a`: ∂ log f / ∂a, ∂F/∂a, −∂F/∂a / p. Outside of the support all derivatives
are taken as zero. Generated code leaves out a `loc` or `scale` that the call leaves out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast
import numpy
from scipy import stats

from tangent import tree
from tangent.errors import RecipeError
from tangent.recipes import registry
from tangent.recipes.kinds import Kind, elementwise_kind
from tangent.recipes.registry import Recipe, Template, nondifferentiable, read_template

__all__ = ["DECLARED", "Distribution", "continuous", "discrete"]

LATTICE = "the argument of a probability is an integer"
NO_SHAPE = "the derivative of the distribution function by it has no closed form in SciPy"
_OURS = {"density", "inside", "slope", "value"}  # locals of the templates that are written here
_SCOPE = {"numpy": numpy, "stats": stats, "refused": registry.refused}


class _Method(Recipe):
    """A recipe whose templates are written, for the kinds of the arguments, when they are wanted."""

    def __init__(
        self, function: Any, signature: Template, build: Callable[[bool, bool, bool], Template]
    ) -> None:
        self.build = build
        super().__init__((function,), "elementwise", signature, result=_result, broadcasts=True)

    @property
    def variants(self) -> Any:
        """The general template alone."""
        return [(None, self.build(False, False, "scale" not in self.parameters))]

    @variants.setter
    def variants(self, value: Any) -> None:
        pass

    def template_for(self, kinds: dict[str, Kind]) -> Template:
        """The template for an `x` that is a number or an array, a `loc` of 0, a `scale` of 1."""
        return self.build(
            next(iter(kinds.values())).is_numeric,
            _is(kinds["loc"], 0),
            "scale" not in kinds or _is(kinds["scale"], 1),
        )


def _is(kind: Kind, value: int) -> bool:
    return kind.is_constant and type(kind.value) in (int, float) and kind.value == value


def _result(k: Any) -> Kind:
    """A float64, or an array of such, whatever the dtype of the arguments."""
    kind = elementwise_kind(list(vars(k).values()), numpy.add)
    name = "float" if kind.is_number else kind.type
    return replace(kind, type=name, dtype="float64", precision="float64")


DECLARED: list[Distribution] = []


class Distribution:
    """The declaration of one distribution.

    Args:
        objects: the distributions of `scipy.stats` that it serves.
        density: derivatives of the logarithm of the standard density, by `z` and the shapes.
        bounded: the support is not the whole line.
        inside: a point of the support (or an expression in the shapes), which takes the place of
            `z` where that is outside; None where the formulas are finite there.
        methods: what is to be declared.
    """

    def __init__(
        self,
        objects: tuple[Any, ...],
        density: Template,
        bounded: bool,
        inside: float | str | None,
        methods: tuple[str, ...],
    ) -> None:
        self.objects = objects
        self.methods = methods
        self.density = density
        self.shapes = tuple(map(_plain, (p for p in density.parameters[1:] if p != "scale")))
        self.bounded = bounded
        self.inside = inside
        self.distribution: Template | None = None
        self.lattice = "pmf" in methods
        for one in objects:
            expected = tuple((one.shapes or "").replace(" ", "").split(","))
            if expected != (self.shapes or ("",)):
                raise RecipeError(
                    f"{one.name} has the shapes {expected}, not {self.shapes}", density.origin
                )
        self._check(density)
        DECLARED.append(self)

    def cumulative(self, function: Callable[..., Any]) -> Distribution:
        """Decorator: the derivatives of the standard distribution function by the shapes.

        The first parameter stands for its value, the second for `z`.
        """
        self.distribution = read_template(function, partials=False)
        self._check(self.distribution)
        return self

    def _check(self, template: Template) -> None:
        own = {name for s in template.setup for name in tree.stored_names(s)}
        for name in sorted(_OURS & own):
            raise RecipeError(f"recipe {template.name}: {name} is a name of ours", template.origin)

    # --- recipes

    def register(self) -> None:
        """Register a recipe for each method of each distribution."""
        for one in self.objects:
            for method in self.methods:
                registry.register(self._recipe(one, method))

    def _recipe(self, one: Any, method: str) -> Recipe:
        variable = self.variable(method)
        last = ("loc",) if self.lattice else ("loc", "scale")
        defaults = {"loc": gast.Constant(0, None), "scale": gast.Constant(1, None)}
        signature = Template(
            name=f"{one.name}_{method}",
            result="y",
            parameters=(variable, *self.shapes, *last),
            defaults={n: defaults[n] for n in last},
            vararg=None,
            keyword_only=(),
            setup=(),
            values={},
            scope={**self.density.scope, **_SCOPE},
            origin=self.density.origin,
        )

        @functools.cache
        def build(numeric: bool, loc0: bool, scale1: bool) -> Template:
            lines, values = _Text(self, one, method, numeric, loc0, scale1).written()
            return replace(
                signature,
                setup=tuple(gast.parse("\n".join(lines)).body),
                values={p: _expression(values[p]) for p in signature.parameters},
            )

        return _Method(getattr(one, method), signature, build)

    def variable(self, method: str) -> str:
        """What SciPy calls the argument."""
        return "q" if method in ("ppf", "isf") else "k" if self.lattice else "x"


class _Text:
    """Writes the template of one method."""

    def __init__(
        self, it: Distribution, one: Any, method: str, numeric: bool, loc0: bool, scale1: bool
    ) -> None:
        self.it = it
        self.method = method
        self.variable = it.variable(method)
        self.point = "y" if method in ("ppf", "isf") else self.variable
        self.numeric = numeric or self.point == "y"
        self.loc0, self.scale1 = loc0, scale1
        self.lines: list[str] = []
        arguments = [self.point, *it.shapes]
        if not loc0:
            arguments.append("loc")
        if not scale1:
            arguments.append("scale" if not loc0 else "scale=scale")
        self.name = f"stats.{one.name}"
        self.arguments = ", ".join(arguments)
        self.z = self._standard()

    def _standard(self) -> str:
        """z = (x − loc) / scale, as it reads with these defaults."""
        x = self.point
        if self.numeric:
            z = x if self.loc0 else f"{x} - loc"
            return z if self.scale1 else f"{z} / scale" if self.loc0 else f"({z}) / scale"
        if self.loc0:
            return f"numpy.asarray({x})" if self.scale1 else f"numpy.divide({x}, scale)"
        return f"numpy.subtract({x}, loc)" + ("" if self.scale1 else " / scale")

    def mask(self, inside: str) -> None:
        """Define `inside` and z where the support is bounded, else z."""
        if not self.it.bounded:
            self.define_z()
            return
        self.lines.append(f"inside = {inside}")
        if self.it.inside is None:
            self.define_z()
        else:
            self.lines.append(f"z = numpy.where(inside, {self.z}, {self.it.inside})")
            self.z = "z"

    def define_z(self) -> None:
        if self.z.isidentifier():
            return
        self.lines.append(f"z = {self.z}")
        self.z = "z"

    def use(self, template: Template, **names: str) -> dict[str, str]:
        """The template's locals become lines, its derivatives texts, with z and others filled in."""
        mapping = {template.parameters[0]: self.z, "d_": "d", **names}
        for statement in template.setup:
            self.lines.append(tree.unparse(_renamed(statement, mapping)))
        return {_plain(p): tree.unparse(_renamed(v, mapping)) for p, v in template.values.items()}

    def over_scale(self, text: str) -> str:
        return text if self.scale1 else f"{text} / scale"

    def written(self) -> tuple[list[str], dict[str, str]]:
        if self.method in ("logpdf", "logpmf"):
            values = self.log_density()
        elif self.method in ("pdf", "pmf"):
            values = self.density()
        elif self.method in ("ppf", "isf"):
            values = self.quantile()
        else:
            values = self.cumulative()
        if self.it.lattice:
            values[self.variable] = values["loc"] = f"refused({LATTICE!r})"
            values.pop("scale", None)
        return self.lines, values

    def log_density(self) -> dict[str, str]:
        self.mask("y > -numpy.inf")
        given = self.use(self.it.density)
        lead = "inside * " if self.it.bounded else ""
        values = {p: f"{lead}({given[p]})" if lead else given[p] for p in self.it.shapes}
        if self.it.lattice:
            return values
        slope, minus, plus = self.slope(given, lead)
        values["x"] = self.over_scale(f"{minus}{slope}")
        values["loc"] = self.over_scale(f"{plus}{slope}")
        whole = f"-({lead[:-3] or '1'} {minus or '+'} {self.z} * {slope})"
        if "scale" in given:
            whole = f"{lead}({given['scale']})"
        values["scale"] = self.over_scale(whole)
        return values

    def slope(self, given: dict[str, str], lead: str) -> tuple[str, str, str]:
        """A name for the derivative by z, or for its negative; the signs of the derivative by x and
        by loc with that.
        """
        node = _expression(given[self.it.density.parameters[0]])
        negative = isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub)
        node = node.operand if negative else node
        text = f"{lead}({tree.unparse(node)})"
        if isinstance(node, gast.Name) and not lead:
            text = node.id
        else:
            self.lines.append(f"slope = {text}")
            text = "slope"
        return (text, "-", "") if negative else (text, "", "-")

    def density(self) -> dict[str, str]:
        if self.it.bounded and self.it.inside is not None:
            self.mask("y > 0")
        else:
            self.define_z()
        given = self.use(self.it.density)
        values = {p: f"y * ({given[p]})" for p in self.it.shapes}
        if self.it.lattice:
            return values
        slope, minus, plus = self.slope(given, "")
        values["x"] = self.over_scale(f"{minus}y * {slope}")
        values["loc"] = self.over_scale(f"{plus}y * {slope}")
        whole = given.get("scale", f"-(1 {minus or '+'} {self.z} * {slope})")
        values["scale"] = self.over_scale(f"y * ({whole})")
        return values

    def cumulative(self) -> dict[str, str]:
        """`cdf` and `sf`, `logcdf` and `logsf`."""
        log = self.method.startswith("log")
        sign = "-" if self.method.endswith("sf") else ""
        inner = self.it.inside is not None and self.it.distribution is not None
        plain, y = self.z, "y"
        if log or inner:
            self.mask("(y > -numpy.inf) & (y < 0)" if log else "(y > 0) & (y < 1)")
        elif not self.it.lattice:
            self.define_z()
        if log and self.it.bounded:
            y = "numpy.where(inside, y, 0)"
        lead = "inside * " if (log or inner) and self.it.bounded else ""
        values: dict[str, str] = {}
        if not self.it.lattice:
            density = f"{self.name}.pdf({self.arguments})"
            if log:
                density = f"{lead}numpy.exp({self.name}.logpdf({self.arguments}) - {y})"
            self.lines.append(f"density = {density}")
            z = self.z if self.z.isidentifier() else f"({plain})"
            values["x"] = f"{sign}density"
            values["loc"] = "density" if sign else "-density"
            values["scale"] = f"{sign or '-'}{z} * density" if not sign else f"{z} * density"
        factor = f" * numpy.exp(-{y})" if log else ""
        values |= {
            p: v if v.startswith("refused") else f"{lead}{sign}({v}){factor}"
            for p, v in self.by_shapes(
                {"cdf": "y", "sf": "1 - y", "logcdf": "numpy.exp(y)", "logsf": "-numpy.expm1(y)"}[
                    self.method
                ]
            ).items()
        }
        return values

    def quantile(self) -> dict[str, str]:
        self.define_z()
        sign = "-" if self.method == "isf" else ""
        self.lines.append(f"density = {self.name}.pdf({self.arguments})")
        values = {"q": f"{sign}1 / density", "loc": "1", "scale": self.z}
        for p, v in self.by_shapes("1 - q" if sign else "q").items():
            values[p] = v if v.startswith("refused") else f"-({v}) / density"
        return values

    def by_shapes(self, value: str) -> dict[str, str]:
        """The derivatives of the standard distribution function, whose value is a text."""
        template = self.it.distribution
        if template is None:
            return dict.fromkeys(self.it.shapes, f"refused({NO_SHAPE!r})")
        if template.result in tree.names_in([*template.setup, *template.values.values()]):
            self.lines.append(f"value = {value}")
        return self.use(template, **{template.result: "value"})


class _Renamed(tree.Rewriter):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: gast.Name) -> gast.AST:
        text = self.names.get(node.id, node.id)
        if text.isidentifier():
            return gast.Name(text, node.ctx, None, None)
        return _expression(text)


def _renamed(node: Any, names: dict[str, str]) -> Any:
    return _Renamed(names).visit(node)


def _plain(shape: str) -> str:
    """The name of a shape: `d_` stands for `d`, which templates use otherwise."""
    return "d" if shape == "d_" else shape


def _expression(text: str) -> gast.expr:
    return gast.parse(text, mode="eval").body


def continuous(
    *objects: Any,
    bounded: bool = False,
    inside: float | str | None = None,
    quantiles: bool = True,
) -> Callable[[Callable[..., Any]], Distribution]:
    """Declare continuous distributions by the derivatives of their standard log-density.

    See `Distribution` for `bounded` (true if there is an `inside`) and `inside`.
    """
    methods = ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf") + ("ppf", "isf") * quantiles

    def decorate(function: Callable[..., Any]) -> Distribution:
        template = read_template(function, partials=False)
        return Distribution(objects, template, bounded or inside is not None, inside, methods)

    return decorate


def discrete(
    *objects: Any, inside: float | str | None = None, sums: bool = True
) -> Callable[[Callable[..., Any]], Distribution]:
    """Declare discrete distributions by the derivatives of their log-probability by the shapes.

    `sums=False` leaves out the distribution function, whose derivative is not known.
    """
    methods = ("pmf", "logpmf") + ("cdf", "sf", "logcdf", "logsf") * sums

    def decorate(function: Callable[..., Any]) -> Distribution:
        template = read_template(function, partials=False)
        for one in objects:
            nondifferentiable(one.ppf, one.isf)
        return Distribution(objects, template, True, inside, methods)

    return decorate
