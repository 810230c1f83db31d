#!/usr/bin/env python
"""Show what every pass does to a function, as a diff, and how long it takes.

python tools/dump_passes.py model.py:loss
python tools/dump_passes.py model.py:loss --wrt w,b --passes desugar,exits,anf
python tools/dump_passes.py package.module:loss --mode forward --whole
"""

from __future__ import annotations

import sys
from typing import Any

import click

from tangent.emit import emit
from tangent.errors import PassError, TangentError, WrtError
from tangent.locate import TargetError, locate, parse_wrt
from tangent.observers import Diff, Timing, difference
from tangent.passes import Pass, pipeline, registered_passes, run_pipeline
from tangent.program import Program

NAME = "dump_passes"


class Whole:
    """Prints the whole program after each pass that changed it."""

    def __init__(self, timing: Timing) -> None:
        self.timing = timing

    def __call__(self, step: Pass, before: Program, after: Program) -> None:
        click.echo(f"== {step.name}: {(self.timing.last or 0.0) * 1e3:.2f} ms")
        if difference(before, after):
            click.echo("\n\n".join(emit(function).source.rstrip() for function in after.functions))
        else:
            click.echo("(no change)")
        click.echo()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("address")
@click.option("--wrt", help="Parameters to differentiate by, as w,b or 0,1. By default the first.")
@click.option("--passes", help="The pipeline, as desugar,exits,anf. That of `grad`, if not given.")
@click.option(
    "--mode", type=click.Choice(["reverse", "forward"]), default="reverse", show_default=True
)
@click.option("--whole", is_flag=True, help="Print the program after each pass instead of diffs.")
@click.option(
    "--context", type=click.IntRange(0), default=2, show_default=True, help="Lines around a change."
)
def command(
    address: str, wrt: str | None, passes: str | None, mode: str, whole: bool, context: int
) -> None:
    """Show what every pass does to FILE.py:FUNCTION or package.module:FUNCTION."""
    from tangent.parse import load

    function = locate(address)
    _know_passes()
    steps = pipeline(passes if passes is not None else _default_pipeline(mode))
    program = load(function)
    options = _options(program, wrt, mode)
    timing = Timing()
    show: Any = Whole(timing) if whole else Diff(timing=timing, context=context)
    for one in program.functions:
        click.echo(emit(one).source)
    run_pipeline(program, steps, options, observers=(timing, show))
    click.echo(timing.table())


def _options(program: Program, wrt: str | None, mode: str) -> dict[str, Any]:
    from tangent.api import wrt_names

    # What `tangent.grad` gives its passes.
    return {
        "wrt": wrt_names(program.entry, parse_wrt(wrt or "0")),
        "preserve_result": False,
        "return_value": False,
        "check_dims": mode == "reverse",
        "motion": "joint",
        "seed_default": True,
        "like": None,
    }


def _know_passes() -> None:
    """Import the passes of the library, which registers them."""
    import importlib
    import pkgutil

    import tangent.transforms

    for found in pkgutil.iter_modules(tangent.transforms.__path__):
        importlib.import_module(f"tangent.transforms.{found.name}")
    registered_passes()


def _default_pipeline(mode: str) -> list[Any]:
    from tangent.api import pipeline_names

    return list(pipeline_names(mode, True))


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
    except TangentError as error:  # the input is fine, but the program is not supported
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
