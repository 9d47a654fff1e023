"""One Adam step with bias correction.

adam_step(theta, g, m, v, t, lr, beta1, beta2, eps) -> (theta, m, v): arrays of one shape; t counts
from 1; eps stands outside the root. The driver takes the gradients of several steps at once and t
of the first of them.
"""

import math

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v


def run_adam(adam_step, theta, gradients, m, v, t, lr, beta1, beta2, eps):
    """Theta after each step, one row a step, and the last m and v; step t + k uses gradients[k]."""
    rows = []
    for k, g in enumerate(gradients):
        answer = adam_step(theta, g, m, v, t + k, lr, beta1, beta2, eps)
        theta, m, v = (np.array(part) for part in answer)
        rows.append(theta)
    return {"theta": np.array(rows), "m": m, "v": v}


def valley(x, y):
    """A quadratic with curvature 1 along x and 20 along y."""
    return 0.5 * (x**2 + 20.0 * y**2)


def valley_path(adam_step):
    """60 steps in the valley from (-2, 1.5), with lr = 0.1; shape (61, 2)."""
    theta = np.array([-2.0, 1.5])
    m, v = np.zeros(2), np.zeros(2)
    points = [theta]
    for t in range(1, 61):
        g = np.array([1.0, 20.0]) * theta
        answer = adam_step(theta.copy(), g, m, v, t, 0.1, 0.9, 0.99, 1e-8)
        theta, m, v = (np.array(part) for part in answer)
        points.append(theta)
    return np.array(points)


@st.composite
def _runs(draw, t):
    shape = draw(st.sampled_from([(1,), (2,), (3,), (2, 2)]))
    steps = draw(st.integers(2, 5))
    size = math.prod(shape)

    def array(low, high):
        return draw(vectors(low, high, min_size=size, max_size=size)).reshape(shape)

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
    )


def _fresh(theta, gradients, *settings):
    """A run from t = 1 with zero moments."""
    theta, gradients = np.array(theta), np.array(gradients)
    return theta, gradients, np.zeros(theta.shape), np.zeros(theta.shape), 1, *settings


problem = Problem(
    reference=adam_step,
    source="Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "a first step: lr against the gradient's sign, whatever its size",
            _fresh([1.0, 1.0], [[20.0, -0.5]], 0.1, 0.9, 0.999, 1e-8),
        ),
        Case(
            "three steps with a large eps",
            _fresh([2.0], [[1.0], [3.0], [-2.0]], 0.1, 0.9, 0.99, 0.1),
        ),
    ],
    groups=[
        Group(
            "the first step",
            points=1,
            cases=(
                Case(
                    "a zero gradient does not move theta",
                    _fresh([3.0, -1.0], [[0.0, 0.0]], 0.1, 0.9, 0.999, 1e-8),
                ),
                Case(
                    "gradients of very different sizes",
                    _fresh([1.0, 2.0, 3.0], [[4000.0, 0.5, -0.002]], 0.2, 0.9, 0.999, 1e-8),
                ),
                Case("a large eps", _fresh([0.0, 1.0], [[0.3, -2.0]], 0.5, 0.8, 0.95, 0.1)),
                Case(
                    "a matrix",
                    _fresh(
                        [[1.0, -1.0], [0.0, 2.0]], [[[0.1, -3.0], [7.0, 0.0]]], 0.1, 0.9, 0.99, 0.01
                    ),
                ),
            ),
        ),
        Group("runs from zero moments", points=2, strategy=_runs(1), count=25),
        Group(
            "runs that go on from earlier moments",
            points=2,
            cases=(
                Case(
                    "no averaging: both betas are zero",
                    (
                        np.array([1.0, -1.0]),
                        np.array([[0.5, -2.0]]),
                        np.ones(2),
                        np.ones(2),
                        *(3, 0.2, 0.0, 0.0, 0.1),
                    ),
                ),
                Case(
                    "a late step, where bias correction has faded",
                    (
                        np.array([1.5, -3.0]),
                        np.array([[0.4, -2.0], [0.1, 1.0]]),
                        np.array([0.3, -0.6]),
                        np.array([0.5, 2.5]),
                        *(400, 0.1, 0.9, 0.99, 0.1),
                    ),
                ),
            ),
            strategy=st.sampled_from([2, 7, 30]).flatmap(_runs),
            count=25,
        ),
    ],
    public=(run_adam, valley, valley_path),
    driver=run_adam,
    path=valley_path,
    landscape=valley,
    forbidden=("torch.optim",),
)
