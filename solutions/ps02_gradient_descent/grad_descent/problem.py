"""Gradient descent with a fixed learning rate and a fixed number of steps.

`grad_descent(grad_f, x0, lr, steps)` returns the last iterate. x0 is a number or a 1-D float64
array, and grad_f returns what it was given: a number for a number, an array for an array.
"""

import numpy as np

from autograder.model import Case, Group, Problem, public
from autograder.strategies import decimals, public_calls, st, vectors


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x - lr * grad_f(x)
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
    return np.array([function(valley_gradient, start, 0.15, steps) for steps in range(21)])


def _bowls(size):
    entries = {"min_size": size, "max_size": size}
    return st.tuples(
        public_calls(bowl_gradient, vectors(0.1, 5.0, **entries), vectors(**entries)),
        vectors(**entries),
        _lr,
        _steps,
    )


# lr times curvature stays below 2: the iteration converges, and rounding does not grow.
_lr = decimals(0.01, 0.3, places=2)
_steps = st.integers(1, 12)
_number = decimals(-5.0, 5.0)


problem = Problem(
    reference=grad_descent,
    source="Nocedal and Wright (2006), Numerical Optimization, section 2.2",
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
        Case("one variable, five steps", (public(bowl_gradient, 6.0, -1 / 3), 5, 0.1, 5)),
        Case("two variables", (public(valley_gradient), np.array([4.0, 1.5]), 0.15, 3)),
        Case("no step at all", (public(valley_gradient), np.array([4.0, 1.5]), 0.15, 0)),
    ],
    groups=[
        Group(
            "random bowls in one variable",
            points=1,
            strategy=st.tuples(
                public_calls(bowl_gradient, decimals(0.1, 5.0), _number), _number, _lr, _steps
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
                Case("into the right well", (public(double_well_gradient), 1.8, 0.1, 7)),
                Case("into the left well", (public(double_well_gradient), -0.2, 0.3, 6)),
                Case(
                    "many wells at once",
                    (public(double_well_gradient), np.array([0.4, -1.5, 0.0, 1.2]), 0.2, 5),
                ),
                Case(
                    "coupled variables",
                    (
                        public(
                            quadratic_gradient,
                            np.array([[2.0, 0.5], [0.5, 1.0]]),
                            np.array([1.0, -1.0]),
                        ),
                        np.array([3.0, -2.0]),
                        0.25,
                        9,
                    ),
                ),
                Case(
                    "a saddle",
                    (
                        public(quadratic_gradient, np.diag([1.0, -0.5]), np.zeros(2)),
                        np.array([1.0, 0.3]),
                        0.5,
                        4,
                    ),
                ),
            ),
        ),
        Group(
            "edge cases",
            points=1,
            cases=(
                Case("no steps from a number", (public(bowl_gradient, 2.0, 1.0), 4.5, 0.1, 0)),
                Case(
                    "no steps from an array",
                    (public(double_well_gradient), np.array([2.0, -0.5, 1.0]), 0.1, 0),
                ),
                Case("a single step", (public(bowl_gradient, 3.0, 1.0), 2.5, 0.2, 1)),
                Case("a start at the minimum", (public(bowl_gradient, 3.0, -1.5), -1.5, 0.2, 5)),
                Case(
                    "steps so long that it diverges", (public(bowl_gradient, 2.0, 0.0), 1.5, 1.5, 6)
                ),
                Case("a very flat bowl", (public(bowl_gradient, 1e-4, 1.0), 3.0, 1000.0, 10)),
                Case(
                    "slopes that cancel in a sum",
                    (public(bowl_gradient, 2.0, 0.0), np.array([1.5, -1.5]), 0.1, 4),
                ),
                Case("a hundred steps", (public(bowl_gradient, 0.5, 7.0), -3.0, 0.02, 100)),
            ),
        ),
    ],
    unseen_bugs={
        "np.array(x0, dtype=float) -> np.array(x0)": "a whole number as the start stands in a public "
        "example; hidden starts are floats",
        "one_step_too_few = returns_previous": "the iterate before the last is that of a step fewer",
    },
)
