"""One Newton step on a function of one variable, with a guard against zero curvature.

`newton_step(df, d2f, x)` returns x - df(x) / d2f(x), or x where |d2f(x)| < 1e-12. Negative
curvature is used as it is: the step then leads towards a maximum. x is a float.
"""

import numpy as np

from autograder.model import Case, Group, Problem, public
from autograder.strategies import decimals, st


def newton_step(df, d2f, x):
    curvature = d2f(x)
    if abs(curvature) < 1e-12:
        return x
    return x - df(x) / curvature


def constant(value):
    return lambda x: value


def cubic_slope(a, b, c):
    return lambda x: 3 * a * x**2 + 2 * b * x + c


def cubic_curvature(a, b):
    return lambda x: 6 * a * x + 2 * b


def cosine_slope(x):
    return -np.sin(x)


def cosine_curvature(x):
    return -np.cos(x)


def valley_slope(x):
    return np.exp(x) - 2.0


def valley_curvature(x):
    return np.exp(x)


def valley_path(function):
    iterates = [3.0]
    for _ in range(8):
        iterates.append(function(valley_slope, valley_curvature, iterates[-1]))
    return np.array(iterates)


def _cubic(a, b, c, x):
    return public(cubic_slope, a, b, c), public(cubic_curvature, a, b), x


def _is_curved(inputs):
    a, b = inputs[1].arguments
    return abs(cubic_curvature(a, b)(inputs[2])) > 1e-3


# Everything has one decimal place, so the curvature is at least 0.02 where it is not zero.
_number = decimals(-3.0, 3.0)
_factor = decimals(0.1, 3.0)


problem = Problem(
    reference=newton_step,
    source="Nocedal and Wright (2006), Numerical Optimization, equation (2.15)",
    rtol=1e-6,
    atol=1e-9,
    public=(
        constant,
        cubic_slope,
        cubic_curvature,
        cosine_slope,
        cosine_curvature,
        valley_slope,
        valley_curvature,
        valley_path,
    ),
    path=valley_path,
    forbidden=("scipy.optimize", "torch.optim"),
    examples=[
        Case("a parabola", _cubic(0.0, 3.0, 2.0, 5.0)),
        Case("an exponential valley", (public(valley_slope), public(valley_curvature), 1.0)),
        Case("no curvature", _cubic(1.0, 0.0, -2.0, 0.0)),
    ],
    groups=[
        Group(
            "random parabolas that open upwards",
            points=1,
            strategy=st.builds(_cubic, st.just(0.0), _factor, _number, _number),
            count=20,
        ),
        Group(
            "random cubics",
            points=1,
            strategy=st.builds(_cubic, _number, _number, _number, _number).filter(_is_curved),
            count=28,
        ),
        Group(
            "negative curvature",
            points=1,
            cases=(
                Case("a parabola that opens downwards", _cubic(0.0, -1.5, 1.0, 2.0)),
                Case("the top of a wave", (public(cosine_slope), public(cosine_curvature), 0.8)),
                Case("the left side of a cubic", _cubic(1.0, 0.5, -1.0, -1.5)),
                Case("slightly negative", (public(constant, 2e-7), public(constant, -1e-7), 0.5)),
                Case("at a maximum", _cubic(0.0, -2.0, 0.0, 0.0)),
            ),
        ),
        Group(
            "the guard",
            points=1,
            cases=(
                Case("a straight line", (public(constant, 2.0), public(constant, 0.0), 3.5)),
                Case("an inflection point", _cubic(0.5, 0.0, 1.0, 0.0)),
                Case(
                    "curvature below the limit",
                    (public(constant, 0.5), public(constant, 5e-13), 4.0),
                ),
                Case(
                    "negative curvature inside the limit",
                    (public(constant, 0.5), public(constant, -5e-13), -4.0),
                ),
                Case(
                    "small curvature outside the limit",
                    (public(constant, 3e-12), public(constant, 2e-12), 4.0),
                ),
                Case("a gentle bowl", (public(constant, -1e-6), public(constant, 1e-6), 1.5)),
                Case(
                    "no slope, some curvature", (public(constant, 0.0), public(constant, 2.0), 1.25)
                ),
            ),
        ),
    ],
    unseen_bugs={
        "strictness": "they differ where the curvature is 1e-12 to the last bit, "
        "and there either is a sensible answer",
    },
)
