"""Answers of problem set 1 (convexity, gradients, Hessians), computed where code can compute them."""

import numpy as np
import sympy as sp

from autograder.model import BugHunt, MultiNumeric, MultipleChoice, Numeric, Symbolic

# ---------------------------------------------------------------------------------------------
# Convex or not

# f'' = 2 > 0 everywhere; f' = 2x vanishes at 0 only.
convex_square = MultipleChoice(points=1, options="abcd", key="b")

# |lam x + (1 - lam) y| <= lam |x| + (1 - lam) |y|; the definition asks for no derivative.
convex_abs = MultipleChoice(points=1, options="abcd", key="d")

# f'' = 6x: negative on the left, non-negative from 0 on, so 1 is not the end of the half-line.
convex_cube = MultipleChoice(points=1, options="abcd", key="c")

bug_convexity_check = BugHunt(
    points=2,
    problem="is_convex_on_chord",
    answer="accepted/every_number_named.py",
    change="on_chord + tolerance -> on_curve + tolerance",
)

# ---------------------------------------------------------------------------------------------
# Gradients


def _partials():
    x1, x2 = sp.symbols("x1 x2")
    f = x1**2 + 3 * x1 * x2 + x2**2
    return {f"df_d{x.name}": float(f.diff(x).subs({x1: 1, x2: 2})) for x in (x1, x2)}


partials_12 = MultiNumeric(points=2, values=_partials(), rtol=0.0, atol=1e-9)


def _squared_error_gradient(prediction, x, y):
    """Of (prediction - y)**2, where the prediction is w @ x: 2 (prediction - y) x, no one half."""
    return 2 * (prediction - y) * np.asarray(x)


mse_gradient_single = MultiNumeric(
    points=2,
    values=dict(zip(("dw1", "dw2"), _squared_error_gradient(3.0, [1.0, 2.0], 5.0), strict=True)),
    rtol=0.0,
    atol=1e-9,
)

# ---------------------------------------------------------------------------------------------
# Hessians


def _bowl_curvatures():
    """Eigenvalues, smallest first, and unit eigenvectors of the Hessian of x^2 + xy + y^2."""
    x, y = sp.symbols("x y")
    hessian = sp.hessian(x**2 + x * y + y**2, (x, y))
    return np.linalg.eigh(np.array(hessian, dtype=float))


_curvatures, _directions = _bowl_curvatures()

hessian_min_eig = Numeric(points=1, value=float(_curvatures[0]), rtol=0.0, atol=1e-9)

# atol: three decimals of the direction are enough.
hessian_flat_direction = MultiNumeric(
    points=2,
    values={"eigenvalues": _curvatures, "direction": _directions[:, 0]},
    rtol=0.0,
    atol=6e-4,
    up_to_sign=["direction"],
)

# ---------------------------------------------------------------------------------------------
# Quadratics with a matrix: the derivatives are taken entry by entry, so no matrix rule is believed.

_A = sp.Matrix(2, 2, sp.symbols("a11 a12 a21 a22"))
_b = sp.Matrix(sp.symbols("b1 b2"))
_w = sp.Matrix(sp.symbols("w1 w2"))
_quadratic = sp.expand((_w.T * _A * _w + _b.T * _w)[0] + sp.Symbol("c"))
_symmetric = _quadratic.subs(sp.Symbol("a21"), sp.Symbol("a12"))
_names = ("a11", "a12", "a21", "a22", "b1", "b2", "c", "w1", "w2")
_domain = dict.fromkeys(_names, (-2.0, 2.0))

ex1_quadratic_gradient = Symbolic(
    points=2,
    expressions={
        "general_1": _quadratic.diff(_w[0]),
        "general_2": _quadratic.diff(_w[1]),
        "symmetric_1": _symmetric.diff(_w[0]),
        "symmetric_2": _symmetric.diff(_w[1]),
    },
    domain=_domain,
)

hessian_quadratic = Symbolic(
    points=2,
    expressions={
        f"H{i + 1}{j + 1}": _quadratic.diff(_w[i], _w[j]) for i in range(2) for j in range(2)
    },
    domain=_domain,
)
