"""Statements that are short for others: what they become."""

import textwrap

import pytest

import tangent.transforms.desugar  # noqa: F401
from tests.helpers import define, source, transform

# input body, expected body (of `def f(a, b, A, xs, ys, n)`)
GOLDEN = {
    "list comprehension": (
        "ys = [x * b for x in xs if x]",
        """
        ys = []
        tangent.check_sequence(xs)
        for i in range(len(xs)):
            x = xs[i]
            if x:
                ys.append(x * b)
        """,
    ),
    "its targets have a scope of their own": (
        "return [n for n in A] + n",
        """
        items = []
        tangent.check_sequence(A)
        for i in range(len(A)):
            n2 = A[i]
            items.append(n2)
        return items + n
        """,
    ),
    "sum": (
        "return b * sum(x for x in A)",
        """
        total = 0
        tangent.check_sequence(A)
        for i in range(len(A)):
            x = A[i]
            total = total + x
        return b * total
        """,
    ),
    "any": (
        "if any(x > b for x in A):\n    return a",
        """
        found = False
        tangent.check_sequence(A)
        for i in range(len(A)):
            x = A[i]
            if x > b:
                found = True
                break
        if found:
            return a
        """,
    ),
    "dict comprehension": (
        "d = {k: b for k in range(n)}",
        "d = {}\nfor k in range(n):\n    d[k] = b",
    ),
    "a loop over a generator expression": (
        "for y in (x * x for x in xs if x):\n    print(y)",
        """
        tangent.check_sequence(xs)
        for i in range(len(xs)):
            x = xs[i]
            if x:
                y = x * x
                print(y)
        """,
    ),
    "assignment expression": (
        "if (c := a * b) > n and (d := c):\n    return d",
        """
        c = a * b
        t = c > n
        if t:
            d = c
            t = d
        if t:
            return d
        """,
    ),
    "what is evaluated before it": (
        "return a + (a := b) * a",
        "a2 = a\na = b\nreturn a2 + a * a",
    ),
    "in the test of a loop": (
        "while (a := g(a)) > b:\n    print(a)",
        """
        while True:
            a = g(a)
            if not a > b:
                break
            print(a)
        """,
    ),
    "match": (
        "match xs:\n    case (x, y) | [x, y, _]:\n        return x\n    case 3 | None as k:\n        return k",
        """
        if tangent.is_sequence(xs) and len(xs) == 2 or (tangent.is_sequence(xs) and len(xs) == 3):
            if tangent.is_sequence(xs) and len(xs) == 2:
                x = xs[0]
                y = xs[1]
            else:
                x = xs[0]
                y = xs[1]
            return x
        elif xs == 3 or xs is None:
            if xs == 3:
                k = xs
            else:
                k = xs
            return k
        """,
    ),
    "match of a display": (
        "match a, g(b):\n    case 1, y if y > a:\n        return y\n    case _:\n        return b",
        """
        part = g(b)
        if a == 1 and part > a:
            y = part
            return y
        else:
            return b
        """,
    ),
    "else of a loop": (
        "for i in range(n):\n    if a:\n        break\nelse:\n    a = b",
        """
        broken = False
        for i in range(n):
            if a:
                broken = True
                break
        if not broken:
            a = b
        """,
    ),
    "with": (
        "with open(a) as c, np.errstate():\n    b = c.read()\nreturn b",
        """
        with open(a) as c:
            with np.errstate():
                b = c.read()
        return b
        """,
    ),
    "a manager that may suppress": (
        "with a:\n    return b",
        "with tangent.strict(a):\n    return b",
    ),
    "try": (
        "try:\n    c = g(a)\nexcept ValueError as e:\n    c = h(e)\nreturn c",
        """
        try:
            c = g(a)
            completed = True
        except ValueError as e:
            completed = False
            c = h(e)
        return c
        """,
    ),
    "try with a return": (
        "try:\n    return g(a)\nexcept (KeyError, ValueError):\n    return b",
        """
        try:
            value = g(a)
            completed = True
        except (KeyError, ValueError):
            completed = False
        if completed:
            return value
        else:
            return b
        """,
    ),
    "try whose block is seen when it fails": (
        "try:\n    a = g(a)\n    a = h(a)\nexcept ValueError:\n    pass\nreturn a",
        """
        try:
            a2 = g(a)
            completed = True
        except ValueError:
            completed = False
        if completed:
            a = a2
            try:
                a3 = h(a)
                completed = True
            except ValueError:
                completed = False
            if completed:
                a = a3
        return a
        """,
    ),
    "finally": (
        "try:\n    return g(a)\nfinally:\n    h(b)",
        """
        try:
            return g(a)
        except BaseException:
            h(b)
            raise
        h(b)
        """,
    ),
    "del": ("del a, xs[n]", "xs.pop(n)"),
    "displays with stars": (
        "return [a, *xs], {**b, 'n': n}",
        """
        items = [a]
        tangent.check_sequence(xs)
        for i in range(len(xs)):
            item = xs[i]
            items.append(item)
        items2 = b.copy()
        items2['n'] = n
        return (items, items2)
        """,
    ),
    "import": ("from math import sin as s\nreturn s(a)", "return s(a)"),
    "flat": (
        "A.flat[2] = A.flat[n]",
        "A[np.unravel_index(2, A.shape)] = A.reshape(-1)[n]",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_becomes(name):
    import numpy

    body, expected = GOLDEN[name]
    header = "def f(a, b, A, xs, ys, n):\n"
    f = define(header + textwrap.indent(body, "    "), "f", np=numpy)
    found = source(transform(f, "desugar"))
    assert found == header + textwrap.indent(textwrap.dedent(expected).strip("\n"), "    ") + "\n"
