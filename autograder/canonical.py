"""One spelling for what people write in many: the form that bug rules are matched against.

`canonical(source)` parses, expands `x += e` and torch's in-place methods, flattens sums and products into
an order of their own, and gives a function, a method and an operator that mean the same one name. The
result is for matching, not for running: rounding and in-place effects are not kept. Each of its lines,
and each expression in it, knows where it stands in the student's source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from autograder.source import SourcePart, parse

N = TypeVar("N", bound=ast.AST)

_MAX_SOURCE = 400_000  # characters: 5,000 lines of code are half of it; beyond that nobody wrote it
_INDENT = "    "

_MODULES = {"np", "numpy", "math", "torch", "jnp", "cp", "F", "scipy", "tf", "linalg", "functional"}
_LEARNING_RATE = re.compile(r"^(lr|lr_t|alpha|eta|learning_rate|step_size|stepsize|rate)$")
_DECAY = re.compile(r"^(wd|weight_decay|decay|lam|lmbda|lambda_)$")
_MOMENTUM = re.compile(r"^(beta[12]?|b[12]?|beta_[12]|mu|rho|momentum|gamma)$")

# Elementwise functions with one argument, by the last part of their name, and their one name here.
_UNARY = {
    "sqrt": "sqrt",
    "abs": "abs",
    "absolute": "abs",
    "fabs": "abs",
    "sign": "sign",
    "sgn": "sign",
    "cos": "cos",
    "sin": "sin",
    "exp": "exp",
    "log": "log",
    "sum": "sum",
}
_BARE = {"sqrt", "abs", "fabs", "cos", "sin", "exp", "log"}  # after `from math import …`
_OPERATORS: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "subtract": ast.Sub,
    "sub": ast.Sub,
    "multiply": ast.Mult,
    "mul": ast.Mult,
    "divide": ast.Div,
    "true_divide": ast.Div,
    "div": ast.Div,
    "power": ast.Pow,
    "pow": ast.Pow,
}
_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
# How tightly an expression holds together; a node of the student's that is looser than the canonical
# one in whose place its text is put needs parentheses.
_LOOSE = (ast.Lambda, ast.IfExp, ast.BoolOp, ast.Compare, ast.NamedExpr, ast.BinOp, ast.UnaryOp)


class Place(NamedTuple):
    """Where something stands in the student's source: 1-based lines, 0-based character offsets.

    `exact` says that the text between the offsets means just what the canonical text means; otherwise
    it is the nearest thing around it.
    """

    line: int
    end_line: int
    start: int
    end: int
    exact: bool
    needs_parentheses: bool = False


@dataclass(slots=True)
class Canonical:
    """A canonical text, and the way back from it to the student's source."""

    text: str
    source: str
    _statements: list[ast.stmt] = field(repr=False)
    _starts: list[int] = field(repr=False)
    _spans: dict[int, list[tuple[tuple[int, int], ast.AST]]] = field(
        default_factory=dict, repr=False
    )

    def lines_of(self, line: int) -> tuple[int, int]:
        """The student's first and last line, both 1-based, behind a 1-based canonical line."""
        statement = self._statements[min(max(line, 1), len(self._statements)) - 1]
        first = statement.lineno
        if isinstance(statement, _COMPOUND):
            return first, first
        return first, statement.end_lineno or first

    def place(self, line: int, start: int, end: int) -> Place:
        """What stands behind the columns `start` to `end` (0-based characters) of a canonical line."""
        statement = self._statements[min(max(line, 1), len(self._statements)) - 1]
        best: tuple[int, ast.AST] | None = None
        for (low, high), node in self._spans_of(line, statement):
            # The later of two equally narrow nodes is the inner one.
            if low <= start and end <= high and (best is None or high - low <= best[0]):
                best = high - low, node
        node = best[1] if best else statement
        return self._place(node, is_exact=best is not None and best[0] == end - start)

    def statement(self, line: int) -> Place:
        """The whole statement that begins on a canonical line, its body included."""
        return self._place(self._statements[line - 1], is_exact=True)

    def exact_around(self, line: int, start: int, end: int) -> tuple[int, int, Place] | None:
        """The narrowest part of the line around the columns that has its like in the source."""
        statement = self._statements[line - 1]
        found: tuple[int, int, Place] | None = None
        for (low, high), node in self._spans_of(line, statement):
            if (
                low <= start
                and end <= high
                and getattr(node, "_origin", None) is not None
                and (found is None or high - low <= found[1] - found[0])
            ):
                found = low, high, self._place(node, is_exact=True)
        return found

    def _place(self, node: ast.AST, *, is_exact: bool) -> Place:
        origin = getattr(node, "_origin", None)
        is_exact = is_exact and origin is not None
        at: Any = origin or getattr(node, "_near", None) or node
        line, end_line = at.lineno, at.end_lineno or at.lineno
        start = self._offset(line, at.col_offset)
        end = self._offset(end_line, at.end_col_offset or 0)
        is_loose = isinstance(at, _LOOSE) and not (
            isinstance(at, ast.BinOp)
            and isinstance(node, ast.BinOp)
            and type(at.op) is type(node.op)
        )
        return Place(line, end_line, start, end, is_exact, is_loose)

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        stop = self._starts[line] if line < len(self._starts) else len(self.source)
        text = self.source[start:stop]
        if text.isascii():
            return start + column
        return start + len(text.encode()[:column].decode(errors="ignore"))

    def _spans_of(self, line: int, statement: ast.stmt) -> list[tuple[tuple[int, int], ast.AST]]:
        """The columns of each expression of a canonical line, by reading the line a second time."""
        if line in self._spans:
            return self._spans[line]
        spans: list[tuple[tuple[int, int], ast.AST]] = []
        text = self.text.split("\n")[line - 1]
        shift = len(text) - len(text.lstrip())
        lean = _without_body(statement)
        try:
            again = ast.parse(text.strip() + (" pass" if lean is not statement else "")).body[0]
        except (SyntaxError, ValueError, IndexError):
            again = None
        if again is not None and not isinstance(statement, _COMPOUND):
            spans.append(((shift, len(text)), statement))
        for old, new in zip(_parts(lean), _parts(again) if again else (), strict=False):
            if type(old) is not type(new):
                break
            if isinstance(new, ast.expr) and new.end_col_offset is not None:
                span = (
                    shift + _characters(text, shift, new.col_offset),
                    shift + _characters(text, shift, new.end_col_offset),
                )
                spans.append((span, old))
        self._spans[line] = spans
        return spans


_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While,
    ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
)  # fmt: skip


def canonical(source: str) -> Canonical | None:
    """The canonical form of Python source; None where it does not parse or is absurdly long."""
    if len(source) > _MAX_SOURCE:
        return None
    tree = parse(SourcePart(0, source))
    if tree is None:
        return None
    writer = _Writer(_Rewriter(_module_names(tree)))
    try:
        writer.block(tree.body, 0)
    except RecursionError:
        return None
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", source))]
    return Canonical("\n".join(writer.lines) + "\n", source, writer.statements, starts)


def _module_names(tree: ast.Module) -> set[str]:
    """Names that stand for modules: the usual ones, and those of the source's own imports."""
    names = set(_MODULES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    return names


def _characters(text: str, shift: int, column: int) -> int:
    line = text[shift:]
    return column if line.isascii() else len(line.encode()[:column].decode(errors="ignore"))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in one order that two trees of the same shape share."""
    waiting = [node]
    while waiting:
        top = waiting.pop()
        yield top
        # An f-string comes back from its text in other pieces.
        if not isinstance(top, ast.JoinedStr):
            waiting.extend(
                child
                for child in ast.iter_child_nodes(top)
                if not isinstance(child, ast.expr_context)
            )


def _without_body(statement: ast.stmt) -> ast.stmt:
    if not isinstance(statement, _COMPOUND):
        return statement
    lean = _copy(statement)
    passing: list[ast.stmt] = [ast.Pass()]
    for name in ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list"):
        if hasattr(lean, name):
            setattr(lean, name, passing if name == "body" else [])
    if hasattr(lean, "returns"):
        lean.returns = None
    return lean


def _copy(node: N) -> N:
    new = type(node)(**dict(ast.iter_fields(node)))
    ast.copy_location(new, node)
    origin = getattr(node, "_origin", None)
    if origin is not None:
        _attach(new, origin, is_exact=True)
    return new


def _attach(node: ast.AST, origin: ast.AST, *, is_exact: bool) -> None:
    """Say what a node was made from: exactly from that, or from a part of it."""
    ast.copy_location(node, origin)
    setattr(node, "_origin" if is_exact else "_near", origin)


# ---------------------------------------------------------------------------------------------
# Expressions


class _Rewriter:
    def __init__(self, modules: set[str]) -> None:
        self._modules = modules
        self._here: ast.AST = ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)

    def expression(self, node: ast.expr) -> ast.expr:
        """The canonical form of an expression."""
        new = self._children(node)
        before, self._here = self._here, node
        try:
            for _ in range(4):  # a rewriting may open the way for another
                rewritten = self._once(new)
                if rewritten is new:
                    break
                new = rewritten
        finally:
            self._here = before
        if getattr(new, "_origin", None) is not node:
            if hasattr(new, "_origin"):
                new = _copy(new)
            # The text of an in-place call must not be used twice, nor in another statement.
            _attach(new, node, is_exact=not _is_in_place(node))
        return new

    def with_target(self, value: ast.expr, target: ast.expr) -> ast.expr:
        """A sum that updates its target begins with the term that is the target, or holds it."""
        if not (
            isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub)
        ) or _has_sequence(value):
            return value
        name = _key(target)
        terms = _terms(value)
        ranked = sorted(
            terms,
            key=lambda term: 0 if _key(term[1]) == name and term[0] > 0
            else 1 if _is_factor(name, term[1]) and term[0] > 0 else 2,
        )  # fmt: skip
        if ranked == terms:
            return value
        self._here = getattr(value, "_origin", None) or value
        new = self._sum(ranked)
        _attach(new, self._here, is_exact=hasattr(value, "_origin"))
        return new

    def _children(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.JoinedStr):
            return node
        return cast("ast.expr", self._walk(node))

    def _walk(self, node: ast.AST) -> ast.AST:
        values: dict[str, Any] = {}
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                values[name] = self.expression(value)
            elif isinstance(value, list):
                values[name] = [
                    self.expression(each) if isinstance(each, ast.expr)
                    else self._walk(each) if isinstance(each, ast.AST) else each
                    for each in value
                ]  # fmt: skip
            elif isinstance(value, ast.AST) and not isinstance(
                value, ast.expr_context | ast.operator | ast.unaryop | ast.cmpop | ast.boolop
            ):
                values[name] = self._walk(value)
            else:
                values[name] = value
        new = type(node)(**values)
        if hasattr(node, "lineno"):
            ast.copy_location(new, node)
        return new

    def _once(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Constant(value=float(value)) if value.is_integer() and abs(value) < 1e6:
                return self._made(ast.Constant(int(value)))
            case ast.Attribute(value=ast.Name(id=module), attr="pi") if module in self._modules:
                return node if module == "np" else self._numpy_name("pi")
            case ast.Name(id="pi"):
                return self._numpy_name("pi")
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return operand
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negated(node, operand)
            case ast.UnaryOp(
                op=ast.Not(), operand=ast.Compare(left=left, ops=[operator], comparators=right)
            ) if type(operator) in _NEGATED:
                return self._made(ast.Compare(left, [_NEGATED[type(operator)]()], right))
            case ast.BinOp(op=ast.Add() | ast.Sub()) if not _has_sequence(node):
                return self._sum_of(node)
            case ast.BinOp(op=ast.Mult() | ast.Div()) if not _has_sequence(node):
                return self._product_of(node)
            case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=0.5)):
                return self._call("sqrt", base)
            case ast.Call():
                return self._called(node)
        return node

    def _negated(self, node: ast.expr, operand: ast.expr) -> ast.expr:
        sign, rest = _signed(operand)
        if sign < 0:
            return rest
        if isinstance(operand, ast.BinOp) and isinstance(operand.op, ast.Add | ast.Sub):
            return self._sum([(-sign, term) for sign, term in _terms(operand)])
        if isinstance(operand, ast.BinOp) and isinstance(operand.op, ast.Mult | ast.Div):
            return self._leading_minus(operand)
        return node

    # Sums and products

    def _sum_of(self, node: ast.expr) -> ast.expr:
        terms = _terms(node)
        ordered = sorted(terms, key=lambda term: term[0] < 0)
        new = self._sum(ordered)
        return node if _same(new, node) else new

    def _sum(self, terms: Sequence[tuple[int, ast.expr]]) -> ast.expr:
        terms = sorted(terms, key=lambda term: term[0] < 0) if terms[0][0] < 0 else terms
        sign, total = terms[0]
        if sign < 0:
            total = self._leading_minus(total)
        for sign, term in terms[1:]:
            operator = ast.Add() if sign > 0 else ast.Sub()
            total = self._made(ast.BinOp(total, operator, term))
        return total

    def _leading_minus(self, node: ast.expr) -> ast.expr:
        """Minus a term, with the minus on its first factor, as people write it."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            return self._made(ast.BinOp(self._leading_minus(node.left), node.op, node.right))
        return self._made(ast.UnaryOp(ast.USub(), node))

    def _product_of(self, node: ast.expr) -> ast.expr:
        above: list[ast.expr] = []
        below: list[ast.expr] = []
        sign = _factors(node, above, below)
        above = self._with_squares(sorted(above, key=_rank))
        below = self._with_squares(sorted(below, key=_rank))
        total = self._chain(above) if above else self._made(ast.Constant(1))
        if below:
            if len(above) > 1 and isinstance(above[0], ast.Constant) and above[0].value == 1:
                total = self._chain(above[1:])
            total = self._made(ast.BinOp(total, ast.Div(), self._chain(below)))
        if sign < 0:
            total = self._leading_minus(total)
        return node if _same(total, node) else total

    def _chain(self, factors: Sequence[ast.expr]) -> ast.expr:
        total = factors[0]
        for factor in factors[1:]:
            total = self._made(ast.BinOp(total, ast.Mult(), factor))
        return total

    def _with_squares(self, factors: list[ast.expr]) -> list[ast.expr]:
        if not 2 <= len(factors) <= 8:
            return factors
        keys = [_key(factor) for factor in factors]
        out: list[ast.expr] = []
        skip = -1
        for i, factor in enumerate(factors):
            if i == skip:
                continue
            if i + 1 < len(factors) and keys[i] == keys[i + 1] and not _is_number(factor):
                factor = self._made(ast.BinOp(factor, ast.Pow(), self._made(ast.Constant(2))))
                skip = i + 1
            out.append(factor)
        return out

    # Calls

    def _called(self, node: ast.Call) -> ast.expr:
        function = node.func
        if isinstance(function, ast.Name):
            return self._function(node, "", function.id) or node
        if not isinstance(function, ast.Attribute):
            return node
        base = function.value
        while isinstance(base, ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name) and base.id in self._modules:
            return self._function(node, base.id, function.attr) or node
        return self._method(node, function.value, function.attr) or node

    def _function(self, node: ast.Call, module: str, name: str) -> ast.expr | None:
        arguments = node.args
        options = {each.arg: each.value for each in node.keywords if each.arg}
        if any(isinstance(each, ast.Starred) for each in arguments) or len(options) != len(
            node.keywords
        ):
            return None
        options.pop("out", None)
        if not module and name in ("max", "min") and len(arguments) == 2 and not options:
            return self._extreme("maximum" if name == "max" else "minimum", *arguments)
        if not module and name not in _BARE and name != "pow":
            return None
        if name in ("max", "min") and module == "torch" and len(arguments) == 2 and not options:
            return self._extreme("maximum" if name == "max" else "minimum", *arguments)
        return self._meaning(node, name, arguments, options)

    def _method(self, node: ast.Call, base: ast.expr, name: str) -> ast.expr | None:
        options = {each.arg: each.value for each in node.keywords if each.arg}
        name = name.removesuffix("_")
        if name in ("max", "min") and not node.args and not options:
            return self._call(name, base)
        return self._meaning(node, name, [base, *node.args], options)

    def _meaning(
        self, node: ast.Call, name: str, arguments: list[ast.expr], options: dict[str, ast.expr]
    ) -> ast.expr | None:
        """What a function or method of that name computes; None where nothing simpler says it."""
        count = len(arguments)
        if count == 0:
            return None
        first = arguments[0]
        if name in _UNARY and count == 1 and not options:
            return self._unless_same(node, self._call(_UNARY[name], first))
        if name in ("norm", "vector_norm") and count == 1 and not options:
            linalg = self._made(ast.Attribute(self._name("np"), "linalg", ast.Load()))
            function = self._made(ast.Attribute(linalg, "norm", ast.Load()))
            return self._unless_same(node, self._made(ast.Call(function, [first], [])))
        if name == "square" and count == 1 and not options:
            return self._made(ast.BinOp(first, ast.Pow(), self._made(ast.Constant(2))))
        if name in ("negative", "neg") and count == 1 and not options:
            return self._made(ast.UnaryOp(ast.USub(), first))
        if name == "reciprocal" and count == 1 and not options:
            return self._made(ast.BinOp(self._made(ast.Constant(1)), ast.Div(), first))
        if name == "relu" and count == 1:
            return self._call("maximum", first, self._made(ast.Constant(0)))
        if name in ("maximum", "fmax", "minimum", "fmin") and count == 2 and not options:
            new = self._extreme("maximum" if "max" in name else "minimum", *arguments)
            return self._unless_same(node, new)
        if name in ("clip", "clamp"):
            return self._clipped(node, arguments, options)
        if name in _OPERATORS and count == 2 and set(options) <= {"alpha"}:
            second = self._weighted(arguments[1], options.get("alpha"))
            return self._made(ast.BinOp(first, _OPERATORS[name](), second))
        if name in ("addcmul", "addcdiv") and count == 3 and set(options) <= {"value"}:
            operator = ast.Mult() if name == "addcmul" else ast.Div()
            term = self._made(
                ast.BinOp(
                    self._weighted(arguments[1], options.get("value")), operator, arguments[2]
                )
            )
            return self._made(ast.BinOp(first, ast.Add(), self._tidy(term)))
        if name == "lerp" and count == 3 and not options:
            gap = self._made(ast.BinOp(arguments[1], ast.Sub(), first))
            term = self._made(ast.BinOp(arguments[2], ast.Mult(), gap))
            return self._made(ast.BinOp(first, ast.Add(), term))
        return None

    def _clipped(
        self, node: ast.Call, arguments: list[ast.expr], options: dict[str, ast.expr]
    ) -> ast.expr | None:
        names = ({"min", "a_min"}, {"max", "a_max"})
        if not set(options) <= names[0] | names[1] or len(arguments) > 3:
            return None
        low, high = (
            arguments[i + 1] if len(arguments) > i + 1
            else next((options[name] for name in names[i] if name in options), None)
            for i in (0, 1)
        )  # fmt: skip
        low, high = (None if _is_none(bound) else bound for bound in (low, high))
        if low is not None and high is not None:
            return self._unless_same(node, self._call("clip", arguments[0], low, high))
        if low is not None:
            return self._call("maximum", arguments[0], low)
        if high is not None:
            return self._call("minimum", arguments[0], high)
        return None

    def _extreme(self, name: str, one: ast.expr, other: ast.expr) -> ast.expr:
        if _is_number(one) and not _is_number(other):
            one, other = other, one
        return self._call(name, one, other)

    def _weighted(self, value: ast.expr, weight: ast.expr | None) -> ast.expr:
        if weight is None:
            return value
        return self._tidy(self._made(ast.BinOp(weight, ast.Mult(), value)))

    def _tidy(self, product: ast.expr) -> ast.expr:
        return self._product_of(product)

    def _unless_same(self, node: ast.expr, new: ast.expr) -> ast.expr:
        return node if _same(new, node) else new

    def _call(self, name: str, *arguments: ast.expr) -> ast.expr:
        return self._made(ast.Call(self._numpy_name(name), list(arguments), []))

    def _numpy_name(self, name: str) -> ast.expr:
        return self._made(ast.Attribute(self._name("np"), name, ast.Load()))

    def _name(self, name: str) -> ast.expr:
        return self._made(ast.Name(name, ast.Load()))

    def _made(self, node: N) -> N:
        _attach(node, self._here, is_exact=False)
        return node


def _key(node: ast.AST) -> str:
    try:
        return ast.unparse(node)
    except (ValueError, AttributeError):
        return ast.dump(node)


def _same(one: ast.AST, other: ast.AST) -> bool:
    """Whether two expressions are built alike; the parts they share are compared by identity."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    for name in one._fields:
        a, b = getattr(one, name, None), getattr(other, name, None)
        if isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b) or not all(_same(x, y) for x, y in zip(a, b, strict=True)):
                return False
        elif isinstance(a, ast.AST) and isinstance(b, ast.AST):
            if not _same(a, b):
                return False
        elif a != b or type(a) is not type(b):
            return False
    return True


def _terms(node: ast.expr) -> list[tuple[int, ast.expr]]:
    """The signed terms of a sum, in the order in which they stand."""
    out: list[tuple[int, ast.expr]] = []
    waiting: list[tuple[int, ast.expr]] = [(1, node)]
    while waiting:
        sign, top = waiting.pop()
        if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Add | ast.Sub):
            waiting.append((sign if isinstance(top.op, ast.Add) else -sign, top.right))
            waiting.append((sign, top.left))
            continue
        flip, rest = _signed(top)
        if flip < 0 and isinstance(rest, ast.BinOp) and isinstance(rest.op, ast.Add | ast.Sub):
            waiting.append((-sign, rest))
        else:
            out.append((sign * flip, rest))
    return out


def _signed(node: ast.expr) -> tuple[int, ast.expr]:
    """A term without the minus in front of it or of its first factor, and its sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -1, node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        sign, left = _signed(node.left)
        if sign < 0:
            new = ast.BinOp(left, node.op, node.right)
            _attach(new, getattr(node, "_origin", None) or node, is_exact=False)
            return -1, new
    return 1, node


def _factors(node: ast.expr, above: list[ast.expr], below: list[ast.expr]) -> int:
    """Collect the factors over and under the fraction bar; the sign of the product."""
    sign = 1
    waiting: list[tuple[ast.expr, bool]] = [(node, True)]
    while waiting:
        top, is_above = waiting.pop()
        if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Mult | ast.Div):
            waiting.append((top.right, is_above == isinstance(top.op, ast.Mult)))
            waiting.append((top.left, is_above))
        elif isinstance(top, ast.UnaryOp) and isinstance(top.op, ast.USub):
            sign = -sign
            if not (_is_number(top.operand) and getattr(top.operand, "value", 0) == 1):
                waiting.append((top.operand, is_above))
        else:
            (above if is_above else below).append(top)
    return sign


def _rank(node: ast.expr) -> int:
    """Numbers first, then step sizes, decays, momenta and 1 minus those, then the rest as it stands."""
    if _is_number(node):
        return 0
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    if _LEARNING_RATE.match(name):
        return 1
    if _DECAY.match(name):
        return 2
    if _MOMENTUM.match(name):
        return 3
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and _is_number(node.left)
        and not isinstance(node.right, ast.Call)  # 1 - cos(x) is no weight
    ):
        return 3
    return 4


def _is_factor(name: str, term: ast.expr) -> bool:
    above: list[ast.expr] = []
    _factors(term, above, [])
    return any(_key(factor) == name for factor in above)


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _has_sequence(node: ast.expr) -> bool:
    """Whether a + or * may join or repeat a list or text, where the order matters."""
    waiting = [node]
    while waiting:
        top = waiting.pop()
        if isinstance(top, ast.BinOp):
            waiting += [top.left, top.right]
        elif isinstance(top, ast.List | ast.Tuple | ast.ListComp | ast.JoinedStr) or (
            isinstance(top, ast.Constant) and isinstance(top.value, str | bytes)
        ):
            return True
    return False


# ---------------------------------------------------------------------------------------------
# Statements


class _Writer:
    """Writes canonical lines, one statement or one head of a block on each."""

    def __init__(self, rewriter: _Rewriter) -> None:
        self.lines: list[str] = []
        self.statements: list[ast.stmt] = []
        self._rewriter = rewriter

    def block(self, body: Sequence[ast.stmt], depth: int) -> None:
        before = len(self.lines)
        owner = (
            body[0] if body else ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
        )
        for statement in body:
            if not _is_docstring(statement):
                self._statement(statement, depth)
        if len(self.lines) == before:
            self._write("pass", owner, depth)

    def _write(self, text: str, statement: ast.stmt, depth: int) -> None:
        for line in text.split("\n"):
            self.lines.append(_INDENT * depth + line)
            self.statements.append(statement)

    def _statement(self, statement: ast.stmt, depth: int) -> None:
        try:
            if isinstance(statement, _COMPOUND):
                self._compound(statement, depth)
                return
            for simple in self._simple(statement):
                if isinstance(simple, _COMPOUND):
                    self._compound(simple, depth)
                else:
                    self._write(_text(simple), simple, depth)
        except RecursionError:
            self._write("pass", ast.copy_location(ast.Pass(), statement), depth)

    def _head(self, statement: ast.stmt) -> ast.stmt:
        """A compound statement whose own expressions, and not its body, are canonical."""
        new = _copy(statement)
        for name, value in ast.iter_fields(statement):
            if isinstance(value, ast.expr):
                setattr(new, name, self._rewriter.expression(value))
        _attach(new, statement, is_exact=True)
        return new

    def _compound(self, statement: ast.stmt, depth: int) -> None:
        head: Any = self._head(statement)
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                arguments = _bare_arguments(statement.args)
                head.args = arguments
                self._write(f"def {statement.name}({ast.unparse(arguments)}):", head, depth)
                self.block(statement.body, depth + 1)
            case ast.ClassDef():
                bases = ", ".join(ast.unparse(base) for base in statement.bases)
                self._write(f"class {statement.name}({bases}):", head, depth)
                self.block(statement.body, depth + 1)
            case ast.If():
                self._if(statement, head, depth)
            case ast.For() | ast.AsyncFor():
                text = f"for {_open(head.target)} in {ast.unparse(head.iter)}:"
                self._write(text, head, depth)
                self.block(statement.body, depth + 1)
                self._otherwise(statement.orelse, depth)
            case ast.While():
                self._write(f"while {ast.unparse(head.test)}:", head, depth)
                self.block(statement.body, depth + 1)
                self._otherwise(statement.orelse, depth)
            case ast.With() | ast.AsyncWith():
                items = ", ".join(ast.unparse(item) for item in statement.items)
                self._write(f"with {items}:", head, depth)
                self.block(statement.body, depth + 1)
            case ast.Try() | ast.TryStar():
                self._try(statement, head, depth)

            case ast.Match():
                self._write(f"match {ast.unparse(head.subject)}:", head, depth)
                for case in statement.cases:
                    guard = f" if {ast.unparse(case.guard)}" if case.guard else ""
                    marker = ast.copy_location(ast.Pass(), case.pattern)
                    self._write(f"case {ast.unparse(case.pattern)}{guard}:", marker, depth + 1)
                    self.block(case.body, depth + 2)

    def _if(self, statement: ast.If, head: Any, depth: int) -> None:
        self._write(f"if {ast.unparse(head.test)}:", head, depth)
        self.block(statement.body, depth + 1)
        rest = statement.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If):  # a loop: chains may be long
            link = rest[0]
            again: Any = self._head(link)
            self._write(f"elif {ast.unparse(again.test)}:", again, depth)
            self.block(link.body, depth + 1)
            rest = link.orelse
        self._otherwise(rest, depth)

    def _otherwise(self, body: Sequence[ast.stmt], depth: int) -> None:
        if body:
            self._write("else:", body[0], depth)
            self.block(body, depth + 1)

    def _try(self, statement: ast.Try | ast.TryStar, head: ast.stmt, depth: int) -> None:
        self._write("try:", head, depth)
        self.block(statement.body, depth + 1)
        for handler in statement.handlers:
            kind = f" {ast.unparse(handler.type)}" if handler.type else ""
            name = f" as {handler.name}" if handler.name else ""
            marker = ast.copy_location(ast.Pass(), handler)
            self._write(f"except{kind}{name}:", marker, depth)
            self.block(handler.body, depth + 1)
        self._otherwise(statement.orelse, depth)
        if statement.finalbody:
            self._write("finally:", statement.finalbody[0], depth)
            self.block(statement.finalbody, depth + 1)

    def _simple(self, statement: ast.stmt) -> list[ast.stmt]:
        """A simple statement in canonical form: one, or several where it assigned several names."""
        match statement:
            case ast.AugAssign(target=target, op=operator, value=value):
                whole = ast.copy_location(ast.BinOp(_loaded(target), operator, value), statement)
                return [self._assign(statement, target, whole, is_expanded=True)]
            case ast.AnnAssign(target=target, value=value) if value is not None:
                return [self._assign(statement, target, value)]
            case ast.Assign(targets=[ast.Name() as target], value=ast.Lambda() as function):
                back = ast.copy_location(ast.Return(function.body), function.body)
                definition = ast.FunctionDef(target.id, function.args, [back], [])
                return [ast.copy_location(definition, statement)]
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(
                targets
            ) == len(values) and _are_independent(targets, values):
                pieces = []
                for target, value in zip(targets, values, strict=True):
                    piece = self._assign(statement, target, value)
                    vars(piece).pop("_origin", None)  # only a part of the statement
                    pieces.append(piece)
                return pieces
            case ast.Assign(targets=[target], value=value):
                return [self._assign(statement, target, value)]
            case ast.Expr(value=ast.Call() as call):
                target_of = _changed_in_place(call)
                if target_of is not None:
                    return [self._assign(statement, target_of, call)]
        new = _copy(statement)
        for name, value in ast.iter_fields(statement):
            if isinstance(value, ast.expr):
                setattr(new, name, self._rewriter.expression(value))
        _attach(new, statement, is_exact=True)
        return [new]

    def _assign(
        self, statement: ast.stmt, target: ast.expr, value: ast.expr, *, is_expanded: bool = False
    ) -> ast.stmt:
        new_target = self._rewriter.expression(target)
        new_value = self._rewriter.expression(value)
        if is_expanded:  # `x + e` stands nowhere in `x += e`
            vars(new_value).pop("_origin", None)
        new_value = self._rewriter.with_target(new_value, new_target)
        new = ast.Assign([new_target], new_value)
        _attach(new, statement, is_exact=True)
        return new


def _text(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Return) and statement.value is not None:
        return f"return {_open(statement.value)}"
    return ast.unparse(statement)


def _open(node: ast.expr) -> str:
    """A tuple without its brackets, as people write it; anything else as it is."""
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        return ", ".join(ast.unparse(each) for each in node.elts)
    return ast.unparse(node)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and (
        isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    )


def _bare_arguments(arguments: ast.arguments) -> ast.arguments:
    """Parameters without their annotations."""

    def bare(each: ast.arg) -> ast.arg:
        return ast.copy_location(ast.arg(each.arg), each)

    return ast.arguments(
        [bare(each) for each in arguments.posonlyargs],
        [bare(each) for each in arguments.args],
        bare(arguments.vararg) if arguments.vararg else None,
        [bare(each) for each in arguments.kwonlyargs],
        arguments.kw_defaults,
        bare(arguments.kwarg) if arguments.kwarg else None,
        arguments.defaults,
    )


def _loaded(target: ast.expr) -> ast.expr:
    new = cast("Any", _copy(target))
    new.ctx = ast.Load()
    return cast("ast.expr", new)


def _are_independent(targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> bool:
    """Whether assigning the names one after the other comes to the same as all at once."""
    assigned: set[str] = set()
    for target, value in zip(targets, values, strict=True):
        if isinstance(target, ast.Starred | ast.Tuple | ast.List | ast.Subscript):
            return False
        if any(_key(node) in assigned for node in ast.walk(value) if hasattr(node, "ctx")):
            return False
        assigned.add(_key(target))
    return True


def _changed_in_place(call: ast.Call) -> ast.expr | None:
    """What a statement such as `v.mul_(beta).add_(g)` or `np.add(v, g, out=v)` assigns to."""
    for option in call.keywords:
        if option.arg == "out":
            return option.value
    node: ast.expr = call
    while isinstance(node, ast.Call):
        if not _is_in_place(node):
            return None
        node = cast("ast.Attribute", node.func).value
    return node if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) else None


def _is_in_place(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.endswith("_")
        and node.func.attr.removesuffix("_") in _IN_PLACE
    )


_IN_PLACE = {
    *_OPERATORS,
    "addcmul",
    "addcdiv",
    "lerp",
    "neg",
    "sqrt",
    "abs",
    "square",
    "clamp",
    "clip",
}
