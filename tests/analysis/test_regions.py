"""Every "never overlap" and every "certainly the same" of `regions` against programs that run.

Programs are sources that subscript `A`; `collect` finds the accesses, as an analysis would.
"""

import itertools
import random
import time

import gast
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tangent.analysis.linear import feasible
from tangent.analysis.regions import (
    Access,
    Affine,
    Loop,
    affine,
    covers,
    injective,
    may_overlap,
    never_negative,
    same_element,
)

MUTATED = frozenset({"A"})


def assigned_names(statements):
    nodes = [n for s in statements for n in gast.walk(s) if isinstance(n, gast.Name)]
    return frozenset(n.id for n in nodes if isinstance(n.ctx, gast.Store))


def preorder(node):
    yield node
    for child in gast.iter_child_nodes(node):
        yield from preorder(child)


def expr(text):
    return gast.parse(text, mode="eval").body


class Collector:
    """Accesses of `A` in the order of execution: reads of a statement before its write."""

    def __init__(self, source, integers=(), base=None, known=("n", "m", "A", "x", "idx")):
        self.found, self.subscripts = [], []
        self.integers, self.base = frozenset(integers), base
        self.fresh = itertools.count()
        self.tree = gast.parse(source)
        self.block(self.tree.body, (), (), {name: 0 for name in known})

    def touch(self, node, loops, tests, versions):
        for n in preorder(node):
            if isinstance(n, gast.Subscript) and isinstance(n.value, gast.Name):
                if n.value.id == "A":
                    self.subscripts.append(n)
                    position = len(self.found)
                    unwritten = frozenset(versions) - MUTATED
                    access = (tests, dict(versions), self.integers, unwritten, self.base)
                    self.found.append(Access(n.slice, loops, position, *access))

    def block(self, statements, loops, tests, versions):
        for s in statements:
            here = assigned_names([s])
            # A test holds as long as nothing that it reads is assigned.
            tests = tuple(t for t in tests if not here & names_of(t))
            if isinstance(s, gast.For | gast.While):
                start = stop = step = None
                var, assigned = "_", assigned_names(s.body)
                if isinstance(s, gast.For):
                    var = s.target.id
                    if isinstance(s.iter, gast.Call) and s.iter.func.id == "range":
                        args = s.iter.args
                        start, stop = (expr("0"), *args) if len(args) == 1 else args[:2]
                        step = 1 if len(args) < 3 else int(gast.unparse(args[2]))
                for name in here:
                    versions[name] = ("phi", next(self.fresh))
                loop = Loop(var, start, stop, step, next(self.fresh), assigned)
                s.loop = loop
                self.block(s.body, (*loops, loop), tests, dict(versions))
            elif isinstance(s, gast.If):
                no = gast.UnaryOp(op=gast.Not(), operand=s.test)
                self.block(s.body, loops, (*tests, s.test), dict(versions))
                self.block(s.orelse, loops, (*tests, no), dict(versions))
                for name in here:
                    versions[name] = ("phi", next(self.fresh))
            elif isinstance(s, gast.Assign | gast.AugAssign):
                target = s.targets[0] if isinstance(s, gast.Assign) else s.target
                self.touch(s.value, loops, tests, versions)
                if isinstance(s, gast.AugAssign):
                    self.touch(target, loops, tests, versions)
                self.touch(target, loops, tests, versions)
                for name in here:
                    versions[name] = ("definition", next(self.fresh))
            else:
                self.touch(s, loops, tests, versions)


def names_of(node):
    return {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}


def collect(source, **kinds):
    return Collector(source, **kinds).found


# Cases


def test_affine():
    assert affine(expr("2 * (i - 1) + len(A) - i"), {"i"}) == Affine(-2, {"i": 1, "A.shape[0]": 1})
    assert affine(expr("-A.shape[1] + A.size * 2"), ()) == Affine(
        0, {"A.shape[1]": -1, "A.size": 2}
    )
    assert affine(expr("i - i + 3"), {"i"}) == Affine(3, {})
    for text in ("i * i", "f(i)", "i / 2", "j", "True", "1.5", "A[i]", "i // 2"):
        assert affine(expr(text), {"i"}) is None, text


def test_stencil():
    left, centre, right, write = collect(
        "for t in range(n):\n"
        "  for i in range(1, len(A) - 1):\n"
        "    A[i] = A[i - 1] + A[i] + A[i + 1]\n"
    )
    assert all(map(never_negative, (left, centre, right, write)))
    assert same_element(centre, write) and covers(write, centre)
    assert not same_element(left, write) and not covers(write, left)
    assert not may_overlap(left, write, "same") and not may_overlap(right, write, "same")
    assert may_overlap(left, write, "after")  # at the next t
    assert not may_overlap(left, write, "after", agree=1)  # but not at the same
    assert not may_overlap(right, write, "before", agree=1)
    assert may_overlap(right, write, "after", agree=1)
    assert not injective(write) and injective(write, innermost=1)


def test_recurrence():
    read, write = collect("for t in range(len(x)):\n  A[t + 1] = A[t]")
    assert not may_overlap(read, write, "after")
    assert may_overlap(read, write, "before") and may_overlap(read, write, "any")
    assert injective(write) and never_negative(write) and never_negative(read)


def test_recurrence_that_wraps():
    read, write = collect("for t in range(len(x)):\n  A[t] = A[t - 1]")
    assert not never_negative(read)
    assert may_overlap(read, write, "after")
    read, write = collect("for t in range(1, len(x)):\n  A[t] = A[t - 1]")
    assert never_negative(read) and not may_overlap(read, write, "after")


def test_downward():
    read, write = collect("for t in range(n - 1, -1, -1):\n  A[t] = A[t + 1]")
    assert never_negative(write)
    assert not may_overlap(read, write, "after") and may_overlap(read, write, "before")
    assert injective(write)


def test_strides():
    even, odd = collect("for i in range(n):\n  A[2 * i]\n  A[2 * i + 1]")
    assert not may_overlap(even, odd)
    even, odd = collect("for i in range(0, n, 2):\n  A[i]\n  A[i + 1]")
    assert not may_overlap(even, odd)
    assert not may_overlap(*collect("A[::2]\nA[1::2]"))
    assert may_overlap(*collect("A[::2]\nA[1::3]"))
    assert may_overlap(*collect("A[::2]\nA[-3::2]"))  # in an array of three


def test_cholesky_in_place():
    source = (
        "for j in range(n):\n"
        "  for i in range(j, n):\n"
        "    for k in range(j):\n"
        "      A[i, j] -= A[i, k] * A[j, k]\n"
        "    if i == j:\n"
        "      A[j, j] = A[j, j] ** 0.5\n"
        "    else:\n"
        "      A[i, j] = A[i, j] / A[j, j]\n"
    )
    ik, jk, _, inner, root_in, root, below_in, pivot, below = collect(source)
    writes = (inner, root, below)
    for read in (ik, jk):
        assert not any(may_overlap(read, write, "after") for write in writes)
    assert never_negative(ik) and never_negative(inner)
    assert not may_overlap(pivot, below, "any") and not may_overlap(pivot, root, "after")
    assert may_overlap(ik, below, "before")
    assert same_element(root_in, root) and same_element(below_in, below)
    assert injective(below) and injective(root) and not injective(inner)


def test_triangles():
    upper, lower = collect("for i in range(n):\n  for j in range(i):\n    A[i, j]\n    A[j, i]")
    assert not may_overlap(upper, lower)
    assert injective(upper) and injective(lower)
    row, element = collect("for i in range(n):\n  for j in range(i):\n    A[i, j]\n  A[i]")
    assert covers(element, row) and not covers(row, element) and not same_element(row, element)


def test_slices():
    tail, head = collect("A[1:]\nA[:-1]")
    assert may_overlap(tail, head) and not same_element(tail, head)
    assert never_negative(tail) and not never_negative(head)
    below, above = collect("for i in range(n):\n  A[:i]\n  A[i:]")
    assert not may_overlap(below, above, "same") and may_overlap(below, above)
    row, part = collect("for i in range(n):\n  A[i, :]\n  A[i, 1:3]")
    assert covers(row, part) and not covers(part, row)
    assert same_element(*collect("A[i, :]\nA[i]", known=("i",), integers=("i",)))
    assert covers(*collect("A[...]\nA[3]")) and not may_overlap(*collect("A[:3]\nA[3:]"))
    assert covers(*collect("for i in range(n):\n  A[i:i + 2]\n  A[i + 1]"))
    assert not covers(*collect("for i in range(n):\n  A[i:i + 2]\n  A[i + 2]"))
    assert not may_overlap(*collect("A[5:2:-1]\nA[:3]"))


def test_negative_constants():
    last, before, first = collect("A[-1]\nA[-2]\nA[0]")
    assert not may_overlap(last, before)
    assert may_overlap(last, first)
    assert not never_negative(last)
    assert not may_overlap(*collect("for i in range(len(A) - 1):\n  A[i]\n  A[-1]", base="A"))
    assert may_overlap(*collect("for i in range(len(A)):\n  A[i]\n  A[-1]", base="A"))
    assert may_overlap(*collect("for i in range(len(A) - 1):\n  A[i]\n  A[-1]"))


def test_a_list_that_grows():
    source = "A[-1]\nA = A.grow()\nA[-2]"
    assert may_overlap(*collect(source, base="A"))
    assert not same_element(*collect("A[-1]\nA = A.grow()\nA[-1]", base="A"))
    assert same_element(*collect("A[1]\nA = A.grow()\nA[1]", base="A"))


def test_quotients_and_bounds():
    low, high = collect("for i in range(n // 2):\n  A[i]\n  A[n - 1 - i]")
    assert not may_overlap(low, high) and never_negative(high)
    band, beyond = collect(
        "for i in range(n):\n  for j in range(max(0, i - 1), min(n, i + 2)):\n    A[j]\n  A[i + 2]"
    )
    assert never_negative(band) and not may_overlap(band, beyond, "same")
    one, two = collect("for i in range(n):\n  A[i % 2]\n  A[2]")
    assert not may_overlap(one, two)
    assert may_overlap(*collect("for i in range(n):\n  A[i % 3]\n  A[2]"))


def test_assumptions():
    a, b = collect(
        "for i in range(n):\n  for j in range(n):\n    if i != j:\n      A[i]\n      A[j]"
    )
    assert not may_overlap(a, b, "same") and may_overlap(a, b)
    a, b = collect("for i in range(n):\n  if not (i < 3 or i > 5):\n    A[i - 3]\n  A[3]")
    assert never_negative(a) and not may_overlap(a, b)


def test_names_that_are_not_integers():
    """`idx` may be a mask, an array, None or True: nothing is proved but equality with itself."""
    a, b, c = collect("A[idx]\nA[idx + 1]\nA[idx]")
    assert may_overlap(a, b) and same_element(a, c) and covers(a, c) and not never_negative(a)
    a, b = collect("A[idx]\nidx = f(idx)\nA[idx]")
    assert not same_element(a, b)
    a, b = collect("if n >= 0:\n  A[n]\n  A[n + 1]", integers=("n",))
    assert not may_overlap(a, b)
    a, b = collect("for i in range(n):\n  A[i]\n  A[n]")
    assert may_overlap(a, b)  # n may be True
    a, b = collect("for i in range(n):\n  A[i]\n  A[n + 1]")
    assert not may_overlap(a, b)
    a, b = collect("for i in range(n):\n  A[i]\n  A[idx, n]")
    assert may_overlap(a, b)
    assert may_overlap(*collect("A[idx:]\nA[0]"))  # idx may be None


def test_names_that_change():
    source = "for i in range(n):\n  if m >= 0:\n    A[m]\n    A[m + 1]\n  m = m + 1"
    a, b = collect(source, integers=("m",))
    assert not may_overlap(a, b, "same") and may_overlap(a, b, "after")
    a, b = collect("A[m]\nA[m + 1]", integers=("m",))
    assert may_overlap(a, b)  # m = -1 in an array of one element
    a, b = collect("A[m]\nm = m - 1\nA[m + 1]", integers=("m",))
    assert may_overlap(a, b)
    # a bound is what the name was when the loop started
    source = "for i in range(n):\n  n = f()\n  if n >= 0:\n    A[i]\n    A[n + 1]"
    assert may_overlap(*collect(source, integers=("n",)), "same")
    source = "for i in range(z):\n  A[i]\nfor i in range(z, 9):\n  A[i]"
    assert may_overlap(*collect(source, known=())) and not may_overlap(*collect(source, known="z"))
    # the header's phi is one id, but has moved on when the loop is left
    source = "while m > 3:\n  if m > 0:\n    A[m]\n  m = m - 1\nif m > 0:\n  A[m + 1]"
    assert may_overlap(*collect(source, integers=("m",)))
    # a loop's variable that the body assigns, and one that does not run over a range
    a, b = collect("for i in range(n):\n  A[i]\n  i = i - 9\n  A[i]", integers=("i",))
    assert not same_element(a, b) and not never_negative(b)
    source = "for i in xs:\n  if i >= 0:\n    A[i]\n    A[i + 1]"
    a, b = collect(source, integers=("i",))
    assert may_overlap(a, b) and not may_overlap(a, b, "same") and not injective(a)
    assert same_element(*collect("for i in xs:\n  A[i]\n  A[i]"))
    assert may_overlap(*collect("for i in xs:\n  A[len(i)]\n  A[len(i) + 1]"))


def test_masks_and_ellipses():
    """A mask takes any number of axes, after an ellipsis they count from the last."""
    assert may_overlap(*collect("A[idx, 0]\nA[idx, 1]"))
    assert same_element(*collect("A[..., 0]\nA[..., 0]"))
    assert not same_element(*collect("A[..., 0]\nA[..., 0, :]"))
    assert not covers(*collect("A[..., 0]\nA[..., 0, :]"))
    assert not may_overlap(*collect("A[None, 0]\nA[1, ...]"))


def test_strings():
    a, b, c = collect("A['x']\nA['y']\nA['x']")
    assert not may_overlap(a, b) and may_overlap(a, c) and same_element(a, c)


def test_while_and_unknown_loops():
    read, write = collect("while f():\n  for i in range(1, n):\n    A[i] = A[i - 1]")
    assert may_overlap(read, write, "after") and not may_overlap(read, write, "after", agree=1)
    assert not injective(write) and injective(write, innermost=1)
    (row,) = collect("for i in xs:\n  A[i]")
    assert not injective(row) and not never_negative(row)


def test_a_write_in_a_loop_covers_nothing():
    write, read = collect("for i in range(n):\n  A[0]\nA[0]")
    assert same_element(write, read) and not covers(write, read)


def test_systems_that_only_integers_refute():
    # 2x = 2y + 1; 2x >= 1, 2x <= 1; 1 <= 3x <= 2
    assert not feasible([], [[([{1: 2, 2: -2, 0: -1}], [])]])
    assert not feasible([{1: 2, 0: -1}, {1: -2, 0: 1}], [])
    assert not feasible([{1: 3, 0: -1}, {1: -3, 0: 2}], [])
    assert feasible([{1: 3, 0: -3}, {1: -3, 0: 4}], [])


def test_speed():
    accesses = collect(
        "for t in range(n):\n"
        "  for i in range(1, len(A) - 1):\n"
        "    A[i] = A[i - 1] + A[i] + A[i + 1]\n"
    )
    pairs = list(itertools.product(accesses, repeat=2))
    for a, b in pairs:
        may_overlap(a, b, "after")
    start = time.perf_counter()
    for a, b in pairs:
        may_overlap(a, b, "after")
    assert (time.perf_counter() - start) / len(pairs) < 5e-3  # typically 0.3 ms


# Brute force


def variables(draw, scope):
    return draw(st.sampled_from([*scope, "n", "m", "len(A)", "A.shape[1]"]))


@st.composite
def affines(draw, scope, small=False):
    terms = [
        f"{draw(st.sampled_from([1, 1, 1, -1, 2]))} * {variables(draw, scope)}"
        for _ in range(draw(st.integers(0, 1 if small else 2)))
    ]
    text = " + ".join([*terms, str(draw(st.integers(-2, 3)))])
    form = draw(st.sampled_from(["{}", "{}", "{}", "{}", "({}) // 2", "({}) % 2", "max({}, 0)"]))
    return form.format(text)


@st.composite
def components(draw, scope):
    kind = draw(st.sampled_from(["var", "var", "affine", "affine", "slice", "all", "idx"]))
    if kind == "var":
        return variables(draw, scope)
    if kind == "affine":
        return draw(affines(scope))
    if kind == "slice":
        low, high = (draw(st.sampled_from(["", draw(affines(scope, True))])) for _ in "ab")
        return f"{low}:{high}{draw(st.sampled_from(['', '', ':2', ':-1', ':-2']))}"
    return {"all": ":", "idx": draw(st.sampled_from(["idx", "...", "idx[0]"]))}[kind]


@st.composite
def blocks(draw, scope=(), depth=0):
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = ["touch", "touch", "touch", "assign"] + ["for", "for", "each", "if", "while"] * (
            depth < 3
        )
        kind = draw(st.sampled_from(kinds if depth or lines else ["for", "for", "while", "touch"]))
        inner = None
        if kind == "touch":
            parts = draw(st.lists(components(scope), min_size=1, max_size=2))
            lines.append(f"A[{', '.join(parts)}]")
        elif kind == "assign":
            lines.append(f"m = {draw(affines(scope, True))}")
        elif kind == "for":
            var = draw(st.sampled_from("ijk"))
            args = [draw(affines(scope, True)) for _ in "ab"]
            args.append(str(draw(st.sampled_from([1, 1, 1, -1, 2, -2, 3]))))
            lines.append(f"for {var} in range({', '.join(args)}):")
            inner = draw(blocks((*scope, var), depth + 1))
        elif kind == "each":
            var = draw(st.sampled_from("ijk"))
            lines.append(f"for {var} in [2, {draw(st.sampled_from('nm'))}, 0]:")
            inner = draw(blocks((*scope, var), depth + 1))
        elif kind == "while":
            lines.append("while again():")
            inner = draw(blocks(scope, depth + 1))
        else:
            op = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
            test = f"{variables(draw, scope)} {op} {draw(affines(scope, True))}"
            lines.append(f"if {test}:")
            lines += ["  " + line for line in draw(blocks(scope, depth + 1))]
            if draw(st.booleans()):
                lines.append("else:")
                inner = draw(blocks(scope, depth + 1))
        lines += ["  " + line for line in inner or ()]
    return lines


class TooLong(Exception):
    pass


class Instrument(gast.NodeTransformer):
    """`A[index]` becomes `touch(k, index)`; loops count their iterations in `count`."""

    def __init__(self, collector):
        self.numbers = {id(node): k for k, node in enumerate(collector.subscripts)}

    def visit_Subscript(self, node):
        if id(node) not in self.numbers:
            return node
        call = expr(f"touch({self.numbers[id(node)]}, slices[0])")
        call.args[1].slice = node.slice
        return call

    def loop(self, node):
        uid = node.loop.uid
        self.generic_visit(node)
        node.body = [*gast.parse(f"count[{uid}] += 1").body, *node.body]
        return [*gast.parse(f"count[{uid}] = -1").body, node]

    visit_For = visit_While = loop


class Slices:
    def __getitem__(self, index):
        return index


def execute(collector, n, m, shape, twice):
    """[(access number, iteration vector, index, elements)] in the order of execution."""
    tree = Instrument(collector).visit(collector.tree)
    accesses, events, trips = collector.found, [], random.Random(0)
    elements, count = np.arange(np.prod(shape)).reshape(shape), {}

    def touch(k, index):
        if len(events) > 150:
            raise TooLong
        try:
            touched = frozenset(np.ravel(elements[index]).tolist())
        except IndexError:
            touched = None
        events.append((k, tuple(count[x.uid] for x in accesses[k].loops), index, touched))

    def again():
        return trips.random() < 0.5

    code = compile(gast.unparse(tree), "<program>", "exec")
    names = {"A": elements, "n": n, "m": m, "idx": np.array(twice), "again": again}
    exec(code, {**names, "touch": touch, "count": count, "slices": Slices()})
    return events


def numbers(index):
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, slice):
            yield from (x for x in (part.start, part.stop) if x is not None)
        elif part is not Ellipsis:
            yield from np.ravel(part).tolist()


def check(source, base, n, m, shape, twice):
    """Run, and contradict what was proved. Returns how much was."""
    collector = Collector(source, integers=tuple("nmijk"), base=base)
    accesses = collector.found
    events = execute(collector, n, m, shape, twice)
    proved = 0
    by = [[e for e in enumerate(events) if e[1][0] == k] for k in range(len(accesses))]
    for k, a in enumerate(accesses):
        if never_negative(a):
            proved += 1
            assert all(x >= 0 for _, e in by[k] if e[3] is not None for x in numbers(e[2])), k
        for innermost in range(1, len(a.loops) + 1):
            if injective(a, innermost):
                proved += 1
                outer = len(a.loops) - innermost
                for (_, e), (_, f) in itertools.combinations(by[k], 2):
                    if e[1][:outer] == f[1][:outer] and e[1] != f[1]:
                        assert not (e[3] or set()) & (f[3] or set()), (k, innermost)
    for (k, a), (l, b) in itertools.product(enumerate(accesses), repeat=2):
        common = 0
        while (
            common < min(len(a.loops), len(b.loops)) and a.loops[common].uid == b.loops[common].uid
        ):
            common += 1
        claims = {"same": same_element(a, b), "covers": covers(a, b)}
        for order in ("any", "same", "after", "before"):
            for agree in range(common + 1):
                claims[order, agree] = not may_overlap(a, b, order, agree)
        proved += sum(claims.values())
        if not any(claims.values()):
            continue
        for (when, e), (then, f) in itertools.product(by[k], by[l]):
            if e[3] is None or f[3] is None:
                continue
            together = e[1][:common] == f[1][:common]
            assert not (claims["same"] and together) or e[3] == f[3], ("same", k, l)
            assert not (claims["covers"] and together) or e[3] >= f[3], ("covers", k, l)
            if e[3] & f[3]:
                for agree in range(common + 1):
                    if e[1][:agree] == f[1][:agree]:
                        assert not claims["any", agree], ("any", agree, k, l)
                        assert not (together and claims["same", agree]), ("same", agree, k, l)
                        assert not (then > when and claims["after", agree]), ("after", agree, k, l)
                        assert not (then < when and claims["before", agree]), (
                            "before",
                            agree,
                            k,
                            l,
                        )
    return proved


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    blocks(),
    st.sampled_from([None, "A"]),
    st.integers(-1, 4),
    st.integers(-2, 4),
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    st.lists(st.integers(-1, 1), min_size=1, max_size=2),
)
def test_programs_against_the_answers(lines, base, n, m, shape, twice):
    try:
        check("\n".join(lines), base, n, m, shape, twice)
    except TooLong:
        assume(False)


@pytest.mark.parametrize("n, m, shape", [(3, 0, (4, 4)), (2, 1, (2, 3)), (0, -1, (3, 3))])
@pytest.mark.parametrize(
    "source",
    [
        "for i in range(n):\n  for j in range(i):\n    A[i, j]\n    A[j, i]",
        "for i in range(n - 1, -1, -1):\n  A[i]\n  A[i + 1]\n  A[-i]",
        "for i in range(n):\n  A[i - 1]\n  A[i:]\n  A[:i]\n  A[i::2]\n  A[i::-1]",
        "while again():\n  A[m]\n  m = m + 1\n  A[m]\nA[m + 1]\nA[m]",
    ],
)
def test_named_programs_against_the_answers(source, n, m, shape):
    assert check(source, "A", n, m, shape, [0]) > 0
