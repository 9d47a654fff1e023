"""The factor by which gradient descent shrinks the worst error on a quadratic, for any step."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def quadratic_rate(alpha, eigs):
    return np.max(np.abs(1 - alpha * eigs))


problem = Problem(
    reference=quadratic_rate,
    source="Nocedal and Wright (2006), Numerical Optimization, section 3.3",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("the steep direction vanishes", (0.05, np.array([2.0, 20.0]))),
        Case("the flat direction is the fast one", (0.15, np.array([2.0, 10.0]))),
    ],
    groups=[
        Group(
            "random steps",
            points=2,
            strategy=st.tuples(
                decimals(0.01, 0.5, places=2), vectors(0.1, 10, min_size=2, max_size=6)
            ),
            count=30,
        ),
        Group(
            "special steps",
            points=2,
            cases=(
                Case("no step", (0.0, np.array([1.0, 4.0]))),
                Case("the largest step that does not diverge", (0.5, np.array([1.0, 4.0]))),
                Case("a step that diverges", (0.75, np.array([0.5, 4.0]))),
                Case("a single eigenvalue", (0.3, np.array([2.0]))),
                Case("eigenvalues in no order", (0.15, np.array([3.0, 12.0, 0.5, 7.0]))),
                Case("a flat direction", (0.1, np.array([5.0, 0.0, 8.0]))),
            ),
        ),
    ],
)
