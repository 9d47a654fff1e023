"""Python's grammar as edits need it: precedence, operators, and small questions to a node."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

TUPLE, TERNARY, OR, AND, NOT, COMPARE, COMPARED = -1, 0, 1, 2, 3, 4, 5
PLUS, TIMES, UNARY, POWER, BASE, ATOM = 9, 10, 11, 12, 13, 14
"""How firmly an expression holds together; `COMPARED` and `BASE` are what the operands of a comparison
and the left side of a power need."""

SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.MatMult: "@", ast.Pow: "**", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_PRECEDENCE: dict[type[ast.AST], int] = {
    ast.Add: PLUS, ast.Sub: PLUS, ast.Mult: TIMES, ast.Div: TIMES, ast.FloorDiv: TIMES,
    ast.Mod: TIMES, ast.MatMult: TIMES, ast.Pow: POWER, ast.LShift: 8, ast.RShift: 8,
    ast.BitAnd: 7, ast.BitXor: 6, ast.BitOr: 5, ast.USub: UNARY, ast.UAdd: UNARY,
    ast.Invert: UNARY, ast.Not: NOT, ast.And: AND, ast.Or: OR, ast.Compare: COMPARE,
    ast.IfExp: TERNARY, ast.Lambda: TERNARY, ast.Tuple: TUPLE, ast.NamedExpr: TUPLE,
    ast.Yield: TUPLE, ast.YieldFrom: TUPLE, ast.Await: TUPLE, ast.Starred: TUPLE,
}  # fmt: skip
_NEEDED: dict[tuple[type[ast.AST], str], int] = {
    (ast.Attribute, "value"): ATOM, (ast.Await, "value"): ATOM, (ast.Subscript, "value"): ATOM,
    (ast.Call, "func"): ATOM, (ast.Starred, "value"): COMPARED, (ast.Return, "value"): TUPLE,
    (ast.Assign, "value"): TUPLE, (ast.Assign, "targets"): TUPLE, (ast.IfExp, "body"): OR,
    (ast.IfExp, "test"): OR, (ast.comprehension, "iter"): OR, (ast.comprehension, "ifs"): OR,
    (ast.comprehension, "target"): OR,
}  # fmt: skip

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.ClassDef


def precedence(node: ast.expr) -> int:
    """How firmly the expression holds together."""
    operator = getattr(node, "op", None)
    return _PRECEDENCE.get(type(node if operator is None else operator), ATOM)


def needed(parent: ast.AST, field: str) -> int:
    """The precedence below which an expression in that place needs parentheses."""
    if isinstance(parent, ast.BinOp):
        if isinstance(parent.op, ast.Pow):
            return BASE if field == "left" else UNARY
        return precedence(parent) + (field == "right")
    if isinstance(parent, ast.UnaryOp):
        return precedence(parent)
    if isinstance(parent, ast.BoolOp | ast.Compare):
        return precedence(parent) + 1
    return _NEEDED.get((type(parent), field), TERNARY)


def is_op(node: ast.AST | None, *operators: type[ast.operator]) -> TypeGuard[ast.BinOp]:
    """Whether the node is an operation with one of the operators."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, operators)


def is_value(node: ast.AST | None, value: float | None) -> bool:
    """Whether the node is that constant."""
    return isinstance(node, ast.Constant) and node.value == value


def is_stored(node: ast.AST) -> bool:
    """Whether the node is the target of an assignment."""
    return isinstance(getattr(node, "ctx", None), ast.Store)


def is_docstring(node: ast.stmt) -> bool:
    """Whether the statement is nothing but a constant."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_called(parent: ast.AST, field: str) -> bool:
    """Whether what stands in that place is the function of a call."""
    return isinstance(parent, ast.Call) and field == "func"


def call_name(node: ast.Call) -> str:
    """`sqrt` for `np.sqrt(x)`, `sqrt(x)` and `x.sqrt()`."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def called_parameters(body: ast.AST, names: list[str]) -> list[ast.Call]:
    """Calls of the named functions."""
    return [
        n
        for n in ast.walk(body)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in names
    ]


def names_in(node: ast.AST) -> list[str]:
    """All names in a tree, as often as they stand there."""
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def stored_in(node: ast.AST) -> list[str]:
    """Names that a tree assigns, as often as it does."""
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and is_stored(n)]


def pairs_of(statement: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(target, value) pairs of an assignment, tuples taken apart."""
    for target in statement.targets:
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            yield from zip(target.elts, statement.value.elts, strict=False)
        else:
            yield target, statement.value


def parameters_of(function: Function | ast.Lambda | None) -> list[str]:
    """Names of a function's positional parameters, `self` left out."""
    if function is None:
        return []
    names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def locals_of(node: Scope) -> Iterator[str]:
    """Names of values that a function, a comprehension or a class brings, not those of what is within."""
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        for part in node.generators:
            yield from names_in(part.target)
        return
    if isinstance(node, ast.ClassDef):
        kept = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and is_stored(n))
        own = {n.attr for n in kept if isinstance(n.value, ast.Name) and n.value.id == "self"}
        yield from sorted(f"self.{name}" for name in own)
        return
    arguments = node.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        yield argument.arg
    stack: list[ast.AST] = [] if isinstance(node, ast.Lambda) else list(reversed(node.body))
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Name) and is_stored(inner):
            yield inner.id
        if not isinstance(
            inner, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.ListComp | ast.GeneratorExp
        ):
            stack += reversed(list(ast.iter_child_nodes(inner)))


def under_root(node: ast.expr) -> ast.expr | None:
    """What stands under a root, where the node is one."""
    if isinstance(node, ast.Call) and call_name(node) in ("sqrt", "sqrt_"):
        if node.args:
            return node.args[0]
        return node.func.value if isinstance(node.func, ast.Attribute) else None
    return node.left if is_op(node, ast.Pow) and is_value(node.right, 0.5) else None


def first_line(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, node.lineno


def all_lines(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno
