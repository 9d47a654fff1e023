"""Keys of problem set 15, convergence rates and Newton: everything but its code problem."""

import math

import numpy as np

from autograder.model import (
    Experiment,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
)

epsilon = 1e-6


def steps_for(factor: float, reduction: float) -> int:
    """The least whole k with factor**k <= reduction."""
    return math.ceil(math.log(reduction) / math.log(factor))


def near(value: float, relative: float) -> tuple[float, float]:
    return value * (1 - relative), value * (1 + relative)


rate_one_over_k = Numeric(points=1, value=round(1 / epsilon), rtol=0.0, atol=1e-6)
rate_one_over_k2 = Numeric(points=1, value=round(1 / math.sqrt(epsilon)), rtol=0.0, atol=1e-6)

kappa = 100.0
sqrt_kappa = math.sqrt(kappa)
estimate = kappa * math.log(1 / epsilon)
accelerated_estimate = sqrt_kappa * math.log(1 / epsilon)

# rtol 1e-4 asks for the exact whole number and leaves room to round the estimate to a decimal.
rate_linear_kappa100 = MultiNumeric(
    points=2,
    values={"exact": steps_for(1 - 1 / kappa, epsilon), "approx": estimate},
    rtol=1e-4,
    atol=0.0,
)
rate_comparison = MultiNumeric(
    points=2,
    values={
        "nesterov_approx": accelerated_estimate,
        "nesterov_exact": steps_for(1 - 1 / sqrt_kappa, epsilon),
        "ratio": estimate / accelerated_estimate,
    },
    rtol=1e-3,
    atol=0.0,
)

gd_factor = (kappa - 1) / (kappa + 1)
heavy_ball_factor = (sqrt_kappa - 1) / (sqrt_kappa + 1)
momentum_rate_claim = MultiNumeric(
    points=2,
    values={"gd": gd_factor, "heavy_ball": heavy_ball_factor, "nesterov": 1 - 1 / sqrt_kappa},
    rtol=1e-3,
    atol=0.0,
)


def fitted_rate(lr: float, beta: float, look_ahead: bool) -> float:
    """The factor per step, fitted to the distances from step 300 to step 600."""
    curvature = np.array([1.0, 10.0, 100.0])
    previous = x = np.ones(3)
    distances = []
    for _ in range(600):
        moved = x + beta * (x - previous)
        gradient = curvature * (moved if look_ahead else x)
        previous, x = x, moved - lr * gradient
        distances.append(np.linalg.norm(x))
    slope = np.polyfit(np.arange(301, 601), np.log(distances[300:]), 1)[0]
    return float(np.exp(slope))


measured_rates = {
    "gd": fitted_rate(2 / 101, 0.0, look_ahead=False),
    "heavy_ball": fitted_rate(4 / 11**2, (9 / 11) ** 2, look_ahead=False),
    "nesterov": fitted_rate(1 / 100, 9 / 11, look_ahead=True),
}
rate_empirical = Experiment(
    points=4,
    # At the best momentum the error falls like k * factor^k, so the window of the fit shows a
    # little. Gradient descent has no such term, and step 1/L, with its 0.99, must stay outside.
    intervals={
        "gd": near(measured_rates["gd"], 0.003),
        "heavy_ball": near(measured_rates["heavy_ball"], 0.015),
        "nesterov": near(measured_rates["nesterov"], 0.015),
    },
)

# f = x^2 + 10 y^2 from (10, 10).
hessian = np.diag([2.0, 20.0])
start = np.array([10.0, 10.0])
gradient = hessian @ start
mu, L = np.linalg.eigvalsh(hessian)
newton_point = start - np.linalg.solve(hessian, gradient)

newton_2d_step = MultiNumeric(
    points=2,
    values={"x1": float(newton_point[0]), "y1": float(newton_point[1])},
    rtol=0.0,
    atol=1e-9,
)
gd_vs_newton_step = MultiNumeric(
    points=2,
    values={
        "alpha_1_over_L": tuple((start - gradient / L).tolist()),
        "alpha_opt": tuple((start - 2 / (L + mu) * gradient).tolist()),
    },
    rtol=0.0,
    atol=1e-3,
)
gd_steps_kappa10 = MultiNumeric(
    points=2,
    values={
        "one_over_L": steps_for(1 - mu / L, 0.1),
        "optimal": steps_for((L - mu) / (L + mu), 0.1),
    },
    rtol=0.0,
    atol=1e-6,
)

newton_cubic_cost = Numeric(points=1, value=1e8**3, rtol=1e-6, atol=0.0)

# The toy model: n^2 * 1e-12 seconds for one Newton step.
newton_vs_gd_seconds = MultiNumeric(
    points=2,
    values={"gd": 1000 * 0.1, "newton": 5 * 1e7**2 * 1e-12},
    rtol=1e-6,
    atol=0.0,
)
newton_1b_seconds = Numeric(points=1, value=1e9**2 * 1e-12, rtol=1e-6, atol=0.0)

# Saddles, noise and indefinite Hessians have damping, trust regions and larger batches; nothing
# short of giving up the exact Hessian shrinks n^2 numbers and an n^3 solve.
why_not_newton = MultipleChoice(points=1, options="abcd", key="d")

# Gradient and Hessian both need the current point only, so they may change places.
order_newton = Ordering(points=1, keys=("cebad", "ecbad"))


def digit_cost(kappa: float) -> float:
    return math.log(10) / math.log((kappa + 1) / (kappa - 1))


kappa_embedding_vs_attention = MultiNumeric(
    points=2,
    values={"attention": digit_cost(1e2), "embedding": digit_cost(1e4)},
    rtol=1e-3,
    atol=0.0,
)


def piecewise_gradient(x: float) -> float:
    """Slopes between 1 and 25: strongly convex with mu = 1 and L = 25."""
    if x < 1:
        return 25 * x
    if x < 2:
        return x + 24
    return 25 * x - 24


def heavy_ball_run() -> list[float]:
    xs = [3.3, 3.3]
    for _ in range(300):
        xs.append(xs[-1] - piecewise_gradient(xs[-1]) / 9 + 4 / 9 * (xs[-1] - xs[-2]))
    return xs


def gd_run() -> list[float]:
    xs = [3.3]
    for _ in range(300):
        xs.append(xs[-1] - piecewise_gradient(xs[-1]) / 25)
    return xs


low, middle, high = sorted(heavy_ball_run()[-3:])
gd_end = gd_run()[-1]
heavy_ball_counterexample = Experiment(
    points=4,
    intervals={
        "low": (low - 1e-3, low + 1e-3),
        "middle": (middle - 1e-3, middle + 1e-3),
        "high": (high - 1e-3, high + 1e-3),
        "gd": (gd_end - 1e-3, gd_end + 1e-3),
    },
)

iq_condition_number = ShortAnswer(
    points=2,
    rubric="""\
1 point: the condition number of the Hessian is its largest eigenvalue over its smallest (positive)
one, and the number of gradient descent steps to a given accuracy grows in proportion to it, like
kappa log(1/eps) (with the best momentum: its square root). Half of it for the definition alone.

1 point: a diagonal scaling (Adam's division, feature scaling) repairs differences of scale between
coordinates, where the long and short axes of the valley lie along the coordinate axes. It cannot
repair a valley that lies across them: rotation mixes coordinates and no rescaling of single
coordinates undoes it. For instance Adam at kappa = 100 reaches a far lower loss in 100 steps on the
axis-aligned valley (about 9e-4) than on the same valley turned by 45 degrees (about 0.34).
Half of it for only one side. "Adam makes kappa equal to 1" earns nothing here.
""",
)
