"""Does a function lie on or below one chord, at one point of it?

`is_convex_on_chord(f, x1, x2, lam)` compares f(lam x1 + (1 - lam) x2) with
lam f(x1) + (1 - lam) f(x2) and allows the curve 1e-12 above the chord for rounding. x1 and x2 are
floats, lam lies in [0, 1].
"""

import numpy as np

from autograder.model import Case, Group, Problem, public
from autograder.strategies import decimals, public_calls, st


def is_convex_on_chord(f, x1, x2, lam):
    on_curve = f(lam * x1 + (1 - lam) * x2)
    on_chord = lam * f(x1) + (1 - lam) * f(x2)
    return bool(on_curve <= on_chord + 1e-12)


def line(slope, intercept):
    return lambda x: slope * x + intercept


def parabola(a):
    return lambda x: a * x**2


def cubic(a, b, c):
    return lambda x: a * x**3 + b * x**2 + c * x


def absolute_value(x):
    return np.abs(x)


def exponential(x):
    return np.exp(x)


def sine(x):
    return np.sin(x)


def _is_clear(f, x1, x2, lam):
    gap = lam * f(x1) + (1 - lam) * f(x2) - f(lam * x1 + (1 - lam) * x2)
    return abs(gap) > 1e-6


def _cubic_is_clear(inputs):
    coefficients, *chord = inputs[0].arguments, *inputs[1:]
    return _is_clear(cubic(*coefficients), *chord)


_point = decimals(-3.0, 3.0)
_weight = decimals(0.0, 1.0)
_number = decimals(-2.0, 2.0)
_named = st.sampled_from([absolute_value, exponential, sine])


problem = Problem(
    reference=is_convex_on_chord,
    source="Boyd and Vandenberghe (2004), Convex Optimization, equation (3.1)",
    rtol=1e-6,
    atol=1e-9,
    public=(line, parabola, cubic, absolute_value, exponential, sine),
    examples=[
        Case("a chord of x^2", (public(parabola, 1.0), -1.0, 3.0, 0.3)),
        Case("a chord of -x^2", (public(parabola, -1.0), -1.0, 3.0, 0.3)),
        Case("a straight line", (public(line, 2.0, -1.0), 0.0, 4.0, 0.25)),
    ],
    groups=[
        Group(
            "chords of cubics",
            points=2,
            strategy=st.tuples(
                public_calls(cubic, _number, _number, _number), _point, _point, _weight
            ).filter(_cubic_is_clear),
            count=25,
        ),
        Group(
            "chords of other functions",
            points=1,
            cases=(
                Case("sine above its chord", (public(sine), 0.5, 2.5, 0.3)),
                Case("sine below its chord", (public(sine), -2.5, -0.5, 0.3)),
                Case("a kink inside the chord", (public(absolute_value), -1.0, 2.0, 0.4)),
                Case("the exponential", (public(exponential), -1.0, 2.0, 0.7)),
                Case("a hill high above zero", (public(cubic, 0.0, -0.5, 3.0), 3.0, 2.5, 0.5)),
                Case("near the first end", (public(cubic, 1.0, 0.0, 0.0), -1.0, 1.0, 0.75)),
                Case("near the second end", (public(cubic, 1.0, 0.0, 0.0), -1.0, 1.0, 0.25)),
            ),
            strategy=st.tuples(_named, _point, _point, _weight)
            .filter(lambda inputs: _is_clear(*inputs))
            .map(lambda inputs: (public(inputs[0]), *inputs[1:])),
            count=15,
        ),
        Group(
            "ends, lines and rounding",
            points=1,
            cases=(
                Case("a weight of zero", (public(exponential), -1.0, 1.0, 0.0)),
                Case("a weight of one", (public(parabola, -1.0), 0.5, 2.0, 1.0)),
                Case("both ends the same", (public(parabola, -2.0), 1.5, 1.5, 0.5)),
                Case("a line, where rounding decides", (public(line, 0.3, 0.1), -1.3, 1.7, 0.6)),
                Case("another such line", (public(line, 0.3, 0.1), 0.7, 1.7, 0.6)),
                Case("a line that falls", (public(line, -3.0, 0.5), -2.0, 1.0, 0.6)),
                Case("a constant", (public(line, 0.0, 2.0), -1.0, 4.0, 0.1)),
                Case("barely concave", (public(parabola, -5e-12), -1.0, 1.0, 0.4)),
                Case("concave within the tolerance", (public(parabola, -5e-13), -1.0, 1.0, 0.4)),
                Case("barely convex", (public(parabola, 5e-12), -1.0, 1.0, 0.4)),
                Case("convex within the tolerance", (public(parabola, 5e-13), -1.0, 1.0, 0.4)),
            ),
        ),
    ],
    unseen_bugs={
        "strictness": "curve and chord would have to differ by 1e-12 to "
        "the last bit, which no two right ways of computing them agree on",
    },
)
