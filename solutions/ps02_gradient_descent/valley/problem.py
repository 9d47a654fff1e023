"""Loss and gradient of a valley: a quadratic with one curvature per coordinate."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import st, vectors


def valley(w, h):
    loss = 0.5 * np.sum(h * w**2)
    return loss, h * w


def points_and_curvatures(max_size=6):
    """A point and as many positive curvatures."""
    return st.integers(1, max_size).flatmap(
        lambda size: st.tuples(
            vectors(-4, 4, min_size=size, max_size=size),
            vectors(0.1, 50, min_size=size, max_size=size),
        )
    )


problem = Problem(
    reference=valley,
    source="Boyd and Vandenberghe (2004), Convex Optimization, section 9.3.2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("two coordinates", (np.array([2.0, -1.0]), np.array([3.0, 4.0]))),
        Case("one coordinate", (np.array([3.0]), np.array([2.0]))),
    ],
    groups=[
        Group("random valleys", points=2, strategy=points_and_curvatures(), count=30),
        Group(
            "special valleys",
            points=2,
            cases=(
                Case("the minimum", (np.array([0.0, 0.0, 0.0]), np.array([1.0, 10.0, 100.0]))),
                Case(
                    "the same point on both walls", (np.array([-0.5, 0.5]), np.array([40.0, 40.0]))
                ),
                Case(
                    "five coordinates",
                    (
                        np.array([1.0, -2.0, 0.5, 3.0, -1.5]),
                        np.array([10.0, 0.5, 4.0, 2.0, 8.0]),
                    ),
                ),
                Case("a flat direction", (np.array([1.5, 7.0]), np.array([6.0, 0.0]))),
            ),
        ),
    ],
)
