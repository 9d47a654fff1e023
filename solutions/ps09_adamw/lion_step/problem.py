"""One Lion step: it moves every weight by lr, in the direction of a sign.

lion_step(theta, g, m, lr, beta1, beta2, wd) -> (theta, m): arrays of one shape. The sign is that
of beta1 * m + (1 - beta1) * g with the m from before the step, and is 0 at 0; then m moves on with
beta2. The decay lr * wd * theta reads theta as it was before the step. The driver takes the
gradients of several steps at once.
"""

import math

import numpy as np

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st, vectors


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    direction = np.sign(beta1 * m + (1 - beta1) * g)
    theta = theta - lr * (direction + wd * theta)
    m = beta2 * m + (1 - beta2) * g
    return theta, m


def run_lion(lion_step, theta, gradients, m, lr, beta1, beta2, wd):
    """Theta after each step, one row a step, and the last m."""
    rows = []
    for g in gradients:
        answer = lion_step(theta, g, m, lr, beta1, beta2, wd)
        theta, m = (np.array(part) for part in answer)
        rows.append(theta)
    return {"theta": np.array(rows), "m": m}


def valley(x, y):
    """A quadratic with curvature 1 along x and 20 along y."""
    return 0.5 * (x**2 + 20.0 * y**2)


def valley_path(lion_step):
    """60 steps in the valley from (-2, 1.5), with lr = 0.05 and wd = 0.2; shape (61, 2)."""
    theta, m = np.array([-2.0, 1.5]), np.zeros(2)
    points = [theta]
    for _ in range(60):
        g = np.array([1.0, 20.0]) * theta
        answer = lion_step(theta.copy(), g, m, 0.05, 0.9, 0.99, 0.2)
        theta, m = (np.array(part) for part in answer)
        points.append(theta)
    return np.array(points)


def _signs_are_clear(run):
    """No sign hangs on rounding: beta1 * m + (1 - beta1) * g is 0 only where m and g are."""
    _, gradients, m, _, beta1, beta2, _ = run
    for g in gradients:
        mixed = beta1 * m + (1 - beta1) * g
        if np.any((np.abs(mixed) < 1e-6) & ((m != 0) | (g != 0))):
            return False
        m = beta2 * m + (1 - beta2) * g
    return True


@st.composite
def _runs(draw, decays):
    shape = draw(st.sampled_from([(1,), (2,), (3,), (2, 2)]))
    steps = draw(st.integers(1, 5))
    size = math.prod(shape)

    def array(low, high):
        return draw(vectors(low, high, min_size=size, max_size=size)).reshape(shape)

    gradients = draw(vectors(-3, 3, min_size=size * steps, max_size=size * steps))
    return (
        array(-4, 4),
        gradients.reshape(steps, *shape),
        np.zeros(shape) if draw(st.booleans()) else array(-2, 2),
        draw(decimals(0.05, 0.5, places=2)),
        draw(st.sampled_from([0.5, 0.8, 0.9])),
        draw(st.sampled_from([0.6, 0.95, 0.99])),
        draw(decays),
    )


problem = Problem(
    reference=lion_step,
    source="Chen et al. (2023), Symbolic Discovery of Optimization Algorithms, algorithm 2",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "a step to and a step fro: the gradient 1, then -0.5",
            (np.array([0.0]), np.array([[1.0], [-0.5]]), np.array([0.0]), 0.1, 0.9, 0.99, 0.0),
        ),
        Case(
            "a zero gradient and no momentum: only the decay moves theta",
            (np.array([2.0, -1.0]), np.zeros((1, 2)), np.zeros(2), 0.1, 0.9, 0.99, 0.5),
        ),
    ],
    groups=[
        Group(
            "signs and momentum: runs without decay",
            points=2,
            cases=(
                Case(
                    "some entries of gradient and momentum are zero",
                    (
                        np.ones(3),
                        np.array([[0.0, 2.0, 0.0]]),
                        np.array([0.0, 0.0, -1.0]),
                        *(0.2, 0.9, 0.99, 0.0),
                    ),
                ),
                Case(
                    "momentum against the gradient",
                    (
                        np.array([1.0, -1.0]),
                        np.array([[-4.0, 4.0]]),
                        np.array([1.0, -0.1]),
                        *(0.1, 0.9, 0.6, 0.0),
                    ),
                ),
                Case(
                    "a matrix",
                    (
                        np.eye(2),
                        np.array([[[3.0, -0.2], [0.0, 0.01]]]),
                        np.zeros((2, 2)),
                        *(0.3, 0.8, 0.95, 0.0),
                    ),
                ),
            ),
            strategy=_runs(st.just(0.0)).filter(_signs_are_clear),
            count=20,
        ),
        Group(
            "runs with decay",
            points=2,
            cases=(
                Case(
                    "no averaging: both betas are zero",
                    (
                        np.array([0.5, -1.5]),
                        np.array([[-0.7, 3.0], [2.0, 0.2]]),
                        np.array([5.0, -5.0]),
                        *(0.2, 0.0, 0.0, 0.4),
                    ),
                ),
                Case(
                    "a rate of zero moves the momentum only",
                    (
                        np.array([2.5, -3.5]),
                        np.array([[1.2, -0.6]]),
                        np.array([-0.4, 0.8]),
                        *(0.0, 0.9, 0.7, 0.3),
                    ),
                ),
                Case(
                    "zero gradients",
                    (np.array([4.0, -0.5]), np.zeros((6, 2)), np.zeros(2), 0.1, 0.9, 0.99, 0.8),
                ),
                Case(
                    "momentum against the gradient",
                    (
                        np.array([3.0, 2.0]),
                        np.array([[-4.0, 0.3]]),
                        np.array([1.0, -0.1]),
                        *(0.1, 0.9, 0.6, 0.5),
                    ),
                ),
            ),
            strategy=_runs(decimals(0.2, 0.9)).filter(_signs_are_clear),
            count=25,
        ),
    ],
    public=(run_lion, valley, valley_path),
    driver=run_lion,
    path=valley_path,
    landscape=valley,
    forbidden=("torch.optim",),
)
