"""One step of SGD with momentum on tensors: v = beta v + g, theta = theta - lr v."""

import numpy as np
import torch

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def sgd_momentum_step(theta, g, v, lr, beta):
    v = beta * v + g
    return theta - lr * v, v


def run_steps(step, theta, gradients, lr, beta):
    """Theta after each step, one row a step, and the last velocity; the first velocity is zero."""
    theta, gradients = torch.from_numpy(theta), torch.from_numpy(gradients)
    v, rows = torch.zeros_like(theta), []
    for g in gradients:
        theta, v = step(theta, g, v, lr, beta)
        rows.append(theta)
    return {"theta": torch.stack(rows), "v": v}


@st.composite
def _runs(draw):
    size, steps = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    return (
        draw(vectors(min_size=size, max_size=size)),
        draw(vectors(min_size=size * steps, max_size=size * steps)).reshape(steps, size),
        draw(decimals(0.01, 0.5, places=2)),
        draw(st.sampled_from([0.5, 0.9, 0.99])),
    )


problem = Problem(
    reference=sgd_momentum_step,
    source="torch.optim.SGD with momentum, without dampening",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("two steps", (np.array([1.0, -1.0]), np.array([[0.5, 2.0], [1.0, 0.0]]), 0.1, 0.9)),
    ],
    groups=[
        Group("random runs", points=3, strategy=_runs(), count=30),
        Group(
            "special runs",
            points=1,
            cases=(
                Case("no momentum", (np.array([2.0]), np.array([[1.0], [3.0]]), 0.2, 0.0)),
                Case("a matrix", (np.eye(2), np.ones((3, 2, 2)), 0.1, 0.8)),
                Case("gradients of zero", (np.array([1.5, -2.0]), np.zeros((2, 2)), 0.1, 0.9)),
                Case(
                    "a long run",
                    (np.array([1.0]), np.linspace(-1.0, 2.0, 40).reshape(40, 1), 0.05, 0.9),
                ),
            ),
        ),
    ],
    public=(run_steps,),
    driver=run_steps,
    forbidden=("torch.optim",),
    imports=("numpy", "torch"),
)
