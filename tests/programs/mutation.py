"""In-place writes where a gradient easily goes silently wrong: each is right, or refused.

`expected="refused"` marks a program that reverse mode does not follow, and says so.
"""

import numpy as np

from tests.cases import args, array, program

WEIGHTS = np.array([1.0, -2.0, 3.0, 0.5])


@program(
    args(2, array(5)),
    args(2, array(5, dtype="f4")),
    args(0, array(5)),
    args(2, array(2)),
    args(2, array(4, 3)),
    args(1, np.arange(5), expected="refused"),
    wrt="A",
    why="an argument overwritten in place",
)
def stencil(n, A):
    for t in range(n):
        for i in range(1, len(A) - 1):
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    return np.sum(A * A)


@program(
    args(array(4)),
    args(array(4, dtype="f4")),
    args(array(4, 2), expected="refused"),
    why="swap of two elements; of rows: views",
)
def swap(x):
    y = x * x
    y[0], y[2] = y[2], y[0]
    y[1], y[2], y[3] = y[2] * y[3], y[3], y[1]
    return np.sum(y.T * WEIGHTS)


@program(args(array(4), 3), args(array(4), 0))
def swaps_in_a_loop(x, n):
    y = x * x
    for k in range(n):
        y[k], y[k + 1] = y[k + 1], y[k] * y[k + 1]
    return np.sum(y * WEIGHTS)


@program(
    args(array(3, 4)), expected="refused", why="a swap of rows reads views of what it overwrites"
)
def swap_of_rows(x):
    y = x * x
    y[0], y[1] = y[1], y[0]
    return np.sum(y * x)


@program(args(array(3, 4)))
def swap_of_copied_rows(x):
    y = x * x
    t = y[0].copy()
    y[0] = y[1]
    y[1] = t
    return np.sum(y * x)


@program(args(array(3, 4)), expected="refused", why="a row is a view")
def row_view_read_after_a_write(x):
    y = x * x
    r = y[1]
    y[1] = r * 2.0
    s = np.sum(r * r)
    y[1, 0] = 3.0
    return s + np.sum(r * y[0])


@program(args(array(3, 4)), args(array(3, 4, dtype="f4")))
def row_view_written(x):
    y = x * x
    r = y[1]
    r[0] = x[0, 0]
    r *= x[2]
    return np.sum(y * y)


@program(args(array(3, 4)), why="r is another view at each iteration")
def row_views_written_in_a_loop(x):
    y = x * x
    for i in range(3):
        r = y[i]
        r *= x[0]
        r[1] = r[0] * r[2]
    return np.sum(y * y)


@program(args(array(3, 4)), why="for v in y gives views")
def loop_over_rows_that_are_written(x):
    y = x * x
    for r in y:
        r[0] = r[1] * r[2]
    return np.sum(y * y)


@program(args(array(4)))
def slice_view_written(x):
    y = x * x
    v = y[1:]
    v[0] = x[0]
    v *= 2.0
    y[2] = v[0]
    return np.sum(v * v) + np.sum(y * WEIGHTS)


@program(args(array(2, 3)), why="transposed and reshaped: views")
def other_views_written(x):
    y = x * x
    t = y.T
    t[0, 1] = x[0, 0]
    r = y.reshape(6)
    r[2] *= x[1, 1]
    return np.sum(y * y)


@program(args(array(4)))
def alias_written(x):
    y = x * x
    z = y
    z[0] = x[1] * 3.0
    y[1] = z[0] * z[1]
    return np.sum(y * z)


@program(args(array(4)), why="x's own storage under another name")
def alias_of_an_argument_written(x):
    z = x
    z[0] = x[1] * 3.0
    return np.sum(x * z)


@program(
    args(array(4), 0.7),
    args(array(4), -0.7),
    wrt="x",
    why="an alias in one arm only",
)
def alias_in_a_branch(x, k):
    y = x * x
    z = x * 2.0
    if k > 0:
        w = y
    else:
        w = z
    w[0] = x[1]
    return np.sum(y * z * w)


@program(args(array(4), 3), expected="refused", why="which array is `best` is decided by the run")
def alias_decided_in_a_loop(x, n):
    y = x * x
    best = y
    for i in range(n):
        y = y * x
        if np.sum(y) > 0.5:
            best = y
        y[0] = x[i]
    return np.sum(best * y)


@program(args(array(4)), why="the alias is dead when the array is written")
def alias_that_moved(x):
    y = x * x
    z = y
    s = np.sum(z * z)
    y = z
    y[0] = s
    return np.sum(y * y)


@program(args(array(4)), why="the alias is not written any more after it is made")
def frozen_alias(x):
    y = x * x
    y[0] = x[1]
    z = y
    return np.sum(z * y) + np.sum(z)


@program(args(array(4)), args(array(4, dtype="f4")))
def elements_from_elements(x):
    y = x * x
    y[0] += y[1]
    y[1] *= y[0]
    y[2] = y[2] * y[1] + y[2]
    y[3] -= y[3]
    y[1] = y[1]
    return np.sum(y * WEIGHTS)


@program(args(array(4)), why="an element added to itself")
def element_with_itself(x):
    y = x * x
    y[0] += y[0]
    y[1] *= y[1]
    y[2] = y[2] + y[2] * y[2]
    i = 3
    y[i] += y[3] * y[i]
    return np.sum(y * WEIGHTS)


@program(args(array(4)), args(array(1)), args(array(4, 2)), args(array(4, dtype="f4")))
def overlapping_slices(x):
    y = x * x
    y[1:] += y[:-1]
    y[:-1] = y[1:] * x[:-1]
    y[1:] = y[:-1]
    y[::-1] *= x
    return np.sum(y * y)


@program(args(array(4)), args(array(1)))
def overlapping_write_of_the_whole(x):
    y = x * x
    y[:] = y[::-1]
    y[...] = y * y[0]
    return np.sum(y * x)


@program(
    args(array(4), np.array([0, 2, 2])),
    args(array(4), np.array([1, 1, 1])),
    args(array(4), np.array([], int)),
)
def repeated_indices_read(x, i):
    y = x * x
    z = y[i]
    y[0] = 3.0 * x[0]
    w = y[i]
    return np.sum(z * w) + np.sum(y)


@program(
    args(array(4), np.array([0, 2, 2])),
    args(array(4), np.array([0, 1, 3])),
    why="the last write of an element wins",
)
def repeated_indices_write(x, i):
    y = x * x
    y[i] = x[1:] * 2.0
    return np.sum(y * WEIGHTS * y)


@program(
    args(array(4), np.array([0, 2, 2])),
    args(array(4), np.array([0, 1, 3])),
    why="read, add, store: it does not accumulate",
)
def repeated_indices_add(x, i):
    y = x * x
    y[i] += x[1:] * 2.0
    y[i] *= x[:-1]
    return np.sum(y * WEIGHTS * y)


@program(args(array(4), np.array([0, 2, 2])))
def repeated_indices_accumulated(x, i):
    y = x * x
    np.add.at(y, i, x[1:] * y[0])
    return np.sum(y * WEIGHTS * y)


@program(
    args(array(4), 3),
    args(array(4), 0),
    args(array(4), 1),
    why="buffers change their names",
)
def buffers_swapped(x, n):
    A = x * x
    B = np.zeros(4)
    for t in range(n):
        for i in range(1, 3):
            B[i] = A[i - 1] * A[i + 1] + B[i] * 0.5
        A, B = B, A
    return np.sum(A * WEIGHTS) + np.sum(B * B)


@program(args(array(4)), why="buffers change their names outside of a loop")
def buffers_swapped_once(x):
    A = x * x
    B = x + 1.0
    A[0] = B[1]
    A, B = B, A
    A[1] = B[0] * A[1]
    return np.sum(A * WEIGHTS) + np.sum(B * B)


@program(args(array(4), 3), why="one buffer used again at each iteration")
def buffer_reused(x, n):
    out = np.zeros(4)
    buffer = np.zeros(4)
    for t in range(n):
        buffer[:] = x * (t + 1)
        buffer[0] = buffer[1] * buffer[2]
        out += buffer * buffer
    return np.sum(out * out)


@program(args(array(4), 1.2), args(array(4, dtype="f4"), 1.2), args(array(1), 1.2), wrt="x, w")
def writes_an_argument(x, w):
    x[0] = w * x[0]
    x *= w
    x += 1.0
    return np.sum(x * x)


@program(
    args(array(4), array(4, seed=1)),
    wrt="x, y",
    why="both arguments written, one gradient needed of each",
)
def writes_two_arguments(x, y):
    x[:] = x * y
    y[1:] += x[:-1]
    x[0] = y[3]
    return np.sum(x * y)


_same = array(4)


@program(
    args(_same, _same, label="one object", expected="refused"),
    args(array(4), array(4, seed=1)),
    wrt="y",
    why="arguments that share memory: keep the sharing or raise",
)
def written_argument_shared_with_another(x, y):
    x[0] = x[1] * 2.0
    return np.sum(x) + np.sum(y * y)


@program(args(array(4)), args(array(4, dtype="f4")), args(np.array([1, 2, 3, 4])))
def constant_writes(x):
    y = x * 1.5
    y[0] = 3.0
    y[1:3] = 0.0
    z = y * y
    y[:] = 1.0
    z[3] = 2.0
    return np.sum(z * y)


@program(args(array(4)), why="a constant write into an argument")
def constant_write_into_an_argument(x):
    x[1] = 0.0
    return np.sum(x * x)


@program(
    args(0.7),
    args(array(3)),
    args(np.array(0.7)),
    args(np.float32(0.7)),
    args(2),
    why="rebinding for a number, mutation for an array",
)
def shared_then_augmented(x):
    y = x
    y += 1.0
    return np.sum(x * y)


@program(args(0.7), args(array(3)), why="x is not read again")
def moved_then_augmented(x):
    y = x
    y += 1.0
    y *= y
    return np.sum(y * 2.0)


@program(args(array(3)), args(array(3, dtype="f4")))
def copied_then_augmented(x):
    y = x.copy()
    y += x * y
    y[0] = x[1]
    return np.sum(x * y)


@program(args(array(3)), why="asarray does not copy")
def maybe_copied_then_written(x):
    y = np.asarray(x)
    y[0] = x[1] * 2.0
    z = np.array(y)
    z[1] = y[0]
    return np.sum(y * z * x)


@program(
    args(array(3, dtype="f4"), 1.2),
    args(array(3), 1.2),
    wrt="x, w",
    rtol=3e-3,
    step=3e-2,
    why="the buffer rounds what is written, and so the differences",
)
def float32_buffer(x, w):
    y = np.zeros(3, dtype=np.float32)
    y[:] = x * w
    y[0] *= w
    return np.sum(y * y)


@program(
    args(array(3), 1.2), wrt="x", expected="refused", why="an integer buffer has no derivative"
)
def integer_buffer(x, w):
    y = np.zeros(3, dtype=int)
    y[0] = x[0] * 10.0
    return np.sum(y * x)


@program(args(array(3), 2))
def integer_buffer_that_is_not_active(x, n):
    y = np.zeros(3, dtype=int)
    for i in range(n):
        y[i] = i + 1
        y[0] += n
    return np.sum(y * x)


@program(
    args(array(4), 3),
    args(array(4), 0),
    why="the value that is read before the write, and after it",
)
def read_before_and_after(x, n):
    y = x * x
    s = 0.0
    for i in range(n):
        s = s + y[i] * y[0]
        y[0] = y[i + 1] * s
        s = s * y[0]
    return s + np.sum(y)


@program(args(array(4)), why="h[t - 1] at t = 0 is the last row, which is written later")
def wraps_around(x):
    h = np.ones(4)
    for t in range(4):
        h[t] = h[t - 1] * x[t] + x[t] * x[0]
    return np.sum(h * h)


@program(args(array(4), 3), why="saved on a tape and then written")
def taped_then_written(x, n):
    y = x * x
    s = np.zeros(4)
    for i in range(n):
        z = y * x
        s += z * y
        y[i] = s[i]
    return np.sum(s * y)


@program(args(array(4)), args(-array(4)), why="written in one arm only")
def written_in_a_branch(x):
    y = x * x
    if x[0] > 0:
        y[1] = y[0] * y[1]
        y = y * 2.0
    else:
        y[0] = 3.0
    y[2] *= y[1]
    return np.sum(y * y)


@program(args(array(4), 6), args(array(4), 0), why="written until a break")
def written_until_a_break(x, n):
    y = x * x
    for i in range(n):
        if i == 3 or y[i] > 1.4:
            break
        y[i + 1] = y[i] * y[i + 1] + x[i]
    return np.sum(y * y)


@program(args(array(4), 0.3), wrt="x, w", why="an index that depends on the data")
def index_from_data(x, w):
    y = x * w
    for i in range(4):
        k = int(x[i] * 3) % 4
        y[k] = y[k] * x[i] + w
    return np.sum(y * WEIGHTS)


@program(args(array(3)), why="an array is written and its old value read under the next name")
def rebound_between_writes(x):
    y = x * x
    y[0] = x[1]
    y = y * x
    y[1] = y[0] * y[1]
    y = y + x
    y[2] *= y[1]
    return np.sum(y * y)


@program(args(array(2, 3)), why="out= writes its argument")
def out_argument(x):
    y = np.zeros((2, 3))
    np.multiply(x, x, out=y)
    return np.sum(y * x)


@program(args(array(3)), why="a list is written in place")
def list_slots(x):
    y = [x[0], x[1] * x[2], 3.0]
    y[2] = y[0] * y[1]
    y[0] = x[2]
    return y[0] * y[1] + y[2]


@program(args(array(3)))
def list_of_one_array_twice(x):
    a = x * x
    y = [a, a]
    y[0][0] = x[1]
    return np.sum(y[0] * y[1])
