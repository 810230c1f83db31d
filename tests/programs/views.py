"""Writes through aliases and views, and behind them: every name of a storage sees them, in the gradient too.

Written for arrays: rows of a matrix are views, elements of a vector are numbers. Where the kinds leave open which, a
swap of elements is taken to be one of numbers, and refused as the program runs if it was one of rows.
"""

import numpy as np

from tests.cases import args, array, program

WEIGHTS = np.array([1.0, -2.0, 3.0, 0.5])


# -- through an alias


@program(args(array(4)), args(array(2, 3)), args(array(3, dtype="f4")))
def alias_updated(x):
    y = x * x
    z = y
    z += x
    z *= y
    return np.sum(y * y)


@program(
    args(array(4), 0.7), args(array(4), -0.7), wrt="x", why="which array is written, a test says"
)
def alias_by_a_test(x, k):
    y, w = x * x, 3.0 * x
    z = y if k > 0 else w
    z[0] = x[1] * z[2]
    z[1:] *= 2.0
    return np.sum(y * w) + np.sum(z)


@program(args(array(4), 2), args(array(4), 1), args(array(4), 0), wrt="x")
def alias_by_two_tests(x, k):
    y, w, v = x * x, 3.0 * x, np.sin(x)
    if k == 0:
        z = y
    elif k == 1:
        z = w
    else:
        z = v
    z[0] *= z[1] * x[2]
    y[1] = w[0] * v[0]
    return np.sum(y * w * v * z)


@program(
    args(array(4), 0.7),
    args(array(4), -0.7),
    wrt="x",
    why="a view in one arm, a new array in the other",
)
def view_or_new_array(x, k):
    y = x * x
    if k > 0:
        r = y[1:]
    else:
        r = y[:-1] * 2.0
    r[0] = x[0] * r[1]
    y[1] *= 2.0
    return np.sum(y * x) + np.sum(r * x[0])


@program(args(array(3, 4)), why="the test that decides which row is another one in each iteration")
def rows_by_a_test_in_a_loop(x):
    a = 2.0 * x
    for i in range(3):
        r = a[i] if i > 1 else a[0]
        r[0] = x[0, 0] * r[1] * a[i, 1]
        a[1] *= r
    return np.sum(a * x)


@program(args(1.3), args(array(3), expected="refused"), why="`y += x` rebinds a number")
def update_of_a_copy(x):
    y = x
    y += x * x
    s = y
    for i in range(3):
        t = s
        s = s + x * t
        y = y * t
    return np.sum(y + s + x)


@program(args(array(4)), args(1.3))
def old_value_that_is_none(x):
    s = x * 1.0
    total = 0.0
    for i in range(3):
        t = s
        s += x * 0.5
        total += np.sum(t * t)
    return total


# -- through views


@program(args(array(3, 4)), args(array(3, 4, dtype="f4")))
def chained_writes(x):
    y = x * x
    y[1][2] = 2.0 * x[0, 0]
    y[1:, :][1:][0] = x[0] * y[0]
    y[0, 1:][::-1][0] *= y[1][2]
    y.T[0][1] += y[2][1]
    return np.sum(y * y)


@program(args(array(3, 4)))
def views_of_views(x):
    y = x * x
    v = y[1:]
    w = v.T
    u = w[1:3][::-1]
    u[0] = x[0, 0] * w[0]
    v[1, 1] = u[0, 0] * u[1, 1]
    y[1] *= w[3, 1]
    return np.sum(y * x) + np.sum(u * u)


@program(args(array(3, 4)), why="each method gives the same memory")
def methods_that_view(x):
    y = x[None] * x[0]
    v = np.squeeze(y)
    v[0] = x[1] * y[0, 2]
    w = np.expand_dims(v, 1)
    w[2, 0] *= v[0]
    t = v.swapaxes(0, 1)
    t[0] = v[:, 1]
    t = np.moveaxis(y, 2, 0)
    t[3] *= 2.0
    f = np.flip(v, 0)
    f[0] += f[1] * f[2]
    r = y.real
    r[0, 1] = t[1, 0] @ t[2, 0] * r[0, 0]
    return np.sum(y * y)


@program(args(array(3, 4)), args(np.asfortranarray(array(3, 4)), label="F"))
def methods_that_may_copy(x):
    y = np.ones((3, 4)) * x
    r = y.T.reshape(-1)  # a copy
    r[0] = 5.0
    s = y[:, ::2].ravel()  # a copy
    s[1] = x[0, 0]
    q = y[:2].ravel()  # a view
    q[3] = x[1, 1] * q[0]
    z = np.asarray(y)
    z[2] *= q[:4]
    w = y.astype(float, copy=False)
    w[0, 0] = r[1] * s[1]
    c = y.astype(float)
    c[0] = 2.0
    return np.sum(y * y) + np.sum(r * r) + np.sum(s * s) + np.sum(q * q) + np.sum(c * x)


@program(args([0.3, 0.7, 0.9]), args(array(3)), why="of a list asarray makes a new array")
def asarray_of_a_list(x):
    z = np.asarray(x)
    z[0] = z[1] * z[2]
    return np.sum(z * z) + x[0]


@program(
    args(array(3, 4), expected="refused"),
    why="a view only where the adjoint lies in memory as its primal does",
)
def view_by_memory_order(x):
    y = np.asfortranarray(x * 1.0)
    r = y.T.reshape(-1)
    r[1] = x[0, 0] * r[2]
    return np.sum(y * y)


@program(args(array(3, 4)), why="views that can't be written see what is written")
def read_only_views(x):
    y = x * x
    v = np.broadcast_to(y[0], (2, 4))
    d = y[:, :3].diagonal()
    y[0, 1] = x[1, 1]
    y[1, 1] = 3.0 * x[0, 0] * d[0]
    return np.sum(y * y) + np.sum(v * v * v) + np.sum(d * d) + v[0, 1] * d[1]


@program(args(array(3, 4)), why="a base that becomes active after the view was taken")
def read_only_view_of_zeros(x):
    y = np.zeros((3, 4))
    v = np.broadcast_to(y[0], (2, 4))
    y[0] = x[1] * x[2]
    return np.sum(v * v) + v[1, 2]


@program(args(array(4)), why="written behind the view")
def base_written(x):
    y = x * x
    v = y[1:]
    y[1] = 3.0
    y[2] = v[0] * x[0]
    y *= 2.0
    return np.sum(v * x[1:])


@program(args(array(4)))
def updates_that_overlap(x):
    y = x * x
    v = y[::-1]
    y *= v
    v -= y[0] * y
    y[1:] += y[:-1]
    y[:-1] = v[1:] * y[1:]
    y[...] = v
    y /= v + 3.0
    y **= 2
    return np.sum(y * v * x)


@program(args(array(3, 4)), why="the returned name is a view")
def result_of_a_view(x):
    y = x * x
    v = y[0]
    y[0, 1] = x[1, 1] * v[0]
    s = v @ v
    v[2] = s
    return v @ y[1]


@program(args(array(3, 4)), scalar=False)
def array_of_a_view(x):
    y = x * x
    v = y[1:]
    y[1] = v[1] * x[0]
    return v


@program(
    args(array(4)), args(array(4, dtype="f4")), why="what is a copy, and what is the array itself"
)
def copies_and_not(x):
    y = x * x
    z = np.array(y, copy=False)
    z[0] = x[1] * x[2]
    w = y.astype(x.dtype)
    w[1] = 2.0 * y[0]
    c = y.conj()
    c[2] *= z[0]
    a = np.ascontiguousarray(y[::-1])
    a[0] = y[1] * w[1]
    d = np.diag(y)
    y[3] = x[0]
    return np.sum(y * w * a) + np.sum(d * d)


# -- rows


@program(
    args(array(4)),
    args(array(3, 4), expected="refused"),
    why="elements, or rows: views of what is overwritten",
)
def swap_without_kinds(x):
    a = x * x
    t = a[0]
    a[0] = a[1]
    a[1] = t
    a[1], a[2] = a[2], a[1]
    return np.sum(a * x)


@program(args(array(3, 4)))
def swap_of_rows_known_to_be_views(x):
    a = np.zeros((3, 4))
    a[:] = x * x
    t = a[0]
    a[0] = a[1]
    a[1] = t
    a[1], a[2] = a[2], a[1] * t
    return np.sum(a * x)


@program(args(array(3, 4)))
def rows_in_loops(x):
    y = x * x
    for r in y:
        r[0] = r[1] * r[2]
    for i, r in enumerate(y):
        r[i] += r[0] * y[-1, i]
    for i in range(3):
        r = y[i]
        r *= x[0]
        for j in range(1, 4):
            r[j] = r[j] + 0.5 * r[j - 1]
    return np.sum(y * y)


@program(args(array(3, 4)), why="a row before the loop, written in it through either name")
def row_before_a_loop(x):
    a = 2.0 * x
    r = a[0]
    for i in range(3):
        r[i] = a[i, 1] * r[i]
        a[1] = r * 2.0
        if i == 1:
            r *= a[2]
    return np.sum(a * x)


@program(
    args(array(3, 4)), expected="refused", why="which row `r` is depends on the iteration before"
)
def row_carried_by_a_loop(x):
    a = 2.0 * x
    r = a[0]
    for i in range(3):
        r[0] = a[i, 1] * 2.0
        r = a[i]
    return np.sum(a * x)


@program(args(array(3, 4), 0.7), args(array(3, 4), -0.7), wrt="x")
def rows_in_branches(x, k):
    a = 2.0 * x
    if k > 0:
        r = a[1]
        r[1:] = r[:-1] * a[0, 1:]
        a[0] = r
    else:
        r = a[2]
        r *= 2.0
    w = a[:, 0]
    if k > 0.5:
        a[0] = x[1]
        w = np.sin(w)
        a[0, 0] = 2.0
    return np.sum(a * x) + np.sum(w * w)


@program(
    args(array(4, 4)),
    why="a row and a column at a time, as an alternating-direction sweep has them",
)
def alternating_sweeps(x):
    u = x.copy()
    for step in range(2):
        for i in range(u.shape[0]):
            row = u[i]
            for j in range(1, row.shape[0]):
                row[j] = row[j] + 0.5 * row[j - 1]
        for j in range(u.shape[1]):
            column = u[:, j]
            for i in range(1, column.shape[0]):
                column[i] = column[i] * column[i - 1]
    return np.sum(u * u)


# -- buffers


@program(
    args(array(6), 3), args(array(6), 0), wrt="x", why="a wave equation: three time levels rotate"
)
def buffers_rotated(x, n):
    a, b, c = x.copy(), np.zeros_like(x), np.zeros_like(x)
    b[1:-1] = a[1:-1]
    for t in range(n):
        c[1:-1] = 2.0 * b[1:-1] - a[1:-1] + 0.1 * (b[2:] - 2.0 * b[1:-1] + b[:-2]) * a[1:-1]
        a, b, c = b, c, a
    return np.sum(b * b)


@program(
    args(array(6), array(6, seed=1), 3),
    wrt="u new",
    why="two arguments trade places, and one has a view",
)
def buffers_swapped(u: np.ndarray, new: np.ndarray, n):
    for t in range(n):
        inner = new[1:-1]
        inner[:] = u[:-2] * u[2:]
        inner += u[1:-1]
        u, new = new, u
    return np.sum(u) + np.sum(new * new)


@program(args(array(6), array(6, seed=1), 3), args(array(6), array(6, seed=1), 0), wrt="u new")
def buffers_swapped_of_unknown_kind(u, new, n):
    for t in range(n):
        new[1:-1] = u[:-2] * u[2:]
        u, new = new, u
    return np.sum(u) + np.sum(new * new)


@program(args(array(6)))
def buffer_reused(x):
    buffer = np.empty_like(x)
    s = 0.0
    for i in range(3):
        buffer[:] = x * i
        v = buffer[1:]
        v *= x[1:]
        s += np.sum(buffer * buffer)
    return s


@program(args(array(6)))
def buffers_made_in_a_loop(x):
    previous = x
    for i in range(3):
        buffer = np.empty_like(x)
        v = buffer[1:]
        v[:] = previous[:-1] * x[1:]
        buffer[0] = x[i]
        previous = buffer
    return np.sum(previous * previous)


@program(
    args(array(6)),
    why="active values into constant arrays through views, and constants into active ones",
)
def constants_and_actives(x):
    y = np.zeros(6)
    v = y[2:]
    v[:] = x[2:]
    y[3] = 7.0
    w = np.empty(6)
    w[:] = y
    w[::2] = 1.0
    z = np.ndarray((6,))
    z[:3] = w[3:]
    z[3:] = w[:3]
    z[0] = 0.0
    return np.sum(v * v * z[2:])


@program(args(array(4)), expected="refused", why="integers truncate, through a view too")
def integer_storage_behind_a_view(x):
    y = np.zeros(4, dtype=int)
    v = y[1:]
    v[0] = x[0]
    return np.sum(y * x)


@program(args(array(4)), why="the argument itself, through a view")
def argument_written_through_views(x):
    v = x[1:]
    w = v[::-1]
    w[0] = x[0] * v[1]
    v *= x[0]
    return np.sum(x * x)


@program(args(array(4)), why="an empty trip count and a view that nobody uses")
def views_unused(x):
    y = x * x
    v = y[1:]
    for i in range(0):
        v[0] = 3.0
        y[0] = 2.0
    w = y[:2]
    w[1] = 1.0
    return np.sum(y * x)


@program(args(array(3, 4)), args(array(3, 4, dtype="f4")), why="different rows of one copy")
def unpacked_rows_of_a_copy(x):
    a, b, c = x.copy()
    for i in range(1, 4):
        b[i] -= a[i] * c[i - 1] * b[i - 1]
    return b[-1] * a[0] + c[1]


@program(args(array(2, 2, 3)), why="parts of different parts")
def parts_of_parts(x):
    y = np.array(x)
    a, b = y
    c = a[0]
    d = b[:, 1]
    c[1] = d[0] * 2.0
    d[1] = c[1] * c[0]
    return np.sum(c * x[0, 0]) + np.sum(d)


@program(args(array(4, 3)), why="columns lie in one another's gaps")
def columns_of_an_argument(x):
    a = x[:, 0]
    b = x[:, 1]
    a[1:] = b[:-1] * a[:-1]
    return np.sum(a * b)


_row = array(3)


@program(args([_row, _row]), args([array(3), array(3, seed=1)]), wrt="x")
def rows_of_a_list(x):
    """A list may hold one array twice: it is not written here."""
    a = x[0]
    b = x[1]
    c = a * b
    a, b = [c, c * 2.0]
    a[0] = b[1] * 3.0
    return np.sum(a * b)


@program(args(array(4)), why="buffers are exchanged; what may be a list is copied")
def copies_that_trade_places(x):
    x = x.copy()
    new = np.empty_like(x)
    for _ in range(2):
        for i in range(1, len(x)):
            new[i] = x[i] * x[i - 1]
        new[0] = x[0]
        x, new = new, x
    return np.sum(x * x)


@program(args(array(4, 3)), why="a copy of a view of a copy, both written")
def copy_of_a_view(x):
    y = x.copy()
    for k in range(2):
        v = y[k:, k].copy()
        v[0] -= np.sum(v * v)
        block = y[k:, k:]
        block *= np.outer(v, v @ block)
    return np.sum(y)


@program(args(array(3), np.array([0, 2])), wrt="x", why="`total` is a number, `best` is `x`")
def number_out_of_what_has_another_name(x, i):
    best = x
    for _ in range(2):
        best = best * x
    total = x[i[0]]
    for k in i:
        total += x[k]
    return np.sum(best) * total


@program(args(array(2)), args(array(2, 3)), why="the elements of one result are no results")
def unpacked_elements_of_a_result(x):
    a, b = np.sin(x)
    c, d = x.copy()
    return np.sum(a * d) + np.sum(b * c * c)


@program(args(np.array(0.7)), args(array(2)), why="what has no axes may be a number in the adjoint")
def alias_of_what_has_no_axes(x: np.ndarray):
    y = x
    y += 1.0
    return np.sum(x * y)
