"""Statements: `+=` and `=`, what is returned, the order of two lines, a line too many or too few."""

from __future__ import annotations

import ast
import builtins
import itertools
import re
from collections.abc import Sequence

from autograder.edits import conditions, loops, mutation
from autograder.edits.module import Change
from autograder.edits.operators import OTHER
from autograder.edits.search import Search, texts
from autograder.edits.syntax import (
    ATOM,
    SYMBOLS,
    Function,
    all_lines,
    first_line,
    is_docstring,
    is_stored,
    is_value,
    names_in,
    parameters_of,
)
from autograder.edits.words import alike

_DECAY = re.compile(r"wd|decay")
_MAX_USES = 4
_FIXED = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


def statement(s: Search, node: ast.stmt) -> None:
    """All edits of one statement by itself."""
    if isinstance(node, ast.AugAssign):
        _accumulation(s, node)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        _assignment(s, node)
    elif isinstance(node, ast.Return) and (node.value is None or is_value(node.value, None)):
        for name in s.scope(node):
            s.add("nothing-returned", node, (*s.span(node), f"return {name}"), new=name)
        for result in s.reference.results:
            for text in texts(s.mapped(result, node)):
                text = s.spelled(text)
                changes = [*s.imports(text, node), (*s.span(node), f"return {text}")]
                s.add("nothing-returned:reference", node, *changes)
    elif isinstance(node, ast.If):
        conditions.branch(s, node)


def _accumulation(s: Search, node: ast.AugAssign) -> None:
    symbol = SYMBOLS.get(type(node.op), "?")
    place = s.operator(node.target, node.value, symbol + "=")
    if place is None:
        return
    for kind, other in OTHER.get(type(node.op), ())[:1]:
        s.add(kind, node, (*place, f"{other}="), a=node.target, b=node.value)
    kind = "accumulated" if symbol == "+" else "overwritten"
    s.add(kind, node, (*place, "="), a=node.target)
    mutation.in_place(s, node)


def _assignment(s: Search, node: ast.Assign) -> None:
    target, value = node.targets[0], node.value
    place = s.operator(target, value, "=")
    if place is None:
        return
    if isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
        for symbol, more in (("+", 0.0), ("-", 0.4), ("*", 1.0)):
            change = (*place, f"{symbol}=")
            s.add("not-accumulated", node, change, more=more, a=target, symbol=symbol)
    indent = s.indent(node)
    if (
        isinstance(target, ast.Tuple)
        and isinstance(value, ast.Tuple)
        and len(target.elts) == len(value.elts)
        and indent is not None
    ):
        parts = zip(target.elts, value.elts, strict=True)
        lines = [f"{s.text(t)} = {s.text(v)}" for t, v in parts]
        if not any("\n" in line for line in lines):
            for kind, order in (("first", lines), ("second", lines[::-1])):
                text = f"\n{indent}".join(order)
                s.add(f"assigned-at-once:{kind}", node, (*s.span(node), text))
    mutation.alias(s, node)


def function(s: Search, node: Function) -> None:
    """Nothing is returned at the end; what is missing at the start."""
    first = next((n for n in node.body if not is_docstring(n)), None)
    indent = s.indent(first) if first is not None else None
    if first is None or indent is None:
        return
    last = node.body[-1]
    if not isinstance(last, ast.Return):
        end = s.span(last)[1]
        lines, more = first_line(last), 0.5
        if not any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(node)):
            lines, more = (all_lines(last)[1],) * 2, 0.2
        elif isinstance(last, ast.If) and not last.orelse:
            more = 0.0
        for name in s.scope(first):
            change = (end, end, f"\n{indent}return {name}")
            s.add("nothing-returned:end", node, change, more=more, lines=lines, new=name)
    if node is s.graded:
        mutation.arguments(s, node, first)
    if "raised" in s.symptoms:
        _without_a_value(s, node)


def block(s: Search, owner: ast.AST, field: str, body: list[ast.stmt]) -> None:
    """All edits of a block's statements among each other."""
    if isinstance(owner, ast.Module):
        return
    if isinstance(owner, ast.ClassDef) and "raised" in s.symptoms:
        attributes(s, owner)
    loop = owner if isinstance(owner, ast.For | ast.While) and field == "body" else None
    for index, node in enumerate(body):
        if isinstance(node, _FIXED) or is_docstring(node):
            continue
        _too_many(s, node, in_loop=loop is not None)
        if index + 1 < len(body):
            _before(s, node, body[index + 1])
        if loop is not None:
            loops.out_of(s, loop, node, is_last=node is body[-1])
        if isinstance(node, ast.Assign):
            _for_good(s, node, body[index + 1 : index + 3])
            later = [n for n in body[index + 1 :] if isinstance(n, ast.For | ast.While)]
            if later:
                loops.into(s, node, later[0])
    if loop is not None:
        loops.never_updated(s, loop)
    if isinstance(owner, ast.FunctionDef) and owner is s.graded:
        conditions.guards(s, body)
    if not isinstance(owner, ast.ClassDef):
        _missing(s, body)


def _too_many(s: Search, node: ast.stmt, *, in_loop: bool) -> None:
    if isinstance(node, ast.Return) and not in_loop:
        return
    stops = any(
        isinstance(n, ast.Break | ast.Return)
        for n in (node, *(node.body if isinstance(node, ast.If) else ()))
    )
    kind = "stops-early" if stops else "statement-too-many"
    more = -0.2 if in_loop and not stops else 0.0
    change = (*s.span(node), "pass")
    s.add(kind, s.head(node), change, more=more, lines=first_line(node))


def _before(s: Search, node: ast.stmt, following: ast.stmt) -> None:
    """Two neighbours in the wrong order."""
    if isinstance(following, ast.Return) or s.indent(node) != s.indent(following):
        return
    late = _DECAY.search(s.text(following)) is not None
    kind = f"statements-swapped:{'late' if late else 'early'}"
    more = 0.7 if hasattr(following, "body") or hasattr(node, "body") else 0.0
    lines = all_lines(following if late else node)
    changes = s.exchange(node, following)
    s.add(kind, node, *changes, more=more, lines=lines)
    if isinstance(following, ast.Assign) and isinstance(following.targets[0], ast.Name):
        new = following.targets[0].id
        start, end = s.span(node)
        for use in s.newer(node, new):
            a, b = s.span(use)
            moved: Change = (*s.span(following), s.source[start:a] + new + s.source[b:end])
            lines = all_lines(node)
            s.add("old-value-used", node, changes[0], moved, lines=lines, b=use, new=new)


def _for_good(s: Search, node: ast.Assign, following: Sequence[ast.stmt]) -> None:
    """A change of a variable that only the next step should see."""
    target = node.targets[0]
    if not isinstance(target, ast.Name) or len(node.targets) > 1:
        return
    uses = [
        n
        for other in following
        for n in ast.walk(other)
        if isinstance(n, ast.Name) and n.id == target.id and isinstance(n.ctx, ast.Load)
    ]
    gone = (*s.span(node), "pass")
    for use in uses[:_MAX_USES]:
        moved = (*s.span(use), s.piece(node.value, ATOM))
        lines = first_line(node)
        s.add("moved-for-good", node, gone, moved, lines=lines, a=target, b=node.value)


def _without_a_value(s: Search, node: Function) -> None:
    """A name that has no value yet on the line on which the code stopped."""
    first = next((n for n in node.body if not is_docstring(n)), None)
    known = {*parameters_of(node), *s.constants, *s.known_calls, *dir(builtins)}
    if first is None or s.indent(first) is None:
        return
    for use in s.order:
        if (
            isinstance(use, ast.Name)
            and isinstance(use.ctx, ast.Load)
            and use.lineno in s.suspect_lines
            and node.lineno <= use.lineno <= (node.end_lineno or 0)
            and use.id not in known
            and not any(n.lineno < use.lineno for n in s.stores(node, use.id))
        ):
            known.add(use.id)
            _first_values(s, node, use)


def _first_values(s: Search, node: Function, use: ast.Name) -> None:
    outer = next(n for n in node.body if n.lineno <= use.lineno <= (n.end_lineno or 0))
    values = {"0": 0.0, "0.0": 0.1, "[]": 0.2, "1": 0.3, "None": 0.3}
    for name in parameters_of(node):
        values |= {name: 0.2, f"{s.np or 'np'}.zeros_like({name})": 0.2}
    lines = all_lines(use)
    for value, more in values.items():
        imports = s.imports(value, node)
        first = s.before(outer, f"{use.id} = {value}")
        s.add("first-value-missing", use, *imports, first, more=more, lines=lines)
    statement = s.statement(use)
    if s.indent(statement) is None:
        return
    for expression in s.reference.expressions:
        for text in texts(s.mapped(expression, statement)):
            text = s.spelled(text)
            line = s.before(statement, f"{use.id} = {text}")
            changes = [*s.imports(text, node), line]
            s.add("value-missing", use, *changes, lines=lines)


def attributes(s: Search, owner: ast.ClassDef) -> None:
    """An attribute that is used and never set: `self.beta = beta` is missing."""
    start = next((n for n in owner.body if getattr(n, "name", "") == "__init__"), None)
    if not isinstance(start, ast.FunctionDef) or s.indent(start.body[-1]) is None:
        return
    own = [
        n
        for n in ast.walk(owner)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "self"
    ]
    known = {n.attr for n in own if is_stored(n)} | {getattr(n, "name", "") for n in owner.body}
    last = start.body[-1]
    for name in dict.fromkeys(n.attr for n in own if n.attr not in known):
        for value in parameters_of(start):
            more = 1.0 - alike(name, value)
            change = s.after(last, f"self.{name} = {value}")
            s.add("never-set", last, change, more=more, lines=all_lines(last), name=name)


def _missing(s: Search, body: Sequence[ast.stmt]) -> None:
    """An assignment of the reference is missing; a counter is not counted."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) or is_docstring(node):
            continue
        if s.indent(node) is None:
            continue
        for name, pair in s.reference.assignments:
            for text in texts(s.mapped(pair, node))[:3]:
                left, _, right = s.spelled(text).partition(" == ")
                # Assigned as often as in the reference: then it is not missing but wrong.
                enough = s.assigned[left] >= s.reference.assigned[name]
                if left in s.scope(node) and not enough and re.fullmatch(r"[\w.]+", left):
                    line = f"{left} = {right}"
                    changes = [*s.imports(line, node), s.before(node, line)]
                    s.add("statement-missing", node, *changes, lines=all_lines(node), a=left)
        loop = s.parent(node)
        if isinstance(loop, ast.While) and node is body[-1]:
            for counter, sign in itertools.product(dict.fromkeys(names_in(loop.test)), "-+"):
                line = f"{counter} {sign}= 1"
                change, lines = s.after(node, line), all_lines(node)
                s.add("statement-missing:counter", node, change, lines=lines, new=line)
