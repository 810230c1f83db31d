"""Where a piece of generated code comes from in the user's source.

An `Origin` is a span of a file. Statements carry a tuple of them in their attribute `origins`; it rides
on the nodes because it outlives every transformation.
"""

from __future__ import annotations

import linecache
from dataclasses import dataclass

__all__ = ["Origin", "origins_of"]


@dataclass(frozen=True)
class Origin:
    """A span of source text, lines counted from 1, columns from 0 (characters).

    Attributes:
        file: the file's name as Python knows it.
        function: the name of the function that the span stands in.
        line, column, end_line, end_column: the span.
        text: the statement as the user wrote it, on one line.
    """

    file: str
    function: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str = ""

    def excerpt(self) -> str:
        """The first line of the span with carets under it, or '' where the file can't be read."""
        source = linecache.getline(self.file, self.line).rstrip("\n")
        if not source.strip():
            return ""
        end = self.end_column if self.end_line == self.line else len(source)
        indent = len(source) - len(source.lstrip())
        shown = source[indent:]
        start = max(self.column - indent, 0)
        width = max(min(end, len(source)) - self.column, 1)
        return f"    {shown}\n    {' ' * start}{'^' * width}"


def origins_of(node: object) -> tuple[Origin, ...]:
    """The origins that ride on a statement (an empty tuple where there are none)."""
    return getattr(node, "origins", ())
