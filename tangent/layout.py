"""The text of expressions, and of lines that are too long.

    total = first_term * weight + second_term * weight      total = (
                                                       ->       first_term * weight
                                                                + second_term * weight
                                                            )

Expressions are left to `ast.unparse`, which writes as few parentheses as the tree needs. What it
gets wrong (negative constants under a power, NaN, constants that are no Python literals) is put
right or refused here.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import gast

from tangent.errors import PassError

__all__ = ["WIDTH", "expression_text", "item_text", "shorten", "wrap"]

WIDTH = 100
_INDENT = "    "
_LITERALS = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis))


class _Constants(ast.NodeTransformer):
    """Make constants print as text that parses to the same value."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        value: Any = node.value
        if type(value) not in _LITERALS:
            raise PassError(
                f"a tree holds a constant of type {type(value).__name__}, which has no literal",
                remedy="inject the object into the function's scope and read it by name",
            )
        if isinstance(value, float) and math.isnan(value):
            infinity = ast.Constant(math.inf)
            return ast.BinOp(infinity, ast.Sub(), ast.Constant(math.inf))
        if type(value) in (int, float) and (value < 0 or math.copysign(1.0, value) < 0):
            return ast.UnaryOp(ast.USub(), ast.Constant(-value))
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node


def expression_text(node: gast.AST) -> str:
    """An expression's source on one line, without outer parentheses around a tuple.

    >>> expression_text(gast.parse("(A[(i - 1), :], (2*x)**3)", mode="eval").body)
    'A[i - 1, :], (2 * x) ** 3'
    """
    if isinstance(node, gast.Tuple) and len(node.elts) > 1:
        return ", ".join(item_text(item) for item in node.elts)
    return item_text(node)


def item_text(node: gast.AST) -> str:
    """An expression's source where a tuple needs its parentheses."""
    if isinstance(node, gast.Name):
        return str(node.id)
    return ast.unparse(_Constants().visit(gast.gast_to_ast(node)))


def shorten(texts: Sequence[str], width: int) -> str:
    """Several texts joined by `; `, cut at a word where they don't fit.

    >>> shorten(["a = f(x)", "b = g(a)"], 40)
    'a = f(x); b = g(a)'
    >>> shorten(["value = first + second + third"], 20)
    'value = first ...'
    """
    whole = "; ".join(texts)
    if len(whole) <= width:
        return whole
    cut = whole[: max(width - 4, 16)]
    if " " in cut[len(cut) // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ;,+-*/=") + " ..."


def wrap(text: str, indent: str, value_at: int | None = None) -> list[str]:
    """The lines of a statement whose text is too long for one.

    A value that is an operation is put in parentheses and broken before its weakest operators;
    otherwise what stands in the last brackets is broken after its commas. Where that doesn't do, a
    line stays long.

    Args:
        text: the statement's header on one line.
        indent: what each of its lines begins with.
        value_at: where a value begins that may be put in parentheses.
    """
    if len(indent) + len(text) <= WIDTH or "\n" in text or "lambda" in text:
        return [indent + text]
    if value_at is not None and _parts(text[value_at:], operators_only=True):
        return [
            f"{indent}{text[:value_at]}(",
            *_broken(text[value_at:], indent + _INDENT),
            indent + ")",
        ]
    pair = _last_brackets(text)
    if pair is None:
        return [indent + text]
    begin, end = pair
    inner = _broken(text[begin + 1 : end], indent + _INDENT)
    return [indent + text[: begin + 1], *inner, indent + text[end:]]


def _broken(text: str, indent: str) -> list[str]:
    """The lines of what stands in brackets."""
    if len(indent) + len(text) <= WIDTH:
        return [indent + text]
    parts = _parts(text)
    if not parts:
        return wrap(text, indent)
    return [line for part in parts for line in wrap(part, indent)]


# The looser an operator binds, the earlier a line is broken at it.
_STRENGTH = {
    word: strength
    for strength, words in enumerate(
        [
            ",",
            "for",
            "if else",
            "or",
            "and",
            "== != < <= > >=",
            "|",
            "^",
            "&",
            "<< >>",
            "+ -",
            "* / // % @",
        ]
    )
    for word in words.split()
}


def _parts(text: str, operators_only: bool = False) -> list[str]:
    """A text outside brackets cut at its weakest operators (or commas); empty where it has none."""
    places: dict[int, list[int]] = {}
    for at, depth in _characters(text):
        if depth or text[at] != " ":
            continue
        if text[at - 1] == ",":
            places.setdefault(_STRENGTH[","], []).append(at)
        elif (word := text[at + 1 :].split(" ", 1)[0]) in _STRENGTH:
            places.setdefault(_STRENGTH[word], []).append(at)
    if not places or (operators_only and min(places) <= _STRENGTH["for"]):
        return []
    cuts = [-1, *places[min(places)], len(text)]
    return [text[a + 1 : b] for a, b in pairwise(cuts)]


def _last_brackets(text: str) -> tuple[int, int] | None:
    """Positions of the last outermost pair of brackets that holds something."""
    begin = None
    pair = None
    for at, depth in _characters(text):
        if depth == 0 and text[at] in "([{":
            begin = at
        elif depth == 0 and text[at] in ")]}" and begin is not None:
            if at - begin > 1:
                pair = begin, at
            begin = None
    return pair


def _characters(text: str) -> Iterator[tuple[int, int]]:
    """Positions outside strings with the number of brackets around them."""
    depth = 0
    at = 0
    while at < len(text):
        character = text[at]
        if character in "'\"":
            at = _end_of_string(text, at)
            continue
        if character in ")]}":
            depth -= 1
        yield at, depth
        if character in "([{":
            depth += 1
        at += 1


def _end_of_string(text: str, at: int) -> int:
    quote = text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]
    at += len(quote)
    while at < len(text) and not text.startswith(quote, at):
        at += 2 if text[at] == "\\" else 1
    return at + len(quote)
