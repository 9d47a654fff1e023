import contextlib

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.formula import MAX_LENGTH, FormulaError, evaluate_formula, text_of

X = np.array([0.5, 1.0, 2.0])
Y = np.array([3.0, -1.0, 0.25])

RIGHT = {
    "x": X,
    "2*x + y**2": 2 * X + Y**2,
    "2*x + y^2": 2 * X + Y**2,
    "-x^2": -(X**2),  # the power binds tighter than the sign
    "x^-1": 1 / X,
    "2^3^2": np.full(3, 512.0),  # to the right, as in Python
    "+x": X,
    "(x - y)/(x*y)": (X - Y) / (X * Y),
    "exp(-x)*sin(pi*y) + cos(0)": np.exp(-X) * np.sin(np.pi * Y) + 1,
    "log(sqrt(x)) + abs(y)": np.log(np.sqrt(X)) + np.abs(Y),
    "7": np.full(3, 7.0),
    "1e-3 + .5": np.full(3, 0.501),
    " x\n + 1": X + 1,
    "x \N{MINUS SIGN} 1": X - 1,
    "2\N{MULTIPLICATION SIGN}x": 2 * X,
    "Abs(y) + E": np.abs(Y) + np.e,
}


@pytest.mark.parametrize("text", RIGHT)
def test_value(text):
    found = evaluate_formula(text, {"x": X, "y": Y})
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, RIGHT[text], rtol=1e-14)


def test_undefined_places_are_nan_or_inf_without_a_warning():
    found = evaluate_formula("sqrt(y) + 1/(x - 1)", {"x": X, "y": Y})
    assert np.isnan(found[1])
    assert np.isfinite(found[[0, 2]]).all()
    assert evaluate_formula("10**400", {}) == np.inf


def test_variables_come_before_constants_and_may_be_greek():
    assert evaluate_formula("pi", {"pi": np.array(3.0)}) == 3.0
    assert evaluate_formula("2*λ", {"λ": np.array(3.0)}) == 6.0


def test_no_variables_give_an_array_without_axes():
    found = evaluate_formula("1/4", {})
    assert found.shape == ()
    assert found == 0.25


def test_the_result_is_the_callers_own():
    x = np.array([1.0, 2.0])
    evaluate_formula("x", {"x": x})[0] = 9.0
    assert x[0] == 1.0


x, y = sympy.symbols("x y")
SYMPY = [
    sympy.sqrt(x) * sympy.exp(-x * y) / 3,
    sympy.Abs(y) + sympy.log(x) ** 2 - sympy.pi,
    sympy.Rational(1, 3) * x**3 + sympy.E,
    sympy.diff(sympy.sin(x) * sympy.cos(y) / x, x),
]


@pytest.mark.parametrize("expression", SYMPY, ids=str)
def test_sympy_expressions_by_their_text(expression):
    found = evaluate_formula(text_of(expression), {"x": X, "y": Y})
    expected = [float(expression.subs({x: a, y: b})) for a, b in zip(X, Y, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


FORM = "a formula has only numbers, variables, functions and + - * / **"
HINT = "write * between factors, as in 2*x"
WRONG = {
    "": "the formula is empty",
    " \n": "the formula is empty",
    "2mu": f"cannot read the formula (character 2: `mu`); {HINT}",
    "x²": f"cannot read the formula (character 2: `²`); {HINT}",
    "x +": "the formula ends too early; something is missing after its last sign",
    "(x": "the formula has 1 opening and 0 closing parentheses",
    "y = x": "write the right-hand side only, without `=` (character 3: `= x`)",
    "z + x": "unknown name `z` (character 1); the variables here: x, y",
    "x + x^2*z": "unknown name `z` (character 9); the variables here: x, y",
    "e**x": "unknown name `e` (character 1); write exp(1)",
    "ln(x)": "unknown function `ln` (character 1); write log",
    "tan(x)": (
        "unknown function `tan` (character 1); there are sin, cos, exp, log, sqrt, abs and pi"
    ),
    "1 + sin": "`sin` needs an argument in parentheses (character 5)",
    "sin(x, y)": "`sin` takes one argument (character 1)",
    "sin(*x)": "`sin` takes one argument (character 1)",
    "sin(x=1)": "write the right-hand side only, without `=` (character 6: `=1)`)",
    "x(2)": "`x` is not a function (character 1); write * between factors",
    "2(x)": "write * between factors, as in 2*(x + 1) (character 1: `2(x)`)",
    "np.sin(x)": "write functions without a module, as in sin(x) (character 1: `np.sin(x)`)",
    "x**5000": "an exponent is greater than 1000 (character 4: `5000`)",
    "9**9**9": "an exponent is greater than 1000 (character 4: `9**9`)",
    "1" + "0" * 400: "a number is too large (character 1: `100000000000`)",
    "x" * (MAX_LENGTH + 1): "the formula has 2001 characters; at most 2000 are read",
    "-" * 300 + "x": "the formula is nested more than 150 levels deep",
    "x # half": "'#' does not belong in a formula (character 3: `# half`)",
    "__import__('os')": "\"'\" does not belong in a formula (character 12: `'os')`)",
    "x.real": f"{FORM} (character 1: `x.real`)",
    "x, y": f"{FORM} (character 1: `x, y`)",
    "x < y": f"{FORM} (character 1: `x < y`)",
    "[x]": f"{FORM} (character 1: `[x]`)",
    "x if y else 1": f"{FORM} (character 1: `x if y else`)",
    "x // 2": f"{FORM} (character 1: `x // 2`)",
    "x @ y": f"{FORM} (character 1: `x @ y`)",
    "True": f"{FORM} (character 1: `True`)",
    "2j": f"{FORM} (character 1: `2j`)",
    "(y - x)[0]": f"{FORM} (character 1: `(y - x)[0]`)",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: repr(text[:20]))
def test_message(text):
    with pytest.raises(FormulaError) as caught:
        evaluate_formula(text, {"x": X, "y": Y})
    assert str(caught.value) == WRONG[text]


@pytest.mark.parametrize(
    "text", ["(" * 190 + "x" + ")" * 190, "(" * 900 + "x", "-" * 2000, "x+" * 999 + "x"]
)
def test_depth_is_bounded(text):
    with contextlib.suppress(FormulaError):
        evaluate_formula(text, {"x": X})


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    st.one_of(st.text(max_size=40), st.text("xy0123456789.+-*/^() sincoe_=,[]{}'\"\\", max_size=40))
)
def test_any_text_is_a_formula_or_a_formula_error(text):
    with contextlib.suppress(FormulaError):
        assert evaluate_formula(text, {"x": X, "y": Y}).shape == (3,)


class Impostor:
    __module__ = "mine"

    def __str__(self):
        return "x"


def test_text_of():
    assert text_of("x + 1") == "x + 1"
    assert text_of(2) == "2"
    assert text_of(0.5) == "0.5"
    with pytest.raises(FormulaError, match="expected a formula as text; got list"):
        text_of(["x"])
    with pytest.raises(FormulaError, match="got Impostor"):
        text_of(Impostor())
    with pytest.raises(FormulaError, match="got bool"):
        text_of(True)
