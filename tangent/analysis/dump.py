"""A function with what the analyses know of it, as text or as a graph.

    def f(x, w):
        a = np.sin(x)        # live: a w; active: a
        a = a * w            # live: a; active: a
        return np.sum(a)     # live: -; active: -

Each analysis has one short form, the same here, in the pictures and in the tests:

    live        names live after the statement reaching    for each local that it reads the lines of
    the definitions that may reach (0: on entry) active      names active after the statement
    (before it, for a return) effects     what it writes in place, and whether it touches the world
    aliases     for each name that it binds the names that may share memory; what its write may
    change record      names whose value has to be recorded before the statement overwrites it kinds
    kinds of the names that it binds
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import gast

from tangent import tree
from tangent.analysis.activity import Activity
from tangent.analysis.aliases import MayAlias
from tangent.analysis.cfg import ENTRY, EXIT, Cfg
from tangent.analysis.effects import Effects
from tangent.analysis.kinds import Kinds
from tangent.analysis.liveness import Liveness
from tangent.analysis.reaching import ReachingDefinitions
from tangent.analysis.recording import Recording
from tangent.facts import Facts

__all__ = ["ANALYSES", "Description", "dump_dot", "dump_text", "header", "notes_of"]


@dataclass(frozen=True)
class Description:
    """How an analysis is shown: its label, and what it says of a statement."""

    label: str
    say: Callable[[Facts, Any], str]


def _words(names: Iterable[str]) -> str:
    return " ".join(sorted(names)) or "-"


def _live(facts: Facts, statement: Any) -> str:
    return _words(facts[Liveness].after[statement])


def _reaching(facts: Facts, statement: Any) -> str:
    solution = facts[ReachingDefinitions]
    words = []
    for name in sorted(facts[Effects][statement].reads):
        found = solution.definitions(statement, name)
        if found:
            lines = (0 if d is ENTRY else _row(facts, d) for d in found)
            words.append(f"{name}@{','.join(map(str, lines))}")
    return " ".join(words) or "-"


def _active(facts: Facts, statement: Any) -> str:
    activity = facts[Activity]
    if isinstance(statement, gast.Return):
        return _words(activity.before[statement])
    return _words(activity.after[statement])


def _effects(facts: Facts, statement: Any) -> str:
    effects = facts[Effects][statement]
    words = [f"writes {_words(effects.mutates)}"] if effects.mutates else []
    if effects.world:
        words.append("world")
    return ", ".join(words) or "-"


def _aliases(facts: Facts, statement: Any) -> str:
    aliases = facts[MayAlias]
    words = []
    live = facts[Liveness].after[statement]
    for name in sorted(facts[Effects][statement].binds):
        others = (
            n for n in live if n != name and aliases.may_alias(statement, name, n, after=True)
        )
        shared = sorted(others)
        if shared:
            words.append(f"{name} ~ {' '.join(shared)}")
    changed = aliases.changed_names(statement)
    if changed:
        words.append(f"changes {_words(changed)}")
    return ", ".join(words) or "-"


def _record(facts: Facts, statement: Any) -> str:
    return _words(facts[Recording].recorded(statement))


def _kinds(facts: Facts, statement: Any) -> str:
    known = facts[Kinds].after[statement]
    bound = sorted(facts[Effects][statement].binds)
    return " ".join(f"{name}={known[name]}" for name in bound if name in known) or "-"


ANALYSES: dict[str, Description] = {
    "liveness": Description("live", _live),
    "reaching": Description("reaching", _reaching),
    "activity": Description("active", _active),
    "effects": Description("effects", _effects),
    "aliases": Description("aliases", _aliases),
    "recording": Description("record", _record),
    "kinds": Description("kinds", _kinds),
}
"""The analyses that can be shown, by the name that asks for them."""


def header(node: Any) -> str:
    """A statement on one line; of a compound one its header."""
    if isinstance(node, gast.If | gast.For | gast.While | gast.FunctionDef | gast.ClassDef):
        emptied: dict[str, object] = {f: [] for f in tree.BLOCK_FIELDS if hasattr(node, f)}
        return tree.unparse(tree.replace(node, **{**emptied, "body": [gast.Pass()]})).split("\n")[0]
    return " ".join(line.strip() for line in tree.unparse(node).splitlines())


@dataclass(frozen=True)
class _Line:
    depth: int
    text: str
    statement: Any  # None: `else:`


def _lines(body: Sequence[Any], depth: int = 1) -> list[_Line]:
    """A body as lines, one for each statement and each `else:`."""
    out: list[_Line] = []
    for statement in body:
        out += _statement_lines(statement, depth, "")
    return out


def _statement_lines(statement: Any, depth: int, prefix: str) -> list[_Line]:
    out = [_Line(depth, prefix + header(statement), statement)]
    if isinstance(statement, gast.FunctionDef | gast.ClassDef):  # as it is, without facts
        inner = tree.unparse(statement).splitlines()
        return [*out, *(_Line(depth, line, None) for line in inner[inner.index(out[0].text) + 1 :])]
    out += _lines(getattr(statement, "body", []), depth + 1)
    orelse = getattr(statement, "orelse", [])
    if isinstance(statement, gast.If) and len(orelse) == 1 and isinstance(orelse[0], gast.If):
        out += _statement_lines(orelse[0], depth, "el")
    elif orelse:
        out.append(_Line(depth, "else:", None))
        out += _lines(orelse, depth + 1)
    return out


def _row(facts: Facts, statement: Any) -> int:
    """The number of the line that a statement has in `dump_text` (the `def` has number 1)."""
    cache: dict[Any, int] = vars(facts).setdefault("_rows", {})
    if not cache:
        for number, line in enumerate(_lines(facts.function.node.body), 2):
            if line.statement is not None:
                cache[line.statement] = number
    return cache[statement]


def notes_of(facts: Facts, analyses: Sequence[str], empty: bool = True) -> dict[Any, list[str]]:
    """What the analyses say of each statement, such as ``live: a w``.

    Args:
        facts: of the function.
        analyses: names in `ANALYSES`.
        empty: also say that there is nothing to say, as ``live: -``.
    """
    notes: dict[Any, list[str]] = {}
    for statement in facts[Cfg].statements:
        said = [(d.label, d.say(facts, statement)) for d in map(ANALYSES.__getitem__, analyses)]
        notes[statement] = [f"{label}: {text}" for label, text in said if empty or text != "-"]
    return notes


def dump_text(facts: Facts, analyses: Sequence[str]) -> str:
    """The function's source, with what the analyses say as trailing comments."""
    notes = notes_of(facts, analyses)
    lines = _lines(facts.function.node.body)
    shown = [("    " * line.depth + line.text, line.statement) for line in lines]
    width = max(len(text) for text, _ in shown)
    out = [header(facts.function.node)]
    for text, statement in shown:
        note = "; ".join(notes[statement]) if statement is not None else ""
        out.append(f"{text:{width}}  # {note}" if note else text)
    return "\n".join(out) + "\n"


def shade(facts: Facts, statement: Any) -> str:
    """How a statement takes part in the derivative: ``"active"`` (it is differentiated),
    ``"carries"`` (something active passes it by), ``"passive"``."""
    activity = facts[Activity]
    if activity.active_target(statement):
        return "active"
    return "carries" if activity.before[statement] else "passive"


COLOURS = {"active": "#ffd8a8", "carries": "#fff4e0", "passive": "#f1f3f5", "end": "#dbe4ff"}
"""Fill colours of nodes, by `shade`; "end" for ENTRY and EXIT."""


def dump_dot(facts: Facts, analyses: Sequence[str], coloured: bool = True) -> str:
    """The control-flow graph in Graphviz's language, coloured by activity."""
    graph: Any = facts[Cfg]
    notes = notes_of(facts, analyses, empty=False)
    names = {node: f"n{number}" for number, node in enumerate(_nodes(graph))}
    out = [
        f"digraph {_quoted(facts.function.name)} {{",
        '    node [shape=box, style="filled,rounded", fontname="monospace", fontsize=11];',
        '    edge [fontname="monospace", fontsize=9];',
    ]
    for node, name in names.items():
        if node is ENTRY or node is EXIT:
            label, fill = _quoted(repr(node)), COLOURS["end"]
        else:
            small = "".join(
                f'<br align="left"/><font point-size="8" color="#555555">{_escaped(n)}</font>'
                for n in notes[node]
            )
            label = f'<{_escaped(header(node))}{small}<br align="left"/>>'
            fill = COLOURS[shade(facts, node) if coloured else "passive"]
        out.append(f'    {name} [label={label}, fillcolor="{fill}"];')
    for source, target, data in graph.digraph().edges(data=True):
        label = f" [label={_quoted(data['label'])}]" if data["label"] else ""
        out.append(f"    {names[source]} -> {names[target]}{label};")
    return "\n".join([*out, "}"]) + "\n"


def _nodes(graph: Any) -> list[Any]:
    return [ENTRY, *graph.statements, EXIT]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
