"""The power iteration on a symmetric matrix.

`power_iteration(A, v0, steps)` returns (eigenvalue, v): v has length 1, and the eigenvalue is the Rayleigh
quotient of v. A vector that A maps to zero stays as it is.
"""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import st, symmetric_matrices, vectors


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps):
        w = A @ v
        if np.linalg.norm(w) == 0:
            break
        v = w / np.linalg.norm(w)
    return v @ A @ v, v


def _runs(size):
    starts = vectors(0.5, 3.0, min_size=size, max_size=size)
    return st.tuples(_regular(size), starts, st.integers(1, 12))


def _regular(size):
    """No eigenvalue near zero, so no vector is lost in rounding."""
    return symmetric_matrices(size).filter(lambda A: abs(np.linalg.eigvalsh(A)).min() > 0.1)


problem = Problem(
    reference=power_iteration,
    source="Trefethen and Bau (1997), Numerical Linear Algebra, algorithm 27.1",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("two steps", (np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 0.0]), 2)),
        Case("no step at all", (np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 4.0]), 0)),
    ],
    groups=[
        Group(
            "random matrices",
            points=2,
            strategy=st.sampled_from([2, 3, 4]).flatmap(_runs),
            count=25,
        ),
        Group(
            "signs and lengths",
            points=1,
            cases=(
                Case(
                    "a negative eigenvalue leads", (np.diag([-3.0, 1.0]), np.array([1.0, 2.0]), 5)
                ),
                Case("a long start", (np.diag([2.0, 0.5]), np.array([300.0, -400.0]), 3)),
                Case("a short start", (np.diag([2.0, 0.5]), np.array([3e-6, 4e-6]), 3)),
                Case("a tiny matrix", (1e-4 * np.diag([2.0, 1.0]), np.array([1.0, 1.0]), 4)),
                Case("many steps", (np.array([[4.0, 1.0], [1.0, 3.0]]), np.array([1.0, -2.0]), 60)),
            ),
        ),
        Group(
            "edge cases",
            points=1,
            cases=(
                Case(
                    "a start that is an eigenvector",
                    (np.diag([1.0, 4.0]), np.array([-2.0, 0.0]), 6),
                ),
                Case("the zero matrix", (np.zeros((2, 2)), np.array([3.0, 4.0]), 3)),
                Case("no steps", (np.diag([1.0, 4.0]), np.array([0.0, -5.0]), 0)),
                Case("one number", (np.array([[-2.5]]), np.array([7.0]), 3)),
                Case(
                    "a single step", (np.array([[1.0, 2.0], [2.0, 0.0]]), np.array([1.0, 1.0]), 1)
                ),
            ),
        ),
    ],
)
