"""Functions are read from their code objects: positions, scopes, callees, refusals."""

import functools
import importlib.util
import linecache
import math

import numpy as np
import pytest

from tangent import tree
from tangent.errors import NoSourceError, TangentError, UnsupportedError
from tangent.parse import describe, load, parse
from tests.helpers import define, execute

scale = 3.0


def layer(x, w, *, bias: float = 1.0):
    """A docstring."""
    return (
        x * w  # a comment
        + bias
    ) * scale


def register(f):
    return f


@register
@functools.cache
def decorated(x):
    if x > 0: return x  # fmt: skip # noqa: E701
    return -x


class Holder:
    @staticmethod
    def static(x, é=2):
        y = 'é'; z = é * x  # fmt: skip # noqa: E702
        while (z >
               é):  # fmt: skip
            z -= 1
        return z

    def method(self, x):
        return x

    def __call__(self, x):
        return x


def outer(k):
    def inner(x):
        return k * x

    return inner


def test_tree_and_scope():
    function = parse(layer)
    assert tree.unparse(function.node) == (
        "def layer(x, w, *, bias: float=1.0):\n    return (x * w + bias) * scale"
    )
    assert function.primal is layer
    assert function.file == layer.__code__.co_filename
    assert function.scope.globals is layer.__globals__
    assert (function.defaults, function.kwdefaults) == ((), {"bias": 1.0})
    assert execute(function)(2.0, 5.0) == layer(2.0, 5.0)


def test_positions_are_those_of_the_file():
    function = parse(layer)
    (statement,) = function.node.body
    first = layer.__code__.co_firstlineno
    assert (statement.lineno, statement.col_offset) == (first + 2, 4)
    (origin,) = statement.origins
    assert (origin.line, origin.end_line, origin.function) == (first + 2, first + 5, "layer")
    assert origin.text == "return (x * w + bias) * scale"


def test_columns_count_characters_and_headers_stand_alone():
    function = parse(Holder.static)
    found = [
        (s.origins[0].text, s.origins[0].column, s.origins[0].end_column)
        for s in tree.walk_statements(function.node.body)
    ]
    assert found == [
        ("y = 'é'", 8, 15),
        ("z = é * x", 17, 26),
        ("while z > é:", 8, 18),
        ("z -= 1", 12, 18),
        ("return z", 8, 16),
    ]
    assert function.node.origins[0].text == "def static(x, é=2):"
    assert function.defaults == (2,)


def test_a_header_on_the_line_of_its_body():
    texts = [s.origins[0].text for s in tree.walk_statements(parse(decorated).node.body)]
    assert texts == ["if x > 0:", "return x", "return -x"]


def test_decorators_that_change_nothing():
    function = parse(decorated)
    assert function.name == "decorated"
    assert function.node.decorator_list == []
    assert function.primal is decorated

    def passes_on(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return f(*args, **kwargs)

        return wrapper

    wrapped = passes_on(layer)
    assert tree.dump(parse(wrapped).node) == tree.dump(parse(layer).node)
    assert parse(wrapped).primal is wrapped


def test_what_a_wrapper_with_parameters_of_its_own_does_is_what_runs():
    def double(f):
        @functools.wraps(f)
        def wrapper(x, w):
            return 2 * f(x, w)

        return wrapper

    function = parse(double(layer))
    assert tree.unparse(function.node) == "def layer(x, w):\n    return 2 * f(x, w)"
    assert function.scope.lookup("f") is layer
    assert load(double(layer)).functions[1].primal is layer


def test_a_decorator_that_changes_the_function():
    f = define("""
import functools

def double(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return 2 * f(*args, **kwargs)
    return wrapper

@double
def f(x):
    return x
""")
    entry, wrapper, wrapped = load(f).functions
    assert tree.unparse(entry.node) == "def f(x):\n    return f_(x)"
    assert wrapper.primal is f and wrapped.primal is f.__wrapped__
    assert parse(f.__wrapped__).name == "f"


def test_cells():
    function = parse(outer(5))
    assert function.scope.lookup("k") == 5
    assert execute(function)(3) == 15


def test_a_generated_function_with_cells_and_source_in_linecache():
    text = "def made(x):\n    return helper.twice(x) + other(x)\n"
    file = "<tangent made>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {}
    body = "".join(f"    {line}\n" for line in text.splitlines())
    exec(f"def wrapper(helper, other):\n{body}    return made", namespace)
    made = namespace["wrapper"](np, layer)
    made.__code__ = made.__code__.replace(co_filename=file, co_firstlineno=1)
    function = parse(made)
    assert tree.unparse(function.node) + "\n" == text
    assert function.scope.lookup("helper") is np
    assert [f.primal for f in load(made).functions] == [made, layer]


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (
            math.sin,
            "`math.sin` has no Python source\n"
            "  why: it is written in C or another compiled language\n"
            "  what to do: declare a recipe for it, or write it as a Python function",
        ),
        (
            np.sum,
            "`numpy.sum` has no Python source\n"
            "  why: it is written in C or another compiled language\n"
            "  what to do: declare a recipe for it, or write it as a Python function",
        ),
        (
            eval("lambda x: x", {"__name__": "m"}),
            "the source of `m.<lambda>` can't be found\n"
            "  why: it was made by `exec` or `eval` (<string>)\n"
            "  what to do: put its source into a file, or under this name into `linecache`",
        ),
        (
            eval(compile("lambda x: x", "<stdin>", "eval"), {"__name__": "__main__"}),
            "the source of `<lambda>` can't be found\n"
            "  why: it was typed at Python's prompt, which keeps no source\n"
            "  what to do: put it into a file, or use IPython or Jupyter, which keep the source",
        ),
        (
            eval(compile("lambda x: x", "gone.py", "eval"), {"__name__": "gone"}),
            "the source of `gone.<lambda>` can't be found\n"
            "  why: the file gone.py can't be read, or doesn't parse\n"
            "  what to do: make the file readable",
        ),
    ],
    ids=["C", "NumPy", "exec", "REPL", "gone"],
)
def test_no_source(f, text):
    with pytest.raises(NoSourceError) as caught:
        parse(f)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (3, "3 is not a function\n  what to do: give a function that is defined with `def`"),
        (
            float,
            "`float` is a class\n"
            "  what to do: give one of its methods, or a function that makes an object and uses it",
        ),
    ],
    ids=["number", "class"],
)
def test_not_a_plain_function(f, text):
    with pytest.raises(UnsupportedError) as caught:
        parse(f)
    assert str(caught.value) == text


def test_a_lambda():
    f = define("square = lambda x: x * x")
    function = parse(f)
    assert tree.unparse(function.node) == "def square(x):\n    return x * x"
    assert function.node.body[0].origins[0].column == len("square = lambda x: ")


def test_lambdas_of_one_line():
    f = define("def f(): return lambda x: x + 1, lambda x: x * 2, lambda x: (x, (lambda x: x)(x))")
    texts = [tree.unparse(parse(g).node.body[0]) for g in f()]
    assert texts == ["return x + 1", "return x * 2", "return (x, (lambda x: x)(x))"]


@pytest.fixture
def imported(tmp_path):
    """Write a module's text and import it."""

    def do(text, name="tested_module"):
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module, path

    return do


def test_a_file_that_changed_since_its_import(imported):
    module, path = imported("def f(x):\n    return x * 2\n")
    assert parse(module.f).name == "f"
    path.write_text("def f(x):\n    return x * 3.5\n")
    with pytest.raises(NoSourceError) as caught:
        parse(module.f)
    assert str(caught.value) == (
        "the source of `tested_module.f` is no longer what runs\n"
        f"  why: {path} has changed since it was imported\n"
        "  what to do: import the module again, or restart Python"
    )


def test_a_file_that_changed_elsewhere(imported):
    module, path = imported("def f(x):\n    return x * 2\n")
    path.write_text("def f(x):\n    return x * 2\n\n\ndef g(x):\n    return 1\n")
    assert tree.unparse(parse(module.f).node) == "def f(x):\n    return x * 2"
    path.write_text("import os\n\ndef f(x):\n    return x * 2\n")
    with pytest.raises(NoSourceError, match="is no longer what runs"):
        parse(module.f)


def test_two_functions_of_one_name(imported):
    module, _ = imported(
        "def f(x):\n    return 1\ng = f\nif g:\n    def f(x):\n        return 2\nh = [g, f]\n"
    )
    assert tree.unparse(parse(module.g).node).endswith("return 1")
    assert tree.unparse(parse(module.h[1]).node).endswith("return 2")


CALLS = """
import math

async def unsupported(x):
    return x

def last(x):
    return first(x) if x else x

def first(x):
    return last(x) + math.sin(x) + unsupported(x) + first(x) + len(x) + x.method(first)
"""


def test_load_finds_callees_transitively():
    f = define(CALLS, "first")
    scope = f.__globals__
    program = load(f, has_recipe=lambda callee: callee is len)
    assert [g.name for g in program.functions] == ["first", "last"]
    assert program.entry.primal is f
    assert program.function_of(scope["last"]) is program.functions[1]
    assert set(program.opaque) == {math.sin, scope["unsupported"]}
    assert isinstance(program.opaque[math.sin], NoSourceError)


def test_two_callees_of_one_name_stay_two():
    scope = {"one": define("def g(x):\n    return 1"), "two": define("def g(x):\n    return 2")}
    f = define("def f(x):\n    return one(x) + two(x)", "f", **scope)
    assert [g.primal for g in load(f).functions] == [f, scope["one"], scope["two"]]


def test_an_entry_that_can_not_be_read_raises():
    with pytest.raises(TangentError):
        load(eval("lambda x: x"))


def test_each_parse_gives_new_nodes():
    a, b = parse(layer), parse(layer)
    nodes = {id(n) for n in tree.walk_statements(a.node.body)}
    assert not nodes & {id(n) for n in tree.walk_statements(b.node.body)}


def test_describe():
    assert describe(np.linalg.norm) == "numpy.linalg.norm"
    assert describe(print) == "print"
    assert describe(3) == "3"
