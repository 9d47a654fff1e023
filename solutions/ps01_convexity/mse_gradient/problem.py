"""Gradient of the mean squared error of a linear model, with respect to its weights."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import matrices, st, vectors


def mse_gradient(w, X, y):
    error = X @ w - y
    return 2 / len(y) * X.T @ error


def data_sets(max_examples=7, max_features=4):
    """Weights (d,), inputs (N, d) and targets (N,) of matching sizes."""
    sizes = st.tuples(st.integers(1, max_examples), st.integers(1, max_features))
    return sizes.flatmap(
        lambda size: st.tuples(
            vectors(-3, 3, min_size=size[1], max_size=size[1]),
            matrices(size[0], size[1], -3, 3),
            vectors(-5, 5, min_size=size[0], max_size=size[0]),
        )
    )


problem = Problem(
    reference=mse_gradient,
    source="Deisenroth, Faisal and Ong (2020), Mathematics for Machine Learning, section 9.2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "one example, weights zero",
            (np.array([0.0, 0.0]), np.array([[1.0, 2.0]]), np.array([5.0])),
        ),
        Case(
            "three examples, two features",
            (
                np.array([1.0, -1.0]),
                np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]),
                np.array([1.0, 3.0, -1.0]),
            ),
        ),
    ],
    groups=[
        Group("random data", points=2, strategy=data_sets(), count=30),
        Group(
            "special data",
            points=2,
            cases=(
                Case(
                    "a single example",
                    (np.array([0.5, -1.5, 2.0]), np.array([[2.0, -1.0, 0.5]]), np.array([1.5])),
                ),
                Case(
                    "a single feature",
                    (
                        np.array([0.7]),
                        np.array([[1.0], [-2.0], [3.0], [0.5]]),
                        np.array([2.0, 1.0, -1.0, 0.0]),
                    ),
                ),
                Case(
                    "a perfect fit",
                    (
                        np.array([2.0, -1.0]),
                        np.array([[1.0, 1.0], [3.0, 2.0], [0.0, 4.0]]),
                        np.array([1.0, 4.0, -4.0]),
                    ),
                ),
                Case(
                    "as many examples as features",
                    (
                        np.array([1.0, 2.0, -0.5]),
                        np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0], [0.5, 0.5, -2.0]]),
                        np.array([1.0, -2.0, 0.5]),
                    ),
                ),
                Case(
                    "the same data twice over",
                    (
                        np.array([1.5, 0.5]),
                        np.array([[1.0, 2.0], [-1.0, 1.0], [1.0, 2.0], [-1.0, 1.0]]),
                        np.array([4.0, 1.0, 4.0, 1.0]),
                    ),
                ),
            ),
        ),
    ],
)
