"""Loops: what is done in every step and belongs outside, and what is done once and belongs inside."""

from __future__ import annotations

import ast
import itertools
import re

from autograder.edits.search import Search, texts
from autograder.edits.syntax import FUNCTIONS, call_name, first_line, names_in, stored_in

_GRADIENT = re.compile(r"grad|^d2?f$|jac|slope")
_MAX_VERSIONS = 10

Loop = ast.For | ast.While


def out_of(s: Search, loop: Loop, node: ast.stmt, *, is_last: bool) -> None:
    """A statement of the loop belongs before it or after it."""
    body = s.reindented([node], s.indent(loop))
    if body is None:
        return
    gone = (*s.span(node), "pass")
    ahead, behind = s.before(loop, body), s.after(loop, body)
    it, lines = s.head(node), first_line(node)
    if not isinstance(node, ast.Return | ast.Break | ast.Continue):
        s.add("reset-in-the-loop", it, ahead, gone, lines=lines, old=node)
    if isinstance(node, ast.Return):
        s.add("returns-in-the-loop", it, behind, gone, lines=lines, old=node)
    elif is_last or isinstance(node, ast.If | ast.Assign | ast.AugAssign):
        s.add("belongs-after-the-loop", it, behind, gone, lines=lines, old=node)


def into(s: Search, node: ast.Assign, loop: Loop) -> None:
    """An assignment before the loop belongs into it, perhaps with a name that the loop changes."""
    first = loop.body[0]
    if s.indent(first) is None or "\n" in s.text(node):
        return
    gradient = any(
        isinstance(n, ast.Call) and _GRADIENT.search(call_name(n)) for n in ast.walk(node.value)
    )
    kind = "stale-gradient" if gradient else "belongs-in-the-loop"
    target = node.targets[0]
    emptied = f"{s.text(target)} = None" if isinstance(target, ast.Name) else "pass"
    gone = (*s.span(node), emptied)
    for index, version in enumerate(_versions(s, node, loop)):
        more, put_in = 0.02 * index, s.before(first, version)
        for changes in ((gone, put_in), (put_in,))[: 1 + gradient]:
            lines = first_line(node)
            s.add(kind, node, *changes, more=more, lines=lines, old=node, a=target)


def never_updated(s: Search, loop: Loop) -> None:
    """A value of the step before is read in every step, and stays what it was before the loop."""
    function = next((n for n in s.above(loop) if isinstance(n, FUNCTIONS)), None)
    if function is None:
        return
    before = {n for part in function.body if part.lineno < loop.lineno for n in stored_in(part)}
    read = {n for part in loop.body for n in names_in(part)}
    stale = sorted(before & read - set(stored_in(loop)))
    for node in loop.body if stale else ():
        if s.indent(node) is None or not isinstance(node, ast.Assign):
            continue
        for name, value in itertools.product(stale, dict.fromkeys(stored_in(node))):
            if value in before:
                change = s.before(node, f"{name} = {value}")
                s.add("never-updated", node, change, lines=first_line(node), a=name)


def _versions(s: Search, node: ast.Assign, loop: Loop) -> list[str]:
    """The assignment with the loop's names, or with what the reference gives its functions."""
    start, end = s.span(node)
    found = [s.text(node)]

    def replaced(part: ast.expr, text: str) -> str:
        a, b = s.span(part)
        return s.source[start:a] + text + s.source[b:end]

    changing = sorted(set(stored_in(loop)) - {"_"})
    for n in ast.walk(node.value):
        if isinstance(n, ast.Name):
            found += [replaced(n, other) for other in changing if other != n.id]
    for n in ast.walk(node.value):
        if isinstance(n, ast.Call) and len(n.args) == 1:
            for argument in s.reference.arguments:
                found += [
                    replaced(n.args[0], text) for text in texts(s.mapped(argument, loop.body[0]))
                ]
    return list(dict.fromkeys(found))[:_MAX_VERSIONS]
