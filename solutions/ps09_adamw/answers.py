"""Answers of problem set 9 (AdamW, decoupled decay, Lion), computed where code can compute them."""

import numpy as np

from autograder.model import BugHunt, Experiment, MultiNumeric, ShortAnswer


def _last_theta(theta, grads, lr, wd, coupled, beta1=0.9, beta2=0.999, eps=1e-8):
    """Where Adam ends with decay wd, in the gradient (coupled) or beside it."""
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t, g in enumerate(grads, start=1):
        if coupled:
            g = g + wd * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        theta = theta - lr * step - (0.0 if coupled else lr * wd * theta)
    return theta


def _one_quiet_step(theta, lr, wd, coupled):
    """One step from a fresh state with no gradient from the data."""
    return float(_last_theta(np.array([theta]), [np.zeros(1)], lr, wd, coupled)[0])


# ---------------------------------------------------------------------------------------------
# Numbers

# Coupled: the only gradient is wd * theta, and a first Adam step has length lr whatever its size.
adamw_decay_vs_l2_first = MultiNumeric(
    points=2,
    values={
        "adamw": _one_quiet_step(10.0, lr=0.1, wd=0.05, coupled=False),
        "coupled": _one_quiet_step(10.0, lr=0.1, wd=0.05, coupled=True),
    },
    rtol=0.0,
    atol=1e-6,
)

# One step multiplies by 1 - lr wd. rtol lets a whole number of steps count for the half-life.
_LR, _WD = 1e-3, 0.1
wd_shrink_per_step = MultiNumeric(
    points=2,
    values={
        "percent": 100 * _LR * _WD,
        "half_life": float(np.log(0.5) / np.log1p(-_LR * _WD)),
        "after_10000": (1 - _LR * _WD) ** 10_000,
    },
    rtol=1e-3,
    atol=0.0,
)

# The last part is the point: ten times less decay leaves the coupled step as it was.
mastery_5_decay = MultiNumeric(
    points=2,
    values={
        "adamw": _one_quiet_step(4.0, lr=0.05, wd=0.2, coupled=False),
        "coupled": _one_quiet_step(4.0, lr=0.05, wd=0.2, coupled=True),
        "adamw_weak": _one_quiet_step(4.0, lr=0.05, wd=0.02, coupled=False),
        "coupled_weak": _one_quiet_step(4.0, lr=0.05, wd=0.02, coupled=True),
    },
    rtol=0.0,
    atol=1e-6,
)


# ---------------------------------------------------------------------------------------------
# The experiment: the notebook gives the same generator, seed and scales

_grads = np.random.default_rng(0).normal(size=(200, 2)) * np.array([100.0, 0.01])
_ends = {
    "none": _last_theta(np.ones(2), _grads, lr=0.01, wd=0.0, coupled=False),
    "l2": _last_theta(np.ones(2), _grads, lr=0.01, wd=0.1, coupled=True),
    "adamw": _last_theta(np.ones(2), _grads, lr=0.01, wd=0.1, coupled=False),
}

# 1e-3 is room for float32 and for decay after the step; "none" and "l2" of the large one are 2e-3 apart.
adam_l2_vs_adamw = Experiment(
    points=4,
    intervals={
        f"{run}_{weight}": (float(end - 1e-3), float(end + 1e-3))
        for run, ends in _ends.items()
        for weight, end in zip(("large", "small"), ends, strict=True)
    },
)


# ---------------------------------------------------------------------------------------------
# Bug hunts: one fault each

# With no gradient the weight grows by the factor 1 + lr wd: 10 becomes 10.01.
bug_adamw_decay_sign = BugHunt(
    points=2,
    problem="adamw_step",
    answer="accepted/decay_in_the_update.py",
    change="denominator + wd * theta -> denominator - wd * theta",
)

# Off by lr**2 * wd * (adaptive step). The two square roots of 1 - beta2**t are right: Adam's paper,
# end of section 2, folds the corrections into the rate, and eps then needs the same factor.
bug_decay_updated_weight = BugHunt(
    points=2,
    problem="adamw_step",
    answer="accepted/corrections_in_the_rate.py",
    change="moved - lr * wd * theta -> moved - lr * wd * moved",
)

# The bracket of the snippet: the decay is divided by the root of v_hat, and m, v never see it.
iq_adamw_snippet = BugHunt(
    points=2,
    problem="adamw_step",
    answer="accepted/unbiased_closure.py",
    change="(direction / scale + wd * theta) -> (direction + wd * theta) / scale",
)


# ---------------------------------------------------------------------------------------------
# Prose

iq_adam_vs_adamw = ShortAnswer(
    points=2,
    rubric="""\
1 point: the mechanism. With L2 inside Adam the term wd * theta is part of the gradient, so it passes
through m and is divided by the root of v like everything else; the decay a weight feels is about
wd * theta / sqrt(v_hat). In AdamW the decay stands beside the adaptive step and multiplies every
weight by 1 - lr * wd, whatever its gradients.
1 point: the consequence, tied to the measurement. With L2 the weight with LARGE gradients is
under-regularised (its end hardly differs from the run without decay), and the one with small
gradients is pulled hard, almost to zero; with AdamW both lose about the same share.
Half a point off: "v is the variance of the gradient" (it is the uncentred second moment).
No point for the second part where large and small are swapped, or no number is named.
""",
)
