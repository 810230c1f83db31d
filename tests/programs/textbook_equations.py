"""Differential equations: stencils, time stepping, functions that fill arrays, functions as arguments."""

import numpy as np

from tests.cases import args, array, program


@program(args(array(7), 0.2), wrt="u, k")
def heat(u, k):
    """Explicit heat equation with two buffers that are exchanged."""
    u = u.copy()
    new = np.empty_like(u)
    for step in range(4):
        for i in range(1, len(u) - 1):
            new[i] = u[i] + k * (u[i - 1] - 2.0 * u[i] + u[i + 1])
        new[0] = u[0]
        new[-1] = u[-1]
        u, new = new, u
    return np.sum(u**2)


@program(args(array(5, 5), array(5, 5, seed=1)), wrt="u, f")
def jacobi_stencil(u, f):
    u = u.copy()
    for sweep in range(3):
        old = u.copy()
        u[1:-1, 1:-1] = 0.25 * (
            old[:-2, 1:-1] + old[2:, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:] - f[1:-1, 1:-1]
        )
    return np.sum(np.tanh(u))


@program(args(array(6, 6)), wrt="u")
def red_black(u):
    """Gauss-Seidel in red-black order: strided slices, written in turns."""
    u = np.array(u)
    for sweep in range(2):
        for colour in range(2):
            for i in range(1, u.shape[0] - 1):
                first = 1 + (i + colour) % 2
                u[i, first:-1:2] = 0.25 * (
                    u[i - 1, first:-1:2]
                    + u[i + 1, first:-1:2]
                    + u[i, first - 1 : -2 : 2]
                    + u[i, first + 1 :: 2]
                )
    return np.sum(u**2)


def thomas_in_place(d, r):
    """Solve a tridiagonal system with off-diagonals -r, diagonal 1 + 2 r; the solution replaces d."""
    n = len(d)
    c = np.zeros(n)
    c[0] = -r / (1.0 + 2.0 * r)
    d[0] = d[0] / (1.0 + 2.0 * r)
    for i in range(1, n):
        m = 1.0 + 2.0 * r + r * c[i - 1]
        c[i] = -r / m
        d[i] = (d[i] + r * d[i - 1]) / m
    for i in range(n - 2, -1, -1):
        d[i] -= c[i] * d[i + 1]


@program(args(array(4, 4), 0.3), wrt="u, r")
def alternating_directions(u, r):
    """Peaceman-Rachford: implicit sweeps along rows, then along columns, on views."""
    u = u.copy()
    for step in range(2):
        for i in range(u.shape[0]):
            thomas_in_place(u[i], r)
        for j in range(u.shape[1]):
            column = u[:, j]
            thomas_in_place(column, r)
    return np.sum(u * u)


@program(args(array(8), array(8, seed=3)), wrt="e, eps")
def finite_difference_time_domain(e, eps):
    """Yee's scheme in one dimension, fields updated in place."""
    ez = e.copy()
    hy = np.zeros(len(e) - 1)
    for n in range(5):
        hy += 0.5 * (ez[1:] - ez[:-1])
        ez[1:-1] += 0.5 / eps[1:-1] * (hy[1:] - hy[:-1])
        ez[3] += np.exp(-((n - 2.0) ** 2))
    return np.sum(ez**2) + np.sum(hy**2)


def build_up_b(b, dt, u, v, dx, dy):
    b[1:-1, 1:-1] = (
        ((u[1:-1, 2:] - u[1:-1, :-2]) / (2 * dx) + (v[2:, 1:-1] - v[:-2, 1:-1]) / (2 * dy)) / dt
        - ((u[1:-1, 2:] - u[1:-1, :-2]) / (2 * dx)) ** 2
        - ((v[2:, 1:-1] - v[:-2, 1:-1]) / (2 * dy)) ** 2
    )
    return b


def pressure_poisson(p, dx, dy, b):
    for q in range(2):
        pn = p.copy()
        p[1:-1, 1:-1] = (
            (pn[1:-1, 2:] + pn[1:-1, :-2]) * dy**2 + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx**2
        ) / (2 * (dx**2 + dy**2)) - dx**2 * dy**2 / (2 * (dx**2 + dy**2)) * b[1:-1, 1:-1]
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0
    return p


def boundaries(u, v, lid):
    u[0, :] = 0
    u[:, 0] = 0
    u[:, -1] = 0
    u[-1, :] = lid
    v[0, :] = 0
    v[-1, :] = 0
    v[:, 0] = 0
    v[:, -1] = 0


@program(args(array(5, 5), array(5, 5, seed=1), 1.1, 0.1), wrt="u, v, lid, nu")
def navier_stokes_cavity(u, v, lid, nu):
    """Two steps of the lid-driven cavity with helpers that fill arrays (Barba, 12 steps)."""
    dx, dy, dt, rho = 0.5, 0.5, 0.05, 1.0
    u = u.copy()
    v = v.copy()
    p = np.zeros(u.shape)
    b = np.zeros(u.shape)
    for n in range(2):
        un = u.copy()
        vn = v.copy()
        b = build_up_b(b, dt, u, v, dx, dy)
        p = pressure_poisson(p, dx, dy, b)
        u[1:-1, 1:-1] = (
            un[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, :-2])
            - dt / (2 * rho * dx) * (p[1:-1, 2:] - p[1:-1, :-2])
            + nu * dt / dx**2 * (un[1:-1, 2:] - 2 * un[1:-1, 1:-1] + un[1:-1, :-2])
        )
        v[1:-1, 1:-1] = (
            vn[1:-1, 1:-1]
            - vn[1:-1, 1:-1] * dt / dy * (vn[1:-1, 1:-1] - vn[:-2, 1:-1])
            - dt / (2 * rho * dy) * (p[2:, 1:-1] - p[:-2, 1:-1])
            + nu * dt / dy**2 * (vn[2:, 1:-1] - 2 * vn[1:-1, 1:-1] + vn[:-2, 1:-1])
        )
        boundaries(u, v, lid)
    return np.sum(u**2 + v**2)


@program(args(array(3, 2, low=-1.0), array(3, 2, seed=4) * 0.1, array(3, seed=5)), wrt="x, v, m")
def n_body(x, v, m):
    """Leapfrog with a nested function that fills the array of accelerations."""
    x, v = x.copy(), v.copy()
    n = len(m)

    def accelerations(a):
        a[:] = 0.0
        for i in range(n):
            for j in range(n):
                if i == j:
                    continue
                d = x[j] - x[i]
                a[i] += m[j] * d / (d @ d + 0.1) ** 1.5

    a = np.empty_like(x)
    accelerations(a)
    dt = 0.1
    for step in range(2):
        v += 0.5 * dt * a
        x += dt * v
        accelerations(a)
        v += 0.5 * dt * a
    return 0.5 * np.sum(m[:, None] * v**2)


def rk4(f, y, t, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@program(args(array(2), 1.5, 0.8), wrt="y, alpha, beta")
def lotka_volterra(y, alpha, beta):
    """A solver that takes the right side as an argument; a closure over the parameters."""

    def rhs(t, y):
        prey, predators = y
        return np.array([alpha * prey - beta * prey * predators, prey * predators - predators])

    t = 0.0
    h = 0.1
    for n in range(5):
        y = rk4(rhs, y, t, h)
        t += h
    return np.sum(y**2)


@program(args(np.array([1.2, 0.3]), 2.0), wrt="y, mu")
def adaptive_step(y, mu):
    """Heun with Euler as its estimate: steps are accepted or halved, in a `while` with an `else`-less break."""
    f = lambda y: np.array([y[1], mu * (1.0 - y[0] ** 2) * y[1] - y[0]])
    t, h, steps = 0.0, 0.4, 0
    while t < 1.0:
        if steps > 50:
            raise RuntimeError(f"no convergence at t = {t}")
        h = min(h, 1.0 - t)
        k1 = f(y)
        k2 = f(y + h * k1)
        error = np.max(np.abs(h / 2 * (k2 - k1)))
        steps += 1
        if error > 0.05:
            h /= 2
            continue
        y = y + h / 2 * (k1 + k2)
        t += h
        if error < 0.01:
            h *= 2
    return y @ y
