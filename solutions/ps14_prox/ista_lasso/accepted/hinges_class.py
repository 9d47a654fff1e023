import numpy as np


class ProximalGradient:
    def __init__(self, A, b, lam, step):
        self.A, self.b, self.lam, self.step = A, b, lam, step

    def update(self, x):
        residual = np.matmul(self.A, x) - self.b
        z = x - self.step * np.matmul(residual, self.A)
        t = self.step * self.lam
        return np.maximum(z - t, 0) - np.maximum(-z - t, 0)


def ista_lasso(A, b, lam, step, steps, x0):
    solver = ProximalGradient(A, b, lam, step)
    x = x0
    for _ in range(steps):
        x = solver.update(x)
    return x
