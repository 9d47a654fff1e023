import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    rows, columns = A.shape
    x = [float(value) for value in x0]
    for _ in range(steps):
        residual = [sum(A[i][j] * x[j] for j in range(columns)) - b[i] for i in range(rows)]
        new = []
        for j in range(columns):
            slope = sum(A[i][j] * residual[i] for i in range(rows))
            z = x[j] - step * slope
            if abs(z) <= step * lam:
                new.append(0.0)
            elif z > 0:
                new.append(z - step * lam)
            else:
                new.append(z + step * lam)
        x = new
    return np.array(x)
