"""Proximal gradient descent (ISTA) for the lasso: 1/2 |Ax - b|^2 + lam |x|_1."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, matrices, st, vectors


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    for _ in range(steps):
        z = x - step * A.T @ (A @ x - b)
        x = np.sign(z) * np.maximum(np.abs(z) - step * lam, 0.0)
    return x


def lasso_path(ista):
    """The first 41 iterates on a small problem whose solution has a zero."""
    A = np.array([[1.0, 0.4], [0.2, 0.7], [0.3, -0.2]])
    b = np.array([2.0, 0.5, 1.0])
    x0 = np.array([-1.5, 2.0])
    return np.array([ista(A, b, 0.6, 0.3, steps, x0) for steps in range(41)])


def lasso_landscape(x, y):
    """The objective of `lasso_path` at the point (x, y)."""
    residuals = (x + 0.4 * y - 2.0, 0.2 * x + 0.7 * y - 0.5, 0.3 * x - 0.2 * y - 1.0)
    return 0.5 * sum(r**2 for r in residuals) + 0.6 * (np.abs(x) + np.abs(y))


A = np.array([[1.0, 0.5], [-0.5, 1.0], [0.0, 2.0]])
B = np.array([1.0, -1.0, 3.0])
WIDE = np.array([[1.0, -0.5, 0.25, 0.0], [0.0, 1.5, -1.0, 0.5]])


problem = Problem(
    reference=ista_lasso,
    source="Parikh and Boyd (2014), Proximal Algorithms, section 4.2 with 6.5.2",
    rtol=1e-6,
    atol=1e-9,
    public=(lasso_path, lasso_landscape),
    path=lasso_path,
    landscape=lasso_landscape,
    examples=[
        Case(
            "one step from zero",
            (np.eye(2), np.array([3.0, 0.5]), 1.0, 0.5, 1, np.zeros(2)),
        ),
        Case(
            "ten steps from zero",
            (np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 2.0]), 0.5, 0.25, 10, np.zeros(2)),
        ),
    ],
    groups=[
        Group(
            "random problems",
            points=2,
            strategy=st.tuples(
                matrices(3, 2, -1, 1),
                vectors(-3, 3, min_size=3, max_size=3),
                decimals(0.1, 2),
                decimals(0.02, 0.16, places=2),
                st.integers(1, 15),
                vectors(-2, 2, min_size=2, max_size=2),
            ),
            count=25,
        ),
        Group(
            "many steps",
            points=2,
            cases=(
                Case("a dense solution", (A, B, 0.2, 0.15, 200, np.array([1.0, -1.0]))),
                Case(
                    "a solution with zeros",
                    (WIDE, np.array([2.0, -0.5]), 0.8, 0.2, 300, np.ones(4)),
                ),
                Case(
                    "a weight so large that all is zero",
                    (A, B, 50.0, 0.15, 100, np.array([0.5, 0.5])),
                ),
                Case("no penalty: least squares", (A, B, 0.0, 0.15, 200, np.zeros(2))),
            ),
        ),
        Group(
            "edge cases",
            points=1,
            cases=(
                Case("no steps", (A, B, 0.5, 0.1, 0, np.array([0.3, -2.0]))),
                Case("steps of length zero", (A, B, 0.5, 0.0, 3, np.array([-1.3, 0.6]))),
                Case("two steps without penalty", (A, B, 0.0, 0.1, 2, np.array([1.7, -0.4]))),
                Case(
                    "one step from a start that is not zero",
                    (A, B, 0.5, 0.1, 1, np.array([0.03, -2.0])),
                ),
                Case(
                    "more unknowns than equations",
                    (WIDE, np.array([1.0, 2.0]), 0.3, 0.1, 7, np.array([1.0, -1.0, 0.5, 0.0])),
                ),
                Case(
                    "one unknown",
                    (np.array([[2.0], [1.0]]), np.array([-3.0, 1.0]), 1.5, 0.1, 4, np.array([0.4])),
                ),
            ),
        ),
    ],
)
