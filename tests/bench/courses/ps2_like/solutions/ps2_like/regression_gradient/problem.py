"""Gradient of the mean squared error of a linear model, by autograd."""

import numpy as np
import torch

from autograder.model import Case, Group, Problem
from autograder.strategies import matrices, st, vectors


def regression_gradient(w, X, y):
    w = w.clone().requires_grad_(True)
    loss = ((X @ w - y) ** 2).mean()
    loss.backward()
    return w.grad


def on_tensors(function, w, X, y):
    """The gradient for tensors that share the arrays' memory, detached."""
    return function(torch.from_numpy(w), torch.from_numpy(X), torch.from_numpy(y)).detach()


@st.composite
def _data(draw):
    rows, features = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    return (
        draw(vectors(-3, 3, min_size=features, max_size=features)),
        draw(matrices(rows, features, -3, 3)),
        draw(vectors(min_size=rows, max_size=rows)),
    )


problem = Problem(
    reference=regression_gradient,
    source="Deisenroth, Faisal and Ong (2020), Mathematics for Machine Learning, section 9.2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("one row", (np.array([0.0, 0.0]), np.array([[1.0, 2.0]]), np.array([5.0]))),
        Case(
            "three rows",
            (
                np.array([1.0, -1.0]),
                np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]),
                np.array([1.0, 3.0, -1.0]),
            ),
        ),
    ],
    groups=[
        Group("random data", points=3, strategy=_data(), count=30),
        Group(
            "special data",
            points=1,
            cases=(
                Case(
                    "a perfect fit",
                    (np.array([2.0]), np.array([[1.0], [-3.0]]), np.array([2.0, -6.0])),
                ),
                Case("a single number", (np.array([0.5]), np.array([[4.0]]), np.array([1.0]))),
                Case(
                    "many rows",
                    (
                        np.array([0.3, -0.7]),
                        np.linspace(-2.0, 2.0, 80).reshape(40, 2),
                        np.linspace(0.0, 1.0, 40),
                    ),
                ),
            ),
        ),
    ],
    public=(on_tensors,),
    driver=on_tensors,
    imports=("numpy", "torch"),
)
