"""Answers of problem set 3 (momentum and Nesterov), computed where code can compute them."""

import numpy as np

from autograder.model import (
    BugHunt,
    Experiment,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Ordering,
)


def _velocity(grad, start, lr, beta, steps):
    """All pairs (velocity, point) of v = beta v + g, x = x - lr v, the start included."""
    v, x = 0.0, start
    run = [(v, x)]
    for _ in range(steps):
        v = beta * v + grad(x)
        x = x - lr * v
        run.append((v, x))
    return run


def _average(gradients, beta):
    """The buffers of m = beta m + (1 - beta) g for these gradients."""
    m, buffers = 0.0, []
    for g in gradients:
        m = beta * m + (1 - beta) * g
        buffers.append(m)
    return buffers


def _points(grad, start, lr, beta, steps):
    return np.array([x for _v, x in _velocity(grad, start, lr, beta, steps)])


def _stays_below(sizes, limit):
    """The first step from which on all sizes are below the limit."""
    return int(np.nonzero(np.asarray(sizes) >= limit)[0][-1]) + 1


# ---------------------------------------------------------------------------------------------
# By hand, on 3 x^2 + 2 x + 1


def _slope(x):
    return 6 * x + 2


_hand = _velocity(_slope, 5.0, 0.1, 0.9, 3)

momentum_step_1 = MultiNumeric(
    points=2, values={"v1": _hand[1][0], "x1": _hand[1][1]}, rtol=0.0, atol=1e-9
)
momentum_steps_2_3 = MultiNumeric(
    points=2,
    values={"v2": _hand[2][0], "x2": _hand[2][1], "v3": _hand[3][0], "x3": _hand[3][1]},
    rtol=0.0,
    atol=1e-9,
)

# The loss (d) is what is differentiated (b); the velocity (c) needs the gradient, the step (a) needs both.
order_momentum_step = Ordering(points=1, keys=["dbca"])

bug_momentum_sign = BugHunt(
    points=2,
    problem="momentum_sgd",
    answer="accepted/slope_named.py",
    change="x - lr * v -> x + lr * v",
    # A minus in front of the slope, in either of the two lines before, makes the last one right.
    other_repairs=("beta * v + slope -> beta * v - slope", "grad_f(x) -> -grad_f(x)"),
)

# ---------------------------------------------------------------------------------------------
# What the velocity remembers

velocity_weights = MultiNumeric(
    points=2,
    values={"weights": [0.9**age for age in range(3)], "sum": 1 / (1 - 0.9)},
    rtol=0.0,
    atol=1e-9,
)
momentum_window_099 = Numeric(points=1, value=1 / (1 - 0.99), rtol=0.0, atol=1e-6)

# The ravine 10 w1^2 + 0.1 w2^2.
_ravine = np.array([20.0, 0.2])
_one_one = np.array([1.0, 1.0])


def _ravine_gradient(w):
    return _ravine * w


_ravine_hand = _velocity(_ravine_gradient, _one_one, 0.01, 0.9, 2)
ravine_two_steps = MultiNumeric(
    points=2,
    values={
        "sgd2": _points(_ravine_gradient, _one_one, 0.01, 0.0, 2)[2],
        "v2": _ravine_hand[2][0],
        "mom2": _ravine_hand[2][1],
    },
    rtol=0.0,
    atol=1e-6,
)


def _ravine_counts():
    counts = {}
    runs = {b: _points(_ravine_gradient, _one_one, 0.01, b, 4000) for b in (0.0, 0.9)}
    for name, size, limit in (
        ("w1", lambda w: np.abs(w[:, 0]), 0.01),
        ("w2", lambda w: np.abs(w[:, 1]), 0.01),
        ("loss", lambda w: 0.5 * np.sum(_ravine * w**2, axis=1), 1e-4),
    ):
        counts[f"{name}_sgd"] = _stays_below(size(runs[0.0]), limit)
        counts[f"{name}_momentum"] = _stays_below(size(runs[0.9]), limit)
    return counts


# One step either way: whether the start counts as step 0 or 1 is easily confused.
ravine_claim = Experiment(
    points=4, intervals={name: (k - 1, k + 1) for name, k in _ravine_counts().items()}
)

# ---------------------------------------------------------------------------------------------
# The moving average

_valley = np.array([100.0, 1.0])

# The gradients that the notebook lists: steep ones with alternating sign, flat ones all alike.
_recorded = [np.array([100 * (-0.8) ** k, 1 - 0.02 * k]) for k in range(4)]

# About (1.45, 0.33): the steep entries cancel in part; 1 - 0.9^4 = 0.34 of the steady one has arrived.
mastery_2_ema_pattern = MultipleChoice(points=1, options="abcd", key="c")

ema_momentum_trace = MultiNumeric(
    points=2,
    values={f"m{k}": m for k, m in enumerate(_average(_recorded, 0.9), start=1)},
    rtol=0.0,
    atol=1e-3,
)


def _valley_loss(w):
    return float(0.5 * np.sum(_valley * w**2))


def _ema_end(lr):
    """Where 40 steps at this rate end: those of the velocity form with (1 - beta) times the rate."""
    return _points(lambda w: _valley * w, _one_one, (1 - 0.9) * lr, 0.9, 40)[-1]


def _race():
    """Intervals of what can be measured, and of the rates at which the average beats plain descent."""
    sgd = _points(lambda w: _valley * w, _one_one, 0.018, 0.0, 40)[-1]
    ema = _ema_end(0.018)
    measured = {
        "a_sgd": sgd[0],
        "b_sgd": sgd[1],
        "loss_sgd": _valley_loss(sgd),
        "a_ema": ema[0],
        "b_ema": ema[1],
        "loss_ema": _valley_loss(ema),
    }
    rates = np.linspace(0.018, 0.38, 725)
    better = [lr for lr in rates if _valley_loss(_ema_end(lr)) < _valley_loss(sgd)]
    return {name: (float(q) - 1e-3, float(q) + 1e-3) for name, q in measured.items()} | {
        "better_lr": (float(min(better)), float(max(better))),
        "better_loss": (0.0, _valley_loss(sgd)),
    }


sgd_vs_ema_40 = Experiment(points=4, intervals=_race())

# ---------------------------------------------------------------------------------------------
# How far and how fast


def _largest_root(lr, beta, curvature):
    """Of r^2 - (1 + beta - lr curvature) r + beta: the factor per step in the long run."""
    return float(np.max(np.abs(np.roots([1.0, -(1 + beta - lr * curvature), beta]))))


def _asymptotic():
    far = 400
    errors = {beta: np.abs(_points(_slope, 5.0, 0.1, beta, far) + 1 / 3) for beta in (0.0, 0.9)}
    counts = {beta: _stays_below(sizes, 1e-3) for beta, sizes in errors.items()}
    rates = {beta: _largest_root(0.1, beta, 6.0) for beta in (0.0, 0.9)}
    faster = min(rates, key=lambda beta: rates[beta])
    return {
        "gd_steps": (counts[0.0] - 1, counts[0.0] + 1),
        "momentum_steps": (counts[0.9] - 1, counts[0.9] + 1),
        "gd_rate": (rates[0.0] - 1e-4, rates[0.0] + 1e-4),
        "momentum_rate": (rates[0.9] - 1e-4, rates[0.9] + 1e-4),
        "faster_beta": (faster - 1e-9, faster + 1e-9),
    }


momentum_asymptotic_1d = Experiment(points=4, intervals=_asymptotic())

# At the limit a root is -1: 1 + (1 + beta - lr h) + beta = 0. The average divides the step by 1 / (1 - beta).
_limit = 2 * (1 + 0.9) / 20
momentum_stability_limit = MultiNumeric(
    points=2,
    values={"gd": 2 / 20, "velocity": _limit, "ema": _limit / (1 - 0.9)},
    rtol=1e-3,
    atol=0.0,
)

# ---------------------------------------------------------------------------------------------
# Nesterov

nesterov_when = MultipleChoice(points=1, options="abcd", key="b")
# Ten times the steps: the gap of Nesterov's method falls to about a hundredth.
nesterov_lookahead_concept = MultipleChoice(points=1, options="abcd", key="d")
