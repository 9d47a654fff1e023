"""Every column of X with its mean taken away: float64, of the shape of X."""

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import matrices


def centre_columns(X):
    return X - X.mean(axis=0)


problem = Problem(
    reference=centre_columns,
    source="Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 3.4.1",
    rtol=1e-9,
    atol=1e-9,
    examples=[Case("three samples", (np.array([[1.0, 10.0], [3.0, 20.0], [5.0, 30.0]]),))],
    groups=[
        Group(
            "small tables",
            points=2,
            cases=(
                Case("one sample", (np.array([[4.0, -2.0, 7.0]]),)),
                Case("one quantity", (np.array([[1.0], [2.0], [6.0]]),)),
                Case("integers", (np.array([[1, 2], [4, 4]]),)),
                Case("as many rows as columns", (np.array([[1.0, 8.0], [3.0, -2.0]]),)),
            ),
        ),
        Group("random tables", points=2, strategy=matrices(4, 3).map(lambda X: (X,)), count=20),
    ],
)
