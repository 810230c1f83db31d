"""Objects that a function makes of classes with source: attributes, methods, operators, inheritance, dataclasses."""

import dataclasses
import math
from collections import namedtuple
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tests.cases import args, array, program


class Layer:
    """Weights that are called."""

    def __init__(self, W, b, activation=np.tanh):
        self.W = W
        self.b = b
        self.activation = activation

    def __call__(self, x):
        return self.activation(x @ self.W + self.b)


@program(args(array(2, 3), array(3), array(4, 2)), wrt="W, b")
def one_layer(W, b, x):
    layer = Layer(W, b)
    return np.sum(layer(x)) + np.sum(layer.W * W)


class Counter:
    def __init__(self, start):
        self.total = start

    def add(self, x):
        self.total += x
        return self


@program(args(1.3, 3), args(0.7, 0), wrt="x")
def object_carried_through_a_loop(x, n):
    counter = Counter(x)
    for k in range(n):
        counter.add(x * counter.total)
    return counter.total


@program(args(1.3))
def two_names_of_one_object(x):
    first = Counter(x)
    second = first
    second.add(x * x).add(x)
    first.total = first.total * second.total
    return second.total * x


class Vector:
    """A vector of the plane, with operators; a new one each time."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return self + -other

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __mul__(self, other):
        if isinstance(other, Vector):
            return self.x * other.x + self.y * other.y
        return Vector(self.x * other, self.y * other)

    def __rmul__(self, factor):
        return self * factor

    def __truediv__(self, divisor):
        if isinstance(divisor, (int, float)):
            return Vector(self.x / divisor, self.y / divisor)
        return NotImplemented

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.norm < other.norm

    def __abs__(self):
        return self.norm

    def __getitem__(self, k):
        return (self.x, self.y)[k]

    def __len__(self):
        return 2

    @property
    def norm(self):
        return math.sqrt(self * self)

    @classmethod
    def polar(cls, r, angle):
        return cls(r * math.cos(angle), r * math.sin(angle))

    @staticmethod
    def angle_between(a, b):
        return math.acos(a * b / (a.norm * b.norm))


@program(args(1.3, 0.4), wrt="x, y")
def operators_of_a_class(x, y):
    a, b = Vector(x, y), Vector.polar(y, x)
    c = 2.0 * a - b * x + a / 3.0
    c += a
    angle = Vector.angle_between(a, c)
    larger = a if a < b else b
    return c.norm * angle * abs(b) + larger[0] * c[1] * len(c) + (1.0 if a == b else x)


@program(args(1.3, 0.4, 4), wrt="x, v")
def bodies_of_vectors(x, v, steps):
    """Two bodies; each step makes new vectors, which the loop carries."""
    a, b = Vector(x, 0.0), Vector(-1.0, 0.2)
    va, vb = Vector(0.0, v), Vector(0.0, -v)
    for _ in range(steps):
        r = b - a
        force = r * (1.0 / (r * r) ** 1.5)
        va, vb = va + 0.1 * force, vb - 0.1 * force
        a, b = a + 0.1 * va, b + 0.1 * vb
    return (a - b).norm


class Body:
    def __init__(self, position, velocity):
        self.position = position
        self.velocity = velocity

    def move(self, dt):
        self.position = self.position + self.velocity * dt


@program(args(1.3, 0.4), wrt="x, v")
def objects_of_objects(x, v):
    bodies = [Body(Vector(x, v), Vector(v, 1.0)), Body(Vector(0.0, x), Vector(x, x))]
    for _ in range(3):
        for body in bodies:
            body.move(0.1)
        r = bodies[1].position - bodies[0].position
        bodies[0].velocity += r * 0.1
    return bodies[0].position * bodies[1].position


@dataclass
class State:
    position: float
    velocity: float = 0.0
    energies: list = field(default_factory=list)
    step: int = field(default=0, kw_only=True)

    def __post_init__(self):
        self.start = self.position

    def advance(self, dt):
        self.velocity -= dt * self.position
        self.position += dt * self.velocity
        self.step += 1
        self.energies.append(0.5 * self.velocity**2 + 0.5 * self.position**2)


@program(args(1.3, 0.4), wrt="x, v")
def simulation_with_a_dataclass(x, v):
    state = State(x, velocity=v)
    while state.step < 5:
        state.advance(0.1)
    return sum(state.energies) * state.position + state.start


@dataclass(frozen=True)
class Pendulum:
    angle: float
    speed: float

    def after(self, dt):
        speed = self.speed - dt * math.sin(self.angle)
        return dataclasses.replace(self, angle=self.angle + dt * speed, speed=speed)


@program(args(1.3, 0.4), args(0.3, -0.4), wrt="x, v")
def frozen_states(x, v):
    state = start = Pendulum(x, v)
    for _ in range(4):
        state = state.after(0.1)
        if state.speed < 0.0:
            break
    chosen = start if state.speed < 0.0 else state
    return chosen.angle * state.angle * start.speed


class Fit(NamedTuple):
    slope: float
    offset: float = 0.0

    def at(self, x):
        return self.slope * x + self.offset


Pair = namedtuple("Pair", "first second")


def fitted(x, y):
    slope = np.sum(x * y) / np.sum(x * x)
    return Fit(slope, np.mean(y - slope * x))


@program(args(array(4), array(4, seed=1)), wrt="x, y")
def named_tuples(x, y):
    fit = fitted(x, y)
    slope, offset = fit
    pair = Pair(second=slope, first=fit.at(2.0))
    more = pair._replace(first=offset)
    return fit[0] * fit.offset + pair.first * pair.second + more.first * sum(pair) + len(pair)


class Shape:
    scale = 2.0

    def __init__(self, size):
        self.size = size

    def area(self):
        return self.scale * self.size**2

    def doubled(self):
        return type(self)(2.0 * self.size)


class Square(Shape):
    def __init__(self, size, depth):
        super().__init__(size * depth)
        self.depth = depth

    def area(self):
        return super().area() * self.depth

    def doubled(self):
        return self.__class__(self.size, 2.0)

    @property
    def width(self):
        return self.size

    @width.setter
    def width(self, value):
        self.size = value * self.depth


@program(args(1.3))
def inheritance(x):
    square, shape = Square(x, x), Shape(x)
    square.width = x * x
    square.width += x
    both = [square, shape.doubled(), square.doubled()]
    area = both[0].area
    return area() + sum(s.area() for s in both if isinstance(s, Shape)) * square.width


class Kalman:
    def __init__(self, F, H, q, r):
        self.F, self.H = F, H
        self.Q, self.R = q * np.eye(2), r * np.eye(1)
        self.x, self.P = np.zeros(2), np.eye(2)

    def predict(self):
        self.x = self.F @ self.x
        self.P = self.F @ self.P @ self.F.T + self.Q

    def update(self, y):
        e = y - self.H @ self.x
        S = self.H @ self.P @ self.H.T + self.R
        K = self.P @ self.H.T @ np.linalg.inv(S)
        self.x = self.x + K @ e
        self.P = self.P - K @ self.H @ self.P
        return e @ np.linalg.solve(S, e)


@program(
    args(array(4, 1), array(2, 2) * 0.5 + np.eye(2) * 0.3, array(1, 2), 0.2, 0.3),
    wrt="ys, F, H, q, r",
)
def kalman_filter_class(ys, F, H, q, r):
    kalman = Kalman(F, H, q, r)
    loss = 0.0
    for y in ys:
        kalman.predict()
        loss += kalman.update(y)
    return loss + np.sum(kalman.x) + np.trace(kalman.P)


class Mlp:
    def __init__(self, sizes, W):
        self.layers = [
            Layer(W[: n * m].reshape(n, m), np.zeros(m))
            for n, m in zip(sizes, sizes[1:])  # noqa: B905, RUF007
        ]
        self.rate = 0.1

    def predict(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def step(self, x):
        for layer in self.layers:
            layer.W = layer.W - self.rate * np.sum(layer.W) * np.mean(x)


@program(args(array(6), array(2, 2)), wrt="W, x")
def training_step_of_a_network(W, x):
    network = Mlp([2, 2, 1], W)
    for _ in range(2):
        network.step(x)
    return np.sum(network.predict(x))


class History:
    def __init__(self):
        self.items = []
        self.count = 0

    def push(self, item):
        self.items.append(item)
        self.count += 1

    def pop(self):
        self.count -= 1
        return self.items.pop()


@program(args(1.3, 4), wrt="x")
def stack_in_an_object(x, n):
    history = History()
    y = x
    for k in range(n):
        y = y * x
        history.push(y * k)
    total = 0.0
    while history.count > 1:
        total += history.pop() * x
    return total + history.items[0] + history.count


@program(args(1.3), args(-0.4))
def made_in_both_arms(x):
    if x > 0.0:
        p = Vector(x, x * x)
    else:
        p = Vector(2.0, x)
    if x < 1.0:
        p = p + p
    return p.x * p.y


class Chain:
    def __init__(self, size, strength):
        self.size, self.strength = size, strength

    def __len__(self):
        return self.size

    def __getitem__(self, i):
        return self.strength * (i + 1)

    def __contains__(self, i):
        return 0 <= i < self.size


@program(args(array(4), 0.7), wrt="x, w")
def loops_as_often_as_an_object_says(x, w):
    chain = Chain(len(x), w)
    s = 0.0
    for i in range(len(chain)):
        for j in range(i, len(chain)):
            s = s + chain[i] * x[i] * x[j]
    return s + sum(chain[k] * x[k] for k in range(1, len(chain))) if 2 in chain else s
