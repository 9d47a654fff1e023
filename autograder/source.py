"""What a student's source says without being run: where a function is, and which names it uses."""

from __future__ import annotations

import ast
import builtins
import dis
import functools
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
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
_DOTTED_NAME = re.compile(r"[\w.]{1,200}")
# `files = !ls`, `here = %pwd`, `np.sum?`: IPython's, and no Python.
_ASSIGNED_MAGIC = re.compile(r"([\w., \t]+=[ \t]*)[!%].*")
_HELP = re.compile(r"\s*[\w.]+\?{1,2}\s*")


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
    return "\n".join(map(_without_magic, text.split("\n")))


def _without_magic(line: str) -> str:
    if line.lstrip()[:1] in ("%", "!", "?") or _HELP.fullmatch(line):
        return ""
    assigned = _ASSIGNED_MAGIC.fullmatch(line)
    return f"{assigned[1]}None" if assigned else line


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
    binding: dict[str, list[int]] = {}
    for number, (_, statement) in enumerate(statements):
        for name in _bound_names(statement):
            binding.setdefault(name, []).append(number)
    kept: set[int] = set()
    wanted, waiting = {function}, [function, "*"]
    while waiting:
        for number in binding.get(waiting.pop(), ()):
            if number not in kept:
                kept.add(number)
                new = _global_names(statements[number][1]) - wanted
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

    Aliases are followed (`import torch.optim as o`, `from torch.optim import *`, `t = torch`), and so are names that
    stand in the source as text (`getattr(torch, "optim")`, `import_module("torch.optim")`, `eval("torch.optim")`).
    A text that is put together while the code runs is not seen. A use elsewhere in the notebook, to compare
    with, is no offence.
    """
    if not forbidden:
        return []
    aliases: dict[str, str] = {}
    starred: list[str] = []
    definitions: dict[str, list[tuple[int, ast.stmt]]] = {}
    for part in parts:
        tree = parse(part)
        if tree is None:
            continue
        for node in ast.walk(tree):
            aliases.update(_aliases(node))
            starred += _starred_modules(node)
        for statement in tree.body:
            if isinstance(statement, ast.Assign):
                aliases.update(_own_aliases(statement))
            for name in _defined_names(statement):
                definitions.setdefault(name, []).append((part.index, statement))
    known = {**dict.fromkeys(definitions, ""), **aliases, **vars(builtins)}
    uses: list[ForbiddenUse] = []
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for index, statement in definitions.get(name, ()):
            own = _own_aliases(statement)
            hidden = _local_names(statement) - set(own)
            for dotted, line in _dotted_names(statement):
                head, _, rest = dotted.partition(".")
                if head in hidden:
                    continue
                resolved = ".".join(filter(None, (_unaliased(head, own, aliases), rest)))
                if head not in known and head not in own:
                    resolved = _from_star(resolved, starred, forbidden)
                if _is_forbidden(resolved, forbidden):
                    uses.append(ForbiddenUse(resolved, index, line))
                if head in definitions:
                    waiting.append(head)
            for text, line in _texts(statement):
                if _is_forbidden(text, forbidden):
                    uses.append(ForbiddenUse(text, index, line))
    # On one line the longest name first: `torch.optim.SGD` says more than `torch.optim`.
    return sorted(set(uses), key=lambda use: (use.index, use.line, -len(use.name), use.name))


def _is_forbidden(name: str, forbidden: Sequence[str]) -> bool:
    return any(name == bad or name.startswith(bad + ".") for bad in forbidden)


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
            if alias.name != "*":
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _starred_modules(node: ast.AST) -> Iterator[str]:
    is_star = isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names)
    if isinstance(node, ast.ImportFrom) and is_star and node.module:
        yield node.module


def _from_star(name: str, starred: Sequence[str], forbidden: Sequence[str]) -> str:
    """The name with the module that `import *` took it from, where that may be a forbidden one."""
    head = name.partition(".")[0]
    # A module that is loaded here and allowed, such as numpy, shows whether the name is its own.
    for module in starred:
        found = f"{module}.{head}"
        if not _is_forbidden(found, forbidden) and hasattr(sys.modules.get(module), head):
            return name
    for module in starred:
        if _is_forbidden(f"{module}.{name}", forbidden):
            return f"{module}.{name}"
    return name


def _own_aliases(statement: ast.stmt) -> dict[str, str]:
    """Local variables of a function that stand for something dotted: `t = torch`."""
    found: dict[str, str] = {}
    for node in ast.walk(statement):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = _dotted(node.value)
            if value is not None and value.partition(".")[0] != node.targets[0].id:
                found[node.targets[0].id] = value
    return found


def _unaliased(head: str, own: Mapping[str, str], aliases: Mapping[str, str]) -> str:
    for _ in range(5):
        if head not in own:
            break
        head, _, rest = own[head].partition(".")
        head = ".".join(filter(None, (_unaliased(head, {}, aliases), rest)))
    return aliases.get(head, head)


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


def _dotted_names(statement: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
            dotted = _dotted(node)
            if dotted is not None:
                yield dotted, node.lineno
            if isinstance(node, ast.Call) and _called(node) in ("eval", "exec") and node.args:
                tree = _tree(_text(node.args[0]) or "")
                yield from ((name, node.lineno) for name, _ in _dotted_names(tree or node.func))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno


def _dotted(node: ast.expr) -> str | None:
    """`a.b.c`, also where it is written `getattr(a.b, "c")`, `vars(a.b)["c"]` or `import_module("a.b").c`."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            if node.attr != "__dict__":
                parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript) and (text := _text(node.slice)) is not None:
            parts.append(text)
            node = node.value
        elif isinstance(node, ast.Call) and node.args:
            called, text = _called(node), _text(node.args[-1 if len(node.args) == 2 else 0])
            if called == "getattr" and text is not None and len(node.args) == 2:
                parts.append(text)
                node = node.args[0]
            elif called == "vars":
                node = node.args[0]
            elif called in ("import_module", "__import__") and text is not None:
                return ".".join([text, *reversed(parts)])
            else:
                return None
        else:
            return None
    return ".".join([node.id, *reversed(parts)])


def _called(node: ast.Call) -> str:
    """The last part of a called function's name."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _texts(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Texts in a statement that may name a module, and the lines that they stand on."""
    for node in ast.walk(statement):
        text = _text(node)
        if text is not None and _DOTTED_NAME.fullmatch(text):
            yield text, node.lineno  # type: ignore[attr-defined]
