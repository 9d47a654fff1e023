"""Answers of problem set 2 (gradient descent and conditioning), computed where code can compute them."""

import math

import numpy as np
import sympy as sp

from autograder.model import Experiment, MultiNumeric, MultipleChoice, Numeric, Symbolic


def _descend(grad, start, lr, steps):
    """All iterates of gradient descent, the start included."""
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return points


# ---------------------------------------------------------------------------------------------
# One variable

gd_w2_three = MultiNumeric(
    points=2,
    values={f"w{k}": w for k, w in enumerate(_descend(lambda w: 2 * w, 3.0, 0.1, 3)) if k > 0},
    rtol=0.0,
    atol=1e-9,
)


def _parabola_slope(x):
    """Of 3 x^2 + 2 x + 1."""
    return 6 * x + 2


_run = _descend(_parabola_slope, 5.0, 0.1, 5)
gd_one_step = Numeric(points=1, value=_run[1], rtol=0.0, atol=1e-9)
gd_five_steps = Numeric(points=1, value=_run[5], rtol=0.0, atol=1e-6)


def _recurrence():
    """One step as a formula in x, its fixed point, its slope, and the iterate after k steps."""
    x, k = sp.symbols("x k")
    update = sp.expand(x - sp.Rational(1, 10) * sp.diff(3 * x**2 + 2 * x + 1, x))
    fixed_point = sp.solve(sp.Eq(update, x), x)[0]
    factor = sp.diff(update, x)
    return {
        "update": update,
        "fixed_point": fixed_point,
        "factor": factor,
        "after_k": fixed_point + factor**k * (5 - fixed_point),
    }


gd_recurrence = Symbolic(
    points=2, expressions=_recurrence(), domain={"x": (-3.0, 3.0), "k": (0.0, 6.0)}
)

# Curvature 6: the error is multiplied by 1 - 6 lr, and |1 - 6 lr| = 1 at lr = 2/6.
gd_divergence = MultiNumeric(
    points=2,
    values={
        "multiplier": abs(1 - 0.5 * 6),
        "iterates": _descend(_parabola_slope, 1.0, 0.5, 3)[1:],
        "lr_max": 2 / 6,
    },
    rtol=0.0,
    atol=1e-4,
)

# 10 x^2 has curvature 20; 1 - 20 lr = 0.
optimal_lr_quadratic = Numeric(points=1, value=1 / 20, rtol=0.0, atol=1e-9)

# ---------------------------------------------------------------------------------------------
# The valley 0.5 (100 a^2 + b^2)

_curvatures = np.array([100.0, 1.0])
_start = np.array([1.0, 1.0])


def _loss(w):
    return float(0.5 * np.sum(_curvatures * w**2))


def _gradient(w):
    return _curvatures * w


_next = _descend(_gradient, _start, 0.018, 1)[1]
valley_loss_grad = MultiNumeric(
    points=2,
    values={
        "loss": _loss(_start),
        "grad": _gradient(_start),
        "next": _next,
        "next_loss": _loss(_next),
    },
    rtol=0.0,
    atol=1e-3,
)

_landing = _descend(_gradient, _start, 0.01, 1)[1]
practice_sgd_001 = MultiNumeric(
    points=2,
    values={"next": _landing, "crossings": int(np.sum(_start * _landing < 0))},
    rtol=0.0,
    atol=1e-9,
)

valley_stability_limit = MultiNumeric(
    points=2,
    values={"limit": 2 / _curvatures.max(), "multiplier": 1 - 0.021 * _curvatures.max()},
    rtol=0.0,
    atol=1e-9,
)

# 1 - 0.021 * 100 = -1.1 for a; 1 - 0.021 = 0.979 for b.
mastery_1_divergence = MultipleChoice(points=1, options="abcd", key="c")


def _sweep():
    """Where eight steps end, for the three rates, and the rate that ends lowest."""
    ends = {lr: _descend(_gradient, _start, lr, 8)[-1] for lr in (0.005, 0.018, 0.021)}
    measured = {}
    for name, (_lr, w) in zip(("small", "medium", "large"), ends.items(), strict=True):
        measured |= {f"a_{name}": w[0], f"b_{name}": w[1], f"loss_{name}": _loss(w)}
    return measured, min(ends, key=lambda lr: _loss(ends[lr]))


_measured, _lowest = _sweep()

# Three decimals are enough: the intervals reach 1e-3 to either side.
valley_lr_sweep = Experiment(
    points=4,
    intervals={name: (float(q) - 1e-3, float(q) + 1e-3) for name, q in _measured.items()}
    | {"best_lr": (_lowest - 1e-9, _lowest + 1e-9)},
)

# ---------------------------------------------------------------------------------------------
# The best step


def _worst_factor(lr, smallest, largest):
    return max(abs(1 - lr * smallest), abs(1 - lr * largest))


quadratic_optimal_step = MultiNumeric(
    points=2,
    values={"lr": 2 / (2 + 20), "factor": _worst_factor(2 / (2 + 20), 2, 20)},
    rtol=1e-3,
    atol=0.0,
)


def _steps_for_a_tenth(lr, smallest, largest):
    """The smallest whole k with factor**k <= 1/10."""
    return math.ceil(math.log(10) / -math.log(_worst_factor(lr, smallest, largest)))


# 50 x^2 + y^2 has curvatures 100 and 2.
condition_number_50 = MultiNumeric(
    points=2,
    values={
        "kappa": 100 / 2,
        "steps_optimal": _steps_for_a_tenth(2 / (100 + 2), 2, 100),
        "steps_safe": _steps_for_a_tenth(1 / 100, 2, 100),
    },
    rtol=0.0,
    atol=1e-6,
)
