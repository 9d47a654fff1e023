import numpy as np


def mse_gradient(w, X, y):
    """Differentiates the loss itself: f(w + i h) has f'(w) h as its imaginary part."""

    def loss(weights):
        r = X @ weights - y
        return (r * r).sum() / len(r)

    h = 1e-20
    out = []
    for j in range(w.shape[0]):
        nudged = w.astype(complex)
        nudged[j] += 1j * h
        out.append(loss(nudged).imag / h)
    return np.array(out)
