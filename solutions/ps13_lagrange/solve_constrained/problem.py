"""The least of a x^2 + b y^2 on the line x + y = c, for a, b > 0.

solve_constrained(a, b, c) -> [x, y]. At the least point both partial derivatives are equal,
2 a x = 2 b y, so x and y share c in the ratio b to a.
"""

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st


def solve_constrained(a, b, c):
    return [b * c / (a + b), a * c / (a + b)]


def solution(solve_constrained, a, b, c):
    """The answer by name; it may come as a list, a tuple or an array."""
    x, y = solve_constrained(a, b, c)
    return {"x": float(x), "y": float(y)}


problem = Problem(
    reference=solve_constrained,
    source="Nocedal and Wright (2006), Numerical Optimization, 2nd edition, section 12.3 (the "
    "conditions of Karush, Kuhn and Tucker, here with one equality)",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("equal weights share c equally", (1.0, 1.0, 1.0)),
        Case("the cheaper coordinate takes more", (3.0, 1.0, 8.0)),
    ],
    groups=[
        Group(
            "decimal numbers",
            points=2,
            cases=(
                Case("a below b", (0.5, 2.0, 5.0)),
                Case("a above b, c below zero", (2.5, 1.5, -4.0)),
            ),
            strategy=st.tuples(decimals(0.1, 6.0), decimals(0.1, 6.0), decimals(-9.0, 9.0)),
            count=25,
        ),
        Group(
            "whole numbers",
            points=1,
            cases=(
                Case("a fraction as the answer", (2, 3, 4)),
                Case("a fraction below one half", (1, 6, 1)),
                Case("a negative fraction", (2, 5, -3)),
            ),
            strategy=st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(-9, 9)),
            count=15,
        ),
        Group(
            "special sizes",
            points=1,
            cases=(
                Case("c is zero", (2.0, 3.0, 0.0)),
                Case("a much larger than b", (1e4, 1.0, 2.0)),
                Case("a much smaller than b", (0.001, 5.0, -3.0)),
                Case("both weights below one", (0.02, 0.03, 1.0)),
                Case("a large c", (1.5, 0.5, 2000.0)),
            ),
        ),
    ],
    public=(solution,),
    driver=solution,
)
