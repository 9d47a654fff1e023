"""One step of AdamW, beside torch.optim.AdamW itself."""

import numpy as np
import torch

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def adamw_update(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = torch.nn.Parameter(theta.clone())
    p.grad = g.clone()
    optimizer = torch.optim.AdamW([p], lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=wd)
    state = {"step": torch.tensor(t - 1.0), "exp_avg": m.clone(), "exp_avg_sq": v.clone()}
    optimizer.state[p] = state
    optimizer.step()
    return p.detach(), state["exp_avg"], state["exp_avg_sq"]


def run_adamw(update, theta, gradients, t, lr, beta1, beta2, eps, wd):
    """Theta after each step, one row a step, and the last m and v; the moments start at zero."""
    theta, gradients = torch.from_numpy(theta), torch.from_numpy(gradients)
    m, v, rows = torch.zeros_like(theta), torch.zeros_like(theta), []
    for k, g in enumerate(gradients):
        theta, m, v = update(theta, g, m, v, t + k, lr, beta1, beta2, eps, wd)
        rows.append(theta)
    return {"theta": torch.stack(rows), "m": m, "v": v}


@st.composite
def _runs(draw, decays):
    size, steps = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    return (
        draw(vectors(-4, 4, min_size=size, max_size=size)),
        draw(vectors(0.1, 3.0, min_size=size * steps, max_size=size * steps)).reshape(steps, size),
        draw(st.sampled_from([1, 1, 7])),
        draw(decimals(0.05, 0.5, places=2)),
        draw(st.sampled_from([0.5, 0.8, 0.9])),
        draw(st.sampled_from([0.95, 0.99, 0.999])),
        draw(st.sampled_from([0.1, 0.01, 1e-8])),
        draw(decays),
    )


_SETTINGS = (0.1, 0.9, 0.999, 1e-8)

problem = Problem(
    reference=adamw_update,
    source="Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("a first step", (np.array([1.0, -2.0]), np.array([[0.5, 1.0]]), 1, *_SETTINGS, 0.1)),
        Case(
            "three steps",
            (np.array([0.5]), np.array([[1.0], [-2.0], [0.25]]), 1, 0.2, 0.8, 0.99, 0.01, 0.0),
        ),
    ],
    groups=[
        Group("without decay", points=1, strategy=_runs(st.just(0.0)), count=15),
        Group("with decay", points=2, strategy=_runs(decimals(0.1, 0.9)), count=20),
        Group(
            "special runs",
            points=1,
            cases=(
                Case(
                    "ten steps of one gradient",
                    (np.ones(3), np.full((10, 3), 0.3), 1, *_SETTINGS, 0.5),
                ),
                Case("a matrix", (np.eye(2), np.ones((2, 2, 2)), 1, *_SETTINGS, 0.1)),
                Case(
                    "very large and very small gradients",
                    (np.ones(2), np.array([[500.0, 0.01], [-300.0, 0.02]]), 1, *_SETTINGS, 0.5),
                ),
                Case("a late step", (np.array([2.0]), np.array([[0.4]]), 400, *_SETTINGS, 0.2)),
            ),
        ),
    ],
    public=(run_adamw,),
    driver=run_adamw,
    forbidden=("torch.optim",),
    imports=("numpy", "torch"),
)
