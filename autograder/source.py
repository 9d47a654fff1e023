"""What a student's source says without being run: where a function is, and which names it uses."""

from __future__ import annotations

import ast
import dis
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType

# Modules worth having loaded before the fork, but only where a submission imports them: a process that has
# them costs more to fork.
_HEAVY_MODULES = ("matplotlib", "sympy", "torch")
# Not \s: after a newline it would take the next one too, and a million of them for hours.
_HEAVY_IMPORTS = {
    name: re.compile(rf"^[ \t]*(?:import|from)[ \t][^\n]*\b{name}\b", re.MULTILINE)
    for name in _HEAVY_MODULES
}
_MAX_SOURCE = 2_000_000


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A piece of a submission: a cell (its index) or a whole file (index 0)."""

    index: int
    text: str


def heavy_imports(parts: Sequence[SourcePart]) -> set[str]:
    """The heavy modules that the source imports somewhere."""
    return {
        name for part in parts for name, line in _HEAVY_IMPORTS.items() if line.search(part.text)
    }


def without_magics(text: str) -> str:
    """The source with IPython's magics and shell lines blanked out; lines keep their numbers."""
    kept = ("" if line.lstrip()[:1] in ("%", "!", "?") else line for line in text.split("\n"))
    return "\n".join(kept)


def parse(part: SourcePart) -> ast.Module | None:
    """The syntax tree of a part, magics and shell lines blanked out; None where it is no Python.

    Trees are kept for a while, and must not be changed: each item of a submission asks for the same cells.
    """
    return _tree(part.text)


@functools.lru_cache(maxsize=64)
def _tree(text: str) -> ast.Module | None:
    if len(text) > _MAX_SOURCE:
        return None
    try:
        return ast.parse(without_magics(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def relevant(parts: Sequence[SourcePart], function: str) -> list[SourcePart]:
    """What a function needs of a submission: its definition and, in turn, the globals that it uses.

    Everything else is blanked out; lines keep their numbers. A part that is no Python is left out.
    """
    statements: list[tuple[SourcePart, ast.stmt]] = []
    for part in parts:
        tree = parse(part)
        if tree is not None:
            statements += [(part, statement) for statement in tree.body]
    binds = [_bound_names(statement) for _, statement in statements]
    kept: set[int] = set()
    wanted, waiting = {function}, [function]
    while waiting:
        name = waiting.pop()
        for number, (_, statement) in enumerate(statements):
            if number not in kept and (name in binds[number] or "*" in binds[number]):
                kept.add(number)
                new = _global_names(statement) - wanted
                wanted |= new
                waiting += new
    lines: dict[int, set[int]] = {}
    for number in kept:
        part, statement = statements[number]
        first = min(
            [statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))]
        )
        lines.setdefault(part.index, set()).update(
            range(first, (statement.end_lineno or first) + 1)
        )
    return [
        SourcePart(part.index, _only_lines(without_magics(part.text), lines[part.index]))
        for part in parts
        if part.index in lines
    ]


def _only_lines(text: str, kept: set[int]) -> str:
    lines = text.split("\n")
    return "\n".join(line if n in kept else "" for n, line in enumerate(lines, 1))


def _bound_names(statement: ast.stmt) -> set[str]:
    """Names that a top-level statement gives a value; "*" for an import of everything."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            inner: ast.expr = node.value
            while isinstance(inner, ast.Attribute | ast.Subscript):
                inner = inner.value
            if isinstance(inner, ast.Name):
                names.add(inner.id)
    return names


def _global_names(statement: ast.stmt) -> set[str]:
    """Global names that a top-level statement, or a function in it, reads."""
    module = ast.Module([statement], [])
    try:
        waiting = [compile(module, "<part>", "exec")]
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names: set[str] = set()
    while waiting:
        code = waiting.pop()
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names.add(str(instruction.argval))
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return names


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
