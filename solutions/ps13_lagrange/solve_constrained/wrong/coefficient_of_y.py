# family: algebra
# line: 11
# about: the derivative of b y^2 is taken as b y
import numpy as np


def solve_constrained(a, b, c):
    kkt = np.array(
        [
            [2 * a, 0.0, 1.0],
            [0.0, b, 1.0],
            [1.0, 1.0, 0.0],
        ]
    )
    return list(np.linalg.solve(kkt, [0.0, 0.0, c])[:2])
