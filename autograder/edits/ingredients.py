"""Dearer edits: expressions and terms of the reference, and what stands elsewhere in the student's function."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

from autograder.edits.module import Edit
from autograder.edits.search import Search
from autograder.edits.syntax import (
    ATOM,
    PLUS,
    TIMES,
    all_lines,
    first_line,
    is_called,
    is_docstring,
    is_op,
    is_stored,
    names_in,
    precedence,
)
from autograder.edits.words import PLAIN_NAMES, distance, is_type, words

_MAX_EXPRESSIONS = 2500
_MAX_LENGTH = 300
_MAX_OWN = 6000
_MAX_PIECES = 24
_UNREPLACED = (ast.Constant, ast.Starred, ast.Slice, ast.JoinedStr, ast.Lambda)


def expressions(s: Search) -> None:
    """Sub-expressions of the reference in the place of the student's."""
    ranked: list[tuple[float, ast.expr, str, int]] = []
    cache: dict[tuple[str, ...], list[tuple[str, int, Counter[str]]]] = {}
    for node in s.order:
        if not isinstance(node, ast.expr) or isinstance(node, _UNREPLACED) or is_stored(node):
            continue
        parent, field = s.place(node)
        old = s.text(node)
        if is_called(parent, field) or isinstance(parent, ast.Attribute) or len(old) > _MAX_LENGTH:
            continue
        names = s.scope(node)
        if names not in cache:
            cache[names] = [
                (text, prec, Counter(words(text)))
                for expression in s.reference.expressions
                for text, prec in s.mapped(expression, node)
            ]
        mine = Counter(words(old))
        for text, prec, theirs in cache[names]:
            if text == old:
                continue
            news, size = distance(theirs, mine), theirs.total()
            if news > 3 and news > 0.6 * (size + mine.total()) and size > 8:
                continue  # that would write the function anew, which says nothing of where it is wrong
            if not (s.reference.domain.truth and s.is_foreign(text, node)):
                ranked.append((0.1 * news, node, text, prec))
    ranked.sort(key=lambda item: item[0])
    for more, node, text, prec in ranked[:_MAX_EXPRESSIONS]:
        text = s.spelled(text)
        changes = [*s.imports(text, node), s.change(node, text, prec)]
        lines = all_lines(node)
        s.add("expression-of-the-reference", node, *changes, more=more, lines=lines)


def _is_at_top(s: Search, node: ast.expr, *parents: type[ast.AST]) -> bool:
    """Whether a node is a whole value: assigned, returned or passed on."""
    parent, field = s.place(node)
    whole = isinstance(parent, (ast.Assign, ast.Return, ast.Call, *parents))
    return (whole or s.is_returned(node)) and not is_called(parent, field) and not is_stored(node)


def terms(s: Search) -> None:
    """A term of the reference, over parameters alone, added to the student's expressions."""
    unusual = (
        ast.Constant, ast.Compare, ast.BoolOp, ast.Lambda, ast.JoinedStr, ast.Tuple, ast.Starred,
    )  # fmt: skip
    for node in s.order:
        if (
            not isinstance(node, ast.expr)
            or isinstance(node, unusual)
            or not _is_at_top(s, node, ast.AugAssign)
        ):
            continue
        for sign, term in s.reference.terms:
            for text, prec in s.mapped(term, node)[:2]:
                shown = text if prec > PLUS else f"({text})"
                total = f"{s.piece(node, PLUS)} {sign} {shown}"
                hint = _hint(text, s.scope(node))
                s.put("term-missing:reference", node, total, PLUS, hint=hint)


def _hint(text: str, names: Sequence[str]) -> str:
    """Which of the student's names a term of the reference holds: a hint that does not give it away."""
    held = [f"`{name}`" for name in names if name in words(text)][:3]
    return "with " + " and ".join(held) if held else "that belongs there"


def minuends(s: Search) -> None:
    """What the reference subtracts from is missing: `lr * g` for `x - lr * g`."""
    for node in s.order:
        if not isinstance(node, ast.BinOp | ast.Name | ast.Call) or not _is_at_top(s, node):
            continue
        for term in s.reference.minuends:
            for text, prec in s.mapped(term, node)[:3]:
                if text != s.text(node):
                    shown = text if prec >= PLUS else f"({text})"
                    difference = f"{shown} - {s.piece(node, TIMES)}"
                    s.put("term-missing:minuend", node, difference, PLUS)


def start_terms(s: Search) -> list[Edit]:
    """A term of the reference applied to the parameter itself before anything else: half of a pair."""
    if s.graded is None or isinstance(s.graded, ast.Lambda):
        return []
    first = next((n for n in s.graded.body if not is_docstring(n)), None)
    if first is None or s.indent(first) is None:
        return []
    begin = len(s.found)
    parameters = set(s.reference.parameters)
    for sign, term in s.reference.terms:
        used = set(words(ast.unparse(term)))
        if set(names_in(term)) - parameters:
            continue
        for parameter, name in s.own_parameters().items():
            for text, prec in s.mapped(term, first)[:1] if parameter in used else ():
                shown = text if prec > PLUS else f"({text})"
                change = s.before(first, f"{name} = {name} {sign} {shown}")
                lines = first_line(first)
                s.add("term-missing:start", first, change, lines=lines, a=name, b=text, sign=sign)
    return s.found[begin:]


def own_words(s: Search) -> None:
    """An operand is missing that stands elsewhere in the student's own function, or is a name at hand."""
    pieces = _pieces(s)
    begin = len(s.found)
    for node in s.order:
        if not isinstance(
            node, ast.BinOp | ast.Name | ast.Call | ast.Subscript | ast.Constant | ast.UnaryOp
        ):
            continue
        parent, field = s.place(node)
        if (
            is_stored(node)
            or isinstance(parent, ast.Attribute | ast.Expr | ast.Subscript)
            or is_called(parent, field)
            or (isinstance(node, ast.Constant) and type(node.value) not in (int, float))
            or (isinstance(node, ast.Name) and _is_no_value(s, node.id))
        ):
            continue
        names = [n for n in s.scope(node) if not s.is_only_called(n)]
        known = set(names) | s.known_calls | PLAIN_NAMES
        options = [(n, ATOM) for n in names]
        options += [(text, prec) for text, prec, used in pieces if used <= known]
        for text, prec in options[:_MAX_PIECES]:
            if text != s.text(node):
                _joined(s, node, text, prec)
        if len(s.found) - begin > _MAX_OWN:
            return


def _is_no_value(s: Search, name: str) -> bool:
    return s.is_only_called(name) or name in (s.np, s.math, s.torch)


def _pieces(s: Search) -> list[tuple[str, int, set[str]]]:
    """Short expressions of the student's: text, precedence, names."""
    found: dict[str, tuple[int, set[str]]] = {}
    for node in s.order:
        if isinstance(node, ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
            text = s.text(node)
            if (
                isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
                and len(text) <= 30
                and len(words(text)) <= 5
                and s.place(node)[1] != "func"
                and not is_type(text)
            ):
                found.setdefault(text, (precedence(node), set(names_in(node))))
    return [(text, prec, names) for text, (prec, names) in found.items()]


def _joined(s: Search, node: ast.expr, text: str, prec: int) -> None:
    """The node with another factor, divisor or term."""
    parent, field = s.place(node)
    more = (0.1 if prec == ATOM else 0.2) + 0.02 * len(words(text))
    times = text if prec > TIMES else f"({text})"
    plus = text if prec > PLUS else f"({text})"
    factor, term = s.piece(node, TIMES), s.piece(node, PLUS)
    if not is_op(parent, ast.Mult, ast.Div):
        s.put("factor-missing:own", node, f"{factor} * {times}", TIMES, more=more, b=text)
        s.put("divisor-missing:own", node, f"{factor} / {times}", TIMES, more=more, b=text)
    if is_op(parent, ast.Add, ast.Sub) and field == "left":
        return  # the sum as a whole is the place for another term
    for sign in "+-":
        total = f"{term} {sign} {plus}"
        s.put("term-missing:own", node, total, PLUS, more=more, b=text, sign=sign)
    minuend = text if prec >= PLUS else f"({text})"
    s.put("term-missing:own-minuend", node, f"{minuend} - {factor}", PLUS, more=more, b=text)
