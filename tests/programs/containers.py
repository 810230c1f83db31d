"""Containers inside the function: dicts, lists, tuples, nested, with arrays that are written through them."""

from __future__ import annotations

import numpy as np

from tests.cases import args, array, program


@program(args(0.7), args(array(3)))
def dict_display(x):
    d = {"a": x * x, "b": np.sin(x), "name": "text"}
    return np.sum(d["a"] * d["b"])


@program(args(0.7), args(array(3)))
def keys_written(x):
    d = {}
    d["a"] = x * x
    d["b"] = d["a"] * x
    d["a"] = d["a"] + d["b"]
    return np.sum(d["a"] * d["b"])


@program(args(0.7), args(array(3)))
def key_updated(x):
    d = {"a": x * 1.0}
    d["a"] += x * x
    d["a"] *= x
    return np.sum(d["a"])


@program(args(array(3), 3), args(array(3), 0))
def keys_of_a_loop(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] * x[i]
    s = 0.0
    for k in d:
        s = s + d[k] * x[k]
    return s


@program(args({"a": 0.3, "b": array(2), "c": [array(2), 0.5]}))
def loop_over_keys(x):
    s = 0.0
    for k in x:
        if k != "c":
            s = s + np.sum(x[k] ** 2)
    return s * x["c"][1]


@program(args({"a": 0.3, "b": array(2)}), args({}))
def loop_over_items(x):
    s = 0.0
    for k, v in x.items():
        s = s + np.sum(v * v) * len(k)
    return s


@program(args({"a": 0.3, "b": array(2)}))
def loop_over_values(x):
    s = 0.0
    for v in x.values():
        s = s + np.sum(v * v)
    return s


@program(args({"b": 0.3, "a": array(2)}))
def loop_over_sorted_keys(x):
    s = 1.0
    for k in sorted(x.keys()):
        s = s * np.sum(np.sin(x[k]))
    return s


@program(args({"b": 0.3, "a": 0.7}))
def sum_of_values(x):
    return sum(x.values()) * max(x.values())


@program(args({"a": 0.3}), args({"b": 0.4, "a": 0.3}))
def get_and_in(x):
    y = x.get("b", 2.0) * x["a"]
    if "b" in x:
        y = y * x["b"]
    if "c" not in x:
        y = y + x["a"]
    return y


@program(args(0.7), args(array(2)))
def update_setdefault_pop(x):
    d = {"a": x, "b": x * x}
    d.update(b=x * 3.0, c=x**3)
    d.update({"a": d["a"] * d["b"]})
    e = d.setdefault("d", np.sin(x)) + d.setdefault("a", 0.0)
    f = d.pop("c") * d.pop("missing", 2.0)
    return np.sum(e * f * len(d))


@program(args(0.7))
def deleted_key(x):
    d = {"a": x, "b": x * x}
    y = d["b"]
    del d["b"]
    d["b"] = d["a"] * y
    return d["b"] * len(d)


@program(args(array(3)))
def dict_of_lists(x):
    d = {"xs": [], "n": 0}
    for v in x:
        d["xs"].append(v * v)
        d["n"] += 1
    return sum(d["xs"]) * d["n"]


@program(args(array(3)))
def array_in_a_dict_written(x):
    d = {"h": x * 1.0, "k": np.zeros(2)}
    d["h"][0] = x[1] * x[2]
    d["k"][:] = x[:2]
    d["k"][1] *= d["h"][0]
    return np.sum(d["h"]) * np.sum(d["k"])


@program(args(array(3, 2)))
def rows_in_a_list_written(x):
    rows = [x[0] * 1.0, x[1] * 2.0]
    rows[0][1] = rows[1][0] * x[2, 0]
    rows[1][0] += rows[0][1]
    return np.sum(rows[0] * rows[1])


@program(args(0.7), args(array(2)))
def list_slots(x):
    xs = [x, x * x, 2.0]
    xs[0] = xs[1] * x
    xs[1] += x
    xs[-1] = xs[0] * xs[2]
    return np.sum(xs[0] + xs[1] * xs[2])


@program(args(array(4)), args(array(1)))
def list_grows(x):
    h = [x[0]]
    for t in range(1, len(x)):
        h.append(np.tanh(h[-1] * x[t] + h[t - 1]))
    return h[-1] * h[0] + sum(h)


@program(args(array(3, 2), 3), args(array(3, 2), 0))
def history_of_arrays(x, n):
    h = [np.ones(2)]
    for t in range(n):
        h.append(np.tanh(h[t] * x[t]))
    y = h[-1]
    for v in h:
        y = y + v * v
    return np.sum(y)


@program(args(array(3)))
def insert_and_pop(x):
    xs = [x[0] * x[1], x[1]]
    xs.insert(0, x[2] ** 2)
    xs.insert(-1, x[0])
    xs.insert(10, x[1] * x[2])
    a = xs.pop(1)
    b = xs.pop(-2)
    c = xs.pop()
    return a * b**2 * c + xs[0] * xs[1]


@program(args(array(3)))
def extend_and_reverse(x):
    xs = [x[0] * 2.0]
    xs.extend([x[1] * x[2], x[0]])
    xs.reverse()
    xs += [x[2] ** 2]
    return xs[0] * xs[1] + xs[2] * xs[3]


@program(args(array(3)))
def joined_lists(x):
    a = [x[0], x[1] * x[1]]
    b = [x[2]]
    c = a + b
    return c[0] * c[1] * c[2]


@program(args(array(4)))
def slices_of_lists(x):
    xs = [x[0] * x[1], x[1], x[2], x[3] ** 2]
    ys = xs[1:3]
    zs = xs[::-1]
    return ys[0] * ys[1] + zs[0] * zs[3]


@program(args(array(4)))
def slice_of_a_list_written(x):
    xs = [x[0] * x[1], x[1], x[2], x[3] ** 2]
    xs[1:3] = [xs[3] * x[0], xs[0]]
    return xs[0] * xs[1] + xs[2] * xs[3]


@program(args(array(3)))
def deleted_elements(x):
    xs = [x[0] * x[1], x[1], x[2]]
    y = xs[1]
    del xs[1]
    return xs[0] * xs[1] * y


@program(args(0.7))
def repeated_list(x):
    xs = [x * x] * 3
    xs[1] = x
    return xs[0] * xs[1] * xs[2]


@program(args(array(3)))
def zeros_then_slots(x):
    xs = [0.0] * len(x)
    for i in range(len(x)):
        xs[i] = x[i] * x[i]
    return xs[0] * xs[1] + xs[2]


@program(args(array(3)))
def none_then_slots(x):
    xs = [None] * len(x)
    for i in range(len(x)):
        xs[i] = x[i] * x[i]
    return xs[0] * xs[1] + xs[2]


@program(args(array(3, 2)))
def list_of_tuples(x):
    pairs = []
    for row in x:
        pairs.append((row * 2.0, row[0] * row[1]))
    s = 0.0
    for v, w in pairs:
        s = s + np.sum(v) * w
    return s


@program(args(array(2)))
def tuple_of_state(x):
    state = (x, 1.0)
    for i in range(3):
        h, c = state
        state = (np.tanh(h * c), c + h[0])
    return np.sum(state[0]) * state[1]


@program(args(array(3)))
def state_in_a_dict(x):
    state = {"h": x * 1.0, "n": 0, "log": []}
    for i in range(3):
        state["h"] = np.sin(state["h"] * x)
        state["n"] += 1
        state["log"].append(state["h"][0])
    return np.sum(state["h"]) * state["n"] + sum(state["log"])


@program(args(array(3)))
def set_of_keys(x):
    chosen = {0, 2}
    s = 0.0
    for i in range(len(x)):
        if i in chosen:
            s = s + x[i] * x[i]
    return s


@program(args([array(2), array(2, seed=1)]), expected="either")
def same_array_in_two_slots(x):
    y = x[0] * 1.0
    xs = [y, y]
    xs[0] += x[1]
    return np.sum(xs[1] * y)


@program(args(array(2)), expected="either")
def entry_changed_by_another_name(x):
    d = {"x": x * 1.0}
    a = d["x"]
    a += 1.0
    a[0] = a[1] * x[0]
    return np.sum(d["x"] * a)


@program(args(array(2)), expected="either")
def two_names_of_a_dict(x):
    d = {"a": x}
    e = d
    e["a"] = x * x
    return np.sum(d["a"])


@program(args(array(2)), expected="either")
def dict_in_two_dicts(x):
    inner = {"a": x}
    outer = {"p": inner, "q": inner}
    outer["p"]["a"] = x * x
    return np.sum(outer["q"]["a"])


@program(args(array(2)), expected="either")
def copied_dict(x):
    d = {"a": x, "b": 1.0}
    e = dict(d)
    e["a"] = x * x
    f = d.copy()
    f["b"] = np.sum(x)
    return np.sum(d["a"] * e["a"] * f["b"] * d["b"])


@program(args(array(2)), expected="either")
def elements_of_a_list_changed_in_a_loop(x):
    xs = [x * 1.0, x * 2.0]
    for v in xs:
        v[0] = v[1] * x[0]
    return np.sum(xs[0] * xs[1])


@program(args({"w": array(2), "b": 0.5}), expected="either")
def argument_dict_written(x):
    x["w"] = x["w"] * x["b"]
    return np.sum(x["w"]) * x["b"]


@program(args([array(2), 0.5]))
def argument_list_written(x: list):
    x[0] = x[0] * x[1]
    return np.sum(x[0]) * x[1]


@program(args(array(3)))
def tuples_as_keys(x):
    d = {}
    for i in range(2):
        for j in range(2):
            d[i, j] = x[i] * x[j + 1]
    return d[0, 1] * d[1, 0] + d[(1, 1)]


@program(args(array(3)))
def memo(x):
    known = {}
    s = 0.0
    for i in [0, 1, 0, 2, 1]:
        if i not in known:
            known[i] = np.sin(x[i])
        s = s + known[i] * x[0]
    return s


@program(args(array(3)))
def nested_lists(x):
    table = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    for i in range(2):
        for j in range(3):
            table[i][j] = x[j] * (i + 1.0)
    return table[0][0] * table[1][2] + table[1][1]


@program(args(array(3)))
def array_of_a_grown_list(x):
    xs = []
    for v in x:
        xs.append(v * v)
    return np.sum(np.array(xs) * x)
