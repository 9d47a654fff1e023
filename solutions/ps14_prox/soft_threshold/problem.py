"""Soft thresholding: the proximal operator of lam times the 1-norm.

`soft_threshold(x, lam)` pulls every entry of x towards zero by lam and stops at zero. x has any
shape; the answer has the same shape and is float64. lam >= 0.
"""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, matrices, st, vectors


def soft_threshold(x, lam):
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0.0)


problem = Problem(
    reference=soft_threshold,
    source="Parikh and Boyd (2014), Proximal Algorithms, section 6.5.2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("both signs and a small entry", (np.array([3.0, 0.5, -2.5]), 1.0)),
        Case("a matrix", (np.array([[0.0, -1.5], [2.0, 0.25]]), 0.5)),
        Case("an array of integers", (np.array([4, -1, 0]), 1.5)),
    ],
    groups=[
        Group(
            "random vectors",
            points=2,
            strategy=st.tuples(vectors(max_size=8), decimals(0.1, 3.0)),
            count=30,
        ),
        Group(
            "at and below the threshold",
            points=1,
            cases=(
                Case("entries exactly at the threshold", (np.array([2.0, -2.0, 1.0, 3.0]), 2.0)),
                Case("everything below the threshold", (np.array([0.2, -0.3, 0.1]), 5.0)),
                Case("zeros among other entries", (np.array([0.0, -3.5, 0.0, 1.25]), 0.75)),
                Case("a threshold of zero", (np.array([0.25, -4.0, 0.0]), 0.0)),
                Case("one negative entry", (np.array([-7.0]), 0.5)),
            ),
        ),
        Group(
            "shapes and types",
            points=1,
            cases=(
                Case("an empty vector", (np.array([]), 1.0)),
                Case("a column", (np.array([[2.5], [-0.5], [-4.0]]), 1.5)),
                Case("three dimensions", (np.linspace(-3.0, 3.0, 12).reshape(2, 3, 2), 0.7)),
                Case("integers", (np.array([5, -3, 1, 0]), 0.5)),
            ),
            strategy=st.tuples(matrices(2, 3), decimals(0.1, 3.0)),
            count=10,
        ),
    ],
)
