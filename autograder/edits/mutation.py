"""The caller's values changed: in-place operators, aliases, missing copies; and lists that are no arrays."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from autograder.edits.places import Places, changed
from autograder.edits.search import Search
from autograder.edits.syntax import (
    PLUS,
    SYMBOLS,
    Function,
    all_lines,
    call_name,
    first_line,
    names_in,
    pairs_of,
    precedence,
)

_VIEWS = (
    "asarray", "asanyarray", "from_numpy", "as_tensor", "atleast_1d", "ravel", "reshape", "view", "squeeze",
    "detach", "numpy",
)  # fmt: skip
"""Functions and methods whose result shares memory with what they are given, as far as it can."""


def in_place(s: Search, node: ast.AugAssign) -> None:
    """`x = x + g` for `x += g`."""
    if "mutation" in s.symptoms and not isinstance(node.target, ast.Subscript):
        target, symbol = s.text(node.target), SYMBOLS[type(node.op)]
        level = precedence(ast.BinOp(node.target, node.op, node.value)) + 1
        grown = f"{target} = {target} {symbol} {s.piece(node.value, level)}"
        s.add("in-place", node, (*s.span(node), grown), a=target, symbol=symbol)


def alias(s: Search, node: ast.Assign) -> None:
    """`a = b` where a copy of b is needed."""
    target, value = node.targets[0], node.value
    if "mutation" in s.symptoms and isinstance(value, ast.Name) and isinstance(target, ast.Name):
        change = s.change(value, f"{value.id} + 0", PLUS)
        many = any(len(one.writes) > 1 and one.line == node.lineno for one in aliases(s))
        lines = all_lines(node) if many else s.changing((target.id, value.id))
        s.add("alias", node, change, lines=lines, a=target, b=value)


class Alias(NamedTuple):
    """Another name for what belongs to the caller, through which it is changed.

    Attributes:
        line: on which the name is made.
        writes: lines that change it in place.
    """

    name: str
    parameter: str
    line: int
    writes: tuple[int, ...]


def aliases(s: Places) -> list[Alias]:
    """Other names for the caller's arrays that are written through."""
    owners = {name: name for name in s.arguments}
    made: dict[str, int] = {}
    writes: dict[str, list[int]] = {}
    for node in s.order:  # first before last
        for target, value in pairs_of(node) if isinstance(node, ast.Assign) else ():
            shared = next((owners[n] for n in _shared(value) if n in owners), None)
            if shared is not None and isinstance(target, ast.Name) and target.id not in owners:
                owners[target.id], made[target.id] = shared, target.lineno
        written = changed(node)
        for name in names_in(written)[:1] if written is not None else ():
            writes.setdefault(name, []).append(node.lineno)  # type: ignore[attr-defined]
    return [
        Alias(name, owners[name], line, tuple(dict.fromkeys(writes[name])))
        for name, line in made.items()
        if name in writes
    ]


def _shared(value: ast.expr) -> Iterator[str]:
    """Names with whose values an expression's value may share memory."""
    if isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, ast.IfExp):
        yield from _shared(value.body)
        yield from _shared(value.orelse)
    elif isinstance(value, ast.Attribute):
        yield from _shared(value.value)
    elif isinstance(value, ast.Call) and call_name(value) in _VIEWS:
        if isinstance(value.func, ast.Attribute):
            yield from _shared(value.func.value)
        yield from _shared(value.args[0]) if value.args else ()


def arguments(s: Search, node: Function, first: ast.stmt) -> None:
    """Arguments that are not copied or not converted."""
    if "mutation" in s.symptoms:
        for name in s.arguments:
            lines = s.changing((name,))
            for index, copy in enumerate(_copies(s, name) if lines else ()):
                more, change = 0.1 * index, s.before(first, copy)
                s.add("callers-array-changed", node, change, more=more, lines=lines, a=name)
    if s.symptoms & {"type", "raised", "dtype"} and len(s.arguments) <= 4:
        for name in s.arguments:
            copy = f"{name} = {s.np or 'np'}.array({name}, dtype=float)"
            changes = [*s.imports(copy, node), s.before(first, copy)]
            s.add("list-for-array", node, *changes, lines=first_line(first), a=name)


def _copies(s: Search, name: str) -> list[str]:
    """Ways to copy an argument."""
    return [
        *([f"{name} = {s.np}.array({name}, dtype=float)"] if s.np else ()),
        f"{name} = {name}.copy()",
        f"{name} = [part.copy() for part in {name}]",
        *(
            [f"{name} = {name}.clone() if hasattr({name}, 'clone') else {name}.copy()"]
            if s.torch
            else ()
        ),
    ]
