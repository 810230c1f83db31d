"""Statistics and learning: filters, hidden Markov models, networks made of nested functions, dicts and classes."""

import numpy as np

from tests.cases import args, array, program


@program(
    args(np.array([0.3, 0.6, 0.2]), np.array([1.0, 0.4]), array(6)), wrt="b, a, x", scalar=False
)
def recursive_filter(b, a, x):
    """Direct form II transposed, with a state that is shifted in place."""
    z = np.zeros(len(b) - 1)
    y = np.empty_like(x)
    for n in range(len(x)):
        y[n] = b[0] * x[n] + z[0]
        for i in range(len(z) - 1):
            z[i] = b[i + 1] * x[n] + z[i + 1] - a[i] * y[n]
        z[-1] = b[-1] * x[n] - a[-1] * y[n]
    return y


@program(args(array(8), array(8, seed=1)), args(array(1), array(1)), wrt="re, im")
def fft_by_hand(re, im):
    """Cooley-Tukey in place on real and imaginary parts: bit reversal by swaps, then butterflies."""
    re, im = re.copy(), im.copy()
    n = len(re)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            re[i], re[j] = re[j], re[i]
            im[i], im[j] = im[j], im[i]
    size = 2
    while size <= n:
        for start in range(0, n, size):
            for k in range(size // 2):
                angle = -2.0 * np.pi * k / size
                c, s = np.cos(angle), np.sin(angle)
                p, q = start + k, start + k + size // 2
                tr = c * re[q] - s * im[q]
                ti = s * re[q] + c * im[q]
                re[q], im[q] = re[p] - tr, im[p] - ti
                re[p], im[p] = re[p] + tr, im[p] + ti
        size *= 2
    return np.sum(np.sqrt(re**2 + im**2 + 1.0))


@program(args(array(7), array(7, seed=2)), wrt="x, w")
def weighted_histogram(x, w):
    """A soft count in bins: repeated indices, `np.add.at` and a masked mean."""
    bins = np.floor(x / 0.4).astype(int)
    total = np.zeros(4)
    np.add.at(total, bins, w * x)
    used = total > 0.0
    spread = 0.0
    for k in range(len(total)):
        inside = bins == k
        if inside.any():
            spread += np.mean(w[inside]) ** 2
    return np.sum(np.log(total[used])) + spread


@program(args(array(5, 6), array(2, 3)), wrt="image, kernel")
def convolution_by_loops(image, kernel):
    kh, kw = kernel.shape
    h, w = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            patch = image[i : i + kh, j : j + kw]
            out[i, j] = max(np.sum(patch * kernel), 0.5)
    return np.mean(out**2)


@program(
    args(array(4, 3), array(12, 3, low=-0.5), array(12, 3, seed=1, low=-0.5), array(12)),
    wrt="xs, W, U, b",
)
def lstm(xs, W, U, b):
    """An LSTM with nested functions that read the enclosing parameters."""
    hidden = U.shape[1]

    def sigmoid(a):
        return 1.0 / (1.0 + np.exp(-a))

    def step(h, c, x):
        gates = W @ x + U @ h + b
        i, f, o = (sigmoid(gates[k * hidden : (k + 1) * hidden]) for k in range(3))
        g = np.tanh(gates[3 * hidden :])
        c = f * c + i * g
        return o * np.tanh(c), c

    h = np.zeros(hidden)
    c = np.zeros(hidden)
    for x in xs:
        h, c = step(h, c, x)
    return np.sum(h**2)


@program(
    args(array(4, 1), array(2, 2) * 0.5 + np.eye(2) * 0.3, array(1, 2), 0.2, 0.3),
    wrt="ys, F, H, q, r",
)
def kalman_filter(ys, F, H, q, r):
    """The log-likelihood of observations, with Joseph's form of the update."""
    x = np.zeros(2)
    P = np.eye(2)
    loglik = 0.0
    history = []
    for y in ys:
        x = F @ x
        P = F @ P @ F.T + q * np.eye(2)
        e = y - H @ x
        S = H @ P @ H.T + r * np.eye(1)
        K = P @ H.T @ np.linalg.inv(S)
        x = x + K @ e
        J = np.eye(2) - K @ H
        P = J @ P @ J.T + r * K @ K.T
        loglik -= 0.5 * (e @ np.linalg.solve(S, e) + np.log(np.linalg.det(S)))
        history.append(x)
    return loglik + 0.1 * np.sum(np.stack(history) ** 2)


@program(args(array(3), array(3, 3), array(3, 2), [0, 1, 1, 0]), wrt="pi, A, B")
def hidden_markov_model(pi, A, B, observations):
    """The scaled forward algorithm."""
    pi = pi / pi.sum()
    A = A / A.sum(axis=1, keepdims=True)
    B = B / B.sum(axis=1, keepdims=True)
    alpha = np.zeros((len(observations), len(pi)))
    scale = np.zeros(len(observations))
    alpha[0] = pi * B[:, observations[0]]
    scale[0] = alpha[0].sum()
    alpha[0] /= scale[0]
    for t in range(1, len(observations)):
        alpha[t] = (alpha[t - 1] @ A) * B[:, observations[t]]
        scale[t] = alpha[t].sum()
        alpha[t] /= scale[t]
    return np.log(scale).sum()


@program(args(array(3, 3), array(3), [0, 1, 1]), wrt="score, start")
def viterbi_score(score, start, path):
    """Dynamic programming by maxima, and the score of a given path."""
    best = start
    for _ in path[1:]:
        best = np.array([max(best[i] + score[i, j] for i in range(3)) for j in range(3)])
    total = start[path[0]]
    for a, b in zip(path, path[1:]):  # noqa: B905, RUF007
        total += score[a, b]
    return np.max(best) - total


class Layer:
    def __init__(self, W, b, activation):
        self.W = W
        self.b = b
        self.activation = activation

    def __call__(self, x):
        return self.activation(x @ self.W + self.b)


class Network:
    def __init__(self, layers):
        self.layers = layers

    def predict(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def loss(self, x, y, decay=0.01):
        residual = self.predict(x) - y
        penalty = sum(np.sum(layer.W**2) for layer in self.layers)
        return np.mean(residual**2) + decay * penalty


@program(
    args(array(2, 3), array(3), array(3, 1), array(1), array(4, 2), array(4, 1)),
    wrt="W1, b1, W2, b2",
)
def network_of_classes(W1, b1, W2, b2, x, y):
    network = Network([Layer(W1, b1, np.tanh), Layer(W2, b2, lambda v: v)])
    return network.loss(x, y)


@program(
    args(
        {"W": [array(2, 3), array(3, 1)], "b": [array(3), array(1)], "name": "mlp"},
        array(4, 2),
        array(4, 1),
    ),
    wrt="params",
)
def network_of_dicts(params, x, y):
    depth = len(params["W"])
    for k in range(depth):
        x = x @ params["W"][k] + params["b"][k]
        if k < depth - 1:
            x = np.tanh(x)
    return np.mean((x - y) ** 2)


@program(args([(array(2, 3), array(3)), (array(3, 1), array(1))], array(4, 2)), wrt="params")
def network_of_tuples(params, inputs):
    for W, b in params:
        outputs = np.dot(inputs, W) + b
        inputs = np.tanh(outputs)
    return np.sum(outputs)


@program(args(array(3), array(5, 3), np.array([1.0, 0.0, 1.0, 1.0, 0.0])), wrt="w, X")
def logistic_by_newton(w, X, y):
    """Iteratively reweighted least squares: an optimiser differentiated through."""
    for _ in range(3):
        p = 1.0 / (1.0 + np.exp(-X @ w))
        gradient = X.T @ (p - y) + 0.5 * w
        hessian = X.T @ (X * (p * (1.0 - p))[:, None]) + 0.5 * np.eye(len(w))
        w = w - np.linalg.solve(hessian, gradient)
    return w @ w


@program(args(array(4, 2), array(4), array(3, 2, seed=7), 0.7), wrt="X, y, scale")
def gaussian_process(X, y, Xs, scale):
    """The posterior mean, with a kernel that is a closure."""

    def kernel(A, B):
        d = A[:, None, :] - B[None, :, :]
        return np.exp(-0.5 * np.sum(d**2, axis=-1) / scale**2)

    K = kernel(X, X) + 0.1 * np.eye(len(X))
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return np.sum(kernel(Xs, X) @ alpha)


@program(args(array(6), array(6, seed=3), 0.5), wrt="x, y, lam")
def coordinate_descent(x, y, lam):
    """Soft thresholding in place, with a residual that is kept up to date."""
    X = np.stack([x, x**2, np.ones_like(x)], axis=1)
    w = np.zeros(3)
    r = y.copy()
    for _ in range(3):
        for j in range(3):
            column = X[:, j]
            rho = column @ r + w[j] * (column @ column)
            old = w[j]
            w[j] = np.sign(rho) * max(abs(rho) - lam, 0.0) / (column @ column)
            r -= (w[j] - old) * column
    return r @ r
