#!/usr/bin/env python
"""Show the control-flow graph of a function, with what the analyses know of each statement.

    python tools/dump_cfg.py model.py:loss
    python tools/dump_cfg.py model.py:loss --wrt w,b --analysis activity,liveness --format png -o
    loss.png python tools/dump_cfg.py package.module:loss --passes desugar,exits,anf

Text is the source with facts as trailing comments. Pictures are coloured by activity; they come
through Graphviz where its `dot` is installed, and through matplotlib where it is not.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click

from tangent.analysis.dump import ANALYSES, dump_dot, dump_text
from tangent.errors import PassError, TangentError, WrtError
from tangent.facts import Facts
from tangent.locate import TargetError, locate, parse_wrt

NAME = "dump_cfg"
DEFAULT = "activity,liveness"
FORMATS = ("text", "dot", "svg", "png")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("address")
@click.option("--wrt", help="Parameters to differentiate by, as w,b or 0,1. By default the first.")
@click.option(
    "--analysis",
    "chosen",
    default=DEFAULT,
    show_default=True,
    help=f"Analyses to show: {', '.join(ANALYSES)}; all; none.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="By -o's suffix, else text.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write to a file.")
@click.option("--passes", default="", help="Passes to apply first, as desugar,exits,anf.")
@click.option("--graphviz/--no-graphviz", default=True, help="Use Graphviz where it is installed.")
def command(
    address: str,
    wrt: str | None,
    chosen: str,
    form: str | None,
    output: str | None,
    passes: str,
    graphviz: bool,
) -> None:
    """Show the control-flow graph of FILE.py:FUNCTION or package.module:FUNCTION."""
    analyses = _analyses(chosen)
    form = form or _form_of(output)
    if form == "png" and output is None and sys.stdout.isatty():
        raise click.UsageError("a png needs a file: -o FILE")
    facts = _facts(address, wrt, passes)
    if form in ("text", "dot"):
        text = (dump_text if form == "text" else dump_dot)(facts, analyses)
        if output is None:
            click.echo(text, nl=False)
        else:
            Path(output).write_text(text, encoding="utf-8")
        return
    program = shutil.which("dot") if graphviz else None
    if program is not None:
        drawn = subprocess.run(
            [program, f"-T{form}", "-Gdpi=144" if form == "png" else "-Gdpi=72"],
            input=dump_dot(facts, analyses).encode(),
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        if output is None:
            sys.stdout.buffer.write(drawn)
        else:
            Path(output).write_bytes(drawn)
        return
    from tangent.analysis.picture import draw

    draw(facts, analyses, output if output is not None else sys.stdout.buffer, form)


def _analyses(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return list(ANALYSES)
    if names == ["none"]:
        return []
    for name in names:
        if name not in ANALYSES:
            raise click.UsageError(
                f"no analysis is called {name!r} (known: {', '.join(ANALYSES)}, all, none)"
            )
    return names


def _form_of(output: str | None) -> str:
    suffix = Path(output).suffix.lstrip(".") if output else ""
    return suffix if suffix in FORMATS else "text"


def _facts(address: str, wrt: str | None, passes: str) -> Facts:
    """The facts of the function at an address, after some passes."""
    from tangent.api import wrt_names
    from tangent.parse import load
    from tangent.passes import pipeline, run_pipeline

    program = load(locate(address))
    options: dict[str, object] = {}
    if wrt is not None:
        options["wrt"] = wrt_names(program.entry, parse_wrt(wrt))
    program = run_pipeline(program, pipeline(passes), options)
    return Facts(program.entry, program, options)


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Bad input gives one line on standard error and the status 2."""
    try:
        command.main(arguments, prog_name=NAME, standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        print(f"{NAME}: {' '.join(error.format_message().split())}", file=sys.stderr)
        return 2
    except (TargetError, WrtError, PassError) as error:
        hint = f" ({error.remedy})" if error.remedy else ""
        print(f"{NAME}: {error.reason}{hint}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return 2
    except TangentError as error:  # the input is fine, but the program is not supported
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
