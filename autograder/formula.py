"""Formulas that students type: read as a small arithmetic language and evaluated on numpy arrays.

The text is parsed by Python's own parser and then walked by hand, node by node. Nothing is ever passed
to `eval`: a formula consists of numbers, the variables it is given, `pi`, the operators + - * / ** and
the functions below. `^` is read as `**`, because that is what people write.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_DEPTH", "MAX_EXPONENT", "MAX_LENGTH", "FormulaError", "evaluate_formula", "text_of"]

Array = NDArray[np.float64]

MAX_LENGTH = 2000
MAX_DEPTH = 150
MAX_EXPONENT = 1000.0

_FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "sin": np.sin,
    "cos": np.cos,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "Abs": np.abs,  # sympy prints it so
}
_CONSTANTS: Mapping[str, float] = {"pi": math.pi, "E": math.e}  # E: sympy prints it so
_BINARY: Mapping[type[ast.operator], Callable[[Array, Array], Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_SPELLINGS: Mapping[str, str] = {"e": "exp(1)", "fabs": "abs", "ln": "log"}
_KNOWN = "sin, cos, exp, log, sqrt, abs and pi"
_NEVER = frozenset("#\\'\"\0;:\r\f")
# The width stays the same, so that a place in the text remains a place in the text.
_LOOKALIKES = str.maketrans(
    {"\u2212": "-", "\u00d7": "*", "\u22c5": "*", "\u00b7": "*", "\n": " ", "\t": " "}
)


class FormulaError(ValueError):
    """A text that is no formula; the message names the place and says what to write instead."""


def text_of(value: Any) -> str:
    """The formula a student's answer stands for: a text, a plain number, or a sympy expression by its str().

    Raises:
        FormulaError: the value is something else.
    """
    if isinstance(value, str):
        return value
    if type(value) in (int, float):
        return repr(value)
    if type(value).__module__.partition(".")[0] == "sympy":
        return str(value)
    raise FormulaError(f"expected a formula as text; got {type(value).__name__}")


def evaluate_formula(text: str, variables: Mapping[str, NDArray[Any]]) -> Array:
    """The formula's values, elementwise.

    Args:
        text: the formula, at most `MAX_LENGTH` characters.
        variables: by name; shapes must broadcast against each other.

    Returns:
        float64 of the variables' common shape, nan or inf where the formula is undefined.

    Raises:
        FormulaError: not a formula, or one with other names than those of `variables`.

    >>> evaluate_formula("2*x^2 - 1", {"x": np.array([0.0, 1.0, 2.0])})
    array([-1.,  1.,  7.])
    """
    formula = _parse(text)
    values = {name: np.asarray(value, dtype=np.float64) for name, value in variables.items()}
    shape = np.broadcast_shapes(*(value.shape for value in values.values()))
    with np.errstate(all="ignore"):
        result = _Evaluation(formula, values).value(formula.tree, 1)
    return np.array(np.broadcast_to(result, shape), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula's tree; what was parsed, and for each character of that its index in the text."""

    text: str
    parsed: str
    places: list[int]
    tree: ast.expr


def _parse(text: str) -> _Formula:
    if not text.strip():
        raise FormulaError("the formula is empty")
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"the formula has {len(text)} characters; at most {MAX_LENGTH} are read")
    parsed = ""
    places: list[int] = []
    for index, character in enumerate(text.translate(_LOOKALIKES)):
        if character in _NEVER:
            raise FormulaError(f"{character!r} does not belong in a formula {_at(text, index)}")
        if character == "=":
            message = "write the right-hand side only, without `=`"
            raise FormulaError(f"{message} {_at(text, index)}")
        piece = "**" if character == "^" else character
        if parsed or piece != " ":  # Python takes a leading blank for an indentation
            parsed += piece
            places += [index] * len(piece)
    try:
        return _Formula(text, parsed, places, ast.parse(parsed, mode="eval").body)
    except SyntaxError as error:
        offset = min(max((error.offset or 1) - 1, 0), len(places) - 1)
        raise FormulaError(_syntax_message(text, places[offset])) from None
    except (ValueError, MemoryError, RecursionError):
        raise FormulaError("the formula is nested too deep") from None


def _syntax_message(text: str, index: int) -> str:
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        if before.isdigit() and after.isalpha() and after not in "eEjJxXoObB":
            return f"cannot read the formula {_at(text, place)}; write * between factors, as in 2*x"
    if text.rstrip()[-1] in "+-*/^(":
        return "the formula ends too early; something is missing after its last sign"
    if text.count("(") != text.count(")"):
        return (
            f"the formula has {text.count('(')} opening and {text.count(')')} closing parentheses"
        )
    return f"cannot read the formula {_at(text, index)}; write * between factors, as in 2*x"


def _at(text: str, index: int) -> str:
    """A place in words: the character's number, and what stands there."""
    piece = text[index : index + 12].strip()
    return f"(character {index + 1}" + (f": `{piece}`)" if piece and "`" not in piece else ")")


class _Evaluation:
    """One walk over a tree; it holds what error messages need."""

    def __init__(self, formula: _Formula, variables: Mapping[str, Array]) -> None:
        self.formula = formula
        self.variables = variables

    def error(self, node: ast.expr, message: str, hint: str = "") -> FormulaError:
        formula = self.formula
        # col_offset counts bytes of UTF-8, and a variable may be Greek.
        column = len(formula.parsed.encode()[: node.col_offset].decode(errors="ignore"))
        place = formula.places[min(column, len(formula.places) - 1)]
        where = f"(character {place + 1})" if "`" in message else _at(formula.text, place)
        return FormulaError(f"{message} {where}{hint}")

    def value(self, node: ast.expr, depth: int) -> Array:
        if depth > MAX_DEPTH:
            raise FormulaError(f"the formula is nested more than {MAX_DEPTH} levels deep")
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self.number(node, number)
            case ast.Name(id=name):
                return self.named(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return np.negative(self.value(operand, depth + 1))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand, depth + 1)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                base = self.value(left, depth + 1)
                other = self.value(right, depth + 1)
                if (
                    isinstance(operator, ast.Pow)
                    and _has_number(right)
                    and np.any(np.abs(other) > MAX_EXPONENT)
                ):
                    raise self.error(right, f"an exponent is greater than {MAX_EXPONENT:g}")
                return _BINARY[type(operator)](base, other)
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if (
                name in _FUNCTIONS and not isinstance(argument, ast.Starred)
            ):
                return _FUNCTIONS[name](self.value(argument, depth + 1))
            case ast.Call():
                raise self.bad_call(node)
        raise self.error(node, "a formula has only numbers, variables, functions and + - * / **")

    def number(self, node: ast.expr, number: float) -> Array:
        try:
            value = float(number)
        except OverflowError:
            value = math.inf
        if math.isinf(value):
            raise self.error(node, "a number is too large")
        return np.asarray(value, dtype=np.float64)

    def named(self, node: ast.expr, name: str) -> Array:
        if name in self.variables:
            return self.variables[name]
        if name in _CONSTANTS:
            return np.asarray(_CONSTANTS[name], dtype=np.float64)
        if name in _FUNCTIONS:
            raise self.error(node, f"`{name}` needs an argument in parentheses")
        allowed = ", ".join(self.variables) or "none"
        hint = _SPELLINGS.get(name, "")
        hint = f"; write {hint}" if hint else f"; the variables here: {allowed}"
        raise self.error(node, f"unknown name `{name}`", hint)

    def bad_call(self, node: ast.Call) -> FormulaError:
        if not isinstance(node.func, ast.Name):
            if isinstance(node.func, ast.Attribute):
                return self.error(node, "write functions without a module, as in sin(x)")
            return self.error(node, "write * between factors, as in 2*(x + 1)")
        name = node.func.id
        if name in _FUNCTIONS:
            return self.error(node, f"`{name}` takes one argument")
        if name in self.variables or name in _CONSTANTS:
            return self.error(node, f"`{name}` is not a function", "; write * between factors")
        hint = f"; write {_SPELLINGS[name]}" if name in _SPELLINGS else f"; there are {_KNOWN}"
        return self.error(node, f"unknown function `{name}`", hint)


def _has_number(node: ast.expr) -> bool:
    """Whether the exponent is written out, as against a variable's value."""
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))
