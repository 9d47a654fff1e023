"""A proximal operator by search: try every point of a grid and keep the best one."""

import numpy as np

from autograder.model import Case, Group, Problem, public
from autograder.strategies import decimals, public_calls, st


def prox_brute_force(g, v, lam, grid):
    objective = 0.5 * (grid - v) ** 2 + lam * g(grid)
    return grid[np.argmin(objective)]


def absolute(z):
    return np.abs(z)


def square(z):
    return np.asarray(z) ** 2


def non_negative(z):
    """0 where z is allowed (z >= 0), infinity where it is not."""
    return np.where(np.asarray(z) < 0, np.inf, 0.0)


def non_zero(z):
    """A flat price of 1 for every value that is not zero."""
    return np.where(np.asarray(z) == 0, 0.0, 1.0)


def reward(z):
    """A price below zero: the larger z, the better."""
    return -1.0 * np.asarray(z)


def distance_to(centre):
    """The penalty |z - centre|."""
    return lambda z: np.abs(np.asarray(z) - centre)


TENTHS = np.arange(-40, 41) / 10


def has_clear_winner(inputs):
    """True if rounding cannot decide between the best grid point and the second best."""
    penalty, v, lam, grid = inputs
    g = globals()[penalty.function]
    if penalty.arguments is not None:
        g = g(*penalty.arguments)
    best, second = np.sort(0.5 * (grid - v) ** 2 + lam * g(grid))[:2]
    return second - best > 1e-9


problem = Problem(
    reference=prox_brute_force,
    source="Parikh and Boyd (2014), Proximal Algorithms, equation (1.1)",
    rtol=1e-7,
    atol=1e-10,
    public=(absolute, square, non_negative, non_zero, reward, distance_to),
    examples=[
        Case("absolute value", (public(absolute), 3.0, 1.0, TENTHS)),
        Case("square", (public(square), 3.0, 0.5, TENTHS)),
    ],
    groups=[
        Group(
            "absolute values and squares",
            points=2,
            cases=(
                Case("a negative v and a square", (public(square), -3.6, 0.4, TENTHS)),
                Case("a weight above one", (public(square), 4.0, 2.0, TENTHS)),
            ),
            strategy=st.tuples(
                st.sampled_from([public(absolute), public(square)]),
                decimals(-4, 4),
                decimals(0.1, 3),
                st.just(TENTHS),
            ).filter(has_clear_winner),
            count=25,
        ),
        Group(
            "other penalties and other grids",
            points=2,
            cases=(
                Case(
                    "a penalty that forbids negative points",
                    (public(non_negative), -1.3, 0.7, TENTHS),
                ),
                Case("an allowed point stays", (public(non_negative), 1.3, 0.7, TENTHS)),
                Case("a flat price, worth paying", (public(non_zero), 1.7, 0.8, TENTHS)),
                Case("a flat price, not worth paying", (public(non_zero), -1.1, 0.8, TENTHS)),
                Case("a price that falls below zero", (public(reward), 0.8, 0.7, TENTHS)),
                Case("v outside the grid", (public(absolute), 9.0, 0.5, np.arange(-8, 9) / 4)),
                Case(
                    "a grid in no order",
                    (public(absolute), 1.3, 0.4, np.array([2.0, -1.0, 0.75, 0.0, 3.5, 1.5])),
                ),
                Case("a grid of one point", (public(square), 2.0, 1.0, np.array([-0.25]))),
                Case("a weight of zero", (public(absolute), 1.26, 0.0, TENTHS)),
            ),
            strategy=st.tuples(
                public_calls(distance_to, decimals(-2, 2)),
                decimals(-4, 4),
                decimals(0.1, 3),
                st.just(TENTHS),
            ).filter(has_clear_winner),
            count=20,
        ),
    ],
    unseen_bugs={
        "cost < best_cost -> cost <= best_cost": "they differ only on ties, and each of two best points "
        "is a right answer",
        "hits[0] -> hits[-1]": "the same",
    },
)
