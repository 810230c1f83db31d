"""Integer-linear forms of index expressions, and proofs that systems of them have no solution.

    2 * (i - 1) + len(A)             {i: 2, len(A): 1, ONE: -2}
    2 * i - 2 * j - 1 = 0            infeasible: 2 does not divide 1
    i >= 1, j >= i, 0 >= j           infeasible: eliminating j leaves i <= 0

Theory. Fourier-Motzkin elimination (Schrijver 1986, "Theory of Linear and Integer Programming",
12.2) adds each lower bound of a variable to each upper bound and drops the variable. Over the
rationals that decides a system. Over the integers rows are also divided by the gcd of their
coefficients and the constant rounded down, and an equality whose gcd does not divide the constant
is refuted at once (Pugh 1991, "The Omega test", 2.1). What is called infeasible has no integer
solution; the converse may fail, and the elimination gives up beyond `CAP` rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import gcd
from typing import Any

import gast

CAP = 250  # rows beyond which a proof is given up
SPLITS = 64  # combinations of alternatives beyond which they are ignored

Form = dict[Any, int]  # the sum of coefficient * key; no zero coefficients
Row = tuple[tuple[int, int], ...]
Names = Callable[[str, Any], Form | None]  # (name, None): its value; (name, axis): a length
ONE = ("1",)  # the key of the constant, in forms over symbolic keys
# A way in which something may hold: forms that are 0, and forms that are >= 0. In these, and in all
# that is solved, keys are numbers, 0 the constant's.
Way = tuple[list[Form], list[Form]]


def add(f: Form, g: Form, d: int = 1, c: int = 1) -> Form:
    """c f + d g"""
    out = {key: c * x for key, x in f.items()} if c != 1 else dict(f)
    for key, x in g.items():
        new = out.get(key, 0) + d * x
        if new:
            out[key] = new
        else:
            out.pop(key, None)
    return out


def negative(f: Form, one: Any = ONE) -> Form:
    """A form that is >= 0 if and only if f < 0: -1 - f."""
    return add({one: -1}, f, -1)


def constant(node: gast.AST | None) -> int | None:
    """The value of an integer constant expression, or None."""
    form = None if node is None else linear(node, lambda name, axis: None, lambda *_: None, [])
    return None if form is None or form.keys() - {ONE} else form.get(ONE, 0)


def values(node: gast.AST, calls: bool) -> Iterator[str]:
    """The names whose values (not lengths) arithmetic reads; with `calls`, `min` and `max` too."""
    if isinstance(node, gast.Name):
        yield node.id
    elif isinstance(node, gast.BinOp | gast.UnaryOp):
        for child in gast.iter_child_nodes(node):
            yield from values(child, calls)
    elif calls and isinstance(node, gast.Call):
        if isinstance(node.func, gast.Name) and node.func.id in ("min", "max"):
            for child in node.args:
                yield from values(child, calls)


def linear(node: gast.AST, name: Names, sure: Names, rows: list[Form]) -> Form | None:
    """`node` as a linear form, or None.

    `name` resolves names, `sure` only those that are certainly integers: a float among the
    arguments of `min` can stay without effect. `rows` collects forms that are >= 0: what is known
    of quotients, remainders, `min` and `max`.
    """

    def of(x: gast.AST) -> Form | None:
        return linear(x, name, sure, rows)

    match node:
        case gast.Constant(value=int(value)) if not isinstance(value, bool):
            return {ONE: value} if value else {}
        case gast.Name(id=id):
            return name(id, None)
        case gast.Call(func=gast.Name(id="len"), args=[gast.Name(id=id)], keywords=[]):
            return name(id, 0)
        case gast.Attribute(value=gast.Name(id=id), attr="size" | "ndim" as attr):
            return name(id, attr)
        case gast.Subscript(value=gast.Attribute(value=gast.Name(id=id), attr="shape"), slice=s):
            axis = constant(s)
            return None if axis is None else name(id, axis)
        case gast.UnaryOp(op=gast.UAdd() | gast.USub() as op, operand=x):
            f = of(x)
            return f if f is None or isinstance(op, gast.UAdd) else add({}, f, -1)
        case gast.BinOp(op=gast.FloorDiv() | gast.Mod() as op, left=left, right=right):
            f, by = of(left), constant(right)
            if f is None or by is None or by < 1:
                return None
            quotient: Form = {("aux", by, (frozenset(f.items()),)): 1}
            rest = add(f, quotient, -by)  # f = by * quotient + rest, 0 <= rest < by
            rows += rest, add({ONE: by - 1}, rest, -1)
            return quotient if isinstance(op, gast.FloorDiv) else rest
        case gast.BinOp(op=op, left=left, right=right):
            f, g = of(left), of(right)
            if f is None or g is None:
                return None
            if isinstance(op, gast.Add | gast.Sub):
                return add(f, g, 1 if isinstance(op, gast.Add) else -1)
            f, g = (f, g) if f.keys() <= {ONE} else (g, f)
            if isinstance(op, gast.Mult) and f.keys() <= {ONE}:
                factor = f.get(ONE, 0)
                return add({}, g, factor) if factor else {}
        case gast.Call(func=gast.Name(id="min" | "max" as op), args=args, keywords=[]):
            forms = [linear(x, name, sure, []) for x in args]
            if len(forms) < 2 or any(f is None for f in forms):
                return None
            bound: Form = {
                ("aux", op, tuple(frozenset(f.items()) for f in forms if f is not None)): 1
            }
            for x in args:
                f = linear(x, sure, sure, rows)
                if f is not None:
                    rows.append(add(bound, f, -1) if op == "max" else add(f, bound, -1))
            return bound
    return None


def feasible(rows: list[Form], choices: Sequence[Sequence[Way]]) -> bool:
    """Can `rows` be >= 0 and one way of each choice hold? False is a proof.

    A choice of one way is a fact; the others multiply out.
    """
    facts = [c[0] for c in choices if len(c) == 1]
    equal = [f for way in facts for f in way[0]]
    rows = [*rows, *(f for way in facts for f in way[1])]
    forks = [c for c in choices if len(c) != 1]
    total = 1
    for fork in forks:
        total *= len(fork)
    if total > SPLITS:
        forks = []
    for ways in product(*forks):
        more = [f for way in ways for f in way[0]]
        if not infeasible([*equal, *more], [*rows, *(f for way in ways for f in way[1])]):
            return True
    return False


def infeasible(equal: list[Form], rows: list[Form]) -> bool:
    """Have `equal` = 0 and `rows` >= 0 certainly no integer solution?"""
    equal = list(equal)
    while equal:
        f = equal.pop()
        variables = [v for v in f if v]
        if not variables:
            if f.get(0, 0):
                return True
            continue
        divisor = gcd(*(f[v] for v in variables))
        if f.get(0, 0) % divisor:
            return True
        v = min(variables, key=lambda v: abs(f[v]))
        f = {k: c // divisor for k, c in f.items()}
        sign, size = (1, f[v]) if f[v] > 0 else (-1, -f[v])
        # size * g - sign * g[v] * f has no v, and where f is zero the sign of g.
        equal = [add(g, f, -sign * g[v], size) if v in g else g for g in equal]
        rows = [add(g, f, -sign * g[v], size) if v in g else g for g in rows]

    system: dict[Row, int] = {}  # coefficients -> the least constant
    if not all(_insert(system, f) for f in rows):
        return True
    while system:
        bounds: dict[int, list[int]] = {}  # of each variable, how many lower and upper ones
        for row in system:
            for v, c in row:
                bounds.setdefault(v, [0, 0])[c < 0] += 1
        free = {v for v, (lower, upper) in bounds.items() if not (lower and upper)}
        if free:  # whatever the others are, such a variable can be large enough
            system = {row: c for row, c in system.items() if free.isdisjoint(v for v, _ in row)}
            continue
        best = min(bounds, key=lambda v: bounds[v][0] * bounds[v][1])
        if bounds[best][0] * bounds[best][1] + len(system) > CAP:
            return False
        rest: dict[Row, int] = {}
        sides: tuple[list[tuple[int, Form]], ...] = ([], [])
        for row, constant in system.items():
            c = next((c for v, c in row if v == best), 0)
            if c:
                sides[c < 0].append((abs(c), {**dict(row), 0: constant}))
            else:
                rest[row] = constant
        for c, f in sides[0]:
            for d, g in sides[1]:
                if not _insert(rest, add(f, g, c, d)):
                    return True
        system = rest
    return False


def _insert(system: dict[Row, int], f: Form) -> bool:
    """Add f >= 0, tightened to the integers; False if it is a contradiction."""
    constant = f.get(0, 0)
    row = [(v, c) for v, c in f.items() if v]
    if not row:
        return constant >= 0
    divisor = gcd(*(c for _, c in row))
    if divisor > 1:
        row = [(v, c // divisor) for v, c in row]
        constant //= divisor
    row.sort()
    key = tuple(row)
    if constant < system.get(key, constant + 1):
        system[key] = constant
    return True
