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
from tangent import tree
from tangent.recipes.registry import Recipe, Template, lookup, registered, why_unsupported

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
FORMS = {
    "elementwise": "by element",
    "linear": "linear",
    "multilinear": "multilinear",
    "general": "general",
}
INTRODUCTION = """# Functions that have derivatives

What `tangent` differentiates without source, written by `make coverage` from the registry of
recipes (with {versions}). Everything that has Python source is differentiated from
that and needs no recipe. Your own recipes are declared in the same way.

- **The derivative**: *by element* (partial derivatives; operands broadcast), *linear*,
  *multilinear* (linear in each argument by itself), *general*; all of these in both modes.
  *constant* means that there is no derivative but zero: the function returns integers, booleans or
  shapes, or is constant almost everywhere. A dash: not supported yet, which is an error where the
  result depends on an argument that is differentiated, and no more than a call elsewhere.
- **Calls** lists the forms of a call that a recipe knows. The derivative is by the arguments in
  **bold** type.

Every recipe is executed by the tests, in both modes, on numbers, arrays of several ranks and types.

{sections}"""


def rows(module: Any, names: list[str], prefix: str) -> Iterator[tuple[str, str, str]]:
    """A name, its derivative and the forms of its calls."""
    for name in names:
        recipes = lookup(getattr(module, name))
        forms = list(dict.fromkeys(FORMS[r.form] for r in recipes if r.form in FORMS))
        if recipes and not forms:
            forms = ["constant"]
        shown = [_call(name, r) for r in recipes if r.signature is not None]
        if not recipes:
            shown = [why_unsupported(getattr(module, name)) or ""]
        yield f"{prefix}{name}", ", ".join(forms) or "–", "<br>".join(shown)


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
        return [n for n, f in found if callable(f) and (not isinstance(f, type) or lookup(f))]

    known = [n for n in sorted(vars(builtins)) if lookup(getattr(builtins, n))]
    yield "Python's builtins", list(rows(builtins, known, ""))
    operators = [n for n in public(operator) if lookup(getattr(operator, n))]
    yield "Python's operators", list(rows(operator, operators, "operator."))
    yield "`math`", list(rows(math, functions(math), "math."))
    yield "`numpy`", list(rows(numpy, functions(numpy), "numpy."))
    methods = list(rows(numpy.ndarray, public(numpy.ndarray), "ndarray."))
    yield "Methods and attributes of arrays", methods
    linalg = [n for n in functions(numpy.linalg) if n != "LinAlgError"]
    yield "`numpy.linalg`", list(rows(numpy.linalg, linalg, "numpy.linalg."))
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


def distributions() -> Iterator[tuple[str, str, str]]:
    """Each distribution with its methods that have recipes, by the forms of their calls."""
    for name in sorted(n for n, v in vars(scipy.stats).items() if is_distribution(v)):
        calls: dict[str, list[str]] = {}
        for method in METHODS:
            for recipe in lookup(getattr(getattr(scipy.stats, name), method, None)):
                if recipe.signature is not None:
                    calls.setdefault(_call("", recipe), []).append(method)
        shown = "<br>".join(f"{', '.join(methods)}{call}" for call, methods in calls.items())
        yield f"scipy.stats.{name}", "by element" if calls else "–", shown


def text() -> str:
    """The whole document."""
    parts: list[str] = []
    for title, found in sections():
        have = sum(derivative != "–" for _, derivative, _ in found)
        lines = [f"## {title}", "", f"{have} of {len(found)}.", ""]
        lines += ["| function | derivative | calls |", "|---|---|---|"]
        lines += [f"| `{name}` | {derivative} | {calls} |" for name, derivative, calls in found]
        parts.append("\n".join(lines))
    return INTRODUCTION.format(versions=versions(), sections="\n\n".join(parts) + "\n")


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
    ]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="Write nothing; status 1 if the table is not right.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=TABLE,
    help="The file, docs/coverage.md if not given.",
)  # fmt: skip
def command(check: bool, output: Path) -> None:
    """Write the table of the functions that have derivatives."""
    faults = [f"no case in tests/recipes/cases.py for {name}" for name in without_case()]
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
