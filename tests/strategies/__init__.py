"""A Hypothesis strategy that draws programs in source form.

    @given(programs())
    def test(program):
        program.source      "import numpy as np ... def f(x, A): ..."
        program.args        (0.7, array([...]))
        program.wrt         ("x", "A")

Drawn are numbers, vectors, matrices, containers, functions and objects under names that are always
defined where they are read: assignments, tuple targets and swaps, augmented assignments, branches,
loops over ranges, arrays, zip, enumerate and reversed with few trips (or none), bounded `while`,
`break`, `continue`, early returns, reads and writes of elements, slices, rows, masks and integer
arrays, aliases, views and calls of drawn functions; and, by topic, what `TOPICS` names. Every
operation is smooth or has kinks that a random point does not hit, and is analytic, so that complex
steps give exact derivatives (`tests.random_check`).

Text is drawn by type: an expression of a type is a name or a place (an element, a key, an attribute)
that holds it, or is made of smaller ones; so topics mix. A simpler choice stands before a richer
one wherever Hypothesis shrinks by position.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.strategies import calls, closures, containers, idioms, objects, views, writes
from tests.strategies.statements import Statements
from tests.strategies.types import MAT, NUM, VEC, Class, Helper, RandomProgram, Type, value_of

__all__ = ["TOPICS", "RandomProgram", "programs"]

STATEMENTS = {
    "views": views.STATEMENTS,
    "calls": calls.STATEMENTS,
    "closures": closures.STATEMENTS,
    "containers": containers.STATEMENTS,
    "writes": writes.STATEMENTS,
    "idioms": idioms.STATEMENTS,
    "objects": objects.STATEMENTS,
    "arguments": containers.STATEMENTS,
}
TOPICS = tuple(STATEMENTS)
IMPORTS = "import dataclasses\nimport functools\nimport itertools\nimport operator\n\nimport numpy as np\n"
STRUCTURED: tuple[Type, ...] = (
    calls.RECORD,
    calls.LIST,
    calls.PAIR,
    containers.WEIGHTS,
    ("list", VEC),
    ("list", calls.PAIR),
    ("dict", (("layers", ("list", calls.PAIR)), ("scale", NUM))),
)


@st.composite
def programs(
    draw: Any, helpers: int = 2, size: int = 9, topics: tuple[str, ...] | None = ()
) -> RandomProgram:
    """Programs of at most about `size` statements, with at most so many helper functions.

    `topics`: what they are about, beside the usual statements; None for two of all, drawn.
    """
    if topics is None:
        topics = tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=2, unique=True)))
    statements = tuple(s for topic in topics for s in STATEMENTS[topic])
    known: list[Helper] = []
    classes: dict[str, Class] = {}
    texts = [IMPORTS if topics else "import numpy as np\n"]
    if "idioms" in topics:
        texts.append(idioms.PREAMBLE.strip() + "\n")
    outside = tuple(s for s in statements if s not in objects.STATEMENTS)
    for k in range(draw(st.integers(min(helpers, "calls" in topics), helpers))):
        helper, text = calls.draw_helper(draw, k, list(known), classes, topics, outside)
        texts.append(text)
        known.append(helper)
    for k in range(draw(st.integers(1, 2)) if "objects" in topics else 0):
        new, text = objects.draw_class(draw, k, list(known), dict(classes))
        texts.append(text)
        classes[new.name] = new
    env: dict[str, Type] = {"x": NUM, "A": VEC}
    for name, type in (("y", NUM), ("B", MAT), ("C", VEC), ("n", ("int", 0, 3))):
        if draw(st.integers(0, 2)) == 2 or (name == "B" and "views" in topics):
            env[name] = type
    if "arguments" in topics:
        for name in ("P", "Q")[: draw(st.integers(1, 2))]:
            env[name] = draw(st.sampled_from(STRUCTURED))
    w = Statements(draw, NUM, known, classes, statements, topics, env=dict(env), budget=size)
    w.body(6)
    w.finish()
    texts.append("\n".join([f"def f({', '.join(env)}):", *w.lines]) + "\n")
    rng = np.random.default_rng(draw(st.integers(0, 50)))
    args = tuple(value_of(type, rng) for type in env.values())
    wrt = tuple(n for n, t in env.items() if t[0] != "int")
    return RandomProgram("\n\n".join(texts), args, wrt)
