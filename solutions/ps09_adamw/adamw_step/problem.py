"""One AdamW step: Adam's update and, apart from it, a decay of the weights.

adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd) -> (theta, m, v): arrays of one shape; t
counts from 1; eps stands outside the root; the decay lr * wd * theta reads theta as it was before
the step. The driver takes the gradients of several steps at once and t of the first of them.
"""

import math

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - lr * wd * theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v


def run_adamw(adamw_step, theta, gradients, m, v, t, lr, beta1, beta2, eps, wd):
    """Theta after each step, one row a step, and the last m and v; step t + k uses gradients[k]."""
    rows = []
    for k, g in enumerate(gradients):
        answer = adamw_step(theta, g, m, v, t + k, lr, beta1, beta2, eps, wd)
        theta, m, v = (np.array(part) for part in answer)
        rows.append(theta)
    return {"theta": np.array(rows), "m": m, "v": v}


def valley(x, y):
    """A quadratic with curvature 1 along x and 20 along y."""
    return 0.5 * (x**2 + 20.0 * y**2)


def valley_path(adamw_step):
    """60 steps in the valley from (-2, 1.5), with lr = 0.1 and wd = 0.2; shape (61, 2)."""
    theta = np.array([-2.0, 1.5])
    m, v = np.zeros(2), np.zeros(2)
    points = [theta]
    for t in range(1, 61):
        g = np.array([1.0, 20.0]) * theta
        answer = adamw_step(theta.copy(), g, m, v, t, 0.1, 0.9, 0.99, 1e-8, 0.2)
        theta, m, v = (np.array(part) for part in answer)
        points.append(theta)
    return np.array(points)


@st.composite
def _runs(draw, decays):
    shape = draw(st.sampled_from([(1,), (2,), (3,), (2, 2)]))
    steps = draw(st.integers(1, 4))
    size = math.prod(shape)

    def array(low, high):
        return draw(vectors(low, high, min_size=size, max_size=size)).reshape(shape)

    t = draw(st.sampled_from([1, 2, 7]))
    gradients = draw(vectors(-3, 3, min_size=size * steps, max_size=size * steps))
    return (
        array(-4, 4),
        gradients.reshape(steps, *shape),
        np.zeros(shape) if t == 1 else array(-2, 2),
        np.zeros(shape) if t == 1 else array(0.1, 4),
        t,
        draw(decimals(0.05, 0.5, places=2)),
        draw(st.sampled_from([0.5, 0.8, 0.9])),
        draw(st.sampled_from([0.95, 0.99, 0.999])),
        draw(st.sampled_from([0.1, 0.01, 1e-8])),
        draw(decays),
    )


def _fresh(theta, gradients, *settings):
    """A run from t = 1 with zero moments."""
    theta, gradients = np.array(theta), np.array(gradients)
    return theta, gradients, np.zeros(theta.shape), np.zeros(theta.shape), 1, *settings


_matrix = [[4.0, -1.0], [0.5, 2.0]]

problem = Problem(
    reference=adamw_step,
    source="Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2, with "
    "the decay scaled by lr as torch.optim.AdamW does",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "a zero gradient: only the decay moves theta, from 10 to 9.99",
            _fresh([10.0], [[0.0]], 0.1, 0.9, 0.999, 1e-8, 0.01),
        ),
        Case(
            "two steps with decay",
            _fresh([1.0, -2.0], [[0.5, 0.5], [-1.0, 2.0]], 0.1, 0.9, 0.99, 0.1, 0.5),
        ),
    ],
    groups=[
        Group("Adam alone: runs without decay", points=1, strategy=_runs(st.just(0.0)), count=20),
        Group(
            "decay alone: runs with zero gradients",
            points=1,
            cases=(
                Case(
                    "a first step",
                    _fresh([4.0, -2.0], np.zeros((1, 2)), 0.2, 0.9, 0.99, 0.1, 0.5),
                ),
                Case(
                    "many steps",
                    _fresh([8.0, 0.0], np.zeros((12, 2)), 0.05, 0.9, 0.999, 1e-8, 0.3),
                ),
                Case("a matrix", _fresh(_matrix, np.zeros((3, 2, 2)), 0.1, 0.8, 0.9, 1e-8, 2.0)),
            ),
        ),
        Group(
            "gradient and decay together",
            points=2,
            cases=(
                Case(
                    "no averaging: both betas are zero",
                    _fresh([1.5, -3.0], [[0.4, -2.0]], 0.3, 0.0, 0.0, 0.1, 0.7),
                ),
                Case(
                    "a late step, where bias correction has faded",
                    (
                        np.array([1.5, -3.0]),
                        np.array([[0.4, -2.0]]),
                        np.array([0.3, -0.6]),
                        np.array([0.5, 2.5]),
                        *(400, 0.1, 0.9, 0.99, 0.1, 0.4),
                    ),
                ),
                Case(
                    "very large and very small gradients",
                    _fresh([1.0, 1.0], [[500.0, 0.01], [-300.0, 0.02]], 0.1, 0.9, 0.99, 0.001, 0.5),
                ),
            ),
            strategy=_runs(decimals(0.2, 0.9)),
            count=25,
        ),
    ],
    public=(run_adamw, valley, valley_path),
    driver=run_adamw,
    path=valley_path,
    landscape=valley,
    forbidden=("torch.optim",),
)
