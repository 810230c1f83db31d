"""Draws a control-flow graph where Graphviz is not installed.

    draw(facts, ["liveness", "activity"], "f.png")

The layout is that of the source: one statement a row, indented as it is nested, so that boxes never
overlap. An edge to the next row is a straight arrow; jumps forward run in lanes on the right, jumps
back in lanes on the left, and two jumps share a lane only where they lie apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from tangent.analysis.cfg import ENTRY, EXIT, Cfg
from tangent.analysis.dump import COLOURS, header, notes_of, shade
from tangent.facts import Facts

__all__ = ["draw"]

# Lengths are in points: 72 to the inch.
FONT, SMALL = 10.0, 7.5
LINE, SMALL_LINE = 14.0, 10.5
ADVANCE = 0.602  # width of a character of the monospaced font, in font sizes
PADDING, GAP, INDENT, LANE = 8.0, 20.0, 26.0, 15.0
LABEL = 34.0  # room for an edge's label beside the boxes
MARGIN = 18.0
LINES = "#495057"
LEGEND = {
    "active": "differentiated",
    "carries": "active values pass",
    "passive": "no active values",
}


class _Row:
    """A node's box: where it stands, and what is in it."""

    def __init__(self, node: Any, depth: int, text: str, notes: list[str], fill: str) -> None:
        self.node, self.text, self.notes, self.fill = node, text, notes, fill
        self.left = depth * INDENT
        widths = [len(text) * FONT, *(len(n) * SMALL for n in notes)]
        self.width = max(widths) * ADVANCE + 2 * PADDING
        self.height = LINE + len(notes) * SMALL_LINE + PADDING
        self.top = self.bottom = 0.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class _Jump:
    """An edge that does not lead to the next row."""

    def __init__(self, source: int, target: int, label: str) -> None:
        self.source, self.target, self.label = source, target, label
        self.first, self.last = min(source, target), max(source, target)
        self.lane = 0


def _depths(body: Sequence[Any], depth: int, out: dict[Any, int]) -> None:
    for statement in body:
        out[statement] = depth
        for field in ("body", "orelse"):
            inner = getattr(statement, field, None)
            if isinstance(inner, list):
                _depths(inner, depth + 1, out)


def _assign_lanes(jumps: list[_Jump]) -> int:
    """Short jumps get the inner lanes. Returns the number of lanes."""
    lanes: list[list[_Jump]] = []
    for jump in sorted(jumps, key=lambda j: (j.last - j.first, j.first)):
        for number, lane in enumerate(lanes):
            same = [o for o in lane if o.target == jump.target]
            if all(o in same or o.last < jump.first or jump.last < o.first for o in lane):
                jump.lane = number
                lane.append(jump)
                break
        else:
            jump.lane = len(lanes)
            lanes.append([jump])
    return len(lanes)


def _rows(facts: Facts, analyses: Sequence[str], coloured: bool) -> list[_Row]:
    depths: dict[Any, int] = {}
    _depths(facts.function.node.body, 0, depths)
    notes = notes_of(facts, analyses, empty=False)
    parameters = ", ".join(facts.function.parameters)
    rows = [_Row(ENTRY, 0, f"ENTRY  {facts.function.name}({parameters})", [], COLOURS["end"])]
    for statement in facts[Cfg].statements:
        fill = COLOURS[shade(facts, statement) if coloured else "passive"]
        rows.append(_Row(statement, depths[statement], header(statement), notes[statement], fill))
    rows.append(_Row(EXIT, 0, "EXIT", [], COLOURS["end"]))
    right = max(row.left + row.width for row in rows)
    y = 0.0
    for row in rows:
        row.width = right - row.left
        row.top, row.bottom = y, y + row.height
        y = row.bottom + GAP
    return rows


def draw(
    facts: Facts,
    analyses: Sequence[str],
    out: str | Path | IO[bytes],
    form: str | None = None,
    coloured: bool = True,
) -> None:
    """Write a picture of a function's control-flow graph.

    Args:
        facts: of the function.
        analyses: names of the analyses whose facts stand in the boxes.
        out: the file, by name or open for writing.
        form: ``"png"``, ``"svg"`` or ``"pdf"``; by the file's suffix, if None.
        coloured: fill the boxes by activity.
    """
    from matplotlib.figure import Figure

    rows = _rows(facts, analyses, coloured)
    place = {row.node: number for number, row in enumerate(rows)}
    straight: list[tuple[int, str]] = []
    jumps: list[_Jump] = []
    for source, target, data in facts[Cfg].digraph().edges(data=True):
        if place[target] == place[source] + 1:
            straight.append((place[source], data["label"]))
        else:
            jumps.append(_Jump(place[source], place[target], data["label"]))
    jumps.sort(key=lambda j: (j.source, j.target))
    back = [j for j in jumps if j.target <= j.source]
    ahead = [j for j in jumps if j.target > j.source]
    left_lanes, right_lanes = _assign_lanes(back), _assign_lanes(ahead)

    right = rows[0].left + rows[0].width
    x0 = -(LABEL + left_lanes * LANE if back else 0.0) - MARGIN
    x1 = right + (LABEL + right_lanes * LANE if ahead else 0.0) + MARGIN
    y1 = rows[-1].bottom + MARGIN + (LINE + 6 if coloured else 0.0)
    x1 = max(x1, x0 + 2 * MARGIN + 3 * 135.0)
    width, height = x1 - x0, y1 + MARGIN
    figure = Figure(figsize=(width / 72, height / 72))
    axes: Any = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(x0, x1)
    axes.set_ylim(y1, -MARGIN)
    axes.axis("off")

    for row in rows:
        _draw_box(axes, row)
    for number, label in straight:
        above, below = rows[number], rows[number + 1]
        x = max(above.left, below.left) + 16
        _arrow(axes, [(x, above.bottom), (x, below.top)])
        if label:
            axes.text(x + 7, (above.bottom + below.top) / 2, label, **_label("left"))
    for side, group in ((1, ahead), (-1, back)):
        for jump in group:
            _draw_jump(axes, rows, jump, side, right)
    if coloured:
        _draw_legend(axes, x0 + MARGIN, rows[-1].bottom + MARGIN)
    figure.savefig(out, format=form, dpi=144)


def _draw_box(axes: Any, row: _Row) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(
        FancyBboxPatch(
            (row.left + 2, row.top + 2),
            row.width - 4,
            row.height - 4,
            boxstyle="round,pad=2,rounding_size=4",
            facecolor=row.fill,
            edgecolor="#868e96",
            linewidth=0.8,
        )
    )
    x, y = row.left + PADDING, row.top + PADDING / 2 + LINE / 2
    axes.text(x, y, row.text, **_text(FONT, "#212529"))
    for number, note in enumerate(row.notes):
        at = row.top + PADDING / 2 + LINE + (number + 0.45) * SMALL_LINE
        axes.text(x, at, note, **_text(SMALL, "#5c636a"))


def _draw_jump(axes: Any, rows: list[_Row], jump: _Jump, side: int, right: float) -> None:
    """An edge around the boxes: on the right (1) or on the left (-1). It leaves a box below the
    middle and enters one above, so that the two never run on one line."""
    source, target = rows[jump.source], rows[jump.target]
    if side > 0:
        lane = right + LABEL + jump.lane * LANE
        start, end = right, right
    else:
        lane = -(LABEL + jump.lane * LANE)
        start, end = source.left, target.left
    out, into = source.middle + 5, target.middle - 5
    _arrow(axes, [(start, out), (lane, out), (lane, into), (end, into)])
    if jump.label:
        x = start + 4 if side > 0 else start - 4
        axes.text(x, out - 4.5, jump.label, **_label("left" if side > 0 else "right"))


def _arrow(axes: Any, points: list[tuple[float, float]]) -> None:
    xs, ys = zip(*points, strict=True)
    axes.plot(xs, ys, color=LINES, linewidth=0.9, zorder=1, solid_joinstyle="round")
    axes.annotate(
        "",
        xy=points[-1],
        xytext=points[-2],
        arrowprops={
            "arrowstyle": "-|>",
            "color": LINES,
            "linewidth": 0.9,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


def _draw_legend(axes: Any, x: float, y: float) -> None:
    from matplotlib.patches import Rectangle

    for name, meaning in LEGEND.items():
        axes.add_patch(
            Rectangle((x, y), 12, 10, facecolor=COLOURS[name], edgecolor="#868e96", linewidth=0.8)
        )
        axes.text(x + 17, y + 5, meaning, **_text(SMALL, "#5c636a"))
        x += 135.0


def _text(size: float, colour: str) -> dict[str, Any]:
    return {
        "fontsize": size,
        "color": colour,
        "family": "monospace",
        "va": "center",
        "ha": "left",
        "parse_math": False,
    }


def _label(side: str) -> dict[str, Any]:
    return {**_text(SMALL, "#1c7ed6"), "ha": side}
