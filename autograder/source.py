"""What a student's source says without being run: where a function is, and which names it uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Modules worth having loaded before the fork, when a submission imports them.
_HEAVY_MODULES = ("torch", "sympy")
_HEAVY_IMPORT = re.compile(rf"^\s*(?:import|from)\s+({'|'.join(_HEAVY_MODULES)})\b", re.MULTILINE)
_MAX_SOURCE = 2_000_000


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A piece of a submission: a cell (its index) or a whole file (index 0)."""

    index: int
    text: str


def heavy_imports(parts: Sequence[SourcePart]) -> set[str]:
    """The heavy modules that the source imports somewhere."""
    return {name for part in parts for name in _HEAVY_IMPORT.findall(part.text)}


def without_magics(text: str) -> str:
    """The source with IPython's magics and shell lines blanked out; lines keep their numbers."""
    kept = ("" if line.lstrip()[:1] in ("%", "!", "?") else line for line in text.split("\n"))
    return "\n".join(kept)


def parse(part: SourcePart) -> ast.Module | None:
    """The syntax tree of a part, magics and shell lines blanked out; None where it is no Python."""
    if len(part.text) > _MAX_SOURCE:
        return None
    try:
        return ast.parse(without_magics(part.text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True, slots=True)
class ForbiddenUse:
    """A forbidden name in a student's function: the name as resolved, and where it stands."""

    name: str
    index: int
    line: int


def forbidden_uses(
    parts: Sequence[SourcePart], function: str, forbidden: Sequence[str]
) -> list[ForbiddenUse]:
    """Uses of forbidden dotted names by a function and by what it calls of the student's own.

    Import aliases are followed (`import torch.optim as o`, `from torch import optim`). A use elsewhere in
    the notebook, to compare with, is no offence.
    """
    if not forbidden:
        return []
    aliases: dict[str, str] = {}
    definitions: dict[str, list[tuple[int, ast.stmt]]] = {}
    for part in parts:
        tree = parse(part)
        if tree is None:
            continue
        for node in ast.walk(tree):
            aliases.update(_aliases(node))
        for statement in tree.body:
            for name in _defined_names(statement):
                definitions.setdefault(name, []).append((part.index, statement))
    uses: list[ForbiddenUse] = []
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for index, statement in definitions.get(name, ()):
            hidden = _local_names(statement)
            for dotted, line in _dotted_names(statement):
                head, _, rest = dotted.partition(".")
                if head in hidden:
                    continue
                resolved = ".".join(filter(None, (aliases.get(head, head), rest)))
                for bad in forbidden:
                    if resolved == bad or resolved.startswith(bad + "."):
                        uses.append(ForbiddenUse(resolved, index, line))
                if head in definitions:
                    waiting.append(head)
    # On one line the longest name first: `torch.optim.SGD` says more than `torch.optim`.
    return sorted(set(uses), key=lambda use: (use.index, use.line, -len(use.name), use.name))


def _aliases(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname:
                yield alias.asname, alias.name
            else:
                head = alias.name.partition(".")[0]
                yield head, head
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _defined_names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.If | ast.Try | ast.With | ast.For):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.FunctionDef):
                yield node.name


def _local_names(statement: ast.stmt) -> set[str]:
    """The names that a function's parameters and assignments hide from it."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return set()
    nodes = list(ast.walk(statement))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return bound | {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _dotted_names(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute):
            parts = [node.attr]
            inner: ast.expr = node.value
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name):
                yield ".".join([inner.id, *reversed(parts)]), node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
