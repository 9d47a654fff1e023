"""Keys of problem set 14, duality and proximal operators: everything but its code problems."""

import numpy as np
import sympy as sp

from autograder.model import (
    BugHunt,
    Experiment,
    MultiNumeric,
    MultipleChoice,
    Numeric,
    Symbolic,
)

# The small linear program: minimise c x subject to a x >= b and x >= 0. All three are positive, so
# the constraint binds, and the dual, maximise b mu subject to a mu <= c, binds as well.
a, b, c = 2.0, 4.0, 3.0
mu_star = c / a

lp_primal = Numeric(points=1, value=c * (b / a), rtol=0.0, atol=1e-9)
lp_dual = MultiNumeric(points=2, values={"d": b * mu_star, "mu": mu_star}, rtol=0.0, atol=1e-9)
lp_shadow_price = MultiNumeric(
    points=2,
    values={"new_cost": c * (5.0 / a), "change": mu_star * (5.0 - b)},
    rtol=0.0,
    atol=1e-9,
)

# The diet: minimise cost . x subject to content x >= need and x >= 0. In the Lagrangian
# cost . x + y . (need - content x) each x_j has the factor cost_j - (content^T y)_j.
y1, y2 = sp.symbols("y1 y2")
content = sp.Matrix([[1, 2], [3, 1]])
need = sp.Matrix([4, 6])
cost = sp.Matrix([5, 4])
prices = sp.Matrix([y1, y2])
slack = cost - content.T * prices

lp_dual_form = Symbolic(
    points=2,
    expressions={
        "objective": need.dot(prices),
        "slack_1": slack[0],
        "slack_2": slack[1],
    },
    domain={"y1": (0.0, 3.0), "y2": (0.0, 3.0)},
)

duality_gap = Numeric(points=1, value=5.0 - 3.0, rtol=0.0, atol=1e-9)

# Convex objective, affine constraint, Slater point (0, 0). The sine has p* = 0 and d* = -1; the
# cube has p* = 1 and d* = -infinity.
strong_duality_choice = MultipleChoice(points=1, options="abcd", key="b")

# Minimise x^2 subject to 2 - x <= 0.
x, mu = sp.symbols("x mu", real=True)
lagrangian = x**2 + mu * (2 - x)
lowest_x = sp.solve(sp.diff(lagrangian, x), x)[0]
g = sp.expand(lagrangian.subs(x, lowest_x))
best_mu = sp.solve(sp.diff(g, mu), mu)[0]

dual_function = Symbolic(points=2, expressions={"": g}, domain={"mu": (0.0, 8.0)})
dual_maximum = MultiNumeric(
    points=2,
    values={"mu": float(best_mu), "d": float(g.subs(mu, best_mu))},
    rtol=0.0,
    atol=1e-9,
)


def measure_dual() -> dict[str, float]:
    """The experiment on the notebook's own grids, with no calculus."""
    mu_grid = np.linspace(0.0, 8.0, 801)
    x_grid = np.linspace(-2.0, 6.0, 801)
    p_star = np.min(x_grid[x_grid >= 2.0 - 1e-12] ** 2)
    dual = np.array([np.min(x_grid**2 + m * (2.0 - x_grid)) for m in mu_grid])
    return {
        "p_star": float(p_star),
        "argmax_mu": float(mu_grid[np.argmax(dual)]),
        "d_star": float(np.max(dual)),
        "violations": float(np.sum(dual > p_star + 1e-9)),
    }


measured = measure_dual()
dual_numeric_lower_bound = Experiment(
    points=4,
    # A comparison x >= 2 that rounding decides may lose the grid point 2 and give 2.01^2 = 4.04.
    # On the grid the dual is flat within rounding one or two points around its top.
    intervals={
        "p_star": (measured["p_star"] - 0.05, measured["p_star"] + 0.05),
        "argmax_mu": (measured["argmax_mu"] - 0.05, measured["argmax_mu"] + 0.05),
        "d_star": (measured["d_star"] - 0.05, measured["d_star"] + 0.05),
        "violations": (measured["violations"], measured["violations"]),
    },
)


def shrink(value: float, lam: float) -> float:
    return float(np.sign(value) * max(abs(value) - lam, 0.0))


prox_l1_3 = Numeric(points=1, value=shrink(3.0, 1.0), rtol=0.0, atol=1e-12)
prox_l1_half = Numeric(points=1, value=shrink(0.5, 1.0), rtol=0.0, atol=1e-12)
prox_l1_neg = Numeric(points=1, value=shrink(-2.5, 0.5), rtol=0.0, atol=1e-12)

bug_soft_threshold = BugHunt(
    points=2,
    problem="soft_threshold",
    answer="accepted/sign_and_size.py",
    change="np.maximum(size - lam, 0.0) -> size - lam",
    # The clamp may stand before the subtraction or after it; a sign of 0 for small entries does it too.
    other_repairs=[
        "sign * shrunk -> sign * np.maximum(shrunk, 0.0)",
        "np.abs(x) -> np.maximum(np.abs(x), lam)",
        "np.where(x < 0, -1.0, 1.0) -> np.where(np.abs(x) > lam, np.sign(x), 0.0)",
    ],
)

# argmin of 1/2 (z - v)^2 + lam z^2: z - v + 2 lam z = 0.
prox_l2 = Numeric(points=1, value=6.0 / (1.0 + 2.0 * 1.0), rtol=0.0, atol=1e-12)

# The kink of |z| at 0 holds every |v| <= lam there; z^2 is flat at 0 and only divides by 1 + 2 lam.
prox_l1_vs_l2 = MultipleChoice(points=1, options="abcd", key="c")
