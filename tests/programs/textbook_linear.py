"""Dense and banded solvers, as textbooks write them: in place, with pivots, with helper functions that fill arrays."""

import numpy as np

from tests.cases import args, array, program

_GENERAL = array(4, 4) + 2 * np.eye(4)
_PIVOTED = _GENERAL[[2, 0, 3, 1]]  # its largest elements are off the diagonal
_SPD = array(4, 4) @ array(4, 4).T + 3 * np.eye(4)


@program(args(_GENERAL, array(4)), args(_PIVOTED, array(4)), wrt="A, b")
def solve_with_partial_pivoting(A, b):
    """LU factorisation in place with row exchanges, then substitution (Golub and Van Loan, 3.4)."""
    A = A.copy()
    b = b.copy()
    n = b.size
    for k in range(n - 1):
        p = k + np.argmax(np.abs(A[k:, k]))
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            m = A[i, k] / A[k, k]
            A[i, k:] -= m * A[k, k:]
            b[i] -= m * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return np.sum(x**2)


def lu_in_place(A):
    n = A.shape[0]
    for k in range(n):
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])


def forward_substitution(LU, y):
    for i in range(len(y)):
        for j in range(i):
            y[i] -= LU[i, j] * y[j]


def back_substitution(LU, y):
    for i in reversed(range(len(y))):
        for j in range(i + 1, len(y)):
            y[i] -= LU[i, j] * y[j]
        y[i] /= LU[i, i]


@program(args(_GENERAL, array(4)), wrt="A, b")
def solve_by_helpers(A, b):
    """Helpers that write their arguments and return nothing."""
    LU = A.copy()
    x = b.copy()
    lu_in_place(LU)
    forward_substitution(LU, x)
    back_substitution(LU, x)
    return x @ x


def ldlt(A):
    """An in-place kernel without a `return`."""
    n = len(A)
    for j in range(n):
        for k in range(j):
            A[j, j] -= A[j, k] ** 2 * A[k, k]
        for i in range(j + 1, n):
            for k in range(j):
                A[i, j] -= A[i, k] * A[k, k] * A[j, k]
            A[i, j] /= A[j, j]


@program(args(_SPD), wrt="A")
def log_determinant(A):
    work = np.array(A)
    ldlt(work)
    total = 0.0
    for i in range(len(work)):
        total += np.log(work[i, i])
    return total


@program(args(array(3, 5, seed=1) + np.array([[0.0], [4.0], [0.0]]), array(5)), wrt="band, rhs")
def banded_solve(band, rhs):
    """A tridiagonal system kept by diagonals, solved in place, by rows that are views."""
    lower, diagonal, upper = band.copy()
    x = rhs.copy()
    n = len(x)
    for i in range(1, n):
        factor = lower[i] / diagonal[i - 1]
        diagonal[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    x[-1] /= diagonal[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / diagonal[i]
    return np.sum(np.sin(x))


@program(args(_GENERAL + 3 * np.eye(4), array(4)), wrt="A, b")
def gauss_seidel(A, b):
    x = np.zeros_like(b)
    for sweep in range(6):
        for i in range(len(b)):
            sigma = 0.0
            for j in range(len(b)):
                if j != i:
                    sigma += A[i, j] * x[j]
            x[i] = (b[i] - sigma) / A[i, i]
    return np.sum(x * x)


@program(args(array(5, 3)), args(array(3, 3)), wrt="A")
def modified_gram_schmidt(A):
    """QR by columns that are views of a copy."""
    Q = A.copy()
    n = Q.shape[1]
    R = np.zeros((n, n))
    for k in range(n):
        R[k, k] = np.sqrt(Q[:, k] @ Q[:, k])
        Q[:, k] /= R[k, k]
        for j in range(k + 1, n):
            R[k, j] = Q[:, k] @ Q[:, j]
            Q[:, j] -= R[k, j] * Q[:, k]
    return np.sum(np.log(np.diag(R))) + Q[0, 0]


@program(args(array(5, 3)), wrt="A")
def householder(A):
    """Householder triangularisation in place, on a trailing block that is a view."""
    R = A.copy()
    n = R.shape[1]
    for k in range(n):
        x = R[k:, k]
        alpha = -np.copysign(np.sqrt(np.sum(x**2)), x[0])
        v = x.copy()
        v[0] -= alpha
        v /= np.sqrt(np.sum(v**2))
        block = R[k:, k:]
        block -= 2.0 * np.outer(v, v @ block)
    return np.sum(np.log(np.abs(np.diag(R))))


@program(args(_SPD, array(4)), wrt="A, b")
def conjugate_gradients(A, b):
    x = np.zeros_like(b)
    r = b - A @ x
    p = r.copy()
    rs = r @ r
    for _ in range(len(b) - 1):  # the last one would divide by what is zero but for rounding
        Ap = A @ p
        alpha = rs / (p @ Ap)
        x += alpha * p
        r -= alpha * Ap
        new = r @ r
        if new < 1e-14:
            break
        p = r + (new / rs) * p
        rs = new
    return x @ b


@program(args(_SPD), wrt="A")
def jacobi_rotations(A):
    """One sweep of Jacobi's eigenvalue method: rows and columns are rotated in place."""
    S = A.copy()
    n = len(S)
    for p in range(n - 1):
        for q in range(p + 1, n):
            theta = (S[q, q] - S[p, p]) / (2.0 * S[p, q])
            t = np.sign(theta) / (np.abs(theta) + np.sqrt(theta**2 + 1.0))
            c = 1.0 / np.sqrt(t**2 + 1.0)
            s = t * c
            for k in range(n):
                S[k, p], S[k, q] = c * S[k, p] - s * S[k, q], s * S[k, p] + c * S[k, q]
            for k in range(n):
                S[p, k], S[q, k] = c * S[p, k] - s * S[q, k], s * S[p, k] + c * S[q, k]
    return np.sum(np.sin(np.diagonal(S)))
