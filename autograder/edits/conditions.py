"""Conditions: strictness, direction, tolerance, `and` and `or`, branches, missing guards."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Sequence

from autograder.edits.search import Search, texts
from autograder.edits.syntax import (
    AND,
    COMPARE,
    COMPARED,
    NOT,
    OR,
    PLUS,
    SYMBOLS,
    TERNARY,
    UNARY,
    all_lines,
    first_line,
    is_docstring,
    is_value,
    precedence,
    stored_in,
)
from autograder.edits.words import distance, words

_STRICTNESS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_INVERSE = {"<": (">=", ">"), "<=": (">", ">="), ">": ("<=", "<"), ">=": ("<", "<=")}
_MAX_NEWS = (
    0.45  # of all words: a condition that shares less with the reference's is another condition
)


def comparison(s: Search, node: ast.Compare) -> None:
    """All edits of `a < b`."""
    single = len(node.ops) == 1
    for op, (left, right) in zip(
        node.ops, itertools.pairwise([node.left, *node.comparators]), strict=True
    ):
        symbol = SYMBOLS.get(type(op))
        if symbol is None:
            continue
        place = s.operator(left, right, symbol)
        if place is not None:
            _other_operator(s, node, place, symbol)
        if single:
            _tolerance(s, node, left, right, symbol)
            if symbol in _STRICTNESS:
                text = f"{s.piece(right, COMPARED)} {symbol} {s.piece(left, COMPARED)}"
                s.put("condition-inverted:sides", node, text, COMPARE)
    if single:
        _condition_of_the_reference(s, node)


def _condition_of_the_reference(s: Search, node: ast.Compare) -> None:
    own = s.text(node)
    counted = Counter(words(own))
    for guard in s.reference.compares:
        for text in texts(s.mapped(guard, node)):
            text = s.spelled(text)
            theirs = Counter(words(text))
            news = distance(counted, theirs)
            if s.is_foreign(text, node) or news > _MAX_NEWS * (counted.total() + theirs.total()):
                continue
            imports = s.imports(text, node)
            s.add(
                "condition-replaced",
                node,
                *imports,
                s.change(node, text, COMPARE),
                more=0.12 * news,
            )
            if len(s.reference.compares) > 1:
                both = s.change(node, f"{own} and {text}", AND)
                s.add("condition-missing", node, *imports, both)


def _other_operator(s: Search, node: ast.Compare, place: tuple[int, int], symbol: str) -> None:
    if symbol in _STRICTNESS:
        kind = "strictness:strict" if symbol in "<>" else "strictness:loose"
        s.add(kind, node, (*place, _STRICTNESS[symbol]), symbol=symbol)
        for new in _INVERSE[symbol]:
            s.add("condition-inverted:operator", node, (*place, new), new=new)
        others = [("==", 0.9)]
    else:
        others = [("!=" if symbol == "==" else "==", 0.0), *((new, 0.2) for new in _STRICTNESS)]
    for new, more in others:
        s.add("comparison-operator", node, (*place, new), more=more, symbol=symbol, new=new)


def _tolerance(s: Search, node: ast.Compare, left: ast.expr, right: ast.expr, symbol: str) -> None:
    for small in s.reference.small:
        for sign in "-+":
            shifted = s.change(right, f"{s.piece(right, PLUS)} {sign} {small}", PLUS)
            s.add(f"tolerance-missing:{sign}", node, shifted, b=small)
        negative = isinstance(right, ast.UnaryOp) and isinstance(right.operand, ast.Constant)
        if isinstance(right, ast.Constant) or negative:
            kind = "tolerance-missing" if is_value(right, 0) else "tolerance"
            for text in (small, f"-{small}") if negative else (f"-{small}", small):
                change = s.change(right, text, UNARY)
                s.add(kind, node, change, more=0.05 * negative, a=right, b=text)
        if isinstance(left, ast.Name | ast.Call | ast.Subscript) and symbol in ("==", "!="):
            less = "<" if symbol == "==" else ">="
            text = f"abs({s.text(left)}) {less} {small}"
            s.put("guard-for-exact-zero", node, text, COMPARE, symbol=symbol)


def joined(s: Search, node: ast.BoolOp) -> None:
    """`and` for `or`, and a condition too many."""
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    places = [s.operator(a, b, old) for a, b in itertools.pairwise(node.values)]
    changes = [(*place, new) for place in places if place is not None]
    if len(changes) < len(places):
        return
    s.add("and-for-or", node, *changes, symbol=old, new=new)
    for value in node.values:
        others = [v for v in node.values if v is not value]
        if len(others) == 1:
            s.keep("condition-too-many", node, others[0], b=value)
        else:
            text = f" {old} ".join(s.piece(v, NOT) for v in others)
            s.put("condition-too-many", node, text, precedence(node), b=value)


def ternary(s: Search, node: ast.IfExp) -> None:
    """`a if c else b` with its branches swapped, or with one of them alone."""
    test = s.piece(node.test, OR)
    swapped = f"{s.piece(node.orelse, OR)} if {test} else {s.text(node.body)}"
    s.put("condition-inverted:branches", node, swapped, TERNARY)
    for branch in (node.body, node.orelse):
        s.keep("branch-too-many", node, branch, b=branch)


def branch(s: Search, node: ast.If) -> None:
    """An `if` that should not be one, or the wrong way round."""
    indent = s.indent(node)
    body = s.reindented(node.body, indent)
    if body is None:
        return
    stops = any(isinstance(n, ast.Return | ast.Break) for n in node.body)
    span, lines = s.span(node), first_line(node)
    kind = "stops-early:if" if stops else "guard-too-many"
    s.add(kind, node, (*span, body), lines=lines, a=node.test)
    if len(node.body) == len(node.orelse) == 1 and not isinstance(node.orelse[0], ast.If):
        changes = s.exchange(node.body[0], node.orelse[0])
        s.add("condition-inverted:if", node, *changes, lines=lines, a=node.test)


def guards(s: Search, block: Sequence[ast.stmt]) -> None:
    """An `if` of the reference is missing."""
    tests = [" ".join(s.text(node).split()) for node in s.order if isinstance(node, ast.Compare)]
    small = set(s.reference.small)
    for node in s.order:
        if isinstance(node, ast.Assign) and s.text(node.value) in s.reference.small:
            small |= set(stored_in(node))
    for test, result in s.reference.guards:
        for index, node in enumerate(block):
            indent = s.indent(node)
            answers = texts(s.mapped(result, node))
            more = 0.05 * (len(block) - 1 - index)  # likeliest next to what it guards, at the end
            if indent is None or is_docstring(node) or not answers:
                continue
            for text in texts(s.mapped(test, node)):
                # A guard that is there already may be wrong, but it is not missing.
                bounded = any(number in text for number in s.reference.small)
                if not any(text in own or (bounded and small & set(words(own))) for own in tests):
                    guard = s.before(node, f"if {text}:\n{indent}    return {answers[0]}")
                    s.add("guard-missing", node, guard, more=more, lines=all_lines(node))
