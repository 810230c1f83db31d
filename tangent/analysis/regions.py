"""Which elements of an array can two subscripts touch, over all the iterations of their loops?

    for t in range(len(x)):
        h[t + 1] = np.tanh(h[t] @ W)

    may_overlap(read, write, "after")   False: no h[t] is overwritten after it was read: no tape
    injective(write)                    True:  each row is written once
    never_negative(write)               True:  no index wraps around

With `h[t - 1]` for `h[t]` the first query is True: at `t = 0` that is the last row.

Theory. The iterations in which two accesses meet are the integer points of a polyhedron: loop
bounds, the order of the two iterations, and equality of the elements are linear in the loop
counters and in symbols such as `n` or `len(A)`. A loop `range(a, b, s)` is `i = a + s q` with a
hidden counter `q >= 0`, so strides and downward loops need no special case, and "later" means a
larger `q` at the outermost loop that differs (Feautrier 1991, "Dataflow analysis of array and
scalar references"). An index `e` of an axis of length `N` is the element `e` if `e >= 0` and
`e + N` otherwise; a sign that the bounds leave open splits the question in two. `linear` proves
that such a polyhedron is empty; where it can't, the answer is "may".

What the caller vouches for: both accesses are of one object; `len`, `min` and `max` are the
builtins; `Access.versions`, `Loop.assigned` are complete.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Literal

import gast

from tangent import tree
from tangent.analysis.linear import (
    ONE,
    Form,
    Way,
    add,
    constant,
    feasible,
    linear,
    negative,
    values,
)

Order = Literal["any", "same", "after", "before"]
# Forms of one access are over these keys; `_Scope` says which of two accesses' keys are the same.
#   ("q", d)              the counter of loop d         ("n", name, axis)  a name's value, a length
#   ("e", d, name, axis)  the same when loop d starts   ("x", ...)         shared with nothing else
#   ("q", d, "item")      loop d's variable, no range   ("aux", op, forms)  n // 2, max(i, 0)
#   ("el", p)             the element touched by component p     ("N", axis)  the axis' length


@dataclass(frozen=True)
class Loop:
    """One loop around an access: `for var in range(start, stop, step)`.

    A `step` of None says that nothing is known of `var`: a `while`, an unknown step, another
    iterable. A `start` or `stop` of None is an unknown bound. `assigned` names what the body
    rebinds or resizes, nested loops' variables included; `var` only if the body assigns it beside
    the loop itself. Loops of equal `uid` are one loop.
    """

    var: str
    start: gast.AST | None
    stop: gast.AST | None
    step: int | None
    uid: object
    assigned: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Access:
    """One subscript: its index, the loops around it (outermost first), its place in the text.

    `assumptions` are tests that hold here, of the values that names have here. `versions` maps
    names to the identity of their definition here (an SSA id, phis included): two accesses see
    the same number, or an array of the same shape, if it is equal and no loop that may have
    advanced between them assigns the name. A name that is missing is unknown. `integers` are
    names known to be ints (not bools, arrays or None); those that bound a `range` are found
    without. `unwritten` are names whose object nothing mutates: only they make an opaque index
    such as `A[mask]` equal to itself. `base` names the sequence or array that is subscripted;
    without it, its lengths are unknown and taken to be the same for all accesses.
    """

    index: gast.AST
    loops: tuple[Loop, ...]
    position: int
    assumptions: tuple[gast.AST, ...] = ()
    versions: Mapping[str, object] = field(default_factory=dict)
    integers: frozenset[str] = frozenset()
    unwritten: frozenset[str] = frozenset()
    base: str | None = None

    @cached_property
    def facts(self) -> _Facts:
        return _Facts(self)


@dataclass(frozen=True)
class Affine:
    """`constant` + the sum of coefficient * term; a term reads `i`, `A.shape[0]` or `A.size`."""

    constant: int
    terms: Mapping[str, int]


def affine(expr: gast.AST, variables: Container[str]) -> Affine | None:
    """`expr` as an affine form over `variables` and lengths (`len(A)` is `A.shape[0]`), or None.

    >>> affine(gast.parse("2 * (i - 1) + len(A)", mode="eval").body, {"i"})
    Affine(constant=-2, terms={'i': 2, 'A.shape[0]': 1})
    """

    def name(id: str, axis: Any) -> Form | None:
        if axis is None:
            return {id: 1} if id in variables else None
        return {f"{id}.{axis}" if isinstance(axis, str) else f"{id}.shape[{axis}]": 1}

    rows: list[Form] = []
    form = linear(expr, name, name, rows)
    if form is None or rows:
        return None
    return Affine(form.pop(ONE, 0), form)


def never_negative(access: Access) -> bool:
    """Is every index, and every end of a slice, certainly >= 0 wherever the access executes?"""
    parts = access.facts.parts
    return all(p.kind in ("point", "span") and all(s == 1 for s in p.signs) for p in parts)


def may_overlap(a: Access, b: Access, order: Order = "any", agree: int = 0) -> bool:
    """Can `a` touch an element that `b` touches? False is a proof.

    `order` restricts the pairs of executions: "any" of them; "same", one iteration of all common
    loops; "after", `b` executes after `a` (in one iteration of all common loops, by position);
    "before", `b` executes before `a`. In all of them the outermost `agree` loops are in one
    iteration: for an array that the body of such a loop allocates.
    """
    if order == "before":
        a, b = b, a
    common = _common(a, b)
    if order == "same":
        return _meet(a, b, common, False)
    if order == "any":
        return _meet(a, b, min(agree, common), False)
    # Lexicographic order: equal in the loops outside k, later in loop k, anything inside.
    if b.position > a.position and _meet(a, b, common, False):
        return True
    return any(_meet(a, b, k, True) for k in range(agree, common))


def injective(access: Access, innermost: int | None = None) -> bool:
    """Do any two iterations of the `innermost` loops (None: all) touch disjoint regions?"""
    depth = len(access.loops)
    outer = 0 if innermost is None else max(depth - innermost, 0)
    return not any(_meet(access, access, k, True) for k in range(outer, depth))


def same_element(a: Access, b: Access) -> bool:
    """Do `a` and `b` touch exactly the same elements in one iteration of their common loops?"""
    scope = _Scope(a, b, _common(a, b))
    pa, pb = a.facts.parts, b.facts.parts
    return len(pa) == len(pb) and all(map(scope.equal, pa, pb))


def covers(write: Access, read: Access) -> bool:
    """Does `write` certainly cover the region of `read`, in one iteration of their common loops?

    A `write` in a loop that `read` is not in covers nothing: that loop could run zero times.
    """
    common = _common(write, read)
    if common < len(write.loops):
        return False
    scope = _Scope(write, read, common)
    parts = read.facts.parts
    if len(parts) != len(write.facts.parts) and any(_is(p.node, ...) for p in write.facts.parts):
        return False  # after an ellipsis axes count from the last
    whole = gast.Slice(lower=None, upper=None, step=None)
    for at, w in enumerate(write.facts.parts):
        r = parts[at] if at < len(parts) else read.facts.part(whole, at)
        if not scope.equal(w, r) and not scope.inside(at, r, w):
            return False
    return True


def _common(a: Access, b: Access) -> int:
    pairs = enumerate(zip(a.loops, b.loops, strict=False))
    return next((k for k, (x, y) in pairs if x.uid != y.uid), min(len(a.loops), len(b.loops)))


@dataclass(frozen=True)
class _Alternative:
    """If `guards` are >= 0, the x with `inside` >= 0 and `equal` = 0 (if 0 <= x < length)."""

    guards: tuple[Form, ...]
    inside: tuple[Form, ...] = ()
    equal: tuple[Form, ...] = ()


@dataclass(frozen=True)
class _Part:
    """One component of an index; its region is the union of the alternatives."""

    kind: Literal["point", "span", "key", "other"]  # a slice is a span, a string a key
    node: gast.AST
    ends: tuple[Form | None, ...] = ()
    step: int = 1  # of a span; 0: unknown, and the alternative is only an upper bound
    signs: tuple[int, ...] = ()  # of the ends: 1 (>= 0), -1 (< 0), 0 (unknown)
    length: Form = field(default_factory=dict)
    alternatives: tuple[_Alternative, ...] = ()


class _Facts:
    """What one access says by itself, over its own keys."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.rows: list[Form] = []  # forms that are >= 0
        self.splits: list[tuple[_Alternative, ...]] = []  # of each, one alternative holds
        self.integers = set(access.integers)
        self.env: dict[str, Form | None] = {}  # loop variables; None: nothing is known
        self.counters: set[str] = set()  # those that run over a range, so are integers
        for depth, loop in enumerate(access.loops):
            self._enter(depth, loop)
        for test in access.assumptions:
            self._assume(test, True)
        index = access.index
        items = list(index.elts) if isinstance(index, gast.Tuple) else [index]
        if len(items) > 1:
            items = [x for x in items if not _is(x, None)]  # newaxis takes no axis
        if not any(_is(x, ...) for x in items[:-1]):  # after `...` axes count from the last
            while items and (_is(items[-1], ...) or _whole(items[-1])):
                items.pop()
        self.parts: list[_Part] = []
        for at, item in enumerate(items):
            self.parts.append(self.part(item, at))

    def _enter(self, depth: int, loop: Loop) -> None:
        inner = [x.assigned for x in self.access.loops[depth:]]

        def name(id: str, axis: Any) -> Form:  # a name when the loop starts
            form = self.env.get(id)
            if axis is None and form is not None:
                return form
            stays = self._known(id) and not any(id in names for names in inner)
            return self._length({("n", id, axis) if stays else ("e", depth, id, axis): 1}, axis)

        def sure(id: str, axis: Any) -> Form | None:
            return name(id, axis) if axis is not None or self._integer(id) else None

        def bound(expr: gast.AST | None, which: str) -> Form:
            form = None if expr is None else linear(expr, name, sure, self.rows)
            for id in values(expr, False) if expr is not None and form is not None else ():
                if ("n", id, None) in name(id, None):  # range() takes nothing but integers
                    self.integers.add(id)
            return {("e", depth, which, "bound"): 1} if form is None else form

        var: Form = {("q", depth, "item"): 1}
        self.counters.discard(loop.var)
        if loop.step:
            start, stop = bound(loop.start, "start"), bound(loop.stop, "stop")
            counter: Form = {("q", depth): 1}
            var = add(start, counter, loop.step)
            left = add(stop, var, -1) if loop.step > 0 else add(var, stop, -1)
            self.rows += counter, add(left, {ONE: -1})
            self.counters.add(loop.var)
        self.env[loop.var] = var
        for id in loop.assigned & self.env.keys():
            self.env[id] = None
            self.counters.discard(id)

    def _integer(self, id: str) -> bool:
        return id in self.integers or id in self.counters

    def _known(self, id: str) -> bool:
        return id in self.access.versions and id not in self.env

    def _length(self, form: Form, axis: Any) -> Form:
        if axis is not None and form not in self.rows:
            self.rows.append(form)
        return form

    def _any(self, id: str, axis: Any) -> Form:
        """A name where the access stands."""
        form = self.env.get(id)
        if axis is None and form is not None:
            return form
        return self._length({("n" if self._known(id) else "x", id, axis): 1}, axis)

    def _sure(self, id: str, axis: Any) -> Form | None:
        return self._any(id, axis) if axis is not None or self._integer(id) else None

    def _assume(self, test: gast.AST, holds: bool) -> None:
        match test:
            case gast.BoolOp(op=op, values=tests) if isinstance(op, gast.And) == holds:
                for each in tests:
                    self._assume(each, holds)
            case gast.UnaryOp(op=gast.Not(), operand=operand):
                self._assume(operand, not holds)
            case gast.Compare(left=left, ops=ops, comparators=rights) if holds or len(ops) == 1:
                forms = [linear(x, self._sure, self._sure, self.rows) for x in (left, *rights)]
                for f, op, g in zip(forms, ops, forms[1:], strict=False):
                    if f is not None and g is not None:
                        self._compare(type(op).__name__, holds, add(f, g, -1))

    def _compare(self, op: str, holds: bool, d: Form) -> None:
        """left op right, where d = left - right"""
        if not holds:
            opposite = {"Lt": "GtE", "LtE": "Gt", "Gt": "LtE", "GtE": "Lt"}
            op = {**opposite, "Eq": "NotEq", "NotEq": "Eq"}.get(op, op)
        below, above = negative(d), add(d, {ONE: -1})
        if op == "NotEq":
            self.splits.append((_Alternative((above,)), _Alternative((below,))))
        minus = add({}, d, -1)
        rows = {"Lt": [below], "LtE": [minus], "Gt": [above], "GtE": [d], "Eq": [d, minus]}
        self.rows += rows.get(op, [])

    def part(self, node: gast.AST, at: int) -> _Part:
        plain = all(p.kind in ("point", "span") for p in self.parts[:at])
        axis = at if plain else f"after {at}"  # a mask takes any number of axes
        base = self.access.base
        length = {("N", axis): 1} if base is None else self._any(base, axis)
        x: Form = {("el", at): 1}
        if isinstance(node, gast.Slice):
            step = constant(node.step) or 0
            if node.step is None or _is(node.step, None):
                step = 1
            ends = (self._end(node.lower, at, 0), self._end(node.upper, at, 1))
            signs = tuple(1 if end is None else self._sign(end) for end in ends)
            alternatives = tuple(self._span(x, ends, signs, step, length))
            return _Part("span", node, ends, step, signs, length, alternatives)
        if isinstance(node, gast.Constant) and isinstance(node.value, str):
            return _Part("key", node)
        form = linear(node, self._sure, self._sure, self.rows)
        if isinstance(node, gast.Name | gast.Call):
            # `range(n)` proves `n` an integer, but so is True, and `A[True]` is all of A.
            ints = self.access.integers | self.counters
            form = form if ints.issuperset(values(node, True)) else None
        if form is None:
            return _Part("other", node)
        sign = self._sign(form)
        found = []
        if sign >= 0:
            found.append(_Alternative(() if sign else (form,), equal=(add(x, form, -1),)))
        if sign <= 0:
            wrapped = add(add(x, form, -1), length, -1)
            found.append(_Alternative(() if sign else (negative(form),), equal=(wrapped,)))
        return _Part("point", node, (form,), 1, (sign,), length, tuple(found))

    def _end(self, node: gast.AST | None, at: int, k: int) -> Form | None:
        """An end of a slice. A plain name may be None; that is some number too, an unknown one."""
        if node is None or _is(node, None):
            return None
        name = self._sure if isinstance(node, gast.Name) else self._any
        form = linear(node, name, self._sure, self.rows)
        return {("x", "end", at, k): 1} if form is None else form

    def _span(
        self, x: Form, ends: tuple[Form | None, ...], signs: tuple[int, ...], step: int, size: Form
    ) -> Iterator[_Alternative]:
        """lo <= x < hi (or lo >= x > hi), where an end that is negative counts from `size`.

        Python clips the ends to the axis, which is the same as to intersect with the axis.
        """
        if not step:
            yield _Alternative(())
            return
        arms = {1: (False,), -1: (True,), 0: (False, True)}
        for wraps in product(*(arms[s] for s in signs)):
            guards, inside = [], []
            for k, (end, wrap) in enumerate(zip(ends, wraps, strict=True)):
                if end is not None:
                    if not signs[k]:
                        guards.append(negative(end) if wrap else end)
                    d = add(add(x, end, -1), size, -1 if wrap else 0)
                    if (k == 0) == (step < 0):
                        d = add({}, d, -1)
                    inside.append(add(d, {ONE: -1}) if k else d)
            equal: tuple[Form, ...] = ()
            if step > 1 and not wraps[0]:  # otherwise the phase depends on the size
                equal = (add(add(x, ends[0] or {}, -1), {("x", "step", *x): -step}),)
            yield _Alternative(tuple(guards), tuple(inside), equal)

    def _sign(self, form: Form) -> int:
        scope = _Scope(self.access, self.access, len(self.access.loops), self)
        if scope.empty([scope.form(0, negative(form))]):
            return 1
        return -1 if scope.empty([scope.form(0, form)]) else 0


def _is(node: gast.AST, value: object) -> bool:
    return isinstance(node, gast.Constant) and node.value is value


def _whole(node: gast.AST) -> bool:
    if not isinstance(node, gast.Slice):
        return False
    return all(x is None or _is(x, None) for x in (node.lower, node.upper, node.step))


class _Scope:
    """Two accesses (sides 0, 1) whose outermost `agree` loops are in the same iteration.

    A key that has the same value on both sides gets one number, else two; the constant gets 0.
    """

    def __init__(self, a: Access, b: Access, agree: int, *facts: _Facts) -> None:
        self.sides = (a, b)
        self.facts = facts or (a.facts, b.facts)
        self.agree = agree
        self.common = _common(a, b)
        self.numbers: dict[Any, int] = {ONE: 0}
        self.memo: tuple[dict[Any, int], dict[Any, int]] = ({}, {})

    def form(self, side: int, form: Form) -> Form:
        memo = self.memo[side]
        out: Form = {}
        for key, c in form.items():
            number = memo.get(key)
            if number is None:
                number = self.numbers.setdefault(self._rename(side, key), len(self.numbers))
                memo[key] = number
            out[number] = c
        return out

    def _rename(self, side: int, key: tuple[Any, ...]) -> tuple[Any, ...]:
        tag = key[0]
        if tag == "aux":
            forms = ([(self._rename(side, k), c) for k, c in form] for form in key[2])
            return ("aux", key[1], tuple(frozenset(form) for form in forms))
        if tag == "q":
            shared = key[1] < self.agree
        elif tag == "e":
            shared = key[1] <= self.agree and key[1] < self.common
        elif tag == "n":
            shared = self._same(key[1])
        else:
            shared = tag != "x"
        return key if shared else (*key, side)

    def _same(self, name: str) -> bool:
        a, b = self.sides
        if name not in a.versions or name not in b.versions or a.versions[name] != b.versions[name]:
            return False
        return not any(name in x.assigned for s in self.sides for x in s.loops[self.agree :])

    def ways(self, side: int, options: tuple[_Alternative, ...]) -> list[Way]:
        def forms(*groups: tuple[Form, ...]) -> list[Form]:
            return [self.form(side, f) for group in groups for f in group]

        return [(forms(o.equal), forms(o.guards, o.inside)) for o in options]

    def empty(self, rows: list[Form], *choices: list[Way]) -> bool:
        """Is it impossible that both accesses execute, `rows` >= 0, and each choice holds?"""
        base, splits = self._context
        return not feasible([*base, *rows], [*splits, *choices])

    @cached_property
    def _context(self) -> tuple[list[Form], list[list[Way]]]:
        sides = list(enumerate(self.facts))
        rows = [self.form(side, f) for side, x in sides for f in x.rows]
        return rows, [self.ways(side, s) for side, x in sides for s in x.splits]

    def axis(self, at: int, *lengths: Form) -> list[Form]:
        """0 <= x < length"""
        x = self.form(0, {("el", at): 1})
        return [x, *(add(negative(x, 0), self.form(s, n)) for s, n in enumerate(lengths))]

    def equal(self, p: _Part, q: _Part) -> bool:
        """Are two components certainly the same elements?"""
        if p.kind != q.kind:
            return False
        if p.kind == "key" or (_is(p.node, ...) and _is(q.node, ...)):
            return bool(p.node.value == q.node.value)
        fixed = self.form(0, p.length) == self.form(1, q.length)
        if fixed and self._unchanged(p.node) and gast.dump(p.node) == gast.dump(q.node):
            return True
        if p.kind == "other" or p.step != q.step or not p.step:
            return False
        if not fixed and (p.kind == "span" or p.signs != (1,)):
            return False
        for f, g in zip(p.ends, q.ends, strict=True):
            if f is None or g is None:
                if f is not g:
                    return False
            else:
                d = add(self.form(0, f), self.form(1, g), -1)
                if d and not (self.empty([add(d, {0: -1})]) and self.empty([negative(d, 0)])):
                    return False
        return True

    def _unchanged(self, node: gast.AST) -> bool:
        """Does an opaque component mean the same on both sides?"""
        names = [x for x in tree.walk(node) if isinstance(x, gast.Name)]
        pure = all(isinstance(x, _PURE) for x in tree.walk(node))
        return pure and all(self._fixed(x.id) for x in names)

    def _fixed(self, name: str) -> bool:
        f, g = (facts.env.get(name) for facts in self.facts)
        if f is not None and g is not None:
            same = self.form(0, f) == self.form(1, g)
        else:
            same = not any(name in x.env for x in self.facts) and self._same(name)
        frozen = (name in x.counters or name in x.access.unwritten for x in self.facts)
        return same and all(frozen)

    def inside(self, at: int, r: _Part, w: _Part) -> bool:
        """Is component `r` (of side 1) certainly part of component `w` (of side 0)?"""
        if not (r.alternatives and w.alternatives) or w.step != 1:
            return False
        if self.form(0, w.length) != self.form(1, r.length):
            return False
        axis, region = self.axis(at, w.length, r.length), self.ways(1, r.alternatives)
        for option in w.alternatives:
            guards = [self.form(0, f) for f in option.guards]
            needed = [*option.inside, *option.equal, *(add({}, f, -1) for f in option.equal)]
            for f in needed:
                if not self.empty([*axis, *guards, negative(self.form(0, f), 0)], region):
                    return False
        return True


_PURE = (
    *(gast.Name, gast.Constant, gast.BinOp, gast.UnaryOp, gast.Compare, gast.Subscript),
    *(gast.Tuple, gast.Slice, gast.expr_context, gast.operator, gast.unaryop, gast.cmpop),
)


def _meet(a: Access, b: Access, agree: int, ordered: bool) -> bool:
    """Can they meet if `agree` loops are in one iteration, and (ordered) `b` later in the next?"""
    scope = _Scope(a, b, agree)
    rows: list[Form] = []
    choices: list[list[Way]] = []
    if ordered and a.loops[agree].step:
        q: Form = {("q", agree): 1}
        rows.append(add(add(scope.form(1, q), scope.form(0, q), -1), {0: -1}))
    for at, (p, r) in enumerate(zip(a.facts.parts, b.facts.parts, strict=False)):
        if p.kind == r.kind == "key" and p.node.value != r.node.value:
            return False
        if not (p.alternatives and r.alternatives):
            break  # what follows a mask is not comparable: it takes any number of axes
        rows += scope.axis(at, p.length, r.length)
        choices += scope.ways(0, p.alternatives), scope.ways(1, r.alternatives)
    return not scope.empty(rows, *choices)
