"""Linking: live globals and cells, signature, source, tracebacks, notes, pickles."""

from __future__ import annotations

import inspect
import io
import linecache
import pdb
import subprocess
import sys
import textwrap
import traceback
import types

import cloudpickle
import gast
import numpy as np
import pytest

from tangent.emit import emit
from tangent.errors import PassError
from tangent.link import Sibling, link, linked_of
from tangent.origin import Origin
from tangent.program import Function, Program, Scope

SCALE = 2.0


def parsed(text: str, scope: Scope, **kwargs) -> Function:
    """A function from text; each statement derives from a line of `model.py`, its own plus 100."""
    node = gast.parse(textwrap.dedent(text)).body[0]
    for inner in gast.walk(node):
        if isinstance(inner, gast.stmt) and inner is not node:
            line = inner.lineno + 100
            inner.origins = (Origin("model.py", "f", line, 0, line, 9, f"user line {line}"),)
    return Function(node, scope, **kwargs)


def linked(text: str, globals_: dict | None = None, **kwargs) -> types.FunctionType:
    return link(
        Program((parsed(text, Scope({} if globals_ is None else globals_), **kwargs),))
    ).entry


def test_globals_are_read_live_and_left_clean():
    module = {"np": np, "k": 2.0}
    df = linked("def df(x, init_grad=1.0):\n    return np.multiply(x, k) * init_grad", module)
    assert df(3.0) == 6.0
    module["k"] = 5.0
    assert df(3.0) == 15.0
    assert set(module) <= {"np", "k", "__builtins__"}
    assert df.__globals__ is module


def test_cells_are_read_live():
    def make():
        k = 2.0

        def f(x):
            return x * k

        def change(value):
            nonlocal k
            k = value

        return f, change

    f, change = make()
    cells = dict(zip(f.__code__.co_freevars, f.__closure__, strict=True))
    function = parsed("def df(x):\n    return x * k", Scope(f.__globals__, cells), primal=f)
    df = link(Program((function,))).entry
    assert df(3.0) == 6.0
    change(7.0)
    assert df(3.0) == 21.0


def test_injected_names_come_first():
    function = parsed(
        "def df(x):\n    return helper(x) + np", Scope({"np": 1, "helper": 0}, {}, {"helper": abs})
    )
    assert link(Program((function,))).entry(-2) == 3


def test_siblings_call_each_other_and_recursion_works():
    module: dict = {"__name__": "user"}
    entry = parsed("def df(n):\n    return even(n)", Scope(module))
    even = parsed("def even(n):\n    return True if n == 0 else odd(n - 1)", Scope({}))
    odd = parsed(
        "def odd(n):\n    return False if n == 0 else other(n - 1)",
        Scope({}, {}, {"other": Sibling("even")}),
    )
    functions = link(Program((entry, even, odd)))
    assert functions.entry(4) is True and functions["odd"](4) is False
    assert list(functions) == ["odd", "even", "df"]
    assert "even" not in module
    with pytest.raises(PassError, match="lacks"):
        link(Program((odd,)))


def test_defaults_are_the_users_objects():
    table = [1, 2]

    def f(x, t=table, *, n=3):
        return x

    f.__annotations__ = {"n": int}
    function = parsed(
        "def df(x, t=table, *, n: int = 3, init_grad=1.0):\n    return t, n, init_grad",
        Scope({}),
        primal=f,
        defaults=f.__defaults__,
        kwdefaults=f.__kwdefaults__,
    )
    df = link(Program((function,))).entry
    assert df(0)[0] is table and df(0)[1:] == (3, 1.0)
    assert str(inspect.signature(df)) == "(x, t=[1, 2], *, n: int = 3, init_grad=1.0)"
    assert df.__annotations__ == {"n": int}
    free = parsed("def df(x: float, y: np.ndarray, z: list[int]):\n    return x", Scope({"np": np}))
    assert link(Program((free,))).entry.__annotations__ == {"x": float, "y": np.ndarray}


def test_defaults_of_ours_follow_the_users():
    function = parsed(
        "def df(x, k=K, init_grad=-1.0):\n    return k, init_grad", Scope({}), defaults=(5,)
    )
    assert link(Program((function,))).entry(0) == (5, -1.0)
    broken = parsed("def df(x, k=K):\n    return k", Scope({}))
    with pytest.raises(PassError, match="no literal"):
        link(Program((broken,)))


def test_what_the_function_object_says():
    function = parsed(
        "def df(x):\n    return x",
        Scope({"__name__": "user.module"}),
        meta={"doc": "The gradient of f."},
    )
    df = link(Program((function,))).entry
    assert (df.__name__, df.__qualname__, df.__module__) == ("df", "df", "user.module")
    assert df.__doc__ == "The gradient of f."
    assert not hasattr(df, "__wrapped__")
    assert df.source == "def df(x):\n    return x\n"
    documented = linked('def df(x):\n    """Doc."""\n    return x')
    assert documented.__doc__ == "Doc." and documented(2) == 2
    assert linked_of(df).program.entry is function and linked_of(len) is None


def test_source_is_found_and_stays():
    entry = parsed("def df(x):\n    return helper(x)", Scope({}))
    helper = parsed("def helper(x):\n    y = x\n    return y", Scope({}))
    functions = link(Program((entry, helper)))
    linecache.checkcache()
    assert inspect.getsource(functions.entry) == "def df(x):\n    return helper(x)\n"
    assert inspect.getsource(functions["helper"]) == "def helper(x):\n    y = x\n    return y\n"
    assert functions.filename.startswith("<tangent df grad ") and functions.filename.endswith(">")
    assert link(Program((entry, helper))).filename == functions.filename  # named after its content


FAILING = """\
def df(x, init_grad=1.0):
    a = x
    for i in range(2):
        a = a + 1
    if a > 10:
        b = a.missing
    return a
"""


def test_errors_carry_the_users_line():
    df = linked(FAILING)
    with pytest.raises(AttributeError) as caught:
        df(100)
    assert caught.value.__notes__ == [
        "tangent: this derives from model.py:106, in f: user line 106"
    ]
    # No traceback entry but the failing frame's own, and its line is the printed one.
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert [(f.name, f.lineno) for f in frames][1:] == [("df", 6)]
    assert frames[-1].line == "b = a.missing"
    assert df(1) == 3


def test_notes_of_headers_and_of_several_frames():
    functions = link(
        Program(
            (
                parsed("def df(x):\n    while x:\n        x = inner(x)\n    return x", Scope({})),
                parsed(
                    "def inner(x):\n    if x > 2:\n        return inner(x - 1)\n    return x[0]",
                    Scope({}),
                ),
            )
        )
    )
    with pytest.raises(TypeError) as caught:
        functions.entry(5)
    numbers = [note.split(":")[2].split(",")[0] for note in caught.value.__notes__]
    assert numbers == ["104", "103", "103"] or numbers == ["104", "103"]
    assert len(set(caught.value.__notes__)) == len(caught.value.__notes__)
    with pytest.raises(ValueError, match="ambiguous") as caught:
        functions.entry(np.ones(2))
    assert caught.value.__notes__ == [
        "tangent: this derives from model.py:102, in f: user line 102"
    ]


def test_errors_in_callees_of_the_user_keep_their_traceback():
    def user(x):
        raise KeyError(x)

    df = linked("def df(x):\n    return user(x)", {"user": user})
    with pytest.raises(KeyError) as caught:
        df(1)
    assert [f.name for f in traceback.extract_tb(caught.value.__traceback__)][1:] == ["df", "user"]
    assert caught.value.__notes__ == [
        "tangent: this derives from model.py:102, in f: user line 102"
    ]
    shown = "".join(traceback.format_exception(caught.value))
    assert "return user(x)" in shown and "model.py:102" in shown


def test_keyboard_interrupts_pass():
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        linked("def df():\n    return stop()", {"stop": interrupt})()
    assert not hasattr(caught.value, "__notes__")


def line_events(function, *args):
    events = []

    def trace(frame, event, arg):
        if frame.f_code is function.__code__:
            events.append((event, frame.f_lineno))
            return trace
        events.append(("call of", frame.f_code.co_name)) if event == "call" else None
        return None

    old = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*args)
    except AttributeError:
        pass
    finally:
        sys.settrace(old)
    return [e for e in events if e[0] != "call of" or e[1] != "line_events"]


def test_stepping_is_that_of_the_printed_text():
    df = linked(FAILING)
    plain: dict = {}
    exec(compile(df.source, "<plain>", "exec"), plain)
    assert line_events(df, 1) == line_events(plain["df"], 1)
    events = line_events(df, 100)
    assert not [e for e in events if e[0] == "call of"]  # `step` enters nothing of ours
    ours = [e for e in events if e != ("line", 1)]
    assert ours[:-1] == line_events(plain["df"], 100)[:-1]


def test_pdb_shows_the_text():
    df = linked(FAILING)
    out = io.StringIO()
    debugger = pdb.Pdb(
        stdin=io.StringIO("step\nstep\nnext\nlist\ncontinue\n"), stdout=out, nosigint=True
    )
    debugger.rcLines = []
    old = sys.gettrace()
    try:
        debugger.runcall(df, 1)
    finally:
        sys.settrace(old)
    shown = out.getvalue()
    assert "-> a = x" in shown and "-> for i in range(2):" in shown and "b = a.missing" in shown


def test_post_mortem_lists_the_failing_line():
    df = linked(FAILING)
    out = io.StringIO()
    try:
        df(100)
    except AttributeError as e:
        debugger = pdb.Pdb(stdin=io.StringIO("where\nlist\np a\nquit\n"), stdout=out, nosigint=True)
        debugger.rcLines = []
        debugger.reset()
        debugger.interaction(None, e.__traceback__)
    shown = out.getvalue()
    assert ">>" in shown and "b = a.missing" in shown and "102" in shown


PICKLE = """
import sys, cloudpickle, traceback, inspect
df = cloudpickle.loads(sys.stdin.buffer.read())
assert df(3.0) == 3.0 * 2.0 * 5.0 + 1.0, df(3.0)
assert df(3.0, init_grad=2.0) == 61.0
assert "def df(" in df.source
assert "helper(x)" in inspect.getsource(df)
try:
    df("text")
except TypeError as e:
    print("".join(traceback.format_exception(e)))
"""


def test_pickles_work_in_another_process(tmp_path):
    def make():
        k = 5.0
        return lambda x: x * k

    f = make()
    cells = dict(zip(f.__code__.co_freevars, f.__closure__, strict=True))
    entry = parsed(
        "def df(x, init_grad=1.0):\n"
        "    y = x * SCALE * k * init_grad\n"
        "    return helper(x) + y - x",
        Scope({"__name__": __name__, "SCALE": SCALE}, cells),
    )
    helper = parsed(
        "def helper(x):\n    return add(x, one)", Scope({}, {}, {"add": _add, "one": 1.0})
    )
    df = link(Program((entry, helper))).entry
    cloudpickle.register_pickle_by_value(sys.modules[__name__]) if __name__ in sys.modules else None
    try:
        data = cloudpickle.dumps(df)
    finally:
        if __name__ in sys.modules:
            cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    root = str(__import__("pathlib").Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", PICKLE],
        input=data,
        capture_output=True,
        env={"PYTHONPATH": root},
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "y = x * SCALE * k * init_grad" in done.stdout.decode()
    assert "model.py:102" in done.stdout.decode()


def _add(a, b):
    return a + b


def test_nothing_leaks_between_functions_of_one_name():
    one = parsed("def df(x):\n    return x + k", Scope({"k": 1}))
    two = parsed("def df(x):\n    return x + k", Scope({"k": 2}))
    assert link(Program((one,))).entry(0) == 1 and link(Program((two,))).entry(0) == 2


def test_odd_names_do_not_collide():
    text = """\
        def df(notes, e, Exception=1, wrapper=2):
            note = notes + e + Exception + wrapper
            return note
    """
    assert linked(text)(1, 2) == 6


def test_linking_uses_what_was_emitted():
    program = Program((parsed("def df(x):\n    return x", Scope({})),))
    emitted = emit(program)
    assert link(program, emitted).emitted is emitted
