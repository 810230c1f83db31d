"""The command line.

    python -m tangent grad model.py:loss --wrt w,b                 prints the gradient's source
    python -m tangent grad model.py:loss --wrt w,b -o dloss.py     writes it as a file that stands
    alone python -m tangent grad package.module:f --mode forward         the tangent instead

What is wrong with the command itself gets one line and exit status 2, a function that can't be
differentiated gets the whole message and exit status 1.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from tangent.errors import TangentError, WrtError
from tangent.export import export
from tangent.locate import TargetError, locate, parse_wrt

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Derivatives of plain Python functions, as source."""


@main.command()
@click.argument("target", metavar="FILE.py:FUNCTION")
@click.option(
    "--wrt", default="0", show_default=True, help="Names or positions of parameters: w,b."
)
@click.option("-o", "--output", type=click.Path(), help="Write a file that stands alone.")
@click.option("--like", metavar="EXPR", help='Examples of the arguments: "np.zeros(3), 1.0".')
@click.option(
    "--mode", type=click.Choice(["reverse", "forward"]), default="reverse", show_default=True
)
@click.option("--motion", type=click.Choice(["joint", "split"]), default="joint", show_default=True)
@click.option("--preserve-result", is_flag=True, help="Return the value as well.")
@click.option(
    "--check-dims/--no-check-dims", default=True, help="Refuse results that are no scalars."
)
@click.option("--no-optimize", is_flag=True, help="Leave the optimisation passes out.")
@click.option("-v", "--verbose", count=True, help="-vv shows what each pass changes.")
def grad(
    target: str,
    wrt: str,
    output: str | None,
    like: str | None,
    mode: str,
    motion: str,
    preserve_result: bool,
    check_dims: bool,
    no_optimize: bool,
    verbose: int,
) -> None:
    """Print or write the source of the gradient of a function.

    FILE.py:FUNCTION may also be package.module:FUNCTION.
    """
    import tangent

    try:
        function = locate(target)
        parameters = parse_wrt(wrt)
        options: dict[str, Any] = {
            "wrt": parameters,
            "optimized": not no_optimize,
            "preserve_result": preserve_result,
            "check_dims": check_dims,
            "verbose": verbose if verbose > 1 else 0,
        }
        if like is not None:
            options["like"] = _examples(like, function)
        if mode == "reverse" and motion == "joint":
            df: Any = tangent.grad(function, **options)
        else:
            df = tangent.autodiff(function, mode=mode, motion=motion, **options)
        text = df.source if output is None else export(df)
    except (TargetError, WrtError) as error:
        _stop(error.reason, 2)
    except TangentError as error:
        _stop(str(error), 1)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with open(output, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        _stop(f"cannot write {output}: {error.strerror}", 2)


def _examples(text: str, function: Any) -> tuple[Any, ...]:
    """The value of `--like`, evaluated in the function's module, with `np` for NumPy."""
    import numpy

    scope = {"np": numpy, **getattr(function, "__globals__", {})}
    try:
        return tuple(eval(f"({text},)", scope))
    except Exception as error:
        raise TargetError(f"--like {text!r}: {type(error).__name__}: {error}") from error


def _stop(message: str, status: int) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(status)


if __name__ == "__main__":
    main(prog_name="python -m tangent")
