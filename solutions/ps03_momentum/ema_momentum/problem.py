"""Gradient descent with momentum in its other form: the step follows a moving average of gradients.

`ema_momentum(grad_f, x0, lr, beta, steps)` returns the last iterate of
m = beta m + (1 - beta) grad_f(x), x = x - lr m, starting from m = 0 and without any correction of
that start. x0 is a number or a 1-D float64 array; grad_f returns what it was given.
"""

import numpy as np

from autograder.model import Case, Group, Problem, public
from autograder.strategies import decimals, public_calls, st, vectors


def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for _ in range(steps):
        m = beta * m + (1 - beta) * grad_f(x)
        x = x - lr * m
    return x


def bowl_gradient(curvature, centre):
    return lambda x: curvature * (x - centre)


def quadratic_gradient(A, b):
    return lambda x: A @ x - b


def double_well_gradient(x):
    return x**3 - x


def valley(x, y):
    return 0.5 * x**2 + 5.0 * y**2


def valley_gradient(x):
    return np.array([1.0, 10.0]) * x


def valley_path(function):
    start = np.array([4.0, 1.5])
    return np.array([function(valley_gradient, start, 0.25, 0.8, steps) for steps in range(31)])


def _bowls(size):
    entries = {"min_size": size, "max_size": size}
    return st.tuples(
        public_calls(bowl_gradient, vectors(0.1, 5.0, **entries), vectors(**entries)),
        vectors(**entries),
        _lr,
        _beta,
        _steps,
    )


# lr times curvature stays at 2 or below: stable for every beta, so rounding does not grow.
_lr = decimals(0.01, 0.4, places=2)
_beta = decimals(0.0, 0.95, places=2)
_steps = st.integers(2, 12)
_number = decimals(-5.0, 5.0)


problem = Problem(
    reference=ema_momentum,
    source="Kingma and Ba (2015), Adam: a method for stochastic optimization, Algorithm 1: "
    "its first moment, without the bias correction and without the second moment",
    rtol=1e-6,
    atol=1e-9,
    public=(
        bowl_gradient,
        quadratic_gradient,
        double_well_gradient,
        valley,
        valley_gradient,
        valley_path,
    ),
    path=valley_path,
    landscape=valley,
    forbidden=("scipy.optimize", "torch.optim"),
    examples=[
        Case("one variable, three steps", (public(bowl_gradient, 2.0, 4.0), 0.0, 0.5, 0.75, 3)),
        Case("two variables", (public(valley_gradient), np.array([4.0, 1.5]), 0.25, 0.8, 2)),
        Case("no step at all", (public(valley_gradient), np.array([4.0, 1.5]), 0.25, 0.8, 0)),
    ],
    groups=[
        Group(
            "random bowls in one variable",
            points=1,
            strategy=st.tuples(
                public_calls(bowl_gradient, decimals(0.1, 5.0), _number),
                _number,
                _lr,
                _beta,
                _steps,
            ),
            count=22,
        ),
        Group(
            "random bowls in several variables",
            points=1,
            strategy=st.integers(1, 4).flatmap(_bowls),
            count=22,
        ),
        Group(
            "slopes that change on the way",
            points=1,
            cases=(
                Case("into the left well", (public(double_well_gradient), -1.9, 0.2, 0.7, 6)),
                Case(
                    "over the hill between two wells",
                    (public(double_well_gradient), 1.6, 1.0, 0.9, 9),
                ),
                Case(
                    "many wells at once",
                    (public(double_well_gradient), np.array([0.3, -1.4, 0.0, 1.1]), 0.4, 0.6, 5),
                ),
                Case(
                    "coupled variables",
                    (
                        public(
                            quadratic_gradient,
                            np.array([[3.0, -1.0], [-1.0, 2.0]]),
                            np.array([0.5, 2.0]),
                        ),
                        np.array([-2.0, 3.0]),
                        0.6,
                        0.8,
                        8,
                    ),
                ),
                Case(
                    "a saddle",
                    (
                        public(quadratic_gradient, np.diag([-0.5, 1.0]), np.zeros(2)),
                        np.array([0.2, 2.0]),
                        0.7,
                        0.3,
                        4,
                    ),
                ),
            ),
        ),
        Group(
            "edge cases",
            points=1,
            cases=(
                Case("no steps from a number", (public(bowl_gradient, 2.0, 1.0), 3.5, 0.1, 0.9, 0)),
                Case(
                    "no steps from an array",
                    (public(double_well_gradient), np.array([1.5, -2.0, 0.5]), 0.1, 0.9, 0),
                ),
                Case("a single step", (public(bowl_gradient, 3.0, 1.0), -2.5, 0.2, 0.9, 1)),
                Case("no memory", (public(double_well_gradient), 0.4, 0.3, 0.0, 4)),
                Case("nothing but memory", (public(bowl_gradient, 1.5, 0.5), 2.0, 0.1, 1.0, 5)),
                Case(
                    "a start at the minimum", (public(bowl_gradient, 3.0, -1.5), -1.5, 0.2, 0.9, 5)
                ),
                Case(
                    "steps so long that it diverges",
                    (public(bowl_gradient, 2.0, 0.0), 1.5, 4.0, 0.5, 6),
                ),
                Case(
                    "slopes that cancel in a sum",
                    (public(bowl_gradient, 2.0, 0.0), np.array([-1.5, 1.5]), 0.4, 0.8, 4),
                ),
                Case("a hundred steps", (public(bowl_gradient, 0.5, 7.0), -3.0, 0.2, 0.9, 100)),
            ),
        ),
    ],
)
