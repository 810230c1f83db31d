"""What tangent does, in one minute: show a gradient, check it, train with it.

    python examples/demo.py [--epochs N]

The data are the 1,797 images of hand-written digits, 8 by 8 pixels, of the UCI Machine Learning
Repository (Alpaydin and Kaynak, 1998), as the package scikit-learn contains them.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from sklearn.datasets import load_digits

import tangent

WIDE = 150  # columns from which two sources fit side by side

# -- a small program: a loop over an array that is overwritten in place


def smooth(A, steps):
    for _ in range(steps):
        for i in range(1, len(A) - 1):
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    return np.sum(A)


# -- a model: two layers, and the cross-entropy of a softmax


def logits(W1, b1, W2, b2, x):
    hidden = np.tanh(np.dot(x, W1) + b1)
    return np.dot(hidden, W2) + b2


def loss(W1, b1, W2, b2, x, labels):
    z = logits(W1, b1, W2, b2, x)
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


PARAMETERS = ("W1", "b1", "W2", "b2")


def initial(rng: np.random.Generator, inputs: int, hidden: int, outputs: int) -> list[np.ndarray]:
    return [
        rng.standard_normal((inputs, hidden)) / inputs**0.5,
        np.zeros(hidden),
        rng.standard_normal((hidden, outputs)) / hidden**0.5,
        np.zeros(outputs),
    ]


def digits(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Images and labels to train with, then those that are held out: one in five."""
    data = load_digits()
    order = rng.permutation(len(data.target))
    images, labels = data.data[order] / 16.0, data.target[order]
    held_out = len(labels) // 5
    return images[held_out:], labels[held_out:], images[:held_out], labels[:held_out]


# -- showing


def show(console: Console, title: str, functions: tuple[Any, ...], df: Any) -> None:
    """Functions and a gradient, side by side where the terminal is wide enough."""
    console.rule(title)
    sources = "\n\n".join(inspect.getsource(f).strip() for f in functions), df.source.strip()
    panels = [
        Panel(Syntax(text, "python", word_wrap=True, background_color="default"), title=heading)
        for text, heading in zip(sources, ("You write", "tangent writes"), strict=True)
    ]
    if console.width < WIDE:
        console.print(*panels)
    else:
        table = Table.grid(expand=True)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        table.add_row(*panels)
        console.print(table)


def check(
    console: Console,
    f: Callable[..., Any],
    gradients: tuple[Any, ...],
    args: tuple[Any, ...],
    positions: tuple[int, ...],
) -> None:
    """Compare gradients with central differences along a random direction."""
    rng, step = np.random.default_rng(0), 1e-6
    for i, gradient in zip(positions, gradients, strict=True):
        direction = rng.standard_normal(np.shape(args[i]))
        ends = []
        for h in (step, -step):
            moved = [np.copy(a) if isinstance(a, np.ndarray) else a for a in args]
            moved[i] = moved[i] + h * direction
            ends.append(f(*moved))
        numeric = (ends[0] - ends[1]) / (2 * step)
        exact = np.sum(gradient * direction)
        error = abs(exact - numeric) / max(abs(numeric), 1e-12)
        name = list(inspect.signature(f).parameters)[i]
        verdict = "[green]agree[/]" if error < 1e-5 else "[red]DIFFER[/]"
        console.print(
            f"  along a random direction of {name}: gradient {exact:+.9f}, "
            f"finite difference {numeric:+.9f}: {verdict}"
        )
        if error >= 1e-5:
            raise SystemExit(1)


# -- training


def accuracy(parameters: list[np.ndarray], images: np.ndarray, labels: np.ndarray) -> float:
    W1, b1, W2, b2 = parameters
    return float(np.mean(np.argmax(logits(W1, b1, W2, b2, images), axis=1) == labels))


def train(
    console: Console,
    gradient: Callable[..., Any],
    parameters: list[np.ndarray],
    data: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    rng: np.random.Generator,
    epochs: int,
) -> None:
    """Stochastic gradient descent with momentum; changes `parameters` in place."""
    images, labels, test_images, test_labels = data
    batch, rate, momentum = 32, 0.1, 0.9
    velocity = [np.zeros_like(p) for p in parameters]
    start = time.perf_counter()
    for epoch in range(1, epochs + 1):
        order, total = rng.permutation(len(labels)), 0.0
        for k in range(0, len(order), batch):
            rows = order[k : k + batch]
            *gradients, value = gradient(*parameters, images[rows], labels[rows])
            total += float(value) * len(rows)
            for p, v, g in zip(parameters, velocity, gradients, strict=True):
                v *= momentum
                v -= rate * g
                p += v
        if epoch == 1 or epoch % 5 == 0 or epoch == epochs:
            held_out = accuracy(parameters, test_images, test_labels)
            bar = "█" * round(30 * epoch / epochs)
            console.print(
                f"  epoch {epoch:3d}/{epochs} [cyan]{bar:<30}[/] loss {total / len(labels):.4f}, "
                f"held-out accuracy {held_out:.1%}, {time.perf_counter() - start:.1f} s"
            )


@click.command()
@click.option("--epochs", default=30, show_default=True, type=click.IntRange(min=1))
def main(epochs: int) -> None:
    """Show a gradient, check it against finite differences, train a model with it."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    rng = np.random.default_rng(0)

    A = rng.uniform(0.0, 1.0, 8)
    dsmooth = tangent.grad(smooth, like=(A, 3))
    show(console, "1. A program that overwrites an array", (smooth,), dsmooth)
    check(console, smooth, (dsmooth(A, 3),), (A, 3), (0,))

    data = digits(rng)
    parameters = initial(rng, data[0].shape[1], 48, 10)
    example = (*parameters, data[0][:32], data[1][:32])
    dloss = tangent.grad(loss, wrt=PARAMETERS, preserve_result=True, like=example)
    show(console, "2. The loss of a model in plain NumPy", (logits, loss), dloss)
    check(console, loss, dloss(*example)[:-1], example, (0, 1, 2, 3))

    console.rule("3. Training on 8 by 8 images of hand-written digits")
    console.print(
        f"  {len(data[1])} images to train with, {len(data[3])} held out; from the UCI Machine "
        "Learning Repository, as scikit-learn contains them"
    )
    before = accuracy(parameters, data[2], data[3])
    console.print(f"  held-out accuracy before training {before:.1%}")
    train(console, dloss, parameters, data, rng, epochs)
    final = accuracy(parameters, data[2], data[3])
    console.print(f"[bold]Final held-out accuracy: {final:.1%}[/]")


if __name__ == "__main__":
    main()
