"""Numbers and names, and what is missing around an expression: a bound, a root, a factor, a correction."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from autograder.edits.search import Search, texts
from autograder.edits.syntax import (
    ATOM,
    BASE,
    COMPARE,
    NOT,
    PLUS,
    POWER,
    TIMES,
    UNARY,
    call_name,
    is_called,
    is_op,
)
from autograder.edits.words import PLAIN_NAMES, WRAPPERS, alike, words

_UNLIKELY = 1.3
_WRAPPED = 0.4
_IN_A_BRANCH = -1.0
_FIXED_NAMES = ("np", "torch", "math", "self", "range", "len", "abs")
_REDUCING = ("sum", "mean", "max", "min")
_FIXED_OPTIONS = ("dtype", "axis", "ord", "requires_grad")
_WHOLE = (
    ast.Constant, ast.Lambda, ast.Tuple, ast.List, ast.Dict, ast.ListComp, ast.GeneratorExp,
)  # fmt: skip
_FACTOR = re.compile(r"(self\.)?(lr|beta\d?|eps|wd|weight_decay)")


def constant(s: Search, node: ast.Constant) -> None:
    """Another number, another truth value, or a name."""
    value, parent = node.value, s.parent(node)
    if isinstance(value, bool):
        s.put("truth-value-inverted", node, str(not value), new=str(not value))
        return
    if not isinstance(value, int | float) or isinstance(parent, ast.FormattedValue):
        return
    for text, more in _numbers(s, value).items():
        if not _is_same(text, value):
            prec = UNARY if text.startswith("-") else ATOM
            s.put("wrong-number", node, text, prec, more=more, new=text)
    if s.reference.complements and value == 1 and not is_op(parent, ast.Sub):
        for beta in s.betas(node):
            s.put("complement-missing:one", node, f"1 - {beta}", PLUS, b=beta)
    if not isinstance(parent, ast.Subscript):
        # A branch that gives a number where the others give a formula.
        branch = isinstance(parent, ast.Assign | ast.Return | ast.IfExp) and any(
            isinstance(n, ast.If | ast.IfExp) for n in (parent, *s.above(parent))
        )
        for name in s.scope(node):
            if "." not in name:
                more = _IN_A_BRANCH if branch else 0.0
                s.put("number-for-variable", node, name, more=more, new=name)


def _numbers(s: Search, value: float) -> dict[str, float]:
    """Numbers that may belong in the place of one, with what they cost."""
    found = dict.fromkeys(s.reference.numbers, 0.0)
    for text in ("0", "1", "2", "0.5", "-1"):
        found.setdefault(text, 0.45)
    if isinstance(value, int) and abs(value) < 1000:
        found.setdefault(str(value + 1), 0.3)
        found.setdefault(str(value - 1), 0.3)
    if isinstance(value, float) and 0 < abs(value) < 1e-3:
        found |= dict.fromkeys(s.reference.small, -0.3)
        found["0.0"] = 0.3
    if value == 0:
        found |= dict.fromkeys(s.reference.small, 0.0)
    return found


def _is_same(text: str, value: float) -> bool:
    try:
        return float(text) == float(value)
    except (ValueError, OverflowError):
        return False


def expression(s: Search, node: ast.expr) -> None:
    """What may be missing around any expression, and other names for a name."""
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del) or isinstance(
        node, ast.Starred | ast.JoinedStr | ast.Slice
    ):
        return
    parent, field = s.place(node)
    if isinstance(node, ast.Name):
        name(s, node)
    elif isinstance(node, ast.Attribute):
        _attribute(s, node)
    if is_called(parent, field) or (isinstance(parent, ast.Subscript) and field == "slice"):
        return
    if isinstance(parent, ast.Attribute) and not isinstance(node, ast.BinOp):
        return
    if isinstance(node, _WHOLE) or (
        isinstance(parent, ast.keyword) and parent.arg in _FIXED_OPTIONS
    ):
        return
    if isinstance(node, ast.Name) and node.id in (*_FIXED_NAMES[:4], s.np, s.torch, s.math):
        return
    if isinstance(node, ast.Subscript) and isinstance(parent, ast.Subscript):
        return
    if isinstance(node, ast.Compare | ast.BoolOp):
        _condition(s, node)
        return
    _wrapped(s, node)
    if not isinstance(node, ast.IfExp):
        _scaled(s, node)


def _attribute(s: Search, node: ast.Attribute) -> None:
    if isinstance(node.value, ast.Name) and node.value.id == "self":
        if not is_called(*s.place(node)):
            name(s, node)
    elif node.attr == "T":
        s.keep("transpose", node, node.value, b=node.value)
    elif node.attr in ("e", "tau"):
        s.put("wrong-number:pi", node, s.text(node.value) + ".pi")


def name(s: Search, node: ast.Name | ast.Attribute) -> None:
    """Another name, and the next or the last count."""
    own, names = s.text(node), s.scope(node)
    called = is_called(*s.place(node))
    known = own in names or isinstance(node, ast.Attribute)
    if own in _FIXED_NAMES or (called and not (own in names and own in s.called)):
        return
    if not known and (own in PLAIN_NAMES or own in s.constants):
        return
    kind = _kind_of_name(s, node, own)
    if called and kind != "wrong-variable-returned":
        kind += ":called"
    for other in names:
        usable = other in s.called if called else not s.is_only_called(other)
        if other != own and usable:
            less = 0.5 * alike(own, other) + (0.0 if known else 0.5)
            s.put(kind, node, other, more=-less, new=other)
    if s.is_counter(own) and not called:
        doubt = s.doubt(s.parent(node))
        for sign in "+-":
            s.put("off-by-one", node, f"{own} {sign} 1", PLUS, more=doubt, new=f"{own} {sign} 1")


def _kind_of_name(s: Search, node: ast.expr, own: str) -> str:
    """Whether the name is returned, or compared with itself."""
    outer = s.parent(node)
    while isinstance(outer, ast.Attribute | ast.Tuple | ast.List) or (
        isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute) and not outer.args
    ):
        outer = s.parent(outer)
    if isinstance(outer, ast.Return):
        return "wrong-variable-returned"
    for around in itertools.islice(s.above(node), 2):
        if isinstance(around, ast.Compare):
            sides = (around.left, around.comparators[0])
            if all(own in words(s.text(side)) for side in sides):
                return "compared-with-itself"
            break
    return "wrong-variable"


def _condition(s: Search, node: ast.Compare | ast.BoolOp) -> None:
    parent, field = s.place(node)
    if isinstance(parent, ast.Return | ast.Assign) or (
        isinstance(parent, ast.If | ast.While) and field == "test"
    ):
        s.put("condition-inverted", node, f"not {s.piece(node, COMPARE)}", NOT)
    if isinstance(parent, ast.Return) and s.np:
        s.put("array-for-one-truth-value", node, f"bool({s.np}.all({s.bare(node)}))")


def _wrapped(s: Search, node: ast.expr) -> None:
    """A function is missing around the node."""
    if isinstance(node, ast.UnaryOp) and not isinstance(
        node.operand, ast.Name | ast.Call | ast.BinOp
    ):
        return
    parent, text, known = s.parent(node), s.bare(node), s.reference.words
    np = f"{s.np}." if s.np else ""
    inner = call_name(node) if isinstance(node, ast.Call) else ""
    again = _WRAPPED if isinstance(parent, ast.Call) and call_name(parent) in WRAPPERS else 0.0

    def unless(*functions: str, cost: float = _UNLIKELY) -> float:
        """What a function costs more that the reference does not use."""
        return again + (0.0 if known & set(functions) else cost)

    if inner not in ("abs", "fabs"):
        compared = isinstance(parent, ast.Compare)
        less = _WRAPPED if compared and "abs" in known else 0.0
        spelled = f"{'' if compared else np}abs({text})"
        s.put("abs-missing", node, spelled, more=unless("abs") - less)
    if np and "sign" in known:
        for other in s.scope(node)[:6]:
            signed = f"{np}sign({other}) * {s.piece(node, UNARY)}"
            s.put("sign-missing", node, signed, TIMES, name=other)
    clamped = f"{np}maximum({text}, 0.0)" if np else f"max({text}, 0.0)"
    s.put("clamp-missing", node, clamped, more=unless("max", "maximum", cost=1.1))
    if not isinstance(node, ast.Name) or known & {"min", "minimum"}:
        bounded = f"min(1.0, {text})"
        s.put("bound-missing", node, bounded, more=unless("min", "minimum", cost=0.9))
    if inner != "sqrt":
        module = s.np or s.math
        root = f"{module}.sqrt({text})" if module else f"{s.piece(node, BASE)} ** 0.5"
        s.put("root-missing", node, root, ATOM if module else POWER, more=unless("sqrt"))
    if not is_op(parent, ast.Pow):
        s.put("square-missing", node, f"{s.piece(node, BASE)} ** 2", POWER, more=unless("**"))
    for reducing in _REDUCING:
        if np and isinstance(node, ast.Call | ast.BinOp | ast.Name) and reducing in known:
            more = 0.0 if not isinstance(node, ast.Name) else 0.4
            rule, whole = f"{reducing}-missing", f"{np}{reducing}({text})"
            s.put("x-missing", node, whole, more=more, rule=rule, name=reducing)
    if isinstance(parent, ast.Return):
        s.put("path-returned", node, f"{s.piece(node, ATOM)}[-1]")
        if "bool" in known or "type" in s.symptoms:
            s.put("number-for-truth-value", node, f"{text} >= 0", COMPARE)
            if np:
                s.put("array-for-one-truth-value", node, f"bool({np}all({text}))", more=0.1)


def _scaled(s: Search, node: ast.expr) -> None:
    """A factor, a divisor or a minus is missing."""
    parent, field = s.place(node)
    if is_op(parent, ast.Mult, ast.Div):
        _corrected(s, node)
        return  # the product as a whole is the place for another factor
    if isinstance(parent, ast.For) and isinstance(node, ast.Name):
        return
    if is_op(parent, ast.Pow) and field == "right":
        return
    if any(isinstance(n, ast.While) for n in itertools.islice(s.above(node), 2)):
        return  # its count of steps is a whole number
    text, around = s.piece(node, TIMES), s.statement(node)
    present = set(words(s.text(around))) - {"1"}
    starts = isinstance(around, ast.Assign) and isinstance(around.value, ast.Name | ast.Constant)
    for factor, prec in _factors(s, node):
        more = 0.35 if present & set(words(factor)) else 0.0
        if isinstance(node, ast.Name) and starts:
            more += 0.5
        times = factor if prec >= TIMES else f"({factor})"
        s.put("factor-missing", node, f"{times} * {text}", TIMES, more=more, b=factor)
        s.put("divisor-missing", node, f"{text} / {times}", TIMES, more=more, b=factor)
    _corrected(s, node)
    if isinstance(node, ast.Name) and s.is_scalar(node.id):
        for call in s.reference.calls:
            for factor in texts(s.mapped(call, node)):
                s.put("factor-missing", node, f"{node.id} * {factor}", TIMES, more=0.2, b=factor)
    if not is_op(parent, ast.Add, ast.Sub, ast.Pow) and not isinstance(node, ast.UnaryOp):
        more = -0.8 if isinstance(parent, ast.keyword) else 0.0
        text = f"-{s.piece(node, UNARY)}"
        s.put("sign-of-a-term:minus-missing", node, text, UNARY, more=more)


def _corrected(s: Search, node: ast.expr) -> None:
    """`m / (1 - beta**t)` for `m`, and `1 - beta` for `beta`."""
    own = s.text(node)
    if is_op(node, ast.Pow) and s.reference.powers:
        s.put("complement-missing:power", node, f"1 - {own}", PLUS)
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return
    betas = s.betas(node)
    if own in betas:
        if s.reference.complements:
            s.put("complement-missing", node, f"1 - {own}", PLUS)
    elif s.reference.powers and not s.is_scalar(own):
        for beta, t in itertools.product(betas, filter(s.is_counter, s.scope(node))):
            correction = f"1 - {beta}**{t}"
            text = f"{s.piece(node, TIMES)} / ({correction})"
            s.put("bias-correction-missing", node, text, TIMES, b=correction)


def _factors(s: Search, node: ast.AST) -> Iterator[tuple[str, int]]:
    """What may be missing as a factor, with its precedence."""
    for own in s.scope(node):
        if s.roles.get(own) in s.reference.factors or _FACTOR.fullmatch(own):
            yield own, ATOM
    if s.reference.complements:
        for beta in s.betas(node):
            yield f"1 - {beta}", PLUS
    for number in s.reference.scalars:
        yield number, ATOM
    if "pi" in s.reference.words:
        module = s.np or s.math
        yield (f"{module}.pi" if module else "3.141592653589793"), ATOM
