"""How much a student's function reads like the reference, before an edit and after it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from autograder.edits.module import Edit, Module
from autograder.edits.reference import Reference

_GAIN, _MOST_GAINS = 0.2, 2
_LOSS = 0.5
_LOOSE = 0.5  # what likeness up to the names of variables weighs
_LEAST, _MOST = -1.0, 0.5
_LONGEST = 200
_SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_FUNCTIONS = frozenset(
    "sqrt abs max min maximum minimum sign cos sin sum range return and or not if else".split()
)

Known = frozenset[str] | None


class Likeness:
    """Compares a module with the reference by the expressions that they share.

    Args:
        module: the student's.
        reference: the reference's.
        roles: the student's names by the reference's parameter that they carry.
        parameters: the same, for the parameters of the graded function alone.
    """

    def __init__(
        self,
        module: Module,
        reference: Reference,
        roles: Mapping[str, str],
        parameters: Mapping[str, str],
    ) -> None:
        # The reference's parameters that never change: names that mean the same in every solution.
        fixed = frozenset(reference.parameters) - reference.stored
        self._views: list[
            tuple[float, Mapping[str, str], Known, frozenset[str], frozenset[str]]
        ] = []
        for weight, names, known in ((1.0, roles, fixed), (_LOOSE, parameters, None)):
            wanted = _shapes(reference.function, {}, known)
            old = _shapes(module.tree, names, known) & wanted
            self._views.append((weight, names, known, wanted, old))

    def gained(self, edit: Edit) -> float:
        """How much more the repaired function reads like the reference than before, in cost."""
        try:
            after = ast.parse(edit.new_source)
            total = 0.0
            for weight, names, known, wanted, old in self._views:
                new = _shapes(after, names, known) & wanted
                gained = min(len(new - old), _MOST_GAINS) if edit.old else 0
                total += weight * (_GAIN * gained - _LOSS * len(old - new))
        except (SyntaxError, RecursionError, ValueError):
            return 0.0
        return max(_LEAST, min(_MOST, total))


def _shapes(tree: ast.AST, roles: Mapping[str, str], known: Known) -> frozenset[str]:
    """Expressions of a tree as texts, in the reference's names; names that are not `known` are all alike."""
    texts = (_text(node) for node in ast.walk(tree))
    return frozenset(
        _normal(text, roles, known) for text in texts if text is not None and len(text) < _LONGEST
    )


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.For):
        return ast.unparse(node.iter)
    if isinstance(node, ast.AugAssign):
        symbol = _SYMBOLS.get(type(node.op), "?")
        return f"{ast.unparse(node.target)} {symbol} {ast.unparse(node.value)}"
    if isinstance(node, ast.Return):
        return f"return {ast.unparse(node.value)}" if node.value is not None else "return"
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and ast.unparse(node.right) == "0.5"
    ):
        return f"sqrt({ast.unparse(node.left)})"
    if isinstance(node, ast.BinOp | ast.Call | ast.Compare | ast.UnaryOp):
        return ast.unparse(node)
    return None


def _normal(text: str, roles: Mapping[str, str], known: Known) -> str:
    text = re.sub(r"\b(self|np|numpy|math|torch|jnp)\.", "", text)
    text = re.sub(
        r"\(([^()]+)\) \*\* 0\.5|\b(\w+) \*\* 0\.5", lambda m: f"sqrt({m[1] or m[2]})", text
    )
    text = re.sub(r"np\.square\((\w+)\)|\b(\w+) \* \2\b", lambda m: f"{m[1] or m[2]} ** 2", text)

    def name(match: re.Match[str]) -> str:
        word = roles.get(match[0], match[0])
        if known is None or word in known or match[0] in _FUNCTIONS:
            return word
        return "_"

    return re.sub(r"[A-Za-z_]\w*", name, text)
