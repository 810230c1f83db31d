"""`python -m benchmarks.run`: verify, time and weigh every program; see --help."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from benchmarks import report
from benchmarks.cases import PEERS, Case, Contender, all_cases, contenders, disagreements
from benchmarks.measure import generation_times, peak_memory, ratio, summary, times

HERE = Path(__file__).parent
README = HERE.parent / "README.md"


LEAST = 4096  # bytes; a ratio of smaller amounts says nothing


def weight(contender: Contender) -> int:
    return max(peak_memory(contender.call), LEAST)


def measure(case: Case, repeats: int, with_ours: bool, peers: tuple[str, ...]) -> report.Results:
    """Verify one case, then time it. Raises ValueError where the derivatives differ."""
    found = contenders(case, with_ours, peers)
    wrong = list(disagreements(found))
    if wrong:
        raise ValueError("; ".join(wrong))
    running = [c for c in found if c.function is not None]
    primal = Contender("function", case.program.f, arguments=case.arguments())
    seconds = times({c.name: c.call for c in [*running, primal]}, repeats)
    memory = {}
    if case.loops:
        by_hand = weight(running[0])
        memory = {c.name: weight(c) / by_hand for c in running if c.name.startswith("tangent")}
    return {
        "label": case.label,
        "program": case.name,
        "in_place": case.in_place,
        "seconds": {name: summary(s) for name, s in seconds.items()},
        "ratios": {name: ratio(s, seconds["by hand"]) for name, s in seconds.items()},
        "refusals": {c.name: c.refusal for c in found if c.refusal},
        "memory": memory,
    }


def versions(peers: tuple[str, ...]) -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in ("numpy", *dict.fromkeys(p.split()[0] for p in peers)):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


@click.command()
@click.option("--only", multiple=True, help="Programs to run, by file name; all by default.")
@click.option("--repeats", default=15, show_default=True, help="Repeats, interleaved.")
@click.option("--peers/--no-peers", "with_peers", default=True, help="Time autograd and JAX too.")
@click.option("--ours/--no-ours", "with_ours", default=True, help="Time tangent.")
@click.option("--from-results", is_flag=True, help="Show the stored results, measure nothing.")
@click.option("--update-readme", is_flag=True, help="Write the table into README.md.")
@click.option("--strict", is_flag=True, help="Exit with status 1 where a target is missed.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=HERE / "results.json",
    help="The results; a Markdown table is written beside them.",
)
def main(
    only: tuple[str, ...],
    repeats: int,
    with_peers: bool,
    with_ours: bool,
    from_results: bool,
    update_readme: bool,
    strict: bool,
    output: Path,
) -> None:
    """Time our gradients against hand-written ones, autograd and JAX, side by side."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    if from_results:
        if not output.exists():
            raise click.ClickException(f"{output} does not exist: run the benchmark first")
        results = json.loads(output.read_text(encoding="utf-8"))
    else:
        results = run(console, only, repeats, with_ours, PEERS if with_peers else ())
        output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        output.with_suffix(".md").write_text(report.markdown(results), encoding="utf-8")
    console.print(report.terminal(results))
    if "generation" in results:
        took = report.duration(results["generation"]["median"])
        console.print(f"Writing the gradient of a ten-line function: {took}")
    for line in report.misses(results):
        console.print(f"[yellow]missed:[/] {escape(line)}")
    for line in results["failures"]:
        console.print(f"[red]wrong:[/] {escape(line)}")
    if update_readme and not results["failures"]:
        report.update_readme(README, results)
    if results["failures"] or (strict and report.misses(results)):
        sys.exit(1)


def run(
    console: Console, only: tuple[str, ...], repeats: int, with_ours: bool, peers: tuple[str, ...]
) -> report.Results:
    """Measure the chosen programs, one after the other."""
    cases = [case for case in all_cases() if not only or case.name in only]
    unknown = set(only) - {case.name for case in cases}
    if unknown:
        raise click.BadParameter(f"no such program: {', '.join(sorted(unknown))}")
    results: report.Results = {
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "versions": versions(peers),
        "cases": [],
        "failures": [],
    }
    for case in track(cases, "Measuring", console=console, disable=not console.is_terminal):
        try:
            results["cases"].append(measure(case, repeats, with_ours, peers))
        except Exception as error:  # one program that fails must not hide the others
            results["failures"].append(f"{case.label}: {type(error).__name__}: {error}")
    if with_ours:
        try:
            results["generation"] = summary(generation_times())
        except Exception as error:
            results["failures"].append(f"ten-line function: {type(error).__name__}: {error}")
    return results


if __name__ == "__main__":
    main()
