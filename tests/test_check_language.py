"""What is outside the language is refused, with the whole text of the error."""

import pytest

from tangent.errors import UnsupportedError
from tangent.parse import load, parse
from tests.helpers import define

# source of the body, then what the error shows: line:, reason, excerpt, carets, remedy
REFUSED = [
    (
        "class K:\n    x = 1",
        "2: in f: this statement is not supported: a nested `class`",
        "class K:",
        "^^^^^^^^",
        "define the class at the module's level",
    ),
    (
        "return locals()",
        "2: in f: this expression is not supported: a call of `locals`",
        "return locals()",
        "       ^^^^^^^^",
        "name what it reads",
    ),
    (
        "try:\n    a = 1\nexcept* ValueError:\n    a = 2",
        "2: in f: this statement is not supported: `except*`",
        "try:",
        "^^^^",
        "handle the exceptions one by one, with `except`",
    ),
    (
        "with open(a) as b.x:  # a comment\n    pass",
        "2: in f: this statement is not supported: assignment to an attribute",
        "with open(a) as b.x:  # a comment",
        "                ^^^",
        "keep the value in a local name, and return it",
    ),
    (
        "match a:\n    case 1:\n        return [locals() for b in a]",
        "4: in f: this expression is not supported: a call of `locals`",
        "return [locals() for b in a]",
        "        ^^^^^^^^",
        "name what it reads",
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0].split("\n")[0])
def test_refused(case):
    body, where, shown, carets, remedy = case
    f = define("def f(a, b):\n" + "".join(f"    {line}\n" for line in body.split("\n")), "f")
    with pytest.raises(UnsupportedError) as caught:
        parse(f)
    expected = (
        f"{f.__code__.co_filename}:{where}\n    {shown}\n    {carets}\n  what to do: {remedy}"
    )
    assert str(caught.value) == expected


def test_async_is_refused():
    f = define("async def f(a):\n    return await a")
    with pytest.raises(UnsupportedError) as caught:
        parse(f)
    assert str(caught.value) == (
        f"{f.__code__.co_filename}:1: in f: an `async` function is not supported\n"
        "    async def f(a):\n"
        "    ^^^^^^^^^^^^^^^\n"
        "  what to do: put the computation into a plain function, and differentiate that"
    )


ALLOWED = """
def f(a, /, b: float, c=1, *, d, e=2):
    'text'
    x: float = a if b else -c
    (x, [y, *z]), A[1:, ..., None, ::2, b > 1] = (x, b), d
    x = y = a.b.c[0](x, key=y) @ A // 2 % 3 ** ~b
    x += a < b <= c != d is not None and e in z or not a
    for i, (j, k) in enumerate(zip(a, reversed(b))):
        while True:
            if i:
                continue
            elif j:
                break
            else:
                pass
    print(f'{a:{b}} {c!r}', sep=f'{d}')
    assert a, f'{b}'
    if not a:
        raise ValueError(f'{a}' + f'{b}') from None
    del x, y[0]
    global G
    import math, os.path as p
    with open(a) as (b, c), d:
        y = {**b, 'k': [u for u in a if u for v in u]}, {*a, 1}, {k: v for k, v in b}
    try:
        pass
    except (ValueError, b) as error:
        raise
    else:
        z = (w := f'{a:>{b}}')
    finally:
        pass
    match a:
        case [1, *_] | {'k': None, 2: _} if b:
            pass
        case K(1, m=-2) as t:
            pass
    for u in (v for v in a):
        break
    else:
        pass
    return [a, b], (c,), 1j, 'text', b'', None, Ellipsis
"""


def test_allowed():
    parse(define(ALLOWED))


def test_an_fstring_may_not_hide_what_is_refused():
    f = define("def f(a):\n    print(f'{[locals() for x in a]}')")
    with pytest.raises(UnsupportedError, match="a call of `locals`"):
        parse(f)


def test_the_error_of_a_callee_waits():
    text = "def g(x):\n    return locals()\n\ndef f(x):\n    return x + len(g(x))"
    f = define(text, "f")
    program = load(f, has_recipe=lambda callee: callee is len)
    (callee,) = program.opaque
    assert callee is f.__globals__["g"]
    assert "a call of `locals`" in str(program.opaque[callee])
