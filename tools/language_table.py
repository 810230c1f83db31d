"""The tables of docs/language.md, from executed cases.

    python tools/language_table.py             prints them
    python tools/language_table.py --write     writes them into docs/language.md

A case is a piece of Python inside a small function. What can be differentiated is compared with
finite differences, in both modes, and stands in the first table; what is refused stands in the
second, with the class of its error and the remedy that the error gives. A derivative that is wrong
stops the tool. Which table a case is in is found out, not stated.
"""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

import click
import numpy as np

import tangent
from tangent.check import check
from tangent.errors import CheckError, TangentError

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "language.md"
BEGIN, END = "<!-- language:begin -->", "<!-- language:end -->"

PRELUDE = """
import functools, itertools, math, operator
import numpy as np
import tangent

OFFSET = 3.0
CALLS = 0.0
LOG = [0.0]

def layer(x, w=2.0):
    return np.tanh(x * w)

def power(x, n):
    return x if n == 1 else x * power(x, n - 1)

def fill(y, x):
    y[0] = x[0]

def overwrite(x):
    x[0] = 1.0

TABLE = [math.sin, overwrite]

def call(g, x):
    return g(x)

def halves(x):
    while x > 0.1:
        yield x
        x = x / 2

class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __mul__(self, k):
        return Point(self.x * k, self.y * k)

    @property
    def norm(self):
        return np.sqrt(self.x**2 + self.y**2)

class Model:
    scale = 2.0

    def apply(self, x):
        return self.scale * x

model = Model()
"""

VECTOR = np.array([0.3, 0.5, 0.7])
MATRIX = np.array([[0.3, 0.5], [0.7, 1.1]])


@dataclass(frozen=True)
class Case:
    """A construct.

    Attributes:
        name: how it is called.
        example: the code that the table shows.
        before, after: code around it that the table leaves out.
        x: the argument `x`.
        whole: the example is the whole function, called `f`.
    """

    name: str
    example: str
    after: str = "return y"
    before: str = ""
    x: Any = 1.3
    whole: bool = False

    @property
    def source(self) -> str:
        if self.whole:
            return self.example
        body = "\n".join(part for part in (self.before, self.example, self.after) if part)
        return "def f(x):\n" + indent(body, "    ")


@dataclass
class Outcome:
    """What became of a case: an error for each mode that refused it."""

    case: Case
    errors: dict[str, TangentError] = field(default_factory=dict)


CASES = (
    Case("assignment, annotated, chained", "y = z = x * x", "return y * z"),
    Case("targets in tuples, starred", "a, *b = x", "return a * b[0] * b[1]", x=VECTOR),
    Case("swaps", "a, b = b, a * b", "return a * b * b", "a, b = x, x * x"),
    Case("augmented assignment", "y *= x", before="y = x + 1.0"),
    Case("`del` of a name", "del t", before="t = x * x\ny = t * x"),
    Case("branches", "if x > 0.0:\n    y = x * x\nelse:\n    y = -x"),
    Case("ternaries", "y = x * x if 0.0 < x < 9.0 else -x"),
    Case("`and`, `or`, `not`", "y = x and x * x"),
    Case("arithmetic", "y = -x ** 3 / (x + 2.0) + x % 0.8 - x // 0.8"),
    Case("matrix product", "y = x @ x.T", "return np.sum(y)", x=MATRIX),
    Case("loops over `range`", "for i in range(3):\n    y = y * x", before="y = 1.0"),
    Case("over arrays, lists, tuples", "for v in x:\n    y += v * v", before="y = 0.0", x=VECTOR),
    Case(
        "`zip`, `enumerate`, `reversed`",
        "for i, (a, b) in enumerate(zip(x, reversed(x))):\n    y += i * a * b",
        before="y = 0.0",
        x=VECTOR,
    ),
    Case("`while`", "while y < 9.0:\n    y = y * x + 1.0", before="y = x"),
    Case(
        "`break`, `continue`",
        "for v in x:\n    if v < 0.4: continue\n    if v > 0.6: break\n    y += v * v",
        before="y = 0.0",
        x=VECTOR,
    ),
    Case("several `return`s", "if x > 1.0:\n    return x * x", "return x"),
    Case("recursion", "y = power(x, 3)"),
    Case("calls, keywords, defaults", "y = layer(w=x, x=x) + layer(x)"),
    Case("results in tuples", "return x * x, x + 1.0", ""),
    Case("`assert`, `raise`", 'if x < 0.0: raise ValueError(f"{x} < 0")', "return x * x"),
    Case("globals, read live", "y = x * OFFSET"),
    Case("elements, slices", "y = x[0] * x[-1] + np.sum(x[1:])", x=VECTOR),
    Case("several axes", "y = x[..., 1:] * x[None, :, 0]", "return np.sum(y)", x=MATRIX),
    Case(
        "masks, integer arrays",
        "y = x[x > 0.4]; z = x[[0, 0, 1]]",
        "return sum(y) * z[1]",
        x=VECTOR,
    ),
    Case("attributes, methods of arrays", "y = x.T.reshape(4).sum() * x.size", x=MATRIX),
    Case("`flat`, `item`", "y = x.flat[2] * x.item(0, 1)", x=MATRIX),
    Case("displays with stars", "y = [x, *(x, 2.0)]", "return y[0] * y[1] * y[2]"),
    Case(
        "comparisons in a chain, `is`, `in`", "y = x * x if 0.0 < x < 9.0 and x is not None else x"
    ),
    Case("writes of elements", "y[0] = y[1] * y[2]", "return sum(y)", "y = x * x", VECTOR),
    Case("of slices", "y[1:] += y[:-1]", "return sum(y)", "y = x * x", VECTOR),
    Case("of masks", "y[x > 0.4] = 0.0", "return sum(y)", "y = x * x", VECTOR),
    Case("of integer arrays, repeated", "y[[0, 0, 1]] = x", "return sum(y)", "y = x * x", VECTOR),
    Case("of whole arrays", "y *= x", "return sum(y)", "y = x * x", VECTOR),
    Case("of arguments", "x[0] = x[1]", "return sum(x * x)", x=VECTOR),
    Case("through a second name", "z = y; z[0] = x[1]", "return sum(y)", "y = x * x", VECTOR),
    Case("lists of values", "y = [x, x * x]; y[0] = x * y[1]", "return y[0] * y[1]"),
    Case("`append` and `pop`", "y.append(x * x); z = y.pop()", "return z * y[0]", "y = [x]"),
    # What is refused today.
    Case("writes through a view", "v = y[1:]; v[0] = x[0]", "return sum(y)", "y = x * x", VECTOR),
    Case("writes behind a view", "v = y[1:]; y[1] = x[0]", "return sum(v)", "y = x * x", VECTOR),
    Case(
        "chained writes",
        "y[1:][0] = x[0]; y[::-1][0] *= x[1]",
        "return sum(y)",
        "y = x * x",
        VECTOR,
    ),
    Case(
        "writes through one of two",
        "z = y if x[0] > 0 else x; z[0] = x[1]",
        "return sum(y)",
        "y = x * x",
        VECTOR,
    ),
    Case(
        "rows that are written",
        "for r in y: r[0] = r[1] * x[0, 0]",
        "return np.sum(y)",
        "y = x * x",
        MATRIX,
    ),
    Case(
        "methods that view",
        "t = y.T; t[0] = x[0]; r = y.reshape(4); r[1] *= 2",
        "return np.sum(y)",
        "y = x * x",
        MATRIX,
    ),
    Case("updates of a copy", "z = y; z += x", "return sum(y)", "y = x * x", VECTOR),
    Case(
        "a view that a loop carries",
        "r = y[0]\nfor i in range(2):\n    r[0] = x[i, 0]; r = y[i]",
        "return np.sum(y)",
        "y = x * x",
        MATRIX,
    ),
    Case("swaps of rows", "y[0], y[1] = y[1], y[0]", "return np.sum(y * x)", "y = x * x", MATRIX),
    Case("chained writes of a row", "y[0][1] = x[0, 0]", "return np.sum(y)", "y = x * x", MATRIX),
    Case(
        "swapped buffers",
        "for i in range(3):\n    y, z = z, y\n    y[0] = z[0] * z[1]",
        "return sum(y)",
        "y, z = x * x, x + 1.0",
        VECTOR,
    ),
    Case("functions that write", "fill(y, x)", "return sum(y)", "y = x * x", VECTOR),
    Case("`out=`", "np.multiply(x, x, out=y)", "return sum(y)", "y = x * x", VECTOR),
    Case(
        "`where=` of ufuncs",
        "np.sqrt(x, out=y, where=x > 0.4)",
        "return sum(y)",
        "y = x * x",
        VECTOR,
    ),
    Case(
        "methods that write",
        "y.sort(); y[1:].fill(x[0])",
        "return y[0] * y[1]",
        "y = x * x",
        VECTOR,
    ),
    Case(
        "`np.copyto`, `np.put`, …",
        "np.copyto(y, x); np.put(y, [0, 2], x[1])",
        "return sum(y * x)",
        "y = x * x",
        VECTOR,
    ),
    Case("`np.add.at`", "np.add.at(y, [0, 0, 1], x)", "return sum(y * x)", "y = x * x", VECTOR),
    Case(
        "`at` of other ufuncs",
        "np.multiply.at(y, [0, 0, 1], x)",
        "return sum(y * x)",
        "y = x * x",
        VECTOR,
    ),
    Case("`resize`", "y.resize(2)", "return sum(y)", "y = x * x", VECTOR),
    Case("writes into integers", "y = np.zeros(3, int); y[0] = x[0]", "return sum(y)", x=VECTOR),
    Case("varying writes into globals", "LOG[0] = x", "return x * LOG[0]"),
    Case("functions without a recipe", "y = np.ldexp(x, 2)"),
    Case("calls of what only the run knows", "y = call(TABLE[0], x)"),
    Case("such calls that write", "call(TABLE[1], y)", "return y[0]", "y = np.array([x, x])"),
    Case(
        "derivatives inside", "y = tangent.grad(power)(x, 3) * tangent.grad(lambda v: v * v * x)(x)"
    ),
    Case("methods of objects", "y = model.apply(x)"),
    Case("`lambda`", "g = lambda v, k=2.0: k * v * x", "return g(x)"),
    Case(
        "nested `def`, recursive too",
        "def g(n): return x if n == 0 else x * g(n - 1)",
        "return g(3)",
    ),
    Case(
        "`nonlocal`",
        "def add(v):\n    nonlocal y\n    y = y + v * x\nadd(2.0); add(x)",
        before="y = 0.0",
    ),
    Case(
        "functions that depend on the run",
        "g = np.sin if x > 1.0 else (lambda v: v * x)",
        "return g(x)",
    ),
    Case(
        "functions in lists, tuples, dicts",
        "for g in [np.sin, lambda v: v * x]: y = g(y)",
        before="y = x",
    ),
    Case("`functools.partial`", "g = functools.partial(layer, w=x)", "return g(x)"),
    Case(
        "`functools.reduce`, `map`, `key=`",
        "y = functools.reduce(lambda a, b: a * b + x, map(np.sin, [x, 2.0 * x]))",
    ),
    Case(
        "`itertools`",
        "for a, b in itertools.pairwise(x):\n    y += a * b",
        before="y = 0.0",
        x=VECTOR,
    ),
    Case(
        "`np.ndindex`, `np.ndenumerate`",
        "for (i,), v in np.ndenumerate(x):\n    y += i * v",
        before="y = 0.0",
        x=VECTOR,
    ),
    Case(
        "loops over generators",
        "for v in halves(x):\n    if v < 0.3: break\n    y += v * v",
        before="y = 0.0",
    ),
    Case("functions given to the unknown", "g = lambda v: v * x\ny = np.vectorize(g)(x)"),
    Case("iterators that are kept", "it = halves(x); y = next(it)"),
    Case(
        "a function of the last iteration",
        "for i in range(3):\n    y = g(y); g = lambda v: v * x",
        before="y = x; g = np.sin",
    ),
    Case(
        "list comprehensions",
        "y = [v * w for v in x for w in x if v < w]",
        "return sum(y)",
        x=VECTOR,
    ),
    Case(
        "dict and set comprehensions",
        "y = {k: v * v for k, v in enumerate(x)}",
        "return y[1]",
        x=VECTOR,
    ),
    Case("generator expressions", "y = sum(v * v for v in x) + max(v for v in x)", x=VECTOR),
    Case("`any`, `all`, `next` of them", "y = next((v * v for v in x if v > 0.4), 0.0)", x=VECTOR),
    Case("generator expressions kept", "g = (v * v for v in x); y = sum(g)", x=VECTOR),
    Case("dicts", 'y = {"a": x}; y["b"] = y["a"] * x', 'return y["b"]'),
    Case(
        "loops over dicts",
        "for k, v in d.items():\n    y += v * d[k]",
        before='d = {"a": x}; y = 0.0',
    ),
    Case(
        "`get`, `setdefault`, `update`",
        'd.update(b=x * x); y = d.get("b", 1.0) * d.setdefault("c", x)',
        before="d = {}",
    ),
    Case(
        "arrays in containers, written",
        'd["a"][0] = x[1] * x[2]',
        'return sum(d["a"])',
        'd = {"a": x * x}',
        VECTOR,
    ),
    Case(
        "lists in containers", 'd["log"].append(x * x)', 'return sum(d["log"])', 'd = {"log": [x]}'
    ),
    Case(
        "`insert`, `extend`, `reverse`, slices",
        "xs.insert(0, x * x); xs.extend([x]); xs.reverse(); y = xs[0] * xs[1:][0]",
        before="xs = [x]",
    ),
    Case(
        "one array in two elements, written",
        "xs = [y, y]; xs[0][0] = x[1]",
        "return sum(xs[1])",
        "y = x * x",
        VECTOR,
    ),
    Case("sets", "y = x * len({1, 2})"),
    Case("`with`", 'with np.errstate(all="ignore"):\n    y = x * x'),
    Case("`try`", "try:\n    y = x * (1 // 0)\nexcept ZeroDivisionError:\n    y = x * x"),
    Case("`finally`", "try:\n    y = x * x\nfinally:\n    LOG[0] = 1.0"),
    Case(
        "`try` around what writes on its way",
        "try:\n    for i in range(3): y = y * x\nexcept ValueError: pass",
        before="y = x",
    ),
    Case("`match`", "match x.shape:\n    case (n, m) if n == m: y = np.sum(x * x) * n", x=MATRIX),
    Case("`match` with `**rest`", 'match {"a": 2.0}:\n    case {"a": k, **rest}: y = k * x'),
    Case("`else` of a loop", "for i in range(3):\n    y *= x\nelse:\n    y = -y", before="y = x"),
    Case("`global`", "global CALLS; CALLS = 2.0", "return x * x * CALLS"),
    Case("varying writes with `global`", "global CALLS; CALLS = x", "return x * CALLS"),
    Case("assignment to attributes of other objects", "model.scale = x", "return x"),
    Case("objects of classes with source", "p = Point(x, 2.0) * x; y = p.norm"),
    Case("their attributes", "p.x += x * x", "return p.x * p.y", "p = Point(x, x)"),
    Case(
        "lists of objects", "for p in [Point(x, k) for k in range(3)]: y += p.norm", before="y = x"
    ),
    Case("objects in loops", "for _ in range(3): p = p * x", "return p.norm", "p = Point(x, 1.0)"),
    Case("an object as result", "return Point(x, x)", ""),
    Case(
        "as many objects as the run knows",
        "ps = [Point(x, v) for v in x]",
        "return ps[0].y",
        x=VECTOR,
    ),
    Case(
        "merged and copied dicts",
        'y = {**d, "b": x} | {"c": x}; d = dict(d, a=x)',
        "return y['a'] * y['b'] * d['a']",
        'd = {"a": x}',
    ),
    Case("`sorted`", "y = sorted(x)[0] * sorted(x, reverse=True)[0]", x=VECTOR),
    Case("`import`", "from math import sin", "return sin(x)"),
    Case("`:=`", "if (y := x * x) > 9.0:\n    y = x"),
    Case("`del` of an element", "del y[-1]", "return y[0]", "y = [x * x, x]"),
    Case("`del` of a slice", "del y[1:]", "return y[0]", "y = [x * x, x]"),
    Case("`*`, `**` in a call", 'y = layer(*(x, x)) + layer(x, **{"w": x})'),
    Case(
        "parameters with `*`, `**`",
        "def g(*vs, **kw): return sum(vs) * kw['k']",
        "return g(x, x, k=x)",
    ),
    Case(
        "`*args`, `**kwargs` of what is differentiated",
        "def f(x, *args, **kwargs):\n    return x * sum(args, x) * kwargs.get('k', 1.0)",
        whole=True,
    ),
    Case(
        "stars that only the run knows",
        "y = layer(*ws, **ps) * x",
        before='ws, ps = [x], {"w": x}',
    ),
    Case(
        "such stars, given to what has no source",
        "y = np.add(*ws)",
        before="ws = [x, x]",
    ),
    Case("`yield`", "yield x", ""),
    Case("`async`", "async def f(x):\n    return x * x", whole=True),
    Case("f-strings", 'name = f"{x:.1f}"', "return x * len(name)"),
    Case("loops over iterators", "for v in iter(x):\n    y += v", before="y = 0.0", x=VECTOR),
    Case("frames", "locals()", "return x"),
)

_numbers = itertools.count(1)


def function_of(case: Case) -> Any:
    """The function of a case, with its source where `inspect` finds it."""
    text = PRELUDE + "\n" + case.source + "\n"
    file = f"<language case {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope: dict[str, Any] = {"__name__": "language_cases"}
    exec(compile(text, file, "exec"), scope)
    return scope["f"]


def outcome(case: Case) -> Outcome:
    """Differentiate a case in both modes.

    Raises:
        CheckError: a derivative is wrong.
    """
    f = function_of(case)
    found = Outcome(case)
    for mode in ("reverse", "forward"):
        try:
            tangent.autodiff(f, mode=mode, check_dims=False)  # what is refused may not even run
            check(f, np.copy(case.x) if isinstance(case.x, np.ndarray) else case.x, modes=(mode,))
        except CheckError as error:
            error.add_note(f"case: {case.name}")
            raise
        except TangentError as error:
            found.errors[mode] = error
    return found


def outcomes() -> list[Outcome]:
    return [outcome(case) for case in CASES]


def cell(code: str) -> str:
    """Code in a table: a line each, with the blanks that indent it."""
    lines = []
    for line in code.replace("|", "\\|").split("\n"):
        text = line.lstrip()
        lines.append("&nbsp;" * (len(line) - len(text)) + f"`{text}`")
    return "<br>".join(lines)


def tables(found: list[Outcome]) -> str:
    """Both tables as Markdown."""
    return "\n".join(["", *_differentiated(found), "", *_refused(found), ""])


def _differentiated(found: list[Outcome]) -> Iterator[str]:
    yield "| differentiated | for example |"
    yield "|---|---|"
    for each in found:
        if not each.errors:
            yield f"| {each.case.name} | {cell(each.case.example)} |"


def _refused(found: list[Outcome]) -> Iterator[str]:
    yield "| refused | for example | error | what to do |"
    yield "|---|---|---|---|"
    for each in found:
        if each.errors:
            error = each.errors.get("reverse") or each.errors["forward"]
            where = f" in {' '.join(each.errors)} mode" if len(each.errors) == 1 else ""
            yield (
                f"| {each.case.name} | {cell(each.case.example)} "
                f"| `{type(error).__name__}`{where} | {error.remedy or '–'} |"
            )


def parts(text: str) -> tuple[str, str, str]:
    """What stands before, between and behind the marks."""
    head, _, rest = text.partition(BEGIN)
    middle, _, tail = rest.partition(END)
    return head + BEGIN, middle, END + tail


@click.command()
@click.option("--write", is_flag=True, help="Write the tables into docs/language.md.")
def main(write: bool) -> None:
    """The tables of what is differentiated and what is refused, from executed cases."""
    made = "\n" + tables(outcomes()) + "\n"
    if not write:
        click.echo(made)
        return
    head, _, tail = parts(DOCUMENT.read_text(encoding="utf-8"))
    DOCUMENT.write_text(head + made + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
