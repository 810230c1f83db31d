"""The tables: in the terminal, in Markdown, and between the markers of the README."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.measure import geometric_mean

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
COLUMNS = ("tangent", "tangent like", "autograd", "jax", "jax jit")
TITLES = {
    "tangent": "tangent",
    "tangent like": "tangent, `like=`",
    "autograd": "autograd",
    "jax": "JAX",
    "jax jit": "JAX, jit",
}
# To reach, as ratios to the hand-written gradient.
GEOMETRIC_MEAN = {"tangent": 1.25, "tangent like": 1.1}
WORST = 1.7
IN_PLACE_MEAN = 1.3
IN_PLACE_WORST = 2.0
MEMORY = 1.5
GENERATION = 0.015  # seconds

Results = dict[str, Any]


def duration(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def factor(value: float) -> str:
    return f"{value:.2f}" if value < 9.95 else f"{value:,.0f}"


def means(results: Results, in_place: bool = False) -> dict[str, float]:
    """The geometric mean of each contender's ratios, over the programs that it runs.

    Args:
        in_place: only over the loops that write arrays in place.
    """
    found = {}
    cases = [c for c in results["cases"] if not in_place or c.get("in_place")]
    for name in COLUMNS:
        ratios = [c["ratios"][name] for c in cases if name in c["ratios"]]
        if ratios:
            found[name] = geometric_mean(ratios)
    return found


def misses(results: Results) -> list[str]:
    """One line for each target that is missed."""
    found = []
    mean = means(results)
    for name, limit in GEOMETRIC_MEAN.items():
        if name in mean and mean[name] > limit:
            found.append(f"{name}: geometric mean {mean[name]:.2f}, to reach {limit}")
    for name, value in means(results, in_place=True).items():
        if name in GEOMETRIC_MEAN and value > IN_PLACE_MEAN:
            found.append(f"{name}: in-place loops {value:.2f}, to reach {IN_PLACE_MEAN}")
    for case in results["cases"]:
        worst = IN_PLACE_WORST if case.get("in_place") else WORST
        for name in GEOMETRIC_MEAN:
            if case["ratios"].get(name, 0) > worst:
                found.append(f"{case['label']}: {name} {case['ratios'][name]:.2f}, at most {worst}")
            if case["memory"].get(name, 0) > MEMORY:
                found.append(
                    f"{case['label']}: {name} memory {case['memory'][name]:.2f}, at most {MEMORY}"
                )
    generation = results.get("generation")
    if generation and generation["median"] > GENERATION:
        found.append(
            f"writing a gradient takes {duration(generation['median'])}, "
            f"at most {duration(GENERATION)}"
        )
    return found


def rows(results: Results) -> list[list[str]]:
    """The table's cells, a list for each program, the means last."""
    found = []
    for case in results["cases"]:
        cells = [case["label"], duration(case["seconds"]["by hand"]["min"])]
        for name in COLUMNS:
            if name in case["ratios"]:
                cells.append(factor(case["ratios"][name]))
            else:
                reason = case["refusals"].get(name, "")
                cells.append({"": "", "not installed": "n/a"}.get(reason, "refuses"))
        memory = [case["memory"][n] for n in GEOMETRIC_MEAN if n in case["memory"]]
        found.append([*cells, " / ".join(f"{m:.2f}" for m in memory)])
    for title, mean in (
        ("geometric mean", means(results)),
        ("of in-place loops", means(results, in_place=True)),
    ):
        if mean:
            cells = [factor(mean[name]) if name in mean else "" for name in COLUMNS]
            found.append([title, "", *cells, ""])
    return found


def headers() -> list[str]:
    return ["program", "by hand", *(TITLES[name] for name in COLUMNS), "memory"]


def terminal(results: Results) -> Table:
    table = Table(title="Time as a ratio to the hand-written gradient")
    for title in headers():
        table.add_column(title.replace("`", ""), justify="left" if title == "program" else "right")
    programs = len(results["cases"])
    for position, row in enumerate(rows(results)):
        if position == programs:
            table.add_section()
        table.add_row(*row, style="bold" if position >= programs else None)
    return table


def markdown(results: Results) -> str:
    """The table with a paragraph that says what was measured, and on what."""
    lines = ["| " + " | ".join(headers()) + " |", "|---|" + "--:|" * (len(headers()) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows(results)]
    versions = ", ".join(f"{k} {v}" for k, v in results["versions"].items())
    lines += ["", f"Measured with {versions} on {results['machine']}."]
    if "generation" in results:
        took = duration(results["generation"]["median"])
        lines += [f"Writing the gradient of a ten-line function takes {took} once warm."]
    return "\n".join(lines) + "\n"


def update_readme(path: Path, results: Results) -> None:
    """Replace what stands between the markers."""
    text = path.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{path} has no {BEGIN} … {END}")
    block = f"{BEGIN}\n{markdown(results)}{END}"
    pattern = f"{re.escape(BEGIN)}.*?{re.escape(END)}"
    path.write_text(re.sub(pattern, lambda _: block, text, flags=re.DOTALL), encoding="utf-8")
