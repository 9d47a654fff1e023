"""A student's module by positions, and a change of it.

Nothing is reprinted: a change is a few spans of the text and what replaces them, so formatting, comments and
line numbers survive.
"""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.edits.syntax import DEFINITIONS, is_stored, names_in

Change = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the source, possibly at several places.

    `what` may be shown to students, so it quotes nothing that only the reference knows; `new` and
    `new_source` may hold its expressions.

    Attributes:
        source: the module's text before.
        changes: (start, end, new text) by character offsets into `source`; they do not overlap.
        line, end_line: 1-based lines of the place that is wrong.
        old, new: what stands there and what should.
        rule: kebab-case name of the kind of change.
        family: guess at the family of the bug (RULES' words); empty until it is asked for.
        cost: how unlikely a slip of this kind is; candidates come in the order of it.
        what: what the line does and should do, in words that follow "Line 7 ".
        borrowed: whether it brings an expression of the reference.
    """

    source: str
    changes: tuple[Change, ...]
    line: int
    end_line: int
    old: str
    new: str
    rule: str
    family: str
    cost: float
    what: str
    borrowed: bool = False

    @property
    def new_source(self) -> str:
        return apply(self.source, self.changes)

    def is_apart(self, other: Edit) -> bool:
        """Whether both can be made."""
        return all(map(self.leaves, other.changes))

    def leaves(self, change: Change) -> bool:
        """Whether the edit changes nothing of what a change replaces."""
        return all(end <= change[0] or change[1] <= start for start, end, _ in self.changes)


def apply(source: str, changes: Iterable[Change]) -> str:
    """The text with each span replaced."""
    pieces: list[str] = []
    position = 0
    for start, end, text in sorted(changes, key=lambda change: (change[0], change[1])):
        pieces += (source[position:start], text)
        position = end
    pieces.append(source[position:])
    return "".join(pieces)


class Module:
    """A module's text, its tree, and places in it.

    Args:
        source: the text; lines that are no Python (magics) may be blanked in `tree` only.
        tree: the text's syntax tree.
        function: name of the graded function.
    """

    def __init__(self, source: str, tree: ast.Module, function: str) -> None:
        self.source, self.tree, self.function = source, tree, function
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", source))]
        self._ascii = source.isascii()
        self.kept = _needed_statements(tree, function)

    def offset(self, line: int, column: int) -> int:
        """Where a line's column (in bytes, as the tree counts) is in the text."""
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self.source)
        prefix = self.source[start:end].encode("utf-8", "surrogatepass")[:column]
        return start + len(prefix.decode("utf-8", "surrogatepass"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Character offsets of a node, its decorators included."""
        first: ast.AST = node
        for decorator in getattr(node, "decorator_list", ()):
            if decorator.lineno < first.lineno:  # type: ignore[attr-defined]
                first = decorator
        line, column = first.lineno, first.col_offset  # type: ignore[attr-defined]
        start = self.offset(line, column)
        if first is not node:
            start = self.source.rindex("@", 0, start)
        return start, self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def line_start(self, line: int) -> int:
        return self._starts[line - 1]

    def line_of(self, offset: int) -> int:
        return bisect.bisect_right(self._starts, offset)

    @cached_property
    def statements(self) -> list[tuple[int, int, str]]:
        """(start, end, text) of each top-level statement that the function needs, in order."""
        return [(*self.span(node), self.text(node)) for node in self.kept]

    @property
    def editable(self) -> list[ast.stmt]:
        """Statements that hold code of the function: no imports, and no definition that a later one replaces."""
        last = {node.name: node for node in self.kept if isinstance(node, DEFINITIONS)}
        return [
            node
            for node in self.kept
            if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
            and (not isinstance(node, DEFINITIONS) or last[node.name] is node)
        ]


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, DEFINITIONS):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.id
        elif isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Attribute | ast.Subscript) and is_stored(node):
            root: ast.expr = node
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id


def _needed_statements(tree: ast.Module, function: str) -> list[ast.stmt]:
    """Imports, settings of imported modules, and all that binds a name the function reaches."""
    binders: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in _bound_names(statement):
            binders.setdefault(name, []).append(statement)
    wanted: set[int] = set()
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for statement in binders.get(name, ()):
            if id(statement) not in wanted:
                wanted.add(id(statement))
                waiting += names_in(statement)
    return [
        statement
        for statement in tree.body
        if id(statement) in wanted
        or isinstance(statement, ast.Import | ast.ImportFrom)
        or _is_setting(statement)
    ]


def _is_setting(statement: ast.stmt) -> bool:
    """`torch.set_default_dtype(…)`, `np.seterr(…)`: a call that functions silently depend on."""
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    function = statement.value.func
    return isinstance(function, ast.Attribute) and function.attr.startswith("set")
