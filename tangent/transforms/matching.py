"""`match` as tests and assignments.

    before: match shape:                       after: if tangent.is_sequence(shape) and len(shape) == 2:
                case (n, m):                              n = shape[0]
                    s = n * m                             m = shape[1]
                case {"size": k} if k > 0:                s = n * m
                    s = k                             elif tangent.is_mapping(shape) and "size" in shape …

A pattern is a test on the subject, with the names that it captures as paths into the subject
(`shape[0]`). A guard that reads captures reads the paths, where nobody else could see the
difference; otherwise the names are bound first, as Python does. (PEP 634.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent import tree
from tangent.errors import UnsupportedError
from tangent.program import MISSING
from tangent.transforms.assignments import Pair, base_name
from tangent.transforms.comprehensions import Comprehensions
from tangent.transforms.hoist import binds_inside

__all__ = ["Matching"]

# Classes that match themselves with one positional pattern.
WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)


@dataclass
class Way:
    """One way for a pattern to match: all tests hold; then the names are bound."""

    tests: list[gast.expr] = field(default_factory=list)
    binds: list[tuple[str, gast.expr]] = field(default_factory=list)

    def and_then(self, other: Way) -> Way:
        return Way([*self.tests, *other.tests], [*self.binds, *other.binds])

    @property
    def test(self) -> gast.expr | None:
        """None where it always holds."""
        if not self.tests:
            return None
        tests = tree.copy(self.tests)
        return tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)


class Matching(Comprehensions):
    """Writes `match` statements as branches."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self.tuples: set[str] = set()  # names that surely hold a tuple

    def match(self, node: gast.Match) -> list[gast.stmt]:
        """The branches, still to be desugared."""
        before, subject = self.subject(node)
        return [*before, *self.cases(node, subject, list(node.cases))]

    def subject(self, node: gast.Match) -> tuple[list[gast.stmt], gast.expr]:
        """The subject as names, constants, and tuples of these."""
        value = node.subject
        if isinstance(value, gast.Tuple):
            before: list[gast.stmt] = []
            parts: list[gast.expr] = []
            for element in value.elts:
                if not isinstance(element, gast.Name | gast.Constant):
                    name = self.names.fresh(base_name(element, None, "part"))
                    before.append(tree.assign(name, element, node))
                    element = tree.load(name)
                parts.append(element)
            return before, tree.replace(value, elts=parts)
        if isinstance(value, gast.Name) and value.id in self.locals:
            return [], value
        name = self.names.fresh(base_name(value, None, "subject"))
        if isinstance(value, gast.Attribute) and value.attr == "shape":
            self.tuples.add(name)
        return [tree.assign(name, value, node)], tree.load(name)

    def cases(self, node: gast.Match, subject: gast.expr, cases: list[Any]) -> list[gast.stmt]:
        if not cases:
            return []
        case, *rest = cases
        if isinstance(subject, gast.Tuple) and _wants_whole(case.pattern):
            name = self.names.fresh("subject")
            subject_now = tree.assign(name, subject, node)
            return [subject_now, *self.cases(node, tree.load(name), cases)]
        ways = self.ways(case.pattern, subject, case)
        if not ways:  # it can never match
            return self.cases(node, subject, rest)
        captured = {name for way in ways for name, _ in way.binds}
        if len(ways) > 1 and not captured:
            tests = [way.test for way in ways]
            always = any(test is None for test in tests)
            whole = [] if always else [gast.BoolOp(gast.Or(), [t for t in tests if t is not None])]
            ways = [Way(whole)]
        guard = case.guard
        if guard is not None and captured & tree.names_in(guard):
            if len(ways) == 1 and self.only_in(case, captured, node) and not binds_inside(guard):
                paths: dict[str, gast.AST] = dict(ways[0].binds)
                guard = tree.substitute(guard, paths)
            else:
                return self.bound_first(node, subject, ways, case, rest)
        test = self.any_way(ways)
        if guard is not None:
            test = guard if test is None else gast.BoolOp(gast.And(), [test, guard])
        body = [*self.bind(ways, case), *case.body]
        if test is None:
            return body
        orelse = self.cases(node, subject, rest)
        return [tree.with_origins(gast.If(test, body, orelse), case)]

    def bound_first(
        self, node: gast.Match, subject: gast.expr, ways: list[Way], case: Any, rest: list[Any]
    ) -> list[gast.stmt]:
        """A case whose guard may only be asked when the names are bound."""
        matched = self.names.fresh("matched")
        flag = tree.load(matched)
        asked = [*self.bind(ways, case), tree.assign(matched, case.guard, case)]
        test = self.any_way(ways)
        if test is not None:
            failed = [tree.assign(matched, tree.constant(False), case)]
            asked = [tree.with_origins(gast.If(test, asked, failed), case)]
        orelse = self.cases(node, subject, rest)
        return [*asked, tree.with_origins(gast.If(flag, list(case.body), orelse), case)]

    def only_in(self, case: Any, captured: set[str], node: gast.Match) -> bool:
        """Names that occur in this case alone."""
        everywhere = [n.id for n in gast.walk(self.function.node) if isinstance(n, gast.Name)]
        here = [n.id for n in gast.walk(case) if isinstance(n, gast.Name)]
        return all(
            everywhere.count(name) == here.count(name) and name not in self.function.parameters
            for name in captured
        ) and captured.isdisjoint(
            name for other in node.cases if other is not case for name in _captures(other.pattern)
        )

    def any_way(self, ways: Sequence[Way]) -> gast.expr | None:
        tests = [way.test for way in ways]
        found = [test for test in tests if test is not None]
        if len(found) < len(tests):
            return None
        return found[0] if len(found) == 1 else gast.BoolOp(gast.Or(), found)

    def bind(self, ways: list[Way], case: Any) -> list[gast.stmt]:
        """Bind what the first way that matches captures."""
        first, *others = ways
        pairs: list[Pair] = [(tree.store(n), tree.copy(e)) for n, e in first.binds]
        bound = self.parallel(pairs, case) if pairs else []
        if not others or first.test is None:
            return bound
        rest = self.bind(others, case)
        if not bound and not rest:
            return []
        body = bound or [tree.with_origins(gast.Pass(), case)]
        return [tree.with_origins(gast.If(first.test, body, rest), case)]

    # --- patterns

    def ways(self, pattern: Any, subject: gast.expr, case: Any) -> list[Way]:
        """The ways in which a pattern matches; none where it never does."""
        if isinstance(pattern, gast.MatchAs):
            ways = [Way()]
            if pattern.pattern is not None:
                ways = self.ways(pattern.pattern, subject, case)
            if pattern.name is None:
                return ways
            return [Way(w.tests, [*w.binds, (pattern.name, subject)]) for w in ways]
        if isinstance(pattern, gast.MatchValue):
            return [Way([gast.Compare(tree.copy(subject), [gast.Eq()], [pattern.value])])]
        if isinstance(pattern, gast.MatchSingleton):
            value = gast.Constant(pattern.value, None)
            return [Way([gast.Compare(tree.copy(subject), [gast.Is()], [value])])]
        if isinstance(pattern, gast.MatchOr):
            return [way for p in pattern.patterns for way in self.ways(p, subject, case)]
        if isinstance(pattern, gast.MatchSequence):
            return self.sequence_ways(pattern, subject, case)
        if isinstance(pattern, gast.MatchMapping):
            return self.mapping_ways(pattern, subject, case)
        if isinstance(pattern, gast.MatchClass):
            return self.class_ways(pattern, subject, case)
        raise UnsupportedError(
            "this pattern is not supported",
            case.origins[-1],
            remedy="write the test with `if` and `elif`",
        )

    def all_of(
        self, parts: Sequence[tuple[Any, gast.expr]], ways: list[Way], case: Any
    ) -> list[Way]:
        for pattern, path in parts:
            ways = [a.and_then(b) for a in ways for b in self.ways(pattern, path, case)]
        return ways

    def sequence_ways(self, pattern: Any, subject: gast.expr, case: Any) -> list[Way]:
        patterns = pattern.patterns
        star = next((k for k, p in enumerate(patterns) if isinstance(p, gast.MatchStar)), None)
        count = len(patterns)
        if isinstance(subject, gast.Tuple):
            length = len(subject.elts)
            if length != count if star is None else length < count - 1:
                return []
            base = Way()
        else:
            size = tree.call(self.builtin("len", case), tree.copy(subject))
            least = tree.constant(count if star is None else count - 1)
            compare = gast.Compare(size, [gast.Eq() if star is None else gast.GtE()], [least])
            known = isinstance(subject, gast.Name) and subject.id in self.tuples
            tests = [] if known else [self.ask("is_sequence", subject)]
            base = Way(tests if star is not None and count == 1 else [*tests, compare])
        parts: list[tuple[Any, gast.expr]] = []
        for k, inner in enumerate(patterns):
            from_end = star is not None and k > star
            if isinstance(inner, gast.MatchStar):
                if inner.name is None:
                    continue
                rest = self.rest_of(subject, k, count - 1 - k, case)
                base = base.and_then(Way([], [(inner.name, rest)]))
            else:
                parts.append((inner, self.element(subject, k - count if from_end else k)))
        return self.all_of(parts, [base], case)

    def element(self, subject: gast.expr, index: int) -> gast.expr:
        if isinstance(subject, gast.Tuple):
            return subject.elts[index]
        return gast.Subscript(tree.copy(subject), tree.constant(index), gast.Load())

    def rest_of(self, subject: gast.expr, start: int, after: int, case: Any) -> gast.expr:
        if isinstance(subject, gast.Tuple):
            end = len(subject.elts) - after
            return gast.List(tree.copy(subject.elts[start:end]), gast.Load())
        part = gast.Slice(
            tree.constant(start) if start else None, tree.constant(-after) if after else None, None
        )
        section = gast.Subscript(tree.copy(subject), part, gast.Load())
        return tree.call(self.builtin("list", case), section)

    def mapping_ways(self, pattern: Any, subject: gast.expr, case: Any) -> list[Way]:
        if isinstance(subject, gast.Tuple):
            return []
        base = Way([self.ask("is_mapping", subject)])
        parts: list[tuple[Any, gast.expr]] = []
        for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
            base.tests.append(gast.Compare(tree.copy(key), [gast.In()], [tree.copy(subject)]))
            place = gast.Subscript(tree.copy(subject), tree.copy(key), gast.Load())
            parts.append((inner, place))
        if pattern.rest is not None:
            raise UnsupportedError(
                f"the rest of a mapping can't be captured: `**{pattern.rest}`",
                case.origins[-1],
                remedy="copy the dict in the body, and remove the keys from the copy",
            )
        return self.all_of(parts, [base], case)

    def class_ways(self, pattern: Any, subject: gast.expr, case: Any) -> list[Way]:
        cls = self.function.resolve(pattern.cls, self.locals)
        patterns = pattern.patterns or []
        names = list(pattern.kwd_attrs or [])
        test = tree.call(self.builtin("isinstance", case), tree.copy(subject), pattern.cls)
        base = Way([test])
        parts: list[tuple[Any, gast.expr]] = []
        if isinstance(subject, gast.Tuple):
            if cls is not tuple or names:
                return [] if isinstance(cls, type) and not issubclass(tuple, cls) else [base]
            base = Way()
        if patterns:
            if cls is MISSING or not isinstance(cls, type):
                raise UnsupportedError(
                    "a class pattern with positions needs a class that is known",
                    case.origins[-1],
                    remedy="name the attributes: `Point(x=a, y=b)`",
                )
            if issubclass(cls, WHOLE) and "__match_args__" not in vars(cls):
                parts.append((patterns[0], subject))
                patterns = patterns[1:]
            else:
                known = getattr(cls, "__match_args__", ())
                if len(patterns) > len(known):
                    raise UnsupportedError(
                        f"`{cls.__name__}` has {len(known)} positions in patterns, not {len(patterns)}",
                        case.origins[-1],
                        remedy="name the attributes",
                    )
                names = [*known[: len(patterns)], *names]
        inners = [*patterns, *(pattern.kwd_patterns or [])]
        for name, inner in zip(names, inners, strict=True):
            if cls is MISSING or not _has(cls, name):
                present = tree.call(
                    self.builtin("hasattr", case), tree.copy(subject), tree.constant(name)
                )
                base.tests.append(present)
            parts.append((inner, tree.attribute(tree.copy(subject), name)))
        return self.all_of(parts, [base], case)


def _has(cls: Any, name: str) -> bool:
    """Instances have the attribute (a field, or something on the class)."""
    return name in getattr(cls, "__dataclass_fields__", ()) or name in getattr(cls, "_fields", ())


def _captures(pattern: Any) -> list[str]:
    return [
        node.name
        for node in gast.walk(pattern)
        if isinstance(node, gast.MatchAs | gast.MatchStar) and node.name is not None
    ]


def _wants_whole(pattern: Any) -> bool:
    """A pattern that reads the subject as one object (not through its elements)."""
    if isinstance(pattern, gast.MatchOr):
        return any(_wants_whole(p) for p in pattern.patterns)
    if isinstance(pattern, gast.MatchAs):
        return pattern.name is not None
    return isinstance(pattern, gast.MatchClass)
