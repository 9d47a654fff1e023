"""A whole AdamW run with a cosine learning rate, as in the two-speed valley.

adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd) -> x: x0 and x are 1-D arrays,
and grad_f(x) is the gradient. Both moments start at zero. Step k = 0, 1, ..., steps - 1 uses the
rate peak_lr * (1 + cos(pi * k / (steps - 1))) / 2, which starts at peak_lr and ends at 0 (a single
step uses peak_lr), and the bias correction of t = k + 1. The decay lr * wd * x reads x as it was
before the step. With no steps the answer is x0.
"""

import numpy as np

from autograder.model import Case, Group, Problem, public
from autograder.strategies import decimals, public_calls, st, vectors


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x = np.array(x0)
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    for k in range(steps):
        lr = peak_lr * (1 + np.cos(np.pi * k / max(steps - 1, 1))) / 2
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1 ** (k + 1))
        v_hat = v / (1 - beta2 ** (k + 1))
        x = x - lr * wd * x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return x


def valley(a, b):
    """The two-speed valley, with curvature 100 along a and 1 along b."""
    return 0.5 * (100.0 * a**2 + b**2)


def valley_gradient(w):
    return np.array([100.0, 1.0]) * w


def quadratic_gradient(curvatures, minimum):
    """The gradient of a quadratic with these curvatures along the axes and this minimum."""
    return lambda x: curvatures * (x - minimum)


def valley_path(adamw_valley_build):
    """Where a run of 80 steps from (1, 1) asks for the gradient, and its end; shape (81, 2)."""
    points = []

    def recorded_gradient(w):
        points.append(np.array(w))
        return valley_gradient(w)

    x0 = np.array([1.0, 1.0])
    end = adamw_valley_build(recorded_gradient, x0, 80, 0.08, 0.9, 0.999, 1e-8, 0.01)
    return np.array([*points, np.array(end)])


@st.composite
def _runs(draw, decays):
    size = draw(st.integers(1, 3))

    def array(low, high):
        return vectors(low, high, min_size=size, max_size=size)

    return (
        draw(public_calls(quadratic_gradient, array(0.5, 20), array(-3, 3))),
        draw(array(-4, 4)),
        draw(st.integers(2, 12)),
        draw(decimals(0.05, 0.5, places=2)),
        draw(st.sampled_from([0.5, 0.8, 0.9])),
        draw(st.sampled_from([0.95, 0.99, 0.999])),
        draw(st.sampled_from([0.1, 0.01])),
        draw(decays),
    )


_bowl = public(quadratic_gradient, np.array([2.0, 0.5]), np.array([1.0, -1.0]))

problem = Problem(
    reference=adamw_valley_build,
    source="Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2, with "
    "the decay scaled by lr, and a cosine rate without restarts",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "the valley in 80 steps: both coordinates end at 0.02158",
            (public(valley_gradient), np.array([1.0, 1.0]), 80, 0.08, 0.9, 0.999, 1e-8, 0.01),
        ),
        Case(
            "one step, at the peak rate",
            (public(valley_gradient), np.array([1.0, -2.0]), 1, 0.1, 0.9, 0.999, 0.1, 0.5),
        ),
    ],
    groups=[
        Group(
            "few steps",
            points=1,
            cases=(
                Case("no step", (_bowl, np.array([3.0, -2.0]), 0, 0.1, 0.9, 0.99, 0.1, 0.5)),
                Case("one step", (_bowl, np.array([3.0, -2.0]), 1, 0.2, 0.9, 0.99, 0.1, 0.5)),
                Case("two steps", (_bowl, np.array([3.0, -2.0]), 2, 0.2, 0.8, 0.99, 0.1, 0.5)),
                Case("three steps", (_bowl, np.array([3.0, -2.0]), 3, 0.2, 0.8, 0.99, 0.1, 0.5)),
            ),
        ),
        Group(
            "runs without decay",
            points=2,
            cases=(
                Case(
                    "the valley without decay",
                    (public(valley_gradient), np.array([1.0, 0.5]), 60, 0.1, 0.9, 0.99, 1e-8, 0.0),
                ),
            ),
            strategy=_runs(st.just(0.0)),
            count=20,
        ),
        Group(
            "runs with decay",
            points=2,
            cases=(
                Case(
                    "the valley with strong decay",
                    (public(valley_gradient), np.array([-2.0, 3.0]), 40, 0.2, 0.9, 0.99, 1e-8, 0.5),
                ),
            ),
            strategy=_runs(decimals(0.2, 0.9)),
            count=25,
        ),
    ],
    public=(valley, valley_gradient, quadratic_gradient, valley_path),
    path=valley_path,
    landscape=valley,
    forbidden=("torch.optim",),
)
