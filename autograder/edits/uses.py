"""What each statement of the student's is there for: changes that spoil one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from autograder.edits.module import Change
from autograder.edits.places import Places
from autograder.edits.syntax import DEFINITIONS, call_name, is_docstring, names_in, stored_in

# What only hands a value on, in another type or as a copy.
_HANDED_ON = frozenset(
    "array asarray asanyarray astype float int bool list tuple copy deepcopy clone detach tensor as_tensor "
    "from_numpy numpy item tolist atleast_1d ravel reshape zeros zeros_like empty_like len shape size".split()
)
_TRUTHS = (ast.Compare, ast.BoolOp)
_COMPUTING = (*_TRUTHS, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.ListComp, ast.GeneratorExp)


class Spoiled(NamedTuple):
    """A statement that is left out, or what it assigns made another number.

    Attributes:
        names: what it assigns.
        value: the text of what it assigns; "" where it assigns nothing.
        computes: whether a right function needs the statement, as far as its shape tells: copies, conversions,
            first values and branches may be there for inputs that never come.
    """

    change: Change
    names: frozenset[str]
    value: str
    computes: bool


def spoiled(s: Places) -> Iterator[Spoiled]:
    """Each statement spoiled; what counts a `while` is not, or it would not end."""
    counts = {name for n in s.order if isinstance(n, ast.While) for name in names_in(n.test)}
    around = {id(n) for n in (s.graded, *s.above(s.graded))} if s.graded is not None else set()
    for node in s.order:
        if not isinstance(node, ast.stmt) or id(node) in around or is_docstring(node):
            continue
        names = frozenset(stored_in(node))
        if counts & names and not isinstance(node, ast.While):
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for value in parts:
                yield Spoiled(_changed(s, value), names, s.text(value), _computes(value))
        elif isinstance(node, (*DEFINITIONS, ast.AugAssign, ast.For, ast.While)):
            yield Spoiled((*s.span(node), "pass"), names, "", True)
        elif isinstance(node, ast.Expr | ast.If | ast.Return):
            computes = isinstance(node, ast.Expr) or (
                isinstance(node, ast.Return) and node.value is not None and _computes(node.value)
            )
            yield Spoiled((*s.span(node), "pass"), names, "", computes)


def _changed(s: Places, value: ast.expr) -> Change:
    """Another number or the opposite truth value in the place of a value."""
    text = f"({s.text(value)})"
    is_truth = isinstance(value, _TRUTHS) or (
        isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    )
    return (*s.span(value), f"not {text}" if is_truth else f"{text} * -3 - 1")


def _computes(value: ast.expr) -> bool:
    return any(
        (isinstance(n, _COMPUTING) and not _is_number(n))
        or (isinstance(n, ast.Call) and call_name(n) not in _HANDED_ON)
        for n in ast.walk(value)
    )


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
