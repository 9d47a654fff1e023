"""One RMSprop step: each coordinate's gradient is divided by the root of its mean square.

rmsprop_step(theta, g, v, lr, rho, eps) -> (theta, v): arrays of one shape; eps stands outside the
root; no bias correction. The driver takes the gradients of several steps at once.
"""

import math

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = rho * v + (1 - rho) * g**2
    theta = theta - lr * g / (np.sqrt(v) + eps)
    return theta, v


def run_rmsprop(rmsprop_step, theta, gradients, v, lr, rho, eps):
    """Theta after each step, one row a step, and the last v."""
    rows = []
    for g in gradients:
        answer = rmsprop_step(theta, g, v, lr, rho, eps)
        theta, v = (np.array(part) for part in answer)
        rows.append(theta)
    return {"theta": np.array(rows), "v": v}


def valley(x, y):
    """A quadratic with curvature 1 along x and 20 along y."""
    return 0.5 * (x**2 + 20.0 * y**2)


def valley_path(rmsprop_step):
    """60 steps in the valley from (-2, 1.5), with lr = 0.05; shape (61, 2)."""
    theta, v = np.array([-2.0, 1.5]), np.zeros(2)
    points = [theta]
    for _ in range(60):
        g = np.array([1.0, 20.0]) * theta
        answer = rmsprop_step(theta.copy(), g, v, 0.05, 0.9, 1e-8)
        theta, v = (np.array(part) for part in answer)
        points.append(theta)
    return np.array(points)


@st.composite
def _runs(draw):
    shape = draw(st.sampled_from([(1,), (2,), (3,), (2, 2)]))
    steps = draw(st.integers(1, 4))
    size = math.prod(shape)

    def array(low, high):
        return draw(vectors(low, high, min_size=size, max_size=size)).reshape(shape)

    gradients = draw(vectors(-3, 3, min_size=size * steps, max_size=size * steps))
    return (
        array(-4, 4),
        gradients.reshape(steps, *shape),
        np.zeros(shape) if draw(st.booleans()) else array(0.1, 4),
        draw(decimals(0.05, 0.5, places=2)),
        draw(st.sampled_from([0.5, 0.9, 0.99])),
        draw(st.sampled_from([0.1, 0.01, 1e-8])),
    )


problem = Problem(
    reference=rmsprop_step,
    source="Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6e, with eps "
    "added to the root as torch.optim.RMSprop does",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "a first step: ten times lr, whatever the gradient's size",
            (np.array([1.0, -2.0]), np.array([[4.0, -0.5]]), np.zeros(2), 0.01, 0.99, 1e-8),
        ),
        Case(
            "two steps",
            (np.array([1.0]), np.array([[2.0], [-1.0]]), np.array([1.0]), 0.1, 0.9, 0.1),
        ),
    ],
    groups=[
        Group(
            "one step",
            points=2,
            cases=(
                Case(
                    "a mean square from earlier steps",
                    (
                        np.array([0.5, 3.0]),
                        np.array([[1.5, -2.5]]),
                        np.array([4.0, 0.2]),
                        *(0.2, 0.75, 0.1),
                    ),
                ),
                Case(
                    "a zero gradient",
                    (
                        np.array([2.0, -1.0]),
                        np.zeros((1, 2)),
                        np.array([0.0, 9.0]),
                        *(0.3, 0.9, 1e-8),
                    ),
                ),
                Case(
                    "a matrix",
                    (
                        np.array([[1.0, -1.0], [2.0, 0.5]]),
                        np.array([[[0.3, -4.0], [0.0, 20.0]]]),
                        np.full((2, 2), 0.5),
                        *(0.1, 0.99, 0.05),
                    ),
                ),
                Case(
                    "no averaging: rho is zero",
                    (
                        np.array([1.0, 1.0]),
                        np.array([[-3.0, 0.2]]),
                        np.array([5.0, 5.0]),
                        *(0.4, 0.0, 0.1),
                    ),
                ),
                Case(
                    "tiny gradients, as large as eps",
                    (
                        np.array([1.0, 1.0]),
                        np.array([[0.002, -0.004]]),
                        np.zeros(2),
                        *(0.1, 0.9, 0.001),
                    ),
                ),
            ),
        ),
        Group("runs of several steps", points=2, strategy=_runs(), count=25),
    ],
    public=(run_rmsprop, valley, valley_path),
    driver=run_rmsprop,
    path=valley_path,
    landscape=valley,
    forbidden=("torch.optim",),
)
