"""Programs on which reverse mode was once silently wrong, each named after the cause."""

import numpy as np

from tests.cases import args, array, program

TABLE = np.array([1.0, 2.0, 0.5])


@program(args(2.0), why="the replayed variable of a loop is bound again by a loop inside it")
def one_variable_for_two_loops(x):
    y = x
    for i in range(3):
        y = y * x * (i + 1.0)
        z = y * i
        for i in range(2):
            y = y + z * x * i
    return y


@program(args(1.3), why="so many names move on in turn that the loop's state takes long to settle")
def rotation_of_nine(x):
    a, b, c, d, e = x * 2, x * x, x * 3, x * x * x, x + 1
    f, g, h, k = x - 1, x * 5, x / 2, 1 / x
    for _i in range(12):
        a, b, c, d, e, f, g, h, k = b, c, d, e, f, g, h, k, a * 1.01
    return a * h


@program(args(array(3)), why="the same with an element written, so that adjoints must be owned")
def rotation_of_nine_written(x):
    a, b, c, d, e = x * 2, x * x, x * 3, x * x * x, x + 1
    f, g, h, k = x - 1, x * 5, x / 2, 1 / x
    for _i in range(12):
        a, b, c, d, e, f, g, h, k = b * 1.0, c, d, e, f, g, h, k, a * 1.01
        a[0] = b[1]
    return np.sum(a * h)


def squared_sine(a):
    t = np.sin(a)
    u = t * t
    return u * a


@program(args(array(3)), why="what a callee saves is an argument that its caller writes later")
def saved_argument_written(x):
    A = x * x
    y = squared_sine(A)
    A[0] = 3.0
    return np.sum(y * y) + np.sum(A)


@program(args(array(3)), why="the same in a loop")
def saved_argument_written_in_a_loop(x):
    A = x * x
    s = 0.0
    for i in range(3):
        y = squared_sine(A)
        A[i] = 0.3 * y[0]
        s = s + np.sum(y * y)
    return s


def exponentials(a):
    t = np.exp(a)
    for _i in range(2):
        t = np.exp(t * 0.1)
    return t


@program(args(array(3)), why="what a callee saves is its result, which its caller writes")
def saved_result_written(x):
    y = exponentials(x)
    y[0] = 3.0 * x[1]
    return np.sum(y * y)


def fill(out, x):
    out[0] = x * x
    out[1] = x


@program(args(2.0), why="an argument gets its first active value in a callee")
def buffer_filled_by_a_callee(x):
    buffer = np.zeros(3)
    fill(buffer, x)
    return buffer[0] * buffer[1]


def fill_and_return(out, x):
    out[0] = x
    return out.copy()


@program(args(0.4, array(4)), wrt="x,A", why="the same, and the result is not used")
def buffer_filled_and_result_dropped(x, A):
    for _i in range(1):
        dropped = fill_and_return(A, x)
    return x + np.sum(A * A)


@program(args(array(3), array(3)), wrt="x,y", why="a write through a keyword")
def written_by_out(x, y):
    c = x * y
    np.add(1.0, 2.0, out=c)
    return np.sum(c * c * x)


@program(args(2.0), args(0.5), why="`_` is a name like any other")
def underscore(x):
    _ = x * 2.0
    t = np.sin(_)
    y = x
    while y < 50.0:
        y = y * _
        y = y + 1.0
    return y * t


@program(args(1.2), why="`_` is read in a loop over it, and a `while` is mirrored inside")
def underscore_read_in_its_loop(x):
    y = x
    for _ in range(1, 4):
        y = y * x * _
        z = y
        while z < 50.0:
            z = z * x + 1.0
        y = y + z * _
    return y


@program(args(array(3)), why="the number that a uniform adjoint repeats gets another value")
def number_of_a_uniform_adjoint(x):
    a = np.zeros(3)
    a[:] = x
    y = 1.0
    s = 0.0
    for _i in range(3):
        b = a * a
        z = y * 2.0
        y = np.sum(b)
        a = a + 0.1
        s = s + z * y
    return s + y


@program(args(array(3), True), args(array(3), False), why="a zero of an array that may be unbound")
def elements_of_what_may_be_unbound(x, c):
    s = np.sum(x)
    if c:
        t = x * x
    s = s * 2.0
    if c:
        s = s * t[0] * t[1]
    return s


@program(args(array(3), True, 3), args(array(3), True, 1), wrt="x", why="the same, once not read")
def elements_not_read_on_one_path(x, c, n):
    s = np.sum(x)
    if c:
        t = x * x
    if n > 0:
        s = s * t[1]
    if n > 2:
        s = s * t[0]
    return s


@program(args(array(3), 3), args(array(3), 0), wrt="x", why="the same, carried through a loop")
def carried_from_the_second_iteration_on(x, n):
    s = np.sum(x)
    for i in range(n):
        if i > 0:
            t[0] = t[1] * s  # noqa: F821
            s = s + t[0] * t[1]  # noqa: F821
        t = x * s
    return s


@program(args(array(3)), why="the same, consumed by operations that need the shape")
def shaped_in_a_loop_and_read_after(x):
    for i in range(3):
        M = np.reshape(x * i * x, (3, 1))
        T = M.T
        C = np.concatenate((M, M))
    return np.sum(T * M) + np.sum(C * C)


@program(args(array(3)), expected="refused", why="a value goes through a global array")
def through_a_global(x):
    TABLE[0] = x[0]
    return np.sum(TABLE * x)


def store_outside(v):
    TABLE[1] = v
    return 1.0


@program(args(array(3)), expected="refused", why="the same, in a callee whose result is a constant")
def through_a_global_in_a_callee(x):
    store_outside(x[0])
    return np.sum(TABLE * x)


@program(args(array(4), array(4, seed=1)), wrt="x,y", why="both adjoints of a sum are one object")
def shared_adjoints_written(x, y):
    z = x * 1.0
    s = np.sum(z[1:] * z[:-1])
    w = z + y
    return np.sum(w * w) + s


@program(args(array(3, 4)), expected="refused", why="a row is a view")
def row_written_after_it_was_named(x):
    y = x * x
    r = y[1]
    y[1] = 2.0 * x[0]
    return np.sum(r * r * x[2])


@program(args(2.0, 4), args(2.0, 0), wrt="x", scalar=False, why="a result is a loop's variable")
def a_loop_variable_returned(x, n):
    i = 7
    for i in range(n):
        x = x * (1.5 + i)
    return x * x, i


@program(args(0.3, array(4)), wrt="x,A", why="a block that holds nothing but copies to itself")
def copied_to_itself(x, A):
    if x < 2.0:
        x = x
    else:
        x = x
    for _i in range(3):
        A = A
    return x + x + np.sum(A * A)


@program(args(array(3), array(3)), wrt="x,y", why="`out=`, the result unused")
def written_by_out_unread(x, y):
    c = np.zeros(3)
    z = np.add(x, y, out=c)
    return np.sum(c * c)


@program(args(array(3)), why="a mask that the backward pass reads is written after the write")
def mask_written_after_copyto(x):
    m = x > 0.5
    y = x * x
    np.copyto(y, 3.0 * x, where=m)
    m[:] = False
    return np.sum(y * y) * (2.0 + np.sum(m))


@program(args(array(3)), why="the mask of a ufunc is written after the call")
def mask_written_after_out(x):
    m = x > 0.5
    y = x * x
    np.multiply(x, 2.0, out=y, where=m)
    m[:] = ~m
    return np.sum(y * y) * (2.0 + np.sum(m))


@program(args(array(3)), why="indices that the backward pass reads are written after the write")
def indices_written_after_put(x):
    i = np.array([[0, 1, 0]])
    y = x[None] * np.ones((2, 3))
    np.put_along_axis(y, i, x[None] * 5.0, 0)
    i[:] = 1
    k = np.array([0, 2])
    np.put(x, k, x[:2] * y[0, :2])
    k[:] = 1
    return np.sum(y * y * x) * (1.0 + np.sum(i) + np.sum(k))


@program(args(array(3)), why="an array that is in a list, in a copy of the list, and named")
def slot_of_a_copied_list_written(x):
    xs = [x * x, x * 3.0]
    ys = xs[:]
    v = xs[0]
    ys[0] = x
    v[0] = 2.0 * x[2]
    return np.sum(xs[0] * ys[0] * ys[1])


@program(args(array(4)), why="a nested function returns the view that it has written")
def written_view_returned_by_a_nested_function(x):
    def write(a, s):
        a[1:] *= s
        return a

    y = x * x
    z = write(write(y, x[0])[1:], x[1])
    return np.sum(y * y) + np.sum(z)


@program(args(array(3)), why="a reversed view is written by out=, and read by what writes its base")
def written_by_out_through_a_view(x):
    y = np.empty_like(x)
    v = y[::-1]
    np.multiply(x, x, out=v)
    np.add(v, x, out=y)
    np.multiply(y, v, out=y)
    return np.sum(y * v)


@program(args(array(3)), why="indices and weights change between writes that accumulate")
def weights_and_indices_change(x):
    w = np.array([1.0, 2.0, 3.0])
    i = np.array([0, 0, 2])
    y = np.zeros(3)
    np.add.at(y, i, x * w)
    i[1] = 1
    w[2] = 0.5
    y[i] *= x * w
    i[2] = 0
    return np.sum(y * y) * np.sum(i + 1)


@program(args(array(3)), why="constants in a dict and a list change after they were multiplied by")
def constants_held_and_changed(x):
    d = {"w": np.array([1.0, 2.0, 3.0])}
    i = [0, 1]
    y = np.sin(x * d["w"]) * d["w"]
    z = x[i] * 2.0
    i.append(2)
    i[0] = 1
    d["w"][1] = 7.0
    return np.sum(y * y * d["w"]) + np.sum(z * z) + np.sum(x[i] ** 2)


@program(args(array(3), 0.3), wrt="x,s", why="a saved view is rebound, then its base is written")
def base_of_a_saved_view_written(x, s):
    a = x * 1.0
    v = a[:2]
    if s > 0.6:
        return s * a[0]
    v = v * s
    a *= s
    return np.sum(a * x) + np.sum(v)


@program(args(array(3)), why="the zeros that were written are not the zeros that are made again")
def made_again_without_its_write(x):
    s = x[0] * x[1]
    if len(x) > 1:
        z = np.zeros(2)
        w = z[:1]
        z[0] = s
        s = s * z[0] * w[0]
    return s


@program(args(0.7), why="the adjoint of an entry is 0.0 where a later iteration has written it")
def entry_written_in_a_loop(x: float):
    a = np.ones(3) * x
    d = {"k": a * x, "s": x * x}
    for _i in range(2):
        d["k"] = a * x
    for _i in range(2):
        d["k"] = a
    return np.sum(a * x) + np.sum(d["k"]) * d["s"]


@program(
    args(array(3)), why="the target of a comprehension is not a name of the block that is tried"
)
def comprehension_tried(x):
    s = x[0]
    try:
        s = sum([u * w for u, w in zip(x, x, strict=True)]) * 0.3
    except KeyError:
        s = 1.0
    return s * x[1]


@program(args(array(3)), expected="refused", why="a write of a slice makes the list longer")
def slice_of_another_length_written(x):
    xs = [x[0], x[1], x[2]]
    xs[1:-1] = [x[0] * x[1], x[2] * x[2]]
    return sum(v * v for v in xs)


@program(args(np.array(0.7)), why="the adjoint of an array without axes is a number until written")
def array_without_axes_written(x):
    y = np.zeros(())
    y[()] = x * x
    y[...] += x
    y *= x
    return y * 1.0


KEPT = np.zeros(3)
KEPT_IN_A_LIST = [np.zeros(3)]


def kept(x):
    return KEPT


def kept_in_a_list(x):
    return KEPT_IN_A_LIST[0][1:]


@program(args(array(3)), expected="refused", why="the result of a call is a global that is written")
def call_returns_a_global(x):
    y = kept(x)
    y[0] = x[1]
    return np.sum(kept(x) * x)


@program(
    args(kept, array(3), label="array"),
    args(kept_in_a_list, array(3), label="list"),
    expected="refused",
    why="the same, of a function that only the run knows",
)
def unknown_call_returns_a_global(g, x):
    y = g(x)
    y[0] = x[1]
    return np.sum(g(x)[0] * x)


@program(
    args(0.7, np.array([1, 2], np.uint8), np.array([5, 6])),
    wrt=("a",),
)
def minus_of_unsigned(a, y, x):
    return a * np.sum(x - (-y)) * np.sum(x + (-y) * 2)


def doubled_sum(p):
    p *= 2.0
    return np.sum(p)


@program(args(array(4)), why="the element is read before the operand is computed, which writes it")
def updates_by_what_writes(x):
    x[3] *= np.sum(x) - doubled_sum(x)
    x[0] += doubled_sum(x)
    x[1:3] -= 0.5 * doubled_sum(x)
    x[np.array([0, 2])] += doubled_sum(x)
    s = [0.0, 1.0]
    s[1] += doubled_sum(x)
    s[1] *= doubled_sum(x)
    return np.sum(x * x) * s[1]
