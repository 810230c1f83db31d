"""Differentiate random programs and compare with exact derivatives.

    python tools/fuzz.py -n 5000            other programs each time
    python tools/fuzz.py -n 5000 --seed 7   the same again
    python tools/fuzz.py -n 500 --topic closures --topic containers --like --passes

Prints the smallest program of each fault that it finds, with the error, and exits with status 1.
"""

from __future__ import annotations

import collections
import secrets
import sys
import time
import traceback
from pathlib import Path

import click
from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).resolve().parent.parent
CHUNK = 100  # programs that Hypothesis draws at once; a fault ends a chunk once it is minimal


@click.command()
@click.option("-n", "count", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--seed", "start", type=int, help="Number of the first chunk's seed.")
@click.option(
    "--size", default=9, show_default=True, type=click.IntRange(1, 60), help="Statements."
)
@click.option("--helpers", default=2, show_default=True, type=click.IntRange(0, 5))
@click.option("--faults", default=5, show_default=True, type=click.IntRange(1), help="Stop after.")
@click.option("--reverse-only", is_flag=True, help="Leave forward mode out.")
@click.option(
    "--topic",
    "topics",
    multiple=True,
    metavar="NAME",
    help="What the programs are about, as often as you like: see tests/strategies; "
    "none for the bare language. Two of all, drawn, by default.",
)
@click.option("--passes", is_flag=True, help="Leave each optimisation out in turn.")
@click.option("--like", is_flag=True, help="With the arguments as examples of their kinds.")
@click.option("--refusals", is_flag=True, help="Show for what reasons programs were refused.")
def main(
    count: int,
    start: int | None,
    size: int,
    helpers: int,
    faults: int,
    reverse_only: bool,
    topics: tuple[str, ...],
    passes: bool,
    like: bool,
    refusals: bool,
) -> None:
    """Differentiate random programs and compare with exact derivatives."""
    sys.path.insert(0, str(ROOT))
    from tests.random_check import check
    from tests.strategies import TOPICS, programs

    if unknown := set(topics) - {*TOPICS, "none"}:
        raise click.BadParameter(
            f"{', '.join(sorted(unknown))}; there are {', '.join(TOPICS)}, none"
        )
    chosen = tuple(t for t in topics if t != "none") if topics else None

    start = secrets.randbelow(10**6) * 1000 if start is None else start
    counts: collections.Counter[str] = collections.Counter()
    reasons: collections.Counter[str] = collections.Counter()
    examples: dict[str, str] = {}
    began = time.perf_counter()
    found = 0
    smallest = None

    def run_chunk(number: int, size_of_chunk: int) -> None:
        @seed(number)
        @settings(
            max_examples=size_of_chunk,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],
            print_blob=False,
        )
        @given(programs(helpers=helpers, size=size, topics=chosen))
        def run(program):  # type: ignore[no-untyped-def]
            nonlocal smallest
            smallest = program
            outcome = check(program, forward=not reverse_only, like=like, passes=passes)
            counts[outcome.kind] += 1
            if outcome.kind != "right":
                reasons[f"{outcome.kind}: {outcome.detail}"] += 1
                examples.setdefault(outcome.detail, str(program))

        run()

    for chunk, done in enumerate(range(0, count, CHUNK)):
        try:
            run_chunk(start + chunk, min(CHUNK, count - done))
        except Exception as error:
            found += 1
            click.secho(f"\nFault {found} (--seed {start + chunk} -n {CHUNK})", fg="red", bold=True)
            click.echo(str(smallest))
            error.__notes__ = []  # Hypothesis would show the program again
            lines = traceback.format_exception(error, limit=-4)
            click.echo("".join(lines).strip())
            if found >= faults:
                break
        if sys.stderr.isatty():
            click.echo(f"\r{done + CHUNK} of {count}, {found} faults", nl=False, err=True)
    compared = counts["right"] + counts["refused"]
    share = f"{counts['refused'] / compared:.1%}" if compared else "none"
    click.echo(
        f"{counts.total()} programs in {time.perf_counter() - began:.0f} s from seed {start}: "
        f"{counts['right']} right, {counts['refused']} refused ({share} of those compared), "
        f"{counts['skipped']} skipped, {found} faults"
    )
    if refusals:
        for reason, times in reasons.most_common(30):
            click.echo(f"{times:6}  {reason}")
            kind, _, detail = reason.partition(": ")
            if kind == "refused":
                click.echo("\n".join("        | " + line for line in examples[detail].splitlines()))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
