"""Operators: flipped signs, terms and factors too many, operands the wrong way round, wrong grouping, roots."""

from __future__ import annotations

import ast

from autograder.edits.search import Search
from autograder.edits.syntax import (
    BASE,
    PLUS,
    POWER,
    SYMBOLS,
    TIMES,
    UNARY,
    first_line,
    is_op,
    is_value,
    precedence,
    under_root,
)

OTHER: dict[type[ast.operator], tuple[tuple[str, str], ...]] = {
    ast.Add: (("sign-of-a-term:added", "-"), ("sum-for-product", "*")),
    ast.Sub: (("sign-of-a-term:subtracted", "+"), ("sum-for-product", "*")),
    ast.Mult: (("product-for-quotient:multiplied", "/"), ("product-for-power", "**")),
    ast.Div: (("product-for-quotient:divided", "*"),),
    ast.FloorDiv: (("whole-number-division", "/"),),
    ast.Pow: (("power-for-product", "*"),),
}
"""Which kinds of edit put which operator in the place of one, the likeliest first."""
_TOO_MANY: dict[type[ast.operator], str] = {
    ast.Add: "term-too-many", ast.Sub: "term-too-many", ast.Mult: "factor-too-many",
    ast.Div: "factor-too-many", ast.Pow: "power-too-many",
}  # fmt: skip
_ORDERED = (ast.Sub, ast.Div, ast.Pow, ast.FloorDiv, ast.MatMult)


def operation(s: Search, node: ast.BinOp) -> None:
    """All edits of `a + b` and its like."""
    place = s.operator(node.left, node.right, SYMBOLS.get(type(node.op), "?"))
    if place is None:
        return
    for kind, symbol in OTHER.get(type(node.op), ()):
        s.add(kind, node, (*place, symbol), a=node.left, b=node.right)
    if is_op(node, ast.Mult, ast.Div):
        for sign in "+-":
            text = f"{s.piece(node.left, PLUS)} {sign} {s.piece(node.right, TIMES)}"
            s.put("product-for-sum", node, text, PLUS)
    _too_many(s, node)
    _turned(s, node, place)
    if is_op(node, ast.Div):
        for small in s.reference.small:
            guarded = f"({s.piece(node.right, PLUS)} + {small})"
            s.put("division-by-zero", node.right, guarded, b=node.right)
    _regrouped(s, node)
    if is_op(node, ast.Add):
        _into_root(s, node)
    if is_op(node, ast.Pow) and is_value(node.right, 0.5):
        out_of_root(s, node, node.left)
    if is_op(node, ast.Sub) and is_value(node.left, 1) and s.reference.powers:
        for name in filter(s.is_counter, s.scope(node)):
            if not isinstance(node.right, ast.BinOp):
                power = s.change(node.right, f"{s.piece(node.right, BASE)}**{name}", POWER)
                s.add("power-missing", node, power, name=name)


def _too_many(s: Search, node: ast.BinOp) -> None:
    kind = _TOO_MANY.get(type(node.op), "factor-too-many:operation")
    s.keep(kind, node, node.left, b=node.right)
    if not is_op(node, ast.Pow):
        s.keep(kind, node, node.right, more=0.05, b=node.left)
    if is_op(node, ast.Sub):
        s.put(kind, node, f"-{s.piece(node.right, UNARY)}", UNARY, more=0.5, b=node.left)


def _turned(s: Search, node: ast.BinOp, place: tuple[int, int]) -> None:
    """Operands the other way round, and `a * c / b` for `a * b / c`."""
    own, left = precedence(node), node.left
    if is_op(node, *_ORDERED):
        power = is_op(node, ast.Pow)
        symbol = SYMBOLS[type(node.op)]
        if not power or " " in s.source[place[0] - 1 : place[1] + 1]:
            symbol = f" {symbol} "
        a = s.piece(node.right, BASE if power else own)
        b = s.piece(left, UNARY if power else own + 1)
        kind = "ratio-inverted" if is_op(node, ast.Div) else "operands-swapped"
        s.put(kind, node, f"{a}{symbol}{b}", own)
    quotient = is_op(node, ast.Div) and is_op(left, ast.Mult)
    if is_op(left, ast.Mult, ast.Div) and (
        quotient or (is_op(node, ast.Mult) and is_op(left, ast.Div))
    ):
        over, under = (node.right, left.right) if quotient else (left.right, node.right)
        text = f"{s.piece(left.left, TIMES)} * {s.piece(over, UNARY)} / {s.piece(under, UNARY)}"
        s.put("ratio-inverted:turned", node, text, TIMES, more=0.0 if quotient else 0.2)


def _regrouped(s: Search, node: ast.BinOp) -> None:
    """`(a + b) * c` written as `a + b * c`, and the reverse."""
    symbol, left, right = SYMBOLS[type(node.op)], node.left, node.right
    if is_op(node, ast.Add, ast.Sub):
        if is_op(right, ast.Mult, ast.Div):
            factor = f"{SYMBOLS[type(right.op)]} {s.piece(right.right, UNARY)}"
            first = s.piece(right.left, TIMES)
            grouped = f"({s.text(left)} {symbol} {first}) {factor}"
            s.put("grouping:missing", node, grouped, TIMES)
            if is_op(left, ast.Add, ast.Sub):
                outer = f"{s.text(left.left)} {SYMBOLS[type(left.op)]}"
                grouped = f"({s.piece(left.right, PLUS)} {symbol} {first}) {factor}"
                s.put("grouping:missing", node, f"{outer} {grouped}", PLUS)
        if is_op(left, ast.Mult, ast.Div):
            outer = f"{s.piece(left.left, TIMES)} {SYMBOLS[type(left.op)]}"
            grouped = f"({s.piece(left.right, PLUS)} {symbol} {s.piece(right, TIMES)})"
            s.put("grouping:missing", node, f"{outer} {grouped}", TIMES)
    if not is_op(node, ast.Mult, ast.Div):
        return
    if is_op(left, ast.Add, ast.Sub):
        first, inner = s.text(left.left), SYMBOLS[type(left.op)]
        last = s.piece(left.right, TIMES)
        factor = f"{symbol} {s.piece(right, UNARY)}"
        s.put("grouping:too-much", node, f"{first} {inner} {last} {factor}", PLUS)
        product = f"{s.piece(left.left, TIMES)} {factor}"
        s.put("grouping:too-much", node, f"{product} {inner} {last}", PLUS)
    if is_op(right, ast.Add, ast.Sub):
        loose = f"{s.piece(left, TIMES)} {symbol} {s.piece(right.left, UNARY)}"
        text = f"{loose} {SYMBOLS[type(right.op)]} {s.piece(right.right, TIMES)}"
        s.put("grouping:too-much", node, text, PLUS, more=0.2 if symbol == "/" else 0.0)


def _into_root(s: Search, node: ast.BinOp) -> None:
    """`sqrt(a + b)` for `sqrt(a) + b`, with either term the root."""
    for root, term in ((node.left, node.right), (node.right, node.left)):
        inside = under_root(root)
        if inside is not None:
            total = f"{s.piece(inside, PLUS)} + {s.piece(term, TIMES)}"
            text = s.text(root).replace(s.text(inside), total, 1)
            s.put("outside-the-root", node, text, precedence(root), b=term)


def out_of_root(s: Search, node: ast.expr, inside: ast.expr) -> None:
    """`sqrt(a) + b` for `sqrt(a + b)`, with either term left under the root."""
    if not is_op(inside, ast.Add, ast.Sub):
        return
    symbol = SYMBOLS[type(inside.op)]
    for kept, out in ((inside.left, inside.right), (inside.right, inside.left)):
        if out is inside.left and symbol == "-":
            continue
        (start, end), (a, b) = s.span(node), s.span(inside)
        root = s.source[start:a] + s.text(kept) + s.source[b:end]
        text = f"{root} {symbol} {s.piece(out, TIMES)}"
        s.put("inside-the-root", node, text, PLUS, b=out, lines=first_line(node))


def unary(s: Search, node: ast.UnaryOp) -> None:
    """A minus or a `not` too many."""
    if isinstance(node.op, ast.USub) and isinstance(s.parent(node), ast.Slice):
        s.keep("reversed", node, node.operand)
    elif isinstance(node.op, ast.USub):
        s.keep("sign-of-a-term:minus-too-many", node, node.operand, b=node.operand)
    elif isinstance(node.op, ast.Not):
        s.keep("condition-inverted:not", node, node.operand, b=node.operand)
