"""What is outside the language is refused, with the whole text of the error."""

import pytest

from tangent.errors import UnsupportedError
from tangent.parse import load, parse
from tests.helpers import define

# source of the body, then what the error shows: line:, reason, excerpt, carets, remedy
REFUSED = [
    (
        "with open(a) as b:  # a comment\n    pass",
        "2: in f: this statement is not supported: `with`",
        "with open(a) as b:  # a comment",
        "^^^^^^^^^^^^^^^^^^",
        "enter the context in the caller, around the call of this function",
    ),
    (
        "try:\n    a = 1\nexcept ValueError:\n    a = 2",
        "2: in f: this statement is not supported: `try`",
        "try:",
        "^^^^",
        "test for the failing case with `if`, or handle the exception in the caller",
    ),
    (
        "if a:\n    yield b",
        "3: in f: this expression is not supported: `yield`",
        "yield b",
        "^^^^^^^",
        "return the values, in a tuple or an array",
    ),
    (
        "class K:\n    x = 1",
        "2: in f: this statement is not supported: a nested `class`",
        "class K:",
        "^^^^^^^^",
        "define the class at the module's level",
    ),
    (
        "def g(x, y: int = 3):\n    return x",
        "2: in f: this statement is not supported: a nested `def`",
        "def g(x, y: int = 3):",
        "^^^^^^^^^^^^^^^^^^^^^",
        "move it into a function of its own that is defined at the module's level",
    ),
    (
        "return a + (lambda x: x)(b)",
        "2: in f: this expression is not supported: a `lambda`",
        "return a + (lambda x: x)(b)",
        "            ^^^^^^^^^^^",
        "move it into a function of its own that is defined at the module's level",
    ),
    (
        "é = [x for x in a]",
        "2: in f: this expression is not supported: a list comprehension",
        "é = [x for x in a]",
        "    ^^^^^^^^^^^^^^",
        "write it as a `for` loop",
    ),
    (
        "return sum(x for x in a)",
        "2: in f: this expression is not supported: a generator expression",
        "return sum(x for x in a)",
        "          ^^^^^^^^^^^^^^",
        "write it as a `for` loop",
    ),
    (
        "while (b := a):\n    pass",
        "2: in f: this expression is not supported: `:=`",
        "while (b := a):",
        "       ^^^^^^",
        "assign in a statement of its own",
    ),
    (
        "match a:\n    case 1:\n        pass",
        "2: in f: this statement is not supported: `match`",
        "match a:",
        "^^^^^^^^",
        "write it with `if` and `elif`",
    ),
    (
        "del a[0]",
        "2: in f: this statement is not supported: `del` of an element",
        "del a[0]",
        "^^^^^^^^",
        "make a new object without it",
    ),
    (
        "global a2",
        "2: in f: this statement is not supported: `global`",
        "global a2",
        "^^^^^^^^^",
        "pass the value as an argument, and return what is new",
    ),
    (
        "import math",
        "2: in f: this statement is not supported: `import` inside a function",
        "import math",
        "^^^^^^^^^^^",
        "import at the module's level",
    ),
    (
        "a = f'{b}'",
        "2: in f: this expression is not supported: an f-string outside of a message",
        "a = f'{b}'",
        "    ^^^^^^",
        "write it in `print`, `raise` or `assert`, or make the text in the caller",
    ),
    (
        "return f(a, *b)",
        "2: in f: this expression is not supported: `*` before an argument",
        "return f(a, *b)",
        "            ^^",
        "write the arguments out",
    ),
    (
        "return f(a, **b)",
        "2: in f: this expression is not supported: `**` before an argument",
        "return f(a, **b)",
        "              ^",
        "write the arguments out",
    ),
    (
        "return (a, *b)",
        "2: in f: this expression is not supported: `*` before an element",
        "return (a, *b)",
        "           ^^",
        "write the elements out",
    ),
    (
        "for x in a:\n    b = x\nelse:\n    b = 2",
        "2: in f: this statement is not supported: `else` of a `for` loop",
        "for x in a:",
        "^^^^^^^^^^^",
        "set a flag before `break`, and test it after the loop",
    ),
    (
        "while a:\n    b = x\nelse:\n    b = 2",
        "2: in f: this statement is not supported: `else` of a `while` loop",
        "while a:",
        "^^^^^^^^",
        "set a flag before `break`, and test it after the loop",
    ),
    (
        "a = {1, 2}",
        "2: in f: this expression is not supported: a set display",
        "a = {1, 2}",
        "    ^^^^^^",
        "use a tuple",
    ),
    (
        "a = {1: b}",
        "2: in f: this expression is not supported: a dict display",
        "a = {1: b}",
        "    ^^^^^^",
        "use separate names, or a tuple",
    ),
    (
        "(b, a.x) = 1, 2",
        "2: in f: this statement is not supported: assignment to an attribute",
        "(b, a.x) = 1, 2",
        "    ^^^",
        "keep the value in a local name, and return it",
    ),
    (
        "return locals()",
        "2: in f: this expression is not supported: a call of `locals`",
        "return locals()",
        "       ^^^^^^^^",
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


@pytest.mark.parametrize("star", ["*", "**"])
def test_parameters_that_take_any_number_are_refused(star):
    f = define(f"def f(a, {star}rest):\n    return a")
    with pytest.raises(UnsupportedError) as caught:
        parse(f)
    name = f"{star}rest"
    assert str(caught.value) == (
        f"{f.__code__.co_filename}:1: in f: this parameter is not supported: `{name}`\n"
        f"    def f(a, {name}):\n"
        f"             {' ' * len(star)}^^^^\n"
        "  what to do: name the parameters, or take a tuple as one argument"
    )


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
    del x
    return [a, b], (c,), 1j, 'text', b'', None, Ellipsis
"""


def test_allowed():
    parse(define(ALLOWED))


def test_an_fstring_inside_print_may_not_hide_what_is_refused():
    f = define("def f(a):\n    print(f'{[x for x in a]}')")
    with pytest.raises(UnsupportedError, match="a list comprehension"):
        parse(f)


def test_a_print_of_the_users_own_is_no_print():
    f = define("def f(a, print):\n    print(f'{a}')")
    with pytest.raises(UnsupportedError, match="an f-string"):
        parse(f)


def test_the_error_of_a_callee_waits():
    text = "def g(x):\n    return {x}\n\ndef f(x):\n    return x + len(g(x))"
    f = define(text, "f")
    program = load(f, has_recipe=lambda callee: callee is len)
    (callee,) = program.opaque
    assert callee is f.__globals__["g"]
    assert "a set display" in str(program.opaque[callee])
