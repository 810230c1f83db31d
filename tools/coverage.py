#!/usr/bin/env python
"""Write the table of the functions that have derivatives, from the registry of recipes.

python tools/coverage.py                 writes docs/coverage.md
python tools/coverage.py --check         status 1 if it is stale, or a recipe has no executed case
"""

from __future__ import annotations

import builtins
import importlib
import math
import operator
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy
import scipy.integrate
import scipy.linalg
import scipy.signal
import scipy.special
import scipy.stats

import tangent  # noqa: F401  (declares the recipes)
from tangent import standins, tree
from tangent.recipes.registry import (
    UFUNC_OPTIONS,
    Recipe,
    Template,
    lookup,
    registered,
    why_unsupported,
)
from tangent.transforms.inplace import WRITING_FUNCTIONS

NAME = "coverage"
ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "coverage.md"

# Names of NumPy that have nothing to do with numbers: files, text, settings, dates.
BESIDE = frozenset(
    """array2string array_repr array_str base_repr binary_repr busday_count busday_offset
    datetime_as_string datetime_data einsum_path format_float_positional format_float_scientific
    from_dlpack frombuffer fromfile fromregex fromstring genfromtxt get_include get_printoptions
    getbufsize geterr geterrcall info is_busday isnat load loadtxt nested_iters packbits
    printoptions save savetxt savez savez_compressed set_printoptions setbufsize seterr seterrcall
    show_config show_runtime test typename unpackbits
    base byteswap ctypes data device dump dumps flags getfield setfield setflags to_device tobytes
    tofile""".split()  # noqa: SIM905
)
SCIPY = (scipy.special, scipy.linalg, scipy.stats, scipy.signal, scipy.integrate)
# Methods of distributions.
METHODS = (*("pdf", "logpdf", "pmf", "logpmf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"),)
# Calls that become assignments to elements, and an iterator that becomes a loop.
WRITTEN = frozenset(WRITING_FUNCTIONS) | {
    *(numpy.ndarray.fill, numpy.ndarray.put, numpy.ndarray.sort, numpy.ndarray.partition),
    numpy.ndarray.flat,
}
FORMS = {
    "elementwise": "by element",
    "linear": "linear",
    "multilinear": "multilinear",
    "general": "general",
}
INTRODUCTION = """# Functions that have derivatives

What `tangent` differentiates without source, written by `make coverage` from the registry of
recipes (with {versions}). Everything that has Python source is differentiated from
that and needs no recipe. Your own recipes are declared in the same way. Every name is in one of three states:

- **It has a derivative**: *by element* (partial derivatives; operands broadcast), *linear*,
  *multilinear* (linear in each argument by itself), *general*; all of these in both modes. *A write* is a call that
  writes an array, and is differentiated as an assignment to its elements; *a loop* calls a function that it is
  given, and is differentiated as the loop that it is.
- **It is constant**: there is no derivative but zero, as the function returns integers, booleans or
  shapes, or is constant almost everywhere.
- **It is not supported**, for the reason that stands there and in the error, which is raised where
  the result depends on an argument that is differentiated; elsewhere it is no more than a call.

**Calls** lists the forms of a call that a recipe knows. The derivative is by the arguments in
**bold** type; another one is an error or, where the result does not depend on it, of no matter. Ufuncs also take `where` and
`dtype`; `out` is a write.

Every recipe is executed by the tests, in both modes, on numbers, arrays of several ranks and types. Left out here are
names that have nothing to do with numbers: {beside}.

Where there is no unique derivative, it is one of these:

- elements that tie for a maximum or minimum share it evenly; of two operands of `maximum` and `minimum`
  that are equal the first one has it; a running extremum and the sets (`unique`, `union1d`) give it to the first
  of equal elements, a sort or a quantile to any of them, the same in both modes;
- `abs`, `sign` and norms of order 1 at zero have the derivative zero, `clip` at its limits that of the inside. Where
  there is no subgradient to choose it is what the formula gives, infinite or NaN: `sqrt`, other norms, `hypot` and
  `arctan2` at zero, `std` of equal elements;
- `f'` of a complex argument is that of holomorphic `f`, without a conjugate. `real`, `imag`, `abs` and
  `angle` of `z = x + iy`, which are not holomorphic, give `∂f/∂x - i ∂f/∂y`, as JAX has it; a real argument has a
  real gradient.

{sections}"""

# Those whose names must all be in one of the three states.
COMPLETE = ("`numpy`", "Methods and attributes of arrays", "`numpy.linalg`", "`numpy.fft`")
MOST_UNSUPPORTED = 14

Row = tuple[str, str, str]


def rows(module: Any, names: list[str], prefix: str) -> Iterator[Row]:
    """A name, its derivative and the forms of its calls."""
    for name in names:
        function = getattr(module, name)
        yield f"{prefix}{name}", *state(function, name)


def state(function: Any, name: str) -> tuple[str, str]:
    """A function's derivative and the forms of its calls."""
    recipes = lookup(function)
    forms = list(dict.fromkeys(FORMS[r.form] for r in recipes if r.form in FORMS))
    if recipes and not forms:
        forms = ["constant"]
    if function in WRITTEN:
        forms = ["a write"]
    if standins.function_for(function, []) is not None:
        forms = ["a loop"]
    if forms:
        shown = [_call(name, r) for r in recipes if r.signature is not None and not has_options(r)]
        return ", ".join(forms), "<br>".join(shown)
    why = why_unsupported(function)
    return ("–", "") if why is None else ("not supported", why)


def has_options(recipe: Recipe) -> bool:
    """The form of a ufunc's call with `where`, `dtype`, …, which all ufuncs have."""
    return recipe.parameters[-len(UFUNC_OPTIONS) :] == UFUNC_OPTIONS


def _call(name: str, recipe: Recipe) -> str:
    """The form of a call, with what is differentiated in bold type."""
    template = recipe.signature
    assert isinstance(template, Template)
    parts: list[str] = []
    for parameter in template.parameters:
        if parameter in template.keyword_only and not template.vararg and "\\*" not in parts:
            parts.append("\\*")
        by = parameter in recipe.differentiable and parameter not in recipe.refusals
        text = f"**{parameter}**" if by else parameter
        if parameter == template.vararg:
            text = f"\\*{text}"
        if parameter in template.defaults:
            text += f"={tree.unparse(template.defaults[parameter])}"
        parts.append(text)
    return f"{name}({', '.join(parts)})"


def sections() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The parts of the table: a title and its rows."""

    def public(module: Any) -> list[str]:
        names = getattr(module, "__all__", None) or [n for n in dir(module) if n[:1] != "_"]
        return sorted(n for n in names if n not in BESIDE and hasattr(module, n))

    def functions(module: Any) -> list[str]:
        """Those, and the types that have recipes."""
        found = [(n, getattr(module, n)) for n in public(module)]
        return [
            n
            for n, f in found
            if callable(f) and (not isinstance(f, type) or lookup(f) or why_unsupported(f))
        ]

    known = [n for n in sorted(vars(builtins)) if lookup(getattr(builtins, n))]
    yield "Python's builtins", list(rows(builtins, known, ""))
    operators = [n for n in public(operator) if lookup(getattr(operator, n))]
    yield "Python's operators", list(rows(operator, operators, "operator."))
    yield "`math`", list(rows(math, functions(math), "math."))
    yield "`numpy`", list(rows(numpy, functions(numpy), "numpy."))
    methods = list(rows(numpy.ndarray, public(numpy.ndarray), "ndarray."))
    yield "Methods and attributes of arrays", methods
    yield "Methods of ufuncs", list(ufunc_methods())
    linalg = [n for n in functions(numpy.linalg) if n != "LinAlgError"]
    yield "`numpy.linalg`", list(rows(numpy.linalg, linalg, "numpy.linalg."))
    yield "`numpy.fft`", list(rows(numpy.fft, functions(numpy.fft), "numpy.fft."))
    draws = [n for n in public(numpy.random) if lookup(getattr(numpy.random, n))]
    yield "`numpy.random`", list(rows(numpy.random, draws, "numpy.random."))
    for module in SCIPY:
        name = module.__name__
        found = list(rows(module, [n for n in functions(module) if n not in BESIDE], f"{name}."))
        yield (
            f"`{name}`",
            [r for r in found if not is_distribution(getattr(module, r[0][len(name) + 1 :]))],
        )
    yield "Distributions of `scipy.stats`", list(distributions())


def is_distribution(obj: Any) -> bool:
    """A distribution of `scipy.stats`, whose methods have a table of their own."""
    return hasattr(obj, "rvs") and not isinstance(obj, type)


def distributions() -> Iterator[Row]:
    """Each distribution with its methods that have recipes, by the forms of their calls."""
    for name in sorted(n for n, v in vars(scipy.stats).items() if is_distribution(v)):
        calls: dict[str, list[str]] = {}
        for method in METHODS:
            for recipe in lookup(getattr(getattr(scipy.stats, name), method, None)):
                if recipe.signature is not None:
                    calls.setdefault(_call("", recipe), []).append(method)
        shown = "<br>".join(f"{', '.join(methods)}{call}" for call, methods in calls.items())
        yield f"scipy.stats.{name}", "by element" if calls else "–", shown


def ufunc_methods() -> Iterator[Row]:
    """The methods that have recipes; `outer` and `at` need none."""
    found = [f for f in registered() if isinstance(getattr(f, "__self__", None), numpy.ufunc)]
    for f in sorted(found, key=lambda f: (f.__self__.__name__, f.__name__)):
        yield f"{f.__self__.__name__}.{f.__name__}", *state(f, f.__name__)
    yield "add.at, subtract.at", "a write", ""
    yield "outer of any", "as the ufunc", ""


def text() -> str:
    """The whole document."""
    parts: list[str] = []
    for title, found in sections():
        others = {"constant": "constant", "not supported": "not supported", "–": "undecided"}
        counts = {"with a derivative": sum(d not in others for _, d, _ in found)}
        counts |= {what: sum(d == word for _, d, _ in found) for word, what in others.items()}
        words = (f"{n} {what}" for what, n in counts.items() if n)
        lines = [f"## {title}", "", f"{', '.join(words)}.", ""]
        lines += ["| function | derivative | calls |", "|---|---|---|"]
        lines += [f"| `{name}` | {derivative} | {calls} |" for name, derivative, calls in found]
        parts.append("\n".join(lines))
    beside = ", ".join(f"`{n}`" for n in sorted(BESIDE))
    body = "\n\n".join(parts) + "\n"
    return INTRODUCTION.format(versions=versions(), beside=beside, sections=body)


def undecided() -> list[str]:
    """Names that are in no state, and a list of unsupported ones that is too long."""
    faults = []
    unsupported = 0
    for title, found in sections():
        if title in COMPLETE:
            faults += [f"{name} is in no state" for name, what, _ in found if what == "–"]
            unsupported += sum(what == "not supported" for _, what, _ in found)
    if unsupported > MOST_UNSUPPORTED:
        faults.append(f"{unsupported} names of NumPy are not supported, not {MOST_UNSUPPORTED}")
    return faults


def versions() -> str:
    """The names that there are depend on these."""
    python = ".".join(map(str, sys.version_info[:2]))
    numbers, science = (".".join(m.__version__.split(".")[:2]) for m in (numpy, scipy))
    return f"NumPy {numbers}, SciPy {science} and Python {python}"


def stale(written: str, current: str) -> list[str]:
    """What is wrong with a table; of one written with other versions, only the known names."""
    if versions() in written:
        return [] if written == current else ["it differs"]

    def by_name(table: str) -> dict[str, str]:
        return {line.split("|")[1]: line for line in table.splitlines() if line.startswith("| `")}

    before, now = by_name(written), by_name(current)
    return [f"{n.strip()} differs" for n in before if n in now and before[n] != now[n]]


def without_case() -> list[str]:
    """Differentiable recipes of the library that no case of the tests calls."""
    from tangent.check import _bind

    sys.path.insert(0, str(ROOT))
    cases = importlib.import_module("tests.recipes.every")
    called = {(c.function, id(_bind(c.function, c.args, c.kwargs)[0])) for c in cases.CASES}
    return [
        f"{getattr(function, '__qualname__', function)} ({recipe.variants[-1][1].name})"
        for function, recipes in registered().items()
        for recipe in recipes
        if recipe.signature is not None
        and recipe.signature.scope["__name__"].startswith("tangent.recipes.")
        and (function, id(recipe)) not in called
        and function not in cases.ELSEWHERE
    ]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="Write nothing; status 1 if the table is not right.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=TABLE,
    help="The file, docs/coverage.md if not given.",
)  # fmt: skip
def command(check: bool, output: Path) -> None:
    """Write the table of the functions that have derivatives."""
    faults = [f"no case in tests/recipes for {name}" for name in without_case()]
    faults += undecided()
    if not check:
        output.write_text(text(), encoding="utf-8")
        click.echo(f"wrote {output}")
    elif not output.exists():
        faults.append(f"{output} does not exist; run `make coverage`")
    else:
        found = stale(output.read_text(encoding="utf-8"), text())
        faults += [f"{output} is stale ({fault}); run `make coverage`" for fault in found]
    for fault in faults:
        click.echo(f"{NAME}: {fault}", err=True)
    if faults:
        raise click.exceptions.Exit(1)


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Bad input gives one line on standard error and the status 2."""
    try:
        # Without the standalone mode an `Exit` comes back as its status.
        return command.main(arguments, prog_name=NAME, standalone_mode=False) or 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        print(f"{NAME}: {' '.join(error.format_message().split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
