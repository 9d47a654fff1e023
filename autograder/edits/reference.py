"""What the reference's source says: its names, numbers, functions, conditions and expressions."""

from __future__ import annotations

import ast
import itertools
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from autograder.edits.syntax import (
    TUPLE,
    called_parameters,
    is_op,
    is_stored,
    names_in,
    pairs_of,
    precedence,
    stored_in,
)
from autograder.edits.words import PLAIN_NAMES, alike, words
from autograder.families import Domain

_Node = TypeVar("_Node", bound=ast.expr)
_EXPRESSIONS = (
    ast.BinOp, ast.Call, ast.Compare, ast.UnaryOp, ast.Subscript, ast.ListComp, ast.Tuple, ast.List,
    ast.Name,
)  # fmt: skip


class Reference:
    """What edits take from the reference.

    Attributes:
        function: its tree; `parameters`: their names, in order.
        words: of its source.
        small: its tolerances, as text; `numbers`: its other numbers; `scalars`: those worth multiplying by.
        powers, complements: whether it has `b**t`, and `1 - b`.
        factors: parameters that multiply or divide something; `stored`: names that it assigns.
        compares, guards: its conditions, and those under which it returns early, with what.
        results, loops: what it returns, and what its loops run over.
        calls, arguments: calls of its parameters, and what they are called with.
        expressions, terms, minuends: what can stand in the place of something of the student's.
        assignments: (name, `name == value`) of each; `assigned`: how often each name is.
        domain: what it is about, for the families.

    Raises:
        ValueError: the source holds no function.
    """

    def __init__(self, source: str, function: str) -> None:
        tree = ast.parse(textwrap.dedent(source))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        node = next((n for n in functions if n.name == function), None) or next(
            iter(functions), None
        )
        if node is None:
            raise ValueError("the reference's source holds no function")
        self.function = node
        self.parameters = [a.arg for a in node.args.args]
        text = ast.unparse(node)
        self.words = frozenset(words(text))
        self.domain = Domain.of(text, self.parameters)
        body = ast.Module(body=node.body, type_ignores=[])
        inside = list(ast.walk(body))
        operations = [n for n in inside if isinstance(n, ast.BinOp)]

        numbers = {
            repr(n.value): n.value
            for n in inside
            if isinstance(n, ast.Constant) and type(n.value) in (int, float)
        }
        self.small = [
            t for t, n in numbers.items() if isinstance(n, int | float) and 0 < abs(n) < 1e-3
        ]
        self.numbers = [t for t in numbers if t not in self.small]
        self.scalars = [t for t in self.numbers if t not in ("0", "1", "0.0", "1.0", "-1")]
        self.scalars += [t for t in ("0.5", "2") if t not in self.scalars]

        self.powers = any(is_op(n, ast.Pow) and names_in(n.right) for n in operations)
        self.complements = bool(re.search(r"\(?1(\.0)? - [A-Za-z_]\w*\)?(?!\*)", text))
        self.factors = {
            n.id
            for operation in operations
            if is_op(operation, ast.Mult, ast.Div)
            for n in (operation.left, operation.right)
            if isinstance(n, ast.Name) and n.id in self.parameters
        }
        self.results = _distinct(
            n.value for n in inside if isinstance(n, ast.Return) and n.value is not None
        )
        self.loops = [n.iter for n in inside if isinstance(n, ast.For)]
        self.assigned = Counter(stored_in(body))
        self.stored = set(self.assigned)
        self.compares = [n for n in inside if isinstance(n, ast.Compare)]
        self.guards = [
            (n.test, n.body[0].value)
            for n in inside
            if isinstance(n, ast.If)
            and isinstance(n.body[0], ast.Return)
            and n.body[0].value is not None
        ]
        calls = called_parameters(body, self.parameters)
        self.calls = _distinct(calls)
        self.arguments = [
            n.args[0] for n in calls if len(n.args) == 1 and not isinstance(n.args[0], ast.Name)
        ]
        self.expressions = [
            n
            for n in _distinct(
                n for n in inside if isinstance(n, _EXPRESSIONS) and not is_stored(n)
            )
            if len(ast.unparse(n)) <= 200 and not (isinstance(n, ast.Name) and len(n.id) <= 2)
        ]
        self.terms = _terms(operations)
        self.minuends = _distinct(
            n.left for n in operations if is_op(n, ast.Sub) and not isinstance(n.left, ast.Constant)
        )
        assignments = [
            (n.targets[0].id, n.value)
            for n in inside
            if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
        ]
        self.assignments = [
            (name, ast.Compare(ast.Name(name, ast.Load()), [ast.Eq()], [value]))
            for name, value in assignments
        ]
        top = [n for n in node.body if isinstance(n, ast.Assign)]
        # A local that is assigned once, outside loops, may be replaced by what it is computed from.
        self._locals = {
            n.targets[0].id: n.value
            for n in top
            if isinstance(n.targets[0], ast.Name)
            and self.assigned[n.targets[0].id] == 1
            and n.targets[0].id not in self.parameters
        }
        self._starts = {
            target.id: value.id
            for n in top
            for target, value in pairs_of(n)
            if isinstance(target, ast.Name) and isinstance(value, ast.Name)
        }
        self._mapped: dict[tuple[object, ...], list[tuple[str, int]]] = {}

    def mapped(
        self, node: ast.expr, names: tuple[str, ...], back: dict[str, str]
    ) -> list[tuple[str, int]]:
        """Texts of a reference's expression in the student's names, with their precedence.

        A parameter becomes the student's parameter, or a name that looks like a newer version of it; a
        local becomes the student's variable of that name, or what the reference computes it from.

        Args:
            node: an expression of the reference.
            names: the student's names that hold values in the place it is for.
            back: the student's name for each of the reference's parameters.
        """
        key = (id(node), names, *back.values())
        if key not in self._mapped:
            self._mapped[key] = self._map(node, names, back)
        return self._mapped[key]

    def _map(
        self, node: ast.expr, names: tuple[str, ...], back: dict[str, str]
    ) -> list[tuple[str, int]]:
        bound = {
            name
            for n in ast.walk(node)
            if isinstance(n, ast.comprehension)
            for name in names_in(n.target)
        }
        choices = {
            name: self._choices(name, names, back)
            for name in dict.fromkeys(names_in(node))
            if name not in bound and name not in PLAIN_NAMES
        }
        found: dict[str, int] = {}
        for combination in itertools.islice(itertools.product(*choices.values()), 10):
            text = _renamed(node, dict(zip(choices, combination, strict=True)))
            if text is not None and text not in found:
                tree = ast.parse(text, mode="eval").body
                found[text] = TUPLE if "\n" in text else precedence(tree)
        return list(found.items())

    def _choices(self, name: str, names: tuple[str, ...], back: dict[str, str]) -> list[str]:
        """What may stand for a name of the reference."""
        if name in back:
            own = back[name]
            options = [own]
            if name in self.stored:
                options += [n for n in names if n != own and alike(n, own) == 1.0][:2]
            return [n for n in options if n in names] or [own]
        others = [n for n in names if n not in back.values()]
        options = [name] if name in names else []
        if name in self._locals:
            near = [n for n in others if n != name]
            options += [n for n in near if alike(n, name) == 1.0][:1]
            options += [n for n in near if n[:1] == name[:1] and len(n) > 1][:1]
            inlined = self._map(self._locals[name], names, back)[:2]
            return options[:1] + [f"({text})" for text, _ in inlined]
        options = options or others[:4]
        start = back.get(self._starts.get(name, ""))
        if start is not None and start in names:
            options.append(start)
        return options or list(back.values())[:1]


def _distinct(nodes: Iterable[_Node]) -> list[_Node]:
    """The first of each text."""
    found: dict[str, _Node] = {}
    for node in nodes:
        found.setdefault(ast.unparse(node), node)
    return list(found.values())


def _terms(operations: Sequence[ast.BinOp]) -> list[tuple[str, ast.expr]]:
    """Terms of the sums, with their signs."""
    found: dict[str, tuple[str, ast.expr]] = {}
    for n in operations:
        if is_op(n, ast.Add, ast.Sub):
            sign = "+" if isinstance(n.op, ast.Add) else "-"
            found.setdefault(sign + ast.unparse(n.right), (sign, n.right))
            found.setdefault("+" + ast.unparse(n.left), ("+", n.left))
    return [term for term in found.values() if not isinstance(term[1], ast.Constant)]


def _renamed(node: ast.expr, mapping: dict[str, str]) -> str | None:
    """The expression's text with names replaced by names or by texts in parentheses."""
    try:
        text = re.sub(
            r"(?<![\w.])[A-Za-z_]\w*", lambda m: mapping.get(m[0], m[0]), ast.unparse(node)
        )
        return ast.unparse(ast.parse(text, mode="eval"))
    except (SyntaxError, ValueError, RecursionError):
        return None
