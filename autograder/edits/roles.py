"""What the student's names stand for: which parameter of the reference each of them carries."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from autograder.edits.syntax import FUNCTIONS, Function, call_name, names_in, parameters_of

Roles = dict[str, str]


def roles_of(
    order: Sequence[ast.AST], graded: Function | ast.Lambda | None, parameters: Sequence[str]
) -> Roles:
    """Roles by position, and what calls, assignments and loops hand on of them."""
    roles = dict(zip(parameters_of(graded), parameters, strict=False))
    targets = {f.name: f for f in order if isinstance(f, FUNCTIONS)}
    for owner in [n for n in order if isinstance(n, ast.ClassDef)]:
        for part in owner.body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                targets[owner.name] = part
    loops = [n for n in order if isinstance(n, ast.For | ast.comprehension)]
    rows = {n.target.id: n.iter for n in reversed(loops) if isinstance(n.target, ast.Name)}
    for _ in range(2):
        for call in [n for n in order if isinstance(n, ast.Call)]:
            target = targets.get(call_name(call))
            if target is not None and target is not graded:
                names = [a.arg for a in target.args.args]
                _hand_on(names[names[:1] == ["self"] :], _passed(call, rows, roles), roles)
        for node in order:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                _carry(node.targets[0], node.value, roles)
            elif isinstance(node, ast.For | ast.comprehension):
                into = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
                names_or_none = [n.id if isinstance(n, ast.Name) else None for n in into]
                _hand_on(names_or_none, _zipped(node.iter, roles), roles)
    return roles


def _passed(call: ast.Call, rows: dict[str, ast.expr], roles: Roles) -> Iterable[str | None]:
    """What positional arguments carry; `*row` is what the loop over `zip(…)` puts into row."""
    for argument in call.args:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
            if argument.value.id in rows:
                yield from _zipped(rows[argument.value.id], roles)
        else:
            yield roles.get(argument.id) if isinstance(argument, ast.Name) else None


def _zipped(iterated: ast.expr, roles: Roles) -> list[str | None]:
    """What `zip(theta.ravel(), g)` gives, element by element."""
    if not (isinstance(iterated, ast.Call) and call_name(iterated) == "zip"):
        return []
    return [
        next((roles[n] for n in names_in(argument) if n in roles), None)
        for argument in iterated.args
    ]


def _carry(target: ast.expr, value: ast.expr, roles: Roles) -> None:
    """An assignment hands a role on."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            _carry(one, other, roles)
        return
    name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", None)
    if name and isinstance(value, ast.Name):
        _hand_on([name], [roles.get(value.id)], roles)


def _hand_on(names: Sequence[str | None], carried: Iterable[str | None], roles: Roles) -> None:
    for name, role in zip(names, list(carried), strict=False):
        if name is not None and role is not None:
            roles.setdefault(name, role)
